//! The answers. Which ends compel whom each account of no deal says for itself.

use detente_core::asks::whole;
use detente_core::asks::{COMPELLED_TOLD, HELD_FOR, YEAR, allies, asked, bars};
use detente_core::{
    Fate, FeatureKind, INDIFFERENT, MILESTONES, Row, Scene, Side, leader_term, triggered_by,
};
use detente_math::normal_cdf;

use super::{
    CHANGE, COMPELLED, EFFECTIVE, ENDURES, FIGHTS_ON, HOLDS, SUPPLY_AFTER, analysts_branch,
    carried_out, loss, set_chance, sets, solved,
};
use crate::no_deal::contest::lost;
use crate::{no_deal, refusal};

pub(super) fn write(scene: &Scene, row: &mut Row) {
    let setting = scene.setting;
    for party in (0..setting.parties.len()).filter(|p| asked(setting, *p)) {
        let refuses = refusing(scene, party, row);
        change(scene, party, row);
        let course = Course::new(scene, party);
        course.compelled(&refuses, row);
        if let Some(side) = setting.parties[party].side {
            course.war(side, row);
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
        let (before, after) = carried_out(setting, package, party);
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

/// What comes after a refusal.
struct Course<'a> {
    scene: &'a Scene<'a>,
    party: usize,
    levers: Vec<usize>,
}

impl<'a> Course<'a> {
    fn new(scene: &'a Scene<'a>, party: usize) -> Self {
        let levers = triggered_by(scene.setting, scene.world, party);
        Self {
            scene,
            party,
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

    /// How likely each set of levers is, over the party's types.
    fn chance(&self, set: usize) -> f64 {
        let (setting, world) = (self.scene.setting, self.scene.world);
        let types = setting.parties[self.party].types.clone();
        let each = types.map(|t| world.numbers.types[t].prior * self.chance_of(set, t));
        each.sum()
    }

    /// Who is compelled, and who could undo a settlement.
    fn compelled(&self, refuses: &[bool], row: &mut Row) {
        let (setting, world) = (self.scene.setting, self.scene.world);
        let Some(model) = no_deal::model(setting) else {
            return;
        };
        let types = setting.parties[self.party].types.clone();
        let prior = |t: usize| world.numbers.types[t].prior;
        let mut compelled = vec![[0.0; COMPELLED_TOLD]; refuses.len()];
        let mut told = COMPELLED_TOLD;
        for set in 0..sets(setting, world, self.party) {
            let query = analysts_branch(setting, world, self.party, set);
            let Some(mut compulsion) = model.compulsion(self.scene, self.party, &query) else {
                return;
            };
            let packages = setting.packages.iter().enumerate();
            for (p, package) in packages.filter(|(p, _)| self.scene.asks(*p)) {
                for (at, t) in types.clone().enumerate() {
                    let worth =
                        self.scene.deal(t, &package.choice) + self.scene.refusals.promise(t);
                    let by = compulsion(t, worth);
                    let chance = self.chance_of(set, t);
                    told = told.min(by.len());
                    for (sum, by) in compelled[p * types.len() + at].iter_mut().zip(by) {
                        *sum += chance * by;
                    }
                }
            }
        }
        for p in 0..setting.packages.len() {
            let place = |at: usize| p * types.len() + at;
            for (m, month) in MILESTONES.iter().enumerate().filter(|(_, m)| **m <= told) {
                let each = types.clone().enumerate();
                let of = each.map(|(at, t)| prior(t) * compelled[place(at)][month - 1]);
                row.set(COMPELLED, &[self.party, p, m], of.sum());
            }
            if told < YEAR {
                continue;
            }
            let (.., bar) = bars(setting, world, self.party);
            let vetoes = |at: usize| {
                refuses[place(at)] && compelled[place(at)][YEAR - 1] <= 1.0 - bar + INDIFFERENT
            };
            let of = types.clone().enumerate().filter(|(at, _)| vetoes(*at));
            let of = of.fold(0.0, |sum, (_, t)| sum + prior(t));
            row.set(EFFECTIVE, &[self.party, p], of);
        }
    }

    /// What becomes of the line and of efforts in a contest.
    fn war(&self, side: Side, row: &mut Row) {
        let (setting, world) = (self.scene.setting, self.scene.world);
        let Some(contest) = &setting.contest else {
            return;
        };
        let horizon = contest.horizon;
        let (line_loss, endures, _) = bars(setting, world, self.party);
        let (mut holds, mut endured) = (0.0, 0.0);
        let mut effort = [0.0; MILESTONES.len()];
        for set in 0..sets(setting, world, self.party) {
            let course = solved(self.scene, self.party, set);
            let chance = self.chance(set);
            let defeats = |months: usize| -> f64 {
                let by = course.endings.iter().skip(lost(side)).step_by(4);
                by.take(months).sum()
            };
            holds += chance * self.held(side, course, line_loss, horizon);
            endured += chance * (1.0 - defeats(whole(endures)));
            let supply = [&course.supply_a, &course.supply_b][side as usize];
            for (effort, month) in effort.iter_mut().zip(MILESTONES) {
                *effort += chance * supply.get(month).copied().unwrap_or(f64::NAN);
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
        }
    }

    /// Chance that no opponent's decisive ending has come when [`HELD_FOR`] months are over, and that the line, which stays where the
    /// fighting stopped, has moved by less than `most` to the party's loss. Its own side's decisive ending is no loss of line.
    fn held(
        &self,
        side: Side,
        course: &detente_core::NoDealSolution,
        most: f64,
        horizon: usize,
    ) -> f64 {
        let start = self.scene.world.numbers.contest[0].start;
        let kept = |month: usize| {
            let (mean, sd) = (course.line_mean[month], course.line_sd[month]);
            let room = most - loss(side, start, mean);
            if sd > 0.0 {
                normal_cdf(room / sd)
            } else {
                f64::from(u8::from(room > 0.0))
            }
        };
        let (mut held, mut ended) = (0.0, 0.0);
        for month in 0..HELD_FOR.min(horizon) {
            let endings = &course.endings[month * 4..month * 4 + 4];
            held += endings[1 - lost(side)] + (endings[2] + endings[3]) * kept(month);
            ended += endings.iter().sum::<f64>();
        }
        held + (1.0 - ended) * kept(HELD_FOR.min(horizon))
    }
}
