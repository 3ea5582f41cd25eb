//! What follows endings as types would see it that believed something else: what queries under other beliefs are valued with.

use detente_core::{OwnBeliefs, Payoffs, Query, TypeSet};

use super::{Case, Durable, Endings};
use crate::{States, Workspace};

/// Other beliefs of a world, in room that is re-used from world to world.
#[derive(Debug, Default)]
pub(crate) struct OtherBeliefs {
    seen: Vec<Seen>,
    /// How many of them are of this world.
    count: usize,
    package: Vec<u8>,
}

#[derive(Debug)]
struct Seen {
    group: (OwnBeliefs, TypeSet),
    endings: Endings,
    payoffs: Payoffs,
}

impl OtherBeliefs {
    pub(crate) fn forget(&mut self) {
        self.count = 0;
    }

    /// The place of what a query is valued with; `None` where its types believe what it asks, or nothing follows endings.
    pub(crate) fn find(
        &mut self,
        case: Case,
        query: &Query,
        durable: &mut Durable,
        workspace: &mut Workspace,
    ) -> Option<usize> {
        let own = query.beliefs.own();
        let types = 0..case.world.numbers.types.len();
        let mut asked = types.filter(|t| query.types.contains(*t));
        if !durable.is_on() || asked.all(|t| OwnBeliefs::of(case.world, t) == own) {
            return None;
        }
        let group = (own, query.types);
        let known = self.seen[..self.count].iter();
        if let Some(place) = known.clone().position(|seen| seen.group == group) {
            return Some(place);
        }
        if self.seen.len() == self.count {
            self.seen.push(Seen {
                group,
                endings: Endings::default(),
                payoffs: Payoffs::default(),
            });
        }
        let place = self.count;
        self.count += 1;
        self.seen[place].group = group;
        durable.believing(case, group, workspace, &mut self.seen[place].endings);
        self.swap(place, durable);
        let states = States {
            setting: case.setting,
            world: case.world,
            preferences: case.preferences,
            deal_value: durable,
        };
        let payoffs = &mut self.seen[place].payoffs;
        case.model.value_states(&states, &mut self.package, payoffs);
        self.swap(place, durable);
        Some(place)
    }

    /// What states are worth then.
    pub(crate) fn payoffs(&self, place: usize) -> &Payoffs {
        &self.seen[place].payoffs
    }

    /// Puts them in the place of what follows endings as types believe it, or takes them out again.
    pub(crate) fn swap(&mut self, place: usize, durable: &mut Durable) {
        durable.swap(&mut self.seen[place].endings);
    }
}
