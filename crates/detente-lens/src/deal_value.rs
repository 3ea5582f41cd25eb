//! Deal values. For now a deal is worth what it is worth on paper.

use detente_core::{DealValue, Preferences, Setting, World};

/// D = U: nothing happens after the deal.
#[derive(Clone, Copy, Debug, Default)]
pub struct Identity;

impl DealValue for Identity {
    fn worth(
        &self,
        setting: &Setting,
        world: &World,
        preferences: &Preferences,
        t: usize,
        package: &[u8],
        _imposed: bool,
    ) -> f64 {
        preferences.worth(setting, t, package) - Preferences::penalty(setting, world, t, package)
    }

    fn is_additive(&self) -> bool {
        true
    }
}
