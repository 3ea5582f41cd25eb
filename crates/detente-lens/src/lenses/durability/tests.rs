use detente_core::{
    BehaviourNumbers, DurabilityNumbers, Issue, IssueOption, Layout, LotteryNumbers,
    LotterySetting, NamedPackage, Numbers, Outcome, Party, PartySet, PartyType, Preferences,
    Question, Role, RowView, Search, Setting, Side, Target, Trigger, TypeNumbers, Verdict, World,
};

use super::{GUARANTEE_BUYS, POWELL_GAP};
use crate::fixture::durable;
use crate::{LENSES, Stage, conformance};

/// The lens's place in the table.
fn place() -> usize {
    let mut lenses = LENSES.iter();
    let own = lenses.position(|lens| lens.spec().id == "durability");
    own.expect("it is in the table")
}

/// All answers in a world.
fn examined(setting: &Setting, world: &World) -> (Layout, Vec<f64>) {
    let layout = Layout::new(setting, &conformance::specs());
    let mut row = vec![f64::NAN; layout.width()];
    let mut stage = Stage::default();
    let outcomes =
        conformance::examine_all(&layout, &mut stage, setting, world, Search::None, &mut row);
    assert_eq!(outcomes[place()], Outcome::Done);
    (layout, row)
}

fn verdict(setting: &Setting, world: &World, layout: &Layout, row: &[f64]) -> Verdict {
    detente_certify::certificate("durability")(
        Question { setting, world },
        RowView::new(layout, place(), row),
    )
}

/// All answers in a world that the lens's certificate lets pass.
fn certified(setting: &Setting, world: &World) -> (Layout, Vec<f64>) {
    let (layout, row) = examined(setting, world);
    let verdict = verdict(setting, world, &layout, &row);
    assert!(matches!(verdict, Verdict::Holds(_)), "{verdict:?}");
    (layout, row)
}

/// Random cases in which something may follow a deal. Doubt makes the certificate integrate each war a hundred times: a case in ten
/// has it, and is left out.
fn cases(count: u64) -> impl Iterator<Item = (u64, Setting, World)> {
    let cases = (0..count).filter(|case| case % 10 != 2);
    cases.map(|case| {
        let (setting, mut world) = durable(case);
        // Attacks that are less than certain.
        world.numbers.behaviour.push(BehaviourNumbers {
            noise: 3.0,
            precision: 1.0,
        });
        (case, setting, world)
    })
}

/// A pie between a side that falls, A, and one that rises, B, with nothing else to it. Forces are rebuilt within the first month.
fn pie(rises: f64, patience: f64) -> (Setting, World) {
    let option = |id: &str| IssueOption {
        id: id.into(),
        name: id.into(),
        performers: PartySet::default(),
        imposed: false,
        then: None,
    };
    let mut setting = Setting {
        issues: vec![Issue {
            id: "pie".into(),
            name: "pie".into(),
            options: vec![option("none"), option("all")],
            status_quo: 0,
            first_option: 0,
        }],
        packages: vec![NamedPackage {
            id: "all".into(),
            name: "all".into(),
            says: String::new(),
            by: None,
            on: None,
            choice: vec![1],
            needed: PartySet(0b11),
        }],
        ..Setting::default()
    };
    let mut world = World {
        numbers: Numbers::default(),
        ..World::default()
    };
    for (p, side) in [Side::A, Side::B].into_iter().enumerate() {
        let id = p.to_string();
        setting.parties.push(Party {
            id: id.clone(),
            name: id.clone(),
            side: Some(side),
            roles: vec![Role::Belligerent],
            types: p..p + 1,
            opening: None,
        });
        setting.types.push(PartyType {
            party: p,
            id: id.clone(),
            name: id,
        });
        world.numbers.types.push(TypeNumbers {
            prior: 1.0,
            patience,
            weights: vec![1.0],
            values: if p == 0 {
                vec![0.0, 1.0]
            } else {
                vec![1.0, 0.0]
            },
            ..TypeNumbers::default()
        });
    }
    setting.needed_sets = setting.reachable_needed_sets();
    world.numbers.durability.push(DurabilityNumbers {
        background: 0.001,
        fades: 24.0,
        kept_months: 60.0,
        rebuild: vec![0.01, 0.01],
        force: vec![1.0, rises],
        ..DurabilityNumbers::default()
    });
    (setting, world)
}

/// The pie where both sides' wars are worth stated values: side B wins with a chance p, and war destroys a part k of the pie.
fn stated(p: f64, next: f64, k: f64, patience: f64) -> (Setting, World) {
    let (mut setting, mut world) = pie(next / (1.0 - next) * (1.0 - p) / p, patience);
    setting.reservations = true;
    world.numbers.types[0].reservation = 100.0 * (1.0 - k) * (1.0 - p);
    world.numbers.types[1].reservation = 100.0 * (1.0 - k) * p;
    (setting, world)
}

/// The same where war is a lottery: what it destroys each side pays in proportion to its chance.
fn lottery(p: f64, next: f64, k: f64, patience: f64) -> (Setting, World) {
    // What the side that rises pays stays the same, so that its chance must rise to more than its share of what is left.
    let wins = (1.0 - k) * next + k * p;
    let (mut setting, mut world) = pie(wins / (1.0 - wins) * (1.0 - p) / p, patience);
    setting.lottery = Some(LotterySetting {
        a_wins: vec![1],
        b_wins: vec![0],
    });
    world
        .numbers
        .lottery
        .push(LotteryNumbers { chance: 1.0 - p });
    world.numbers.types[0].fighting_cost = 100.0 * k * (1.0 - p);
    world.numbers.types[1].fighting_cost = 100.0 * k * p;
    (setting, world)
}

/// Powell (2006): war destroys .2 of a pie, the discount factor is .95. From .40 to .70 is too fast, .265 > .25; from .40 to .68 is
/// not, .246 < .25.
#[test]
fn powells_condition_as_worked_out_by_hand() {
    for (next, gap) in [(0.70, 0.265 - 0.25), (0.68, 0.246 - 0.25)] {
        for (setting, world) in [stated(0.4, next, 0.2, 0.95), lottery(0.4, next, 0.2, 0.95)] {
            let (layout, row) = certified(&setting, &world);
            let told = RowView::new(&layout, place(), &row).get(POWELL_GAP, &[0]);
            assert!((told - gap).abs() < 1e-12, "{next}: {told} {gap}");
            // The side that rises has nothing to fear: the other's share falls, and then stays.
            let other = RowView::new(&layout, place(), &row).get(POWELL_GAP, &[1]);
            let stays = (0.95 - 1.0) * (1.0 - next) - 0.25;
            assert!((other - stays).abs() < 1e-12, "{other} {stays}");
        }
    }
}

/// Where the condition says that no division keeps the peace, none does: whatever the side that rises gets for a month and takes a month
/// later, somebody's war is worth more. And where it does not, giving the other side all of the first month does.
#[test]
fn powells_condition_tells_whether_a_division_keeps_the_peace() {
    let (mut kept, mut broken) = (0, 0);
    for step in 0..400 {
        let (p, next) = (
            0.1 + 0.02 * f64::from(step % 20),
            0.5 + 0.02 * f64::from(step / 20),
        );
        for k in [0.05, 0.2, 0.3] {
            let (setting, world) = stated(p, next, k, 0.95);
            let (layout, row) = examined(&setting, &world);
            let gap = RowView::new(&layout, place(), &row).get(POWELL_GAP, &[0]);
            let shares = (0..=1000).map(|s| f64::from(s) / 1000.0);
            // From the second month on, the risen side gets just what its war is then worth to it.
            let later = (1.0 - k) * next;
            let mut best = f64::NEG_INFINITY;
            for share in shares {
                let falling = 0.05 * (1.0 - share) + 0.95 * (1.0 - later) - (1.0 - k) * (1.0 - p);
                let rising = 0.05 * share + 0.95 * later - (1.0 - k) * p;
                best = f64::max(best, falling.min(rising));
            }
            if gap.abs() > 1e-9 {
                assert_eq!(best < 0.0, gap > 0.0, "{p} {next} {k}: {best} {gap}");
            }
            kept += usize::from(gap < 0.0);
            broken += usize::from(gap > 0.0);
        }
    }
    assert!(kept > 100 && broken > 100, "{kept} {broken}");
}

#[test]
fn powells_condition_is_not_told_of_a_contest() {
    let (setting, world) = durable(1);
    let (layout, row) = examined(&setting, &world);
    let answer = RowView::new(&layout, place(), &row);
    assert!((0..setting.types.len()).all(|t| answer.get(POWELL_GAP, &[t]).is_nan()));
}

#[test]
fn certificates_hold_on_random_cases() {
    for (case, setting, world) in cases(16) {
        let (layout, row) = examined(&setting, &world);
        let verdict = verdict(&setting, &world, &layout, &row);
        assert!(matches!(verdict, Verdict::Holds(_)), "{case}: {verdict:?}");
    }
}

/// Every quantity, in some of its entries, moved or left out.
#[test]
fn a_corruption_of_any_quantity_is_found() {
    let mut all: Vec<(u64, Setting, World)> = cases(2).collect();
    let (setting, world) = stated(0.4, 0.6, 0.2, 0.98);
    all.push((100, setting, world));
    let spec = LENSES[place()].spec();
    let mut tried = vec![0; spec.quantities.len()];
    for (case, setting, world) in all {
        let (layout, row) = certified(&setting, &world);
        for (q, quantity) in spec.quantities.iter().enumerate() {
            let sizes = quantity.dimensions.iter().map(|d| d.size(&setting));
            let sizes: Vec<usize> = sizes.collect();
            if sizes.contains(&0) {
                continue;
            }
            let first = layout.column_of(spec.id, quantity.id, &vec![0; sizes.len()]);
            let told = first..first + sizes.iter().product::<usize>();
            let told: Vec<usize> = told.filter(|column| !row[*column].is_nan()).collect();
            for column in [told.first(), told.get(told.len() / 2), told.last()] {
                let Some(column) = column else { continue };
                let x = row[*column];
                // Attacks on a package without its guarantee are not told: whatever the error of wars' worths leaves open passes.
                let by = if q == GUARANTEE_BUYS.place { 5.0 } else { 0.3 };
                // A probability moves inward, so that it stays one.
                let moved = if x > 0.5 { x - by } else { x + by };
                for to in [moved, f64::NAN] {
                    let mut corrupted = row.clone();
                    corrupted[*column] = to;
                    let verdict = verdict(&setting, &world, &layout, &corrupted);
                    let what = format!("case {case}: {} from {x} to {to}", quantity.id);
                    assert!(matches!(verdict, Verdict::Fails(_)), "{what} passed");
                }
                tried[q] += 1;
            }
        }
    }
    for (quantity, tried) in spec.quantities.iter().zip(tried) {
        assert!(tried > 0, "{} was never told", quantity.id);
    }
}

/// Compares the answers of two cases; an entry of the first is found in the second at `at`, moved and scaled by `like`.
fn compare(
    what: &str,
    [(setting, (layout, row)), (other, (other_layout, other_row))]: [(&Setting, (Layout, Vec<f64>));
        2],
    within: f64,
    at: impl Fn(&str, &[usize]) -> Vec<usize>,
    like: impl Fn(&str, &[usize], f64) -> f64,
) {
    let mut compared = 0;
    for quantity in LENSES[place()].spec().quantities {
        let sizes = |setting| quantity.dimensions.iter().map(move |d| d.size(setting));
        let all = sizes(setting).collect::<Vec<usize>>();
        assert_eq!(all, sizes(other).collect::<Vec<usize>>());
        let count: usize = all.iter().product();
        for entry in 0..count {
            let mut left = entry;
            let mut index: Vec<usize> = Vec::new();
            for size in all.iter().rev() {
                index.insert(0, left % size);
                left /= size;
            }
            let a = like(
                quantity.id,
                &index,
                row[layout.column_of("durability", quantity.id, &index)],
            );
            let there = at(quantity.id, &index);
            let b = other_row[other_layout.column_of("durability", quantity.id, &there)];
            assert!(
                (a - b).abs() < within || a.is_nan() && b.is_nan(),
                "{what}, {} {index:?}: {a}, otherwise {b}",
                quantity.id
            );
            compared += usize::from(!a.is_nan());
        }
    }
    assert!(compared > 100, "{compared}");
}

/// The case with its parties in another order: the new place of each party, and of each type.
fn reordered(
    setting: &Setting,
    world: &World,
    order: &[usize],
) -> (Setting, World, [Vec<usize>; 2]) {
    let (mut other, mut turned) = (setting.clone(), world.clone());
    let (mut party, mut kind) = (vec![0; order.len()], vec![0; setting.types.len()]);
    (other.parties, other.types) = (Vec::new(), Vec::new());
    turned.numbers.types.clear();
    for (place, old) in order.iter().enumerate() {
        party[*old] = place;
        let first = other.types.len();
        for t in setting.parties[*old].types.clone() {
            kind[t] = other.types.len();
            other.types.push(PartyType {
                party: place,
                ..setting.types[t].clone()
            });
            turned.numbers.types.push(world.numbers.types[t].clone());
        }
        other.parties.push(Party {
            types: first..other.types.len(),
            ..setting.parties[*old].clone()
        });
    }
    let set = |of: PartySet| of.iter().map(|old| party[old]).collect::<PartySet>();
    for line in &mut other.red_lines {
        line.party = party[line.party];
        line.types = line.types.iter().map(|t| kind[*t]).collect();
    }
    other
        .gates
        .iter_mut()
        .for_each(|gate| gate.party = party[gate.party]);
    let interactions = other.interactions.iter_mut();
    interactions.for_each(|of| of.party = party[of.party]);
    for lever in &mut other.levers {
        lever.by = party[lever.by];
        if let Trigger::Refuse(who) | Trigger::Violate(who) = &mut lever.trigger {
            *who = party[*who];
        }
        lever.flow_to.iter_mut().for_each(|to| *to = party[*to]);
        for target in &mut lever.sets {
            match target {
                Target::Burden(t) | Target::Scar(t) | Target::Value(t, _) => *t = kind[*t],
                _ => {}
            }
        }
    }
    other
        .targets
        .iter_mut()
        .for_each(|target| target.by = party[target.by]);
    other
        .packages
        .iter_mut()
        .for_each(|package| package.needed = set(package.needed));
    for option in other.issues.iter_mut().flat_map(|issue| &mut issue.options) {
        option.performers = set(option.performers);
    }
    other.needed_sets = other.reachable_needed_sets();
    (other, turned, [party, kind])
}

#[test]
fn the_order_of_parties_changes_nothing() {
    for (case, setting, mut world) in cases(8) {
        // What types believe of others moves along.
        world.numbers.types[4].about = vec![0.3, 0.7, 0.9, 0.1, 1.0];
        for order in [[1, 0, 2], [2, 1, 0], [2, 0, 1]] {
            let (other, mut turned, [party, kind]) = reordered(&setting, &world, &order);
            for (t, n) in world.numbers.types.iter().enumerate() {
                for (o, believed) in n.about.iter().enumerate() {
                    turned.numbers.types[kind[t]].about[kind[o]] = *believed;
                }
            }
            compare(
                &format!("case {case}, {order:?}"),
                [
                    (&setting, examined(&setting, &world)),
                    (&other, examined(&other, &turned)),
                ],
                1e-9,
                |quantity, index| match quantity {
                    "attack" | "attack_if_signed" | "unique_target" | "temptation_by" => {
                        let mut there = index.to_vec();
                        there[0] = party[index[0]];
                        there
                    }
                    "deal_value"
                    | "attack_month"
                    | "temptation"
                    | "guarantee_buys"
                    | "stand_in"
                    | "powell_gap"
                    | "temptation_unanswered" => {
                        let mut there = index.to_vec();
                        there[0] = kind[index[0]];
                        there
                    }
                    "comes_incentive" => vec![index[0], kind[index[1]]],
                    _ => index.to_vec(),
                },
                |_, _, x| x,
            );
        }
    }
}

#[test]
fn which_side_is_called_a_changes_nothing() {
    for (case, setting, world) in cases(12) {
        let (mut other, mut turned) = (setting.clone(), world.clone());
        let contest = other.contest.as_mut().unwrap();
        contest.weapon = Some(Side::B);
        std::mem::swap(&mut contest.a_decisive, &mut contest.b_decisive);
        other.parties[0].side = Some(Side::B);
        other.parties[1].side = Some(Side::A);
        turned.numbers.positions.iter_mut().for_each(|x| *x = -*x);
        let n = &mut turned.numbers.contest[0];
        (n.edge, n.start) = (-n.edge, -n.start);
        n.capacities.swap(0, 1);
        for t in &mut turned.numbers.types {
            t.believes_edge = -t.believes_edge;
            if !t.fates.is_empty() {
                t.fates.swap(0, 2);
                t.fates.swap(1, 3);
            }
        }
        // What follows: forces, what an option caps, the edge that the guarantor sets.
        let n = &mut turned.numbers.durability[0];
        n.rebuild.swap(0, 1);
        n.force.swap(0, 1);
        for feature in &mut other.features {
            if let detente_core::FeatureKind::Sets(Target::CapacityLow(side)) = &mut feature.kind {
                *side = Side::A;
            }
        }
        let levers = other.levers.iter_mut().zip(&mut turned.numbers.levers);
        for (lever, n) in levers {
            for (target, to) in lever.sets.iter_mut().zip(&mut n.sets) {
                match target {
                    Target::CapacityLow(Side::A) => *target = Target::CapacityLow(Side::B),
                    Target::CapacityLow(Side::B) => *target = Target::CapacityLow(Side::A),
                    _ => *to = -*to,
                }
            }
        }
        compare(
            &format!("case {case}"),
            [
                (&setting, examined(&setting, &world)),
                (&other, examined(&other, &turned)),
            ],
            1e-9,
            |_, index| index.to_vec(),
            |_, _, x| x,
        );
    }
}

/// One more option that nobody wants makes all other points half as far apart. With every cost that is stated in points halved too,
/// dates and chances stay, and worths follow the points.
#[test]
fn points_rescaled_with_every_cost_change_nothing_else() {
    const HALF: f64 = 0.5;
    for (case, setting, world) in cases(8) {
        let (mut other, mut turned) = (setting.clone(), world.clone());
        let issue = other.issues.last_mut().unwrap();
        let option = issue.options[0].clone();
        issue.options.push(option);
        let new = u8::try_from(issue.options.len() - 1).unwrap();
        // Patterns may speak of options that are not there, as this one was not.
        let last = other.issues.len() - 1;
        let only_old = |when: &mut detente_core::Pattern| {
            for (issue, options) in &mut when.terms {
                if *issue == last {
                    *options &= !(1 << new);
                }
            }
        };
        other
            .interactions
            .iter_mut()
            .for_each(|i| only_old(&mut i.when));
        other
            .red_lines
            .iter_mut()
            .for_each(|l| only_old(&mut l.when));
        for t in &mut turned.numbers.types {
            t.values.push(0.0);
        }
        let mut shift = Vec::new();
        for t in 0..setting.types.len() {
            // Points of the other options run from 50 to 100 if the new one is worth as much less than the others as they span.
            let worth = |world: &World, setting: &Setting, package: &[u8]| {
                let mut preferences = Preferences::default();
                preferences.compute(setting, world);
                preferences.worth(setting, t, package)
            };
            let (low, high) = (
                setting.packages[0].choice.clone(),
                setting.packages[1].choice.clone(),
            );
            let apart = worth(&world, &setting, &high) - worth(&world, &setting, &low);
            let scale = |turned: &World| {
                (worth(turned, &other, &high) - worth(turned, &other, &low)) / apart
            };
            let (mut least, mut most) = (-100.0, 0.0);
            for _ in 0..100 {
                let middle = f64::midpoint(least, most);
                *turned.numbers.types[t].values.last_mut().unwrap() = middle;
                if scale(&turned) < HALF {
                    least = middle;
                } else {
                    most = middle;
                }
            }
            assert!((scale(&turned) - HALF).abs() < 1e-9, "case {case}, {t}");
            shift.push(worth(&turned, &other, &low) - HALF * worth(&world, &setting, &low));
        }
        for (t, n) in turned.numbers.types.iter_mut().enumerate() {
            n.burden *= HALF;
            n.scar *= HALF;
            n.renege_cost *= HALF;
            n.office *= HALF;
            n.legacy *= HALF;
            n.aspiration *= HALF;
            // What is worth −K lies on the scale itself.
            n.escalation_cost = HALF * n.escalation_cost - shift[t];
        }
        for line in &mut turned.numbers.red_lines {
            line.penalty *= HALF;
        }
        for lever in &mut turned.numbers.levers {
            lever.cost *= HALF;
            lever.audience_cost *= HALF;
            lever.flow_costs.iter_mut().for_each(|cost| *cost *= HALF);
        }
        turned.numbers.behaviour[0].noise *= HALF;
        for target in &mut turned.numbers.durability[0].targets {
            *target *= HALF;
        }
        compare(
            &format!("case {case}"),
            [
                (&setting, examined(&setting, &world)),
                (&other, examined(&other, &turned)),
            ],
            // What is put between edges is refined until it errs by few enough points, and points are half as large here: another
            // polynomial may do, which errs by less than that too.
            crate::durable::wars::BETWEEN_EDGES,
            |_, index| index.to_vec(),
            |quantity, index, x| match quantity {
                "deal_value" => HALF * x + shift[index[0]],
                "temptation"
                | "temptation_by"
                | "temptation_unanswered"
                | "guarantee_buys"
                | "stand_in"
                | "target_temptation"
                | "comes_incentive" => HALF * x,
                _ => x,
            },
        );
    }
}
