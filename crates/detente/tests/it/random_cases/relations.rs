//! What must not change the answers of random cases, with levers of every trigger, beliefs about types, and what may follow a deal: how a
//! case is told, who is called what, who looks on. And what may change them one way only: a package that is better for somebody.

use std::collections::{BTreeMap, BTreeSet};

use super::make::{exact, on_paper};
use crate::invariance::answers::{Answers, answers};
use crate::invariance::sheet::{self, Sheet, Value};
use crate::invariance::{any_option, folded, names, of, same};
use crate::simulation::Random;

/// Random cases in every test run.
const CASES: u64 = 45;
/// Chances are sums and products of priors.
const ROUNDING: f64 = 1e-9;

/// Without what awaits a choice among equals, and without what is told of the onlooker.
fn without(answers: &Answers, id: &str) -> Answers {
    let mut left = answers.clone();
    left.numbers.retain(|name, _| {
        let words = name.split(['[', ']', ',', ' ', '.', '+']);
        words.into_iter().all(|word| word != id)
    });
    left
}

#[test]
fn how_a_case_is_told_changes_nothing() {
    let backwards = names(|letter, n| format!("z{:02}-{letter}_q", 99 - n));
    let back: BTreeMap<String, String> = backwards
        .iter()
        .map(|(a, b)| (b.clone(), a.clone()))
        .collect();
    let mut largest = [0.0_f64; 5];
    for seed in 0..CASES {
        let (sheet, mut random) = (exact(seed), Random::new(seed));
        let was = of(&sheet);
        let text = sheet::renamed(&sheet.toml(), &backwards);
        let told = [
            ("shuffled", sheet.shuffled(&mut random)),
            ("weights scaled", sheet.scaled(true, &mut random)),
            ("values squeezed", sheet.squeezed(true, &mut random)),
            ("mirrored", sheet.mirrored(None)),
        ];
        for (k, (what, sheet)) in told.iter().enumerate() {
            let is = of(sheet);
            let is = if *what == "mirrored" {
                is.mirrored()
            } else {
                is
            };
            let what = format!("case {seed}, {what}");
            largest[k] = largest[k].max(same(&what, &sheet.toml(), &was, &is));
        }
        let is = answers(&text, &back);
        let what = format!("case {seed}, renamed");
        largest[4] = largest[4].max(same(&what, &text, &was, &is));
    }
    println!("{CASES} random cases shuffled, scaled, squeezed, mirrored, renamed: {largest:?}");
}

#[test]
fn an_option_told_twice_changes_nothing() {
    let mut largest: f64 = 0.0;
    for seed in 0..CASES {
        let (sheet, mut random) = (exact(seed), Random::new(seed));
        let (issue, option) = any_option(&sheet, &mut random);
        let copied = sheet.with_copy(&issue, &option, "o9", true);
        let is = folded(&of(&copied), &issue, &option, "o9");
        let what = format!("case {seed}, {issue}.{option} copied");
        largest = largest.max(same(&what, &copied.toml(), &of(&sheet), &is));
    }
    println!("{CASES} options told twice: {largest:.1e}");
}

/// What the beliefs lens tells of common beliefs is what a case says in which nobody believes anything else: of the war that is fought and
/// of wars that may follow a deal.
#[test]
fn common_beliefs_are_a_case_without_other_ones() {
    let (mut gaps, mut packages, mut zones) = (0, 0, 0);
    for seed in 0..2 * CASES {
        let sheet = exact(seed);
        let common = sheet.in_common();
        if common.toml() == sheet.toml() {
            continue;
        }
        let (was, is) = (of(&sheet), of(&common));
        let same = |claimed: f64, found: f64, tolerance: f64, what: &str| {
            let told = !claimed.is_nan() && !found.is_nan();
            let what = format!("case {seed}, {what}: {claimed} {found}\n{}", sheet.toml());
            assert!(!told || (claimed - found).abs() <= tolerance, "{what}");
            usize::from(told)
        };
        for (t, gap) in was.of("alternative.gap") {
            let value = |answers: &Answers| answers.get(&format!("alternative.value[{t}]"));
            gaps += same(gap, value(&was) - value(&is), 1e-6, &format!("gap of {t}"));
        }
        for (p, agreed) in was.of("beliefs.agreed_common") {
            let there = is.get(&format!("settlement.agreed[{p}]"));
            packages += same(agreed, there, ROUNDING, p);
        }
        let (zone, there) = (
            was.get("beliefs.zone_common[]"),
            is.get("settlement.zone[]"),
        );
        zones += same(zone, there, ROUNDING, "zone");
    }
    assert!(
        gaps > 50 && packages > 30 && zones > 10,
        "{gaps} {packages} {zones}"
    );
    println!("{gaps} gaps, {packages} packages, {zones} zones");
}

/// A party that no package needs, that wields nothing and that nobody's lever touches.
fn with_onlooker(sheet: &Sheet, random: &mut Random) -> Sheet {
    let mut sheet = sheet.clone();
    let stated = sheet.get("party/p0/reservation").is_some();
    let path = "party/onlooker";
    sheet.put(
        format!("{path}/roles"),
        Value::List(vec!["observer".to_owned()]),
    );
    for issue in sheet.under("issue") {
        let weight = random.between(5.0, 40.0);
        sheet.number(format!("{path}/issue/{issue}/weight"), weight);
        for option in sheet.under(&format!("issue/{issue}/option")) {
            let value = random.between(0.0, 1.0);
            sheet.number(format!("{path}/issue/{issue}/value/{option}"), value);
        }
    }
    if stated {
        sheet.number(format!("{path}/reservation"), random.between(20.0, 60.0));
    }
    sheet
}

#[test]
fn who_only_looks_on_changes_nothing() {
    let mut largest: f64 = 0.0;
    for seed in 0..CASES {
        let (sheet, mut random) = (exact(seed), Random::new(seed));
        let seen = with_onlooker(&sheet, &mut random);
        let is = without(&of(&seen), "onlooker");
        let what = format!("case {seed}, looked at");
        largest = largest.max(same(&what, &seen.toml(), &of(&sheet), &is));
    }
    println!("{CASES} random cases with an onlooker: {largest:.1e}");
}

/// An option that one package takes and nothing else: no other package, no state without a deal, not today, no rule.
fn own_options(sheet: &Sheet, package: &str) -> Vec<(String, String)> {
    let chosen = sheet.choice(package);
    let line = sheet.get("contest/line_issue").cloned();
    let elsewhere: BTreeSet<(String, String)> = sheet
        .lines
        .iter()
        .filter(|line| !line.path.starts_with(&format!("package/{package}/")))
        .filter_map(|line| {
            let issue = line.path.rsplit('/').next()?.to_owned();
            match &line.value {
                Value::Text(option) if line.path.contains("/choose/") => {
                    Some((issue, option.clone()))
                }
                _ => None,
            }
        })
        .collect();
    let mut own: Vec<(String, String)> = chosen.into_iter().collect();
    own.retain(|(issue, option)| {
        let today = sheet.get(&format!("issue/{issue}/status_quo"));
        let is_today = today == Some(&Value::Text(option.clone()));
        let is_line = line == Some(Value::Text(issue.clone()));
        !is_today && !is_line && !elsewhere.contains(&(issue.clone(), option.clone()))
    });
    own
}

/// The case with an option worth more to one holder of values, by a part of what its best option of the issue is worth over it, so that
/// the best and the worst package stay what they are. Nothing where that cannot be, or would reach more than the option.
fn better(sheet: &Sheet, issue: &str, option: &str, random: &mut Random) -> Option<Sheet> {
    let ends = format!("/issue/{issue}/value/{option}");
    let holders = sheet.lines.iter().filter_map(|line| {
        let holder = line.path.strip_suffix(&ends)?;
        let party = holder.split('/').nth(1)?;
        // Where options are worth more or less together, the best package need not take the best options.
        let tied = sheet.under(&format!("party/{party}/interaction"));
        tied.is_empty().then(|| holder.to_owned())
    });
    let holders: Vec<String> = holders.collect();
    if holders.is_empty() {
        return None;
    }
    let holder = &holders[random.below(holders.len() as u64)];
    let value = |sheet: &Sheet, option: &str| match sheet
        .get(&format!("{holder}/issue/{issue}/value/{option}"))
    {
        Some(Value::Number(x)) => *x,
        _ => 0.0,
    };
    let options = sheet.under(&format!("issue/{issue}/option"));
    let all: Vec<f64> = options.iter().map(|o| value(sheet, o)).collect();
    let best = all.iter().copied().fold(0.0, f64::max);
    let worst = all.iter().copied().fold(1.0, f64::min);
    let own = value(sheet, option);
    if own >= best || own <= worst {
        return None;
    }
    let mut raised = sheet.clone();
    let to = own + random.between(0.3, 1.0) * (best - own);
    for line in &mut raised.lines {
        if line.path == format!("{holder}{ends}") {
            line.value = Value::Number(to);
        }
    }
    Some(raised)
}

/// A package made better for somebody and worse for nobody is signed at least as often; all that is told of no deal and of other packages
/// stays.
#[test]
fn a_package_made_better_for_somebody_is_signed_at_least_as_often() {
    let (mut tried, mut more, mut performed) = (0, 0, 0);
    for seed in 0..60 * CASES {
        let (sheet, mut random) = (on_paper(seed), Random::new(seed));
        // An option that is dictated reaches no deal.
        if sheet
            .lines
            .iter()
            .any(|line| line.path.ends_with("/imposed"))
        {
            continue;
        }
        let packages = sheet.under("package");
        let package = &packages[random.below(packages.len() as u64)];
        let own = own_options(&sheet, package);
        if own.is_empty() {
            continue;
        }
        let (issue, option) = &own[random.below(own.len() as u64)];
        let Some(raised) = better(&sheet, issue, option, &mut random) else {
            continue;
        };
        tried += 1;
        let (was, is) = (of(&sheet), of(&raised));
        let place = format!("issue/{issue}/option/{option}/performed_by");
        performed += usize::from(sheet.get(&place).is_some());
        for quantity in [
            "settlement.agreed",
            "settlement.accepts",
            "settlement.margin",
        ] {
            for (entry, before) in was.of(quantity) {
                let after = is.get(&format!("{quantity}[{entry}]"));
                let of_it = entry.split(", ").last() == Some(package);
                let fits = before.is_nan() && after.is_nan()
                    || if of_it {
                        after >= before - ROUNDING
                    } else {
                        (after - before).abs() <= ROUNDING * (1.0 + before.abs())
                    };
                assert!(
                    fits,
                    "case {seed}, {issue}.{option} better: {quantity}[{entry}] was {before}, is {after}\n{}",
                    raised.toml()
                );
                let rises = quantity == "settlement.agreed" && after > before + ROUNDING;
                more += usize::from(rises);
            }
        }
        let (zone, wider) = (was.get("settlement.zone[]"), is.get("settlement.zone[]"));
        assert!(
            zone.is_nan() || wider >= zone - ROUNDING,
            "case {seed}, {issue}.{option} better: zone was {zone}, is {wider}\n{}",
            raised.toml()
        );
        if tried == 6 * CASES {
            break;
        }
    }
    println!(
        "{tried} packages made better, {performed} by an option that somebody performs: {more} signed more often"
    );
    assert!(tried >= 5 * CASES && more >= 8, "{tried} {more}");
}
