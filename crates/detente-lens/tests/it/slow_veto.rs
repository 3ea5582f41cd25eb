//! Settling over somebody's refusal, from the definition of the model alone, against the `veto` lens.

use crate::of_many;
use crate::slow_answers::{Answers, Compared};
use crate::slow_cases::{add_packages, see_far, with_refusals};
use crate::slow_refusal::Refusing;
use crate::slow_war::{Course, Slow};
use detente_core::{Fate, LineStiffness, MILESTONES, OwnBeliefs, Search, Side};
use std::collections::BTreeMap;

/// Chance that a line with this mean and spread lies where a worth that is linear between knots is below a bar.
pub(crate) fn below(knots: &[f64], values: &[f64], bar: f64, mean: f64, sd: f64) -> f64 {
    let up_to = |x: f64| {
        if sd == 0.0 {
            return f64::from(u8::from(mean < x));
        }
        libm::erfc((mean - x) / sd / std::f64::consts::SQRT_2) / 2.0
    };
    let last = knots.len() - 1;
    let mut chance = 0.0;
    if values[0] < bar {
        chance += up_to(knots[0]);
    }
    if values[last] < bar {
        chance += 1.0 - up_to(knots[last]);
    }
    for k in 0..last {
        let (left, right) = (knots[k], knots[k + 1]);
        let (a, b) = (values[k], values[k + 1]);
        let cross = left + (right - left) * (bar - a) / (b - a);
        chance += match (a < bar, b < bar) {
            (true, true) => up_to(right) - up_to(left),
            (true, false) => up_to(cross) - up_to(left),
            (false, true) => up_to(right) - up_to(cross),
            (false, false) => 0.0,
        };
    }
    chance
}

/// The other side's decisive ending.
fn lost(side: Side) -> usize {
    match side {
        Side::A => 1,
        Side::B => 0,
    }
}

/// Chance by the end of so many months that a party of a side is compelled: the other side wins, or an armistice comes that is
/// worth less to it than a bar.
fn compelled(
    course: &Course,
    side: Side,
    months: usize,
    knots: &[f64],
    worth: &[f64],
    bar: f64,
) -> f64 {
    let of_month = |m: usize| {
        let worse = below(knots, worth, bar, course.mean[m], course.sd[m]);
        course.endings[m][lost(side)] + course.endings[m][2] * worse
    };
    (0..months).map(of_month).sum()
}

#[test]
fn a_region_of_a_bent_worth() {
    // Above 0 only, by symmetry a half; between the knots, the share of a normal number.
    let chance = below(&[-1.0, 1.0], &[10.0, -10.0], 0.0, 0.0, 1.0);
    assert!((chance - 0.5).abs() < 1e-15);
    assert_eq!(below(&[-1.0, 1.0], &[10.0, 10.0], 0.0, 0.0, 1.0), 0.0);
    assert!(
        (below(&[-1.0, 0.0, 1.0], &[-1.0, 1.0, -1.0], 0.0, 0.0, 0.5) - 0.317_310_507_862_914).abs()
            < 1e-12
    );
}

#[test]
fn settling_over_a_refusal_is_what_the_definition_says() {
    let mut compared: BTreeMap<&str, Compared> = BTreeMap::new();
    for seed in 0..of_many("cases", 6, 16) {
        let (mut setting, mut world) = with_refusals(seed, false);
        add_packages(&mut setting, &mut world, seed);
        see_far(&mut setting);
        let slow = Slow::new(&setting, &world);
        let answers = Answers::of(&setting, &world, Search::None);
        let horizon = setting.contest.as_ref().expect("a contest").horizon;
        for i in 0..2 {
            let refusing = Refusing::new(&slow, i);
            if refusing.several > 1e-6 {
                continue;
            }
            let side = setting.parties[i].side.expect("a belligerent");
            let types = setting.parties[i].types.clone();
            let refusal = &world.numbers.refusals[i];
            // The analyst's forecast: every set of levers with its chance, levers of one wielder hanging on its type.
            let sets: Vec<(Course, usize)> = (refusing.sets())
                .map(|set| {
                    let course =
                        slow.course(types.start, &refusing.pulled(set), OwnBeliefs::default());
                    (course, set)
                })
                .collect();
            let over_if = |t: usize, f: &dyn Fn(&Course, usize) -> f64| -> f64 {
                sets.iter()
                    .map(|(course, set)| refusing.forecast(*set, t) * f(course, *set))
                    .sum()
            };
            let over = |f: &dyn Fn(&Course, usize) -> f64| -> f64 {
                types
                    .clone()
                    .map(|t| world.numbers.types[t].prior * over_if(t, f))
                    .sum()
            };
            let cracks = |t: usize| -> f64 {
                let mine = (setting.refusals.iter().zip(&world.numbers.refusals))
                    .find(|(r, _)| r.party == i);
                let (stated, numbers) = mine.expect("stated for both");
                let parties = stated.crack.iter().zip(&numbers.crack);
                parties
                    .filter(|(p, _)| **p == setting.types[t].party)
                    .map(|(_, x)| x)
                    .sum()
            };
            let mut note = |quantity: &'static str, index: &[usize], ours: f64| {
                let told = answers.get(&setting, "veto", quantity, index);
                let what = format!("seed {seed} {index:?}");
                compared
                    .entry(quantity)
                    .or_default()
                    .entry(ours, told, 1e-7, &what);
            };
            let wins = |months: usize| {
                over(&|course, _| course.endings[..months].iter().map(|m| m[lost(side)]).sum())
            };
            let months = (1..=horizon).find(|m| *m as f64 >= refusal.endures);
            note("endures", &[i], 1.0 - wins(months.expect("within a year")));
            if horizon >= 24 {
                // The line stays where fighting stops, if it stops before; a victory of its own side is no loss.
                let holds = over(&|course, _| {
                    let start = world.numbers.contest[0].start;
                    let kept = |m: usize| {
                        let room = match side {
                            Side::A => course.mean[m] - (start - refusal.line_loss),
                            Side::B => (start + refusal.line_loss) - course.mean[m],
                        };
                        if course.sd[m] == 0.0 {
                            return f64::from(u8::from(room > 0.0));
                        }
                        libm::erfc(-room / course.sd[m] / std::f64::consts::SQRT_2) / 2.0
                    };
                    let (mut holds, mut goes_on) = (0.0, 1.0);
                    for (m, ends) in course.endings[..24].iter().enumerate() {
                        holds += ends[1 - lost(side)] + (ends[2] + ends[3]) * kept(m);
                        goes_on -= ends.iter().sum::<f64>();
                    }
                    holds + goes_on * kept(24)
                });
                note("holds", &[i], holds);
            }
            for (m, months) in MILESTONES.into_iter().enumerate() {
                if months < horizon && months <= 24 {
                    let s = usize::from(side == Side::B);
                    note(
                        "supply_after",
                        &[i, m],
                        over(&|course, _| course.effort[months][s]),
                    );
                }
            }
            // Nobody performs anything here: the levers, the rift, and leaders who settled over an ally's refusal.
            for t in 0..setting.types.len() {
                let party = &setting.parties[setting.types[t].party];
                let supplies = &setting.contest.as_ref().expect("a contest").supplies;
                if setting.types[t].party != i
                    && (party.side == Some(side)
                        || supplies.iter().any(|s| s.from == setting.types[t].party))
                {
                    continue;
                }
                let change = refusing.worth_if(t, &[], true) - slow.value(t, &[]) + cracks(t);
                note("change", &[i, 0, t], change);
            }
            for (p, package) in setting.packages.iter().enumerate() {
                let deal = |t: usize| slow.worth(t, &package.choice, &[Fate::Deal], &[]);
                let by = |t: usize, months: usize| {
                    over_if(t, &|course, set| {
                        let mut levers = slow.running();
                        levers.extend(refusing.pulled(set));
                        levers.sort_unstable();
                        let states = slow.states(t, &levers);
                        // A package that is the armistice itself is worth no more than it.
                        let bar = deal(t) - 1e-9;
                        compelled(course, side, months, &states.knots, &states.armistice, bar)
                    })
                };
                let over_types = |f: &dyn Fn(usize) -> f64| -> f64 {
                    types
                        .clone()
                        .map(|t| world.numbers.types[t].prior * f(t))
                        .sum()
                };
                for (m, months) in MILESTONES.into_iter().enumerate() {
                    if months <= horizon {
                        note("compelled", &[i, p, m], over_types(&|t| by(t, months)));
                    }
                }
                let crosses = |t: usize| {
                    let lines = setting.red_lines.iter().zip(&world.numbers.red_lines);
                    let mut hard = lines.filter(|(line, n)| {
                        line.stiffness == LineStiffness::Hard
                            && n.on > 0.0
                            && line.types.contains(&t)
                    });
                    hard.any(|(line, _)| line.when.matches(&package.choice))
                };
                let refuses = |t: usize| crosses(t) || deal(t) < refusing.worth_if(t, &[], true);
                let refuses_bar = |t: usize| {
                    let n = refusing.worth_if(t, &[], true) + world.numbers.types[t].aspiration;
                    crosses(t) || deal(t) < n
                };
                let flag = |is: bool| f64::from(u8::from(is));
                note("fights_on", &[i, p], over_types(&|t| flag(refuses_bar(t))));
                if horizon >= 12 {
                    let effective =
                        |t: usize| flag(refuses(t) && by(t, 12) <= 1.0 - refusal.compelled_bar);
                    note("effective", &[i, p], over_types(&effective));
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
