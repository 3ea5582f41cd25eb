//! What may change an answer one way only: rules and red lines.

use std::collections::BTreeMap;

use super::answers::Answers;
use super::sheet::{Sheet, Value};
use super::sketches::sketch;
use super::{SKETCHES, TOLERANCE, of, same};
use crate::simulation::Random;

/// How often a quantity that may only fall fell, and may only rise rose.
#[derive(Debug, Default)]
struct Moves(BTreeMap<String, [usize; 2]>);

impl Moves {
    /// Fails if a quantity with fewer packages is greater than with more.
    fn fewer(
        &mut self,
        what: &str,
        quantities: &[&str],
        fewer: &Answers,
        more: &Answers,
        case: &Sheet,
    ) {
        for quantity in quantities {
            let counts = self.0.entry(format!("{what}: {quantity}")).or_default();
            for (entry, many) in more.of(quantity) {
                let few = fewer.get(&format!("{quantity}[{entry}]"));
                if few.is_nan() || many.is_nan() {
                    // What is not there needs more packages, never fewer.
                    assert!(
                        few.is_nan(),
                        "{what}: {quantity}[{entry}] {few} from nothing\n{}",
                        case.toml()
                    );
                    continue;
                }
                assert!(
                    few <= many + TOLERANCE,
                    "{what}: {quantity}[{entry}] {few} > {many}\n{}",
                    case.toml()
                );
                counts[0] += 1;
                counts[1] += usize::from(few < many - 1e-6);
            }
        }
    }
}

/// The package that the egalitarian point of the first open set takes (where it is one package), or else package k0.
fn best_package(sheet: &Sheet, it: &Answers) -> BTreeMap<String, String> {
    let mut best = BTreeMap::new();
    let mut first = None;
    for (entry, share) in it.of("settlement.solution_option") {
        let parts: Vec<&str> = entry.split(", ").collect();
        let open = parts[1] == "egalitarian" && share > 0.5;
        if open && *first.get_or_insert_with(|| parts[0].to_owned()) == parts[0] {
            let (issue, option) = parts[2].split_once('.').expect("an option of an issue");
            best.insert(issue.to_owned(), option.to_owned());
        }
    }
    let known = best.len() == sheet.under("issue").len();
    if known { best } else { sheet.choice("k0") }
}

/// Over all types; what is a mean over the types for which something is there may move either way.
const OF_ALL: [&str; 3] = [
    "settlement.zone",
    "settlement.zone_of",
    "settlement.zone_without_red_lines",
];

/// Of known types.
const OF_KNOWN: [&str; 5] = [
    "settlement.zone",
    "settlement.zone_of",
    "settlement.zone_without_red_lines",
    "settlement.size",
    "settlement.lottery_size",
];

#[test]
fn forbidding_a_package_only_takes_away_and_dropping_a_red_line_only_adds() {
    let mut moves = Moves::default();
    for seed in 0..SKETCHES {
        let (sheet, mut random) = (sketch(seed), Random::new(seed));
        let known = sheet.pinned(|types| random.below(types as u64));
        for (what, sheet, quantities) in [
            ("types", &sheet, &OF_ALL[..]),
            ("known", &known, &OF_KNOWN[..]),
        ] {
            let more = of(sheet);
            let fewer = sheet.forbidding(&best_package(sheet, &more));
            let less = of(&fewer);
            moves.fewer(
                &format!("{what}, forbidden"),
                quantities,
                &less,
                &more,
                &fewer,
            );
            for party in sheet.under("party") {
                for line in sheet.under(&format!("party/{party}/redline")) {
                    let path = format!("party/{party}/redline/{line}");
                    let hard =
                        sheet.get(&format!("{path}/kind")) == Some(&Value::Text("hard".to_owned()));
                    // Soft lines are in what no deal is worth as well, unless that is stated.
                    let stated = sheet.get("party/p0/reservation").is_some();
                    if !hard && !stated {
                        continue;
                    }
                    let dropped = sheet.without(&path);
                    let free = of(&dropped);
                    let kind = if hard { "hard" } else { "soft" };
                    moves.fewer(
                        &format!("{what}, {kind} line"),
                        quantities,
                        &more,
                        &free,
                        &dropped,
                    );
                    // One that is off is none.
                    let (mut off, on) = (sheet.clone(), format!("{path}/on"));
                    off.lines.retain(|line| line.path != on);
                    off.put(on, Value::Switch(false));
                    same("off", &off.toml(), &free, &of(&off));
                }
            }
        }
    }
    for (what, [of, moved]) in &moves.0 {
        println!("{what}: {moved} of {of} moved");
    }
    // Had the rule been turned round, these would have failed it.
    for (what, least) in [
        ("types, forbidden: settlement.zone", 5),
        ("types, forbidden: settlement.zone_of", 5),
        ("types, forbidden: settlement.zone_without_red_lines", 5),
        ("types, hard line: settlement.zone", 5),
        ("types, hard line: settlement.zone_of", 5),
        ("known, forbidden: settlement.zone", 5),
        ("known, forbidden: settlement.size", 20),
        ("known, forbidden: settlement.lottery_size", 10),
        ("known, hard line: settlement.zone", 5),
        ("known, hard line: settlement.size", 5),
        ("known, hard line: settlement.lottery_size", 3),
        ("known, soft line: settlement.size", 1),
    ] {
        assert!(moves.0[what][1] >= least, "{what}: {:?}", moves.0[what]);
    }
    // Lines that nobody counts move nothing.
    for what in ["types", "known"] {
        let unmoved = format!("{what}, hard line: settlement.zone_without_red_lines");
        assert_eq!(moves.0[&unmoved][1], 0, "{unmoved}");
    }
}
