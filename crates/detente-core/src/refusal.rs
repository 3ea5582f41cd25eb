//! What refusing is worth where a refusal triggers levers.

/// What refusing is worth to every type, and what makes it so (Schelling 1960; Fearon 1997; the model, part 5).
///
/// N of type t when party r refuses is the mean of V over the levers that r's refusal may trigger, as t sees their chances, less
/// what pulling its own levers costs t. Lists are by type within the other index. Nothing here if no lever awaits an answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Refusals {
    types: usize,
    /// Δ of lever l to type t of its wielder, at `l * types + t`; NaN for others, and for levers that nothing triggers.
    incentives: Vec<f64>,
    /// Chance that lever l is pulled once its trigger has come, as type t sees it; a wielder's type knows its own.
    chances: Vec<f64>,
    /// N of type t when party r refuses, at `r * types + t`.
    worth: Vec<f64>,
    /// What promises bring type t once a deal is agreed, as it sees their chances, in points.
    promises: Vec<f64>,
    /// Did chances that depend on one another settle elsewhere when they were sought from certainty?
    pub several: bool,
}

impl Refusals {
    /// The shape of a case: no incentive, no chance, every refusal worth `values` by type.
    pub fn reset(&mut self, parties: usize, levers: usize, values: impl Iterator<Item = f64>) {
        self.promises.clear();
        self.worth.clear();
        self.worth.extend(values);
        self.types = self.worth.len();
        for _ in 1..parties {
            self.worth.extend_from_within(..self.types);
        }
        self.promises.resize(self.types, 0.0);
        self.incentives.clear();
        self.incentives.resize(levers * self.types, f64::NAN);
        self.chances.clear();
        self.chances.resize(levers * self.types, 0.0);
        self.several = false;
    }

    /// Is it of this world? Not before [`reset`](Self::reset), and not where the case has no no-deal model.
    pub fn is_known(&self) -> bool {
        self.types > 0
    }

    /// N: what it is worth to type `t` that party `refuser` refuses, in points.
    pub fn worth(&self, t: usize, refuser: usize) -> f64 {
        self.worth[refuser * self.types + t]
    }

    /// Δ of pulling the lever once its trigger has come, unannounced, to a type of its wielder, in points.
    pub fn incentive(&self, lever: usize, t: usize) -> f64 {
        self.incentives[lever * self.types + t]
    }

    /// Chance that the lever is pulled once its trigger has come, as type `t` sees it.
    pub fn chance(&self, lever: usize, t: usize) -> f64 {
        self.chances[lever * self.types + t]
    }

    /// What promises bring type `t` once a deal is agreed, in points.
    pub fn promise(&self, t: usize) -> f64 {
        self.promises[t]
    }

    /// See [`worth`](Self::worth).
    pub fn worth_mut(&mut self, t: usize, refuser: usize) -> &mut f64 {
        &mut self.worth[refuser * self.types + t]
    }

    /// See [`incentive`](Self::incentive).
    pub fn incentive_mut(&mut self, lever: usize, t: usize) -> &mut f64 {
        &mut self.incentives[lever * self.types + t]
    }

    /// See [`chance`](Self::chance).
    pub fn chance_mut(&mut self, lever: usize, t: usize) -> &mut f64 {
        &mut self.chances[lever * self.types + t]
    }

    /// See [`promise`](Self::promise).
    pub fn promise_mut(&mut self, t: usize) -> &mut f64 {
        &mut self.promises[t]
    }
}
