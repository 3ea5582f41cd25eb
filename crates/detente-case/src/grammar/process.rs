//! What happens without a deal, as states that lead to one another.

use super::numbers as n;
use super::{Field, Kind, Refer, TableSpec, may, must};

const NAME: Field = may("name", Kind::Text, "name for readers");
const WORTH: Field = may(
    "worth",
    Kind::NumberMap(n::STATE_WORTH, Refer::Party),
    "points that it is worth to a party on its scale: of a state as a flow while it lasts, of an end for ever",
);
const WORTH_OF_TYPE: Field = may(
    "worth_of_type",
    Kind::NumberMap(n::STATE_WORTH, Refer::AnyType),
    "the same to a type, where it differs from its party's",
);
const LIKE: Field = may(
    "like",
    Kind::Name(Refer::Package),
    "the package that it is worth as much as, to every party whose worth is not stated",
);
const CHOOSE: Field = may(
    "choose",
    Kind::Choice,
    "the same by an option an issue, the status quo where left out",
);

const DEAL: Field = may(
    "deal",
    Kind::Switch,
    "is a final deal in force in it? A deal that lapses and leads on to it (`then`) counts as kept while it is; false if left out",
);

pub(super) static PROCESS: TableSpec = TableSpec {
    fields: &[
        must(
            "today",
            Kind::Name(Refer::Own),
            "the state that no deal begins in",
        ),
        may(
            "resumes",
            Kind::Name(Refer::Own),
            "the state that follows a deal which breaks down; today's if left out",
        ),
        must("state", Kind::Map(&STATE), "states, which may be left"),
        may("end", Kind::Map(&END), "ends, which last for ever"),
        may("move", Kind::Map(&MOVE), "what leads from one to another"),
    ],
};

static STATE: TableSpec = TableSpec {
    fields: &[
        NAME,
        WORTH,
        WORTH_OF_TYPE,
        LIKE,
        CHOOSE,
        DEAL,
        may(
            "scar",
            Kind::NumberMap(n::STATE_SCAR, Refer::Party),
            "points lost for good with every month in it",
        ),
        may(
            "scar_of_type",
            Kind::NumberMap(n::STATE_SCAR, Refer::AnyType),
            "the same to a type, where it differs from its party's",
        ),
    ],
};

static END: TableSpec = TableSpec {
    fields: &[NAME, WORTH, WORTH_OF_TYPE, LIKE, CHOOSE, DEAL],
};

static MOVE: TableSpec = TableSpec {
    fields: &[
        NAME,
        must("from", Kind::Name(Refer::Own), "the state that it leaves"),
        must(
            "to",
            Kind::Name(Refer::Own),
            "the state or the end that it leads to",
        ),
        may(
            "by",
            Kind::Names(Refer::Party),
            "whose move it is, one party's or that of several together; left out, nobody's: it comes by itself or from outside",
        ),
        must(
            "rate",
            Kind::Number(n::RATE),
            "how often it is made in a month in its state, all such moves competing",
        ),
        may(
            "later",
            Kind::Map(&LATER),
            "rates that take its place from a month on",
        ),
    ],
};

static LATER: TableSpec = TableSpec {
    fields: &[
        must(
            "from_month",
            Kind::Number(n::RATE_FROM),
            "the month that it begins in, counted from today; after month 600 it never comes",
        ),
        must("rate", Kind::Number(n::RATE), "the rate from then on"),
    ],
};
