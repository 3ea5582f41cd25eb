//! What `durability` reports.

use super::{
    ANY, CHANCE, D, Having, LensSpec, Maturity, POSITIVE, Reference, Unit, catalogued, quantity,
    settable,
};

catalogued! {
    id: "durability",
    question: "Would a deal last?",
    needs: "a durability table, and what happens without a deal",
    limits: "Whoever breaks a deal on purpose does so at one best date or not at all, and does not foresee that the deal may break down before. \
             Of parties that would break it in the same month each is as likely to be first. After 20 years every month is like the last. D is \
             exact on named packages; searches over all packages are led by a stand-in, an ordinary deal's share of the time in which it holds and V of no \
             deal, without breach, lapse or other terms (how far it is off on named packages: stand_in), and judge what they find by D. \
             Powell's condition takes what is at stake for one pie, and lets odds move with the ratio of what the sides have rebuilt.",
    limits_with: &[
        (
            Having::Guarantee,
            "Guarantors are tested when the deal has broken down, each lever by itself. The stand-in knows no guarantee.",
        ),
        (
            Having::Answer,
            "Those who answer a breach are tested when the deal has broken down, each lever by itself; of several who would break it in the \
             same month the answer is to the one that is first.",
        ),
        (
            Having::Contest,
            "What options of the resumed contest set holds from its first month; values of options that they set are not used. The stand-in \
             takes V of no deal from the line. A guarantee acts through the levers of its guarantors alone.",
        ),
    ],
    maturity: Maturity::Early,
    sources: &[
        Reference {
            who: "Powell 2006",
            what: "War as a Commitment Problem, International Organization 60",
        },
        Reference {
            who: "Hirshleifer 1989",
            what: "Conflict and Rent-Seeking Success Functions, Public Choice 63",
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
        Reference {
            who: "Beardsley 2008",
            what: "Agreement without Peace? International Mediation and Time Inconsistency Problems, American Journal of Political Science 52",
        },
    ],
    quantities: {
        DEAL_VALUE = settable(
            "deal_value", Unit::Points, ANY, &[D::Type, D::Package],
            "D: what the package is worth to the type, given what may follow it"
        );
        SURVIVAL = quantity(
            "survival", Unit::Probability, CHANCE, &[D::Package, D::Milestone],
            "chance that the deal has not broken down by the month after it; once it has lapsed, that a final deal that it has led on to is in force"
        );
        SURVIVAL_OF = quantity(
            "survival_of", Unit::Probability, CHANCE, &[D::Failure, D::Package],
            "chance that five years after the deal no failure under this definition has come, deliberate breaches not counted"
        );
        ATTACK = quantity(
            "attack", Unit::Probability, CHANCE, &[D::Party, D::Package],
            "chance that the party breaks the deal on purpose, at its best date: with a contest, that it attacks"
        );
        ATTACK_MONTH = quantity(
            "attack_month", Unit::Months, POSITIVE, &[D::Type, D::Package],
            "t*: its best date, months after the deal"
        );
        TEMPTATION = quantity(
            "temptation", Unit::Points, POSITIVE, &[D::Type, D::Package],
            "what breaking it at its best date is worth over keeping the deal; 0 where it is worth less"
        );
        GUARANTEE_BUYS = quantity(
            "guarantee_buys", Unit::Points, ANY, &[D::Type, D::Package],
            "what the package's guarantee adds to its worth"
        );
        UNIQUE_TARGET = quantity(
            "unique_target", Unit::Probability, CHANCE, &[D::Party],
            "chance that no other target tempts the attacker as much as this dyad does after a freeze at today's line"
        );
        TARGET_TEMPTATION = quantity(
            "target_temptation", Unit::Points, ANY, &[D::Target],
            "what turning on the target is worth over leaving it alone, as the case states it"
        );
        STAND_IN = quantity(
            "stand_in", Unit::Points, ANY, &[D::Type, D::Package],
            "what stands in for D in searches over all packages, less D"
        );
        POWELL_GAP = quantity(
            "powell_gap", Unit::Share, ANY, &[D::Type],
            "Powell's condition, where no deal is a stated value or a lottery between two sides: δp(m+1) − p(m) − k/(1−k) in the month in which it is \
             greatest, p the opponent's share of what no deal leaves and k the part that it destroys. Above 0 the opponent rises so fast that no \
             division keeps the type from breaking it off first"
        );
        SURVIVAL_IF_SIGNED = quantity(
            "survival_if_signed", Unit::Probability, CHANCE, &[D::Package, D::Milestone],
            "the same as survival, if the package is signed: among the types that accept it, of the parties that it needs"
        );
        ATTACK_IF_SIGNED = quantity(
            "attack_if_signed", Unit::Probability, CHANCE, &[D::Party, D::Package],
            "the same as `attack`, if the package is signed; not told where nobody signs"
        );
        TEMPTATION_BY = quantity(
            "temptation_by", Unit::Points, POSITIVE, &[D::Party, D::Package, D::Milestone],
            "what breaking the deal so many months after it is worth over keeping it to the party's types that sign, on average; 0 for a type to \
             which it is worth less"
        );
        KEPT = quantity(
            "kept", Unit::Probability, CHANCE, &[D::Package],
            "signed and kept: chance, over all types, that every party the package needs accepts it and that it has not broken down within \
             durability.kept_months; never above the chance that it is signed. Where it lapses before, that a final deal that it has led on to is in force then, in a state or an end of \
             the process that says so (`deal`). A clause that somebody withholds while the deal goes on is no breakdown"
        );
        KEPT_TO_LAPSE = quantity(
            "kept_to_lapse", Unit::Probability, CHANCE, &[D::Package],
            "signed and kept for as long as it was to last: chance, over all types, that every party the package needs accepts it and that it has not \
             broken down when it lapses by its own terms; not told where it does not lapse within 20 years"
        );
        SIGNED_TEMPTED = quantity(
            "signed_tempted", Unit::Probability, CHANCE, &[D::Package],
            "chance, over all types, that every party the package needs accepts it, one of them being of a type to which breaking it later is \
             worth more than keeping it by more than the noise of choosing"
        );
        TEMPTATION_UNANSWERED = quantity(
            "temptation_unanswered", Unit::Points, POSITIVE, &[D::Type, D::Package],
            "what temptation would be if no lever answered the breach"
        );
        COMES = quantity(
            "comes", Unit::Probability, CHANCE, &[D::Lever],
            "chance that the lever is pulled when a deal has broken down, with a contest once forces are rebuilt: of one that answers a breach, as the \
             violator sees it, after a freeze at today's line; of a guarantor's, as the other signatories see it, after the named package \
             that guarantees most"
        );
        COMES_INCENTIVE = quantity(
            "comes_incentive", Unit::Points, ANY, &[D::Lever, D::Type],
            "what pulling it then changes of what no deal is worth to the type of its wielder, less its cost; what staying away in public costs \
             comes on top"
        );
    }
}
