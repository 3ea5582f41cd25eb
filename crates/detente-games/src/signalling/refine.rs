//! What the receiver may not believe after a message that nobody sends: the intuitive criterion and D1, each repeated until it strikes
//! no further type.
//!
//! Both look at who could gain from the message, given what each type gets in equilibrium, if the receiver responds as some belief
//! would have it (Cho and Kreps 1987; Banks and Sobel 1987). Types that are struck are not believed in the next round, so that fewer
//! responses are best and further types may be struck: Banks and Sobel repeat theirs for universal divinity, Dilmé (2025, Games and
//! Economic Behavior 152) shows for all of them that the order in which types are struck does not matter, and that in every game some
//! outcome passes.

use num_traits::{One, Signed};

use super::beliefs::{deterring, rationalised};
use super::{Signalling, bits};
use crate::number::Number;
use crate::polytope::{Polytope, Q, mean};

/// The intuitive criterion at an unsent message (Cho and Kreps 1987, section IV.3), repeated.
///
/// Types whose message would pay less than the equilibrium does, whatever the receiver believes of the types that are left, are ruled
/// out as its senders, round by round. The equilibrium fails if some other type would gain whatever the receiver then believes of the
/// rest.
#[derive(Clone, Debug, PartialEq)]
pub struct Intuitive {
    /// For each type that could be answered here, what the message could bring it.
    pub temptations: Vec<Temptation>,
    /// Types that are not ruled out; if a round would rule out all that are left, these.
    pub left: Vec<usize>,
    /// Rounds that ruled out a type.
    pub rounds: usize,
    /// Does the equilibrium survive if types are ruled out once, as Cho and Kreps do it?
    pub survives_once: bool,
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
    /// The most that the message could pay it, over best responses to all beliefs about types not ruled out before it, or not ruled out
    /// at all. Below `payoff`: the type is ruled out.
    pub most: Number,
    /// The least that the message could pay it, over best responses to beliefs that give no weight to types that are ruled out.
    /// Above `payoff`: the type would send it, and the equilibrium fails.
    pub least: Number,
    /// Is it ruled out as a sender?
    pub ruled_out: bool,
    /// In which round, from 1; 0 if it is not.
    pub round: usize,
}

impl Temptation {
    /// Does the equilibrium fail because of this type?
    pub fn breaks(&self) -> bool {
        !self.ruled_out && self.least.exact() > self.payoff.exact()
    }
}

/// D1 at an unsent message (Cho and Kreps 1987, section IV.5; Banks and Sobel 1987), repeated.
///
/// A type is struck from the receiver's beliefs if another would gain strictly under every best response (to any belief about the types
/// that are left) under which it would gain or be indifferent, and under more besides. The equilibrium survives if some best response to
/// a belief over the types that are left in the end deters all types.
#[derive(Clone, Debug, PartialEq)]
pub struct D1 {
    /// Types that are struck, and because of whom, in the order of rounds.
    pub struck: Vec<Struck>,
    /// Types that are left.
    pub left: Vec<usize>,
    /// Does the equilibrium survive at this message?
    pub survives: bool,
    /// Does it survive if types are struck once, as Cho and Kreps do it?
    pub survives_once: bool,
}

/// A type that D1 strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Struck {
    /// The type.
    pub kind: usize,
    /// The first type that gains whenever this one does not lose, and at other times.
    pub by: usize,
    /// In which round, from 1.
    pub round: usize,
}

/// The intuitive criterion at `message`, if types get `payoffs`.
pub(super) fn intuitive(game: &Signalling, message: usize, payoffs: &[Q]) -> Intuitive {
    let all = game.all_answered(message);
    // What a type gets from the message under the pure best responses to beliefs over `types`: mixtures lie between them.
    let worth = |kind: usize, types: u32| -> Vec<Q> {
        let supports = rationalised(game, message, types);
        let possible = supports.iter().fold(0, |mask, support| mask | support);
        bits(possible)
            .map(|r| game.pays(kind, message, r).expect("answered").0.clone())
            .collect()
    };
    let most = |kind: usize, types: u32| worth(kind, types).into_iter().max().expect("a response");
    let least = |kind: usize, types: u32| worth(kind, types).into_iter().min().expect("a response");
    let breaks = |types: u32| bits(types).any(|kind| least(kind, types) > payoffs[kind]);
    let (mut left, mut rounds, mut survives_once) = (all, 0, None);
    let mut ruled_out: Vec<Option<(usize, Q)>> = vec![None; game.types.len()];
    loop {
        let hopeless: Vec<(usize, Q)> = bits(left)
            .map(|kind| (kind, most(kind, left)))
            .filter(|(kind, most)| *most < payoffs[*kind])
            .collect();
        let rest = hopeless
            .iter()
            .fold(left, |mask, (kind, _)| mask & !(1 << kind));
        if rest == left || rest == 0 {
            break;
        }
        left = rest;
        rounds += 1;
        for (kind, most) in hopeless {
            ruled_out[kind] = Some((rounds, most));
        }
        survives_once.get_or_insert_with(|| !breaks(left));
    }
    let temptations = bits(all)
        .map(|kind| {
            let (round, most) = ruled_out[kind]
                .take()
                .unwrap_or_else(|| (0, most(kind, left)));
            Temptation {
                kind,
                payoff: payoffs[kind].clone().into(),
                ruled_out: round > 0,
                round,
                most: most.into(),
                least: least(kind, left).into(),
            }
        })
        .collect();
    Intuitive {
        temptations,
        left: bits(left).collect(),
        rounds,
        survives_once: survives_once.unwrap_or_else(|| !breaks(left)),
    }
}

/// D1 at `message`, if types get `payoffs`.
pub(super) fn d1(game: &Signalling, message: usize, payoffs: &[Q]) -> D1 {
    let mut left = game.all_answered(message);
    let survives = |types: u32| {
        rationalised(game, message, types)
            .into_iter()
            .any(|support| !deterring(game, message, support, payoffs).is_empty())
    };
    let mut struck: Vec<Struck> = Vec::new();
    let mut survives_once = None;
    for round in 1.. {
        let now = struck_now(game, message, payoffs, left, round);
        if now.is_empty() {
            break;
        }
        left = now
            .iter()
            .fold(left, |mask, struck| mask & !(1 << struck.kind));
        struck.extend(now);
        survives_once.get_or_insert_with(|| survives(left));
    }
    let survives = survives(left);
    D1 {
        struck,
        left: bits(left).collect(),
        survives,
        survives_once: survives_once.unwrap_or(survives),
    }
}

/// The types among `left` that D1 strikes if the receiver believes in these.
fn struck_now(
    game: &Signalling,
    message: usize,
    payoffs: &[Q],
    left: u32,
    round: usize,
) -> Vec<Struck> {
    let supports = rationalised(game, message, left);
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
    bits(left)
        .filter_map(|kind| {
            bits(left)
                .filter(|&by| by != kind)
                .find(|&by| !exists(kind, by, false) && exists(by, kind, true))
                .map(|by| Struck { kind, by, round })
        })
        .collect()
}
