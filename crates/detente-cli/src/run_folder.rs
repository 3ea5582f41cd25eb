//! The folder of a run, as docs/runs.md describes it.
//!
//! `progress.json` stands first and says what is run; each finished block of worlds is a part; the table is put together from
//! the parts; `manifest.json` stands last, and with it the run is whole. Every file is written beside its name and renamed.

mod hash;
mod joined;
mod kept;
mod lock;
mod manifest;
mod merge;
mod parts;

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::ops::Range;
use std::path::{Path, PathBuf};

use detente::{Column, VERSION};
use serde_json::{Value, json};

use crate::build;
use crate::failure::Failure;
use crate::output;

use lock::LOCK;

pub(crate) use hash::{Hashing, canonical, of_file, of_text};
pub(crate) use joined::Joined;
pub(crate) use kept::kept;
pub(crate) use manifest::{Manifest, Whole};
pub(crate) use parts::{Held, Part};

/// Version of the folder's format.
pub(crate) const FORMAT: u32 = 1;
/// Worlds of a part, and rows of a group of the table.
pub(crate) const BLOCK: usize = 1024;
/// Under which name a table, and a part of one, keeps what it is of.
const ABOUT: &str = "detente.run";

const MANIFEST: &str = "manifest.json";
const PROGRESS: &str = "progress.json";
pub(crate) const TABLE: &str = "table.parquet";
const CSV: &str = "table.csv";
const CASE: &str = "case";

/// A folder for one run.
pub(crate) struct RunFolder {
    path: PathBuf,
    /// What is run, as the manifest's `result` repeats it.
    plan: Value,
    columns: Vec<Column>,
    worlds: Range<usize>,
}

/// What a folder holds of the run that is asked for.
pub(crate) enum State {
    /// Nothing.
    New,
    /// Perhaps some parts.
    Begun,
    /// All of it: its manifest.
    Whole(Manifest),
}

impl RunFolder {
    pub(crate) fn new(
        path: PathBuf,
        plan: Value,
        columns: Vec<Column>,
        worlds: Range<usize>,
    ) -> Self {
        Self {
            path,
            plan,
            columns,
            worlds,
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// What is run, as the manifest's `result` repeats it.
    pub(crate) fn plan(&self) -> &Value {
        &self.plan
    }

    pub(crate) fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The manifest, if the folder holds a whole run; another run than this one is refused.
    fn whole(&self) -> Result<Option<Manifest>, Failure> {
        let read = Manifest::read(&self.path).map_err(|unsound| match unsound {
            manifest::Unsound::Unread(failure) => failure,
            manifest::Unsound::Run(why) => self.useless(&why),
        })?;
        let Some(manifest) = read else {
            return Ok(None);
        };
        if plan_of(manifest.result()) != self.plan {
            return Err(self.holds(&format!(
                "a run of something else ({})",
                what_differs(manifest.result(), &self.plan)
            )));
        }
        self.same_build(manifest.build(), "this run")?;
        Ok(Some(manifest))
    }

    /// What the folder holds; anything else than this run is refused. While the folder is not this process's (`held`), files
    /// may come and go beside its lock.
    fn state(&self, held: bool) -> Result<State, Failure> {
        if let Some(manifest) = self.whole()? {
            return Ok(State::Whole(manifest));
        }
        if let Some(progress) = read_json(&self.path.join(PROGRESS))? {
            if progress["run"] != self.plan || progress["block"] != json!(BLOCK) {
                return Err(self.holds(&format!(
                    "the beginning of a run of something else ({})",
                    what_differs(&progress["run"], &self.plan)
                )));
            }
            self.same_build(&progress["build"], "the beginning of this run")?;
            self.refuse_strange()?;
            return Ok(State::Begun);
        }
        match fs::read_dir(&self.path) {
            Ok(entries) => {
                let paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
                let lock = |path: &PathBuf| path.ends_with(LOCK);
                let ours = |path: &PathBuf| lock(path) || self.is_left_over(path);
                if !paths.iter().all(ours) && (held || !paths.iter().any(lock)) {
                    return Err(self.holds("other things than a run"));
                }
                Ok(State::New)
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(State::New),
            Err(error) => Err(output::failed(&self.path, "used as a folder", &error)),
        }
    }

    /// The build that runs; not part of what is run, since numbers depend on case, seed and version alone.
    pub(crate) fn build() -> Value {
        json!(build::identity())
    }

    /// Versions are told apart by the plan. Two builds of one may have other code, and so other numbers: they are not mixed.
    fn same_build(&self, there: &Value, what: &str) -> Result<(), Failure> {
        let build = Self::build();
        if *there == build {
            return Ok(());
        }
        let known = |build: &Value| match build {
            Value::Null => "not known".to_owned(),
            build => in_words(build),
        };
        Err(self.holds(&format!(
            "{what} as another build of detente {VERSION} ran it (build {} there, {} here), which may have computed other numbers",
            known(there),
            known(&build)
        )))
    }

    /// The folder is of no use for this run.
    fn holds(&self, what: &str) -> Failure {
        self.useless(&format!("holds {what}"))
    }

    fn useless(&self, why: &str) -> Failure {
        Failure::BadInput(format!(
            "{} {why}; give another folder with -o, or remove it",
            self.path.display()
        ))
    }

    /// Refuses a folder in which something else than a file of its own stands under the name of one: a link, above all, through
    /// which other files would be written.
    fn refuse_strange(&self) -> Result<(), Failure> {
        for entry in fs::read_dir(&self.path).into_iter().flatten().flatten() {
            let (name, kind) = (entry.file_name(), entry.file_type());
            let Some(name) = name.to_str() else { continue };
            let strange = kind.is_ok_and(|kind| {
                self.is_own(name) && !kind.is_file() || name == CASE && !kind.is_dir()
            });
            if strange {
                return Err(self.holds(&format!("this run, but its {name} is a link or the like")));
            }
        }
        Ok(())
    }

    /// Is this the name of a file that a run writes?
    fn is_own(&self, name: &str) -> bool {
        let part = || parts::number(name).is_some_and(|block| block < self.blocks());
        [MANIFEST, PROGRESS, TABLE, CSV].contains(&name) || part()
    }

    /// Is this a file that an attempt at this run did not finish?
    fn is_left_over(&self, path: &Path) -> bool {
        let name = path.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| output::is_left_over(name, |of| self.is_own(of)))
    }

    /// Is what was done kept where the same command would find it?
    pub(crate) fn is_kept(path: &Path) -> bool {
        path.join(PROGRESS).is_file() || path.join(MANIFEST).is_file()
    }

    /// Says what is run, and keeps a copy of the case's texts.
    pub(crate) fn begin(&self, texts: &[(String, String)]) -> Result<(), Failure> {
        let progress =
            json!({ "format": FORMAT, "block": BLOCK, "build": Self::build(), "run": self.plan });
        self.write_json(PROGRESS, &progress)?;
        let case = self.path.join(CASE);
        for (name, text) in texts {
            let path = case.join(base_name(name));
            output::write_own(&path, |file| {
                file.write_all(text.as_bytes())
                    .map_err(|error| output::failed(&path, "written", &error))
            })?;
        }
        Ok(())
    }

    /// How many blocks there are.
    pub(crate) fn blocks(&self) -> usize {
        self.worlds.len().div_ceil(BLOCK)
    }

    /// The worlds of a block.
    pub(crate) fn worlds_of(&self, block: usize) -> Range<usize> {
        let first = self.worlds.start + block * BLOCK;
        first..(first + BLOCK).min(self.worlds.end)
    }

    /// Writes the manifest, and with it declares the run whole; then removes what only an unfinished run needs.
    pub(crate) fn finish(&self, manifest: &Manifest) -> Result<(), Failure> {
        self.write_json(MANIFEST, manifest.document())?;
        self.sweep();
        Ok(())
    }

    /// Removes what earlier attempts left behind; the folder must be this process's. What cannot be removed does no harm, and what
    /// is not of this run stays.
    pub(crate) fn sweep(&self) {
        let whole = self.path.join(MANIFEST).is_file();
        for entry in fs::read_dir(&self.path).into_iter().flatten().flatten() {
            let path = entry.path();
            let name = entry.file_name();
            let of_unfinished = || {
                let name = name.to_str().unwrap_or_default();
                name == PROGRESS || parts::number(name).is_some() && self.is_of_this_run(&path)
            };
            let regular = entry.file_type().is_ok_and(|kind| kind.is_file());
            if regular && (self.is_left_over(&path) || whole && of_unfinished()) {
                let _ = fs::remove_file(&path);
            }
        }
        let files = self.plan["case"]["files"].as_array();
        let texts: Vec<&str> = files
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let case = fs::read_dir(self.path.join(CASE)).into_iter().flatten();
        for entry in case.flatten() {
            let name = entry.file_name();
            let own = |of: &str| texts.contains(&of);
            if name
                .to_str()
                .is_some_and(|name| output::is_left_over(name, own))
            {
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    fn names(&self) -> Vec<(&str, bool)> {
        let repeats = |column: &Column| column.unit == detente::Unit::Flag;
        self.columns
            .iter()
            .map(|column| (column.name.as_str(), repeats(column)))
            .collect()
    }

    fn write_json(&self, name: &str, value: &Value) -> Result<(), Failure> {
        let path = self.path.join(name);
        output::write_own(&path, |file| {
            writeln!(file, "{value:#}").map_err(|error| output::failed(&path, "written", &error))
        })
    }
}

/// The part of a result that says what was run, not what came of it.
fn plan_of(result: &Value) -> Value {
    let mut plan = result.clone();
    if let Some(fields) = plan.as_object_mut() {
        for outcome in ["silences", "certificates", "table"] {
            fields.shift_remove(outcome);
        }
    }
    plan
}

/// The fields in which two plans differ, for a message: as the folder has them and as they are asked for.
fn what_differs(there: &Value, plan: &Value) -> String {
    let differing = differing(there, plan, ["there", "asked for"]);
    if differing.is_empty() {
        "of another format".to_owned()
    } else {
        format!("it differs in: {}", differing.join(", "))
    }
}

/// The same, field by field, with what the two are called.
fn differing(one: &Value, other: &Value, called: [&str; 2]) -> Vec<String> {
    // A range has a field that a whole does not.
    let fields = |plan: &Value| -> Vec<String> {
        let fields = plan.as_object().into_iter().flatten();
        fields.map(|(field, _)| field.clone()).collect()
    };
    let mut all = fields(other);
    all.extend(fields(one));
    let mut seen = std::collections::BTreeSet::new();
    all.retain(|field| seen.insert(field.clone()));
    all.into_iter()
        .filter(|field| one[field.as_str()] != other[field.as_str()])
        .map(|field| match field.as_str() {
            // Long lists.
            "case" | "quantities" => field,
            _ => format!(
                "{field} ({} {}, {} {})",
                in_words(&one[field.as_str()]),
                called[0],
                in_words(&other[field.as_str()]),
                called[1],
            ),
        })
        .collect()
}

/// A condition of a run, as a message says it.
pub(crate) fn in_words(value: &Value) -> String {
    let listed = |items: Vec<String>| {
        if items.is_empty() {
            "none".to_owned()
        } else {
            items.join(", ")
        }
    };
    match value {
        Value::Null => "none".to_owned(),
        // Enough of a hash to tell it from another.
        Value::String(text) if text.len() == 64 => text[..12].to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) => listed(items.iter().map(in_words).collect()),
        // Of a silence, what makes it one and where.
        Value::Object(silence) if silence.contains_key("lens") => {
            let text = |field: &str| silence[field].as_str().unwrap_or_default();
            let kind = text("kind").replace('_', " ");
            format!("{} {kind} in {}", text("lens"), silence["worlds"])
        }
        Value::Object(fields) => {
            let field = |(name, value): (&String, &Value)| format!("{name}={}", in_words(value));
            listed(fields.iter().map(field).collect())
        }
        other => other.to_string(),
    }
}

/// The last part of a name.
pub(crate) fn base_name(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or_default()
}

/// A JSON file, if there is one.
fn read_json(path: &Path) -> Result<Option<Value>, Failure> {
    match fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|error| {
            Failure::BadInput(format!("{} cannot be understood: {error}", path.display()))
        }),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(error) => Err(output::failed(path, "read", &error)),
    }
}
