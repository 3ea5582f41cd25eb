//! Why a party accepts or refuses a package in one world, asked and told.

use detente_case::{Case, Overrides};
use detente_math::Stream;
use detente_study::NoWhy;

/// In one world (`None`: every number at its median), for each type of a party: what a named package is worth issue by issue,
/// which red lines it crosses, what no deal is worth by ending, what refusing is, and the margin. As text.
///
/// # Errors
///
/// The party or the package is unknown, or the case has no account of no deal.
pub fn why(
    case: &Case,
    overrides: &Overrides,
    party: &str,
    package: &str,
    world: Option<(Stream, u64)>,
) -> Result<String, NoWhy> {
    let found = detente_study::why(case, overrides, party, package, world)?;
    Ok(detente_page::why(&case.setting, &found))
}
