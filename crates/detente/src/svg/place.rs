//! Label placement without overlap: shift, then leader lines, then number keys.

/// An upright rectangle in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rect {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) w: f64,
    pub(crate) h: f64,
}

/// A straight line in pixels.
pub(crate) type Segment = ((f64, f64), (f64, f64));

impl Rect {
    pub(crate) fn centred(x: f64, y: f64, w: f64, h: f64) -> Self {
        Self {
            x: x - w / 2.0,
            y: y - h / 2.0,
            w,
            h,
        }
    }

    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        self.x < other.x + other.w
            && other.x < self.x + self.w
            && self.y < other.y + other.h
            && other.y < self.y + self.h
    }

    fn within(&self, bounds: &Self) -> bool {
        self.x >= bounds.x
            && self.y >= bounds.y
            && self.x + self.w <= bounds.x + bounds.w
            && self.y + self.h <= bounds.y + bounds.h
    }

    fn holds(&self, (x, y): (f64, f64)) -> bool {
        x > self.x && x < self.x + self.w && y > self.y && y < self.y + self.h
    }

    /// Whether a segment passes through (Liang and Barsky).
    pub(crate) fn crossed_by(&self, (a, b): Segment) -> bool {
        let (dx, dy) = (b.0 - a.0, b.1 - a.1);
        let (mut t0, mut t1) = (0.0_f64, 1.0_f64);
        let edges = [
            (-dx, a.0 - self.x),
            (dx, self.x + self.w - a.0),
            (-dy, a.1 - self.y),
            (dy, self.y + self.h - a.1),
        ];
        for (p, q) in edges {
            if p.abs() < 1e-9 {
                if q < 0.0 {
                    return false;
                }
            } else if p < 0.0 {
                t0 = t0.max(q / p);
            } else {
                t1 = t1.min(q / p);
            }
        }
        t0 < t1
    }
}

/// One label wanted: the point it belongs to and the size of its text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) w: f64,
    pub(crate) h: f64,
    /// Clearance around the point (the radius of its mark and a little more).
    pub(crate) gap: f64,
}

/// Where a label went.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Placed {
    /// Beside its point.
    Beside(Rect),
    /// Further off, with a line to its point.
    Leader(Rect, Segment),
    /// Only a number there; the text goes into the key below the chart.
    Key(Rect, Option<Segment>),
    /// No room even for a number (hundreds of labels on one spot).
    Hidden,
}

impl Placed {
    /// The box that is taken, if any.
    #[cfg(test)]
    pub(crate) fn rect(&self) -> Option<Rect> {
        match self {
            Self::Beside(r) | Self::Leader(r, _) | Self::Key(r, _) => Some(*r),
            Self::Hidden => None,
        }
    }
}

/// What labels must keep off (`marks`) and had better keep off.
#[derive(Clone, Debug, Default)]
pub(crate) struct Field {
    pub(crate) marks: Vec<Rect>,
    pub(crate) soft_lines: Vec<Segment>,
    pub(crate) soft_points: Vec<(f64, f64)>,
}

/// Size of a key number.
pub(crate) const KEY_SIZE: (f64, f64) = (18.0, 15.0);

const DIRECTIONS: [(f64, f64); 12] = [
    (1.0, 0.0),
    (-1.0, 0.0),
    (0.0, -1.0),
    (0.0, 1.0),
    (0.87, -0.5),
    (0.87, 0.5),
    (-0.87, -0.5),
    (-0.87, 0.5),
    (0.5, -0.87),
    (0.5, 0.87),
    (-0.5, -0.87),
    (-0.5, 0.87),
];

struct Placer<'a> {
    bounds: Rect,
    field: &'a Field,
    taken: Vec<Rect>,
    leaders: Vec<Segment>,
}

/// Places the labels in order; earlier ones choose first.
pub(crate) fn place(requests: &[Request], bounds: Rect, field: &Field) -> Vec<Placed> {
    let mut placer = Placer {
        bounds,
        field,
        taken: Vec::new(),
        leaders: Vec::new(),
    };
    requests.iter().map(|r| placer.one(r)).collect()
}

impl Placer<'_> {
    fn one(&mut self, r: &Request) -> Placed {
        const RINGS: [f64; 6] = [14.0, 24.0, 36.0, 50.0, 66.0, 84.0];
        const KEY_RINGS: [f64; 12] = [
            8.0, 16.0, 26.0, 38.0, 52.0, 68.0, 86.0, 106.0, 130.0, 160.0, 200.0, 260.0,
        ];
        if let Some(found) = self.best(r, (r.w, r.h), &RINGS) {
            let (rect, leader) = found;
            self.take(rect, leader);
            return leader.map_or(Placed::Beside(rect), |l| Placed::Leader(rect, l));
        }
        if let Some((rect, leader)) = self.best(r, KEY_SIZE, &KEY_RINGS) {
            self.take(rect, leader);
            return Placed::Key(rect, leader);
        }
        Placed::Hidden
    }

    fn take(&mut self, rect: Rect, leader: Option<Segment>) {
        self.taken.push(rect);
        self.leaders.extend(leader);
    }

    fn best(
        &self,
        r: &Request,
        size: (f64, f64),
        rings: &[f64],
    ) -> Option<(Rect, Option<Segment>)> {
        let mut best: Option<(f64, Rect, Option<Segment>)> = None;
        for (ring, distance) in std::iter::once(&0.0).chain(rings).enumerate() {
            for (i, direction) in DIRECTIONS.iter().enumerate() {
                let rect = beside(r, size, *direction, r.gap + distance);
                if !self.free(&rect) {
                    continue;
                }
                let leader = (ring > 0).then(|| leader(r, &rect));
                if leader.is_some_and(|l| !self.clear(l, r)) {
                    continue;
                }
                let far = if ring == 0 { 0.0 } else { 1.0 };
                let cost = far
                    + ring as f64 * 0.7
                    + i as f64 * 0.04
                    + self.discomfort(&rect)
                    + leader.map_or(0.0, |l| self.crowding(l));
                if best.as_ref().is_none_or(|(c, ..)| cost < *c) {
                    best = Some((cost, rect, leader));
                }
            }
        }
        best.map(|(_, rect, leader)| (rect, leader))
    }

    fn free(&self, rect: &Rect) -> bool {
        rect.within(&self.bounds)
            && !self.field.marks.iter().any(|m| rect.overlaps(m))
            && !self.taken.iter().any(|t| rect.overlaps(t))
            && !self.leaders.iter().any(|l| rect.crossed_by(*l))
    }

    /// Whether a leader keeps off labels, other leaders and other marks.
    fn clear(&self, l: Segment, r: &Request) -> bool {
        !self.taken.iter().any(|t| t.crossed_by(l))
            && !self.leaders.iter().any(|o| segments_cross(*o, l))
            && !self
                .field
                .marks
                .iter()
                .any(|m| !m.holds((r.x, r.y)) && m.crossed_by(l))
    }

    fn discomfort(&self, rect: &Rect) -> f64 {
        let lines = self
            .field
            .soft_lines
            .iter()
            .filter(|s| rect.crossed_by(**s))
            .count() as f64;
        let points = self
            .field
            .soft_points
            .iter()
            .filter(|p| rect.holds(**p))
            .count() as f64;
        (lines * 0.8).min(1.6) + (points * 0.02).min(1.2)
    }

    fn crowding(&self, l: Segment) -> f64 {
        let crossings = self
            .field
            .soft_lines
            .iter()
            .filter(|s| segments_cross(**s, l))
            .count() as f64;
        (crossings * 0.1).min(0.5)
    }
}

/// The box of this size in a direction from the point, `gap` away from it.
fn beside(r: &Request, (w, h): (f64, f64), (dx, dy): (f64, f64), gap: f64) -> Rect {
    let x = r.x + dx * gap + (dx * 1.6).clamp(-1.0, 1.0) * w / 2.0;
    let y = r.y + dy * gap + (dy * 1.6).clamp(-1.0, 1.0) * h / 2.0;
    Rect::centred(x, y, w, h)
}

/// From the rim of the mark to the nearest place on the box.
fn leader(r: &Request, rect: &Rect) -> Segment {
    let end = (
        r.x.clamp(rect.x, rect.x + rect.w),
        r.y.clamp(rect.y + rect.h * 0.25, rect.y + rect.h * 0.75),
    );
    let (dx, dy) = (end.0 - r.x, end.1 - r.y);
    let length = (dx * dx + dy * dy).sqrt().max(1.0);
    let inset = (r.gap - 2.0).max(0.0).min(length);
    (
        (r.x + dx / length * inset, r.y + dy / length * inset),
        (
            end.0 - dx / length * 2.0_f64.min(length),
            end.1 - dy / length * 2.0_f64.min(length),
        ),
    )
}

fn segments_cross((a, b): Segment, (c, d): Segment) -> bool {
    let side = |p: (f64, f64), q: (f64, f64), r: (f64, f64)| {
        (q.0 - p.0) * (r.1 - p.1) - (q.1 - p.1) * (r.0 - p.0)
    };
    side(a, b, c) * side(a, b, d) < 0.0 && side(c, d, a) * side(c, d, b) < 0.0
}

/// Tops of labels along a line, as near as can be to the wanted ones, without
/// overlap and in the same order. Each label is (wanted centre, height). When
/// `lo..hi` is too short for all they run past `hi`, still without overlap.
pub(crate) fn spread(labels: &[(f64, f64)], lo: f64, hi: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..labels.len()).collect();
    order.sort_by(|a, b| labels[*a].0.total_cmp(&labels[*b].0));
    // Blocks of touching labels: (first place in order, end, top, height).
    let mut blocks: Vec<(usize, usize, f64, f64)> = Vec::new();
    let settle = |first: usize, end: usize| {
        let (mut height, mut sum) = (0.0, 0.0);
        for k in &order[first..end] {
            let (centre, h) = labels[*k];
            sum += centre - h / 2.0 - height;
            height += h;
        }
        let top = (sum / (end - first) as f64).min(hi - height).max(lo);
        (first, end, top, height)
    };
    for at in 0..order.len() {
        let mut block = settle(at, at + 1);
        while let Some(&(first, _, top, height)) = blocks.last() {
            if top + height <= block.2 {
                break;
            }
            blocks.pop();
            block = settle(first, block.1);
        }
        blocks.push(block);
    }
    let mut out = vec![lo; labels.len()];
    for (first, end, mut top, _) in blocks {
        for k in &order[first..end] {
            out[*k] = top;
            top += labels[*k].1;
        }
    }
    out
}

/// Labels over vertical lines: each is centred on its x where the edges
/// allow, and goes up a row where it would touch one already there. Gives
/// the centre and the row (0 lowest) of each, and the number of rows.
pub(crate) fn stack(labels: &[(f64, f64)], lo: f64, hi: f64) -> (Vec<(f64, usize)>, usize) {
    const SPACE: f64 = 12.0;
    let mut order: Vec<usize> = (0..labels.len()).collect();
    order.sort_by(|a, b| labels[*a].0.total_cmp(&labels[*b].0));
    let mut rows: Vec<f64> = Vec::new();
    let mut out = vec![(0.0, 0); labels.len()];
    for k in order {
        let (x, w) = labels[k];
        let half = w / 2.0;
        let centre = x.min(hi - half).max(lo + half);
        let row = rows
            .iter()
            .position(|end| *end + SPACE <= centre - half)
            .unwrap_or(rows.len());
        if row == rows.len() {
            rows.push(0.0);
        }
        rows[row] = centre + half;
        out[k] = (centre, row);
    }
    (out, rows.len())
}
