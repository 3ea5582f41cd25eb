//! A world ready to be examined.

use crate::{
    Aftermath, Beliefs, DealValue, Fate, LeverProfile, NoDealSolution, OwnBeliefs, Preferences,
    Query, Refusals, Setting, Trigger, TypeSet, World,
};

/// What a certificate may see besides the answer: the case and the world, nothing that a solver made.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The case.
    pub setting: &'a Setting,
    /// The world.
    pub world: &'a World,
}

/// How far all packages are searched in a world.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Search {
    /// Not at all.
    #[default]
    None,
    /// For the zone: is there a package that all accept, and how large is the zone?
    Zone,
    /// For solution points too, which need the frontier.
    Solutions,
}

/// Who is indifferent accepts, and sums of points that should be equal differ by rounding: a margin above minus this many points
/// is none below zero. Sums of a few hundred points carry errors of about 1e-13.
pub const INDIFFERENT: f64 = 1e-9;

/// How a type stands to a package. Acceptance is decided here and nowhere else: D ≥ N and no hard red line of its own crossed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stand {
    /// D − N, in points; red lines not counted.
    pub margin: f64,
    /// Does the package cross a hard red line of the type?
    pub crossed: bool,
}

impl Stand {
    /// Does the type accept?
    pub fn accepts(self) -> bool {
        is_enough(self.margin) && !self.crossed
    }
}

/// Is a margin none below zero, whatever the rounding?
pub fn is_enough(margin: f64) -> bool {
    margin >= -INDIFFERENT
}

/// A world with its preferences, its deal values and its solved no-deal queries.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// The case.
    pub setting: &'a Setting,
    /// The world.
    pub world: &'a World,
    /// What packages are worth on paper.
    pub preferences: &'a Preferences,
    /// What deals are worth.
    pub deal_value: &'a dyn DealValue,
    /// What searches add up: preferences, or where something may follow a deal, what stands in for D as a sum over options.
    pub additive: &'a Preferences,
    /// What may follow the named packages; nothing where the case does not say.
    pub aftermath: &'a Aftermath,
    /// What refusing is worth where a refusal triggers levers.
    pub refusals: &'a Refusals,
    /// Queries that lenses declared, with their solutions; empty if the case has no no-deal model.
    pub solved: &'a [(Query, NoDealSolution)],
    /// What is asked of searches over all packages in this world.
    pub search: Search,
    /// Are the talks of this world played, and how far?
    pub talks: crate::talks::Play,
    /// By named package: is it asked about? Beyond the end: yes. Of the others nothing need be told.
    pub asked: &'a [bool],
}

impl Scene<'_> {
    /// Is a named package asked about?
    pub fn asks(&self, package: usize) -> bool {
        self.asked.get(package).copied().unwrap_or(true)
    }

    /// The solution of a declared query.
    pub fn no_deal(&self, query: &Query) -> Option<&NoDealSolution> {
        self.solved
            .iter()
            .find(|(asked, _)| asked == query)
            .map(|(_, solution)| solution)
    }

    /// V: what it is worth to type `t`, in points, that nothing is agreed and no lever is pulled besides those that run now,
    /// under its own beliefs.
    pub fn no_deal_value(&self, t: usize) -> Option<f64> {
        self.no_deal(&Query::own(self.setting, self.world, t))
            .map(|solution| solution.values[t])
    }

    /// N: what refusing is worth to type `t`, in points, under its own beliefs, with the levers that its refusal may trigger.
    ///
    /// The cost of a lever that runs whatever the talks bring is sunk: it is in neither D nor N.
    pub fn reservation(&self, t: usize) -> Option<f64> {
        let refuser = self.setting.types[t].party;
        self.refusals
            .is_known()
            .then(|| self.refusals.worth(t, refuser))
    }

    /// What a package must be worth for type `t` to accept it, in points: N and its aspiration above it.
    pub fn bar(&self, t: usize) -> Option<f64> {
        Some(self.reservation(t)? + self.world.numbers.types[t].aspiration)
    }

    /// D of a package to type `t`, in points, as an agreed deal.
    pub fn deal(&self, t: usize, package: &[u8]) -> f64 {
        self.deal_value.worth(
            self.setting,
            self.world,
            self.preferences,
            t,
            package,
            &[Fate::Deal],
        )
    }

    /// What is left to every type of a package that is agreed and at once ended by a party, in points: the war that resumes, less what
    /// breaking costs, with what promises bring, which are kept whatever becomes of a deal, where the case says what may follow one; or else
    /// what it is worth that this party refuses. Nothing where the case does not
    /// say what happens without a deal.
    pub fn broken(&self, package: &[u8], by: usize, to: &mut Vec<f64>) {
        let known = self
            .deal_value
            .broken(self.setting, self.world, package, by, to);
        if !known {
            to.clear();
        }
        if !self.refusals.is_known() {
            return;
        }
        if known {
            for (t, left) in to.iter_mut().enumerate() {
                *left += self.refusals.promise(t);
            }
        } else {
            let types = 0..self.setting.types.len();
            to.extend(types.map(|t| self.refusals.worth(t, by)));
        }
    }

    /// What a package must be worth on its own for type `t` to accept it: its bar, less what promises bring it besides.
    pub fn asked_of_package(&self, t: usize) -> Option<f64> {
        Some(self.bar(t)? - self.refusals.promise(t))
    }

    /// How type `t` stands to a package; `None` where the case does not say what happens without a deal.
    pub fn stand(&self, t: usize, package: &[u8]) -> Option<Stand> {
        Some(self.stand_asking(t, package, self.asked_of_package(t)?))
    }

    /// The same if the type asked so many points of a package.
    pub fn stand_asking(&self, t: usize, package: &[u8], asked: f64) -> Stand {
        Stand {
            margin: self.deal(t, package) - asked,
            crossed: Preferences::crossed(self.setting, self.world, t, package).is_some(),
        }
    }
}

impl Query {
    /// The contest as the analyst sees it, with the levers that run now.
    pub fn analyst(setting: &Setting, world: &World) -> Self {
        Self {
            levers: running(setting, world),
            beliefs: crate::Beliefs::Analyst,
            start_line: None,
            state: None,
            types: TypeSet::ALL,
            talks: None,
        }
    }

    /// The contest as type `t` sees it, with the levers that run now: for it and those who believe the same. The analyst's query,
    /// for all types, if it sees no difference.
    pub fn own(setting: &Setting, world: &World, t: usize) -> Self {
        let own = OwnBeliefs::of(world, t);
        if own == OwnBeliefs::default() {
            return Self::analyst(setting, world);
        }
        let types = 0..world.numbers.types.len();
        let alike = types.filter(|other| OwnBeliefs::of(world, *other) == own);
        Self {
            beliefs: Beliefs::Own(own),
            types: TypeSet(alike.fold(0, |set, t| set | 1 << t)),
            ..Self::analyst(setting, world)
        }
    }
}

/// Levers that party `refuser`'s refusal may trigger.
pub fn triggered_by(
    setting: &Setting,
    world: &World,
    refuser: usize,
) -> impl Iterator<Item = usize> + Clone {
    let levers = setting.levers.iter().zip(&world.numbers.levers).enumerate();
    levers
        .filter(move |(_, (lever, n))| lever.trigger == Trigger::Refuse(refuser) && n.on > 0.0)
        .map(|(l, _)| l)
}

/// Levers that run whatever the talks bring.
fn running(setting: &Setting, world: &World) -> LeverProfile {
    let levers = setting.levers.iter().zip(&world.numbers.levers).enumerate();
    levers
        .filter(|(_, (lever, numbers))| lever.trigger == Trigger::Now && numbers.on > 0.0)
        .fold(LeverProfile::default(), |profile, (l, _)| profile.with(l))
}
