//! Proofs of the process: closed forms of absorbing chains, the other models as its special cases, a simulation, the certificate.

mod beliefs;
mod compelled;
mod ends;
mod led_on;
mod offers;
mod random;

use detente_core::{
    Fate, Layout, LotteryNumbers, LotterySetting, MoveNumbers, Payoffs, PlaceNumbers, ProcessMove,
    ProcessNumbers, ProcessPlace, ProcessSetting, ProcessState, Query, Question, RateNumbers,
    RowView, Search, Setting, Target, Trigger, TypeNumbers, Verdict, World,
};
use detente_core::{NoDealSolution, PartySet, PartyType};

use super::Process;
use crate::conformance::{certify, examine_all, specs};
use crate::no_deal::lottery::Lottery;
use crate::no_deal::reservation::Reservation;
use crate::{NoDeal, Stage, Workspace};
use random::{place, process};

/// Rounding over some hundreds of months.
const ROUNDING: f64 = 1e-9;

/// What a model makes of a world.
fn solve(
    model: &dyn NoDeal,
    setting: &Setting,
    world: &World,
    payoffs: &Payoffs,
) -> NoDealSolution {
    let query = Query::analyst(setting, world);
    let mut solution = NoDealSolution::default();
    let room = &mut Workspace::default();
    model.solve(setting, world, &query, payoffs, room, &mut solution);
    solution
}

/// One type a patience, with these states (flow, scar), ends (worth) and moves (from, to, rate).
fn chain(
    patiences: &[f64],
    states: &[[f64; 2]],
    ends: &[f64],
    moves: &[(usize, ProcessPlace, f64)],
) -> (Setting, World, Payoffs) {
    let (mut setting, mut world) = (Setting::default(), World::default());
    for patience in patiences {
        setting.types.push(PartyType {
            party: 0,
            id: String::new(),
            name: String::new(),
        });
        world.numbers.types.push(TypeNumbers {
            patience: *patience,
            ..TypeNumbers::default()
        });
    }
    let types = patiences.len();
    setting.process = Some(ProcessSetting {
        today: 0,
        resumes: 0,
        states: vec![ProcessState::default(); states.len()],
        ends: vec![ProcessState::default(); ends.len()],
        moves: moves
            .iter()
            .map(|(from, to, _)| ProcessMove {
                id: String::new(),
                name: String::new(),
                from: *from,
                to: *to,
                by: PartySet::default(),
                later: Vec::new(),
            })
            .collect(),
        believed: Vec::new(),
    });
    world.numbers.process.push(ProcessNumbers {
        states: states
            .iter()
            .map(|[_, scar]| PlaceNumbers {
                worth: vec![f64::NAN; types],
                scar: vec![*scar; types],
            })
            .collect(),
        ends: vec![PlaceNumbers::default(); ends.len()],
        moves: moves
            .iter()
            .map(|(_, _, rate)| MoveNumbers {
                rate: *rate,
                later: Vec::new(),
            })
            .collect(),
    });
    let payoffs = Payoffs {
        flows: states
            .iter()
            .map(|[flow, _]| *flow)
            .collect::<Vec<f64>>()
            .repeat(types),
        ends: ends.repeat(types),
        ..Payoffs::default()
    };
    (setting, world, payoffs)
}

/// Kemeny & Snell (1960): of a random walk between absorbing barriers 0 and n that starts at i, i/n end at n, after i(n − i) steps
/// in the mean. Both moves at a rate of 30 a month make a step a month; without impatience V counts where it ends.
#[test]
fn the_drunkards_walk_of_kemeny_and_snell() {
    for n in [2, 3, 5, 9, 16] {
        for start in 1..n {
            // State 0 is where it starts, the others follow in the order of their places.
            let state = |i: usize| match i {
                i if i == start => 0,
                i if i < start => i,
                i => i - 1,
            };
            let to = |i: usize| match i {
                0 => ProcessPlace::End(0),
                i if i == n => ProcessPlace::End(1),
                i => ProcessPlace::State(state(i)),
            };
            let moves: Vec<_> = (1..n)
                .flat_map(|i| [(state(i), to(i - 1), 30.0), (state(i), to(i + 1), 30.0)])
                .collect();
            let (setting, world, payoffs) =
                chain(&[1.0], &vec![[7.0, 0.0]; n - 1], &[0.0, 1.0], &moves);
            let found = solve(&Process, &setting, &world, &payoffs);
            let (share, steps) = (start as f64 / n as f64, (start * (n - start)) as f64);
            assert!((found.values[0] - share).abs() < 1e-12, "{n} {start}");
            assert!((found.months[0] - steps).abs() < 1e-9, "{n} {start}");
        }
    }
}

/// Two moves in proportion p : 1 − p to immediate ends are a lottery: V = δ(pA + (1 − p)B) + (1 − δ)y − scar once a month makes a move
/// certain, and the lottery's V where the month itself is worth its mean. At any rates q = 1 − e^(−r) is the chance of a month:
/// V = ((1 − δ)y − scar + δq(pA + (1 − p)B))/(1 − δ(1 − q)).
#[test]
fn a_lottery_is_a_process_of_one_month() {
    let [a, b, chance, cost] = [80.0, 15.0, 0.3, 6.0];
    let mean = chance * a + (1.0 - chance) * b;
    for patience in [0.9, 0.985, 0.999] {
        for rate in [0.01, 0.3, 4.0, 60.0] {
            for flow in [mean, 40.0] {
                let moves = [
                    (0, ProcessPlace::End(0), rate * chance),
                    (0, ProcessPlace::End(1), rate * (1.0 - chance)),
                ];
                let (setting, world, payoffs) =
                    chain(&[patience], &[[flow, cost]], &[a, b], &moves);
                let found = solve(&Process, &setting, &world, &payoffs).values[0];
                let q = -libm::expm1(-rate);
                let exact = ((1.0 - patience) * flow - cost + patience * q * mean)
                    / (1.0 - patience * (1.0 - q));
                assert!((found - exact).abs() < ROUNDING, "{found} {exact}");
                if rate < 50.0 || flow != mean {
                    continue;
                }
                let mut setting = setting;
                let mut world = world;
                setting.lottery = Some(LotterySetting {
                    a_wins: Vec::new(),
                    b_wins: Vec::new(),
                });
                world.numbers.lottery.push(LotteryNumbers { chance });
                world.numbers.types[0].fighting_cost = cost;
                let payoffs = Payoffs {
                    a_decisive: vec![a],
                    b_decisive: vec![b],
                    ..payoffs
                };
                let lottery = solve(&Lottery, &setting, &world, &payoffs).values[0];
                assert!((found - lottery).abs() < ROUNDING, "{found} {lottery}");
            }
        }
    }
}

/// A state that nothing leaves is a stated value.
#[test]
fn a_reservation_value_is_a_process_without_moves() {
    let (setting, mut world, payoffs) = chain(&[0.95, 0.999], &[[37.5, 0.0]], &[], &[]);
    for own in &mut world.numbers.types {
        own.reservation = 37.5;
    }
    let stated = solve(&Reservation, &setting, &world, &payoffs).values;
    let found = solve(&Process, &setting, &world, &payoffs).values;
    assert!(
        stated
            .iter()
            .zip(&found)
            .all(|(a, b)| (a - b).abs() < ROUNDING),
        "{found:?}"
    );
}

/// A rate of nothing until a date: the state is lived in until then. V = (1 − δ^m)y + δ^m V(after).
#[test]
fn a_date_is_a_delay() {
    let moves = [(0, ProcessPlace::End(0), 0.0)];
    let (setting, mut world, payoffs) = chain(&[0.97], &[[60.0, 0.0]], &[10.0], &moves);
    let later = |from_month, rate| RateNumbers { from_month, rate };
    for (date, month) in [(0.0, 0), (11.2, 12), (12.0, 12), (599.5, 600)] {
        world.numbers.process[0].moves[0].later = vec![later(date, 0.2)];
        let found = solve(&Process, &setting, &world, &payoffs).values[0];
        let q = -libm::expm1(-0.2);
        let after = (0.03 * 60.0 + 0.97 * q * 10.0) / (1.0 - 0.97 * (1.0 - q));
        let delay = libm::pow(0.97, f64::from(month));
        let exact = (1.0 - delay) * 60.0 + delay * after;
        assert!((found - exact).abs() < ROUNDING, "{date}: {found} {exact}");
    }
    // What would begin after the last month followed never comes.
    world.numbers.process[0].moves[0].later = vec![later(601.0, 0.2)];
    let found = solve(&Process, &setting, &world, &payoffs).values[0];
    assert!((found - 60.0).abs() < ROUNDING);
}

/// Worlds drawn by chance, month by month, know nothing of the equations.
#[test]
fn a_simulation_agrees() {
    for case in 0..6 {
        let (setting, world) = process(case, false);
        let mut stage = Stage::default();
        let scene = stage.set(&setting, &world, Search::None);
        for t in [0, setting.types.len() - 1] {
            let found = scene.no_deal_value(t).unwrap();
            let (mean, error) = random::simulated(&setting, &world, t, 4_000);
            assert!(
                (found - mean).abs() < 4.5 * error + 1e-9,
                "case {case}, type {t}: {found} is not {mean} ± {error}"
            );
        }
    }
}

#[test]
fn certificates_of_all_lenses_hold_on_random_processes() {
    // More with the slow sets.
    let cases = if std::env::var_os("DETENTE_SLOW").is_some() {
        40
    } else {
        8
    };
    let mut held = 0;
    for case in 0..cases {
        let (setting, world) = process(case, case % 2 == 0);
        let found = certify(&setting, [world].iter(), Search::Solutions);
        assert!(found.faults.is_empty(), "case {case}: {:?}", found.faults);
        held += found.held;
    }
    assert!(held as u64 >= 4 * cases, "{held}");
}

/// A value off by a thousandth of a point fails its certificate, and so do other rates than those of the case.
#[test]
fn a_corrupted_value_fails() {
    for case in 0..12 {
        let (setting, world) = process(case, false);
        let layout = Layout::new(&setting, &specs());
        let mut row = vec![f64::NAN; layout.width()];
        let stage = &mut Stage::default();
        examine_all(&layout, stage, &setting, &world, Search::None, &mut row);
        let lens = specs()
            .iter()
            .position(|spec| spec.id == "alternative")
            .unwrap();
        let verdict = |row: &[f64], world: &World| {
            let question = Question {
                setting: &setting,
                world,
            };
            detente_certify::certificate("alternative")(question, RowView::new(&layout, lens, row))
        };
        assert!(
            matches!(verdict(&row, &world), Verdict::Holds(_)),
            "case {case}"
        );
        for t in 0..setting.types.len() {
            let mut corrupted = row.clone();
            corrupted[layout.column_of("alternative", "value", &[t])] += 1e-3;
            assert!(
                matches!(verdict(&corrupted, &world), Verdict::Fails(_)),
                "case {case}"
            );
        }
        let mut other = world.clone();
        let today = setting.process.as_ref().unwrap().today;
        let moves = &setting.process.as_ref().unwrap().moves;
        let m = moves.iter().position(|own| own.from == today).unwrap();
        // No lever and no date takes this rate over from the start.
        other.numbers.process[0].moves[m].rate += 0.4;
        other.numbers.process[0].moves[m].later.clear();
        other.numbers.levers.iter_mut().for_each(|own| own.on = 0.0);
        assert!(
            matches!(verdict(&row, &other), Verdict::Fails(_)),
            "case {case}"
        );
    }
}

/// The order in which states, ends and moves are listed changes nothing.
#[test]
fn order_changes_nothing() {
    for case in 0..20 {
        let (setting, world) = process(case, false);
        let (turned, other) = random::turned(&setting, &world);
        let values = |setting: &Setting, world: &World| -> Vec<f64> {
            let mut stage = Stage::default();
            let scene = stage.set(setting, world, Search::None);
            (0..setting.types.len())
                .map(|t| scene.reservation(t).unwrap())
                .collect()
        };
        let (before, after) = (values(&setting, &world), values(&turned, &other));
        for (a, b) in before.iter().zip(&after) {
            assert!((a - b).abs() < ROUNDING, "case {case}: {a} {b}");
        }
    }
}

/// After a refusal a lever sets what no deal is worth in a lottery and in stated values.
#[test]
fn levers_set_lotteries_and_stated_values() {
    for (target, stated) in [
        (Target::LotteryChance, false),
        (Target::FightingCost(0), false),
        (Target::Reservation(0), true),
    ] {
        let (mut setting, mut world) = process(3, false);
        setting.process = None;
        world.numbers.process.clear();
        setting.levers.clear();
        world.numbers.levers.clear();
        setting.reservations = stated;
        if !stated {
            let package = |p: usize| setting.packages[p].choice.clone();
            setting.lottery = Some(LotterySetting {
                a_wins: package(0),
                b_wins: package(1),
            });
            world.numbers.lottery.push(LotteryNumbers { chance: 0.4 });
        }
        random::lever(
            &mut setting,
            &mut world,
            Trigger::Refuse(0),
            2,
            &[(target, 0.9)],
        );
        // Whether it pays its wielder is another matter.
        world.numbers.levers[0].credibility = 0.7;
        let mut stage = Stage::default();
        let scene = stage.set(&setting, &world, Search::None);
        let (v, n) = (
            scene.no_deal_value(0).unwrap(),
            scene.reservation(0).unwrap(),
        );
        assert!((v - n).abs() > 1e-6, "{target:?}: {v} {n}");
        let found = certify(&setting, [world].iter(), Search::Solutions);
        assert!(found.faults.is_empty(), "{target:?}: {:?}", found.faults);
    }
}

/// A state like a package is worth the package's flow, with the leader's fate while nothing is settled; stated points go before.
#[test]
fn states_are_worth_what_packages_are() {
    let (mut setting, mut world) = process(1, false);
    setting.levers.clear();
    world.numbers.levers.clear();
    let types = setting.types.len();
    let package = setting.packages[1].choice.clone();
    setting.process = Some(ProcessSetting {
        states: vec![place(Some(package.clone()))],
        ..ProcessSetting::default()
    });
    let state = PlaceNumbers {
        worth: vec![f64::NAN; types],
        scar: vec![0.0; types],
    };
    world.numbers.process = vec![ProcessNumbers {
        states: vec![state],
        ..ProcessNumbers::default()
    }];
    world.numbers.process[0].states[0].worth[0] = 12.5;
    let mut stage = Stage::default();
    let scene = stage.set(&setting, &world, Search::None);
    assert!((scene.no_deal_value(0).unwrap() - 12.5).abs() < ROUNDING);
    for t in 1..types {
        let leader = detente_core::leader_term(&world, t, [Fate::Unsettled]);
        let worth = scene.preferences.worth(&setting, t, &package) + leader;
        assert!((scene.no_deal_value(t).unwrap() - worth).abs() < ROUNDING);
    }
}
