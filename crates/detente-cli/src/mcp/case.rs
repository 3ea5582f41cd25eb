//! Cases that tools are handed: texts, or files below the root folder that the server was given.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use detente::diag::{Diagnostic, Severity, Sources};
use detente::{BadReading, Case, Overrides, Sampler, Stream};
use rmcp::schemars::{self, JsonSchema};
use serde::Deserialize;

use super::work::Refused;
use crate::case_file;
use crate::failure::Failure;

/// The file that a case begins with.
const MAIN: &str = "case.toml";
/// Files that lie beside a case and are no part of it.
const BESIDE: [&str; 2] = [case_file::EVIDENCE, case_file::LEDGER];

/// A case: either its texts, or where it lies below the server's root folder.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Given {
    /// The texts of the case by file name, such as {"case.toml": "[case]\nname = …"}. A case of several files is put together key by key;
    /// the main one is called case.toml.
    #[serde(default)]
    pub(super) files: BTreeMap<String, String>,
    /// In place of texts: a case file or folder, relative to the root folder that the server was started with (--root).
    #[serde(default)]
    pub(super) path: Option<String>,
}

/// A case and how it is drawn.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Drawn {
    /// The case.
    pub(super) case: Given,
    /// Readings of the case to put over its numbers, composed in order.
    #[serde(default)]
    pub(super) reading: Vec<String>,
    /// Numbers set for this run alone, by path, as the language writes them: {"contest.edge": "0.1 to 0.3"}.
    #[serde(default)]
    pub(super) set: BTreeMap<String, String>,
    /// Where several experts speak of a number, this one alone.
    #[serde(default)]
    pub(super) expert: Option<String>,
    /// Seed of every draw; 1 if left out.
    #[serde(default)]
    pub(super) seed: Option<u64>,
}

/// A checked case with its texts.
pub(super) struct Opened {
    pub(super) case: Case,
    /// As its text has it, before anything was set.
    pub(super) written: Case,
    pub(super) overrides: Overrides,
    pub(super) texts: Vec<(String, String)>,
    /// What the case is called in results.
    pub(super) name: String,
    pub(super) readings: Vec<String>,
    pub(super) stream: Stream,
}

/// The folder below which tools may read.
#[derive(Clone, Debug)]
pub(super) struct Root(PathBuf);

impl Root {
    pub(super) fn open(given: &Path) -> Result<Self, Failure> {
        let shown = given.display();
        let resolved = given
            .canonicalize()
            .map_err(|error| Failure::BadInput(format!("--root {shown}: {error}")))?;
        if !resolved.is_dir() {
            return Err(Failure::BadInput(format!("--root {shown} is no folder")));
        }
        Ok(Self(resolved))
    }

    /// The texts of a case below the folder, by names relative to it. What leads out of it, by its name or by a link, is refused.
    fn read(&self, path: &str) -> Result<Vec<(String, String)>, Refused> {
        let outside = || {
            Refused::saying(format!(
                "`{path}` does not lie below the server’s root folder: give a relative path without `..`, and no link that leads out of it"
            ))
        };
        let given = Path::new(path);
        let plain = |part: Component| matches!(part, Component::Normal(_) | Component::CurDir);
        if path.is_empty() || !given.components().all(plain) {
            return Err(outside());
        }
        let inside = |at: &Path| -> Result<PathBuf, Refused> {
            let resolved = at
                .canonicalize()
                .map_err(|_| Refused::saying(format!("`{path}` holds no case: no such file or folder below the server’s root folder, or no {MAIN} in it")))?;
            if resolved.starts_with(&self.0) {
                Ok(resolved)
            } else {
                Err(outside())
            }
        };
        let case = inside(&self.0.join(given))?;
        let paths = case_file::paths_of(&case).map_err(|fault| self.unread(&fault))?;
        // A link among the files of a folder may lead out of it as well.
        let paths: Vec<PathBuf> = paths
            .iter()
            .map(|at| inside(at))
            .collect::<Result<_, _>>()?;
        let texts = case_file::texts_of(&case, paths).map_err(|fault| self.unread(&fault))?;
        let named = texts.into_iter().map(|(at, text)| {
            let name = at.strip_prefix(&self.0).unwrap_or(&at);
            (name.display().to_string(), text)
        });
        Ok(named.collect())
    }

    /// A fault of files, which does not say where the root folder lies.
    fn unread(&self, fault: &Diagnostic) -> Refused {
        let mut fault = fault.clone();
        let root = format!("{}/", self.0.display());
        fault.message = fault.message.replace(&root, "");
        fault.help = fault.help.map(|help| help.replace(&root, ""));
        Refused::faults(&[fault], &Sources::default())
    }
}

impl Given {
    /// The texts, the main one first.
    pub(super) fn texts(&self, root: Option<&Root>) -> Result<Vec<(String, String)>, Refused> {
        match (&self.path, self.files.is_empty()) {
            (Some(_), false) => Err(Refused::saying(
                "give either `files` or `path`, not both".to_owned(),
            )),
            (None, true) => Err(Refused::saying(
                "give the case: its texts in `files`, by file name, or a `path` below the server’s root folder".to_owned(),
            )),
            (Some(path), true) => match root {
                Some(root) => root.read(path),
                None => Err(Refused::saying(
                    "this server reads no files: it was started without --root; give the case’s texts in `files`".to_owned(),
                )),
            },
            (None, false) => self.handed(),
        }
    }

    fn handed(&self) -> Result<Vec<(String, String)>, Refused> {
        if let Some(name) = self
            .files
            .keys()
            .find(|name| BESIDE.contains(&name.as_str()))
        {
            return Err(Refused::saying(format!(
                "{name} lies beside a case and is no part of it; leave it out"
            )));
        }
        let mut names: Vec<&String> = self.files.keys().collect();
        if names.len() > 1 && !self.files.contains_key(MAIN) {
            return Err(Refused::saying(format!(
                "one of the files must be called {MAIN}: the case begins with it"
            )));
        }
        // The main one first, the others by name.
        names.sort_by_key(|name| (name.as_str() != MAIN, name.as_str()));
        let texts = names.into_iter();
        Ok(texts
            .map(|name| (name.clone(), self.files[name].clone()))
            .collect())
    }

    /// What the checker makes of them.
    pub(super) fn checked(
        &self,
        root: Option<&Root>,
    ) -> Result<(Vec<(String, String)>, detente::Checked), Refused> {
        let texts = self.texts(root)?;
        let named: Vec<(&str, &str)> = texts
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()))
            .collect();
        let checked = detente::check_files(&named);
        Ok((texts, checked))
    }

    /// What the case is called: as it was named, or its main file.
    fn name(&self, texts: &[(String, String)]) -> String {
        self.path.clone().unwrap_or_else(|| texts[0].0.clone())
    }
}

impl Drawn {
    /// The case without errors, with what is set; its faults, all at once, where it has any.
    pub(super) fn open(&self, root: Option<&Root>) -> Result<Opened, Refused> {
        let (texts, checked) = self.case.checked(root)?;
        let Some(written) = checked.case else {
            let mut faults = checked.diagnostics;
            faults.retain(|fault| fault.severity() == Severity::Error);
            return Err(Refused::faults(&faults, &checked.sources));
        };
        let mut sources = checked.sources;
        let mut case = written.clone();
        if let Some(expert) = &self.expert {
            case = detente::expert_alone(&case, expert)
                .map_err(|unknown| Refused::saying(unknown.to_string()))?;
        }
        let set: Vec<String> = self
            .set
            .iter()
            .map(|(path, value)| format!("{path}={value}"))
            .collect();
        case = case
            .with_set(&set, &mut sources)
            .map_err(|faults| Refused::faults(&faults, &sources))?;
        let overrides = detente::overrides_of(&case, &self.reading).map_err(|bad| match &bad {
            BadReading::Impossible(faults) => Refused::faults(faults, &sources),
            BadReading::Unknown { .. } => Refused::saying(bad.to_string()),
        })?;
        Ok(Opened {
            name: self.case.name(&texts),
            case,
            written,
            overrides,
            texts,
            readings: self.reading.clone(),
            stream: Stream {
                sampler: Sampler::Quasi,
                seed: self.seed.unwrap_or(1),
            },
        })
    }
}
