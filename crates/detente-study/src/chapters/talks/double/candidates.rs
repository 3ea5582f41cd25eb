//! What an analyst would ask about, as far as few games tell of it: the numbers that go most with the chance of a deal, types, levers, red lines.

use detente_case::{Draw, InputId, Overrides, Uniforms};
use detente_core::catalogue::talks::{BELIEF_AT, DEAL, IN_PLAY};
use detente_core::talks::TOLD_MONTHS;
use detente_core::{LineStiffness, Setting, Trigger};
use detente_evidence::chapters::talks::doubling::{Kind, What};
use detente_math::{Distribution, effective_size, normal_quantile};

use super::Study;

/// Of each kind so many are tried at most, in the order of [`Kind::ALL`].
const MOST: [usize; Kind::ALL.len()] = [6, 10, 6, 6];
/// The end of a range as a case states it.
const END: f64 = 0.95;
/// Chance that any number at all is named that has no part in it.
const DOUBT: f64 = 0.05;

/// Something to set, and how.
pub(super) struct Candidate {
    pub(super) what: What,
    pub(super) put: Overrides,
}

/// What is to be tried, and how many there are.
pub(super) struct Found {
    pub(super) candidates: Vec<Candidate>,
    pub(super) there_are: [usize; Kind::ALL.len()],
}

/// All of them that can stand over what is in force.
pub(super) fn all(study: &Study, stands: &dyn Fn(&Overrides) -> bool) -> Found {
    let mut kinds = [inputs(study), types(study), levers(study), red_lines(study)];
    for all in &mut kinds {
        all.retain(|own| stands(&own.put));
    }
    let there_are = [0, 1, 2, 3].map(|k| kinds[k].len());
    let candidates = kinds.into_iter().zip(MOST);
    let candidates = candidates.flat_map(|(all, most)| all.into_iter().take(most));
    Found {
        candidates: candidates.collect(),
        there_are,
    }
}

fn exactly(set: impl IntoIterator<Item = (InputId, f64)>) -> Overrides {
    let set = set.into_iter();
    Overrides {
        replaced: set.map(|(id, x)| (id, Distribution::Exact(x))).collect(),
        ..Overrides::default()
    }
}

/// Rows in which the talks have an answer, with its chance of a deal.
fn answered(study: &Study) -> (Vec<usize>, Vec<f64>) {
    let table = study.table;
    let deals = table.column(DEAL, &[TOLD_MONTHS]).enumerate();
    let known = deals.filter(|(row, deal)| !deal.is_nan() && table.weight(*row) > 0.0);
    known.unzip()
}

/// Numbers that are drawn and go with the chance of a deal more than noise would, those that go most with it first, each at the end of its range that goes with more of it. What
/// types are likely is asked by type, and how play and choices are blurred is nothing that could be true.
fn inputs(study: &Study) -> Vec<Candidate> {
    let (rows, deals) = answered(study);
    let priors = &study.plan.shape().types;
    let is_prior = |place: usize| {
        let id = InputId::from_index(place);
        priors.iter().any(|kind| kind.prior == id)
    };
    let own = study.inputs.iter().enumerate().filter(|(place, input)| {
        matches!(&input.draw, Draw::Own(own) if own.exact().is_none())
            && !is_prior(*place)
            && !input.path.starts_with("behaviour.")
    });
    let places: Vec<usize> = own.map(|(place, _)| place).collect();
    let mut drawn = vec![Vec::with_capacity(rows.len()); places.len()];
    let mut uniforms = Uniforms::default();
    for row in &rows {
        let (plan, world) = (study.plan, study.table.world(*row));
        plan.draw_uniforms(study.options.stream, world, &mut uniforms);
        let values = plan.values(&uniforms, study.overrides);
        for (list, place) in drawn.iter_mut().zip(&places) {
            list.push(values[*place]);
        }
    }
    let weights: Vec<f64> = rows.iter().map(|row| study.table.weight(*row)).collect();
    let together = Correlation::new(&deals, &weights);
    let clear = normal_quantile(1.0 - 0.5 * DOUBT / places.len().max(1) as f64);
    let clear = clear / effective_size(weights.iter().copied()).sqrt();
    let found = places.into_iter().zip(drawn).filter_map(|(place, drawn)| {
        let (input, id) = (&study.inputs[place], InputId::from_index(place));
        let correlation = together.with(&drawn);
        if correlation.is_nan() || correlation.abs() <= clear {
            return None;
        }
        let upper = correlation > 0.0;
        let range = study.plan.distribution(id, study.overrides)?;
        let value = range.quantile(if upper { END } else { 1.0 - END });
        let what = What::Input {
            path: input.path.clone(),
            unit: input.unit,
            value,
            upper,
            correlation,
        };
        let put = exactly([(id, value)]);
        Some((correlation.abs(), Candidate { what, put }))
    });
    let mut found: Vec<(f64, Candidate)> = found.collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.into_iter().map(|(_, candidate)| candidate).collect()
}

/// Parties that are surely of one of their types; first those of which others believe anything in the talks, and of these the types that are
/// likelier where more talks end with a deal.
fn types(study: &Study) -> Vec<Candidate> {
    let setting = study.setting();
    let (rows, deals) = answered(study);
    let weights: Vec<f64> = rows.iter().map(|row| study.table.weight(*row)).collect();
    let together = Correlation::new(&deals, &weights);
    let priors = &study.plan.shape().types;
    let several = setting
        .types
        .iter()
        .enumerate()
        .filter(|(_, kind)| setting.parties[kind.party].types.len() > 1);
    let found = several.filter_map(|(t, kind)| {
        let drawn: Vec<f64> = rows.iter().map(|row| study.drawn.priors[t][*row]).collect();
        // A type that is sure, or impossible, in all of them is as it is.
        let sure = |sure: f64| drawn.iter().all(|prior| *prior == sure);
        if sure(0.0) || sure(1.0) {
            return None;
        }
        let own = setting.parties[kind.party].types.clone();
        let put = exactly(own.map(|other| (priors[other].prior, f64::from(u8::from(other == t)))));
        let correlation = together.with(&drawn);
        let correlation = if correlation.is_nan() {
            0.0
        } else {
            correlation
        };
        let what = What::Type(t);
        let has_part = study.table.mean(BELIEF_AT, &[t, 0]).n > 0;
        Some(((has_part, correlation), Candidate { what, put }))
    });
    let mut found: Vec<((bool, f64), Candidate)> = found.collect();
    found.sort_by(|(a, _), (b, _)| b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)));
    found.into_iter().map(|(_, candidate)| candidate).collect()
}

/// Levers that are on the table taken off it, and those that are off it put on; first those that are in play in most talks. One that waits
/// for a refusal and is in play in none does nothing there.
fn levers(study: &Study) -> Vec<Candidate> {
    let setting = study.setting();
    let numbers = study
        .plan
        .world(&study.plan.medians(), study.overrides)
        .numbers;
    let found = setting.levers.iter().enumerate().filter_map(|(l, lever)| {
        let on = numbers.levers[l].on > 0.0;
        let in_play = study.table.column(IN_PLAY, &[l]);
        let in_play = in_play.filter(|part| *part > 0.0).count();
        if on && matches!(lever.trigger, Trigger::Refuse(_)) && in_play == 0 {
            return None;
        }
        let id = study.plan.shape().levers[l].on;
        let what = What::Lever(l, !on);
        let put = exactly([(id, f64::from(u8::from(!on)))]);
        Some((in_play, Candidate { what, put }))
    });
    let mut found: Vec<(usize, Candidate)> = found.collect();
    found.sort_by_key(|(in_play, _)| std::cmp::Reverse(*in_play));
    found.into_iter().map(|(_, candidate)| candidate).collect()
}

/// Hard red lines that are held, dropped; first those that most packages cross that may be named in the talks, and of these those that most
/// named packages cross.
fn red_lines(study: &Study) -> Vec<Candidate> {
    let setting = study.setting();
    let numbers = study
        .plan
        .world(&study.plan.medians(), study.overrides)
        .numbers;
    let lines = setting.red_lines.iter().enumerate();
    let hard = lines.filter(|(k, line)| {
        line.stiffness == LineStiffness::Hard && numbers.red_lines[*k].on > 0.0
    });
    let found = hard.map(|(k, _)| {
        let put = exactly([(study.plan.shape().red_lines[k].on, 0.0)]);
        let what = What::RedLine(k);
        (crossing(setting, k), Candidate { what, put })
    });
    let mut found: Vec<([usize; 2], Candidate)> = found.collect();
    found.sort_by_key(|(crossing, _)| std::cmp::Reverse(*crossing));
    found.into_iter().map(|(_, candidate)| candidate).collect()
}

/// How many packages of the menu cross a red line, and how many named ones.
fn crossing(setting: &Setting, line: usize) -> [usize; 2] {
    let when = &setting.red_lines[line].when;
    let crosses = |p: usize| when.matches(&setting.packages[p].choice);
    let menu = setting.talks.iter().flat_map(|talks| &talks.named);
    [
        menu.filter(|p| crosses(**p)).count(),
        (0..setting.packages.len()).filter(|p| crosses(*p)).count(),
    ]
}

/// Rank correlations with one answer over worlds that count by weights.
struct Correlation<'a> {
    answer: Vec<f64>,
    weights: &'a [f64],
}

impl<'a> Correlation<'a> {
    fn new(answer: &[f64], weights: &'a [f64]) -> Self {
        Self {
            answer: ranks(answer),
            weights,
        }
    }

    /// The rank correlation of what was drawn with the answer (Spearman's); NaN where either is the same in all worlds.
    fn with(&self, drawn: &[f64]) -> f64 {
        let drawn = ranks(drawn);
        let sum: f64 = self.weights.iter().sum();
        let mean = |of: &[f64]| {
            let both = of.iter().zip(self.weights);
            both.map(|(x, w)| x * w).sum::<f64>() / sum
        };
        let (x_mean, y_mean) = (mean(&drawn), mean(&self.answer));
        let [mut both, mut x_spread, mut y_spread] = [0.0; 3];
        for ((x, y), w) in drawn.iter().zip(&self.answer).zip(self.weights) {
            let (x, y) = (x - x_mean, y - y_mean);
            both += w * x * y;
            x_spread += w * x * x;
            y_spread += w * y * y;
        }
        both / (x_spread * y_spread).sqrt()
    }
}

/// Their ranks, those of equals in the middle.
fn ranks(numbers: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..numbers.len()).collect();
    order.sort_by(|a, b| numbers[*a].total_cmp(&numbers[*b]));
    let mut ranks = vec![0.0; numbers.len()];
    let mut from = 0;
    while from < order.len() {
        let value = numbers[order[from]];
        let same = order[from..].iter().take_while(|k| numbers[**k] == value);
        let to = from + same.count().max(1);
        let middle = f64::midpoint(from as f64, to as f64);
        order[from..to].iter().for_each(|k| ranks[*k] = middle);
        from = to;
    }
    ranks
}
