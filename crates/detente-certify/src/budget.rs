//! How much a certificate may work, in steps counted alike on every machine.
//!
//! What a check costs grows with types, beliefs, levers and months without bound, while a run waits for it. A certificate that comes to the end
//! of its budget has no verdict: what it checked before held, and the rest is said to be unchecked.

use std::cell::Cell;

/// Steps of one certificate of one world: a step is a month of a war that is integrated, some half a microsecond.
const STEPS: u64 = 8_000_000;

thread_local! {
    static LEFT: Cell<u64> = const { Cell::new(u64::MAX) };
}

/// Runs a certificate with a budget of its own; was it used up?
pub(crate) fn within<T>(certificate: impl FnOnce() -> T) -> (T, bool) {
    let before = LEFT.replace(STEPS);
    let verdict = certificate();
    let left = LEFT.replace(before);
    (verdict, left == 0)
}

/// Takes steps from the budget; `None`: it is used up.
pub(crate) fn spend(steps: usize) -> Option<()> {
    let left = LEFT.get().saturating_sub(steps as u64);
    LEFT.set(left);
    (left > 0).then_some(())
}

/// Is it used up? What was found then may lack something, and is not to be kept.
pub(crate) fn is_used_up() -> bool {
    LEFT.get() == 0
}

#[cfg(test)]
mod tests {
    use super::{STEPS, is_used_up, spend, within};

    #[test]
    fn a_certificate_has_its_own_budget_and_leaves_no_trace_on_the_next() {
        let steps = usize::try_from(STEPS).unwrap();
        let (spent, used_up) = within(|| spend(steps - 1));
        assert!(spent.is_some() && !used_up);
        let (spent, used_up) = within(|| {
            let inner = within(|| spend(steps + 1));
            assert!(inner == (None, true));
            spend(1).and_then(|()| spend(steps))
        });
        assert!(spent.is_none() && used_up);
        assert!(!is_used_up() && spend(steps).is_some());
    }
}
