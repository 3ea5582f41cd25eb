//! What the parties of one needed set can agree on, as a table of groups that add up ([`Bargain`]).
//!
//! Issues whose options are worth more or less together become one group, whose joint choices are listed. A rule that
//! forbids some joint choice of several groups ties nothing: every choice that escapes it bears the rule's mark, and a
//! package needs all marks.

use detente_core::{LineStiffness, PartySet, Pattern, each_combination};

use super::search::{RedLines, Task};
use crate::bargain::{Bargain, Group};

/// Joint choices of tied issues listed at most.
const LISTED: usize = 20_000;
/// Rules that can have a mark: those of parties take the lower half of the bits.
const MARKED: usize = 32;

/// A task as a table, and what its choices mean.
pub(super) struct Table {
    pub(super) bargain: Bargain,
    groups: Vec<Joint>,
}

/// Why a task has no table.
pub(super) enum NoTable {
    /// No package can be agreed on.
    Nothing,
    /// There are too many joint choices, or parties.
    TooMany,
}

/// The issues of a group, and their options by choice.
struct Joint {
    issues: Vec<usize>,
    options: Vec<u8>,
}

/// Packages that are out: those that take, on every listed issue, one of the listed options.
type Forbidden = Vec<(usize, u64)>;

impl Table {
    /// The table of a task.
    pub(super) fn new(task: &Task) -> Result<Self, NoTable> {
        let setting = task.setting;
        let rules = forbidden(task).ok_or(NoTable::Nothing)?;
        let mut groups: Vec<Vec<usize>> = (0..setting.issues.len()).map(|k| vec![k]).collect();
        for pattern in worth_together(task) {
            tie(&mut groups, &pattern.terms);
        }
        // Rules beyond those that can have a mark tie their issues, as if listed together.
        let crosses = |groups: &[Vec<usize>], rule: &Forbidden| {
            let within = |group: &Vec<usize>| rule.iter().all(|(k, _)| group.contains(k));
            !groups.iter().any(within)
        };
        let mut marked: Vec<&Forbidden> = Vec::new();
        for rule in &rules {
            if !crosses(&groups, rule) {
                continue;
            }
            if marked.len() < MARKED {
                marked.push(rule);
            } else {
                tie(&mut groups, rule);
            }
        }
        let mut table = Vec::new();
        let mut joints = Vec::new();
        for issues in groups {
            let size = issues.iter().map(|k| setting.issues[*k].options.len());
            if size.fold(1_usize, usize::saturating_mul) > LISTED {
                return Err(NoTable::TooMany);
            }
            let (group, joint) = list(task, issues, &rules, &marked);
            if group.marks.is_empty() {
                return Err(NoTable::Nothing);
            }
            table.push(group);
            joints.push(joint);
        }
        let base = task.types.iter().zip(task.reservations);
        let base = base.map(|(t, n)| task.preferences.base_of(*t) - n);
        let performers = task.needed.without(setting.signatories());
        let escaped = ((1_u64 << marked.len()) - 1) << 32;
        let required = u64::from(performers.0) | escaped;
        let bargain = Bargain::new(task.types.len(), table, base.collect(), required);
        // Parties beyond those that a bargain has room for are as many joint choices too many.
        let bargain = bargain.map_err(|_| NoTable::TooMany)?;
        Ok(Self {
            bargain,
            groups: joints,
        })
    }

    /// Every option of every issue, with the share of the choice that it belongs to; an option may come more than once.
    pub(super) fn each_option(&self, taken: &[Vec<f64>], mut each: impl FnMut(usize, usize, f64)) {
        for (joint, shares) in self.groups.iter().zip(taken) {
            let choices = joint.options.chunks_exact(joint.issues.len());
            for (options, share) in choices.zip(shares).filter(|(_, share)| **share > 0.0) {
                for (k, option) in joint.issues.iter().zip(options) {
                    each(*k, *option as usize, *share);
                }
            }
        }
    }
}

/// Joint choices of some issues that break no rule among them, with what they are worth and the marks that they bear.
fn list(
    task: &Task,
    issues: Vec<usize>,
    rules: &[Forbidden],
    marked: &[&Forbidden],
) -> (Group, Joint) {
    let Task {
        setting,
        world,
        preferences,
        deal_value,
        ..
    } = *task;
    let signing = setting.signatories();
    let mut group = Group {
        points: Vec::new(),
        marks: Vec::new(),
    };
    let mut options = Vec::new();
    let mut package = vec![0_u8; setting.issues.len()];
    let here = |rule: &Forbidden| rule.iter().all(|(k, _)| issues.contains(k));
    let inside = |pattern: &Pattern| pattern.terms.iter().all(|(k, _)| issues.contains(k));
    each_combination(setting, &issues, &mut package, &mut |package| {
        let takes = |(k, mask): &(usize, u64)| mask >> package[*k] & 1 == 1;
        let performers = issues.iter().fold(PartySet::default(), |set, k| {
            set.union(setting.issues[*k].options[package[*k] as usize].performers)
        });
        let broken = rules
            .iter()
            .any(|rule| here(rule) && rule.iter().all(takes));
        if broken || !performers.is_within(task.needed) {
            return;
        }
        for t in task.types {
            let mut points = 0.0;
            for k in &issues {
                let option = package[*k] as usize;
                let flat = setting.issues[*k].first_option + option;
                points += preferences.of_type(*t)[flat]
                    + deal_value.option_term(setting, world, *t, *k, option);
            }
            let together = setting.interactions.iter();
            let together = together.zip(preferences.interactions_of(*t));
            let met = together.filter(|(x, _)| inside(&x.when) && x.when.matches(package));
            points += met.map(|(_, points)| points).sum::<f64>();
            for (line, n) in setting.red_lines.iter().zip(&world.numbers.red_lines) {
                let soft = line.stiffness == LineStiffness::Soft && n.on > 0.0;
                let drawn = soft && line.types.contains(t) && inside(&line.when);
                if drawn && line.when.matches(package) {
                    points -= n.penalty;
                }
            }
            group.points.push(points);
        }
        let escapes = |rule: &&Forbidden| {
            rule.iter()
                .any(|term| issues.contains(&term.0) && !takes(term))
        };
        let marks = marked.iter().enumerate().filter(|(_, rule)| escapes(rule));
        let marks = marks.fold(0, |marks, (r, _)| marks | 1_u64 << (32 + r));
        group
            .marks
            .push(marks | u64::from(performers.without(signing).0));
        options.extend(issues.iter().map(|k| package[*k]));
    });
    (group, Joint { issues, options })
}

/// Constraints and hard red lines as joint choices that are out; `None` if every package is.
fn forbidden(task: &Task) -> Option<Vec<Forbidden>> {
    debug_assert!(task.red_lines == RedLines::Respected);
    let setting = task.setting;
    let all = |k: usize| u64::MAX >> (64 - setting.issues[k].options.len());
    let mut rules: Vec<Forbidden> = Vec::new();
    for constraint in &setting.constraints {
        match &constraint.then {
            None => rules.push(constraint.when.terms.clone()),
            // Every term of what follows is a rule of its own: not this, if that.
            Some(then) => rules.extend(then.terms.iter().map(|(k, mask)| {
                let mut rule = constraint.when.terms.clone();
                rule.push((*k, !mask & all(*k)));
                rule
            })),
        }
    }
    for (line, n) in setting.red_lines.iter().zip(&task.world.numbers.red_lines) {
        let held = task.types.iter().any(|t| line.types.contains(t));
        if n.on > 0.0 && held && line.stiffness == LineStiffness::Hard {
            rules.push(line.when.terms.clone());
        }
    }
    let mut found = Vec::new();
    for rule in rules {
        let mut terms: Forbidden = Vec::new();
        for (k, mask) in rule {
            match terms.iter_mut().find(|(known, _)| *known == k) {
                Some((_, known)) => *known &= mask,
                None => terms.push((k, mask & all(k))),
            }
        }
        if terms.iter().any(|(_, mask)| *mask == 0) {
            continue;
        }
        terms.retain(|(k, mask)| *mask != all(*k));
        if terms.is_empty() {
            return None;
        }
        found.push(terms);
    }
    Some(found)
}

/// Patterns of several issues that make a package worth more or less to some member.
fn worth_together<'a>(task: &'a Task) -> impl Iterator<Item = &'a Pattern> {
    let Task { setting, world, .. } = *task;
    let interactions = setting.interactions.iter().enumerate();
    let interactions = interactions.filter(|(i, _)| {
        let matters = |t: &usize| task.preferences.interactions_of(*t)[*i] != 0.0;
        task.types.iter().any(matters)
    });
    let lines = setting.red_lines.iter().zip(&world.numbers.red_lines);
    let lines = lines.filter(|(line, n)| {
        let held = task.types.iter().any(|t| line.types.contains(t));
        n.on > 0.0 && held && line.stiffness == LineStiffness::Soft
    });
    interactions
        .map(|(_, interaction)| &interaction.when)
        .chain(lines.map(|(line, _)| &line.when))
}

/// Puts the groups of the terms' issues together.
fn tie(groups: &mut Vec<Vec<usize>>, terms: &[(usize, u64)]) {
    let all = std::mem::take(groups);
    let touched = |group: &Vec<usize>| terms.iter().any(|(k, _)| group.contains(k));
    let (tied, apart): (Vec<_>, Vec<_>) = all.into_iter().partition(touched);
    *groups = apart;
    let mut joined: Vec<usize> = tied.into_iter().flatten().collect();
    joined.sort_unstable();
    if !joined.is_empty() {
        groups.push(joined);
    }
}
