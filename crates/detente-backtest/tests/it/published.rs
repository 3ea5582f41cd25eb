//! Estimates on data on which others have published theirs. Run where `DETENTE_DATA` names the folder that holds the tables.

use detente_backtest::estimate::{Estimate, Method, Model, Problem, Request};

/// The replication archive of Crisman-Cox & Gibilisco (2021), estimationLog.txt: log likelihoods and estimates of the pseudo-likelihood, of
/// the nested pseudo-likelihood, and of the likelihood under the constraint of equilibrium, which is printed to two digits; standard errors
/// of the second.
const PSEUDO: f64 = -3964.026;
const NESTED: f64 = -3932.447;
const CONSTRAINED: f64 = -3_927.909_514_947_145;
#[rustfmt::skip]
const NESTED_WEIGHTS: [f64; 20] = [
    -0.218_076_5, 0.034_069_59, 0.054_685_94, -0.170_238_3, 1.602_845, -0.048_140_32, -2.136_771, 2.335_138, 0.117_180_2, 0.121_508_5,
    -0.025_528_86, -2.418_381, 0.014_076_81, 0.035_258_19, 0.026_497_25, -0.908_378_5, -0.002_637_816, 0.119_932_1, -2.638_156, 0.020_077_19,
];
#[rustfmt::skip]
const PSEUDO_WEIGHTS: [f64; 20] = [
    -0.323_316_8, 0.002_778_248, 0.011_553_3, -0.178_653_2, -0.327_214_6, 0.355_948_6, -1.115_965, 2.320_567, 0.082_459_08, 0.131_432_2,
    -0.047_572_77, -2.433_104, 0.392_116_9, 0.012_819_6, 0.018_223_5, 0.484_332, -0.001_551_391, 0.105_802_7, -2.628_135, -0.003_894_097,
];
#[rustfmt::skip]
const CONSTRAINED_WEIGHTS: [f64; 20] = [
    -0.52, 0.01, 0.04, -0.16, 1.31, -0.19, -4.53, 2.83, 0.19, 0.10, -0.02, -2.46, -0.05, 0.0, 0.04, -4.42, -0.01, 0.29, -2.71, 0.0,
];
/// Standard errors of the pseudo-likelihood.
#[rustfmt::skip]
const PSEUDO_ERRORS: [f64; 20] = [
    0.67, 0.07, 0.01, 0.03, 0.83, 0.24, 0.31, 0.68, 0.06, 0.04, 0.13, 0.10, 0.90, 0.08, 0.01, 0.22, 0.01, 0.04, 0.09, 0.07,
];

#[expect(
    clippy::disallowed_methods,
    reason = "the tables are not the project's: where they are is told from outside"
)]
fn sanctions(method: Method, first: Option<[&str; 2]>) -> Option<(Problem, String)> {
    let folder = std::env::var_os("DETENTE_DATA")?;
    let path = std::path::Path::new(&folder).join("sanctionsData.csv");
    let text = std::fs::read_to_string(path).unwrap();
    let request = Request {
        model: Model::CrisisSignalling,
        method,
        outcomes: ["sq", "cd", "sf", "bd"].map(str::to_owned).to_vec(),
        utilities: [
            "SA ~ sqrt(senderecondep) + senderdemocracy + contig + ally - 1",
            "VA ~ anticipatedsendercosts",
            "CB ~ sqrt(targetecondep) + anticipatedtargetcosts + contig + ally",
            "barWA ~ sqrt(senderecondep) + senderdemocracy + lncaprat",
            "barWB ~ targetdemocracy + lncaprat",
            "bara ~ senderdemocracy",
        ]
        .map(str::to_owned)
        .to_vec(),
        cluster: Some("dyadID".into()),
        first: first.map(|names| names.map(str::to_owned)),
    };
    Some((Problem::read(&text, &request).unwrap(), text))
}

fn estimate(problem: &Problem, starts: u64) -> Estimate {
    let attempts: Vec<_> = (0..starts).map(|start| problem.attempt(start, 1)).collect();
    problem.settle(&attempts).unwrap()
}

/// Numbers of a column.
fn column(text: &str, name: &str) -> Vec<f64> {
    let mut lines = text.lines().map(|line| line.split(','));
    let place = lines.next().unwrap().position(|head| head == name);
    let each = lines.map(|mut cells| cells.nth(place.unwrap()).unwrap());
    each.map(|cell| cell.parse().unwrap()).collect()
}

#[test]
fn the_nested_pseudo_likelihood_is_the_published_one_to_its_last_digit() {
    let Some((problem, text)) = sanctions(Method::Nested, None) else {
        return;
    };
    let found = estimate(&problem, 5);
    assert!((found.log_likelihood - NESTED).abs() < 1e-3);
    let mut worst = 0.0_f64;
    for (weight, published) in found.weights.iter().zip(NESTED_WEIGHTS) {
        worst = worst.max((weight.value - published).abs() / (1.0 + published.abs()));
    }
    println!("nested: largest difference {worst:.1e}");
    assert!(worst < 1e-5, "{worst}");
    // The file's own columns say what B and A do in it.
    let resist = column(&text, "PRnpl");
    let fight = column(&text, "PFnpl");
    let mut apart = 0.0_f64;
    for (row, played) in found.played.iter().enumerate() {
        let challenge = 1.0 - played[0];
        let resists = (played[2] + played[3]) / challenge;
        let fights = played[2] / (played[2] + played[3]);
        apart = apart.max((resists - resist[row]).abs());
        apart = apart.max((fights - fight[row]).abs());
    }
    println!("nested: largest difference of a chance {apart:.1e}");
    assert!(apart < 1e-4, "{apart}");
    assert!(found.off.unwrap() < 1e-10);
    assert_eq!(found.several.len(), 0);
}

#[test]
fn the_likelihood_in_equilibrium_is_the_published_one() {
    let Some((problem, _)) = sanctions(Method::Likelihood, None) else {
        return;
    };
    let found = estimate(&problem, 2);
    println!("in equilibrium: {}", found.log_likelihood);
    assert!((found.log_likelihood - CONSTRAINED).abs() < 1e-5);
    for (weight, published) in found.weights.iter().zip(CONSTRAINED_WEIGHTS) {
        assert!(
            (weight.value - published).abs() < 5.1e-3,
            "{weight:?} {published}"
        );
    }
}

/// The random forest of the archive is not quite the one whose chances are in the file; estimates are within standard errors.
#[test]
fn the_pseudo_likelihood_is_within_its_standard_errors() {
    let Some((problem, _)) = sanctions(Method::Pseudo, Some(["PRhat", "PFhat"])) else {
        return;
    };
    let found = estimate(&problem, 5);
    println!("pseudo: {}", found.log_likelihood);
    assert!((found.log_likelihood - PSEUDO).abs() < 1.0);
    let each = found.weights.iter().zip(PSEUDO_WEIGHTS).zip(PSEUDO_ERRORS);
    let mut worst = 0.0_f64;
    for ((weight, published), error) in each {
        println!("{:.4} {published:.4} {error}", weight.value);
        worst = worst.max((weight.value - published).abs() / error);
    }
    println!("pseudo: largest difference in standard errors {worst:.2}");
    assert!(worst < 1.0, "{worst}");
}
