//! Following the branch of agent quantal response equilibria from λ = 0 by pseudo-arclength.
//!
//! The unknowns are log-probability ratios `x_a = y_a - y_r` at each information set, r being its likeliest action at the start of the
//! step, and λ. There is then no adding-up row, and a set of two actions has one unknown (after Turocy 2005, whose unknowns are the
//! `y_a` themselves).

use nalgebra::{DMatrix, DVector};

use super::system::{System, Values};
use crate::singular::singular;
use crate::tree::Tree;

/// Corrector: `|x_a - λ (u_a - u_r)|` is at most this plus the next times λ. A fixed bound asks for payoffs beyond the precision of
/// `f64` once λ is large; this one asks for payoffs to 1e-8 of their range.
const RESIDUAL: f64 = 1e-6;
const RESIDUAL_PER_LAMBDA: f64 = 1e-8;
/// Newton steps before a step along the path is given up and halved.
const NEWTON: usize = 7;
/// A walk that comes back below this λ goes nowhere.
const START: f64 = 1e-3;
/// Length of the first step.
const FIRST_STEP: f64 = 0.05;
/// Two tangents further apart than this (cosine) belong to a turn that the step jumped, or to another branch.
const STRAIGHT: f64 = 0.6;
/// The corrector may move a point this share of the step's length: further is a jump to another branch.
const DETOUR: f64 = 0.3;
/// Steps shorter than this share of the point's own length make no headway.
const SHORTEST: f64 = 1e-9;
/// How far beyond a corner to look for the branch, as shares of the point's own length,
const CORNER: [f64; 5] = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2];
/// and where: cosine and sine of the angle by which it turns, to both sides.
const ANGLES: [(f64, f64); 10] = [
    (0.866, 0.5),
    (0.866, -0.5),
    (0.5, 0.866),
    (0.5, -0.866),
    (0.0, 1.0),
    (0.0, -1.0),
    (-0.5, 0.866),
    (-0.5, -0.866),
    (-0.866, 0.5),
    (-0.866, -0.5),
];
/// A change of orientation that is still there at a step of this share of the point's own length is a bifurcation.
const BIFURCATION_STEP: f64 = 1e-4;

/// A point of the branch.
#[derive(Clone, Debug)]
pub(crate) struct Point {
    /// Log-probability of each action.
    pub(crate) y: Vec<f64>,
    /// Precision, in 1/scale of the payoffs.
    pub(crate) lambda: f64,
    /// Largest conditional regret, as a share of the range of the player's payoffs.
    pub(crate) regret: f64,
    /// The way the branch goes: change of each log-probability,
    pub(crate) direction: Vec<f64>,
    /// and of λ.
    pub(crate) forward: f64,
}

/// Why a walk along a branch ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum End {
    /// The caller's test said so.
    Reached,
    /// Steps became too short to make headway, or their number ran out.
    Stuck,
    /// The caller asked to stop.
    Stopped,
}

/// What a walk cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effort {
    /// Steps along the branch.
    pub steps: usize,
    /// Matrices factorised.
    pub factorisations: usize,
}

/// A walker along the branch.
pub(crate) struct Walker<'a> {
    system: &'a System<'a>,
    /// The largest growth of a step.
    pace: f64,
    /// Length of the first step.
    first_step: f64,
    /// Range of each player's payoffs over the scale.
    range: Vec<f64>,
    values: Values,
    y: Vec<f64>,
    lambda: f64,
    /// Likeliest action of each set at the start of the step.
    reference: Vec<usize>,
    /// The unknown of each action, or `usize::MAX` for references.
    unknown: Vec<usize>,
    effort: Effort,
    /// The tangent at the start of the last step, and that step's length: how the branch bends.
    last: Option<(Tangent, f64)>,
    /// Values of λ at which another branch crossed; the walk went straight on.
    pub(crate) crossings: Vec<f64>,
    /// Asked before every matrix: whether to go on.
    pulse: Option<Pulse<'a>>,
}

/// Whether to go on.
pub(crate) type Pulse<'a> = &'a (dyn Fn() -> bool + 'a);

/// A tangent in the unknowns and λ, of length 1.
#[derive(Clone)]
struct Tangent {
    /// d log p of each action.
    dy: Vec<f64>,
    dlambda: f64,
    /// Sign of the determinant of the bordered matrix.
    orientation: f64,
}

impl<'a> Walker<'a> {
    /// A walker at λ = 0, where all actions are equally likely, or as the system's prior has them.
    pub(crate) fn new(system: &'a System<'a>, pace: f64) -> Self {
        let tree = system.tree;
        Self {
            range: tree
                .payoff_range()
                .iter()
                .map(|range| range / system.scale)
                .collect(),
            values: system.values(),
            pace,
            first_step: FIRST_STEP,
            reference: vec![0; tree.sets()],
            unknown: vec![0; tree.actions()],
            effort: Effort::default(),
            last: None,
            crossings: Vec::new(),
            lambda: 0.0,
            y: system.prior.clone(),
            pulse: None,
            system,
        }
    }

    /// The same, stopping before the next matrix once `pulse` says no.
    pub(crate) fn watched(mut self, pulse: Option<Pulse<'a>>) -> Self {
        self.pulse = pulse;
        self
    }

    fn stopped(&self) -> bool {
        self.pulse.is_some_and(|pulse| !pulse())
    }

    /// Stands at precision `lambda` near log-probabilities `y`, from where it will walk on with a first step of length `first_step`.
    /// False if no equilibrium is near.
    pub(crate) fn stand_at(&mut self, y: &[f64], lambda: f64, first_step: f64) -> bool {
        self.y.copy_from_slice(y);
        self.first_step = first_step;
        self.settle(lambda)
    }

    /// Walks until `reached` holds of a point or the walk cannot go on; `visit` sees every point and says whether to go on.
    pub(crate) fn walk(
        &mut self,
        most_steps: usize,
        reached: &dyn Fn(&Point) -> bool,
        visit: &mut dyn FnMut(&Point) -> bool,
    ) -> (Point, End, Effort) {
        self.last = None;
        self.choose_references();
        self.system.evaluate(&self.y, &mut self.values);
        let unknowns = self.unknowns();
        // At λ = 0 the matrix is the identity and the branch leaves forwards.
        let mut ahead = DVector::zeros(unknowns + 1);
        ahead[unknowns] = 1.0;
        let Some(mut tangent) = self.tangent(&ahead) else {
            let point = self.point(&Tangent {
                dy: vec![0.0; self.y.len()],
                dlambda: 1.0,
                orientation: 1.0,
            });
            return (point, End::Stuck, self.effort);
        };
        let mut length = self.first_step;
        loop {
            let point = self.point(&tangent);
            if reached(&point) {
                return (point, End::Reached, self.effort);
            }
            if !visit(&point) {
                return (point, End::Stopped, self.effort);
            }
            // Back at the start: it came to a corner and left it the way it had come.
            let back = self.effort.steps > 0 && point.forward < 0.0 && point.lambda < START;
            if back || self.effort.steps >= most_steps {
                return (point, End::Stuck, self.effort);
            }
            match self.step(&tangent, &mut length) {
                Ok(next) => tangent = next,
                Err(end) => return (point, end, self.effort),
            }
        }
    }

    /// From the present point to the one at which λ is `lambda` exactly, which is near. False if Newton's method does not get there.
    pub(crate) fn settle(&mut self, lambda: f64) -> bool {
        self.choose_references();
        self.lambda = lambda;
        let unknowns = self.unknowns();
        // A border that holds λ still.
        let mut still = DVector::zeros(unknowns + 1);
        still[unknowns] = 1.0;
        for _ in 0..2 * NEWTON {
            if self.stopped() {
                return false;
            }
            self.system.evaluate(&self.y, &mut self.values);
            let residual = self.residual();
            if residual.amax() <= 1e-12 * (1.0 + lambda) {
                return true;
            }
            let Some(change) = self.solve(&still, residual) else {
                return false;
            };
            self.advance(change.as_slice());
            self.lambda = lambda;
        }
        false
    }

    /// Takes the place at `lambda` on the straight line between two points of the branch.
    pub(crate) fn place_between(&mut self, before: &Point, after: &Point, lambda: f64) {
        let share = (lambda - before.lambda) / (after.lambda - before.lambda);
        for (y, (a, b)) in self.y.iter_mut().zip(before.y.iter().zip(&after.y)) {
            *y = a + share * (b - a);
        }
        // Adds up to one again.
        self.choose_references();
        self.advance(&vec![0.0; self.unknowns() + 1]);
    }

    /// Log-probabilities of the present point.
    pub(crate) fn log_probabilities(&self) -> &[f64] {
        &self.y
    }

    /// One step along `tangent`; the tangent at its end.
    fn step(&mut self, tangent: &Tangent, length: &mut f64) -> Result<Tangent, End> {
        self.choose_references();
        let along = self.in_unknowns(tangent);
        // Half of how much the tangent turned, by length: what comes next bends as what came before.
        let bend = self.last.as_ref().map(|(before, length)| {
            let turned = &along - self.in_unknowns(before);
            turned * (0.5 / length)
        });
        let from_y = self.y.clone();
        let from_lambda = self.lambda;
        let size = 1.0 + self.coordinates().norm() + from_lambda;
        let mut flipped = false;
        loop {
            if self.stopped() {
                return Err(End::Stopped);
            }
            if *length < SHORTEST * size {
                return self.turn(tangent, &along, size, length).ok_or(End::Stuck);
            }
            let ahead = &along * *length;
            let ahead = match &bend {
                Some(bend) => ahead + bend * (*length * *length),
                None => ahead,
            };
            let tried = self.correct(&along, &ahead, *length);
            let next = tried.and_then(|newton| Some((newton, self.tangent(&along)?)));
            if let Some((newton, next)) = next {
                let straight = self.in_unknowns(&next).dot(&along) >= STRAIGHT;
                let same_side = next.orientation == tangent.orientation;
                // The orientation changes where another branch crosses, and where a step jumps to one: shorter steps tell them apart.
                let crossed = straight && !same_side && *length < BIFURCATION_STEP * size;
                if crossed {
                    self.crossings.push(self.lambda);
                }
                if straight && (same_side || crossed) {
                    self.effort.steps += 1;
                    self.last = Some((tangent.clone(), *length));
                    if !flipped {
                        *length *= match newton {
                            0..=2 => self.pace,
                            3 => 1.4_f64.min(self.pace),
                            4 | 5 => 1.0,
                            _ => 0.7,
                        };
                    }
                    return Ok(next);
                }
                flipped |= straight;
            }
            self.y.copy_from_slice(&from_y);
            self.lambda = from_lambda;
            *length *= 0.5;
        }
    }

    /// Turns a corner that is sharper than the shortest step: two branches that all but cross, as where what parts them is a probability
    /// like e^-30. The branch goes on in the plane of its tangent and of the direction in which the equations are flattest, on the one arm
    /// whose orientation is its own: along a branch that is followed the right way orientation never changes.
    fn turn(
        &mut self,
        tangent: &Tangent,
        along: &DVector<f64>,
        size: f64,
        length: &mut f64,
    ) -> Option<Tangent> {
        let from_y = self.y.clone();
        let from_lambda = self.lambda;
        self.system.evaluate(&self.y, &mut self.values);
        let matrix = self.bordered(along);
        let svd = singular(matrix, false)?;
        let flattest = svd.singular_values.imin();
        let mut across: DVector<f64> = svd.v_t?.row(flattest).transpose();
        let overlap = across.dot(along);
        across -= along * overlap;
        across = across.try_normalize(1e-6)?;
        for reach in CORNER {
            for (cosine, sine) in ANGLES {
                let ahead = along * cosine + &across * sine;
                let tried = self
                    .correct(&ahead, &(&ahead * (reach * size)), reach * size)
                    .and_then(|_| self.tangent(&ahead));
                if let Some(next) = tried {
                    let outward = self.in_unknowns(&next).dot(&ahead) >= STRAIGHT;
                    if outward && next.orientation == tangent.orientation {
                        self.effort.steps += 1;
                        self.last = None;
                        *length = reach * size;
                        return Some(next);
                    }
                }
                self.y.copy_from_slice(&from_y);
                self.lambda = from_lambda;
            }
        }
        None
    }

    /// Goes `ahead`, about `length` along `along`, and returns to the branch by Newton's method at right angles to `along`; the number of
    /// Newton steps, or none if it did not get there.
    fn correct(
        &mut self,
        along: &DVector<f64>,
        ahead: &DVector<f64>,
        length: f64,
    ) -> Option<usize> {
        self.advance(ahead.as_slice());
        let mut moved = 0.0;
        let mut before = f64::INFINITY;
        for newton in 0..=NEWTON {
            if self.lambda < 0.0 || self.stopped() {
                return None;
            }
            self.system.evaluate(&self.y, &mut self.values);
            let residual = self.residual();
            let size = residual.amax();
            if !size.is_finite() {
                return None;
            }
            if size <= RESIDUAL + RESIDUAL_PER_LAMBDA * self.lambda {
                return Some(newton);
            }
            if newton == NEWTON || (newton > 1 && size > before) {
                return None;
            }
            before = size;
            let change = self.solve(along, residual)?;
            moved += change.norm();
            if !moved.is_finite() || moved > DETOUR * length.max(FIRST_STEP) {
                return None;
            }
            self.advance(change.as_slice());
        }
        None
    }

    /// The unit tangent on the same side as `along`.
    fn tangent(&mut self, along: &DVector<f64>) -> Option<Tangent> {
        let unknowns = self.unknowns();
        let lu = self.bordered(along).lu();
        self.effort.factorisations += 1;
        let mut right = DVector::zeros(unknowns + 1);
        right[unknowns] = 1.0;
        if !lu.solve_mut(&mut right) {
            return None;
        }
        let norm = right.norm();
        if !norm.is_finite() || norm == 0.0 {
            return None;
        }
        right /= norm;
        // Only the sign of the determinant is wanted; the product itself would overflow.
        let upper = lu.u();
        let mut orientation = lu.p().determinant::<f64>();
        for at in 0..=unknowns {
            orientation *= upper[(at, at)].signum();
        }
        Some(Tangent {
            dlambda: right[unknowns],
            dy: self.in_logs(right.as_slice()),
            orientation,
        })
    }

    /// Solves the bordered system for a Newton step at right angles to `along`.
    fn solve(&mut self, along: &DVector<f64>, residual: DVector<f64>) -> Option<DVector<f64>> {
        let unknowns = self.unknowns();
        let mut right = residual.resize_vertically(unknowns + 1, 0.0);
        right.neg_mut();
        self.effort.factorisations += 1;
        self.bordered(along)
            .lu()
            .solve_mut(&mut right)
            .then_some(right)
    }

    /// The derivative of the equations in the unknowns and λ, with `along` as its last row.
    fn bordered(&self, along: &DVector<f64>) -> DMatrix<f64> {
        let tree = self.system.tree;
        let (actions, unknowns) = (tree.actions(), self.unknowns());
        let mut matrix = DMatrix::zeros(unknowns + 1, unknowns + 1);
        // dy_c/dx_b = [c is b] - p_b within a set, so a column is a slope less p_b times the slopes of the whole set.
        let probability: Vec<f64> = self.y.iter().map(|y| libm::exp(*y)).collect();
        let mut row = vec![0.0; actions];
        for set in 0..tree.sets() {
            let (reference, weight) = (self.reference[set], self.system.weight[set]);
            for action in tree.actions_of(set).filter(|action| *action != reference) {
                let at = self.unknown[action];
                let (mine, its) = (
                    &self.values.slope[action * actions..][..actions],
                    &self.values.slope[reference * actions..][..actions],
                );
                for (sum, (mine, its)) in row.iter_mut().zip(mine.iter().zip(its)) {
                    *sum = mine - its;
                }
                for other in 0..tree.sets() {
                    let range = tree.actions_of(other);
                    let whole: f64 = row[range.clone()].iter().sum();
                    let apart = self.reference[other];
                    for column in range.filter(|column| *column != apart) {
                        let slope = row[column] - probability[column] * whole;
                        matrix[(at, self.unknown[column])] = -self.lambda * weight * slope;
                    }
                }
                matrix[(at, at)] += 1.0;
                matrix[(at, unknowns)] =
                    weight * (self.values.payoff[reference] - self.values.payoff[action]);
            }
        }
        matrix.row_mut(unknowns).copy_from(&along.transpose());
        matrix
    }

    fn residual(&self) -> DVector<f64> {
        let tree = self.system.tree;
        let mut residual = DVector::zeros(self.unknowns());
        for set in 0..tree.sets() {
            let (reference, weight) = (self.reference[set], self.system.weight[set]);
            let prior = |action: usize| self.system.prior[action] - self.system.prior[reference];
            for action in tree.actions_of(set).filter(|action| *action != reference) {
                residual[self.unknown[action]] = self.y[action]
                    - self.y[reference]
                    - prior(action)
                    - self.lambda
                        * weight
                        * (self.values.payoff[action] - self.values.payoff[reference]);
            }
        }
        residual
    }

    /// Moves the point by a change of the unknowns and λ.
    fn advance(&mut self, change: &[f64]) {
        let tree = self.system.tree;
        for set in 0..tree.sets() {
            let (actions, reference) = (tree.actions_of(set), self.reference[set]);
            let base = self.y[reference];
            let mut top = 0.0_f64;
            for action in actions.clone() {
                let ratio = self.y[action] - base
                    + change.get(self.unknown[action]).copied().unwrap_or(0.0);
                self.y[action] = ratio;
                top = top.max(ratio);
            }
            let sum: f64 = self.y[actions.clone()]
                .iter()
                .map(|x| libm::exp(x - top))
                .sum();
            let log = top + libm::log(sum);
            for y in &mut self.y[actions] {
                *y -= log;
            }
        }
        self.lambda += change[self.unknowns()];
    }

    fn choose_references(&mut self) {
        let tree = self.system.tree;
        let mut next = 0;
        for set in 0..tree.sets() {
            let actions = tree.actions_of(set);
            let mut best = actions.start;
            for action in actions.clone() {
                if self.y[action] > self.y[best] {
                    best = action;
                }
            }
            self.reference[set] = best;
            for action in actions {
                self.unknown[action] = if action == best {
                    usize::MAX
                } else {
                    next += 1;
                    next - 1
                };
            }
        }
    }

    fn unknowns(&self) -> usize {
        self.system.tree.actions() - self.system.tree.sets()
    }

    fn coordinates(&self) -> DVector<f64> {
        let mut x = DVector::zeros(self.unknowns());
        for (action, &at) in self.unknown.iter().enumerate() {
            if at != usize::MAX {
                x[at] = self.y[action]
                    - self.y[self.reference[self.system.tree.set_of[action] as usize]];
            }
        }
        x
    }

    /// A tangent in the unknowns of the present references, of length 1.
    fn in_unknowns(&self, tangent: &Tangent) -> DVector<f64> {
        let unknowns = self.unknowns();
        let mut along = DVector::zeros(unknowns + 1);
        for (action, &at) in self.unknown.iter().enumerate() {
            if at != usize::MAX {
                let reference = self.reference[self.system.tree.set_of[action] as usize];
                along[at] = tangent.dy[action] - tangent.dy[reference];
            }
        }
        along[unknowns] = tangent.dlambda;
        along.normalize()
    }

    /// A direction in the unknowns as one of log-probabilities.
    fn in_logs(&self, along: &[f64]) -> Vec<f64> {
        let tree = self.system.tree;
        let mut dy = vec![0.0; tree.actions()];
        for set in 0..tree.sets() {
            let actions = tree.actions_of(set);
            let mut mean = 0.0;
            for action in actions.clone() {
                dy[action] = along.get(self.unknown[action]).copied().unwrap_or(0.0);
                mean += libm::exp(self.y[action]) * dy[action];
            }
            for change in &mut dy[actions] {
                *change -= mean;
            }
        }
        dy
    }

    fn point(&self, tangent: &Tangent) -> Point {
        Point {
            y: self.y.clone(),
            lambda: self.lambda,
            regret: self
                .values
                .regret(self.tree(), &self.y, &self.range, &self.system.weight),
            direction: tangent.dy.clone(),
            forward: tangent.dlambda,
        }
    }

    fn tree(&self) -> &Tree {
        self.system.tree
    }
}
