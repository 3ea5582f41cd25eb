//! What stands behind a number for a factor: `%`, `k`, `M`, `bn`.

use detente_diag::{Code, Diagnostic};

use super::{Reader, exponent};

/// A number's digits, and what stands behind them.
pub(super) fn split(trimmed: &str) -> (&str, &str) {
    let digits = trimmed
        .char_indices()
        .find(|(i, c)| !(c.is_ascii_digit() || ".-+_".contains(*c) || exponent(trimmed, *i)))
        .map_or(trimmed.len(), |(i, _)| i);
    let (digits, rest) = trimmed.split_at(digits);
    (digits, rest.trim_start())
}

/// What stands for a factor behind a number, if anything does, and the unit behind that.
pub(super) fn suffix(rest: &str) -> (Option<(&'static str, f64)>, &str) {
    [("%", 0.01), ("k", 1e3), ("M", 1e6), ("bn", 1e9)]
        .into_iter()
        .find_map(|(suffix, scale)| {
            let unit = rest.strip_prefix(suffix)?;
            let ends = !unit.starts_with(|c: char| c.is_alphanumeric());
            ends.then_some((Some((suffix, scale)), unit.trim_start()))
        })
        .unwrap_or((None, rest))
}

impl Reader<'_> {
    /// `"0.5 to 60%"`: where some numbers bear `%` or `k` and others could be meant to, that is said.
    pub(super) fn scaled_alike(&mut self, pieces: &[&str], values: &[f64]) {
        let scales = pieces.iter().map(|piece| suffix(split(piece.trim()).1));
        let scales: Vec<Option<(&str, f64)>> = scales.map(|(scale, _)| scale).collect();
        let Some((name, scale)) = scales.iter().flatten().next().copied() else {
            return;
        };
        let meant = values.iter().zip(&scales);
        let meant: Vec<f64> = meant
            .map(|(x, own)| if own.is_some() { *x } else { x * scale })
            .collect();
        let (low, high) = self.bounds();
        let possible = meant.windows(2).all(|pair| pair[0] < pair[1])
            && meant.iter().all(|x| (low..=high).contains(x));
        if !possible || meant == values {
            return;
        }
        let bare = pieces.iter().zip(&scales).filter(|(_, own)| own.is_none());
        let bare: Vec<&str> = bare.map(|(piece, _)| split(piece.trim()).0).collect();
        let with: Vec<String> = bare.iter().map(|x| format!("{x}{name}")).collect();
        let read = bare.join(" and ");
        let message = format!(
            "`{name}` stands behind some of these numbers only: {read} is read as it stands"
        );
        let help = if name == "%" {
            let percent = |piece: &&str| {
                let x: f64 = piece.replace('_', "").parse().unwrap_or(f64::NAN);
                format!("{}%", 100.0 * x)
            };
            let stands: Vec<String> = bare.iter().map(percent).collect();
            format!(
                "write {} if it is meant so, or {}",
                stands.join(" and "),
                with.join(" and ")
            )
        } else {
            format!(
                "write {} if that is meant, or the numbers in full",
                with.join(" and ")
            )
        };
        self.diagnostics.push(
            Diagnostic::new(Code::SCALED_APART, message)
                .at(self.whole, "two readings are possible")
                .help(help),
        );
    }
}
