//! How good forecasts were: proper scores, their means by who signed and under which reading, calibration, and skill.

mod chances;
mod crps;
mod intervals;

use detente_case::{Forecast, Observed, is_later};
use detente_math::{FEW, brier, log_score};

use crate::entry::{Ledger, Model, Other, Signed, Weights};

pub use chances::{Chances, Reference, Skill};
pub use crps::crps;
pub use intervals::Summary;

/// How good the forecasts of a ledger were.
#[derive(Clone, Debug, Default)]
pub struct Scores {
    /// Forecasts that were signed.
    pub signed: usize,
    /// Questions of which it is known what came of them.
    pub resolved: usize,
    /// Forecasts of which it is not.
    pub open: Vec<Open>,
    /// What was signed by one and under one reading, in the order of the ledger.
    pub groups: Vec<Group>,
}

/// A forecast of which it is not known what came of it.
#[derive(Clone, Debug)]
pub struct Open {
    /// Its entry.
    pub number: usize,
    /// The question.
    pub judgement: String,
    /// Who signed it.
    pub by: String,
    /// When it will be decided, as written.
    pub due: String,
    /// Is that surely past?
    pub overdue: bool,
}

/// Forecasts of one signer under one reading.
#[derive(Clone, Debug)]
pub struct Group {
    /// Who signed them.
    pub by: String,
    /// The readings under which the model's share was computed; empty: the case as it is written.
    pub readings: Vec<String>,
    /// How worlds were weighed for it; nothing where the model says nothing.
    pub weights: Option<Weights>,
    /// Were they entered when it could be known what came of them?
    pub hindsight: bool,
    /// Each, with its scores.
    pub lines: Vec<Line>,
    /// Those of what happens or does not; nothing if there are none.
    pub chances: Option<Chances>,
    /// Those of numbers, by unit.
    pub numbers: Vec<Numbers>,
}

/// A forecast with its scores.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its entry.
    pub number: usize,
    /// The question.
    pub judgement: String,
    /// What is forecast.
    pub says: String,
    /// The forecast.
    pub forecast: Forecast,
    /// In what it is counted, if it is of a number.
    pub unit: String,
    /// What came out.
    pub observed: Observed,
    /// How often something was said of what came out; more than once: it was corrected.
    pub said: usize,
    /// Brier and logarithmic score of a chance.
    pub of_chance: Option<[f64; 2]>,
    /// CRPS of a distribution, and the chance that it gave to no more than what came out.
    pub of_number: Option<[f64; 2]>,
    /// What the model said, as printed; empty where it says nothing.
    pub share: String,
    /// How often such things happen, as the case says.
    pub base_rate: Option<f64>,
    /// What a crowd said of the same question at the time, with its Brier score or CRPS.
    pub crowd: Option<(Other, f64)>,
}

/// Forecasts of numbers of one unit.
#[derive(Clone, Debug)]
pub struct Numbers {
    /// The unit; may be empty.
    pub unit: String,
    /// Mean CRPS, in the unit.
    pub crps: Summary,
    /// Skill against the crowd, where it forecast the same; its means are of CRPS.
    pub skill: Option<Skill>,
}

impl Scores {
    /// Forecasts that are scored.
    pub fn scored(&self) -> usize {
        self.groups.iter().map(|group| group.lines.len()).sum()
    }
}

impl Group {
    /// Questions of which the group has a forecast with a score.
    pub fn questions(&self) -> usize {
        let mut names: Vec<&str> = self.lines.iter().map(|l| l.judgement.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names.len()
    }

    /// Are there too few of them for intervals and calibration?
    pub fn few(&self) -> bool {
        self.questions() < FEW
    }
}

/// Scores all forecasts of which it is known what came of them, by who signed them, under which reading and how worlds were weighed; those
/// that were entered with hindsight apart. `today` tells which of the others are overdue.
pub fn score(ledger: &Ledger, today: &str) -> Scores {
    let mut scores = Scores::default();
    let mut questions: Vec<&str> = Vec::new();
    for (entry, signed) in ledger.signed() {
        scores.signed += 1;
        let Some((_, resolved, said)) = ledger.resolution(entry.number) else {
            scores.open.push(Open {
                number: entry.number,
                judgement: signed.judgement.clone(),
                by: signed.by.clone(),
                due: signed.due.clone(),
                overdue: is_later(today, &signed.due),
            });
            continue;
        };
        if !questions.contains(&signed.judgement.as_str()) {
            questions.push(&signed.judgement);
        }
        let line = line(entry.number, signed, resolved.observed, said);
        let readings = signed.model.as_ref().map_or(&[][..], |m| &m.readings);
        let weights = signed.model.as_ref().map(|model| model.weights);
        // Nor does foresight speak from what was entered before it was due and after it was known.
        let day = signed.entered.split('T').next().unwrap_or_default();
        let hindsight = signed.hindsight || is_later(day, &resolved.on);
        let same = |group: &&mut Group| {
            group.by == signed.by
                && group.readings == readings
                && group.weights == weights
                && group.hindsight == hindsight
        };
        match scores.groups.iter_mut().find(same) {
            Some(group) => group.lines.push(line),
            None => scores.groups.push(Group {
                by: signed.by.clone(),
                readings: readings.to_vec(),
                weights,
                hindsight,
                lines: vec![line],
                chances: None,
                numbers: Vec::new(),
            }),
        }
    }
    scores.resolved = questions.len();
    let share = |number: usize| {
        let mut signed = ledger.signed();
        let (_, signed) = signed.find(|(entry, _)| entry.number == number)?;
        let model: &Model = signed.model.as_ref()?;
        Some(model.share)
    };
    for group in &mut scores.groups {
        group.chances = Chances::of(&group.lines, &share);
        group.numbers = numbers(&group.lines);
    }
    scores
}

fn line(number: usize, signed: &Signed, observed: Observed, said: usize) -> Line {
    let (of_chance, of_number) = match (&signed.forecast, observed) {
        (Forecast::Chance(chance), Observed::Happened(happened)) => {
            let both = [brier(*chance, happened), log_score(*chance, happened)];
            (Some(both), None)
        }
        (Forecast::Number { distribution, .. }, Observed::Value(value)) => (
            None,
            Some([crps(distribution, value), distribution.cdf(value)]),
        ),
        // A ledger in which these do not fit is refused when it is read.
        _ => (None, None),
    };
    let crowd = signed.crowd.as_ref().and_then(|crowd| {
        let score = match (&crowd.forecast, observed) {
            (Forecast::Chance(chance), Observed::Happened(happened)) => brier(*chance, happened),
            (Forecast::Number { distribution, .. }, Observed::Value(value)) => {
                crps(distribution, value)
            }
            _ => return None,
        };
        Some((crowd.clone(), score))
    });
    Line {
        number,
        judgement: signed.judgement.clone(),
        says: signed.says.clone(),
        forecast: signed.forecast.clone(),
        unit: signed.unit.clone(),
        observed,
        said,
        of_chance,
        of_number,
        share: signed
            .model
            .as_ref()
            .map_or(String::new(), |m| m.printed.clone()),
        base_rate: signed.base_rate,
        crowd,
    }
}

fn numbers(lines: &[Line]) -> Vec<Numbers> {
    let mut units: Vec<&str> = Vec::new();
    for line in lines.iter().filter(|line| line.of_number.is_some()) {
        if !units.contains(&line.unit.as_str()) {
            units.push(&line.unit);
        }
    }
    let of = |unit: &str| {
        let scored = lines.iter().filter(|line| line.unit == unit);
        let both = scored.clone().filter_map(|line| {
            let (own, (_, crowd)) = (line.of_number?[0], line.crowd.as_ref()?);
            Some((line.judgement.as_str(), [own, *crowd]))
        });
        let skill = Skill::of(Reference::Crowd, &both.collect::<Vec<_>>());
        let scored = scored.filter_map(|line| Some((line.judgement.as_str(), line.of_number?[0])));
        (Summary::of(&scored.collect::<Vec<_>>()), skill)
    };
    let numbers = |unit: &str| {
        let (crps, skill) = of(unit);
        Numbers {
            unit: unit.to_owned(),
            crps,
            skill,
        }
    };
    units.into_iter().map(numbers).collect()
}
