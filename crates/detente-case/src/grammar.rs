//! The option table of the case language: every key, what it takes, whether it is required, and what it means. The checker
//! walks it; what a user is told about keys comes from here.

mod argument;
mod contest;
mod long;
pub(crate) mod numbers;
mod package;
mod party;
mod play;
mod process;
mod terms;

pub use argument::EVIDENCE_ROOT;
pub(crate) use argument::JUDGED_BY;
use argument::{ACT, ANCHOR, CLAIM, JUDGEMENT, MOVE_TOGETHER, READING};
use contest::CONTEST;
pub(crate) use contest::LOTTERY;
pub use long::LONG_NUMBER;
pub(crate) use long::STATUSES;
use numbers as n;
pub use numbers::AS_USED;
pub(crate) use package::{CHOICE, OPTION};
use package::{CONSTRAINT, ISSUE, PACKAGE};
use party::PARTY;
pub(crate) use party::{BELIEVES, REFUSAL};
use play::TALKS;
pub(crate) use play::{BEHAVIOUR, DURABILITY, LEVER, MESSENGER, OBSERVABLE, TURNOVER};
use process::PROCESS;
pub(crate) use terms::TERMS;

/// A table of the language.
#[derive(Debug)]
pub struct TableSpec {
    /// Its keys.
    pub fields: &'static [Field],
}

/// A key.
#[derive(Debug)]
pub struct Field {
    /// The key as written.
    pub key: &'static str,
    /// Must it be there?
    pub required: bool,
    /// What it takes.
    pub kind: Kind,
    /// What it means.
    pub doc: &'static str,
}

/// What a key takes.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Any text.
    Text,
    /// A date, or a text that holds a year.
    Date,
    /// true or false.
    Switch,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A list of these words.
    Words(&'static [&'static str]),
    /// A list of texts.
    Texts,
    /// A text that is the name of something defined elsewhere.
    Name(Refer),
    /// A list of names.
    Names(Refer),
    /// An uncertain number.
    Number(NumberField),
    /// A table with these keys.
    Table(&'static TableSpec),
    /// A table whose keys are names that the analyst chooses, or that refer to things defined elsewhere.
    Map(&'static TableSpec),
    /// A table from names to uncertain numbers.
    NumberMap(NumberField, Refer),
    /// A table from issues to an option each.
    Choice,
    /// A table from issues to lists of options.
    Pattern,
    /// A table from paths to numbers or switches.
    Paths,
    /// The path of a number.
    Path,
    /// A list of paths of numbers.
    PathList,
    /// A list of tables with these keys.
    Tables(&'static TableSpec),
    /// When a lever is pulled: `now`, `accept`, `refuse(PARTY)`, or `violate(PARTY)`.
    Trigger,
    /// How closely numbers move together: a word or a rank correlation.
    Strength,
    /// A statement about what is computed, true or false in a world.
    Predicate,
    /// A number that is worked out of what is computed in a world.
    Amount,
}

/// What a name refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refer {
    /// A name that is made here, or one that only its own part of the checker knows how to look up.
    Own,
    /// A source.
    Source,
    /// A party.
    Party,
    /// A type of the party named under `by` or `party` in the same table.
    TypeOfItsParty,
    /// A type with its party, `PARTY.TYPE`.
    AnyType,
    /// An issue.
    Issue,
    /// An option with its issue, `ISSUE.OPTION`.
    Option,
    /// A named package.
    Package,
    /// A lever.
    Lever,
    /// An observable.
    Observable,
    /// A reading.
    Reading,
    /// A claim.
    Claim,
}

/// What a number is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NumberField {
    /// Its unit, as a user may write it behind the number.
    pub unit: &'static str,
    /// Where it may lie; chooses the shape of a range.
    pub domain: Domain,
    /// What stands for it if it is not stated; `None`: it must be stated or is inherited.
    pub default: Option<Fallback>,
}

/// What stands for a number that is not stated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fallback {
    /// Its value.
    pub value: f64,
    /// What kind of thing it then is.
    pub kind: FallbackKind,
}

/// What kind of thing a default is: whether anything is assumed by leaving the number out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FallbackKind {
    /// What the number would describe is not there (no leader, no delay, no offset of a belief), or its scale is defined so
    /// (1 = today's): nothing is assumed about the world.
    Neutral,
    /// What an answer is measured by (a bar, a number of months). Never drawn: an answer by a bar that varies answers no question.
    Yardstick,
    /// A number about the world that nobody stated.
    Assumed {
        /// The range, as one would write it, over which it is drawn where an answer depends on it; `None`: it is exact.
        over: Option<&'static str>,
    },
}

impl Fallback {
    /// What it is, in a sentence behind its value.
    pub fn meaning(self) -> &'static str {
        match self.kind {
            FallbackKind::Neutral => "nothing is assumed by it",
            FallbackKind::Yardstick => {
                "what an answer is measured by, listed wherever an answer depends on it"
            }
            FallbackKind::Assumed { over: None } => {
                "assumed about the world, listed wherever an answer depends on it"
            }
            FallbackKind::Assumed { over: Some(_) } => {
                "assumed about the world, drawn and listed wherever an answer depends on it"
            }
        }
    }

    /// As it is used where an answer depends on it: its range, or its value.
    pub fn text(self) -> String {
        match self.kind {
            FallbackKind::Assumed { over: Some(over) } => over.to_owned(),
            _ => self.value.to_string(),
        }
    }
}

/// Where a number may lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Domain {
    /// [0, 1]: logit-normal.
    Share,
    /// Above zero: lognormal.
    Positive,
    /// Zero or more: lognormal if uncertain.
    NotNegative,
    /// Any number: normal.
    Signed,
    /// A closed interval: logit-normal scaled to it.
    Within(f64, f64),
    /// 0 or 1, written true or false.
    Switch,
}

impl Domain {
    /// A number of it as one might write it, to show the form and nothing else.
    pub(crate) fn example(self) -> &'static str {
        match self {
            Domain::Share => "\"30% to 50%\"",
            Domain::Positive | Domain::NotNegative => "\"2 to 6\"",
            Domain::Signed => "\"-0.2 to 0.4\"",
            Domain::Within(..) => "\"between LOW and HIGH\"",
            Domain::Switch => "true",
        }
    }

    /// What a number of it is, in a sentence.
    pub fn name(self) -> &'static str {
        match self {
            Domain::Share => "a share",
            Domain::Positive => "a positive number",
            Domain::NotNegative => "a number not below zero",
            Domain::Signed => "any number",
            Domain::Within(..) => "a number between bounds",
            Domain::Switch => "a switch",
        }
    }
}

const fn number(unit: &'static str, domain: Domain) -> NumberField {
    NumberField {
        unit,
        domain,
        default: None,
    }
}

const fn falling_back(
    unit: &'static str,
    domain: Domain,
    value: f64,
    kind: FallbackKind,
) -> NumberField {
    NumberField {
        unit,
        domain,
        default: Some(Fallback { value, kind }),
    }
}

/// Left out, nothing is assumed.
const fn neutral(unit: &'static str, domain: Domain, value: f64) -> NumberField {
    falling_back(unit, domain, value, FallbackKind::Neutral)
}

/// Left out, answers are measured by this.
const fn yardstick(unit: &'static str, domain: Domain, value: f64) -> NumberField {
    falling_back(unit, domain, value, FallbackKind::Yardstick)
}

/// Left out, exactly this is assumed.
const fn assumed(unit: &'static str, domain: Domain, value: f64) -> NumberField {
    falling_back(unit, domain, value, FallbackKind::Assumed { over: None })
}

/// Left out, it is drawn over this range where an answer depends on it, and is `value` elsewhere.
const fn drawn(unit: &'static str, domain: Domain, value: f64, over: &'static str) -> NumberField {
    let over = Some(over);
    falling_back(unit, domain, value, FallbackKind::Assumed { over })
}

const fn must(key: &'static str, kind: Kind, doc: &'static str) -> Field {
    Field {
        key,
        required: true,
        kind,
        doc,
    }
}

const fn may(key: &'static str, kind: Kind, doc: &'static str) -> Field {
    Field {
        key,
        required: false,
        kind,
        doc,
    }
}

/// The whole language.
pub static ROOT: TableSpec = TableSpec {
    fields: &[
        must("case", Kind::Table(&CASE), "what the case is"),
        may(
            "source",
            Kind::Map(&SOURCE),
            "publications and data that numbers come from",
        ),
        may(
            "words",
            Kind::NumberMap(n::WORD, Refer::Own),
            "what words for probabilities mean in this case",
        ),
        may(
            "terms",
            Kind::Table(&TERMS),
            "the case's own words for what a report speaks of",
        ),
        may(
            "fact",
            Kind::NumberMap(n::FACT, Refer::Own),
            "numbers drawn once and used in several places",
        ),
        must("party", Kind::Map(&PARTY), "who negotiates"),
        must("issue", Kind::Map(&ISSUE), "what they negotiate over"),
        may(
            "constraint",
            Kind::Map(&CONSTRAINT),
            "which packages make sense",
        ),
        may(
            "package",
            Kind::Map(&PACKAGE),
            "packages that somebody proposed",
        ),
        may(
            "contest",
            Kind::Table(&CONTEST),
            "what happens without a deal: a contest over a line",
        ),
        may(
            "lottery",
            Kind::Table(&LOTTERY),
            "what happens without a deal: one side or the other wins",
        ),
        may(
            "process",
            Kind::Table(&PROCESS),
            "what happens without a deal: states that lead to one another",
        ),
        may(
            "lever",
            Kind::Map(&LEVER),
            "what parties can do to move one another",
        ),
        may(
            "turnover",
            Kind::Map(&TURNOVER),
            "when a leader may be succeeded, and by which type",
        ),
        may(
            "observable",
            Kind::Map(&OBSERVABLE),
            "what could be watched to learn a number",
        ),
        may(
            "messenger",
            Kind::Map(&MESSENGER),
            "who reports to whom, and how far reports are bent",
        ),
        may(
            "durability",
            Kind::Table(&DURABILITY),
            "what may happen after a deal",
        ),
        may(
            "behaviour",
            Kind::Table(&BEHAVIOUR),
            "how sharply parties choose",
        ),
        may(
            "talks",
            Kind::Table(&TALKS),
            "how the negotiation is played",
        ),
        may(
            "act",
            Kind::Map(&ACT),
            "dated acts, which weigh types and worlds by how likely they were to be seen",
        ),
        may(
            "anchor",
            Kind::Map(&ANCHOR),
            "what is known of a number that the model computes, which weighs worlds",
        ),
        may(
            "move_together",
            Kind::Tables(&MOVE_TOGETHER),
            "numbers that are high or low together",
        ),
        may("reading", Kind::Map(&READING), "rival sets of numbers"),
        may(
            "claim",
            Kind::Map(&CLAIM),
            "statements that somebody made, to be audited",
        ),
        may(
            "judgement",
            Kind::Map(&JUDGEMENT),
            "signed forecasts, to be scored",
        ),
    ],
};

static CASE: TableSpec = TableSpec {
    fields: &[
        must("name", Kind::Text, "title"),
        must(
            "as_of",
            Kind::Date,
            "date after which the case knows nothing",
        ),
        may("summary", Kind::Text, "a sentence or two"),
        may(
            "caveats",
            Kind::Texts,
            "what a reader must know before quoting a number",
        ),
        may(
            "signatories",
            Kind::Names(Refer::Party),
            "who must sign a package; the principals (belligerent or principal) if left out",
        ),
    ],
};

static SOURCE: TableSpec = TableSpec {
    fields: &[
        must("title", Kind::Text, "title"),
        may("author", Kind::Text, "who wrote or collected it"),
        may("date", Kind::Date, "when"),
        may("url", Kind::Text, "where to find it"),
        may(
            "grade",
            Kind::Word(GRADES),
            "reliability of the source A to F, credibility of what it says 1 to 6",
        ),
        may(
            "later",
            Kind::Text,
            "why it stands here though it is later than the case's date",
        ),
        may(
            "note",
            Kind::Text,
            "how far it was checked, sample size, caveats",
        ),
    ],
};

/// The Admiralty scale: A completely reliable … E unreliable, F cannot be judged; 1 confirmed … 5 improbable, 6 cannot be judged.
const GRADES: &[&str] = &[
    "A1", "A2", "A3", "A4", "A5", "A6", "B1", "B2", "B3", "B4", "B5", "B6", "C1", "C2", "C3", "C4",
    "C5", "C6", "D1", "D2", "D3", "D4", "D5", "D6", "E1", "E2", "E3", "E4", "E5", "E6", "F1", "F2",
    "F3", "F4", "F5", "F6",
];
