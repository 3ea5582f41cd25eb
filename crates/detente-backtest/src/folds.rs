//! Who is scored by whom: folds by group.

use detente_math::{path_key, uniform};

/// The fold of each case, given its group: groups are put in an order drawn from seed and name and dealt out in turn, so that folds hold as
/// many groups, but for one, and cases of a group never fit a model that is scored on another of them. There are as many folds as groups
/// where fewer groups are at hand. Another `draw` deals anew.
pub fn folds(groups: &[&str], count: usize, seed: u64, draw: u64) -> Vec<usize> {
    let mut names: Vec<&str> = groups.to_vec();
    names.sort_unstable();
    names.dedup();
    let place = |name: &str| uniform(seed, path_key(&format!("backtest.fold.{name}")), draw);
    let mut drawn: Vec<(f64, &str)> = names.iter().map(|name| (place(name), *name)).collect();
    // Names are sorted already, so equal draws keep an order of their own.
    drawn.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut fold_of = vec![0; names.len()];
    for (turn, (_, name)) in drawn.iter().enumerate() {
        let known = names.binary_search(name).expect("drawn from these names");
        fold_of[known] = turn % count.max(1);
    }
    let of = |group: &&str| {
        let known = names.binary_search(group);
        fold_of[known.expect("every group was listed")]
    };
    groups.iter().map(of).collect()
}
