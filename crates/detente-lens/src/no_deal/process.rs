//! No deal as a chain of states: strikes, sanctions, trials (absorbing chains: Kemeny & Snell 1960; what waiting inside a bargain
//! and leaving it are worth: Muthoo 1999).
//!
//! In state s of month t a type receives (1−δ)·y(s) and loses scar(s); then each move that leaves s competes at its rate r: with
//! probability 1 − e^(−Σr) one of them is made, each in proportion to its rate, and else s lasts another month. An end is worth what
//! it is worth for ever from the month after the move:
//!
//! V(s) = (1−δ)·y(s) − scar(s) + δ·[Σ p(s→s')·V(s') + Σ p(s→e)·Z(e) + (1 − Σp)·V(s)]
//!
//! From the last dated change on this is one linear system a discount factor, shared by all types that have it; earlier months
//! follow one by one, backwards. What running levers cost by the month is paid until an end comes.

use detente_core::{
    DealValue, Fate, Identity, LAST_CHANGE, LeverProfile, NoDealSolution, Payoffs, ProcessNumbers,
    ProcessPlace, ProcessSetting, Query, Setting, Target, World, leader_term,
};

use crate::pulled::{pay, sets_in_order};
use crate::{NoDeal, States, Workspace};

/// The `process` no-deal model.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Process;

impl NoDeal for Process {
    fn id(&self) -> &'static str {
        "process"
    }

    fn applies(&self, setting: &Setting) -> bool {
        setting.process.is_some()
    }

    fn value_states(&self, states: &States, _: &mut Vec<u8>, payoffs: &mut Payoffs) {
        let States {
            setting,
            world,
            preferences,
            ..
        } = *states;
        payoffs.flows.clear();
        payoffs.ends.clear();
        let (Some(process), Some(numbers)) = (&setting.process, world.numbers.process.first())
        else {
            return;
        };
        for t in 0..setting.types.len() {
            for (state, own) in process.states.iter().zip(&numbers.states) {
                let like = |package: &Vec<u8>| {
                    let leader = leader_term(world, t, [Fate::Unsettled]);
                    preferences.worth(setting, t, package) + leader
                };
                payoffs
                    .flows
                    .push(stated(own.worth[t], state.like.as_ref(), like));
            }
            for (end, own) in process.ends.iter().zip(&numbers.ends) {
                // An end lasts by what it is, so that nothing may follow it: it is worth what its package is on paper.
                let like = |package: &Vec<u8>| {
                    Identity.worth(setting, world, preferences, t, package, &[])
                };
                payoffs
                    .ends
                    .push(stated(own.worth[t], end.like.as_ref(), like));
            }
        }
    }

    fn solve(
        &self,
        setting: &Setting,
        world: &World,
        query: &Query,
        payoffs: &Payoffs,
        _: &mut Workspace,
        solution: &mut NoDealSolution,
    ) {
        solution.empty(&NoDealSolution::default());
        let (Some(process), Some(numbers)) = (&setting.process, world.numbers.process.first())
        else {
            return;
        };
        let course = Course::of(setting, world, process, numbers, query.levers);
        let types = setting.types.len();
        solution.values.resize(types, f64::NAN);
        solution.months.resize(types, f64::NAN);
        for first in 0..types {
            let patience = world.numbers.types[first].patience;
            let same = |t: &usize| world.numbers.types[*t].patience == patience;
            if (0..first).any(|t| same(&t)) {
                continue;
            }
            let alike: Vec<usize> = (first..types).filter(same).collect();
            let found = course.values(patience, &alike, payoffs);
            let (months, values) = found.split_last().expect("a column more than types");
            for (t, value) in alike.iter().zip(values) {
                solution.values[*t] = *value;
                solution.months[*t] = *months;
            }
        }
        let NoDealSolution { values, months, .. } = solution;
        pay(setting, world, query.levers, months, values);
    }
}

/// Stated points, or what a package is worth.
fn stated(points: f64, like: Option<&Vec<u8>>, worth: impl FnOnce(&Vec<u8>) -> f64) -> f64 {
    match like {
        Some(package) if points.is_nan() => worth(package),
        _ => points,
    }
}

/// What moves a process, month by month.
struct Course<'a> {
    process: &'a ProcessSetting,
    numbers: &'a ProcessNumbers<f64>,
    /// What levers set, each with the month from which it holds; the later in the list wins.
    sets: Vec<(f64, Target, f64)>,
    /// First months of pieces in which nothing changes, increasing, from 0.
    pieces: Vec<usize>,
}

impl<'a> Course<'a> {
    fn of(
        setting: &Setting,
        world: &World,
        process: &'a ProcessSetting,
        numbers: &'a ProcessNumbers<f64>,
        levers: LeverProfile,
    ) -> Self {
        let sets: Vec<(f64, Target, f64)> = sets_in_order(setting, world, levers)
            .map(|(lever, target, to)| (world.numbers.levers[lever].delay, target, to))
            .collect();
        let of_process = |target: &Target| {
            matches!(
                target,
                Target::Rate(_) | Target::StateWorth(..) | Target::EndWorth(..)
            )
        };
        let set = sets.iter().filter(|(_, target, _)| of_process(target));
        let dated = numbers.moves.iter().flat_map(|own| &own.later);
        let mut pieces = vec![0];
        pieces.extend(
            set.map(|(month, ..)| *month)
                .chain(dated.map(|later| later.from_month))
                .filter(|month| *month <= LAST_CHANGE)
                .map(first_month),
        );
        pieces.sort_unstable();
        pieces.dedup();
        Self {
            process,
            numbers,
            sets,
            pieces,
        }
    }

    /// What a lever sets a number to in a month.
    fn set(&self, target: Target, month: usize) -> Option<f64> {
        let mut sets = self.sets.iter().rev();
        let holds = |(from, set, _): &&(f64, Target, f64)| *set == target && *from <= month as f64;
        sets.find(holds).map(|(_, _, to)| *to)
    }

    /// By move: the chance that it is made in a month in which its state holds.
    fn chances(&self, month: usize) -> Vec<f64> {
        let moves = self.numbers.moves.iter().enumerate();
        let rates: Vec<f64> = moves
            .map(|(m, own)| {
                let mut rate = own.rate;
                let mut since = f64::NEG_INFINITY;
                for later in &own.later {
                    if later.from_month <= month as f64 && later.from_month >= since {
                        (rate, since) = (later.rate, later.from_month);
                    }
                }
                self.set(Target::Rate(m), month).unwrap_or(rate)
            })
            .collect();
        let mut leaving = vec![0.0; self.process.states.len()];
        for (own, rate) in self.process.moves.iter().zip(&rates) {
            leaving[own.from] += rate;
        }
        let moves = self.process.moves.iter().zip(&rates);
        moves
            .map(|(own, rate)| {
                let all = leaving[own.from];
                if all > 0.0 {
                    -libm::expm1(-all) * (rate / all)
                } else {
                    0.0
                }
            })
            .collect()
    }

    /// V in today's state for each of the types, which share a discount factor, and what a point a month at once is worth.
    fn values(&self, patience: f64, types: &[usize], payoffs: &Payoffs) -> Vec<f64> {
        let states = self.process.states.len();
        let columns = types.len() + 1;
        let mut after = vec![0.0; states * columns];
        let mut months = usize::MAX;
        for (place, first) in self.pieces.iter().enumerate().rev() {
            let piece = Piece::of(self, *first, patience, types, payoffs);
            let last = place + 1 == self.pieces.len();
            if last {
                piece.lasting(&mut after);
            } else {
                for _ in *first..months {
                    piece.month_before(&mut after);
                }
            }
            months = *first;
        }
        let today = self.process.today * columns;
        after[today..today + columns].to_vec()
    }
}

/// A dated change holds from the first whole month on that is not before it.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "at most the last month followed"
)]
fn first_month(month: f64) -> usize {
    libm::ceil(month.max(0.0)) as usize
}

/// Months in which nothing changes.
struct Piece<'a> {
    process: &'a ProcessSetting,
    patience: f64,
    chances: Vec<f64>,
    columns: usize,
    /// By state, by column: what a month in it brings, what an end brings that it may move to included.
    brings: Vec<f64>,
}

impl<'a> Piece<'a> {
    fn of(
        course: &Course<'a>,
        month: usize,
        patience: f64,
        types: &[usize],
        payoffs: &Payoffs,
    ) -> Self {
        let process = course.process;
        let (states, ends) = (process.states.len(), process.ends.len());
        let columns = types.len() + 1;
        let chances = course.chances(month);
        let mut brings = vec![0.0; states * columns];
        for (s, own) in course.numbers.states.iter().enumerate() {
            for (column, t) in types.iter().enumerate() {
                let worth = course.set(Target::StateWorth(*t, s), month);
                let worth = worth.unwrap_or(payoffs.flows[t * states + s]);
                brings[s * columns + column] = (1.0 - patience) * worth - own.scar[*t];
            }
            brings[s * columns + types.len()] = 1.0;
        }
        for (own, chance) in process.moves.iter().zip(&chances) {
            let ProcessPlace::End(e) = own.to else {
                continue;
            };
            for (column, t) in types.iter().enumerate() {
                let worth = course.set(Target::EndWorth(*t, e), month);
                let worth = worth.unwrap_or(payoffs.ends[t * ends + e]);
                brings[own.from * columns + column] += patience * chance * worth;
            }
        }
        Self {
            process,
            patience,
            chances,
            columns,
            brings,
        }
    }

    /// Moves between states, with their chances.
    fn between(&self) -> impl Iterator<Item = (usize, usize, f64)> {
        let moves = self.process.moves.iter().zip(&self.chances);
        moves.filter_map(|(own, chance)| match own.to {
            ProcessPlace::State(to) => Some((own.from, to, *chance)),
            ProcessPlace::End(_) => None,
        })
    }

    /// By state: the chance that it lasts another month.
    fn stays(&self) -> Vec<f64> {
        let mut stays = vec![1.0; self.process.states.len()];
        for (own, chance) in self.process.moves.iter().zip(&self.chances) {
            stays[own.from] -= chance;
        }
        stays
    }

    /// V if months like these go on for ever. What stands on the diagonal exceeds the rest of its row by 1 − δ and more, so that
    /// elimination needs no pivots.
    fn lasting(&self, values: &mut Vec<f64>) {
        let (states, columns) = (self.process.states.len(), self.columns);
        let mut system = vec![0.0; states * states];
        for (s, stays) in self.stays().into_iter().enumerate() {
            system[s * states + s] = 1.0 - self.patience * stays;
        }
        for (from, to, chance) in self.between() {
            system[from * states + to] -= self.patience * chance;
        }
        values.clone_from(&self.brings);
        for pivot in 0..states {
            for row in pivot + 1..states {
                let factor = system[row * states + pivot] / system[pivot * states + pivot];
                if factor == 0.0 {
                    continue;
                }
                for column in pivot..states {
                    system[row * states + column] -= factor * system[pivot * states + column];
                }
                for column in 0..columns {
                    values[row * columns + column] -= factor * values[pivot * columns + column];
                }
            }
        }
        for row in (0..states).rev() {
            for column in 0..columns {
                let known: f64 = (row + 1..states)
                    .map(|s| system[row * states + s] * values[s * columns + column])
                    .sum();
                let value = &mut values[row * columns + column];
                *value = (*value - known) / system[row * states + row];
            }
        }
    }

    /// V a month earlier.
    fn month_before(&self, values: &mut Vec<f64>) {
        let columns = self.columns;
        let mut before = self.brings.clone();
        for (s, stays) in self.stays().into_iter().enumerate() {
            for column in 0..columns {
                before[s * columns + column] +=
                    self.patience * stays * values[s * columns + column];
            }
        }
        for (from, to, chance) in self.between() {
            for column in 0..columns {
                before[from * columns + column] +=
                    self.patience * chance * values[to * columns + column];
            }
        }
        *values = before;
    }
}

#[cfg(test)]
mod tests;
