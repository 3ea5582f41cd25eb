//! Talks whose chance of a deal is known in closed form with whatever is set.

use detente_case::{Case, InputId, Overrides, Plan};
use detente_core::catalogue::talks::DEAL;
use detente_core::talks::TOLD_MONTHS;
use detente_evidence::RunOptions;
use detente_evidence::chapters::talks::doubling::{Aim, Doubling, Reach, Tried, What};
use detente_math::{Distribution, Mean, mean};

use super::{aim, reach};
use crate::run::Ignored;
use crate::session::{Ask, Session};

const WORLDS: usize = 64;

/// An ultimatum: A asks for the greater part, which soft opponents alone take, or for less, which tough ones take too.
fn ultimatum(reservation: &str, tough: f64, rest: &str) -> String {
    format!(
        "[case]\nname = \"An ultimatum\"\nas_of = 2024-06-01\n\
         [issue.pie]\nstatus_quo = \"none\"\noption = {{ none = {{}}, safe = {{}}, risky = {{}}, all = {{}} }}\n\
         [party.a]\nroles = [\"principal\"]\nreservation = {reservation}\n\
         issue.pie = {{ weight = 1, value = {{ none = 0, safe = 0.599, risky = 0.949, all = 1 }} }}\n\
         [party.b]\nroles = [\"principal\"]\n\
         issue.pie = {{ weight = 1, value = {{ none = 1, safe = 0.401, risky = 0.051, all = 0 }} }}\n\
         [party.b.type.tough]\nprior = {tough}\nreservation = 40\n\
         [party.b.type.soft]\nprior = {}\nreservation = 5\n\
         [package.safe]\nchoose = {{ pie = \"safe\" }}\n[package.risky]\nchoose = {{ pie = \"risky\" }}\n\
         [talks]\nprotocol = \"same\"\nfirst = \"a\"\nrounds = 1\nfind = false\n{rest}",
        1.0 - tough
    )
}

fn case(text: &str) -> Case {
    let checked = crate::check("case.toml", text);
    let said: Vec<String> = checked
        .diagnostics
        .iter()
        .map(|d| d.message.clone())
        .collect();
    checked.case.unwrap_or_else(|| panic!("{said:?}"))
}

fn options(threads: usize) -> RunOptions {
    RunOptions {
        worlds: WORLDS,
        searches: 0,
        solutions: 0,
        threads: Some(threads),
        ..RunOptions::default()
    }
}

fn doubling(case: &Case, threads: usize) -> Doubling {
    let evidence = crate::summarise(case, &[], options(threads), &Ignored).unwrap();
    let talks = evidence.chapters.talks.told().expect("talks");
    talks.doubling.told().expect("something is told").clone()
}

fn found(told: &Doubling, wanted: impl Fn(&What) -> bool) -> &Tried {
    let mut tried = told.tried.iter();
    let found = tried.find(|own| wanted(&own.what));
    found.unwrap_or_else(|| panic!("{told:?}"))
}

fn near(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() < 1e-6,
        "{found}, expected {expected}"
    );
}

fn place(case: &Case, path: &str) -> InputId {
    let mut inputs = case.inputs.iter();
    InputId::from_index(
        inputs
            .position(|input| input.path == path)
            .expect("an input"),
    )
}

/// With six tough of ten A gambles where what it has without a deal is above 36.57 points: .4 · 94.9 + .6 · R > 59.9. Then .4 of the talks
/// end with a deal, else all.
#[test]
fn what_makes_the_ultimatum_safe_doubles_its_deals() {
    let case = case(&ultimatum("\"35 to 50\"", 0.6, ""));
    let plan = Plan::new(&case);
    let reservation = place(&case, "party.a.reservation");
    let own = (0..WORLDS as u64).map(|world| {
        let uniforms = plan.uniforms(options(1).stream, world);
        let values = plan.values(&uniforms, &Overrides::default());
        let gambles = 0.4 * 94.9 + 0.6 * values[reservation.0 as usize] > 59.9;
        if gambles { 0.4 } else { 1.0 }
    });
    let own: Vec<f64> = own.collect();
    let told = doubling(&case, 2);
    near(told.base.value, mean(own.iter().copied()).value);
    assert!(
        told.base.value > 0.4 && told.base.value < 0.5,
        "{:?}",
        told.base
    );
    assert_eq!(told.aim, Aim::Double);
    near(told.target.value, 2.0 * told.base.value);
    // It is set to the end that goes with more deals, the lower one of the range as it was typed.
    let input = found(
        &told,
        |what| matches!(what, What::Input { path, .. } if path == "party.a.reservation"),
    );
    let What::Input {
        value,
        upper,
        correlation,
        ..
    } = input.what
    else {
        panic!("{input:?}")
    };
    near(value, 35.0);
    assert!(!upper && correlation < 0.0);
    // With it A plays safe; whoever knows the type it deals with offers what that takes.
    let types = ["tough", "soft"].map(|id| {
        let of = |t: &usize| case.setting.types[*t].id == id;
        found(&told, |what| matches!(what, What::Type(t) if of(t)))
    });
    let without = mean(own[..told.worlds()].iter().copied()).value;
    for tried in types.into_iter().chain([input]) {
        near(tried.came.there.value, 1.0);
        near(tried.came.moved.value, 1.0 - without);
        near(tried.came.chance.value, 1.0);
        assert!(!tried.stopped && tried.came.moved.n == told.worlds());
    }
    assert_eq!(told.tried.len(), 3);
    let sure = told.target.value + told.target.error < 1.0;
    let expected = if sure { Reach::Reaches } else { Reach::About };
    assert!(told.tried.iter().all(|own| own.came.reach == expected));
    assert_eq!(told.alone().count(), 3);
    assert!(told.together.is_empty(), "one does");
}

/// Whoever sets the same by hand is told the same numbers, and threads change none.
#[test]
fn what_is_told_comes_out_of_a_session() {
    let case = case(&ultimatum("\"35 to 50\"", 0.6, ""));
    let told = doubling(&case, 1);
    assert_eq!(format!("{told:?}"), format!("{:?}", doubling(&case, 2)));
    let mut session = Session::new(&case, options(1).stream, Some(1));
    let mut ask = |set: Vec<(InputId, f64)>| {
        session.set(Overrides {
            replaced: set
                .into_iter()
                .map(|(id, x)| (id, Distribution::Exact(x)))
                .collect(),
            ..Overrides::default()
        });
        let of = vec![(DEAL, vec![TOLD_MONTHS])];
        let ask = Ask {
            of,
            worlds: told.worlds(),
            searches: 0,
        };
        session.ask(&ask, &Ignored)[0].value
    };
    let here = ask(Vec::new());
    for tried in &told.tried {
        let set = match &tried.what {
            What::Input { path, value, .. } => vec![(place(&case, path), *value)],
            What::Type(t) => {
                let party = case.setting.parties[case.setting.types[*t].party]
                    .types
                    .clone();
                let prior = |other: usize| {
                    let id = &case.setting.types[other].id;
                    (
                        place(&case, &format!("party.b.type.{id}.prior")),
                        f64::from(u8::from(other == *t)),
                    )
                };
                party.map(prior).collect()
            }
            other => panic!("{other:?}"),
        };
        let there = ask(set);
        near(tried.came.there.value, there);
        near(tried.came.moved.value, there - here);
    }
}

/// A line that the tough hold keeps A from the safe offer, which it would prefer: .4 · 94.9 + .6 · 30 < 59.9.
#[test]
fn a_red_line_that_is_dropped_lets_all_agree() {
    let line = "[party.b.redline.less]\nwhen = { pie = [\"safe\"] }\nkind = \"hard\"\ntypes = [\"tough\"]\n";
    let told = doubling(&case(&ultimatum("30", 0.6, line)), 2);
    near(told.base.value, 0.4);
    let dropped = found(&told, |what| matches!(what, What::RedLine(0)));
    near(dropped.came.chance.value, 1.0);
    assert_eq!(dropped.came.reach, Reach::Reaches);
    // Tough for sure, and none takes anything that A would offer.
    let tough = found(&told, |what| matches!(what, What::Type(1)));
    assert!(tough.stopped);
    near(tough.came.moved.value, -0.4);
    assert_eq!(told.there_are, [0, 2, 0, 1]);
}

/// Two must agree, each of them soft seven times in ten: .49; one surely soft: .7; both: all.
#[test]
fn two_do_together_what_neither_does_alone() {
    let b = ultimatum("50", 0.3, "").replace("safe = 0.599", "safe = 0.2");
    let (from, to) = (
        b.find("[party.b]").unwrap(),
        b.find("[package.safe]").unwrap(),
    );
    let c = b[from..to].replace("party.b", "party.c");
    let case = case(&format!("{b}{c}"));
    let told = doubling(&case, 2);
    near(told.base.value, 0.49);
    near(told.target.value, 0.98);
    assert_eq!(told.alone().count(), 0);
    let name = |place: &usize| match told.tried[*place].what {
        What::Type(t) => {
            let kind = &case.setting.types[t];
            format!("{}.{}", case.setting.parties[kind.party].id, kind.id)
        }
        _ => String::new(),
    };
    let fewest = told.fewest().expect("both do");
    assert_eq!(
        fewest.parts.iter().map(name).collect::<Vec<_>>(),
        ["b.soft", "c.soft"]
    );
    for place in &fewest.parts {
        near(told.tried[*place].came.chance.value, 0.7);
        assert_eq!(told.tried[*place].came.reach, Reach::Short);
    }
    near(fewest.came.chance.value, 1.0);
    near(fewest.came.moved.value, 0.51);
    assert_eq!(fewest.came.reach, Reach::Reaches);
    assert_eq!(told.together.len(), 1);
}

/// Where A would rather have no deal than any, nothing that is tried makes one.
#[test]
fn what_cannot_be_is_said_to_be_out_of_reach() {
    let told = doubling(&case(&ultimatum("\"96 to 99\"", 0.6, "")), 2);
    near(told.base.value, 0.0);
    assert_eq!((told.aim, told.target.value), (Aim::Possible, 0.01));
    assert!(
        told.tried
            .iter()
            .all(|own| own.stopped && own.came.reach == Reach::Short)
    );
    assert!(told.tried.len() == 2 && told.fewest().is_none() && told.alone().count() == 0);
}

#[test]
fn aims_are_what_can_be() {
    let of = |value: f64| {
        let (aim, target) = aim(Mean {
            value,
            error: 0.02,
            n: 64,
        });
        (aim, (1e4 * target.value).round() / 1e4, target.error)
    };
    assert_eq!(of(0.0), (Aim::Possible, 0.01, 0.0));
    assert_eq!(of(0.2), (Aim::Double, 0.4, 0.04));
    assert_eq!(of(0.5), (Aim::Double, 1.0, 0.04));
    assert_eq!(of(0.7), (Aim::HalveTheRest, 0.85, 0.01));
    assert_eq!(of(0.995).0, Aim::Nothing);
    let at = |value: f64, error: f64| Mean {
        value,
        error,
        n: 24,
    };
    let target = at(0.4, 0.03);
    assert_eq!(reach(at(0.46, 0.04), target), Reach::Reaches);
    assert_eq!(reach(at(0.44, 0.04), target), Reach::About);
    assert_eq!(reach(at(0.36, 0.04), target), Reach::About);
    assert_eq!(reach(at(0.34, 0.04), target), Reach::Short);
    // What has no error is what it is.
    assert_eq!(reach(at(0.4, f64::NAN), at(0.4, f64::NAN)), Reach::About);
}
