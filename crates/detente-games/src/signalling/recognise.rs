//! Seeing the signalling game in a game tree, and putting the answer back into the tree.

use num_traits::{One, Zero};

use super::{Equilibrium, Message, NotSignalling, Play, SenderType, Signalling};
use crate::assessment::Assessment;
use crate::game::{Game, Kind};
use crate::number::Number;
use crate::polytope::Q;

/// A signalling game that was read from a tree, and how to get back.
///
/// Chance draws the sender's type, in one move or in several, the sender knows it and moves, and the receiver has an information set
/// for each message it cannot tell types apart by. What chance draws and neither of them sees belongs to one type: payoffs are then
/// means. Whatever follows a message or a response without hidden information is solved by backward induction.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The signalling game.
    pub game: Signalling,
    /// The game-wide action by which a type sends a message, if it has it: `sends[type][message]`.
    pub sends: Vec<Vec<Option<usize>>>,
    /// The receiver's information set for a message, if it is answered.
    pub asked: Vec<Option<usize>>,
    /// The information sets that backward induction resolves, and the game-wide action chosen at each.
    pub settled: Vec<(usize, usize)>,
    /// The first game-wide action of each information set of the tree; one entry more, the number of actions.
    first_action: Vec<usize>,
}

impl Signalling {
    /// The signalling game in a tree: chance draws the sender's type, the sender has an information set for each type, the receiver
    /// one for each message. See [`Reading`].
    ///
    /// # Errors
    /// Why it is none.
    pub fn of(game: &Game) -> Result<Reading, NotSignalling> {
        Reader::new(game)?.read()
    }
}

/// Logarithm of the probability of a tremble to an action that beliefs give weight to.
const TREMBLE: f64 = -100.0;
/// Logarithm of the probability of a tremble that beliefs give no weight to: e^-100 as likely as the others.
const LESS: f64 = -200.0;

impl Reading {
    /// The strategy of an equilibrium of the signalling game in the tree, exactly.
    ///
    /// # Panics
    /// If the equilibrium is not one of [`Reading::game`].
    pub fn fractions(&self, equilibrium: &Equilibrium) -> Vec<Q> {
        let mut strategy = vec![Q::zero(); *self.first_action.last().expect("one more than sets")];
        for (row, sends) in equilibrium.sender.iter().zip(&self.sends) {
            for (p, action) in row.iter().zip(sends) {
                if let Some(action) = action {
                    strategy[*action] = p.exact().clone();
                }
            }
        }
        for (row, set) in equilibrium.receiver.iter().zip(&self.asked) {
            if let Some(set) = set {
                for (r, p) in row.iter().enumerate() {
                    strategy[self.first_action[*set] + r] = p.exact().clone();
                }
            }
        }
        for &(_, action) in &self.settled {
            strategy[action] = Q::one();
        }
        strategy
    }

    /// An equilibrium of the signalling game as an answer to the tree, with trembles that the beliefs come from.
    ///
    /// # Panics
    /// If the equilibrium is not one of [`Reading::game`].
    pub fn assessment(&self, equilibrium: &Equilibrium) -> Assessment {
        let actions = *self.first_action.last().expect("one more than sets");
        let mut strategy = vec![0.0; actions];
        let mut tremble = vec![TREMBLE; actions];
        let mut play = |action: usize, probability: f64| {
            strategy[action] = probability;
            if probability > 0.0 {
                tremble[action] = libm::log(probability);
            }
        };
        for (row, sends) in equilibrium.sender.iter().zip(&self.sends) {
            for (p, action) in row.iter().zip(sends) {
                if let Some(action) = action {
                    play(*action, p.value());
                }
            }
        }
        for (row, set) in equilibrium.receiver.iter().zip(&self.asked) {
            if let Some(set) = set {
                for (r, p) in row.iter().enumerate() {
                    play(self.first_action[*set] + r, p.value());
                }
            }
        }
        for &(_, action) in &self.settled {
            play(action, 1.0);
        }
        for (m, belief) in equilibrium.beliefs.iter().enumerate() {
            let Some(belief) = belief else { continue };
            for (t, p) in belief.types.iter().enumerate() {
                let Some(action) = self.sends[t][m] else {
                    continue;
                };
                if equilibrium.sender[t][m].is_zero() {
                    // The tremble times the prior is in proportion to the belief.
                    let prior = self.game.types[t].prior.value();
                    tremble[action] = if belief.on_path || p.is_zero() {
                        LESS
                    } else {
                        TREMBLE + libm::log(p.value() / prior)
                    };
                }
            }
        }
        Assessment { strategy, tremble }
    }
}

/// More nodes are not looked at: their values by backward induction are exact and take their time.
const MOST_NODES: usize = 10_000;

/// A type of the sender as it stands in the tree.
struct Drawn {
    /// The sender's information set.
    set: usize,
    /// Its nodes, each with its probability and what was paid on the way there.
    nodes: Vec<(usize, Q, Vec<Q>)>,
    name: String,
}

impl Drawn {
    fn prior(&self) -> Q {
        self.nodes.iter().map(|(_, p, _)| p).sum()
    }
}

struct Reader<'a> {
    game: &'a Game,
    sender: u32,
    receiver: Option<u32>,
    types: Vec<Drawn>,
    /// Nodes at which the sender moves, and those of chance before them.
    before: Vec<bool>,
    /// Information sets that are answers to messages.
    is_answer: Vec<bool>,
    /// For each node, what the play pays from there on, its own outcome included; where backward induction does not reach, why.
    values: Vec<Result<Vec<Q>, NotSignalling>>,
    settled: Vec<(usize, usize)>,
}

impl<'a> Reader<'a> {
    /// Finds the sender, the receiver and the answers to messages.
    fn new(game: &'a Game) -> Result<Self, NotSignalling> {
        let nodes = game.nodes();
        if nodes.len() > MOST_NODES {
            return Err(NotSignalling::TooLarge);
        }
        if !matches!(nodes.first().map(|node| node.kind), Some(Kind::Chance(_))) {
            return Err(NotSignalling::ChanceDoesNotBegin);
        }
        let mut reader = Self {
            game,
            sender: 0,
            receiver: None,
            types: Vec::new(),
            before: vec![false; nodes.len()],
            is_answer: vec![false; game.sets().len()],
            values: Vec::new(),
            settled: Vec::new(),
        };
        reader.draw()?;
        let mut receiver = None;
        for drawn in &reader.types {
            for (node, ..) in &drawn.nodes {
                let mut mine = Vec::new();
                for child in game.children(*node) {
                    let Kind::Personal(set) = nodes[child].kind else {
                        continue;
                    };
                    let info = &game.sets()[set as usize];
                    if info.player == reader.sender {
                        continue;
                    }
                    if *receiver.get_or_insert(info.player) != info.player {
                        return Err(NotSignalling::SeveralReceivers { set: set as usize });
                    }
                    if mine.contains(&set) {
                        return Err(NotSignalling::Unlike { set: set as usize });
                    }
                    mine.push(set);
                    reader.is_answer[set as usize] = true;
                }
            }
        }
        reader.receiver = receiver;
        for (set, info) in game.sets().iter().enumerate() {
            let directly = |node: u32| {
                let parent = nodes[node as usize].parent as usize;
                node != 0
                    && reader.before[parent]
                    && matches!(nodes[parent].kind, Kind::Personal(_))
            };
            if reader.is_answer[set] && !info.members.iter().all(|&node| directly(node)) {
                return Err(NotSignalling::Unlike { set });
            }
        }
        // What neither sees: the same answers follow whatever chance drew.
        for drawn in &reader.types {
            let answers = |node: usize| -> Vec<Option<u32>> {
                game.children(node)
                    .map(|child| match nodes[child].kind {
                        Kind::Personal(set) if reader.is_answer[set as usize] => Some(set),
                        _ => None,
                    })
                    .collect()
            };
            let first = answers(drawn.nodes[0].0);
            if drawn.nodes.iter().any(|(node, ..)| answers(*node) != first) {
                return Err(NotSignalling::NoSender {
                    node: drawn.nodes[0].0,
                });
            }
        }
        Ok(reader)
    }

    /// Finds the types: the sender's information sets after the first moves of chance.
    fn draw(&mut self) -> Result<(), NotSignalling> {
        let game = self.game;
        let nodes = game.nodes();
        let nothing = vec![Q::zero(); game.players.len()];
        let mut open = vec![(0, Q::one(), nothing, String::new())];
        let mut sender = None;
        while let Some((node, chance, mut paid, name)) = open.pop() {
            self.before[node] = true;
            for (sum, here) in paid.iter_mut().zip(self.paid(node)) {
                *sum += here;
            }
            match nodes[node].kind {
                Kind::Chance(draw) => {
                    let draw = &game.chances()[draw as usize];
                    if let Some(branch) = draw.chance.iter().position(Number::is_zero) {
                        return Err(NotSignalling::ImpossibleType { branch });
                    }
                    let children: Vec<usize> = game.children(node).collect();
                    for (branch, child) in children.into_iter().enumerate().rev() {
                        let label = &draw.actions[branch];
                        let name = if name.is_empty() {
                            label.to_string()
                        } else {
                            format!("{name}, {label}")
                        };
                        let chance = &chance * draw.chance[branch].exact();
                        open.push((child, chance, paid.clone(), name));
                    }
                }
                Kind::Personal(set) => {
                    let set = set as usize;
                    let info = &game.sets()[set];
                    if *sender.get_or_insert(info.player) != info.player {
                        return Err(NotSignalling::NoSender { node });
                    }
                    match self.types.iter_mut().find(|drawn| drawn.set == set) {
                        Some(drawn) => {
                            // What the draws have in common names the type, or else its information set does.
                            drawn.name = if info.label.is_empty() {
                                common(&drawn.name, &name)
                            } else {
                                info.label.to_string()
                            };
                            drawn.nodes.push((node, chance, paid));
                        }
                        None => self.types.push(Drawn {
                            set,
                            nodes: vec![(node, chance, paid)],
                            name,
                        }),
                    }
                }
                Kind::Terminal => return Err(NotSignalling::NoSender { node }),
            }
        }
        let Some(sender) = sender else {
            return Err(NotSignalling::ChanceDoesNotBegin);
        };
        self.sender = sender;
        let elsewhere = |drawn: &&Drawn| drawn.nodes.len() < game.sets()[drawn.set].members.len();
        if let Some(drawn) = self.types.iter().find(elsewhere) {
            return Err(NotSignalling::NoSender {
                node: drawn.nodes[0].0,
            });
        }
        if self.types.len() > Signalling::MOST {
            return Err(NotSignalling::TooLarge);
        }
        Ok(())
    }

    fn read(mut self) -> Result<Reading, NotSignalling> {
        let game = self.game;
        let nodes = game.nodes();
        self.induct();
        // Messages: first those that are answered, by the receiver's information set; then the rest.
        let mut messages: Vec<(usize, Box<str>, Option<usize>)> = Vec::new();
        let mut found: Vec<Vec<(usize, usize, usize)>> = Vec::new();
        let answer_at = |node: usize| match nodes[node].kind {
            Kind::Personal(set) if self.is_answer[set as usize] => Some(set as usize),
            _ => None,
        };
        for answered in [true, false] {
            for (t, drawn) in self.types.iter().enumerate() {
                if answered {
                    found.push(Vec::new());
                }
                let set = &game.sets()[drawn.set];
                for (place, child) in game.children(drawn.nodes[0].0).enumerate() {
                    let answer = answer_at(child);
                    if answer.is_some() != answered {
                        continue;
                    }
                    let label = &set.actions[place];
                    let message = messages.iter().enumerate().position(|(m, message)| {
                        let same = message.0 == place && message.1 == *label;
                        if answered {
                            message.2 == answer
                        } else {
                            same && !found[t].iter().any(|(other, ..)| *other == m)
                        }
                    });
                    let message = message.unwrap_or_else(|| {
                        messages.push((place, label.clone(), answer));
                        messages.len() - 1
                    });
                    found[t].push((message, place, set.first_action as usize + place));
                }
            }
        }
        // In the order of the sender's actions, as far as that goes.
        let mut order: Vec<usize> = (0..messages.len()).collect();
        order.sort_by_key(|&m| messages[m].0);
        let mut rank = vec![0; order.len()];
        for (at, &m) in order.iter().enumerate() {
            rank[m] = at;
        }
        let asked: Vec<Option<usize>> = order.iter().map(|&m| messages[m].2).collect();
        let types = self.types.len();
        let mut plays = vec![vec![Play::Unavailable; order.len()]; types];
        let mut sends = vec![vec![None; order.len()]; types];
        for (t, found) in found.iter().enumerate() {
            for &(message, place, action) in found {
                let child = game.children(self.types[t].nodes[0].0).nth(place);
                let answered = child.is_some_and(|child| answer_at(child).is_some());
                plays[t][rank[message]] = self.play(&self.types[t], place, answered)?;
                sends[t][rank[message]] = Some(action);
            }
        }
        let responses = |set: Option<usize>| -> Vec<String> {
            set.map_or(Vec::new(), |set| {
                let actions = &game.sets()[set].actions;
                actions.iter().map(ToString::to_string).collect()
            })
        };
        let name = |player: u32| game.players[player as usize].clone();
        let signalling = Signalling {
            sender: name(self.sender),
            receiver: self.receiver.map_or_else(String::new, name),
            types: self
                .types
                .iter()
                .map(|drawn| SenderType {
                    name: drawn.name.clone(),
                    prior: self.as_typed(drawn).unwrap_or_else(|| drawn.prior().into()),
                })
                .collect(),
            messages: order
                .iter()
                .map(|&m| Message {
                    name: messages[m].1.to_string(),
                    responses: responses(messages[m].2),
                })
                .collect(),
            plays,
        };
        let wide = |count: usize| count > Signalling::MOST;
        if wide(signalling.messages.len())
            || signalling.messages.iter().any(|m| wide(m.responses.len()))
        {
            return Err(NotSignalling::TooLarge);
        }
        self.settled.sort_unstable();
        let first = game.sets().iter().map(|set| set.first_action as usize);
        Ok(Reading {
            game: signalling,
            sends,
            asked,
            settled: self.settled,
            first_action: first.chain([game.actions()]).collect(),
        })
    }

    /// The prior of a type that one move of chance draws, as its text has it.
    fn as_typed(&self, drawn: &Drawn) -> Option<Number> {
        let [(node, ..)] = drawn.nodes[..] else {
            return None;
        };
        let node = &self.game.nodes()[node];
        match self.game.nodes()[node.parent as usize].kind {
            Kind::Chance(draw) if node.parent == 0 => {
                Some(self.game.chances()[draw as usize].chance[node.branch as usize].clone())
            }
            _ => None,
        }
    }

    /// What happens if a type sends its message of number `place`: the mean over what chance drew and it does not know.
    fn play(&self, drawn: &Drawn, place: usize, answered: bool) -> Result<Play, NotSignalling> {
        let prior = drawn.prior();
        // Payoffs by response; one row if none follows.
        let mut means: Vec<Vec<Q>> = Vec::new();
        for (node, chance, paid) in &drawn.nodes {
            let child = self.game.children(*node).nth(place);
            let child = child.expect("an action has a child");
            let rows: Vec<Vec<Q>> = if answered {
                let here = self.paid(child);
                let mut rows = Vec::new();
                for response in self.game.children(child) {
                    let value = self.values[response].as_ref().map_err(|why| *why)?;
                    rows.push(value.iter().zip(&here).map(|(a, b)| a + b).collect());
                }
                rows
            } else {
                vec![self.values[child].as_ref().map_err(|why| *why)?.clone()]
            };
            if means.is_empty() {
                means = vec![vec![Q::zero(); self.game.players.len()]; rows.len()];
            }
            for (mean, row) in means.iter_mut().zip(&rows) {
                for ((mean, value), paid) in mean.iter_mut().zip(row).zip(paid) {
                    *mean += chance * (value + paid) / &prior;
                }
            }
        }
        let number = |player: Option<u32>, row: &[Q]| {
            let value = player.map(|player| row[player as usize].clone());
            value.map_or_else(|| Number::from(0), Number::from)
        };
        let column = |player: Option<u32>| -> Vec<Number> {
            means.iter().map(|row| number(player, row)).collect()
        };
        let (sender, receiver) = (column(Some(self.sender)), column(self.receiver));
        Ok(if answered {
            Play::Answered { sender, receiver }
        } else {
            Play::Ends {
                sender: sender[0].clone(),
                receiver: receiver[0].clone(),
            }
        })
    }

    /// What is paid at a node itself.
    fn paid(&self, node: usize) -> Vec<Q> {
        match self.game.nodes()[node].outcome {
            Some(outcome) => self.game.outcomes()[outcome as usize]
                .payoffs
                .iter()
                .map(|payoff| payoff.exact().clone())
                .collect(),
            None => vec![Q::zero(); self.game.players.len()],
        }
    }

    /// Backward induction from the ends of plays, as far as players see what happened.
    fn induct(&mut self) {
        let game = self.game;
        let nodes = game.nodes();
        // Nodes stand in preorder, so children come after their parent.
        let mut values: Vec<Result<Vec<Q>, NotSignalling>> = vec![Ok(Vec::new()); nodes.len()];
        for node in (1..nodes.len()).rev() {
            if self.before[node] {
                continue;
            }
            let follow = match nodes[node].kind {
                Kind::Terminal => Ok(vec![Q::zero(); game.players.len()]),
                Kind::Chance(set) => {
                    let chance = &game.chances()[set as usize].chance;
                    let mut sum = Ok(vec![Q::zero(); game.players.len()]);
                    for (child, p) in game.children(node).zip(chance) {
                        match (&mut sum, &values[child]) {
                            (Ok(sum), Ok(value)) => {
                                for (sum, value) in sum.iter_mut().zip(value) {
                                    *sum += p.exact() * value;
                                }
                            }
                            (Ok(_), Err(why)) => sum = Err(*why),
                            (Err(_), _) => {}
                        }
                    }
                    sum
                }
                // Its answers are what the signalling game is about.
                Kind::Personal(set) if self.is_answer[set as usize] => {
                    Err(NotSignalling::Unlike { set: set as usize })
                }
                Kind::Personal(set) => self.chosen(node, set as usize, &values),
            };
            let own = self.paid(node);
            values[node] = follow.map(|value| {
                value
                    .iter()
                    .zip(&own)
                    .map(|(value, own)| value + own)
                    .collect()
            });
        }
        self.values = values;
    }

    /// The value of a move at `node`, and the choice there noted.
    fn chosen(
        &mut self,
        node: usize,
        set: usize,
        values: &[Result<Vec<Q>, NotSignalling>],
    ) -> Result<Vec<Q>, NotSignalling> {
        let info = &self.game.sets()[set];
        if info.members.len() > 1 && info.actions.len() > 1 {
            return Err(NotSignalling::Hidden { set });
        }
        let player = info.player as usize;
        let mut best: Option<(usize, &Vec<Q>)> = None;
        let mut tie = false;
        for (place, child) in self.game.children(node).enumerate() {
            let value = values[child].as_ref().map_err(|why| *why)?;
            match best {
                Some((_, kept)) if value[player] < kept[player] => {}
                Some((_, kept)) if value[player] == kept[player] => tie |= value != kept,
                _ => {
                    best = Some((place, value));
                    tie = false;
                }
            }
        }
        if tie {
            return Err(NotSignalling::Tie { set });
        }
        let (place, value) = best.expect("an information set has actions");
        self.settled.push((set, info.first_action as usize + place));
        Ok(value.clone())
    }
}

/// The labels that two names of draws begin with; if there are none, both names.
fn common(one: &str, other: &str) -> String {
    let labels: Vec<&str> = one
        .split(", ")
        .zip(other.split(", "))
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a)
        .collect();
    if labels.is_empty() {
        format!("{one} or {other}")
    } else {
        labels.join(", ")
    }
}
