//! Would anybody leave a package once it is signed? How often each is stable, who would move and how.

use detente_math::Mean;

/// How named packages hold once they are signed. Chances are over worlds and types.
#[derive(Clone, Debug)]
pub struct Stability {
    /// Named packages of which something is told, those that the report leads with first.
    pub packages: Vec<Holding>,
    /// Packages of which nothing is told, since they have too many states.
    pub untold: Vec<usize>,
    /// Does somebody perform a clause of a named package, so that there is something to withhold?
    pub performed: bool,
}

/// How one package holds.
#[derive(Clone, Debug)]
pub struct Holding {
    /// The package.
    pub package: usize,
    /// It is signed.
    pub signed: Mean,
    /// It is signed, and each unilateral improvement is sanctioned.
    pub sequential: Mean,
    /// It is signed, and nobody has a unilateral improvement.
    pub nash: Mean,
    /// Parties that it needs, those that would leave it most often first.
    pub parties: Vec<Leaving>,
}

/// What a party would do.
#[derive(Clone, Debug)]
pub struct Leaving {
    /// The party.
    pub party: usize,
    /// The package is signed, and it has a unilateral improvement.
    pub improves: f64,
    /// The same, and one of its improvements is sanctioned by nobody.
    pub moves: f64,
    /// That improvement is to end the deal; nothing where it does not sign.
    pub ends: Option<f64>,
    /// By issue of which it performs a clause: that improvement is to withhold it.
    pub withholds: Vec<(usize, f64)>,
}
