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
mod scratch;
mod summary;

use crate::assessment::Assessment;
use crate::builder::small;
use crate::certificate::{Certifier, Tolerance, well_formed};
use crate::logit::{self, Point, System, Walker, assessment, support};
use crate::tree::Tree;
use layout::Layout;
use library::First;
pub use noise::{Noise, last_outcomes};
use regime::Regime;
pub use scratch::Scratch;
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
/// What writes the numbers of a draw, by index: payoffs in the shape of [`Tree::payoff`], probabilities in that of [`Tree::chance`].
pub type Numbers<'n> = &'n mut dyn FnMut(u64, &mut [f64], &mut [f64]);

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
        let mut numbers = |index: u64, payoff: &mut [f64], _: &mut [f64]| payoffs(index, payoff);
        Self::new_with(tree, &mut numbers, options, go_on, &mut |_, _| {})
    }

    /// [`Self::new_while`] for draws that differ in payoffs and in what chance does. `numbers` writes both for a draw, by index: payoffs
    /// in the shape of [`Tree::payoff`], and in that of [`Tree::chance`] the probabilities, which are those of `tree` before. The
    /// branches of each lottery must add up to one, and be zero only where they are in `tree`.
    ///
    /// `each` is told of the full trace of each of the first draws, as soon as it is there. What was cut short by `go_on` is not told.
    pub fn new_with(
        tree: &'a Tree,
        numbers: Numbers,
        options: Options,
        go_on: &'a (dyn Fn() -> bool + Sync),
        each: &mut dyn FnMut(&Draw, &Scratch),
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
        resolver.start = logit::quantal_response_watched(
            tree,
            START / range,
            &options.trace,
            &mut |_| go_on(),
            Some(go_on),
        )
        .map(|start| (start.tremble, START / range));
        let mut found: Vec<Regime> = Vec::new();
        let mut first: Vec<First> = Vec::new();
        let (mut payoff, mut chance) = (tree.payoff.clone(), tree.chance.clone());
        for index in 0..options.library {
            chance.copy_from_slice(&tree.chance);
            numbers(index, &mut payoff, &mut chance);
            scratch.load(&payoff, &chance);
            let (regret, lambda) = resolver.trace(&mut scratch);
            if !go_on() {
                return resolver;
            }
            scratch.follow();
            let draw = resolver.told(index, Source::Trace, regret, None);
            each(&draw, &scratch);
            if !draw.certified {
                continue;
            }
            let regime = Regime::new(&scratch.drawn, &scratch.layout, &scratch.answer, lambda);
            if !found.iter().any(|known| known.support == regime.support) {
                found.push(regime);
            }
            first.push(First {
                payoff: payoff.clone(),
                chance: chance.clone(),
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
            if !(self.go_on.0)() {
                return false;
            }
            scratch.load(&draw.payoff, &draw.chance);
            let scale = largest_range(self.tree, &draw.payoff);
            let solved = self
                .try_regimes(scratch, scale, 0..self.first_choice)
                .is_some()
                || self.shortcut(scratch, scale).is_some();
            scratch.follow();
            same += usize::from(!solved || difference(&scratch.plays, &draw.plays) <= SAME);
        }
        same as f64 >= TRUST * first.len() as f64
    }

    /// Fits `regime` to the numbers of `scratch`; its regret if it stands.
    fn stands(&self, scratch: &mut Scratch, scale: f64, regime: &Regime) -> Option<f64> {
        let Scratch {
            fit,
            certifier,
            drawn,
            layout,
            ..
        } = scratch;
        if !fit.fit(drawn, layout, scale, regime) {
            return None;
        }
        let regret = examined(certifier, drawn, &fit.answer);
        (regret <= self.options.regret).then_some(regret)
    }

    /// Number of regimes in the library: tried on every draw, and in all.
    pub fn regimes(&self) -> (usize, usize) {
        (self.first_choice, self.regimes.len())
    }

    /// Buffers for a thread.
    pub fn scratch(&self) -> Scratch {
        Scratch::new(self.tree, &self.layout)
    }

    /// Solves the game with payoffs `payoff`, in the shape of [`Tree::payoff`]. Panics if their number differs.
    ///
    /// A draw that a regime of the library fits allocates nothing; others are traced.
    pub fn draw(&self, scratch: &mut Scratch, index: u64, payoff: &[f64]) -> Draw {
        self.draw_with(scratch, index, payoff, &self.tree.chance)
    }

    /// Solves the game with payoffs `payoff` and probabilities `chance`, in the shape of [`Tree::payoff`] and [`Tree::chance`], of which
    /// [`Self::new_with`] says what they may be. Panics if their numbers differ.
    pub fn draw_with(
        &self,
        scratch: &mut Scratch,
        index: u64,
        payoff: &[f64],
        chance: &[f64],
    ) -> Draw {
        scratch.load(payoff, chance);
        let scale = largest_range(self.tree, payoff);
        let mut draw = None;
        if self.trusted {
            draw = self.try_regimes(scratch, scale, 0..self.first_choice);
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
            let other = self.try_regimes(scratch, scale, others);
            other.unwrap_or((Source::Trace, regret))
        });
        scratch.follow();
        self.told(index, source, regret, audit)
    }

    fn told(&self, index: u64, source: Source, regret: f64, audit: Option<Audit>) -> Draw {
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
        let mut walker = Walker::new(&system, self.options.trace.pace).watched(Some(self.go_on.0));
        let (start, precision) = self.start.as_ref()?;
        if !walker.stand_at(start, precision * system.scale, FIRST_STEP) {
            return None;
        }
        let mut tried: Vec<bool> = Vec::new();
        let mut tried_at = 0.0;
        let mut found = None;
        let (drawn, layout) = (&scratch.drawn, &scratch.layout);
        let (fit, certifier) = (&mut scratch.fit, &mut scratch.certifier);
        walker.walk(
            self.options.trace.steps,
            &|point: &Point| point.lambda >= SHORTCUT,
            &mut |point| {
                if !(self.go_on.0)() {
                    return false;
                }
                if point.lambda < EARLIEST {
                    return true;
                }
                let support = support(&system, point);
                if support == tried && point.lambda < 4.0 * tried_at {
                    return true;
                }
                let answer = assessment(&system, &point.y, &support);
                let lambda = point.lambda / system.scale;
                let regime = Regime::new(drawn, layout, &answer, lambda);
                tried = support;
                tried_at = point.lambda;
                if !fit.fit(drawn, layout, scale, &regime) {
                    return true;
                }
                let regret = examined(certifier, drawn, &fit.answer);
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
        scale: f64,
        range: std::ops::Range<usize>,
    ) -> Option<(Source, f64)> {
        for at in range {
            if let Some(regret) = self.stands(scratch, scale, &self.regimes[at]) {
                scratch.adopt();
                return Some((Source::Regime(small(at)), regret));
            }
        }
        None
    }

    /// Traces the payoffs of `scratch` in full, and compares with its answer, which stays.
    fn audit(&self, scratch: &mut Scratch) -> Audit {
        let kept = scratch.answer.clone();
        scratch.follow();
        scratch.others.copy_from_slice(&scratch.plays);
        let (regret, _) = self.trace(scratch);
        scratch.follow();
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
            for branch in logit::limit_while(&scratch.drawn, &options, self.go_on.0).branches {
                let regret = examined(&mut scratch.certifier, &scratch.drawn, &branch.answer);
                // The principal branch stands if it is an equilibrium.
                if best.0 == f64::INFINITY || (best.0 > self.options.regret && regret < best.0) {
                    best = (regret, branch.lambda);
                    scratch.answer = branch.answer;
                }
            }
            if best.0 <= self.options.regret || !(self.go_on.0)() {
                break;
            }
        }
        best
    }
}

/// The largest conditional regret of `answer` at any information set, as a share of the player's payoff range; infinite for what is no
/// assessment, or one whose trembles are too far from its strategy for beliefs to count as consistent.
fn examined(certifier: &mut Certifier, tree: &Tree, answer: &Assessment) -> f64 {
    let far = |(p, log): (&f64, &f64)| (libm::exp(*log) - p).abs() > Tolerance::default().distance;
    if well_formed(tree, answer).is_err() || answer.strategy.iter().zip(&answer.tremble).any(far) {
        return f64::INFINITY;
    }
    certifier.regret(tree, &tree.payoff, answer, SUPPORT)
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
        for payoffs in payoff.chunks_exact(tree.players.max(1)) {
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
