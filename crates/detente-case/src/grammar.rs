//! The option table of the case language: every key, what it takes, whether it is required, and what it means. The checker
//! walks it; what a user is told about keys comes from here.

mod contest;
pub(crate) mod numbers;

use contest::{CONTEST, LEVER, READING};
use numbers as n;

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
    /// A text that is the name of something defined elsewhere, which the second pass resolves.
    Name,
    /// A list of names.
    Names,
    /// An uncertain number.
    Number(NumberField),
    /// A table with these keys.
    Table(&'static TableSpec),
    /// A table whose keys are names that the analyst chooses, or that refer to things defined elsewhere.
    Map(&'static TableSpec),
    /// A table from names to uncertain numbers.
    NumberMap(NumberField),
    /// A table from issues to an option each.
    Choice,
    /// A table from issues to lists of options.
    Pattern,
    /// A table from paths to numbers or switches.
    Paths,
    /// A list of tables with these keys.
    Tables(&'static TableSpec),
}

/// What a number is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NumberField {
    /// Its unit, as a user may write it behind the number.
    pub unit: &'static str,
    /// Where it may lie; chooses the shape of a range.
    pub domain: Domain,
    /// Its value if not stated; `None`: it must be stated or is inherited.
    pub default: Option<f64>,
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

const fn number(unit: &'static str, domain: Domain) -> NumberField {
    NumberField {
        unit,
        domain,
        default: None,
    }
}

const fn defaulting(unit: &'static str, domain: Domain, default: f64) -> NumberField {
    NumberField {
        unit,
        domain,
        default: Some(default),
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
            Kind::NumberMap(n::WORD),
            "what words for probabilities mean in this case",
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
            "what happens without a deal",
        ),
        may(
            "lever",
            Kind::Map(&LEVER),
            "what parties can do to move one another",
        ),
        may("reading", Kind::Map(&READING), "rival sets of numbers"),
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
    ],
};

static SOURCE: TableSpec = TableSpec {
    fields: &[
        must("title", Kind::Text, "title"),
        may("author", Kind::Text, "who wrote or collected it"),
        may("date", Kind::Date, "when"),
        may("url", Kind::Text, "where to find it"),
        may(
            "note",
            Kind::Text,
            "how far it was checked, sample size, caveats",
        ),
    ],
};

/// Keys of the long form of a number.
pub static LONG_NUMBER: TableSpec = TableSpec {
    fields: &[
        may("value", Kind::Text, "the number, as in the short form"),
        may(
            "experts",
            Kind::Tables(&EXPERT),
            "instead of a value: what several say, of whom one is right",
        ),
        may(
            "surprise",
            Kind::Text,
            "the chance of being quite wrong, and where the number then lies",
        ),
        may("status", Kind::Word(STATUSES), "how well it is known"),
        may("source", Kind::Names, "where it comes from"),
        may("why", Kind::Text, "why this number"),
        may("by", Kind::Text, "whose judgement"),
        may("on", Kind::Date, "when it was made"),
        may(
            "revisit",
            Kind::Text,
            "when or on what news it should be looked at again",
        ),
    ],
};

static EXPERT: TableSpec = TableSpec {
    fields: &[
        must("value", Kind::Number(n::EXPERT), "the number"),
        may(
            "weight",
            Kind::Number(n::EXPERT_WEIGHT),
            "how much the expert counts",
        ),
        may("by", Kind::Text, "who"),
    ],
};

/// How well a number is known, in the order of `Status`.
pub(crate) const STATUSES: &[&str] = &["measured", "quoted", "judgement", "placeholder"];

static PARTY: TableSpec = TableSpec {
    fields: &[
        may("name", Kind::Text, "name for readers"),
        may(
            "side",
            Kind::Word(&["A", "B", "none"]),
            "its side in the contest",
        ),
        may(
            "roles",
            Kind::Words(&["belligerent", "patron", "mediator", "observer"]),
            "what it does in the story",
        ),
        may(
            "patience",
            Kind::Number(n::PATIENCE),
            "discount factor a month",
        ),
        may(
            "burden",
            Kind::Number(n::BURDEN),
            "points a month while the contest lasts, as a flow",
        ),
        may(
            "scar",
            Kind::Number(n::SCAR),
            "points lost for good with every month fought",
        ),
        may(
            "escalation_cost",
            Kind::Number(n::ESCALATION_COST),
            "points below zero that an escalation is worth",
        ),
        may(
            "believes",
            Kind::Table(&BELIEVES),
            "how its own beliefs differ from the analyst's",
        ),
        may(
            "issue",
            Kind::Map(&PREFERENCE),
            "what each issue is worth to it",
        ),
        may(
            "type",
            Kind::Map(&TYPE),
            "what only the party itself knows about itself",
        ),
        may(
            "redline",
            Kind::Map(&RED_LINE),
            "packages that it rules out or resents",
        ),
    ],
};

static TYPE: TableSpec = TableSpec {
    fields: &[
        may("name", Kind::Text, "name for readers"),
        may("says", Kind::Text, "the type in a sentence"),
        must(
            "prior",
            Kind::Number(n::PRIOR),
            "probability of the type, normalised over the party's types",
        ),
        may(
            "patience",
            Kind::Number(n::PATIENCE),
            "discount factor a month",
        ),
        may(
            "burden",
            Kind::Number(n::BURDEN),
            "points a month while the contest lasts, as a flow",
        ),
        may(
            "scar",
            Kind::Number(n::SCAR),
            "points lost for good with every month fought",
        ),
        may(
            "escalation_cost",
            Kind::Number(n::ESCALATION_COST),
            "points below zero that an escalation is worth",
        ),
        may(
            "believes",
            Kind::Table(&BELIEVES),
            "how its own beliefs differ from the analyst's",
        ),
        may(
            "issue",
            Kind::Map(&PREFERENCE),
            "what each issue is worth to it",
        ),
    ],
};

static BELIEVES: TableSpec = TableSpec {
    fields: &[may(
        "edge",
        Kind::Number(n::BELIEVES_EDGE),
        "offset from the analyst's draw of contest.edge",
    )],
};

static PREFERENCE: TableSpec = TableSpec {
    fields: &[
        may(
            "weight",
            Kind::Number(n::WEIGHT),
            "weight of the issue, normalised",
        ),
        may(
            "value",
            Kind::NumberMap(n::VALUE),
            "value of every option between 0 and 1",
        ),
    ],
};

static RED_LINE: TableSpec = TableSpec {
    fields: &[
        may("says", Kind::Text, "the line in a sentence"),
        must("when", Kind::Pattern, "the packages that cross it"),
        must(
            "kind",
            Kind::Word(&["hard", "soft"]),
            "hard: never accepted; soft: costs points",
        ),
        may(
            "penalty",
            Kind::Number(n::PENALTY),
            "points that crossing a soft line costs",
        ),
        may(
            "types",
            Kind::Names,
            "the types that hold it; all if left out",
        ),
        may("on", Kind::Switch, "is it drawn?"),
        may("source", Kind::Names, "where it comes from"),
        may("why", Kind::Text, "why it is drawn so"),
    ],
};

static ISSUE: TableSpec = TableSpec {
    fields: &[
        may("name", Kind::Text, "name for readers"),
        must("status_quo", Kind::Name, "the option that holds today"),
        must("option", Kind::Map(&OPTION), "its options"),
    ],
};

static OPTION: TableSpec = TableSpec {
    fields: &[
        may("name", Kind::Text, "name for readers"),
        may(
            "position",
            Kind::Number(n::POSITION),
            "where the line is, for the line issue",
        ),
        may(
            "performed_by",
            Kind::Names,
            "parties that must carry it out",
        ),
    ],
};

static CONSTRAINT: TableSpec = TableSpec {
    fields: &[
        may("says", Kind::Text, "the rule in a sentence"),
        may("forbid", Kind::Pattern, "packages that make no sense"),
        may("if", Kind::Pattern, "packages that…"),
        may("then", Kind::Pattern, "…must also be of this set"),
    ],
};

static PACKAGE: TableSpec = TableSpec {
    fields: &[
        may("name", Kind::Text, "name for readers"),
        may(
            "says",
            Kind::Text,
            "what it is and how it was read into options",
        ),
        may("by", Kind::Name, "the party that proposed it"),
        may("on", Kind::Date, "when"),
        must(
            "choose",
            Kind::Choice,
            "an option an issue; the status quo where left out",
        ),
        may(
            "signatories",
            Kind::Names,
            "who must sign; the belligerents if left out",
        ),
        may("source", Kind::Names, "where it is published"),
    ],
};
