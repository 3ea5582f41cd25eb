//! What becomes of threats, and what kind of equilibrium it is.

use detente_core::Row;
use detente_core::catalogue::talks::{ANNOUNCED, BELIEVED, PRICE, PULLED, PULLS, THREATENED};
use detente_core::talks::{DIFFERENT, Kind, NEVER, given_pull};

use super::form::{Move, Outcome, Step};
use super::tell::{Telling, chance};

impl Telling<'_> {
    /// Was some move made on the way to a place?
    fn was_made(&self, place: usize, what: &Move, made: &dyn Fn(usize) -> bool) -> bool {
        let mut at = place;
        while let Some((before, how)) = self.form.places[at].before {
            if matches!(&self.form.places[before].step, Step::Moves(_, own) if own == what)
                && made(how)
            {
                return true;
            }
            at = before;
        }
        false
    }

    /// Was a lever announced on the way to a place?
    fn was_announced(&self, place: usize, lever: usize) -> bool {
        self.was_made(place, &Move::Announce(lever), &|made| made == 0)
    }

    /// Nodes at which the time of a lever that was announced comes for the first time.
    fn due(&self, lever: usize) -> Vec<usize> {
        let mut nodes = Vec::new();
        let pull = Move::Pull(lever);
        for (at, place) in self.form.places.iter().enumerate() {
            let pulls = matches!(&place.step, Step::Moves(_, own) if *own == pull);
            if pulls && self.was_announced(at, lever) && !self.was_made(at, &pull, &|_| true) {
                nodes.extend(&self.nodes[at]);
            }
        }
        nodes
    }

    /// Nodes at which a lever may be pulled in the first round, after an announcement where it can be announced.
    fn pulls(&self, lever: usize) -> Vec<usize> {
        let mut nodes = Vec::new();
        let announced = self.form.table.announced.contains(&lever);
        for (at, place) in self.first() {
            let pulls = matches!(&place.step, Step::Moves(_, Move::Pull(l)) if *l == lever);
            if pulls && (!announced || self.was_announced(at, lever)) {
                nodes.extend(&self.nodes[at]);
            }
        }
        nodes
    }

    pub(super) fn threats(&self, row: &mut Row) {
        let form = self.form;
        let numbers = &form.scene.world.numbers;
        for lever in &form.table.levers {
            let l = *lever;
            let by = form.scene.setting.levers[l].by;
            let player = form.players.iter().position(|own| *own == by);
            for (at, place) in form.places.iter().enumerate() {
                let announces = place.step == Step::Moves(by, Move::Announce(l));
                if let (true, Some(player)) = (announces, player) {
                    for t in &form.types[player] {
                        let own = self.nodes[at].iter().copied();
                        let own: Vec<usize> = own
                            .filter(|node| self.types_of(*node)[player] == *t)
                            .collect();
                        let said: f64 = own
                            .iter()
                            .map(|node| self.reach.plain[*node] * self.makes(*node, 0))
                            .sum();
                        row.add(ANNOUNCED, &[l, *t], chance(said / numbers.types[*t].prior));
                    }
                    let all = self.nodes[at].iter();
                    let said = all.map(|node| self.reach.plain[*node] * self.makes(*node, 0));
                    row.add(THREATENED, &[l], chance(said.sum()));
                }
            }
            let pulls = self.pulls(l);
            if let Some(believed) = self.mean(&pulls, 0) {
                row.set(BELIEVED, &[l], chance(believed));
            }
            for t in player.map_or(&[][..], |player| &form.types[player]) {
                let own = pulls.iter().copied();
                let own: Vec<usize> = own
                    .filter(|node| self.type_at(*node, by) == Some(*t))
                    .collect();
                let given = given_pull(form.scene.world, l, *t);
                if let Some(pulls) = given.or_else(|| self.mean(&own, 0)) {
                    row.set(PULLS, &[l, *t], chance(pulls));
                }
            }
            let (mut pulled, mut price) = (0.0, 0.0);
            for (node, _, end, p) in self.ends() {
                let own = end.charges.iter().filter(|(own, ..)| *own == l);
                for (_, round, done) in own {
                    if *done {
                        pulled += p * self.lasts(*round);
                    }
                    let cost = if *done {
                        numbers.levers[l].cost
                    } else {
                        numbers.levers[l].audience_cost
                    };
                    let wielder = self.type_at(node, by);
                    price += p * cost * wielder.map_or(0.0, |t| form.later(*round, t));
                }
            }
            row.set(PULLED, &[l], chance(pulled));
            row.set(PRICE, &[l], price);
        }
    }

    /// What kind of equilibrium it is.
    pub(super) fn kind(&self) -> Kind {
        let form = self.form;
        let (mut deal, mut late, mut pulled) = (0.0, 0.0, 0.0);
        for (_, place, end, p) in self.ends() {
            if let Outcome::Deal(_) = end.outcome {
                deal += p;
                late += if place.round > 0 { p } else { 0.0 };
            }
            if end.charges.iter().any(|(.., done)| *done) {
                pulled += p;
            }
        }
        let (mut screens, mut signals) = (false, false);
        let (mut threat, mut bluff, mut idle) = (false, false, false);
        for (at, place) in form.places.iter().enumerate() {
            let Step::Moves(party, what) = &place.step else {
                continue;
            };
            // What each type that comes here does.
            let mut each: Vec<(usize, f64, Vec<f64>)> = Vec::new();
            for node in &self.nodes[at] {
                let p = self.reach.plain[*node];
                let Some(t) = self.type_at(*node, *party) else {
                    continue;
                };
                let does: Vec<f64> = (0..place.next.len())
                    .map(|made| p * self.makes(*node, made))
                    .collect();
                match each.iter_mut().find(|(known, ..)| *known == t) {
                    Some((_, all, sums)) => {
                        *all += p;
                        sums.iter_mut().zip(&does).for_each(|(sum, x)| *sum += x);
                    }
                    None => each.push((t, p, does)),
                }
            }
            each.retain(|(_, all, _)| *all > NEVER);
            for (_, all, does) in &mut each {
                for x in does.iter_mut() {
                    *x /= *all;
                }
            }
            let several = each.len() > 1;
            let differ = (0..place.next.len()).any(|made| {
                let chances = || each.iter().map(|(.., does)| does[made]);
                let most = chances().fold(f64::NEG_INFINITY, f64::max);
                most - chances().fold(f64::INFINITY, f64::min) > DIFFERENT
            });
            match what {
                Move::Answer(_) => screens |= differ,
                Move::Offer(_) => signals |= differ,
                Move::Announce(l) => {
                    signals |= differ;
                    for (t, _, does) in &each {
                        if does[0] <= NEVER {
                            continue;
                        }
                        threat = true;
                        idle |= !differ && several;
                        let own = self.due(*l).into_iter();
                        let own: Vec<usize> = own
                            .filter(|node| self.type_at(*node, *party) == Some(*t))
                            .collect();
                        bluff |= self
                            .mean(&own, 0)
                            .is_some_and(|pulls| pulls < 1.0 - DIFFERENT);
                    }
                }
                Move::Pull(_) => {}
            }
        }
        Kind::default()
            .with(Kind::DEAL, deal > NEVER)
            .with(Kind::SURE, deal > 1.0 - NEVER)
            .with(Kind::LATE, late > NEVER)
            .with(Kind::SCREENS, screens)
            .with(Kind::THREAT, threat)
            .with(Kind::BLUFF, bluff)
            .with(Kind::PULLED, pulled > NEVER)
            .with(Kind::SIGNALS, signals)
            .with(Kind::IDLE, idle)
    }
}
