//! The folder of a run, as docs/runs.md describes it.
//!
//! `progress.json` stands first and says what is run; each finished block of worlds is a part; the table is put together from
//! the parts; `manifest.json` stands last, and with it the run is whole. Every file is written beside its name and renamed.

mod hash;
mod lock;
mod merge;

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use detente::{Column, Counts, Table, VERSION};
use serde_json::{Value, json};

use crate::build;
use crate::failure::Failure;
use crate::output::{self, UNFINISHED};
use crate::parquet::{Reader, Writer};

use lock::LOCK;

pub(crate) use hash::{Hashing, canonical, of_file, of_text};

/// Version of the folder's format.
pub(crate) const FORMAT: u32 = 1;
/// Worlds of a part, and rows of a group of the table.
pub(crate) const BLOCK: usize = 1024;
/// Under which names a table keeps what it is of, and a part its silences.
const ABOUT: &str = "detente.run";
const SILENCES: &str = "detente.silences";

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
    worlds: usize,
    /// The build that runs; not part of what is run, since numbers depend on case, seed and version alone.
    build: Value,
}

/// What a folder holds of the run that is asked for.
pub(crate) enum State {
    /// Nothing.
    New,
    /// Perhaps some parts.
    Begun,
    /// All of it: its manifest.
    Whole(Value),
}

impl RunFolder {
    pub(crate) fn new(path: PathBuf, plan: Value, columns: Vec<Column>, worlds: usize) -> Self {
        Self {
            path,
            plan,
            columns,
            worlds,
            build: json!(build::identity()),
        }
    }

    /// Hash of the program that runs.
    pub(crate) fn build(&self) -> &Value {
        &self.build
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The manifest, if the folder holds a whole run; another run than this one is refused.
    fn whole(&self) -> Result<Option<Value>, Failure> {
        let Some(manifest) = read_json(&self.path.join(MANIFEST))? else {
            return Ok(None);
        };
        if plan_of(&manifest["result"]) != self.plan {
            return Err(self.holds(&format!(
                "a run of something else ({})",
                what_differs(&manifest["result"], &self.plan)
            )));
        }
        self.same_build(&manifest["build"], "this run")?;
        let table = self.path.join(TABLE);
        if !table.is_file() {
            return Err(self.holds("a manifest without its table"));
        }
        if manifest["files"][TABLE]["sha256"] != json!(of_file(&table)?) {
            return Err(self.holds("this run, but its table is not as it was written"));
        }
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
            return Ok(State::Begun);
        }
        match fs::read_dir(&self.path) {
            Ok(entries) => {
                let paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
                let lock = |path: &PathBuf| path.ends_with(LOCK);
                let ours = |path: &PathBuf| lock(path) || is_unfinished(path);
                if !paths.iter().all(ours) && (held || !paths.iter().any(lock)) {
                    return Err(self.holds("other things than a run"));
                }
                Ok(State::New)
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(State::New),
            Err(error) => Err(output::failed(&self.path, "used as a folder", &error)),
        }
    }

    /// Versions are told apart by the plan. Two builds of one may have other code, and so other numbers: they are not mixed.
    fn same_build(&self, there: &Value, what: &str) -> Result<(), Failure> {
        if *there == self.build {
            return Ok(());
        }
        let known = |build: &Value| match build {
            Value::Null => "not known".to_owned(),
            build => in_words(build),
        };
        Err(self.holds(&format!(
            "{what} as another build of detente {VERSION} ran it (build {} there, {} here), which may have computed other numbers",
            known(there),
            known(&self.build)
        )))
    }

    /// The folder is of no use for this run.
    fn holds(&self, what: &str) -> Failure {
        Failure::BadInput(format!(
            "{} holds {what}; give another folder with -o, or remove it",
            self.path.display()
        ))
    }

    /// Says what is run, and keeps a copy of the case's texts.
    pub(crate) fn begin(&self, texts: &[(String, String)]) -> Result<(), Failure> {
        let progress =
            json!({ "format": FORMAT, "block": BLOCK, "build": self.build, "run": self.plan });
        self.write_json(PROGRESS, &progress)?;
        let case = self.path.join(CASE);
        for (name, text) in texts {
            output::write_file(&case.join(base_name(name)), text.as_bytes())?;
        }
        Ok(())
    }

    /// How many blocks there are.
    pub(crate) fn blocks(&self) -> usize {
        self.worlds.div_ceil(BLOCK)
    }

    /// The worlds of a block.
    pub(crate) fn worlds_of(&self, block: usize) -> std::ops::Range<usize> {
        block * BLOCK..((block + 1) * BLOCK).min(self.worlds)
    }

    /// Is this block's part there, whole and of this run?
    pub(crate) fn has(&self, block: usize) -> bool {
        let path = self.part(block);
        path.is_file()
            && Reader::open(&path).is_ok_and(|part| {
                part.rows() == self.worlds_of(block).len()
                    && part.about(ABOUT) == Some(&canonical(&self.plan))
            })
    }

    /// Writes a block's part.
    pub(crate) fn write_part(&self, block: usize, table: &Table) -> Result<(), Failure> {
        let mut columns = vec![Vec::with_capacity(table.worlds); self.columns.len()];
        for row in table.rows() {
            for (column, values) in self.columns.iter().zip(&mut columns) {
                // One zero and one "not computed": the hash is of numbers, not of signs that say nothing.
                let x = row[column.place];
                values.push(if x.is_nan() { f64::NAN } else { x + 0.0 });
            }
        }
        let about = [
            (ABOUT, canonical(&self.plan)),
            (SILENCES, silences(&table.silences).to_string()),
        ];
        let path = self.part(block);
        output::write_with(&path, |file| {
            let written = Writer::new(file, &self.names(), &about).and_then(|mut writer| {
                writer.group(table.first, &columns)?;
                writer.finish()
            });
            written.map_err(|error| output::failed(&path, "written", &error))
        })
    }

    /// Writes the manifest, and with it declares the run whole; then removes what only an unfinished run needs.
    pub(crate) fn finish(&self, manifest: &Value) -> Result<(), Failure> {
        self.write_json(MANIFEST, manifest)?;
        self.sweep();
        Ok(())
    }

    /// Removes what earlier attempts left behind; the folder must be this process's. What cannot be removed does no harm.
    pub(crate) fn sweep(&self) {
        let whole = self.path.join(MANIFEST).is_file();
        let folders = [self.path.clone(), self.path.join(CASE)];
        for entry in folders
            .iter()
            .filter_map(|folder| fs::read_dir(folder).ok())
            .flat_map(Iterator::flatten)
        {
            let path = entry.path();
            let name = path.file_name().and_then(|name| name.to_str());
            let of_unfinished = name.is_some_and(|name| {
                name == PROGRESS || name.starts_with("part-") && name.ends_with(".parquet")
            });
            if is_unfinished(&path) || whole && of_unfinished {
                let _ = fs::remove_file(&path);
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

    fn part(&self, block: usize) -> PathBuf {
        self.path.join(format!("part-{block:05}.parquet"))
    }

    fn write_json(&self, name: &str, value: &Value) -> Result<(), Failure> {
        output::write_file(&self.path.join(name), format!("{value:#}\n").as_bytes())
    }
}

/// A whole run, to be read.
pub(crate) struct Whole {
    pub(crate) path: PathBuf,
    pub(crate) result: Value,
    pub(crate) build: Value,
    pub(crate) table: Reader,
}

impl Whole {
    /// Opens a run; one that is not whole, or not as it was written, is refused.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let shown = path.display();
        let refuse = |why: &str| Err(Failure::BadInput(format!("{shown} {why}")));
        let Some(manifest) = read_json(&path.join(MANIFEST))? else {
            if path.join(PROGRESS).is_file() {
                return refuse(
                    "holds a run that was not finished; the command that began it goes on from there",
                );
            }
            return refuse("holds no run: it has no manifest.json");
        };
        if manifest["format"] != json!(FORMAT) {
            return refuse("holds a run of another format than this version reads");
        }
        let result = manifest["result"].clone();
        if manifest["sha256"] != json!(of_text(&canonical(&result))) {
            return refuse("is not as it was written: its manifest does not have its own hash");
        }
        let table = path.join(TABLE);
        if manifest["files"][TABLE]["sha256"] != json!(of_file(&table)?) {
            return refuse("is not as it was written: table.parquet has another hash");
        }
        Ok(Self {
            path: path.to_owned(),
            result,
            build: manifest["build"].clone(),
            table: Reader::open(&table)?,
        })
    }

    /// The texts of its case with their names, the main one first; `None` if they are not those that were run.
    pub(crate) fn texts(&self) -> Option<Vec<(String, String)>> {
        let case = &self.result["case"];
        let names = case["files"].as_array()?.iter();
        let texts: Vec<(String, String)> = names
            .map(|name| {
                let path = self.path.join(CASE).join(base_name(name.as_str()?));
                Some((name.as_str()?.to_owned(), fs::read_to_string(path).ok()?))
            })
            .collect::<Option<_>>()?;
        (case["sha256"] == json!(detente::report::hash(&texts))).then_some(texts)
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
    let fields = plan.as_object().into_iter().flatten();
    let differing: Vec<String> = fields
        .filter(|(field, asked)| there[field.as_str()] != **asked)
        .map(|(field, asked)| {
            let (there, asked) = (&there[field.as_str()], asked);
            match field.as_str() {
                // Long lists.
                "case" | "quantities" => field.clone(),
                _ => format!(
                    "{field} ({} there, {} asked for)",
                    in_words(there),
                    in_words(asked)
                ),
            }
        })
        .collect();
    if differing.is_empty() {
        "of another format".to_owned()
    } else {
        format!("it differs in: {}", differing.join(", "))
    }
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

/// Silences as the manifest lists them.
fn silences(counts: &Counts) -> Value {
    let listed = counts.iter().map(|((lens, silence), worlds)| {
        json!({ "lens": lens, "kind": silence.kind(), "why": silence.why(), "worlds": worlds })
    });
    listed.collect()
}

/// The last part of a name.
pub(crate) fn base_name(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or_default()
}

/// Is it a file that some attempt did not finish?
fn is_unfinished(path: &Path) -> bool {
    path.to_str().is_some_and(|path| path.ends_with(UNFINISHED))
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
