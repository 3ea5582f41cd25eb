//! Tests of deal values: what must be exact, and the certificate on random cases.

use detente_core::{
    Fate, LeverProfile, LotteryNumbers, LotterySetting, OwnBeliefs, Payoffs, Search, Setting,
    TypeSet, World,
};

use super::law::{LAST, rebuilt};
use super::wars::BETWEEN_EDGES;
use crate::conformance::certify;
use crate::fixture::{Stream, answer, durable, table};
use crate::{Identity, Stage, States};

#[test]
fn without_breakdown_or_attack_a_deal_is_worth_what_it_says() {
    for case in [1, 3, 4] {
        let (setting, mut world) = durable(case);
        world.numbers.durability[0].background = 0.0;
        world.numbers.features[4].size = 1e9;
        for t in &mut world.numbers.types {
            t.renege_cost = 1e6;
        }
        let mut plain = world.clone();
        plain.numbers.durability.clear();
        let (mut stage, mut other) = (Stage::default(), Stage::default());
        let scene = stage.set(&setting, &world, Search::None);
        let paper = other.set(&setting, &plain, Search::None);
        for t in 0..setting.types.len() {
            for package in &setting.packages {
                let (d, u) = (
                    scene.deal(t, &package.choice),
                    paper.deal(t, &package.choice),
                );
                assert!((d - u).abs() < 1e-9, "{case} {t} {}: {d} {u}", package.id);
            }
            let (v, u) = (scene.no_deal_value(t), paper.no_deal_value(t));
            assert!((v.unwrap() - u.unwrap()).abs() < 1e-9);
        }
        assert!(scene.aftermath.apart < 1e-6);
    }
}

#[test]
fn the_certificate_holds_on_random_cases() {
    for case in 0..12 {
        if case % 10 == 2 {
            // Doubt makes the certificate integrate each war a hundred times.
            continue;
        }
        let (setting, world) = durable(case);
        let found = certify(&setting, [world].iter(), Search::Solutions);
        assert!(found.faults.is_empty(), "case {case}: {:?}", found.faults);
        assert!(found.held > 0);
    }
}

#[test]
fn a_lottery_is_fought_again_in_closed_form() {
    let (mut setting, mut world) = durable(5);
    let contest = setting.contest.take().unwrap();
    setting.levers.clear();
    world.numbers.levers.clear();
    setting.lottery = Some(LotterySetting {
        a_wins: contest.a_decisive,
        b_wins: contest.b_decisive,
    });
    world.numbers.lottery.push(LotteryNumbers { chance: 0.6 });
    let n = &mut world.numbers.durability[0];
    // One rate for all deals.
    (
        n.guarantee,
        n.verification,
        n.separation,
        n.imposed,
        n.mediated,
    ) = (0.0, 0.0, 0.0, 0.0, 0.0);
    let rate = n.background;
    world.numbers.features[4].size = 1e9;
    for t in &mut world.numbers.types {
        (t.renege_cost, t.believes_chance) = (1e6, 0.0);
    }
    let mut stage = Stage::default();
    let scene = stage.set(&setting, &world, Search::None);
    let lottery = setting.lottery.as_ref().unwrap();
    for (t, me) in world.numbers.types.iter().enumerate() {
        let worth = |package: &[u8], how: &[Fate]| {
            use detente_core::DealValue as _;
            Identity.worth(&setting, &world, scene.preferences, t, package, how)
        };
        let stays = libm::exp(-rate);
        let peace = (1.0 - me.patience) / (1.0 - me.patience * stays);
        let a = worth(&lottery.a_wins, &[Fate::ADecisive, Fate::Imposed]);
        let b = worth(&lottery.b_wins, &[Fate::BDecisive, Fate::Imposed]);
        // V = p D_a + (1 − p) D_b − c, D = peace U + (1 − peace) V.
        let war = (peace * (0.6 * a + 0.4 * b) - me.fighting_cost) / peace;
        assert!((scene.no_deal_value(t).unwrap() - war).abs() < 1e-8);
        for package in &setting.packages {
            let exact = peace * worth(&package.choice, &[Fate::Deal]) + (1.0 - peace) * war;
            assert!((scene.deal(t, &package.choice) - exact).abs() < 1e-8);
        }
    }
    let found = certify(&setting, [world].iter(), Search::Solutions);
    assert!(found.faults.is_empty(), "{:?}", found.faults);
}

/// The stronger and the more believed the answer to a breach, the less a breach tempts, and the longer the peace.
#[test]
fn an_answer_to_a_breach_deters() {
    let mut deterred = 0;
    for case in [1, 5, 7, 11, 13] {
        let (mut setting, mut world) = durable(case);
        answer(&mut setting, &mut world, &mut Stream::new(case), 0, 1);
        let today = world.numbers.contest[0].capacities[0].low;
        // A war that tempts: the first side's forces end up far above the second's, and breaking a deal costs it little.
        world.numbers.durability[0].force = vec![1.6, 0.7];
        for t in &mut world.numbers.types {
            t.renege_cost = 1.0;
        }
        let last = world.numbers.levers.len() - 1;
        let mut told = |credibility: f64, share: f64, flow: f64| {
            let lever = &mut world.numbers.levers[last];
            lever.credibility = credibility;
            lever.sets = vec![today * share];
            lever.flow_costs = vec![flow];
            let mut stage = Stage::default();
            let scene = stage.set(&setting, &world, Search::None);
            let of = |p: usize| {
                let found = &scene.aftermath.prospects[p];
                let tempted: f64 = found.gain.iter().map(|gain| gain.max(0.0)).sum();
                let attack: f64 = found.attack.iter().sum();
                (tempted, attack)
            };
            (0..setting.packages.len()).map(of).collect::<Vec<_>>()
        };
        let chain = [
            told(0.0, 1.0, 10.0),
            told(0.3, 1.0, 10.0),
            told(0.9, 1.0, 10.0),
            told(0.9, 1.0, 20.0),
            told(1.0, 0.7, 20.0),
        ];
        for pair in chain.windows(2) {
            for ((less, rarer), (more, oftener)) in pair[1].iter().zip(&pair[0]) {
                assert!(less <= &(more + 1e-9), "{case}: {less} {more}");
                assert!(rarer <= &(oftener + 1e-9), "{case}: {rarer} {oftener}");
            }
        }
        let first = chain[0].iter().zip(&chain[4]);
        deterred += first.filter(|((a, _), (b, _))| a > &(b + 1.0)).count();
    }
    assert!(deterred > 3, "{deterred}");
}

/// An answer that is certain, costs nobody anything and sets a number in every war that a breach starts is another war; where nothing else
/// ends a deal, that is all there is.
#[test]
fn a_certain_answer_is_another_war() {
    let (mut setting, mut world) = durable(1);
    world.numbers.durability[0].background = 0.0;
    world.numbers.features[4].size = 1e9;
    // Nobody guarantees anything.
    for lever in &mut world.numbers.levers {
        lever.on = 0.0;
    }
    answer(&mut setting, &mut world, &mut Stream::new(1), 0, 2);
    let last = world.numbers.levers.len() - 1;
    world.numbers.levers[last] = detente_core::LeverNumbers {
        on: 1.0,
        credibility: 1.0,
        sets: vec![-0.5],
        flow_costs: vec![0.0],
        ..detente_core::LeverNumbers::default()
    };
    for t in &mut world.numbers.types {
        t.renege_cost = 0.0;
    }
    // Only the first party attacks.
    setting.parties[1].roles.clear();
    let mut stage = Stage::default();
    let answered = stage.set(&setting, &world, Search::None).aftermath.clone();
    // The same number set for whoever resumes the war, by every package.
    world.numbers.levers[last].on = 0.0;
    for option in 0..setting.issues[0].options.len() {
        setting.features.push(detente_core::Feature {
            option: setting.issues[0].first_option + option,
            kind: detente_core::FeatureKind::Sets(detente_core::Target::Contest(
                detente_core::ContestTarget::Edge,
            )),
        });
        world
            .numbers
            .features
            .push(detente_core::FeatureNumbers { size: -0.5 });
    }
    let mut other = Stage::default();
    let set = other.set(&setting, &world, Search::None).aftermath.clone();
    // Nothing follows an ending of the resumed war, where the option would set the edge too and the answer does not: no deal lapses, and
    // there is no background.
    for (a, b) in answered.prospects.iter().zip(&set.prospects) {
        for (x, y) in a.gain.iter().zip(&b.gain).filter(|(x, _)| !x.is_nan()) {
            assert!((x - y).abs() < 1e-9, "{x} {y}");
        }
    }
}

#[test]
fn forces_rebuild_towards_their_ends() {
    let n = table(&mut Stream::new(3));
    assert_eq!(rebuilt(&n, 0.0), 0.0);
    let end = libm::log(n.force[0] / n.force[1]);
    assert!((rebuilt(&n, f64::INFINITY) - end).abs() < 1e-12);
    assert!((rebuilt(&n, LAST as f64) - end).abs() < 0.01);
}

/// The largest difference between what wars of a fixture are worth in some months and what a solution there says.
fn off_between_edges(setting: &Setting, world: &World) -> f64 {
    let mut stage = Stage::default();
    let preferences = stage.set(setting, world, Search::None).preferences.clone();
    let mut models = crate::NO_DEAL_MODELS.iter();
    let model = models.find(|model| model.applies(setting)).unwrap();
    let case = super::Case {
        setting,
        world,
        preferences: &preferences,
        model: *model,
    };
    let mut payoffs = Payoffs::default();
    let states = States {
        setting,
        world,
        preferences: &preferences,
        deal_value: &Identity,
    };
    model.value_states(&states, &mut Vec::new(), &mut payoffs);
    let (mut workspace, mut changing, mut solution) = Default::default();
    let mut wars = super::wars::Wars::default();
    let mut dates = super::dates::Dates::default();
    dates.lay(setting, world);
    wars.start(world, &dates);
    let war = super::wars::War {
        start: None,
        sets: Vec::new(),
        guaranteed: false,
    };
    let alone = [LeverProfile::default()];
    let both = (&war, &dates);
    let room = (&mut workspace, &mut changing, &mut solution);
    wars.solve(case, both, &alone, &payoffs, room);
    let mut most: f64 = 0.0;
    for month in [0, 1, 3, 7, 13, 20, 29, 43, 61, 88, 120, 240] {
        let offset = rebuilt(&world.numbers.durability[0], month as f64);
        for t in 0..world.numbers.types.len() {
            let own = OwnBeliefs::of(world, t);
            let query = super::endings::resumed(setting, world, own, TypeSet(1 << t), offset, None);
            model.solve(
                setting,
                world,
                &query,
                &payoffs,
                &mut workspace,
                &mut solution,
            );
            let there = dates.value(&wars.values[t * dates.len()..][..dates.len()], month);
            most = most.max((solution.values[t] - there).abs());
        }
    }
    most
}

/// What stands between the edges that are solved is what a solution there says, however far apart types' beliefs are.
#[test]
fn wars_between_the_edges_are_worth_what_they_are_there() {
    for spread in [1.0, 4.0] {
        let mut most: f64 = 0.0;
        for case in 0..40 {
            if case % 10 == 2 {
                continue;
            }
            let (setting, mut world) = durable(case);
            for t in &mut world.numbers.types {
                t.believes_edge *= spread;
                // Types that share their other beliefs share wars at the same edges.
                t.believes_escalation = 0.0;
            }
            most = most.max(off_between_edges(&setting, &world));
        }
        println!("beliefs spread {spread} times: {most}");
        assert!(most < BETWEEN_EDGES, "{most}");
    }
}

/// Where peace moves no edge, wars are solved at the edges that types believe in, and nothing lies between: a bend of V at the edge at
/// which another side falls behind put a temptation .09 points off.
#[test]
fn where_peace_moves_no_edge_wars_are_exact() {
    let mut most: f64 = 0.0;
    for case in 0..40 {
        if case % 10 == 2 {
            continue;
        }
        let (setting, mut world) = durable(case);
        world.numbers.durability[0].force = vec![1.0; 2];
        for t in &mut world.numbers.types {
            t.believes_edge *= 3.0;
            t.believes_escalation = 0.0;
        }
        most = most.max(off_between_edges(&setting, &world));
    }
    // Later months are priced in stretches.
    assert!(most < 1e-3, "{most}");
}
