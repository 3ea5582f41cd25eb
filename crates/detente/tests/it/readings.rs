//! What other readings say beside the one in force.

use detente::report::{self, Stamp};
use detente::{ClaimStatus, Ignored, summarise};

use crate::{small, text};

fn stamp() -> Stamp {
    Stamp {
        case_path: "cases/x".into(),
        case_hash: "0".repeat(64),
        command: "detente report cases/x".into(),
    }
}

/// A reading runs on fewer worlds than the case: what it changes there is carried over to all, so that one that changes nothing says what the
/// case does, and none is told apart from it by its worlds.
#[test]
fn what_readings_change_is_carried_over_to_all_worlds() {
    let text = text("first-case").replace(
        "[reading.arms_flow]",
        "[reading.no_gate]\nname = \"No vote\"\nsays = \"Nobody votes.\"\n[reading.no_gate.set]\n\
         \"party.south.gate.parliament.bar\" = 0.01\n\n[reading.arms_flow]",
    ) + "\n[claim.signed]\nsays = \"It is signed.\"\nby = \"Somebody\"\nholds_when = \"settlement.agreed[mediators_terms] > 0.6\"\n";
    let case = detente::check("case.toml", &text).case.expect("a case");
    let evidence = summarise(&case, &[], small(96, 4), &Ignored).unwrap();
    let find = |id: &str| {
        let mut rivals = evidence.rivals.iter();
        rivals.find(|rival| rival.label.id == id).expect("a rival")
    };
    let (still, moved) = (find("no_gate"), find("time_is_souths"));
    assert!(still.worlds < evidence.options.worlds);
    let mut apart = 0;
    for (p, line) in evidence.packages().iter().enumerate() {
        let (here, there) = (line.agreed.value, still.own.agreed[p].value);
        assert!((here - there).abs() < 1e-12, "{p}: {here} {there}");
        apart += usize::from((here - moved.own.agreed[p].value).abs() > 1e-3);
    }
    assert!(apart > 0);
    let ClaimStatus::Computed { share, rivals, .. } = &evidence.claims[0].status else {
        panic!("a claim that can be tested");
    };
    let place = evidence.rivals.iter().position(|r| r.label.id == "no_gate");
    let there = &rivals[place.unwrap()];
    assert!((0.05..0.95).contains(&share.holds.value) && there.worlds < share.worlds);
    assert!((share.holds.value - there.holds.value).abs() < 1e-12);
    let page = report::html(&evidence, &stamp());
    assert!(!page.contains("in the same worlds)"));
}
