//! Proofs of beliefs about rates: what they are by definition, closed forms of doubt and of learning, orders that must not matter.

use detente_core::{
    Layout, NoDealSolution, ProcessPlace, Query, RowView, Search, Setting, Target, World,
};

use super::{ROUNDING, chain, process, random, solve};
use crate::Stage;
use crate::conformance::{examine_all, specs};
use crate::no_deal::process::{self, Held, Process};

fn values(setting: &Setting, world: &World) -> Vec<f64> {
    let mut stage = Stage::default();
    let scene = stage.set(setting, world, Search::None);
    let types = 0..setting.types.len();
    types.map(|t| scene.no_deal_value(t).unwrap()).collect()
}

/// By definition: a type that over-rates a rate sees a world in which the rate is multiplied, whatever date or lever it is of.
#[test]
fn who_over_rates_a_rate_sees_a_world_in_which_it_is_multiplied() {
    let mut moved = 0;
    for case in 0..30 {
        let (setting, mut world) = process(case, false);
        for own in &mut world.numbers.types {
            own.rate_sds.fill(0.0);
        }
        let seen = values(&setting, &world);
        let common = Query::analyst(&setting, &world);
        for t in 0..setting.types.len() {
            let mut other = world.clone();
            for (place, m) in setting
                .process
                .as_ref()
                .unwrap()
                .believed
                .iter()
                .enumerate()
            {
                let factor = libm::exp(world.numbers.types[t].believes_rates[place]);
                let own = &mut other.numbers.process[0].moves[*m];
                own.rate *= factor;
                own.later.iter_mut().for_each(|later| later.rate *= factor);
                let levers = setting.levers.iter().zip(&mut other.numbers.levers);
                for (lever, numbers) in levers {
                    for (target, to) in lever.sets.iter().zip(&mut numbers.sets) {
                        match target {
                            Target::Rate(own) | Target::LaterRate(own, _) if own == m => {
                                *to *= factor;
                            }
                            _ => {}
                        }
                    }
                }
            }
            for own in &mut other.numbers.types {
                own.believes_rates.fill(0.0);
            }
            let there = values(&setting, &other)[t];
            assert!((seen[t] - there).abs() < ROUNDING, "{case} {t}");
            let mut stage = Stage::default();
            let scene = stage.set(&setting, &world, Search::None);
            let analysts = scene.no_deal(&common).unwrap().values[t];
            moved += usize::from((seen[t] - analysts).abs() > 0.1);
        }
    }
    assert!(moved > 20, "{moved}");
}

/// Identical beliefs leave nothing to blame on them, exactly.
#[test]
fn identical_beliefs_block_nothing() {
    for case in 0..20 {
        let (setting, mut world) = process(case, case % 2 == 0);
        for own in &mut world.numbers.types {
            own.believes_rates.fill(0.0);
            own.rate_sds.fill(0.0);
        }
        let layout = Layout::new(&setting, &specs());
        let mut row = vec![f64::NAN; layout.width()];
        let stage = &mut Stage::default();
        examine_all(&layout, stage, &setting, &world, Search::Zone, &mut row);
        let at = |lens: &str, quantity: &str, index: &[usize]| {
            row[layout.column_of(lens, quantity, index)]
        };
        if setting.process.as_ref().unwrap().believed.is_empty() {
            assert!(at("beliefs", "zone_common", &[]).is_nan());
            continue;
        }
        assert_eq!(at("beliefs", "optimism_blocks", &[]), 0.0);
        for p in 0..setting.packages.len() {
            assert_eq!(at("beliefs", "optimism_blocks_package", &[p]), 0.0);
        }
        for t in 0..setting.types.len() {
            assert_eq!(at("alternative", "gap", &[t]), 0.0);
            assert!((0..5).all(|k| at("beliefs", "gap_part", &[t, k]) == 0.0));
            assert!(at("beliefs", "never_halves", &[t]).is_nan());
        }
    }
}

/// Parts of the gap add up to it, also where a rate is both misread and doubted.
#[test]
fn parts_add_up() {
    for case in 0..20 {
        let (setting, world) = process(case, false);
        let layout = Layout::new(&setting, &specs());
        let mut row = vec![f64::NAN; layout.width()];
        let stage = &mut Stage::default();
        examine_all(&layout, stage, &setting, &world, Search::None, &mut row);
        let own = specs().iter().position(|spec| spec.id == "alternative");
        let gaps = RowView::new(&layout, own.unwrap(), &row);
        for t in 0..setting.types.len() {
            if setting.process.as_ref().unwrap().believed.is_empty() {
                continue;
            }
            let part = |k| row[layout.column_of("beliefs", "gap_part", &[t, k])];
            let parts: f64 = (0..5).map(part).sum();
            let gap = gaps.get(detente_core::catalogue::alternative::GAP, &[t]);
            assert!((parts - gap).abs() < ROUNDING, "{case} {t}: {parts} {gap}");
        }
    }
}

/// One state, one end: V(r) = ((1 − δ)y + δqZ)/(1 − δ(1 − q)) with q = 1 − e^(−r); doubt is its mean over r e^(σz), here by a
/// rectangle rule of a hundred thousand steps.
#[test]
fn doubt_is_a_mean_over_lognormal_rates() {
    let (patience, flow, end, rate) = (0.97, 60.0, 10.0, 0.08);
    let moves = [(0, ProcessPlace::End(0), rate)];
    let (mut setting, mut world, payoffs) = chain(&[patience], &[[flow, 0.0]], &[end], &moves);
    setting.process.as_mut().unwrap().believed = vec![0];
    let exact = |rate: f64| {
        let q = -libm::expm1(-rate);
        ((1.0 - patience) * flow + patience * q * end) / (1.0 - patience * (1.0 - q))
    };
    for (offset, sd) in [
        (0.4, 0.0),
        (0.0, 0.1),
        (0.0, 0.3),
        (0.2, 0.6),
        (-0.5, 1.0),
        (0.3, 1.8),
    ] {
        world.numbers.types[0].believes_rates = vec![offset];
        world.numbers.types[0].rate_sds = vec![sd];
        let query = Query::own(&setting, &world, 0);
        let mut found = NoDealSolution::default();
        let room = &mut crate::Workspace::default();
        crate::NoDeal::solve(
            &Process, &setting, &world, &query, &payoffs, room, &mut found,
        );
        let (mut sum, mut weight) = (0.0, 0.0);
        for k in 0..100_000 {
            let z = -9.0 + 18.0 * (f64::from(k) + 0.5) / 100_000.0;
            let density = libm::exp(-0.5 * z * z);
            sum += density * exact(rate * libm::exp(offset + sd * z));
            weight += density;
        }
        let mean = sum / weight;
        assert!(
            (found.values[0] - mean).abs() < 1e-8,
            "{offset} {sd}: {} {mean}",
            found.values[0]
        );
        // Doubt is not nothing: the mean over rates is not the value at their median.
        if sd > 0.2 {
            assert!((mean - exact(rate * libm::exp(offset))).abs() > 0.1);
        }
    }
}

/// Learning by hand. Two states that lead to one another at rates a and b, no end: by the renewal argument a move from each is made about
/// once in 1/p + 1/q months, and after Λ of them e^d = (k + ηΛ)/(k e^(−offset) + ηΛ), k = 1/(e^(σ²) − 1).
#[test]
fn a_gap_halves_when_enough_moves_were_seen() {
    let (a, b) = (0.4, 0.25);
    let moves = [
        (0, ProcessPlace::State(1), a),
        (1, ProcessPlace::State(0), b),
    ];
    let states = [[80.0, 0.0], [20.0, 0.0]];
    let (mut setting, mut world, payoffs) = chain(&[0.98], &states, &[], &moves);
    setting.process.as_mut().unwrap().believed = vec![1];
    let value = |setting: &Setting, world: &World, offset: f64| {
        let held = Held {
            offsets: &[offset],
            doubts: &[0.0],
        };
        let mut found = NoDealSolution::default();
        let levers = Query::analyst(setting, world).levers;
        process::value(
            setting,
            world,
            (levers, false),
            held,
            &[0],
            &payoffs,
            &mut found,
        );
        found.values[0]
    };
    let [p, q] = [a, b].map(|rate: f64| -libm::expm1(-rate));
    for (offset, open, eta) in [(0.8, 0.5, 1.0), (-0.6, 0.3, 0.7), (0.5, 0.2, 1.3)] {
        let firm = 1.0 / libm::expm1(open * open);
        let gap = value(&setting, &world, offset) - value(&setting, &world, 0.0);
        let half = (1..=600).find(|month| {
            // In state 1 with chance p/(p+q)(1 − (1−p−q)^m) at month m; made with chance q each of those months.
            let all = p + q;
            let mut made = 0.0;
            for m in 0..*month {
                let there = p / all * (1.0 - libm::pow(1.0 - all, f64::from(m)));
                made += there * q;
            }
            let seen = eta * made;
            let left = libm::log((firm + seen) / (firm * libm::exp(-offset) + seen));
            let still = value(&setting, &world, left) - value(&setting, &world, 0.0);
            still / gap <= 0.5
        });
        let own = &mut world.numbers.types[0];
        (own.believes_rates, own.rate_sds) = (vec![offset], vec![0.0]);
        (own.open_to_news, own.learning_rate) = (open, eta);
        // Points on the case's own scale: flows as stated.
        let numbers = &mut world.numbers.process[0];
        for (place, [flow, _]) in numbers.states.iter_mut().zip(states) {
            place.worth = vec![flow];
        }
        let mut stage = Stage::default();
        let layout = Layout::new(&setting, &specs());
        let mut row = vec![f64::NAN; layout.width()];
        examine_all(
            &layout,
            &mut stage,
            &setting,
            &world,
            Search::None,
            &mut row,
        );
        let at = |quantity: &str| row[layout.column_of("beliefs", quantity, &[0])];
        assert_eq!(at("never_halves"), 0.0);
        assert_eq!(at("months_to_halve"), f64::from(half.unwrap()));
        // Who does not listen, or has nothing to see, never learns.
        let mut deaf = world.clone();
        deaf.numbers.types[0].learning_rate = 0.0;
        let mut row = vec![f64::NAN; layout.width()];
        examine_all(&layout, &mut stage, &setting, &deaf, Search::None, &mut row);
        assert_eq!(row[layout.column_of("beliefs", "never_halves", &[0])], 1.0);
    }
}

/// Types that hold the same beliefs are one query, and what it says of each is what a query of its own says.
#[test]
fn same_beliefs_are_one_query() {
    for case in 0..20 {
        let (setting, mut world) = process(case, false);
        let types = setting.types.len();
        for own in &mut world.numbers.types {
            (own.believes_edge, own.believes_escalation) = (0.0, 0.0);
        }
        let last = world.numbers.types[1].clone();
        let own = &mut world.numbers.types[types - 1];
        own.believes_rates = last.believes_rates;
        own.rate_sds = last.rate_sds;
        let asked = Query::own(&setting, &world, 1);
        assert!(asked == Query::own(&setting, &world, types - 1));
        assert!(asked.types.contains(types - 1));
        let both = values(&setting, &world);
        let mut alone = world.clone();
        alone.numbers.types[1].believes_rates.fill(0.3);
        let there = values(&setting, &alone);
        assert!((both[types - 1] - there[types - 1]).abs() < ROUNDING);
    }
}

/// Moves in another order with their beliefs are the same process.
#[test]
fn order_of_moves_changes_no_belief() {
    for case in 0..20 {
        let (setting, world) = process(case, false);
        let (turned, other) = random::turned(&setting, &world);
        let (before, after) = (values(&setting, &world), values(&turned, &other));
        for (a, b) in before.iter().zip(&after) {
            assert!((a - b).abs() < ROUNDING, "case {case}: {a} {b}");
        }
    }
}

#[test]
fn no_belief_is_the_analysts() {
    let moves = [(0, ProcessPlace::End(0), 0.1)];
    let (setting, world, payoffs) = chain(&[0.9, 0.98], &[[50.0, 0.1]], &[20.0], &moves);
    let plain = solve(&Process, &setting, &world, &payoffs).values;
    let mut found = NoDealSolution::default();
    let levers = Query::analyst(&setting, &world).levers;
    let held = Held::default();
    process::value(
        &setting,
        &world,
        (levers, false),
        held,
        &[0, 1],
        &payoffs,
        &mut found,
    );
    assert_eq!(plain, found.values);
}
