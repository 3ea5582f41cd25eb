//! The limit of quantal response against the closed forms of the oracles.

use detente_games::certificate::even_trembles;
use detente_games::oracles::{
    BeerQuiche, Brinkmanship, ChainStore, Commitment, CostlySignal, Crisis, LewisSchultz,
    Opposition, PrivateWarValues, Rubinstein, SignalCost, Spence, TalkWhileFighting, Ultimatum,
    UniformCosts,
};
use detente_games::{
    Assessment, Certificate, Game, NONE, Number, Tolerance, Tree, backward, certify, logit,
};

/// Sums of a few hundred `f64` near one, and indifference equations solved in `f64`.
const EXACT: f64 = 1e-9;
/// Offers are this much better than a threshold, so that the equilibrium on the menu is strict; payoffs move by a few of it.
const INSIDE: f64 = 1e-4;
/// What moves with the offset where several rounds or types add it up.
const OFFSETS: f64 = 20.0 * INSIDE;

/// The limit of the principal branch, certified.
struct Answer {
    game: Game,
    strategy: Vec<f64>,
    war: f64,
    certificate: Certificate,
}

fn solve(game: Game) -> Answer {
    let tree = Tree::new(&game).expect("perfect recall");
    let trace = logit::limit(&tree, &logit::Options::default(), &mut |_| true);
    let branch = &trace.branches[0];
    assert!(branch.reached, "{}", game.title);
    let certificate = certify(&tree, &branch.answer, &Tolerance::default());
    assert!(
        certificate.is_sequential(),
        "{}: {:?}",
        game.title,
        certificate.verdict
    );
    let strategy = branch.answer.strategy.clone();
    let mut reach = vec![1.0; tree.parent.len()];
    let mut war = 0.0;
    for node in 1..reach.len() {
        let step = match tree.action[node] {
            NONE => tree.chance[node],
            action => strategy[action as usize],
        };
        reach[node] = reach[tree.parent[node] as usize] * step;
        let outcome = game.nodes()[node]
            .outcome
            .map(|at| &game.outcomes()[at as usize]);
        if outcome.is_some_and(|outcome| outcome.label.starts_with("war")) {
            war += reach[node];
        }
    }
    Answer {
        game,
        strategy,
        war,
        certificate,
    }
}

impl Answer {
    /// Probability of `action` at the set with the label `set`.
    fn plays(&self, set: &str, action: &str) -> f64 {
        let set = self.set(set);
        let at = set
            .actions
            .iter()
            .position(|label| &**label == action)
            .expect("an action");
        self.strategy[set.first_action as usize + at]
    }

    /// Beliefs at the set with the label `set`.
    fn believes(&self, set: &str) -> &[f64] {
        let at = self
            .game
            .sets()
            .iter()
            .position(|s| &*s.label == set)
            .expect("a set");
        &self.certificate.sets[at].beliefs
    }

    fn value(&self, player: usize) -> f64 {
        self.certificate.value[player]
    }

    fn set(&self, label: &str) -> &detente_games::InfoSet {
        self.game
            .sets()
            .iter()
            .find(|set| &*set.label == label)
            .expect("a set")
    }
}

#[track_caller]
fn near(is: f64, stated: f64, tolerance: f64) {
    assert!((is - stated).abs() <= tolerance, "{is} is not {stated}");
}

/// Backward induction gives the same payoffs; the game has perfect information.
fn backward_agrees(answer: &Answer) {
    let tree = Tree::new(&answer.game).expect("perfect recall");
    let backward = backward::solve(&tree).expect("perfect information");
    let certificate = certify(&tree, &backward.answer, &Tolerance::default());
    for (player, value) in certificate.value.iter().enumerate() {
        near(answer.value(player), *value, EXACT);
    }
}

#[test]
fn o1_an_ultimatum_runs_the_risk_while_the_tough_are_few() {
    for (tough, value, war) in [(0.3, 0.68, 0.3), (0.6, 0.6, 0.0)] {
        let model = Ultimatum {
            tough,
            ..Ultimatum::default()
        };
        let answer = solve(model.game(&model.menu(INSIDE)));
        near(answer.value(0), value, 1.5 * INSIDE);
        near(answer.war, war, EXACT);
        near(model.answer().value, value, EXACT);
    }
    // On either side of the critical probability.
    let critical = Ultimatum::default().critical();
    for (tough, war) in [(critical - 0.01, critical - 0.01), (critical + 0.01, 0.0)] {
        let model = Ultimatum {
            tough,
            ..Ultimatum::default()
        };
        near(solve(model.game(&model.menu(INSIDE))).war, war, EXACT);
    }
}

#[test]
fn o2_uniform_costs_converge() {
    let model = UniformCosts::default();
    for (types, demand, war, value) in [
        (4, 0.65, 0.25, 0.5875),
        (6, 2.0 / 3.0, 1.0 / 3.0, 0.577_778),
    ] {
        let answer = solve(model.game(types, INSIDE));
        near(answer.war, war, EXACT);
        near(answer.value(0), value, 1.5 * INSIDE);
        let asks = answer.set("A asks");
        let asked = (0..types)
            .find(|&i| answer.strategy[i] > 0.5)
            .expect("a demand");
        near(
            asks.actions[asked].parse().expect("a number"),
            demand,
            1.5 * INSIDE,
        );
    }
    // A tie of two demands: value as printed, and closer to the continuum than with six types.
    let ten = solve(model.game(10, INSIDE)).value(0);
    near(ten, 0.568, 1.5 * INSIDE);
    let limit = model.answer().value;
    near(limit, 0.55625, EXACT);
    assert!((ten - limit).abs() < (model.answer_with(6).value - limit).abs());
}

#[test]
fn o3_alternating_offers_end_at_once() {
    for (rounds, outside, value) in [
        (3, None, 0.91),
        (2, None, 0.1),
        (3, Some(0.6), 0.4),
        (3, Some(0.05), 0.8695),
    ] {
        let model = Rubinstein {
            outside,
            ..Rubinstein::default()
        };
        near(model.kept(0, rounds), value, EXACT);
        let answer = solve(model.game(rounds, INSIDE));
        near(answer.value(0), value, OFFSETS);
        near(answer.value(0) + answer.value(1), 1.0, EXACT);
        backward_agrees(&answer);
    }
}

#[test]
fn o4_two_types_in_a_crisis() {
    let answer = solve(Crisis::default().game());
    near(answer.plays("weak", "threaten"), 0.214_286, 5e-7);
    near(answer.plays("strong", "threaten"), 1.0, EXACT);
    near(answer.plays("threatened", "resist"), 0.8, EXACT);
    near(answer.war, 0.24, EXACT);
    near(answer.value(0), 0.108, EXACT);
    near(answer.value(1), 0.55, EXACT);
    near(answer.believes("threatened")[0], 2.0 / 3.0, EXACT);
    let likely = solve(
        Crisis {
            strong: 0.8,
            ..Crisis::default()
        }
        .game(),
    );
    near(likely.war, 0.0, EXACT);
    near(likely.value(0), 1.0, EXACT);
}

#[test]
fn o4_holds_over_parameters() {
    for strong in [0.1, 0.3, 0.5, 0.7, 0.9] {
        for audience in [0.1, 0.4] {
            for war_target in [-0.2, -0.8] {
                let model = Crisis {
                    strong,
                    audience,
                    war_target,
                    ..Crisis::default()
                };
                let (answer, stated) = (solve(model.game()), model.answer());
                near(answer.war, stated.war, EXACT);
                near(answer.plays("weak", "threaten"), stated.bluff, 1e-6);
                near(answer.value(0), stated.government, EXACT);
                near(answer.value(1), stated.target, 1e-6);
                near(answer.believes("threatened")[0], stated.belief, 1e-6);
            }
        }
    }
}

#[test]
fn o4_many_types_in_a_crisis_converge() {
    let model = PrivateWarValues::default();
    let limit = model.answer();
    // Odd numbers have a type that ties between backing down and fighting, multiples of 5 have no defender that must mix.
    for types in [4, 6, 12] {
        let (answer, stated) = (solve(model.game(types)), model.answer_with(types));
        near(answer.war, stated.war, EXACT);
        // Each type counts 1/types.
        near(answer.war, limit.war, 0.5 / types as f64 + EXACT);
        let threat: f64 = (1..=types)
            .map(|i| answer.plays(&format!("type {i}"), "threaten") / types as f64)
            .sum::<f64>();
        // Which bluffs are left to whom is open; how many there are is not.
        near(threat, stated.earnest + stated.bluff, 1e-6);
    }
}

#[test]
fn o5_an_informed_opposition_prevents_the_war() {
    let answer = solve(Opposition::default().game());
    for (player, value) in [0.3, 0.0, 0.7].into_iter().enumerate() {
        near(answer.value(player), value, EXACT);
    }
    near(answer.war, 0.0, EXACT);
    assert_eq!(answer.strategy, Opposition::default().profile());
    // An opposed threat is off the path; it is taken for a weak government's.
    near(answer.believes("opposed")[1], 1.0, 1e-3);
}

#[test]
fn o6_tied_hands_are_found_and_sunk_costs_are_one_of_several() {
    let model = CostlySignal::default();
    let tied = solve(model.game(SignalCost::Tied, 10, &model.menu(SignalCost::Tied)));
    near(tied.value(0), 0.1925, EXACT);
    near(tied.war, 0.42, EXACT);
    for (i, speaks) in [(2, 0.0), (3, 0.0), (4, 1.0), (5, 1.0)] {
        let label = format!("type {i}");
        let set = tied.set(&label);
        near(tied.strategy[set.first_action as usize + 1], speaks, EXACT);
    }
    let signal = tied.game.sets()[0].actions[1].clone();
    for (j, challenges) in [(4, 0.0), (5, 1.0)] {
        near(
            tied.plays(&format!("type {j} after {signal}"), "challenge"),
            challenges,
            EXACT,
        );
    }
    // The branch goes to silence, worth more to the defender than the signal of the closed form.
    let sunk = solve(model.game(SignalCost::Sunk, 10, &model.menu(SignalCost::Sunk)));
    near(sunk.value(0), 0.086, EXACT);
    assert!(sunk.value(0) > model.answer(SignalCost::Sunk).defender);
}

#[test]
fn o7_power_that_shifts_fast_brings_war_at_once() {
    for (after, war) in [(0.2, 1.0), (0.85, 0.0)] {
        let model = Commitment {
            after,
            ..Commitment::default()
        };
        let answer = solve(model.game(INSIDE));
        near(answer.war, war, EXACT);
        for player in 0..2 {
            near(answer.value(player), model.values()[player], OFFSETS);
        }
        backward_agrees(&answer);
    }
}

#[test]
fn o8_a_screens_by_battle_while_the_tough_are_few() {
    let model = TalkWhileFighting::default();
    let answer = solve(model.game(INSIDE));
    near(answer.plays("weak, low", "accept"), 0.888_889, OFFSETS);
    near(answer.value(0), 0.704, OFFSETS);
    near(answer.war, 0.1, OFFSETS);
    // Belief climbs from .1 to where A is indifferent.
    near(answer.believes("second offer after low")[1], 0.5, OFFSETS);
    let model = TalkWhileFighting {
        tough: 0.3,
        ..model
    };
    let answer = solve(model.game(INSIDE));
    near(answer.value(0), 0.6, OFFSETS);
    near(answer.war, 0.0, EXACT);
}

#[test]
fn o9_breakfast() {
    for wimp in [0.1, 0.6] {
        let model = BeerQuiche { wimp };
        let answer = solve(model.game());
        let [sender, receiver] = model.values()[0];
        near(answer.value(0), sender, EXACT);
        near(answer.value(1), receiver, EXACT);
    }
    let answer = solve(BeerQuiche { wimp: 0.6 }.game());
    near(answer.plays("wimp", "beer"), 2.0 / 3.0, EXACT);
    near(answer.plays("after beer", "duel"), 0.5, EXACT);
}

#[test]
fn o9_the_high_go_to_school() {
    let numbers =
        |values: &[f64]| -> Vec<Number> { values.iter().copied().map(Number::from).collect() };
    let answer = solve(Spence::default().game(
        &numbers(&[0.0, 0.3, 0.6, 0.9, 1.02, 1.2]),
        &numbers(&[1.0, 1.5, 2.0]),
    ));
    near(answer.plays("high", "1.02"), 1.0, EXACT);
    near(answer.plays("low", "0"), 1.0, EXACT);
    near(answer.value(0), f64::midpoint(1.0, 1.49), EXACT);
}

#[test]
fn o10_a_chain_store_fights_for_its_name() {
    for (entrants, tough) in [(2, 0.1), (3, 0.1), (3, 0.2)] {
        let model = ChainStore {
            entrants,
            tough,
            ..ChainStore::default()
        };
        let answer = solve(model.game());
        // Everywhere, off the path as well: the sequential equilibrium is unique.
        for (is, stated) in answer.strategy.iter().zip(model.profile()) {
            near(*is, stated, 1e-6);
        }
    }
    let model = ChainStore {
        tough: 0.2,
        ..ChainStore::default()
    };
    let answer = solve(model.game());
    near(answer.plays("entrant 1 after nothing", "in"), 0.0, EXACT);
    near(
        answer.plays("entered by 1 after nothing", "fight"),
        0.75,
        EXACT,
    );
}

#[test]
fn o12_the_critical_risk_is_where_a_yields() {
    let model = Brinkmanship::default();
    for (risk, firm) in [(0.29, 1.0), (0.31, 0.0)] {
        near(
            solve(model.game(risk)).plays("A", "stand firm"),
            firm,
            EXACT,
        );
    }
}

#[test]
fn o13_private_shocks_converge() {
    let model = LewisSchultz::default();
    let stated = model.answers()[0];
    for points in [3, 5, 9] {
        let answer = solve(model.game(points));
        // Shocks come in lumps of 1/points, and war moves by a share of one.
        near(answer.war, stated.war, 0.13 / points as f64);
    }
}

#[test]
fn profiles_of_closed_forms_are_certified() {
    let signal = CostlySignal::default();
    let costly = |cost| {
        (
            signal.game(cost, 10, &signal.menu(cost)),
            signal.profile(cost, 10),
        )
    };
    let store = ChainStore::default();
    for (name, (game, strategy), value) in [
        // Certified although the branch of quantal response goes elsewhere.
        ("sunk costs", costly(SignalCost::Sunk), Some(0.056)),
        ("tied hands", costly(SignalCost::Tied), Some(0.1925)),
        (
            "crisis",
            (Crisis::default().game(), Crisis::default().profile()),
            Some(0.108),
        ),
        ("chain store", (store.game(), store.profile()), None),
    ] {
        let tree = Tree::new(&game).expect("perfect recall");
        let tremble = even_trembles(&tree, &strategy);
        let answer = Assessment { strategy, tremble };
        let certificate = certify(&tree, &answer, &Tolerance::default());
        assert!(
            certificate.is_sequential(),
            "{name}: {:?}",
            certificate.verdict
        );
        if let Some(value) = value {
            near(certificate.value[0], value, EXACT);
        }
    }
}
