//! Conditions that no world can have: refused where somebody asks for them, left out where a report makes them itself.

use detente::{
    BadReading, ClaimStatus, Ignored, claim_shares, overrides_of, summarise, untold_claims,
};

use super::{small, text};

/// The first case with the contact line's place a fact, and readings and claims added.
fn case_with(more: &str) -> detente::Case {
    let first = text("first-case").to_owned();
    let placed = first.replacen("position = 0", "position = \"fact.front\"", 1);
    assert_ne!(first, placed);
    let checked = detente::check(
        "case",
        &format!("{placed}\n[fact.front]\nvalue = 0\n{more}"),
    );
    checked
        .case
        .unwrap_or_else(|| panic!("{:#?}", checked.diagnostics))
}

#[test]
fn readings_that_cannot_stand_together_are_refused_with_their_places() {
    let case = case_with(
        "[reading.forward]\nset.\"fact.front\" = 20\n[reading.ceded_less]\nset.\"issue.border.option.strip_ceded.position\" = 20\n",
    );
    let ids = |names: &[&str]| {
        names
            .iter()
            .map(|name| (*name).to_owned())
            .collect::<Vec<_>>()
    };
    for alone in [&["forward"][..], &["ceded_less"], &[]] {
        assert!(overrides_of(&case, &ids(alone)).is_ok(), "{alone:?}");
    }
    let both = overrides_of(&case, &ids(&["forward", "ceded_less"]));
    let Err(BadReading::Impossible(faults)) = both else {
        panic!("{both:?}")
    };
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].code.to_string(), "D0506");
    assert!(
        faults[0]
            .message
            .contains("under the readings `forward` and `ceded_less`")
    );
    let set = faults[0]
        .labels
        .iter()
        .filter(|label| label.text == "set here");
    assert_eq!(set.count(), 2);
}

#[test]
fn a_part_of_a_reading_that_cannot_stand_alone_is_no_cause() {
    // The front moves to where the strip lay, and what is ceded lies further on: the first alone would put two options in one place.
    let case = case_with(
        "[reading.forward]\nset.\"fact.front\" = 40\nset.\"issue.border.option.strip_ceded.position\" = 80\nset.\"contest.edge\" = 0.6\n",
    );
    let summary = summarise(&case, &[], small(32, 0), &Ignored).unwrap();
    let rival = summary
        .rivals
        .iter()
        .find(|rival| rival.label.id == "forward")
        .unwrap();
    let about: Vec<&str> = rival
        .causes
        .iter()
        .map(|cause| cause.about.as_str())
        .collect();
    assert!(
        about
            .iter()
            .any(|about| about.contains("balance of efforts")),
        "{about:?}"
    );
    assert!(
        about.contains(&"issue") && !about.contains(&"fact"),
        "{about:?}"
    );
}

#[test]
fn of_the_sets_of_levers_those_that_clash_under_a_reading_are_not_told() {
    let case = case_with(
        "[lever.surge]\nby = \"mediator\"\nkind = \"pressure\"\ntrigger = \"now\"\non = false\n\
         sets.\"contest.supply.mediator_arms.level\" = 1.4\n\
         [reading.no_taper]\nset.\"lever.arms_taper.on\" = false\n\
         [claim.some]\nsays = \"…\"\nholds_when = \"party.north.burden > 0\"\n\
         with = { \"lever.arms_taper.on\" = false }\nover_levers = [\"surge\"]\nfor_sets = \"some\"\n\
         [claim.with_taper]\nsays = \"…\"\nholds_when = \"party.north.burden < 100\"\n\
         with = { \"contest.edge\" = 0.3 }\n",
    );
    // All that the claims set stands as the case is written, and under its reading.
    assert!(untold_claims(&case, &[]).unwrap().is_empty());
    // Where the surge is on already, and the taper too is set on, nothing that leaves both on can be told.
    let mut sources = detente::diag::Sources::default();
    let on = case
        .with_set(&["lever.surge.on=true".to_owned()], &mut sources)
        .unwrap();
    assert!(matches!(
        overrides_of(&on, &[]),
        Err(BadReading::Impossible(_))
    ));
    let no_taper = ["no_taper".to_owned()];
    assert!(overrides_of(&on, &no_taper).is_ok());
    let shares = claim_shares(&on, &no_taper, small(16, 0), &Ignored).unwrap();
    assert!(
        shares.iter().flatten().all(|share| share.untold == 0),
        "{shares:?}"
    );
    let untold = untold_claims(&on, &no_taper).unwrap();
    assert!(untold.is_empty(), "{untold:?}");
}

#[test]
fn a_claim_that_clashes_with_a_reading_is_untold_there_and_nowhere_else() {
    let case = case_with(
        "[lever.surge]\nby = \"mediator\"\nkind = \"pressure\"\ntrigger = \"now\"\non = false\n\
         sets.\"contest.supply.mediator_arms.level\" = 1.4\n\
         [reading.surge]\nset = { \"lever.surge.on\" = true, \"lever.arms_taper.on\" = false }\n\
         [claim.taper]\nsays = \"…\"\nholds_when = \"alternative.value[north.generals] < base(alternative.value[north.generals]) + 100\"\n\
         with = { \"lever.arms_taper.on\" = true, \"contest.edge\" = 0.3 }\n",
    );
    let untold = untold_claims(&case, &[]).unwrap();
    assert_eq!(untold.len(), 1, "{untold:?}");
    assert_eq!(untold[0].code.to_string(), "D0719");
    assert!(
        untold[0]
            .message
            .contains("claim `taper` is not told there")
    );
    let summary = summarise(&case, &[], small(32, 0), &Ignored).unwrap();
    let ClaimStatus::Computed { share, rivals, .. } = &summary.claims[0].status else {
        panic!("{:?}", summary.claims[0].status)
    };
    assert_eq!(share.untold, 0);
    for (rival, share) in summary.rivals.iter().zip(rivals) {
        let expected = if rival.label.id == "surge" {
            share.worlds
        } else {
            0
        };
        assert_eq!(
            (share.untold, share.worlds > 0),
            (expected, true),
            "{}",
            rival.label.id
        );
    }
}
