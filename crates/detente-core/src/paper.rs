//! Deal values. For now a deal is worth what it is worth on paper, to the country and to its leader.

use crate::{DealValue, Fate, Preferences, Setting, World, leader_term, line_lost};

/// D = UL: nothing happens after the deal.
#[derive(Clone, Copy, Debug, Default)]
pub struct Identity;

impl Identity {
    /// The position of the line under an option of the line issue; `None` where it has none.
    fn position(setting: &Setting, world: &World, option: usize) -> Option<f64> {
        setting.contest.as_ref()?;
        let position = world.numbers.positions.get(option).copied()?;
        (!position.is_nan()).then_some(position)
    }

    fn lost(setting: &Setting, world: &World, t: usize, option: usize) -> Option<Fate> {
        let position = Self::position(setting, world, option)?;
        line_lost(setting, world, t, position).then_some(Fate::LineLost)
    }

    /// What an ending with the line at an option does to the leader besides what it is worth to the country.
    fn of_ending(
        setting: &Setting,
        world: &World,
        t: usize,
        package: &[u8],
        how: impl Iterator<Item = Fate>,
    ) -> f64 {
        let line = setting
            .contest
            .as_ref()
            .map(|c| package[c.line_issue] as usize);
        let lost = line.and_then(|option| Self::lost(setting, world, t, option));
        leader_term(world, t, how.chain(lost))
    }
}

impl DealValue for Identity {
    fn worth(
        &self,
        setting: &Setting,
        world: &World,
        preferences: &Preferences,
        t: usize,
        package: &[u8],
        how: &[Fate],
    ) -> f64 {
        let on_paper = preferences.worth(setting, t, package);
        let penalty = Preferences::penalty(setting, world, t, package);
        if world.numbers.types[t].fates.is_empty() {
            return on_paper - penalty;
        }
        let dictated = setting
            .issues
            .iter()
            .zip(package)
            .any(|(issue, o)| issue.options[*o as usize].imposed);
        let dictated = (dictated && !how.contains(&Fate::Imposed)).then_some(Fate::Imposed);
        let features = how.iter().copied().chain(dictated);
        on_paper - penalty + Self::of_ending(setting, world, t, package, features)
    }

    fn is_additive(&self, setting: &Setting, world: &World) -> bool {
        // Whether any of several options imposes is no sum over them.
        let imposes = setting
            .issues
            .iter()
            .flat_map(|issue| &issue.options)
            .any(|option| option.imposed);
        !imposes || world.numbers.types.iter().all(|t| t.fates.is_empty())
    }

    fn option_term(
        &self,
        setting: &Setting,
        world: &World,
        t: usize,
        issue: usize,
        option: usize,
    ) -> f64 {
        // Every package takes one option of the first issue, or of the line issue if there is one: it carries the whole term.
        let carrier = setting.contest.as_ref().map_or(0, |c| c.line_issue);
        if issue != carrier || world.numbers.types[t].fates.is_empty() {
            return 0.0;
        }
        let lost = Self::lost(setting, world, t, option);
        leader_term(world, t, [Fate::Deal].into_iter().chain(lost))
    }

    fn unsettled_term(&self, setting: &Setting, world: &World, t: usize, option: usize) -> f64 {
        let lost = Self::lost(setting, world, t, option);
        leader_term(world, t, [Fate::Unsettled].into_iter().chain(lost))
    }

    fn escalation(&self, world: &World, t: usize) -> f64 {
        -world.numbers.types[t].escalation_cost + leader_term(world, t, [Fate::Escalation])
    }
}
