//! Range bars and quantile dots: one row per quantity, grouped, with the band
//! from low to high, the middle half and the median.

use super::canvas::{Anchor, BODY, Canvas, SMALL, line_height, number, text_width, wrap};
use super::place::stack;
use super::scale::{
    Plot, Scale, Ticks, extent, plain, round_ticks, usable, value_decimals, x_axis,
};
use super::{Layout, Marker};

/// Distributions side by side on one axis.
#[derive(Clone, Debug, Default)]
pub struct RangeBars {
    /// The finding, for the accessible name.
    pub title: String,
    /// What is drawn, for those who cannot see it.
    pub desc: String,
    /// Id of the `<svg>`; other ids derive from it.
    pub id: String,
    /// Title of the axis, with its unit.
    pub x_label: String,
    /// Rows from the top; a change of group starts a new heading.
    pub rows: Vec<Row>,
    /// Upright lines with their labels, in the unit of `x_label`.
    pub reference: Vec<(String, f64)>,
    /// What the band is, over the column of numbers; empty means
    /// "median (90 % of worlds)".
    pub band_label: String,
}

/// One distribution, in the unit of the axis.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Heading it belongs under (a party); may be empty.
    pub group: String,
    /// Its name (a type, a quantity).
    pub label: String,
    /// Lower end of the band.
    pub low: f64,
    /// Lower quartile.
    pub q25: f64,
    /// Median.
    pub median: f64,
    /// Upper quartile.
    pub q75: f64,
    /// Upper end of the band.
    pub high: f64,
    /// Palette place.
    pub color_index: usize,
    /// Shape of the median mark.
    pub marker: Marker,
    /// Quantile dots (20 or 50 values) drawn over the bar; may be empty.
    pub dots: Vec<f64>,
    /// Hatch the bar: it rests on placeholders.
    pub placeholder: bool,
}

/// Radius of a quantile dot.
const DOT: f64 = 2.6;
/// Stacks of dots grow no higher than this.
const TALLEST: f64 = 60.0;

struct Frame {
    layout: Layout,
    /// Left edge of labels and of the plot, right edge of the plot.
    left: f64,
    right: f64,
    scale: Scale,
    places: usize,
}

impl RangeBars {
    /// The ordinary layout, 640 px wide.
    #[must_use]
    pub fn render(&self) -> String {
        self.draw(Layout::Wide)
    }

    /// The layout for telephones, 344 px wide: labels above their bars.
    #[must_use]
    pub fn render_compact(&self) -> String {
        self.draw(Layout::Compact)
    }

    fn draw(&self, layout: Layout) -> String {
        let compact = layout.is_compact();
        let mut c = Canvas::new("range", &layout.id(&self.id), &self.title, &self.desc);
        if self.rows.iter().any(|r| r.placeholder) {
            c.define_hatch();
        }
        let ticks = round_ticks(extent(self.values()), if compact { 5.0 } else { 6.0 });
        let frame = self.frame(layout, &ticks);
        let leading = line_height(SMALL);
        let labels: Vec<(f64, f64)> = self
            .references()
            .map(|(l, x)| (frame.scale.at(*x), text_width(l, SMALL).min(layout.width())))
            .collect();
        let (spots, rows) = stack(&labels, 0.0, layout.width());
        let head = if compact { 0.0 } else { leading };
        let top = 8.0 + rows as f64 * leading + head;
        // The rows are drawn over grid and axis, so their depth comes first.
        let depth: f64 = self.walk(&frame).iter().map(|(_, _, h)| h).sum();
        let plot = Plot {
            left: frame.left,
            right: frame.right,
            top,
            bottom: top + depth.max(30.0) + 6.0,
        };
        x_axis(&mut c, plot, &ticks, frame.scale, &self.x_label);
        self.reference_lines(&mut c, &frame, plot, head, &spots);
        let band = self.band_label();
        if compact {
            let y = plot.bottom + 56.0;
            let text = wrap(&format!("numbers: {band}"), SMALL, layout.width(), 2);
            c.lines("t muted", SMALL, (0.0, y), Anchor::Start, &text);
        } else {
            let at = (layout.width(), plot.top - 4.0);
            c.text("t muted", SMALL, at, Anchor::End, band);
        }
        let mut y = top + 4.0;
        for (row, starts_group, height) in self.walk(&frame) {
            self.row(&mut c, &frame, y, row, starts_group);
            y += height;
        }
        if self.rows.is_empty() {
            let at = (f64::midpoint(plot.left, plot.right), plot.top + 20.0);
            c.text("t muted", BODY, at, Anchor::Middle, "No values");
        }
        let foot = if compact { 68.0 } else { 44.0 };
        c.finish(layout.width(), plot.bottom + foot)
    }

    fn band_label(&self) -> &str {
        if self.band_label.is_empty() {
            "median (90 % of worlds)"
        } else {
            &self.band_label
        }
    }

    fn values(&self) -> impl Iterator<Item = f64> {
        self.rows
            .iter()
            .flat_map(|r| {
                [r.low, r.q25, r.median, r.q75, r.high]
                    .into_iter()
                    .chain(r.dots.iter().copied())
            })
            .chain(self.references().map(|r| r.1))
    }

    fn references(&self) -> impl Iterator<Item = &(String, f64)> {
        self.reference.iter().filter(|r| usable(r.1))
    }

    fn frame(&self, layout: Layout, ticks: &Ticks) -> Frame {
        let places = value_decimals(ticks.step);
        let (left, right) = if layout.is_compact() {
            (8.0, layout.width() - 10.0)
        } else {
            let names = self
                .rows
                .iter()
                .flat_map(|r| [&r.label, &r.group])
                .map(|s| text_width(s, BODY))
                .fold(60.0, f64::max);
            let numbers = self
                .rows
                .iter()
                .map(|r| text_width(&numbers(r, places), SMALL))
                .fold(70.0, f64::max);
            (names.min(190.0) + 34.0, layout.width() - numbers - 18.0)
        };
        Frame {
            layout,
            left,
            right,
            scale: Scale::new(ticks.domain, (left, right)),
            places,
        }
    }

    /// Each row with whether it starts a group, and its height.
    fn walk(&self, f: &Frame) -> Vec<(&Row, bool, f64)> {
        let mut group = "";
        self.rows
            .iter()
            .map(|row| {
                let starts = row.group != group && !row.group.is_empty();
                group = &row.group;
                let heading = if starts { heading_height(f) } else { 0.0 };
                (row, starts, heading + row_height(f, row))
            })
            .collect()
    }

    fn reference_lines(
        &self,
        c: &mut Canvas,
        f: &Frame,
        plot: Plot,
        head: f64,
        spots: &[(f64, usize)],
    ) {
        let leading = line_height(SMALL);
        c.group("references");
        for ((label, value), (centre, row)) in self.references().zip(spots) {
            let x = f.scale.at(*value);
            let foot = plot.top - 2.0 - head - *row as f64 * leading;
            c.tag("g").attr("data-reference", label).open();
            c.line("reference", (x, foot), (x, plot.bottom));
            let at = (*centre, foot - 4.5);
            c.text("t halo", SMALL, at, Anchor::Middle, label);
            c.close("g");
        }
        c.close("g");
    }

    fn row(&self, c: &mut Canvas, f: &Frame, top: f64, row: &Row, starts_group: bool) {
        let mut y = top;
        if starts_group {
            let at = (0.0, y + heading_height(f) - 6.0);
            c.text("t strong halo", BODY, at, Anchor::Start, &row.group);
            y += heading_height(f);
        }
        let indent = if self.rows.iter().any(|r| !r.group.is_empty()) {
            10.0
        } else {
            0.0
        };
        let value = numbers(row, f.places);
        let dots = dot_height(f, row);
        let bar;
        if f.layout.is_compact() {
            let room = f.layout.width() - indent - text_width(&value, SMALL) - 12.0;
            let lines = wrap(&row.label, BODY, room, 2);
            c.lines("t halo", BODY, (indent, y + 15.0), Anchor::Start, &lines);
            let at = (f.layout.width() - 2.0, y + 15.0);
            c.text("t num muted halo", SMALL, at, Anchor::End, &value);
            bar = y + 14.0 + label_lines(f, row) * line_height(BODY) * 0.98 + dots;
        } else {
            let lines = wrap(&row.label, BODY, f.left - 20.0 - indent, 3);
            let text = lines.len() as f64 * line_height(BODY);
            bar = y + (row_height(f, row) - dots) / 2.0 + dots;
            let first = bar - text / 2.0 + 13.0;
            c.lines("t", BODY, (indent, first), Anchor::Start, &lines);
            let at = (f.layout.width(), bar + 4.3);
            c.text("t num", SMALL, at, Anchor::End, &value);
        }
        c.party_open(row.color_index, row.marker);
        c.tag("g")
            .attr("class", "range")
            .attr("data-group", &row.group)
            .attr("data-label", &row.label)
            .attr("data-median", &data(row.median))
            .attr("data-low", &data(row.low))
            .attr("data-high", &data(row.high))
            .open();
        c.tooltip(&format!("{} {}: {value}", row.group, row.label));
        draw_bar(c, f, row, bar);
        draw_dots(c, f, row, bar - 9.0);
        c.close("g");
        c.close("g");
    }
}

fn data(v: f64) -> String {
    if usable(v) { number(v) } else { String::new() }
}

fn heading_height(f: &Frame) -> f64 {
    if f.layout.is_compact() { 28.0 } else { 30.0 }
}

fn label_lines(f: &Frame, row: &Row) -> f64 {
    if f.layout.is_compact() {
        let room = f.layout.width() - 22.0 - text_width(&numbers(row, f.places), SMALL);
        wrap(&row.label, BODY, room, 2).len() as f64
    } else {
        wrap(&row.label, BODY, f.left - 30.0, 3).len() as f64
    }
}

fn row_height(f: &Frame, row: &Row) -> f64 {
    let text = label_lines(f, row) * line_height(BODY);
    let dots = dot_height(f, row);
    if f.layout.is_compact() {
        text + 26.0 + dots
    } else {
        (text + 6.0).max(26.0) + dots
    }
}

/// "43 (12 to 71)".
fn numbers(row: &Row, places: usize) -> String {
    let median = plain(row.median, places);
    if usable(row.low) && usable(row.high) {
        let (low, high) = (plain(row.low, places), plain(row.high, places));
        format!("{median} ({low} to {high})")
    } else {
        median
    }
}

fn draw_bar(c: &mut Canvas, f: &Frame, row: &Row, y: f64) {
    let span = |a: f64, b: f64| {
        (usable(a) && usable(b)).then(|| {
            let (p, q) = (f.scale.at(a), f.scale.at(b));
            (p.min(q), p.max(q))
        })
    };
    if let Some((a, b)) = span(row.low, row.high) {
        c.line("whisker", (a, y), (b, y));
    }
    if let Some((a, b)) = span(row.q25, row.q75) {
        c.rect("box", (a, y - 4.5), (b - a, 9.0));
        if row.placeholder {
            c.hatched((a, y - 4.5), (b - a, 9.0));
        }
    }
    if usable(row.median) {
        c.marker("mark ringed", row.marker, f.scale.at(row.median), y, 5.5);
    }
}

/// Dots that share a place on the axis, as stacks (pixel, how many).
fn stacks(f: &Frame, row: &Row) -> Vec<(f64, usize)> {
    let mut xs: Vec<f64> = row
        .dots
        .iter()
        .filter(|v| usable(**v))
        .map(|v| f.scale.at(*v))
        .collect();
    xs.sort_by(f64::total_cmp);
    let mut out: Vec<(f64, f64, usize)> = Vec::new();
    for x in xs {
        match out.last_mut() {
            Some((first, sum, n)) if x - *first < 2.0 * DOT + 0.6 => {
                *sum += x;
                *n += 1;
            }
            _ => out.push((x, x, 1)),
        }
    }
    out.into_iter().map(|(_, s, n)| (s / n as f64, n)).collect()
}

/// Distance between dots in a stack and the height of the tallest.
fn dot_pitch(stacks: &[(f64, usize)]) -> (f64, f64) {
    let most = stacks.iter().map(|s| s.1).max().unwrap_or(0) as f64;
    let pitch = (TALLEST / most.max(1.0)).min(2.0 * DOT + 0.4);
    (pitch, most * pitch)
}

fn dot_height(f: &Frame, row: &Row) -> f64 {
    let height = dot_pitch(&stacks(f, row)).1;
    if height > 0.0 { height + 6.0 } else { 0.0 }
}

fn draw_dots(c: &mut Canvas, f: &Frame, row: &Row, base: f64) {
    let stacks = stacks(f, row);
    let (pitch, _) = dot_pitch(&stacks);
    for (x, n) in stacks {
        for i in 0..n {
            c.circle("dot", (x, base - i as f64 * pitch), DOT);
        }
    }
}
