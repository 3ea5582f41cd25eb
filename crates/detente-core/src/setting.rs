//! What a case is about, without its numbers: parties, issues, packages, the contest's parts.

use crate::{
    AttackTarget, BaseRate, Feature, FeatureKind, Lever, Messenger, Observable, Refusal, Trigger,
    Turnover,
};

/// A set of parties, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PartySet(pub u32);

impl PartySet {
    /// The set of one party.
    pub fn one(party: usize) -> Self {
        Self(1 << party)
    }
    /// Is `party` in the set?
    pub fn contains(self, party: usize) -> bool {
        self.0 >> party & 1 == 1
    }
    /// Both sets together.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
    /// The parties of this set that are in `other` too.
    #[must_use]
    pub fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
    /// The parties of this set that are not in `other`.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
    /// Is every party of this set in `other`?
    pub fn is_within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }
    /// The parties, in order.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        (0..32).filter(move |p| self.contains(*p))
    }
}

impl FromIterator<usize> for PartySet {
    fn from_iter<I: IntoIterator<Item = usize>>(parties: I) -> Self {
        parties
            .into_iter()
            .fold(Self::default(), |set, party| set.union(Self::one(party)))
    }
}

/// A side of the contest. The line is counted positive where A gains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Side A.
    A,
    /// Side B.
    B,
}

/// What a party does in the story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A principal that fights.
    Belligerent,
    /// A principal that does not: a union, a firm, a state under sanctions.
    Principal,
    /// Supports a principal.
    Patron,
    /// Brings the parties together, perhaps with levers of its own.
    Mediator,
    /// Watches.
    Observer,
}

/// A party.
#[derive(Clone, Debug)]
pub struct Party {
    /// Identifier in the case.
    pub id: String,
    /// Name for readers.
    pub name: String,
    /// Its side, if it has one.
    pub side: Option<Side>,
    /// Its roles.
    pub roles: Vec<Role>,
    /// Where its types lie in the flat list of all parties' types.
    pub types: std::ops::Range<usize>,
    /// The named package that it asked for first.
    pub opening: Option<usize>,
}

impl Party {
    /// Is the deal between it and others? Such a party signs where nobody else is named, refuses, and may break what was signed. One that
    /// fights and one that does not stand alike.
    pub fn is_principal(&self) -> bool {
        self.roles
            .iter()
            .any(|role| matches!(role, Role::Belligerent | Role::Principal))
    }
}

/// A type of a party: what only the party itself knows about its preferences and beliefs.
#[derive(Clone, Debug)]
pub struct PartyType {
    /// The party.
    pub party: usize,
    /// Identifier; the party's own id where it has a single, unnamed type.
    pub id: String,
    /// Name for readers.
    pub name: String,
}

/// An issue.
#[derive(Clone, Debug)]
pub struct Issue {
    /// Identifier.
    pub id: String,
    /// Name for readers.
    pub name: String,
    /// Its options.
    pub options: Vec<IssueOption>,
    /// Which option holds today.
    pub status_quo: u8,
    /// Index of its first option in the flat list of all options.
    pub first_option: usize,
}

/// An option of an issue.
#[derive(Clone, Debug)]
pub struct IssueOption {
    /// Identifier.
    pub id: String,
    /// Name for readers.
    pub name: String,
    /// Parties that must carry it out, and so must agree to a package that holds it.
    pub performers: PartySet,
    /// Is a package that holds it dictated rather than agreed?
    pub imposed: bool,
    /// The state of a process that follows once it lapses; `None`: what follows any deal that ends.
    pub then: Option<usize>,
}

/// A set of packages: those that take, on every listed issue, one of the listed options.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pattern {
    /// (issue, bit mask of its options).
    pub terms: Vec<(usize, u64)>,
}

impl Pattern {
    /// Does the package (one option an issue) belong to the set? An empty pattern holds every package.
    pub fn matches(&self, package: &[u8]) -> bool {
        self.terms
            .iter()
            .all(|(issue, options)| options >> package[*issue] & 1 == 1)
    }
}

/// A rule that packages must obey.
#[derive(Clone, Debug)]
pub struct Constraint {
    /// Identifier.
    pub id: String,
    /// Packages of this set…
    pub when: Pattern,
    /// …must belong to this one; `None`: they are forbidden.
    pub then: Option<Pattern>,
}

impl Constraint {
    /// Does the package obey?
    pub fn allows(&self, package: &[u8]) -> bool {
        !self.when.matches(package) || self.then.as_ref().is_some_and(|then| then.matches(package))
    }
}

/// Whether a red line can be bought off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineStiffness {
    /// Never accepted.
    Hard,
    /// Costs points.
    Soft,
}

/// A red line: packages that a party rules out or resents.
#[derive(Clone, Debug)]
pub struct RedLine {
    /// Identifier.
    pub id: String,
    /// What it says.
    pub says: String,
    /// Whose it is.
    pub party: usize,
    /// Which of the flat list of types hold it.
    pub types: Vec<usize>,
    /// The packages that cross it.
    pub when: Pattern,
    /// Hard or soft.
    pub stiffness: LineStiffness,
}

/// A package somebody proposed.
#[derive(Clone, Debug)]
pub struct NamedPackage {
    /// Identifier.
    pub id: String,
    /// Name for readers.
    pub name: String,
    /// What it is and how it was read into options.
    pub says: String,
    /// Who proposed it.
    pub by: Option<usize>,
    /// When, as written.
    pub on: Option<String>,
    /// One option an issue.
    pub choice: Vec<u8>,
    /// Who must agree: signatories and performers.
    pub needed: PartySet,
}

/// A group of contributions that substitute for one another.
#[derive(Clone, Debug, PartialEq)]
pub struct Nest {
    /// Identifier.
    pub id: String,
    /// The side it supplies.
    pub side: Side,
}

/// One contribution.
#[derive(Clone, Debug, PartialEq)]
pub struct Supply {
    /// Identifier.
    pub id: String,
    /// The party that gives.
    pub from: usize,
    /// Its nest.
    pub nest: usize,
}

/// The parts of the contest.
#[derive(Clone, Debug, PartialEq)]
pub struct ContestSetting {
    /// The issue that is the line.
    pub line_issue: usize,
    /// Unit of the line.
    pub unit: String,
    /// Months followed one by one.
    pub horizon: usize,
    /// The side that holds the weapon of escalation.
    pub weapon: Option<Side>,
    /// Nests.
    pub nests: Vec<Nest>,
    /// Contributions.
    pub supplies: Vec<Supply>,
    /// What holds while nothing is settled (the line's option is not used).
    pub unsettled: Vec<u8>,
    /// Imposed if A wins outright.
    pub a_decisive: Vec<u8>,
    /// Imposed if B wins outright.
    pub b_decisive: Vec<u8>,
    /// What holds after an armistice (the line's option is not used: it stays where it stands).
    pub armistice: Vec<u8>,
}

/// Options that are worth more or less to a party together than each by itself.
#[derive(Clone, Debug)]
pub struct Interaction {
    /// Whose preference it is.
    pub party: usize,
    /// Place in `TypeNumbers::interactions` of the party's types.
    pub place: usize,
    /// Identifier, its party's in front.
    pub id: String,
    /// What it says.
    pub says: String,
    /// The options, of two issues or more.
    pub when: Pattern,
}

/// Who at home must agree to a package: a parliament, a public (Putnam 1988).
#[derive(Clone, Debug)]
pub struct Gate {
    /// Whose gate it is.
    pub party: usize,
    /// Identifier, its party's in front.
    pub id: String,
    /// Name for readers.
    pub name: String,
    /// Options, in the flat list of all, that change its support, in the order of `GateNumbers::effects`.
    pub effects: Vec<usize>,
}

impl Gate {
    /// P: chance that the gate lets a package pass, `Λ((α + Σ β)/s)`; 1 if it does not stand.
    pub fn passes(
        &self,
        numbers: &crate::GateNumbers<f64>,
        setting: &Setting,
        package: &[u8],
    ) -> f64 {
        if numbers.on <= 0.0 {
            return 1.0;
        }
        let taken = |option: &usize| {
            let mut issues = setting.issues.iter().zip(package);
            issues.any(|(issue, o)| issue.first_option + *o as usize == *option)
        };
        let effects = self.effects.iter().zip(&numbers.effects);
        let sum: f64 = effects
            .filter(|(o, _)| taken(o))
            .map(|(_, beta)| beta)
            .sum();
        1.0 / (1.0 + libm::exp(-(numbers.base + sum) / numbers.scale))
    }
}

/// A war that one side or the other wins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LotterySetting {
    /// What holds if side A wins.
    pub a_wins: Vec<u8>,
    /// What holds if side B wins.
    pub b_wins: Vec<u8>,
}

/// Something with an identifier and a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Identifier; with its party's in front where it belongs to one.
    pub id: String,
    /// Name for readers.
    pub name: String,
}

/// What a case is about.
#[derive(Clone, Debug, Default)]
pub struct Setting {
    /// Title.
    pub name: String,
    /// Date after which the case knows nothing.
    pub as_of: String,
    /// A sentence or two.
    pub summary: String,
    /// What a reader must know before quoting a number.
    pub caveats: Vec<String>,
    /// Words of the case's own, as they stand in sentences: [`Setting::word`].
    pub terms: Vec<(crate::Term, String)>,
    /// Parties.
    pub parties: Vec<Party>,
    /// All parties' types, party by party.
    pub types: Vec<PartyType>,
    /// Issues.
    pub issues: Vec<Issue>,
    /// Constraints.
    pub constraints: Vec<Constraint>,
    /// Red lines.
    pub red_lines: Vec<RedLine>,
    /// Named packages.
    pub packages: Vec<NamedPackage>,
    /// The contest, if the case has one.
    pub contest: Option<ContestSetting>,
    /// The lottery, if the case has one.
    pub lottery: Option<LotterySetting>,
    /// The process, if the case has one.
    pub process: Option<crate::ProcessSetting>,
    /// Does the case state what no deal is worth outright?
    pub reservations: bool,
    /// Preferences over options taken together.
    pub interactions: Vec<Interaction>,
    /// Levers.
    pub levers: Vec<Lever>,
    /// Gates at home, party by party.
    pub gates: Vec<Gate>,
    /// What options do besides being worth something.
    pub features: Vec<Feature>,
    /// What follows refusals, party by party where stated.
    pub refusals: Vec<Refusal>,
    /// Successions of leaders.
    pub turnovers: Vec<Turnover>,
    /// What could be watched.
    pub observables: Vec<Observable>,
    /// Who reports to whom.
    pub messengers: Vec<Messenger>,
    /// Definitions of failure after a deal besides a renewed war.
    pub failures: Vec<Label>,
    /// Whom an attacker might attack instead.
    pub targets: Vec<AttackTarget>,
    /// Reference classes of how long peace lasted.
    pub base_rates: Vec<BaseRate>,
    /// How parties talk, where the case asks for talks.
    pub talks: Option<crate::talks::TalksSetting>,
    /// Who signs a package that names no signatories; `None`: the principals.
    pub signing: Option<PartySet>,
    /// Every set of parties that some combination of options needs, smallest first: [`Setting::reachable_needed_sets`].
    pub needed_sets: Vec<PartySet>,
}

impl Setting {
    /// An option by its place in the flat list of all.
    ///
    /// # Panics
    ///
    /// There is none at that place.
    pub fn option(&self, place: usize) -> &IssueOption {
        let own = |issue: &&Issue| {
            (issue.first_option..issue.first_option + issue.options.len()).contains(&place)
        };
        let issue = self.issues.iter().find(own).expect("an option of an issue");
        &issue.options[place - issue.first_option]
    }

    /// Does the case say what happens without a deal?
    pub fn has_no_deal(&self) -> bool {
        self.contest.is_some()
            || self.lottery.is_some()
            || self.process.is_some()
            || self.reservations
    }

    /// Has no deal a course, by months, that levers may move?
    pub fn has_course(&self) -> bool {
        self.contest.is_some() || self.process.is_some()
    }

    /// The state that no deal begins in after a deal that breaks down, where it has states.
    pub fn resumes(&self) -> Option<usize> {
        self.process.as_ref().map(|process| process.resumes)
    }

    /// Are there levers that a refusal may trigger?
    pub fn has_levers_of_refusal(&self) -> bool {
        let mut levers = self.levers.iter();
        levers.any(|lever| matches!(lever.trigger, Trigger::Refuse(_)))
    }

    /// Does an option guarantee the deal?
    pub fn has_guarantees(&self) -> bool {
        let mut features = self.features.iter();
        features.any(|feature| feature.kind == FeatureKind::Guarantee)
    }

    /// Are there levers that answer a breach?
    pub fn has_answers_to_breach(&self) -> bool {
        let mut levers = self.levers.iter();
        levers.any(|lever| matches!(lever.trigger, Trigger::Violate(_)))
    }

    /// Options of all issues together.
    pub fn option_count(&self) -> usize {
        self.issues.iter().map(|issue| issue.options.len()).sum()
    }

    /// Combinations of options, before constraints.
    pub fn combination_count(&self) -> u128 {
        self.issues
            .iter()
            .map(|issue| issue.options.len() as u128)
            .product()
    }

    /// Does the package obey every constraint?
    pub fn allows(&self, package: &[u8]) -> bool {
        self.constraints
            .iter()
            .all(|constraint| constraint.allows(package))
    }

    /// Who signs a package that names no signatories: as the case says, or else the principals.
    pub fn signatories(&self) -> PartySet {
        if let Some(signing) = self.signing {
            return signing;
        }
        self.parties
            .iter()
            .enumerate()
            .filter(|(_, p)| p.is_principal())
            .map(|(i, _)| i)
            .collect()
    }

    /// Who must carry out a package. An option that the text got wrong has nobody.
    pub fn performers(&self, package: &[u8]) -> PartySet {
        let taken = self.issues.iter().zip(package);
        let taken = taken.filter_map(|(issue, option)| issue.options.get(*option as usize));
        taken.fold(PartySet::default(), |set, option| {
            set.union(option.performers)
        })
    }

    /// Every set of parties that some combination of options needs, smallest first.
    ///
    /// Solutions are computed for each; packages with different needed sets are not compared.
    pub fn reachable_needed_sets(&self) -> Vec<PartySet> {
        let mut sets = vec![self.signatories()];
        for issue in &self.issues {
            let mut next: Vec<PartySet> = sets
                .iter()
                .flat_map(|set| {
                    issue
                        .options
                        .iter()
                        .map(|option| set.union(option.performers))
                })
                .collect();
            next.sort_by_key(|set| (set.0.count_ones(), set.0));
            next.dedup();
            sets = next;
        }
        sets
    }
}

#[cfg(test)]
mod tests {
    use super::{Constraint, PartySet, Pattern};

    #[test]
    fn a_pattern_is_a_conjunction_of_choices() {
        let pattern = Pattern {
            terms: vec![(0, 0b101), (2, 0b010)],
        };
        assert!(pattern.matches(&[2, 9, 1]));
        assert!(!pattern.matches(&[1, 9, 1]));
        assert!(Pattern::default().matches(&[0]));
    }

    #[test]
    fn constraints_forbid_or_imply() {
        let when = Pattern {
            terms: vec![(0, 1)],
        };
        let forbid = Constraint {
            id: String::new(),
            when: when.clone(),
            then: None,
        };
        let imply = Constraint {
            id: String::new(),
            when,
            then: Some(Pattern {
                terms: vec![(1, 1)],
            }),
        };
        assert!(!forbid.allows(&[0, 0]) && forbid.allows(&[1, 0]));
        assert!(imply.allows(&[0, 0]) && !imply.allows(&[0, 1]) && imply.allows(&[1, 1]));
    }

    #[test]
    fn party_sets() {
        let set: PartySet = [0, 3].into_iter().collect();
        assert!(set.contains(3) && !set.contains(1) && PartySet::one(3).is_within(set));
        assert_eq!(set.iter().collect::<Vec<_>>(), [0, 3]);
    }
}
