//! Which entries are to blame where a record leaves as good as no world.

use detente_evidence::Blamed;
use detente_math::{evenly, quantile_sorted};

use super::pool::Entry;
use super::tell::{SPREAD, effective};
use super::{FEWEST, Learning};

/// Entries that leave too few of the weighed worlds by themselves; where none does, those without which the others would leave enough.
pub(super) fn blamed(learning: &Learning) -> Vec<Blamed> {
    let (record, pool) = (learning.record, learning.pool());
    let entries: Vec<Entry> = (0..record.acts.len())
        .map(Entry::Act)
        .chain((0..record.case.anchors.len()).map(Entry::Anchor))
        .collect();
    let worth = |counts: &dyn Fn(Entry) -> bool| {
        let logs = pool.logs_of(record, counts);
        let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if most == f64::NEG_INFINITY {
            return 0.0;
        }
        effective(pool, &|row| libm::exp(logs[row] - most))
    };
    let all: Vec<(Entry, f64, f64)> = entries
        .iter()
        .map(|entry| {
            let alone = worth(&|other| other == *entry);
            let without = worth(&|other| other != *entry);
            (*entry, alone, without)
        })
        .collect();
    let by_itself = |(_, alone, _): &&(Entry, f64, f64)| *alone < FEWEST;
    let in_the_way = |(_, _, without): &&(Entry, f64, f64)| *without >= FEWEST;
    let mut found: Vec<_> = all.iter().filter(by_itself).collect();
    if found.is_empty() {
        found = all.iter().filter(in_the_way).collect();
        found.sort_by(|a, b| b.2.total_cmp(&a.2));
    }
    let told = found.into_iter().map(|(entry, alone, without)| {
        let (alone, without) = (*alone, *without);
        match *entry {
            Entry::Act(place) => {
                let act = &record.case.acts[record.acts[place]];
                Blamed {
                    id: act.id.clone(),
                    says: act.says.clone(),
                    alone,
                    without,
                    number: None,
                }
            }
            Entry::Anchor(a) => {
                let anchor = &record.case.anchors[a];
                let told = (0..pool.len()).map(|row| (pool.anchored(row, a), pool.stands_for(row)));
                let prior = evenly(told.filter(|(x, _)| !x.is_nan()).collect());
                let known = &anchor.known.distribution;
                Blamed {
                    id: anchor.id.clone(),
                    says: anchor.says.clone(),
                    alone,
                    without,
                    number: Some([
                        SPREAD.map(|q| quantile_sorted(&prior, q)),
                        SPREAD.map(|q| known.quantile(q)),
                    ]),
                }
            }
        }
    });
    told.collect()
}
