//! What happens without a deal.

use super::numbers as n;
use super::{CHOICE, Kind, Refer, TableSpec, may, must};

pub(super) static CONTEST: TableSpec = TableSpec {
    fields: &[
        must(
            "line_issue",
            Kind::Name(Refer::Issue),
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
            "CES exponent: 1 perfect substitutes, 0 weighted product; asked of a nest of one contribution too, where it changes nothing",
        ),
    ],
};

static SUPPLY: TableSpec = TableSpec {
    fields: &[
        may(
            "from",
            Kind::Name(Refer::Party),
            "the party that gives; the key if left out",
        ),
        must("nest", Kind::Name(Refer::Own), "its nest"),
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

pub(crate) static LOTTERY: TableSpec = TableSpec {
    fields: &[
        must("chance", Kind::Number(n::CHANCE), "chance that side A wins"),
        must("a_wins", Kind::Table(&CHOICE), "what holds if side A wins"),
        must("b_wins", Kind::Table(&CHOICE), "what holds if side B wins"),
    ],
};
