//! What must be true of each threat for its target to move, and would its wielder carry it out?
//!
//! The incentives behind levers, the chances that follow from them and what refusals are worth come with the scene; this lens adds
//! what one lever does with the others held as they are. All means over types are exact; only the world is sampled. Sources and
//! units: [`SPEC`].

mod solve;
#[cfg(test)]
mod tests;
mod verify;

use detente_core::{
    Dimension as D, LensSpec, LeverKind, Maturity, Outcome, QuantitySpec, Query, Question,
    Reference, Row, RowView, Scene, Setting, Trigger, Unit, Verdict, World,
};

use crate::Lens;

const INCENTIVE: usize = 0;
const CREDIBILITY: usize = 1;
const CREDIBILITY_ANNOUNCED: usize = 2;
const REFUSAL: usize = 3;
const REFUSAL_WITH: usize = 4;
const REFUSAL_WITHOUT: usize = 5;
const ASSURANCE: usize = 6;
const THRESHOLD: usize = 7;
const CEILING: usize = 8;
const BACKFIRES: usize = 9;
const ZONE_WITH: usize = 10;
const ZONE_WITHOUT: usize = 11;
const PRICE: usize = 12;
const ESCALATION: usize = 13;
const CONCESSION: usize = 14;
const REFUSAL_ALL: usize = 15;
const REFUSAL_NONE: usize = 16;
const ZONE_ALL: usize = 17;
const ZONE_NONE: usize = 18;

/// What a threshold is where the target accepts however little it believes, and a ceiling where it never accepts.
const BELOW: f64 = -1.0;
/// What a threshold is where the target never accepts, and a ceiling where it accepts however much it believes.
const ABOVE: f64 = 2.0;
/// A change of what refusing is worth that is rounding, in points.
const FLAT: f64 = 1e-9;
/// Types that make up this much of the target's prior decide for it.
const HALF: f64 = 0.5;

/// Any number.
const ANY: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);
/// A probability.
const CHANCE: (f64, f64) = (0.0, 1.0);

const fn quantity(
    id: &'static str,
    unit: Unit,
    range: (f64, f64),
    dimensions: &'static [D],
    meaning: &'static str,
) -> QuantitySpec {
    QuantitySpec {
        id,
        unit,
        range,
        meaning,
        dimensions,
        settable: false,
    }
}

const fn settable(spec: QuantitySpec) -> QuantitySpec {
    QuantitySpec {
        settable: true,
        ..spec
    }
}

static SPEC: LensSpec = LensSpec {
    id: "leverage",
    question: "What must be true of each threat and each carrot for its target to move, and would its wielder carry it out?",
    needs: "a no-deal model; levers that await an answer for all but N and concessions",
    limits: "One lever at a time, the others keeping the chances that they have, or all of a refusal together: sets between are for claims. A lever acts on the war, or costs by the month; once a \
             deal is signed only the costs and what it makes options worth remain. Thresholds are of levers that a refusal \
             triggers. Guarantees are tested when a war resumes, not here.",
    maturity: Maturity::Early,
    sources: &[
        Reference {
            who: "Schelling 1960",
            what: "The Strategy of Conflict",
        },
        Reference {
            who: "Schelling 1966",
            what: "Arms and Influence",
        },
        Reference {
            who: "Fearon 1997",
            what: "Signaling Foreign Policy Interests, Journal of Conflict Resolution 41",
        },
        Reference {
            who: "Kydd & McManus 2017",
            what: "Threats and Assurances in Crisis Bargaining, Journal of Conflict Resolution 61",
        },
    ],
    quantities: &[
        quantity(
            "incentive",
            Unit::Points,
            ANY,
            &[D::Lever, D::Type],
            "Δ: what pulling the lever is worth to its wielder's type once its trigger has come, over not pulling it, unannounced",
        ),
        settable(quantity(
            "credibility",
            Unit::Probability,
            CHANCE,
            &[D::Lever],
            "c: chance that the lever is pulled once its trigger has come, as its target sees it, mean over the target's types: who \
             refuses, or for promises the signatories other than the wielder",
        )),
        settable(quantity(
            "credibility_announced",
            Unit::Probability,
            CHANCE,
            &[D::Lever],
            "the same after its wielder has announced it: who announces tells something of its type, and going back costs it; a chance \
             that is assumed outright is not changed by words",
        )),
        quantity(
            "refusal",
            Unit::Points,
            ANY,
            &[D::Type],
            "N: what refusing is worth to the type when its own refusal triggers levers",
        ),
        quantity(
            "refusal_with",
            Unit::Points,
            ANY,
            &[D::Lever, D::Type],
            "what the refusal that triggers the lever is worth to the type, whoever refuses, with this lever certain to be pulled and \
             the others as they are",
        ),
        quantity(
            "refusal_without",
            Unit::Points,
            ANY,
            &[D::Lever, D::Type],
            "the same with this lever certain not to be pulled",
        ),
        settable(quantity(
            "assurance",
            Unit::Probability,
            CHANCE,
            &[D::Lever, D::Package],
            "e: chance that a stick or pressure is used even on one who accepts the package, as its target sees it",
        )),
        quantity(
            "threshold",
            Unit::Probability,
            (BELOW, ABOVE),
            &[D::Lever, D::Package],
            "c*: least credibility at which types that make up half of the target's prior accept the package; below 0 if they do \
             however little they believe, above 1 if no belief makes them",
        ),
        quantity(
            "ceiling",
            Unit::Probability,
            (BELOW, ABOVE),
            &[D::Lever, D::Package],
            "greatest credibility at which they accept it; above 1 if they do at certainty, below 0 if they never do",
        ),
        quantity(
            "backfires",
            Unit::Probability,
            CHANCE,
            &[D::Lever],
            "share of the target's types, by prior, to whom refusing is worth more if the lever is pulled",
        ),
        quantity(
            "zone_with",
            Unit::Probability,
            CHANCE,
            &[D::Lever],
            "chance that the zone is open with this lever certain to be pulled, the others as they are",
        ),
        quantity(
            "zone_without",
            Unit::Probability,
            CHANCE,
            &[D::Lever],
            "chance that the zone is open with this lever certain not to be pulled",
        ),
        quantity(
            "price",
            Unit::Points,
            ANY,
            &[D::Lever, D::Type],
            "what pulling the lever costs its wielder's type: its one-off cost, its own flows while the war lasts, and the escalation \
             that it risks, all of which are in Δ already",
        ),
        quantity(
            "escalation",
            Unit::Points,
            ANY,
            &[D::Lever, D::Type],
            "the part that escalation has in what pulling the lever changes of the type's V, others as the type expects them",
        ),
        quantity(
            "concession",
            Unit::Points,
            ANY,
            &[D::Party],
            "what the party gives up on paper, from its opening package, at the Nash point of the signatories, mean over the types \
             for which there is one",
        ),
        quantity(
            "refusal_all",
            Unit::Points,
            ANY,
            &[D::Party, D::Type],
            "what the party's refusal is worth to the type with all its levers certain to be pulled, where it may trigger several",
        ),
        quantity(
            "refusal_none",
            Unit::Points,
            ANY,
            &[D::Party, D::Type],
            "the same with none of them pulled",
        ),
        quantity(
            "zone_all",
            Unit::Probability,
            CHANCE,
            &[D::Party],
            "chance that the zone is open with all levers of the party's refusal certain to be pulled, where it may trigger several",
        ),
        quantity(
            "zone_none",
            Unit::Probability,
            CHANCE,
            &[D::Party],
            "the same with none of them pulled",
        ),
    ],
    planned: &[],
};

/// The lens.
pub(super) struct Leverage;

impl Lens for Leverage {
    fn spec(&self) -> &'static LensSpec {
        &SPEC
    }

    fn queries(&self, _: &Setting, _: &World, _: &mut Vec<Query>) {
        // What refusals need is solved in every world.
    }

    fn examine(&self, scene: &Scene, row: &mut Row) -> Outcome {
        solve::examine(scene, row)
    }

    fn verify(&self, question: Question, answer: RowView) -> Verdict {
        verify::verify(question, answer)
    }
}

/// Is the lever one that must also be withheld from who accepts?
fn punishes(kind: LeverKind) -> bool {
    matches!(kind, LeverKind::Stick | LeverKind::Pressure)
}

/// Does its target see a chance that the lever is pulled? A promise that only changes a war is tested when a war resumes.
fn has_credibility(setting: &Setting, world: &World, lever: usize) -> bool {
    if world.numbers.levers[lever].on <= 0.0 {
        return false;
    }
    match setting.levers[lever].trigger {
        Trigger::Now => false,
        Trigger::Refuse(_) => true,
        Trigger::Accept => !setting.levers[lever].flow_to.is_empty(),
        // What answers a breach is weighed with what may follow a deal.
        Trigger::Violate(_) => false,
    }
}

/// The parties that a lever is to move: who refuses, or the signatories other than the wielder.
fn targets(setting: &Setting, lever: usize) -> Vec<usize> {
    let lever = &setting.levers[lever];
    match lever.trigger {
        Trigger::Now => Vec::new(),
        Trigger::Refuse(refuser) => vec![refuser],
        Trigger::Violate(violator) => vec![violator],
        Trigger::Accept => {
            let signing = setting.signatories();
            signing.iter().filter(|party| *party != lever.by).collect()
        }
    }
}
