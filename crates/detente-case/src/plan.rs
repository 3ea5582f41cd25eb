//! Ready to run: what draws worlds.

use detente_core::{Numbers, Setting, World};
use detente_math::{
    Distribution, Stream, exponential_quantile, normal_cdf, normal_quantile, path_key,
};

use crate::{Case, Draw, InputId, Together};

/// Draws worlds of a case. The uniform numbers of a world are kept apart from what is put over them, so that readings,
/// interventions and flips all meet the same uniforms: their differences are not noise.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What the case is about.
    pub setting: Setting,
    shape: Numbers<InputId>,
    inputs: Vec<PlanInput>,
    together: Vec<Together>,
}

#[derive(Clone, Debug)]
struct PlanInput {
    key: u64,
    draw: Draw,
}

/// Distributions put in the place of inputs' own; later ones win.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overrides {
    /// The replacements.
    pub replaced: Vec<(InputId, Distribution)>,
}

impl Plan {
    /// Compiles a checked case.
    pub fn new(case: &Case) -> Self {
        let inputs = case.inputs.iter().map(|input| PlanInput {
            key: path_key(&input.path),
            draw: input.draw.clone(),
        });
        Self {
            setting: case.setting.clone(),
            shape: case.shape.clone(),
            inputs: inputs.collect(),
            together: case.together.clone(),
        }
    }

    /// The uniform number of every input in world `index` of a stream, each a function of (stream, path, index) alone.
    pub fn uniforms(&self, stream: Stream, index: u64) -> Uniforms {
        let mut uniforms = Uniforms::default();
        self.draw_uniforms(stream, index, &mut uniforms);
        uniforms
    }

    /// The same, into a buffer. Inputs that are exact or inherited still have theirs: an override may need it.
    pub fn draw_uniforms(&self, stream: Stream, index: u64, uniforms: &mut Uniforms) {
        uniforms.index = index;
        uniforms.numbers.clear();
        let numbers = self
            .inputs
            .iter()
            .map(|input| stream.uniform(input.key, index));
        uniforms.numbers.extend(numbers);
        for group in &self.together {
            group.correlate(&mut uniforms.numbers);
        }
    }

    /// Every input at its median.
    pub fn medians(&self) -> Uniforms {
        Uniforms {
            index: 0,
            numbers: vec![0.5; self.inputs.len()],
        }
    }

    /// The world of these uniforms under these overrides.
    pub fn world(&self, uniforms: &Uniforms, overrides: &Overrides) -> World {
        let mut world = World {
            index: uniforms.index,
            numbers: self.shape.map(&mut |_| 0.0),
        };
        self.apply(uniforms, overrides, &mut Vec::new(), &mut world);
        world
    }

    /// The value of every input of the case, in its order, before shares and priors are normalised.
    pub fn values(&self, uniforms: &Uniforms, overrides: &Overrides) -> Vec<f64> {
        let mut values = Vec::new();
        self.draw(uniforms, overrides, &mut values);
        values
    }

    /// The world of these uniforms under these overrides, into buffers: `world` must come from this plan.
    pub fn apply(
        &self,
        uniforms: &Uniforms,
        overrides: &Overrides,
        values: &mut Vec<f64>,
        world: &mut World,
    ) {
        self.draw(uniforms, overrides, values);
        world.index = uniforms.index;
        world
            .numbers
            .fill(&self.shape, &mut |id| values[id.0 as usize]);
        world.normalise(&self.setting);
    }

    fn draw(&self, uniforms: &Uniforms, overrides: &Overrides, values: &mut Vec<f64>) {
        values.clear();
        for (i, (input, u)) in self.inputs.iter().zip(&uniforms.numbers).enumerate() {
            let replaced = overrides
                .replaced
                .iter()
                .rev()
                .find(|(id, _)| id.0 as usize == i);
            values.push(match (replaced, &input.draw) {
                (Some((_, replacement)), _) => replacement.quantile(*u),
                (None, Draw::Own(distribution)) => distribution.quantile(*u),
                // Parents are registered before those who inherit from them.
                (None, Draw::Inherited(parent)) => values[parent.0 as usize],
                (None, Draw::Ranked { order, place }) => ranked(&uniforms.numbers, order, *place),
            });
        }
    }
}

/// The weight at a place of an order: of n exponential variables the k-th greatest is the sum over j ≥ k of `E_j`/j (Rényi
/// 1953), and normalised they are uniform over all weights that keep the order.
fn ranked(uniforms: &[f64], order: &[InputId], place: usize) -> f64 {
    let later = order.iter().enumerate().skip(place);
    later
        .map(|(j, id)| exponential_quantile(uniforms[id.0 as usize]) / (j + 1) as f64)
        .sum()
}

impl Together {
    /// Makes the group's independent uniform numbers correlated ones.
    fn correlate(&self, uniforms: &mut [f64]) {
        let n = self.inputs.len();
        // From the last: row i needs the scores of 0..=i as they were drawn.
        for (i, id) in self.inputs.iter().enumerate().rev() {
            let row = &self.factor[i * n..=i * n + i];
            let scores = self.inputs.iter().map(|id| uniforms[id.0 as usize]);
            let score: f64 = row
                .iter()
                .zip(scores)
                .filter(|(l, _)| **l != 0.0)
                .map(|(l, u)| l * normal_quantile(u))
                .sum();
            // Strictly inside (0, 1), as every uniform number is.
            uniforms[id.0 as usize] =
                normal_cdf(score).clamp(f64::MIN_POSITIVE, 1.0 - f64::EPSILON);
        }
    }
}

/// The uniform numbers of a world, one an input.
#[derive(Clone, Debug, Default)]
pub struct Uniforms {
    index: u64,
    numbers: Vec<f64>,
}
