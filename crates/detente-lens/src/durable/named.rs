//! Named packages: attacks at their best dates, guarantors who come or do not, and what all of that makes the package worth.

use detente_core::{
    Aftermath, DealValue, Fate, NoDealSolution, OwnBeliefs, Payoffs, Prospect, Refusals, Role,
    Setting, Target, Trigger, TypeSet, World,
};

use super::law::{self, LAST, Life, Terms};
use super::{Case, changed, resumed, with_burdens};
use crate::refusal::{given, logistic, over_types};
use crate::{Identity, Workspace};

/// Edges at which V(resume) is computed; between them it is interpolated by the polynomial through all.
const NODES: usize = 4;
/// Levers of guarantors that are told apart at most; later ones are left out.
const MOST: usize = 2;
/// Months, with the month of the deal.
const MONTHS: usize = LAST + 1;

/// Room that is re-used from world to world.
#[derive(Debug, Default)]
pub(crate) struct Room {
    /// Edges, as offsets of today's.
    nodes: Vec<f64>,
    /// By month, by node: its weight in the interpolation.
    weights: Vec<f64>,
    /// Levers that guarantors pull when a war resumes.
    levers: Vec<usize>,
    wars: Vec<War>,
    rates: Vec<f64>,
    /// V(resume) by set of levers, by type, by month.
    values: Vec<f64>,
    /// The same over the levers as the type sees their chances, less what its own cost it, by type, by month.
    resume: Vec<f64>,
    /// Chance that each lever is pulled by a wielder of the type, by lever, by type, by month.
    comes: Vec<f64>,
}

/// A war that some package's end starts.
#[derive(Clone, Debug, Default)]
struct War {
    start: Option<f64>,
    sets: Vec<(Target, f64)>,
    /// Is there anybody to come?
    guaranteed: bool,
    /// V by set of guarantors' levers, by node, by type.
    values: Vec<f64>,
}

/// Levers that are pulled, or not, when a war resumes after a deal.
pub(crate) fn guarantors(setting: &Setting, world: &World) -> Vec<usize> {
    let levers = setting.levers.iter().zip(&world.numbers.levers).enumerate();
    levers
        .filter(|(_, (lever, n))| {
            lever.trigger == Trigger::Accept && n.on > 0.0 && !lever.sets.is_empty()
        })
        .map(|(l, _)| l)
        .take(if setting.contest.is_some() { MOST } else { 0 })
        .collect()
}

pub(super) fn weigh(
    case: Case,
    payoffs: &Payoffs,
    groups: &[(OwnBeliefs, TypeSet)],
    workspace: &mut Workspace,
    solution: &mut NoDealSolution,
    room: &mut Room,
    out: &mut Aftermath,
) {
    let Case { setting, world, .. } = case;
    room.levers = guarantors(setting, world);
    room.lay_nodes(setting, world);
    room.wars.clear();
    let types = setting.types.len();
    out.prospects.clear();
    // Besides the named packages, the freeze that an attacker's other targets are compared with.
    let freeze = freeze(setting, world);
    let named = setting.packages.iter().map(|package| &package.choice);
    for (p, package) in named.chain(&freeze).enumerate() {
        let terms = Terms::of(setting, world, package, &[Fate::Deal]);
        let war = room.war(case, package, terms, payoffs, groups, workspace, solution);
        room.spread(types, war);
        let mut prospect = room.prospect(case, package, terms, types);
        prospect.computed.clone_from(&prospect.worth);
        prospect.unguaranteed.clone_from(&prospect.worth);
        if terms.guarantee > 0.0 {
            let guarantee = 0.0;
            let bare = Terms { guarantee, ..terms };
            prospect.unguaranteed = room.prospect(case, package, bare, types).worth;
        }
        for (t, worth) in prospect.worth.iter_mut().enumerate() {
            if let Some(given) = world.fixed("durability", "deal_value", &[t, p]) {
                *worth = given;
            }
        }
        out.prospects.push(prospect);
    }
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
    /// Edges between the least and the greatest that peace brings, and every month's weights of them.
    fn lay_nodes(&mut self, setting: &Setting, world: &World) {
        let numbers = &world.numbers.durability[0];
        let offset = |m: usize| {
            if setting.contest.is_some() {
                law::rebuilt(numbers, m as f64)
            } else {
                0.0
            }
        };
        let offsets: Vec<f64> = (0..MONTHS).map(offset).collect();
        let least = offsets.iter().copied().fold(f64::INFINITY, f64::min);
        let most = offsets.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        self.nodes.clear();
        if most - least < 1e-12 {
            self.nodes.push(least);
        } else {
            // Chebyshev's places: the polynomial's error is spread evenly.
            let place = |n: usize| {
                let angle = std::f64::consts::PI * (n as f64 + 0.5) / NODES as f64;
                0.5 * (least + most) - 0.5 * (most - least) * libm::cos(angle)
            };
            self.nodes.extend((0..NODES).map(place));
        }
        self.weights.clear();
        for x in offsets {
            for (n, node) in self.nodes.iter().enumerate() {
                let others = self.nodes.iter().enumerate().filter(|(o, _)| *o != n);
                let weight = others.map(|(_, other)| (x - other) / (node - other));
                self.weights.push(weight.product());
            }
        }
    }

    /// The place of the war that a package's end starts, solved if it is new.
    #[expect(clippy::too_many_arguments, reason = "one caller")]
    fn war(
        &mut self,
        case: Case,
        package: &[u8],
        terms: Terms,
        payoffs: &Payoffs,
        groups: &[(OwnBeliefs, TypeSet)],
        workspace: &mut Workspace,
        solution: &mut NoDealSolution,
    ) -> usize {
        let Case {
            setting,
            world,
            model,
            ..
        } = case;
        let start = law::position(setting, world, package);
        let sets = law::sets(setting, world, package);
        let guaranteed = terms.guarantee > 0.0 && !self.levers.is_empty();
        let known = self.wars.iter().position(|war| {
            war.start == start && war.sets == sets && (war.guaranteed || !guaranteed)
        });
        if let Some(known) = known {
            return known;
        }
        let changed = changed(setting, world, &sets);
        let world = changed.as_ref().unwrap_or(world);
        let with_burdens = with_burdens(payoffs, world, &sets);
        let payoffs = with_burdens.as_ref().unwrap_or(payoffs);
        let pulled = if guaranteed {
            1 << self.levers.len()
        } else {
            1
        };
        let types = setting.types.len();
        workspace.contest.only_values = true;
        let mut values = vec![f64::NAN; pulled * self.nodes.len() * types];
        for set in 0..pulled {
            for (n, offset) in self.nodes.iter().enumerate() {
                for (own, group) in groups {
                    let mut query = resumed(setting, world, *own, *group, *offset, start);
                    for (k, lever) in self.levers.iter().enumerate() {
                        if set >> k & 1 == 1 {
                            query.levers = query.levers.with(*lever);
                        }
                    }
                    model.solve(setting, world, &query, payoffs, workspace, solution);
                    for t in (0..types).filter(|t| group.contains(*t)) {
                        values[(set * self.nodes.len() + n) * types + t] = solution.values[t];
                    }
                }
            }
        }
        workspace.contest.only_values = false;
        self.wars.push(War {
            start,
            sets,
            guaranteed,
            values,
        });
        self.wars.len() - 1
    }

    /// V(resume) of a war in every month.
    fn spread(&mut self, types: usize, war: usize) {
        let nodes = self.nodes.len();
        let war = &self.wars[war].values;
        self.values.clear();
        for at in war.chunks_exact(nodes * types) {
            for t in 0..types {
                let months = self.weights.chunks_exact(nodes);
                self.values.extend(months.map(|weights| {
                    let of = weights.iter().zip(at.iter().skip(t).step_by(types));
                    of.map(|(weight, value)| weight * value).sum::<f64>()
                }));
            }
        }
    }

    /// What guarantors make of the war: chances that each comes, and V(resume) over them.
    fn weigh_guarantors(&mut self, setting: &Setting, world: &World, guarantee: f64) {
        let types = setting.types.len();
        let noise = noise(world);
        self.resume.clear();
        if guarantee <= 0.0 || self.values.len() <= types * MONTHS {
            self.resume
                .extend_from_slice(&self.values[..types * MONTHS]);
            return;
        }
        self.comes.clear();
        self.comes
            .resize(self.levers.len() * types * MONTHS, f64::NAN);
        for (k, lever) in self.levers.iter().enumerate() {
            let n = &world.numbers.levers[*lever];
            for t in setting.parties[setting.levers[*lever].by].types.clone() {
                for m in 0..MONTHS {
                    let out = self.values[t * MONTHS + m];
                    let fights = self.values[((1 << k) * types + t) * MONTHS + m];
                    let gain = fights - out - n.cost + n.audience_cost;
                    self.comes[(k * types + t) * MONTHS + m] = logistic(gain / noise);
                }
            }
        }
        for t in 0..types {
            let party = setting.types[t].party;
            for m in 0..MONTHS {
                let seen = |k: usize| {
                    let lever = self.levers[k];
                    given(world, lever).unwrap_or_else(|| {
                        seen_by(setting, world, lever, t, m, |w| {
                            self.comes[(k * types + w) * MONTHS + m]
                        })
                    })
                };
                let (mut value, mut paid) = (0.0, 0.0);
                for set in 0..1_usize << self.levers.len() {
                    let chance = (0..self.levers.len()).map(|k| {
                        let comes = guarantee * seen(k);
                        if set >> k & 1 == 1 {
                            comes
                        } else {
                            1.0 - comes
                        }
                    });
                    value += chance.product::<f64>() * self.values[(set * types + t) * MONTHS + m];
                }
                for (k, lever) in self.levers.iter().enumerate() {
                    if setting.levers[*lever].by == party {
                        let n = &world.numbers.levers[*lever];
                        let seen = seen(k);
                        paid += guarantee * (seen * n.cost + (1.0 - seen) * n.audience_cost);
                    }
                }
                self.resume.push(value - paid);
            }
        }
    }

    fn prospect(&mut self, case: Case, package: &[u8], terms: Terms, types: usize) -> Prospect {
        let Case {
            setting,
            world,
            preferences,
            ..
        } = case;
        let numbers = &world.numbers.durability[0];
        let noise = noise(world);
        terms.rates(setting, numbers, &mut self.rates);
        self.weigh_guarantors(setting, world, terms.guarantee);
        let peace: Vec<f64> = (0..types)
            .map(|t| Identity.worth(setting, world, preferences, t, package, &[Fate::Deal]))
            .collect();
        let mut prospect = Prospect {
            month: vec![f64::NAN; types],
            gain: vec![f64::NAN; types],
            attack: vec![0.0; types],
            ..Prospect::default()
        };
        let attackers: Vec<usize> = (0..setting.parties.len())
            .filter(|i| setting.parties[*i].roles.contains(&Role::Belligerent))
            .collect();
        for party in &attackers {
            for t in setting.parties[*party].types.clone() {
                let n = &world.numbers.types[t];
                let mut discount = 1.0;
                let mut best: Option<(f64, usize)> = None;
                for m in (1..MONTHS).take_while(|m| (*m as f64) < terms.lasts) {
                    discount *= n.patience;
                    let gain = discount * (self.resume[t * MONTHS + m] - n.renege_cost - peace[t]);
                    if best.is_none_or(|(most, _)| gain > most) {
                        best = Some((gain, m));
                    }
                }
                if let Some((gain, m)) = best {
                    prospect.gain[t] = gain;
                    prospect.month[t] = m as f64;
                    prospect.attack[t] = -libm::expm1(-gain.max(0.0) / noise);
                }
            }
        }
        for t in 0..types {
            let n = &world.numbers.types[t];
            let life = Life {
                patience: n.patience,
                peace: peace[t],
                rates: &self.rates,
                lasts: terms.lasts,
            };
            let quiet = Quiet {
                setting,
                world,
                prospect: &prospect,
                attackers: &attackers,
            };
            let resume = &self.resume[t * MONTHS..(t + 1) * MONTHS];
            let paid = |m: usize| {
                let own = prospect.attack[t];
                // Its own attack at its date, if nobody attacked before.
                if own > 0.0 && prospect.month[t] == m as f64 {
                    own * n.renege_cost
                } else {
                    0.0
                }
            };
            let worth = life.worth(|m| resume[m], |m| 1.0 - quiet.holds(t, m), paid);
            prospect.worth.push(worth);
        }
        let quiet = Quiet {
            setting,
            world,
            prospect: &prospect,
            attackers: &attackers,
        };
        let (mut alive, mut survival) = (1.0, Vec::with_capacity(MONTHS));
        for m in 0..MONTHS {
            let over = if m as f64 >= terms.lasts { 0.0 } else { 1.0 };
            survival.push(over * alive * quiet.still(None, m));
            alive *= libm::exp(-self.rates[m]);
        }
        prospect.survival = survival;
        prospect
    }

    /// What guarantors' levers are worth to their wielders, and how likely they seem, where the guarantee that promises most is broken
    /// once forces are rebuilt.
    pub(super) fn promise(&mut self, case: Case, refusals: &mut Refusals) {
        let Case { setting, world, .. } = case;
        let types = setting.types.len();
        let mut most: Option<(f64, &[u8])> = None;
        for package in &setting.packages {
            let terms = Terms::of(setting, world, &package.choice, &[Fate::Deal]);
            if terms.guarantee > most.map_or(0.0, |(g, _)| g) {
                most = Some((terms.guarantee, &package.choice));
            }
        }
        let Some((guarantee, package)) = most else {
            return;
        };
        let start = law::position(setting, world, package);
        let sets = law::sets(setting, world, package);
        let found = self
            .wars
            .iter()
            .position(|war| war.guaranteed && war.start == start && war.sets == sets);
        let Some(war) = found else {
            return;
        };
        self.spread(types, war);
        self.weigh_guarantors(setting, world, guarantee);
        let only_wars = |lever: usize| setting.levers[lever].flow_to.is_empty();
        let levers = self.levers.iter().enumerate();
        for (k, lever) in levers.filter(|(_, lever)| only_wars(**lever)) {
            let n = &world.numbers.levers[*lever];
            for t in setting.parties[setting.levers[*lever].by].types.clone() {
                let fights = self.values[((1 << k) * types + t) * MONTHS + LAST];
                let out = self.values[t * MONTHS + LAST];
                *refusals.incentive_mut(*lever, t) = fights - out - n.cost;
            }
            for t in 0..types {
                let chance = given(world, *lever).unwrap_or_else(|| {
                    seen_by(setting, world, *lever, t, LAST, |w| {
                        self.comes[(k * types + w) * MONTHS + LAST]
                    })
                });
                *refusals.chance_mut(*lever, t) = chance;
            }
        }
    }
}

/// Chances that nobody has attacked yet.
struct Quiet<'a> {
    setting: &'a Setting,
    world: &'a World,
    prospect: &'a Prospect,
    attackers: &'a [usize],
}

impl Quiet<'_> {
    /// Chance that nobody attacks at month `m` if nobody has before, as type `t` sees it.
    fn holds(&self, t: usize, m: usize) -> f64 {
        let before = self.still(Some(t), m - 1);
        // Where an attack is certain, nothing is left to hold.
        if before > 0.0 {
            self.still(Some(t), m) / before
        } else {
            1.0
        }
    }

    /// Chance that nobody has attacked by month `m`, as type `t` sees it, or the analyst.
    fn still(&self, t: Option<usize>, m: usize) -> f64 {
        let holds = |attacker: usize| {
            let due = self.prospect.month[attacker] <= m as f64;
            if due {
                1.0 - self.prospect.attack[attacker]
            } else {
                1.0
            }
        };
        let each = self.attackers.iter().map(|party| {
            if let Some(t) = t.filter(|t| self.setting.types[*t].party == *party) {
                return holds(t);
            }
            let types = self.setting.parties[*party].types.clone();
            types
                .map(|other| {
                    let chance = match t {
                        Some(t) => self.world.believed(t, other),
                        None => self.world.numbers.types[other].prior,
                    };
                    chance * holds(other)
                })
                .sum()
        });
        each.product()
    }
}

/// s.
pub(crate) fn noise(world: &World) -> f64 {
    world.numbers.behaviour.first().map_or(0.5, |b| b.noise)
}

/// A chance that depends on the type of a lever's wielder in month `m`, as type `t` sees it: after a succession, over the successor's
/// types.
fn seen_by(
    setting: &Setting,
    world: &World,
    lever: usize,
    t: usize,
    m: usize,
    chance: impl Fn(usize) -> f64,
) -> f64 {
    let wielder = setting.levers[lever].by;
    let successions = setting.turnovers.iter().zip(&world.numbers.turnovers);
    let due = successions.filter(|(s, _)| s.party == wielder && s.month as usize <= m);
    let Some((_, numbers)) = due.max_by_key(|(s, _)| s.month) else {
        return over_types(setting, world, lever, t, chance);
    };
    let types = setting.parties[wielder].types.clone();
    types.zip(&numbers.prior).map(|(w, p)| p * chance(w)).sum()
}
