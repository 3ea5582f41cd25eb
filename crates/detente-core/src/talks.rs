//! How parties talk: who proposes what and when, who answers, which threats may be announced and carried out (the model, part 10).
//! Definitions that the game's compiler and its certificate share.

use crate::{PartySet, Setting, Trigger, World};

/// Most packages that may be proposed in a game: each is answered by every party that it needs, in every history.
pub const MOST_OFFERS: usize = 8;
/// Most rounds that a case may ask for.
pub const MOST_ROUNDS: usize = 12;
/// Most months between two rounds.
pub const MOST_MONTHS: usize = 24;
/// Moves that a game may have in a world, over all information sets, where a case does not say.
pub const MOVES: usize = 1_000;
/// Most moves that a case may ask for.
pub const MOST_MOVES: usize = 4_000;
/// Months of the talks up to which chances are told.
pub const TOLD_MONTHS: usize = 24;
/// What λ is multiplied by where play is told at several precisions.
pub const PRECISIONS: [f64; 3] = [0.25, 1.0, 4.0];

/// What a case says of how its talks go, with what stands for what it leaves out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TalksSetting {
    /// Rounds of offers; 0: no talks.
    pub rounds: usize,
    /// Months from one round to the next.
    pub months: usize,
    /// Who proposes, round after round, from the start again once all have.
    pub order: Vec<usize>,
    /// Who answers every offer besides those whom it needs.
    pub agree: PartySet,
    /// Named packages that may be proposed, the first ones longest.
    pub named: Vec<usize>,
    /// Are other packages found besides?
    pub found: bool,
    /// Packages that may be proposed, at most.
    pub offers: usize,
    /// May a proposer offer nothing?
    pub passes: bool,
    /// Levers that may be announced before the first round.
    pub announced: Vec<usize>,
    /// Levers that may be pulled after a refusal, the first ones longest: those that may be announced, then the others.
    pub levers: Vec<usize>,
    /// Is a lever that may be announced pulled only if it was?
    pub only_announced: bool,
    /// The party whose type the news between two rounds tells of.
    pub news: Option<usize>,
    /// Moves of a game at most, over all information sets.
    pub moves: usize,
    /// Keys that the case leaves out.
    pub unstated: Vec<&'static str>,
}

impl TalksSetting {
    /// Who proposes in a round.
    pub fn proposer(&self, round: usize) -> usize {
        self.order[round % self.order.len()]
    }

    /// The month in which a round is held.
    pub fn month(&self, round: usize) -> usize {
        round * self.months
    }

    /// Who answers an offer that needs these, in turn: all but who proposes it.
    pub fn answering(&self, proposer: usize, needed: PartySet) -> Vec<usize> {
        let all = needed.union(self.agree).without(PartySet::one(proposer));
        all.iter().collect()
    }
}

/// Of these levers those that a party's refusal may trigger, in their order.
pub fn pulled_on(setting: &Setting, levers: &[usize], refuser: usize) -> Vec<usize> {
    let on = |l: &usize| setting.levers[*l].trigger == Trigger::Refuse(refuser);
    levers.iter().copied().filter(on).collect()
}

/// Chance that the news between two rounds comes, if who it tells of is of type `t`.
pub fn chance_of_news(world: &World, t: usize) -> f64 {
    let chance = world.numbers.talks.first().map(|own| own.news[t]);
    chance.filter(|chance| !chance.is_nan()).unwrap_or(0.0)
}

/// What waiting a month is worth to a type as a flow while talks last, where the case's account of no deal has no months.
pub fn meanwhile(world: &World, t: usize) -> Option<f64> {
    let stated = world.numbers.talks.first().map(|own| own.meanwhile[t]);
    stated.filter(|stated| !stated.is_nan())
}

/// The chance that a type announces a lever, where that is given and not its choice.
pub fn given_announcement(world: &World, lever: usize, t: usize) -> Option<f64> {
    world.fixed("talks", "announced", &[lever, t])
}

/// The chance that a type pulls a lever wherever it may, where that is given and not its choice.
pub fn given_pull(world: &World, lever: usize, t: usize) -> Option<f64> {
    world.fixed("talks", "pulls", &[lever, t])
}

/// The chance that a type refuses a package whenever it is proposed, where that is given and not its choice.
pub fn given_refusal(setting: &Setting, world: &World, t: usize, package: &[u8]) -> Option<f64> {
    if world.fixed.is_empty() {
        return None;
    }
    let mut named = setting.packages.iter();
    let place = named.position(|own| own.choice == package)?;
    world.fixed("talks", "refuses", &[t, place])
}

/// How far the talks of a world are played: a game costs as much as dozens of worlds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Play {
    /// Not at all.
    #[default]
    No,
    /// As they are.
    Plain,
    /// Also with a round fewer, and after what a mediator may tell.
    Whole,
}

/// Worlds of a run in which talks are played, the first ones.
pub const PLAYED: usize = 256;

/// The same where a report plays them until the chance of a deal is sure enough, at most.
pub const PLAYED_MOST: usize = 512;

/// Of these, worlds in which they are also played with a round fewer, and after what a mediator may tell.
pub const PLAYED_WHOLE: usize = 32;

/// The same where a reading or a claim sets something: a game costs as much as dozens of worlds.
pub const PLAYED_BESIDE: usize = 32;

/// What is at the table in one world: what its game is made of, and all that is told of that.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Rounds that are played.
    pub rounds: usize,
    /// Packages that may be proposed.
    pub offers: Vec<Vec<u8>>,
    /// Levers that may be pulled.
    pub levers: Vec<usize>,
    /// Those of them that may be announced.
    pub announced: Vec<usize>,
}

impl Table {
    /// Whom a package needs: as a named one says, or who signs and who performs it.
    pub fn needed(setting: &Setting, package: &[u8]) -> PartySet {
        let named = setting.packages.iter().find(|own| own.choice == package);
        named.map_or_else(
            || setting.signatories().union(setting.performers(package)),
            |own| own.needed,
        )
    }
}

/// What is no likelier than this happens to nobody, as far as the kind of an equilibrium goes.
pub const NEVER: f64 = 1e-6;
/// Types of a party whose chances of a move differ by more than this play differently.
pub const DIFFERENT: f64 = 1e-3;

/// What kind of course talks take, as one number: a flag a sentence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind(pub u16);

impl Kind {
    /// Some talks end with a deal.
    pub const DEAL: Self = Self(1);
    /// All do.
    pub const SURE: Self = Self(2);
    /// Some deals come later than in the first round.
    pub const LATE: Self = Self(4);
    /// Of the types of a party that is asked, some accept what others refuse.
    pub const SCREENS: Self = Self(8);
    /// Somebody announces a threat.
    pub const THREAT: Self = Self(16);
    /// So does somebody who would not, or not always, carry it out when its time first comes.
    pub const BLUFF: Self = Self(32);
    /// A threat is carried out in some talks.
    pub const PULLED: Self = Self(64);
    /// Some types of a party announce or offer what others of it do not.
    pub const SIGNALS: Self = Self(128);
    /// A threat is announced that all types of its wielder, of several, announce alike, so that it tells nothing.
    pub const IDLE: Self = Self(256);

    /// All flags.
    pub const ALL: [Self; 9] = [
        Self::DEAL,
        Self::SURE,
        Self::LATE,
        Self::SCREENS,
        Self::THREAT,
        Self::BLUFF,
        Self::PULLED,
        Self::SIGNALS,
        Self::IDLE,
    ];

    /// Is the flag set?
    pub fn has(self, flag: Self) -> bool {
        self.0 & flag.0 != 0
    }

    /// With the flag, if it is true.
    #[must_use]
    pub fn with(self, flag: Self, holds: bool) -> Self {
        if holds { Self(self.0 | flag.0) } else { self }
    }
}

/// One step of a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// A lever was announced, or not.
    Announced(usize, bool),
    /// A party offered the package at this place, or nothing.
    Offered(usize, Option<usize>),
    /// A party accepted, or refused.
    Answered(usize, bool),
    /// A lever was pulled, or not.
    Pulled(usize, bool),
    /// The news came, or did not.
    News(bool),
}

/// What a type does at one point of the talks.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The round, from 0.
    pub round: usize,
    /// Who moves, in the flat list of all types.
    pub t: usize,
    /// What has happened.
    pub after: Vec<Taken>,
    /// How likely play is to come here, this type given.
    pub reach: f64,
    /// What it may do and how likely it does each.
    pub moves: Vec<(Taken, f64)>,
    /// What it believes of the types of the others who have a part.
    pub beliefs: Vec<(usize, f64)>,
}

/// The talks of one world, point by point.
#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    /// Packages that may be proposed.
    pub offers: Vec<Vec<u8>>,
    /// What those types do that have a choice, in the order of histories; points that play does not come to included.
    pub lines: Vec<Line>,
}
