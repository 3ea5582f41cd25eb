//! What a party's types make of a lever at every credibility: lines over chance from 0 to 1, in panels under one another.

use super::Layout;
use super::canvas::{Anchor, Canvas, SMALL, line_height, polyline, text_width, wrap};
use super::frame::{fitting_ticks, foot_note};
use super::place::spread;
use super::scale::{Plot, Scale, extent, round_ticks, usable, x_axis, y_axis};

/// Panels that share the axis of credibility.
#[derive(Clone, Debug, Default)]
pub struct Credibility {
    /// The finding, for the accessible name.
    pub title: String,
    /// What is drawn, for those who cannot see it.
    pub desc: String,
    /// Id of the `<svg>`; other ids derive from it.
    pub id: String,
    /// Title of the axis of credibility.
    pub x_label: String,
    /// From the top.
    pub panels: Vec<Panel>,
    /// An upright line through all panels with its label (the threshold); drawn only where a line of the first panel crosses zero, since
    /// elsewhere it would mark a turn that the picture does not show.
    pub mark: Option<(String, f64)>,
    /// Note below the chart; may be empty.
    pub note: String,
}

/// Lines of one quantity.
#[derive(Clone, Debug, Default)]
pub struct Panel {
    /// Title of the upright axis, with its unit.
    pub y_label: String,
    /// One a type.
    pub lines: Vec<Line>,
}

/// One line, at equal steps of credibility from 0 to 1.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// Its name, in the right margin.
    pub label: String,
    /// Palette place.
    pub color_index: usize,
    /// Values; those that are not finite are left out.
    pub values: Vec<f64>,
}

impl Credibility {
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

    /// Does a line of the first panel cross zero?
    #[must_use]
    pub fn crosses(&self) -> bool {
        let crosses = |line: &Line| {
            let known = || line.values.iter().filter(|x| usable(**x));
            known().any(|x| *x < 0.0) && known().any(|x| *x >= 0.0)
        };
        let first = self.panels.first();
        first.is_some_and(|panel| panel.lines.iter().any(crosses))
    }

    /// The upright line, where there is a turn to mark.
    fn drawn_mark(&self) -> Option<&(String, f64)> {
        self.mark.as_ref().filter(|_| self.crosses())
    }

    fn draw(&self, layout: Layout) -> String {
        let mut c = Canvas::new("credibility", &layout.id(&self.id), &self.title, &self.desc);
        let compact = layout.is_compact();
        let margin = if compact { 120.0 } else { 168.0 };
        let left = 44.0;
        let right = layout.width() - margin;
        let mut y = 6.0;
        let count = self.panels.len();
        for (i, panel) in self.panels.iter().enumerate() {
            let heading = wrap(&panel.y_label, SMALL, layout.width() - 8.0, 3);
            let pitch = line_height(SMALL);
            c.lines(
                "t axis-label",
                SMALL,
                (0.0, y + pitch),
                Anchor::Start,
                &heading,
            );
            let head = if i == 0 && self.drawn_mark().is_some() {
                pitch
            } else {
                0.0
            };
            let top = y + heading.len() as f64 * pitch + 14.0 + head;
            let tall = if i == 0 { 210.0 } else { 120.0 };
            let plot = Plot {
                left,
                right,
                top,
                bottom: top + tall,
            };
            let last = i + 1 == count;
            self.panel(&mut c, panel, plot, last, margin - 18.0, i == 0);
            y = plot.bottom + if last { 44.0 } else { 22.0 };
        }
        if !self.note.is_empty() {
            y = foot_note(&mut c, layout.width(), y, &self.note);
        }
        c.finish(layout.width(), y + 6.0)
    }

    fn panel(
        &self,
        c: &mut Canvas,
        panel: &Panel,
        plot: Plot,
        last: bool,
        room: f64,
        labelled: bool,
    ) {
        let values = panel
            .lines
            .iter()
            .flat_map(|line| line.values.iter().copied());
        let y_ticks = round_ticks(extent(values.chain([0.0])), if last { 3.0 } else { 6.0 });
        let x_ticks = fitting_ticks(Some((0.0, 1.0)), plot.right - plot.left, 5.0);
        let xs = Scale::new((0.0, 1.0), (plot.left, plot.right));
        let ys = Scale::new(y_ticks.domain, (plot.bottom, plot.top));
        y_axis(c, plot, &y_ticks, ys);
        if last {
            x_axis(c, plot, &x_ticks, xs, &self.x_label);
        }
        c.line(
            "reference",
            (plot.left, ys.at(0.0)),
            (plot.right, ys.at(0.0)),
        );
        if let Some((label, at)) = self.drawn_mark().filter(|(_, at)| usable(*at)) {
            let x = xs.at(*at);
            c.line("rule", (x, plot.top - 4.0), (x, plot.bottom));
            if labelled {
                let half = text_width(label, SMALL) / 2.0;
                let x = x.clamp(
                    plot.left + half - 40.0,
                    (plot.right + room - half).max(plot.left + half),
                );
                c.text(
                    "t strong",
                    SMALL,
                    (x, plot.top - 8.0),
                    Anchor::Middle,
                    label,
                );
            }
        }
        let mut ends = Vec::new();
        for line in &panel.lines {
            let steps = line.values.len().saturating_sub(1).max(1) as f64;
            let points: Vec<(f64, f64)> = line
                .values
                .iter()
                .enumerate()
                .filter(|(_, v)| usable(**v))
                .map(|(i, v)| (xs.at(i as f64 / steps), ys.at(*v)))
                .collect();
            let Some(end) = points.last().copied() else {
                continue;
            };
            c.tag("g")
                .attr(
                    "class",
                    &format!("p{}", line.color_index % super::PARTY_COLORS),
                )
                .attr("data-line", &line.label)
                .open();
            c.tooltip(&line.label);
            c.path("median", &polyline(&points));
            c.close("g");
            ends.push((end, wrap(&line.label, SMALL, room, 2)));
        }
        ends.sort_by(|a, b| a.0.1.total_cmp(&b.0.1));
        let pitch = line_height(SMALL);
        let wanted: Vec<(f64, f64)> = ends
            .iter()
            .map(|((_, y), lines)| (*y, lines.len() as f64 * pitch + 2.0))
            .collect();
        let tops = spread(&wanted, plot.top - 10.0, plot.bottom + 10.0);
        for (((x, y), lines), top) in ends.iter().zip(&tops) {
            let middle = top + lines.len() as f64 * pitch / 2.0;
            c.line("leader", (x + 2.0, *y), (x + 10.0, middle));
            c.lines(
                "t",
                SMALL,
                (x + 14.0, top + pitch - 3.5),
                Anchor::Start,
                lines,
            );
        }
    }
}
