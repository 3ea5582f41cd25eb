//! What talks will report: a lens to come. Claims may speak of these quantities now; they are checked, and said to await their lens.

use super::{CHANCE, D, LensSpec, Maturity, Reference, Unit, quantity};

/// The lens as data.
pub static SPEC: LensSpec = LensSpec {
    id: "talks",
    question: "How does the negotiation go when it is played?",
    needs: "a talks table",
    limits: "Not computed yet.",
    limits_with: &[],
    maturity: Maturity::Planned,
    sources: &[
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
    quantities: &[],
    planned: &[
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
            "chance that what goes on without a deal has ended by the month, but not by these talks",
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
};
