//! How long a process goes on.

use detente_core::{LeverProfile, ProcessPlace, Question};

use super::{MONTHS_A_STEP, rates_in};
use crate::{budget, contest};

/// By month: the chance that it has not ended, as the analyst sees it with some levers pulled.
pub(crate) fn goes_on(question: Question, pulled: LeverProfile, until: usize) -> Option<Vec<f64>> {
    let process = question.setting.process.as_ref()?;
    question.world.numbers.process.first()?;
    budget::spend(until / MONTHS_A_STEP + 1)?;
    let levers: Vec<_> = contest::running(question, pulled).collect();
    let mut here = vec![0.0; process.states.len()];
    here[process.today] = 1.0;
    let mut by = Vec::with_capacity(until + 1);
    for month in 0..=until {
        by.push(here.iter().sum());
        let rates = rates_in(question, &levers, month);
        let mut next = vec![0.0; here.len()];
        for (s, chance) in here.iter().enumerate() {
            let leaving = || {
                let moves = process.moves.iter().zip(&rates);
                moves.filter(|(own, rate)| own.from == s && **rate > 0.0)
            };
            let all: f64 = leaving().map(|(_, rate)| rate).sum();
            next[s] += chance * libm::exp(-all);
            for (own, rate) in leaving() {
                if let ProcessPlace::State(to) = own.to {
                    next[to] += chance * (1.0 - libm::exp(-all)) * rate / all;
                }
            }
        }
        here = next;
    }
    Some(by)
}
