//! The parts of a report that belong to one lens each: what it found, as a section of the page and as data. A lens with something to show has a file here and a row in [`ROOMS`].

mod beliefs;
mod durability;
mod leverage;
mod veto;

use askama::Template;
use detente_case::{Case, Input, Overrides, Plan, Status};
use detente_core::Setting;
use serde_json::json;

use crate::headline::Headline;
use crate::missing::{Lack, Parts};
use crate::run::{Progress, RunOptions, Table};
use crate::summary::drawn::Drawn;

/// What a section can look at.
pub(crate) struct Study<'a> {
    /// The case.
    pub(crate) case: &'a Case,
    /// What draws its worlds.
    pub(crate) plan: &'a Plan,
    /// The readings in force.
    pub(crate) overrides: &'a Overrides,
    /// How the run was made.
    #[allow(dead_code, reason = "for sections that run worlds of their own")]
    pub(crate) options: RunOptions,
    /// The worlds of the run.
    pub(crate) table: &'a Table,
    /// Every number as the readings in force leave it.
    pub(crate) inputs: &'a [Input],
    /// What the worlds were drawn with.
    pub(crate) drawn: &'a Drawn,
    /// What the report leads with.
    pub(crate) headline: Headline,
    /// The named package that it leads with.
    pub(crate) leading: Option<usize>,
}

impl Study<'_> {
    /// What the case is about.
    pub(crate) fn setting(&self) -> &Setting {
        &self.case.setting
    }

    /// Of the stated numbers under a path that say something about the world: how many are placeholders, and how many there are.
    pub(crate) fn placeholders(&self, under: &str) -> (usize, usize) {
        let about = |input: &&Input| {
            let below = input.path.strip_prefix(under);
            below.is_some_and(|rest| rest.starts_with('.'))
                && input.status.is_claim()
                && input.span.is_some()
        };
        let all = self.inputs.iter().filter(about);
        let stand_in = all.clone().filter(|i| i.status == Status::Placeholder);
        (stand_in.count(), all.count())
    }
}

/// A part of the report.
#[derive(Clone, Debug)]
pub struct Section {
    /// Anchor on the page, and key in JSON: the lens.
    pub id: &'static str,
    /// Title in the contents.
    pub title: &'static str,
    /// Sentences for the page's bottom line, plain text, each with the anchor that it leads to.
    pub bottom_line: Vec<(String, &'static str)>,
    /// The whole `<section>`.
    pub html: String,
    /// The same as data.
    pub json: serde_json::Value,
}

/// What a lens's file makes.
struct Written {
    bottom_line: Vec<(String, &'static str)>,
    html: String,
    json: serde_json::Value,
}

/// Where a section stands, and what makes it; it may have nothing to say of a case.
struct Room {
    lens: &'static str,
    title: &'static str,
    /// Does the case have something of this kind? Asked before anything is worked out, so that nothing is said to be left out that
    /// would not have been there.
    applies: fn(&Study) -> bool,
    make: fn(&Study, &dyn Progress) -> Option<Written>,
}

/// Every section, in the order of the page.
static ROOMS: &[Room] = &[
    Room {
        lens: "leverage",
        title: "What threats and promises would do",
        applies: leverage::applies,
        make: leverage::section,
    },
    Room {
        lens: "beliefs",
        title: "Who misreads whom",
        applies: beliefs::applies,
        make: beliefs::section,
    },
    Room {
        lens: "veto",
        title: "If some settle over another’s head",
        applies: veto::applies,
        make: veto::section,
    },
    Room {
        lens: "durability",
        title: "Would the peace last?",
        applies: durability::applies,
        make: durability::section,
    },
];

/// The sections that have something to say, and a note in the place of each that should have and could not.
pub(crate) fn sections(study: &Study, parts: &Parts, progress: &dyn Progress) -> Vec<Section> {
    let section = |room: &Room| section(room, study, parts, progress);
    ROOMS.iter().filter_map(section).collect()
}

fn section(room: &Room, study: &Study, parts: &Parts, progress: &dyn Progress) -> Option<Section> {
    let Room {
        lens,
        title,
        applies,
        make,
    } = *room;
    if parts.quick(lens, || applies(study)) == Some(false) {
        return None;
    }
    let Some(written) = parts.whole(lens, || make(study, progress)) else {
        let why = parts.lack(lens)?;
        return Some(Section {
            id: lens,
            title,
            bottom_line: Vec::new(),
            html: Absent {
                id: lens,
                title,
                note: why.note(),
            }
            .render()
            .ok()?,
            json: match &why {
                Lack::Interrupted => json!({ "left_out": "interrupted" }),
                Lack::Defect(what) => json!({ "defect": what }),
            },
        });
    };
    let Written {
        bottom_line,
        html,
        json,
    } = written?;
    Some(Section {
        id: lens,
        title,
        bottom_line,
        html,
        json,
    })
}

/// The section that is not there.
#[derive(Template)]
#[template(
    ext = "html",
    source = "<section id=\"{{ id }}\">\n<h2>{{ title }}</h2>\n<p class=\"fault\">{{ note }}</p>\n</section>"
)]
struct Absent {
    id: &'static str,
    title: &'static str,
    note: String,
}

#[cfg(test)]
mod tests {
    use detente_case::{Overrides, Plan};

    use super::{Parts, Room, Study, section};
    use crate::missing::Lack;
    use crate::run::{Ignored, RunOptions, run};
    use crate::summary::drawn::drawn;

    /// The note of a section that panics stands in its place, and the next one is written.
    #[test]
    fn a_section_that_panics_is_a_note() {
        let text = include_str!("../../../../cases/first-case/case.toml");
        let case = crate::check("case.toml", text).case.unwrap();
        let plan = Plan::new(&case);
        let options = RunOptions {
            worlds: 4,
            searches: 0,
            ..RunOptions::default()
        };
        let none = Overrides::default();
        let table = run(&plan, &none, options, &Ignored);
        let drawn = drawn(&plan, &none, options, &table);
        let study = Study {
            case: &case,
            plan: &plan,
            overrides: &none,
            options,
            table: &table,
            inputs: &case.inputs,
            drawn: &drawn,
            headline: crate::headline::Headline::of(&plan, &none),
            leading: Some(0),
        };
        let parts = Parts::new(&Ignored);
        let room = |lens, make| Room {
            lens,
            title: "Title <b>",
            applies: |_| true,
            make,
        };
        let broken = room("veto", |_, _| panic!("no such <lever>"));
        let note = section(&broken, &study, &parts, &Ignored).unwrap();
        assert!(
            note.html
                .starts_with("<section id=\"veto\">\n<h2>Title &#60;b&#62;</h2>")
        );
        let said = "could not be written: a defect of the program, please report it: no such &#60;lever&#62;";
        assert!(note.html.contains(said), "{}", note.html);
        assert_eq!(note.json["defect"], "no such <lever>");
        let sound = room("durability", |_, _| {
            Some(super::Written {
                bottom_line: Vec::new(),
                html: "<section>".to_owned(),
                json: serde_json::Value::Null,
            })
        });
        let next = section(&sound, &study, &parts, &Ignored).unwrap();
        assert_eq!(next.html, "<section>");
        let missing = parts.missing();
        assert!(
            matches!(missing.as_slice(), [only] if only.part == "veto" && matches!(only.why, Lack::Defect(_)))
        );
    }
}
