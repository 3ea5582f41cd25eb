//! Registers out, answers in.

use detente_case::{Case, Draw, Status};
use detente_sheets::edit::{Before, Expert, put};
use detente_sheets::register::{About, Blind, Judged, Row, csv, judge, rows, xlsx};
use detente_sheets::{Filled, Kind, read};

use crate::check;

const FIRST: &str = include_str!("../../../../cases/first-case/case.toml");
const FLAGSHIP: [(&str, &str); 2] = [
    (
        "panama",
        include_str!("../../../../cases/panama-canal-1977/case.toml"),
    ),
    (
        "wage",
        include_str!("../../../../cases/wage-round/case.toml"),
    ),
];

/// The first case without a number that somebody stated: the language's default stands for it.
fn first() -> String {
    FIRST.replacen("patience = \"0.975 to 0.992\"\n", "", 1)
}

fn case(text: &str) -> Case {
    let checked = check(text);
    let errors = crate::list(&checked.diagnostics);
    checked.case.unwrap_or_else(|| panic!("{errors}"))
}

fn about() -> About {
    About {
        case: "The Harbour Strip".to_owned(),
        as_of: "2024-06-01".to_owned(),
        sorted: "By path.".to_owned(),
    }
}

/// The register as values, with what somebody writes into some rows: low, high, middle, why, says.
fn filled(rows: &[Row], answers: &[(&str, [&str; 5])]) -> Vec<u8> {
    let text = csv(&about(), rows, Blind::No);
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(text.as_bytes());
    let head = reader.headers().unwrap().clone();
    let place = |name: &str| head.iter().position(|own| own == name).unwrap();
    let places = [
        "Low",
        "High",
        "Middle",
        "How sure, and why",
        "In your own words, for quotation",
    ]
    .map(place);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&head).unwrap();
    for record in reader.records() {
        let mut record: Vec<String> = record.unwrap().iter().map(str::to_owned).collect();
        for (path, answer) in answers {
            if record[0] == *path {
                for (place, cell) in places.iter().zip(answer) {
                    (*cell).clone_into(&mut record[*place]);
                }
            }
        }
        writer.write_record(&record).unwrap();
    }
    writer.into_inner().unwrap()
}

fn judged(case: &Case, bytes: &[u8]) -> Judged {
    let book = read("r.csv", Kind::Csv, bytes).unwrap();
    judge(&Filled::read(&book).unwrap(), case)
}

fn expert(name: &str) -> Expert {
    Expert {
        name: name.to_owned(),
        on: "2025-03-19".to_owned(),
    }
}

#[test]
fn a_register_lists_what_experts_can_be_asked_for() {
    let case = case(&first());
    let rows = rows(&case, &[]);
    let paths: Vec<&str> = rows.iter().map(|row| row.path.as_str()).collect();
    let mut sorted = paths.clone();
    sorted.sort_unstable();
    assert_eq!(paths, sorted);
    for (path, there) in [
        ("contest.edge", true),
        ("party.north.burden", true),
        ("party.north.patience", true),
        ("contest.horizon", false),
        ("lever.arms_taper.on", false),
        ("party.north.issue.border.value.ceded", false),
    ] {
        assert_eq!(paths.contains(&path), there, "{path}");
    }
    let edge = rows.iter().find(|row| row.path == "contest.pace").unwrap();
    assert!(
        edge.means.contains(": line units a month"),
        "{}",
        edge.means
    );
    assert!((edge.now[0] - 4.0).abs() < 1e-9 && (edge.now[2] - 9.0).abs() < 1e-9);
    assert_eq!((edge.status, edge.unit.as_str()), ("placeholder", "km2"));
    // Numbers of an order come first, in that order.
    let order = ["party.north.burden".to_owned(), "contest.edge".to_owned()];
    let first = detente_sheets::register::rows(&case, &order);
    assert_eq!([&first[0].path, &first[1].path], [&order[0], &order[1]]);
    assert_eq!(first.len(), rows.len());
    for (name, text) in FLAGSHIP {
        assert!(
            detente_sheets::register::rows(&self::case(text), &[]).len() > 10,
            "{name}"
        );
    }
}

#[test]
fn a_register_is_a_workbook_whose_bytes_are_the_same_and_whose_rows_come_back() {
    let case = case(FIRST);
    let rows = rows(&case, &[]);
    let bytes = xlsx(&about(), &rows, Blind::No).unwrap();
    assert!(bytes == xlsx(&about(), &rows, Blind::No).unwrap());
    let filled = Filled::read(&read("r.xlsx", Kind::Xlsx, &bytes).unwrap()).unwrap();
    assert_eq!(
        (filled.all, filled.case.as_deref()),
        (rows.len(), Some("The Harbour Strip"))
    );
    assert_eq!((filled.expert, filled.on), (None, None));
    assert!(judge(&Filled::default(), &case).answers.is_empty());
    // Without what the case has now.
    let blind = xlsx(&about(), &rows, Blind::Yes).unwrap();
    let blind = Filled::read(&read("r.xlsx", Kind::Xlsx, &blind).unwrap()).unwrap();
    assert_eq!(blind.all, rows.len());
    assert!(!csv(&about(), &rows, Blind::Yes).contains("Now"));
}

#[test]
fn what_experts_fill_becomes_experts_of_their_numbers_and_nothing_else_changes() {
    let first_text = first();
    let before = case(&first_text);
    let rows = rows(&before, &[]);
    let answers = [
        (
            "contest.pace",
            ["3", "8", "5", "Maps of two months.", "It crawls."],
        ),
        ("party.north.burden", ["12", "20", "", "", ""]),
        ("party.north.patience", ["0.98", "0.999", "", "", ""]),
        ("contest.edge", ["0,1", "0,1", "0,1", "", ""]),
        (
            "party.north.type.merchants.prior",
            ["30%", "60%", "50%", "", ""],
        ),
    ];
    let judged = judged(&before, &filled(&rows, &answers));
    assert!(judged.refused.is_empty(), "{:?}", judged.refused);
    let files = vec![("case.toml".to_owned(), first_text.clone())];
    let first = put(&files, &before, &expert("A. Ada"), &judged.answers);
    assert!(first.refused.is_empty(), "{:?}", first.refused);
    assert_eq!(first.changes.len(), answers.len());
    let after = case(&first.texts[0]);
    let input =
        |case: &Case, path: &str| case.inputs.iter().find(|i| i.path == path).unwrap().clone();
    for (path, low, high) in [
        ("contest.pace", 3.0, 8.0),
        ("party.north.burden", 12.0, 20.0),
        ("party.north.type.merchants.prior", 0.3, 0.6),
    ] {
        let input = input(&after, path);
        let [own] = &input.experts[..] else {
            panic!("{:?}", input.experts);
        };
        assert_eq!((own.by.as_str(), own.on.as_str()), ("A. Ada", "2025-03-19"));
        assert!(
            (own.distribution.quantile(0.05) - low).abs() < 1e-9,
            "{path}"
        );
        assert!(
            (own.distribution.quantile(0.95) - high).abs() < 1e-9,
            "{path}"
        );
        assert_eq!(input.status, Status::Judgement, "{path}");
    }
    let pace = input(&after, "contest.pace");
    assert_eq!(
        (pace.experts[0].why.as_str(), pace.experts[0].says.as_str()),
        ("Maps of two months.", "It crawls.")
    );
    assert!((pace.experts[0].distribution.quantile(0.5) - 5.0).abs() < 1e-9);
    assert_eq!(
        input(&after, "contest.edge").experts[0]
            .distribution
            .exact(),
        Some(0.1)
    );
    // An end on the bound is a hard one; what nobody had stated stands in its party's table.
    let patience = input(&after, "party.north.patience");
    assert_eq!(patience.experts[0].distribution.quantile(1.0), 0.999);
    assert!(
        first.texts[0].contains("[party.north]\npatience = { status"),
        "{}",
        first.texts[0]
    );
    // Every line that is no answer's stands as it was.
    let kept: Vec<&str> = FIRST
        .lines()
        .filter(|line| !first.texts[0].contains(line))
        .collect();
    assert!(kept.len() <= answers.len(), "{kept:#?}");
    // The same once more changes nothing; another value replaces the old one, which is shown; a second expert stands beside.
    let files = vec![("case.toml".to_owned(), first.texts[0].clone())];
    let again = put(&files, &after, &expert("A. Ada"), &judged.answers);
    assert_eq!(again.texts[0], first.texts[0]);
    assert!(
        again
            .changes
            .iter()
            .all(|change| change.before == Before::Same)
    );
    let other = self::judged(
        &after,
        &filled(
            &rows,
            &[
                ("contest.pace", ["2", "4", "", "", ""]),
                ("party.north.burden", ["1", "2", "", "", ""]),
            ],
        ),
    );
    assert!(other.answers.iter().all(|answer| answer.path != "x"));
    let replaced = put(&files, &after, &expert("A. Ada"), &other.answers);
    assert!(
        replaced
            .changes
            .iter()
            .any(|c| c.before == Before::Answered("3 / 5 / 8 (2025-03-19)".to_owned())),
        "{:?}",
        replaced.changes
    );
    let second = put(&files, &after, &expert("Ben"), &other.answers);
    let both = case(&second.texts[0]);
    let pace = input(&both, "contest.pace");
    let names: Vec<&str> = pace
        .experts
        .iter()
        .map(|expert| expert.by.as_str())
        .collect();
    assert_eq!(names, ["A. Ada", "Ben"]);
    assert!(matches!(&pace.draw, Draw::Own(d) if d.exact().is_none()));
}

#[test]
fn answers_that_cannot_stand_are_refused_one_by_one() {
    let case = case(FIRST);
    let mut rows = rows(&case, &[]);
    let answers = [
        (
            "party.north.type.merchants.prior",
            ["30", "60", "", "", ""],
            "30 is beyond the bounds of this number|did you mean 30%?",
        ),
        (
            "contest.volatility",
            ["-1", "3", "", "", ""],
            "-1 is beyond the bounds of this number|0 or more",
        ),
        (
            "party.south.patience",
            ["0.5", "0.99", "", "", ""],
            "0.5 is beyond the bounds|0.9 to 0.999",
        ),
        (
            "contest.pace",
            ["9", "4", "", "", ""],
            "low is 9 and high is 4|",
        ),
        (
            "party.north.burden",
            ["", "", "10", "", ""],
            "a middle stands alone|If you are certain",
        ),
        (
            "party.south.burden",
            ["3", "", "", "", ""],
            "high is missing|",
        ),
        (
            "contest.decisive",
            ["a few", "3", "", "", ""],
            "“a few” is not a number|",
        ),
        (
            "contest.other_end",
            ["0.01", "0.03", "0.05", "", ""],
            "low is 0.01, the middle 0.05 and high 0.03|",
        ),
    ];
    let cells: Vec<(&str, [&str; 5])> = answers
        .iter()
        .map(|(path, cells, _)| (*path, *cells))
        .collect();
    for path in answers.iter().map(|(path, ..)| path) {
        assert!(rows.iter().any(|row| row.path == *path), "{path}");
    }
    let judged = judged(&case, &filled(&rows, &cells));
    assert!(judged.answers.is_empty(), "{:?}", judged.answers);
    for (_, _, expected) in answers {
        let (what, help) = expected.split_once('|').unwrap();
        let found = judged
            .refused
            .iter()
            .any(|f| f.message.contains(what) && f.help.as_deref().unwrap_or("").contains(help));
        assert!(found, "{expected}: {:#?}", judged.refused);
    }
    // Paths: one that is nowhere, one that nobody can be asked for, one twice; and words without numbers.
    rows.truncate(4);
    rows[0].path = "party.north.buden".to_owned();
    rows[1].path = "lever.arms_taper.on".to_owned();
    rows[2].path = "contest.pace".to_owned();
    rows[3].path = "contest.pace".to_owned();
    let cells = [
        ("party.north.buden", ["1", "2", "", "", ""]),
        ("lever.arms_taper.on", ["0", "1", "", "", ""]),
        ("contest.pace", ["1", "2", "", "", ""]),
    ];
    let judged = self::judged(&case, &filled(&rows, &cells));
    let said: Vec<&str> = judged.refused.iter().map(|f| f.message.as_str()).collect();
    assert!(
        said[0].contains("the case has no number party.north.buden"),
        "{said:?}"
    );
    assert_eq!(
        judged.refused[0].help.as_deref(),
        Some("did you mean party.north.burden?")
    );
    assert!(
        said[1].contains("is no number that experts can be asked for")
            && said[2].contains("a second answer"),
        "{said:?}"
    );
    assert_eq!(judged.answers.len(), 1);
    rows.truncate(3);
    rows[2].path = "contest.edge".to_owned();
    let judged = self::judged(
        &case,
        &filled(
            &rows[2..],
            &[("contest.edge", ["", "", "", "No idea.", ""])],
        ),
    );
    assert_eq!(
        (judged.words_alone.as_slice(), judged.answers.len()),
        (&["contest.edge".to_owned()][..], 0)
    );
}

/// A column that somebody has called otherwise, taken out or written twice would be passed over with the answers in it.
#[test]
fn columns_of_answers_are_all_there_and_once() {
    let case = case(FIRST);
    let bytes = filled(
        &rows(&case, &[]),
        &[("contest.pace", ["3", "8", "5", "", ""])],
    );
    let text = String::from_utf8(bytes).unwrap();
    for (from, to, expected) in [
        (
            ",Middle,",
            ",Mid,",
            "D1202 r.csv, line 1: there is no column Middle",
        ),
        (
            ",Low,",
            ",Lowest,",
            "D1202 r.csv, line 1: there is no column Low",
        ),
        (
            ",Middle,",
            ",High,",
            "D1205 r.csv, line 1, column L: a second column is called High",
        ),
        ("Path,", "Number,", "D1202 r.csv: it is no register"),
    ] {
        let spoilt = text.replacen(from, to, 1);
        let book = read("r.csv", Kind::Csv, spoilt.as_bytes()).unwrap();
        let said = Filled::read(&book).unwrap_err();
        let said: Vec<String> = said
            .iter()
            .map(|f| format!("{} {}", f.code, f.message))
            .collect();
        assert!(
            said.iter().any(|said| said == expected),
            "{expected}: {said:?}"
        );
    }
}

#[test]
fn a_number_that_has_changed_since_it_was_asked_for_is_said() {
    let before = case(FIRST);
    let bytes = filled(
        &rows(&before, &[]),
        &[
            ("contest.pace", ["3", "8", "", "", ""]),
            ("contest.edge", ["0", "1", "", "", ""]),
        ],
    );
    let changed = case(&FIRST.replacen("pace = \"4 to 9\"", "pace = \"40 to 90\"", 1));
    let judged = judged(&changed, &bytes);
    let said: Vec<bool> = judged
        .answers
        .iter()
        .map(|a| {
            format!("{a:?}").contains("D1208")
                || format!("{a:?}").contains("another number than when")
        })
        .collect();
    let paths: Vec<&str> = judged.answers.iter().map(|a| a.path.as_str()).collect();
    assert_eq!(
        (paths, said),
        (vec!["contest.edge", "contest.pace"], vec![false, true])
    );
}

/// An answer that would make something that no world can have is refused by itself, and the others stand.
#[test]
fn an_impossible_answer_does_not_take_the_others_with_it() {
    let before = case(FIRST);
    let priors: Vec<String> = before
        .inputs
        .iter()
        .filter(|i| {
            i.path.starts_with("party.north.type.")
                && i.path.split('.').next_back() == Some("prior")
        })
        .map(|i| i.path.clone())
        .collect();
    assert!(priors.len() >= 2);
    let zero = ["0", "0", "0", "", ""];
    let mut cells: Vec<(&str, [&str; 5])> =
        priors.iter().map(|path| (path.as_str(), zero)).collect();
    cells.push(("contest.pace", ["3", "8", "", "", ""]));
    let judged = judged(&before, &filled(&rows(&before, &[]), &cells));
    let files = vec![("case.toml".to_owned(), FIRST.to_owned())];
    let made = put(&files, &before, &expert("A"), &judged.answers);
    assert!(!made.refused.is_empty());
    assert!(
        made.changes.is_empty() && made.texts[0] == FIRST,
        "only together are they impossible"
    );
}
