mod published;

use detente_core::{
    Handle, Issue, IssueOption, Layout, NamedPackage, Numbers, Outcome, Party, PartySet, PartyType,
    Question, Role, RowView, Search, Setting, TypeNumbers, Verdict, World,
};

use super::graph::{Graph, Room, Worth, is_more};
use super::{
    IMPROVES, NASH, NASH_IF_SIGNED, SEQUENTIAL, SEQUENTIAL_IF_SIGNED, WOULD_BREAK, WOULD_MOVE,
    WOULD_WITHHOLD,
};
use crate::fixture::Stream;
use crate::{LENSES, Stage, conformance, fixture};

/// The lens's place in the table.
fn place() -> usize {
    let mut lenses = LENSES.iter();
    let own = lenses.position(|lens| lens.spec().id == "stability");
    own.expect("it is in the table")
}

/// All answers in a world, and what became of the lens.
fn examined(setting: &Setting, world: &World) -> (Layout, Vec<f64>, Outcome) {
    let layout = Layout::new(setting, &conformance::specs());
    let mut row = vec![f64::NAN; layout.width()];
    let mut stage = Stage::default();
    let search = Search::None;
    let mut outcomes =
        conformance::examine_all(&layout, &mut stage, setting, world, search, &mut row);
    (layout, row, outcomes.swap_remove(place()))
}

fn verdict(setting: &Setting, world: &World, layout: &Layout, row: &[f64]) -> Verdict {
    let answer = RowView::new(layout, place(), row);
    detente_certify::certificate("stability")(Question { setting, world }, answer)
}

/// The lens's answers in a world that its certificate lets pass.
fn certified(setting: &Setting, world: &World) -> impl Fn(Handle, &[usize]) -> f64 + use<> {
    let (layout, row, outcome) = examined(setting, world);
    assert_eq!(outcome, Outcome::Done);
    let verdict = verdict(setting, world, &layout, &row);
    assert!(matches!(verdict, Verdict::Holds(_)), "{verdict:?}");
    move |of, index| row[layout.column(of, index)]
}

/// Can others lead on from a state to what the mover does not prefer to the first? Every sequence of so many steps at most.
fn leads(
    graph: &Graph,
    (mover, from): (usize, usize),
    (state, last): (usize, Option<usize>),
    worth: Worth,
    steps: usize,
) -> bool {
    let mut next = graph.moves(state).iter().filter(|step| {
        let by = step.mover;
        by != mover && Some(by) != last && is_more(worth(by, step.to), worth(by, state))
    });
    steps > 0
        && next.any(|step| {
            let next = (step.to, Some(step.mover));
            !is_more(worth(mover, step.to), worth(mover, from))
                || leads(graph, (mover, from), next, worth, steps - 1)
        })
}

/// Three movers and random moves among six states: what is found is what all sequences of ten steps, one by one, come upon.
#[test]
fn sanctions_are_what_all_sequences_come_upon() {
    let (mut sanctioned, mut all, mut room) = (0, 0, Room::default());
    for case in 0..400 {
        let s = &mut Stream::new(9_000 + case);
        let mut arcs = Vec::new();
        for (mover, from, to) in (0..108).map(|k| (k / 36, k / 6 % 6, k % 6)) {
            if from != to && s.unit() < 0.25 {
                arcs.push((mover, from, to));
            }
        }
        let graph = published::graph(3, 6, &arcs);
        let worths: Vec<Vec<f64>> = (0..3)
            .map(|_| (0..6).map(|_| s.below(5) as f64).collect())
            .collect();
        let worth = |mover: usize, state: usize| worths[mover][state];
        for mover in 0..3 {
            for from in 0..6 {
                for to in graph.improvements(mover, from, &worth) {
                    let found = graph.is_sanctioned(mover, (from, to), &worth, &mut room);
                    let by_hand = leads(&graph, (mover, from), (to, None), &worth, 10);
                    assert_eq!(found, by_hand, "case {case}: {mover} from {from} to {to}");
                    (sanctioned, all) = (sanctioned + usize::from(found), all + 1);
                }
            }
        }
    }
    assert!(
        all > 2_000 && sanctioned > all / 10 && sanctioned < all * 9 / 10,
        "{sanctioned} of {all}"
    );
}

/// Two parties that each perform a clause and sign; what the four ways to perform are worth to both is given: both perform, the first alone, the
/// second alone, neither. Without a deal each has its reservation.
fn two_clauses(worths: [[f64; 4]; 2], reservations: [f64; 2]) -> (Setting, World) {
    let option = |id: &str, party: Option<usize>| IssueOption {
        id: id.into(),
        name: id.into(),
        performers: party.map_or(PartySet::default(), PartySet::one),
        imposed: false,
        then: None,
    };
    let mut setting = Setting {
        reservations: true,
        ..Setting::default()
    };
    let mut world = World {
        numbers: Numbers::default(),
        ..World::default()
    };
    for (p, id) in ["first", "second"].into_iter().enumerate() {
        setting.issues.push(Issue {
            id: id.into(),
            name: id.into(),
            options: vec![option("left", None), option("done", Some(p))],
            status_quo: 0,
            first_option: 2 * p,
        });
        setting.parties.push(Party {
            id: id.into(),
            name: id.into(),
            side: None,
            roles: vec![Role::Belligerent],
            types: p..p + 1,
            opening: None,
        });
        setting.types.push(PartyType {
            party: p,
            id: id.into(),
            name: id.into(),
        });
        world.numbers.types.push(kind(worths[p], reservations[p]));
    }
    setting.packages.push(NamedPackage {
        id: "both".into(),
        name: "both".into(),
        says: String::new(),
        by: None,
        on: None,
        choice: vec![1, 1],
        needed: PartySet(0b11),
    });
    setting.needed_sets = setting.reachable_needed_sets();
    (setting, world)
}

/// A type to which the ways to perform are worth this: 0 and 100 the least and the greatest, sums of what each clause is worth.
fn kind([both, first, second, neither]: [f64; 4], reservation: f64) -> TypeNumbers<f64> {
    assert!((both + neither - first - second).abs() < 1e-12, "additive");
    let by = [first - neither, second - neither];
    let values = by.map(|by| [(-by).max(0.0), by.max(0.0)].map(|x| x / by.abs()));
    TypeNumbers {
        prior: 1.0,
        patience: 0.985,
        weights: by.map(f64::abs).into(),
        values: values.concat(),
        reservation,
        ..TypeNumbers::default()
    }
}

/// The Prisoner's Dilemma of two clauses: each would rather withhold, and is answered by the other's withholding, which is worse than the
/// package. Who minds its own clause more than the other's is better off with neither.
#[test]
fn two_who_perform_for_one_another_keep_each_other_to_it() {
    let dilemma = [[70.0, 0.0, 100.0, 30.0], [70.0, 100.0, 0.0, 30.0]];
    let (setting, world) = two_clauses(dilemma, [20.0, 20.0]);
    let told = certified(&setting, &world);
    assert_eq!([told(NASH, &[0]), told(SEQUENTIAL, &[0])], [0.0, 1.0]);
    for party in 0..2 {
        let own = [party, 0];
        assert_eq!([told(IMPROVES, &own), told(WOULD_MOVE, &own)], [1.0, 0.0]);
        assert_eq!(told(WOULD_BREAK, &own), 0.0);
        assert_eq!(told(WOULD_WITHHOLD, &[party, 0, party]), 0.0);
        assert!(told(WOULD_WITHHOLD, &[party, 0, 1 - party]).is_nan());
    }
    // The second of two types performs gladly, and would leave a withholding unanswered.
    let (mut setting, mut world) = two_clauses(dilemma, [20.0, 20.0]);
    setting.parties[1].types = 1..3;
    setting.types.push(PartyType {
        party: 1,
        id: "glad".into(),
        name: "glad".into(),
    });
    world
        .numbers
        .types
        .push(kind([100.0, 30.0, 70.0, 0.0], 20.0));
    world.numbers.types[1].prior = 0.6;
    world.numbers.types[2].prior = 0.4;
    let told = certified(&setting, &world);
    let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
    near(told(NASH, &[0]), 0.0);
    near(told(SEQUENTIAL, &[0]), 0.6);
    near(told(SEQUENTIAL_IF_SIGNED, &[0]), 0.6);
    near(told(IMPROVES, &[0, 0]), 1.0);
    near(told(WOULD_MOVE, &[0, 0]), 0.4);
    near(told(WOULD_WITHHOLD, &[0, 0, 0]), 0.4);
    near(told(IMPROVES, &[1, 0]), 0.6);
    near(told(WOULD_MOVE, &[1, 0]), 0.0);
    // Who refuses keeps nobody to anything: the glad type's no deal is worth more than the package.
    world.numbers.types[2].reservation = 101.0;
    let told = certified(&setting, &world);
    near(told(SEQUENTIAL, &[0]), 0.6);
    near(told(SEQUENTIAL_IF_SIGNED, &[0]), 1.0);
    near(told(WOULD_MOVE, &[0, 0]), 0.0);
    near(told(IMPROVES, &[0, 0]), 0.6);
    world.numbers.types[1].reservation = 101.0;
    let told = certified(&setting, &world);
    near(told(SEQUENTIAL, &[0]), 0.0);
    assert!(told(SEQUENTIAL_IF_SIGNED, &[0]).is_nan());
}

/// Rather than perform alone the second would end the deal, which is its answer where nothing else is.
#[test]
fn ending_the_deal_is_an_answer_where_it_is_an_improvement() {
    let gladly = [[70.0, 0.0, 100.0, 30.0], [100.0, 30.0, 70.0, 0.0]];
    for (stays, sequential) in [(60.0, 0.0), (80.0, 1.0)] {
        let (setting, world) = two_clauses(gladly, [20.0, stays]);
        let told = certified(&setting, &world);
        assert_eq!(told(SEQUENTIAL, &[0]), sequential, "{stays}");
        assert_eq!(told(WOULD_WITHHOLD, &[0, 0, 0]), 1.0 - sequential);
        assert_eq!([told(IMPROVES, &[1, 0]), told(NASH, &[0])], [0.0, 0.0]);
    }
}

/// Who only performs may withhold and not end the deal.
#[test]
fn who_only_performs_cannot_end_the_deal() {
    let gladly = [[70.0, 0.0, 100.0, 30.0], [100.0, 30.0, 70.0, 0.0]];
    let (mut setting, world) = two_clauses(gladly, [20.0, 80.0]);
    setting.signing = Some(PartySet::one(0));
    let told = certified(&setting, &world);
    assert_eq!(told(SEQUENTIAL, &[0]), 0.0);
    assert!(told(WOULD_BREAK, &[1, 0]).is_nan());
    assert_eq!(told(WOULD_BREAK, &[0, 0]), 0.0);
}

/// A package of nine clauses has too many states.
#[test]
fn too_many_clauses_are_said_to_be_too_many() {
    let (mut setting, mut world) = two_clauses(
        [[70.0, 0.0, 100.0, 30.0], [70.0, 100.0, 0.0, 30.0]],
        [20.0; 2],
    );
    for k in 2..9 {
        let mut issue = setting.issues[0].clone();
        (issue.id, issue.first_option) = (format!("more{k}"), 2 * k);
        setting.issues.push(issue);
        setting.packages[0].choice.push(1);
        for kind in &mut world.numbers.types {
            kind.weights.push(1.0);
            kind.values.extend([0.0, 1.0]);
        }
        let (layout, row, outcome) = examined(&setting, &world);
        let verdict = verdict(&setting, &world, &layout, &row);
        assert!(matches!(verdict, Verdict::Holds(_)), "{verdict:?}");
        let told = !row[layout.column(NASH, &[0])].is_nan();
        assert_eq!(told, k < 8, "{k}");
        assert_eq!(matches!(outcome, Outcome::GaveUp(_)), k == 8, "{outcome:?}");
    }
}

/// A random case in which all parties perform something, some options together.
fn performing(case: u64, follows: bool) -> (Setting, World) {
    let (mut setting, mut world) = if follows {
        fixture::durable(case)
    } else {
        fixture::random(case)
    };
    let s = &mut Stream::new(7_000 + case);
    world.numbers.types.iter_mut().for_each(|t| t.own_sd = 0.0);
    for issue in setting.issues.iter_mut().skip(1) {
        for option in issue.options.iter_mut().skip(1) {
            option.performers = PartySet(s.below(8).try_into().expect("a set of three"));
        }
    }
    for p in 0..setting.packages.len() {
        let performers = setting.performers(&setting.packages[p].choice);
        setting.packages[p].needed = setting.signatories().union(performers);
    }
    setting.needed_sets = setting.reachable_needed_sets();
    (setting, world)
}

/// Quantities of which some answer is neither 0 nor 1, or at least above 0, over random cases whose certificates hold.
fn certified_cases(count: u64, follows: bool) -> Vec<(&'static str, usize)> {
    let mut met: Vec<(&str, usize)> = Vec::new();
    for case in 0..count {
        let (setting, world) = performing(case, follows);
        let (layout, row, outcome) = examined(&setting, &world);
        assert!(matches!(outcome, Outcome::Done | Outcome::Partly(_)));
        let verdict = verdict(&setting, &world, &layout, &row);
        assert!(
            matches!(verdict, Verdict::Holds(_)),
            "case {case}: {verdict:?}"
        );
        let mut meet = |what, is: bool| match met.iter_mut().find(|(known, _)| *known == what) {
            Some((_, count)) => *count += usize::from(is),
            None => met.push((what, usize::from(is))),
        };
        for p in 0..setting.packages.len() {
            let at = |of: Handle, index: &[usize]| row[layout.column(of, index)];
            let (nash, sequential) = (at(NASH, &[p]), at(SEQUENTIAL, &[p]));
            meet("Nash stable", nash > 0.0);
            meet("only sequentially", sequential > nash + 1e-9);
            let share = at(SEQUENTIAL_IF_SIGNED, &[p]);
            meet("not even sequentially", share < 1.0 - 1e-9);
            let of_parties = |of: Handle| (0..3).any(|party| at(of, &[party, p]) > 0.0);
            meet("ends the deal", of_parties(WOULD_BREAK));
            let issues = |party| (0..5).map(move |issue| (party, issue));
            let mut all = (0..3).flat_map(issues);
            meet(
                "withholds",
                all.any(|(party, issue)| at(WOULD_WITHHOLD, &[party, p, issue]) > 0.0),
            );
        }
    }
    met
}

#[test]
fn certificates_hold_on_random_cases() {
    let met = certified_cases(60, false);
    assert!(
        met.iter()
            .all(|(what, count)| *count >= 3 || *what == "ends the deal"),
        "{met:?}"
    );
}

#[test]
fn certificates_hold_where_something_may_follow() {
    let met = certified_cases(6, true);
    assert!(
        met.iter()
            .any(|(what, count)| *what == "ends the deal" && *count > 0),
        "{met:?}"
    );
}

#[test]
fn a_corruption_of_any_quantity_is_found() {
    let mut missed = vec![
        NASH,
        SEQUENTIAL,
        NASH_IF_SIGNED,
        SEQUENTIAL_IF_SIGNED,
        IMPROVES,
        WOULD_MOVE,
        WOULD_BREAK,
        WOULD_WITHHOLD,
    ];
    for case in 0..8 {
        let (setting, world) = performing(case, false);
        let (layout, row, _) = examined(&setting, &world);
        let quantities = &LENSES[place()].spec().quantities;
        for (of, quantity) in LENSES[place()].spec().handles().zip(quantities.iter()) {
            let sizes = quantity.dimensions.iter().map(|d| d.size(&setting));
            let sizes: Vec<usize> = sizes.collect();
            let first = layout.column(of, &vec![0; sizes.len()]);
            for column in first..first + sizes.iter().product::<usize>() {
                let mut corrupted = row.clone();
                corrupted[column] = if row[column] > 0.5 || row[column].is_nan() {
                    0.1
                } else {
                    row[column] + 0.2
                };
                let found = verdict(&setting, &world, &layout, &corrupted);
                assert!(
                    matches!(found, Verdict::Fails(_)),
                    "{of} at {column}: {} as {}",
                    row[column],
                    corrupted[column]
                );
                if !row[column].is_nan() {
                    missed.retain(|missed| *missed != of);
                }
            }
        }
    }
    assert!(missed.is_empty(), "{missed:?}");
}
