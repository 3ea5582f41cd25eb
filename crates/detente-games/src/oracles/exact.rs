//! Exact arithmetic of payoffs.

use num_bigint::BigInt;
use num_rational::BigRational;

use crate::number::{Number, to_f64};

/// A payoff while it is computed.
pub(super) type Exact = BigRational;

/// The decimal that `value` prints as.
pub(super) fn exact(value: f64) -> Exact {
    Number::decimal(value).exact().clone()
}

/// A whole number.
pub(super) fn whole(count: usize) -> Exact {
    Exact::from(BigInt::from(count))
}

/// (2i+1)/2k: the middle of the i-th of k equal parts of [0, 1].
pub(super) fn middle(i: usize, k: usize) -> Exact {
    Exact::new((2 * i + 1).into(), (2 * k).into())
}

/// How a number stands in a label.
pub(super) fn show(value: &Exact) -> String {
    format!("{}", to_f64(value))
}

/// Payoffs as an outcome takes them.
pub(super) fn pays<const PLAYERS: usize>(values: [Exact; PLAYERS]) -> Vec<Number> {
    values.into_iter().map(Number::from).collect()
}

/// A lottery over two branches, the first with probability `first`.
pub(super) fn either(first: (&str, &Exact), second: &str) -> [(String, Number); 2] {
    [
        (first.0.into(), Number::from(first.1.clone())),
        (second.into(), Number::from(whole(1) - first.1)),
    ]
}

/// Independent draws of one of `rows` and one of `columns` types, all equally likely, row by row.
pub(super) fn pairs(rows: usize, columns: usize) -> Vec<(String, Number)> {
    let each = Number::from(Exact::new(1.into(), (rows * columns).into()));
    (0..rows * columns)
        .map(|pair| {
            (
                format!("types {}, {}", pair / columns + 1, pair % columns + 1),
                each.clone(),
            )
        })
        .collect()
}
