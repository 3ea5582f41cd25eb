//! Numbers by name, so that the builder and the table cannot disagree.

use super::{Domain, NumberField, defaulting, number};

pub(crate) const PRIOR: NumberField = number("probability", Domain::Share);
pub(crate) const PATIENCE: NumberField = defaulting("a month", Domain::Within(0.9, 0.999), 0.985);
pub(crate) const BURDEN: NumberField = defaulting("points", Domain::NotNegative, 0.0);
pub(crate) const SCAR: NumberField = defaulting("points", Domain::NotNegative, 0.0);
pub(crate) const ESCALATION_COST: NumberField = defaulting("points", Domain::NotNegative, 0.0);
pub(crate) const BELIEVES_EDGE: NumberField = defaulting("log ratio", Domain::Signed, 0.0);
pub(crate) const WEIGHT: NumberField = defaulting("weight", Domain::NotNegative, 0.0);
pub(crate) const VALUE: NumberField = defaulting("share", Domain::Share, 0.0);
pub(crate) const PENALTY: NumberField = defaulting("points", Domain::NotNegative, 0.0);
pub(crate) const SWITCH_ON: NumberField = defaulting("switch", Domain::Switch, 1.0);
pub(crate) const POSITION: NumberField = number("line", Domain::Signed);
pub(crate) const EDGE: NumberField = number("log ratio", Domain::Signed);
pub(crate) const PACE: NumberField = number("line", Domain::NotNegative);
pub(crate) const VOLATILITY: NumberField = number("line", Domain::NotNegative);
pub(crate) const START: NumberField = defaulting("line", Domain::Signed, 0.0);
pub(crate) const DECISIVE: NumberField = number("a month", Domain::NotNegative);
pub(crate) const DECISIVE_SLOPE: NumberField = defaulting("per edge", Domain::NotNegative, 0.0);
pub(crate) const OTHER_END: NumberField = number("a month", Domain::NotNegative);
pub(crate) const ESCALATION: NumberField = defaulting("a month", Domain::NotNegative, 0.0);
pub(crate) const ESCALATION_SLOPE: NumberField = defaulting("per edge", Domain::NotNegative, 0.0);
pub(crate) const NEST_WEIGHT: NumberField = defaulting("weight", Domain::Positive, 1.0);
pub(crate) const SUBSTITUTION: NumberField = number("exponent", Domain::Within(-2.0, 1.0));
pub(crate) const SHARE: NumberField = number("share", Domain::Share);
pub(crate) const LEVEL: NumberField = defaulting("of today", Domain::Within(0.0, 2.0), 1.0);
pub(crate) const BUFFER: NumberField = defaulting("months", Domain::NotNegative, 0.0);
pub(crate) const RAMP: NumberField = defaulting("months", Domain::NotNegative, 0.0);
pub(crate) const FROM_MONTH: NumberField = defaulting("months", Domain::NotNegative, 0.0);
pub(crate) const LOW: NumberField = defaulting("of today", Domain::Within(0.4, 1.0), 1.0);
pub(crate) const DELAY: NumberField = defaulting("months", Domain::NotNegative, 0.0);
pub(crate) const COST: NumberField = defaulting("points", Domain::NotNegative, 0.0);
pub(crate) const LEVER_ESCALATION: NumberField = defaulting("log ratio", Domain::Signed, 0.0);
pub(crate) const HORIZON: NumberField = defaulting("months", Domain::Positive, 120.0);
/// Read by the field of the number that the expert speaks of.
pub(crate) const EXPERT: NumberField = number("as the number", Domain::Signed);
pub(crate) const EXPERT_WEIGHT: NumberField = defaulting("weight", Domain::Positive, 1.0);
pub(crate) const WORD: NumberField = number("probability", Domain::Share);
