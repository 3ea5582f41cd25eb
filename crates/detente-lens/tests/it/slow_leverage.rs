//! Levers, from the definition of the model alone, against the `leverage` lens.

use crate::of_many;
use crate::slow_answers::{Answers, Compared};
use crate::slow_cases::{add_packages, see_far, with_refusals};
use crate::slow_refusal::{Refusing, logistic};
use crate::slow_war::{Asked, Slow};
use detente_core::{Fate, LineStiffness, Search};
use std::collections::BTreeMap;

/// Credibilities that are tried.
const STEPS: usize = 1_000;

/// c* of the target's margin, weighted by its types: the root of a line through its values at 0 and 1.
pub(crate) fn threshold(without: f64, with: f64) -> f64 {
    without / (without - with)
}

#[test]
fn the_stated_threshold() {
    // N is 51.3 with the lever off and 19.8 with it on; a deal is worth 40.
    assert!((threshold(40.0 - 51.3, 40.0 - 19.8) - 0.3587).abs() < 5e-5);
}

#[test]
fn levers_are_what_the_definition_says() {
    let mut compared: BTreeMap<&str, Compared> = BTreeMap::new();
    for seed in 0..of_many("cases", 8, 24) {
        let (mut setting, mut world) = with_refusals(seed, false);
        add_packages(&mut setting, &mut world, seed);
        see_far(&mut setting);
        let slow = Slow::new(&setting, &world);
        let answers = Answers::of(&setting, &world, Search::None);
        let s = world.numbers.behaviour[0].noise;
        for i in 0..setting.parties.len() {
            let refusing = Refusing::new(&slow, i);
            if refusing.several > 1e-6 {
                continue;
            }
            let target = setting.parties[i].types.clone();
            let prior = |t: usize| world.numbers.types[t].prior;
            for t in target.clone() {
                let n = refusing.worth_if(t, &[], true);
                let told = answers.get(&setting, "leverage", "refusal", &[t]);
                let what = format!("seed {seed} type {t}");
                compared
                    .entry("refusal")
                    .or_default()
                    .entry(n, told, 1e-8, &what);
            }
            for (k, l) in refusing.levers.iter().enumerate() {
                let (lever, numbers) = (&setting.levers[*l], &world.numbers.levers[*l]);
                let wielder = setting.parties[lever.by].types.clone();
                let mut note = |quantity: &'static str, index: &[usize], ours: f64| {
                    let told = answers.get(&setting, "leverage", quantity, index);
                    let what = format!("seed {seed} {index:?}");
                    let within = if quantity == "threshold" {
                        1.0 / STEPS as f64
                    } else {
                        1e-7
                    };
                    compared
                        .entry(quantity)
                        .or_default()
                        .entry(ours, told, within, &what);
                };
                for theta in wielder.clone() {
                    note("incentive", &[*l, theta], refusing.incentive[k][theta]);
                }
                // As the target sees it, over its own types.
                let over_target = |f: &dyn Fn(usize) -> f64| -> f64 {
                    target.clone().map(|t| prior(t) * f(t)).sum()
                };
                note("credibility", &[*l], over_target(&|t| refusing.seen(k, t)));
                let announces = |theta: usize| {
                    let place = lever.announcing.iter().position(|of| *of == theta);
                    place.map_or(1.0, |at| numbers.announces[at])
                };
                // Those who announce it, and lose by not doing what they announced.
                let announced = |t: usize| {
                    let chance = |theta: usize| {
                        let delta = refusing.incentive[k][theta] + numbers.audience_cost;
                        refusing.given[k].unwrap_or(logistic(delta / s))
                    };
                    if wielder.contains(&t) {
                        return chance(t);
                    }
                    let weight = |theta: usize| world.believed(t, theta) * announces(theta);
                    let mass: f64 = wielder.clone().map(weight).sum();
                    wielder
                        .clone()
                        .map(|theta| weight(theta) * chance(theta))
                        .sum::<f64>()
                        / mass
                };
                note("credibility_announced", &[*l], over_target(&announced));
                let with = |t: usize| refusing.worth_if(t, &[(k, true)], true);
                let without = |t: usize| refusing.worth_if(t, &[(k, false)], true);
                for t in target.clone() {
                    note("refusal_with", &[*l, t], with(t));
                    note("refusal_without", &[*l, t], without(t));
                }
                // The part of escalation: V less what it would be if escalation were worth nothing.
                let escalation = |t: usize, set: usize| {
                    let mut levers = slow.running();
                    levers.extend(refusing.pulled(set));
                    levers.sort_unstable();
                    let asked = Asked {
                        levers,
                        belief: slow.belief(t),
                        start: None,
                    };
                    let mut states = slow.states(t, &asked.levers);
                    states.escalation = 0.0;
                    slow.war(t, &asked).value - slow.war_with(t, &asked, &states).value
                };
                let part = |t: usize, pulled: bool| -> f64 {
                    let sets = refusing.sets();
                    let chance = |set: usize| refusing.chance_of(set, &[(k, pulled)], true, t);
                    sets.filter(|set| chance(*set) > 0.0)
                        .map(|set| chance(set) * escalation(t, set))
                        .sum()
                };
                for t in target.clone().take(1).chain(wielder.clone().take(1)) {
                    note("escalation", &[*l, t], part(t, true) - part(t, false));
                }
                let rises = |t: usize| f64::from(u8::from(with(t) > without(t)));
                note("backfires", &[*l], over_target(&rises));
                for (p, package) in setting.packages.iter().enumerate() {
                    // Used on one who accepts: its flow, what it makes the package worth, and its cost; no war for it to act on.
                    let lasting = |t: usize| {
                        let bearers = lever.flow_to.iter().zip(&numbers.flow_costs);
                        let own = bearers.filter(|(party, _)| **party == setting.types[t].party);
                        let worth = |levers: &[usize]| {
                            slow.worth(t, &package.choice, &[Fate::Deal], levers)
                        };
                        worth(&[*l]) - worth(&[]) - own.map(|(_, cost)| cost).sum::<f64>()
                    };
                    let uses = |theta: usize| logistic((lasting(theta) - numbers.cost) / s);
                    let anyway = over_target(&|t| {
                        if wielder.contains(&t) {
                            return uses(t);
                        }
                        wielder
                            .clone()
                            .map(|theta| world.believed(t, theta) * uses(theta))
                            .sum()
                    });
                    note("assurance", &[*l, p], anyway);
                    // Where a half of the target's prior turns, found by trying every credibility.
                    let crosses = |t: usize| {
                        let lines = setting.red_lines.iter().zip(&world.numbers.red_lines);
                        let mut hard = lines.filter(|(line, n)| {
                            line.stiffness == LineStiffness::Hard
                                && n.on > 0.0
                                && line.types.contains(&t)
                        });
                        hard.any(|(line, _)| line.when.matches(&package.choice))
                    };
                    let accepting = |c: f64| {
                        over_target(&|t| {
                            let deal = slow.worth(t, &package.choice, &[Fate::Deal], &[]);
                            let n = c * with(t)
                                + (1.0 - c) * without(t)
                                + world.numbers.types[t].aspiration;
                            f64::from(u8::from(!crosses(t) && deal >= n))
                        })
                    };
                    let steps: Vec<bool> = (0..=STEPS)
                        .map(|i| accepting(i as f64 / STEPS as f64) >= 0.5 - 1e-12)
                        .collect();
                    let first = steps.iter().position(|is| *is);
                    let ours = match first {
                        None => 2.0,
                        Some(0) => -1.0,
                        Some(i) => i as f64 / STEPS as f64,
                    };
                    note("threshold", &[*l, p], ours);
                }
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
