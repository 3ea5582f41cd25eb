use detente_core::{
    BehaviourNumbers, Fate, Layout, Lever, LeverNumbers, MILESTONES, Nest, NestNumbers, Outcome,
    PartySet, Preferences, Question, Refusal, RefusalNumbers, RowView, Search, Setting, Side,
    Supply, SupplyNumbers, Target, Trigger, Verdict, World, leader_term,
};

use super::{CHANGE, COMPELLED, EFFECTIVE, ENDURES, FIGHTS_ON, HOLDS, SUPPLY_AFTER, set_chance};
use crate::{LENSES, Stage, conformance, fixture};

/// The lens's place in the table.
fn place() -> usize {
    let mut lenses = LENSES.iter();
    let own = lenses.position(|lens| lens.spec().id == "veto");
    own.expect("it is in the table")
}

/// All answers of the lens in a world that its certificate lets pass.
fn certified(setting: &Setting, world: &World) -> (Layout, Vec<f64>) {
    let layout = Layout::new(setting, &conformance::specs());
    let mut row = vec![f64::NAN; layout.width()];
    let mut stage = Stage::default();
    let outcomes =
        conformance::examine_all(&layout, &mut stage, setting, world, Search::None, &mut row);
    assert_eq!(outcomes[place()], Outcome::Done);
    let answer = RowView::new(&layout, place(), &row);
    let verdict = detente_certify::certificate("veto")(Question { setting, world }, answer);
    assert!(matches!(verdict, Verdict::Holds(_)), "{verdict:?}");
    (layout, row)
}

/// The fixture with supplies on side B (from b and from c, shares .6 and .4), a refusal table of b, and a lever of c that sets c's
/// rate once b refuses, with a chance that is given.
fn cut(case: u64, level: f64, chance: f64) -> (Setting, World) {
    let (mut setting, mut world) = fixture::random(case);
    // Doubt makes the certificate integrate once more, which other tests have it do.
    world.numbers.types.iter_mut().for_each(|t| t.own_sd = 0.0);
    let contest = setting.contest.as_mut().unwrap();
    contest.horizon = 150;
    contest.nests.push(Nest {
        id: "arms".into(),
        side: Side::B,
    });
    let n = &mut world.numbers.contest[0];
    n.nests.push(NestNumbers {
        weight: 1.0,
        substitution: 1.0,
    });
    for (from, share) in [(1, 0.6), (2, 0.4)] {
        contest.supplies.push(Supply {
            id: format!("s{from}"),
            from,
            nest: 0,
        });
        n.supplies.push(SupplyNumbers {
            share,
            level: 1.0,
            buffer: 2.0,
            ramp: 3.0,
        });
    }
    setting.refusals.push(Refusal {
        party: 1,
        says: String::new(),
        crack: vec![0, 2],
    });
    world.numbers.refusals.push(RefusalNumbers {
        line_loss: 30.0,
        endures: 36.0,
        compelled_bar: 0.5,
        crack: vec![3.0, -2.0],
    });
    world.numbers.behaviour.push(BehaviourNumbers {
        noise: 0.5,
        precision: 1.0,
    });
    lever(&mut setting, &mut world, 2, chance, Some(level));
    (setting, world)
}

/// A lever that b's refusal triggers.
fn lever(setting: &mut Setting, world: &mut World, by: usize, chance: f64, level: Option<f64>) {
    setting.levers.push(Lever {
        id: format!("l{}", setting.levers.len()),
        by,
        trigger: Trigger::Refuse(1),
        sets: level.map(|_| Target::SupplyLevel(1)).into_iter().collect(),
        ..Lever::default()
    });
    world.numbers.levers.push(LeverNumbers {
        on: 1.0,
        cost: 1.0,
        credibility: chance,
        sets: level.into_iter().collect(),
        ..LeverNumbers::default()
    });
}

/// With efforts even and constant and a line that stays, hazards are constant: by month m the war has ended with chance
/// 1 − e^(−Hm), by each mode in proportion, and an armistice compels or does not by where the line is.
#[test]
fn constant_hazards_compel_by_the_exponential_law() {
    for case in 3..9 {
        let (setting, mut world) = fixture::random(case);
        let n = &mut world.numbers.contest[0];
        (n.edge, n.pace, n.volatility) = (0.0, 0.0, 0.0);
        n.capacities.iter_mut().for_each(|c| c.low = 1.0);
        let (h, other, escalation) = (n.decisive, n.other_end, n.escalation);
        let all = 2.0 * h + other + escalation;
        let (layout, row) = certified(&setting, &world);
        let answer = RowView::new(&layout, place(), &row);
        let mut preferences = Preferences::default();
        preferences.compute(&setting, &world);
        let worth = |t: usize, package: &[u8], how: &[Fate]| {
            use detente_core::DealValue;
            crate::Identity.worth(&setting, &world, &preferences, t, package, how)
        };
        for party in 0..2 {
            assert!(
                answer.get(HOLDS, &[party]).is_nan(),
                "no line loss is stated"
            );
            let endures = answer.get(ENDURES, &[party]);
            let by = |hazard: f64, months: f64| hazard / all * (1.0 - libm::exp(-all * months));
            assert!((endures - (1.0 - by(h, 36.0))).abs() < 1e-12);
            for (p, package) in setting.packages.iter().enumerate() {
                for (m, month) in MILESTONES.iter().enumerate() {
                    let told = answer.get(COMPELLED, &[party, p, m]);
                    assert_eq!(told.is_nan(), *month > 36);
                    let mut expected = 0.0;
                    for t in setting.parties[party].types.clone() {
                        // The line is at 0, its second option.
                        let armistice = worth(t, &[1, 1, 0, 1, 0], &[Fate::Armistice]);
                        let less = armistice < worth(t, &package.choice, &[Fate::Deal]);
                        let hazard = h + if less { other } else { 0.0 };
                        expected += world.numbers.types[t].prior * by(hazard, *month as f64);
                    }
                    assert!(told.is_nan() || (told - expected).abs() < 1e-12);
                }
            }
        }
    }
}

#[test]
fn without_levers_only_the_rift_and_what_others_carry_out_change_anything() {
    let (mut setting, mut world) = cut(3, 1.0, 1.0);
    world.numbers.levers[0].on = 0.0;
    for package in &mut setting.packages {
        package.choice[3] = 0;
    }
    let (layout, row) = certified(&setting, &world);
    let answer = RowView::new(&layout, place(), &row);
    for p in 0..3 {
        for (t, kind) in setting.types.iter().enumerate() {
            let rift = [3.0, 0.0, -2.0][kind.party];
            assert!((answer.get(CHANGE, &[1, p, t]) - rift).abs() < 1e-12);
            assert_eq!(answer.get(CHANGE, &[0, p, t]), 0.0);
        }
    }
    // What c carries out alone is a flow on top, and nothing if it is c that refuses.
    setting.packages[0].choice[3] = 2;
    // With nobody left to settle with it carries out nothing.
    setting.packages[0].needed = PartySet::from_iter([0, 2]);
    let (layout, row) = certified(&setting, &world);
    let answer = RowView::new(&layout, place(), &row);
    for t in 0..setting.types.len() {
        assert_eq!(answer.get(CHANGE, &[0, 0, t]), 0.0);
    }
    setting.packages[0].needed = PartySet::from_iter([0, 1, 2]);
    let (layout, row) = certified(&setting, &world);
    let answer = RowView::new(&layout, place(), &row);
    let mut preferences = Preferences::default();
    preferences.compute(&setting, &world);
    for t in 0..setting.types.len() {
        let worth = |state: &[u8]| preferences.worth(&setting, t, state);
        let part = worth(&[0, 0, 0, 2, 0]) - worth(&[0; 5]);
        assert!((answer.get(CHANGE, &[0, 0, t]) - part).abs() < 1e-12);
        let told = answer.get(CHANGE, &[2, 0, t]);
        // The refuser supplies b, whose leaders then settle over an ally's refusal.
        let ally = setting.types[t].party == 1;
        let leader = if ally {
            leader_term(&world, t, [Fate::OverAlly])
        } else {
            0.0
        };
        assert!(told.is_nan() || (told - leader).abs() < 1e-12);
    }
}

#[test]
fn a_deeper_cut_never_makes_it_hold_better_and_is_what_supply_says() {
    for case in 0..2 {
        let mut before: Option<(f64, f64)> = None;
        for step in 0..3 {
            let level = 1.0 - 0.4 * f64::from(step);
            let (setting, world) = cut(case, level, 1.0);
            let (layout, row) = certified(&setting, &world);
            let answer = RowView::new(&layout, place(), &row);
            let now = (answer.get(HOLDS, &[1]), answer.get(ENDURES, &[1]));
            if let Some(before) = before {
                assert!(now.0 <= before.0 + 1e-12 && now.1 <= before.1 + 1e-12);
            }
            before = Some(now);
            // Stocks of two months, a ramp of three: twelve months on it is in force, after a month not yet.
            let supply = |m: usize| answer.get(SUPPLY_AFTER, &[1, m]);
            assert!((supply(3) - (0.6 + 0.4 * level)).abs() < 1e-12);
            assert!((supply(0) - 1.0).abs() < 1e-12);
            assert!(answer.get(SUPPLY_AFTER, &[2, 3]).is_nan(), "no side");
        }
    }
}

#[test]
fn a_chance_of_a_lever_mixes_the_two_wars() {
    let of = |chance: f64| {
        let (setting, world) = cut(1, 0.2, chance);
        let (layout, row) = certified(&setting, &world);
        let answer = RowView::new(&layout, place(), &row);
        [
            answer.get(HOLDS, &[1]),
            answer.get(ENDURES, &[1]),
            answer.get(SUPPLY_AFTER, &[1, 3]),
            answer.get(COMPELLED, &[1, 0, 3]),
        ]
    };
    let (never, ever, half) = (of(0.0), of(1.0), of(0.25));
    for k in 0..4 {
        assert!((half[k] - (0.75 * never[k] + 0.25 * ever[k])).abs() < 1e-12);
    }
}

/// Two levers of one wielder of two types, of which one pulls both and the other none, are pulled together or not at all.
#[test]
fn levers_of_one_wielder_hang_together() {
    let (mut setting, mut world) = cut(1, 0.2, f64::NAN);
    setting.levers[0].by = 0;
    lever(&mut setting, &mut world, 0, f64::NAN, None);
    let prior = world.numbers.types[0].prior;
    let pulls = |_: usize, t: usize| f64::from(u8::from(t == 0));
    let chances = (0..4).map(|set| set_chance(&setting, &world, &[0, 1], set, 2, pulls));
    let chances: Vec<f64> = chances.collect();
    assert!((chances[3] - prior).abs() < 1e-12 && (chances[0] - (1.0 - prior)).abs() < 1e-12);
    assert_eq!((chances[1], chances[2]), (0.0, 0.0));
    certified(&setting, &world);
}

#[test]
fn mirrored_sides_are_compelled_alike() {
    for case in 0..3 {
        let (setting, world) = cut(case, 0.3, 0.5);
        let (mut other, mut turned) = (setting.clone(), world.clone());
        let contest = other.contest.as_mut().unwrap();
        contest.weapon = Some(Side::B);
        std::mem::swap(&mut contest.a_decisive, &mut contest.b_decisive);
        contest.nests[0].side = Side::A;
        other.parties[0].side = Some(Side::B);
        other.parties[1].side = Some(Side::A);
        turned.numbers.positions.iter_mut().for_each(|x| *x = -*x);
        let n = &mut turned.numbers.contest[0];
        (n.edge, n.start) = (-n.edge, -n.start);
        n.capacities.swap(0, 1);
        for t in &mut turned.numbers.types {
            t.believes_edge = -t.believes_edge;
            if !t.fates.is_empty() {
                t.fates.swap(0, 2);
                t.fates.swap(1, 3);
            }
        }
        let (layout, row) = certified(&setting, &world);
        let (_, mirrored) = certified(&other, &turned);
        let of = layout.columns(place());
        for column in of {
            let (a, b) = (row[column], mirrored[column]);
            assert!(
                (a - b).abs() < 1e-9 || a.is_nan() && b.is_nan(),
                "case {case}, column {column}: {a}, mirrored {b}"
            );
        }
    }
}

#[test]
fn certificates_hold_and_find_corruptions() {
    for case in 0..2 {
        let (setting, world) = cut(case, 0.4, if case % 2 == 0 { f64::NAN } else { 0.7 });
        let (layout, row) = certified(&setting, &world);
        let question = Question {
            setting: &setting,
            world: &world,
        };
        let id = LENSES[place()].spec().id;
        for (quantity, index) in [
            (EFFECTIVE, vec![0, 1]),
            (COMPELLED, vec![1, 2, 3]),
            (HOLDS, vec![1]),
            (ENDURES, vec![0]),
            (SUPPLY_AFTER, vec![1, 4]),
            (FIGHTS_ON, vec![2, 0]),
            (CHANGE, vec![0, 1, 3]),
        ] {
            let name = LENSES[place()].spec().quantities[quantity.place].id;
            let column = layout.column_of(id, name, &index);
            for by in [0.11, f64::NAN] {
                let mut corrupted = row.clone();
                if corrupted[column].is_nan() {
                    corrupted[column] = 0.0;
                }
                corrupted[column] += by;
                if row[column].is_nan() && by.is_nan() {
                    continue;
                }
                let answer = RowView::new(&layout, place(), &corrupted);
                let verdict = detente_certify::certificate("veto")(question, answer);
                assert!(
                    matches!(verdict, Verdict::Fails(_)),
                    "case {case}: {name} moved by {by} passed"
                );
            }
        }
    }
}

#[test]
fn a_party_that_always_loses_its_war_has_no_veto() {
    let (setting, mut world) = cut(2, 1.0, 0.0);
    world.numbers.contest[0].edge = 3.0;
    let (layout, row) = certified(&setting, &world);
    let answer = RowView::new(&layout, place(), &row);
    for p in 0..3 {
        assert!(answer.get(COMPELLED, &[1, p, 3]) > 0.9);
        assert_eq!(answer.get(EFFECTIVE, &[1, p]), 0.0);
        assert_eq!(
            answer.get(EFFECTIVE, &[0, p]),
            answer.get(FIGHTS_ON, &[0, p]),
            "who wins is never compelled"
        );
    }
}
