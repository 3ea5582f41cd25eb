//! Threats: who makes them, what their target believes, and what they cost.

use detente_core::catalogue::talks::{ANNOUNCED, BELIEVED, IN_PLAY, PRICE, PULLS, THREATENED};
use detente_core::talks::given_pull;

use super::histories::What;
use super::play::Reach;
use super::{Check, ROUNDING, same};

impl Check<'_> {
    /// All that is told of levers but how likely they are pulled.
    pub(super) fn threats(&self, reach: &Reach) -> Result<usize, String> {
        let setting = self.question.setting;
        let mut checked = 0;
        for l in 0..setting.levers.len() {
            let pulled = self.table.levers.contains(&l);
            let announced = self.table.announced.contains(&l);
            let claimed = self.answer.get(IN_PLAY, &[l]);
            let found = f64::from(u8::from(pulled)) + f64::from(u8::from(announced));
            checked += same(claimed, found, 0.0, "what may be done with a lever")?;
            let mut threatened = 0.0;
            for t in 0..setting.types.len() {
                let found = if announced && setting.types[t].party == setting.levers[l].by {
                    self.announces(reach, l, t)
                } else {
                    f64::NAN
                };
                if !found.is_nan() {
                    threatened += self.question.world.numbers.types[t].prior * found;
                }
                let claimed = self.answer.get(ANNOUNCED, &[l, t]);
                checked += same(claimed, found, ROUNDING, "a type announces a lever")?;
            }
            let found = if announced { threatened } else { f64::NAN };
            let claimed = self.answer.get(THREATENED, &[l]);
            checked += same(claimed, found, ROUNDING, "a lever is announced")?;
            let found = if pulled {
                self.believed(reach, l)
            } else {
                f64::NAN
            };
            let claimed = self.answer.get(BELIEVED, &[l]);
            checked += same(claimed, found, 10.0 * ROUNDING, "a threat is believed")?;
            for t in 0..setting.types.len() {
                let own = pulled && setting.types[t].party == setting.levers[l].by;
                let found = if own {
                    self.pulls(reach, l, t)
                } else {
                    f64::NAN
                };
                let claimed = self.answer.get(PULLS, &[l, t]);
                checked += same(claimed, found, 10.0 * ROUNDING, "a type pulls a lever")?;
            }
            let found = if pulled {
                self.price(reach, l)
            } else {
                f64::NAN
            };
            let tolerance = 1e-6 + self.ends.error();
            let claimed = self.answer.get(PRICE, &[l]);
            checked += same(claimed, found, tolerance, "what a threat costs")?;
        }
        Ok(checked)
    }

    /// How likely a type announces a lever; nothing where there is no such type.
    fn announces(&self, reach: &Reach, l: usize, t: usize) -> f64 {
        let h = &self.histories;
        let party = self.question.setting.types[t].party;
        let player = h.player(party);
        let (mut all, mut says) = (0.0, 0.0);
        for (at, place) in h.places.iter().enumerate() {
            if place.what == What::Say(l) {
                for p in h.with(player, t) {
                    all += reach.plain[at][p];
                    says += reach.plain[place.next[0]][p];
                }
            }
        }
        says / all
    }

    /// How likely a lever is pulled where its target has refused in the first round; nothing where only moves that are left out lead.
    fn believed(&self, reach: &Reach, l: usize) -> f64 {
        let all = 0..self.histories.profiles.len();
        self.pulled_at_first(reach, l, &all.collect::<Vec<_>>())
    }

    /// How likely a type pulls a lever there, or what is given of that.
    fn pulls(&self, reach: &Reach, l: usize, t: usize) -> f64 {
        let h = &self.histories;
        let player = h.player(self.question.setting.levers[l].by);
        let mine: Vec<usize> = h.with(player, t).collect();
        match given_pull(self.question.world, l, t) {
            Some(given) if !mine.is_empty() => given,
            _ => self.pulled_at_first(reach, l, &mine),
        }
    }

    /// The same with some combinations of types.
    fn pulled_at_first(&self, reach: &Reach, l: usize, with: &[usize]) -> f64 {
        let h = &self.histories;
        let mut due = Vec::new();
        for (at, place) in h.places.iter().enumerate() {
            let after = !self.table.announced.contains(&l) || place.said.contains(l);
            if place.what == What::Pull(l) && after && place.round == 0 {
                due.extend(with.iter().map(|p| (at, *p)));
            }
        }
        let (mut all, mut pulled) = (0.0, 0.0);
        for ((at, p), weight) in due.iter().zip(reach.weights(&due)) {
            all += weight;
            if weight > 0.0 {
                let (_, own) = h.own(&h.places[*at], &h.profiles[*p]);
                pulled += weight * self.makes(own, 0);
            }
        }
        pulled / all
    }

    /// What a lever costs its wielder on average.
    fn price(&self, reach: &Reach, l: usize) -> f64 {
        let h = &self.histories;
        let numbers = &self.question.world.numbers;
        let player = h.player(self.question.setting.levers[l].by);
        let mut price = 0.0;
        for (at, place) in h.places.iter().enumerate() {
            let ends = place.next.is_empty();
            for (_, round, pulled) in place.paid.iter().filter(|(of, ..)| ends && *of == l) {
                let n = &numbers.levers[l];
                let cost = if *pulled { n.cost } else { n.audience_cost };
                for (p, profile) in h.profiles.iter().enumerate() {
                    let later = self.ends.later(*round, profile.types[player]);
                    price += reach.plain[at][p] * later * cost;
                }
            }
        }
        price
    }
}
