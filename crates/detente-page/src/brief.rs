//! A brief: two pages for somebody who decides. What the evidence leads with, what blocks it, what would change it, what it rests on and what
//! it does not say, in the report's own words; or two runs side by side.
//!
//! A brief is plain: headings, paragraphs, lists and small tables. Two inks write it, [`html`](Brief::html) and [`docx`](Brief::docx), and neither knows more
//! than the other.

mod changes;
#[cfg(not(target_family = "wasm"))]
mod docx;
mod html;
mod one;
mod two;

use detente_diag::visible;
use detente_evidence::{Evidence, Lack, Missing, Stamp, VERSION};

use crate::parts::{Parts, note};
use crate::rows;
use crate::words::count;

/// A brief, before it is written in any ink. `code` stands between backticks, as in the report's sentences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brief {
    /// What it is about.
    pub title: String,
    /// What it is of: date, reading, worlds.
    pub kicker: String,
    /// The case in a sentence.
    pub about: String,
    /// The case as it was named.
    pub case_path: String,
    /// Its sections, in order.
    pub sections: Vec<Section>,
    /// How to make it again.
    pub colophon: Vec<String>,
}

/// A section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its heading.
    pub heading: String,
    /// What stands under it.
    pub parts: Vec<Part>,
}

/// A part of a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The sentence that leads.
    Lead(String),
    /// A paragraph.
    Text(String),
    /// A small one.
    Note(String),
    /// A warning.
    Fault(String),
    /// Several short things.
    List(Vec<String>),
    /// A small table.
    Table(Table),
}

/// A small table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// What it tells.
    pub says: String,
    /// Heads of its columns.
    pub head: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<String>>,
    /// Is it the first column alone that holds words? Else all do.
    pub numbers: bool,
}

/// The brief of a run, and which of its parts are not there.
pub fn brief(evidence: &Evidence, stamp: &Stamp) -> (Brief, Vec<Missing>) {
    let parts = Parts::default();
    let sections = one::sections(evidence, &parts);
    let brief = Brief {
        title: evidence.setting.name.clone(),
        kicker: format!("Brief · {}", of_run(evidence)),
        about: evidence.setting.summary.clone(),
        case_path: stamp.case_path.clone(),
        sections,
        colophon: colophon(&[(evidence, stamp)], &stamp.command),
    };
    let lacking = lacking(&[evidence], parts);
    (brief.made_visible(), lacking)
}

/// The brief of two runs side by side, and which of its parts are not there. Whoever made both has one command for it, that of the first.
pub fn brief_of_two([first, second]: [&Evidence; 2], stamps: [&Stamp; 2]) -> (Brief, Vec<Missing>) {
    let parts = Parts::default();
    let names = two::names([first, second], stamps);
    let sections = two::sections([first, second], &names, &parts);
    let brief = Brief {
        title: if first.setting.name == second.setting.name {
            first.setting.name.clone()
        } else {
            format!("{} and {}", first.setting.name, second.setting.name)
        },
        kicker: format!(
            "Brief of two runs · A: {} · B: {}",
            of_run(first),
            of_run(second)
        ),
        about: format!("A is {}. B is {}.", names[0], names[1]),
        case_path: stamps[0].case_path.clone(),
        sections,
        colophon: colophon(
            &[(first, stamps[0]), (second, stamps[1])],
            &stamps[0].command,
        ),
    };
    let lacking = lacking(&[first, second], parts);
    (brief.made_visible(), lacking)
}

/// "as of 1 June 2024 · the case as written · 4096 worlds".
fn of_run(evidence: &Evidence) -> String {
    let quick = evidence.missing.iter().any(|m| m.why == Lack::Quick);
    format!(
        "as of {} · {} · {}{}",
        evidence.setting.as_of,
        rows::reading_name(evidence),
        if quick { "a quick look at " } else { "" },
        count(evidence.options.worlds, "world")
    )
}

fn colophon(runs: &[(&Evidence, &Stamp)], command: &str) -> Vec<String> {
    let several = runs.len() > 1;
    let of = |(i, (evidence, stamp)): (usize, &(&Evidence, &Stamp))| {
        let which = match (several, i) {
            (false, _) => "",
            (true, 0) => "A: ",
            (true, _) => "B: ",
        };
        format!(
            "{which}{}, seed {}; sha-256 of the case {}. {}. Consistency: {}.",
            count(evidence.options.worlds, "world"),
            evidence.options.stream.seed,
            stamp.case_hash.get(..12).unwrap_or(&stamp.case_hash),
            rows::certified(evidence),
            rows::consistency(evidence)
        )
    };
    let first = format!(
        "`{command}` · detente {VERSION}. The same command on the same text gives the same bytes."
    );
    std::iter::once(first)
        .chain(runs.iter().enumerate().map(of))
        .collect()
}

fn lacking(runs: &[&Evidence], parts: Parts) -> Vec<Missing> {
    let known = runs.iter().flat_map(|evidence| evidence.missing.clone());
    let mut all: Vec<Missing> = Vec::new();
    for missing in known.chain(parts.missing()) {
        if !all.contains(&missing) {
            all.push(missing);
        }
    }
    all
}

/// A section, or the note that stands in its place where writing it met a defect.
fn section(
    parts: &Parts,
    id: &'static str,
    heading: &str,
    write: impl FnOnce() -> Vec<Part>,
) -> Section {
    let written = parts.write(id, write).unwrap_or_else(|| {
        let why = parts.lack(id);
        vec![Part::Fault(why.as_ref().map(note).unwrap_or_default())]
    });
    Section {
        heading: heading.to_owned(),
        parts: written,
    }
}

impl Brief {
    /// What the case calls itself must neither drive a reader's program nor turn a line around.
    fn made_visible(mut self) -> Self {
        let seen = |text: &mut String| *text = visible(text).into_owned();
        for text in [
            &mut self.title,
            &mut self.kicker,
            &mut self.about,
            &mut self.case_path,
        ] {
            seen(text);
        }
        self.colophon.iter_mut().for_each(seen);
        for section in &mut self.sections {
            seen(&mut section.heading);
            for part in &mut section.parts {
                part.texts_mut().for_each(seen);
            }
        }
        self
    }
}

impl Part {
    fn texts_mut(&mut self) -> Box<dyn Iterator<Item = &mut String> + '_> {
        match self {
            Part::Lead(text) | Part::Text(text) | Part::Note(text) | Part::Fault(text) => {
                Box::new(std::iter::once(text))
            }
            Part::List(items) => Box::new(items.iter_mut()),
            Part::Table(table) => Box::new(
                std::iter::once(&mut table.says)
                    .chain(&mut table.head)
                    .chain(table.rows.iter_mut().flatten()),
            ),
        }
    }
}

/// A stretch of a text, and whether it is code.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Run<'a> {
    text: &'a str,
    code: bool,
}

/// A text cut at its backticks; one that is not closed stands as it is.
fn runs(text: &str) -> Vec<Run<'_>> {
    let pieces: Vec<&str> = text.split('`').collect();
    if pieces.len().is_multiple_of(2) {
        return vec![Run { text, code: false }];
    }
    let each = pieces.into_iter().enumerate();
    each.filter(|(_, text)| !text.is_empty())
        .map(|(i, text)| Run {
            text,
            code: i % 2 == 1,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::runs;

    #[test]
    fn code_stands_between_backticks() {
        let of = |text| -> Vec<(String, bool)> {
            let all = runs(text).into_iter();
            all.map(|run| (run.text.to_owned(), run.code)).collect()
        };
        let plain = |text: &str| (text.to_owned(), false);
        let code = |text: &str| (text.to_owned(), true);
        assert_eq!(of("a `b.c` d"), [plain("a "), code("b.c"), plain(" d")]);
        assert_eq!(of("`b`"), [code("b")]);
        assert_eq!(of("a ` b"), [plain("a ` b")]);
        assert!(of("").is_empty());
    }
}
