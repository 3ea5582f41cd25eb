//! Certificate of the solution points: every package listed twice, once for what each party could get at best, once for
//! every point from its definition. Where there are too many packages to list, nothing is checked.
//!
//! No-deal values are read off the claimed margins of a named package, which are certified on their own: integrated ones are
//! not exact enough to tell ties from near misses.

mod lotteries;

use detente_core::each_profile;
use detente_core::{DealValue, Fate, PartySet, Preferences, Question, RowView, Setting, Solution};

use super::Check;
use super::division;
use super::judged::Judged;
use super::listing::{is_whole, walk};
use crate::within;
use detente_core::Identity;
use detente_core::catalogue::settlement::{
    ADJUSTED_WINNER, FRONTIER_GIVEN_UP as GIVEN_UP, LOTTERY_MOST, LOTTERY_SIZE, MARGIN,
    OPENS_WITHOUT, SOLUTION_MARGIN, SOLUTION_OPTION, SOLUTION_TIES, ZONE, ZONE_WITHOUT_RED_LINES,
};
use lotteries::lotteries;

/// Vectors this near are tied: what is computed on a grid of a billionth of a scale of a hundred points, with room.
const TIED: f64 = 1e-6;
/// Greatest difference from what is found here.
const SLACK: f64 = 1e-5;
/// Rounding of a sum of points. What differs by more than this and less than [`TIED`] is a tie or none, as rounding has it: of that nothing is
/// asked.
const ROUNDING: f64 = 1e-10;
/// Part of the greatest margin that a lottery's worth may be off by: weights of parties whose margins differ by orders of magnitude are small
/// numbers beside 1.
const PART: f64 = 3e-11;
/// Directions in which the best package is known while packages are listed.
const CHAMPIONS: usize = 24;

/// Checks the claimed points; how many, or what is wrong. Where something may follow a deal they are those of what searches add up, of the
/// types for which some package is accepted by what it is worth: `judged` says which, where that is known.
pub(super) fn check(check: &Check, judged: Option<&Judged>) -> Result<usize, String> {
    let Check {
        question, answer, ..
    } = *check;
    let Question { setting, world } = question;
    if answer.get(ZONE, &[]).is_nan() {
        return Ok(0);
    }
    let mut preferences = Preferences::default();
    preferences.compute(setting, world);
    let mut checked = together(setting, answer)?;
    // Where the zone alone was sought there are no points.
    let told = |quantity, s| !answer.get(quantity, &[s]).is_nan();
    let mut sets = 0..setting.needed_sets.len();
    if !sets.any(|s| told(GIVEN_UP, s) || told(ADJUSTED_WINNER, s)) {
        return Ok(checked);
    }
    checked += division::check(question, &preferences, answer)?;
    let follows = check.deals.follows();
    let told = if follows {
        judged.is_some()
    } else {
        !setting.packages.is_empty()
    };
    if !told || !is_whole(setting) {
        return Ok(checked);
    }
    let preferences = check.deals.additive();
    // What types ask, as exactly as it is claimed: read off a named package, but where its margin is not of what searches add up. That is
    // known to a rounding of what no deal is worth then, since no war there has edges.
    let bars: Vec<f64> = (0..setting.types.len())
        .map(|t| {
            if follows {
                return check.reservations[t];
            }
            let package = &setting.packages[0].choice;
            Identity.worth(setting, world, preferences, t, package, &[Fate::Deal])
                - answer.get(MARGIN, &[t, 0])
        })
        .collect();
    let mut sets: Vec<Vec<Profile>> = Vec::new();
    for (s, needed) in setting.needed_sets.iter().enumerate() {
        let mut list = Vec::new();
        each_profile(setting, world, *needed, |types, prior| {
            let open = judged.map_or(Some(true), |judged| judged.opens(s, types));
            if open != Some(false) {
                let mut profile = Profile::new(types, prior);
                profile.unsure = open.is_none();
                list.push(profile);
            }
        });
        sets.push(list);
    }
    // Types that accept, one bit each.
    let accepting = |margins: &[f64], crossed: u128| {
        let willing = margins.iter().enumerate().filter(|(_, m)| **m >= -TIED);
        willing.fold(0_u128, |bits, (t, _)| bits | 1 << t) & !crossed
    };
    let mut own = Vec::new();
    walk(
        question,
        preferences,
        &bars,
        |set, _, margins, crossed, _| {
            let accepting = accepting(margins, crossed);
            for profile in &mut sets[set] {
                if profile.bits & !accepting == 0 {
                    profile.aim(margins);
                }
            }
        },
    );
    walk(
        question,
        preferences,
        &bars,
        |set, _, margins, crossed, package| {
            let accepting = accepting(margins, crossed);
            for profile in &mut sets[set] {
                if profile.bits & !accepting == 0 {
                    profile.meet(margins, package, &mut own);
                }
            }
        },
    );
    for (s, (needed, profiles)) in setting.needed_sets.iter().zip(&sets).enumerate() {
        // A package on the very edge may count or not.
        if profiles.iter().all(|profile| !profile.unsure) {
            checked += compare(setting, s, *needed, profiles, answer)?;
        }
    }
    Ok(checked)
}

/// What must hold among the answers themselves, however many packages there are: every issue takes some option, and dropping one
/// party's red lines opens no more than dropping all.
fn together(setting: &Setting, answer: RowView) -> Result<usize, String> {
    let mut checked = 0;
    for s in 0..setting.needed_sets.len() {
        checked += whole_or_given_up(s, answer)?;
        for solution in Solution::ALL {
            for (k, issue) in setting.issues.iter().enumerate() {
                let options = issue.first_option..issue.first_option + issue.options.len();
                let share = |o: usize| answer.get(SOLUTION_OPTION, &[s, solution as usize, o]);
                let sum: f64 = options.map(share).sum();
                if !sum.is_nan() && (sum - 1.0).abs() > SLACK {
                    return Err(format!(
                        "options of issue {k} sum to {sum} at a point of set {s}"
                    ));
                }
                checked += 1;
            }
        }
    }
    let most = answer.get(ZONE_WITHOUT_RED_LINES, &[]) - answer.get(ZONE, &[]);
    for party in 0..setting.parties.len() {
        let opens = answer.get(OPENS_WITHOUT, &[party]);
        if opens > most + SLACK {
            return Err(format!(
                "dropping the red lines of party {party} opens {opens}, dropping all {most}"
            ));
        }
        checked += 1;
    }
    Ok(checked)
}

/// Where the frontier was found whole, lotteries are told and are their own bound; where it was given up they are not.
fn whole_or_given_up(s: usize, answer: RowView) -> Result<usize, String> {
    let of = |quantity| answer.get(quantity, &[s]);
    let (given_up, lottery, most) = (of(GIVEN_UP), of(LOTTERY_SIZE), of(LOTTERY_MOST));
    let sound = if given_up.is_nan() {
        lottery.is_nan() && most.is_nan()
    } else if given_up > 0.0 {
        lottery.is_nan()
    } else {
        within(lottery, most, ROUNDING * (1.0 + lottery.abs()))
    };
    if sound {
        return Ok(1);
    }
    Err(format!(
        "the frontier of needed set {s} is given up with {given_up}, lotteries reach {lottery} of {most}"
    ))
}

/// What a set's parties can reach with these types.
struct Profile {
    types: Vec<usize>,
    /// One bit a type.
    bits: u128,
    prior: f64,
    unsure: bool,
    any: bool,
    /// The most that each gets in an acceptable package, at least 0.
    ideal: Vec<f64>,
    /// The greatest product of positive margins.
    product: f64,
    /// By solution: the best of its standard.
    best: [Best; 4],
    /// Directions, and the vector that is furthest in each: what one of them covers is best for no lottery.
    champions: Vec<(Vec<f64>, f64, Vec<f64>)>,
    /// Vectors that lotteries may need.
    corners: Vec<Vec<f64>>,
}

/// The best by one standard: what it makes largest, and every vector that reaches it.
#[derive(Default)]
struct Best {
    key: Vec<f64>,
    tied: Vec<Tied>,
    /// Did something come so near that it may count as tied or not?
    unsure: bool,
}

struct Tied {
    margins: Vec<f64>,
    /// How many packages have these margins, and by issue and option how many of them take it.
    packages: f64,
    taken: Vec<[f64; 64]>,
}

impl Profile {
    fn new(types: &[usize], prior: f64) -> Self {
        let members = types.len();
        // Weights spread over the simplex without any order of the parties: powers of two, rotated, and equal ones.
        let champions = (0..CHAMPIONS).map(|n| {
            let weight = |i: usize| match n {
                0 => 1.0,
                _ => 1.0 / f64::from(1_u32 << ((i * (n + 1) + n) % 7)),
            };
            (
                (0..members).map(weight).collect(),
                f64::NEG_INFINITY,
                Vec::new(),
            )
        });
        Self {
            types: types.to_vec(),
            bits: types.iter().fold(0, |bits, t| bits | 1 << t),
            prior,
            unsure: false,
            any: false,
            ideal: vec![0.0; members],
            product: 0.0,
            best: Default::default(),
            champions: champions.collect(),
            corners: Vec::new(),
        }
    }

    /// The first time: what each could get.
    fn aim(&mut self, margins: &[f64]) {
        self.any = true;
        if self.covered(margins) {
            self.unsure |= self.types.iter().any(|t| margins[*t] < -ROUNDING);
            return;
        }
        for (i, t) in self.types.iter().enumerate() {
            let margin = margins[*t];
            self.unsure |= margin < -ROUNDING;
            self.ideal[i] = self.ideal[i].max(margin);
        }
        let own = self.types.iter().map(|t| margins[*t]);
        if own.clone().all(|m| m > TIED) {
            self.product = self.product.max(own.product());
        }
        for (weights, most, vector) in &mut self.champions {
            let pairs = weights.iter().zip(&self.types);
            let worth: f64 = pairs.map(|(w, t)| w * margins[*t]).sum();
            if worth > *most {
                *most = worth;
                vector.clear();
                vector.extend(self.types.iter().map(|t| margins[*t]));
            }
        }
    }

    /// The second time: is it the best by some standard?
    fn meet(&mut self, margins: &[f64], package: &[u8], own: &mut Vec<f64>) {
        if self.covered(margins) {
            return;
        }
        own.clear();
        own.extend(self.types.iter().map(|t| margins[*t]));
        self.corners.push(own.clone());
        for solution in Solution::ALL {
            let best = &self.best[solution as usize];
            // Most packages are far from best in the first entry already.
            let far = |first: f64| best.key.first().is_some_and(|key| first < key - 2.0 * TIED);
            if far(self.first(solution, own)) {
                continue;
            }
            if let Some(key) = self.key(solution, own) {
                self.best[solution as usize].meet(key, own, package);
            }
        }
    }

    /// Does a package that is furthest in some direction give everybody as much and somebody more? Then it is better by every
    /// standard.
    fn covered(&mut self, margins: &[f64]) -> bool {
        let types = &self.types;
        let covers = |by: &[f64]| {
            let pairs = || by.iter().zip(types);
            !by.is_empty()
                && pairs().all(|(b, t)| *b >= margins[*t])
                && pairs().any(|(b, t)| *b > margins[*t] + 2.0 * TIED)
        };
        let found = self.champions.iter().position(|(_, _, by)| covers(by));
        // Neighbours in the list are often covered by the same.
        if let Some(n) = found {
            self.champions.swap(0, n);
        }
        found.is_some()
    }

    /// The first entry of the key.
    fn first(&self, solution: Solution, own: &[f64]) -> f64 {
        match solution {
            Solution::Nash => {
                let product: f64 = own.iter().product();
                if product < 0.99 * self.product {
                    return f64::NEG_INFINITY;
                }
                libm::log(product)
            }
            Solution::KalaiSmorodinsky => {
                let gains = own
                    .iter()
                    .zip(&self.ideal)
                    .filter(|(_, ideal)| **ideal > TIED);
                gains
                    .map(|(m, ideal)| m / ideal)
                    .fold(f64::INFINITY, f64::min)
            }
            Solution::Egalitarian => own.iter().copied().fold(f64::INFINITY, f64::min),
            Solution::Utilitarian => own.iter().sum(),
        }
    }

    /// What a standard makes largest, entry by entry.
    fn key(&self, solution: Solution, own: &[f64]) -> Option<Vec<f64>> {
        match solution {
            Solution::Nash => {
                let gain = own.iter().all(|m| *m > TIED);
                gain.then(|| vec![own.iter().map(|m| libm::log(*m)).sum()])
            }
            Solution::KalaiSmorodinsky => {
                let gains = own
                    .iter()
                    .zip(&self.ideal)
                    .filter(|(_, ideal)| **ideal > TIED);
                let shares = sorted(gains.map(|(m, ideal)| m / ideal));
                (!shares.is_empty()).then_some(shares)
            }
            Solution::Egalitarian => Some(sorted(own.iter().copied())),
            Solution::Utilitarian => Some(vec![own.iter().sum()]),
        }
    }
}

impl Best {
    fn meet(&mut self, key: Vec<f64>, own: &[f64], package: &[u8]) {
        let differs = key
            .iter()
            .zip(&self.key)
            .position(|(x, y)| (x - y).abs() > TIED);
        let better = differs.map(|entry| key[entry] > self.key[entry]);
        // What decides is an entry behind others that may or may not be the same.
        let before = differs.unwrap_or(key.len());
        let near = key
            .iter()
            .zip(&self.key)
            .take(before)
            .any(|(x, y)| is_near(*x, *y));
        if self.tied.is_empty() || better == Some(true) {
            self.key = key;
            self.tied.clear();
            self.unsure = near;
        } else {
            self.unsure |= near;
            if better == Some(false) {
                return;
            }
        }
        let same = |tied: &&mut Tied| {
            let pairs = tied.margins.iter().zip(own);
            pairs.into_iter().all(|(x, y)| (x - y).abs() <= TIED)
        };
        let place = self.tied.iter_mut().position(|mut tied| same(&mut tied));
        let place = place.unwrap_or_else(|| {
            self.tied.push(Tied {
                margins: own.to_vec(),
                packages: 0.0,
                taken: vec![[0.0; 64]; package.len()],
            });
            self.tied.len() - 1
        });
        let tied = &mut self.tied[place];
        let pairs = tied.margins.iter().zip(own);
        self.unsure |= pairs.into_iter().any(|(x, y)| is_near(*x, *y));
        tied.packages += 1.0;
        for (taken, option) in tied.taken.iter_mut().zip(package) {
            taken[*option as usize] += 1.0;
        }
    }
}

/// Different, and by too little to say so.
fn is_near(x: f64, y: f64) -> bool {
    let apart = (x - y).abs();
    apart > ROUNDING && apart <= 2.0 * TIED
}

fn compare(
    setting: &Setting,
    s: usize,
    needed: PartySet,
    profiles: &[Profile],
    answer: RowView,
) -> Result<usize, String> {
    let mut checked = 0;
    let given_up = answer.get(GIVEN_UP, &[s]) > 0.0;
    for solution in Solution::ALL {
        if given_up && solution != Solution::Nash {
            continue;
        }
        let place = solution as usize;
        let found = profiles.iter().filter(|p| !p.best[place].tied.is_empty());
        let total: f64 = found.clone().map(|p| p.prior).sum();
        let claimed_ties = answer.get(SOLUTION_TIES, &[s, place]);
        let what = |of: &str| format!("{of} at the {} point of needed set {s}", solution.name());
        if found.clone().any(|p| p.best[place].unsure) {
            continue;
        }
        if total == 0.0 {
            let silent = answer.get(SOLUTION_OPTION, &[s, place, 0]).is_nan();
            if !silent {
                return Err(format!("{}: the zone is empty", what("something")));
            }
            continue;
        }
        // The mean over ties; or any of them, where a search stopped at one.
        let over = |of: &dyn Fn(&Profile) -> [f64; 2]| -> [f64; 2] {
            found.clone().fold([0.0, 0.0], |[low, high], p| {
                let [a, b] = of(p);
                [low + p.prior * a / total, high + p.prior * b / total]
            })
        };
        let range = |values: &mut dyn Iterator<Item = f64>, n: f64| {
            let (mut low, mut high, mut sum) = (f64::INFINITY, f64::NEG_INFINITY, 0.0);
            for x in values {
                (low, high, sum) = (low.min(x), high.max(x), sum + x);
            }
            if claimed_ties.is_nan() {
                [low, high]
            } else {
                [sum / n; 2]
            }
        };
        let between = |claimed: f64, [low, high]: [f64; 2], of: String| {
            if claimed >= low - SLACK && claimed <= high + SLACK {
                Ok(1)
            } else {
                Err(format!(
                    "{}: claimed {claimed}, found {low} to {high}",
                    what(&of)
                ))
            }
        };
        for (i, party) in needed.iter().enumerate() {
            let found = over(&|p| {
                let tied = &p.best[place].tied;
                range(&mut tied.iter().map(|t| t.margins[i]), tied.len() as f64)
            });
            let claimed = answer.get(SOLUTION_MARGIN, &[s, place, party]);
            checked += between(claimed, found, format!("margin of party {party}"))?;
        }
        if !claimed_ties.is_nan() {
            let found = over(&|p| [p.best[place].tied.len() as f64; 2]);
            checked += between(claimed_ties, found, "ties".to_owned())?;
        }
        for (k, issue) in setting.issues.iter().enumerate() {
            let mut sum = 0.0;
            for o in 0..issue.options.len() {
                let claimed = answer.get(SOLUTION_OPTION, &[s, place, issue.first_option + o]);
                sum += claimed;
                // Packages with the same margins share their options, where the claim counts ties; where a search stopped at one of
                // them, any share of what some of them take will do.
                let found = over(&|p| {
                    let tied = &p.best[place].tied;
                    let n = tied.len() as f64;
                    if !claimed_ties.is_nan() {
                        return range(&mut tied.iter().map(|t| t.taken[k][o] / t.packages), n);
                    }
                    let sure = |t: &Tied| f64::from(u8::from(t.taken[k][o] == t.packages));
                    let may = |t: &Tied| f64::from(u8::from(t.taken[k][o] > 0.0));
                    let low = range(&mut tied.iter().map(sure), n);
                    [low[0], range(&mut tied.iter().map(may), n)[1]]
                });
                checked += between(claimed, found, format!("option {o} of issue {k}"))?;
            }
            checked += between(sum, [1.0, 1.0], format!("options of issue {k}"))?;
        }
    }
    Ok(checked + lotteries(s, profiles, answer)?)
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}
