use detente_core::{
    Issue, IssueOption, Layout, Numbers, Outcome, PartySet, Preferences, Question, RowView, Search,
    Setting, World,
};
use detente_core::{Party, PartyType, Role, TypeNumbers, Verdict};

use super::search::{self, Goal, Nothing, RedLines, Task};
use super::{
    ACCEPTS, AGREED, BLOCKS, CROSSED, LOTTERY_SIZE, MARGIN, SIZE, SOLUTION_MARGIN, SOLUTION_OPTION,
    SOLUTION_TIES, ZONE,
};
use crate::{LENSES, Stage, conformance, fixture};

/// A pie cut in steps of 1/40 between two parties without a contest.
fn pie() -> (Setting, World) {
    let options = (0..=40).map(|o| IssueOption {
        id: o.to_string(),
        name: o.to_string(),
        performers: PartySet::default(),
        imposed: false,
        then: None,
    });
    let issue = Issue {
        id: "pie".into(),
        name: "pie".into(),
        options: options.collect(),
        status_quo: 0,
        first_option: 0,
    };
    let mut setting = Setting {
        issues: vec![issue],
        ..Setting::default()
    };
    let mut world = World {
        index: 0,
        numbers: Numbers::default(),
        ..World::default()
    };
    for p in 0..2 {
        let id = p.to_string();
        let roles = vec![Role::Belligerent];
        setting.parties.push(Party {
            id: id.clone(),
            name: id.clone(),
            side: None,
            roles,
            types: p..p + 1,
            opening: None,
        });
        setting.types.push(PartyType {
            party: p,
            id: id.clone(),
            name: id,
        });
        let share = |o: usize| o as f64 / 40.0;
        let values = (0..=40)
            .map(|o| if p == 0 { share(o) } else { 1.0 - share(o) })
            .collect();
        world.numbers.types.push(TypeNumbers {
            prior: 1.0,
            weights: vec![1.0],
            values,
            ..TypeNumbers::default()
        });
    }
    (setting, world)
}

/// Fearon 1995: a pie of 1, p = .6, costs .10 and .15: the bargaining range is [.50, .75] and its Nash point .625.
#[test]
fn fearons_bargaining_range() {
    let (setting, world) = pie();
    let mut preferences = Preferences::default();
    preferences.compute(&setting, &world);
    let task = Task {
        setting: &setting,
        world: &world,
        preferences: &preferences,
        deal_value: &crate::Identity,
        needed: PartySet(0b11),
        types: &[0, 1],
        reservations: &[100.0 * (0.6 - 0.10), 100.0 * (0.4 - 0.15)],
        red_lines: RedLines::Respected,
        only: None,
    };
    let nash = search::best(&task, Goal::NashProduct).unwrap();
    assert_eq!(nash.package, [25], "25 of 40 parts is .625");
    let worst = search::best(&task, Goal::WorstMargin).unwrap();
    assert_eq!(worst.package, [25]);
    assert!((worst.value - 12.5).abs() < 1e-9);
    let none = Task {
        reservations: &[60.0, 41.0],
        ..task
    };
    assert_eq!(search::best(&none, Goal::NashProduct), Err(Nothing::Empty));
    assert!(search::best(&none, Goal::WorstMargin).unwrap().value < 0.0);
}

/// The generated additive domains of NegMAS-style benchmarks: `u_p` = `Σ_i` c(p,i,j) with
/// c = (2654435761·(p+1)·(i·v+j+1)·(j+3)·(p+i+5)) mod 10007, n = 0. Nash and egalitarian points as published with them.
#[test]
fn generated_additive_domains() {
    for (k, v, m, nash, egal) in [
        (5, 10, 2, vec![41634, 43420], vec![42281, 42374]),
        (6, 10, 2, vec![51205, 48465], vec![49955, 48884]),
        (
            5,
            10,
            3,
            vec![42530, 35784, 39804],
            vec![38748, 38159, 38261],
        ),
    ] {
        let domain = Domain::new(k, v, m);
        assert_eq!(domain.utilities(&domain.best(Goal::NashProduct)), nash);
        assert_eq!(domain.utilities(&domain.best(Goal::WorstMargin)), egal);
    }
}

/// A generated domain, brought to 0..100 points a party; Nash is unchanged by the scale, the worst-off margin is not, so
/// its points are scaled back through the weights of the margins.
struct Domain {
    values: usize,
    setting: Setting,
    world: World,
    least: Vec<u64>,
    scale: Vec<f64>,
}

fn c(p: usize, i: usize, j: usize, v: usize) -> u64 {
    let factors = [p + 1, i * v + j + 1, j + 3, p + i + 5];
    factors
        .into_iter()
        .fold(2_654_435_761, |product, factor| product * factor as u64)
        % 10_007
}

impl Domain {
    fn new(k: usize, v: usize, m: usize) -> Self {
        let mut setting = Setting::default();
        let mut world = World {
            index: 0,
            numbers: Numbers::default(),
            ..World::default()
        };
        for i in 0..k {
            let option = |o: usize| IssueOption {
                id: o.to_string(),
                name: String::new(),
                performers: PartySet::default(),
                imposed: false,
                then: None,
            };
            let options = (0..v).map(option).collect();
            setting.issues.push(Issue {
                id: i.to_string(),
                name: String::new(),
                options,
                status_quo: 0,
                first_option: i * v,
            });
        }
        let (mut least, mut scale) = (Vec::new(), Vec::new());
        for p in 0..m {
            let roles = vec![Role::Belligerent];
            setting.parties.push(Party {
                id: p.to_string(),
                name: String::new(),
                side: None,
                roles,
                types: p..p + 1,
                opening: None,
            });
            setting.types.push(PartyType {
                party: p,
                id: p.to_string(),
                name: String::new(),
            });
            let table: Vec<Vec<u64>> = (0..k)
                .map(|i| (0..v).map(|j| c(p, i, j, v)).collect())
                .collect();
            let span = |row: &Vec<u64>| row.iter().max().unwrap() - row.iter().min().unwrap();
            least.push(table.iter().map(|row| row.iter().min().unwrap()).sum());
            scale.push(table.iter().map(span).sum::<u64>() as f64 / 100.0);
            let values = table
                .iter()
                .flatten()
                .map(|u| *u as f64 / 10_007.0)
                .collect();
            world.numbers.types.push(TypeNumbers {
                prior: 1.0,
                weights: vec![1.0; k],
                values,
                ..TypeNumbers::default()
            });
        }
        Self {
            values: v,
            setting,
            world,
            least,
            scale,
        }
    }

    fn best(&self, goal: Goal) -> Vec<u8> {
        let mut preferences = Preferences::default();
        preferences.compute(&self.setting, &self.world);
        let types: Vec<usize> = (0..self.scale.len()).collect();
        // n = 0 on the domain's own scale.
        let reservations: Vec<f64> = self
            .least
            .iter()
            .zip(&self.scale)
            .map(|(l, s)| -(*l as f64) / s)
            .collect();
        let task = Task {
            setting: &self.setting,
            world: &self.world,
            preferences: &preferences,
            deal_value: &crate::Identity,
            needed: PartySet((1 << types.len()) - 1),
            types: &types,
            reservations: &reservations,
            red_lines: RedLines::Respected,
            only: None,
        };
        match goal {
            Goal::NashProduct | Goal::OwnMargin(_) => search::best(&task, goal).unwrap().package,
            // Equal scales are needed here: all parties on that of the widest.
            Goal::WorstMargin => {
                let widest = self.scale.iter().copied().fold(0.0, f64::max);
                let mut world = self.world.clone();
                let mut setting = self.setting.clone();
                // One more issue whose single other option nobody can take widens every party's span to the widest.
                for (p, t) in world.numbers.types.iter_mut().enumerate() {
                    t.weights.push(1.0);
                    t.values
                        .extend([0.0, (widest - self.scale[p]) * 100.0 / 10_007.0]);
                }
                let option = |id: &str| IssueOption {
                    id: id.into(),
                    name: String::new(),
                    performers: PartySet::default(),
                    imposed: false,
                    then: None,
                };
                let first_option = setting.option_count();
                let options = vec![option("real"), option("pad")];
                setting.issues.push(Issue {
                    id: "pad".into(),
                    name: String::new(),
                    options,
                    status_quo: 0,
                    first_option,
                });
                setting.constraints.push(detente_core::Constraint {
                    id: "no_pad".into(),
                    when: detente_core::Pattern {
                        terms: vec![(setting.issues.len() - 1, 0b10)],
                    },
                    then: None,
                });
                let mut preferences = Preferences::default();
                preferences.compute(&setting, &world);
                let reservations: Vec<f64> =
                    self.least.iter().map(|l| -(*l as f64) / widest).collect();
                let task = Task {
                    setting: &setting,
                    world: &world,
                    preferences: &preferences,
                    deal_value: &crate::Identity,
                    reservations: &reservations,
                    ..task
                };
                let mut package = search::best(&task, goal).unwrap().package;
                package.pop();
                package
            }
        }
    }

    fn utilities(&self, package: &[u8]) -> Vec<u64> {
        let of = |p: usize| {
            let options = package.iter().enumerate();
            options
                .map(|(i, j)| c(p, i, usize::from(*j), self.values))
                .sum()
        };
        (0..self.scale.len()).map(of).collect()
    }
}

fn answer(case: u64) -> (Setting, World, Layout, Vec<f64>) {
    let (setting, world) = fixture::random(case);
    let layout = Layout::new(&setting, &conformance::specs());
    let mut row = vec![f64::NAN; layout.width()];
    let outcomes = conformance::examine_all(
        &layout,
        &mut Stage::default(),
        &setting,
        &world,
        Search::Solutions,
        &mut row,
    );
    let all = conformance::specs();
    let done = |(spec, outcome): (&&detente_core::LensSpec, &Outcome)| {
        *outcome == Outcome::Done || ["durability", "talks"].contains(&spec.id)
    };
    assert!(
        all.iter().zip(&outcomes).all(done),
        "case {case}: {outcomes:?}"
    );
    (setting, world, layout, row)
}

#[test]
fn certificates_hold_on_random_cases() {
    for case in 0..150 {
        let (setting, world) = fixture::random(case);
        let result = conformance::certify(&setting, std::iter::once(&world), Search::Solutions);
        assert_eq!(result.faults, Vec::<String>::new(), "case {case}");
        assert_eq!(result.held + result.silent, LENSES.len(), "case {case}");
        assert!(result.held >= 3, "case {case}");
    }
}

#[test]
fn the_fixtures_cover_open_and_empty_zones() {
    let zones: Vec<f64> = (0..150)
        .map(|case| {
            let (_, _, layout, row) = answer(case);
            row[layout.column_of("settlement", "zone", &[])]
        })
        .collect();
    assert!(
        zones.iter().any(|z| *z > 0.999) && zones.iter().any(|z| *z < 0.6),
        "{zones:?}"
    );
}

#[test]
fn a_corrupted_answer_fails() {
    for case in 0..20 {
        let (setting, world, layout, row) = answer(case);
        for (quantity, index, by) in [
            (MARGIN, &[1, 0][..], 0.5),
            (CROSSED, &[0, 1], 1.0),
            (ACCEPTS, &[0, 0], 0.01),
            (AGREED, &[2], 0.01),
            (BLOCKS, &[1, 1], 0.01),
            (ZONE, &[], 0.05),
            (SIZE, &[0], -0.5),
            (SIZE, &[0], 0.5),
            (SOLUTION_MARGIN, &[0, 0, 0], 0.5),
            (SOLUTION_MARGIN, &[0, 1, 1], -0.1),
            (SOLUTION_OPTION, &[0, 0, 1], 0.2),
            (SOLUTION_OPTION, &[0, 3, 0], 0.2),
            (SOLUTION_TIES, &[0, 2], 1.0),
            (LOTTERY_SIZE, &[0], 0.1),
        ] {
            let own = LENSES.iter().position(|l| l.spec().id == "settlement");
            let place = own.unwrap();
            let spec = LENSES[place].spec();
            let column = layout.column(quantity, index);
            let mut corrupted = row.clone();
            corrupted[column] += by;
            if corrupted[column].is_nan() {
                continue;
            }
            let verdict = detente_certify::certificate("settlement")(
                Question {
                    setting: &setting,
                    world: &world,
                },
                RowView::new(&layout, place, &corrupted),
            );
            assert!(
                matches!(verdict, Verdict::Fails(_)),
                "case {case}: {} by {by} passed",
                spec.quantities[quantity.place].id
            );
        }
    }
}

#[test]
fn a_duplicated_option_changes_no_headline() {
    for case in 0..30 {
        let (setting, world, layout, row) = answer(case);
        let (mut twin, mut twin_world) = (setting.clone(), world.clone());
        // The last option of the last issue once more: no other option moves.
        let last = twin.issues.len() - 1;
        let copy = twin.issues[last].options.last().unwrap().clone();
        twin.issues[last].options.push(copy);
        for t in &mut twin_world.numbers.types {
            t.values.push(*t.values.last().unwrap());
        }
        let patterns = twin
            .constraints
            .iter_mut()
            .flat_map(|c| std::iter::once(&mut c.when).chain(c.then.as_mut()));
        let patterns = patterns.chain(twin.red_lines.iter_mut().map(|line| &mut line.when));
        let together = twin.interactions.iter_mut().map(|i| &mut i.when);
        for pattern in patterns.chain(together) {
            for (issue, options) in &mut pattern.terms {
                // The fixture's masks may name a third option, which was not there to be meant.
                if *issue == last {
                    *options = *options & 0b11 | (*options >> 1 & 1) << 2;
                }
            }
        }
        let wide = Layout::new(&twin, &conformance::specs());
        let mut again = vec![f64::NAN; wide.width()];
        conformance::examine_all(
            &wide,
            &mut Stage::default(),
            &twin,
            &twin_world,
            Search::Solutions,
            &mut again,
        );
        for quantity in ["zone", "zone_without_red_lines"] {
            let (a, b) = (
                row[layout.column_of("settlement", quantity, &[])],
                again[wide.column_of("settlement", quantity, &[])],
            );
            assert!(
                (a - b).abs() < 1e-12,
                "case {case}: {quantity} {a} became {b}"
            );
        }
        for s in 0..setting.needed_sets.len() {
            let (a, b) = (
                row[layout.column_of("settlement", "size", &[s])],
                again[wide.column_of("settlement", "size", &[s])],
            );
            assert!(
                (a - b).abs() < 1e-9 || (a.is_nan() && b.is_nan()),
                "case {case}: size {a} became {b}"
            );
        }
    }
}

/// Points run from 0 to 100 over all combinations of options, interactions included.
#[test]
fn points_span_the_whole_scale_with_interactions_too() {
    for case in 0..40 {
        let (setting, world) = fixture::random(case);
        let mut preferences = Preferences::default();
        preferences.compute(&setting, &world);
        let all: Vec<usize> = (0..setting.issues.len()).collect();
        for t in 0..setting.types.len() {
            let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
            let mut package = vec![0; all.len()];
            detente_core::each_combination(&setting, &all, &mut package, &mut |package| {
                let worth = preferences.worth(&setting, t, package);
                (least, most) = (least.min(worth), most.max(worth));
            });
            assert!(
                least.abs() < 1e-9 && (most - 100.0).abs() < 1e-9,
                "case {case}, type {t}: {least} to {most}"
            );
        }
    }
}
