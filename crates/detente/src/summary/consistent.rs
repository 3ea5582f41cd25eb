//! Whether the answers of a report agree with one another.

use crate::consistency;
use crate::run::Counts;

/// What must hold among the answers of every world, and whether it did.
#[derive(Clone, Debug, Default)]
pub struct Consistency {
    /// How many invariants.
    pub invariants: usize,
    /// In how many worlds, those of rival readings included.
    pub worlds: usize,
    /// What was broken, in how many worlds.
    pub broken: Vec<(String, usize)>,
}

impl Consistency {
    /// What was broken in some tables: worlds and silences of each.
    pub(super) fn of<'a>(tables: impl Iterator<Item = (usize, &'a Counts)>) -> Self {
        let mut all = Self {
            invariants: consistency::count(),
            ..Self::default()
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
}
