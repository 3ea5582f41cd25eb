//! What packages are worth to every type, as far as a certificate works it out.

use std::cell::OnceCell;
use std::cell::RefCell;
use std::rc::Rc;

use detente_core::asks::JUDGED_ONE_BY_ONE;
use detente_core::{DealValue, Fate, PartySet, Preferences, Question, Setting, each_combination};

use super::package::Attack;
use super::{After, Known, Package, additive, slack, wars};
use crate::{budget, no_deal};
use detente_core::Identity;

/// Named packages whose worth is worked out where something may follow a deal; of more, the last and one in turn.
const FEW: usize = 4;

/// Least and greatest D of a package, by type; `None` if that is too open to tell.
pub(crate) type Worths = Option<Vec<[f64; 2]>>;

/// What a package is worth, and how long it lives.
pub(crate) struct Kept<'a> {
    /// Least and greatest D, by type.
    pub(crate) worths: Vec<[f64; 2]>,
    /// What is left if a party breaks it at once, by that party, by type; nothing where the case does not say what follows a deal.
    pub(crate) broken: Option<Vec<Vec<f64>>>,
    /// How long it lives; nothing where the case does not say what follows a deal.
    pub(crate) life: Option<Life<'a>>,
}

/// A package's life, as far as the error of wars' worths leaves open when types attack and how likely.
pub(crate) struct Life<'a> {
    deal: Package<'a>,
    /// The earliest months and the greatest chances of attacks by type, then the latest and the least.
    attacks: [(Vec<f64>, Vec<f64>); 2],
}

impl<'a> Life<'a> {
    fn new(question: Question<'a>, deal: Package<'a>) -> Self {
        let noise = question.world.numbers.behaviour.first();
        let noise = noise.map_or(0.5, |b| b.noise);
        let found = deal.attacks();
        let attacks = [(0, slack(question)), (1, -slack(question))].map(|(end, off)| {
            let attack = |of: &Attack| {
                // A type that never attacks has no gain.
                let gain = (of.gain + off).max(0.0);
                (of.dates[end], 1.0 - libm::exp(-gain / noise))
            };
            found.iter().map(attack).unzip()
        });
        Self { deal, attacks }
    }

    /// Least and greatest chance that war has not resumed by a month if parties are of their types with these chances.
    pub(crate) fn survives(&self, month: usize, weights: &[f64]) -> [f64; 2] {
        let [soon, late] = &self.attacks;
        [soon, late]
            .map(|(months, chances)| self.deal.survival(month, months, chances, Some(weights)))
    }
}

/// A package of those that all were weighed.
pub(crate) struct Weighed {
    pub(crate) package: Vec<u8>,
    /// Who must agree to it, signatories and performers; `None` where constraints forbid it, so that it is a package by its name alone.
    pub(crate) needed: Option<PartySet>,
    /// Least and greatest D, by type.
    pub(crate) worths: Vec<[f64; 2]>,
}

/// D of packages, worked out when it is first asked for.
pub(crate) struct Deals<'a> {
    question: Question<'a>,
    preferences: Preferences,
    additive: Preferences,
    known: Known,
    /// What follows endings, by type.
    after: Vec<Vec<After>>,
    named: RefCell<Vec<Option<Worths>>>,
    all: OnceCell<Option<Rc<Vec<Weighed>>>>,
}

/// Is every package weighed where something may follow a deal? Only if packages are few and wars are worked out at once.
pub(crate) fn weighs_all(setting: &Setting) -> bool {
    setting.contest.is_none() && setting.combination_count() <= JUDGED_ONE_BY_ONE
}

impl<'a> Deals<'a> {
    /// `None` where a case does not say what no deal is.
    pub(crate) fn new(question: Question<'a>) -> Option<Self> {
        let Question { setting, world } = question;
        let mut preferences = Preferences::default();
        preferences.compute(setting, world);
        let known = Known::new(question)?;
        let after = if known.after.is_empty() {
            no_deal::after(question)?
        } else {
            known.after.clone()
        };
        Some(Self {
            question,
            additive: additive(question, &known)?,
            preferences,
            known,
            after,
            named: RefCell::new(vec![None; setting.packages.len()]),
            all: OnceCell::new(),
        })
    }

    /// May anything follow a deal?
    pub(crate) fn follows(&self) -> bool {
        !self.question.world.numbers.durability.is_empty()
    }

    /// U.
    pub(crate) fn preferences(&self) -> &Preferences {
        &self.preferences
    }

    /// What searches over all packages add up.
    pub(crate) fn additive(&self) -> &Preferences {
        &self.additive
    }

    /// What follows endings, by type.
    pub(crate) fn after(&self) -> &[Vec<After>] {
        &self.after
    }

    /// Least and greatest D of any package by type, where wars are worked out at once.
    fn any(&self, package: &[u8]) -> Worths {
        /// Steps a pair of types: each attacker's dates and chances change what the package is worth to each.
        const STEPS: usize = 200;
        let types = 0..self.question.setting.types.len();
        budget::spend(STEPS * types.len() * types.len())?;
        let wars = wars(self.question, package, &self.known)?;
        let deal = Package::new(self.question, &wars, package, false);
        let open = || types.map(|t| deal.worth_bounds(t)).collect();
        Some(deal.worths_between().unwrap_or_else(open))
    }

    /// Every package that the constraints allow or that has a name, where they are few and wars are worked out at once.
    pub(crate) fn all(&self) -> Option<Rc<Vec<Weighed>>> {
        self.all.get_or_init(|| self.weigh_all()).clone()
    }

    fn weigh_all(&self) -> Option<Rc<Vec<Weighed>>> {
        let Question { setting, world } = self.question;
        if !self.follows() || !weighs_all(setting) {
            return None;
        }
        let mut all: Option<Vec<Weighed>> = Some(Vec::new());
        let issues: Vec<usize> = (0..setting.issues.len()).collect();
        let mut package = vec![0_u8; issues.len()];
        each_combination(setting, &issues, &mut package, &mut |package| {
            let named = setting.packages.iter().position(|p| p.choice == package);
            let allowed = setting.allows(package);
            if !allowed && named.is_none() {
                return;
            }
            let Some(mut worths) = self.any(package) else {
                all = None;
                return;
            };
            // What is given of a named package holds of the package, whatever it is called.
            for (t, worth) in worths.iter_mut().enumerate() {
                let given = named.and_then(|p| world.fixed("durability", "deal_value", &[t, p]));
                *worth = given.map_or(*worth, |given| [given; 2]);
            }
            if let Some(all) = &mut all {
                all.push(Weighed {
                    package: package.to_vec(),
                    needed: allowed
                        .then(|| setting.signatories().union(setting.performers(package))),
                    worths,
                });
            }
        });
        all.map(Rc::new)
    }

    /// What a package is worth to every type, kept or broken on the day of the deal, whatever it takes to work that out; `None` where
    /// something may follow a deal and its wars are not found.
    pub(crate) fn weighed(&self, package: &[u8]) -> Option<Kept<'a>> {
        let Question { setting, world } = self.question;
        let types = 0..setting.types.len();
        if !self.follows() {
            let how = &[Fate::Deal];
            let worth = |t| Identity.worth(setting, world, &self.preferences, t, package, how);
            return Some(Kept {
                worths: types.map(|t| [worth(t); 2]).collect(),
                broken: None,
                life: None,
            });
        }
        let wars = wars(self.question, package, &self.known)?;
        let deal = Package::new(self.question, &wars, package, false);
        let worths = deal.worths_between();
        let open = || types.clone().map(|t| deal.worth_bounds(t)).collect();
        let broken = |by: usize| {
            let each = types.clone().map(|t| {
                let own = setting.types[t].party == by;
                let cost = if own {
                    world.numbers.types[t].renege_cost
                } else {
                    0.0
                };
                deal.broken(by, t, 0) - cost
            });
            each.collect()
        };
        Some(Kept {
            broken: Some((0..setting.parties.len()).map(broken).collect()),
            worths: worths.unwrap_or_else(open),
            life: Some(Life::new(self.question, deal)),
        })
    }

    /// Least and greatest D of a named package to a type; `None` where it is not worked out, or too open to tell.
    pub(crate) fn named(&self, p: usize, t: usize) -> Option<[f64; 2]> {
        let Question { setting, world } = self.question;
        let package = &setting.packages[p].choice;
        if !self.follows() {
            let worth =
                Identity.worth(setting, world, &self.preferences, t, package, &[Fate::Deal]);
            return Some([worth; 2]);
        }
        if let Some(given) = world.fixed("durability", "deal_value", &[t, p]) {
            return Some([given; 2]);
        }
        let count = setting.packages.len();
        let turn = usize::try_from(world.index % count as u64).unwrap_or(0);
        if count > FEW && p + 1 != count && p != turn {
            return None;
        }
        let mut named = self.named.borrow_mut();
        let worths = named[p].get_or_insert_with(|| {
            let wars = wars(self.question, package, &self.known)?;
            Package::new(self.question, &wars, package, false).worths_between()
        });
        Some(worths.as_ref()?[t])
    }
}
