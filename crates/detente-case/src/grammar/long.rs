//! The long form of a number.

use super::numbers as n;
use super::{Kind, Refer, TableSpec, may, must};

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
        may("source", Kind::Names(Refer::Source), "where it comes from"),
        may("why", Kind::Text, "why this number"),
        may("by", Kind::Text, "whose judgement"),
        may("on", Kind::Date, "when it was made"),
        may(
            "revisit",
            Kind::Text,
            "when or on what news it should be looked at again",
        ),
        may(
            "private_to",
            Kind::Name(Refer::Party),
            "the party that alone knows the true value",
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
        may("on", Kind::Date, "when it was said"),
        may("why", Kind::Text, "why, and how sure the expert is"),
        may("says", Kind::Text, "the expert's own words, for quotation"),
    ],
};

/// How well a number is known, in the order of `Status`.
pub(crate) const STATUSES: &[&str] = &["measured", "quoted", "judgement", "placeholder"];
