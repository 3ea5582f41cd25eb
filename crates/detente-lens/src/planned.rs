//! What lenses to come will report. Claims may speak of these quantities now; they are checked, and said to await their lens.
//!
//! A lens that arrives takes its spec from here into its own folder.

use detente_core::{Dimension as D, LensSpec, Maturity, QuantitySpec, Reference, Unit};

/// Lenses to come, sorted by name.
pub static PLANNED: &[&LensSpec] = &[&BELIEFS, &DURABILITY, &TALKS, &VETO];

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

static BELIEFS: LensSpec = planned(
    "beliefs",
    "Who misreads whom, how much of the gap is misperception, and what could settle it?",
    "beliefs that differ from the analyst's",
    &[
        Reference {
            who: "Slantchev 2003",
            what: "The Principle of Convergence in Wartime Negotiations, American Political Science Review 97",
        },
        Reference {
            who: "Smith & Stam 2004",
            what: "Bargaining and the Nature of War, Journal of Conflict Resolution 48",
        },
        Reference {
            who: "Kydd 2003",
            what: "Which Side Are You On? Bias, Credibility, and Mediation, American Journal of Political Science 47",
        },
    ],
    &[
        quantity(
            "optimism_blocks",
            Unit::Probability,
            CHANCE,
            &[],
            "chance that the zone is empty under the parties' own beliefs and open under common ones",
        ),
        quantity(
            "zone_common",
            Unit::Probability,
            CHANCE,
            &[],
            "chance that the zone is open under common beliefs",
        ),
        quantity(
            "months_to_halve",
            Unit::Months,
            POSITIVE,
            &[D::Type],
            "months of fighting until the gap between its own and the analyst's value halves",
        ),
        quantity(
            "never_halves",
            Unit::Flag,
            CHANCE,
            &[D::Type],
            "does that gap never halve?",
        ),
        quantity(
            "information_value",
            Unit::Points,
            POSITIVE,
            &[D::Observable, D::Type],
            "what knowing the observable is worth to the type",
        ),
        quantity(
            "moves_answer",
            Unit::Probability,
            CHANCE,
            &[D::Observable],
            "expected change of the chance that the zone is open once the observable is known",
        ),
        quantity(
            "believed",
            Unit::Flag,
            CHANCE,
            &[D::Messenger],
            "is the messenger believed, having no reason to misreport?",
        ),
    ],
);

static VETO: LensSpec = planned(
    "veto",
    "If some settle over another's head, does the war end?",
    "packages that some prefer and others refuse",
    &[
        Reference {
            who: "Putnam 1988",
            what: "Diplomacy and Domestic Politics, International Organization 42",
        },
        Reference {
            who: "Tsebelis 2002",
            what: "Veto Players",
        },
    ],
    &[
        quantity(
            "effective",
            Unit::Probability,
            CHANCE,
            &[D::Party, D::Package],
            "chance that the party is an effective veto player: it refuses, and is not compelled within a year",
        ),
        quantity(
            "compelled",
            Unit::Probability,
            CHANCE,
            &[D::Party, D::Package, D::Month],
            "chance that the party, refusing, has been compelled by the month",
        ),
        quantity(
            "holds",
            Unit::Probability,
            CHANCE,
            &[D::Party],
            "chance that the party, refusing, is not compelled and holds the line for 24 months",
        ),
        quantity(
            "endures",
            Unit::Probability,
            CHANCE,
            &[D::Party],
            "chance that the party, refusing, suffers no opponent's decisive ending in the months that count",
        ),
        quantity(
            "supply_after",
            Unit::Ratio,
            POSITIVE,
            &[D::Party, D::Month],
            "effort of its side in the month, after its refusal",
        ),
        quantity(
            "fights_on",
            Unit::Probability,
            CHANCE,
            &[D::Party, D::Package],
            "chance that the party refuses the package and fights on if the others settle",
        ),
        quantity(
            "change",
            Unit::Points,
            ANY,
            &[D::Party, D::Package, D::Type],
            "what a settlement over the party's refusal changes for a type of any party",
        ),
    ],
);

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
