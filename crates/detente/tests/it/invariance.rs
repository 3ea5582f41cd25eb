//! What must not change an answer: the order of the text, an option told twice, the scale of the weights, which side is
//! called A, what things are called. What may change it one way only stands in `one_way`.
//!
//! Random cases are told in the case language, in exact numbers, so that one world is the case; their answers are compared
//! by name. Every rewriting has a twin with a slip in it, which must be noticed.

pub(crate) mod answers;
mod one_way;
pub(crate) mod sheet;
pub(crate) mod sketches;

use std::collections::BTreeMap;

use answers::{Answers, answers};
use sheet::{Sheet, Turn};
use sketches::{lasting, sketch, whole_steps};

use crate::of_many;
use crate::simulation::Random;

/// Random cases.
const SKETCHES: u64 = 40;
/// Of them, those of a plain run, where answers are compared that must be the same.
const FEW_SKETCHES: u64 = 20;
/// Of one plus the number: sums of some hundred products in another order differ by 1e-13 at most.
const TOLERANCE: f64 = 1e-9;
/// Of the sketches, those that are tried with what may follow a deal.
const LASTING: u64 = 24;
/// Of these, those of a plain run.
const FEW_LASTING: u64 = 12;
/// Of the sketches, those on which slips are tried.
const SLIPS: usize = 20;

fn sketches() -> u64 {
    of_many("sketches", FEW_SKETCHES, SKETCHES)
}

fn lasting_sketches() -> u64 {
    of_many("lasting sketches", FEW_LASTING, LASTING)
}

pub(crate) fn of(sheet: &Sheet) -> Answers {
    answers(&sheet.toml(), &BTreeMap::new())
}

/// Fails if a case that was rewritten answers otherwise; or else the largest difference.
pub(crate) fn same(what: &str, case: &str, was: &Answers, is: &Answers) -> f64 {
    let found = was.differences(is, TOLERANCE);
    let first = &found[..found.len().min(20)];
    assert!(
        found.is_empty(),
        "{what}: {} differ\n{first:#?}\n{}",
        found.len(),
        case
    );
    was.largest_difference(is)
}

/// In how many sketches a slip is noticed.
fn noticed(slip: impl Fn(&Sheet, &mut Random) -> (Answers, Answers)) -> usize {
    noticed_in(SLIPS, sketch, slip)
}

/// The same, counted up to what is `enough`.
fn noticed_in(
    enough: usize,
    sketch: impl Fn(u64) -> Sheet,
    slip: impl Fn(&Sheet, &mut Random) -> (Answers, Answers),
) -> usize {
    let slips = (0..SLIPS as u64).filter(|seed| {
        let (was, is) = slip(&sketch(*seed), &mut Random::new(*seed));
        !was.differences(&is, TOLERANCE).is_empty()
    });
    slips.take(enough).count()
}

#[test]
fn the_sketches_have_their_parts() {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut count = |what, is: bool| *counts.entry(what).or_default() += usize::from(is);
    for seed in 0..SKETCHES {
        let sheet = sketch(seed);
        let it = of(&sheet);
        let zone = it.get("settlement.zone[]");
        let any =
            |quantity: &str, test: &dyn Fn(f64) -> bool| it.of(quantity).any(|(_, x)| test(x));
        let stands = |part: &str| sheet.lines.iter().any(|line| line.path.contains(part));
        count("a sure zone", zone > 1.0 - 1e-9);
        count("a zone for some types", (0.001..0.999).contains(&zone));
        count("no zone", zone == 0.0);
        count(
            "red lines that close it",
            it.get("settlement.zone_without_red_lines[]") > zone + 1e-9,
        );
        count(
            "one party's lines that close it",
            any("settlement.opens_without", &|x| x > 0.0),
        );
        count("several needed sets", it.of("settlement.size").count() > 1);
        count(
            "a division for two",
            any("settlement.adjusted_winner", &|x| x > 50.0),
        );
        count("a lottery that beats every package", {
            let mut sizes = it.of("settlement.lottery_size");
            sizes.any(|(set, x)| x > it.get(&format!("settlement.size[{set}]")) + 1e-6)
        });
        count(
            "a performer with room to press",
            any("settlement.room_to_press", &|x| x > 0.0),
        );
        count(
            "a gate that counts",
            any("settlement.ratifies", &|x| x < 0.999),
        );
        count(
            "a package that some types take",
            any("settlement.agreed", &|x| (0.001..0.999).contains(&x)),
        );
        count("a concession", any("settlement.conceded", &|x| x != 0.0));
        count(
            "four parties",
            it.of("settlement.opens_without").count() == 4,
        );
        count("a contest", any("alternative.line_mean", &|x| x != 0.0));
        count(
            "efforts that move",
            any("alternative.supply", &|x| x != 1.0),
        );
        for part in [
            "constraint/",
            "/interaction/",
            "/leader/",
            "performed_by",
            "/sets/",
            "/flow_cost/",
            "lottery/",
            "/reservation",
            "case/signatories",
            "/imposed",
        ] {
            count(part, stands(part));
        }
        count("no search, and why", !it.silences.is_empty());
    }
    println!("{counts:#?}");
    for (what, number) in counts {
        let least = if what == "/imposed" || what == "no search, and why" {
            1
        } else {
            5
        };
        assert!(number >= least, "{what}: {number} of {SKETCHES}");
    }
}

#[test]
fn the_order_of_the_text_changes_nothing() {
    let sketches = sketches();
    let mut largest: f64 = 0.0;
    for seed in 0..sketches {
        let (sheet, mut random) = (sketch(seed), Random::new(seed));
        let was = of(&sheet);
        for _ in 0..2 {
            let shuffled = sheet.shuffled(&mut random);
            let is = of(&shuffled);
            assert!(
                was.order != is.order,
                "sketch {seed} was read in the same order"
            );
            largest = largest.max(same("shuffled", &shuffled.toml(), &was, &is));
        }
    }
    println!("{sketches} sketches in three orders: {largest:.1e}");
    // A slip: two options of an issue change places in one party's values, not elsewhere.
    let found = noticed(|sheet, _| {
        let mut slip = sheet.clone();
        for line in &mut slip.lines {
            if line.path.starts_with("party/p0") && line.path.contains("/i0/value/") {
                line.path = sheet::exchange(&line.path, "value/o0", "value/o1");
            }
        }
        (of(sheet), of(&slip))
    });
    println!("values of two options exchanged: {found} of {SLIPS}");
    assert!(found >= 15, "{found}");
}

/// Whole numbers, so that packages tie. Which of several packages that are the same to all stands for a solution, and which
/// of several issues on which both differ alike is divided, is up to the order of the text; the rest is not.
#[test]
fn nor_where_packages_tie() {
    let (mut cases, mut ties, mut largest) = (0, 0, 0.0_f64);
    // Those with a lottery or stated values: a contest leaves no whole numbers.
    for seed in (0..2 * SKETCHES).filter(|seed| seed % 2 == 1) {
        let (sheet, mut random) = (whole_steps(&sketch(seed)), Random::new(seed));
        let shuffled = sheet.shuffled(&mut random);
        let [was, is] = [&sheet, &shuffled].map(|sheet| {
            let free = ["solution_option[", "adjusted_winner_share["];
            let mut answers = of(sheet);
            answers
                .numbers
                .retain(|name, _| !free.iter().any(|part| name.contains(part)));
            answers
        });
        largest = largest.max(same("shuffled", &shuffled.toml(), &was, &is));
        cases += 1;
        ties += usize::from(
            was.of("settlement.solution_ties")
                .any(|(_, ties)| ties > 1.0),
        );
    }
    println!("{ties} of {cases} sketches in whole steps have ties: {largest:.1e}");
    assert!(ties >= 4, "{ties} sketches have ties");
}

/// The answers without those to a copy of an option, whose shares are added to the original's.
pub(crate) fn folded(with_copy: &Answers, issue: &str, option: &str, copy: &str) -> Answers {
    let mut folded = with_copy.clone();
    let (own, copied) = (format!("{issue}.{option}]"), format!("{issue}.{copy}]"));
    for (name, share) in &with_copy.numbers {
        if let Some(head) = name.strip_suffix(&copied) {
            folded.numbers.remove(name);
            *folded
                .numbers
                .get_mut(&format!("{head}{own}"))
                .expect("the original") += share;
        }
    }
    folded
}

/// An issue without positions, and an option of it.
pub(crate) fn any_option(sheet: &Sheet, random: &mut Random) -> (String, String) {
    loop {
        let issues = sheet.under("issue");
        let issue = &issues[random.below(issues.len() as u64)];
        let options = sheet.under(&format!("issue/{issue}/option"));
        let option = &options[random.below(options.len() as u64)];
        // Two options of the line at one position are refused.
        let place = format!("issue/{issue}/option/{option}/position");
        if sheet.get(&place).is_none() {
            return (issue.clone(), option.clone());
        }
    }
}

#[test]
fn an_option_told_twice_changes_nothing() {
    let (sketches, lasting_ones) = (sketches(), lasting_sketches());
    let (mut largest, mut shares, mut twins) = (0.0_f64, 0, 0_u64);
    let all = (0..sketches).map(|seed| (seed, sketch(seed)));
    let all = all.chain((0..lasting_ones).map(|seed| (seed, lasting(seed))));
    for (seed, sheet) in all {
        let mut random = Random::new(seed);
        let was = of(&sheet);
        for _ in 0..2 {
            let (issue, option) = any_option(&sheet, &mut random);
            let mut copied = sheet.with_copy(&issue, &option, "o9", true);
            // Package k0 with the copy in it is worth to all what it was.
            let mut chosen = sheet.choice("k0");
            let twin = chosen[&issue] == option;
            if twin {
                chosen.insert(issue.clone(), "o9".to_owned());
            }
            for (issue, option) in chosen {
                copied.text(format!("package/twin/choose/{issue}"), option);
            }
            if let Some(list) = sheet.get("package/k0/signatories") {
                copied.put("package/twin/signatories", list.clone());
            }
            let copied = copied.shuffled(&mut random);
            let is = of(&copied);
            let mut told = folded(&is, &issue, &option, "o9");
            let mut as_twin = BTreeMap::new();
            told.numbers.retain(|name, x| {
                // The package may be the first of a quantity's entries, the last, or stand among them.
                let of_twin =
                    name.ends_with("twin]") || name.contains(" twin,") || name.contains("[twin,");
                if of_twin {
                    as_twin.insert(name.replace("twin", "k0"), *x);
                }
                !of_twin
            });
            largest = largest.max(same("copied", &copied.toml(), &was, &told));
            for (name, x) in &as_twin {
                let gap = (x - was.get(name)).abs();
                assert!(
                    gap < 1e-9 || x.is_nan(),
                    "{name} of the twin is {x}\n{}",
                    copied.toml()
                );
            }
            twins += u64::from(twin);
            shares += usize::from(
                is.of("settlement.solution_option")
                    .any(|(name, x)| name.ends_with("o9") && x > 0.0),
            );
        }
    }
    println!(
        "{} copies, {twins} of them in a package, {shares} of them taken: {largest:.1e}",
        2 * (sketches + lasting_ones)
    );
    assert!(12 * twins >= sketches + lasting_ones, "{twins}");
    // A slip: the rules do not hold for the copy.
    let found = noticed(|sheet, random| {
        let (issue, option) = any_option(sheet, random);
        let copied = sheet.with_copy(&issue, &option, "o9", false);
        (of(sheet), folded(&of(&copied), &issue, &option, "o9"))
    });
    println!("free of rules: {found} of {SLIPS}");
    assert!(found >= 5, "{found}");
}

/// Points are normalised: neither the scale of a type's weights nor the ends of its values say anything.
#[test]
fn scales_change_nothing() {
    let sketches = sketches();
    let mut largest: f64 = 0.0;
    for seed in 0..sketches {
        let (sheet, mut random) = (sketch(seed), Random::new(seed));
        let was = of(&sheet);
        for (what, scaled) in [
            ("weights scaled", sheet.scaled(true, &mut random)),
            ("values squeezed", sheet.squeezed(true, &mut random)),
        ] {
            largest = largest.max(same(what, &scaled.toml(), &was, &of(&scaled)));
        }
    }
    println!("{} scalings: {largest:.1e}", 2 * sketches);
    // Slips: interactions stay on the old scale; weights do not make up for values.
    let interactions = noticed(|sheet, random| (of(sheet), of(&sheet.scaled(false, random))));
    let weights = noticed(|sheet, random| (of(sheet), of(&sheet.squeezed(false, random))));
    println!("interactions not scaled: {interactions} of {SLIPS}; weights not: {weights}");
    assert!(
        interactions >= 10 && weights >= 20,
        "{interactions} {weights}"
    );
}

#[test]
fn which_side_is_called_a_changes_nothing() {
    let sketches = sketches();
    let mut largest: f64 = 0.0;
    for seed in 0..sketches {
        let sheet = sketch(seed);
        let mirrored = sheet.mirrored(None);
        let (was, is) = (of(&sheet).mirrored(), of(&mirrored));
        largest = largest.max(same("mirrored", &mirrored.toml(), &was, &is));
    }
    println!("{sketches} mirrored sketches: {largest:.1e}");
}

/// Slips: whatever is left as it was while the rest is turned round is noticed.
#[test]
fn whatever_is_not_mirrored_is_noticed() {
    let enough = of_many("slips noticed of each kind", 2, SLIPS);
    for turn in Turn::ALL {
        let sketch = if turn == Turn::Forces {
            lasting
        } else {
            sketch
        };
        let found = noticed_in(enough, sketch, |sheet, _| {
            let slip = sheet.mirrored(Some(turn));
            // What is not in the case cannot slip.
            if slip == sheet.mirrored(None) {
                return (Answers::default(), Answers::default());
            }
            (of(sheet).mirrored(), of(&slip))
        });
        println!("{turn:?}: {found} of {SLIPS}");
        assert!(found >= 2, "{turn:?} in {found} of {SLIPS}");
    }
}

/// All of that where something may follow a deal, and every lens weighs deals by it.
#[test]
fn nothing_of_that_matters_to_what_follows_a_deal_either() {
    let sketches = lasting_sketches();
    let mut largest = [0.0_f64; 4];
    let (mut told, mut tempted, mut rising) = (0, 0, 0);
    for seed in 0..sketches {
        let (sheet, mut random) = (lasting(seed), Random::new(seed));
        let was = of(&sheet);
        told += was
            .of("durability.deal_value")
            .filter(|(_, x)| !x.is_nan())
            .count();
        tempted += was
            .of("durability.temptation")
            .filter(|(_, x)| *x > 0.1)
            .count();
        rising += was
            .of("durability.powell_gap")
            .filter(|(_, x)| !x.is_nan())
            .count();
        let mut same = |k: usize, what: &str, was: &Answers, sheet: &Sheet| {
            let is = of(sheet);
            let is = if what == "mirrored" {
                is.mirrored()
            } else {
                is
            };
            largest[k] = largest[k].max(same(what, &sheet.toml(), was, &is));
        };
        same(0, "shuffled", &was, &sheet.shuffled(&mut random));
        same(1, "weights scaled", &was, &sheet.scaled(true, &mut random));
        same(
            2,
            "values squeezed",
            &was,
            &sheet.squeezed(true, &mut random),
        );
        same(3, "mirrored", &was, &sheet.mirrored(None));
    }
    println!(
        "{sketches} lasting sketches: {largest:?}, {told} deals, {tempted} tempted, {rising} may rise"
    );
    assert!(
        told as u64 >= 4 * sketches
            && 3 * tempted as u64 >= sketches
            && 3 * rising as u64 >= sketches,
        "{told} {tempted} {rising}"
    );
}

/// Names for the ids of a sketch.
pub(crate) fn names(new: impl Fn(char, usize) -> String) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for letter in "picoktrxgnl".chars() {
        for n in 0..6 {
            names.insert(format!("{letter}{n}"), new(letter, n));
        }
    }
    for (n, j) in (0..4).flat_map(|n| (0..4).map(move |j| (n, j))) {
        names.insert(format!("s{n}{j}"), new('s', 6 + 4 * n + j));
    }
    names
}

#[test]
fn names_change_nothing() {
    let sketches = sketches();
    // Words that the language uses itself.
    let words: Vec<&str> = "type issue party contest lever package weight value option position choose when on level \
        prior burden reservation opening kind hard redline interaction constraint gate nest supply share by from name \
        says side roles unsettled ending line_issue unit horizon edge pace start weapon capacity a_wins b_wins deal imposed \
        legacy office believes leader patience scar own_sd sets delay cost flow_cost \
        trigger effect base scale bar then forbid if types penalty status_quo performed_by signatories aspiration worth \
        substitution buffer ramp volatility decisive other_end decisive_slope"
        .split_whitespace()
        .collect();
    let backwards = names(|letter, n| format!("z{:02}-{letter}_q", 99 - n));
    let place = |letter: char, n: usize| "picoktrxgnl".find(letter).map_or(60, |k| 6 * k) + n;
    let language = names(|letter, n| {
        let k = place(letter, n);
        words
            .get(k)
            .map_or_else(|| format!("word{k}"), |word| (*word).to_owned())
    });
    let mut largest: f64 = 0.0;
    for seed in 0..sketches {
        let sheet = sketch(seed);
        let was = of(&sheet);
        for names in [&backwards, &language] {
            let back: BTreeMap<String, String> =
                names.iter().map(|(a, b)| (b.clone(), a.clone())).collect();
            assert_eq!(back.len(), names.len(), "every name is its own");
            let text = sheet::renamed(&sheet.toml(), names);
            let is = answers(&text, &back);
            largest = largest.max(same("renamed", &text, &was, &is));
        }
    }
    println!("{} renamed sketches: {largest:.1e}", 2 * sketches);
    // A slip: two parties exchange names, and nothing else knows.
    let found = noticed(|sheet, _| {
        let swap = [("p0", "p1"), ("p1", "p0")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        let text = sheet::renamed(&sheet.toml(), &swap.into());
        (of(sheet), answers(&text, &BTreeMap::new()))
    });
    println!("two parties exchange names: {found} of {SLIPS}");
    assert!(found >= 15, "{found}");
}
