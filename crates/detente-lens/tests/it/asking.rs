//! A story in the terms of the crates that are checked.

use crate::contests::Asked;
use crate::story::{Leader, Mind, Pattern, Story};
use detente_core::{
    Fate, Interaction, Issue, IssueOption, LineStiffness, Party, PartySet, PartyType,
    Pattern as PatternSetting, RedLine, RedLineNumbers, Role, Setting, Side, TypeNumbers, World,
};

fn pattern(pattern: &Pattern) -> PatternSetting {
    let mask = |options: &[usize]| options.iter().fold(0, |mask, o| mask | 1 << o);
    PatternSetting {
        terms: pattern
            .iter()
            .map(|(issue, options)| (*issue, mask(options)))
            .collect(),
    }
}

/// A package as the crates write it.
pub(crate) fn package(choice: &[usize]) -> Vec<u8> {
    choice
        .iter()
        .map(|o| u8::try_from(*o).expect("few options"))
        .collect()
}

fn fates(leader: &Leader) -> Vec<f64> {
    let of = |fate: Fate| {
        let mut stated = leader.fates.iter();
        stated
            .find(|(key, _)| *key == fate.id())
            .map_or([0.0, 0.0], |(_, f)| [f.legacy, f.loses_office])
    };
    Fate::ALL.into_iter().flat_map(of).collect()
}

fn type_numbers(mind: &Mind, prior: f64) -> TypeNumbers<f64> {
    let leader = mind.leader.as_ref();
    TypeNumbers {
        prior,
        patience: mind.patience,
        burden: mind.burden,
        scar: mind.scar,
        escalation_cost: mind.escalation_cost,
        believes_edge: mind.edge,
        believes_escalation: mind.escalation,
        own_sd: mind.doubt,
        office: leader.map_or(0.0, |leader| leader.office),
        legacy: leader.map_or(0.0, |leader| leader.legacy),
        weights: mind.weights.clone(),
        values: mind.values.concat(),
        interactions: mind.together.clone(),
        fates: leader.map_or_else(Vec::new, fates),
        ..TypeNumbers::default()
    }
}

/// The story as a case and a world.
pub(crate) fn question(story: &Story) -> (Setting, World) {
    let asked = Asked {
        war: story.war.clone(),
        run: story.run.clone(),
        offset: 0.0,
        start: None,
    };
    let (mut setting, mut world, _) = asked.question();
    for (p, party) in story.parties.iter().enumerate() {
        let first = setting.types.len();
        let minds: Vec<&Mind> = story.minds.iter().filter(|m| m.party == p).collect();
        setting.parties.push(Party {
            id: format!("p{p}"),
            name: String::new(),
            side: party
                .side
                .map(|side| if side == 0 { Side::A } else { Side::B }),
            roles: vec![if p < 2 {
                Role::Belligerent
            } else {
                Role::Patron
            }],
            types: first..first + minds.len(),
            opening: None,
        });
        for (place, when) in party.together.iter().enumerate() {
            setting.interactions.push(Interaction {
                party: p,
                place,
                id: format!("p{p}.i{place}"),
                says: String::new(),
                when: pattern(when),
            });
        }
        for (when, penalty) in &party.lines {
            setting.red_lines.push(RedLine {
                id: format!("r{}", setting.red_lines.len()),
                says: String::new(),
                party: p,
                types: (first..first + minds.len()).collect(),
                when: pattern(when),
                stiffness: LineStiffness::Soft,
            });
            world.numbers.red_lines.push(RedLineNumbers {
                on: 1.0,
                penalty: *penalty,
            });
        }
        for (t, mind) in minds.iter().enumerate() {
            setting.types.push(PartyType {
                party: p,
                id: format!("t{t}"),
                name: String::new(),
            });
            let prior = 1.0 / minds.len() as f64;
            world.numbers.types.push(type_numbers(mind, prior));
        }
    }
    let mut first_option = 0;
    for (k, count) in story.options.iter().enumerate() {
        let option = |o: usize| IssueOption {
            then: None,
            id: format!("o{o}"),
            name: String::new(),
            performers: PartySet::default(),
            imposed: story.dictated == Some((k, o)),
        };
        setting.issues.push(Issue {
            id: format!("i{k}"),
            name: String::new(),
            options: (0..*count).map(option).collect(),
            status_quo: 0,
            first_option,
        });
        first_option += count;
    }
    let positions = story.positions.iter();
    world.numbers.positions = positions.map(|x| x.unwrap_or(f64::NAN)).collect();
    setting.needed_sets = setting.reachable_needed_sets();
    let contest = setting.contest.as_mut().expect("a contest");
    contest.line_issue = story.line_issue;
    contest.unsettled = package(&story.unsettled);
    contest.armistice = package(&story.armistice);
    contest.a_decisive = package(&story.decisive[0]);
    contest.b_decisive = package(&story.decisive[1]);
    let levers = setting.levers.iter_mut().zip(&mut world.numbers.levers);
    for ((lever, numbers), costs) in levers.zip(&story.flow_costs) {
        lever.flow_to = costs.iter().map(|(party, _)| *party).collect();
        numbers.flow_costs = costs.iter().map(|(_, cost)| *cost).collect();
    }
    (setting, world)
}
