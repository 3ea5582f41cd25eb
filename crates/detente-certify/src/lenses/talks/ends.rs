//! What ends of talks are worth, from the case and the world alone.

use detente_core::talks::{Table, TalksSetting, pulled_on};
use detente_core::{LeverProfile, PartySet, Preferences, Question, Trigger};

use super::histories::{Place, What};
use crate::durable::Deals;
use crate::no_deal::{self, Waiting};

/// Worths of ends.
pub(super) struct Ends<'a> {
    question: Question<'a>,
    talks: &'a TalksSetting,
    /// V by type.
    value: Vec<f64>,
    /// By offer: whom it needs; D by type, and whether it crosses a hard red line of it.
    offers: Vec<(PartySet, Vec<(f64, bool)>)>,
    /// By round, by type: what comes before it, and the chance that it comes to it.
    before: Vec<Vec<Waiting>>,
    /// By round, by set of levers: what no deal is worth in all, by type.
    none: Vec<Vec<(LeverProfile, Vec<f64>)>>,
    /// By round, as the analyst sees it: the chance that it comes to it.
    lasts: Vec<f64>,
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
        let mut offers = Vec::new();
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
        }
        Some(Self {
            question,
            talks,
            value,
            offers,
            before,
            none,
            lasts,
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

    /// What an end is worth to a type among some types.
    pub(super) fn worth(
        &self,
        place: &Place,
        t: usize,
        there: &dyn Fn(usize) -> Option<usize>,
    ) -> f64 {
        let Question { setting, world } = self.question;
        let me = &world.numbers.types[t];
        let later = |round: usize| {
            let months = (0..round * self.talks.months).map(|_| me.patience);
            months.product::<f64>() * self.before[round][t].lasts
        };
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
