//! What `stability` reports.

use super::{CHANCE, D, LensSpec, Maturity, Reference, Unit, catalogued, quantity};

catalogued! {
    id: "stability",
    question: "Once it is signed, would anybody leave it: withhold a clause, or break it?",
    needs: "named packages, and what happens without a deal",
    limits: "Moves are those of the parties that a package needs: whoever performs a clause may withhold it (its issue stays at its status quo) \
             and restore it, one clause at a time; whoever signs may end the deal, for good. A clause of several performers holds while all \
             perform it. A party never moves through what is worth less to it; withholding costs nothing but what it changes. Nobody moves on \
             from a deal that is ended: what answers that is in what it is worth. Silent on packages with more than eight clauses to perform.",
    limits_with: &[],
    maturity: Maturity::Early,
    sources: &[
        Reference {
            who: "Kilgour, Hipel & Fang 1987",
            what: "The Graph Model for Conflicts, Automatica 23",
        },
        Reference {
            who: "Fang, Hipel & Kilgour 1993",
            what: "Interactive Decision Making: The Graph Model for Conflict Resolution",
        },
        Reference {
            who: "Fraser & Hipel 1984",
            what: "Conflict Analysis: Models and Resolutions",
        },
        Reference {
            who: "Xu, Hipel & Kilgour 2009",
            what: "Matrix Representation of Solution Concepts in Multiple-Decision-Maker Graph Models, IEEE Transactions on Systems, Man, and Cybernetics A 39",
        },
    ],
    quantities: {
        NASH = quantity(
            "nash", Unit::Probability, CHANCE, &[D::Package],
            "signed and Nash stable: chance, over all types, that every party the package needs accepts it and that none has a unilateral \
             improvement, a move of its own to what is worth more to it"
        );
        SEQUENTIAL = quantity(
            "sequential", Unit::Probability, CHANCE, &[D::Package],
            "signed and sequentially stable: chance, over all types, that every party the package needs accepts it and that each unilateral \
             improvement is sanctioned: others, each step an improvement for who takes it and nobody twice in a row, can lead on to what the \
             first mover does not prefer to the package"
        );
        NASH_IF_SIGNED = quantity(
            "nash_if_signed", Unit::Probability, CHANCE, &[D::Package],
            "chance that the package is Nash stable, if it is signed: among the types that accept it; not told where nobody signs"
        );
        SEQUENTIAL_IF_SIGNED = quantity(
            "sequential_if_signed", Unit::Probability, CHANCE, &[D::Package],
            "the same of sequential stability"
        );
        IMPROVES = quantity(
            "improves", Unit::Probability, CHANCE, &[D::Party, D::Package],
            "chance, over all types, that the package is signed and that the party has a unilateral improvement, sanctioned or not"
        );
        WOULD_MOVE = quantity(
            "would_move", Unit::Probability, CHANCE, &[D::Party, D::Package],
            "chance, over all types, that the package is signed and that the party has a unilateral improvement that nobody sanctions"
        );
        WOULD_BREAK = quantity(
            "would_break", Unit::Probability, CHANCE, &[D::Party, D::Package],
            "the same where that improvement is to end the deal; told of those who sign"
        );
        WOULD_WITHHOLD = quantity(
            "would_withhold", Unit::Probability, CHANCE, &[D::Party, D::Package, D::Issue],
            "the same where that improvement is to withhold the clause of this issue; told of those who perform it"
        );
    }
}
