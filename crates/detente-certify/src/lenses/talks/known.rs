//! The same talks if all knew all types: solved backwards for each combination of types. Where somebody may as well do one thing as another,
//! or nearly so as far as errors of worths leave that open, all that may follow counts.

use detente_core::catalogue::talks::{DEAL_KNOWN, WORTH_KNOWN};

use super::histories::What;
use super::{Check, Grid, ROUNDING, between};

/// Least and greatest: what a place is worth to each player, and after them the chance of a deal.
type Ends = Vec<[f64; 2]>;

impl Check<'_> {
    pub(super) fn known(&self, leaves: &Grid) -> Result<usize, String> {
        let h = &self.histories;
        let by_profile: Vec<Ends> = (0..h.profiles.len())
            .map(|p| self.known_with(leaves, p))
            .collect();
        let mean = |of: &dyn Fn(&Ends) -> [f64; 2], with: &mut dyn Iterator<Item = usize>| {
            let (mut sums, mut all) = ([0.0; 2], 0.0);
            for p in with {
                let chance = h.profiles[p].chance;
                let [least, most] = of(&by_profile[p]);
                sums = [sums[0] + chance * least, sums[1] + chance * most];
                all += chance;
            }
            sums.map(|sum| sum / all)
        };
        let players = h.players.len();
        let deal = mean(&|ends| ends[players], &mut (0..h.profiles.len()));
        let near = ROUNDING.max(self.ends.error() * 1e-3);
        let what = "deals if all knew all";
        let mut checked = between(self.answer.get(DEAL_KNOWN, &[]), deal, near, what)?;
        for t in 0..self.question.setting.types.len() {
            let player = h.player_of(self.question.setting.types[t].party);
            let player = player.filter(|player| h.types[*player].contains(&t));
            let worth = player.map_or([f64::NAN; 2], |player| {
                mean(&|ends| ends[player], &mut h.with(player, t))
            });
            let what = "what talks are worth if all knew all";
            checked += between(self.answer.get(WORTH_KNOWN, &[t]), worth, 1e-6, what)?;
        }
        Ok(checked)
    }

    /// Of one combination of types.
    fn known_with(&self, leaves: &Grid, p: usize) -> Ends {
        let h = &self.histories;
        let players = h.players.len();
        let off = self.ends.error();
        let mut all: Vec<Ends> = vec![Vec::new(); h.places.len()];
        for (at, place) in h.places.iter().enumerate().rev() {
            if place.next.is_empty() {
                let worths = leaves.at(at, p).iter();
                let mut ends: Ends = worths.map(|worth| [worth - off, worth + off]).collect();
                let deal = if matches!(place.what, What::Deal(_)) {
                    self.ends.lasts(place.round)
                } else {
                    0.0
                };
                ends.push([deal; 2]);
                all[at] = ends;
                continue;
            }
            let mut ends: Ends = Vec::new();
            if self.is_chance(at, p) {
                ends.resize(players + 1, [0.0; 2]);
                self.steps(at, p, |step| {
                    for (sum, then) in ends.iter_mut().zip(&all[step.next]) {
                        *sum = [0, 1].map(|end| sum[end] + step.chance * then[end]);
                    }
                });
            } else {
                let player = h.player(place.by);
                let mut sure = f64::NEG_INFINITY;
                self.steps(at, p, |step| sure = sure.max(all[step.next][player][0]));
                ends.resize(players + 1, [f64::INFINITY, f64::NEG_INFINITY]);
                self.steps(at, p, |step| {
                    let then = &all[step.next];
                    if then[player][1] >= sure {
                        for (own, then) in ends.iter_mut().zip(then) {
                            *own = [own[0].min(then[0]), own[1].max(then[1])];
                        }
                    }
                });
                ends[player][0] = sure;
            }
            all[at] = ends;
        }
        all.swap_remove(0)
    }
}
