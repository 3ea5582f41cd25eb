//! If some settle over another's head: the war after each refusal, and where on the map of supply the refuser holds.

use detente_case::Overrides;
use detente_core::catalogue::veto;
use detente_core::{
    Fixed, Handle, Layout, MILESTONES, Row, Search, Setting, Side, Target, World, triggered_by,
};
use detente_evidence::chapters::veto::{COMPELLED_BY, Map, Mark, Pulled, Refusal, Refuser, Veto};
use detente_lens::{LENSES, Lens, Stage, conformance};

use super::Study;
use crate::reading::overrides_of;

/// Cells of the map each way.
const CELLS: usize = 15;
/// Months at which the effort of the refuser's side is told.
const EFFORT_AT: [usize; 2] = [6, 12];

/// Parties that have a refusal table, whose refusal levers await, or whom others may bring to an end of a process; those that fight first.
fn refusing(study: &Study, world: &World) -> Vec<usize> {
    let setting = study.setting();
    let mut order: Vec<usize> = (0..setting.parties.len())
        .filter(|p| {
            let stated = setting.refusals.iter().any(|r| r.party == *p);
            let brought = setting.process.is_some()
                && !setting.packages.is_empty()
                && compelled(study, *p, 0)[0].is_finite();
            stated || brought || triggered_by(setting, world, *p).next().is_some()
        })
        .filter(|p| {
            !setting.packages.is_empty() && mean(study, veto::FIGHTS_ON, &[*p, 0]).is_finite()
        })
        .collect();
    order.sort_by_key(|p| setting.parties[*p].side.is_none());
    order
}

fn median_world(study: &Study) -> World {
    study.plan.world(&study.plan.medians(), study.overrides)
}

pub(super) fn applies(study: &Study) -> bool {
    !refusing(study, &median_world(study)).is_empty()
}

pub(super) fn tell(study: &Study) -> Veto {
    let world = median_world(study);
    let order = refusing(study, &world);
    Veto {
        refusers: refusers(study, &world, &order),
        maps: order
            .iter()
            .filter_map(|p| map(study, &world, *p))
            .collect(),
    }
}

fn mean(study: &Study, quantity: Handle, index: &[usize]) -> f64 {
    study.table.mean(quantity, index).value
}

fn compelled(study: &Study, party: usize, p: usize) -> [f64; 3] {
    COMPELLED_BY.map(|m| mean(study, veto::COMPELLED, &[party, p, milestone(m)]))
}

/// The place of a month in a quantity by milestone.
fn milestone(month: usize) -> usize {
    MILESTONES.iter().position(|m| *m == month).unwrap_or(0)
}

fn refusers(study: &Study, world: &World, order: &[usize]) -> Vec<Refuser> {
    let setting = study.setting();
    let mut stage = Stage::default();
    let scene = stage.set(setting, world, Search::None);
    let pulled = |l: usize| {
        let types = setting.parties[setting.levers[l].by].types.clone();
        let each = types.map(|t| world.numbers.types[t].prior * scene.refusals.chance(l, t));
        Pulled {
            lever: l,
            chance: each.sum(),
            assumed: study.assumes(l),
        }
    };
    let refuser = |party: &usize| {
        let party = *party;
        let told = |quantity: Handle| mean(study, quantity, &[party]);
        let after = |m| mean(study, veto::SUPPLY_AFTER, &[party, milestone(m)]);
        Refuser {
            party,
            sided: setting.parties[party].side.is_some() && setting.contest.is_some(),
            holds: told(veto::HOLDS),
            endures: told(veto::ENDURES),
            effort: EFFORT_AT.map(after),
            levers: triggered_by(setting, world, party).map(pulled).collect(),
            packages: (0..setting.packages.len())
                .map(|p| refusal(study, party, p))
                .collect(),
        }
    };
    order.iter().map(refuser).collect()
}

fn refusal(study: &Study, party: usize, p: usize) -> Refusal {
    let change = |other: usize| {
        study.over_types(other, |t| {
            let at = [party, p, t];
            study.table.column(veto::CHANGE, &at).collect()
        })
    };
    Refusal {
        refuses: mean(study, veto::FIGHTS_ON, &[party, p]),
        effective: mean(study, veto::EFFECTIVE, &[party, p]),
        compelled: compelled(study, party, p),
        changes: (0..study.setting().parties.len()).map(change).collect(),
    }
}

/// What the map moves: the nest of the refuser's side, the lever that raises a level in it, and which of what it sets.
struct Axes {
    nest: usize,
    lever: usize,
    place: usize,
}

fn axes(setting: &Setting, world: &World, party: usize) -> Option<Axes> {
    let contest = setting.contest.as_ref()?;
    let side: Side = setting.parties[party].side?;
    triggered_by(setting, world, party).find_map(|lever| {
        let sets = setting.levers[lever].sets.iter().enumerate();
        sets.clone().find_map(|(place, target)| {
            let Target::SupplyLevel(supply) = target else {
                return None;
            };
            let nest = contest.supplies[*supply].nest;
            let raises = world.numbers.levers[lever].sets[place]
                > world.numbers.contest[0].supplies[*supply].level;
            (raises && contest.nests[nest].side == side).then_some(Axes { nest, lever, place })
        })
    })
}

/// How the party fares in a world with all levers of its refusal pulled.
struct Holds<'a> {
    setting: &'a Setting,
    layout: Layout,
    lens: usize,
    stage: Stage,
    row: Vec<f64>,
}

impl<'a> Holds<'a> {
    fn new(setting: &'a Setting) -> Option<Self> {
        let layout = Layout::new(setting, &conformance::specs());
        let lens = LENSES.iter().position(|lens| lens.spec().id == "veto")?;
        // Nobody asks for a package here, nor for another lens.
        let mut stage = Stage::default();
        stage.ask(&vec![false; setting.packages.len()]);
        stage.ask_lenses(&(0..LENSES.len()).map(|l| l == lens).collect::<Vec<_>>());
        Some(Self {
            setting,
            lens,
            stage,
            row: vec![f64::NAN; layout.width()],
            layout,
        })
    }

    /// Chance that it holds, and the effort of its side at month 12.
    fn of(&mut self, world: &mut World, party: usize) -> (f64, f64) {
        let levers: Vec<usize> = triggered_by(self.setting, world, party).collect();
        world.fixed.extend(levers.into_iter().map(|l| Fixed {
            lens: "leverage",
            quantity: "credibility",
            index: vec![l],
            value: 1.0,
        }));
        self.row.fill(f64::NAN);
        let scene = self.stage.set(self.setting, world, Search::None);
        let lens: &dyn Lens = LENSES[self.lens];
        let mut row = Row::new(&self.layout, self.lens, &mut self.row);
        lens.examine(&scene, &mut row);
        let effort = [party, milestone(12)];
        (
            self.row[self.layout.column(veto::HOLDS, &[party])],
            self.row[self.layout.column(veto::SUPPLY_AFTER, &effort)],
        )
    }
}

fn map(study: &Study, world: &World, party: usize) -> Option<Map> {
    let setting = study.setting();
    let axes = axes(setting, world, party)?;
    let mut holds = Holds::new(setting)?;
    let step = |k: usize| k as f64 / (CELLS - 1) as f64;
    let xs: Vec<f64> = (0..CELLS).map(|k| -2.0 + 3.0 * step(k)).collect();
    let ys: Vec<f64> = (0..CELLS).map(|k| 2.0 * step(k)).collect();
    let (mut efforts, mut held) = (Vec::new(), Vec::new());
    for y in &ys {
        let (mut row, mut kept) = (Vec::new(), Vec::new());
        for x in &xs {
            let mut moved = world.clone();
            moved.numbers.contest[0].nests[axes.nest].substitution = *x;
            moved.numbers.levers[axes.lever].sets[axes.place] = *y;
            let (chance, effort) = holds.of(&mut moved, party);
            row.push(effort);
            kept.push(chance);
        }
        efforts.push(row);
        held.push(kept);
    }
    if efforts.iter().chain(&held).flatten().any(|x| x.is_nan()) {
        return None;
    }
    let mut sets = vec![(None, study.overrides.clone())];
    for reading in &study.case.readings {
        if let Ok(overrides) = overrides_of(study.case, std::slice::from_ref(&reading.id)) {
            sets.push((Some(reading.name.clone()), overrides));
        }
    }
    let mut mark = |(reading, overrides): (Option<String>, Overrides)| {
        let mut world = study.plan.world(&study.plan.medians(), &overrides);
        let x = world.numbers.contest[0].nests[axes.nest].substitution;
        let y = world.numbers.levers[axes.lever].sets[axes.place];
        let (chance, _) = holds.of(&mut world, party);
        Mark {
            reading,
            at: (x, y),
            holds: chance,
        }
    };
    Some(Map {
        party,
        lever: axes.lever,
        marks: sets.into_iter().map(&mut mark).collect(),
        xs,
        ys,
        efforts,
        holds: held,
    })
}
