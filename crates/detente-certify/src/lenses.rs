//! A certificate a lens.

mod alternative;
mod beliefs;
mod durability;
mod leverage;
mod settlement;
mod veto;

use crate::Certificate;

/// The certificate of a lens, by its name. Panics on a lens without one: a bug of ours.
pub fn certificate(lens: &str) -> Certificate {
    match lens {
        "alternative" => alternative::verify,
        "beliefs" => beliefs::verify,
        "durability" => durability::verify,
        "leverage" => leverage::verify,
        "settlement" => settlement::verify,
        "veto" => veto::verify,
        other => panic!("no certificate for {other}"),
    }
}
