//! A case with sources whose no deal is a process with dates: what it is worth, by hand and by another way of computing it.

use detente::handles::{alternative, durability};
use detente::{
    Case, Effort, Ignored, Overrides, Plan, RunOptions, Table, check_evidence, run, summarise,
};
use detente_core::Dimension;

use crate::{case, small};

/// What the case lets a party be worth, in one place for the engine and for the sums below: every number of Russia and China, exact.
const OF_RUSSIA_CHINA: &[(&str, f64)] = &[
    ("party.russia_china.patience", 0.985),
    ("party.russia_china.issue.centrifuges.weight", 20.0),
    ("party.russia_china.issue.centrifuges.value.none", 0.8),
    ("party.russia_china.issue.centrifuges.value.c6104", 0.9),
    ("party.russia_china.issue.centrifuges.value.c10k", 0.6),
    ("party.russia_china.issue.centrifuges.value.c19k", 0.3),
    ("party.russia_china.issue.material.weight", 10.0),
    ("party.russia_china.issue.material.value.today", 0.5),
    ("party.russia_china.issue.inspections.weight", 10.0),
    ("party.russia_china.issue.inspections.value.interim", 0.6),
    ("party.russia_china.issue.relief.weight", 20.0),
    ("party.russia_china.issue.relief.value.before", 0.2),
    ("party.russia_china.issue.relief.value.interim", 0.4),
    ("party.russia_china.issue.relief.value.leaks", 0.5),
    ("party.russia_china.issue.relief.value.staged", 0.65),
    ("party.russia_china.issue.relief.value.on_verification", 0.9),
    ("party.russia_china.issue.snapback.weight", 20.0),
    ("party.russia_china.issue.snapback.value.in_force", 0.3),
    ("party.russia_china.issue.arms.weight", 10.0),
    ("party.russia_china.issue.arms.value.dated", 0.6),
    ("party.russia_china.issue.duration.weight", 10.0),
    ("party.russia_china.issue.duration.value.y5", 0.5),
    ("party.russia_china.issue.duration.value.y15", 0.9),
    ("process.state.near.worth.russia_china", 25.0),
    ("process.state.struck.worth.russia_china", 12.0),
    ("process.end.weapon.worth.russia_china", 10.0),
];

/// What the states and the ends are then worth, option by option.
const INTERIM: f64 = 12.0 + 5.0 + 6.0 + 8.0 + 6.0;
const LAPSED: f64 = 6.0 + 4.0 + 6.0;
const TIGHT: f64 = 6.0 + 6.0;
const ERODED: f64 = 6.0 + 10.0 + 20.0;
const SAME: f64 = 18.0 + 10.0 + 10.0 + 18.0 + 6.0 + 10.0;
const STRICT: f64 = 20.0 + 10.0 + 10.0 + 13.0 + 9.0;
const LOOSE: f64 = 12.0 + 5.0 + 10.0 + 18.0 + 20.0 + 6.0 + 5.0;

fn with(numbers: &[(&str, f64)]) -> Case {
    let set: Vec<String> = OF_RUSSIA_CHINA
        .iter()
        .chain(numbers)
        .map(|(path, value)| format!("{path}={value}"))
        .collect();
    let mut sources = detente::diag::Sources::default();
    case("iran-2015").with_set(&set, &mut sources).unwrap()
}

fn table(case: &Case) -> Table {
    let plan = Plan::new(case);
    run(&plan, &Overrides::default(), small(16, 0), &Ignored)
}

fn place(case: &Case, of: Dimension, id: &str) -> usize {
    let mut places = 0..of.size(&case.setting);
    let place = places.find(|i| of.entry(&case.setting, *i) == id);
    place.expect(id)
}

fn no_deal(case: &Case, id: &str) -> f64 {
    let place = place(case, Dimension::Type, id);
    table(case).mean(alternative::VALUE, &[place]).value
}

/// A move of the process from a state to a state or an end, at rates that hold from months on.
struct Move {
    from: usize,
    to: usize,
    rates: Vec<(usize, f64)>,
}

/// Identifier, from, to, and the months from which later rates hold, as the case dates them.
type Named = (&'static str, usize, usize, &'static [(&'static str, usize)]);

const IDS: [Named; 26] = [
    ("lapse", 0, 1, &[("june", 3)]),
    ("new_law", 0, 2, &[("june", 3), ("next_president", 22)]),
    ("tighten", 1, 2, &[("next_president", 22)]),
    ("erode", 1, 3, &[]),
    ("resume", 1, 0, &[]),
    ("grow", 1, 4, &[]),
    ("strike_lapsed", 1, 5, &[]),
    ("strict", 2, 8, &[]),
    ("same", 2, 9, &[]),
    ("erode_tight", 2, 3, &[]),
    ("grow_tight", 2, 4, &[]),
    ("strike_tight", 2, 5, &[]),
    ("loose", 3, 10, &[]),
    ("grow_eroded", 3, 4, &[]),
    ("retighten", 3, 2, &[]),
    ("strike_eroded", 3, 5, &[]),
    ("dash", 4, 7, &[]),
    ("strike_near", 4, 5, &[]),
    ("step_back", 4, 9, &[]),
    ("near_loose", 4, 10, &[]),
    ("rebuild", 5, 1, &[]),
    ("rush", 5, 7, &[]),
    ("strict_after", 5, 8, &[]),
    ("final_text", 6, 9, &[]),
    ("run_out", 6, 1, &[]),
    ("new_law_later", 6, 2, &[("next_president", 12)]),
];

/// Rates that are all different, and the numbers that set them.
fn rates(rate: impl Fn(&str, usize) -> f64) -> (Vec<Move>, Vec<(String, f64)>) {
    let mut moves = Vec::new();
    let mut set = vec![("fact.strike_rate".to_owned(), rate("strike", 0))];
    for (id, from, to, later) in IDS {
        let first = if id.starts_with("strike_") && id != "strike_near" {
            rate("strike", 0)
        } else {
            set.push((format!("process.move.{id}.rate"), rate(id, 0)));
            rate(id, 0)
        };
        let mut rates = vec![(0, first)];
        for (name, month) in later {
            set.push((
                format!("process.move.{id}.later.{name}.rate"),
                rate(id, *month),
            ));
            rates.push((*month, rate(id, *month)));
        }
        moves.push(Move { from, to, rates });
    }
    (moves, set)
}

impl Move {
    /// Its rate in a month.
    fn rate(&self, month: usize) -> f64 {
        let held = self.rates.iter().rev().find(|(first, _)| *first <= month);
        held.unwrap().1
    }
}

/// What each of seven states is worth, and each of four ends, month by month from far ahead: nothing of what the engine does after the last date.
fn far_back(moves: &[Move], patience: f64, flows: [f64; 7], ends: [f64; 4]) -> [f64; 11] {
    let mut value = [0.0; 11];
    value[7..].copy_from_slice(&ends);
    for month in (0..6000).rev() {
        let mut before = value;
        for (state, flow) in flows.iter().enumerate() {
            let of: Vec<(usize, f64)> = moves
                .iter()
                .filter(|m| m.from == state)
                .map(|m| (m.to, m.rate(month)))
                .collect();
            let sum: f64 = of.iter().map(|(_, rate)| rate).sum();
            let leaves = 1.0 - libm::exp(-sum);
            let to: f64 = of.iter().map(|(to, rate)| rate / sum * value[*to]).sum();
            let then = if sum > 0.0 { leaves * to } else { 0.0 } + (1.0 - leaves) * value[state];
            before[state] = (1.0 - patience) * flow + patience * then;
        }
        value = before;
    }
    value
}

/// Where the process is after so many months, state by state and end by end, by pushing forward what is where.
fn far_on(moves: &[Move], months: usize) -> [f64; 11] {
    let mut there = [0.0; 11];
    there[0] = 1.0;
    for month in 0..months {
        let mut next = there;
        for state in 0..7 {
            let of = || moves.iter().filter(|m| m.from == state);
            let sum: f64 = of().map(|m| m.rate(month)).sum();
            for way in of() {
                let goes = there[state] * -libm::expm1(-sum) * way.rate(month) / sum;
                next[way.to] += goes;
                next[state] -= goes;
            }
        }
        there = next;
    }
    there
}

fn spread(id: &str, month: usize) -> f64 {
    let letters: usize = id.bytes().map(usize::from).sum();
    0.004 + 0.000_7 * ((letters + 5 * month) % 60) as f64
}

fn as_set(set: &[(String, f64)]) -> Case {
    let numbers: Vec<(&str, f64)> = set.iter().map(|(path, v)| (path.as_str(), *v)).collect();
    with(&numbers)
}

/// A cut through the process, in closed form. Rates of ln 2 make the chance of a month one half: the interim deal lapses, sanctions are
/// tightened, and these end in a deal, half of the time the parameters (72 points to Russia and China) and half of the time a stricter one
/// (62); nothing else is possible. V(tight) = ((1 − δ)·12 + ½δ·67)/(1 − ½δ) = 65.374384, V(lapsed) = ((1 − δ)·16 + ½δ·V(tight))/(1 − ½δ),
/// V(interim) = ((1 − δ)·37 + ½δ·V(lapsed))/(1 − ½δ), with δ = .985.
#[test]
fn a_cut_of_no_deal_by_hand() {
    let half = std::f64::consts::LN_2;
    let (_, set) = rates(|id, _| match id {
        "lapse" | "tighten" => half,
        "strict" | "same" => half / 2.0,
        _ => 0.0,
    });
    let found = no_deal(&as_set(&set), "russia_china");
    assert!((found - 63.119_524).abs() < 1e-5, "{found}");
    let (tight, lapsed) = (65.374_384, 63.915_043);
    let by_hand = (0.015 * INTERIM + 0.4925 * lapsed) / 0.5075;
    assert!((by_hand - found).abs() < 1e-5, "{by_hand}");
    let by_hand = (0.015 * LAPSED + 0.4925 * tight) / 0.5075;
    assert!((by_hand - lapsed).abs() < 1e-5, "{by_hand}");
    let by_hand = (0.015 * TIGHT + 0.4925 * 0.5 * (SAME + STRICT)) / 0.5075;
    assert!((by_hand - tight).abs() < 1e-5, "{by_hand}");
}

/// The whole of it, dates included, against steps backwards from six thousand months ahead.
#[test]
fn no_deal_with_its_dates_by_another_way() {
    let (moves, set) = rates(spread);
    let found = no_deal(&as_set(&set), "russia_china");
    let flows = [INTERIM, LAPSED, TIGHT, ERODED, 25.0, 12.0, INTERIM];
    let [expected, ..] = far_back(&moves, 0.985, flows, [10.0, STRICT, SAME, LOOSE]);
    assert!((found - expected).abs() < 1e-6, "{found} {expected}");
    // The dates matter: without them it is another number.
    let (undated, _) = rates(|id, _| spread(id, 0));
    let [other, ..] = far_back(&undated, 0.985, flows, [10.0, STRICT, SAME, LOOSE]);
    assert!((other - expected).abs() > 0.1, "{other}");
}

/// A deal that nobody breaks on purpose (renouncing it costs more than the scale) and that breaks down at one rate a month is worth
/// D = (1 − δ)U + δ(s·D + (1 − s)V), with V the worth of the second state, from which the process is resumed, its dates counted anew.
#[test]
fn a_deal_that_breaks_down_is_followed_from_the_state_that_resumes() {
    let (moves, mut set) = rates(spread);
    let parties = ["iran", "us", "europe", "russia_china"];
    set.extend(parties.map(|p| (format!("party.{p}.renege_cost"), 500.0)));
    set.push(("durability.background".to_owned(), 0.02));
    set.push(("durability.verification".to_owned(), 0.0));
    let case = as_set(&set);
    let flows = [INTERIM, LAPSED, TIGHT, ERODED, 25.0, 12.0, INTERIM];
    let [interim, lapsed, ..] = far_back(&moves, 0.985, flows, [10.0, STRICT, SAME, LOOSE]);
    let kept = libm::exp(-0.02);
    let worth = |then: f64| (0.015 * SAME + 0.985 * (1.0 - kept) * then) / (1.0 - 0.985 * kept);
    let at = [
        place(&case, Dimension::Type, "russia_china"),
        place(&case, Dimension::Package, "us_parameters"),
    ];
    let found = table(&case).mean(durability::DEAL_VALUE, &at).value;
    assert!((found - worth(lapsed)).abs() < 1e-6, "{found}");
    // Today's state would be another number.
    assert!((found - worth(interim)).abs() > 0.1, "{found}");
}

/// An extension that holds for ten months unless it breaks down, and then leads on: from the tenth month backwards, with V of the state that it leads
/// to. Kept for five years is kept for ten months, and fifty months on still going from term to term, or a text come of it; who lets the
/// extended deal run out, or ends it by law, has not kept it, whatever deal comes of that.
#[test]
fn an_extension_is_worth_its_months_and_what_it_leads_to() {
    let (moves, mut set) = rates(spread);
    let parties = ["iran", "us", "europe", "russia_china"];
    set.extend(parties.map(|p| (format!("party.{p}.renege_cost"), 500.0)));
    set.push(("durability.background".to_owned(), 0.02));
    set.push(("durability.verification".to_owned(), 0.0));
    let case = as_set(&set);
    let flows = [INTERIM, LAPSED, TIGHT, ERODED, 25.0, 12.0, INTERIM];
    let value = far_back(&moves, 0.985, flows, [10.0, STRICT, SAME, LOOSE]);
    let (lapsed, mut worth) = (value[1], value[6]);
    let kept = libm::exp(-0.02);
    for _ in 0..10 {
        worth = 0.015 * INTERIM + 0.985 * (kept * worth + (1.0 - kept) * lapsed);
    }
    let extension = place(&case, Dimension::Package, "extension");
    let at = [place(&case, Dimension::Type, "russia_china"), extension];
    let table = table(&case);
    let found = table.mean(durability::DEAL_VALUE, &at).value;
    assert!((found - worth).abs() < 1e-6, "{found} {worth}");
    let mut there = [1.0, 0.0];
    for month in 0..50 {
        let of = || moves.iter().filter(|m| m.from == 6);
        let sum: f64 = of().map(|m| m.rate(month)).sum();
        let left = there[0] * -libm::expm1(-sum);
        let text = of().find(|m| m.to == 9).unwrap().rate(month) / sum;
        there = [there[0] - left, there[1] + left * text];
    }
    let led_on = there[0] + there[1];
    let years = [extension, place(&case, Dimension::Milestone, "60")];
    let found = table.mean(durability::SURVIVAL, &years).value;
    let expected = libm::exp(-0.2) * led_on;
    assert!((found - expected).abs() < 1e-9, "{found} {expected}");
    // Of those that are signed, as many.
    let [to_term, at_last] = [durability::KEPT_TO_LAPSE, durability::KEPT]
        .map(|quantity| table.mean(quantity, &[extension]).value);
    assert!(
        (at_last - to_term * led_on).abs() < 1e-9,
        "{at_last} {to_term}"
    );
}

/// Chances of ends by a date, against what is pushed forward from today; nobody's preferences have a part in them.
#[test]
fn chances_of_ends_by_another_way() {
    let (moves, set) = rates(spread);
    let case = as_set(&set);
    let table = table(&case);
    for months in [12, 60, 120] {
        let there = far_on(&moves, months);
        assert!((there.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        for (end, id) in ["weapon", "strict_deal", "same_deal", "loose_deal"]
            .iter()
            .enumerate()
        {
            let at = [
                place(&case, Dimension::Milestone, &months.to_string()),
                place(&case, Dimension::End, id),
            ];
            let found = table.mean(alternative::END_BY, &at).value;
            assert!((found - there[7 + end]).abs() < 1e-9, "{id} {months}");
        }
    }
}

/// Who holds that pressure works has reason to wait: no deal is then worth more to those who would press, and less to Iran.
#[test]
fn a_reading_gives_reason_to_who_holds_it() {
    let mut case = case("iran-2015");
    case.claims.clear();
    case.acts.clear();
    case.anchors.clear();
    case.readings
        .retain(|reading| reading.id == "pressure_works");
    let medians = |readings: &[String]| {
        let options = RunOptions {
            effort: Effort::Quick,
            ..small(32, 0)
        };
        let summary = summarise(&case, readings, options, &Ignored).unwrap();
        let values = &summary.no_deal().unwrap().values;
        values.iter().map(|of| of[2]).collect::<Vec<f64>>()
    };
    let (under, as_written) = (medians(&["pressure_works".to_owned()]), medians(&[]));
    for (id, sign) in [
        ("israel.acts_alone", 1.0),
        ("us.roll_back", 1.0),
        ("iran.relief_first", -1.0),
    ] {
        let mut types = 0..Dimension::Type.size(&case.setting);
        let place = types.find(|t| Dimension::Type.entry(&case.setting, *t) == id);
        let place = place.expect(id);
        let change = under[place] - as_written[place];
        assert!(change * sign > 2.0, "{id}: {change}");
    }
}

/// What became known later settles every forecast of the case, and nothing else.
#[test]
fn the_evidence_settles_each_forecast_once() {
    let text = include_str!("../../../../cases/iran-2015/evidence.toml");
    let case = case("iran-2015");
    let (evidence, ..) = check_evidence("evidence.toml", text, &case);
    let mut settled: Vec<usize> = evidence
        .expect("no faults")
        .iter()
        .map(|e| e.settles)
        .collect();
    settled.sort_unstable();
    assert_eq!(settled, (0..case.judgements.len()).collect::<Vec<_>>());
}
