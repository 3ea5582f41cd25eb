//! What parties can do, what they can learn, how they talk, and what may follow a deal.

use super::numbers as n;
use super::{Kind, Refer, TableSpec, may, must};

pub(crate) static LEVER: TableSpec = TableSpec {
    fields: &[
        may("name", Kind::Text, "name for readers"),
        may("says", Kind::Text, "the lever in a sentence"),
        must("by", Kind::Name(Refer::Party), "who wields it"),
        must(
            "kind",
            Kind::Word(&["stick", "carrot", "assurance", "pressure"]),
            "what it is to its target",
        ),
        must(
            "trigger",
            Kind::Trigger,
            "when it is pulled: now, accept, refuse(PARTY), or violate(PARTY)",
        ),
        may("on", Kind::Switch, "is it there? readings may set it"),
        may(
            "delay",
            Kind::Number(n::DELAY),
            "months before what it sets steps in; what it costs by the month and its escalation run from the start",
        ),
        may(
            "cost",
            Kind::Number(n::COST),
            "points to the wielder if it is pulled",
        ),
        may(
            "audience_cost",
            Kind::Number(n::AUDIENCE_COST),
            "points to the wielder if it was announced and is not pulled",
        ),
        may(
            "flow_cost",
            Kind::NumberMap(n::FLOW_COST, Refer::Party),
            "points a month, as a flow, to a party while it runs",
        ),
        may(
            "lasts",
            Kind::Number(n::LASTS),
            "months for which what it costs or brings by the month runs once a deal is signed; for good if left out",
        ),
        may(
            "pays",
            Kind::NumberMap(n::PAYS, Refer::Party),
            "points, once, to a party when a deal is signed",
        ),
        may(
            "escalation",
            Kind::Number(n::LEVER_ESCALATION),
            "added to the log of the escalation hazard while it runs",
        ),
        may(
            "announces",
            Kind::NumberMap(n::ANNOUNCES, Refer::TypeOfItsParty),
            "chance that a type of the wielder announces it",
        ),
        may(
            "credibility",
            Kind::Number(n::CREDIBILITY),
            "chance that it is pulled, assumed instead of derived from its wielder's incentive",
        ),
        may("sets", Kind::Paths, "numbers that it sets"),
        may("source", Kind::Names(Refer::Source), "where it comes from"),
    ],
};

pub(crate) static TURNOVER: TableSpec = TableSpec {
    fields: &[
        may("says", Kind::Text, "the succession in a sentence"),
        must("party", Kind::Name(Refer::Party), "whose leader"),
        must("on", Kind::Date, "when"),
        must(
            "prior",
            Kind::NumberMap(n::PRIOR, Refer::TypeOfItsParty),
            "probability of each type of the successor",
        ),
        may("source", Kind::Names(Refer::Source), "where it comes from"),
    ],
};

pub(crate) static OBSERVABLE: TableSpec = TableSpec {
    fields: &[
        may("name", Kind::Text, "name for readers"),
        may("says", Kind::Text, "what would be watched"),
        must("about", Kind::Path, "the number that it tells of"),
        must(
            "noise",
            Kind::Number(n::NOISE),
            "standard deviation of what is seen, as a share of the number's own spread",
        ),
        may("on", Kind::Date, "when it could be known"),
        may("settles", Kind::Text, "the reading that would settle it"),
        may(
            "source",
            Kind::Names(Refer::Source),
            "where it would be published",
        ),
    ],
};

pub(crate) static MESSENGER: TableSpec = TableSpec {
    fields: &[
        may("says", Kind::Text, "the channel in a sentence"),
        must("by", Kind::Name(Refer::Party), "who reports"),
        must("to", Kind::Name(Refer::Party), "who is told"),
        must("about", Kind::Name(Refer::Observable), "on what"),
        may(
            "distortion",
            Kind::Number(n::DISTORTION),
            "how far reports are bent, in spreads of the number",
        ),
    ],
};

pub(crate) static DURABILITY: TableSpec = TableSpec {
    fields: &[
        must(
            "background",
            Kind::Number(n::BACKGROUND),
            "rate a month at which deals of this kind break down into war",
        ),
        may(
            "guarantee",
            Kind::Number(n::LOWERS),
            "what a full guarantee adds to the log of that rate",
        ),
        may(
            "verification",
            Kind::Number(n::LOWERS),
            "what full verification adds",
        ),
        may(
            "separation",
            Kind::Number(n::LOWERS),
            "what full separation of forces adds",
        ),
        may(
            "imposed",
            Kind::Number(n::RAISES),
            "what an imposed deal adds in the long run",
        ),
        may(
            "mediated",
            Kind::Number(n::RAISES),
            "what mediation takes off at first",
        ),
        may(
            "fades",
            Kind::Number(n::FADES),
            "months over which the two last take hold or fade",
        ),
        may(
            "kept_months",
            Kind::Number(n::KEPT_MONTHS),
            "months without a breakdown after which a deal counts as kept",
        ),
        may(
            "sample_mean",
            Kind::Table(&SAMPLE_MEAN),
            "mean features of the deals that the rate was counted on",
        ),
        may(
            "rebuild",
            Kind::Table(&REBUILD),
            "months in which a side refills its forces",
        ),
        may(
            "force",
            Kind::Table(&FORCE),
            "where a side's forces end up after a deal",
        ),
        may(
            "failure",
            Kind::Map(&FAILURE),
            "other definitions of failure",
        ),
        may("base_rate", Kind::Map(&BASE_RATE), "reference classes"),
        may(
            "target",
            Kind::Map(&TARGET),
            "whom the same attacker might attack instead",
        ),
    ],
};

static SAMPLE_MEAN: TableSpec = TableSpec {
    fields: &[
        may(
            "guarantee",
            Kind::Number(n::SAMPLE_FEATURE),
            "mean guarantee",
        ),
        may(
            "verification",
            Kind::Number(n::SAMPLE_FEATURE),
            "mean verification",
        ),
        may(
            "separation",
            Kind::Number(n::SAMPLE_FEATURE),
            "mean separation",
        ),
    ],
};

static REBUILD: TableSpec = TableSpec {
    fields: &[
        may("A", Kind::Number(n::REBUILD), "of side A"),
        may("B", Kind::Number(n::REBUILD), "of side B"),
    ],
};

static FORCE: TableSpec = TableSpec {
    fields: &[
        may("A", Kind::Number(n::FORCE), "of side A"),
        may("B", Kind::Number(n::FORCE), "of side B"),
    ],
};

static FAILURE: TableSpec = TableSpec {
    fields: &[
        must("says", Kind::Text, "the definition"),
        must("rate", Kind::Number(n::BACKGROUND), "rate a month"),
        may("source", Kind::Names(Refer::Source), "where it comes from"),
    ],
};

static BASE_RATE: TableSpec = TableSpec {
    fields: &[
        must("says", Kind::Text, "what was counted"),
        must(
            "share",
            Kind::Number(n::BASE_SHARE),
            "share of the reference class, such as 3 of 11",
        ),
        may("years", Kind::Number(n::YEARS), "within how many years"),
        may("source", Kind::Names(Refer::Source), "where it comes from"),
    ],
};

static TARGET: TableSpec = TableSpec {
    fields: &[
        may("says", Kind::Text, "the target in a sentence"),
        must("by", Kind::Name(Refer::Party), "who might attack it"),
        must(
            "worth",
            Kind::Number(n::TARGET_WORTH),
            "points that attacking it is worth to that party above peace",
        ),
        may("source", Kind::Names(Refer::Source), "where it comes from"),
    ],
};

pub(crate) static BEHAVIOUR: TableSpec = TableSpec {
    fields: &[
        may(
            "noise",
            Kind::Number(n::CHOICE_NOISE),
            "points of incentive that choosing is blurred by",
        ),
        may(
            "precision",
            Kind::Number(n::PRECISION),
            "of play in the talks, per point",
        ),
    ],
};

pub(crate) static TALKS: TableSpec = TableSpec {
    fields: &[
        may(
            "protocol",
            Kind::Word(&["alternating", "mediated", "same"]),
            "who proposes: the parties in turn, the mediator, or always the first; if left out, the mediator, if there is one",
        ),
        may(
            "first",
            Kind::Name(Refer::Party),
            "who proposes first; if left out, the mediator or the first party that signs",
        ),
        may(
            "order",
            Kind::Names(Refer::Party),
            "who proposes in each round, from the start again after the last; in the place of protocol and first",
        ),
        may(
            "rounds",
            Kind::Number(n::ROUNDS),
            "rounds of offers, 0 to 12; 0: no talks; if left out, 2. As many are played as a game has room for, which the report says",
        ),
        may(
            "months",
            Kind::Number(n::TALKS_MONTHS),
            "months from one round to the next, 1 to 24; if left out, 1",
        ),
        may(
            "agree",
            Kind::Names(Refer::Party),
            "who must agree to every offer besides those whom it needs",
        ),
        may(
            "menu",
            Kind::Names(Refer::Package),
            "named packages that may be proposed, the most important first; if left out, any",
        ),
        may(
            "find",
            Kind::Switch,
            "are packages found that may be proposed besides: a fair one for each combination of types, and the least that each type takes? if left out, true",
        ),
        may(
            "offers",
            Kind::Number(n::OFFERS),
            "packages that may be proposed at most, 1 to 8",
        ),
        may(
            "passes",
            Kind::Switch,
            "may a proposer offer nothing? if left out, true; false binds it to an offer even where that is worse for it than none",
        ),
        may(
            "announcements",
            Kind::Names(Refer::Lever),
            "levers that may be announced before the first round, the most important first; if left out, those of refusals that state an audience_cost",
        ),
        may(
            "levers",
            Kind::Names(Refer::Lever),
            "levers that may be pulled after a refusal; if left out, all that wait for one",
        ),
        may(
            "only_announced",
            Kind::Switch,
            "are levers that may be announced pulled only if they were? if left out, false",
        ),
        may(
            "news",
            Kind::NumberMap(n::CHANCE, Refer::AnyType),
            "chance that between two rounds the news comes, for each type of one party",
        ),
        may(
            "meanwhile",
            Kind::NumberMap(n::MEANWHILE, Refer::Party),
            "points, as a flow, that waiting is worth while talks last, where no deal is a reservation value or a lottery; if left out, what no deal is worth, or with a lottery what is so today",
        ),
        may(
            "moves",
            Kind::Number(n::MOVES),
            "moves of a game at most, over all information sets, 20 to 4000; if left out, 1000. Rounds, offers and levers are cut until it fits",
        ),
    ],
};
