//! Moves that compete are not so quick that a month is too long a step: as the case has them, with the levers that may be pulled together,
//! and as each type believes, all at their medians.

use detente_core::{Target, Trigger};
use detente_diag::{Code, Diagnostic};
use detente_math::Distribution;

use super::{About, Condition, NEVER, Rules};
use crate::InputId;

/// More than once a week: months are then too long a step.
const MOST_A_MONTH: f64 = 4.3;

impl Rules<'_> {
    /// The rates at which each state of a process is left, and all that may move them.
    pub(super) fn gather_rates(&mut self) {
        let Some(process) = &self.setting.process else {
            return;
        };
        for s in 0..process.states.len() {
            let members = self.rates_from(s);
            self.add(About::Rates(s), members);
        }
    }

    fn rates_from(&self, s: usize) -> Vec<InputId> {
        let (Some(process), Some(numbers)) = (&self.setting.process, self.shape.process.first())
        else {
            return Vec::new();
        };
        let mut members = Vec::new();
        let moves = process.moves.iter().zip(&numbers.moves).enumerate();
        for (m, (_, own)) in moves.filter(|(_, (own, _))| own.from == s) {
            members.push(own.rate);
            members.extend(own.later.iter().map(|later| later.rate));
            for (lever, numbers) in self.setting.levers.iter().zip(&self.shape.levers) {
                let sets = lever.sets.iter().zip(&numbers.sets);
                let mut own = sets
                    .filter(|(target, _)| is_rate_of(**target, m))
                    .peekable();
                if own.peek().is_some() {
                    members.push(numbers.on);
                }
                members.extend(own.map(|(_, set)| *set));
            }
            if let Some(place) = process.believed.iter().position(|own| *own == m) {
                let types = self.shape.types.iter();
                members.extend(types.filter_map(|t| t.believes_rates.get(place)));
            }
        }
        members
    }

    /// What is wrong with the rates at which a state is left.
    pub(super) fn too_quick(&self, s: usize, condition: &Condition) -> Option<Diagnostic> {
        let process = self.setting.process.as_ref()?;
        let mut answers: Vec<Trigger> = Vec::new();
        for lever in &self.setting.levers {
            if lever.trigger != Trigger::Now && !answers.contains(&lever.trigger) {
                answers.push(lever.trigger);
            }
        }
        let answers = std::iter::once(None).chain(answers.into_iter().map(Some));
        let seen_by = || std::iter::once(None).chain((0..self.setting.types.len()).map(Some));
        for (answer, seen) in answers.flat_map(|a| seen_by().map(move |t| (a, t))) {
            let mut pulled = Vec::new();
            let moves = process.moves.iter().enumerate();
            let from = moves.filter(|(_, own)| own.from == s);
            let all: f64 = from
                .map(|(m, _)| self.quickest((m, answer, seen), condition, &mut pulled))
                .sum();
            if all <= MOST_A_MONTH || all.is_nan() {
                continue;
            }
            let with = match &pulled[..] {
                [] => String::new(),
                [one] => format!(" with the lever {one}"),
                several => format!(" with the levers {}", several.join(" and ")),
            };
            let whose = seen.map_or(String::new(), |t| {
                let kind = &self.setting.types[t];
                let party = &self.setting.parties[kind.party];
                if party.types.len() > 1 {
                    format!(", as `{}` ({}) believes", party.id, kind.id)
                } else {
                    format!(", as `{}` believes", party.id)
                }
            });
            let message = format!(
                "moves leave the state `{}` {all:.1} times a month{with}{}{whose}: more than once a week",
                process.states[s].id, condition.under
            );
            let help = "rates are by the month, and months are followed one by one: leave out a state that lasts days";
            return Some(Diagnostic::new(Code::BAD_PROCESS, message).help(help));
        }
        None
    }

    /// The greatest rate that a move has in any month, with levers that run now and those that one answer pulls, as somebody sees it. Levers
    /// that make it quicker are added to `pulled`.
    fn quickest(
        &self,
        (m, answer, seen): (usize, Option<Trigger>, Option<usize>),
        condition: &Condition,
        pulled: &mut Vec<String>,
    ) -> f64 {
        let Some(own) = self.shape.process.first().and_then(|p| p.moves.get(m)) else {
            return f64::NAN;
        };
        let later = own.later.iter().map(|later| later.rate);
        let rates = later.chain([own.rate]);
        let mut most = rates
            .map(|id| self.median(id, condition))
            .fold(0.0, f64::max);
        for (lever, numbers) in self.setting.levers.iter().zip(&self.shape.levers) {
            let comes = lever.trigger == Trigger::Now || Some(lever.trigger) == answer;
            let on = self.effective(numbers.on, condition).distribution;
            if !comes || on.is_none_or(|on| on.cdf(0.5) >= 1.0 - NEVER) {
                continue;
            }
            let sets = lever.sets.iter().zip(&numbers.sets);
            let sets = sets.filter(|(target, _)| is_rate_of(**target, m));
            for rate in sets.map(|(_, set)| self.median(*set, condition)) {
                if rate > most {
                    most = rate;
                    let name = format!("`{}`", lever.id);
                    if !pulled.contains(&name) {
                        pulled.push(name);
                    }
                }
            }
        }
        let process = self.setting.process.as_ref();
        let place = process.and_then(|p| p.believed.iter().position(|own| *own == m));
        let offset = seen.zip(place).and_then(|(t, place)| {
            let offset = self.shape.types[t].believes_rates.get(place)?;
            Some(self.median(*offset, condition))
        });
        most * libm::exp(offset.unwrap_or(0.0))
    }

    fn median(&self, id: InputId, condition: &Condition) -> f64 {
        let drawn = self.effective(id, condition).distribution;
        drawn.map_or(f64::NAN, |drawn: &Distribution| drawn.quantile(0.5))
    }
}

fn is_rate_of(target: Target, m: usize) -> bool {
    match target {
        Target::Rate(own) | Target::LaterRate(own, _) => own == m,
        _ => false,
    }
}
