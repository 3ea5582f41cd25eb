//! Who misreads whom: gaps split by belief, how fast news closes them, whether optimism blocks, what watching would tell.

use detente_core::Setting;

/// Months at which it is told whether a gap has halved.
pub const HALVED_BY: [usize; 3] = [12, 24, 60];

/// What own beliefs do. Means over worlds; NaN where no world tells them.
#[derive(Clone, Debug)]
pub struct Beliefs {
    /// Worlds over which means are taken.
    pub worlds: usize,
    /// Types whose own beliefs change what no deal is worth to them.
    pub types: Vec<Gap>,
    /// Share of worlds in which some combination of options suits all it needs: as each believes, under common beliefs, with those of
    /// the sides exchanged, and in which it does under common ones alone; nothing where no world was searched.
    pub zone: Option<[f64; 4]>,
    /// By package: share in which it is agreed as beliefs are, under common ones, and in which own beliefs block it.
    pub packages: Vec<[f64; 3]>,
    /// By messenger: share of worlds in which it is believed.
    pub messengers: Vec<f64>,
    /// The named package that the report leads with, of which observables would tell.
    pub leading: Option<usize>,
    /// What watching would tell of it, greatest change first.
    pub observables: Vec<Information>,
}

/// What a type's own beliefs add to V, what no deal is worth to it.
#[derive(Clone, Debug)]
pub struct Gap {
    /// The type.
    pub of: usize,
    /// By belief, in the order of `BELIEFS`: its Shapley part of the gap, in points, with its standard error.
    pub parts: Vec<(f64, f64)>,
    /// What no deal is worth to the type as it sees it, in points.
    pub value: f64,
    /// Months until news halves the gap, median over the worlds in which it does.
    pub months_to_halve: Option<f64>,
    /// Share of histories in which it never does.
    pub never: f64,
    /// Chance that it has by months 12, 24, 60.
    pub halved: [f64; 3],
    /// Does it read the balance otherwise than the analyst, without the case saying that any news could move it?
    pub is_unmoved: bool,
}

impl Gap {
    /// All of it, in points.
    pub fn size(&self) -> f64 {
        self.parts.iter().map(|(part, _)| part).sum()
    }
}

impl Beliefs {
    /// Of each party the type with the widest gap, the first of equals, in the order of the parties: points of different parties are not
    /// compared.
    pub fn widest_by_party(&self, setting: &Setting) -> Vec<&Gap> {
        let wide = |gap: &&Gap| gap.size().abs();
        let of = |party: &detente_core::Party| {
            let own = self
                .types
                .iter()
                .filter(|gap| party.types.contains(&gap.of));
            own.max_by(|a, b| wide(a).total_cmp(&wide(b)).then(b.of.cmp(&a.of)))
        };
        setting.parties.iter().filter_map(of).collect()
    }
}

/// What an observable would tell.
#[derive(Clone, Debug, PartialEq)]
pub struct Information {
    /// Place in `Setting::observables`.
    pub observable: usize,
    /// Root mean square change of the share of worlds in which the package is agreed, once the observable is known; 0 where
    /// that is within sampling noise.
    pub moves: f64,
    /// By type: points that it would gain on average by answering the package with the signal known rather than without, others'
    /// answers held as they are.
    pub worth: Vec<f64>,
}
