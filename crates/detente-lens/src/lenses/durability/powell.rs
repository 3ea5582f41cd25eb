//! Powell's condition for a war that is worth a stated value or is a lottery (Powell 1999, 2006): where the other side rises so fast that
//! it cannot be kept from asking, a month later, for more than war now leaves it, no division of the pie keeps the peace.
//!
//! δ p(m+1) − p(m) > k / (1 − k), with p the rising side's share of what war leaves, k the part of the pie that war destroys, δ the
//! patience of the side that falls. What each side's war is worth is counted as a share of the pie: of the 100 points where it is stated,
//! of what winning is worth over losing where war is a lottery. As forces are rebuilt, odds move with the ratio of forces (Hirshleifer
//! 1989): those of p, or of the lottery.

use detente_core::{DealValue, Fate, Preferences, Setting, Side, World};

use crate::Identity;
use crate::durable::law::{LAST, rebuilt};
use crate::no_deal::lottery::believed;

/// By how much a type's opponent rises too fast, at worst: δ p(m+1) − p(m) − k / (1 − k) in the month in which it is greatest. `None`
/// where a contest says what war is worth, where two principals do not face each other, or where a side's war leaves it no share.
pub(super) fn gap(
    setting: &Setting,
    world: &World,
    preferences: &Preferences,
    t: usize,
) -> Option<f64> {
    let numbers = world.numbers.durability.first()?;
    let (side, opponent) = facing(setting, t)?;
    let others = setting.parties[opponent].types.clone();
    let war = if let Some(lottery) = &setting.lottery {
        let cost = |t: usize| {
            let worth = |package: &[u8], fate| {
                let how = [fate, Fate::Imposed];
                Identity.worth(setting, world, preferences, t, package, &how)
            };
            let a = worth(&lottery.a_wins, Fate::ADecisive);
            let b = worth(&lottery.b_wins, Fate::BDecisive);
            let mine = setting.parties[setting.types[t].party].side == Some(Side::A);
            let prize = if mine { a - b } else { b - a };
            (prize > 0.0).then(|| world.numbers.types[t].fighting_cost / prize)
        };
        let of_a = believed(
            world.numbers.lottery.first()?.chance,
            world.numbers.types[t].believes_chance,
        );
        let chance = if side == Side::A { 1.0 - of_a } else { of_a };
        let mut costs = 0.0;
        for o in others {
            costs += world.believed(t, o) * cost(o)?;
        }
        War {
            falling: 1.0 - chance - cost(t)?,
            pie: 1.0,
            chance,
            cost: costs,
        }
    } else if setting.reservations {
        let stated = |t: usize| 0.01 * world.numbers.types[t].reservation;
        let rising: f64 = others.map(|o| world.believed(t, o) * stated(o)).sum();
        War {
            falling: stated(t),
            pie: stated(t) + rising,
            chance: rising / (stated(t) + rising),
            cost: 0.0,
        }
    } else {
        return None;
    };
    let left = war.falling + war.rising(1.0);
    let shared = war.falling >= 0.0 && war.rising(1.0) >= 0.0 && left > 0.0;
    if !shared {
        return None;
    }
    // The odds of the side that rises grow by this as forces are rebuilt.
    let grown = |m: usize| match side {
        Side::A => libm::exp(-rebuilt(numbers, m as f64)),
        Side::B => libm::exp(rebuilt(numbers, m as f64)),
    };
    let share = |m: usize| war.rising(grown(m)) / left;
    let patience = world.numbers.types[t].patience;
    let (mut most, mut now) = (f64::NEG_INFINITY, share(0));
    for m in 0..LAST {
        let next = share(m + 1);
        most = most.max(patience * next - now);
        now = next;
    }
    Some(most - (1.0 - left) / left)
}

/// What war is worth to both, as shares of the pie.
struct War {
    /// To the side that falls, today.
    falling: f64,
    /// The side that rises gets this part with this chance, less what it pays.
    pie: f64,
    chance: f64,
    cost: f64,
}

impl War {
    /// To the side that rises, once its odds have grown by a factor.
    fn rising(&self, grown: f64) -> f64 {
        let wins = self.chance * grown;
        self.pie * wins / (1.0 - self.chance + wins) - self.cost
    }
}

/// The side of a type that is of a principal, and its only opponent.
fn facing(setting: &Setting, t: usize) -> Option<(Side, usize)> {
    if setting.contest.is_some() {
        return None;
    }
    let own = setting.types[t].party;
    let fights = |party: usize| setting.parties[party].is_principal();
    let side = setting.parties[own].side.filter(|_| fights(own))?;
    let mut others = (0..setting.parties.len()).filter(|other| *other != own && fights(*other));
    let opponent = others.next().filter(|_| others.next().is_none())?;
    let faces = setting.parties[opponent].side.is_some_and(|s| s != side);
    faces.then_some((side, opponent))
}
