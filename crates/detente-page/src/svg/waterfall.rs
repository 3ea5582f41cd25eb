//! The waterfall: from one value to another through signed contributions.

use super::Layout;
use super::canvas::{Anchor, BODY, Canvas, SMALL, line_height, number, polyline, text_width, wrap};
use super::frame::{
    Heads, axis_below, define_strong_hatch, fitting_ticks, foot_note, placeholder_key,
};
use super::scale::{Plot, Scale, extent, plain, round_ticks, usable, value_decimals};

/// What leads from a start value to an end value, step by step.
#[derive(Clone, Debug, Default)]
pub struct Waterfall {
    /// The finding, for the accessible name.
    pub title: String,
    /// What is drawn, for those who cannot see it.
    pub desc: String,
    /// Id of the `<svg>`; other ids derive from it.
    pub id: String,
    /// Title of the axis: the unit of all values ("of 100 worlds", "points").
    pub unit: String,
    /// The value at the top.
    pub start: Total,
    /// Contributions in order; up to eight read well.
    pub steps: Vec<Step>,
    /// The value at the bottom. If the steps do not lead there, the
    /// difference is drawn as a step of its own.
    pub end: Total,
    /// Name of that difference; empty means "not attributed".
    pub rest_label: String,
    /// An upright line with its label (no deal, a threshold).
    pub reference: Option<(String, f64)>,
    /// Decimal places of the numbers; `None` follows the axis.
    pub decimals: Option<usize>,
    /// What ± and the whiskers are; empty means "Monte Carlo error".
    pub error_label: String,
    /// Note below the chart; may be empty.
    pub note: String,
}

/// A full bar from nought.
#[derive(Clone, Debug, Default)]
pub struct Total {
    /// Its name.
    pub label: String,
    /// Its value, in the unit of the axis.
    pub value: f64,
    /// Hatch the bar: it rests on placeholders.
    pub placeholder: bool,
}

/// One contribution.
#[derive(Clone, Debug, Default)]
pub struct Step {
    /// Its name.
    pub label: String,
    /// What it adds (negative: takes away), in the unit of the axis.
    pub change: f64,
    /// Half the length of its whisker; 0 or no number: none.
    pub error: f64,
    /// Hatch the bar: it rests on placeholders.
    pub placeholder: bool,
}

struct Row<'a> {
    label: &'a str,
    /// A full bar rather than a step.
    total: bool,
    /// The difference that no step accounts for.
    gap: bool,
    /// Value of a total, change of a step.
    value: f64,
    /// Edges of the bar, where it can be drawn.
    span: Option<(f64, f64)>,
    error: f64,
    placeholder: bool,
}

struct Frame {
    layout: Layout,
    plot: Plot,
    scale: Scale,
    places: usize,
    /// Whether there is room for "± 2" beside the numbers.
    errors: bool,
    /// Upright lines that numbers keep off.
    uprights: Vec<f64>,
}

/// Height of a bar.
const BAR: f64 = 18.0;
/// Length of the point of an arrow.
const POINT: f64 = 8.0;

impl Waterfall {
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
        let mut c = Canvas::new("waterfall", &layout.id(&self.id), &self.title, &self.desc);
        let places = self.places();
        let rows = self.rows(places);
        let hatched = rows.iter().any(|r| r.placeholder);
        if hatched {
            define_strong_hatch(&mut c, &layout.id(&self.id));
        }
        let width = layout.width();
        let names = name_width(&rows, layout);
        let column = |errors: bool| {
            rows.iter()
                .map(|r| figure_width(r, places, errors))
                .fold(30.0, f64::max)
                + 12.0
        };
        let errors = column(true) <= if layout.is_compact() { 70.0 } else { 160.0 };
        let (left, right) = (names + 14.0, width - column(errors));
        let most = if layout.is_compact() { 4.0 } else { 6.0 };
        let ticks = fitting_ticks(self.extent(&rows), right - left, most);
        let scale = Scale::new(ticks.domain, (left, right));
        let reference: Vec<(&str, f64)> = self
            .reference()
            .map(|(label, v)| (label, scale.at(v)))
            .into_iter()
            .collect();
        let heads = Heads::new(&reference, 0.0, width);
        let top = 6.0 + heads.depth();
        let depth: f64 = rows.iter().map(|r| row_height(r, layout, names)).sum();
        let plot = Plot {
            left,
            right,
            top,
            bottom: top + depth + 6.0,
        };
        let nought = scale.at(0.0);
        let frame = Frame {
            layout,
            plot,
            scale,
            places,
            errors,
            uprights: reference.iter().map(|r| r.1).chain([nought]).collect(),
        };
        let mut y = axis_below(&mut c, width, plot, &ticks, scale, &self.unit);
        c.line("rule", (nought, plot.top), (nought, plot.bottom));
        if let Some((label, value)) = self.reference() {
            let x = scale.at(value);
            c.tag("g").attr("data-reference", label).open();
            c.line("reference", (x, heads.foot(0, top)), (x, plot.bottom));
            heads.text(&mut c, 0, top);
            c.close("g");
        }
        self.bars(&mut c, &frame, &rows, names);
        if hatched {
            y = placeholder_key(&mut c, y);
        }
        if rows.iter().any(has_error) {
            let what = if self.error_label.is_empty() {
                "Monte Carlo error"
            } else {
                &self.error_label
            };
            let sign = if errors {
                "± and fine line"
            } else {
                "fine line"
            };
            y = foot_note(&mut c, width, y, &format!("{sign}: {what}"));
        }
        y = foot_note(&mut c, width, y, &self.note);
        c.finish(width, y + 2.0)
    }

    fn reference(&self) -> Option<(&str, f64)> {
        self.reference
            .as_ref()
            .filter(|r| usable(r.1))
            .map(|(label, v)| (label.as_str(), *v))
    }

    /// The same in both layouts.
    fn places(&self) -> usize {
        let auto = || {
            let found = self.extent(&self.walk());
            value_decimals(round_ticks(found, 6.0).step)
        };
        self.decimals.unwrap_or_else(auto).min(8)
    }

    fn extent(&self, rows: &[Row]) -> Option<(f64, f64)> {
        let ends = rows.iter().filter_map(|r| {
            let (from, to) = r.span?;
            let error = if has_error(r) { r.error } else { 0.0 };
            Some([from, to, to - error, to + error])
        });
        extent(
            ends.flatten()
                .chain(self.reference().map(|r| r.1))
                .chain([0.0]),
        )
    }

    /// Start and steps, without the difference and the end.
    fn walk(&self) -> Vec<Row<'_>> {
        let mut at = self.start.value;
        let mut rows = vec![total(&self.start)];
        for step in &self.steps {
            let from = at;
            if usable(step.change) {
                at += step.change;
            }
            let drawn = usable(step.change) && usable(from) && usable(at);
            rows.push(Row {
                label: &step.label,
                total: false,
                gap: false,
                value: step.change,
                span: drawn.then_some((from, at)),
                error: step.error,
                placeholder: step.placeholder,
            });
        }
        rows.push(total(&self.end));
        rows
    }

    fn rows(&self, places: usize) -> Vec<Row<'_>> {
        let mut rows = self.walk();
        let at = rows
            .iter()
            .rev()
            .skip(1)
            .find_map(|r| r.span)
            .map(|(_, to)| to);
        let Some(at) = at.filter(|_| usable(self.start.value) && usable(self.end.value)) else {
            return rows;
        };
        let gap = self.end.value - at;
        let negligible = (0..places).fold(0.5, |half, _| half / 10.0);
        if gap.abs() > negligible {
            let label = if self.rest_label.is_empty() {
                "not attributed"
            } else {
                &self.rest_label
            };
            let rest = Row {
                label,
                total: false,
                gap: true,
                value: gap,
                span: Some((at, self.end.value)),
                error: 0.0,
                placeholder: false,
            };
            rows.insert(rows.len() - 1, rest);
        }
        rows
    }

    fn bars(&self, c: &mut Canvas, f: &Frame, rows: &[Row], names: f64) {
        let mut y = f.plot.top + 3.0;
        let mut before: Option<(f64, f64)> = None;
        for (i, row) in rows.iter().enumerate() {
            let height = row_height(row, f.layout, names);
            let middle = y + height / 2.0;
            c.tag("g")
                .attr("class", kind(row))
                .attr("data-step", &i.to_string())
                .attr("data-label", row.label)
                .attr("data-value", &data(row.value))
                .open();
            c.tooltip(&format!(
                "{}: {} {}",
                row.label,
                in_full(row, f.places),
                self.unit
            ));
            let size = name_size(f.layout);
            let lines = wrap(row.label, size, names, 3);
            let class = if row.total { "t strong" } else { "t" };
            let text = lines.len() as f64 * line_height(size);
            let first = middle - text / 2.0 + size * 0.86;
            c.lines(class, size, (0.0, first), Anchor::Start, &lines);
            if let Some((from, to)) = row.span {
                let (a, b) = (f.scale.at(from), f.scale.at(to));
                if let Some((x, foot)) = before {
                    c.line("connector", (x, foot), (x, middle - BAR / 2.0));
                }
                draw_bar(c, f, row, (a, b), middle);
                before = Some((b, middle + BAR / 2.0));
            }
            draw_figure(c, f, row, middle);
            c.close("g");
            y += height;
        }
    }
}

fn total(t: &Total) -> Row<'_> {
    Row {
        label: &t.label,
        total: true,
        gap: false,
        value: t.value,
        span: usable(t.value).then_some((0.0, t.value)),
        error: 0.0,
        placeholder: t.placeholder,
    }
}

fn kind(row: &Row) -> &'static str {
    if row.total {
        "step total"
    } else if row.gap && row.value > 0.0 {
        "step up gap"
    } else if row.gap {
        "step down gap"
    } else if row.value > 0.0 {
        "step up"
    } else if row.value < 0.0 {
        "step down"
    } else {
        "step level"
    }
}

fn has_error(row: &Row) -> bool {
    row.span.is_some() && usable(row.error) && row.error > 0.0
}

fn data(v: f64) -> String {
    if usable(v) { number(v) } else { String::new() }
}

/// "+5", "−3", "≈ 0"; a total without a sign.
fn figure(row: &Row, places: usize) -> String {
    let text = plain(row.value, places);
    if row.total || !usable(row.value) {
        text
    } else if is_nought(&text) {
        if row.value == 0.0 { "0" } else { "≈ 0" }.to_owned()
    } else if row.value > 0.0 {
        format!("+{text}")
    } else {
        text
    }
}

fn is_nought(text: &str) -> bool {
    !text.chars().any(|c| ('1'..='9').contains(&c))
}

/// "± 2", with a place more if that is needed to say anything.
fn error_figure(row: &Row, places: usize) -> Option<String> {
    if !has_error(row) {
        return None;
    }
    [places, places + 1]
        .into_iter()
        .map(|p| plain(row.error, p))
        .find(|text| !is_nought(text))
        .map(|text| format!("± {text}"))
}

fn in_full(row: &Row, places: usize) -> String {
    let mut out = figure(row, places);
    if let Some(error) = error_figure(row, places) {
        out.push(' ');
        out.push_str(&error);
    }
    out
}

fn figure_width(row: &Row, places: usize, errors: bool) -> f64 {
    let own = figure_text_width(&figure(row, places));
    let error = error_figure(row, places).filter(|_| errors);
    own + error.map_or(0.0, |e| text_width(&e, SMALL) + 6.0)
}

/// Signs are as wide as digits, not as wide as the estimate has them.
fn figure_text_width(text: &str) -> f64 {
    text_width(&text.replace(['−', '≈'], "+"), BODY)
}

fn name_size(layout: Layout) -> f64 {
    if layout.is_compact() { 13.0 } else { BODY }
}

fn name_width(rows: &[Row], layout: Layout) -> f64 {
    let size = name_size(layout);
    let most = if layout.is_compact() { 122.0 } else { 210.0 };
    // Bold type runs a little wider than the estimate.
    rows.iter()
        .map(|r| text_width(r.label, size) + 4.0)
        .fold(40.0, f64::max)
        .min(most)
}

fn row_height(row: &Row, layout: Layout, names: f64) -> f64 {
    let size = name_size(layout);
    let lines = wrap(row.label, size, names, 3).len() as f64;
    (lines * line_height(size) + 8.0).max(BAR + 12.0)
}

fn draw_bar(c: &mut Canvas, f: &Frame, row: &Row, (a, b): (f64, f64), y: f64) {
    let half = BAR / 2.0;
    let (left, right) = (a.min(b), a.max(b));
    if row.total {
        c.rect("bar", (left, y - half), ((right - left).max(1.0), BAR));
        if row.placeholder {
            c.hatched((left, y - half), (right - left, BAR));
        }
        return;
    }
    let length = b - a;
    if length.abs() < 1.5 {
        c.line("bar-line", (b, y - half), (b, y + half));
    } else {
        let neck = b - length.signum() * POINT.min(length.abs());
        let mut d = polyline(&[
            (a, y - half),
            (neck, y - half),
            (b, y),
            (neck, y + half),
            (a, y + half),
        ]);
        d.push('Z');
        c.path("bar", &d);
        if row.placeholder {
            c.hatched_path(&d);
        }
    }
    if let Some((_, to)) = row.span.filter(|_| has_error(row)) {
        let (low, high) = (f.scale.at(to - row.error), f.scale.at(to + row.error));
        for class in ["underlay", "error"] {
            c.line(class, (low, y), (high, y));
            c.line(class, (low, y - 4.0), (low, y + 4.0));
            c.line(class, (high, y - 4.0), (high, y + 4.0));
        }
    }
}

/// The number, right of the bar and its whisker.
fn draw_figure(c: &mut Canvas, f: &Frame, row: &Row, y: f64) {
    let mut x = row.span.map_or(f.plot.left, |(from, to)| {
        let reach = if has_error(row) { to + row.error } else { to };
        f.scale.at(from.max(to).max(reach))
    }) + 7.0;
    let width = figure_width(row, f.places, f.errors);
    // Twice: clear of one line it may stand on the other.
    for line in f.uprights.iter().chain(&f.uprights) {
        if *line > x - 5.0 && *line < x + width + 2.0 {
            x = line + 6.0;
        }
    }
    let text = figure(row, f.places);
    let class = if row.total {
        "t num strong halo"
    } else {
        "t num halo"
    };
    c.text(class, BODY, (x, y + 5.0), Anchor::Start, &text);
    if let Some(error) = error_figure(row, f.places).filter(|_| f.errors) {
        let at = (x + figure_text_width(&text) + 5.0, y + 5.0);
        c.text("t num muted halo", SMALL, at, Anchor::Start, &error);
    }
}
