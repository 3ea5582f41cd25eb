//! One game along a path of parameters: regimes, and where one gives way to another.

use super::fit::Fit;
use super::layout::Layout;
use super::regime::Regime;
use super::{Options, SUPPORT, Source, largest_range, played_on_path, probabilities};
use crate::assessment::Assessment;
use crate::certificate::Certifier;
use crate::logit;
use crate::tree::Tree;

/// Which equilibrium a path stays with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Follow {
    /// At every point the limit of the principal branch of quantal response, traced anew: what is found does not depend on the way.
    #[default]
    Branch,
    /// The regime of the point before for as long as it stands; where it does not, the limit of the branch. Players who have come to
    /// expect an equilibrium stay with it, so that the way back may switch elsewhere.
    Regime,
}

/// A point of a path.
#[derive(Clone, Debug, PartialEq)]
pub struct Stop {
    /// The equilibrium.
    pub answer: Assessment,
    /// Which actions it plays where play comes: see [`super::Scratch::key`].
    pub key: Vec<u64>,
    /// Expected payoff of each player.
    pub values: Vec<f64>,
    /// Probability of each leaf, in the order of [`Tree::leaves`].
    pub plays: Vec<f64>,
    /// Largest conditional regret at any information set, as a share of the player's payoff range.
    pub regret: f64,
    /// Whether that is within [`Options::regret`].
    pub certified: bool,
    /// Whether the regime of the point before stands here ([`Source::Regime`] of 0) or the branch was traced.
    pub source: Source,
    regime: Option<Regime>,
}

/// Where a regime ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Critical {
    /// The last value found at which the regime of the lower end stands, and what is played there.
    pub below: (f64, Stop),
    /// The first value found at which another does.
    pub above: (f64, Stop),
}

/// The regimes of `trees` in their order. Trees have the same shape, and may differ in payoffs and in probabilities of chance; a path
/// has one for each of its points.
pub fn along<'a>(
    trees: impl IntoIterator<Item = &'a Tree>,
    follow: Follow,
    options: &Options,
) -> Vec<Stop> {
    let mut stops: Vec<Stop> = Vec::new();
    for tree in trees {
        let stop = solve(tree, stops.last(), follow, options);
        stops.push(stop);
    }
    stops
}

/// Where between `low` and `high` the regime of `low` first gives way, to within `width`: `at` makes the tree of a value. `None` if
/// both ends have the same regime. At most sixty halvings; if the regime comes and goes in between, one of its ends.
pub fn critical(
    at: &mut dyn FnMut(f64) -> Tree,
    [low, high]: [f64; 2],
    width: f64,
    follow: Follow,
    options: &Options,
) -> Option<Critical> {
    let mut below = (low, solve(&at(low), None, follow, options));
    let mut above = (high, solve(&at(high), Some(&below.1), follow, options));
    if below.1.key == above.1.key {
        return None;
    }
    for _ in 0..HALVINGS {
        let middle = 0.5 * (below.0 + above.0);
        if (above.0 - below.0).abs() <= width || middle == below.0 || middle == above.0 {
            break;
        }
        let stop = solve(&at(middle), Some(&below.1), follow, options);
        if stop.key == below.1.key {
            below = (middle, stop);
        } else {
            above = (middle, stop);
        }
    }
    Some(Critical { below, above })
}

/// Halvings beyond which two `f64` have nothing between them.
const HALVINGS: usize = 60;

fn solve(tree: &Tree, before: Option<&Stop>, follow: Follow, options: &Options) -> Stop {
    let layout = Layout::new(tree);
    let mut certifier = Certifier::new(tree);
    let scale = largest_range(tree, &tree.payoff);
    let kept = before
        .filter(|_| follow == Follow::Regime)
        .and_then(|before| {
            let regime = before.regime.as_ref()?;
            let mut fit = Fit::new(tree);
            if !fit.fit(tree, &layout, &tree.payoff, scale, regime) {
                return None;
            }
            let regret = certifier.regret(tree, &tree.payoff, &fit.answer, SUPPORT);
            let regime = Some(fit.regime());
            (regret <= options.regret).then_some((fit.answer, regret, regime))
        });
    let (source, (answer, regret, regime)) = match kept {
        Some(kept) => (Source::Regime(0), kept),
        None => (Source::Trace, trace(tree, &layout, &mut certifier, options)),
    };
    let plays = probabilities(tree, &layout, &answer.strategy);
    let values = (0..tree.players).map(|player| {
        let paid = tree.payoff.chunks_exact(tree.players);
        plays
            .iter()
            .zip(paid)
            .map(|(play, paid)| play * paid[player])
            .sum()
    });
    Stop {
        key: played_on_path(tree, &answer.strategy),
        values: values.collect(),
        plays,
        regret,
        certified: regret <= options.regret,
        source,
        regime,
        answer,
    }
}

/// The principal branch's limit, or another branch's if only that is certified.
fn trace(
    tree: &Tree,
    layout: &Layout,
    certifier: &mut Certifier,
    options: &Options,
) -> (Assessment, f64, Option<Regime>) {
    let trace = logit::limit(tree, &options.trace, &mut |_| true);
    let mut best: Option<(Assessment, f64, f64)> = None;
    for branch in trace.branches {
        let regret = certifier.regret(tree, &tree.payoff, &branch.answer, SUPPORT);
        let better = best
            .as_ref()
            .is_none_or(|(_, least, _)| *least > options.regret && regret < *least);
        if better {
            best = Some((branch.answer, regret, branch.lambda));
        }
    }
    let (answer, regret, lambda) = best.expect("a trace has its principal branch");
    let regime = (regret <= options.regret)
        .then(|| Regime::new(tree, layout, &tree.payoff, &answer, lambda));
    (answer, regret, regime)
}
