//! Models put to a trial: fitted on some folds, scored on the others.

use detente_math::{Bin, Interval, brier, calibration};

use crate::choice::Separated;
use crate::folds::folds;
use crate::interval::skill_interval;
use crate::score::{brier_of_many, log_score_of_many};

/// Something of which one of several things came out.
pub trait Case {
    /// What it shares its luck with: cases of one group are in one fold.
    fn group(&self) -> &str;
    /// How many things could come out; of two, the second is that it happens.
    fn options(&self) -> usize;
    /// Which came.
    fn came(&self) -> usize;
}

/// The chances that a fitted model gives to what can come out of a case. It does not look at what came.
pub type Predictor<C> = Box<dyn Fn(&C) -> Vec<f64>>;

/// A model that can be fitted.
pub struct Model<C> {
    /// A few words.
    pub name: &'static str,
    /// What it says, in a sentence.
    pub about: &'static str,
    /// Fits it on the cases of the training folds.
    #[expect(clippy::type_complexity, reason = "a function and its answer")]
    pub fit: Box<dyn Fn(&[&C]) -> Result<Predictor<C>, Separated>>,
}

/// How a trial is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setup {
    /// Folds, two at least.
    pub folds: usize,
    /// Draws of the folds, one at least: what scores owe to the luck of one draw is averaged out.
    pub draws: usize,
    /// Seed of the folds and of the groups drawn again.
    pub seed: u64,
}

/// What came of a trial.
#[derive(Clone, Debug)]
pub struct Section {
    /// What was to be predicted.
    pub title: String,
    /// Does something happen or not? Then skill is in Brier scores; else, of one thing out of many, in logarithmic ones.
    pub binary: bool,
    /// Cases that were scored.
    pub cases: usize,
    /// Their groups.
    pub groups: usize,
    /// What a group is.
    pub grouped_by: &'static str,
    /// How often it happened, where it happens or not.
    pub rate: Option<f64>,
    /// The Brier score of that very rate for every case: it was seen in what it is scored on, so nobody forecasts with it.
    pub in_sample: Option<f64>,
    /// The models, the base rate first.
    pub lines: Vec<Line>,
    /// Whose calibration is shown: a model named before anything was scored.
    pub calibrated: &'static str,
    /// Its forecasts under the first draw of the folds, by tenths; of one thing out of many, each of the many counts as a forecast.
    pub bins: Vec<Bin>,
    /// What else is to be said.
    pub notes: Vec<String>,
}

/// A model's scores.
#[derive(Clone, Debug)]
pub struct Line {
    /// The model.
    pub name: &'static str,
    /// What it says.
    pub about: &'static str,
    /// Means over cases and draws of the folds of the logarithmic and the Brier score; nothing if there is no finite estimate in some fold.
    pub scores: Option<[f64; 2]>,
    /// 1 − mean score over that of the base rate: 1 is best, 0 as good; nothing for the base rate itself.
    pub skill: Option<f64>,
    /// Where it lies when groups are drawn again; nothing with few.
    pub interval: Option<Interval>,
    /// The least and the greatest skill that a single draw of the folds would have shown.
    pub by_draw: Option<[f64; 2]>,
    /// What that amounts to.
    pub verdict: Verdict,
}

/// How a model stands against the base rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is the base rate.
    Base,
    /// Its skill is above 0, and its interval too.
    Beats,
    /// Its skill is above 0, but its interval holds 0, or there is none.
    PerhapsBetter,
    /// Its skill is not above 0, but its interval holds 0, or there is none: the base rate wins here.
    PerhapsWorse,
    /// Its skill is below 0, and its interval too: the base rate wins.
    Loses,
    /// It gives no forecast of some fold.
    Silent,
}

/// Puts models to a trial, the first of which is the base rate. `calibrated` is the place of the model whose calibration is shown.
///
/// # Panics
/// Without models.
pub fn trial<C: Case>(
    title: &str,
    grouped_by: &'static str,
    cases: &[C],
    models: &[Model<C>],
    calibrated: usize,
    setup: Setup,
) -> Section {
    let groups: Vec<&str> = cases.iter().map(Case::group).collect();
    let binary = cases.iter().all(|case| case.options() == 2);
    // By draw of the folds, then by model.
    let forecasts: Vec<Vec<_>> = (0..setup.draws.max(1) as u64)
        .map(|draw| {
            let fold_of = folds(&groups, setup.folds, setup.seed, draw);
            let given = models
                .iter()
                .map(|model| forecasts(model, cases, &fold_of, setup.folds));
            given.collect()
        })
        .collect();
    let mut names = groups.clone();
    names.sort_unstable();
    names.dedup();
    let place = |group: &str| names.partition_point(|name| *name < group);
    let scores = |case: &C, chances: &[f64]| {
        let came = case.came();
        let brier = if binary {
            brier(chances[1], came == 1)
        } else {
            brier_of_many(chances, came)
        };
        [log_score_of_many(chances, came), brier]
    };
    // Of each case, logarithmic and Brier score under a draw of the folds.
    let single = |draw: usize, model: usize| -> Option<Vec<[f64; 2]>> {
        let given = forecasts[draw][model].as_ref()?;
        let each = cases.iter().zip(given);
        Some(each.map(|(case, p)| scores(case, p)).collect())
    };
    let by_draw: Vec<Vec<Option<Vec<[f64; 2]>>>> = (0..models.len())
        .map(|model| (0..forecasts.len()).map(|d| single(d, model)).collect())
        .collect();
    // The same, the mean over draws.
    let scored: Vec<Option<Vec<[f64; 2]>>> = by_draw.iter().map(|each| mean_of(each)).collect();
    let which = usize::from(binary);
    let line = |(i, model): (usize, &Model<C>)| {
        let (own, base) = (scored[i].as_ref(), scored[0].as_ref());
        let pair = own.zip(base).filter(|_| i > 0);
        let skill = pair.map(|(own, base)| 1.0 - mean(which, own) / mean(which, base));
        // Nothing can be taken off a score of 0.
        let skill = skill.filter(|skill| skill.is_finite());
        let interval = pair.and_then(|(own, base)| {
            let both = own.iter().zip(base).zip(&groups);
            let both = both.map(|((own, base), group)| (place(group), [own[which], base[which]]));
            skill_interval(&both.collect::<Vec<_>>(), setup.seed)
        });
        let single = by_draw[i].iter().zip(&by_draw[0]);
        let single = single.filter_map(|(own, base)| {
            let (own, base) = (own.as_ref()?, base.as_ref()?);
            Some(1.0 - mean(which, own) / mean(which, base))
        });
        let ends = single.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], skill| {
            [low.min(skill), high.max(skill)]
        });
        Line {
            name: model.name,
            about: model.about,
            scores: own.map(|own| [mean(0, own), mean(1, own)]),
            skill,
            interval,
            by_draw: skill
                .map(|_| ends)
                .filter(|ends| ends.iter().all(|end| end.is_finite())),
            verdict: if own.is_none() {
                Verdict::Silent
            } else {
                verdict(i, skill, interval)
            },
        }
    };
    let rate = binary
        .then(|| cases.iter().filter(|case| case.came() == 1).count() as f64 / cases.len() as f64);
    let told = forecasts[0][calibrated]
        .as_ref()
        .map_or(Vec::new(), |given| {
            let each = cases.iter().zip(given);
            let each = each.flat_map(|(case, p)| {
                let from = usize::from(binary);
                (from..p.len()).map(move |i| (p[i], case.came() == i))
            });
            calibration(&each.collect::<Vec<_>>())
        });
    Section {
        title: title.to_owned(),
        binary,
        cases: cases.len(),
        groups: names.len(),
        grouped_by,
        rate,
        in_sample: rate.map(|rate| rate * (1.0 - rate)),
        lines: models.iter().enumerate().map(line).collect(),
        calibrated: models[calibrated].name,
        bins: told,
        notes: Vec::new(),
    }
}

/// The mean of one of both scores.
fn mean(which: usize, of: &[[f64; 2]]) -> f64 {
    of.iter().map(|s| s[which]).sum::<f64>() / of.len() as f64
}

/// The mean of each case's scores over draws; nothing if they are missing in one.
fn mean_of(draws: &[Option<Vec<[f64; 2]>>]) -> Option<Vec<[f64; 2]>> {
    let mut sums = vec![[0.0; 2]; draws.first()?.as_ref()?.len()];
    for draw in draws {
        for (sum, scores) in sums.iter_mut().zip(draw.as_ref()?) {
            *sum = [sum[0] + scores[0], sum[1] + scores[1]];
        }
    }
    let count = draws.len() as f64;
    Some(sums.into_iter().map(|sum| sum.map(|s| s / count)).collect())
}

/// The chances that a model gives to each case, fitted on the folds that the case is not in; nothing if it has no estimate in one of them.
fn forecasts<C: Case>(
    model: &Model<C>,
    cases: &[C],
    fold_of: &[usize],
    folds: usize,
) -> Option<Vec<Vec<f64>>> {
    let mut given = vec![Vec::new(); cases.len()];
    for fold in 0..folds {
        let inside = |case: usize| fold_of[case] == fold;
        if !(0..cases.len()).any(inside) {
            continue;
        }
        let others = (0..cases.len()).filter(|case| !inside(*case));
        let others: Vec<&C> = others.map(|case| &cases[case]).collect();
        let predict = (model.fit)(&others).ok()?;
        for case in (0..cases.len()).filter(|case| inside(*case)) {
            given[case] = predict(&cases[case]);
        }
    }
    Some(given)
}

fn verdict(place: usize, skill: Option<f64>, interval: Option<Interval>) -> Verdict {
    match (place, skill, interval) {
        (0, _, _) => Verdict::Base,
        (_, Some(skill), Some(within)) if skill > 0.0 && within.low > 0.0 => Verdict::Beats,
        (_, Some(skill), Some(within)) if skill < 0.0 && within.high < 0.0 => Verdict::Loses,
        (_, Some(skill), _) if skill > 0.0 => Verdict::PerhapsBetter,
        _ => Verdict::PerhapsWorse,
    }
}

/// The share of cases in which it happened, for every case.
pub(crate) fn base_rate<C: Case>() -> Model<C> {
    Model {
        name: "base rate",
        about: "the share of the training folds, for every case",
        fit: Box::new(|cases| {
            let rate = share(cases);
            Ok(Box::new(move |_| vec![1.0 - rate, rate]))
        }),
    }
}

/// In which share of cases it happened.
pub(crate) fn share<C: Case>(cases: &[&C]) -> f64 {
    cases.iter().filter(|case| case.came() == 1).count() as f64 / cases.len() as f64
}
