//! What may follow a package: attacks at their best dates, and what all of that makes it worth. Named packages are weighed once a world,
//! any other one when somebody asks; each war is solved once, however many packages end in it.

use std::collections::HashMap;
use std::sync::Arc;

use detente_core::{
    Aftermath, DealValue, Fate, Feature, FeatureKind, LeverProfile, MILESTONES, NoDealSolution,
    Payoffs, Preferences, Prospect, Query, Refusals, Setting, World, breached, each_combination,
    freeze,
};

use super::attacks::{Holding, attacks, due_dates, lay_dues};
use super::comers::{Comers, Seen};
use super::law::{self, Places, Terms};
use super::life::{Due, Lives};
use super::wars::{War, Wars};
use super::{Case, Changing};
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

/// V(resume) by type, by date: if nobody broke the deal, and by party if it did; nothing where nobody answers that.
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
    /// Wars of this world, each with who comes to it, so many; behind them room.
    wars: Vec<(War, Seen)>,
    fought: usize,
    pulls: Vec<f64>,
    worths: Vec<f64>,
    profiles: Vec<LeverProfile>,
    /// UL of a package, by type.
    peace: Vec<f64>,
    dues: Vec<Due>,
    holding: Holding,
    dates: Vec<usize>,
    /// V(resume) of wars at a guarantee, each found once.
    resumed: Vec<(usize, f64, Arc<Resumed>)>,
    /// By state of a process: what follows a deal that lapses into it, by type.
    lapsed: Vec<(usize, Arc<Vec<f64>>)>,
    /// By the same: the chance by month that a final deal that it led on to is in force.
    led_on: Vec<(usize, Option<Arc<Vec<f64>>>)>,
    /// What wars are valued with.
    model: Option<&'static dyn NoDeal>,
    preferences: Preferences,
    payoffs: Payoffs,
    workspace: Workspace,
    pub(super) changing: Changing,
    solution: NoDealSolution,
    /// Bounds by option of the line.
    bounds: Vec<(Option<u8>, AtMost)>,
    /// Packages without a name that were asked about.
    others: HashMap<Vec<u8>, Other>,
    prospect: Prospect,
    /// The same with something left out.
    left: Prospect,
    /// Room of the world before for named packages.
    pub(super) spare: Vec<Prospect>,
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
    pub(super) fn start(&mut self, setting: &Setting, world: &World) {
        self.lives.start(setting, world);
        self.workspace.contest.forget();
        self.changing.forget();
        self.fought = 0;
        self.others.clear();
        self.bounds.clear();
        self.resumed.clear();
        self.lapsed.clear();
        self.led_on.clear();
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
        self.tables.start(world, self.lives.dates());
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
            if is_asked(p) {
                let mut prospect = self.spare.pop().unwrap_or_default();
                self.prospect(case, package, &mut prospect);
                for (t, worth) in prospect.worth.iter_mut().enumerate() {
                    if let Some(given) = world.fixed("durability", "deal_value", &[t, p]) {
                        *worth = given;
                    }
                }
                out.prospects[p] = prospect;
            }
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
        let known = &self.wars[..self.fought];
        if let Some(place) = known.iter().position(|(known, _)| same(known)) {
            return place;
        }
        let Case { setting, world, .. } = case;
        self.comers.profiles(war.guaranteed, &mut self.profiles);
        self.tables.solve(
            case,
            (&war, self.lives.dates()),
            &self.profiles,
            &self.payoffs,
            (&mut self.workspace, &mut self.changing, &mut self.solution),
        );
        if self.fought == self.wars.len() {
            self.wars.push((war, Seen::default()));
        } else {
            self.wars[self.fought].0 = war;
        }
        let (war, seen) = &mut self.wars[self.fought];
        seen.lay(
            (setting, world),
            (&self.comers, war.guaranteed),
            (&self.profiles, self.lives.dates()),
            &mut self.tables.values,
            &mut self.pulls,
        );
        self.fought += 1;
        self.fought - 1
    }

    /// What may follow a package.
    fn prospect(&mut self, case: Case, package: &[u8], out: &mut Prospect) {
        let Case { setting, world, .. } = case;
        let (terms, war) = self.weighed(case, package, out);
        out.calm.clear();
        let led_on = self.led_on_from(case, terms.then);
        let life = self.lives.on(setting, world, terms);
        let calm = self.lives.calm(life);
        out.calm_lapse = if terms.lasts <= law::LAST as f64 {
            self.lives.calm_at(life, terms.lasts)
        } else {
            f64::NAN
        };
        let calm_lapse = out.calm_lapse;
        let whole = |month: usize| {
            let since = month as f64 - terms.lasts;
            if since < 0.0 {
                return calm[month.min(calm.len() - 1)];
            }
            let led_on = led_on.as_ref().map_or(0.0, |by| by[whole_months(since)]);
            calm_lapse * led_on
        };
        out.calm.extend(MILESTONES.iter().map(|m| whole(*m)));
        out.calm_kept = whole(kept_months(world));
        out.computed.clone_from(&out.worth);
        out.unguaranteed.clone_from(&out.worth);
        out.unanswered.clone_from(&out.gain);
        if terms.guarantee > 0.0 {
            let guarantee = 0.0;
            let bare = Terms { guarantee, ..terms };
            let mut left = std::mem::take(&mut self.left);
            self.live(case, bare, war, &mut left);
            out.unguaranteed.clone_from(&left.worth);
            self.left = left;
        }
        if self.comers.any_answer() {
            let mut left = std::mem::take(&mut self.left);
            let resumed = self.resumed(case, war, terms.guarantee);
            let calm = |_| &resumed.calm;
            attacks(
                (setting, world, &self.lives),
                calm,
                &self.peace,
                terms.lasts,
                &mut left,
            );
            out.unanswered.clone_from(&left.gain);
            self.left = left;
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
        let (seen, comers, worths) = (&self.wars[war].1, &self.comers, &mut self.worths);
        let mut of = |violator| {
            let mut resume = Vec::new();
            let room = (&mut *worths, &mut resume);
            seen.resume(setting, world, comers, guarantee, violator, room);
            resume
        };
        let parties = 0..setting.parties.len();
        let breach = parties.map(|party| comers.answer(party).then(|| of(Some(party))));
        let found = Arc::new(Resumed {
            breach: breach.collect(),
            calm: of(None),
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

    /// By month since a deal lapsed into a state: the chance that a final deal that it led on to is in force.
    fn led_on(&mut self, case: Case, state: usize) -> Option<Arc<Vec<f64>>> {
        if let Some((_, known)) = self.led_on.iter().find(|(of, _)| *of == state) {
            return known.clone();
        }
        let found = case
            .model
            .led_on(case.setting, case.world, state, law::LAST)
            .map(Arc::new);
        self.led_on.push((state, found.clone()));
        found
    }

    /// The same where each of some states is as likely as the others.
    fn led_on_from(&mut self, case: Case, states: Places) -> Option<Arc<Vec<f64>>> {
        let each: Vec<_> = states
            .iter()
            .map(|state| self.led_on(case, state))
            .collect::<Option<_>>()?;
        mean_of(&each)
    }

    /// What a process is worth to each type that begins in one of some states, each as likely as the others; nothing where there is none.
    fn lapsed_into(&mut self, case: Case, states: Places) -> Option<Arc<Vec<f64>>> {
        let worths: Vec<_> = states
            .iter()
            .map(|state| self.lapsed(case, state))
            .collect();
        mean_of(&worths)
    }

    /// D and attacks of a package on some terms, whose end starts a war.
    fn live(&mut self, case: Case, terms: Terms, war: usize, out: &mut Prospect) {
        let Case { setting, world, .. } = case;
        let resumed = self.resumed(case, war, terms.guarantee);
        let lapsed = self.lapsed_into(case, terms.then);
        let resume = |party: usize| resumed.by(party);
        let at = (setting, world, &self.lives);
        attacks(at, resume, &self.peace, terms.lasts, out);
        out.worth.clear();
        out.peace.clear();
        due_dates(out, &mut self.dates);
        let life = self.lives.on(setting, world, terms);
        let dates = self.lives.dates();
        for t in 0..setting.types.len() {
            let own = t * dates.len()..(t + 1) * dates.len();
            let war = |party: usize, month| dates.value(&resume(party)[own.clone()], month);
            let room = (&mut self.holding, &mut self.dues);
            lay_dues(setting, world, out, &self.dates, t, war, room);
            let months = self.lives.months(life, t);
            let calm = &resumed.calm[own.clone()];
            let lapsed = lapsed.as_ref().map(|worth| worth[t]);
            let dues = self.dues.iter().copied();
            let [share, rest] = months.worth((calm, lapsed), dues);
            out.peace.push(share);
            out.worth.push(share * self.peace[t] + rest);
        }
    }
}

/// The mean of some lists; nothing where there is none.
fn mean_of(lists: &[Arc<Vec<f64>>]) -> Option<Arc<Vec<f64>>> {
    match lists {
        [] => None,
        [one] => Some(Arc::clone(one)),
        [first, ..] => {
            let places = 0..first.len();
            let sum = |k: usize| lists.iter().map(|list| list[k]).sum::<f64>();
            let mean = places.map(|k| sum(k) / lists.len() as f64);
            Some(Arc::new(mean.collect()))
        }
    }
}

/// Months that are over, of up to as many as are followed.
fn whole_months(months: f64) -> usize {
    detente_core::asks::whole(months).min(law::LAST)
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
