//! What certificates of one world have in common is worked out once.
//!
//! Every certificate works from its question alone, and several need the same wars and refusals, which take seconds where something may
//! follow a deal. What is kept here is a function of the question, told apart by all its numbers; nothing of a solver comes near it.

use std::any::Any;
use std::cell::RefCell;
use std::collections::VecDeque;

use detente_core::Question;

use crate::budget;

/// Questions remembered: a world, and the same with other beliefs.
const QUESTIONS: usize = 8;

type Found = Vec<(String, Box<dyn Any>)>;

thread_local! {
    static KEPT: RefCell<VecDeque<(String, Found)>> = const { RefCell::new(VecDeque::new()) };
}

/// What `find` finds for a question, worked out when it is first asked for; `what` tells it apart.
pub(crate) fn once<T: Clone + 'static>(
    question: Question,
    what: impl FnOnce() -> String,
    find: impl FnOnce() -> T,
) -> T {
    let Question { setting, world } = question;
    if world.numbers.durability.is_empty() {
        return find();
    }
    // Numbers may be NaN, which equals nothing: texts of them do.
    let (asked, what) = (format!("{setting:?}{world:?}"), what());
    let known = KEPT.with_borrow(|kept| {
        let (_, found) = kept.iter().find(|(of, _)| *of == asked)?;
        let (_, found) = found.iter().find(|(of, _)| *of == what)?;
        found.downcast_ref::<T>().cloned()
    });
    if let Some(known) = known {
        return known;
    }
    let found = find();
    if budget::is_used_up() {
        return found;
    }
    KEPT.with_borrow_mut(|kept| {
        let place = kept.iter().position(|(of, _)| *of == asked);
        let place = place.unwrap_or_else(|| {
            kept.truncate(QUESTIONS - 1);
            kept.push_front((asked, Found::new()));
            0
        });
        kept[place].1.push((what, Box::new(found.clone())));
    });
    found
}
