//! What ends of talks are worth, from the case and the world alone.

use detente_core::talks::{Table, TalksSetting, pulled_on};
use detente_core::{LeverProfile, PartySet, Preferences, Question, Trigger};

use super::histories::{Place, What};
use crate::durable::{Deals, Life};
use crate::no_deal::{self, Waiting};

/// Worths of ends.
pub(super) struct Ends<'a> {
    question: Question<'a>,
    talks: &'a TalksSetting,
    /// V by type.
    value: Vec<f64>,
    /// By offer: whom it needs; D by type, and whether it crosses a hard red line of it.
    offers: Vec<(PartySet, Vec<(f64, bool)>)>,
    /// By offer: how long it lives, where something may follow a deal.
    lives: Vec<Option<Life<'a>>>,
    /// By round, by type: what comes before it, and the chance that it comes to it.
    before: Vec<Vec<Waiting>>,
    /// By round, by set of levers: what no deal is worth in all, by type.
    none: Vec<Vec<(LeverProfile, Vec<f64>)>>,
    /// By round, as the analyst sees it: the chance that it comes to it.
    lasts: Vec<f64>,
    /// By month, as the analyst sees it: the chance that what goes on without a deal has not ended while there are talks, and by round and by set
    /// of levers, as above, after them.
    talked: Vec<f64>,
    goes_on: Vec<Vec<(LeverProfile, Vec<f64>)>>,
    error: f64,
}

impl<'a> Ends<'a> {
    /// `None` where the case does not say what no deal is, or the budget is used up.
    pub(super) fn new(
        question: Question<'a>,
        talks: &'a TalksSetting,
        table: &Table,
    ) -> Option<Self> {
        let Question { setting, world } = question;
        let types = setting.types.len();
        let deals = Deals::new(question)?;
        let after = deals.after();
        let nothing = LeverProfile::default();
        let value = (0..types).map(|t| no_deal::value_with(question, t, nothing, &after[t]));
        let value: Vec<f64> = value.collect::<Option<_>>()?;
        let mut error = no_deal::tolerance(question);
        let (mut offers, mut lives) = (Vec::new(), Vec::new());
        for offer in &table.offers {
            let kept = deals.weighed(offer)?;
            let named = setting.packages.iter().position(|own| own.choice == *offer);
            let each = (0..types).map(|t| {
                let given = named.and_then(|p| world.fixed("durability", "deal_value", &[t, p]));
                let [low, high] = given.map_or(kept.worths[t], |given| [given; 2]);
                error = error.max(0.5 * (high - low) + no_deal::tolerance(question));
                let crossed = Preferences::crossed(setting, world, t, offer).is_some();
                (0.5 * (low + high), crossed)
            });
            let each = each.collect();
            offers.push((Table::needed(setting, offer), each));
            lives.push(kept.life);
        }
        let mut sets = vec![nothing];
        for party in 0..setting.parties.len() {
            let own = pulled_on(setting, &table.levers, party);
            for set in 1..1_usize << own.len() {
                let pulled = own.iter().enumerate().filter(|(k, _)| set & (1 << k) != 0);
                sets.push(pulled.fold(nothing, |all, (_, l)| all.with(*l)));
            }
        }
        let (mut before, mut none, mut lasts) = (Vec::new(), Vec::new(), Vec::new());
        let talked = no_deal::goes_on(question, None, nothing)?;
        let mut goes_on = Vec::new();
        for round in 0..table.rounds {
            let month = round * talks.months;
            let waits =
                (0..types).map(|t| no_deal::waiting(question, t, month, &after[t], nothing, false));
            before.push(waits.collect::<Option<Vec<_>>>()?);
            let analysts = no_deal::waiting(question, 0, month, &after[0], nothing, true)?;
            lasts.push(analysts.lasts);
            let mut of_round = Vec::new();
            for set in &sets {
                let worths = (0..types)
                    .map(|t| no_deal::value_after_talks(question, t, month, *set, &after[t]));
                of_round.push((*set, worths.collect::<Option<Vec<_>>>()?));
            }
            none.push(of_round);
            let after = sets.iter().map(|set| {
                let by_month = no_deal::goes_on(question, Some(month), *set)?;
                Some((*set, by_month))
            });
            goes_on.push(after.collect::<Option<Vec<_>>>()?);
        }
        Some(Self {
            question,
            talks,
            value,
            offers,
            lives,
            before,
            none,
            lasts,
            talked,
            goes_on,
            error,
        })
    }

    /// Greatest error of a worth.
    pub(super) fn error(&self) -> f64 {
        // What comes before a round and what follows it each have their own.
        2.0 * self.error
    }

    /// V of a type.
    pub(super) fn without(&self, t: usize) -> f64 {
        self.value[t]
    }

    pub(super) fn needed(&self, offer: usize) -> PartySet {
        self.offers[offer].0
    }

    pub(super) fn crosses(&self, offer: usize, t: usize) -> bool {
        self.offers[offer].1[t].1
    }

    /// The chance that there is still something to talk about in a round, as the analyst sees it.
    pub(super) fn lasts(&self, round: usize) -> f64 {
        self.lasts[round]
    }

    /// The chance, as the analyst sees it, that by a month what goes on without a deal has ended otherwise if talks end here.
    pub(super) fn ended(&self, place: &Place, month: usize) -> f64 {
        let round = place.round;
        let still = match &place.what {
            What::NoDeal(pulled) => {
                let mut sets = self.goes_on[round].iter();
                let own = sets.find(|(set, _)| set == pulled);
                own.map_or(f64::NAN, |(_, by_month)| by_month[month])
            }
            _ if month <= round * self.talks.months => self.talked[month],
            _ => self.lasts[round],
        };
        1.0 - still
    }

    /// Least and greatest chance that an offer that was signed does not break down for as long as a deal must last to count as kept, types
    /// having these chances; nothing where the case does not say what follows a deal.
    pub(super) fn is_kept(&self, offer: usize, weights: &[f64]) -> Option<[f64; 2]> {
        let durability = self.question.world.numbers.durability.first()?;
        let months = detente_core::asks::whole(durability.kept_months.round().max(1.0));
        Some(self.lives[offer].as_ref()?.survives(months, weights))
    }

    /// What a point in a round is worth to a type today: by its patience, and by how likely it thinks the round to come.
    pub(super) fn later(&self, round: usize, t: usize) -> f64 {
        let patience = self.question.world.numbers.types[t].patience;
        let months = (0..round * self.talks.months).map(|_| patience);
        months.product::<f64>() * self.before[round][t].lasts
    }

    /// What an end is worth to a type among some types.
    pub(super) fn worth(
        &self,
        place: &Place,
        t: usize,
        there: &dyn Fn(usize) -> Option<usize>,
    ) -> f64 {
        let Question { setting, world } = self.question;
        let later = |round: usize| self.later(round, t);
        let mut worth = match &place.what {
            What::Deal(offer) => {
                let deal = self.offers[*offer].1[t].0 + self.promised(t, there);
                self.before[place.round][t].worth + later(place.round) * deal
            }
            What::NoDeal(pulled) => {
                let mut sets = self.none[place.round].iter();
                sets.find(|(set, _)| set == pulled)
                    .map_or(f64::NAN, |(_, worths)| worths[t])
            }
            _ => f64::NAN,
        };
        for (l, round, pulled) in &place.paid {
            let n = &world.numbers.levers[*l];
            if setting.levers[*l].by == setting.types[t].party {
                worth -= later(*round) * if *pulled { n.cost } else { n.audience_cost };
            }
        }
        worth
    }

    /// What promises bring a type once a deal is signed: who gains by keeping one keeps it.
    fn promised(&self, t: usize, there: &dyn Fn(usize) -> Option<usize>) -> f64 {
        let Question { setting, world } = self.question;
        let mut all = 0.0;
        for (l, lever) in setting.levers.iter().enumerate() {
            let n = &world.numbers.levers[l];
            if lever.trigger != Trigger::Accept || n.on <= 0.0 || !lever.pays() {
                continue;
            }
            let brings = |t: usize| {
                let own = setting.types[t].party == lever.by;
                no_deal::brings(self.question, l, t) - if own { n.cost } else { 0.0 }
            };
            let given = world.fixed("leverage", "credibility", &[l]);
            let given = given.or((!n.credibility.is_nan()).then_some(n.credibility));
            let keeps = |w: usize| given.unwrap_or(if brings(w) >= 0.0 { 1.0 } else { 0.0 });
            let chance = there(lever.by).map_or_else(
                || {
                    let own = setting.parties[lever.by].types.clone();
                    own.map(|w| world.numbers.types[w].prior * keeps(w)).sum()
                },
                keeps,
            );
            all += chance * brings(t);
        }
        all
    }
}
