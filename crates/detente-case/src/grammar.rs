//! The option table of the case language: every key, what it takes, whether it is required, and what it means. The checker
//! walks it; what a user is told about keys comes from here.

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
    NumberField { unit, domain, default: None }
}

const fn defaulting(unit: &'static str, domain: Domain, default: f64) -> NumberField {
    NumberField { unit, domain, default: Some(default) }
}

const fn must(key: &'static str, kind: Kind, doc: &'static str) -> Field {
    Field { key, required: true, kind, doc }
}

const fn may(key: &'static str, kind: Kind, doc: &'static str) -> Field {
    Field { key, required: false, kind, doc }
}

/// Numbers by name, so that the builder and the table cannot disagree.
pub(crate) mod numbers {
    use super::{Domain, NumberField, defaulting, number};

    pub(crate) const PRIOR: NumberField = number("probability", Domain::Share);
    pub(crate) const PATIENCE: NumberField = defaulting("a month", Domain::Within(0.9, 0.999), 0.985);
    pub(crate) const BURDEN: NumberField = defaulting("points", Domain::NotNegative, 0.0);
    pub(crate) const SCAR: NumberField = defaulting("points", Domain::NotNegative, 0.0);
    pub(crate) const ESCALATION_COST: NumberField = defaulting("points", Domain::NotNegative, 0.0);
    pub(crate) const BELIEVES_EDGE: NumberField = defaulting("log ratio", Domain::Signed, 0.0);
    pub(crate) const WEIGHT: NumberField = defaulting("weight", Domain::NotNegative, 0.0);
    pub(crate) const VALUE: NumberField = defaulting("share", Domain::Share, 0.0);
    pub(crate) const PENALTY: NumberField = defaulting("points", Domain::NotNegative, 0.0);
    pub(crate) const SWITCH_ON: NumberField = defaulting("switch", Domain::Switch, 1.0);
    pub(crate) const POSITION: NumberField = number("line", Domain::Signed);
    pub(crate) const EDGE: NumberField = number("log ratio", Domain::Signed);
    pub(crate) const PACE: NumberField = number("line", Domain::NotNegative);
    pub(crate) const VOLATILITY: NumberField = number("line", Domain::NotNegative);
    pub(crate) const START: NumberField = defaulting("line", Domain::Signed, 0.0);
    pub(crate) const DECISIVE: NumberField = number("a month", Domain::NotNegative);
    pub(crate) const DECISIVE_SLOPE: NumberField = defaulting("per edge", Domain::NotNegative, 0.0);
    pub(crate) const OTHER_END: NumberField = number("a month", Domain::NotNegative);
    pub(crate) const ESCALATION: NumberField = defaulting("a month", Domain::NotNegative, 0.0);
    pub(crate) const ESCALATION_SLOPE: NumberField = defaulting("per edge", Domain::NotNegative, 0.0);
    pub(crate) const NEST_WEIGHT: NumberField = defaulting("weight", Domain::Positive, 1.0);
    pub(crate) const SUBSTITUTION: NumberField = number("exponent", Domain::Within(-2.0, 1.0));
    pub(crate) const SHARE: NumberField = number("share", Domain::Share);
    pub(crate) const LEVEL: NumberField = defaulting("of today", Domain::Within(0.0, 2.0), 1.0);
    pub(crate) const BUFFER: NumberField = defaulting("months", Domain::NotNegative, 0.0);
    pub(crate) const RAMP: NumberField = defaulting("months", Domain::NotNegative, 0.0);
    pub(crate) const FROM_MONTH: NumberField = defaulting("months", Domain::NotNegative, 0.0);
    pub(crate) const LOW: NumberField = defaulting("of today", Domain::Within(0.4, 1.0), 1.0);
    pub(crate) const DELAY: NumberField = defaulting("months", Domain::NotNegative, 0.0);
    pub(crate) const COST: NumberField = defaulting("points", Domain::NotNegative, 0.0);
    pub(crate) const LEVER_ESCALATION: NumberField = defaulting("log ratio", Domain::Signed, 0.0);
    pub(crate) const HORIZON: NumberField = defaulting("months", Domain::Positive, 120.0);
}
use numbers as n;

/// The whole language.
pub static ROOT: TableSpec = TableSpec {
    fields: &[
        must("case", Kind::Table(&CASE), "what the case is"),
        may("source", Kind::Map(&SOURCE), "publications and data that numbers come from"),
        must("party", Kind::Map(&PARTY), "who negotiates"),
        must("issue", Kind::Map(&ISSUE), "what they negotiate over"),
        may("constraint", Kind::Map(&CONSTRAINT), "which packages make sense"),
        may("package", Kind::Map(&PACKAGE), "packages that somebody proposed"),
        may("contest", Kind::Table(&CONTEST), "what happens without a deal"),
        may("lever", Kind::Map(&LEVER), "what parties can do to move one another"),
        may("reading", Kind::Map(&READING), "rival sets of numbers"),
    ],
};

static CASE: TableSpec = TableSpec {
    fields: &[
        must("name", Kind::Text, "title"),
        must("as_of", Kind::Date, "date after which the case knows nothing"),
        may("summary", Kind::Text, "a sentence or two"),
    ],
};

static SOURCE: TableSpec = TableSpec {
    fields: &[
        must("title", Kind::Text, "title"),
        may("author", Kind::Text, "who wrote or collected it"),
        may("date", Kind::Date, "when"),
        may("url", Kind::Text, "where to find it"),
        may("note", Kind::Text, "how far it was checked, sample size, caveats"),
    ],
};

/// Keys of the long form of a number.
pub static LONG_NUMBER: TableSpec = TableSpec {
    fields: &[
        must("value", Kind::Text, "the number, as in the short form"),
        may("status", Kind::Word(STATUSES), "how well it is known"),
        may("source", Kind::Names, "where it comes from"),
        may("why", Kind::Text, "why this number"),
        may("by", Kind::Text, "whose judgement"),
        may("on", Kind::Date, "when it was made"),
        may("revisit", Kind::Text, "when or on what news it should be looked at again"),
    ],
};

/// How well a number is known, in the order of `Status`.
pub(crate) const STATUSES: &[&str] = &["measured", "quoted", "judgement", "placeholder"];

static PARTY: TableSpec = TableSpec {
    fields: &[
        may("name", Kind::Text, "name for readers"),
        may("side", Kind::Word(&["A", "B", "none"]), "its side in the contest"),
        may("roles", Kind::Words(&["belligerent", "patron", "mediator", "observer"]), "what it does in the story"),
        may("patience", Kind::Number(n::PATIENCE), "discount factor a month"),
        may("burden", Kind::Number(n::BURDEN), "points a month while the contest lasts, as a flow"),
        may("scar", Kind::Number(n::SCAR), "points lost for good with every month fought"),
        may("escalation_cost", Kind::Number(n::ESCALATION_COST), "points below zero that an escalation is worth"),
        may("believes", Kind::Table(&BELIEVES), "how its own beliefs differ from the analyst's"),
        may("issue", Kind::Map(&PREFERENCE), "what each issue is worth to it"),
        may("type", Kind::Map(&TYPE), "what only the party itself knows about itself"),
        may("redline", Kind::Map(&RED_LINE), "packages that it rules out or resents"),
    ],
};

static TYPE: TableSpec = TableSpec {
    fields: &[
        may("name", Kind::Text, "name for readers"),
        may("says", Kind::Text, "the type in a sentence"),
        must("prior", Kind::Number(n::PRIOR), "probability of the type, normalised over the party's types"),
        may("patience", Kind::Number(n::PATIENCE), "discount factor a month"),
        may("burden", Kind::Number(n::BURDEN), "points a month while the contest lasts, as a flow"),
        may("scar", Kind::Number(n::SCAR), "points lost for good with every month fought"),
        may("escalation_cost", Kind::Number(n::ESCALATION_COST), "points below zero that an escalation is worth"),
        may("believes", Kind::Table(&BELIEVES), "how its own beliefs differ from the analyst's"),
        may("issue", Kind::Map(&PREFERENCE), "what each issue is worth to it"),
    ],
};

static BELIEVES: TableSpec = TableSpec {
    fields: &[may("edge", Kind::Number(n::BELIEVES_EDGE), "offset from the analyst's draw of contest.edge")],
};

static PREFERENCE: TableSpec = TableSpec {
    fields: &[
        may("weight", Kind::Number(n::WEIGHT), "weight of the issue, normalised"),
        may("value", Kind::NumberMap(n::VALUE), "value of every option between 0 and 1"),
    ],
};

static RED_LINE: TableSpec = TableSpec {
    fields: &[
        may("says", Kind::Text, "the line in a sentence"),
        must("when", Kind::Pattern, "the packages that cross it"),
        must("kind", Kind::Word(&["hard", "soft"]), "hard: never accepted; soft: costs points"),
        may("penalty", Kind::Number(n::PENALTY), "points that crossing a soft line costs"),
        may("types", Kind::Names, "the types that hold it; all if left out"),
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
        may("position", Kind::Number(n::POSITION), "where the line is, for the line issue"),
        may("performed_by", Kind::Names, "parties that must carry it out"),
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
        may("says", Kind::Text, "what it is and how it was read into options"),
        may("by", Kind::Name, "the party that proposed it"),
        may("on", Kind::Date, "when"),
        must("choose", Kind::Choice, "an option an issue; the status quo where left out"),
        may("signatories", Kind::Names, "who must sign; the belligerents if left out"),
        may("source", Kind::Names, "where it is published"),
    ],
};

static CONTEST: TableSpec = TableSpec {
    fields: &[
        must("line_issue", Kind::Name, "the issue whose options are positions of the line"),
        must("unit", Kind::Text, "unit of the line"),
        may("horizon", Kind::Number(n::HORIZON), "months followed one by one"),
        must("edge", Kind::Number(n::EDGE), "log ratio of A's effort over B's at today's rates"),
        must("pace", Kind::Number(n::PACE), "line units a month per unit of edge"),
        must("volatility", Kind::Number(n::VOLATILITY), "line units, standard deviation of a month's movement"),
        may("start", Kind::Number(n::START), "the line today"),
        must("decisive", Kind::Number(n::DECISIVE), "hazard a month of an outright win, each side, at an even edge"),
        may("decisive_slope", Kind::Number(n::DECISIVE_SLOPE), "how fast that hazard rises with the edge"),
        must("other_end", Kind::Number(n::OTHER_END), "hazard a month of an armistice not from these talks"),
        may("escalation", Kind::Number(n::ESCALATION), "hazard a month of escalation"),
        may("escalation_slope", Kind::Number(n::ESCALATION_SLOPE), "how fast it rises as the weapon's holder falls behind"),
        may("weapon", Kind::Word(&["A", "B", "none"]), "the side that holds the weapon of escalation"),
        may("nest", Kind::Map(&NEST), "groups of contributions that substitute for one another"),
        may("supply", Kind::Map(&SUPPLY), "contributions"),
        may("capacity", Kind::Table(&CAPACITIES), "when a side tires"),
        must("unsettled", Kind::Table(&CHOICE), "what holds while the contest lasts"),
        must("ending", Kind::Table(&ENDINGS), "what holds after it"),
    ],
};

static CHOICE: TableSpec = TableSpec {
    fields: &[
        must("choose", Kind::Choice, "an option an issue; the status quo where left out"),
        may("says", Kind::Text, "how it was read into options"),
    ],
};

static ENDINGS: TableSpec = TableSpec {
    fields: &[
        must("a_decisive", Kind::Table(&CHOICE), "imposed if A wins outright"),
        must("b_decisive", Kind::Table(&CHOICE), "imposed if B wins outright"),
        must("armistice", Kind::Table(&CHOICE), "after an armistice; the line stays where it stands"),
    ],
};

static NEST: TableSpec = TableSpec {
    fields: &[
        must("side", Kind::Word(&["A", "B"]), "the side it supplies"),
        may("weight", Kind::Number(n::NEST_WEIGHT), "exponent, normalised over the side's nests"),
        must("substitution", Kind::Number(n::SUBSTITUTION), "CES exponent: 1 perfect substitutes, 0 weighted product"),
    ],
};

static SUPPLY: TableSpec = TableSpec {
    fields: &[
        may("from", Kind::Name, "the party that gives; the key if left out"),
        must("nest", Kind::Name, "its nest"),
        must("share", Kind::Number(n::SHARE), "share of the nest today, normalised"),
        may("level", Kind::Number(n::LEVEL), "rate, 1 = today's"),
        may("buffer", Kind::Number(n::BUFFER), "months that stocks delay a cut"),
        may("ramp", Kind::Number(n::RAMP), "months over which a change takes hold"),
    ],
};

static CAPACITIES: TableSpec = TableSpec {
    fields: &[
        may("A", Kind::Table(&CAPACITY), "of side A"),
        may("B", Kind::Table(&CAPACITY), "of side B"),
    ],
};

static CAPACITY: TableSpec = TableSpec {
    fields: &[
        may("from_month", Kind::Number(n::FROM_MONTH), "month at which capacity starts to fall, over six months"),
        may("low", Kind::Number(n::LOW), "where it ends, today = 1"),
    ],
};

static LEVER: TableSpec = TableSpec {
    fields: &[
        may("name", Kind::Text, "name for readers"),
        may("says", Kind::Text, "the lever in a sentence"),
        must("by", Kind::Name, "who wields it"),
        must("kind", Kind::Word(&["stick", "carrot", "assurance", "pressure"]), "what it is to its target"),
        must("trigger", Kind::Word(&["now"]), "when it is pulled"),
        may("on", Kind::Switch, "is it pulled? readings may set it"),
        may("delay", Kind::Number(n::DELAY), "months before its effects"),
        may("cost", Kind::Number(n::COST), "points to the wielder"),
        may("escalation", Kind::Number(n::LEVER_ESCALATION), "added to the log of the escalation hazard while it runs"),
        may("sets", Kind::Paths, "what it sets: levels of contributions"),
        may("source", Kind::Names, "where it comes from"),
    ],
};

static READING: TableSpec = TableSpec {
    fields: &[
        may("name", Kind::Text, "name for readers"),
        may("by", Kind::Text, "whose it is"),
        may("says", Kind::Text, "the reading in a sentence"),
        may("source", Kind::Names, "where it is published"),
        must("set", Kind::Paths, "numbers and switches by path"),
    ],
};
