//! The game as its solvers see it, where its numbers are hard on them.

use num_rational::BigRational;

use crate::certificate::exact::Numbers;
use crate::game::Game;
use crate::number::to_f64;
use crate::tree::Tree;

/// Payoffs further from zero than so many times their range are taken from a zero of their own.
const FAR_OFF: f64 = 1e3;

/// `tree` with each player's payoffs counted from the least of them, in exact numbers, where `f64` would lose digits of their differences.
/// Equilibria stay the same. With what each player's payoffs are counted from; `None` if there is no need.
pub(super) fn from_own_zero(game: &Game, tree: &Tree) -> Option<(Tree, Vec<f64>)> {
    let range = tree.payoff_range();
    let of = |player: usize| tree.payoff[player..].iter().step_by(tree.players);
    let far: Vec<bool> = (0..tree.players)
        .map(|player| {
            let size = of(player).fold(0.0_f64, |size, payoff| size.max(payoff.abs()));
            size > FAR_OFF * range[player]
        })
        .collect();
    if !far.contains(&true) || tree.leaves.is_empty() {
        return None;
    }
    let exact = Numbers::new(game, tree).payoff;
    let mut plain = tree.clone();
    let mut zero = vec![0.0; tree.players];
    for player in (0..tree.players).filter(|player| far[*player]) {
        let of = |leaf: usize| &exact[leaf * tree.players + player];
        let least: &BigRational = (0..tree.leaves.len()).map(of).min().expect("a play");
        zero[player] = to_f64(least);
        for leaf in 0..tree.leaves.len() {
            plain.payoff[leaf * tree.players + player] = to_f64(&(of(leaf) - least));
        }
    }
    Some((plain, zero))
}
