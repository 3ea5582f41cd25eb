//! What is told of play, worked out again from how likely play comes to each place: chances by round, month and package, beliefs, worths.

use detente_core::catalogue::talks::{
    AGREED, AGREED_OFFER, BELIEF_AT, DEAL, DEAL_IN, GAIN, GOING_ON, PULLED, WORTH,
};
use detente_core::talks::TOLD_MONTHS;

use super::histories::What;
use super::{Check, ROUNDING, Values};

impl Check<'_> {
    fn same(claimed: f64, found: f64, tolerance: f64, what: &str) -> Result<usize, String> {
        if (claimed - found).abs() <= tolerance {
            return Ok(1);
        }
        Err(format!("{what}: claimed {claimed}, found {found}"))
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
            checked += Self::same(
                claimed,
                deal,
                ROUNDING.max(self.ends.error() * 1e-3),
                "deals in a round",
            )?;
            let offers: fn(&What) -> bool = |what| matches!(what, What::Offer(_));
            let going = of(offers, None);
            let claimed = self.answer.get(GOING_ON, &[round]);
            checked += Self::same(claimed, going, ROUNDING, "a round is held")?;
            if going < 1e-5 {
                continue;
            }
            for (player, types) in h.types.iter().enumerate() {
                for t in types {
                    let own = h.profiles.iter().enumerate();
                    let own = own.filter(|(_, profile)| profile.types[player] == *t);
                    let there: f64 = own.map(|(p, _)| of(offers, Some(p))).sum();
                    let claimed = self.answer.get(BELIEF_AT, &[*t, round]);
                    checked += Self::same(
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
            if let What::Deal(offer) = place.what {
                let signed = comes * self.ends.lasts(place.round);
                by_offer[offer] += signed;
                let from = (place.round * self.talks.months).min(by_month.len());
                by_month[from..].iter_mut().for_each(|sum| *sum += signed);
            }
        }
        let near = ROUNDING.max(self.ends.error() * 1e-3);
        let mut checked = 0;
        for (month, found) in by_month.iter().enumerate() {
            let claimed = self.answer.get(DEAL, &[month]);
            checked += Self::same(claimed, *found, near, "a deal by a month")?;
        }
        for (offer, found) in by_offer.iter().enumerate() {
            let claimed = self.answer.get(AGREED_OFFER, &[offer]);
            checked += Self::same(claimed, *found, near, "what is agreed")?;
        }
        for (p, package) in setting.packages.iter().enumerate() {
            let mut offers = self.table.offers.iter().zip(&by_offer);
            let own = offers.find(|(offer, _)| **offer == package.choice);
            let found = own.map_or(0.0, |(_, found)| *found);
            checked += Self::same(self.answer.get(AGREED, &[p]), found, near, "what is agreed")?;
        }
        for lever in &self.table.levers {
            let claimed = self.answer.get(PULLED, &[*lever]);
            checked += Self::same(claimed, pulled[*lever], near, "a lever is pulled")?;
        }
        Ok(checked)
    }

    /// What talks are worth to those who have a part.
    pub(super) fn worths(&self, leaves: &Values, plain: &[Vec<f64>]) -> Result<usize, String> {
        let h = &self.histories;
        let mut checked = 0;
        for (player, types) in h.types.iter().enumerate() {
            for t in types {
                let (mut sum, mut all) = (0.0, 0.0);
                for (leaf, by) in leaves.iter().zip(plain) {
                    for (p, worth) in leaf.iter().enumerate() {
                        if h.profiles[p].types[player] == *t {
                            sum += by[p] * worth[player];
                            all += by[p];
                        }
                    }
                }
                let claimed = self.answer.get(WORTH, &[*t]);
                let tolerance = 1e-6 + 2.0 * self.ends.error();
                checked += Self::same(claimed, sum / all, tolerance, "what talks are worth")?;
                let (claimed, found) = (
                    self.answer.get(GAIN, &[*t]),
                    sum / all - self.ends.without(*t),
                );
                checked +=
                    Self::same(claimed, found, tolerance, "what talks are worth above none")?;
            }
        }
        Ok(checked)
    }
}
