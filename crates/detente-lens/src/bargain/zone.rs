//! How many packages all parties accept, by going through all of them.

use super::Bargain;

/// Packages of the inner loop at least, where there are as many: a column a party then still fits the nearest cache.
const INNER: usize = 1000;

/// Packages of some groups with the same marks: a column of margins a party.
struct Columns {
    marks: u64,
    columns: Vec<Vec<f64>>,
}

/// Number of packages with the required marks and every margin at least the party's floor (points; −∞ asks nothing), with
/// [`TOLERANCE`](super::TOLERANCE) in favour of acceptance. Takes time in proportion to [`Bargain::packages`], about a
/// nanosecond each.
pub fn count_acceptable(bargain: &Bargain, floor: &[f64]) -> u64 {
    let parties = bargain.parties();
    assert_eq!(floor.len(), parties, "a floor a party");
    let floor: Vec<f64> = (0..parties)
        .map(|i| floor[i] - bargain.tolerance(i))
        .collect();
    // The last groups, up to a thousand packages, are listed once; then each package of the others meets that list.
    let (mut split, mut inner) = (bargain.groups().len(), 1);
    while split > 0 && inner < INNER {
        split -= 1;
        inner *= bargain.groups()[split].choices();
    }
    let zero = vec![0.0; parties];
    let inner = listed(bargain, split..bargain.groups().len(), &zero);
    let most: Vec<Vec<f64>> = inner
        .iter()
        .map(|part| part.columns.iter().map(|c| fold(c, f64::max)).collect())
        .collect();
    let outer = listed(bargain, 0..split, bargain.base());
    let mut need = vec![0.0; parties];
    let mut count = 0;
    for part in &outer {
        for n in 0..part.columns[0].len() {
            for i in 0..parties {
                need[i] = floor[i] - part.columns[i][n];
            }
            for (other, most) in inner.iter().zip(&most) {
                let reach = most.iter().zip(&need).all(|(m, n)| m >= n);
                if reach && part.marks | other.marks == bargain.required() {
                    count += at_least(&other.columns, &need);
                }
            }
        }
    }
    count
}

fn fold(values: &[f64], of: fn(f64, f64) -> f64) -> f64 {
    values.iter().copied().reduce(of).expect("not empty")
}

/// Rows in which every column reaches what is needed.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "without branches, so that several rows are compared at once"
)]
fn at_least(columns: &[Vec<f64>], need: &[f64]) -> u64 {
    match columns {
        [a] => a.iter().map(|a| u64::from(*a >= need[0])).sum(),
        [a, b] => {
            let rows = a.iter().zip(b);
            let yes = rows.map(|(a, b)| (*a >= need[0]) & (*b >= need[1]));
            yes.map(u64::from).sum()
        }
        [a, b, c] => {
            let rows = a.iter().zip(b).zip(c);
            let yes = rows.map(|((a, b), c)| (*a >= need[0]) & (*b >= need[1]) & (*c >= need[2]));
            yes.map(u64::from).sum()
        }
        [a, b, c, d] => {
            let rows = a.iter().zip(b).zip(c).zip(d);
            let yes = rows.map(|(((a, b), c), d)| {
                (*a >= need[0]) & (*b >= need[1]) & (*c >= need[2]) & (*d >= need[3])
            });
            yes.map(u64::from).sum()
        }
        _ => {
            let rows = 0..columns[0].len();
            let yes = |n: usize| columns.iter().zip(need).all(|(c, need)| c[n] >= *need);
            rows.map(|n| u64::from(yes(n))).sum()
        }
    }
}

/// All packages of some groups whose marks can be part of what is required, from a start.
fn listed(bargain: &Bargain, groups: std::ops::Range<usize>, start: &[f64]) -> Vec<Columns> {
    let parties = bargain.parties();
    let mut parts = vec![Columns {
        marks: 0,
        columns: start.iter().map(|&x| vec![x]).collect(),
    }];
    for group in &bargain.groups()[groups] {
        let mut next: Vec<Columns> = Vec::new();
        for part in &parts {
            for (c, mark) in group.marks.iter().enumerate() {
                if mark & !bargain.required() != 0 {
                    continue;
                }
                let marks = part.marks | mark;
                let place = next.iter().position(|n| n.marks == marks);
                let place = place.unwrap_or_else(|| {
                    next.push(Columns {
                        marks,
                        columns: vec![Vec::new(); parties],
                    });
                    next.len() - 1
                });
                for (i, column) in next[place].columns.iter_mut().enumerate() {
                    let points = group.points[c * parties + i];
                    column.extend(part.columns[i].iter().map(|x| x + points));
                }
            }
        }
        parts = next;
    }
    parts
}
