//! The game at points of a sweep, and the values at which its kind of equilibrium changes.

use detente_games::{Game, Tolerance, Tree, certify, logit, story};

use super::super::interrupt::Patience;
use super::super::knob::Knob;
use super::kinds::{Kind, Kinds};

/// Critical values are found to this share of a step.
const CRITICAL: f64 = 1e-6;

/// How far from a critical value the two sides of it are looked at, in steps.
const BESIDE: f64 = 1e-3;

/// An information set is on the path if play comes there with at least this probability.
const REACHED: f64 = 1e-9;

/// What the game is like at a point of the sweep.
pub(super) struct Point {
    /// Place in the list of kinds; none without a certified answer.
    pub(super) kind: Option<usize>,
    pub(super) endings: Vec<(String, f64)>,
    pub(super) value: Vec<f64>,
}

/// The game with its numbers at `at`, solved.
pub(super) fn look(
    game: &Game,
    at: &[(&Knob, f64)],
    kinds: &mut Kinds,
    patience: &Patience,
) -> Point {
    let mut game = game.clone();
    for (knob, value) in at {
        knob.turn(&mut game, *value);
    }
    let tree = Tree::new(&game).expect("numbers do not touch the memory of players");
    let trace = logit::limit(&tree, &logit::Options::default(), &mut |_| {
        patience.patient()
    });
    for branch in &trace.branches {
        let certificate = certify(&tree, &branch.answer, &Tolerance::default());
        if certificate.is_sequential() {
            let story = story::tell(&game, &tree, &branch.answer, &certificate);
            let mut kind = Kind {
                played: Vec::new(),
                words: Vec::new(),
            };
            for scene in story.scenes.iter().filter(|scene| scene.reach > REACHED) {
                let labels = &game.sets()[scene.set].actions;
                let first = tree.actions_of(scene.set).start;
                let played: Vec<usize> = tree
                    .actions_of(scene.set)
                    .filter(|action| branch.answer.strategy[*action] > REACHED)
                    .collect();
                let names: Vec<String> = played
                    .iter()
                    .map(|action| format!("“{}”", labels[action - first]))
                    .collect();
                kind.words.push((scene.who.clone(), names.join(" or ")));
                kind.played.push((scene.set, played));
            }
            return Point {
                kind: Some(kinds.place(kind)),
                endings: story.endings,
                value: story.value,
            };
        }
    }
    Point {
        kind: None,
        endings: Vec::new(),
        value: Vec::new(),
    }
}

/// A run of one kind, from where to where.
pub(super) type Run = (Option<usize>, f64, f64);

/// Runs of one kind, with the values at which each gives way to the next found by bisection, and what the game is like on both sides
/// of each.
pub(super) fn bands(
    game: &Game,
    knob: &Knob,
    points: &mut Vec<(f64, Point)>,
    kinds: &mut Kinds,
    patience: &Patience,
) -> (Vec<Run>, Vec<[(f64, Point); 2]>) {
    let step = points[1].0 - points[0].0;
    let mut search = Search {
        game,
        knob,
        // Knife edges may be of a kind that holds nowhere else; those are not kept.
        kinds: Kinds(kinds.0.clone()),
        patience,
        least: step * CRITICAL,
        changes: Vec::new(),
    };
    for pair in points.windows(2) {
        search.between((pair[0].0, pair[0].1.kind), (pair[1].0, pair[1].1.kind));
    }
    let mut bands: Vec<Run> = vec![(points[0].1.kind, points[0].0, knob.to)];
    for (at, kind) in std::mem::take(&mut search.changes) {
        let last = bands.last_mut().expect("one to begin with");
        last.2 = at;
        bands.push((kind, at, knob.to));
    }
    let narrow = step * BESIDE;
    bands.retain(|(_, from, to)| to - from > 2.0 * narrow);
    // What stood between two runs, or at an end, was a knife edge.
    for at in 1..bands.len() {
        bands[at].1 = bands[at - 1].2;
    }
    if let Some(first) = bands.first_mut() {
        first.1 = knob.from;
    }
    if let Some(last) = bands.last_mut() {
        last.2 = knob.to;
    }
    bands.dedup_by(|next, band| {
        let same = next.0 == band.0;
        if same {
            band.2 = next.2;
        }
        same
    });
    let mut edges = Vec::new();
    for pair in bands.windows(2) {
        let sides = [pair[0].2 - narrow, pair[1].1 + narrow];
        edges.push(sides.map(|at| (at, look(game, &[(knob, at)], &mut search.kinds, patience))));
    }
    // Letters from left to right, for kinds that hold on a stretch.
    let met = std::mem::take(&mut kinds.0);
    let all = search.kinds.0;
    for band in &mut bands {
        band.0 = band.0.map(|kind| kinds.place(all[kind].clone()));
    }
    for (_, point) in points.iter_mut() {
        let known = |kind: usize| {
            kinds
                .0
                .iter()
                .position(|known| known.played == met[kind].played)
        };
        point.kind = point.kind.and_then(known);
    }
    // Points on knife edges belong to no stretch.
    points.retain(|(at, point)| {
        let mut here = bands.iter().filter(|(_, from, to)| at >= from && at <= to);
        here.any(|(kind, ..)| *kind == point.kind)
    });
    (bands, edges)
}

/// A search for the values at which the kind of equilibrium changes.
struct Search<'a> {
    game: &'a Game,
    knob: &'a Knob,
    kinds: Kinds,
    patience: &'a Patience,
    /// Width at which a change counts as found.
    least: f64,
    /// Where it changes, and to what.
    changes: Vec<(f64, Option<usize>)>,
}

impl Search<'_> {
    /// The changes between two values and the kinds there.
    fn between(&mut self, low: (f64, Option<usize>), high: (f64, Option<usize>)) {
        if low.1 == high.1 {
            return;
        }
        let middle = f64::midpoint(low.0, high.0);
        if high.0 - low.0 <= self.least || !self.patience.patient() {
            self.changes.push((middle, high.1));
            return;
        }
        let kind = look(
            self.game,
            &[(self.knob, middle)],
            &mut self.kinds,
            self.patience,
        )
        .kind;
        self.between(low, (middle, kind));
        self.between((middle, kind), high);
    }
}

impl Point {
    pub(super) fn share(&self, name: &str) -> f64 {
        if self.kind.is_none() {
            return f64::NAN;
        }
        self.endings
            .iter()
            .find(|(known, _)| known == name)
            .map_or(0.0, |(_, share)| *share)
    }
}
