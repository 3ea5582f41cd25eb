//! What analysts argue about: acts, readings, claims, judgements, evidence.

use super::numbers as n;
use super::{Kind, Refer, SOURCE, TableSpec, may, must};

pub(super) static ACT: TableSpec = TableSpec {
    fields: &[
        must("by", Kind::Name(Refer::Party), "who acted"),
        must("on", Kind::Date, "when"),
        must("says", Kind::Text, "what was done"),
        may(
            "likelihood",
            Kind::NumberMap(n::LIKELIHOOD, Refer::TypeOfItsParty),
            "how likely each type was to do it, relative to the others",
        ),
        may(
            "accepted",
            Kind::Name(Refer::Package),
            "the package that it said yes to: the model says how likely each type was to",
        ),
        may(
            "refused",
            Kind::Name(Refer::Package),
            "the package that it said no to",
        ),
        may(
            "countered",
            Kind::Name(Refer::Package),
            "the package that it asked for instead of the one that it refused",
        ),
        may(
            "pulled",
            Kind::Name(Refer::Lever),
            "its own lever that it pulled when its trigger had come",
        ),
        may(
            "withheld",
            Kind::Name(Refer::Lever),
            "its own lever that it did not pull although its trigger had come",
        ),
        may(
            "announced",
            Kind::Name(Refer::Lever),
            "its own lever that it announced",
        ),
        may(
            "noise",
            Kind::Number(n::ACT_NOISE),
            "points that this choice was blurred by; as every other choice if left out",
        ),
        may("source", Kind::Names(Refer::Source), "where it is reported"),
    ],
};

pub(super) static ANCHOR: TableSpec = TableSpec {
    fields: &[
        must("says", Kind::Text, "what is known, in a sentence"),
        must(
            "quantity",
            Kind::Amount,
            "the number that the model computes and that this is about",
        ),
        may(
            "with",
            Kind::Paths,
            "numbers that are set to see what becomes of it, as in a claim",
        ),
        may(
            "against",
            Kind::Paths,
            "numbers that are set for what base(…) speaks of: with nothing, the world as it is",
        ),
        must(
            "known",
            Kind::Text,
            "what is known of that number: \"3 of 39\" cases, or as any number is written, or quantiles",
        ),
        must(
            "weight",
            Kind::Number(n::POOLED),
            "how much it counts beside what the case's own numbers say: 1 as much as they do, 0 not at all",
        ),
        may("on", Kind::Date, "when it was known"),
        may(
            "source",
            Kind::Names(Refer::Source),
            "where it is published",
        ),
        may(
            "why",
            Kind::Text,
            "why it is about this number, and the weight",
        ),
    ],
};

pub(super) static MOVE_TOGETHER: TableSpec = TableSpec {
    fields: &[
        must("paths", Kind::PathList, "the numbers"),
        must(
            "strength",
            Kind::Strength,
            "weak, fair, strong, opposite weak …, or a rank correlation",
        ),
        may("source", Kind::Names(Refer::Source), "where it comes from"),
        may("why", Kind::Text, "why they move together"),
    ],
};

pub(super) static READING: TableSpec = TableSpec {
    fields: &[
        may("name", Kind::Text, "name for readers"),
        may("by", Kind::Text, "whose it is"),
        may("on", Kind::Date, "when it was put forward"),
        may("says", Kind::Text, "the reading in a sentence"),
        may(
            "source",
            Kind::Names(Refer::Source),
            "where it is published",
        ),
        may(
            "includes",
            Kind::Names(Refer::Reading),
            "readings that it builds on; what it sets itself comes last",
        ),
        may("set", Kind::Paths, "numbers and switches by path"),
    ],
};

pub(super) static CLAIM: TableSpec = TableSpec {
    fields: &[
        must("says", Kind::Text, "the claim in a sentence"),
        may("by", Kind::Text, "whose it is"),
        may("on", Kind::Date, "when it was made"),
        may(
            "kind",
            Kind::Word(&[
                "fact",
                "assessment",
                "causal",
                "conditional",
                "forecast",
                "value",
            ]),
            "what kind of statement it is",
        ),
        may(
            "source",
            Kind::Names(Refer::Source),
            "where it is published",
        ),
        may("holds_when", Kind::Predicate, "when it is true of a world"),
        may(
            "with",
            Kind::Paths,
            "an intervention: numbers that are set to see what follows",
        ),
        may(
            "given",
            Kind::Predicate,
            "a condition: only worlds in which this is true are counted",
        ),
        may(
            "over_levers",
            Kind::Names(Refer::Lever),
            "levers of which every set is tried: those of the set certain to be pulled, the others certain not to be",
        ),
        may(
            "for_sets",
            Kind::Word(&["some", "every", "necessary", "sufficient"]),
            "for which of these sets it must be true; of the first lever: that no set without it will do, that every set with it does",
        ),
        may(
            "rests_on",
            Kind::Names(Refer::Claim),
            "claims that must be true for this one to matter",
        ),
        may("not_computable", Kind::Text, "why it cannot be computed"),
    ],
};

pub(super) static JUDGEMENT: TableSpec = TableSpec {
    fields: &[
        must("says", Kind::Text, "what is forecast"),
        must("by", Kind::Text, "who signs it"),
        must("on", Kind::Date, "when it was signed"),
        may(
            "probability",
            Kind::Number(n::JUDGED),
            "the forecast of something that happens or does not",
        ),
        may(
            "distribution",
            Kind::Text,
            "the forecast of a number: as any number is written, or \"quantiles 0%: 10, 50%: 14, 100%: 30\", or \"chances 1: 40%, 2: 60%\"",
        ),
        may("unit", Kind::Text, "in what that number is counted"),
        must("rule", Kind::Text, "how it will be decided"),
        must("due", Kind::Date, "when it will be decided"),
        may(
            "claim",
            Kind::Name(Refer::Claim),
            "the claim that it judges: the model's share is that of the worlds in which it is true",
        ),
        may(
            "quantity",
            Kind::Amount,
            "the number that the model computes for it: the model's share is its mean over worlds",
        ),
        may(
            "kind",
            Kind::Word(JUDGED_BY),
            "whether an analyst signs it, a crowd of forecasters, or a count of past cases",
        ),
        may(
            "base_rate",
            Kind::Number(n::JUDGED),
            "the chance that somebody would give who knows only how often such things happen",
        ),
        may("why", Kind::Text, "why it differs from the model's share"),
    ],
};

/// Who makes a judgement, in the order of `Maker`.
pub(crate) const JUDGED_BY: &[&str] = &["analyst", "crowd", "base_rate"];

/// The language of an evidence file: what became known after the case's date. Only scoring reads it.
pub static EVIDENCE_ROOT: TableSpec = TableSpec {
    fields: &[
        may(
            "source",
            Kind::Map(&SOURCE),
            "publications that the evidence comes from",
        ),
        must("evidence", Kind::Map(&EVIDENCE), "what happened"),
    ],
};

static EVIDENCE: TableSpec = TableSpec {
    fields: &[
        must("says", Kind::Text, "what happened"),
        must("on", Kind::Date, "when"),
        must("settles", Kind::Text, "the judgement that it settles"),
        may("outcome", Kind::Switch, "did what was forecast happen?"),
        may(
            "value",
            Kind::Number(n::OBSERVED),
            "the number that was forecast, as it came out",
        ),
        must("source", Kind::Names(Refer::Source), "where it is reported"),
    ],
};
