//! Numbers that nobody stated and that answers depend on: in the register, in the counts, among what is drawn, on the page.

use detente::handles::settlement;
use detente::{Case, Draw, Ignored, Overrides, Status, Stream, drawn_inputs, report, summarise};

use crate::small;

/// A freeze that the north may break; what breaking it costs is not stated.
const CASE: &str = r#"
[case]
name = "A freeze"
as_of = 2025-01-01
[issue.line]
status_quo = "contact"
option.old = { position = -50 }
option.contact = { position = 0 }
option.ceded = { position = 50 }
[party.north]
side = "A"
roles = ["belligerent"]
patience = 0.985
burden = 4
scar = 0
issue.line = { weight = 1, value = { old = 0, contact = 0.3, ceded = 1 } }
[party.south]
side = "B"
roles = ["belligerent"]
patience = 0.985
burden = 20
scar = 0
renege_cost = 5
issue.line = { weight = 1, value = { old = 1, contact = 0.7, ceded = 0 } }
[package.freeze]
choose = { line = "contact" }
[contest]
line_issue = "line"
unit = "km2"
edge = 0.3
pace = 5
volatility = 4
decisive = 0.004
decisive_slope = 2
other_end = 0.02
unsettled.choose = {}
ending.a_decisive.choose = { line = "ceded" }
ending.b_decisive.choose = { line = "old" }
ending.armistice.choose = {}
[durability]
background = 0.002
force = { A = 1.4, B = 1 }
"#;

const DRAWN: [&str; 3] = [
    "party.north.renege_cost",
    "behaviour.noise",
    "durability.rebuild.A",
];

fn case() -> Case {
    let checked = detente::check("freeze", CASE);
    checked.case.expect("no errors")
}

#[test]
fn defaults_that_decide_are_drawn_like_any_other_number() {
    let case = case();
    let drawn = drawn_inputs(&case, &Overrides::default(), Stream::default(), 0..64);
    assert_eq!(drawn.paths, DRAWN.map(str::to_owned).as_slice());
    for (path, column) in drawn.paths.iter().zip(&drawn.columns) {
        let (low, high) = column
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| {
                (a.min(*x), b.max(*x))
            });
        assert!(low < high, "{path}");
    }
    // What is stated elsewhere draws as it did: draws are keyed by path.
    let stated = CASE.replace("scar = 0\nissue", "scar = 0\nrenege_cost = 2\nissue");
    let stated = detente::check("freeze", &stated).case.expect("no errors");
    let again = drawn_inputs(&stated, &Overrides::default(), Stream::default(), 0..64);
    assert_eq!(again.columns.as_slice(), &drawn.columns[1..]);
}

#[test]
fn a_report_counts_lists_and_ranks_them() {
    let case = case();
    let summary = summarise(&case, &[], small(512, 0), &Ignored).unwrap();
    let defaults = summary
        .inputs
        .iter()
        .filter(|i| i.status == Status::Default);
    let on = summary.resting_on;
    // The three that are drawn, where the south's forces end up being stated, and the months after which a deal is kept.
    assert_eq!((defaults.count(), on.defaults), (4, 4));
    assert!(on.placeholders > 0 && on.claims >= on.placeholders + on.defaults);
    let stamp = report::Stamp {
        case_path: "freeze.toml".to_owned(),
        case_hash: report::hash(&[(String::new(), CASE.to_owned())]),
        command: "detente report freeze.toml".to_owned(),
    };
    let html = report::html(&summary, &stamp);
    for path in DRAWN.iter().chain(&["durability.kept_months"]) {
        assert!(html.contains(&format!("id=\"input-{path}\"")), "{path}");
    }
    assert!(html.contains("and 4 more are defaults that nobody stated"));
    let json: serde_json::Value = serde_json::from_str(&report::json(&summary, &stamp)).unwrap();
    assert_eq!(json["inputs"]["defaults"], 4);
    // Whether the north signs turns on what breaking its word would cost it.
    let accepts = |cost: &str| {
        let set = format!("party.north.renege_cost={cost}");
        let case = self::case()
            .with_set(&[set], &mut detente::diag::Sources::default())
            .unwrap();
        let plan = detente::Plan::new(&case);
        let table = detente::run(&plan, &Overrides::default(), small(256, 0), &Ignored);
        table.mean(settlement::ACCEPTS, &[0, 0]).value
    };
    assert!(accepts("0") > accepts("10") + 0.05);
}

#[test]
fn set_to_a_number_it_is_the_readers() {
    let case = case()
        .with_set(
            &["party.north.renege_cost=0".to_owned()],
            &mut detente::diag::Sources::default(),
        )
        .unwrap();
    let input = case.inputs.iter().find(|i| i.path == DRAWN[0]).unwrap();
    assert!(matches!(&input.draw, Draw::Own(d) if d.exact() == Some(0.0)));
    assert_eq!(input.status, Status::Set);
}
