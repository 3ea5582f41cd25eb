//! Estimates from formulas: closed forms, weights that are known, and what cannot be told.

use std::fmt::Write as _;

use detente_backtest::estimate::{Estimate, Method, Model, Named, Noise, Problem, Request};
use detente_backtest::{Choice, Crisis, fit, fit_crisis};
use detente_games::crisis_signalling::{Payoffs, equilibria, equilibrium_at};
use detente_games::oracles::LewisSchultz;

fn draw(name: &str, at: u64) -> f64 {
    detente_math::uniform(11, detente_math::path_key(name), at)
}

fn request(model: Model, method: Method, outcomes: &[&str], utilities: &[&str]) -> Request {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Request {
        model,
        method,
        outcomes: owned(outcomes),
        utilities: owned(utilities),
        cluster: None,
        first: None,
    }
}

fn signalling(method: Method, utilities: &[&str]) -> Request {
    let outcomes = ["sq", "cd", "sf", "bd"];
    request(Model::CrisisSignalling, method, &outcomes, utilities)
}

fn settled(text: &str, request: &Request, starts: u64) -> Result<Estimate, Vec<Named>> {
    let problem = Problem::read(text, request)?;
    let attempts: Vec<_> = (0..starts).map(|start| problem.attempt(start, 1)).collect();
    problem.settle(&attempts)
}

fn values(estimate: &Estimate) -> Vec<f64> {
    estimate.weights.iter().map(|weight| weight.value).collect()
}

fn near(a: f64, b: f64, by: f64) {
    assert!((a - b).abs() < by, "{a} is not {b}");
}

#[test]
fn a_logit_of_constants_and_words_is_the_shares() {
    let text = "kept,gave,war,kind\n50,30,20,low\n10,10,40,high\n";
    let all = request(
        Model::Logit,
        Method::Nested,
        &["kept", "gave", "war"],
        &["gave ~ 1", "war ~ 1"],
    );
    let found = settled(text, &all, 3).unwrap();
    near(found.weights[0].value, libm::log(40.0 / 60.0), 1e-6);
    near(found.weights[1].value, libm::log(1.0), 1e-6);
    let entropy =
        60.0 * libm::log(60.0 / 160.0) + 40.0 * libm::log(0.25) + 60.0 * libm::log(60.0 / 160.0);
    near(found.log_likelihood, entropy, 1e-8);
    near(found.of_shares, entropy, 1e-8);
    near(found.aic(), 4.0 - 2.0 * entropy, 1e-8);
    let by_kind = request(
        Model::Logit,
        Method::Nested,
        &["kept", "gave", "war"],
        &["gave ~ factor(kind, low)", "war ~ factor(kind, low)"],
    );
    let found = settled(text, &by_kind, 2).unwrap();
    let expected = [
        30.0 / 50.0,
        1.0 / (30.0 / 50.0),
        20.0 / 50.0,
        4.0 / (20.0 / 50.0),
    ];
    for (weight, odds) in found.weights.iter().zip(expected) {
        near(weight.value, libm::log(odds), 1e-6);
    }
    for (played, seen) in found
        .played
        .iter()
        .zip([[0.5, 0.3, 0.2], [1.0 / 6.0, 1.0 / 6.0, 2.0 / 3.0]])
    {
        for (p, share) in played.iter().zip(seen) {
            near(*p, share, 1e-7);
        }
    }
}

#[test]
fn a_crisis_of_constants_is_the_shares_under_either_noise() {
    let text = "sq,capit,war\n40,50,10\n";
    let outcomes = ["sq", "capit", "war"];
    let logistic = request(
        Model::Crisis(Noise::Logistic),
        Method::Nested,
        &outcomes,
        &["SA ~ 1", "WB ~ 1"],
    );
    let found = settled(text, &logistic, 2).unwrap();
    // A challenges in 6 of 10, whatever comes after: giving way and war are 0 to it.
    near(found.weights[0].value, -libm::log(6.0 / 4.0), 1e-6);
    near(found.weights[1].value, libm::log(1.0 / 5.0), 1e-6);
    let normal = Request {
        model: Model::Crisis(Noise::Normal),
        ..logistic
    };
    let found = settled(text, &normal, 2).unwrap();
    let z = |p: f64| detente_math::normal_quantile(p) * 2.0_f64.sqrt();
    near(found.weights[0].value, -z(0.6), 1e-6);
    near(found.weights[1].value, z(1.0 / 6.0), 1e-6);
}

/// Two ways of climbing, written apart, come to one peak.
#[test]
fn plain_models_agree_with_the_trial_s_own() {
    let mut text = "a,b,c,x,z\n".to_owned();
    let (mut crises, mut choices) = (Vec::new(), Vec::new());
    for i in 0..400 {
        let (x, z) = (2.0 * draw("x", i) - 1.0, 4.0 * draw("z", i) - 2.0);
        let came = usize::from(draw("u", i) > 0.4 + 0.2 * x)
            * (1 + usize::from(draw("v", i) > 0.5 - 0.1 * z));
        let mark = |k: usize| u8::from(came == k);
        let _ = writeln!(text, "{},{},{},{x},{z}", mark(0), mark(1), mark(2));
        crises.push(Crisis {
            status_quo: vec![1.0, x],
            first_war: vec![1.0],
            second_war: vec![1.0, z],
            came,
        });
        let none = vec![0.0; 3];
        let all = vec![1.0, x, z];
        let put = |a: &[f64], b: &[f64]| [a, b].concat();
        choices.push(Choice {
            features: vec![put(&none, &none), put(&all, &none), put(&none, &all)],
            came,
        });
    }
    let game = request(
        Model::Crisis(Noise::Logistic),
        Method::Nested,
        &["a", "b", "c"],
        &["SA ~ x", "WA ~ 1", "WB ~ z"],
    );
    let found = values(&settled(&text, &game, 5).unwrap());
    let other = fit_crisis(&crises).unwrap();
    let other = [other.status_quo, other.first_war, other.second_war].concat();
    for (a, b) in found.iter().zip(other) {
        near(*a, b, 1e-4);
    }
    let logit = request(
        Model::Logit,
        Method::Nested,
        &["a", "b", "c"],
        &["b ~ x + z", "c ~ x + z"],
    );
    let found = values(&settled(&text, &logit, 2).unwrap());
    for (a, b) in found.iter().zip(fit(&choices).unwrap()) {
        near(*a, b, 1e-5);
    }
}

/// Three constants and three shares: every method hits them, B's constant in closed form, and the oracle of the games, which shares no
/// code with the estimate, has the same outcomes at the payoffs that are found.
#[test]
fn a_signalling_game_of_constants_is_the_shares() {
    let text = "sq,cd,sf,bd\n700,60,180,60\n";
    for method in [Method::Nested, Method::Likelihood] {
        let asked = signalling(method, &["VA = 0.5", "barWA ~ 1", "bara ~ 1", "barWB ~ 1"]);
        let found = settled(text, &asked, 3).unwrap();
        let [war_a, war_b, back_a] = values(&found)[..] else {
            panic!("three weights")
        };
        // Conceding and being let off are worth 0 to B: it resists with Φ(WB).
        near(war_b, detente_math::normal_quantile(240.0 / 300.0), 1e-5);
        for (share, seen) in found.shares.iter().zip([0.7, 0.06, 0.18, 0.06]) {
            near(share[0], seen, 1e-12);
            near(share[1], seen, 1e-6);
        }
        let oracle = LewisSchultz {
            status_quo_a: 0.0,
            concede_a: 0.5,
            concede_b: 0.0,
            war_a,
            war_b,
            back_down_a: back_a,
            back_down_b: 0.0,
        };
        let answers = oracle.answers();
        let answer = answers
            .iter()
            .find(|answer| (answer.resist - 0.8).abs() < 1e-4);
        let answer = answer.unwrap_or_else(|| panic!("{answers:?}"));
        near(answer.challenge, 0.3, 1e-5);
        near(answer.war, 0.18, 1e-5);
        assert!(found.off.unwrap() < 1e-9);
    }
}

/// Weights stand in the model's order of utilities: SA, VA, CB, barWA, barWB, bara, VB.
const TRUTH: [f64; 8] = [0.4, 0.9, -0.7, 0.3, -0.2, 1.2, -0.6, 0.4];
const FORMULAS: [&str; 5] = ["SA ~ v - 1", "VA ~ 1", "barWA ~ z", "barWB ~ x", "bara ~ w"];

fn truth([v, x, z, w]: [f64; 4]) -> Payoffs {
    let [a, b, c, d, e, f, g, h] = TRUTH;
    [a * v, b, 0.0, c + d * z, e + f * x, g + h * w, 0.0]
}

/// Games drawn from known weights, each seen thirty times.
fn drawn(games: u64) -> String {
    let mut text = "sq,cd,sf,bd,x,z,w,v\n".to_owned();
    for i in 0..games {
        let number = |name: &str| 2.0 * draw(name, i) - 1.0;
        let [v, x, z, w] = ["gv", "gx", "gz", "gw"].map(number);
        let e = equilibria(&truth([v, x, z, w]))[0];
        let mut counts = [0; 4];
        for k in 0..30 {
            let mut u = draw("gu", 30 * i + k);
            let came = e.endings.iter().position(|p| {
                u -= p;
                u < 0.0
            });
            counts[came.unwrap_or(3)] += 1;
        }
        let [sq, cd, sf, bd] = counts;
        let _ = writeln!(text, "{sq},{cd},{sf},{bd},{x},{z},{w},{v}");
    }
    text
}

#[test]
fn weights_of_the_signalling_game_are_recovered() {
    let text = drawn(300);
    for method in [Method::Nested, Method::Likelihood] {
        let asked = signalling(method, &FORMULAS);
        let problem = Problem::read(&text, &asked).unwrap();
        let attempts: Vec<_> = (0..3).map(|start| problem.attempt(start, 1)).collect();
        let mut found = problem.settle(&attempts).unwrap();
        let draws: Vec<_> = (0..40)
            .map(|index| problem.draw(&found, 1, index))
            .collect();
        assert!(draws.iter().flatten().count() >= 36);
        found.take(&draws);
        for (weight, truth) in found.weights.iter().zip(TRUTH) {
            let error = weight.error.unwrap();
            assert!(error > 0.005 && error < 0.5, "{weight:?}");
            assert!(
                (weight.value - truth).abs() < 3.5 * error,
                "{weight:?} {truth}"
            );
        }
        // The same draws, whoever asks for them.
        assert_eq!(problem.draw(&found, 1, 7), draws[7]);
        assert_ne!(problem.draw(&found, 2, 7), draws[7]);
    }
}

/// Worked out anew from all equilibria: no step to either side is likelier.
#[test]
fn no_neighbour_is_likelier_in_equilibrium() {
    let text = drawn(60);
    let found = settled(&text, &signalling(Method::Likelihood, &FORMULAS), 2).unwrap();
    let rows: Vec<Vec<f64>> = text
        .lines()
        .skip(1)
        .map(|line| line.split(',').map(|cell| cell.parse().unwrap()).collect())
        .collect();
    let plain = |v: &[f64]| -> f64 {
        let of = |row: &Vec<f64>| {
            let [x, z, w, s] = [row[4], row[5], row[6], row[7]];
            let u = [
                v[0] * s,
                v[1],
                0.0,
                v[2] + v[3] * z,
                v[4] + v[5] * x,
                v[6] + v[7] * w,
                0.0,
            ];
            let each = equilibria(&u).into_iter().map(|e| {
                let each = row.iter().zip(e.endings);
                each.map(|(count, p)| count * libm::log(p)).sum::<f64>()
            });
            each.fold(f64::NEG_INFINITY, f64::max)
        };
        rows.iter().map(of).sum()
    };
    let weights = values(&found);
    let best = plain(&weights);
    near(best, found.log_likelihood, 1e-7);
    for i in 0..weights.len() {
        for step in [-0.1, -2e-3, 2e-3, 0.1] {
            let mut other = weights.clone();
            other[i] += step;
            assert!(plain(&other) < best, "{i} {step}");
        }
    }
}

/// Where payoffs leave three equilibria, the likelihood tells which one each game played.
#[test]
fn games_are_put_into_the_equilibria_that_were_played() {
    let u = [0.0, 1.0, 0.0, -1.9, -2.9, -1.2, 1.0];
    let all = equilibria(&u);
    assert_eq!(all.len(), 3);
    let mut text = "sq,cd,sf,bd\n".to_owned();
    let plays = |i: usize| if i.is_multiple_of(2) { 0 } else { 2 };
    for i in 0..8 {
        let e = equilibrium_at(&u, all[plays(i)].resist);
        let counts = e.endings.map(|p| (p * 20_000.0).round());
        let [sq, cd, sf, bd] = counts;
        let _ = writeln!(text, "{sq},{cd},{sf},{bd}");
    }
    let held = ["VA = 1", "VB = 1", "barWA ~ 1", "barWB ~ 1", "bara ~ 1"];
    let found = settled(&text, &signalling(Method::Likelihood, &held), 4).unwrap();
    for (weight, truth) in found.weights.iter().zip([-1.9, -2.9, -1.2]) {
        near(weight.value, truth, 0.02);
    }
    assert_eq!(found.several.len(), 8);
    for (i, several) in found.several.iter().enumerate() {
        assert_eq!(several.line, i + 2);
        assert_eq!(several.equilibria.len(), 3);
        assert_eq!(several.played, Some(plays(i)), "{several:?}");
    }
}

#[test]
fn standard_errors_are_those_of_a_share() {
    let mut text = "no,yes\n".to_owned();
    for i in 0..400 {
        let yes = u8::from(draw("share", i) < 0.3);
        let _ = writeln!(text, "{},{yes}", 1 - yes);
    }
    let asked = request(Model::Logit, Method::Nested, &["no", "yes"], &["yes ~ 1"]);
    let problem = Problem::read(&text, &asked).unwrap();
    let mut found = problem.settle(&[problem.attempt(0, 1)]).unwrap();
    let draws: Vec<_> = (0..400)
        .map(|index| problem.draw(&found, 1, index))
        .collect();
    found.take(&draws);
    let share = found.shares[1][0];
    let error = 1.0 / (400.0 * share * (1.0 - share)).sqrt();
    let weight = &found.weights[0];
    assert!(
        (weight.error.unwrap() / error - 1.0).abs() < 0.12,
        "{weight:?} {error}"
    );
    let [low, high] = weight.interval.unwrap();
    assert!(
        ((high - low) / (2.0 * 1.645 * error) - 1.0).abs() < 0.15,
        "{weight:?}"
    );
    // Every row four times, one cluster: as sure as one row, where rows alone would be twice as sure.
    let four = text
        .lines()
        .skip(1)
        .enumerate()
        .flat_map(|(i, line)| (0..4).map(move |_| format!("{line},{i}\n")));
    let four = "no,yes,dispute\n".to_owned() + &four.collect::<String>();
    let clustered = Request {
        cluster: Some("dispute".into()),
        ..asked
    };
    let problem = Problem::read(&four, &clustered).unwrap();
    assert_eq!(problem.design().clusters.len(), 400);
    let mut found = problem.settle(&[problem.attempt(0, 1)]).unwrap();
    let draws: Vec<_> = (0..400)
        .map(|index| problem.draw(&found, 1, index))
        .collect();
    found.take(&draws);
    assert!((found.weights[0].error.unwrap() / error - 1.0).abs() < 0.12);
}

fn said(text: &str, request: &Request) -> Vec<String> {
    let faults = settled(text, request, 3).unwrap_err();
    faults.iter().map(ToString::to_string).collect()
}

#[test]
fn what_cannot_be_told_apart_is_said() {
    let text = drawn(40);
    let everywhere = signalling(
        Method::Nested,
        &["SA ~ x", "VA ~ 1", "barWA ~ 1", "bara ~ w", "barWB ~ 1"],
    );
    let found = said(&text, &everywhere);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].starts_with(
            "D1104: --utility: “constant” stands in all of A's utilities (SA, VA, barWA, bara)"
        ),
        "{found:?}"
    );
    // A column twice over, under another name.
    let twice = text.lines().enumerate().map(|(i, line)| {
        let x = line.split(',').nth(4).unwrap();
        let other = x
            .parse::<f64>()
            .map_or("double".to_owned(), |x| (2.0 * x).to_string());
        format!("{line},{other}{}\n", if i == 0 { ",none" } else { ",0" })
    });
    let twice: String = twice.collect();
    let asked = signalling(
        Method::Nested,
        &["VA ~ 1", "barWA ~ z", "barWB ~ x + double", "bara ~ w"],
    );
    let found = said(&twice, &asked);
    assert!(
        found[0].starts_with("D1104")
            && found[0].contains("“barWB: x”")
            && found[0].contains("“barWB: double”"),
        "{found:?}"
    );
    assert!(!found[0].contains("bara"), "{found:?}");
    let asked = signalling(
        Method::Nested,
        &["VA ~ 1", "barWA ~ none", "barWB ~ 1", "bara ~ 1"],
    );
    let found = said(&twice, &asked);
    assert_eq!(
        found,
        ["D1104: weight “barWA: none”: is multiplied by 0 in every row"]
    );
    // Outcomes told apart without fail.
    let apart = "no,yes,x\n1,0,0.1\n1,0,0.2\n1,0,0.3\n0,1,0.7\n0,1,0.8\n0,1,0.9\n";
    let asked = request(Model::Logit, Method::Nested, &["no", "yes"], &["yes ~ x"]);
    let found = said(apart, &asked);
    assert!(
        found
            .iter()
            .all(|one| one.starts_with("D1104") || one.starts_with("D1105")),
        "{found:?}"
    );
}

#[test]
fn all_faults_of_formulas_and_cells_at_once() {
    let text = "sq,cd,sf,bd,trade,kind\n1,0,0,0,0.5,low\n1,0,0,0,-1,low\n0,1,0,0,NA,low\n0,2.5,0,1,2,high\n0,0,1,0,much,high\n";
    let asked = Request {
        cluster: Some("dyad".into()),
        ..signalling(
            Method::Nested,
            &["SA ~ sqrt(trad)", "VA ~ exp(x)", "WA ~ 1", "barWB ~ kind"],
        )
    };
    let found = said(text, &asked);
    assert_eq!(
        found,
        [
            "D1101: --utility “VA ~ exp(x)”, character 6: “exp” is none of: log, sqrt, factor",
            "D1101: --utility “WA ~ 1”: “WA” is no utility of this model, which has: SA, VA, CB, barWA, barWB, bara, VB",
            "D1102: line 1, trad: there is no such column; is “trade” meant?",
            "D1102: line 1, dyad: there is no such column",
        ]
    );
    let asked = signalling(
        Method::Nested,
        &[
            "SA ~ sqrt(trade)",
            "barWB ~ kind",
            "barWA ~ factor(kind, none)",
        ],
    );
    let found = said(text, &asked);
    assert_eq!(
        found,
        [
            "D1103: line 1, kind: “none” is none of its words: high, low",
            "D1103: line 2, kind: “low” is not a number; if the column holds words, write factor(kind)",
            "D1103: line 3, trade: “-1” was expected to be 0 or above, for sqrt(trade)",
            "D1103: line 3, kind: “low” is not a number; if the column holds words, write factor(kind)",
            "D1103: line 5, cd: “2.5” is not a whole number from 0 to 4294967295",
            "D1103: line 5, kind: “high” is not a number; if the column holds words, write factor(kind)",
            "D1103: line 6, trade: “much” is not a number; if the column holds words, write factor(trade)",
            "D1103: line 6, kind: “high” is not a number; if the column holds words, write factor(kind)",
        ]
    );
    let few = request(
        Model::Crisis(Noise::Logistic),
        Method::Nested,
        &["sq", "cd"],
        &["SA ~ 1"],
    );
    let found = said("sq,cd\n3,1\n", &few);
    assert_eq!(
        found,
        [
            "D1101: --outcome: 2 columns are given; expected three columns, as sq,capit,war: the status quo, B gives way, war"
        ]
    );
    let nothing = signalling(Method::Nested, &["SA = 1"]);
    assert!(said(text, &nothing)[0].contains("nothing is to be estimated"));
}

#[test]
fn rows_of_which_nothing_is_known_are_left_out() {
    let text = "no,yes,x\n3,1,0.5\n2,2,NA\n0,0,0.5\n1,3,-0.5\n2,2,\n";
    let asked = request(Model::Logit, Method::Nested, &["no", "yes"], &["yes ~ x"]);
    let problem = Problem::read(text, &asked).unwrap();
    assert_eq!(
        (problem.design().rows.len(), problem.design().left_out),
        (2, 3)
    );
    let found = settled(text, &asked, 1).unwrap();
    near(
        found.weights[0].value + 0.5 * found.weights[1].value,
        libm::log(1.0 / 3.0),
        1e-6,
    );
    near(
        found.weights[0].value - 0.5 * found.weights[1].value,
        libm::log(3.0),
        1e-6,
    );
}
