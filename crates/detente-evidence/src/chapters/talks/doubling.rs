//! What would have to be true for the chance of a deal to double: what was set on the draws of the run, and what came of it.

use detente_math::Mean;

/// A chance below this is that of no deal at all, one above its complement that of a sure one.
pub const POSSIBLE: f64 = 0.01;

/// What is asked of the chance of a deal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aim {
    /// No talks end with a deal: that some do.
    Possible,
    /// That twice as many do.
    Double,
    /// More than half do, so that twice as many cannot be: that half as many end without one.
    HalveTheRest,
    /// There is no talk without a deal that could be done away with.
    Nothing,
}

/// Interventions on the draws of the run, so that what differs is what was set. None is what is seen in worlds that happen to differ in it.
#[derive(Clone, Debug)]
pub struct Doubling {
    /// Chance of a deal by the last month told of, over all worlds in which the talks were played.
    pub base: Mean,
    /// What is asked of it.
    pub aim: Aim,
    /// What it would have to be, as uncertain as the base makes it.
    pub target: Mean,
    /// Worlds after which what plainly did too little was tried no further, and last those in which the rest was tried.
    pub laps: Vec<usize>,
    /// What was tried by itself, the greatest chance of a deal first.
    pub tried: Vec<Tried>,
    /// What was tried together, one more at a time, as far as it took.
    pub together: Vec<Together>,
    /// Of each kind, in the order of [`Kind::ALL`]: how many there are that could be tried, whether they were or not.
    pub there_are: [usize; Kind::ALL.len()],
}

/// Kinds of what is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An uncertain number at an end of its range.
    Input,
    /// A party that is surely of one type.
    Type,
    /// A lever taken off the table, or put on it.
    Lever,
    /// A hard red line that is not held.
    RedLine,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Input, Self::Type, Self::Lever, Self::RedLine];
}

/// What is set.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// A number, at an end of its range.
    Input {
        /// Its path.
        path: String,
        /// Its unit.
        unit: &'static str,
        /// What it is set to.
        value: f64,
        /// Is that the upper end, the 95th percentile, or the lower one, the 5th?
        upper: bool,
        /// Rank correlation of what is drawn for it with the chance of a deal, over the worlds played.
        correlation: f64,
    },
    /// Its party is surely of this type, by its place in the flat list of all types.
    Type(usize),
    /// A lever, and whether it is on the table.
    Lever(usize, bool),
    /// A red line is not held, by its place.
    RedLine(usize),
}

impl What {
    /// Its kind.
    pub fn kind(&self) -> Kind {
        match self {
            What::Input { .. } => Kind::Input,
            What::Type(_) => Kind::Type,
            What::Lever(..) => Kind::Lever,
            What::RedLine(_) => Kind::RedLine,
        }
    }
}

/// How far something gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Beyond the target by more than the error of both.
    Reaches,
    /// As near to it as errors tell.
    About,
    /// Short of it.
    Short,
}

/// What came of it.
#[derive(Clone, Copy, Debug)]
pub struct Came {
    /// Chance of a deal in the worlds in which it was tried.
    pub there: Mean,
    /// How much more that is than without it, world by world on the same draws.
    pub moved: Mean,
    /// Chance of a deal over all worlds played, as far as these tell.
    pub chance: Mean,
    /// How far that gets.
    pub reach: Reach,
}

/// Something that was tried by itself.
#[derive(Clone, Debug)]
pub struct Tried {
    /// What is set.
    pub what: What,
    /// What came of it, in as many worlds as it was tried in.
    pub came: Came,
    /// Was it tried in the first of them alone?
    pub stopped: bool,
}

/// Several together.
#[derive(Clone, Debug)]
pub struct Together {
    /// Their places among what was tried by itself.
    pub parts: Vec<usize>,
    /// What came of it.
    pub came: Came,
}

impl Doubling {
    /// What reaches the target by itself, or about does, the greatest chance first.
    pub fn alone(&self) -> impl Iterator<Item = &Tried> {
        let tried = self.tried.iter().filter(|tried| !tried.stopped);
        tried.filter(|tried| tried.came.reach != Reach::Short)
    }

    /// The fewest together that reach the target, or about do.
    pub fn fewest(&self) -> Option<&Together> {
        let mut all = self.together.iter();
        all.find(|own| own.came.reach != Reach::Short)
    }

    /// Those together that get furthest.
    pub fn furthest(&self) -> Option<&Together> {
        let all = self.together.iter();
        all.max_by(|a, b| a.came.chance.value.total_cmp(&b.came.chance.value))
    }

    /// Worlds in which that was tried which was not stopped.
    pub fn worlds(&self) -> usize {
        self.laps.last().copied().unwrap_or(0)
    }

    /// How many of a kind were tried.
    pub fn tried_of(&self, kind: Kind) -> usize {
        let own = self.tried.iter();
        own.filter(|tried| tried.what.kind() == kind).count()
    }
}
