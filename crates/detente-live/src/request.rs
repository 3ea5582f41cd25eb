//! A question as it comes in.

use std::collections::BTreeMap;

use detente::{RunOptions, Sampler, Stream};
use serde_json::Value;

use crate::Refused;

/// Worlds that are run for one answer, at most.
const MOST: u64 = 65_536;

/// A question.
pub(crate) struct Request {
    /// What is asked.
    pub(crate) ask: String,
    /// The case's texts: name, text.
    pub(crate) files: Vec<(String, String)>,
    /// The texts of the case that it is compared with, where those are others.
    pub(crate) pinned_files: Option<Vec<(String, String)>>,
    /// What is set over it.
    pub(crate) state: State,
    /// The state that it is compared with.
    pub(crate) pinned: State,
    /// Worlds; `None`: as a first look takes.
    pub(crate) worlds: Option<usize>,
    /// Where they come from.
    pub(crate) stream: Stream,
    /// All of the question, for what one ask alone needs.
    body: Value,
}

/// What is set over a case, as the command line has it, and a package that is not in its text.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct State {
    /// Readings, composed in this order.
    pub(crate) readings: Vec<String>,
    /// Numbers by path, as they would be typed.
    pub(crate) set: BTreeMap<String, String>,
    /// The package in hand: by issue, its option.
    pub(crate) package: BTreeMap<String, String>,
    /// Is the record left out?
    pub(crate) prior: bool,
}

impl Request {
    pub(crate) fn read(question: &str) -> Result<Self, Refused> {
        let body: Value = serde_json::from_str(question)
            .map_err(|error| Refused::Question(format!("the question is no JSON: {error}")))?;
        let files = texts(&body["files"]).ok_or_else(|| wrong("files", LIST))?;
        let pinned_files = match &body["pinned_files"] {
            Value::Null => None,
            files => Some(texts(files).ok_or_else(|| wrong("pinned_files", LIST))?),
        };
        let worlds = match &body["worlds"] {
            Value::Null => None,
            worlds => {
                let n = worlds.as_u64().filter(|n| (1..=MOST).contains(n));
                let n = n.ok_or_else(|| wrong("worlds", "a whole number from 1 to 65,536"))?;
                usize::try_from(n).ok()
            }
        };
        let seed = match &body["seed"] {
            Value::Null => RunOptions::default().stream.seed,
            seed => seed
                .as_u64()
                .ok_or_else(|| wrong("seed", "a whole number"))?,
        };
        Ok(Self {
            ask: body["ask"].as_str().unwrap_or_default().to_owned(),
            files,
            pinned_files,
            state: State::read(&body["state"])?,
            pinned: State::read(&body["pinned"])?,
            worlds,
            stream: Stream {
                sampler: Sampler::Quasi,
                seed,
            },
            body,
        })
    }

    /// A text of the question.
    pub(crate) fn text(&self, key: &str) -> Result<&str, Refused> {
        self.body[key].as_str().ok_or_else(|| wrong(key, "a text"))
    }

    /// A whole number of the question.
    pub(crate) fn number(&self, key: &str) -> Result<usize, Refused> {
        let n = self.body[key]
            .as_u64()
            .and_then(|n| usize::try_from(n).ok());
        n.ok_or_else(|| wrong(key, "a whole number"))
    }

    /// The texts as the checker takes them.
    pub(crate) fn named(&self) -> Vec<(&str, &str)> {
        named(&self.files)
    }

    /// The same of what it is compared with.
    pub(crate) fn pinned_named(&self) -> Vec<(&str, &str)> {
        named(self.pinned_files.as_ref().unwrap_or(&self.files))
    }
}

impl State {
    fn read(state: &Value) -> Result<Self, Refused> {
        let texts = |key: &str| -> Result<BTreeMap<String, String>, Refused> {
            let entries = match &state[key] {
                Value::Null => return Ok(BTreeMap::new()),
                Value::Object(entries) => entries.iter(),
                _ => return Err(wrong(key, "an object of texts")),
            };
            let text = |(path, value): (&String, &Value)| {
                let value = value
                    .as_str()
                    .ok_or_else(|| wrong(key, "an object of texts"))?;
                Ok((path.clone(), value.to_owned()))
            };
            entries.map(text).collect()
        };
        let readings = match &state["readings"] {
            Value::Null => Vec::new(),
            readings => {
                let list = readings
                    .as_array()
                    .ok_or_else(|| wrong("readings", "a list of names"))?;
                let name = |id: &Value| id.as_str().map(str::to_owned);
                let names: Option<Vec<String>> = list.iter().map(name).collect();
                names.ok_or_else(|| wrong("readings", "a list of names"))?
            }
        };
        Ok(Self {
            readings,
            set: texts("set")?,
            package: texts("package")?,
            prior: state["prior"].as_bool().unwrap_or(false),
        })
    }

    /// What is set, as `--set` takes it.
    pub(crate) fn sets(&self) -> Vec<String> {
        let set = self.set.iter();
        set.map(|(path, value)| format!("{path}={value}")).collect()
    }
}

fn named(files: &[(String, String)]) -> Vec<(&str, &str)> {
    let files = files.iter();
    files
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect()
}

/// What a list of texts is.
const LIST: &str = "a list of [name, text]";

/// A list of texts, each with its name; nothing if it is another thing. What is not there is empty.
fn texts(files: &Value) -> Option<Vec<(String, String)>> {
    let files = files.as_array().into_iter().flatten();
    let files = files.map(|file| {
        let part = |i: usize| file[i].as_str().map(str::to_owned);
        part(0).zip(part(1))
    });
    files.collect()
}

fn wrong(key: &str, expected: &str) -> Refused {
    Refused::Question(format!("`{key}` of the question must be {expected}"))
}
