//! The package cloud: what every package is worth to two parties, with the
//! frontier, the no-deal values and the packages that have names.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::canvas::{
    Anchor, Canvas, SMALL, line_height, number, polyline, text_width, widest, wrap,
};
use super::place::{Field, KEY_SIZE, Placed, Rect, Request, place, spread, stack};
use super::scale::{Plot, Scale, extent, round_ticks, usable, x_axis, y_axis};
use super::{Layout, Marker};

/// Worth of packages to two parties, in points.
#[derive(Clone, Debug, Default)]
pub struct PackageCloud {
    /// The finding, for the accessible name.
    pub title: String,
    /// What is drawn, for those who cannot see it.
    pub desc: String,
    /// Id of the `<svg>`; other ids derive from it.
    pub id: String,
    /// Title of the level axis, with its unit.
    pub x_label: String,
    /// Title of the upright axis, with its unit.
    pub y_label: String,
    /// All packages, as (worth to the first, worth to the second) in points.
    pub points: Vec<(f64, f64)>,
    /// Packages of which no other is better for both (points).
    pub frontier: Vec<(f64, f64)>,
    /// Packages that carry a name; earlier ones get the better places.
    pub named: Vec<Named>,
    /// Worth of no deal, for each party and type; always drawn.
    pub no_deal: Vec<NoDealLine>,
    /// The Nash bargaining point (points).
    pub nash: Option<(f64, f64)>,
    /// Words for the tinted quadrant; empty means "both gain on no deal".
    pub gain_label: String,
}

/// A package with a name.
#[derive(Clone, Debug, Default)]
pub struct Named {
    /// Name of the package.
    pub label: String,
    /// Written beside the dot instead of the name, such as a number that a list explains; empty: the name.
    pub mark: String,
    /// Worth to the first party (points).
    pub x: f64,
    /// Worth to the second party (points).
    pub y: f64,
    /// Every party whose consent is needed accepts it.
    pub accepted: bool,
}

/// What having no deal is worth to a party (of one type).
#[derive(Clone, Debug)]
pub struct NoDealLine {
    /// Name of the line, such as "no deal, hawkish".
    pub label: String,
    /// Worth (points).
    pub value: f64,
    /// Whose axis it stands on.
    pub axis: Axis,
    /// Palette place of the party.
    pub color_index: usize,
}

/// One of the two axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// The level axis: the line is upright.
    X,
    /// The upright axis: the line is level.
    Y,
}

const DOT: f64 = 5.5;

struct Frame {
    plot: Plot,
    xs: Scale,
    ys: Scale,
}

impl Frame {
    fn at(&self, (x, y): (f64, f64)) -> (f64, f64) {
        (self.xs.at(x), self.ys.at(y))
    }

    fn bounds(&self) -> Rect {
        Rect {
            x: self.plot.left + 2.0,
            y: self.plot.top + 2.0,
            w: self.plot.right - self.plot.left - 4.0,
            h: self.plot.bottom - self.plot.top - 4.0,
        }
    }
}

fn drawable(p: &(f64, f64)) -> bool {
    usable(p.0) && usable(p.1)
}

impl PackageCloud {
    /// The ordinary layout, 640 px wide.
    #[must_use]
    pub fn render(&self) -> String {
        self.draw(Layout::Wide)
    }

    /// The layout for telephones, 344 px wide.
    #[must_use]
    pub fn render_compact(&self) -> String {
        self.draw(Layout::Compact)
    }

    fn draw(&self, layout: Layout) -> String {
        let compact = layout.is_compact();
        let mut c = Canvas::new("cloud", &layout.id(&self.id), &self.title, &self.desc);
        let ticks = if compact { 5.0 } else { 8.0 };
        let x_ticks = round_ticks(extent(self.coordinates(Axis::X)), ticks);
        let y_ticks = round_ticks(extent(self.coordinates(Axis::Y)), ticks);
        let widest_tick = y_ticks
            .marks
            .iter()
            .map(|(_, s)| text_width(s, SMALL))
            .fold(18.0, f64::max);
        let heading = wrap(&self.y_label, SMALL, layout.width() - 8.0, 3);
        let side = self.lines_on(Axis::Y).count() > 0;
        let margin = match (side, compact) {
            (false, _) => 14.0,
            (true, false) => 112.0,
            (true, true) => 92.0,
        };
        let (left, right) = (widest_tick + 10.0, layout.width() - margin);
        let xs = Scale::new(x_ticks.domain, (left, right));
        let (tops, rows) = self.top_labels(xs, layout.width());
        let leading = line_height(SMALL);
        let top = 16.0 + (heading.len() + rows) as f64 * leading;
        let plot = Plot {
            left,
            right,
            top,
            bottom: top + ((right - left) * 0.84).min(430.0),
        };
        let ys = Scale::new(y_ticks.domain, (plot.bottom, plot.top));
        let frame = Frame { plot, xs, ys };
        self.tint(&mut c, &frame);
        y_axis(&mut c, plot, &y_ticks, ys);
        x_axis(&mut c, plot, &x_ticks, xs, &self.x_label);
        c.lines("t axis-label", SMALL, (0.0, 12.0), Anchor::Start, &heading);
        let dots = self.background(&mut c, &frame);
        self.no_deal_x(&mut c, &frame, &tops);
        let lowest = self.no_deal_y(&mut c, &frame, margin - 18.0);
        self.frontier_line(&mut c, &frame);
        let bottom = self.labels(&mut c, &frame, layout, dots);
        c.finish(layout.width(), bottom.max(lowest + 6.0))
    }

    fn lines_on(&self, axis: Axis) -> impl Iterator<Item = &NoDealLine> {
        self.no_deal
            .iter()
            .filter(move |l| l.axis == axis && usable(l.value))
    }

    fn coordinates(&self, axis: Axis) -> Vec<f64> {
        let pick = |p: &(f64, f64)| if axis == Axis::X { p.0 } else { p.1 };
        self.points
            .iter()
            .chain(&self.frontier)
            .chain(&self.nash)
            .filter(|p| drawable(p))
            .map(pick)
            .chain(
                self.named
                    .iter()
                    .map(|n| (n.x, n.y))
                    .filter(drawable)
                    .map(|p| pick(&p)),
            )
            .chain(self.lines_on(axis).map(|l| l.value))
            .collect()
    }

    /// Centres and rows of the labels of the upright no-deal lines.
    fn top_labels(&self, xs: Scale, width: f64) -> (Vec<(f64, usize)>, usize) {
        let labels: Vec<(f64, f64)> = self
            .lines_on(Axis::X)
            .map(|l| (xs.at(l.value), text_width(&l.label, SMALL).min(width)))
            .collect();
        stack(&labels, 0.0, width)
    }

    /// Tints where both gain: strongly against the highest no-deal values,
    /// faintly against the lowest.
    fn tint(&self, c: &mut Canvas, f: &Frame) {
        let x = extent(self.lines_on(Axis::X).map(|l| l.value));
        let y = extent(self.lines_on(Axis::Y).map(|l| l.value));
        let (Some(x), Some(y)) = (x, y) else { return };
        c.group("tint");
        let corners = [(x.0, y.0), (x.1, y.1)];
        let distinct = (x.1 - x.0) + (y.1 - y.0) > 1e-9;
        for corner in corners.iter().skip(usize::from(!distinct)) {
            let (px, py) = f.at(*corner);
            let size = (f.plot.right - px, py - f.plot.top);
            c.rect("gain", (px, f.plot.top), size);
        }
        c.close("g");
    }

    /// Draws the background dots, at most one to a small square and darker
    /// where many lie; gives where they are.
    fn background(&self, c: &mut Canvas, f: &Frame) -> Vec<(f64, f64)> {
        const SQUARE: f64 = 2.6;
        let mut cells: BTreeMap<(i32, i32), ((f64, f64), u32)> = BTreeMap::new();
        for p in self.points.iter().filter(|p| drawable(p)) {
            let (x, y) = f.at(*p);
            let key = ((x / SQUARE) as i32, (y / SQUARE) as i32);
            cells
                .entry(key)
                .and_modify(|e| e.1 = e.1.saturating_add(1))
                .or_insert(((x, y), 1));
        }
        c.tag("g")
            .attr("class", "points")
            .attr("data-points", &self.points.len().to_string())
            .open();
        for (level, (least, most)) in [(1, 1), (2, 3), (4, u32::MAX)].iter().enumerate() {
            let mut d = String::new();
            for ((x, y), n) in cells.values() {
                if n >= least && n <= most {
                    let _ = write!(d, "M{} {}h0", number(*x), number(*y));
                }
            }
            c.path(&format!("dots d{level}"), &d);
        }
        c.close("g");
        cells.into_values().map(|(p, _)| p).collect()
    }

    fn no_deal_x(&self, c: &mut Canvas, f: &Frame, tops: &[(f64, usize)]) {
        let leading = line_height(SMALL);
        c.group("no-deal");
        for (line, (centre, row)) in self.lines_on(Axis::X).zip(tops) {
            let x = f.xs.at(line.value);
            let foot = f.plot.top - 4.0 - *row as f64 * leading;
            open_line(c, line);
            c.line("no-deal-line", (x, foot), (x, f.plot.bottom));
            let at = (*centre, foot - 4.5);
            c.text("t halo", SMALL, at, Anchor::Middle, &line.label);
            c.close("g");
        }
        c.close("g");
    }

    /// Level no-deal lines with their labels in the right margin; gives the
    /// lowest pixel.
    fn no_deal_y(&self, c: &mut Canvas, f: &Frame, width: f64) -> f64 {
        let leading = line_height(SMALL);
        let texts: Vec<Vec<String>> = self
            .lines_on(Axis::Y)
            .map(|l| wrap(&l.label, SMALL, width, 4))
            .collect();
        let wanted: Vec<(f64, f64)> = self
            .lines_on(Axis::Y)
            .zip(&texts)
            .map(|(l, t)| (f.ys.at(l.value), t.len() as f64 * leading + 4.0))
            .collect();
        let tops = spread(&wanted, f.plot.top, f.plot.bottom + 8.0);
        let mut lowest = f.plot.bottom;
        c.group("no-deal");
        for ((line, lines), top) in self.lines_on(Axis::Y).zip(&texts).zip(&tops) {
            let y = f.ys.at(line.value);
            let depth = lines.len() as f64 * leading;
            open_line(c, line);
            c.line("no-deal-line", (f.plot.left, y), (f.plot.right, y));
            let knee = (f.plot.right + 12.0, top + depth / 2.0 + 1.0);
            c.line("leader", (f.plot.right + 1.0, y), knee);
            let at = (f.plot.right + 16.0, top + leading - 3.0);
            c.lines("t", SMALL, at, Anchor::Start, lines);
            c.close("g");
            lowest = lowest.max(top + depth);
        }
        c.close("g");
        lowest
    }

    fn frontier_points(&self, f: &Frame) -> Vec<(f64, f64)> {
        let mut points: Vec<(f64, f64)> = self.frontier.iter().copied().filter(drawable).collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.total_cmp(&a.1)));
        points.into_iter().map(|p| f.at(p)).collect()
    }

    fn frontier_line(&self, c: &mut Canvas, f: &Frame) {
        let points = self.frontier_points(f);
        c.group("frontier-group");
        if points.len() > 1 {
            c.path("frontier", &polyline(&points));
        }
        for (x, y) in &points {
            c.circle("frontier-dot", (*x, *y), 2.2);
        }
        c.close("g");
    }

    /// Named packages, the Nash point and the words in the plot; then the key
    /// of numbers. Gives the bottom of the picture.
    fn labels(&self, c: &mut Canvas, f: &Frame, layout: Layout, dots: Vec<(f64, f64)>) -> f64 {
        let named: Vec<&Named> = self
            .named
            .iter()
            .filter(|n| usable(n.x) && usable(n.y))
            .collect();
        let nash = self.nash.filter(drawable).map(|p| f.at(p));
        let mut field = self.field(f, dots);
        for n in &named {
            let (x, y) = f.at((n.x, n.y));
            field.marks.push(Rect::centred(x, y, 12.0, 12.0));
        }
        if let Some((x, y)) = nash {
            field.marks.push(Rect::centred(x, y, 14.0, 14.0));
        }
        let text = if layout.is_compact() { 104.0 } else { 168.0 };
        // The words of the picture choose their places before the names do.
        let mut wants: Vec<(Vec<String>, &str)> = Vec::new();
        let mut requests: Vec<Request> = Vec::new();
        if let Some(at) = nash {
            wants.push((vec!["Nash point".to_owned()], "t halo emphasis"));
            requests.push(request(at, wants.last(), 9.0));
        }
        let line = self.frontier_points(f);
        if let Some(at) = line.get(line.len() / 4) {
            // A frontier of one package is a dot that would not explain itself.
            let words = match line.len() {
                1 => "frontier: one package",
                _ => "frontier",
            };
            wants.push((vec![words.to_owned()], "t halo emphasis"));
            requests.push(request(*at, wants.last(), 5.0));
        }
        let fixed = wants.len();
        for n in &named {
            let at = f.at((n.x, n.y));
            let words = if n.mark.is_empty() { &n.label } else { &n.mark };
            wants.push((wrap(words, SMALL, text, 3), "t halo"));
            requests.push(request(at, wants.last(), 8.0));
        }
        let placed = place(&requests, fixed, f.bounds(), &field);
        let mut keys: Vec<String> = Vec::new();
        c.group("marks");
        for spot in &placed {
            if let Placed::Leader(_, l) | Placed::Key(_, Some(l)) = spot {
                c.line("leader", l.0, l.1);
            }
        }
        for n in &named {
            draw_named(c, f, n);
        }
        if let Some((x, y)) = nash {
            c.marker("nash", Marker::Star, x, y, 6.0);
        }
        c.close("g");
        c.group("labels");
        for (i, (spot, (lines, class))) in placed.iter().zip(&wants).enumerate() {
            let full = i.checked_sub(fixed).and_then(|k| named.get(k));
            let mark = full.map_or("", |n| n.mark.as_str());
            let full = full.map_or_else(|| lines.join(" "), |n| n.label.clone());
            if let (Placed::Key(r, _), false) = (spot, mark.is_empty()) {
                // It is its own number.
                draw_number(c, r, class, mark);
            } else {
                draw_label(c, spot, lines, class, &full, &mut keys);
            }
        }
        c.close("g");
        let bottom = self.legend(c, f, layout, &named);
        draw_keys(c, layout, bottom, &keys)
    }

    fn field(&self, f: &Frame, dots: Vec<(f64, f64)>) -> Field {
        let p = f.plot;
        let upright = self.lines_on(Axis::X).map(|l| {
            let x = f.xs.at(l.value);
            ((x, p.top), (x, p.bottom))
        });
        let level = self.lines_on(Axis::Y).map(|l| {
            let y = f.ys.at(l.value);
            ((p.left, y), (p.right, y))
        });
        let line = self.frontier_points(f);
        let pieces = line.windows(2).map(|w| (w[0], w[1]));
        Field {
            marks: Vec::new(),
            soft_lines: upright.chain(level).chain(pieces).collect(),
            soft_points: dots,
        }
    }

    /// One line that says what filled, hollow and tinted mean.
    fn legend(&self, c: &mut Canvas, f: &Frame, layout: Layout, named: &[&Named]) -> f64 {
        let mut items: Vec<(&str, &str)> = Vec::new();
        if named.iter().any(|n| n.accepted) {
            items.push(("named accepted", "every needed party accepts"));
        }
        if named.iter().any(|n| !n.accepted) {
            items.push(("named refused", "at least one refuses"));
        }
        let tinted = self.lines_on(Axis::X).count() > 0 && self.lines_on(Axis::Y).count() > 0;
        if tinted {
            let words = if self.gain_label.is_empty() {
                "both gain on no deal"
            } else {
                &self.gain_label
            };
            items.push(("gain", words));
        }
        let mut y = f.plot.bottom + 62.0;
        if items.is_empty() {
            return f.plot.bottom + 44.0;
        }
        c.group("key");
        let mut x = 0.0;
        for (class, words) in items {
            let w = 22.0 + text_width(words, SMALL) + 16.0;
            if x > 0.0 && x + w - 16.0 > layout.width() {
                x = 0.0;
                y += 20.0;
            }
            if class == "gain" {
                c.rect("gain frame", (x + 1.0, y - 10.0), (14.0, 11.0));
            } else {
                c.circle(class, (x + 8.0, y - 4.5), DOT);
            }
            c.text("t muted", SMALL, (x + 22.0, y), Anchor::Start, words);
            x += w;
        }
        c.close("g");
        y + 8.0
    }
}

fn open_line(c: &mut Canvas, line: &NoDealLine) {
    c.tag("g")
        .attr("class", &format!("p{}", line.color_index % 8))
        .attr("data-no-deal", &line.label)
        .attr("data-value", &number(line.value))
        .open();
    c.tooltip(&format!("{}: {}", line.label, number(line.value)));
}

fn request((x, y): (f64, f64), want: Option<&(Vec<String>, &str)>, gap: f64) -> Request {
    let (w, h) = want.map_or((0.0, 0.0), |(lines, _)| {
        (
            widest(lines, SMALL) + 4.0,
            lines.len() as f64 * line_height(SMALL) + 2.0,
        )
    });
    Request { x, y, w, h, gap }
}

fn draw_named(c: &mut Canvas, f: &Frame, n: &Named) {
    let (x, y) = f.at((n.x, n.y));
    c.tag("g")
        .attr("data-package", &n.label)
        .attr("data-accepted", if n.accepted { "true" } else { "false" })
        .attr("data-x", &number(n.x))
        .attr("data-y", &number(n.y))
        .open();
    c.tooltip(&format!("{}: {}, {}", n.label, number(n.x), number(n.y)));
    let class = if n.accepted {
        "named accepted"
    } else {
        "named refused"
    };
    c.circle(class, (x, y), DOT);
    c.close("g");
}

fn draw_label(
    c: &mut Canvas,
    spot: &Placed,
    lines: &[String],
    class: &str,
    full: &str,
    keys: &mut Vec<String>,
) {
    match spot {
        Placed::Beside(r) | Placed::Leader(r, _) => {
            let at = (r.x + 2.0, r.y + line_height(SMALL) - 2.5);
            c.lines(class, SMALL, at, Anchor::Start, lines);
        }
        Placed::Key(r, _) => {
            keys.push(full.to_owned());
            draw_number(c, r, class, &keys.len().to_string());
        }
        Placed::Hidden => {}
    }
}

fn draw_number(c: &mut Canvas, r: &Rect, class: &str, number: &str) {
    let at = (r.x + KEY_SIZE.0 / 2.0, r.y + 11.3);
    c.text(
        &format!("{class} strong"),
        SMALL,
        at,
        Anchor::Middle,
        number,
    );
}

/// The numbered names, in two columns (one when compact).
fn draw_keys(c: &mut Canvas, layout: Layout, top: f64, keys: &[String]) -> f64 {
    if keys.is_empty() {
        return top;
    }
    let columns = if layout.is_compact() { 1 } else { 2 };
    let width = layout.width() / columns as f64;
    let per_column = keys.len().div_ceil(columns);
    let leading = line_height(SMALL);
    let mut lowest = top;
    c.group("number-key");
    for (column, part) in keys.chunks(per_column.max(1)).enumerate() {
        let x = column as f64 * width;
        let mut y = top + 16.0;
        for (i, name) in part.iter().enumerate() {
            let place = (x + 18.0, y);
            let n = (column * per_column + i + 1).to_string();
            c.text("t strong", SMALL, place, Anchor::End, &n);
            let lines = wrap(name, SMALL, width - 38.0, 3);
            c.lines("t", SMALL, (x + 25.0, y), Anchor::Start, &lines);
            y += lines.len().max(1) as f64 * leading + 2.0;
        }
        lowest = lowest.max(y);
    }
    c.close("g");
    lowest
}
