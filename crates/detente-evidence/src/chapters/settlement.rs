//! What parties agree to: named packages, the gates at home, the zone, and packages seen in the middle world.

use detente_core::{PartySet, Solution};
use detente_math::Mean;

/// What parties agree to.
#[derive(Clone, Debug, Default)]
pub struct Settlement {
    /// Named packages, in the order of `Setting::packages`.
    pub packages: Vec<PackageLine>,
    /// Gates at home that stand in some world, in the order of `Setting::gates`.
    pub gates: Vec<GateLine>,
    /// The zone; `None` where the lens was silent in every world.
    pub zone: Option<Zone>,
    /// The middle world's packages; `None` where fewer than two parties sign or nobody says what happens without a deal.
    pub clouds: Option<Clouds>,
}

/// A gate over the worlds.
#[derive(Clone, Debug)]
pub struct GateLine {
    /// Its place in `Setting::gates`.
    pub gate: usize,
    /// Share of worlds in which the gate stands; in the others it lets everything pass and is not spoken of.
    pub stands: f64,
    /// By package: mean chance that the gate lets it pass, over the worlds in which it stands.
    pub passes: Vec<Mean>,
    /// By package: share of these worlds in which that chance lies below the gate's bar.
    pub below_bar: Vec<Mean>,
    /// Support that was found: package, its 5th, 50th and 95th percentile, the question.
    pub published: Vec<(usize, [f64; 3], String)>,
}

/// A named package over the worlds.
#[derive(Clone, Debug)]
pub struct PackageLine {
    /// By party: share of worlds in which it accepts.
    pub accepts: Vec<Mean>,
    /// By party: share in which it is the first blocker, and the part owed to a hard red line.
    pub blocks: Vec<(f64, f64)>,
    /// By party: how far the most frequent first blocker is ahead of it as first blocker.
    pub behind: Vec<Mean>,
    /// By party: share in which it alone of those needed refuses; 0 for a party that is not needed.
    pub alone: Vec<Mean>,
    /// By party: how much more often it would accept if none of its red lines were hard, on the same worlds.
    pub freed: Vec<Mean>,
    /// By type: quantiles of its margin over fighting on, in points.
    pub margins: Vec<[f64; 5]>,
    /// By type: share of worlds in which a hard red line of the type is crossed.
    pub crossed: Vec<f64>,
    /// By party: the same, its types by their priors.
    pub crossed_of: Vec<f64>,
    /// Share in which all needed parties accept.
    pub agreed: Mean,
    /// Mean chance that they accept and that their gates let it pass.
    pub in_force: Mean,
    /// Mean chance that they accept and that the deal is kept; of no worlds where the case does not say what may follow a deal.
    pub kept: Mean,
    /// Mean chance that they accept, one of them being of a type whom attacking later tempts by more than the noise of choosing.
    pub tempted: Mean,
    /// Months, and the chance that war has resumed by then after a deal that is signed: at the milestones and at the headline's months.
    pub broken: Vec<(usize, f64)>,
    /// How much of this is too close to call.
    pub sureness: Sureness,
}

/// The zone over the searched worlds.
#[derive(Clone, Debug)]
pub struct Zone {
    /// Share in which some package is accepted by every party it needs.
    pub open: Mean,
    /// Share in which no bound rules such a package out: the same where the worth of deals is a sum; else what bounds leave open in the
    /// worlds with solutions, on top of what was found in all that are searched.
    pub possible: Mean,
    /// Share in which some package is accepted if no hard red line is drawn.
    pub without_red_lines: Mean,
    /// By party: share in which dropping its hard red lines alone opens an empty zone.
    pub opens_without: Vec<f64>,
    /// By needed set, those with any package.
    pub sets: Vec<NeededLine>,
}

/// The packages that need exactly these parties.
#[derive(Clone, Debug)]
pub struct NeededLine {
    /// The parties.
    pub needed: PartySet,
    /// Share in which some such package is accepted by all of them.
    pub open: Mean,
    /// Quantiles of the zone size, in points.
    pub size: [f64; 5],
    /// The middles of twenty equally likely parts of it.
    pub sizes: Vec<f64>,
    /// Solution points, those that were found.
    pub solutions: Vec<SolutionLine>,
    /// Quantiles of the worst-off margin that lotteries over packages reach, in points, over the types whose zone is open.
    pub lottery: Option<[f64; 5]>,
    /// Share of the types with an open zone whose frontier was too large and given up; of no worlds where none was sought.
    pub given_up: Mean,
    /// Quantiles of what no package and no lottery gives the worst-off more than, in points.
    pub most: Option<[f64; 5]>,
    /// For two parties: the division by which both score best.
    pub division: Option<Division>,
}

/// A solution point over the worlds in which the zone is open.
#[derive(Clone, Debug)]
pub struct SolutionLine {
    /// The solution.
    pub solution: Solution,
    /// Share of worlds in which it takes each option, by option.
    pub options: Vec<f64>,
    /// By party: quantiles of its margin there, in points.
    pub margins: Vec<[f64; 5]>,
    /// How many packages tie; of no worlds where ties were not told.
    pub ties: Mean,
}

/// An adjusted winner's division.
#[derive(Clone, Debug)]
pub struct Division {
    /// Points of 100 at stake that each gets.
    pub score: Mean,
    /// By issue: the first party's mean share; NaN where both want the same.
    pub shares: Vec<f64>,
}

impl Settlement {
    /// Named packages, those that a report leads with first: most often signed and kept, or where the case does not say what may follow a
    /// deal, signed; of equals those that are more often signed, then the first.
    pub fn by_headline(&self) -> Vec<usize> {
        let ranks = self.packages.iter();
        by_headline(&ranks.map(PackageLine::rank).collect::<Vec<_>>())
    }

    /// The named package that a report leads with, if any is told of.
    pub fn leading(&self) -> Option<usize> {
        let told = |p: &usize| !self.packages[*p].headline().value.is_nan();
        self.by_headline().into_iter().find(told)
    }
}

/// The same of how often each package comes to what the report leads with, and how often it is signed.
pub fn by_headline(shares: &[[f64; 2]]) -> Vec<usize> {
    let last = |x: f64| if x.is_nan() { f64::NEG_INFINITY } else { x };
    let mut all: Vec<usize> = (0..shares.len()).collect();
    all.sort_by(|a, b| {
        let (a, b) = (shares[*a].map(last), shares[*b].map(last));
        b[0].total_cmp(&a[0]).then(b[1].total_cmp(&a[1]))
    });
    all
}

impl PackageLine {
    /// What packages are ranked by: how often they are signed and kept, of equals how often they are signed.
    fn rank(&self) -> [f64; 2] {
        [self.headline().value, self.agreed.value]
    }

    /// What a report leads with: how often it is signed and kept, or where the case does not say what may follow a deal, signed.
    pub fn headline(&self) -> &Mean {
        if self.kept.n > 0 {
            &self.kept
        } else {
            &self.agreed
        }
    }

    /// The chance that war has resumed so many months after a deal that is signed, where it is told.
    pub fn broken_by(&self, months: usize) -> Option<f64> {
        let mut told = self.broken.iter();
        told.find(|(m, _)| *m == months).map(|(_, chance)| *chance)
    }

    /// The first blocker: the party that most often is, and the share of that owed to a red line.
    pub fn first_blocker(&self) -> Option<(usize, f64, f64)> {
        let listed = self
            .blocks
            .iter()
            .enumerate()
            .map(|(i, (all, red))| (i, *all, *red));
        // The first of equals.
        listed
            .rev()
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .filter(|(_, all, _)| *all > 0.0)
    }

    /// The parties that may be named as first blocker: one if its lead over every other is beyond two Monte Carlo standard
    /// errors and worth speaking of, else those about as frequent; nobody where a single party stands out by too little.
    pub fn blockers(&self) -> Vec<usize> {
        /// A lead below this is none: the ranking compares points of different parties.
        const LEAD: f64 = 0.05;
        /// Who blocks first in so large a part of the worlds in which the first does, does so about as often.
        const NEAR: f64 = 0.8;
        let Some((first, share, _)) = self.first_blocker() else {
            return Vec::new();
        };
        let clear = |behind: &Mean| behind.value > LEAD && behind.value > 2.0 * behind.error;
        let others = || (0..self.blocks.len()).filter(|i| *i != first);
        if others().all(|i| clear(&self.behind[i])) {
            return vec![first];
        }
        let near: Vec<usize> = (0..self.blocks.len())
            .filter(|i| {
                *i == first || !clear(&self.behind[*i]) && self.blocks[*i].0 >= NEAR * share
            })
            .collect();
        if near.len() > 1 { near } else { Vec::new() }
    }
}

/// How surely a package is answered.
#[derive(Clone, Debug)]
pub struct Sureness {
    /// By party: share of worlds, types by their priors, in which its margin is nearer to 0 than the noise of choosing and no hard red
    /// line of its own is crossed.
    pub undecided: Vec<Mean>,
    /// Share in which all needed accept by more than the noise.
    pub sure: Mean,
    /// Share in which nobody needed refuses by more than the noise or for a red line, and somebody is undecided.
    pub open: Mean,
}

/// Packages drawn in the cloud; all of them if there are no more.
pub const DRAWN: u64 = 2500;

/// Packages seen by the types of the two first signatories, a picture a pair.
#[derive(Clone, Debug)]
pub struct Clouds {
    /// The pictures, greatest joint prior first.
    pub shown: Vec<Cloud>,
    /// Pairs of types there are.
    pub pairs: usize,
    /// The likeliest types of the other parties that some named package needs, and how many types are as likely.
    pub others: Vec<(usize, usize)>,
}

/// Packages seen by two types.
#[derive(Clone, Debug)]
pub struct Cloud {
    /// The two types.
    pub types: (usize, usize),
    /// Their joint prior.
    pub prior: f64,
    /// How many pairs are as likely, this one among them.
    pub tied: usize,
    /// Worth of packages drawn at random, to both, in points.
    pub points: Vec<(f64, f64)>,
    /// Packages on the frontier that cross no hard red line of the two, first type's worth increasing; empty if there are
    /// too many combinations to list.
    pub frontier: Vec<(f64, f64)>,
    /// What the two ask of a package itself, in points: what refusing is worth and what they ask beyond it, less what promises bring them.
    pub asked: (f64, f64),
    /// Is that more or less than what refusing is worth, for each of the two?
    pub besides: (bool, bool),
    /// What the levers that its refusal may trigger change of the worth of no deal, for each of the two, in points.
    pub levers: (f64, f64),
    /// Named packages: worth to both, and does every party they need accept, the others as their likeliest types?
    pub named: Vec<(f64, f64, bool)>,
}

impl Cloud {
    /// How many named packages suit all they need.
    pub fn suited(&self) -> usize {
        self.named.iter().filter(|(.., suits)| *suits).count()
    }
}
