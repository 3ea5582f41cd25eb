//! The logit.

use detente_backtest::{Choice, Separated, chances, fit};

fn near(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-9, "{a} is not {b}");
}

fn happened(x: &[f64], times: usize, of: usize) -> Vec<Choice> {
    (0..of)
        .map(|i| Choice::binary(x.to_vec(), i < times))
        .collect()
}

#[test]
fn closed_forms() {
    // A constant alone: the log odds of the share.
    let weights = fit(&happened(&[1.0], 3, 10)).unwrap();
    near(weights[0], libm::log(0.3 / 0.7));
    // A constant and a mark: the shares of those without and with it.
    let mut marked = happened(&[1.0, 0.0], 3, 10);
    marked.extend(happened(&[1.0, 1.0], 12, 20));
    let weights = fit(&marked).unwrap();
    near(weights[0], libm::log(0.3 / 0.7));
    near(weights[0] + weights[1], libm::log(0.6 / 0.4));
    // One thing out of three, each with a constant of its own but the first: the shares again.
    let three = |came| Choice {
        features: vec![vec![0.0, 0.0], vec![1.0, 0.0], vec![0.0, 1.0]],
        came,
    };
    let cases: Vec<Choice> = [0, 0, 0, 0, 0, 1, 1, 1, 2, 2].map(three).to_vec();
    let weights = fit(&cases).unwrap();
    for (given, share) in chances(&cases[0].features, &weights)
        .iter()
        .zip([0.5, 0.3, 0.2])
    {
        near(*given, share);
    }
}

/// Worked out anew in plain probabilities: every step to either side of the estimate lowers the likelihood.
#[test]
fn no_neighbour_is_likelier() {
    let draw = |i: u32| f64::from((i * 7919 + 104_729) % 1009) / 1009.0;
    let cases: Vec<Choice> = (0..60)
        .map(|case| {
            let options = 3 + case % 4;
            let feature = |option: u32| {
                let at = case * 31 + option * 7;
                vec![3.0 * draw(at), draw(at + 1) - 0.5, draw(at + 2) * draw(at)]
            };
            Choice {
                features: (0..options).map(feature).collect(),
                came: ((case * case + case / 3) % options) as usize,
            }
        })
        .collect();
    let plain = |weights: &[f64]| -> f64 {
        let of = |case: &Choice| {
            let odds =
                |x: &Vec<f64>| libm::exp(x[0] * weights[0] + x[1] * weights[1] + x[2] * weights[2]);
            let all: f64 = case.features.iter().map(odds).sum();
            libm::log(odds(&case.features[case.came]) / all)
        };
        cases.iter().map(of).sum()
    };
    let weights = fit(&cases).unwrap();
    let best = plain(&weights);
    for i in 0..3 {
        for step in [-0.3, -1e-3, 1e-3, 0.3] {
            let mut other = weights.clone();
            other[i] += step;
            assert!(plain(&other) < best, "{i} {step}");
        }
    }
}

#[test]
fn what_has_no_finite_estimate_says_so() {
    assert_eq!(fit(&happened(&[1.0], 5, 5)), Err(Separated));
    let mut apart = happened(&[1.0, 0.0], 0, 8);
    apart.extend(happened(&[1.0, 1.0], 8, 8));
    assert_eq!(fit(&apart), Err(Separated));
    // Of one class nothing ever came.
    let mut nearly = happened(&[1.0, 0.0], 3, 8);
    nearly.extend(happened(&[1.0, 1.0], 0, 8));
    assert_eq!(fit(&nearly), Err(Separated));
    // Two features that say the same.
    assert_eq!(fit(&happened(&[1.0, 2.0], 3, 9)), Err(Separated));
    // Likely but not certain is fitted.
    assert!(fit(&happened(&[1.0], 999, 1000)).is_ok());
}

/// The estimate recovers weights from frequencies that are exactly theirs, and a feature told in other units gets another weight and
/// the same chances.
#[test]
fn weights_are_recovered_whatever_the_units() {
    // Of x in 0, 1, 2 and 1, 2 or 4 parts of odds 1 : 2^x.
    let mut cases = Vec::new();
    for (x, yes, of) in [(0.0, 15, 30), (1.0, 20, 30), (2.0, 24, 30)] {
        cases.extend(happened(&[1.0, x], yes, of));
    }
    let weights = fit(&cases).unwrap();
    near(weights[0], 0.0);
    near(weights[1], std::f64::consts::LN_2);
    let scaled: Vec<Choice> = cases
        .iter()
        .map(|case| Choice {
            features: case
                .features
                .iter()
                .map(|x| vec![x[0], 1e4 * x[1]])
                .collect(),
            came: case.came,
        })
        .collect();
    let other = fit(&scaled).unwrap();
    assert!((other[1] * 1e4 - weights[1]).abs() < 1e-8);
}
