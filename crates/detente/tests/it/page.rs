//! The page: self-contained, the same bytes every time, safe against what a case may hold.

use detente::report::{self, Stamp};
use detente::{Ignored, summarise};

use crate::{CASES, case, small, text};

fn page(name: &str, text: &str) -> String {
    let case = detente::check(name, text).case.unwrap();
    let summary = summarise(&case, &[], small(60, 4), &Ignored).unwrap();
    report::html(&summary, &stamp(text))
}

fn stamp(text: &str) -> Stamp {
    Stamp {
        case_path: "cases/x".into(),
        case_hash: report::hash(&[(String::new(), text.to_owned())]),
        command: "detente report cases/x".into(),
    }
}

#[test]
fn the_page_is_self_contained_and_small() {
    for name in CASES {
        let html = page(name, text(name));
        assert!(html.len() < 3_000_000, "{name}: {} bytes", html.len());
        assert!(
            !html.contains("<script") && !html.contains("<link") && !html.contains("@import"),
            "{name}"
        );
        let loads = html
            .match_indices("src=")
            .chain(html.match_indices("url("))
            .count();
        assert_eq!(loads, 0, "{name} loads something");
        assert!(
            !html.contains("NaN") && !html.contains(">inf"),
            "{name} prints a number that is none"
        );
    }
}

#[test]
fn every_anchor_leads_somewhere_and_no_id_stands_twice() {
    for name in CASES {
        let html = page(name, text(name));
        let ids: Vec<&str> = html
            .split(" id=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        let mut unique = ids.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), ids.len(), "{name}: an id stands twice");
        for target in html
            .split("href=\"#")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
        {
            assert!(
                unique.binary_search(&target).is_ok(),
                "{name}: #{target} leads nowhere"
            );
        }
    }
}

#[test]
fn the_same_run_gives_the_same_page() {
    assert_eq!(
        page("first-case", text("first-case")),
        page("first-case", text("first-case"))
    );
}

#[test]
fn text_from_a_case_is_text_on_the_page() {
    let hostile = text("first-case")
        .replace(
            "name = \"North's demand\"",
            "name = \"<script>alert(1)</script>\"",
        )
        .replace(
            "name = \"The Mediator's terms\"",
            "name = \"<b>& \\\"terms\\\"\"",
        )
        .replace("note = \"n = 1,100\"", "url = \"javascript:alert(1)\"");
    let html = page("hostile", &hostile);
    assert!(!html.contains("<script") && !html.contains("<b>"));
    assert!(!html.contains("href=\"javascript"));
}

#[test]
fn every_chart_has_a_title_a_description_and_a_table() {
    let html = page("ukraine-2025", text("ukraine-2025"));
    for chart in html
        .split("<svg ")
        .skip(1)
        .filter(|svg| svg.contains("role=\"img\""))
    {
        let end = chart.find("</svg>").unwrap();
        assert!(chart[..end].contains("<title") && chart[..end].contains("<desc"));
    }
    for figure in html.split("<figure").skip(1) {
        assert!(figure.contains("<details class=\"twin\">"));
    }
}

#[test]
fn the_terminal_summary_fits_a_terminal() {
    for name in CASES {
        let summary = summarise(&case(name), &[], small(60, 4), &Ignored).unwrap();
        let text = report::terminal(&summary, Some("reports/x.html"));
        assert!(
            text.lines().count() <= 25,
            "{name}: {} lines\n{text}",
            text.lines().count()
        );
        for line in text.lines() {
            assert!(line.chars().count() <= 80, "{name}: {line}");
        }
    }
}

#[test]
fn the_json_is_json_and_says_the_same() {
    let case = case("first-case");
    let summary = summarise(&case, &[], small(60, 4), &Ignored).unwrap();
    let json: serde_json::Value =
        serde_json::from_str(&report::json(&summary, &stamp("x"))).unwrap();
    assert_eq!(json["format"], 1);
    assert_eq!(
        json["packages"].as_array().unwrap().len(),
        case.setting.packages.len()
    );
    assert_eq!(
        json["packages"][0]["agreed"]["value"].as_f64(),
        Some(summary.packages[0].agreed.value)
    );
    assert_eq!(json["certificates"]["faults"].as_array().unwrap().len(), 0);
}
