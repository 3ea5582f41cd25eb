//! What `beliefs` reports.

use super::{
    ANY, CHANCE, D, Having, LensSpec, Maturity, POSITIVE, Reference, Unit, catalogued, quantity,
};

catalogued! {
    id: "beliefs",
    question: "Who misreads whom, how much of the gap is misperception, and what could settle it?",
    needs: "a contest, a lottery, or a process about whose rates somebody holds a belief of its own; beliefs that differ from the analyst's, or there is nothing to find",
    limits: "Beliefs about what no deal brings alone: what parties believe of one another's types stays as it is. Zones and messengers only \
             where packages are searched; a messenger's listener weighs no deal without conditional levers.",
    limits_with: &[(
        Having::Contest,
        "News is the line's monthly move, and is read as news of the edge.",
    )],
    maturity: Maturity::Early,
    sources: &[
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
        Reference {
            who: "Shapley 1953",
            what: "A Value for n-Person Games, Contributions to the Theory of Games II",
        },
        Reference {
            who: "Siegmund 1985",
            what: "Sequential Analysis, chapter 10: first passages of random walks",
        },
    ],
    quantities: {
        ZONE_COMMON = quantity(
            "zone_common", Unit::Probability, CHANCE, &[],
            "chance, over all types, that the zone is open if all held the analyst's beliefs"
        );
        ZONE_SWAPPED = quantity(
            "zone_swapped", Unit::Probability, CHANCE, &[],
            "the same if every type of a side held the mean belief of the other side about the edge. With a contest alone: of a process's rates several parties \
             may hold beliefs, each about others of them, and no party is the other side of all of these"
        );
        OPTIMISM_BLOCKS = quantity(
            "optimism_blocks", Unit::Probability, CHANCE, &[],
            "chance, over all types, that the zone is empty under the parties' own beliefs and open under common ones"
        );
        AGREED_COMMON = quantity(
            "agreed_common", Unit::Probability, CHANCE, &[D::Package],
            "chance, over all types, that all whom the package needs would accept it under common beliefs"
        );
        OPTIMISM_BLOCKS_PACKAGE = quantity(
            "optimism_blocks_package", Unit::Probability, CHANCE, &[D::Package],
            "chance, over all types, that somebody whom the package needs refuses it under its own beliefs and all accept it \
             under common ones"
        );
        GAP_PART = quantity(
            "gap_part", Unit::Points, ANY, &[D::Type, D::Belief],
            "what this belief adds to V, what no deal is worth to the type, of all its beliefs together (Shapley value); they add up \
             to its gap"
        );
        MONTHS_TO_HALVE = quantity(
            "months_to_halve", Unit::Months, POSITIVE, &[D::Type],
            "months without a deal until the gap between its own and the analyst's value halves, median over histories of news; \
             not told where it never does"
        );
        NEVER_HALVES = quantity(
            "never_halves", Unit::Flag, CHANCE, &[D::Type],
            "does that gap never halve in most histories, within fifty years? Not told where there is no gap"
        );
        HALVED_BY = quantity(
            "halved_by", Unit::Probability, CHANCE, &[D::Type, D::Milestone],
            "chance, over histories of news, that the gap has halved by the month. With a contest alone: in a process what is seen is which moves are made in which \
             states, counts that several rates share and that an end cuts short; their law has no closed form, and drawn histories would put noise into every \
             world. months_to_halve goes by what is to be expected there"
        );
        BELIEVED = quantity(
            "believed", Unit::Flag, CHANCE, &[D::Messenger],
            "is the messenger believed, having no reason to misreport?"
        );
    }
}
