//! How a report was run.

use detente_case::Case;
use detente_core::talks::{PLAYED, PLAYED_MOST, PLAYED_WHOLE, Play};
use detente_core::{Search, Setting};
use detente_math::{Sampler, Stream};

/// Worlds that are searched before anybody asks how sure it is that there is a zone.
pub const SEARCHED_FIRST: usize = 64;
/// Packages of a case up to which readings are searched as the case itself is. Of more, a searched world costs as much as a dozen others.
const FEW_PACKAGES: usize = 10_000;
/// Worlds in which talks are played, unless something else is asked for.
pub const TALKS_PLAYED: usize = PLAYED;
/// The same of a report, at most: until the chance of a deal is sure enough.
pub const TALKS_MOST: usize = PLAYED_MOST;
/// Of these, worlds in which they are also played with a round fewer, and after what a mediator may tell.
pub const TALKS_WHOLE: usize = PLAYED_WHOLE;
/// Worlds in which talks are played in a first look.
const PLAYED_QUICK: usize = 30;
/// Worlds of a first look: errors of 3 or 4 of 100.
const QUICK: usize = 128;

/// What to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunOptions {
    /// How worlds are drawn, and from which seed.
    pub stream: Stream,
    /// Worlds 0..worlds are drawn.
    pub worlds: usize,
    /// Searches over all packages run in worlds 0..searches.
    pub searches: usize,
    /// Solution points are sought in worlds 0..solutions, of those searched: a frontier costs more than a zone.
    pub solutions: usize,
    /// Talks are played in worlds 0..talks: a game costs as much as dozens of worlds.
    pub talks: usize,
    /// In worlds `0..talks_whole`, where they are played, also with a round fewer, and after what a mediator may tell.
    pub talks_whole: usize,
    /// Threads; `None`: as many as the machine has. Results do not depend on it.
    pub threads: Option<usize>,
    /// How sure a report's answers are to be.
    pub effort: Effort,
    /// Are worlds and types weighed by what is on record? What runs worlds without a case knows no record.
    pub record: bool,
}

/// How many worlds the answers of a report get.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Effort {
    /// Exactly the worlds of the options, and fixed parts of them for what stands beside the headline.
    #[default]
    Fixed,
    /// At most the worlds of the options, as many as it takes until errors are at `HEADLINE_ERROR` and `BESIDE_ERROR` of `detente-study`.
    Settled {
        /// Are claims that set something tried under rival readings too? So many pairs that each gets few worlds.
        rival_claims: bool,
    },
    /// A first look: the few worlds of the options, and of a report only what they tell by themselves. No other reading is run, no claim tried,
    /// no section made that runs worlds of its own.
    Quick,
    /// The same, and one of the parts that it leaves out, by its anchor on the page: what a reader opens.
    Opened(&'static str),
    /// The rows of a run that is kept, none of which is run again: what their columns tell, and nothing that would take other worlds.
    Kept,
}

impl Effort {
    /// Is no more asked for than what costs little, or than one part besides?
    pub fn is_first_look(self) -> bool {
        matches!(self, Self::Quick | Self::Opened(_))
    }
}

impl Default for RunOptions {
    fn default() -> Self {
        Self {
            stream: Stream {
                sampler: Sampler::Quasi,
                seed: 1,
            },
            worlds: 4096,
            searches: 256,
            solutions: solutions_of(256),
            talks: PLAYED,
            talks_whole: PLAYED_WHOLE,
            threads: None,
            effort: Effort::Fixed,
            record: true,
        }
    }
}

impl RunOptions {
    /// How far packages are searched in a world.
    pub fn search(&self, world: usize) -> Search {
        match world {
            i if i >= self.searches => Search::None,
            i if i >= self.solutions => Search::Zone,
            _ => Search::Solutions,
        }
    }

    /// Are the talks of a row's world played, and how far?
    pub fn play(&self, row: usize) -> Play {
        if row >= self.talks {
            Play::No
        } else if row >= self.talks_whole {
            Play::Plain
        } else {
            Play::Whole
        }
    }

    /// Those of a first look at a case; searched only where packages are few.
    pub fn quick(case: &Case, stream: Stream) -> Self {
        let searches = if packages(&case.setting) <= FEW_PACKAGES {
            SEARCHED_FIRST
        } else {
            0
        };
        Self {
            stream,
            worlds: QUICK,
            searches,
            solutions: solutions_of(searches),
            talks: PLAYED_QUICK,
            talks_whole: 0,
            threads: None,
            effort: Effort::Quick,
            record: true,
        }
    }

    /// In how many worlds rival readings are searched. Whether a zone opens differs much from world to world: few searched worlds
    /// would tell nothing of a reading that may be told.
    pub fn rival_searches(&self, setting: &Setting) -> usize {
        match self.effort {
            Effort::Fixed | Effort::Quick | Effort::Opened(_) | Effort::Kept => {
                self.searches.div_ceil(10)
            }
            Effort::Settled { .. } if packages(setting) <= FEW_PACKAGES => self.searches,
            Effort::Settled { rival_claims: true } => self.searches.min(SEARCHED_FIRST),
            Effort::Settled { .. } => 0,
        }
    }
}

/// In how many of the searched worlds solution points are sought, unless something else is asked for.
pub fn solutions_of(searches: usize) -> usize {
    searches.div_ceil(8)
}

/// Packages of a case, constraints not counted.
fn packages(setting: &Setting) -> usize {
    let options = setting.issues.iter().map(|issue| issue.options.len());
    options.fold(1, usize::saturating_mul)
}
