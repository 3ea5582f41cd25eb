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
pub(crate) const KEY_SIZE: (f64, f64) = (17.0, 14.0);

/// Unit vectors; the first twelve serve labels, all of them key numbers.
const DIRECTIONS: [(f64, f64); 24] = [
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
    (0.97, -0.26),
    (0.97, 0.26),
    (-0.97, -0.26),
    (-0.97, 0.26),
    (0.71, -0.71),
    (0.71, 0.71),
    (-0.71, -0.71),
    (-0.71, 0.71),
    (0.26, -0.97),
    (0.26, 0.97),
    (-0.26, -0.97),
    (-0.26, 0.97),
];

struct Placer<'a> {
    bounds: Rect,
    field: &'a Field,
    taken: Vec<Rect>,
    leaders: Vec<Segment>,
}

/// Places the labels in order; earlier ones choose first. When more than a
/// fourth of the numberable ones (those from `first_numbered` on) find no
/// room for their text, all of these become numbers: a picture half of words
/// and half of numbers reads badly.
pub(crate) fn place(
    requests: &[Request],
    first_numbered: usize,
    bounds: Rect,
    field: &Field,
) -> Vec<Placed> {
    let run = |numbers: bool| -> Vec<Placed> {
        let mut placer = Placer {
            bounds,
            field,
            taken: Vec::new(),
            leaders: Vec::new(),
        };
        requests
            .iter()
            .enumerate()
            .map(|(i, r)| placer.one(r, numbers && i >= first_numbered))
            .collect()
    };
    let words = run(false);
    let wordless = words
        .iter()
        .skip(first_numbered)
        .filter(|p| matches!(p, Placed::Key(..) | Placed::Hidden))
        .count();
    if wordless * 4 > requests.len().saturating_sub(first_numbered) {
        run(true)
    } else {
        words
    }
}

/// What a leader may cross.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Manners {
    /// Nothing.
    Strict,
    /// Marks of other points.
    OverMarks,
    /// Anything but labels.
    OverLeaders,
    /// Anything.
    OverAll,
}

impl Placer<'_> {
    fn one(&mut self, r: &Request, number: bool) -> Placed {
        const RINGS: [f64; 6] = [14.0, 24.0, 36.0, 50.0, 66.0, 84.0];
        const KEY_RINGS: [f64; 16] = [
            8.0, 16.0, 24.0, 32.0, 42.0, 54.0, 68.0, 84.0, 100.0, 120.0, 140.0, 170.0, 200.0,
            250.0, 310.0, 400.0,
        ];
        if !number && let Some((rect, leader)) = self.best(r, (r.w, r.h), &RINGS, Manners::Strict) {
            self.take(rect, leader);
            return leader.map_or(Placed::Beside(rect), |l| Placed::Leader(rect, l));
        }
        for manners in [
            Manners::Strict,
            Manners::OverMarks,
            Manners::OverLeaders,
            Manners::OverAll,
        ] {
            if let Some((rect, leader)) = self.best(r, KEY_SIZE, &KEY_RINGS, manners) {
                self.take(rect, leader);
                return Placed::Key(rect, leader);
            }
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
        manners: Manners,
    ) -> Option<(Rect, Option<Segment>)> {
        let directions = if size == KEY_SIZE { 24 } else { 12 };
        let mut best: Option<(f64, Rect, Option<Segment>)> = None;
        for (ring, distance) in std::iter::once(&0.0).chain(rings).enumerate() {
            for (i, direction) in DIRECTIONS.iter().take(directions).enumerate() {
                let rect = beside(r, size, *direction, r.gap + distance);
                if !self.free(&rect, manners) {
                    continue;
                }
                let leader = (ring > 0).then(|| leader(r, &rect));
                if leader.is_some_and(|l| !self.clear(l, r, manners)) {
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

    fn free(&self, rect: &Rect, manners: Manners) -> bool {
        rect.within(&self.bounds)
            && !self.field.marks.iter().any(|m| rect.overlaps(m))
            && !self.taken.iter().any(|t| rect.overlaps(t))
            && (manners >= Manners::OverLeaders
                || !self.leaders.iter().any(|l| rect.crossed_by(*l)))
    }

    /// Whether a leader keeps off labels, other leaders and other marks.
    fn clear(&self, l: Segment, r: &Request, manners: Manners) -> bool {
        if manners < Manners::OverAll && self.taken.iter().any(|t| t.crossed_by(l)) {
            return false;
        }
        let over_leader = || self.leaders.iter().any(|o| segments_cross(*o, l));
        let over_mark = || {
            self.field
                .marks
                .iter()
                .any(|m| !m.holds((r.x, r.y)) && m.crossed_by(l))
        };
        match manners {
            Manners::Strict => !over_leader() && !over_mark(),
            Manners::OverMarks => !over_leader(),
            Manners::OverLeaders | Manners::OverAll => true,
        }
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
        (lines * 1.5).min(3.0) + (points * 0.02).min(1.2)
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

/// Labels over upright lines: each stands at the head of its line, centred or
/// to one side, as low as it can without touching another label or being
/// crossed by the line of one higher up. Each label is (x of its line, width
/// of its text). Gives the centre and the row (0 lowest) of each, and the
/// number of rows.
pub(crate) fn stack(labels: &[(f64, f64)], lo: f64, hi: f64) -> (Vec<(f64, usize)>, usize) {
    let n = labels.len();
    let mut rightwards: Vec<usize> = (0..n).collect();
    rightwards.sort_by(|a, b| labels[*a].0.total_cmp(&labels[*b].0));
    let leftwards: Vec<usize> = rightwards.iter().rev().copied().collect();
    // From the outside in, so that the lines in the middle rise highest.
    let inwards: Vec<usize> = (0..n)
        .map(|i| {
            let side = if i % 2 == 0 { &rightwards } else { &leftwards };
            side[i / 2]
        })
        .collect();
    let outwards: Vec<usize> = inwards.iter().rev().copied().collect();
    let mut best: Option<(usize, Vec<(f64, usize)>)> = None;
    for order in [inwards, rightwards, leftwards, outwards] {
        let (clashes, spots) = stack_in(labels, &order, lo, hi);
        let rows = spots.iter().map(|o| o.1 + 1).max().unwrap_or(0);
        let cost = clashes * 1000 + rows;
        if best.as_ref().is_none_or(|(least, _)| cost < *least) {
            best = Some((cost, spots));
        }
    }
    let spots = best.map_or_else(Vec::new, |(_, s)| s);
    let rows = spots.iter().map(|o| o.1 + 1).max().unwrap_or(0);
    (spots, rows)
}

/// Stacks in one order; gives how many labels had to clash, and the places.
fn stack_in(
    labels: &[(f64, f64)],
    order: &[usize],
    lo: f64,
    hi: f64,
) -> (usize, Vec<(f64, usize)>) {
    let n = labels.len();
    let mut placed: Vec<Option<(f64, usize)>> = vec![None; n];
    let mut failures = 0;
    for (turn, &k) in order.iter().enumerate() {
        let (x, w) = labels[k];
        let inside = |centre: f64| centre.min(hi - w / 2.0).max(lo + w / 2.0);
        let centres = [inside(x), inside(x - w / 2.0), inside(x + w / 2.0)];
        let spots: Vec<(f64, usize)> = (0..n)
            .flat_map(|row| centres.iter().map(move |c| (*c, row)))
            .filter(|(c, row)| !clashes(labels, &placed, k, *c, *row))
            .collect();
        // Better a place that bars no line still to come.
        let bars = |c: f64| {
            let waiting = |j: usize| j != k && placed[j].is_none();
            (0..n).any(|j| waiting(j) && covers(c, w, labels[j].0))
        };
        let open = spots.iter().find(|(c, _)| !bars(*c));
        let spot = open.or(spots.first()).copied();
        failures += usize::from(spot.is_none());
        placed[k] = Some(spot.unwrap_or((inside(x), turn)));
    }
    (failures, placed.into_iter().flatten().collect())
}

/// Whether label `k`, at this centre and row, would touch a label that is
/// there, or cross or be crossed by its line.
fn clashes(
    labels: &[(f64, f64)],
    placed: &[Option<(f64, usize)>],
    k: usize,
    centre: f64,
    row: usize,
) -> bool {
    const SPACE: f64 = 10.0;
    let (x, w) = labels[k];
    labels.iter().zip(placed).any(|(label, spot)| {
        spot.is_some_and(|(c, r)| {
            let near = (centre - c).abs() < f64::midpoint(w, label.1) + SPACE;
            (r == row && near)
                || (r > row && covers(centre, w, label.0))
                || (r < row && covers(c, label.1, x))
        })
    })
}

fn covers(centre: f64, width: f64, at: f64) -> bool {
    (at - centre).abs() < width / 2.0 - 1.0
}
