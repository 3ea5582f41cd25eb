//! Reading a ledger: every key known, every entry as it was written, every entry after the one before.

use detente_case::{
    Domain, Field, Forecast, Kind, NumberField, Observed, TableSpec, Tree, TreeKind, check_table,
    read_distribution,
};
use detente_diag::{Code, Diagnostic, Diagnostics, FileId, Sources, Span};

use crate::chain;
use crate::entry::{
    CaseTexts, Entry, Ledger, Model, Other, Resolved, Signed, Stated, Weights, What,
};

/// Reads a ledger: its entries, if nothing is at fault, and every fault.
pub fn read(name: &str, text: &str) -> (Option<Ledger>, Vec<Diagnostic>, Sources) {
    let mut sources = Sources::default();
    let file = sources.add(name, text);
    let mut faults = Diagnostics::default();
    let ledger = Tree::parse(text, file, &mut faults).map(|tree| {
        check_table(&tree, &ROOT, "", &mut faults);
        version(&tree, &mut faults);
        let trees: Vec<&Tree> = tree
            .get("entry")
            .map_or(&[][..], Tree::items)
            .iter()
            .collect();
        let mut entries = Vec::new();
        for tree in &trees {
            let line = sources.line(tree.span);
            let entry = entry(tree, line, file, &mut faults);
            if entry.is_none() && !faults.has_errors() {
                let fault = Diagnostic::new(Code::WRONG_SHAPE, "this makes no entry of a ledger");
                faults.push(fault.at(tree.span, "here").help(UNCHANGED));
            }
            entries.extend(entry);
        }
        if !faults.has_errors() {
            chain::check(&trees, &entries, &mut faults);
        }
        if !faults.has_errors() {
            refer(&trees, &entries, &mut faults);
        }
        Ledger { entries }
    });
    let ledger = ledger.filter(|_| !faults.has_errors());
    (ledger, faults.into_sorted(), sources)
}

const fn may(key: &'static str, kind: Kind, doc: &'static str) -> Field {
    Field {
        key,
        required: false,
        kind,
        doc,
    }
}

const fn must(key: &'static str, kind: Kind, doc: &'static str) -> Field {
    Field {
        key,
        required: true,
        kind,
        doc,
    }
}

const fn number(unit: &'static str, domain: Domain) -> Kind {
    Kind::Number(NumberField {
        unit,
        domain,
        default: None,
    })
}

const COUNT: Kind = number("", Domain::NotNegative);
const CHANCE: Kind = number("probability", Domain::Share);

/// The tables of a ledger. Entries are checked each by its kind.
static ROOT: TableSpec = TableSpec {
    fields: &[
        must("format", COUNT, "the version of the format: 1"),
        may("entry", Kind::Tables(&ANY), "what was signed and resolved"),
    ],
};

macro_rules! with_common {
    ($name:ident: $($field:expr,)*) => {
        static $name: TableSpec = TableSpec {
            fields: &[
                must("number", COUNT, "its place in the ledger, from 1"),
                must("kind", Kind::Word(&["signed", "resolved"]), "what it is"),
                must("judgement", Kind::Text, "the judgement of the case: the question"),
                must("chain", Kind::Table(&CHAIN), "the hash of the entry before, and its own"),
                must("says", Kind::Text, "what is forecast, or what happened"),
                must("by", Kind::Text, "who signs it"),
                must("on", Kind::Date, "when it was made or known, as the signer says"),
                must("entered", Kind::Text, "when it was entered, by the clock of the machine"),
                $($field,)*
            ],
        };
    };
}

// What any entry may hold, so that each is checked once by its own kind and not told of keys that it may have.
with_common! { ANY:
    may("probability", CHANCE, "the forecast of something that happens or does not"),
    may("distribution", Kind::Text, "the forecast of a number"),
    may("unit", Kind::Text, "in what it is counted"),
    may("rule", Kind::Text, "how it will be decided"),
    may("due", Kind::Date, "when it will be decided"),
    may("hindsight", Kind::Switch, "was it entered when it could be known what came of it?"),
    may("why", Kind::Text, "why it differs from the model's share"),
    may("base_rate", CHANCE, "how often such things happen"),
    may("crowd", Kind::Table(&CROWD), "what a crowd said at the time"),
    may("case", Kind::Table(&CASE), "the case's texts"),
    may("model", Kind::Table(&MODEL), "what the model says"),
    may("settles", Kind::Texts, "the numbers of the entries that it settles"),
    may("outcome", Kind::Switch, "did it happen?"),
    may("value", number("", Domain::Signed), "the number that came out"),
    may("source", Kind::Texts, "where it is reported"),
}

static CHAIN: TableSpec = TableSpec {
    fields: &[
        must("before", Kind::Text, "the hash of the entry before"),
        must("hash", Kind::Text, "its own hash"),
    ],
};

static CROWD: TableSpec = TableSpec {
    fields: &[
        must("by", Kind::Text, "who"),
        must("on", Kind::Date, "when"),
        may("probability", CHANCE, "its forecast"),
        may("distribution", Kind::Text, "its forecast of a number"),
    ],
};

static CASE: TableSpec = TableSpec {
    fields: &[
        must("name", Kind::Text, "the case's folder or file"),
        must("sha256", Kind::Text, "the hash of all its texts"),
        must("files", Kind::Texts, "the hash and the name of each"),
    ],
};

static MODEL: TableSpec = TableSpec {
    fields: &[
        must("version", Kind::Text, "the version of detente"),
        may("build", Kind::Text, "the hash of the program"),
        may("claim", Kind::Text, "the claim whose share of worlds it is"),
        must(
            "computes",
            Kind::Text,
            "the quantity, or the claim's statement",
        ),
        must("readings", Kind::Texts, "the readings"),
        may("expert", Kind::Text, "the expert who was heard alone"),
        may("set", Kind::Texts, "numbers set for the run"),
        must("seed", Kind::Text, "the seed of every draw"),
        must("sampler", Kind::Text, "how worlds were drawn"),
        must("worlds", COUNT, "worlds that were drawn"),
        must("searches", COUNT, "worlds that were searched"),
        must("told", COUNT, "worlds that tell it"),
        must(
            "weights",
            Kind::Word(Weights::WORDS),
            "how worlds are weighed",
        ),
        must("share", Kind::Text, "the share as printed"),
        must("bits", Kind::Text, "the share's 64 bits"),
        must(
            "error_bits",
            Kind::Text,
            "the bits of its Monte Carlo error",
        ),
        may(
            "quantile_bits",
            Kind::Texts,
            "the bits of its 5th, 50th and 95th percentile",
        ),
        may(
            "kinds",
            Kind::Texts,
            "kinds of equilibrium of the talks, with their shares",
        ),
    ],
};

fn version(tree: &Tree, faults: &mut Diagnostics) {
    if let Some(format) = tree.get("format")
        && !matches!(format.kind, TreeKind::Number(x) if x == 1.0)
    {
        let fault = Diagnostic::new(Code::OUT_OF_BOUNDS, "a ledger of another format");
        faults.push(
            fault
                .at(format.span, "here")
                .help("this version reads and writes format = 1"),
        );
    }
}

const UNCHANGED: &str = "an entry is never changed by hand: take the ledger as it was written";

/// Keys that only one kind of entry has, and must have.
const SIGNED: [&str; 4] = ["rule", "due", "hindsight", "case"];
const RESOLVED: [&str; 2] = ["settles", "source"];

fn entry(tree: &Tree, line: usize, file: FileId, faults: &mut Diagnostics) -> Option<Entry> {
    let kind = tree.get("kind")?.text()?;
    let needed: &[&str] = if kind == "signed" { &SIGNED } else { &RESOLVED };
    for key in needed.iter().filter(|key| tree.get(key).is_none()) {
        let message = format!("`{key}` is missing in an entry that is {kind}");
        let fault = Diagnostic::new(Code::MISSING_KEY, message);
        faults.push(fault.at(tree.span, "this entry").help(UNCHANGED));
    }
    let mut reader = Reader { tree, file, faults };
    let what = if kind == "signed" {
        What::Signed(Box::new(reader.signed()?))
    } else {
        What::Resolved(reader.resolved()?)
    };
    let chain = tree.get("chain")?;
    let text = |key: &str| chain.get(key).and_then(Tree::text).map(str::to_owned);
    Some(Entry {
        number: count(tree, "number")?,
        what,
        before: text("before")?,
        hash: text("hash")?,
        line,
    })
}

/// Reads one entry; `None` where something is at fault, which has been said.
struct Reader<'a> {
    tree: &'a Tree,
    file: FileId,
    faults: &'a mut Diagnostics,
}

fn text(tree: &Tree, key: &str) -> String {
    match tree.get(key).map(|value| &value.kind) {
        Some(TreeKind::Text(text) | TreeKind::Date(text)) => text.clone(),
        Some(TreeKind::Number(year)) => year.to_string(),
        _ => String::new(),
    }
}

fn texts(tree: &Tree, key: &str) -> Vec<String> {
    let items = tree.get(key).map_or(&[][..], Tree::items).iter();
    items.filter_map(Tree::text).map(str::to_owned).collect()
}

fn plain(tree: &Tree, key: &str) -> Option<f64> {
    match tree.get(key)?.kind {
        TreeKind::Number(x) => Some(x),
        _ => None,
    }
}

fn switch(tree: &Tree, key: &str) -> Option<bool> {
    match tree.get(key)?.kind {
        TreeKind::Switch(on) => Some(on),
        _ => None,
    }
}

/// A whole number up to 2^53.
fn count(tree: &Tree, key: &str) -> Option<usize> {
    let x = plain(tree, key)?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole, not negative and below 2^53"
    )]
    (x.fract() == 0.0 && (0.0..9e15).contains(&x)).then_some(x as usize)
}

fn of_bits(text: &str) -> Option<f64> {
    let digits = text.len() == 16 && text.bytes().all(|b| b.is_ascii_hexdigit());
    let bits = digits.then(|| u64::from_str_radix(text, 16).ok());
    bits.flatten().map(f64::from_bits)
}

impl Reader<'_> {
    fn fault(&mut self, key: &str, expected: &str) {
        let at = self
            .tree
            .get(key)
            .map_or(self.tree.span, |value| value.span);
        let fault = Diagnostic::new(Code::WRONG_SHAPE, format!("`{key}` is not {expected}"));
        self.faults.push(fault.at(at, "here").help(format!(
            "expected {expected}; an entry is never changed by hand"
        )));
    }

    fn stated(&mut self, tree: &Tree) -> Option<Stated> {
        match (plain(tree, "probability"), tree.get("distribution")) {
            (Some(chance), None) if (0.0..=1.0).contains(&chance) => Some(Forecast::Chance(chance)),
            (None, Some(stated)) => {
                // Its text without the file's escapes, which it may hold.
                let span = Span::new(self.file, stated.span.start, stated.span.end);
                let stated = Tree {
                    span,
                    kind: stated.kind.clone(),
                };
                let distribution = read_distribution(&stated, self.faults)?;
                Some(Forecast::Number {
                    text: stated.text()?.to_owned(),
                    distribution,
                })
            }
            _ => {
                self.fault(
                    "probability",
                    "one probability, or a distribution in its place",
                );
                None
            }
        }
    }

    fn signed(&mut self) -> Option<Signed> {
        let tree = self.tree;
        let forecast = self.stated(tree)?;
        let crowd = match tree.get("crowd") {
            Some(crowd) => Some(Other {
                by: text(crowd, "by"),
                on: text(crowd, "on"),
                forecast: self.stated(crowd)?,
            }),
            None => None,
        };
        let model = match tree.get("model") {
            Some(model) => Some(self.model(model)?),
            None => None,
        };
        let case = tree.get("case")?;
        let files = texts(case, "files").into_iter().map(|file| {
            let (hash, name) = file.split_once(' ')?;
            Some((name.to_owned(), hash.to_owned()))
        });
        let Some(files) = files.collect() else {
            self.fault("case", "a hash and a name a file");
            return None;
        };
        Some(Signed {
            judgement: text(tree, "judgement"),
            says: text(tree, "says"),
            forecast,
            unit: text(tree, "unit"),
            rule: text(tree, "rule"),
            due: text(tree, "due"),
            by: text(tree, "by"),
            on: text(tree, "on"),
            entered: text(tree, "entered"),
            hindsight: switch(tree, "hindsight")?,
            why: text(tree, "why"),
            base_rate: plain(tree, "base_rate"),
            crowd,
            case: CaseTexts {
                name: text(case, "name"),
                sha256: text(case, "sha256"),
                files,
            },
            model,
        })
    }

    fn model(&mut self, tree: &Tree) -> Option<Model> {
        let numbers = (
            text(tree, "seed").parse::<u64>().ok(),
            of_bits(&text(tree, "bits")),
            of_bits(&text(tree, "error_bits")),
        );
        let (Some(seed), Some(share), Some(error)) = numbers else {
            self.fault(
                "model",
                "a seed in digits, and numbers as sixteen hexadecimal digits",
            );
            return None;
        };
        let counts = ["worlds", "searches", "told"].map(|key| count(tree, key));
        let [Some(worlds), Some(searches), Some(told)] = counts else {
            self.fault("model", "worlds in whole numbers");
            return None;
        };
        let quantiles: Option<Vec<f64>> = texts(tree, "quantile_bits")
            .iter()
            .map(|text| of_bits(text))
            .collect();
        let quantiles = quantiles.unwrap_or_default().try_into().ok();
        if quantiles.is_none() && tree.get("quantile_bits").is_some() {
            self.fault("model", "three quantiles as sixteen hexadecimal digits");
            return None;
        }
        Some(Model {
            version: text(tree, "version"),
            build: text(tree, "build"),
            claim: text(tree, "claim"),
            computes: text(tree, "computes"),
            readings: texts(tree, "readings"),
            expert: text(tree, "expert"),
            set: texts(tree, "set"),
            seed,
            sampler: text(tree, "sampler"),
            worlds,
            searches,
            told,
            // Another word is a fault of shape, which has been said.
            weights: Weights::of_word(&text(tree, "weights")).unwrap_or_default(),
            share,
            error,
            printed: text(tree, "share"),
            quantiles,
            kinds: texts(tree, "kinds"),
        })
    }

    fn resolved(&mut self) -> Option<Resolved> {
        let tree = self.tree;
        let observed = match (switch(tree, "outcome"), plain(tree, "value")) {
            (Some(happened), None) => Observed::Happened(happened),
            (None, Some(value)) => Observed::Value(value),
            _ => {
                self.fault("outcome", "one outcome, or a value in its place");
                return None;
            }
        };
        let settles: Option<Vec<usize>> = texts(tree, "settles")
            .iter()
            .map(|number| number.parse().ok())
            .collect();
        let Some(settles) = settles else {
            self.fault("settles", "a list of numbers of entries");
            return None;
        };
        Some(Resolved {
            judgement: text(tree, "judgement"),
            settles,
            observed,
            says: text(tree, "says"),
            on: text(tree, "on"),
            sources: texts(tree, "source"),
            by: text(tree, "by"),
            entered: text(tree, "entered"),
        })
    }
}

/// What an entry settles stands above it, is of its judgement, and is of its kind.
fn refer(trees: &[&Tree], entries: &[Entry], faults: &mut Diagnostics) {
    for (place, (tree, entry)) in trees.iter().zip(entries).enumerate() {
        let What::Resolved(resolved) = &entry.what else {
            continue;
        };
        for number in &resolved.settles {
            let above = entries[..place].iter().find(|e| e.number == *number);
            let fits = above.is_some_and(|above| match &above.what {
                What::Signed(signed) => {
                    let alike = matches!(
                        (&signed.forecast, resolved.observed),
                        (Forecast::Chance(_), Observed::Happened(_))
                            | (Forecast::Number { .. }, Observed::Value(_))
                    );
                    alike && signed.judgement == resolved.judgement
                }
                What::Resolved(_) => false,
            });
            if !fits {
                let message = format!(
                    "entry {} settles entry {number}, which is no such forecast of `{}` above it",
                    entry.number, resolved.judgement
                );
                let fault = Diagnostic::new(Code::UNKNOWN_NAME, message);
                faults.push(
                    fault.at(tree.span, "this entry").help(
                        "what is settled stands above, is signed, and is of the same judgement",
                    ),
                );
            }
        }
    }
}
