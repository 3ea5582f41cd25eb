//! The record against closed forms, against truths that were drawn and put aside, and against what must not change it.

use detente_case::{Case, InputId, Overrides, Plan};
use detente_core::catalogue::settlement;
use detente_evidence::{OnRecord, RunOptions};
use detente_math::{Distribution, logit_choice, mean, path_key, uniform};

use super::{Learning, Pool, Record, acts::LAPSE, level, run_worlds_on_record};
use crate::check;
use crate::run::{Ignored, Table};
use crate::summarise;

/// Two parties over one sum: A has two types that differ by their reservation value, B takes anything. `act` adds what is on record.
fn text(reservation: &str, prior: &str, record: &str) -> String {
    let package = |share| format!("[package.give_{share}]\nchoose = {{ sum = \"s{share}\" }}\n");
    let packages: String = [20, 40, 60, 80].map(package).concat();
    format!(
        r#"
[case]
name = "A sum"
as_of = 2024-06-01
signatories = ["a", "b"]
[issue.sum]
status_quo = "s0"
[issue.sum.option.s0]
[issue.sum.option.s20]
[issue.sum.option.s40]
[issue.sum.option.s60]
[issue.sum.option.s80]
[issue.sum.option.s100]
[party.a]
roles = ["belligerent"]
prior_formed = 2024-01-01
issue.sum = {{ weight = 1, value = {{ s0 = 0, s20 = 0.2, s40 = 0.4, s60 = 0.6, s80 = 0.8, s100 = 1 }} }}
[party.a.type.meek]
prior = {prior}
reservation = {reservation}
[party.a.type.proud]
prior = {{ value = 0.5, source = ["s"] }}
reservation = 70
[party.b]
roles = ["belligerent"]
reservation = 0
issue.sum = {{ weight = 1, value = {{ s0 = 1, s20 = 0.8, s40 = 0.6, s60 = 0.4, s80 = 0.2, s100 = 0 }} }}
[source.s]
title = "Invented"
[behaviour]
noise = 2
{packages}
{record}
"#
    )
}

fn case(text: &str) -> Case {
    let checked = check("case.toml", text);
    checked
        .case
        .unwrap_or_else(|| panic!("{:?}", checked.diagnostics))
}

fn options(worlds: usize) -> RunOptions {
    RunOptions {
        worlds,
        searches: 0,
        solutions: 0,
        ..RunOptions::default()
    }
}

/// What an input was drawn as in the rows that the record leaves, each with its weight.
fn left(case: &Case, path: &str, rows: usize) -> Vec<(f64, f64)> {
    let plan = Plan::new(case);
    let none = Overrides::default();
    let record = Record::of(case, &plan, options(rows)).expect("a record");
    let mut learning = Learning::new(&record, &none);
    learning.ensure(rows, &Ignored);
    let picks = learning.picks();
    assert!(picks.len() >= rows, "{} of {rows}", picks.len());
    let id = case.inputs.iter().position(|i| i.path == path).unwrap();
    let stream = options(rows).stream;
    (0..rows)
        .map(|row| {
            let uniforms = plan.uniforms(stream, picks.world(row));
            (plan.values(&uniforms, &none)[id], picks.weight(row))
        })
        .collect()
}

/// Mean and standard deviation.
fn moments(draws: &[(f64, f64)]) -> [f64; 2] {
    let all: f64 = draws.iter().map(|(_, w)| w).sum();
    let mean = draws.iter().map(|(x, w)| w * x).sum::<f64>() / all;
    let spread = draws
        .iter()
        .map(|(x, w)| w * (x - mean) * (x - mean))
        .sum::<f64>();
    [mean, (spread / all).sqrt()]
}

fn beta_moments(a: f64, b: f64) -> [f64; 2] {
    let n = a + b;
    [a / n, (a * b / (n * n * (n + 1.0))).sqrt()]
}

/// A count on a rate that is an input: Beta(a, b) becomes Beta(a + w hits, b + w misses).
#[test]
fn a_count_on_a_rate_is_conjugate() {
    let on_prior = |known: &str, weight: &str| {
        let record = format!(
            "[anchor.rate]\nsays = \"It was counted.\"\nquantity = \"party.a.type.meek.prior\"\nknown = \"{known}\"\nweight = {weight}\n"
        );
        let case = case(&text("40", "\"between 0 and 1\"", &record));
        moments(&left(&case, "party.a.type.meek.prior", 4096))
    };
    for (known, weight, [a, b]) in [
        ("3 of 12", "1", [4.0, 10.0]),
        ("3 of 12", "0.5", [2.5, 5.5]),
        ("0 of 39", "1", [1.0, 40.0]),
        ("3 of 12", "0", [1.0, 1.0]),
    ] {
        let ([mean, sd], [exact, exact_sd]) = (on_prior(known, weight), beta_moments(a, b));
        assert!(
            (mean - exact).abs() < 4.0 * exact_sd / 64.0,
            "{known} {weight}: {mean} {exact}"
        );
        assert!(
            (sd / exact_sd - 1.0).abs() < 0.05,
            "{known} {weight}: {sd} {exact_sd}"
        );
    }
    // A density pools: with a normal around .4 of spread .1, a flat prior becomes that normal.
    let [mean, sd] = on_prior("normal(0.4, 0.1)", "1");
    assert!(
        (mean - 0.4).abs() < 0.005 && (sd - 0.1).abs() < 0.005,
        "{mean} {sd}"
    );
    // At half the weight its spread is √2 times as wide.
    let [mean, sd] = on_prior("normal(0.4, 0.1)", "0.5");
    assert!(
        (mean - 0.4).abs() < 0.01 && (sd - 0.141).abs() < 0.01,
        "{mean} {sd}"
    );
}

fn stated(meek: &str, proud: &str, on: &str, id: &str) -> String {
    format!(
        "[act.{id}]\nby = \"a\"\non = {on}\nsays = \"It did something.\"\nlikelihood = {{ meek = {meek}, proud = {proud} }}\n"
    )
}

/// Chance of the first type after the record, over the rows of a report.
fn meek_after(text: &str) -> (f64, f64) {
    let case = case(text);
    let evidence = summarise(&case, &[], options(2048), &Ignored).unwrap();
    let OnRecord::Weighs(record) = &evidence.record else {
        panic!("{:?}", evidence.record);
    };
    (record.types[0].before.value, record.types[0].after.value)
}

#[test]
fn stated_acts_are_bayes_rule() {
    let exact = "{ value = 0.5, source = [\"s\"] }";
    let two = stated("2", "1", "2024-02-01", "x");
    let (before, after) = meek_after(&text("40", exact, &two));
    assert_eq!(before, 0.5);
    assert!((after - 2.0 / 3.0).abs() < 1e-12, "{after}");
    // A prior that is itself uncertain: the mean of p after is E[2p] / E[2p + (1 − p)].
    let (_, after) = meek_after(&text("40", "\"between 0 and 1\"", &two));
    // The other's prior is stated as .5: shares are p / (p + ½).
    let grid = (0..100_000).map(|i| (f64::from(i) + 0.5) / 100_000.0);
    let (num, den) = grid.fold((0.0, 0.0), |(n, d), p| {
        let share = p / (p + 0.5);
        (n + 2.0 * share, d + 1.0 + share)
    });
    assert!((after - num / den).abs() < 0.01, "{after} {}", num / den);
}

#[test]
fn what_every_type_would_do_moves_nothing_and_the_order_of_a_day_neither() {
    let exact = "\"30% to 60%\"";
    let same = stated("0.7", "0.7", "2024-02-01", "x");
    let case = case(&text("\"20 to 60\"", exact, &same));
    let evidence = summarise(&case, &[], options(512), &Ignored).unwrap();
    let record = evidence.record.weighs().unwrap();
    assert_eq!(
        (record.weighed, record.rows),
        (512, 512),
        "every world is left"
    );
    assert_eq!(record.effective, 512.0);
    assert!(record.inputs.is_empty());
    let moved = (record.types[0].after.value - record.types[0].before.value).abs();
    assert!(moved < 1e-12);
    let prior = RunOptions {
        record: false,
        ..options(512)
    };
    let without = summarise(&case, &[], prior, &Ignored).unwrap();
    assert!(matches!(without.record, OnRecord::LeftOut));
    for (a, b) in evidence.packages().iter().zip(without.packages()) {
        assert!((a.agreed.value - b.agreed.value).abs() < 1e-12);
    }
    let (x, y) = (
        stated("3", "1", "2024-02-01", "x"),
        "[act.y]\nby = \"a\"\non = 2024-02-01\nsays = \"No.\"\nrefused = \"give_40\"\n",
    );
    let one = meek_after(&text("\"20 to 60\"", exact, &format!("{x}{y}")));
    let other = meek_after(&text("\"20 to 60\"", exact, &format!("{y}{x}")));
    assert!((one.1 - other.1).abs() < 1e-12);
    // What was known when priors were formed changes nothing.
    let early = stated("9", "1", "2024-01-01", "x");
    let (before, after) = meek_after(&text("40", exact, &format!("{early}{y}")));
    let (_, alone) = meek_after(&text("40", exact, y));
    assert!(before != after && after == alone);
}

/// A refusal of 40 by one whose reservation value is uniform: the density is the prior's times the logit, integrated here on a grid.
#[test]
fn a_choice_of_the_model_weighs_by_its_logit() {
    let noise = 5.0;
    let act = format!(
        "[act.x]\nby = \"a\"\non = 2024-02-01\nsays = \"No.\"\nrefused = \"give_40\"\nnoise = {noise}\n"
    );
    // The second type cannot be.
    let text =
        text("\"between 0 and 60\"", "1", &act).replace("value = 0.5, source", "value = 0, source");
    let case = case(&text);
    let draws = left(&case, "party.a.type.meek.reservation", 4096);
    let (mut sum, mut all) = (0.0, 0.0);
    for i in 0..60_000 {
        let r = (f64::from(i) + 0.5) / 1000.0;
        let weight = LAPSE + (1.0 - 2.0 * LAPSE) * logit_choice(r - 40.0, noise);
        (sum, all) = (sum + r * weight, all + weight);
    }
    let [mean, sd] = moments(&draws);
    assert!(
        (mean - sum / all).abs() < 4.0 * sd / 64.0,
        "{mean} {}",
        sum / all
    );
}

/// Simulation-based calibration (Talts and others 2018): where truths are drawn from the prior and acts from the model at the truth, the rank
/// of a truth among draws that the record leaves is uniform.
#[test]
fn ranks_of_truths_are_uniform() {
    const DRAWS: usize = 31;
    const BINS: usize = 8;
    let cases = if std::env::var_os("DETENTE_SLOW").is_some() {
        500
    } else {
        96
    };
    let noise = 8.0;
    let mut counts = [[0_u32; BINS]; 2];
    for c in 0..cases {
        let u = |what: &str| uniform(7, path_key(what), c);
        let truth = 60.0 * u("reservation");
        let prior = u("prior");
        let is_meek = u("type") < prior / (prior + 0.5);
        let own = if is_meek { truth } else { 70.0 };
        let mut record = String::new();
        for share in [20, 40, 60, 80] {
            let accepts = logit_choice(f64::from(share) - own, noise);
            let accepts = LAPSE + (1.0 - 2.0 * LAPSE) * accepts;
            let what = if u(&format!("act {share}")) < accepts {
                "accepted"
            } else {
                "refused"
            };
            record.push_str(&format!(
                "[act.a{share}]\nby = \"a\"\non = 2024-02-{share}\nsays = \"So.\"\n{what} = \"give_{share}\"\nnoise = {noise}\n"
            ).replace("-80", "-29").replace("-60", "-28").replace("-40", "-27"));
        }
        // A stated act too, whose likelihoods sum to 2 as relative ones must to be chances of one of two things.
        let did = u("stated") < if is_meek { 0.7 } else { 0.3 };
        let (meek, proud) = if did { ("0.7", "0.3") } else { ("0.3", "0.7") };
        record.push_str(&stated(meek, proud, "2024-03-01", "said"));
        let case = case(&text(
            "\"between 0 and 60\"",
            "\"between 0 and 1\"",
            &record,
        ));
        for (truth, path, count) in [
            (truth, "party.a.type.meek.reservation", 0),
            (prior, "party.a.type.meek.prior", 1),
        ] {
            let below = rank(&case, path, truth, DRAWS, c);
            counts[count][below * BINS / (DRAWS + 1)] += 1;
        }
    }
    for counts in counts {
        let expected = cases as f64 / BINS as f64;
        let chi: f64 = counts
            .iter()
            .map(|n| {
                let off = f64::from(*n) - expected;
                off * off / expected
            })
            .sum();
        // Seven degrees of freedom: beyond 24.3 once in a thousand.
        assert!(chi < 24.3, "{chi}: {counts:?}");
    }
}

/// How many of so many draws lie below a truth; draws are taken by their weight. Each case has a seed of its own.
fn rank(case: &Case, path: &str, truth: f64, draws: usize, seed: u64) -> usize {
    let plan = Plan::new(case);
    let none = Overrides::default();
    let mut options = options(draws);
    options.stream.seed = 1000 + seed;
    let record = Record::of(case, &plan, options).unwrap();
    let mut learning = Learning::new(&record, &none);
    learning.ensure(4 * draws, &Ignored);
    let picks = learning.picks();
    let id = case.inputs.iter().position(|i| i.path == path).unwrap();
    let all: f64 = picks.weights().iter().sum();
    let value = |row: usize| {
        let uniforms = plan.uniforms(options.stream, picks.world(row));
        plan.values(&uniforms, &none)[id]
    };
    let drawn = (0..draws as u64).map(|d| {
        let mut left = all * uniform(seed, path_key("draw"), d);
        let mut row = 0;
        while left > picks.weight(row) && row + 1 < picks.len() {
            left -= picks.weight(row);
            row += 1;
        }
        value(row)
    });
    drawn.filter(|x| *x < truth).count()
}

/// Many acts find the truth.
#[test]
fn known_inputs_are_recovered() {
    for truth in [12.0, 33.0, 51.0] {
        let act = |k: usize| {
            let share = [20_u8, 40, 60, 80][k % 4];
            let accepts = logit_choice(f64::from(share) - truth, 8.0);
            let what = if uniform(3, path_key("acts"), k as u64) < accepts {
                "accepted"
            } else {
                "refused"
            };
            format!(
                "[act.a{k}]\nby = \"a\"\non = 2024-02-01\nsays = \"So.\"\n{what} = \"give_{share}\"\nnoise = 8\n"
            )
        };
        let record: String = (0..40).map(act).collect();
        let text = text("\"between 0 and 60\"", "1", &record)
            .replace("value = 0.5, source", "value = 0, source");
        let [mean, sd] = moments(&left(&case(&text), "party.a.type.meek.reservation", 512));
        assert!((mean - truth).abs() < 3.0 * sd, "{truth}: {mean} ±{sd}");
        assert!(sd < 8.0, "{truth}: ±{sd}");
    }
}

fn with_record() -> Case {
    let acts = "[act.x]\nby = \"a\"\non = 2024-02-01\nsays = \"No.\"\nrefused = \"give_40\"\n[anchor.y]\nsays = \"Known.\"\nquantity = \"settlement.agreed[give_60]\"\nknown = \"7 of 9\"\nweight = 0.5\n";
    case(&text("\"between 0 and 60\"", "\"30% to 60%\"", acts))
}

/// Worlds weighed one by one say what a report says that takes its rows from them, and a run cut into ranges is the whole.
#[test]
fn weights_and_picks_agree_and_a_cut_run_is_whole() {
    let case = with_record();
    let plan = Plan::new(&case);
    let none = Overrides::default();
    let run = |worlds: std::ops::Range<usize>, threads: usize| {
        let options = RunOptions {
            threads: Some(threads),
            ..options(4096)
        };
        run_worlds_on_record(&case, (&plan, &none), options, worlds, &Ignored)
    };
    let whole = run(0..4096, 2);
    let parts = [run(0..1000, 1), run(1000..4096, 2)];
    let bytes = |tables: &[Table]| -> Vec<u8> { tables.iter().flat_map(Table::bytes).collect() };
    assert_eq!(bytes(std::slice::from_ref(&whole)), bytes(&parts));
    let weights = |tables: &[Table]| -> Vec<f64> {
        tables
            .iter()
            .flat_map(|t| t.weights().collect::<Vec<_>>())
            .collect()
    };
    assert_eq!(weights(std::slice::from_ref(&whole)), weights(&parts));
    let evidence = summarise(&case, &[], options(2048), &Ignored).unwrap();
    for (p, line) in evidence.packages().iter().enumerate() {
        let weighed = whole.mean(settlement::AGREED, &[p]);
        let [a, b] = [weighed.error, line.agreed.error];
        let error = (a * a + b * b).sqrt();
        let off = (weighed.value - line.agreed.value).abs();
        assert!(off <= 4.0 * error + 1e-9, "{p}: {off} {error}");
    }
    let one = RunOptions {
        threads: Some(1),
        ..options(512)
    };
    let two = RunOptions {
        threads: Some(2),
        ..options(512)
    };
    let [one, two] = [one, two].map(|options| {
        let evidence = summarise(&case, &[], options, &Ignored).unwrap();
        format!("{:?}{:?}", evidence.record, evidence.packages())
    });
    assert_eq!(one, two);
}

/// A prior that a claim sets is what it is set to; one that stood when the record was learned from is learned away.
#[test]
fn what_is_set_afterwards_stays() {
    let case = with_record();
    let plan = Plan::new(&case);
    let id = |path: &str| {
        let place = case.inputs.iter().position(|i| i.path == path);
        InputId::from_index(place.unwrap())
    };
    let set = ["meek", "proud"].map(|t| {
        let prior = id(&format!("party.a.type.{t}.prior"));
        (prior, Distribution::Exact(0.5))
    });
    let mut overrides = Overrides {
        replaced: set.to_vec(),
        ..Overrides::default()
    };
    let prior = |overrides: &Overrides| {
        let world = plan.world_after(&plan.medians(), overrides, &[1.0, 3.0, 1.0]);
        world.numbers.types[0].prior
    };
    assert_eq!(prior(&overrides), 0.5);
    overrides.learned_under = 2;
    assert_eq!(prior(&overrides), 0.25);
}

/// A record that leaves no world is said, and the report is made without it.
#[test]
fn an_impossible_record_is_said() {
    let anchor = "[anchor.y]\nsays = \"Known.\"\nquantity = \"party.a.type.meek.reservation\"\nknown = \"normal(5, 1)\"\nweight = 1\n[anchor.z]\nsays = \"Known.\"\nquantity = \"settlement.agreed[give_60]\"\nknown = \"quantiles 0%: 2, 100%: 3\"\nweight = 1\n";
    let case = case(&text("\"between 0 and 60\"", "0.5", anchor));
    let evidence = summarise(&case, &[], options(128), &Ignored).unwrap();
    let OnRecord::LeavesNone(none) = &evidence.record else {
        panic!("{:?}", evidence.record);
    };
    assert_eq!((none.weighed, none.effective), (4096, 0.0));
    // The entry that no world can have is named, and the other is not.
    let blamed: Vec<&str> = none.blamed.iter().map(|entry| &*entry.id).collect();
    assert_eq!(blamed, ["z"]);
    let entry = &none.blamed[0];
    assert_eq!(entry.alone, 0.0);
    assert!(entry.without > 100.0, "{}", entry.without);
    let [model, known] = entry.number.unwrap();
    assert!(model[2] <= 1.0 && known[0] > 2.0, "{model:?} {known:?}");
    assert_eq!(mean([evidence.packages()[0].agreed.value].into_iter()).n, 1);
}

/// Of two anchors that contradict one another, and which each leave enough, both are named: without either the other would do.
#[test]
fn of_two_that_contradict_one_another_both_are_named() {
    let of = |id: &str, known: &str| {
        format!(
            "[anchor.{id}]\nsays = \"Known.\"\nquantity = \"party.a.type.meek.reservation\"\nknown = \"{known}\"\nweight = 1\n"
        )
    };
    let anchors =
        of("low", "quantiles 0%: 1, 100%: 10") + &of("high", "quantiles 0%: 50, 100%: 59");
    let case = case(&text("\"between 0 and 60\"", "0.5", &anchors));
    let evidence = summarise(&case, &[], options(128), &Ignored).unwrap();
    let OnRecord::LeavesNone(none) = &evidence.record else {
        panic!("{:?}", evidence.record);
    };
    let mut blamed: Vec<&str> = none.blamed.iter().map(|entry| &*entry.id).collect();
    blamed.sort_unstable();
    assert_eq!(blamed, ["high", "low"], "{none:?}");
    let alone = |entry: &detente_evidence::Blamed| entry.alone > 16.0 && entry.without > 16.0;
    assert!(none.blamed.iter().all(alone), "{:?}", none.blamed);
}

/// Anchors that say nothing in any world are said before anybody runs the case; those that say something are not.
#[test]
fn anchors_that_say_nothing_are_said() {
    let anchors = "[anchor.same]\nsays = \"Known.\"\nquantity = \"settlement.agreed[give_60] - base(settlement.agreed[give_60])\"\n\
        with = { \"party.a.type.meek.reservation\" = 9 }\nagainst = { \"party.a.type.meek.reservation\" = 9 }\nknown = \"20% to 30%\"\nweight = 1\n\
        [anchor.other]\nsays = \"Known.\"\nquantity = \"settlement.agreed[give_60] - base(settlement.agreed[give_60])\"\n\
        with = { \"party.a.type.meek.reservation\" = 1 }\nagainst = { \"party.a.type.meek.reservation\" = 99 }\nknown = \"20% to 30%\"\nweight = 1\n\
        [anchor.zone]\nsays = \"Known.\"\nquantity = \"durability.kept[give_60]\"\nknown = \"20% to 30%\"\nweight = 1\n\
        [anchor.plain]\nsays = \"Known.\"\nquantity = \"settlement.agreed[give_60]\"\nknown = \"20% to 30%\"\nweight = 1\n";
    let case = case(&text("\"between 0 and 60\"", "0.5", anchors));
    let found = crate::idle_anchors(&case);
    let said: Vec<&str> = found.iter().map(|d| &*d.message).collect();
    assert_eq!(
        said,
        [
            "what the anchor `same` sets changes nothing: its number is the same with it and in base(…)",
            "no world tells the number of the anchor `zone`"
        ]
    );
}

#[test]
fn the_level_is_the_greatest_weight_or_takes_one_in_three() {
    assert_eq!(level(&[0.0, -1.0, -2.0]), 0.0);
    assert_eq!(level(&[f64::NEG_INFINITY; 4]), f64::NEG_INFINITY);
    // One of a hundred has all the weight but for the rest of e^-5 each: at the level a third is taken.
    let mut logs = vec![-5.0; 100];
    logs[7] = 0.0;
    let at = level(&logs);
    let taken: f64 = logs.iter().map(|log| libm::exp(log - at).min(1.0)).sum();
    assert!((taken / 100.0 - 1.0 / 3.0).abs() < 1e-9, "{at} {taken}");
}

/// What an anchor weighs does not depend on the unit of its number, beside worlds that do not tell it.
#[test]
fn no_weight_depends_on_a_unit() {
    let anchor = |factor: &str, known: &str| {
        let anchor = format!(
            "[anchor.y]\nsays = \"Known.\"\nquantity = \"{factor} * party.a.type.meek.reservation\"\nknown = \"{known}\"\nweight = 0.7\n"
        );
        case(&text("\"between 0 and 60\"", "0.5", &anchor)).anchors[0].clone()
    };
    let (metres, kilometres) = (
        anchor("1000", "30000 / 40000 / 55000"),
        anchor("1", "30 / 40 / 55"),
    );
    for x in [20.0, 38.0, 61.0] {
        let [a, b] = [(&metres, 1000.0 * x), (&kilometres, x)]
            .map(|(anchor, x)| anchor.log_weight(x) - anchor.log_weight_if_untold());
        assert!((a - b).abs() < 1e-9, "{x}: {a} {b}");
    }
}

/// A mean over types in a claim weighs them by what the record leaves: 40 and 70, even before, three to one after.
#[test]
fn means_over_types_in_claims_go_by_the_record() {
    let claim = "[claim.c]\nsays = \"So.\"\nholds_when = \"mean(t in a: alternative.value[t]) < 50\"\n[claim.d]\nsays = \"So.\"\nholds_when = \"mean(t in a: alternative.value[t]) > 50\"\nwith = { \"party.a.type.meek.prior\" = 0.5 }\n";
    let even = "{ value = 0.5, source = [\"s\"] }";
    let act = stated("3", "1", "2024-02-01", "x");
    let case = case(&text("40", even, &format!("{act}{claim}")));
    let shares = |record: bool| {
        let options = RunOptions {
            record,
            ..options(64)
        };
        let evidence = summarise(&case, &[], options, &Ignored).unwrap();
        let share = |line: &detente_evidence::ClaimLine| match &line.status {
            detente_evidence::ClaimStatus::Computed { share, .. } => share.holds.value,
            other => panic!("{other:?}"),
        };
        evidence.claims.iter().map(share).collect::<Vec<_>>()
    };
    // 40 · 3/4 + 70 · 1/4 is 47.5; what is set afterwards stays at 55.
    assert_eq!(shares(true), [1.0, 1.0]);
    assert_eq!(shares(false), [0.0, 1.0]);
}

/// An anchor that sets something speaks of the world with it, and `base` of the world without: a margin that is set less one that is not is
/// what the input alone says, so both weigh worlds alike.
#[test]
fn an_anchor_may_set_something_first() {
    let weights = |quantity: &str, with: &str| {
        let record = format!(
            "[anchor.x]\nsays = \"Known.\"\nquantity = \"{quantity}\"\nknown = \"normal(12, 4)\"\nweight = 0.8\n{with}"
        );
        let case = case(&text("\"between 0 and 60\"", "0.5", &record));
        let plan = Plan::new(&case);
        let record = Record::of(&case, &plan, options(64)).expect("a record");
        let mut pool = Pool::new(&record);
        pool.weigh(
            &record,
            ((0..64).collect(), &Overrides::default()),
            &Ignored,
        );
        pool.log_weights().to_vec()
    };
    let with = "with = { \"party.a.type.meek.reservation\" = 30 }\n";
    let margin = "settlement.margin[a.meek, give_40]";
    let told = weights(&format!("{margin} - base({margin})"), with);
    let of_input = weights("party.a.type.meek.reservation - 30", "");
    let both = weights(
        "base(party.a.type.meek.reservation) - party.a.type.meek.reservation",
        with,
    );
    for ((a, b), c) in told.iter().zip(&of_input).zip(&both) {
        assert!((a - b).abs() < 1e-9 && (c - b).abs() < 1e-9, "{a} {b} {c}");
    }
    let against = "against = { \"party.a.type.meek.reservation\" = 30 }\n";
    let turned = weights(&format!("base({margin}) - {margin}"), against);
    assert!(turned.iter().zip(&told).all(|(a, b)| (a - b).abs() < 1e-9));
    // The margin with it is 10 in every world: nothing is told apart.
    let alike = weights(margin, with);
    assert!(alike.iter().all(|w| (w - alike[0]).abs() < 1e-12));
    assert!(told.iter().any(|w| (w - told[0]).abs() > 1.0));
}

/// What no world can have is refused where the case is as written, and is warned of under a reading.
#[test]
fn an_anchor_may_not_set_what_no_world_can_have() {
    let faults = |with: &str, more: &str| {
        let record = format!(
            "[anchor.x]\nsays = \"Known.\"\nquantity = \"settlement.agreed[give_40]\"\nknown = \"20% to 60%\"\nweight = 1\nwith = {{ {with} }}\n{more}"
        );
        let found = check("case.toml", &text("40", "0.5", &record)).diagnostics;
        let shown = found.iter().map(|d| (d.code, d.message.clone()));
        shown.collect::<Vec<_>>()
    };
    let none = "\"party.a.type.meek.prior\" = 0, \"party.a.type.proud.prior\" = 0";
    let found = faults(none, "");
    assert!(
        found
            .iter()
            .any(|(_, m)| m.contains("with what the anchor `x` sets")),
        "{found:?}"
    );
    // Alone it stands; with what the reading sets it does not.
    let one = "\"party.a.type.meek.prior\" = 0";
    assert!(faults(one, "").iter().all(|(_, m)| !m.contains("anchor")));
    let reading = "[reading.r]\nset = { \"party.a.type.proud.prior\" = 0 }\n";
    let found = faults(one, reading);
    assert!(
        found
            .iter()
            .any(|(_, m)| m.contains("anchor `x` is not told there")),
        "{found:?}"
    );
    let found = faults("\"party.a.type.meak.prior\" = 0", "");
    assert!(found.iter().any(|(_, m)| m.contains("meak")), "{found:?}");
}
