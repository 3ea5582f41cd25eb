//! Proofs of how and when a process ends: absorbing chains of the literature, lives drawn by chance.

use detente_core::{MILESTONES, ProcessPlace};

use super::{chain, process};
use crate::fixture::Stream;
use crate::no_deal::process::fate::{moves_made, prospects};

/// Kemeny & Snell (1960): a walk between barriers at 0 and n that starts at i ends at n with chance i/n, after i(n − i) steps, of
/// which it spends 2·min(i, j)(n − max(i, j))/n at j.
#[test]
fn the_drunkards_walk_of_kemeny_and_snell() {
    for n in [2, 3, 5, 9, 16] {
        for start in 1..n {
            let state = |i: usize| match i {
                i if i == start => 0,
                i if i < start => i,
                i => i - 1,
            };
            let to = |i: usize| match i {
                0 => ProcessPlace::End(0),
                i if i == n => ProcessPlace::End(1),
                i => ProcessPlace::State(state(i)),
            };
            let moves: Vec<_> = (1..n)
                .flat_map(|i| [(state(i), to(i - 1), 30.0), (state(i), to(i + 1), 30.0)])
                .collect();
            let (setting, world, _) = chain(&[0.98], &vec![[0.0, 0.0]; n - 1], &[0.0, 1.0], &moves);
            let found = prospects(&setting, &world).unwrap();
            let share = start as f64 / n as f64;
            assert!((found.ever[1] - share).abs() < 1e-12);
            assert!((found.ever[0] - 1.0 + share).abs() < 1e-12);
            let months = found.months.unwrap();
            for j in 1..n {
                let both = (start.min(j) * (n - start.max(j))) as f64;
                let exact = 2.0 * both / n as f64;
                assert!((months[state(j)] - exact).abs() < 1e-9, "{n} {start} {j}");
            }
        }
    }
}

/// One state at a rate: e^(−rm) is left after m months, which are 1/(1 − e^(−r)) in the mean, and ends share by their rates.
#[test]
fn a_state_with_two_ends() {
    let moves = [
        (0, ProcessPlace::End(0), 0.02),
        (0, ProcessPlace::End(1), 0.06),
    ];
    let (setting, world, _) = chain(&[0.98], &[[0.0, 0.0]], &[0.0, 1.0], &moves);
    let found = prospects(&setting, &world).unwrap();
    for (by, month) in found.by.iter().zip(MILESTONES) {
        let gone = -libm::expm1(-0.08 * month as f64);
        assert!((by[0] - 0.25 * gone).abs() < 1e-13 && (by[1] - 0.75 * gone).abs() < 1e-13);
    }
    assert!((found.ever[0] - 0.25).abs() < 1e-13);
    let months = found.months.unwrap()[0];
    assert!((months + 1.0 / libm::expm1(-0.08)).abs() < 1e-11);
}

/// Where a state may last for ever months are not told, and the chance of an end is that of getting there.
#[test]
fn what_may_last_for_ever_has_no_months() {
    let moves = [
        (0, ProcessPlace::End(0), 0.1),
        (0, ProcessPlace::State(1), 0.3),
        (1, ProcessPlace::End(0), 0.0),
    ];
    let (setting, mut world, _) = chain(&[0.98], &[[0.0, 0.0]; 2], &[0.0], &moves);
    let found = prospects(&setting, &world).unwrap();
    assert!((found.ever[0] - 0.25).abs() < 1e-13);
    assert_eq!(found.months, None);
    // Once that state is left, they are.
    world.numbers.process[0].moves[2].rate = 1e-4;
    let found = prospects(&setting, &world).unwrap();
    assert!((found.ever[0] - 1.0).abs() < 1e-12);
    let left = -libm::expm1(-1e-4);
    assert!((found.months.unwrap()[1] / (0.75 / left) - 1.0).abs() < 1e-11);
}

/// Lives drawn by chance, each move waiting for a time of its own.
#[test]
fn a_simulation_agrees() {
    const LIVES: usize = 4_000;
    for case in 0..8 {
        let (mut setting, mut world) = process(case, false);
        setting.levers.clear();
        world.numbers.levers.clear();
        let own = setting.process.as_ref().unwrap();
        let numbers = &world.numbers.process[0];
        let found = prospects(&setting, &world).unwrap();
        let made = moves_made(&setting, &world, 60);
        let mut stream = Stream::new(40_000 + case);
        let mut ended = vec![vec![0_u32; own.ends.len()]; MILESTONES.len()];
        let mut moved = vec![0_u32; own.moves.len()];
        for _ in 0..LIVES {
            let mut state = own.today;
            for month in 0..240_u32 {
                let mut first: Option<(f64, usize)> = None;
                for m in (0..own.moves.len()).filter(|m| own.moves[*m].from == state) {
                    let mut rate = (f64::NEG_INFINITY, numbers.moves[m].rate);
                    for later in &numbers.moves[m].later {
                        if later.from_month <= f64::from(month) && later.from_month >= rate.0 {
                            rate = (later.from_month, later.rate);
                        }
                    }
                    let wait = -libm::log(stream.unit()) / rate.1;
                    if wait < 1.0 && first.is_none_or(|(soonest, _)| wait < soonest) {
                        first = Some((wait, m));
                    }
                }
                let Some((_, m)) = first else { continue };
                moved[m] += u32::from(month < 60);
                match own.moves[m].to {
                    ProcessPlace::State(to) => state = to,
                    ProcessPlace::End(end) => {
                        for (k, by) in MILESTONES.iter().enumerate() {
                            ended[k][end] += u32::from((month as usize) < *by);
                        }
                        break;
                    }
                }
            }
        }
        for (by, seen) in found.by.iter().zip(&ended) {
            for (chance, count) in by.iter().zip(seen) {
                let share = f64::from(*count) / LIVES as f64;
                let error = (chance * (1.0 - chance) / LIVES as f64).sqrt();
                assert!((chance - share).abs() < 4.5 * error + 1e-3, "{case}");
            }
        }
        for (place, m) in own.believed.iter().enumerate() {
            let mean = f64::from(moved[*m]) / LIVES as f64;
            let expected = made[60][place];
            // Counts of recurrent moves spread no more than their size.
            let error = ((1.0 + expected) * (1.0 + expected) / LIVES as f64).sqrt();
            assert!(
                (mean - expected).abs() < 4.5 * error,
                "{case}: {mean} {expected}"
            );
        }
    }
}
