//! Equilibria of two players in sequence form, exactly: a plan is the probability with which its owner plays each sequence of its own
//! actions (von Stengel 1996).
//!
//! A plan is a best response just if some prices of the owner's information sets make no sequence pay more than it costs, and the ones
//! that are played pay what they cost. Plans of one player together with prices of the other form a polyhedron. Two corners, one of
//! each, at which no sequence is both played and too dear are an equilibrium, and every equilibrium is a mixture of such.

use num_traits::{One, Signed, Zero};

use crate::builder::small;
use crate::certificate::exact::Numbers;
use crate::game::Game;
use crate::polytope::{Polytope, Q};
use crate::tree::{NONE, Tree};

/// Sequences of a player, at most: those of a pair of corners are compared as bits.
const MOST_SEQUENCES: usize = 64;
/// Numbers in all systems of equations of one search for corners, at most.
const MOST_NUMBERS: usize = 2_500_000;
/// Corners visited in one polyhedron, at most.
const MOST_BASES: usize = 5_000;

/// The sequences of one player.
struct Sequences {
    player: usize,
    /// For each game-wide action of the player at a choice of several, its sequence; else [`NONE`]. Sequence 0 is that of no action.
    of_action: Vec<u32>,
    /// The player's information sets with a choice, each with the sequence that leads there and its first sequence and how many.
    sets: Vec<Set>,
    /// For each sequence, the place in `sets` of the set that its last action belongs to; [`NONE`] for sequence 0.
    set_of: Vec<u32>,
}

struct Set {
    index: usize,
    before: usize,
    first: usize,
    count: usize,
}

/// One equilibrium: for each game-wide action its probability, where the player's own plan comes to its information set.
pub(crate) type Plans = Vec<Option<Q>>;

/// The players of `tree` who choose anything.
pub(crate) fn movers(tree: &Tree) -> Vec<usize> {
    let mut movers: Vec<usize> = (0..tree.sets())
        .filter(|&set| tree.actions_of(set).len() > 1 && !tree.members_of(set).is_empty())
        .map(|set| tree.player[set] as usize)
        .collect();
    movers.sort_unstable();
    movers.dedup();
    movers
}

/// The corners of the sets of Nash equilibria of a game in which two players choose.
pub(crate) struct Corners {
    /// Each corner once.
    pub(crate) plans: Vec<Plans>,
    /// For each, the number of a connected set of equilibria that it belongs to: corners that share a player's plan are joined by
    /// equilibria.
    pub(crate) component: Vec<usize>,
    /// Are these all?
    pub(crate) all: bool,
}

/// The corners of the sets of Nash equilibria of a game in which two players choose. `None` if it is too large for that.
pub(crate) fn corners(game: &Game, tree: &Tree, go_on: &dyn Fn() -> bool) -> Option<Corners> {
    let movers = movers(tree);
    let [one, other] = movers[..] else {
        return None;
    };
    let (one, other) = (Sequences::new(tree, one), Sequences::new(tree, other));
    if one.set_of.len().max(other.set_of.len()) > MOST_SEQUENCES {
        return None;
    }
    let numbers = Numbers::new(game, tree);
    let first = side(tree, &numbers, &one, &other, go_on)?;
    let second = side(tree, &numbers, &other, &one, go_on)?;
    let mut plans: Vec<Plans> = Vec::new();
    let mut all = true;
    'pairs: for a in &first {
        for b in &second {
            if a.played & b.dear == 0 && b.played & a.dear == 0 {
                let mut found = vec![None; tree.actions()];
                one.behave(tree, &a.plan, &mut found);
                other.behave(tree, &b.plan, &mut found);
                if !plans.contains(&found) {
                    plans.push(found);
                }
            }
        }
        if !go_on() {
            all = false;
            break 'pairs;
        }
    }
    let same = |a: &Plans, b: &Plans, of: &Sequences| {
        (0..a.len()).all(|action| of.of_action[action] == NONE || a[action] == b[action])
    };
    let mut component: Vec<usize> = (0..plans.len()).collect();
    for at in 0..plans.len() {
        for before in 0..at {
            let joined =
                same(&plans[at], &plans[before], &one) || same(&plans[at], &plans[before], &other);
            if joined && component[at] != component[before] {
                let (from, to) = (component[at], component[before]);
                for number in &mut component {
                    if *number == from {
                        *number = to;
                    }
                }
            }
        }
    }
    Some(Corners {
        plans,
        component,
        all,
    })
}

/// A corner: a plan of one player, and which sequences of the other are too dear against it.
struct Corner {
    plan: Vec<Q>,
    played: u64,
    dear: u64,
}

/// The corners of the plans of `own` with the prices of `other`; `None` if they are too many.
fn side(
    tree: &Tree,
    numbers: &Numbers,
    own: &Sequences,
    other: &Sequences,
    go_on: &dyn Fn() -> bool,
) -> Option<Vec<Corner>> {
    let (mine, its) = (own.set_of.len(), other.set_of.len());
    // Variables: my plan, then the price of the other's game and of each of its sets.
    let mut polytope = Polytope::new(mine + 1 + other.sets.len());
    polytope.equal(vec![(0, Q::one())], Q::one());
    for set in &own.sets {
        let mut terms: Vec<(usize, Q)> = (set.first..set.first + set.count)
            .map(|sequence| (sequence, Q::one()))
            .collect();
        terms.push((set.before, -Q::one()));
        polytope.equal(terms, Q::zero());
    }
    for (sequence, mut terms) in worth(tree, numbers, own, other).into_iter().enumerate() {
        let price = |set: u32| match set {
            NONE => mine,
            set => mine + 1 + set as usize,
        };
        terms.push((price(other.set_of[sequence]), -Q::one()));
        for (at, set) in other.sets.iter().enumerate() {
            if set.before == sequence {
                terms.push((price(small(at)), Q::one()));
            }
        }
        polytope.at_most(terms, Q::zero());
    }
    let bases = MOST_BASES.min(MOST_NUMBERS / polytope.size());
    if bases < mine + its {
        return None;
    }
    let Ok(points) = polytope.corners_while(bases, &|_| go_on()) else {
        return None;
    };
    let bits = |values: &[Q]| {
        (values.iter().enumerate())
            .filter(|(_, value)| value.is_positive())
            .fold(0_u64, |bits, (at, _)| bits | 1 << at)
    };
    let slacks = mine + 1 + other.sets.len();
    let corners = points
        .into_iter()
        .map(|mut point| {
            let dear = bits(&point[slacks..slacks + its]);
            point.truncate(mine);
            Corner {
                played: bits(&point),
                dear,
                plan: point,
            }
        })
        .collect();
    Some(corners)
}

/// For each sequence of `other`, what it pays it as terms in the plan of `own`; payoffs are shifted to above zero, so that prices are too.
fn worth(
    tree: &Tree,
    numbers: &Numbers,
    own: &Sequences,
    other: &Sequences,
) -> Vec<Vec<(usize, Q)>> {
    let payoff = |leaf: usize| &numbers.payoff[leaf * tree.players + other.player];
    let least = (0..tree.leaves.len()).map(payoff).min().cloned();
    let least = least.unwrap_or_else(Q::zero) - Q::one();
    let mut chance = vec![Q::one(); tree.parent.len()];
    let mut last = vec![(0_u32, 0_u32); tree.parent.len()];
    for node in 1..tree.parent.len() {
        let parent = tree.parent[node] as usize;
        chance[node] = &chance[parent] * &numbers.chance[node];
        last[node] = last[parent];
        let action = tree.action[node];
        if action != NONE {
            let action = action as usize;
            if own.of_action[action] != NONE {
                last[node].0 = own.of_action[action];
            }
            if other.of_action[action] != NONE {
                last[node].1 = other.of_action[action];
            }
        }
    }
    let mut worth = vec![vec![Q::zero(); own.set_of.len()]; other.set_of.len()];
    for (leaf, &node) in tree.leaves.iter().enumerate() {
        let (mine, its) = last[node as usize];
        worth[its as usize][mine as usize] += &chance[node as usize] * (payoff(leaf) - &least);
    }
    worth
        .into_iter()
        .map(|row| {
            row.into_iter()
                .enumerate()
                .filter(|(_, q)| !q.is_zero())
                .collect()
        })
        .collect()
}

impl Sequences {
    fn new(tree: &Tree, player: usize) -> Self {
        let mut sequences = Self {
            player,
            of_action: vec![NONE; tree.actions()],
            sets: Vec::new(),
            set_of: vec![NONE],
        };
        let choices = (0..tree.sets()).filter(|&set| {
            tree.player[set] as usize == player
                && tree.actions_of(set).len() > 1
                && !tree.members_of(set).is_empty()
        });
        for set in choices {
            let at = small(sequences.sets.len());
            sequences.sets.push(Set {
                index: set,
                before: 0,
                first: sequences.set_of.len(),
                count: tree.actions_of(set).len(),
            });
            for action in tree.actions_of(set) {
                sequences.of_action[action] = small(sequences.set_of.len());
                sequences.set_of.push(at);
            }
        }
        for at in 0..sequences.sets.len() {
            // With perfect recall the same from every node.
            let mut node = tree.members_of(sequences.sets[at].index)[0] as usize;
            while node != 0 {
                let action = tree.action[node];
                if action != NONE && sequences.of_action[action as usize] != NONE {
                    sequences.sets[at].before = sequences.of_action[action as usize] as usize;
                    break;
                }
                node = tree.parent[node] as usize;
            }
        }
        sequences
    }

    /// Writes a plan as what is done at each information set that it comes to.
    fn behave(&self, tree: &Tree, plan: &[Q], into: &mut Plans) {
        for set in &self.sets {
            if plan[set.before].is_zero() {
                continue;
            }
            for (place, action) in tree.actions_of(set.index).enumerate() {
                into[action] = Some(&plan[set.first + place] / &plan[set.before]);
            }
        }
    }
}
