//! What `veto` reports.

use super::{
    ANY, CHANCE, D, Having, LensSpec, Maturity, POSITIVE, Reference, Unit, catalogued, quantity,
};

catalogued! {
    id: "veto",
    question: "If some settle over another's head, what does that leave?",
    needs: "a no-deal model; `compelled` and `effective` need a contest in which the party has a side, or a process that says of some move to an end \
            whose it is; `holds`, `endures` and `supply_after` need such a contest",
    limits: "All others are taken to settle at once and for good; who refuses stays the same. Whoever can be compelled by nothing is asked only whether it \
             refuses and what that changes. The part of a package that others carry out alone is a flow that lasts for ever.",
    limits_with: &[(
        Having::Contest,
        "A party without a side cannot be compelled by the line. Nothing is told of months beyond the horizon.",
    ), (
        Having::Process,
        "A process that does not say of any move to an end whose it is does not tell who is compelled. It is the last move that counts: a state that others \
         bring, and that leads on by itself, compels nobody.",
    )],
    maturity: Maturity::Early,
    sources: &[
        Reference {
            who: "Putnam 1988",
            what: "Diplomacy and Domestic Politics, International Organization 42",
        },
        Reference {
            who: "Tsebelis 2002",
            what: "Veto Players",
        },
    ],
    quantities: {
        EFFECTIVE = quantity(
            "effective", Unit::Probability, CHANCE, &[D::Party, D::Package],
            "chance that the party is an effective veto player: it refuses, and is not compelled within a year"
        );
        COMPELLED = quantity(
            "compelled", Unit::Probability, CHANCE, &[D::Party, D::Package, D::Milestone],
            "chance that the party, refusing, has been compelled by the month: in a contest an opponent's decisive ending, or an armistice worth less to it \
             than the package; in a process an end, by a move that others have a part in, worth no more to it than the package; told to month 36"
        );
        HOLDS = quantity(
            "holds", Unit::Probability, CHANCE, &[D::Party],
            "chance that the party, refusing, suffers no opponent's decisive ending in 24 months and loses less of the line than \
             its refusal table says"
        );
        ENDURES = quantity(
            "endures", Unit::Probability, CHANCE, &[D::Party],
            "chance that the party, refusing, suffers no opponent's decisive ending in the months that count"
        );
        SUPPLY_AFTER = quantity(
            "supply_after", Unit::Ratio, POSITIVE, &[D::Party, D::Milestone],
            "expected effort of its side in the month, after its refusal, today's full rate = 1; told to month 24"
        );
        FIGHTS_ON = quantity(
            "fights_on", Unit::Probability, CHANCE, &[D::Party, D::Package],
            "chance that the party refuses the package and goes on without a deal if the others settle"
        );
        CHANGE = quantity(
            "change", Unit::Points, ANY, &[D::Party, D::Package, D::Type],
            "what a settlement over the party's refusal changes for a type of any party, against no settlement and no lever"
        );
    }
}
