//! Certificates against what plain recursion over the game says.

use detente_games::certificate::Basis;
use detente_games::{Assessment, Certifier, Game, Kind, Tolerance, certify};
use proptest::prelude::*;

use super::games::{Draw, random, random_strategy};
use super::{even, tree};

/// Sums of up to 81 products of probabilities and payoffs of size 20.
const ROUNDING: f64 = 1e-9;

/// Pure strategies of a player are all tried if there are at most this many.
const TRIED: usize = 3000;

/// The expected payoffs from `node` on, without what was paid before.
pub(super) fn payoffs(game: &Game, node: usize, strategy: &[f64]) -> Vec<f64> {
    let here = &game.nodes()[node];
    let mut sum: Vec<f64> = match here.outcome {
        None => vec![0.0; game.players.len()],
        Some(outcome) => (game.outcomes()[outcome as usize].payoffs.iter())
            .map(detente_games::Number::value)
            .collect(),
    };
    for (branch, child) in game.children(node).enumerate() {
        let p = chance_of(game, node, branch, strategy);
        for (sum, payoff) in sum.iter_mut().zip(payoffs(game, child, strategy)) {
            *sum += p * payoff;
        }
    }
    sum
}

fn chance_of(game: &Game, node: usize, branch: usize, strategy: &[f64]) -> f64 {
    match game.nodes()[node].kind {
        Kind::Chance(set) => game.chances()[set as usize].chance[branch].value(),
        Kind::Personal(set) => strategy[game.sets()[set as usize].first_action as usize + branch],
        Kind::Terminal => unreachable!("nothing follows"),
    }
}

/// The probability of a node, not counting the moves of `except`.
fn reach(game: &Game, node: usize, strategy: &[f64], except: Option<u32>) -> f64 {
    if node == 0 {
        return 1.0;
    }
    let parent = game.nodes()[node].parent as usize;
    let step = match game.nodes()[parent].kind {
        Kind::Personal(set) if Some(game.sets()[set as usize].player) == except => 1.0,
        _ => chance_of(game, parent, game.nodes()[node].branch as usize, strategy),
    };
    step * reach(game, parent, strategy, except)
}

/// Weights as shares of their sum; equal ones if it is zero.
fn given(weights: &[f64]) -> Vec<f64> {
    let sum: f64 = weights.iter().sum();
    let even = 1.0 / weights.len() as f64;
    let share = |weight: &f64| if sum > 0.0 { weight / sum } else { even };
    weights.iter().map(share).collect()
}

/// What the actions of a set pay its player with these beliefs, what was paid on the way included.
fn action_values(game: &Game, set: usize, beliefs: &[f64], strategy: &[f64]) -> Vec<f64> {
    let stated = &game.sets()[set];
    let player = stated.player as usize;
    let mut values = vec![0.0; stated.actions.len()];
    for (&member, belief) in stated.members.iter().zip(beliefs) {
        let mut paid = 0.0;
        let mut at = member as usize;
        loop {
            if let Some(outcome) = game.nodes()[at].outcome {
                paid += game.outcomes()[outcome as usize].payoffs[player].value();
            }
            if at == 0 {
                break;
            }
            at = game.nodes()[at].parent as usize;
        }
        for (value, child) in values.iter_mut().zip(game.children(member as usize)) {
            *value += belief * (paid + payoffs(game, child, strategy)[player]);
        }
    }
    values
}

/// The best payoff of `player` over all its pure strategies. `None` if they are too many.
fn best_response(game: &Game, player: u32, strategy: &[f64]) -> Option<f64> {
    let own: Vec<_> = (game.sets().iter())
        .filter(|set| set.player == player)
        .collect();
    let count = own
        .iter()
        .try_fold(1_usize, |n, set| n.checked_mul(set.actions.len()))?;
    if count > TRIED {
        return None;
    }
    let mut best = f64::NEG_INFINITY;
    let mut tried = strategy.to_vec();
    for mut index in 0..count {
        for set in &own {
            let (first, actions) = (set.first_action as usize, set.actions.len());
            tried[first..first + actions].fill(0.0);
            tried[first + index % actions] = 1.0;
            index /= actions;
        }
        best = best.max(payoffs(game, 0, &tried)[player as usize]);
    }
    Some(best)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn best_responses_are_those_of_trying_all(seed: u64) {
        let game = random(seed, false);
        let tree = tree(&game);
        let strategy = random_strategy(&game, seed);
        let found = certify(&tree, &even(&tree, strategy.clone()), &Tolerance::default());
        let value = payoffs(&game, 0, &strategy);
        for player in 0..game.players.len() {
            prop_assert!((found.value[player] - value[player]).abs() < ROUNDING);
            if let Some(best) = best_response(&game, u32::try_from(player).expect("few"), &strategy) {
                prop_assert!((found.nash_conv[player] - (best - value[player])).abs() < ROUNDING);
            }
        }
    }

    #[test]
    fn beliefs_values_and_regrets_are_those_of_plain_probabilities(seed: u64) {
        let game = random(seed, false);
        let tree = tree(&game);
        let strategy = random_strategy(&game, seed);
        // Trembles of e^-1 to e^-5: products of plain probabilities still have all their digits.
        let mut answer = even(&tree, strategy.clone());
        let mut draw = Draw(seed ^ 1);
        let mut mixed = Vec::new();
        for set in 0..tree.sets() {
            let trembles: Vec<f64> = tree
                .actions_of(set)
                .map(|action| strategy[action] + libm::exp(-1.0 - 4.0 * draw.share()))
                .collect();
            let sum: f64 = trembles.iter().sum();
            mixed.extend(trembles.iter().map(|p| p / sum));
        }
        answer.tremble = mixed.iter().map(|&p| libm::log(p)).collect();
        let found = certify(&tree, &answer, &Tolerance::default());
        let ranges = tree.payoff_range();
        let mut perfect = 0.0_f64;
        for (set, check) in found.sets.iter().enumerate() {
            let stated = &game.sets()[set];
            let of = |profile: &[f64], except| -> Vec<f64> {
                stated.members.iter().map(|&node| reach(&game, node as usize, profile, except)).collect()
            };
            let others = of(&strategy, Some(stated.player));
            let trembling = of(&mixed, None);
            prop_assert!((check.reach - of(&strategy, None).iter().sum::<f64>()).abs() < ROUNDING);
            let (basis, weights) = if others.iter().sum::<f64>() > 0.0 {
                (Basis::Strategy, others)
            } else if trembling.iter().sum::<f64>() > 0.0 {
                let log_reach = libm::log(trembling.iter().sum::<f64>());
                prop_assert!((check.log_reach - log_reach).abs() < ROUNDING);
                (Basis::Tremble, trembling)
            } else {
                (Basis::Uniform, vec![1.0; stated.members.len()])
            };
            prop_assert_eq!(check.basis, basis);
            for (belief, plain) in check.beliefs.iter().zip(given(&weights)) {
                prop_assert!((belief - plain).abs() < ROUNDING);
            }
            let player = stated.player as usize;
            let values = action_values(&game, set, &check.beliefs, &strategy);
            prop_assert!(values.iter().zip(&check.values).all(|(a, b)| (a - b).abs() < ROUNDING));
            let mut best = f64::NEG_INFINITY;
            let mut worst = f64::INFINITY;
            let mut planned = 0.0;
            for (place, value) in values.iter().enumerate() {
                best = best.max(*value);
                planned += strategy[stated.first_action as usize + place] * value;
                if strategy[stated.first_action as usize + place] > 0.0 {
                    worst = worst.min(*value);
                }
            }
            prop_assert!((check.regret - (best - worst)).abs() < ROUNDING);
            prop_assert!((check.gain - (best - planned)).abs() < ROUNDING);
            // Against the completely mixed profile, with its beliefs.
            let beliefs = given(&of(&mixed, None));
            let gap = beliefs.iter().zip(&check.beliefs).map(|(a, b)| (a - b).abs());
            prop_assert!((check.belief_distance - gap.fold(0.0, f64::max)).abs() < ROUNDING);
            let values = action_values(&game, set, &beliefs, &mixed);
            let best = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            for (place, value) in values.iter().enumerate() {
                if ranges[player] > 0.0 && best - value > 1e-3 * ranges[player] {
                    perfect = perfect.max(mixed[stated.first_action as usize + place]);
                }
            }
        }
        if ranges.iter().all(|&range| range > 0.0) {
            prop_assert!((found.perfect - perfect).abs() < ROUNDING);
        }
        let fast = Certifier::new(&tree).regret(&tree, &tree.payoff, &answer, 1e-9);
        let slow = found.regret.iter().copied().fold(0.0, f64::max);
        prop_assert!((fast - slow).abs() < ROUNDING);
    }

    #[test]
    fn no_regret_anywhere_and_a_near_profile_is_exactly_what_passes(seed: u64) {
        let game = random(seed, false);
        let tree = tree(&game);
        let answer: Assessment = even(&tree, random_strategy(&game, seed));
        let tolerance = Tolerance::default();
        let found = certify(&tree, &answer, &tolerance);
        let calm = found.regret.iter().all(|&r| r <= tolerance.regret);
        prop_assert_eq!(found.is_sequential(), calm && found.is_nash());
        // One-shot deviations that gain nothing anywhere add up to nothing (Hendon, Jacobsen and Sloth 1996).
        if found.regret.iter().all(|&r| r < 1e-12) {
            prop_assert!(found.nash_conv.iter().all(|&gain| gain < ROUNDING));
        }
    }
}
