//! Numbers by name, so that the builder and the table cannot disagree.

use super::{Domain, NumberField, assumed, drawn, neutral, number, yardstick};

pub(crate) const PRIOR: NumberField = number("probability", Domain::Share);
/// The prior of the type of a party that has one.
pub(crate) const ONLY_TYPE: NumberField = neutral("probability", Domain::Share, 1.0);
pub(crate) const PATIENCE: NumberField = assumed("a month", Domain::Within(0.9, 0.999), 0.985);
pub(crate) const BURDEN: NumberField = assumed("points", Domain::NotNegative, 0.0);
pub(crate) const SCAR: NumberField = assumed("points", Domain::NotNegative, 0.0);
pub(crate) const ESCALATION_COST: NumberField = assumed("points", Domain::NotNegative, 0.0);
pub(crate) const BELIEVES_EDGE: NumberField = neutral("log ratio", Domain::Signed, 0.0);
pub(crate) const WEIGHT: NumberField = neutral("weight", Domain::NotNegative, 0.0);
pub(crate) const VALUE: NumberField = neutral("share", Domain::Share, 0.0);
pub(crate) const PENALTY: NumberField = neutral("points", Domain::NotNegative, 0.0);
pub(crate) const SWITCH_ON: NumberField = neutral("switch", Domain::Switch, 1.0);
pub(crate) const POSITION: NumberField = number("line", Domain::Signed);
pub(crate) const EDGE: NumberField = number("log ratio", Domain::Signed);
pub(crate) const PACE: NumberField = number("line", Domain::NotNegative);
pub(crate) const VOLATILITY: NumberField = number("line", Domain::NotNegative);
pub(crate) const START: NumberField = neutral("line", Domain::Signed, 0.0);
pub(crate) const DECISIVE: NumberField = number("a month", Domain::NotNegative);
pub(crate) const DECISIVE_SLOPE: NumberField = assumed("per edge", Domain::NotNegative, 0.0);
pub(crate) const OTHER_END: NumberField = number("a month", Domain::NotNegative);
pub(crate) const ESCALATION: NumberField = neutral("a month", Domain::NotNegative, 0.0);
pub(crate) const ESCALATION_SLOPE: NumberField = assumed("per edge", Domain::NotNegative, 0.0);
pub(crate) const NEST_WEIGHT: NumberField = assumed("weight", Domain::Positive, 1.0);
pub(crate) const SUBSTITUTION: NumberField = number("exponent", Domain::Within(-2.0, 1.0));
pub(crate) const SHARE: NumberField = number("share", Domain::Share);
pub(crate) const LEVEL: NumberField = neutral("of today", Domain::Within(0.0, 2.0), 1.0);
pub(crate) const BUFFER: NumberField = neutral("months", Domain::NotNegative, 0.0);
pub(crate) const RAMP: NumberField = neutral("months", Domain::NotNegative, 0.0);
pub(crate) const FROM_MONTH: NumberField = assumed("months", Domain::NotNegative, 0.0);
pub(crate) const LOW: NumberField = neutral("of today", Domain::Within(0.4, 1.0), 1.0);
pub(crate) const DELAY: NumberField = neutral("months", Domain::NotNegative, 0.0);
pub(crate) const COST: NumberField = assumed("points", Domain::NotNegative, 0.0);
pub(crate) const LEVER_ESCALATION: NumberField = neutral("log ratio", Domain::Signed, 0.0);
pub(crate) const HORIZON: NumberField = yardstick("months", Domain::Positive, 120.0);
/// Read by the field of the number that the expert speaks of.
pub(crate) const EXPERT: NumberField = number("as the number", Domain::Signed);
pub(crate) const EXPERT_WEIGHT: NumberField = neutral("weight", Domain::Positive, 1.0);
pub(crate) const WORD: NumberField = number("probability", Domain::Share);

/// Read by the field of the first number that takes it.
/// Unit and bounds are those of where a fact is used: here any number may stand.
pub(crate) const FACT: NumberField = number(AS_USED, Domain::Signed);
/// The unit of a number that takes unit and bounds from where it is used.
pub const AS_USED: &str = "as where it is used";
pub(crate) const RESERVATION: NumberField = number("points", Domain::Signed);
pub(crate) const STATE_WORTH: NumberField = number("points", Domain::Signed);
pub(crate) const STATE_SCAR: NumberField = neutral("points", Domain::NotNegative, 0.0);
pub(crate) const RATE: NumberField = number("a month", Domain::NotNegative);
pub(crate) const RATE_FROM: NumberField = number("months", Domain::NotNegative);
pub(crate) const FIGHTING_COST: NumberField = assumed("points", Domain::NotNegative, 0.0);
pub(crate) const RENEGE_COST: NumberField =
    drawn("points", Domain::NotNegative, 0.0, "between 0 and 10");
pub(crate) const ASPIRATION: NumberField = neutral("points", Domain::Signed, 0.0);
pub(crate) const BELIEVES_ESCALATION: NumberField = neutral("log ratio", Domain::Signed, 0.0);
pub(crate) const BELIEVES_CHANCE: NumberField = neutral("log odds", Domain::Signed, 0.0);
pub(crate) const BELIEVES_RATE: NumberField = neutral("log ratio", Domain::Signed, 0.0);
pub(crate) const RATE_SD: NumberField = neutral("log ratio", Domain::NotNegative, 0.0);
pub(crate) const OWN_SD: NumberField = neutral("log ratio", Domain::NotNegative, 0.0);
pub(crate) const LEARNING_RATE: NumberField = assumed("exponent", Domain::Within(0.0, 1.5), 1.0);
pub(crate) const OPEN_TO_NEWS: NumberField = neutral("log ratio", Domain::NotNegative, 0.0);
pub(crate) const NEWS_BIAS: NumberField = neutral("line", Domain::Signed, 0.0);
pub(crate) const OFFICE: NumberField = neutral("points", Domain::NotNegative, 0.0);
pub(crate) const LEGACY: NumberField = neutral("points", Domain::NotNegative, 0.0);
pub(crate) const FATE_LEGACY: NumberField = neutral("share", Domain::Within(-1.0, 1.0), 0.0);
pub(crate) const LOSES_OFFICE: NumberField = neutral("probability", Domain::Share, 0.0);
pub(crate) const CONCENTRATION: NumberField = number("as many observations", Domain::Positive);
pub(crate) const INTERACTION_WORTH: NumberField = number("weight", Domain::Signed);
pub(crate) const GATE_BASE: NumberField = number("log odds", Domain::Signed);
pub(crate) const GATE_EFFECT: NumberField = number("log odds", Domain::Signed);
pub(crate) const GATE_SCALE: NumberField = assumed("log odds", Domain::Positive, 1.0);
pub(crate) const GATE_BAR: NumberField = yardstick("probability", Domain::Share, 0.5);
pub(crate) const SUPPORT: NumberField = number("share", Domain::Share);
pub(crate) const LINE_LOSS: NumberField = number("line", Domain::NotNegative);
pub(crate) const ENDURES: NumberField = yardstick("months", Domain::Positive, 36.0);
pub(crate) const COMPELLED_BAR: NumberField = yardstick("probability", Domain::Share, 0.5);
pub(crate) const CRACK: NumberField = number("points", Domain::Signed);
pub(crate) const LASTS: NumberField = number("months", Domain::Positive);
pub(crate) const PAYS: NumberField = number("points", Domain::Signed);
pub(crate) const FEATURE: NumberField = neutral("share", Domain::Share, 0.0);
/// The deals that a rate was counted on had none of a feature.
pub(crate) const SAMPLE_FEATURE: NumberField = assumed("share", Domain::Share, 0.0);
pub(crate) const CHANCE: NumberField = number("probability", Domain::Share);
pub(crate) const AUDIENCE_COST: NumberField = assumed("points", Domain::NotNegative, 0.0);
pub(crate) const FLOW_COST: NumberField = number("points", Domain::Signed);
pub(crate) const ANNOUNCES: NumberField = number("probability", Domain::Share);
pub(crate) const CREDIBILITY: NumberField = number("probability", Domain::Share);
pub(crate) const NOISE: NumberField = number("spreads", Domain::Positive);
pub(crate) const DISTORTION: NumberField = neutral("spreads", Domain::Signed, 0.0);
pub(crate) const BACKGROUND: NumberField = number("a month", Domain::NotNegative);
pub(crate) const LOWERS: NumberField = neutral("log ratio", Domain::Within(-10.0, 0.0), 0.0);
pub(crate) const RAISES: NumberField = neutral("log ratio", Domain::Within(0.0, 10.0), 0.0);
pub(crate) const FADES: NumberField =
    drawn("months", Domain::Within(12.0, 120.0), 60.0, "24 to 96");
pub(crate) const REBUILD: NumberField =
    drawn("months", Domain::Within(6.0, 60.0), 24.0, "12 to 48");
pub(crate) const FORCE: NumberField = assumed("of today", Domain::Within(0.0, 3.0), 1.0);
pub(crate) const KEPT_MONTHS: NumberField = yardstick("months", Domain::Within(1.0, 240.0), 60.0);
pub(crate) const BASE_SHARE: NumberField = number("share", Domain::Share);
pub(crate) const YEARS: NumberField = number("years", Domain::Positive);
pub(crate) const TARGET_WORTH: NumberField = number("points", Domain::Signed);
pub(crate) const CHOICE_NOISE: NumberField =
    drawn("points", Domain::Within(0.05, 2.0), 0.5, "0.2 to 1");
pub(crate) const PRECISION: NumberField = assumed("per point", Domain::Positive, 2.0);
pub(crate) const ROUNDS: NumberField = number("rounds", Domain::Within(0.0, 12.0));
pub(crate) const TALKS_MONTHS: NumberField = number("months", Domain::Within(1.0, 24.0));
pub(crate) const OFFERS: NumberField = number("packages", Domain::Within(1.0, 8.0));
pub(crate) const MOVES: NumberField = number("moves", Domain::Within(20.0, 4000.0));
pub(crate) const MEANWHILE: NumberField = number("points", Domain::Signed);
pub(crate) const LIKELIHOOD: NumberField = number("ratio", Domain::Positive);
pub(crate) const ACT_NOISE: NumberField = number("points", Domain::Positive);
/// An exact number, read once.
pub(crate) const POOLED: NumberField = number("share", Domain::Share);
pub(crate) const JUDGED: NumberField = number("probability", Domain::Share);
pub(crate) const OBSERVED: NumberField = number("", Domain::Signed);
