//! Random cases in which refusals trigger levers, for the slow calculations.

use crate::asking::question;
use crate::simulation::Random;
use crate::stories::random_story;
use detente_core::{
    AttackTarget, BehaviourNumbers, ContestTarget, DurabilityNumbers, Feature, FeatureKind,
    FeatureNumbers, Label, Lever, LeverKind, LeverNumbers, LineStiffness, NamedPackage, PartySet,
    Pattern, RedLine, RedLineNumbers, Refusal, RefusalNumbers, Role, Setting, Side, Target,
    Trigger, Turnover, TurnoverNumbers, World,
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

/// Lets something follow a deal: breakdown at a rate, rebuilding, attacks; options that guarantee, watch, keep apart and change
/// the contest.
pub(crate) fn add_durability(setting: &mut Setting, world: &mut World, seed: u64) {
    let mut owned = Random::new(seed + 13_000_000);
    let random = &mut owned;
    world.numbers.durability = vec![DurabilityNumbers {
        background: random.log_between(0.001, 0.01),
        guarantee: -random.between(0.5, 2.5),
        verification: -random.between(0.1, 0.8),
        separation: -random.between(0.1, 0.8),
        imposed: random.between(0.2, 1.0),
        mediated: random.between(0.1, 0.5),
        fades: random.between(24.0, 60.0),
        kept_months: 60.0,
        mean_guarantee: random.between(0.0, 0.3),
        mean_verification: random.between(0.0, 0.4),
        mean_separation: random.between(0.0, 0.3),
        rebuild: vec![random.between(6.0, 60.0), random.between(6.0, 60.0)],
        force: vec![random.between(0.8, 1.4), random.between(0.7, 1.2)],
        ..DurabilityNumbers::default()
    }];
    for numbers in &mut world.numbers.types {
        numbers.renege_cost = random.between(0.0, 8.0);
    }
    if random.chance(0.5)
        && let Some(last) = setting.parties.get_mut(2)
    {
        last.roles.push(Role::Mediator);
    }
    for (k, issue) in setting.issues.iter().enumerate() {
        for o in 0..issue.options.len() {
            let option = issue.first_option + o;
            let line = setting.contest.as_ref().is_some_and(|c| c.line_issue == k);
            for kind in [
                FeatureKind::Guarantee,
                FeatureKind::Verification,
                FeatureKind::Separation,
            ] {
                if random.chance(0.3) {
                    setting.features.push(Feature { option, kind });
                    world.numbers.features.push(FeatureNumbers {
                        size: random.between(0.1, 0.9),
                    });
                }
            }
            if !line && setting.contest.is_some() && random.chance(0.3) {
                let kind = FeatureKind::Sets(Target::CapacityLow(Side::B));
                setting.features.push(Feature { option, kind });
                world.numbers.features.push(FeatureNumbers {
                    size: random.between(0.4, 1.0),
                });
            }
        }
    }
}

/// Adds somebody who promises to fight if a deal is broken, a succession, and options that lapse.
pub(crate) fn add_guarantor(setting: &mut Setting, world: &mut World, seed: u64) {
    let mut owned = Random::new(seed + 16_000_000);
    let random = &mut owned;
    let by = random.below(setting.parties.len() as u64);
    setting.levers.push(Lever {
        id: "guard".into(),
        by,
        kind: LeverKind::Assurance,
        trigger: Trigger::Accept,
        sets: vec![Target::Contest(ContestTarget::Edge)],
        ..Lever::default()
    });
    let edge = world.numbers.contest[0].edge;
    world.numbers.levers.push(LeverNumbers {
        on: 1.0,
        delay: random.between(0.0, 3.0),
        cost: random.between(0.0, 4.0),
        escalation: random.between(0.0, 0.5),
        audience_cost: random.between(0.0, 4.0),
        credibility: f64::NAN,
        sets: vec![edge + random.between(-0.4, 0.4)],
        ..LeverNumbers::default()
    });
    if random.chance(0.5) {
        let prior = setting.parties[by]
            .types
            .clone()
            .map(|_| random.between(0.1, 1.0))
            .collect();
        setting.turnovers.push(Turnover {
            id: "vote".into(),
            party: by,
            on: String::new(),
            month: 1 + u32::try_from(random.below(60)).expect("few"),
        });
        world.numbers.turnovers.push(TurnoverNumbers { prior });
    }
    if random.chance(0.5) {
        let option = random.below(setting.option_count() as u64);
        setting.features.push(Feature {
            option,
            kind: FeatureKind::Lasts,
        });
        world.numbers.features.push(FeatureNumbers {
            size: random.between(0.5, 60.0),
        });
    }
    world.normalise(setting);
}

/// Adds what the other durability cases lack: options that set other numbers of the war that resumes, other definitions of failure,
/// other targets of an attacker, and, with guarantors, a second one whose chance may be given.
pub(crate) fn add_terms(setting: &mut Setting, world: &mut World, seed: u64, guarded: bool) {
    let mut owned = Random::new(seed + 17_000_000);
    let random = &mut owned;
    let label = |id: &str| Label {
        id: id.into(),
        name: String::new(),
    };
    setting.failures = vec![label("war"), label("clash")];
    setting.targets = (0..2)
        .map(|by| AttackTarget {
            id: format!("other{by}"),
            name: String::new(),
            by,
        })
        .collect();
    let n = &mut world.numbers.durability[0];
    n.failures = vec![n.background, random.between(0.01, 0.03)];
    n.targets = vec![random.between(-30.0, 5.0), random.between(-30.0, 5.0)];
    // What runs already sets, options leave alone.
    let taken: Vec<Target> = setting.levers.iter().flat_map(|l| l.sets.clone()).collect();
    let contest = world.numbers.contest[0].clone();
    let mut sets = vec![
        (
            Target::Contest(ContestTarget::Volatility),
            contest.volatility * random.between(0.5, 1.5),
        ),
        (
            Target::Contest(ContestTarget::Edge),
            contest.edge + random.between(-0.2, 0.2),
        ),
        (Target::CapacityFrom(Side::A), random.between(0.0, 30.0)),
        (Target::Burden(0), random.between(0.0, 20.0)),
        (Target::Scar(0), random.between(0.0, 0.3)),
    ];
    for supply in 0..contest.supplies.len() {
        sets.push((Target::SupplyLevel(supply), random.between(0.2, 1.5)));
    }
    for (target, size) in sets {
        if random.chance(0.5) && !taken.contains(&target) {
            setting.features.push(Feature {
                option: random.below(setting.option_count() as u64),
                kind: FeatureKind::Sets(target),
            });
            world.numbers.features.push(FeatureNumbers { size });
        }
    }
    if guarded {
        setting.levers.push(Lever {
            id: "second".into(),
            by: random.below(setting.parties.len() as u64),
            kind: LeverKind::Assurance,
            trigger: Trigger::Accept,
            sets: vec![Target::CapacityLow(Side::A)],
            ..Lever::default()
        });
        world.numbers.levers.push(LeverNumbers {
            on: 1.0,
            cost: random.between(0.0, 2.0),
            audience_cost: random.between(0.0, 2.0),
            credibility: if random.chance(0.5) {
                random.uniform()
            } else {
                f64::NAN
            },
            sets: vec![random.between(0.4, 1.0)],
            ..LeverNumbers::default()
        });
    }
}

/// The same story where no deal is worth what the analyst says outright, and no war is modelled.
pub(crate) fn outright(seed: u64) -> (Setting, World) {
    let mut story = random_story(seed + 60_000);
    story.minds.iter_mut().for_each(|mind| mind.doubt = 0.0);
    let (mut setting, mut world) = question(&story);
    let mut random = Random::new(seed + 14_000_000);
    setting.contest = None;
    setting.levers.clear();
    world.numbers.levers.clear();
    world.numbers.contest.clear();
    world.numbers.positions.clear();
    setting.reservations = true;
    for numbers in &mut world.numbers.types {
        numbers.reservation = random.between(10.0, 70.0);
        numbers.prior = random.between(0.1, 1.0);
    }
    world.numbers.behaviour = vec![BehaviourNumbers {
        noise: random.between(0.05, 2.0),
        precision: 2.0,
    }];
    world.normalise(&setting);
    (setting, world)
}

/// Follows the war so far that what lies beyond is worth nothing: lenses are silent where it is not.
pub(crate) fn see_far(setting: &mut Setting) {
    setting.contest.as_mut().expect("a contest").horizon = 400;
}
