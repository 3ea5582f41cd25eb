//! Small invented settings and worlds for tests.

use detente_core::{
    AttackTarget, CapacityNumbers, Constraint, ContestNumbers, ContestSetting, ContestTarget,
    DurabilityNumbers, Feature, FeatureKind, FeatureNumbers, Gate, GateNumbers, Interaction, Issue,
    IssueOption, Label, Lever, LeverNumbers, LineStiffness, NamedPackage, Numbers, Party, PartySet,
    PartyType, Pattern, RedLine, RedLineNumbers, Role, Setting, Side, Target, Trigger, TypeNumbers,
    World,
};
use detente_math::{path_key, uniform};

/// A stream of numbers in (0, 1) for one case number.
pub(crate) struct Stream {
    case: u64,
    next: u64,
}

impl Stream {
    pub(crate) fn new(case: u64) -> Self {
        Self { case, next: 0 }
    }
    pub(crate) fn unit(&mut self) -> f64 {
        self.next += 1;
        uniform(self.case, path_key("fixture"), self.next)
    }
    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + self.unit() * (high - low)
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "below n"
    )]
    pub(crate) fn below(&mut self, n: usize) -> usize {
        (self.unit() * n as f64) as usize
    }
}

/// Two belligerents of two types each and a third party of one, who performs some options; five issues, the first the line;
/// a constraint, red lines of both kinds, three named packages. Everything random.
pub(crate) fn random(case: u64) -> (Setting, World) {
    let s = &mut Stream::new(case);
    let sizes = [4, 3, 2, 3, 2];
    let mut setting = Setting {
        name: "fixture".into(),
        ..Setting::default()
    };
    let mut world = World {
        index: case,
        numbers: Numbers::default(),
        ..World::default()
    };
    for (id, side, types) in [
        ("a", Some(Side::A), 2),
        ("b", Some(Side::B), 2),
        ("c", None, 1),
    ] {
        let first = setting.types.len();
        let party = setting.parties.len();
        let roles = vec![if side.is_some() {
            Role::Belligerent
        } else {
            Role::Mediator
        }];
        setting.parties.push(Party {
            id: id.into(),
            name: id.into(),
            side,
            roles,
            types: first..first + types,
            opening: (id == "a").then_some(0),
        });
        for t in 0..types {
            setting.types.push(PartyType {
                party,
                id: format!("t{t}"),
                name: format!("t{t}"),
            });
            world.numbers.types.push(TypeNumbers {
                prior: s.between(0.2, 1.0),
                patience: if t == 0 { 0.985 } else { s.between(0.95, 0.99) },
                burden: if side.is_some() {
                    s.between(0.0, 40.0)
                } else {
                    0.0
                },
                scar: s.between(0.0, 0.2),
                escalation_cost: s.between(10.0, 60.0),
                believes_edge: if t == 0 { 0.0 } else { s.between(-0.2, 0.2) },
                weights: sizes.iter().map(|_| s.between(5.0, 40.0)).collect(),
                values: (0..sizes.iter().sum()).map(|_| s.unit()).collect(),
                believes_escalation: if t == 0 { 0.0 } else { s.between(-0.5, 0.5) },
                // Doubt makes the certificate integrate once more: a case in ten has it.
                own_sd: if case % 10 == 2 && t == 1 { 0.15 } else { 0.0 },
                aspiration: if side.is_some() {
                    0.0
                } else {
                    s.between(0.0, 5.0)
                },
                office: s.between(0.0, 10.0),
                legacy: s.between(0.0, 10.0),
                interactions: if id == "c" {
                    Vec::new()
                } else {
                    vec![s.between(-30.0, 30.0), s.between(-30.0, 30.0)]
                },
                fates: if id == "b" {
                    let mut fate = || [s.between(-1.0, 1.0), s.between(0.0, 0.5)];
                    (0..9).flat_map(|_| fate()).collect()
                } else {
                    Vec::new()
                },
                ..TypeNumbers::default()
            });
        }
    }
    let mut first_option = 0;
    for (k, size) in sizes.into_iter().enumerate() {
        let option = |o: usize| IssueOption {
            then: None,
            id: format!("o{o}"),
            name: format!("o{o}"),
            performers: if k == 3 && o == 2 {
                PartySet::one(2)
            } else {
                PartySet::default()
            },
            imposed: false,
        };
        let options = (0..size).map(option).collect();
        setting.issues.push(Issue {
            id: format!("i{k}"),
            name: format!("i{k}"),
            options,
            status_quo: 0,
            first_option,
        });
        first_option += size;
    }
    let pattern = |s: &mut Stream| {
        let mut terms: Vec<(usize, u64)> = (0..2)
            .map(|_| (s.below(5), 1 + s.below(6) as u64))
            .collect();
        terms.sort_unstable();
        terms.dedup_by_key(|term| term.0);
        Pattern { terms }
    };
    setting.constraints.push(Constraint {
        id: "forbid".into(),
        when: pattern(s),
        then: None,
    });
    setting.constraints.push(Constraint {
        id: "imply".into(),
        when: pattern(s),
        then: Some(pattern(s)),
    });
    for (party, types, stiffness) in [
        (0, vec![0, 1], LineStiffness::Hard),
        (1, vec![3], LineStiffness::Hard),
        (1, vec![2, 3], LineStiffness::Soft),
    ] {
        let id = format!("line{}", setting.red_lines.len());
        setting.red_lines.push(RedLine {
            id,
            says: String::new(),
            party,
            types,
            when: pattern(s),
            stiffness,
        });
        world.numbers.red_lines.push(RedLineNumbers {
            on: 1.0,
            penalty: s.between(1.0, 20.0),
        });
    }
    setting.gates.push(Gate {
        party: 1,
        id: "b.house".into(),
        name: "house".into(),
        effects: vec![1, 5, 12],
    });
    world.numbers.gates.push(GateNumbers {
        on: f64::from(u8::from(!case.is_multiple_of(3))),
        base: s.between(-1.0, 2.0),
        scale: s.between(0.5, 2.0),
        bar: 0.5,
        effects: (0..3).map(|_| s.between(-2.0, 1.0)).collect(),
    });
    for party in 0..2 {
        for place in 0..2 {
            let when = loop {
                let found = pattern(s);
                if found.terms.len() == 2 {
                    break found;
                }
            };
            setting.interactions.push(Interaction {
                party,
                place,
                id: format!("together{party}{place}"),
                says: String::new(),
                when,
            });
        }
    }
    for p in 0..3 {
        let choice: Vec<u8> = sizes
            .iter()
            .map(|size| u8::try_from(s.below(*size)).unwrap())
            .collect();
        let needed = setting.signatories().union(setting.performers(&choice));
        let id = format!("p{p}");
        setting.packages.push(NamedPackage {
            name: id.clone(),
            id,
            says: String::new(),
            by: None,
            on: None,
            choice,
            needed,
        });
    }
    setting.needed_sets = setting.reachable_needed_sets();
    setting.contest = Some(ContestSetting {
        line_issue: 0,
        unit: "km2".into(),
        horizon: 240,
        weapon: Some(Side::A),
        nests: Vec::new(),
        supplies: Vec::new(),
        unsettled: vec![0; 5],
        a_decisive: vec![3, 2, 1, 1, 1],
        b_decisive: vec![0, 0, 0, 0, 0],
        armistice: vec![1, 1, 0, 1, 0],
    });
    world.numbers.positions = vec![-100.0, 0.0, f64::NAN, 80.0];
    world.numbers.contest.push(ContestNumbers {
        edge: s.between(-0.2, 0.4),
        pace: 10.0,
        volatility: 5.0,
        start: 0.0,
        decisive: 0.003,
        decisive_slope: 2.0,
        other_end: 0.03,
        escalation: 0.001,
        escalation_slope: 1.0,
        nests: Vec::new(),
        supplies: Vec::new(),
        capacities: vec![
            CapacityNumbers {
                from_month: s.between(0.0, 30.0),
                low: s.between(0.5, 1.0),
            },
            CapacityNumbers {
                from_month: 0.0,
                low: 1.0,
            },
        ],
    });
    world.normalise(&setting);
    (setting, world)
}

/// What may follow a deal, at random.
pub(crate) fn table(s: &mut Stream) -> DurabilityNumbers<f64> {
    DurabilityNumbers {
        background: s.between(0.0005, 0.004),
        guarantee: -1.0,
        verification: s.between(-0.8, 0.0),
        separation: s.between(-0.8, 0.0),
        imposed: s.between(0.2, 1.0),
        mediated: s.between(0.1, 0.6),
        fades: s.between(24.0, 60.0),
        kept_months: 60.0,
        mean_guarantee: 0.2,
        mean_verification: 0.3,
        mean_separation: 0.2,
        rebuild: vec![s.between(18.0, 48.0), s.between(18.0, 40.0)],
        force: vec![s.between(0.9, 1.4), s.between(0.7, 1.2)],
        failures: vec![0.002, 0.01],
        base_shares: Vec::new(),
        base_years: Vec::new(),
        targets: vec![s.between(-20.0, 5.0)],
    }
}

/// A random case with a durability table: features on options, and a guarantor.
pub(crate) fn durable(case: u64) -> (Setting, World) {
    let (mut setting, mut world) = random(case);
    let s = &mut Stream::new(1_000 + case);
    world.numbers.durability.push(table(s));
    setting.failures = ["war", "clash"]
        .map(|id| Label {
            id: id.into(),
            name: id.into(),
        })
        .into();
    setting.targets.push(AttackTarget {
        id: "other".into(),
        name: "other".into(),
        by: 0,
    });
    for (option, kind, size) in [
        (4, FeatureKind::Guarantee, s.between(0.2, 0.9)),
        (5, FeatureKind::Verification, s.between(0.2, 0.9)),
        (7, FeatureKind::Separation, s.between(0.2, 0.9)),
        (9, FeatureKind::Guarantee, s.between(0.2, 0.9)),
        (10, FeatureKind::Lasts, s.between(1.0, 30.0)),
        (
            12,
            FeatureKind::Sets(Target::CapacityLow(Side::B)),
            s.between(0.5, 0.9),
        ),
    ] {
        setting.features.push(Feature { option, kind });
        world.numbers.features.push(FeatureNumbers { size });
    }
    setting.levers.push(Lever {
        id: "stand_by".into(),
        name: "stand by".into(),
        by: 2,
        trigger: Trigger::Accept,
        sets: vec![Target::Contest(ContestTarget::Edge)],
        ..Lever::default()
    });
    world.numbers.levers.push(LeverNumbers {
        on: 1.0,
        delay: 1.0,
        cost: s.between(0.0, 5.0),
        audience_cost: s.between(0.0, 5.0),
        credibility: f64::NAN,
        sets: vec![s.between(-0.6, 0.0)],
        ..LeverNumbers::default()
    });
    if case.is_multiple_of(2) {
        answer(&mut setting, &mut world, s, 0, 2);
        answer(&mut setting, &mut world, s, 0, 1);
    }
    if case.is_multiple_of(3) {
        answer(&mut setting, &mut world, s, 1, 2);
    }
    (setting, world)
}

/// A lever with which one party answers another's breach: it moves the edge against the violator and costs it something by the month.
pub(crate) fn answer(
    setting: &mut Setting,
    world: &mut World,
    s: &mut Stream,
    violator: usize,
    by: usize,
) {
    let edge = s.between(0.0, 0.6);
    let id = format!("answer_{violator}_{by}");
    setting.levers.push(Lever {
        id: id.clone(),
        name: id,
        by,
        trigger: Trigger::Violate(violator),
        // Two levers of one trigger never set the same number.
        sets: vec![if by == 2 {
            Target::Contest(ContestTarget::Edge)
        } else {
            Target::CapacityLow([Side::A, Side::B][violator])
        }],
        flow_to: vec![violator],
        ..Lever::default()
    });
    world.numbers.levers.push(LeverNumbers {
        on: 1.0,
        delay: 1.0,
        cost: s.between(0.0, 5.0),
        audience_cost: s.between(0.0, 5.0),
        credibility: f64::NAN,
        sets: vec![match (by, violator) {
            (2, 0) => -edge,
            (2, _) => edge,
            _ => 1.0 - edge,
        }],
        flow_costs: vec![s.between(0.0, 6.0)],
        ..LeverNumbers::default()
    });
}
