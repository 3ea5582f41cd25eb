//! What parties can do, what they can learn, and what may follow a deal or a refusal: levers, features of options, successions,
//! observables, messengers. Numbers of all of these are in [`crate::Numbers`].

use crate::Side;

/// What a lever is to the one it is used on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LeverKind {
    /// Makes refusing worse.
    #[default]
    Stick,
    /// Makes accepting better.
    Carrot,
    /// Promises protection.
    Assurance,
    /// Presses an ally.
    Pressure,
}

/// When a lever is pulled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trigger {
    /// It runs whatever the talks bring.
    #[default]
    Now,
    /// It is pulled once a deal is agreed.
    Accept,
    /// It is pulled once this party refuses.
    Refuse(usize),
    /// It is pulled once this party breaks a deal that it signed.
    Violate(usize),
}

impl Trigger {
    /// Of levers that set the same number the one pulled last holds: first come those that run whatever the talks bring, then those that
    /// wait for an answer, last those that answer a breach.
    pub fn turn(self) -> u8 {
        match self {
            Self::Now => 0,
            Self::Accept | Self::Refuse(_) => 1,
            Self::Violate(_) => 2,
        }
    }
}

/// A number that a lever sets while it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The level of a contribution: with its buffer and ramp.
    SupplyLevel(usize),
    /// A number of the contest as a whole: from the lever's delay on, like all that follow.
    Contest(ContestTarget),
    /// The month at which a side's capacity starts to fall.
    CapacityFrom(Side),
    /// Where a side's capacity ends.
    CapacityLow(Side),
    /// The burden of a type.
    Burden(usize),
    /// The scar of a type.
    Scar(usize),
    /// What a type's value of an option is (type, option in the flat list of all): at once, whatever the delay.
    Value(usize, usize),
    /// What no deal is worth to a type by statement: after a refusal, at once.
    Reservation(usize),
    /// What fighting a lottery out costs a type: after a refusal, at once.
    FightingCost(usize),
    /// The chance that side A wins a lottery, what is believed about its log odds on top: after a refusal, at once.
    LotteryChance,
    /// The rate of a move of a process, in the place of its later rates too: from the lever's delay on, like the next.
    Rate(usize),
    /// What a state of a process is worth to a type (type, state).
    StateWorth(usize, usize),
    /// What an end of a process is worth to a type (type, end).
    EndWorth(usize, usize),
    /// What a month of a state of a process loses a type for good (type, state).
    StateScar(usize, usize),
    /// A later rate of a move of a process (move, its place among them).
    LaterRate(usize, usize),
    /// The month from which it holds (move, its place among them).
    LaterFrom(usize, usize),
}

impl Target {
    /// Is it a number of a process?
    pub fn is_of_process(self) -> bool {
        matches!(
            self,
            Self::Rate(_)
                | Self::StateWorth(..)
                | Self::EndWorth(..)
                | Self::StateScar(..)
                | Self::LaterRate(..)
                | Self::LaterFrom(..)
        )
    }

    /// Is it a number of a contest, a burden and a scar included?
    pub fn is_of_contest(self) -> bool {
        match self {
            Self::SupplyLevel(_)
            | Self::Contest(_)
            | Self::CapacityFrom(_)
            | Self::CapacityLow(_)
            | Self::Burden(_)
            | Self::Scar(_) => true,
            Self::Value(..)
            | Self::Reservation(_)
            | Self::FightingCost(_)
            | Self::LotteryChance
            | Self::Rate(_)
            | Self::StateWorth(..)
            | Self::EndWorth(..)
            | Self::StateScar(..)
            | Self::LaterRate(..)
            | Self::LaterFrom(..) => false,
        }
    }
}

/// A number of the contest as a whole that a lever can set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContestTarget {
    /// m0, what is believed about it on top.
    Edge,
    /// γ.
    Pace,
    /// σ.
    Volatility,
    /// h0.
    Decisive,
    /// h1.
    DecisiveSlope,
    /// hn.
    OtherEnd,
    /// esc0, what levers and beliefs add to its log on top.
    Escalation,
    /// esc1.
    EscalationSlope,
}

impl ContestTarget {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Edge,
        Self::Pace,
        Self::Volatility,
        Self::Decisive,
        Self::DecisiveSlope,
        Self::OtherEnd,
        Self::Escalation,
        Self::EscalationSlope,
    ];

    /// The number that it sets.
    pub fn of<N>(self, numbers: &mut crate::ContestNumbers<N>) -> &mut N {
        match self {
            Self::Edge => &mut numbers.edge,
            Self::Pace => &mut numbers.pace,
            Self::Volatility => &mut numbers.volatility,
            Self::Decisive => &mut numbers.decisive,
            Self::DecisiveSlope => &mut numbers.decisive_slope,
            Self::OtherEnd => &mut numbers.other_end,
            Self::Escalation => &mut numbers.escalation,
            Self::EscalationSlope => &mut numbers.escalation_slope,
        }
    }
}

/// A lever.
#[derive(Clone, Debug, Default)]
pub struct Lever {
    /// Identifier.
    pub id: String,
    /// Name for readers.
    pub name: String,
    /// Its wielder.
    pub by: usize,
    /// Its kind.
    pub kind: LeverKind,
    /// Its trigger.
    pub trigger: Trigger,
    /// What it sets, in the order of `LeverNumbers::sets`.
    pub sets: Vec<Target>,
    /// Parties that bear a flow cost while it runs, in the order of `LeverNumbers::flow_costs`.
    pub flow_to: Vec<usize>,
    /// Parties that it pays once when a deal is signed, in the order of `LeverNumbers::pays`.
    pub pays_to: Vec<usize>,
    /// Types of its wielder, in the flat list of all, whose chance of announcing it is stated, in the order of
    /// `LeverNumbers::announces`; none: announcing it tells no type from another.
    pub announcing: Vec<usize>,
}

impl Lever {
    /// Does it pay, or cost, anybody anything by itself once it is pulled, whatever becomes of no deal?
    pub fn pays(&self) -> bool {
        !self.flow_to.is_empty() || !self.pays_to.is_empty()
    }

    /// Does it pay this party, or cost it anything?
    pub fn touches(&self, party: usize) -> bool {
        self.flow_to.contains(&party) || self.pays_to.contains(&party)
    }
}

/// What an option of an issue does besides being worth something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeatureKind {
    /// g: how far it guarantees the peace, in [0, 1].
    Guarantee,
    /// v: how far it is watched, in [0, 1].
    Verification,
    /// z: how far it keeps forces apart, in [0, 1].
    Separation,
    /// Months after which it lapses.
    Lasts,
    /// Points to this party from harm to an alliance.
    Crack(usize),
    /// A number of the contest that it changes, should fighting go on or resume.
    Sets(Target),
}

/// A feature of an option; its size is in `Numbers::features` at the same place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Feature {
    /// The option, in the flat list of all.
    pub option: usize,
    /// What it is.
    pub kind: FeatureKind,
}

/// What follows if others settle and a party refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Who refuses.
    pub party: usize,
    /// In a sentence.
    pub says: String,
    /// Parties to whom the rift is worth something, in the order of `RefusalNumbers::crack`.
    pub crack: Vec<usize>,
}

/// A leader's succession.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turnover {
    /// Identifier.
    pub id: String,
    /// Whose leader.
    pub party: usize,
    /// When, as written.
    pub on: String,
    /// Whole months from the case's date.
    pub month: u32,
}

/// What could be watched.
#[derive(Clone, Debug, PartialEq)]
pub struct Observable {
    /// Identifier.
    pub id: String,
    /// Name for readers.
    pub name: String,
    /// The path of the number that it tells of.
    pub about: String,
    /// The numbers of a world that are this number, as places in the order in which [`crate::Numbers::map`] visits them.
    pub places: Vec<usize>,
    /// Where a sixth of what it may be lies below, and where a sixth lies above.
    pub ends: [f64; 2],
    /// When it could be known, as written; may be empty.
    pub on: String,
    /// The reading that would settle it; may be empty.
    pub settles: String,
}

/// A channel of reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Messenger {
    /// Identifier.
    pub id: String,
    /// Name for readers.
    pub name: String,
    /// Who reports.
    pub by: usize,
    /// Who is told.
    pub to: usize,
    /// On which observable.
    pub about: usize,
}

/// Whom an attacker might attack instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttackTarget {
    /// Identifier.
    pub id: String,
    /// Name for readers.
    pub name: String,
    /// Who might attack it.
    pub by: usize,
}

/// A count of how such deals have ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseRate {
    /// Identifier.
    pub id: String,
    /// What was counted.
    pub says: String,
}
