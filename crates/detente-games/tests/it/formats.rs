//! Tables written, action graphs and XML read.

use detente_diag::{Diagnostics, FileId};
use detente_games::{Game, Kind, Number, agg, efg, nfg, xml};

use crate::certificate::games::Draw;

fn read<T>(
    text: &str,
    by: impl Fn(&str, FileId, &mut Diagnostics) -> Option<T>,
) -> Result<T, Vec<(String, usize)>> {
    let mut diagnostics = Diagnostics::default();
    let found = by(text, FileId(0), &mut diagnostics);
    found.ok_or_else(|| {
        let all = diagnostics.into_sorted();
        all.iter()
            .map(|d| {
                (
                    d.message.clone(),
                    d.labels.first().map_or(0, |label| label.span.start),
                )
            })
            .collect()
    })
}

/// What is paid at each end, in the order of the tree.
fn paid(game: &Game) -> Vec<Vec<f64>> {
    let ends = game
        .nodes()
        .iter()
        .filter(|node| node.kind == Kind::Terminal);
    ends.map(|node| match node.outcome {
        Some(outcome) => {
            let payoffs = game.outcomes()[outcome as usize].payoffs.iter();
            payoffs.map(Number::value).collect()
        }
        None => vec![0.0; game.players.len()],
    })
    .collect()
}

/// Two players and two nodes that both may choose: as Gambit reads it.
#[test]
fn an_action_graph_pays_by_configuration() {
    let text =
        "#AGG\n# a comment\n2\n2\n0\n2 2\n0 1\n0 1\n2 0 1\n2 1 0\n0 35.5 -3.75\n0 -10.25 95.5\n";
    let game = read(text, agg::read).expect("no errors");
    let all = [[-3.75, -3.75], [35.5, -10.25], [-10.25, 35.5], [95.5, 95.5]];
    assert_eq!(paid(&game), all);
}

/// Three players; a node counts how many chose either action, by a function node, with payoffs as a list.
#[test]
fn functions_and_lists_of_an_action_graph() {
    let with = |function: u8, list: &str| {
        format!(
            "#AGG\n3 2 1  2 2 2  0 1 0 1 0 1\n1 2\n1 0\n1 0\n{function}\n{list}\n1 3 [ 0 ] 7 [1] 8 [ 2 ] 9\n"
        )
    };
    // The function node looks at node 0: how many chose it.
    let sum = read(&with(0, "1 3 [ 1 ] 1 [ 2 ] 2 [ 3 ] 3"), agg::read).expect("no errors");
    assert_eq!(paid(&sum)[0], [3.0, 3.0, 3.0]);
    assert_eq!(paid(&sum)[1], [2.0, 2.0, 9.0]);
    assert_eq!(paid(&sum)[7], [7.0, 7.0, 7.0]);
    // Whether anybody chose it.
    let any = read(&with(1, "0 5"), agg::read).expect("no errors");
    assert_eq!(paid(&any)[1], [5.0, 5.0, 9.0]);
    let missing = read(&with(0, "1 2 [ 1 ] 1 [ 2 ] 2"), agg::read).expect_err("not complete");
    assert!(
        missing[0].0.contains("no payoff for the configuration [3]"),
        "{missing:?}"
    );
}

#[test]
fn faults_of_action_graphs_are_told() {
    for (text, message) in [
        ("#BAGG\n1", "Bayesian"),
        (
            "#AGG\n",
            "expected the number of players, but the file ends",
        ),
        ("#AGG\n0 1 0", "at least one"),
        ("#AGG\n1 1 0 1 4", "there is no node 4"),
        ("#AGG\n1 1 0 1 0 0 7 1", "payoffs of type 7"),
        ("#AGG\n1 1 0 1 0 0 0 x", "`x` is not a payoff"),
        ("#AGG\n1 1 0 1 0 0 0 1 2", "the file goes on"),
        ("#AGG\n1 1 1 1 0 0 1 0 12", "functions of type 12"),
        ("#AGG\n1 1 1 1 0 0 1 1 0 0 1", "in a circle"),
        (
            "#AGG\n30 2 0 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2",
            "too many",
        ),
    ] {
        let faults = read(text, agg::read).expect_err(text);
        assert!(faults[0].0.contains(message), "{text}: {faults:?}");
    }
}

const EXPLORER: &str = r#"<?xml version="1.0"?>
<gte version="0.1"><gameDescription>A lie</gameDescription>
<players><player playerId="1">Sender</player><player playerId="2">Receiver</player></players>
<extensiveForm><node>
  <node player="1" prob="1/4" move="good" isetName="knows good">
    <node player="2" iset="3" move="says so"><outcome move="believe"><payoff player="1" value="2"/><payoff player="2" value="2"/></outcome>
      <outcome move="doubt"><payoff player="1">1/2</payoff></outcome></node>
    <outcome move="silent"/>
  </node>
  <node player="1" prob="0.75" move="bad">
    <node iset="3" move="says so"><outcome move="believe"><payoff player="Sender" value="3"/></outcome>
      <outcome move="doubt"><payoff player="2" value="1"/></outcome></node>
    <outcome move="silent" outcomeName="nothing"><payoff player="2" value="1"/></outcome>
  </node>
</node></extensiveForm></gte>"#;

#[test]
fn a_tree_of_the_explorer_is_read() {
    let (game, table) = read(EXPLORER, xml::read).expect("no errors");
    assert!(!table);
    assert_eq!(
        (game.title.as_str(), &game.players[..]),
        ("A lie", &["Sender".to_owned(), "Receiver".to_owned()][..])
    );
    assert_eq!(
        (game.nodes().len(), game.sets().len(), game.actions()),
        (11, 3, 6)
    );
    let hears = game
        .sets()
        .iter()
        .find(|set| set.player == 1)
        .expect("moves");
    assert_eq!((hears.members.len(), &*hears.actions[1]), (2, "doubt"));
    let all = [
        [2.0, 2.0],
        [0.5, 0.0],
        [0.0, 0.0],
        [3.0, 0.0],
        [0.0, 1.0],
        [0.0, 1.0],
    ];
    assert_eq!(paid(&game), all);
    // As a tree like any other.
    let again = read(&efg::write(&game), efg::read).expect("as written");
    assert_eq!(paid(&again), all);
}

#[test]
fn faults_of_xml_are_told() {
    let without = |from: &str, to: &str| EXPLORER.replacen(from, to, 1);
    for (text, message) in [
        (without("prob=\"1/4\"", "prob=\"1/3\""), "add up to 13/12"),
        (without("prob=\"1/4\"", ""), "of chance"),
        (
            without("value=\"2\"", "value=\"two\""),
            "`two` is not a payoff",
        ),
        (
            without("player=\"2\" value=\"2\"", "player=\"9\" value=\"2\""),
            "there is no player `9`",
        ),
        (without("</gte>", ""), "this is no XML"),
        ("<a/>".to_owned(), "no game that is known"),
        ("<extensiveForm/>".to_owned(), "at least one"),
    ] {
        let faults = read(&text, xml::read).expect_err(message);
        assert!(faults[0].0.contains(message), "{message}: {faults:?}");
    }
}

#[test]
fn a_workspace_holds_a_file() {
    let tree = "EFG 2 R \"w\" { \"A\" } p \"\" 1 1 \"\" { \"l\" \"r\" } 0 t \"\" 1 \"\" { 1 } t \"\" 2 \"\" { 2 }";
    let around = |inner: &str| {
        format!(
            "<?xml version=\"1.0\"?>\n<gambit:document xmlns:gambit=\"http://gambit.sourceforge.net/\" version=\"0.1\">\n<game>{inner}</game></gambit:document>"
        )
    };
    let plain = around(&format!("<efgfile>\n{tree}\n</efgfile>"));
    let quoted = around(&format!("<efgfile><![CDATA[{tree}]]></efgfile>"));
    let escaped = around(&format!(
        "<efgfile>{}</efgfile>",
        tree.replace('"', "&quot;")
    ));
    for text in [&plain, &quoted, &escaped] {
        let (game, table) = read(text, xml::read).expect("no errors");
        assert!(!table);
        assert_eq!(paid(&game), [[1.0], [2.0]]);
    }
    let table = around("<nfgfile>NFG 1 R \"t\" { \"A\" } { 2 } 3 4</nfgfile>");
    assert!(read(&table, xml::read).expect("no errors").1);
    // A fault inside stands where it stands in the whole.
    let wrong = plain.replace("{ 2 }", "{ two }");
    let faults = read(&wrong, xml::read).expect_err("a word for a payoff");
    assert_eq!(faults[0].1, wrong.find("two").expect("there"));
    assert!(read(&escaped.replace("{ 2 }", "{ two }"), xml::read).is_err());
}

#[test]
fn a_table_is_written_as_it_was_read() {
    let text = "NFG 1 R \"t\" { \"A\" \"B\" \"C\" } { { \"u\" \"d\" } { \"l\" \"m\" \"r\" } { \"x\" \"y\" } } \"says\"\n\
        1 2 3 -1/2 0 0.25 1 1 1 2 2 2 3 3 3 4 4 4 5 5 5 6 6 6 7 7 7 8 8 8 9 9 9 10 10 10";
    let game = read(text, nfg::read).expect("no errors");
    let written = nfg::write(&game).expect("a table");
    let again = read(&written, nfg::read).expect("as written");
    assert_eq!(paid(&game), paid(&again));
    assert_eq!(
        (&game.title, &game.comment, &game.players),
        (&again.title, &again.comment, &again.players)
    );
    for (a, b) in game.sets().iter().zip(again.sets()) {
        assert_eq!(a.actions, b.actions);
    }
    assert_eq!(nfg::write(&again), Ok(written));
}

/// Entry, then chance, then a fight or not: strategies that differ only where they do not come are one, payoffs are means.
#[test]
fn a_tree_is_written_in_reduced_strategic_form() {
    let text = "EFG 2 R \"\" { \"E\" \"I\" } p \"\" 1 1 \"\" { \"out\" \"in\" } 0
        t \"\" 1 \"\" { 0, 2 }
        c \"\" 1 \"\" { \"h\" 1/4 \"l\" 3/4 } 2 \"\" { 1, 0 }
        p \"\" 2 1 \"\" { \"f\" \"a\" } 0 t \"\" 3 \"\" { -1, -1 }
        p \"\" 1 2 \"\" { \"s\" \"t\" } 0 t \"\" 4 \"\" { 1, 1 } t \"\" 5 \"\" { 3, 0 }
        t \"\" 6 \"\" { 0, 4 }";
    let game = read(text, efg::read).expect("no errors");
    let table = read(&nfg::write(&game).expect("a table"), nfg::read).expect("as written");
    let labels: Vec<&str> = table.sets()[0]
        .actions
        .iter()
        .map(|label| &**label)
        .collect();
    assert_eq!(labels, ["out, *", "in, s", "in, t"]);
    let all = [
        [0.0, 2.0],
        [0.0, 2.0],
        [0.75, 2.75],
        [1.25, 3.25],
        [0.75, 2.75],
        [1.75, 3.0],
    ];
    assert_eq!(paid(&table), all);
}

#[test]
fn what_is_no_table_is_not_written() {
    let driver = "EFG 2 R \"\" { \"D\" } p \"\" 1 1 \"\" { \"exit\" \"on\" } 0 t \"\" 0 p \"\" 1 1 0 t \"\" 0 t \"\" 0";
    let driver = read(driver, efg::read).expect("no errors");
    assert_eq!(nfg::write(&driver), Err(nfg::NotATable::AbsentMinded));
    let none = read("EFG 2 R \"\" { } t \"\" 0", efg::read).expect("no errors");
    assert_eq!(nfg::write(&none), Err(nfg::NotATable::NoPlayers));
}

/// Changed in a few places, texts are read or refused; nothing panics, and places are inside the text.
#[test]
fn changed_texts_never_panic() {
    let seeds = [
        EXPLORER.to_owned(),
        "#AGG\n3 2 1  2 2 2  0 1 0 1 0 1\n1 2\n1 0\n1 0\n0\n1 3 [ 1 ] 1 [ 2 ] 2 [ 3 ] 3\n1 3 [ 0 ] 7 [1] 8 [ 2 ] 9\n".to_owned(),
        "<w><efgfile>EFG 2 R \"w\" { \"A\" } t \"\" 1 \"\" { 1 }</efgfile></w>".to_owned(),
    ];
    let pieces = [
        "",
        "<",
        ">",
        "\"",
        "/",
        "0",
        "9",
        "-",
        "[",
        "node",
        "&",
        "\u{e9}",
        "\n",
        "#",
        "99999999999999999999",
    ];
    let mut draw = Draw::new(3);
    let mut read_again = 0;
    for round in 0..6_000 {
        let mut text = seeds[round % seeds.len()].clone();
        for _ in 0..=draw.below(3) {
            let at = draw.below(text.len());
            let end = (at + draw.below(6)).min(text.len());
            if text.is_char_boundary(at) && text.is_char_boundary(end) {
                text.replace_range(at..end, pieces[draw.below(pieces.len())]);
            }
        }
        let mut diagnostics = Diagnostics::default();
        let found = if agg::is_meant(&text) {
            agg::read(&text, FileId(0), &mut diagnostics).is_some()
        } else {
            xml::read(&text, FileId(0), &mut diagnostics).is_some()
        };
        read_again += usize::from(found);
        assert_eq!(found, !diagnostics.has_errors(), "{text}");
        for fault in diagnostics.as_slice() {
            let inside = |label: &detente_diag::Label| {
                label.span.start <= label.span.end && label.span.end <= text.len()
            };
            assert!(fault.labels.iter().all(inside), "{text}");
        }
    }
    assert!((100..5_900).contains(&read_again), "{read_again}");
}

/// Nesting takes no stack.
#[test]
fn deep_xml_is_read_or_refused() {
    let depth = 100_000;
    let mut text = String::from("<extensiveForm>");
    for _ in 0..depth {
        text.push_str("<node player=\"A\">");
    }
    text.push_str("<outcome/>");
    for _ in 0..depth {
        text.push_str("</node>");
    }
    text.push_str("</extensiveForm>");
    if let Ok((game, _)) = read(&text, xml::read) {
        assert_eq!(game.nodes().len(), depth + 1);
    }
}
