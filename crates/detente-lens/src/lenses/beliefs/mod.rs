//! Who misreads whom, how much of the gap is misperception, and could news or a messenger settle it?
//!
//! Beliefs are those about the contest (edge, own doubt, escalation) or the chance of a lottery, as offsets from the analyst's
//! draw. *Common* beliefs are the analyst's, held by all; *swapped* ones give every type of a side the mean edge offset of the other
//! side. What parties believe of one another's types stays as it is. Sources and units: [`SPEC`].

mod learning;
mod messengers;
mod parts;
mod solve;
#[cfg(test)]
mod tests;
mod verify;

use detente_core::{
    Dimension as D, LensSpec, Maturity, Outcome, QuantitySpec, Query, Question, Reference, Row,
    RowView, Scene, Setting, Unit, Verdict, World,
};

use crate::Lens;

const ZONE_COMMON: usize = 0;
const ZONE_SWAPPED: usize = 1;
const OPTIMISM_BLOCKS: usize = 2;
const AGREED_COMMON: usize = 3;
const OPTIMISM_BLOCKS_PACKAGE: usize = 4;
const GAP_PART: usize = 5;
const MONTHS_TO_HALVE: usize = 6;
const NEVER_HALVES: usize = 7;
const HALVED_BY: usize = 8;
const BELIEVED: usize = 9;

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

const CHANCE: (f64, f64) = (0.0, 1.0);

static SPEC: LensSpec = LensSpec {
    id: "beliefs",
    question: "Who misreads whom, how much of the gap is misperception, and what could settle it?",
    needs: "a contest or a lottery; beliefs that differ from the analyst's, or there is nothing to find",
    limits: "Beliefs about the contest alone: what parties believe of one another's types stays as it is. News is the \
             line's monthly move, and is read as news of the edge. Zones \
             and messengers only where packages are searched; a messenger's listener weighs fighting on without conditional levers.",
    maturity: Maturity::Early,
    sources: &[
        Reference {
            who: "Slantchev 2003",
            what: "The Principle of Convergence in Wartime Negotiations, American Political Science Review 97",
        },
        Reference {
            who: "Smith & Stam 2004",
            what: "Bargaining and the Nature of War, Journal of Conflict Resolution 48",
        },
        Reference {
            who: "Kydd 2003",
            what: "Which Side Are You On? Bias, Credibility, and Mediation, American Journal of Political Science 47",
        },
        Reference {
            who: "Shapley 1953",
            what: "A Value for n-Person Games, Contributions to the Theory of Games II",
        },
        Reference {
            who: "Siegmund 1985",
            what: "Sequential Analysis, chapter 10: first passages of random walks",
        },
    ],
    quantities: &[
        quantity(
            "zone_common",
            Unit::Probability,
            CHANCE,
            &[],
            "chance, over all types, that the zone is open if all held the analyst's beliefs",
        ),
        quantity(
            "zone_swapped",
            Unit::Probability,
            CHANCE,
            &[],
            "the same if every type of a side held the mean belief of the other side about the edge",
        ),
        quantity(
            "optimism_blocks",
            Unit::Probability,
            CHANCE,
            &[],
            "chance, over all types, that the zone is empty under the parties' own beliefs and open under common ones",
        ),
        quantity(
            "agreed_common",
            Unit::Probability,
            CHANCE,
            &[D::Package],
            "chance, over all types, that all whom the package needs would accept it under common beliefs",
        ),
        quantity(
            "optimism_blocks_package",
            Unit::Probability,
            CHANCE,
            &[D::Package],
            "chance, over all types, that somebody whom the package needs refuses it under its own beliefs and all accept it \
             under common ones",
        ),
        quantity(
            "gap_part",
            Unit::Points,
            (f64::NEG_INFINITY, f64::INFINITY),
            &[D::Type, D::Belief],
            "what this belief adds to what refusing is worth to the type, of all its beliefs together (Shapley value); they add up to \
             its gap",
        ),
        quantity(
            "months_to_halve",
            Unit::Months,
            (0.0, f64::INFINITY),
            &[D::Type],
            "months of fighting until the gap between its own and the analyst's value halves, median over histories of news; \
             not told where it never does",
        ),
        quantity(
            "never_halves",
            Unit::Flag,
            CHANCE,
            &[D::Type],
            "does that gap never halve in most histories, within fifty years? Not told where there is no gap",
        ),
        quantity(
            "halved_by",
            Unit::Probability,
            CHANCE,
            &[D::Type, D::Milestone],
            "chance, over histories of news, that the gap has halved by the month",
        ),
        quantity(
            "believed",
            Unit::Flag,
            CHANCE,
            &[D::Messenger],
            "is the messenger believed, having no reason to misreport?",
        ),
    ],
    planned: &[],
};

/// The lens.
pub(super) struct Beliefs;

impl Lens for Beliefs {
    fn spec(&self) -> &'static LensSpec {
        &SPEC
    }

    fn queries(&self, setting: &Setting, world: &World, queries: &mut Vec<Query>) {
        solve::queries(setting, world, queries);
        parts::queries(setting, world, queries);
        learning::queries(setting, world, queries);
    }

    fn weighs_all_packages(&self, quantity: &str) -> bool {
        quantity == "believed"
    }

    fn examine(&self, scene: &Scene, row: &mut Row) -> Outcome {
        solve::examine(scene, row)
    }

    fn verify(&self, question: Question, answer: RowView) -> Verdict {
        verify::verify(question, answer)
    }
}
