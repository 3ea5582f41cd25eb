//! Who is compelled by a process: who is brought, by a move that others have a part in, to an end that leaves it with no more than the
//! package that it refused. Chances go forward from today, month by month.

use detente_core::asks::COMPELLED_TOLD;
use detente_core::{INDIFFERENT, Payoffs, Query, Scene, Target};

use super::{Course, Process, Walk};
use crate::pulled::revalued;
use crate::{Compulsion, NoDeal, States};

pub(super) fn of<'a>(scene: &'a Scene<'a>, party: usize, query: &Query) -> Option<Compulsion<'a>> {
    let (setting, world) = (scene.setting, scene.world);
    let process = setting.process.as_ref()?;
    let numbers = world.numbers.process.first()?;
    if !process.says_who_ends_it() {
        return None;
    }
    let ends = process.ends.len();
    let course = Course::of(setting, world, process, numbers, query.levers);
    // By month, by end: chance that others bring it in that month.
    let mut brought = vec![vec![0.0; ends]; COMPELLED_TOLD];
    let mut walk = Walk::from(process, query.state.unwrap_or(process.today));
    let mut chances = Vec::new();
    for (month, brought) in brought.iter_mut().enumerate() {
        if course.pieces().contains(&month) {
            chances = course.chances(month);
        }
        let ways = process.moves.iter().zip(process.ended_by_others(party));
        for ((own, end), chance) in ways.zip(&chances) {
            if let Some(end) = end {
                brought[end] += walk.at(own.from) * chance;
            }
        }
        walk.go_on(process, &chances);
    }
    let changed = revalued(setting, world, scene.preferences, query.levers);
    let mut payoffs = Payoffs::default();
    let states = States {
        setting,
        world,
        preferences: changed.as_ref().unwrap_or(scene.preferences),
        deal_value: scene.deal_value,
    };
    Process.value_states(&states, &mut Vec::new(), &mut payoffs);
    Some(Box::new(move |t, worth| {
        let mut by = 0.0;
        let month = |(month, brought): (usize, &Vec<f64>)| {
            for (end, chance) in brought.iter().enumerate().filter(|(_, c)| **c > 0.0) {
                let set = course.set(Target::EndWorth(t, end), month);
                // No more than the package, whatever the rounding.
                if set.unwrap_or(payoffs.ends[t * ends + end]) <= worth + INDIFFERENT {
                    by += chance;
                }
            }
            by
        };
        brought.iter().enumerate().map(month).collect()
    }))
}
