//! What a judgement says: a probability, or the distribution of a number.

use detente_diag::{Code, Diagnostic, Diagnostics};
use detente_math::Distribution;

use crate::grammar::numbers::OBSERVED;
use crate::number::{self, Words};
use crate::{NumberField, Tree, TreeKind};

/// What a judgement says.
#[derive(Clone, Debug, PartialEq)]
pub enum Forecast {
    /// The chance that something happens.
    Chance(f64),
    /// How a number is distributed.
    Number {
        /// As written.
        text: String,
        /// What it means.
        distribution: Distribution,
    },
}

/// How much levels or chances may miss what they must add up to.
const ROUNDING: f64 = 1e-9;
/// Quantiles, or values with chances, at most.
const MOST: usize = 1000;

const FORMS: &str = "write it as any number of a case (\"5 to 10\", \"normal(7, 2)\"), or \"quantiles 0%: 10, 50%: 14, 100%: 30\", or \"chances 1: 40%, 2: 60%\"";

/// Reads the distribution of a number that is forecast: any way in which a case writes a number; `quantiles 0%: 10, 50%: 14, 100%: 30`, with
/// the same chance everywhere between two of them; or `chances 1: 40%, 2: 60%`. `None`: it is at fault, which has then been said.
pub fn read_distribution(tree: &Tree, diagnostics: &mut Diagnostics) -> Option<Distribution> {
    read_distribution_of(tree, OBSERVED, diagnostics)
}

/// The same of a number of this kind.
pub(crate) fn read_distribution_of(
    tree: &Tree,
    field: NumberField,
    diagnostics: &mut Diagnostics,
) -> Option<Distribution> {
    let TreeKind::Text(text) = &tree.kind else {
        return number::read(tree, field, &Words::default(), "", diagnostics);
    };
    let (word, rest) = text
        .trim()
        .split_once(char::is_whitespace)
        .unwrap_or((text.trim(), ""));
    let made = match word {
        "quantiles" => pairs(rest).and_then(|pairs| of_quantiles(&pairs)),
        "chances" => pairs(rest).and_then(|pairs| of_chances(&pairs)),
        _ => return number::read(tree, field, &Words::default(), "", diagnostics),
    };
    made.map_err(|what| {
        let fault = Diagnostic::new(Code::BAD_NUMBER, what);
        diagnostics.push(fault.at(tree.span, "here").help(FORMS));
    })
    .ok()
}

/// `A: B, A: B`, as numbers; a percent sign divides by a hundred.
fn pairs(text: &str) -> Result<Vec<(f64, f64)>, String> {
    let mut found = Vec::new();
    for piece in text.split(',') {
        let pair = piece.split_once(':');
        let pair = pair.and_then(|(a, b)| Some((scalar(a)?, scalar(b)?)));
        found.push(pair.ok_or_else(|| format!("`{}` is no pair of numbers", piece.trim()))?);
    }
    if found.len() > MOST {
        return Err(format!("{} pairs; at most {MOST} are read", found.len()));
    }
    Ok(found)
}

fn scalar(text: &str) -> Option<f64> {
    let text = text.trim();
    let (digits, scale) = match text.strip_suffix('%') {
        Some(digits) => (digits.trim(), 100.0),
        None => (text, 1.0),
    };
    let number: f64 = digits.parse().ok()?;
    (number.is_finite() && number.abs() <= 1e12).then_some(number / scale)
}

fn of_quantiles(pairs: &[(f64, f64)]) -> Result<Distribution, String> {
    let ends = (pairs.first().map(|p| p.0), pairs.last().map(|p| p.0));
    if pairs.len() < 2 || ends != (Some(0.0), Some(1.0)) {
        return Err("quantiles go from 0% to 100%, so that nothing is left open".into());
    }
    let mut parts = Vec::new();
    for two in pairs.windows(2) {
        let [(from, low), (to, high)] = [two[0], two[1]];
        if to <= from {
            return Err("the levels of quantiles must increase".into());
        }
        if high < low {
            return Err(format!(
                "quantiles must not decrease: {low} is followed by {high}"
            ));
        }
        let part = if high > low {
            Distribution::Uniform { low, high }
        } else {
            Distribution::Exact(low)
        };
        parts.push((to - from, part));
    }
    Ok(Distribution::Mixture(parts.into()))
}

fn of_chances(pairs: &[(f64, f64)]) -> Result<Distribution, String> {
    let sum: f64 = pairs.iter().map(|pair| pair.1).sum();
    if pairs.iter().any(|pair| pair.1 <= 0.0) || (sum - 1.0).abs() > ROUNDING {
        return Err(format!(
            "chances lie above 0 and add up to 1, these to {sum}"
        ));
    }
    let mut values: Vec<f64> = pairs.iter().map(|pair| pair.0).collect();
    values.sort_by(f64::total_cmp);
    if values.windows(2).any(|two| two[0] == two[1]) {
        return Err("a value stands twice".into());
    }
    let part = |(value, chance): &(f64, f64)| (chance / sum, Distribution::Exact(*value));
    Ok(Distribution::Mixture(pairs.iter().map(part).collect()))
}

#[cfg(test)]
mod tests {
    use detente_diag::{Diagnostics, FileId, Span};
    use detente_math::Distribution;

    use super::read_distribution;
    use crate::{Tree, TreeKind};

    fn read(text: &str) -> Result<Distribution, String> {
        let tree = Tree {
            span: Span::new(FileId(0), 0, text.len() + 2),
            kind: TreeKind::Text(text.into()),
        };
        let mut found = Diagnostics::default();
        read_distribution(&tree, &mut found).ok_or_else(|| {
            let faults = found.into_sorted();
            assert!(!faults.is_empty(), "{text} is refused without a word");
            faults[0].message.clone()
        })
    }

    #[test]
    fn quantiles_are_met_and_chances_are_atoms() {
        let made = read("quantiles 0%: 10, 25%: 12, 50%: 12, 90%: 20, 100%: 40").unwrap();
        for (level, at) in [(0.25, 12.0), (0.9, 20.0), (0.95, 30.0), (0.125, 11.0)] {
            assert!((made.quantile(level) - at).abs() < 1e-9, "{level}");
        }
        assert_eq!(made.atoms(), [(12.0, 0.25)]);
        let made = read("chances 1: 20%, 2: 50%, 4: 0.3").unwrap();
        assert_eq!(made.atoms(), [(1.0, 0.2), (2.0, 0.5), (4.0, 0.3)]);
        assert!(matches!(
            read("5 to 10").unwrap(),
            Distribution::Linked { .. }
        ));
        assert!(read("normal(7, 2)").is_ok() && read("-3 / 1 / 9").is_ok());
    }

    #[test]
    fn what_is_no_distribution_is_refused() {
        for (text, says) in [
            ("quantiles 5%: 10, 100%: 40", "from 0% to 100%"),
            ("quantiles", "no pair"),
            ("quantiles 0%: 1, 0%: 2, 100%: 3", "must increase"),
            ("quantiles 0%: 3, 100%: 2", "must not decrease"),
            ("chances 1: 20%, 2: 70%", "add up to 1"),
            ("chances 1: 20%, 1: 80%", "stands twice"),
            ("chances 1: -20%, 2: 120%", "lie above 0"),
            ("chances 1 20%", "no pair"),
            ("chances 1: inf", "no pair"),
            ("norml(7, 2)", "no distribution"),
        ] {
            let said = read(text).expect_err(text);
            assert!(said.contains(says), "{text}: {said}");
        }
    }
}
