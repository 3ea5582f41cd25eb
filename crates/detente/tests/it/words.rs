//! Words follow the model, or are the case's own: only a contest is told in words of war, and a word that a case states stands in its report.

use std::collections::HashSet;
use std::path::Path;

use detente::report::{self, Stamp};
use detente::{Case, Evidence, Ignored, Overrides, Template, new_case, summarise};
use detente_core::TERMS;

use crate::{CASES, slow, small, summary};

const STRIKE: &str = include_str!("texts/strike.toml");
const PASTURE: &str = include_str!("texts/pasture.toml");

/// Words that a page has for what is no contest only if the case has them: in a contest the model's own besides those of war.
const OF_CONTEST: &[&str] = &["conflict", "conflicts", "contest", "contests", "peace"];

/// Words of a contest.
const OF_WAR: &[&str] = &[
    "armies",
    "armistice",
    "army",
    "attack",
    "attacked",
    "attacker",
    "attackers",
    "attacking",
    "attacks",
    "belligerent",
    "belligerents",
    "ceasefire",
    "fight",
    "fighting",
    "fights",
    "forces",
    "fought",
    "truce",
    "war",
    "wars",
];

/// What a reader sees of a page, the text of its pictures and the labels of its parts too: neither its style nor what is set as code.
fn seen(page: &str) -> String {
    let mut text = page.to_owned();
    for tag in ["style", "script", "code"] {
        let (open, close) = (format!("<{tag}"), format!("</{tag}>"));
        while let Some(from) = text.find(&open) {
            let to = text[from..].find(&close).unwrap() + from + close.len();
            text.replace_range(from..to, " ");
        }
    }
    let mut out = String::new();
    for (i, piece) in text.split('<').enumerate() {
        let (tag, after) = piece.split_once('>').unwrap_or(("", piece));
        if i > 0 {
            for label in tag.split("aria-label=\"").skip(1) {
                out.push(' ');
                out.push_str(label.split('"').next().unwrap_or_default());
            }
        }
        out.push(' ');
        out.push_str(if i == 0 { piece } else { after });
    }
    [("&#39;", "'"), ("&quot;", "\""), ("&amp;", "&")]
        .iter()
        .fold(out, |text, (from, to)| text.replace(from, to))
}

/// Words of a text, lower case.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// Everything that is written of a case: its page, its brief, its terminal summary, its JSON's sentences, and why each party takes each package.
fn written(case: &Case, evidence: &Evidence) -> String {
    let stamp = Stamp {
        case_path: "a case".to_owned(),
        case_hash: String::new(),
        command: String::new(),
    };
    let mut all = seen(&report::html(evidence, &stamp));
    all.push_str(&seen(&detente::brief::brief(evidence, &stamp).0.html()));
    all.push_str(&report::terminal(evidence, None));
    let json: serde_json::Value = serde_json::from_str(&report::json(evidence, &stamp)).unwrap();
    sentences(&json, &mut all);
    for party in &case.setting.parties {
        for package in &case.setting.packages {
            let why = detente::why(case, &Overrides::default(), &party.id, &package.id, None);
            all.push_str(&why.unwrap());
        }
    }
    all
}

/// Texts of several words that stand in the JSON.
fn sentences(json: &serde_json::Value, out: &mut String) {
    match json {
        serde_json::Value::String(text) if text.contains(' ') => {
            out.push_str(text);
            out.push('\n');
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| sentences(item, out)),
        serde_json::Value::Object(fields) => {
            fields.values().for_each(|value| sentences(value, out));
        }
        _ => {}
    }
}

/// The texts of a case: what stands in quotes, and names of several words in the heads of its tables, which labels spell out. Neither
/// the language's keys nor comments.
fn own_texts(toml: &str) -> Vec<String> {
    let heads = toml.lines().filter(|line| line.starts_with('['));
    let names = heads.flat_map(|line| line.split(['.', '[', ']']));
    let names = names.filter(|name| name.contains(['_', '-']));
    let mut texts: Vec<String> = names.map(str::to_owned).collect();
    let mut letters = toml.chars();
    while let Some(c) = letters.next() {
        if c == '#' {
            letters.by_ref().find(|c| *c == '\n');
        } else if c == '"' {
            let mut text = String::new();
            while let Some(c) = letters.next().filter(|c| *c != '"') {
                text.push(if c == '\\' {
                    letters.next().unwrap()
                } else {
                    c
                });
            }
            texts.push(text);
        }
    }
    texts
}

/// Words of war and of contests in what is written of a case without one.
fn of_contest(files: &[(String, String)], written: &str) -> Vec<String> {
    let both: Vec<&str> = OF_WAR.iter().chain(OF_CONTEST).copied().collect();
    words_in(files, written, &both)
}

/// Words of war in what is written of a case.
fn of_war(files: &[(String, String)], written: &str) -> Vec<String> {
    words_in(files, written, OF_WAR)
}

/// These words in what is written of a case, each with the words about it, but for those that a text of the case has beside the same word.
fn words_in(files: &[(String, String)], written: &str, wanted: &[&str]) -> Vec<String> {
    let mut own: HashSet<(String, String)> = HashSet::new();
    let mut alone: HashSet<String> = HashSet::new();
    for text in files.iter().flat_map(|(_, text)| own_texts(text)) {
        match &words(&text)[..] {
            [one] => alone.extend([one.clone()]),
            several => own.extend(several.windows(2).map(|w| (w[0].clone(), w[1].clone()))),
        }
    }
    let words = words(written);
    let is_own = |from: usize| {
        let pair = (words.get(from), words.get(from + 1));
        matches!(pair, (Some(a), Some(b)) if own.contains(&(a.clone(), b.clone())))
    };
    let found = words.iter().enumerate();
    // What is a name by itself has no neighbour of its own.
    let found =
        found.filter(|(_, word)| wanted.contains(&word.as_str()) && !alone.contains(word.as_str()));
    let found = found.filter(|(i, _)| !(is_own(*i) || *i > 0 && is_own(i - 1)));
    found
        .map(|(i, _)| words[i.saturating_sub(6)..(i + 7).min(words.len())].join(" "))
        .collect()
}

pub(crate) fn read(files: &[(String, String)]) -> Case {
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(n, t)| (n.as_str(), t.as_str()))
        .collect();
    let checked = detente::check_files(&files);
    let said = checked.diagnostics;
    checked.case.unwrap_or_else(|| panic!("{said:?}"))
}

fn report_of(case: &Case) -> String {
    let evidence = summarise(case, &[], small(64, 2), &Ignored).unwrap();
    written(case, &evidence)
}

/// Every case in `cases/` with its texts, without what only scoring reads.
#[expect(clippy::disallowed_methods, reason = "this test reads the repository")]
fn shipped() -> Vec<(String, Vec<(String, String)>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases");
    let mut cases = Vec::new();
    for folder in std::fs::read_dir(root).unwrap() {
        let folder = folder.unwrap().path();
        if !folder.is_dir() {
            continue;
        }
        let mut files = Vec::new();
        for file in std::fs::read_dir(&folder).unwrap() {
            let file = file.unwrap().path();
            let name = file.file_name().unwrap().to_str().unwrap().to_owned();
            let aside = name == "evidence.toml" || name.ends_with("ledger.toml");
            let toml = file.extension().is_some_and(|e| e == "toml");
            if toml && !name.starts_with('.') && !aside {
                files.push((name, std::fs::read_to_string(&file).unwrap()));
            }
        }
        files.sort();
        cases.push((folder.display().to_string(), files));
    }
    cases.sort();
    cases
}

/// A case without a contest is told without a word of war, but where its own text has it.
#[test]
fn shipped_cases_without_a_contest_know_no_war() {
    let (mut told, mut wars) = (0, 0);
    for (name, files) in shipped() {
        let case = read(&files);
        if case.setting.contest.is_some() {
            wars += 1;
            continue;
        }
        told += 1;
        // The words hang on what is told, hardly on how many worlds tell it: more of them with the slow sets.
        let id = CASES.iter().find(|id| name.ends_with(*id));
        let report = match id {
            Some(id) if !slow() => written(&case, summary(id)),
            _ => report_of(&case),
        };
        let found = of_contest(&files, &report);
        assert!(found.is_empty(), "{name}: {found:#?}");
    }
    assert!(told >= 4 && wars >= 2, "{told} {wars}");
}

#[test]
fn templates_without_a_contest_know_no_war() {
    let mut told = 0;
    for template in Template::ALL {
        let files = vec![("case.toml".to_owned(), new_case(template, "Talks"))];
        let case = read(&files);
        let written = report_of(&case);
        let found = of_contest(&files, &written);
        let contest = case.setting.contest.is_some();
        told += usize::from(!contest);
        assert_eq!(
            found.is_empty(),
            !contest,
            "{}: {found:#?}",
            template.name()
        );
        // What a template shows is read: the packages that it names, and what it calls no deal.
        for package in &case.setting.packages {
            assert!(written.contains(&package.name), "{}", package.name);
        }
        for (_, word) in &case.setting.terms {
            assert!(written.contains(word.as_str()), "{word}");
        }
    }
    assert_eq!(told, 3);
}

/// A lottery with what may follow a deal.
#[test]
fn a_strike_is_no_war() {
    let files = vec![("strike.toml".to_owned(), STRIKE.to_owned())];
    let text = report_of(&read(&files));
    let found = of_contest(&files, &text);
    assert!(found.is_empty(), "{found:#?}");
    assert!(text.contains("Would the deal last?"));
}

/// The words of war are found where there is one, and the search is not blinded by a case's own words.
#[test]
fn a_war_is_told_as_one() {
    let files = vec![("pasture.toml".to_owned(), PASTURE.to_owned())];
    let found = of_war(&files, &report_of(&read(&files)));
    for word in ["war", "fighting", "attacks", "armistice", "forces"] {
        let has = |line: &String| line.split(' ').any(|known| known == word);
        assert!(found.iter().any(has), "{word}: {found:#?}");
    }
    let own = vec![(
        "a.toml".to_owned(),
        "name = \"The war of words\"".to_owned(),
    )];
    assert!(of_war(&own, "“The war of words” is signed").is_empty());
    assert_eq!(of_war(&own, "North prefers war to it").len(), 1);
}

/// A word that stands in no text by itself, one a term.
fn own_word(key: &str) -> String {
    format!("zz{}", key.replace('_', ""))
}

/// The case with a word of its own for each of these terms.
fn with_terms(text: &str, keys: &[&str]) -> String {
    let stated = keys.iter();
    let stated = stated.map(|key| format!("{key} = \"{}\"\n", own_word(key)));
    format!("{text}\n[terms]\n{}", stated.collect::<String>())
}

/// Each word that a case states stands in its report; in a contest no word of war is left.
#[test]
fn stated_words_take_the_place_of_the_models() {
    for text in [STRIKE, PASTURE] {
        let contest = text.contains("[contest]");
        let terms = TERMS.iter();
        let terms = terms.filter(|spec| contest || spec.elsewhere.is_some());
        let keys: Vec<&str> = terms.map(|spec| spec.key).collect();
        let files = vec![("case.toml".to_owned(), with_terms(text, &keys))];
        let case = read(&files);
        let written = report_of(&case).to_lowercase();
        let missing: Vec<&&str> = keys
            .iter()
            .filter(|key| !written.contains(&own_word(key)))
            .collect();
        assert!(missing.is_empty(), "{missing:?}");
        let found = of_war(&files, &written);
        assert!(found.is_empty(), "{found:#?}");
    }
}

/// Without words of its own for what whoever takes no deal does, a case has what it calls no deal.
#[test]
fn no_deal_gives_its_name_to_taking_none() {
    let text = with_terms(STRIKE, &["no_deal"]);
    let case = read(&[("case.toml".to_owned(), text)]);
    let setting = &case.setting;
    assert_eq!(setting.word(detente_core::Term::GoingOn), "zznodeal");
    let why = detente::why(
        &case,
        &Overrides::default(),
        "dockers",
        &setting.packages[0].id,
        None,
    );
    assert!(why.unwrap().contains("Zznodeal is worth "));
}

/// What the language says of its quantities speaks of war only where a contest is named, or where its name does.
#[test]
fn quantities_are_told_in_neutral_words() {
    let mut told = 0;
    for spec in detente_core::catalogue::all() {
        let questions = [("question", spec.question), ("limits", spec.limits)];
        let quantities = spec.quantities.iter().chain(spec.planned);
        let meanings = quantities.map(|q| (q.id, q.meaning));
        for (of, text) in questions.into_iter().chain(meanings) {
            told += 1;
            // Names of quantities stand in backticks.
            let plain: String = text.split('`').step_by(2).collect();
            let own = words(&plain);
            let contest = own
                .iter()
                .any(|word| ["contest", "line"].contains(&word.as_str()));
            let found = own.iter().find(|word| OF_WAR.contains(&word.as_str()));
            assert!(contest || found.is_none(), "{}.{of}: {text}", spec.id);
        }
        assert!(
            !words(spec.question)
                .iter()
                .any(|w| OF_CONTEST.contains(&w.as_str())),
            "{}",
            spec.question
        );
    }
    assert!(told > 80, "{told}");
}
