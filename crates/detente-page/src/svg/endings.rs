//! Stacked endings: how things had ended by each month, of a hundred worlds.

use super::canvas::{Anchor, BODY, Canvas, SMALL, line_height, polyline, text_width, wrap};
use super::frame::{Heads, axis_below, define_strong_hatch, foot_note, placeholder_key, thinned};
use super::place::spread;
use super::scale::{Plot, Scale, Ticks, month_ticks, round_ticks, usable, y_axis};
use super::{ENDING_COLORS, Layout, per_hundred};

/// Endings over months, stacked from below; what is still on lies on top.
#[derive(Clone, Debug, Default)]
pub struct Endings {
    /// The finding, for the accessible name.
    pub title: String,
    /// What is drawn, for those who cannot see it.
    pub desc: String,
    /// Id of the `<svg>`; other ids derive from it.
    pub id: String,
    /// Title of the time axis; empty means "months".
    pub x_label: String,
    /// Title of the upright axis; empty means "of 100 worlds".
    pub y_label: String,
    /// Endings from the bottom of the stack; up to six read well.
    pub endings: Vec<Ending>,
    /// Name of the rest; empty means "still on".
    pub still_on: String,
    /// An upright line at a month.
    pub mark: Option<Mark>,
    /// How much had ended by a month in comparable cases.
    pub base_rate: Option<BaseRate>,
    /// Note below the chart (worlds, Monte Carlo error); may be empty.
    pub note: String,
    /// Hatch what has ended: it rests on placeholders.
    pub placeholder: bool,
}

/// One way in which it can end.
#[derive(Clone, Debug, Default)]
pub struct Ending {
    /// Its name.
    pub label: String,
    /// Palette place (`--ending-0` … `--ending-5`, dark and light in turn); wraps.
    pub color_index: usize,
    /// Share of worlds (0 to 1) that had ended so at the start; nothing as a rule.
    pub at_once: f64,
    /// The same by month 1, 2, 3 …
    pub by_month: Vec<f64>,
}

/// A month worth pointing at.
#[derive(Clone, Debug, Default)]
pub struct Mark {
    /// What it is.
    pub label: String,
    /// Months from the start.
    pub month: f64,
}

/// A rate from elsewhere, drawn as a whisker over "ended by that month".
#[derive(Clone, Debug, Default)]
pub struct BaseRate {
    /// Where it comes from and what it says.
    pub label: String,
    /// Months from the start.
    pub month: f64,
    /// Lower end of its range (share, 0 to 1).
    pub low: f64,
    /// Its middle (share, 0 to 1).
    pub mid: f64,
    /// Upper end of its range (share, 0 to 1).
    pub high: f64,
}

/// A band of the stack: its name, its share at the end of the series and its
/// edges (month, from, to), where every ending has a number.
struct Layer<'a> {
    label: &'a str,
    color: Option<usize>,
    last: Option<f64>,
    edges: Vec<Option<(f64, f64, f64)>>,
}

/// Left edge of the plot.
const LEFT: f64 = 34.0;
/// Between the labels over the plot and the plot, clear of tick and tip labels.
const CLEAR: f64 = 6.0;

struct Frame {
    layout: Layout,
    plot: Plot,
    xs: Scale,
    ys: Scale,
    /// Left edge of the labels at the right.
    labels: f64,
}

impl Endings {
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
        let mut c = Canvas::new("endings", &layout.id(&self.id), &self.title, &self.desc);
        if self.placeholder {
            define_strong_hatch(&mut c, &layout.id(&self.id));
        }
        let layers = self.layers();
        let (left, right) = (LEFT, layout.width() - if compact { 128.0 } else { 180.0 });
        let x_ticks = thinned(
            month_ticks(
                Some((0.0, self.last_month())),
                if compact { 6.0 } else { 11.0 },
            ),
            right - left,
        );
        let xs = Scale::new(x_ticks.domain, (left, right));
        let heads = self.heads(xs, layout);
        let leading = line_height(SMALL);
        let y_label = or(&self.y_label, "of 100 worlds");
        let heading = wrap(y_label, SMALL, layout.width() - 8.0, 3);
        let top = 12.0 + heading.len() as f64 * leading + heads.depth() + CLEAR;
        let plot = Plot {
            left,
            right,
            top,
            bottom: top + if compact { 230.0 } else { 290.0 },
        };
        let frame = Frame {
            layout,
            plot,
            xs,
            ys: Scale::new((0.0, 1.0), (plot.bottom, plot.top)),
            labels: right + 14.0,
        };
        c.lines("t axis-label", SMALL, (0.0, 12.0), Anchor::Start, &heading);
        let y_ticks = hundred_ticks();
        y_axis(&mut c, plot, &y_ticks, frame.ys);
        let x_label = or(&self.x_label, "months");
        let foot = axis_below(&mut c, layout.width(), plot, &x_ticks, xs, x_label);
        draw_layers(&mut c, &frame, &layers, self.placeholder);
        self.references(&mut c, &frame, &heads);
        let lowest = tips(&mut c, &frame, &layers);
        if layers.is_empty() {
            let middle = (
                f64::midpoint(plot.left, plot.right),
                f64::midpoint(plot.top, plot.bottom),
            );
            c.text("t muted", BODY, middle, Anchor::Middle, "No values");
        }
        let mut y = foot.max(lowest + 6.0);
        if self.placeholder {
            y = placeholder_key(&mut c, y);
        }
        y = foot_note(&mut c, layout.width(), y, &self.note);
        c.finish(layout.width(), y + 2.0)
    }

    /// Endings with a number in some month.
    fn known(&self) -> Vec<&Ending> {
        let any = |e: &&Ending| e.by_month.iter().any(|v| usable(*v));
        self.endings.iter().filter(any).collect()
    }

    fn last_month(&self) -> f64 {
        let series = self.known().iter().map(|e| e.by_month.len()).max();
        let marks = [
            self.mark().map(|m| m.month),
            self.base_rate().map(|b| b.month),
        ];
        marks
            .into_iter()
            .flatten()
            .fold(series.unwrap_or(0) as f64, f64::max)
            .max(1.0)
    }

    fn mark(&self) -> Option<&Mark> {
        self.mark
            .as_ref()
            .filter(|m| usable(m.month) && m.month >= 0.0)
    }

    fn base_rate(&self) -> Option<&BaseRate> {
        self.base_rate
            .as_ref()
            .filter(|b| usable(b.month) && b.month >= 0.0)
            .filter(|b| usable(b.mid) || (usable(b.low) && usable(b.high)))
    }

    /// The bands from the bottom, the rest last; none if there is no ending.
    fn layers(&self) -> Vec<Layer<'_>> {
        let known = self.known();
        let months = known.iter().map(|e| e.by_month.len()).max().unwrap_or(0);
        // Running totals per month: 0, first, first + second, …, 1.
        let totals: Vec<Option<Vec<f64>>> = (0..=months)
            .map(|month| {
                let mut total = 0.0;
                let mut out = vec![0.0];
                for ending in &known {
                    let v = match month.checked_sub(1) {
                        None => Some(ending.at_once).filter(|v| usable(*v)),
                        Some(i) => ending.by_month.get(i).copied().filter(|v| usable(*v)),
                    };
                    total = f64::min(total + v?.clamp(0.0, 1.0), 1.0);
                    out.push(total);
                }
                out.push(1.0);
                Some(out)
            })
            .collect();
        if totals.iter().skip(1).flatten().next().is_none() {
            return Vec::new();
        }
        let names = known
            .iter()
            .map(|e| (e.label.as_str(), Some(e.color_index)))
            .chain([(or(&self.still_on, "still on"), None)]);
        names
            .enumerate()
            .map(|(k, (label, color))| {
                let edges: Vec<Option<(f64, f64, f64)>> = totals
                    .iter()
                    .enumerate()
                    .map(|(month, t)| t.as_ref().map(|t| (month as f64, t[k], t[k + 1])))
                    .collect();
                let last = edges.iter().rev().flatten().next().map(|e| e.2 - e.1);
                Layer {
                    label,
                    color,
                    last,
                    edges,
                }
            })
            .collect()
    }

    fn heads(&self, xs: Scale, layout: Layout) -> Heads {
        let labels: Vec<(&str, f64)> = [
            self.mark().map(|m| (m.label.as_str(), m.month)),
            self.base_rate().map(|b| (b.label.as_str(), b.month)),
        ]
        .into_iter()
        .flatten()
        .map(|(label, month)| (label, xs.at(month)))
        .collect();
        Heads::new(&labels, LEFT, layout.width())
    }

    fn references(&self, c: &mut Canvas, f: &Frame, heads: &Heads) {
        let mut next = 0;
        c.group("references");
        if let Some(mark) = self.mark() {
            let x = f.xs.at(mark.month);
            c.tag("g").attr("data-reference", &mark.label).open();
            let foot = heads.foot(next, f.plot.top - CLEAR);
            c.line("underlay", (x, f.plot.top), (x, f.plot.bottom));
            c.line("reference", (x, foot), (x, f.plot.bottom));
            heads.text(c, next, f.plot.top - CLEAR);
            c.close("g");
            next += 1;
        }
        if let Some(base) = self.base_rate() {
            let x = f.xs.at(base.month);
            let at = |v: f64| usable(v).then(|| f.ys.at(v));
            c.tag("g")
                .attr("class", "base-rate")
                .attr("data-reference", &base.label)
                .open();
            c.tooltip(&base_words(base));
            let highest = [base.low, base.mid, base.high]
                .into_iter()
                .filter_map(at)
                .fold(f.plot.bottom, f64::min);
            c.line(
                "thread",
                (x, heads.foot(next, f.plot.top - CLEAR)),
                (x, highest),
            );
            if let (Some(low), Some(high)) = (at(base.low), at(base.high)) {
                for class in ["underlay", "span"] {
                    c.line(class, (x, low), (x, high));
                    c.line(class, (x - 5.0, low), (x + 5.0, low));
                    c.line(class, (x - 5.0, high), (x + 5.0, high));
                }
            }
            if let Some(mid) = at(base.mid) {
                c.circle("point", (x, mid), 4.6);
            }
            heads.text(c, next, f.plot.top - CLEAR);
            c.close("g");
        }
        c.close("g");
    }
}

fn or<'a>(text: &'a str, otherwise: &'a str) -> &'a str {
    if text.is_empty() { otherwise } else { text }
}

fn base_words(base: &BaseRate) -> String {
    let share = |v: f64| per_hundred(usable(v).then_some(v));
    format!(
        "{}: {} of 100 ({} to {})",
        base.label,
        share(base.mid),
        share(base.low),
        share(base.high)
    )
}

/// 0, 20 … 100, over shares.
fn hundred_ticks() -> Ticks {
    let mut ticks = round_ticks(Some((0.0, 100.0)), 5.0);
    for mark in &mut ticks.marks {
        mark.0 /= 100.0;
    }
    ticks
}

fn draw_layers(c: &mut Canvas, f: &Frame, layers: &[Layer], placeholder: bool) {
    let mut ended = String::new();
    for layer in layers {
        let color = layer
            .color
            .map_or("rest".to_owned(), |i| format!("e{}", i % ENDING_COLORS));
        let share = layer.last.map_or(String::new(), |v| format!("{v:.4}"));
        c.tag("g")
            .attr("class", &format!("ending {color}"))
            .attr("data-ending", layer.label)
            .attr("data-share", &share)
            .open();
        let words = format!("{}: {} of 100", layer.label, per_hundred(layer.last));
        c.tooltip(&words);
        for run in layer.edges.split(Option::is_none) {
            let run: Vec<(f64, f64, f64)> = run.iter().copied().flatten().collect();
            let there = run.iter().map(|(m, _, to)| (f.xs.at(*m), f.ys.at(*to)));
            let back = run
                .iter()
                .rev()
                .map(|(m, from, _)| (f.xs.at(*m), f.ys.at(*from)));
            if run.len() > 1 {
                let mut d = polyline(&there.chain(back).collect::<Vec<_>>());
                d.push('Z');
                c.path("layer", &d);
                if layer.color.is_some() {
                    ended.push_str(&d);
                }
            }
        }
        c.close("g");
    }
    if placeholder {
        c.hatched_path(&ended);
    }
    // What has ended in all: the lower edge of the rest.
    if let Some(rest) = layers.last() {
        for run in rest.edges.split(Option::is_none) {
            let line: Vec<(f64, f64)> = run
                .iter()
                .flatten()
                .map(|(m, from, _)| (f.xs.at(*m), f.ys.at(*from)))
                .collect();
            if line.len() > 1 {
                c.path("ended", &polyline(&line));
            }
        }
    }
}

/// Names and numbers at the right; gives the lowest pixel they reach.
fn tips(c: &mut Canvas, f: &Frame, layers: &[Layer]) -> f64 {
    let pitch = line_height(SMALL);
    let text = f.labels + 11.0;
    let room = f.layout.width() - text - 2.0;
    let most = if f.layout.is_compact() { 4 } else { 3 };
    let labels: Vec<(f64, Vec<String>, String)> = layers
        .iter()
        .filter_map(|layer| {
            let (_, from, to) = layer.edges.iter().rev().flatten().next()?;
            let number = per_hundred(layer.last);
            let lines = wrap(&format!("{number} {}", layer.label), SMALL, room, most);
            Some((f.ys.at(f64::midpoint(*from, *to)), lines, number))
        })
        .collect();
    let wanted: Vec<(f64, f64)> = labels
        .iter()
        .map(|(y, lines, _)| (*y, lines.len() as f64 * pitch + 3.0))
        .collect();
    let tops = spread(&wanted, f.plot.top - 5.0, f.plot.bottom + 8.0);
    // Where the series ends; a mark may lie beyond it.
    let end = layers
        .first()
        .and_then(|l| l.edges.iter().rev().flatten().next())
        .map_or(f.plot.right, |e| f.xs.at(e.0));
    let mut lowest = f.plot.bottom;
    c.group("tips");
    for ((layer, (y, lines, number)), top) in layers.iter().zip(&labels).zip(&tops) {
        let first = top + pitch - 3.0;
        let middle = first - 4.5;
        let d = polyline(&[
            (end + 1.5, *y),
            (f.plot.right + 2.0, *y),
            (f.labels - 2.0, middle),
        ]);
        let far = f.plot.right > end + 4.0;
        c.path(if far { "leader far" } else { "leader" }, &d);
        let color = layer
            .color
            .map_or("rest".to_owned(), |i| format!("e{}", i % ENDING_COLORS));
        c.group(&format!("ending {color}"));
        c.tooltip(layer.label);
        c.rect("layer", (f.labels, middle - 5.0), (6.0, 10.0));
        c.close("g");
        let mut rest = lines.clone();
        if let Some(line) = rest.first_mut() {
            if let Some(after) = line.strip_prefix(number.as_str()) {
                *line = after.trim_start().to_owned();
                let at = (text, first);
                c.text("t strong num", SMALL, at, Anchor::Start, number);
            }
            // Strong figures are wider than the letters that widths are known of.
            let at = (text + text_width(number, SMALL) * 1.1 + 5.0, first);
            if !line.is_empty() {
                c.text("t", SMALL, at, Anchor::Start, line);
            }
            rest.remove(0);
        }
        c.lines("t", SMALL, (text, first + pitch), Anchor::Start, &rest);
        lowest = lowest.max(top + lines.len() as f64 * pitch);
    }
    c.close("g");
    lowest
}
