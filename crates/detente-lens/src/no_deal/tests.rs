//! Leaders, doubt and flow costs in the value of no deal, by identities that hold whatever the numbers are.

use detente_core::{
    Fate, Lever, LeverKind, LeverNumbers, Query, Setting, Trigger, World, leader_term,
};

use crate::{Stage, fixture};

/// Rounding over some hundreds of months.
const ROUNDING: f64 = 1e-9;

/// V of every type under its own beliefs.
fn values(setting: &Setting, world: &World) -> Vec<f64> {
    let mut stage = Stage::default();
    let scene = stage.set(setting, world, false);
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
