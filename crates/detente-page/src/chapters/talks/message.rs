//! What a mediator's message on a party's type is worth.

use std::fmt::Write as _;

use detente_core::Setting;
use detente_evidence::chapters::talks::{OfMessage, Talks};

use super::worth::is_beyond;
use super::{NONE, tables, type_name};
use crate::rows::with_error;
use crate::words::{and_list, count, per_hundred};

/// The message that moves the chance of a deal most, as a sentence; nothing where no party has several types.
pub(super) fn finding(setting: &Setting, found: &Talks) -> String {
    let moves = |own: &&OfMessage| {
        own.more.value.abs() > NONE && is_beyond(own.more.value, &[own.more.error])
    };
    let worlds = found.messages.iter().map(|own| own.more.n).max();
    let Some(worlds) = worlds else {
        return String::new();
    };
    let worlds = count(worlds, "world");
    let moving = found.messages.iter().filter(moves);
    let most = moving.max_by(|a, b| a.more.value.abs().total_cmp(&b.more.value.abs()));
    let Some(most) = most else {
        return format!(
            "Were all told, by a mediator whom they believe, which type a party is, about as many talks would end with a deal, whichever party it is ({worlds})."
        );
    };
    let which = if most.more.value > 0.0 {
        "more"
    } else {
        "fewer"
    };
    let party = &setting.parties[most.party].name;
    let by = per_hundred(most.more.value.abs());
    let mut said = format!(
        "Were all told, by a mediator whom they believe, which type {party} is, {by} of 100 talks {which} would end with a deal ({worlds})"
    );
    let named = |gains: bool| {
        let own = most.gains.iter();
        let own = own.filter(|(_, gain)| {
            gain.value.abs() >= 0.05
                && (gain.value > 0.0) == gains
                && is_beyond(gain.value, &[gain.error])
        });
        let names =
            own.map(|(t, gain)| format!("{} ({})", type_name(setting, *t), tables::points(gain)));
        names.collect::<Vec<_>>()
    };
    for (names, verb) in [(named(true), "gain"), (named(false), "lose")] {
        if names.is_empty() {
            continue;
        }
        let s = if names.len() == 1 { "s" } else { "" };
        let _ = write!(said, "; {} {verb}{s} by it", and_list(&names));
    }
    format!("{said}.")
}

/// Party, deals after a message on it, more than without.
pub(super) fn rows(setting: &Setting, found: &Talks) -> Vec<(String, String, String)> {
    let rows = found.messages.iter().map(|own| {
        (
            setting.parties[own.party].name.clone(),
            with_error(&own.deal),
            tables::of_100(&own.more),
        )
    });
    rows.collect()
}
