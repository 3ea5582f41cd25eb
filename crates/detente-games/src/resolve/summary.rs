//! What many draws say together: by regime, never across regimes.

use std::collections::BTreeMap;
use std::fmt::Write;

use detente_math::quantile_sorted;

use super::{Audit, Draw, Scratch, Source};
use crate::game::Game;
use crate::tree::Tree;

/// Gathers draws. Summaries of ranges of draws merge into that of all, whatever the ranges.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    players: usize,
    /// For each leaf, the group that its probability is added to.
    group: Vec<u32>,
    groups: usize,
    regimes: BTreeMap<Vec<u64>, Rows>,
    draws: u64,
    reused: u64,
    shortcuts: u64,
    traced: u64,
    uncertified: Vec<u64>,
    audits: u64,
    another: Vec<(u64, f64)>,
    untraceable: Vec<u64>,
    sum: Vec<f64>,
}

/// The draws of a regime: values of players, then probabilities of groups.
#[derive(Clone, Debug, Default, PartialEq)]
struct Rows {
    index: Vec<u64>,
    numbers: Vec<f64>,
}

/// What draws say together.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Number of draws.
    pub draws: u64,
    /// Regimes, most frequent first.
    pub regimes: Vec<Share>,
    /// Indices of the draws without a certified answer, in order. They belong to no regime.
    pub uncertified: Vec<u64>,
    /// Draws that a regime of the library fitted.
    pub reused: u64,
    /// Draws solved along the branch from a moderate precision.
    pub shortcuts: u64,
    /// Draws traced in full because nothing else stood.
    pub traced: u64,
    /// Draws traced in full beside an answer that stood.
    pub audits: u64,
    /// Of these, where the full trace came to another certified equilibrium: index, and largest difference in a play's probability.
    pub another: Vec<(u64, f64)>,
    /// Of these, where the full trace came to no certified answer.
    pub untraceable: Vec<u64>,
}

/// A regime: draws in which the same actions are played at the information sets that play comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    /// The actions: see [`Scratch::key`].
    pub key: Vec<u64>,
    /// Number of draws.
    pub draws: u64,
    /// As a share of all draws, uncertified ones among them.
    pub share: f64,
    /// Expected payoff of each player over the draws of the regime.
    pub values: Vec<Spread>,
    /// Probability of each group of leaves over the draws of the regime.
    pub plays: Vec<Spread>,
}

/// How a number varies over draws.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// Mean.
    pub mean: f64,
    /// 5 % quantile.
    pub low: f64,
    /// Median.
    pub median: f64,
    /// 95 % quantile.
    pub high: f64,
}

impl Summary {
    /// Of draws of `tree`; `group` gives each leaf the group that its probability counts for, such as
    /// [`super::last_outcomes`]. Panics if there is not one for each leaf.
    pub fn new(tree: &Tree, group: Vec<u32>) -> Self {
        assert_eq!(group.len(), tree.leaves.len(), "a group for each leaf");
        let groups = group.iter().max().map_or(0, |last| *last as usize + 1);
        Self {
            players: tree.players,
            group,
            groups,
            regimes: BTreeMap::new(),
            draws: 0,
            reused: 0,
            shortcuts: 0,
            traced: 0,
            uncertified: Vec::new(),
            audits: 0,
            another: Vec::new(),
            untraceable: Vec::new(),
            sum: vec![0.0; groups],
        }
    }

    /// Adds a draw, whose answer is still in `scratch`.
    pub fn add(&mut self, draw: &Draw, scratch: &Scratch) {
        self.draws += 1;
        match draw.source {
            Source::Regime(_) => self.reused += 1,
            Source::Shortcut => self.shortcuts += 1,
            Source::Trace => self.traced += 1,
        }
        if let Some(audit) = draw.audit {
            self.audits += 1;
            match audit {
                Audit::Same => {}
                Audit::Another { difference } => self.another.push((draw.index, difference)),
                Audit::Uncertified { .. } => self.untraceable.push(draw.index),
            }
        }
        if !draw.certified {
            self.uncertified.push(draw.index);
            return;
        }
        self.sum.fill(0.0);
        for (play, group) in scratch.plays().iter().zip(&self.group) {
            self.sum[*group as usize] += play;
        }
        if !self.regimes.contains_key(scratch.key()) {
            self.regimes.insert(scratch.key().to_vec(), Rows::default());
        }
        let rows = self.regimes.get_mut(scratch.key()).expect("just put there");
        rows.index.push(draw.index);
        rows.numbers.extend_from_slice(scratch.values());
        rows.numbers.extend_from_slice(&self.sum);
    }

    /// Adds the draws of another summary of the same tree and groups.
    pub fn merge(&mut self, other: Self) {
        assert_eq!(self.group, other.group, "summaries of the same groups");
        for (key, rows) in other.regimes {
            let mine = self.regimes.entry(key).or_default();
            mine.index.extend(rows.index);
            mine.numbers.extend(rows.numbers);
        }
        self.draws += other.draws;
        self.reused += other.reused;
        self.shortcuts += other.shortcuts;
        self.traced += other.traced;
        self.audits += other.audits;
        self.uncertified.extend(other.uncertified);
        self.another.extend(other.another);
        self.untraceable.extend(other.untraceable);
    }

    /// What the draws say, whatever the order they came in.
    pub fn report(&self) -> Report {
        let width = self.players + self.groups;
        let mut regimes: Vec<Share> = self
            .regimes
            .iter()
            .map(|(key, rows)| {
                let mut order: Vec<usize> = (0..rows.index.len()).collect();
                order.sort_by_key(|row| rows.index[*row]);
                let spread = |column: usize| {
                    let column = order.iter().map(|row| rows.numbers[row * width + column]);
                    Spread::of(column.collect())
                };
                Share {
                    key: key.clone(),
                    draws: order.len() as u64,
                    share: order.len() as f64 / self.draws as f64,
                    values: (0..self.players).map(spread).collect(),
                    plays: (self.players..width).map(spread).collect(),
                }
            })
            .collect();
        // Stable: regimes of the same number of draws stay in the order of their keys.
        regimes.sort_by_key(|regime| std::cmp::Reverse(regime.draws));
        let sorted = |indices: &[u64]| {
            let mut indices = indices.to_vec();
            indices.sort_unstable();
            indices
        };
        let mut another = self.another.clone();
        another.sort_by_key(|(index, _)| *index);
        Report {
            draws: self.draws,
            regimes,
            uncertified: sorted(&self.uncertified),
            reused: self.reused,
            shortcuts: self.shortcuts,
            traced: self.traced,
            audits: self.audits,
            another,
            untraceable: sorted(&self.untraceable),
        }
    }
}

impl Spread {
    /// Of numbers in the order of draws, so that the sum has the same bytes each time.
    fn of(mut numbers: Vec<f64>) -> Self {
        let mean = numbers.iter().sum::<f64>() / numbers.len() as f64;
        numbers.sort_unstable_by(f64::total_cmp);
        Self {
            mean,
            low: quantile_sorted(&numbers, 0.05),
            median: quantile_sorted(&numbers, 0.5),
            high: quantile_sorted(&numbers, 0.95),
        }
    }
}

/// A key in words: each information set that play comes to, and what is played there.
/// `Challenger, type 0: threat 1; Challenger, type 1: threat 0 or threat 2`.
pub fn describe(game: &Game, key: &[u64]) -> String {
    let mut text = String::new();
    for set in game.sets() {
        let played = |branch: usize| {
            let action = set.first_action as usize + branch;
            key[action / 64] >> (action % 64) & 1 == 1
        };
        let mut first = true;
        for (branch, label) in set.actions.iter().enumerate() {
            if !played(branch) {
                continue;
            }
            if first {
                let stop = if text.is_empty() { "" } else { "; " };
                let player = &game.players[set.player as usize];
                let _ = if set.label.is_empty() {
                    write!(text, "{stop}{player} at {}: ", set.number)
                } else {
                    write!(text, "{stop}{player}, {}: ", set.label)
                };
            } else {
                text.push_str(" or ");
            }
            first = false;
            if label.is_empty() {
                let _ = write!(text, "action {}", branch + 1);
            } else {
                text.push_str(label);
            }
        }
    }
    text
}
