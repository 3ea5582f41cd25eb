//! What the receiver may not believe after a message that nobody sends: the intuitive criterion and D1.
//!
//! Both look at who could gain from the message, given what each type gets in equilibrium, if the receiver responds as some belief
//! would have it (Cho and Kreps 1987; Banks and Sobel 1987). They are applied once, not repeated.

use num_traits::{One, Signed};

use super::beliefs::{deterring, rationalised};
use super::{Signalling, bits};
use crate::number::Number;
use crate::polytope::{Polytope, Q, mean};

/// The intuitive criterion at an unsent message (Cho and Kreps 1987, section IV.3).
///
/// Types whose message would pay less than the equilibrium does whatever the receiver believes are ruled out as its senders. The
/// equilibrium fails if some other type would gain whatever the receiver then believes of the rest.
#[derive(Clone, Debug, PartialEq)]
pub struct Intuitive {
    /// For each type that could be answered here, what the message could bring it.
    pub temptations: Vec<Temptation>,
    /// Types that are not ruled out; all of them if every type would be.
    pub left: Vec<usize>,
}

impl Intuitive {
    /// Does the equilibrium survive at this message?
    pub fn survives(&self) -> bool {
        !self.temptations.iter().any(Temptation::breaks)
    }
}

/// What an unsent message could bring a type.
#[derive(Clone, Debug, PartialEq)]
pub struct Temptation {
    /// The type.
    pub kind: usize,
    /// What it gets in equilibrium.
    pub payoff: Number,
    /// The most that the message could pay it, over best responses to all beliefs. Below `payoff`: the type is ruled out.
    pub most: Number,
    /// The least that the message could pay it, over best responses to beliefs that give no weight to types that are ruled out.
    /// Above `payoff`: the type would send it, and the equilibrium fails.
    pub least: Number,
    /// Is it ruled out as a sender?
    pub ruled_out: bool,
}

impl Temptation {
    /// Does the equilibrium fail because of this type?
    pub fn breaks(&self) -> bool {
        !self.ruled_out && self.least.exact() > self.payoff.exact()
    }
}

/// D1 at an unsent message (Cho and Kreps 1987, section IV.5; Banks and Sobel 1987).
///
/// A type is struck from the receiver's beliefs if another would gain strictly under every best response (to any belief) under which
/// it would gain or be indifferent, and under more besides. The equilibrium survives if some best response to a belief over the types
/// that are left deters all types.
#[derive(Clone, Debug, PartialEq)]
pub struct D1 {
    /// Types that are struck, and because of whom.
    pub struck: Vec<Struck>,
    /// Types that are left.
    pub left: Vec<usize>,
    /// Does the equilibrium survive at this message?
    pub survives: bool,
}

/// A type that D1 strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Struck {
    /// The type.
    pub kind: usize,
    /// The first type that gains whenever this one does not lose, and at other times.
    pub by: usize,
}

/// The intuitive criterion at `message`, if types get `payoffs`.
pub(super) fn intuitive(game: &Signalling, message: usize, payoffs: &[Q]) -> Intuitive {
    let all = game.all_answered(message);
    let worth = |kind: usize, supports: &[u32]| -> Vec<Q> {
        let possible = supports.iter().fold(0, |mask, support| mask | support);
        bits(possible)
            .map(|r| game.pays(kind, message, r).expect("answered").0.clone())
            .collect()
    };
    let supports = rationalised(game, message, all);
    let most: Vec<Q> = bits(all)
        .map(|kind| {
            worth(kind, &supports)
                .into_iter()
                .max()
                .expect("a response")
        })
        .collect();
    let mut left = bits(all)
        .zip(&most)
        .filter(|(kind, most)| **most >= payoffs[*kind])
        .fold(0_u32, |mask, (kind, _)| mask | 1 << kind);
    if left == 0 {
        left = all;
    }
    let supports = rationalised(game, message, left);
    let temptations = bits(all)
        .zip(most)
        .map(|(kind, most)| Temptation {
            kind,
            payoff: payoffs[kind].clone().into(),
            ruled_out: left >> kind & 1 == 0,
            most: most.into(),
            least: worth(kind, &supports)
                .into_iter()
                .min()
                .expect("a response")
                .into(),
        })
        .collect();
    Intuitive {
        temptations,
        left: bits(left).collect(),
    }
}

/// D1 at `message`, if types get `payoffs`.
pub(super) fn d1(game: &Signalling, message: usize, payoffs: &[Q]) -> D1 {
    let all = game.all_answered(message);
    let supports = rationalised(game, message, all);
    // Is there a best response with `gain` of the first type at least zero (or above) and of the second at most zero (or below)?
    let exists = |first: usize, second: usize, strictly: bool| {
        supports.iter().any(|&support| {
            let responses = support.count_ones() as usize;
            let mut polytope = Polytope::new(responses);
            polytope.equal((0..responses).map(|i| (i, Q::one())).collect(), Q::one());
            let pay = |kind: usize, sign: i64| {
                let sign = Q::from_integer(sign.into());
                let terms: Vec<(usize, Q)> = bits(support)
                    .enumerate()
                    .map(|(i, r)| (i, &sign * game.pays(kind, message, r).expect("answered").0))
                    .collect();
                (terms, sign * &payoffs[kind])
            };
            let (terms, right) = pay(first, -1);
            polytope.at_most(terms, right);
            let (terms, right) = pay(second, 1);
            polytope.at_most(terms, right);
            if !strictly {
                return !polytope.is_empty();
            }
            // Some point has both slacks above zero just if the mean of the corners has.
            let corners = polytope.corners(usize::MAX).unwrap_or_default();
            !corners.is_empty() && mean(&corners)[responses..].iter().all(Signed::is_positive)
        })
    };
    let struck: Vec<Struck> = bits(all)
        .filter_map(|kind| {
            bits(all)
                .filter(|&by| by != kind)
                .find(|&by| !exists(kind, by, false) && exists(by, kind, true))
                .map(|by| Struck { kind, by })
        })
        .collect();
    let left: Vec<usize> = bits(all)
        .filter(|kind| struck.iter().all(|struck| struck.kind != *kind))
        .collect();
    let mask = left.iter().fold(0_u32, |mask, &kind| mask | 1 << kind);
    let survives = rationalised(game, message, mask)
        .into_iter()
        .any(|support| !deterring(game, message, support, payoffs).is_empty());
    D1 {
        struck,
        left,
        survives,
    }
}
