//! An equilibrium in words.
//!
//! Sentences are made of the labels of the game and of numbers of the certificate; what a game calls its moves is what its reader
//! reads. A belief is told as what a player thinks of chance's hidden moves, before (by the chances alone) and after what it saw.

mod names;
mod paths;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::assessment::Assessment;
use crate::builder::small;
use crate::certificate::Certificate;
use crate::game::{Game, Kind};
use crate::tree::{NONE, Tree};
pub use names::named;
use paths::{Path, except, last_draws};

/// Probabilities nearer to 0 or 1 than this are told as never and always.
const CERTAIN: f64 = 1e-9;
/// Beliefs that move by less than this are told as staying.
const MOVED: f64 = 0.005;
/// Beliefs told, of those that move.
const TOLD: usize = 4;

/// What an answer amounts to.
#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    /// What is done and believed at each information set, in the order of the tree.
    pub scenes: Vec<Scene>,
    /// How plays end: the label of the outcome, or where it has none of the last move, with its probability; likeliest first.
    pub endings: Vec<(String, f64)>,
    /// For each player, the expected payoff.
    pub value: Vec<f64>,
}

/// An information set in words and numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    /// The information set.
    pub set: usize,
    /// Probability that play comes here.
    pub reach: f64,
    /// Who moves where: the player, its own type, what the set is called or the last move that it saw.
    pub who: String,
    /// One sentence on what is done, and if there is something hidden, on what is believed.
    pub sentence: String,
    /// What the player thinks of what is hidden from it; empty if nothing is.
    pub beliefs: Vec<Belief>,
}

/// What a player thinks of one possibility.
#[derive(Clone, Debug, PartialEq)]
pub struct Belief {
    /// What is hidden: labels of the branches of chance, or of the moves of others, that tell it from the rest.
    pub hidden: String,
    /// Its probability by the chances alone, relative to the other possibilities here; none where moves of players tell them apart.
    pub before: Option<f64>,
    /// Its probability given what the player knows.
    pub after: f64,
    /// What each action would pay if it were so, in units of payoff.
    pub values: Vec<f64>,
}

/// Tells `answer`, an answer to `game` that `certificate` is about.
pub fn tell(game: &Game, tree: &Tree, answer: &Assessment, certificate: &Certificate) -> Story {
    tell_most(game, tree, answer, certificate, usize::MAX)
}

/// Tells `answer` at `most` information sets, those that play is likeliest to come to. In deep trees each takes its time.
pub fn tell_most(
    game: &Game,
    tree: &Tree,
    answer: &Assessment,
    certificate: &Certificate,
    most: usize,
) -> Story {
    let teller = Teller {
        game,
        tree,
        answer,
        certificate,
        worth: worth(tree, answer),
        draws: last_draws(game),
    };
    let mut order: Vec<usize> = (0..tree.sets()).collect();
    if order.len() > most {
        // What is reached says most; of the same reach those that come first.
        let reach = |set: usize| certificate.sets[set].reach;
        order.sort_by_key(|set| tree.members_of(*set).first().copied());
        order.sort_by(|a, b| reach(*b).total_cmp(&reach(*a)));
        order.truncate(most);
    }
    order.sort_by_key(|set| tree.members_of(*set).first().copied());
    Story {
        scenes: order.into_iter().map(|set| teller.scene(set)).collect(),
        endings: endings(game, tree, answer),
        value: certificate.value.clone(),
    }
}

struct Teller<'a> {
    game: &'a Game,
    tree: &'a Tree,
    answer: &'a Assessment,
    certificate: &'a Certificate,
    /// What each node is worth to each player.
    worth: Vec<f64>,
    /// For each node, the last move of chance before it, as the node that it led to; 0 if there is none.
    draws: Vec<u32>,
}

impl Teller<'_> {
    fn scene(&self, set: usize) -> Scene {
        let check = &self.certificate.sets[set];
        let beliefs = self.beliefs(set);
        let player = &self.game.players[self.tree.player[set] as usize];
        let who = format!("{player}{}", self.situation(set));
        let mut sentence = who.clone();
        if check.reach <= 0.0 {
            sentence.push_str(", which play does not reach");
        }
        if sentence.len() > player.len() && sentence.contains(", ") {
            sentence.push(',');
        }
        let _ = write!(sentence, " {}", self.plan(set));
        if beliefs.len() > 1 {
            sentence.push_str(&self.opinion(set, &beliefs));
        }
        sentence.push('.');
        Scene {
            set,
            reach: check.reach,
            who,
            sentence,
            beliefs,
        }
    }

    /// Where a player is: its own type, and what the set is called or the last move that it saw.
    fn situation(&self, set: usize) -> String {
        let info = &self.game.sets()[set];
        let known = match self.tree.members_of(set) {
            [alone] => self.known_alone(*alone as usize),
            _ => self.known(set),
        };
        let mut words: Vec<String> = Vec::new();
        for label in known.chance.iter().flatten() {
            if !info.label.contains(label.as_str()) {
                words.push(label.clone());
            }
        }
        let kind = if words.is_empty() {
            String::new()
        } else {
            format!(" ({})", words.join(", "))
        };
        if !info.label.is_empty() {
            return format!("{kind}, at “{}”", info.label);
        }
        match known.moves.iter().flatten().last() {
            Some(last) => format!("{kind}, after “{last}”"),
            None => kind,
        }
    }

    /// What is done: "plays “threaten” 21 % of the time, else “silent”".
    fn plan(&self, set: usize) -> String {
        let labels = &self.game.sets()[set].actions;
        let mut played: Vec<(f64, &str)> = self
            .tree
            .actions_of(set)
            .zip(labels)
            .map(|(action, label)| (self.answer.strategy[action], &**label))
            .filter(|(p, _)| *p > CERTAIN)
            .collect();
        played.sort_by(|a, b| b.0.total_cmp(&a.0));
        match &played[..] {
            [(_, only)] => format!("plays “{only}” always"),
            [(_, most), (p, least)] => {
                format!("plays “{least}” {} of the time, else “{most}”", percent(*p))
            }
            all => {
                let parts: Vec<String> = all
                    .iter()
                    .map(|(p, label)| format!("“{label}” {}", percent(*p)))
                    .collect();
                format!("plays {}", parts.join(", "))
            }
        }
    }

    /// What is believed, and how that bears on what is done.
    fn opinion(&self, set: usize, beliefs: &[Belief]) -> String {
        let mut text = String::from("; ");
        let moved = |belief: &Belief| {
            belief
                .before
                .map_or(1.0, |before| (belief.after - before).abs())
        };
        let told: Vec<&Belief> = if beliefs.len() == 2 {
            // One of two says it all: the one whose chance rose.
            let rose = usize::from(beliefs[1].after > beliefs[1].before.unwrap_or(0.5));
            vec![&beliefs[rose]]
        } else {
            // What the player learnt, most first.
            let mut told: Vec<&Belief> = beliefs
                .iter()
                .filter(|belief| moved(belief) > MOVED)
                .collect();
            told.sort_by(|a, b| moved(b).total_cmp(&moved(a)));
            told.truncate(TOLD);
            told
        };
        if told.is_empty() {
            text.push_str("its beliefs stay as chance left them");
        } else {
            let parts: Vec<String> = told.iter().map(|belief| movement(belief)).collect();
            let _ = write!(text, "its belief in {}", parts.join(", in "));
        }
        let labels = &self.game.sets()[set].actions;
        let check = &self.certificate.sets[set];
        let tie = &check.tied;
        if tie.len() > 1 {
            let names: Vec<String> = tie.iter().map(|at| format!("“{}”", labels[*at])).collect();
            let _ = write!(
                text,
                ", {}where it is indifferent between {}",
                if check.exact { "exactly " } else { "" },
                list(&names)
            );
        } else if let ([first, second], [best]) = (beliefs, &tie[..]) {
            // With two possibilities there is a belief at which the plan stops being best.
            let one = if told[0] == first {
                (first, second)
            } else {
                (second, first)
            };
            if let Some((at, other)) = threshold(one.0, one.1, *best) {
                let side = if one.0.after >= at {
                    "at least"
                } else {
                    "at most"
                };
                let _ = write!(
                    text,
                    "; “{}” beats “{}” where that belief is {side} {}",
                    labels[*best],
                    labels[other],
                    percent(at)
                );
            }
        }
        text
    }

    /// The possibilities at `set`, told apart by what is hidden.
    fn beliefs(&self, set: usize) -> Vec<Belief> {
        let members = self.tree.members_of(set);
        if members.len() < 2 {
            return Vec::new();
        }
        let known = self.known(set);
        let paths: Vec<Path> = members
            .iter()
            .map(|node| self.path(*node as usize))
            .collect();
        let hidden_chance: Vec<String> = paths
            .iter()
            .map(|path| except(&path.chance, &known.chance))
            .collect();
        let by_chance = hidden_chance
            .iter()
            .any(|hidden| *hidden != hidden_chance[0]);
        let player = self.tree.player[set] as usize;
        let check = &self.certificate.sets[set];
        let mut beliefs: Vec<Belief> = Vec::new();
        let mut chances: Vec<f64> = Vec::new();
        for (at, path) in paths.iter().enumerate() {
            let hidden = if by_chance {
                hidden_chance[at].clone()
            } else {
                except(&path.others, &known.others)
            };
            let place = beliefs.iter().position(|belief| belief.hidden == hidden);
            let place = place.unwrap_or_else(|| {
                beliefs.push(Belief {
                    hidden,
                    before: None,
                    after: 0.0,
                    values: vec![0.0; self.tree.actions_of(set).len()],
                });
                chances.push(0.0);
                beliefs.len() - 1
            });
            // Within a possibility nodes weigh by their belief, or evenly if it has none.
            let belief = &mut beliefs[place];
            let weight = check.beliefs[at];
            let before = belief.after;
            belief.after += weight;
            let share = if belief.after > 0.0 {
                weight / belief.after
            } else {
                1.0
            };
            for (value, child) in belief
                .values
                .iter_mut()
                .zip(self.tree.children(members[at] as usize))
            {
                let worth = self.worth[child * self.tree.players + player];
                *value = if before == 0.0 && weight == 0.0 {
                    worth
                } else {
                    (1.0 - share) * *value + share * worth
                };
            }
            chances[place] += path.probability;
        }
        let sum: f64 = chances.iter().sum();
        if by_chance && sum > 0.0 {
            for (belief, chance) in beliefs.iter_mut().zip(&chances) {
                belief.before = Some(chance / sum);
            }
        }
        if beliefs.len() < 2 {
            Vec::new()
        } else {
            beliefs
        }
    }
}

/// "“strong” rises from 30 % to 67 %".
fn movement(belief: &Belief) -> String {
    let (hidden, after) = (&belief.hidden, belief.after);
    match belief.before {
        Some(before) if (before - after).abs() > MOVED => format!(
            "“{hidden}” {} from {} to {}",
            if after > before { "rises" } else { "falls" },
            percent(before),
            percent(after)
        ),
        Some(_) => format!("“{hidden}” stays {}", percent(after)),
        None => format!("“{hidden}” is {}", percent(after)),
    }
}

/// The belief in `one` (against `other`) at which action `best` first ties with another action, and that action.
fn threshold(one: &Belief, other: &Belief, best: usize) -> Option<(f64, usize)> {
    let mut nearest: Option<(f64, usize)> = None;
    for rival in (0..one.values.len()).filter(|rival| *rival != best) {
        // The lead of `best` is linear in the belief; it crosses zero between certainty of one and of the other.
        let (lead_one, lead_other) = (
            one.values[best] - one.values[rival],
            other.values[best] - other.values[rival],
        );
        if lead_one * lead_other < 0.0 {
            let at = lead_other / (lead_other - lead_one);
            if nearest.is_none_or(|(known, _)| (at - one.after).abs() < (known - one.after).abs()) {
                nearest = Some((at, rival));
            }
        }
    }
    nearest
}

/// What each node is worth to each player under the strategy.
fn worth(tree: &Tree, answer: &Assessment) -> Vec<f64> {
    let players = tree.players;
    let mut worth = vec![0.0; tree.parent.len() * players];
    for (leaf, &node) in tree.leaves.iter().enumerate() {
        worth[node as usize * players..][..players]
            .copy_from_slice(&tree.payoff[leaf * players..][..players]);
    }
    for node in (1..tree.parent.len()).rev() {
        let p = step(tree, answer, node);
        let (before, here) = worth.split_at_mut(node * players);
        let parent = tree.parent[node] as usize * players;
        for player in 0..players {
            before[parent + player] += p * here[player];
        }
    }
    worth
}

/// Probability of the step that leads to `node`.
fn step(tree: &Tree, answer: &Assessment, node: usize) -> f64 {
    match tree.action[node] {
        NONE => tree.chance[node],
        action => answer.strategy[action as usize],
    }
}

fn endings(game: &Game, tree: &Tree, answer: &Assessment) -> Vec<(String, f64)> {
    let mut reach = vec![1.0; tree.parent.len()];
    for node in 1..reach.len() {
        reach[node] = reach[tree.parent[node] as usize] * step(tree, answer, node);
    }
    let (place, names) = ways_to_end(game, tree);
    let mut endings: Vec<(String, f64)> = names.into_iter().map(|name| (name, 0.0)).collect();
    for (leaf, place) in tree.leaves.iter().zip(place) {
        endings[place as usize].1 += reach[*leaf as usize];
    }
    // Stable: equal shares stay in the order of the tree.
    endings.sort_by(|a, b| b.1.total_cmp(&a.1));
    endings
}

/// How plays end: for each leaf, in the order of [`Tree::leaves`], the place of its ending, and what endings are called: by the label of
/// the outcome, or where it has none by that of the last move.
pub fn ways_to_end(game: &Game, tree: &Tree) -> (Vec<u32>, Vec<String>) {
    let mut names: Vec<String> = Vec::new();
    let mut places: BTreeMap<String, u32> = BTreeMap::new();
    let mut place = Vec::with_capacity(tree.leaves.len());
    for &leaf in &tree.leaves {
        let node = &game.nodes()[leaf as usize];
        let outcome = node
            .outcome
            .map(|outcome| &game.outcomes()[outcome as usize].label);
        let name = match outcome {
            Some(label) if !label.is_empty() => label.to_string(),
            _ => match game.nodes()[node.parent as usize].kind {
                Kind::Personal(set) => {
                    game.sets()[set as usize].actions[node.branch as usize].to_string()
                }
                Kind::Chance(set) => {
                    game.chances()[set as usize].actions[node.branch as usize].to_string()
                }
                Kind::Terminal => String::from("the start"),
            },
        };
        let at = *places.entry(name).or_insert_with_key(|name| {
            names.push(name.clone());
            small(names.len() - 1)
        });
        place.push(at);
    }
    (place, names)
}

/// A probability as a whole percentage; never 0 % or 100 % of what is neither.
pub fn percent(p: f64) -> String {
    if p <= CERTAIN {
        "0\u{a0}%".into()
    } else if p >= 1.0 - CERTAIN {
        "100\u{a0}%".into()
    } else if p < 0.005 {
        "<1\u{a0}%".into()
    } else if p >= 0.995 {
        ">99\u{a0}%".into()
    } else {
        format!("{:.0}\u{a0}%", 100.0 * p)
    }
}

fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}
