//! Options that nobody tells apart share the points of the bargain, in whatever order they are written.

use detente::{Evidence, Ignored, report, summarise};

use crate::small;

/// Two options worth the same to both, and an issue that neither cares about.
fn case(first: &str, second: &str) -> String {
    let party = |id: &str, low: u8, high: u8| {
        format!(
            "[party.{id}]\nroles = [\"belligerent\"]\nreservation = 10\nissue.route = {{ weight = 1, value = {{ far = {low}, coast = 0.5, hills = 0.5, near = {high} }} }}\nissue.flag = {{ weight = 0, value = {{ red = 0, blue = 1 }} }}\n"
        )
    };
    format!(
        "[case]\nname = \"Ties\"\nas_of = 2024-06-01\n[issue.route]\nstatus_quo = \"far\"\noption = {{ far = {{}}, {first}, near = {{}} }}\n[issue.flag]\nstatus_quo = \"red\"\noption = {{ {second} }}\n{}{}[package.one]\nchoose = {{ route = \"coast\" }}\n",
        party("p", 0, 1),
        party("q", 1, 0)
    )
}

fn summary(text: &str) -> Evidence {
    let case = detente::check("case.toml", text).case.expect("a case");
    summarise(&case, &[], small(32, 8), &Ignored).unwrap()
}

#[test]
fn equal_options_share_whatever_their_order() {
    for (first, second) in [
        ("coast = {}, hills = {}", "red = {}, blue = {}"),
        ("hills = {}, coast = {}", "blue = {}, red = {}"),
    ] {
        let summary = summary(&case(first, second));
        assert!(
            summary.certified.faults.is_empty(),
            "{:?}",
            summary.certified
        );
        let set = &summary.zone().unwrap().sets[0];
        assert_eq!(set.solutions.len(), 4);
        for line in &set.solutions {
            let shares = |issue: usize| {
                let issue = &summary.setting.issues[issue];
                let of = |id: &str| {
                    let place = issue.options.iter().position(|o| o.id == id).unwrap();
                    line.options[issue.first_option + place]
                };
                move |id: &str| of(id)
            };
            let (route, flag) = (shares(0), shares(1));
            for (share, half) in [
                (route("coast"), 0.5),
                (route("hills"), 0.5),
                (route("near"), 0.0),
                (flag("red"), 0.5),
                (flag("blue"), 0.5),
            ] {
                assert!((share - half).abs() < 1e-12, "{:?} {share}", line.solution);
            }
        }
        let stamp = report::Stamp {
            case_path: "case.toml".into(),
            case_hash: "0".into(),
            command: "detente report".into(),
        };
        let page = report::html(&summary, &stamp);
        let named = ["coast or hills", "hills or coast"];
        assert!(named.iter().any(|both| page.contains(both)) && page.contains("50 of 100 each"));
    }
}
