//! What is said of a claim that an input alone decides.

use detente_evidence::{Assumed, ClaimLine, ClaimStatus, Evidence};

use super::three_digits;
use crate::terms::unit_in;
use crate::words::{count, per_hundred};

/// "assumed: decided by durability.target.baltic.worth alone (…)".
pub(super) fn assumed(evidence: &Evidence, line: &ClaimLine) -> String {
    let ClaimStatus::Computed {
        assumed: Some(assumed),
        ..
    } = &line.status
    else {
        return String::new();
    };
    match assumed {
        Assumed::Stated => {
            "assumed: decided by inputs that it compares, nothing is computed for it".to_owned()
        }
        Assumed::Explained { path, index } => format!(
            "assumed: decided by {path} alone ({} % of its variance)",
            per_hundred(*index)
        ),
        Assumed::AtEnds {
            path,
            unit,
            ends,
            shares,
            worlds,
        } => {
            let [low, high] = ends.map(|x| three_digits(x, ends));
            let [least, most] = shares.map(per_hundred);
            format!(
                "assumed: decided by {path} alone (true in {least} of 100 worlds with {low} {unit}, in {most} with {high}: the ends of its range, all else as drawn; on {} each)",
                count(*worlds, "world"),
                unit = unit_in(unit, &evidence.setting),
            )
        }
    }
}
