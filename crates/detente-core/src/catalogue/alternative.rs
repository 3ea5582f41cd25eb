//! What `alternative` reports.

use super::{
    ANY, CHANCE, D, Having, LensSpec, Maturity, POSITIVE, Reference, Unit, catalogued, quantity,
    settable,
};

catalogued! {
    id: "alternative",
    question: "What happens, and what is it worth to each party, if there is no deal?",
    needs: "a contest, a lottery, a process, or reservation values; endings, line and supply only with a contest, ends and states only with a process",
    limits: "What no deal is worth is what the case's model of it makes of the case's numbers; a stated value does not move.",
    limits_with: &[
        (
            Having::Contest,
            "Edge and hazards depend on time alone, never on where the line stands, and it gives up where doubling the horizon moves a value \
             by more than 0.1 points.",
        ),
        (
            Having::Lottery,
            "A lottery's odds are the same whenever it is drawn.",
        ),
        (
            Having::Process,
            "A process goes month by month at rates that depend on its state and on dates alone; ends and months are the analyst's.",
        ),
    ],
    maturity: Maturity::Early,
    sources: &[
        Reference {
            who: "Smith & Stam 2004",
            what: "Bargaining and the Nature of War, Journal of Conflict Resolution 48",
        },
        Reference {
            who: "Kemeny & Snell 1960",
            what: "Finite Markov Chains, Van Nostrand",
        },
        Reference {
            who: "Filson & Werner 2002",
            what: "A Bargaining Model of War and Peace, American Journal of Political Science 46",
        },
        Reference {
            who: "Slantchev 2003",
            what: "The Principle of Convergence in Wartime Negotiations, American Political Science Review 97",
        },
    ],
    quantities: {
        VALUE = settable(
            "value", Unit::Points, ANY, &[D::Type],
            "V: what no deal is worth to the type, under its own beliefs and the levers that run now; what refusing is worth with \
             the levers that a refusal may trigger is N (`leverage.refusal`)"
        );
        GAP = quantity(
            "gap", Unit::Points, ANY, &[D::Type],
            "V under the type's own beliefs less V under the analyst's: how far it over-rates no deal"
        );
        ENDING = quantity(
            "ending", Unit::Probability, CHANCE, &[D::Month, D::Ending],
            "chance that the contest ends this way in this month, as the analyst sees it"
        );
        BEYOND = quantity(
            "beyond", Unit::Probability, CHANCE, &[],
            "chance that the contest outlasts the horizon"
        );
        LINE_MEAN = quantity(
            "line_mean", Unit::Line, ANY, &[D::Month],
            "mean of the line at the start of the month, had fighting gone on"
        );
        LINE_SD = quantity(
            "line_sd", Unit::Line, POSITIVE, &[D::Month],
            "standard deviation of the line at the start of the month, had fighting gone on"
        );
        SUPPLY = quantity(
            "supply", Unit::Ratio, POSITIVE, &[D::Side, D::Month],
            "effort of the side in the month, its full rate of today = 1"
        );
        END_BY = quantity(
            "end_by", Unit::Probability, CHANCE, &[D::Milestone, D::End],
            "chance that the process has come to this end by the month, as the analyst sees it"
        );
        END_EVER = quantity(
            "end_ever", Unit::Probability, CHANCE, &[D::End],
            "chance that the process ever comes to this end"
        );
        MONTHS_TO_END = quantity(
            "months_to_end", Unit::Months, POSITIVE, &[],
            "months until the process comes to an end, on average; not told where it may go on for ever"
        );
        MONTHS_IN = quantity(
            "months_in", Unit::Months, POSITIVE, &[D::State],
            "months that the process spends in this state before it ends, on average; not told where it may go on for ever"
        );
    }
}
