//! How often the zone is open if refusing were worth something else: for lenses that ask what a threat or a belief does to it.

use detente_core::each_profile;
use detente_core::needed_by_any;
use detente_core::{Outcome, PartySet, Preferences, Scene, is_enough};

use super::find::{self, First, Wanted};
use super::search::{self, Best, Goal, Nothing, RedLines, Task};

/// The zone of one world under several vectors of what the types ask. What one of them found serves the next: a package that was
/// accepted may be accepted again, and who refused all packages refuses them when asking more.
pub(crate) struct Zones<'a> {
    scene: &'a Scene<'a>,
    all: PartySet,
    /// Types of all parties that packages can need, with their prior.
    profiles: Vec<(Vec<usize>, f64)>,
    known: Vec<Known>,
}

/// How much is done to find an accepted package of a set.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Effort {
    /// Nothing but to try what was accepted before.
    Remember,
    /// A search for the first that is good enough.
    First,
    /// All that is ever done.
    Whole,
}

/// What is known of the packages that need exactly some parties, for given types of theirs.
struct Known {
    needed: PartySet,
    types: Vec<usize>,
    /// Packages that were best.
    found: Vec<Vec<u8>>,
    /// What the types asked when no package met it.
    closed: Vec<Vec<f64>>,
}

impl<'a> Zones<'a> {
    /// Nothing if deal values are not additive, on which the search rests.
    pub(crate) fn new(scene: &'a Scene<'a>) -> Option<Self> {
        let Scene { setting, world, .. } = *scene;
        if !scene.deal_value.is_additive(setting, world) {
            return None;
        }
        let all = needed_by_any(setting);
        let mut list = Vec::new();
        each_profile(setting, world, all, |types, prior| {
            list.push((types.to_vec(), prior));
        });
        Some(Self {
            scene,
            all,
            profiles: list,
            known: Vec::new(),
        })
    }

    /// Chance, over all types, that some package is accepted by every party it needs if type t asks `asked[t]` points of a package.
    pub(crate) fn open(&mut self, asked: &[f64]) -> Result<f64, Outcome> {
        let mut open = 0.0;
        for place in 0..self.profiles.len() {
            if self.profile_open(place, asked)? {
                open += self.profiles[place].1;
            }
        }
        Ok(f64::min(open, 1.0))
    }

    /// What each party gives up on paper, from its opening package, at the Nash point of the packages that need exactly `needed`:
    /// mean over the types for which all margins there can be positive; `None` where that is for none. NaN for parties without
    /// an opening package.
    pub(crate) fn conceded(&self, needed: PartySet, asked: &[f64]) -> Option<Vec<f64>> {
        let Scene { setting, world, .. } = *self.scene;
        let mut sums = vec![0.0; setting.parties.len()];
        let mut weight = 0.0;
        let mut list = Vec::new();
        each_profile(setting, world, needed, |types, prior| {
            list.push((types.to_vec(), prior));
        });
        for (types, prior) in list {
            let Ok(best) = self.search(needed, &types, asked, Goal::NashProduct) else {
                continue;
            };
            weight += prior;
            for (sum, party) in sums.iter_mut().zip(&setting.parties) {
                let Some(opening) = party.opening else {
                    *sum = f64::NAN;
                    continue;
                };
                let first = &setting.packages[opening].choice;
                let worth = |t: usize, package: &[u8]| {
                    Preferences::worth(self.scene.preferences, setting, t, package)
                };
                let given = |t: usize| worth(t, first) - worth(t, &best.package);
                let own = types.iter().find(|t| party.types.contains(t));
                *sum += prior
                    * own.map_or_else(
                        || {
                            let of = |t: usize| world.numbers.types[t].prior * given(t);
                            party.types.clone().map(of).sum::<f64>()
                        },
                        |t| given(*t),
                    );
            }
        }
        (weight > 0.0).then(|| sums.iter().map(|sum| sum / weight).collect())
    }

    /// Types of all parties that packages can need, profile by profile, with the prior of each.
    pub(crate) fn profiles(&self) -> &[(Vec<usize>, f64)] {
        &self.profiles
    }

    /// The same as [`open`](Self::open) for one profile of types.
    pub(crate) fn profile_open(&mut self, place: usize, asked: &[f64]) -> Result<bool, Outcome> {
        let sets = &self.scene.setting.needed_sets;
        if self.named_open(place, asked) {
            return Ok(true);
        }
        let mut firsts = Vec::new();
        // Sets whose packages have been accepted before come first: they cost nothing. To find out that a set has none costs most.
        for effort in [Effort::Remember, Effort::First, Effort::Whole] {
            for needed in sets {
                let members = self.all.iter().zip(&self.profiles[place].0);
                let own = members.filter(|(party, _)| needed.contains(*party));
                let types: Vec<usize> = own.map(|(_, t)| *t).collect();
                let k = self.known(*needed, types);
                let open = match effort {
                    Effort::Remember => self.accepted_before(k, asked),
                    _ => {
                        !self.refused_before(k, asked)
                            && self.found(k, asked, effort, &mut firsts)?
                    }
                };
                if open {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Is a named package accepted by all that it needs, whoever that is?
    fn named_open(&self, place: usize, asked: &[f64]) -> bool {
        self.scene.setting.packages.iter().any(|package| {
            let members = self.all.iter().zip(&self.profiles[place].0);
            let mut own = members.filter(|(party, _)| package.needed.contains(*party));
            own.all(|(_, t)| {
                self.scene
                    .stand_asking(*t, &package.choice, asked[*t])
                    .accepts()
            })
        })
    }

    fn known(&mut self, needed: PartySet, types: Vec<usize>) -> usize {
        let same = |k: &Known| k.needed == needed && k.types == types;
        self.known.iter().position(same).unwrap_or_else(|| {
            self.known.push(Known {
                needed,
                types,
                found: Vec::new(),
                closed: Vec::new(),
            });
            self.known.len() - 1
        })
    }

    fn accepted_before(&self, k: usize, asked: &[f64]) -> bool {
        let Known { types, found, .. } = &self.known[k];
        let meets = |package: &Vec<u8>| {
            let margin = |t: &usize| self.scene.deal(*t, package) - asked[*t];
            types.iter().all(|t| is_enough(margin(t)))
        };
        found.iter().any(meets)
    }

    fn refused_before(&self, k: usize, asked: &[f64]) -> bool {
        let Known { types, closed, .. } = &self.known[k];
        let less = |before: &Vec<f64>| types.iter().zip(before).all(|(t, b)| asked[*t] >= *b);
        closed.iter().any(less)
    }

    /// Searches, and keeps what it learns. `firsts`: what first searches came upon for what is asked now.
    fn found(
        &mut self,
        k: usize,
        asked: &[f64],
        effort: Effort,
        firsts: &mut Vec<(usize, First)>,
    ) -> Result<bool, Outcome> {
        let Known { needed, types, .. } = &self.known[k];
        let wanted = Wanted {
            scene: self.scene,
            needed: *needed,
            types,
            asked,
            red_lines: RedLines::Respected,
        };
        if effort == Effort::First {
            let first = find::first(wanted)?;
            if let Some(package) = first.accepted() {
                self.known[k].found.push(package.clone());
                return Ok(true);
            }
            firsts.push((k, first));
            return Ok(false);
        }
        let first = firsts.iter().find(|(of, _)| *of == k);
        let best = find::best_after(wanted, first.map(|(_, first)| first.clone()))?;
        let of: Vec<f64> = types.iter().map(|t| asked[*t]).collect();
        match best {
            Some(best) if is_enough(best.value) => {
                self.known[k].found.push(best.package);
                Ok(true)
            }
            Some(_) => {
                self.known[k].closed.push(of);
                Ok(false)
            }
            // No package fits, whatever is asked.
            None => {
                let whatever = vec![f64::NEG_INFINITY; of.len()];
                self.known[k].closed.push(whatever);
                Ok(false)
            }
        }
    }

    fn search(
        &self,
        needed: PartySet,
        types: &[usize],
        asked: &[f64],
        goal: Goal,
    ) -> Result<Best, Nothing> {
        let reservations: Vec<f64> = types.iter().map(|t| asked[*t]).collect();
        let task = Task {
            setting: self.scene.setting,
            world: self.scene.world,
            preferences: self.scene.additive,
            deal_value: self.scene.deal_value,
            needed,
            types,
            reservations: &reservations,
            red_lines: RedLines::Respected,
            only: None,
        };
        search::best(&task, goal)
    }
}
