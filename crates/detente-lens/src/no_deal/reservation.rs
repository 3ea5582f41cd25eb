//! Reservation values that the analyst states outright: V is a number of the case (Raiffa 1982).

use detente_core::{NoDealSolution, Payoffs, Query, Setting, Target, World};

use crate::pulled;
use crate::{NoDeal, States, Workspace};

/// The `value` no-deal model.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Reservation;

impl NoDeal for Reservation {
    fn id(&self) -> &'static str {
        "value"
    }

    fn applies(&self, setting: &Setting) -> bool {
        setting.reservations
    }

    fn unbelieved(&self, _: &Setting) -> Option<&'static str> {
        Some("no belief moves what no deal brings: it is worth what the case states")
    }

    fn value_states(&self, _: &States, _: &mut Vec<u8>, _: &mut Payoffs) {}

    fn solve(
        &self,
        setting: &Setting,
        world: &World,
        query: &Query,
        _: &Payoffs,
        _: &mut Workspace,
        solution: &mut NoDealSolution,
    ) {
        solution.empty(&NoDealSolution::default());
        let types = world.numbers.types.iter().enumerate();
        solution.values.extend(types.map(|(t, own)| {
            let set = pulled::set(setting, world, query.levers, Target::Reservation(t));
            set.unwrap_or(own.reservation)
        }));
    }
}
