//! An armed contest with levers of every kind: what the page says of its numbers, held against them.

use std::sync::LazyLock;

use detente::chapters::{durability::Durability, stability::Stability};
use detente::handles::{alternative, durability, leverage, settlement};
use detente::report::{self, Stamp};
use detente::{Case, Evidence, Ignored, Overrides, Plan, Table, run, summarise};

use crate::{chapter_of, part, small};

const TEXT: &str = include_str!("texts/pasture.toml");
const WORLDS: usize = 256;

static CASE: LazyLock<Case> = LazyLock::new(|| {
    let checked = detente::check("pasture.toml", TEXT);
    checked
        .case
        .unwrap_or_else(|| panic!("{:?}", checked.diagnostics))
});

static SUMMARY: LazyLock<Evidence> =
    LazyLock::new(|| summarise(&CASE, &[], small(WORLDS, 8), &Ignored).unwrap());

static PAGE: LazyLock<String> = LazyLock::new(|| page(&SUMMARY));

static TABLE: LazyLock<Table> = LazyLock::new(|| table(&CASE, WORLDS));

fn table(case: &Case, worlds: usize) -> Table {
    let plan = Plan::new(case);
    run(&plan, &Overrides::default(), small(worlds, 0), &Ignored)
}

fn with(set: &[&str]) -> Case {
    let set: Vec<String> = set.iter().map(|s| (*s).to_owned()).collect();
    CASE.with_set(&set, &mut detente::diag::Sources::default())
        .unwrap()
}

fn stamp() -> Stamp {
    Stamp {
        case_path: "pasture.toml".into(),
        case_hash: "0".repeat(64),
        command: "detente report pasture.toml".into(),
    }
}

fn page(summary: &Evidence) -> String {
    report::html(summary, &stamp())
}

/// What is in force takes the chances of gates themselves, wherever their bars lie, and nothing says that a bar blocks.
#[test]
fn in_force_is_signed_times_the_chances_of_gates() {
    for bar in ["0.05", "0.95"] {
        let case = with(&[&format!("party.west.gate.assembly.bar={bar}")]);
        let table = table(&case, 64);
        let of = |handle, index: &[usize]| table.column(handle, index).collect::<Vec<f64>>();
        for p in 0..2 {
            let signed = of(settlement::AGREED, &[p]);
            let passes = of(settlement::RATIFIES, &[0, p]);
            let in_force = of(settlement::IN_FORCE, &[p]);
            for w in 0..64 {
                assert!((in_force[w] - signed[w] * passes[w]).abs() < 1e-12);
            }
            let below = of(settlement::GATE_BELOW_BAR, &[0, p]);
            let expected = passes
                .iter()
                .map(|chance| f64::from(*chance < bar.parse().unwrap()));
            assert_eq!(below, expected.collect::<Vec<f64>>());
        }
        assert_eq!(
            of(settlement::GATE_BELOW_BAR, &[0, 0])[0] > 0.0,
            bar == "0.95"
        );
    }
    let gates = part(&PAGE, "gates", "</table>");
    assert!(gates.contains("below its bar: counted as likely to block"));
    assert!(!gates.contains("so that it blocks"));
}

/// The bar of a veto is one of not being compelled, in every place that names it.
#[test]
fn the_bar_of_a_veto_is_said_one_way() {
    let is = "chance of not being compelled within a year above which";
    let veto = part(&PAGE, "veto", "</section>");
    assert!(
        veto.contains(&format!("50 of 100 as the {is} it has an effective veto")),
        "{veto}"
    );
    assert!(
        detente::explain("refusal.compelled_bar")
            .unwrap()
            .contains(is)
    );
    let text = TEXT.replace(
        "[party.league]\n",
        "[party.east.refusal]\nline_loss = 5\n\n[party.league]\n",
    );
    let case = detente::check("pasture.toml", &text).case.unwrap();
    let summary = summarise(&case, &[], small(8, 0), &Ignored).unwrap();
    let register = page(&summary);
    let register = part(&register, "register", "</section>");
    assert!(register.contains(&format!("The {is} East has an effective veto")));
    // And the bar is one of that chance: the greater it is the fewer veto players there are.
    let effective = |bar: &str| {
        let set = [format!("party.east.refusal.compelled_bar={bar}")];
        let case = case
            .with_set(&set, &mut detente::diag::Sources::default())
            .unwrap();
        table(&case, 64)
            .mean(detente::handles::veto::EFFECTIVE, &[0, 1])
            .value
    };
    assert!(
        effective("0.99") < effective("0.01"),
        "{} {}",
        effective("0.99"),
        effective("0.01")
    );
}

/// What a claim, a reading or a user sets, and a lever that runs now sets too, is said to hold until the lever takes over, and does.
#[test]
fn what_a_running_lever_takes_over_is_said() {
    let found = detente::check("pasture.toml", TEXT).diagnostics;
    let warned: Vec<_> = found
        .iter()
        .filter(|d| d.code.to_string() == "D0720")
        .collect();
    let [warning] = &warned[..] else {
        panic!("{found:?}");
    };
    assert!(
        warning.message.contains("claim `more_loans`")
            && warning.message.contains("from month 4 on"),
        "{}",
        warning.message
    );
    let line = &warning.labels[0].span;
    assert!(
        TEXT[..line.start]
            .rsplit('\n')
            .next()
            .unwrap()
            .starts_with("with = ")
    );
    let off = TEXT.replace(
        "\"contest.supply.loans.level\" = 1.3",
        "\"contest.supply.loans.level\" = 1.3, \"lever.loans_slow.on\" = false",
    );
    let found = detente::check("pasture.toml", &off).diagnostics;
    assert!(found.iter().all(|d| d.code.to_string() != "D0720"));
    let row = part(&PAGE, "claim-more_loans", "</tr>");
    assert!(
        row.contains("is also set by the lever loans_slow (“Loans slow down”)"),
        "{row}"
    );
    let json: serde_json::Value = serde_json::from_str(&report::json(&SUMMARY, &stamp())).unwrap();
    let taken = &json["claims"][0]["taken_over"][0];
    assert_eq!(
        (taken["lever"].as_str(), taken["from_month"].as_f64()),
        (Some("loans_slow"), Some(4.0))
    );
    // Month 4, two months of stocks and three of ramp: then nothing is left of it.
    let set = table(&with(&["contest.supply.loans.level=1.3"]), 16);
    let plain = table(&CASE, 16);
    // World by world, where both tell it: in some the horizon is too short to.
    let more = |month: usize| -> Vec<f64> {
        let effort = |table: &Table| -> Vec<f64> {
            table.column(alternative::SUPPLY, &[0, month]).collect()
        };
        let (set, plain) = (effort(&set), effort(&plain));
        let more = set.iter().zip(&plain).map(|(set, plain)| set - plain);
        more.filter(|more| !more.is_nan()).collect()
    };
    assert!(more(3).len() > 8 && more(3).iter().all(|more| *more > 0.02));
    for month in [9, 24, 60] {
        assert!(more(month).iter().all(|more| more.abs() < 1e-12));
    }
    // A switch that this page's reader sets is no such number.
    let switched = with(&["lever.loans_slow.on=false"]);
    let place = switched
        .inputs
        .iter()
        .position(|i| i.path == "contest.supply.loans.level")
        .unwrap();
    let id = detente::InputId::from_index(place);
    assert!(switched.taken_over(id, &Overrides::default()).is_none());
    assert!(CASE.taken_over(id, &Overrides::default()).is_some());
}

/// V is fighting on, N what refusing is worth: two names for two numbers, and where they part it is said by how much.
#[test]
fn no_deal_and_refusing_are_two_numbers() {
    let said = detente::why(&CASE, &Overrides::default(), "east", "leagues_plan", None).unwrap();
    let number = |lead: &str| -> f64 {
        let rest = said
            .split(lead)
            .nth(1)
            .unwrap_or_else(|| panic!("{lead}: {said}"));
        rest.split([' ', ':'])
            .next()
            .unwrap()
            .replace('−', "-")
            .parse()
            .unwrap()
    };
    let plan = Plan::new(&CASE);
    let world = plan.world(&plan.medians(), &Overrides::default());
    let mut stage = detente_lens::Stage::default();
    let scene = stage.set(&CASE.setting, &world, detente_core::Search::None);
    let (v, n) = (
        scene.no_deal_value(0).unwrap(),
        scene.reservation(0).unwrap(),
    );
    assert!(v - n > 1.0, "the lever bites: {v} {n}");
    assert!((number("Fighting on is worth ") - v).abs() < 0.051);
    assert!((number("refusing is worth ") - n).abs() < 0.051);
    // The picture's line is what a package must be worth, and its note says of what that is made.
    let asked = scene.asked_of_package(0).unwrap();
    let cloud = part(&PAGE, "cloud", "</figure>");
    let line = cloud.split("asked, Bold: ").nth(1).unwrap();
    let line: f64 = line.split('<').next().unwrap().parse().unwrap();
    assert!((line - asked).abs() < 0.06, "{line} {asked}");
    assert!(
        cloud.contains(
            "what refusing is worth to it and what it asks beyond that, less what promises"
        )
    );
    assert!(cloud.contains("Refusing is fighting on with the levers that the refusal may trigger"));
    // Means over worlds stand in the section on no deal.
    let of = |handle| TABLE.mean(handle, &[0]).value;
    let change = of(leverage::REFUSAL) - of(alternative::VALUE);
    let no_deal = SUMMARY.no_deal().unwrap();
    assert!((no_deal.levers[0] - change).abs() < 1e-9 && no_deal.levers[2].abs() < 1e-9);
    let section = part(&PAGE, "no-deal", "</section>");
    assert!(
        section.contains(&format!("East (Bold) −{:.1}", -change)),
        "{change}"
    );
    assert!(
        section.contains("In every number of this report “Loans slow down” (The League) runs now")
    );
    assert!(part(&PAGE, "main", "</header>").contains("“Loans slow down” (The League) runs now"));
    // A gap is one of V.
    let beliefs = part(&PAGE, "beliefs", "</section>");
    let gap = |t: usize| TABLE.mean(alternative::GAP, &[t]).value;
    let [bold, weary, west] = [gap(0), gap(1), gap(2)];
    let east = if bold >= weary {
        ("Bold", bold)
    } else {
        ("Weary", weary)
    };
    let finding = format!(
        "change what fighting on is worth to East ({}) by +{:.1} and to West by +{west:.1}, in points of each party’s own",
        east.0, east.1
    );
    assert!(beliefs.contains(&finding), "{finding}: {beliefs}");
    assert!(!PAGE.contains("No type misreads") && !beliefs.contains("what refusing is worth</h3>"));
}

/// Whoever quotes the headline is told where a withheld clause would change it.
#[test]
fn the_headline_says_what_is_no_breakdown() {
    let stability: &Stability = chapter_of(&SUMMARY.chapters.stability);
    let leads = SUMMARY.closest_package().unwrap();
    let held = stability
        .packages
        .iter()
        .find(|held| held.package == leads)
        .unwrap();
    let (kept, holds) = (SUMMARY.packages()[leads].kept.value, held.sequential.value);
    assert!(kept - holds > 0.04, "{kept} {holds}");
    let said = format!(
        "nor a clause that is withheld counts in what is kept: against moves of a single party it holds in {})",
        detente::per_hundred(holds)
    );
    assert!(part(&PAGE, "s1", "</p>").contains(&said), "{said}");
    assert!(
        report::terminal(&SUMMARY, None)
            .replace('\n', " ")
            .contains(&said)
    );
}

/// Clauses are exchanged in worlds enough to tell, each attacker's temptation for itself, and none is recommended against nothing.
#[test]
fn clauses_answer_a_temptation_that_is_there() {
    let durability: &Durability = chapter_of(&SUMMARY.chapters.durability);
    assert_eq!(durability.clauses.len(), 4, "two packages, two attackers");
    let plan = Plan::new(&CASE);
    for clause in &durability.clauses {
        // Of a world in which the lens is silent nothing is told here either.
        let told = |w: usize| {
            let mut column = TABLE.column(durability::DEAL_VALUE, &[0, clause.package]);
            !column.nth(w).unwrap().is_nan()
        };
        let n = clause.temptation.n;
        assert!((16..=WORLDS).contains(&n));
        // The same as the table of temptations says of the same worlds, types by their priors.
        let mut sum = 0.0;
        for w in (0..WORLDS).filter(|w| told(*w)).take(n) {
            let uniforms = plan.uniforms(small(WORLDS, 0).stream, w as u64);
            let world = plan.world(&uniforms, &Overrides::default());
            for t in CASE.setting.parties[clause.party].types.clone() {
                let mut column = TABLE.column(durability::TEMPTATION, &[t, clause.package]);
                // Not told where it never comes to a date.
                let tempted = column.nth(w).unwrap().max(0.0);
                sum += world.numbers.types[t].prior * tempted / n as f64;
            }
        }
        assert!(
            (sum - clause.temptation.value).abs() < 1e-9,
            "{clause:?} {sum}"
        );
        assert!(clause.change.is_none() || clause.tempts(), "{clause:?}");
        if let Some(change) = &clause.change {
            assert!(change.temptation.value < clause.temptation.value);
        }
    }
    assert!(durability.clauses.iter().any(|clause| !clause.tempts()));
    // Attacks among signed deals that are far from those over all worlds are told with both shares, and no others.
    let section = part(&PAGE, "durability", "</section>");
    let mut far = 0;
    for (package, peace) in CASE.setting.packages.iter().zip(&durability.packages) {
        let both = peace.attacks.iter().zip(&peace.attacks_anywhere);
        far += both.filter(|(a, b)| (*a - *b).abs() > 0.2).count();
        assert!(!section.contains(&format!("“{}” is signed in NaN", package.name)));
    }
    assert_eq!(
        section
            .matches("of the deals that are signed there")
            .count(),
        far.min(3)
    );
    let table = part(&PAGE, "durability-clauses", "</table>");
    assert!(table.contains("there is no temptation to speak of") && table.contains('±'));
    // One count of the numbers on which it all rests.
    let group = PAGE
        .split(">Durability <span class=\"muted\">")
        .nth(1)
        .unwrap();
    let group = group.split(['<', ',']).next().unwrap();
    assert!(
        part(&PAGE, "durability", "</section>").contains(group),
        "{group}"
    );
    assert!(
        part(&PAGE, "durability-packages", "</table>").contains("<th>A brawl at the fence</th>")
    );
}

/// Shares of claims stand with their errors, and what errs too much is no end of a range.
#[test]
fn shares_of_claims_stand_with_their_errors() {
    let mut summary = SUMMARY.clone();
    let claim = |summary: &Evidence, id: &str| {
        summary
            .claims
            .iter()
            .position(|c| c.claim.id == id)
            .unwrap()
    };
    let place = claim(&summary, "east_signs");
    let put = |summary: &mut Evidence, rival: (f64, f64, usize)| {
        let detente::ClaimStatus::Computed { share, rivals, .. } =
            &mut summary.claims[place].status
        else {
            panic!("computed")
        };
        (share.holds.value, share.holds.error, share.holds.n) = (0.4, 0.02, 256);
        (
            rivals[0].holds.value,
            rivals[0].holds.error,
            rivals[0].holds.n,
        ) = rival;
    };
    let row = |summary: &Evidence| part(&page(summary), "claim-east_signs", "</tr>").to_owned();
    let has = |summary: &Evidence, id: &str| page(summary).contains(&format!("id=\"{id}\""));
    let alike = |summary: &Evidence| {
        let page = page(summary);
        let said = page
            .split("tell no reading from another: ")
            .nth(1)
            .unwrap_or_default();
        said.split('.').next().unwrap().contains("east_signs")
    };
    put(&mut summary, (0.6, 0.02, 200));
    assert!(row(&summary).contains("60\u{a0}±2 (east_tires)") && has(&summary, "disputed"));
    // Too few worlds, or too great an error: no range, and no side of one half.
    put(&mut summary, (0.6, 0.043, 88));
    assert!(
        row(&summary).contains("no range: 60\u{a0}±4 under east_tires"),
        "{}",
        row(&summary)
    );
    put(&mut summary, (0.9, 0.001, 12));
    assert!(row(&summary).contains("no range: on 12 worlds alone under east_tires"));
    put(&mut summary, (0.53, 0.03, 200));
    let disputed = page(&summary);
    assert!(
        !disputed.contains("east_tires 53"),
        "53 ±3 is on no side of one half"
    );
    // On one side of one half, and told apart all the same.
    put(&mut summary, (0.02, 0.01, 200));
    assert!(
        !alike(&summary)
            && page(&summary)
                .contains("but true more often under one reading than under another: ")
    );
    put(&mut summary, (0.42, 0.02, 200));
    assert!(alike(&summary));
    // A share of worlds that turns a claim says of how many, in true minus signs and one number of decimals.
    for line in &SUMMARY.claims {
        if let detente::ClaimStatus::Computed { flips, .. } = &line.status {
            assert!(flips.iter().all(|flip| flip.worlds > 0));
        }
    }
    let claims = part(&PAGE, "claims", "</section>");
    assert!(!claims.contains("about -0"), "{claims}");
    assert!(
        claims.matches("turns at ").count()
            == claims.matches("read off ").count() + claims.matches("each)").count()
    );
}

/// What is about nothing else is said to be: levers by what sets them off, issues by who cares.
#[test]
fn things_are_called_what_they_are() {
    let causes = &SUMMARY.rivals[0].causes;
    assert!(
        causes
            .iter()
            .any(|cause| cause.about == "levers that await a signature"),
        "{causes:?}"
    );
    let division = PAGE.split("could divide every issue").nth(1).unwrap();
    let division = division.split("</table>").next().unwrap();
    assert!(
        division.contains("<th>Market</th><td>only East cares</td>"),
        "{division}"
    );
    assert!(
        division.contains("<th>Wardens</th><td>both want the same</td>"),
        "{division}"
    );
    assert!(!PAGE.contains("in land") && PAGE.contains("soft red lines’ penalties"));
    // A set of parties is one in any order.
    let zone = SUMMARY
        .claims
        .iter()
        .find(|line| line.claim.id == "zone")
        .unwrap();
    assert!(matches!(zone.status, detente::ClaimStatus::Computed { .. }));
    let other = TEXT.replace("zone_of[west+east]", "zone_of[east+west]");
    let other = detente::check("pasture.toml", &other).case.unwrap();
    let tests = [&CASE.claims, &other.claims].map(|claims| format!("{:?}", claims[3].test));
    assert_eq!(
        tests[0].replace("west+east", "east+west").len(),
        tests[1].len()
    );
}

/// Where a contest may follow a deal no certificate weighs every package: its answers are said to be checked in part, not to hold.
#[test]
fn what_is_not_weighed_is_said_to_be_checked_in_part() {
    let certified = &SUMMARY.certified;
    assert!(certified.faults.is_empty(), "{:?}", certified.faults);
    let parts = certified.unfinished.iter();
    let parts = parts.filter(|what| what.starts_with("settlement, "));
    assert!(parts.clone().count() > 0, "{certified:?}");
    for what in parts {
        assert!(
            what.contains("not every package is weighed by what may follow it"),
            "{what}"
        );
        assert!(PAGE.contains(what.as_str()), "{what}");
    }
    assert!(PAGE.contains("checked only in part, and that part held"));
}
