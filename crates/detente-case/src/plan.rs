//! Ready to run: what draws worlds.

use detente_core::{Fixed, Numbers, Party, Setting, World};
use detente_math::{
    Batch, Distribution, Memory, Stream, exponential_quantile, normal_cdf, normal_quantile,
    path_key,
};

use crate::{Case, Draw, InputId, Together, With};

/// Draws worlds of a case. The uniform numbers of a world are kept apart from what is put over them, so that readings,
/// interventions and flips all meet the same uniforms: their differences are not noise.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What the case is about.
    pub setting: Setting,
    shape: Numbers<InputId>,
    inputs: Vec<PlanInput>,
    together: Vec<Together>,
    /// Places and keys of the inputs whose uniform numbers are needed without an override.
    uncertain: (Vec<usize>, Vec<u64>),
    /// The distributions of inputs with one of their own, by place.
    batch: Batch,
}

#[derive(Clone, Debug)]
struct PlanInput {
    key: u64,
    draw: Draw,
    /// Place in the batch, if it has a distribution of its own that is not exact.
    batched: usize,
}

/// Distributions put in the place of inputs' own; later ones win.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overrides {
    /// The replacements.
    pub replaced: Vec<(InputId, Distribution)>,
    /// Answers that are given instead of computed.
    pub fixed: Vec<Fixed>,
    /// How many of the replacements stood when what is on record was learned from: a prior that is set after that is what it is set to.
    pub learned_under: usize,
}

impl Overrides {
    /// What an intervention sets.
    pub fn with(with: &[With]) -> Self {
        let mut set = Self::default();
        for one in with {
            match one {
                With::Input(put) => set.replaced.push((put.input, put.distribution.clone())),
                With::Quantity(entry, value) => set.fixed.push(Fixed {
                    lens: entry.lens,
                    quantity: entry.quantity,
                    index: entry.index.clone(),
                    value: *value,
                }),
            }
        }
        set
    }

    /// These with others put over them.
    #[must_use]
    pub fn under(&self, over: &Self) -> Self {
        let mut both = self.clone();
        both.replaced.extend(over.replaced.iter().cloned());
        both.fixed.extend(over.fixed.iter().cloned());
        both
    }
}

impl Plan {
    /// Compiles a checked case.
    pub fn new(case: &Case) -> Self {
        let inputs = case.inputs.iter().map(|input| PlanInput {
            key: path_key(&input.path),
            draw: input.draw.clone(),
            batched: 0,
        });
        let mut inputs: Vec<PlanInput> = inputs.collect();
        let own = case.inputs.iter().enumerate();
        let batch = Batch::new(own.filter_map(|(i, input)| match &input.draw {
            Draw::Own(Distribution::Exact(_)) | Draw::Inherited(_) | Draw::Ranked { .. } => None,
            Draw::Own(distribution) => Some((i, distribution)),
        }));
        for (place, i) in batch.names().iter().enumerate() {
            inputs[*i].batched = place;
        }
        let certain =
            |draw: &Draw| matches!(draw, Draw::Inherited(_) | Draw::Own(Distribution::Exact(_)));
        let uncertain = inputs.iter().enumerate();
        let uncertain = uncertain.filter(|(_, input)| !certain(&input.draw));
        Self {
            setting: case.setting.clone(),
            shape: case.shape.clone(),
            together: case.together.clone(),
            uncertain: uncertain.map(|(i, input)| (i, input.key)).unzip(),
            batch,
            inputs,
        }
    }

    /// The uniform number of every input in world `index` of a stream, each a function of (stream, path, index) alone.
    pub fn uniforms(&self, stream: Stream, index: u64) -> Uniforms {
        let mut uniforms = Uniforms::default();
        self.draw_uniforms(stream, index, &mut uniforms);
        uniforms
    }

    /// The same, into a buffer. Those of inputs that are exact or inherited are left out until an override needs them.
    pub fn draw_uniforms(&self, stream: Stream, index: u64, uniforms: &mut Uniforms) {
        uniforms.index = index;
        uniforms.stream = stream;
        uniforms.numbers.clear();
        uniforms.numbers.resize(self.inputs.len(), f64::NAN);
        let (places, keys) = &self.uncertain;
        let Uniforms {
            numbers, memory, ..
        } = uniforms;
        memory.uniforms(stream, keys, index, |i, u| numbers[places[i]] = u);
        for group in &self.together {
            group.correlate(numbers);
        }
    }

    /// Every input at its median.
    pub fn medians(&self) -> Uniforms {
        Uniforms {
            index: 0,
            numbers: vec![0.5; self.inputs.len()],
            ..Uniforms::default()
        }
    }

    /// Which input each number of a world comes from.
    pub fn shape(&self) -> &Numbers<InputId> {
        &self.shape
    }

    /// What an input is drawn from under overrides, by itself; `None` where that depends on other inputs.
    pub fn distribution<'a>(
        &'a self,
        id: InputId,
        overrides: &'a Overrides,
    ) -> Option<&'a Distribution> {
        let replaced = overrides.replaced.iter().rev();
        if let Some((_, own)) = replaced.into_iter().find(|(other, _)| *other == id) {
            return Some(own);
        }
        match &self.inputs[id.0 as usize].draw {
            Draw::Own(own) => Some(own),
            Draw::Inherited(parent) => self.distribution(*parent, overrides),
            Draw::Ranked { .. } => None,
        }
    }

    /// The world of these uniforms under these overrides.
    pub fn world(&self, uniforms: &Uniforms, overrides: &Overrides) -> World {
        self.world_after(uniforms, overrides, &[])
    }

    /// The same after what was learned of types: `learned` as in [`Plan::apply`].
    pub fn world_after(
        &self,
        uniforms: &Uniforms,
        overrides: &Overrides,
        learned: &[f64],
    ) -> World {
        let mut world = World {
            index: uniforms.index,
            numbers: self.shape.map(&mut |_| 0.0),
            fixed: Vec::new(),
        };
        self.apply(uniforms, overrides, learned, &mut Vec::new(), &mut world);
        world
    }

    /// The value of every input of the case, in its order, before shares and priors are normalised.
    pub fn values(&self, uniforms: &Uniforms, overrides: &Overrides) -> Vec<f64> {
        let mut values = Vec::new();
        self.draw(uniforms, overrides, &mut values);
        values
    }

    /// The world of these uniforms under these overrides, into buffers: `world` must come from this plan. `learned`: by type, how likely
    /// it was to do what is on record, relative to the others of its party; empty where nothing is. Everybody saw it, so that it changes what
    /// anybody believes of the types too. A party whose priors are set by what stands over those that were learned from
    /// ([`Overrides::learned_under`]) keeps them as set.
    pub fn apply(
        &self,
        uniforms: &Uniforms,
        overrides: &Overrides,
        learned: &[f64],
        values: &mut Vec<f64>,
        world: &mut World,
    ) {
        self.draw(uniforms, overrides, values);
        world.index = uniforms.index;
        world
            .numbers
            .fill(&self.shape, &mut |id| values[id.0 as usize]);
        if !learned.is_empty() {
            self.learn(overrides, learned, world);
        }
        world.normalise(&self.setting);
        world.fixed.clone_from(&overrides.fixed);
    }

    /// Weighs types by what was learned of them.
    fn learn(&self, overrides: &Overrides, learned: &[f64], world: &mut World) {
        for party in &self.setting.parties {
            if self.is_set_since(overrides, party) {
                continue;
            }
            for t in party.types.clone() {
                world.numbers.types[t].prior *= learned[t];
                for other in &mut world.numbers.types {
                    if let Some(about) = other.about.get_mut(t) {
                        *about *= learned[t];
                    }
                }
            }
        }
    }

    /// Is a prior of the party set by what stands over the overrides that the record was learned from?
    fn is_set_since(&self, overrides: &Overrides, party: &Party) -> bool {
        let since = overrides.learned_under.min(overrides.replaced.len());
        let set = &overrides.replaced[since..];
        let mut types = party.types.clone();
        types.any(|t| {
            let own = self.shape.types[t].prior;
            set.iter().any(|(id, _)| *id == own)
        })
    }

    /// What [`Self::apply`] weighs a type by whose prior this input is: 1 where nothing was learned of it, or its prior was set since.
    pub fn learned_of(&self, overrides: &Overrides, learned: &[f64], prior: InputId) -> f64 {
        let mut types = self.shape.types.iter();
        let Some(t) = types
            .position(|t| t.prior == prior)
            .filter(|t| *t < learned.len())
        else {
            return 1.0;
        };
        let party = &self.setting.parties[self.setting.types[t].party];
        if self.is_set_since(overrides, party) {
            1.0
        } else {
            learned[t]
        }
    }

    fn draw(&self, uniforms: &Uniforms, overrides: &Overrides, values: &mut Vec<f64>) {
        // Behind the values, for now: the batch.
        let own = self.batch.names().iter().map(|i| uniforms.numbers[*i]);
        // The buffer first says which replacement an input has, later ones winning: 0 for none, else its place from 1.
        values.clear();
        values.resize(self.inputs.len(), f64::from_bits(0));
        values.extend(own);
        let (inputs, batch) = values.split_at_mut(self.inputs.len());
        self.batch.quantiles(batch);
        for (place, (id, _)) in (1..).zip(&overrides.replaced) {
            inputs[id.0 as usize] = f64::from_bits(place);
        }
        for (i, input) in self.inputs.iter().enumerate() {
            #[expect(clippy::cast_possible_truncation, reason = "a place in a list")]
            let place = inputs[i].to_bits() as usize;
            inputs[i] = match &input.draw {
                _ if place > 0 => {
                    let (_, replacement) = &overrides.replaced[place - 1];
                    replacement.quantile(uniforms.of(i, input.key))
                }
                Draw::Own(Distribution::Exact(x)) => *x,
                Draw::Own(_) => batch[input.batched],
                // Parents are registered before those who inherit from them.
                Draw::Inherited(parent) => inputs[parent.0 as usize],
                Draw::Ranked { order, place } => ranked(&uniforms.numbers, order, *place),
            };
        }
        values.truncate(self.inputs.len());
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
    stream: Stream,
    /// NaN where the input has no need of one.
    numbers: Vec<f64>,
    memory: Memory,
}

impl Uniforms {
    /// That of an input, drawn now if it was left out.
    fn of(&self, i: usize, key: u64) -> f64 {
        let u = self.numbers[i];
        if u.is_nan() {
            return self.stream.uniform(key, self.index);
        }
        u
    }
}
