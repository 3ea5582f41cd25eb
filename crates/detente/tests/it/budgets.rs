//! What would take too long is given up at a count of steps, said, and bounded.

use std::fmt::Write as _;

use detente::{Evidence, Ignored, RunOptions, report, summarise};
use detente_core::Solution;
use detente_math::{path_key, uniform};

/// Parties that agree on little about many issues: their frontier has no end.
fn quarrel(parties: usize, issues: usize) -> String {
    let mut text = String::from("[case]\nname = \"Quarrel\"\nas_of = 2024-06-01\n");
    let drawn = |what: &str, place: usize| uniform(7, path_key(what), place as u64);
    for k in 0..issues {
        let options: Vec<String> = (0..6).map(|o| format!("o{o} = {{}}")).collect();
        let options = options.join(", ");
        let _ = writeln!(
            text,
            "[issue.i{k}]\nstatus_quo = \"o0\"\noption = {{ {options} }}"
        );
    }
    for p in 0..parties {
        let _ = writeln!(
            text,
            "[party.p{p}]\nroles = [\"belligerent\"]\nreservation = 30\n[party.p{p}.type.a]\nprior = 0.5\n[party.p{p}.type.b]\nprior = 0.5\nreservation = 31"
        );
        for k in 0..issues {
            let value = |o: usize| match o {
                0 => 0.0,
                1 => 1.0,
                _ => drawn("value", (p * issues + k) * 6 + o),
            };
            // Ends of the scale stand at other options for each party.
            let values: Vec<String> = (0..6)
                .map(|o| format!("o{} = {:.6}", (o + p) % 6, value(o)))
                .collect();
            let weight = 1.0 + 4.0 * drawn("weight", p * issues + k);
            let _ = writeln!(
                text,
                "[party.p{p}.issue.i{k}]\nweight = {weight:.6}\nvalue = {{ {} }}",
                values.join(", ")
            );
        }
    }
    text
}

fn of(text: &str, searches: usize) -> Evidence {
    let case = detente::check("case.toml", text).case.expect("a case");
    let options = RunOptions {
        worlds: 2,
        searches,
        solutions: searches,
        ..RunOptions::default()
    };
    summarise(&case, &[], options, &Ignored).unwrap()
}

#[test]
fn a_frontier_without_end_is_given_up_and_bounded() {
    let text = quarrel(5, 12);
    let summary = of(&text, 1);
    assert!(
        summary.certified.faults.is_empty(),
        "{:?}",
        summary.certified
    );
    let set = &summary.zone().expect("a zone").sets[0];
    assert!(
        set.given_up.value > 0.0,
        "the case is too small to be given up"
    );
    let told: Vec<Solution> = set.solutions.iter().map(|line| line.solution).collect();
    assert_eq!(told, [Solution::Nash]);
    assert!(set.lottery.is_none());
    let most = set.most.expect("a bound")[2];
    assert!(
        most >= set.size[2] - 1e-9 && most < 100.0,
        "{most} {:?}",
        set.size
    );
    // Said on the page, with the certificates that could not be had whole.
    let stamp = report::Stamp {
        case_path: "case.toml".into(),
        case_hash: "0".into(),
        command: "detente report".into(),
    };
    let page = report::html(&summary, &stamp);
    assert!(page.contains("was given up; there the Nash point alone is told"));
    assert_eq!(
        summary.certified.unfinished.len(),
        1,
        "{:?}",
        summary.certified
    );
    assert!(page.contains("checked only in part"));
    assert!(report::terminal(&summary, None).contains("checked only in part"));
    let json: serde_json::Value = serde_json::from_str(&report::json(&summary, &stamp)).unwrap();
    assert_eq!(
        json["certificates"]["unfinished"].as_array().unwrap().len(),
        1
    );
    // Nothing is searched for certificates that the run does not search.
    let unsearched = of(&text, 0);
    assert!(unsearched.certified.unfinished.is_empty() && unsearched.certified.held > 0);
}

/// Few packages are listed whole, and their frontier found: lotteries are told and are their own bound.
#[test]
fn a_small_frontier_is_found_whole() {
    let summary = of(&quarrel(3, 3), 2);
    let set = &summary.zone().expect("a zone").sets[0];
    assert_eq!(set.given_up.value, 0.0);
    assert_eq!(set.solutions.len(), 4);
    let lottery = set.lottery.expect("lotteries");
    assert_eq!(Some(lottery), set.most);
    assert!(summary.certified.unfinished.is_empty() && summary.certified.faults.is_empty());
}

/// Scales at which a point is lost in rounding: what cannot be told is not called wrong.
#[test]
fn large_scales_are_no_false_alarms() {
    let text = quarrel(2, 3);
    for (what, other) in [
        ("reservation = 30\n", "reservation = -1e9\n"),
        ("reservation = 30\n", "reservation = -1e11\n"),
        ("weight = ", "weight = 1e8 #"),
        ("weight = ", "weight = 1e-7 #"),
    ] {
        // Of one party, and of one issue, alone.
        let scaled = text
            .replacen(what, other, 1)
            .replace("1e8 #", "1e8 # ")
            .replace("1e-7 #", "1e-7 # ");
        let summary = of(&scaled, 2);
        assert!(
            summary.certified.faults.is_empty(),
            "{other}: {:?}",
            summary.certified
        );
    }
}
