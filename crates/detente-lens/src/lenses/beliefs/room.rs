//! Scenes of other worlds beside the one that is examined.

use std::cell::Cell;

use detente_core::{Scene, World};

use crate::{LENSES, Stage};

thread_local! {
    /// Buffers that are re-used from world to world, one set a thread. Taken out while in use: what a panic leaves of them is lost, and
    /// with it whatever it left half done.
    static ROOM: Cell<Option<Box<Stage>>> = const { Cell::new(None) };
}

/// Shows the scene of another world of the same case, in which the same is asked, and of no-deal queries those that acceptance needs. The
/// same scene where there is no other world.
pub(super) fn with<T>(scene: &Scene, other: Option<&World>, show: impl FnOnce(&Scene) -> T) -> T {
    let Some(world) = other else {
        return show(scene);
    };
    let mut stage = ROOM.take().unwrap_or_default();
    stage.ask(scene.asked);
    stage.ask_lenses(&LENSES.iter().map(|_| false).collect::<Vec<_>>());
    let shown = show(&stage.set(scene.setting, world, scene.search));
    ROOM.set(Some(stage));
    shown
}
