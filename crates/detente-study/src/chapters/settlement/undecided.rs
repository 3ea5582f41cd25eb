//! Answers that are too close to call: a type whose package is worth within the noise of choosing of what refusing is worth. They are
//! counted as accepted or refused by their sign elsewhere, and apart here.

use detente_core::Setting;
use detente_core::catalogue::settlement;
use detente_evidence::Sureness;

use crate::run::Table;
use crate::summarise::drawn::Drawn;

pub(super) fn sureness(setting: &Setting, table: &Table, drawn: &Drawn, p: usize) -> Sureness {
    let worlds = table.worlds;
    let (mut sure, mut unsure) = (Vec::new(), Vec::new());
    for party in &setting.parties {
        let (mut yes, mut perhaps) = (vec![0.0; worlds], vec![0.0; worlds]);
        for t in party.types.clone() {
            let margins = table.column(settlement::MARGIN, &[t, p]);
            let crossed = table.column(settlement::CROSSED, &[t, p]);
            for (w, (margin, crossed)) in margins.zip(crossed).enumerate() {
                let (noise, prior) = (drawn.noise[w], drawn.priors[t][w]);
                // A world in which nothing was told has no answer of any kind.
                let share = if margin.is_nan() { f64::NAN } else { prior };
                if margin.is_nan() || crossed <= 0.0 && margin >= noise {
                    yes[w] += share;
                }
                if margin.is_nan() || crossed <= 0.0 && margin.abs() < noise {
                    perhaps[w] += share;
                }
            }
        }
        sure.push(yes);
        unsure.push(perhaps);
    }
    let needed = setting.packages[p].needed;
    let all = |w: usize, with_unsure: bool| -> f64 {
        let of = |i: usize| sure[i][w] + if with_unsure { unsure[i][w] } else { 0.0 };
        needed.iter().map(of).product()
    };
    let mean = |of: &dyn Fn(usize) -> f64| {
        let values: Vec<f64> = (0..worlds).map(of).collect();
        table.mean_of(values.iter().copied())
    };
    Sureness {
        undecided: unsure
            .iter()
            .map(|party| table.mean_of(party.iter().copied()))
            .collect(),
        sure: mean(&|w| all(w, false)),
        open: mean(&|w| all(w, true) - all(w, false)),
    }
}
