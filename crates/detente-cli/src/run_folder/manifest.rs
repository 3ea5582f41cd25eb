//! The one reader of manifests: a run is whole, and as it was written, for every command or for none.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::hash::{canonical, of_file, of_text};
use super::{ABOUT, CASE, FORMAT, MANIFEST, PROGRESS, TABLE, base_name, plan_of, read_json};
use crate::failure::Failure;
use crate::parquet::Reader;

/// The manifest of a run that is as it was written.
pub(crate) struct Manifest(Value);

/// Why a folder's manifest is not to be relied on.
pub(super) enum Unsound {
    /// It cannot be read at all.
    Unread(Failure),
    /// What is wrong, to be said behind the folder's name.
    Run(String),
}

impl Manifest {
    /// A manifest that was made just now.
    pub(crate) fn new(document: Value) -> Self {
        Self(document)
    }

    /// That of a folder; `None` if it has none.
    pub(super) fn read(folder: &Path) -> Result<Option<Self>, Unsound> {
        let Some(manifest) = read_json(&folder.join(MANIFEST)).map_err(Unsound::Unread)? else {
            return Ok(None);
        };
        let unsound = |why: &str| Err(Unsound::Run(why.to_owned()));
        if manifest["format"] != json!(FORMAT) {
            return unsound("holds a run of another format than this version reads");
        }
        let result = &manifest["result"];
        if manifest["sha256"] != json!(of_text(&canonical(result))) {
            return unsound("is not as it was written: its manifest does not have its own hash");
        }
        let table = folder.join(TABLE);
        if !table.is_file() {
            return unsound("holds a manifest without its table");
        }
        let hash = of_file(&table).map_err(Unsound::Unread)?;
        if manifest["files"][TABLE]["sha256"] != json!(hash) {
            return unsound("is not as it was written: table.parquet has another hash");
        }
        // The hash of the file stands outside that of the result.
        let reader = Reader::open(&table).map_err(Unsound::Unread)?;
        let of_this_run = reader.about(ABOUT) == Some(canonical(&plan_of(result)).as_str())
            && result["table"]["rows"] == json!(reader.rows())
            && result["table"]["columns"] == json!(reader.names().len());
        if !of_this_run {
            return unsound("is not as it was written: table.parquet is of another run");
        }
        Ok(Some(Self(manifest)))
    }

    /// All of it.
    pub(crate) fn document(&self) -> &Value {
        &self.0
    }

    /// What a run is, and what came of it.
    pub(crate) fn result(&self) -> &Value {
        &self.0["result"]
    }

    pub(crate) fn build(&self) -> &Value {
        &self.0["build"]
    }

    /// The first answer of the run that failed its certificate, if one did.
    pub(crate) fn fault(&self) -> Option<&str> {
        self.result()["certificates"]["faults"][0].as_str()
    }
}

/// Which worlds of a whole a run is of, by what it says of itself.
pub(crate) fn worlds_of(result: &Value) -> Range<usize> {
    let number = |value: &Value| value.as_u64().and_then(|n| usize::try_from(n).ok());
    let range = &result["range"];
    match (number(&range[0]), number(&range[1])) {
        (Some(start), Some(end)) => start..end,
        _ => 0..number(&result["worlds"]).unwrap_or(0),
    }
}

/// A whole run, to be read.
pub(crate) struct Whole {
    pub(crate) path: PathBuf,
    pub(crate) manifest: Manifest,
    pub(crate) table: Reader,
}

impl Whole {
    /// Opens a run; one that is not whole, or not as it was written, is refused.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let refuse = |why: &str| Failure::BadInput(format!("{} {why}", path.display()));
        let read = Manifest::read(path).map_err(|unsound| match unsound {
            Unsound::Unread(failure) => failure,
            Unsound::Run(why) => refuse(&why),
        })?;
        let Some(manifest) = read else {
            return Err(if path.join(PROGRESS).is_file() {
                refuse(
                    "holds a run that was not finished; the command that began it goes on from there",
                )
            } else {
                refuse("holds no run: it has no manifest.json")
            });
        };
        Ok(Self {
            path: path.to_owned(),
            manifest,
            table: Reader::open(&path.join(TABLE))?,
        })
    }

    pub(crate) fn result(&self) -> &Value {
        self.manifest.result()
    }

    /// Which worlds of its whole it holds.
    pub(crate) fn worlds(&self) -> Range<usize> {
        worlds_of(self.result())
    }

    /// The texts of its case with their names, the main one first; `None` if they are not those that were run.
    pub(crate) fn texts(&self) -> Option<Vec<(String, String)>> {
        let case = &self.result()["case"];
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
