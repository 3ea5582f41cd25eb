use detente_core::{
    BehaviourNumbers, ContestTarget, Handle, Layout, Lever, LeverKind, LeverNumbers, Question,
    RowView, Search, Setting, Target, Trigger, Verdict, World,
};

use super::solve::{Stand, turns};
use super::{
    ABOVE, ASSURANCE, BELOW, CONCESSION, CREDIBILITY, INCENTIVE, PRICE, PROMISE, REFUSAL,
    REFUSAL_WITH, REFUSAL_WITHOUT, ZONE_WITH, ZONE_WITHOUT,
};
use crate::fixture::Stream;
use crate::{LENSES, Stage, conformance, fixture};

/// The lens's place in the table.
fn place() -> usize {
    let mut lenses = LENSES.iter();
    let own = lenses.position(|lens| lens.spec().id == "leverage");
    own.expect("it is in the table")
}

/// The fixture with a stick, pressure, an assurance and a promise, everything random.
fn levered(case: u64) -> (Setting, World) {
    let (mut setting, mut world) = fixture::random(case);
    let s = &mut Stream::new(case + 1_000);
    let mut add = |lever: Lever, numbers: LeverNumbers<f64>| {
        setting.levers.push(Lever {
            id: format!("l{}", setting.levers.len()),
            name: format!("l{}", setting.levers.len()),
            ..lever
        });
        world.numbers.levers.push(LeverNumbers {
            on: 1.0,
            credibility: f64::NAN,
            ..numbers
        });
    };
    add(
        Lever {
            by: 2,
            kind: LeverKind::Stick,
            trigger: Trigger::Refuse(1),
            sets: vec![Target::Contest(ContestTarget::Edge), Target::Value(2, 5)],
            flow_to: vec![1, 2],
            ..Lever::default()
        },
        LeverNumbers {
            delay: s.between(0.0, 5.0),
            cost: s.between(0.0, 2.0),
            escalation: s.between(0.0, 0.5),
            audience_cost: s.between(0.0, 2.0),
            sets: vec![s.between(0.0, 0.6), s.unit()],
            flow_costs: vec![s.between(0.0, 3.0), s.between(0.0, 1.0)],
            ..LeverNumbers::default()
        },
    );
    add(
        Lever {
            by: 0,
            kind: LeverKind::Pressure,
            trigger: Trigger::Refuse(1),
            sets: vec![Target::Burden(2)],
            announcing: vec![0, 1],
            ..Lever::default()
        },
        LeverNumbers {
            cost: s.between(-1.0, 1.0),
            audience_cost: s.between(0.0, 2.0),
            escalation: s.between(0.0, 0.4),
            sets: vec![s.between(0.0, 60.0)],
            announces: vec![s.unit(), s.unit()],
            ..LeverNumbers::default()
        },
    );
    add(
        Lever {
            by: 1,
            kind: LeverKind::Assurance,
            trigger: Trigger::Refuse(0),
            sets: vec![Target::Contest(ContestTarget::OtherEnd)],
            ..Lever::default()
        },
        LeverNumbers {
            cost: s.between(-1.0, 1.0),
            sets: vec![s.between(0.0, 0.08)],
            ..LeverNumbers::default()
        },
    );
    add(
        Lever {
            by: 2,
            kind: LeverKind::Carrot,
            trigger: Trigger::Accept,
            flow_to: vec![0, 2],
            pays_to: vec![1, 0],
            ..Lever::default()
        },
        LeverNumbers {
            flow_costs: vec![s.between(-4.0, 0.0), s.between(-1.0, 1.0)],
            pays: vec![s.between(-1.0, 3.0), s.between(0.0, 3.0)],
            // For some months, or for good.
            lasts: if case == 1 {
                f64::NAN
            } else {
                s.between(6.0, 40.0)
            },
            ..LeverNumbers::default()
        },
    );
    world.numbers.behaviour.push(BehaviourNumbers {
        noise: s.between(0.2, 2.0),
        precision: 1.0,
    });
    (setting, world)
}

/// The row of a world.
fn answer(setting: &Setting, world: &World, search: Search) -> (Layout, Vec<f64>) {
    let layout = Layout::new(setting, &conformance::specs());
    let mut row = vec![f64::NAN; layout.width()];
    let stage = &mut Stage::default();
    conformance::examine_all(&layout, stage, setting, world, search, &mut row);
    (layout, row)
}

fn verdict(question: Question, layout: &Layout, row: &[f64]) -> Verdict {
    detente_certify::certificate("leverage")(question, RowView::new(layout, place(), row))
}

#[test]
fn certificates_hold_and_every_corruption_is_found() {
    let mut met = vec![0; super::SPEC.quantities.len()];
    for case in [0, 1, 3] {
        let (setting, world) = levered(case);
        let question = Question {
            setting: &setting,
            world: &world,
        };
        let (layout, row) = answer(&setting, &world, Search::Solutions);
        let whole = verdict(question, &layout, &row);
        assert!(matches!(whole, Verdict::Holds(_)), "case {case}: {whole:?}");
        for (q, quantity) in super::SPEC.quantities.iter().enumerate() {
            let sizes = quantity.dimensions.iter().map(|d| d.size(&setting));
            let origin = vec![0; quantity.dimensions.len()];
            let first = layout.column_of("leverage", quantity.id, &origin);
            let cells = first..first + sizes.product::<usize>();
            // The first is of a lever that answers a refusal, the last may be of a promise.
            let written = || cells.clone().filter(|c| !row[*c].is_nan());
            let Some(first) = written().next() else {
                continue;
            };
            met[q] += 1;
            for column in [Some(first), written().next_back()].into_iter().flatten() {
                let mut corrupted = row.clone();
                corrupted[column] += if row[column] > 0.5 { -0.3 } else { 0.3 };
                let found = verdict(question, &layout, &corrupted);
                assert!(
                    matches!(found, Verdict::Fails(_)),
                    "case {case}: {} passed as {}",
                    quantity.id,
                    corrupted[column]
                );
            }
        }
    }
    assert!(met.iter().all(|times| *times > 0), "{met:?}");
}

/// What promises add is what acceptance counts, by the model's own words: the chance that it is kept times what it pays.
#[test]
fn promises_add_their_chance_times_what_they_pay() {
    for case in [0, 1, 3] {
        let (setting, mut world) = levered(case);
        let l = setting.levers.len() - 1;
        world.numbers.levers[l].cost = 0.7;
        world.numbers.levers[l].credibility = 0.25;
        let (layout, row) = answer(&setting, &world, Search::None);
        let of = |quantity, t: usize| row[layout.column(quantity, &[l, t])];
        let numbers = &world.numbers.levers[l];
        for (t, kind) in setting.types.iter().enumerate() {
            // A flow for m months is worth the part 1 - δ^m of one for good.
            let part = if case == 1 {
                1.0
            } else {
                1.0 - libm::pow(world.numbers.types[t].patience, numbers.lasts)
            };
            let adds = match kind.party {
                0 => 0.25 * (numbers.pays[1] - part * numbers.flow_costs[0]),
                1 => 0.25 * numbers.pays[0],
                2 => 0.25 * (-part * numbers.flow_costs[1] - 0.7),
                _ => 0.0,
            };
            assert!(
                (of(PROMISE, t) - adds).abs() < 1e-12,
                "case {case}, type {t}"
            );
            let price = of(PRICE, t);
            if kind.party == 2 {
                assert!((price - part * numbers.flow_costs[1] - 0.7).abs() < 1e-12);
            } else {
                assert!(price.is_nan(), "it costs nobody else");
            }
        }
    }
}

/// The model's known answer: refusing is worth 51.3 without the lever and 19.8 with it, the deal 40: the threshold is .3587.
#[test]
fn the_known_threshold() {
    let stand = |prior: f64, deal: f64, off: f64, on: f64| Stand {
        prior,
        without: deal - off,
        with: deal - on,
        crossed: false,
    };
    let (threshold, ceiling) = turns(&[stand(1.0, 40.0, 51.3, 19.8)]);
    assert!((threshold - 0.3587).abs() < 5e-5, "{threshold}");
    assert_eq!(ceiling, ABOVE);
    // It accepts anyway; never; a threat that backfires is borne up to the ceiling; one that changes nothing turns nothing.
    assert_eq!(turns(&[stand(1.0, 60.0, 51.3, 19.8)]), (BELOW, ABOVE));
    assert_eq!(turns(&[stand(1.0, 10.0, 51.3, 19.8)]), (ABOVE, BELOW));
    let (threshold, ceiling) = turns(&[stand(1.0, 40.0, 19.8, 51.3)]);
    assert_eq!(threshold, BELOW);
    assert!((ceiling - (1.0 - 0.3587)).abs() < 5e-5, "{ceiling}");
    assert_eq!(turns(&[stand(1.0, 40.0, 40.0, 40.0)]), (BELOW, ABOVE));
    assert_eq!(turns(&[stand(1.0, 39.0, 40.0, 40.0)]), (ABOVE, BELOW));
    // Half of the prior decides; a red line that is crossed is a no at any credibility.
    let minds = [
        stand(0.3, 40.0, 51.3, 19.8),
        stand(0.3, 30.0, 50.0, 25.0),
        stand(0.4, 10.0, 50.0, 25.0),
    ];
    assert_eq!(turns(&minds).0, 0.8);
    let crossed = Stand {
        crossed: true,
        ..minds[0]
    };
    assert_eq!(turns(&[crossed, minds[1], minds[2]]).0, ABOVE);
}

/// A threat can overshoot: on the pie u² + v² ≤ 1 with N of .6 − .4c and .1 + .4c, the share of the pie that both accept is
/// greatest at c = .625 (the model, part 12).
#[test]
fn a_threat_can_overshoot() {
    const STEPS: u32 = 800;
    let at = |i: u32| (f64::from(i) + 0.5) / f64::from(STEPS);
    let stand = |deal: f64, without: f64, with: f64| Stand {
        prior: 1.0,
        without: deal - without,
        with: deal - with,
        crossed: false,
    };
    let share = |c: f64| {
        let (mut accepted, mut all) = (0_u32, 0_u32);
        let left: Vec<bool> = (0..STEPS)
            .map(|i| stand(at(i), 0.6, 0.2).accepts(c))
            .collect();
        let right: Vec<bool> = (0..STEPS)
            .map(|i| stand(at(i), 0.1, 0.5).accepts(c))
            .collect();
        for (i, u) in left.iter().enumerate() {
            for (j, v) in right.iter().enumerate() {
                let (x, y) = (at(u32::try_from(i).unwrap()), at(u32::try_from(j).unwrap()));
                if x * x + y * y <= 1.0 {
                    all += 1;
                    accepted += u32::from(*u && *v);
                }
            }
        }
        f64::from(accepted) / f64::from(all)
    };
    for (c, known) in [
        (0.0, 0.2340),
        (0.25, 0.2654),
        (0.625, 0.2833),
        (1.0, 0.2654),
    ] {
        assert!((share(c) - known).abs() < 2e-3, "{c}: {}", share(c));
    }
    let best = (0..=40).map(|i| f64::from(i) / 40.0);
    let best = best.max_by(|a, b| share(*a).total_cmp(&share(*b))).unwrap();
    assert!((best - 0.625).abs() <= 0.025, "{best}");
}

/// N lies on the line between N without the lever and N with it, at the chance that the type sees; given chances replace it.
#[test]
fn a_given_credibility_replaces_the_derived_one_here_and_downstream() {
    for case in 0..12 {
        let (setting, mut world) = levered(case);
        let (layout, row) = answer(&setting, &world, Search::None);
        let of = |row: &[f64], q: Handle, index: &[usize]| {
            RowView::new(&layout, place(), row).get(q, index)
        };
        world.fixed.push(detente_core::Fixed {
            lens: "leverage",
            quantity: "credibility",
            index: vec![2],
            value: 1.0,
        });
        let (_, sure) = answer(&setting, &world, Search::None);
        assert_eq!(of(&sure, CREDIBILITY, &[2]), 1.0);
        for t in 0..2 {
            let (n, with) = (of(&sure, REFUSAL, &[t]), of(&row, REFUSAL_WITH, &[2, t]));
            assert!((n - with).abs() < 1e-9, "{n} {with}");
            // The only lever of this refusal: N is the mean at its chance.
            let c = of(&row, CREDIBILITY, &[2]);
            let mean = c * with + (1.0 - c) * of(&row, REFUSAL_WITHOUT, &[2, t]);
            let n = of(&row, REFUSAL, &[t]);
            assert!((n - mean).abs() < 1e-9, "{n} {mean}");
        }
    }
}

/// Points that are rescaled with all costs and the noise leave every chance as it is.
#[test]
fn a_greater_noise_moves_chances_towards_one_half_and_leaves_incentives_of_lone_levers() {
    for case in 0..12 {
        let (setting, mut world) = levered(case);
        let get = |world: &World, q: Handle, index: &[usize]| {
            let (layout, row) = answer(&setting, world, Search::None);
            RowView::new(&layout, place(), &row).get(q, index)
        };
        let (before, chance) = (
            get(&world, INCENTIVE, &[2, 2]),
            get(&world, CREDIBILITY, &[2]),
        );
        world.numbers.behaviour[0].noise *= 10.0;
        let (after, blurred) = (
            get(&world, INCENTIVE, &[2, 2]),
            get(&world, CREDIBILITY, &[2]),
        );
        assert!((before - after).abs() < 1e-9);
        assert!((0.0..=1.0).contains(&blurred) && (0.0..=1.0).contains(&chance));
    }
}

/// A lever that asks less of every type opens the zone at least as often, and a stick that costs its wielder much is not kept.
#[test]
fn zones_follow_what_refusing_is_worth() {
    let (mut opened, mut conceded) = (0, 0);
    for case in 0..12 {
        let (setting, world) = levered(case);
        let (layout, row) = answer(&setting, &world, Search::Solutions);
        let view = RowView::new(&layout, place(), &row);
        for l in 0..3 {
            let refuser = usize::from(l < 2);
            let types = || setting.parties[refuser].types.clone();
            let falls =
                |t: usize| view.get(REFUSAL_WITH, &[l, t]) <= view.get(REFUSAL_WITHOUT, &[l, t]);
            let (with, without) = (view.get(ZONE_WITH, &[l]), view.get(ZONE_WITHOUT, &[l]));
            if types().all(falls) {
                assert!(with >= without - 1e-12);
                opened += 1;
            }
            if !types().any(falls) {
                assert!(with <= without + 1e-12);
            }
        }
        assert!(view.get(ASSURANCE, &[2, 0]).is_nan());
        conceded += usize::from(!view.get(CONCESSION, &[0]).is_nan());
    }
    assert!(opened > 0 && conceded > 0);
}
