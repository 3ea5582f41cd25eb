//! The question put to a no-deal model, and its answer.

use crate::{TypeNumbers, World};

/// Levers that are on, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct LeverProfile(pub u64);

impl LeverProfile {
    /// Is `lever` on?
    pub fn contains(self, lever: usize) -> bool {
        self.0 >> lever & 1 == 1
    }
    /// Those of both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
    /// With `lever` on too.
    #[must_use]
    pub fn with(self, lever: usize) -> Self {
        Self(self.0 | 1 << lever)
    }
}

/// Under whose beliefs the contest is valued.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Beliefs {
    /// The analyst's: the common draw.
    Analyst,
    /// A party's own: the common draw moved by these offsets, with its own doubt about the edge.
    Own(OwnBeliefs),
}

/// How a party's beliefs differ from the analyst's draw.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct OwnBeliefs {
    /// Offset of the edge.
    pub edge: f64,
    /// Standard deviation of its own doubt about the edge.
    pub doubt: f64,
    /// Offset of the log of the escalation hazard.
    pub escalation: f64,
    /// Offset of the log odds of a lottery's chance.
    pub chance: f64,
    /// The first type that offsets the rates of a process in the same way; `None`: no offset.
    pub rates: Option<u8>,
    /// The first type that doubts the rates of a process in the same way; `None`: no doubt.
    pub rate_doubt: Option<u8>,
}

impl OwnBeliefs {
    /// Those of a type of a world.
    pub fn of(world: &World, t: usize) -> Self {
        let types = &world.numbers.types;
        let first = |of: &dyn Fn(&TypeNumbers<f64>) -> &[f64]| {
            let own = of(&types[t]);
            if own.iter().all(|x| *x == 0.0) {
                return None;
            }
            let first = types.iter().position(|other| of(other) == own);
            first.and_then(|first| u8::try_from(first).ok())
        };
        let numbers = &types[t];
        Self {
            edge: numbers.believes_edge,
            doubt: numbers.own_sd,
            escalation: numbers.believes_escalation,
            chance: numbers.believes_chance,
            rates: first(&|of| &of.believes_rates),
            rate_doubt: first(&|of| &of.rate_sds),
        }
    }

    /// Makes them a type's.
    pub fn put(self, world: &mut World, t: usize) {
        let offsets = self.rate_offsets(world).to_vec();
        let doubts = self.rate_doubts(world).to_vec();
        let numbers = &mut world.numbers.types[t];
        numbers.believes_edge = self.edge;
        numbers.own_sd = self.doubt;
        numbers.believes_escalation = self.escalation;
        numbers.believes_chance = self.chance;
        for (list, held) in [
            (&mut numbers.believes_rates, offsets),
            (&mut numbers.rate_sds, doubts),
        ] {
            list.fill(0.0);
            for (own, held) in list.iter_mut().zip(held) {
                *own = held;
            }
        }
    }

    /// Offsets of the logs of rates, by `ProcessSetting::believed`; empty: none.
    pub fn rate_offsets(self, world: &World) -> &[f64] {
        self.rates
            .map_or(&[], |t| &world.numbers.types[usize::from(t)].believes_rates)
    }

    /// Standard deviations of the doubt about the same; empty: none.
    pub fn rate_doubts(self, world: &World) -> &[f64] {
        self.rate_doubt
            .map_or(&[], |t| &world.numbers.types[usize::from(t)].rate_sds)
    }
}

impl Beliefs {
    /// The differences from the analyst's draw; none for the analyst.
    pub fn own(self) -> OwnBeliefs {
        match self {
            Beliefs::Analyst => OwnBeliefs::default(),
            Beliefs::Own(own) => own,
        }
    }
}

/// What is asked of a no-deal model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Query {
    /// Levers that run.
    pub levers: LeverProfile,
    /// Whose beliefs.
    pub beliefs: Beliefs,
    /// Where the line starts, in line units; `None`: where it is today.
    pub start_line: Option<f64>,
    /// The state that a process begins in; `None`: today's.
    pub state: Option<usize>,
    /// The types whose values are asked for.
    pub types: TypeSet,
    /// Months of talks that come first, where there are talks: levers besides those that run now are pulled after them, and until then no end
    /// comes that is not from these talks.
    pub talks: Option<usize>,
}

/// A set of types, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TypeSet(pub u64);

impl TypeSet {
    /// Every type there is.
    pub const ALL: Self = Self(u64::MAX);

    /// Is type `t` in the set?
    pub fn contains(self, t: usize) -> bool {
        self.0 >> t & 1 == 1
    }
}

/// How fighting without a deal ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Side A wins outright.
    ADecisive,
    /// Side B wins outright.
    BDecisive,
    /// An armistice that is not from these talks.
    Armistice,
    /// Escalation.
    Escalation,
}

impl Ending {
    /// All four, in the order of every table.
    pub const ALL: [Ending; 4] = [
        Ending::ADecisive,
        Ending::BDecisive,
        Ending::Armistice,
        Ending::Escalation,
    ];

    /// Identifier in quantities.
    pub fn id(self) -> &'static str {
        ["a_decisive", "b_decisive", "armistice", "escalation"][self as usize]
    }
}

/// What the states of no deal are worth to every type, in points.
#[derive(Clone, Debug, Default)]
pub struct Payoffs {
    /// Positions at which worth is stated, increasing, in line units; linear between, constant outside.
    pub knots: Vec<f64>,
    /// Flow while unsettled with the line at knot k, to type t, at `t * knots + k`; burdens not counted.
    pub unsettled: Vec<f64>,
    /// An armistice at knot k, to type t, at `t * knots + k`.
    pub armistice: Vec<f64>,
    /// A's dictate, by type.
    pub a_decisive: Vec<f64>,
    /// B's dictate, by type.
    pub b_decisive: Vec<f64>,
    /// An escalation, by type.
    pub escalation: Vec<f64>,
    /// What the type pays a month, as a flow, while nothing is settled: its burden and the levers that cost it something.
    pub burden: Vec<f64>,
    /// Flow in state s of a process, to type t, at `t * states + s`.
    pub flows: Vec<f64>,
    /// End e of a process, to type t, at `t * ends + e`.
    pub ends: Vec<f64>,
}

/// The answer of a no-deal model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NoDealSolution {
    /// V by type, in points; NaN for types that were not asked for.
    pub values: Vec<f64>,
    /// By type: what one point a month costs at once while the contest lasts, in points; empty in models without months.
    pub months: Vec<f64>,
    /// Chance that the contest ends in month m (0-based) by ending e, at `m * 4 + e`.
    pub endings: Vec<f64>,
    /// Chance that it outlasts the horizon.
    pub beyond: f64,
    /// Mean of the line at the start of month m, had fighting gone on, m = 0..=horizon.
    pub line_mean: Vec<f64>,
    /// Standard deviation of the same.
    pub line_sd: Vec<f64>,
    /// Effort of side A at month m, today's full rate = 1.
    pub supply_a: Vec<f64>,
    /// Effort of side B at month m.
    pub supply_b: Vec<f64>,
    /// Largest change of any type's V when the horizon is doubled, or a bound on it, in points.
    pub truncation: f64,
    /// Did a nest's supply reach its floor?
    pub floored: bool,
    /// Of a query with months of talks, by type: what of V comes before they are over, in points; empty of others, as the next two.
    pub meanwhile: Vec<f64>,
    /// By type: the chance that what goes on without a deal goes on when they are over, as the query's beliefs have it.
    pub lasts: Vec<f64>,
    /// By type: what one point a month until then costs at once.
    pub waited: Vec<f64>,
    /// Of the analyst's query, by month of the talks up to [`TOLD_MONTHS`](crate::talks::TOLD_MONTHS): the chance that it has ended by then.
    pub ended: Vec<f64>,
}

impl NoDealSolution {
    /// Zeros in the shape of another solution, to add to.
    pub fn empty(&mut self, shape: &Self) {
        let zeros = |list: &mut Vec<f64>, shape: &[f64]| {
            list.clear();
            list.resize(shape.len(), 0.0);
        };
        zeros(&mut self.values, &shape.values);
        zeros(&mut self.months, &shape.months);
        zeros(&mut self.endings, &shape.endings);
        zeros(&mut self.line_mean, &shape.line_mean);
        zeros(&mut self.line_sd, &shape.line_sd);
        zeros(&mut self.supply_a, &shape.supply_a);
        zeros(&mut self.supply_b, &shape.supply_b);
        for list in [
            &mut self.meanwhile,
            &mut self.lasts,
            &mut self.waited,
            &mut self.ended,
        ] {
            list.clear();
        }
        (self.beyond, self.truncation, self.floored) = (0.0, 0.0, false);
    }

    /// Adds a part of a mixture with its weight. `line_sd` gathers the mean square of the line, from which the spread of the
    /// mixture follows.
    pub fn add(&mut self, part: &Self, weight: f64) {
        let add = |list: &mut Vec<f64>, part: &[f64]| {
            for (x, y) in list.iter_mut().zip(part) {
                *x += weight * y;
            }
        };
        add(&mut self.values, &part.values);
        add(&mut self.months, &part.months);
        add(&mut self.endings, &part.endings);
        add(&mut self.line_mean, &part.line_mean);
        add(&mut self.supply_a, &part.supply_a);
        add(&mut self.supply_b, &part.supply_b);
        let lines = part.line_mean.iter().zip(&part.line_sd);
        for (square, (mean, sd)) in self.line_sd.iter_mut().zip(lines) {
            *square += weight * (mean * mean + sd * sd);
        }
        self.beyond += weight * part.beyond;
        self.truncation = self.truncation.max(part.truncation);
        self.floored |= part.floored;
    }

    /// Chance that the contest ends by `ending` within the first `months`.
    pub fn ended_by(&self, ending: Ending, months: usize) -> f64 {
        self.endings
            .iter()
            .skip(ending as usize)
            .step_by(4)
            .take(months)
            .sum()
    }
}

/// Where the worth of no deal comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoDealPart {
    /// Living with nothing settled.
    Unsettled,
    /// An armistice that is not from these talks.
    Armistice,
    /// Side A wins outright.
    AWins,
    /// Side B wins outright.
    BWins,
    /// Escalation.
    Escalation,
    /// Ends of a process.
    Ends,
    /// Burdens, scars and costs of fighting; a stated reservation value is all here.
    Costs,
}
