//! Play as it is told, on the tree of histories: where it comes, what it is worth, and that nobody regrets it.

use detente_core::catalogue::talks::{PLAYS, REGRET, TREMBLES};
use detente_core::{RowView, talks::chance_of_news};

use super::histories::{Profile, What};
use super::{Check, Grid, ROUNDING, between, exceeds};

/// Regret that counts as none, in points, besides what errors of worths make.
const FREE: f64 = 1e-4;
/// The largest regret of an answer that is told, as a share of what is at stake.
const TOLD: f64 = 1e-6;
/// How far trembles may be from play.
const DISTANCE: f64 = 1e-3;
/// A move is planned if it is likelier than this.
pub(super) const PLANNED: f64 = 1e-9;
/// Below this beliefs come from trembles.
const SMALLEST: f64 = 1e-280;

/// What is told of moves: NaN where only moves lead that are left out.
pub(super) struct Told {
    pub(super) plays: Vec<f64>,
    pub(super) logs: Vec<f64>,
}

impl Told {
    pub(super) fn new(answer: RowView, moves: usize) -> Self {
        let of = |quantity| (0..moves).map(|at| answer.get(quantity, &[at])).collect();
        Self {
            plays: of(PLAYS),
            logs: of(TREMBLES),
        }
    }

    /// Of a game of which nothing is told.
    pub(super) fn nothing(moves: usize) -> Self {
        Self {
            plays: vec![f64::NAN; moves],
            logs: vec![f64::NAN; moves],
        }
    }

    /// Is a move said to be worse than another whatever follows?
    pub(super) fn is_out(&self, at: usize) -> bool {
        self.plays[at] == 0.0 && self.logs[at].is_nan()
    }
}

/// One step from a place.
#[derive(Clone, Copy)]
pub(super) struct Step {
    pub(super) next: usize,
    /// Which of all moves it is; nothing where there is no choice.
    pub(super) made: Option<usize>,
    /// How likely it is made, and the logarithm of that in trembles.
    pub(super) chance: f64,
    pub(super) log: f64,
}

/// How likely play, and trembles, come to each place by combination of types, and how likely by player with its own moves left out.
pub(super) struct Reach {
    pub(super) plain: Vec<Vec<f64>>,
    pub(super) logs: Vec<Vec<f64>>,
    pub(super) others: Grid,
}

impl Reach {
    /// Weights of some places and combinations of types: by play, or where it does not come to any of them by trembles.
    pub(super) fn weights(&self, of: &[(usize, usize)]) -> Vec<f64> {
        let plain = of.iter().map(|(at, p)| self.plain[*at][*p]);
        let plain: Vec<f64> = plain.collect();
        if plain.iter().sum::<f64>() > SMALLEST {
            return plain;
        }
        let logs = || of.iter().map(|(at, p)| self.logs[*at][*p]);
        let top = logs().fold(f64::NEG_INFINITY, f64::max);
        if top == f64::NEG_INFINITY {
            return vec![f64::NAN; of.len()];
        }
        logs().map(|log| libm::exp(log - top)).collect()
    }
}

impl Check<'_> {
    pub(super) fn news(&self, profile: &Profile) -> f64 {
        let party = self.talks.news.unwrap_or(0);
        let t = self.histories.type_in(profile, party);
        t.map_or(0.0, |t| chance_of_news(self.question.world, t))
    }

    /// Does chance go on from a place, or who moves there do what is given?
    pub(super) fn is_chance(&self, at: usize, p: usize) -> bool {
        let h = &self.histories;
        let place = &h.places[at];
        place.what == What::News || h.own(place, &h.profiles[p]).1.first.is_none()
    }

    /// All steps from a place with a combination of types.
    pub(super) fn steps(&self, at: usize, p: usize, mut go: impl FnMut(Step)) {
        let h = &self.histories;
        let (place, profile) = (&h.places[at], &h.profiles[p]);
        if place.what == What::News {
            let news = self.news(profile);
            for (next, chance) in place.next.iter().zip([news, 1.0 - news]) {
                go(Step {
                    next: *next,
                    made: None,
                    chance,
                    log: libm::log(chance),
                });
            }
        } else if !place.next.is_empty() {
            let (_, of) = h.own(place, profile);
            for (k, made) in of.moves.iter().enumerate() {
                let made_of = of.first.map(|first| first + k);
                go(Step {
                    next: place.next[*made],
                    made: made_of,
                    chance: made_of.map_or(of.by_chance[k], |at| self.told.plays[at]),
                    log: made_of
                        .map_or_else(|| libm::log(of.by_chance[k]), |at| self.told.logs[at]),
                });
            }
        }
    }

    /// From the ends to the beginning: what each place is worth, from what those are that may follow it.
    pub(super) fn backwards(
        &self,
        leaves: &Grid,
        mut here: impl FnMut(usize, usize, &Grid, &mut [f64]),
    ) -> Grid {
        let h = &self.histories;
        let mut all = leaves.clone();
        let mut found = vec![0.0; h.players.len()];
        for at in (0..h.places.len()).rev() {
            if h.places[at].next.is_empty() {
                continue;
            }
            for p in 0..h.profiles.len() {
                here(at, p, &all, &mut found);
                all.at_mut(at, p).copy_from_slice(&found);
            }
        }
        all
    }

    pub(super) fn reach(&self) -> Reach {
        let h = &self.histories;
        let (count, players) = (h.profiles.len(), h.players.len());
        let mut reach = Reach {
            plain: vec![vec![0.0; count]; h.places.len()],
            logs: vec![vec![f64::NEG_INFINITY; count]; h.places.len()],
            others: Grid::new(h.places.len(), count, players),
        };
        let told = |x: f64, or: f64| if x.is_nan() { or } else { x };
        for (p, profile) in h.profiles.iter().enumerate() {
            reach.plain[0][p] = profile.chance;
            reach.logs[0][p] = libm::log(profile.chance);
            reach.others.at_mut(0, p).fill(profile.chance);
        }
        let mut before = vec![0.0; players];
        for (at, place) in h.places.iter().enumerate() {
            let mover =
                (place.what != What::News && !place.next.is_empty()).then(|| h.player(place.by));
            for p in 0..count {
                before.copy_from_slice(reach.others.at(at, p));
                self.steps(at, p, |step| {
                    let chance = told(step.chance, 0.0);
                    reach.plain[step.next][p] = reach.plain[at][p] * chance;
                    let log = told(step.log, f64::NEG_INFINITY);
                    reach.logs[step.next][p] = reach.logs[at][p] + log;
                    let then = reach.others.at_mut(step.next, p);
                    for (player, (then, before)) in then.iter_mut().zip(&before).enumerate() {
                        let own = mover == Some(player);
                        *then = before * if own { 1.0 } else { chance };
                    }
                });
            }
        }
        reach
    }

    /// Are plays probabilities, and trembles near them?
    pub(super) fn probabilities(&self) -> Result<(), String> {
        for place in &self.histories.places {
            for of in &place.own {
                let Some(first) = of.first else { continue };
                let own = first..first + of.moves.len();
                let (mut sum, mut mixed, mut told) = (0.0, 0.0, 0);
                for at in own.clone() {
                    let (p, log) = (self.told.plays[at], self.told.logs[at]);
                    if p.is_nan() && log.is_nan() || self.told.is_out(at) {
                        continue;
                    }
                    told += 1;
                    sum += p;
                    mixed += libm::exp(log);
                    if !(0.0..=1.0).contains(&p) || exceeds((libm::exp(log) - p).abs(), DISTANCE) {
                        return Err(format!(
                            "move {at}: played with {p}, and e^{log} in trembles"
                        ));
                    }
                }
                if told > 0
                    && (exceeds((sum - 1.0).abs(), ROUNDING) || exceeds((mixed - 1.0).abs(), 1e-6))
                {
                    return Err(format!(
                        "moves {own:?} are made with {sum} in all, {mixed} in trembles"
                    ));
                }
            }
        }
        Ok(())
    }

    /// What each place is worth if all play as they are said to; nothing (NaN) where nobody says.
    pub(super) fn values(&self, leaves: &Grid) -> Grid {
        self.backwards(leaves, |at, p, values, here| {
            here.fill(0.0);
            self.steps(at, p, |step| {
                if step.chance != 0.0 {
                    for (sum, then) in here.iter_mut().zip(values.at(step.next, p)) {
                        *sum += step.chance * then;
                    }
                }
            });
        })
    }

    /// At every information set that is told of: does no move pay more than one that is made? Of the largest regret, as a share of what is at
    /// stake, errors of worths let no more be told than that it is as small as that of an answer must be.
    pub(super) fn regrets(&self, values: &Grid, reach: &Reach) -> Result<usize, String> {
        let h = &self.histories;
        let mut checked = between(
            self.answer.get(REGRET, &[]),
            [0.0, TOLD],
            0.0,
            "the largest regret",
        )?;
        for (at, place) in h.places.iter().enumerate() {
            for of in &place.own {
                let Some(first) = of.first else { continue };
                let player = h.player(place.by);
                let mine: Vec<usize> = h.with(player, of.t).collect();
                let told = (0..of.moves.len()).any(|k| self.told.plays[first + k] > 0.0);
                if !told {
                    // Only what is left out may lead here.
                    let come = |p: &usize| {
                        reach.plain[at][*p] > 0.0 || reach.logs[at][*p] > f64::NEG_INFINITY
                    };
                    if mine.iter().any(come) {
                        return Err(format!(
                            "nothing is told of type {} at a place that play may come to",
                            of.t
                        ));
                    }
                    continue;
                }
                let beliefs = beliefs(reach, at, player, &mine);
                let pays = |k: usize| {
                    let next = place.next[of.moves[k]];
                    let each = mine.iter().zip(&beliefs);
                    let believed = each.filter(|(_, belief)| **belief > 0.0);
                    believed
                        .map(|(p, belief)| belief * values.at(next, *p)[player])
                        .sum::<f64>()
                };
                let (mut best, mut worst) = (f64::NEG_INFINITY, f64::INFINITY);
                for k in (0..of.moves.len()).filter(|k| !self.told.is_out(first + k)) {
                    let pays = pays(k);
                    if pays.is_nan() {
                        return Err(format!("move {} leads where nothing is told", first + k));
                    }
                    best = best.max(pays);
                    if self.told.plays[first + k] > PLANNED {
                        worst = worst.min(pays);
                    }
                }
                let more = best - worst;
                if exceeds(more, FREE + 2.0 * self.ends.error()) {
                    return Err(format!(
                        "type {} has a move that pays {more} more, in round {}",
                        of.t, place.round
                    ));
                }
                checked += 1;
            }
        }
        Ok(checked)
    }
}

/// What a player believes of combinations of types at a place.
fn beliefs(reach: &Reach, at: usize, player: usize, mine: &[usize]) -> Vec<f64> {
    let come = mine.iter().map(|p| reach.others.at(at, *p)[player]);
    let mut beliefs: Vec<f64> = come.collect();
    if beliefs.iter().sum::<f64>() <= SMALLEST {
        let logs = || mine.iter().map(|p| reach.logs[at][*p]);
        let top = logs().fold(f64::NEG_INFINITY, f64::max);
        beliefs = logs().map(|log| libm::exp(log - top)).collect();
    }
    let sum: f64 = beliefs.iter().sum();
    for belief in &mut beliefs {
        *belief /= sum;
    }
    beliefs
}
