//! Every fault of a table, at its cell, with what was expected.

use crate::{book, csv, faults};

/// A table that has no faults, of which each test spoils something.
fn spoilt(sheet: &str, cell: (usize, usize), with: &'static str) -> Vec<String> {
    let mut positions = vec![
        vec![
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
        ],
        vec!["North", "Border", "", "50", "", "", "100", "", "", ""],
        vec!["South", "Border", "", "50", "", "", "0", "", "", ""],
        vec!["South", "Title", "", "50", "", "", "none", "", "", ""],
        vec!["North", "Title", "", "50", "", "", "all", "", "", ""],
    ];
    let mut parties = vec![
        vec!["Party", "Role", "No deal low", "No deal", "No deal high"],
        vec!["North", "", "", "40", ""],
        vec!["South", "", "", "", ""],
    ];
    let mut issues = vec![
        vec!["Issue", "Points", "Status quo"],
        vec!["Border", "0 to 100", "50"],
        vec!["Title", "none; some; all", "none"],
    ];
    let mut values = vec![
        vec![
            "Party",
            "Issue",
            "Point",
            "Value low",
            "Value",
            "Value high",
        ],
        vec!["South", "Title", "some", "", "40", ""],
    ];
    let mut case = vec![vec!["Date", "2025-03-19"]];
    let spoil = match sheet {
        "Positions" => &mut positions,
        "Parties" => &mut parties,
        "Issues" => &mut issues,
        "Values" => &mut values,
        "Case" => &mut case,
        other => panic!("{other}"),
    };
    let (row, column) = cell;
    if row == spoil.len() {
        spoil.push(with.split('|').collect());
    } else {
        spoil[row][column] = with;
    }
    let all = [
        ("Positions", positions),
        ("Parties", parties),
        ("Issues", issues),
        ("Values", values),
        ("Case", case),
    ];
    let rows: Vec<Vec<&[&str]>> = all
        .iter()
        .map(|(_, rows)| rows.iter().map(Vec::as_slice).collect())
        .collect();
    let sheets: Vec<(&str, &[&[&str]])> = all
        .iter()
        .zip(&rows)
        .map(|((name, _), rows)| (*name, rows.as_slice()))
        .collect();
    let book = book(&sheets);
    match detente_sheets::Table::read(&book, &crate::defaults()) {
        Ok(_) => Vec::new(),
        Err(faults) => faults
            .iter()
            .map(|f| {
                format!(
                    "{} {} [{}]",
                    f.code,
                    f.message,
                    f.help.as_deref().unwrap_or_default()
                )
            })
            .collect(),
    }
}

#[test]
fn nothing_is_wrong_before_something_is_spoilt() {
    assert_eq!(spoilt("Positions", (1, 3), "50"), Vec::<String>::new());
}

#[test]
fn each_fault_is_said_at_its_cell_with_what_was_expected() {
    for (sheet, cell, with, expected) in [
        // Names.
        (
            "Positions",
            (1, 0),
            "Nroth",
            "D1204 table.xlsx, sheet Positions, cell A2: “Nroth” is none of the parties [did you mean `North`?]",
        ),
        (
            "Positions",
            (1, 1),
            "Boder",
            "D1204 table.xlsx, sheet Positions, cell B2: “Boder” is none of the issues [did you mean `Border`?]",
        ),
        (
            "Positions",
            (3, 6),
            "nonne",
            "D1204 table.xlsx, sheet Positions, cell G4: “nonne” is no point of “Title” [did you mean `none`?]",
        ),
        (
            "Positions",
            (3, 6),
            "nothing at all",
            "D1204 table.xlsx, sheet Positions, cell G4: “nothing at all” is no point of “Title” [expected one of: none, some, all]",
        ),
        (
            "Positions",
            (3, 8),
            "sume",
            "cell I4: “sume” is no point of “Title” [did you mean `some`?]",
        ),
        (
            "Positions",
            (3, 9),
            "all; sume",
            "cell J4: “sume” is no point of “Title”",
        ),
        (
            "Positions",
            (1, 0),
            "",
            "D1203 table.xlsx, sheet Positions, cell A2: the party is missing",
        ),
        ("Positions", (1, 1), "", "cell B2: the issue is missing"),
        (
            "Parties",
            (1, 1),
            "prinicpal",
            "D1204 table.xlsx, sheet Parties, cell B2: “prinicpal” is no role [did you mean `principal`?]",
        ),
        (
            "Parties",
            (3, 0),
            "North||||",
            "D1205 table.xlsx, sheet Parties, cell A4: “North” stands twice among the parties",
        ),
        (
            "Parties",
            (3, 0),
            "West||||",
            "D0501 table.xlsx: “West” has no row among the positions",
        ),
        (
            "Values",
            (1, 1),
            "Titel",
            "D1204 table.xlsx, sheet Values, cell B2: “Titel” is none of the issues [did you mean `Title`?]",
        ),
        (
            "Values",
            (1, 2),
            "smoe",
            "D1204 table.xlsx, sheet Values, cell C2: “smoe” is no point of “Title” [did you mean `some`?]",
        ),
        ("Values", (1, 2), "", "cell C2: the point is missing"),
        (
            "Values",
            (2, 0),
            "South|Title|Some||50|",
            "D1205 table.xlsx, sheet Values, cell C3: a second value of “some” for “South”",
        ),
        (
            "Issues",
            (2, 2),
            "non",
            "D1204 table.xlsx, sheet Issues, cell C3: “non” is no point of “Title” [did you mean `none`?]",
        ),
        (
            "Issues",
            (3, 0),
            "title|a; b|a",
            "D1205 table.xlsx, sheet Issues, cell A4: “title” stands twice among the issues",
        ),
        // Numbers.
        (
            "Positions",
            (1, 3),
            "a lot",
            "D1203 table.xlsx, sheet Positions, cell D2: “a lot” is not a number",
        ),
        (
            "Positions",
            (1, 3),
            "1,234",
            "cell D2: “1,234” is ambiguous [“1,234” can be read in two ways: write 1234 for thousands, or 1.234 with a decimal point]",
        ),
        ("Positions", (1, 3), "-5", "cell D2: a weight lies below 0"),
        (
            "Positions",
            (1, 2),
            "60",
            "cell E2: high is missing, and low is stated",
        ),
        (
            "Positions",
            (1, 3),
            "70 to 60",
            "cell D2: low is 70 and high is 60 [low must lie below the middle",
        ),
        (
            "Positions",
            (1, 3),
            "1 / 2",
            "cell D2: “1 / 2” is not a number [low, middle and high in one cell are written 30 / 40 / 50]",
        ),
        (
            "Positions",
            (1, 6),
            "120",
            "D1203 table.xlsx, sheet Positions, cell G2: 120 lies outside the scale of “Border”, which goes from 0 to 100",
        ),
        (
            "Positions",
            (1, 5),
            "20",
            "cell G2: one end of what it wants is missing",
        ),
        (
            "Parties",
            (1, 3),
            "0.4",
            "D1203 table.xlsx, sheet Parties, cell D2: 0.4 of a hundred points is next to nothing",
        ),
        (
            "Values",
            (1, 4),
            "140",
            "cell E2: a value lies outside 0 to 100",
        ),
        (
            "Values",
            (1, 4),
            "0.4",
            "cell E2: this is next to nothing of a hundred [values go from 0 to 100: write 30 or 30%",
        ),
        (
            "Case",
            (0, 1),
            "19/3/2025",
            "D1203 table.xlsx, sheet Case, cell B1: “19/3/2025” is no date",
        ),
        (
            "Case",
            (1, 0),
            "Sumary|x",
            "D1202 table.xlsx, sheet Case, cell A2: “Sumary” is nothing that is asked for here [did you mean “summary”?]",
        ),
        // Points.
        (
            "Issues",
            (2, 1),
            "none",
            "D0501 table.xlsx, sheet Issues, cell B3: “Title” has 1 point",
        ),
        (
            "Issues",
            (2, 1),
            "none; some; None; all",
            "D1205 table.xlsx, sheet Issues, cell B3: “None” stands twice among the points of “Title”",
        ),
        (
            "Issues",
            (2, 1),
            "none; some = 3; all",
            "cell B3: some points of “Title” have a place, and others have none",
        ),
        (
            "Issues",
            (2, 1),
            "none = 3; some = 1; all = 7",
            "cell B3: the points of “Title” do not stand in the order of their places",
        ),
        (
            "Issues",
            (1, 1),
            "100 to 0",
            "D1203 table.xlsx, sheet Issues, cell B2: low is 100 and high is 0",
        ),
        (
            "Issues",
            (2, 1),
            "",
            "D1203 table.xlsx, sheet Issues, cell A3: nothing says in which order the points of “Title” lie: none, all, some",
        ),
        // Red lines.
        (
            "Positions",
            (3, 9),
            "none; some; all",
            "it would never sign “none”, which it wants most",
        ),
        (
            "Positions",
            (3, 9),
            "none",
            "D1203 table.xlsx, sheet Positions, cell J4: it would never sign “none”, which it wants most",
        ),
        // Columns and sheets.
        (
            "Positions",
            (0, 3),
            "Wieght",
            "D1202 table.xlsx, sheet Positions, cell D1: there is no column “Wieght” [did you mean “Weight”?",
        ),
        (
            "Positions",
            (0, 0),
            "Who",
            "D1202 table.xlsx, sheet Positions, row 1: there is no column Party",
        ),
        (
            "Positions",
            (0, 2),
            "Weight",
            "D1205 table.xlsx, sheet Positions, cell D1: a second column is called Weight",
        ),
        (
            "Positions",
            (5, 0),
            "North|Border||1|||0|||",
            "D1205 table.xlsx, sheet Positions, cell B6: “North” has a second row for “Border” [the first is at table.xlsx, sheet Positions, cell B2: keep one]",
        ),
    ] {
        let said = spoilt(sheet, cell, with);
        assert!(
            said.iter().any(|said| said.contains(expected)),
            "{sheet} {cell:?} {with}: {expected}\n{said:#?}"
        );
    }
}

#[test]
fn all_faults_are_said_at_once() {
    let text = "Party,Issue,Weight,Wants most,Role\nNorth,Border,x,0,boss\nSouth,Border,-1,100,\nSouth,Border,1,1,\n,Border,1,1,\n";
    let said: Vec<String> = faults(&csv(text)).into_iter().map(|f| f.message).collect();
    let expected = [
        "table.csv, line 2, column E: “boss” is no role",
        "table.csv, line 5, column A: the party is missing",
        "table.csv, line 2, column C: “x” is not a number",
        "table.csv, line 3, column C: a weight lies below 0",
        "table.csv, line 4, column B: “South” has a second row for “Border”",
    ];
    for expected in expected {
        assert!(
            said.iter().any(|said| said == expected),
            "{expected}: {said:#?}"
        );
    }
    assert_eq!(said.len(), expected.len(), "{said:#?}");
}

/// Something that is wrong in a row is said once: what is missing because of it is not.
#[test]
fn a_fault_has_no_echo() {
    for (cell, with) in [((3, 6), "nonne"), ((3, 8), "sume"), ((3, 5), "none")] {
        let said = spoilt("Positions", cell, with);
        assert_eq!(said.len(), 1, "{said:#?}");
    }
}

#[test]
fn what_is_missing_as_a_whole() {
    for (text, expected) in [
        ("Party,Issue,Wants\nA,x,0\n", "“A” is the only party"),
        (
            "Party,Issue,Wants,Role\nA,x,0,patron\nB,x,100,observer\n",
            "no party is a principal",
        ),
        (
            "Party,Issue,Wants,Weight\nA,x,0,0\nB,x,100,1\n",
            "all weights of “A” are 0",
        ),
        (
            "Party,Issue\nA,x\nB,x\n",
            "nothing says at which points “x” could be settled",
        ),
        (
            "Party,Issue,Wants\nA,x,yes\nB,x,yes\n",
            "“yes” is the only point of “x”",
        ),
        (
            "Party,Issue,Wants,Points\nA,x,,0 to 10\nB,x,3,\n",
            "nothing says what “A” wants of “x”",
        ),
        (
            "Party,Issue,Wants,Role\nA,x,0,patron\nB,x,100,\nA,y,0,principal\nB,y,3,\n",
            "the role of “A” is another here",
        ),
        (
            "Party,Issue,Wants,Points\nA,x,a,a; b\nB,x,b,b; a\n",
            "the list of points of “x” is another here",
        ),
        ("Party,Weight\nA,1\n", "there is no column Issue"),
        ("Who,What\nA,x\n", "no row has the headings Party, Issue"),
    ] {
        let said: Vec<String> = faults(&csv(text)).into_iter().map(|f| f.message).collect();
        assert!(
            said.iter().any(|said| said.contains(expected)),
            "{expected}: {said:#?}"
        );
    }
    let rows: Vec<String> = (0..20).map(|k| format!("P{k},x,{k}\n")).collect();
    let said = faults(&csv(&format!("Party,Issue,Wants\n{}", rows.concat())));
    assert!(
        said.iter()
            .any(|f| f.code.to_string() == "D0801" && f.message.contains("20 parties")),
        "{said:?}"
    );
    let wide: Vec<String> = (0..70)
        .map(|k| format!("P{},x,{}\n", k % 9, f64::from(k) * 1.01))
        .collect();
    let said = faults(&csv(&format!("Party,Issue,Wants\n{}", wide.concat())));
    assert!(
        said.iter().any(|f| f.message.contains("points")),
        "{said:?}"
    );
    // A book whose sheets are called otherwise.
    let other = book(&[("Postions", &[&["Party", "Issue"]]), ("B", &[&["x"]])]);
    let said = faults(&other);
    assert!(
        said[0].help.as_deref().unwrap().contains("“Postions”"),
        "{said:?}"
    );
    let other = book(&[
        ("Positions", &[&["Party", "Issue"], &["A", "x"]]),
        ("Partys", &[&["x"]]),
    ]);
    assert!(
        faults(&other)[0]
            .message
            .contains("sheet Partys: this sheet is none of a table’s")
    );
}
