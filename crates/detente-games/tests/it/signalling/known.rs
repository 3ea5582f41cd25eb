//! Games whose equilibria are published or known in closed form.

use detente_games::signalling::{
    Class, Equilibria, Limits, Play, Signalling, enumerate, enumerate_within,
};
use detente_games::{Builder, Game, Number};

use super::{certified, exact, q, signalling};

/// Beer and quiche (Cho and Kreps 1987): a wimp with probability `wimp`, else surly. Messages beer, quiche; responses duel, not.
/// The favourite breakfast pays the sender 1, no duel 2; the receiver gets 1 for duelling just wimps.
fn beer_quiche(above: i64, below: i64) -> Signalling {
    signalling(
        &[(above, below), (below - above, below)],
        &vec![vec![vec![0, 2], vec![1, 3]], vec![vec![1, 3], vec![0, 2]]],
        &vec![vec![vec![1, 0], vec![1, 0]], vec![vec![0, 1], vec![0, 1]]],
    )
}

fn payoffs(found: &Equilibria) -> Vec<(Number, Number)> {
    found
        .iter()
        .map(|e| (e.sender_payoff.clone(), e.receiver_payoff.clone()))
        .collect()
}

#[test]
fn beer_and_quiche_with_few_wimps() {
    let (game, found) = certified(&beer_quiche(1, 10).game());
    assert_eq!(found.components.len(), 2);
    assert!(found.components.iter().all(|c| !c.is_continuum()));
    let find = |sender: Number| {
        found
            .iter()
            .find(|e| e.sender_payoff == sender)
            .expect("both breakfasts can be pooled on")
    };
    // Pool on beer: 3 - w, 1 - w.
    let beer = find(Number::ratio(29, 10));
    assert_eq!(beer.receiver_payoff, Number::ratio(9, 10));
    assert_eq!(beer.class, Class::Pooling);
    assert!(beer.is_intuitive() && beer.survives_d1());
    // Quiche is then answered by a duel with probability at least 1/2.
    assert_eq!(beer.unsent.len(), 1);
    assert_eq!(beer.unsent[0].message, 1);
    let ends: Vec<_> = beer.unsent[0].responses.iter().map(|r| exact(r)).collect();
    assert_eq!(ends, [[q(1, 2), q(1, 2)], [q(1, 1), q(0, 1)]]);
    let belief = beer.beliefs[1].as_ref().expect("answered");
    assert!(!belief.on_path);
    // The duel is best if the wimp is at least as likely as not; refined, it is certain to be the wimp.
    let ends: Vec<_> = belief.extremes.iter().map(|b| exact(b)).collect();
    assert_eq!(ends, [[q(1, 2), q(1, 2)], [q(1, 1), q(0, 1)]]);
    assert_eq!(exact(&belief.types), [q(1, 1), q(0, 1)]);
    // Pool on quiche: 2 + w, 1 - w. The wimp cannot gain from beer: at most 2 < 3. The surly one would gain.
    let quiche = find(Number::ratio(21, 10));
    assert_eq!(quiche.receiver_payoff, Number::ratio(9, 10));
    assert!(!quiche.is_intuitive() && !quiche.survives_d1());
    let [wimp, surly] = &quiche.unsent[0].intuitive.temptations[..] else {
        panic!("two types")
    };
    assert!(wimp.ruled_out && !wimp.breaks());
    assert_eq!((&wimp.most, &wimp.payoff), (&2.into(), &3.into()));
    assert!(!surly.ruled_out && surly.breaks());
    assert_eq!((&surly.least, &surly.payoff), (&3.into(), &2.into()));
    assert_eq!(quiche.unsent[0].d1.left, [1]);
    let mut named = game.clone();
    named.types[0].name = "the wimp".into();
    named.types[1].name = "the surly one".into();
    named.messages[0].name = "beer".into();
    assert_eq!(
        quiche.unsent[0].in_words(&named),
        [
            "the wimp cannot gain from beer: at most 2 < 3",
            "the surly one then gains from beer for sure: at least 3 > 2, so the intuitive criterion strikes this equilibrium",
            "no response to beer that is best against the surly one deters everyone, so D1 strikes this equilibrium",
        ]
    );
    assert_eq!(
        beer.unsent[0].in_words(&named),
        [
            "the surly one cannot gain from message 2: at most 2 < 3",
            "nobody gains from message 2 under beliefs that the intuitive criterion and D1 allow",
        ]
    );
}

/// Three types who can stay at home for 0, or go out, where the receiver wants to name the type. The first loses by going out whatever
/// is named; the second gains just if the first is named; the third gains just if it is named itself. Staying at home for all survives
/// one round, after which the second type may still be feared; the second round leaves the third type alone, which then gains.
fn named_types() -> Signalling {
    let named = |gains: [i64; 3]| vec![vec![0, 0, 0], gains.to_vec()];
    let right = |kind: usize| {
        let pays = (0..3).map(|name| i64::from(name == kind)).collect();
        vec![vec![0, 0, 0], pays]
    };
    signalling(
        &[(1, 3), (1, 3), (1, 3)],
        &vec![named([-1, -1, -1]), named([1, -1, -1]), named([-1, -1, 1])],
        &vec![right(0), right(1), right(2)],
    )
}

#[test]
fn a_second_round_strikes_what_one_lets_pass() {
    let (game, found) = certified(&named_types().game());
    // Nobody goes out.
    let home =
        |e: &&detente_games::signalling::Equilibrium| e.sender.iter().all(|sent| sent[1].is_zero());
    let stays = found.iter().find(home).expect("an equilibrium");
    let [unsent] = &stays.unsent[..] else {
        panic!("one message is not sent")
    };
    let rounds: Vec<usize> = unsent
        .intuitive
        .temptations
        .iter()
        .map(|t| t.round)
        .collect();
    assert_eq!((rounds, unsent.intuitive.rounds), (vec![1, 2, 0], 2));
    assert!(unsent.intuitive.survives_once && !unsent.intuitive.survives());
    let struck: Vec<(usize, usize, usize)> = unsent
        .d1
        .struck
        .iter()
        .map(|s| (s.kind, s.by, s.round))
        .collect();
    assert_eq!(struck, [(0, 1, 1), (1, 2, 2)]);
    assert!(unsent.d1.survives_once && !unsent.d1.survives);
    assert!(!stays.is_intuitive() && !stays.survives_d1());
    // It is an equilibrium because the second type might be named, which deters all.
    assert_eq!(unsent.intuitive.left, [2]);
    assert_eq!(
        unsent.in_words(&game),
        [
            "type 1 cannot gain from message 2: at most -1 < 0",
            "type 2 cannot gain from message 2 either, once it is not believed of type 1: at most -1 < 0",
            "type 3 then gains from message 2 for sure: at least 1 > 0, so the intuitive criterion strikes this equilibrium",
            "no response to message 2 that is best against type 3 deters everyone, so D1 strikes this equilibrium",
        ]
    );
    // The third type goes out and is named in what survives.
    let survivors: Vec<_> = found.iter().filter(|e| e.survives_d1()).collect();
    assert!(!survivors.is_empty());
    for survivor in survivors {
        assert_eq!(survivor.sender[2][1], Number::from(1));
    }
}

#[test]
fn beer_and_quiche_with_many_wimps() {
    let (_, found) = certified(&beer_quiche(3, 5).game());
    let [only] = &found.iter().collect::<Vec<_>>()[..] else {
        panic!("one equilibrium")
    };
    assert_eq!(only.class, Class::SemiSeparating);
    // The wimp has beer with probability (1-w)/w, beer is answered by a duel with probability 1/2.
    assert_eq!(exact(&only.sender[0]), [q(2, 3), q(1, 3)]);
    assert_eq!(exact(&only.sender[1]), [q(1, 1), q(0, 1)]);
    assert_eq!(exact(&only.receiver[0]), [q(1, 2), q(1, 2)]);
    assert_eq!(
        payoffs(&found),
        [(Number::ratio(7, 5), Number::ratio(3, 5))]
    );
    assert_eq!(
        exact(&only.beliefs[0].as_ref().expect("answered").types),
        [q(1, 2), q(1, 2)]
    );
}

/// A crisis of two types (after Fearon 1994, Schultz 1999): challenge or not; the target concedes (1, 0) or resists; then back down
/// (-a, 1) or fight (w, wT). Without a challenge the target has 1. Numbers in hundredths: q = 30, w = 20 or -50, a = 25, wT = -50.
fn crisis() -> Game {
    let mut game = Builder::new("crisis", ["G", "T"]);
    let drawn = game.chance(
        game.root(),
        "resolve",
        [
            ("strong", Number::ratio(3, 10)),
            ("weak", Number::ratio(7, 10)),
        ],
    );
    let answer = game.set(1, "T", ["concede", "resist"]);
    for (place, war) in drawn.into_iter().zip([q(1, 5), q(-1, 2)]) {
        let first = game.set(0, "G", ["wait", "threaten"]);
        let last = game.set(0, "G resisted", ["back down", "fight"]);
        let [wait, threat] = game.moves(place, first)[..] else {
            unreachable!()
        };
        game.pay(wait, [Number::from(0), Number::from(1)]);
        let [conceded, resisted] = game.moves(threat, answer)[..] else {
            unreachable!()
        };
        game.pay(conceded, [Number::from(1), Number::from(0)]);
        let [back, fight] = game.moves(resisted, last)[..] else {
            unreachable!()
        };
        game.pay(back, [Number::ratio(-1, 4), Number::from(1)]);
        game.pay(fight, [Number::from(war), Number::ratio(-1, 2)]);
    }
    game.finish()
}

#[test]
fn the_crisis_has_one_credible_equilibrium() {
    let game = crisis();
    let (read, found) = certified(&game);
    assert_eq!(read.messages[0].responses.len(), 0);
    assert!(matches!(read.plays[0][0], Play::Ends { .. }));
    let [only] = &found.iter().collect::<Vec<_>>()[..] else {
        panic!("one equilibrium, and not the one with incredible war that Nash adds")
    };
    assert_eq!(only.class, Class::SemiSeparating);
    // Bluffs b = q(-wT)/(1-q), resistance s = 1/(1+a), belief after a threat 1/(1-wT).
    assert_eq!(exact(&only.sender[1]), [q(11, 14), q(3, 14)]);
    assert_eq!(exact(&only.sender[0]), [q(0, 1), q(1, 1)]);
    assert_eq!(exact(&only.receiver[1]), [q(1, 5), q(4, 5)]);
    let belief = only.beliefs[1].as_ref().expect("a threat is answered");
    assert_eq!(exact(&belief.types), [q(2, 3), q(1, 3)]);
    assert_eq!(
        payoffs(&found),
        [(Number::ratio(27, 250), Number::ratio(11, 20))]
    );
    // War: the strong type resisted.
    let war = read.types[0].prior.exact() * only.receiver[1][1].exact();
    assert_eq!(war, q(6, 25));
    // The last moves are settled: the strong type fights, the weak one backs down.
    let reading = Signalling::of(&game).expect("read before");
    let chosen: Vec<usize> = reading.settled.iter().map(|(_, action)| *action).collect();
    let label = |action: usize| {
        let (set, place) = game.set_of_action(action);
        game.sets()[set].actions[place].to_string()
    };
    assert_eq!(
        chosen.into_iter().map(label).collect::<Vec<_>>(),
        ["fight", "back down"]
    );
}

/// Banks and Sobel (1987), the settlement of a lawsuit: a defendant offers 3 or 5; a refused offer costs 6 or, a weak case, 11, and
/// brings the plaintiff 0 or 5.
#[test]
fn banks_and_sobel_settle() {
    let refuse: [(i64, i64); 2] = [(-6, 0), (-11, 5)];
    let rows = |accept: [i64; 2], pick: fn(&(i64, i64)) -> i64| -> Vec<Vec<Vec<i64>>> {
        refuse
            .iter()
            .map(|pair| accept.iter().map(|&a| vec![a, pick(pair)]).collect())
            .collect()
    };
    let game = signalling(
        &[(1, 3), (2, 3)],
        &rows([-3, -5], |pair| pair.0),
        &rows([3, 5], |pair| pair.1),
    );
    let (_, found) = certified(&game.game());
    assert_eq!(found.components.len(), 2);
    let pooling = found
        .components
        .iter()
        .find(|c| !c.is_continuum())
        .expect("both offer 5");
    let pooling = &pooling.corners[0];
    assert_eq!(
        (&pooling.sender_payoff, &pooling.receiver_payoff),
        (&(-5).into(), &5.into())
    );
    // Refusing 3 with probability at least 2/3 deters both. Both would gain if 3 were accepted, so the intuitive criterion says
    // nothing; but the strong case gains whenever the weak one does, and at other times (refusal between 1/4 and 2/3).
    let unsent = &pooling.unsent[0];
    let ends: Vec<_> = unsent.responses.iter().map(|r| exact(r)).collect();
    assert_eq!(ends, [[q(0, 1), q(1, 1)], [q(1, 3), q(2, 3)]]);
    assert!(pooling.is_intuitive() && !pooling.survives_d1());
    assert_eq!(unsent.d1.left, [0]);
    assert_eq!(
        unsent.in_words(&game),
        [
            "type 1 gains from message 1 whenever type 2 would not lose by it, and at other times, so D1 does not believe message 1 \
             of type 2",
            "no response to message 1 that is best against type 1 deters everyone, so D1 strikes this equilibrium",
        ]
    );
    // The continuum: the weak case offers 3 with probability 3/4, an offer of 5 is refused with any probability; the plaintiff gets
    // 10/3, the defendant -28/3 to -55/12. At its end both offers are always refused, and the strong case does not care either.
    let continuum = found
        .components
        .iter()
        .find(|c| c.is_continuum())
        .expect("an offer of 5 from a weak case may be refused");
    for corner in &continuum.corners {
        assert_eq!(corner.receiver_payoff, Number::ratio(10, 3));
    }
    let best = continuum
        .corners
        .iter()
        .find(|c| c.sender_payoff == Number::ratio(-55, 12))
        .expect("the end where 5 is accepted");
    assert_eq!(exact(&best.sender[1]), [q(3, 4), q(1, 4)]);
    assert_eq!(exact(&best.receiver[0]), [q(3, 4), q(1, 4)]);
    let mut defendant: Vec<_> = continuum
        .corners
        .iter()
        .map(|c| c.sender_payoff.exact())
        .collect();
    defendant.sort();
    defendant.dedup();
    assert_eq!(defendant, [&q(-28, 3), &q(-55, 12)]);
}

/// Watson (2013), figure 29.1: education E or none N; job M or C.
#[test]
fn the_job_market_separates_or_pools() {
    let game = signalling(
        &[(1, 3), (2, 3)],
        &vec![
            vec![vec![6, 0], vec![10, 4]],
            vec![vec![3, -3], vec![10, 4]],
        ],
        &vec![vec![vec![10, 4], vec![10, 4]], vec![vec![0, 4], vec![0, 4]]],
    );
    let (_, found) = certified(&game.game());
    let mut seen: Vec<_> = found
        .iter()
        .map(|e| (e.class, e.sender_payoff.clone(), e.receiver_payoff.clone()))
        .collect();
    seen.sort_by_key(|(class, ..)| *class);
    assert_eq!(
        seen,
        [
            (Class::Pooling, 4.into(), 4.into()),
            (Class::Separating, Number::ratio(14, 3), 6.into())
        ]
    );
    // Only the high type could gain from education (6 > 4, 3 < 4): pooling is not intuitive.
    let pooling = found
        .iter()
        .find(|e| e.class == Class::Pooling)
        .expect("seen");
    assert!(!pooling.is_intuitive());
}

/// Watson (2013), exercise 29.6: the weak one's cost of getting up is 2, the knife edge.
#[test]
fn the_bluff_at_its_knife_edge() {
    let game = signalling(
        &[(1, 2), (1, 2)],
        &vec![
            vec![vec![1, 0], vec![1, 0]],
            vec![vec![-1, -3], vec![1, -1]],
        ],
        &vec![vec![vec![0, -2], vec![0, -2]], vec![vec![0, 1], vec![0, 1]]],
    );
    let (_, found) = certified(&game.game());
    for wanted in [
        (Number::from(0), Number::from(0)),
        (Number::from(0), Number::ratio(1, 2)),
        (Number::from(1), Number::from(0)),
    ] {
        assert!(payoffs(&found).contains(&wanted), "{wanted:?}");
    }
    // The weak one is indifferent between getting up, if that is answered by surrender, and staying, if that is answered by a fight:
    // pooling on up, separating and everything between are one continuum. The receiver, who fights just the weak one, surrenders to
    // all if they pool. Staying pools with up answered in any way, since surrender to those who stay is worth 1, the most there is.
    let continuum = found.components.iter().find(|c| {
        c.corners
            .iter()
            .any(|e| e.class == Class::Separating && e.survives_d1())
    });
    let continuum = continuum.expect("a continuum");
    assert!(
        continuum
            .corners
            .iter()
            .any(|e| e.class == Class::Pooling && exact(&e.sender[1]) == [q(1, 1), q(0, 1)])
    );
    // Whoever gets up is believed strong with at least 1/2, and is surrendered to.
    for corner in &continuum.corners {
        if !corner.sender[0][0].is_zero() {
            assert!(corner.beliefs[0].as_ref().expect("answered").types[0].value() >= 0.5);
        }
    }
}

/// Spence: productivity 1 or 2, education e costs e/productivity, the wage is a guess at productivity that is paid for being right.
/// Wages 1, 1.2 .. 2 stand for all between: a firm gets minus the squared error.
fn spence(high: (i64, i64), education: &[(i64, i64)]) -> Signalling {
    let wages = [q(1, 1), q(6, 5), q(7, 5), q(8, 5), q(9, 5), q(2, 1)];
    let payoffs = |pick: &dyn Fn(
        i64,
        &num_rational::BigRational,
        &num_rational::BigRational,
    ) -> num_rational::BigRational| {
        [1_i64, 2]
            .iter()
            .map(|&theta| {
                education
                    .iter()
                    .map(|&(a, b)| {
                        wages
                            .iter()
                            .map(|wage| Number::from(pick(theta, &q(a, b), wage)))
                            .collect()
                    })
                    .collect()
            })
            .collect()
    };
    let sender = payoffs(&|theta, e, wage| wage - e / q(theta, 1));
    let receiver = payoffs(&|theta, _, wage| {
        let error = wage - q(theta, 1);
        -(&error * &error)
    });
    Signalling::from_payoffs(
        vec![
            Number::ratio(high.1 - high.0, high.1),
            Number::ratio(high.0, high.1),
        ],
        sender,
        receiver,
    )
}

#[test]
fn spence_ends_at_riley() {
    // Riley's outcome: the able take e* = tL (tH - tL) = 1 and get tH - e*/tH = 3/2, the others none and get 1.
    let game = spence((1, 2), &[(0, 1), (1, 1), (11, 10), (3, 2)]);
    let (_, found) = certified(&game.game());
    let riley: Vec<_> = found
        .iter()
        .filter(|e| e.class == Class::Separating && e.survives_d1())
        .collect();
    assert_eq!(riley.len(), 1);
    assert_eq!(exact(&riley[0].payoffs), [q(1, 1), q(3, 2)]);
    // The wasteful one with e = 3/2 is an equilibrium that does not survive.
    let waste = found
        .iter()
        .find(|e| e.class == Class::Separating && e.payoffs[1] == Number::ratio(5, 4))
        .expect("more education than needed separates too");
    assert!(!waste.is_intuitive());
}

#[test]
fn spence_pooling_falls_to_a_small_education() {
    let pooled = |game: &Signalling| {
        let (_, found) = certified(&game.game());
        found
            .iter()
            .find(|e| e.class == Class::Pooling && exact(&e.payoffs) == [q(9, 5), q(9, 5)])
            .expect("pooling on no education at wage 1.8")
            .clone()
    };
    // With four in five able the pooling wage is 1.8. An e with 2 - e < 1.8 < 2 - e/2 breaks it: e in (.2, .4).
    let broken = pooled(&spence((4, 5), &[(0, 1), (3, 10), (1, 1)]));
    assert!(!broken.is_intuitive());
    let at_fault = broken
        .unsent
        .iter()
        .find(|u| !u.intuitive.survives())
        .expect("one of them");
    assert_eq!(at_fault.message, 1);
    assert_eq!(at_fault.intuitive.left, [1]);
    // Just outside, nothing breaks it.
    let kept = pooled(&spence((4, 5), &[(0, 1), (19, 100), (41, 100)]));
    assert!(kept.is_intuitive());
}

#[test]
fn limits_are_kept_and_said() {
    let game = beer_quiche(1, 10);
    let all = enumerate(&game);
    let few = Limits {
        patterns: all.patterns - 1,
        ..Limits::default()
    };
    let cut = enumerate_within(&game, few, &|| true);
    assert!(all.complete && !cut.complete);
    assert_eq!(cut.patterns, all.patterns - 1);
    let little = |work| {
        let limits = Limits {
            work,
            ..Limits::default()
        };
        enumerate_within(&game, limits, &|| true)
    };
    let mut patterns = 0;
    for work in [0, 30, 100, 300, 1_000, 3_000, 10_000] {
        let (found, again) = (little(work), little(work));
        // What is found is a function of the game, and more work finds no less.
        assert_eq!(found, again);
        assert!(found.patterns >= patterns && (!found.complete || found == all));
        patterns = found.patterns;
    }
    assert!(!little(30).complete && little(10_000).complete);
    let stopped = enumerate_within(&game, Limits::default(), &|| false);
    assert!(!stopped.complete && stopped.components.is_empty());
    // Far too many patterns: given up by count, at once.
    let zeros = vec![vec![vec![0; 10]; 4]; 10];
    let large = enumerate(&signalling(&[(1, 10); 10], &zeros, &zeros));
    assert!(!large.complete && large.components.is_empty());
}
