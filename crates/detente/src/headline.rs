//! The headline of a case: how often a named package is signed and kept; where a case does not say what may follow a deal, how often it is
//! signed.

use detente_case::{Case, Plan};
use detente_core::catalogue::{durability, settlement};
use detente_core::{Handle, MILESTONES};
use detente_lens::kept_months;

use crate::run::Table;
use crate::words::in_words;

/// What a report leads with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Headline {
    /// Months without a breakdown after which a deal counts as kept, in the median world; `None`: the case does not say what may
    /// follow a deal.
    pub kept_months: Option<usize>,
}

impl Headline {
    /// That of a case.
    pub(crate) fn of(plan: &Plan, overrides: &crate::Overrides) -> Self {
        let world = plan.world(&plan.medians(), overrides);
        let follows = !world.numbers.durability.is_empty();
        Self {
            kept_months: follows.then(|| kept_months(&world)),
        }
    }

    /// The chance that war has resumed so many months after a package that is signed; `None` where the run does not tell it, as after
    /// months that are neither a milestone nor the headline's, and where nobody signs.
    pub(crate) fn broken(self, table: &Table, package: usize, months: usize) -> Option<f64> {
        let chance = if self.kept_months == Some(months) {
            let kept = table.mean(durability::KEPT, &[package]).value;
            1.0 - kept / table.mean(settlement::AGREED, &[package]).value
        } else {
            let at = MILESTONES.iter().position(|m| *m == months)?;
            1.0 - if_signed(
                table,
                durability::SURVIVAL_IF_SIGNED,
                &[package, at],
                package,
            )
        };
        chance.is_finite().then_some(chance)
    }

    /// The quantity by package: its lens and its name.
    pub(crate) fn quantity(self) -> Handle {
        quantity(self.kept_months.is_some())
    }

    /// What happens to a package: "is signed and kept five years".
    pub(crate) fn verb(self) -> String {
        match self.kept_months {
            Some(months) => format!("is signed and kept {}", in_time(months)),
            None => "is accepted by all it needs".to_owned(),
        }
    }

    /// The same as what worlds do with several: "see them signed and kept five years".
    pub(crate) fn seen(self, several: bool) -> String {
        let them = if several { "them" } else { "it" };
        match self.kept_months {
            Some(months) => format!("see {them} signed and kept {}", in_time(months)),
            None => format!("see {them} accepted by all who are needed"),
        }
    }

    /// A column's head.
    pub(crate) fn head(self) -> String {
        self.kept_months.map_or("All needed".to_owned(), |months| {
            format!("Kept {}", in_time(months))
        })
    }
}

/// A chance given that a package is signed: that of each world counts as often as the package is signed there, so that it is the
/// share of signed deals, and the share that breaks down is one less those that are signed and kept over those that are signed. NaN where
/// nobody signs.
pub(crate) fn if_signed(table: &Table, quantity: Handle, index: &[usize], package: usize) -> f64 {
    let chances = table.column(quantity, index);
    let signed = table.column(settlement::AGREED, &[package]);
    let known = chances
        .zip(signed)
        .filter(|(x, signed)| !x.is_nan() && *signed > 0.0);
    let (sum, all) = known.fold((0.0, 0.0), |(sum, all), (x, signed)| {
        (sum + x * signed, all + signed)
    });
    sum / all
}

/// The quantity that a report of this case leads with.
pub(crate) fn quantity_of(case: &Case) -> Handle {
    quantity(!case.shape.durability.is_empty())
}

fn quantity(follows: bool) -> Handle {
    if follows {
        durability::KEPT
    } else {
        settlement::AGREED
    }
}

/// "five years", "18 months".
pub(crate) fn in_time(months: usize) -> String {
    match months {
        1 => "a month".to_owned(),
        12 => "a year".to_owned(),
        m if m.is_multiple_of(12) => format!("{} years", in_words(m / 12)),
        m => format!("{} months", in_words(m)),
    }
}
