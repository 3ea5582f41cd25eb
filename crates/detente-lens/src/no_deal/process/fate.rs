//! How and when a process ends, and where it is until then: chances carried forward from today, and from the last change on a system of
//! linear equations.

use detente_core::{MILESTONES, ProcessMove, ProcessPlace, ProcessSetting, Query, Setting, World};

use super::{Course, eliminate};

/// A chance that counts as none.
const NOTHING: f64 = 1e-12;

/// What becomes of a process, as the analyst sees it, with the levers that run now.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Prospects {
    /// By month of [`MILESTONES`], by end: chance that it has come by then.
    pub(crate) by: Vec<Vec<f64>>,
    /// By end: chance that it ever comes.
    pub(crate) ever: Vec<f64>,
    /// By state: months spent in it, on average; nothing where the process may go on for ever.
    pub(crate) months: Option<Vec<f64>>,
}

/// Nothing where a case has no process.
pub(crate) fn prospects(setting: &Setting, world: &World) -> Option<Prospects> {
    let process = setting.process.as_ref()?;
    let numbers = world.numbers.process.first()?;
    let levers = Query::analyst(setting, world).levers;
    let course = Course::of(setting, world, process, numbers, levers);
    let mut walk = Walk::from(process, process.today);
    let last = course.pieces().last().copied().unwrap_or(0);
    let longest = MILESTONES.last().copied().unwrap_or(0);
    let mut by = Vec::with_capacity(MILESTONES.len());
    // What is left at the last change goes on for ever from there.
    let mut at_last = None;
    let mut chances = Vec::new();
    for month in 0..=longest.max(last) {
        if course.pieces().contains(&month) {
            chances = course.chances(month);
        }
        if month == last {
            at_last = Some(walk.clone());
        }
        if MILESTONES.contains(&month) {
            by.push(walk.ended.clone());
        }
        walk.go_on(process, &chances);
    }
    let mut whole = at_last?;
    let never = settle(process, &course.chances(last), &mut whole);
    Some(Prospects {
        by,
        ever: whole.ended,
        months: (!never).then_some(whole.spent),
    })
}

/// Chances of where a process is, what has come of it, and the months that it has spent.
#[derive(Clone, Debug)]
pub(super) struct Walk {
    here: Vec<f64>,
    ended: Vec<f64>,
    spent: Vec<f64>,
}

impl Walk {
    pub(super) fn from(process: &ProcessSetting, state: usize) -> Self {
        let mut walk = Self {
            here: vec![0.0; process.states.len()],
            ended: vec![0.0; process.ends.len()],
            spent: vec![0.0; process.states.len()],
        };
        walk.here[state] = 1.0;
        walk
    }

    /// Chance that it is in a state.
    pub(super) fn at(&self, state: usize) -> f64 {
        self.here[state]
    }

    /// Another month, in which moves are made with these chances.
    pub(super) fn go_on(&mut self, process: &ProcessSetting, chances: &[f64]) {
        for (spent, here) in self.spent.iter_mut().zip(&self.here) {
            *spent += here;
        }
        let now = self.here.clone();
        for (own, chance) in process.moves.iter().zip(chances) {
            let made = now[own.from] * chance;
            self.here[own.from] -= made;
            match own.to {
                ProcessPlace::State(to) => self.here[to] += made,
                ProcessPlace::End(end) => self.ended[end] += made,
            }
        }
    }
}

/// Lets months of one kind go on for ever: adds what then comes, and the months until it does. May some state last for ever? Months then
/// count for nothing.
fn settle(process: &ProcessSetting, chances: &[f64], walk: &mut Walk) -> bool {
    let (states, ends) = (process.states.len(), process.ends.len());
    let moves = || process.moves.iter().zip(chances);
    // States from which some end can come.
    let mut leads = vec![false; states];
    for _ in 0..states {
        for (own, _) in moves().filter(|(_, chance)| **chance > 0.0) {
            leads[own.from] |= match own.to {
                ProcessPlace::State(to) => leads[to],
                ProcessPlace::End(_) => true,
            };
        }
    }
    // Chances of the ends from each state: those from which none can come have none.
    let mut system = vec![0.0; states * states];
    let mut right = vec![0.0; states * ends];
    for (s, leads) in leads.iter().enumerate() {
        system[s * states + s] = f64::from(u8::from(!leads));
    }
    for (own, chance) in moves().filter(|(own, _)| leads[own.from]) {
        // What leaves a state, and not one less what stays: months may be many.
        system[own.from * states + own.from] += chance;
        match own.to {
            ProcessPlace::State(to) => system[own.from * states + to] -= chance,
            ProcessPlace::End(end) => right[own.from * ends + end] += chance,
        }
    }
    let mut months = transposed(&system, states);
    eliminate(&mut system, states, &mut right, ends);
    for (here, from) in walk.here.iter().zip(right.chunks_exact(ends.max(1))) {
        for (ended, chance) in walk.ended.iter_mut().zip(from) {
            *ended += here * chance;
        }
    }
    // Is somebody left where no end can come, now or later?
    let mut reached: Vec<bool> = walk.here.iter().map(|here| *here > NOTHING).collect();
    for _ in 0..states {
        for (own, _) in moves().filter(|(_, chance)| **chance > 0.0) {
            if let ProcessPlace::State(to) = own.to {
                reached[to] |= reached[own.from];
            }
        }
    }
    if reached
        .iter()
        .zip(&leads)
        .any(|(reached, leads)| *reached && !leads)
    {
        return true;
    }
    // Months in each state: what comes to it is what leaves it.
    let mut spent: Vec<f64> = walk.here.clone();
    eliminate(&mut months, states, &mut spent, 1);
    for (sum, more) in walk.spent.iter_mut().zip(spent) {
        *sum += more;
    }
    false
}

fn transposed(system: &[f64], states: usize) -> Vec<f64> {
    let at = |k: usize| system[(k % states) * states + k / states];
    (0..states * states).map(at).collect()
}

/// By months since it began in a state, up to the last one asked for: the chance that a final deal is in force to which it has come since and
/// which has not broken down, as the analyst sees it. Nothing where no state and no end is such a deal. What has left a final deal for
/// anything else has broken down, wherever it goes from there.
pub(crate) fn in_force(
    setting: &Setting,
    world: &World,
    state: usize,
    last: usize,
) -> Option<Vec<f64>> {
    let process = setting.process.as_ref()?;
    let numbers = world.numbers.process.first()?;
    if !process.has_deals() {
        return None;
    }
    let levers = Query::analyst(setting, world).levers;
    let course = Course::of(setting, world, process, numbers, levers);
    let breaks = |own: &ProcessMove| {
        process.is_deal(ProcessPlace::State(own.from)) && !process.is_deal(own.to)
    };
    let mut walk = Walk::from(process, state);
    let mut chances = Vec::new();
    let mut by_month = Vec::with_capacity(last + 1);
    for month in 0..=last {
        if course.pieces().contains(&month) {
            chances = course.chances(month);
        }
        let states = process.states.iter().zip(&walk.here);
        let all = states.chain(process.ends.iter().zip(&walk.ended));
        let deals = all.filter(|(place, _)| place.deal);
        by_month.push(deals.map(|(_, chance)| chance).sum::<f64>().min(1.0));
        let moves = process.moves.iter().zip(&chances);
        let broken: Vec<(ProcessPlace, f64)> = moves
            .filter(|(own, _)| breaks(own))
            .map(|(own, chance)| (own.to, walk.here[own.from] * chance))
            .collect();
        walk.go_on(process, &chances);
        for (to, made) in broken {
            match to {
                ProcessPlace::State(to) => walk.here[to] -= made,
                ProcessPlace::End(end) => walk.ended[end] -= made,
            }
        }
    }
    Some(by_month)
}

/// By month up to the last one asked for, by place among the moves that somebody holds a belief about: how often each has been made before
/// that month, on average, as the analyst sees it.
pub(crate) fn moves_made(setting: &Setting, world: &World, last: usize) -> Vec<Vec<f64>> {
    let (Some(process), Some(numbers)) = (&setting.process, world.numbers.process.first()) else {
        return Vec::new();
    };
    let levers = Query::analyst(setting, world).levers;
    let course = Course::of(setting, world, process, numbers, levers);
    let mut walk = Walk::from(process, process.today);
    let mut made = vec![0.0; process.believed.len()];
    let mut by_month = Vec::with_capacity(last + 1);
    let mut chances = Vec::new();
    for month in 0..=last {
        if course.pieces().contains(&month) {
            chances = course.chances(month);
        }
        by_month.push(made.clone());
        for (sum, own) in made.iter_mut().zip(&process.believed) {
            *sum += walk.here[process.moves[*own].from] * chances[*own];
        }
        walk.go_on(process, &chances);
    }
    by_month
}
