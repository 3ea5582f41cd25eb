//! Lenses and no-deal models.
//!
//! A [`Lens`] answers one question about a world; a [`NoDeal`] model says what refusing a deal is worth. Each lives in a
//! folder of its own and stands in one table: [`LENSES`] or [`NO_DEAL_MODELS`]. Neither sees case text, distributions or
//! files.

pub mod bargain;
pub mod conformance;
mod durable;
#[cfg(test)]
mod fixture;
mod lenses;
mod no_deal;
mod pulled;
mod refusal;
mod stage;

pub use detente_core::Identity;
pub use durable::bench::kept_months;
pub use lenses::LENSES;
pub use lenses::talks;
pub use no_deal::contest::Contest;
pub use no_deal::{NO_DEAL_MODELS, Workspace};
pub use stage::Stage;

use detente_core::{
    DealValue, Fate, LensSpec, NoDealSolution, Outcome, Payoffs, Preferences, Query, Row, Scene,
    Setting, World,
};

/// One question about a world.
pub trait Lens: Sync {
    /// What it is, as data.
    fn spec(&self) -> &'static LensSpec;

    /// The no-deal queries it will read from the scene, so that solves are shared and counted.
    fn queries(&self, setting: &Setting, world: &World, queries: &mut Vec<Query>);

    /// Answers for one world: writes its quantities and says what became of it.
    fn examine(&self, scene: &Scene, row: &mut Row) -> Outcome;

    /// Does a quantity of it rest on what each named package is worth? One that is told by package rests on that package.
    fn weighs_all_packages(&self, _quantity: &str) -> bool {
        false
    }

    /// Does a quantity of it rest on what anything is worth to anybody?
    fn weighs(&self, _quantity: &str) -> bool {
        true
    }
}

/// What a no-deal model values its states by.
#[derive(Clone, Copy)]
pub struct States<'a> {
    /// The case.
    pub setting: &'a Setting,
    /// The world.
    pub world: &'a World,
    /// What packages are worth on paper.
    pub preferences: &'a Preferences,
    /// What deals are worth.
    pub deal_value: &'a dyn DealValue,
}

impl States<'_> {
    /// What a package that came about in some way is worth to type `t`, in points.
    pub fn deal(&self, t: usize, package: &[u8], how: &[Fate]) -> f64 {
        let Self {
            setting,
            world,
            preferences,
            deal_value,
        } = *self;
        deal_value.worth(setting, world, preferences, t, package, how)
    }
}

/// A model of what happens without a deal.
pub trait NoDeal: Sync {
    /// Identifier.
    fn id(&self) -> &'static str;

    /// Does the case state this model?
    fn applies(&self, setting: &Setting) -> bool;

    /// What the model's states are worth to every type. Endings are deals and go through the deal-value stage; `package` is a
    /// buffer.
    fn value_states(&self, states: &States, package: &mut Vec<u8>, payoffs: &mut Payoffs);

    /// Solves a query for the payoffs of all types at once. `workspace` is room only: what it holds changes no answer.
    fn solve(
        &self,
        setting: &Setting,
        world: &World,
        query: &Query,
        payoffs: &Payoffs,
        workspace: &mut Workspace,
        solution: &mut NoDealSolution,
    );

    /// Why no belief of anybody moves what no deal brings; nothing where some may.
    fn unbelieved(&self, _setting: &Setting) -> Option<&'static str> {
        None
    }

    /// How the refusal of `party` may be answered by an end that others bring, with the levers of `query` pulled, as the analyst sees
    /// it. Nothing where the model tells no such end by the month, or none for this party.
    fn compulsion<'a>(
        &self,
        _scene: &'a Scene<'a>,
        _party: usize,
        _query: &Query,
    ) -> Option<Compulsion<'a>> {
        None
    }

    /// Of a deal that has lapsed into a state: by months since, up to the last, the chance that a final deal that it has led on to is in
    /// force, as the analyst sees it with the levers that run now. Nothing where the model knows of no such deals.
    fn led_on(
        &self,
        _setting: &Setting,
        _world: &World,
        _state: usize,
        _last: usize,
    ) -> Option<Vec<f64>> {
        None
    }
}

/// To a type of the party, and of what a package that it refuses is worth to it, in points: by month, the chance that by its end it
/// has been compelled.
pub type Compulsion<'a> = Box<dyn FnMut(usize, f64) -> Vec<f64> + 'a>;
