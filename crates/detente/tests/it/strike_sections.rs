//! What the page says of a case that is no war: a strike, decided by a lottery.

use std::sync::LazyLock;

use detente::chapters::{durability::Durability, leverage::Leverage};
use detente::report::{self, Stamp};
use detente::{Case, Distribution, Draw, Evidence, Ignored, summarise};

use crate::{chapter_of, part, small};

/// The strike, with a promise in exact numbers and a reading about several things.
static TEXT: LazyLock<String> = LazyLock::new(|| {
    let text = include_str!("texts/strike.toml");
    let promise = "cost = \"0.5 to 1.5\"\nflow_cost = { dockers = \"-4 to -1\" }";
    assert!(text.contains(promise));
    let exact = "cost = 0.75\ncredibility = 0.4\nflow_cost = { dockers = -2, ministry = 0.25 }";
    let reading = "\n[reading.long_strike]\nname = \"A long strike\"\n[reading.long_strike.set]\n\"lottery.chance\" = \"45% to 65%\"\n\"party.company.type.flush.fighting_cost\" = \"10 to 20\"\n\"party.dockers.type.militant.fighting_cost\" = \"8 to 14\"\n";
    text.replace(promise, exact) + reading
});

static CASE: LazyLock<Case> = LazyLock::new(|| {
    let checked = detente::check("strike.toml", &TEXT);
    checked
        .case
        .unwrap_or_else(|| panic!("{:?}", checked.diagnostics))
});

static SUMMARY: LazyLock<Evidence> =
    LazyLock::new(|| summarise(&CASE, &[], small(256, 8), &Ignored).unwrap());

fn stamp() -> Stamp {
    Stamp {
        case_path: "strike.toml".into(),
        case_hash: "0".repeat(64),
        command: "detente report strike.toml".into(),
    }
}

fn page() -> String {
    report::html(&SUMMARY, &stamp())
}

fn json() -> serde_json::Value {
    serde_json::from_str(&report::json(&SUMMARY, &stamp())).unwrap()
}

/// A group of numbers does nothing together with itself; what several do only together is a difference on the same worlds.
#[test]
fn what_makes_a_reading_differ_adds_up_on_its_own_worlds() {
    let of = |id: &str| SUMMARY.rivals.iter().find(|r| r.label.id == id).unwrap();
    assert!(of("public_backs_dockers").causes.is_empty());
    let causes = &of("long_strike").causes;
    let together: Vec<bool> = causes.iter().map(|cause| cause.together).collect();
    assert_eq!(together, [false, false, false, true]);
    let reading = ["long_strike".to_owned()];
    let whole = summarise(&CASE, &reading, small(256, 0), &Ignored).unwrap();
    let p = SUMMARY.closest_package().unwrap();
    let leads = |summary: &Evidence| summary.packages()[p].headline().value;
    let moved = leads(&whole) - leads(&SUMMARY);
    let sum: f64 = causes.iter().map(|cause| cause.moved.value).sum();
    assert!((moved - sum).abs() < 1e-12, "{p}: {moved} {sum}");
    let html = page();
    let table = part(&html, "causes", "</section>");
    let listed = part(table, "why-readings-differ", "</tbody>");
    assert!(listed.contains("What they do only together"), "{listed}");
    assert!(
        !listed.contains("The public backs the dockers"),
        "one number has no parts"
    );
    assert!(!table.contains("data-label=\"only together\""));
}

/// What was asked about is told, whether anything was found or not.
#[test]
fn clauses_are_told_of_every_package_that_was_asked_about() {
    // Where breaking a deal costs more than it could bring, nobody is tempted, and no change lowers that.
    let dear = TEXT
        .replace("renege_cost = \"1 to 5\"", "renege_cost = \"150 to 160\"")
        .replace("renege_cost = \"2 to 8\"", "renege_cost = \"150 to 160\"");
    let dear = detente::check("strike.toml", &dear).case.unwrap();
    let dear = summarise(&dear, &[], small(32, 0), &Ignored).unwrap();
    for (summary, tempted) in [(&*SUMMARY, true), (&dear, false)] {
        let durability: &Durability = chapter_of(&summary.chapters.durability);
        let clauses = &durability.clauses;
        // Two packages, of each the temptation of both who fight.
        assert_eq!(clauses.len(), 4);
        let changed = clauses.iter().any(|c| c.change.is_some());
        assert_eq!(changed, tempted, "{clauses:?}");
        let html = report::html(summary, &stamp());
        let table = part(&html, "durability-clauses", "</table>");
        let json: serde_json::Value =
            serde_json::from_str(&report::json(summary, &stamp())).unwrap();
        let json = &json["lenses"]["durability"]["clauses"];
        for (place, clause) in clauses.iter().enumerate() {
            let found = clause.change.is_some();
            let setting = &summary.setting;
            let name = setting.packages[clause.package].name.replace('\'', "&#39;");
            let party = &setting.parties[clause.party].name;
            let row =
                format!("<tr><th>{name}</th><td class=\"words\">{party}</td><td class=\"words\">");
            let cell = table
                .split(&row)
                .nth(1)
                .unwrap_or_else(|| panic!("{table}"));
            let none = cell.starts_with("no single change lowers it<");
            let nothing = cell.starts_with("there is no temptation to speak of<");
            assert_eq!((none || nothing, nothing), (!found, !clause.tempts()));
            assert_eq!(json[place]["change"].is_string(), found);
            assert_eq!(json[place]["temptation_after"].is_object(), found);
        }
    }
}

/// A promise adds the chance that it is kept times what it pays, and costs its wielder what it costs.
#[test]
fn promises_are_told_with_what_they_add_and_cost() {
    let leverage: &Leverage = chapter_of(&SUMMARY.chapters.leverage);
    let promises = leverage.groups.iter().find(|g| g.target.is_none()).unwrap();
    let [training] = &promises.levers[..] else {
        panic!("{promises:?}");
    };
    let setting = &SUMMARY.setting;
    for (t, x) in &training.adds {
        let expected = match setting.parties[setting.types[*t].party].id.as_str() {
            "dockers" => 0.4 * 2.0,
            "ministry" => 0.4 * (-0.75 - 0.25),
            other => panic!("{other}"),
        };
        assert!((x - expected).abs() < 1e-12, "{t}: {x} {expected}");
    }
    assert!((training.price[0] - 1.0).abs() < 1e-12);
    let html = page();
    let table = part(&html, "leverage-promises", "</table>");
    let cells =
        "<td class=\"words\">Dockers: Moderate: 0.8<br>Dockers: Militant: 0.8</td><td>1.0</td>";
    assert!(table.contains(cells), "{table}");
    let section = part(&html, "leverage", "</section>");
    assert!(section.contains("of a promise, what keeping it brings the type"));
    assert!(!section.contains("something other than a refusal"));
    assert!(
        section.contains("Dockers gives up ") && section.contains("from its opening package (±")
    );
    let json = json()["lenses"]["leverage"]["levers"].clone();
    let told = json.as_array().unwrap().iter();
    let told = told.clone().find(|l| l["lever"] == "training").unwrap();
    assert!((told["adds"]["dockers.militant"].as_f64().unwrap() - 0.8).abs() < 1e-12);
}

/// A count of past cases is printed with the quantiles of its own distribution, wherever it stands.
#[test]
fn a_count_has_one_interval_everywhere() {
    let at = |input: &detente::Input, u: f64| match &input.draw {
        Draw::Own(own) => Distribution::quantile(own, u),
        _ => panic!("it has its own"),
    };
    let path = "durability.base_rate.three_years.share";
    let input = SUMMARY.inputs.iter().find(|i| i.path == path).unwrap();
    let [class] = &SUMMARY.classes[..] else {
        panic!("{:?}", SUMMARY.classes);
    };
    for (share, u) in class.share.iter().zip([0.05, 0.5, 0.95]) {
        assert_eq!(share.to_bits(), at(input, u).to_bits());
    }
}

/// Means over worlds, types weighed as each world draws their priors.
#[test]
fn what_a_settlement_changes_is_a_mean_over_worlds() {
    use detente::handles::veto::CHANGE;
    let options = small(256, 8);
    let plan = detente::Plan::new(&CASE);
    let none = detente::Overrides::default();
    let table = detente::run(&plan, &none, options, &Ignored);
    let setting = &SUMMARY.setting;
    let party = |id: &str| setting.parties.iter().position(|p| p.id == id).unwrap();
    let (dockers, company) = (party("dockers"), party("company"));
    let types = setting.parties[company].types.clone();
    let columns: Vec<Vec<f64>> = types
        .clone()
        .map(|t| table.column(CHANGE, &[dockers, 2, t]).collect())
        .collect();
    let mut sum = 0.0;
    for world in 0..256 {
        let drawn = plan.world(&plan.uniforms(options.stream, world as u64), &none);
        for (t, column) in types.clone().zip(&columns) {
            sum += drawn.numbers.types[t].prior * column[world] / 256.0;
        }
    }
    let veto = chapter_of(&SUMMARY.chapters.veto);
    let told = veto.refusers[0].packages[2].changes[company];
    assert!((told - sum).abs() < 1e-9, "{told} {sum}");
    let html = page();
    let section = part(&html, "veto", "</section>");
    assert!(section.contains("its types by their chances, means over worlds"));
    assert!(
        !section.contains("compelled"),
        "nobody is without a contest"
    );
}

/// Names, ties and shares as a reader would say them.
#[test]
fn sentences_are_true_to_a_strike() {
    let html = page();
    let beliefs = part(&html, "beliefs", "</section>");
    assert!(
        beliefs.contains(
            "change what no deal is worth to Dockers (Moderate) and Dockers (Militant) by +"
        ),
        "{beliefs}"
    );
    assert!(!html.contains("Dockers’s") && !html.contains("refills its forces"));
    let register = part(&html, "register", "</section>");
    assert!(register.contains("What the means of Company’s side become after a deal, of today’s"));
    assert!(register.contains("The months in which Dockers’ side gathers new means"));
    let why = detente::why(
        &CASE,
        &detente::Overrides::default(),
        "dockers",
        "ministry_plan",
        None,
    )
    .unwrap();
    assert!(why.contains("an outright win of Dockers’ side"), "{why}");
    // Sizes of zones are rounded alike in the picture and in the table below it.
    let zones = part(&html, "zones", "</figure>");
    let median = zones.split(": median ").nth(1).unwrap();
    let median = median.split('<').next().unwrap();
    assert!(
        zones.contains(&format!("<td>{median} (")),
        "{median}: {zones}"
    );
}

/// A few packages after which no contest may come are all weighed, so that nothing is left unchecked.
#[test]
fn few_packages_are_all_weighed() {
    let certified = &SUMMARY.certified;
    assert!(certified.held > 0 && certified.faults.is_empty());
    assert_eq!(certified.unfinished, Vec::<String>::new());
}
