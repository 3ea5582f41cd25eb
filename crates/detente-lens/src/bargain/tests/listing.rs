//! Answers found by listing every package, in whole numbers, on random small bargains; and what must not change them.

use super::*;
use crate::bargain::dominance::{Candidate, covers, keep_maxima};
use detente_math::philox4x32_10;

/// Keyed random whole numbers.
pub(super) struct Draw {
    key: u32,
    next: u32,
}

impl Draw {
    pub(super) fn new(key: u32) -> Self {
        Self { key, next: 0 }
    }

    pub(super) fn below(&mut self, count: usize) -> usize {
        self.next += 1;
        let [bits, ..] = philox4x32_10([self.next, 0, 0, 0], [self.key, 1]);
        bits as usize % count
    }
}

/// A bargain in whole numbers of a unit.
struct Exact {
    parties: usize,
    /// By group and choice: points by party, marks.
    groups: Vec<Vec<(Vec<i64>, u64)>>,
    base: Vec<i64>,
    floor: Vec<Option<i64>>,
    required: u64,
    unit: f64,
}

/// Ranges and units: few values, so that nearly everything ties; many; tenths, whose sums are rounded; sevenths.
const KINDS: [(usize, f64); 4] = [(5, 1.0), (10_007, 1.0), (21, 0.1), (1_000_000, 1.0 / 7.0)];

impl Exact {
    fn draw(seed: u32) -> Self {
        let mut draw = Draw::new(seed);
        let (range, unit) = KINDS[seed as usize % KINDS.len()];
        let parties = 2 + draw.below(4);
        let half = i64::try_from(range / 2).unwrap();
        let signed = draw.below(3) == 0;
        let marked = draw.below(2) == 0;
        let mut groups: Vec<Vec<(Vec<i64>, u64)>> = (0..=draw.below(5))
            .map(|_| {
                (0..=draw.below(6))
                    .map(|_| {
                        let mut points = || {
                            let x = i64::try_from(draw.below(range)).unwrap();
                            if signed { x - half } else { x }
                        };
                        let points = (0..parties).map(|_| points()).collect();
                        let mark = if marked { draw.below(5) } else { 0 };
                        (points, [0, 0, 1, 2, 3][mark])
                    })
                    .collect()
            })
            .collect();
        let typical = groups.len() * range / 4;
        let mut base: Vec<i64> = (0..parties)
            .map(|_| -i64::try_from(draw.below(typical + 1)).unwrap())
            .collect();
        let mut floor: Vec<Option<i64>> = (0..parties)
            .map(|_| match draw.below(3) {
                0 => None,
                1 => Some(0),
                _ => Some(i64::try_from(draw.below(range)).unwrap() / 2),
            })
            .collect();
        // Now and then the first two parties can change places, so that solutions tie.
        if groups.len() <= 3 && draw.below(2) == 0 {
            for group in &mut groups {
                for c in 0..group.len() {
                    let mut mirrored = group[c].clone();
                    mirrored.0.swap(0, 1);
                    group.push(mirrored);
                }
            }
            (base[1], floor[1]) = (base[0], floor[0]);
        }
        let required = if marked {
            u32::try_from(draw.below(4)).unwrap()
        } else {
            0
        };
        Self {
            parties,
            groups,
            base,
            floor,
            required: required.into(),
            unit,
        }
    }

    fn bargain(&self) -> Bargain {
        let group = |choices: &Vec<(Vec<i64>, u64)>| Group {
            points: choices
                .iter()
                .flat_map(|c| c.0.iter().map(|&x| x as f64 * self.unit))
                .collect(),
            marks: choices.iter().map(|c| c.1).collect(),
        };
        let base = self.base.iter().map(|&x| x as f64 * self.unit).collect();
        let groups = self.groups.iter().map(group).collect();
        Bargain::new(self.parties, groups, base, self.required).unwrap()
    }

    fn floor(&self) -> Vec<f64> {
        let floor = self.floor.iter();
        floor
            .map(|f| f.map_or(NONE, |x| x as f64 * self.unit))
            .collect()
    }

    /// Margins of all packages with the required marks.
    fn all(&self) -> Vec<Vec<i64>> {
        let mut all = vec![(self.base.clone(), 0)];
        for group in &self.groups {
            let add = |(sum, marks): &(Vec<i64>, u64)| {
                let with = |(points, m): &(Vec<i64>, u64)| {
                    let sum = sum.iter().zip(points).map(|(a, b)| a + b).collect();
                    (sum, marks | m)
                };
                group.iter().map(with).collect::<Vec<_>>()
            };
            all = all.iter().flat_map(add).collect();
        }
        let fit = all.into_iter().filter(|p| p.1 == self.required);
        fit.map(|p| p.0).collect()
    }

    /// All packages with the required marks, and their margins.
    fn packages(&self) -> Vec<(Vec<usize>, Vec<i64>)> {
        let mut all = vec![(Vec::new(), self.base.clone(), 0)];
        for group in &self.groups {
            let add = |(package, sum, marks): &(Vec<usize>, Vec<i64>, u64)| {
                let with = |(c, (points, m)): (usize, &(Vec<i64>, u64))| {
                    let sum = sum.iter().zip(points).map(|(a, b)| a + b).collect();
                    ([package.as_slice(), &[c]].concat(), sum, marks | m)
                };
                group.iter().enumerate().map(with).collect::<Vec<_>>()
            };
            all = all.iter().flat_map(add).collect();
        }
        let fit = all.into_iter().filter(|p| p.2 == self.required);
        fit.map(|(package, sum, _)| (package, sum)).collect()
    }

    fn reaching(&self, floor: &[Option<i64>]) -> Vec<Vec<i64>> {
        let mut all = self.all();
        all.retain(|m| m.iter().zip(floor).all(|(m, f)| f.is_none_or(|f| *m >= f)));
        all
    }

    fn whole(&self, margins: &[f64]) -> Vec<i64> {
        #[expect(clippy::cast_possible_truncation, reason = "margins are small")]
        let whole = |m: &f64| (m / self.unit).round() as i64;
        margins.iter().map(whole).collect()
    }
}

/// Non-dominated ones, largest first.
fn maxima(mut all: Vec<Vec<i64>>) -> Vec<Vec<i64>> {
    all.sort_by(|a, b| b.cmp(a));
    all.dedup();
    let covered = |m: &Vec<i64>| {
        let covers = |o: &Vec<i64>| o != m && o.iter().zip(m).all(|(x, y)| x >= y);
        all.iter().any(covers)
    };
    all.iter().filter(|m| !covered(m)).cloned().collect()
}

/// All vectors whose key is largest, largest first.
fn best<K: Ord>(all: &[Vec<i64>], key: impl Fn(&Vec<i64>) -> K) -> Vec<Vec<i64>> {
    let most = all.iter().map(&key).max();
    let mut best: Vec<Vec<i64>> = all
        .iter()
        .filter(|m| Some(key(m)) == most)
        .cloned()
        .collect();
    best.sort_by(|a, b| b.cmp(a));
    best.dedup();
    best
}

fn sorted(values: impl Iterator<Item = i128>) -> Vec<i128> {
    let mut values: Vec<i128> = values.collect();
    values.sort_unstable();
    values
}

const BARGAINS: u32 = 2000;

#[test]
fn frontiers_are_those_of_listing_everything() {
    let (mut empty, mut marked, mut large) = (0, 0, 0);
    for seed in 0..BARGAINS {
        let exact = Exact::draw(seed);
        let (bargain, floor) = (exact.bargain(), exact.floor());
        let found = frontier(&bargain, &floor).unwrap();
        let whole: Vec<Vec<i64>> = vectors(&found).iter().map(|m| exact.whole(m)).collect();
        let mut in_order = whole.clone();
        in_order.sort_by(|a, b| b.cmp(a));
        assert_eq!(
            in_order,
            maxima(exact.reaching(&exact.floor)),
            "seed {seed}"
        );
        assert!(certify(&bargain, &floor, &found).unwrap().complete);
        let count = exact.reaching(&exact.floor).len();
        assert_eq!(count_acceptable(&bargain, &floor), count as u64);
        empty += u32::from(found.is_empty());
        marked += u32::from(exact.required != 0 && !found.is_empty());
        large += u32::from(found.len() > 20);
    }
    // The draws cover what they are meant to.
    assert!(empty > 20 && empty < BARGAINS / 2, "{empty}");
    assert!(marked > 50 && large > 50, "{marked} {large}");
}

#[test]
fn solutions_are_those_of_listing_everything() {
    let (mut ties, mut solved) = ([0; 4], 0);
    for seed in 0..BARGAINS {
        let exact = Exact::draw(seed);
        let bargain = exact.bargain();
        let zone = exact.reaching(&vec![Some(0); exact.parties]);
        let found = frontier(&bargain, &vec![0.0; exact.parties]).unwrap();
        let answers = solutions(&bargain, &found, None);
        if zone.is_empty() {
            assert_eq!(answers, Solutions::default());
            continue;
        }
        solved += 1;
        let ideal: Vec<i64> = (0..exact.parties)
            .map(|i| zone.iter().map(|m| m[i]).max().unwrap())
            .collect();
        assert_eq!(exact.whole(&answers.ideal), ideal);
        let positive: Vec<Vec<i64>> = zone
            .iter()
            .filter(|m| m.iter().all(|&x| x > 0))
            .cloned()
            .collect();
        let wide = |x: &i64| i128::from(*x);
        let nash = best(&positive, |m| m.iter().map(wide).product::<i128>());
        // Shares over a common denominator.
        let gains: Vec<usize> = (0..exact.parties).filter(|&i| ideal[i] > 0).collect();
        let product: i128 = gains.iter().map(|&i| wide(&ideal[i])).product();
        let shares = best(&zone, |m| {
            sorted(
                gains
                    .iter()
                    .map(|&i| wide(&m[i]) * (product / wide(&ideal[i]))),
            )
        });
        let egalitarian = best(&zone, |m| sorted(m.iter().map(wide)));
        let utilitarian = best(&zone, |m| m.iter().map(wide).sum::<i128>());
        let expected = [
            nash,
            if gains.is_empty() { vec![] } else { shares },
            egalitarian,
            utilitarian,
        ];
        let answers = [
            answers.nash,
            answers.kalai_smorodinsky,
            answers.egalitarian,
            answers.utilitarian,
        ];
        for (k, (answer, expected)) in answers.iter().zip(&expected).enumerate() {
            let places = answer.as_ref().map_or(&[][..], |a| &a.at);
            let mut got: Vec<Vec<i64>> = places
                .iter()
                .map(|&n| exact.whole(found.margins(n)))
                .collect();
            got.sort_by(|a, b| b.cmp(a));
            assert_eq!(&got, expected, "seed {seed}, solution {k}");
            ties[k] += u32::from(got.len() > 1);
        }
    }
    assert!(
        solved > 300 && ties.iter().all(|&t| t > 2),
        "{solved} {ties:?}"
    );
}

/// Packages that are worth the same to everybody are counted, and share every choice, as listing them says.
#[test]
fn equal_packages_share_as_listing_everything_says() {
    let (mut several, mut vectors) = (0, 0);
    for seed in 0..BARGAINS {
        let exact = Exact::draw(seed);
        let (bargain, floor) = (exact.bargain(), exact.floor());
        let found = frontier(&bargain, &floor).unwrap();
        let packages = exact.packages();
        for n in 0..found.len() {
            let margins = exact.whole(found.margins(n));
            let same: Vec<&Vec<usize>> = packages
                .iter()
                .filter(|(_, m)| *m == margins)
                .map(|(package, _)| package)
                .collect();
            let (count, shares) = found.equals(n);
            assert_eq!(count, same.len() as f64, "seed {seed}, vector {n}");
            for (g, shares) in shares.iter().enumerate() {
                assert_eq!(shares.len(), exact.groups[g].len());
                for (c, share) in shares.iter().enumerate() {
                    let taken = same.iter().filter(|p| p[g] == c).count() as f64;
                    close(*share, taken / count, 1e-12);
                }
            }
            vectors += 1;
            several += u32::from(same.len() > 1);
        }
    }
    assert!(several > 500 && several < vectors, "{several} of {vectors}");
}

/// The bound without a frontier is one, and near what lotteries reach where marks forbid nothing.
#[test]
fn the_bound_without_a_frontier_bounds_lotteries() {
    let (mut near, mut open) = (0, 0);
    for seed in 0..BARGAINS {
        let exact = Exact::draw(seed);
        let bargain = exact.bargain();
        let found = frontier(&bargain, &vec![0.0; exact.parties]).unwrap();
        let Some(lottery) = egalitarian_lottery(&bargain, &found) else {
            continue;
        };
        let most = most_for_the_worst_off(&bargain);
        let scale = bargain.scale().iter().copied().fold(0.0, f64::max);
        assert!(most >= lottery.value - 1e-9 * scale, "seed {seed}");
        open += 1;
        let unmarked = exact.groups.iter().flatten().all(|(_, marks)| *marks == 0);
        near += u32::from(!unmarked || most <= lottery.value + 0.05 * scale);
    }
    assert!(open > 300 && near * 10 > open * 9, "{near} of {open}");
}

#[test]
fn the_best_for_one_party_is_that_of_listing_everything() {
    for seed in 0..BARGAINS {
        let exact = Exact::draw(seed);
        let bargain = exact.bargain();
        for party in 0..exact.parties {
            let mut floor = vec![Some(0); exact.parties];
            floor[party] = None;
            let zone = exact.reaching(&floor);
            let got = best_for(&bargain, party).unwrap();
            let most = zone.iter().map(|m| m[party]).max();
            let margins = got.as_ref().map(|p| exact.whole(&p.margins));
            assert_eq!(margins.as_ref().map(|m| m[party]), most, "seed {seed}");
            if let (Some(package), Some(margins)) = (got, margins) {
                let mut again = vec![0.0; exact.parties];
                bargain.margins(&package.choices, &mut again);
                assert_eq!(again, package.margins);
                assert!(zone.contains(&margins));
            }
        }
    }
}

#[test]
fn lotteries_are_no_worse_than_packages_and_their_gap_closes() {
    for seed in 0..BARGAINS {
        let exact = Exact::draw(seed);
        let bargain = exact.bargain();
        let found = frontier(&bargain, &vec![NONE; exact.parties]).unwrap();
        let Some(lottery) = egalitarian_lottery(&bargain, &found) else {
            assert!(found.is_empty());
            continue;
        };
        let scale = bargain.scale().iter().fold(0.0, |s: f64, x| s.max(*x));
        assert!(lottery.gap <= 1e-10 * scale, "seed {seed}: {}", lottery.gap);
        close(lottery.weights.iter().sum(), 1.0, 1e-12);
        let parts = &lottery.mixture.parts;
        assert!(parts.len() <= exact.parties && parts.iter().all(|p| p.1 > 0.0));
        close(parts.iter().map(|p| p.1).sum(), 1.0, 1e-12);
        let least = |m: &[f64]| m.iter().fold(f64::INFINITY, |l, &x| l.min(x));
        close(
            least(&lottery.mixture.margins),
            lottery.value,
            1e-12 * scale,
        );
        for n in 0..found.len() {
            assert!(least(found.margins(n)) <= lottery.value + 1e-10 * scale);
        }
        let Some(both) = hull(&found, [1.0, 2.0]) else {
            continue;
        };
        close(
            least(&both.egalitarian.margins),
            lottery.value,
            1e-10 * scale,
        );
        // Nash: no better on a fine grid of lotteries over any two packages.
        let welfare = |m: [f64; 2]| libm::log(m[0]) + 2.0 * libm::log(m[1]);
        let nash = both.nash.map(|n| welfare([n.margins[0], n.margins[1]]));
        for (a, b) in (0..found.len()).flat_map(|a| (0..a).map(move |b| (a, b))) {
            for part in 0..=20 {
                let p = f64::from(part) / 20.0;
                let mix = |i: usize| found.margins(a)[i] * p + found.margins(b)[i] * (1.0 - p);
                if mix(0) > 1e-9 * scale && mix(1) > 1e-9 * scale {
                    assert!(welfare([mix(0), mix(1)]) <= nash.unwrap() + 1e-9);
                }
            }
        }
    }
}

/// Margins of the frontier, in whole units, largest first.
fn of(exact: &Exact) -> Vec<Vec<i64>> {
    let found = frontier(&exact.bargain(), &exact.floor()).unwrap();
    let mut whole: Vec<Vec<i64>> = vectors(&found).iter().map(|m| exact.whole(m)).collect();
    whole.sort_by(|a, b| b.cmp(a));
    whole
}

#[test]
fn the_order_of_parties_issues_and_options_changes_nothing() {
    for seed in 0..BARGAINS {
        let mut exact = Exact::draw(seed);
        let before = of(&exact);
        let turn = 1 + seed as usize % (exact.parties - 1);
        exact.groups.reverse();
        for group in &mut exact.groups {
            group.reverse();
            let copy = group[seed as usize % group.len()].clone();
            group.push(copy);
            for (points, _) in group.iter_mut() {
                points.rotate_left(turn);
            }
        }
        exact.base.rotate_left(turn);
        exact.floor.rotate_left(turn);
        let mut after = of(&exact);
        for margins in &mut after {
            margins.rotate_right(turn);
        }
        after.sort_by(|a, b| b.cmp(a));
        assert_eq!(before, after, "seed {seed}");
    }
}

#[test]
fn issues_listed_together_change_nothing() {
    for seed in 0..BARGAINS {
        let mut exact = Exact::draw(seed);
        let before = of(&exact);
        if exact.groups.len() > 1 {
            let (a, b) = (exact.groups.remove(0), exact.groups.pop().unwrap());
            let joint = a.iter().flat_map(|(points, marks)| {
                b.iter().map(move |(more, m)| {
                    let sum = points.iter().zip(more).map(|(x, y)| x + y).collect();
                    (sum, marks | m)
                })
            });
            exact.groups.push(joint.collect());
        }
        assert_eq!(before, of(&exact), "seed {seed}");
    }
}

#[test]
fn the_scale_of_points_changes_nothing() {
    for seed in 0..BARGAINS {
        let mut exact = Exact::draw(seed);
        let before = of(&exact);
        for factor in [4.0, 3.7, 1e-6, 1e9] {
            exact.unit *= factor;
            assert_eq!(before, of(&exact), "seed {seed}");
        }
    }
}

fn maxima_of_points<const K: usize>() {
    let mut draw = Draw::new(99);
    for (count, range) in [
        (0, 1),
        (1, 1),
        (500, 3),
        (2000, 12),
        (2000, 100),
        (2000, 1 << 20),
    ] {
        let points: Vec<[f64; K]> = (0..count)
            .map(|_| std::array::from_fn(|_| draw.below(range) as f64 - 5.0))
            .collect();
        let mut kept: Vec<Candidate<K>> = (0..)
            .zip(&points)
            .map(|(parent, &key)| Candidate {
                key,
                parent,
                choice: 0,
            })
            .collect();
        assert!(keep_maxima(
            &mut kept,
            &mut Vec::new(),
            &mut u64::MAX.clone()
        ));
        let stays = |n: usize| {
            let by = |m: usize| covers(&points[m], &points[n]) && (m < n || points[m] != points[n]);
            !(0..count).any(|m| m != n && by(m))
        };
        let expected: Vec<u32> = (0..).take(count).filter(|&n| stays(n as usize)).collect();
        let mut got: Vec<u32> = kept.iter().map(|c| c.parent).collect();
        got.sort_unstable();
        assert_eq!(got, expected, "{K} {count} {range}");
    }
}

#[test]
fn maxima_are_those_of_comparing_every_pair() {
    maxima_of_points::<1>();
    maxima_of_points::<2>();
    maxima_of_points::<3>();
    maxima_of_points::<4>();
    maxima_of_points::<5>();
    maxima_of_points::<8>();
}
