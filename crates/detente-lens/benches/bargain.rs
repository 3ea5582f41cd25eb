//! How fast frontiers are found: generated additive domains, on one thread.

use detente_lens::bargain::{
    Bargain, Group, best_for, certify, count_acceptable, egalitarian_lottery, frontier, hull,
    solutions,
};
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

/// Option `j` of issue `i` is worth `2654435761·(p+1)·(10i+j+1)·(j+3)·(p+i+5) mod 10007` points to party `p`.
fn domain(issues: usize, options: usize, parties: usize) -> Bargain {
    let group = |i: usize| Group {
        points: (0..options * parties)
            .map(|n| {
                let (j, p) = ((n / parties) as u128, (n % parties) as u128);
                let (i, v) = (i as u128, options as u128);
                let c = 2_654_435_761 * (p + 1) * (i * v + j + 1) * (j + 3) * (p + i + 5) % 10_007;
                f64::from(u32::try_from(c).expect("below 10007"))
            })
            .collect(),
        marks: vec![0; options],
    };
    let groups = (0..issues).map(group).collect();
    Bargain::new(parties, groups, vec![0.0; parties], 0).expect("a bargain")
}

/// The same with no-deal values at this share of each party's largest total.
fn with_no_deal(bargain: &Bargain, share: f64) -> Bargain {
    let base = bargain.scale().iter().map(|s| -share * s).collect();
    Bargain::new(bargain.parties(), bargain.groups().to_vec(), base, 0).expect("a bargain")
}

/// A million packages, four parties.
#[divan::bench(args = [0.0, 0.3, 0.5])]
fn zone_of_a_million_four_parties(bencher: Bencher, no_deal: f64) {
    let bargain = with_no_deal(&domain(6, 10, 4), no_deal);
    bencher.bench_local(|| count_acceptable(black_box(&bargain), &[0.0; 4]));
}

#[divan::bench(args = [0.0, 0.3, 0.5])]
fn frontier_of_a_million_four_parties(bencher: Bencher, no_deal: f64) {
    let bargain = with_no_deal(&domain(6, 10, 4), no_deal);
    bencher.bench_local(|| frontier(black_box(&bargain), &[0.0; 4]));
}

/// 10^k packages.
#[divan::bench(args = [4, 5, 6, 10, 30])]
fn two_parties(bencher: Bencher, issues: usize) {
    let bargain = domain(issues, 10, 2);
    bencher.bench_local(|| {
        let found = frontier(black_box(&bargain), &[0.0; 2]).expect("small");
        let solved = solutions(&bargain, &found, None);
        let lotteries = hull(&found, [1.0, 1.0]);
        (solved, lotteries, found)
    });
}

/// 10^k packages.
#[divan::bench(args = [5, 6, 8, 10, 15])]
fn three_parties(bencher: Bencher, issues: usize) {
    let bargain = domain(issues, 10, 3);
    bencher.bench_local(|| {
        let found = frontier(black_box(&bargain), &[0.0; 3]).expect("small");
        let solved = solutions(&bargain, &found, None);
        let lottery = egalitarian_lottery(&bargain, &found);
        (solved, lottery, found)
    });
}

/// Frontiers of thousands: issues of ten options, parties.
#[divan::bench(args = [(6, 4), (8, 4), (10, 4), (6, 5), (8, 5)], sample_count = 20)]
fn more_parties(bencher: Bencher, (issues, parties): (usize, usize)) {
    let bargain = domain(issues, 10, parties);
    let floor = vec![0.0; parties];
    bencher.bench_local(|| frontier(black_box(&bargain), &floor));
}

/// The price of a red line: a million packages.
#[divan::bench(args = [2, 3, 4])]
fn best_for_one(bencher: Bencher, parties: usize) {
    let bargain = with_no_deal(&domain(6, 10, parties), 0.5);
    bencher.bench_local(|| best_for(black_box(&bargain), 0));
}

/// The check that lists every one of a million packages.
#[divan::bench(args = [2, 3, 4], sample_count = 10)]
fn certificate_of_a_million(bencher: Bencher, parties: usize) {
    let bargain = domain(6, 10, parties);
    let floor = vec![0.0; parties];
    let found = frontier(&bargain, &floor).expect("small");
    bencher.bench_local(|| certify(&bargain, &floor, black_box(&found)).expect("right"));
}
