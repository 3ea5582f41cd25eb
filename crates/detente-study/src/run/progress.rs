//! Who is told how far work has come, and who may end it.

/// Is told how far a run has come.
pub trait Progress: Sync {
    /// `worlds` more are done.
    fn advance(&self, worlds: usize);

    /// Something else is begun, of so many steps; of [`Phase::Worlds`], and of it alone, these are worlds, at most.
    fn begins(&self, _: Phase, _steps: usize) {}

    /// A step of it is done that is no world.
    fn step(&self) {}

    /// Should no more be begun? Worlds that are then still to be run are left out, and whoever asked for them must not use the others.
    fn stopped(&self) -> bool {
        false
    }

    /// Will nobody look at what comes of it? Then even what is needed whole stops short, and means nothing.
    fn abandoned(&self) -> bool {
        false
    }
}

/// What a report does, one after another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The worlds of the case itself, without which there is no report.
    Worlds,
    /// Claims about them.
    Claims,
    /// The other readings.
    Readings,
    /// What lenses have to show.
    Sections,
    /// Answers before their certificates.
    Certificates,
}

/// Tells how far a run has come and lets nobody stop it who wants to see what it gives: that is needed whole.
pub(crate) struct Unstopped<'a>(pub(crate) &'a dyn Progress);

impl Progress for Unstopped<'_> {
    fn advance(&self, worlds: usize) {
        self.0.advance(worlds);
    }

    fn stopped(&self) -> bool {
        self.0.abandoned()
    }

    fn abandoned(&self) -> bool {
        self.0.abandoned()
    }
}

/// Tells how far worlds have come and counts no steps: those of what is part of another's step.
pub(crate) struct Within<'a>(pub(crate) &'a dyn Progress);

impl Progress for Within<'_> {
    fn advance(&self, worlds: usize) {
        self.0.advance(worlds);
    }

    fn stopped(&self) -> bool {
        self.0.stopped()
    }

    fn abandoned(&self) -> bool {
        self.0.abandoned()
    }
}

/// Nobody is told.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ignored;

impl Progress for Ignored {
    fn advance(&self, _: usize) {}
}
