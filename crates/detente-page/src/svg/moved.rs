//! Quantities before and after: a hollow mark where each stood, a filled one where it stands, an arrow between them.

use super::canvas::{Anchor, BODY, Canvas, SMALL, line_height, number, polyline, text_width, wrap};
use super::frame::{axis_below, fitting_ticks, foot_note, overhang};
use super::scale::{Plot, Scale, extent, plain, usable, value_decimals};
use super::{Layout, Marker, per_hundred};

/// What has moved, one row a quantity, on one axis.
#[derive(Clone, Debug, Default)]
pub struct Moved {
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
    /// Values are shares (0 to 1), drawn and written out of 100.
    pub percent: bool,
    /// What the two ends are called; empty means "before" and "after".
    pub ends: [String; 2],
    /// Note below the chart; may be empty.
    pub note: String,
}

/// One quantity, in the unit of the axis (a share where `percent` is set).
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Heading it belongs under; may be empty.
    pub group: String,
    /// Its name.
    pub label: String,
    /// Palette place.
    pub color_index: usize,
    /// Shape of its marks.
    pub marker: Marker,
    /// Where it stood; left out where it is not finite.
    pub before: f64,
    /// Where it stands; left out where it is not finite.
    pub after: f64,
    /// Range before (low, high).
    pub before_range: Option<(f64, f64)>,
    /// Range after (low, high).
    pub after_range: Option<(f64, f64)>,
    /// What is known from outside: low, middle, high.
    pub known: Option<(f64, f64, f64)>,
}

/// From the middle of a row to its two ranges, and to the bracket.
const RANGE: f64 = 8.5;
const BRACKET: f64 = 17.0;
/// Radius of the hollow mark, and of the filled one, so that one shows within the other.
const HOLLOW: f64 = 5.6;
const FILLED: f64 = 4.2;

struct Frame {
    layout: Layout,
    left: f64,
    right: f64,
    scale: Scale,
    indent: f64,
    /// Decimal places; `None` writes shares as worlds in a hundred.
    places: Option<usize>,
}

/// A row with the lines of its name and its height.
struct Laid<'a> {
    row: &'a Row,
    heading: Vec<String>,
    label: Vec<String>,
    numbers: String,
    /// Pixels over and under the middle of its marks.
    above: f64,
    below: f64,
}

impl Laid<'_> {
    fn heading_height(&self) -> f64 {
        if self.heading.is_empty() {
            0.0
        } else {
            self.heading.len() as f64 * line_height(BODY) + 12.0
        }
    }

    fn height(&self) -> f64 {
        self.heading_height() + self.above + self.below
    }
}

impl Moved {
    /// The ordinary layout, 640 px wide.
    #[must_use]
    pub fn render(&self) -> String {
        self.draw(Layout::Wide)
    }

    /// The layout for telephones, 344 px wide: names above their marks.
    #[must_use]
    pub fn render_compact(&self) -> String {
        self.draw(Layout::Compact)
    }

    fn draw(&self, layout: Layout) -> String {
        let compact = layout.is_compact();
        let mut c = Canvas::new("moved", &layout.id(&self.id), &self.title, &self.desc);
        let width = layout.width();
        let found = extent(self.values());
        let most = if compact { 5.0 } else { 6.0 };
        let mut frame = Frame {
            layout,
            left: 0.0,
            right: width,
            scale: Scale::new((0.0, 1.0), (0.0, 1.0)),
            indent: if self.rows.iter().any(|r| !r.group.is_empty()) {
                10.0
            } else {
                0.0
            },
            places: None,
        };
        let rough = fitting_ticks(found, width / 2.0, most);
        frame.places = (!self.percent || rough.step < 1.0).then(|| value_decimals(rough.step));
        let (names, numbers) = self.columns(&frame);
        let rim = overhang(&rough).max(8.0) + 2.0;
        frame.left = names + rim;
        frame.right = width - numbers - rim;
        let ticks = fitting_ticks(found, frame.right - frame.left, most);
        frame.scale = Scale::new(ticks.domain, (frame.left, frame.right));
        let rows = self.walk(&frame);
        let depth: f64 = rows.iter().map(Laid::height).sum();
        let top = if compact { 4.0 } else { 22.0 };
        let plot = Plot {
            left: frame.left,
            right: frame.right,
            top,
            bottom: top + depth.max(30.0) + 4.0,
        };
        let mut y = axis_below(&mut c, width, plot, &ticks, frame.scale, &self.x_label);
        if ticks.domain.0 < 0.0 && ticks.domain.1 > 0.0 {
            let x = frame.scale.at(0.0);
            c.line("rule", (x, plot.top), (x, plot.bottom));
        }
        if !compact {
            let at = (width, plot.top - 8.0);
            c.text("t muted", SMALL, at, Anchor::End, &self.head());
        }
        let mut at = top;
        for row in &rows {
            self.row(&mut c, &frame, row, at);
            at += row.height();
        }
        if rows.is_empty() {
            let middle = (f64::midpoint(plot.left, plot.right), top + 20.0);
            c.text("t muted", BODY, middle, Anchor::Middle, "No values");
        } else {
            y = self.key(&mut c, width, y);
        }
        y = foot_note(&mut c, width, y, &self.note);
        c.finish(width, y + 4.0)
    }

    fn ends(&self) -> [&str; 2] {
        match &self.ends {
            [before, after] if before.is_empty() && after.is_empty() => ["before", "after"],
            [before, after] => [before, after],
        }
    }

    fn head(&self) -> String {
        self.ends().join(" → ")
    }

    /// A value on the axis, if it can be drawn.
    fn drawn(&self, value: f64) -> Option<f64> {
        let v = if self.percent { value * 100.0 } else { value };
        usable(v).then_some(v)
    }

    fn values(&self) -> impl Iterator<Item = f64> {
        self.rows
            .iter()
            .flat_map(|r| {
                let ranges = r.before_range.into_iter().chain(r.after_range);
                let known = r.known.into_iter().flat_map(|k| [k.0, k.1, k.2]);
                [r.before, r.after]
                    .into_iter()
                    .chain(ranges.flat_map(|(a, b)| [a, b]))
                    .chain(known)
            })
            .filter_map(|v| self.drawn(v))
    }

    fn words(&self, f: &Frame, value: f64) -> String {
        match (self.drawn(value), f.places) {
            (None, _) => "–".to_owned(),
            (Some(v), Some(places)) => plain(v, places),
            (Some(v), None) => per_hundred(Some(v / 100.0)),
        }
    }

    fn numbers(&self, f: &Frame, row: &Row) -> String {
        let (before, after) = (self.words(f, row.before), self.words(f, row.after));
        format!("{before} → {after}")
    }

    /// Widths of the names at the left and of the numbers at the right.
    fn columns(&self, f: &Frame) -> (f64, f64) {
        if f.layout.is_compact() {
            return (0.0, 0.0);
        }
        let names = self
            .rows
            .iter()
            .map(|r| text_width(&r.label, BODY))
            .fold(60.0, f64::max);
        let numbers = self
            .rows
            .iter()
            .map(|r| text_width(&self.numbers(f, r), SMALL))
            .fold(text_width(&self.head(), SMALL), f64::max);
        (names.min(200.0) + f.indent + 8.0, numbers + 6.0)
    }

    fn walk(&self, f: &Frame) -> Vec<Laid<'_>> {
        let compact = f.layout.is_compact();
        let mut group = "";
        self.rows
            .iter()
            .map(|row| {
                let starts = row.group != group;
                group = &row.group;
                let heading = if starts {
                    wrap(&row.group, BODY, f.layout.width() - 4.0, 2)
                } else {
                    Vec::new()
                };
                let numbers = self.numbers(f, row);
                let room = if compact {
                    f.layout.width() - f.indent - text_width(&numbers, SMALL) - 14.0
                } else {
                    f.left - f.indent - 14.0
                };
                let label = wrap(&row.label, BODY, room, 4);
                let text = label.len().max(1) as f64 * line_height(BODY);
                let ranges = row.before_range.is_some() || row.after_range.is_some();
                // Rows of a group are equally far apart.
                let mut peers = self.rows.iter().filter(|r| r.group == row.group);
                let low = if peers.any(|r| r.known.is_some()) {
                    BRACKET + 5.0
                } else if ranges {
                    RANGE + 3.0
                } else {
                    HOLLOW + 3.0
                };
                let high = if ranges { RANGE + 3.0 } else { HOLLOW + 3.0 };
                let (above, below) = if compact {
                    (text + 9.0 + high, low + 6.0)
                } else {
                    let half = text / 2.0 + 4.0;
                    ((high + 2.0).max(half), (low + 2.0).max(half))
                };
                Laid {
                    row,
                    heading,
                    label,
                    numbers,
                    above,
                    below,
                }
            })
            .collect()
    }

    fn row(&self, c: &mut Canvas, f: &Frame, laid: &Laid, top: f64) {
        let row = laid.row;
        let head = top + laid.heading_height();
        let y = head + laid.above;
        let first = top + 8.0 + line_height(BODY);
        let at = (0.0, first);
        c.lines("t strong halo", BODY, at, Anchor::Start, &laid.heading);
        let (name, numbers) = if f.layout.is_compact() {
            (head + 17.0, head + 17.0)
        } else {
            let text = laid.label.len() as f64 * line_height(BODY);
            (y - text / 2.0 + 13.0, y + 4.3)
        };
        let at = (f.indent, name);
        c.lines("t halo", BODY, at, Anchor::Start, &laid.label);
        let at = (f.layout.width(), numbers);
        c.text("t num halo", SMALL, at, Anchor::End, &laid.numbers);
        let data = |v: f64| self.drawn(v).map_or(String::new(), number);
        c.party_open(row.color_index, row.marker);
        c.tag("g")
            .attr("class", "moved")
            .attr("data-group", &row.group)
            .attr("data-label", &row.label)
            .attr("data-before", &data(row.before))
            .attr("data-after", &data(row.after))
            .open();
        c.tooltip(&self.tooltip(f, row));
        self.marks(c, f, row, y);
        c.close("g");
        c.close("g");
    }

    /// "Northland, wins: before 43 (30 to 55), after 62 (50 to 70); known from outside 58 (50 to 66)".
    fn tooltip(&self, f: &Frame, row: &Row) -> String {
        let w = |v| self.words(f, v);
        let ranged = |v, range: Option<(f64, f64)>| {
            let range = range.map_or(String::new(), |(a, b)| format!(" ({} to {})", w(a), w(b)));
            format!("{}{range}", w(v))
        };
        let name: Vec<&str> = [row.group.as_str(), row.label.as_str()]
            .into_iter()
            .filter(|s| !s.is_empty())
            .collect();
        let known = row.known.map_or(String::new(), |(low, mid, high)| {
            let known = ranged(mid, Some((low, high)));
            format!("; known from outside {known}")
        });
        let [before, after] = self.ends();
        format!(
            "{}: {before} {}, {after} {}{known}",
            name.join(", "),
            ranged(row.before, row.before_range),
            ranged(row.after, row.after_range)
        )
    }

    fn marks(&self, c: &mut Canvas, f: &Frame, row: &Row, y: f64) {
        let at = |v: f64| self.drawn(v).map(|v| f.scale.at(v));
        let span = |range: Option<(f64, f64)>| {
            let (a, b) = range?;
            let (a, b) = (at(a)?, at(b)?);
            Some((a.min(b), a.max(b)))
        };
        if let Some((a, b)) = span(row.before_range) {
            c.line("extent was", (a, y - RANGE), (b, y - RANGE));
        }
        if let Some((a, b)) = span(row.after_range) {
            c.line("extent", (a, y + RANGE), (b, y + RANGE));
        }
        if let Some((low, mid, high)) = row.known {
            bracket(c, (at(low), at(mid), at(high)), y + BRACKET);
        }
        let (before, after) = (at(row.before), at(row.after));
        if let (Some(a), Some(b)) = (before, after) {
            arrow(c, a, b, y);
        }
        if let Some(x) = before {
            c.marker("hollow", row.marker, x, y, HOLLOW);
        }
        if let Some(x) = after {
            c.marker("mark ringed", row.marker, x, y, FILLED);
        }
    }

    /// Which marks mean what, those that occur; gives the lowest pixel.
    fn key(&self, c: &mut Canvas, width: f64, y: f64) -> f64 {
        let any = |test: fn(&Row) -> bool| self.rows.iter().any(test);
        let [before, after] = self.ends();
        let ranges = [before, after].map(|end| format!("range {end}"));
        let entries: Vec<(Glyph, &str)> = [
            (Glyph::Hollow, before, true),
            (Glyph::Filled, after, true),
            (Glyph::Was, &ranges[0], any(|r| r.before_range.is_some())),
            (Glyph::Is, &ranges[1], any(|r| r.after_range.is_some())),
            (
                Glyph::Known,
                "known from outside",
                any(|r| r.known.is_some()),
            ),
        ]
        .into_iter()
        .filter(|e| e.2)
        .map(|e| (e.0, e.1))
        .collect();
        let (mut x, mut line) = (0.0, y + 10.0);
        c.group("key neutral");
        for (glyph, words) in entries {
            let room = glyph.width() + 7.0 + text_width(words, SMALL);
            if x > 0.0 && x + room > width {
                x = 0.0;
                line += 20.0;
            }
            glyph.draw(c, x, line);
            let at = (x + glyph.width() + 7.0, line + 4.3);
            c.text("t muted", SMALL, at, Anchor::Start, words);
            x += room + 16.0;
        }
        c.close("g");
        line + 12.0
    }
}

/// The marks of the key.
#[derive(Clone, Copy)]
enum Glyph {
    Hollow,
    Filled,
    Was,
    Is,
    Known,
}

impl Glyph {
    fn width(self) -> f64 {
        match self {
            Self::Hollow | Self::Filled => 13.0,
            Self::Was | Self::Is | Self::Known => 26.0,
        }
    }

    fn draw(self, c: &mut Canvas, x: f64, y: f64) {
        let (middle, end) = (x + self.width() / 2.0, x + self.width());
        match self {
            Self::Hollow => c.marker("hollow", Marker::Circle, middle, y, HOLLOW),
            Self::Filled => c.marker("mark", Marker::Circle, middle, y, FILLED),
            Self::Was => c.line("extent was", (x, y), (end, y)),
            Self::Is => c.line("extent", (x, y), (end, y)),
            Self::Known => bracket(c, (Some(x), Some(middle), Some(end)), y + 3.0),
        }
    }
}

/// From the rim of the hollow mark to the rim of the filled one, with a head
/// where there is room for one.
fn arrow(c: &mut Canvas, from: f64, to: f64, y: f64) {
    let way = if to < from { -1.0 } else { 1.0 };
    let (start, end) = (from + way * (HOLLOW + 1.0), to - way * (FILLED + 1.5));
    let length = (end - start) * way;
    if length < 1.0 {
        return;
    }
    let head = if length > 10.0 { 6.0 } else { 0.0 };
    c.line("arrow", (start, y), (end - way * head, y));
    if head > 0.0 {
        let back = end - way * 7.0;
        let mut d = polyline(&[(end, y), (back, y - 4.0), (back, y + 4.0)]);
        d.push('Z');
        c.path("arrow-head", &d);
    }
}

/// A bracket opening upwards, with a stroke at its middle.
fn bracket(c: &mut Canvas, (low, mid, high): (Option<f64>, Option<f64>, Option<f64>), y: f64) {
    if let (Some(a), Some(b)) = (low, high) {
        let up = y - 4.5;
        c.path("bracket", &polyline(&[(a, up), (a, y), (b, y), (b, up)]));
    }
    if let Some(x) = mid {
        c.line("bracket middle", (x, y - 4.5), (x, y + 3.0));
    }
}
