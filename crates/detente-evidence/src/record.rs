//! What is on record in a case, and what it changes: acts that were seen, and what is known of numbers that the model computes.

use detente_case::{Act, Anchor};
use detente_math::Mean;

use crate::ReadingLabel;

/// What became of what is on record.
#[derive(Clone, Debug, Default)]
pub enum OnRecord {
    /// The case has nothing that weighs.
    #[default]
    Nothing,
    /// It has, and was run without it, as asked.
    LeftOut,
    /// It leaves as good as none of the worlds: the report is without it.
    LeavesNone(LeavesNone),
    /// It weighs types and worlds in every number of the report.
    Weighs(Box<Record>),
}

impl OnRecord {
    /// What it changes, where it does.
    pub fn weighs(&self) -> Option<&Record> {
        match self {
            OnRecord::Weighs(record) => Some(record),
            _ => None,
        }
    }
}

/// A record that leaves as good as no world.
#[derive(Clone, Debug, Default)]
pub struct LeavesNone {
    /// Worlds of the prior that were weighed.
    pub weighed: usize,
    /// Worlds that count alike which those that are left are worth.
    pub effective: f64,
    /// Entries that do so by themselves; where none does, those without which the others would leave enough; where that is none either, nothing.
    pub blamed: Vec<Blamed>,
}

/// An entry of the record that leaves as good as no world.
#[derive(Clone, Debug)]
pub struct Blamed {
    /// Its identifier.
    pub id: String,
    /// What it says.
    pub says: String,
    /// Worlds that count alike which it leaves by itself.
    pub alone: f64,
    /// The same of all others together.
    pub without: f64,
    /// Of an anchor: 5th, 50th and 95th percentile of its number in the prior, and of what is known; of an act nothing.
    pub number: Option<[[f64; 3]; 2]>,
}

/// What the record changes.
#[derive(Clone, Debug)]
pub struct Record {
    /// Worlds of the prior that were weighed.
    pub weighed: usize,
    /// Worlds that count alike which these are worth.
    pub weighed_effective: f64,
    /// Worlds of the run, taken from these with chances in proportion to their weight.
    pub rows: usize,
    /// Worlds that count alike which those of the run are worth.
    pub effective: f64,
    /// Below how many the shares of the report rest on too few, and it says so.
    pub floor: f64,
    /// Worlds of the prior by which packages were told without the record.
    pub before: usize,
    /// Acts, by date; first those that count.
    pub acts: Vec<ActTold>,
    /// Anchors, in the order of the case.
    pub anchors: Vec<AnchorTold>,
    /// By type: its chance before and after.
    pub types: Vec<BeforeAfter>,
    /// What somebody believes of the types who knows the case's priors and sees the acts, date by date; first before any.
    pub path: Vec<Believed>,
    /// By named package: how often it is signed, in force, signed and kept.
    pub packages: Vec<[BeforeAfter; 3]>,
    /// Inputs that moved most.
    pub inputs: Vec<InputMoved>,
    /// How many inputs vary, of which these moved beyond chance.
    pub inputs_moved: usize,
    /// How much more (above 1) or less likely the record is under other readings than under the one in force.
    pub readings: Vec<(ReadingLabel, Mean)>,
}

impl Record {
    /// Do the rows count as worlds enough?
    pub fn is_enough(&self) -> bool {
        self.effective >= self.floor
    }
}

/// A number without the record and with it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BeforeAfter {
    /// Without it.
    pub before: Mean,
    /// With it.
    pub after: Mean,
}

impl BeforeAfter {
    /// How many standard errors of their difference apart they must lie to be told apart.
    const APART: f64 = 2.0;

    /// Do both differ by more than their errors?
    pub fn is_moved(&self) -> bool {
        let [a, b] = [self.before.error, self.after.error];
        let error = (a * a + b * b).sqrt();
        (self.after.value - self.before.value).abs() > Self::APART * error
    }
}

/// What an act tells.
#[derive(Clone, Debug)]
pub struct ActTold {
    /// The act.
    pub act: Act,
    /// By type of its party: how likely it was to do it, over all worlds of the prior; of what is stated, relative to the mean of the
    /// types. Empty where it does not count.
    pub likelihood: Vec<f64>,
    /// The chance that the model gave to it before, if it is a choice that the model knows.
    pub chance: Option<f64>,
}

impl ActTold {
    /// Chance below which an act is in conflict with what the case says of its party.
    pub const UNLIKELY: f64 = 0.05;

    /// Is it in conflict with the case's own numbers?
    pub fn conflicts(&self) -> bool {
        self.chance.is_some_and(|chance| chance < Self::UNLIKELY)
    }
}

/// What an anchor tells.
#[derive(Clone, Debug)]
pub struct AnchorTold {
    /// The anchor.
    pub anchor: Anchor,
    /// 5th, 50th and 95th percentile of its number in the prior.
    pub before: [f64; 3],
    /// The same of what is known.
    pub known: [f64; 3],
    /// The same with all of the record.
    pub after: [f64; 3],
    /// How surprising what is known is to whoever has the prior: a prior predictive p-value, two-sided (Box 1980); NaN where untold.
    pub surprise: f64,
    /// Share of the weighed worlds in which the number is not told: they are left as they were.
    pub untold: f64,
}

impl AnchorTold {
    /// Is it in conflict with the case's own numbers?
    pub fn conflicts(&self) -> bool {
        self.anchor.weight > 0.0 && self.surprise < ActTold::UNLIKELY
    }
}

/// What somebody who sees the acts believes of the types after a date.
#[derive(Clone, Debug)]
pub struct Believed {
    /// The date, as written; empty before any act.
    pub on: String,
    /// By type: its chance.
    pub chances: Vec<f64>,
}

/// An input that the record moved.
#[derive(Clone, Debug)]
pub struct InputMoved {
    /// Its path.
    pub path: String,
    /// Its unit.
    pub unit: &'static str,
    /// 5th, 50th and 95th percentile before.
    pub before: [f64; 3],
    /// The same after.
    pub after: [f64; 3],
    /// By how much of its range it moved: mean percentile after less one half, in (-½, ½).
    pub shift: f64,
    /// 25th and 75th percentile before.
    pub quarters: [f64; 2],
    /// How much of the weight is left below the first and above the second.
    pub left: [f64; 2],
}

impl InputMoved {
    /// Weight below which a quarter is as good as ruled out.
    const RULED_OUT: f64 = 0.02;

    /// The value below which (first) or above which (second) the record leaves next to nothing, where a quarter lay before.
    pub fn ruled_out(&self) -> [Option<f64>; 2] {
        let of = |k: usize| (self.left[k] < Self::RULED_OUT).then_some(self.quarters[k]);
        [of(0), of(1)]
    }
}
