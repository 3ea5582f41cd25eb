//! How long the stages of a run take, by a clock that the caller holds: this crate reads none.

/// Tells the time.
pub trait Clock: Sync {
    /// Nanoseconds since some fixed moment, never less than before.
    fn nanoseconds(&self) -> u64;
}

/// What a stage took, summed over threads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lap {
    /// Worlds that went through it.
    pub worlds: usize,
    /// Nanoseconds that it took in all of them, on all threads.
    pub nanoseconds: u64,
}

/// What the stages of a run took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Laps {
    /// Drawing worlds.
    pub draw: Lap,
    /// What refusing a deal is worth, for all questions that the lenses ask.
    pub no_deal: Lap,
    /// Wars solved for that.
    pub solves: u64,
    /// All lenses, in worlds without a search.
    pub lenses: Lap,
    /// All lenses, in worlds with searches over all packages.
    pub searches: Lap,
}

impl Lap {
    pub(super) fn add(&mut self, from: u64, to: u64) {
        self.worlds += 1;
        self.nanoseconds += to.saturating_sub(from);
    }

    fn plus(self, other: Self) -> Self {
        Self {
            worlds: self.worlds + other.worlds,
            nanoseconds: self.nanoseconds + other.nanoseconds,
        }
    }
}

impl Laps {
    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            draw: self.draw.plus(other.draw),
            no_deal: self.no_deal.plus(other.no_deal),
            solves: self.solves + other.solves,
            lenses: self.lenses.plus(other.lenses),
            searches: self.searches.plus(other.searches),
        }
    }
}
