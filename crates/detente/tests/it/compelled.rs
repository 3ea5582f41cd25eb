//! Who is compelled by the processes of the shipped cases and of the template: told of every principal, and by hand.

use detente::handles::veto::{COMPELLED, EFFECTIVE, FIGHTS_ON};
use detente::report::{self, Stamp};
use detente::{
    Case, Evidence, Ignored, Overrides, Plan, RunOptions, Template, new_case, run, summarise,
};
use detente_core::MILESTONES;

use crate::{CASES, case, small, text};

fn with(name: &str, set: &[&str]) -> Case {
    let set: Vec<String> = set.iter().map(|s| (*s).to_owned()).collect();
    let mut sources = detente::diag::Sources::default();
    case(name).with_set(&set, &mut sources).unwrap()
}

/// By month of [`MILESTONES`] to month 36: the chance that a party is compelled to a package.
fn compelled(case: &Case, party: &str, package: &str) -> Vec<f64> {
    let plan = Plan::new(case);
    let table = run(&plan, &Overrides::default(), small(4, 0), &Ignored);
    let setting = &case.setting;
    let party = setting.parties.iter().position(|p| p.id == party).unwrap();
    let package = setting.packages.iter().position(|p| p.id == package);
    let months = MILESTONES.iter().enumerate().filter(|(_, m)| **m <= 36);
    months
        .map(|(m, _)| {
            let column = table.column(COMPELLED, &[party, package.unwrap(), m]);
            column.sum::<f64>() / 4.0
        })
        .collect()
}

fn near(found: &[f64], by_hand: impl Fn(f64) -> f64) {
    for (found, month) in found.iter().zip(MILESTONES) {
        let by_hand = by_hand(month as f64);
        assert!((found - by_hand).abs() < 1e-9, "{month}: {found} {by_hand}");
    }
}

fn summary(case: &Case) -> Evidence {
    let options = RunOptions {
        worlds: 16,
        searches: 4,
        solutions: 2,
        ..RunOptions::default()
    };
    summarise(case, &[], options, &Ignored).unwrap()
}

/// Every principal of every case with a process, and of the template: a chance that grows, an effective veto no likelier than a refusal, a
/// section on the page that says what compelled is, and certificates that hold.
#[test]
fn every_process_says_who_is_compelled() {
    let template = vec![("case.toml".to_owned(), new_case(Template::Process, "Talks"))];
    let shipped = CASES.into_iter().map(|name| (name, case(name)));
    let cases = shipped.chain([("template", crate::words::read(&template))]);
    let mut told = 0;
    for (name, case) in cases.filter(|(_, case)| case.setting.process.is_some()) {
        let plan = Plan::new(&case);
        let table = run(&plan, &Overrides::default(), small(16, 0), &Ignored);
        let setting = &case.setting;
        for (i, party) in setting.parties.iter().enumerate() {
            if !party.is_principal() {
                continue;
            }
            for p in 0..setting.packages.len() {
                let mut before = 0.0;
                for m in (0..MILESTONES.len()).filter(|m| MILESTONES[*m] <= 36) {
                    let chance = table.mean(COMPELLED, &[i, p, m]).value;
                    assert!((before..=1.0).contains(&chance), "{name} {}", party.id);
                    before = chance;
                }
                let effective = table.mean(EFFECTIVE, &[i, p]).value;
                assert!(effective <= table.mean(FIGHTS_ON, &[i, p]).value, "{name}");
                told += 1;
            }
        }
        let summary = summary(&case);
        assert!(summary.certified.faults.is_empty(), "{name}");
        let stamp = Stamp {
            case_path: name.to_owned(),
            case_hash: String::new(),
            command: String::new(),
        };
        let page = report::html(&summary, &stamp);
        let section = page.split("<section id=\"veto\">").nth(1).expect(name);
        let section = section.split("</section>").next().unwrap();
        let heads = section.matches("Compelled by month 6").count();
        let principals = setting.parties.iter().filter(|p| p.is_principal());
        assert!(heads >= principals.count(), "{name}");
        assert!(section.contains("by a move that others have a part in"));
        assert!(section.contains("50 of 100 stands in as the chance of not being compelled"));
    }
    assert!(told >= 40, "{told}");
}

/// Half of what is left strikes in a month, and half of what strikes is sent to arbitration: after m months 2^(−m) works and m·2^(−m) strikes.
/// The award, what the middle way is worth, is no more to the union than its own claim, more than the works' last offer.
#[test]
fn an_award_by_hand() {
    let half = format!("{}", std::f64::consts::LN_2);
    let rate = |name: &str, rate: &str| format!("process.move.{name}.rate={rate}");
    let rates = [
        rate("walk_out", &half),
        rate("mediation", &half),
        rate("back_to_work", "0"),
        rate("back_to_work.later.fund_empty", "0"),
        rate("lock_out", "0"),
        rate("orders_lost", "0"),
        "lever.lock_out.on=false".to_owned(),
        "lever.federation_pays.on=false".to_owned(),
        // Nobody would break what it signs, so that a claim is worth what it says.
        "party.works.renege_cost=500".to_owned(),
        "party.union.renege_cost=500".to_owned(),
    ];
    let set: Vec<&str> = rates.iter().map(String::as_str).collect();
    let case = with("wage-round", &set);
    let awarded = |m: f64| 1.0 - (1.0 + m) * libm::pow(2.0, -m);
    near(&compelled(&case, "union", "claim"), awarded);
    near(&compelled(&case, "union", "last_offer"), |_| 0.0);
    near(&compelled(&case, "works", "last_offer"), awarded);
}

/// Half of what is left ends in a month in a later deal like the accords, which takes both: refused, they come back, and neither side has
/// gained by refusing. To Egypt the other package is worth more; to Israel less, by Palestinian rights.
#[test]
fn a_later_deal_by_hand() {
    let rate = |name: &str, x: &str| format!("process.move.{name}={x}");
    let rates = [
        rate("talks_again.rate", &std::f64::consts::LN_2.to_string()),
        rate("breakdown.rate", "0"),
        rate("fighting.rate", "0"),
        rate("fighting.later.pledge_ends.rate", "0"),
    ];
    let set: Vec<&str> = rates.iter().map(String::as_str).collect();
    let case = with("camp-david-1978", &set);
    let other = "each_what_it_values_more";
    let agreed = |m: f64| 1.0 - libm::pow(2.0, -m);
    for party in ["israel", "egypt"] {
        near(&compelled(&case, party, "accords"), agreed);
    }
    near(&compelled(&case, "egypt", other), agreed);
    near(&compelled(&case, "israel", other), |_| 0.0);
    // Nobody's move compels nobody.
    let nobody = text("camp-david-1978").replace("by = [\"israel\", \"egypt\"]\n", "");
    assert_ne!(nobody, text("camp-david-1978"));
    let case = crate::words::read(&[("case.toml".to_owned(), nobody)]);
    let mut sources = detente::diag::Sources::default();
    let case = case.with_set(&rates, &mut sources).unwrap();
    near(&compelled(&case, "egypt", "accords"), |_| 0.0);
}
