//! What must hold among the answers of one world, whatever the case: checked on every world of every run, since two rooms that compute one
//! quantity may come to disagree where no certificate looks.

use detente_core::catalogue::{durability, leverage, settlement, stability, veto};
use detente_core::{Dimension, Handle, Layout, LensSpec, Setting, Trigger};
use detente_evidence::{Counts, Silence};

/// The name under which broken invariants are counted.
pub(crate) const CONSISTENCY: &str = "consistency";

/// Room for the rounding of sums and products of chances.
const ROUNDING: f64 = 1e-9;
/// Room for the rounding of differences of points.
const POINTS: f64 = 1e-6;
/// How near to a threshold a chance may be for rounding to decide.
const TURNS: f64 = 1e-6;

/// An invariant: what it says, and how often it is broken by a row.
struct Invariant {
    says: &'static str,
    holds: fn(&Row) -> bool,
}

/// All of them.
static INVARIANTS: &[Invariant] = &[
    Invariant {
        says: "a zone is found wherever a named package is signed",
        holds: |row| {
            let zone = row.of(settlement::ZONE).at(&[]);
            let agreed = row.of(settlement::AGREED);
            row.packages().all(|p| no_less(zone, agreed.at(&[p])))
        },
    },
    Invariant {
        says: "the zone of some parties is part of the zone",
        holds: |row| {
            let zone = row.of(settlement::ZONE).at(&[]);
            let of = row.of(settlement::ZONE_OF);
            (0..row.setting.needed_sets.len()).all(|s| no_less(zone, of.at(&[s])))
        },
    },
    Invariant {
        says: "what is found is possible",
        holds: |row| {
            let possible = row.of(settlement::ZONE_POSSIBLE);
            no_less(possible.at(&[]), row.of(settlement::ZONE).at(&[]))
        },
    },
    Invariant {
        says: "dropping red lines closes no zone",
        holds: |row| {
            let without = row.of(settlement::ZONE_WITHOUT_RED_LINES);
            no_less(without.at(&[]), row.of(settlement::ZONE).at(&[]))
        },
    },
    Invariant {
        says: "a package in force is signed",
        holds: |row| row.signed_is_more(settlement::IN_FORCE),
    },
    Invariant {
        says: "a package that is kept is signed",
        holds: |row| row.signed_is_more(durability::KEPT),
    },
    Invariant {
        says: "a package that somebody signs to break is signed",
        holds: |row| row.signed_is_more(durability::SIGNED_TEMPTED),
    },
    Invariant {
        says: "a package that is sequentially stable is signed",
        holds: |row| row.signed_is_more(stability::SEQUENTIAL),
    },
    Invariant {
        says: "a package that is Nash stable is sequentially stable",
        holds: |row| {
            let (more, less) = (row.of(stability::SEQUENTIAL), row.of(stability::NASH));
            row.packages()
                .all(|p| no_less(more.at(&[p]), less.at(&[p])))
        },
    },
    Invariant {
        says: "nobody would leave a package where it is sequentially stable",
        holds: |row| {
            let (signed, stable) = (row.of(settlement::AGREED), row.of(stability::SEQUENTIAL));
            let (moves, improves) = (row.of(stability::WOULD_MOVE), row.of(stability::IMPROVES));
            row.packages().all(|p| {
                let left = signed.at(&[p]) - stable.at(&[p]);
                (0..row.setting.parties.len()).all(|i| {
                    let moves = moves.at(&[i, p]);
                    no_less(left, moves) && no_less(improves.at(&[i, p]), moves)
                })
            })
        },
    },
    Invariant {
        says: "a package is signed when all it needs accept it",
        holds: |row| {
            let accepts = row.of(settlement::ACCEPTS);
            let agreed = row.of(settlement::AGREED);
            row.packages().all(|p| {
                let needed = row.setting.packages[p].needed.iter();
                let all: f64 = needed.map(|i| accepts.at(&[i, p])).product();
                same(agreed.at(&[p]), all, ROUNDING)
            })
        },
    },
    Invariant {
        says: "somebody blocks a package that is not signed",
        holds: |row| {
            let blocks = row.of(settlement::BLOCKS);
            let agreed = row.of(settlement::AGREED);
            row.packages().all(|p| {
                let needed = row.setting.packages[p].needed.iter();
                let all: f64 = needed.map(|i| blocks.at(&[i, p])).sum();
                same(1.0 - agreed.at(&[p]), all, ROUNDING)
            })
        },
    },
    Invariant {
        says: "who does not accept refuses",
        holds: |row| {
            let refuses = row.of(veto::FIGHTS_ON);
            let accepts = row.of(settlement::ACCEPTS);
            (0..row.setting.parties.len()).all(|i| {
                let one = |p: usize| same(1.0 - accepts.at(&[i, p]), refuses.at(&[i, p]), ROUNDING);
                row.packages().all(one)
            })
        },
    },
    Invariant {
        says: "a margin is what a deal is worth over one and the same refusal",
        holds: |row| {
            let worth = row.of(durability::DEAL_VALUE);
            let margin = row.of(settlement::MARGIN);
            (0..row.setting.types.len()).all(|t| {
                let asked = row
                    .packages()
                    .map(|p| worth.at(&[t, p]) - margin.at(&[t, p]));
                let mut asked = asked.filter(|x| !x.is_nan());
                let first = asked.next();
                asked.all(|x| same(x, first.unwrap_or(x), POINTS))
            })
        },
    },
    Invariant {
        says: "a target of one mind accepts where a lever is believed as its threshold asks",
        holds: |row| {
            let accepts = row.of(settlement::ACCEPTS);
            let [chance, least, most] = [
                leverage::CREDIBILITY,
                leverage::THRESHOLD,
                leverage::CEILING,
            ]
            .map(|of| row.of(of));
            row.awaiting_one_mind().all(|(l, r)| {
                row.packages().all(|p| {
                    let (chance, at) = (chance.at(&[l]), [l, p]);
                    let (least, most) = (least.at(&at), most.at(&at));
                    // At a turning point the margin is rounding alone.
                    let turns = same(chance, least, TURNS) || same(chance, most, TURNS);
                    let told = f64::from(u8::from(least <= chance && chance <= most));
                    turns || same(accepts.at(&[r, p]), told, ROUNDING)
                })
            })
        },
    },
    Invariant {
        says: "peace does not grow with time",
        holds: |row| {
            let months = Dimension::Milestone.size(row.setting);
            [durability::SURVIVAL, durability::SURVIVAL_IF_SIGNED]
                .iter()
                .all(|of| {
                    let survival = row.of(*of);
                    row.packages().all(|p| {
                        let at = |m: usize| survival.at(&[p, m]);
                        (1..months).all(|m| no_less(at(m - 1), at(m)))
                    })
                })
        },
    },
];

/// How many there are.
pub(crate) fn count() -> usize {
    INVARIANTS.len()
}

/// Is it no less, as far as both are told?
fn no_less(more: f64, less: f64) -> bool {
    more.is_nan() || less.is_nan() || more >= less - ROUNDING
}

fn same(a: f64, b: f64, within: f64) -> bool {
    a.is_nan() || b.is_nan() || (a - b).abs() <= within
}

/// The answers of one world.
struct Row<'a> {
    setting: &'a Setting,
    places: &'a Places,
    cells: &'a [f64],
}

/// A quantity of one world.
struct Of<'a> {
    place: Option<(usize, &'a [usize])>,
    cells: &'a [f64],
}

impl Of<'_> {
    /// An entry; not a number where it is not told.
    fn at(&self, index: &[usize]) -> f64 {
        self.place.map_or(f64::NAN, |(first, sizes)| {
            let place = index
                .iter()
                .zip(sizes)
                .fold(0, |place, (i, size)| place * size + i);
            self.cells[first + place]
        })
    }
}

impl<'a> Row<'a> {
    fn of(&self, of: Handle) -> Of<'a> {
        let mut known = self.places.0.iter();
        let found = known.find(|(known, ..)| *known == of);
        Of {
            place: found.map(|(_, first, sizes)| (*first, &sizes[..])),
            cells: self.cells,
        }
    }

    fn packages(&self) -> std::ops::Range<usize> {
        0..self.setting.packages.len()
    }

    /// Levers that a refusal triggers, with who refuses, where that party has one type.
    fn awaiting_one_mind(&self) -> impl Iterator<Item = (usize, usize)> {
        let levers = self.setting.levers.iter().enumerate();
        let awaiting = levers.filter_map(|(l, lever)| match lever.trigger {
            Trigger::Refuse(r) => Some((l, r)),
            _ => None,
        });
        awaiting.filter(|(_, r)| self.setting.parties[*r].types.len() == 1)
    }

    /// Is every package signed at least as often as this?
    fn signed_is_more(&self, than: Handle) -> bool {
        let (signed, less) = (self.of(settlement::AGREED), self.of(than));
        self.packages()
            .all(|p| no_less(signed.at(&[p]), less.at(&[p])))
    }
}

/// Where quantities stand in a row: first column and size of each dimension, looked up once a run.
pub(crate) struct Places(Vec<(Handle, usize, Vec<usize>)>);

impl Places {
    /// Where the quantities of lenses stand, which must be those of the layout.
    pub(crate) fn new(layout: &Layout, specs: &[&'static LensSpec], setting: &Setting) -> Self {
        let mut places = Vec::new();
        for spec in specs {
            for (quantity, of) in spec.quantities.iter().zip(spec.handles()) {
                let sizes = quantity.dimensions.iter().map(|d| d.size(setting));
                let sizes: Vec<usize> = sizes.collect();
                if !sizes.contains(&0) {
                    let first = layout.column(of, &vec![0; sizes.len()]);
                    places.push((of, first, sizes));
                }
            }
        }
        Self(places)
    }

    /// Counts the invariants that a row breaks.
    pub(crate) fn check(&self, setting: &Setting, cells: &[f64], counts: &mut Counts) {
        let row = Row {
            setting,
            places: self,
            cells,
        };
        for invariant in INVARIANTS {
            if !(invariant.holds)(&row) {
                let broken = (CONSISTENCY, Silence::Defect(invariant.says.to_owned()));
                *counts.entry(broken).or_default() += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{INVARIANTS, Places};
    use crate::run;
    use detente_case::{Overrides, Plan};
    use detente_evidence::{Counts, RunOptions};

    /// A row that holds, and the same row with each of its cells moved, of which some must break each invariant that the case can break.
    #[test]
    fn a_moved_answer_breaks_an_invariant() {
        let text = include_str!("../../../cases/first-case/case.toml").to_owned()
            + "\n[durability]\nbackground = \"0.002 to 0.006\"\n\
               [lever.cut]\nby = \"mediator\"\nkind = \"pressure\"\ntrigger = \"refuse(south)\"\n\
               credibility = \"20% to 60%\"\nsets = { \"party.south.burden\" = \"20 to 60\" }\n";
        let case = crate::check("case.toml", &text)
            .case
            .expect("a case without faults");
        let plan = Plan::new(&case);
        let options = RunOptions {
            worlds: 4,
            searches: 4,
            solutions: 4,
            ..RunOptions::default()
        };
        let table = run(&plan, &Overrides::default(), options, &crate::Ignored);
        let broken = table
            .silences
            .keys()
            .filter(|(of, _)| *of == super::CONSISTENCY);
        assert_eq!(broken.count(), 0);
        let specs = detente_lens::conformance::specs();
        let places = Places::new(&table.layout, &specs, &case.setting);
        let mut found = Counts::new();
        for row in table.rows() {
            for column in 0..row.len() {
                for by in [-0.2, 0.2] {
                    let mut moved = row.to_vec();
                    moved[column] += by;
                    places.check(&case.setting, &moved, &mut found);
                }
            }
        }
        let broken: Vec<&str> = found.keys().map(|(_, why)| why.why()).collect();
        for invariant in INVARIANTS {
            // The case says nothing of what refusing brings, so that vetoes tell nothing.
            let told = invariant.says != "who does not accept refuses";
            assert!(
                !told || broken.contains(&invariant.says),
                "{}",
                invariant.says
            );
        }
    }
}
