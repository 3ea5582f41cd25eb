//! Certificates in words.

use std::fmt::Write as _;

use super::{Basis, Certificate, Deviation, Malformed, Verdict};
use crate::game::Game;

/// Deviations told, the first ones.
const DEVIATIONS: usize = 12;

/// Beliefs listed, the first ones.
const BELIEFS: usize = 6;

impl Certificate {
    /// The finding in words, a line for it and one for each of the first deviations, with the names of `game`, the game that was examined.
    pub fn in_words(&self, game: &Game) -> String {
        let mut text = String::new();
        match &self.verdict {
            Verdict::Sequential => {
                text.push_str("Nash yes, sequentially rational yes");
            }
            Verdict::Inconsistent { set, distance } => {
                let name = set_name(game, *set);
                let _ = write!(
                    text,
                    "Nash yes, sequentially rational under the beliefs given, which are not consistent: the trembles at {name} are \
                     {distance:.3} from the strategy"
                );
            }
            Verdict::NashOnly { .. } => text.push_str("Nash yes, sequentially rational no"),
            Verdict::NotEquilibrium { .. } => text.push_str("Nash no"),
            Verdict::Malformed(fault) => text.push_str(&malformed(game, *fault)),
        }
        let deviations = self.deviations();
        for deviation in deviations.iter().take(DEVIATIONS) {
            text.push('\n');
            self.deviation(game, deviation, &mut text);
        }
        if deviations.len() > DEVIATIONS {
            let more = deviations.len() - DEVIATIONS;
            let _ = write!(text, "\nand so on at {more} more information sets");
        }
        text
    }

    fn deviation(&self, game: &Game, deviation: &Deviation, text: &mut String) {
        let player = &game.players[deviation.player];
        let check = &self.sets[deviation.set];
        let _ = write!(
            text,
            "{player} at {} would {} instead of {} and gain {}",
            set_name(game, deviation.set),
            action_name(game, deviation.action),
            action_name(game, deviation.instead_of),
            amount(deviation.gain),
        );
        if !deviation.reached {
            text.push_str(", if play came there");
        }
        if check.beliefs.len() > 1 {
            let shown = check.beliefs.iter().take(BELIEFS);
            let beliefs: Vec<String> = shown.map(|p| format!("{p:.3}")).collect();
            let more = if check.beliefs.len() > BELIEFS {
                ", …"
            } else {
                ""
            };
            let _ = write!(text, "; it believes {}{more}", beliefs.join(", "));
            if check.basis == Basis::Uniform {
                text.push_str(" (chance never comes there)");
            }
            if !deviation.defensible {
                text.push_str("; no belief makes the plan best");
            }
        }
    }
}

/// A gain to six digits after the point, or if that is too few to its order of magnitude.
fn amount(gain: f64) -> String {
    if gain == 0.0 || (1e-4..1e15).contains(&gain) {
        format!("{gain:.6}")
    } else {
        format!("{gain:.2e}")
    }
}

fn malformed(game: &Game, fault: Malformed) -> String {
    match fault {
        Malformed::Length {
            strategy,
            tremble,
            actions,
        } => format!(
            "not an assessment: {strategy} probabilities and {tremble} trembles for {actions} actions"
        ),
        Malformed::Probability { action, value } => format!(
            "not an assessment: the strategy gives {} probability {value}",
            action_name(game, action)
        ),
        Malformed::LogProbability { action, value } => format!(
            "not an assessment: {} trembles with log-probability {value}",
            action_name(game, action)
        ),
        Malformed::Sum {
            set,
            strategy,
            tremble,
        } => format!(
            "not an assessment: at {} the probabilities add up to {strategy}, those of the trembles to {tremble}",
            set_name(game, set)
        ),
    }
}

fn set_name(game: &Game, set: usize) -> String {
    let set = &game.sets()[set];
    if set.label.is_empty() {
        format!("information set {}", set.number)
    } else {
        format!("\"{}\"", set.label)
    }
}

fn action_name(game: &Game, action: usize) -> String {
    let (set, place) = game.set_of_action(action);
    format!("\"{}\"", game.sets()[set].actions[place])
}
