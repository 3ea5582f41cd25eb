//! Which kind of equilibrium a game has, as a number of it changes: a strip with what plays end in, or a map over two numbers.

use super::canvas::{Anchor, Canvas, SMALL, line_height, polyline, text_width, wrap};
use super::frame::{axis_below, fitting_ticks, foot_note};
use super::place::spread;
use super::scale::{Plot, Scale, Ticks, extent, plain, usable, y_axis};
use super::{ENDING_COLORS, Layout, PARTY_COLORS};

/// Kinds of equilibrium along one number.
#[derive(Clone, Debug, Default)]
pub struct RegimeStrip {
    /// The finding, for the accessible name.
    pub title: String,
    /// What is drawn, for those who cannot see it.
    pub desc: String,
    /// Id of the `<svg>`; other ids derive from it.
    pub id: String,
    /// What runs to the right.
    pub x_label: String,
    /// What the lines are shares of.
    pub y_label: String,
    /// Kinds from left to right, each from where to where.
    pub bands: Vec<Band>,
    /// Shares from 0 to 1.
    pub lines: Vec<ShareLine>,
    /// What stands below the chart, a paragraph each: what the letters mean.
    pub notes: Vec<String>,
}

/// A kind of equilibrium and where it holds.
#[derive(Clone, Debug, Default)]
pub struct Band {
    /// Its letter.
    pub label: String,
    /// Palette place.
    pub color_index: usize,
    /// Where it begins.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
}

/// A share as it changes.
#[derive(Clone, Debug, Default)]
pub struct ShareLine {
    /// Its name, in the right margin.
    pub label: String,
    /// Palette place.
    pub color_index: usize,
    /// (number, share), numbers increasing; a share that is not finite breaks the line.
    pub points: Vec<(f64, f64)>,
}

/// Kinds of equilibrium over two numbers.
#[derive(Clone, Debug, Default)]
pub struct RegimeMap {
    /// The finding, for the accessible name.
    pub title: String,
    /// What is drawn, for those who cannot see it.
    pub desc: String,
    /// Id of the `<svg>`; other ids derive from it.
    pub id: String,
    /// What runs to the right.
    pub x_label: String,
    /// What runs upwards.
    pub y_label: String,
    /// Middles of the cells, increasing and evenly spaced.
    pub xs: Vec<f64>,
    /// The same upwards.
    pub ys: Vec<f64>,
    /// Place of the kind in [`RegimeMap::labels`] at each y, then each x; none where there is no certified answer.
    pub cells: Vec<Vec<Option<usize>>>,
    /// Letters of the kinds.
    pub labels: Vec<String>,
    /// What stands below the chart, a paragraph each: what the letters mean.
    pub notes: Vec<String>,
}

const TALL: f64 = 240.0;
const LEFT: f64 = 44.0;

impl RegimeStrip {
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
        let mut c = Canvas::new("regimes", &layout.id(&self.id), &self.title, &self.desc);
        let width = layout.width();
        let margin = if layout.is_compact() { 96.0 } else { 150.0 };
        let heading = wrap(&self.y_label, SMALL, width - 8.0, 2);
        let pitch = line_height(SMALL);
        c.lines("t axis-label", SMALL, (0.0, pitch), Anchor::Start, &heading);
        let top = heading.len() as f64 * pitch + 30.0;
        let plot = Plot {
            left: LEFT,
            right: width - margin,
            top,
            bottom: top + TALL,
        };
        let x_ticks = self.ticks(plot);
        let x = Scale::new(x_ticks.domain, (plot.left, plot.right));
        let y_ticks = fitting_ticks(Some((0.0, 1.0)), 200.0, 5.0);
        let y = Scale::new((0.0, 1.0), (plot.bottom, plot.top));
        self.bands(&mut c, plot, x);
        y_axis(&mut c, plot, &y_ticks, y);
        let below = axis_below(&mut c, width, plot, &x_ticks, x, &self.x_label);
        self.lines(&mut c, plot, x, y, margin - 27.0);
        let end = notes(&mut c, width, below, &self.notes);
        c.finish(width, end + 6.0)
    }

    /// Round marks over exactly the range that was swept.
    fn ticks(&self, plot: Plot) -> Ticks {
        let ends = self.bands.iter().flat_map(|band| [band.from, band.to]);
        let found = extent(ends).unwrap_or((0.0, 1.0));
        inside(
            fitting_ticks(Some(found), plot.right - plot.left, 6.0),
            found,
        )
    }

    fn bands(&self, c: &mut Canvas, plot: Plot, x: Scale) {
        c.group("bands");
        for band in &self.bands {
            if !usable(band.from) || !usable(band.to) {
                continue;
            }
            let (from, to) = (x.at(band.from), x.at(band.to));
            c.tag("g")
                .attr("class", &format!("e{}", band.color_index % ENDING_COLORS))
                .attr("data-regime", &band.label)
                .open();
            c.tooltip(&format!(
                "{}: {} to {}",
                band.label,
                plain(band.from, 4),
                plain(band.to, 4)
            ));
            c.rect(
                "band",
                (from, plot.top),
                (to - from, plot.bottom - plot.top),
            );
            c.close("g");
        }
        c.close("g");
        for (place, band) in self.bands.iter().enumerate() {
            let (from, to) = (x.at(band.from), x.at(band.to));
            if text_width(&band.label, SMALL) + 4.0 <= to - from {
                let at = (f64::midpoint(from, to), plot.top - 8.0);
                c.text("t strong", SMALL, at, Anchor::Middle, &band.label);
            }
            if place > 0 {
                c.line("rule", (from, plot.top - 4.0), (from, plot.bottom));
            }
        }
    }

    fn lines(&self, c: &mut Canvas, plot: Plot, x: Scale, y: Scale, room: f64) {
        let mut ends = Vec::new();
        for line in &self.lines {
            c.tag("g")
                .attr("class", &format!("p{}", line.color_index % PARTY_COLORS))
                .attr("data-line", &line.label)
                .open();
            c.tooltip(&line.label);
            let mut last = None;
            for run in line.points.split(|(_, share)| !usable(*share)) {
                let run: Vec<(f64, f64)> = run
                    .iter()
                    .map(|(at, share)| (x.at(*at), y.at(*share)))
                    .collect();
                if !run.is_empty() {
                    c.path("median", &polyline(&run));
                    last = run.last().copied();
                }
            }
            c.close("g");
            if let Some(end) = last {
                ends.push((end, line.color_index, wrap(&line.label, SMALL, room, 2)));
            }
        }
        ends.sort_by(|a, b| a.0.1.total_cmp(&b.0.1));
        let pitch = line_height(SMALL);
        let wanted: Vec<(f64, f64)> = ends
            .iter()
            .map(|((_, y), _, lines)| (*y, lines.len() as f64 * pitch + 2.0))
            .collect();
        let tops = spread(&wanted, plot.top - 10.0, plot.bottom + 10.0);
        for (((at, y), color, lines), top) in ends.iter().zip(&tops) {
            let middle = top + lines.len() as f64 * pitch / 2.0;
            c.tag("g")
                .attr("class", &format!("p{}", color % PARTY_COLORS))
                .open();
            c.line("leader", (at + 2.0, *y), (at + 9.0, middle));
            c.path(
                "median",
                &polyline(&[(at + 11.0, middle), (at + 20.0, middle)]),
            );
            c.close("g");
            let start = (at + 25.0, top + pitch - 3.5);
            c.lines("t", SMALL, start, Anchor::Start, lines);
        }
    }
}

impl RegimeMap {
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
        let mut c = Canvas::new("regimes", &layout.id(&self.id), &self.title, &self.desc);
        let width = layout.width();
        c.text(
            "t axis-label",
            SMALL,
            (0.0, 13.0),
            Anchor::Start,
            &self.y_label,
        );
        let (columns, rows) = (self.xs.len(), self.ys.len());
        if columns < 2 || rows < 2 {
            return c.finish(width, 28.0);
        }
        let plot = Plot {
            left: LEFT,
            right: width - 12.0,
            top: 28.0,
            bottom: 28.0 + 1.4 * TALL,
        };
        let ends = |list: &[f64]| {
            let half = (list[1] - list[0]) / 2.0;
            (list[0] - half, list[list.len() - 1] + half)
        };
        let size = (
            (plot.right - plot.left) / columns as f64,
            (plot.bottom - plot.top) / rows as f64,
        );
        let corner = |row: usize, column: usize| {
            (
                plot.left + size.0 * column as f64,
                plot.bottom - size.1 * (row as f64 + 1.0),
            )
        };
        c.group("bands");
        for (row, list) in self.cells.iter().enumerate() {
            for (column, kind) in list.iter().enumerate() {
                let (class, label) = match kind {
                    Some(kind) => (
                        format!("e{}", kind % ENDING_COLORS),
                        self.labels[*kind].as_str(),
                    ),
                    None => ("rest".to_owned(), "no certified answer"),
                };
                c.tag("g")
                    .attr("class", &class)
                    .attr("data-regime", label)
                    .open();
                c.tooltip(&format!(
                    "{label}: {}, {}",
                    plain(self.xs[column], 4),
                    plain(self.ys[row], 4)
                ));
                let (x, y) = corner(row, column);
                // A little over the edge: no seams between cells.
                c.rect("band", (x, y), (size.0 + 0.5, size.1 + 0.5));
                c.close("g");
            }
        }
        c.close("g");
        self.borders(&mut c, &corner, size);
        self.letters(&mut c, &corner, size);
        let (across, up) = (ends(&self.xs), ends(&self.ys));
        let x = Scale::new(across, (plot.left, plot.right));
        let y = Scale::new(up, (plot.bottom, plot.top));
        let x_ticks = inside(
            fitting_ticks(Some(across), plot.right - plot.left, 6.0),
            across,
        );
        let y_ticks = inside(fitting_ticks(Some(up), plot.bottom - plot.top, 6.0), up);
        y_axis(&mut c, plot, &y_ticks, y);
        let mut below = axis_below(&mut c, width, plot, &x_ticks, x, &self.x_label);
        below = notes(&mut c, width, below, &self.notes);
        c.finish(width, below + 6.0)
    }

    /// A line wherever two kinds meet.
    fn borders(
        &self,
        c: &mut Canvas,
        corner: &dyn Fn(usize, usize) -> (f64, f64),
        size: (f64, f64),
    ) {
        for row in 0..self.cells.len() {
            for column in 0..self.cells[row].len() {
                let (x, y) = corner(row, column);
                let here = self.cells[row][column];
                if column > 0 && here != self.cells[row][column - 1] {
                    c.line("rule", (x, y), (x, y + size.1));
                }
                if row > 0 && here != self.cells[row - 1][column] {
                    c.line("rule", (x, y + size.1), (x + size.0, y + size.1));
                }
            }
        }
    }

    /// Each kind's letter, at the cell of it that is furthest inside.
    fn letters(
        &self,
        c: &mut Canvas,
        corner: &dyn Fn(usize, usize) -> (f64, f64),
        size: (f64, f64),
    ) {
        for (kind, label) in self.labels.iter().enumerate() {
            let mut best: Option<(usize, usize, usize)> = None;
            for row in 0..self.cells.len() {
                for column in 0..self.cells[row].len() {
                    if self.cells[row][column] == Some(kind) {
                        let depth = self.depth(row, column);
                        if best.is_none_or(|(known, ..)| depth > known) {
                            best = Some((depth, row, column));
                        }
                    }
                }
            }
            if let Some((_, row, column)) = best {
                let (x, y) = corner(row, column);
                let at = (x + size.0 / 2.0, y + size.1 / 2.0 + 4.5);
                c.text("t strong halo", SMALL, at, Anchor::Middle, label);
            }
        }
    }

    /// How many cells one may go in every direction and stay in the same kind.
    fn depth(&self, row: usize, column: usize) -> usize {
        let here = self.cells[row][column];
        let mut depth = 0;
        while row > depth
            && column > depth
            && row + depth + 1 < self.cells.len()
            && column + depth + 1 < self.cells[row].len()
            && self.cells[row - depth - 1][column] == here
            && self.cells[row + depth + 1][column] == here
            && self.cells[row][column - depth - 1] == here
            && self.cells[row][column + depth + 1] == here
        {
            depth += 1;
        }
        depth
    }
}

/// Paragraphs from `top` down; gives the lowest pixel.
fn notes(c: &mut Canvas, width: f64, top: f64, notes: &[String]) -> f64 {
    let mut end = top;
    for note in notes {
        end = foot_note(c, width, end + 4.0, note);
    }
    end
}

/// `ticks` over exactly `domain`.
fn inside(mut ticks: Ticks, domain: (f64, f64)) -> Ticks {
    ticks.domain = domain;
    let near = 1e-9 * (domain.1 - domain.0);
    ticks
        .marks
        .retain(|(at, _)| *at >= domain.0 - near && *at <= domain.1 + near);
    ticks
}

#[cfg(test)]
mod tests {
    use super::super::tests::{LONG, ODD, check};
    use super::{Band, RegimeMap, RegimeStrip, ShareLine};

    #[test]
    fn strips_stay_whole_with_odd_data_and_show_every_band() {
        for label in ["", LONG, "a<b & \"c\""] {
            for from in ODD {
                let strip = RegimeStrip {
                    title: label.into(),
                    id: "1 odd id!".into(),
                    x_label: label.into(),
                    y_label: label.into(),
                    bands: vec![
                        Band {
                            label: "A".into(),
                            color_index: 0,
                            from,
                            to: 1.0,
                        },
                        Band {
                            label: label.into(),
                            color_index: 9,
                            from: 1.0,
                            to: 2.0,
                        },
                    ],
                    lines: vec![ShareLine {
                        label: label.into(),
                        color_index: 11,
                        points: ODD.iter().map(|x| (*x, from)).collect(),
                    }],
                    notes: vec![label.into(), String::new()],
                    ..RegimeStrip::default()
                };
                check(&strip.render());
                check(&strip.render_compact());
            }
        }
        let band = |label: &str, from, to| Band {
            label: label.into(),
            color_index: 0,
            from,
            to,
        };
        let rules = |bands: Vec<Band>| {
            let strip = RegimeStrip {
                bands,
                ..RegimeStrip::default()
            };
            let drawn = strip.render();
            assert!(
                strip
                    .bands
                    .iter()
                    .all(|band| drawn.contains(&format!("data-regime=\"{}\"", band.label)))
            );
            drawn.matches("class=\"rule\"").count()
        };
        let whole = rules(vec![band("A", 0.0, 1.0)]);
        let parted = rules(vec![band("A", 0.0, 0.4), band("B", 0.4, 1.0)]);
        assert_eq!(parted, whole + 1, "one critical value");
    }

    #[test]
    fn maps_letter_each_kind_once_and_part_them() {
        let map = RegimeMap {
            id: "map".into(),
            xs: vec![0.0, 0.5, 1.0],
            ys: vec![0.0, 1.0],
            cells: vec![
                vec![Some(0), Some(0), Some(1)],
                vec![Some(0), Some(0), None],
            ],
            labels: vec!["A".into(), "B".into()],
            ..RegimeMap::default()
        };
        for drawn in [map.render(), map.render_compact()] {
            check(&drawn);
            assert_eq!(drawn.matches("data-regime=\"A\"").count(), 4);
            assert_eq!(
                drawn.matches("data-regime=\"no certified answer\"").count(),
                1
            );
            assert_eq!(drawn.matches(">A</text>").count(), 1);
            assert_eq!(drawn.matches(">B</text>").count(), 1);
            // The axis, two between the columns, one between the rows of the last one.
            assert_eq!(drawn.matches("class=\"rule\"").count(), 4);
        }
        check(&RegimeMap::default().render());
    }
}
