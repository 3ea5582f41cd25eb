//! What is told of play, worked out again from how likely play comes to each place: chances by round, month and package, beliefs, worths.

use detente_core::catalogue::talks::{
    AGREED, AGREED_IN, AGREED_OFFER, BELIEF_AT, DEAL, DEAL_IN, ENDS_OTHERWISE, GAIN, GOING_ON,
    KEPT, MENU, PULLED, WORTH,
};
use detente_core::talks::TOLD_MONTHS;

use super::histories::What;
use super::{Check, Grid, ROUNDING, between, same};

impl Check<'_> {
    /// Nothing is told of rounds that are not played and of offers that may not be made.
    pub(super) fn beyond(&self) -> Result<(), String> {
        let answer = self.answer;
        let (rounds, offers) = (self.table.rounds, self.table.offers.len());
        let silent = |found: f64| found.is_nan();
        let round = |r: usize| {
            let by_offer = (0..self.talks.offers).map(|o| answer.get(AGREED_IN, &[r, o]));
            let types = 0..self.question.setting.types.len();
            let by_type = types.map(|t| answer.get(BELIEF_AT, &[t, r]));
            let own = [DEAL_IN, GOING_ON].map(|of| answer.get(of, &[r]));
            own.into_iter().chain(by_offer).chain(by_type).all(silent)
        };
        let offer = |o: usize| {
            let by_round = (0..self.talks.rounds).map(|r| answer.get(AGREED_IN, &[r, o]));
            let issues = 0..self.question.setting.issues.len();
            let options = issues.map(|k| answer.get(MENU, &[o, k]));
            let own = [answer.get(AGREED_OFFER, &[o])];
            own.into_iter().chain(by_round).chain(options).all(silent)
        };
        if (rounds..self.talks.rounds).all(round) && (offers..self.talks.offers).all(offer) {
            return Ok(());
        }
        Err("a round or an offer is told of that the game does not have".to_owned())
    }

    /// Chances of deals by round, and what is believed of types as rounds are held.
    pub(super) fn chances(&self, plain: &[Vec<f64>]) -> Result<usize, String> {
        let h = &self.histories;
        let mut checked = 0;
        for round in 0..self.table.rounds {
            let of = |what: fn(&What) -> bool, p: Option<usize>| -> f64 {
                let places = h.places.iter().zip(plain);
                let places = places.filter(|(place, _)| place.round == round && what(&place.what));
                places
                    .map(|(_, by)| p.map_or_else(|| by.iter().sum(), |p| by[p]))
                    .sum()
            };
            let deal = of(|what| matches!(what, What::Deal(_)), None) * self.ends.lasts(round);
            let claimed = self.answer.get(DEAL_IN, &[round]);
            checked += same(
                claimed,
                deal,
                ROUNDING.max(self.ends.error() * 1e-3),
                "deals in a round",
            )?;
            let offers: fn(&What) -> bool = |what| matches!(what, What::Offer(_));
            let going = of(offers, None);
            let claimed = self.answer.get(GOING_ON, &[round]);
            checked += same(claimed, going, ROUNDING, "a round is held")?;
            if going < 1e-5 {
                continue;
            }
            for (player, types) in h.types.iter().enumerate() {
                for t in types {
                    let own = h.profiles.iter().enumerate();
                    let own = own.filter(|(_, profile)| profile.types[player] == *t);
                    let there: f64 = own.map(|(p, _)| of(offers, Some(p))).sum();
                    let claimed = self.answer.get(BELIEF_AT, &[*t, round]);
                    checked += same(
                        claimed,
                        there / going,
                        ROUNDING,
                        "what is believed of a type",
                    )?;
                }
            }
        }
        Ok(checked)
    }

    /// Chances of a deal by month and by package, and of levers to be pulled on the way.
    pub(super) fn agreed(&self, plain: &[Vec<f64>]) -> Result<usize, String> {
        let h = &self.histories;
        let setting = self.question.setting;
        let mut by_month = [0.0; TOLD_MONTHS + 1];
        let mut by_offer = vec![0.0; self.table.offers.len()];
        let mut by_round = vec![vec![0.0; self.table.offers.len()]; self.table.rounds];
        let mut otherwise = [0.0; TOLD_MONTHS + 1];
        let mut kept = Some([0.0; 2]);
        let mut pulled = vec![0.0; setting.levers.len()];
        let ends = h.places.iter().zip(plain);
        for (place, by) in ends.filter(|(place, _)| place.next.is_empty()) {
            let comes: f64 = by.iter().sum();
            for (lever, round, done) in &place.paid {
                pulled[*lever] += if *done {
                    comes * self.ends.lasts(*round)
                } else {
                    0.0
                };
            }
            for (month, sum) in otherwise.iter_mut().enumerate() {
                *sum += comes * self.ends.ended(place, month);
            }
            if let What::Deal(offer) = place.what {
                let signed = comes * self.ends.lasts(place.round);
                by_offer[offer] += signed;
                by_round[place.round][offer] += signed;
                for (p, chance) in by.iter().enumerate().filter(|(_, chance)| **chance > 0.0) {
                    let survives = self.ends.is_kept(offer, &self.weights(p));
                    kept = kept.zip(survives).map(|(sums, survives)| {
                        let now = chance * self.ends.lasts(place.round);
                        [sums[0] + now * survives[0], sums[1] + now * survives[1]]
                    });
                }
                let from = (place.round * self.talks.months).min(by_month.len());
                by_month[from..].iter_mut().for_each(|sum| *sum += signed);
            }
        }
        let near = ROUNDING.max(self.ends.error() * 1e-3);
        let mut checked = 0;
        for (month, found) in by_month.iter().enumerate() {
            let claimed = self.answer.get(DEAL, &[month]);
            checked += same(claimed, *found, near, "a deal by a month")?;
        }
        for (offer, found) in by_offer.iter().enumerate() {
            let claimed = self.answer.get(AGREED_OFFER, &[offer]);
            checked += same(claimed, *found, near, "what is agreed")?;
        }
        for (month, found) in otherwise.iter().enumerate() {
            let claimed = self.answer.get(ENDS_OTHERWISE, &[month]);
            checked += same(claimed, *found, near, "an end that is not from these talks")?;
        }
        for (round, by_offer) in by_round.iter().enumerate() {
            for (offer, found) in by_offer.iter().enumerate() {
                let claimed = self.answer.get(AGREED_IN, &[round, offer]);
                checked += same(claimed, *found, near, "what is agreed in a round")?;
            }
        }
        let kept = kept.unwrap_or([f64::NAN; 2]);
        checked += between(self.answer.get(KEPT, &[]), kept, near, "a deal is kept")?;
        for (p, package) in setting.packages.iter().enumerate() {
            let mut offers = self.table.offers.iter().zip(&by_offer);
            let own = offers.find(|(offer, _)| **offer == package.choice);
            let found = own.map_or(0.0, |(_, found)| *found);
            checked += same(self.answer.get(AGREED, &[p]), found, near, "what is agreed")?;
        }
        for (lever, found) in pulled.iter().enumerate() {
            let in_play = self.table.levers.contains(&lever);
            let found = if in_play { *found } else { f64::NAN };
            let claimed = self.answer.get(PULLED, &[lever]);
            checked += same(claimed, found, near, "a lever is pulled")?;
        }
        Ok(checked)
    }

    /// Chances of types in a combination: of those who have no part by their priors.
    fn weights(&self, p: usize) -> Vec<f64> {
        let h = &self.histories;
        let types = self.question.setting.types.iter().enumerate();
        let weight = |(t, own): (usize, &detente_core::PartyType)| match h
            .type_in(&h.profiles[p], own.party)
        {
            Some(there) => f64::from(u8::from(there == t)),
            None => self.question.world.numbers.types[t].prior,
        };
        types.map(weight).collect()
    }

    /// What talks are worth to every type that there may be.
    pub(super) fn worths(&self, leaves: &Grid, plain: &[Vec<f64>]) -> Result<usize, String> {
        let mut checked = 0;
        for t in 0..self.question.setting.types.len() {
            let found = self.worth(leaves, plain, t);
            let claimed = self.answer.get(WORTH, &[t]);
            let tolerance = 1e-6 + 2.0 * self.ends.error();
            checked += same(claimed, found, tolerance, "what talks are worth")?;
            let (claimed, found) = (self.answer.get(GAIN, &[t]), found - self.ends.without(t));
            checked += same(claimed, found, tolerance, "what talks are worth above none")?;
        }
        Ok(checked)
    }

    /// What they are worth to a type on average; nothing where there is no such type.
    fn worth(&self, leaves: &Grid, plain: &[Vec<f64>], t: usize) -> f64 {
        let h = &self.histories;
        if self.question.world.numbers.types[t].prior <= 0.0 {
            return f64::NAN;
        }
        let player = h.player_of(self.question.setting.types[t].party);
        let (mut sum, mut all) = (0.0, 0.0);
        for (at, place) in h.places.iter().enumerate() {
            if !place.next.is_empty() {
                continue;
            }
            for (p, profile) in h.profiles.iter().enumerate() {
                let comes = plain[at][p];
                let there = player.is_none_or(|player| profile.types[player] == t);
                if comes > 0.0 && there {
                    let worth = match player {
                        Some(player) => leaves.at(at, p)[player],
                        None => self.ends.worth(place, t, &|of| h.type_in(profile, of)),
                    };
                    sum += comes * worth;
                    all += comes;
                }
            }
        }
        sum / all
    }
}
