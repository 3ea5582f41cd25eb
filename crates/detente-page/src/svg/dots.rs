//! Quantile dots: each distribution as 20 or 50 dots of equal weight, stacked
//! in bins, so that chances can be counted.

use super::canvas::{Anchor, BODY, Canvas, SMALL, line_height, number, text_width, widest, wrap};
use super::frame::{Heads, axis_below, fitting_ticks, foot_note, overhang, placeholder_key};
use super::scale::{Plot, Scale, extent, plain, round_ticks, usable, value_decimals};
use super::{Layout, Marker};

/// Distributions under one another, on one axis.
#[derive(Clone, Debug, Default)]
pub struct QuantileDots {
    /// The finding, for the accessible name.
    pub title: String,
    /// What is drawn, for those who cannot see it.
    pub desc: String,
    /// Id of the `<svg>`; other ids derive from it.
    pub id: String,
    /// Title of the axis, with its unit.
    pub x_label: String,
    /// Rows from the top.
    pub rows: Vec<Row>,
    /// An upright line with its label (no deal), in the unit of the axis. No
    /// stack of dots straddles it.
    pub reference: Option<(String, f64)>,
    /// Decimal places of the medians; `None` follows the axis.
    pub decimals: Option<usize>,
    /// Note below the chart; may be empty. What a dot stands for is said
    /// there in any case.
    pub note: String,
}

/// One distribution.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Its name (a party, a quantity).
    pub label: String,
    /// Small line under the name; may be empty.
    pub note: String,
    /// Palette place of the party.
    pub color_index: usize,
    /// Marker of the party, on the median.
    pub marker: Marker,
    /// Quantiles at equal steps (20 or 50 of them), in any order; of more
    /// than a hundred, fifty are drawn.
    pub quantiles: Vec<f64>,
    /// Median; `None` takes it from the quantiles.
    pub median: Option<f64>,
    /// Hatch the row: it rests on placeholders.
    pub placeholder: bool,
}

impl Row {
    /// The dots to draw, in order.
    fn dots(&self) -> Vec<f64> {
        let mut all: Vec<f64> = self
            .quantiles
            .iter()
            .copied()
            .filter(|v| usable(*v))
            .collect();
        all.sort_by(f64::total_cmp);
        if all.len() > 100 {
            all = (0..50)
                .map(|i| all[(2 * i + 1) * all.len() / 100])
                .collect();
        }
        all
    }

    fn median(&self) -> Option<f64> {
        self.median.filter(|m| usable(*m)).or_else(|| {
            let dots = self.dots();
            let upper = dots.get(dots.len() / 2)?;
            let lower = dots.get((dots.len() - 1) / 2)?;
            Some(f64::midpoint(*lower, *upper))
        })
    }
}

/// A row with its dots in bins.
struct Laid<'a> {
    row: &'a Row,
    /// (bin, how many), bins in order.
    bins: Vec<(i64, usize)>,
    label: Vec<String>,
    note: Vec<String>,
    median: String,
}

struct Frame {
    layout: Layout,
    left: f64,
    right: f64,
    scale: Scale,
    /// Pixel where a bin begins, and the width of bins.
    origin: f64,
    pitch: f64,
    /// Distance of dots in a stack; less than `pitch` only where one value
    /// holds more than fit.
    rise: f64,
}

/// Stacks of many rows grow no higher than this if smaller dots can prevent it.
const TALLEST: f64 = 84.0;
/// Never higher than this.
const LIMIT: f64 = 240.0;
/// Under the dots, for the median mark.
const BELOW: f64 = 17.0;

impl QuantileDots {
    /// The ordinary layout, 640 px wide.
    #[must_use]
    pub fn render(&self) -> String {
        self.draw(Layout::Wide)
    }

    /// The layout for telephones, 344 px wide: names above their dots.
    #[must_use]
    pub fn render_compact(&self) -> String {
        self.draw(Layout::Compact)
    }

    fn draw(&self, layout: Layout) -> String {
        let mut c = Canvas::new("dots", &layout.id(&self.id), &self.title, &self.desc);
        let hatched = self.rows.iter().any(|r| r.placeholder);
        if hatched {
            c.define_hatch();
        }
        let width = layout.width();
        let found = extent(self.values());
        let places = self
            .decimals
            .unwrap_or_else(|| value_decimals(round_ticks(found, 6.0).step))
            .min(8);
        let (names, numbers) = self.columns(layout, places);
        let most = if layout.is_compact() { 5.0 } else { 7.0 };
        let rough = fitting_ticks(found, width - names - numbers - 24.0, most);
        let rim = overhang(&rough).max(8.0) + 2.0;
        let (left, right) = (names + rim, width - numbers.max(rim));
        let ticks = fitting_ticks(found, right - left, most);
        let mut frame = Frame {
            layout,
            left,
            right,
            scale: Scale::new(ticks.domain, (left, right)),
            origin: left,
            pitch: 0.0,
            rise: 0.0,
        };
        let reference: Vec<(&str, f64)> = self
            .reference()
            .map(|(label, v)| (label, frame.scale.at(v)))
            .into_iter()
            .collect();
        if let Some((_, x)) = reference.first() {
            frame.origin = *x;
        }
        frame.size(&self.rows);
        let heads = Heads::new(&reference, 0.0, width);
        let top = 6.0 + heads.depth();
        let rows: Vec<Laid> = self
            .rows
            .iter()
            .map(|row| frame.lay(row, places, names))
            .collect();
        let depth: f64 = rows.iter().map(|r| frame.height(r)).sum();
        let plot = Plot {
            left,
            right,
            top,
            bottom: top + depth.max(30.0) + 4.0,
        };
        let mut y = axis_below(&mut c, width, plot, &ticks, frame.scale, &self.x_label);
        if let Some((label, value)) = self.reference() {
            let x = frame.scale.at(value);
            c.tag("g").attr("data-reference", label).open();
            let mut from = heads.foot(0, top);
            for (to, next) in frame.barred(&rows, top, x) {
                if to > from {
                    c.line("reference", (x, from), (x, to));
                }
                from = next;
            }
            c.line("reference", (x, from), (x, plot.bottom));
            heads.text(&mut c, 0, top);
            c.close("g");
        }
        let mut at = top;
        for row in &rows {
            frame.row(&mut c, row, at);
            at += frame.height(row);
        }
        if rows.is_empty() {
            let middle = (f64::midpoint(left, right), top + 20.0);
            c.text("t muted", BODY, middle, Anchor::Middle, "No values");
        }
        if hatched {
            y = placeholder_key(&mut c, y);
        }
        y = foot_note(&mut c, width, y, &self.dot_words());
        y = foot_note(&mut c, width, y, &self.note);
        c.finish(width, y + 2.0)
    }

    fn reference(&self) -> Option<(&str, f64)> {
        self.reference
            .as_ref()
            .filter(|r| usable(r.1))
            .map(|(label, v)| (label.as_str(), *v))
    }

    fn values(&self) -> impl Iterator<Item = f64> {
        self.rows
            .iter()
            .flat_map(|r| r.quantiles.iter().copied().chain(r.median))
            .chain(self.reference().map(|r| r.1))
    }

    /// Widths of the names at the left and of the medians at the right.
    fn columns(&self, layout: Layout, places: usize) -> (f64, f64) {
        if layout.is_compact() {
            return (0.0, 0.0);
        }
        let names = self
            .rows
            .iter()
            .flat_map(|r| [text_width(&r.label, BODY), text_width(&r.note, SMALL)])
            .fold(60.0, f64::max);
        let numbers = self
            .rows
            .iter()
            .map(|r| text_width(&median_words(r, places), SMALL))
            .fold(60.0, f64::max);
        (names.min(170.0) + 28.0, numbers + 18.0)
    }

    /// What a dot stands for, if it is the same in all rows.
    fn dot_words(&self) -> String {
        let mut counts = self.rows.iter().map(|r| r.dots().len()).filter(|n| *n > 0);
        let Some(first) = counts.next() else {
            return String::new();
        };
        if counts.any(|n| n != first) {
            return "dots of a row: equal shares of its worlds".to_owned();
        }
        if 100 % first == 0 {
            format!("each dot: {} of 100 worlds", 100 / first)
        } else {
            format!("each dot: 1 of {first} equal shares of worlds")
        }
    }
}

fn median_words(row: &Row, places: usize) -> String {
    row.median().map_or_else(
        || "–".to_owned(),
        |m| format!("median {}", plain(m, places)),
    )
}

impl Frame {
    /// The largest dots whose stacks stay low enough.
    fn size(&mut self, rows: &[Row]) {
        let sizes = if self.layout.is_compact() {
            [11.0, 10.0, 9.0, 8.0, 7.0, 6.0, 5.0]
        } else {
            [15.0, 13.0, 11.0, 9.5, 8.0, 6.5, 5.5]
        };
        let all: Vec<Vec<f64>> = rows.iter().map(Row::dots).collect();
        let tallest = if rows.len() <= 4 {
            1.4 * TALLEST
        } else {
            TALLEST
        };
        for pitch in sizes {
            self.pitch = pitch;
            let most = all
                .iter()
                .flat_map(|dots| self.bins(dots))
                .map(|b| b.1)
                .max()
                .unwrap_or(0) as f64;
            self.rise = pitch.min(LIMIT / most.max(1.0));
            if most * pitch <= tallest {
                return;
            }
        }
    }

    /// How many dots fall into each bin.
    fn bins(&self, dots: &[f64]) -> Vec<(i64, usize)> {
        let mut out: Vec<(i64, usize)> = Vec::new();
        for v in dots {
            // A hair's breadth, so that rounding does not tip a value over.
            let bin = ((self.scale.at(*v) - self.origin) / self.pitch + 1e-9).floor() as i64;
            match out.last_mut() {
                Some((last, n)) if *last == bin => *n += 1,
                _ => out.push((bin, 1)),
            }
        }
        out
    }

    fn lay<'a>(&self, row: &'a Row, places: usize, names: f64) -> Laid<'a> {
        let median = median_words(row, places);
        let room = if self.layout.is_compact() {
            self.layout.width() - 20.0 - text_width(&median, SMALL) - 12.0
        } else {
            names - 24.0
        };
        Laid {
            row,
            bins: self.bins(&row.dots()),
            label: wrap(&row.label, BODY, room, 3),
            note: wrap(&row.note, SMALL, room, 2),
            median,
        }
    }

    /// Where an upright line at `x` would pass through the names of rows.
    fn barred(&self, rows: &[Laid], top: f64, x: f64) -> Vec<(f64, f64)> {
        let mut out = Vec::new();
        let mut y = top;
        for r in rows {
            let name = 20.0 + widest(&r.label, BODY).max(widest(&r.note, SMALL));
            let median = self.layout.width() - 1.0 - text_width(&r.median, SMALL);
            if self.layout.is_compact() && (x < name + 5.0 || x > median - 5.0) {
                out.push((y + 3.0, y + Self::text_height(r) + 4.0));
            }
            y += self.height(r);
        }
        out
    }

    fn text_height(r: &Laid) -> f64 {
        r.label.len().max(1) as f64 * line_height(BODY) + r.note.len() as f64 * line_height(SMALL)
    }

    fn stack_height(&self, r: &Laid) -> f64 {
        let most = r.bins.iter().map(|b| b.1).max().unwrap_or(0);
        (most as f64 * self.rise).max(self.pitch)
    }

    fn height(&self, r: &Laid) -> f64 {
        let (text, dots) = (Self::text_height(r), self.stack_height(r));
        if self.layout.is_compact() {
            text + 8.0 + dots + BELOW + 6.0
        } else {
            (dots + BELOW + 12.0).max(text + 12.0)
        }
    }

    fn row(&self, c: &mut Canvas, r: &Laid, top: f64) {
        let compact = self.layout.is_compact();
        let (text, dots) = (Self::text_height(r), self.stack_height(r));
        let base = top + self.height(r) - BELOW - if compact { 2.0 } else { 4.0 };
        let first = if compact {
            top + 16.0
        } else {
            (base - dots / 2.0 - text / 2.0 + 12.5).max(top + 16.0)
        };
        c.party_open(r.row.color_index, r.row.marker);
        c.tag("g")
            .attr("class", "quantile-row")
            .attr("data-label", &r.row.label)
            .attr("data-median", &r.row.median().map_or(String::new(), number))
            .open();
        c.tooltip(&format!("{}: {}", r.row.label, r.median));
        c.marker("mark", r.row.marker, 7.0, first - 4.8, 5.0);
        c.lines("t halo", BODY, (20.0, first), Anchor::Start, &r.label);
        let note = first + r.label.len() as f64 * line_height(BODY) - 1.0;
        c.lines("t muted halo", SMALL, (20.0, note), Anchor::Start, &r.note);
        let at = if compact {
            first
        } else {
            base - dots / 2.0 + 4.3
        };
        let at = (self.layout.width() - 1.0, at);
        c.text("t num halo", SMALL, at, Anchor::End, &r.median);
        self.draw_dots(c, r, base, dots);
        c.close("g");
        c.close("g");
    }

    fn draw_dots(&self, c: &mut Canvas, r: &Laid, base: f64, height: f64) {
        let middle = |bin: i64| {
            let x = self.origin + (bin as f64 + 0.5) * self.pitch;
            x.clamp(self.left - self.pitch / 2.0, self.right + self.pitch / 2.0)
        };
        c.line("baseline", (self.left, base), (self.right, base));
        for (bin, n) in &r.bins {
            for i in 0..*n {
                let y = base - (i as f64 + 0.5) * self.rise - 0.5;
                c.circle("dot", (middle(*bin), y), self.pitch / 2.0 - 0.5);
            }
        }
        if let (Some(a), Some(b), true) = (r.bins.first(), r.bins.last(), r.row.placeholder) {
            let (a, b) = (
                middle(a.0) - self.pitch / 2.0,
                middle(b.0) + self.pitch / 2.0,
            );
            c.hatched((a, base - height), (b - a, height));
        }
        if let Some(m) = r.row.median() {
            let x = self.scale.at(m);
            c.line("median-tick", (x, base - 3.0), (x, base + 5.0));
            c.marker("mark ringed", r.row.marker, x, base + 8.0, 5.5);
        }
    }
}
