//! What the refinements say, in words.

use super::{Signalling, Unsent};
use crate::number::Number;

impl Unsent {
    /// What the intuitive criterion and D1 say about this message, a sentence each, without a full stop: "wimp cannot gain from
    /// beer: at most 2 < 3".
    pub fn in_words(&self, game: &Signalling) -> Vec<String> {
        let message = &game.messages[self.message].name;
        let name = |kind: usize| game.types[kind].name.as_str();
        let mut said = Vec::new();
        for round in 1..=self.intuitive.rounds {
            let all = self.intuitive.temptations.iter();
            for tempted in all.clone().filter(|tempted| tempted.round == round) {
                let before = all
                    .clone()
                    .filter(|other| (1..round).contains(&other.round));
                let before: Vec<&str> = before.map(|other| name(other.kind)).collect();
                let once = if before.is_empty() {
                    String::new()
                } else {
                    format!(
                        " either, once it is not believed of {}",
                        before.join(" or ")
                    )
                };
                said.push(format!(
                    "{} cannot gain from {message}{once}: at most {} < {}",
                    name(tempted.kind),
                    short(&tempted.most),
                    short(&tempted.payoff)
                ));
            }
        }
        for tempted in &self.intuitive.temptations {
            if tempted.breaks() {
                said.push(format!(
                    "{} then gains from {message} for sure: at least {} > {}, so the intuitive criterion strikes this equilibrium",
                    name(tempted.kind),
                    short(&tempted.least),
                    short(&tempted.payoff)
                ));
            }
        }
        for struck in &self.d1.struck {
            // Said already, and more simply.
            if !self.intuitive.left.contains(&struck.kind) {
                continue;
            }
            let before = self
                .d1
                .struck
                .iter()
                .filter(|other| other.round < struck.round);
            let before: Vec<&str> = before.map(|other| name(other.kind)).collect();
            let once = if before.is_empty() {
                String::new()
            } else {
                format!(
                    "once {message} is not believed of {}, ",
                    before.join(" or ")
                )
            };
            said.push(format!(
                "{once}{} gains from {message} whenever {} would not lose by it, and at other times, so D1 does not believe {message} of {}",
                name(struck.by),
                name(struck.kind),
                name(struck.kind)
            ));
        }
        if !self.d1.survives {
            let left: Vec<&str> = self.d1.left.iter().map(|&kind| name(kind)).collect();
            said.push(format!(
                "no response to {message} that is best against {} deters everyone, so D1 strikes this equilibrium",
                left.join(" or ")
            ));
        }
        if self.intuitive.survives() && self.d1.survives {
            said.push(format!(
                "nobody gains from {message} under beliefs that the intuitive criterion and D1 allow"
            ));
        }
        said
    }
}

/// A number to at most six decimals.
fn short(number: &Number) -> String {
    let rounded = (number.value() * 1e6).round() / 1e6;
    // No minus before a rounded zero.
    format!("{}", rounded + 0.0)
}
