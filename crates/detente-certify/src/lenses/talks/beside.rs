//! Talks with a round fewer, and after a mediator's message: other games, whose play is not told. What they may be worth is bounded.

use detente_core::catalogue::talks::{DEAL_TOLD, GAIN, LAST_ROUND, MESSAGE, WORTH};
use detente_core::talks::Table;

use super::histories::{Histories, What};
use super::play::Told;
use super::{Check, Grid, between, same};

impl Check<'_> {
    /// What the last round is worth: all that talks are worth above none, where there is no other one; else no more and no less than what talks
    /// with a round fewer leave open.
    pub(super) fn fewer(&self) -> Result<usize, String> {
        let mut checked = 0;
        let what = "what the last round is worth";
        let types = || 0..self.question.setting.types.len();
        if types().all(|t| self.answer.get(LAST_ROUND, &[t]).is_nan()) {
            // Talks with a round fewer are not played in every world, and may have no answer that passes.
            return Ok(0);
        }
        if self.table.rounds == 1 {
            for t in types() {
                let [claimed, gain] = [LAST_ROUND, GAIN].map(|of| self.answer.get(of, &[t]));
                checked += same(claimed, gain, 1e-6, what)?;
            }
            return Ok(checked);
        }
        let table = Table {
            rounds: self.table.rounds - 1,
            ..self.table.clone()
        };
        let histories = Histories::new(self.question, self.talks, &table, self.ends);
        let fewer = Check {
            told: Told::nothing(histories.moves),
            table,
            histories,
            ..*self
        };
        let leaves = fewer.leaves()?;
        let off = self.ends.error();
        // No equilibrium has moves that are surely worse than others.
        let may = vec![true; fewer.histories.moves];
        let out = fewer.worse(&leaves, &may, -2.0 * off);
        let [low, high] = [false, true].map(|most| fewer.bounds(&leaves, &out, most));
        for t in types() {
            let [claimed, worth] = [LAST_ROUND, WORTH].map(|of| self.answer.get(of, &[t]));
            let [least, most] = fewer.within(&low, &high, &leaves, &out, t);
            checked += between(claimed, [worth - most, worth - least], 1e-6 + off, what)?;
        }
        Ok(checked)
    }

    /// What a mediator's message on a party is worth to each type: no more and no less than what the talks after it leave open.
    pub(super) fn messages(&self) -> Result<usize, String> {
        let h = &self.histories;
        let off = self.ends.error();
        let what = "what a message is worth";
        let types = || 0..self.question.setting.types.len();
        let mut checked = 0;
        for (player, party) in h.players.iter().enumerate() {
            let told = |t: usize| !self.answer.get(MESSAGE, &[*party, t]).is_nan();
            if !types().any(told) {
                continue;
            }
            checked += between(
                self.answer.get(DEAL_TOLD, &[*party]),
                [0.0, 1.0],
                0.0,
                "deals after a message",
            )?;
            let mut after = vec![[0.0; 2]; types().len()];
            for t in &h.types[player] {
                let histories = h.told(player, *t);
                let after_it = Check {
                    told: Told::nothing(histories.moves),
                    table: self.table.clone(),
                    histories,
                    ..*self
                };
                let leaves = after_it.leaves()?;
                let may = vec![true; after_it.histories.moves];
                let out = after_it.worse(&leaves, &may, -2.0 * off);
                let [low, high] = [false, true].map(|most| after_it.bounds(&leaves, &out, most));
                let prior = self.question.world.numbers.types[*t].prior;
                for of in types() {
                    if of != *t && h.types[player].contains(&of) {
                        continue;
                    }
                    // A type that the message is about hears it alone.
                    let share = if of == *t { 1.0 } else { prior };
                    let within = after_it.within(&low, &high, &leaves, &out, of);
                    for (sum, bound) in after[of].iter_mut().zip(within) {
                        *sum += share * bound;
                    }
                }
            }
            for t in types() {
                let (claimed, worth) = (
                    self.answer.get(MESSAGE, &[*party, t]),
                    self.answer.get(WORTH, &[t]),
                );
                let [least, most] = after[t].map(|bound| bound - worth);
                if !claimed.is_nan() || !least.is_nan() {
                    checked += between(claimed, [least, most], 1e-6 + off, what)?;
                }
            }
        }
        Ok(checked)
    }

    /// What the talks may be worth to a type; nothing where there is no such type.
    fn within(&self, low: &Grid, high: &Grid, leaves: &Grid, out: &[bool], t: usize) -> [f64; 2] {
        let h = &self.histories;
        if self.question.world.numbers.types[t].prior <= 0.0 {
            return [f64::NAN; 2];
        }
        let Some(player) = h.player_of(self.question.setting.types[t].party) else {
            return self.left_to(t);
        };
        let mean = |bound: &Grid| {
            let (mut sum, mut all) = (0.0, 0.0);
            for p in h.with(player, t) {
                sum += h.profiles[p].chance * bound.at(0, p)[player];
                all += h.profiles[p].chance;
            }
            sum / all
        };
        let sure = self.sure(leaves, out, player, t);
        [mean(low).max(sure), mean(high)]
    }

    /// The least and the most that any end is worth to a type that has no part.
    fn left_to(&self, t: usize) -> [f64; 2] {
        let h = &self.histories;
        let mut found = [f64::INFINITY, f64::NEG_INFINITY];
        for place in h.places.iter().filter(|place| place.next.is_empty()) {
            for profile in &h.profiles {
                let worth = self.ends.worth(place, t, &|of| h.type_in(profile, of));
                found = [found[0].min(worth), found[1].max(worth)];
            }
        }
        found
    }

    /// What a type can make sure of, whatever the others do and whoever they are.
    fn sure(&self, leaves: &Grid, out: &[bool], player: usize, t: usize) -> f64 {
        let h = &self.histories;
        let mut sure = vec![f64::INFINITY; h.places.len()];
        for (at, place) in h.places.iter().enumerate().rev() {
            let least = |list: &mut dyn Iterator<Item = f64>| list.fold(f64::INFINITY, f64::min);
            sure[at] = if place.next.is_empty() {
                least(&mut h.with(player, t).map(|p| leaves.at(at, p)[player]))
            } else if place.what != What::News && h.player(place.by) == player {
                let own = place.own.iter().find(|own| own.t == t);
                let chooses = own.is_some_and(|own| own.first.is_some());
                let mut most = f64::NEG_INFINITY;
                for (k, made) in own.into_iter().flat_map(|own| own.moves.iter().enumerate()) {
                    let gone = own
                        .and_then(|own| own.first)
                        .is_some_and(|first| out[first + k]);
                    if !gone {
                        most = most.max(sure[place.next[*made]]);
                    }
                }
                if chooses {
                    most
                } else {
                    // What is given may go against it.
                    let made = own.into_iter().flat_map(|own| &own.moves);
                    least(&mut made.map(|made| sure[place.next[*made]]))
                }
            } else {
                least(&mut place.next.iter().map(|next| sure[*next]))
            };
        }
        sure[0]
    }
}
