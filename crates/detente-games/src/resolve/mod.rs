//! One game under many payoffs: a certified equilibrium of each draw, without a full trace where a shorter way leads to one.
//!
//! The first draws are traced in full ([`crate::logit::limit`]); who plays what in them, and which trembles hold beliefs in balance, is
//! kept as a frozen library of regimes, those that give most of the first draws the answer of their trace first. Each draw then goes
//! through the library: a regime is fitted to the draw's payoffs (indifference where it mixes, best responses elsewhere, trembles of the
//! order that quantal response would give them), and stands if a certificate says that nobody regrets anything at any information set.
//! For a draw that no regime fits, the branch of quantal response is followed from that of the tree's own payoffs at a moderate
//! precision, only until a regime read off it fits and stands. What is left is traced in full, and if even that gets stuck, the regimes
//! that were not worth trying before are.
//!
//! An answer is a function of the tree, the library and the draw alone: ranges of draws may run on any number of threads, each with a
//! [`Scratch`] of its own, and give the same bytes.
//!
//! A certified answer is *a* sequential equilibrium, not always the one that a full trace tends to. A share of draws is traced in any
//! case, and where the two differ both are named.

mod fit;
mod layout;
mod least;
mod library;
mod noise;
mod regime;
mod summary;

use crate::assessment::Assessment;
use crate::builder::small;
use crate::certificate::{Certifier, Tolerance, well_formed};
use crate::logit::{self, Point, System, Walker, assessment, support};
use crate::tree::{NONE, Tree};
use fit::Fit;
use layout::Layout;
use library::First;
pub use noise::{Noise, last_outcomes};
use regime::Regime;
pub use summary::{Report, Share, Spread, Summary, describe};

/// How draws are solved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// So many draws are traced in full for the library, from draw 0.
    pub library: u64,
    /// Draws whose index is a multiple of this are traced in full beside what the library says; 0: none.
    pub audit_every: u64,
    /// Largest conditional regret at any information set, as a share of the player's payoff range in the draw.
    pub regret: f64,
    /// Full traces.
    pub trace: logit::Options,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            library: 64,
            audit_every: 100,
            regret: 1e-6,
            trace: logit::Options::default(),
        }
    }
}

/// Library and shortcut are used if they give at least this share of the first draws the answers of their full traces.
const TRUST: f64 = 0.95;
/// Actions count as planned above this probability, as in [`crate::certificate::Tolerance`].
const SUPPORT: f64 = 1e-9;
/// Answers of a draw are one if no play's probability differs by more: traces stop at precisions at which probabilities are good to
/// about that where payoffs all but tie.
const SAME: f64 = 1e-4;

/// Shortcuts begin at this precision over the largest range of payoffs: where payoffs move by a twentieth of it, the equilibrium at
/// the start is still near.
const START: f64 = 20.0;
/// Length of their first step.
const FIRST_STEP: f64 = 4.0;
/// From this precision on they try to tell where the branch leads,
const EARLIEST: f64 = 50.0;
/// and give up at this one.
const SHORTCUT: f64 = 1e6;

/// Paces of full traces that got stuck at the pace asked for.
const PACES: [f64; 2] = [1.5, 1.1];
/// Solves draws of one tree.
#[derive(Clone, Debug)]
pub struct Resolver<'a> {
    tree: &'a Tree,
    layout: Layout,
    /// The library: those tried on every draw, then the rest, which are tried where a trace fails.
    regimes: Vec<Regime>,
    first_choice: usize,
    /// The quantal response equilibrium of the tree's own payoffs at a moderate precision, and that precision in 1/payoff.
    start: Option<(Vec<f64>, f64)>,
    /// Do library and shortcut give the answers of full traces?
    trusted: bool,
    options: Options,
    /// Asked before every step of a trace: long ones can be stopped.
    go_on: GoOn<'a>,
}

/// What says whether to go on.
#[derive(Clone, Copy)]
struct GoOn<'a>(&'a (dyn Fn() -> bool + Sync));

impl std::fmt::Debug for GoOn<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("GoOn")
    }
}

/// What became of a draw. Its answer is in the [`Scratch`] until the next one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Draw {
    /// Index of the draw.
    pub index: u64,
    /// Where the answer comes from.
    pub source: Source,
    /// Largest conditional regret at any information set, as a share of the player's payoff range in the draw.
    pub regret: f64,
    /// Whether that is within [`Options::regret`].
    pub certified: bool,
    /// What a full trace said beside it.
    pub audit: Option<Audit>,
}

/// Where an answer comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A regime of the library; its index, most frequent first.
    Regime(u32),
    /// The branch of quantal response, from the first game's at a moderate precision until a regime read off it fits.
    Shortcut,
    /// A full trace.
    Trace,
}

/// A reused answer beside that of a full trace.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Audit {
    /// Every play has the same probability.
    Same,
    /// Another equilibrium: certified as well.
    Another {
        /// The largest difference in the probability of a play.
        difference: f64,
    },
    /// The full trace came to no certified answer.
    Uncertified {
        /// The regret of its best, as a share of the player's payoff range.
        regret: f64,
    },
}

/// Buffers of a thread, and the answer to the latest draw.
#[derive(Clone, Debug)]
pub struct Scratch {
    fit: Fit,
    certifier: Certifier,
    /// The tree with the payoffs of the draw, for full traces.
    drawn: Tree,
    answer: Assessment,
    /// Probability of each leaf under the answer, and under that of an audit.
    plays: Vec<f64>,
    others: Vec<f64>,
    values: Vec<f64>,
    key: Vec<u64>,
    reached: Vec<bool>,
}

impl<'a> Resolver<'a> {
    /// For draws of `tree`, payoffs apart. `payoffs` writes those of a draw, by index, in the shape of [`Tree::payoff`].
    pub fn new(tree: &'a Tree, payoffs: &mut dyn FnMut(u64, &mut [f64]), options: Options) -> Self {
        Self::new_while(tree, payoffs, options, &|| true)
    }

    /// [`Self::new`], as long as `go_on` says so, which all later traces ask as well. Once it has said no, answers are worth nothing.
    pub fn new_while(
        tree: &'a Tree,
        payoffs: &mut dyn FnMut(u64, &mut [f64]),
        options: Options,
        go_on: &'a (dyn Fn() -> bool + Sync),
    ) -> Self {
        let mut resolver = Self {
            tree,
            layout: Layout::new(tree),
            regimes: Vec::new(),
            first_choice: 0,
            start: None,
            trusted: false,
            options,
            go_on: GoOn(go_on),
        };
        let mut scratch = resolver.scratch();
        let range = largest_range(tree, &tree.payoff);
        resolver.start =
            logit::quantal_response_while(tree, START / range, &options.trace, &mut |_| go_on())
                .map(|start| (start.tremble, START / range));
        let mut found: Vec<Regime> = Vec::new();
        let mut first: Vec<First> = Vec::new();
        for index in 0..options.library {
            if !go_on() {
                break;
            }
            payoffs(index, &mut scratch.drawn.payoff);
            let (regret, lambda) = resolver.trace(&mut scratch);
            if regret > options.regret {
                continue;
            }
            let payoff = &scratch.drawn.payoff;
            let regime = Regime::new(tree, &resolver.layout, payoff, &scratch.answer, lambda);
            if !found.iter().any(|known| known.support == regime.support) {
                found.push(regime);
            }
            scratch.follow(tree, &resolver.layout);
            first.push(First {
                payoff: scratch.drawn.payoff.clone(),
                plays: scratch.plays.clone(),
            });
        }
        resolver.choose(&mut scratch, &found, &first);
        resolver.trusted = true;
        resolver.trusted = resolver.agrees(&mut scratch, &first);
        resolver
    }

    /// Do library and shortcut give the first draws the answers of their full traces? Where several equilibria hold at once they may not,
    /// and shares of regimes would be their making: every draw is then traced in full.
    fn agrees(&self, scratch: &mut Scratch, first: &[First]) -> bool {
        let mut same = 0;
        for draw in first {
            let scale = largest_range(self.tree, &draw.payoff);
            scratch.drawn.payoff.copy_from_slice(&draw.payoff);
            let solved = self
                .try_regimes(scratch, &draw.payoff, scale, 0..self.first_choice)
                .is_some()
                || self.shortcut(scratch, scale).is_some();
            scratch.follow(self.tree, &self.layout);
            same += usize::from(!solved || difference(&scratch.plays, &draw.plays) <= SAME);
        }
        same as f64 >= TRUST * first.len() as f64
    }

    /// Fits `regime` to payoffs; its regret if it stands.
    fn stands(
        &self,
        scratch: &mut Scratch,
        payoff: &[f64],
        scale: f64,
        regime: &Regime,
    ) -> Option<f64> {
        let Scratch { fit, certifier, .. } = scratch;
        if !fit.fit(self.tree, &self.layout, payoff, scale, regime) {
            return None;
        }
        let regret = examined(certifier, self.tree, payoff, &fit.answer);
        (regret <= self.options.regret).then_some(regret)
    }

    /// Number of regimes in the library: tried on every draw, and in all.
    pub fn regimes(&self) -> (usize, usize) {
        (self.first_choice, self.regimes.len())
    }

    /// Buffers for a thread.
    pub fn scratch(&self) -> Scratch {
        let tree = self.tree;
        Scratch {
            fit: Fit::new(tree),
            certifier: Certifier::new(tree),
            drawn: tree.clone(),
            answer: Assessment {
                strategy: vec![0.0; tree.actions()],
                tremble: vec![0.0; tree.actions()],
            },
            plays: vec![0.0; tree.leaves.len()],
            others: vec![0.0; tree.leaves.len()],
            values: vec![0.0; tree.players],
            key: vec![0; tree.actions().div_ceil(64)],
            reached: vec![false; tree.parent.len()],
        }
    }

    /// Solves the game with payoffs `payoff`, in the shape of [`Tree::payoff`]. Panics if their number differs.
    pub fn draw(&self, scratch: &mut Scratch, index: u64, payoff: &[f64]) -> Draw {
        scratch.drawn.payoff.copy_from_slice(payoff);
        let scale = largest_range(self.tree, payoff);
        let mut draw = None;
        if self.trusted {
            draw = self.try_regimes(scratch, payoff, scale, 0..self.first_choice);
        }
        if self.trusted && draw.is_none() {
            let regret = self.shortcut(scratch, scale);
            draw = regret.map(|regret| (Source::Shortcut, regret));
        }
        let every = self.options.audit_every;
        let mut audit = None;
        if draw.is_some() && every > 0 && index.is_multiple_of(every) {
            audit = Some(self.audit(scratch));
        }
        let (source, regret) = draw.unwrap_or_else(|| {
            let (regret, _) = self.trace(scratch);
            if regret <= self.options.regret {
                return (Source::Trace, regret);
            }
            let others = self.first_choice..self.regimes.len();
            let other = self.try_regimes(scratch, payoff, scale, others);
            other.unwrap_or((Source::Trace, regret))
        });
        scratch.follow(self.tree, &self.layout);
        Draw {
            index,
            source,
            regret,
            certified: regret <= self.options.regret,
            audit,
        }
    }

    /// Follows the branch of the payoffs of `scratch` from that of the tree's own payoffs at a moderate precision, until what it tends
    /// to can be told; its regret if that is an equilibrium.
    fn shortcut(&self, scratch: &mut Scratch, scale: f64) -> Option<f64> {
        let system = System::new(&scratch.drawn, &scratch.drawn.payoff);
        let mut walker = Walker::new(&system, self.options.trace.pace);
        let (start, precision) = self.start.as_ref()?;
        if !walker.stand_at(start, precision * system.scale, FIRST_STEP) {
            return None;
        }
        let mut tried: Vec<bool> = Vec::new();
        let mut tried_at = 0.0;
        let mut found = None;
        let payoff = &scratch.drawn.payoff;
        let (fit, certifier) = (&mut scratch.fit, &mut scratch.certifier);
        walker.walk(
            self.options.trace.steps,
            &|point: &Point| point.lambda >= SHORTCUT,
            &mut |point| {
                if point.lambda < EARLIEST {
                    return true;
                }
                let support = support(&system, point);
                if support == tried && point.lambda < 4.0 * tried_at {
                    return true;
                }
                let answer = assessment(&system, &point.y, &support);
                let lambda = point.lambda / system.scale;
                let regime = Regime::new(self.tree, &self.layout, payoff, &answer, lambda);
                tried = support;
                tried_at = point.lambda;
                if !fit.fit(self.tree, &self.layout, payoff, scale, &regime) {
                    return true;
                }
                let regret = examined(certifier, self.tree, payoff, &fit.answer);
                if regret <= self.options.regret {
                    found = Some(regret);
                }
                found.is_none()
            },
        );
        if found.is_some() {
            scratch.adopt();
        }
        found
    }

    /// Tries regimes of the library in their order; the first that stands becomes the answer.
    fn try_regimes(
        &self,
        scratch: &mut Scratch,
        payoff: &[f64],
        scale: f64,
        range: std::ops::Range<usize>,
    ) -> Option<(Source, f64)> {
        for at in range {
            if let Some(regret) = self.stands(scratch, payoff, scale, &self.regimes[at]) {
                scratch.adopt();
                return Some((Source::Regime(small(at)), regret));
            }
        }
        None
    }

    /// Traces the payoffs of `scratch` in full, and compares with its answer, which stays.
    fn audit(&self, scratch: &mut Scratch) -> Audit {
        let kept = scratch.answer.clone();
        scratch.follow(self.tree, &self.layout);
        scratch.others.copy_from_slice(&scratch.plays);
        let (regret, _) = self.trace(scratch);
        scratch.follow(self.tree, &self.layout);
        let difference = difference(&scratch.plays, &scratch.others);
        scratch.answer = kept;
        if regret > self.options.regret {
            Audit::Uncertified { regret }
        } else if difference > SAME {
            Audit::Another { difference }
        } else {
            Audit::Same
        }
    }

    /// Traces the payoffs of `scratch` in full, with the least regretted branch as its answer; its regret and precision. A walk that
    /// gets stuck in a sharp bend is tried again at other paces.
    fn trace(&self, scratch: &mut Scratch) -> (f64, f64) {
        let mut best = (f64::INFINITY, 0.0);
        for pace in [self.options.trace.pace, PACES[0], PACES[1]] {
            let options = logit::Options {
                pace,
                ..self.options.trace
            };
            for branch in logit::limit(&scratch.drawn, &options, &mut |_| (self.go_on.0)()).branches
            {
                let payoff = &scratch.drawn.payoff;
                let regret = examined(&mut scratch.certifier, self.tree, payoff, &branch.answer);
                // The principal branch stands if it is an equilibrium.
                if best.0 == f64::INFINITY || (best.0 > self.options.regret && regret < best.0) {
                    best = (regret, branch.lambda);
                    scratch.answer = branch.answer;
                }
            }
            if best.0 <= self.options.regret {
                break;
            }
        }
        best
    }
}

impl Scratch {
    /// The answer to the latest draw.
    pub fn answer(&self) -> &Assessment {
        &self.answer
    }

    /// The probability of each leaf in it, in the order of [`Tree::leaves`].
    pub fn plays(&self) -> &[f64] {
        &self.plays
    }

    /// The expected payoff of each player in it.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Which actions it plays at information sets that play comes to: bit `action % 64` of word `action / 64`.
    pub fn key(&self) -> &[u64] {
        &self.key
    }

    /// Makes what was fitted the answer.
    fn adopt(&mut self) {
        self.answer
            .strategy
            .copy_from_slice(&self.fit.answer.strategy);
        self.answer
            .tremble
            .copy_from_slice(&self.fit.answer.tremble);
    }

    /// Plays, values and key of the answer.
    fn follow(&mut self, tree: &Tree, layout: &Layout) {
        write_probabilities(layout, &self.answer.strategy, &mut self.plays);
        self.values.fill(0.0);
        for (play, paid) in self
            .plays
            .iter()
            .zip(self.drawn.payoff.chunks_exact(tree.players))
        {
            for (value, paid) in self.values.iter_mut().zip(paid) {
                *value += play * paid;
            }
        }
        write_key(
            tree,
            &self.answer.strategy,
            &mut self.reached,
            &mut self.key,
        );
    }
}

/// Writes the probability of each leaf under `strategy`.
fn write_probabilities(layout: &Layout, strategy: &[f64], plays: &mut [f64]) {
    for (leaf, play) in plays.iter_mut().enumerate() {
        *play = layout.leaf_chance[leaf];
        for &action in layout.moves(leaf) {
            *play *= strategy[action as usize];
        }
    }
}

/// The largest conditional regret of `answer` at any information set, as a share of the player's payoff range; infinite for what is no
/// assessment, or one whose trembles are too far from its strategy for beliefs to count as consistent.
fn examined(certifier: &mut Certifier, tree: &Tree, payoff: &[f64], answer: &Assessment) -> f64 {
    let far = |(p, log): (&f64, &f64)| (libm::exp(*log) - p).abs() > Tolerance::default().distance;
    if well_formed(tree, answer).is_err() || answer.strategy.iter().zip(&answer.tremble).any(far) {
        return f64::INFINITY;
    }
    certifier.regret(tree, payoff, answer, SUPPORT)
}

/// Writes which actions `strategy` plays at information sets that play comes to, as bits.
fn write_key(tree: &Tree, strategy: &[f64], reached: &mut [bool], key: &mut [u64]) {
    key.fill(0);
    reached[0] = true;
    for node in 1..tree.parent.len() {
        let action = tree.action[node];
        let played = match action {
            NONE => tree.chance[node] > 0.0,
            action => strategy[action as usize] > SUPPORT,
        };
        reached[node] = reached[tree.parent[node] as usize] && played;
        if reached[node] && action != NONE {
            key[action as usize / 64] |= 1 << (action % 64);
        }
    }
}

/// The largest difference between two lists of probabilities.
fn difference(one: &[f64], other: &[f64]) -> f64 {
    one.iter()
        .zip(other)
        .map(|(a, b)| (a - b).abs())
        .fold(0.0, f64::max)
}

/// The largest range of any player's payoffs.
fn largest_range(tree: &Tree, payoff: &[f64]) -> f64 {
    let mut largest = 0.0_f64;
    for player in 0..tree.players {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for payoffs in payoff.chunks_exact(tree.players) {
            low = low.min(payoffs[player]);
            high = high.max(payoffs[player]);
        }
        largest = largest.max(high - low);
    }
    if largest > 0.0 { largest } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::{Noise, Options, Resolver};
    use crate::certificate::{Tolerance, certify};
    use crate::{Tree, families};

    /// Whatever the library holds, what is called certified is.
    #[test]
    fn wrong_supports_give_no_certified_wrong_answer() {
        let game = families::crisis(2, 3);
        let tree = Tree::new(&game).expect("perfect recall");
        let noise = Noise::new(&game, &tree, 3, 0.05);
        let options = Options {
            library: 12,
            audit_every: 0,
            ..Options::default()
        };
        let mut resolver = Resolver::new(&tree, &mut |i, payoff| noise.payoffs(i, payoff), options);
        let whole = resolver.regimes.clone();
        assert!(!whole.is_empty());
        resolver.regimes.clear();
        resolver.first_choice = 2 * whole.len() * tree.sets();
        for regime in &whole {
            for set in 0..tree.sets() {
                // Another pure action, then all of them.
                let mut other = regime.clone();
                let actions = tree.actions_of(set);
                let played = actions
                    .clone()
                    .find(|a| regime.support[*a])
                    .expect("one is");
                let next = if played + 1 < actions.end {
                    played + 1
                } else {
                    actions.start
                };
                for action in actions.clone() {
                    other.support[action] = action == next;
                    other.strategy[action] = f64::from(u8::from(action == next));
                }
                resolver.regimes.push(other.clone());
                for action in actions.clone() {
                    other.support[action] = true;
                    other.strategy[action] = 1.0 / actions.len() as f64;
                }
                resolver.regimes.push(other);
            }
        }
        let mut scratch = resolver.scratch();
        let mut drawn = tree.clone();
        for index in 0..60 {
            noise.payoffs(index, &mut drawn.payoff);
            let draw = resolver.draw(&mut scratch, index, &drawn.payoff);
            let certificate = certify(&drawn, scratch.answer(), &Tolerance::default());
            assert_eq!(draw.certified, certificate.is_sequential(), "{draw:?}");
            assert!(draw.certified);
        }
    }
}
