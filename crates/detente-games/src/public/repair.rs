//! Reading supports off a perturbed game and solving for the probabilities on them.

use std::ops::Range;

use nalgebra::{DMatrix, DVector};

use super::finish::{Board, Finish, Finished, share};

/// A support for each information set, probabilities on it, and room to work in.
pub(super) struct Repair {
    sets: Vec<Range<usize>>,
    player: Vec<usize>,
    range: [f64; 2],
    /// Probability of unused actions in the completely mixed profile.
    tremble: f64,
    used: Vec<bool>,
    share: Vec<f64>,
    own: Vec<f64>,
    others: Vec<f64>,
    worth: Vec<f64>,
    moved: Vec<f64>,
    /// An unused action that is better by more than this share of the range replaces the one in use; by less, it joins it.
    clearly: f64,
    /// How often the support of each set was changed.
    changes: Vec<u32>,
}

/// Trembles of the answer, unless the game is deep.
const TREMBLE: f64 = 1e-12;
/// The product of trembles along a path stays above this, so that reaches do not underflow.
const LEAST_REACH: f64 = 1e-240;
/// An action is in use if the average gives it this many floors, or this much, whichever is more.
const FLOORS_IN_USE: f64 = 3.0;
const IN_USE: f64 = 1e-3;
/// From one size of trembles to the next, down to that of the answer: at first, and at least.
const FIRST_FACTOR: f64 = 0.1;
const LEAST_PROGRESS: f64 = 0.97;
/// Probabilities below so many trembles are taken to be of their size.
const LIKE_TREMBLES: f64 = 30.0;
/// What a step leaves to the most likely action.
const LEAST_PIVOT: f64 = 0.05;
/// Where trembles shrink step by step, an action that is better by less than this share of the range joins the one in use: it has just
/// become the better one.
const CLEARLY: f64 = 0.01;
/// Logarithms of probabilities change by at most this in a step.
const LONGEST_STEP: f64 = 1.0;
/// What is below so many floors is early learning that the average has not outweighed.
const FLOOR_SLACK: f64 = 1.02;
/// Equations count as solved at this share of the tolerance.
const SOLVED: f64 = 0.01;
/// Steps for one support.
const STEPS: u32 = 30;
/// Differences for derivatives: equations are close to linear, and the solution does not depend on their error.
const DIFFERENCE: f64 = 1e-6;
/// Least and first damping, as shares of the largest diagonal entry.
const LEAST_DAMPING: f64 = 1e-12;
const FIRST_DAMPING: f64 = 1e-6;
const MOST_DAMPING: f64 = 1e3;

/// A probability that is solved for: it is moved against the pivot, the most likely action of its set.
#[derive(Clone, Copy)]
struct Unknown {
    set: usize,
    action: usize,
    pivot: usize,
}

impl Repair {
    pub(super) fn new(board: &impl Board, sets: Vec<Range<usize>>, range: [f64; 2]) -> Self {
        let actions = sets.last().map_or(0, |range| range.end);
        let depth = board.depth().max(1) as f64;
        let vector = || vec![0.0; actions];
        Self {
            player: board.players(),
            clearly: 0.0,
            changes: vec![0; sets.len()],
            sets,
            range: range.map(|range| if range > 0.0 { range } else { 1.0 }),
            tremble: TREMBLE.max(libm::pow(LEAST_REACH, 1.0 / depth)),
            used: vec![false; actions],
            share: vector(),
            own: vector(),
            others: vector(),
            worth: vector(),
            moved: vector(),
        }
    }

    /// The most actions of an information set.
    pub(super) fn most_actions(&self) -> usize {
        self.sets
            .iter()
            .map(ExactSizeIterator::len)
            .max()
            .unwrap_or(0)
    }

    /// The best that can be made of `average`, which was learnt under `floor`.
    pub(super) fn run(
        &mut self,
        board: &mut impl Board,
        average: &[f64],
        floor: f64,
        settings: &Finish,
        go_on: &mut dyn FnMut() -> bool,
    ) -> Finished<Vec<f64>> {
        let last = self.tremble;
        let mut best = self.as_learnt(board, average, floor, settings);
        // At once: what is clearly above the floor is in use, and trembles are as small as they get. This is quick, and enough where
        // no probability off the path has to be of the size of trembles.
        self.read(average, IN_USE.max(FLOORS_IN_USE * floor));
        self.clearly = 0.0;
        self.attempt(board, last, last, settings, go_on, &mut best);
        if !best.met && go_on() {
            // Step by step: whatever is above the floor is in use, and trembles shrink from the floor on.
            self.read(average, FLOOR_SLACK * floor);
            self.clearly = CLEARLY;
            self.attempt(board, floor.max(last), last, settings, go_on, &mut best);
        }
        best
    }

    /// Solves, changes supports and shrinks trembles from `first` to `last`, keeping the best.
    fn attempt(
        &mut self,
        board: &mut impl Board,
        first: f64,
        last: f64,
        settings: &Finish,
        go_on: &mut dyn FnMut() -> bool,
        best: &mut Finished<Vec<f64>>,
    ) {
        self.changes.fill(0);
        self.tremble = first;
        let mut round = 0;
        let mut factor = FIRST_FACTOR;
        // Supports and probabilities that solve the equations, and the trembles they solve them for.
        let mut solved: Option<(Vec<bool>, Vec<f64>, f64)> = None;
        loop {
            let unknowns = self.unknowns();
            let fits = unknowns.len() <= settings.equations
                && self.solve(board, &unknowns, settings.tolerance);
            self.profiles();
            if fits || self.tremble == last {
                let found = self.finished(board, unknowns.len(), round, settings);
                if found.score(self.range) < best.score(self.range) {
                    *best = found;
                }
            }
            round += 1;
            if best.met || round > settings.rounds || !go_on() {
                break;
            }
            if !fits
                && factor < LEAST_PROGRESS
                && let Some((used, share, tremble)) = &solved
            {
                // Too far at once: back, and a shorter way.
                self.used.copy_from_slice(used);
                self.share.copy_from_slice(share);
                self.tremble = *tremble;
                factor = factor.sqrt();
                self.shrink(factor, last);
            } else if !self.change(board, settings.tolerance) {
                if self.tremble == last {
                    break;
                }
                solved = Some((self.used.clone(), self.share.clone(), self.tremble));
                factor = (factor * factor).max(FIRST_FACTOR);
                self.shrink(factor, last);
            }
        }
        self.tremble = last;
    }

    /// The average itself as the completely mixed profile, and without the floors as the strategy: what is returned where equations
    /// lead to nothing better.
    fn as_learnt(
        &mut self,
        board: &mut impl Board,
        average: &[f64],
        floor: f64,
        settings: &Finish,
    ) -> Finished<Vec<f64>> {
        self.read(average, FLOOR_SLACK * floor);
        for set in &self.sets {
            for action in set.clone() {
                self.own[action] = self.share[action];
                self.others[action] = average[action].max(self.tremble);
            }
            normalise(&mut self.others[set.clone()]);
        }
        self.finished(board, 0, 0, settings)
    }

    fn finished(
        &mut self,
        board: &mut impl Board,
        equations: usize,
        rounds: u32,
        settings: &Finish,
    ) -> Finished<Vec<f64>> {
        let values = board.values(&self.own, &self.others);
        let apart = self.own.iter().zip(&self.others);
        let distance = apart.map(|(p, q)| (p - q).abs()).fold(0.0, f64::max);
        let regret = share(&values, self.range);
        Finished {
            strategy: self.own.clone(),
            tremble: self.others.iter().map(|p| libm::log(*p)).collect(),
            values,
            distance,
            equations,
            rounds,
            met: regret <= settings.tolerance && distance <= settings.tolerance,
        }
    }

    /// Goes to the next smaller trembles. Probabilities of the size of trembles, which make somebody indifferent off the path, are
    /// guessed to shrink with them.
    fn shrink(&mut self, factor: f64, last: f64) {
        let next = (self.tremble * factor).max(last);
        let factor = next / self.tremble;
        for set in &self.sets {
            for action in set.clone() {
                if self.share[action] < LIKE_TREMBLES * self.tremble {
                    self.share[action] *= factor;
                }
            }
            normalise(&mut self.share[set.clone()]);
        }
        self.tremble = next;
    }

    /// Supports and probabilities on them from an average.
    fn read(&mut self, average: &[f64], least: f64) {
        for set in &self.sets {
            let most = set.clone().map(|a| average[a]).fold(0.0, f64::max);
            for action in set.clone() {
                // The most likely action is in use however many there are.
                self.used[action] = average[action] > least || average[action] == most;
                self.share[action] = if self.used[action] {
                    average[action]
                } else {
                    0.0
                };
            }
            normalise(&mut self.share[set.clone()]);
        }
    }

    /// The strategy and the completely mixed profile.
    fn profiles(&mut self) {
        for set in &self.sets {
            profile(
                set,
                &self.used,
                &self.share,
                self.tremble,
                &mut self.own,
                &mut self.others,
            );
        }
    }

    fn unknowns(&self) -> Vec<Unknown> {
        let mut unknowns = Vec::new();
        for (index, set) in self.sets.iter().enumerate() {
            let pivot = set
                .clone()
                .max_by(|a, b| self.share[*a].total_cmp(&self.share[*b]))
                .expect("a set has actions");
            for action in set.clone() {
                if self.used[action] && action != pivot {
                    unknowns.push(Unknown {
                        set: index,
                        action,
                        pivot,
                    });
                }
            }
        }
        unknowns
    }

    /// How much more each unknown's action is worth than its pivot, in shares of the payoff range.
    fn gaps(&mut self, board: &mut impl Board, unknowns: &[Unknown]) -> DVector<f64> {
        board.worth(&self.others, &self.others, &mut self.moved);
        DVector::from_iterator(
            unknowns.len(),
            unknowns.iter().map(|unknown| {
                let range = self.range[self.player[unknown.set]];
                (self.moved[unknown.action] - self.moved[unknown.pivot]) / range
            }),
        )
    }

    /// Levenberg's method on the indifference equations of the present supports. An action whose probability reaches zero leaves its
    /// support, and the rest goes on without it.
    fn solve(&mut self, board: &mut impl Board, unknowns: &[Unknown], tolerance: f64) -> bool {
        let mut unknowns = unknowns.to_vec();
        let mut damping = FIRST_DAMPING;
        self.profiles();
        let mut gaps = self.gaps(board, &unknowns);
        for _ in 0..STEPS {
            if unknowns.is_empty() || gaps.amax() <= tolerance * SOLVED {
                return true;
            }
            let slopes = self.slopes(board, &unknowns, &gaps);
            let square = slopes.tr_mul(&slopes);
            let pull = -slopes.tr_mul(&gaps);
            let size = square.diagonal().amax();
            if size == 0.0 {
                return gaps.amax() <= tolerance;
            }
            loop {
                let mut damped = square.clone();
                for k in 0..unknowns.len() {
                    damped[(k, k)] += damping * size;
                }
                let step = damped.cholesky().map(|factors| factors.solve(&pull));
                if let Some(step) = step {
                    let before = self.share.clone();
                    let emptied = self.take(&unknowns, &step);
                    self.profiles();
                    let next = self.gaps(board, &unknowns);
                    if emptied || next.norm() < gaps.norm() {
                        damping = (damping * 0.1).max(LEAST_DAMPING);
                        if emptied {
                            unknowns = self.unknowns();
                            gaps = self.gaps(board, &unknowns);
                        } else {
                            gaps = next;
                        }
                        break;
                    }
                    self.share = before;
                    self.profiles();
                }
                damping *= 10.0;
                if damping > MOST_DAMPING {
                    return gaps.amax() <= tolerance;
                }
            }
        }
        unknowns.is_empty() || gaps.amax() <= tolerance
    }

    /// Derivatives of the gaps by the logarithms of the unknowns.
    fn slopes(
        &mut self,
        board: &mut impl Board,
        unknowns: &[Unknown],
        gaps: &DVector<f64>,
    ) -> DMatrix<f64> {
        let mut slopes = DMatrix::zeros(unknowns.len(), unknowns.len());
        for (column, unknown) in unknowns.iter().enumerate() {
            let kept = (self.share[unknown.action], self.share[unknown.pivot]);
            self.share[unknown.action] = kept.0 * (1.0 + DIFFERENCE);
            self.share[unknown.pivot] = kept.1 - kept.0 * DIFFERENCE;
            self.profile_of(unknown.set);
            let moved = (self.gaps(board, unknowns) - gaps) / DIFFERENCE;
            slopes.set_column(column, &moved);
            (self.share[unknown.action], self.share[unknown.pivot]) = kept;
            self.profile_of(unknown.set);
        }
        slopes
    }

    fn profile_of(&mut self, set: usize) {
        profile(
            &self.sets[set],
            &self.used,
            &self.share,
            self.tremble,
            &mut self.own,
            &mut self.others,
        );
    }

    /// Changes the logarithms of the unknowns by `step`. One that falls below the trembles leaves its support; whether one did.
    fn take(&mut self, unknowns: &[Unknown], step: &DVector<f64>) -> bool {
        let mut emptied = false;
        for (unknown, by) in unknowns.iter().zip(step.iter()) {
            let by = by.clamp(-LONGEST_STEP, LONGEST_STEP);
            self.share[unknown.action] *= libm::exp(by);
            if self.share[unknown.action] < self.tremble {
                self.used[unknown.action] = false;
                self.share[unknown.action] = 0.0;
                emptied = true;
            }
        }
        for unknown in unknowns {
            let set = self.sets[unknown.set].clone();
            let others: f64 = set
                .filter(|action| *action != unknown.pivot)
                .map(|action| self.share[action])
                .sum();
            // Normalising at the end brings a pivot that would be used up back in proportion.
            self.share[unknown.pivot] = (1.0 - others).max(LEAST_PIVOT);
        }
        for unknown in unknowns {
            normalise(&mut self.share[self.sets[unknown.set].clone()]);
        }
        emptied
    }

    /// Changes supports where an unused action is better, or a used one worse; whether there was anything to change.
    fn change(&mut self, board: &mut impl Board, tolerance: f64) -> bool {
        let mut worth = std::mem::take(&mut self.worth);
        board.worth(&self.others, &self.others, &mut worth);
        self.worth = worth;
        let wrong: Vec<f64> = (0..self.sets.len()).map(|set| self.wrong(set)).collect();
        let most = wrong.iter().copied().fold(0.0, f64::max);
        if most <= tolerance {
            return false;
        }
        for set in 0..self.sets.len() {
            if wrong[set] < 0.5 * most {
                continue;
            }
            let range = self.sets[set].clone();
            let best = range
                .clone()
                .max_by(|a, b| self.worth[*a].total_cmp(&self.worth[*b]))
                .expect("a set has actions");
            let used = range.clone().filter(|a| self.used[*a]).count();
            self.changes[set] += 1;
            if used == 1 && self.changes[set] % 2 == 1 && wrong[set] > self.clearly {
                // Switch; if that was tried and came back, mix.
                self.used[range.clone()].fill(false);
                self.share[range.clone()].fill(0.0);
                self.used[best] = true;
                self.share[best] = 1.0;
            } else if self.used[best] {
                let worst = range
                    .clone()
                    .filter(|a| self.used[*a])
                    .min_by(|a, b| self.worth[*a].total_cmp(&self.worth[*b]))
                    .expect("some action is used");
                self.used[worst] = false;
                self.share[worst] = 0.0;
            } else {
                self.used[best] = true;
                self.share[best] = 1.01 * self.tremble;
            }
            normalise(&mut self.share[range]);
        }
        true
    }

    /// How much is to be gained at a set, in shares of the payoff range.
    fn wrong(&self, set: usize) -> f64 {
        let range = self.sets[set].clone();
        let best = range
            .clone()
            .map(|a| self.worth[a])
            .fold(f64::NEG_INFINITY, f64::max);
        let now: f64 = range.map(|a| self.own[a] * self.worth[a]).sum();
        (best - now) / self.range[self.player[set]]
    }
}

fn normalise(shares: &mut [f64]) {
    let total: f64 = shares.iter().sum();
    for share in shares {
        *share /= total;
    }
}

/// The strategy and the completely mixed profile at one information set.
fn profile(
    set: &Range<usize>,
    used: &[bool],
    share: &[f64],
    tremble: f64,
    own: &mut [f64],
    others: &mut [f64],
) {
    let idle = set.clone().filter(|a| !used[*a]).count() as f64;
    for action in set.clone() {
        own[action] = share[action];
        others[action] = if used[action] {
            (share[action] * (1.0 - idle * tremble)).max(tremble)
        } else {
            tremble
        };
    }
}
