//! What `settlement` reports.

use super::{ANY, CHANCE, D, LensSpec, Maturity, POSITIVE, Reference, Unit, catalogued, quantity};

catalogued! {
    id: "settlement",
    question: "Is there a package that every needed party prefers to no deal, and what blocks it?",
    needs: "what happens without a deal, two or more issues; named packages for the acceptance map",
    limits: "Gates are beside acceptance and left out of the search over all combinations. With additive preferences and a no deal that costs \
             all sides a zone exists nearly always; what removes it is hard red lines, private information and commitment.",
    limits_with: &[],
    maturity: Maturity::Early,
    sources: &[
        Reference {
            who: "Raiffa 1982",
            what: "The Art and Science of Negotiation",
        },
        Reference {
            who: "Lax & Sebenius 1986",
            what: "The Manager as Negotiator",
        },
        Reference {
            who: "Fearon 1995",
            what: "Rationalist Explanations for War, International Organization 49",
        },
        Reference {
            who: "Nash 1950",
            what: "The Bargaining Problem, Econometrica 18",
        },
        Reference {
            who: "Kalai & Smorodinsky 1975",
            what: "Other Solutions to Nash's Bargaining Problem, Econometrica 43",
        },
        Reference {
            who: "Brams & Taylor 1996",
            what: "Fair Division, chapter 4",
        },
    ],
    quantities: {
        ACCEPTS = quantity(
            "accepts", Unit::Probability, CHANCE, &[D::Party, D::Package],
            "chance, over the party's own types, that it accepts the package"
        );
        MARGIN = quantity(
            "margin", Unit::Points, ANY, &[D::Type, D::Package],
            "what the package is worth to the type, with what promises that come with a signature bring or cost it, above N (what refusing is worth) and what it asks \
             beyond that: D + promises − N − aspiration; it accepts from 0 up, unless it crosses a hard red line"
        );
        CROSSED = quantity(
            "crossed", Unit::Flag, CHANCE, &[D::Type, D::Package],
            "does the package cross a hard red line of the type?"
        );
        AGREED = quantity(
            "agreed", Unit::Probability, CHANCE, &[D::Package],
            "chance, over all types, that every party the package needs accepts it"
        );
        BLOCKS = quantity(
            "blocks", Unit::Probability, CHANCE, &[D::Party, D::Package],
            "chance, over all types, that the party is the package's first blocker: red lines first, then the \
             largest shortfall; ties share"
        );
        BLOCKS_BY_RED_LINE = quantity(
            "blocks_by_red_line", Unit::Probability, CHANCE, &[D::Party, D::Package],
            "the part of `blocks` that is owed to a hard red line"
        );
        ZONE = quantity(
            "zone", Unit::Probability, CHANCE, &[],
            "chance, over all types, that some package is accepted by every party it needs; where something may follow a deal, of \
             those that were looked at: a lower bound (upper: `zone_possible`)"
        );
        ZONE_WITHOUT_RED_LINES = quantity(
            "zone_without_red_lines", Unit::Probability, CHANCE, &[],
            "the same if no hard red line were drawn"
        );
        OPENS_WITHOUT = quantity(
            "opens_without", Unit::Probability, CHANCE, &[D::Party],
            "chance, over all types, that the zone is empty and dropping this party's hard red lines alone opens it"
        );
        ZONE_OF = quantity(
            "zone_of", Unit::Probability, CHANCE, &[D::Needed],
            "chance that some package that needs exactly these parties is accepted by all of them"
        );
        SIZE = quantity(
            "size", Unit::Points, ANY, &[D::Needed],
            "zone size: greatest margin of the worst-off needed party over the packages that need exactly these \
             parties, mean over types; negative: the shortfall; depends on the point scales. Where something may follow a deal and \
             combinations of options are more than 512, over those packages that a search comes upon"
        );
        SOLUTION_MARGIN = quantity(
            "solution_margin", Unit::Points, POSITIVE, &[D::Needed, D::Solution, D::Party],
            "the party's margin at the solution point of these parties, mean over ties and over the types for which \
             the zone is open; egalitarian and utilitarian points depend on the point scales"
        );
        SOLUTION_OPTION = quantity(
            "solution_option", Unit::Probability, CHANCE, &[D::Needed, D::Solution, D::Option],
            "chance, over the types for which the zone of these parties is open, that its solution point takes the \
             option; ties share, and so do packages that are worth the same to all of them"
        );
        SOLUTION_TIES = quantity(
            "solution_ties", Unit::Count, (1.0, f64::INFINITY), &[D::Needed, D::Solution],
            "how many packages that are not the same to all tie at the solution point, mean over the types for which \
             the zone is open; not told where the frontier was too large and a search found the Nash point alone"
        );
        LOTTERY_SIZE = quantity(
            "lottery_size", Unit::Points, POSITIVE, &[D::Needed],
            "greatest worst-off margin that a lottery over packages reaches, mean over the types for which the zone is \
             open; not computed where the frontier of any of them is too large (`frontier_given_up`)"
        );
        ADJUSTED_WINNER = quantity(
            "adjusted_winner", Unit::Points, (0.0, 100.0), &[D::Needed],
            "for two parties: what each gets, of the 100 points at stake between them, if issues could be divided \
             (adjusted winner); mean over types that differ; red lines and no deal play no part"
        );
        ADJUSTED_WINNER_SHARE = quantity(
            "adjusted_winner_share", Unit::Probability, CHANCE, &[D::Needed, D::Issue],
            "the first party's share of the issue in that division, mean over types that differ on it"
        );
        ROOM_TO_PRESS = quantity(
            "room_to_press", Unit::Points, POSITIVE, &[D::Type, D::Package],
            "what a performer would gain over the package with one of its own clauses left out, times the chance that all \
             who are then needed accept, the greatest over its clauses; 0 for others. No part of acceptance; told in the \
             worlds that are searched"
        );
        RATIFIES = quantity(
            "ratifies", Unit::Probability, CHANCE, &[D::Gate, D::Package],
            "chance that the gate lets the package pass; not told where the gate does not stand"
        );
        GATE_BELOW_BAR = quantity(
            "gate_below_bar", Unit::Flag, CHANCE, &[D::Gate, D::Package],
            "1 in a world in which the gate's chance to let the package pass lies below the gate's bar, so that it is counted as likely to \
             block, else 0; `in_force` takes the chance itself; not told where the gate does not stand"
        );
        IN_FORCE = quantity(
            "in_force", Unit::Probability, CHANCE, &[D::Package],
            "chance that every party the package needs accepts it and all their gates let it pass: `agreed` times their chances, whatever their bars"
        );
        PRICE = quantity(
            "price", Unit::Points, POSITIVE, &[D::Party],
            "where dropping the party's hard red lines alone opens an empty zone: points that its lines may be worth to \
             it and it would still gain by giving them up, mean over those types"
        );
        CONCEDED = quantity(
            "conceded", Unit::Points, ANY, &[D::Type, D::Package],
            "what the type gives up from its party's opening package, on paper"
        );
        ZONE_POSSIBLE = quantity(
            "zone_possible", Unit::Probability, CHANCE, &[],
            "chance, over all types, that no bound rules out a package that is accepted by every party it needs: never below \
             `zone`, and the same where D is a sum over options; where something may follow a deal told in the worlds in which \
             solutions are sought"
        );
        FRONTIER_GIVEN_UP = quantity(
            "frontier_given_up", Unit::Probability, CHANCE, &[D::Needed],
            "chance, over the types for which the zone of these parties is open, that their frontier is too large to be found \
             whole and is given up: if it is for any, the Nash point alone is told, which a search finds"
        );
        LOTTERY_MOST = quantity(
            "lottery_most", Unit::Points, (f64::NEG_INFINITY, f64::INFINITY), &[D::Needed],
            "no package and no lottery over packages gives the worst-off more: what the best lottery gives where the frontier \
             was found, a bound where it was given up; mean over the types for which the zone is open"
        );
    }
}
