//! Deals that lapse and lead on, and promises that outlast a deal: by hand, and by what must not matter.

use std::fmt::Write;

use detente::handles::{durability, stability};
use detente::{Case, Ignored, Overrides, Plan, Table, run};
use detente_core::{Dimension, Search};

use crate::small;

/// Worth of the states of [`text`] to the seller and to the buyer, which no move leaves.
const STRIKE: [f64; 2] = [20.0, 15.0];
const REVIEW: [f64; 2] = [70.0, 30.0];
const TALKS: [f64; 2] = [45.0, 55.0];

/// Three issues whose options may lapse, in an order; no moves are ever made, so that what follows a deal is the worth of a state for ever.
fn text(order: [usize; 3], options: [&str; 3]) -> String {
    let mut text = "[case]\nname = \"A lease\"\nas_of = 2024-06-01\n".to_owned();
    for issue in order {
        let name = ["term", "audit", "rent"][issue];
        let lapses = options[issue];
        let _ = write!(
            text,
            "[issue.{name}]\nstatus_quo = \"none\"\noption.none = {{}}\noption.some = {{ {lapses} }}\n"
        );
    }
    for (party, id) in ["seller", "buyer"].into_iter().enumerate() {
        let _ = write!(
            text,
            "[party.{id}]\nroles = [\"principal\"]\npatience = 0.99\nrenege_cost = 200\n\
             issue.term = {{ weight = 50, value = {{ none = 0, some = 1 }} }}\n\
             issue.audit = {{ weight = 30, value = {{ none = {party}, some = {} }} }}\n\
             issue.rent = {{ weight = 20, value = {{ none = 0, some = 1 }} }}\n",
            1 - party
        );
    }
    text.push_str(
        "[package.lease]\nchoose = { term = \"some\", audit = \"some\", rent = \"some\" }\n\
         [process]\ntoday = \"talks\"\nresumes = \"strike\"\n",
    );
    for (state, worth) in [("talks", TALKS), ("strike", STRIKE), ("review", REVIEW)] {
        let _ = write!(
            text,
            "[process.state.{state}]\nworth = {{ seller = {}, buyer = {} }}\n\
             [process.move.from_{state}]\nfrom = \"{state}\"\nto = \"end\"\nrate = 0\n",
            worth[0], worth[1]
        );
    }
    text.push_str(
        "[process.move.review]\nfrom = \"talks\"\nto = \"review\"\nrate = 0\n[process.end.end]\nworth = { seller = 0, buyer = 0 }\n\
         [durability]\nbackground = 0.004\nguarantee = 0\nverification = 0\nseparation = 0\nimposed = 0\nmediated = 0\n\
         [behaviour]\nnoise = 0.5\n",
    );
    text
}

fn read(text: &str) -> Case {
    let checked = detente::check("lease.toml", text);
    let said = format!("{:?}", checked.diagnostics);
    checked.case.expect(&said)
}

/// One exact world, whose answers have their certificates.
fn world(case: &Case, set: &[String]) -> Table {
    let mut sources = detente::diag::Sources::default();
    let case = case.with_set(set, &mut sources).unwrap();
    let plan = Plan::new(&case);
    let drawn = plan.world(&plan.medians(), &Overrides::default());
    let certified = detente::certify_world(&plan.setting, &drawn, Search::Solutions);
    assert!(certified.faults.is_empty(), "{:?}", certified.faults);
    run(&plan, &Overrides::default(), small(1, 0), &Ignored)
}

/// D of the lease to the seller and the buyer.
fn deal(table: &Table) -> [f64; 2] {
    [0, 1].map(|t| table.mean(durability::DEAL_VALUE, &[t, 0]).value)
}

/// D in closed form: whole months of peace and breakdowns, the part of a month, and what a lapse leads to.
fn by_hand(paper: [f64; 2], lasts: f64, lapsed: [f64; 2]) -> [f64; 2] {
    let (patience, rate) = (0.99, 0.004);
    let stays: f64 = libm::exp(-rate);
    let (whole, part) = (lasts.floor(), lasts.fract());
    let left = libm::pow(patience * stays, whole);
    let months = (1.0 - left) / (1.0 - patience * stays);
    let (over, calm) = (libm::pow(patience, part), libm::exp(-rate * part));
    [0, 1].map(|t| {
        let month = (1.0 - patience) * paper[t] + patience * (1.0 - stays) * STRIKE[t];
        let last = (1.0 - over) * paper[t] + over * ((1.0 - calm) * STRIKE[t] + calm * lapsed[t]);
        months * month + left * last
    })
}

/// UL: all issues go the seller's way, and the audit against the buyer.
const PAPER: [f64; 2] = [100.0, 70.0];

fn assert_near(found: [f64; 2], exact: [f64; 2], of: &str) {
    for (found, exact) in found.iter().zip(exact) {
        assert!((found - exact).abs() < 1e-6, "{of}: {found} {exact}");
    }
}

#[test]
fn a_lapse_is_honoured_however_late_and_no_month_is_a_step() {
    let case = read(&text([0, 1, 2], ["lasts = 18, then = \"review\"", "", ""]));
    let of = |lasts: f64| {
        deal(&world(
            &case,
            &[format!("issue.term.option.some.lasts={lasts}")],
        ))
    };
    for lasts in [
        0.5, 17.0, 17.999, 18.0, 18.001, 239.5, 240.0, 240.5, 241.0, 270.0, 300.0, 420.25, 1188.0,
    ] {
        assert_near(of(lasts), by_hand(PAPER, lasts, REVIEW), &lasts.to_string());
    }
    // In the end it is a deal for good.
    let for_good = read(&text([0, 1, 2], ["", "", ""]));
    assert_near(of(20_000.0), deal(&world(&for_good, &[])), "for good");
}

/// Of several options that lapse first those count that say where they lead, and of several such states each is as likely: whatever the
/// order of the issues in the text.
#[test]
fn the_order_of_issues_does_not_matter() {
    const ORDERS: [[usize; 3]; 6] = [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ];
    let worth = |then: &str| match then {
        "review" => REVIEW,
        "talks" => TALKS,
        _ => STRIKE,
    };
    // By issue: after how many months it lapses, and where it leads; nothing: as a breakdown does.
    let cases: [[(f64, &str); 3]; 7] = [
        [(18.0, "review"), (18.0, ""), (30.0, "talks")],
        [(18.0, ""), (18.0, ""), (18.0, "talks")],
        [(18.0, "review"), (18.0, "talks"), (18.0, "")],
        [(18.0, "review"), (18.0, "talks"), (18.0, "review")],
        [(24.5, "review"), (18.5, ""), (24.5, "talks")],
        [(18.25, "talks"), (18.0, "review"), (18.5, "")],
        [(260.0, "review"), (260.0, "talks"), (300.0, "")],
    ];
    for own in cases {
        let options = own.map(|(_, then)| {
            let then = if then.is_empty() {
                String::new()
            } else {
                format!(", then = \"{then}\"")
            };
            // A range: that two of them tie is chance, and no fault.
            format!("lasts = \"between 10 and 400\"{then}")
        });
        let set = [0, 1, 2].map(|issue| {
            let name = ["term", "audit", "rent"][issue];
            format!("issue.{name}.option.some.lasts={}", own[issue].0)
        });
        let first = own.iter().map(|(lasts, _)| *lasts).fold(f64::MAX, f64::min);
        let mut leads: Vec<&str> = own
            .iter()
            .filter(|(lasts, then)| *lasts == first && !then.is_empty())
            .map(|(_, then)| *then)
            .collect();
        leads.sort_unstable();
        leads.dedup();
        if leads.is_empty() {
            leads.push("");
        }
        let lapsed = [0, 1].map(|t| {
            let worths = leads.iter().map(|then| worth(then)[t]);
            worths.sum::<f64>() / leads.len() as f64
        });
        for order in ORDERS {
            let case = read(&text(order, [&options[0], &options[1], &options[2]]));
            let found = deal(&world(&case, &set));
            assert_near(
                found,
                by_hand(PAPER, first, lapsed),
                &format!("{order:?} {own:?}"),
            );
        }
    }
}

#[test]
fn two_ends_at_once_that_lead_apart_are_a_fault() {
    let apart = text(
        [0, 1, 2],
        [
            "lasts = 18, then = \"review\"",
            "lasts = 18, then = \"talks\"",
            "",
        ],
    );
    let codes = |text: &str| -> Vec<String> {
        let checked = detente::check("lease.toml", text);
        let errors = checked.diagnostics.iter();
        let errors = errors.filter(|d| d.severity() == detente::diag::Severity::Error);
        errors.map(|d| d.code.to_string()).collect()
    };
    assert_eq!(codes(&apart), ["D0514"]);
    // One number for both is as sure a tie.
    let fact = apart.replace("lasts = 18", "lasts = \"fact.term\"");
    assert_eq!(
        codes(&format!("{fact}[fact.term]\nvalue = \"10 to 20\"\n")),
        ["D0514"]
    );
    // No package holds both.
    let rule = "[constraint.one]\nforbid = { term = [\"some\"], audit = [\"some\"] }\n";
    let alone = apart.replace("audit = \"some\", rent", "audit = \"none\", rent");
    assert_eq!(codes(&format!("{alone}{rule}")), Vec::<String>::new());
    let other = apart.replace(
        "lasts = 18, then = \"talks\"",
        "lasts = 18.5, then = \"talks\"",
    );
    assert_eq!(codes(&other), Vec::<String>::new());
}

/// A promise is paid whatever becomes of the deal, so that it keeps nobody from ending it: the seller, who would gain by a strike what the deal
/// is worth and more, breaks it with a gift of 30 points and without.
#[test]
fn a_promise_keeps_nobody() {
    let gift = |points: f64| {
        let lease = text([0, 1, 2], ["", "", ""])
            .replace("renege_cost = 200", "renege_cost = 1")
            .replace(
                "worth = { seller = 20, buyer = 15 }",
                "worth = { seller = 120, buyer = 15 }",
            );
        let lever = format!(
            "[party.friend]\nroles = [\"mediator\"]\nissue.term = {{ weight = 1, value = {{ none = 0, some = 1 }} }}\n\
             [lever.gift]\nby = \"friend\"\nkind = \"carrot\"\ntrigger = \"accept\"\ncredibility = 1\npays = {{ seller = {points} }}\n"
        );
        let lease = lease.replace("buyer = 15 }", "buyer = 15, friend = 0 }");
        let lease = lease.replace("buyer = 55 }", "buyer = 5, friend = 0 }");
        let lease = lease.replace("buyer = 30 }", "buyer = 30, friend = 0 }");
        let lease = lease.replace(
            "seller = 0, buyer = 0 }",
            "seller = 0, buyer = 0, friend = 0 }",
        );
        let case = read(&format!("{lease}{lever}"));
        let party = |id: &str| {
            let places = 0..Dimension::Party.size(&case.setting);
            let mut places = places.filter(|p| Dimension::Party.entry(&case.setting, *p) == id);
            places.next().unwrap()
        };
        let table = world(&case, &[]);
        let breaks = |id: &str| table.mean(stability::WOULD_BREAK, &[party(id), 0]).value;
        let attacks = table.mean(durability::ATTACK, &[party("seller"), 0]).value;
        [
            breaks("seller"),
            breaks("buyer"),
            table.mean(stability::NASH, &[0]).value,
            attacks,
        ]
    };
    let with = gift(30.0);
    assert_eq!(with[..3], [1.0, 0.0, 0.0]);
    assert_eq!(with, gift(0.001));
    assert!(with[3] > 0.999);
}
