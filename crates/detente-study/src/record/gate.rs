//! Which worlds are weighed at all: part of a weight costs next to nothing, and the rest some milliseconds.
//!
//! A world is let in with a chance that grows with the cheap part of its weight, and stands for one over that chance of such worlds
//! (rejection control in two steps: Liu 2001, section 2.6; delayed acceptance in the words of Christen & Fox 2005). Whatever the chance, what
//! comes of it is right; how it is chosen decides what it costs.

/// What it costs to let a world in and weigh it, beside a row of a report.
const WEIGHING: f64 = 1.0 / 3.0;
/// The same of looking at it.
const LOOKING: f64 = 0.01;
/// Gates that are tried.
const TRIED: usize = 64;

/// Says which worlds are weighed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gate {
    /// The logarithm of the cheap part of a weight from which on every world is let in.
    full: f64,
}

impl Gate {
    /// The gate that makes a row of a given worth cheapest. `seen`: by world, the logarithms of the cheap part of its weight and of all of it;
    /// `level`: that of the weight from which on every world is taken.
    pub(super) fn of(seen: &[[f64; 2]], level: f64) -> Self {
        let mut cheap: Vec<f64> = seen.iter().map(|[cheap, _]| *cheap).collect();
        cheap.retain(|x| x.is_finite());
        cheap.sort_by(f64::total_cmp);
        let open = Self {
            full: f64::NEG_INFINITY,
        };
        let place = |k: usize| cheap[k * (cheap.len() - 1) / (TRIED - 1)];
        let gates = (0..TRIED)
            .filter(|_| !cheap.is_empty())
            .map(|k| Self { full: place(k) });
        let (mut best, mut least) = (open, open.cost(seen, level));
        for gate in gates {
            let cost = gate.cost(seen, level);
            if cost < least {
                (best, least) = (gate, cost);
            }
        }
        best
    }

    /// What rows that are worth one that counts fully cost.
    fn cost(self, seen: &[[f64; 2]], level: f64) -> f64 {
        let (mut cost, mut sum, mut squares) = (0.0, 0.0, 0.0);
        for [cheap, all] in seen {
            let (chance, weight) = (self.chance(*cheap), libm::exp(all - level));
            let (taken, counts) = (chance.min(weight), (weight / chance).max(1.0));
            cost += LOOKING + chance * WEIGHING + taken;
            sum += taken * counts;
            squares += taken * counts * counts;
        }
        if sum > 0.0 {
            cost * squares / (sum * sum)
        } else {
            f64::INFINITY
        }
    }

    /// The chance that a world is let in.
    pub(super) fn chance(self, cheap: f64) -> f64 {
        /// No world stands for more than so many: a gate that was set by few worlds may not know of the best ones.
        const LEAST: f64 = 0.02;
        if cheap >= self.full {
            1.0
        } else {
            libm::exp(cheap - self.full).max(LEAST)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Gate;

    #[test]
    fn a_part_that_tells_nothing_opens_the_gate_and_one_that_tells_all_closes_it() {
        let weights: Vec<f64> = (0..400).map(|i| -0.02 * f64::from(i)).collect();
        let none: Vec<[f64; 2]> = weights.iter().map(|w| [0.0, *w]).collect();
        assert!((0..9).all(|_| Gate::of(&none, 0.0).chance(0.0) == 1.0));
        let all: Vec<[f64; 2]> = weights.iter().map(|w| [*w, *w]).collect();
        let gate = Gate::of(&all, 0.0);
        assert!(gate.chance(-4.0) < 0.2 && gate.chance(0.0) == 1.0);
        let cost = |gate: Gate| gate.cost(&all, 0.0);
        let open = Gate {
            full: f64::NEG_INFINITY,
        };
        assert!(cost(gate) < 0.7 * cost(open));
    }
}
