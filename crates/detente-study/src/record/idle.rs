//! Anchors that say nothing in any world: found on a few worlds, under every reading, before anybody runs the case.

use detente_case::{Anchor, Case, Overrides, Plan};
use detente_diag::{Code, Diagnostic};
use detente_evidence::RunOptions;

use super::pool::Pool;
use super::{QUICK_BLOCK, Record};
use crate::reading::overrides_of;
use crate::run::Ignored;

/// Worlds that are looked at under each reading.
const WORLDS: usize = 8;
/// Two numbers are the same when they differ by no more than this part of the greater, or of 1.
const SAME: f64 = 1e-9;

/// Warnings about anchors whose number no world tells, and about those of which what they set changes nothing, so that a difference to
/// `base(…)` is 0 everywhere, as the case is written.
pub fn idle_anchors(case: &Case) -> Vec<Diagnostic> {
    let computed = |anchor: &Anchor| {
        let quantities = anchor.quantity.quantities();
        quantities.iter().all(|entry| entry.computed)
    };
    if case.anchors.is_empty() {
        return Vec::new();
    }
    let mut own = case.clone();
    own.acts.clear();
    // The same with both sides set alike: what an anchor sets changes nothing if its number is the same there.
    let mut twin = own.clone();
    for anchor in &mut twin.anchors {
        anchor.with = anchor.against.clone();
    }
    let plan = Plan::new(case);
    let readings = case.readings.iter();
    let readings =
        readings.filter_map(|reading| overrides_of(case, std::slice::from_ref(&reading.id)).ok());
    let conditions: Vec<Overrides> = std::iter::once(Overrides::default())
        .chain(readings)
        .collect();
    let options = RunOptions {
        worlds: QUICK_BLOCK,
        ..RunOptions::default()
    };
    let seen = |case: &Case| -> Vec<Vec<f64>> {
        let Some(record) = Record::of(case, &plan, options) else {
            return Vec::new();
        };
        let mut by_anchor = vec![Vec::new(); case.anchors.len()];
        for overrides in &conditions {
            let mut pool = Pool::new(&record);
            let worlds = (0..WORLDS as u64).collect();
            pool.weigh(&record, (worlds, overrides), &Ignored);
            for (a, numbers) in by_anchor.iter_mut().enumerate() {
                numbers.extend((0..pool.len()).map(|row| pool.anchored(row, a)));
            }
        }
        by_anchor
    };
    let both = seen(&own).into_iter().zip(seen(&twin));
    let told = case.anchors.iter().zip(both);
    let found = told.filter(|(anchor, _)| computed(anchor));
    found
        .filter_map(|(anchor, (numbers, alike))| {
            if numbers.iter().all(|x| x.is_nan()) {
                let message = format!("no world tells the number of the anchor `{}`", anchor.id);
                let warning = Diagnostic::new(Code::IDLE_ANCHOR, message);
                return Some(warning.at(anchor.span, "weighs nothing").help(
                    "its lens is silent in this case, or only a search over all packages would tell it: anchor another quantity",
                ));
            }
            let same = |(x, y): (&f64, &f64)| {
                x.is_nan() && y.is_nan() || (x - y).abs() <= SAME * x.abs().max(y.abs()).max(1.0)
            };
            let sets = !anchor.with.is_empty() || !anchor.against.is_empty();
            let mut pairs = numbers.iter().zip(&alike);
            // The case as it is written comes first; a reading may have reasons to see no difference.
            if !anchor.quantity.looks_at_base() || !sets || !pairs.by_ref().take(WORLDS).all(same) {
                return None;
            }
            let worlds = if pairs.all(same) {
                "in every world that was looked at, under every reading"
            } else {
                "in every world of the case as it is written that was looked at"
            };
            let message = format!(
                "what the anchor `{}` sets changes nothing: its number is the same with it and in base(…)",
                anchor.id
            );
            let warning = Diagnostic::new(Code::IDLE_ANCHOR, message);
            Some(warning.at(anchor.span, worlds).help(
                "set what the number depends on: a lever that answers a refusal changes what refusing is worth (leverage.refusal), and nothing of what no deal is (alternative)",
            ))
        })
        .collect()
}
