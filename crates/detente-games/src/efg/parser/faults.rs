//! Faults of meaning that the parser finds, in words.

use detente_diag::{Code, Diagnostic, Span};
use num_rational::BigRational;
use num_traits::{One, Signed};

use super::{CHANCE, Described, Parser};
use crate::efg::lexer::{Kind as Mark, Token, unquote};
use crate::efg::reader::{Reader, shown, total};
use crate::game::Kind;
use crate::number::Number;

/// Known numbers that a message lists.
const LISTED: usize = 8;

impl Parser<'_, '_> {
    pub(super) fn no_player(&mut self, number: u64) {
        let names: Vec<String> = (1..)
            .zip(&self.game.players)
            .take(LISTED)
            .map(|(number, name)| format!("{number} is {}", shown(name)))
            .collect();
        let more = if self.game.players.len() > LISTED {
            ", …"
        } else {
            ""
        };
        let help = match number {
            CHANCE => "players count from 1; a move of chance begins with `c`".to_owned(),
            _ if names.is_empty() => "the game has no players".to_owned(),
            _ => format!("{}{more}", names.join(", ")),
        };
        let place = self.reader.span(self.reader.last);
        let message = format!("there is no player {number}");
        let diagnostic = Diagnostic::new(Code::GAME_PLAYER, message);
        self.reader.fault(diagnostic.at(place, "").help(help));
    }

    /// The probabilities of a chance move, if they are some.
    pub(super) fn lottery(
        &mut self,
        typed: Vec<Option<(Number, Token)>>,
        place: Span,
    ) -> Vec<Number> {
        let count = typed.len();
        let mut chance = Vec::with_capacity(count);
        for (number, token) in typed.into_iter().flatten() {
            if number.is_negative() {
                let message = format!(
                    "{} is no probability: it is below zero",
                    shown(self.reader.raw(token))
                );
                let place = self.reader.span(token);
                self.reader.fault(
                    Diagnostic::new(Code::GAME_CHANCE, message)
                        .at(place, "")
                        .help("probabilities lie between 0 and 1"),
                );
            }
            chance.push(number);
        }
        if chance.len() < count || chance.iter().any(Number::is_negative) {
            return chance;
        }
        match total(&chance) {
            Some(sum) if sum.is_one() => {}
            Some(sum) => {
                let off = BigRational::one() - &sum;
                let (which, size) = if off.is_negative() {
                    ("too much", -off)
                } else {
                    ("missing", off)
                };
                let message = format!("the probabilities add up to {}, not to one", spelled(&sum));
                let help = format!(
                    "they must add up exactly, and {} is {which}: write fractions such as `1/3`, or decimals of equal length",
                    spelled(&size)
                );
                self.reader.fault(
                    Diagnostic::new(Code::GAME_CHANCE, message)
                        .at(place, "")
                        .help(help),
                );
            }
            None => {
                let help = "the common denominator of the probabilities of one chance move has 4,900 digits at most";
                self.reader.fault(
                    Diagnostic::new(
                        Code::TOO_LARGE,
                        "the probabilities have too many different denominators",
                    )
                    .at(place, "")
                    .help(help),
                );
            }
        }
        chance
    }

    /// Reports how a repeated description differs from the first.
    pub(super) fn compare(&mut self, kind: Kind, again: &Described) {
        let (label, actions, chance, first) = match kind {
            Kind::Chance(index) => {
                let set = &self.game.chances[index as usize];
                (
                    &set.label,
                    &set.actions,
                    &set.chance[..],
                    self.chance_places[index as usize],
                )
            }
            Kind::Personal(index) => {
                let set = &self.game.sets[index as usize];
                (
                    &set.label,
                    &set.actions,
                    &[][..],
                    self.set_places[index as usize],
                )
            }
            Kind::Terminal => return,
        };
        let reader = &self.reader;
        let mut clash = None;
        if !same(reader, again.label, label) {
            clash = Some((
                again.label,
                format!("its label was {}", shown(&format!("\"{label}\""))),
            ));
        } else if actions.len() != again.actions.len() {
            let first: Vec<String> = actions
                .iter()
                .take(LISTED)
                .map(|action| shown(action))
                .collect();
            let more = if actions.len() > LISTED { ", …" } else { "" };
            clash = Some((
                again.label,
                format!(
                    "it had {} actions: {}{more}",
                    actions.len(),
                    first.join(", ")
                ),
            ));
        } else {
            for (position, (token, action)) in again.actions.iter().zip(actions).enumerate() {
                if !same(reader, *token, action) {
                    clash = Some((
                        *token,
                        format!("this action was {}", shown(&format!("\"{action}\""))),
                    ));
                    break;
                }
                // A number that was none has been reported; the first description may lack it too.
                if let (Some(Some((_, token))), Some(before)) =
                    (again.chance.get(position), chance.get(position))
                    && chance.len() == actions.len()
                    && !before.is_spelled(reader.raw(*token))
                {
                    clash = Some((*token, format!("this probability was `{before}`")));
                    break;
                }
            }
        }
        if let Some((token, was)) = clash {
            let diagnostic = Diagnostic::new(Code::GAME_TWICE, "the set is described a second time, and otherwise")
                .at(self.reader.span(token), was)
                .at(first, "first described here")
                .help("repeat the description word for word, leave it out, or give the set another number");
            self.reader.fault(diagnostic);
        }
    }

    pub(super) fn undefined_set(&mut self, mover: u64, number: u64, place: Span) {
        if mover == u64::MAX {
            return;
        }
        let (whose, known): (String, Vec<u64>) = if mover == CHANCE {
            (
                "chance".to_owned(),
                self.game.chances.iter().map(|set| set.number).collect(),
            )
        } else {
            let player = u32::try_from(mover - 1).unwrap_or(u32::MAX);
            let sets = self.game.sets.iter().filter(|set| set.player == player);
            (
                format!("player {mover}"),
                sets.map(|set| set.number).collect(),
            )
        };
        let message = format!("set {number} of {whose} is mentioned before it is described");
        let help = format!(
            "write its label and its actions here, at its first mention; {}",
            listed(&known, &format!("described so far for {whose}"))
        );
        self.reader.fault(
            Diagnostic::new(Code::GAME_UNDEFINED, message)
                .at(place, "no label and actions follow")
                .help(help),
        );
    }

    pub(super) fn compare_outcome(
        &mut self,
        index: usize,
        label: Token,
        payoffs: &[(Number, Token)],
    ) {
        let first = &self.game.outcomes[index];
        let mut clash = None;
        if !same(&self.reader, label, &first.label) {
            clash = Some((
                label,
                format!("its label was {}", shown(&format!("\"{}\"", first.label))),
            ));
        } else if first.payoffs.len() == payoffs.len() {
            clash = first
                .payoffs
                .iter()
                .zip(payoffs)
                .find_map(|(first, (_, token))| {
                    (!first.is_spelled(self.reader.raw(*token)))
                        .then(|| (*token, format!("this payoff was `{first}`")))
                });
        }
        if let Some((token, was)) = clash {
            let diagnostic = Diagnostic::new(Code::GAME_TWICE, format!("outcome {} is described a second time, and otherwise", first.number))
                .at(self.reader.span(token), was)
                .at(self.outcome_places[index], "first described here")
                .help("repeat the description word for word, leave it out, or give the outcome another number");
            self.reader.fault(diagnostic);
        }
    }

    pub(super) fn undefined_outcome(&mut self, number: u64, token: Token) {
        let outcomes = self.game.outcomes.iter();
        let known: Vec<u64> = outcomes.map(|outcome| outcome.number).collect();
        let message = format!("outcome {number} is mentioned before it is described");
        let help = format!(
            "write its label and its payoffs here, at its first mention; {}",
            listed(&known, "described so far")
        );
        let diagnostic = Diagnostic::new(Code::GAME_UNDEFINED, message)
            .at(self.reader.span(token), "no label and payoffs follow")
            .help(help);
        self.reader.fault(diagnostic);
    }

    pub(super) fn paid_null(&mut self, place: Span) {
        let message = "outcome 0 has neither a label nor payoffs";
        let diagnostic = Diagnostic::new(Code::GAME_NULL, message)
            .at(place, "")
            .help("outcome 0 pays nothing; give this outcome a number of its own");
        self.reader.fault(diagnostic);
    }

    /// The tree is complete.
    pub(super) fn behind(&mut self) {
        if self.reader.token.kind == Mark::End {
            return;
        }
        let message = "the tree is complete; what follows is ignored";
        let place = self.reader.span(self.reader.token);
        let help = "each node is followed by one subtree for each of its actions, and by nothing else; remove the rest, or add the action that leads there";
        self.reader.warn(
            Diagnostic::new(Code::GAME_BEHIND, message)
                .at(place, "")
                .help(help),
        );
    }

    /// The file ends, but nodes are still to come.
    pub(super) fn incomplete(&mut self) {
        let missing: u64 = self
            .open
            .iter()
            .map(|open| u64::from(open.actions - open.seen))
            .sum();
        let message = match missing {
            1 => "the file ends, but a subtree is still to come".to_owned(),
            _ => format!("the file ends, but {missing} subtrees are still to come"),
        };
        let mut diagnostic = Diagnostic::new(Code::GAME_INCOMPLETE, message)
            .at(self.reader.span(self.reader.last), "the file ends here");
        if let Some(open) = self.open.last() {
            let said = format!(
                "of the {} subtrees of this node {} follow",
                open.actions, open.seen
            );
            diagnostic = diagnostic.at(self.reader.span(open.place), said);
        }
        self.reader.fault(diagnostic.help("each node is followed by one subtree for each of its actions; a play ends with `t \"\" 0`"));
    }
}

/// Does a text token say `text`?
fn same(reader: &Reader<'_, '_>, token: Token, text: &str) -> bool {
    unquote(reader.raw(token)) == text
}

/// A rational as a message shows it: exact if that is short.
fn spelled(number: &BigRational) -> String {
    let exact = number.to_string();
    if exact.len() <= 24 {
        return exact;
    }
    format!("about {}", crate::number::to_f64(number))
}

fn listed(known: &[u64], what: &str) -> String {
    if known.is_empty() {
        return format!("{what}: none");
    }
    let first: Vec<String> = known.iter().take(LISTED).map(u64::to_string).collect();
    format!(
        "{what}: {}{}",
        first.join(", "),
        if known.len() > LISTED { ", …" } else { "" }
    )
}
