//! The best package for given types, judged by what deals are worth.
//!
//! Where D is a sum over options, the exact search finds it. Where something may follow a deal, D is no sum: searches are led by one that
//! stands in for it, and every package that they come upon is judged by D itself, beside the named ones and the neighbours of the best.
//! What is found then is a lower bound; `may_be_open` bounds it from above.

use detente_core::asks::JUDGED_ONE_BY_ONE;
use detente_core::{Outcome, PartySet, Preferences, Scene, each_combination, is_enough};

use super::search::{self, Best, Goal, Nothing, RedLines, Task};

/// Nodes of a search that only leads: what it comes upon is judged by D anyhow.
const LEADING: u64 = 4_000;
/// Times that the neighbours of the best package, which differ in one option, are all tried.
const PASSES: usize = 2;
/// Points that a type asks for which nothing can be too bad.
const WHATEVER: f64 = -1e7;
/// Margins on paper that are this close below zero are not ruled out.
const SLACK: f64 = 1e-7;

/// What is looked for: the packages that need exactly some parties, for given types of theirs that ask so many points.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub(super) scene: &'a Scene<'a>,
    pub(super) needed: PartySet,
    pub(super) types: &'a [usize],
    /// By type of the case.
    pub(super) asked: &'a [f64],
    pub(super) red_lines: RedLines,
}

/// The outcome of a search that reached its limit.
pub(super) const GAVE_UP: Outcome =
    Outcome::Partly("the search over packages reached its limit of nodes");

/// What [`first`] came upon.
#[derive(Clone)]
pub(super) struct First(Option<Best>);

impl First {
    /// The package, if it is.
    pub(super) fn accepted(&self) -> Option<&Vec<u8>> {
        let best = self.0.as_ref().filter(|best| is_enough(best.value));
        best.map(|best| &best.package)
    }
}

/// The package that is best for the worst-off, among those that were looked at; an error if a search gave up.
pub(super) fn best(wanted: Wanted) -> Result<Option<Best>, Outcome> {
    best_after(wanted, None)
}

/// The same where it is known what [`first`] comes upon.
pub(super) fn best_after(wanted: Wanted, first: Option<First>) -> Result<Option<Best>, Outcome> {
    let scene = wanted.scene;
    let mut led = Led { wanted, best: None };
    let stands_in = scene.deal_value.stands_in();
    for named in &scene.setting.packages {
        if named.needed == wanted.needed && (stands_in || !led.is_searched(&named.choice)) {
            led.judge(&named.choice);
        }
    }
    if stands_in && scene.setting.combination_count() <= JUDGED_ONE_BY_ONE {
        // Nothing is left out where packages are few, and nothing need lead.
        led.all();
        return Ok(led.best);
    }
    match wanted.lead(Goal::WorstMargin, None) {
        Ok(found) if !stands_in => _ = led.keep(found),
        Ok(found) => _ = led.judge(&found.package),
        Err(Nothing::Empty) => {}
        Err(Nothing::GaveUp) => return Err(GAVE_UP),
    }
    if stands_in && !led.is_open() {
        match first {
            Some(First(found)) => _ = found.map(|found| led.keep(found)),
            None => led.first()?,
        }
    }
    if stands_in && !led.is_open() {
        led.look_further()?;
    }
    Ok(led.best)
}

/// The package that a quick search for the first that is accepted by all comes upon, accepted or not: a search for the best goes on long after
/// that, and most of the time it is all that is asked. Where what it finds is not accepted, what [`best`] finds may be.
pub(super) fn first(wanted: Wanted) -> Result<First, Outcome> {
    let mut led = Led { wanted, best: None };
    led.first()?;
    Ok(First(led.best))
}

/// The most that one member would gain while nobody else loses.
pub(super) fn most_for(wanted: Wanted, member: usize) -> Result<f64, Outcome> {
    let scene = wanted.scene;
    let mut packages: Vec<Vec<u8>> = Vec::new();
    match wanted.lead(Goal::OwnMargin(member), None) {
        Ok(found) => packages.push(found.package),
        Err(Nothing::Empty) => {}
        Err(Nothing::GaveUp) => return Err(GAVE_UP),
    }
    for named in &scene.setting.packages {
        if named.needed == wanted.needed && !wanted.is_crossed(&named.choice) {
            packages.push(named.choice.clone());
        }
    }
    if scene.deal_value.stands_in() {
        packages.extend(best(wanted)?.map(|best| best.package));
    }
    let gains = packages.iter().map(|package| {
        let margins = wanted.margins(package);
        let mut others = margins.iter().enumerate().filter(|(i, _)| *i != member);
        if others.all(|(_, margin)| is_enough(*margin)) {
            margins[member]
        } else {
            0.0
        }
    });
    Ok(gains.fold(0.0, f64::max))
}

/// Might any package that needs exactly these parties be accepted by these types? No is certain. A deal is worth at most what it is worth on
/// paper for as long as peace can last and the best war that can follow it for the rest, or that war alone.
pub(super) fn may_be_open(wanted: Wanted) -> bool {
    let Scene {
        setting,
        world,
        deal_value,
        ..
    } = *wanted.scene;
    // Where all packages were judged, none is left.
    if setting.combination_count() <= JUDGED_ONE_BY_ONE {
        return false;
    }
    let line = setting.contest.as_ref().map(|contest| contest.line_issue);
    let options = line.map_or(1, |issue| setting.issues[issue].options.len());
    (0..options).any(|option| {
        let option = u8::try_from(option).expect("at most 64 options an issue");
        let Some(most) = deal_value.at_most(setting, world, line.map(|_| option)) else {
            return true;
        };
        let mut asked = wanted.asked.to_vec();
        for t in wanted.types {
            let [peace, war] = most[*t];
            asked[*t] = if is_enough(war - asked[*t]) {
                WHATEVER
            } else {
                (asked[*t] - (1.0 - peace) * war) / peace
            };
        }
        let on_paper = Wanted {
            asked: &asked,
            ..wanted
        };
        let only = line.map(|issue| (issue, option));
        let found = on_paper.search(wanted.scene.preferences, Goal::WorstMargin, only, false);
        match found {
            Ok(best) => best.value >= -SLACK,
            Err(Nothing::Empty) => false,
            Err(Nothing::GaveUp) => true,
        }
    })
}

impl Wanted<'_> {
    /// Searches a sum; `only`: with this option of this issue.
    fn search(
        &self,
        preferences: &Preferences,
        goal: Goal,
        only: Option<(usize, u8)>,
        leads: bool,
    ) -> Result<Best, Nothing> {
        self.with_task(preferences, only, |task| {
            if leads {
                search::good(task, goal, LEADING)
            } else {
                search::best(task, goal)
            }
        })
    }

    /// The first package that suits all by what stands in for D, or is D where nothing may follow a deal.
    fn enough(&self) -> Result<Best, Nothing> {
        let leads = self.scene.deal_value.stands_in();
        let nodes = if leads { LEADING } else { search::NODE_LIMIT };
        let found = self.with_task(self.scene.additive, None, |task| {
            search::enough(task, nodes)
        });
        match found {
            // A search that leads nowhere is none.
            Err(Nothing::GaveUp) if leads => Err(Nothing::Empty),
            found => found,
        }
    }

    fn with_task<R>(
        &self,
        preferences: &Preferences,
        only: Option<(usize, u8)>,
        search: impl FnOnce(&Task) -> R,
    ) -> R {
        let reservations: Vec<f64> = self.types.iter().map(|t| self.asked[*t]).collect();
        search(&Task {
            setting: self.scene.setting,
            world: self.scene.world,
            preferences,
            deal_value: self.scene.deal_value,
            needed: self.needed,
            types: self.types,
            reservations: &reservations,
            red_lines: self.red_lines,
            only,
        })
    }

    /// Searches what stands in for D, or is D where nothing may follow a deal.
    fn lead(&self, goal: Goal, only: Option<(usize, u8)>) -> Result<Best, Nothing> {
        let scene = self.scene;
        let leads = scene.deal_value.stands_in();
        match self.search(scene.additive, goal, only, leads) {
            // A search that leads nowhere is none.
            Err(Nothing::GaveUp) if leads => Err(Nothing::Empty),
            found => found,
        }
    }

    fn margins(&self, package: &[u8]) -> Vec<f64> {
        let margin = |t: &usize| self.scene.deal(*t, package) - self.asked[*t];
        self.types.iter().map(margin).collect()
    }

    /// Does a hard red line that is respected here forbid the package?
    fn is_crossed(&self, package: &[u8]) -> bool {
        let Scene { setting, world, .. } = *self.scene;
        self.types.iter().any(|t| {
            let respected = match self.red_lines {
                RedLines::Respected => true,
                RedLines::WithoutThoseOf(party) => setting.types[*t].party != party,
                RedLines::Dropped => false,
            };
            respected && Preferences::crossed(setting, world, *t, package).is_some()
        })
    }
}

/// A search that is led by what stands in for D.
struct Led<'a> {
    wanted: Wanted<'a>,
    best: Option<Best>,
}

impl Led<'_> {
    /// Weighs the first package that suits all by what stands in for D.
    fn first(&mut self) -> Result<(), Outcome> {
        match self.wanted.enough() {
            Ok(found) => _ = self.judge(&found.package),
            Err(Nothing::Empty) => {}
            Err(Nothing::GaveUp) => return Err(GAVE_UP),
        }
        Ok(())
    }

    /// Is the package one of those that the search over all goes through? A named one may need other parties than its options say.
    fn is_searched(&self, package: &[u8]) -> bool {
        let setting = self.wanted.scene.setting;
        let needs = setting.signatories().union(setting.performers(package));
        needs == self.wanted.needed && setting.allows(package)
    }

    fn is_open(&self) -> bool {
        self.best.as_ref().is_some_and(|best| is_enough(best.value))
    }

    fn keep(&mut self, found: Best) -> bool {
        let better = self
            .best
            .as_ref()
            .is_none_or(|best| found.value > best.value);
        if better {
            self.best = Some(found);
        }
        better
    }

    /// Weighs a package by what it is worth; is it the best so far?
    fn judge(&mut self, package: &[u8]) -> bool {
        if self.wanted.is_crossed(package) {
            return false;
        }
        let margins = self.wanted.margins(package);
        self.keep(Best {
            value: margins.into_iter().fold(f64::INFINITY, f64::min),
            package: package.to_vec(),
        })
    }

    /// Every package that the search goes through.
    fn all(&mut self) {
        let setting = self.wanted.scene.setting;
        let issues: Vec<usize> = (0..setting.issues.len()).collect();
        let mut package = vec![0; issues.len()];
        each_combination(setting, &issues, &mut package, &mut |package| {
            if self.is_searched(package) {
                self.judge(package);
            }
        });
    }

    /// The best of the sum with each option of the line, and the neighbours of what is best then.
    fn look_further(&mut self) -> Result<(), Outcome> {
        let scene = self.wanted.scene;
        if let Some(contest) = &scene.setting.contest {
            for option in 0..scene.setting.issues[contest.line_issue].options.len() {
                let option = u8::try_from(option).expect("at most 64 options an issue");
                let only = Some((contest.line_issue, option));
                match self.wanted.lead(Goal::WorstMargin, only) {
                    Ok(found) => _ = self.judge(&found.package),
                    Err(Nothing::Empty) => {}
                    Err(Nothing::GaveUp) => return Err(GAVE_UP),
                }
            }
        }
        for _ in 0..PASSES {
            let Some(from) = self.best.as_ref().map(|best| best.package.clone()) else {
                return Ok(());
            };
            let mut moved = false;
            for (k, issue) in scene.setting.issues.iter().enumerate() {
                for option in 0..issue.options.len() {
                    let mut package = from.clone();
                    package[k] = u8::try_from(option).expect("at most 64 options an issue");
                    if package != from && self.is_searched(&package) {
                        moved |= self.judge(&package);
                    }
                }
                if self.is_open() {
                    return Ok(());
                }
            }
            if !moved {
                break;
            }
        }
        Ok(())
    }
}
