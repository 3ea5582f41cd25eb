//! From tokens to a game, with all faults that one pass can find.
//!
//! A fault of meaning (a number, a sum, a player who does not exist) leaves the shape of the tree alone, and reading goes on. After
//! a fault of form reading goes on at the next line that begins like a node. If the number of a node's actions is not known then,
//! where later nodes belong is not known either: they are still read, but no longer counted.

use std::collections::HashMap;

use detente_diag::{Code, Diagnostic, Diagnostics, FileId, Span};
use num_rational::BigRational;
use num_traits::One;

use super::lexer::{Kind as Mark, Token};
use super::reader::{Reader, Stray, shown, total};
use crate::builder::small;
use crate::game::{ChanceSet, Game, InfoSet, Kind, Node, Outcome};
use crate::number::Number;

/// Chance, among the movers that sets are looked up by; players count from 1.
const CHANCE: u64 = 0;

/// Known numbers that a message lists.
const LISTED: usize = 8;

pub(super) fn parse(text: &str, file: FileId, diagnostics: &mut Diagnostics) -> Option<Game> {
    let mut reader = Reader::new(text, file, diagnostics);
    if let Err(Stray) = header(&mut reader, "EFG", "2") {
        return None;
    }
    let mut parser = Parser {
        reader,
        game: Game::default(),
        sets: HashMap::new(),
        outcomes: HashMap::new(),
        set_places: Vec::new(),
        chance_places: Vec::new(),
        outcome_places: Vec::new(),
        open: Vec::new(),
        adrift: false,
    };
    if let Err(Stray) = parser.preamble() {
        return None;
    }
    parser.nodes();
    parser.reader.faultless().then_some(parser.game)
}

/// Reads what says that this is a game file of the kind `name`, and of which version. Fails where reading on is of no use.
pub(crate) fn header(reader: &mut Reader<'_, '_>, name: &str, version: &str) -> Result<(), Stray> {
    if reader.text.len() > super::MOST_BYTES {
        let message = format!("the text has {} bytes", reader.text.len());
        let help = format!("game files have {} bytes at most", super::MOST_BYTES);
        reader.fault(Diagnostic::new(Code::TOO_LARGE, message).help(help));
        return Err(Stray);
    }
    let refuse = |reader: &mut Reader<'_, '_>, what: String, help: String| {
        let diagnostic = Diagnostic::new(Code::GAME_HEADER, what);
        let place = reader.span(reader.token);
        reader.fault(diagnostic.at(place, "").help(help));
        Err(Stray)
    };
    let (other, reads) = if name == "EFG" {
        ("NFG", ".nfg")
    } else {
        ("EFG", ".efg")
    };
    if reader.is_symbol(other) {
        let what = format!("this is an {reads} file, read as one of the other kind");
        return refuse(
            reader,
            what,
            format!("the name of the file should end in `{reads}`"),
        );
    }
    if !reader.is_symbol(name) {
        let typed = reader.raw(reader.token);
        let help = match detente_diag::nearest(typed, [name]) {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                format!("a game file begins with `{name} {version} R \"title\" {{ \"player\" … }}`")
            }
        };
        let what = format!("expected `{name}`, {}", reader.but_found());
        return refuse(reader, what, help);
    }
    reader.advance();
    if reader.token.kind != Mark::Number || reader.raw(reader.token) != version {
        let what = format!(
            "expected version {version} behind `{name}`, {}",
            reader.but_found()
        );
        return refuse(
            reader,
            what,
            format!("only version {version} of `{name}` files is known"),
        );
    }
    reader.advance();
    if !reader.is_symbol("R") && !reader.is_symbol("D") {
        let what = format!(
            "expected `R` or `D` behind the version, {}",
            reader.but_found()
        );
        return refuse(
            reader,
            what,
            "the letter has no meaning any more; write `R`".to_owned(),
        );
    }
    reader.advance();
    Ok(())
}

/// Reads `{ "player" … }`.
pub(crate) fn players(reader: &mut Reader<'_, '_>) -> Result<Vec<String>, Stray> {
    let mut players = Vec::new();
    reader.expect(Mark::LeftBrace, "`{` before the players")?;
    while reader.token.kind != Mark::RightBrace {
        let token = reader.text("the name of a player, or `}`")?;
        players.push(reader.content(token).into());
    }
    reader.advance();
    Ok(players)
}

/// A node whose children are still being read.
struct Open {
    node: u32,
    actions: u32,
    seen: u32,
    /// Where it stands.
    place: Token,
}

struct Parser<'t, 'd> {
    reader: Reader<'t, 'd>,
    game: Game,
    /// By mover and number, the index of a set (of players' sets or of chance's).
    sets: HashMap<(u64, u64), u32>,
    /// By number, the index of an outcome.
    outcomes: HashMap<u64, u32>,
    /// Where sets and outcomes were first described.
    set_places: Vec<Span>,
    chance_places: Vec<Span>,
    outcome_places: Vec<Span>,
    open: Vec<Open>,
    /// Is it no longer known where a node belongs?
    adrift: bool,
}

/// What a node says about its set: the label, the actions, and where.
struct Described {
    label: Token,
    actions: Vec<Token>,
    /// Of a chance move; `None` for a number that is none.
    chance: Vec<Option<(Number, Token)>>,
    place: Span,
}

impl Parser<'_, '_> {
    /// Title, players, comment.
    fn preamble(&mut self) -> Result<(), Stray> {
        let title = self.reader.text("the title, between quotes")?;
        self.game.title = self.reader.content(title).into();
        self.game.players = players(&mut self.reader)?;
        if self.reader.token.kind == Mark::Text {
            let comment = self.reader.text("a comment")?;
            self.game.comment = self.reader.content(comment).into();
        }
        Ok(())
    }

    fn nodes(&mut self) {
        loop {
            let start = self.reader.token;
            let read = self.node(start);
            if self.reader.hopeless() || read.is_err() && !self.resume(start.start) {
                return;
            }
            if self.adrift {
                if self.reader.token.kind != Mark::Symbol {
                    return;
                }
            } else if self.open.is_empty() {
                return self.behind();
            } else if self.reader.token.kind == Mark::End {
                return self.incomplete();
            }
        }
    }

    /// Goes on at the next line behind `start` that begins like a node; `false` if there is none.
    fn resume(&mut self, start: usize) -> bool {
        let bytes = self.reader.text.as_bytes();
        let blank = |at: usize| matches!(bytes.get(at), Some(b' ' | b'\t'));
        let skip = |mut at: usize| {
            while blank(at) {
                at += 1;
            }
            at
        };
        let mut line = start;
        while let Some(length) = bytes[line..].iter().position(|&byte| byte == b'\n') {
            line += length + 1;
            let kind = skip(line);
            if matches!(bytes.get(kind), Some(b'c' | b'p' | b't')) && blank(kind + 1) {
                let name = skip(kind + 1);
                if bytes.get(name) == Some(&b'"') {
                    self.reader.jump(kind);
                    return true;
                }
            }
        }
        false
    }

    fn node(&mut self, start: Token) -> Result<(), Stray> {
        let reader = &mut self.reader;
        let mover = match reader.raw(start) {
            "c" | "p" | "t" if start.kind == Mark::Symbol => reader.raw(start),
            raw => {
                self.adrift = true;
                let near = detente_diag::nearest(raw, ["c", "p", "t"]);
                let help = match (near, raw.as_bytes()) {
                    (_, [b'c' | b'p' | b't', b'"', ..]) => {
                        format!("a space is missing behind `{}`", &raw[..1])
                    }
                    (Some(near), _) if start.kind == Mark::Symbol => {
                        format!("did you mean `{near}`?")
                    }
                    _ => "a node begins with `c` (chance moves), `p` (a player moves) or `t` (the play ends)".to_owned(),
                };
                return Err(reader.stray_with("a node", Some(help)));
            }
        };
        reader.advance();
        let name = match reader.text("the name of the node, between quotes") {
            Ok(token) => reader.content(token),
            Err(stray) => {
                if mover == "t" {
                    self.push(start, Kind::Terminal, 0, "".into());
                } else {
                    self.adrift = true;
                }
                return Err(stray);
            }
        };
        let (kind, actions) = match mover {
            "t" => (Kind::Terminal, 0),
            "c" => self.move_at(CHANCE).inspect_err(|_| self.adrift = true)?,
            _ => {
                let player = self.player().inspect_err(|_| self.adrift = true)?;
                self.move_at(player).inspect_err(|_| self.adrift = true)?
            }
        };
        let node = self.push(start, kind, actions, name);
        let outcome = self.outcome()?;
        self.game.nodes[node].outcome = outcome;
        Ok(())
    }

    /// Adds a node where the shape of the tree has room for one, and ends those that it completes.
    fn push(&mut self, place: Token, kind: Kind, actions: u32, name: Box<str>) -> usize {
        let index = small(self.game.nodes.len());
        let (parent, branch) = match self.open.last_mut() {
            Some(open) => {
                open.seen += 1;
                (open.node, open.seen - 1)
            }
            None => (index, 0),
        };
        self.game.nodes.push(Node {
            parent,
            branch,
            end: index + 1,
            kind,
            outcome: None,
            name,
        });
        if let Kind::Personal(set) = kind
            && let Some(set) = self.game.sets.get_mut(set as usize)
        {
            set.members.push(index);
        }
        if actions > 0 {
            self.open.push(Open {
                node: index,
                actions,
                seen: 0,
                place,
            });
        } else {
            while let Some(full) = self.open.pop_if(|open| open.seen == open.actions) {
                self.game.nodes[full.node as usize].end = index + 1;
            }
        }
        index as usize
    }

    /// The number of a player, from 1; one that does not exist is reported, and passed on.
    fn player(&mut self) -> Result<u64, Stray> {
        let number = self.reader.whole("the number of a player")?;
        let players = self.game.players.len() as u64;
        let Some(number) = number else {
            return Ok(u64::MAX);
        };
        if number == CHANCE || number > players {
            let message = format!("there is no player {number}");
            let names: Vec<String> = (1..)
                .zip(&self.game.players)
                .take(LISTED)
                .map(|(n, name)| format!("{n} is {}", shown(name)))
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
            self.reader.fault(
                Diagnostic::new(Code::GAME_PLAYER, message)
                    .at(place, "")
                    .help(help),
            );
        }
        // Among sets, chance's are those of number 0.
        Ok(if number == CHANCE { u64::MAX } else { number })
    }

    /// The set of a node where `mover` moves, and how many actions it has.
    fn move_at(&mut self, mover: u64) -> Result<(Kind, u32), Stray> {
        let what = if mover == CHANCE {
            "the number of a set of chance moves"
        } else {
            "the number of an information set"
        };
        let number = self.reader.whole(what)?;
        let place = self.reader.span(self.reader.last);
        let known = number.and_then(|number| self.sets.get(&(mover, number)).copied());
        let kind = |index: u32| {
            if mover == CHANCE {
                Kind::Chance(index)
            } else {
                Kind::Personal(index)
            }
        };
        if self.reader.token.kind != Mark::Text {
            let Some(index) = known else {
                if let Some(number) = number {
                    self.undefined_set(mover, number, place);
                }
                self.adrift = true;
                return Ok((kind(u32::MAX), 0));
            };
            return Ok((kind(index), self.actions_of(kind(index))));
        }
        let described = self.described(mover == CHANCE)?;
        let actions = small(described.actions.len());
        let Some(number) = number.filter(|_| mover != u64::MAX) else {
            return Ok((kind(u32::MAX), actions));
        };
        if let Some(index) = known {
            self.compare(kind(index), &described);
            return Ok((kind(index), actions));
        }
        let index = self.define(mover, number, described);
        self.sets.insert((mover, number), index);
        Ok((kind(index), actions))
    }

    fn actions_of(&self, kind: Kind) -> u32 {
        small(match kind {
            Kind::Chance(index) => self.game.chances[index as usize].actions.len(),
            Kind::Personal(index) => self.game.sets[index as usize].actions.len(),
            Kind::Terminal => 0,
        })
    }

    /// `LABEL "{" ACTION+ "}"`, with a probability behind each action if `chance`.
    fn described(&mut self, chance: bool) -> Result<Described, Stray> {
        let reader = &mut self.reader;
        let label = reader.text("the label of an information set")?;
        let mut described = Described {
            label,
            actions: Vec::new(),
            chance: Vec::new(),
            place: reader.span(label),
        };
        reader.expect(Mark::LeftBrace, "`{` before the actions")?;
        while described.actions.is_empty() || reader.token.kind != Mark::RightBrace {
            let what = if described.actions.is_empty() {
                "the label of an action"
            } else {
                "the label of another action, or `}`"
            };
            described.actions.push(reader.text(what)?);
            if chance {
                described
                    .chance
                    .push(reader.number("the probability of the action before")?);
            }
        }
        let end = reader.advance().end;
        described.place = reader.at(label.start, end);
        Ok(described)
    }

    /// Adds a set that is mentioned for the first time.
    fn define(&mut self, mover: u64, number: u64, described: Described) -> u32 {
        let label = self.reader.content(described.label);
        let actions: Vec<Box<str>> = described
            .actions
            .iter()
            .map(|token| self.reader.content(*token))
            .collect();
        if mover == CHANCE {
            let chance = self.lottery(described.chance, described.place);
            self.game.chances.push(ChanceSet {
                number,
                label,
                actions,
                chance,
            });
            self.chance_places.push(described.place);
            return small(self.game.chances.len() - 1);
        }
        let first_action = self
            .game
            .sets
            .last()
            .map_or(0, |set| set.first_action + small(set.actions.len()));
        self.game.sets.push(InfoSet {
            player: u32::try_from(mover - 1).expect("players have small numbers"),
            number,
            label,
            actions,
            first_action,
            members: Vec::new(),
        });
        self.set_places.push(described.place);
        small(self.game.sets.len() - 1)
    }

    /// The probabilities of a chance move, if they are some.
    fn lottery(&mut self, typed: Vec<Option<(Number, Token)>>, place: Span) -> Vec<Number> {
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
                let (which, size) = if off < BigRational::from_integer(0.into()) {
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
    fn compare(&mut self, kind: Kind, again: &Described) {
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

    fn undefined_set(&mut self, mover: u64, number: u64, place: Span) {
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

    fn outcome(&mut self) -> Result<Option<u32>, Stray> {
        let number = self.reader.whole("the number of an outcome, or 0")?;
        let token = self.reader.last;
        if self.reader.token.kind != Mark::Text {
            let Some(number) = number.filter(|number| *number != 0) else {
                return Ok(None);
            };
            if let Some(&index) = self.outcomes.get(&number) {
                return Ok(Some(index));
            }
            let known: Vec<u64> = self
                .game
                .outcomes
                .iter()
                .map(|outcome| outcome.number)
                .collect();
            let message = format!("outcome {number} is mentioned before it is described");
            let help = format!(
                "write its label and its payoffs here, at its first mention; {}",
                listed(&known, "described so far")
            );
            let place = self.reader.span(token);
            self.reader.fault(
                Diagnostic::new(Code::GAME_UNDEFINED, message)
                    .at(place, "no label and payoffs follow")
                    .help(help),
            );
            return Ok(None);
        }
        let label = self.reader.text("the label of an outcome")?;
        let (payoffs, place) = self.payoffs(label)?;
        let Some(number) = number else {
            return Ok(None);
        };
        if number == 0 {
            let diagnostic =
                Diagnostic::new(Code::GAME_NULL, "outcome 0 has neither a label nor payoffs")
                    .at(place, "")
                    .help("outcome 0 pays nothing; give this outcome a number of its own");
            self.reader.fault(diagnostic);
            return Ok(None);
        }
        if let Some(&index) = self.outcomes.get(&number) {
            self.compare_outcome(index as usize, label, &payoffs);
            return Ok(Some(index));
        }
        let index = small(self.game.outcomes.len());
        self.game.outcomes.push(Outcome {
            number,
            label: self.reader.content(label),
            payoffs: payoffs.into_iter().map(|(number, _)| number).collect(),
        });
        self.outcome_places.push(place);
        self.outcomes.insert(number, index);
        Ok(Some(index))
    }

    /// `"{" (PAYOFF ","?)* "}"` behind the label of an outcome.
    fn payoffs(&mut self, label: Token) -> Result<(Vec<(Number, Token)>, Span), Stray> {
        let players = self.game.players.len();
        let (payoffs, typed) = payoffs(&mut self.reader, players)?;
        let place = self.reader.at(label.start, self.reader.last.end);
        if typed != players {
            count(&mut self.reader, typed, players, place);
        }
        Ok((payoffs, place))
    }

    fn compare_outcome(&mut self, index: usize, label: Token, payoffs: &[(Number, Token)]) {
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

    /// The tree is complete.
    fn behind(&mut self) {
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
    fn incomplete(&mut self) {
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

/// `"{" (PAYOFF ","?)* "}"`, and how many there are, counting those that are no numbers.
pub(crate) fn payoffs(
    reader: &mut Reader<'_, '_>,
    players: usize,
) -> Result<(Vec<(Number, Token)>, usize), Stray> {
    reader.expect(Mark::LeftBrace, "`{` before the payoffs")?;
    let mut payoffs = Vec::with_capacity(players.min(64));
    let mut typed = 0;
    while reader.token.kind != Mark::RightBrace {
        payoffs.extend(reader.number("a payoff, or `}`")?);
        typed += 1;
        if reader.token.kind == Mark::Comma {
            reader.advance();
        }
    }
    reader.advance();
    Ok((payoffs, typed))
}

/// Reports that payoffs are not as many as the players.
pub(crate) fn count(reader: &mut Reader<'_, '_>, typed: usize, players: usize, place: Span) {
    let plural =
        |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let message = format!(
        "{} for {}",
        plural(typed, "payoff"),
        plural(players, "player")
    );
    reader.fault(
        Diagnostic::new(Code::GAME_PAYOFFS, message)
            .at(place, "")
            .help("an outcome has a payoff for each player, in their order"),
    );
}

/// Does a text token say `text`?
fn same(reader: &Reader<'_, '_>, token: Token, text: &str) -> bool {
    super::lexer::unquote(reader.raw(token)) == text
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
