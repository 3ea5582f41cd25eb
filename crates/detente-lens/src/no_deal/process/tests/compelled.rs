//! Proofs of who is compelled by a process: absorbing chains by hand, lives drawn by chance, a certificate that corrupted answers fail.

use detente_core::catalogue::veto::{COMPELLED, EFFECTIVE, ENDURES, FIGHTS_ON, HOLDS};
use detente_core::{
    Layout, MILESTONES, MoveNumbers, PartySet, PlaceNumbers, ProcessMove, ProcessNumbers,
    ProcessPlace, ProcessSetting, Question, RowView, Search, Setting, Target, Trigger, Verdict,
    World,
};

use super::random::{self, place, process};
use crate::conformance::{examine_all, specs};
use crate::fixture::Stream;
use crate::{LENSES, Stage};

const LENS: &str = "veto";

fn lens() -> usize {
    let mut lenses = LENSES.iter();
    lenses.position(|lens| lens.spec().id == LENS).unwrap()
}

fn examined(setting: &Setting, world: &World) -> (Layout, Vec<f64>) {
    let layout = Layout::new(setting, &specs());
    let mut row = vec![f64::NAN; layout.width()];
    let stage = &mut Stage::default();
    examine_all(&layout, stage, setting, world, Search::None, &mut row);
    (layout, row)
}

fn verdict(setting: &Setting, world: &World, layout: &Layout, row: &[f64]) -> Verdict {
    let answer = RowView::new(layout, lens(), row);
    detente_certify::certificate(LENS)(Question { setting, world }, answer)
}

/// The fixture's parties in a process of so many states and of ends with these worths to everybody, moved at (from, to, rate, by).
fn chain(
    states: usize,
    ends: &[f64],
    moves: &[(usize, ProcessPlace, f64, PartySet)],
) -> (Setting, World) {
    let (mut setting, mut world) = process(1, false);
    setting.levers.clear();
    world.numbers.levers.clear();
    let types = setting.types.len();
    let all = |worth: f64| PlaceNumbers {
        worth: vec![worth; types],
        scar: vec![0.0; types],
    };
    let of = |own: &(usize, ProcessPlace, f64, PartySet)| ProcessMove {
        id: String::new(),
        name: String::new(),
        from: own.0,
        to: own.1,
        by: own.3,
        later: Vec::new(),
    };
    setting.process = Some(ProcessSetting {
        states: vec![place(None); states],
        ends: vec![place(None); ends.len()],
        moves: moves.iter().map(of).collect(),
        ..ProcessSetting::default()
    });
    world.numbers.process = vec![ProcessNumbers {
        states: vec![all(1.0); states],
        ends: ends.iter().map(|worth| all(*worth)).collect(),
        moves: moves
            .iter()
            .map(|own| MoveNumbers {
                rate: own.2,
                later: Vec::new(),
            })
            .collect(),
    }];
    for own in &mut world.numbers.types {
        (own.believes_rates, own.rate_sds) = (Vec::new(), Vec::new());
    }
    (setting, world)
}

const A: PartySet = PartySet(0b001);
const B: PartySet = PartySet(0b010);
const BOTH: PartySet = PartySet(0b011);
const NOBODY: PartySet = PartySet(0);

/// One state with an end of its own for each mover: by month m it has ended so with the chance r/R·(1 − e^(−Rm)). Of a, only the ends count
/// that somebody else has a part in and that are worth no more than the package.
#[test]
fn an_end_compels_by_whose_move_it_is_and_by_what_it_is_worth() {
    let end = |e: usize, rate: f64, by| (0, ProcessPlace::End(e), rate, by);
    let moves = [
        end(0, 0.01, A),
        end(1, 0.02, B),
        end(2, 0.03, BOTH),
        end(3, 0.05, NOBODY),
    ];
    for (package, worths) in (0..3).flat_map(|p| [(p, [-1e3; 4]), (p, [-1e3, 1e3, -1e3, -1e3])]) {
        let (setting, world) = chain(1, &worths, &moves);
        let (layout, row) = examined(&setting, &world);
        let answer = RowView::new(&layout, lens(), &row);
        for (party, rates) in [(0, [0.02, 0.03]), (1, [0.01, 0.03])] {
            // b's own end is worth a thousand points in the second case.
            let first = if party == 0 && worths[1] > 0.0 {
                0.0
            } else {
                rates[0]
            };
            for (m, month) in MILESTONES.into_iter().enumerate() {
                let told = answer.get(COMPELLED, &[party, package, m]);
                let share = (first + rates[1]) / 0.11;
                let exact = -share * libm::expm1(-0.11 * month as f64);
                assert_eq!(told.is_nan(), month > 36);
                assert!(told.is_nan() || (told - exact).abs() < 1e-13);
            }
            // Of a year at these rates less than half.
            let refuses = answer.get(FIGHTS_ON, &[party, package]);
            assert_eq!(
                answer.get(EFFECTIVE, &[party, package]).to_bits(),
                refuses.to_bits()
            );
            assert!(answer.get(HOLDS, &[party]).is_nan() && answer.get(ENDURES, &[party]).is_nan());
        }
        assert!(matches!(
            verdict(&setting, &world, &layout, &row),
            Verdict::Holds(_)
        ));
    }
}

/// Two transient states (Kemeny & Snell 1960): left with p and q a month, the second is held in month m with p((1 − p)^m − (1 − q)^m)/(q − p),
/// and what is in neither has come to the end. A state that others bring, and that leads on by itself, compels nobody.
#[test]
fn the_last_move_is_what_counts() {
    let (into, out) = (0.2, 0.09);
    for (first, last) in [(B, NOBODY), (NOBODY, B), (A, B)] {
        let moves = [
            (0, ProcessPlace::State(1), into, first),
            (1, ProcessPlace::End(0), out, last),
            (1, ProcessPlace::End(1), 0.0, B),
        ];
        let (setting, world) = chain(2, &[-1e3, -1e3], &moves);
        let (layout, row) = examined(&setting, &world);
        let answer = RowView::new(&layout, lens(), &row);
        let (p, q) = (-libm::expm1(-into), -libm::expm1(-out));
        for (m, month) in MILESTONES.into_iter().enumerate().filter(|(_, m)| *m <= 36) {
            let stays = |x: f64| libm::pow(1.0 - x, month as f64);
            let ended = 1.0 - stays(p) - p * (stays(p) - stays(q)) / (q - p);
            let exact = if last == B { ended } else { 0.0 };
            assert!((answer.get(COMPELLED, &[0, 0, m]) - exact).abs() < 1e-13);
            assert_eq!(answer.get(COMPELLED, &[1, 0, m]), 0.0, "its own move");
        }
    }
}

/// An end that is like the very package that was refused is no more than it; and where nobody says whose moves ends are, nobody is compelled
/// and no veto told.
#[test]
fn what_was_refused_compels_and_silence_tells_nothing() {
    let moves = [(0, ProcessPlace::End(0), 0.3, B)];
    let (mut setting, mut world) = chain(1, &[f64::NAN], &moves);
    // Leaders count an agreed deal, and not what a process comes to.
    for own in &mut world.numbers.types {
        own.fates.clear();
    }
    setting.red_lines.clear();
    world.numbers.red_lines.clear();
    let package = setting.packages[1].choice.clone();
    let process = setting.process.as_mut().unwrap();
    process.ends[0].like = Some(package);
    let (layout, row) = examined(&setting, &world);
    let told = RowView::new(&layout, lens(), &row).get(COMPELLED, &[0, 1, 3]);
    assert!((told + libm::expm1(-0.3 * 12.0)).abs() < 1e-13, "{told}");
    assert!(matches!(
        verdict(&setting, &world, &layout, &row),
        Verdict::Holds(_)
    ));
    setting.process.as_mut().unwrap().moves[0].by = NOBODY;
    let (layout, row) = examined(&setting, &world);
    let answer = RowView::new(&layout, lens(), &row);
    for p in 0..3 {
        assert!(answer.get(COMPELLED, &[0, p, 3]).is_nan());
        assert!(answer.get(EFFECTIVE, &[0, p]).is_nan());
    }
    assert!(matches!(
        verdict(&setting, &world, &layout, &row),
        Verdict::Holds(_)
    ));
}

/// A lever of the refusal raises the rate of an end from a month on, and makes the end worth more from a later one: by month m the two
/// courses are mixed by its chance.
#[test]
fn levers_of_the_refusal_are_counted_by_their_chance() {
    let moves = [(0, ProcessPlace::End(0), 0.02, B)];
    let (mut setting, mut world) = chain(1, &[-1e3], &moves);
    let types = setting.parties[0].types.clone();
    let dear = types.map(|t| (Target::EndWorth(t, 0), 1e3));
    let refuses = Trigger::Refuse(0);
    random::lever(
        &mut setting,
        &mut world,
        refuses,
        2,
        &[(Target::Rate(0), 0.4)],
    );
    let dear: Vec<_> = dear.collect();
    random::lever(&mut setting, &mut world, refuses, 1, &dear);
    for (own, (delay, chance)) in world
        .numbers
        .levers
        .iter_mut()
        .zip([(3.0, 0.25), (6.0, 1.0)])
    {
        (own.delay, own.credibility) = (delay, chance);
    }
    let (layout, row) = examined(&setting, &world);
    let answer = RowView::new(&layout, lens(), &row);
    for (m, month) in MILESTONES.into_iter().enumerate().filter(|(_, m)| *m <= 36) {
        // From month 6 on the end is worth more than any package.
        let months = month.min(6) as f64;
        let plain = -libm::expm1(-0.02 * months);
        let early = months.min(3.0);
        let raised = -libm::expm1(-0.02 * early - 0.4 * (months - early));
        let exact = 0.75 * plain + 0.25 * raised;
        let told = answer.get(COMPELLED, &[0, 0, m]);
        assert!((told - exact).abs() < 1e-13, "{month}: {told} {exact}");
    }
    assert!(matches!(
        verdict(&setting, &world, &layout, &row),
        Verdict::Holds(_)
    ));
}

/// Lives drawn by chance, each move waiting for a time of its own.
#[test]
fn a_simulation_agrees() {
    const LIVES: usize = 4_000;
    for case in 0..8 {
        let (mut setting, mut world) = process(case, false);
        setting.levers.clear();
        world.numbers.levers.clear();
        let (layout, row) = examined(&setting, &world);
        let answer = RowView::new(&layout, lens(), &row);
        let own = setting.process.as_ref().unwrap();
        let numbers = &world.numbers.process[0];
        let mut stage = Stage::default();
        let scene = stage.set(&setting, &world, Search::None);
        let worth = |t: usize, e: usize| match &own.ends[e].like {
            Some(like) if numbers.ends[e].worth[t].is_nan() => {
                let mut worth = scene.preferences.worth(&setting, t, like);
                worth += detente_core::leader_term(&world, t, []);
                worth
            }
            _ => numbers.ends[e].worth[t],
        };
        let mut stream = Stream::new(50_000 + case);
        // By month, by move that ended it.
        let mut ended = vec![vec![0_u32; own.moves.len()]; 36];
        for _ in 0..LIVES {
            let mut state = own.today;
            for (month, ended) in ended.iter_mut().enumerate() {
                let mut first: Option<(f64, usize)> = None;
                for m in (0..own.moves.len()).filter(|m| own.moves[*m].from == state) {
                    let mut rate = (f64::NEG_INFINITY, numbers.moves[m].rate);
                    for later in &numbers.moves[m].later {
                        if later.from_month <= month as f64 && later.from_month >= rate.0 {
                            rate = (later.from_month, later.rate);
                        }
                    }
                    let wait = -libm::log(stream.unit()) / rate.1;
                    if wait < 1.0 && first.is_none_or(|(soonest, _)| wait < soonest) {
                        first = Some((wait, m));
                    }
                }
                let Some((_, m)) = first else { continue };
                match own.moves[m].to {
                    ProcessPlace::State(to) => state = to,
                    ProcessPlace::End(_) => {
                        ended[m] += 1;
                        break;
                    }
                }
            }
        }
        for party in 0..2 {
            for (p, package) in setting.packages.iter().enumerate() {
                let mut sum = 0.0;
                let mut last = f64::NAN;
                let mut place = 0;
                for (month, ended) in ended.iter().enumerate() {
                    for (m, count) in ended.iter().enumerate() {
                        let ProcessPlace::End(e) = own.moves[m].to else {
                            continue;
                        };
                        let others = own.moves[m].by.iter().any(|by| by != party);
                        for t in setting.parties[party].types.clone().filter(|_| others) {
                            if worth(t, e) <= scene.deal(t, &package.choice) + 1e-9 {
                                let share = f64::from(*count) / LIVES as f64;
                                sum += world.numbers.types[t].prior * share;
                            }
                        }
                    }
                    if MILESTONES[place] == month + 1 {
                        last = answer.get(COMPELLED, &[party, p, place]);
                        let silent = !own.says_who_ends_it();
                        assert!(
                            silent && last.is_nan() || (last - sum).abs() < 0.036,
                            "{case}"
                        );
                        place += 1;
                    }
                }
                assert!(last.is_nan() || last <= 1.0);
            }
        }
    }
}

/// Moved by a hundredth, told where it should not be or not told where it should, an answer fails.
#[test]
fn a_corrupted_answer_fails() {
    let mut told = 0;
    for case in 0..12 {
        let (setting, world) = process(case, false);
        let (layout, row) = examined(&setting, &world);
        let holds = verdict(&setting, &world, &layout, &row);
        assert!(matches!(holds, Verdict::Holds(_)), "case {case}: {holds:?}");
        for (name, index) in [
            ("compelled", &[0, 1, 3][..]),
            ("compelled", &[1, 2, 5]),
            ("effective", &[0, 0]),
        ] {
            let column = layout.column_of(LENS, name, index);
            let known = row[column];
            told += usize::from(known.is_finite());
            for other in [known + 0.01, f64::NAN, 0.5] {
                let mut corrupted = row.clone();
                corrupted[column] = other;
                if other.is_nan() && known.is_nan() {
                    continue;
                }
                let verdict = verdict(&setting, &world, &layout, &corrupted);
                assert!(
                    matches!(verdict, Verdict::Fails(_)),
                    "case {case}: {name} {known} as {other} passed"
                );
            }
        }
    }
    assert!(told >= 18, "{told}");
}
