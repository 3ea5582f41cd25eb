//! No text makes a reader panic or run on, and every place that it points at is in the text.

use detente_games::{efg, families};
use proptest::prelude::*;

use super::read;

/// Reads a text, and checks what must hold of any: places lie in it, on letters' bounds, and a game that is accepted is written and
/// read as itself.
fn try_text(text: &str) {
    let answer = read(text);
    for d in &answer.diagnostics {
        assert!(
            !d.message.is_empty() && !d.labels.is_empty()
                || d.code == detente_diag::Code::TOO_LARGE
        );
        for label in &d.labels {
            let place = label.span.start..label.span.end;
            assert!(
                text.get(place.clone()).is_some(),
                "{} at {place:?} of {} bytes",
                d.code,
                text.len()
            );
        }
    }
    let error = |d: &detente_diag::Diagnostic| d.severity() == detente_diag::Severity::Error;
    assert_eq!(
        answer.game.is_none(),
        answer.diagnostics.iter().any(error),
        "{}",
        answer.list()
    );
    if let Some(game) = answer.game {
        let written = efg::write(&game);
        let again = read(&written);
        assert!(again.diagnostics.is_empty(), "{}", again.list());
        assert_eq!(again.game.as_ref(), Some(&game));
        assert_eq!(efg::write(again.game.as_ref().unwrap()), written);
    }
}

const SEEDS: [&str; 5] = [
    "EFG 2 R \"T\" { \"A\" \"B\" }\n\"comment\"\nc \"\" 1 \"deal\" { \"x\" 1/2 \"y\" 0.50 } 0\np \"n\" 1 1 \"s\" { \"l\" \"r\" } 1 \"toll\" { -1, 1 }\nt \"\" 2 \"o\" { 2.50, 1/3 }\np \"\" 2 1 \"\" { \"u\" \"d\" } 0\nt \"\" 2\nt \"\" 0\np \"n\" 1 1 0\nt \"\" 2\np \"\" 2 1 \"\" { \"u\" \"d\" } 0\nt \"\" 3 \"\" { 1e1 -.5 }\nt \"\" 0\n",
    "EFG 2 D \"\" { } t \"\" 0",
    "EFG 2 R \"é \\\"q\\\"\" { \"A\" } p \"\" 1 1 \"\" { \"on\" } 0 p \"\" 1 1 0 t \"\" 1 \"\" { 5 } behind",
    "NFG 1 R \"T\" { \"A\" \"B\" } { 2 3 } \"c\" 1 2 3 4 5 6 7/2 8 9 10 11 -.12",
    "NFG 1 D \"T\" { \"A\" \"B\" }\n{ { \"u\" \"d\" } { \"l\" \"r\" } }\n\n{ { \"o\" 1, 2 }\n{ \"p\" 3 4 } }\n1 2 0 1\n",
];

/// Pieces of the files, thrown together or put in the place of others.
const SCRAPS: [&str; 36] = [
    "EFG",
    "NFG",
    "2",
    "1",
    "R",
    "D",
    "\"\"",
    "\"a\"",
    "\"",
    "{",
    "}",
    ",",
    "c",
    "p",
    "t",
    "0",
    "1/2",
    "-1",
    ".5",
    "1e3",
    "1/0",
    "0x10",
    "+5",
    "\\\"",
    "\n",
    "\u{feff}",
    "é",
    "t \"\" 0",
    "p \"\" 1 1 \"\" { \"l\" \"r\" } 0",
    "c \"\" 1 \"\" { \"l\" 1/2 \"r\" 1/2 } 0",
    "t \"\" 1 \"\" { 1, 2 }",
    "99999999999999999999",
    "2147483647",
    "{ 1 1 }",
    "“",
    "1e400",
];

/// What is done to a text, at places given as shares of its length.
#[derive(Clone, Debug)]
enum Change {
    Delete(f64, usize),
    Double(f64, usize),
    Insert(f64, usize, &'static str),
    Letters(f64, usize, Vec<u8>),
}

impl Change {
    fn of(&self, text: &str) -> String {
        let (share, length) = match self {
            Change::Delete(at, length)
            | Change::Double(at, length)
            | Change::Insert(at, length, _)
            | Change::Letters(at, length, _) => (*at, *length),
        };
        let all = text.as_bytes();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of a length"
        )]
        let start = ((share * all.len() as f64) as usize).min(all.len());
        let end = (start + length).min(all.len());
        let old = &all[start..end];
        let new = match self {
            Change::Delete(..) => Vec::new(),
            Change::Double(..) => [old, old].concat(),
            Change::Insert(_, _, scrap) => format!(" {scrap} ").into_bytes(),
            Change::Letters(_, _, letters) => letters.clone(),
        };
        String::from_utf8_lossy(&[&all[..start], &new, &all[end..]].concat()).into_owned()
    }
}

fn change() -> impl Strategy<Value = Change> {
    let at = || 0.0..1.0_f64;
    prop_oneof![
        (at(), 1..30_usize).prop_map(|(at, n)| Change::Delete(at, n)),
        (at(), 1..100_usize).prop_map(|(at, n)| Change::Double(at, n)),
        (at(), 0..6_usize, prop::sample::select(SCRAPS.to_vec()))
            .prop_map(|(at, n, s)| Change::Insert(at, n, s)),
        (at(), 0..4_usize, prop::collection::vec(any::<u8>(), 1..6))
            .prop_map(|(at, n, l)| Change::Letters(at, n, l)),
    ]
}

proptest! {
    // No files of failures: what fails here becomes a test of its own below or a text of the corpus.
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        try_text(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn scraps_are_survived(scraps in prop::collection::vec(prop::sample::select(SCRAPS.to_vec()), 0..40), seed in 0..5_usize) {
        try_text(&scraps.join(" "));
        let (head, _) = SEEDS[seed].split_once('}').unwrap();
        try_text(&format!("{head}}}\n{}", scraps.join(" ")));
    }

    #[test]
    fn changed_files_are_survived(seed in 0..5_usize, changes in prop::collection::vec(change(), 1..4)) {
        try_text(&changes.iter().fold(SEEDS[seed].to_owned(), |text, change| change.of(&text)));
    }

    #[test]
    fn any_number_is_survived(number in "[-+0-9.eE/x%]{1,12}") {
        try_text(&format!("EFG 2 R \"\" {{ \"A\" }} t \"\" 1 \"\" {{ {number} }}"));
        try_text(&format!("EFG 2 R \"\" {{ \"A\" }} c \"\" {number} \"\" {{ \"a\" {number} }} 0 t \"\" 0"));
        try_text(&format!("NFG 1 R \"\" {{ \"A\" }} {{ {number} }} 1 2 3"));
    }
}

#[test]
fn the_seeds_are_accepted() {
    for seed in SEEDS {
        assert!(read(seed).game.is_some());
        try_text(seed);
    }
}

/// Texts whose reading would take minutes, and be noticed, if anything grew with the square of their length.
#[test]
fn long_texts_are_survived() {
    let count = usize::try_from(crate::of_many("pieces", 15_000, 60_000)).expect("few");
    let head = "EFG 2 R \"x\" { \"A\" }\n";
    for body in [
        "t \"\\\n",
        "p \"\" 1 1\n",
        "c \"\" 1 \"\" { \"a\" 1/2 \"b\" 1/2 } 0\n",
        "t \"\" 5\n",
        "}\n",
        "\"",
        "{ ",
        "p \"\" 7 1 \"\" { \"a\" } 0\n",
        "0x10 ",
        "t\"\" 0\n",
        "p \"x 1 1 \"\" { \"l\" \"r\" } 0\n",
    ] {
        try_text(&format!("{head}{}", body.repeat(count)));
    }
    let many = |what: &str| {
        (0..count)
            .map(|i| what.replace('#', &i.to_string()))
            .collect::<String>()
    };
    try_text(&format!("{head}{}", many("p \"\" 1 # \"\" { \"a\" } 0\n")));
    try_text(&format!("{head}{}", many("p \"\" 1 #\n")));
    try_text(&format!(
        "{head}p \"\" 1 1 \"\" {{ {} }} 0 {}",
        "\"a\" ".repeat(count),
        many("t \"\" # \"\" { # }\n")
    ));
    try_text(&format!(
        "{head}c \"\" 1 \"\" {{ {} }} 0",
        many("\"a\" 1/1# ")
    ));
    try_text(&format!("{head}t \"\" 1 \"\" {{ {} }}", "1".repeat(count)));
    try_text(&format!(
        "NFG 1 R \"x\" {{ {} }} {{ {} }} 0",
        "\"A\" ".repeat(count),
        "1 ".repeat(count)
    ));
    try_text(&format!(
        "NFG 1 R \"x\" {{ \"A\" }} {{ {count} }} {}",
        many("# ")
    ));
    try_text(&format!(
        "NFG 1 R \"x\" {{ \"A\" }} {{ 1 }} {{ {} }} 1",
        many("{ \"\" # } ")
    ));
}

#[test]
fn a_large_game_without_a_piece_is_survived() {
    let text = efg::write(&families::crisis(6, 6));
    for nth in [0, 1, 100, 1000, 5000] {
        for piece in ["\"", "{", "}", "\n", " ", "1", ","] {
            let Some((at, _)) = text.match_indices(piece).nth(nth) else {
                continue;
            };
            try_text(&[&text[..at], &text[at + piece.len()..]].concat());
        }
    }
}
