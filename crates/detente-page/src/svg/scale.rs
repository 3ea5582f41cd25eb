//! Linear scales, round ticks and axes.

use super::canvas::{Anchor, Canvas, SMALL};

/// Whether a number can be drawn: finite and not absurdly large.
pub(crate) fn usable(value: f64) -> bool {
    value.is_finite() && value.abs() <= 1e12
}

/// Least and greatest of the usable values.
pub(crate) fn extent(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    values
        .into_iter()
        .filter(|v| usable(*v))
        .fold(None, |acc, v| {
            Some(acc.map_or((v, v), |(lo, hi): (f64, f64)| (lo.min(v), hi.max(v))))
        })
}

/// A linear map from data to pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    domain: (f64, f64),
    range: (f64, f64),
}

impl Scale {
    pub(crate) fn new(domain: (f64, f64), range: (f64, f64)) -> Self {
        Self { domain, range }
    }

    /// Pixel of a value, kept within the range.
    pub(crate) fn at(&self, value: f64) -> f64 {
        let span = self.domain.1 - self.domain.0;
        if !usable(value) || span.abs() < f64::MIN_POSITIVE {
            return self.range.0;
        }
        let part = ((value - self.domain.0) / span).clamp(0.0, 1.0);
        self.range.0 + part * (self.range.1 - self.range.0)
    }
}

/// Tick marks with their labels and the domain they suit.
#[derive(Clone, Debug)]
pub(crate) struct Ticks {
    pub(crate) domain: (f64, f64),
    pub(crate) marks: Vec<(f64, String)>,
    pub(crate) step: f64,
}

/// Opens up a domain that is empty or a single point.
fn widen(found: Option<(f64, f64)>) -> (f64, f64) {
    let Some((lo, hi)) = found else {
        return (0.0, 1.0);
    };
    let size = lo.abs().max(hi.abs());
    if hi - lo > (size * 1e-6).max(1e-6) {
        (lo, hi)
    } else {
        let pad = (size * 0.1).max(1.0);
        (lo - pad, hi + pad)
    }
}

/// About `count` round ticks; the domain is widened to whole steps.
pub(crate) fn round_ticks(found: Option<(f64, f64)>, count: f64) -> Ticks {
    let (lo, hi) = widen(found);
    let step = round_step((hi - lo) / count.max(1.0));
    let (first, last) = ((lo / step).floor(), (hi / step).ceil());
    Ticks {
        domain: (first * step, last * step),
        marks: marks(first, last, step),
        step,
    }
}

/// Ticks for a time in months: steps of 1, 2, 3, 6, 12 … months, and the
/// domain kept as it is.
pub(crate) fn month_ticks(found: Option<(f64, f64)>, count: f64) -> Ticks {
    const STEPS: [f64; 12] = [
        1.0, 2.0, 3.0, 6.0, 12.0, 24.0, 36.0, 60.0, 120.0, 240.0, 600.0, 1200.0,
    ];
    let (lo, hi) = widen(found);
    let span = hi - lo;
    let step = STEPS
        .into_iter()
        .find(|s| span / s <= count && span >= 2.0)
        .unwrap_or_else(|| round_step(span / count.max(1.0)));
    Ticks {
        domain: (lo, hi),
        marks: marks((lo / step - 1e-9).ceil(), (hi / step + 1e-9).floor(), step),
        step,
    }
}

fn marks(first: f64, last: f64, step: f64) -> Vec<(f64, String)> {
    let n = (last - first).clamp(0.0, 60.0) as usize;
    (0..=n)
        .map(|i| {
            let v = (first + i as f64) * step;
            (v, plain(v, decimals(step)))
        })
        .collect()
}

/// The least of 1, 2, 5 × a power of ten that is at least `rough`.
fn round_step(rough: f64) -> f64 {
    let mut base = 1.0;
    for _ in 0..20 {
        if base * 10.0 <= rough {
            base *= 10.0;
        }
        if base > rough {
            base /= 10.0;
        }
    }
    [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|m| m * base)
        .find(|s| *s >= rough * 0.999)
        .unwrap_or(base * 10.0)
}

/// Decimal places that a step needs.
pub(crate) fn decimals(step: f64) -> usize {
    let mut places = 0;
    let mut s = step.abs();
    while s < 0.999 && places < 8 {
        s *= 10.0;
        places += 1;
    }
    places
}

/// Decimal places for values read against ticks of this step.
pub(crate) fn value_decimals(step: f64) -> usize {
    if step >= 4.0 { 0 } else { decimals(step) + 1 }
}

/// A number for people: true minus sign, thousands set apart by a thin space.
pub(crate) fn plain(value: f64, places: usize) -> String {
    if !usable(value) {
        return "–".to_owned();
    }
    let digits = format!("{:.places$}", value.abs());
    let (whole, part) = digits
        .split_once('.')
        .map_or((digits.as_str(), None), |(w, p)| (w, Some(p)));
    let mut out = String::new();
    if value < 0.0 && digits.bytes().any(|b| b.is_ascii_digit() && b != b'0') {
        out.push('−');
    }
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && whole.len() > 4 && (whole.len() - i).is_multiple_of(3) {
            out.push('\u{2009}');
        }
        out.push(c);
    }
    if let Some(p) = part {
        out.push('.');
        out.push_str(p);
    }
    out
}

/// The area of a plot in pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plot {
    pub(crate) left: f64,
    pub(crate) right: f64,
    pub(crate) top: f64,
    pub(crate) bottom: f64,
}

/// Vertical grid lines with labels below and the axis title under them.
pub(crate) fn x_axis(c: &mut Canvas, plot: Plot, ticks: &Ticks, scale: Scale, label: &str) {
    c.group("axis axis-x");
    for (v, text) in &ticks.marks {
        let x = scale.at(*v);
        c.line("grid", (x, plot.top), (x, plot.bottom));
        c.text(
            "t tick",
            SMALL,
            (x, plot.bottom + 17.0),
            Anchor::Middle,
            text,
        );
    }
    c.line("rule", (plot.left, plot.bottom), (plot.right, plot.bottom));
    let middle = f64::midpoint(plot.left, plot.right);
    c.text(
        "t axis-label",
        SMALL,
        (middle, plot.bottom + 37.0),
        Anchor::Middle,
        label,
    );
    c.close("g");
}

/// Horizontal grid lines with labels to the left; the axis title stands above
/// the axis, to be read without turning the head.
pub(crate) fn y_axis(c: &mut Canvas, plot: Plot, ticks: &Ticks, scale: Scale) {
    c.group("axis axis-y");
    for (v, text) in &ticks.marks {
        let y = scale.at(*v);
        c.line("grid", (plot.left, y), (plot.right, y));
        c.text(
            "t tick",
            SMALL,
            (plot.left - 7.0, y + 4.3),
            Anchor::End,
            text,
        );
    }
    c.close("g");
}
