//! The brief: in the report's words, with its numbers, the same in both inks.

use std::io::{Cursor, Read as _};

use detente::brief::{Brief, Part, brief, brief_of_two};
use detente::report::{self, Stamp};
use detente::{Change, Changer, Differs, Evidence, Ignored, Mean, Mover, Phase, summarise};

use crate::{CASES, case, small, summary, text};

fn stamp() -> Stamp {
    Stamp {
        case_path: "cases/x".into(),
        case_hash: "0123456789abcdef".into(),
        command: "detente brief cases/x --seed 1".into(),
    }
}

fn of(evidence: &Evidence) -> Brief {
    let (brief, missing) = brief(evidence, &stamp());
    assert_eq!(missing, evidence.missing);
    brief
}

/// Every text of a brief, in its order.
fn texts(brief: &Brief) -> Vec<String> {
    let mut all = vec![brief.kicker.clone(), brief.title.clone()];
    if !brief.about.is_empty() {
        all.push(brief.about.clone());
    }
    for section in &brief.sections {
        all.push(section.heading.clone());
        for part in &section.parts {
            match part {
                Part::Lead(text) | Part::Text(text) | Part::Note(text) | Part::Fault(text) => {
                    all.push(text.clone());
                }
                Part::List(items) => all.extend(items.clone()),
                Part::Table(table) => {
                    all.push(table.says.clone());
                    all.extend(
                        table
                            .head
                            .iter()
                            .chain(table.rows.iter().flatten())
                            .cloned(),
                    );
                }
            }
        }
    }
    all.extend(brief.colophon.clone());
    all
}

/// A text without what only ink adds: marks of code, and how lines are broken.
fn bare(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").replace('`', "")
}

/// The texts of a page's body, element by element.
fn of_page(html: &str) -> Vec<String> {
    let body = &html[html.find("<body").unwrap()..];
    let mut all = Vec::new();
    let mut rest = body;
    while let Some(from) = rest.find('<') {
        rest = &rest[from + 1..];
        let end = rest.find('>').unwrap();
        let tag = rest[..end].split(' ').next().unwrap();
        rest = &rest[end + 1..];
        if ["p", "h1", "h2", "li", "caption", "th", "td"].contains(&tag) {
            let close = format!("</{tag}>");
            let inner = &rest[..rest.find(&close).unwrap()];
            let plain: String = inner
                .split('<')
                .enumerate()
                .map(|(i, piece)| {
                    if i == 0 {
                        piece
                    } else {
                        piece.split_once('>').unwrap().1
                    }
                })
                .collect();
            let plain = [
                ("&lt;", "<"),
                ("&gt;", ">"),
                ("&#60;", "<"),
                ("&#62;", ">"),
                ("&#34;", "\""),
                ("&#39;", "'"),
                ("&#38;", "&"),
                ("&amp;", "&"),
            ]
            .iter()
            .fold(plain, |text, (from, to)| text.replace(from, to));
            all.push(plain);
        }
    }
    all
}

/// A part of a document.
fn part_of(docx: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(docx)).expect("a zip archive");
    let mut file = archive
        .by_name(name)
        .unwrap_or_else(|_| panic!("no {name}"));
    let mut text = String::new();
    file.read_to_string(&mut text).unwrap();
    text
}

/// The texts of a document, paragraph by paragraph.
fn of_document(docx: &[u8]) -> Vec<String> {
    let xml = part_of(docx, "word/document.xml");
    let tree = roxmltree::Document::parse(&xml).expect("well-formed");
    let named = |node: &roxmltree::Node, name: &str| node.tag_name().name() == name;
    let paragraphs = tree.descendants().filter(|node| named(node, "p"));
    paragraphs
        .map(|paragraph| {
            let texts = paragraph.descendants().filter(|node| named(node, "t"));
            texts.filter_map(|text| text.text()).collect()
        })
        .collect()
}

/// As the page's templates write it.
fn escaped(text: &str) -> String {
    text.replace('<', "&#60;").replace('>', "&#62;")
}

fn compared(all: &[String]) -> Vec<String> {
    all.iter().map(|text| bare(text)).collect()
}

/// Every shipped case has a brief of six sections without a gap, and both inks hold every sentence of it, in its order and none besides.
#[test]
fn both_inks_hold_the_same_sentences() {
    for name in CASES {
        let brief = of(summary(name));
        let headings: Vec<&str> = brief.sections.iter().map(|s| s.heading.as_str()).collect();
        assert_eq!(
            headings,
            [
                "Bottom line",
                "What blocks it",
                "What would change it",
                "What it rests on",
                "What the record says",
                "What the model does not say"
            ],
            "{name}"
        );
        let said = compared(&texts(&brief));
        for text in &said {
            for gap in [
                "NaN", "inf ", "{", "}", "“”", "()", "..", "TODO", "None", "  ",
            ] {
                assert!(!text.contains(gap), "{name}: {gap} in {text}");
            }
        }
        for section in &brief.sections {
            assert!(!section.parts.is_empty(), "{name}: {}", section.heading);
            for part in &section.parts {
                if let Part::Lead(text) | Part::Text(text) | Part::Fault(text) = part {
                    let end = text.chars().last().unwrap_or(' ');
                    assert!(['.', '?', ')'].contains(&end), "{name}: {text}");
                }
                if let Part::Table(table) = part {
                    let wide = |row: &Vec<String>| row.len() == table.head.len();
                    assert!(
                        !table.rows.is_empty() && table.rows.iter().all(wide),
                        "{name}"
                    );
                }
            }
        }
        assert_eq!(compared(&of_page(&brief.html())), said, "{name}");
        assert_eq!(compared(&of_document(&brief.docx())), said, "{name}");
    }
}

/// What a document must have for a word processor: its parts, A4, real headings, a table with a head that repeats; and the same bytes every time.
#[test]
fn a_document_is_one() {
    let brief = of(summary("first-case"));
    let docx = brief.docx();
    assert_eq!(docx, brief.docx());
    let mut archive = zip::ZipArchive::new(Cursor::new(&docx[..])).unwrap();
    let names: Vec<String> = (0..archive.len())
        .map(|i| archive.by_index(i).unwrap().name().unwrap().into_owned())
        .collect();
    assert_eq!(names[0], "[Content_Types].xml");
    for name in &names {
        let text = part_of(&docx, name);
        let tree = roxmltree::Document::parse(&text);
        assert!(tree.is_ok(), "{name}: {tree:?}");
    }
    let types = part_of(&docx, "[Content_Types].xml");
    let parts = types.split("PartName=\"/").skip(1);
    for part in parts.map(|rest| rest.split('"').next().unwrap()) {
        assert!(names.iter().any(|name| name == part), "{part}");
    }
    let xml = part_of(&docx, "word/document.xml");
    assert!(xml.contains("<w:pgSz w:w=\"11906\" w:h=\"16838\"/>"));
    let headings = xml.matches("<w:pStyle w:val=\"Heading1\"/>").count();
    assert_eq!(headings, brief.sections.len());
    assert!(xml.contains("<w:tblHeader/>"));
    // Every style that is asked for is there.
    let styles = part_of(&docx, "word/styles.xml");
    for style in ["pStyle", "rStyle", "tblStyle"] {
        let open = format!("<w:{style} w:val=\"");
        let used = xml.split(&open).skip(1);
        for id in used.map(|rest| rest.split('"').next().unwrap()) {
            assert!(styles.contains(&format!("w:styleId=\"{id}\"")), "{id}");
        }
    }
    let grids = xml.matches("<w:tblGrid>").count();
    assert!(grids >= 3, "{grids}");
}

/// The report's sentences and numbers, for the same evidence.
#[test]
fn the_brief_says_what_the_report_says() {
    for name in CASES {
        let evidence = summary(name);
        let html = report::html(evidence, &stamp());
        let page = compared(&of_page(&html)).join("\n").replace(" →", "");
        let brief = of(evidence);
        let lead = |section: usize| {
            let part = brief.sections[section]
                .parts
                .iter()
                .find_map(|part| match part {
                    Part::Lead(text) => Some(bare(text)),
                    _ => None,
                });
            part.unwrap_or_else(|| panic!("{name}: {section} has no lead"))
        };
        // The answer, and who blocks it, are one sentence there.
        let answer = lead(0);
        let answer = answer.strip_suffix('.').unwrap();
        assert!(page.contains(answer), "{name}: {answer}");
        let blocked = lead(1);
        if let Some(clause) = blocked.strip_prefix("Where it fails") {
            let whole = format!("{answer}; where it fails{clause}");
            assert!(page.contains(&whole), "{name}: {whole}");
        }
        let Some(p) = evidence.closest_package() else {
            continue;
        };
        // Its figures stand in the report's table, cell by cell.
        let line = &evidence.packages()[p];
        let told = |mean: &Mean| {
            let error = 100.0 * mean.error;
            let share = detente::per_hundred(mean.value);
            if error.is_nan() || error < 1.0 {
                share
            } else {
                format!("{share}\u{a0}±{error:.0}")
            }
        };
        let mut figures = vec![told(&line.agreed)];
        if evidence.headline.kept_months.is_some() {
            figures.insert(0, told(&line.kept));
        }
        if evidence.has_gates() {
            figures.push(told(&line.in_force));
        }
        let table = brief.sections[0].parts.iter().find_map(|part| match part {
            Part::Table(table) => Some(table),
            _ => None,
        });
        let found: Vec<&String> = table.unwrap().rows.iter().map(|row| &row[1]).collect();
        assert_eq!(found, figures.iter().collect::<Vec<_>>(), "{name}");
        let id = &evidence.setting.packages[p].id;
        let from = html.find(&format!("<tr id=\"package-{id}\">")).unwrap();
        let row = &html[from..from + html[from..].find("</tr>").unwrap()];
        for figure in figures {
            assert!(
                row.contains(&format!("<td>{}</td>", escaped(&figure))),
                "{name}: {figure}"
            );
        }
        // Sentences that are the report's, to the letter.
        let said = compared(&texts(&brief)).join("\n");
        let lines = page.lines().filter(|line| {
            line.contains("so all this is what the model makes")
                || line.starts_with("What stops deals is")
                || line.starts_with("Where this package is signed")
                || line.starts_with("± is the Monte Carlo")
        });
        let lines: Vec<&str> = lines.collect();
        assert!(lines.len() >= 2, "{name}: {lines:?}");
        for line in lines {
            assert!(said.contains(line), "{name}: {line}");
        }
    }
}

fn mean(value: f64, error: f64) -> Mean {
    Mean {
        value,
        error,
        n: 64,
    }
}

/// What moves the answer is ranked by how far, noise is left out, and of readings one alone stands among the three.
#[test]
fn what_would_change_it_is_ranked() {
    let mut evidence = summarise(&case("first-case"), &[], small(64, 2), &Ignored).unwrap();
    let p = evidence.closest_package().unwrap();
    evidence.chapters.settlement.packages[p].agreed = mean(0.40, 0.01);
    evidence.chapters.settlement.packages[p].kept.n = 0;
    let parties = evidence.setting.parties.len();
    evidence.chapters.settlement.packages[p].freed = vec![mean(0.01, 0.02); parties];
    evidence.chapters.settlement.packages[p].freed[1] = mean(0.30, 0.02);
    evidence.chapters.leverage = detente::chapters::Chapter::Nothing;
    evidence.movers.of = detente::Answer::Leading;
    let mover = |path: &str, from: f64, to: f64, placeholder| {
        let step = |k: usize| from + (to - from) * k as f64 / 7.0;
        Mover {
            path: path.into(),
            index: 0.2,
            interval: (0.1, 0.3),
            course: std::array::from_fn(|k| mean(step(k), 0.02)),
            with: Vec::new(),
            placeholder,
            default: false,
        }
    };
    evidence.movers.moving.inputs = vec![
        mover("contest.edge", 0.30, 0.55, true),
        mover("contest.pace", 0.60, 0.20, false),
        mover("party.north.burden", 0.40, 0.42, false),
    ];
    assert!(evidence.rivals.len() >= 2);
    let shares = [(0.40, 0.02), (0.75, 0.02), (0.72, 0.02), (0.1, f64::NAN)];
    for (rival, (share, error)) in evidence.rivals.iter_mut().zip(shares) {
        rival.own.agreed[p] = mean(share, error);
        rival.own.kept[p].n = 0;
    }
    evidence.rivals.truncate(shares.len());
    // The pace moves it by 40 of 100, the readings by 35 and 32, a red line by 30, the edge by 25; the first reading and the burden by no more than noise,
    // and of what has no error nothing is known.
    let found: Vec<Changer> = evidence.changes().iter().map(|change| change.by).collect();
    let mut expected = vec![
        Changer::Input(1),
        Changer::Reading(1),
        Changer::Reading(2),
        Changer::RedLines(1),
        Changer::Input(0),
    ];
    expected.retain(|by| !matches!(by, Changer::Reading(r) if *r >= evidence.rivals.len()));
    assert_eq!(found, expected);
    let brief = of(&evidence);
    let table = brief.sections[2].parts.iter().find_map(|part| match part {
        Part::Table(table) => Some(table),
        _ => None,
    });
    let rows = &table.unwrap().rows;
    let firsts: Vec<&str> = rows.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(rows.len(), 3, "{firsts:#?}");
    assert!(firsts[0].contains("`contest.pace`"), "{firsts:#?}");
    assert!(firsts[1].starts_with("The reading “"), "{firsts:#?}");
    assert!(firsts[2].starts_with("If no red line of "), "{firsts:#?}");
    assert_eq!(
        rows[0][1..],
        ["60\u{a0}±2", "20\u{a0}±2", "−40\u{a0}±3"].map(str::to_owned)
    );
}

/// What goes furthest of a course is between its ends, or where it turns for sure.
#[test]
fn a_course_that_turns_goes_furthest_to_its_turn() {
    let ends = |course: [f64; 8]| {
        let mover = Mover {
            path: "contest.edge".into(),
            index: 0.2,
            interval: (0.1, 0.3),
            course: course.map(|x| mean(x, 0.01)),
            with: Vec::new(),
            placeholder: true,
            default: false,
        };
        mover.furthest().map(|part| part.value)
    };
    let rises = [0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5];
    assert_eq!(ends(rises), [0.1, 0.5]);
    let turns = [0.2, 0.3, 0.5, 0.8, 0.7, 0.5, 0.3, 0.1];
    assert_eq!(ends(turns), [0.8, 0.1]);
    // A bump within its noise is no turn.
    let flat = [0.2, 0.2, 0.2, 0.215, 0.2, 0.2, 0.2, 0.2];
    assert_eq!(ends(flat), [0.2, 0.2]);
}

/// A lever moves its target's answer from where nobody believes it to where it is sure: what is accepted at any belief, and what at enough of it.
#[test]
fn a_lever_moves_its_targets_answer_from_unbelieved_to_sure() {
    let mut seen = 0;
    for name in ["ukraine-2025", "iran-2015"] {
        let told = summary(name).chapters.leverage.told().unwrap();
        for turn in told.turns.iter().filter(|turn| turn.worlds > 0) {
            seen += 1;
            let [unbelieved, sure] = turn.accepts.map(|share| share.value);
            assert!((sure - turn.always - turn.enough).abs() < 1e-9, "{turn:?}");
            // What is accepted only up to a belief is, but for what is accepted from one on as well.
            let most = turn.always + turn.ceiling;
            assert!(
                (turn.always - 1e-9..=most + 1e-9).contains(&unbelieved),
                "{turn:?}"
            );
            assert!((turn.believed.value - (sure - unbelieved)).abs() < 1e-9);
        }
    }
    assert!(seen > 20, "{seen}");
}

/// A run beside itself differs in nothing; beside a reading it differs by what both say, with the error of both.
#[test]
fn two_runs_stand_side_by_side() {
    let case = case("first-case");
    let own = summarise(&case, &[], small(60, 4), &Ignored).unwrap();
    let same = own.against(&own);
    assert_eq!(
        (same.packages.len(), same.alone),
        (case.setting.packages.len(), [0, 0])
    );
    assert!(same.numbers.is_empty());
    assert!(
        same.packages
            .iter()
            .all(|pair| pair.agreed.moved.value == 0.0)
    );
    let reading = case.readings[0].id.clone();
    let other = summarise(&case, &[reading], small(60, 4), &Ignored).unwrap();
    let against = own.against(&other);
    assert_eq!(against.numbers.len(), case.readings[0].set.len());
    for pair in &against.packages {
        let Differs {
            before,
            after,
            moved,
        } = pair.headline;
        assert_eq!(before, *own.packages()[pair.places[0]].headline());
        assert_eq!(after, *other.packages()[pair.places[1]].headline());
        assert!((moved.value - (after.value - before.value)).abs() < 1e-12);
        let error = libm::hypot(before.error, after.error);
        assert!((moved.error - error).abs() < 1e-12);
    }
    let (brief, missing) = brief_of_two([&own, &other], [&stamp(), &stamp()]);
    assert_eq!(missing, []);
    assert!(
        brief.about.contains("A is the case as written. B is "),
        "{}",
        brief.about
    );
    let said = compared(&texts(&brief));
    assert_eq!(compared(&of_page(&brief.html())), said);
    assert_eq!(compared(&of_document(&brief.docx())), said);
    // Both answers are there, each as its own report has it.
    for (name, evidence) in [("A", &own), ("B", &other)] {
        let answer = of(evidence).sections[0]
            .parts
            .iter()
            .find_map(|part| match part {
                Part::Lead(text) => Some(format!("{name}: {}", bare(text))),
                _ => None,
            });
        assert!(said.contains(&answer.unwrap()), "{said:#?}");
    }
    let replaced = &case.readings[0].set[0];
    let path = &case.inputs[replaced.input.0 as usize].path;
    assert!(
        said.iter().any(|text| text.contains(path)),
        "{path}: {said:#?}"
    );
}

/// Two cases that have nothing in common but the language.
#[test]
fn two_cases_may_have_no_package_in_common() {
    let [first, second] = ["first-case", "trade-triangle"].map(summary);
    let (brief, _) = brief_of_two([first, second], [&stamp(), &stamp()]);
    let said = compared(&texts(&brief)).join("\n");
    assert!(brief.title.contains(" and "), "{}", brief.title);
    assert!(
        said.contains("that A alone has") && said.contains("that B alone has"),
        "{said}"
    );
    assert!(!said.contains("NaN"), "{said}");
}

/// A difference within twice its error is no difference.
#[test]
fn a_difference_is_told_with_its_error() {
    let change = |from: Mean, to: Mean| Change {
        by: Changer::Input(0),
        ends: [from, to],
        moved: Mean {
            value: to.value - from.value,
            error: libm::hypot(from.error, to.error),
            n: 64,
        },
    };
    assert!(change(mean(0.2, 0.03), mean(0.4, 0.04)).is_clear());
    assert!(!change(mean(0.2, 0.03), mean(0.29, 0.04)).is_clear());
    // Of one world nothing is known.
    assert!(!change(mean(0.0, f64::NAN), mean(1.0, f64::NAN)).is_clear());
}

/// A case that does not say what happens without a deal has a brief that says so, and no figures.
#[test]
fn a_brief_without_an_answer_says_why() {
    let whole = text("first-case");
    let bare = &whole[..whole.find("[contest]").unwrap()];
    let bare = bare
        .replace("position = { value = -50, source = [\"atlas\"] }", "")
        .replace("position = { value = 40, source = [\"atlas\"] }", "")
        .replace("position = 0\n", "");
    let case = detente::check("peace", &bare).case.unwrap();
    let evidence = summarise(&case, &[], small(8, 2), &Ignored).unwrap();
    let brief = of(&evidence);
    let headings: Vec<&str> = brief.sections.iter().map(|s| s.heading.as_str()).collect();
    assert_eq!(
        headings,
        [
            "Bottom line",
            "What it rests on",
            "What the model does not say"
        ]
    );
    let plain = "Not computed: the case does not say what happens without a deal.";
    assert_eq!(brief.sections[0].parts, [Part::Lead(plain.to_owned())]);
    let both = brief_of_two([&evidence, &evidence], [&stamp(), &stamp()]).0;
    assert!(texts(&both).iter().any(|text| text.contains(plain)));
}

/// Names are text in either ink, whatever they hold.
#[test]
fn text_from_a_case_is_text_in_a_brief() {
    let hostile = text("first-case")
        .replace(
            "name = \"The Mediator's terms\"",
            "name = \"<b>& \\\"terms\\\" \\u001b[31m ]]>\"",
        )
        .replace("caveats = [\"", "caveats = [\"<script>alert(1)</script> ");
    let case = detente::check("hostile", &hostile).case.unwrap();
    let evidence = summarise(&case, &[], small(16, 2), &Ignored).unwrap();
    let brief = of(&evidence);
    let html = brief.html();
    assert!(!html.contains("<script") && !html.contains("<b>&") && !html.contains('\u{1b}'));
    let said = compared(&texts(&brief));
    assert!(
        said.iter()
            .any(|text| text.contains("<b>& \"terms\" ␛[31m ]]>")),
        "{said:#?}"
    );
    assert_eq!(compared(&of_page(&html)), said);
    assert_eq!(compared(&of_document(&brief.docx())), said);
}

/// What an interruption or a first look left out is said, and what is there is as it would have been.
#[test]
fn what_is_left_out_is_said() {
    struct Stops;
    impl detente::Progress for Stops {
        fn advance(&self, _: usize) {}
        fn begins(&self, _: Phase, _: usize) {}
        fn stopped(&self) -> bool {
            true
        }
    }
    let case = case("first-case");
    let stopped = summarise(&case, &[], small(16, 2), &Stops).unwrap();
    let (brief, missing) = brief(&stopped, &stamp());
    assert_eq!(missing, stopped.missing);
    let said = texts(&brief).join("\n");
    assert!(
        said.contains("Interrupted, so that these are left out: claims, other readings"),
        "{said}"
    );
    let quick = detente::RunOptions::quick(&case, small(1, 0).stream);
    let quick = summarise(&case, &[], quick, &Ignored).unwrap();
    let said = texts(&of(&quick)).join("\n");
    assert!(
        said.contains("A quick look, which leaves these out: "),
        "{said}"
    );
    assert!(said.contains("a quick look at 128 worlds"), "{said}");
}
