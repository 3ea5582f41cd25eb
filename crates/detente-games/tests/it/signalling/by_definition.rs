//! A second road to all equilibria of 2×2×2 games, which knows nothing of patterns and polytopes.
//!
//! Strategies are points of two unit squares: what the types send, and what the receiver answers. The conditions of equilibrium
//! change only at lines in each square, so that every extreme point of the set of equilibria lies where two of them cross. All
//! crossings in one square are put together with all in the other, and each pair is held against the definition.

use std::collections::BTreeSet;

use detente_games::certificate::{Tolerance, certify};
use detente_games::signalling::{Class, Equilibrium, Play, Signalling, enumerate};
use detente_games::{Tree, logit};
use num_traits::{One, Signed, Zero};

use super::{Outcome, Payoffs, Q, Random, certified, exact, outcomes, q, signalling};

const GAMES: usize = 1_000;
/// Distance in probability at which a limit counts as the same: what the certificate lets pass, with payoffs that differ little.
const LIMIT: f64 = 1e-4;

/// Points of the unit square where two of the lines a x + b y = c cross.
fn crossings(lines: &[[Q; 3]]) -> BTreeSet<[Q; 2]> {
    let inside = |v: &Q| !v.is_negative() && *v <= Q::one();
    let mut points = BTreeSet::new();
    for (i, [a, b, c]) in lines.iter().enumerate() {
        for [d, e, f] in &lines[..i] {
            let det = a * e - b * d;
            if det.is_zero() {
                continue;
            }
            let point = [(c * e - b * f) / &det, (a * f - c * d) / &det];
            if point.iter().all(inside) {
                points.insert(point);
            }
        }
    }
    points
}

fn border() -> Vec<[Q; 3]> {
    let (zero, one) = (Q::zero(), Q::one());
    vec![
        [one.clone(), zero.clone(), zero.clone()],
        [one.clone(), zero.clone(), one.clone()],
        [zero.clone(), one.clone(), zero.clone()],
        [zero, one.clone(), one],
    ]
}

fn by_definition(prior: &[Q; 2], sender: &Payoffs, receiver: &Payoffs) -> BTreeSet<Outcome> {
    let whole = |x: i64| q(x, 1);
    // What response 0 gains over response 1, for the receiver.
    let gain = |t: usize, m: usize| whole(receiver[t][m][0] - receiver[t][m][1]);
    let mut sent = border();
    sent.push([&prior[0] * gain(0, 0), &prior[1] * gain(1, 0), Q::zero()]);
    let (a, b) = (&prior[0] * gain(0, 1), &prior[1] * gain(1, 1));
    let sum = &a + &b;
    sent.push([a, b, sum]);
    let mut answered = border();
    for pay in sender {
        answered.push([
            whole(pay[0][0] - pay[0][1]),
            whole(pay[1][1] - pay[1][0]),
            whole(pay[1][1] - pay[0][1]),
        ]);
    }
    let answered = crossings(&answered);
    let mut found = BTreeSet::new();
    for sent in crossings(&sent) {
        // Probability of type t and message m.
        let weight = |t: usize, m: usize| {
            let first = &prior[t] * &sent[t];
            if m == 0 { first } else { &prior[t] - first }
        };
        for answer in &answered {
            let worth = |t: usize, m: usize| {
                whole(sender[t][m][1]) + whole(sender[t][m][0] - sender[t][m][1]) * &answer[m]
            };
            let content = (0..2)
                .all(|t| (0..2).all(|m| weight(t, m).is_zero() || worth(t, m) >= worth(t, 1 - m)));
            let rational = (0..2).all(|m| {
                let (first, second) = (answer[m].is_positive(), !answer[m].is_one());
                let right =
                    |gain: &Q| (!first || !gain.is_negative()) && (!second || !gain.is_positive());
                let gains = weight(0, m) * gain(0, m) + weight(1, m) * gain(1, m);
                if (weight(0, m) + weight(1, m)).is_positive() {
                    return right(&gains);
                }
                // Some belief must do: gains take all values between those of the two types.
                let (low, high) = (gain(0, m).min(gain(1, m)), gain(0, m).max(gain(1, m)));
                right(&low) || right(&high) || (low.is_negative() && high.is_positive())
            });
            if content && rational {
                let responses = (0..2)
                    .map(|m| {
                        if (weight(0, m) + weight(1, m)).is_zero() {
                            Vec::new()
                        } else {
                            vec![answer[m].clone(), Q::one() - &answer[m]]
                        }
                    })
                    .collect();
                let weights = (0..2).map(|t| vec![weight(t, 0), weight(t, 1)]).collect();
                found.insert((weights, responses));
            }
        }
    }
    found
}

fn random_games(seed: u64, range: u64, each: impl Fn([Q; 2], Payoffs, Payoffs)) {
    let mut random = Random(seed);
    for _ in 0..GAMES / 2 {
        let first = 1 + random.below(9);
        let sender = random.payoffs(2, 2, 2, range);
        let receiver = random.payoffs(2, 2, 2, range);
        each([q(first, 10), q(10 - first, 10)], sender, receiver);
    }
}

#[test]
fn random_games_have_the_equilibria_that_the_definition_gives() {
    // Payoffs of a wide range are rarely equal, those of a narrow one often: continua of equilibria.
    for (seed, range) in [(1, 1000), (2, 4)] {
        random_games(seed, range, |prior, sender, receiver| {
            let below = |p: &Q| {
                let tenths = p * q(10, 1);
                (tenths.to_integer().try_into().expect("tenths"), 10)
            };
            let game = signalling(&[below(&prior[0]), below(&prior[1])], &sender, &receiver);
            let (game, found) = certified(&game.game());
            assert_eq!(
                outcomes(&game, &found),
                by_definition(&prior, &sender, &receiver),
                "{prior:?} {sender:?} {receiver:?}"
            );
        });
    }
}

/// D1 and the intuitive criterion with two or three types and two responses: everything is on a line.
#[test]
fn refinements_of_random_games_are_what_the_definition_gives() {
    let failures = std::cell::Cell::new((0, 0));
    let mut repeated = [0; 2];
    let mut random = Random(3);
    for (types, range, games) in [(2, 1000, 400), (2, 6, 400), (3, 1000, 150), (3, 6, 50)] {
        let everyone: Vec<usize> = (0..types).collect();
        for _ in 0..games {
            let first = 1 + random.below(8);
            let prior: &[(i64, i64)] = if types == 2 {
                &[(first, 10), (10 - first, 10)]
            } else {
                &[(first, 10), (1, 10), (9 - first, 10)]
            };
            let sender = random.payoffs(types, 2, 2, range);
            let receiver = random.payoffs(types, 2, 2, range);
            let game = signalling(prior, &sender, &receiver);
            let found = enumerate(&game);
            for equilibrium in found.iter() {
                let payoffs = exact(&equilibrium.payoffs);
                for unsent in &equilibrium.unsent {
                    let m = unsent.message;
                    let gain = |t: usize, p: &Q| {
                        let (one, other) = (q(sender[t][m][0], 1), q(sender[t][m][1], 1));
                        &other + (one - &other) * p - &payoffs[t]
                    };
                    // Best responses to beliefs over some types: probabilities of the first response. Gains are linear in them, so
                    // ends, zeros and points between say all.
                    let best = |over: &[usize]| -> Vec<Q> {
                        let over: Vec<i64> = over
                            .iter()
                            .map(|&t| receiver[t][m][0] - receiver[t][m][1])
                            .collect();
                        if over.iter().all(|&g| g > 0) {
                            return vec![Q::one()];
                        }
                        if over.iter().all(|&g| g < 0) {
                            return vec![Q::zero()];
                        }
                        let mut points = vec![Q::zero(), Q::one()];
                        for &t in &everyone {
                            let (at0, at1) = (gain(t, &Q::zero()), gain(t, &Q::one()));
                            let slope = at1 - &at0;
                            if !slope.is_zero() {
                                points.push(-at0 / slope);
                            }
                        }
                        points.retain(|p| !p.is_negative() && *p <= Q::one());
                        points.sort();
                        let between: Vec<Q> = points
                            .windows(2)
                            .map(|pair| (&pair[0] + &pair[1]) / q(2, 1))
                            .collect();
                        points.extend(between);
                        points
                    };
                    // Who goes in a round in which the receiver believes in `left`: by the intuitive criterion, and by D1.
                    let hopeless = |left: &[usize]| -> Vec<usize> {
                        let all = best(left);
                        let never = |t: usize| all.iter().all(|p| gain(t, p).is_negative());
                        let goes: Vec<usize> = left.iter().copied().filter(|&t| never(t)).collect();
                        if goes.len() == left.len() {
                            Vec::new()
                        } else {
                            goes
                        }
                    };
                    let struck = |left: &[usize]| -> Vec<usize> {
                        let all = best(left);
                        let strikes = |by: usize, t: usize| {
                            all.iter()
                                .all(|p| gain(t, p).is_negative() || gain(by, p).is_positive())
                                && all
                                    .iter()
                                    .any(|p| gain(t, p).is_negative() && gain(by, p).is_positive())
                        };
                        let goes = |t: usize| left.iter().any(|&by| by != t && strikes(by, t));
                        left.iter().copied().filter(|&t| goes(t)).collect()
                    };
                    let without = |left: &[usize], gone: &[usize]| -> Vec<usize> {
                        left.iter().copied().filter(|t| !gone.contains(t)).collect()
                    };
                    // Round by round, as many as there are, or one type at a time: with the types left after the first round and the last.
                    let rounds = |goes: &dyn Fn(&[usize]) -> Vec<usize>, singly: bool| {
                        let (mut left, mut first) = (everyone.clone(), None);
                        loop {
                            let mut gone = goes(&left);
                            if singly {
                                gone.reverse();
                                gone.truncate(1);
                            }
                            let done = gone.is_empty();
                            left = without(&left, &gone);
                            first.get_or_insert_with(|| left.clone());
                            if done {
                                return (first.expect("just put there"), left);
                            }
                        }
                    };
                    let fails = |left: &[usize]| {
                        left.iter()
                            .any(|&t| best(left).iter().all(|p| gain(t, p).is_positive()))
                    };
                    let deters = |left: &[usize]| {
                        best(left)
                            .iter()
                            .any(|p| (0..types).all(|t| !gain(t, p).is_positive()))
                    };
                    let (first, left) = rounds(&hopeless, false);
                    let fails_in_the_end = fails(&left);
                    assert_eq!(unsent.intuitive.left, left);
                    assert_eq!(unsent.intuitive.survives(), !fails_in_the_end);
                    assert_eq!(unsent.intuitive.survives_once, !fails(&first));
                    repeated[0] += usize::from(first != left);
                    // Dilmé (2025): the order does not matter.
                    assert_eq!(fails(&rounds(&hopeless, true).1), fails_in_the_end);
                    let (first, left) = rounds(&struck, false);
                    let survives = deters(&left);
                    assert_eq!(unsent.d1.left, left);
                    assert_eq!(unsent.d1.survives, survives);
                    assert_eq!(unsent.d1.survives_once, deters(&first));
                    repeated[1] += usize::from(first != left);
                    assert_eq!(deters(&rounds(&struck, true).1), survives);
                    let fails = fails_in_the_end;
                    let (a, b) = failures.get();
                    failures.set((a + usize::from(fails), b + usize::from(!survives)));
                }
            }
        }
    }
    // The two criteria do strike equilibria here, D1 more of them.
    let (intuitive, d1) = failures.get();
    assert!(0 < intuitive && intuitive < d1, "{intuitive} {d1}");
    // A second round goes further at times.
    assert!(repeated.iter().all(|count| *count > 0), "{repeated:?}");
}

/// Larger games: every equilibrium is certified inside `certified`, there is one, and (Cho and Kreps 1987 from Kohlberg and Mertens
/// 1986, for generic payoffs) one survives D1.
#[test]
fn larger_random_games_have_equilibria_that_survive() {
    let mut random = Random(5);
    let mut classes = BTreeSet::new();
    for (types, messages, responses, games) in [
        (2, 3, 2, 40),
        (3, 2, 2, 40),
        (2, 2, 3, 40),
        (3, 3, 2, 15),
        (3, 3, 3, 4),
    ] {
        for _ in 0..games {
            let prior: Vec<(i64, i64)> = match types {
                2 => vec![(2, 5), (3, 5)],
                _ => vec![(1, 5), (3, 10), (1, 2)],
            };
            let game = signalling(
                &prior,
                &random.payoffs(types, messages, responses, 1000),
                &random.payoffs(types, messages, responses, 1000),
            );
            let (_, found) = certified(&game.game());
            assert!(found.iter().any(Equilibrium::survives_d1));
            for equilibrium in found.iter() {
                // D1 strikes at least what the intuitive criterion does.
                assert!(equilibrium.is_intuitive() || !equilibrium.survives_d1());
                classes.insert(equilibrium.class);
            }
        }
    }
    let all = [
        Class::Pooling,
        Class::Separating,
        Class::PartlyPooling,
        Class::SemiSeparating,
    ];
    assert_eq!(classes, BTreeSet::from(all));
}

/// Games in which some types lack a message, or end the game with it. The limit of quantal response, which knows nothing of patterns,
/// is among the equilibria that were found; so it is in games in which all is answered.
#[test]
fn the_limit_of_quantal_response_is_found() {
    let mut random = Random(8);
    let mut limits = 0;
    for round in 0..60 {
        let (types, messages) = [(2, 2), (2, 3), (3, 2)][round % 3];
        let prior: Vec<(i64, i64)> = match types {
            2 => vec![(2, 5), (3, 5)],
            _ => vec![(1, 5), (3, 10), (1, 2)],
        };
        let mut game = signalling(
            &prior,
            &random.payoffs(types, messages, 2, 1000),
            &random.payoffs(types, messages, 2, 1000),
        );
        if round % 2 == 1 {
            // The first type does not get to the receiver with the last message, and the last one lacks the first.
            game.plays[0][messages - 1] = Play::Ends {
                sender: random.below(1000).into(),
                receiver: random.below(1000).into(),
            };
            game.plays[types - 1][0] = Play::Unavailable;
        }
        let tree = game.game();
        let (game, found) = certified(&tree);
        let reading = Signalling::of(&tree).expect("read before");
        let tree = Tree::new(&tree).expect("perfect recall");
        let trace = logit::limit(&tree, &logit::Options::default(), &mut |_| true);
        for branch in trace.branches.iter().filter(|branch| branch.reached) {
            if !certify(&tree, &branch.answer, &Tolerance::default()).is_sequential() {
                continue;
            }
            limits += 1;
            let among = found.iter().any(|e| {
                let ours = reading.assessment(e).strategy;
                let unsent = |m: usize| e.unsent.iter().any(|unsent| unsent.message == m);
                (0..tree.sets()).all(|set| {
                    let off = reading.asked.iter().position(|asked| *asked == Some(set));
                    off.is_some_and(unsent)
                        || tree
                            .actions_of(set)
                            .all(|a| (ours[a] - branch.answer.strategy[a]).abs() < LIMIT)
                })
            });
            assert!(among, "{game:?} {:?}", branch.answer);
        }
    }
    assert!(limits > 50, "{limits}");
}
