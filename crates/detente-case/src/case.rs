//! The case as checked: names resolved, every number on its path with its shape, status and sources.

use std::sync::Arc;

use detente_core::{Numbers, Setting};
use detente_diag::Span;
use detente_math::Distribution;

use crate::{Amount, Claim, Domain, Forecast, NumberField, With, Words};

/// Number of an input: a place in [`Case::inputs`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InputId(pub u32);

impl InputId {
    /// The id of the input at a place in [`Case::inputs`]. Panics beyond 2^32, which no text reaches.
    pub fn from_index(index: usize) -> Self {
        Self(u32::try_from(index).expect("a text of 4 MiB holds fewer numbers"))
    }
}

/// A case without errors.
#[derive(Clone, Debug)]
pub struct Case {
    /// What it is about.
    pub setting: Setting,
    /// Every number, stated, defaulted or inherited, in the order of first mention.
    pub inputs: Vec<Input>,
    /// Which input each number of a world comes from.
    pub shape: Numbers<InputId>,
    /// What words for probabilities mean.
    pub words: Words,
    /// Numbers that are drawn together.
    pub together: Vec<Together>,
    /// Readings, in the order of the text.
    pub readings: Vec<Reading>,
    /// Claims, in the order of the text.
    pub claims: Vec<Claim>,
    /// Signed forecasts, in the order of the text.
    pub judgements: Vec<Judgement>,
    /// Support that was found for packages at gates.
    pub published: Vec<Published>,
    /// Dated acts, in the order of the text.
    pub acts: Vec<Act>,
    /// What is known of numbers that are computed, in the order of the text.
    pub anchors: Vec<Anchor>,
    /// Sources, in the order of the text.
    pub sources: Vec<SourceEntry>,
}

/// One number.
#[derive(Clone, Debug)]
pub struct Input {
    /// Its path, such as `party.north.burden`.
    pub path: String,
    /// Unit.
    pub unit: &'static str,
    /// Where it may lie.
    pub domain: Domain,
    /// How it is drawn.
    pub draw: Draw,
    /// As typed; empty if it was not stated.
    pub text: String,
    /// How well it is known.
    pub status: Status,
    /// Places in [`Case::sources`].
    pub sources: Vec<usize>,
    /// What else is said of it.
    pub said: Said,
    /// What each of several experts says, if several do.
    pub experts: Vec<Expert>,
    /// Where it was stated.
    pub span: Option<Span>,
}

impl Case {
    /// Is anything on record that weighs types or worlds?
    pub fn has_record(&self) -> bool {
        let weighs = |act: &Act| act.counts && act.tells != Tells::Nothing;
        !self.anchors.is_empty() || self.acts.iter().any(weighs)
    }

    /// How many numbers are claims about the world, and how many of them nobody vouches for.
    pub fn resting_on(&self) -> RestingOn {
        let listed = || self.inputs.iter().filter(|input| input.is_listed());
        let of = |status| listed().filter(|input| input.status == status).count();
        RestingOn {
            claims: listed().filter(|input| input.status.is_claim()).count(),
            placeholders: of(Status::Placeholder),
            defaults: of(Status::Default),
        }
    }
}

impl Input {
    /// Is it part of what the case says: stated, or a default that an answer depends on?
    pub fn is_listed(&self) -> bool {
        self.span.is_some() || self.status == Status::Default
    }

    /// An input that was not stated: the field's default, or the same as another.
    pub(crate) fn unstated(path: String, field: NumberField, same: Option<InputId>) -> Self {
        let default = field.default.map_or(0.0, |default| default.value);
        let default = Distribution::Exact(default);
        Self {
            path,
            unit: field.unit,
            domain: field.domain,
            draw: same.map_or(Draw::Own(default), Draw::Inherited),
            text: String::new(),
            status: Status::Unstated,
            sources: Vec::new(),
            said: Said::default(),
            experts: Vec::new(),
            span: None,
        }
    }
}

/// What is said of a number besides its value, status and sources.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// Why this number.
    pub why: String,
    /// Whose judgement.
    pub by: String,
    /// When it was made.
    pub on: String,
    /// On what news it should be looked at again.
    pub revisit: String,
    /// The party that alone knows the true value.
    pub private_to: Option<usize>,
}

/// One of several experts who speak of a number.
#[derive(Clone, Debug, PartialEq)]
pub struct Expert {
    /// Who; may be empty.
    pub by: String,
    /// When it was said; may be empty.
    pub on: String,
    /// Why, and how sure the expert is; may be empty.
    pub why: String,
    /// In the expert's own words; may be empty.
    pub says: String,
    /// What they say.
    pub distribution: Distribution,
    /// Where they say it.
    pub span: Span,
}

/// How an input gets its value.
#[derive(Clone, Debug, PartialEq)]
pub enum Draw {
    /// From its own distribution.
    Own(Distribution),
    /// It is the same number as another: a type's that was not stated is its party's, and a fact is one number everywhere.
    Inherited(InputId),
    /// A weight of which only the order is known: the weights of `order`, greatest first, are uniform over all that keep
    /// it, and this is the one at `place`.
    Ranked {
        /// The inputs whose uniform numbers make the weights, weightiest issue first.
        order: Arc<[InputId]>,
        /// Which of them.
        place: usize,
    },
}

/// How well a number is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Measured, by a named source.
    Measured,
    /// Said by a named source.
    Quoted,
    /// A signed judgement.
    Judgement,
    /// Stands in for a number that somebody should find.
    Placeholder,
    /// Not stated, and an answer depends on it: the language's default.
    Default,
    /// 0 or 1 at the end of a value scale, by definition of the scale.
    ScaleEnd,
    /// Set for this run by whoever ran it.
    Set,
    /// The number of a fact, whose own status counts.
    Fact,
    /// Stated, and no answer depends on it.
    Idle,
    /// Not stated, and no answer depends on it, or nothing is assumed by leaving it out.
    Unstated,
    /// On or off.
    Switch,
}

impl Status {
    /// As printed.
    pub fn name(self) -> &'static str {
        match self {
            Status::Measured => "measured",
            Status::Quoted => "quoted",
            Status::Judgement => "judgement",
            Status::Placeholder => "placeholder",
            Status::ScaleEnd => "end of scale",
            Status::Set => "set for this run",
            Status::Fact => "a fact",
            Status::Default => "default",
            Status::Idle => "stated, and no answer depends on it",
            Status::Unstated => "not stated",
            Status::Switch => "switch",
        }
    }

    /// Is it a claim about the world, which wants a source?
    pub fn is_claim(self) -> bool {
        self <= Status::Default || self == Status::Set
    }
}

/// Numbers that are claims about the world, by who vouches for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RestingOn {
    /// All of them.
    pub claims: usize,
    /// Those that the case states without a source or another status.
    pub placeholders: usize,
    /// Those that nobody stated, and that the language's defaults stand in for.
    pub defaults: usize,
}

/// "12 of 40 numbers are placeholders, and 3 more are defaults that nobody stated": the page and `check` say it alike.
impl std::fmt::Display for RestingOn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let be = |n: usize, one: &'static str, many: &'static str| if n == 1 { one } else { many };
        let numbers = be(self.claims, "number", "numbers");
        let placeholders = be(self.placeholders, "is a placeholder", "are placeholders");
        let defaults = be(
            self.defaults,
            "is a default that nobody stated",
            "are defaults that nobody stated",
        );
        let all = self.claims;
        match (self.placeholders, self.defaults) {
            (n, 0) => write!(f, "{n} of {all} {numbers} {placeholders}"),
            (0, n) => write!(f, "{n} of {all} {numbers} {defaults}"),
            (n, m) => write!(
                f,
                "{n} of {all} {numbers} {placeholders}, and {m} more {defaults}"
            ),
        }
    }
}

/// A named set of replacements.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Identifier.
    pub id: String,
    /// Name for readers.
    pub name: String,
    /// Whose it is.
    pub by: String,
    /// In a sentence.
    pub says: String,
    /// Identifiers of the readings it builds on.
    pub includes: Vec<String>,
    /// What it replaces, those of the readings it builds on first.
    pub set: Vec<Replacement>,
}

/// A number that a reading replaces.
#[derive(Clone, Debug)]
pub struct Replacement {
    /// Which.
    pub input: InputId,
    /// By what.
    pub distribution: Distribution,
    /// As typed.
    pub text: String,
    /// How well it is known.
    pub status: Status,
    /// Places in [`Case::sources`].
    pub sources: Vec<usize>,
    /// What else is said of it.
    pub said: Said,
    /// What each of several experts says, if several do.
    pub experts: Vec<Expert>,
    /// Where it was stated.
    pub span: Span,
}

/// Numbers that are high or low together: a Gaussian copula.
#[derive(Clone, Debug, PartialEq)]
pub struct Together {
    /// The numbers.
    pub inputs: Vec<InputId>,
    /// Lower triangular factor of the correlations of their normal scores, row by row.
    pub factor: Vec<f64>,
}

/// A signed forecast.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// Identifier.
    pub id: String,
    /// What is forecast.
    pub says: String,
    /// Who signs it.
    pub by: String,
    /// When it was signed, as written.
    pub on: String,
    /// The forecast.
    pub forecast: Forecast,
    /// In what it is counted, if it is of a number; may be empty.
    pub unit: String,
    /// How it will be decided.
    pub rule: String,
    /// When, as written.
    pub due: String,
    /// What the model computes for it, if anything.
    pub asks: Option<Asked>,
    /// Who makes it.
    pub maker: Maker,
    /// The chance that somebody would give who knows only how often such things happen.
    pub base_rate: Option<f64>,
    /// Why it differs from the model's share.
    pub why: String,
}

/// What the model computes for a judgement.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    /// The share of worlds in which a claim is true: its place in [`Case::claims`].
    Claim(usize),
    /// The mean of a number over worlds.
    Amount(Amount),
}

/// Who makes a judgement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Maker {
    /// Somebody who signs it.
    Analyst,
    /// Many forecasters together.
    Crowd,
    /// Whoever counts past cases.
    BaseRate,
}

impl Maker {
    /// As written in a case.
    pub fn word(self) -> &'static str {
        crate::grammar::JUDGED_BY[self as usize]
    }
}

/// Support that was found for a named package at a gate, printed beside what the gate computes.
#[derive(Clone, Debug)]
pub struct Published {
    /// Place in `Setting::gates`.
    pub gate: usize,
    /// Place in `Setting::packages`.
    pub package: usize,
    /// Share in favour.
    pub support: InputId,
    /// The question as it was asked.
    pub says: String,
}

/// A dated act.
#[derive(Clone, Debug)]
pub struct Act {
    /// Identifier.
    pub id: String,
    /// Who acted.
    pub by: usize,
    /// When, as written.
    pub on: String,
    /// What was done.
    pub says: String,
    /// What it tells of types and worlds.
    pub tells: Tells,
    /// Was it done after the party's priors were formed, and by the case's date? What was known then changes them no more, and the case knows
    /// nothing later.
    pub counts: bool,
    /// Is it later than the case?
    pub later: bool,
    /// What the choice was blurred by, where the case says so of it.
    pub noise: Option<InputId>,
    /// Places in [`Case::sources`].
    pub sources: Vec<usize>,
}

/// What an act tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tells {
    /// Nothing that weighs: it is listed.
    Nothing,
    /// What the case states: (type in the flat list of all types, how likely it was to do it relative to the party's others).
    Stated(Vec<(usize, InputId)>),
    /// It said yes to a named package.
    Accepted(usize),
    /// It said no to a named package, and asked for another instead, if it did.
    Refused(usize, Option<usize>),
    /// It pulled a lever of its own.
    Pulled(usize),
    /// It did not pull it.
    Withheld(usize),
    /// It announced it.
    Announced(usize),
}

/// What is known of a number that the model computes.
#[derive(Clone, Debug)]
pub struct Anchor {
    /// Identifier.
    pub id: String,
    /// In a sentence.
    pub says: String,
    /// The number.
    pub quantity: Amount,
    /// What is set before it is computed; nothing: the world as it is.
    pub with: Vec<With>,
    /// What is set where it speaks of what would be without that; nothing: the world as it is.
    pub against: Vec<With>,
    /// What is known of it.
    pub known: Known,
    /// How much it counts, in [0, 1].
    pub weight: f64,
    /// When it was known, as written; may be empty.
    pub on: String,
    /// Why it is about this number, and the weight.
    pub why: String,
    /// Places in [`Case::sources`].
    pub sources: Vec<usize>,
    /// Where it stands.
    pub span: Span,
}

/// What is known of a number, as written and as understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// As written.
    pub text: String,
    /// So many hits in so many cases at that rate, if it was counted: then worlds are weighed by the chance of that count.
    pub counted: Option<(f64, f64)>,
    /// Where the number lies; of a count, Jeffreys' posterior.
    pub distribution: Distribution,
}

impl Anchor {
    /// Logarithm of what a world in which the number is `x` is weighed by, but for a constant: a density, or the chance of a count, to the
    /// power of the weight.
    pub fn log_weight(&self, x: f64) -> f64 {
        let known = &self.known;
        let log = match known.counted {
            Some((hits, trials)) => detente_math::log_binomial(hits, trials, x),
            None => known.distribution.log_density(x),
        };
        if self.weight > 0.0 {
            self.weight * log
        } else {
            0.0
        }
    }

    /// The logarithm of the mean of that over what is known: what a world that does not tell the number is weighed by, which depends on no
    /// unit.
    pub fn log_weight_if_untold(&self) -> f64 {
        const POINTS: u32 = 64;
        let at = |i: u32| (f64::from(i) + 0.5) / f64::from(POINTS);
        let known = &self.known.distribution;
        let logs: Vec<f64> = (0..POINTS)
            .map(|i| self.log_weight(known.quantile(at(i))))
            .collect();
        let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = logs.iter().map(|log| libm::exp(log - most)).sum();
        most + libm::log(sum / f64::from(POINTS))
    }
}

/// A publication or data set.
#[derive(Clone, Debug)]
pub struct SourceEntry {
    /// Identifier.
    pub id: String,
    /// Title.
    pub title: String,
    /// Who wrote or collected it.
    pub author: String,
    /// When.
    pub date: String,
    /// Where to find it.
    pub url: String,
    /// Reliability A to F and credibility 1 to 6 (Admiralty scale); empty if not graded.
    pub grade: String,
    /// How far it was checked, sample size, caveats.
    pub note: String,
    /// Why it stands in a case that it is later than; empty if nobody had to say.
    pub later: String,
}
