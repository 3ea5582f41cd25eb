//! The first offer, who refuses it, and what others believe of who did.

use detente_core::catalogue::talks::{POSTERIOR, PROPOSES, REFUSES};

use super::histories::{Place, What};
use super::play::Reach;
use super::{Check, ROUNDING, same};

impl Check<'_> {
    /// Of named packages.
    pub(super) fn first_round(&self, reach: &Reach) -> Result<usize, String> {
        let setting = self.question.setting;
        let mut checked = 0;
        for (p, package) in setting.packages.iter().enumerate() {
            let mut menu = self.table.offers.iter();
            let offer = menu.position(|offer| *offer == package.choice);
            for party in 0..setting.parties.len() {
                let found = match offer {
                    _ if party != self.talks.proposer(0) => f64::NAN,
                    None => 0.0,
                    Some(offer) => self.proposed_first(reach, offer),
                };
                let claimed = self.answer.get(PROPOSES, &[party, p]);
                checked += same(claimed, found, ROUNDING, "a package is proposed first")?;
                for t in setting.parties[party].types.clone() {
                    let found = offer.map_or([f64::NAN; 2], |o| self.refused(reach, party, t, o));
                    for (quantity, found, what) in [
                        (REFUSES, found[0], "a type refuses a package"),
                        (
                            POSTERIOR,
                            found[1],
                            "what is believed of who refuses a package",
                        ),
                    ] {
                        let claimed = self.answer.get(quantity, &[t, p]);
                        checked += same(claimed, found, 10.0 * ROUNDING, what)?;
                    }
                }
            }
        }
        Ok(checked)
    }

    /// How likely the first offer of all is this one.
    fn proposed_first(&self, reach: &Reach, offer: usize) -> f64 {
        let h = &self.histories;
        let mut found = 0.0;
        for place in h.places.iter().filter(|place| place.round == 0) {
            let What::Offer(offers) = &place.what else {
                continue;
            };
            if let Some(k) = offers.iter().position(|own| *own == offer) {
                found += reach.plain[place.next[k]].iter().sum::<f64>();
            }
        }
        found
    }

    /// Of a package that is proposed in the first round: how likely a type refuses it, and what others believe of the type once its party has.
    fn refused(&self, reach: &Reach, party: usize, t: usize, offer: usize) -> [f64; 2] {
        let h = &self.histories;
        let Some(player) = h.player_of(party) else {
            return [f64::NAN; 2];
        };
        let asked = |place: &&Place| {
            place.what == What::Answer(offer) && place.by == party && place.round == 0
        };
        let asked = || {
            let places = h.places.iter().enumerate();
            places.filter(move |(_, place)| asked(place))
        };
        if asked().next().is_none() || !h.types[player].contains(&t) {
            return [f64::NAN; 2];
        }
        let here: Vec<(usize, usize)> = asked()
            .flat_map(|(at, _)| h.with(player, t).map(move |p| (at, p)))
            .collect();
        let (mut all, mut refuses) = (0.0, 0.0);
        for ((at, p), weight) in here.iter().zip(reach.weights(&here)) {
            all += weight;
            self.steps(*at, *p, |step| {
                if step.next == h.places[*at].next[1] && weight > 0.0 {
                    refuses += weight * step.chance;
                }
            });
        }
        let there: Vec<(usize, usize)> = asked()
            .flat_map(|(_, place)| (0..h.profiles.len()).map(|p| (place.next[1], p)))
            .collect();
        let (mut sum, mut own) = (0.0, 0.0);
        for ((_, p), weight) in there.iter().zip(reach.weights(&there)) {
            sum += weight;
            if h.profiles[*p].types[player] == t {
                own += weight;
            }
        }
        [refuses / all, own / sum]
    }
}
