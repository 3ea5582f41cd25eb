//! The crisis game and its reader.

use std::fmt::Write as _;

use detente_backtest::{Crisis, Separated, Setup, Utilities, crises, fit_crisis};
use detente_games::{Builder, Number, Tree, logit};

fn draw(case: u64, at: u64) -> f64 {
    detente_math::uniform(7, at, case)
}

/// Crises drawn from known weights.
fn drawn(truth: &Utilities, count: u64) -> Vec<Crisis> {
    (0..count)
        .map(|i| {
            let mut crisis = Crisis {
                status_quo: vec![1.0, 2.0 * draw(i, 0) - 1.0],
                first_war: vec![1.0, 2.0 * draw(i, 1) - 1.0],
                second_war: vec![1.0, 4.0 * draw(i, 2) - 2.0],
                came: 0,
            };
            let [kept, gave, _] = truth.chances(&crisis);
            let u = draw(i, 3);
            crisis.came = usize::from(u > kept) + usize::from(u > kept + gave);
            crisis
        })
        .collect()
}

fn truth() -> Utilities {
    Utilities {
        status_quo: vec![0.4, -1.2],
        first_war: vec![-0.8, 1.5],
        second_war: vec![0.3, 0.9],
    }
}

/// The chances are those of the house's own quantal response of the game that is meant, at a precision of one.
#[test]
fn chances_are_the_quantal_response_of_the_game() {
    for crisis in drawn(&truth(), 12) {
        let worth = |x: &[f64], weights: &[f64]| x[0] * weights[0] + x[1] * weights[1];
        let own = truth();
        let kept = worth(&crisis.status_quo, &own.status_quo);
        let first = worth(&crisis.first_war, &own.first_war);
        let second = worth(&crisis.second_war, &own.second_war);
        let mut game = Builder::new("crisis", ["first", "second"]);
        let moves = game.set(0, "moves", ["keep", "challenge"]);
        let answers = game.set(1, "answers", ["give way", "fight"]);
        let root = game.root();
        let pay = |a: f64, b: f64| [Number::from(a), Number::from(b)].to_vec();
        let [keep, challenge] = game.moves(root, moves)[..] else {
            unreachable!()
        };
        game.pay(keep, pay(kept, 0.0));
        let [gives, fights] = game.moves(challenge, answers)[..] else {
            unreachable!()
        };
        game.pay(gives, pay(0.0, 0.0));
        game.pay(fights, pay(first, second));
        let tree = Tree::new(&game.finish()).unwrap();
        let answer = logit::quantal_response(&tree, 1.0, &logit::Options::default()).unwrap();
        let [keep, challenge, gives, fights] = answer.strategy[..] else {
            panic!("four actions")
        };
        let expected = [keep, challenge * gives, challenge * fights];
        for (given, expected) in own.chances(&crisis).iter().zip(expected) {
            assert!((given - expected).abs() < 1e-7, "{given} {expected}");
        }
    }
}

#[test]
fn without_a_stake_in_the_war_the_estimate_is_the_shares() {
    let crisis = |came| Crisis {
        status_quo: vec![1.0],
        first_war: Vec::new(),
        second_war: vec![1.0],
        came,
    };
    let seen: Vec<Crisis> = [0, 0, 0, 0, 1, 1, 1, 1, 1, 2].map(crisis).to_vec();
    let given = fit_crisis(&seen).unwrap().chances(&seen[0]);
    for (given, share) in given.iter().zip([0.4, 0.5, 0.1]) {
        assert!((given - share).abs() < 1e-7, "{given} {share}");
    }
}

/// Weights are found again, and no neighbour is likelier, worked out anew in plain probabilities.
#[test]
fn weights_are_recovered() {
    let seen = drawn(&truth(), 6000);
    let found = fit_crisis(&seen).unwrap();
    let flat = |u: &Utilities| [&u.status_quo[..], &u.first_war, &u.second_war].concat();
    for (found, true_one) in flat(&found).iter().zip(flat(&truth())) {
        // Standard errors are between .03 and .2 here.
        assert!((found - true_one).abs() < 0.45, "{found} {true_one}");
    }
    let plain = |w: &[f64]| -> f64 {
        let of = |crisis: &Crisis| {
            let odds = libm::exp(w[4] + w[5] * crisis.second_war[1]);
            let fights = odds / (1.0 + odds);
            let stake = fights * (w[2] + w[3] * crisis.first_war[1]);
            let odds = libm::exp(stake - w[0] - w[1] * crisis.status_quo[1]);
            let challenge = odds / (1.0 + odds);
            libm::log(match crisis.came {
                0 => 1.0 - challenge,
                1 => challenge * (1.0 - fights),
                _ => challenge * fights,
            })
        };
        seen.iter().map(of).sum()
    };
    let weights = flat(&found);
    let best = plain(&weights);
    assert!(best >= plain(&flat(&truth())));
    for i in 0..6 {
        for step in [-0.2, -1e-2, 1e-2, 0.2] {
            let mut other = weights.clone();
            other[i] += step;
            assert!(plain(&other) < best, "{i} {step}");
        }
    }
}

#[test]
fn a_game_that_cannot_be_told_from_another_has_no_estimate() {
    // With one number alone, how much the first likes the status quo and how little war cannot be told apart.
    let crisis = |came| Crisis {
        status_quo: vec![1.0],
        first_war: vec![1.0],
        second_war: vec![1.0],
        came,
    };
    let seen: Vec<Crisis> = [0, 0, 1, 1, 2, 2].map(crisis).to_vec();
    assert_eq!(fit_crisis(&seen), Err(Separated));
}

const HEAD: &str = "midnum,sq,capit,war,s_wt_re1,revis1,balanc,regime1,regime2\n";

fn disputes() -> String {
    let mut text = HEAD.to_owned();
    for i in 0..240 {
        let kind = |at: u64| match draw(i, at) {
            u if u < 0.3 => "dem",
            u if u < 0.7 => "mixed",
            _ => "autoc",
        };
        let balance = draw(i, 10);
        // Who is stronger is given way to more often.
        let came = if draw(i, 11) < 0.4 {
            "1,0,0"
        } else if draw(i, 12) < balance {
            "0,1,0"
        } else {
            "0,0,1"
        };
        let revises = u8::from(draw(i, 13) < 0.5);
        let similar = draw(i, 14) - 0.3;
        let (first, second) = (kind(15), kind(16));
        let _ = writeln!(
            text,
            "{},{came},{similar},{revises},{balance},{first},{second}",
            i / 2
        );
    }
    text
}

#[test]
fn disputes_are_read_and_scored() {
    let text = disputes() + "900,1,0,0,0.5,1,0.5,,dem\n901,0,0,1,0.5,1,0.5,mixed,NA\n";
    let section = &crises(
        &text,
        Setup {
            folds: 5,
            draws: 2,
            seed: 1,
        },
    )
    .unwrap()[0];
    assert_eq!((section.cases, section.groups), (240, 120));
    assert!(
        section.notes[0].starts_with("Left out: 2 in which"),
        "{}",
        section.notes[0]
    );
    assert!(section.rate.is_none() && !section.binary);
    let log = |place: usize| section.lines[place].scores.unwrap()[0];
    assert!(log(1) < log(0) && log(2) < log(0), "{section:#?}");
}

#[test]
fn faults_of_disputes() {
    let text = HEAD.to_owned()
        + "1,1,0,0,0.5,1,0.5,dem,dem\n2,1,1,0,0.5,1,0.5,dem,dem\n3,1,0,0,much,1,0.5,demo,dem\n";
    let faults = crises(
        &text,
        Setup {
            folds: 5,
            draws: 2,
            seed: 1,
        },
    )
    .unwrap_err();
    let said: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "line 3, sq: one of sq, capit and war was expected to be 1, the others 0",
            "line 4, s_wt_re1: “much” is not a number",
            "line 4, regime1: “demo” is none of: dem, mixed, autoc",
        ]
    );
}
