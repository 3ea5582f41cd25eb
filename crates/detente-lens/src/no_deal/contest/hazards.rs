//! What beliefs make of a course: hazards and the line's drift, month by month.

use detente_core::OwnBeliefs;

use super::course::{Course, Regime};

/// Greatest exponent in a hazard: e^60 a month is certainty, and nothing overflows.
const GREATEST_EXPONENT: f64 = 60.0;
/// e to the power of that.
const GREATEST: f64 = 1.142_007_389_815_684_2e26;

/// An exponent and its exponential, so that e^(x+y) costs a product where both are at hand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Power {
    exponent: f64,
    value: f64,
}

impl Power {
    pub(super) fn of(exponent: f64) -> Self {
        let value = libm::exp(exponent.clamp(-GREATEST_EXPONENT, GREATEST_EXPONENT));
        Self { exponent, value }
    }

    /// Exponentials of the sum of two exponents and of its opposite, neither greater than e^60.
    fn both(self, other: Self) -> [f64; 2] {
        let small = |power: Self| power.exponent.abs() <= GREATEST_EXPONENT;
        if small(self) && small(other) {
            let value = self.value * other.value;
            return [value.min(GREATEST), (1.0 / value).min(GREATEST)];
        }
        let sum = self.exponent + other.exponent;
        [sum, -sum].map(|x| libm::exp(x.min(GREATEST_EXPONENT)))
    }
}

/// A month, under some beliefs.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Month {
    /// Chance of surviving the month.
    pub(super) stays: f64,
    /// Chance of ending in the month by each mode.
    pub(super) by_mode: [f64; 4],
    /// What the month adds to the mean of the line.
    pub(super) step: f64,
}

/// Months of a course under some beliefs.
pub(super) struct Hazards {
    /// What beliefs add to the edge.
    offset: f64,
    behind: f64,
    /// The exponent of the escalation hazard where the weapon's holder is not behind, and what that multiplies it by.
    exposed: f64,
    at_least: f64,
    /// Slopes of hazards in the edge that the powers below were taken at.
    slopes: [f64; 2],
    decides: Power,
    frightens: Power,
}

impl Hazards {
    /// Under `own` beliefs, with the edge moved by `shift` besides.
    pub(super) fn new(course: &Course, own: OwnBeliefs, shift: f64) -> Self {
        let exposed = course.exposure + own.escalation;
        Self {
            offset: own.edge + shift,
            behind: course.behind,
            exposed,
            at_least: libm::exp(exposed.min(GREATEST_EXPONENT)),
            slopes: [f64::NAN; 2],
            decides: Power::of(0.0),
            frightens: Power::of(0.0),
        }
    }

    /// A month of a regime.
    pub(super) fn month(&mut self, regime: &Regime) -> Month {
        let [_, pace, _, h0, h1, hn, esc0, esc1] = regime.numbers;
        let edge = regime.edge + self.offset;
        if self.slopes != [h1, esc1] {
            self.slopes = [h1, esc1];
            self.decides = Power::of(h1 * self.offset);
            let frightens = esc1 * self.behind * self.offset;
            self.frightens = Power::of(self.exposed + frightens);
        }
        let [up, down] = regime.decides.both(self.decides);
        let escalates = if edge * self.behind > 0.0 {
            regime.frightens.both(self.frightens)[0]
        } else {
            self.at_least
        };
        let hazards = [h0 * up, h0 * down, hn, esc0 * escalates];
        let [a, b, c, d] = hazards;
        let total = a + b + c + d;
        let ends = -libm::expm1(-total);
        let by_mode = if total > 0.0 {
            let ([a, b, c, d], share) = (hazards, ends / total);
            [a * share, b * share, c * share, d * share]
        } else {
            [0.0; 4]
        };
        Month {
            stays: 1.0 - ends,
            by_mode,
            step: pace * edge,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{GREATEST, GREATEST_EXPONENT};

    #[test]
    fn the_greatest_power_is_that_of_the_greatest_exponent() {
        assert_eq!(GREATEST, libm::exp(GREATEST_EXPONENT));
    }
}
