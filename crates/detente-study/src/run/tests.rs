//! Cut runs, and panics in lenses and in draws.

use detente_case::{InputId, Overrides, Plan};
use detente_core::{
    Handle, LensSpec, Maturity, Outcome, QuantitySpec, Query, Row, Scene, Setting, Unit, World,
};
use detente_evidence::{Counts, RunOptions, Silence};
use detente_lens::{LENSES, Lens};
use detente_math::Distribution;

use super::{Cells, Ignored, Job, Rows, Scope, Table, add_counts, run, run_worlds};
use crate::check;

static SPEC: LensSpec = LensSpec {
    id: "faulty",
    question: "What becomes of a run when a lens panics?",
    needs: "Nothing.",
    limits: "It panics in world 5.",
    limits_with: &[],
    maturity: Maturity::Early,
    sources: &[],
    quantities: &[QuantitySpec {
        id: "index",
        unit: Unit::Months,
        range: (0.0, f64::INFINITY),
        meaning: "The world's own index.",
        dimensions: &[],
        settable: false,
    }],
    planned: &[],
};

const INDEX: Handle = Handle {
    lens: "faulty",
    place: 0,
};

struct Faulty;

impl Lens for Faulty {
    fn spec(&self) -> &'static LensSpec {
        &SPEC
    }

    fn queries(&self, _: &Setting, _: &World, _: &mut Vec<Query>) {}

    fn examine(&self, scene: &Scene, row: &mut Row) -> Outcome {
        row.set(INDEX, &[], scene.world.index as f64);
        assert!(scene.world.index != 5, "world 5 is too much");
        Outcome::Done
    }
}

fn plan() -> Plan {
    let text = include_str!("../../../../cases/first-case/case.toml");
    let case = check("case.toml", text).case.expect("a whole case");
    Plan::new(&case)
}

fn options(worlds: usize) -> RunOptions {
    RunOptions {
        worlds,
        searches: 3,
        solutions: 2,
        ..RunOptions::default()
    }
}

fn bytes(table: &Table) -> Vec<u8> {
    table.bytes().collect()
}

#[test]
fn a_panic_of_one_lens_in_one_world_is_a_counted_defect_and_costs_nothing_else() {
    let (plan, overrides) = (plan(), Overrides::default());
    let whole = run(&plan, &overrides, options(40), &Ignored);
    // Before the others, so that what comes after the panic in the same world is seen too.
    let mut lenses: Vec<&dyn Lens> = vec![&Faulty];
    lenses.extend(LENSES.iter().copied());
    let job = Job {
        plan: &plan,
        overrides: &overrides,
        options: options(40),
        lenses: &lenses,
        scope: None,
        progress: &Ignored,
        clock: None,
    };
    let (table, _) = job.run(0..40);

    let defect = ("faulty", Silence::Defect("world 5 is too much".into()));
    assert_eq!(table.silences.get(&defect), Some(&1));
    let mut others = table.silences.clone();
    others.remove(&defect);
    assert_eq!(others, whole.silences);
    for (i, index) in table.column(INDEX, &[]).enumerate() {
        // What it had written before it panicked is gone: half an answer is none.
        assert!(if i == 5 {
            index.is_nan()
        } else {
            index == i as f64
        });
    }
    let others: Vec<u8> = table
        .rows()
        .flat_map(|row| row[1..].to_vec())
        .flat_map(|x| x.to_bits().to_le_bytes())
        .collect();
    assert!(others == bytes(&whole));
}

#[test]
fn a_run_cut_anywhere_is_the_same_run() {
    let (plan, overrides) = (plan(), Overrides::default());
    let whole = run(&plan, &overrides, options(70), &Ignored);
    for cuts in [vec![0, 70], vec![0, 1, 2, 40, 70], vec![0, 33, 66, 70]] {
        let (mut joined, mut silences, mut searches) = (Vec::new(), Counts::new(), 0);
        for (start, end) in cuts.iter().zip(&cuts[1..]) {
            let part = run_worlds(&plan, &overrides, options(70), *start..*end, &Ignored);
            assert_eq!((part.first, part.worlds), (*start, end - start));
            joined.extend(part.bytes());
            searches += part.searches;
            add_counts(&mut silences, part.silences);
        }
        assert!(joined == bytes(&whole), "cut at {cuts:?}");
        assert_eq!((silences, searches), (whole.silences.clone(), 3));
    }
}

/// Overrides of a number that no plan of a case has: drawing under them panics.
fn impossible() -> Overrides {
    Overrides {
        replaced: vec![(InputId(u32::MAX), Distribution::Exact(0.0))],
        ..Overrides::default()
    }
}

#[test]
fn a_panic_while_a_world_is_drawn_is_a_counted_defect_and_no_end_of_the_run() {
    let plan = plan();
    let overrides = impossible();
    for threads in [Some(1), Some(2)] {
        let options = RunOptions {
            threads,
            ..options(70)
        };
        let table = run(&plan, &overrides, options, &Ignored);
        assert_eq!(table.rows().count(), 70);
        assert!(table.rows().all(|row| row.iter().all(|x| x.is_nan())));
        let counted: Vec<_> = table.silences.iter().collect();
        let [(("drawing", Silence::Defect(what)), 70)] = counted.as_slice() else {
            panic!("{counted:?}");
        };
        assert!(what.contains("out of bounds"), "{what}");
    }
}

#[test]
fn a_panic_while_a_world_is_drawn_costs_no_other_world() {
    let plan = plan();
    let (possible, impossible) = (Overrides::default(), impossible());
    let job = |overrides| Job {
        plan: &plan,
        overrides,
        options: options(12),
        lenses: LENSES,
        scope: None,
        progress: &Ignored,
        clock: None,
    };
    let whole = job(&possible).run(0..12).0;
    let (layout, width) = (&whole.layout, whole.layout.width());
    let mut counts = Counts::new();
    // One thread's buffers, from world to world; drawing worlds 0 and 5 panics.
    let mut worker = None;
    for (index, expected) in whole.rows().enumerate() {
        let mut row = vec![f64::NAN; width];
        let faulty = index % 5 == 0 && index < 10;
        let overrides = if faulty { &impossible } else { &possible };
        let specs = detente_lens::conformance::specs();
        let places = crate::consistency::Places::new(layout, &specs, &plan.setting);
        let drawn = |i: usize| ((index + i) as u64, &[][..]);
        let at = (index, &drawn as &dyn Fn(usize) -> _);
        let told = (layout, &[][..], &places);
        let rows = (Rows::Whole(&mut row, width), 1);
        let (more, laps) = job(overrides).block(&mut worker, told, at, rows);
        add_counts(&mut counts, more);
        assert_eq!(laps.draw.worlds, usize::from(!faulty));
        for (x, expected) in row.iter().zip(expected.iter()) {
            let expected = if faulty { f64::NAN } else { *expected };
            assert_eq!(x.to_bits(), expected.to_bits(), "world {index}");
        }
    }
    let drawn = |silence: &&(&str, Silence)| silence.0 == "drawing";
    let panics: usize = counts
        .keys()
        .filter(drawn)
        .map(|silence| counts[silence])
        .sum();
    assert_eq!(panics, 2);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "reads a shipped case")]
fn what_is_asked_in_part_is_told_as_in_whole() {
    // The case that says what may follow a deal.
    let mut cases = std::fs::read_dir("../../cases").expect("the shipped cases");
    let case = cases.find_map(|case| {
        let folder = case.expect("a folder").path();
        folder.join("durability.toml").exists().then_some(folder)
    });
    let files = std::fs::read_dir(case.expect("a case")).expect("the shipped case");
    let mut parts: Vec<_> = files
        .map(|file| file.expect("a file").path())
        .filter(|path| {
            let beside = ["evidence.toml", "ledger.toml"];
            path.extension().is_some_and(|e| e == "toml")
                && !beside.iter().any(|name| path.ends_with(name))
        })
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("a text");
            (path.display().to_string(), text)
        })
        .collect();
    parts.sort_by_key(|(name, _)| (!name.ends_with("case.toml"), name.clone()));
    let texts: Vec<(&str, &str)> = parts
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let case = detente_case::check(&texts, &detente_core::catalogue::all())
        .case
        .expect("a whole case");
    let plan = Plan::new(&case);
    let (few, none) = (options(2), &Overrides::default());
    let few = RunOptions { searches: 1, ..few };
    let whole = run(&plan, none, few, &Ignored);
    let setting = &plan.setting;
    let all = Scope::all(setting);
    assert!(all.covers(&Scope::none(setting)));
    let mut same = 0;
    for (l, lens) in LENSES.iter().enumerate() {
        let spec = lens.spec();
        for ((q, quantity), of) in spec.quantities.iter().enumerate().zip(spec.handles()) {
            let sizes: Vec<usize> = quantity
                .dimensions
                .iter()
                .map(|d| d.size(setting))
                .collect();
            if sizes.contains(&0) || !(q + l).is_multiple_of(3) {
                continue;
            }
            // An entry somewhere in the middle.
            let index: Vec<usize> = sizes.iter().map(|size| (q + l) % size).collect();
            let mut scope = Scope::none(setting);
            scope.add(lens.spec().id, quantity.id, &index);
            assert!(!scope.covers(&all), "{} asks for all", quantity.id);
            let part = super::run_part(&plan, none, few, (&scope, 0..few.worlds, None), &Ignored);
            let column = |table: &Table| -> Vec<f64> { table.column(of, &index).collect() };
            for (x, y) in column(&whole).into_iter().zip(column(&part)) {
                let alike = x == y || (x.is_nan() && y.is_nan());
                assert!(
                    alike,
                    "{}.{} {index:?}: {x} {y}",
                    lens.spec().id,
                    quantity.id
                );
            }
            same += 1;
            let Cells::Asked(columns, _) = &part.cells else {
                panic!("{:?}", part.cells);
            };
            assert_eq!(columns.len(), 1, "a column alone is kept");
        }
    }
    assert!(same > 15, "{same}");
}

/// A run that climbs ends where its answers are sure or at its top, and holds the rows of a plain run of as many worlds and searches.
#[test]
fn a_climb_is_a_plain_run_of_the_worlds_that_it_took() {
    use super::{BESIDE_ERROR, HEADLINE_ERROR, Ladder};
    use detente_core::catalogue::settlement;
    let (plan, none) = (plan(), Overrides::default());
    let most = RunOptions {
        searches: 40,
        ..options(600)
    };
    let packages = plan.setting.packages.len();
    let sure = |table: &Table, error| table.is_settled(&[settlement::AGREED], packages, error);
    for error in [HEADLINE_ERROR, BESIDE_ERROR, 1.0] {
        let ladder = Ladder {
            first: 50,
            most: most.worlds,
            searched_first: Some(10),
            settles_talks: false,
            scope: None,
        };
        let table = ladder.climb(
            (&plan, &none),
            most,
            None,
            |table| sure(table, error),
            &Ignored,
        );
        assert!(sure(&table, error) || table.worlds == most.worlds);
        // One step before it was not sure.
        if table.worlds > ladder.first {
            let before = RunOptions {
                worlds: table.worlds / 2,
                searches: 0,
                ..most
            };
            assert!(!sure(&run(&plan, &none, before, &Ignored), error));
        }
        let zone = table.mean(settlement::ZONE, &[]);
        assert!(zone.error <= BESIDE_ERROR || table.searches == most.searches);
        assert_eq!(zone.n, table.searches);
        let plain = RunOptions {
            worlds: table.worlds,
            searches: table.searches,
            ..most
        };
        let plain = run(&plan, &none, plain, &Ignored);
        assert!(bytes(&plain) == bytes(&table) && plain.silences == table.silences);
    }
}
