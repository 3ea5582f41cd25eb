//! The zone, its size and the Nash point, where searches are asked for.

use detente_core::{Outcome, PartySet, Row, Scene};

use super::bargains::Points;
use super::search::{self, Best, Goal, Nothing, RedLines, Task};
use super::{
    EGALITARIAN, KALAI_SMORODINSKY, LOTTERY_SIZE, NASH_MARGIN, NASH_OPTION, OPENS_WITHOUT, PRICE,
    SIZE, UTILITARIAN, ZONE, ZONE_OF, ZONE_WITHOUT_RED_LINES, bargains, named, profiles,
};
use crate::lenses::alternative::beyond_reach;

pub(super) fn examine(scene: &Scene, row: &mut Row) -> Outcome {
    let types = scene.setting.types.len();
    let Some(reservations) = (0..types)
        .map(|t| scene.bar(t))
        .collect::<Option<Vec<f64>>>()
    else {
        return Outcome::NotApplicable("the case does not say what happens without a deal");
    };
    if let Some(silent) = beyond_reach(scene) {
        return silent;
    }
    named::examine(scene, &reservations, row);
    if scene.search
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
    known: Vec<(Asked, Result<Best, Nothing>)>,
    /// Other solution points by types.
    points: Vec<(Vec<usize>, Option<Points>)>,
}

/// Types, red lines and goal of a search.
type Asked = (Vec<usize>, RedLines, Goal);

impl Memo<'_> {
    /// The best package of this set for the types of a wider profile; `Err` with the outcome if the search gave up.
    fn best(
        &mut self,
        all: PartySet,
        profile: &[usize],
        red_lines: RedLines,
        goal: Goal,
    ) -> Result<Option<&Best>, Outcome> {
        let types: Vec<usize> = all
            .iter()
            .zip(profile)
            .filter(|(party, _)| self.needed.contains(*party))
            .map(|(_, t)| *t)
            .collect();
        let asked: Asked = (types, red_lines, goal);
        let place = self.known.iter().position(|(known, _)| *known == asked);
        let found = place.unwrap_or_else(|| {
            let answer = self.search(&asked);
            self.known.push((asked, answer));
            self.known.len() - 1
        });
        match &self.known[found].1 {
            Ok(best) => Ok(Some(best)),
            Err(Nothing::Empty) => Ok(None),
            Err(Nothing::GaveUp) => Err(Outcome::Partly(
                "the search over packages reached its limit of nodes",
            )),
        }
    }

    /// The other solution points of this set for the types of a wider profile.
    fn points(&mut self, all: PartySet, profile: &[usize]) -> Option<&Points> {
        let types: Vec<usize> = all
            .iter()
            .zip(profile)
            .filter(|(party, _)| self.needed.contains(*party))
            .map(|(_, t)| *t)
            .collect();
        let place = self.points.iter().position(|(known, _)| *known == types);
        let found = place.unwrap_or_else(|| {
            let points = self.with_task(&types, RedLines::Respected, bargains::points);
            self.points.push((types, points));
            self.points.len() - 1
        });
        self.points[found].1.as_ref()
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
            preferences: self.scene.preferences,
            deal_value: self.scene.deal_value,
            needed: self.needed,
            types,
            reservations: &reservations,
            red_lines,
        })
    }

    fn search(&self, (types, red_lines, goal): &Asked) -> Result<Best, Nothing> {
        self.with_task(types, *red_lines, |task| search::best(task, *goal))
    }
}

fn zone(scene: &Scene, reservations: &[f64], row: &mut Row) -> Result<(), Outcome> {
    if !scene.deal_value.is_additive(scene.setting, scene.world) {
        return Err(Outcome::Partly(
            "deal values are not additive, and the search rests on it",
        ));
    }
    let Scene { setting, world, .. } = *scene;
    let all = setting
        .needed_sets
        .iter()
        .fold(PartySet::default(), |all, set| all.union(*set));
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
            points: Vec::new(),
        })
        .collect();
    let mut list = Vec::new();
    profiles::for_each(setting, world, all, |types, prior| {
        list.push((types.to_vec(), prior));
    });

    let (mut open, mut open_without) = (0.0, 0.0);
    let mut opened_by = vec![0.0; setting.parties.len()];
    let mut priced = vec![0.0; setting.parties.len()];
    let mut sets = vec![SetSums::default(); memos.len()];
    for (profile, prior) in &list {
        let mut somewhere = false;
        for (memo, sums) in memos.iter_mut().zip(&mut sets) {
            let Some(best) = memo.best(all, profile, RedLines::Respected, Goal::WorstMargin)?
            else {
                continue;
            };
            let size = best.value;
            sums.found += prior;
            sums.size += prior * size;
            if size >= 0.0 {
                somewhere = true;
                sums.open += prior;
                if let Some(nash) = memo
                    .best(all, profile, RedLines::Respected, Goal::NashProduct)?
                    .cloned()
                {
                    let needed = memo.needed;
                    sums.add_points(memo.points(all, profile), all, needed, *prior);
                    sums.add_nash(
                        scene,
                        reservations,
                        all,
                        memo.needed,
                        profile,
                        *prior,
                        &nash,
                    );
                }
            }
        }
        let opens = |memos: &mut [Memo], red_lines| -> Result<bool, Outcome> {
            for memo in memos {
                if memo
                    .best(all, profile, red_lines, Goal::WorstMargin)?
                    .is_some_and(|best| best.value >= 0.0)
                {
                    return Ok(true);
                }
            }
            Ok(false)
        };
        open += prior * f64::from(u8::from(somewhere));
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
    row.set(ZONE_WITHOUT_RED_LINES, &[], open_without.min(1.0));
    for (party, share) in opened_by.iter().enumerate() {
        row.set(OPENS_WITHOUT, &[party], share.min(1.0));
        if *share > 0.0 {
            row.set(PRICE, &[party], priced[party] / share);
        }
    }
    for (s, sums) in sets.iter().enumerate() {
        row.set(ZONE_OF, &[s], sums.open.min(1.0));
        if sums.found > 0.0 {
            row.set(SIZE, &[s], sums.size / sums.found);
        }
        for (quantity, (prior, margins)) in [KALAI_SMORODINSKY, EGALITARIAN, UTILITARIAN]
            .into_iter()
            .zip(&sums.points)
        {
            for party in setting.needed_sets[s].iter().filter(|_| *prior > 0.0) {
                row.set(quantity, &[s, party], margins[party] / prior);
            }
        }
        if sums.lottery.0 > 0.0 {
            row.set(LOTTERY_SIZE, &[s], sums.lottery.1 / sums.lottery.0);
        }
        if sums.nash > 0.0 {
            for (option, share) in sums.options.iter().enumerate() {
                row.set(NASH_OPTION, &[s, option], (share / sums.nash).min(1.0));
            }
            for party in setting.needed_sets[s].iter() {
                row.set(NASH_MARGIN, &[s, party], sums.margins[party] / sums.nash);
            }
        }
    }
    Ok(())
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
        let goal = Goal::OwnMargin(member);
        if let Some(best) = memo.best(all, profile, RedLines::WithoutThoseOf(party), goal)? {
            most = f64::max(most, best.value);
        }
    }
    Ok(most)
}

/// Sums over type profiles for one needed set.
#[derive(Clone, Default)]
struct SetSums {
    /// Prior of the profiles with any package at all.
    found: f64,
    size: f64,
    open: f64,
    /// Prior of the profiles with a Nash point.
    nash: f64,
    options: Vec<f64>,
    margins: Vec<f64>,
    /// Prior of the profiles with a Kalai-Smorodinsky, an egalitarian, a utilitarian point; margins by party.
    points: [(f64, Vec<f64>); 3],
    /// Prior of the profiles with a lottery, and its worst-off margin.
    lottery: (f64, f64),
}

impl SetSums {
    fn add_points(&mut self, found: Option<&Points>, all: PartySet, needed: PartySet, prior: f64) {
        let Some(found) = found else {
            return;
        };
        let points = [
            found.kalai_smorodinsky.as_ref(),
            Some(&found.egalitarian),
            Some(&found.utilitarian),
        ];
        for ((sum, margins), point) in self.points.iter_mut().zip(points) {
            let Some(point) = point else {
                continue;
            };
            *sum += prior;
            margins.resize(all.iter().last().map_or(0, |p| p + 1), 0.0);
            for (party, margin) in needed.iter().zip(point) {
                margins[party] += prior * margin;
            }
        }
        self.lottery.0 += prior;
        self.lottery.1 += prior * found.lottery;
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one caller, and each is a different thing"
    )]
    fn add_nash(
        &mut self,
        scene: &Scene,
        reservations: &[f64],
        all: PartySet,
        needed: PartySet,
        profile: &[usize],
        prior: f64,
        nash: &Best,
    ) {
        self.options.resize(scene.setting.option_count(), 0.0);
        self.margins.resize(scene.setting.parties.len(), 0.0);
        self.nash += prior;
        for (issue, option) in scene.setting.issues.iter().zip(&nash.package) {
            self.options[issue.first_option + *option as usize] += prior;
        }
        for (party, t) in all
            .iter()
            .zip(profile)
            .filter(|(party, _)| needed.contains(*party))
        {
            self.margins[party] += prior * (scene.deal(*t, &nash.package) - reservations[*t]);
        }
    }
}
