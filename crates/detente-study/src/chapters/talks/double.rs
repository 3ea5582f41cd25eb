//! What would have to be true for the chance of a deal to double: numbers are set over the case, one by one and then together, on the draws
//! of the run, and the talks are played again. That is another question than which worlds have a deal.

mod candidates;

use std::ops::Range;

use detente_case::{Condition, Overrides, Rules};
use detente_core::catalogue::talks::DEAL;
use detente_core::talks::TOLD_MONTHS;
use detente_evidence::chapters::talks::doubling::{
    Aim, Came, Doubling, POSSIBLE, Reach, Together, Tried,
};
use detente_evidence::{Chapter, Lack, RunOptions};
use detente_math::{Mean, weighted_mean};
use rayon::prelude::*;

use super::Study;
use crate::run::{Picks, Scope, Within, run_part};
use candidates::Candidate;

/// Worlds after which what plainly does too little is tried no further, and those in which the rest is tried.
const LAPS: [usize; 3] = [4, 8, 16];
/// Fewest worlds from which anything is said.
const FEWEST: usize = LAPS[0];
/// So many are tried in all of these, those that do most.
const KEPT: usize = 4;
/// So many are put together at most.
const TOGETHER: usize = 4;
/// Sums of chances that should be equal differ by rounding.
const ROUNDING: f64 = 1e-9;

/// `base`: the chance of a deal over all worlds in which the talks were played.
pub(super) fn tell(study: &Study, base: Mean) -> Chapter<Doubling> {
    let Some(trial) = Trial::new(study, base) else {
        return Chapter::Nothing;
    };
    let told = trial.tell();
    if study.progress.stopped() {
        // Worlds that were cut short are no answer.
        return Chapter::Lacking(Lack::Interrupted);
    }
    Chapter::Told(told)
}

/// The worlds of a trial.
struct Trial<'a> {
    study: &'a Study<'a>,
    base: Mean,
    aim: Aim,
    target: Mean,
    /// The first worlds that have an answer.
    picks: Picks,
    /// Chance of a deal in each as it is.
    here: Vec<f64>,
}

/// Something that is tried, as far as it was.
struct Trying {
    candidate: Candidate,
    /// Chance of a deal by world of the trial.
    deals: Vec<f64>,
}

impl<'a> Trial<'a> {
    fn new(study: &'a Study<'a>, base: Mean) -> Option<Self> {
        let table = study.table;
        let mut picks = Picks::default();
        let mut here = Vec::new();
        let deals = table.column(DEAL, &[TOLD_MONTHS]).enumerate();
        let known = deals.filter(|(row, deal)| !deal.is_nan() && table.weight(*row) > 0.0);
        for (row, deal) in known.take(LAPS[LAPS.len() - 1]) {
            picks.push(table.world(row), table.weight(row), table.learned(row));
            here.push(deal);
        }
        let rounds = study.setting().talks.as_ref()?.rounds;
        if here.len() < FEWEST || rounds == 0 {
            return None;
        }
        let (aim, target) = aim(base);
        Some(Self {
            study,
            base,
            aim,
            target,
            picks,
            here,
        })
    }

    fn tell(&self) -> Doubling {
        let mut told = Doubling {
            base: self.base,
            aim: self.aim,
            target: self.target,
            laps: LAPS.iter().map(|lap| self.here.len().min(*lap)).collect(),
            tried: Vec::new(),
            together: Vec::new(),
            there_are: [0; 4],
        };
        told.laps.dedup();
        if self.aim == Aim::Nothing {
            return told;
        }
        // What no world can have is no answer to what would have to be true.
        let rules = Rules::of(self.study.case);
        let stands = |put: &Overrides| {
            let all = self.study.overrides.under(put);
            rules.stand(&Condition::of(&all))
        };
        let found = candidates::all(self.study, &stands);
        told.there_are = found.there_are;
        let unrun = |candidate| Trying {
            candidate,
            deals: Vec::new(),
        };
        let mut all: Vec<Trying> = found.candidates.into_iter().map(unrun).collect();
        let mut kept = all.len();
        for (lap, worlds) in told.laps.iter().enumerate() {
            all[..kept].par_iter_mut().for_each(|own| {
                let had = own.deals.len();
                own.deals
                    .extend(self.deals(&own.candidate.put, had..*worlds));
            });
            self.rank(&mut all[..kept]);
            if lap + 1 < told.laps.len() {
                // What is uncertain may rank below what does too little for certain.
                all[..kept].sort_by_key(|own| !self.may_reach(&own.deals));
                let reaching = all[..kept].iter();
                kept = reaching.filter(|own| self.may_reach(&own.deals)).count();
            }
            if lap + 2 == told.laps.len() {
                kept = kept.min(KEPT);
            }
        }
        self.rank(&mut all[kept..]);
        let whole = self.here.len();
        told.tried = all
            .iter()
            .map(|own| Tried {
                what: own.candidate.what.clone(),
                came: self.came(&own.deals),
                stopped: own.deals.len() < whole,
            })
            .collect();
        let reached = told.alone().next().is_some();
        if !reached && !self.study.progress.stopped() {
            told.together = self.together(&all[..kept], &stands);
        }
        told
    }

    /// Adds one after another to what does most, as long as that adds anything and the target is not reached.
    fn together(&self, all: &[Trying], stands: &dyn Fn(&Overrides) -> bool) -> Vec<Together> {
        let mut told: Vec<Together> = Vec::new();
        let helps = |own: &Trying| self.moved(&own.deals).value > 0.0;
        let Some(first) = all.first().filter(|own| helps(own)) else {
            return told;
        };
        let (mut parts, mut put) = (vec![0], first.candidate.put.clone());
        let mut best = self.moved(&first.deals).value;
        for (place, own) in all.iter().enumerate().skip(1) {
            if parts.len() == TOGETHER || self.study.progress.stopped() || !helps(own) {
                break;
            }
            // Two that set one number cannot both be true.
            let set = |id| put.replaced.iter().any(|(other, _)| *other == id);
            if own.candidate.put.replaced.iter().any(|(id, _)| set(*id)) {
                continue;
            }
            let both = put.under(&own.candidate.put);
            if !stands(&both) {
                continue;
            }
            let deals = self.deals(&both, 0..self.here.len());
            let moved = self.moved(&deals).value;
            if moved.is_nan() || moved <= best + ROUNDING {
                continue;
            }
            parts.push(place);
            (put, best) = (both, moved);
            let came = self.came(&deals);
            told.push(Together {
                parts: parts.clone(),
                came,
            });
            if came.reach != Reach::Short {
                break;
            }
        }
        told
    }

    /// Chance of a deal in some worlds of the trial with something set over the case.
    fn deals(&self, put: &Overrides, worlds: Range<usize>) -> Vec<f64> {
        let study = self.study;
        let overrides = study.overrides.under(put);
        let mut scope = Scope::none(study.setting());
        scope.add_handle(DEAL, &[TOLD_MONTHS]);
        let options = RunOptions {
            worlds: worlds.end,
            searches: 0,
            solutions: 0,
            talks: worlds.end,
            ..study.options
        };
        let asked = (&scope, worlds, Some(&self.picks));
        let progress = &Within(study.progress);
        let table = run_part(study.plan, &overrides, options, asked, progress);
        table.column(DEAL, &[TOLD_MONTHS]).collect()
    }

    fn mean(&self, values: impl Iterator<Item = f64> + Clone) -> Mean {
        weighted_mean(values, self.picks.weights().iter().copied(), 1)
    }

    /// How much more talks end with a deal, world by world.
    fn moved(&self, deals: &[f64]) -> Mean {
        let both = deals.iter().zip(&self.here);
        self.mean(both.map(|(there, here)| there - here))
    }

    /// May something have a part in what gets there? Not if, twice its error counted in, it does less than each of as many as are put
    /// together at most would have to.
    fn may_reach(&self, deals: &[f64]) -> bool {
        let moved = self.moved(deals);
        let error = if moved.error.is_nan() {
            0.0
        } else {
            moved.error
        };
        let needed = self.target.value - self.base.value;
        moved.value + 2.0 * error >= needed / TOGETHER as f64
    }

    /// Puts what does most first; of equals, as they were found.
    fn rank(&self, all: &mut [Trying]) {
        let value = |own: &Trying| match self.moved(&own.deals).value {
            untold if untold.is_nan() => f64::NEG_INFINITY,
            value => value,
        };
        all.sort_by(|a, b| value(b).total_cmp(&value(a)));
    }

    fn came(&self, deals: &[f64]) -> Came {
        let chance = self.over_all(deals);
        Came {
            there: self.mean(deals.iter().copied()),
            moved: self.moved(deals),
            chance,
            reach: reach(chance, self.target),
        }
    }

    /// The chance over all worlds in which the talks were played, as far as those of the trial tell: their mean, corrected for how far they
    /// are from all without what is set, by regression on that (control variates: Glasserman 2004, section 4.1), with a slope between
    /// that of what is the same whatever the world was and that of what adds as much in each.
    fn over_all(&self, deals: &[f64]) -> Mean {
        let weights = self.picks.weights();
        let rows = || {
            let rows = deals.iter().zip(&self.here).zip(weights);
            rows.filter(|((there, _), _)| !there.is_nan())
        };
        let (n, sum) = rows().fold((0, 0.0), |(n, sum), (_, w)| (n + 1, sum + w));
        let mean = |of: &dyn Fn(&(&f64, &f64)) -> f64| {
            rows().map(|(own, w)| w * of(&own)).sum::<f64>() / sum
        };
        let (there, here) = (mean(&|own| *own.0), mean(&|own| *own.1));
        let (mut both, mut spread) = (0.0, 0.0);
        for ((x, y), w) in rows() {
            both += w * w * (x - there) * (y - here);
            spread += w * w * (y - here) * (y - here);
        }
        let slope = if spread > 0.0 {
            (both / spread).clamp(0.0, 1.0)
        } else {
            1.0
        };
        let rest = rows().map(|((x, y), w)| {
            let left = w * ((x - there) - slope * (y - here)) / sum;
            left * left
        });
        // Of the degrees of freedom the mean takes one and the slope another.
        let left = n as f64 / (n as f64 - 2.0);
        let base = if self.base.error.is_nan() {
            0.0
        } else {
            self.base.error
        };
        let error = (rest.sum::<f64>() * left + slope * slope * base * base).sqrt();
        Mean {
            value: (there + slope * (self.base.value - here)).clamp(0.0, 1.0),
            error: if n < FEWEST { f64::NAN } else { error },
            n,
        }
    }
}

/// What is asked of the chance of a deal, and what it would have to be.
fn aim(base: Mean) -> (Aim, Mean) {
    let target = |value: f64, slope: f64| Mean {
        value,
        error: slope * base.error,
        n: base.n,
    };
    match base.value {
        x if x < POSSIBLE => (Aim::Possible, target(POSSIBLE, 0.0)),
        x if x <= 0.5 => (Aim::Double, target(2.0 * x, 2.0)),
        x if x <= 1.0 - POSSIBLE => (Aim::HalveTheRest, target(0.5 * (1.0 + x), 0.5)),
        x => (Aim::Nothing, target(x, 1.0)),
    }
}

/// How far a chance gets, by the errors of both, as if they were independent; a target rises with what lies under it, so that this says
/// "about" rather too often.
fn reach(chance: Mean, target: Mean) -> Reach {
    let error = [chance.error, target.error];
    let error = error.iter().filter(|error| !error.is_nan());
    let error = error.map(|error| error * error).sum::<f64>().sqrt() + ROUNDING;
    match chance.value - target.value {
        apart if apart > error => Reach::Reaches,
        apart if apart >= -error => Reach::About,
        _ => Reach::Short,
    }
}

#[cfg(test)]
mod tests;
