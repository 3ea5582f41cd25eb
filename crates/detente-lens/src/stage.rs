//! Sets the scene of a world: preferences, deal values, and every no-deal query that a lens declares, solved once.

use detente_core::{
    ContestSetting, DealValue, NoDealSolution, Payoffs, Preferences, Query, Scene, Setting, World,
};

use crate::{Identity, LENSES, NO_DEAL_MODELS, NoDeal};

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
        let model = NO_DEAL_MODELS.iter().find(|model| model.applies(setting));
        let (Some(model), Some(contest)) = (model, &setting.contest) else {
            return;
        };
        for lens in LENSES {
            lens.queries(setting, world, &mut self.queries);
        }
        self.dedup_queries();
        self.value_states(*model, setting, contest, world, &DEAL_VALUE);
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

    /// What the contest's states are worth to every type. Endings are deals and go through the deal-value stage; the
    /// unsettled state is nobody's deal, so no red line is crossed by living in it.
    fn value_states(
        &mut self,
        model: &dyn NoDeal,
        setting: &Setting,
        contest: &ContestSetting,
        world: &World,
        deal_value: &dyn DealValue,
    ) {
        let Self {
            preferences,
            payoffs,
            package,
            ..
        } = self;
        model.knots(setting, world, payoffs);
        for list in [
            &mut payoffs.unsettled,
            &mut payoffs.armistice,
            &mut payoffs.a_decisive,
            &mut payoffs.b_decisive,
        ] {
            list.clear();
        }
        let positions = &world.numbers.positions;
        for t in 0..setting.types.len() {
            for knot in &payoffs.knots {
                let option = positions
                    .iter()
                    .position(|p| p == knot)
                    .expect("a knot is an option's position");
                let option = u8::try_from(option).expect("at most 64 options an issue");
                package.clone_from(&contest.unsettled);
                package[contest.line_issue] = option;
                payoffs
                    .unsettled
                    .push(preferences.worth(setting, t, package));
                package.clone_from(&contest.armistice);
                package[contest.line_issue] = option;
                payoffs.armistice.push(deal_value.worth(
                    setting,
                    world,
                    preferences,
                    t,
                    package,
                    false,
                ));
            }
            let imposed =
                |package: &[u8]| deal_value.worth(setting, world, preferences, t, package, true);
            payoffs.a_decisive.push(imposed(&contest.a_decisive));
            payoffs.b_decisive.push(imposed(&contest.b_decisive));
        }
    }
}
