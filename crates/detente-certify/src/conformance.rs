//! What every answer must pass, on any case: used by the tests over the shipped cases and by `detente report` on a sample of its worlds.

use detente_core::{
    Certified, Layout, LensSpec, Outcome, Question, RowView, Setting, Verdict, World,
};

use crate::{beyond_budget, budget, certificate};

/// Puts every lens's answer for every world before its certificate, and checks that each number lies in its range. `examine` answers for
/// a world: it fills the row, laid out as told, and says what became of each lens, in the order of `specs`.
pub fn certify<'w>(
    setting: &Setting,
    worlds: impl Iterator<Item = &'w World>,
    specs: &[&'static LensSpec],
    mut examine: impl FnMut(&World, &Layout, &mut [f64]) -> Vec<Outcome>,
) -> Certified {
    let layout = Layout::new(setting, specs);
    let mut result = Certified::default();
    for world in worlds {
        let mut row = vec![f64::NAN; layout.width()];
        let outcomes = examine(world, &layout, &mut row);
        for (l, (spec, outcome)) in specs.iter().zip(outcomes).enumerate() {
            let id = spec.id;
            if !matches!(outcome, Outcome::Done | Outcome::Partly(_)) {
                result.silent += 1;
                continue;
            }
            result
                .faults
                .extend(out_of_range(setting, &layout, spec, &row).map(|f| format!("{id}: {f}")));
            let question = Question { setting, world };
            let view = RowView::new(&layout, l, &row);
            let (verdict, used_up) = budget::within(|| certificate(id)(question, view));
            match verdict {
                // What was not found any more is no fault of the answer.
                _ if used_up => result.unfinished.push(format!(
                    "{id}, world {}: its wars take more steps than the budget has; what was checked before held",
                    world.index
                )),
                Verdict::Holds(_) => {
                    match beyond_budget(id, question, RowView::new(&layout, l, &row)) {
                        None => result.held += 1,
                        Some(what) => result
                            .unfinished
                            .push(format!("{id}, world {}: {what}", world.index)),
                    }
                }
                Verdict::Silent => result.silent += 1,
                Verdict::Fails(fault) => result
                    .faults
                    .push(format!("{id}, world {}: {fault}", world.index)),
            }
        }
    }
    result
}

/// Numbers outside the range that the spec states; NaN is "not computed" and allowed.
fn out_of_range<'a>(
    setting: &'a Setting,
    layout: &'a Layout,
    spec: &'static LensSpec,
    row: &'a [f64],
) -> impl Iterator<Item = String> + 'a {
    /// Sums of probabilities may pass 1 by rounding.
    const ROUNDING: f64 = 1e-9;
    spec.quantities.iter().flat_map(move |quantity| {
        let size: usize = quantity
            .dimensions
            .iter()
            .map(|d| d.size(setting))
            .product();
        let cells = if size == 0 {
            &[][..]
        } else {
            let origin = vec![0; quantity.dimensions.len()];
            let first = layout.column_of(spec.id, quantity.id, &origin);
            &row[first..first + size]
        };
        let (least, most) = quantity.range;
        let wrong = cells
            .iter()
            .filter(move |x| **x < least - ROUNDING || **x > most + ROUNDING || x.is_infinite());
        wrong.map(move |x| format!("{} = {x} is outside [{least}, {most}]", quantity.id))
    })
}
