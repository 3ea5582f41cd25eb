//! Every way in which a number may be written.

use detente_case::Tree;
use detente_diag::{Diagnostics, FileId};

use super::super::{Before, Expert};
use super::{Own, splice};
use crate::fault::At;
use crate::register::Answer;

fn answer(value: &str) -> Answer {
    Answer {
        path: String::new(),
        value: value.to_owned(),
        why: String::new(),
        says: String::new(),
        at: At::file("r.xlsx"),
        changed: None,
    }
}

/// What becomes of a text, and what was found there.
fn put_of(
    text: &str,
    keys: &[&str],
    own: &Own,
    answer: &Answer,
) -> Result<(String, Before), String> {
    let tree = Tree::parse(text, FileId(0), &mut Diagnostics::default()).unwrap();
    let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
    let expert = Expert {
        name: "E. Xpert".to_owned(),
        on: "2025-03-19".to_owned(),
    };
    let put = splice((text, &tree), &keys, own, &expert, answer)?;
    let mut faults = Diagnostics::default();
    assert!(
        Tree::parse(&put.0, FileId(0), &mut faults).is_some(),
        "{}: {faults:?}",
        put.0
    );
    Ok(put)
}

fn put(text: &str, vouched: bool) -> (String, Before) {
    let own = Own {
        by: String::new(),
        vouched,
        default: "between 0 and 10".to_owned(),
    };
    put_of(text, &["a", "x"], &own, &answer("1 / 2 / 3")).unwrap()
}

const ENTRY: &str = "{ by = \"E. Xpert\", on = 2025-03-19, value = \"1 / 2 / 3\" }";

#[test]
fn a_placeholder_gives_way_and_is_kept_in_a_comment() {
    let (text, before) = put("# top\n[a]\nx = \"5 to 15\"   # why\ny = 2\n", false);
    let expected = format!(
        "# top\n[a]\nx = {{ status = \"judgement\", experts = [\n  # before: \"5 to 15\", a placeholder\n  {ENTRY},\n] }}   # why\ny = 2\n"
    );
    assert_eq!(text, expected);
    assert_eq!(before, Before::Unvouched("5 to 15".to_owned()));
    // The same again changes nothing.
    assert_eq!(put(&text, true), (text.clone(), Before::Same));
    // Within braces, and in a text of another system.
    let (text, _) = put("a = { w = 1, x = 3, z = 4 }\r\n", false);
    assert!(
        text.starts_with("a = { w = 1, x = { status") && text.ends_with("] }, z = 4 }\r\n"),
        "{text}"
    );
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
}

#[test]
fn a_number_that_somebody_vouches_for_stays_beside_it() {
    let (text, before) = put(
        "[a]\n  x = { value = \"5 to 15\", source = [\"s\"] } # c\n",
        true,
    );
    let expected = format!(
        "[a]\n  x = {{ experts = [\n    {{ by = \"the case\", value = \"5 to 15\" }},\n    {ENTRY},\n  ], source = [\"s\"] }} # c\n"
    );
    assert_eq!(text, expected);
    assert_eq!(before, Before::Beside("5 to 15".to_owned()));
    assert_eq!(put(&text, true).1, Before::Same);
    let (text, _) = put("[a.x]\n# one\nvalue = 7 # two\nsource = [\"s\"]\n", true);
    assert!(
        text.contains("[a.x]\n# one\nexperts = [\n  { by = \"the case\", value = 7 },\n")
            && text.ends_with("] # two\nsource = [\"s\"]\n"),
        "{text}"
    );
}

#[test]
fn a_long_placeholder_becomes_a_judgement() {
    let of = |text: &str| put(text, false).0;
    let inline = of("[a]\nx = { value = 3, why = \"w\" }\n");
    assert!(
        inline
            .contains("x = { status = \"judgement\", experts = [\n  # before: 3, a placeholder\n"),
        "{inline}"
    );
    let stated = of("[a]\nx = { value = 3, status = \"placeholder\", why = \"w\" }\n");
    assert!(
        stated.contains("], status = \"judgement\", why = \"w\" }"),
        "{stated}"
    );
    let dotted = of("[a]\nx.value = 3\nx.why = \"w\"\n");
    assert!(
        dotted.starts_with("[a]\nx.status = \"judgement\"\nx.experts = [\n")
            && dotted.ends_with("]\nx.why = \"w\"\n"),
        "{dotted}"
    );
    let table = of("[a.x]\nvalue = 3\n");
    assert!(
        table.starts_with("[a.x]\nstatus = \"judgement\"\nexperts = [\n"),
        "{table}"
    );
}

#[test]
fn whoever_judged_before_is_replaced_with_the_old_shown() {
    let own = Own {
        by: "E. Xpert".to_owned(),
        vouched: true,
        default: String::new(),
    };
    let text = "[a]\nx = { value = 3, by = \"E. Xpert\", status = \"judgement\" }\n";
    let (made, before) = put_of(text, &["a", "x"], &own, &answer("4 to 5")).unwrap();
    assert!(
        made.contains("# before: 3\n") && made.contains("value = \"4 to 5\""),
        "{made}"
    );
    assert_eq!(before, Before::Answered("3".to_owned()));
    let text = "[a]\nx = { experts = [{ by = \"B\", value = 1 }, { by = \"E. Xpert\", on = 2024-01-01, value = \"2 to 3\", weight = 2 }] }\n";
    let (made, before) = put(text, true);
    assert!(made.contains("[{ by = \"B\", value = 1 }, { by = \"E. Xpert\", on = 2025-03-19, value = \"1 / 2 / 3\", weight = 2 }]"), "{made}");
    assert_eq!(before, Before::Answered("2 to 3 (2024-01-01)".to_owned()));
}

#[test]
fn a_new_expert_stands_behind_the_others() {
    let (text, before) = put("[a]\nx = { experts = [{ by = \"B\", value = 1 }] }\n", true);
    assert_eq!(
        text,
        format!("[a]\nx = {{ experts = [{{ by = \"B\", value = 1 }}, {ENTRY}] }}\n")
    );
    assert_eq!(before, Before::Beside("B".to_owned()));
    let lines = "[a]\nx.experts = [\n  { by = \"B\", value = 1 }, # of B\n  # the end\n]\n";
    let (text, _) = put(lines, true);
    assert_eq!(
        text,
        format!(
            "[a]\nx.experts = [\n  {{ by = \"B\", value = 1 }}, # of B\n  {ENTRY},\n  # the end\n]\n"
        )
    );
    let lines = "[a]\nx.experts = [\n  { by = \"B\", value = 1 } # of B\n]\n";
    let (text, _) = put(lines, true);
    assert_eq!(
        text,
        format!("[a]\nx.experts = [\n  {{ by = \"B\", value = 1 }}, # of B\n  {ENTRY},\n]\n")
    );
    let own = Own {
        by: String::new(),
        vouched: true,
        default: String::new(),
    };
    let tables = "[[a.x.experts]]\nby = \"B\"\nvalue = 1\n";
    assert!(put_of(tables, &["a", "x"], &own, &answer("1 to 2")).is_err());
}

#[test]
fn what_nobody_stated_goes_into_its_table_or_a_new_one() {
    let of = |text: &str| put(text, false);
    let (header, before) = of("[a] # the first\ny = 1\n[b]\n");
    assert!(header.starts_with("[a] # the first\nx = { status = \"judgement\", experts = [\n  # before: nothing; the language’s default stood for it (between 0 and 10)\n"), "{header}");
    assert!(header.ends_with("] }\ny = 1\n[b]\n"), "{header}");
    assert_eq!(before, Before::Default("between 0 and 10".to_owned()));
    let (inline, _) = of("a = { y = 1 }\n");
    assert!(
        inline.starts_with("a = { x = {") && inline.ends_with("] }, y = 1 }\n"),
        "{inline}"
    );
    let (empty, _) = of("a = {}\n");
    assert!(empty.ends_with("] }}\n"), "{empty}");
    for (text, opens) in [
        ("b = 1", "b = 1\n\n[a]\nx = {"),
        ("[a.c]\nd = 1\n", "[a.c]\nd = 1\n\n[a]\nx = {"),
    ] {
        let (made, _) = of(text);
        assert!(made.starts_with(opens), "{made}");
    }
    let own = Own {
        by: String::new(),
        vouched: false,
        default: String::new(),
    };
    let no = put_of("a.y = 1\n", &["a", "x"], &own, &answer("1 to 2")).unwrap_err();
    assert!(no.contains("written with dots"), "{no}");
    let (made, _) = put_of("[a]\n", &["a", "b c", "x"], &own, &answer("7")).unwrap();
    assert!(
        made.starts_with("[a]\n\"b c\".x = {") && made.contains("value = 7 }"),
        "{made}"
    );
}

#[test]
fn words_of_experts_stand_beside_their_numbers() {
    let own = Own {
        by: String::new(),
        vouched: true,
        default: String::new(),
    };
    let told = Answer {
        why: "Two “sources”, \"both\"\nold.".to_owned(),
        says: "It may be.".to_owned(),
        ..answer("between 0 and 1")
    };
    let (text, _) = put_of(
        "[a]\nx = { experts = [{ by = \"B\", value = 1 }] }\n",
        &["a", "x"],
        &own,
        &told,
    )
    .unwrap();
    assert!(
        text.contains("why = \"Two “sources”, \\\"both\\\"\\nold.\", says = \"It may be.\" }"),
        "{text}"
    );
    assert_eq!(
        put_of(&text, &["a", "x"], &own, &told).unwrap().1,
        Before::Same
    );
}
