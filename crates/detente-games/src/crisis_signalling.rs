//! The crisis signalling game in which each side's payoffs have shocks that only it knows: best responses, their slopes, all equilibria.
//!
//! Lewis, J. B. & Schultz, K. A. (2003), "Revealing preferences: empirical estimation of a crisis bargaining game with incomplete
//! information", Political Analysis 11: 345-367; as Crisman-Cox, C. & Gibilisco, M. (2021), "Estimating signaling games in international
//! relations: problems and solutions", Political Science Research and Methods 9: 565-582, write it down.
//!
//! A leaves things as they are or challenges; B, challenged, concedes or resists; A, resisted, stands firm or backs down. To the payoffs of
//! standing firm (both sides') and to A's of backing down a standard normal shock is added, which its owner knows and the other does not.

use std::f64::consts::FRAC_1_SQRT_2;
use std::sync::LazyLock;

use detente_math::{BivariateNormal, normal_cdf, normal_pdf};

/// Names of the mean payoffs, in the order in which they are given: to A of the status quo and of B's conceding, to B of conceding, to A
/// and to B of A's standing firm, to A and to B of A's backing down. The status quo is worth 0 to B.
pub const PAYOFFS: [&str; 7] = ["SA", "VA", "CB", "barWA", "barWB", "bara", "VB"];
/// Names of what can come: the status quo, B concedes, A stands firm, A backs down.
pub const ENDINGS: [&str; 4] = ["sq", "cd", "sf", "bd"];

/// Mean payoffs, in the order of [`PAYOFFS`].
pub type Payoffs = [f64; 7];

/// What A does, given how likely it thinks that B resists; with slopes by each payoff, and by that chance last.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Challenger {
    /// Leaves things as they are.
    pub keeps: f64,
    /// Challenges, and would stand firm.
    pub stands: f64,
    /// Challenges, and would back down.
    pub backs: f64,
    /// Slopes of `stands`.
    pub stands_by: [f64; 8],
    /// Slopes of `backs`.
    pub backs_by: [f64; 8],
}

/// What B does, given how likely it thinks that A stands firm; with slopes by each payoff, and by that chance last.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target {
    /// Resists.
    pub resists: f64,
    /// Concedes.
    pub concedes: f64,
    /// Slopes of `resists`.
    pub resists_by: [f64; 8],
}

/// An equilibrium.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Equilibrium {
    /// How likely B resists a challenge.
    pub resist: f64,
    /// How likely A challenges.
    pub challenge: f64,
    /// How likely a resisted challenger stands firm.
    pub fight: f64,
    /// How likely each ending is, in the order of [`ENDINGS`].
    pub endings: [f64; 4],
}

/// Points at which best responses are taken to find where they cross; even in the normal quantile of the chance of resistance.
const GRID: u32 = 480;
/// The quantile at the ends: chances nearer to 0 or 1 than 1e-15 count as those.
const REACH: f64 = 8.0;
/// A's shock to standing firm, and how far it is above that to backing down over √2.
static SHOCKS: LazyLock<BivariateNormal> = LazyLock::new(|| BivariateNormal::new(FRAC_1_SQRT_2));
/// The least chance that anything is divided by.
const LEAST: f64 = 1e-15;

impl Challenger {
    /// A challenges if the better of standing firm and backing down, shocks and all, is above what makes up for the status quo:
    /// c = (SA − (1 − r)·VA)/r, r being the chance that B resists.
    pub fn facing(payoffs: &Payoffs, resist: f64) -> Self {
        let [kept, won, _, war, _, back, _] = *payoffs;
        let r = resist.max(LEAST);
        let least = (kept - (1.0 - r) * won) / r;
        let [below_war, below_back] = [least - war, least - back];
        let [war_fails, back_fails] = [normal_cdf(below_war), normal_cdf(below_back)];
        let apart = (war - back) * FRAC_1_SQRT_2;
        // The lesser of both is integrated, the other is what is left of all who challenge: nothing is lost by taking off.
        let challenges = normal_cdf(-below_war) + war_fails * normal_cdf(-below_back);
        let (stands, backs) = if apart < 0.0 {
            let stands = SHOCKS.cdf(apart, -below_war);
            (stands, (challenges - stands).max(0.0))
        } else {
            let backs = SHOCKS.cdf(-apart, -below_back);
            ((challenges - backs).max(0.0), backs)
        };
        // Where both are alike, and above the least.
        let tie = normal_pdf(apart)
            * normal_cdf((war + back - 2.0 * least) * FRAC_1_SQRT_2)
            * FRAC_1_SQRT_2;
        // Where one is at the least, and the other below.
        let war_edge = normal_pdf(below_war) * back_fails;
        let back_edge = normal_pdf(below_back) * war_fails;
        let least_by = [1.0 / r, -(1.0 - r) / r, (won - kept) / (r * r)];
        let by = |edge: f64, war: f64, back: f64| {
            let mut slopes = [0.0; 8];
            (slopes[0], slopes[1], slopes[7]) = (
                -edge * least_by[0],
                -edge * least_by[1],
                -edge * least_by[2],
            );
            (slopes[3], slopes[5]) = (war, back);
            slopes
        };
        Self {
            keeps: war_fails * back_fails,
            stands,
            backs,
            stands_by: by(war_edge, tie + war_edge, -tie),
            backs_by: by(back_edge, -tie, tie + back_edge),
        }
    }

    /// How likely A challenges.
    pub fn challenges(&self) -> f64 {
        self.stands + self.backs
    }

    /// How likely A stands firm, if it challenged. Where it never does, that is what the last to do so would do: whoever has the higher mean.
    pub fn fight(&self, payoffs: &Payoffs) -> f64 {
        let all = self.challenges();
        if all > 0.0 {
            return self.stands / all;
        }
        match payoffs[3].total_cmp(&payoffs[5]) {
            std::cmp::Ordering::Less => 0.0,
            std::cmp::Ordering::Equal => 0.5,
            std::cmp::Ordering::Greater => 1.0,
        }
    }

    /// Slopes of how likely A stands firm, if it challenged.
    pub fn fight_by(&self) -> [f64; 8] {
        let all = self.challenges();
        let square = all * all;
        std::array::from_fn(|i| {
            let slope = self.stands_by[i] * self.backs - self.backs_by[i] * self.stands;
            if square > 0.0 { slope / square } else { 0.0 }
        })
    }
}

impl Target {
    /// B resists if f·(WB + its shock) + (1 − f)·VB > CB, f being the chance that A stands firm.
    pub fn facing(payoffs: &Payoffs, fight: f64) -> Self {
        let [_, _, conceded, _, war, _, back] = *payoffs;
        let f = fight.max(LEAST);
        let z = war + ((1.0 - f) * back - conceded) / f;
        let density = normal_pdf(z);
        let mut resists_by = [0.0; 8];
        resists_by[2] = -density / f;
        resists_by[4] = density;
        resists_by[6] = density * (1.0 - f) / f;
        resists_by[7] = density * (conceded - back) / (f * f);
        Self {
            resists: normal_cdf(z),
            concedes: normal_cdf(-z),
            resists_by,
        }
    }
}

/// B's best response to A's best response to a chance of resistance. Equilibria are where it is that chance.
pub fn respond(payoffs: &Payoffs, resist: f64) -> f64 {
    let fight = Challenger::facing(payoffs, resist).fight(payoffs);
    Target::facing(payoffs, fight).resists
}

/// What is played where B resists with a chance that is (nearly) an equilibrium's.
pub fn equilibrium_at(payoffs: &Payoffs, resist: f64) -> Equilibrium {
    let a = Challenger::facing(payoffs, resist);
    let fight = a.fight(payoffs);
    let b = Target::facing(payoffs, fight);
    Equilibrium {
        resist,
        challenge: a.challenges(),
        fight,
        endings: [
            a.keeps,
            a.challenges() * b.concedes,
            a.stands * b.resists,
            a.backs * b.resists,
        ],
    }
}

/// All equilibria, by rising chance of resistance. Best responses are taken at 481 points, even in the normal quantile of that chance; each
/// change of sign is halved until nothing is left of it, and each near miss is looked into for a pair. There is always one at least.
pub fn equilibria(payoffs: &Payoffs) -> Vec<Equilibrium> {
    let excess = |z: f64| {
        let r = normal_cdf(z);
        respond(payoffs, r) - r
    };
    let at = |step: u32| REACH * (2.0 * f64::from(step) / f64::from(GRID) - 1.0);
    let known: Vec<(f64, f64)> = (0..=GRID).map(|k| (at(k), excess(at(k)))).collect();
    let mut found = Vec::new();
    // Beyond the ends: nobody ever resists, or everybody does.
    if known[0].1 <= 0.0 {
        found.push(known[0].0);
    }
    for pair in known.windows(2) {
        if pair[0].1 > 0.0 && pair[1].1 <= 0.0 || pair[0].1 <= 0.0 && pair[1].1 > 0.0 {
            // The point at the lower end was told as such.
            if pair[0].1 != 0.0 {
                found.push(halved(&excess, pair[0].0, pair[1].0));
            }
        }
    }
    for three in known.windows(3) {
        let [before, middle, after] = [three[0].1, three[1].1, three[2].1];
        let side = middle.signum();
        let same = before.signum() == side && after.signum() == side;
        if same && middle.abs() <= before.abs() && middle.abs() <= after.abs() {
            let (turn, there) = nearest_miss(&excess, side, three[0].0, three[2].0);
            if there.signum() != side {
                found.push(halved(&excess, three[0].0, turn));
                found.push(halved(&excess, turn, three[2].0));
            }
        }
    }
    if known[known.len() - 1].1 > 0.0 {
        found.push(REACH);
    }
    found.sort_by(f64::total_cmp);
    found.dedup_by(|a, b| (*a - *b).abs() < 1e-12);
    let each = found.into_iter();
    each.map(|z| equilibrium_at(payoffs, normal_cdf(z)))
        .collect()
}

/// Where the sign changes between two places at which it differs.
fn halved(excess: &impl Fn(f64) -> f64, mut low: f64, mut high: f64) -> f64 {
    let above = excess(low) > 0.0;
    loop {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high || high - low < 1e-15 {
            return middle;
        }
        if (excess(middle) > 0.0) == above {
            low = middle;
        } else {
            high = middle;
        }
    }
}

/// The place between two nearest to the other side of 0, by the golden section; it stops as soon as it is there.
fn nearest_miss(
    excess: &impl Fn(f64) -> f64,
    side: f64,
    mut low: f64,
    mut high: f64,
) -> (f64, f64) {
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    let own = |z: f64| side * excess(z);
    let (mut a, mut b) = (high - GOLDEN * (high - low), low + GOLDEN * (high - low));
    let (mut at_a, mut at_b) = (own(a), own(b));
    while high - low > 1e-9 && at_a > 0.0 && at_b > 0.0 {
        if at_a < at_b {
            (high, b, at_b) = (b, a, at_a);
            a = high - GOLDEN * (high - low);
            at_a = own(a);
        } else {
            (low, a, at_a) = (a, b, at_b);
            b = low + GOLDEN * (high - low);
            at_b = own(b);
        }
    }
    if at_a < at_b {
        (a, side * at_a)
    } else {
        (b, side * at_b)
    }
}

/// The equilibrium that is followed from a chance of resistance when payoffs move a little: Newton's steps, with the bounds of 0 and 1, from
/// there. Nothing if they lead nowhere, as where the equilibrium has vanished.
pub fn follow(payoffs: &Payoffs, resist: f64) -> Option<f64> {
    let mut r = resist.clamp(LEAST, 1.0 - LEAST);
    for _ in 0..30 {
        let a = Challenger::facing(payoffs, r);
        let b = Target::facing(payoffs, a.fight(payoffs));
        let miss = b.resists - r;
        if miss.abs() <= 1e-15 + 1e-13 * r {
            return Some(r);
        }
        let slope = b.resists_by[7] * a.fight_by()[7] - 1.0;
        // Not farther than half of the way to a bound.
        let step = -miss / slope;
        if !step.is_finite() {
            return None;
        }
        let next = (r + step).clamp(0.5 * r, 0.5 * (1.0 + r));
        if (next - r).abs() <= 1e-15 * r {
            return Some(next);
        }
        r = next;
    }
    None
}

/// Slopes of the chance of resistance in equilibrium by each payoff, by the implicit function theorem; `a` is what A does there.
pub fn resist_by(payoffs: &Payoffs, a: &Challenger) -> [f64; 7] {
    let b = Target::facing(payoffs, a.fight(payoffs));
    let fight_by = a.fight_by();
    let own = 1.0 - b.resists_by[7] * fight_by[7];
    std::array::from_fn(|i| (b.resists_by[7] * fight_by[i] + b.resists_by[i]) / own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracles::LewisSchultz;

    fn oracle(u: &Payoffs) -> LewisSchultz {
        LewisSchultz {
            status_quo_a: u[0],
            concede_a: u[1],
            concede_b: u[2],
            war_a: u[3],
            war_b: u[4],
            back_down_a: u[5],
            back_down_b: u[6],
        }
    }

    fn draws() -> impl Iterator<Item = Payoffs> {
        (0..60).map(|i| {
            std::array::from_fn(|k| {
                let key = detente_math::path_key(PAYOFFS[k]);
                4.0 * detente_math::uniform(3, key, i) - 2.0
            })
        })
    }

    /// Three equilibria at payoffs that the authors of sigInt use as an example, and the oracle's everywhere.
    #[test]
    fn equilibria_are_those_of_the_oracle() {
        let example = [0.0, 1.0, 0.0, -1.9, -2.9, -1.2, 1.0];
        for u in draws().chain([example]) {
            let found = equilibria(&u);
            let known = oracle(&u).answers();
            // Where nearly nobody challenges the oracle, which subtracts, has no digits left.
            let inside = |r: f64, challenge: f64| r > 1e-4 && r < 1.0 - 1e-4 && challenge > 1e-9;
            let found: Vec<_> = found
                .into_iter()
                .filter(|e| inside(e.resist, e.challenge))
                .collect();
            let known: Vec<_> = known
                .into_iter()
                .filter(|e| inside(e.resist, e.challenge))
                .collect();
            assert_eq!(found.len(), known.len(), "{u:?}");
            for (a, b) in found.iter().zip(&known) {
                assert!((a.resist - b.resist).abs() < 1e-7, "{u:?}");
                assert!((a.challenge - b.challenge).abs() < 1e-7, "{u:?}");
                assert!((a.fight - b.fight).abs() < 1e-6, "{u:?}");
                assert!((a.endings[2] - b.war).abs() < 1e-7, "{u:?}");
            }
        }
        assert_eq!(equilibria(&example).len(), 3);
    }

    /// A player who knows the shocks chooses; shares are counted on a grid of shocks. No normal distribution but through quantiles.
    #[test]
    fn nobody_gains_by_another_choice() {
        let points = 400;
        let shocks: Vec<f64> = (0..points)
            .map(|i| detente_math::normal_quantile((f64::from(i) + 0.5) / f64::from(points)))
            .collect();
        for u in draws().take(12) {
            for e in equilibria(&u) {
                let (mut kept, mut stood) = (0_u32, 0_u32);
                for x in &shocks {
                    for y in &shocks {
                        let (war, back) = (u[3] + x, u[5] + y);
                        if u[0] >= (1.0 - e.resist) * u[1] + e.resist * war.max(back) {
                            kept += 1;
                        } else if war > back {
                            stood += 1;
                        }
                    }
                }
                let all = f64::from(points * points);
                assert!((f64::from(kept) / all - e.endings[0]).abs() < 4e-3, "{u:?}");
                let stands = e.challenge * e.fight;
                assert!((f64::from(stood) / all - stands).abs() < 4e-3, "{u:?}");
                let resists = shocks
                    .iter()
                    .filter(|&x| e.fight * (u[4] + x) + (1.0 - e.fight) * u[6] > u[2]);
                let share = resists.count() as f64 / f64::from(points);
                assert!(
                    (share - e.resist).abs() < 4e-3,
                    "{u:?} {share} {}",
                    e.resist
                );
                assert!((e.endings.iter().sum::<f64>() - 1.0).abs() < 1e-12);
                assert!((respond(&u, e.resist) - e.resist).abs() < 1e-12, "{u:?}");
            }
        }
    }

    #[test]
    fn slopes_are_those_of_small_differences() {
        let h = 1e-6;
        for u in draws() {
            let r = 0.2 + 0.3 * (u[0] + 2.0) / 4.0;
            let moved = |i: usize, by: f64| {
                let (mut u, mut r) = (u, r);
                if i < 7 {
                    u[i] += by;
                } else {
                    r += by;
                }
                let a = Challenger::facing(&u, r);
                [
                    a.stands,
                    a.backs,
                    a.fight(&u),
                    Target::facing(&u, r).resists,
                ]
            };
            let a = Challenger::facing(&u, r);
            let b = Target::facing(&u, r);
            for i in 0..8 {
                let (up, down) = (moved(i, h), moved(i, -h));
                let slopes = [
                    a.stands_by[i],
                    a.backs_by[i],
                    a.fight_by()[i],
                    b.resists_by[i],
                ];
                for k in 0..4 {
                    let slope = (up[k] - down[k]) / (2.0 * h);
                    let near = 1e-6 * (1.0 + slope.abs());
                    assert!(
                        (slope - slopes[k]).abs() < near,
                        "{u:?} {i} {k}: {slope} {}",
                        slopes[k]
                    );
                }
            }
            for e in equilibria(&u) {
                let slopes = resist_by(&u, &Challenger::facing(&u, e.resist));
                for i in 0..7 {
                    let at = |by: f64| {
                        let mut u = u;
                        u[i] += by;
                        follow(&u, e.resist)
                    };
                    let (Some(up), Some(down)) = (at(h), at(-h)) else {
                        continue;
                    };
                    let slope = (up - down) / (2.0 * h);
                    let near = 1e-4 * (1.0 + slope.abs());
                    assert!(
                        (slope - slopes[i]).abs() < near,
                        "{u:?} {i}: {slope} {}",
                        slopes[i]
                    );
                }
            }
        }
    }

    #[test]
    fn far_out_nothing_breaks() {
        for scale in [30.0, 1e3, 1e6] {
            for u in draws() {
                let u = u.map(|x| x * scale);
                let found = equilibria(&u);
                assert!(!found.is_empty(), "{u:?}");
                for e in found {
                    assert!(
                        e.endings.iter().all(|p| (0.0..=1.0).contains(p)),
                        "{u:?} {e:?}"
                    );
                }
            }
        }
    }
}
