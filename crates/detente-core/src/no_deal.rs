//! The question put to a no-deal model, and its answer.

/// Levers that are on, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct LeverProfile(pub u64);

impl LeverProfile {
    /// Is `lever` on?
    pub fn contains(self, lever: usize) -> bool {
        self.0 >> lever & 1 == 1
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
    /// A party's own: the common draw moved by this offset of the edge.
    Offset(f64),
}

impl Beliefs {
    /// The offset of the edge.
    pub fn edge(self) -> f64 {
        match self {
            Beliefs::Analyst => 0.0,
            Beliefs::Offset(edge) => edge,
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

/// What the contest's states are worth to every type, in points.
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
}

/// The answer of a no-deal model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NoDealSolution {
    /// V by type, in points.
    pub values: Vec<f64>,
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
}

impl NoDealSolution {
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
