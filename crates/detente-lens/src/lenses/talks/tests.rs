use detente_core::catalogue::talks::{DEAL, GAIN, KIND, OFFERS, ROUNDS, WORTH};
use detente_core::talks::{Play, TalksSetting};
use detente_core::{
    ContestTarget, Layout, Lever, LeverNumbers, LeverProfile, PartySet, Query, RowView, Search,
    Setting, TalksNumbers, Target, Trigger, World,
};

use crate::fixture::{self, Stream};
use crate::{LENSES, Stage, conformance};

/// Talks of two rounds, two months apart, over at most three offers, with two levers: one that presses the front after a delay, costs by the
/// month and frightens, and one that changes what an option is worth.
fn talks(mut setting: Setting, mut world: World, case: u64) -> (Setting, World) {
    let s = &mut Stream::new(9_000 + case);
    let types = setting.types.len();
    setting.levers = vec![
        Lever {
            id: "press".into(),
            by: 0,
            trigger: Trigger::Refuse(1),
            sets: vec![Target::Contest(ContestTarget::Edge)],
            flow_to: vec![0, 1],
            ..Lever::default()
        },
        Lever {
            id: "spoil".into(),
            by: 1,
            trigger: Trigger::Refuse(0),
            sets: vec![Target::Value(1, 3)],
            ..Lever::default()
        },
    ];
    let lever = LeverNumbers {
        on: 1.0,
        credibility: f64::NAN,
        lasts: f64::NAN,
        ..LeverNumbers::default()
    };
    world.numbers.levers = vec![
        LeverNumbers {
            delay: 2.0,
            cost: s.between(0.0, 2.0),
            audience_cost: s.between(0.0, 3.0),
            escalation: s.between(0.0, 0.4),
            sets: vec![s.between(0.1, 0.8)],
            flow_costs: vec![s.between(0.0, 1.0), s.between(0.0, 2.0)],
            ..lever.clone()
        },
        LeverNumbers {
            cost: s.between(0.0, 0.2),
            sets: vec![s.unit()],
            ..lever
        },
    ];
    world.numbers.talks = vec![TalksNumbers {
        meanwhile: vec![f64::NAN; types],
        news: (0..types)
            .map(|t| if t < 2 { s.unit() } else { f64::NAN })
            .collect(),
    }];
    setting.talks = Some(TalksSetting {
        rounds: 2,
        months: 2,
        order: vec![0, 1],
        agree: PartySet::default(),
        named: vec![0, 1, 2],
        found: true,
        offers: 3,
        passes: case.is_multiple_of(2),
        announced: vec![0],
        levers: vec![0, 1],
        only_announced: case.is_multiple_of(3),
        news: (case % 4 == 1).then_some(0),
        moves: 1_000,
        unstated: Vec::new(),
    });
    (setting, world)
}

fn row(setting: &Setting, world: &World) -> (Layout, Vec<f64>) {
    let layout = Layout::new(setting, &conformance::specs());
    let mut row = vec![f64::NAN; layout.width()];
    let mut stage = Stage::default();
    stage.play_talks(Play::Whole);
    conformance::examine_all(&layout, &mut stage, setting, world, Search::None, &mut row);
    (layout, row)
}

fn place() -> usize {
    let mut lenses = LENSES.iter();
    lenses
        .position(|lens| lens.spec().id == "talks")
        .expect("the lens")
}

/// Whatever is at stake, the certificate finds the same worths in its own way and nobody who regrets anything; talks are worth no less than
/// nothing to whoever may offer nothing and need not agree.
#[test]
fn random_talks_are_certified() {
    let (mut answered, mut deals, mut two) = (0, 0, 0);
    for case in 0..10 {
        // Doubts are integrated once more by the certificate, which takes long: one of these cases has them.
        let (setting, world) = fixture::random(case);
        let (setting, world) = talks(setting, world, case);
        let (layout, row) = row(&setting, &world);
        let view = RowView::new(&layout, place(), &row);
        if view.get(KIND, &[]).is_nan() {
            continue;
        }
        answered += 1;
        deals += u32::from(view.get(DEAL, &[24]) > 0.0);
        two += u32::from(view.get(ROUNDS, &[]) == 2.0 && view.get(OFFERS, &[]) >= 2.0);
        let question = detente_core::Question {
            setting: &setting,
            world: &world,
        };
        let verdict = detente_certify::certificate("talks")(question, view);
        assert!(
            matches!(verdict, detente_core::Verdict::Holds(n) if n > 5),
            "case {case}: {verdict:?}"
        );
    }
    assert!(answered >= 8, "{answered}");
    assert!(deals >= 2 && two >= 5, "{deals} {two}");
}

/// Where nothing but force ends a war anyway, talking for some months and then not agreeing changes nothing.
#[test]
fn talks_that_keep_nothing_off_leave_no_deal_as_it_is() {
    for case in 0..4 {
        let (setting, world) = fixture::random(case);
        let (setting, mut world) = talks(setting, world, case);
        world.numbers.contest[0].other_end = 0.0;
        let mut stage = Stage::default();
        stage.play_talks(Play::Whole);
        let scene = stage.set(&setting, &world, Search::None);
        for t in 0..setting.types.len() {
            let plain = scene.no_deal(&Query::own(&setting, &world, t)).unwrap();
            let waits = super::form::query(&setting, &world, 2, LeverProfile::default(), t);
            let found = scene.no_deal(&waits).unwrap();
            assert!(
                (found.values[t] - plain.values[t]).abs() < 1e-9,
                "{} {}",
                found.values[t],
                plain.values[t]
            );
            assert!(found.lasts[t] > 0.9 && found.lasts[t] < 1.0);
        }
    }
}

/// Sides that change places, and parties with them, change nothing but who is called what.
#[test]
fn mirrored_sides_change_nothing() {
    let (setting, world) = fixture::random(4);
    let (setting, world) = talks(setting, world, 4);
    let (layout, row_of) = row(&setting, &world);
    let (mut other, mut mirrored) = (setting.clone(), world.clone());
    for party in &mut other.parties {
        party.side = party.side.map(|side| match side {
            detente_core::Side::A => detente_core::Side::B,
            detente_core::Side::B => detente_core::Side::A,
        });
    }
    let contest = other.contest.as_mut().unwrap();
    std::mem::swap(&mut contest.a_decisive, &mut contest.b_decisive);
    contest.weapon = Some(detente_core::Side::B);
    let numbers = &mut mirrored.numbers;
    for position in &mut numbers.positions {
        *position = -*position;
    }
    let front = &mut numbers.contest[0];
    front.edge = -front.edge;
    front.start = -front.start;
    front.capacities.swap(0, 1);
    for own in &mut numbers.types {
        own.believes_edge = -own.believes_edge;
        if !own.fates.is_empty() {
            own.fates.swap(0, 2);
            own.fates.swap(1, 3);
        }
    }
    numbers.levers[0].sets[0] = -numbers.levers[0].sets[0];
    let (_, mirrored_row) = row(&other, &mirrored);
    let views = [&row_of, &mirrored_row].map(|row| RowView::new(&layout, place(), row));
    for t in 0..setting.types.len() {
        for of in [WORTH, GAIN] {
            let [one, two] = views.map(|view| view.get(of, &[t]));
            assert!((one - two).abs() < 1e-6, "{one} {two}");
        }
    }
    let [one, two] = views.map(|view| view.get(DEAL, &[24]));
    assert!((one - two).abs() < 1e-7, "{one} {two}");
}
