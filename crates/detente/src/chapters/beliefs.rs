//! Who misreads whom: gaps split by belief, how fast news closes them, whether optimism blocks, what watching would tell.

mod information;

use detente_core::catalogue::{alternative, beliefs, settlement};
use detente_core::{BELIEFS, Handle, MILESTONES, Setting};

use super::Study;
use crate::run::Table;
pub use information::Information;
use information::information;

/// Months at which it is told whether a gap has halved.
pub(crate) const HALVED_BY: [usize; 3] = [12, 24, 60];

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

/// Types whose own beliefs change what no deal is worth to them.
fn differing(study: &Study) -> Vec<usize> {
    let table = study.table;
    let own =
        |t: &usize| (0..BELIEFS.len()).any(|k| mean(table, beliefs::GAP_PART, &[*t, k]) != 0.0);
    (0..study.setting().types.len())
        .filter(|t| table.mean(beliefs::GAP_PART, &[*t, 0]).n > 0)
        .filter(own)
        .collect()
}

pub(super) fn applies(study: &Study) -> bool {
    let setting = study.setting();
    let watched = !setting.observables.is_empty() && !setting.packages.is_empty();
    watched || !setting.messengers.is_empty() || !differing(study).is_empty()
}

/// What own beliefs do; nothing where none differs, nobody watches and nobody carries a message.
pub(super) fn tell(study: &Study) -> Option<Beliefs> {
    let (setting, table) = (study.setting(), study.table);
    let types = differing(study);
    let observables = study
        .leading
        .map_or_else(Vec::new, |p| information(study, p));
    if types.is_empty() && observables.is_empty() && setting.messengers.is_empty() {
        return None;
    }
    let zone = [
        settlement::ZONE,
        beliefs::ZONE_COMMON,
        beliefs::ZONE_SWAPPED,
        beliefs::OPTIMISM_BLOCKS,
    ]
    .map(|quantity| mean(table, quantity, &[]));
    let package = |p: usize| {
        [
            settlement::AGREED,
            beliefs::AGREED_COMMON,
            beliefs::OPTIMISM_BLOCKS_PACKAGE,
        ]
        .map(|quantity| mean(table, quantity, &[p]))
    };
    Some(Beliefs {
        worlds: table.worlds,
        types: types.iter().map(|t| gap(study, *t)).collect(),
        zone: (!zone[1].is_nan()).then_some(zone),
        packages: (0..setting.packages.len()).map(package).collect(),
        messengers: (0..setting.messengers.len())
            .map(|m| mean(table, beliefs::BELIEVED, &[m]))
            .collect(),
        leading: study.leading,
        observables,
    })
}

/// Mean over worlds; NaN where nothing was computed.
fn mean(table: &Table, quantity: Handle, index: &[usize]) -> f64 {
    let mean = table.mean(quantity, index);
    if mean.n > 0 { mean.value } else { f64::NAN }
}

fn gap(study: &Study, t: usize) -> Gap {
    let table = study.table;
    let parts = (0..BELIEFS.len()).map(|k| {
        let part = table.mean(beliefs::GAP_PART, &[t, k]);
        let told = if part.n > 0 { part.value } else { f64::NAN };
        (told, part.error)
    });
    let months = table.sorted(beliefs::MONTHS_TO_HALVE, &[t]);
    let halved = |month: usize| {
        let place = MILESTONES.iter().position(|m| *m == month).unwrap_or(0);
        mean(table, beliefs::HALVED_BY, &[t, place])
    };
    Gap {
        of: t,
        parts: parts.collect(),
        value: mean(table, alternative::VALUE, &[t]),
        months_to_halve: months.get(months.len() / 2).copied(),
        never: mean(table, beliefs::NEVER_HALVES, &[t]),
        halved: HALVED_BY.map(halved),
        is_unmoved: {
            let world = study.plan.world(&study.plan.medians(), study.overrides);
            let own = &world.numbers.types[t];
            own.believes_edge != 0.0 && own.open_to_news == 0.0
        },
    }
}
