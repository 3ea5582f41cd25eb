//! The audit of claims: quantifiers, sets of levers, interventions on quantities, flips; and of the flagship's claims, that each can fail.

use detente::handles::settlement;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use detente::{
    Assumed, Case, ClaimShare, ClaimStatus, Evidence, Flip, Ignored, Overrides, Plan, RunOptions,
    claim_shares, run, summarise,
};

use super::{small, text};

/// A threat and a promise of a second kind, so that refusing triggers something.
const LEVERS: &str = r#"
[lever.shelling]
by = "south"
kind = "stick"
trigger = "refuse(north)"
sets."party.north.burden" = "30 to 40"
cost = "0.2 to 3"

[lever.embargo]
by = "mediator"
kind = "pressure"
trigger = "refuse(north)"
flow_cost = { north = "2 to 8" }
cost = "0.2 to 3"
"#;

fn case_with(claims: &str) -> Case {
    let text = format!("{}{LEVERS}{claims}", text("first-case"));
    let checked = detente::check("audit", &text);
    checked
        .case
        .unwrap_or_else(|| panic!("{:#?}", checked.diagnostics))
}

fn summary(case: &Case) -> Evidence {
    summarise(case, &[], small(256, 0), &Ignored).unwrap()
}

fn computed<'s>(summary: &'s Evidence, id: &str) -> (ClaimShare, &'s [Flip]) {
    let found = summary.claims.iter().find(|line| line.claim.id == id);
    match &found.unwrap_or_else(|| panic!("{id}")).status {
        ClaimStatus::Computed { share, flips, .. } => (*share, flips),
        other => panic!("{id}: {other:?}"),
    }
}

#[test]
fn quantifiers_are_what_they_spell_out() {
    let case = case_with(
        r#"
[claim.any]
says = "…"
holds_when = "any(p in packages: settlement.accepts[north, p] > 0.9)"
[claim.any_by_hand]
says = "…"
holds_when = "not all(p in packages: settlement.accepts[north, p] <= 0.9)"
[claim.most]
says = "…"
holds_when = "max(p in packages: settlement.accepts[north, p]) > 0.9"
[claim.two]
says = "…"
holds_when = "count(p in packages: settlement.accepts[north, p] > 0.9) >= 1"
[claim.mean]
says = "…"
holds_when = "mean(t in north: alternative.value[t]) > 45"
[claim.mean_by_hand]
says = "…"
holds_when = """(party.north.type.merchants.prior * alternative.value[north.merchants]
+ party.north.type.generals.prior * alternative.value[north.generals])
/ (party.north.type.merchants.prior + party.north.type.generals.prior) > 45"""
[claim.paths]
says = "…"
holds_when = "any(t in north: party.north.type.t.burden > 20)"
[claim.paths_by_hand]
says = "…"
holds_when = "party.north.type.merchants.burden > 20 or party.north.type.generals.burden > 20"
[claim.partys]
says = "…"
holds_when = "mean(t in north: party.north.type.t.issue.border.weight) > 30"
[claim.partys_by_hand]
says = "…"
holds_when = """(party.north.type.merchants.prior * party.north.type.merchants.issue.border.weight
+ party.north.type.generals.prior * party.north.issue.border.weight)
/ (party.north.type.merchants.prior + party.north.type.generals.prior) > 30"""
[claim.listed]
says = "…"
holds_when = "all(p in [mediators_terms]: any(t in [north.merchants, north.generals]: settlement.margin[t, p] > 0))"
[claim.listed_by_hand]
says = "…"
holds_when = "settlement.margin[north.merchants, mediators_terms] > 0 or settlement.margin[north.generals, mediators_terms] > 0"
"#,
    );
    let summary = summary(&case);
    let share = |id: &str| computed(&summary, id).0.holds.value;
    for (a, b) in [
        ("any", "any_by_hand"),
        ("any", "most"),
        ("any", "two"),
        ("mean", "mean_by_hand"),
        ("paths", "paths_by_hand"),
        ("partys", "partys_by_hand"),
        ("listed", "listed_by_hand"),
    ] {
        assert_eq!(share(a).to_bits(), share(b).to_bits(), "{a}, {b}");
    }
    assert!(
        ["any", "mean", "paths", "partys", "listed"]
            .iter()
            .any(|id| (0.05..0.95).contains(&share(id)))
    );
}

#[test]
fn faults_in_quantifiers_are_said() {
    for (statement, fault) in [
        (
            "any(p in parcels: settlement.agreed[p] > 0)",
            "there is no set",
        ),
        ("any(p in packages settlement.agreed[p] > 0)", "colon"),
        (
            "any(p in packages: settlement.agreed[p])",
            "takes a statement",
        ),
        (
            "mean(p in packages: settlement.agreed[p] > 0) > 0",
            "takes a number",
        ),
        (
            "any(p in packages: settlement.agreed[q] > 0)",
            "there is no named package `q`",
        ),
        (
            "base(p in packages: settlement.agreed[p]) > 0",
            "does not go over a set",
        ),
        ("any(p in []: settlement.agreed[p] > 0)", "0 entries"),
    ] {
        let text = format!(
            "{}\n[claim.c]\nsays = \"…\"\nholds_when = \"{statement}\"\n",
            text("first-case")
        );
        let checked = detente::check("faults", &text);
        let said = format!("{:?}", checked.diagnostics);
        assert!(checked.case.is_none(), "{statement}");
        assert!(
            said.contains(fault) || (fault.contains('q') && said.contains("`q`")),
            "{statement}: {said}"
        );
    }
}

#[test]
fn sets_of_levers_are_tried_one_by_one() {
    let accepts = "settlement.accepts[north, mediators_terms]";
    let over = |id: &str, sets: &str, levers: &str| {
        format!(
            "[claim.{id}]\nsays = \"…\"\nholds_when = \"{accepts} >= 0.5\"\nover_levers = [{levers}]\nfor_sets = \"{sets}\"\n"
        )
    };
    let both = "\"shelling\", \"embargo\"";
    let mut claims = String::new();
    for sets in ["some", "every", "necessary", "sufficient"] {
        claims += &over(sets, sets, both);
    }
    for (set, with) in [
        ("none", [0, 0]),
        ("first", [1, 0]),
        ("second", [0, 1]),
        ("all", [1, 1]),
    ] {
        let _ = write!(
            claims,
            "[claim.{set}]\nsays = \"…\"\nholds_when = \"{accepts} >= 0.5\"\n[claim.{set}.with]\n\
             \"lever.shelling.credibility\" = {}\n\"lever.embargo.credibility\" = {}\n",
            with[0], with[1]
        );
    }
    let case = case_with(&claims);
    let summary = summary(&case);
    let share = |id: &str| computed(&summary, id).0.holds.value;
    // Pulling more only makes refusing worse here, so sets are ordered.
    let [none, first, second, all] = ["none", "first", "second", "all"].map(share);
    assert!(none <= first && first <= all && none <= second && second <= all);
    assert!(none < all, "the levers must matter: {none} {all}");
    assert!((share("some") - all).abs() < 1e-12);
    assert!((share("every") - none).abs() < 1e-12);
    assert!((share("sufficient") - first).abs() < 1e-12);
    assert!((share("necessary") - (all - second)).abs() < 1e-12);
}

#[test]
fn a_claim_turns_where_it_says() {
    let case = case_with(
        r#"
[claim.edge]
says = "…"
holds_when = "contest.edge > 0.2"
[claim.noise]
says = "…"
holds_when = "behaviour.noise > 0.75"
[claim.fixed]
says = "…"
holds_when = "contest.edge > -5 or contest.edge > party.north.burden"
"#,
    );
    let summary = summary(&case);
    let (share, flips) = computed(&summary, "edge");
    assert!(share.holds.value > 0.0 && share.holds.value < 1.0);
    let [flip] = flips else { panic!("{flips:?}") };
    assert_eq!(flip.what, "contest.edge");
    let width = (flip.ends[1] - flip.ends[0]) / 32.0;
    assert!((flip.at - 0.2).abs() <= width, "{flip:?}");
    assert_eq!(flip.shares, [0.0, 1.0]);
    let (_, flips) = computed(&summary, "noise");
    assert!((flips[0].at - 0.75).abs() < 0.07 && flips[0].what == "behaviour.noise");
    assert!(computed(&summary, "fixed").1.is_empty());
}

#[test]
fn what_a_claim_rests_on_cannot_come_back_to_it() {
    let claim = |id: &str, on: &str| {
        format!(
            "[claim.{id}]\nsays = \"…\"\nholds_when = \"contest.edge > 0\"\nrests_on = [\"{on}\"]\n"
        )
    };
    let text = format!(
        "{}\n{}{}",
        text("first-case"),
        claim("a", "b"),
        claim("b", "a")
    );
    let checked = detente::check("circle", &text);
    assert!(checked.case.is_none());
    let said = format!("{:?}", checked.diagnostics);
    assert!(said.contains("rests on itself"), "{said}");
}

/// Fixing a credibility is the same whether a claim sets the quantity, the case states the number, or a reading does.
#[test]
fn a_quantity_that_is_set_replaces_what_is_computed_downstream() {
    let case = case_with("");
    let plan = Plan::new(&case);
    let lever = case
        .setting
        .levers
        .iter()
        .position(|l| l.id == "embargo")
        .unwrap();
    let fixed = |value: f64| Overrides {
        fixed: vec![detente::Fixed {
            lens: "leverage",
            quantity: "credibility",
            index: vec![lever],
            value,
        }],
        ..Overrides::default()
    };
    let options = small(32, 0);
    let margins = |overrides: &Overrides| {
        let table = run(&plan, overrides, options, &Ignored);
        let column: Vec<f64> = table.column(settlement::MARGIN, &[0, 0]).collect();
        column
    };
    let [never, always] = [0.0, 1.0].map(|x| margins(&fixed(x)));
    // The other lever is weighed too, and this one hurts only the one who refuses.
    assert!(never.iter().zip(&always).all(|(n, a)| n < a));
    let stated = case.with_set(
        &["lever.embargo.credibility=1".to_owned()],
        &mut detente::diag::Sources::default(),
    );
    let stated = stated.map_err(|faults| format!("{faults:?}")).unwrap();
    let table = run(
        &Plan::new(&stated),
        &Overrides::default(),
        options,
        &Ignored,
    );
    let said: Vec<f64> = table.column(settlement::MARGIN, &[0, 0]).collect();
    assert_eq!(said, always);
}

/// A claim that one input decides is marked, whether it says so or a quantity that hardly matters stands beside it; one that several
/// decide, or that never varies, is not. Of the second kind the input is set to the ends of its stated range: 10 and 22.
#[test]
fn a_claim_that_an_input_alone_decides_is_marked() {
    let case = case_with(
        r#"
[claim.stated]
says = "…"
holds_when = "party.north.burden > 15"
[claim.all_but_stated]
says = "…"
holds_when = "party.north.burden + 0.001 * alternative.value[north.generals] > 15"
[claim.at_ends]
says = "…"
holds_when = "party.north.burden + 0.16 * alternative.value[north.generals] > 24"
[claim.found]
says = "…"
holds_when = "party.north.burden + 2 * alternative.value[north.generals] > 127"
[claim.never]
says = "…"
holds_when = "party.north.burden + 0 * alternative.value[north.generals] > 1000"
"#,
    );
    let summary = summarise(&case, &[], small(1024, 0), &Ignored).unwrap();
    let of = |id: &str| {
        let line = summary.claims.iter().find(|line| line.claim.id == id);
        match &line.unwrap().status {
            ClaimStatus::Computed { share, assumed, .. } => (share.holds.value, assumed.clone()),
            other => panic!("{id}: {other:?}"),
        }
    };
    assert_eq!(of("stated").1, Some(Assumed::Stated));
    match of("all_but_stated").1 {
        Some(Assumed::Explained { path, index }) => {
            assert_eq!(path, "party.north.burden");
            assert!((0.9..=1.0).contains(&index), "{index}");
        }
        other => panic!("{other:?}"),
    }
    match of("at_ends").1 {
        Some(Assumed::AtEnds {
            path, ends, shares, ..
        }) => {
            assert_eq!(path, "party.north.burden");
            assert!((ends[0] - 10.0).abs() < 0.3 && (ends[1] - 22.0).abs() < 0.6);
            assert!(shares[0] <= 0.05 && shares[1] >= 0.95, "{shares:?}");
        }
        other => panic!("{other:?}"),
    }
    let (share, assumed) = of("found");
    assert!((0.1..0.9).contains(&share), "{share}");
    assert_eq!(assumed, None);
    assert_eq!(of("never"), (0.0, None));
}

// ------------------------------------------------------------------------------------------ the flagship's claims

/// Claims with the reading under which each should fail: its rival's, or the one that its comment names. Claims that await their
/// lens are not here.
const RIVALS: [(&str, &str); 39] = [
    ("c01", "time_favours_russia"),
    ("c04", "renewed_attack"),
    ("c07", "chips_had_a_price"),
    ("c08", "us_share_decisive"),
    ("c09", "press_the_weaker"),
    ("c10", "maximal_aims"),
    ("c11", "maximal_aims"),
    ("c13", "time_favours_russia"),
    ("c14", "time_favours_russia"),
    ("c16", "time_favours_russia"),
    ("c18", "threat_not_believed"),
    ("c19", "threat_not_believed"),
    ("c21", "time_favours_russia"),
    ("c22", "time_favours_russia"),
    ("c23", "maximal_aims"),
    ("c25", "time_favours_russia"),
    ("c26", "maximal_aims"),
    ("c27", "maximal_aims"),
    ("c29", "maximal_aims"),
    ("c31", "renewed_attack"),
    ("c32", "isw"),
    ("c33", "us_share_decisive"),
    ("c35", "article"),
    ("c37", "us_share_decisive"),
    ("c40", "us_share_decisive"),
    ("c41", "renewed_attack"),
    ("c42", "renewed_attack"),
    ("c43", "imposed_deal"),
    ("r01", "article"),
    ("r02", "maximal_aims"),
    ("r03", "article"),
    ("r04", "europe_replaces_us"),
    ("r05", "article"),
    ("r06", "article"),
    ("r07", "maximal_aims"),
    ("r08", "article"),
    ("r10", "article"),
    ("r11", "us_share_decisive"),
    ("r12", "article"),
];

/// Claims that never vary, as far as worlds were tried, with what they are and why: none.
const CONSTANT: [(&str, bool, &str); 0] = [];

/// Claims about the course of the talks: a game a world makes it too dear to seek them under every reading.
const OF_TALKS: [&str; 3] = ["c17", "c44", "r09"];

/// Where a claim that is true in few worlds is true in one: the reading, and how many worlds that takes.
const RARELY_TRUE: [(&str, &str, usize); 1] = [("c19", "us_share_decisive", 384)];

/// Worlds of a reading, and those that are searched.
const WORLDS: usize = 32;
const SEARCHES: usize = 4;

/// Shares of some claims under a reading (the case as written: none).
fn shares_of(
    case: &Case,
    wanted: &dyn Fn(&str) -> bool,
    reading: &str,
    (worlds, searches): (usize, usize),
) -> Vec<(String, ClaimShare)> {
    let mut few = case.clone();
    few.claims.retain(|claim| wanted(&claim.id));
    let readings: Vec<String> = match reading {
        "" => Vec::new(),
        id => vec![id.to_owned()],
    };
    // Whether a claim can come out either way is asked of the prior: what is on record leaves fewer worlds of either kind.
    let options = RunOptions {
        record: false,
        ..small(worlds, searches)
    };
    let shares = claim_shares(&few, &readings, options, &Ignored).unwrap();
    let ids = few.claims.iter().map(|claim| claim.id.clone());
    let computed = ids.zip(shares).filter_map(|(id, share)| Some((id, share?)));
    computed.collect()
}

/// Fourteen readings of the flagship with all claims take minutes: with `DETENTE_SLOW=1`, which `.ci/run` sets.
#[test]
fn each_claim_is_true_in_some_world_and_false_in_its_rivals() {
    if std::env::var_os("DETENTE_SLOW").is_none() {
        return;
    }
    let case = super::case("ukraine-2025");
    let constant = |id: &str| CONSTANT.iter().find(|(of, ..)| *of == id);
    // Whether it was seen to be true, and to be false.
    let mut seen: BTreeMap<String, [bool; 2]> = BTreeMap::new();
    let mut see = |found: Vec<(String, ClaimShare)>| {
        for (id, share) in found {
            let seen = seen.entry(id).or_default();
            seen[0] |= share.holds.value > 0.0;
            seen[1] |= share.holds.value < 1.0;
        }
        seen.clone()
    };
    let mut known = see(shares_of(
        &case,
        &|id| !OF_TALKS.contains(&id),
        "",
        (WORLDS, SEARCHES),
    ));
    for id in known.keys() {
        let listed = RIVALS.iter().any(|(of, _)| of == id) || constant(id).is_some();
        assert!(
            listed,
            "{id} can be computed: say under which reading it should fail"
        );
    }
    for reading in case.readings.iter().map(|reading| reading.id.as_str()) {
        let rival = |id: &str| RIVALS.contains(&(id, reading));
        let open = |id: &str| known.get(id).is_some_and(|seen| seen.contains(&false));
        // Those that vary little are sought in worlds of their own.
        let wanted = |id: &str| rival(id) || open(id);
        let found = shares_of(&case, &wanted, reading, (WORLDS, SEARCHES));
        for (id, share) in found.iter().filter(|(id, _)| rival(id)) {
            assert!(
                share.holds.value < 1.0,
                "{id} should fail in some world of `{reading}`: {share:?}"
            );
        }
        known = see(found);
    }
    for (id, reading, worlds) in RARELY_TRUE {
        known = see(shares_of(&case, &|of| of == id, reading, (worlds, 0)));
    }
    let mut faults = Vec::new();
    for (id, seen) in known {
        match constant(&id) {
            Some((_, truth, why)) if seen != [*truth, !*truth] => {
                faults.push(format!(
                    "{id} varies now, so that this is no more true: {why}"
                ));
            }
            None if seen != [true, true] => {
                faults.push(format!(
                    "{id}: true in some world {}, false in some {}",
                    seen[0], seen[1]
                ));
            }
            _ => {}
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

/// Every claim that rests on others names claims of the same author's argument, and the article's chain holds together.
#[test]
fn the_articles_claims_rest_on_one_another() {
    let case = super::case("ukraine-2025");
    let on = |id: &str| {
        let found = case.claims.iter().find(|claim| claim.id == id);
        found.unwrap_or_else(|| panic!("{id}")).rests_on.clone()
    };
    // Success needs concessions, these the threat, it must be believed, and that takes a leader less afraid.
    for (id, rests) in [("c18", "c16"), ("c16", "c14"), ("c14", "c13")] {
        assert_eq!(on(id), [rests], "{id}");
    }
    for claim in &case.claims {
        let first = claim.id.chars().next();
        assert!(
            claim.rests_on.iter().all(|id| id.chars().next() == first),
            "{}",
            claim.id
        );
    }
}
