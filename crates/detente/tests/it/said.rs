//! What the page says of itself and of its numbers: nothing that the run does not bear out.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use detente::report::{self, Stamp};
use detente::{Evidence, Ignored, LENSES, Phase, Progress, RunOptions, summarise};

use crate::{CASES, case, files, small, summary};

fn stamp() -> Stamp {
    Stamp {
        case_path: "cases/x".into(),
        case_hash: "0".repeat(64),
        command: "detente report cases/x".into(),
    }
}

fn page(summary: &Evidence) -> String {
    report::html(summary, &stamp())
}

/// What stands on the page between an opening tag with this id and a closing tag.
fn part<'a>(html: &'a str, id: &str, end: &str) -> Option<&'a str> {
    let from = html.find(&format!("id=\"{id}\""))?;
    let text = &html[from..];
    Some(&text[..text.find(end)?])
}

/// Method lists every lens with the worlds in which it answered, its limits where it did, and its reason where it did not.
#[test]
fn method_says_which_lenses_answered() {
    for name in CASES {
        let summary = summary(name);
        let html = page(summary);
        assert_eq!(summary.lenses.len(), LENSES.len());
        for line in &summary.lenses {
            let id = line.spec.id;
            let said = part(&html, &format!("lens-{id}"), "</div>");
            let said = said.unwrap_or_else(|| panic!("{name}: {id} is not in Method"));
            let nothing = summary.chapters.has_nothing_for(id);
            let expected = match line.answered {
                0 => "answered in no world",
                _ if nothing => "the case has nothing of its kind",
                n if n == summary.options.worlds => "answered in every world",
                _ => "of 60 worlds",
            };
            assert!(said.contains(expected), "{name}: {id}: {said}");
            let first = line.spec.limits.split(['.', '\'']).next().unwrap();
            assert_eq!(
                said.contains(first),
                line.answered > 0 && !nothing,
                "{name}: {id}: {said}"
            );
            let silent = summary.silences.keys().any(|(lens, _)| *lens == id);
            assert!(
                silent || line.answered == summary.options.worlds,
                "{name}: {id}"
            );
            assert_eq!(
                said.contains("because") || said.contains("gave up"),
                silent,
                "{name}: {id}: {said}"
            );
        }
    }
}

/// No page of a case says that something is not computed which a lens of the run computed.
#[test]
fn no_page_denies_what_its_lenses_told() {
    for name in CASES {
        let summary = summary(name);
        let html = page(summary);
        let method = part(&html, "method", "</section>").unwrap();
        for line in summary.lenses.iter().filter(|line| line.answered > 0) {
            let planned = method.split("Not part of this version:").nth(1);
            let denied = planned.is_some_and(|planned| planned.contains(line.spec.id));
            assert!(!denied, "{name}: {}", line.spec.id);
        }
        let lasts = summary
            .lenses
            .iter()
            .any(|l| l.spec.id == "durability" && l.answered > 0);
        assert_eq!(method.contains("whether it would last"), !lasts, "{name}");
        for text in files(name).iter().map(|(_, text)| *text) {
            for standing in ["not computed yet", "until what follows", "this version"] {
                assert!(!text.contains(standing), "{name} says {standing}");
            }
        }
    }
    // Nor do the texts of the page that no run fills in.
    for template in [
        include_str!("../../../detente-page/templates/report.html"),
        include_str!("../../../detente-page/templates/beliefs.html"),
        include_str!("../../../detente-page/templates/brief.html"),
        include_str!("../../../detente-page/templates/durability.html"),
        include_str!("../../../detente-page/templates/ledger.html"),
        include_str!("../../../detente-page/templates/leverage.html"),
        include_str!("../../../detente-page/templates/section-veto.html"),
        include_str!("../../../detente-page/templates/stability.html"),
    ] {
        for standing in [
            "not computed",
            "This version",
            "Both lenses",
            "does not compute",
            "are placeholders",
        ] {
            assert!(!template.contains(standing), "a template says {standing}");
        }
    }
}

/// A case that says nothing of what may follow a deal is told so.
#[test]
fn what_a_case_leaves_out_is_said() {
    let summary = summarise(&case("first-case"), &[], small(8, 2), &Ignored).unwrap();
    let html = page(&summary);
    assert!(html.contains("nothing here says whether it would last"));
    let said = part(&html, "lens-durability", "</div>").unwrap();
    assert!(
        said.contains("answered in no world") && said.contains("told nothing in 8 worlds"),
        "{said}"
    );
}

/// A gate that is switched off is not spoken of, on the page or in JSON; one that stands is, its chance and its polls under their names.
#[test]
fn gates_that_are_off_print_nothing() {
    let case = case("first-case");
    let run = |set: &[&str]| {
        let set: Vec<String> = set.iter().map(|s| (*s).to_owned()).collect();
        summarise(
            &case
                .with_set(&set, &mut detente::diag::Sources::default())
                .unwrap(),
            &[],
            small(16, 2),
            &Ignored,
        )
        .unwrap()
    };
    let gates = |summary: &Evidence| -> serde_json::Value {
        let json: serde_json::Value =
            serde_json::from_str(&report::json(summary, &stamp())).unwrap();
        json["gates"].clone()
    };
    let gate = &case.setting.gates[0];
    let switch = |on: &str| format!("party.{}.on={on}", gate.id.replacen('.', ".gate.", 1));
    let on = run(&[&switch("true")]);
    let html = page(&on);
    let table = part(&html, "gates", "</table>").unwrap();
    assert!(
        table.contains(&format!(
            "{}: chance that it passes, of 100<",
            gate.name.replace('\'', "&#39;")
        )),
        "{table}"
    );
    assert!(
        !table.contains("polls"),
        "support stands in a table of its own: {table}"
    );
    assert!(html.contains("% of people"));
    let told = gates(&on);
    assert_eq!(told[0]["gate"], gate.id);
    assert!(told[0]["polls"][0]["support_of_people"].is_array());
    let off = run(&[&switch("false")]);
    let html = page(&off);
    let names: Vec<String> = case
        .setting
        .gates
        .iter()
        .skip(1)
        .map(|g| g.name.clone())
        .collect();
    assert!(names.is_empty(), "the case has one gate");
    assert!(part(&html, "gates", "</table>").is_none() && !html.contains("% of people"));
    assert_eq!(gates(&off), serde_json::json!([]));
}

/// Answers within the noise of choosing, by hand from the table and the drawn numbers.
#[test]
fn answers_too_close_to_call_are_counted_apart() {
    let case = case("first-case");
    let options = small(64, 0);
    let summary = summarise(&case, &[], options, &Ignored).unwrap();
    let plan = detente::Plan::new(&case);
    let none = detente::Overrides::default();
    let table = detente::run(&plan, &none, options, &Ignored);
    let setting = &case.setting;
    let mut somewhere = false;
    for (p, package) in setting.packages.iter().enumerate() {
        let (mut sure, mut open, mut agreed) = (0.0, 0.0, 0.0);
        let mut undecided = vec![0.0; setting.parties.len()];
        for w in 0..64 {
            let world = plan.world(&plan.uniforms(options.stream, w as u64), &none);
            let noise = world.numbers.behaviour[0].noise;
            let (mut all_sure, mut all_open, mut all) = (1.0, 1.0, 1.0);
            for (i, party) in setting.parties.iter().enumerate() {
                let (mut yes, mut perhaps, mut by_sign) = (0.0, 0.0, 0.0);
                for t in party.types.clone() {
                    let at = |quantity: &str| {
                        table
                            .column(
                                detente::handles::named("settlement", quantity).unwrap(),
                                &[t, p],
                            )
                            .nth(w)
                            .unwrap()
                    };
                    let prior = world.numbers.types[t].prior;
                    if at("crossed") > 0.0 {
                        continue;
                    }
                    let margin = at("margin");
                    yes += if margin >= noise { prior } else { 0.0 };
                    perhaps += if margin.abs() < noise { prior } else { 0.0 };
                    by_sign += if margin >= 0.0 { prior } else { 0.0 };
                }
                undecided[i] += perhaps / 64.0;
                if package.needed.contains(i) {
                    all_sure *= yes;
                    all_open *= yes + perhaps;
                    all *= by_sign;
                }
            }
            sure += all_sure / 64.0;
            open += (all_open - all_sure) / 64.0;
            agreed += all / 64.0;
        }
        let told = &summary.packages()[p].sureness;
        assert!((told.sure.value - sure).abs() < 1e-9, "{}", package.id);
        assert!((told.open.value - open).abs() < 1e-9, "{}", package.id);
        for (share, by_hand) in told.undecided.iter().zip(&undecided) {
            assert!((share.value - by_hand).abs() < 1e-9, "{}", package.id);
        }
        assert!(
            (sure - 1e-9..=sure + open + 1e-9).contains(&agreed),
            "{}",
            package.id
        );
        somewhere |= open > 0.0;
    }
    assert!(somewhere, "no answer of the case is close");
    assert!(page(&summary).contains("id=\"undecided\""));
}

/// What is signed by the sign of its margins lies between what is signed for sure and that with what is undecided.
#[test]
fn signed_lies_between_sure_and_undecided() {
    for name in CASES {
        let summary = summary(name);
        for (package, line) in summary.setting.packages.iter().zip(summary.packages()) {
            let (sure, open) = (line.sureness.sure.value, line.sureness.open.value);
            let agreed = line.agreed.value;
            assert!(
                agreed.is_nan() || (sure - 1e-9..=sure + open + 1e-9).contains(&agreed),
                "{name}: {}: {agreed} is not within {sure} and {open} more",
                package.id
            );
        }
    }
}

/// Levers stand in order only among those that answer one party's refusal; no point of one party is divided by a point of another.
#[test]
fn levers_are_compared_on_one_target_alone() {
    let summary = summary("ukraine-2025");
    let html = page(summary);
    let section = part(&html, "leverage", "</section>").unwrap();
    for wrong in [
        "per point of",
        "Of the levers that await an answer",
        "others lose",
    ] {
        assert!(!section.contains(wrong), "{wrong}");
    }
    let json: serde_json::Value = serde_json::from_str(&report::json(summary, &stamp())).unwrap();
    let levers = json["lenses"]["leverage"]["levers"].as_array().unwrap();
    let mut targets: Vec<&str> = levers.iter().filter_map(|l| l["target"].as_str()).collect();
    let groups = section.matches(" refuses.</strong>").count();
    targets.dedup();
    assert!(groups >= 2, "{groups}");
    assert_eq!(
        targets.len(),
        groups,
        "a target's levers stand together: {targets:?}"
    );
    for lever in levers.iter().filter(|l| l["target"].is_string()) {
        let target = lever["target"].as_str().unwrap();
        let moves = lever["moves"].as_object().unwrap();
        assert!(
            !moves.is_empty() && moves.keys().all(|t| t.starts_with(target)),
            "{lever}"
        );
    }
    // Pulls, undecided and refrains are all there is.
    for row in json["lenses"]["leverage"]["types"].as_array().unwrap() {
        let of = |key: &str| row[key].as_f64().unwrap();
        assert!(
            (of("pulls") + of("undecided") + of("refrains") - 1.0).abs() < 1e-9,
            "{row}"
        );
    }
}

/// How long a peace lasts never stands without what was counted of past cases.
#[test]
fn survival_stands_beside_past_cases() {
    let summary = summary("ukraine-2025");
    assert!(summary.classes.len() > 3);
    let html = page(summary);
    let section = part(&html, "durability", "</section>").unwrap();
    let five: Vec<_> = summary.classes.iter().filter(|c| c.months == 60).collect();
    assert_eq!(
        section.matches("Counted of past cases: ").count(),
        five.len()
    );
    let finding = section.split("<p class=\"finding\">").nth(1).unwrap();
    let finding = finding.split("</p>").next().unwrap();
    assert!(finding.contains("Of 100 past cases it was "), "{finding}");
    // In words, where it is more than a factor of two away.
    let json: serde_json::Value = serde_json::from_str(&report::json(summary, &stamp())).unwrap();
    let told = json["lenses"]["durability"]["beside_base_rates"]
        .as_array()
        .unwrap();
    let leading = &summary.setting.packages[summary.closest_package().unwrap()].id;
    let far = |row: &&serde_json::Value| {
        row["months"] == 60 && row["times"][leading].as_f64().is_some_and(|x| x > 2.0)
    };
    let far = told.iter().filter(far).count();
    assert_eq!(far > 0, finding.contains("more than twice"), "{finding}");
    // What lasts as long as deals are to be kept is what is kept of what is signed: one chance, wherever it is printed.
    let kept = summary.headline.kept_months.unwrap();
    let durability = &json["lenses"]["durability"];
    let months = durability["months"].as_array().unwrap();
    let at = months.iter().position(|m| *m == kept).expect("a milestone");
    let told = durability["packages"].as_array().unwrap();
    for (line, told) in summary.packages().iter().zip(told) {
        let lasts = told["survival"][at].as_f64();
        let share = line.kept.value / line.agreed.value;
        assert!(
            lasts.map_or(line.agreed.value <= 0.0, |lasts| (lasts - share).abs()
                < 1e-9),
            "{told}: {share}"
        );
    }
}

struct StopsAt {
    phase: Phase,
    stopped: AtomicBool,
    most: AtomicUsize,
}

impl StopsAt {
    fn new(phase: Phase) -> Self {
        Self {
            phase,
            stopped: AtomicBool::new(false),
            most: AtomicUsize::new(0),
        }
    }
}

impl Progress for StopsAt {
    fn advance(&self, _: usize) {
        self.most
            .fetch_max(rayon::current_num_threads(), Ordering::SeqCst);
    }

    fn begins(&self, phase: Phase, _steps: usize) {
        self.most
            .fetch_max(rayon::current_num_threads(), Ordering::SeqCst);
        if phase == self.phase {
            self.stopped.store(true, Ordering::SeqCst);
        }
    }

    fn stopped(&self) -> bool {
        self.stopped.load(Ordering::SeqCst)
    }
}

/// Stopped once its worlds are done, a report has what they say, and names what it leaves out.
#[test]
fn an_interruption_costs_what_comes_after_it() {
    let case = case("first-case");
    let whole = summarise(&case, &[], small(16, 2), &Ignored).unwrap();
    assert_eq!(whole.missing, []);
    assert!(!page(&whole).contains("nterrupted"));
    let stopped = summarise(&case, &[], small(16, 2), &StopsAt::new(Phase::Claims)).unwrap();
    let left: Vec<&str> = stopped.missing.iter().map(|missing| missing.part).collect();
    let sections = whole.chapters.present();
    let expected: Vec<&str> = ["claims", "readings"]
        .into_iter()
        .chain(sections)
        .chain(["run"])
        .collect();
    assert_eq!(left, expected);
    let (html, missing) = report::page(&stopped, &stamp());
    assert_eq!(missing, stopped.missing);
    for id in expected.iter().filter(|id| **id != "run") {
        let section =
            part(&html, id, "</section>").unwrap_or_else(|| panic!("{id} is not on the page"));
        assert!(
            section.contains("Left out: interrupted."),
            "{id}: {section}"
        );
    }
    let card = part(&html, "run", "</section>").unwrap();
    assert!(
        card.contains("Interrupted, so that these are left out: claims, the other readings"),
        "{card}"
    );
    // What was done is as it would have been.
    assert_eq!(
        stopped.packages()[0].agreed.value,
        whole.packages()[0].agreed.value
    );
    let json: serde_json::Value = serde_json::from_str(&report::json(&stopped, &stamp())).unwrap();
    assert_eq!(json["missing"].as_array().unwrap().len(), expected.len());
    // In the middle of the readings their worlds stop short, and none of them is printed.
    let later = summarise(&case, &[], small(16, 2), &StopsAt::new(Phase::Readings)).unwrap();
    assert!(later.rivals.is_empty() && later.missing.iter().all(|m| m.part != "claims"));
}

/// Everything that a report runs stays on the threads that it is given.
#[test]
fn a_report_keeps_to_its_threads() {
    let case = case("first-case");
    for threads in [1, 3] {
        let options = RunOptions {
            threads: Some(threads),
            ..small(16, 2)
        };
        let watched = StopsAt::new(Phase::Certificates);
        let summary = summarise(&case, &[], options, &watched).unwrap();
        assert_eq!(watched.most.load(Ordering::SeqCst), threads);
        assert_eq!(summary.options.threads, Some(threads));
    }
}

/// Steps that are counted are as many as were announced, phase by phase, so that a bar ends where its work does.
#[test]
fn progress_is_counted_and_not_predicted() {
    #[derive(Default)]
    struct Counts(std::sync::Mutex<Vec<(Phase, usize, usize, usize)>>);
    impl Progress for Counts {
        fn advance(&self, worlds: usize) {
            if let Some(last) = self.0.lock().unwrap().last_mut() {
                last.3 += worlds;
            }
        }
        fn begins(&self, phase: Phase, steps: usize) {
            self.0.lock().unwrap().push((phase, steps, 0, 0));
        }
        fn step(&self) {
            if let Some(last) = self.0.lock().unwrap().last_mut() {
                last.2 += 1;
            }
        }
    }
    let case = case("ukraine-2025");
    let counts = Counts::default();
    summarise(&case, &[], small(8, 1), &counts).unwrap();
    let phases = counts.0.into_inner().unwrap();
    let of = |phase: Phase| *phases.iter().find(|told| told.0 == phase).unwrap();
    let (_, worlds, _, done) = of(Phase::Worlds);
    assert_eq!((worlds, done), (8, 8));
    for phase in [Phase::Claims, Phase::Readings] {
        let (_, announced, done, _) = of(phase);
        assert!(announced > 10, "{phase:?}: {announced}");
        assert_eq!(announced, done, "{phase:?}");
    }
}

/// What a side can bring to bear so many months from today, as another chapter has it too.
#[test]
fn efforts_stand_at_their_months() {
    let html = page(summary("first-case"));
    let evidence = summary("first-case");
    let supply = &evidence.no_deal().expect("a war").supply;
    let from = html.find("id=\"supply\"").expect("the table");
    let table = &html[from..from + html[from..].find("</table>").expect("its end")];
    let rows: Vec<Vec<&str>> = table
        .split("<tr><th>")
        .skip(2)
        .map(|row| {
            let cells = row.split("</t").map(|c| c.rsplit('>').next().unwrap_or(c));
            cells.take(3).collect()
        })
        .collect();
    assert!(rows.len() > 3, "{table}");
    for row in &rows {
        let month: usize = row[0].parse().unwrap();
        for (cell, side) in row[1..].iter().zip(supply) {
            let told: f64 = cell.replace('−', "-").parse().unwrap();
            assert!((told - side[month]).abs() < 0.0051, "{month}: {row:?}");
        }
    }
    assert_eq!(rows[0][..], ["0", "1.00", "1.00"]);
}

/// Columns and clauses about beliefs, guarantees and answers to a breach stand where a case has these, and nowhere else.
#[test]
fn what_a_case_has_not_is_not_spoken_of() {
    let mut seen = [[false; 2]; 3];
    let answered = format!(
        "{}\n[lever.answer]\nby = \"west\"\nkind = \"stick\"\ntrigger = \"violate(east)\"\ncost = 1\nsets.\"party.east.burden\" = 9\n",
        include_str!("texts/pasture.toml")
    );
    for text in [
        answered.as_str(),
        include_str!("texts/strike.toml"),
        super::text("wage-round"),
        &detente::new_case(detente::Template::Reservation, "Talks"),
    ] {
        let checked = detente::check("case.toml", text);
        let case = checked
            .case
            .unwrap_or_else(|| panic!("{:?}", checked.diagnostics));
        let evidence = detente::summarise(&case, &[], super::small(32, 1), &detente::Ignored);
        let evidence = evidence.unwrap();
        let html = page(&evidence);
        let believes = |input: &detente::Input| {
            input.span.is_some() && input.path.split('.').any(|key| key == "believes")
        };
        let guarantees = |input: &detente::Input| {
            input.span.is_some()
                && input.path.starts_with("issue.")
                && input.path.ends_with(".guarantee")
        };
        let durable = html.contains("<section id=\"durability\"");
        let stable = html.contains("<section id=\"stability\"");
        let has = [
            case.inputs.iter().any(believes),
            durable && case.inputs.iter().any(guarantees),
            stable && text.contains("trigger = \"violate"),
        ];
        let said = [
            "Owed to its own beliefs",
            "The guarantee adds",
            "levers that answer a breach included",
        ];
        for (of, (has, said)) in has.into_iter().zip(said).enumerate() {
            assert_eq!(html.contains(said), has, "{said}");
            seen[of][usize::from(has)] = true;
        }
        for said in ["what a guarantee buys", "guarantee adds to its worth"] {
            assert_eq!(html.contains(said), has[1], "{said}");
        }
        if !text.contains("guarantee") {
            assert!(!html.contains("guarant"), "a guarantee is spoken of");
        }
    }
    assert_eq!(seen, [[true; 2]; 3], "cases of either kind");
}
