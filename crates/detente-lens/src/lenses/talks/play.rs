//! Plays the game of a world: without moves that are worse than another whatever follows, along the branch of quantal response to its limit,
//! with a certificate; and on the way at the precisions that are told of.

use detente_core::Scene;
use detente_core::talks::{PRECISIONS, TalksSetting};
use detente_games::reduce::Reduced;
use detente_games::{Assessment, Tolerance, Tree, certify, logit};

use super::form::Form;
use super::grown::Grown;
use super::size::Plan;

/// Of the moves that a game may have, the share that is traced at most once those that are worse whatever follows are left out: what that costs
/// grows with its cube.
const TRACED: usize = 5;

/// A game and its answer.
pub(super) struct Played<'a> {
    pub(super) form: Form<'a>,
    pub(super) grown: Grown,
    /// The answer, an entry a move of the whole game: see [`Reduced::expand`].
    pub(super) answer: Assessment,
    /// The same at the precisions that are told of, where the branch was followed there.
    pub(super) quantal: Vec<Option<Assessment>>,
    /// Largest regret, as a share of what is at stake.
    pub(super) regret: f64,
    /// How many other branches cross the one that was followed.
    pub(super) crossed: usize,
}

/// Why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unplayed {
    /// What no deal is worth is not known.
    Unknown,
    /// One offer in one round is too much.
    TooLarge,
    /// The branch came to no certified answer.
    Uncertified,
}

/// Cuts the talks until they can be traced, and plays them.
pub(super) fn play<'a>(
    scene: &'a Scene<'a>,
    talks: &'a TalksSetting,
    plan: &Plan,
    menu: &[Vec<u8>],
) -> Result<Played<'a>, Unplayed> {
    let mut plan = plan.clone();
    let on = |l: usize| scene.world.numbers.levers[l].on > 0.0;
    loop {
        let table = plan.table(menu, on);
        plan.offers = table.offers.len();
        let form = Form::new(scene, talks, table).ok_or(Unplayed::Unknown)?;
        if form.count() <= talks.moves {
            let grown = Grown::new(&form);
            if !grown.tree.payoff.iter().all(|x| x.is_finite()) {
                return Err(Unplayed::Unknown);
            }
            let reduced = Reduced::new(&grown.tree);
            if reduced.tree.actions() <= talks.moves / TRACED {
                return solve(form, grown, &reduced);
            }
        }
        if !plan.cut(scene.setting) {
            return Err(Unplayed::TooLarge);
        }
    }
}

/// Plays the same talks with a round fewer; nothing where that comes to no certified answer.
pub(super) fn shorter<'a>(played: &'a Played<'a>) -> Option<Played<'a>> {
    let form = &played.form;
    let mut table = form.table.clone();
    table.rounds -= 1;
    let form = Form::new(form.scene, form.talks, table)?;
    let grown = Grown::new(&form);
    let reduced = Reduced::new(&grown.tree);
    solve(form, grown, &reduced).ok()
}

/// Plays the same talks if all know which type a player is; nothing where that comes to no certified answer.
pub(super) fn told<'a>(played: &'a Played<'a>, player: usize, t: usize) -> Option<Played<'a>> {
    let form = played.form.told(player, t);
    let grown = Grown::new(&form);
    let reduced = Reduced::new(&grown.tree);
    solve(form, grown, &reduced).ok()
}

fn solve<'a>(form: Form<'a>, grown: Grown, reduced: &Reduced) -> Result<Played<'a>, Unplayed> {
    let tree = &reduced.tree;
    let precision = form.scene.world.numbers.behaviour.first();
    let precision = precision.map_or(2.0, |own| own.precision);
    let wanted = PRECISIONS.map(|times| times * precision);
    let Some(found) = trace(tree, &wanted) else {
        return Err(Unplayed::Uncertified);
    };
    let answer = reduced.expand(&grown.tree, &found.answer);
    let quantal = found.quantal.iter();
    let quantal = quantal.map(|own| Some(reduced.expand(&grown.tree, own.as_ref()?)));
    let quantal = quantal.collect();
    Ok(Played {
        form,
        grown,
        answer,
        quantal,
        regret: found.regret,
        crossed: found.crossed,
    })
}

/// An answer of a tree.
struct Found {
    answer: Assessment,
    quantal: Vec<Option<Assessment>>,
    regret: f64,
    crossed: usize,
}

/// A point of a branch: its precision, and logarithms of probabilities.
type Passed = (f64, Vec<f64>);

/// Follows the branch; `None` if no limit that it came to is certified.
fn trace(tree: &Tree, wanted: &[f64]) -> Option<Found> {
    if tree.actions() == 0 {
        let empty = Assessment {
            strategy: Vec::new(),
            tremble: Vec::new(),
        };
        return Some(Found {
            quantal: vec![Some(empty.clone()); wanted.len()],
            answer: empty,
            regret: 0.0,
            crossed: 0,
        });
    }
    // By precision: the last point of the branch before it, and the first behind it.
    let mut around: Vec<[Option<Passed>; 2]> = vec![[None, None]; wanted.len()];
    let options = logit::Options::default();
    let mut last: Option<Passed> = None;
    let traced = logit::limit(tree, &options, &mut |point| {
        let here = (point.lambda, point.log_probability.to_vec());
        for (lambda, [before, behind]) in wanted.iter().zip(&mut around) {
            let passed = last.as_ref().is_some_and(|(at, _)| at < lambda);
            if passed && point.lambda >= *lambda && behind.is_none() {
                (*before, *behind) = (last.clone(), Some(here.clone()));
            }
        }
        last = Some(here);
        true
    });
    let crossed = traced.crossings.len();
    let tolerance = Tolerance::default();
    let mut answer = traced.branches.into_iter().find_map(|branch| {
        let certificate = certify(tree, &branch.answer, &tolerance);
        let regret = certificate.regret.iter().copied().fold(0.0, f64::max);
        certificate
            .is_sequential()
            .then_some((branch.answer, regret))
    });
    if answer.is_none() {
        // Small stakes beside large ones: the same with a precision of its own for each information set.
        let stakes = logit::stakes(tree);
        let side = logit::Side::ByStakes;
        let branch = logit::limit_by_stakes(tree, &stakes, None, side, &options, &mut |_| true);
        let certificate = certify(tree, &branch.answer, &tolerance);
        let regret = certificate.regret.iter().copied().fold(0.0, f64::max);
        answer = certificate
            .is_sequential()
            .then_some((branch.answer, regret));
    }
    let (answer, regret) = answer?;
    let quantal = wanted.iter().zip(around).map(|(lambda, [before, behind])| {
        let ((from, low), (to, high)) = (before?, behind?);
        let share = (lambda - from) / (to - from);
        let between = low.iter().zip(&high).map(|(a, b)| a + share * (b - a));
        let between = normalised(tree, between.collect());
        logit::quantal_response_near(tree, &between, *lambda)
    });
    Some(Found {
        quantal: quantal.collect(),
        answer,
        regret,
        crossed,
    })
}

/// Logarithms of probabilities that add up to one at every information set.
fn normalised(tree: &Tree, mut logs: Vec<f64>) -> Vec<f64> {
    for set in 0..tree.sets() {
        let own = &mut logs[tree.actions_of(set)];
        let top = own.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = own.iter().map(|y| libm::exp(y - top)).sum();
        let all = top + libm::log(sum);
        for y in own {
            *y -= all;
        }
    }
    logs
}

/// What follows from an answer: how likely play is to come to each node, and the logarithm of that under its trembles.
pub(super) struct Reach {
    pub(super) plain: Vec<f64>,
    pub(super) logs: Vec<f64>,
}

impl Reach {
    /// Of the nodes of a game.
    pub(super) fn of(grown: &Grown, answer: &Assessment) -> Self {
        let tree = &grown.tree;
        let nodes = tree.parent.len();
        let (mut plain, mut logs) = (vec![1.0; nodes], vec![0.0; nodes]);
        for node in 1..nodes {
            let parent = tree.parent[node] as usize;
            let (p, log) = match tree.action[node] {
                detente_games::NONE => (tree.chance[node], libm::log(tree.chance[node])),
                action => (
                    answer.strategy[action as usize],
                    answer.tremble[action as usize],
                ),
            };
            // What only moves that are left out lead to is never come to.
            plain[node] = if plain[parent] == 0.0 || p.is_nan() {
                0.0
            } else {
                plain[parent] * p
            };
            logs[node] = if log.is_nan() {
                f64::NEG_INFINITY
            } else {
                logs[parent] + log
            };
        }
        Self { plain, logs }
    }

    /// Weights of some nodes: as they are reached, or where none is, as trembles reach them; nothing where only moves that are left out lead.
    pub(super) fn weights(&self, nodes: &[usize]) -> Option<Vec<f64>> {
        let plain: Vec<f64> = nodes.iter().map(|node| self.plain[*node]).collect();
        let sum: f64 = plain.iter().sum();
        if sum > 1e-280 {
            return Some(plain.into_iter().map(|p| p / sum).collect());
        }
        let logs = nodes.iter().map(|node| self.logs[*node]);
        let top = logs.clone().fold(f64::NEG_INFINITY, f64::max);
        if top == f64::NEG_INFINITY {
            return None;
        }
        let shares: Vec<f64> = logs.map(|log| libm::exp(log - top)).collect();
        let sum: f64 = shares.iter().sum();
        Some(shares.into_iter().map(|x| x / sum).collect())
    }
}
