//! Which inputs move an answer most: first-order indices from the worlds already run.

use std::sync::OnceLock;

use detente_case::{Case, Draw, InputId, Overrides, Plan, Uniforms};
use detente_evidence::{Mover, Moving};
use detente_math::{Ranks, SCRAMBLES, Stream, mean, visible_index};
use rayon::prelude::*;

use crate::run::Table;

/// Fewest worlds from which anything is said.
const FEWEST: usize = 64;
/// Numbers that are kept in memory, sorted, at most: those of a thousand worlds of two thousand inputs.
pub(crate) const KEPT: usize = 1 << 21;
/// Inputs whose numbers are in memory at a time where all of them would be more than that.
pub(crate) const AT_ONCE: usize = 128;
/// Chance that any input at all is named that has no effect.
const DOUBT: f64 = 0.05;
/// Answers that differ by less, in parts of the greatest, differ by rounding.
const ROUNDING: f64 = 1e-9;
/// Correlations below this are not spoken of.
const TOGETHER: f64 = 0.1;

/// Where an answer's worlds come from.
#[derive(Clone, Copy)]
pub(crate) struct Drawing<'a> {
    /// The case with what is in force put over it.
    pub(crate) case: &'a Case,
    pub(crate) plan: &'a Plan,
    /// What is put over the plan's numbers.
    pub(crate) overrides: &'a Overrides,
    pub(crate) stream: Stream,
}

/// What was drawn in the first worlds for the inputs that vary, kept and sorted, so that many answers can be asked of the same worlds.
pub(crate) struct Draws<'a> {
    drawing: Drawing<'a>,
    table: &'a Table,
    worlds: usize,
    inputs: Vec<InputId>,
    /// By input; nothing where all of them would take too much memory: then some are drawn at a time.
    kept: OnceLock<Vec<Sorted>>,
}

/// What was drawn for an input, world by world, and in which order that puts the worlds.
struct Sorted {
    numbers: Vec<f64>,
    ranks: Ranks,
}

impl<'a> Draws<'a> {
    /// Of the worlds of a table.
    pub(crate) fn new(drawing: Drawing<'a>, table: &'a Table) -> Self {
        Self {
            drawing,
            table,
            worlds: table.worlds,
            inputs: candidates(drawing.case),
            kept: OnceLock::new(),
        }
    }

    /// The inputs that move `answer` (one number a world, from world 0, NaN where it is not known), each by the number that was drawn for
    /// it: after readings, and after what moves together.
    ///
    /// An index counts where it lies above what an input without effect would reach, with one chance in twenty for all inputs together;
    /// its interval is the jackknife's over the sixteen scramblings (Tukey 1958).
    pub(crate) fn movers(&self, answer: &[f64]) -> Moving {
        let case = self.drawing.case;
        let known: Vec<f64> = answer.iter().copied().filter(|x| !x.is_nan()).collect();
        let mut moving = Moving {
            worlds: known.len(),
            visible: f64::NAN,
            constant: known.len() >= FEWEST && is_constant(&known),
            ..Moving::default()
        };
        if known.len() < FEWEST || moving.constant || self.inputs.is_empty() {
            return moving;
        }
        let doubt = DOUBT / self.inputs.len() as f64;
        moving.visible = visible_index(known.len(), doubt);
        let untold = |world: usize| answer.get(world).is_none_or(|x| x.is_nan());
        let find = |(input, sorted): (&InputId, &Sorted)| {
            if known.len() == self.worlds {
                return mover(case, *input, &sorted.ranks, answer, doubt);
            }
            let ranks = sorted.ranks.without(untold);
            mover(case, *input, &ranks, answer, doubt)
        };
        moving.inputs = if let Some(kept) = self.kept() {
            let inputs = self.inputs.par_iter().zip(kept);
            inputs.filter_map(find).collect()
        } else {
            let found = self.inputs.chunks(AT_ONCE).flat_map(|some| {
                let sorted = sorted(self.drawing, self.table, some);
                let inputs = some.par_iter().zip(&sorted);
                inputs.filter_map(find).collect::<Vec<_>>()
            });
            found.collect()
        };
        moving
            .inputs
            .sort_by(|a, b| b.index.total_cmp(&a.index).then(a.path.cmp(&b.path)));
        moving
    }

    /// The inputs that vary.
    pub(crate) fn inputs(&self) -> &[InputId] {
        &self.inputs
    }

    /// What a world counts.
    pub(crate) fn weight(&self, world: usize) -> f64 {
        self.table.weight(world)
    }

    /// What was drawn for some inputs in all worlds: a list an input.
    pub(crate) fn numbers(&self, inputs: &[InputId]) -> Vec<Vec<f64>> {
        let known = self.kept.get();
        let known = known.and_then(|kept| {
            let own = |id| self.inputs.iter().position(|known| known == id);
            let own = inputs.iter().map(|id| Some(kept[own(id)?].numbers.clone()));
            own.collect()
        });
        known.unwrap_or_else(|| numbers(self.drawing, self.table, inputs))
    }

    /// How an input sorts all worlds.
    pub(crate) fn ranks(&self, input: InputId) -> Ranks {
        let place = self.inputs.iter().position(|known| *known == input);
        let kept = self.kept().zip(place).map(|(kept, place)| &kept[place]);
        match kept {
            Some(sorted) => sorted.ranks.clone(),
            None => sorted(self.drawing, self.table, &[input])
                .pop()
                .map_or_else(|| Ranks::new(&[]), |sorted| sorted.ranks),
        }
    }

    fn kept(&self) -> Option<&Vec<Sorted>> {
        let cells = self.inputs.len().saturating_mul(self.worlds);
        let sort = || sorted(self.drawing, self.table, &self.inputs);
        (cells <= KEPT).then(|| self.kept.get_or_init(sort))
    }
}

fn sorted(drawing: Drawing, table: &Table, inputs: &[InputId]) -> Vec<Sorted> {
    let lists = numbers(drawing, table, inputs).into_par_iter();
    let weights: Vec<f64> = table.weights().collect();
    let sort = |numbers: Vec<f64>| Sorted {
        ranks: Ranks::new(&numbers).weighted(&weights),
        numbers,
    };
    lists.map(sort).collect()
}

/// Is every number the same, but for rounding at their scale?
pub(crate) fn is_constant(answer: &[f64]) -> bool {
    let low = answer.iter().copied().fold(f64::INFINITY, f64::min);
    let high = answer.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    high - low <= ROUNDING * low.abs().max(high.abs())
}

/// Inputs that vary by themselves.
fn candidates(case: &Case) -> Vec<InputId> {
    let varies = |draw: &Draw| match draw {
        Draw::Own(distribution) => distribution.exact().is_none(),
        Draw::Ranked { .. } => true,
        Draw::Inherited(_) => false,
    };
    (0..case.inputs.len())
        .filter(|i| varies(&case.inputs[*i].draw))
        .map(InputId::from_index)
        .collect()
}

/// What was drawn for some inputs in the first worlds: a list an input.
fn numbers(drawing: Drawing, table: &Table, inputs: &[InputId]) -> Vec<Vec<f64>> {
    let mut all = vec![Vec::with_capacity(table.worlds); inputs.len()];
    let mut uniforms = Uniforms::default();
    for row in 0..table.worlds {
        let plan = drawing.plan;
        plan.draw_uniforms(drawing.stream, table.world(row), &mut uniforms);
        let values = plan.values(&uniforms, drawing.overrides);
        for (list, id) in all.iter_mut().zip(inputs) {
            list.push(values[id.0 as usize]);
        }
    }
    all
}

/// An input as a mover; `None` if it cannot be told from one without effect. `ranks`: of the worlds in which the answer is known.
fn mover(case: &Case, id: InputId, ranks: &Ranks, answer: &[f64], doubt: f64) -> Option<Mover> {
    let index = ranks.index(answer);
    if index.is_nan() || index <= ranks.noise(doubt) {
        return None;
    }
    let error = error(ranks, answer);
    // The 97.5th percentile of Student's t with fifteen degrees of freedom.
    let reach = 2.131 * error;
    let within = |x: f64| x.clamp(0.0, 1.0);
    let input = &case.inputs[id.0 as usize];
    Some(Mover {
        path: input.path.clone(),
        index: within(index),
        interval: (within(index - reach), within(index + reach)),
        course: ranks.course(answer),
        with: together(case, id),
        placeholder: input.status == detente_case::Status::Placeholder,
        default: input.status == detente_case::Status::Default,
    })
}

/// Standard error of an index: the jackknife's over groups of worlds, those of the sixteen scramblings.
fn error(ranks: &Ranks, answer: &[f64]) -> f64 {
    let groups = SCRAMBLES as f64;
    let without = |group: u64| {
        ranks
            .without(|world| world as u64 % SCRAMBLES == group)
            .index(answer)
    };
    let left: Vec<f64> = (0..SCRAMBLES).map(without).collect();
    (groups - 1.0) * mean(left.iter().copied()).error
}

/// Paths of inputs that are drawn together with one.
fn together(case: &Case, id: InputId) -> Vec<String> {
    let path = |other: &InputId| case.inputs[other.0 as usize].path.clone();
    let varies = |other: &InputId| match &case.inputs[other.0 as usize].draw {
        Draw::Own(distribution) => distribution.exact().is_none(),
        Draw::Ranked { .. } => true,
        Draw::Inherited(_) => false,
    };
    if let Draw::Ranked { order, .. } = &case.inputs[id.0 as usize].draw {
        return order.iter().filter(|i| **i != id).map(path).collect();
    }
    let mut with = Vec::new();
    for group in &case.together {
        let n = group.inputs.len();
        let Some(own) = group.inputs.iter().position(|i| *i == id) else {
            continue;
        };
        for (other, input) in group.inputs.iter().enumerate() {
            let row = |i: usize| &group.factor[i * n..(i + 1) * n];
            let r: f64 = row(own).iter().zip(row(other)).map(|(a, b)| a * b).sum();
            if other != own && r.abs() >= TOGETHER && varies(input) {
                with.push(path(input));
            }
        }
    }
    with
}

#[cfg(test)]
mod tests {
    use detente_evidence::Mover;
    use detente_math::{Mean, mean};

    use super::is_constant;

    fn moved_along(course: [f64; 8], error: f64) -> Mover {
        let part = |value| Mean {
            error,
            ..mean(std::iter::once(value))
        };
        Mover {
            path: String::new(),
            index: 0.1,
            interval: (0.0, 0.2),
            course: course.map(part),
            with: Vec::new(),
            placeholder: false,
            default: false,
        }
    }

    /// Two ends tell nothing of what lies between them.
    #[test]
    fn a_direction_is_that_of_the_whole_course() {
        // A hump that ends above where it starts.
        let hump = [0.439, 0.528, 0.588, 0.628, 0.666, 0.675, 0.637, 0.554];
        let seen = moved_along(hump, 0.03);
        assert_eq!(
            (seen.direction(), seen.turns()),
            ("rises, then falls", vec![0.675])
        );
        let trough = moved_along(hump.map(|x| 1.0 - x), 0.03);
        assert_eq!(trough.direction(), "falls, then rises");
        assert!((trough.turns()[0] - 0.325).abs() < 1e-12);
        // The same within noise is no turn, and neither is a plateau.
        assert_eq!(moved_along(hump, 0.1).direction(), "rises");
        let plateau = [0.1, 0.3, 0.5, 0.6, 0.61, 0.605, 0.61, 0.6];
        assert_eq!(moved_along(plateau, 0.01).direction(), "rises");
        let wave = [0.5, 0.7, 0.8, 0.6, 0.4, 0.2, 0.3, 0.5];
        let wave = moved_along(wave, 0.02);
        assert_eq!(wave.direction(), "rises, falls, then rises");
        assert_eq!(wave.turns(), [0.8, 0.2]);
        assert_eq!(moved_along([0.5; 8], 0.02).direction(), "neither");
    }

    #[test]
    fn rounding_is_no_spread() {
        assert!(is_constant(&[0.1 + 0.2, 0.3, 0.3]));
        assert!(is_constant(&[1e-30, 1e-30 * (1.0 + 1e-12)]));
        assert!(is_constant(&[0.0, -0.0]) && is_constant(&[]));
        assert!(!is_constant(&[1e-6, 2e-6]) && !is_constant(&[0.5, 0.500_001]));
    }
}
