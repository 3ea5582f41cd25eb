//! Random cases in which refusals trigger levers, for the slow calculations.

use crate::asking::question;
use crate::simulation::Random;
use crate::stories::random_story;
use detente_core::{
    BehaviourNumbers, ContestTarget, Lever, LeverKind, LeverNumbers, LineStiffness, NamedPackage,
    PartySet, Pattern, RedLine, RedLineNumbers, Refusal, RefusalNumbers, Setting, Side, Target,
    Trigger, World,
};

/// A random story with one to four levers that await a refusal. `doubt`: are types in doubt about the edge?
pub(crate) fn with_refusals(seed: u64, doubt: bool) -> (Setting, World) {
    let mut story = random_story(seed + 40_000);
    if !doubt {
        story.minds.iter_mut().for_each(|mind| mind.doubt = 0.0);
    }
    let (mut setting, mut world) = question(&story);
    let mut owned = Random::new(seed + 9_000_000);
    let random = &mut owned;
    for t in 0..setting.types.len() {
        let numbers = &mut world.numbers.types[t];
        numbers.prior = random.between(0.1, 1.0);
        numbers.aspiration = if random.chance(0.3) {
            random.between(0.0, 4.0)
        } else {
            0.0
        };
        if random.chance(0.6) {
            numbers.about = (0..setting.types.len())
                .map(|_| random.between(0.1, 1.0))
                .collect();
        }
    }
    let noise = random.between(0.05, 2.0);
    world.numbers.behaviour = vec![BehaviourNumbers {
        noise,
        precision: 2.0,
    }];
    // What the story's own levers set, no other sets.
    let mut taken: Vec<Target> = setting.levers.iter().flat_map(|l| l.sets.clone()).collect();
    let supplies = world.numbers.contest[0].supplies.len();
    let parties = setting.parties.len() as u64;
    let options = setting.option_count() as u64;
    let types = setting.types.len() as u64;
    for l in 0..=random.below(4) {
        let mut lever = Lever {
            id: format!("r{l}"),
            by: random.below(parties),
            kind: LeverKind::Stick,
            trigger: Trigger::Refuse(random.below(parties.min(2))),
            ..Lever::default()
        };
        let mut numbers = LeverNumbers {
            on: f64::from(u8::from(random.chance(0.9))),
            delay: if random.chance(0.5) {
                0.0
            } else {
                random.between(0.0, 6.0)
            },
            cost: random.between(0.0, 5.0),
            escalation: random.between(-0.3, 0.6),
            audience_cost: random.between(0.0, 3.0),
            credibility: if random.chance(0.15) {
                random.uniform()
            } else {
                f64::NAN
            },
            ..LeverNumbers::default()
        };
        for _ in 0..random.below(4) {
            let contest = &world.numbers.contest[0];
            let (target, to) = match random.below(8) {
                0 | 1 if supplies > 0 => {
                    let supply = random.below(supplies as u64);
                    (Target::SupplyLevel(supply), random.between(0.0, 2.0))
                }
                2 => {
                    let which = ContestTarget::ALL[random.below(8)];
                    let mut copy = contest.clone();
                    let now = *which.of(&mut copy);
                    let to = match which {
                        ContestTarget::Edge => now + random.between(-0.3, 0.3),
                        _ => now * random.between(0.5, 1.5),
                    };
                    (Target::Contest(which), to)
                }
                3 => (Target::CapacityFrom(Side::A), random.between(0.0, 30.0)),
                4 => (Target::CapacityLow(Side::B), random.between(0.4, 1.0)),
                5 => (
                    Target::Burden(random.below(types)),
                    random.between(0.0, 20.0),
                ),
                6 => (Target::Scar(random.below(types)), random.between(0.0, 0.3)),
                _ => {
                    let of = random.below(types);
                    (Target::Value(of, random.below(options)), random.uniform())
                }
            };
            if !taken.contains(&target) {
                taken.push(target);
                lever.sets.push(target);
                numbers.sets.push(to);
            }
        }
        for party in 0..setting.parties.len() {
            if random.chance(0.4) {
                lever.flow_to.push(party);
                numbers.flow_costs.push(random.between(-1.0, 4.0));
            }
        }
        if random.chance(0.5) {
            lever.announcing = setting.parties[lever.by].types.clone().collect();
            numbers.announces = lever
                .announcing
                .iter()
                .map(|_| random.between(0.05, 0.95))
                .collect();
        }
        setting.levers.push(lever);
        world.numbers.levers.push(numbers);
    }
    // The story's levers that do not run are off, and no chance is assumed.
    for numbers in &mut world.numbers.levers {
        if numbers.credibility == 0.0 {
            numbers.credibility = f64::NAN;
        }
    }
    for party in 0..2 {
        let crack: Vec<usize> = (0..setting.parties.len())
            .filter(|_| random.chance(0.7))
            .collect();
        world.numbers.refusals.push(RefusalNumbers {
            line_loss: random.between(500.0, 6_000.0),
            endures: random.between(6.0, 12.0).floor(),
            compelled_bar: random.between(0.3, 0.9),
            crack: crack.iter().map(|_| random.between(-6.0, 6.0)).collect(),
        });
        setting.refusals.push(Refusal {
            party,
            says: String::new(),
            crack,
        });
    }
    setting.signing = Some([0, 1].into_iter().collect::<PartySet>());
    setting.needed_sets = setting.reachable_needed_sets();
    world.normalise(&setting);
    (setting, world)
}

/// Adds named packages, and a hard red line that some types draw.
pub(crate) fn add_packages(setting: &mut Setting, world: &mut World, seed: u64) {
    let mut owned = Random::new(seed + 11_000_000);
    let random = &mut owned;
    for p in 0..4 {
        let choice: Vec<u8> = (setting.issues.iter())
            .map(|issue| u8::try_from(random.below(issue.options.len() as u64)).expect("few"))
            .collect();
        setting.packages.push(NamedPackage {
            id: format!("d{p}"),
            name: String::new(),
            says: String::new(),
            by: None,
            on: None,
            needed: setting.signatories(),
            choice,
        });
    }
    let party = random.below(2);
    let issue = random.below(setting.issues.len() as u64);
    let line = RedLine {
        id: "never".into(),
        says: String::new(),
        party,
        types: vec![setting.parties[party].types.start],
        when: Pattern {
            terms: vec![(issue, 1)],
        },
        stiffness: LineStiffness::Hard,
    };
    setting.red_lines.push(line);
    world.numbers.red_lines.push(RedLineNumbers {
        on: 1.0,
        penalty: 0.0,
    });
}

/// Follows the war so far that what lies beyond is worth nothing: lenses are silent where it is not.
pub(crate) fn see_far(setting: &mut Setting) {
    setting.contest.as_mut().expect("a contest").horizon = 400;
}
