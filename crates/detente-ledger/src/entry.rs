//! Entries: a forecast that somebody signed, or what came of some.

use detente_case::{Forecast, Observed, Tree};
use detente_diag::{Diagnostics, FileId};

use crate::node::{self, Node};

/// A ledger whose chain holds.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// The entries, as they were added.
    pub entries: Vec<Entry>,
}

/// An entry.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its number, from 1.
    pub number: usize,
    /// What it says.
    pub what: What,
    /// Hash of the entry before.
    pub before: String,
    /// Its own hash.
    pub hash: String,
    /// The line on which it begins.
    pub line: usize,
}

/// What an entry says.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// A forecast.
    Signed(Box<Signed>),
    /// What came of forecasts.
    Resolved(Resolved),
}

/// A forecast that somebody signed.
#[derive(Clone, Debug, PartialEq)]
pub struct Signed {
    /// Identifier of the judgement in the case: the question.
    pub judgement: String,
    /// What is forecast.
    pub says: String,
    /// The forecast.
    pub forecast: Stated,
    /// In what it is counted, if it is of a number; may be empty.
    pub unit: String,
    /// How it will be decided.
    pub rule: String,
    /// When, as written.
    pub due: String,
    /// Who signs it.
    pub by: String,
    /// When it was made, as the signer says.
    pub on: String,
    /// When it was entered, by the clock of the machine.
    pub entered: String,
    /// Was it entered when it could be known what came of it?
    pub hindsight: bool,
    /// Why it differs from the model's share; may be empty.
    pub why: String,
    /// The chance that somebody would give who knows only how often such things happen.
    pub base_rate: Option<f64>,
    /// What a crowd said of the same question at the time.
    pub crowd: Option<Other>,
    /// The case's texts.
    pub case: CaseTexts,
    /// What the model says of it, where the case says what to compute.
    pub model: Option<Model>,
}

/// A forecast as stated.
pub type Stated = Forecast;

/// The 5th, 50th and 95th percentile of a forecast that lists quantiles or chances; nothing for others, which are short.
pub fn listed(forecast: &Stated) -> Option<[f64; 3]> {
    match forecast {
        Forecast::Number { text, distribution }
            if text.starts_with("quantiles") || text.starts_with("chances") =>
        {
            Some([0.05, 0.5, 0.95].map(|level| distribution.quantile(level)))
        }
        _ => None,
    }
}

/// What somebody else said of the same question.
#[derive(Clone, Debug, PartialEq)]
pub struct Other {
    /// Who.
    pub by: String,
    /// When, as written.
    pub on: String,
    /// The forecast.
    pub forecast: Stated,
}

/// The texts of a case when something was signed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseTexts {
    /// Name of its folder or file.
    pub name: String,
    /// Hash of all of them, as on a report.
    pub sha256: String,
    /// Each file with the hash of its text, the main one first.
    pub files: Vec<(String, String)>,
}

/// What the model says of a judgement, and how that was computed.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Version of the program.
    pub version: String,
    /// Hash of the program; empty if the system did not let it be read.
    pub build: String,
    /// The claim whose share of worlds it is; empty if it is the mean of a quantity.
    pub claim: String,
    /// The quantity, or the claim's statement, as written.
    pub computes: String,
    /// The readings, in the order in which they are put over the case.
    pub readings: Vec<String>,
    /// The expert who was heard alone; may be empty.
    pub expert: String,
    /// Numbers set for the run, as typed.
    pub set: Vec<String>,
    /// Seed of every draw.
    pub seed: u64,
    /// How worlds were drawn.
    pub sampler: String,
    /// Worlds that were drawn.
    pub worlds: usize,
    /// The first of them that were searched.
    pub searches: usize,
    /// Worlds that tell it.
    pub told: usize,
    /// How worlds are weighed.
    pub weights: Weights,
    /// The share.
    pub share: f64,
    /// Its Monte Carlo error.
    pub error: f64,
    /// The share as printed.
    pub printed: String,
    /// Of a number: its 5th, 50th and 95th percentile over worlds.
    pub quantiles: Option<[f64; 3]>,
    /// Of what rests on talks: kinds of equilibrium with their shares, the commonest first, as printed.
    pub kinds: Vec<String>,
}

/// How worlds are weighed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weights {
    /// All alike: as the case has them, before what parties did and what is known is weighed in.
    #[default]
    Prior,
    /// By what is on record in the case: acts and anchors.
    Record,
}

impl Weights {
    /// All that there are, in the order of the words of a ledger.
    pub const WORDS: &[&str] = &["prior", "record"];

    /// That of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        let all = [Self::Prior, Self::Record];
        all.into_iter().find(|weights| weights.word() == word)
    }

    /// As written.
    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize]
    }
}

/// What came of forecasts.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolved {
    /// Identifier of the judgement.
    pub judgement: String,
    /// Numbers of the entries that are settled by it.
    pub settles: Vec<usize>,
    /// What came out.
    pub observed: Observed,
    /// What happened, in a sentence.
    pub says: String,
    /// When it was known, as written.
    pub on: String,
    /// Where it is reported.
    pub sources: Vec<String>,
    /// Who resolves it.
    pub by: String,
    /// When it was entered, by the clock of the machine.
    pub entered: String,
}

impl Ledger {
    /// The forecasts, with their entries.
    pub fn signed(&self) -> impl Iterator<Item = (&Entry, &Signed)> {
        self.entries.iter().filter_map(|entry| match &entry.what {
            What::Signed(signed) => Some((entry, &**signed)),
            What::Resolved(_) => None,
        })
    }

    /// What came of a forecast: the last that was said of it, and how often something was said.
    pub fn resolution(&self, number: usize) -> Option<(&Entry, &Resolved, usize)> {
        let of = |entry: &Entry| match &entry.what {
            What::Resolved(resolved) => resolved.settles.contains(&number),
            What::Signed(_) => false,
        };
        let said = self.entries.iter().filter(|entry| of(entry)).count();
        let last = self.entries.iter().rfind(|entry| of(entry))?;
        match &last.what {
            What::Resolved(resolved) => Some((last, resolved, said)),
            What::Signed(_) => None,
        }
    }

    /// Hash of the last entry, which stands for the whole ledger.
    pub fn head(&self) -> &str {
        self.entries
            .last()
            .map_or(node::GENESIS, |entry| entry.hash.as_str())
    }
}

/// An entry that is to be added.
#[derive(Clone, Debug)]
pub struct NewEntry {
    /// Its text, to be put at the end of the ledger's.
    pub text: String,
    /// Its number.
    pub number: usize,
    /// Its hash: the ledger's head from now on.
    pub hash: String,
}

/// The next entry of a ledger.
pub fn append(ledger: &Ledger, what: &What) -> NewEntry {
    let number = ledger.entries.len() + 1;
    let mut fields = match what {
        What::Signed(signed) => signed.fields(number),
        What::Resolved(resolved) => resolved.fields(number),
    };
    let chain = |hash: &str| {
        Node::Table(vec![
            ("before", ledger.head().into()),
            ("hash", hash.into()),
        ])
    };
    // The hash is of what somebody reads who reads the text again.
    fields.push(("chain", chain("")));
    let mut faults = Diagnostics::default();
    let tree = Tree::parse(&node::written(&fields), FileId(0), &mut faults);
    let entry = tree
        .as_ref()
        .and_then(|tree| tree.get("entry")?.items().first());
    let hash = node::hash(entry.expect("what is written can be read"));
    fields.pop();
    fields.push(("chain", chain(&hash)));
    NewEntry {
        text: node::written(&fields),
        number,
        hash,
    }
}

type Fields = Vec<(&'static str, Node)>;

fn stated(forecast: &Stated, fields: &mut Fields) {
    match forecast {
        Forecast::Chance(chance) => fields.push(("probability", (*chance).into())),
        Forecast::Number { text, .. } => fields.push(("distribution", text.as_str().into())),
    }
}

fn unless_empty(key: &'static str, text: &str, fields: &mut Fields) {
    if !text.is_empty() {
        fields.push((key, text.into()));
    }
}

impl Signed {
    fn fields(&self, number: usize) -> Fields {
        let mut fields: Fields = vec![
            ("number", number.into()),
            ("kind", "signed".into()),
            ("judgement", self.judgement.as_str().into()),
            ("says", self.says.as_str().into()),
        ];
        stated(&self.forecast, &mut fields);
        unless_empty("unit", &self.unit, &mut fields);
        fields.extend([
            ("rule", self.rule.as_str().into()),
            ("due", self.due.as_str().into()),
            ("by", self.by.as_str().into()),
            ("on", self.on.as_str().into()),
            ("entered", self.entered.as_str().into()),
            ("hindsight", Node::Switch(self.hindsight)),
        ]);
        unless_empty("why", &self.why, &mut fields);
        if let Some(rate) = self.base_rate {
            fields.push(("base_rate", rate.into()));
        }
        if let Some(crowd) = &self.crowd {
            let mut of: Fields = vec![
                ("by", crowd.by.as_str().into()),
                ("on", crowd.on.as_str().into()),
            ];
            stated(&crowd.forecast, &mut of);
            fields.push(("crowd", Node::Table(of)));
        }
        let files = self.case.files.iter();
        fields.push((
            "case",
            Node::Table(vec![
                ("name", self.case.name.as_str().into()),
                ("sha256", self.case.sha256.as_str().into()),
                (
                    "files",
                    Node::texts(files.map(|(name, hash)| format!("{hash} {name}"))),
                ),
            ]),
        ));
        if let Some(model) = &self.model {
            fields.push(("model", Node::Table(model.fields())));
        }
        fields
    }
}

impl Model {
    fn fields(&self) -> Fields {
        let mut fields: Fields = vec![("version", self.version.as_str().into())];
        unless_empty("build", &self.build, &mut fields);
        unless_empty("claim", &self.claim, &mut fields);
        fields.push(("computes", self.computes.as_str().into()));
        fields.push(("readings", Node::texts(self.readings.iter().cloned())));
        unless_empty("expert", &self.expert, &mut fields);
        if !self.set.is_empty() {
            fields.push(("set", Node::texts(self.set.iter().cloned())));
        }
        fields.extend([
            // A text: it may be larger than a number of 64 bits with a fraction holds.
            ("seed", Node::Text(self.seed.to_string())),
            ("sampler", self.sampler.as_str().into()),
            ("worlds", self.worlds.into()),
            ("searches", self.searches.into()),
            ("told", self.told.into()),
            ("weights", self.weights.word().into()),
            ("share", self.printed.as_str().into()),
            ("bits", Node::Text(bits(self.share))),
            ("error_bits", Node::Text(bits(self.error))),
        ]);
        if let Some(quantiles) = self.quantiles {
            fields.push(("quantile_bits", Node::texts(quantiles.map(bits))));
        }
        if !self.kinds.is_empty() {
            fields.push(("kinds", Node::texts(self.kinds.iter().cloned())));
        }
        fields
    }
}

/// The bits of a number, in hexadecimal.
pub(crate) fn bits(number: f64) -> String {
    format!("{:016x}", number.to_bits())
}

impl Resolved {
    fn fields(&self, number: usize) -> Fields {
        let mut fields: Fields = vec![
            ("number", number.into()),
            ("kind", "resolved".into()),
            ("judgement", self.judgement.as_str().into()),
            (
                "settles",
                Node::texts(self.settles.iter().map(ToString::to_string)),
            ),
        ];
        match self.observed {
            Observed::Happened(happened) => fields.push(("outcome", Node::Switch(happened))),
            Observed::Value(value) => fields.push(("value", value.into())),
        }
        fields.extend([
            ("says", self.says.as_str().into()),
            ("on", self.on.as_str().into()),
            ("source", Node::texts(self.sources.iter().cloned())),
            ("by", self.by.as_str().into()),
            ("entered", self.entered.as_str().into()),
        ]);
        fields
    }
}
