//! What a thread needs to solve draws, and the latest answer.

use super::SUPPORT;
use super::fit::Fit;
use super::layout::Layout;
use crate::assessment::Assessment;
use crate::certificate::Certifier;
use crate::tree::{NONE, Tree};

/// Buffers of a thread, and the answer to the latest draw.
#[derive(Clone, Debug)]
pub struct Scratch {
    pub(super) fit: Fit,
    pub(super) certifier: Certifier,
    /// The tree with the payoffs and chances of the draw,
    pub(super) drawn: Tree,
    /// and its layout.
    pub(super) layout: Layout,
    pub(super) answer: Assessment,
    /// Probability of each leaf under the answer, and under that of an audit.
    pub(super) plays: Vec<f64>,
    pub(super) others: Vec<f64>,
    values: Vec<f64>,
    key: Vec<u64>,
    reached: Vec<bool>,
}

impl Scratch {
    pub(super) fn new(tree: &Tree, layout: &Layout) -> Self {
        Self {
            fit: Fit::new(tree),
            certifier: Certifier::new(tree),
            drawn: tree.clone(),
            layout: layout.clone(),
            answer: Assessment {
                strategy: vec![0.0; tree.actions()],
                tremble: vec![0.0; tree.actions()],
            },
            plays: vec![0.0; tree.leaves.len()],
            others: vec![0.0; tree.leaves.len()],
            values: vec![0.0; tree.players],
            key: vec![0; tree.actions().div_ceil(64)],
            reached: vec![false; tree.parent.len()],
        }
    }

    /// Goes over to the numbers of another draw.
    pub(super) fn load(&mut self, payoff: &[f64], chance: &[f64]) {
        self.drawn.payoff.copy_from_slice(payoff);
        if self.drawn.chance != chance {
            self.drawn.chance.copy_from_slice(chance);
            self.layout.set_chance(&self.drawn);
            self.certifier.set_chance(&self.drawn);
        }
    }

    /// The answer to the latest draw.
    pub fn answer(&self) -> &Assessment {
        &self.answer
    }

    /// The probability of each leaf in it, in the order of [`Tree::leaves`].
    pub fn plays(&self) -> &[f64] {
        &self.plays
    }

    /// The expected payoff of each player in it.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Which actions it plays at information sets that play comes to: bit `action % 64` of word `action / 64`.
    pub fn key(&self) -> &[u64] {
        &self.key
    }

    /// Makes what was fitted the answer.
    pub(super) fn adopt(&mut self) {
        self.answer
            .strategy
            .copy_from_slice(&self.fit.answer.strategy);
        self.answer
            .tremble
            .copy_from_slice(&self.fit.answer.tremble);
    }

    /// Plays, values and key of the answer.
    pub(super) fn follow(&mut self) {
        let tree = &self.drawn;
        write_probabilities(&self.layout, &self.answer.strategy, &mut self.plays);
        self.values.fill(0.0);
        for (play, paid) in self
            .plays
            .iter()
            .zip(tree.payoff.chunks_exact(tree.players.max(1)))
        {
            for (value, paid) in self.values.iter_mut().zip(paid) {
                *value += play * paid;
            }
        }
        write_key(
            tree,
            &self.answer.strategy,
            &mut self.reached,
            &mut self.key,
        );
    }
}

/// Writes the probability of each leaf under `strategy`.
fn write_probabilities(layout: &Layout, strategy: &[f64], plays: &mut [f64]) {
    for (leaf, play) in plays.iter_mut().enumerate() {
        *play = layout.leaf_chance[leaf];
        for &action in layout.moves(leaf) {
            *play *= strategy[action as usize];
        }
    }
}

/// Writes which actions `strategy` plays at information sets that play comes to, as bits.
fn write_key(tree: &Tree, strategy: &[f64], reached: &mut [bool], key: &mut [u64]) {
    key.fill(0);
    reached[0] = true;
    for node in 1..tree.parent.len() {
        let action = tree.action[node];
        let played = match action {
            NONE => tree.chance[node] > 0.0,
            action => strategy[action as usize] > SUPPORT,
        };
        reached[node] = reached[tree.parent[node] as usize] && played;
        if reached[node] && action != NONE {
            key[action as usize / 64] |= 1 << (action % 64);
        }
    }
}
