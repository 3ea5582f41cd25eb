//! How large a game is, and what is cut from what a case asks for until it fits.

use detente_core::Setting;
use detente_core::talks::{Table, TalksSetting, pulled_on};

/// What is played of what a case asks for, before a world is seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) rounds: usize,
    pub(super) offers: usize,
    pub(super) levers: Vec<usize>,
    pub(super) announced: Vec<usize>,
}

/// The most of the talks that has no more moves than the case allows; `None`: not even one offer in one round has.
pub(super) fn plan(setting: &Setting, talks: &TalksSetting) -> Option<Plan> {
    let mut plan = Plan {
        rounds: talks.rounds,
        offers: talks.offers,
        levers: talks.levers.clone(),
        announced: talks.announced.clone(),
    };
    while plan.moves(setting, talks) > talks.moves {
        if !plan.cut(setting) {
            return None;
        }
    }
    Some(plan)
}

impl Plan {
    /// Takes away what matters least; false if there is nothing left to take.
    pub(super) fn cut(&mut self, setting: &Setting) -> bool {
        let refuser = |l: usize| setting.levers[l].trigger;
        // Of a refusal that several levers answer, the last one of those that are not announced.
        let beside = (0..self.levers.len()).rfind(|at| {
            let l = self.levers[*at];
            let same = self.levers[..*at].iter().any(|k| refuser(*k) == refuser(l));
            same && !self.announced.contains(&l)
        });
        if self.rounds > 2 {
            self.rounds -= 1;
        } else if self.offers > 4 {
            self.offers -= 1;
        } else if self.announced.len() > 1 {
            self.announced.pop();
        } else if let Some(at) = beside {
            self.levers.remove(at);
        } else if self.offers > 2 {
            self.offers -= 1;
        } else if self.rounds > 1 {
            self.rounds -= 1;
        } else if let Some(l) = self.announced.pop() {
            debug_assert!(self.levers.contains(&l));
        } else if self.levers.pop().is_none() {
            if self.offers <= 1 {
                return false;
            }
            self.offers -= 1;
        }
        true
    }

    /// Moves over all information sets if every offer needs the signatories, counted no further than somewhat beyond what is allowed.
    fn moves(&self, setting: &Setting, talks: &TalksSetting) -> usize {
        let needed = setting.signatories();
        let types = |party: usize| setting.parties[party].types.len();
        let mut announcing = 0_usize;
        for (k, l) in self.announced.iter().enumerate() {
            announcing += (2 * types(setting.levers[*l].by)) << k;
        }
        let histories = 1_usize << self.announced.len();
        let news = if talks.news.is_some() { 2 } else { 1 };
        // By round from the last, by offers that are left.
        let mut later = vec![0_usize; self.offers + 1];
        for round in (0..self.rounds).rev() {
            let proposer = talks.proposer(round);
            let asked = talks.answering(proposer, needed);
            let mut answer = 0;
            for party in &asked {
                answer += 2 * types(*party);
                for (k, l) in pulled_on(setting, &self.levers, *party).iter().enumerate() {
                    answer += (2 * types(setting.levers[*l].by)) << k;
                }
            }
            let here = (0..=self.offers).map(|left| {
                let passes = usize::from(talks.passes);
                let mut moves = types(proposer) * (left + passes) + left * answer;
                moves += passes * news * later[left];
                if left > 0 {
                    moves += left * asked.len() * news * later[left - 1];
                }
                moves.min(1 << 30)
            });
            later = here.collect();
        }
        announcing + histories * later[self.offers]
    }

    /// The table of a world in which these may be proposed.
    pub(super) fn table(&self, offers: &[Vec<u8>], on: impl Fn(usize) -> bool) -> Table {
        let levers = |list: &[usize]| list.iter().copied().filter(|l| on(*l)).collect();
        Table {
            rounds: self.rounds,
            offers: offers[..offers.len().min(self.offers)].to_vec(),
            levers: levers(&self.levers),
            announced: levers(&self.announced),
        }
    }
}
