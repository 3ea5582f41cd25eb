//! What happens, and what is it worth to each, if there is no deal?
//!
//! Assumes that edge and hazards depend on time alone (see the [`contest`](crate::Contest) model). Does not apply to a case
//! without a no-deal model; gives up where doubling the horizon would move any value by more than
//! [`GREATEST_TRUNCATION`] points. Sources and units: [`SPEC`].

mod verify;

use detente_core::{
    Dimension, Ending, LensSpec, Maturity, NoDealSolution, Outcome, QuantitySpec, Query, Question,
    Reference, Row, RowView, Scene, Setting, Unit, Verdict, World,
};

use crate::Lens;

/// Greatest change of a value when the horizon is doubled, in points.
pub(crate) const GREATEST_TRUNCATION: f64 = 0.1;

pub(super) const VALUE: usize = 0;
pub(super) const GAP: usize = 1;
pub(super) const ENDING: usize = 2;
pub(super) const BEYOND: usize = 3;
pub(super) const LINE_MEAN: usize = 4;
pub(super) const LINE_SD: usize = 5;
pub(super) const SUPPLY: usize = 6;

static SPEC: LensSpec = LensSpec {
    id: "alternative",
    question: "What happens, and what is it worth to each party, if there is no deal?",
    needs: "a contest, a lottery, or reservation values; endings, line and supply only with a contest",
    limits: "Edge and hazards depend on time alone, never on where the line stands. Gives up where doubling the horizon \
             moves a value by more than 0.1 points.",
    maturity: Maturity::Early,
    sources: &[
        Reference {
            who: "Smith & Stam 2004",
            what: "Bargaining and the Nature of War, Journal of Conflict Resolution 48",
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
    quantities: &[
        QuantitySpec {
            id: "value",
            unit: Unit::Points,
            range: (f64::NEG_INFINITY, f64::INFINITY),
            meaning: "V: what fighting on is worth to the type, under its own beliefs and the levers that run now",
            dimensions: &[Dimension::Type],
            settable: true,
        },
        QuantitySpec {
            id: "gap",
            unit: Unit::Points,
            range: (f64::NEG_INFINITY, f64::INFINITY),
            meaning: "V under the type's own beliefs less V under the analyst's: how far it over-rates fighting on",
            dimensions: &[Dimension::Type],
            settable: false,
        },
        QuantitySpec {
            id: "ending",
            unit: Unit::Probability,
            range: (0.0, 1.0),
            meaning: "chance that the contest ends this way in this month, as the analyst sees it",
            dimensions: &[Dimension::Month, Dimension::Ending],
            settable: false,
        },
        QuantitySpec {
            id: "beyond",
            unit: Unit::Probability,
            range: (0.0, 1.0),
            meaning: "chance that the contest outlasts the horizon",
            dimensions: &[],
            settable: false,
        },
        QuantitySpec {
            id: "line_mean",
            unit: Unit::Line,
            range: (f64::NEG_INFINITY, f64::INFINITY),
            meaning: "mean of the line at the start of the month, had fighting gone on",
            dimensions: &[Dimension::Month],
            settable: false,
        },
        QuantitySpec {
            id: "line_sd",
            unit: Unit::Line,
            range: (0.0, f64::INFINITY),
            meaning: "standard deviation of the line at the start of the month, had fighting gone on",
            dimensions: &[Dimension::Month],
            settable: false,
        },
        QuantitySpec {
            id: "supply",
            unit: Unit::Ratio,
            range: (0.0, f64::INFINITY),
            meaning: "effort of the side in the month, its full rate of today = 1",
            dimensions: &[Dimension::Side, Dimension::Month],
            settable: false,
        },
    ],
    planned: &[],
};

/// The lens.
pub(super) struct Alternative;

impl Lens for Alternative {
    fn spec(&self) -> &'static LensSpec {
        &SPEC
    }

    fn queries(&self, setting: &Setting, world: &World, queries: &mut Vec<Query>) {
        queries.push(Query::analyst(setting, world));
        queries.extend((0..setting.types.len()).map(|t| Query::own(setting, world, t)));
    }

    fn examine(&self, scene: &Scene, row: &mut Row) -> Outcome {
        let Some(common) = scene.no_deal(&Query::analyst(scene.setting, scene.world)) else {
            return Outcome::NotApplicable("the case does not say what happens without a deal");
        };
        if let Some(silent) = beyond_reach(scene) {
            return silent;
        }
        for t in 0..scene.setting.types.len() {
            let value = scene.no_deal_value(t).expect("declared");
            row.set(VALUE, &[t], value);
            row.set(GAP, &[t], value - common.values[t]);
        }
        for (month, chances) in common.endings.chunks_exact(4).enumerate() {
            for ending in Ending::ALL {
                row.set(ENDING, &[month, ending as usize], chances[ending as usize]);
            }
        }
        if scene.setting.contest.is_some() {
            row.set(BEYOND, &[], common.beyond);
        }
        for (month, (mean, sd)) in common.line_mean.iter().zip(&common.line_sd).enumerate() {
            row.set(LINE_MEAN, &[month], *mean);
            row.set(LINE_SD, &[month], *sd);
        }
        for (side, supply) in [&common.supply_a, &common.supply_b].into_iter().enumerate() {
            for (month, effort) in supply.iter().enumerate() {
                row.set(SUPPLY, &[side, month], *effort);
            }
        }
        Outcome::Done
    }

    fn verify(&self, question: Question, answer: RowView) -> Verdict {
        verify::verify(question, answer)
    }
}

/// The outcome of a world whose horizon is too short for a sure value.
pub(crate) fn beyond_reach(scene: &Scene) -> Option<Outcome> {
    let finite = |v: &f64| v.is_finite();
    let told = |(query, solution): &(Query, NoDealSolution)| {
        let mut values = solution.values.iter().enumerate();
        values.all(|(t, v)| finite(v) || !query.types.contains(t))
    };
    if !scene.solved.iter().all(told) {
        return Some(Outcome::GaveUp(
            "a no-deal value is not a finite number: some input of the contest is far too large",
        ));
    }
    let short = scene
        .solved
        .iter()
        .any(|(_, solution)| solution.truncation > GREATEST_TRUNCATION);
    short.then_some(Outcome::GaveUp(
        "doubling contest.horizon would move a no-deal value by more than 0.1 points; raise it",
    ))
}
