//! Every command that the documents show is one.

use std::path::{Path, PathBuf};

use clap::Parser as _;

use super::Args;

/// The documents, from the root of the repository.
const DOCUMENTS: [&str; 9] = [
    "README.md",
    "ARCHITECTURE.md",
    "BENCHMARKS.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "TESTING.md",
    "docs",
    "cases",
    "crates/detente-games/games",
];

/// Commands in the code blocks of a document, each with its line.
fn commands(text: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    let (mut inside, mut goes_on) = (false, false);
    for (place, line) in text.lines().enumerate() {
        if line.starts_with("```") {
            (inside, goes_on) = (!inside, false);
            continue;
        }
        let own = ["cargo run --release -- ", "detente "];
        let own = own
            .iter()
            .find_map(|start| line.trim_start().strip_prefix(start));
        let piece = match own {
            _ if !inside => continue,
            _ if goes_on => line,
            Some(rest) => {
                found.push((place + 1, String::new()));
                rest
            }
            None => continue,
        };
        let unbroken = piece.strip_suffix('\\');
        goes_on = unbroken.is_some();
        if let Some((_, command)) = found.last_mut() {
            command.push_str(unbroken.unwrap_or(piece));
            command.push(' ');
        }
    }
    found
}

/// A command as a shell gives it to a program: words, quoted ones whole, without what the shell keeps to itself.
fn words(command: &str) -> Vec<String> {
    let mut plain = command.to_owned();
    // What the shell works out stands for numbers, each greater than the one before.
    for number in 0.. {
        let Some(from) = plain.find("$((") else { break };
        let mut open = 0;
        let end = plain[from..].find(|c| {
            open += match c {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            c == ')' && open == 0
        });
        let to = end.map_or(plain.len(), |end| from + end + 1);
        plain.replace_range(from..to, &number.to_string());
    }
    let mut words = vec!["detente".to_owned()];
    let (mut word, mut quote, mut begun) = (String::new(), None, false);
    for c in plain.chars() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (None, '\'' | '"') => (quote, begun) = (Some(c), true),
            (None, '#' | '>') if word.is_empty() => break,
            (None, c) if c.is_whitespace() => {
                if begun || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                begun = false;
            }
            (_, c) => word.push(c),
        }
    }
    if begun || !word.is_empty() {
        words.push(word);
    }
    words
}

fn documents(at: &Path, found: &mut Vec<PathBuf>) {
    if at.is_dir() {
        let entries = std::fs::read_dir(at).unwrap();
        let mut entries: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        for entry in entries {
            documents(&entry, found);
        }
    } else if at.extension().is_some_and(|extension| extension == "md") {
        found.push(at.to_owned());
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn all() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for name in DOCUMENTS {
        documents(&root().join(name), &mut found);
    }
    found
}

#[test]
fn every_command_of_the_documents_is_one() {
    let (mut tried, mut wrong) = (0, Vec::new());
    for document in all() {
        let text = std::fs::read_to_string(&document).unwrap();
        for (line, command) in commands(&text) {
            let words = words(&command);
            // An ellipsis stands for what a reader knows.
            let whole = !words.iter().any(|word| word.contains('…') || word == "mcp");
            if whole && let Err(error) = Args::try_parse_from(&words) {
                let said = error.to_string();
                let said = said.lines().next().unwrap_or_default();
                wrong.push(format!(
                    "{}:{line}: {command}\n  {said}",
                    document.display()
                ));
            }
            tried += 1;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tried > 50, "{tried} commands were found");
}

#[test]
fn words_are_those_of_a_shell() {
    let of = |command: &str| words(command)[1..].join("|");
    assert_eq!(
        of("solve a.efg --set \"a b+=-0.1\"  # why"),
        "solve|a.efg|--set|a b+=-0.1"
    );
    assert_eq!(of("schema > case.schema.json"), "schema");
    assert_eq!(
        of("run C --worlds $((i * 1000))..$(((i + 1) * 1000)) -o part-$i"),
        "run|C|--worlds|0..1|-o|part-$i"
    );
}

/// Where a document's links lead: what stands in brackets after a label, outside of code.
fn links(text: &str) -> Vec<(usize, String)> {
    let (mut found, mut inside) = (Vec::new(), false);
    for (place, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            inside = !inside;
        }
        if inside {
            continue;
        }
        // Every second piece between backquotes is code.
        let prose: String = line.split('`').step_by(2).collect::<Vec<_>>().join("x");
        for rest in prose.split("](").skip(1) {
            let to = rest.split(')').next().unwrap_or_default();
            found.push((place + 1, to.to_owned()));
        }
    }
    found
}

/// What a heading is called in a link.
fn anchor(heading: &str) -> String {
    let kept = |c: &char| c.is_alphanumeric() || " -_".contains(*c);
    let plain = heading.to_lowercase();
    plain
        .chars()
        .filter(kept)
        .collect::<String>()
        .replace(' ', "-")
}

fn anchors(text: &str) -> Vec<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let headings = headings.map(|line| anchor(line.trim_start_matches('#').trim()));
    headings.collect()
}

#[test]
fn links_of_the_documents_lead_somewhere() {
    let (mut followed, mut lost) = (0, Vec::new());
    for document in all() {
        let text = std::fs::read_to_string(&document).unwrap();
        for (line, link) in links(&text) {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            let (path, at) = link.split_once('#').unwrap_or((&link, ""));
            let to = if path.is_empty() {
                document.clone()
            } else {
                document.parent().unwrap().join(path)
            };
            let there = to.exists()
                && (at.is_empty()
                    || anchors(&std::fs::read_to_string(&to).unwrap()).contains(&at.to_owned()));
            if !there {
                lost.push(format!("{}:{line}: {link}", document.display()));
            }
            followed += 1;
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
    assert!(followed > 100, "{followed} links were found");
}

/// The book has a page of every document, once.
#[test]
fn the_book_holds_every_document() {
    let listed = std::fs::read_to_string(root().join("book/SUMMARY.md")).unwrap();
    let listed: Vec<PathBuf> = links(&listed)
        .into_iter()
        .map(|(_, link)| root().join("book").join(&link))
        .map(|page| page.canonicalize().unwrap_or(page))
        .collect();
    for (i, page) in listed.iter().enumerate() {
        assert!(page.exists(), "{}", page.display());
        assert!(
            !listed[..i].contains(page),
            "{} stands twice",
            page.display()
        );
    }
    for document in all() {
        assert!(
            listed.contains(&document),
            "{} is not in it",
            document.display()
        );
    }
}
