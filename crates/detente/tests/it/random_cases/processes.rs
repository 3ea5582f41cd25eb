//! Random cases in which no deal is a process: stated values give way to states, ends, moves, and levers that set their numbers.

use std::collections::BTreeMap;

use super::make::exact;
use super::tried;
use crate::invariance::answers::answers;
use crate::invariance::sheet::{self, Sheet, Value};
use crate::invariance::{names, of, same};
use crate::of_many;
use crate::simulation::Random;

/// Random cases.
fn cases() -> u64 {
    of_many("random processes", 8, 60)
}

/// Number `seed`: up to five states and three ends; every state can be reached, and left.
fn process(seed: u64) -> Sheet {
    // Every third random case states what no deal is worth.
    let mut sheet = exact(3 * seed + 2);
    sheet
        .lines
        .retain(|line| !line.path.ends_with("/reservation"));
    let random = &mut Random::new(seed + 17_000_000);
    let round = |x: f64| (x * 1e4).round() / 1e4;
    let parties = sheet.under("party");
    for party in &parties {
        let patience = round(random.between(0.92, 0.99));
        sheet.number(format!("party/{party}/patience"), patience);
    }
    let (states, ends) = (2 + random.below(4), random.below(4));
    let packages = sheet.under("package");
    let places = (0..states).map(|s| format!("state/s{s}"));
    for place in places.chain((0..ends).map(|e| format!("end/e{e}"))) {
        let path = format!("process/{place}");
        if random.chance(0.4) {
            let like = packages[random.below(packages.len() as u64)].clone();
            sheet.text(format!("{path}/like"), like);
        } else {
            for party in &parties {
                let worth = round(random.between(-10.0, 90.0));
                sheet.number(format!("{path}/worth/{party}"), worth);
                for own in sheet.under(&format!("party/{party}/type")) {
                    if random.chance(0.3) {
                        let worth = round(random.between(-10.0, 90.0));
                        sheet.number(format!("{path}/worth_of_type/{party}.{own}"), worth);
                    }
                }
            }
        }
        if place.starts_with("state") && random.chance(0.5) {
            let scar = round(random.between(0.0, 0.4));
            sheet.number(format!("{path}/scar/{}", parties[0]), scar);
        }
    }
    sheet.text("process/today", "s0");
    let mut moves = 0;
    let mut lead = |sheet: &mut Sheet, random: &mut Random, from: usize, to: String| {
        let path = format!("process/move/w{moves}");
        moves += 1;
        sheet.text(format!("{path}/from"), format!("s{from}"));
        let to_end = to.starts_with('e');
        sheet.text(format!("{path}/to"), to);
        sheet.number(format!("{path}/rate"), round(random.between(0.0, 0.4)));
        // Whose an end is draws nothing, so that all else stays as it was.
        if to_end && !(moves + seed).is_multiple_of(4) {
            let first = usize::try_from(moves + seed).unwrap() % parties.len();
            let by = &parties[first
                ..parties
                    .len()
                    .min(first + 1 + usize::from(moves.is_multiple_of(3)))];
            sheet.put(format!("{path}/by"), Value::List(by.to_vec()));
        }
        if random.chance(0.4) {
            let month = round(random.between(0.0, 30.0));
            sheet.number(format!("{path}/later/l0/from_month"), month);
            let rate = round(random.between(0.0, 0.6));
            sheet.number(format!("{path}/later/l0/rate"), rate);
        }
    };
    for s in 0..states {
        let next = if s + 1 < states { s + 1 } else { 0 };
        lead(&mut sheet, random, s, format!("s{next}"));
    }
    for e in 0..ends {
        lead(&mut sheet, random, random_state(e, states), format!("e{e}"));
    }
    let rates = states + ends;
    for party in &parties {
        // A party's own beliefs, and those of some of its types; every third case has none.
        let mut holders = vec![format!("party/{party}")];
        let types = sheet.under(&format!("party/{party}/type"));
        holders.extend(types.iter().map(|own| format!("party/{party}/type/{own}")));
        for holder in holders {
            let path = format!("{holder}/believes");
            if seed.is_multiple_of(3) || random.chance(0.5) {
                continue;
            }
            let of = random.below(rates as u64);
            let offset = round(random.between(-0.8, 0.8));
            sheet.number(format!("{path}/rate/w{of}"), offset);
            if random.chance(0.3) {
                let sd = round(random.between(0.05, 0.5));
                sheet.number(format!("{path}/rate_sd/w{of}"), sd);
            }
            if random.chance(0.5) {
                let open = round(random.between(0.1, 0.8));
                sheet.number(format!("{path}/open_to_news"), open);
            }
        }
    }
    for (l, (party, other)) in parties.iter().zip(parties.iter().skip(1)).enumerate() {
        let path = format!("lever/u{l}");
        for (key, said) in [
            ("by", other.clone()),
            ("kind", "stick".to_owned()),
            ("trigger", format!("refuse({party})")),
        ] {
            sheet.text(format!("{path}/{key}"), said);
        }
        let rate = format!("{path}/sets/process.move.w{}.rate", l % rates);
        sheet.number(rate, round(random.between(0.0, 1.0)));
        let dated = format!("process/move/w{}/later/l0/rate", (l + 1) % rates);
        if sheet.lines.iter().any(|line| line.path == dated) {
            let key = format!("process.move.w{}.later.l0", (l + 1) % rates);
            let (date, rate) = (random.between(0.0, 20.0), random.between(0.0, 0.6));
            sheet.number(format!("{path}/sets/{key}.from_month"), round(date));
            sheet.number(format!("{path}/sets/{key}.rate"), round(rate));
        }
        sheet.number(format!("{path}/cost"), round(random.between(0.0, 2.0)));
        sheet.number(format!("{path}/delay"), round(random.between(0.0, 12.0)));
        sheet.number(
            format!("{path}/flow_cost/{party}"),
            round(random.between(-2.0, 9.0)),
        );
    }
    sheet
}

fn random_state(e: usize, states: usize) -> usize {
    (2 * e + 1) % states
}

#[test]
fn random_processes_are_certified_and_agree_with_themselves() {
    let mut held = 0;
    for seed in 0..cases() {
        let text = process(seed).toml();
        let told = tried(&text, 1);
        assert!(told.faults.is_empty(), "{seed}: {:?}\n{text}", told.faults);
        held += told.certificates;
    }
    assert!(held >= 4 * usize::try_from(cases()).unwrap(), "{held}");
}

#[test]
fn how_a_process_is_told_changes_nothing() {
    let backwards = names(|letter, n| format!("z{:02}-{letter}_q", 99 - n));
    let back: BTreeMap<String, String> = backwards
        .iter()
        .map(|(a, b)| (b.clone(), a.clone()))
        .collect();
    for seed in 0..cases() / 2 {
        let (sheet, mut random) = (process(seed), Random::new(seed));
        let was = of(&sheet);
        let shuffled = sheet.shuffled(&mut random);
        same(
            &format!("case {seed}, shuffled"),
            &shuffled.toml(),
            &was,
            &of(&shuffled),
        );
        let text = sheet::renamed(&sheet.toml(), &backwards);
        same(
            &format!("case {seed}, renamed"),
            &text,
            &was,
            &answers(&text, &back),
        );
    }
}

/// A state that is chosen option by option is the package that says so.
#[test]
fn like_a_package_is_its_options() {
    for seed in 0..cases() / 2 {
        let sheet = process(seed);
        let mut chosen = sheet.clone();
        for line in &sheet.lines {
            let Some(place) = line.path.strip_suffix("/like") else {
                continue;
            };
            let Value::Text(package) = &line.value else {
                panic!("{}", line.path);
            };
            chosen.lines.retain(|other| other.path != line.path);
            let options = sheet.choice(package);
            for (issue, option) in options {
                chosen.text(format!("{place}/choose/{issue}"), option);
            }
        }
        same(
            &format!("case {seed}, chosen"),
            &chosen.toml(),
            &of(&sheet),
            &of(&chosen),
        );
    }
}
