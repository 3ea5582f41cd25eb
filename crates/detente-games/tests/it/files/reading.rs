//! What each feature of the files means, on games written by hand.

use std::fmt::Write;

use detente_games::{Kind, Number, Recall, Tree, efg, families, recall};

use super::{game, read};

/// Every feature at once: chance with a branch that never happens, payments on the way, information sets mentioned a second time with
/// and without their description, odd labels, an outcome used twice, all kinds of numbers, commas or none.
const EVERYTHING: &str = r#"
EFG 2 D "Odd \"quotes\" and \neg" { "A" "Bé" }
"A comment
over two lines"
c "start" 7 "deal" { "x" 0.50 "y" 1/2 "never" 0 } 1 "ante" { -1, -.5 }
p "start" 1 3 "" { "l" "l" } 0
p "" 2 3 "set" { "up" "down" } 2 "" { 1e1 007 }
t "" 4 "ante" { 2.50, 1.5e-2, }
t "" 0
t "" 4
p "" 1 3 0 p "" 2 3 "set" { "up" "down" } 2 "" { 1e1, 007 }
t "" 4 "ante" { 2.50 1.5e-2 }t "" 1
t
"" 0
t "" 0"#;

#[test]
fn every_feature_is_read() {
    let game = game(EVERYTHING);
    assert_eq!(game.title, r#"Odd "quotes" and \neg"#);
    assert_eq!(game.comment, "A comment\nover two lines");
    assert_eq!(game.players, ["A", "Bé"]);
    let nodes = game.nodes();
    let parents: Vec<u32> = nodes.iter().map(|node| node.parent).collect();
    assert_eq!(parents, [0, 0, 1, 2, 2, 1, 0, 6, 7, 7, 6, 0]);
    let branches: Vec<u32> = nodes.iter().map(|node| node.branch).collect();
    assert_eq!(branches, [0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 2]);
    let ends: Vec<u32> = nodes.iter().map(|node| node.end).collect();
    assert_eq!(ends, [12, 6, 5, 4, 5, 6, 11, 10, 9, 10, 11, 12]);
    assert_eq!(&*nodes[1].name, "start");
    assert_eq!(nodes[0].kind, Kind::Chance(0));
    assert_eq!(nodes[6].kind, Kind::Personal(0));
    assert_eq!(nodes[7].kind, Kind::Personal(1));
    let sets = game.sets();
    assert_eq!((sets[0].player, sets[1].player), (0, 1));
    assert_eq!((sets[0].number, sets[1].number), (3, 3));
    assert_eq!((&*sets[0].label, &*sets[1].label), ("", "set"));
    assert_eq!(sets[0].actions, ["l", "l"].map(Box::from));
    assert_eq!(sets[1].members, [2, 7]);
    assert_eq!(sets[1].first_action, 2);
    let chance = &game.chances()[0];
    assert_eq!((chance.number, &*chance.label), (7, "deal"));
    assert_eq!(
        chance.chance,
        [Number::ratio(1, 2), Number::ratio(1, 2), Number::from(0)]
    );
    assert_eq!(chance.chance[0].to_string(), "0.50");
    let outcomes = game.outcomes();
    let numbers: Vec<u64> = outcomes.iter().map(|outcome| outcome.number).collect();
    assert_eq!(numbers, [1, 2, 4]);
    assert_eq!(outcomes[1].payoffs, [10, 7].map(Number::from));
    assert_eq!(
        outcomes[2].payoffs,
        [Number::ratio(5, 2), Number::ratio(3, 200)]
    );
    assert_eq!(outcomes[2].payoffs[0].to_string(), "2.50");
    let paid: Vec<Option<u32>> = nodes.iter().map(|node| node.outcome).collect();
    let (ante, two, four) = (Some(0), Some(1), Some(2));
    assert_eq!(
        paid,
        [
            ante, None, two, four, None, four, None, two, four, ante, None, None
        ]
    );
    // Up after x: the ante, what is paid where B moves, and the end.
    let tree = Tree::new(&game).expect("perfect recall");
    assert_eq!(tree.payoff[..2], [-1.0 + 10.0 + 2.5, -0.5 + 7.0 + 0.015]);
}

#[test]
fn what_is_read_is_written() {
    let written = efg::write(&game(EVERYTHING));
    let expected = r#"EFG 2 R "Odd \"quotes\" and \neg" { "A" "Bé" }
"A comment
over two lines"

c "start" 7 "deal" { "x" 0.50 "y" 1/2 "never" 0 } 1 "ante" { -1, -.5 }
p "start" 1 3 "" { "l" "l" } 0
p "" 2 3 "set" { "up" "down" } 2 "" { 1e1, 007 }
t "" 4 "ante" { 2.50, 1.5e-2 }
t "" 0
t "" 4 "ante" { 2.50, 1.5e-2 }
p "" 1 3 "" { "l" "l" } 0
p "" 2 3 "set" { "up" "down" } 2 "" { 1e1, 007 }
t "" 4 "ante" { 2.50, 1.5e-2 }
t "" 1 "ante" { -1, -.5 }
t "" 0
t "" 0
"#;
    assert_eq!(written, expected);
}

#[test]
fn text_behind_the_last_node_is_ignored_with_a_warning() {
    for behind in [" and { so } \" on", "{", "and", " } ", "\"\"", ", 5", " 5"] {
        let text = format!("EFG 2 R \"x\" {{ \"A\" }} t \"\" 1 \"o\" {{ 1 }}{behind}");
        let answer = read(&text);
        assert_eq!(answer.game.expect("a game").nodes().len(), 1);
        assert_eq!(answer.diagnostics.len(), 1);
    }
    for behind in ["{", "and", "t \"\" 0"] {
        let answer = read(&format!("EFG 2 R \"x\" {{ \"A\" }} t \"\" 0{behind}"));
        assert_eq!(answer.game.expect("a game").nodes().len(), 1);
        assert_eq!(answer.diagnostics.len(), 1);
    }
}

#[test]
fn games_without_players_and_with_one_action_are_read() {
    let none = game("EFG 2 R \"\" { } c \"\" 1 \"\" { \"a\" 1 } 1 \"o\" { } t \"\" 1");
    assert!(none.outcomes()[0].payoffs.is_empty());
    let one = game("EFG 2 R \"\" { \"A\" } p \"\" 1 0 \"\" { \"\" } 0 t \"\" 0");
    assert_eq!((one.sets()[0].number, one.actions()), (0, 1));
}

/// Gambit's own files hold absent-minded and forgetful players.
#[test]
fn games_of_imperfect_recall_are_read_and_known_as_such() {
    let driver = game(
        "EFG 2 R \"Absent-minded driver (after Piccione and Rubinstein 1997)\" { \"Driver\" }
        p \"\" 1 1 \"\" { \"exit\" \"on\" } 0
        t \"\" 1 \"first exit\" { 0 }
        p \"\" 1 1 0
        t \"\" 2 \"second exit\" { 4 }
        t \"\" 3 \"no exit\" { 1 }",
    );
    assert_eq!(recall(&driver), Recall::AbsentMinded { set: 0 });
    let forgetful = game(
        "EFG 2 R \"Forgetful\" { \"A\" }
        p \"\" 1 1 \"\" { \"l\" \"r\" } 0
        p \"\" 1 2 \"\" { \"l\" \"r\" } 0 t \"\" 0 t \"\" 0
        p \"\" 1 2 0 t \"\" 0 t \"\" 0",
    );
    assert_eq!(recall(&forgetful), Recall::Imperfect { set: 1 });
}

#[test]
fn a_file_with_a_mark_of_its_encoding_or_windows_line_ends_is_read() {
    let plain = game(EVERYTHING.trim_start());
    assert_eq!(game(&format!("\u{feff}{}", EVERYTHING.trim_start())), plain);
    let text = efg::write(&families::crisis(2, 2));
    assert_eq!(game(&text.replace('\n', "\r\n")), game(&text));
    assert_eq!(game(&text.replace('\n', " ")), game(&text));
}

/// A tree of any depth: nothing in reading, writing or the analysis of recall calls itself.
#[test]
fn a_deep_tree_is_read() {
    const DEEP: usize = 100_000;
    let mut text = "EFG 2 R \"deep\" { \"A\" }\n".to_owned();
    for number in 1..=DEEP {
        writeln!(text, "p \"\" 1 {number} \"\" {{ \"on\" }} 0").unwrap();
    }
    text += "t \"\" 1 \"end\" { 1 }";
    let deep = game(&text);
    assert_eq!(deep.nodes().len(), DEEP + 1);
    assert!(
        deep.nodes()
            .iter()
            .all(|node| node.end as usize == DEEP + 1)
    );
    assert_eq!(recall(&deep), Recall::Perfect);
    assert_eq!(game(&efg::write(&deep)), deep);
}

const TABLE: &str = r#"NFG 1 R "Two by three" { "Row" "Column" }
{ { "top" "bottom" } { "left" "middle" "right" } }
"a comment"
{ { "a" 1, 10 } { "b" 2 20 } { "" 3, 30, } { "unused" 4, 40 } }
1 2 3 0 2 1"#;

#[test]
fn a_table_of_outcomes_is_read() {
    let game = game(TABLE);
    assert_eq!(
        (&*game.title, &*game.comment),
        ("Two by three", "a comment")
    );
    assert_eq!(game.nodes().len(), 1 + 2 + 6);
    assert_eq!(game.sets()[0].actions, ["top", "bottom"].map(Box::from));
    assert_eq!(
        game.sets()[1].actions,
        ["left", "middle", "right"].map(Box::from)
    );
    assert_eq!(game.sets()[1].members, [1, 5]);
    assert_eq!(game.sets()[1].first_action, 2);
    assert_eq!(recall(&game), Recall::Perfect);
    // Top first: entries 1, 3 and 5 of the table.
    let paid: Vec<u64> = (game
        .nodes()
        .iter()
        .filter(|node| node.kind == Kind::Terminal))
    .map(|node| {
        node.outcome
            .map_or(0, |index| game.outcomes()[index as usize].number)
    })
    .collect();
    assert_eq!(paid, [1, 3, 2, 2, 0, 1]);
    let numbers: Vec<u64> = game
        .outcomes()
        .iter()
        .map(|outcome| outcome.number)
        .collect();
    assert_eq!(
        numbers,
        [1, 3, 2],
        "in the order of the plays, and none unused"
    );
    let text = efg::write(&game);
    assert_eq!(super::game(&text), game);
}

#[test]
fn a_table_of_payoffs_is_read() {
    // Three players; what is paid tells the strategies: 100s for the first player's, 10s for the second's, 1s for the third's.
    let sizes = [2, 3, 2];
    let mut text = "NFG 1 D \"\" { \"A\" \"B\" \"C\" } { 2 3 2 }\n".to_owned();
    for third in 0..sizes[2] {
        for second in 0..sizes[1] {
            for first in 0..sizes[0] {
                writeln!(text, "{} 0 {first}", 100 * first + 10 * second + third).unwrap();
            }
        }
    }
    let game = game(&text);
    assert_eq!(game.sets()[1].actions, ["1", "2", "3"].map(Box::from));
    let mut leaf = 0;
    let nodes = game.nodes();
    for node in nodes.iter().filter(|node| node.kind == Kind::Terminal) {
        let second = &nodes[node.parent as usize];
        let first = &nodes[second.parent as usize];
        let told = 100 * first.branch + 10 * second.branch + node.branch;
        let outcome = &game.outcomes()[node.outcome.expect("it pays") as usize];
        assert_eq!(outcome.payoffs[0], Number::from(i64::from(told)));
        assert_eq!(outcome.payoffs[2], Number::from(i64::from(first.branch)));
        leaf += 1;
    }
    assert_eq!(leaf, 12);
    assert_eq!(super::game(&efg::write(&game)), game);
}

#[test]
fn a_table_that_would_become_too_large_a_tree_is_refused() {
    let players = 9_000;
    let text = format!(
        "NFG 1 R \"x\" {{ {} }} {{ 1000 {} }} {}",
        "\"A\" ".repeat(players),
        "1 ".repeat(players - 1),
        "0 ".repeat(1000)
    );
    let answer = read(&text);
    assert!(answer.game.is_none());
    let [said] = &answer.diagnostics[..] else {
        panic!("{}", answer.list());
    };
    assert_eq!(said.code, detente_diag::Code::TOO_LARGE);
    assert!(said.message.contains("9000001 nodes"), "{}", said.message);
}
