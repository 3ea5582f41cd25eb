//! Who misreads whom: gaps split by belief, how fast news closes them, whether optimism blocks, what watching would tell.

mod information;

use detente_core::catalogue::{alternative, beliefs, settlement};
use detente_core::{BELIEFS, Handle, MILESTONES};
use detente_evidence::chapters::beliefs::{Beliefs, Gap, HALVED_BY};
use information::information;

use super::Study;
use crate::run::Table;

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
    let never = mean(table, beliefs::NEVER_HALVES, &[t]);
    // Where it never halves in most histories, there is no month by which it has in half of them.
    let halves = never.is_nan() || never < 0.5;
    Gap {
        of: t,
        parts: parts.collect(),
        value: mean(table, alternative::VALUE, &[t]),
        months_to_halve: months.get(months.len() / 2).copied().filter(|_| halves),
        never,
        halved: HALVED_BY.map(halved),
        is_unmoved: {
            let world = study.plan.world(&study.plan.medians(), study.overrides);
            let own = &world.numbers.types[t];
            let rates = own.believes_rates.iter().zip(&own.rate_sds);
            let mut misread = rates.filter(|(offset, _)| **offset != 0.0).peekable();
            let unmoved = misread.peek().is_some() && misread.all(|(_, sd)| *sd == 0.0);
            own.open_to_news == 0.0 && (own.believes_edge != 0.0 || unmoved)
        },
    }
}
