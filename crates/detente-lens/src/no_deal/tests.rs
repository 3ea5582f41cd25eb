//! Leaders, doubt and flow costs in the value of no deal, by identities that hold whatever the numbers are.

use detente_core::{
    ContestTarget, Fate, Lever, LeverKind, LeverNumbers, Query, Question, Search, Setting, Side,
    Target, Trigger, World, leader_term,
};

use crate::{Stage, fixture};

/// Rounding over some hundreds of months.
const ROUNDING: f64 = 1e-9;

/// V of every type under its own beliefs.
fn values(setting: &Setting, world: &World) -> Vec<f64> {
    let mut stage = Stage::default();
    let scene = stage.set(setting, world, Search::None);
    (0..setting.types.len())
        .map(|t| scene.reservation(t).expect("the fixture has a contest"))
        .collect()
}

fn with_fates(world: &World, legacy: f64, loses: f64) -> World {
    let mut world = world.clone();
    for kind in &mut world.numbers.types {
        kind.fates = vec![0.0; 2 * Fate::ALL.len()];
        // One ending or the unsettled state always holds, and only one: features besides would count twice.
        for fate in [
            Fate::ADecisive,
            Fate::BDecisive,
            Fate::Armistice,
            Fate::Escalation,
            Fate::Unsettled,
        ] {
            kind.fates[2 * fate as usize] = legacy;
            kind.fates[2 * fate as usize + 1] = loses;
        }
    }
    world
}

/// A leader who fares the same whatever comes has a constant for life: V moves by exactly that constant.
#[test]
fn a_fate_that_nothing_changes_moves_v_by_its_worth() {
    for case in 0..20 {
        let (setting, world) = fixture::random(case);
        let plain = values(&setting, &with_fates(&world, 0.0, 0.0));
        for (legacy, loses) in [(0.6, 0.0), (-1.0, 0.0), (0.0, 0.4), (0.3, 1.0)] {
            let led = with_fates(&world, legacy, loses);
            for (t, (with, without)) in values(&setting, &led).iter().zip(&plain).enumerate() {
                let constant = leader_term(&led, t, [Fate::Unsettled]);
                assert!(
                    (with - without - constant).abs() < ROUNDING,
                    "case {case}, type {t}: {with} is not {without} + {constant}"
                );
            }
        }
    }
}

/// Numbers that a lever can set, besides levels, with what it sets them to.
fn effects(world: &World) -> Vec<(Target, f64)> {
    let mut contest = world.numbers.contest[0].clone();
    let mut effects: Vec<(Target, f64)> = ContestTarget::ALL
        .into_iter()
        .map(|number| {
            (
                Target::Contest(number),
                0.02 + 1.4 * *number.of(&mut contest),
            )
        })
        .collect();
    effects.extend([
        (Target::CapacityFrom(Side::A), 9.0),
        (Target::CapacityLow(Side::A), 0.5),
        (Target::CapacityLow(Side::B), 0.6),
        (Target::Burden(0), world.numbers.types[0].burden + 4.0),
        (Target::Scar(1), world.numbers.types[1].scar + 0.1),
    ]);
    effects
}

fn with_lever(
    setting: &Setting,
    world: &World,
    effects: &[(Target, f64)],
    delay: f64,
) -> (Setting, World) {
    let (mut setting, mut world) = (setting.clone(), world.clone());
    setting.levers.push(Lever {
        id: "shift".into(),
        name: "shift".into(),
        by: 0,
        kind: LeverKind::Stick,
        trigger: Trigger::Now,
        sets: effects.iter().map(|(target, _)| *target).collect(),
        flow_to: Vec::new(),
        ..Lever::default()
    });
    world.numbers.levers.push(LeverNumbers {
        on: 1.0,
        delay,
        sets: effects.iter().map(|(_, to)| *to).collect(),
        ..LeverNumbers::default()
    });
    (setting, world)
}

/// A lever without delay is the same as another number from the start.
#[test]
fn a_lever_without_delay_sets_its_numbers_from_the_start() {
    for case in 0..20 {
        let (setting, mut world) = fixture::random(case);
        // A doubt is integrated by as many points as the numbers stated ask for.
        for kind in &mut world.numbers.types {
            kind.own_sd = 0.0;
        }
        for effect in effects(&world) {
            let (set, lever) = with_lever(&setting, &world, &[effect], 0.0);
            let mut other = world.clone();
            let to = effect.1;
            match effect.0 {
                Target::Contest(number) => *number.of(&mut other.numbers.contest[0]) = to,
                Target::CapacityFrom(side) => {
                    other.numbers.contest[0].capacities[side as usize].from_month = to;
                }
                Target::CapacityLow(side) => {
                    other.numbers.contest[0].capacities[side as usize].low = to;
                }
                Target::Burden(t) => other.numbers.types[t].burden = to,
                Target::Scar(t) => other.numbers.types[t].scar = to,
                _ => unreachable!("not among the effects"),
            }
            let (levered, stated) = (values(&set, &lever), values(&setting, &other));
            for (a, b) in levered.iter().zip(&stated) {
                assert!((a - b).abs() < ROUNDING, "case {case}, {effect:?}: {a} {b}");
            }
        }
    }
}

/// With a delay the certificate, which knows no prices, agrees; and the lever moves something.
#[test]
fn a_lever_steps_in_at_its_delay() {
    let mut moved = 0;
    for case in 0..12 {
        let (setting, world) = fixture::random(case);
        let plain = values(&setting, &world);
        let effects = effects(&world);
        let one_by_one = effects.chunks(1).chain([&effects[..]]);
        for effects in one_by_one {
            let (setting, world) = with_lever(&setting, &world, effects, 7.5);
            let found = values(&setting, &world);
            let question = Question {
                setting: &setting,
                world: &world,
            };
            for (t, v) in found.iter().enumerate() {
                let again = detente_certify::value(question, t).expect("a contest");
                assert!(
                    (v - again).abs() < detente_certify::TOLERANCE,
                    "case {case}, {effects:?}, type {t}: {v} {again}"
                );
            }
            moved += usize::from(found != plain);
        }
    }
    assert!(moved > 12 * 10, "only {moved} levers moved anything");
}

/// A lever that costs a party points a month is, to that party alone, the same as a greater burden.
#[test]
fn a_flow_cost_is_a_burden_while_the_lever_runs() {
    for case in 0..20 {
        let (mut setting, mut world) = fixture::random(case);
        let plain = values(&setting, &world);
        setting.levers.push(Lever {
            id: "costly".into(),
            name: "costly".into(),
            by: 0,
            kind: LeverKind::Pressure,
            trigger: Trigger::Now,
            sets: Vec::new(),
            flow_to: vec![1],
            ..Lever::default()
        });
        world.numbers.levers.push(LeverNumbers {
            on: 1.0,
            flow_costs: vec![3.5],
            ..LeverNumbers::default()
        });
        let costly = values(&setting, &world);
        let mut burdened = world.clone();
        burdened.numbers.levers[0].on = 0.0;
        assert_eq!(values(&setting, &burdened), plain, "a lever that is off");
        for t in setting.parties[1].types.clone() {
            burdened.numbers.types[t].burden += 3.5;
        }
        for (a, b) in costly.iter().zip(values(&setting, &burdened)) {
            assert!((a - b).abs() < ROUNDING, "case {case}: {a} and {b}");
        }
        // A lever that waits for an answer does not run by itself.
        setting.levers[0].trigger = Trigger::Refuse(1);
        assert_eq!(values(&setting, &world), plain);
    }
}

/// Doubt that shrinks to nothing leaves the value without doubt; and a type without differences asks the analyst's question.
#[test]
fn doubt_vanishes_smoothly_and_shared_beliefs_have_no_gap() {
    for case in 0..20 {
        let (setting, mut world) = fixture::random(case);
        let at = |world: &mut World, doubt: f64| {
            world.numbers.types[0].own_sd = doubt;
            values(&setting, world)[0]
        };
        let none = at(&mut world, 0.0);
        let (some, little) = (at(&mut world, 1e-2), at(&mut world, 1e-4));
        assert!((little - none).abs() < 1e-5, "case {case}: {little} {none}");
        // To second order in the doubt: a hundredth of it has a ten-thousandth of the effect.
        assert!(
            (little - none).abs() <= 2e-4 * (some - none).abs() + 1e-8,
            "case {case}"
        );
        world.numbers.types[0].own_sd = 0.0;
        world.numbers.types[0].believes_edge = 0.0;
        world.numbers.types[0].believes_escalation = 0.0;
        assert_eq!(
            Query::own(&setting, &world, 0),
            Query::analyst(&setting, &world)
        );
    }
}
