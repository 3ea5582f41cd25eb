//! How each lens's part of a report is written up, as a section of the page and as data.

pub(crate) mod alternative;
mod beliefs;
mod durability;
mod leverage;
pub(crate) mod settlement;
mod stability;
pub(crate) mod talks;
mod veto;

use askama::Template;
use detente_core::Setting;
use detente_evidence::{Chapter, Evidence, Lack};
use detente_math::Mean;
use serde_json::{Value, json};
pub(crate) use talks::kind_in_words;

use crate::parts::{Parts, note};
use crate::terms::Terms;
use crate::words::per_hundred;

/// A part of the report.
#[derive(Clone, Debug)]
pub(super) struct Section {
    /// Anchor on the page, and key in JSON: the lens.
    pub(super) id: &'static str,
    /// Title in the contents.
    pub(super) title: String,
    /// Sentences for the page's bottom line, plain text, each with the anchor that it leads to.
    pub(super) bottom_line: Vec<(String, &'static str)>,
    /// The whole `<section>`.
    pub(super) html: String,
    /// The same as data.
    pub(super) json: Value,
}

/// What a lens's file makes.
struct Written {
    bottom_line: Vec<(String, &'static str)>,
    html: String,
    json: Value,
}

/// The sections that have something to say, in the order of the page, and a note in the place of each that should have and could not.
pub(super) fn sections(evidence: &Evidence, parts: &Parts) -> Vec<Section> {
    let told = &evidence.chapters;
    let all = [
        Room {
            lens: "leverage",
            title: "What threats and promises would do".to_owned(),
        }
        .section(evidence, parts, &told.leverage, leverage::write),
        Room {
            lens: "beliefs",
            title: "Who misreads whom".to_owned(),
        }
        .section(evidence, parts, &told.beliefs, beliefs::write),
        Room {
            lens: "veto",
            title: "If some settle over another’s head".to_owned(),
        }
        .section(evidence, parts, &told.veto, veto::write),
        Room {
            lens: "durability",
            title: Terms::of(&evidence.setting).lasting(),
        }
        .section(evidence, parts, &told.durability, durability::write),
        Room {
            lens: "stability",
            title: "Would anybody leave it once it is signed?".to_owned(),
        }
        .section(evidence, parts, &told.stability, stability::write),
        Room {
            lens: "talks",
            title: "How does the negotiation go when it is played?".to_owned(),
        }
        .section(evidence, parts, &told.talks, talks::write),
    ];
    all.into_iter().flatten().collect()
}

/// Where a section stands.
struct Room {
    lens: &'static str,
    title: String,
}

impl Room {
    fn section<T>(
        self,
        evidence: &Evidence,
        parts: &Parts,
        chapter: &Chapter<T>,
        write: fn(&Evidence, &T) -> Option<Written>,
    ) -> Option<Section> {
        let told = match chapter {
            Chapter::Nothing => return None,
            Chapter::Lacking(why) => return self.absent(why),
            Chapter::Told(told) => told,
        };
        let written = match parts.write(self.lens, || write(evidence, told)) {
            Some(written) => written?,
            None => return self.absent(&parts.lack(self.lens)?),
        };
        Some(Section {
            id: self.lens,
            title: self.title,
            bottom_line: written.bottom_line,
            html: written.html,
            json: written.json,
        })
    }

    /// The section that is not there.
    fn absent(&self, why: &Lack) -> Option<Section> {
        let note = Absent {
            id: self.lens,
            title: self.title.clone(),
            note: note(why),
        };
        Some(Section {
            id: self.lens,
            title: self.title.clone(),
            bottom_line: Vec::new(),
            html: note.render().ok()?,
            json: match why {
                Lack::Interrupted => json!({ "left_out": "interrupted" }),
                Lack::Quick => json!({ "left_out": "quick" }),
                Lack::Kept => json!({ "left_out": "kept" }),
                Lack::Unkept => json!({ "left_out": "not_kept" }),
                Lack::Defect(what) => json!({ "defect": what }),
            },
        })
    }
}

#[derive(Template)]
#[template(
    ext = "html",
    source = "<section id=\"{{ id }}\">\n<h2>{{ title }}</h2>\n<p class=\"fault\">{{ note }}</p>\n</section>"
)]
struct Absent {
    id: &'static str,
    title: String,
    note: String,
}

/// A mean as data.
pub(crate) fn mean(mean: &Mean) -> Value {
    json!({ "value": number(mean.value), "error": number(mean.error), "n": mean.n })
}

/// A mean that some cases do not tell.
pub(crate) fn told(of: &Mean) -> Value {
    if of.n > 0 { mean(of) } else { Value::Null }
}

/// A number as data; nothing where it was not told.
fn number(x: f64) -> Value {
    /// Less than this is what rounding leaves of nothing, whatever is counted.
    const ROUNDING: f64 = 1e-13;
    if !x.is_finite() {
        return Value::Null;
    }
    json!(if x.abs() < ROUNDING { 0.0 } else { x })
}

/// A share in words; a dash where it was not told.
fn share(x: f64) -> String {
    if x.is_nan() {
        "–".to_owned()
    } else {
        per_hundred(x)
    }
}

/// A type with its party: "Northland: hard", or the party alone where it has no other.
fn type_name(setting: &Setting, t: usize) -> String {
    let kind = &setting.types[t];
    let party = &setting.parties[kind.party];
    if party.types.len() > 1 {
        format!("{}: {}", party.name, kind.name)
    } else {
        party.name.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::{Room, Written};
    use crate::parts::Parts;
    use detente_evidence::{Chapter, Lack, RunOptions};
    use detente_study::Ignored;

    /// The note of a section that panics stands in its place, and the next one is written.
    #[test]
    fn a_section_that_panics_is_a_note() {
        let text = include_str!("../../../cases/first-case/case.toml");
        let case = crate::check("case.toml", text).case.unwrap();
        let options = RunOptions {
            worlds: 4,
            searches: 0,
            ..RunOptions::default()
        };
        let evidence = detente_study::summarise(&case, &[], options, &Ignored).unwrap();
        let parts = Parts::default();
        let room = |lens| Room {
            lens,
            title: "Title <b>".to_owned(),
        };
        let told = Chapter::Told(());
        let broken =
            room("veto").section(&evidence, &parts, &told, |_, ()| panic!("no such <lever>"));
        let note = broken.unwrap();
        assert!(
            note.html
                .starts_with("<section id=\"veto\">\n<h2>Title &#60;b&#62;</h2>")
        );
        let said = "could not be written: a defect of the program, please report it: no such &#60;lever&#62;";
        assert!(note.html.contains(said), "{}", note.html);
        assert_eq!(note.json["defect"], "no such <lever>");
        let sound = room("durability").section(&evidence, &parts, &told, |_, ()| {
            Some(Written {
                bottom_line: Vec::new(),
                html: "<section>".to_owned(),
                json: serde_json::Value::Null,
            })
        });
        assert_eq!(sound.unwrap().html, "<section>");
        let missing = parts.missing();
        assert!(
            matches!(missing.as_slice(), [only] if only.part == "veto" && matches!(only.why, Lack::Defect(_)))
        );
    }
}
