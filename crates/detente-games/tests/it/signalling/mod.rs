//! Enumeration of signalling games: known answers, a second road over all supports, and what must not matter.

mod by_definition;
mod invariance;
mod known;

use std::collections::BTreeSet;

use detente_games::certificate::{Tolerance, certify};
use detente_games::signalling::{Equilibria, Equilibrium, Play, Signalling, enumerate};
use detente_games::{Game, Number, Tree};
use num_rational::BigRational;

pub(super) type Q = BigRational;

/// Payoffs `[type][message][response]`.
pub(super) type Payoffs = Vec<Vec<Vec<i64>>>;

/// Rounding of sums of a few products; payoffs are below 100.
pub(super) const ROUNDING: f64 = 1e-9;

pub(super) fn q(above: i64, below: i64) -> Q {
    Q::new(above.into(), below.into())
}

pub(super) fn exact(row: &[Number]) -> Vec<Q> {
    row.iter().map(|n| n.exact().clone()).collect()
}

pub(super) fn signalling(prior: &[(i64, i64)], sender: &Payoffs, receiver: &Payoffs) -> Signalling {
    let numbers = |payoffs: &Payoffs| {
        let row = |row: &Vec<i64>| row.iter().map(|&x| Number::from(x)).collect();
        payoffs
            .iter()
            .map(|kind| kind.iter().map(row).collect())
            .collect()
    };
    let prior = prior.iter().map(|&(a, b)| Number::ratio(a, b)).collect();
    Signalling::from_payoffs(prior, numbers(sender), numbers(receiver))
}

/// An equilibrium as seen on the path: probability of type and message, and of responses to messages that are answered.
pub(super) type Outcome = (Vec<Vec<Q>>, Vec<Vec<Q>>);

pub(super) fn outcome(game: &Signalling, equilibrium: &Equilibrium) -> Outcome {
    let weights: Vec<Vec<Q>> = equilibrium
        .sender
        .iter()
        .zip(&game.types)
        .map(|(row, kind)| row.iter().map(|p| p.exact() * kind.prior.exact()).collect())
        .collect();
    let responses = (0..game.messages.len())
        .map(|m| {
            let asked = (0..game.types.len()).any(|t| {
                matches!(game.plays[t][m], Play::Answered { .. })
                    && !equilibrium.sender[t][m].is_zero()
            });
            if asked {
                exact(&equilibrium.receiver[m])
            } else {
                Vec::new()
            }
        })
        .collect();
    (weights, responses)
}

pub(super) fn outcomes(game: &Signalling, found: &Equilibria) -> BTreeSet<Outcome> {
    found.iter().map(|e| outcome(game, e)).collect()
}

/// Enumerates the signalling game in a tree and puts every equilibrium to the certificate, which must find it sequential, at the
/// payoffs that were reported.
pub(super) fn certified(game: &Game) -> (Signalling, Equilibria) {
    let reading = Signalling::of(game).expect("a signalling game");
    let tree = Tree::new(game).expect("perfect recall");
    let found = enumerate(&reading.game);
    assert!(found.complete);
    assert!(
        !found.components.is_empty(),
        "every finite game has a sequential equilibrium"
    );
    let tolerance = Tolerance {
        regret: ROUNDING,
        nash: ROUNDING,
        distance: ROUNDING,
        ..Tolerance::default()
    };
    for equilibrium in found.iter() {
        let certificate = certify(&tree, &reading.assessment(equilibrium), &tolerance);
        assert!(
            certificate.is_sequential(),
            "{:?}\n{equilibrium:#?}",
            certificate.verdict
        );
        let paid = |name: &str, payoff: &Number| {
            let player = game
                .players
                .iter()
                .position(|p| p == name)
                .expect("a player");
            assert!((certificate.value[player] - payoff.value()).abs() < ROUNDING);
        };
        paid(&reading.game.sender, &equilibrium.sender_payoff);
        paid(&reading.game.receiver, &equilibrium.receiver_payoff);
        // The beliefs that were reported are those the trembles give.
        for (m, belief) in equilibrium.beliefs.iter().enumerate() {
            let Some(belief) = belief else { continue };
            let set = reading.asked[m].expect("answered");
            let answered = (0..reading.game.types.len())
                .filter(|&t| matches!(reading.game.plays[t][m], Play::Answered { .. }));
            for (t, found) in answered.zip(&certificate.sets[set].beliefs) {
                assert!((belief.types[t].value() - found).abs() < ROUNDING);
            }
        }
    }
    (reading.game, found)
}

/// Numbers for random games: a linear congruential generator (Knuth's MMIX constants), upper bits.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, bound: u64) -> i64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((self.0 >> 33) % bound).expect("small")
    }

    pub(super) fn payoffs(
        &mut self,
        types: usize,
        messages: usize,
        responses: usize,
        range: u64,
    ) -> Payoffs {
        (0..types)
            .map(|_| {
                (0..messages)
                    .map(|_| (0..responses).map(|_| self.below(range)).collect())
                    .collect()
            })
            .collect()
    }
}
