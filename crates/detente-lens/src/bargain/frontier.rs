//! The frontier issue by issue, and the best package for one party.
//!
//! A partial package is covered when another one over the same groups, with the same marks, is at least as good for every
//! party: whatever completes the one completes the other. So each group is added to the partial sums kept so far, and
//! covered sums are dropped; so are sums that cannot reach the floor with the best of what is left.
//!
//! Comparisons are made on a grid of 2^−40 of each party's scale. Sums that are equal but were added up in another order
//! then compare equal, and sums of whole numbers below 2^40 are compared exactly. The frontier's own vectors are told apart
//! by [`TOLERANCE`](super::TOLERANCE), and their margins are added up again from the table.

use super::dominance::{Candidate, Covering, covers, keep_maxima};
use super::ways::{self, Ways};
use super::{Bargain, Group};

/// Partial sums of one step at most, some hundreds of megabytes.
const CANDIDATE_LIMIT: usize = 4_000_000;
/// Partial sums of all steps that are kept at most.
const NODE_LIMIT: usize = 50_000_000;
/// Nodes of trees that are looked at at most, where there are four parties or more: a second or two.
const WORK_LIMIT: u64 = 100_000_000;
/// What making and sorting a partial sum counts for, in nodes.
const CANDIDATE_WORK: u64 = 8;
/// The grid's cells in a party's scale: their logarithm to base 2. A rounding error is 2^−53 of the scale, so a sum of
/// hundreds of points is a small part of a cell.
const GRID_BITS: i32 = 40;
/// Scales below 2^−900 are compared as if they were that large, so that the grid stays finite.
const LEAST_EXPONENT: i32 = -900;

/// Margin vectors that no other package dominates, with a package each, by falling margins of the first party, then the
/// second, and so on.
///
/// Every package that reaches the floor is, for every party, at most [`TOLERANCE`](super::TOLERANCE) better than some
/// vector here (twice that where vectors lie closer than the tolerance), and no vector here covers another within it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frontier {
    pub(super) parties: usize,
    pub(super) groups: usize,
    pub(super) count: usize,
    pub(super) margins: Vec<f64>,
    pub(super) packages: Vec<u32>,
    pub(super) ways: Ways,
    /// By group: how many choices it has.
    pub(super) choices: Vec<usize>,
}

impl Frontier {
    /// How many vectors.
    pub fn len(&self) -> usize {
        self.count
    }

    /// No package reaches the floor with the required marks.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Margins of vector `n`, by party, in points.
    pub fn margins(&self, n: usize) -> &[f64] {
        &self.margins[n * self.parties..(n + 1) * self.parties]
    }

    /// How many packages have the margins of vector `n` (on the grid on which sums are compared), and by group and choice the share of
    /// them that takes it.
    pub fn equals(&self, n: usize) -> (f64, Vec<Vec<f64>>) {
        self.ways.of(n, &self.choices)
    }

    /// A package with these margins, a choice a group: the first of those that are worth the same.
    pub fn package(&self, n: usize) -> &[u32] {
        &self.packages[n * self.groups..(n + 1) * self.groups]
    }
}

/// One package.
#[derive(Clone, Debug, PartialEq)]
pub struct Package {
    /// A choice a group.
    pub choices: Vec<u32>,
    /// By party, in points.
    pub margins: Vec<f64>,
}

/// More partial sums than fit: nothing was found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;

impl std::fmt::Display for TooLarge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("there are more partial sums than fit")
    }
}

impl std::error::Error for TooLarge {}

/// All non-dominated margin vectors over packages with the required marks and every margin at least the party's `floor`
/// (points; −∞ asks nothing).
///
/// # Errors
///
/// [`TooLarge`], where partial sums take too much memory or comparing them too long: usually many parties that agree on
/// little.
pub fn frontier(bargain: &Bargain, floor: &[f64]) -> Result<Frontier, TooLarge> {
    let work = match bargain.parties() {
        // Of few parties partial sums are too many before they take too long.
        ..=3 => u64::MAX,
        _ => WORK_LIMIT,
    };
    frontier_within(bargain, floor, &mut { work })
}

/// The same within a budget, which counts down what is looked at: about fifteen nanoseconds each.
///
/// # Errors
///
/// As [`frontier`], or where the budget is used up.
pub fn frontier_within(
    bargain: &Bargain,
    floor: &[f64],
    work: &mut u64,
) -> Result<Frontier, TooLarge> {
    assert_eq!(floor.len(), bargain.parties(), "a floor a party");
    match bargain.parties() {
        1 => whole::<1>(bargain, floor, work),
        2 => whole::<2>(bargain, floor, work),
        3 => whole::<3>(bargain, floor, work),
        4 => whole::<4>(bargain, floor, work),
        5 => whole::<5>(bargain, floor, work),
        6 => whole::<6>(bargain, floor, work),
        7 => whole::<7>(bargain, floor, work),
        _ => whole::<8>(bargain, floor, work),
    }
}

/// A package with the largest margin of one party among those with the required marks in which no other party's margin is
/// negative; the party's own may be. None where there is no such package.
///
/// # Errors
///
/// [`TooLarge`], where partial sums take too much memory or comparing them too long: usually many parties that agree on
/// little.
pub fn best_for(bargain: &Bargain, party: usize) -> Result<Option<Package>, TooLarge> {
    match bargain.parties() {
        1 => best::<1>(bargain, party),
        2 => best::<2>(bargain, party),
        3 => best::<3>(bargain, party),
        4 => best::<4>(bargain, party),
        5 => best::<5>(bargain, party),
        6 => best::<6>(bargain, party),
        7 => best::<7>(bargain, party),
        _ => best::<8>(bargain, party),
    }
}

fn whole<const K: usize>(
    bargain: &Bargain,
    floor: &[f64],
    work: &mut u64,
) -> Result<Frontier, TooLarge> {
    let sweep = Sweep::<K>::new(bargain, floor, None);
    let found = sweep.run(work)?;
    let distinct = sweep.distinct(&found)?;
    let mut order: Vec<(Vec<f64>, Vec<u32>, u32)> = distinct
        .into_iter()
        .map(|n| {
            let package = sweep.package(&found, n);
            let mut margins = vec![0.0; K];
            bargain.margins(&package, &mut margins);
            (margins, package, found.nodes[n])
        })
        .collect();
    order.sort_by(|a, b| b.0.partial_cmp(&a.0).expect("margins are finite"));
    Ok(Frontier {
        parties: K,
        groups: bargain.groups().len(),
        count: order.len(),
        margins: order.iter().flat_map(|v| &v.0).copied().collect(),
        packages: order.iter().flat_map(|v| &v.1).copied().collect(),
        ways: sweep.ways(&found, &order.iter().map(|v| v.2).collect::<Vec<_>>()),
        choices: bargain.groups().iter().map(Group::choices).collect(),
    })
}

fn best<const K: usize>(bargain: &Bargain, party: usize) -> Result<Option<Package>, TooLarge> {
    let mut floor = [0.0; K];
    floor[party] = f64::NEG_INFINITY;
    let sweep = Sweep::<K>::new(bargain, &floor, Some(party));
    let mut work = if K > 3 { WORK_LIMIT } else { u64::MAX };
    let found = sweep.run(&mut work)?;
    let mut best: Option<usize> = None;
    for (n, sum) in found.sums.iter().enumerate() {
        if best.is_none_or(|b| sum[party] > found.sums[b][party]) {
            best = Some(n);
        }
    }
    Ok(best.map(|n| {
        let choices = sweep.package(&found, n);
        let mut margins = vec![0.0; K];
        bargain.margins(&choices, &mut margins);
        Package { choices, margins }
    }))
}

/// A choice that can be part of the frontier.
struct Choice<const K: usize> {
    /// In cells of the grid.
    points: [f64; K],
    marks: u64,
    /// The places in the group of choices that are worth the same and bring the same marks.
    places: Vec<u32>,
}

/// One group, and what can still come after it.
struct Step<const K: usize> {
    group: usize,
    choices: Vec<Choice<K>>,
    /// Most and least that the groups after this one add, by party.
    most_after: [f64; K],
    least_after: [f64; K],
    /// All marks that the groups after this one can add.
    marks_after: u64,
}

/// Everything in cells of the grid.
struct Sweep<const K: usize> {
    groups: usize,
    required: u64,
    base: [f64; K],
    /// Less than this is below the floor, tolerance taken off.
    floor: [f64; K],
    /// Margins above the floor are worth nothing, but for this party's.
    only: Option<usize>,
    tolerance: [f64; K],
    steps: Vec<Step<K>>,
}

/// Whole packages that no other covers.
struct Found<const K: usize> {
    sums: Vec<[f64; K]>,
    nodes: Vec<u32>,
    trail: Trail,
}

/// What led to the partial sums that were kept.
#[derive(Default)]
struct Trail {
    /// By sum: the one that it extends, and by which of the step's choices.
    first: Vec<(u32, u32)>,
    /// Further ways to the same sum.
    also: Vec<(u32, u32, u32)>,
    /// By step: its first sum.
    starts: Vec<u32>,
}

/// Partial sums with the same marks.
struct Layer<const K: usize> {
    marks: u64,
    sums: Vec<[f64; K]>,
    nodes: Vec<u32>,
}

/// The nearest cell of the grid: adding 1.5 · 2^52 leaves no bits below one, and halves go to even.
fn snap(x: f64) -> f64 {
    const SHIFT: f64 = 6_755_399_441_055_744.0;
    (x + SHIFT) - SHIFT
}

impl<const K: usize> Sweep<K> {
    fn new(bargain: &Bargain, floor: &[f64], only: Option<usize>) -> Self {
        // Cells are powers of two, so that turning points into cells rounds nothing.
        let cells: [f64; K] = std::array::from_fn(|i| {
            let scale = bargain.scale()[i];
            let exponent = if scale > 0.0 { libm::ilogb(scale) } else { 0 };
            libm::ldexp(1.0, GRID_BITS - exponent.max(LEAST_EXPONENT))
        });
        let required = bargain.required();
        let mut steps: Vec<Step<K>> = Vec::with_capacity(bargain.groups().len());
        for (g, group) in bargain.groups().iter().enumerate() {
            let choice = |c: usize| Choice {
                points: std::array::from_fn(|i| group.points[c * K + i] * cells[i]),
                marks: group.marks[c],
                places: vec![u32::try_from(c).expect("fewer choices than 2^32")],
            };
            let possible = (0..group.choices()).filter(|&c| group.marks[c] & !required == 0);
            steps.push(Step {
                group: g,
                choices: useful(possible.map(choice).collect()),
                most_after: [0.0; K],
                least_after: [0.0; K],
                marks_after: 0,
            });
        }
        // Large groups while there are few partial sums; the last steps cost most.
        steps.sort_by_key(|s| std::cmp::Reverse(s.choices.len()));
        let (mut most, mut least, mut marks) = ([0.0; K], [0.0; K], 0);
        for step in steps.iter_mut().rev() {
            (step.most_after, step.least_after, step.marks_after) = (most, least, marks);
            for i in 0..K {
                let points = step.choices.iter().map(|c| c.points[i]);
                most[i] += points.clone().fold(f64::NEG_INFINITY, f64::max);
                least[i] += points.fold(f64::INFINITY, f64::min);
            }
            marks = step.choices.iter().fold(marks, |m, c| m | c.marks);
        }
        let tolerance = std::array::from_fn(|i| bargain.tolerance(i) * cells[i]);
        Self {
            groups: bargain.groups().len(),
            required,
            base: std::array::from_fn(|i| bargain.base()[i] * cells[i]),
            floor: std::array::from_fn(|i| floor[i] * cells[i] - tolerance[i]),
            only,
            tolerance,
            steps,
        }
    }

    fn run(&self, work: &mut u64) -> Result<Found<K>, TooLarge> {
        let mut trail = Trail::default();
        trail.first.push((0, 0));
        let mut layers = vec![Layer {
            marks: 0,
            sums: vec![self.base],
            nodes: vec![0],
        }];
        if self.steps.is_empty() && !covers(&self.base, &self.floor) {
            layers.clear();
        }
        for step in &self.steps {
            layers = self.extend(step, &layers, &mut trail, work)?;
        }
        let whole = layers.into_iter().find(|l| l.marks == self.required);
        let (sums, nodes) = whole.map_or_else(Default::default, |l| (l.sums, l.nodes));
        Ok(Found { sums, nodes, trail })
    }

    /// Every partial sum with every choice of one more group, less those that another covers.
    fn extend(
        &self,
        step: &Step<K>,
        layers: &[Layer<K>],
        trail: &mut Trail,
        work: &mut u64,
    ) -> Result<Vec<Layer<K>>, TooLarge> {
        let need: [f64; K] = std::array::from_fn(|i| self.floor[i] - step.most_after[i]);
        let enough = self.enough(step);
        let mut next: Vec<(u64, Vec<Candidate<K>>)> = Vec::new();
        let mut count = 0;
        // A candidate's parent is its place in the layers, one after the other.
        let mut start = 0;
        for layer in layers {
            for (c, choice) in (0_u32..).zip(&step.choices) {
                let marks = layer.marks | choice.marks;
                if (marks | step.marks_after) != self.required {
                    continue;
                }
                let place = next.iter().position(|n| n.0 == marks);
                let place = place.unwrap_or_else(|| {
                    next.push((marks, Vec::new()));
                    next.len() - 1
                });
                let candidates = &mut next[place].1;
                for (parent, sum) in (start..).zip(&layer.sums) {
                    let sum: [f64; K] = std::array::from_fn(|i| sum[i] + choice.points[i]);
                    if covers(&sum, &need) {
                        candidates.push(Candidate {
                            key: std::array::from_fn(|i| snap(sum[i].min(enough[i]))),
                            parent,
                            choice: c,
                        });
                    }
                }
                count += layer.sums.len();
                *work = work.saturating_sub(CANDIDATE_WORK * layer.sums.len() as u64);
                if count > CANDIDATE_LIMIT || *work == 0 {
                    return Err(TooLarge);
                }
            }
            start += u32::try_from(layer.sums.len()).expect("limited");
        }
        let parents: Vec<(&[f64; K], u32)> = layers
            .iter()
            .flat_map(|l| l.sums.iter().zip(l.nodes.iter().copied()))
            .collect();
        let mut kept = Vec::with_capacity(next.len());
        trail
            .starts
            .push(u32::try_from(trail.first.len()).expect("limited"));
        for (marks, mut candidates) in next {
            let mut equals = Vec::new();
            if !keep_maxima(&mut candidates, &mut equals, work) {
                return Err(TooLarge);
            }
            // Where one party's margin is sought the others' are cut off, and equal ones need not be.
            if self.only.is_none() {
                trail.also.extend(equals.iter().map(|(place, equal)| {
                    let node = u32::try_from(trail.first.len() + place).expect("limited");
                    (node, parents[equal.parent as usize].1, equal.choice)
                }));
            }
            let mut layer = Layer {
                marks,
                sums: Vec::with_capacity(candidates.len()),
                nodes: Vec::with_capacity(candidates.len()),
            };
            for candidate in &candidates {
                let (sum, node) = parents[candidate.parent as usize];
                let choice = &step.choices[candidate.choice as usize];
                let sum = std::array::from_fn(|i| sum[i] + choice.points[i]);
                layer.sums.push(sum);
                layer
                    .nodes
                    .push(u32::try_from(trail.first.len()).expect("limited"));
                trail.first.push((node, candidate.choice));
            }
            if !candidates.is_empty() {
                kept.push(layer);
            }
        }
        if trail.first.len() + trail.also.len() > NODE_LIMIT {
            return Err(TooLarge);
        }
        Ok(kept)
    }

    /// Where only one party's margin is sought: from here on the others' are above the floor whatever comes.
    fn enough(&self, step: &Step<K>) -> [f64; K] {
        std::array::from_fn(|i| match self.only {
            Some(party) if party != i => {
                // A cell more than needed, since it is snapped.
                self.floor[i] - step.least_after[i] + 1.0
            }
            _ => f64::INFINITY,
        })
    }

    /// Places of vectors that no other covers within the tolerance.
    fn distinct(&self, found: &Found<K>) -> Result<Vec<usize>, TooLarge> {
        let mut work = WORK_LIMIT;
        let lower = |sum: &[f64; K]| std::array::from_fn(|i| sum[i] - self.tolerance[i]);
        // What comes earlier in the order has at least the first coordinate, and then what comes later is asked too.
        let mut pass = |places: &mut Vec<usize>, first: usize| {
            let mut kept = Covering::<K>::new(first);
            places.retain(|&n| {
                let new = work > 0 && kept.find(&lower(&found.sums[n]), &mut work).is_none();
                if new {
                    kept.insert(found.sums[n]);
                }
                new
            });
        };
        let mut places: Vec<usize> = (0..found.sums.len()).collect();
        pass(&mut places, usize::from(K > 1));
        places.reverse();
        pass(&mut places, 0);
        if work == 0 {
            return Err(TooLarge);
        }
        Ok(places)
    }

    /// All ways to some sums.
    fn ways(&self, found: &Found<K>, ends: &[u32]) -> Ways {
        let steps = self.steps.iter().map(|step| {
            let classes = step.choices.iter().map(|choice| choice.places.clone());
            (step.group, classes.collect())
        });
        let led = ways::Found {
            trail: &found.trail.first,
            also: &found.trail.also,
            starts: &found.trail.starts,
        };
        Ways::new(steps.collect(), &led, ends)
    }

    /// The choices along the trail of a whole package, by group as the bargain has them.
    fn package(&self, found: &Found<K>, n: usize) -> Vec<u32> {
        let mut package = vec![0; self.groups];
        let mut node = found.nodes[n];
        for step in self.steps.iter().rev() {
            let (parent, choice) = found.trail.first[node as usize];
            package[step.group] = step.choices[choice as usize].places[0];
            node = parent;
        }
        package
    }
}

/// Drops choices that another of the group covers and that bring no mark which that one lacks. Of those that are worth the same the first
/// stands for all.
fn useful<const K: usize>(mut choices: Vec<Choice<K>>) -> Vec<Choice<K>> {
    let cells: Vec<[f64; K]> = choices.iter().map(|c| c.points.map(snap)).collect();
    let replaces = |a: usize, b: usize| {
        // One that is worth the same and brings fewer marks is another way to the same margins where other groups bring the rest.
        let same = cells[a] == cells[b] && choices[a].marks != choices[b].marks;
        !same && covers(&cells[a], &cells[b]) && (choices[b].marks & !choices[a].marks) == 0
    };
    let stays: Vec<bool> = (0..choices.len())
        .map(|n| {
            // Of choices that replace one another the first stays.
            !(0..choices.len()).any(|m| m != n && replaces(m, n) && (m < n || !replaces(n, m)))
        })
        .collect();
    for first in (0..choices.len()).filter(|n| stays[*n]) {
        let same = (first + 1..choices.len())
            .filter(|n| cells[*n] == cells[first] && choices[*n].marks == choices[first].marks);
        let places: Vec<u32> = same.map(|n| choices[n].places[0]).collect();
        choices[first].places.extend(places);
    }
    let mut stays = stays.into_iter();
    choices.retain(|_| stays.next() == Some(true));
    choices
}
