//! Beliefs from the definition of the model alone, against the `beliefs` lens.

use crate::of_many;
use crate::simulation::Random;
use crate::slow_answers::{Answers, Compared};
use crate::slow_cases::{add_packages, see_far, with_refusals};
use crate::slow_refusal::Refusing;
use crate::slow_war::Slow;
use detente_core::{Fate, LineStiffness, MILESTONES, OwnBeliefs, Search, World};
use std::collections::BTreeMap;

/// Histories of news that are drawn.
const HISTORIES: usize = 2_000;

/// A world in which everybody sees the war as the analyst does.
pub(crate) fn common(world: &World) -> World {
    let mut world = world.clone();
    for numbers in &mut world.numbers.types {
        numbers.believes_edge = 0.0;
        numbers.believes_escalation = 0.0;
        numbers.believes_chance = 0.0;
        numbers.own_sd = 0.0;
    }
    world
}

/// Shapley's division of what several inputs change together: the mean over all orders in which they come.
pub(crate) fn shapley(inputs: usize, value: &dyn Fn(usize) -> f64) -> Vec<f64> {
    let mut parts = vec![0.0; inputs];
    let mut orders: Vec<Vec<usize>> = vec![Vec::new()];
    for _ in 0..inputs {
        orders = (orders.iter())
            .flat_map(|order| {
                let left = (0..inputs).filter(|i| !order.contains(i));
                left.map(|i| [order.clone(), vec![i]].concat())
                    .collect::<Vec<_>>()
            })
            .collect();
    }
    for order in &orders {
        let mut set = 0;
        for i in order {
            parts[*i] += value(set | 1 << i) - value(set);
            set |= 1 << i;
        }
    }
    parts
        .iter()
        .map(|part| part / orders.len() as f64)
        .collect()
}

#[test]
fn beliefs_are_what_the_definition_says() {
    let mut compared: BTreeMap<&str, Compared> = BTreeMap::new();
    for seed in 0..of_many("cases", 3, 12) {
        let (mut setting, mut world) = with_refusals(seed, seed % 3 == 0);
        add_packages(&mut setting, &mut world, seed);
        see_far(&mut setting);
        let mut random = Random::new(seed + 15_000_000);
        for numbers in &mut world.numbers.types {
            numbers.learning_rate = random.between(0.2, 1.5);
            numbers.news_bias = if random.chance(0.5) {
                0.0
            } else {
                random.between(-40.0, 40.0)
            };
            numbers.open_to_news = random.between(0.05, 0.3);
        }
        let alike = common(&world);
        let slow = Slow::new(&setting, &world);
        let shared = Slow::new(&setting, &alike);
        let answers = Answers::of(&setting, &world, Search::None);
        let mut note = |quantity: &'static str, index: &[usize], ours: f64, within: f64| {
            let told = answers.get(&setting, "beliefs", quantity, index);
            let what = format!("seed {seed} {index:?}");
            compared
                .entry(quantity)
                .or_default()
                .entry(ours, told, within, &what);
        };
        let accepts = |slow: &Slow, refusing: &Refusing, t: usize, package: &[u8]| {
            let lines = setting.red_lines.iter().zip(&world.numbers.red_lines);
            let mut hard = lines.filter(|(line, n)| {
                line.stiffness == LineStiffness::Hard && n.on > 0.0 && line.types.contains(&t)
            });
            let crosses = hard.any(|(line, _)| line.when.matches(package));
            let bar = refusing.worth_if(t, &[], true) + world.numbers.types[t].aspiration;
            !crosses && slow.worth(t, package, &[Fate::Deal], &[]) >= bar
        };
        let refusing: Vec<Refusing> = (0..setting.parties.len())
            .map(|i| Refusing::new(&shared, i))
            .collect();
        let open = |p: usize| -> f64 {
            let package = &setting.packages[p];
            let share = |i: usize| -> f64 {
                let types = setting.parties[i].types.clone();
                types
                    .filter(|t| accepts(&shared, &refusing[i], *t, &package.choice))
                    .map(|t| world.numbers.types[t].prior)
                    .sum()
            };
            package.needed.iter().map(share).product()
        };
        if refusing.iter().all(|r| r.several < 1e-6) {
            for p in 0..setting.packages.len() {
                note("agreed_common", &[p], open(p), 1e-9);
            }
        }
        for t in 0..setting.types.len() {
            let own = slow.belief(t);
            let value = |set: usize| {
                let on = |i: usize, x: f64| if set >> i & 1 == 1 { x } else { 0.0 };
                let belief = OwnBeliefs {
                    edge: on(0, own.edge),
                    escalation: on(1, own.escalation),
                    chance: on(2, own.chance),
                    doubt: on(3, own.doubt),
                    ..OwnBeliefs::default()
                };
                slow.course(t, &[], belief).value
            };
            let gap = value(15) - value(0);
            let parts = shapley(4, &value);
            assert!((parts.iter().sum::<f64>() - gap).abs() < 1e-9);
            let within = if own.doubt > 0.0 { 0.01 } else { 1e-8 };
            if own != OwnBeliefs::default() {
                for (i, part) in parts.iter().enumerate() {
                    // In the order of the lens: edge, doubt, escalation, chance.
                    note("gap_part", &[t, [0, 2, 3, 1][i]], *part, within);
                }
            }
            // Where other beliefs differ too, the lens asks when all of the gap has halved.
            let only_edge = OwnBeliefs {
                edge: own.edge,
                ..OwnBeliefs::default()
            };
            if own.edge == 0.0 || own != only_edge {
                continue;
            }
            // The offset at which the gap from it is half of what it is at first.
            let of_offset = |edge: f64| {
                let belief = OwnBeliefs {
                    edge,
                    ..OwnBeliefs::default()
                };
                slow.course(t, &[], belief).value
            };
            let (none, first) = (of_offset(0.0), of_offset(own.edge));
            let (mut near, mut far) = (0.0, own.edge);
            for _ in 0..60 {
                let middle = f64::midpoint(near, far);
                if ((of_offset(middle) - none) / (first - none)) < 0.5 {
                    near = middle;
                } else {
                    far = middle;
                }
            }
            let numbers = &world.numbers.types[t];
            let contest = &world.numbers.contest[0];
            let told = numbers.learning_rate * contest.pace * contest.pace
                / (contest.volatility * contest.volatility);
            let mut halved = [0_usize; MILESTONES.len()];
            let mut months = Vec::new();
            for _ in 0..HISTORIES {
                let (mut precision, mut mean) = (
                    1.0 / (numbers.open_to_news * numbers.open_to_news),
                    own.edge,
                );
                let mut when = usize::MAX;
                for m in 1..=240 {
                    let news =
                        (contest.volatility * random.normal() + numbers.news_bias) / contest.pace;
                    mean = (precision * mean + told * news) / (precision + told);
                    precision += told;
                    let is = if own.edge > 0.0 {
                        mean <= far
                    } else {
                        mean >= far
                    };
                    if is && when == usize::MAX {
                        when = m;
                    }
                }
                months.push(when);
                for (count, milestone) in halved.iter_mut().zip(MILESTONES) {
                    *count += usize::from(when <= milestone);
                }
            }
            months.sort_unstable();
            for (i, count) in halved.iter().enumerate() {
                note("halved_by", &[t, i], *count as f64 / HISTORIES as f64, 0.06);
            }
            let median = months[HISTORIES / 2];
            if median < 240 {
                note(
                    "months_to_halve",
                    &[t],
                    median as f64,
                    0.1 * median as f64 + 1.0,
                );
            }
        }
    }
    for (quantity, of) in &compared {
        assert!(of.entries > 0, "{quantity} was never told");
    }
    assert!(
        compared.values().all(|c| c.differ.is_empty()),
        "{compared:#?}"
    );
}
