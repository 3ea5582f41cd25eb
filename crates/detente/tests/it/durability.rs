//! The example of docs/lenses/durability.md is a case that runs and gives the answer printed there.

use detente::{Case, Ignored, columns, run};

use crate::small;

const PAGE: &str = include_str!("../../../../docs/lenses/durability.md");

fn fenced(fence: &str) -> String {
    let lines = PAGE.lines().skip_while(|line| *line != fence).skip(1);
    let body: Vec<&str> = lines.take_while(|line| *line != "```").collect();
    body.join("\n")
}

fn example() -> Case {
    let checked = detente::check("docs/lenses/durability.md", &fenced("```toml"));
    let faults: Vec<String> = checked
        .diagnostics
        .iter()
        .map(|d| format!("{d:?}"))
        .collect();
    checked.case.unwrap_or_else(|| panic!("{faults:#?}"))
}

/// Every number that the lens tells, a line each, but for what is zero by definition or about searches..
#[test]
fn the_example_gives_the_printed_answer() {
    let case = example();
    let plan = detente::Plan::new(&case);
    let table = run(
        &plan,
        &detente::Overrides::default(),
        small(16, 0),
        &Ignored,
    );
    let row = table.rows().next().unwrap();
    let told = columns(&case.setting)
        .into_iter()
        .filter(|c| c.name.starts_with("durability."));
    let lines: Vec<String> = told
        .filter(|c| !row[c.place].is_nan())
        .filter(|c| !c.name.contains("stand_in") && !c.name.contains("guarantee_buys"))
        .map(|c| format!("{} = {:.4}", c.name, row[c.place]))
        .collect();
    assert_eq!(lines.join("\n"), fenced("```text answer"));
}

/// A package taken apart: what follows the deal is no part of what leaders gain or lose.
#[test]
fn what_follows_a_deal_is_told_apart() {
    let case = example();
    let none = detente::Overrides::default();
    let why = detente::why(&case, &none, "north", "ceded", None).unwrap();
    let follows = why
        .lines()
        .find(|line| line.contains("what may follow the deal"));
    assert!(follows.is_some_and(|line| line.ends_with("−27.3")), "{why}");
    assert!(!why.contains("leader"), "{why}");
}

/// The first case with what may follow a deal, an answer to a breach by North, and readings that take things away from the peace.
fn first_case_with_an_aftermath() -> Case {
    let text = include_str!("../../../../cases/first-case/case.toml").to_owned()
        + r#"
[durability]
background = "0.001 to 0.003"
rebuild = { A = 18, B = 36 }
force = { A = "0.9 to 1.1", B = "0.9 to 1.1" }

[lever.aid_resumed]
by = "mediator"
kind = "assurance"
trigger = "violate(north)"
cost = 1
audience_cost = 2
credibility = 0.5
sets = { "contest.supply.mediator_arms.level" = 1.4 }

[reading.north_rearms]
name = "North re-arms"
by = "A test"
says = "North's forces grow in peace, and breaking its word costs it nothing."
[reading.north_rearms.set]
"durability.force.A" = "1.8 to 2.2"
"party.north.renege_cost" = 0

[reading.nobody_answers]
name = "Nobody answers"
by = "A test"
says = "Arms are not resumed, and North re-arms."
includes = ["north_rearms"]
[reading.nobody_answers.set]
"lever.aid_resumed.credibility" = 0

[reading.answered]
name = "Answered for sure"
by = "A test"
says = "Arms are resumed for sure, and more of them, and North re-arms."
includes = ["north_rearms"]
[reading.answered.set]
"lever.aid_resumed.credibility" = 1
"lever.aid_resumed.sets.contest.supply.mediator_arms.level" = 2
"#;
    let checked = detente::check("case.toml", &text);
    let faults = format!("{:#?}", checked.diagnostics);
    checked.case.unwrap_or_else(|| panic!("{faults}"))
}

/// A side that re-arms at no cost keeps no more deals than before, whatever it signs; the better its breach is answered, the less it is
/// tempted, and of what is signed more is kept.
#[test]
fn a_side_that_rearms_keeps_no_more_deals_and_an_answer_keeps_more_of_them() {
    let case = first_case_with_an_aftermath();
    let plan = detente::Plan::new(&case);
    let under = |reading: &str| {
        let readings: Vec<String> = Some(reading.to_owned())
            .filter(|r| !r.is_empty())
            .into_iter()
            .collect();
        let overrides = detente::overrides_of(&case, &readings).unwrap();
        run(&plan, &overrides, small(128, 0), &Ignored)
    };
    let tables = ["", "north_rearms", "nobody_answers", "answered"].map(under);
    let [as_written, rearms, alone, answered] = &tables;
    let mean = |table: &detente::Table, lens: &str, of: &str, index: &[usize]| {
        table
            .mean(detente::handles::named(lens, of).unwrap(), index)
            .value
    };
    let kept = |table, p: usize| mean(table, "durability", "kept", &[p]);
    let signed = |table, p: usize| mean(table, "settlement", "agreed", &[p]);
    let tempted = |table, t: usize, p: usize| mean(table, "durability", "temptation", &[t, p]);
    let (mut deterred, mut fell) = (0, 0);
    for p in 0..case.setting.packages.len() {
        let limit = kept(as_written, p) + 0.005;
        assert!(kept(rearms, p) <= limit, "{p}: {} {limit}", kept(rearms, p));
        assert!(kept(alone, p) <= limit, "{p}: {} {limit}", kept(alone, p));
        fell += usize::from(kept(alone, p) < kept(as_written, p) - 0.05);
        for t in case.setting.parties[0].types.clone() {
            let [none, some, sure] = [alone, rearms, answered].map(|table| tempted(table, t, p));
            assert!(
                sure <= some + 1e-9 && some <= none + 1e-9,
                "{t} {p}: {none} {some} {sure}"
            );
            deterred += usize::from(sure < none - 0.5);
        }
        let share = |table| kept(table, p) / signed(table, p);
        if signed(alone, p) > 0.05 && signed(answered, p) > 0.05 {
            assert!(share(answered) >= share(alone) - 0.005, "{p}");
        }
        for table in &tables {
            assert!(kept(table, p) <= signed(table, p) + 1e-12);
        }
    }
    assert!(deterred >= 2 && fell >= 1, "{deterred} {fell}");
}

/// How much room there is in a zone does not depend on which packages somebody has named: where combinations are few every one is judged by what
/// deals are worth, given what may follow.
#[test]
fn a_zone_is_as_large_whatever_is_named() {
    let text = include_str!("../../../../cases/first-case/case.toml").to_owned()
        + "\n[durability]\nbackground = \"0.002 to 0.006\"\n";
    let mut more = text.clone();
    for (i, harbour) in ["closed", "shared", "leased"].iter().enumerate() {
        for guarantee in ["none", "observers", "garrison"] {
            let _ = std::fmt::Write::write_fmt(
                &mut more,
                format_args!(
                    "[package.more_{i}_{guarantee}]\nchoose = {{ border = \"contact\", harbour = \"{harbour}\", guarantee = \"{guarantee}\" }}\n"
                ),
            );
        }
    }
    let sizes = |text: &str| -> Vec<Vec<f64>> {
        let case = detente::check("case.toml", text).case.expect("a case");
        let plan = detente::Plan::new(&case);
        let options = detente::RunOptions {
            worlds: 24,
            searches: 24,
            ..detente::RunOptions::default()
        };
        let none = detente::Overrides::default();
        let table = detente::run(&plan, &none, options, &detente::Ignored);
        (0..case.setting.needed_sets.len())
            .map(|s| {
                table
                    .column(detente::handles::settlement::SIZE, &[s])
                    .collect()
            })
            .collect()
    };
    let (few, many) = (sizes(&text), sizes(&more));
    assert_eq!(few.len(), many.len());
    for (few, many) in few.iter().flatten().zip(many.iter().flatten()) {
        assert!(
            few.is_nan() && many.is_nan() || (few - many).abs() < 1e-6,
            "{few} {many}"
        );
    }
    assert!(few.iter().flatten().filter(|size| !size.is_nan()).count() > 24);
}
