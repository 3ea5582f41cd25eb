//! Parties, their types, preferences, beliefs, leaders, gates.

use super::numbers as n;
use super::{Field, Kind, Refer, TableSpec, may, must};

const PATIENCE: Field = may(
    "patience",
    Kind::Number(n::PATIENCE),
    "discount factor a month",
);
const BURDEN: Field = may(
    "burden",
    Kind::Number(n::BURDEN),
    "points a month while the contest lasts, as a flow",
);
const SCAR: Field = may(
    "scar",
    Kind::Number(n::SCAR),
    "points lost for good with every month fought",
);
const ESCALATION_COST: Field = may(
    "escalation_cost",
    Kind::Number(n::ESCALATION_COST),
    "points below zero that an escalation is worth",
);
const RESERVATION: Field = may(
    "reservation",
    Kind::Number(n::RESERVATION),
    "points that no deal is worth, in a case that gives no other account of it",
);
const FIGHTING_COST: Field = may(
    "fighting_cost",
    Kind::Number(n::FIGHTING_COST),
    "points that the lottery costs, whoever wins",
);
const RENEGE_COST: Field = may(
    "renege_cost",
    Kind::Number(n::RENEGE_COST),
    "points that breaking a deal costs",
);
const LEADER_TERMS: Field = may(
    "leader",
    Kind::Table(&LEADER),
    "what outcomes do to the leader's office and legacy",
);
const BELIEFS: Field = may(
    "believes",
    Kind::Table(&BELIEVES),
    "how its own beliefs differ from the analyst's",
);
const PREFERENCES: Field = may(
    "issue",
    Kind::Map(&PREFERENCE),
    "what each issue is worth to it",
);
const INTERACTIONS: Field = may(
    "interaction",
    Kind::Map(&INTERACTION),
    "what options are worth together, beyond what each is worth",
);

pub(crate) static PARTY: TableSpec = TableSpec {
    fields: &[
        may("name", Kind::Text, "name for readers"),
        may(
            "side",
            Kind::Word(&["A", "B", "none"]),
            "its side in the contest",
        ),
        may(
            "roles",
            Kind::Words(&["belligerent", "principal", "patron", "mediator", "observer"]),
            "what it does in the story",
        ),
        PATIENCE,
        BURDEN,
        SCAR,
        ESCALATION_COST,
        RESERVATION,
        FIGHTING_COST,
        RENEGE_COST,
        may(
            "aspiration",
            Kind::Number(n::ASPIRATION),
            "points above no deal that a package must be worth to a mediator",
        ),
        may(
            "opening",
            Kind::Name(Refer::Package),
            "the package it asked for first; concessions are counted from it",
        ),
        may(
            "prior_formed",
            Kind::Date,
            "when the priors of its types were formed; only later acts change them",
        ),
        BELIEFS,
        LEADER_TERMS,
        PREFERENCES,
        may(
            "weights",
            Kind::Table(&WEIGHTS),
            "how the weights of its issues are drawn together",
        ),
        INTERACTIONS,
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
        may(
            "gate",
            Kind::Map(&GATE),
            "who at home must agree: a parliament, a public",
        ),
        may(
            "refusal",
            Kind::Table(&REFUSAL),
            "what follows if others settle and it refuses",
        ),
    ],
};

pub(crate) static TYPE: TableSpec = TableSpec {
    fields: &[
        may("name", Kind::Text, "name for readers"),
        may("says", Kind::Text, "the type in a sentence"),
        must(
            "prior",
            Kind::Number(n::PRIOR),
            "probability of the type, normalised over the party's types",
        ),
        PATIENCE,
        BURDEN,
        SCAR,
        ESCALATION_COST,
        RESERVATION,
        FIGHTING_COST,
        RENEGE_COST,
        BELIEFS,
        LEADER_TERMS,
        PREFERENCES,
        INTERACTIONS,
    ],
};

pub(crate) static BELIEVES: TableSpec = TableSpec {
    fields: &[
        may(
            "edge",
            Kind::Number(n::BELIEVES_EDGE),
            "offset from the analyst's draw of contest.edge",
        ),
        may(
            "escalation",
            Kind::Number(n::BELIEVES_ESCALATION),
            "offset of the log of the escalation hazard",
        ),
        may(
            "chance",
            Kind::Number(n::BELIEVES_CHANCE),
            "offset of the log odds of lottery.chance",
        ),
        may(
            "rate",
            Kind::NumberMap(n::BELIEVES_RATE, Refer::Own),
            "offset of the log of a rate of the process, by move",
        ),
        may(
            "rate_sd",
            Kind::NumberMap(n::RATE_SD, Refer::Own),
            "its own doubt about the log of a rate of the process, a standard deviation, by move",
        ),
        may(
            "own_sd",
            Kind::Number(n::OWN_SD),
            "its own doubt about the edge, a standard deviation",
        ),
        may(
            "learning_rate",
            Kind::Number(n::LEARNING_RATE),
            "exponent of the likelihood of news: 1 Bayes, 0 never learns",
        ),
        may(
            "news_bias",
            Kind::Number(n::NEWS_BIAS),
            "line units by which monthly news reaches it bent, + towards A",
        ),
        may(
            "open_to_news",
            Kind::Number(n::OPEN_TO_NEWS),
            "how far news can move its belief about the edge, or about any rate, a standard deviation; its own doubt where left out",
        ),
        may(
            "about",
            Kind::NumberMap(n::PRIOR, Refer::AnyType),
            "its own probabilities of other parties' types",
        ),
    ],
};

pub(super) static LEADER: TableSpec = TableSpec {
    fields: &[
        may(
            "office",
            Kind::Number(n::OFFICE),
            "points that losing office costs",
        ),
        may(
            "legacy",
            Kind::Number(n::LEGACY),
            "points that the best legacy is worth above a neutral one",
        ),
        may(
            "if",
            Kind::Table(&FATES),
            "by ending and by feature of the outcome",
        ),
    ],
};

static FATES: TableSpec = TableSpec {
    fields: &[
        may("a_decisive", Kind::Table(&FATE), "side A wins outright"),
        may("b_decisive", Kind::Table(&FATE), "side B wins outright"),
        may(
            "armistice",
            Kind::Table(&FATE),
            "an armistice not from these talks",
        ),
        may("escalation", Kind::Table(&FATE), "escalation"),
        may("unsettled", Kind::Table(&FATE), "while nothing is settled"),
        may("deal", Kind::Table(&FATE), "an agreed package"),
        may("imposed", Kind::Table(&FATE), "a package that was dictated"),
        may(
            "over_ally",
            Kind::Table(&FATE),
            "a package agreed over an ally's refusal",
        ),
        may("line_lost", Kind::Table(&FATE), "the line worse than today"),
    ],
};

static FATE: TableSpec = TableSpec {
    fields: &[
        may(
            "legacy",
            Kind::Number(n::FATE_LEGACY),
            "share of the legacy term, -1 to 1",
        ),
        may(
            "loses_office",
            Kind::Number(n::LOSES_OFFICE),
            "probability of losing office",
        ),
    ],
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
            Kind::NumberMap(n::VALUE, Refer::Own),
            "value of every option between 0 and 1",
        ),
    ],
};

static WEIGHTS: TableSpec = TableSpec {
    fields: &[
        may(
            "rank",
            Kind::Names(Refer::Issue),
            "issues, weightiest first: weights are drawn from all that keep this order",
        ),
        may(
            "concentration",
            Kind::Number(n::CONCENTRATION),
            "Dirichlet: the stated weights are means, this says how firmly",
        ),
    ],
};

pub(super) static INTERACTION: TableSpec = TableSpec {
    fields: &[
        may("says", Kind::Text, "the interaction in a sentence"),
        may(
            "when",
            Kind::Pattern,
            "options of two or more issues that go together",
        ),
        may(
            "worth",
            Kind::Number(n::INTERACTION_WORTH),
            "what they add together, on the scale of the weights",
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
            Kind::Names(Refer::Own),
            "the types that hold it; all if left out",
        ),
        may("on", Kind::Switch, "is it drawn?"),
        may("source", Kind::Names(Refer::Source), "where it comes from"),
        may("why", Kind::Text, "why it is drawn so"),
    ],
};

pub(crate) static GATE: TableSpec = TableSpec {
    fields: &[
        may("name", Kind::Text, "name for readers"),
        may("says", Kind::Text, "the gate in a sentence"),
        may("on", Kind::Switch, "does it stand?"),
        must(
            "base",
            Kind::Number(n::GATE_BASE),
            "support for the status quo, as log odds",
        ),
        may(
            "effect",
            Kind::NumberMap(n::GATE_EFFECT, Refer::Option),
            "what an option adds to the log odds",
        ),
        may(
            "scale",
            Kind::Number(n::GATE_SCALE),
            "divides the log odds: small is decided, large is noisy",
        ),
        may(
            "bar",
            Kind::Number(n::GATE_BAR),
            "probability below which the gate is counted as likely to block; what is in force takes the probability itself",
        ),
        may(
            "published",
            Kind::Map(&PUBLISHED),
            "support found for named packages, printed beside what the gate computes",
        ),
        may("source", Kind::Names(Refer::Source), "where it comes from"),
    ],
};

static PUBLISHED: TableSpec = TableSpec {
    fields: &[
        must(
            "package",
            Kind::Name(Refer::Package),
            "the named package asked about",
        ),
        must("support", Kind::Number(n::SUPPORT), "share in favour"),
        may("says", Kind::Text, "the question as it was asked"),
        may("source", Kind::Names(Refer::Source), "where it comes from"),
    ],
};

pub(crate) static REFUSAL: TableSpec = TableSpec {
    fields: &[
        may("says", Kind::Text, "what follows, in a sentence"),
        may(
            "line_loss",
            Kind::Number(n::LINE_LOSS),
            "loss of the line within 24 months up to which it still holds",
        ),
        may(
            "endures",
            Kind::Number(n::ENDURES),
            "months that it must last to endure",
        ),
        may(
            "compelled_bar",
            Kind::Number(n::COMPELLED_BAR),
            detente_core::asks::COMPELLED_BAR_IS,
        ),
        may(
            "crack",
            Kind::NumberMap(n::CRACK, Refer::Party),
            "points to each party, signed, if others settle over its refusal",
        ),
        may("source", Kind::Names(Refer::Source), "where it comes from"),
    ],
};
