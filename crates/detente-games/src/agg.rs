//! Action-graph games (`.agg`, Jiang, Leyton-Brown and Bhat 2011), as Gambit reads them.
//!
//! ```text
//! file := "#AGG" PLAYERS ACTION-NODES FUNCTION-NODES SIZE* (NODE*)* neighbours* function* payoffs*
//! neighbours := COUNT NODE*                    for each action node, then for each function node
//! function   := 0 | 1 | 2 | 3                  sum, existence, highest, lowest
//! payoffs    := 0 PAYOFF*                      one for each configuration of the neighbours that can be, in lexicographic order
//!             | 1 COUNT ("[" COUNT* "]" PAYOFF)*
//! ```
//!
//! What a player gets who chooses an action node depends on how many players chose each neighbour of it. Lines that begin with `#` are
//! comments. The game becomes the tree of simultaneous moves, as tables do ([`crate::nfg`]). Bayesian games (`#BAGG`), additive payoffs
//! and other functions are not read.

use std::collections::{BTreeMap, BTreeSet};

use detente_diag::{Code, Diagnostic, Diagnostics, FileId, Span};

use crate::builder::Builder;
use crate::game::Game;
use crate::number::Number;

/// Profiles of the largest game that is made into a tree, times its players.
const MOST: usize = 1 << 22;
/// Nodes, players and counts are small numbers.
const SMALL: usize = 100_000;

/// The game that `text`, an `.agg` file, describes; `None` if it has errors.
///
/// ```
/// use detente_diag::{Diagnostics, FileId};
/// use detente_games::agg;
///
/// // Two players, two actions: it pays to be alone.
/// let text = "#AGG\n2 2 0  2 2  0 1  0 1  1 0  1 1\n0 3 1\n0 2 0\n";
/// let game = agg::read(text, FileId(0), &mut Diagnostics::default()).expect("no errors");
/// assert_eq!(game.outcomes()[1].payoffs[0].value(), 3.0);
/// ```
pub fn read(text: &str, file: FileId, diagnostics: &mut Diagnostics) -> Option<Game> {
    let mut reader = Reader {
        text,
        file,
        words: words(text),
        at: 0,
    };
    match reader.game() {
        Ok(game) => Some(game),
        Err(fault) => {
            diagnostics.push(*fault.0);
            None
        }
    }
}

/// A fault ends reading: without a grammar of lines nothing tells where to go on.
struct Fault(Box<Diagnostic>);

/// Is `text` meant as an action-graph game?
pub fn is_meant(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}');
    text.starts_with("#AGG") || text.starts_with("#BAGG")
}

/// Words and where they stand; brackets are words of their own, and lines that begin with `#` are none.
fn words(text: &str) -> Vec<(usize, usize)> {
    let mut words = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if !line.trim_start().starts_with('#') {
            let mut open = None;
            for (at, letter) in line.char_indices() {
                let bracket = matches!(letter, '[' | ']');
                if (bracket || letter.is_whitespace())
                    && let Some(open) = open.take()
                {
                    words.push((start + open, start + at));
                }
                if bracket {
                    words.push((start + at, start + at + 1));
                } else if !letter.is_whitespace() {
                    open.get_or_insert(at);
                }
            }
            if let Some(open) = open {
                words.push((start + open, start + line.len()));
            }
        }
        start += line.len();
    }
    words
}

/// How the count of a function node comes from those of its neighbours.
#[derive(Clone, Copy, PartialEq)]
enum Function {
    Sum,
    Existence,
    Highest,
    Lowest,
}

struct Reader<'t> {
    text: &'t str,
    file: FileId,
    words: Vec<(usize, usize)>,
    at: usize,
}

impl<'t> Reader<'t> {
    fn game(&mut self) -> Result<Game, Fault> {
        if self
            .text
            .trim_start_matches('\u{feff}')
            .starts_with("#BAGG")
        {
            let message = "a Bayesian action-graph game; these are not read";
            return Err(self.fault(Code::GAME_HEADER, message, "write it as a tree (.efg)"));
        }
        let players = self.count("the number of players")?;
        if players == 0 {
            return Err(self.fault(Code::GAME_PLAYER, "a game has players, at least one", ""));
        }
        let actions = self.count("the number of action nodes")?;
        let functions = self.count("the number of function nodes")?;
        let sizes = (0..players)
            .map(|_| self.count("the size of a player's action set"))
            .collect::<Result<Vec<_>, _>>()?;
        let mut profiles = 1_usize;
        for &size in &sizes {
            if size == 0 {
                return Err(self.fault(Code::GAME_NUMBER, "a player has one action at least", ""));
            }
            profiles = profiles.saturating_mul(size);
        }
        if profiles.saturating_mul(players) > MOST {
            let message = format!("{profiles} profiles of {players} players are too many");
            return Err(self.fault(Code::TOO_LARGE, &message, "fewer actions make it smaller"));
        }
        let mut sets = Vec::with_capacity(players);
        for &size in &sizes {
            let set = (0..size)
                .map(|_| self.node(actions, "an action node of the player"))
                .collect::<Result<Vec<_>, _>>()?;
            sets.push(set);
        }
        let neighbours = (0..actions + functions)
            .map(|_| {
                let count = self.count("the number of neighbours of the next node")?;
                (0..count)
                    .map(|_| self.node(actions + functions, "a neighbour"))
                    .collect::<Result<Vec<_>, _>>()
            })
            .collect::<Result<Vec<_>, _>>()?;
        let kinds = (0..functions)
            .map(|_| self.function())
            .collect::<Result<Vec<_>, _>>()?;
        let order = self.order(actions, &neighbours)?;
        let counts = |profile: &[usize]| -> Vec<usize> {
            let mut counts = vec![0; actions + functions];
            for (set, &choice) in sets.iter().zip(profile) {
                counts[set[choice]] += 1;
            }
            for &node in &order {
                let there = neighbours[node].iter().copied().filter(|&n| counts[n] > 0);
                counts[node] = match kinds[node - actions] {
                    Function::Sum => neighbours[node].iter().map(|&n| counts[n]).sum(),
                    Function::Existence => usize::from(there.count() > 0),
                    Function::Highest => there.max().unwrap_or(actions + functions),
                    Function::Lowest => there.min().unwrap_or(actions + functions),
                };
            }
            counts
        };
        // The configurations of each action node's neighbours that can be while somebody chooses it.
        let mut possible = vec![BTreeSet::new(); actions];
        let mut profile = vec![0; players];
        loop {
            let counts = counts(&profile);
            for (set, &choice) in sets.iter().zip(&profile) {
                let node = set[choice];
                possible[node].insert(configuration(&neighbours[node], &counts));
            }
            if !next(&sizes, &mut profile) {
                break;
            }
        }
        let mut pays = Vec::with_capacity(actions);
        for (node, possible) in possible.into_iter().enumerate() {
            pays.push(self.payoffs(&possible, neighbours[node].len())?);
        }
        if self.at < self.words.len() {
            let message = "the game is complete, but the file goes on";
            return Err(self.fault(Code::GAME_TOO_LONG, message, "remove the rest"));
        }
        let mut game = Builder::new(
            "Action-graph game",
            (1..=players).map(|p| format!("player {p}")),
        );
        let mut open = vec![game.root()];
        for (player, set) in sets.iter().enumerate() {
            let set = game.set(player, "", set.iter().map(|node| format!("action {node}")));
            open = open
                .into_iter()
                .flat_map(|place| game.moves(place, set))
                .collect();
        }
        // Places stand in the order in which the last player's action changes fastest.
        profile.fill(0);
        for place in open {
            let counts = counts(&profile);
            let mut paid = Vec::with_capacity(players);
            for (set, &choice) in sets.iter().zip(&profile) {
                let node = set[choice];
                let configuration = configuration(&neighbours[node], &counts);
                let Some(payoff) = pays[node].get(&configuration) else {
                    let message = format!(
                        "action node {node} has no payoff for the configuration {configuration:?} of its neighbours"
                    );
                    return Err(self.fault(Code::GAME_INCOMPLETE, &message, "state one"));
                };
                paid.push(payoff.clone());
            }
            game.pay(place, paid);
            next(&sizes, &mut profile);
        }
        Ok(game.finish())
    }

    /// Function nodes in an order in which neighbours come first.
    fn order(&self, actions: usize, neighbours: &[Vec<usize>]) -> Result<Vec<usize>, Fault> {
        let mut order: Vec<usize> = Vec::new();
        let mut left: Vec<usize> = (actions..neighbours.len()).collect();
        while !left.is_empty() {
            let ready = |node: &usize| {
                neighbours[*node]
                    .iter()
                    .all(|n| *n < actions || order.contains(n))
            };
            let (now, later): (Vec<usize>, Vec<usize>) = left.iter().partition(|node| ready(node));
            if now.is_empty() {
                let message = "function nodes depend on one another in a circle";
                return Err(self.fault(Code::GAME_SYNTAX, message, ""));
            }
            order.extend(now);
            left = later;
        }
        Ok(order)
    }

    fn function(&mut self) -> Result<Function, Fault> {
        match self.count("the type of a function node")? {
            0 => Ok(Function::Sum),
            1 => Ok(Function::Existence),
            2 => Ok(Function::Highest),
            3 => Ok(Function::Lowest),
            other => {
                let message = format!("functions of type {other} are not read");
                let help = "0 (sum), 1 (existence), 2 (highest) and 3 (lowest) are";
                Err(self.fault(Code::GAME_SYNTAX, &message, help))
            }
        }
    }

    /// The payoffs of an action node by configuration of its neighbours.
    fn payoffs(
        &mut self,
        possible: &BTreeSet<Vec<usize>>,
        neighbours: usize,
    ) -> Result<BTreeMap<Vec<usize>, Number>, Fault> {
        let mut pays = BTreeMap::new();
        match self.count("how the payoffs of the next action node are written")? {
            0 => {
                for configuration in possible {
                    pays.insert(configuration.clone(), self.payoff()?);
                }
            }
            1 => {
                for _ in 0..self.count("the number of configurations")? {
                    self.bracket("[")?;
                    let configuration = (0..neighbours)
                        .map(|_| self.count("a number of players"))
                        .collect::<Result<Vec<_>, _>>()?;
                    self.bracket("]")?;
                    let payoff = self.payoff()?;
                    pays.insert(configuration, payoff);
                }
            }
            other => {
                let message = format!("payoffs of type {other} are not read");
                let help = "0 (all configurations in order) and 1 (a list) are";
                return Err(self.fault(Code::GAME_SYNTAX, &message, help));
            }
        }
        Ok(pays)
    }

    fn payoff(&mut self) -> Result<Number, Fault> {
        let word = self.word("a payoff")?;
        Number::parse(word).ok_or_else(|| {
            let message = format!(
                "`{}` is not a payoff",
                word.chars().take(40).collect::<String>()
            );
            self.fault(Code::GAME_NUMBER, &message, "a payoff is a number")
        })
    }

    fn bracket(&mut self, bracket: &str) -> Result<(), Fault> {
        let what = format!("`{bracket}`");
        if self.word(&what)? == bracket {
            return Ok(());
        }
        let message = format!("expected {what} around a configuration");
        Err(self.fault(
            Code::GAME_SYNTAX,
            &message,
            "configurations stand as in [ 1 0 2 ]",
        ))
    }

    fn node(&mut self, nodes: usize, what: &str) -> Result<usize, Fault> {
        let node = self.count(what)?;
        if node < nodes {
            return Ok(node);
        }
        let message = format!("there is no node {node} for {what}");
        let help = format!("nodes are numbered from 0 to {}", nodes.saturating_sub(1));
        Err(self.fault(Code::GAME_UNDEFINED, &message, &help))
    }

    /// A small whole number.
    fn count(&mut self, what: &str) -> Result<usize, Fault> {
        let word = self.word(what)?;
        let count = word.parse().ok().filter(|count| *count <= SMALL);
        count.ok_or_else(|| {
            let shown: String = word.chars().take(40).collect();
            let message = format!("`{shown}` is not {what}");
            let help = format!("it is a whole number from 0 to {SMALL}");
            self.fault(Code::GAME_NUMBER, &message, &help)
        })
    }

    /// The next word, which the reader of a message knows as `what`.
    fn word(&mut self, what: &str) -> Result<&'t str, Fault> {
        let Some(&(start, end)) = self.words.get(self.at) else {
            let message = format!("expected {what}, but the file ends");
            return Err(self.fault(Code::GAME_INCOMPLETE, &message, ""));
        };
        self.at += 1;
        Ok(&self.text[start..end])
    }

    /// A fault at the word that was read last.
    fn fault(&self, code: Code, message: &str, help: &str) -> Fault {
        let place = self.at.min(self.words.len()).saturating_sub(1);
        let (start, end) = self.words.get(place).copied().unwrap_or((0, 0));
        let diagnostic = Diagnostic::new(code, message).at(Span::new(self.file, start, end), "");
        Fault(Box::new(if help.is_empty() {
            diagnostic
        } else {
            diagnostic.help(help)
        }))
    }
}

fn configuration(neighbours: &[usize], counts: &[usize]) -> Vec<usize> {
    neighbours.iter().map(|&node| counts[node]).collect()
}

/// The next profile, the last player's action changing fastest; false behind the last.
fn next(sizes: &[usize], profile: &mut [usize]) -> bool {
    for (size, choice) in sizes.iter().zip(profile).rev() {
        *choice += 1;
        if *choice < *size {
            return true;
        }
        *choice = 0;
    }
    false
}
