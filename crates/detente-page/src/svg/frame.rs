//! What stands around a plot: ticks that fit, axis titles that wrap, labels at
//! the head of upright lines, the key of the hatching.

use super::canvas::{Anchor, Canvas, SMALL, line_height, safe_id, text_width, widest, wrap};
use super::place::stack;
use super::scale::{Plot, Scale, Ticks, round_ticks, x_axis};

/// At most about `most` round ticks whose labels keep apart on `width` pixels.
pub(crate) fn fitting_ticks(found: Option<(f64, f64)>, width: f64, most: f64) -> Ticks {
    let mut count = most;
    loop {
        let ticks = round_ticks(found, count);
        let pitch = width / ticks.marks.len().saturating_sub(1).max(1) as f64;
        if widest_tick(&ticks) + 8.0 <= pitch {
            return ticks;
        }
        if count <= 1.0 {
            return thinned(ticks, width);
        }
        count -= 1.0;
    }
}

/// Without the ticks whose labels would touch the one before.
pub(crate) fn thinned(mut ticks: Ticks, width: f64) -> Ticks {
    let scale = Scale::new(ticks.domain, (0.0, width));
    let mut end = f64::NEG_INFINITY;
    ticks.marks.retain(|(v, text)| {
        let (x, half) = (scale.at(*v), text_width(text, SMALL) / 2.0);
        let keep = x - half >= end + 6.0;
        if keep {
            end = x + half;
        }
        keep
    });
    ticks
}

fn widest_tick(ticks: &Ticks) -> f64 {
    ticks
        .marks
        .iter()
        .map(|(_, s)| text_width(s, SMALL))
        .fold(0.0, f64::max)
}

/// Half of the widest tick label: the room it needs beyond the plot.
pub(crate) fn overhang(ticks: &Ticks) -> f64 {
    widest_tick(ticks) / 2.0
}

/// The level axis with its title in as many lines as it needs (three at
/// most); gives the lowest pixel.
pub(crate) fn axis_below(
    c: &mut Canvas,
    width: f64,
    plot: Plot,
    ticks: &Ticks,
    scale: Scale,
    label: &str,
) -> f64 {
    let middle = f64::midpoint(plot.left, plot.right);
    let room = 2.0 * middle.min(width - middle) - 4.0;
    let lines = wrap(label, SMALL, room.max(60.0), 3);
    let (first, rest) = lines
        .split_first()
        .map_or(("", &[][..]), |(f, r)| (f.as_str(), r));
    x_axis(c, plot, ticks, scale, first);
    let pitch = line_height(SMALL);
    let at = (middle, plot.bottom + 37.0 + pitch);
    c.lines("t axis-label", SMALL, at, Anchor::Middle, rest);
    let titled = if first.is_empty() { 24.0 } else { 44.0 };
    plot.bottom + titled + rest.len() as f64 * pitch
}

/// Labels at the head of upright lines: each beside or over its line, none on
/// another, none crossed by the line of another.
pub(crate) struct Heads {
    blocks: Vec<Block>,
    /// Distance from the bottom to the foot of each row, and the whole height.
    feet: Vec<f64>,
    depth: f64,
}

struct Block {
    /// Where the line stands, and the middle of the label.
    x: f64,
    centre: f64,
    row: usize,
    lines: Vec<String>,
    width: f64,
}

impl Heads {
    /// For lines at these pixels, over `lo..hi`.
    pub(crate) fn new(labels: &[(&str, f64)], lo: f64, hi: f64) -> Self {
        // No wider than half, so that two over one line find room at its sides.
        let room = (hi - lo) / 2.0 - 12.0;
        let texts: Vec<Vec<String>> = labels
            .iter()
            .map(|(label, _)| wrap(label, SMALL, room, 4))
            .collect();
        let sizes: Vec<(f64, f64)> = labels
            .iter()
            .zip(&texts)
            .map(|((_, x), lines)| (*x, widest(lines, SMALL) + 8.0))
            .collect();
        let (spots, rows) = stack(&sizes, lo, hi);
        let mut feet = Vec::new();
        let mut depth = 0.0;
        for row in 0..rows {
            feet.push(depth);
            let lines = spots.iter().zip(&texts).filter(|(s, _)| s.1 == row);
            let deepest = lines.map(|(_, t)| t.len()).max().unwrap_or(0);
            depth += deepest as f64 * line_height(SMALL) + 3.0;
        }
        let blocks = sizes
            .into_iter()
            .zip(texts)
            .zip(spots)
            .map(|(((x, width), lines), (centre, row))| Block {
                x,
                centre,
                row,
                lines,
                width,
            })
            .collect();
        Self {
            blocks,
            feet,
            depth: if rows == 0 { 0.0 } else { depth + 4.0 },
        }
    }

    /// Height of all labels together.
    pub(crate) fn depth(&self) -> f64 {
        self.depth
    }

    /// Where the line of label `i` starts, with the lowest label ending at `bottom`.
    pub(crate) fn foot(&self, i: usize, bottom: f64) -> f64 {
        let row = self.blocks.get(i).map_or(0, |b| b.row);
        bottom - 2.0 - self.feet.get(row).copied().unwrap_or(0.0)
    }

    /// Writes label `i`.
    pub(crate) fn text(&self, c: &mut Canvas, i: usize, bottom: f64) {
        let Some(block) = self.blocks.get(i) else {
            return;
        };
        let above = block.lines.len().saturating_sub(1) as f64 * line_height(SMALL);
        let y = self.foot(i, bottom) - 4.5 - above;
        let (left, right) = (
            block.centre - block.width / 2.0,
            block.centre + block.width / 2.0,
        );
        let (x, anchor) = if (block.x - right).abs() < 2.0 {
            (right - 4.0, Anchor::End)
        } else if (block.x - left).abs() < 2.0 {
            (left + 4.0, Anchor::Start)
        } else {
            (block.centre, Anchor::Middle)
        };
        c.lines("t halo", SMALL, (x, y), anchor, &block.lines);
    }

    #[cfg(test)]
    pub(crate) fn boxes(&self, bottom: f64) -> Vec<super::place::Rect> {
        (0..self.blocks.len())
            .map(|i| {
                let b = &self.blocks[i];
                let h = b.lines.len() as f64 * line_height(SMALL);
                let y = self.foot(i, bottom) - h;
                super::place::Rect {
                    x: b.centre - b.width / 2.0,
                    y,
                    w: b.width,
                    h,
                }
            })
            .collect()
    }
}

/// Hatching for fills both dark and light, in place of `define_hatch`: each
/// stripe of ink has one of paper beside it. `id` is that of the canvas.
pub(crate) fn define_strong_hatch(c: &mut Canvas, id: &str) {
    c.tag("pattern")
        .attr("id", &format!("{}-hatch", safe_id(id)))
        .attr("width", "6")
        .attr("height", "6")
        .attr("patternUnits", "userSpaceOnUse")
        .attr("patternTransform", "rotate(45)")
        .open();
    c.line("hatch", (1.0, 0.0), (1.0, 6.0));
    c.line("hatch-paper", (2.6, 0.0), (2.6, 6.0));
    c.close("pattern");
}

/// One line that says what the hatching means (after a hatch is defined); gives
/// the lowest pixel.
pub(crate) fn placeholder_key(c: &mut Canvas, y: f64) -> f64 {
    c.group("key");
    c.rect("swatch-frame", (0.5, y + 3.5), (16.0, 12.0));
    c.hatched((0.5, y + 3.5), (16.0, 12.0));
    c.text(
        "t muted",
        SMALL,
        (24.0, y + 14.0),
        Anchor::Start,
        "rests on placeholders",
    );
    c.close("g");
    y + 20.0
}

/// A note in small print over the whole width; gives the lowest pixel.
pub(crate) fn foot_note(c: &mut Canvas, width: f64, y: f64, note: &str) -> f64 {
    let lines = wrap(note, SMALL, width - 4.0, 4);
    c.lines("t muted", SMALL, (0.0, y + 13.0), Anchor::Start, &lines);
    if lines.is_empty() {
        y
    } else {
        y + lines.len() as f64 * line_height(SMALL) + 4.0
    }
}
