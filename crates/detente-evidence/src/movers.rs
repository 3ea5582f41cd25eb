//! What decides an answer.

use detente_math::{EIGHTHS, Mean};

/// Means of eighths that are nearer than this give no direction.
const APART: f64 = 0.01;
/// Standard errors from which on a difference is no noise.
const CLEAR: f64 = 2.0;

/// An answer that movers are sought of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Answer {
    /// There is none: nothing was told.
    #[default]
    None,
    /// Whether the leading package comes to what the report leads with.
    Leading,
    /// Whether any package is acceptable.
    AnyPackage,
}

/// What decides an answer.
#[derive(Clone, Debug, Default)]
pub struct Movers {
    /// Which answer.
    pub of: Answer,
    /// Share of what is uncertain about it that lies within worlds: in which types the parties are, and where the answer is about a peace
    /// that lasts in whether it breaks down, not in which world it is.
    pub types: f64,
    /// Is the answer about a peace that lasts?
    pub of_peace: bool,
    /// The inputs that move it between worlds, and what could not be seen.
    pub moving: Moving,
}

/// An input and how much of an answer's spread it explains alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Mover {
    /// The input's path.
    pub path: String,
    /// First-order index: share of the answer's variance between worlds explained by this input alone, in [0, 1]; what moves together
    /// with it counts as its own.
    pub index: f64,
    /// 95 % interval of the index, in [0, 1].
    pub interval: (f64, f64),
    /// Mean of the answer in each eighth of the input's range, the lowest first.
    pub course: [Mean; EIGHTHS],
    /// Paths of the inputs that are drawn together with it, so that what either explains is partly the other's.
    pub with: Vec<String>,
    /// Is the input a placeholder?
    pub placeholder: bool,
    /// Is it a default that nobody stated?
    pub default: bool,
}

/// The inputs that can be told from such without effect, and what could not be.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Moving {
    /// The inputs, greatest index first.
    pub inputs: Vec<Mover>,
    /// Worlds in which the answer is known.
    pub worlds: usize,
    /// What an input must explain for this run to see it, a share; NaN where too few worlds are known.
    pub visible: f64,
    /// Is the answer the same in all of them, up to rounding, and are they enough to say so?
    pub constant: bool,
}

impl Mover {
    /// Mean of the answer in the lowest and in the highest eighth of the input's range.
    pub fn ends(&self) -> (f64, f64) {
        (self.course[0].value, self.course[EIGHTHS - 1].value)
    }

    /// Where the answer turns between the ends: means of the eighths that lie furthest above and furthest below what both ends span, in
    /// their order, each as far from either end as two standard errors of the difference.
    pub fn turns(&self) -> Vec<f64> {
        let turns = self.turning().into_iter();
        turns.map(|k| self.course[k].value).collect()
    }

    /// The two parts of its course between which the answer goes furthest, the lower one of the input first: its ends, or where it turns.
    pub fn furthest(&self) -> [Mean; 2] {
        let turning = self.turning().into_iter();
        let corners = std::iter::once(0)
            .chain(turning)
            .chain([EIGHTHS - 1])
            .map(|k| self.course[k]);
        let corners: Vec<Mean> = corners.collect();
        let far = |[a, b]: &[Mean; 2]| (b.value - a.value).abs();
        let mut best = [self.course[0], self.course[EIGHTHS - 1]];
        for (i, a) in corners.iter().enumerate() {
            for b in &corners[i + 1..] {
                if far(&[*a, *b]) > far(&best) {
                    best = [*a, *b];
                }
            }
        }
        best
    }

    /// The eighths in which the answer turns.
    fn turning(&self) -> Vec<usize> {
        let [first, middle @ .., last] = &self.course;
        // How far an eighth lies beyond the nearer end, upward for 1 and downward for -1, if that is more than noise.
        let beyond = |part: &Mean, sign: f64| {
            let over = |end: &Mean| {
                let far = sign * (part.value - end.value);
                let error = (part.error * part.error + end.error * end.error).sqrt();
                (far > APART && far > CLEAR * error).then_some(far)
            };
            Some(f64::min(over(first)?, over(last)?))
        };
        let furthest = |sign: f64| {
            let parts = middle.iter().enumerate();
            let clear = parts.filter_map(|(k, part)| Some((k, beyond(part, sign)?)));
            clear.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(k, _)| k + 1)
        };
        let mut turns: Vec<usize> = [1.0, -1.0].into_iter().filter_map(furthest).collect();
        turns.sort_unstable();
        turns
    }

    /// What the answer does as the input grows, told from its whole course.
    pub fn direction(&self) -> &'static str {
        let (low, high) = self.ends();
        match self.turns()[..] {
            [] if high - low > APART => "rises",
            [] if low - high > APART => "falls",
            [] => "neither",
            [turn] if turn > low => "rises, then falls",
            [_] => "falls, then rises",
            [first, ..] if first > low => "rises, falls, then rises",
            _ => "falls, rises, then falls",
        }
    }
}
