//! What is on record weighs worlds and types: acts by how likely the model's parties were to do them, anchors by what is known of a number
//! that the model computes. docs/record.md has the equations.
//!
//! Worlds of the prior are weighed first, for no more than the record asks. Of these a run takes each with a chance in proportion to its
//! weight (rejection control: Liu, Chen & Wong 1998), so that whole rows are worked out for worlds that count, and nearly alike.

mod acts;
mod blame;
mod gate;
mod idle;
mod pool;
mod tell;

use std::cmp::Ordering;
use std::ops::Range;

use detente_case::{Anchor, Case, Overrides, Plan, Tells, is_later};
use detente_evidence::{Effort, LeavesNone, RunOptions};
use detente_math::{effective_size, path_key, root_of_increasing};

use crate::run::{Picks, Progress, Scope, Table, in_pool, run_weighed};
use gate::Gate;
pub use idle::idle_anchors;
pub(crate) use pool::Pool;
pub(crate) use tell::{before, tell};

/// Worlds that are weighed at a time; the first so many say from which weight on every world is taken.
const BLOCK: usize = 512;
/// Worlds none of which has any weight before the record is said to leave none.
const PATIENCE: usize = 8 * BLOCK;
/// Of how many worlds at most one is taken: where the record is surer than that, those taken count unlike.
const MOST_WEIGHED: usize = 3;
/// Worlds that are weighed at a time for a first look.
const QUICK_BLOCK: usize = 128;
/// Worlds that count alike which the rows of a run should be worth, as a share of them.
pub(crate) const FLOOR: f64 = 0.25;
/// Worlds that count alike without which a record leaves nothing to speak of.
const FEWEST: f64 = 16.0;

/// What is on record in a case, and what of it weighs.
pub(crate) struct Record<'a> {
    pub(crate) case: &'a Case,
    pub(crate) plan: &'a Plan,
    options: RunOptions,
    /// Acts that count, by date; places in the case.
    acts: Vec<usize>,
    /// What the lenses must work out to weigh a world; `None`: nothing.
    scope: Option<Scope>,
    /// What anchors set, each once.
    tried: Vec<Tried>,
    /// By anchor: the place there of what it sets, and of what it sets for its base; `None`: nothing is set.
    trying: Vec<[Option<usize>; 2]>,
    /// By anchor: the logarithm of what a world is weighed by that does not tell it.
    if_untold: Vec<f64>,
    /// Worlds that are weighed at a time.
    block: usize,
}

/// Something that anchors set to see what becomes of a number.
struct Tried {
    over: Overrides,
    /// What the lenses must work out with it; `None`: nothing.
    scope: Option<Scope>,
}

impl<'a> Record<'a> {
    /// That of a case; `None` where nothing weighs.
    pub(crate) fn of(case: &'a Case, plan: &'a Plan, options: RunOptions) -> Option<Self> {
        if !case.has_record() {
            return None;
        }
        let quick = options.effort.is_first_look();
        let block = if quick {
            QUICK_BLOCK
        } else {
            // Whoever wants few rows waits for few worlds.
            (4 * options.worlds).clamp(QUICK_BLOCK, BLOCK)
        };
        let counts = |a: &usize| case.acts[*a].counts && case.acts[*a].tells != Tells::Nothing;
        let mut acts: Vec<usize> = (0..case.acts.len()).filter(counts).collect();
        acts.sort_by(|a, b| by_date(&case.acts[*a].on, &case.acts[*b].on));
        let mut scope = Scope::none(&case.setting);
        for act in &acts {
            acts::asks(&case.acts[*act], &case.setting, &mut scope);
        }
        let none = Scope::none(&case.setting);
        let mut tried: Vec<(Overrides, Scope)> = Vec::new();
        let mut trying = Vec::with_capacity(case.anchors.len());
        for anchor in &case.anchors {
            let places = [&anchor.with, &anchor.against].map(|with| {
                let over = Overrides::with(with);
                (over != Overrides::default()).then(|| {
                    let known = tried.iter().position(|(known, _)| *known == over);
                    known.unwrap_or_else(|| {
                        tried.push((over, none.clone()));
                        tried.len() - 1
                    })
                })
            });
            let sides = if anchor.quantity.looks_at_base() {
                &places[..]
            } else {
                &places[..1]
            };
            for side in sides {
                let asked = match side {
                    Some(place) => &mut tried[*place].1,
                    None => &mut scope,
                };
                for entry in anchor.quantity.quantities() {
                    asked.add(entry.lens, entry.quantity, &entry.index);
                }
            }
            trying.push(places);
        }
        let asked = |scope: Scope| (scope != none).then_some(scope);
        let tried = tried.into_iter().map(|(over, scope)| Tried {
            over,
            scope: asked(scope),
        });
        Some(Self {
            tried: tried.collect(),
            trying,
            scope: asked(scope),
            options: RunOptions {
                searches: 0,
                solutions: 0,
                threads: None,
                effort: Effort::Fixed,
                ..options
            },
            if_untold: case
                .anchors
                .iter()
                .map(Anchor::log_weight_if_untold)
                .collect(),
            case,
            plan,
            acts,
            block,
        })
    }
}

/// The earlier date first; of equals neither.
fn by_date(a: &str, b: &str) -> Ordering {
    if is_later(b, a) {
        Ordering::Less
    } else if is_later(a, b) {
        Ordering::Greater
    } else {
        Ordering::Equal
    }
}

/// Examines worlds as [`run_worlds`](crate::run_worlds) does, each after what is on record in the case has weighed it: the table says what each counts, and its
/// types have the chances that the record leaves them. A row depends on its world alone, so that a run can be cut into ranges. Without
/// `options.record`, and where nothing weighs, it is that.
pub fn run_worlds_on_record(
    case: &Case,
    (plan, overrides): (&Plan, &Overrides),
    options: RunOptions,
    worlds: Range<usize>,
    progress: &dyn Progress,
) -> Table {
    let asked = (None, worlds);
    on_record(case, (plan, overrides), options, asked, progress).0
}

/// The same, as far as it is asked; with it what is put over the case, as what is learned stands over it.
pub(crate) fn on_record(
    case: &Case,
    (plan, overrides): (&Plan, &Overrides),
    options: RunOptions,
    (scope, worlds): (Option<&Scope>, Range<usize>),
    progress: &dyn Progress,
) -> (Table, Overrides) {
    let mut overrides = overrides.clone();
    let record = Record::of(case, plan, options).filter(|_| options.record);
    let picks = record.map(|record| {
        overrides.learned_under = overrides.replaced.len();
        let mut pool = Pool::new(&record);
        in_pool(options.threads, || {
            let numbers = worlds.clone().map(|world| world as u64).collect();
            pool.weigh(&record, (numbers, &overrides), progress);
        });
        let mut picks = Picks::default();
        for row in 0..pool.len() {
            let weight = libm::exp(pool.log_weights()[row]);
            picks.push(pool.world(row), weight, pool.learned(row));
        }
        picks
    });
    let table = run_weighed(plan, &overrides, options, (scope, picks, worlds), progress);
    (table, overrides)
}

/// Worlds of a run that goes by the record, as far as they are wanted.
pub(crate) struct Learning<'r, 'a> {
    pub(crate) record: &'r Record<'a>,
    overrides: Overrides,
    pool: Pool,
    picks: Picks,
    /// Logarithm of the weight from which on every world is taken.
    level: f64,
    /// Which worlds are weighed, once there is a level.
    gate: Option<Gate>,
    /// Worlds of the pool that have had their turn.
    turned: usize,
}

impl<'r, 'a> Learning<'r, 'a> {
    pub(crate) fn new(record: &'r Record<'a>, overrides: &Overrides) -> Self {
        Self {
            overrides: overrides.clone(),
            pool: Pool::new(record),
            picks: Picks::default(),
            level: f64::NAN,
            gate: None,
            turned: 0,
            record,
        }
    }

    /// Sees to it that there are so many rows, if the record leaves them: at most [`MOST_WEIGHED`] times as many worlds, and half as
    /// many again, are weighed for them.
    pub(crate) fn ensure(&mut self, rows: usize, progress: &dyn Progress) {
        let block = self.record.block;
        let most = (rows * MOST_WEIGHED * 3 / 2).max(PATIENCE);
        while self.picks.len() < rows && self.pool.asked() < most && !progress.stopped() {
            let first = self.pool.asked() as u64;
            let worlds = first..first + block as u64;
            if let Some(gate) = &self.gate {
                let asked = (gate, worlds);
                self.pool
                    .weigh_some(self.record, asked, &self.overrides, progress);
            } else {
                let more = (worlds.collect(), &self.overrides);
                self.pool.weigh(self.record, more, progress);
            }
            if !self.level.is_finite() {
                self.level = level(self.pool.log_weights());
                self.gate = self.gate();
            }
            self.take();
        }
    }

    /// The gate for worlds to come, by those there are; nothing where there is no level, or where all of a weight costs next to nothing.
    fn gate(&self) -> Option<Gate> {
        let record = self.record;
        if !self.level.is_finite() || record.scope.is_none() && record.tried.is_empty() {
            return None;
        }
        let seen = |row: usize| {
            let cheap = pool::glance(record, &self.overrides, self.pool.world(row));
            [cheap, self.pool.log_weights()[row]]
        };
        let seen: Vec<[f64; 2]> = (0..self.pool.len()).map(seen).collect();
        Some(Gate::of(&seen, self.level))
    }

    /// Gives each world that was weighed since its turn.
    fn take(&mut self) {
        if self.level == f64::NEG_INFINITY {
            // Nothing is left of the first worlds: no weight to compare with.
            self.turned = self.pool.len();
            return;
        }
        let (stream, key) = (self.record.options.stream, path_key("record"));
        for row in self.turned..self.pool.len() {
            let over = libm::exp(self.pool.log_weights()[row] - self.level);
            let over = over * self.pool.stands_for(row);
            let world = self.pool.world(row);
            if stream.uniform(key, world) < over {
                self.picks
                    .push(world, over.max(1.0), self.pool.learned(row));
            }
        }
        self.turned = self.pool.len();
    }

    /// The rows there are.
    pub(crate) fn picks(&self) -> &Picks {
        &self.picks
    }

    /// The worlds that were weighed.
    pub(crate) fn pool(&self) -> &Pool {
        &self.pool
    }

    /// Asks for so many rows. Where they count as next to none, no share of what is left means anything: then which entries are to blame.
    pub(crate) fn leaves_too_few(
        &mut self,
        rows: usize,
        progress: &dyn Progress,
    ) -> Option<LeavesNone> {
        self.ensure(rows, progress);
        let effective = effective_size(self.picks.weights().iter().copied());
        (effective < FEWEST.min(0.5 * rows as f64)).then(|| LeavesNone {
            weighed: self.pool.asked(),
            effective,
            blamed: blame::blamed(self),
        })
    }

    /// The same rows under other numbers.
    pub(crate) fn under<'l>(&'l self, overrides: &Overrides) -> Under<'l, 'r, 'a> {
        Under {
            learning: self,
            overrides: overrides.clone(),
            pool: Pool::new(self.record),
            picks: Picks::default(),
            factors: Vec::new(),
        }
    }
}

/// The rows of a run that goes by the record, under other numbers: each counts as much more or less as the record says under these, and what
/// is learned of types is learned anew.
pub(crate) struct Under<'l, 'r, 'a> {
    learning: &'l Learning<'r, 'a>,
    overrides: Overrides,
    pool: Pool,
    picks: Picks,
    factors: Vec<f64>,
}

impl Under<'_, '_, '_> {
    /// So many rows, if there are.
    pub(crate) fn ensure(&mut self, rows: usize, progress: &dyn Progress) -> &Picks {
        let here = self.learning.picks();
        let new = self.picks.len()..rows.min(here.len()).max(self.picks.len());
        let worlds = new.clone().map(|row| here.world(row)).collect();
        let more = (worlds, &self.overrides);
        self.pool.weigh(self.learning.record, more, progress);
        for row in new {
            let world = here.world(row);
            let place = self.learning.pool.row_of(world);
            let place = place.expect("a world that was weighed");
            let own = self.learning.pool.log_weights()[place];
            let factor = libm::exp(self.pool.log_weights()[row] - own);
            self.factors.push(factor);
            let weight = here.weight(row) * factor;
            self.picks.push(world, weight, self.pool.learned(row));
        }
        &self.picks
    }

    /// By row: how many times as likely the record is under these numbers as under those of the run.
    pub(crate) fn factors(&self) -> &[f64] {
        &self.factors
    }
}

/// The logarithm of the weight from which on every world is taken: the greatest there is, if then at least one of [`MOST_WEIGHED`] worlds is taken, else the one with which it is one of so many. Minus infinity where no world has any weight.
fn level(log_weights: &[f64]) -> f64 {
    /// Beyond e^200 nothing is told apart, and squares of weights are numbers still.
    const FARTHEST: f64 = 200.0;
    let most = log_weights
        .iter()
        .copied()
        .fold(f64::NEG_INFINITY, f64::max);
    if most == f64::NEG_INFINITY {
        return most;
    }
    let taken = |below: f64| {
        let share = |log: &f64| libm::exp(log - most + below).min(1.0);
        log_weights.iter().map(share).sum::<f64>() / log_weights.len() as f64
    };
    let least = 1.0 / MOST_WEIGHED as f64;
    if taken(0.0) >= least {
        return most;
    }
    most - root_of_increasing(taken, least, 0.0, FARTHEST)
}

#[cfg(test)]
mod tests;
