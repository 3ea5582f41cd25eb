//! Named distributions: `pert(1, 3, 9)`.

use detente_diag::{Code, Diagnostic};
use detente_math::{Distribution, Link, normal_quantile};

use super::Reader;
use crate::Domain;

/// A distribution that can be named: its name, its arguments, what it is.
struct Known {
    name: &'static str,
    arguments: &'static [&'static str],
    make: fn(&[f64]) -> Option<Distribution>,
}

/// Every distribution that can be named.
const KNOWN: &[Known] = &[
    Known {
        name: "beta",
        arguments: &["first shape", "second shape"],
        make: |x| {
            let (a, b) = (x[0], x[1]);
            let sound = a > 0.0 && b > 0.0 && a <= 1e4 && b <= 1e4;
            sound.then_some(Distribution::Beta {
                low: 0.0,
                high: 1.0,
                a,
                b,
            })
        },
    },
    Known {
        name: "lognormal",
        arguments: &["median", "95th percentile over the median"],
        make: |x| {
            let sound = x[0] > 0.0 && x[1] > 1.0;
            let spread = libm_log(x[1]) / normal_quantile(0.95);
            sound.then(|| Distribution::Linked {
                link: Link::Log,
                median: libm_log(x[0]),
                below: spread,
                above: spread,
            })
        },
    },
    Known {
        name: "normal",
        arguments: &["mean", "standard deviation"],
        make: |x| {
            (x[1] > 0.0).then_some(Distribution::Linked {
                link: Link::Identity,
                median: x[0],
                below: x[1],
                above: x[1],
            })
        },
    },
    Known {
        name: "pert",
        arguments: &["least", "likeliest", "greatest"],
        make: |x| {
            let sound = x[0] < x[2] && x[0] <= x[1] && x[1] <= x[2];
            sound.then(|| Distribution::pert(x[0], x[1], x[2]))
        },
    },
    Known {
        name: "triangular",
        arguments: &["least", "likeliest", "greatest"],
        make: |x| {
            let sound = x[0] < x[2] && x[0] <= x[1] && x[1] <= x[2];
            sound.then_some(Distribution::Triangular {
                low: x[0],
                mode: x[1],
                high: x[2],
            })
        },
    },
    Known {
        name: "uniform",
        arguments: &["least", "greatest"],
        make: |x| {
            (x[0] < x[1]).then_some(Distribution::Uniform {
                low: x[0],
                high: x[1],
            })
        },
    },
];

/// The logarithm on the scale that ranges use.
fn libm_log(x: f64) -> f64 {
    Link::Log.forward(x)
}

/// Is the text of the form `name(…)`?
pub(super) fn is_call(text: &str) -> bool {
    let name = text
        .trim()
        .strip_suffix(')')
        .and_then(|rest| rest.split_once('('));
    name.is_some_and(|(name, _)| {
        !name.is_empty()
            && name.chars().all(char::is_alphanumeric)
            && name.starts_with(char::is_alphabetic)
    })
}

impl Reader<'_> {
    /// Reads `name(…)`.
    pub(super) fn call(&mut self, text: &str) -> Option<Distribution> {
        let (name, inside) = text.trim().strip_suffix(')')?.split_once('(')?;
        let Some(known) = KNOWN.iter().find(|known| known.name == name) else {
            self.diagnostics.push(
                Diagnostic::new(
                    Code::BAD_NUMBER,
                    format!("there is no distribution `{name}`"),
                )
                .at(self.whole, "here")
                .suggest(name, KNOWN.iter().map(|known| known.name)),
            );
            return None;
        };
        let numbers: Option<Vec<f64>> = inside
            .split(',')
            .map(|piece| self.argument(piece))
            .collect();
        let made = numbers
            .filter(|numbers| numbers.len() == known.arguments.len())
            .and_then(|numbers| (known.make)(&numbers));
        if made.is_none() {
            self.diagnostics.push(
                Diagnostic::new(Code::BAD_NUMBER, format!("`{text}` is not a distribution"))
                    .at(self.whole, "here")
                    .help(format!("expected {name}({})", known.arguments.join(", "))),
            );
        }
        made
    }

    /// A plain number, or a percentage where the field is a share. Its place in the bounds is judged later, as a whole.
    fn argument(&self, piece: &str) -> Option<f64> {
        let piece = piece.trim();
        let share = self.field.domain == Domain::Share;
        let (digits, scale) = match piece.strip_suffix('%') {
            Some(digits) if share => (digits.trim(), 0.01),
            Some(_) => return None,
            None => (piece, 1.0),
        };
        let x = digits
            .parse::<f64>()
            .ok()
            .filter(|x| x.is_finite() && x.abs() < 1e15)?;
        Some(x * scale)
    }
}
