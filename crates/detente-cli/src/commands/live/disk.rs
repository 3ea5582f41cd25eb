//! The files of the case: what they hold now, and writing what was typed on the page, which never takes the place of what somebody else wrote.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde_json::{Value, json};

use crate::output::{Inputs, Place};

/// The case on disk.
pub(super) struct Disk {
    given: PathBuf,
    /// The files that were opened, which alone are ever written.
    paths: Vec<PathBuf>,
    writing: Mutex<()>,
}

/// What the files hold.
pub(super) struct Held {
    pub(super) version: String,
    pub(super) files: Vec<(PathBuf, String)>,
}

impl Disk {
    pub(super) fn new(given: &Path, files: Vec<(PathBuf, String)>) -> Self {
        Self {
            given: given.to_owned(),
            paths: files.into_iter().map(|(path, _)| path).collect(),
            writing: Mutex::new(()),
        }
    }

    /// The files as they are, or why they cannot be read.
    pub(super) fn held(&self) -> Result<Held, String> {
        let files =
            detente_desk::case_files::read(&self.given).map_err(|why| why.message.clone())?;
        let named: Vec<(String, String)> = files
            .iter()
            .map(|(path, text)| (path.display().to_string(), text.clone()))
            .collect();
        Ok(Held {
            version: detente::report::hash(&named),
            files,
        })
    }

    /// The same as data.
    pub(super) fn told(&self) -> Value {
        match self.held() {
            Ok(held) => {
                let files = held.files.iter();
                let files = files.map(|(path, text)| json!([path.display().to_string(), text]));
                json!({ "version": held.version, "files": files.collect::<Value>() })
            }
            Err(why) => json!({ "version": "unreadable", "error": why }),
        }
    }

    /// Writes texts to the files that they are of, if those are still as they were when the texts were taken from them.
    pub(super) fn save(&self, body: &Value) -> Result<Value, String> {
        let one_at_a_time = self.writing.lock();
        let version = body["version"].as_str().ok_or("`version` must be a text")?;
        let files = body["files"]
            .as_array()
            .ok_or("`files` must be a list of [name, text]")?;
        let held = self.held()?;
        if held.version != version {
            return Ok(json!({ "conflict": true, "version": held.version }));
        }
        let mut changed = Vec::new();
        for file in files {
            let (Some(name), Some(text)) = (file[0].as_str(), file[1].as_str()) else {
                return Err("`files` must be a list of [name, text]".to_owned());
            };
            let known = held
                .files
                .iter()
                .find(|(path, _)| path.display().to_string() == name);
            let (path, before) = known.ok_or_else(|| format!("{name} is no file of the case"))?;
            if before == text {
                continue;
            }
            if !self.paths.contains(path) {
                return Err(format!(
                    "{name} was not there when `detente live` began: start it again to write to it"
                ));
            }
            changed.push((path, text));
        }
        for (path, text) in changed {
            let place = Place::look(path, &Inputs::default());
            place
                .and_then(|place| place.write(text.as_bytes()))
                .map_err(|_| {
                    format!(
                        "{} cannot be written; the terminal may say why",
                        path.display()
                    )
                })?;
        }
        drop(one_at_a_time);
        let held = self.held()?;
        Ok(json!({ "version": held.version }))
    }
}
