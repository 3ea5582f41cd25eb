//! A share over two numbers: a grid of cells shaded by it, a region outlined, points marked.

use super::canvas::{Anchor, Canvas, SMALL, line_height, wrap};
use super::scale::{Scale, plain};
use super::{Layout, Marker};

/// A share as it depends on two numbers.
#[derive(Clone, Debug, Default)]
pub struct ContourMap {
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
    /// Share at each y, then each x; shaded from 0 to 1.
    pub shares: Vec<Vec<f64>>,
    /// Does the cell lie in the region that is outlined? At each y, then each x.
    pub inside: Vec<Vec<bool>>,
    /// (label, x, y) of marked points; outside the grid they are left out.
    pub points: Vec<(String, f64, f64)>,
}

const HEIGHT: f64 = 300.0;
const LEFT: f64 = 40.0;
const TOP: f64 = 28.0;

impl ContourMap {
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
        let width = layout.width();
        let mut c = Canvas::new("heat", &layout.id(&self.id), &self.title, &self.desc);
        c.text(
            "t axis-label",
            SMALL,
            (0.0, 13.0),
            Anchor::Start,
            &self.y_label,
        );
        let (columns, rows) = (self.xs.len(), self.ys.len());
        if columns < 2 || rows < 2 {
            return c.finish(width, TOP);
        }
        let ends = |list: &[f64]| {
            let half = (list[1] - list[0]) / 2.0;
            (list[0] - half, list[list.len() - 1] + half)
        };
        let bottom = TOP + HEIGHT;
        let x = Scale::new(ends(&self.xs), (LEFT, width - 2.0));
        let y = Scale::new(ends(&self.ys), (bottom, TOP));
        let size = ((width - 2.0 - LEFT) / columns as f64, HEIGHT / rows as f64);
        for (row, list) in self.shares.iter().enumerate() {
            for (column, share) in list.iter().enumerate() {
                let corner = (
                    LEFT + size.0 * column as f64,
                    bottom - size.1 * (row as f64 + 1.0),
                );
                let step = (share.clamp(0.0, 1.0) * 10.0).round();
                c.tag("g")
                    .attr("class", &format!("cell r{step}"))
                    .attr("data-share", &format!("{share:.4}"))
                    .open();
                c.tooltip(&format!(
                    "{}, {}: {}",
                    plain(self.xs[column], 2),
                    plain(self.ys[row], 2),
                    plain(*share, 2)
                ));
                c.rect("fill", corner, (size.0 + 0.3, size.1 + 0.3));
                c.close("g");
            }
        }
        self.edge(&mut c, size, bottom);
        for (at, mark) in
            self.xs
                .iter()
                .enumerate()
                .step_by(if layout.is_compact() { 4 } else { 2 })
        {
            let middle = LEFT + size.0 * (at as f64 + 0.5);
            c.text(
                "t tick",
                SMALL,
                (middle, bottom + 17.0),
                Anchor::Middle,
                &plain(*mark, 1),
            );
        }
        for (at, mark) in self.ys.iter().enumerate().step_by(2) {
            let middle = bottom - size.1 * (at as f64 + 0.5);
            c.text(
                "t tick",
                SMALL,
                (LEFT - 6.0, middle + 4.3),
                Anchor::End,
                &plain(*mark, 2),
            );
        }
        let label = (f64::midpoint(LEFT, width), bottom + 36.0);
        c.text("t axis-label", SMALL, label, Anchor::Middle, &self.x_label);
        let mut below = bottom + 58.0;
        let (across, up) = (ends(&self.xs), ends(&self.ys));
        let drawn = |p: &&(String, f64, f64)| {
            p.1 >= across.0 && p.1 <= across.1 && p.2 >= up.0 && p.2 <= up.1
        };
        for (place, (name, px, py)) in self.points.iter().filter(drawn).enumerate() {
            c.party_open(place, Marker::for_index(place));
            c.tooltip(name);
            c.circle("halo", (x.at(*px), y.at(*py)), 7.0);
            c.marker("mark", Marker::for_index(place), x.at(*px), y.at(*py), 5.0);
            c.marker("mark", Marker::for_index(place), 7.0, below - 4.0, 5.0);
            c.close("g");
            let lines = wrap(name, SMALL, width - 22.0, 2);
            c.lines("t", SMALL, (18.0, below), Anchor::Start, &lines);
            below += lines.len() as f64 * line_height(SMALL) + 2.0;
        }
        c.finish(width, below - 6.0)
    }

    /// The edge of the region.
    fn edge(&self, c: &mut Canvas, size: (f64, f64), bottom: f64) {
        let over = |row: usize, column: usize| self.inside[row][column];
        let at = |row: usize, column: usize| {
            (LEFT + size.0 * column as f64, bottom - size.1 * row as f64)
        };
        c.group("edge");
        for row in 0..self.ys.len() {
            for column in 0..self.xs.len() {
                if column > 0 && over(row, column) != over(row, column - 1) {
                    c.line("rule", at(row, column), at(row + 1, column));
                }
                if row > 0 && over(row, column) != over(row - 1, column) {
                    c.line("rule", at(row, column), at(row, column + 1));
                }
            }
        }
        c.close("g");
    }
}

#[cfg(test)]
mod tests {
    use super::ContourMap;

    #[test]
    fn the_edge_of_the_region_is_drawn_once_and_points_outside_are_not() {
        let map = ContourMap {
            id: "m".into(),
            xs: vec![0.0, 1.0, 2.0],
            ys: vec![0.0, 1.0],
            shares: vec![vec![0.2, 0.6, 0.9], vec![0.4, 0.8, 1.0]],
            inside: vec![vec![false, true, true]; 2],
            points: vec![("in".into(), 1.0, 0.5), ("out".into(), 9.0, 0.5)],
            ..ContourMap::default()
        };
        for drawn in [map.render(), map.render_compact()] {
            assert_eq!(drawn.matches("class=\"rule\"").count(), 2);
            assert_eq!(drawn.matches("data-share").count(), 6);
            assert!(drawn.contains(">in<") && !drawn.contains(">out<"));
        }
        assert!(!ContourMap::default().render().contains("NaN"));
    }
}
