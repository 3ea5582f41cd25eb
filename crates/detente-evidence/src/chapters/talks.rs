//! How does the negotiation go when it is played? What the certified equilibria of the talks say, over worlds.

pub mod doubling;

use detente_core::talks::{Account, Kind, TalksSetting};
use detente_math::Mean;

use super::Chapter;
use doubling::Doubling;

/// The talks of a case, over the worlds in which they were played.
#[derive(Clone, Debug)]
pub struct Talks {
    /// What the case asks for, with what stands for what it leaves out.
    pub asked: TalksSetting,
    /// Worlds in which the talks were played, each with an answer or not.
    pub draws: usize,
    /// Of these, those with a certified answer; all that follows is of these alone.
    pub answered: usize,
    /// Of these, those without: the search came to no certified equilibrium.
    pub uncertified: usize,
    /// Of these, those whose game is too large however it is cut.
    pub too_large: usize,
    /// How the games were cut: rounds and offers that were played, the commonest first.
    pub shapes: Vec<Shape>,
    /// By month, from 0: chance of a deal by these talks by then, and that what goes on has ended otherwise.
    pub months: Vec<[Mean; 2]>,
    /// By round.
    pub rounds: Vec<OfRound>,
    /// Chance that the talks end with a deal that is kept; nothing told (`n` = 0) where a case does not say what may follow a deal.
    pub kept: Mean,
    /// Chance of a deal if all knew all types.
    pub known: Mean,
    /// Chance of a deal at a quarter of the precision of play, at it, and at four times it.
    pub at: [Mean; 3],
    /// Named packages that somebody may propose: chances, the likeliest to be agreed first.
    pub packages: Vec<OfPackage>,
    /// By issue, by option: share of deals that have it; nothing told (`n` = 0) where there is none.
    pub terms: Vec<Vec<Mean>>,
    /// Levers that may be pulled in some world.
    pub threats: Vec<Threat>,
    /// By type that has a part: what the others believe of it, round by round.
    pub beliefs: Vec<Belief>,
    /// By type: what the talks do for it.
    pub worths: Vec<OfType>,
    /// By party that has several types: what a mediator's message on it is worth.
    pub messages: Vec<OfMessage>,
    /// Kinds of equilibrium, the commonest first. Numbers of different kinds are never averaged into one story.
    pub kinds: Vec<OfKind>,
    /// Share of answers whose branch another one crosses, so that another equilibrium is as near.
    pub crossed: f64,
    /// The largest regret at any information set of any answer, as a share of what is at stake there.
    pub regret: f64,
    /// What a case that allows more moves would say, on the first of these worlds.
    pub more: Option<More>,
    /// What would have to be true for the chance of a deal to double; nothing where too few worlds have an answer.
    pub doubling: Chapter<Doubling>,
}

/// Less likely than this a round has too few deals for their terms to be told.
pub const RARE_DEALS: f64 = 0.01;
/// Nor are they told where its deals come from fewer worlds than this, each counted by its share of them, unless that is half of all.
pub const FEWEST_WORLDS: f64 = 8.0;

/// What is played of the talks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shape {
    /// Rounds.
    pub rounds: usize,
    /// Packages that may be proposed.
    pub offers: usize,
    /// Share of answers.
    pub share: f64,
}

/// One round.
#[derive(Clone, Debug)]
pub struct OfRound {
    /// Its month.
    pub month: usize,
    /// Chance that it is held, as far as that is up to the talks.
    pub held: Mean,
    /// Chance that the deal comes in it.
    pub deal: Mean,
    /// By issue, by option: share of its deals that have it; empty where there are too few ([`RARE_DEALS`], [`FEWEST_WORLDS`]).
    pub terms: Vec<Vec<Mean>>,
}

/// A named package in the talks.
#[derive(Clone, Debug)]
pub struct OfPackage {
    /// The package.
    pub package: usize,
    /// Share of answers in which it may be proposed.
    pub may: f64,
    /// Chance that it is proposed first, by whoever proposes first.
    pub proposed: Mean,
    /// Chance that the talks end with it.
    pub agreed: Mean,
    /// By type that is asked: chance that it refuses it in the first round, what others believe of it after its party did, and the prior.
    pub answers: Vec<(usize, Mean, Mean, Mean)>,
}

/// A lever in the talks.
#[derive(Clone, Debug)]
pub struct Threat {
    /// The lever.
    pub lever: usize,
    /// Share of answers in which it may be pulled, and in which it may be announced.
    pub may: [f64; 2],
    /// Chance that it is announced.
    pub made: Mean,
    /// The same by type of its wielder.
    pub by: Vec<(usize, Mean)>,
    /// Of the answers in which it is announced, the share in which all types of its wielder announce it as often, so that it tells nothing of
    /// them; NaN where it is announced in none, or its wielder has one type.
    pub alike: f64,
    /// Chance that it is pulled once its target refuses, as the target sees it after an announcement.
    pub believed: Mean,
    /// Chance that it is pulled.
    pub pulled: Mean,
    /// What it costs its wielder on average, in points.
    pub price: Mean,
}

/// What others believe of a type.
#[derive(Clone, Debug)]
pub struct Belief {
    /// The type.
    pub t: usize,
    /// By round: chance of the type if the talks still go on.
    pub rounds: Vec<Mean>,
}

/// What the talks do for a type.
#[derive(Clone, Copy, Debug)]
pub struct OfType {
    /// The type.
    pub t: usize,
    /// What they are worth to it above no deal, in points.
    pub gain: Mean,
    /// What the last round is worth to it.
    pub last_round: Mean,
    /// What it would gain if all knew all types.
    pub known: Mean,
}

/// A mediator whom all believe tells which type a party is.
#[derive(Clone, Debug)]
pub struct OfMessage {
    /// The party.
    pub party: usize,
    /// Chance of a deal after it.
    pub deal: Mean,
    /// That less the chance without, world by world.
    pub more: Mean,
    /// By type: what it is worth to it, in points.
    pub gains: Vec<(usize, Mean)>,
}

/// A kind of equilibrium.
#[derive(Clone, Debug)]
pub struct OfKind {
    /// What happens in it.
    pub kind: Kind,
    /// Share of answers.
    pub share: f64,
    /// Chance of a deal by the last month told of, in these.
    pub deal: Mean,
    /// The world of this kind whose chance of a deal is the middle one, by its number, and its talks point by point.
    pub example: Option<(u64, Account)>,
}

/// The talks with more room than the case allows.
#[derive(Clone, Copy, Debug)]
pub struct More {
    /// How many times as many moves.
    pub times: usize,
    /// Worlds that were played again.
    pub draws: usize,
    /// Of these, those in which a round more is played, or several.
    pub rounds: usize,
    /// Those in which an offer more may be made, or several.
    pub offers: usize,
    /// Those in which neither is.
    pub neither: usize,
    /// Chance of a deal as they are played, and with more.
    pub deal: [Mean; 2],
    /// What more adds to it, world by world.
    pub change: Mean,
    /// Greatest difference in one of them.
    pub most: f64,
}
