//! Certificates in exact rational numbers: an answer is rounded to simple fractions, and these are an equilibrium or they are not.

mod polish;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::{Basis, Malformed, Tolerance, certify, well_formed};
use crate::assessment::Assessment;
use crate::game::{Game, Kind};
use crate::number::to_f64;
use crate::recall::Recall;
use crate::tree::{NONE, Tree};

/// What exact arithmetic says about an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Exact {
    /// The fractions next to the answer are sequentially rational without any tolerance.
    Proved(ExactAssessment),
    /// No simple fractions next to the answer are: its probabilities may be irrational, or known to few digits.
    NotRational,
    /// The fractions next to the answer are off by more than rounding.
    Refuted {
        /// The information set with the largest regret.
        set: usize,
        /// That regret: the value of the best action less that of the worst planned one, in units of payoff.
        regret: BigRational,
    },
    /// Not an assessment of this game.
    Malformed(Malformed),
    /// The players of the game do not have perfect recall.
    Recall(Recall),
}

/// An assessment in exact numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct ExactAssessment {
    /// Probability of each game-wide action. In each information set they add up to exactly one.
    pub strategy: Vec<BigRational>,
    /// For each information set, the probability of each of its nodes; they add up to exactly one.
    pub beliefs: Vec<Vec<BigRational>>,
    /// What each game-wide action pays its player under these beliefs; zero at information sets without nodes.
    pub values: Vec<BigRational>,
    /// For each player, the expected payoff.
    pub value: Vec<BigRational>,
}

/// How far fractions may be from the numbers they stand for, tried in this order. Answers come with anything from all the digits of
/// an `f64` to the few of a solver that was stopped early.
const NEARNESS: [f64; 6] = [1e-15, 1e-13, 1e-11, 1e-9, 1e-7, 1e-6];

/// A fraction counts as simple if its denominator is at most this over the square root of how near it must be. A number drawn at
/// random has such a fraction near it about once in fifty times.
const SIMPLE: f64 = 0.1;

/// Regrets above this share of what is at stake do not come from rounding to fractions.
const REFUTED: f64 = 1e-4;

/// Rounds the probabilities of `answer` to simple fractions and examines these in exact arithmetic: at every information set, every
/// planned action is exactly as good as the best one.
///
/// Beliefs are those of Bayes' rule, exactly, where the others and chance come under the strategy; so too where they come from an
/// earlier information set of the same player that they do not come to. Elsewhere they are fractions near those of the completely
/// mixed profile, and uniform where chance never comes. That trembles exist which give these beliefs in the limit is not proved here.
///
/// If fractions with short denominators do not do, the equations of indifference of the planned actions are solved to fifty digits
/// from the answer, and fractions recognised in these. For games of up to a few thousand nodes: exact numbers grow.
pub fn recheck(game: &Game, answer: &Assessment) -> Exact {
    recheck_known(game, answer, None)
}

/// [`recheck`] of an answer whose strategy is known in fractions, which are tried first.
pub(crate) fn recheck_known(
    game: &Game,
    answer: &Assessment,
    known: Option<Vec<BigRational>>,
) -> Exact {
    let tree = match Tree::new(game) {
        Ok(tree) => tree,
        Err(lacking) => return Exact::Recall(lacking),
    };
    if let Err(fault) = well_formed(&tree, answer) {
        return Exact::Malformed(fault);
    }
    let numbers = Numbers::new(game, &tree);
    let mut least: Option<(f64, usize, BigRational)> = None;
    let simple = NEARNESS
        .into_iter()
        .filter_map(|near| simple_strategy(&tree, &answer.strategy, near));
    // Only if none of these does.
    let polished = std::iter::once_with(|| {
        let support = Tolerance::default().support;
        polish::polish(&tree, &numbers, &answer.strategy, support)
    });
    for strategy in known.into_iter().chain(simple).chain(polished.flatten()) {
        // Without what fractions took for zero.
        let snapped = Assessment {
            strategy: strategy.iter().map(to_f64).collect(),
            tremble: answer.tremble.clone(),
        };
        let rounded = certify(&tree, &snapped, &Tolerance::default());
        // The simplest first: any beliefs in this neighbourhood will do.
        let near_beliefs = |set: usize| -> Vec<Vec<BigRational>> {
            if rounded.sets.get(set).map(|check| check.basis) != Some(Basis::Tremble) {
                return Vec::new();
            }
            let beliefs = &rounded.sets[set].beliefs;
            let nearness = NEARNESS.iter().rev();
            nearness
                .filter_map(|&near| lottery(beliefs, near, None))
                .collect()
        };
        let (found, regrets) = examine(&tree, &numbers, strategy, near_beliefs);
        if regrets.iter().all(Zero::is_zero) {
            return Exact::Proved(found);
        }
        let shares = regrets.iter().enumerate().map(|(set, regret)| {
            share(regret, rounded.sets.get(set).map_or(0.0, |set| set.stakes))
        });
        let worst = shares.fold(0.0, f64::max);
        if least.as_ref().is_none_or(|(least, ..)| worst < *least) {
            let largest = regrets.into_iter().enumerate();
            let largest = largest.max_by(|(a, one), (b, other)| one.cmp(other).then(b.cmp(a)));
            least = largest.map(|(set, regret)| (worst, set, regret));
        }
    }
    match least {
        Some((share, set, regret)) if share > REFUTED => Exact::Refuted { set, regret },
        _ => Exact::NotRational,
    }
}

/// The largest regret at an information set, as a share of itself and what is at stake there ([`super::SetCheck::share`]), of the very
/// numbers of `answer` as they stand, in exact arithmetic: what `f64` takes for rounding may be all that is at stake. `None` if the
/// players do not have perfect recall, or `answer` is no assessment of `game`.
pub fn largest_regret(game: &Game, answer: &Assessment) -> Option<f64> {
    let tree = Tree::new(game).ok()?;
    well_formed(&tree, answer).ok()?;
    let numbers = Numbers::new(game, &tree);
    let rounded = certify(&tree, answer, &Tolerance::default());
    let mut strategy = Vec::with_capacity(answer.strategy.len());
    for set in 0..tree.sets() {
        strategy.extend(as_they_stand(&answer.strategy[tree.actions_of(set)])?);
    }
    let near_beliefs = |set: usize| -> Vec<Vec<BigRational>> {
        let check = &rounded.sets[set];
        if check.basis != Basis::Tremble {
            return Vec::new();
        }
        as_they_stand(&check.beliefs).into_iter().collect()
    };
    let (_, regrets) = examine(&tree, &numbers, strategy, near_beliefs);
    let shares = regrets.iter().zip(&rounded.sets);
    Some(
        shares
            .map(|(regret, check)| share(regret, check.stakes))
            .fold(0.0, f64::max),
    )
}

/// Floating-point probabilities as fractions that add up to one.
fn as_they_stand(probabilities: &[f64]) -> Option<Vec<BigRational>> {
    let all = probabilities.iter().map(|&p| BigRational::from_float(p));
    shares(&all.collect::<Option<Vec<_>>>()?)
}

/// A regret as a share of itself and what is at stake.
fn share(regret: &BigRational, stakes: f64) -> f64 {
    let regret = regret.to_f64().unwrap_or(f64::INFINITY);
    if regret <= 0.0 {
        0.0
    } else if regret.is_infinite() {
        1.0
    } else {
        regret / (regret + stakes)
    }
}

/// The numbers of a tree, exactly.
pub(crate) struct Numbers {
    /// For each node, the probability of the branch of chance that leads to it; 1 where chance did not move.
    pub(crate) chance: Vec<BigRational>,
    /// What plays pay, in the shape of [`Tree::payoff`].
    pub(crate) payoff: Vec<BigRational>,
}

impl Numbers {
    pub(crate) fn new(game: &Game, tree: &Tree) -> Self {
        let (nodes, players) = (game.nodes(), tree.players);
        let chance = nodes
            .iter()
            .map(|node| match nodes[node.parent as usize].kind {
                Kind::Chance(set) => game.chances()[set as usize].chance[node.branch as usize]
                    .exact()
                    .clone(),
                _ => BigRational::one(),
            })
            .collect();
        let mut payoff = vec![BigRational::zero(); tree.payoff.len()];
        for (leaf, &node) in tree.leaves.iter().enumerate() {
            let mut at = node as usize;
            loop {
                if let Some(outcome) = nodes[at].outcome {
                    let payoffs = &game.outcomes()[outcome as usize].payoffs;
                    for (sum, payoff) in payoff[leaf * players..].iter_mut().zip(payoffs) {
                        *sum += payoff.exact();
                    }
                }
                if at == 0 {
                    break;
                }
                at = nodes[at].parent as usize;
            }
        }
        Self { chance, payoff }
    }
}

/// An exact strategy with beliefs, and its regret at each information set.
fn examine(
    tree: &Tree,
    numbers: &Numbers,
    strategy: Vec<BigRational>,
    near_beliefs: impl Fn(usize) -> Vec<Vec<BigRational>>,
) -> (ExactAssessment, Vec<BigRational>) {
    let (nodes, players) = (tree.parent.len(), tree.players);
    // The probability of the step to a node, not counting the moves of `player`.
    let step = |node: usize, player: usize| match tree.action[node] {
        NONE => numbers.chance[node].clone(),
        action if tree.player[tree.set_of[action as usize] as usize] as usize == player => {
            BigRational::one()
        }
        action => strategy[action as usize].clone(),
    };
    let mut value = vec![BigRational::zero(); nodes * players];
    for (leaf, &node) in tree.leaves.iter().enumerate() {
        value[node as usize * players..][..players]
            .clone_from_slice(&numbers.payoff[leaf * players..][..players]);
    }
    for node in (1..nodes).rev() {
        // No player is `players`: all moves count.
        let weight = step(node, players);
        let (before, here) = value.split_at_mut(node * players);
        let before = &mut before[tree.parent[node] as usize * players..][..players];
        for (before, here) in before.iter_mut().zip(&here[..players]) {
            *before += &weight * here;
        }
    }
    let mut beliefs: Vec<Vec<BigRational>> = vec![Vec::new(); tree.sets()];
    let mut regrets = vec![BigRational::zero(); tree.sets()];
    // Nodes in preorder: a player's earlier information set comes before its later ones.
    for node in 0..nodes {
        let set = match tree.set[node] {
            NONE => continue,
            set => set as usize,
        };
        if tree.members_of(set)[0] as usize != node {
            continue;
        }
        // What chance never comes to is believed in evenly at each information set, whatever was believed before.
        let near = near_beliefs(set);
        let (mut candidates, determined) = match bayes(tree, step, &beliefs, set) {
            Some(Bayes::FromRoot(beliefs)) => (vec![beliefs], true),
            Some(Bayes::FromEarlier(beliefs)) if !near.is_empty() => (vec![beliefs], true),
            _ => (near, false),
        };
        if let Some(indifferent) = (candidates.last().filter(|_| !determined))
            .and_then(|near| indifferent(tree, &value, &strategy, set, near))
        {
            candidates.push(indifferent);
        }
        let mut regret = None;
        for candidate in candidates {
            let with = regret_of(tree, &value, &strategy, set, &candidate);
            beliefs[set] = candidate;
            let settled = with.is_zero();
            regret = Some(with);
            if settled {
                break;
            }
        }
        let regret = regret.unwrap_or_else(|| {
            let count = tree.members_of(set).len();
            beliefs[set] = vec![BigRational::new(BigInt::one(), count.into()); count];
            regret_of(tree, &value, &strategy, set, &beliefs[set])
        });
        regrets[set] = regret;
    }
    let mut values = Vec::with_capacity(strategy.len());
    for (set, beliefs) in beliefs.iter().enumerate() {
        values.extend(values_of(tree, &value, set, beliefs));
    }
    value.truncate(players);
    let found = ExactAssessment {
        strategy,
        beliefs,
        values,
        value,
    };
    (found, regrets)
}

/// The value of the best action less that of the worst planned one.
fn regret_of(
    tree: &Tree,
    value: &[BigRational],
    strategy: &[BigRational],
    set: usize,
    beliefs: &[BigRational],
) -> BigRational {
    let values = values_of(tree, value, set, beliefs);
    let planned = (values.iter().zip(&strategy[tree.actions_of(set)]))
        .filter(|(_, p)| p.is_positive())
        .map(|(value, _)| value);
    match (values.iter().max(), planned.min()) {
        (Some(best), Some(least)) => best - least,
        _ => BigRational::zero(),
    }
}

/// What each action of a set pays its player under beliefs.
fn values_of(
    tree: &Tree,
    value: &[BigRational],
    set: usize,
    beliefs: &[BigRational],
) -> Vec<BigRational> {
    let player = tree.player[set] as usize;
    let mut values = vec![BigRational::zero(); tree.actions_of(set).len()];
    for (&node, belief) in tree.members_of(set).iter().zip(beliefs) {
        for (sum, child) in values.iter_mut().zip(tree.children(node as usize)) {
            *sum += belief * &value[child * tree.players + player];
        }
    }
    values
}

/// Beliefs near `beliefs` under which two planned actions are exactly as good as each other: some probability is moved between two
/// nodes. `None` if there are not two planned actions, or this does not do it.
fn indifferent(
    tree: &Tree,
    value: &[BigRational],
    strategy: &[BigRational],
    set: usize,
    beliefs: &[BigRational],
) -> Option<Vec<BigRational>> {
    let player = tree.player[set] as usize;
    let first = tree.actions_of(set).start;
    let mut planned = tree.actions_of(set).filter(|&a| strategy[a].is_positive());
    let (one, other, none) = (planned.next()?, planned.next()?, planned.next());
    if none.is_some() {
        return None;
    }
    let more: Vec<BigRational> = (tree.members_of(set).iter())
        .map(|&node| {
            let worth = |action: usize| {
                let child = tree.children(node as usize).nth(action - first);
                &value[child.expect("an action has a child") * tree.players + player]
            };
            worth(one) - worth(other)
        })
        .collect();
    let likeliest = |sign: fn(&BigRational) -> bool| {
        (0..more.len())
            .filter(|&node| sign(&more[node]))
            .max_by_key(|&node| &beliefs[node])
    };
    let (for_one, for_other) = (
        likeliest(Signed::is_positive)?,
        likeliest(Signed::is_negative)?,
    );
    let excess: BigRational = more.iter().zip(beliefs).map(|(more, p)| more * p).sum();
    let moved = excess / (&more[for_one] - &more[for_other]);
    let mut beliefs = beliefs.to_vec();
    beliefs[for_one] -= &moved;
    beliefs[for_other] += &moved;
    let near = moved.abs().to_f64()? <= NEARNESS[NEARNESS.len() - 1];
    (near && !beliefs[for_one].is_negative() && !beliefs[for_other].is_negative())
        .then_some(beliefs)
}

/// Beliefs that Bayes' rule determines.
enum Bayes {
    /// From the root of the tree.
    FromRoot(Vec<BigRational>),
    /// From an earlier information set of the player.
    FromEarlier(Vec<BigRational>),
}

/// Beliefs at a set that Bayes' rule determines: from the root, or from the player's information set before it, given `beliefs`
/// there. `None` if the others come from neither.
fn bayes(
    tree: &Tree,
    step: impl Fn(usize, usize) -> BigRational,
    beliefs: &[Vec<BigRational>],
    set: usize,
) -> Option<Bayes> {
    let player = tree.player[set] as usize;
    let members = tree.members_of(set);
    // Nodes of a set of one action may have different pasts.
    let choice = tree.actions_of(set).len() > 1;
    let mut reach = Vec::with_capacity(members.len());
    let mut follow = Vec::with_capacity(members.len());
    for &member in members {
        let mut weight = BigRational::one();
        let mut from_set: Option<BigRational> = None;
        let mut at = member as usize;
        while at > 0 {
            weight *= step(at, player);
            at = tree.parent[at] as usize;
            if choice && tree.set[at] != NONE && from_set.is_none() {
                let earlier = tree.set[at] as usize;
                // Sets of one action may have been passed on the way to some nodes and not to others.
                if tree.actions_of(earlier).len() > 1 && tree.player[earlier] as usize == player {
                    let place = (tree.members_of(earlier))
                        .binary_search(&crate::builder::small(at))
                        .expect("nodes of a set are sorted");
                    from_set = Some(&weight * &beliefs[earlier][place]);
                }
            }
        }
        reach.push(weight);
        follow.push(from_set.unwrap_or_default());
    }
    let from_root = shares(&reach).map(Bayes::FromRoot);
    from_root.or_else(|| shares(&follow).map(Bayes::FromEarlier))
}

/// Each as a share of the sum, unless that is zero.
fn shares(weights: &[BigRational]) -> Option<Vec<BigRational>> {
    let sum: BigRational = weights.iter().sum();
    (!sum.is_zero()).then(|| weights.iter().map(|weight| weight / &sum).collect())
}

/// Simple fractions near the probabilities of all information sets.
fn simple_strategy(tree: &Tree, strategy: &[f64], near: f64) -> Option<Vec<BigRational>> {
    let mut simple = Vec::with_capacity(strategy.len());
    for set in 0..tree.sets() {
        let largest = SIMPLE / libm::sqrt(near);
        simple.extend(lottery(
            &strategy[tree.actions_of(set)],
            near,
            Some(largest),
        )?);
    }
    Some(simple)
}

/// The simplest fractions near `probabilities`, but for the largest, which makes them add up to one. `None` if that is then not near,
/// or if a denominator is above `largest`.
fn lottery(probabilities: &[f64], near: f64, largest: Option<f64>) -> Option<Vec<BigRational>> {
    let most =
        (0..probabilities.len()).max_by(|&a, &b| probabilities[a].total_cmp(&probabilities[b]))?;
    let mut fractions: Vec<BigRational> = probabilities
        .iter()
        .map(|&p| simplest(p, near))
        .collect::<Option<_>>()?;
    let all: BigRational = fractions.iter().sum();
    let rest = BigRational::one() - (all - &fractions[most]);
    let room = near * probabilities.len() as f64 + 1e-12;
    if rest.is_negative() || (rest.to_f64()? - probabilities[most]).abs() > room {
        return None;
    }
    fractions[most] = rest;
    let simple = |fraction: &BigRational| {
        largest.is_none_or(|largest| fraction.denom().to_f64().is_some_and(|d| d <= largest))
    };
    // The largest has the common denominator of the rest.
    let others = fractions.iter().enumerate().filter(|(i, _)| *i != most);
    others.map(|(_, f)| f).all(simple).then_some(fractions)
}

/// The fraction with the smallest denominator within `near` of `value`, a probability.
fn simplest(value: f64, near: f64) -> Option<BigRational> {
    let value = BigRational::from_float(value)?;
    let near = BigRational::from_float(near)?;
    let low = (&value - &near).max(BigRational::zero());
    Some(simplest_between(&low, &(value + near)))
}

/// The fraction with the smallest denominator between two, neither negative, by continued fractions.
fn simplest_between(low: &BigRational, high: &BigRational) -> BigRational {
    let whole = low.floor();
    if *low == whole {
        return whole;
    }
    if whole < high.floor() {
        return whole + BigRational::one();
    }
    let part = simplest_between(&(high - &whole).recip(), &(low - &whole).recip());
    whole + part.recip()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn simple_fractions_are_found() {
        for (above, below) in [(1, 3), (2, 7), (120, 133), (0, 1), (1, 1), (3, 14)] {
            let exact = BigRational::new(above.into(), below.into());
            let value = exact.to_f64().expect("a fraction");
            assert_eq!(simplest(value, 1e-9), Some(exact.clone()));
            assert_eq!(simplest(value + 4e-7, 1e-6), Some(exact));
        }
        assert_eq!(simplest(1e-14, 1e-13), Some(BigRational::zero()));
    }

    #[test]
    fn lotteries_add_up_or_are_refused() {
        let third = lottery(&[1.0 / 3.0, 2.0 / 3.0, 0.0], 1e-9, Some(100.0)).expect("simple");
        assert_eq!(third[1], BigRational::new(2.into(), 3.into()));
        let root = core::f64::consts::FRAC_1_SQRT_2;
        assert_eq!(lottery(&[root, 1.0 - root], 1e-11, Some(1e4)), None);
    }
}
