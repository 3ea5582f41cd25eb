//! The zone, its size and the Nash point, where searches are asked for.

use detente_core::each_profile;
use detente_core::needed_by_any;
use detente_core::{
    DealValue, Fate, Outcome, PartySet, Preferences, Row, Scene, Search, is_enough,
};

use super::bargains::{Bargained, Point};
use super::find::{self, Wanted};
use super::search::{self, Best, Goal, Nothing, RedLines, Task};
use super::sums::SetSums;
use super::{
    OPENS_WITHOUT, PRICE, ZONE, ZONE_POSSIBLE, ZONE_WITHOUT_RED_LINES, adjusted, bargains, named,
};
use crate::Identity;
use crate::lenses::alternative::beyond_reach;

pub(super) fn examine(scene: &Scene, row: &mut Row) -> Outcome {
    let types = scene.setting.types.len();
    let Some(reservations) = (0..types)
        .map(|t| scene.asked_of_package(t))
        .collect::<Option<Vec<f64>>>()
    else {
        return Outcome::NotApplicable("the case does not say what happens without a deal");
    };
    if let Some(silent) = beyond_reach(scene) {
        return silent;
    }
    named::examine(scene, &reservations, row);
    if scene.search >= Search::Zone
        && let Err(limit) = zone(scene, &reservations, row)
    {
        return limit;
    }
    Outcome::Done
}

/// Answers of the searches of one needed set by type profile, so that sets with fewer parties are searched once.
struct Memo<'a> {
    scene: &'a Scene<'a>,
    reservations: &'a [f64],
    needed: PartySet,
    known: Vec<(Asked, Option<Best>)>,
    /// The same where only whether some package is accepted was asked.
    opened: Vec<(Asked, bool)>,
    /// By types: might a package be accepted, as far as a bound can tell?
    possible: Vec<(Vec<usize>, bool)>,
    /// Solution points by types.
    points: Vec<(Vec<usize>, Bargained)>,
    /// What may still be looked at for frontiers.
    work: u64,
}

/// Types and red lines of a search.
type Asked = (Vec<usize>, RedLines);

impl Memo<'_> {
    /// The package of this set that is best for the worst-off, for the types of a wider profile; `Err` with the outcome if the search
    /// gave up.
    fn best(
        &mut self,
        all: PartySet,
        profile: &[usize],
        red_lines: RedLines,
    ) -> Result<Option<&Best>, Outcome> {
        let asked: Asked = (self.types(all, profile), red_lines);
        let place = self.known.iter().position(|(known, _)| *known == asked);
        let found = if let Some(place) = place {
            place
        } else {
            let answer = find::best(self.wanted(&asked.0, red_lines))?;
            self.known.push((asked, answer));
            self.known.len() - 1
        };
        Ok(self.known[found].1.as_ref())
    }

    /// Is some package of this set accepted by the types of a wider profile?
    fn is_open(
        &mut self,
        all: PartySet,
        profile: &[usize],
        red_lines: RedLines,
    ) -> Result<bool, Outcome> {
        let asked: Asked = (self.types(all, profile), red_lines);
        let known = self.known.iter().find(|(known, _)| *known == asked);
        if let Some((_, best)) = known {
            return Ok(best.as_ref().is_some_and(|best| is_enough(best.value)));
        }
        if let Some((_, open)) = self.opened.iter().find(|(known, _)| *known == asked) {
            return Ok(*open);
        }
        let wanted = self.wanted(&asked.0, red_lines);
        let first = find::first(wanted)?;
        let best = |first| find::best_after(wanted, Some(first));
        let open =
            first.accepted().is_some() || best(first)?.is_some_and(|best| is_enough(best.value));
        self.opened.push((asked, open));
        Ok(open)
    }

    /// Might a package of this set be accepted by the types of a wider profile?
    fn is_possible(&mut self, all: PartySet, profile: &[usize]) -> bool {
        let types = self.types(all, profile);
        if let Some((_, known)) = self.possible.iter().find(|(known, _)| *known == types) {
            return *known;
        }
        let possible = find::may_be_open(self.wanted(&types, RedLines::Respected));
        self.possible.push((types, possible));
        possible
    }

    fn wanted<'b>(&'b self, types: &'b [usize], red_lines: RedLines) -> Wanted<'b> {
        Wanted {
            scene: self.scene,
            needed: self.needed,
            types,
            asked: self.reservations,
            red_lines,
        }
    }

    /// The Nash point of what stands in for D, where the frontier was too large.
    fn nash(&self, all: PartySet, profile: &[usize]) -> Result<Option<Best>, Outcome> {
        let types = self.types(all, profile);
        let search = |task: &Task| search::best(task, Goal::NashProduct);
        match self.with_task(&types, RedLines::Respected, search) {
            Ok(nash) => Ok(Some(nash)),
            Err(Nothing::Empty) => Ok(None),
            Err(Nothing::GaveUp) => Err(find::GAVE_UP),
        }
    }

    /// The set's part of a wider profile.
    fn types(&self, all: PartySet, profile: &[usize]) -> Vec<usize> {
        all.iter()
            .zip(profile)
            .filter(|(party, _)| self.needed.contains(*party))
            .map(|(_, t)| *t)
            .collect()
    }

    /// The solution points of this set for the types of a wider profile.
    fn points(&mut self, all: PartySet, profile: &[usize]) -> &Bargained {
        let types = self.types(all, profile);
        let place = self.points.iter().position(|(known, _)| *known == types);
        let found = place.unwrap_or_else(|| {
            let points = {
                let mut work = self.work;
                let points = self.with_task(&types, RedLines::Respected, |task| {
                    bargains::points(task, &mut work)
                });
                self.work = work;
                points
            };
            self.points.push((types, points));
            self.points.len() - 1
        });
        &self.points[found].1
    }

    fn with_task<R>(
        &self,
        types: &[usize],
        red_lines: RedLines,
        use_it: impl FnOnce(&Task) -> R,
    ) -> R {
        let reservations: Vec<f64> = types.iter().map(|t| self.reservations[*t]).collect();
        use_it(&Task {
            setting: self.scene.setting,
            world: self.scene.world,
            preferences: self.scene.additive,
            deal_value: self.scene.deal_value,
            needed: self.needed,
            types,
            reservations: &reservations,
            red_lines,
            only: None,
        })
    }
}

fn zone(scene: &Scene, reservations: &[f64], row: &mut Row) -> Result<(), Outcome> {
    if !scene.deal_value.is_additive(scene.setting, scene.world) {
        return Err(Outcome::Partly(
            "deal values are not additive, and the search rests on it",
        ));
    }
    let Scene { setting, world, .. } = *scene;
    let all = needed_by_any(setting);
    let holders: PartySet = setting
        .red_lines
        .iter()
        .map(|line| line.party)
        .filter(|party| all.contains(*party))
        .collect();
    let mut memos: Vec<Memo> = setting
        .needed_sets
        .iter()
        .map(|needed| Memo {
            scene,
            reservations,
            needed: *needed,
            known: Vec::new(),
            opened: Vec::new(),
            possible: Vec::new(),
            points: Vec::new(),
            work: bargains::WORK,
        })
        .collect();
    let mut list = Vec::new();
    each_profile(setting, world, all, |types, prior| {
        list.push((types.to_vec(), prior));
    });

    let stands_in = scene.deal_value.stands_in();
    let (mut open, mut open_without, mut possible) = (0.0, 0.0, 0.0);
    let mut opened_by = vec![0.0; setting.parties.len()];
    let mut priced = vec![0.0; setting.parties.len()];
    let mut sets = vec![SetSums::default(); memos.len()];
    for (profile, prior) in &list {
        let mut somewhere = false;
        for (memo, sums) in memos.iter_mut().zip(&mut sets) {
            let Some(best) = memo.best(all, profile, RedLines::Respected)? else {
                continue;
            };
            let size = best.value;
            sums.found += prior;
            sums.size += prior * size;
            if is_enough(size) {
                somewhere = true;
                sums.open += prior;
                if scene.search < Search::Solutions {
                    continue;
                }
                let points = memo.points(all, profile);
                match points {
                    Bargained::Found(points) => sums.add_points(points, *prior),
                    Bargained::GivenUp(_) | Bargained::Nothing => {
                        if let Bargained::GivenUp(most) = points {
                            sums.give_up(*most, *prior);
                        }
                        if let Some(nash) = memo.nash(all, profile)? {
                            let types = memo.types(all, profile);
                            sums.points[0].add(&alone(scene, reservations, &types, &nash), *prior);
                        }
                    }
                }
            }
        }
        let solved = memos.iter().zip(&mut sets);
        for (memo, sums) in solved.filter(|_| scene.search >= Search::Solutions) {
            if let [a, b] = memo.types(all, profile)[..]
                && let Some(division) = adjusted::divide(setting, scene.preferences, [a, b])
            {
                sums.add_division(&division, *prior);
            }
        }
        let opens = |memos: &mut [Memo], red_lines| -> Result<bool, Outcome> {
            if named_open(scene, reservations, all, profile, red_lines) {
                return Ok(true);
            }
            for memo in memos {
                if memo.is_open(all, profile, red_lines)? {
                    return Ok(true);
                }
            }
            Ok(false)
        };
        // A named package may need other parties than its options say.
        somewhere = somewhere || named_open(scene, reservations, all, profile, RedLines::Respected);
        open += prior * f64::from(u8::from(somewhere));
        if stands_in && scene.search >= Search::Solutions {
            let may = somewhere || memos.iter_mut().any(|memo| memo.is_possible(all, profile));
            possible += prior * f64::from(u8::from(may));
        }
        let without = somewhere || opens(&mut memos, RedLines::Dropped)?;
        open_without += prior * f64::from(u8::from(without));
        if without && !somewhere {
            for party in holders.iter() {
                if opens(&mut memos, RedLines::WithoutThoseOf(party))? {
                    opened_by[party] += prior;
                    priced[party] += prior * price(&mut memos, all, profile, party)?;
                }
            }
        }
    }

    row.set(ZONE, &[], open.min(1.0));
    if !stands_in {
        row.set(ZONE_POSSIBLE, &[], open.min(1.0));
    } else if scene.search >= Search::Solutions {
        row.set(ZONE_POSSIBLE, &[], possible.min(1.0));
    }
    row.set(ZONE_WITHOUT_RED_LINES, &[], open_without.min(1.0));
    for (party, share) in opened_by.iter().enumerate() {
        row.set(OPENS_WITHOUT, &[party], share.min(1.0));
        if *share > 0.0 {
            row.set(PRICE, &[party], priced[party] / share);
        }
    }
    for (s, sums) in sets.iter().enumerate() {
        sums.report(row, s, setting);
    }
    Ok(())
}

/// Is a named package accepted by the types of a profile of all that it needs, whoever that is?
fn named_open(
    scene: &Scene,
    reservations: &[f64],
    all: PartySet,
    profile: &[usize],
    red_lines: RedLines,
) -> bool {
    let setting = scene.setting;
    setting.packages.iter().any(|package| {
        let members = all.iter().zip(profile);
        let mut own = members.filter(|(party, _)| package.needed.contains(*party));
        own.all(|(party, t)| {
            let stand = scene.stand_asking(*t, &package.choice, reservations[*t]);
            let respected = match red_lines {
                RedLines::Respected => true,
                RedLines::WithoutThoseOf(other) => other != party,
                RedLines::Dropped => false,
            };
            is_enough(stand.margin) && !(respected && stand.crossed)
        })
    })
}

/// The most that a party would gain by giving up its hard red lines, over packages that the others who are needed accept.
fn price(
    memos: &mut [Memo],
    all: PartySet,
    profile: &[usize],
    party: usize,
) -> Result<f64, Outcome> {
    let mut most = 0.0;
    for memo in memos.iter_mut().filter(|memo| memo.needed.contains(party)) {
        let member = memo.needed.iter().position(|p| p == party).unwrap_or(0);
        let types = memo.types(all, profile);
        let wanted = memo.wanted(&types, RedLines::WithoutThoseOf(party));
        most = f64::max(most, find::most_for(wanted, member)?);
    }
    Ok(most)
}

/// The Nash point that a search found, where the frontier was too large. On each issue the options that could stand in the place of the one
/// found, the others as they are, share it.
fn alone(scene: &Scene, reservations: &[f64], types: &[usize], nash: &Best) -> Point {
    /// Greatest difference of margins that are the same, in points.
    const SAME: f64 = 1e-9;
    let Scene { setting, world, .. } = *scene;
    let margins = |package: &[u8]| -> Vec<f64> {
        let worth =
            |t: usize| Identity.worth(setting, world, scene.additive, t, package, &[Fate::Deal]);
        types.iter().map(|t| worth(*t) - reservations[*t]).collect()
    };
    let found = margins(&nash.package);
    let is_equal = |package: &[u8]| {
        let crossed = |t: &usize| Preferences::crossed(setting, world, *t, package).is_some();
        setting.allows(package)
            && setting.performers(package) == setting.performers(&nash.package)
            && !types.iter().any(crossed)
            && margins(package)
                .iter()
                .zip(&found)
                .all(|(a, b)| (a - b).abs() <= SAME)
    };
    let mut options = vec![0.0; setting.option_count()];
    for (k, issue) in setting.issues.iter().enumerate() {
        let mut package = nash.package.clone();
        let own = usize::from(nash.package[k]);
        let mut equal = |option: &usize| {
            package[k] = u8::try_from(*option).expect("few options");
            *option == own || is_equal(&package)
        };
        let sharing: Vec<usize> = (0..issue.options.len()).filter(&mut equal).collect();
        for option in &sharing {
            options[issue.first_option + option] = 1.0 / sharing.len() as f64;
        }
    }
    Point {
        margins: found,
        options,
        ties: f64::NAN,
    }
}
