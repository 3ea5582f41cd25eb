//! Claims that an input alone decides: whoever states the number has stated the claim, and nothing that is computed bears on it.

use std::borrow::Cow;

use detente_case::{ClaimTest, Condition, InputId, Overrides, Rules, ShareTest};
use detente_core::Search;
use detente_evidence::{Assumed, Flip, RunOptions};
use detente_math::Distribution;

use super::court::{Court, Heard, Intervened, scope_of};
use crate::run::{Ignored, Scope, run_part};
use crate::runs::Runs;
use crate::sensitivity::Draws;

/// Worlds in which a claim is tried with an input at one end of its range.
pub(super) const WORLDS: usize = 192;
/// An input decides a claim that is true in so few worlds at one end of its range and false in so few at the other.
const DECIDED: f64 = 0.05;
/// Or one that explains so much of its variance alone, whatever its course.
const EXPLAINED: f64 = 0.9;
/// Where the ends' parts of the worlds at hand are further than this from telling so, no world is run for it.
const WORTH_A_TRY: f64 = 0.25;
/// One in so many draws lies beyond either end of a range as a case states it.
const BEYOND: usize = 20;

/// Whether an input alone decides a claim. `flips`: what turns it, as read off the worlds.
pub(super) fn assumed(
    (main, draws): (&Court, &Draws),
    test: &ClaimTest,
    heard: &Heard,
    flips: &[Flip],
) -> Option<Assumed> {
    let ClaimTest::Share(test) = test else {
        return None;
    };
    if test.holds_when.quantities().is_empty() {
        return Some(Assumed::Stated);
    }
    if main.searches(test) != Search::None {
        return None;
    }
    let moving = draws.movers(&heard.verdicts);
    if let Some(first) = moving.inputs.first().filter(|m| m.index >= EXPLAINED) {
        return Some(Assumed::Explained {
            path: first.path.clone(),
            index: first.index,
        });
    }
    if !main.tries() {
        return None;
    }
    let near = |flip: &&Flip| {
        let [low, high] = flip.shares;
        flip.seen && low.min(high) <= WORTH_A_TRY && low.max(high) >= 1.0 - WORTH_A_TRY
    };
    let mut tried = flips.iter().filter(near);
    tried.find_map(|flip| at_ends(main, draws, test, flip))
}

/// The claim with the input set to either end of its range, all else as drawn; `None` where that does not decide it.
fn at_ends(main: &Court, draws: &Draws, test: &ShareTest, flip: &Flip) -> Option<Assumed> {
    let place = main.case.inputs.iter().position(|i| i.path == flip.what)?;
    let input = InputId::from_index(place);
    let mut drawn = draws.numbers(&[input]).pop()?;
    drawn.sort_by(f64::total_cmp);
    let last = drawn.len().checked_sub(1)?;
    let ends = [last / BEYOND, last - last / BEYOND].map(|place| drawn[place]);
    let scope = scope_of(main.case, test);
    let mut told = Vec::with_capacity(2);
    for end in ends {
        let court = court(main, &scope, &[input], end)?;
        let share = court.hear(&mut Runs::default(), test, &Ignored).share;
        // Where no world can have it, or too few can tell, nothing is said.
        if share.holds.value.is_nan() || share.holds.n < WORLDS.min(main.options.worlds) / 2 {
            return None;
        }
        let held = share.holds.value;
        if held > DECIDED && held < 1.0 - DECIDED {
            // Whatever the other end tells, the input does not decide the claim.
            return None;
        }
        told.push(share.holds);
    }
    let shares = [told[0].value, told[1].value];
    let decided = shares[0].min(shares[1]) <= DECIDED && shares[0].max(shares[1]) >= 1.0 - DECIDED;
    decided.then(|| Assumed::AtEnds {
        path: flip.what.clone(),
        unit: flip.unit,
        ends,
        shares,
        worlds: told[0].n.min(told[1].n),
    })
}

/// Worlds with some inputs set to a value, as far as the scope asks; `None` where no world can have it.
pub(super) fn court<'a>(
    main: &Court<'a>,
    scope: &Scope,
    inputs: &[InputId],
    value: f64,
) -> Option<Court<'a>> {
    let set = inputs.iter().map(|id| (*id, Distribution::Exact(value)));
    let set = Overrides {
        replaced: set.collect(),
        ..Overrides::default()
    };
    let all = main.overrides.under(&set);
    if !Rules::of(main.case).stand(&Condition::of(&all)) {
        return None;
    }
    let options = RunOptions {
        worlds: WORLDS.min(main.options.worlds),
        searches: 0,
        solutions: 0,
        // What turns an answer about talks is not sought: each value would take a game a world.
        talks: 0,
        talks_whole: 0,
        ..main.options
    };
    let asked = (scope, 0..options.worlds, main.picks());
    let table = run_part(main.plan, &all, options, asked, &Ignored);
    let part = Intervened::Part(1);
    let at = (main.case, main.plan);
    Some(Court::new(at, all, options, Cow::Owned(table), part))
}
