//! What to find out first: the numbers whose being known would most often make an answer right that is wrong now.

use detente_case::{Input, RestingOn};
use detente_core::Setting;
use detente_math::Mean;

use crate::{Headline, ReadingLabel, RunOptions};

/// What a case's answers would gain by its numbers being known.
#[derive(Clone, Debug)]
pub struct Asking {
    /// What the case is about.
    pub setting: Setting,
    /// The readings in force.
    pub readings: Vec<ReadingLabel>,
    /// How it was run.
    pub options: RunOptions,
    /// Was what is on record left out, though it was asked for, since it leaves too few worlds to speak of?
    pub record_left_out: bool,
    /// Worlds that count alike which the worlds of the run are worth: fewer where a record weighs them.
    pub effective: f64,
    /// What a report of the case leads with.
    pub headline: Headline,
    /// The answers that were looked at.
    pub questions: Vec<Question>,
    /// Numbers that some answer would gain by, those first that one gains most by; ends of ranges are asked for before middles.
    pub numbers: Vec<Wanted>,
    /// Paths of numbers that are stated as exact though nobody vouches for them: a run that does not draw them cannot tell what knowing them is worth.
    pub exact: Vec<String>,
    /// Claims that were not looked at, since their lens is to come or they cannot be computed: their places.
    pub untested: Vec<usize>,
    /// Claims that compare the case's own numbers alone, which are asked about only one by one: whoever knows these numbers knows the claim, so that
    /// it would send everybody after itself. Their identifiers.
    pub stated: Vec<String>,
    /// How many numbers are claims about the world, and how many of them nobody vouches for.
    pub resting_on: RestingOn,
}

/// An answer that the worlds give a verdict on.
#[derive(Clone, Debug)]
pub struct Question {
    /// Which.
    pub of: Topic,
    /// What could be said, each with how often that is right, the verdict as long as nothing more is known among them.
    pub verdicts: Vec<(Verdict, Mean)>,
    /// Which of them is said: the one that is right most often.
    pub said: usize,
    /// How much more often the verdict would be right if all numbers were known that are drawn. What then remains lies in the types of the
    /// parties, and in what chance does after a deal.
    pub all: Mean,
    /// Worlds that tell it.
    pub worlds: usize,
    /// What a number must explain of the answer for this run to see it, a share; NaN where too few worlds tell it.
    pub visible: f64,
    /// Is the answer the same in all worlds?
    pub constant: bool,
    /// How much more often it would be right if all numbers were known that could be seen to move it, by what this run makes of them together.
    pub together: Mean,
    /// Numbers that move the answer, those first that it gains most by.
    pub gains: Vec<Gain>,
}

/// What an answer is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Topic {
    /// Whether the leading package, by its place, comes to what a report leads with.
    Headline(usize),
    /// Who blocks it first.
    Blocker(usize),
    /// Whether any package at all is acceptable, where the case names none.
    AnyPackage,
    /// Whether a claim is true: its identifier, and what it says.
    Claim(String, String),
    /// Whether something happens whose chance somebody asks for, in the words of the asking.
    Chance(String),
}

/// What could be said of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is so.
    Yes,
    /// It is not so.
    No,
    /// This party, by its place, does.
    Party(usize),
    /// Nobody does.
    Nobody,
}

/// What an answer gains by a number.
#[derive(Clone, Debug, PartialEq)]
pub struct Gain {
    /// The number's path.
    pub path: String,
    /// How much more often the verdict would be right if this number alone were known; as an estimate it may lie a little below 0.
    pub alone: Mean,
    /// Can that be told from 0?
    pub alone_told: bool,
    /// What is owed to it of how much more often the verdict would be right if all numbers were known that move it: what it adds to those
    /// known before, averaged over the orders in which they may be learned.
    pub worth: Mean,
    /// Can that be told from 0? One chance in twenty, for all numbers that move the answer together, that one is named that is worth nothing.
    pub told: bool,
    /// Share of the answer's variance between worlds that the number explains alone.
    pub index: f64,
    /// Share of the yes in the lowest and in the highest eighth of the number's range; of who blocks: of the party whose share it moves most.
    pub ends: (f64, f64),
    /// Paths of the numbers that are drawn together with it: knowing it says something of these.
    pub with: Vec<String>,
}

/// A number that somebody should be asked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// As the case has it.
    pub input: Input,
    /// Its 5th, 50th and 95th percentile as it was drawn; NaN where only its rank is known.
    pub now: [f64; 3],
    /// The question that gains most by it, its place in [`Asking::questions`], and what is owed to it.
    pub most: (usize, Mean),
    /// What that question gains by it alone, and whether that can be told from 0.
    pub alone: (Mean, bool),
    /// All questions that gain by it, greatest gain first.
    pub questions: Vec<usize>,
}

impl Question {
    /// How often the verdict is right.
    pub fn right(&self) -> &Mean {
        &self.verdicts[self.said].1
    }

    /// Gains that can be told from 0.
    pub fn told(&self) -> impl Iterator<Item = &Gain> {
        self.gains.iter().filter(|gain| gain.told)
    }

    /// Numbers that move the answer, and of which it cannot be told that knowing them is worth anything.
    pub fn idle(&self) -> impl Iterator<Item = &Gain> {
        self.gains.iter().filter(|gain| !gain.told)
    }
}

impl Asking {
    /// Paths of the numbers that are wanted, in the order in which to ask for them.
    pub fn order(&self) -> impl Iterator<Item = &str> {
        self.numbers.iter().map(|wanted| wanted.input.path.as_str())
    }
}
