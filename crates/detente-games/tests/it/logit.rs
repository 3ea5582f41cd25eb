//! The principal branch of agent quantal response and its limit.

use detente_games::{Builder, Game, NONE, Number, Tree, families, logit};
use proptest::prelude::*;

fn trace(game: &Game) -> logit::Trace {
    let tree = Tree::new(game).expect("perfect recall");
    logit::limit(&tree, &logit::Options::default(), &mut |_| true)
}

fn numbers(values: &[f64]) -> Vec<Number> {
    values.iter().map(|value| Number::from(*value)).collect()
}

/// Crisis signalling with two types (after Fearon 1994): a strong challenger (prior .3) threatens, a weak one bluffs.
fn signalling() -> Game {
    let mut game = Builder::new("crisis signalling", ["Challenger", "Target"]);
    let answer = game.set(1, "after a threat", ["concede", "resist"]);
    let root = game.root();
    let dealt = game.chance(
        root,
        "type",
        [
            ("strong", Number::ratio(3, 10)),
            ("weak", Number::ratio(7, 10)),
        ],
    );
    for (place, war) in dealt.into_iter().zip([0.2, -0.5]) {
        let speaks = game.set(0, "speak", ["silent", "threaten"]);
        let [silent, threat] = game.moves(place, speaks)[..] else {
            unreachable!()
        };
        game.pay(silent, numbers(&[0.0, 1.0]));
        let [concede, resist] = game.moves(threat, answer)[..] else {
            unreachable!()
        };
        game.pay(concede, numbers(&[1.0, 0.0]));
        let ends = game.set(0, "end", ["back down", "fight"]);
        let [back, fight] = game.moves(resist, ends)[..] else {
            unreachable!()
        };
        game.pay(back, numbers(&[-0.25, 1.0]));
        game.pay(fight, numbers(&[war, -0.5]));
    }
    game.finish()
}

/// Selten's horse (Selten 1975, figure 1).
fn horse() -> Game {
    let mut game = Builder::new("horse", ["1", "2", "3"]);
    let one = game.set(0, "", ["down", "across"]);
    let two = game.set(1, "", ["down", "across"]);
    let three = game.set(2, "", ["left", "right"]);
    let root = game.root();
    let [down, across] = game.moves(root, one)[..] else {
        unreachable!()
    };
    let [second, end] = game.moves(across, two)[..] else {
        unreachable!()
    };
    game.pay(end, numbers(&[1.0, 1.0, 1.0]));
    for (place, left, right) in [
        (down, [3.0, 3.0, 2.0], [0.0, 0.0, 0.0]),
        (second, [4.0, 4.0, 0.0], [0.0, 0.0, 1.0]),
    ] {
        let [l, r] = game.moves(place, three)[..] else {
            unreachable!()
        };
        game.pay(l, numbers(&left));
        game.pay(r, numbers(&right));
    }
    game.finish()
}

/// Probabilities solved from indifference; both sides of the comparison are sums of a few `f64`.
const EXACT: f64 = 1e-12;

#[test]
fn a_strong_type_threatens_and_a_weak_one_bluffs() {
    // Sets in order: the target's answer, then each type's threat and end. b = q(-wT)/((1-q)) = 3/14, s = 1/(1+a) = .8.
    let trace = trace(&signalling());
    let [branch] = &trace.branches[..] else {
        panic!("one branch")
    };
    assert!(branch.reached && trace.crossings.is_empty());
    let expected = [
        0.2,
        0.8,
        0.0,
        1.0,
        0.0,
        1.0,
        11.0 / 14.0,
        3.0 / 14.0,
        1.0,
        0.0,
    ];
    for (found, expected) in branch.answer.strategy.iter().zip(expected) {
        assert!(
            (found - expected).abs() < EXACT,
            "{:?}",
            branch.answer.strategy
        );
    }
}

#[test]
fn the_horse_ends_at_the_sequential_equilibrium() {
    let trace = trace(&horse());
    assert_eq!(
        trace.branches[0].answer.strategy,
        [0.0, 1.0, 0.0, 1.0, 0.0, 1.0]
    );
    // Player 3 stays just indifferent: its second node is twice as likely as its first.
    let tremble = &trace.branches[0].answer.tremble;
    let odds = libm::exp(tremble[2] + tremble[1] - tremble[0]);
    assert!((odds - 2.0).abs() < 1e-3, "{odds}");
}

/// Two players who want to meet and cannot talk: (1, 1) on the diagonal.
fn meeting() -> Game {
    let mut game = Builder::new("meeting", ["A", "B"]);
    let mine = game.set(0, "", ["here", "there"]);
    let its = game.set(1, "", ["here", "there"]);
    let root = game.root();
    for (a, place) in game.moves(root, mine).into_iter().enumerate() {
        for (b, place) in game.moves(place, its).into_iter().enumerate() {
            let both = f64::from(u8::from(a == b));
            game.pay(place, numbers(&[both, both]));
        }
    }
    game.finish()
}

#[test]
fn a_bifurcation_is_found_and_every_branch_reported() {
    // With log-odds x the branch is x = λ tanh(x/2): a pitchfork at λ = 2.
    let trace = trace(&meeting());
    assert_eq!(trace.crossings.len(), 1);
    assert!(
        (trace.crossings[0] - 2.0).abs() < 1e-2,
        "{:?}",
        trace.crossings
    );
    let found: Vec<&[f64]> = trace
        .branches
        .iter()
        .map(|branch| &branch.answer.strategy[..])
        .collect();
    assert_eq!(found.len(), 3);
    assert!(found.contains(&&[0.5; 4][..]));
    assert!(found.contains(&&[1.0, 0.0, 1.0, 0.0][..]));
    assert!(found.contains(&&[0.0, 1.0, 0.0, 1.0][..]));
}

#[test]
fn the_crisis_family_is_traced_to_its_limit() {
    for (types, threats) in [(2, 2), (2, 4), (3, 3), (4, 4)] {
        let game = families::crisis(types, threats);
        let trace = trace(&game);
        let [branch] = &trace.branches[..] else {
            panic!("one branch")
        };
        assert!(branch.reached && branch.regret <= 1e-8);
        let tree = Tree::new(&game).expect("perfect recall");
        let logs = &branch.answer.tremble;
        let regret = slow(&tree, logs)
            .iter()
            .fold(0.0, |most: f64, (best, done, _)| most.max(best - done));
        assert!(regret < 3e-8, "{types} {threats}: {regret}");
    }
}

/// For each information set: what its best action pays, what is paid as it plays, and what each action pays. Written the slow way, in
/// plain probabilities: a node's value by recursion, beliefs by dividing reach.
fn slow(tree: &Tree, logs: &[f64]) -> Vec<(f64, f64, Vec<f64>)> {
    fn value(tree: &Tree, logs: &[f64], node: usize, player: usize) -> f64 {
        if let Some(leaf) = tree.leaves.iter().position(|leaf| *leaf as usize == node) {
            return tree.payoff[leaf * tree.players + player];
        }
        tree.children(node)
            .map(|child| {
                let p = match tree.action[child] {
                    NONE => tree.chance[child],
                    action => libm::exp(logs[action as usize]),
                };
                p * value(tree, logs, child, player)
            })
            .sum()
    }
    let log_reach = |mut node: usize| {
        let mut sum = 0.0;
        while node != 0 {
            sum += match tree.action[node] {
                NONE => libm::log(tree.chance[node]),
                action => logs[action as usize],
            };
            node = tree.parent[node] as usize;
        }
        sum
    };
    (0..tree.sets())
        .map(|set| {
            let player = tree.player[set] as usize;
            let members = tree.members_of(set);
            let reach: Vec<f64> = members
                .iter()
                .map(|node| log_reach(*node as usize))
                .collect();
            let top = reach.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let weight: Vec<f64> = reach.iter().map(|reach| libm::exp(reach - top)).collect();
            let whole: f64 = weight.iter().sum();
            let pays: Vec<f64> = (0..tree.actions_of(set).len())
                .map(|branch| {
                    members
                        .iter()
                        .zip(&weight)
                        .map(|(node, weight)| {
                            let child = tree.children(*node as usize).nth(branch).expect("a child");
                            weight / whole * value(tree, logs, child, player)
                        })
                        .sum()
                })
                .collect();
            let best = pays.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let done = pays
                .iter()
                .zip(tree.actions_of(set))
                .map(|(pays, action)| pays * libm::exp(logs[action]))
                .sum();
            (best, done, pays)
        })
        .collect()
}

/// Two rounds of offers, threats and answers between players with private types, payoffs at random from `seed`.
fn random(seed: u64) -> Game {
    let drawn = std::cell::Cell::new(0);
    let uniform = || {
        drawn.set(drawn.get() + 1);
        detente_math::uniform(seed, drawn.get(), 0)
    };
    let draw = |below: usize| {
        let at = uniform();
        (1..below)
            .filter(|step| at * below as f64 >= *step as f64)
            .count()
    };
    let (types, actions) = (1 + draw(3), 2 + draw(2));
    let others = 1 + draw(2);
    let mut game = Builder::new("random", ["A", "B"]);
    let names = |n: usize| (0..n).map(|i| i.to_string()).collect::<Vec<_>>();
    let first: Vec<_> = (0..types)
        .map(|_| game.set(0, "", names(actions)))
        .collect();
    let second: Vec<_> = (0..others * actions)
        .map(|_| game.set(1, "", names(2)))
        .collect();
    let third: Vec<_> = (0..types * actions)
        .map(|_| game.set(0, "", names(2)))
        .collect();
    let root = game.root();
    let pairs = i64::try_from(types * others).expect("few");
    let dealt = game.chance(
        root,
        "",
        (0..types * others).map(|i| (i.to_string(), Number::ratio(1, pairs))),
    );
    // So fine that nothing ties: ties leave continua, along which walks stop where λ left them.
    let pay = |game: &mut Builder, place| {
        let payoffs = [0, 1].map(|_| Number::decimal((1e9 * uniform()).round() / 1e8 - 5.0));
        game.pay(place, payoffs);
    };
    for (pair, place) in dealt.into_iter().enumerate() {
        let (mine, its) = (pair / others, pair % others);
        for (a, place) in game.moves(place, first[mine]).into_iter().enumerate() {
            let next = game.moves(place, second[its * actions + a]);
            pay(&mut game, next[0]);
            for place in game.moves(next[1], third[mine * actions + a]) {
                pay(&mut game, place);
            }
        }
    }
    game.finish()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn quantal_responses_solve_their_equations(seed in 0_u64..1_000_000, lambda in 0.0_f64..20.0) {
        let tree = Tree::new(&random(seed)).expect("perfect recall");
        let logs = logit::quantal_response(&tree, lambda, &logit::Options::default()).expect("reached").tremble;
        for (set, (_, _, pays)) in slow(&tree, &logs).into_iter().enumerate() {
            let actions = tree.actions_of(set);
            let sum: f64 = actions.clone().map(|action| libm::exp(logs[action])).sum();
            prop_assert!((sum - 1.0).abs() < EXACT);
            for (pay, action) in pays.iter().zip(actions.clone()) {
                let ratio = logs[action] - logs[actions.start];
                prop_assert!((ratio - lambda * (pay - pays[0])).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn slow_steps_lead_where_fast_ones_do(seed in 0_u64..1_000_000) {
        let tree = Tree::new(&random(seed)).expect("perfect recall");
        let fast = logit::limit(&tree, &logit::Options::default(), &mut |_| true);
        let careful = logit::Options { pace: 1.15, ..logit::Options::default() };
        let slow = logit::limit(&tree, &careful, &mut |_| true);
        prop_assert!(fast.branches[0].reached && slow.branches[0].reached);
        prop_assert_eq!(fast.crossings.len(), slow.crossings.len());
        for (a, b) in fast.branches[0].answer.strategy.iter().zip(&slow.branches[0].answer.strategy) {
            prop_assert!((a - b).abs() < 1e-4, "{} {}", a, b);
        }
    }

    #[test]
    fn money_has_no_unit(seed in 0_u64..1_000_000, scale in 0.01_f64..100.0, shift in -50.0_f64..50.0) {
        let tree = Tree::new(&random(seed)).expect("perfect recall");
        let mut other = tree.clone();
        for payoff in &mut other.payoff {
            *payoff = shift + scale * *payoff;
        }
        let a = logit::quantal_response(&tree, 2.0, &logit::Options::default()).expect("reached");
        let b = logit::quantal_response(&other, 2.0 / scale, &logit::Options::default()).expect("reached");
        for (a, b) in a.tremble.iter().zip(&b.tremble) {
            prop_assert!((a - b).abs() < 1e-8 * (1.0 + a.abs()), "{} {}", a, b);
        }
    }
}
