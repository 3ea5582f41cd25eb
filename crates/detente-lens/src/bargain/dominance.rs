//! Which of many vectors no other covers.
//!
//! Vectors are sorted by their coordinates, largest first, so that whatever covers a vector comes before it and kept
//! vectors stay kept. What is kept is then looked up by the remaining coordinates: two parties need one running maximum,
//! three a staircase (Kung, Luccio and Preparata 1975, "On finding the maxima of a set of vectors", Journal of the ACM 22),
//! more a k-d tree whose nodes know their largest coordinates (Bentley 1975; Jaszkiewicz and Lust 2018, "ND-Tree").

use std::cmp::Ordering;
use std::ops::Range;

/// A vector with where it came from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate<const K: usize> {
    /// What is compared: larger is better, no coordinate is NaN.
    pub(super) key: [f64; K],
    /// Where it came from.
    pub(super) parent: u32,
    /// The choice added there.
    pub(super) choice: u32,
}

/// At least as good in every coordinate.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "without branches, so that several coordinates are compared at once"
)]
pub(super) fn covers<const K: usize>(a: &[f64; K], b: &[f64; K]) -> bool {
    a.iter().zip(b).fold(true, |all, (x, y)| all & (x >= y))
}

/// Drops candidates that another covers; of equal ones the first by parent and choice stays. What stays is sorted, largest
/// first. `equals` gets those that equal one that stays, with its place. `work` counts down the nodes of trees that are looked at: false means that none was left, and candidates are lost.
pub(super) fn keep_maxima<const K: usize>(
    candidates: &mut Vec<Candidate<K>>,
    equals: &mut Vec<(usize, Candidate<K>)>,
    work: &mut u64,
) -> bool {
    candidates.sort_unstable_by(|a, b| {
        let by_key = b.key.partial_cmp(&a.key).unwrap_or(Ordering::Equal);
        by_key.then_with(|| (a.parent, a.choice).cmp(&(b.parent, b.choice)))
    });
    // Equal ones are neighbours in the order.
    let (mut stayed, mut previous) = (0, None);
    let mut keep = |candidates: &mut Vec<Candidate<K>>,
                    stays: &mut dyn FnMut(&[f64; K]) -> bool| {
        candidates.retain(|c| {
            if previous == Some(c.key) {
                equals.push((stayed - 1, *c));
                return false;
            }
            let new = stays(&c.key);
            if new {
                stayed += 1;
                previous = Some(c.key);
            }
            new
        });
    };
    match K {
        1 => {
            let mut first = true;
            keep(candidates, &mut |_| std::mem::take(&mut first));
        }
        2 => {
            let mut best = f64::NEG_INFINITY;
            keep(candidates, &mut |key| {
                let stays = key[1] > best;
                best = best.max(key[1]);
                stays
            });
        }
        3 => {
            let mut staircase = Staircase::default();
            keep(candidates, &mut |key| staircase.insert(key[1], key[2]));
        }
        _ => {
            // Whatever is kept has at least the first coordinate of what comes next: it separates nothing.
            let (mut kept, mut last) = (Covering::<K>::new(1), [f64::NEG_INFINITY; K]);
            keep(candidates, &mut |key| {
                // Neighbours in the order are often covered by the same vector.
                if *work == 0 || covers(&last, key) {
                    return false;
                }
                if let Some(by) = kept.find(key, work) {
                    last = *by;
                    return false;
                }
                kept.insert(*key);
                true
            });
        }
    }
    *work > 0
}

/// Maxima of points in the plane, by first coordinates that do not rise and second ones that do.
#[derive(Default)]
struct Staircase {
    steps: Vec<(f64, f64)>,
}

impl Staircase {
    /// Adds a point unless one covers it.
    fn insert(&mut self, y: f64, z: f64) -> bool {
        // The last step at least as far along y is the highest in z of all those.
        let after = self.steps.partition_point(|s| s.0 >= y);
        if after > 0 && self.steps[after - 1].1 >= z {
            return false;
        }
        // Steps no further along y that are no higher are covered; one before with equal y may stay, hidden by this one.
        let covered = self.steps[after..].partition_point(|s| s.1 <= z);
        self.steps
            .splice(after..after + covered, std::iter::once((y, z)));
        true
    }
}

/// Points of one leaf.
const LEAF: usize = 16;

/// A growing set of vectors that answers whether one of them covers another vector.
///
/// Full buffers become balanced trees, and trees of equal size are merged, as in counting (Bentley and Saxe 1980).
#[derive(Clone, Debug)]
pub(super) struct Covering<const K: usize> {
    recent: Vec<[f64; K]>,
    /// By falling size; every size is LEAF times another power of two.
    trees: Vec<Tree<K>>,
    /// Trees divide points by this coordinate and those after it.
    first: usize,
}

impl<const K: usize> Covering<K> {
    /// An empty set, whose vectors differ most in coordinates from `first` on.
    pub(super) fn new(first: usize) -> Self {
        Self {
            recent: Vec::with_capacity(LEAF),
            trees: Vec::new(),
            first,
        }
    }

    /// Adds a vector.
    pub(super) fn insert(&mut self, vector: [f64; K]) {
        self.recent.push(vector);
        if self.recent.len() < LEAF {
            return;
        }
        let mut points = std::mem::replace(&mut self.recent, Vec::with_capacity(LEAF));
        while let Some(tree) = self.trees.pop_if(|t| t.points.len() == points.len()) {
            points.extend_from_slice(&tree.points);
        }
        self.trees.push(Tree::new(points, self.first));
    }

    /// A vector of the set that covers this one.
    pub(super) fn find(&self, vector: &[f64; K], work: &mut u64) -> Option<&[f64; K]> {
        let in_trees = self.trees.iter().find_map(|t| t.find(1, vector, work));
        in_trees.or_else(|| self.recent.iter().find(|p| covers(p, vector)))
    }
}

/// A balanced k-d tree: node `n` has the children `2n` and `2n + 1`, the last level is leaves of [`LEAF`] points.
#[derive(Clone, Debug)]
struct Tree<const K: usize> {
    points: Vec<[f64; K]>,
    /// The largest coordinates below each node.
    tops: Vec<[f64; K]>,
}

impl<const K: usize> Tree<K> {
    fn new(points: Vec<[f64; K]>, first: usize) -> Self {
        let leaves = points.len() / LEAF;
        let tops = vec![[f64::NEG_INFINITY; K]; 2 * leaves];
        let mut tree = Self { points, tops };
        let all = 0..tree.points.len();
        tree.build(1, all, first);
        tree
    }

    fn build(&mut self, node: usize, range: Range<usize>, first: usize) {
        let points = &mut self.points[range.clone()];
        let (mut top, mut bottom) = (points[0], points[0]);
        for point in points.iter() {
            for i in 0..K {
                top[i] = top[i].max(point[i]);
                bottom[i] = bottom[i].min(point[i]);
            }
        }
        self.tops[node] = top;
        if points.len() == LEAF {
            return;
        }
        let spread = |i: usize| top[i] - bottom[i];
        let widest = (first + 1..K).fold(first, |w, i| if spread(i) > spread(w) { i } else { w });
        let half = points.len() / 2;
        points.select_nth_unstable_by(half, |a, b| {
            b[widest].partial_cmp(&a[widest]).unwrap_or(Ordering::Equal)
        });
        let middle = range.start + half;
        self.build(2 * node, range.start..middle, first);
        self.build(2 * node + 1, middle..range.end, first);
    }

    fn find(&self, node: usize, vector: &[f64; K], work: &mut u64) -> Option<&[f64; K]> {
        *work = work.saturating_sub(1);
        if !covers(&self.tops[node], vector) {
            return None;
        }
        let leaves = self.tops.len() / 2;
        if node >= leaves {
            let from = (node - leaves) * LEAF;
            let leaf = &self.points[from..from + LEAF];
            return leaf.iter().find(|p| covers(p, vector));
        }
        self.find(2 * node, vector, work)
            .or_else(|| self.find(2 * node + 1, vector, work))
    }
}
