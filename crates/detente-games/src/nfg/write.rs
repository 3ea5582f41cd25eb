//! From a game to the text of an `.nfg` file.

use num_rational::BigRational;
use num_traits::{One, Zero};

use crate::builder::small;
use crate::efg::lexer::quote_into;
use crate::game::{Game, Kind};
use crate::number::Number;
use crate::recall::{Recall, recall};

/// Profiles of the largest table, and nodes that are walked through for all of them.
const MOST_PROFILES: usize = 1 << 20;
const MOST_WORK: usize = 1 << 26;

/// Why a game is not written as a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotATable {
    /// Its players have so many strategies that the table would be too large.
    TooLarge,
    /// A play passes an information set twice: pure strategies do not cover what can happen.
    AbsentMinded,
    /// Nobody plays.
    NoPlayers,
}

impl std::error::Error for NotATable {}

impl std::fmt::Display for NotATable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::TooLarge => "its players have too many strategies for a table",
            Self::AbsentMinded => "a player passes an information set twice",
            Self::NoPlayers => "it has no players",
        })
    }
}

/// The text of an `.nfg` file with the strategic form of `game`, which [`super::read`] and Gambit read.
///
/// A strategy names an action at each information set of its player that it comes to itself, and `*` at the others: strategies that
/// differ nowhere else are one. Payoffs are expected ones, exactly; where a profile ends in one outcome for certain, they are spelled as
/// the game spells them.
///
/// There is one text for each table, however it was read. Where every profile ends in one outcome or none for certain, and payoffs alone
/// would not tell these apart (an outcome has a label, several profiles share one, or a profile has none), the body lists outcomes, in
/// the order of their numbers; else it lists payoffs.
///
/// # Errors
/// Why there is no such table.
pub fn write(game: &Game) -> Result<String, NotATable> {
    let strategies = strategies(game)?;
    let profiles = profiles(game, &strategies);
    let mut out = String::from("NFG 1 R ");
    quote_into(&mut out, &game.title);
    out.push_str(" {");
    for player in &game.players {
        out.push(' ');
        quote_into(&mut out, player);
    }
    out.push_str(" }\n\n{");
    for own in &strategies {
        out.push_str(" {");
        for strategy in own {
            out.push(' ');
            quote_into(&mut out, &label(game, strategy));
        }
        out.push_str(" }");
    }
    out.push_str(" }\n");
    quote_into(&mut out, &game.comment);
    out.push_str("\n\n");
    match listed(game, &profiles) {
        Some(list) => write_outcomes(&mut out, game, &profiles, &list, strategies[0].len()),
        None => write_payoffs(&mut out, game, &profiles),
    }
    Ok(out)
}

/// What a profile of strategies pays.
enum Paid {
    /// One outcome, or none, for certain: an index into [`Game::outcomes`].
    Certain(Option<u32>),
    /// Something else: the payoffs on average, as they are written.
    Expected(Box<str>),
}

/// What each profile pays; the first player's strategy changes fastest.
fn profiles(game: &Game, strategies: &[Vec<Strategy>]) -> Vec<Paid> {
    let mut paid = Vec::new();
    let children = Children::new(game);
    let mut profile = vec![0; strategies.len()];
    let mut chosen = vec![0_u32; game.sets.len()];
    loop {
        for (own, &at) in strategies.iter().zip(&profile) {
            for &(set, action) in &own[at] {
                chosen[set] = action.unwrap_or(0);
            }
        }
        paid.push(follow(game, &children, &chosen));
        let Some(player) = (0..profile.len()).find(|&p| profile[p] + 1 < strategies[p].len())
        else {
            return paid;
        };
        profile[player] += 1;
        profile[..player].fill(0);
    }
}

/// The outcomes that are paid, in the order of their numbers, if they say more than payoffs do.
fn listed(game: &Game, profiles: &[Paid]) -> Option<Vec<u32>> {
    let mut uses = vec![0_usize; game.outcomes.len()];
    let mut none = false;
    for paid in profiles {
        match paid {
            Paid::Certain(Some(outcome)) => uses[*outcome as usize] += 1,
            Paid::Certain(None) => none = true,
            Paid::Expected(_) => return None,
        }
    }
    let mut list: Vec<u32> = (0..)
        .zip(&uses)
        .filter_map(|(outcome, uses)| (*uses > 0).then_some(outcome))
        .collect();
    list.sort_by_key(|outcome| game.outcomes[*outcome as usize].number);
    let labelled = |outcome: &u32| !game.outcomes[*outcome as usize].label.is_empty();
    (none || uses.iter().any(|uses| *uses > 1) || list.iter().any(labelled)).then_some(list)
}

fn write_outcomes(out: &mut String, game: &Game, profiles: &[Paid], list: &[u32], per_line: usize) {
    let mut place = vec![0_usize; game.outcomes.len()];
    out.push_str("{\n");
    for (at, &outcome) in (1..).zip(list) {
        let outcome = outcome as usize;
        place[outcome] = at;
        out.push_str("{ ");
        quote_into(out, &game.outcomes[outcome].label);
        out.push(' ');
        out.push_str(&spelled(&game.outcomes[outcome].payoffs, ", "));
        out.push_str(" }\n");
    }
    out.push_str("}\n");
    for line in profiles.chunks(per_line) {
        let numbers: Vec<String> = line
            .iter()
            .map(|paid| match paid {
                Paid::Certain(Some(outcome)) => place[*outcome as usize].to_string(),
                _ => "0".to_owned(),
            })
            .collect();
        out.push_str(&numbers.join(" "));
        out.push('\n');
    }
}

fn write_payoffs(out: &mut String, game: &Game, profiles: &[Paid]) {
    for paid in profiles {
        match paid {
            Paid::Certain(Some(outcome)) => {
                let payoffs = &game.outcomes[*outcome as usize].payoffs;
                out.push_str(&spelled(payoffs, " "));
            }
            Paid::Certain(None) => out.push_str(&vec!["0"; game.players.len()].join(" ")),
            Paid::Expected(payoffs) => out.push_str(payoffs),
        }
        out.push('\n');
    }
}

fn spelled(payoffs: &[Number], between: &str) -> String {
    let all: Vec<String> = payoffs.iter().map(ToString::to_string).collect();
    all.join(between)
}

/// The reduced strategies of each player.
fn strategies(game: &Game) -> Result<Vec<Vec<Strategy>>, NotATable> {
    if game.players.is_empty() {
        return Err(NotATable::NoPlayers);
    }
    if let Recall::AbsentMinded { .. } = recall(game) {
        return Err(NotATable::AbsentMinded);
    }
    let mut profiles = 1_usize;
    let mut strategies = Vec::with_capacity(game.players.len());
    for player in 0..game.players.len() {
        let own = strategies_of(game, player, MOST_PROFILES / profiles)?;
        profiles = profiles.saturating_mul(own.len());
        strategies.push(own);
    }
    if profiles > MOST_PROFILES || profiles.saturating_mul(most_followed(game)) > MOST_WORK {
        return Err(NotATable::TooLarge);
    }
    Ok(strategies)
}

/// The most nodes that plays of one profile come through: all branches of chance, and the longest of players' actions.
fn most_followed(game: &Game) -> usize {
    let mut most = vec![0_usize; game.nodes.len()];
    for node in (0..game.nodes.len()).rev() {
        most[node] += 1;
        let (parent, here) = (game.nodes[node].parent as usize, most[node]);
        if node == 0 {
            return here;
        }
        most[parent] = match game.nodes[parent].kind {
            Kind::Chance(_) => most[parent].saturating_add(here),
            _ => most[parent].max(here),
        };
    }
    0
}

/// What a strategy does at each information set of its player; none where it does not come.
type Strategy = Vec<(usize, Option<u32>)>;

/// The reduced strategies of a player; at most `most`.
fn strategies_of(game: &Game, player: usize, most: usize) -> Result<Vec<Strategy>, NotATable> {
    let mut sets: Vec<usize> = (0..game.sets.len())
        .filter(|&set| game.sets[set].player as usize == player)
        .collect();
    // The order of the tree: what leads to a set comes before it.
    sets.sort_by_key(|&set| game.sets[set].members.first().copied());
    let mut all: Vec<Strategy> = vec![Vec::new()];
    for set in sets {
        let mut next = Vec::new();
        for strategy in all {
            if comes(game, set, &strategy) {
                for action in 0..game.sets[set].actions.len() {
                    let mut with = strategy.clone();
                    with.push((set, Some(u32::try_from(action).expect("few actions"))));
                    next.push(with);
                }
            } else {
                let mut with = strategy;
                with.push((set, None));
                next.push(with);
            }
            if next.len() > most {
                return Err(NotATable::TooLarge);
            }
        }
        all = next;
    }
    Ok(all)
}

/// Does a strategy let play come to a node of `set`?
fn comes(game: &Game, set: usize, strategy: &Strategy) -> bool {
    let player = game.sets[set].player;
    game.sets[set].members.iter().any(|&member| {
        let mut at = member as usize;
        while at != 0 {
            let node = &game.nodes[at];
            let parent = node.parent as usize;
            if let Kind::Personal(above) = game.nodes[parent].kind
                && game.sets[above as usize].player == player
            {
                let planned = strategy.iter().find(|(known, _)| *known == above as usize);
                if planned.is_some_and(|(_, action)| *action != Some(node.branch)) {
                    return false;
                }
            }
            at = parent;
        }
        true
    })
}

/// A strategy in words: its actions, or their numbers where they have no labels.
fn label(game: &Game, strategy: &Strategy) -> String {
    let words: Vec<String> = strategy
        .iter()
        .map(|(set, action)| match action {
            None => "*".to_owned(),
            Some(action) => {
                let label = &game.sets[*set].actions[*action as usize];
                if label.is_empty() {
                    (action + 1).to_string()
                } else {
                    label.to_string()
                }
            }
        })
        .collect();
    words.join(", ")
}

/// What everybody gets where `chosen` is done at each information set.
fn follow(game: &Game, children: &Children, chosen: &[u32]) -> Paid {
    let mut sums = vec![BigRational::zero(); game.players.len()];
    let (mut certain, mut paid) = (true, None);
    let mut open = vec![(0_usize, BigRational::one())];
    while let Some((node, weight)) = open.pop() {
        if let Some(outcome) = game.nodes[node].outcome {
            certain &= paid.is_none() && weight.is_one();
            paid = Some(outcome);
            let payoffs = &game.outcomes[outcome as usize].payoffs;
            for (sum, payoff) in sums.iter_mut().zip(payoffs) {
                *sum += &weight * payoff.exact();
            }
        }
        match game.nodes[node].kind {
            Kind::Terminal => {}
            Kind::Chance(set) => {
                let chance = &game.chances[set as usize].chance;
                for (&child, p) in children.of(node).iter().zip(chance) {
                    if !p.is_zero() {
                        open.push((child as usize, &weight * p.exact()));
                    }
                }
            }
            Kind::Personal(set) => {
                let child = children.of(node)[chosen[set as usize] as usize];
                open.push((child as usize, weight));
            }
        }
    }
    if certain {
        Paid::Certain(paid)
    } else {
        let sums: Vec<Number> = sums.into_iter().map(Number::from).collect();
        Paid::Expected(spelled(&sums, " ").into())
    }
}

/// The children of every node, so that one of many is found at once.
struct Children {
    /// For each node, where its children begin in `all`; one entry more.
    first: Vec<u32>,
    all: Vec<u32>,
}

impl Children {
    fn new(game: &Game) -> Self {
        let mut children = Self {
            first: vec![0],
            all: Vec::with_capacity(game.nodes.len()),
        };
        for node in 0..game.nodes.len() {
            children.all.extend(game.children(node).map(small));
            children.first.push(small(children.all.len()));
        }
        children
    }

    fn of(&self, node: usize) -> &[u32] {
        &self.all[self.first[node] as usize..self.first[node + 1] as usize]
    }
}
