use detente_core::{
    Layout, LotteryNumbers, LotterySetting, Messenger, MessengerNumbers, Observable,
    ObservableNumbers, Question, Row, RowView, Search, Verdict, World,
};

use super::learning::{Passage, halving, passage};
use crate::conformance::{examine_all, specs};
use crate::fixture::{Stream, random};
use crate::{LENSES, Stage};

fn row(setting: &detente_core::Setting, world: &World, search: Search) -> (Layout, Vec<f64>) {
    let layout = Layout::new(setting, &specs());
    let mut row = vec![f64::NAN; layout.width()];
    examine_all(
        &layout,
        &mut Stage::default(),
        setting,
        world,
        search,
        &mut row,
    );
    (layout, row)
}

#[test]
fn identical_beliefs_leave_nothing_to_blame_on_them() {
    for case in 0..12 {
        let (setting, mut world) = random(case);
        for numbers in &mut world.numbers.types {
            numbers.believes_edge = 0.0;
            numbers.believes_escalation = 0.0;
            numbers.own_sd = 0.0;
        }
        let (layout, row) = row(&setting, &world, Search::Zone);
        let at =
            |quantity: &str, index: &[usize]| row[layout.column_of("beliefs", quantity, index)];
        assert_eq!(at("optimism_blocks", &[]), 0.0);
        let zone = row[layout.column_of("settlement", "zone", &[])];
        assert!((at("zone_common", &[]) - zone).abs() < 1e-12);
        assert!((at("zone_swapped", &[]) - zone).abs() < 1e-12);
        for p in 0..setting.packages.len() {
            assert_eq!(at("optimism_blocks_package", &[p]), 0.0);
        }
        for t in 0..setting.types.len() {
            assert!((0..4).all(|k| at("gap_part", &[t, k]) == 0.0));
            assert!(at("never_halves", &[t]).is_nan());
        }
    }
}

#[test]
fn parts_add_up_to_the_gap_and_order_does_not_matter() {
    for case in 0..20 {
        let (setting, world) = random(case);
        let (layout, row) = row(&setting, &world, Search::None);
        for t in 0..setting.types.len() {
            let parts: f64 = (0..4)
                .map(|k| row[layout.column_of("beliefs", "gap_part", &[t, k])])
                .sum();
            let gap = row[layout.column_of("alternative", "gap", &[t])];
            assert!((parts - gap).abs() < 1e-9, "{case} {t}: {parts} {gap}");
        }
    }
}

/// War as a lottery (Fearon 1995): a pie of 100, chance ½ by common belief, costs 10 each. Mutual optimism closes the zone once the
/// chances that the two believe in differ by more than the costs together.
#[test]
fn mutual_optimism_closes_a_lotterys_zone_where_it_exceeds_the_costs() {
    let settle = |offset: f64| {
        let (mut setting, mut world) = random(3);
        setting.contest = None;
        setting.red_lines.clear();
        setting.constraints.clear();
        setting.interactions.clear();
        world.numbers.red_lines.clear();
        world.numbers.contest.clear();
        for issue in &mut setting.issues {
            for option in &mut issue.options {
                option.performers = detente_core::PartySet::default();
            }
        }
        setting.needed_sets = setting.reachable_needed_sets();
        for package in &mut setting.packages {
            package.needed = setting.needed_sets[0];
        }
        let choice = |o: u8| vec![o, 0, 0, 0, 0];
        setting.lottery = Some(LotterySetting {
            a_wins: choice(3),
            b_wins: choice(0),
        });
        world.numbers.lottery.push(LotteryNumbers { chance: 0.5 });
        for (t, numbers) in world.numbers.types.iter_mut().enumerate() {
            let party = setting.types[t].party;
            numbers.weights = vec![1.0, 0.0, 0.0, 0.0, 0.0];
            numbers.values.fill(0.0);
            let gains = [0.0, 0.4, 0.6, 1.0];
            for (o, gain) in gains.into_iter().enumerate() {
                numbers.values[o] = if party == 0 { gain } else { 1.0 - gain };
            }
            numbers.interactions.clear();
            numbers.fates.clear();
            numbers.aspiration = 0.0;
            numbers.fighting_cost = 10.0;
            // Both think that they win more often than the analyst does.
            numbers.believes_chance = if party == 0 { offset } else { -offset };
            (
                numbers.believes_edge,
                numbers.believes_escalation,
                numbers.own_sd,
            ) = (0.0, 0.0, 0.0);
        }
        let (layout, row) = row(&setting, &world, Search::Zone);
        let at = |lens: &str, quantity: &str| row[layout.column_of(lens, quantity, &[])];
        (
            at("settlement", "zone"),
            at("beliefs", "zone_common"),
            at("beliefs", "optimism_blocks"),
        )
    };
    // By common belief each asks for 40 of 100, which 40:60 and 60:40 give.
    assert_eq!(settle(0.0), (1.0, 1.0, 0.0));
    // A package of 60:40 is accepted until B's chance of losing falls below .5: any optimism of B's refuses 60 to A, any of A's 40.
    let odds = |p: f64| libm::log(p / (1.0 - p));
    assert_eq!(settle(odds(0.69)), (1.0, 1.0, 0.0).min_by_gap(0.69));
    assert_eq!(settle(odds(0.75)), (0.0, 1.0, 1.0));
}

/// What the zone must be where both believe in winning with this chance: each asks for 100 times the chance less the cost.
trait ByGap {
    fn min_by_gap(self, chance: f64) -> Self;
}

impl ByGap for (f64, f64, f64) {
    fn min_by_gap(self, chance: f64) -> Self {
        let asks = 100.0 * chance - 10.0;
        let packages = [0.0, 40.0, 60.0, 100.0];
        let open = packages
            .iter()
            .any(|to_a: &f64| *to_a >= asks && 100.0 - to_a >= asks);
        if open { self } else { (0.0, self.1, 1.0) }
    }
}

#[test]
fn a_passage_is_what_histories_say() {
    for (k, (drift, distance)) in [
        (0.2, 3.0),
        (0.05, 2.0),
        (0.5, 12.0),
        (-0.02, 3.0),
        (1.0, 1.9),
        (2.5, 0.4),
        (0.3, 6.0),
        (0.0, 1.5),
    ]
    .into_iter()
    .enumerate()
    {
        let law = Passage::new(drift, distance);
        let histories = 4_000;
        let mut first = vec![0_usize; 241];
        for h in 0..histories {
            let mut stream = Stream::new(1_000_000 * (k as u64 + 1) + h);
            let mut at = 0.0;
            for month in 1..=240 {
                at += drift + detente_math::normal_quantile(stream.unit());
                if at >= distance {
                    first[month] += 1;
                    break;
                }
            }
        }
        let mut passed = 0.0;
        for (month, count) in first.iter().enumerate() {
            passed += *count as f64 / histories as f64;
            if [1, 2, 3, 6, 12, 24, 60, 120, 240].contains(&month) {
                let error = (law.by(month) - passed).abs();
                assert!(
                    error < 0.04,
                    "{law:?} by {month}: {} {passed}",
                    law.by(month)
                );
            }
        }
    }
    // A drift the other way: it comes there in a share e^(2μa) of histories at most.
    let away = Passage::new(-0.1, 10.0);
    assert!(away.by(100_000) < libm::exp(-2.0) + 1e-12 && away.median().is_none());
}

#[test]
fn who_does_not_listen_never_learns() {
    let (_, mut world) = random(1);
    let t = 1;
    let me = &mut world.numbers.types[t];
    (me.believes_edge, me.open_to_news, me.learning_rate) = (0.2, 0.2, 1.0);
    let to = 0.1;
    let fast = passage(&world, t, to).unwrap().median().unwrap();
    world.numbers.types[t].learning_rate = 0.5;
    let slow = passage(&world, t, to).unwrap().median().unwrap();
    assert!(slow > fast, "{slow} {fast}");
    for (rate, open) in [(0.0, 0.2), (1.0, 0.0)] {
        let me = &mut world.numbers.types[t];
        (me.learning_rate, me.open_to_news) = (rate, open);
        assert!(passage(&world, t, to).is_none());
    }
    // News so bent that it confirms what it holds.
    let pace = world.numbers.contest[0].pace;
    let me = &mut world.numbers.types[t];
    (me.learning_rate, me.open_to_news, me.news_bias) = (1.0, 0.2, 0.2 * pace);
    let bent = passage(&world, t, to).unwrap();
    assert!(bent.drift < 0.0);
    // A gap that is a straight line halves at half the offset; a bend moves that.
    assert!((halving([0.0, 1.0, 2.0, 3.0, 4.0]).unwrap() - 0.5).abs() < 1e-9);
    assert!((halving([0.0, -0.25, -1.0, -2.25, -4.0]).unwrap() - 0.5_f64.sqrt()).abs() < 1e-9);
    assert!(halving([3.0, 3.2, 3.5, 3.7, 4.0]).is_none());
}

/// Kydd (2003): who wants what the listener wants is believed; who always wants the same reply is not, where replies differ.
#[test]
fn a_messenger_of_the_same_mind_is_believed() {
    let (mut believed, mut found) = ([0, 0], 0);
    for case in 0..10 {
        let (mut setting, mut world) = random(case);
        // The edge, told of by each party to party 0.
        let mut visited = 0;
        let marked = {
            let mut copy = world.clone();
            copy.numbers.contest[0].edge = 12_345.0;
            let mut found = Vec::new();
            copy.numbers.map(&mut |x| {
                if *x == 12_345.0 {
                    found.push(visited);
                }
                visited += 1;
            });
            found
        };
        setting.observables.push(Observable {
            id: "o".into(),
            name: "o".into(),
            about: String::new(),
            places: marked,
            ends: [-0.8, 0.8],
            on: String::new(),
            settles: String::new(),
        });
        world
            .numbers
            .observables
            .push(ObservableNumbers { noise: 1.0 });
        let bent = case % 7 == 0;
        for by in [0, 1] {
            setting.messengers.push(Messenger {
                id: format!("m{by}"),
                name: String::new(),
                by,
                to: 0,
                about: 0,
            });
            let distortion = if bent { -1.0 } else { 0.3 };
            world
                .numbers
                .messengers
                .push(MessengerNumbers { distortion });
        }
        let (layout, mut row) = row(&setting, &world, Search::Zone);
        let at = |m: usize, row: &[f64]| row[layout.column_of("beliefs", "believed", &[m])];
        // Itself: of the same mind by construction.
        assert_eq!(at(0, &row), if bent { 0.0 } else { 1.0 }, "{case}");
        if !bent {
            believed[0] += 1;
            believed[1] += usize::from(at(1, &row) == 1.0);
        }
        // The certificate agrees, and finds a lie.
        let place = LENSES
            .iter()
            .position(|l| l.spec().id == "beliefs")
            .unwrap();
        let question = Question {
            setting: &setting,
            world: &world,
        };
        let verdict = |row: &[f64]| {
            detente_certify::certificate("beliefs")(question, RowView::new(&layout, place, row))
        };
        assert!(
            matches!(verdict(&row), Verdict::Holds(_)),
            "{case}: {:?}",
            verdict(&row)
        );
        let truth = at(0, &row);
        Row::new(&layout, place, &mut row).set(super::BELIEVED, &[0], 1.0 - truth);
        // Unless a preference is too close to tell.
        found += usize::from(matches!(verdict(&row), Verdict::Fails(_)));
    }
    assert!(found >= 6, "{found} of 10 lies found");
    assert!(
        believed[1] < believed[0],
        "an opponent is not always believed: {believed:?}"
    );
}
