//! From tokens to a game, with all faults that one pass can find.
//!
//! A fault of meaning (a number, a sum, a player who does not exist) leaves the shape of the tree alone, and reading goes on. After
//! a fault of form reading goes on at the next line that begins like a node. If the number of a node's actions is not known then,
//! where later nodes belong is not known either: they are still read, but no longer counted.

mod faults;

use std::collections::HashMap;

use detente_diag::{Diagnostics, FileId, Span};

use crate::builder::small;
use crate::efg::lexer::{Kind as Mark, Token};
use crate::efg::parts::{count, header, payoffs, players};
use crate::efg::reader::{Reader, Stray};
use crate::game::{ChanceSet, Game, InfoSet, Kind, Node, Outcome};
use crate::number::Number;

/// Chance, among the movers that sets are looked up by; players count from 1.
const CHANCE: u64 = 0;

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
        reader.begin();
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
            self.no_player(number);
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
        if !self.label_follows() {
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

    /// Does a description follow, or what was meant as one?
    fn label_follows(&self) -> bool {
        matches!(
            self.reader.token.kind,
            Mark::Text | Mark::LeftBrace | Mark::Unclosed
        )
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
        let label = reader.text("the label of the set, between quotes")?;
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

    fn outcome(&mut self) -> Result<Option<u32>, Stray> {
        let number = self.reader.last_whole("the number of an outcome, or 0")?;
        let token = self.reader.last;
        // A brace behind an outcome that needs no description belongs to something else, perhaps to what may be ignored.
        let needs = number.is_some_and(|n| n > 0 && !self.outcomes.contains_key(&n));
        let described =
            self.label_follows() && (needs || self.reader.token.kind != Mark::LeftBrace);
        if !described {
            let Some(number) = number.filter(|number| *number != 0) else {
                return Ok(None);
            };
            if let Some(&index) = self.outcomes.get(&number) {
                return Ok(Some(index));
            }
            self.undefined_outcome(number, token);
            return Ok(None);
        }
        let label = self
            .reader
            .text("the label of the outcome, between quotes")?;
        let (payoffs, place) = self.payoffs(label)?;
        let Some(number) = number else {
            return Ok(None);
        };
        if number == 0 {
            self.paid_null(place);
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
        self.reader
            .expect(Mark::LeftBrace, "`{` before the payoffs")?;
        let (payoffs, typed) = payoffs(&mut self.reader, players)?;
        let place = self.reader.at(label.start, self.reader.last.end);
        if typed != players {
            count(&mut self.reader, typed, players, place);
        }
        Ok((payoffs, place))
    }
}
