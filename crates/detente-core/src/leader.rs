//! Leaders: what outcomes do to their office and legacy (Goemans 2000).

use crate::{Setting, Side, World};

/// An ending, or a feature of an outcome, that a leader's fate is stated for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Side A wins outright.
    ADecisive,
    /// Side B wins outright.
    BDecisive,
    /// An armistice that is not from these talks.
    Armistice,
    /// Escalation.
    Escalation,
    /// While nothing is settled.
    Unsettled,
    /// An agreed package.
    Deal,
    /// A package that was dictated.
    Imposed,
    /// A package agreed over an ally's refusal.
    OverAlly,
    /// The line worse than today.
    LineLost,
}

impl Fate {
    /// All of them, in the order of `TypeNumbers::fates`.
    pub const ALL: [Fate; 9] = [
        Fate::ADecisive,
        Fate::BDecisive,
        Fate::Armistice,
        Fate::Escalation,
        Fate::Unsettled,
        Fate::Deal,
        Fate::Imposed,
        Fate::OverAlly,
        Fate::LineLost,
    ];

    /// Key in the case language.
    pub fn id(self) -> &'static str {
        [
            "a_decisive",
            "b_decisive",
            "armistice",
            "escalation",
            "unsettled",
            "deal",
            "imposed",
            "over_ally",
            "line_lost",
        ][self as usize]
    }
}

/// legacy·φ − π·O: points that an outcome with these features is worth to the leader of type `t` above what it is worth to the
/// country. Shares of the legacy term add up, kept within [-1, 1]; each feature may cost office independently of the others.
pub fn leader_term(world: &World, t: usize, features: impl IntoIterator<Item = Fate>) -> f64 {
    let numbers = &world.numbers.types[t];
    if numbers.fates.is_empty() {
        return 0.0;
    }
    let (mut legacy, mut keeps) = (0.0, 1.0);
    for fate in features {
        legacy += numbers.fates[2 * fate as usize];
        keeps *= 1.0 - numbers.fates[2 * fate as usize + 1];
    }
    numbers.legacy * f64::clamp(legacy, -1.0, 1.0) - (1.0 - keeps) * numbers.office
}

/// Does the line at this position lie worse for the party of type `t` than today? Never for a party without a side.
pub fn line_lost(setting: &Setting, world: &World, t: usize, position: f64) -> bool {
    let today = world.numbers.contest.first().map_or(f64::NAN, |c| c.start);
    match setting.parties[setting.types[t].party].side {
        Some(Side::A) => position < today,
        Some(Side::B) => position > today,
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Fate, leader_term};
    use crate::{Numbers, TypeNumbers, World};

    #[test]
    fn shares_add_up_within_bounds_and_chances_are_independent() {
        let mut fates = vec![0.0; 18];
        for (fate, legacy, loses) in [
            (Fate::Deal, 0.5, 0.2),
            (Fate::Imposed, -0.4, 0.5),
            (Fate::LineLost, -0.9, 0.0),
            (Fate::OverAlly, -0.9, 0.0),
        ] {
            fates[2 * fate as usize] = legacy;
            fates[2 * fate as usize + 1] = loses;
        }
        let me = TypeNumbers {
            office: 10.0,
            legacy: 4.0,
            fates,
            ..TypeNumbers::default()
        };
        let numbers = Numbers {
            types: vec![me, TypeNumbers::default()],
            ..Numbers::default()
        };
        let world = World {
            index: 0,
            numbers,
            ..World::default()
        };
        let at = |features: &[Fate]| leader_term(&world, 0, features.iter().copied());
        assert_eq!(at(&[]), 0.0);
        assert!((at(&[Fate::Deal]) - (2.0 - 2.0)).abs() < 1e-12);
        assert!((at(&[Fate::Deal, Fate::Imposed]) - (0.4 - 6.0)).abs() < 1e-12);
        assert!((at(&[Fate::LineLost, Fate::OverAlly]) + 4.0).abs() < 1e-12);
        assert_eq!(leader_term(&world, 1, [Fate::Deal]), 0.0);
    }
}
