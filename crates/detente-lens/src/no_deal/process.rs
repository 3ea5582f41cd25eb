//! No deal as a chain of states: strikes, sanctions, trials (absorbing chains: Kemeny & Snell 1960; what waiting inside a bargain
//! and leaving it are worth: Muthoo 1999).
//!
//! In state s of month t a type receives (1−δ)·y(s) and loses scar(s); then each move that leaves s competes at its rate r: with
//! probability 1 − e^(−Σr) one of them is made, each in proportion to its rate, and else s lasts another month. An end is worth what
//! it is worth for ever from the month after the move:
//!
//! V(s) = (1−δ)·y(s) − scar(s) + δ·[Σ p(s→s')·V(s') + Σ p(s→e)·Z(e) + (1 − Σp)·V(s)]
//!
//! Who believes something else of a rate sees it multiplied, whatever it is in the month: by its date or by a lever.
//!
//! From the last dated change on this is one linear system a discount factor, shared by all types that have it; earlier months
//! follow one by one, backwards. What running levers cost by the month is paid until an end comes.

use detente_core::{
    DealValue, Fate, Identity, LAST_CHANGE, LeverProfile, NoDealSolution, Payoffs, ProcessNumbers,
    ProcessPlace, ProcessSetting, Query, Scene, Setting, Target, World, leader_term,
};
use detente_math::normal_points;

use crate::pulled::{flow, pay, sets_in_order};
use crate::{Compulsion, NoDeal, States, Workspace};
use fate::Walk;

mod compelled;
pub(crate) mod fate;

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
        let own = query.beliefs.own();
        let held = Held {
            offsets: own.rate_offsets(world),
            doubts: own.rate_doubts(world),
        };
        let levers = query.levers;
        let types = 0..setting.types.len();
        let asked = types.filter(|t| query.types.contains(*t));
        let asked: Vec<usize> = asked.collect();
        value(
            setting,
            world,
            (levers, query.state),
            held,
            &asked,
            payoffs,
            solution,
        );
    }

    fn unbelieved(&self, setting: &Setting) -> Option<&'static str> {
        let process = setting.process.as_ref()?;
        let none = process.believed.is_empty();
        none.then_some("nobody holds a belief of its own about a rate of the process")
    }

    fn compulsion<'a>(
        &self,
        scene: &'a Scene<'a>,
        party: usize,
        query: &Query,
    ) -> Option<Compulsion<'a>> {
        compelled::of(scene, party, query)
    }

    fn led_on(
        &self,
        setting: &Setting,
        world: &World,
        state: usize,
        last: usize,
    ) -> Option<Vec<f64>> {
        fate::in_force(setting, world, state, last)
    }
}

/// What somebody believes about rates, by `ProcessSetting::believed`; nothing: as the analyst does.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Held<'a> {
    /// Offsets of their logs.
    pub(crate) offsets: &'a [f64],
    /// Standard deviations of its doubt about them. What it does not know is one number that moves all of them.
    pub(crate) doubts: &'a [f64],
}

/// Points of the integral over a doubt: evenly spaced, as near to one another as a rate of e^(sd·z) in an exponential bends, so that
/// half the distance moves no value by 1e-8 points.
fn points(doubts: &[f64]) -> usize {
    /// Greatest distance of points, in standard deviations, and what it is at a doubt of 1.
    const APART: [f64; 2] = [0.75, 0.35];
    let most = doubts.iter().copied().fold(0.0, f64::max);
    let apart = APART[0].min(APART[1] / most).max(0.01);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most some thousands"
    )]
    let points = libm::ceil(17.0 / apart) as usize + 1;
    points
}

/// V of types under some beliefs, and what a point a month costs each at once.
pub(crate) fn value(
    setting: &Setting,
    world: &World,
    (levers, state): (LeverProfile, Option<usize>),
    held: Held,
    asked: &[usize],
    payoffs: &Payoffs,
    solution: &mut NoDealSolution,
) {
    let (Some(process), Some(numbers)) = (&setting.process, world.numbers.process.first()) else {
        return;
    };
    let mut course = Course::of(setting, world, process, numbers, levers);
    let first_state = state.unwrap_or(process.today);
    let types = setting.types.len();
    for list in [&mut solution.values, &mut solution.months] {
        list.clear();
        list.resize(types, f64::NAN);
        for t in asked {
            list[*t] = 0.0;
        }
    }
    let mut add = |course: &Course, weight: f64| {
        for (place, first) in asked.iter().enumerate() {
            let patience = world.numbers.types[*first].patience;
            let same = |t: &usize| world.numbers.types[*t].patience == patience;
            if asked[..place].iter().any(same) {
                continue;
            }
            let alike: Vec<usize> = asked.iter().copied().filter(same).collect();
            let found = course.values((patience, first_state), &alike, payoffs);
            let (months, values) = found.split_last().expect("a column more than types");
            for (t, value) in alike.iter().zip(values) {
                solution.values[*t] += weight * value;
                solution.months[*t] += weight * months;
            }
        }
    };
    if held.doubts.iter().all(|sd| *sd == 0.0) {
        course.believe(held, 0.0);
        add(&course, 1.0);
    } else {
        for (z, weight) in normal_points(points(held.doubts)) {
            course.believe(held, z);
            add(&course, weight);
        }
    }
    let NoDealSolution { values, months, .. } = solution;
    let paid = |t: usize| if months[t].is_nan() { 0.0 } else { months[t] };
    let months: Vec<f64> = (0..types).map(paid).collect();
    pay(setting, world, levers, &months, values);
}

/// Fills what the months before `query.talks` are worth to each type asked for, the chance that the process outlasts them, and what a point
/// a month in them costs at once.
pub(crate) fn until(
    setting: &Setting,
    world: &World,
    query: &Query,
    payoffs: &Payoffs,
    out: &mut NoDealSolution,
) {
    let (Some(process), Some(numbers)) = (&setting.process, world.numbers.process.first()) else {
        return;
    };
    let own = query.beliefs.own();
    let held = Held {
        offsets: own.rate_offsets(world),
        doubts: own.rate_doubts(world),
    };
    let nodes: Vec<(f64, f64)> = if held.doubts.iter().all(|sd| *sd == 0.0) {
        vec![(0.0, 1.0)]
    } else {
        normal_points(points(held.doubts)).collect()
    };
    let mut course = Course::of(setting, world, process, numbers, query.levers);
    let (states, ends) = (process.states.len(), process.ends.len());
    let asked: Vec<usize> = (0..world.numbers.types.len())
        .filter(|t| query.types.contains(*t))
        .collect();
    let levers = (0..setting.levers.len()).filter(|l| query.levers.contains(*l));
    let paid: Vec<f64> = asked
        .iter()
        .map(|t| levers.clone().map(|l| flow(setting, world, l, *t)).sum())
        .collect();
    for (z, weight) in nodes {
        course.believe(held, z);
        let mut here = vec![0.0; states];
        here[query.state.unwrap_or(process.today)] = weight;
        for month in 0..query.talks.unwrap_or(0) {
            let chances = course.chances(month);
            for (t, paid) in asked.iter().zip(&paid) {
                let patience = world.numbers.types[*t].patience;
                let mut now = 0.0;
                for (s, p) in here.iter().enumerate() {
                    let worth = course.set(Target::StateWorth(*t, s), month);
                    let worth = worth.unwrap_or(payoffs.flows[t * states + s]);
                    let scar = course.set(Target::StateScar(*t, s), month);
                    let scar = scar.unwrap_or(numbers.states[s].scar[*t]);
                    now += p * ((1.0 - patience) * (worth - paid) - scar);
                }
                for (own, chance) in process.moves.iter().zip(&chances) {
                    if let ProcessPlace::End(e) = own.to {
                        let worth = course.set(Target::EndWorth(*t, e), month);
                        let worth = worth.unwrap_or(payoffs.ends[t * ends + e]);
                        now += here[own.from] * chance * patience * worth;
                    }
                }
                let discount = libm::pow(patience, month as f64);
                out.meanwhile[*t] += discount * now;
                out.waited[*t] += discount * here.iter().sum::<f64>();
            }
            let before = here.clone();
            for (own, chance) in process.moves.iter().zip(&chances) {
                let made = before[own.from] * chance;
                here[own.from] -= made;
                if let ProcessPlace::State(to) = own.to {
                    here[to] += made;
                }
            }
        }
        for t in &asked {
            out.lasts[*t] += here.iter().sum::<f64>();
        }
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
pub(crate) struct Course<'a> {
    process: &'a ProcessSetting,
    numbers: &'a ProcessNumbers<f64>,
    /// What levers set, each with the month from which it holds; the later in the list wins.
    sets: Vec<(f64, Target, f64)>,
    /// First months of pieces in which nothing changes, increasing, from 0.
    pieces: Vec<usize>,
    /// By move: what its rate is multiplied by in somebody's eyes; empty: all as they are.
    factors: Vec<f64>,
}

impl<'a> Course<'a> {
    pub(crate) fn of(
        setting: &Setting,
        world: &World,
        process: &'a ProcessSetting,
        numbers: &'a ProcessNumbers<f64>,
        levers: LeverProfile,
    ) -> Self {
        let sets: Vec<(f64, Target, f64)> = sets_in_order(setting, world, levers)
            .filter(|(_, target, _)| target.is_of_process())
            .map(|(lever, target, to)| (world.numbers.levers[lever].delay, target, to))
            .collect();
        let dated = numbers.moves.iter().flat_map(|own| &own.later);
        let mut pieces = vec![0];
        // A date that a lever sets begins a piece too.
        let moved = sets.iter().filter_map(|(_, target, to)| {
            let moves = matches!(target, Target::LaterFrom(..));
            moves.then_some(*to)
        });
        pieces.extend(
            sets.iter()
                .map(|(month, ..)| *month)
                .chain(moved)
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
            factors: Vec::new(),
        }
    }

    /// Takes the rates as somebody sees them, whose doubt is at `z` standard deviations.
    fn believe(&mut self, held: Held, z: f64) {
        self.factors.clear();
        if held.offsets.is_empty() && held.doubts.is_empty() {
            return;
        }
        self.factors.resize(self.process.moves.len(), 1.0);
        for (place, own) in self.process.believed.iter().enumerate() {
            let of = |list: &[f64]| list.get(place).copied().unwrap_or(0.0);
            self.factors[*own] = libm::exp(of(held.offsets) + z * of(held.doubts));
        }
    }

    /// What a lever sets a number to in a month.
    fn set(&self, target: Target, month: usize) -> Option<f64> {
        let mut sets = self.sets.iter().rev();
        let holds = |(from, set, _): &&(f64, Target, f64)| *set == target && *from <= month as f64;
        sets.find(holds).map(|(_, _, to)| *to)
    }

    /// The rate of a move in a month, whoever looks.
    fn rate(&self, m: usize, month: usize) -> f64 {
        let own = &self.numbers.moves[m];
        if let Some(set) = self.set(Target::Rate(m), month) {
            return set;
        }
        let mut rate = own.rate;
        let mut since = f64::NEG_INFINITY;
        for (k, later) in own.later.iter().enumerate() {
            let from = self.set(Target::LaterFrom(m, k), month);
            let from = from.unwrap_or(later.from_month);
            // What would begin after the last change never comes.
            if from <= month as f64 && from <= LAST_CHANGE && from >= since {
                let set = self.set(Target::LaterRate(m, k), month);
                (rate, since) = (set.unwrap_or(later.rate), from);
            }
        }
        rate
    }

    /// By move: the chance that it is made in a month in which its state holds.
    pub(crate) fn chances(&self, month: usize) -> Vec<f64> {
        let factor = |m: usize| self.factors.get(m).copied().unwrap_or(1.0);
        let moves = 0..self.process.moves.len();
        let mut chances: Vec<f64> = moves.map(|m| self.rate(m, month) * factor(m)).collect();
        let mut leaving = vec![0.0; self.process.states.len()];
        for (own, rate) in self.process.moves.iter().zip(&chances) {
            leaving[own.from] += rate;
        }
        // What a point of rate brings by way of chance.
        for all in &mut leaving {
            *all = if *all > 0.0 {
                -libm::expm1(-*all) / *all
            } else {
                0.0
            };
        }
        for (own, chance) in self.process.moves.iter().zip(&mut chances) {
            *chance *= leaving[own.from];
        }
        chances
    }

    /// First months of the pieces in which nothing changes.
    pub(crate) fn pieces(&self) -> &[usize] {
        &self.pieces
    }

    /// V in a state that it begins in, for each of the types, which share a discount factor, and what a point a month at once is worth.
    fn values(
        &self,
        (patience, first): (f64, usize),
        types: &[usize],
        payoffs: &Payoffs,
    ) -> Vec<f64> {
        let states = self.process.states.len();
        let columns = types.len() + 1;
        let (mut after, mut before) = (vec![0.0; states * columns], Vec::new());
        let mut months = usize::MAX;
        for (place, first) in self.pieces.iter().enumerate().rev() {
            let piece = Piece::of(self, *first, patience, types, payoffs);
            let last = place + 1 == self.pieces.len();
            if last {
                piece.lasting(&mut after);
            } else {
                for _ in *first..months {
                    piece.month_before(&after, &mut before);
                    std::mem::swap(&mut after, &mut before);
                }
            }
            months = *first;
        }
        after[first * columns..(first + 1) * columns].to_vec()
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
struct Piece {
    states: usize,
    columns: usize,
    /// By state: the chance that it lasts another month, discounted.
    stays: Vec<f64>,
    /// Moves between states, with their chances, discounted.
    between: Vec<(usize, usize, f64)>,
    /// By state, by column: what a month in it brings, what an end brings that it may move to included.
    brings: Vec<f64>,
}

impl Piece {
    fn of(
        course: &Course,
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
                let scar = course.set(Target::StateScar(*t, s), month);
                let scar = scar.unwrap_or(own.scar[*t]);
                brings[s * columns + column] = (1.0 - patience) * worth - scar;
            }
            brings[s * columns + types.len()] = 1.0;
        }
        let mut stays = vec![1.0; states];
        let mut between = Vec::with_capacity(chances.len());
        for (own, chance) in process.moves.iter().zip(&chances) {
            stays[own.from] -= chance;
            let e = match own.to {
                ProcessPlace::End(e) => e,
                ProcessPlace::State(to) => {
                    between.push((own.from, to, patience * chance));
                    continue;
                }
            };
            for (column, t) in types.iter().enumerate() {
                let worth = course.set(Target::EndWorth(*t, e), month);
                let worth = worth.unwrap_or(payoffs.ends[t * ends + e]);
                brings[own.from * columns + column] += patience * chance * worth;
            }
        }
        for stays in &mut stays {
            *stays *= patience;
        }
        Self {
            states,
            columns,
            stays,
            between,
            brings,
        }
    }

    /// V if months like these go on for ever. What stands on the diagonal exceeds the rest of its row by 1 − δ and more, so that
    /// elimination needs no pivots.
    fn lasting(&self, values: &mut Vec<f64>) {
        let (states, columns) = (self.states, self.columns);
        let mut system = vec![0.0; states * states];
        for (s, stays) in self.stays.iter().enumerate() {
            system[s * states + s] = 1.0 - stays;
        }
        for (from, to, chance) in &self.between {
            system[from * states + to] -= chance;
        }
        values.clone_from(&self.brings);
        eliminate(&mut system, states, values, columns);
    }

    /// V a month earlier.
    fn month_before(&self, after: &[f64], before: &mut Vec<f64>) {
        let columns = self.columns;
        before.clone_from(&self.brings);
        let rows = before.chunks_exact_mut(columns);
        let rows = rows.zip(after.chunks_exact(columns)).zip(&self.stays);
        for ((to, from), stays) in rows {
            for (to, from) in to.iter_mut().zip(from) {
                *to += stays * from;
            }
        }
        for (own, next, chance) in &self.between {
            let to = &mut before[own * columns..][..columns];
            let from = &after[next * columns..][..columns];
            for (to, from) in to.iter_mut().zip(from) {
                *to += chance * from;
            }
        }
    }
}

/// Solves a system whose diagonal outweighs its rows, for several right sides at once, which become the answers.
pub(crate) fn eliminate(system: &mut [f64], states: usize, values: &mut [f64], columns: usize) {
    for pivot in 0..states {
        for row in pivot + 1..states {
            let factor = system[row * states + pivot] / system[pivot * states + pivot];
            if factor == 0.0 {
                continue;
            }
            for column in pivot..states {
                system[row * states + column] -= factor * system[pivot * states + column];
            }
            let (above, below) = values.split_at_mut(row * columns);
            let from = &above[pivot * columns..][..columns];
            for (to, from) in below[..columns].iter_mut().zip(from) {
                *to -= factor * from;
            }
        }
    }
    for row in (0..states).rev() {
        let (above, below) = values.split_at_mut((row + 1) * columns);
        let own = &mut above[row * columns..];
        for s in row + 1..states {
            let part = system[row * states + s];
            if part == 0.0 {
                continue;
            }
            let from = &below[(s - row - 1) * columns..][..columns];
            for (to, from) in own.iter_mut().zip(from) {
                *to -= part * from;
            }
        }
        for to in own {
            *to /= system[row * states + row];
        }
    }
}

#[cfg(test)]
mod tests;
