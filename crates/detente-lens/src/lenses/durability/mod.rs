//! Would the peace last, and what does a guarantee buy?
//!
//! Reads what the deal-value stage found of every named package: D, temptations, dates and chances of attacks, and survival under the
//! definition of failure that D uses and under the others that a case states. Applies to cases that say what may follow a deal and what
//! happens without one. Sources and units: [`SPEC`].

mod comers;
mod powell;
mod signed;
#[cfg(test)]
mod tests;
mod verify;

use detente_core::{
    DealValue, Dimension as D, Fate, LensSpec, Maturity, Outcome, QuantitySpec, Query, Question,
    Reference, Role, Row, RowView, Scene, Setting, Unit, Verdict, World,
};

use crate::Lens;
use crate::durable::law::Terms;
use crate::lenses::alternative::beyond_reach;

pub(super) const DEAL_VALUE: usize = 0;
pub(super) const SURVIVAL: usize = 1;
pub(super) const SURVIVAL_OF: usize = 2;
pub(super) const ATTACK: usize = 3;
pub(super) const ATTACK_MONTH: usize = 4;
pub(super) const TEMPTATION: usize = 5;
pub(super) const GUARANTEE_BUYS: usize = 6;
pub(super) const UNIQUE_TARGET: usize = 7;
pub(super) const TARGET_TEMPTATION: usize = 8;
pub(super) const STAND_IN: usize = 9;
pub(super) const POWELL_GAP: usize = 10;
pub(super) const SURVIVAL_IF_SIGNED: usize = 11;
pub(super) const ATTACK_IF_SIGNED: usize = 12;
pub(super) const TEMPTATION_BY: usize = 13;
pub(super) const KEPT: usize = 14;
pub(super) const SIGNED_TEMPTED: usize = 15;
pub(super) const TEMPTATION_UNANSWERED: usize = 16;
pub(super) const COMES: usize = 17;
pub(super) const COMES_INCENTIVE: usize = 18;

/// Months after a deal at which other definitions of failure are told: base rates are counted over five years.
pub(super) const FIVE_YEARS: usize = 60;

const ANY: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);
const CHANCE: (f64, f64) = (0.0, 1.0);
const POSITIVE: (f64, f64) = (0.0, f64::INFINITY);

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

static SPEC: LensSpec = LensSpec {
    id: "durability",
    question: "Would the peace last, and what does a guarantee buy?",
    needs: "a durability table, and what happens without a deal",
    limits: "Belligerents attack at one best date or not at all, and do not foresee that the deal may break down before. Guarantors and those \
             who answer a breach are tested when war resumes, each lever by itself; of belligerents who attack in the same month each is as \
             likely to be first, and the answer is to that one. After 20 years every month is like the last. What options of the resumed war \
             set holds from its first month; values of options that they set are not used. D is exact on named packages; searches over all \
             packages are led by a stand-in, an ordinary deal's share of peace and V of a war from the line, without guarantee, attack, lapse \
             or other terms (how far it is off on named packages: stand_in), and judge what they find by D. With a contest a guarantee acts through the levers of its \
             guarantors alone. Powell's condition takes what is fought over for one pie, and lets odds move with the ratio of rebuilt forces.",
    maturity: Maturity::Early,
    sources: &[
        Reference {
            who: "Powell 2006",
            what: "War as a Commitment Problem, International Organization 60",
        },
        Reference {
            who: "Hirshleifer 1989",
            what: "Conflict and Rent-Seeking Success Functions, Public Choice 63",
        },
        Reference {
            who: "Walter 1997",
            what: "The Critical Barrier to Civil War Settlement, International Organization 51",
        },
        Reference {
            who: "Fortna 2004",
            what: "Peace Time",
        },
        Reference {
            who: "Werner & Yuen 2005",
            what: "Making and Keeping Peace, International Organization 59",
        },
        Reference {
            who: "Beardsley 2008",
            what: "Agreement without Peace? International Mediation and Time Inconsistency Problems, American Journal of Political Science 52",
        },
    ],
    quantities: &[
        QuantitySpec {
            settable: true,
            ..quantity(
                "deal_value",
                Unit::Points,
                ANY,
                &[D::Type, D::Package],
                "D: what the package is worth to the type, given what may follow it",
            )
        },
        quantity(
            "survival",
            Unit::Probability,
            CHANCE,
            &[D::Package, D::Milestone],
            "chance that war has not resumed by the month after the deal",
        ),
        quantity(
            "survival_of",
            Unit::Probability,
            CHANCE,
            &[D::Failure, D::Package],
            "chance that five years after the deal no failure under this definition has come, attacks not counted",
        ),
        quantity(
            "attack",
            Unit::Probability,
            CHANCE,
            &[D::Party, D::Package],
            "chance that the party attacks at its best date",
        ),
        quantity(
            "attack_month",
            Unit::Months,
            POSITIVE,
            &[D::Type, D::Package],
            "t*: its best date, months after the deal",
        ),
        quantity(
            "temptation",
            Unit::Points,
            POSITIVE,
            &[D::Type, D::Package],
            "what attacking at its best date is worth over keeping the deal; 0 where it is worth less",
        ),
        quantity(
            "guarantee_buys",
            Unit::Points,
            ANY,
            &[D::Type, D::Package],
            "what the package's guarantee adds to its worth",
        ),
        quantity(
            "unique_target",
            Unit::Probability,
            CHANCE,
            &[D::Party],
            "chance that no other target tempts the attacker as much as this dyad does after a freeze at today's line",
        ),
        quantity(
            "target_temptation",
            Unit::Points,
            ANY,
            &[D::Target],
            "what attacking the target is worth to its attacker over peace, as the case states it",
        ),
        quantity(
            "stand_in",
            Unit::Points,
            ANY,
            &[D::Type, D::Package],
            "what stands in for D in searches over all packages, less D",
        ),
        quantity(
            "powell_gap",
            Unit::Share,
            ANY,
            &[D::Type],
            "Powell's condition, where war is a stated value or a lottery between two sides: δp(m+1) − p(m) − k/(1−k) in the month in which it is \
             greatest, p the opponent's share of what war leaves and k the part that war destroys. Above 0 the opponent rises so fast that no \
             division keeps the type from fighting first",
        ),
        quantity(
            "survival_if_signed",
            Unit::Probability,
            CHANCE,
            &[D::Package, D::Milestone],
            "the same as survival, if the package is signed: among the types that accept it, of the parties that it needs",
        ),
        quantity(
            "attack_if_signed",
            Unit::Probability,
            CHANCE,
            &[D::Party, D::Package],
            "the same as attack, if the package is signed; not told where nobody signs",
        ),
        quantity(
            "temptation_by",
            Unit::Points,
            POSITIVE,
            &[D::Party, D::Package, D::Milestone],
            "what attacking so many months after the deal is worth over keeping it to the party's types that sign, on average; 0 for a type to \
             which it is worth less",
        ),
        quantity(
            "kept",
            Unit::Probability,
            CHANCE,
            &[D::Package],
            "signed and kept: chance, over all types, that every party the package needs accepts it and that war has not resumed within \
             durability.kept_months; never above the chance that it is signed",
        ),
        quantity(
            "signed_tempted",
            Unit::Probability,
            CHANCE,
            &[D::Package],
            "chance, over all types, that every party the package needs accepts it, one of them being of a type to which attacking later is \
             worth more than keeping it by more than the noise of choosing",
        ),
        quantity(
            "temptation_unanswered",
            Unit::Points,
            POSITIVE,
            &[D::Type, D::Package],
            "what temptation would be if no lever answered the breach",
        ),
        quantity(
            "comes",
            Unit::Probability,
            CHANCE,
            &[D::Lever],
            "chance that the lever is pulled when a war resumes after a deal, once forces are rebuilt: of one that answers a breach, as the \
             violator sees it, after a freeze at today's line; of a guarantor's, as the other signatories see it, after the named package \
             that guarantees most",
        ),
        quantity(
            "comes_incentive",
            Unit::Points,
            ANY,
            &[D::Lever, D::Type],
            "what pulling it then changes of what war is worth to the type of its wielder, less its cost; what staying away in public costs \
             comes on top",
        ),
    ],
    planned: &[],
};

/// The lens.
pub(super) struct Durability;

impl Lens for Durability {
    fn spec(&self) -> &'static LensSpec {
        &SPEC
    }

    fn queries(&self, _: &Setting, _: &World, _: &mut Vec<Query>) {}

    fn examine(&self, scene: &Scene, row: &mut Row) -> Outcome {
        let Scene { setting, world, .. } = *scene;
        let Some(numbers) = world.numbers.durability.first() else {
            return Outcome::NotApplicable("the case does not say what may follow a deal");
        };
        if scene.solved.is_empty() {
            return Outcome::NotApplicable("the case does not say what happens without a deal");
        }
        if let Some(silent) = beyond_reach(scene) {
            return silent;
        }
        for (p, package) in setting.packages.iter().enumerate() {
            let found = &scene.aftermath.prospects[p];
            if found.worth.is_empty() {
                continue;
            }
            for t in 0..setting.types.len() {
                row.set(DEAL_VALUE, &[t, p], found.worth[t]);
                row.set(GUARANTEE_BUYS, &[t, p], bought(scene, p, t));
                row.set(
                    STAND_IN,
                    &[t, p],
                    stand_in(scene, t, &package.choice) - found.worth[t],
                );
                if !found.month[t].is_nan() {
                    row.set(ATTACK_MONTH, &[t, p], found.month[t]);
                    row.set(TEMPTATION, &[t, p], found.gain[t].max(0.0));
                    row.set(TEMPTATION_UNANSWERED, &[t, p], found.unanswered[t].max(0.0));
                }
            }
            signed::write(scene, p, row);
            let terms = Terms::of(setting, world, &package.choice, &[Fate::Deal]);
            for (f, rate) in numbers.failures.iter().enumerate() {
                let rates =
                    (0..FIVE_YEARS).map(|m| rate * libm::exp(terms.adds(setting, numbers, m)));
                row.set(SURVIVAL_OF, &[f, p], libm::exp(-rates.sum::<f64>()));
            }
        }
        comers::write(scene, row);
        for t in 0..setting.types.len() {
            if let Some(gap) = powell::gap(setting, world, scene.preferences, t) {
                row.set(POWELL_GAP, &[t], gap);
            }
        }
        for (k, worth) in numbers.targets.iter().enumerate() {
            row.set(TARGET_TEMPTATION, &[k], *worth);
        }
        if let Some(freeze) = scene.aftermath.prospects.get(setting.packages.len()) {
            for (i, party) in setting.parties.iter().enumerate() {
                if party.roles.contains(&Role::Belligerent) {
                    let others = setting.targets.iter().zip(&numbers.targets);
                    let others = others.filter(|(target, _)| target.by == i);
                    let most = others.map(|(_, x)| *x).fold(f64::NEG_INFINITY, f64::max);
                    let types = party.types.clone().filter(|t| freeze.gain[*t] > most);
                    let chance = types.map(|t| world.numbers.types[t].prior).sum::<f64>();
                    row.set(UNIQUE_TARGET, &[i], chance.clamp(0.0, 1.0));
                }
            }
        }
        Outcome::Done
    }

    fn verify(&self, question: Question, answer: RowView) -> Verdict {
        verify::verify(question, answer)
    }
}

/// What the guarantee adds to D; of a D that is given instead of computed, what it adds to the computed one.
fn bought(scene: &Scene, p: usize, t: usize) -> f64 {
    let found = &scene.aftermath.prospects[p];
    found.computed[t] - found.unguaranteed[t]
}

/// What searches take a package to be worth.
fn stand_in(scene: &Scene, t: usize, package: &[u8]) -> f64 {
    let Scene { setting, world, .. } = *scene;
    crate::Identity.worth(setting, world, scene.additive, t, package, &[Fate::Deal])
}
