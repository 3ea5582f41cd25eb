//! Beliefs under which responses are best, and responses that deter.

use num_traits::{One, Zero};

use super::{Signalling, bits};
use crate::polytope::{Polytope, Q};

/// Beliefs over `types` (bits; entry i of a point is the i-th of them) at which all responses in `support` are best.
pub(super) fn beliefs(game: &Signalling, message: usize, types: u32, support: u32) -> Polytope {
    let mut polytope = Polytope::new(types.count_ones() as usize);
    polytope.equal(
        (0..types.count_ones() as usize)
            .map(|i| (i, Q::one()))
            .collect(),
        Q::one(),
    );
    let weights: Vec<(usize, usize)> = bits(types).enumerate().collect();
    best(game, message, &weights, support, &mut polytope);
    polytope
}

/// Weights over `types`, each above zero, under which all responses in `support` are best: what each weight is above one, since any
/// multiple of the weights says the same.
pub(super) fn with_all(game: &Signalling, message: usize, types: u32, support: u32) -> Polytope {
    let mut polytope = Polytope::new(types.count_ones() as usize);
    let first = support.trailing_zeros() as usize;
    for other in (0..game.messages[message].responses.len()).filter(|&other| other != first) {
        let gains: Vec<Q> = bits(types)
            .map(|kind| {
                let pay = |response| game.pays(kind, message, response).expect("answered").1;
                pay(other) - pay(first)
            })
            .collect();
        let right = -gains.iter().sum::<Q>();
        let terms = gains.into_iter().enumerate().collect();
        if support >> other & 1 == 1 {
            polytope.equal(terms, right);
        } else {
            polytope.at_most(terms, right);
        }
    }
    polytope
}

/// Demands that all responses in `support` are best if type t has the weight of variable v, for each (v, t) of `weights`.
pub(super) fn best(
    game: &Signalling,
    message: usize,
    weights: &[(usize, usize)],
    support: u32,
    polytope: &mut Polytope,
) {
    let first = support.trailing_zeros() as usize;
    for other in 0..game.messages[message].responses.len() {
        if other == first {
            continue;
        }
        // What the other response gains over the first.
        let terms = weights
            .iter()
            .map(|&(variable, kind)| {
                let pay = |response| game.pays(kind, message, response).expect("answered").1;
                (variable, pay(other) - pay(first))
            })
            .collect();
        if support >> other & 1 == 1 {
            polytope.equal(terms, Q::zero());
        } else {
            polytope.at_most(terms, Q::zero());
        }
    }
}

/// The largest sets of responses that are best together under some belief over `types`: every mixed best response to a belief over
/// them mixes within one of these sets, and every mixture within one is a best response.
pub(super) fn rationalised(game: &Signalling, message: usize, types: u32) -> Vec<u32> {
    let mut supports: Vec<u32> = (1..1_u32 << game.messages[message].responses.len()).collect();
    supports.sort_by_key(|support| std::cmp::Reverse(support.count_ones()));
    let mut largest: Vec<u32> = Vec::new();
    for support in supports {
        if largest.iter().all(|&kept| kept & support != support)
            && !beliefs(game, message, types, support).is_empty()
        {
            largest.push(support);
        }
    }
    largest
}

/// Responses from `support` to an unsent message under which no type gains over `payoffs`; entry i of a point is the probability of
/// the i-th response of the support.
pub(super) fn deterring(
    game: &Signalling,
    message: usize,
    support: u32,
    payoffs: &[Q],
) -> Polytope {
    let responses = support.count_ones() as usize;
    let mut polytope = Polytope::new(responses);
    polytope.equal((0..responses).map(|i| (i, Q::one())).collect(), Q::one());
    for kind in bits(game.all_answered(message)) {
        let terms = bits(support)
            .enumerate()
            .map(|(i, r)| (i, game.pays(kind, message, r).expect("answered").0.clone()))
            .collect();
        polytope.at_most(terms, payoffs[kind].clone());
    }
    polytope
}
