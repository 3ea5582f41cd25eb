//! A process by hand, and what the pages of cases without a front say.

use detente::handles::alternative;
use detente::report::{self, Stamp};
use detente::{Case, Ignored, Overrides, Plan, RunOptions, run, summarise};
use detente_core::Dimension;

use crate::{CASES, case, small};

fn with(set: &[&str]) -> Case {
    let set: Vec<String> = set.iter().map(|s| (*s).to_owned()).collect();
    let mut sources = detente::diag::Sources::default();
    case("wage-round").with_set(&set, &mut sources).unwrap()
}

/// Rates of ln 2 make the chance of a month one half: from work to the strike, and from the strike to the award; nothing else is
/// possible. By hand, V(strike) = ((1 − δ)y − scar + ½δZ)/(1 − ½δ) and V(work) = ((1 − δ)U(nothing) + ½δV(strike))/(1 − ½δ), with Z what
/// the middle way is worth: 55 to the works (δ .985, y 20, scar .5, U 100), 60 to the union (full purse δ .98, y 30; empty purse δ .95,
/// y 10, scar .4; U 0).
#[test]
fn a_strike_by_hand() {
    let half = std::f64::consts::LN_2;
    let rate = |name: &str, rate: f64| format!("process.move.{name}.rate={rate}");
    let rates = [
        rate("walk_out", half),
        rate("mediation", half),
        rate("back_to_work", 0.0),
        rate("back_to_work.later.fund_empty", 0.0),
        rate("lock_out", 0.0),
        rate("orders_lost", 0.0),
    ];
    let mut set: Vec<&str> = rates.iter().map(String::as_str).collect();
    set.extend([
        "party.works.issue.wage.weight=60",
        "party.works.issue.hours.weight=25",
        "party.works.issue.jobs.weight=15",
        "party.works.issue.wage.value.five=0.5",
        "party.union.issue.wage.weight=50",
        "party.union.issue.hours.weight=25",
        "party.union.issue.jobs.weight=25",
        "party.union.issue.wage.value.five=0.7",
        "process.state.strike.worth.works=20",
        "process.state.strike.scar.works=0.5",
        "process.state.strike.worth_of_type.union.full_purse=30",
        "process.state.strike.worth_of_type.union.empty_purse=10",
        "process.state.strike.scar_of_type.union.empty_purse=0.4",
    ]);
    let case = with(&set);
    let plan = Plan::new(&case);
    let table = run(&plan, &Overrides::default(), small(16, 16), &Ignored);
    for (id, by_hand) in [
        ("works.full_books", 54.370_040_5),
        ("works.thin_books", 54.370_040_5),
        ("union.full_purse", 56.516_724_3),
        ("union.empty_purse", 49.287_981_9),
    ] {
        let types = Dimension::Type.size(&case.setting);
        let found = (0..types).find(|t| Dimension::Type.entry(&case.setting, *t) == id);
        let found = table.mean(alternative::VALUE, &[found.expect(id)]).value;
        assert!((found - by_hand).abs() < 1e-6, "{id}: {found}");
    }
}

/// A longer strike fund serves whoever can wait: what no deal is worth to a union with a full purse.
#[test]
fn who_can_wait_is_served_by_waiting() {
    let plan = |case: &Case| {
        let plan = Plan::new(case);
        run(&plan, &Overrides::default(), small(200, 0), &Ignored)
    };
    let short = plan(&with(&[
        "process.move.back_to_work.later.fund_empty.from_month=1",
    ]));
    let long = plan(&with(&[
        "process.move.back_to_work.later.fund_empty.from_month=24",
    ]));
    let value = |table: &detente::Table| table.mean(alternative::VALUE, &[0]).value;
    assert!(
        value(&long) > value(&short) + 0.5,
        "{} {}",
        value(&long),
        value(&short)
    );
}

fn page(name: &str, threads: usize) -> String {
    let options = RunOptions {
        threads: Some(threads),
        ..small(64, 2)
    };
    let summary = summarise(&case(name), &[], options, &Ignored).unwrap();
    let stamp = Stamp {
        case_path: name.to_owned(),
        case_hash: String::new(),
        command: String::new(),
    };
    report::html(&summary, &stamp)
}

#[test]
fn one_thread_and_two_write_the_same_page() {
    assert_eq!(page("wage-round", 1), page("wage-round", 2));
}

/// Only a contest speaks of war, of fighting and of attacks: a case without one may do so only where its own names do.
#[test]
fn pages_of_cases_without_a_front_know_no_war() {
    let mut read = 0;
    for name in CASES {
        if case(name).setting.contest.is_some() {
            continue;
        }
        read += 1;
        let text = crate::strike::seen(&page(name, 2)).to_lowercase();
        let words: Vec<&str> = text.split(|c: char| !c.is_alphabetic()).collect();
        for word in crate::strike::OF_WAR {
            let place = words.iter().position(|known| known == word);
            let around =
                place.map(|p| words[p.saturating_sub(6)..(p + 6).min(words.len())].join(" "));
            assert_eq!(around, None, "{name}: {word}");
        }
    }
    assert_eq!(read, 5);
}
