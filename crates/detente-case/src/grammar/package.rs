//! Issues, options, constraints, packages.

use super::numbers as n;
use super::{Kind, Refer, TableSpec, may, must};

pub(super) static ISSUE: TableSpec = TableSpec {
    fields: &[
        may("name", Kind::Text, "name for readers"),
        may("says", Kind::Text, "the issue in a sentence"),
        must(
            "status_quo",
            Kind::Name(Refer::Own),
            "the option that holds today",
        ),
        must("option", Kind::Map(&OPTION), "its options"),
    ],
};

pub(crate) static OPTION: TableSpec = TableSpec {
    fields: &[
        may("name", Kind::Text, "name for readers"),
        may("says", Kind::Text, "the option in a sentence"),
        may(
            "position",
            Kind::Number(n::POSITION),
            "where the line is, for the line issue",
        ),
        may(
            "performed_by",
            Kind::Names(Refer::Party),
            "parties that must carry it out",
        ),
        may(
            "lasts",
            Kind::Number(n::LASTS),
            "months after which it lapses, and with it the whole package that holds it; for good if left out",
        ),
        may(
            "then",
            Kind::Name(Refer::Own),
            "the state of the process that follows once it has lapsed; if left out, what follows a breakdown",
        ),
        may(
            "guarantee",
            Kind::Number(n::FEATURE),
            "how far it guarantees the peace",
        ),
        may(
            "verification",
            Kind::Number(n::FEATURE),
            "how far it is watched",
        ),
        may(
            "separation",
            Kind::Number(n::FEATURE),
            "how far it keeps forces apart",
        ),
        may(
            "imposed",
            Kind::Switch,
            "is it dictated rather than agreed?",
        ),
        may(
            "crack",
            Kind::NumberMap(n::CRACK, Refer::Party),
            "points to each party, signed, from harm to an alliance",
        ),
        may(
            "sets",
            Kind::Paths,
            "numbers of the contest that it changes, should fighting go on or resume",
        ),
    ],
};

pub(super) static CONSTRAINT: TableSpec = TableSpec {
    fields: &[
        may("says", Kind::Text, "the rule in a sentence"),
        may("forbid", Kind::Pattern, "packages that make no sense"),
        may("if", Kind::Pattern, "packages that…"),
        may("then", Kind::Pattern, "…must also be of this set"),
    ],
};

pub(super) static PACKAGE: TableSpec = TableSpec {
    fields: &[
        may("name", Kind::Text, "name for readers"),
        may(
            "says",
            Kind::Text,
            "what it is and how it was read into options",
        ),
        may("by", Kind::Name(Refer::Party), "the party that proposed it"),
        may("on", Kind::Date, "when"),
        must(
            "choose",
            Kind::Choice,
            "an option an issue; the status quo where left out",
        ),
        may(
            "signatories",
            Kind::Names(Refer::Party),
            "who must sign; those of the case if left out",
        ),
        may(
            "later",
            Kind::Text,
            "why it stands here though it is later than the case's date",
        ),
        may(
            "source",
            Kind::Names(Refer::Source),
            "where it is published",
        ),
    ],
};

pub(crate) static CHOICE: TableSpec = TableSpec {
    fields: &[
        must(
            "choose",
            Kind::Choice,
            "an option an issue; the status quo where left out",
        ),
        may("says", Kind::Text, "how it was read into options"),
    ],
};
