//! What every lens must pass, on any case: used by the tests over the shipped cases and by `detente report` on a sample of
//! its worlds.

use detente_core::{
    Layout, LensSpec, Outcome, Question, Row, RowView, Search, Setting, Verdict, World,
};

use crate::{LENSES, Stage};

/// What became of the certificates over some worlds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Certified {
    /// Answers checked and right.
    pub held: usize,
    /// Answers of lenses that were silent.
    pub silent: usize,
    /// Faults found.
    pub faults: Vec<String>,
}

/// The specs of all lenses, in the order of [`LENSES`].
pub fn specs() -> Vec<&'static LensSpec> {
    LENSES.iter().map(|lens| lens.spec()).collect()
}

/// Puts every lens's answer for every world before its certificate, and checks that each number lies in its range.
pub fn certify<'w>(
    setting: &Setting,
    worlds: impl Iterator<Item = &'w World>,
    search: Search,
) -> Certified {
    let layout = Layout::new(setting, &specs());
    let mut stage = Stage::default();
    let mut result = Certified::default();
    for world in worlds {
        let mut row = vec![f64::NAN; layout.width()];
        let outcomes = examine_all(&layout, &mut stage, setting, world, search, &mut row);
        for (l, (lens, outcome)) in LENSES.iter().zip(outcomes).enumerate() {
            let id = lens.spec().id;
            if !matches!(outcome, Outcome::Done | Outcome::Partly(_)) {
                result.silent += 1;
                continue;
            }
            result.faults.extend(
                out_of_range(setting, &layout, lens.spec(), &row).map(|f| format!("{id}: {f}")),
            );
            match lens.verify(Question { setting, world }, RowView::new(&layout, l, &row)) {
                Verdict::Holds(_) => result.held += 1,
                Verdict::Silent => result.silent += 1,
                Verdict::Fails(fault) => result
                    .faults
                    .push(format!("{id}, world {}: {fault}", world.index)),
            }
        }
    }
    result
}

/// Examines one world with every lens.
pub fn examine_all(
    layout: &Layout,
    stage: &mut Stage,
    setting: &Setting,
    world: &World,
    search: Search,
    row: &mut [f64],
) -> Vec<Outcome> {
    let scene = stage.set(setting, world, search);
    LENSES
        .iter()
        .enumerate()
        .map(|(l, lens)| lens.examine(&scene, &mut Row::new(layout, l, row)))
        .collect()
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

/// Are two numbers the same within a tolerance? Never, if one is not a number: a certificate must fail on NaN.
pub(crate) fn within(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance
}
