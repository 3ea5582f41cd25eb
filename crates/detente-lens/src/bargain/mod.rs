//! The frontier of a bargain and its solutions, exactly.
//!
//! A [`Bargain`] is a plain table: issues ([`Group`]) whose options are worth so many points to each party, and whose
//! points add up across issues. A package is one choice a group; a party's margin is what the package is worth to it plus
//! its base, usually minus its no-deal value. Interacting issues are one group, whose joint choices the caller lists.
//!
//! - [`frontier`]: every margin vector that no other package dominates, with a package each;
//! - [`solutions`]: Nash (1950), Kalai and Smorodinsky (1975), egalitarian and utilitarian points, all ties included;
//! - [`best_for`]: the most that one party can get while the others keep their no-deal values;
//! - [`hull`], [`egalitarian_lottery`]: lotteries over packages;
//! - [`adjusted_winner`], [`alternating_offers`]: two procedures with published answers;
//! - [`most_for_the_worst_off`]: a bound on what any package or lottery gives the worst-off, without a frontier;
//! - [`count_acceptable`]: how many packages all parties accept;
//! - [`certify`]: a check of a claimed frontier that shares nothing with the search.
//!
//! ```
//! use detente_lens::bargain::{Bargain, Group, frontier, solutions};
//!
//! // Two issues of two options; (10, 0) or (0, 4), then (6, 0) or (0, 9).
//! let issue = |points: [f64; 4]| Group { points: points.to_vec(), marks: vec![0, 0] };
//! let groups = vec![issue([10.0, 0.0, 0.0, 4.0]), issue([6.0, 0.0, 0.0, 9.0])];
//! let bargain = Bargain::new(2, groups, vec![0.0, 0.0], 0).unwrap();
//!
//! let frontier = frontier(&bargain, &[0.0, 0.0]).unwrap();
//! assert_eq!(frontier.len(), 3); // (16, 0), (10, 9), (0, 13)
//! let nash = solutions(&bargain, &frontier, None).nash.unwrap();
//! assert_eq!(frontier.margins(nash.at[0]), [10.0, 9.0]);
//! ```
//!
//! Sources: Nash 1950, "The bargaining problem", Econometrica 18; Kalai and Smorodinsky 1975, "Other solutions to Nash's
//! bargaining problem", Econometrica 43; Raiffa 1982, The Art and Science of Negotiation; Imai 1983, "Individual
//! monotonicity and lexicographic maxmin solution", Econometrica 51.

mod adjusted_winner;
mod certify;
mod dominance;
mod frontier;
mod hull;
mod most;
mod solutions;
#[cfg(test)]
mod tests;
mod ways;
mod zone;

pub use adjusted_winner::{AdjustedWinner, Divided, NoDivision, adjusted_winner};
pub use certify::{Certificate, Flaw, certify};
pub use frontier::{Frontier, Package, TooLarge, best_for, frontier, frontier_within};
pub use hull::{EgalitarianLottery, Lottery, Mixture, egalitarian_lottery, hull};
pub use most::most_for_the_worst_off;
pub use solutions::{Solution, Solutions, alternating_offers, solutions};
pub use zone::count_acceptable;

/// Most parties of a bargain: beyond, nearly every package is on the frontier.
pub const MOST_PARTIES: usize = 8;

/// Two margins are the same where they differ by no more than this part of the party's scale ([`Bargain::scale`]): a
/// million times the rounding of a sum of any hundred points, and a billionth of what is at stake.
pub const TOLERANCE: f64 = 1e-9;

/// One issue, or several that interact and whose joint choices are listed.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Choice `c` is worth `points[c * parties + i]` to party `i`, in points.
    pub points: Vec<f64>,
    /// By choice: a bit mask of what a package with it has, such as who must perform it, or a rule that it no longer breaks.
    pub marks: Vec<u64>,
}

impl Group {
    /// How many choices it has.
    pub fn choices(&self) -> usize {
        self.marks.len()
    }
}

/// Issues whose worth to each party adds up, and what the parties must reach.
#[derive(Clone, Debug, PartialEq)]
pub struct Bargain {
    parties: usize,
    groups: Vec<Group>,
    base: Vec<f64>,
    required: u64,
    scale: Vec<f64>,
}

/// Why a table is no bargain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadBargain {
    /// No party, or more than [`MOST_PARTIES`].
    Parties,
    /// The base needs one number a party.
    Base,
    /// A group has no choice, or not one number a choice and party.
    Group {
        /// Which.
        group: usize,
    },
    /// A number, or the sum of a party's largest ones, is not finite.
    NotFinite,
}

impl std::fmt::Display for BadBargain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Parties => write!(f, "there must be 1 to {MOST_PARTIES} parties"),
            Self::Base => f.write_str("the base needs one number a party"),
            Self::Group { group } => write!(
                f,
                "group {group} has no choice, or not one number a choice and party"
            ),
            Self::NotFinite => {
                f.write_str("a number, or the sum of a party's largest ones, is not finite")
            }
        }
    }
}

impl std::error::Error for BadBargain {}

impl Bargain {
    /// A bargain of `parties` parties. `base[i]` is added to every package's worth to party `i`. Only packages count whose
    /// choices' marks, taken together, are exactly `required`: 0 is packages that no marked choice is part of.
    ///
    /// # Errors
    ///
    /// See [`BadBargain`].
    pub fn new(
        parties: usize,
        groups: Vec<Group>,
        base: Vec<f64>,
        required: u64,
    ) -> Result<Self, BadBargain> {
        if parties == 0 || parties > MOST_PARTIES {
            return Err(BadBargain::Parties);
        }
        if base.len() != parties {
            return Err(BadBargain::Base);
        }
        let mut scale: Vec<f64> = base.iter().map(|x| x.abs()).collect();
        for (g, group) in groups.iter().enumerate() {
            if group.marks.is_empty() || group.points.len() != group.marks.len() * parties {
                return Err(BadBargain::Group { group: g });
            }
            for i in 0..parties {
                let of = group.points.iter().skip(i).step_by(parties);
                // A sum, not a maximum: `max` would lose a NaN.
                scale[i] += of.fold(0.0, |most: f64, x| {
                    if x.is_finite() {
                        most.max(x.abs())
                    } else {
                        f64::INFINITY
                    }
                });
            }
        }
        if !scale.iter().all(|s| s.is_finite()) {
            return Err(BadBargain::NotFinite);
        }
        Ok(Self {
            parties,
            groups,
            base,
            required,
            scale,
        })
    }

    /// How many parties.
    pub fn parties(&self) -> usize {
        self.parties
    }

    /// The groups.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// What is added to each party's points.
    pub fn base(&self) -> &[f64] {
        &self.base
    }

    /// Marks that a package must have, all and no others.
    pub fn required(&self) -> u64 {
        self.required
    }

    /// By party: |base| plus the largest |points| of every group, in points. No margin is larger, and [`TOLERANCE`] is a
    /// part of it.
    pub fn scale(&self) -> &[f64] {
        &self.scale
    }

    /// What counts as no difference to party `i`, in points.
    pub fn tolerance(&self, i: usize) -> f64 {
        TOLERANCE * self.scale[i]
    }

    /// How many packages there are, whatever their marks and margins; exact up to 2^53.
    pub fn packages(&self) -> f64 {
        self.groups.iter().map(|g| g.choices() as f64).product()
    }

    /// The margins of a package (one choice a group), in points.
    pub fn margins(&self, package: &[u32], margins: &mut [f64]) {
        margins.copy_from_slice(&self.base);
        for (group, &choice) in self.groups.iter().zip(package) {
            let at = choice as usize * self.parties;
            for (margin, points) in margins.iter_mut().zip(&group.points[at..]) {
                *margin += points;
            }
        }
    }

    /// The marks of a package taken together.
    pub fn marks(&self, package: &[u32]) -> u64 {
        let marked = self.groups.iter().zip(package);
        marked.fold(0, |marks, (g, &c)| marks | g.marks[c as usize])
    }
}
