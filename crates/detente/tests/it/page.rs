//! The page: self-contained, the same bytes every time, safe against what a case may hold.

use detente::handles::settlement;
use detente::report::{self, Stamp};
use detente::{Case, ClaimStatus, Distribution, Ignored, InputId, Overrides, Plan, summarise};

use crate::{CASES, case, small, summary, text};

fn page(name: &str, text: &str) -> String {
    page_of(&detente::check(name, text).case.unwrap(), text)
}

fn page_of_shipped(name: &str) -> String {
    report::html(summary(name), &stamp(text(name)))
}

fn page_of(case: &Case, text: &str) -> String {
    let summary = summarise(case, &[], small(60, 4), &Ignored).unwrap();
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
        let html = page_of_shipped(name);
        assert!(html.len() < 3_000_000, "{name}: {} bytes", html.len());
        assert!(
            !html.contains("<link") && !html.contains("@import"),
            "{name}"
        );
        // One script, ours, which the text does not need.
        let scripts: Vec<&str> = html.split("<script").skip(1).collect();
        assert!(
            scripts.len() == 1 && scripts[0].starts_with(">// What a page can do"),
            "{name}"
        );
        // The browser lets it run by its hash, so it stands there to the letter; what comes before it is markup without a script.
        let script = include_str!("../../../detente-page/assets/report.js");
        assert!(
            html.contains(&format!("<script>{script}</script>")),
            "{name}"
        );
        let policy = html.find("<meta http-equiv=\"Content-Security-Policy\"");
        assert!(policy < html.find("<style"), "{name}");
        let policy = html[policy.unwrap()..].lines().next().unwrap();
        for rule in [
            "default-src &#39;none&#39;",
            "script-src &#39;sha256-",
            "base-uri",
        ] {
            assert!(policy.contains(rule), "{name}: {policy}");
        }
        let loads = html
            .match_indices("src=")
            .chain(html.match_indices("url("))
            .filter(|(at, _)| !html[*at..].starts_with("url(#"))
            .count();
        assert_eq!(loads, 0, "{name} loads something");
        let written = html.split("<script").next().unwrap();
        assert!(
            !written.contains("NaN") && !written.contains(">inf"),
            "{name} prints a number that is none"
        );
    }
}

#[test]
fn every_anchor_leads_somewhere_and_no_id_stands_twice() {
    for name in CASES {
        let html = page_of_shipped(name);
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
    assert!(!html.contains("<script>alert") && !html.contains("<b>& "));
    assert!(!html.contains("href=\"javascript"));
}

#[test]
fn every_chart_has_a_title_a_description_and_a_table() {
    let html = page_of_shipped("ukraine-2025");
    for chart in html
        .split("<svg ")
        .skip(1)
        .filter(|svg| svg.contains("role=\"img\""))
    {
        let end = chart.find("</svg>").unwrap();
        assert!(chart[..end].contains("<title") && chart[..end].contains("<desc"));
    }
    for figure in html.split("<figure").skip(1) {
        assert!(figure.contains("<details class=\"twin\""));
    }
}

#[test]
fn the_terminal_summary_fits_a_terminal() {
    for name in CASES {
        let text = report::terminal(summary(name), Some("reports/x.html"));
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
    assert_eq!(json["format"], 3);
    assert_eq!(
        json["packages"].as_array().unwrap().len(),
        case.setting.packages.len()
    );
    assert_eq!(
        json["packages"][0]["agreed"]["value"].as_f64(),
        Some(summary.packages()[0].agreed.value)
    );
    assert_eq!(json["certificates"]["faults"].as_array().unwrap().len(), 0);
}

/// The text of the first case with everything from one heading line to another cut out.
fn without(from: &str, to: Option<&str>) -> String {
    let text = text("first-case");
    let start = text.find(from).unwrap();
    let end = to.map_or(text.len(), |to| start + text[start..].find(to).unwrap());
    format!("{}{}", &text[..start], &text[end..])
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_case_without_a_contest_gets_no_answers() {
    let text =
        without("[contest]", None).replace("position = { value = -50, source = [\"atlas\"] }", "");
    let text = text.replace("position = { value = 40, source = [\"atlas\"] }", "");
    let text = text.replace("position = 0\n", "");
    let case = detente::check("peace", &text).case.unwrap();
    let summary = summarise(&case, &[], small(60, 4), &Ignored).unwrap();
    let plain = "Not computed: the case does not say what happens without a deal.";
    let html = report::html(&summary, &stamp(&text));
    let said = words(&report::terminal(&summary, None));
    assert!(html.contains(plain) && said.contains(plain), "{said}");
    for nothing in [
        "None of the",
        "nobody",
        "First blocker",
        "shares count",
        "id=\"acceptance\"",
        "id=\"mind\"",
    ] {
        assert!(
            !html.contains(nothing) && !said.contains(nothing),
            "{nothing}"
        );
    }
    assert!(html.contains("South's plan") || html.contains("South&#39;s plan"));
}

#[test]
fn what_a_package_is_stands_on_the_page() {
    assert!(!page("first-case", text("first-case")).contains("What the packages are"));
    let says = "says = \"Halt where the armies stand & open the harbour.\"\nby = \"mediator\"\non = 2024-05-20";
    let described = text("first-case").replace("by = \"mediator\"\non = 2024-05-20", says);
    let html = page("described", &described);
    assert!(html.contains("What the packages are"));
    assert!(html.contains("Halt where the armies stand &#38; open the harbour."));
}

#[test]
fn a_case_without_packages_speaks_of_none() {
    let bare = without("[package.mediators_terms]", Some("# ------"));
    let html = page("bare", &bare);
    for nothing in ["0 of 0", "of 0 named", "each of them", "First blocker"] {
        assert!(!html.contains(nothing), "{nothing}");
    }
    assert!(html.contains("The case names no packages."));
}

#[test]
fn packages_dated_after_the_case_are_marked_and_explained() {
    let html = page("first-case", text("first-case"));
    assert!(!html.contains('†'));
    let later = text("first-case").replace("on = 2024-05-20", "on = \"July 2024\"");
    let html = page("first-case", &later);
    let marks = html.matches("terms†").count() + html.matches("terms”†").count();
    assert!(
        marks >= 6,
        "in the bottom line, map, table and readings: {marks}"
    );
    assert!(html.contains("† dated after 2024-06-01, the date of the case"));
    let case = detente::check("later", &later).case.unwrap();
    let summary = summarise(&case, &[], small(60, 4), &Ignored).unwrap();
    let said = report::terminal(&summary, None);
    assert!(
        said.contains("terms †") && said.contains("† dated after the case"),
        "{said}"
    );
}

#[test]
fn one_of_a_thing_is_spoken_of_in_the_singular() {
    // The parties' openings go with their packages.
    let one = without("[package.north_demand]", Some("# ------"))
        .replace("opening = \"north_demand\"\n", "")
        .replace("opening = \"south_plan\"\n", "");
    let case = detente::check("one", &one).case.unwrap();
    let summary = summarise(&case, &[], small(1, 1), &Ignored).unwrap();
    let html = report::html(&summary, &stamp(&one));
    let said = words(&report::terminal(&summary, None));
    assert!(
        said.contains("The one named package, “The Mediator's terms”,"),
        "{said}"
    );
    assert!(
        said.contains("; 1 world)") && html.contains("1 world, 1 searched"),
        "{said}"
    );
    assert!(
        html.contains("replaces 1 number."),
        "a reading sets one switch"
    );
    for wrong in ["1 worlds", "1 numbers", "1 named packages", "the 1 named"] {
        let found = html
            .match_indices(wrong)
            .any(|(at, _)| !html[..at].ends_with(|c: char| c.is_ascii_digit()));
        assert!(!found && !said.contains(wrong), "{wrong}");
    }
}

/// Whoever leads as first blocker by too little is not named alone.
#[test]
fn near_ties_of_first_blockers_are_called_so() {
    let case = case("first-case");
    let mut summary = summarise(&case, &[], small(60, 4), &Ignored).unwrap();
    let leading = summary.closest_package().unwrap();
    let said = |summary: &detente::Evidence| words(&report::terminal(summary, None));
    let mean = |value: f64, error: f64| {
        let mut mean = summary.packages()[leading].agreed;
        (mean.value, mean.error) = (value, error);
        mean
    };
    let clear = vec![mean(0.0, 0.0), mean(0.10, 0.02), mean(0.30, 0.01)];
    let small_lead = vec![mean(0.0, 0.0), mean(0.04, 0.001), mean(0.30, 0.01)];
    let noisy = vec![mean(0.0, 0.0), mean(0.10, 0.06), mean(0.30, 0.01)];
    summary.chapters.settlement.packages[leading].blocks =
        vec![(0.30, 0.0), (0.26, 0.0), (0.0, 0.0)];
    for (behind, expected) in [
        (clear, "; where it fails, North blocks it first most often"),
        (
            small_lead,
            "; where it fails, North and South block it first about equally often",
        ),
        (
            noisy,
            "; where it fails, North and South block it first about equally often",
        ),
    ] {
        summary.chapters.settlement.packages[leading].behind = behind;
        assert!(said(&summary).contains(expected), "{}", said(&summary));
    }
}

/// Alone in refusing, by hand: with two parties of one type each in every world, alone is refusing less both refusing.
#[test]
fn who_alone_refuses_adds_up() {
    let summary = summarise(&case("first-case"), &[], small(512, 0), &Ignored).unwrap();
    for (package, line) in summary.setting.packages.iter().zip(summary.packages()) {
        for i in 0..summary.setting.parties.len() {
            let (alone, refuses) = (line.alone[i].value, 1.0 - line.accepts[i].value);
            assert!((0.0..=refuses + 1e-12).contains(&alone) || !package.needed.contains(i));
        }
        let alone: f64 = line.alone.iter().map(|mean| mean.value).sum();
        assert!(alone <= 1.0 - line.agreed.value + 1e-12, "{}", package.id);
    }
}

#[test]
fn claims_are_audited_and_those_that_cannot_be_say_why() {
    let mut text = text("first-case").to_owned();
    text += r#"
[claim.sure]
says = "The edge is above one tenth."
holds_when = "contest.edge > 0.1"

[claim.moved]
says = "With the line further on, the answer is another."
holds_when = "settlement.margin[north.merchants, mediators_terms] > base(settlement.margin[north.merchants, mediators_terms])"
with = { "contest.edge" = -1 }

[claim.conditional]
says = "Where the edge is above one tenth, it is above nought."
holds_when = "contest.edge > 0"
given = "contest.edge > 0.1"

[claim.later]
says = "A message of the mediator helps."
holds_when = "talks.deal_beside > 0.5"

[claim.later_and_moved]
says = "With the line further on, a message helps."
holds_when = "talks.deal_beside > 0.5"
with = { "contest.edge" = -1 }

[lever.surge]
by = "mediator"
kind = "pressure"
trigger = "refuse(north)"
flow_cost = { north = "2 to 8" }
cost = "0.2 to 3"

[claim.set]
says = "Whoever is sure of it grows no less sure."
holds_when = "leverage.credibility[surge] >= base(leverage.credibility[surge])"
with = { "leverage.credibility[surge]" = 1 }

[claim.value]
says = "It would be honourable."
not_computable = "A statement of value."
"#;
    let checked = detente::check("claims", &text);
    let case = checked
        .case
        .unwrap_or_else(|| panic!("{:#?}", checked.diagnostics));
    let summary = summarise(&case, &[], small(64, 4), &Ignored).unwrap();
    let line = |id: &str| {
        let found = summary.claims.iter().find(|line| line.claim.id == id);
        &found.unwrap_or_else(|| panic!("{id}")).status
    };
    let share = |id: &str| match line(id) {
        ClaimStatus::Computed { share, rivals, .. } => {
            assert_eq!(rivals.len(), summary.rivals.len(), "{id}");
            *share
        }
        other => panic!("{id}: {other:?}"),
    };
    // By hand: the draws themselves.
    let plan = Plan::new(&case);
    let edge = case
        .inputs
        .iter()
        .position(|i| i.path == "contest.edge")
        .unwrap();
    let edges: Vec<f64> = (0..64)
        .map(|i| {
            plan.values(
                &plan.uniforms(small(64, 4).stream, i),
                &Overrides::default(),
            )[edge]
        })
        .collect();
    let above = edges.iter().filter(|x| **x > 0.1).count();
    assert!(above > 0 && above < 64);
    assert!((share("sure").holds.value - above as f64 / 64.0).abs() < 1e-12);
    let conditional = share("conditional");
    assert_eq!(conditional.holds.value, 1.0);
    assert!((conditional.given - above as f64 / 64.0).abs() < 1e-12);
    // The same two runs, compared by hand.
    let few = small(8, 0);
    let id = case
        .inputs
        .iter()
        .position(|i| i.path == "contest.edge")
        .unwrap();
    let set = Overrides {
        replaced: vec![(
            InputId(u32::try_from(id).unwrap()),
            Distribution::Exact(-1.0),
        )],
        ..Overrides::default()
    };
    let t = case
        .setting
        .types
        .iter()
        .position(|t| t.id == "merchants")
        .unwrap();
    let p = case
        .setting
        .packages
        .iter()
        .position(|p| p.id == "mediators_terms")
        .unwrap();
    let margins = |overrides: &Overrides| -> Vec<f64> {
        let table = detente::run(&plan, overrides, few, &Ignored);
        table.column(settlement::MARGIN, &[t, p]).collect()
    };
    let pairs = margins(&set)
        .into_iter()
        .zip(margins(&Overrides::default()));
    let rose = pairs.filter(|(with, without)| with > without).count();
    let moved = share("moved");
    assert_eq!(moved.worlds, 8);
    assert!(
        rose > 0 && (moved.holds.value - rose as f64 / 8.0).abs() < 1e-12,
        "{moved:?} {rose}"
    );
    assert!(matches!(line("later"), ClaimStatus::Awaits(lenses) if lenses == &["talks"]));
    assert!(
        matches!(line("value"), ClaimStatus::NotComputable(why) if why == "A statement of value.")
    );
    // A claim that never varies is said to, and what it sets by name.
    let told = ["conditional", "set"].map(share);
    assert!(told.iter().all(|share| share.holds.value >= 1.0));
    let page = report::html(&summary, &stamp(&text));
    let row = |id: &str| {
        let from = page.find(&format!("<tr id=\"claim-{id}\">")).unwrap();
        &page[from..from + page[from..].find("</tr>").unwrap()]
    };
    assert!(row("set").contains("true in all of "));
    assert!(row("set").contains("leverage.credibility[surge] = 1"));
    assert!(!row("sure").contains("under every reading"));
    let listed = "Of these, true in every world tested, under every reading: conditional and set.";
    assert!(page.contains(listed));
}

/// Every field that the JSON has is explained in its documentation, by name.
#[test]
fn every_field_of_the_json_is_documented() {
    fn walk(
        value: &serde_json::Value,
        under: &str,
        fields: &mut std::collections::BTreeSet<String>,
    ) {
        match value {
            serde_json::Value::Object(map) => {
                // Below these stand names of the case, not of the format.
                let by_name = [
                    "agreed",
                    "readings_of_claim",
                    "opens_without",
                    "options",
                    "margins",
                    "first_partys_share",
                    "solutions",
                    "values",
                    "ended_by_month",
                    "refusers",
                    "levers_of_refusal",
                    "packages_of_refusal",
                    "change",
                    "concessions",
                    "lenses",
                    "gap_parts",
                    "end_by",
                    "end_ever",
                    "months_in",
                    "attack",
                    "fails_within_five_years",
                    "worth",
                    "passes",
                    "below_bar",
                    "moves",
                    "adds",
                    "price",
                    "times",
                    "kept",
                    "moved",
                    "would_withhold",
                    "by_package",
                    "by_type",
                    "likelihood",
                    "terms",
                    "terms_of_issue",
                    "made_by",
                    "options_of_offer",
                    "beliefs_of_line",
                ];
                for (key, inner) in map {
                    let named = by_name.contains(&under)
                        && !["value", "error", "n"].contains(&key.as_str());
                    if !named {
                        fields.insert(key.clone());
                    }
                    let below = match (under, key.as_str()) {
                        ("claims", "readings") => "readings_of_claim",
                        ("terms", _) => "terms_of_issue",
                        ("offers", "options") => "options_of_offer",
                        ("lines", "beliefs") => "beliefs_of_line",
                        _ if named => "",
                        _ => key,
                    };
                    walk(inner, below, fields);
                }
            }
            serde_json::Value::Array(items) => {
                for item in items {
                    walk(item, under, fields);
                }
            }
            _ => {}
        }
    }
    let doc = include_str!("../../../../docs/json.md");
    let mut fields = std::collections::BTreeSet::new();
    for name in CASES {
        let json: serde_json::Value =
            serde_json::from_str(&report::json(summary(name), &stamp("x"))).unwrap();
        walk(&json, "", &mut fields);
    }
    let missing: Vec<&String> = fields
        .iter()
        .filter(|f| !doc.contains(&format!("`{f}`")))
        .collect();
    assert!(
        missing.is_empty(),
        "docs/json.md does not explain {missing:?}"
    );
}
