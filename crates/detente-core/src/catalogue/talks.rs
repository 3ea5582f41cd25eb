//! What `talks` reports.

use super::{
    ANY, CHANCE, D, LensSpec, Maturity, POSITIVE, Reference, Unit, catalogued, quantity, settable,
};

catalogued! {
    id: "talks",
    question: "How does the negotiation go when it is played?",
    needs: "a talks table (an empty one will do), and what happens without a deal",
    limits: "One game a world, whose numbers all know but types. Answers are given in turn and seen; a package that was refused is not offered \
             again; once a threat is carried out the talks are over, and a threat that was announced and not carried out when its time came costs \
             once. What a deal is worth to a type is D as it stands before the talks: what an answer gives away of how long a deal would last \
             changes nobody's D. Moves that are worse than another whatever follows are left out. What is told is the limit of the branch of \
             quantal response that starts at even play: other equilibria may exist. Aspirations above no deal count for nothing here. Rounds, offers and levers are cut until a game has no more moves \
             than the case allows, and in a world until it can be traced. Played in the first worlds alone, 256 of a run and in a report until the chance of a deal errs by no more than 2 of 100, in 512 at most; \
             with a round fewer, and after what a mediator may tell, in the first 32.",
    limits_with: &[],
    maturity: Maturity::Early,
    sources: &[
        Reference {
            who: "Powell 2004",
            what: "Bargaining and Learning While Fighting, American Journal of Political Science 48",
        },
        Reference {
            who: "Fearon 1995",
            what: "Rationalist Explanations for War, International Organization 49",
        },
        Reference {
            who: "Slantchev 2003",
            what: "The Principle of Convergence in Wartime Negotiations, American Political Science Review 97",
        },
        Reference {
            who: "Kreps & Wilson 1982",
            what: "Sequential Equilibria, Econometrica 50",
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
    planned: quantity(
        "deal_beside", Unit::Probability, CHANCE, &[],
        "chance of a deal in the other equilibrium, where another branch crosses the one that is followed"
    ),
    quantities: {
        DEAL = quantity(
            "deal", Unit::Probability, CHANCE, &[D::TalksMonth],
            "chance of a deal by these talks by the month"
        );
        ENDS_OTHERWISE = quantity(
            "ends_otherwise", Unit::Probability, CHANCE, &[D::TalksMonth],
            "chance that what goes on without a deal has ended by the month, but not by these talks"
        );
        DEAL_IN = quantity(
            "deal_in", Unit::Probability, CHANCE, &[D::Round],
            "chance that the deal comes in the round"
        );
        KEPT = quantity(
            "kept", Unit::Probability, CHANCE, &[],
            "chance that the talks end with a deal and that it does not break down for as long as a deal must last to count as kept"
        );
        AGREED = quantity(
            "agreed", Unit::Probability, CHANCE, &[D::Package],
            "chance that the talks end with the package"
        );
        AGREED_OFFER = quantity(
            "agreed_offer", Unit::Probability, CHANCE, &[D::Offer],
            "chance that the talks end with the package at this place among those that may be proposed"
        );
        AGREED_IN = quantity(
            "agreed_in", Unit::Probability, CHANCE, &[D::Round, D::Offer],
            "chance that the deal comes in the round and is the package at this place among those that may be proposed"
        );
        PROPOSES = quantity(
            "proposes", Unit::Probability, CHANCE, &[D::Party, D::Package],
            "chance that the first offer of the talks is the package; told of the party whose turn it is"
        );
        REFUSES = settable(
            "refuses", Unit::Probability, CHANCE, &[D::Type, D::Package],
            "chance that the type refuses the package when it is proposed in the first round; set: whenever it is proposed, unless a hard red line of its \
             own rules the package out"
        );
        POSTERIOR = quantity(
            "posterior", Unit::Probability, CHANCE, &[D::Type, D::Package],
            "what others believe of the type after its party refused the package in the first round"
        );
        ANNOUNCED = settable(
            "announced", Unit::Probability, CHANCE, &[D::Lever, D::Type],
            "chance that a type of the wielder announces the lever"
        );
        THREATENED = quantity(
            "threatened", Unit::Probability, CHANCE, &[D::Lever],
            "chance that the lever is announced, over the wielder's types"
        );
        BELIEVED = quantity(
            "believed", Unit::Probability, CHANCE, &[D::Lever],
            "chance that the lever is pulled where its target has refused in the first round: after an announcement, where it can be announced; over all such \
             refusals, or where play brings none, over those that trembles bring"
        );
        PULLS = settable(
            "pulls", Unit::Probability, CHANCE, &[D::Lever, D::Type],
            "chance that a type of the wielder pulls the lever if its target refuses in the first round, after an announcement where it can be \
             announced; set: whenever it may be pulled"
        );
        PULLED = quantity(
            "pulled", Unit::Probability, CHANCE, &[D::Lever],
            "chance that the lever is pulled in the talks"
        );
        PRICE = quantity(
            "price", Unit::Points, POSITIVE, &[D::Lever],
            "what the threat costs its wielder: its cost where it is pulled, its audience cost where it was announced and is not when its time first comes; on \
             average, in points of today, by the wielder's patience and beliefs, as in what the talks are worth to it"
        );
        BELIEF_AT = quantity(
            "belief_at", Unit::Probability, CHANCE, &[D::Type, D::Round],
            "chance of the type if the talks are still going on in the round: what others believe of it then, on average; not told where no talks go on"
        );
        GOING_ON = quantity(
            "going_on", Unit::Probability, CHANCE, &[D::Round],
            "chance that the round is held, as far as that is up to the talks"
        );
        WORTH = quantity(
            "worth", Unit::Points, ANY, &[D::Type],
            "what the talks are worth to the type when they begin"
        );
        GAIN = quantity(
            "gain", Unit::Points, ANY, &[D::Type],
            "the same less what no deal is worth to it: what there being talks is worth"
        );
        LAST_ROUND = quantity(
            "last_round", Unit::Points, ANY, &[D::Type],
            "what the last round is worth to the type: the talks as they are played less the same with a round fewer"
        );
        DEAL_TOLD = quantity(
            "deal_told", Unit::Probability, CHANCE, &[D::Party],
            "chance of a deal by these talks if a mediator whom all believe told all, before anything else, which type the party is"
        );
        MESSAGE = quantity(
            "message", Unit::Points, ANY, &[D::Party, D::Type],
            "what it is worth to the type that the mediator tells which type the party is: the talks after it less the talks without"
        );
        DEAL_KNOWN = quantity(
            "deal_known", Unit::Probability, CHANCE, &[],
            "chance of a deal by these talks if all knew all types"
        );
        WORTH_KNOWN = quantity(
            "worth_known", Unit::Points, ANY, &[D::Type],
            "what the talks are worth to the type then; not told of a party that makes no move in them"
        );
        DEAL_AT = quantity(
            "deal_at", Unit::Probability, CHANCE, &[D::Precision],
            "chance of a deal by these talks if play is only as precise as behaviour.precision says: a quarter of it, as it is, four times it; \
             moves that are worse than another whatever follows are left out here too"
        );
        KIND = quantity(
            "kind", Unit::Count, POSITIVE, &[],
            "what kind of equilibrium it is, a sum of: 1 there are deals, 2 there is always one, 4 some come late, 8 some types of a party accept what \
             others refuse, 16 a threat is made, 32 by a type that would not, or not always, carry it out when its time first comes, 64 one is carried out, 128 types of a party announce or \
             offer different things, 256 a threat is announced that all types of its wielder, of several, announce alike, so that it tells nothing of them"
        );
        CROSSED = quantity(
            "crossed", Unit::Count, POSITIVE, &[],
            "how many other branches cross the one that is followed: where one does, another equilibrium is as near"
        );
        REGRET = quantity(
            "regret", Unit::Probability, CHANCE, &[],
            "the largest regret at any information set, as a share of what is at stake there"
        );
        ROUNDS = quantity(
            "rounds", Unit::Count, POSITIVE, &[],
            "rounds that are played"
        );
        OFFERS = quantity(
            "offers", Unit::Count, POSITIVE, &[],
            "packages that may be proposed"
        );
        IN_PLAY = quantity(
            "in_play", Unit::Count, POSITIVE, &[D::Lever],
            "may the lever be pulled (1), or announced and pulled (2), or neither (0)"
        );
        MENU = quantity(
            "menu", Unit::Count, POSITIVE, &[D::Offer, D::Issue],
            "the package at this place among those that may be proposed: by issue, the place of its option, from 1"
        );
        PLAYS = quantity(
            "plays", Unit::Probability, CHANCE, &[D::Move],
            "chance that the move is made where it may be: moves stand in the order of histories, then of types of who moves; not told where only moves \
             that are worse than another whatever follows lead"
        );
        TREMBLES = quantity(
            "trembles", Unit::Count, ANY, &[D::Move],
            "the logarithm of the chance of the move in the play that beliefs come from; not told of moves that are worse than another whatever follows"
        );
    }
}
