//! What may follow a package: attacks at their best dates, and what all of that makes it worth. Named packages are weighed once a world,
//! any other one when somebody asks; each war is solved once, however many packages end in it.

use std::collections::HashMap;
use std::sync::Arc;

use detente_core::{
    Aftermath, DealValue, Fate, Feature, FeatureKind, LeverProfile, MILESTONES, NoDealSolution,
    Payoffs, Preferences, Prospect, Query, Refusals, Setting, World, breached, each_combination,
    freeze,
};

use super::Case;
use super::comers::{Comers, Seen, noise};
use super::law::{self, Terms};
use super::life::{Due, Lives, MONTHS};
use super::wars::{War, Wars};
use crate::{Identity, NoDeal, Workspace};

/// Wars that are solved to bound what packages with the line at one option are worth; of more, no bound is found.
const WARS: usize = 64;

/// By type: the greatest share of peace, and the best war; nothing where no bound was found.
type AtMost = Option<Vec<[f64; 2]>>;

/// What is kept of a package that was asked about and has no name.
#[derive(Clone, Debug)]
struct Other {
    deal: Vec<f64>,
    paper: Vec<f64>,
    peace: Vec<f64>,
}

/// V(resume) by type, by month: if nobody broke the deal, and by party if it did; nothing where nobody answers that.
#[derive(Debug)]
pub(super) struct Resumed {
    calm: Vec<f64>,
    breach: Vec<Option<Vec<f64>>>,
}

impl Resumed {
    pub(super) fn by(&self, violator: usize) -> &Vec<f64> {
        self.breach[violator].as_ref().unwrap_or(&self.calm)
    }
}

/// Room that is re-used from world to world.
#[derive(Debug, Default)]
pub(super) struct Bench {
    pub(super) lives: Lives,
    tables: Wars,
    comers: Comers,
    /// Wars of this world, each with who comes to it.
    wars: Vec<(War, Seen)>,
    profiles: Vec<LeverProfile>,
    /// UL of a package, by type.
    peace: Vec<f64>,
    dues: Vec<Due>,
    dates: Vec<usize>,
    /// V(resume) of wars at a guarantee, each found once.
    resumed: Vec<(usize, f64, Arc<Resumed>)>,
    /// By state of a process: what follows a deal that lapses into it, by type.
    lapsed: Vec<(usize, Arc<Vec<f64>>)>,
    /// What wars are valued with.
    model: Option<&'static dyn NoDeal>,
    preferences: Preferences,
    payoffs: Payoffs,
    workspace: Workspace,
    solution: NoDealSolution,
    /// Bounds by option of the line.
    bounds: Vec<(Option<u8>, AtMost)>,
    /// Packages without a name that were asked about.
    others: HashMap<Vec<u8>, Other>,
    prospect: Prospect,
}

impl std::fmt::Debug for dyn NoDeal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id())
    }
}

impl Bench {
    /// How many wars were solved here.
    pub(super) fn solves(&self) -> u64 {
        self.workspace.contest.solves
    }

    /// Forgets the world before.
    pub(super) fn start(&mut self, world: &World) {
        self.lives.start(world);
        self.workspace.contest.forget();
        self.wars.clear();
        self.others.clear();
        self.bounds.clear();
        self.resumed.clear();
        self.lapsed.clear();
        self.model = None;
    }

    /// Weighs every named package that is asked about. After the no-deal queries are solved; `payoffs` are those that they were
    /// solved with.
    pub(super) fn weigh(
        &mut self,
        case: Case,
        asked: &[bool],
        payoffs: &Payoffs,
        refusals: &mut Refusals,
        out: &mut Aftermath,
    ) {
        let Case { setting, world, .. } = case;
        self.tables.start(case);
        self.comers.start(setting, world);
        self.model = Some(case.model);
        self.preferences.clone_from(case.preferences);
        self.payoffs.clone_from(payoffs);
        // Besides the named packages, the freeze that an attacker's other targets are compared with.
        let freeze = freeze(setting, world);
        let named = setting.packages.iter().map(|package| &package.choice);
        let all: Vec<&Vec<u8>> = named.chain(&freeze).collect();
        let is_asked = |p: usize| asked.get(p).copied().unwrap_or(true);
        // Guaranteed wars first: one that is solved with guarantors serves without them too.
        for (p, package) in all.iter().enumerate() {
            if is_asked(p) && Terms::of(setting, world, package, &[Fate::Deal]).guarantee > 0.0 {
                self.war_of(case, package);
            }
        }
        out.prospects.resize(all.len(), Prospect::default());
        for (p, package) in all.iter().enumerate() {
            let mut prospect = std::mem::take(&mut out.prospects[p]);
            if is_asked(p) {
                self.prospect(case, package, &mut prospect);
                for (t, worth) in prospect.worth.iter_mut().enumerate() {
                    if let Some(given) = world.fixed("durability", "deal_value", &[t, p]) {
                        *worth = given;
                    }
                }
            } else {
                prospect = Prospect::default();
            }
            out.prospects[p] = prospect;
        }
        // What guarantors promise is known from the package that promises most, what answers a breach from a freeze, or from any without a front.
        if let Some(most) = most_guaranteed(setting, world) {
            let (terms, war) = self.war_of(case, &setting.packages[most].choice);
            if terms.guarantee > 0.0 {
                let levers = self.comers.guarantors.clone();
                self.wars[war].1.promise(case, &levers, refusals);
            }
        }
        if let Some(any) = breached(setting, world).filter(|_| self.comers.any_answer()) {
            let (_, war) = self.war_of(case, &any);
            let levers = self.comers.all_answers();
            self.wars[war].1.promise(case, &levers, refusals);
        }
    }

    /// D of a package without a name to a type of the world that was weighed last, if options are worth what `preferences` say.
    pub(super) fn worth(
        &mut self,
        setting: &Setting,
        world: &World,
        preferences: &Preferences,
        t: usize,
        package: &[u8],
    ) -> Option<f64> {
        if !self.others.contains_key(package) {
            let mut prospect = std::mem::take(&mut self.prospect);
            self.in_case(setting, world, |bench, case| {
                bench.weighed(case, package, &mut prospect);
            })?;
            let worth = Other {
                deal: prospect.worth.clone(),
                paper: prospect.paper.clone(),
                peace: prospect.peace.clone(),
            };
            self.prospect = prospect;
            self.others.insert(package.to_vec(), worth);
        }
        let known = &self.others[package];
        let paper = Identity.worth(setting, world, preferences, t, package, &[Fate::Deal]);
        Some(known.deal[t] + known.peace[t] * (paper - known.paper[t]))
    }

    /// V(resume) after a package; nothing if no world was weighed.
    pub(super) fn resumed_after(
        &mut self,
        setting: &Setting,
        world: &World,
        package: &[u8],
    ) -> Option<Arc<Resumed>> {
        self.in_case(setting, world, |bench, case| {
            let (terms, war) = bench.war_of(case, package);
            bench.resumed(case, war, terms.guarantee)
        })
    }

    /// What may follow a package; nothing if no world was weighed.
    pub(super) fn prospect_of(
        &mut self,
        setting: &Setting,
        world: &World,
        package: &[u8],
    ) -> Option<Prospect> {
        let mut found = Prospect::default();
        self.in_case(setting, world, |bench, case| {
            bench.prospect(case, package, &mut found);
        })?;
        Some(found)
    }

    /// Works something out of the world that was weighed last.
    fn in_case<T>(
        &mut self,
        setting: &Setting,
        world: &World,
        find: impl FnOnce(&mut Self, Case) -> T,
    ) -> Option<T> {
        let model = self.model?;
        let base = std::mem::take(&mut self.preferences);
        let case = Case {
            setting,
            world,
            preferences: &base,
            model,
        };
        let found = find(self, case);
        self.preferences = base;
        Some(found)
    }

    /// By type: the greatest share of peace of any agreed package, and the best war over all dates, all who may come and every war that a
    /// package with the line at an option may end in; `None` if those are too many, or nothing was weighed.
    pub(super) fn at_most(&mut self, setting: &Setting, world: &World, line: Option<u8>) -> AtMost {
        self.model?;
        if let Some((_, known)) = self.bounds.iter().find(|(of, _)| *of == line) {
            return known.clone();
        }
        let best = Terms::longest(setting, world);
        let life = self.lives.on(setting, world, best);
        let peace = (0..setting.types.len()).map(|t| self.lives.months(life, t).peace());
        let peace: Vec<f64> = peace.collect();
        let wars = self.in_case(setting, world, |bench, case| bench.best_wars(case, line))?;
        let both = wars.map(|wars| peace.into_iter().zip(wars).map(|(p, w)| [p, w]).collect());
        self.bounds.push((line, both.clone()));
        both
    }

    fn best_wars(&mut self, case: Case, line: Option<u8>) -> Option<Vec<f64>> {
        let Case { setting, world, .. } = case;
        let line_issue = setting.contest.as_ref().map(|c| c.line_issue);
        let sets = |option: usize| {
            let of = |f: &Feature| f.option == option && matches!(f.kind, FeatureKind::Sets(_));
            setting.features.iter().any(of)
        };
        let changing = |k: &usize| {
            let issue = &setting.issues[*k];
            (issue.first_option..issue.first_option + issue.options.len()).any(sets)
        };
        let issues: Vec<usize> = (0..setting.issues.len())
            .filter(|k| Some(*k) != line_issue)
            .filter(changing)
            .collect();
        let count = issues.iter().map(|k| setting.issues[*k].options.len());
        if count.fold(1, usize::saturating_mul) > WARS {
            return None;
        }
        let mut most = vec![f64::NEG_INFINITY; setting.types.len()];
        let mut package = vec![0_u8; setting.issues.len()];
        if let (Some(issue), Some(option)) = (line_issue, line) {
            package[issue] = option;
        }
        each_combination(setting, &issues, &mut package, &mut |package| {
            let war = War {
                start: law::position(setting, world, package),
                sets: law::sets(setting, world, package),
                guaranteed: !self.comers.guarantors.is_empty(),
            };
            let place = self.solved(case, war);
            for (t, most) in most.iter_mut().enumerate() {
                *most = most.max(self.wars[place].1.most(t));
            }
        });
        // A deal may lapse into something better than what follows a breakdown.
        let options = setting.issues.iter().flat_map(|issue| &issue.options);
        for state in options.filter_map(|option| option.then) {
            let lapsed = self.lapsed(case, state);
            for (most, worth) in most.iter_mut().zip(lapsed.iter()) {
                *most = most.max(*worth);
            }
        }
        Some(most)
    }

    /// Terms of a package, and the place of the war that its end starts.
    fn war_of(&mut self, case: Case, package: &[u8]) -> (Terms, usize) {
        let Case { setting, world, .. } = case;
        let terms = Terms::of(setting, world, package, &[Fate::Deal]);
        let war = War {
            start: law::position(setting, world, package),
            sets: law::sets(setting, world, package),
            guaranteed: terms.guarantee > 0.0 && !self.comers.guarantors.is_empty(),
        };
        (terms, self.solved(case, war))
    }

    /// The place of a war, which is solved if it has not been.
    fn solved(&mut self, case: Case, war: War) -> usize {
        let same = |known: &War| {
            known.start == war.start && known.sets == war.sets && known.guaranteed >= war.guaranteed
        };
        if let Some(place) = self.wars.iter().position(|(known, _)| same(known)) {
            return place;
        }
        let Case { setting, world, .. } = case;
        self.comers.profiles(war.guaranteed, &mut self.profiles);
        self.tables.solve(
            case,
            &war,
            &self.profiles,
            &self.payoffs,
            &mut self.workspace,
            &mut self.solution,
        );
        let seen = Seen::new(
            setting,
            world,
            &self.comers,
            war.guaranteed,
            &self.profiles,
            &self.tables.values,
        );
        self.wars.push((war, seen));
        self.wars.len() - 1
    }

    /// What may follow a package.
    fn prospect(&mut self, case: Case, package: &[u8], out: &mut Prospect) {
        let Case { setting, world, .. } = case;
        let (terms, war) = self.weighed(case, package, out);
        out.calm.clear();
        let life = self.lives.on(setting, world, terms);
        let calm = self.lives.calm(life);
        let whole = |month: usize| {
            if month as f64 >= terms.lasts {
                0.0
            } else {
                calm[month.min(calm.len() - 1)]
            }
        };
        out.calm.extend(MILESTONES.iter().map(|m| whole(*m)));
        out.calm_kept = whole(kept_months(world));
        out.computed.clone_from(&out.worth);
        out.unguaranteed.clone_from(&out.worth);
        out.unanswered.clone_from(&out.gain);
        if terms.guarantee > 0.0 {
            let guarantee = 0.0;
            let bare = Terms { guarantee, ..terms };
            let mut left = Prospect::default();
            self.live(case, bare, war, &mut left);
            out.unguaranteed.clone_from(&left.worth);
        }
        if self.comers.any_answer() {
            let mut left = Prospect::default();
            let resumed = self.resumed(case, war, terms.guarantee);
            let calm = |_| &resumed.calm;
            attacks(setting, world, calm, &self.peace, terms.lasts, &mut left);
            out.unanswered.clone_from(&left.gain);
        }
    }

    /// Attacks and D of a package, and nothing else; its terms, and the place of the war that its end starts.
    fn weighed(&mut self, case: Case, package: &[u8], out: &mut Prospect) -> (Terms, usize) {
        let Case {
            setting,
            world,
            preferences,
            ..
        } = case;
        let (terms, war) = self.war_of(case, package);
        self.peace.clear();
        let types = 0..setting.types.len();
        let worth = |t| Identity.worth(setting, world, preferences, t, package, &[Fate::Deal]);
        self.peace.extend(types.map(worth));
        out.paper.clone_from(&self.peace);
        self.live(case, terms, war, out);
        (terms, war)
    }

    /// V(resume) of a war at a guarantee.
    fn resumed(&mut self, case: Case, war: usize, guarantee: f64) -> Arc<Resumed> {
        let mut known = self.resumed.iter();
        if let Some((.., found)) = known.find(|(w, g, _)| *w == war && *g == guarantee) {
            return Arc::clone(found);
        }
        let Case { setting, world, .. } = case;
        let (seen, comers) = (&self.wars[war].1, &self.comers);
        let of = |violator| {
            let mut resume = Vec::new();
            seen.resume(setting, world, comers, guarantee, violator, &mut resume);
            resume
        };
        let parties = 0..setting.parties.len();
        let breach = parties.map(|party| comers.answer(party).then(|| of(Some(party))));
        let found = Arc::new(Resumed {
            calm: of(None),
            breach: breach.collect(),
        });
        self.resumed.push((war, guarantee, Arc::clone(&found)));
        found
    }

    /// What a process that begins in a state is worth to each type, which follows a deal that has lapsed.
    fn lapsed(&mut self, case: Case, state: usize) -> Arc<Vec<f64>> {
        if let Some((_, known)) = self.lapsed.iter().find(|(of, _)| *of == state) {
            return Arc::clone(known);
        }
        let Case {
            setting,
            world,
            model,
            ..
        } = case;
        let (room, solution) = (&mut self.workspace, &mut self.solution);
        let worth = (0..setting.types.len()).map(|t| {
            let query = Query {
                state: Some(state),
                ..Query::own(setting, world, t)
            };
            model.solve(setting, world, &query, &self.payoffs, room, solution);
            solution.values[t]
        });
        let worth = Arc::new(worth.collect());
        self.lapsed.push((state, Arc::clone(&worth)));
        worth
    }

    /// D and attacks of a package on some terms, whose end starts a war.
    fn live(&mut self, case: Case, terms: Terms, war: usize, out: &mut Prospect) {
        let Case { setting, world, .. } = case;
        let resumed = self.resumed(case, war, terms.guarantee);
        let lapsed = terms.then.map(|state| self.lapsed(case, state));
        let resume = |party: usize| resumed.by(party);
        attacks(setting, world, resume, &self.peace, terms.lasts, out);
        out.worth.clear();
        out.peace.clear();
        due_dates(out, &mut self.dates);
        let life = self.lives.on(setting, world, terms);
        for t in 0..setting.types.len() {
            lay_dues(setting, world, out, &self.dates, t, resume, &mut self.dues);
            let months = self.lives.months(life, t);
            let war = &resumed.calm[t * MONTHS..][..MONTHS];
            let lapsed = lapsed.as_ref().map(|worth| worth[t]);
            let [share, rest] = months.worth((war, lapsed), self.dues.iter().copied());
            out.peace.push(share);
            out.worth.push(share * self.peace[t] + rest);
        }
    }
}

/// Whole months after which a deal counts as kept.
pub fn kept_months(world: &World) -> usize {
    let stated = world
        .numbers
        .durability
        .first()
        .map_or(60.0, |n| n.kept_months);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "1 to 240"
    )]
    let months = stated.round().clamp(1.0, law::LAST as f64) as usize;
    months
}

/// The named package that promises the strongest guarantee.
fn most_guaranteed(setting: &Setting, world: &World) -> Option<usize> {
    let mut most: Option<(f64, usize)> = None;
    for (p, package) in setting.packages.iter().enumerate() {
        let g = Terms::of(setting, world, &package.choice, &[Fate::Deal]).guarantee;
        if g > most.map_or(0.0, |(g, _)| g) {
            most = Some((g, p));
        }
    }
    most.map(|(_, p)| p)
}

/// Every principal type's best date of attack, what it is worth, and how likely that makes it. `resume`: V(resume) after a breach by a
/// party, by type, by month.
fn attacks<'a>(
    setting: &Setting,
    world: &World,
    resume: impl Fn(usize) -> &'a Vec<f64>,
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
    let attackers = attackers.filter(|party| party.is_principal());
    for t in attackers.flat_map(|party| party.types.clone()) {
        let n = &world.numbers.types[t];
        let kept = n.renege_cost + peace[t];
        let mut discount = 1.0;
        let mut best: Option<(f64, usize)> = None;
        let wars = &resume(setting.types[t].party)[t * MONTHS..][..MONTHS];
        let wars = wars.iter().enumerate().skip(1);
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

/// Attacks as type `t` sees them: its own type it knows. `resume`: V(resume) after a breach by a party, by type, by month.
fn lay_dues<'a>(
    setting: &Setting,
    world: &World,
    prospect: &Prospect,
    dates: &[usize],
    t: usize,
    resume: impl Fn(usize) -> &'a Vec<f64>,
    to: &mut Vec<Due>,
) {
    to.clear();
    // By belligerent: chance that it has not attacked before a date, and by it.
    let mut holding: Vec<(usize, [f64; 2])> = setting
        .parties
        .iter()
        .enumerate()
        .filter(|(_, party)| party.is_principal())
        .map(|(i, _)| (i, [1.0; 2]))
        .collect();
    for month in dates {
        let holds = |attacker: usize| {
            if prospect.month[attacker] <= *month as f64 {
                1.0 - prospect.attack[attacker]
            } else {
                1.0
            }
        };
        let mut quiet = 1.0;
        for (party, [before, by]) in &mut holding {
            let types = setting.parties[*party].types.clone();
            *before = *by;
            *by = if types.contains(&t) {
                holds(t)
            } else {
                types.map(|o| world.believed(t, o) * holds(o)).sum()
            };
            quiet *= *by;
        }
        let paid = if prospect.month[t] == *month as f64 {
            prospect.attack[t] * world.numbers.types[t].renege_cost
        } else {
            0.0
        };
        let month = *month;
        to.push(Due {
            month,
            quiet,
            paid,
            war: first_strike(&holding, |party| resume(party)[t * MONTHS + month]),
        });
    }
}

/// What war is worth if somebody attacks at a date. Of several who do, each is as likely to be first, and the first breaks the deal.
/// `holding`: by party, the chance that it has not attacked before, and by that date.
fn first_strike(holding: &[(usize, [f64; 2])], war: impl Fn(usize) -> f64) -> f64 {
    let attacking = holding.iter().filter_map(|(party, [before, by])| {
        let chance = if *before > 0.0 {
            1.0 - by / before
        } else {
            0.0
        };
        (chance > 0.0).then_some((chance, war(*party)))
    });
    let attacking: Vec<(f64, f64)> = attacking.collect();
    if let [(_, war)] = attacking[..] {
        return war;
    }
    let (mut weight, mut worth) = (0.0, 0.0);
    for set in 1..1_usize << attacking.len() {
        let (mut chance, mut sum, mut count) = (1.0, 0.0, 0.0);
        for (k, (attacks, war)) in attacking.iter().enumerate() {
            if set >> k & 1 == 1 {
                chance *= attacks;
                sum += war;
                count += 1.0;
            } else {
                chance *= 1.0 - attacks;
            }
        }
        weight += chance;
        worth += chance * sum / count;
    }
    if weight > 0.0 {
        worth / weight
    } else {
        // Nobody attacks, so that nothing is weighed by this.
        holding.first().map_or(0.0, |(party, _)| war(*party))
    }
}
