//! What does not change a game does not change its certificate.

use detente_games::{
    Assessment, Builder, Certificate, Game, Kind, Number, Place, Tolerance, certify,
};
use num_rational::BigRational;
use num_traits::{One, Zero};
use proptest::prelude::*;

use super::games::{Draw, random, random_strategy};
use super::tree;

/// Sums of up to 81 products of probabilities and payoffs of size 100.
const ROUNDING: f64 = 1e-9;

/// Another way to state the same game.
#[derive(Clone, Copy, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "changes are made alone or together"
)]
pub(crate) struct Restated {
    /// Players in the opposite order.
    pub(crate) players: bool,
    /// Actions of every information set in the opposite order.
    pub(crate) actions: bool,
    /// Every chance move with several branches in several moves.
    pub(crate) chance: bool,
    /// Payoffs of player p times p + 2, less 7.
    pub(crate) affine: bool,
}

impl Restated {
    fn player(self, players: usize, player: usize) -> usize {
        if self.players {
            players - 1 - player
        } else {
            player
        }
    }

    fn payoffs(self, payoffs: &[Number], root: bool) -> Vec<Number> {
        let mut all: Vec<Number> = payoffs.to_vec();
        if self.affine {
            for (player, payoff) in all.iter_mut().enumerate() {
                let factor = BigRational::from_integer((player + 2).into());
                let less = BigRational::from_integer(if root { 7.into() } else { 0.into() });
                *payoff = Number::from(payoff.exact() * factor - less);
            }
        }
        if self.players {
            all.reverse();
        }
        all
    }

    pub(crate) fn game(self, game: &Game) -> Game {
        let players = game.players.len();
        let names: Vec<_> = (0..players)
            .map(|p| game.players[self.player(players, p)].clone())
            .collect();
        let mut builder = Builder::new("restated", names);
        let sets: Vec<_> = game
            .sets()
            .iter()
            .map(|set| {
                builder.set(
                    self.player(players, set.player as usize),
                    "",
                    set.actions.iter().cloned(),
                )
            })
            .collect();
        let mut open = vec![(0, builder.root())];
        while let Some((node, place)) = open.pop() {
            let here = &game.nodes()[node];
            let zero = vec![Number::from(0); players];
            let payoffs = here
                .outcome
                .map_or(&zero, |o| &game.outcomes()[o as usize].payoffs);
            builder.pay(place, self.payoffs(payoffs, node == 0));
            let children: Vec<usize> = game.children(node).collect();
            let places = match here.kind {
                Kind::Terminal => continue,
                Kind::Chance(set) => {
                    self.lottery(&mut builder, place, &game.chances()[set as usize].chance)
                }
                Kind::Personal(set) => {
                    let mut places = builder.moves(place, sets[set as usize]);
                    if self.actions {
                        places.reverse();
                    }
                    places
                }
            };
            open.extend(children.into_iter().zip(places));
        }
        builder.finish()
    }

    fn lottery(self, builder: &mut Builder, place: Place, chance: &[Number]) -> Vec<Place> {
        let first = chance[0].exact();
        let rest = BigRational::one() - first;
        if !self.chance || chance.len() == 1 || rest.is_zero() {
            let all = chance.iter().map(|p| ("", p.clone()));
            return builder.chance(place, "", all);
        }
        let two = builder.chance(
            place,
            "",
            [("", chance[0].clone()), ("", Number::from(rest.clone()))],
        );
        let given: Vec<Number> = chance[1..]
            .iter()
            .map(|p| Number::from(p.exact() / &rest))
            .collect();
        let mut places = vec![two[0]];
        places.extend(self.lottery(builder, two[1], &given));
        places
    }

    pub(crate) fn profile(self, game: &Game, profile: &[f64]) -> Vec<f64> {
        let mut restated = profile.to_vec();
        if self.actions {
            for set in game.sets() {
                let first = set.first_action as usize;
                restated[first..first + set.actions.len()].reverse();
            }
        }
        restated
    }
}

fn same(game: &Game, how: Restated, a: &Certificate, b: &Certificate) -> Result<(), TestCaseError> {
    let players = game.players.len();
    let close = |a: f64, b: f64| (a - b).abs() < ROUNDING;
    for player in 0..players {
        let other = how.player(players, player);
        let factor = if how.affine { player as f64 + 2.0 } else { 1.0 };
        let less = if how.affine { 7.0 } else { 0.0 };
        prop_assert!(close(a.value[player] * factor - less, b.value[other]));
        prop_assert!(close(a.nash_conv[player] * factor, b.nash_conv[other]));
        prop_assert!(
            close(a.regret[player], b.regret[other]),
            "{} {}",
            a.regret[player],
            b.regret[other]
        );
    }
    prop_assert!(close(a.distance, b.distance) && close(a.perfect, b.perfect));
    prop_assert_eq!(
        std::mem::discriminant(&a.verdict),
        std::mem::discriminant(&b.verdict)
    );
    prop_assert_eq!(a.deviations().len(), b.deviations().len());
    for (a, b) in a.sets.iter().zip(&b.sets) {
        prop_assert_eq!(a.basis, b.basis);
        prop_assert!(close(a.reach, b.reach));
        let mut beliefs = [a.beliefs.clone(), b.beliefs.clone()];
        for beliefs in &mut beliefs {
            beliefs.sort_by(f64::total_cmp);
        }
        prop_assert!(
            beliefs[0]
                .iter()
                .zip(&beliefs[1])
                .all(|(a, b)| close(*a, *b))
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn restated_games_have_the_same_certificate(seed: u64) {
        let game = random(seed, false);
        let strategy = random_strategy(&game, seed);
        let mut draw = Draw(seed ^ 2);
        let tree_of = tree(&game);
        let mut tremble = super::even(&tree_of, strategy.clone()).tremble;
        for log in &mut tremble {
            if *log < -1.0 {
                *log *= 1.0 + draw.share();
            }
        }
        for set in 0..tree_of.sets() {
            let sum: f64 = tree_of.actions_of(set).map(|a| libm::exp(tremble[a])).sum();
            for action in tree_of.actions_of(set) {
                tremble[action] -= libm::log(sum);
            }
        }
        let answer = Assessment { strategy, tremble };
        let found = certify(&tree_of, &answer, &Tolerance::default());
        for how in [
            Restated { players: true, ..Restated::default() },
            Restated { actions: true, ..Restated::default() },
            Restated { chance: true, ..Restated::default() },
            Restated { affine: true, ..Restated::default() },
            Restated { players: true, actions: true, chance: true, affine: true },
        ] {
            let other = tree(&how.game(&game));
            let restated = Assessment {
                strategy: how.profile(&game, &answer.strategy),
                tremble: how.profile(&game, &answer.tremble),
            };
            same(&game, how, &found, &certify(&other, &restated, &Tolerance::default()))?;
        }
    }
}
