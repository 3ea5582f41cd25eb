//! Tables written: what they say is what the game pays, and there is one text for each table.

use detente_games::{Game, Kind, Number, nfg};
use proptest::prelude::*;

use super::game;

/// Tables longer than this are written and no more.
const LONG: usize = 1 << 17;

/// Games whose tables have up to a million profiles, which takes seconds to write.
const SLOW: [&str; 3] = ["chain-store", "chain-store-tough", "private-shocks"];

/// For each player its information sets, in the order of the tree.
fn sets_of(game: &Game, player: usize) -> Vec<usize> {
    let mut sets: Vec<usize> = (0..game.sets().len())
        .filter(|set| game.sets()[*set].player as usize == player)
        .collect();
    sets.sort_by_key(|set| game.sets()[*set].members.first().copied());
    sets
}

/// What `node` and what follows pays on average, if each information set does what `does` says.
fn worth(game: &Game, node: usize, does: &[Option<usize>]) -> Vec<f64> {
    let mut paid = match game.nodes()[node].outcome {
        Some(outcome) => game.outcomes()[outcome as usize]
            .payoffs
            .iter()
            .map(Number::value)
            .collect(),
        None => vec![0.0; game.players.len()],
    };
    let weighed: Vec<(usize, f64)> = match game.nodes()[node].kind {
        Kind::Terminal => Vec::new(),
        Kind::Chance(set) => {
            let chance = game.chances()[set as usize].chance.iter();
            game.children(node).zip(chance.map(Number::value)).collect()
        }
        Kind::Personal(set) => {
            let action = does[set as usize].expect("a strategy says what to do where it comes");
            let child = game.children(node).nth(action);
            vec![(child.expect("an action has a child"), 1.0)]
        }
    };
    for (child, weight) in weighed {
        for (sum, more) in paid.iter_mut().zip(worth(game, child, does)) {
            *sum += weight * more;
        }
    }
    paid
}

/// What a strategy of the table is called says what it does in the tree; `None` if labels of actions hold the sign between them.
fn meant(game: &Game, player: usize, strategy: &str, does: &mut [Option<usize>]) -> Option<()> {
    let sets = sets_of(game, player);
    let parts: Vec<&str> = strategy.split(", ").collect();
    if sets.is_empty() {
        return strategy.is_empty().then_some(());
    }
    if parts.len() != sets.len() {
        return None;
    }
    for (set, part) in sets.into_iter().zip(parts) {
        let actions = &game.sets()[set].actions;
        does[set] = match part {
            "*" => None,
            part => Some(
                actions
                    .iter()
                    .position(|action| **action == *part)
                    .or_else(|| part.parse::<usize>().ok().map(|number| number - 1))?,
            ),
        };
    }
    Some(())
}

/// What each profile of a table pays, in the order of its plays.
fn ends(table: &Game) -> Vec<Vec<f64>> {
    let ends = table
        .nodes()
        .iter()
        .enumerate()
        .filter(|(_, node)| node.kind == Kind::Terminal);
    ends.map(|(node, _)| worth(table, node, &[])).collect()
}

#[test]
fn every_game_that_ships_is_written_as_a_table_or_is_too_large_for_one() {
    let mut refused = Vec::new();
    let mut compared = 0;
    let quick = crate::known::shipped().filter(|(name, _)| !SLOW.contains(name));
    for (name, text) in quick {
        let game = super::game(text);
        let text = match nfg::write(&game) {
            Ok(text) => text,
            Err(why) => {
                refused.push((name, why));
                continue;
            }
        };
        // Reading and checking megabytes takes its time.
        if text.len() > LONG {
            continue;
        }
        let table = super::game(&text);
        // Not `assert_eq`, which would print megabytes.
        assert!(nfg::write(&table).as_ref() == Ok(&text), "{name}");
        assert_eq!(table.players, game.players, "{name}");
        assert_eq!(table.comment, game.comment, "{name}");
        let sizes: Vec<usize> = table.sets().iter().map(|set| set.actions.len()).collect();
        let ends = ends(&table);
        assert_eq!(ends.len(), sizes.iter().product::<usize>(), "{name}");
        for (at, paid) in ends.iter().enumerate() {
            let mut does = vec![None; game.sets().len()];
            let (mut rest, mut known) = (at, true);
            for player in (0..sizes.len()).rev() {
                let label = &table.sets()[player].actions[rest % sizes[player]];
                rest /= sizes[player];
                known &= meant(&game, player, label, &mut does).is_some();
            }
            if !known {
                continue;
            }
            compared += 1;
            for (told, walked) in paid.iter().zip(worth(&game, 0, &does)) {
                assert!(
                    (told - walked).abs() < 1e-12,
                    "{name}: profile {at} pays {told}, not {walked}"
                );
            }
        }
    }
    assert!(compared > 5_000, "{compared}");
    for (name, why) in &refused {
        assert_eq!(*why, nfg::NotATable::TooLarge, "{name}");
    }
    assert!(refused.len() < 12, "{refused:?}");
}

/// A table that was read is written, however large: it has nodes for all of its profiles.
#[test]
fn a_large_table_is_written_again() {
    let profiles: Vec<String> = (0..300 * 200)
        .map(|at| format!("{} -{}/7", at % 11, at % 5))
        .collect();
    let read = game(&format!(
        "NFG 1 R \"large\" {{ \"A\" \"B\" }} {{ 300 200 }} {}",
        profiles.join("\n")
    ));
    let written = nfg::write(&read).expect("a table");
    assert!(written.ends_with(&format!("\n\n{}\n", profiles.join("\n"))));
}

const PAYOFFS: &str = "NFG 1 R \"two bodies\" { \"A\" \"B\" } { 2 3 }
1 2.50 -3/4 0 1e3 1.5e-2 .5 007 4 -0 6/8 1";

/// The same table as outcomes, which stand in the order of the profiles, or in another.
const LISTS: [&str; 2] = [
    "NFG 1 D \"two bodies\" { \"A\" \"B\" } { { \"1\" \"2\" } { \"1\" \"2\" \"3\" } } \"\"
{ { \"\" 1, 2.50 } { \"\" -3/4 0 } { \"\" 1e3, 1.5e-2 } { \"\" .5, 007 } { \"\" 4 -0 } { \"\" 6/8, 1 } }
1 2 3 4 5 6",
    "NFG 1 R \"two bodies\" { \"A\" \"B\" } { 2 3 } { { \"\" 6/8, 1 } { \"\" 4, -0 } { \"\" .5, 007 }
{ \"\" 1e3, 1.5e-2 } { \"\" -3/4, 0 } { \"\" 1, 2.50 } } 6 5 4 3 2 1",
];

#[test]
fn both_bodies_become_one_text_that_spells_numbers_as_they_were() {
    let written = nfg::write(&game(PAYOFFS)).expect("a table");
    assert_eq!(
        written,
        "NFG 1 R \"two bodies\" { \"A\" \"B\" }\n\n{ { \"1\" \"2\" } { \"1\" \"2\" \"3\" } }\n\"\"\n\n\
         1 2.50\n-3/4 0\n1e3 1.5e-2\n.5 007\n4 -0\n6/8 1\n"
    );
    for list in LISTS {
        assert_eq!(nfg::write(&game(list)).as_ref(), Ok(&written));
    }
}

/// What only a list can say stays: labels, outcomes of several profiles, profiles without one.
#[test]
fn outcomes_are_listed_where_they_say_more_than_payoffs() {
    let text = "NFG 1 R \"\" { \"A\" \"B\" } { 2 2 }
{ { \"never\" 9, 9 } { \"peace\" 2.50, 1/3 } { \"war\" -1, .5 } } 2 3 3 0";
    let read = game(text);
    let written = nfg::write(&read).expect("a table");
    assert!(
        written.ends_with("{\n{ \"peace\" 2.50, 1/3 }\n{ \"war\" -1, .5 }\n}\n1 2\n2 0\n"),
        "{written}"
    );
    let again = game(&written);
    assert_eq!(nfg::write(&again), Ok(written));
    // Two plays share an outcome, and one has none: noise on payoffs treats them so.
    let of = |game: &Game| -> Vec<Option<String>> {
        let ends = game.nodes().iter().filter(|n| n.kind == Kind::Terminal);
        ends.map(|node| {
            let outcome = &game.outcomes()[node.outcome? as usize];
            Some(outcome.label.to_string())
        })
        .collect()
    };
    assert_eq!(of(&again), of(&read));
    let words: Vec<Option<&str>> = vec![Some("peace"), Some("war"), Some("war"), None];
    let found = of(&again);
    assert_eq!(
        found.iter().map(Option::as_deref).collect::<Vec<_>>(),
        words
    );
}

/// A tree without chance ends in outcomes, which keep their labels and spelling; with chance only where it does not matter.
#[test]
fn a_tree_keeps_outcomes_where_profiles_end_in_one() {
    let tree = "EFG 2 R \"entry\" { \"E\" \"I\" } p \"\" 1 1 \"\" { \"out\" \"in\" } 0
        t \"\" 7 \"stays out\" { 0.0, 2 }
        p \"\" 2 1 \"\" { \"fight\" \"give in\" } 0 t \"\" 3 \"war\" { -1, -1 } t \"\" 5 \"shared\" { 1, 1.0 }";
    let written = nfg::write(&game(tree)).expect("a table");
    assert!(
        written.ends_with(
            "{\n{ \"war\" -1, -1 }\n{ \"shared\" 1, 1.0 }\n{ \"stays out\" 0.0, 2 }\n}\n3 1\n3 2\n"
        ),
        "{written}"
    );
    let tossed = "EFG 2 R \"toss\" { \"A\" } p \"\" 1 1 \"\" { \"sure\" \"risky\" } 0 t \"\" 1 \"sure\" { 0.50 }
        c \"\" 1 \"\" { \"h\" 1/2 \"t\" 1/2 } 0 t \"\" 2 \"h\" { 1.0 } t \"\" 3 \"t\" { 1/3 }";
    let written = nfg::write(&game(tossed)).expect("a table");
    assert!(written.ends_with("\n\n0.50\n2/3\n"), "{written}");
}

/// A random table in either body; labels, outcomes that several profiles share or none has.
fn table() -> impl Strategy<Value = String> {
    let number = prop::sample::select(vec![
        "0", "1", "-2", "2.50", "1/3", ".5", "-.25", "1e2", "-0",
    ]);
    let label = prop::sample::select(vec!["", "war", "peace \\\"now\\\"", "d\u{e9}tente", "a, b"]);
    (
        prop::collection::vec(1..4_usize, 1..4),
        any::<bool>(),
        prop::collection::vec((label, prop::collection::vec(number, 3)), 27),
        prop::collection::vec(0..8_usize, 27),
    )
        .prop_map(|(sizes, listed, outcomes, numbers)| {
            let players = sizes.len();
            let profiles: usize = sizes.iter().product();
            let names: Vec<String> = (0..players).map(|p| format!("\"P{p}\"")).collect();
            let sizes: Vec<String> = sizes.iter().map(ToString::to_string).collect();
            let pays = |at: usize| outcomes[at].1[..players].join(" ");
            let body: Vec<String> = if listed {
                let list = (0..7).map(|at| format!("{{ \"{}\" {} }}", outcomes[at].0, pays(at)));
                let list = list.collect::<Vec<_>>().join(" ");
                let after = numbers[..profiles].iter().map(ToString::to_string);
                std::iter::once(format!("{{ {list} }}"))
                    .chain(after)
                    .collect()
            } else {
                (0..profiles).map(pays).collect()
            };
            format!(
                "NFG 1 R \"random\" {{ {} }} {{ {} }} {}",
                names.join(" "),
                sizes.join(" "),
                body.join(" ")
            )
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_table_is_written_as_itself(text in table()) {
        let first = game(&text);
        let written = nfg::write(&first).expect("a table");
        let again = game(&written);
        prop_assert_eq!(nfg::write(&again), Ok(written));
        prop_assert_eq!(ends(&again), ends(&first));
        prop_assert_eq!(again.sets(), first.sets());
        // Spelled as before, each play's numbers.
        let spelled = |game: &Game| -> Vec<Vec<String>> {
            let ends = game.nodes().iter().filter(|n| n.kind == Kind::Terminal);
            ends.map(|node| node.outcome.map_or(Vec::new(), |outcome| {
                game.outcomes()[outcome as usize].payoffs.iter().map(Number::to_string).collect()
            })).collect()
        };
        prop_assert_eq!(spelled(&again), spelled(&first));
    }
}
