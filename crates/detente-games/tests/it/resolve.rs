//! Re-solving under sampled payoffs.

use detente_games::certificate::Tolerance;
use detente_games::resolve::{
    Audit, Draw, Noise, Options, Report, Resolver, Source, Summary, describe, last_outcomes,
};
use detente_games::{Builder, Certifier, Game, Number, Tree, families, logit};
use proptest::prelude::*;

fn numbers(values: &[f64]) -> Vec<Number> {
    values.iter().map(|value| Number::from(*value)).collect()
}

/// Crisis signalling with two types (after Fearon 1994), a strong challenger with probability `strong` / 1000. Leaves in order, for the
/// strong and then the weak: silent, conceded to, backs down, fights.
fn signalling(strong: i64) -> Game {
    let mut game = Builder::new("crisis signalling", ["Challenger", "Target"]);
    let answer = game.set(1, "after a threat", ["concede", "resist"]);
    let root = game.root();
    let prior = [("strong", strong), ("weak", 1000 - strong)];
    let prior = prior.map(|(name, p)| (name, Number::ratio(p, 1000)));
    let dealt = game.chance(root, "type", prior);
    for ((place, war), name) in dealt.into_iter().zip([0.2, -0.5]).zip(["strong", "weak"]) {
        let speaks = game.set(0, name, ["silent", "threaten"]);
        let [silent, threat] = game.moves(place, speaks)[..] else {
            unreachable!()
        };
        game.pay(silent, numbers(&[0.0, 1.0]));
        let [concede, resist] = game.moves(threat, answer)[..] else {
            unreachable!()
        };
        game.pay(concede, numbers(&[1.0, 0.0]));
        let ends = game.set(0, format!("{name}, resisted"), ["back down", "fight"]);
        let [back, fight] = game.moves(resist, ends)[..] else {
            unreachable!()
        };
        game.pay(back, numbers(&[-0.25, 1.0]));
        game.pay(fight, numbers(&[war, -0.5]));
    }
    game.finish()
}

/// Draws of `range` solved with audits every `audit` draws; what became of each, and its strategy.
fn solve(
    game: &Game,
    sigma: f64,
    options: Options,
    range: std::ops::Range<u64>,
    each: &mut dyn FnMut(&Draw, &detente_games::Assessment, &[f64]),
) -> Summary {
    let tree = Tree::new(game).expect("perfect recall");
    let noise = Noise::new(game, &tree, 5, sigma);
    let resolver = Resolver::new(&tree, &mut |i, payoff| noise.payoffs(i, payoff), options);
    let mut scratch = resolver.scratch();
    let mut payoff = tree.payoff.clone();
    let mut summary = Summary::new(&tree, last_outcomes(game, &tree));
    for index in range {
        noise.payoffs(index, &mut payoff);
        let draw = resolver.draw(&mut scratch, index, &payoff);
        each(&draw, scratch.answer(), &payoff);
        summary.add(&draw, &scratch);
    }
    summary
}

/// The share of draws of crisis(3,3) whose answer is that of the full trace; measured .99.
const AGREE: f64 = 0.95;

#[test]
fn every_answer_is_a_sequential_equilibrium() {
    let game = families::crisis(3, 3);
    let tree = Tree::new(&game).expect("perfect recall");
    let mut certifier = Certifier::new(&tree);
    let mut drawn = tree.clone();
    let options = Options {
        audit_every: 1,
        ..Options::default()
    };
    let (mut reused, mut same, mut audited) = (0, 0, 0);
    solve(&game, 0.05, options, 0..300, &mut |draw, answer, payoff| {
        drawn.payoff.copy_from_slice(payoff);
        let certificate = certifier.certify(&drawn, answer, &Tolerance::default());
        assert!(draw.certified && draw.regret <= 1e-6, "{draw:?}");
        assert!(
            certificate.is_sequential(),
            "{draw:?} {:?}",
            certificate.verdict
        );
        reused += usize::from(matches!(draw.source, Source::Regime(_)));
        audited += usize::from(draw.audit.is_some());
        match draw.audit {
            Some(Audit::Same) => same += 1,
            // Another equilibrium is one that the trace's certificate passed as well.
            Some(Audit::Another { difference }) => assert!(difference > 1e-4),
            Some(Audit::Uncertified { .. }) => panic!("{draw:?}"),
            None => assert_eq!(draw.source, Source::Trace),
        }
    });
    assert!(
        reused > 0 && audited > 290,
        "{reused} reused, {audited} audited"
    );
    assert!(
        f64::from(same) >= AGREE * audited as f64,
        "{same} of {audited}"
    );
}

/// Selten's horse (Selten 1975, figure 1): three players, a belief off the path.
fn horse() -> Game {
    let mut game = Builder::new("horse", ["1", "2", "3"]);
    let one = game.set(0, "", ["down", "across"]);
    let two = game.set(1, "", ["down", "across"]);
    let three = game.set(2, "", ["left", "right"]);
    let root = game.root();
    let first = game.moves(root, one);
    let second = game.moves(first[1], two);
    game.pay(second[1], numbers(&[1.0, 1.0, 1.0]));
    for (place, left, right) in [
        (first[0], [3.0, 3.0, 2.0], [0.0, 0.0, 0.0]),
        (second[0], [4.0, 4.0, 0.0], [0.0, 0.0, 1.0]),
    ] {
        let ends = game.moves(place, three);
        game.pay(ends[0], numbers(&left));
        game.pay(ends[1], numbers(&right));
    }
    game.finish()
}

#[test]
fn what_is_called_certified_is_where_noise_is_large() {
    for game in [families::crisis(2, 4), families::crisis(4, 2), horse()] {
        let tree = Tree::new(&game).expect("perfect recall");
        let mut certifier = Certifier::new(&tree);
        let mut drawn = tree.clone();
        let options = Options {
            library: 32,
            ..Options::default()
        };
        let summary = solve(&game, 0.3, options, 0..150, &mut |draw, answer, payoff| {
            drawn.payoff.copy_from_slice(payoff);
            let certificate = certifier.certify(&drawn, answer, &Tolerance::default());
            assert_eq!(
                draw.certified,
                certificate.is_sequential(),
                "{draw:?} {:?}",
                certificate.verdict
            );
        });
        let report = summary.report();
        assert!(report.uncertified.len() < 3, "{} {report:?}", game.title);
        assert!(report.regimes.len() > 1);
    }
}

#[test]
fn any_split_of_draws_gives_the_same_bytes() {
    let game = families::crisis(2, 2);
    let options = Options {
        library: 16,
        audit_every: 10,
        ..Options::default()
    };
    let mut whole = Vec::new();
    let summary = solve(&game, 0.05, options, 0..150, &mut |draw, answer, _| {
        whole.push((*draw, answer.clone()));
    });
    let report = summary.report();
    for cuts in [
        vec![0, 1, 2, 150],
        vec![0, 75, 150],
        vec![0, 49, 50, 149, 150],
    ] {
        let mut merged: Option<Summary> = None;
        // The last range first: a summary does not depend on the order either.
        for cut in cuts.windows(2).rev() {
            let part = solve(
                &game,
                0.05,
                options,
                cut[0]..cut[1],
                &mut |draw, answer, _| {
                    let index = usize::try_from(draw.index).expect("small");
                    assert_eq!(whole[index], (*draw, answer.clone()));
                },
            );
            match &mut merged {
                Some(merged) => merged.merge(part),
                None => merged = Some(part),
            }
        }
        let again: Report = merged.expect("a range").report();
        assert_eq!(format!("{again:?}"), format!("{report:?}"));
    }
    let shares: f64 = report.regimes.iter().map(|regime| regime.share).sum();
    assert!((shares + report.uncertified.len() as f64 / 150.0 - 1.0).abs() < 1e-12);
    for regime in &report.regimes {
        let plays: f64 = regime.plays.iter().map(|play| play.mean).sum();
        assert!((plays - 1.0).abs() < 1e-12);
    }
}

/// Probabilities solved from indifference to 1e-13 of the range of payoffs.
const SOLVED: f64 = 1e-9;
/// Off the path a trace leaves mixtures where its last precision put them, which is some 1e5 over the range of payoffs; a fit puts
/// them where they tend to.
const FINITE: f64 = 1e-5;

#[test]
fn without_noise_every_draw_is_the_base() {
    for game in [
        signalling(300),
        families::crisis(2, 2),
        families::crisis(3, 3),
    ] {
        let tree = Tree::new(&game).expect("perfect recall");
        let base = logit::limit(&tree, &logit::Options::default(), &mut |_| true);
        let base = &base.branches[0].answer;
        let options = Options {
            library: 4,
            audit_every: 2,
            ..Options::default()
        };
        let summary = solve(&game, 0.0, options, 0..4, &mut |draw, answer, _| {
            assert_eq!(draw.source, Source::Regime(0));
            for (found, base) in answer.strategy.iter().zip(&base.strategy) {
                assert!((found - base).abs() < FINITE, "{found} {base}");
            }
        });
        let report = summary.report();
        assert_eq!(report.regimes.len(), 1);
        assert!(report.another.is_empty());
        let certificate = Certifier::new(&tree).certify(&tree, base, &Tolerance::default());
        for (found, base) in report.regimes[0].values.iter().zip(&certificate.value) {
            assert!((found.mean - base).abs() < SOLVED && (found.low - found.high).abs() < SOLVED);
        }
    }
}

#[test]
fn bluffs_and_resistance_follow_their_formulas_in_every_draw() {
    let game = signalling(300);
    let words = "Target, after a threat: concede or resist; Challenger, strong: threaten; \
                 Challenger, strong, resisted: fight; Challenger, weak: silent or threaten; \
                 Challenger, weak, resisted: back down";
    let mut checked = 0;
    let summary = solve(
        &game,
        0.05,
        Options::default(),
        0..400,
        &mut |draw, answer, payoff| {
            let strategy = &answer.strategy;
            assert!(draw.certified);
            let pays = |leaf: usize, player: usize| payoff[leaf * 2 + player];
            let mixed = |p: f64| p > 0.0 && p < 1.0;
            let base = strategy[3] == 1.0 && strategy[5] == 1.0 && strategy[8] == 1.0;
            if !(base && mixed(strategy[1]) && mixed(strategy[7])) {
                return;
            }
            checked += 1;
            // The target is indifferent: q (concede - war) = (1-q) b (backed down - concede).
            let bluff = 3.0 * (pays(1, 1) - pays(3, 1)) / (7.0 * (pays(6, 1) - pays(5, 1)));
            // So is the weak type: silence = concession or backing down.
            let concede = (pays(4, 0) - pays(6, 0)) / (pays(5, 0) - pays(6, 0));
            assert!(
                (strategy[7] - bluff).abs() < SOLVED,
                "{} {bluff}",
                strategy[7]
            );
            assert!(
                (strategy[0] - concede).abs() < SOLVED,
                "{} {concede}",
                strategy[0]
            );
        },
    );
    let report = summary.report();
    assert_eq!(describe(&game, &report.regimes[0].key), words);
    assert_eq!(checked, report.regimes[0].draws);
    assert!(
        report.regimes[0].share > 0.8 && report.uncertified.is_empty(),
        "{report:?}"
    );
    // War only with the strong type, whom the target resists with probability .8: .24, by the noise more or less.
    let war = report.regimes[0].plays[3];
    assert!(
        war.low < 0.24 && war.high > 0.24 && (war.mean - 0.24).abs() < 0.01,
        "{war:?}"
    );
    assert!(report.reused > 300, "{report:?}");
}

#[test]
fn noise_moves_all_plays_behind_an_outcome_alike() {
    let mut game = Builder::new("two tolls", ["A", "B"]);
    let set = game.set(0, "", ["on", "off"]);
    let root = game.root();
    let next = game.moves(root, set);
    game.pay(root, numbers(&[2.0, 0.0]));
    game.pay(next[0], numbers(&[3.0, 1.0]));
    let game = game.finish();
    let tree = Tree::new(&game).expect("perfect recall");
    let noise = Noise::new(&game, &tree, 1, 0.1);
    let (mut square, mut payoff) = (0.0, tree.payoff.clone());
    for index in 0..4000 {
        noise.payoffs(index, &mut payoff);
        // The second play ends without an outcome of its own: its noise is that of the root, which the first shares.
        let root = payoff[2] - tree.payoff[2];
        let own = payoff[0] - tree.payoff[0] - root;
        square += root * root + own * own;
    }
    // Two independent parts of standard deviation .1 × 3; 4,000 squares of each are good to 1.6 % (1 standard error).
    assert!((square / 8000.0 / 0.09 - 1.0).abs() < 0.08, "{square}");
    let only = noise.only(|outcome, player| outcome == 1 && player == 1);
    only.payoffs(7, &mut payoff);
    assert_eq!(
        [payoff[0], payoff[2], payoff[3]],
        [tree.payoff[0], tree.payoff[2], tree.payoff[3]]
    );
    assert!(payoff[1] != tree.payoff[1]);
    assert_eq!(last_outcomes(&game, &tree), [1, 0]);
}

#[test]
fn exact_ties_are_no_trouble() {
    // The target's payoffs have no noise, and a threat that is carried out costs it what conceding does: it is indifferent whoever
    // threatens and fights. Beliefs off the path form continua.
    let mut game = Builder::new("ties", ["Challenger", "Target"]);
    let answer = game.set(1, "", ["concede", "resist"]);
    let root = game.root();
    let third = |name| (name, Number::ratio(1, 3));
    let dealt = game.chance(root, "", [third("a"), third("b"), third("c")]);
    for (place, war) in dealt.into_iter().zip([0.5, 0.1, -0.3]) {
        let speaks = game.set(0, "", ["silent", "threaten"]);
        let [silent, threat] = game.moves(place, speaks)[..] else {
            unreachable!()
        };
        game.pay(silent, numbers(&[0.2, 1.0]));
        let [concede, resist] = game.moves(threat, answer)[..] else {
            unreachable!()
        };
        game.pay(concede, numbers(&[1.0, 0.0]));
        game.pay(resist, numbers(&[war, 0.0]));
    }
    let game = game.finish();
    let tree = Tree::new(&game).expect("perfect recall");
    let noise = Noise::new(&game, &tree, 1, 0.05).only(|_, player| player == 0);
    let options = Options {
        library: 16,
        ..Options::default()
    };
    let resolver = Resolver::new(&tree, &mut |i, payoff| noise.payoffs(i, payoff), options);
    let mut scratch = resolver.scratch();
    let mut drawn = tree.clone();
    for index in 0..100 {
        noise.payoffs(index, &mut drawn.payoff);
        let draw = resolver.draw(&mut scratch, index, &drawn.payoff);
        let certificate =
            Certifier::new(&tree).certify(&drawn, scratch.answer(), &Tolerance::default());
        assert!(
            draw.certified && certificate.is_sequential(),
            "{draw:?} {:?}",
            certificate.verdict
        );
    }
}

/// A game of the shipped ones.
fn shipped(text: &str) -> Game {
    let mut diagnostics = detente_diag::Diagnostics::default();
    detente_games::efg::read(text, detente_diag::FileId(0), &mut diagnostics).expect("a game")
}

#[test]
fn shares_are_those_of_full_traces_where_several_equilibria_hold_at_once() {
    // With nine equilibria, what a library holds and where the branch leads are different things: nothing is taken from the library.
    for text in [
        include_str!("../../games/nine-equilibria.efg"),
        include_str!("../../games/agents-only.efg"),
        include_str!("../../games/kuhn-poker.efg"),
    ] {
        let game = shipped(text);
        let tree = Tree::new(&game).expect("perfect recall");
        let noise = Noise::new(&game, &tree, 1, 0.05);
        let options = Options {
            audit_every: 1,
            ..Options::default()
        };
        let resolver = Resolver::new(&tree, &mut |i, payoff| noise.payoffs(i, payoff), options);
        let mut scratch = resolver.scratch();
        let mut payoff = vec![0.0; tree.payoff.len()];
        let (mut audits, mut another) = (0, 0);
        for index in 0..120 {
            noise.payoffs(index, &mut payoff);
            let draw = resolver.draw(&mut scratch, index, &payoff);
            let drawn = Tree {
                payoff: payoff.clone(),
                ..tree.clone()
            };
            let certificate =
                Certifier::new(&tree).certify(&drawn, scratch.answer(), &Tolerance::default());
            assert_eq!(draw.certified, certificate.is_sequential(), "{index}");
            audits += usize::from(draw.audit.is_some());
            another += usize::from(matches!(draw.audit, Some(Audit::Another { .. })));
        }
        assert!(another * 10 <= audits, "{another} of {audits}");
    }
}
proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn money_has_no_unit(scale in 0.01_f64..100.0, shift in -50.0_f64..50.0) {
        let game = families::crisis(2, 2);
        let tree = Tree::new(&game).expect("perfect recall");
        let mut other = tree.clone();
        for payoff in &mut other.payoff {
            *payoff = shift + scale * *payoff;
        }
        let noise = Noise::new(&game, &tree, 5, 0.05);
        let options = Options { library: 8, audit_every: 0, ..Options::default() };
        let in_other = |payoff: &mut [f64]| payoff.iter_mut().for_each(|p| *p = shift + scale * *p);
        let one = Resolver::new(&tree, &mut |i, payoff| noise.payoffs(i, payoff), options);
        let two = Resolver::new(&other, &mut |i, payoff| {
            noise.payoffs(i, payoff);
            in_other(payoff);
        }, options);
        let (mut a, mut b) = (one.scratch(), two.scratch());
        let mut payoff = tree.payoff.clone();
        for index in 0..20 {
            noise.payoffs(index, &mut payoff);
            one.draw(&mut a, index, &payoff);
            in_other(&mut payoff);
            two.draw(&mut b, index, &payoff);
            for (x, y) in a.plays().iter().zip(b.plays()) {
                prop_assert!((x - y).abs() < 1e-7, "{} {}", x, y);
            }
        }
    }
}

/// Draws that differ in the chance that the challenger is strong: below two thirds (1 / (1 - war payoff of the target)) the weak bluff just
/// so often that the target, who resists four times of five, is indifferent, and war comes four times of five that the challenger is
/// strong; above, all threaten and the target concedes (after Fearon 1994, as in the first of these games).
#[test]
fn draws_may_differ_in_what_chance_does() {
    let game = signalling(300);
    let tree = Tree::new(&game).expect("perfect recall");
    let dealt: Vec<usize> = (1..tree.parent.len())
        .filter(|n| tree.parent[*n] == 0)
        .collect();
    let strong = |index: u64| 0.05 + 0.9 * (index % 97) as f64 / 96.0;
    let mut numbers = |index: u64, payoff: &mut [f64], chance: &mut [f64]| {
        payoff.copy_from_slice(&tree.payoff);
        chance[dealt[0]] = strong(index);
        chance[dealt[1]] = 1.0 - strong(index);
    };
    let options = Options {
        audit_every: 0,
        ..Options::default()
    };
    let resolver = Resolver::new_with(&tree, &mut numbers, options, &|| true, &mut |_, _| {});
    let mut scratch = resolver.scratch();
    let mut drawn = tree.clone();
    let mut reused = 0;
    for index in 0..194 {
        numbers(index, &mut drawn.payoff, &mut drawn.chance);
        let draw = resolver.draw_with(&mut scratch, index, &drawn.payoff, &drawn.chance);
        let certificate = detente_games::certify(&drawn, scratch.answer(), &Tolerance::default());
        assert!(draw.certified && certificate.is_sequential(), "{draw:?}");
        reused += usize::from(matches!(draw.source, Source::Regime(_)));
        // Leaf 3: the strong fights.
        let war = scratch.plays()[3];
        let expected = if strong(index) < 2.0 / 3.0 {
            0.8 * strong(index)
        } else {
            0.0
        };
        assert!(
            (war - expected).abs() < 1e-6,
            "{}: war {war}, not {expected}",
            strong(index)
        );
        for (told, certified) in scratch.values().iter().zip(&certificate.value) {
            assert!((told - certified).abs() < 1e-9);
        }
    }
    assert!(reused > 100, "{reused}");
    // Back to the tree's own chances: nothing of the draws before is left.
    let plain = resolver.draw(&mut scratch, 0, &tree.payoff);
    let plays = scratch.plays().to_vec();
    let mut fresh = resolver.scratch();
    assert_eq!(
        resolver.draw_with(&mut fresh, 0, &tree.payoff, &tree.chance),
        plain
    );
    assert_eq!(fresh.plays(), plays);
}

/// What is stopped among the first traces has told those that were there, and they are those of a whole run.
#[test]
fn first_traces_are_told_as_they_come() {
    use std::sync::atomic::{AtomicUsize, Ordering};
    let game = families::crisis(2, 3);
    let tree = Tree::new(&game).expect("perfect recall");
    let noise = Noise::new(&game, &tree, 5, 0.05);
    let run = |most: usize| {
        let told = AtomicUsize::new(0);
        let go_on = || told.load(Ordering::Relaxed) < most;
        let mut kept: Vec<(Draw, Vec<f64>)> = Vec::new();
        let mut numbers = |i: u64, payoff: &mut [f64], _: &mut [f64]| noise.payoffs(i, payoff);
        let mut each = |draw: &Draw, scratch: &detente_games::resolve::Scratch| {
            kept.push((*draw, scratch.plays().to_vec()));
            told.fetch_add(1, Ordering::Relaxed);
        };
        Resolver::new_with(&tree, &mut numbers, Options::default(), &go_on, &mut each);
        kept
    };
    let (whole, part) = (run(usize::MAX), run(5));
    assert_eq!((whole.len(), part.len()), (64, 5));
    assert_eq!(whole[..5], part);
    for (at, (draw, _)) in (0_u64..).zip(&whole) {
        assert_eq!((draw.index, draw.source), (at, Source::Trace));
    }
    // Each is certified on its own as well.
    let mut drawn = tree.clone();
    noise.payoffs(4, &mut drawn.payoff);
    let trace = logit::limit(&drawn, &logit::Options::default(), &mut |_| true);
    let certificate =
        detente_games::certify(&drawn, &trace.branches[0].answer, &Tolerance::default());
    assert!(part[4].0.certified && certificate.is_sequential());
}

/// A trace asks before every matrix: of a game of 320 actions a stop is heeded within a few of them.
#[test]
fn a_stop_is_heeded_between_two_matrices() {
    use std::sync::atomic::{AtomicUsize, Ordering};
    let game = families::crisis(8, 8);
    let tree = Tree::new(&game).expect("perfect recall");
    let asked = AtomicUsize::new(0);
    let go_on = || asked.fetch_add(1, Ordering::Relaxed) < 40;
    let mut numbers =
        |_: u64, payoff: &mut [f64], _: &mut [f64]| payoff.copy_from_slice(&tree.payoff);
    let mut told = 0;
    Resolver::new_with(
        &tree,
        &mut numbers,
        Options::default(),
        &go_on,
        &mut |_, _| told += 1,
    );
    // It was asked before each of the forty, and did nothing but leave afterwards.
    let asked = asked.load(Ordering::Relaxed);
    assert!(told == 0 && (40..60).contains(&asked), "{asked}");
}
