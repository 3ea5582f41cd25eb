//! The line fan: a quantity over months, with stated bands and the median.

use super::Layout;
use super::canvas::{Anchor, BODY, Canvas, SMALL, line_height, polyline, text_width, wrap};
use super::place::spread;
use super::scale::{
    Plot, Scale, Ticks, extent, month_ticks, plain, round_ticks, usable, value_decimals, x_axis,
    y_axis,
};

/// A quantity over time with its uncertainty.
#[derive(Clone, Debug, Default)]
pub struct Fan {
    /// The finding, for the accessible name.
    pub title: String,
    /// What is drawn, for those who cannot see it.
    pub desc: String,
    /// Id of the `<svg>`; other ids derive from it.
    pub id: String,
    /// Title of the time axis, with its unit.
    pub x_label: String,
    /// Title of the upright axis, with its unit.
    pub y_label: String,
    /// Time of each sample (months).
    pub months: Vec<f64>,
    /// Bands, in any order; the widest is drawn first.
    pub bands: Vec<Band>,
    /// Median per month, in the unit of `y_label`; may be empty.
    pub median: Vec<f64>,
    /// Lines across with their labels (the no-deal value, a threshold), in
    /// the unit of `y_label`.
    pub reference_lines: Vec<(String, f64)>,
    /// Palette place for the fan; `None` takes the blue of the ramp.
    pub color_index: Option<usize>,
    /// Hatch the fan: it rests on placeholders.
    pub placeholder: bool,
}

/// Values between two quantiles.
#[derive(Clone, Debug, Default)]
pub struct Band {
    /// Lower quantile (0 to 1).
    pub low_q: f64,
    /// Upper quantile (0 to 1).
    pub high_q: f64,
    /// Lower edge per month.
    pub low: Vec<f64>,
    /// Upper edge per month.
    pub high: Vec<f64>,
}

impl Band {
    fn mass(&self) -> f64 {
        let m = self.high_q - self.low_q;
        if m.is_finite() {
            m.clamp(0.0, 1.0)
        } else {
            0.0
        }
    }

    fn name(&self) -> String {
        format!("{} %", per_cent(self.mass()))
    }
}

fn per_cent(mass: f64) -> String {
    let whole = (mass * 1000.0).round() / 10.0;
    if (whole - whole.round()).abs() < 0.05 {
        format!("{whole:.0}")
    } else {
        format!("{whole:.1}")
    }
}

/// A label in the right margin and the height it belongs to.
struct Tip {
    y: f64,
    lines: Vec<String>,
    class: &'static str,
}

impl Fan {
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
        let mut c = Canvas::new("fan", &layout.id(&self.id), &self.title, &self.desc);
        let y_ticks = round_ticks(extent(self.values()), 6.0);
        let widest_tick = y_ticks
            .marks
            .iter()
            .map(|(_, s)| text_width(s, SMALL))
            .fold(18.0, f64::max);
        let compact = layout.is_compact();
        let margin = if compact { 94.0 } else { 132.0 };
        let heading = wrap(&self.y_label, SMALL, layout.width() - 8.0, 3);
        let top = 12.0 + heading.len() as f64 * line_height(SMALL);
        let plot = Plot {
            left: widest_tick + 10.0,
            right: layout.width() - margin,
            top,
            bottom: top + if compact { 230.0 } else { 290.0 },
        };
        let x_ticks = month_ticks(
            extent(self.months.iter().copied()),
            if compact { 6.0 } else { 11.0 },
        );
        let xs = Scale::new(x_ticks.domain, (plot.left, plot.right));
        let ys = Scale::new(y_ticks.domain, (plot.bottom, plot.top));
        if self.placeholder {
            c.define_hatch();
        }
        y_axis(&mut c, plot, &y_ticks, ys);
        x_axis(&mut c, plot, &x_ticks, xs, &self.x_label);
        c.lines("t axis-label", SMALL, (0.0, 12.0), Anchor::Start, &heading);
        let color = self
            .color_index
            .map_or("fan".to_owned(), |i| format!("fan p{}", i % 8));
        c.group(&color);
        self.bands(&mut c, xs, ys);
        self.median(&mut c, xs, ys);
        c.close("g");
        c.group("references");
        for (label, value) in &self.reference_lines {
            if usable(*value) {
                let y = ys.at(*value);
                c.tag("g").attr("data-reference", label).open();
                c.line("reference", (plot.left, y), (plot.right, y));
                c.close("g");
            }
        }
        c.close("g");
        let lowest = self.tips(&mut c, plot, ys, &y_ticks, margin - 16.0);
        if self.drawable() == 0 {
            let middle = (
                f64::midpoint(plot.left, plot.right),
                f64::midpoint(plot.top, plot.bottom),
            );
            c.text("t muted", BODY, middle, Anchor::Middle, "No values");
        }
        c.finish(layout.width(), (plot.bottom + 44.0).max(lowest + 6.0))
    }

    fn values(&self) -> impl Iterator<Item = f64> {
        self.bands
            .iter()
            .flat_map(|b| b.low.iter().chain(&b.high))
            .chain(&self.median)
            .copied()
            .chain(self.reference_lines.iter().map(|r| r.1))
    }

    /// Number of points of the median or of band edges that can be drawn.
    fn drawable(&self) -> usize {
        let count = |ys: &[f64]| {
            self.months
                .iter()
                .zip(ys)
                .filter(|(m, y)| usable(**m) && usable(**y))
                .count()
        };
        count(&self.median) + self.bands.iter().map(|b| count(&b.low)).sum::<usize>()
    }

    fn bands(&self, c: &mut Canvas, xs: Scale, ys: Scale) {
        let mut widest = String::new();
        for (depth, band) in self.by_width().iter().enumerate() {
            let d = self.outline(band, xs, ys);
            c.tag("g")
                .attr("class", &format!("band b{}", depth.min(3)))
                .attr("data-band", &band.name())
                .open();
            c.tooltip(&format!("{} of worlds", band.name()));
            c.path("area", &d);
            c.close("g");
            if depth == 0 {
                widest = d;
            }
        }
        if self.placeholder {
            c.hatched_path(&widest);
        }
    }

    /// Path data round a band; missing months break it in pieces.
    fn outline(&self, band: &Band, xs: Scale, ys: Scale) -> String {
        let edges: Vec<Option<(f64, f64, f64)>> = self
            .months
            .iter()
            .zip(band.low.iter().zip(&band.high))
            .map(|(m, (l, h))| {
                (usable(*m) && usable(*l) && usable(*h)).then(|| (xs.at(*m), ys.at(*l), ys.at(*h)))
            })
            .collect();
        let mut d = String::new();
        for run in edges.split(Option::is_none) {
            let run: Vec<(f64, f64, f64)> = run.iter().copied().flatten().collect();
            if run.is_empty() {
                continue;
            }
            let there = run.iter().map(|(x, _, h)| (*x, *h));
            let back = run.iter().rev().map(|(x, l, _)| (*x, *l));
            let outline: Vec<(f64, f64)> = there.chain(back).collect();
            d.push_str(&polyline(&outline));
            d.push('Z');
        }
        d
    }

    fn by_width(&self) -> Vec<&Band> {
        let mut order: Vec<&Band> = self.bands.iter().collect();
        order.sort_by(|a, b| b.mass().total_cmp(&a.mass()));
        order
    }

    fn median(&self, c: &mut Canvas, xs: Scale, ys: Scale) {
        let points: Vec<Option<(f64, f64)>> = self
            .months
            .iter()
            .zip(&self.median)
            .map(|(m, v)| (usable(*m) && usable(*v)).then(|| (xs.at(*m), ys.at(*v))))
            .collect();
        for run in points.split(Option::is_none) {
            let run: Vec<(f64, f64)> = run.iter().copied().flatten().collect();
            match run.as_slice() {
                [] => {}
                [(x, y)] => c.circle("median-dot", (*x, *y), 3.0),
                _ => c.path("median", &polyline(&run)),
            }
        }
    }

    /// Labels in the right margin; gives the lowest pixel they reach.
    fn tips(&self, c: &mut Canvas, plot: Plot, ys: Scale, ticks: &Ticks, width: f64) -> f64 {
        let mut tips: Vec<Tip> = Vec::new();
        for (i, band) in self.by_width().iter().enumerate() {
            let words = if i == 0 { " band" } else { "" };
            if let Some(v) = self.last(&band.high) {
                tips.push(Tip {
                    y: ys.at(v),
                    lines: wrap(&format!("{}{words}", band.name()), SMALL, width, 2),
                    class: "t muted",
                });
            }
        }
        let places = value_decimals(ticks.step);
        if let Some(v) = self.last(&self.median) {
            tips.push(Tip {
                y: ys.at(v),
                lines: wrap(
                    &format!("median {}", plain(three_figures(v), places)),
                    SMALL,
                    width,
                    2,
                ),
                class: "t strong",
            });
        }
        for (label, value) in &self.reference_lines {
            if usable(*value) {
                tips.push(Tip {
                    y: ys.at(*value),
                    lines: wrap(label, SMALL, width, 3),
                    class: "t reference-label",
                });
            }
        }
        let pitch = line_height(SMALL);
        let wanted: Vec<(f64, f64)> = tips
            .iter()
            .map(|t| (t.y, t.lines.len() as f64 * pitch + 2.0))
            .collect();
        let tops = spread(&wanted, plot.top - 8.0, plot.bottom + 8.0);
        let mut lowest = plot.bottom;
        c.group("tips");
        for (tip, top) in tips.iter().zip(&tops) {
            let depth = tip.lines.len() as f64 * pitch;
            let middle = top + depth / 2.0;
            let (from, to) = (plot.right + 2.0, plot.right + 11.0);
            c.line("leader", (from, tip.y), (to, middle));
            let at = (plot.right + 15.0, top + pitch - 3.5);
            c.lines(tip.class, SMALL, at, Anchor::Start, &tip.lines);
            lowest = lowest.max(top + depth);
        }
        c.close("g");
        lowest
    }

    /// The last usable value.
    fn last(&self, values: &[f64]) -> Option<f64> {
        self.months
            .iter()
            .zip(values)
            .rev()
            .map(|(_, v)| *v)
            .find(|v| usable(*v))
    }
}

/// A value of four digits or more to three of them: a label claims no more.
fn three_figures(value: f64) -> f64 {
    if !usable(value) || value.abs() < 1000.0 {
        return value;
    }
    let mut unit = 1.0;
    while value.abs() >= 1000.0 * unit {
        unit *= 10.0;
    }
    (value / unit).round() * unit
}
