//! What threats and promises would do: levers by whom they would move, who would pull them, where belief turns an answer.
//!
//! Points are each type's own, so levers are set in order only where they move the same type.

use detente_math::Mean;

/// What levers do. Means over worlds; NaN where no world tells them.
#[derive(Clone, Debug)]
pub struct Leverage {
    /// Worlds over which means are taken.
    pub worlds: usize,
    /// Levers by the party whose refusal they answer, in the order of the case, the one that moves its likeliest type most first; last
    /// the promises that pay once a deal is signed.
    pub groups: Vec<Group>,
    /// Levers that act in a war that resumes after a deal: guarantors, and what answers a breach. What they do is told of what may follow a
    /// deal.
    pub after_deals: Vec<usize>,
    /// By lever in the order of the groups, by type of its wielder.
    pub incentives: Vec<Incentive>,
    /// By lever that answers a refusal, in the same order, by package.
    pub turns: Vec<Turn>,
    /// The margins of the pair at which belief matters most often.
    pub curves: Option<Curves>,
    /// Refusals with none and with all of the levers that they may trigger.
    pub together: Vec<Together>,
    /// By party that has an opening package: points that it gives up on paper, from that package, at the Nash point of the signatories.
    pub concessions: Vec<(usize, Mean)>,
}

/// The levers that answer one party's refusal, or the promises that await a deal.
#[derive(Clone, Debug)]
pub struct Group {
    /// Whose refusal; nothing for promises.
    pub target: Option<usize>,
    /// The place of the target's likeliest type among its types.
    pub likeliest: usize,
    /// Its levers.
    pub levers: Vec<Lever>,
}

/// A lever over the worlds.
#[derive(Clone, Debug)]
pub struct Lever {
    /// The lever.
    pub lever: usize,
    /// Chance that it is pulled, as its target sees it.
    pub credibility: f64,
    /// Does the case assume that chance, instead of deriving it from the wielder's incentive?
    pub is_assumed: bool,
    /// The same once it is announced.
    pub announced: f64,
    /// Share of worlds, its wielder's types by their priors, in which the incentive is nearer to 0 than the noise of choosing.
    pub undecided: f64,
    /// By type of its target: what it takes off what refusing is worth, in points of the type's own.
    pub moves: Vec<f64>,
    /// By type that a promise pays or costs: the type, and what that adds to its margin over every package, in points of its own.
    pub adds: Vec<(usize, f64)>,
    /// By type of its wielder: what pulling it costs, in points of the type's own.
    pub price: Vec<f64>,
    /// Chance that it is used even on one who accepts, mean over packages.
    pub assurance: f64,
    /// Share of worlds in which the zone is open without it and with it.
    pub zone: [f64; 2],
    /// Share of the target's types to whom refusing is worth more with it.
    pub backfires: f64,
}

impl Group {
    /// What a lever takes off what refusing is worth to the target's likeliest type; NaN for promises.
    pub fn most(&self, lever: &Lever) -> f64 {
        lever.moves.get(self.likeliest).copied().unwrap_or(f64::NAN)
    }

    /// The lever that takes most off what refusing is worth to the target's likeliest type, if any takes something.
    pub fn strongest(&self) -> Option<&Lever> {
        let told = self.levers.iter();
        told.filter(|lever| self.most(lever) > 0.0)
            .max_by(|a, b| self.most(a).total_cmp(&self.most(b)))
    }
}

/// What pulling a lever is worth to a type of its wielder.
#[derive(Clone, Debug)]
pub struct Incentive {
    /// The lever.
    pub lever: usize,
    /// The type.
    pub of: usize,
    /// Δ, in points of its own: 5th percentile, median and 95th over worlds.
    pub gain: [f64; 3],
    /// Δ over the noise of choosing, median over worlds.
    pub ratio: f64,
    /// Share of worlds in which it would pull the lever, Δ above the noise.
    pub pulls: f64,
    /// Share in which Δ is nearer to 0 than the noise.
    pub undecided: f64,
    /// Share in which it would not pull it.
    pub refrains: f64,
    /// Noise below which the median world decides, in points.
    pub decided_below: f64,
    /// What pulling it costs, in points, mean over worlds.
    pub price: f64,
    /// The part of that which escalation has.
    pub escalation: f64,
}

/// A refusal with all of its levers or with none.
#[derive(Clone, Debug)]
pub struct Together {
    /// Who refuses.
    pub refuser: usize,
    /// With all of its levers, or with none?
    pub all: bool,
    /// By party: what it is worth to it, its types by their priors, in points of its own.
    pub worth: Vec<f64>,
    /// Share of worlds in which the zone is then open.
    pub zone: f64,
}

/// Steps of credibility from 0 to 1 in the curves.
pub const STEPS: u32 = 20;

/// Share of worlds in which belief must turn an answer for its package to be listed.
const LISTED: f64 = 0.01;

/// A lever and a package: in which share of worlds belief turns its target's answer, and where.
#[derive(Clone, Copy, Debug)]
pub struct Turn {
    /// The lever.
    pub lever: usize,
    /// The package.
    pub package: usize,
    /// Worlds that tell it.
    pub worlds: usize,
    /// The target accepts however little it believes.
    pub always: f64,
    /// It must believe enough.
    pub enough: f64,
    /// c* in these worlds: 5th percentile, median, 95th.
    pub threshold: [f64; 3],
    /// It must not believe too much.
    pub ceiling: f64,
    /// How much is too much in these worlds: 5th percentile, median, 95th.
    pub too_much: [f64; 3],
    /// It accepts at no credibility.
    pub never: f64,
    /// How often it accepts if it does not believe the lever at all, and if it is sure of it.
    pub accepts: [Mean; 2],
    /// The second less the first, on common draws.
    pub believed: Mean,
}

/// Margins over credibility for the lever and the package at which belief matters most often; medians over worlds, at each of `STEPS` + 1
/// credibilities from 0 to 1, in points of the type's own.
#[derive(Clone, Debug)]
pub struct Curves {
    /// The pair.
    pub turn: Turn,
    /// Whose refusal it answers.
    pub refuser: usize,
    /// By type of the refuser: margin above refusing.
    pub margins: Vec<Vec<f64>>,
    /// By type of the refuser: the part that escalation has in what the lever changes.
    pub risk_of_target: Vec<Vec<f64>>,
    /// The same by type of the wielder.
    pub risk_of_wielder: Vec<Vec<f64>>,
}

impl Turn {
    /// Does belief matter often enough to speak of?
    pub fn is_listed(&self) -> bool {
        self.enough >= LISTED || self.ceiling >= LISTED
    }

    /// Is there a least credibility, often enough to speak of?
    pub fn has_threshold(&self) -> bool {
        !self.threshold[1].is_nan() && self.enough >= LISTED
    }
}
