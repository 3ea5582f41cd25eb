//! What each lever does, read off the solved branches of refusals.

use detente_core::asks::{FLAT, HALF, has_credibility, punishes, targets};
use detente_core::{
    Fate, LeverProfile, NoDealSolution, Outcome, Preferences, Row, Scene, Search, Trigger,
    is_enough, triggered_by,
};

use super::{
    ABOVE, ASSURANCE, BACKFIRES, BELOW, CEILING, CONCESSION, CREDIBILITY, CREDIBILITY_ANNOUNCED,
    ESCALATION, INCENTIVE, PRICE, PROMISE, REFUSAL, REFUSAL_ALL, REFUSAL_NONE, REFUSAL_WITH,
    REFUSAL_WITHOUT, THRESHOLD, ZONE_ALL, ZONE_NONE, ZONE_WITH, ZONE_WITHOUT,
};
use crate::lenses::alternative::beyond_reach;
use crate::lenses::settlement::Zones;
use crate::pulled::{flow, promised, revalued};
use crate::refusal::{self, MOST, logistic};

pub(super) fn examine(scene: &Scene, row: &mut Row) -> Outcome {
    let setting = scene.setting;
    let kinds = 0..setting.types.len();
    let Some(asked) = kinds
        .map(|t| scene.asked_of_package(t))
        .collect::<Option<Vec<f64>>>()
    else {
        return Outcome::NotApplicable("the case does not say what happens without a deal");
    };
    if let Some(silent) = beyond_reach(scene) {
        return silent;
    }
    for t in 0..setting.types.len() {
        row.set(REFUSAL, &[t], scene.reservation(t).expect("known"));
    }
    for l in 0..setting.levers.len() {
        believed(scene, l, row);
    }
    let mut zones = (scene.search >= Search::Zone)
        .then(|| Zones::new(scene))
        .flatten();
    let mut outcome = Outcome::Done;
    for refuser in 0..setting.parties.len() {
        let branches = Branches::new(scene, refuser);
        for k in 0..branches.levers.len() {
            let found = one_lever(&branches, k, &asked, zones.as_mut(), row);
            if let Err(limit) = found {
                outcome = limit;
            }
        }
        if let Err(limit) = together(&branches, &asked, zones.as_mut(), row) {
            outcome = limit;
        }
    }
    let opened = setting.parties.iter().any(|party| party.opening.is_some());
    if let Some(zones) = zones.filter(|_| scene.search >= Search::Solutions && opened)
        && let Some(conceded) = zones.conceded(setting.signatories(), &asked)
    {
        for (party, points) in conceded.iter().enumerate() {
            row.set(CONCESSION, &[party], *points);
        }
    }
    outcome
}

/// Incentives, and chances as the lever's targets see them.
fn believed(scene: &Scene, l: usize, row: &mut Row) {
    let Scene { setting, world, .. } = *scene;
    if !has_credibility(setting, world, l) {
        return;
    }
    let (lever, numbers) = (&setting.levers[l], &world.numbers.levers[l]);
    for t in setting.parties[lever.by].types.clone() {
        row.set(INCENTIVE, &[l, t], scene.refusals.incentive(l, t));
    }
    if lever.trigger == Trigger::Accept {
        for t in 0..setting.types.len() {
            let brings = promised(setting, world, l, t);
            let own = setting.types[t].party == lever.by;
            let cost = if own { numbers.cost } else { 0.0 };
            let adds = scene.refusals.chance(l, t) * (brings - cost);
            row.set(PROMISE, &[l, t], adds);
            if own {
                row.set(PRICE, &[l, t], cost - brings);
            }
        }
    }
    let noise = world.numbers.behaviour.first().map_or(0.5, |b| b.noise);
    // Its chance once announced, as a type of its target sees it; NaN: nobody would announce it.
    let announced = |t: usize| {
        if let Some(given) = refusal::given(world, l) {
            return given;
        }
        let says = |w: usize| {
            let place = lever.announcing.iter().position(|other| *other == w);
            place.map_or(1.0, |k| numbers.announces[k])
        };
        let pulls =
            |w: usize| logistic((scene.refusals.incentive(l, w) + numbers.audience_cost) / noise);
        if setting.types[t].party == lever.by {
            return pulls(t);
        }
        let (mut heard, mut both) = (0.0, 0.0);
        for w in setting.parties[lever.by].types.clone() {
            heard += world.believed(t, w) * says(w);
            both += world.believed(t, w) * says(w) * pulls(w);
        }
        if heard > 0.0 { both / heard } else { f64::NAN }
    };
    let chance = seen_by_targets(scene, l, |t| scene.refusals.chance(l, t));
    row.set(CREDIBILITY, &[l], chance);
    let given = world.fixed("leverage", "credibility_announced", &[l]);
    let chance = given.unwrap_or_else(|| seen_by_targets(scene, l, announced));
    row.set(CREDIBILITY_ANNOUNCED, &[l], chance);
}

/// Mean over the lever's targets and over their types by prior.
fn seen_by_targets(scene: &Scene, l: usize, chance: impl Fn(usize) -> f64) -> f64 {
    let targets = targets(scene.setting, l);
    let of = |party: &usize| {
        let types = scene.setting.parties[*party].types.clone();
        let part = |t: usize| scene.world.numbers.types[t].prior * chance(t);
        types.map(part).sum::<f64>()
    };
    targets.iter().map(of).sum::<f64>() / targets.len() as f64
}

/// One refusal with the levers that it may trigger.
struct Branches<'a> {
    scene: &'a Scene<'a>,
    refuser: usize,
    levers: Vec<usize>,
    /// The war after a set of levers is pulled as each type sees it, by set then type.
    wars: Vec<War>,
}

/// A war as a type sees it.
#[derive(Clone, Copy)]
struct War {
    /// V, less the cost of the type's own levers in the set, in points.
    worth: f64,
    /// The part of V that comes from escalation.
    escalation: f64,
    /// What one point a month costs while it lasts.
    months: f64,
}

impl<'a> Branches<'a> {
    fn new(scene: &'a Scene<'a>, refuser: usize) -> Self {
        let Scene { setting, world, .. } = *scene;
        let levers: Vec<usize> = triggered_by(setting, world, refuser).take(MOST).collect();
        let mut wars = Vec::new();
        for set in 0..1_usize << levers.len() {
            if levers.is_empty() {
                break;
            }
            wars.extend((0..setting.types.len()).map(|t| {
                let query = refusal::branch(setting, world, refuser, set, t);
                let solution = scene.no_deal(&query).expect("always solved");
                let pulled = levers.iter().enumerate();
                let pulled = pulled.filter(|(k, _)| set >> k & 1 == 1);
                let mine = pulled.filter(|(_, l)| setting.levers[**l].by == setting.types[t].party);
                let paid: f64 = mine.map(|(_, l)| world.numbers.levers[*l].cost).sum();
                let chance = discounted_escalation(solution, world.numbers.types[t].patience);
                War {
                    worth: solution.values[t] - paid,
                    escalation: if chance == 0.0 {
                        0.0
                    } else {
                        chance * scene.deal_value.escalation(world, t)
                    },
                    months: solution.months.get(t).copied().unwrap_or(0.0),
                }
            }));
        }
        Self {
            scene,
            refuser,
            levers,
            wars,
        }
    }

    /// Mean over the other levers, as type `t` sees their chances, of a figure of the war with the k-th lever pulled or not.
    fn mean(&self, k: usize, pulled: bool, t: usize, figure: impl Fn(War) -> f64) -> f64 {
        let types = self.scene.setting.types.len();
        let sets = (0..1_usize << self.levers.len()).filter(|set| set >> k & 1 == 0);
        let one = |set: usize| {
            let others = (0..self.levers.len()).filter(|other| *other != k);
            let share: f64 = others
                .map(|other| {
                    let chance = self.scene.refusals.chance(self.levers[other], t);
                    if set >> other & 1 == 1 {
                        chance
                    } else {
                        1.0 - chance
                    }
                })
                .product();
            let set = if pulled { set | 1 << k } else { set };
            share * figure(self.wars[set * types + t])
        };
        sets.map(one).sum()
    }
}

/// Chance that the war ends by escalation, each month's discounted; the months after the last are all like it.
fn discounted_escalation(solution: &NoDealSolution, patience: f64) -> f64 {
    let (mut discount, mut sum) = (1.0, 0.0);
    for month in solution.endings.chunks_exact(4) {
        discount *= patience;
        sum += discount * month[3];
    }
    let Some(last) = solution.endings.chunks_exact(4).last() else {
        return 0.0;
    };
    let before = solution.beyond + last.iter().sum::<f64>();
    if before <= 0.0 {
        return sum;
    }
    let (stays, escalates) = (solution.beyond / before, last[3] / before);
    sum + discount * patience * solution.beyond * escalates / (1.0 - patience * stays)
}

/// Everything that is told of one lever that a refusal triggers.
fn one_lever(
    branches: &Branches,
    k: usize,
    asked: &[f64],
    zones: Option<&mut Zones>,
    row: &mut Row,
) -> Result<(), Outcome> {
    let scene = branches.scene;
    let Scene { setting, world, .. } = *scene;
    let (l, target) = (branches.levers[k], &setting.parties[branches.refuser]);
    let (lever, numbers) = (&setting.levers[l], &world.numbers.levers[l]);
    let (mut with, mut without) = (asked.to_vec(), asked.to_vec());
    let mut backfires = 0.0;
    for t in 0..setting.types.len() {
        let pulled = branches.mean(k, true, t, |war| war.worth);
        let not = branches.mean(k, false, t, |war| war.worth);
        row.set(REFUSAL_WITH, &[l, t], pulled);
        row.set(REFUSAL_WITHOUT, &[l, t], not);
        let escalation = branches.mean(k, true, t, |war| war.escalation)
            - branches.mean(k, false, t, |war| war.escalation);
        row.set(ESCALATION, &[l, t], escalation);
        let party = setting.types[t].party;
        if party == lever.by {
            let flow = flow(setting, world, l, t);
            let months = branches.mean(k, true, t, |war| war.months);
            let flows = (1.0 - world.numbers.types[t].patience) * flow * months;
            row.set(PRICE, &[l, t], numbers.cost + flows - escalation);
        }
        if party == branches.refuser {
            let besides = asked[t] - scene.reservation(t).expect("known");
            with[t] = pulled + besides;
            without[t] = not + besides;
            if pulled > not + FLAT {
                backfires += world.numbers.types[t].prior;
            }
        }
    }
    row.set(BACKFIRES, &[l], f64::min(backfires, 1.0));
    let alone = LeverProfile::default().with(l);
    let changed = revalued(setting, world, scene.preferences, alone);
    let packages = setting.packages.iter().enumerate();
    for (p, package) in packages.filter(|(p, _)| scene.asks(*p)) {
        if punishes(lever.kind) {
            let lasting = |t: usize| lasting(scene, l, changed.as_ref(), t, &package.choice);
            row.set(ASSURANCE, &[l, p], assurance(scene, l, lasting));
        }
        let types = target.types.clone();
        let stands: Vec<Stand> = types
            .map(|t| {
                let worth = scene.deal(t, &package.choice);
                Stand {
                    prior: world.numbers.types[t].prior,
                    without: worth - without[t],
                    with: worth - with[t],
                    crossed: Preferences::crossed(setting, world, t, &package.choice).is_some(),
                }
            })
            .collect();
        let (threshold, ceiling) = turns(&stands);
        row.set(THRESHOLD, &[l, p], threshold);
        row.set(CEILING, &[l, p], ceiling);
    }
    if let Some(zones) = zones {
        row.set(ZONE_WITH, &[l], zones.open(&with)?);
        row.set(ZONE_WITHOUT, &[l], zones.open(&without)?);
    }
    Ok(())
}

/// All levers of a refusal, and none.
fn together(
    branches: &Branches,
    asked: &[f64],
    mut zones: Option<&mut Zones>,
    row: &mut Row,
) -> Result<(), Outcome> {
    let (scene, refuser) = (branches.scene, branches.refuser);
    if branches.levers.len() < 2 {
        return Ok(());
    }
    let types = scene.setting.types.len();
    let all = (1 << branches.levers.len()) - 1;
    for (set, refusal, zone) in [(all, REFUSAL_ALL, ZONE_ALL), (0, REFUSAL_NONE, ZONE_NONE)] {
        let worths = &branches.wars[set * types..][..types];
        for (t, war) in worths.iter().enumerate() {
            row.set(refusal, &[refuser, t], war.worth);
        }
        if let Some(zones) = zones.as_mut() {
            let mut asked = asked.to_vec();
            for t in scene.setting.parties[refuser].types.clone() {
                asked[t] += worths[t].worth - scene.reservation(t).expect("known");
            }
            row.set(zone, &[refuser], zones.open(&asked)?);
        }
    }
    Ok(())
}

/// e: chance that the stick is used even on one who accepts the package for which `lasting` tells what using it gains its wielder.
fn assurance(scene: &Scene, l: usize, lasting: impl Fn(usize) -> f64) -> f64 {
    let Scene { setting, world, .. } = *scene;
    let noise = world.numbers.behaviour.first().map_or(0.5, |b| b.noise);
    let cost = world.numbers.levers[l].cost;
    seen_by_targets(scene, l, |t| {
        let uses = |w: usize| logistic((lasting(w) - cost) / noise);
        refusal::over_types(setting, world, l, t, uses)
    })
}

/// D with the lever pulled after a deal, less D without: its flows, and what it makes options worth. The war is over.
fn lasting(
    scene: &Scene,
    l: usize,
    changed: Option<&Preferences>,
    t: usize,
    package: &[u8],
) -> f64 {
    let Scene { setting, world, .. } = *scene;
    let worth = |preferences: &Preferences| {
        let how = &[Fate::Deal];
        scene
            .deal_value
            .worth(setting, world, preferences, t, package, how)
    };
    changed.map_or(0.0, |changed| worth(changed) - worth(scene.preferences))
        - flow(setting, world, l, t)
}

/// How a type of the target stands to a package.
#[derive(Clone, Copy)]
pub(super) struct Stand {
    pub(super) prior: f64,
    /// Its margin with the lever certain not to be pulled.
    pub(super) without: f64,
    /// And with it certain to be pulled.
    pub(super) with: f64,
    pub(super) crossed: bool,
}

impl Stand {
    /// Credibility at which its margin is nothing.
    fn root(&self) -> f64 {
        -self.without / (self.with - self.without)
    }

    pub(super) fn accepts(&self, c: f64) -> bool {
        if self.crossed {
            return false;
        }
        let slope = self.with - self.without;
        if slope.abs() <= FLAT {
            return is_enough(self.without);
        }
        // At its root a margin is nothing but rounding.
        c == self.root() || is_enough(self.without + c * slope)
    }
}

/// The least and the greatest credibility at which types that make up half of the prior accept. Margins are linear in it, so that
/// a type's answer turns at one place; between two such places nothing changes.
pub(super) fn turns(stands: &[Stand]) -> (f64, f64) {
    let willing = |c: f64| {
        let of = stands.iter().filter(|s| s.accepts(c));
        of.map(|s| s.prior).sum::<f64>() >= HALF - 1e-12
    };
    let mut places: Vec<f64> = vec![0.0, 1.0];
    let turning = stands.iter().filter(|s| !s.crossed).map(Stand::root);
    places.extend(turning.filter(|c| *c > 0.0 && *c < 1.0));
    places.sort_by(f64::total_cmp);
    let first = places.iter().copied().find(|c| willing(*c));
    let last = places.iter().rev().copied().find(|c| willing(*c));
    let threshold = match first {
        None => ABOVE,
        Some(0.0) => BELOW,
        Some(c) => c,
    };
    let ceiling = match last {
        None => BELOW,
        Some(1.0) => ABOVE,
        Some(c) => c,
    };
    (threshold, ceiling)
}
