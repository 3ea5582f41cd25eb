//! Chances of a deal where play is only so precise: quantal response, whose play is not told. How likely each move can be follows from
//! what it can be worth, and what it can be worth from how likely others can be: backwards from the ends, and once more with beliefs that
//! keep to these chances. All quantal responses at the precision lie within.

use detente_core::catalogue::talks::DEAL_AT;
use detente_core::talks::PRECISIONS;

use super::histories::{Own, Place, What};
use super::{Check, Grid, ROUNDING, between};

/// How often bounds of chances and of worths are drawn closer.
const PASSES: usize = 3;

/// A least and a greatest of everything.
type Both<T> = [T; 2];

impl Check<'_> {
    pub(super) fn at_precisions(&self, leaves: &Grid) -> Result<usize, String> {
        let stated = self.question.world.numbers.behaviour.first();
        let stated = stated.map_or(f64::NAN, |own| own.precision);
        let mut checked = 0;
        for (k, times) in PRECISIONS.iter().enumerate() {
            let claimed = self.answer.get(DEAL_AT, &[k]);
            if claimed.is_nan() {
                // The branch may not be found to go on so far.
                continue;
            }
            let found = self.deals_at(leaves, times * stated);
            let near = ROUNDING.max(self.ends.error() * 1e-3);
            checked += between(claimed, found, near, "deals at a precision")?;
        }
        Ok(checked)
    }

    /// Least and greatest chance of a deal of all quantal responses.
    fn deals_at(&self, leaves: &Grid, precision: f64) -> Both<f64> {
        let h = &self.histories;
        let (players, count) = (h.players.len(), h.profiles.len());
        let out = |at: usize| self.told.is_out(at);
        let most = (0..h.moves).map(|at| if out(at) { 0.0 } else { 1.0 });
        let mut chances = [vec![0.0; h.moves], most.collect()];
        // Worths to each player, and after them deals.
        let mut ends = [0, 1].map(|_| Grid::new(h.places.len(), count, players + 1));
        let off = self.ends.error();
        for (at, place) in h.places.iter().enumerate() {
            if !place.next.is_empty() {
                continue;
            }
            let deal = if matches!(place.what, What::Deal(_)) {
                self.ends.lasts(place.round)
            } else {
                0.0
            };
            for p in 0..count {
                for (grid, off) in ends.iter_mut().zip([-off, off]) {
                    let here = grid.at_mut(at, p);
                    for (here, worth) in here.iter_mut().zip(leaves.at(at, p)) {
                        *here = worth + off;
                    }
                    here[players] = deal;
                }
            }
        }
        for _ in 0..PASSES {
            let others = self.others_come(&chances);
            for (at, place) in h.places.iter().enumerate().rev() {
                if place.what == What::News {
                    for p in 0..count {
                        let news = self.news(&h.profiles[p]);
                        for grid in &mut ends {
                            for of in 0..=players {
                                let then = [0, 1].map(|k| grid.at(place.next[k], p)[of]);
                                grid.at_mut(at, p)[of] = news * then[0] + (1.0 - news) * then[1];
                            }
                        }
                    }
                    continue;
                }
                for own in &place.own {
                    let player = h.player(place.by);
                    let mine: Vec<usize> = h.with(player, own.t).collect();
                    if own.first.is_some() {
                        let worths = self.worths_of_moves(&ends, &others, (at, place), own, &mine);
                        respond(&mut chances, own, &worths, precision);
                    }
                    for p in mine {
                        mix(&mut ends, &chances, (at, place), own, p);
                    }
                }
            }
        }
        [0, 1].map(|end| {
            let each = h.profiles.iter().enumerate();
            each.map(|(p, own)| own.chance * ends[end].at(0, p)[players])
                .sum()
        })
    }

    /// How likely, at least and at most, each place is come to with one player's own moves left out.
    fn others_come(&self, chances: &Both<Vec<f64>>) -> Both<Grid> {
        let h = &self.histories;
        let (players, count) = (h.players.len(), h.profiles.len());
        [0, 1].map(|end| {
            let mut others = Grid::new(h.places.len(), count, players);
            let mut before = vec![0.0; players];
            for (at, place) in h.places.iter().enumerate() {
                let mover = (place.what != What::News && !place.next.is_empty())
                    .then(|| h.player(place.by));
                for (p, profile) in h.profiles.iter().enumerate() {
                    if at == 0 {
                        others.at_mut(0, p).fill(profile.chance);
                    }
                    before.copy_from_slice(others.at(at, p));
                    self.steps(at, p, |step| {
                        let chance = match step.made {
                            Some(made) => chances[end][made],
                            None => step.chance,
                        };
                        let then = others.at_mut(step.next, p);
                        for (player, (then, before)) in then.iter_mut().zip(&before).enumerate() {
                            *then = before * if mover == Some(player) { 1.0 } else { chance };
                        }
                    });
                }
            }
            others
        })
    }

    /// What each move of a type may be worth to it, under all beliefs that it may have.
    fn worths_of_moves(
        &self,
        ends: &Both<Grid>,
        others: &Both<Grid>,
        (at, place): (usize, &Place),
        own: &Own,
        mine: &[usize],
    ) -> Vec<Both<f64>> {
        let player = self.histories.player(place.by);
        let move_of = |made: &usize| {
            [(0, 1.0), (1, -1.0)].map(|(end, sign)| {
                // The least of a mean, or the least of the negative: the worst combinations of types weigh most, the others least.
                let each = mine.iter().map(|p| {
                    let worth = ends[end].at(place.next[*made], *p)[player];
                    let weight = |end: usize| others[end].at(at, *p)[player];
                    (sign * worth, weight(0), weight(1))
                });
                sign * least_mean(each.collect())
            })
        };
        own.moves.iter().map(move_of).collect()
    }
}

/// What a place may be worth if its mover is of a type: over all chances of moves that it may have.
fn mix(
    ends: &mut Both<Grid>,
    chances: &Both<Vec<f64>>,
    (at, place): (usize, &Place),
    own: &Own,
    p: usize,
) {
    let of = ends[0].at(at, p).len();
    for (grid, sign) in ends.iter_mut().zip([1.0, -1.0]) {
        for of in 0..of {
            let then = |k: usize| grid.at(place.next[own.moves[k]], p)[of];
            let mixed = own.first.map_or_else(
                || {
                    let each = own.by_chance.iter().enumerate();
                    each.map(|(k, chance)| chance * then(k)).sum()
                },
                |first| {
                    let each = (0..own.moves.len()).map(|k| {
                        let [least, most] = [0, 1].map(|end| chances[end][first + k]);
                        (sign * then(k), least, most)
                    });
                    sign * least_mix(each.collect())
                },
            );
            grid.at_mut(at, p)[of] = mixed;
        }
    }
}

/// Draws the chances of a type's moves closer by what these may be worth.
fn respond(chances: &mut Both<Vec<f64>>, own: &Own, worths: &[Both<f64>], precision: f64) {
    let Some(first) = own.first else { return };
    for k in 0..worths.len() {
        if chances[1][first + k] == 0.0 {
            continue;
        }
        let bound = |own: usize, other: usize| {
            let others = worths.iter().enumerate();
            let others = others.filter(|(j, _)| *j != k && chances[1][first + j] > 0.0);
            let odds = others.map(|(_, of)| libm::exp(precision * (of[other] - worths[k][own])));
            1.0 / (1.0 + odds.sum::<f64>())
        };
        let [least, most] = [bound(0, 1), bound(1, 0)];
        chances[0][first + k] = chances[0][first + k].max(least);
        chances[1][first + k] = chances[1][first + k].min(most);
    }
}

/// The least mean of some numbers whose weights lie between two bounds.
fn least_mean(mut each: Vec<(f64, f64, f64)>) -> f64 {
    each.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut best = each.first().map_or(f64::NAN, |own| own.0);
    let mut sum: f64 = each.iter().map(|(x, least, _)| x * least).sum();
    let mut all: f64 = each.iter().map(|(_, least, _)| least).sum();
    if all > 0.0 {
        best = sum / all;
        for (x, least, most) in &each {
            sum += x * (most - least);
            all += most - least;
            best = best.min(sum / all);
        }
    }
    best
}

/// The least sum of some numbers by chances that lie between bounds and add up to one.
fn least_mix(mut each: Vec<(f64, f64, f64)>) -> f64 {
    each.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut left = 1.0 - each.iter().map(|(_, least, _)| least).sum::<f64>();
    let mut sum = 0.0;
    for (x, least, most) in &each {
        let chance = least + left.clamp(0.0, most - least);
        left -= chance - least;
        if chance > 0.0 {
            sum += chance * x;
        }
    }
    sum
}
