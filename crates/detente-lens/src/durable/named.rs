//! Named packages: attacks at their best dates, and what all of that makes a package worth.

use detente_core::{
    Aftermath, DealValue, Fate, MILESTONES, NoDealSolution, Payoffs, Prospect, Refusals, Role,
    Setting, World,
};

use super::Case;
use super::guarantors::{Guarantors, noise};
use super::law::{self, Terms};
use super::life::{Due, Lives, MONTHS};
use super::wars::{War, Wars};
use crate::{Identity, Workspace};

/// Room that is re-used from world to world.
#[derive(Debug, Default)]
pub(crate) struct Room {
    tables: Wars,
    guarantors: Guarantors,
    wars: Vec<War>,
    /// Terms of each package, and the place of the war that its end starts, if it is asked about.
    packages: Vec<(Terms, Option<usize>)>,
    /// UL of a package, by type.
    peace: Vec<f64>,
    dues: Vec<Due>,
    dates: Vec<usize>,
}

#[expect(clippy::too_many_arguments, reason = "one caller")]
pub(super) fn weigh(
    case: Case,
    asked: &[bool],
    payoffs: &Payoffs,
    lives: &mut Lives,
    workspace: &mut Workspace,
    solution: &mut NoDealSolution,
    room: &mut Room,
    refusals: &mut Refusals,
    out: &mut Aftermath,
) {
    let Case { setting, world, .. } = case;
    room.tables.start(case);
    room.guarantors.start(setting, world);
    // Besides the named packages, the freeze that an attacker's other targets are compared with.
    let freeze = freeze(setting, world);
    let named = setting.packages.iter().map(|package| &package.choice);
    let all: Vec<&Vec<u8>> = named.chain(&freeze).collect();
    let is_asked = |p: usize| asked.get(p).copied().unwrap_or(true);
    room.read(setting, world, &all);
    // What its guarantors promise is known from the package that promises most.
    let most = most_guaranteed(setting, room);
    room.list_wars(setting, world, &all, |p| is_asked(p) || most == Some(p));
    out.prospects.resize(all.len(), Prospect::default());
    for (p, prospect) in out.prospects.iter_mut().enumerate() {
        if room.packages[p].1.is_none() {
            prospect.clone_from(&Prospect::default());
        }
    }
    for w in 0..room.wars.len() {
        let (levers, war) = (&room.guarantors.levers, &room.wars[w]);
        let tables = &mut room.tables;
        tables.solve(case, war, levers, payoffs, workspace, solution);
        if war.guaranteed {
            room.guarantors.watch(setting, world, &tables.values);
        }
        for (p, package) in all.iter().enumerate() {
            if room.packages[p].1 != Some(w) {
                continue;
            }
            room.prospect(case, package, p, lives, &mut out.prospects[p]);
            if most == Some(p) && room.wars[w].guaranteed {
                let values = &room.tables.values;
                room.guarantors.promise(case, values, refusals);
            }
            for (t, worth) in out.prospects[p].worth.iter_mut().enumerate() {
                if let Some(given) = world.fixed("durability", "deal_value", &[t, p]) {
                    *worth = given;
                }
            }
        }
    }
}

/// The named package that promises the strongest guarantee.
fn most_guaranteed(setting: &Setting, room: &Room) -> Option<usize> {
    let mut most: Option<(f64, usize)> = None;
    for (p, (terms, _)) in room.packages[..setting.packages.len()].iter().enumerate() {
        if terms.guarantee > most.map_or(0.0, |(g, _)| g) {
            most = Some((terms.guarantee, p));
        }
    }
    most.map(|(_, p)| p)
}

/// An armistice with the line at the option nearest to where it is today.
pub(crate) fn freeze(setting: &Setting, world: &World) -> Option<Vec<u8>> {
    let contest = setting.contest.as_ref()?;
    let start = world.numbers.contest.first()?.start;
    let positions = world.numbers.positions.iter().enumerate();
    let stated = positions.filter(|(_, p)| !p.is_nan());
    let nearest = stated.min_by(|a, b| (a.1 - start).abs().total_cmp(&(b.1 - start).abs()))?;
    let mut package = contest.armistice.clone();
    package[contest.line_issue] = u8::try_from(nearest.0).ok()?;
    Some(package)
}

impl Room {
    /// Reads packages' terms.
    fn read(&mut self, setting: &Setting, world: &World, packages: &[&Vec<u8>]) {
        let terms = |package: &&Vec<u8>| Terms::of(setting, world, package, &[Fate::Deal]);
        self.packages.clear();
        let all = packages.iter().map(|package| (terms(package), None));
        self.packages.extend(all);
    }

    /// Lists the wars that ends of packages start, each once.
    fn list_wars(
        &mut self,
        setting: &Setting,
        world: &World,
        packages: &[&Vec<u8>],
        asked: impl Fn(usize) -> bool,
    ) {
        self.wars.clear();
        for (p, package) in packages.iter().enumerate().filter(|(p, _)| asked(*p)) {
            let terms = self.packages[p].0;
            let start = law::position(setting, world, package);
            let sets = law::sets(setting, world, package);
            let guaranteed = terms.guarantee > 0.0 && !self.guarantors.levers.is_empty();
            let mut wars = self.wars.iter();
            let known = wars.position(|war| war.start == start && war.sets == sets);
            let place = known.unwrap_or(self.wars.len());
            if let Some(known) = known {
                self.wars[known].guaranteed |= guaranteed;
            } else {
                self.wars.push(War {
                    start,
                    sets,
                    guaranteed,
                });
            }
            self.packages[p].1 = Some(place);
        }
    }

    /// What may follow package `p`, which ends in the war solved last.
    fn prospect(
        &mut self,
        case: Case,
        package: &[u8],
        p: usize,
        lives: &mut Lives,
        out: &mut Prospect,
    ) {
        let Case {
            setting,
            world,
            preferences,
            ..
        } = case;
        let (terms, war) = self.packages[p];
        let Some(war) = war else {
            return;
        };
        self.peace.clear();
        let types = 0..setting.types.len();
        let worth = |t| Identity.worth(setting, world, preferences, t, package, &[Fate::Deal]);
        self.peace.extend(types.clone().map(worth));
        out.paper.clone_from(&self.peace);
        let promised = terms.guarantee > 0.0 && self.wars[war].guaranteed;
        if promised {
            let (values, guarantors) = (&self.tables.values, &mut self.guarantors);
            guarantors.weigh(setting, world, values, terms.guarantee);
        }
        let resume = if promised {
            &self.guarantors.resume
        } else {
            &self.tables.values
        };
        let life = lives.on(setting, world, terms);
        let (dues, dates, peace) = (&mut self.dues, &mut self.dates, &self.peace);
        attacks(setting, world, resume, peace, terms.lasts, out);
        out.worth.clear();
        out.peace.clear();
        due_dates(out, dates);
        for t in types.clone() {
            lay_dues(setting, world, out, dates, t, dues);
            let months = lives.months(life, t);
            let war = &resume[t * MONTHS..][..MONTHS];
            let [share, rest] = months.worth(war, dues.iter().copied());
            out.peace.push(share);
            out.worth.push(share * peace[t] + rest);
        }
        let calm = lives.calm(life);
        let whole = |month: &usize| {
            if *month as f64 >= terms.lasts {
                0.0
            } else {
                calm[*month]
            }
        };
        out.calm.clear();
        out.calm.extend(MILESTONES.iter().map(whole));
        out.computed.clone_from(&out.worth);
        out.unguaranteed.clone_from(&out.worth);
        if terms.guarantee > 0.0 {
            let guarantee = 0.0;
            let bare = Terms { guarantee, ..terms };
            let life = lives.on(setting, world, bare);
            let mut left = Prospect::default();
            let resume = &self.tables.values;
            attacks(setting, world, resume, peace, bare.lasts, &mut left);
            due_dates(&left, dates);
            for t in types {
                lay_dues(setting, world, &left, dates, t, dues);
                let war = &resume[t * MONTHS..][..MONTHS];
                let months = lives.months(life, t);
                let [share, rest] = months.worth(war, dues.iter().copied());
                out.unguaranteed[t] = share * peace[t] + rest;
            }
        }
    }
}

/// Every belligerent type's best date of attack, what it is worth, and how likely that makes it.
fn attacks(
    setting: &Setting,
    world: &World,
    resume: &[f64],
    peace: &[f64],
    lasts: f64,
    out: &mut Prospect,
) {
    let noise = noise(world);
    let types = setting.types.len();
    for (list, none) in [
        (&mut out.month, f64::NAN),
        (&mut out.gain, f64::NAN),
        (&mut out.attack, 0.0),
    ] {
        list.clear();
        list.resize(types, none);
    }
    out.gains.clear();
    out.gains.resize(types * MILESTONES.len(), f64::NAN);
    let attackers = setting.parties.iter();
    let attackers = attackers.filter(|party| party.roles.contains(&Role::Belligerent));
    for t in attackers.flat_map(|party| party.types.clone()) {
        let n = &world.numbers.types[t];
        let kept = n.renege_cost + peace[t];
        let mut discount = 1.0;
        let mut best: Option<(f64, usize)> = None;
        let wars = resume[t * MONTHS..][..MONTHS].iter().enumerate().skip(1);
        for (m, war) in wars.take_while(|(m, _)| (*m as f64) < lasts) {
            discount *= n.patience;
            let gain = discount * (war - kept);
            if let Some(place) = MILESTONES.iter().position(|told| *told == m) {
                out.gains[t * MILESTONES.len() + place] = gain;
            }
            if best.is_none_or(|(most, _)| gain > most) {
                best = Some((gain, m));
            }
        }
        if let Some((gain, m)) = best {
            out.gain[t] = gain;
            out.month[t] = m as f64;
            out.attack[t] = -libm::expm1(-gain.max(0.0) / noise);
        }
    }
}

/// Dates at which somebody may attack, in their order.
fn due_dates(prospect: &Prospect, dates: &mut Vec<usize>) {
    dates.clear();
    for (month, attack) in prospect.month.iter().zip(&prospect.attack) {
        if *attack > 0.0 {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a month"
            )]
            dates.push(*month as usize);
        }
    }
    dates.sort_unstable();
    dates.dedup();
}

/// Attacks as type `t` sees them: its own type it knows.
fn lay_dues(
    setting: &Setting,
    world: &World,
    prospect: &Prospect,
    dates: &[usize],
    t: usize,
    to: &mut Vec<Due>,
) {
    to.clear();
    for month in dates {
        let holds = |attacker: usize| {
            if prospect.month[attacker] <= *month as f64 {
                1.0 - prospect.attack[attacker]
            } else {
                1.0
            }
        };
        let mut quiet = 1.0;
        for party in &setting.parties {
            if !party.roles.contains(&Role::Belligerent) {
                continue;
            }
            quiet *= if party.types.contains(&t) {
                holds(t)
            } else {
                let types = party.types.clone();
                types.map(|o| world.believed(t, o) * holds(o)).sum()
            };
        }
        let paid = if prospect.month[t] == *month as f64 {
            prospect.attack[t] * world.numbers.types[t].renege_cost
        } else {
            0.0
        };
        let month = *month;
        to.push(Due { month, quiet, paid });
    }
}
