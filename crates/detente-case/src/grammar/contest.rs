//! The contest, levers and readings.

use super::numbers as n;
use super::{Kind, TableSpec, may, must};

pub(super) static CONTEST: TableSpec = TableSpec {
    fields: &[
        must(
            "line_issue",
            Kind::Name,
            "the issue whose options are positions of the line",
        ),
        must("unit", Kind::Text, "unit of the line"),
        may(
            "horizon",
            Kind::Number(n::HORIZON),
            "months followed one by one",
        ),
        must(
            "edge",
            Kind::Number(n::EDGE),
            "log ratio of A's effort over B's at today's rates",
        ),
        must(
            "pace",
            Kind::Number(n::PACE),
            "line units a month per unit of edge",
        ),
        must(
            "volatility",
            Kind::Number(n::VOLATILITY),
            "line units, standard deviation of a month's movement",
        ),
        may("start", Kind::Number(n::START), "the line today"),
        must(
            "decisive",
            Kind::Number(n::DECISIVE),
            "hazard a month of an outright win, each side, at an even edge",
        ),
        may(
            "decisive_slope",
            Kind::Number(n::DECISIVE_SLOPE),
            "how fast that hazard rises with the edge",
        ),
        must(
            "other_end",
            Kind::Number(n::OTHER_END),
            "hazard a month of an armistice not from these talks",
        ),
        may(
            "escalation",
            Kind::Number(n::ESCALATION),
            "hazard a month of escalation",
        ),
        may(
            "escalation_slope",
            Kind::Number(n::ESCALATION_SLOPE),
            "how fast it rises as the weapon's holder falls behind",
        ),
        may(
            "weapon",
            Kind::Word(&["A", "B", "none"]),
            "the side that holds the weapon of escalation",
        ),
        may(
            "nest",
            Kind::Map(&NEST),
            "groups of contributions that substitute for one another",
        ),
        may("supply", Kind::Map(&SUPPLY), "contributions"),
        may("capacity", Kind::Table(&CAPACITIES), "when a side tires"),
        must(
            "unsettled",
            Kind::Table(&CHOICE),
            "what holds while the contest lasts",
        ),
        must("ending", Kind::Table(&ENDINGS), "what holds after it"),
    ],
};

static CHOICE: TableSpec = TableSpec {
    fields: &[
        must(
            "choose",
            Kind::Choice,
            "an option an issue; the status quo where left out",
        ),
        may("says", Kind::Text, "how it was read into options"),
    ],
};

static ENDINGS: TableSpec = TableSpec {
    fields: &[
        must(
            "a_decisive",
            Kind::Table(&CHOICE),
            "imposed if A wins outright",
        ),
        must(
            "b_decisive",
            Kind::Table(&CHOICE),
            "imposed if B wins outright",
        ),
        must(
            "armistice",
            Kind::Table(&CHOICE),
            "after an armistice; the line stays where it stands",
        ),
    ],
};

static NEST: TableSpec = TableSpec {
    fields: &[
        must("side", Kind::Word(&["A", "B"]), "the side it supplies"),
        may(
            "weight",
            Kind::Number(n::NEST_WEIGHT),
            "exponent, normalised over the side's nests",
        ),
        must(
            "substitution",
            Kind::Number(n::SUBSTITUTION),
            "CES exponent: 1 perfect substitutes, 0 weighted product",
        ),
    ],
};

static SUPPLY: TableSpec = TableSpec {
    fields: &[
        may(
            "from",
            Kind::Name,
            "the party that gives; the key if left out",
        ),
        must("nest", Kind::Name, "its nest"),
        must(
            "share",
            Kind::Number(n::SHARE),
            "share of the nest today, normalised",
        ),
        may("level", Kind::Number(n::LEVEL), "rate, 1 = today's"),
        may(
            "buffer",
            Kind::Number(n::BUFFER),
            "months that stocks delay a cut",
        ),
        may(
            "ramp",
            Kind::Number(n::RAMP),
            "months over which a change takes hold",
        ),
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
        may(
            "from_month",
            Kind::Number(n::FROM_MONTH),
            "month at which capacity starts to fall, over six months",
        ),
        may("low", Kind::Number(n::LOW), "where it ends, today = 1"),
    ],
};

pub(super) static LEVER: TableSpec = TableSpec {
    fields: &[
        may("name", Kind::Text, "name for readers"),
        may("says", Kind::Text, "the lever in a sentence"),
        must("by", Kind::Name, "who wields it"),
        must(
            "kind",
            Kind::Word(&["stick", "carrot", "assurance", "pressure"]),
            "what it is to its target",
        ),
        must("trigger", Kind::Word(&["now"]), "when it is pulled"),
        may("on", Kind::Switch, "is it pulled? readings may set it"),
        may("delay", Kind::Number(n::DELAY), "months before its effects"),
        may("cost", Kind::Number(n::COST), "points to the wielder"),
        may(
            "escalation",
            Kind::Number(n::LEVER_ESCALATION),
            "added to the log of the escalation hazard while it runs",
        ),
        may("sets", Kind::Paths, "what it sets: levels of contributions"),
        may("source", Kind::Names, "where it comes from"),
    ],
};

pub(super) static READING: TableSpec = TableSpec {
    fields: &[
        may("name", Kind::Text, "name for readers"),
        may("by", Kind::Text, "whose it is"),
        may("says", Kind::Text, "the reading in a sentence"),
        may("source", Kind::Names, "where it is published"),
        must("set", Kind::Paths, "numbers and switches by path"),
    ],
};
