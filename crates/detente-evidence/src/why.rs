//! Why a party accepts or refuses a package in one world, number by number.

use detente_core::NoDealPart;

/// Why a party accepts or refuses a package in one world.
#[derive(Clone, Debug)]
pub struct Why {
    /// The party.
    pub party: usize,
    /// The named package.
    pub package: usize,
    /// The index of the world; `None`: every number at its median.
    pub world: Option<u64>,
    /// Levers that run whatever the talks bring and are on.
    pub running: Vec<usize>,
    /// By type of the party.
    pub types: Vec<TypeWhy>,
}

/// Why one type does.
#[derive(Clone, Debug)]
pub struct TypeWhy {
    /// The type.
    pub of: usize,
    /// Its probability.
    pub prior: f64,
    /// What the package is worth to it, in points.
    pub worth: f64,
    /// Of what that is made, in points.
    pub parts: Vec<(Worth, f64)>,
    /// Its hard red lines that the package crosses, by their places in `Setting::red_lines`.
    pub crossed: Vec<usize>,
    /// What refusing is worth to it; `None` where no lens tells.
    pub refusing: Option<Refusing>,
}

/// A part of what a package is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worth {
    /// An option: its issue, and its place there.
    Option(usize, usize),
    /// What options are worth together, by its place in `Setting::interactions`.
    Together(usize),
    /// What makes the worst package worth nothing.
    Base,
    /// A soft red line that is crossed, by its place in `Setting::red_lines`.
    SoftLine(usize),
    /// The leader's office and legacy.
    Leader,
    /// What may follow the deal.
    Aftermath,
}

/// What refusing is worth to a type, in points.
#[derive(Clone, Debug)]
pub struct Refusing {
    /// V: nothing is agreed, and no lever is pulled besides those that run now.
    pub alone: f64,
    /// Of what that is made.
    pub parts: Vec<(NoDealPart, f64)>,
    /// N: with the levers that its refusal may trigger.
    pub value: f64,
    /// What promises bring once a deal is agreed.
    pub promised: f64,
    /// What is asked of a deal.
    pub bar: f64,
    /// By how much the package is worth more than is asked of it, and whether that is enough; `None` where it cannot be told.
    pub margin: Option<(f64, bool)>,
}
