//! The zone by listing packages, for the certificate: no search, no bound, nothing shared with the solver.

use detente_core::{
    DealValue, Fate, INDIFFERENT, LineStiffness, PartySet, Preferences, Question, Setting,
    leader_term, line_lost,
};
use detente_math::uniform;

use crate::durable::{Deals, Weighed};
use detente_core::Identity;
use detente_core::each_profile;

/// Packages listed in full up to here; above, [`DRAWN`] are drawn at random.
const LISTED: u128 = 4_000_000;
/// Packages drawn where there are too many to list.
const DRAWN: u128 = 100_000;
/// How often a package is looked at for a profile of types, in one listing, at most: some seconds.
const LOOKS: u128 = 400_000_000;

/// What the listed packages reach.
pub(super) struct Listing {
    /// Were all packages listed?
    pub(super) whole: bool,
    /// By needed set, by profile of its members' types.
    pub(super) sets: Vec<Vec<Reached>>,
    /// Every type profile of all parties that packages can need.
    pub(super) profiles: Vec<Everybody>,
}

/// A type profile of all parties that packages can need.
pub(super) struct Everybody {
    pub(super) prior: f64,
    /// The place of its part in each needed set.
    pub(super) places: Vec<usize>,
    /// By party; nobody's for parties that no package needs.
    pub(super) types: Vec<Option<usize>>,
}

impl Everybody {
    /// Is a named package accepted by whom it needs, whoever that is? `margin` of a type at a package; `respected`: parties whose hard
    /// red lines count.
    pub(super) fn named_open(
        &self,
        Question { setting, world }: Question,
        margin: impl Fn(usize, usize) -> f64,
        respected: impl Fn(usize) -> bool,
    ) -> bool {
        setting.packages.iter().enumerate().any(|(p, package)| {
            package.needed.iter().all(|party| {
                let Some(t) = self.types[party] else {
                    return false;
                };
                let crossed = Preferences::crossed(setting, world, t, &package.choice).is_some();
                margin(t, p) >= -INDIFFERENT && !(crossed && respected(party))
            })
        })
    }
}

/// What the packages of one needed set reach for one profile of types.
pub(super) struct Reached {
    /// Types of the set's parties.
    pub(super) types: Vec<usize>,
    /// Greatest worst-off margin, red lines respected.
    pub(super) size: f64,
    /// The same without anybody's hard red lines.
    pub(super) loose: f64,
    /// The same without those of each party alone.
    pub(super) without: Vec<f64>,
    /// The most that each party would gain without its own hard red lines, where those of the others are respected and nobody
    /// else loses.
    pub(super) price: Vec<f64>,
}

/// Bits of rules by option: a rule's bit survives an option if the option is one of those that it names, or if it does not
/// speak of the issue.
struct Masks {
    /// By issue, by option.
    lines: Vec<Vec<u128>>,
    when: Vec<Vec<u128>>,
    then: Vec<Vec<u128>>,
    /// Constraints that have a second part.
    implies: u128,
}

pub(super) fn list(question: Question, preferences: &Preferences, bars: &[f64]) -> Listing {
    let mut listing = empty(question);
    walk(
        question,
        preferences,
        bars,
        |set, needed, margins, crossed, _| {
            for reached in &mut listing.sets[set] {
                reached.visit(needed, margins, crossed);
            }
        },
    );
    // A named package may need other parties than its options say.
    let Question { setting, world } = question;
    for package in &setting.packages {
        let worth = |t| {
            Identity.worth(
                setting,
                world,
                preferences,
                t,
                &package.choice,
                &[Fate::Deal],
            )
        };
        let margins = bars.iter().enumerate().map(|(t, bar)| worth(t) - bar);
        let margins: Vec<f64> = margins.collect();
        let crosses =
            |t: &usize| Preferences::crossed(setting, world, *t, &package.choice).is_some();
        let crossed = (0..bars.len())
            .filter(crosses)
            .fold(0, |bits, t| bits | 1 << t);
        if let Some(set) = setting
            .needed_sets
            .iter()
            .position(|s| *s == package.needed)
        {
            for reached in &mut listing.sets[set] {
                reached.visit(package.needed, &margins, crossed);
            }
        }
    }
    listing
}

/// Were all packages listed, and profile by profile of types: its prior, and is one of those listed accepted by every party it
/// needs if types ask these points? Where something may follow a deal, all packages are weighed if they are few, or else the named ones whose
/// worth is worked out are listed, each at the least or at the greatest that it may be worth: an `end` of 0 or 1.
pub(crate) fn zone_by_profile(
    question: Question,
    deals: &Deals,
    bars: &[f64],
    end: usize,
) -> (bool, Vec<(f64, bool)>) {
    if let Some(all) = deals.all() {
        let open = |at: &Everybody| weighed_open(question, &all, bars, end, at);
        let profiles = empty(question).profiles;
        return (
            true,
            profiles.iter().map(|at| (at.prior, open(at))).collect(),
        );
    }
    let margin = |t: usize, p: usize| {
        let worth = deals.named(p, t);
        worth.map_or(f64::NEG_INFINITY, |[least, _]| least - bars[t])
    };
    let named = |everybody: &Everybody| everybody.named_open(question, margin, |_| true);
    if deals.follows() {
        let profiles = empty(question).profiles;
        let open = profiles.iter().map(|at| (at.prior, named(at)));
        return (false, open.collect());
    }
    let listing = list(question, deals.additive(), bars);
    let open = |at: &Everybody| {
        let mut sets = listing.sets.iter().zip(&at.places);
        sets.any(|(set, place)| set[*place].size >= -INDIFFERENT) || named(at)
    };
    let by_profile = listing.profiles.iter().map(|at| (at.prior, open(at)));
    (listing.whole, by_profile.collect())
}

/// Is some package accepted by a profile of types, of all that were weighed, at the least or the greatest that each may be worth? A named one
/// may need other parties than its options say.
fn weighed_open(
    Question { setting, world }: Question,
    all: &[Weighed],
    bars: &[f64],
    end: usize,
    at: &Everybody,
) -> bool {
    let suits = |weighed: &Weighed, needed: PartySet| {
        needed.iter().all(|party| {
            at.types[party].is_some_and(|t| {
                weighed.worths[t][end] - bars[t] >= -INDIFFERENT
                    && Preferences::crossed(setting, world, t, &weighed.package).is_none()
            })
        })
    };
    let named = |weighed: &Weighed| {
        let own = setting.packages.iter();
        let mut own = own.filter(|named| named.choice == weighed.package);
        own.any(|named| suits(weighed, named.needed))
    };
    let searched = |weighed: &Weighed| weighed.needed.is_some_and(|needed| suits(weighed, needed));
    all.iter()
        .any(|weighed| searched(weighed) || named(weighed))
}

/// Were all packages listed, and the chance, over all types, that one of those listed is accepted by every party it needs if types
/// ask these points? `end` as above.
pub(crate) fn zone_listed(
    question: Question,
    deals: &Deals,
    bars: &[f64],
    end: usize,
) -> (bool, f64) {
    let (whole, by_profile) = zone_by_profile(question, deals, bars, end);
    let open = by_profile.iter().filter(|(_, open)| *open);
    (whole, open.map(|(prior, _)| prior).sum())
}

/// A type profile of some parties, its prior, and the packages that tie for the greatest product of their margins.
pub(crate) struct NashPoint {
    pub(crate) types: Vec<usize>,
    pub(crate) prior: f64,
    pub(crate) packages: Vec<Vec<u8>>,
}

/// The Nash points of the packages that need exactly these parties, all packages listed; `None` if there are too many, and profiles
/// without a package at which all margins are positive are left out.
pub(crate) fn nash_points(
    question: Question,
    preferences: &Preferences,
    needed: PartySet,
    bars: &[f64],
) -> Option<Vec<NashPoint>> {
    /// Sums of logarithms that differ by less tie.
    const TIED: f64 = 1e-7;
    let Question { setting, world } = question;
    if !is_whole(setting) {
        return None;
    }
    let mut best: Vec<(NashPoint, f64)> = Vec::new();
    each_profile(setting, world, needed, |types, prior| {
        let point = NashPoint {
            types: types.to_vec(),
            prior,
            packages: Vec::new(),
        };
        best.push((point, f64::NEG_INFINITY));
    });
    walk(
        question,
        preferences,
        bars,
        |_, set, margins, crossed, package| {
            if set != needed {
                return;
            }
            for (point, greatest) in &mut best {
                let mut own = point.types.iter();
                if own.any(|t| margins[*t] <= 0.0 || crossed >> *t & 1 == 1) {
                    continue;
                }
                let product: f64 = point.types.iter().map(|t| libm::log(margins[*t])).sum();
                if product > *greatest + TIED {
                    point.packages.clear();
                }
                if product >= *greatest - TIED {
                    point.packages.push(package.to_vec());
                    *greatest = product.max(*greatest);
                }
            }
        },
    );
    let points = best.into_iter().map(|(point, _)| point);
    Some(points.filter(|point| !point.packages.is_empty()).collect())
}

/// Are there few enough packages to list all of them?
pub(in crate::lenses) fn is_whole(setting: &Setting) -> bool {
    let all = setting.combination_count();
    all <= LISTED && all.saturating_mul(looks(setting)) <= LOOKS
}

/// How many profiles of types a package is looked at for.
fn looks(setting: &Setting) -> u128 {
    let profiles = |set: &PartySet| -> u128 {
        let types = set
            .iter()
            .map(|party| setting.parties[party].types.len() as u128);
        types.product()
    };
    setting
        .needed_sets
        .iter()
        .map(profiles)
        .sum::<u128>()
        .max(1)
}

/// How many packages are drawn where not all are listed.
fn drawn(setting: &Setting) -> u64 {
    /// Fewer would find nothing.
    const FEWEST: u128 = 1000;
    let most = (LOOKS / looks(setting)).clamp(FEWEST, DRAWN);
    u64::try_from(most).unwrap_or(u64::MAX)
}

/// Calls `visit` with every package that the constraints allow, or with a random part of them where there are too many: the
/// place of the set that it needs, the set, the margins of all types above their bars (soft red lines counted), the types whose
/// hard red lines it crosses (one bit each), the package.
pub(super) fn walk(
    question: Question,
    preferences: &Preferences,
    bars: &[f64],
    mut visit: impl FnMut(usize, PartySet, &[f64], u128, &[u8]),
) {
    let setting = question.setting;
    let mut stack = vec![0.0; (setting.issues.len() + 1) * setting.types.len()];
    for (t, bar) in bars.iter().enumerate() {
        stack[t] = preferences.base_of(t) - bar;
    }
    let mut walker = Walker {
        question,
        preferences,
        masks: masks(question),
        stack,
        package: vec![0; setting.issues.len()],
        visit: &mut visit,
    };
    let all = Rules {
        lines: u128::MAX,
        when: u128::MAX,
        then: u128::MAX,
    };
    if is_whole(setting) {
        return walker.descend(0, all, None);
    }
    for number in 0..drawn(setting) {
        walker.descend(0, all, Some(number));
    }
}

/// Goes through packages issue by issue, so that sums over the first issues are made once.
struct Walker<'a, V> {
    question: Question<'a>,
    preferences: &'a Preferences,
    masks: Masks,
    /// Margins with the issues before a level chosen, `level * types + type`.
    stack: Vec<f64>,
    package: Vec<u8>,
    visit: &'a mut V,
}

/// Rules that the options chosen so far leave, one bit each.
#[derive(Clone, Copy)]
struct Rules {
    lines: u128,
    when: u128,
    then: u128,
}

impl<V: FnMut(usize, PartySet, &[f64], u128, &[u8])> Walker<'_, V> {
    /// All options of the issue at a level, or a random one.
    fn descend(&mut self, level: usize, rules: Rules, random: Option<u64>) {
        let setting = self.question.setting;
        let Some(issue) = setting.issues.get(level) else {
            return self.leaf(rules);
        };
        let size = issue.options.len();
        let options = match random {
            None => 0..size,
            Some(number) => {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "below 64"
                )]
                let option = (uniform(0x5eed, level as u64, number) * size as f64) as usize;
                option..option + 1
            }
        };
        let types = setting.types.len();
        for option in options {
            let (here, next) = self.stack.split_at_mut((level + 1) * types);
            let here = &here[level * types..];
            for (t, margin) in next[..types].iter_mut().enumerate() {
                *margin = here[t] + self.preferences.of_type(t)[issue.first_option + option];
            }
            self.package[level] = u8::try_from(option).expect("at most 64 options");
            let rules = Rules {
                lines: rules.lines & self.masks.lines[level][option],
                when: rules.when & self.masks.when[level][option],
                then: rules.then & self.masks.then[level][option],
            };
            self.descend(level + 1, rules, random);
        }
    }

    fn leaf(&mut self, rules: Rules) {
        if rules.when & !(rules.then & self.masks.implies) != 0 {
            return;
        }
        let Question { setting, world } = self.question;
        let needed = setting
            .signatories()
            .union(setting.performers(&self.package));
        let Some(set) = setting.needed_sets.iter().position(|set| *set == needed) else {
            return;
        };
        let first = setting.issues.len() * setting.types.len();
        let margins = &mut self.stack[first..];
        for (t, margin) in margins.iter_mut().enumerate() {
            let together = setting.interactions.iter();
            let together = together.zip(self.preferences.interactions_of(t));
            let met =
                together.filter(|(i, points)| **points != 0.0 && i.when.matches(&self.package));
            *margin += met.map(|(_, points)| points).sum::<f64>();
            if !world.numbers.types[t].fates.is_empty() {
                *margin += leader(self.question, t, &self.package);
            }
        }
        // Penalties of soft lines are taken off with the lines that they belong to.
        let crossed = cross_lines(self.question, rules.lines, margins);
        (self.visit)(set, needed, margins, crossed, &self.package);
    }
}

/// What an agreed package does to the leader of type `t` besides what it is worth to the country.
fn leader(Question { setting, world }: Question, t: usize, package: &[u8]) -> f64 {
    let line = setting
        .contest
        .as_ref()
        .map(|c| package[c.line_issue] as usize);
    let position = line.map_or(f64::NAN, |option| world.numbers.positions[option]);
    let mut options = setting.issues.iter().zip(package);
    let imposed = options.any(|(issue, o)| issue.options[*o as usize].imposed);
    let features = [
        Some(Fate::Deal),
        imposed.then_some(Fate::Imposed),
        line_lost(setting, world, t, position).then_some(Fate::LineLost),
    ];
    leader_term(world, t, features.into_iter().flatten())
}

/// Takes soft penalties off the margins and returns the types whose hard red lines are crossed, one bit each.
fn cross_lines(Question { setting, world }: Question, crossed: u128, margins: &mut [f64]) -> u128 {
    let mut types = 0;
    let mut bits = crossed;
    while bits != 0 {
        let place = bits.trailing_zeros() as usize;
        bits &= bits - 1;
        let (line, numbers) = (&setting.red_lines[place], &world.numbers.red_lines[place]);
        for t in &line.types {
            match line.stiffness {
                LineStiffness::Hard => types |= 1 << t,
                LineStiffness::Soft => margins[*t] -= numbers.penalty,
            }
        }
    }
    types
}

impl Reached {
    fn visit(&mut self, needed: PartySet, margins: &[f64], crossed: u128) {
        let worst = self
            .types
            .iter()
            .map(|t| margins[*t])
            .fold(f64::INFINITY, f64::min);
        // Nothing below can change anything.
        let wanting = self
            .types
            .iter()
            .filter(|t| margins[**t] < -INDIFFERENT)
            .count();
        if worst <= self.size && wanting > 1 {
            return;
        }
        self.loose = self.loose.max(worst);
        let crossing: PartySet = needed
            .iter()
            .zip(&self.types)
            .filter(|(_, t)| crossed >> **t & 1 == 1)
            .map(|(party, _)| party)
            .collect();
        for (party, without) in self.without.iter_mut().enumerate() {
            if crossing.is_within(PartySet::one(party)) {
                *without = without.max(worst);
            }
        }
        for (place, party) in needed.iter().enumerate() {
            let mut others = self.types.iter().enumerate().filter(|(i, _)| *i != place);
            let willing = others.all(|(_, t)| margins[*t] >= -INDIFFERENT);
            if willing && crossing.is_within(PartySet::one(party)) {
                self.price[party] = self.price[party].max(margins[self.types[place]]);
            }
        }
        if crossing == PartySet::default() {
            self.size = self.size.max(worst);
        }
    }
}

/// A listing without packages: its sets, profiles and how they hang together.
pub(super) fn empty(question: Question) -> Listing {
    let Question { setting, world } = question;
    let named = setting.packages.iter().map(|package| package.needed);
    let all = setting
        .needed_sets
        .iter()
        .copied()
        .chain(named)
        .fold(PartySet::default(), PartySet::union);
    let mut sets: Vec<Vec<Reached>> = setting.needed_sets.iter().map(|_| Vec::new()).collect();
    let mut list = Vec::new();
    each_profile(setting, world, all, |types, prior| {
        let mut places = Vec::new();
        for (set, known) in setting.needed_sets.iter().zip(&mut sets) {
            let members = all
                .iter()
                .zip(types)
                .filter(|(party, _)| set.contains(*party));
            let own: Vec<usize> = members.map(|(_, t)| *t).collect();
            let place = known.iter().position(|reached| reached.types == own);
            places.push(place.unwrap_or(known.len()));
            if place.is_none() {
                known.push(Reached {
                    types: own,
                    size: f64::NEG_INFINITY,
                    loose: f64::NEG_INFINITY,
                    without: vec![f64::NEG_INFINITY; setting.parties.len()],
                    price: vec![0.0; setting.parties.len()],
                });
            }
        }
        let mut by_party = vec![None; setting.parties.len()];
        for (party, t) in all.iter().zip(types) {
            by_party[party] = Some(*t);
        }
        list.push(Everybody {
            prior,
            places,
            types: by_party,
        });
    });
    Listing {
        whole: is_whole(setting),
        sets,
        profiles: list,
    }
}

fn masks(Question { setting, world }: Question) -> Masks {
    /// The bits that survive each option of each issue, for rules with these terms.
    fn by_option<'a>(
        setting: &detente_core::Setting,
        rules: &(impl Iterator<Item = (bool, &'a [(usize, u64)])> + Clone),
    ) -> Vec<Vec<u128>> {
        let survives = |k: usize, o: usize| {
            rules
                .clone()
                .enumerate()
                .fold(0_u128, |bits, (r, (on, terms))| {
                    let mut speaks = terms.iter().filter(|(issue, _)| *issue == k);
                    let fits = speaks.all(|(_, options)| options >> o & 1 == 1);
                    bits | u128::from(on && fits) << r
                })
        };
        let issues = setting.issues.iter().enumerate();
        issues
            .map(|(k, issue)| (0..issue.options.len()).map(|o| survives(k, o)).collect())
            .collect()
    }
    let numbers = &world.numbers.red_lines;
    let lines = setting.red_lines.iter().zip(numbers);
    let lines = lines.map(|(line, n)| (n.on > 0.0, line.when.terms.as_slice()));
    let rules = setting.constraints.iter();
    let when = rules.clone().map(|rule| (true, rule.when.terms.as_slice()));
    let then = rules.clone().map(|rule| match &rule.then {
        Some(then) => (true, then.terms.as_slice()),
        None => (false, &[][..]),
    });
    let implies = rules.enumerate().filter(|(_, rule)| rule.then.is_some());
    Masks {
        lines: by_option(setting, &lines),
        when: by_option(setting, &when),
        then: by_option(setting, &then),
        implies: implies.fold(0, |bits, (r, _)| bits | 1 << r),
    }
}
