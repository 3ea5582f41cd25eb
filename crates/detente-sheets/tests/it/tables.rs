//! Tables become cases that check.

use detente_case::{Draw, Input, Status};
use proptest::prelude::*;

use crate::{book, case_of, csv, defaults, faults};

/// A table with all of its sheets.
const WHOLE: &[(&str, &[&[&str]])] = &[
    (
        "Positions",
        &[
            &["Who wants what, put together by hand"],
            &[],
            &[
                "Party",
                "Issue",
                "Weight low",
                "Weight",
                "Weight high",
                "Wants low",
                "Wants most",
                "Wants high",
                "Accepts up to",
                "Never",
                "Source",
                "Note",
                "Checked by",
            ],
            &[
                "North",
                "Border",
                "40",
                "50",
                "70",
                "",
                "100",
                "",
                "40",
                "",
                "A poll, 2024",
                "It said so.",
                "x",
            ],
            &[
                "North",
                "Guarantee",
                "",
                "20",
                "",
                "",
                "none",
                "",
                "",
                "",
                "",
                "",
            ],
            &[],
            &[
                "south ",
                "border",
                "",
                "50 to 80",
                "",
                "0",
                "10",
                "30",
                "",
                "",
                "https://example.org/a",
                "",
            ],
            &[
                "South",
                "GUARANTEE",
                "0",
                "",
                "40",
                "",
                "A force",
                "",
                "Observers",
                "",
                "A poll, 2024",
                "",
            ],
            &[
                "Mediator",
                "Guarantee",
                "",
                "",
                "",
                "",
                "Observers",
                "",
                "",
                "None",
                "",
                "",
            ],
        ],
    ),
    (
        "Parties",
        &[
            &[
                "Party",
                "Role",
                "No deal low",
                "No deal",
                "No deal high",
                "Source",
            ],
            &["North", "", "30", "40", "60", "A poll, 2024"],
            &["South", "belligerent", "", "", "", ""],
            &["Mediator", "Mediator", "", "0", "", ""],
        ],
    ),
    (
        "Issues",
        &[
            &["Issue", "Points", "Status quo", "Note"],
            &["Border", "0 to 100", "50", "Kilometres from the old line."],
            &[
                "Guarantee",
                "None = 0; Observers = 30; A force = 100",
                "None",
                "",
            ],
        ],
    ),
    (
        "Values",
        &[
            &[
                "Party",
                "Issue",
                "Point",
                "Value low",
                "Value",
                "Value high",
                "Source",
            ],
            &[
                "South",
                "Guarantee",
                "Observers",
                "20",
                "",
                "60",
                "A poll, 2024",
            ],
        ],
    ),
    (
        "Case",
        &[
            &["Name", "The Strip"],
            &["Date", "2024-06-01"],
            &["Summary", "Two neighbours \"bargain\"."],
            &["Judged by", "A. Nalyst"],
        ],
    ),
    ("My own notes", &[&["Whatever", "I like"]]),
];

fn input<'a>(case: &'a detente_case::Case, path: &str) -> &'a Input {
    let found = case.inputs.iter().find(|input| input.path == path);
    found.unwrap_or_else(|| panic!("no {path}"))
}

fn range(input: &Input) -> [f64; 3] {
    let Draw::Own(drawn) = &input.draw else {
        panic!("{:?}", input.draw);
    };
    [0.05, 0.5, 0.95].map(|level| (1e6 * drawn.quantile(level)).round() / 1e6)
}

#[test]
fn all_that_a_table_says_stands_in_its_case() {
    let (text, case) = case_of(&book(WHOLE));
    let setting = &case.setting;
    assert_eq!(
        (setting.name.as_str(), setting.as_of.as_str()),
        ("The Strip", "2024-06-01")
    );
    let parties: Vec<&str> = setting
        .parties
        .iter()
        .map(|party| party.name.as_str())
        .collect();
    assert_eq!(parties, ["North", "South", "Mediator"]);
    assert_eq!(
        setting
            .parties
            .iter()
            .filter(|party| party.is_principal())
            .count(),
        2
    );
    let points: Vec<&str> = setting.issues[0]
        .options
        .iter()
        .map(|option| option.name.as_str())
        .collect();
    assert_eq!(points, ["0", "10", "25", "30", "40", "50", "75", "100"]);
    assert_eq!(
        setting.issues[0].options[setting.issues[0].status_quo as usize].name,
        "50"
    );
    // Numbers with their sources, judgements, placeholders.
    let weight = input(&case, "party.north.issue.border.weight");
    assert_eq!(
        (range(weight), weight.status),
        ([40.0, 50.0, 70.0], Status::Quoted)
    );
    assert_eq!(weight.said.why, "It said so.");
    assert_eq!(case.sources[weight.sources[0]].title, "A poll, 2024");
    let weight = input(&case, "party.north.issue.guarantee.weight");
    assert_eq!(
        (
            weight.status,
            weight.said.by.as_str(),
            weight.said.on.as_str()
        ),
        (Status::Judgement, "A. Nalyst", "2024-06-01")
    );
    let weight = input(&case, "party.south.issue.border.weight");
    assert_eq!(range(weight)[0], 50.0);
    assert_eq!(case.sources[weight.sources[0]].url, "https://example.org/a");
    // From 0 on: a hard end.
    assert_eq!(
        range(input(&case, "party.south.issue.guarantee.weight")),
        [2.0, 20.0, 38.0]
    );
    let placeholder = input(&case, "party.mediator.issue.guarantee.weight");
    assert_eq!(
        (range(placeholder), placeholder.status),
        ([25.0, 50.0, 100.0], Status::Placeholder)
    );
    assert_eq!(
        range(input(&case, "party.north.reservation")),
        [30.0, 40.0, 60.0]
    );
    let unstated = input(&case, "party.south.reservation");
    assert_eq!(unstated.status, Status::Placeholder);
    assert!(unstated.said.why.contains("status quo"));
    assert_eq!(range(input(&case, "party.mediator.reservation")), [0.0; 3]);
    // Worth falls with the way from what is wanted; where a value is stated it stands.
    let value = |point: &str| input(&case, &format!("party.north.issue.border.value.{point}"));
    assert_eq!(
        (range(value("at_100")), range(value("at_0"))),
        ([1.0; 3], [0.0; 3])
    );
    assert_eq!(range(value("at_50")), [0.25, 0.5, 0.75]);
    assert_eq!(value("at_50").status, Status::Placeholder);
    let stated = input(&case, "party.south.issue.guarantee.value.observers");
    assert_eq!(
        (range(stated)[0], range(stated)[2], stated.status),
        (0.2, 0.6, Status::Quoted)
    );
    // The places of points decide how far they are: the mediator's observers lie three tenths of the way.
    assert_eq!(
        range(input(&case, "party.mediator.issue.guarantee.value.a_force")),
        [0.0; 3]
    );
    // Red lines: beyond the last point that would be signed, and those that are named.
    let crossed = |party: usize| -> Vec<&str> {
        let lines = setting.red_lines.iter().filter(|line| line.party == party);
        let terms = lines.flat_map(|line| &line.when.terms);
        let of = |(issue, mask): &(usize, u64)| {
            let options = setting.issues[*issue].options.iter().enumerate();
            options
                .filter(|(o, _)| mask >> o & 1 == 1)
                .map(|(_, option)| option.name.as_str())
                .collect::<Vec<_>>()
        };
        terms.flat_map(of).collect()
    };
    assert_eq!(crossed(0), ["0", "10", "25", "30"]);
    assert_eq!(crossed(1), ["None"]);
    assert_eq!(crossed(2), ["None"]);
    // Packages: what each principal wants most, and the middle.
    let packages: Vec<&str> = setting
        .packages
        .iter()
        .map(|package| package.id.as_str())
        .collect();
    assert_eq!(packages, ["wants_north", "wants_south", "in_the_middle"]);
    let option = |package: usize, issue: usize| {
        let options = &setting.issues[issue].options;
        options[setting.packages[package].choice[issue] as usize]
            .name
            .as_str()
    };
    assert_eq!((option(0, 0), option(0, 1)), ("100", "None"));
    assert_eq!((option(1, 0), option(1, 1)), ("10", "A force"));
    assert!(text.starts_with("# Made of the table table.xlsx"), "{text}");
    assert!(text.contains("# Kilometres from the old line."), "{text}");
}

/// What is enough for a first look: party, issue, position and weight, on a scale of a hundred.
#[test]
fn four_columns_are_enough() {
    let text = "actor;issue;salience;position\nA;1. Tariff;80;10\nB;1. Tariff;60;90\nC;1. Tariff;30;55,5\nA;2. Date;20;0\nB;2. Date;40%;100\n";
    let (text, case) = case_of(&csv(text));
    assert_eq!(
        (case.setting.name.as_str(), case.setting.as_of.as_str()),
        ("Talks", "2025-03-19")
    );
    let points: Vec<&str> = case.setting.issues[0]
        .options
        .iter()
        .map(|o| o.name.as_str())
        .collect();
    assert_eq!(points, ["0", "10", "25", "50", "55.5", "75", "90", "100"]);
    assert_eq!(
        range(input(&case, "party.b.issue.2_date.weight")),
        [40.0; 3]
    );
    assert!(
        text.contains(
            "caveats = [\n  \"The table does not say what holds today on 1. Tariff, 2. Date"
        ),
        "{text}"
    );
    let table =
        detente_sheets::Table::read(&csv("party,issue,wants\nA,x,0\nB,x,100\n"), &defaults())
            .unwrap();
    assert!(
        table.unstated() >= 6 && table.notes().len() == 1,
        "{} {:?}",
        table.unstated(),
        table.notes()
    );
}

/// A line that is broken within a cell is no other name, and none of what is not to be seen goes into the case.
#[test]
fn names_are_names_in_one_line() {
    let text = "Party,Issue,Weight,Wants\n\"North\nIsles\",\"Bor\u{1b}[31mder\tline\",1,0\nSouth,Bor [31mder line,1,100\n\u{7},x,1,1\n";
    let said = faults(&csv(text));
    assert_eq!(said.len(), 1, "{said:?}");
    assert_eq!(
        said[0].message,
        "table.csv, line 5, column A: the party is missing"
    );
    let (_, case) = case_of(&csv(&text.replace("\u{7},x,1,1\n", "")));
    assert_eq!(case.setting.parties[0].name, "North Isles");
    assert_eq!(case.setting.issues.len(), 1);
    assert_eq!(case.setting.issues[0].name, "Bor [31mder line");
}

#[test]
fn two_names_need_no_order_and_everything_may_stand_in_the_rows() {
    let text = "Party,Role,Issue,Points,Status quo,Wants most,No deal low,No deal high,Weight\n\
                North,,Title,,left open,recognised,20,40,1\n\
                South,principal,Title,,,left open,20,40,1\n\
                South,,Guarantee,none | some | all,none,all,,,\"1,5\"\n\
                North,,Guarantee,,,none,,,0\n";
    let (_, case) = case_of(&csv(text));
    let options = |issue: usize| case.setting.issues[issue].options.len();
    assert_eq!((options(0), options(1)), (2, 3));
    assert_eq!(range(input(&case, "party.south.reservation"))[0], 20.0);
    assert_eq!(
        range(input(&case, "party.south.issue.guarantee.weight")),
        [1.5; 3]
    );
}

/// Any table that is understood makes a case without errors.
fn any_table() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec!["A", "B", "Ünï", "a b", "C;\"x\"", "7", "="]);
    let issue = prop::sample::select(vec!["x", "y", "Z z", "issue", "1"]);
    let number = prop_oneof![
        4 => (0..=100_i32).prop_map(|x| x.to_string()),
        1 => (-20..=200_i32).prop_map(|x| format!("{}", f64::from(x) / 3.0)),
        1 => (0..=60_i32, 1..=60_i32).prop_map(|(low, more)| format!("{low} to {}", low + more)),
        1 => (0..=30_i32, 1..=30_i32, 1..=40_i32).prop_map(|(a, b, c)| format!("{a} / {} / {}", a + b, a + b + c)),
        2 => Just(String::new()),
    ];
    let place = prop_oneof![4 => (0..=10_i32).prop_map(|x| (10 * x).to_string()), 1 => Just("0 to 30".to_owned()), 1 => Just("none".to_owned())];
    let points = prop_oneof![6 => Just(String::new()), 1 => Just("0 to 100".to_owned()), 1 => Just("none; 10; all".to_owned())];
    let role = prop::sample::select(vec!["", "", "", "principal", "patron", "mediator"]);
    let never =
        prop_oneof![5 => Just(String::new()), 1 => (0..=10_i32).prop_map(|x| (10 * x).to_string())];
    let row = (
        name,
        issue,
        number.clone(),
        place,
        never.clone(),
        never,
        points,
        role,
        number,
    )
        .prop_map(
            |(name, issue, weight, wants, to, never, points, role, no_deal)| {
                let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
                [
                    name, issue, &weight, &wants, &to, &never, &points, role, &no_deal,
                ]
                .map(quoted)
                .join(",")
            },
        );
    prop::collection::vec(row, 1..14).prop_map(|rows| {
        let head = "Party,Issue,Weight,Wants most,Accepts up to,Never,Points,Role,No deal";
        format!("{head}\n{}\n", rows.join("\n"))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_table_that_is_understood_makes_a_case_that_checks(text in any_table()) {
        let book = csv(&text);
        match detente_sheets::Table::read(&book, &defaults()) {
            Ok(table) => {
                let made = table.case_text();
                let checked = crate::check(&made);
                let errors = crate::list(&checked.diagnostics);
                prop_assert!(checked.case.is_some(), "{errors}\n{text}\n{made}");
            }
            Err(faults) => {
                prop_assert!(!faults.is_empty());
                for fault in faults {
                    prop_assert!(fault.message.starts_with("table.csv"), "{}", fault.message);
                    prop_assert!(fault.help.is_some(), "{}", fault.message);
                }
            }
        }
    }

    /// Whatever the bytes, reading ends in a book or a fault.
    #[test]
    fn bytes_never_panic(mut bytes in prop::collection::vec(any::<u8>(), 0..400), cut in 0_usize..4000, whole in any::<bool>()) {
        if whole {
            let mut made = crate::xlsx(&[("Positions", &[&["Party", "Issue"], &["A", "x"]])]);
            let at = cut % made.len();
            for (place, byte) in bytes.iter().enumerate().take(3) {
                let at = (at + 97 * place) % made.len();
                made[at] = *byte;
            }
            made.truncate(made.len() - bytes.len() % 2 * (cut % 60));
            bytes = made;
        }
        for kind in [detente_sheets::Kind::Xlsx, detente_sheets::Kind::Csv] {
            if let Err(faults) = detente_sheets::read("t", kind, &bytes) {
                prop_assert_eq!(faults.len(), 1);
            }
        }
    }
}

/// How often a random table is understood: often enough that the property above says something.
#[test]
fn random_tables_are_understood_often_enough() {
    use proptest::strategy::ValueTree as _;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let understood = (0..300).filter(|_| {
        let text = any_table().new_tree(&mut runner).unwrap().current();
        detente_sheets::Table::read(&csv(&text), &defaults()).is_ok()
    });
    let understood = understood.count();
    assert!(understood > 20, "{understood} of 300");
}
