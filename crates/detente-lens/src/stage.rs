//! Sets the scene of a world: preferences, deal values, and every no-deal query that a lens declares, solved once.

use detente_core::{NoDealSolution, Payoffs, Preferences, Query, Scene, Setting, World};

use crate::{Identity, LENSES, NO_DEAL_MODELS, States};

/// How deals are valued.
static DEAL_VALUE: Identity = Identity;

/// Buffers that are re-used from world to world, one set a thread.
#[derive(Debug, Default)]
pub struct Stage {
    preferences: Preferences,
    payoffs: Payoffs,
    queries: Vec<Query>,
    solved: Vec<(Query, NoDealSolution)>,
    package: Vec<u8>,
}

impl Stage {
    /// Computes all that lenses share and returns the scene. `search`: are searches over all packages asked for here?
    pub fn set<'a>(
        &'a mut self,
        setting: &'a Setting,
        world: &'a World,
        search: bool,
    ) -> Scene<'a> {
        self.prepare(setting, world);
        self.scene(setting, world, search)
    }

    /// Computes all that lenses share.
    pub fn prepare(&mut self, setting: &Setting, world: &World) {
        self.preferences.compute(setting, world);
        self.queries.clear();
        let Some(model) = NO_DEAL_MODELS.iter().find(|model| model.applies(setting)) else {
            return;
        };
        for lens in LENSES {
            lens.queries(setting, world, &mut self.queries);
        }
        self.dedup_queries();
        let Self {
            preferences,
            payoffs,
            package,
            ..
        } = self;
        model.value_states(
            &States {
                setting,
                world,
                preferences,
                deal_value: &DEAL_VALUE,
            },
            package,
            payoffs,
        );
        for (query, (asked, solution)) in self.queries.iter().zip(&mut self.solved) {
            *asked = *query;
            model.solve(setting, world, query, &self.payoffs, solution);
        }
    }

    /// The scene of the world that was prepared last.
    pub fn scene<'a>(&'a self, setting: &'a Setting, world: &'a World, search: bool) -> Scene<'a> {
        Scene {
            setting,
            world,
            preferences: &self.preferences,
            deal_value: &DEAL_VALUE,
            solved: &self.solved[..self.queries.len()],
            search,
        }
    }

    fn dedup_queries(&mut self) {
        let mut kept: usize = 0;
        for i in 0..self.queries.len() {
            let query = self.queries[i];
            if !self.queries[..kept].contains(&query) {
                self.queries[kept] = query;
                kept += 1;
            }
        }
        self.queries.truncate(kept);
        while self.solved.len() < kept {
            self.solved
                .push((self.queries[self.solved.len()], NoDealSolution::default()));
        }
    }
}
