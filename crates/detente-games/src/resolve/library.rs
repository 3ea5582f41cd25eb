//! Which regimes are worth trying.

use super::regime::Regime;
use super::{Resolver, SAME, Scratch, difference, largest_range};

/// A regime is tried on every draw if it gives so many of the first draws the answer of their full trace: with fewer in sixty-four, trying it costs
/// more than it saves.
const WORTH_TRYING: usize = 2;

/// One draw to which it gives another equilibrium counts against so many to which it gives that of their trace.
const ODDS: usize = 20;

/// The numbers of one of the first draws, and the probabilities of plays in its full trace.
pub(super) struct First {
    pub(super) payoff: Vec<f64>,
    pub(super) chance: Vec<f64>,
    pub(super) plays: Vec<f64>,
}

impl Resolver<'_> {
    /// Puts those of the regimes `found` first that pay for being tried: again and again the one that gives most of the first draws left
    /// the answer of their full trace, less those to which it gives another.
    pub(super) fn choose(&mut self, scratch: &mut Scratch, found: &[Regime], first: &[First]) {
        let mut verdicts: Vec<Vec<Option<bool>>> = Vec::new();
        for regime in found {
            let verdict = first.iter().map(|draw| {
                if !(self.go_on.0)() {
                    return None;
                }
                scratch.load(&draw.payoff, &draw.chance);
                let scale = largest_range(self.tree, &draw.payoff);
                self.stands(scratch, scale, regime)?;
                scratch.adopt();
                scratch.follow();
                Some(difference(&scratch.plays, &draw.plays) <= SAME)
            });
            verdicts.push(verdict.collect());
        }
        let mut left = vec![true; first.len()];
        let mut chosen = vec![false; found.len()];
        let worth_it = WORTH_TRYING.min(first.len());
        loop {
            let mut best = (0, 0);
            for (at, verdict) in verdicts.iter().enumerate() {
                let count = |right: bool| {
                    let of = verdict.iter().zip(&left);
                    of.filter(|(verdict, left)| **left && **verdict == Some(right))
                        .count()
                };
                let score = count(true).saturating_sub(ODDS * count(false));
                if score > best.1 {
                    best = (at, score);
                }
            }
            let (at, score) = best;
            if score == 0 || score < worth_it {
                break;
            }
            chosen[at] = true;
            self.regimes.push(found[at].clone());
            for (left, verdict) in left.iter_mut().zip(&verdicts[at]) {
                *left &= verdict.is_none();
            }
        }
        self.first_choice = self.regimes.len();
        let others = found.iter().zip(chosen).filter(|(_, chosen)| !chosen);
        self.regimes
            .extend(others.map(|(regime, _)| regime.clone()));
    }
}
