//! Whether the answers of a report agree with one another.

use detente_evidence::{Consistency, Counts};

use crate::consistency;

/// What was broken in some tables: worlds and silences of each.
pub(super) fn consistent<'a>(tables: impl Iterator<Item = (usize, &'a Counts)>) -> Consistency {
    let mut all = Consistency {
        invariants: consistency::count(),
        ..Consistency::default()
    };
    for (worlds, silences) in tables {
        all.worlds += worlds;
        let broken = silences.iter();
        for ((_, what), n) in broken.filter(|((of, _), _)| *of == consistency::CONSISTENCY) {
            let mut known = all.broken.iter_mut();
            match known.find(|(known, _)| known == what.why()) {
                Some((_, count)) => *count += n,
                None => all.broken.push((what.why().to_owned(), *n)),
            }
        }
    }
    all
}
