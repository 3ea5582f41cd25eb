//! What `leverage` reports.

use super::{
    ANY, CHANCE, D, Having, LensSpec, Maturity, Reference, Unit, catalogued, quantity, settable,
};

/// What a threshold is where the target accepts however little it believes, and a ceiling where it never accepts.
pub const BELOW: f64 = -1.0;
/// What a threshold is where the target never accepts, and a ceiling where it accepts however much it believes.
pub const ABOVE: f64 = 2.0;

catalogued! {
    id: "leverage",
    question: "What must be true of each threat and each carrot for its target to move, and would its wielder carry it out?",
    needs: "a no-deal model; levers that await an answer for all but N and concessions",
    limits: "One lever at a time, the others keeping the chances that they have, or all of a refusal together: sets between are for claims. A lever acts on no deal, or costs by the month; once a \
             deal is signed only the costs and what it makes options worth remain. Thresholds are of levers that a refusal \
             triggers. A promise adds the same to every package.",
    limits_with: &[(
        Having::Guarantee,
        "Guarantees are tested when a deal has broken down, not here.",
    )],
    maturity: Maturity::Early,
    sources: &[
        Reference {
            who: "Schelling 1960",
            what: "The Strategy of Conflict",
        },
        Reference {
            who: "Schelling 1966",
            what: "Arms and Influence",
        },
        Reference {
            who: "Fearon 1997",
            what: "Signaling Foreign Policy Interests, Journal of Conflict Resolution 41",
        },
        Reference {
            who: "Kydd & McManus 2017",
            what: "Threats and Assurances in Crisis Bargaining, Journal of Conflict Resolution 61",
        },
    ],
    quantities: {
        INCENTIVE = quantity(
            "incentive", Unit::Points, ANY, &[D::Lever, D::Type],
            "Δ: what pulling the lever is worth to its wielder's type once its trigger has come, over not pulling it, unannounced"
        );
        CREDIBILITY = settable(
            "credibility", Unit::Probability, CHANCE, &[D::Lever],
            "c: chance that the lever is pulled once its trigger has come, as its target sees it, mean over the target's types: who \
             refuses, or for promises the signatories other than the wielder"
        );
        CREDIBILITY_ANNOUNCED = settable(
            "credibility_announced", Unit::Probability, CHANCE, &[D::Lever],
            "the same after its wielder has announced it: who announces tells something of its type, and going back costs it; a chance \
             that is assumed outright is not changed by words"
        );
        REFUSAL = quantity(
            "refusal", Unit::Points, ANY, &[D::Type],
            "N: what refusing is worth to the type: V with the levers that its own refusal may trigger, at the chances that it gives them"
        );
        REFUSAL_WITH = quantity(
            "refusal_with", Unit::Points, ANY, &[D::Lever, D::Type],
            "what the refusal that triggers the lever is worth to the type, whoever refuses, with this lever certain to be pulled and \
             the others as they are"
        );
        REFUSAL_WITHOUT = quantity(
            "refusal_without", Unit::Points, ANY, &[D::Lever, D::Type],
            "the same with this lever certain not to be pulled"
        );
        ASSURANCE = quantity(
            "assurance", Unit::Probability, CHANCE, &[D::Lever, D::Package],
            "e: chance that a stick or pressure is used even on one who accepts the package, as its target sees it"
        );
        THRESHOLD = quantity(
            "threshold", Unit::Probability, (BELOW, ABOVE), &[D::Lever, D::Package],
            "c*: least credibility at which types that make up half of the target's prior accept the package; below 0 if they do \
             however little they believe, above 1 if no belief makes them"
        );
        CEILING = quantity(
            "ceiling", Unit::Probability, (BELOW, ABOVE), &[D::Lever, D::Package],
            "greatest credibility at which they accept it; above 1 if they do at certainty, below 0 if they never do"
        );
        BACKFIRES = quantity(
            "backfires", Unit::Probability, CHANCE, &[D::Lever],
            "share of the target's types, by prior, to whom refusing is worth more if the lever is pulled"
        );
        ZONE_WITH = quantity(
            "zone_with", Unit::Probability, CHANCE, &[D::Lever],
            "chance that the zone is open with this lever certain to be pulled, the others as they are"
        );
        ZONE_WITHOUT = quantity(
            "zone_without", Unit::Probability, CHANCE, &[D::Lever],
            "chance that the zone is open with this lever certain not to be pulled"
        );
        PRICE = quantity(
            "price", Unit::Points, ANY, &[D::Lever, D::Type],
            "what pulling the lever costs its wielder's type: its one-off cost, its own flows while there is no deal, and the escalation \
             that it risks, all of which are in Δ already; of a promise the one-off cost and what it pays"
        );
        PROMISE = quantity(
            "promise", Unit::Points, ANY, &[D::Lever, D::Type],
            "what a promise that pays once a deal is agreed adds to the type's margin: its flow to the type, for its wielder less the \
             one-off cost, times the chance that it is kept as the type sees it"
        );
        ESCALATION = quantity(
            "escalation", Unit::Points, ANY, &[D::Lever, D::Type],
            "the part that escalation has in what pulling the lever changes of the type's V, others as the type expects them"
        );
        CONCESSION = quantity(
            "concession", Unit::Points, ANY, &[D::Party],
            "what the party gives up on paper, from its opening package, at the Nash point of the signatories, mean over the types \
             for which there is one"
        );
        REFUSAL_ALL = quantity(
            "refusal_all", Unit::Points, ANY, &[D::Party, D::Type],
            "what the party's refusal is worth to the type with all its levers certain to be pulled, where it may trigger several"
        );
        REFUSAL_NONE = quantity(
            "refusal_none", Unit::Points, ANY, &[D::Party, D::Type],
            "the same with none of them pulled"
        );
        ZONE_ALL = quantity(
            "zone_all", Unit::Probability, CHANCE, &[D::Party],
            "chance that the zone is open with all levers of the party's refusal certain to be pulled, where it may trigger several"
        );
        ZONE_NONE = quantity(
            "zone_none", Unit::Probability, CHANCE, &[D::Party],
            "the same with none of them pulled"
        );
    }
}
