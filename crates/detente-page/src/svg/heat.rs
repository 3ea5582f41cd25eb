//! The acceptance map: packages in rows, parties in columns, a number in each
//! cell.

use super::canvas::{Anchor, BODY, Canvas, SMALL, line_height, text_width, wrap};
use super::{Layout, Marker, Party, per_hundred};

/// A column of the map: one party.
pub type Column = Party;

/// In how many worlds each party prefers each package to no deal.
#[derive(Clone, Debug, Default)]
pub struct AcceptanceMap {
    /// The finding, for the accessible name.
    pub title: String,
    /// What is drawn, for those who cannot see it.
    pub desc: String,
    /// Id of the `<svg>`; other ids derive from it.
    pub id: String,
    /// Parties, in the order of [`Row::cells`].
    pub columns: Vec<Column>,
    /// Packages, from the top.
    pub rows: Vec<Row>,
    /// Heads of the last columns, what comes of each package: none means one, "All needed".
    pub totals: Vec<String>,
    /// What the numbers count and their Monte Carlo error, below the map.
    pub note: String,
}

/// A package.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Name of the package.
    pub label: String,
    /// Small line under the name; may be empty.
    pub note: String,
    /// One cell per column; missing ones are drawn empty.
    pub cells: Vec<Cell>,
    /// What comes of the package, in the order of [`AcceptanceMap::totals`]: share of worlds (0 to 1), and a tooltip.
    pub totals: Vec<(Option<f64>, String)>,
    /// Hatch the row: its numbers rest on placeholders.
    pub placeholder: bool,
}

/// One party's answer to one package.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    /// Share of worlds (0 to 1) in which the party accepts; `None` if unknown.
    pub share: Option<f64>,
    /// Monte Carlo standard error of the share (0 to 1); a `data-error` hook.
    pub error: f64,
    /// The package does not need this party's consent: the cell is outlined, not filled.
    pub free: bool,
    /// The party most often blocks the package first, or about as often as the one that does.
    pub blocker: bool,
    /// A hard red line of the party forbids the package.
    pub blocked_by_red_line: bool,
    /// Tooltip of the cell.
    pub tooltip: String,
}

struct Grid {
    layout: Layout,
    width: f64,
    /// Left edge and pitch of the cells.
    left: f64,
    pitch: f64,
    cell: (f64, f64),
    /// Left edge of the last column.
    all: f64,
    label_width: f64,
    head_size: f64,
}

/// Space between a party's cell and the next.
const GUTTER: f64 = 3.0;
/// Space before the last column.
const ALL_GAP: f64 = 12.0;
const NOTE: f64 = 12.0;

impl AcceptanceMap {
    /// The ordinary layout: 640 px wide, wider with more than five parties.
    #[must_use]
    pub fn render(&self) -> String {
        self.draw(Layout::Wide)
    }

    /// The layout for telephones: names above their cells.
    #[must_use]
    pub fn render_compact(&self) -> String {
        self.draw(Layout::Compact)
    }

    fn total_labels(&self) -> Vec<&str> {
        if self.totals.is_empty() {
            return vec!["All needed"];
        }
        self.totals.iter().map(String::as_str).collect()
    }

    fn grid(&self, layout: Layout) -> Grid {
        let columns = (self.columns.len() + self.total_labels().len()) as f64;
        let (label_width, pitch) = match layout {
            Layout::Wide => {
                let pitch = ((layout.width() - 230.0 - ALL_GAP) / columns).clamp(56.0, 70.0);
                let label = (layout.width() - ALL_GAP - pitch * columns).max(230.0);
                (label, pitch)
            }
            Layout::Compact => (
                layout.width(),
                ((layout.width() - ALL_GAP) / columns).max(40.0),
            ),
        };
        let left = match layout {
            Layout::Wide => label_width,
            Layout::Compact => 0.0,
        };
        let head_size = [SMALL, 12.0, 11.5, 11.0]
            .into_iter()
            .find(|size| {
                self.columns
                    .iter()
                    .flat_map(|c| c.label.split_whitespace())
                    .all(|word| text_width(word, *size) <= pitch - 2.0)
            })
            .unwrap_or(11.0);
        let all = left + pitch * self.columns.len() as f64 + ALL_GAP;
        Grid {
            layout,
            width: all + pitch * self.total_labels().len() as f64,
            left,
            pitch,
            cell: (
                pitch - GUTTER,
                if layout.is_compact() { 30.0 } else { 32.0 },
            ),
            all,
            label_width: label_width - 14.0,
            head_size,
        }
    }

    fn draw(&self, layout: Layout) -> String {
        let grid = self.grid(layout);
        let mut c = Canvas::new("heat", &layout.id(&self.id), &self.title, &self.desc);
        if self.rows.iter().any(|r| r.placeholder) {
            c.define_hatch();
        }
        let mut y = self.heads(&mut c, &grid);
        for (i, row) in self.rows.iter().enumerate() {
            y = self.row(&mut c, &grid, y, i, row);
        }
        if self.rows.is_empty() {
            c.text(
                "t muted",
                BODY,
                (0.0, y + 18.0),
                Anchor::Start,
                "No packages",
            );
            y += 28.0;
        }
        y = self.key(&mut c, &grid, y + 10.0);
        c.finish(grid.width, y)
    }

    fn heads(&self, c: &mut Canvas, grid: &Grid) -> f64 {
        let pitch = grid.pitch;
        let wrapped: Vec<Vec<String>> = self
            .columns
            .iter()
            .map(|p| p.label.as_str())
            .chain(self.total_labels())
            .map(|l| wrap(l, grid.head_size, pitch - 2.0, 3))
            .collect();
        let deepest = wrapped.iter().map(Vec::len).max().unwrap_or(1) as f64;
        let leading = line_height(grid.head_size);
        let bottom = 22.0 + deepest * leading;
        c.group("heads");
        for (i, lines) in wrapped.iter().enumerate() {
            let party = self.columns.get(i);
            let x = match party {
                Some(_) => grid.left + pitch * i as f64,
                None => grid.all + pitch * (i - self.columns.len()) as f64,
            } + grid.cell.0 / 2.0;
            let first = bottom - 7.0 - (lines.len() as f64 - 1.0) * leading;
            if let Some(party) = party {
                c.party_open(party.color_index, party.marker);
                c.tooltip(&party.label);
                c.marker("mark", party.marker, x, first - leading - 3.0, 5.0);
                c.close("g");
            }
            let class = if party.is_some() { "t" } else { "t strong" };
            c.lines(class, grid.head_size, (x, first), Anchor::Middle, lines);
        }
        c.close("g");
        bottom
    }

    fn row(&self, c: &mut Canvas, grid: &Grid, top: f64, index: usize, row: &Row) -> f64 {
        let label = wrap(&row.label, BODY, grid.label_width, 3);
        let note = wrap(&row.note, NOTE, grid.label_width, 2);
        let text_height =
            label.len() as f64 * line_height(BODY) + note.len() as f64 * line_height(NOTE);
        let (height, cell_top) = if grid.layout.is_compact() {
            (text_height + grid.cell.1 + 17.0, top + text_height + 9.0)
        } else {
            let height = (text_height + 10.0).max(grid.cell.1 + 5.0);
            (height, top + (height - grid.cell.1) / 2.0)
        };
        c.tag("g")
            .attr("class", "row")
            .attr("data-row", &index.to_string())
            .attr("data-label", &row.label)
            .open();
        c.line("grid", (0.0, top), (grid.width - GUTTER, top));
        let first = if grid.layout.is_compact() {
            top + 17.0
        } else {
            top + (height - text_height) / 2.0 + 12.5
        };
        c.lines("t", BODY, (0.0, first), Anchor::Start, &label);
        let below = first + label.len() as f64 * line_height(BODY) - 1.0;
        c.lines("t muted", NOTE, (0.0, below), Anchor::Start, &note);
        let empty = Cell::default();
        for i in 0..self.columns.len() {
            let cell = row.cells.get(i).unwrap_or(&empty);
            let x = grid.left + grid.pitch * i as f64;
            draw_cell(c, grid, (x, cell_top), i, cell, row.placeholder);
        }
        c.group("all");
        for k in 0..self.total_labels().len() {
            let (share, tooltip) = row.totals.get(k).cloned().unwrap_or_default();
            let last = Cell {
                share,
                tooltip,
                ..Cell::default()
            };
            let at = (grid.all + grid.pitch * k as f64, cell_top);
            draw_cell(c, grid, at, self.columns.len() + k, &last, row.placeholder);
        }
        c.close("g");
        c.close("g");
        top + height
    }

    /// Explains the outlines and glyphs that occur, then the note.
    fn key(&self, c: &mut Canvas, grid: &Grid, top: f64) -> f64 {
        let cells = || self.rows.iter().flat_map(|r| &r.cells);
        let items = [
            (cells().any(|x| x.free), Glyph::Free, "consent not needed"),
            (
                cells().any(|x| x.blocker && !x.blocked_by_red_line),
                Glyph::Blocker,
                "blocks first most often",
            ),
            (
                cells().any(|x| x.blocked_by_red_line),
                Glyph::RedLine,
                "hard red line",
            ),
            (
                self.rows.iter().any(|r| r.placeholder),
                Glyph::Hatch,
                "rests on placeholders",
            ),
        ];
        c.group("key");
        let (mut x, mut y) = (0.0, top + 14.0);
        let mut any = false;
        for (shown, glyph, text) in items {
            if !shown {
                continue;
            }
            let w = 24.0 + text_width(text, SMALL) + 16.0;
            if x > 0.0 && x + w - 16.0 > grid.width {
                x = 0.0;
                y += 20.0;
            }
            glyph.draw_in_key(c, x, y - 4.5);
            c.text("t muted", SMALL, (x + 24.0, y), Anchor::Start, text);
            x += w;
            any = true;
        }
        let mut bottom = if any { y + 8.0 } else { top };
        let note = wrap(&self.note, SMALL, grid.width - 4.0, 4);
        if !note.is_empty() {
            c.lines("t muted", SMALL, (0.0, bottom + 13.0), Anchor::Start, &note);
            bottom += note.len() as f64 * line_height(SMALL) + 4.0;
        }
        c.close("g");
        bottom + 2.0
    }
}

/// The step of the ramp (0 to 10) for a share.
fn ramp(share: f64) -> usize {
    (share.clamp(0.0, 1.0) * 10.0).round() as usize
}

fn draw_cell(
    c: &mut Canvas,
    grid: &Grid,
    (x, y): (f64, f64),
    column: usize,
    cell: &Cell,
    placeholder: bool,
) {
    let share = cell.share.filter(|s| s.is_finite());
    let (w, h) = grid.cell;
    let class = match share {
        None => "cell none".to_owned(),
        Some(_) if cell.free => "cell free".to_owned(),
        Some(s) => format!("cell r{}", ramp(s)),
    };
    let text = per_hundred(share);
    let mut tag = c
        .tag("g")
        .attr("class", &class)
        .attr("data-column", &column.to_string());
    if let Some(s) = share {
        tag = tag.attr("data-share", &format!("{:.4}", s.clamp(0.0, 1.0)));
    }
    if cell.error.is_finite() && cell.error > 0.0 {
        tag = tag.attr("data-error", &format!("{:.4}", cell.error.min(1.0)));
    }
    for (name, on) in [
        ("data-free", cell.free),
        ("data-blocker", cell.blocker),
        ("data-red-line", cell.blocked_by_red_line),
    ] {
        if on {
            tag = tag.attr(name, "true");
        }
    }
    tag.open();
    c.tooltip(&cell.tooltip);
    if cell.free {
        c.rect("fill", (x + 0.5, y + 0.5), (w - 1.0, h - 1.0));
    } else {
        c.rect("fill", (x, y), (w, h));
    }
    if placeholder {
        c.hatched((x, y), (w, h));
    }
    if cell.blocked_by_red_line {
        c.rect("red", (x, y), (5.0, h));
    }
    // In a narrow cell the number makes room for the mark in the corner.
    let marked = cell.blocked_by_red_line || cell.blocker;
    let aside = if marked && w < 60.0 { 6.0 } else { 0.0 };
    c.text(
        "t num",
        15.0,
        (x + w / 2.0 - aside, y + h / 2.0 + 5.3),
        Anchor::Middle,
        &text,
    );
    if cell.blocked_by_red_line {
        Glyph::RedLine.draw(c, x + w - 11.0, y + 11.0);
    } else if cell.blocker {
        Glyph::Blocker.draw(c, x + w - 10.0, y + 10.0);
    }
    c.close("g");
}

#[derive(Clone, Copy)]
enum Glyph {
    Free,
    Blocker,
    RedLine,
    Hatch,
}

impl Glyph {
    fn draw(self, c: &mut Canvas, x: f64, y: f64) {
        match self {
            Self::Free => c.rect("free-frame", (x - 8.0, y - 6.0), (16.0, 12.0)),
            Self::Blocker => c.marker("glyph", Marker::TriangleDown, x, y, 4.2),
            Self::RedLine => {
                c.circle("red-glyph", (x, y), 6.2);
                c.line("red-bar", (x - 3.6, y), (x + 3.6, y));
            }
            Self::Hatch => {
                c.rect("swatch-frame", (x - 8.0, y - 6.0), (16.0, 12.0));
                c.hatched((x - 8.0, y - 6.0), (16.0, 12.0));
            }
        }
    }

    fn draw_in_key(self, c: &mut Canvas, x: f64, y: f64) {
        self.draw(c, x + 9.0, y);
    }
}
