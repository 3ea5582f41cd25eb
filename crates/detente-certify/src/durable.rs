//! Deal values once more, from the case and the world alone: wars integrated numerically at more edges than the solver takes, endings by
//! elimination instead of iteration, lives of deals summed backwards.

mod between;
mod deals;
mod once;
mod package;

use detente_core::{
    Fate, Feature, FeatureKind, FeatureNumbers, Preferences, Question, Role, Side, Target,
};

use detente_core::{LAST_MONTH, changed, sets_of_package};

use crate::contest;
use crate::contest::{Belief, Parts};
use crate::no_deal;

/// What the solver may be off by where it puts wars between edges, in points: its own stated bound.
const BETWEEN_EDGES: f64 = 0.02;
/// What the certificate's own polynomials between edges may err by, in points.
const OWN_BETWEEN: f64 = 0.02;
/// By how much a war's worth in some month of peace may differ here from the solver's, in points: both put it between edges, within
/// bounds that each of them checks, and the solver's integral over a type's doubt has an error of its own.
pub(crate) const BETWEEN: f64 = BETWEEN_EDGES + OWN_BETWEEN + contest::TOLERANCE;
/// The same where no war has edges: no deal is then worth one thing in every month, and only rounding is left.
const EXACT: f64 = 1e-5;
const MONTHS: usize = LAST_MONTH + 1;

/// By how much a war's worth in some month of peace may differ here from the solver's, in points.
fn slack(question: Question) -> f64 {
    if question.setting.contest.is_some() {
        BETWEEN
    } else {
        EXACT
    }
}

pub(crate) use deals::{Deals, Kept, Life, Weighed, weighs_all};
pub(crate) use once::once;
pub(crate) use package::{Package, comes, pull, wars};

/// A deal's life, as far as a single reader of the case is concerned.
struct Terms {
    features: [f64; 3],
    lasts: f64,
    /// The states of a process that it lapses into, each once.
    then: Vec<usize>,
    imposed: bool,
    mediated: bool,
}

fn terms(Question { setting, world }: Question, package: &[u8], how: &[Fate]) -> Terms {
    let mut terms = Terms {
        features: [0.0; 3],
        lasts: f64::INFINITY,
        then: Vec::new(),
        imposed: how.contains(&Fate::Imposed),
        mediated: false,
    };
    for (issue, o) in setting.issues.iter().zip(package) {
        terms.imposed |= issue.options[*o as usize].imposed;
        let option = issue.first_option + *o as usize;
        for (f, feature) in setting.features.iter().enumerate() {
            let size = world.numbers.features[f].size;
            let place = match feature.kind {
                _ if feature.option != option => continue,
                FeatureKind::Guarantee => 0,
                FeatureKind::Verification => 1,
                FeatureKind::Separation => 2,
                FeatureKind::Lasts => {
                    terms.lasts = terms.lasts.min(size);
                    continue;
                }
                _ => continue,
            };
            let had = terms.features[place];
            terms.features[place] = had + size - had * size;
        }
    }
    // Of the options that end it, those that say where it leads.
    for (issue, o) in setting.issues.iter().zip(package) {
        let ends = |(feature, own): (&Feature, &FeatureNumbers<f64>)| {
            feature.option == issue.first_option + *o as usize
                && feature.kind == FeatureKind::Lasts
                && own.size == terms.lasts
        };
        let mut features = setting.features.iter().zip(&world.numbers.features);
        if features.any(ends) {
            terms.then.extend(issue.options[*o as usize].then);
        }
    }
    terms.then.sort_unstable();
    terms.then.dedup();
    for party in &setting.parties {
        terms.mediated |= how.contains(&Fate::Deal) && party.roles.contains(&Role::Mediator);
    }
    terms
}

/// g of a package.
pub(crate) fn guarantee(question: Question, package: &[u8]) -> f64 {
    terms(question, package, &[Fate::Deal]).features[0]
}

/// Rate of breakdown in month `m`, where the rate of ordinary deals is `base`.
fn rate(Question { setting, world }: Question, terms: &Terms, base: f64, m: usize) -> f64 {
    let n = &world.numbers.durability[0];
    let new = libm::exp(-(m as f64) / n.fades);
    let mut rate = base;
    if setting.contest.is_none() {
        rate *= libm::exp(n.guarantee * (terms.features[0] - n.mean_guarantee));
    }
    rate *= libm::exp(n.verification * (terms.features[1] - n.mean_verification));
    rate *= libm::exp(n.separation * (terms.features[2] - n.mean_separation));
    if terms.imposed {
        rate *= libm::exp(n.imposed * (1.0 - new));
    }
    if terms.mediated {
        rate /= libm::exp(n.mediated * new);
    }
    rate
}

/// Chance that no failure of this rate has come by a month, attacks not counted.
pub(crate) fn quiet(question: Question, package: &[u8], base: f64, months: usize) -> f64 {
    let terms = terms(question, package, &[Fate::Deal]);
    let stays = (0..months).map(|m| libm::exp(-rate(question, &terms, base, m)));
    stays.product()
}

/// What a deal is worth, from its last month back to its first. `attack`: the chance of one in a month, what war is worth then, and what
/// it costs oneself.
fn backwards(
    patience: f64,
    peace: f64,
    (lasts, lapsed): (f64, Option<f64>),
    stays: impl Fn(usize) -> f64,
    war: impl Fn(usize) -> f64,
    attack: impl Fn(usize) -> (f64, f64, f64),
) -> f64 {
    let last = MONTHS - 1;
    let mut m = (0..=last).rev().find(|m| *m as f64 <= lasts).unwrap_or(0);
    let next = |m: usize| war((m + 1).min(last));
    let flow = (1.0 - patience) * peace;
    let mut worth = if lasts.is_finite() {
        let left = lasts - m as f64;
        let (whole, part) = (left.floor(), left - left.floor());
        let end = libm::pow(patience, part);
        let breaks = 1.0 - libm::pow(stays(m), part);
        let war = (1.0 - part) * war(m) + part * next(m);
        let lapses =
            (1.0 - end) * peace + end * (breaks * war + (1.0 - breaks) * lapsed.unwrap_or(war));
        // Whole months before that, after the last that differs from the one before.
        let month = [
            flow + patience * (1.0 - stays(m)) * next(m),
            patience * stays(m),
        ];
        let [sum, through] = so_often(month, whole);
        sum + through * lapses
    } else {
        let whole = 1.0 - patience * stays(m);
        (flow + patience * (1.0 - stays(m)) * next(m)) / whole
    };
    loop {
        if m == 0 {
            return worth;
        }
        let (chance, broken, paid) = attack(m);
        worth = chance * broken - paid + (1.0 - chance) * worth;
        m -= 1;
        worth = flow + patience * ((1.0 - stays(m)) * next(m) + stays(m) * worth);
    }
}

/// x ↦ a + b·x so many times in a row, by doubling.
fn so_often([a, b]: [f64; 2], mut times: f64) -> [f64; 2] {
    let (mut all, mut step) = ([0.0, 1.0], [a, b]);
    while times >= 1.0 {
        if times % 2.0 >= 1.0 {
            all = [all[0] + all[1] * step[0], all[1] * step[1]];
        }
        step = [step[0] + step[1] * step[0], step[1] * step[1]];
        times = (0.5 * times).floor();
    }
    all
}

/// What follows an ending.
#[derive(Clone, Copy, Debug)]
pub(crate) struct After {
    shares: [f64; 2],
    pub(crate) war: f64,
}

impl After {
    /// After an ending with this share of peace, and of a war that is worth this.
    pub(crate) fn new(peace: f64, war: f64) -> Self {
        Self {
            shares: [peace, 1.0 - peace],
            war,
        }
    }

    /// D of the ending, if it is worth this on paper.
    pub(crate) fn worth(&self, paper: f64) -> f64 {
        self.shares[0] * paper + self.shares[1] * self.war
    }
}

/// The edge's offset after months of peace.
fn offset(Question { world, .. }: Question, months: f64) -> f64 {
    let n = &world.numbers.durability[0];
    let [a, b] = [Side::A, Side::B].map(|side| {
        let (to, over) = (n.force[side as usize], n.rebuild[side as usize]);
        let gone = libm::exp(-months / over);
        gone + to * (1.0 - gone)
    });
    libm::log(a / b)
}

/// The position at which a package leaves the line.
fn start(Question { setting, world }: Question, package: &[u8]) -> Option<f64> {
    let option = package[setting.contest.as_ref()?.line_issue] as usize;
    Some(world.numbers.positions[option]).filter(|x| !x.is_nan())
}

fn sets(Question { setting, world }: Question, package: &[u8]) -> Vec<(Target, f64)> {
    sets_of_package(setting, world, package)
}

/// What a point of peace after a package that came about in some way is worth to type `t`, where nobody attacks.
pub(crate) fn peace_of(question: Question, t: usize, package: &[u8], how: &[Fate]) -> f64 {
    let Some(n) = question.world.numbers.durability.first() else {
        return 1.0;
    };
    let terms = terms(question, package, how);
    let stays = |m: usize| libm::exp(-rate(question, &terms, n.background, m));
    let delta = question.world.numbers.types[t].patience;
    backwards(
        delta,
        1.0,
        (terms.lasts, None),
        stays,
        |_| 0.0,
        |_| (0.0, 0.0, 0.0),
    )
}

/// What follows each ending of a war, for type `t`: a system of linear equations, by elimination.
pub(crate) fn after_endings(question: Question, t: usize) -> Option<Vec<After>> {
    let Question { setting, world } = question;
    let endings = contest::endings(question)?;
    let paper = contest::on_paper(question, t, detente_core::LeverProfile::default())?;
    let mut parts: Vec<Parts> = Vec::new();
    let mut shares = Vec::new();
    for (package, how) in &endings {
        let peace = peace_of(question, t, package, how);
        shares.push([peace, 1.0 - peace]);
        let changed = changed(setting, world, &sets(question, package));
        let world = changed.as_ref().unwrap_or(world);
        let war = Belief {
            edge: offset(question, f64::INFINITY),
            start: start(question, package),
            ..Belief::default()
        };
        parts.push(contest::parts_of(Question { setting, world }, t, war)?);
    }
    // W_e − Σ_f price_ef · after_f · W_f = V_e with D = peace · U.
    let count = endings.len();
    let mut rows: Vec<Vec<f64>> = Vec::new();
    for (e, part) in parts.iter().enumerate() {
        let calm: Vec<f64> = (0..count).map(|f| shares[f][0] * paper[f]).collect();
        let mut row: Vec<f64> = (0..count)
            .map(|f| f64::from(u8::from(e == f)) - part.price(f) * shares[f][1])
            .collect();
        row.push(part.value(&calm));
        rows.push(row);
    }
    for e in 0..count {
        let pivot = rows[e].clone();
        for (f, row) in rows.iter_mut().enumerate() {
            if f == e {
                continue;
            }
            let factor = row[e] / pivot[e];
            for (x, y) in row.iter_mut().zip(&pivot) {
                *x -= factor * y;
            }
        }
    }
    let wars = rows.iter().enumerate().map(|(e, row)| row[count] / row[e]);
    let each = wars.zip(shares);
    Some(each.map(|(war, shares)| After { shares, war }).collect())
}

/// What is the same in all wars, by type: what follows endings, and what endings are worth. Nothing where the case does not say what may
/// follow a deal, or has no contest.
#[derive(Clone, Default)]
pub(crate) struct Known {
    after: Vec<Vec<After>>,
    ends: Vec<Vec<f64>>,
}

impl Known {
    pub(crate) fn new(question: Question) -> Option<Self> {
        once(question, || "known".to_owned(), || Self::find(question))
    }

    fn find(question: Question) -> Option<Self> {
        let mut known = Self::default();
        if question.world.numbers.durability.is_empty() || question.setting.contest.is_none() {
            return Some(known);
        }
        for t in 0..question.setting.types.len() {
            let after = after_endings(question, t)?;
            let paper = contest::on_paper(question, t, detente_core::LeverProfile::default())?;
            let worths = paper.iter().zip(&after).map(|(u, after)| after.worth(*u));
            known.ends.push(worths.collect());
            known.after.push(after);
        }
        Some(known)
    }
}

/// What searches add up: preferences with an ordinary deal's share of peace, and war by the line.
pub(crate) fn additive(question: Question, known: &Known) -> Option<Preferences> {
    let Question { setting, world } = question;
    let mut preferences = Preferences::default();
    preferences.compute(setting, world);
    let Some(n) = world.numbers.durability.first() else {
        return Some(preferences);
    };
    let ordinary = Terms {
        features: [n.mean_guarantee, n.mean_verification, n.mean_separation],
        lasts: f64::INFINITY,
        then: Vec::new(),
        imposed: false,
        mediated: setting
            .parties
            .iter()
            .any(|p| p.roles.contains(&Role::Mediator)),
    };
    let stays = |m: usize| libm::exp(-rate(question, &ordinary, n.background, m));
    let line = setting.contest.as_ref().map_or(0, |c| c.line_issue);
    for (t, me) in world.numbers.types.iter().enumerate() {
        let none = |_| (0.0, 0.0, 0.0);
        let peace = backwards(
            me.patience,
            1.0,
            (f64::INFINITY, None),
            stays,
            |_| 0.0,
            none,
        );
        let wars: Vec<(f64, f64)> = if setting.contest.is_some() {
            let after = &known.after[t];
            let knots = contest::knots(question).into_iter();
            knots.zip(after).map(|((_, x), a)| (x, a.war)).collect()
        } else {
            vec![(0.0, no_deal::resumed(question, t)?)]
        };
        let war = |option: usize| {
            let stated = world.numbers.positions.get(option).copied();
            let today = world.numbers.contest.first().map_or(0.0, |c| c.start);
            let at = stated.filter(|x| !x.is_nan()).unwrap_or(today);
            (1.0 - peace) * contest::interpolate(wars.iter().copied(), at)
        };
        preferences.blend(setting, t, peace, line, war);
    }
    Some(preferences)
}
