//! Numbers that are drawn together: facts, ranked and Dirichlet weights, correlated numbers, readings that build on others.

use detente_case::{Case, Overrides, Plan};
use detente_math::{Sampler, Stream};

use crate::{check, list};

const WORLDS: u64 = 1 << 14;

const CASE: &str = r#"
[case]
name = "Dependence"
as_of = 2024-06-01
[fact.patience]
value = "20 to 40"
[issue.a]
status_quo = "no"
option = { no = {}, yes = {} }
[issue.b]
status_quo = "no"
option = { no = {}, yes = {} }
[issue.c]
status_quo = "no"
option = { no = {}, yes = {} }
[party.ranked]
roles = ["belligerent"]
reservation = "fact.patience"
weights.rank = ["b", "a", "c"]
issue.a.value = { no = 0, yes = 1 }
issue.b.value = { no = 0, yes = 1 }
issue.c.value = { no = 0, yes = 1 }
[party.ranked.type.one]
prior = 0.5
[party.ranked.type.two]
prior = 0.5
[party.dirichlet]
roles = ["belligerent"]
reservation = "fact.patience"
weights.concentration = 10
issue.a = { weight = 50, value = { no = 1, yes = 0 } }
issue.b = { weight = 30, value = { no = 1, yes = 0 } }
issue.c = { weight = 20, value = { no = 1, yes = "10% to 60%" } }
[party.correlated]
roles = ["mediator"]
reservation = "10 to 20"
burden = "5 to 15"
scar = "0.1 to 0.4"
escalation_cost = "20 to 60"
issue.a = { weight = 1, value = { no = 1, yes = 0 } }
[[move_together]]
paths = ["party.correlated.burden", "party.correlated.scar"]
strength = "strong"
[[move_together]]
paths = ["party.correlated.scar", "party.correlated.escalation_cost"]
strength = "opposite weak"
[reading.low]
set = { "party.correlated.burden" = 1, "fact.patience" = 10 }
[reading.lower]
includes = ["low"]
set = { "party.correlated.burden" = 0.5 }
"#;

fn case() -> Case {
    let checked = check("case", CASE);
    let text = list(&checked);
    checked.case.unwrap_or_else(|| panic!("{text}"))
}

/// The values of inputs over many worlds.
fn drawn(case: &Case, overrides: &Overrides, paths: &[&str]) -> Vec<Vec<f64>> {
    let plan = Plan::new(case);
    let stream = Stream {
        sampler: Sampler::Quasi,
        seed: 3,
    };
    let place = |path: &&str| case.inputs.iter().position(|i| i.path == *path).unwrap();
    let places: Vec<usize> = paths.iter().map(place).collect();
    (0..WORLDS)
        .map(|world| {
            let values = plan.values(&plan.uniforms(stream, world), overrides);
            places.iter().map(|i| values[*i]).collect()
        })
        .collect()
}

fn shares(row: &[f64]) -> Vec<f64> {
    let sum: f64 = row.iter().sum();
    row.iter().map(|w| w / sum).collect()
}

fn square(x: f64) -> f64 {
    x * x
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    values.sum::<f64>() / WORLDS as f64
}

#[test]
fn ranked_weights_are_uniform_over_those_that_keep_the_order() {
    let weight = |issue: &str| format!("party.ranked.issue.{issue}.weight");
    let paths = ["b", "a", "c"].map(weight);
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let rows = drawn(&case(), &Overrides::default(), &paths);
    assert!(
        rows.iter()
            .all(|w| w[0] > w[1] && w[1] > w[2] && w[2] > 0.0)
    );
    // Means of ordered uniform weights of three: (1 + 1/2 + 1/3)/3, (1/2 + 1/3)/3, (1/3)/3 (rank-order centroid, Barron 1992).
    for (k, expected) in [11.0 / 18.0, 5.0 / 18.0, 2.0 / 18.0]
        .into_iter()
        .enumerate()
    {
        let found = mean(rows.iter().map(|row| shares(row)[k]));
        assert!((found - expected).abs() < 2e-3, "{k}: {found}");
    }
    // Types that state no weights of their own have their party's.
    let case = case();
    let plan = Plan::new(&case);
    let world = plan.world(&plan.uniforms(Stream::default(), 5), &Overrides::default());
    assert_eq!(
        world.numbers.types[0].weights,
        world.numbers.types[1].weights
    );
}

#[test]
fn dirichlet_weights_have_their_means_and_variances() {
    let weight = |issue: &str| format!("party.dirichlet.issue.{issue}.weight");
    let paths = ["a", "b", "c"].map(weight);
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let rows = drawn(&case(), &Overrides::default(), &paths);
    for (k, share) in [0.5, 0.3, 0.2].into_iter().enumerate() {
        let found = mean(rows.iter().map(|row| shares(row)[k]));
        assert!((found - share).abs() < 2e-3, "mean {k}: {found}");
        let found = mean(rows.iter().map(|row| square(shares(row)[k] - share)));
        // α(α0 − α) / (α0² (α0 + 1)) with α0 = 10.
        let expected = share * (1.0 - share) / 11.0;
        assert!(
            (found / expected - 1.0).abs() < 0.03,
            "variance {k}: {found}"
        );
    }
}

/// Spearman's rank correlation.
fn rank_correlation(rows: &[Vec<f64>], i: usize, j: usize) -> f64 {
    let ranks = |k: usize| {
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by(|a, b| rows[*a][k].total_cmp(&rows[*b][k]));
        let mut ranks = vec![0.0; rows.len()];
        for (rank, row) in order.into_iter().enumerate() {
            ranks[row] = rank as f64 / rows.len() as f64 - 0.5;
        }
        ranks
    };
    let (a, b) = (ranks(i), ranks(j));
    12.0 * mean(a.iter().zip(&b).map(|(x, y)| x * y))
}

#[test]
fn correlated_numbers_have_the_rank_correlation_asked_for_and_keep_their_shapes() {
    let paths = [
        "party.correlated.burden",
        "party.correlated.scar",
        "party.correlated.escalation_cost",
        "party.correlated.reservation",
    ];
    let case = case();
    let rows = drawn(&case, &Overrides::default(), &paths);
    for (i, j, expected) in [(0, 1, 0.8), (1, 2, -0.2), (0, 2, 0.0), (0, 3, 0.0)] {
        let found = rank_correlation(&rows, i, j);
        assert!((found - expected).abs() < 0.03, "{i}, {j}: {found}");
    }
    // The central 90 % is where it was written.
    for (k, (low, high)) in [(5.0, 15.0), (0.1, 0.4), (20.0, 60.0)]
        .into_iter()
        .enumerate()
    {
        let below = mean(rows.iter().map(|row| f64::from(u8::from(row[k] < low))));
        let above = mean(rows.iter().map(|row| f64::from(u8::from(row[k] > high))));
        assert!(
            (below - 0.05).abs() < 0.01 && (above - 0.05).abs() < 0.01,
            "{k}: {below} {above}"
        );
    }
}

#[test]
fn what_moves_together_leaves_every_other_draw_alone() {
    let apart = CASE
        .lines()
        .filter(|line| {
            let own = ["[[move_together]]", "paths = ", "strength = "];
            !own.iter().any(|start| line.starts_with(start))
        })
        .collect::<Vec<_>>()
        .join("\n");
    let (joint, apart) = (case(), check("case", &apart).case.unwrap());
    let of = |case: &Case| {
        let plan = Plan::new(case);
        plan.values(&plan.uniforms(Stream::default(), 11), &Overrides::default())
    };
    let (a, b) = (of(&joint), of(&apart));
    for (i, input) in joint.inputs.iter().enumerate() {
        let within = ["party.correlated.scar", "party.correlated.escalation_cost"];
        // The first of a group is drawn as it would be alone.
        if within.contains(&input.path.as_str()) {
            assert_ne!(a[i], b[i], "{}", input.path);
        } else {
            assert!((a[i] - b[i]).abs() <= 1e-12 * b[i].abs(), "{}", input.path);
        }
    }
}

#[test]
fn a_fact_is_one_number_wherever_it_stands() {
    let paths = [
        "party.ranked.reservation",
        "party.dirichlet.reservation",
        "fact.patience",
    ];
    let case = case();
    let rows = drawn(&case, &Overrides::default(), &paths);
    assert!(rows.iter().all(|row| row[0] == row[1] && row[1] == row[2]));
    assert!(rows[0][0] != rows[1][0]);
    let reading = case.readings.iter().find(|r| r.id == "lower").unwrap();
    let replaced = reading
        .set
        .iter()
        .map(|r| (r.input, r.distribution.clone()))
        .collect();
    let overrides = Overrides {
        replaced,
        ..Overrides::default()
    };
    let rows = drawn(
        &case,
        &overrides,
        &["party.dirichlet.reservation", "party.correlated.burden"],
    );
    // What a reading includes comes first, what it sets itself last.
    assert!(rows.iter().all(|row| row[0] == 10.0 && row[1] == 0.5));
}
