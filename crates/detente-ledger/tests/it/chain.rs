//! What is written is read, and what somebody did to it is named.

use detente_case::{Forecast, Observed, Tree};
use detente_diag::{Code, Diagnostics, FileId};
use detente_ledger::{What, append, canonical, missing_head, read};

use crate::{chance, ledger, number, resolved, signed, sound};

fn five() -> String {
    let of_number = signed("line", number("5 to 10"));
    ledger(&[
        chance("ends", 0.2),
        chance("ends", 0.25),
        What::Signed(Box::new(of_number)),
        resolved("ends", &[1, 2], Observed::Happened(false)),
        resolved("line", &[3], Observed::Value(-7.25)),
    ])
}

/// The entries of a ledger's text, its head first.
fn parts(text: &str) -> Vec<String> {
    let mut parts = text.split("\n[[entry]]\n");
    let head = parts.next().unwrap().to_owned();
    let entries = parts.map(|part| format!("\n[[entry]]\n{part}"));
    [head].into_iter().chain(entries).collect()
}

/// What is said of a ledger that is at fault.
fn said(text: &str) -> Vec<(Code, String, usize)> {
    let (ledger, faults, sources) = read("ledger.toml", text);
    assert!(ledger.is_none(), "{text}");
    let told = faults.into_iter().map(|fault| {
        let line = fault.labels.first().map_or(0, |l| sources.line(l.span));
        (fault.code, fault.message, line)
    });
    told.collect()
}

#[track_caller]
fn names(text: &str, expected: &[(Code, &str)]) {
    let said = said(text);
    assert_eq!(said.len(), expected.len(), "{said:#?}");
    for ((code, message, line), (wanted, what)) in said.iter().zip(expected) {
        assert!(
            code == wanted && message.contains(what),
            "{message}, not {what}"
        );
        assert!(
            message.contains(&format!("on line {line}")),
            "{message}: {line}"
        );
    }
}

#[test]
fn what_is_written_is_read() {
    let mut odd = signed("odd", number("quantiles 0%: -1e-7, 50%: 2, 100%: 1000000"));
    odd.says = "“Quotes” \"and\" \\ and\nlines\tand \u{1b}[31m, \u{7f} and ü".into();
    odd.why = String::new();
    odd.base_rate = Some(1e-9);
    odd.model = None;
    odd.hindsight = true;
    odd.unit = "km2".into();
    let mut crowded = signed("ends", Forecast::Chance(1.0 / 3.0));
    crowded.crowd = Some(detente_ledger::Other {
        by: "A crowd".into(),
        on: "May 2024".into(),
        forecast: Forecast::Chance(0.0),
    });
    let entries = [
        What::Signed(Box::new(odd)),
        What::Signed(Box::new(crowded)),
        resolved("odd", &[1], Observed::Value(1e300)),
        resolved("ends", &[2], Observed::Happened(true)),
    ];
    let text = ledger(&entries);
    let read = sound(&text);
    let found: Vec<&What> = read.entries.iter().map(|entry| &entry.what).collect();
    assert_eq!(found, entries.iter().collect::<Vec<_>>());
    let numbers: Vec<usize> = read.entries.iter().map(|entry| entry.number).collect();
    assert_eq!(numbers, [1, 2, 3, 4]);
    for (entry, line) in read
        .entries
        .iter()
        .zip(text.lines().enumerate().filter(|(_, l)| *l == "[[entry]]"))
    {
        assert_eq!(entry.line, line.0 + 1);
    }
}

/// The hash as another program computes it: `hashlib.sha256` of Python 3 on the text that docs/ledger.md describes, written out by hand.
#[test]
fn the_hash_is_that_of_the_text_that_is_described() {
    let text = "b = 'x\"\\u'\na = 0.25\nd = 2024-06-01\nl = [true, 'é']\n[chain]\nhash = 'h'\nbefore = 'the beginning'\n";
    let tree = Tree::parse(text, FileId(0), &mut Diagnostics::default()).unwrap();
    assert_eq!(
        canonical(&tree),
        r#"{"a":"n:3fd0000000000000","b":"t:x\"\\u","chain":{"before":"t:the beginning"},"d":"t:2024-06-01","l":["s:true","t:é"]}"#
    );
    let new = append(
        &sound(&ledger(&[])),
        &resolved("ends", &[], Observed::Happened(true)),
    );
    assert_eq!(new.number, 1);
    assert_eq!(
        new.hash,
        "6497f98b15dc737c3d9597770e3eaad7ea7c2bc57c5076b75c6ef4179935396b"
    );
}

#[test]
fn neither_order_nor_blanks_nor_quotes_nor_comments_change_a_hash() {
    let text = five();
    let loose = text
        .replace("by = \"A. Nalyst\"\n", "  by   =  'A. Nalyst' # who\n\n")
        .replace("probability = 0.2\n", "probability = 2.0e-1\n")
        .replace("due = \"2024-12-31\"", "due = 2024-12-31");
    // The forecast below the rule.
    let line = "probability = 0.25\n";
    let moved = loose.replacen(line, "", 1);
    let rule = moved.rfind("rule = \"An armistice").unwrap();
    let second = moved[..rule].rfind("rule = \"An armistice").unwrap();
    let mut moved = moved;
    moved.insert_str(second, line);
    let (before, after) = (sound(&text), sound(&moved));
    for (a, b) in before.entries.iter().zip(&after.entries) {
        assert_eq!((&a.what, &a.hash), (&b.what, &b.hash));
    }
    assert_ne!(text, moved);
}

/// Every value of every entry, changed alone.
#[test]
fn a_change_of_anything_in_an_entry_is_named_with_its_line() {
    let text = five();
    let lines: Vec<&str> = text.lines().collect();
    let first = lines.iter().position(|line| *line == "[[entry]]").unwrap();
    let mut tried = 0;
    for (place, line) in lines.iter().enumerate().skip(first) {
        let Some((key, value)) = line.split_once(" = ") else {
            continue;
        };
        let changed = match value {
            "true" => "false".to_owned(),
            "false" => "true".to_owned(),
            "[" => continue,
            list if list.starts_with("[\"") => list.replace("[\"", "[\"0"),
            text if text.starts_with('"') => {
                let last = text.trim_end_matches('"').chars().last().unwrap();
                let other = if last == '1' { '2' } else { '1' };
                let kept = &text[..text.len() - 1 - last.len_utf8()];
                format!("{kept}{other}\"")
            }
            number => (number.parse::<f64>().unwrap() + 0.125).to_string(),
        };
        let mut all = lines.clone();
        let changed = format!("{key} = {changed}");
        all[place] = &changed;
        let (ledger, faults, sources) = read("ledger.toml", &(all.join("\n") + "\n"));
        assert!(
            ledger.is_none(),
            "{line} became {changed}, and nobody noticed"
        );
        let entry = lines[..=place]
            .iter()
            .rposition(|line| *line == "[[entry]]")
            .unwrap()
            + 1;
        let end = lines[place + 1..]
            .iter()
            .position(|line| *line == "[[entry]]");
        let end = end.map_or(lines.len(), |end| place + 1 + end);
        // What makes no entry at all is refused in its place; what makes one, by its hash.
        let at = faults[0]
            .labels
            .first()
            .map(|label| sources.line(label.span));
        assert!(
            at.is_some_and(|at| at >= entry && at <= end + 3),
            "{changed}: {faults:?}"
        );
        tried += 1;
    }
    assert!(tried > 100, "{tried}");
    let changed = text.replacen("probability = 0.25", "probability = 0.15", 1);
    names(&changed, &[(Code::ENTRY_CHANGED, "entry 2 on line")]);
}

#[test]
fn entries_taken_out_put_in_and_exchanged_are_named() {
    let text = five();
    let all = parts(&text);
    let put = |order: &[usize]| order.iter().map(|i| all[*i].as_str()).collect::<String>();
    assert_eq!(put(&[0, 1, 2, 3, 4, 5]), text);
    let broken = Code::CHAIN_BROKEN;
    names(
        &put(&[0, 1, 3, 4, 5]),
        &[(broken, "entry 2 was taken out before entry 3")],
    );
    names(
        &put(&[0, 2, 3, 4, 5]),
        &[(broken, "entry 1 was taken out before entry 2")],
    );
    names(
        &put(&[0, 1, 4, 5]),
        &[(broken, "2 entries, 2 to 3, were taken out before entry 4")],
    );
    names(
        &put(&[0, 1, 2, 4, 3, 5]),
        &[(broken, "entry 4 on line"), (broken, "entry 3 on line")],
    );
    let exchanged = said(&put(&[0, 2, 1, 3, 4, 5]));
    assert!(
        exchanged[0]
            .1
            .contains("stands above the entry that it follows"),
        "{exchanged:?}"
    );
    assert!(exchanged.iter().all(|(code, ..)| *code == broken));

    // Put in by somebody who knows how to hash: it follows entry 2, and so does entry 3.
    let two = sound(&put(&[0, 1, 2]));
    let forged = append(&two, &chance("ends", 0.01)).text;
    let inserted = put(&[0, 1, 2]) + &forged + &put(&[3, 4, 5]);
    names(
        &inserted,
        &[(broken, "was put in before entry 3 on line")].map(|(c, s)| (c, s)),
    );
    // Put in by somebody who does not.
    let inserted = put(&[0, 1, 2])
        + &parts(&ledger(&[chance("other", 0.5), chance("x", 0.5)]))[2]
        + &put(&[3, 4, 5]);
    names(&inserted, &[(broken, "was put in: it follows no entry")]);
    // The same entry twice.
    let twice = said(&put(&[0, 1, 2, 2, 3, 4, 5]));
    assert!(
        twice.iter().all(|(code, ..)| *code == broken) && !twice.is_empty(),
        "{twice:?}"
    );
}

#[test]
fn an_entry_that_was_changed_and_hashed_anew_breaks_the_next() {
    let text = five();
    let all = parts(&text);
    let one = sound(&(all[0].clone() + &all[1]));
    let forged = append(&one, &chance("ends", 0.02)).text;
    let anew = [&all[0], &all[1], &forged, &all[3], &all[4], &all[5]].map(String::as_str);
    names(
        &anew.concat(),
        &[(Code::CHAIN_BROKEN, "does not follow entry 2 on line")],
    );
}

#[test]
fn a_ledger_cut_off_is_told_by_a_head_that_was_quoted() {
    let text = five();
    let whole = sound(&text);
    let all = parts(&text);
    let cut = sound(&all[..5].concat());
    assert_eq!(cut.entries.len(), 4);
    let head = whole.head().to_owned();
    assert!(missing_head(&whole, &head).is_none());
    assert!(missing_head(&whole, &head[..8].to_uppercase()).is_none());
    assert!(
        missing_head(&whole, cut.head()).is_none(),
        "it has only grown"
    );
    let fault = missing_head(&cut, &head).unwrap();
    assert_eq!(fault.code, Code::HEAD_MISSING);
    let last = format!("cut off after entry 4 on line {}", cut.entries[3].line);
    assert!(fault.message.contains(&last), "{}", fault.message);
    assert!(
        missing_head(&whole, &head[..7])
            .unwrap()
            .message
            .contains("too short")
    );
    assert!(missing_head(&sound(&all[0]), &head).is_some());
}

#[test]
fn what_makes_no_ledger_is_refused_with_its_place() {
    let text = five();
    for (from, to, code, says) in [
        (
            "format = 1",
            "format = 2",
            Code::OUT_OF_BOUNDS,
            "another format",
        ),
        ("format = 1\n", "", Code::MISSING_KEY, "`format` is missing"),
        (
            "kind = \"signed\"",
            "kind = \"singed\"",
            Code::NOT_A_CHOICE,
            "",
        ),
        ("judgement = ", "judgment = ", Code::UNKNOWN_KEY, "judgment"),
        (
            "rule = \"An armistice signed by both.\"\n",
            "",
            Code::MISSING_KEY,
            "`rule`",
        ),
        (
            "probability = 0.2\n",
            "probability = 1.2\n",
            Code::WRONG_SHAPE,
            "one probability",
        ),
        (
            "distribution = \"5 to 10\"",
            "distribution = \"10 to 5\"",
            Code::REVERSED,
            "",
        ),
        (
            "seed = \"18446744073709551615\"",
            "seed = \"1.5\"",
            Code::WRONG_SHAPE,
            "a seed in digits",
        ),
        ("outcome = false\n", "", Code::WRONG_SHAPE, "one outcome"),
        (
            "weights = \"prior\"",
            "weights = \"posterior\"",
            Code::NOT_A_CHOICE,
            "",
        ),
        ("[[entry]]", "[[entry]", Code::TOML, "not TOML"),
    ] {
        assert!(text.contains(from), "{from}");
        let said = said(&text.replacen(from, to, 1));
        let found = said
            .iter()
            .any(|(c, message, _)| *c == code && message.contains(says));
        assert!(found, "{to}: {said:?}");
    }
    // A resolution of what does not stand above it, or is of another kind.
    for (settles, observed) in [
        (vec![9], Observed::Happened(true)),
        (vec![2], Observed::Happened(true)),
        (vec![1], Observed::Value(3.0)),
    ] {
        let text = ledger(&[chance("ends", 0.2)]);
        let next = append(&sound(&text), &resolved("ends", &settles, observed)).text;
        let said = said(&(text + &next));
        assert_eq!(said[0].0, Code::UNKNOWN_NAME, "{said:?}");
    }
}

/// Whatever stands in the place of a letter: the ledger is refused, or it says what it said.
#[test]
fn no_letter_can_be_changed_unnoticed() {
    let text = five();
    let whole = sound(&text);
    let said = |ledger: &detente_ledger::Ledger| {
        let of =
            |entry: &detente_ledger::Entry| (entry.number, entry.what.clone(), entry.hash.clone());
        ledger.entries.iter().map(of).collect::<Vec<_>>()
    };
    let (mut refused, mut same) = (0, 0);
    for place in (0..text.len()).step_by(5) {
        for other in ["1", "a", "\"", "\n", "[", "#", ""] {
            let changed = format!("{}{other}{}", &text[..place], &text[place + 1..]);
            match read("ledger.toml", &changed) {
                (Some(ledger), faults, _) => {
                    assert!(faults.is_empty());
                    assert_eq!(said(&ledger), said(&whole), "{other:?} at {place}");
                    same += 1;
                }
                (None, faults, _) => {
                    assert!(
                        !faults.is_empty(),
                        "refused without a word: {other:?} at {place}"
                    );
                    refused += 1;
                }
            }
        }
    }
    assert!(refused > 5000 && same > 50, "{refused} {same}");
}
