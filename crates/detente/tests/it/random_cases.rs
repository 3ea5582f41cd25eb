//! Random valid cases through the whole pipeline: checked, run, every lens's certificate, and what quantities say of one another.
//!
//! Fifty in every test run, two hundred with the slow sets. With `DETENTE_LONG=1`, ten thousand, or as many as `DETENTE_CASES` says, from `DETENTE_FIRST` on. A case
//! that fails is made as small as it fails with, and kept in the folder of temporary files; once the fault is mended, it moves to `kept`.

mod invariants;
mod kept;
pub(crate) mod make;
mod processes;
mod relations;
mod shrink;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};

use detente::{Ignored, Overrides, Plan, Silence, columns, run};
use detente_core::Search;

use crate::invariance::sheet::Sheet;
use crate::{of_many, small};

/// Worlds of each case.
const WORLDS: u64 = 2;
/// Random cases in every test run, with the slow sets, and in a long one.
const FEWEST: u64 = 50;
const FEW: u64 = 200;
const MANY: u64 = 10_000;

/// What goes wrong with a case text: of what kind, and the particulars.
type Faults = Vec<(String, String)>;

/// What a case was like, so that a run can say what it was made of.
#[derive(Debug, Default)]
struct Told {
    certificates: usize,
    faults: Faults,
    silences: Vec<String>,
    /// Answers that say something.
    answers: BTreeSet<&'static str>,
}

/// A case text through the whole pipeline, so many worlds with certificates.
fn tried(text: &str, certified: u64) -> Told {
    let mut told = Told::default();
    let attempt = AssertUnwindSafe(|| pipeline(text, certified, &mut told));
    if catch_unwind(attempt).is_err() {
        told.faults.push(("panic".to_owned(), String::new()));
    }
    told
}

fn pipeline(text: &str, certified: u64, told: &mut Told) {
    let checked = detente::check("random", text);
    let Some(case) = checked.case else {
        let faults = checked.diagnostics.iter().map(|fault| &fault.message);
        let faults: Vec<String> = faults.cloned().collect();
        let kind = format!("refused: {}", plain_words(&faults[0]));
        told.faults.push((kind, faults.join("; ")));
        return;
    };
    let plan = Plan::new(&case);
    let worlds = usize::try_from(WORLDS).expect("few");
    let none = Overrides::default();
    let options = small(worlds, worlds);
    let table = run(&plan, &none, options, &Ignored);
    for (lens, silence) in table.silences.keys() {
        if matches!(silence, Silence::Defect(_)) {
            let what = format!("defect of {lens}");
            told.faults.push((what, silence.why().to_owned()));
        } else {
            told.silences.push(format!("{lens}: {}", silence.why()));
        }
    }
    let columns = columns(&plan.setting);
    for (index, row) in (0..WORLDS).zip(table.rows()) {
        let drawn = plan.world(&plan.uniforms(options.stream, index), &none);
        let name = |name: &str| {
            let bare = !name.contains('[');
            if bare {
                format!("{name}[]")
            } else {
                name.to_owned()
            }
        };
        let numbers = columns.iter().map(|c| (name(&c.name), row[c.place]));
        let numbers = numbers.collect();
        told.answers.extend(telling(&numbers));
        let world = invariants::World {
            case: &case,
            stream: options.stream,
            drawn: &drawn,
            numbers: &numbers,
        };
        for (rule, said) in world.contradictions() {
            let said = format!("world {index}: {said}");
            told.faults.push((format!("contradiction: {rule}"), said));
        }
        if index >= certified {
            continue;
        }
        let certified = detente::certify_world(&plan.setting, &drawn, Search::Solutions);
        told.certificates += certified.held;
        for fault in certified.faults {
            let kind = format!("certificate: {}", plain_words(&fault));
            told.faults.push((kind, fault));
        }
    }
}

/// Answers that say something: what the cases are worth as a test depends on how many there are of each.
fn telling(numbers: &BTreeMap<String, f64>) -> BTreeSet<&'static str> {
    let inner = |x: f64| (0.001..0.999).contains(&x);
    let mut telling = BTreeSet::new();
    for (name, x) in numbers {
        let quantity = name.split('[').next().unwrap_or(name);
        let what = match quantity {
            "settlement.zone" if inner(*x) => "a zone for some types",
            "settlement.zone" if *x == 0.0 => "no zone",
            "settlement.agreed" if inner(*x) => "a package that some types sign",
            "settlement.agreed" if *x > 0.999 => "a package that all sign",
            "settlement.opens_without" if *x > 0.0 => "red lines that close a zone",
            "settlement.ratifies" if inner(*x) => "a gate that counts",
            "leverage.credibility" if inner(*x) => "a lever that may be pulled",
            "leverage.threshold" if inner(*x) => "a threshold",
            "leverage.backfires" if *x > 0.0 => "a threat that backfires",
            "beliefs.optimism_blocks_package" if *x > 0.0 => "optimism that blocks",
            "beliefs.believed" if !x.is_nan() => "a messenger",
            "durability.temptation" if *x > 0.1 => "a temptation",
            "durability.signed_tempted" if *x > 0.0 => "a signature given to break it",
            "durability.comes" if inner(*x) => "who comes when a war resumes",
            "durability.guarantee_buys" if x.abs() > 0.01 => "a guarantee that counts",
            "stability.sequential" if inner(*x) => "a package that holds for some types",
            "stability.improves" if *x > 0.0 => "a move to something better",
            "stability.would_withhold" if *x > 0.0 => "a clause that somebody would withhold",
            "veto.effective" if *x > 0.0 => "a veto",
            "veto.change" if *x != 0.0 => "a settlement over a refusal",
            "settlement.size" if *x > 0.0 => "room to agree",
            _ => continue,
        };
        telling.insert(what);
    }
    telling
}

/// What a fault is about: its words without numbers and names.
fn plain_words(fault: &str) -> String {
    let plain = |word: &&str| {
        let first = word.chars().next();
        first.is_some_and(|c| c.is_ascii_lowercase()) && !word.contains(|c: char| c.is_numeric())
    };
    fault
        .split([' ', ':', ','])
        .filter(plain)
        .take(6)
        .collect::<Vec<_>>()
        .join(" ")
}

/// What became of many cases.
struct Tried {
    certificates: usize,
    /// In how many cases an answer says something, by what it says.
    answers: BTreeMap<&'static str, usize>,
    report: String,
}

/// Tries cases; what fails is shrunk, kept, and told.
fn try_all(seeds: impl Iterator<Item = u64>, long: bool) -> Tried {
    let (certified, shrinks) = if long { (WORLDS, 20) } else { (1, 3) };
    let (mut cases, mut certificates, mut report) = (0, 0, String::new());
    let mut kinds: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    let mut silences: BTreeMap<String, usize> = BTreeMap::new();
    let mut answers: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in seeds {
        let sheet = make::spread(seed);
        let told = tried(&sheet.toml(), certified);
        cases += 1;
        certificates += told.certificates;
        if cases % 500 == 0 {
            println!(
                "{cases} random cases, {certificates} certificates held, {} kinds of faults",
                kinds.len()
            );
        }
        for answer in told.answers {
            *answers.entry(answer).or_default() += 1;
        }
        for silence in told.silences {
            *silences.entry(silence).or_default() += 1;
        }
        for (kind, said) in told.faults {
            let seen = kinds.entry(kind.clone()).or_default();
            if seen.last() == Some(&seed) {
                continue;
            }
            seen.push(seed);
            if seen.len() == 1 {
                println!("case {seed}: {kind}: {said}");
            }
            let (first, refused) = (seen.len() == 1, kind.starts_with("refused"));
            if first && refused {
                let _ = writeln!(report, "case {seed}: {kind}: {said}");
                write(seed, &sheet.toml());
            } else if first && kinds.len() <= shrinks {
                let _ = writeln!(report, "case {seed}: {kind}: {said}");
                keep(seed, &kind, &sheet, &mut report);
            }
        }
    }
    println!(
        "{cases} random cases, {certificates} certificates held\nsilent: {silences:#?}\ntold: {answers:#?}"
    );
    for (kind, seeds) in kinds {
        let first = &seeds[..seeds.len().min(12)];
        let _ = writeln!(report, "{kind}: {} cases, {first:?} …", seeds.len());
    }
    Tried {
        certificates,
        answers,
        report,
    }
}

fn keep(seed: u64, kind: &str, sheet: &Sheet, report: &mut String) {
    let fails = |sheet: &Sheet| {
        tried(&sheet.toml(), WORLDS)
            .faults
            .iter()
            .any(|(k, _)| k == kind)
    };
    let least = shrink::shrunk(sheet, fails);
    let text = least.toml();
    let said: Faults = tried(&text, WORLDS).faults;
    let _ = writeln!(report, "kept: {said:?}\n{text}");
    write(seed, &text);
}

/// Only a convenience: the text is in the report, too.
#[expect(clippy::disallowed_methods, reason = "a case to look at")]
fn write(seed: u64, text: &str) {
    let path = std::env::temp_dir().join(format!("detente-random-{seed}.toml"));
    let _ = std::fs::write(path, text);
}

#[expect(clippy::disallowed_methods, reason = "how long a run is")]
fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn random_cases_are_certified_and_agree_with_themselves() {
    let long = setting("DETENTE_LONG") == Some(1);
    let first = setting("DETENTE_FIRST").unwrap_or(0);
    let few = || of_many("random cases", FEWEST, FEW);
    let count = setting("DETENTE_CASES").unwrap_or_else(|| if long { MANY } else { few() });
    let tried = try_all(first..first + count, long);
    assert!(tried.report.is_empty(), "{}", tried.report);
    if count >= FEWEST {
        assert!(tried.certificates as u64 > 5 * count);
    }
    // Few cases need not say everything that there is to say.
    if count < FEW {
        return;
    }
    assert_eq!(tried.answers.len(), 21, "{:?}", tried.answers.keys());
    for (what, cases) in tried.answers {
        assert!(cases > 0, "{what}: in {cases} of {count}");
    }
}
