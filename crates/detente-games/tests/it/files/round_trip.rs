//! Random files: what is read is what was told, and what is written is read as the same.

use detente_games::{Builder, Game, Kind, Number, Recall, efg, families, recall};
use proptest::prelude::*;

use super::texts::{Line, Told, told};
use super::{game, read};

/// The nodes of a game, in the words of [`Told`].
fn lines(game: &Game) -> Vec<Line> {
    let line = |node: &detente_games::Node| {
        let (mover, set) = match node.kind {
            Kind::Chance(index) => (Some(0), game.chances()[index as usize].number),
            Kind::Personal(index) => {
                let set = &game.sets()[index as usize];
                (Some(set.player + 1), set.number)
            }
            Kind::Terminal => (None, 0),
        };
        let outcome = node
            .outcome
            .map_or(0, |index| game.outcomes()[index as usize].number);
        (
            node.parent as usize,
            node.branch as usize,
            mover,
            set,
            outcome,
            node.name.clone(),
        )
    };
    let names = |name: &str| -> &'static str { Box::leak(name.to_owned().into_boxed_str()) };
    game.nodes()
        .iter()
        .map(line)
        .map(|(parent, branch, mover, set, outcome, name)| Line {
            parent,
            branch,
            mover,
            set,
            outcome,
            name: names(&name),
        })
        .collect()
}

/// What must hold of any file: read as told; written, read as the same; written again, the same text.
fn try_told(told: &Told) {
    let first = game(&told.text);
    assert_eq!(lines(&first), told.nodes);
    for outcome in first.outcomes() {
        let typed: Vec<String> = outcome.payoffs.iter().map(Number::to_string).collect();
        assert_eq!(typed, told.payoffs[&outcome.number]);
    }
    for (index, node) in first.nodes().iter().enumerate() {
        let inside = first.nodes()[index + 1..]
            .iter()
            .take_while(|later| later.parent as usize >= index)
            .count();
        assert_eq!(node.end as usize, index + 1 + inside);
        let Kind::Personal(set) = node.kind else {
            continue;
        };
        assert!(
            first.sets()[set as usize]
                .members
                .contains(&u32::try_from(index).unwrap())
        );
    }
    let written = efg::write(&first);
    let second = game(&written);
    // Equal games may have numbers that were typed otherwise; equal texts may not.
    assert_eq!(second, first);
    assert_eq!(efg::write(&second), written);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_file_is_read_as_it_was_told(told in told(false)) {
        try_told(&told);
    }

    #[test]
    fn a_file_of_perfect_recall_is_read_and_known_as_such(told in told(true)) {
        try_told(&told);
        prop_assert_eq!(recall(&game(&told.text)), Recall::Perfect);
    }

    /// Leaving out everything behind any node leaves a game that lacks something, and says so once.
    #[test]
    fn a_file_that_ends_early_is_incomplete(told in told(false), share in 0.0..1.0_f64) {
        let written = efg::write(&game(&told.text)).replace("line\nbreak", "line");
        let lines: Vec<&str> = written.trim_end().lines().collect();
        let head = lines.len() - told.nodes.len();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a count")]
        let kept = 1 + (share * (told.nodes.len() - 1) as f64) as usize;
        let answer = read(&lines[..head + kept].join("\n"));
        prop_assert_eq!(answer.game.is_some(), kept == told.nodes.len());
        prop_assert_eq!(answer.diagnostics.len(), usize::from(kept < told.nodes.len()), "{}", answer.list());
    }
}

#[test]
fn the_crisis_family_is_written_and_read() {
    let crisis = families::crisis(3, 4);
    let written = efg::write(&crisis);
    let read = game(&written);
    assert_eq!(efg::write(&read), written);
    assert_eq!(read.nodes().len(), crisis.nodes().len());
    assert_eq!(read.outcomes(), crisis.outcomes());
    assert_eq!(recall(&read), Recall::Perfect);
}

#[test]
fn what_a_builder_makes_is_written_and_read() {
    let mut builder = Builder::new("ends in \\", ["A \"the first\"", "B\\"]);
    let set = builder.set(0, "s\\", ["l", "r\\\""]);
    let root = builder.root();
    let next = builder.moves(root, set);
    builder.pay(next[0], [Number::from(0.1), Number::from(-1e-9)]);
    builder.pay_as(next[1], "o", [Number::ratio(-1, 3), Number::from(7)]);
    builder.name(next[0], "end");
    let game = builder.finish();
    let again = self::game(&efg::write(&game));
    // The format has no room for a text that ends in a backslash.
    assert_eq!(again.title, "ends in \\ ");
    assert_eq!(&*again.sets()[0].label, "s\\ ");
    assert_eq!(&*again.sets()[0].actions[1], "r\\\"");
    assert_eq!(again.players, ["A \"the first\"", "B\\ "]);
    assert_eq!(again.nodes(), game.nodes());
    assert_eq!(again.outcomes(), game.outcomes());
    assert_eq!(efg::write(&again), efg::write(&game));
}
