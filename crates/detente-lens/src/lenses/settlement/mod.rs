//! Is there a package that every needed party prefers to fighting on, and what blocks it?
//!
//! A type accepts a package iff no hard red line of its own is crossed and D ≥ N: the deal is worth at least what refusing
//! is, both in points, under its own beliefs. Types are enumerated with their priors, independent across parties, so every
//! figure of a world is exact; only the world is sampled. Searches over all packages are exact too (see `search`) and run in
//! the worlds where they are asked for. Sources and units: [`SPEC`].

mod adjusted;
mod bargains;
mod find;
mod listing;
mod named;
mod profiles;
mod search;
mod solve;
mod sums;
mod table;
#[cfg(test)]
mod tests;
mod verify;
mod verify_division;
mod verify_points;
mod zones;

use detente_core::{
    Dimension, LensSpec, Maturity, Outcome, QuantitySpec, Query, Question, Reference, Row, RowView,
    Scene, Setting, Unit, Verdict, World,
};

use crate::Lens;

pub(super) use listing::{nash_points, zone_by_profile, zone_listed};
pub(super) use zones::Zones;

const ACCEPTS: usize = 0;
const MARGIN: usize = 1;
const CROSSED: usize = 2;
const AGREED: usize = 3;
const BLOCKS: usize = 4;
const BLOCKS_BY_RED_LINE: usize = 5;
const ZONE: usize = 6;
const ZONE_WITHOUT_RED_LINES: usize = 7;
const OPENS_WITHOUT: usize = 8;
const ZONE_OF: usize = 9;
const SIZE: usize = 10;
const SOLUTION_MARGIN: usize = 11;
const SOLUTION_OPTION: usize = 12;
const SOLUTION_TIES: usize = 13;
const LOTTERY_SIZE: usize = 14;
const ADJUSTED_WINNER: usize = 15;
const ADJUSTED_WINNER_SHARE: usize = 16;
const ROOM_TO_PRESS: usize = 17;
const RATIFIES: usize = 18;
const IN_FORCE: usize = 19;
const PRICE: usize = 20;
const CONCEDED: usize = 21;
const ZONE_POSSIBLE: usize = 22;

static SPEC: LensSpec = LensSpec {
    id: "settlement",
    question: "Is there a package that every needed party prefers to fighting on, and what blocks it?",
    needs: "a contest, two or more issues; named packages for the acceptance map",
    limits: "Gates are beside acceptance and left out of the search over all combinations. With additive preferences and a costly contest a \
             zone exists nearly always; what removes it is hard red lines, private information and commitment.",
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
    quantities: &[
        QuantitySpec {
            id: "accepts",
            unit: Unit::Probability,
            range: (0.0, 1.0),
            meaning: "chance, over the party's own types, that it accepts the package",
            dimensions: &[Dimension::Party, Dimension::Package],
            settable: false,
        },
        QuantitySpec {
            id: "margin",
            unit: Unit::Points,
            range: (f64::NEG_INFINITY, f64::INFINITY),
            meaning: "D − N: what the package is worth to the type above fighting on; red lines not counted",
            dimensions: &[Dimension::Type, Dimension::Package],
            settable: false,
        },
        QuantitySpec {
            id: "crossed",
            unit: Unit::Flag,
            range: (0.0, 1.0),
            meaning: "does the package cross a hard red line of the type?",
            dimensions: &[Dimension::Type, Dimension::Package],
            settable: false,
        },
        QuantitySpec {
            id: "agreed",
            unit: Unit::Probability,
            range: (0.0, 1.0),
            meaning: "chance, over all types, that every party the package needs accepts it",
            dimensions: &[Dimension::Package],
            settable: false,
        },
        QuantitySpec {
            id: "blocks",
            unit: Unit::Probability,
            range: (0.0, 1.0),
            meaning: "chance, over all types, that the party is the package's first blocker: red lines first, then the \
                      largest shortfall; ties share",
            dimensions: &[Dimension::Party, Dimension::Package],
            settable: false,
        },
        QuantitySpec {
            id: "blocks_by_red_line",
            unit: Unit::Probability,
            range: (0.0, 1.0),
            meaning: "the part of `blocks` that is owed to a hard red line",
            dimensions: &[Dimension::Party, Dimension::Package],
            settable: false,
        },
        QuantitySpec {
            id: "zone",
            unit: Unit::Probability,
            range: (0.0, 1.0),
            meaning: "chance, over all types, that some package is accepted by every party it needs; where something may follow a deal, of \
                      those that were looked at: a lower bound (upper: `zone_possible`)",
            dimensions: &[],
            settable: false,
        },
        QuantitySpec {
            id: "zone_without_red_lines",
            unit: Unit::Probability,
            range: (0.0, 1.0),
            meaning: "the same if no hard red line were drawn",
            dimensions: &[],
            settable: false,
        },
        QuantitySpec {
            id: "opens_without",
            unit: Unit::Probability,
            range: (0.0, 1.0),
            meaning: "chance, over all types, that the zone is empty and dropping this party's hard red lines alone opens it",
            dimensions: &[Dimension::Party],
            settable: false,
        },
        QuantitySpec {
            id: "zone_of",
            unit: Unit::Probability,
            range: (0.0, 1.0),
            meaning: "chance that some package that needs exactly these parties is accepted by all of them",
            dimensions: &[Dimension::Needed],
            settable: false,
        },
        QuantitySpec {
            id: "size",
            unit: Unit::Points,
            range: (f64::NEG_INFINITY, f64::INFINITY),
            meaning: "zone size: greatest margin of the worst-off needed party over the packages that need exactly these \
                      parties, mean over types; negative: the shortfall; depends on the point scales",
            dimensions: &[Dimension::Needed],
            settable: false,
        },
        QuantitySpec {
            id: "solution_margin",
            unit: Unit::Points,
            range: (0.0, f64::INFINITY),
            meaning: "the party's margin at the solution point of these parties, mean over ties and over the types for which \
                      the zone is open; egalitarian and utilitarian points depend on the point scales",
            dimensions: &[Dimension::Needed, Dimension::Solution, Dimension::Party],
            settable: false,
        },
        QuantitySpec {
            id: "solution_option",
            unit: Unit::Probability,
            range: (0.0, 1.0),
            meaning: "chance, over the types for which the zone of these parties is open, that its solution point takes the \
                      option; ties share, and so do packages that are worth the same to all of them",
            dimensions: &[Dimension::Needed, Dimension::Solution, Dimension::Option],
            settable: false,
        },
        QuantitySpec {
            id: "solution_ties",
            unit: Unit::Count,
            range: (1.0, f64::INFINITY),
            meaning: "how many packages that are not the same to all tie at the solution point, mean over the types for which \
                      the zone is open; not told where the frontier was too large and a search found the Nash point alone",
            dimensions: &[Dimension::Needed, Dimension::Solution],
            settable: false,
        },
        QuantitySpec {
            id: "lottery_size",
            unit: Unit::Points,
            range: (0.0, f64::INFINITY),
            meaning: "greatest worst-off margin that a lottery over packages reaches, mean over the types for which the zone is \
                      open; not computed where the frontier is too large",
            dimensions: &[Dimension::Needed],
            settable: false,
        },
        QuantitySpec {
            id: "adjusted_winner",
            unit: Unit::Points,
            range: (0.0, 100.0),
            meaning: "for two parties: what each gets, of the 100 points at stake between them, if issues could be divided \
                      (adjusted winner); mean over types that differ; red lines and no deal play no part",
            dimensions: &[Dimension::Needed],
            settable: false,
        },
        QuantitySpec {
            id: "adjusted_winner_share",
            unit: Unit::Probability,
            range: (0.0, 1.0),
            meaning: "the first party's share of the issue in that division, mean over types that differ on it",
            dimensions: &[Dimension::Needed, Dimension::Issue],
            settable: false,
        },
        QuantitySpec {
            id: "room_to_press",
            unit: Unit::Points,
            range: (0.0, f64::INFINITY),
            meaning: "what a performer would gain over the package with one of its own clauses left out, times the chance that all \
                      who are then needed accept, the greatest over its clauses; 0 for others. No part of acceptance; told in the \
                      worlds that are searched",
            dimensions: &[Dimension::Type, Dimension::Package],
            settable: false,
        },
        QuantitySpec {
            id: "ratifies",
            unit: Unit::Probability,
            range: (0.0, 1.0),
            meaning: "chance that the gate lets the package pass; not told where the gate does not stand",
            dimensions: &[Dimension::Gate, Dimension::Package],
            settable: false,
        },
        QuantitySpec {
            id: "in_force",
            unit: Unit::Probability,
            range: (0.0, 1.0),
            meaning: "chance that every party the package needs accepts it and all their gates let it pass",
            dimensions: &[Dimension::Package],
            settable: false,
        },
        QuantitySpec {
            id: "price",
            unit: Unit::Points,
            range: (0.0, f64::INFINITY),
            meaning: "where dropping the party's hard red lines alone opens an empty zone: points that its lines may be worth to \
                      it and it would still gain by giving them up, mean over those types",
            dimensions: &[Dimension::Party],
            settable: false,
        },
        QuantitySpec {
            id: "conceded",
            unit: Unit::Points,
            range: (f64::NEG_INFINITY, f64::INFINITY),
            meaning: "what the type gives up from its party's opening package, on paper",
            dimensions: &[Dimension::Type, Dimension::Package],
            settable: false,
        },
        QuantitySpec {
            id: "zone_possible",
            unit: Unit::Probability,
            range: (0.0, 1.0),
            meaning: "chance, over all types, that no bound rules out a package that is accepted by every party it needs: never below \
                      `zone`, and the same where D is a sum over options; where something may follow a deal told in the worlds in which \
                      solutions are sought",
            dimensions: &[],
            settable: false,
        },
    ],
    planned: &[],
};

/// The lens.
pub(super) struct Settlement;

impl Lens for Settlement {
    fn spec(&self) -> &'static LensSpec {
        &SPEC
    }

    fn queries(&self, setting: &Setting, world: &World, queries: &mut Vec<Query>) {
        queries.extend((0..setting.types.len()).map(|t| Query::own(setting, world, t)));
    }

    fn examine(&self, scene: &Scene, row: &mut Row) -> Outcome {
        solve::examine(scene, row)
    }

    fn verify(&self, question: Question, answer: RowView) -> Verdict {
        verify::verify(question, answer)
    }
}
