//! Forecasts of what happens or does not: means of scores, skill, calibration.

use detente_case::{Forecast, Observed};
use detente_math::{Bin, Interval, brier, calibration};

use super::Line;
use super::intervals::{Summary, drawn_again};

/// Forecasts of what happens or does not, of one group.
#[derive(Clone, Debug)]
pub struct Chances {
    /// Mean Brier score.
    pub brier: Summary,
    /// Mean logarithmic score.
    pub log: Summary,
    /// Skill against others, those that can be compared.
    pub skill: Vec<Skill>,
    /// Calibration: forecasts by tenths of what they gave, those tenths that have any.
    pub bins: Vec<Bin>,
}

/// Against whom forecasts are held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reference {
    /// Somebody who knows only how often such things happen.
    BaseRate,
    /// A crowd of forecasters, at the time.
    Crowd,
    /// The model's share, which nobody signed.
    Share,
}

/// Skill: how much of another's mean score (Brier; CRPS of numbers) a forecaster takes off.
#[derive(Clone, Debug)]
pub struct Skill {
    /// The other.
    pub against: Reference,
    /// 1 − mean score over the other's mean score, on the same questions: 1 is best, 0 as good as the other; nothing if the other was sure and
    /// right each time.
    pub value: Option<f64>,
    /// Where it lies when questions are drawn again; nothing with few.
    pub interval: Option<Interval>,
    /// Forecasts that both have.
    pub forecasts: usize,
    /// Questions that they are of.
    pub questions: usize,
    /// Mean scores on these: the forecaster's, the other's.
    pub means: [f64; 2],
}

impl Chances {
    pub(super) fn of(lines: &[Line], share: &dyn Fn(usize) -> Option<f64>) -> Option<Self> {
        let of_chances: Vec<(&Line, f64, bool)> = lines
            .iter()
            .filter_map(|line| match (&line.forecast, line.observed) {
                (Forecast::Chance(p), Observed::Happened(o)) => Some((line, *p, o)),
                _ => None,
            })
            .collect();
        if of_chances.is_empty() {
            return None;
        }
        let mean = |which: usize| {
            let scored = lines.iter();
            let scored = scored.filter_map(|l| Some((l.judgement.as_str(), l.of_chance?[which])));
            Summary::of(&scored.collect::<Vec<_>>())
        };
        let other = |reference: Reference, line: &Line| match reference {
            Reference::BaseRate => line.base_rate,
            Reference::Crowd => match line.crowd.as_ref()?.0.forecast {
                Forecast::Chance(chance) => Some(chance),
                Forecast::Number { .. } => None,
            },
            Reference::Share => share(line.number),
        };
        let references = [Reference::BaseRate, Reference::Crowd, Reference::Share];
        let skill = references.into_iter().filter_map(|against| {
            let both: Vec<_> = of_chances
                .iter()
                .filter_map(|(line, p, o)| Some((*line, *p, other(against, line)?, *o)))
                .collect();
            // Whoever signs the share itself is not held against it.
            if against == Reference::Share && both.iter().all(|(_, p, q, _)| p == q) {
                return None;
            }
            let scored = both.iter();
            let scored = scored
                .map(|(line, p, q, o)| (line.judgement.as_str(), [brier(*p, *o), brier(*q, *o)]));
            Skill::of(against, &scored.collect::<Vec<_>>())
        });
        let forecasts: Vec<(f64, bool)> = of_chances.iter().map(|(_, p, o)| (*p, *o)).collect();
        Some(Self {
            brier: mean(0),
            log: mean(1),
            skill: skill.collect(),
            bins: calibration(&forecasts),
        })
    }
}

impl Skill {
    /// Of scores, each with its question: the forecaster's and the other's. Nothing if there are none.
    pub(super) fn of(against: Reference, scored: &[(&str, [f64; 2])]) -> Option<Self> {
        if scored.is_empty() {
            return None;
        }
        let sum = |which: usize| scored.iter().map(|(_, sums)| sums[which]).sum::<f64>();
        let sums = [sum(0), sum(1)];
        let (interval, questions) = drawn_again(scored, skill);
        let value = skill(sums);
        Some(Self {
            against,
            value: (!value.is_nan()).then_some(value),
            interval,
            forecasts: scored.len(),
            questions,
            means: sums.map(|sum| sum / scored.len() as f64),
        })
    }
}

/// NaN where the other was sure and right.
fn skill([own, other]: [f64; 2]) -> f64 {
    if other > 0.0 {
        1.0 - own / other
    } else {
        f64::NAN
    }
}
