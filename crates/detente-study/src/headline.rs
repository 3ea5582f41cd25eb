//! The headline of a case: how often a named package is signed and kept; where a case does not say what may follow a deal, how often it is
//! signed.

use detente_case::{Case, Overrides, Plan};
use detente_core::catalogue::{durability, settlement};
use detente_core::{Handle, MILESTONES};
use detente_evidence::Headline;
use detente_lens::kept_months;

use crate::run::Table;

/// That of a case.
pub(crate) fn headline_of(plan: &Plan, overrides: &Overrides) -> Headline {
    let world = plan.world(&plan.medians(), overrides);
    let follows = !world.numbers.durability.is_empty();
    Headline {
        kept_months: follows.then(|| kept_months(&world)),
    }
}

/// The chance that war has resumed so many months after a package that is signed; `None` where the run does not tell it, as after
/// months that are neither a milestone nor the headline's, and where nobody signs.
pub(crate) fn broken(
    headline: Headline,
    table: &Table,
    package: usize,
    months: usize,
) -> Option<f64> {
    let chance = if headline.kept_months == Some(months) {
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

/// A chance given that a package is signed: that of each world counts as often as the package is signed there, so that it is the
/// share of signed deals, and the share that breaks down is one less those that are signed and kept over those that are signed. NaN where
/// nobody signs.
pub(crate) fn if_signed(table: &Table, quantity: Handle, index: &[usize], package: usize) -> f64 {
    let chances = table.column(quantity, index);
    let signed = table.column(settlement::AGREED, &[package]);
    let known = chances
        .zip(signed.zip(table.weights()))
        .filter(|(x, (signed, _))| !x.is_nan() && *signed > 0.0);
    let (sum, all) = known.fold((0.0, 0.0), |(sum, all), (x, (signed, weight))| {
        (sum + weight * x * signed, all + weight * signed)
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
