//! What a mediator's message is worth: the talks once more, after all were told, and believe, which type a party is.

use detente_core::Row;
use detente_core::catalogue::talks::{DEAL_TOLD, MESSAGE};

use super::play::told;
use super::tell::{Telling, chance};

impl Telling<'_> {
    /// A message on each party that has several types: what it makes of the chance of a deal, and what it is worth to whom. `worth`: what the
    /// talks are worth without it, by type.
    pub(super) fn messages(&self, worth: &[f64], row: &mut Row) {
        let form = self.form;
        for (player, party) in form.players.iter().enumerate() {
            let types = &form.types[player];
            if types.len() < 2 {
                continue;
            }
            let (mut deal, mut after) = (0.0, vec![0.0; worth.len()]);
            let mut all = true;
            for t in types {
                let Some(played) = told(self.played, player, *t) else {
                    all = false;
                    break;
                };
                let telling = Telling::new(&played);
                let prior = form.scene.world.numbers.types[*t].prior;
                deal += prior * telling.deal_under(&played.answer);
                for (t_of, worth) in telling.worth().into_iter().enumerate() {
                    // A type that the message is about hears it alone.
                    if t_of == *t {
                        after[t_of] = worth;
                    } else if !types.contains(&t_of) {
                        after[t_of] += prior * worth;
                    }
                }
            }
            if !all {
                continue;
            }
            row.set(DEAL_TOLD, &[*party], chance(deal));
            for (t, (after, before)) in after.iter().zip(worth).enumerate() {
                if !after.is_nan() && !before.is_nan() {
                    row.set(MESSAGE, &[*party, t], after - before);
                }
            }
        }
    }
}
