//! A dispute without a front, held against the words and numbers of its own page.

use detente::report::{self, Stamp};
use detente::{
    BESIDE_ERROR, Case, ClaimStatus, Effort, Evidence, FIRST, HEADLINE_ERROR, Ignored, Overrides,
    Plan, RunOptions, Status, run, summarise,
};
use detente_core::catalogue::settlement;
use detente_core::{Dimension, Handle};

use crate::small;

const TEXT: &str = include_str!("texts/strike.toml");

fn case() -> Case {
    detente::check("strike.toml", TEXT).case.unwrap()
}

fn with(set: &[&str]) -> Case {
    let set: Vec<String> = set.iter().map(|s| (*s).to_owned()).collect();
    let mut sources = detente::diag::Sources::default();
    case().with_set(&set, &mut sources).unwrap()
}

fn summary(case: &Case) -> Evidence {
    summarise(case, &[], small(64, 2), &Ignored).unwrap()
}

fn page(summary: &Evidence) -> String {
    let stamp = Stamp {
        case_path: "strike.toml".to_owned(),
        case_hash: report::hash(&[(String::new(), TEXT.to_owned())]),
        command: "detente report strike.toml".to_owned(),
    };
    report::html(summary, &stamp)
}

/// A gate is counted as likely to block where its chance lies below its bar; neither that chance nor what is in force depends on the bar.
#[test]
fn a_gate_is_below_its_bar() {
    let of = |bar: &str| {
        let set = format!("party.dockers.gate.ballot.bar={bar}");
        let case = with(&[set.as_str()]);
        let plan = Plan::new(&case);
        let table = run(&plan, &Overrides::default(), small(64, 0), &Ignored);
        let of = |handle: Handle| table.column(handle, &[0, 2]).collect::<Vec<f64>>();
        (of(settlement::RATIFIES), of(settlement::GATE_BELOW_BAR))
    };
    let (chances, blocks) = of("0.6");
    for (chance, blocks) in chances.iter().zip(&blocks) {
        assert_eq!(*blocks, f64::from(*chance < 0.6), "{chance}");
    }
    assert!(blocks.contains(&1.0) && blocks.contains(&0.0));
    let (same, all) = of("0.99");
    assert_eq!(same, chances);
    assert!(all.iter().all(|blocks| *blocks == 1.0));
    // The case states no bar: the default is an entry of the register, since an answer depends on it.
    let bar = case().inputs.into_iter();
    let mut bar = bar.filter(|input| input.path.ends_with("ballot.bar"));
    assert_eq!(bar.next().map(|input| input.status), Some(Status::Default));
    assert!(
        page(&summary(&with(&["party.dockers.gate.ballot.bar=0.99"]))).contains("Below its bar")
    );
}

/// A number that was set for a run is said wherever the run is named, and stays in the register.
#[test]
fn what_was_set_is_said() {
    let plain = summary(&case());
    let set = summary(&with(&["lever.training.cost=0", "lottery.chance=0.4"]));
    let html = page(&set);
    assert!(html.contains("the case as written, with 2 numbers set for this run"));
    for set in [
        "<code>lever.training.cost</code> = 0",
        "<code>lottery.chance</code> = 0.4",
    ] {
        assert!(html.contains(set), "{set}");
    }
    assert!(html.contains("id=\"input-lever.training.cost\""));
    assert!(report::terminal(&set, None).contains("as written, with 2 numbers set for this run"));
    assert!(!page(&plain).contains("set for this run"));
    // Nobody's number is fewer numbers.
    assert_eq!(set.resting_on.claims, plain.resting_on.claims);
    assert_eq!(
        set.resting_on.placeholders + 1,
        plain.resting_on.placeholders
    );
}

/// A deal that ends by its own terms is told as such.
#[test]
fn a_deal_that_lapses_says_so() {
    let html = page(&summary(&case()));
    let said = "“The ministry&#39;s plan” ends after 48 months in the median world, when “An arbiter inspects the accounts” (Review) lapses.";
    assert!(html.contains(said), "{:?}", html.find("by its own terms"));
    assert!(!html.contains("“The company&#39;s offer” ends after"));
    let lasting = TEXT.replace("lasts = 48\n", "");
    let lasting = detente::check("strike.toml", &lasting).case.unwrap();
    assert!(!page(&summary(&lasting)).contains("by its own terms"));
}

/// What no answer depends on is no placeholder, and changing it changes no number.
#[test]
fn an_idle_number_is_idle() {
    let case = case();
    let idle: Vec<&str> = case
        .inputs
        .iter()
        .filter(|input| input.status == Status::Idle)
        .map(|input| input.path.as_str())
        .collect();
    assert_eq!(idle, ["party.company.fighting_cost"]);
    let bytes = |case: &Case| {
        let plan = Plan::new(case);
        run(&plan, &Overrides::default(), small(16, 2), &Ignored)
            .bytes()
            .collect::<Vec<u8>>()
    };
    let whole = bytes(&case);
    assert!(whole == bytes(&with(&["party.company.fighting_cost=90"])));
    assert!(whole != bytes(&with(&["party.company.type.flush.fighting_cost=90"])));
    assert!(!page(&summary(&case)).contains("id=\"input-party.company.fighting_cost\""));
}

/// The margin by which a type accepts is what its definition says.
#[test]
fn a_margin_holds_promises_and_what_is_asked_beyond() {
    let case = with(&["party.dockers.aspiration=1.5"]);
    let plan = Plan::new(&case);
    let table = run(&plan, &Overrides::default(), small(16, 0), &Ignored);
    let mut apart = 0;
    for (world, _) in table.rows().enumerate() {
        let uniforms = plan.uniforms(small(16, 0).stream, world as u64);
        let drawn = plan.world(&uniforms, &Overrides::default());
        let mut stage = detente_lens::Stage::default();
        let scene = stage.set(&case.setting, &drawn, detente_core::Search::None);
        for t in 0..Dimension::Type.size(&case.setting) {
            for (p, package) in case.setting.packages.iter().enumerate() {
                let told = table
                    .column(settlement::MARGIN, &[t, p])
                    .nth(world)
                    .unwrap();
                let paper = scene.deal(t, &package.choice) - scene.reservation(t).unwrap();
                let beyond = drawn.numbers.types[t].aspiration;
                let promised = told - paper + beyond;
                // Whoever keeps a promise pays for it; it takes nothing from the others.
                let keeps = case.setting.types[t].party == case.setting.levers[1].by;
                assert!(keeps || promised > -1e-9, "{t} {p}: {promised}");
                apart += usize::from(promised > 1e-6);
                let accepts = scene.stand(t, &package.choice).unwrap().accepts();
                assert_eq!(accepts, told >= -1e-9, "{t} {p} {told}");
            }
        }
    }
    assert!(apart > 0);
}

/// A report that draws until it is sure says so of every share, and tries what a claim sets under other readings where it is asked to.
#[test]
fn a_report_draws_until_it_is_sure() {
    let run = |rival_claims: bool| {
        let options = RunOptions {
            effort: Effort::Settled { rival_claims },
            ..small(4096, 256)
        };
        summarise(&case(), &[], options, &Ignored).unwrap()
    };
    let plain = run(false);
    let drawn = plain.options.worlds;
    assert!((FIRST..4096).contains(&drawn), "{drawn}");
    for package in plain.packages() {
        for share in [&package.agreed, &package.in_force, &package.kept] {
            assert!(
                share.error <= HEADLINE_ERROR && share.n == drawn,
                "{share:?}"
            );
        }
    }
    for rival in &plain.rivals {
        let shares = rival.own.agreed.iter().chain(&rival.own.kept);
        assert!(rival.worlds == drawn || shares.clone().all(|s| s.error <= BESIDE_ERROR));
    }
    let told = |summary: &Evidence, id: &str| {
        let mut claims = summary.claims.iter();
        let line = claims.find(|line| line.claim.id == id).unwrap();
        match &line.status {
            ClaimStatus::Computed { share, rivals, .. } => (*share, rivals.len()),
            other => panic!("{other:?}"),
        }
    };
    let (share, rivals) = told(&plain, "strike_costs");
    assert!(
        share.holds.error <= BESIDE_ERROR || share.worlds == 512,
        "{share:?}"
    );
    assert_eq!((rivals, told(&plain, "plan_signed").1), (0, 1));
    assert!(page(&plain).contains("tried under this report’s reading alone"));
    let asked = run(true);
    assert_eq!(told(&asked, "strike_costs").1, 1);
    assert!(!page(&asked).contains("tried under this report’s reading alone"));
}
