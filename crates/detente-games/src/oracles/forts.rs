//! War as a random walk.

/// War as a random walk over forts (Smith 1998, Journal of Conflict Resolution 42; the gambler's ruin, Feller 1968, chapter XIV).
///
/// A side holds `held` of `forts` forts. Each battle wins it one with probability `battle`, else loses it one; it wins the war when it
/// holds all, and loses it when it holds none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Forts {
    /// Number of forts.
    pub forts: u32,
    /// Number held at first.
    pub held: u32,
    /// Probability to win a battle, in 0..1.
    pub battle: f64,
}

impl Default for Forts {
    fn default() -> Self {
        Self {
            forts: 5,
            held: 2,
            battle: 0.6,
        }
    }
}

impl Forts {
    /// Probability to win the war: (1-r^k)/(1-r^N), r the odds against in a battle.
    pub fn win(&self) -> f64 {
        let (k, n) = (f64::from(self.held), f64::from(self.forts));
        let r = (1.0 - self.battle) / self.battle;
        if r == 1.0 {
            return k / n;
        }
        (1.0 - libm::pow(r, k)) / (1.0 - libm::pow(r, n))
    }

    /// Expected number of battles.
    pub fn battles(&self) -> f64 {
        let (k, n) = (f64::from(self.held), f64::from(self.forts));
        let drift = 1.0 - 2.0 * self.battle;
        if drift == 0.0 {
            return k * (n - k);
        }
        (k - n * self.win()) / drift
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Battles after which the chain is over but for this much.
    const REST: f64 = 1e-14;

    /// Winning and duration by following the distribution over forts battle by battle.
    fn follow(model: &Forts) -> (f64, f64) {
        let (n, p) = (model.forts as usize, model.battle);
        let mut at = vec![0.0; n + 1];
        at[model.held as usize] = 1.0;
        let mut battles = 0.0;
        loop {
            let open: f64 = at[1..n].iter().sum();
            if open < REST {
                return (at[n], battles);
            }
            battles += open;
            let mut next = vec![0.0; n + 1];
            (next[0], next[n]) = (at[0], at[n]);
            for k in 1..n {
                next[k + 1] += p * at[k];
                next[k - 1] += (1.0 - p) * at[k];
            }
            at = next;
        }
    }

    #[test]
    fn formulas_agree_with_the_chain() {
        for (forts, held, battle) in [
            (5, 2, 0.6),
            (5, 2, 0.5),
            (8, 3, 0.35),
            (3, 1, 0.9),
            (10, 9, 0.2),
        ] {
            let model = Forts {
                forts,
                held,
                battle,
            };
            let (win, battles) = follow(&model);
            assert!((model.win() - win).abs() < 1e-11, "{model:?}");
            assert!((model.battles() - battles).abs() < 1e-9, "{model:?}");
        }
        assert!((Forts::default().win() - 0.639_810).abs() < 5e-7);
        assert!((Forts::default().battles() - 5.995_261).abs() < 5e-7);
    }
}
