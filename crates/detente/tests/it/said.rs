//! What the page says of itself and of its numbers: nothing that the run does not bear out.

use detente::report::{self, Stamp};
use detente::{Ignored, LENSES, Summary, summarise};

use crate::{CASES, case, files, small, summary};

fn stamp() -> Stamp {
    Stamp {
        case_path: "cases/x".into(),
        case_hash: "0".repeat(64),
        command: "detente report cases/x".into(),
    }
}

fn page(summary: &Summary) -> String {
    report::html(summary, &stamp())
}

/// What stands on the page between an opening tag with this id and a closing tag.
fn part<'a>(html: &'a str, id: &str, end: &str) -> Option<&'a str> {
    let from = html.find(&format!("id=\"{id}\""))?;
    let text = &html[from..];
    Some(&text[..text.find(end)?])
}

/// Method lists every lens with the worlds in which it answered, its limits where it did, and its reason where it did not.
#[test]
fn method_says_which_lenses_answered() {
    for name in CASES {
        let summary = summary(name);
        let html = page(summary);
        assert_eq!(summary.lenses.len(), LENSES.len());
        for line in &summary.lenses {
            let id = line.spec.id;
            let said = part(&html, &format!("lens-{id}"), "</div>");
            let said = said.unwrap_or_else(|| panic!("{name}: {id} is not in Method"));
            let expected = match line.answered {
                0 => "answered in no world",
                n if n == summary.options.worlds => "answered in every world",
                _ => "of 60 worlds",
            };
            assert!(said.contains(expected), "{name}: {id}: {said}");
            let first = line.spec.limits.split(['.', '\'']).next().unwrap();
            assert_eq!(
                said.contains(first),
                line.answered > 0,
                "{name}: {id}: {said}"
            );
            let silent = summary.silences.keys().any(|(lens, _)| *lens == id);
            assert!(
                silent || line.answered == summary.options.worlds,
                "{name}: {id}"
            );
            assert_eq!(
                said.contains("because") || said.contains("gave up"),
                silent,
                "{name}: {id}: {said}"
            );
        }
    }
}

/// No page of a case says that something is not computed which a lens of the run computed.
#[test]
fn no_page_denies_what_its_lenses_told() {
    for name in CASES {
        let summary = summary(name);
        let html = page(summary);
        let method = part(&html, "method", "</section>").unwrap();
        for line in summary.lenses.iter().filter(|line| line.answered > 0) {
            let planned = method.split("Not part of this version:").nth(1).unwrap();
            assert!(!planned.contains(line.spec.id), "{name}: {}", line.spec.id);
        }
        let lasts = summary
            .lenses
            .iter()
            .any(|l| l.spec.id == "durability" && l.answered > 0);
        assert_eq!(method.contains("whether it would last"), !lasts, "{name}");
        for text in files(name).iter().map(|(_, text)| *text) {
            for standing in ["not computed yet", "until what follows", "this version"] {
                assert!(!text.contains(standing), "{name} says {standing}");
            }
        }
    }
    // Nor do the texts of the page that no run fills in.
    for template in [
        include_str!("../../templates/report.html"),
        include_str!("../../templates/beliefs.html"),
        include_str!("../../templates/durability.html"),
        include_str!("../../templates/leverage.html"),
        include_str!("../../templates/section-veto.html"),
    ] {
        for standing in [
            "not computed",
            "This version",
            "Both lenses",
            "does not compute",
            "are placeholders",
        ] {
            assert!(!template.contains(standing), "a template says {standing}");
        }
    }
}

/// A case that says nothing of what may follow a deal is told so.
#[test]
fn what_a_case_leaves_out_is_said() {
    let summary = summarise(&case("first-case"), &[], small(8, 2), &Ignored).unwrap();
    let html = page(&summary);
    assert!(html.contains("nothing here says whether it would last"));
    let said = part(&html, "lens-durability", "</div>").unwrap();
    assert!(
        said.contains("answered in no world") && said.contains("told nothing in 8 worlds"),
        "{said}"
    );
}
