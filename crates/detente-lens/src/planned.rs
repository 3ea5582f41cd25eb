//! What lenses to come will report. Claims may speak of these quantities now; they are checked, and said to await their lens.
//!
//! A lens that arrives takes its spec from here into its own folder.

use detente_core::{Dimension as D, LensSpec, Maturity, QuantitySpec, Reference, Unit};

/// Lenses to come, sorted by name.
pub static PLANNED: &[&LensSpec] = &[&DURABILITY, &TALKS];

/// Any number.
const ANY: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);
/// A probability.
const CHANCE: (f64, f64) = (0.0, 1.0);
/// Zero or more.
const POSITIVE: (f64, f64) = (0.0, f64::INFINITY);

const fn quantity(
    id: &'static str,
    unit: Unit,
    range: (f64, f64),
    dimensions: &'static [D],
    meaning: &'static str,
) -> QuantitySpec {
    QuantitySpec {
        id,
        unit,
        range,
        meaning,
        dimensions,
        settable: false,
    }
}

const fn settable(spec: QuantitySpec) -> QuantitySpec {
    QuantitySpec {
        settable: true,
        ..spec
    }
}

const fn planned(
    id: &'static str,
    question: &'static str,
    needs: &'static str,
    sources: &'static [Reference],
    quantities: &'static [QuantitySpec],
) -> LensSpec {
    LensSpec {
        id,
        question,
        needs,
        limits: "Not computed yet.",
        maturity: Maturity::Planned,
        sources,
        quantities: &[],
        planned: quantities,
    }
}

static DURABILITY: LensSpec = planned(
    "durability",
    "Would the peace last, and what does a guarantee buy?",
    "a durability table",
    &[
        Reference {
            who: "Powell 2006",
            what: "War as a Commitment Problem, International Organization 60",
        },
        Reference {
            who: "Walter 1997",
            what: "The Critical Barrier to Civil War Settlement, International Organization 51",
        },
        Reference {
            who: "Fortna 2004",
            what: "Peace Time",
        },
        Reference {
            who: "Werner & Yuen 2005",
            what: "Making and Keeping Peace, International Organization 59",
        },
    ],
    &[
        settable(quantity(
            "deal_value",
            Unit::Points,
            ANY,
            &[D::Type, D::Package],
            "D: what the package is worth to the type, given what may follow it",
        )),
        quantity(
            "survival",
            Unit::Probability,
            CHANCE,
            &[D::Package, D::Month],
            "chance that war has not resumed by the month after the deal",
        ),
        quantity(
            "survival_of",
            Unit::Probability,
            CHANCE,
            &[D::Failure, D::Package, D::Month],
            "the same under another definition of failure",
        ),
        quantity(
            "attack",
            Unit::Probability,
            CHANCE,
            &[D::Party, D::Package],
            "chance that the party attacks at its best date",
        ),
        quantity(
            "attack_month",
            Unit::Months,
            POSITIVE,
            &[D::Type, D::Package],
            "t*: its best date",
        ),
        quantity(
            "temptation",
            Unit::Points,
            POSITIVE,
            &[D::Type, D::Package],
            "what attacking at its best date is worth over keeping the deal",
        ),
        quantity(
            "guarantee_buys",
            Unit::Points,
            ANY,
            &[D::Type, D::Package],
            "what the package's guarantee adds to its worth",
        ),
        quantity(
            "unique_target",
            Unit::Probability,
            CHANCE,
            &[D::Party],
            "chance that no other target tempts the attacker as much as this dyad",
        ),
        quantity(
            "target_temptation",
            Unit::Points,
            ANY,
            &[D::Target],
            "what attacking the target is worth to its attacker",
        ),
    ],
);

static TALKS: LensSpec = planned(
    "talks",
    "How does the negotiation go when it is played?",
    "a talks table",
    &[
        Reference {
            who: "Powell 2004",
            what: "Bargaining and Learning While Fighting, American Journal of Political Science 48",
        },
        Reference {
            who: "McKelvey & Palfrey 1998",
            what: "Quantal Response Equilibria for Extensive Form Games, Experimental Economics 1",
        },
        Reference {
            who: "Signorino 1999",
            what: "Strategic Interaction and the Statistical Analysis of International Conflict, American Political Science Review 93",
        },
    ],
    &[
        quantity(
            "deal",
            Unit::Probability,
            CHANCE,
            &[D::Month],
            "chance of a deal by these talks by the month",
        ),
        quantity(
            "ends_otherwise",
            Unit::Probability,
            CHANCE,
            &[D::Month],
            "chance that the fighting has ended by the month, but not by these talks",
        ),
        quantity(
            "agreed",
            Unit::Probability,
            CHANCE,
            &[D::Package],
            "chance that the talks end with the package",
        ),
        quantity(
            "proposes",
            Unit::Probability,
            CHANCE,
            &[D::Party, D::Package],
            "chance that the party proposes the package first",
        ),
        quantity(
            "refuses",
            Unit::Probability,
            CHANCE,
            &[D::Type, D::Package],
            "chance that the type refuses the package when it is proposed",
        ),
        quantity(
            "posterior",
            Unit::Probability,
            CHANCE,
            &[D::Type, D::Package],
            "what others believe of the type after the package was refused",
        ),
        quantity(
            "announced",
            Unit::Probability,
            CHANCE,
            &[D::Lever, D::Type],
            "chance that a type of the wielder announces the lever",
        ),
    ],
);
