//! Solution points besides Nash's, from the exact frontier of what the parties of one needed set accept.
//!
//! Issues that constraints, red lines or interactions tie together become one group, whose joint choices are listed; where
//! that would be too many, nothing is computed.

use detente_core::{LineStiffness, PartySet, Pattern, each_combination};

use super::search::{RedLines, Task};
use crate::bargain::{Bargain, Group, Solution, egalitarian_lottery, frontier, solutions};

/// Joint choices of tied issues listed at most.
const LISTED: usize = 20_000;

/// Margins at the solution points, by member, each the mean over ties; and the worst-off margin that lotteries over packages
/// reach.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Points {
    pub(super) kalai_smorodinsky: Option<Vec<f64>>,
    pub(super) egalitarian: Vec<f64>,
    pub(super) utilitarian: Vec<f64>,
    pub(super) lottery: f64,
}

/// The solution points of a task; `None` if nobody's acceptable package exists or there are too many joint choices.
pub(super) fn points(task: &Task) -> Option<Points> {
    let bargain = table(task)?;
    let floor = vec![0.0; task.types.len()];
    let acceptable = frontier(&bargain, &floor).ok()?;
    if acceptable.is_empty() {
        return None;
    }
    let found = solutions(&bargain, &acceptable, None);
    let mean = |solution: &Solution| -> Vec<f64> {
        let ties = solution.at.len() as f64;
        (0..task.types.len())
            .map(|i| {
                solution
                    .at
                    .iter()
                    .map(|n| acceptable.margins(*n)[i])
                    .sum::<f64>()
                    / ties
            })
            .collect()
    };
    Some(Points {
        kalai_smorodinsky: found.kalai_smorodinsky.as_ref().map(mean),
        egalitarian: mean(found.egalitarian.as_ref()?),
        utilitarian: mean(found.utilitarian.as_ref()?),
        lottery: egalitarian_lottery(&bargain, &acceptable)?.value,
    })
}

/// The task as a table of groups.
fn table(task: &Task) -> Option<Bargain> {
    let Task {
        setting,
        world,
        preferences,
        deal_value,
        ..
    } = *task;
    let members = task.types.len();
    let signing = setting.signatories();
    let mut groups = Vec::new();
    let mut package = vec![0_u8; setting.issues.len()];
    for tied in tied(task) {
        let size = tied.iter().map(|k| setting.issues[*k].options.len());
        if size.fold(1_usize, usize::saturating_mul) > LISTED {
            return None;
        }
        let mut group = Group {
            points: Vec::new(),
            marks: Vec::new(),
        };
        let inside = |pattern: &Pattern| pattern.terms.iter().all(|(k, _)| tied.contains(k));
        each_combination(setting, &tied, &mut package, &mut |package| {
            let performers = tied.iter().fold(PartySet::default(), |set, k| {
                set.union(setting.issues[*k].options[package[*k] as usize].performers)
            });
            let broken = setting.constraints.iter().any(|c| {
                inside(&c.when) && c.then.as_ref().is_none_or(&inside) && !c.allows(package)
            });
            if broken || !performers.is_within(task.needed) {
                return;
            }
            let mut points = vec![0.0; members];
            for (i, t) in task.types.iter().enumerate() {
                for k in &tied {
                    let option = package[*k] as usize;
                    let flat = setting.issues[*k].first_option + option;
                    points[i] += preferences.of_type(*t)[flat]
                        + deal_value.option_term(setting, world, *t, *k, option);
                }
                let together = setting
                    .interactions
                    .iter()
                    .zip(preferences.interactions_of(*t));
                let met = together.filter(|(x, _)| inside(&x.when) && x.when.matches(package));
                points[i] += met.map(|(_, points)| points).sum::<f64>();
                for (line, n) in setting.red_lines.iter().zip(&world.numbers.red_lines) {
                    let drawn = n.on > 0.0 && line.types.contains(t) && inside(&line.when);
                    if drawn && line.when.matches(package) {
                        match line.stiffness {
                            LineStiffness::Hard => return,
                            LineStiffness::Soft => points[i] -= n.penalty,
                        }
                    }
                }
            }
            group.points.extend(points);
            group.marks.push(performers.without(signing).0);
        });
        if group.marks.is_empty() {
            return None;
        }
        groups.push(group);
    }
    let base = task.types.iter().zip(task.reservations);
    let base = base.map(|(t, n)| preferences.base_of(*t) - n).collect();
    Bargain::new(members, groups, base, task.needed.without(signing).0).ok()
}

/// Issues in groups that no rule of the task crosses.
fn tied(task: &Task) -> Vec<Vec<usize>> {
    debug_assert!(task.red_lines == RedLines::Respected);
    let setting = task.setting;
    let mut groups: Vec<Vec<usize>> = (0..setting.issues.len()).map(|k| vec![k]).collect();
    let mut tie = |patterns: &[&Pattern]| {
        let issues: Vec<usize> = patterns
            .iter()
            .flat_map(|p| p.terms.iter().map(|(k, _)| *k))
            .collect();
        let all = std::mem::take(&mut groups);
        let (touched, apart): (Vec<_>, Vec<_>) = all
            .into_iter()
            .partition(|group: &Vec<usize>| group.iter().any(|k| issues.contains(k)));
        groups = apart;
        let mut joined: Vec<usize> = touched.into_iter().flatten().collect();
        joined.sort_unstable();
        if !joined.is_empty() {
            groups.push(joined);
        }
    };
    for rule in &setting.constraints {
        match &rule.then {
            Some(then) => tie(&[&rule.when, then]),
            None => tie(&[&rule.when]),
        }
    }
    for (i, interaction) in setting.interactions.iter().enumerate() {
        let matters = |t: &usize| task.preferences.interactions_of(*t)[i] != 0.0;
        if task.types.iter().any(matters) {
            tie(&[&interaction.when]);
        }
    }
    for (line, n) in setting.red_lines.iter().zip(&task.world.numbers.red_lines) {
        if n.on > 0.0 && task.types.iter().any(|t| line.types.contains(t)) {
            tie(&[&line.when]);
        }
    }
    groups
}
