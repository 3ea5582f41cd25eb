//! A process by hand.

use detente::handles::{alternative, beliefs};
use detente::report::{self, Stamp};
use detente::{Case, Ignored, Overrides, Plan, RunOptions, run, summarise};
use detente_core::Dimension;

use crate::{case, small};

fn with(set: &[&str]) -> Case {
    let set: Vec<String> = set.iter().map(|s| (*s).to_owned()).collect();
    let mut sources = detente::diag::Sources::default();
    case("wage-round").with_set(&set, &mut sources).unwrap()
}

/// Rates of ln 2 make the chance of a month one half: from work to the strike, and from the strike to the award; nothing else is
/// possible. By hand, V(strike) = ((1 − δ)y − scar + ½δZ)/(1 − ½δ) and V(work) = ((1 − δ)U(nothing) + ½δV(strike))/(1 − ½δ), with Z what
/// the middle way is worth: 55 to the works (δ .985, y 20, scar .5, U 100), 60 to the union (full purse δ .98, y 30; empty purse δ .95,
/// y 10, scar .4; U 0).
#[test]
fn a_strike_by_hand() {
    let half = std::f64::consts::LN_2;
    let rate = |name: &str, rate: f64| format!("process.move.{name}.rate={rate}");
    let rates = [
        rate("walk_out", half),
        rate("mediation", half),
        rate("back_to_work", 0.0),
        rate("back_to_work.later.fund_empty", 0.0),
        rate("lock_out", 0.0),
        rate("orders_lost", 0.0),
    ];
    let mut set: Vec<&str> = rates.iter().map(String::as_str).collect();
    set.extend([
        "party.works.issue.wage.weight=60",
        "party.works.issue.hours.weight=25",
        "party.works.issue.jobs.weight=15",
        "party.works.issue.wage.value.five=0.5",
        "party.union.issue.wage.weight=50",
        "party.union.issue.hours.weight=25",
        "party.union.issue.jobs.weight=25",
        "party.union.issue.wage.value.five=0.7",
        "process.state.strike.worth.works=20",
        "process.state.strike.scar.works=0.5",
        "process.state.strike.worth_of_type.union.full_purse=30",
        "process.state.strike.worth_of_type.union.empty_purse=10",
        "process.state.strike.scar_of_type.union.empty_purse=0.4",
    ]);
    let case = with(&set);
    let plan = Plan::new(&case);
    let table = run(&plan, &Overrides::default(), small(16, 16), &Ignored);
    for (id, by_hand) in [
        ("works.full_books", 54.370_040_5),
        ("works.thin_books", 54.370_040_5),
        ("union.full_purse", 56.516_724_3),
        ("union.empty_purse", 49.287_981_9),
    ] {
        let types = Dimension::Type.size(&case.setting);
        let found = (0..types).find(|t| Dimension::Type.entry(&case.setting, *t) == id);
        let found = table.mean(alternative::VALUE, &[found.expect(id)]).value;
        assert!((found - by_hand).abs() < 1e-6, "{id}: {found}");
    }
}

/// A longer strike fund serves whoever can wait: what no deal is worth to a union with a full purse.
#[test]
fn who_can_wait_is_served_by_waiting() {
    let plan = |case: &Case| {
        let plan = Plan::new(case);
        run(&plan, &Overrides::default(), small(200, 0), &Ignored)
    };
    let short = plan(&with(&[
        "process.move.back_to_work.later.fund_empty.from_month=1",
    ]));
    let long = plan(&with(&[
        "process.move.back_to_work.later.fund_empty.from_month=24",
    ]));
    let value = |table: &detente::Table| table.mean(alternative::VALUE, &[0]).value;
    assert!(
        value(&long) > value(&short) + 0.5,
        "{} {}",
        value(&long),
        value(&short)
    );
}

/// Whoever over-rates a rate values no deal as in a case in which the rate is so much higher at every date; identical beliefs leave no gap and
/// block nothing. The works' offset of .5 is a factor of 1.6487, on the rate and on the later one.
#[test]
fn a_rate_in_ones_own_eyes() {
    const EXACT: [&str; 4] = [
        "party.union.type.full_purse.believes.rate.back_to_work=0",
        "party.union.type.full_purse.believes.rate_sd.back_to_work=0",
        "process.move.back_to_work.rate=0.1",
        "process.move.back_to_work.later.fund_empty.rate=0.6",
    ];
    let told = |more: &[&str]| {
        let case = with(&[&EXACT[..], more].concat());
        let plan = Plan::new(&case);
        let table = run(&plan, &Overrides::default(), small(64, 64), &Ignored);
        let types = Dimension::Type.size(&case.setting);
        let of =
            (0..types).find(|t| Dimension::Type.entry(&case.setting, *t) == "works.full_books");
        let mean = |quantity, index: &[usize]| table.mean(quantity, index).value;
        let of = of.unwrap();
        let value = mean(alternative::VALUE, &[of]);
        let gap = mean(alternative::GAP, &[of]);
        (value, gap, mean(beliefs::OPTIMISM_BLOCKS, &[]))
    };
    let none = told(&["party.works.believes.rate.back_to_work=0"]);
    let own = told(&["party.works.believes.rate.back_to_work=0.5"]);
    let factor = libm::exp(0.5);
    let rates = [
        format!("process.move.back_to_work.rate={}", 0.1 * factor),
        format!(
            "process.move.back_to_work.later.fund_empty.rate={}",
            0.6 * factor
        ),
    ];
    let there = told(&[
        "party.works.believes.rate.back_to_work=0",
        &rates[0],
        &rates[1],
    ]);
    assert!((own.0 - there.0).abs() < 1e-9, "{own:?} {there:?}");
    assert!(
        (own.1 - (there.0 - none.0)).abs() < 1e-9,
        "{own:?} {none:?}"
    );
    assert_eq!((none.1, none.2), (0.0, 0.0));
    assert!(own.1.abs() > 0.5, "{own:?}");
}

/// Where only two ends can come, from the strike, they share as their rates do; and a deadline at month 6 leaves none before.
#[test]
fn how_it_ends_by_hand() {
    let set = [
        "process.move.walk_out.rate=0.5",
        "process.move.back_to_work.rate=0",
        "process.move.back_to_work.later.fund_empty.rate=0",
        "process.move.lock_out.rate=0",
        "process.move.mediation.rate=0.3",
        "process.move.orders_lost.rate=0.1",
    ];
    let case = with(&set);
    let plan = Plan::new(&case);
    let table = run(&plan, &Overrides::default(), small(16, 16), &Ignored);
    let mean = |quantity, index: &[usize]| table.mean(quantity, index).value;
    let ends = &case.setting.process.as_ref().unwrap().ends;
    let award = ends.iter().position(|end| end.id == "award").unwrap();
    assert!((mean(alternative::END_EVER, &[award]) - 0.75).abs() < 1e-12);
    // A year: the walk-out's month M is geometric, then (12 − M − 1) months of a chance of 1 − e^(−.4).
    let [out, end] = [0.5, 0.4].map(|rate: f64| 1.0 - libm::exp(-rate));
    let by: f64 = (0..12)
        .map(|m| {
            libm::pow(1.0 - out, f64::from(m))
                * out
                * (1.0 - libm::pow(1.0 - end, f64::from(11 - m)))
        })
        .sum();
    let year = detente_core::MILESTONES
        .iter()
        .position(|m| *m == 12)
        .unwrap();
    assert!((mean(alternative::END_BY, &[year, award]) - 0.75 * by).abs() < 1e-12);
    let months = 1.0 / out + 1.0 / end;
    assert!((mean(alternative::MONTHS_TO_END, &[]) - months).abs() < 1e-9);
    assert!((mean(alternative::MONTHS_IN, &[1]) - 1.0 / end).abs() < 1e-9);
}

fn page(name: &str, threads: usize) -> String {
    let options = RunOptions {
        threads: Some(threads),
        ..small(24, 1)
    };
    let summary = summarise(&case(name), &[], options, &Ignored).unwrap();
    let stamp = Stamp {
        case_path: name.to_owned(),
        case_hash: String::new(),
        command: String::new(),
    };
    report::html(&summary, &stamp)
}

#[test]
fn one_thread_and_two_write_the_same_page() {
    assert_eq!(page("wage-round", 1), page("wage-round", 2));
}

/// An interim deal that lapses into a state of the process is worth its months, and then what the process is worth from that state.
#[test]
fn an_interim_deal_leads_on() {
    let text = |today: &str, lapse: &str| {
        let some = "some = { name = \"of some sites\"";
        let template = detente::new_case(detente::Template::Process, "Interim");
        assert!(template.contains(some) && template.contains("today = \"squeeze\""));
        let text = template
            .replace(some, &format!("{some}{lapse}"))
            .replace("today = \"squeeze\"", &format!("today = \"{today}\""));
        format!("{text}\n[durability]\nbackground = \"1e-12 to 2e-12\"\n")
    };
    let checked = |text: &str| {
        let checked = detente::check("case.toml", text);
        checked
            .case
            .unwrap_or_else(|| panic!("{:?}", checked.diagnostics))
    };
    let interim = checked(&text("squeeze", ", lasts = 12, then = \"stricter\""));
    let later = checked(&text("stricter", ""));
    let none = detente::Overrides::default();
    let (plan, other) = (detente::Plan::new(&interim), detente::Plan::new(&later));
    let options = crate::small(64, 0);
    let table = detente::run(&plan, &none, options, &detente::Ignored);
    let beside = detente::run(&other, &none, options, &detente::Ignored);
    let mut seen = 0;
    for (world, (row, from)) in table.rows().zip(beside.rows()).enumerate() {
        let told = |table: &detente::Table, row: &[f64], lens: &str, of: &str, at: &[usize]| {
            row[table.layout.column_of(lens, of, at)]
        };
        let tempted = |t: usize| told(&table, &row, "durability", "temptation", &[t, 0]) > 0.0;
        if (0..interim.setting.types.len()).any(tempted) {
            continue;
        }
        let drawn = plan.world(&plan.uniforms(options.stream, world as u64), &none);
        let mut preferences = detente_core::Preferences::default();
        preferences.compute(&interim.setting, &drawn);
        for t in 0..interim.setting.types.len() {
            let package = &interim.setting.packages[0].choice;
            let paper = preferences.worth(&interim.setting, t, package);
            let end = libm::pow(drawn.numbers.types[t].patience, 12.0);
            let after = told(&beside, &from, "alternative", "value", &[t]);
            let exact = (1.0 - end) * paper + end * after;
            let found = told(&table, &row, "durability", "deal_value", &[t, 0]);
            assert!((found - exact).abs() < 1e-6, "{world} {t}: {found} {exact}");
            seen += 1;
        }
    }
    assert!(seen > 20, "{seen}");
    // Where it leads must be a state, and it must lapse.
    for (lapse, said) in [
        (", then = \"stricter\"", "never lapses"),
        (", lasts = 12, then = \"strikter\"", "strikter"),
    ] {
        let found = detente::check("case.toml", &text("squeeze", lapse)).diagnostics;
        assert!(found.iter().any(|d| d.message.contains(said)), "{found:?}");
    }
}
