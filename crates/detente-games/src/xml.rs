//! Games in XML: workspaces of Gambit (`.gbt`), which hold the text of an `.efg` or `.nfg` file, and trees of the Game Theory Explorer.
//!
//! A tree of the Explorer nests `<node>` and `<outcome>` below `<extensiveForm>`. The children of a node are its moves, named by `move`;
//! a node with a `player` is a move of that player, at the information set `iset` or at one of its own; a node whose children have a
//! `prob` is one of chance. `<payoff player="…">`, with its number as text or as `value`, stands in outcomes and nodes.

use std::collections::HashMap;

use detente_diag::{Code, Diagnostic, Diagnostics, FileId, Span};
use roxmltree::{Document, Node, ParsingOptions};

use crate::builder::{Builder, Place};
use crate::game::Game;
use crate::number::Number;
use crate::{efg, nfg};

/// Elements of the largest document that is read.
const MOST_NODES: u32 = 1 << 22;
/// Branches and players of one game that anybody would write by hand.
const MOST_PLAYERS: usize = 1_000;

/// Is `text` meant as XML?
pub fn is_meant(text: &str) -> bool {
    text.trim_start_matches('\u{feff}')
        .trim_start()
        .starts_with('<')
}

/// The game in `text`, and whether it is a table; `None` if it has errors.
///
/// ```
/// use detente_diag::{Diagnostics, FileId};
/// use detente_games::xml;
///
/// let text = r#"<extensiveForm><node player="A">
///   <outcome move="l"><payoff player="A" value="1"/></outcome>
///   <outcome move="r"><payoff player="A">3/2</payoff></outcome>
/// </node></extensiveForm>"#;
/// let (game, table) = xml::read(text, FileId(0), &mut Diagnostics::default()).expect("no errors");
/// assert_eq!((game.nodes().len(), table), (3, false));
/// ```
pub fn read(text: &str, file: FileId, diagnostics: &mut Diagnostics) -> Option<(Game, bool)> {
    let options = ParsingOptions {
        nodes_limit: MOST_NODES,
        ..ParsingOptions::default()
    };
    let document = match Document::parse_with_options(text, options) {
        Ok(document) => document,
        Err(error) => {
            let at = error.pos();
            let line = text.split_inclusive('\n').take(at.row as usize - 1);
            let start: usize = line.map(str::len).sum();
            let message = format!("this is no XML: {error}");
            let place = Span::new(file, start, start);
            let fault = Diagnostic::new(Code::GAME_SYNTAX, message).at(place, "");
            diagnostics.push(fault.help("a file that begins with `<` is read as a workspace of Gambit or a tree of the Game Theory Explorer"));
            return None;
        }
    };
    let named = |name: &str| document.descendants().find(|node| node.has_tag_name(name));
    let in_gambit = |name: &str| {
        document
            .descendants()
            .find(|node| node.is_element() && node.tag_name().name() == name)
    };
    if let Some(inner) = in_gambit("efgfile") {
        return within(text, inner, file, diagnostics, efg::read).map(|game| (game, false));
    }
    if let Some(inner) = in_gambit("nfgfile") {
        return within(text, inner, file, diagnostics, nfg::read).map(|game| (game, true));
    }
    let Some(form) = named("extensiveForm") else {
        let message = "no game that is known in this XML";
        let place = span(file, document.root_element());
        diagnostics.push(Diagnostic::new(Code::GAME_HEADER, message).at(place, "").help(
            "expected <efgfile> or <nfgfile> (a workspace of Gambit), or <extensiveForm> (a tree of the Game Theory Explorer)",
        ));
        return None;
    };
    match Explorer::new(file, &document, form).and_then(Explorer::read) {
        Ok(game) => Some((game, false)),
        Err(fault) => {
            diagnostics.push(*fault.0);
            None
        }
    }
}

/// Reads the text of an element as a game file, with places in the whole text.
fn within(
    text: &str,
    element: Node,
    file: FileId,
    diagnostics: &mut Diagnostics,
    read: fn(&str, FileId, &mut Diagnostics) -> Option<Game>,
) -> Option<Game> {
    let inner: String = element.children().filter_map(|node| node.text()).collect();
    // Where the text stands in the document as it is, the rest becomes white space, so that places are right.
    let range = element.range();
    let start = text[range.clone()]
        .find(inner.as_str())
        .map(|at| range.start + at);
    let Some(start) = start else {
        return read(&inner, file, &mut Diagnostics::default()).or_else(|| {
            let message = "the game in this element has errors";
            let help = "save it as .efg or .nfg by itself to see where";
            let fault = Diagnostic::new(Code::GAME_SYNTAX, message).at(span(file, element), "");
            diagnostics.push(fault.help(help));
            None
        });
    };
    let mut alone = " ".repeat(start);
    alone.push_str(&inner);
    read(&alone, file, diagnostics)
}

fn span(file: FileId, node: Node) -> Span {
    // The tag, not all that it holds.
    let range = node.range();
    Span::new(
        file,
        range.start,
        range
            .end
            .min(range.start + 1 + node.tag_name().name().len()),
    )
}

/// A fault of a tree, which ends its reading.
struct Fault(Box<Diagnostic>);

/// A tree of the Game Theory Explorer.
struct Explorer<'a, 'input> {
    file: FileId,
    form: Node<'a, 'input>,
    title: String,
    /// What players are called in attributes, in their order, and their names.
    players: Vec<String>,
    names: Vec<String>,
    /// By player and information set, what stands for it.
    sets: HashMap<(usize, String), (crate::builder::Set, usize)>,
    /// By information set alone, its player: it may be left out after the first mention.
    owner: HashMap<String, usize>,
}

impl<'a, 'input> Explorer<'a, 'input> {
    fn new(
        file: FileId,
        document: &'a Document<'input>,
        form: Node<'a, 'input>,
    ) -> Result<Self, Fault> {
        let mut explorer = Self {
            file,
            form,
            title: String::new(),
            players: Vec::new(),
            names: Vec::new(),
            sets: HashMap::new(),
            owner: HashMap::new(),
        };
        let text = |node: Node| node.text().unwrap_or_default().trim().to_owned();
        for node in document.descendants().filter(Node::is_element) {
            match node.tag_name().name() {
                "gameDescription" => explorer.title = text(node),
                "player" => {
                    let id = node
                        .attribute("playerId")
                        .map_or_else(|| text(node), str::to_owned);
                    explorer.players.push(id);
                    explorer.names.push(text(node));
                }
                _ => {}
            }
        }
        if explorer.players.is_empty() {
            let mut seen: Vec<String> = Vec::new();
            for node in form.descendants() {
                if let Some(player) = node.attribute("player")
                    && !seen.iter().any(|known| known == player)
                {
                    seen.push(player.to_owned());
                }
            }
            // Numbers count as such.
            if seen.iter().all(|player| player.parse::<u32>().is_ok()) {
                seen.sort_by_key(|player| player.parse::<u32>().unwrap_or(0));
            }
            explorer.names.clone_from(&seen);
            explorer.players = seen;
        }
        if explorer.players.is_empty() || explorer.players.len() > MOST_PLAYERS {
            return Err(explorer.fault(
                form,
                Code::GAME_PLAYER,
                "a game has players, at least one",
            ));
        }
        Ok(explorer)
    }

    fn read(mut self) -> Result<Game, Fault> {
        let names = self.names.iter().map(String::as_str);
        let mut game = Builder::new(self.title.clone(), names);
        let Some(root) = branches(self.form).next() else {
            return Err(self.fault(self.form, Code::GAME_INCOMPLETE, "the tree is empty"));
        };
        let mut open = vec![(root, game.root())];
        while let Some((node, place)) = open.pop() {
            if let Some(name) = node.attribute("nodeName") {
                game.name(place, name);
            }
            self.pay(node, place, &mut game)?;
            let children: Vec<Node> = branches(node).collect();
            if children.is_empty() {
                continue;
            }
            let label = |child: &Node| child.attribute("move").unwrap_or_default().to_owned();
            let player = self.mover(node)?;
            let next = match player {
                None => {
                    let mut chances = Vec::with_capacity(children.len());
                    for child in &children {
                        let chance = child.attribute("prob").and_then(number);
                        let chance = chance.filter(|p| !p.is_negative()).ok_or_else(|| {
                            let message = "a node without a player is one of chance, and its moves have a `prob`";
                            self.fault(*child, Code::GAME_CHANCE, message)
                        })?;
                        chances.push(chance);
                    }
                    let sum: num_rational::BigRational = chances.iter().map(Number::exact).sum();
                    if sum != num_rational::BigRational::from_integer(1.into()) {
                        let message = format!("the probabilities add up to {sum}, not to one");
                        return Err(self.fault(node, Code::GAME_CHANCE, &message));
                    }
                    let branches = children.iter().map(label).zip(chances);
                    game.chance(
                        place,
                        node.attribute("isetName").unwrap_or_default(),
                        branches,
                    )
                }
                Some(player) => {
                    let key = node.attribute("iset").unwrap_or_default();
                    let label_of_set = node.attribute("isetName").unwrap_or_default();
                    let known = self.sets.get(&(player, key.to_owned())).copied();
                    let (set, count) = if let Some(known) = known.filter(|_| !key.is_empty()) {
                        known
                    } else {
                        let set = game.set(player, label_of_set, children.iter().map(label));
                        let made = (set, children.len());
                        self.sets.insert((player, key.to_owned()), made);
                        made
                    };
                    if count != children.len() {
                        let message = format!(
                            "a node of information set {key} has {} moves, and another has {count}",
                            children.len()
                        );
                        return Err(self.fault(node, Code::GAME_TWICE, &message));
                    }
                    game.moves(place, set)
                }
            };
            open.extend(children.into_iter().zip(next).rev());
        }
        Ok(game.finish())
    }

    /// Who moves at a node; none if chance does.
    fn mover(&mut self, node: Node) -> Result<Option<usize>, Fault> {
        let set = node.attribute("iset");
        let Some(name) = node.attribute("player") else {
            // A later mention of an information set need not repeat the player; chance's have numbers of their own.
            let chance = branches(node).any(|child| child.attribute("prob").is_some());
            return Ok(set
                .filter(|_| !chance)
                .and_then(|set| self.owner.get(set).copied()));
        };
        let player = self.player(node, name)?;
        if let Some(set) = set {
            self.owner.insert(set.to_owned(), player);
        }
        Ok(Some(player))
    }

    fn player(&self, node: Node, name: &str) -> Result<usize, Fault> {
        let found = self.players.iter().position(|known| known == name);
        found
            .or_else(|| self.names.iter().position(|known| known == name))
            .ok_or_else(|| {
                let message = format!("there is no player `{name}`");
                self.fault(node, Code::GAME_PLAYER, &message)
            })
    }

    /// What is paid at a node or an outcome.
    fn pay(&self, node: Node, place: Place, game: &mut Builder) -> Result<(), Fault> {
        let mut paid = vec![Number::from(0); self.players.len()];
        let mut any = false;
        for payoff in node.children().filter(|child| child.has_tag_name("payoff")) {
            let name = payoff.attribute("player").unwrap_or_default();
            let player = self.player(payoff, name)?;
            let text = payoff
                .attribute("value")
                .or_else(|| payoff.text())
                .unwrap_or_default();
            paid[player] = number(text).ok_or_else(|| {
                let shown: String = text.chars().take(40).collect();
                self.fault(
                    payoff,
                    Code::GAME_NUMBER,
                    &format!("`{shown}` is not a payoff"),
                )
            })?;
            any = true;
        }
        if any {
            game.pay_as(
                place,
                node.attribute("outcomeName").unwrap_or_default(),
                paid,
            );
        }
        Ok(())
    }

    fn fault(&self, node: Node, code: Code, message: &str) -> Fault {
        Fault(Box::new(
            Diagnostic::new(code, message).at(span(self.file, node), ""),
        ))
    }
}

/// The moves of a node.
fn branches<'a, 'input>(node: Node<'a, 'input>) -> impl Iterator<Item = Node<'a, 'input>> {
    node.children()
        .filter(|child| child.has_tag_name("node") || child.has_tag_name("outcome"))
}

fn number(text: &str) -> Option<Number> {
    Number::parse(text.trim())
}
