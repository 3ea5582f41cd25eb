//! What happens, and what is it worth to each, if there is no deal?
//!
//! Assumes that edge and hazards depend on time alone (see the [`contest`](crate::Contest) model). Does not apply to a case
//! without a no-deal model; gives up where doubling the horizon would move any value by more than
//! [`GREATEST_TRUNCATION`] points. Sources and units: [`alternative`](mod@detente_core::catalogue::alternative).

use detente_core::{Ending, LensSpec, NoDealSolution, Outcome, Query, Row, Scene, Setting, World};

use crate::Lens;
use crate::no_deal::process::fate;
use detente_core::catalogue::alternative::{
    BEYOND, END_BY, END_EVER, ENDING, GAP, LINE_MEAN, LINE_SD, MONTHS_IN, MONTHS_TO_END, SPEC,
    SUPPLY, VALUE,
};

/// Greatest change of a value when the horizon is doubled, in points.
pub(crate) const GREATEST_TRUNCATION: f64 = 0.1;

/// The lens.
pub(super) struct Alternative;

impl Lens for Alternative {
    fn spec(&self) -> &'static LensSpec {
        &SPEC
    }

    fn queries(&self, setting: &Setting, world: &World, queries: &mut Vec<Query>) {
        queries.push(Query::analyst(setting, world));
        queries.extend((0..setting.types.len()).map(|t| Query::own(setting, world, t)));
    }

    fn weighs(&self, quantity: &str) -> bool {
        let happens = [
            ENDING,
            BEYOND,
            LINE_MEAN,
            LINE_SD,
            SUPPLY,
            END_BY,
            END_EVER,
            MONTHS_IN,
            MONTHS_TO_END,
        ];
        let mut ids = happens.iter().map(|of| SPEC.quantities[of.place].id);
        !ids.any(|id| id == quantity)
    }

    fn examine(&self, scene: &Scene, row: &mut Row) -> Outcome {
        let Some(common) = scene.no_deal(&Query::analyst(scene.setting, scene.world)) else {
            return Outcome::NotApplicable("the case does not say what happens without a deal");
        };
        if let Some(silent) = beyond_reach(scene) {
            return silent;
        }
        for t in 0..scene.setting.types.len() {
            // Where only what happens is asked, nobody's own view is at hand.
            let Some(value) = scene.no_deal_value(t) else {
                continue;
            };
            row.set(VALUE, &[t], value);
            row.set(GAP, &[t], value - common.values[t]);
        }
        for (month, chances) in common.endings.chunks_exact(4).enumerate() {
            for ending in Ending::ALL {
                row.set(ENDING, &[month, ending as usize], chances[ending as usize]);
            }
        }
        if scene.setting.contest.is_some() {
            row.set(BEYOND, &[], common.beyond);
        }
        for (month, (mean, sd)) in common.line_mean.iter().zip(&common.line_sd).enumerate() {
            row.set(LINE_MEAN, &[month], *mean);
            row.set(LINE_SD, &[month], *sd);
        }
        for (side, supply) in [&common.supply_a, &common.supply_b].into_iter().enumerate() {
            for (month, effort) in supply.iter().enumerate() {
                row.set(SUPPLY, &[side, month], *effort);
            }
        }
        ends_of_process(scene, row);
        Outcome::Done
    }
}

/// How and when a process ends, and where it is until then.
fn ends_of_process(scene: &Scene, row: &mut Row) {
    let Some(found) = fate::prospects(scene.setting, scene.world) else {
        return;
    };
    for (place, by) in found.by.iter().enumerate() {
        for (end, chance) in by.iter().enumerate() {
            row.set(END_BY, &[place, end], chance.min(1.0));
        }
    }
    for (end, chance) in found.ever.iter().enumerate() {
        row.set(END_EVER, &[end], chance.min(1.0));
    }
    if let Some(months) = found.months {
        for (state, months) in months.iter().enumerate() {
            row.set(MONTHS_IN, &[state], months.max(0.0));
        }
        row.set(MONTHS_TO_END, &[], months.iter().sum::<f64>().max(0.0));
    }
}

/// The outcome of a world whose horizon is too short for a sure value.
pub(crate) fn beyond_reach(scene: &Scene) -> Option<Outcome> {
    let finite = |v: &f64| v.is_finite();
    let told = |(query, solution): &(Query, NoDealSolution)| {
        let mut values = solution.values.iter().enumerate();
        values.all(|(t, v)| finite(v) || !query.types.contains(t))
    };
    if !scene.solved.iter().all(told) {
        return Some(Outcome::GaveUp(
            "a no-deal value is not a finite number: some input of the contest is far too large",
        ));
    }
    let short = scene
        .solved
        .iter()
        .any(|(_, solution)| solution.truncation > GREATEST_TRUNCATION);
    short.then_some(Outcome::GaveUp(
        "doubling contest.horizon would move a no-deal value by more than 0.1 points; raise it",
    ))
}

#[cfg(test)]
mod tests {
    use detente_core::{Layout, Outcome, Row, Search};

    use super::{Alternative, SPEC};
    use crate::conformance::specs;
    use crate::{LENSES, Lens, Stage, fixture};

    /// What happens is what it is, whoever asks what that is worth.
    #[test]
    fn what_happens_does_not_depend_on_what_it_is_worth() {
        let place = specs().iter().position(|spec| spec.id == SPEC.id).unwrap();
        let only: Vec<bool> = (0..LENSES.len()).map(|l| l == place).collect();
        let mut stage = Stage::default();
        let mut compared = 0;
        for case in 0..30 {
            let (setting, world) = fixture::durable(case);
            let layout = Layout::new(&setting, &specs());
            let mut told = |worths: bool| {
                stage.ask_lenses(&only);
                stage.ask_worths(worths);
                let scene = stage.set(&setting, &world, Search::None);
                let mut cells = vec![f64::NAN; layout.width()];
                let outcome =
                    Alternative.examine(&scene, &mut Row::new(&layout, place, &mut cells));
                (outcome, cells)
            };
            let [(all, whole), (part, happens)] = [true, false].map(&mut told);
            if all != Outcome::Done || part != Outcome::Done {
                continue;
            }
            let quantities = SPEC.quantities.iter().zip(SPEC.handles());
            for (quantity, of) in quantities.filter(|(q, _)| !Alternative.weighs(q.id)) {
                let sizes = quantity.dimensions.iter().map(|d| d.size(&setting));
                let (count, first) = (sizes.product::<usize>(), vec![0; quantity.dimensions.len()]);
                if count > 0 {
                    let own = layout.column(of, &first)..layout.column(of, &first) + count;
                    let bits = |cells: &[f64]| -> Vec<u64> {
                        cells[own.clone()].iter().map(|x| x.to_bits()).collect()
                    };
                    assert_eq!(bits(&whole), bits(&happens), "{case}: {}", quantity.id);
                    compared += whole[own.clone()].iter().filter(|x| !x.is_nan()).count();
                }
            }
        }
        assert!(compared > 1_000, "{compared}");
    }
}
