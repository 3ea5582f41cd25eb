//! Every lens on one world, as runs and tests ask for it.

use detente_core::{Layout, LensSpec, Outcome, Row, Search, Setting, World};

use crate::{LENSES, Stage};

/// The specs of all lenses, in the order of [`LENSES`].
pub fn specs() -> Vec<&'static LensSpec> {
    LENSES.iter().map(|lens| lens.spec()).collect()
}

/// Examines one world with every lens.
pub fn examine_all(
    layout: &Layout,
    stage: &mut Stage,
    setting: &Setting,
    world: &World,
    search: Search,
    row: &mut [f64],
) -> Vec<Outcome> {
    let scene = stage.set(setting, world, search);
    LENSES
        .iter()
        .enumerate()
        .map(|(l, lens)| lens.examine(&scene, &mut Row::new(layout, l, row)))
        .collect()
}

/// Puts every lens's answer for every world before its certificate.
#[cfg(test)]
pub(crate) fn certify<'w>(
    setting: &Setting,
    worlds: impl Iterator<Item = &'w World>,
    search: Search,
) -> detente_core::Certified {
    let mut stage = Stage::default();
    detente_certify::certify(setting, worlds, &specs(), |world, layout, row| {
        examine_all(layout, &mut stage, setting, world, search, row)
    })
}
