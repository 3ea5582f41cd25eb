//! Nothing that a stranger wrote drives the terminal, and what is printed can be typed again.

use std::path::Path;

use crate::{detente, first_case, folder, stderr, stdout};

/// Escape sequences, a bell, a C1 control, an override of direction, a NUL.
const ACTS: &str = "a\u{1b}[31mred\u{7}\u{9b}31m\u{202e}gpj.exe\u{2069}\0z";
/// The same as TOML writes it.
const IN_TOML: &str = "a\\u001b[31mred\\u0007\\u009b31m\\u202egpj.exe\\u2069\\u0000z";

fn acts(text: &str) -> bool {
    text.chars().any(|c| {
        c.is_control() && c != '\n' && c != '\t'
            || ('\u{202a}'..='\u{202e}').contains(&c)
            || ('\u{2066}'..='\u{2069}').contains(&c)
    })
}

fn said(at: &Path, args: &[&str]) -> String {
    let output = detente(at, args);
    let said = stdout(&output) + &stderr(&output);
    assert!(!acts(&said), "{args:?}: {said:?}");
    said
}

fn hostile_case(at: &Path) {
    let text = std::fs::read_to_string(Path::new(&first_case()).join("case.toml")).unwrap();
    let text = [
        "The Harbour Strip",
        "North's demand",
        "Merchants",
        "Time is on South's side",
        "Atlas of the strip",
    ]
    .iter()
    .fold(text, |text, name| {
        text.replace(&format!("\"{name}\""), &format!("\"{IN_TOML}\""))
    });
    std::fs::write(at.join("case.toml"), text).unwrap();
}

#[test]
fn names_of_a_case_are_shown_and_do_nothing() {
    let at = folder("terminal-case");
    hostile_case(&at);
    let small = ["--worlds", "16", "--searches", "2"];
    let report = [&["report", "case.toml", "-o", "page.html"][..], &small].concat();
    let told = said(&at, &report);
    assert!(
        told.contains("a␛[31mred␇\u{fffd}31m\u{fffd}gpj.exe\u{fffd}␀z"),
        "{told}"
    );
    for args in [
        &["check", "case.toml"][..],
        &["list", "packages", "case.toml"],
        &["list", "parties", "case.toml"],
        &["list", "readings", "case.toml"],
        &["list", "sources", "case.toml"],
        &["why", "case.toml", "north", "north_demand"],
        &["explain", "party.north.burden", "case.toml"],
        &["run", "case.toml", "-o", "run", "--worlds", "8"],
        &["bench", "case.toml", "--worlds", "8"],
        &[
            "report",
            "case.toml",
            "-r",
            ACTS.trim_end_matches('z').trim_end_matches('\0'),
        ],
    ] {
        said(&at, args);
    }
    // The page shows the same, and holds nothing that acts.
    let page = std::fs::read_to_string(at.join("page.html")).unwrap();
    assert!(!acts(&page) && page.contains("a␛[31mred␇"));
    // JSON keeps the values, and has no character in it that acts either.
    let json = stdout(&detente(&at, &[&report[..], &["--json"]].concat()));
    assert!(!acts(&json));
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let packages = json["packages"].as_array().unwrap();
    assert!(
        packages.iter().any(|package| package["name"] == ACTS),
        "{packages:?}"
    );
}

#[test]
fn a_text_at_fault_is_shown_at_the_right_place() {
    let at = folder("terminal-faults");
    let text = format!("[case]\nname = \"{ACTS}\" # {ACTS}\n");
    std::fs::write(at.join("raw.toml"), &text).unwrap();
    let told = said(&at, &["check", "raw.toml"]);
    assert!(told.contains("D0104"), "{told}");
    // What stands behind such characters is underlined where it is seen.
    let hostile = "[case]\nname = \"\u{202e}\u{9b}x\"\nas_of = 2024-06-01\nfoo = { \"\u{202e}\u{9b}\" = 1, bar = 2 }\n";
    std::fs::write(at.join("keys.toml"), hostile).unwrap();
    let told = said(&at, &["check", "keys.toml"]);
    let lines: Vec<&str> = told.lines().collect();
    let shown = lines
        .iter()
        .position(|line| line.contains("foo ="))
        .unwrap();
    let column = |line: &str, what: &str| line.split(what).next().unwrap().chars().count();
    assert_eq!(
        column(lines[shown], "foo"),
        column(lines[shown + 1], "^^^"),
        "{told}"
    );
    let odd = "o\u{1b}[31m.toml";
    std::fs::write(at.join(odd), "").unwrap();
    said(&at, &["check", odd]);
    said(&at, &["check", "nowhere\u{1b}]0;t\u{7}"]);
    said(&at, &["\u{1b}[31mred"]);
    said(&at, &["report", &first_case(), "--set", "a\u{1b}[31m.b=1"]);
    said(&at, &["report", &first_case(), "--expert", "\u{202e}x"]);
    said(&at, &["explain", "\u{1b}c"]);
}

#[test]
fn labels_of_a_game_are_shown_and_do_nothing() {
    let at = folder("terminal-game");
    let label = ACTS.replace('\0', "");
    let game = format!(
        "EFG 2 R \"{label}\" {{ \"{label}1\" \"{label}2\" }}\n\"{label}\"\n\
         p \"\" 1 1 \"{label}\" {{ \"{label}l\" \"{label}r\" }} 0\n\
         t \"\" 1 \"{label}o\" {{ 1, 2 }}\nt \"\" 2 \"{label}p\" {{ 0, 3 }}\n"
    );
    std::fs::write(at.join("g.efg"), &game).unwrap();
    let told = said(&at, &["solve", "g.efg"]);
    assert!(told.contains("a␛[31mred␇"), "{told}");
    said(&at, &["solve", "g.efg", "--quantal", "1"]);
    said(&at, &["solve", "g.efg", "--draws", "4"]);
    let value = format!("{label}o:{label}1=-1..2");
    let sweep = [
        "solve", "g.efg", "--sweep", &value, "--points", "3", "--svg", "s.svg",
    ];
    said(&at, &sweep);
    let svg = std::fs::read_to_string(at.join("s.svg")).unwrap();
    assert!(svg.starts_with("<svg") && !acts(&svg));
    let json = stdout(&detente(&at, &["solve", "g.efg", "--json"]));
    assert!(!acts(&json));
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["title"], label.as_str());
    std::fs::write(at.join("bad.efg"), game.replace("0\nt", "0 x\nt")).unwrap();
    said(&at, &["solve", "bad.efg"]);
}

#[cfg(unix)]
#[test]
fn the_command_of_a_page_makes_the_same_page_from_a_shell() {
    let at = folder("terminal-command");
    let case = "it's a $HOME `case`; #1";
    std::fs::create_dir(at.join(case)).unwrap();
    let text = std::fs::read_to_string(Path::new(&first_case()).join("case.toml")).unwrap();
    let experts = "pace = { experts = [{ by = \"A. Nalyst's $x\", value = '4 to 5' }, { by = 'B', value = '8 to 9' }] }";
    let text = text.replacen("pace = \"4 to 9\"", experts, 1);
    std::fs::write(at.join(case).join("case.toml"), text).unwrap();
    let args = [
        "report",
        case,
        "--worlds",
        "16",
        "--searches",
        "2",
        "--sampler",
        "pseudo",
        "-r",
        "arms_flow,time_is_souths",
        "--set",
        "party.north.burden=10 to 22",
        "--expert",
        "A. Nalyst's $x",
        "-o",
        "first.html",
    ];
    let output = detente(&at, &args);
    assert!(output.status.success(), "{}", stderr(&output));
    let page = std::fs::read_to_string(at.join("first.html")).unwrap();
    let (_, rest) = page.split_once("<p><code>detente report ").unwrap();
    let (command, _) = rest.split_once("</code>").unwrap();
    let command = [
        ("&#39;", "'"),
        ("&#34;", "\""),
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#38;", "&"),
    ]
    .iter()
    .fold(command.to_owned(), |text, (escaped, c)| {
        text.replace(escaped, c)
    });
    let script = format!(
        "{} report {command} -o second.html",
        env!("CARGO_BIN_EXE_detente")
    );
    let again = std::process::Command::new("sh")
        .current_dir(&at)
        .args(["-c", &script])
        .output()
        .unwrap();
    assert!(again.status.success(), "{script}: {}", stderr(&again));
    assert!(page == std::fs::read_to_string(at.join("second.html")).unwrap());
    let new = stdout(&detente(&at, &["new", "two words"]));
    assert!(new.contains("try: detente report 'two words'"), "{new}");
}
