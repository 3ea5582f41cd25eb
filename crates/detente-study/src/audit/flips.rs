//! What turns a claim: numbers at whose ends it is true in most worlds and in few, and where between them it turns.
//!
//! A number that is drawn is read off the worlds of the run, in parts of increasing value: no world is run for it. What is not drawn
//! together (the patience of all) is set to a few values in all worlds, on the draws of the run, for all claims at once that set nothing
//! themselves. No value is tried that the case does not let each of them have.

mod seen;

use std::cell::OnceCell;

use detente_case::{Case, Claim, ClaimTest, Draw, InputId, ShareTest};
use detente_core::Search;
use detente_evidence::Flip;
use detente_math::Mean;

use super::assumed::court;
use super::awaited;
use super::court::{Court, Heard, scope_of};
use crate::run::{Progress, Scope};
use crate::runs::Runs;
use crate::sensitivity::Draws;

/// Values that a scale is set to.
const VALUES: usize = 5;
/// Inputs read off the worlds besides [`ALWAYS`]: the ones that move a claim most.
const MOVERS: usize = 2;
/// Inputs that are read off the worlds for every claim: those that people dispute.
const ALWAYS: [&str; 2] = ["contest.pace", "behaviour.noise"];

/// Numbers that are set together.
struct Scale<'a> {
    what: &'static str,
    unit: &'static str,
    inputs: Vec<InputId>,
    values: [f64; VALUES],
    /// Worlds at each of the values, once somebody asks; `None` where no world can have it.
    courts: [OnceCell<Option<Court<'a>>>; VALUES],
}

/// The scales tried for every claim that sets nothing.
pub(super) struct Scales<'a> {
    case: &'a Case,
    set: Vec<Scale<'a>>,
    /// What these claims speak of.
    scope: Scope,
}

impl<'a> Scales<'a> {
    pub(super) fn new(main: &Court<'a>) -> Self {
        let case = main.case;
        let of = |wanted: &dyn Fn(&str) -> bool| -> Vec<InputId> {
            let inputs = case.inputs.iter().enumerate();
            let own = inputs.filter(|(_, input)| wanted(&input.path));
            own.map(|(i, _)| InputId::from_index(i)).collect()
        };
        let patience = of(&|path| path.starts_with("party.") && path.ends_with(".patience"));
        let patient = values(main, &patience, [0.96, 0.975, 0.985, 0.992, 0.997]);
        let patient = patient.map(|values| Scale {
            what: "the patience of all",
            unit: "a month",
            inputs: patience,
            values,
            courts: std::array::from_fn(|_| OnceCell::new()),
        });
        let mut scope = Scope::none(&case.setting);
        for test in case.claims.iter().filter_map(looks) {
            scope.union(&scope_of(case, test));
        }
        Self {
            case,
            set: patient.into_iter().collect(),
            scope,
        }
    }

    /// What turns a claim, of the scales tried and the inputs that move it most.
    pub(super) fn flips(
        &self,
        (main, draws): (&Court<'a>, &Draws),
        (claim, test, heard): (&Claim, &ShareTest, &Heard),
        progress: &dyn Progress,
    ) -> Vec<Flip> {
        if heard.share.holds.value.is_nan() {
            return Vec::new();
        }
        let mut found = Vec::new();
        if main.tries() && looks(claim).is_some() && main.searches(test) == Search::None {
            for scale in &self.set {
                // What is cut short is not used.
                if progress.stopped() {
                    break;
                }
                found.extend(scale.turn(main, &self.scope, test));
            }
        }
        found.extend(self.seen(draws, &heard.verdicts));
        found
    }

    /// The inputs that move a claim most, and the pace of the line, where the worlds at hand show that they turn it.
    fn seen(&self, draws: &Draws, verdicts: &[f64]) -> Vec<Flip> {
        let place = |path: &str| self.case.inputs.iter().position(|i| i.path == path);
        let moving = draws.movers(verdicts).inputs.into_iter();
        let mut inputs: Vec<usize> = ALWAYS.iter().filter_map(|path| place(path)).collect();
        // A ranked weight is no number that could be set.
        let own = moving.filter_map(|mover| place(&mover.path));
        let own = own.filter(|i| matches!(self.case.inputs[*i].draw, Draw::Own(_)));
        for input in own.take(MOVERS) {
            if !inputs.contains(&input) {
                inputs.push(input);
            }
        }
        let known: Vec<usize> = (0..verdicts.len())
            .filter(|w| !verdicts[*w].is_nan())
            .collect();
        let answers: Vec<f64> = known.iter().map(|w| verdicts[*w]).collect();
        let ids: Vec<InputId> = inputs.iter().map(|i| InputId::from_index(*i)).collect();
        let drawn = draws.numbers(&ids);
        let weights: Vec<f64> = known.iter().map(|w| draws.weight(*w)).collect();
        let turns = inputs.iter().zip(&drawn).filter_map(|(i, numbers)| {
            let numbers: Vec<f64> = known.iter().map(|w| numbers[*w]).collect();
            let turn = seen::turn(&numbers, &answers, &weights)?;
            let input = &self.case.inputs[*i];
            Some(Flip {
                what: input.path.clone(),
                unit: input.unit,
                at: turn.at,
                shares: turn.shares,
                ends: turn.ends,
                seen: true,
                worlds: known.len(),
            })
        });
        turns.collect()
    }
}

impl<'a> Scale<'a> {
    /// Where a claim turns as the scale is set from one end to the other.
    fn turn(&self, main: &Court<'a>, scope: &Scope, test: &ShareTest) -> Option<Flip> {
        // Nothing is set besides the scale.
        let hear = |k: usize| {
            let (inputs, value) = (&self.inputs, self.values[k]);
            let court = self.courts[k].get_or_init(|| court(main, scope, inputs, value));
            let none = &mut Runs::default();
            let heard = court.as_ref()?.hear(none, test, &crate::run::Ignored);
            Some(heard.share.holds).filter(|share| !share.value.is_nan())
        };
        // What lies between the ends matters only where these differ.
        let (low, high) = (hear(0)?, hear(VALUES - 1)?);
        let ends = [low.value, high.value];
        if !seen::apart(ends, [low.n, high.n]) || !seen::cross(ends) {
            return None;
        }
        let told: Option<Vec<Mean>> = (0..VALUES).map(hear).collect();
        let shares: Vec<f64> = told?.iter().map(|share| share.value).collect();
        Some(Flip {
            what: self.what.to_owned(),
            unit: self.unit,
            at: seen::crossing(&self.values, &shares)?,
            shares: [shares[0], shares[VALUES - 1]],
            ends: [self.values[0], self.values[VALUES - 1]],
            seen: false,
            worlds: low.n.min(high.n),
        })
    }
}

/// Values that all of these inputs may have at once, evenly from the greatest of their 5th percentiles to the least of their 95th; where the
/// case speaks of none of them, these. `None` where there are no inputs, or no two values that all may have.
fn values(main: &Court, inputs: &[InputId], unspoken: [f64; VALUES]) -> Option<[f64; VALUES]> {
    let ranges = inputs.iter().filter_map(|id| {
        let own = main.plan.distribution(*id, &main.overrides)?;
        // A default that is not drawn is nobody's range.
        let mut source = *id;
        while let Draw::Inherited(same) = &main.case.inputs[source.0 as usize].draw {
            source = *same;
        }
        let unstated = main.case.inputs[source.0 as usize].span.is_none();
        (!unstated || own.exact().is_none()).then(|| [own.quantile(0.05), own.quantile(0.95)])
    });
    common(ranges, unspoken).filter(|_| !inputs.is_empty())
}

/// The same of ranges.
fn common(
    ranges: impl Iterator<Item = [f64; 2]>,
    unspoken: [f64; VALUES],
) -> Option<[f64; VALUES]> {
    let both = ranges.reduce(|[low, high], [l, h]| [low.max(l), high.min(h)]);
    let Some([low, high]) = both else {
        return Some(unspoken);
    };
    let at = |k: usize| low + (high - low) * k as f64 / (VALUES - 1) as f64;
    (low < high).then(|| std::array::from_fn(at))
}

/// The test of a claim that only looks at worlds as they are, and sets nothing.
fn looks(claim: &Claim) -> Option<&ShareTest> {
    match &claim.test {
        ClaimTest::Share(test) => {
            let sets = !test.with.is_empty() || test.over.is_some();
            (!sets && awaited(test).is_empty()).then_some(&**test)
        }
        ClaimTest::NotComputable(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::common;

    #[test]
    fn only_values_that_all_may_have_are_tried() {
        let unspoken = [0.96, 0.975, 0.985, 0.992, 0.997];
        let of = |ranges: &[[f64; 2]]| common(ranges.iter().copied(), unspoken);
        assert_eq!(of(&[]), Some(unspoken));
        let ranges = [[0.984, 0.995], [0.98, 0.99], [0.982, 0.997]];
        let tried = of(&ranges).unwrap();
        for [low, high] in ranges {
            assert!(tried.iter().all(|x| (low..=high).contains(x)), "{tried:?}");
        }
        assert!(tried.windows(2).all(|pair| pair[0] < pair[1]));
        assert!((tried[0] - 0.984).abs() < 1e-12 && (tried[4] - 0.99).abs() < 1e-12);
        // One that is stated exactly, or two that share nothing, leave nothing to try.
        assert_eq!(of(&[[0.98, 0.99], [0.985, 0.985]]), None);
        assert_eq!(of(&[[0.96, 0.97], [0.98, 0.99]]), None);
    }
}
