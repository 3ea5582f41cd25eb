//! From play that is right where it is seen to play that is right everywhere.
//!
//! Regret minimisation leaves information sets that its play does not reach with whatever was learnt early: a Nash equilibrium that
//! may rest on threats nobody would carry out. The finish goes through perturbed games (Selten 1975), in which every action has at
//! least a small probability, so that every information set is reached and learnt from. There it reads off which actions are in use
//! and solves the indifference equations of those that mix, by Levenberg's method, with trembles that are smaller by far; it changes
//! supports where an unused action turns out better, or a used one would get a negative probability. Where that fails it lets the
//! trembles shrink step by step instead, and where that fails too it returns the perturbed game's own solution, whose trembles are
//! as large as its floor: [`Finished::distance`] tells.
//!
//! That is enough for crisis games of tens of thousands of actions, and for Kuhn's poker. In Leduc poker dozens of probabilities off the
//! path have to be of the size of trembles, and the trembles do not get below some 1e-5 to 1e-3.

use std::ops::Range;

use super::dcfr::Dcfr;
use super::flat::PublicTree;
use super::on_tree::{NotTwo, TreeDcfr, TreeEvaluator};
use super::profile::VectorProfile;
use super::repair::Repair;
use super::value::{Evaluator, Values};
use crate::assessment::Assessment;
use crate::tree::Tree;

/// How hard to try.
#[derive(Clone, Debug, PartialEq)]
pub struct Finish {
    /// Iterations before the first perturbed game.
    pub iterations: u32,
    /// Floors of the perturbed games, one after the other.
    pub floors: Vec<f64>,
    /// Iterations in each.
    pub per_floor: u32,
    /// Stops once the largest conditional regret is at most this share of the payoff range of the player who has it.
    pub tolerance: f64,
    /// Changes of supports, and steps of trembles, before giving up.
    pub rounds: u32,
    /// No indifference equations are solved if there are more of them than this.
    pub equations: usize,
}

impl Default for Finish {
    fn default() -> Self {
        Self {
            iterations: 1000,
            floors: vec![1e-2, 1e-3, 1e-4],
            per_floor: 5000,
            tolerance: 1e-9,
            rounds: 40,
            equations: 400,
        }
    }
}

/// What a finish reached. `P` is a profile: [`VectorProfile`] in vector form, a vector over game-wide actions on a tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Finished<P> {
    /// The strategy; unused actions have probability zero.
    pub strategy: P,
    /// Logarithms of the completely mixed profile near it.
    pub tremble: P,
    /// Values of the strategy against the completely mixed one: conditional regrets are those at beliefs drawn from it.
    pub values: Values,
    /// The largest difference between a probability of the strategy and of the completely mixed profile.
    pub distance: f64,
    /// Probabilities that had to make somebody indifferent.
    pub equations: usize,
    /// Changes of supports, and steps of trembles, that led to it.
    pub rounds: u32,
    /// Whether the tolerance was met, by regrets and by the distance.
    pub met: bool,
}

/// Solves a game in vector form and repairs play off the path. `go_on` is asked between portions of work; when it says no, the best so
/// far is returned.
pub fn finish(
    tree: &PublicTree,
    settings: &Finish,
    go_on: &mut dyn FnMut() -> bool,
) -> Finished<VectorProfile> {
    let mut board = VectorBoard::new(tree);
    let range = tree.payoff_range();
    let found = run(&mut board, range, settings, go_on);
    let mut finished = Finished {
        strategy: VectorProfile::uniform(tree),
        tremble: VectorProfile::uniform(tree),
        values: found.values,
        distance: found.distance,
        equations: found.equations,
        rounds: found.rounds,
        met: found.met,
    };
    finished.strategy.read_sets(tree, &found.strategy);
    finished.tremble.read_sets(tree, &found.tremble);
    finished
}

/// Solves a two-player tree and repairs play off the path, as [`finish`] does.
///
/// # Errors
/// If the tree does not have two players.
pub fn finish_tree(
    tree: &Tree,
    settings: &Finish,
    go_on: &mut dyn FnMut() -> bool,
) -> Result<Finished<Vec<f64>>, NotTwo> {
    let mut board = TreeBoard {
        tree,
        dcfr: TreeDcfr::new(tree)?,
        evaluator: TreeEvaluator::new(tree)?,
    };
    let range = tree.payoff_range();
    Ok(run(&mut board, [range[0], range[1]], settings, go_on))
}

impl<P> Finished<P> {
    /// How far from an answer it is: the less the better.
    pub(super) fn score(&self, range: [f64; 2]) -> f64 {
        share(&self.values, range) + self.distance
    }
}

impl From<Finished<Vec<f64>>> for Assessment {
    fn from(finished: Finished<Vec<f64>>) -> Self {
        Self {
            strategy: finished.strategy,
            tremble: finished.tremble,
        }
    }
}

/// What a finish needs of a game. Profiles are vectors in which the actions of an information set stand together.
pub(super) trait Board {
    fn sets(&self) -> Vec<Range<usize>>;
    /// The most moves that the players have on a path.
    fn depth(&self) -> usize;
    /// Starts learning anew, from where play is, with a floor.
    fn perturb(&mut self, floor: f64);
    fn iterate(&mut self, count: u32);
    fn average(&mut self, profile: &mut [f64]);
    fn worth(&mut self, own: &[f64], others: &[f64], worth: &mut [f64]);
    fn values(&mut self, own: &[f64], others: &[f64]) -> Values;
    /// Whose each set is.
    fn players(&self) -> Vec<usize>;
}

/// The most that the floors of an information set add up to; floors are lowered to that.
const FLOORS_AT_MOST: f64 = 0.25;
/// Iterations between two questions whether to go on.
const PORTION: u32 = 20;

fn run(
    board: &mut impl Board,
    range: [f64; 2],
    settings: &Finish,
    go_on: &mut dyn FnMut() -> bool,
) -> Finished<Vec<f64>> {
    let sets = board.sets();
    let mut average = vec![0.0; sets.last().map_or(0, |range| range.end)];
    let mut going = learn(board, settings.iterations, go_on);
    let mut best: Option<Finished<Vec<f64>>> = None;
    let mut repair = Repair::new(board, sets, range);
    let most = repair.most_actions().max(1) as f64;
    for &floor in &settings.floors {
        let floor = floor.min(FLOORS_AT_MOST / most);
        if going {
            board.perturb(floor);
            going = learn(board, settings.per_floor, go_on);
        }
        board.average(&mut average);
        let found = repair.run(board, &average, floor, settings, &mut || going && go_on());
        if best
            .as_ref()
            .is_none_or(|best| found.score(range) < best.score(range))
        {
            best = Some(found);
        }
        if !going || best.as_ref().is_some_and(|best| best.met) {
            break;
        }
    }
    best.unwrap_or_else(|| {
        board.average(&mut average);
        repair.run(board, &average, 0.0, settings, &mut || false)
    })
}

fn learn(board: &mut impl Board, count: u32, go_on: &mut dyn FnMut() -> bool) -> bool {
    let mut left = count;
    while left > 0 {
        let now = left.min(PORTION);
        board.iterate(now);
        left -= now;
        if !go_on() {
            return false;
        }
    }
    true
}

/// The largest conditional regret, as a share of the payoff range.
pub(super) fn share(values: &Values, range: [f64; 2]) -> f64 {
    (0..2)
        .map(|player| values.conditional[player] / range[player].max(f64::MIN_POSITIVE))
        .fold(0.0, f64::max)
}

struct VectorBoard<'a> {
    tree: &'a PublicTree,
    dcfr: Dcfr<'a>,
    evaluator: Evaluator<'a>,
    own: VectorProfile,
    others: VectorProfile,
    worth: VectorProfile,
}

impl<'a> VectorBoard<'a> {
    fn new(tree: &'a PublicTree) -> Self {
        let profile = || VectorProfile::uniform(tree);
        Self {
            tree,
            dcfr: Dcfr::new(tree),
            evaluator: Evaluator::new(tree),
            own: profile(),
            others: profile(),
            worth: profile(),
        }
    }
}

impl Board for VectorBoard<'_> {
    fn sets(&self) -> Vec<Range<usize>> {
        let mut next = 0;
        let types = self.tree.types();
        self.tree
            .moves()
            .flat_map(|(_, player, count)| std::iter::repeat_n(count, types[player]))
            .map(|count| {
                next += count;
                next - count..next
            })
            .collect()
    }

    fn players(&self) -> Vec<usize> {
        let types = self.tree.types();
        self.tree
            .moves()
            .flat_map(|(_, player, _)| std::iter::repeat_n(player, types[player]))
            .collect()
    }

    fn depth(&self) -> usize {
        self.tree.levels[0] + self.tree.levels[1]
    }

    fn perturb(&mut self, floor: f64) {
        self.dcfr.set_floor(floor);
        self.dcfr.restart();
    }

    fn iterate(&mut self, count: u32) {
        self.dcfr.iterate(count);
    }

    fn average(&mut self, profile: &mut [f64]) {
        self.dcfr.average(&mut self.own);
        self.own.write_sets(self.tree, profile);
    }

    fn worth(&mut self, own: &[f64], others: &[f64], worth: &mut [f64]) {
        self.own.read_sets(self.tree, own);
        self.others.read_sets(self.tree, others);
        self.evaluator
            .worth(&self.own, &self.others, &mut self.worth);
        self.worth.write_sets(self.tree, worth);
    }

    fn values(&mut self, own: &[f64], others: &[f64]) -> Values {
        self.own.read_sets(self.tree, own);
        self.others.read_sets(self.tree, others);
        self.evaluator.against(&self.own, &self.others)
    }
}

struct TreeBoard<'a> {
    tree: &'a Tree,
    dcfr: TreeDcfr<'a>,
    evaluator: TreeEvaluator<'a>,
}

impl Board for TreeBoard<'_> {
    fn sets(&self) -> Vec<Range<usize>> {
        (0..self.tree.sets())
            .map(|set| self.tree.actions_of(set))
            .collect()
    }

    fn players(&self) -> Vec<usize> {
        self.tree.player.iter().map(|p| *p as usize).collect()
    }

    fn depth(&self) -> usize {
        self.evaluator.depth()
    }

    fn perturb(&mut self, floor: f64) {
        self.dcfr.set_floor(floor);
        self.dcfr.restart();
    }

    fn iterate(&mut self, count: u32) {
        self.dcfr.iterate(count);
    }

    fn average(&mut self, profile: &mut [f64]) {
        self.dcfr.average(profile);
    }

    fn worth(&mut self, own: &[f64], others: &[f64], worth: &mut [f64]) {
        self.evaluator.worth(own, others, worth);
    }

    fn values(&mut self, own: &[f64], others: &[f64]) -> Values {
        self.evaluator.against(own, others)
    }
}
