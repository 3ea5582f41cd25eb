//! Scores: closed forms, an independent road, and that honesty is best.

use detente_case::{Forecast, Observed};
use detente_ledger::{Other, Reference, Scores, What, brier, crps, log_score, proportion, score};
use detente_math::{Distribution, normal_cdf};

use crate::{distribution, ledger, number, resolved, signed, sound};

#[test]
fn scores_of_chances_are_as_defined() {
    for (p, happened, of_brier, of_log) in [
        (0.0, false, 0.0, 0.0),
        (1.0, true, 0.0, 0.0),
        (0.5, true, 0.25, std::f64::consts::LN_2),
        (0.5, false, 0.25, std::f64::consts::LN_2),
        (0.25, true, 0.5625, 2.0 * std::f64::consts::LN_2),
        (0.0, true, 1.0, f64::INFINITY),
        (1.0, false, 1.0, f64::INFINITY),
    ] {
        assert_eq!(brier(p, happened), of_brier);
        let log = log_score(p, happened);
        assert!(
            log == of_log || (log - of_log).abs() < 1e-15,
            "{p} {happened}: {log}"
        );
        assert!(log.is_sign_positive());
    }
}

/// Whoever gives anything but the true chance expects a worse score.
#[test]
fn the_true_chance_expects_the_best_score() {
    for truth in (1..20).map(|i| f64::from(i) / 20.0) {
        for of in [brier, log_score] {
            let expected = |p: f64| truth * of(p, true) + (1.0 - truth) * of(p, false);
            for p in (1..100).map(|i| f64::from(i) / 100.0) {
                let loss = expected(p) - expected(truth);
                assert!(if (p - truth).abs() < 1e-9 {
                    loss.abs() < 1e-12
                } else {
                    loss > 0.0
                });
            }
        }
    }
}

/// Another road: E|X − y| − E|X − X'|/2 (Gneiting & Raftery 2007, eq. 20) over evenly spaced quantiles, which needs no distribution function.
fn by_energy(distribution: &Distribution, y: f64) -> f64 {
    const POINTS: usize = 200_000;
    let n = POINTS as f64;
    let mut sums = [0.0; 2];
    for i in 0..POINTS {
        let x = distribution.quantile((i as f64 + 0.5) / n);
        sums[0] += (x - y).abs();
        // Of sorted numbers the differences of all pairs add up by their ranks.
        sums[1] += x * (2.0 * i as f64 - n + 1.0);
    }
    sums[0] / n - sums[1] / (n * n)
}

#[test]
fn crps_is_that_of_the_closed_forms() {
    // Gneiting & Raftery 2007, eq. 21, at y = μ: σ (√2 − 1) / √π.
    let at_mean = (std::f64::consts::SQRT_2 - 1.0) / std::f64::consts::PI.sqrt();
    assert!((crps(&distribution("normal(7, 2)"), 7.0) - 2.0 * at_mean).abs() < 1e-12);
    assert!((crps(&distribution("normal(0, 1)"), 0.0) - 0.233_694_977_254_695_9).abs() < 1e-12);
    assert_eq!(crps(&distribution("12"), 9.5), 2.5);
    for y in [-1.0_f64, 0.0, 0.3, 1.0, 2.5] {
        // ∫ of u² below y and (1 − u)² above it, and what lies beyond the ends.
        let inside = y.clamp(0.0, 1.0);
        let closed =
            (libm::pow(inside, 3.0) + libm::pow(1.0 - inside, 3.0)) / 3.0 + (y - inside).abs();
        let uniform = crps(&distribution("between 0 and 1"), y);
        assert!((uniform - closed).abs() < 1e-14, "{y}: {uniform}");
        // The same in quantiles.
        let quantiles = crps(&distribution("quantiles 0%: 0, 30%: 0.3, 100%: 1"), y);
        assert!((quantiles - closed).abs() < 1e-14, "{y}: {quantiles}");
    }
    // Chances by hand: 1 with .2, 2 with .5, 4 with .3, and 3 came out: .2² + .7² + .3².
    let steps = crps(&distribution("chances 1: 20%, 2: 50%, 4: 30%"), 3.0);
    assert!((steps - (0.04 + 0.49 + 0.09)).abs() < 1e-14, "{steps}");
    // Of two values it is the Brier score.
    for p in [0.0_f64, 0.3, 0.9] {
        let both = crps(
            &distribution(&format!(
                "chances 0: {}, 1: {}",
                0.999 - 0.999 * p,
                0.001 + 0.999 * p
            )),
            1.0,
        );
        assert!((both - brier(0.001 + 0.999 * p, true)).abs() < 1e-12);
    }
    // A lognormal (Baran & Lerch 2015, eq. 5).
    let spread = libm::log(3.0) / 1.644_853_626_951_472_2;
    let lognormal = distribution("lognormal(5, 3)");
    for y in [0.5_f64, 4.0, 5.0, 30.0] {
        let z = libm::log(y / 5.0) / spread;
        let mean = 5.0 * libm::exp(spread * spread / 2.0);
        let last = normal_cdf(z - spread) + normal_cdf(spread / std::f64::consts::SQRT_2) - 1.0;
        let closed = y * (2.0 * normal_cdf(z) - 1.0) - 2.0 * mean * last;
        let found = crps(&lognormal, y);
        assert!(
            (found - closed).abs() < 1e-6 * closed,
            "{y}: {found}, {closed}"
        );
    }
}

#[test]
fn crps_is_found_by_another_road_too() {
    for text in [
        "normal(7, 2)",
        "5 to 10",
        "5 / 7 / 15",
        "-3 / 1 / 2",
        "between 2 and 9",
        "pert(1, 3, 9)",
        "triangular(1, 3, 9)",
        "lognormal(5, 2)",
        "beta(2, 5)",
        "quantiles 0%: 1, 10%: 4, 50%: 4, 90%: 5, 100%: 30",
        "chances 1: 20%, 2: 50%, 4: 30%",
    ] {
        let distribution = distribution(text);
        for y in [-4.0, 0.2, 4.0, 6.5, 40.0] {
            let (one, other) = (crps(&distribution, y), by_energy(&distribution, y));
            assert!(
                (one - other).abs() < 1e-4 * (1.0 + other),
                "{text} at {y}: {one}, {other}"
            );
        }
    }
}

/// Over what comes out as one distribution says, no other of a family expects a better score.
#[test]
fn the_true_distribution_expects_the_best_crps() {
    let truth = distribution("normal(7, 2)");
    let outcomes: Vec<f64> = (0..400)
        .map(|i| truth.quantile((f64::from(i) + 0.5) / 400.0))
        .collect();
    let expected = |text: &str| {
        let distribution = distribution(text);
        outcomes
            .iter()
            .map(|y| crps(&distribution, *y))
            .sum::<f64>()
            / 400.0
    };
    let best = expected("normal(7, 2)");
    for other in [
        "normal(7, 1.5)",
        "normal(7, 2.6)",
        "normal(6.5, 2)",
        "normal(7.6, 2)",
        "between 3 and 11",
        "7",
        "5 / 7 / 12",
    ] {
        assert!(
            expected(other) > best + 1e-3,
            "{other}: {} {best}",
            expected(other)
        );
    }
}

/// The definition: at an end of the interval what came out, or more of it, has a chance of one in twenty.
#[test]
fn intervals_of_shares_are_exact() {
    let choose = |n: usize, k: usize| (0..k).fold(1.0, |c, i| c * (n - i) as f64 / (i + 1) as f64);
    let at_least = |n: usize, k: usize, p: f64| {
        let of =
            |j: usize| choose(n, j) * libm::pow(p, j as f64) * libm::pow(1.0 - p, (n - j) as f64);
        (k..=n).map(of).sum::<f64>()
    };
    for (k, n) in [(1, 3), (4, 10), (9, 10), (30, 80)] {
        let interval = proportion(k, n);
        assert!(
            (at_least(n, k, interval.low) - 0.05).abs() < 1e-9,
            "{k} of {n}"
        );
        assert!(
            (1.0 - at_least(n, k + 1, interval.high) - 0.05).abs() < 1e-9,
            "{k} of {n}"
        );
    }
    assert_eq!(proportion(0, 5).low, 0.0);
    assert!((proportion(0, 10).high - (1.0 - libm::pow(0.05, 0.1))).abs() < 1e-9);
    assert_eq!(proportion(5, 5).high, 1.0);
}

/// Forecasts: probability, base rate, crowd, whether it happened.
fn scored(rows: &[(f64, Option<f64>, Option<f64>, bool)], by: &str) -> Scores {
    let mut entries = Vec::new();
    for (i, (p, base, crowd, _)) in rows.iter().enumerate() {
        let mut signed = signed(&format!("q{i}"), Forecast::Chance(*p));
        signed.by = by.into();
        signed.base_rate = *base;
        signed.crowd = crowd.map(|crowd| Other {
            by: "A crowd".into(),
            on: "2024".into(),
            forecast: Forecast::Chance(crowd),
        });
        entries.push(What::Signed(Box::new(signed)));
    }
    for (i, (.., happened)) in rows.iter().enumerate() {
        let observed = Observed::Happened(*happened);
        entries.push(resolved(&format!("q{i}"), &[i + 1], observed));
    }
    score(&sound(&ledger(&entries)), "2026-01-01")
}

#[test]
fn skill_is_against_those_who_forecast_the_same() {
    let base = Some(0.3);
    let rows = [
        (0.3, base, None, true),
        (0.3, base, Some(0.5), false),
        (0.3, base, Some(0.5), false),
    ];
    let scores = scored(&rows, "The base rate");
    let chances = scores.groups[0].chances.clone().unwrap();
    assert!((chances.brier.mean - (0.49 + 0.09 + 0.09) / 3.0).abs() < 1e-15);
    assert!(chances.brier.interval.is_none(), "three are too few");
    assert!(scores.groups[0].few());
    let of = |reference| {
        chances
            .skill
            .iter()
            .find(|s| s.against == reference)
            .unwrap()
    };
    // Who gives the base rate has no skill against it, exactly.
    assert_eq!(of(Reference::BaseRate).value, Some(0.0));
    let crowd = of(Reference::Crowd);
    assert_eq!((crowd.forecasts, crowd.questions), (2, 2));
    assert!((crowd.value.unwrap() - (1.0 - 0.09 / 0.25)).abs() < 1e-15);
    // The share of 30 of 100 is the forecast, but for its last bit.
    assert!(of(Reference::Share).value.unwrap().abs() < 1e-12);
    // Against somebody who was sure and right there is no skill to speak of.
    let scores = scored(&[(0.3, Some(1.0), None, true)], "A");
    assert_eq!(
        scores.groups[0].chances.as_ref().unwrap().skill[0].value,
        None
    );
    // An infinite score stays one.
    let scores = scored(&[(0.0, None, None, true)], "A");
    assert!(
        scores.groups[0]
            .chances
            .as_ref()
            .unwrap()
            .log
            .mean
            .is_infinite()
    );
}

#[test]
fn calibration_counts_by_tenths_and_intervals_are_drawn_again_alike() {
    let rows: Vec<_> = (0..40)
        .map(|i| {
            (
                if i % 2 == 0 { 0.1 } else { 0.7 },
                Some(0.4),
                None,
                i % 8 < 3,
            )
        })
        .collect();
    let scores = scored(&rows, "A");
    let chances = scores.groups[0].chances.clone().unwrap();
    let bins: Vec<_> = chances
        .bins
        .iter()
        .map(|b| (b.ends[0], b.forecasts, b.happened))
        .collect();
    assert_eq!(bins, [(0.1, 20, 10), (0.7, 20, 5)]);
    assert_eq!(chances.bins[0].interval, proportion(10, 20));
    let interval = chances.brier.interval.expect("forty are enough");
    // The scores are independent: the interval is that of a mean, about 1.645 standard errors to each side.
    let all: Vec<f64> = rows.iter().map(|(p, _, _, o)| brier(*p, *o)).collect();
    let mean = all.iter().sum::<f64>() / 40.0;
    let spread = (all.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 40.0).sqrt();
    let half = 1.645 * spread / 40.0_f64.sqrt();
    assert!((chances.brier.mean - mean).abs() < 1e-15);
    assert!(
        ((interval.high - interval.low) / (2.0 * half) - 1.0).abs() < 0.1,
        "{interval:?} {half}"
    );
    let again = scored(&rows, "A").groups[0].chances.clone().unwrap();
    assert_eq!(again.brier, chances.brier);
}

/// Ten forecasts of one question are ten times the same luck.
#[test]
fn many_forecasts_of_one_question_are_one_question() {
    let mut entries: Vec<What> = (0..12).map(|_| crate::chance("ends", 0.2)).collect();
    entries.push(resolved(
        "ends",
        &(1..=12).collect::<Vec<_>>(),
        Observed::Happened(true),
    ));
    let scores = score(&sound(&ledger(&entries)), "2026-01-01");
    let chances = scores.groups[0].chances.clone().unwrap();
    assert_eq!((chances.brier.forecasts, chances.brier.questions), (12, 1));
    assert!(chances.brier.interval.is_none() && scores.groups[0].few());
    assert_eq!(scores.resolved, 1);
}

#[test]
fn groups_open_ones_and_corrections() {
    let mut model = signed("ends", Forecast::Chance(0.4));
    model.by = "the model".into();
    let mut late = signed("ends", Forecast::Chance(0.9));
    late.hindsight = true;
    // Signed before it was due, and after it was known.
    let mut known = signed("ends", Forecast::Chance(0.9));
    known.entered = "2025-02-01T00:00:00Z".into();
    let mut line = signed("line", number("normal(7, 2)"));
    line.unit = "km2".into();
    line.crowd = Some(Other {
        by: "A crowd".into(),
        on: "2024".into(),
        forecast: number("normal(7, 1)"),
    });
    let mut open = signed("later", Forecast::Chance(0.5));
    open.due = "2030-01-01".into();
    let boxed = |signed| What::Signed(Box::new(signed));
    let entries = [
        crate::chance("ends", 0.2),
        boxed(model),
        boxed(late),
        boxed(line),
        boxed(open),
        crate::chance("forgotten", 0.5),
        boxed(known),
        resolved("ends", &[1, 2, 3, 7], Observed::Happened(true)),
        resolved("line", &[4], Observed::Value(7.0)),
        // The first report was wrong.
        resolved("ends", &[1, 2, 3, 7], Observed::Happened(false)),
    ];
    let scores = score(&sound(&ledger(&entries)), "2026-01-01");
    assert_eq!((scores.signed, scores.resolved), (7, 2));
    let open: Vec<_> = scores.open.iter().map(|o| (o.number, o.overdue)).collect();
    assert_eq!(open, [(5, false), (6, true)]);
    let groups: Vec<_> = scores
        .groups
        .iter()
        .map(|g| (g.by.as_str(), g.hindsight, g.lines.len()))
        .collect();
    assert_eq!(
        groups,
        [
            ("A. Nalyst", false, 2),
            ("the model", false, 1),
            ("A. Nalyst", true, 2)
        ]
    );
    let first = &scores.groups[0].lines[0];
    assert_eq!((first.observed, first.said), (Observed::Happened(false), 2));
    let [of_brier, _] = first.of_chance.unwrap();
    assert!((of_brier - 0.04).abs() < 1e-15, "the last word holds");
    let numbers = &scores.groups[0].numbers[0];
    assert_eq!(numbers.unit, "km2");
    // Both are right on average; the crowd was half as unsure.
    assert!((numbers.skill.as_ref().unwrap().value.unwrap() + 1.0).abs() < 1e-12);
    assert_eq!(
        scores.groups[0].lines[1].of_number.map(|[_, below]| below),
        Some(0.5)
    );
}
