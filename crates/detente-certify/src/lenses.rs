//! A certificate a lens.

mod alternative;
mod beliefs;
mod durability;
mod leverage;
mod settlement;
mod stability;
mod talks;
mod veto;

use detente_core::{Question, RowView};

use crate::Certificate;

/// The certificate of a lens, by its name. Panics on a lens without one: a bug of ours.
pub fn certificate(lens: &str) -> Certificate {
    match lens {
        "alternative" => alternative::verify,
        "beliefs" => beliefs::verify,
        "durability" => durability::verify,
        "leverage" => leverage::verify,
        "settlement" => settlement::verify,
        "stability" => stability::verify,
        "talks" => talks::verify,
        "veto" => veto::verify,
        other => panic!("no certificate for {other}"),
    }
}

/// What the certificate of a lens leaves unchecked of an answer because checking it would go beyond its budget: a count of steps, so that it is
/// the same on every machine.
pub fn beyond_budget(lens: &str, question: Question, answer: RowView) -> Option<&'static str> {
    match lens {
        "settlement" => settlement::beyond_budget(question, answer),
        "beliefs" => beliefs::beyond_budget(question, answer),
        _ => None,
    }
}
