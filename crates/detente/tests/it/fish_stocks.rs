//! An outside option that decays: by hand, and month by month.

use std::collections::HashMap;
use std::sync::LazyLock;

use detente::handles::alternative;
use detente::report::{self, Stamp};
use detente::{Case, Ignored, Overrides, Plan, RunOptions, run, summarise};
use detente_core::Dimension;

use crate::{case, small, text};

/// The types of those who sign, and the party of each.
const TYPES: [(&str, &str); 5] = [
    ("haven.own_feet", "haven"),
    ("haven.subsidised", "haven"),
    ("holm.far_sighted", "holm"),
    ("holm.near_sighted", "holm"),
    ("strand", "strand"),
];

/// Every number that no deal hangs on, at its median, by path.
fn medians() -> HashMap<String, f64> {
    let case = case("fish-stocks");
    let plan = Plan::new(&case);
    let values = plan.values(&plan.medians(), &Overrides::default());
    let paths = case.inputs.iter().map(|input| input.path.clone());
    let numbers = paths.zip(values);
    let hangs = |path: &str| {
        path.starts_with("process.") || path.ends_with(".patience") || path.contains(".rate.")
    };
    numbers
        .filter(|(path, x)| hangs(path) && x.is_finite())
        .collect()
}

/// The case with each of these numbers set.
fn with(numbers: &HashMap<String, f64>) -> Case {
    let mut set: Vec<String> = numbers.iter().map(|(p, x)| format!("{p}={x}")).collect();
    set.sort();
    let mut sources = detente::diag::Sources::default();
    case("fish-stocks").with_set(&set, &mut sources).unwrap()
}

/// What no treaty is worth to each of the types, as a mean over worlds.
fn values(case: &Case, worlds: usize) -> [f64; 5] {
    let plan = Plan::new(case);
    let table = run(&plan, &Overrides::default(), small(worlds, 0), &Ignored);
    let types = Dimension::Type.size(&case.setting);
    TYPES.map(|(id, _)| {
        let found = (0..types).find(|t| Dimension::Type.entry(&case.setting, *t) == id);
        table.mean(alternative::VALUE, &[found.expect(id)]).value
    })
}

/// The numbers that a type looks at a process by.
struct Eyes {
    patience: f64,
    worth: [f64; 3],
    scar: [f64; 3],
    /// Of the collapse and of waters closed by each.
    ends: [f64; 2],
    /// What it takes the rates of these moves for, as factors.
    sees: [(&'static str, f64); 2],
}

/// Read off paths alone: a type's own number if it has one, else its party's, else none.
fn eyes(numbers: &HashMap<String, f64>, of: (&str, &str)) -> Eyes {
    let (id, party) = of;
    let number = |table: &str, key: &str| {
        let own = numbers.get(&format!("{table}.{key}_of_type.{id}"));
        let shared = numbers.get(&format!("{table}.{key}.{party}"));
        own.or(shared).copied().unwrap_or_default()
    };
    let states = ["healthy", "strained", "near_collapse"].map(|s| format!("process.state.{s}"));
    let ends = ["collapse", "own_waters"].map(|e| format!("process.end.{e}"));
    let own = id.strip_prefix(&format!("{party}."));
    let own = own.map(|own| format!("party.{party}.type.{own}.patience"));
    let patience = own.unwrap_or_else(|| format!("party.{party}.patience"));
    let own = patience.trim_end_matches(".patience");
    let sees = ["fished_down", "good_years"].map(|name| {
        let offset = numbers.get(&format!("{own}.believes.rate.{name}"));
        (name, libm::exp(offset.copied().unwrap_or_default()))
    });
    Eyes {
        sees,
        patience: numbers[&patience],
        worth: [0, 1, 2].map(|s| number(&states[s], "worth")),
        scar: [0, 1, 2].map(|s| number(&states[s], "scar")),
        ends: [0, 1].map(|e| number(&ends[e], "worth")),
    }
}

/// A bank that only ever goes down, at one rate, is worth in each state
/// V = ((1 − δ) worth − scar + δ p V(below))/(1 − δ (1 − p)), p = 1 − e^(−rate): three lines, from the collapse upwards, at medians.
#[test]
fn a_bank_that_only_goes_down_by_hand() {
    let mut numbers = medians();
    let mut rate = |name: &str, rate: f64| {
        let path = format!("process.move.{name}rate");
        let old = numbers.insert(path, rate);
        old.expect(name);
    };
    // A half, a quarter and a tenth of the banks go down in a month.
    rate("fished_down.", std::f64::consts::LN_2);
    rate("fished_down.later.accord_lapses.", std::f64::consts::LN_2);
    rate("fished_out.", -libm::log(0.75));
    rate("crash.", -libm::log(0.9));
    for name in ["good_years.", "slow_return.", "zones.", "zones_in_need."] {
        rate(name, 0.0);
    }
    rate("zones.later.survey_published.", 0.0);
    let found = values(&with(&numbers), 1);
    for (of, found) in TYPES.into_iter().zip(found) {
        let eyes = eyes(&numbers, of);
        let mut below = eyes.ends[0];
        // Whoever takes the bank for richer sees it go down at another rate than ln 2.
        let first = 1.0 - libm::pow(0.5, eyes.sees[0].1);
        for (state, p) in [(2, 0.1), (1, 0.25), (0, first)] {
            let d = eyes.patience;
            let month = (1.0 - d) * eyes.worth[state] - eyes.scar[state];
            below = (month + d * p * below) / (1.0 - d * (1.0 - p));
        }
        assert!((found - below).abs() < 1e-9, "{of:?}: {found}, {below}");
    }
    // Strand, in figures: 11.5 in the end; 43, 30 and 16 points a month before; a median patience of .98578; a scar of .0548.
    assert!((found[4] - STRAND).abs() < 1e-6, "{}", found[4]);
}

const STRAND: f64 = 13.439_262_7;

/// A subsidised Haven takes the bank for richer than the analyst does: no treaty is worth more to it than it would be by the analyst's rates.
#[test]
fn whoever_takes_the_bank_for_richer_hopes_for_more() {
    let numbers = medians();
    let as_it_sees = values(&with(&numbers), 1);
    let mut analysts = numbers;
    for name in ["fished_down", "good_years"] {
        let path = format!("party.haven.type.subsidised.believes.rate.{name}");
        *analysts.get_mut(&path).expect("stated") = 0.0;
    }
    let by_the_analyst = values(&with(&analysts), 1);
    let gaps: Vec<f64> = as_it_sees
        .iter()
        .zip(by_the_analyst)
        .map(|(a, b)| a - b)
        .collect();
    assert!(gaps[1] > 0.5, "{gaps:?}");
    let others = [gaps[0], gaps[2], gaps[3], gaps[4]];
    assert!(others.iter().all(|gap| gap.abs() < 1e-12), "{gaps:?}");
}

/// The case as it stands, at its medians, by going forward: where the bank is with what chance in every month, and what each such month
/// and each end is worth. The lens goes backward.
#[test]
fn a_bank_month_by_month() {
    let numbers = medians();
    let found = values(&with(&numbers), 1);
    let rate = |name: &str, later: &str, month: u32| {
        let table = format!("process.move.{name}");
        let from = numbers.get(&format!("{table}.later.{later}.from_month"));
        match from {
            Some(from) if f64::from(month) >= *from => {
                numbers[&format!("{table}.later.{later}.rate")]
            }
            _ => numbers[&format!("{table}.rate")],
        }
    };
    for (of, found) in TYPES.into_iter().zip(found) {
        let eyes = eyes(&numbers, of);
        let (mut chance, mut worth, mut weight) = ([1.0, 0.0, 0.0], 0.0, 1.0);
        for month in 0..8000 {
            let now = |name, later| {
                let sees = eyes.sees.iter().find(|(seen, _)| *seen == name);
                rate(name, later, month) * sees.map_or(1.0, |(_, factor)| *factor)
            };
            let down = now("fished_down", "accord_lapses");
            let zones = now("zones", "survey_published");
            // From, to (3 and 4 are the ends), rate.
            let moves = [
                (0, 1, down),
                (1, 0, now("good_years", "")),
                (1, 2, now("fished_out", "")),
                (1, 4, zones),
                (2, 1, now("slow_return", "")),
                (2, 3, now("crash", "")),
                (2, 4, now("zones_in_need", "")),
            ];
            let d = eyes.patience;
            let mut next = chance;
            for state in 0..3 {
                let month = (1.0 - d) * eyes.worth[state] - eyes.scar[state];
                worth += weight * chance[state] * month;
            }
            for (from, to, rate) in moves {
                let out: f64 = moves.iter().filter(|m| m.0 == from).map(|m| m.2).sum();
                let moved = chance[from] * (1.0 - libm::exp(-out)) * rate / out;
                next[from] -= moved;
                match to {
                    0..3 => next[to] += moved,
                    end => worth += weight * d * moved * eyes.ends[end - 3],
                }
            }
            chance = next;
            weight *= d;
        }
        assert!((found - worth).abs() < 1e-6, "{of:?}: {found}, {worth}");
    }
}

/// What no treaty is worth falls with the stock that it begins with, to everybody.
#[test]
fn the_outside_option_decays() {
    let from = |state: &str| {
        let whole =
            text("fish-stocks").replacen("today = \"healthy\"", &format!("today = \"{state}\""), 1);
        let checked = detente::check("case.toml", &whole);
        values(&checked.case.expect("no errors"), 64)
    };
    let (healthy, strained, near) = (from("healthy"), from("strained"), from("near_collapse"));
    for t in 0..TYPES.len() {
        assert!(healthy[t] > strained[t] + 2.0, "{:?}", TYPES[t]);
        assert!(strained[t] > near[t] + 2.0, "{:?}", TYPES[t]);
    }
}

/// Whoever looks no further than the next years is served best by no treaty, and signs least.
#[test]
fn the_near_sighted_have_more_to_hope_for() {
    let [own_feet, subsidised, far, near, _] = values(&case("fish-stocks"), 200);
    assert!(near > far + 3.0, "{near} {far}");
    assert!(subsidised > own_feet + 8.0, "{subsidised} {own_feet}");
}

/// The page of the case as it ships, of one thread.
static PAGE: LazyLock<String> = LazyLock::new(|| page(&case("fish-stocks"), 1));

fn page(case: &Case, threads: usize) -> String {
    let options = RunOptions {
        threads: Some(threads),
        ..small(24, 1)
    };
    report::html(&summarise(case, &[], options, &Ignored).unwrap(), &stamp())
}

fn stamp() -> Stamp {
    Stamp {
        case_path: "fish-stocks".to_owned(),
        case_hash: String::new(),
        command: String::new(),
    }
}

#[test]
fn one_thread_and_two_write_the_same_page() {
    assert_eq!(*PAGE, page(&case("fish-stocks"), 2));
}

/// The rate at which one lever stands for another, as one sentence: how often, by whom, and which way. By the analyst's rates, and if they cost
/// it nothing, both types of Haven gain by the patrols and lose by the ban.
#[test]
fn levers_are_told_in_one_anothers_worth() {
    let mut numbers = medians();
    for (path, x) in &mut numbers {
        if path.contains(".believes.rate.") {
            *x = 0.0;
        }
    }
    numbers.insert("lever.patrols.flow_cost.haven".to_owned(), 0.0);
    let page = page(&with(&numbers), 1);
    let from = page.find("moves its target ").expect("two levers on Haven");
    let said = &page[from..from + page[from..].find("</p>").unwrap()];
    assert!(said.contains(" times as far as “Holm’s patrols"), "{said}");
    let end = "depending on its type, and the other way; each certain to be pulled.";
    assert!(said.ends_with(end), "{said}");
}

/// What no number of the case can fill is no column, and a belief about rates is none about a balance of efforts.
#[test]
fn a_treaty_without_a_guarantee_has_no_columns_for_one() {
    let page = &*PAGE;
    assert!(page.contains("Temptation by date"));
    for left_out in [
        "The guarantee adds",
        "Worth to guarantors",
        "balance of efforts",
    ] {
        assert!(!page.contains(left_out), "{left_out}");
    }
    assert!(page.contains("How far news can move Haven’s belief about any rate"));
    assert!(page.contains("Of 100 past cases, by what was counted"));
    // A case with a guarantor keeps them.
    let guarded = report::html(crate::summary("ukraine-2025"), &stamp());
    assert!(guarded.contains("The guarantee adds"));
}

/// The table beside the picture of how no treaty ends holds every month that the picture is drawn by.
#[test]
fn the_picture_of_ends_has_its_numbers_beside_it() {
    let course = crate::part(&PAGE, "process-course", "</table>");
    let told = course.split("<tr><th>").skip(2);
    let told: Vec<&str> = told.map(|row| row.split('<').next().unwrap()).collect();
    assert_eq!(told, ["1", "3", "6", "12", "24", "36", "60", "120", "ever"]);
}
