//! Scores, calibration and folds.

use detente_backtest::{
    brier, brier_of_many, calibration, folds, log_score, log_score_of_many, skill_interval,
};

fn near(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-12, "{a} is not {b}");
}

#[test]
fn scores_by_hand() {
    near(brier(0.7, true), 0.09);
    near(brier(0.7, false), 0.49);
    near(log_score(0.25, true), 2.0 * std::f64::consts::LN_2);
    near(log_score(0.25, false), 0.287_682_072_451_780_9);
    assert!(log_score(1.0, true).is_sign_positive());
    assert_eq!(log_score(0.0, true), f64::INFINITY);
    // Brier's own example form: (.7, .2, .1) and the second came.
    near(brier_of_many(&[0.7, 0.2, 0.1], 1), 0.49 + 0.64 + 0.01);
    near(
        log_score_of_many(&[0.5, 0.25, 0.25], 0),
        std::f64::consts::LN_2,
    );
    for p in [0.0, 0.2, 0.5, 0.93] {
        for came in [0, 1] {
            let both = [1.0 - p, p];
            near(brier_of_many(&both, came), 2.0 * brier(p, came == 1));
            assert_eq!(log_score_of_many(&both, came), log_score(p, came == 1));
        }
    }
}

/// Whoever believes q expects the best score from saying q, and a worse one from anything else.
#[test]
fn scores_are_proper() {
    for tenth in 1..10 {
        let q = f64::from(tenth) / 10.0;
        let expected =
            |score: fn(f64, bool) -> f64, p: f64| q * score(p, true) + (1.0 - q) * score(p, false);
        for score in [brier, log_score] {
            for other in (1..100).filter(|other| *other != tenth * 10) {
                let p = f64::from(other) / 100.0;
                assert!(expected(score, p) > expected(score, q) + 1e-9, "{q} {p}");
            }
        }
    }
    let believed = [0.5, 0.3, 0.2];
    let expected = |score: fn(&[f64], usize) -> f64, said: &[f64]| -> f64 {
        (0..3).map(|i| believed[i] * score(said, i)).sum()
    };
    for score in [brier_of_many, log_score_of_many] {
        for a in 1..20 {
            for b in 1..20 - a {
                let said = [a, b, 20 - a - b].map(|n| f64::from(n) / 20.0);
                if said == believed {
                    continue;
                }
                assert!(expected(score, &said) > expected(score, &believed) + 1e-9);
            }
        }
    }
}

/// Murphy's (1973) decomposition: where all forecasts of a bin are alike, the mean Brier score is reliability − resolution + uncertainty.
#[test]
fn calibration_adds_up_to_the_score() {
    let given = [(0.15, 20, 2), (0.35, 10, 5), (0.85, 30, 24)];
    let mut forecasts = Vec::new();
    for (p, count, hits) in given {
        forecasts.extend((0..count).map(|i| (p, i < hits)));
    }
    let bins = calibration(&forecasts);
    assert_eq!(bins.len(), 3);
    let all = forecasts.len() as f64;
    let rate = 31.0 / all;
    let parts: f64 = bins
        .iter()
        .map(|bin| {
            let miss = bin.mean - bin.rate();
            let off = bin.rate() - rate;
            bin.forecasts as f64 * (miss * miss - off * off)
        })
        .sum();
    let mean: f64 = forecasts.iter().map(|(p, o)| brier(*p, *o)).sum();
    near(mean / all, parts / all + rate * (1.0 - rate));
    // Clopper and Pearson's ends: chances at which so few, or so many, come one time in twenty.
    let choose = |n: u32, k: u32| (0..k).fold(1.0, |c, i| c * f64::from(n - i) / f64::from(i + 1));
    let power = |x: f64, n: u32| (0..n).fold(1.0, |all, _| all * x);
    let at = |p: f64, k: u32| choose(10, k) * power(p, k) * power(1.0 - p, 10 - k);
    let within = bins[1].interval;
    let few: f64 = (0..=5).map(|k| at(within.high, k)).sum();
    let many: f64 = (5..=10).map(|k| at(within.low, k)).sum();
    assert!((few - 0.05).abs() < 1e-9 && (many - 0.05).abs() < 1e-9);
    assert_eq!(calibration(&[(1.0, true)])[0].ends, [0.9, 1.0]);
}

#[test]
fn groups_stay_together_and_folds_are_alike() {
    let names: Vec<String> = (0..57).map(|i| format!("group {}", i % 23)).collect();
    let groups: Vec<&str> = names.iter().map(String::as_str).collect();
    let fold_of = folds(&groups, 5, 1, 0);
    let mut sizes = [0; 5];
    for i in 0..57 {
        assert_eq!(fold_of[i], fold_of[i % 23]);
        if i < 23 {
            sizes[fold_of[i]] += 1;
        }
    }
    sizes.sort_unstable();
    assert_eq!(sizes, [4, 4, 5, 5, 5]);
    // Neither the order of cases nor how many a group has moves anything; the seed does.
    let back: Vec<&str> = groups.iter().rev().copied().collect();
    let turned: Vec<usize> = folds(&back, 5, 1, 0).into_iter().rev().collect();
    assert_eq!(turned, fold_of);
    assert_eq!(folds(&groups[..23], 5, 1, 0), fold_of[..23]);
    assert_ne!(folds(&groups, 5, 2, 0), fold_of);
    assert_ne!(folds(&groups, 5, 1, 1), fold_of);
    assert_eq!(folds(&["a", "b"], 10, 1, 0).len(), 2);
}

#[test]
fn intervals_of_skill() {
    assert_eq!(skill_interval(&[(0, [0.1, 0.2]); 40], 1), None, "one group");
    // Where every group has the same skill there is nothing to doubt.
    let alike: Vec<(usize, [f64; 2])> = (0..12).map(|g| (g, [0.3, 0.4])).collect();
    let within = skill_interval(&alike, 1).unwrap();
    near(within.low, 0.25);
    near(within.high, 0.25);
    // Own scores that come out as a coin does, against one half each time: the mean of 400 of them has a standard error of .025, so that
    // the skill 1 − mean / .5 has one of .05, and the normal interval from the 5th to the 95th percentile is ± 1.645 times that.
    let coins: Vec<(usize, [f64; 2])> = (0..400).map(|g| (g, [(g % 2) as f64, 0.5])).collect();
    let within = skill_interval(&coins, 1).unwrap();
    assert!((within.low + 0.0822).abs() < 0.012, "{within:?}");
    assert!((within.high - 0.0822).abs() < 0.012, "{within:?}");
    // The same scores, but ten alike in each group: as sure as forty groups are, √10 times wider.
    let clustered = (0..400).map(|i| (i / 10, [(i / 10 % 2) as f64, 0.5]));
    let wide = skill_interval(&clustered.collect::<Vec<_>>(), 1).unwrap();
    let times = (wide.high - wide.low) / (within.high - within.low);
    assert!((times - 3.162).abs() < 0.35, "{times}");
}
