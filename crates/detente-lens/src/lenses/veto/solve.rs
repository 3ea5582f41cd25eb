//! The answers. An armistice is worth less to a type than a package in a few stretches of the line, whose ends do not depend on the
//! month; each month then costs one normal cdf an end.

use detente_core::asks::whole;
use detente_core::asks::{COMPELLED_TOLD, HELD_FOR, YEAR, allies, asked, bars};
use detente_core::{
    Fate, FeatureKind, INDIFFERENT, MILESTONES, Row, Scene, Side, leader_term, triggered_by,
};
use detente_math::normal_cdf;

use super::{
    CHANGE, COMPELLED, EFFECTIVE, ENDURES, FIGHTS_ON, HOLDS, SUPPLY_AFTER, carried_out, loss, lost,
    set_chance, sets, solved,
};
use crate::pulled::revalued;
use crate::refusal;

pub(super) fn write(scene: &Scene, row: &mut Row) {
    let setting = scene.setting;
    for party in (0..setting.parties.len()).filter(|p| asked(setting, *p)) {
        let refuses = refusing(scene, party, row);
        change(scene, party, row);
        if let (Some(side), Some(_)) = (setting.parties[party].side, &setting.contest) {
            Course::new(scene, party, side).write(&refuses, row);
        }
    }
}

/// Which types refuse which packages, at `package * types + type of the party`; writes `fights_on`.
fn refusing(scene: &Scene, party: usize, row: &mut Row) -> Vec<bool> {
    let (setting, world) = (scene.setting, scene.world);
    let mut all = Vec::new();
    for (p, package) in setting.packages.iter().enumerate() {
        if !scene.asks(p) {
            all.extend(setting.parties[party].types.clone().map(|_| false));
            continue;
        }
        let mut chance = 0.0;
        for t in setting.parties[party].types.clone() {
            let stand = scene.stand(t, &package.choice).expect("a no-deal model");
            let refuses = !stand.accepts();
            if refuses {
                chance += world.numbers.types[t].prior;
            }
            all.push(refuses);
        }
        row.set(FIGHTS_ON, &[party, p], chance);
    }
    all
}

/// What a settlement over the party's refusal changes for every type.
fn change(scene: &Scene, party: usize, row: &mut Row) {
    let (setting, world) = (scene.setting, scene.world);
    let packages = setting.packages.iter().enumerate();
    for (p, package) in packages.filter(|(p, _)| scene.asks(*p)) {
        let (before, after) = carried_out(setting, &package.choice, party);
        for (t, kind) in setting.types.iter().enumerate() {
            let mut change = scene.refusals.worth(t, party);
            change -= scene.no_deal_value(t).expect("declared");
            for (refusal, n) in setting.refusals.iter().zip(&world.numbers.refusals) {
                let cracks = refusal.crack.iter().zip(&n.crack);
                let own = cracks.filter(|(to, _)| refusal.party == party && **to == kind.party);
                change += own.map(|(_, points)| points).sum::<f64>();
            }
            let features = setting.features.iter().zip(&world.numbers.features);
            for (feature, n) in features {
                let carried = setting.issues.iter().enumerate().any(|(k, issue)| {
                    after[k] != before[k]
                        && issue.first_option + after[k] as usize == feature.option
                });
                if carried && feature.kind == FeatureKind::Crack(kind.party) {
                    change += n.size;
                }
            }
            if allies(setting, party, kind.party) {
                change += leader_term(world, t, [Fate::OverAlly]);
            }
            if after != before {
                let worth = |package: &[u8]| scene.preferences.worth(setting, t, package);
                change += worth(&after) - worth(&before);
            }
            row.set(CHANGE, &[party, p, t], change);
        }
    }
}

/// The war after a refusal.
struct Course<'a> {
    scene: &'a Scene<'a>,
    party: usize,
    side: Side,
    levers: Vec<usize>,
}

impl<'a> Course<'a> {
    fn new(scene: &'a Scene<'a>, party: usize, side: Side) -> Self {
        let levers = triggered_by(scene.setting, scene.world, party);
        Self {
            scene,
            party,
            side,
            levers: levers.take(refusal::MOST).collect(),
        }
    }

    /// Chance of a set of levers if the party is of type `t`.
    fn chance_of(&self, set: usize, t: usize) -> f64 {
        let (setting, world) = (self.scene.setting, self.scene.world);
        set_chance(setting, world, &self.levers, set, t, |k, wielder| {
            self.scene.refusals.chance(self.levers[k], wielder)
        })
    }

    fn write(&self, refuses: &[bool], row: &mut Row) {
        let (setting, world) = (self.scene.setting, self.scene.world);
        let horizon = setting.contest.as_ref().map_or(0, |c| c.horizon);
        let types = setting.parties[self.party].types.clone();
        let (line_loss, endures, bar) = bars(setting, world, self.party);
        let prior = |t: usize| world.numbers.types[t].prior;
        let (mut holds, mut endured) = (0.0, 0.0);
        let mut effort = [0.0; MILESTONES.len()];
        let mut compelled = vec![[0.0; COMPELLED_TOLD]; refuses.len()];
        let mut ends = Vec::new();
        for set in 0..sets(setting, world, self.party) {
            let course = solved(self.scene, self.party, set);
            let chance: f64 = types
                .clone()
                .map(|t| prior(t) * self.chance_of(set, t))
                .sum();
            let defeat = lost(self.side);
            let defeats = |months: usize| -> f64 {
                let by = course.endings.iter().skip(defeat).step_by(4);
                by.take(months).sum()
            };
            holds += chance * self.held(course, line_loss, horizon);
            endured += chance * (1.0 - defeats(whole(endures)));
            let supply = [&course.supply_a, &course.supply_b][self.side as usize];
            for (effort, month) in effort.iter_mut().zip(MILESTONES) {
                *effort += chance * supply.get(month).copied().unwrap_or(f64::NAN);
            }
            let count = types.len();
            let armistices = self.armistices(set);
            let packages = setting.packages.iter().enumerate();
            for (p, package) in packages.filter(|(p, _)| self.scene.asks(*p)) {
                for (at, t) in types.clone().enumerate() {
                    let worth =
                        self.scene.deal(t, &package.choice) + self.scene.refusals.promise(t);
                    let less = below(&armistices[at], worth - INDIFFERENT, &mut ends);
                    let chance = self.chance_of(set, t);
                    let months = course.endings.chunks_exact(4).zip(&course.line_mean);
                    let months = months.zip(&course.line_sd).take(COMPELLED_TOLD);
                    let mut by = 0.0;
                    for (m, ((endings, mean), sd)) in months.enumerate() {
                        by += endings[defeat] + endings[2] * within(less, &ends, *mean, *sd);
                        compelled[p * count + at][m] += chance * by;
                    }
                }
            }
        }
        if !line_loss.is_nan() && HELD_FOR <= horizon {
            row.set(HOLDS, &[self.party], holds);
        }
        if whole(endures) <= horizon {
            row.set(ENDURES, &[self.party], endured);
        }
        for (m, month) in MILESTONES.iter().enumerate() {
            if *month <= HELD_FOR && *month < horizon {
                row.set(SUPPLY_AFTER, &[self.party, m], effort[m]);
            }
            for p in (0..setting.packages.len()).filter(|_| *month <= COMPELLED_TOLD.min(horizon)) {
                let of = types
                    .clone()
                    .enumerate()
                    .map(|(at, t)| prior(t) * compelled[p * types.len() + at][month - 1]);
                row.set(COMPELLED, &[self.party, p, m], of.sum());
            }
        }
        for p in (0..setting.packages.len()).filter(|_| horizon >= YEAR) {
            let vetoes = |at: usize| {
                let place = p * types.len() + at;
                refuses[place] && compelled[place][YEAR - 1] <= 1.0 - bar + INDIFFERENT
            };
            let of = types.clone().enumerate().filter(|(at, _)| vetoes(*at));
            row.set(
                EFFECTIVE,
                &[self.party, p],
                of.fold(0.0, |sum, (_, t)| sum + prior(t)),
            );
        }
    }

    /// Chance that no opponent's decisive ending has come when [`HELD_FOR`] months are over, and that the line, which stays where the
    /// fighting stopped, has moved by less than `most` to the party's loss. Its own side's decisive ending is no loss of line.
    fn held(&self, course: &detente_core::NoDealSolution, most: f64, horizon: usize) -> f64 {
        let start = self.scene.world.numbers.contest[0].start;
        let kept = |month: usize| {
            let (mean, sd) = (course.line_mean[month], course.line_sd[month]);
            let room = most - loss(self.side, start, mean);
            if sd > 0.0 {
                normal_cdf(room / sd)
            } else {
                f64::from(u8::from(room > 0.0))
            }
        };
        let (mut held, mut ended) = (0.0, 0.0);
        for month in 0..HELD_FOR.min(horizon) {
            let endings = &course.endings[month * 4..month * 4 + 4];
            held += endings[1 - lost(self.side)] + (endings[2] + endings[3]) * kept(month);
            ended += endings.iter().sum::<f64>();
        }
        held + (1.0 - ended) * kept(HELD_FOR.min(horizon))
    }

    /// (position, worth of an armistice there), increasing in position, by type of the party; levers of the branch that change what
    /// options are worth are counted.
    fn armistices(&self, set: usize) -> Vec<Vec<(f64, f64)>> {
        let (setting, world) = (self.scene.setting, self.scene.world);
        let contest = setting.contest.as_ref().expect("a contest");
        let query = super::analysts_branch(setting, world, self.party, set);
        let changed = revalued(setting, world, self.scene.preferences, query.levers);
        let preferences = changed.as_ref().unwrap_or(self.scene.preferences);
        let mut package = contest.armistice.clone();
        let of = |t: usize| {
            let mut knots: Vec<(f64, f64)> = Vec::new();
            for (option, position) in world.numbers.positions.iter().enumerate() {
                if position.is_nan() || knots.iter().any(|(at, _)| at == position) {
                    continue;
                }
                package[contest.line_issue] = u8::try_from(option).expect("at most 64 options");
                let how = &[Fate::Armistice];
                let value = self.scene.deal_value;
                let worth = value.worth(setting, world, preferences, t, &package, how);
                knots.push((*position, worth));
            }
            knots.sort_by(|a, b| a.0.total_cmp(&b.0));
            knots
        };
        setting.parties[self.party].types.clone().map(of).collect()
    }
}

/// Where a worth that is linear between knots and constant outside crosses `level`, in `ends`, increasing. Is it below at the far left?
fn below(knots: &[(f64, f64)], level: f64, ends: &mut Vec<f64>) -> bool {
    ends.clear();
    for pair in knots.windows(2) {
        let [(from, low), (to, high)] = [pair[0], pair[1]];
        if (low < level) != (high < level) {
            ends.push(from + (to - from) * ((level - low) / (high - low)).clamp(0.0, 1.0));
        }
    }
    knots.first().is_some_and(|(_, worth)| *worth < level)
}

/// Chance that the line lies in a set that ends at `ends` and holds the far left or not.
fn within(left: bool, ends: &[f64], mean: f64, sd: f64) -> f64 {
    let (mut inside, mut chance, mut before) = (left, 0.0, 0.0);
    for end in ends {
        let up_to = if sd > 0.0 {
            normal_cdf((end - mean) / sd)
        } else {
            f64::from(u8::from(mean < *end))
        };
        if inside {
            chance += up_to - before;
        }
        (inside, before) = (!inside, up_to);
    }
    chance + if inside { 1.0 - before } else { 0.0 }
}
