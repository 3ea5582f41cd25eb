//! Results are a pure function of case, seed and version.

use detente::handles::alternative;
use detente::{
    Ignored, Overrides, Plan, RunOptions, Sampler, Stream, Table, drawn_inputs, overrides_of, run,
};

use crate::{CASES, case, small};

fn bytes(table: &Table) -> Vec<u8> {
    table.bytes().collect()
}

#[test]
fn one_thread_and_two_give_the_same_bytes() {
    for name in CASES {
        let plan = Plan::new(&case(name));
        let with = |threads| {
            let options = RunOptions {
                threads: Some(threads),
                ..small(40, 2)
            };
            bytes(&run(&plan, &Overrides::default(), options, &Ignored))
        };
        assert!(with(1) == with(2), "{name}");
    }
}

#[test]
fn a_longer_run_begins_with_the_shorter_one() {
    let plan = Plan::new(&case("first-case"));
    let with = |worlds| {
        bytes(&run(
            &plan,
            &Overrides::default(),
            small(worlds, 5),
            &Ignored,
        ))
    };
    let (short, long) = (with(70), with(200));
    assert!(long[..short.len()] == short[..]);
}

#[test]
fn another_seed_gives_other_worlds() {
    let plan = Plan::new(&case("first-case"));
    let with = |seed| {
        bytes(&run(
            &plan,
            &Overrides::default(),
            RunOptions {
                stream: Stream {
                    seed,
                    ..Stream::default()
                },
                ..small(20, 0)
            },
            &Ignored,
        ))
    };
    assert!(with(1) != with(2));
}

#[test]
fn a_reading_leaves_every_other_number_alone() {
    for name in CASES {
        let case = case(name);
        let plan = Plan::new(&case);
        for reading in &case.readings {
            let overrides = overrides_of(&case, std::slice::from_ref(&reading.id)).unwrap();
            let replaced: Vec<_> = reading.set.iter().map(|r| r.input).collect();
            for (stream, index) in worlds() {
                let uniforms = plan.uniforms(stream, index);
                let (plain, put) = (
                    plan.values(&uniforms, &Overrides::default()),
                    plan.values(&uniforms, &overrides),
                );
                for (i, input) in case.inputs.iter().enumerate() {
                    let touched = replaced
                        .iter()
                        .any(|id| id.0 as usize == i || inherits(&case, i, *id));
                    let same = plain[i].to_bits() == put[i].to_bits();
                    assert!(
                        same || touched,
                        "{name}, {}: {} moved",
                        reading.id,
                        input.path
                    );
                }
            }
        }
    }
}

fn inherits(case: &detente::Case, i: usize, from: detente::InputId) -> bool {
    matches!(case.inputs[i].draw, detente::Draw::Inherited(parent) if parent == from)
}

#[test]
fn adding_an_input_or_renaming_a_label_leaves_every_other_draw_alone() {
    let before = case("first-case");
    let text = crate::text("first-case")
        .replace("name = \"North\"", "name = \"The Northern Union\"")
        .replace(
            "[party.mediator]\n",
            "[party.mediator]\naspiration = \"0.01 to 0.02\"\n",
        );
    let after = detente::check("changed", &text).case.unwrap();
    let (old, new) = (Plan::new(&before), Plan::new(&after));
    for (stream, index) in worlds() {
        let was = old.values(&old.uniforms(stream, index), &Overrides::default());
        let is = new.values(&new.uniforms(stream, index), &Overrides::default());
        for (input, x) in before.inputs.iter().zip(&was) {
            let place = after
                .inputs
                .iter()
                .position(|i| i.path == input.path)
                .unwrap();
            let added = input.path == "party.mediator.aspiration";
            assert!(
                added || is[place].to_bits() == x.to_bits(),
                "{} moved",
                input.path
            );
        }
    }
}

/// Some worlds of both samplers.
fn worlds() -> impl Iterator<Item = (Stream, u64)> {
    [Sampler::Pseudo, Sampler::Quasi]
        .into_iter()
        .flat_map(|sampler| (0..20).map(move |index| (Stream { sampler, seed: 3 }, index)))
}

/// The error that is printed is the error that is made: over seeds, means scatter as their standard errors say, and far
/// less under the quasi-random sampler than under independent worlds.
#[test]
fn printed_errors_are_honest_under_both_samplers() {
    let plan = Plan::new(&case("first-case"));
    let scatter = |sampler: Sampler| {
        let runs: Vec<_> = (0..24)
            .map(|seed| {
                let stream = Stream { sampler, seed };
                let options = RunOptions {
                    stream,
                    ..small(512, 0)
                };
                let table = run(&plan, &Overrides::default(), options, &Ignored);
                table.mean(alternative::VALUE, &[0])
            })
            .collect();
        let n = runs.len() as f64;
        let mean = runs.iter().map(|m| m.value).sum::<f64>() / n;
        let seen = (runs
            .iter()
            .map(|m| (m.value - mean) * (m.value - mean))
            .sum::<f64>()
            / (n - 1.0))
            .sqrt();
        let printed = (runs.iter().map(|m| m.error * m.error).sum::<f64>() / n).sqrt();
        (seen, printed)
    };
    let (pseudo, quasi) = (scatter(Sampler::Pseudo), scatter(Sampler::Quasi));
    // The spread of 24 runs is itself known to about 15 %.
    for (seen, printed) in [pseudo, quasi] {
        assert!(
            (0.6..1.6).contains(&(seen / printed)),
            "seen {seen}, printed {printed}"
        );
    }
    assert!(
        quasi.0 < pseudo.0 / 2.0,
        "quasi {}, pseudo {}",
        quasi.0,
        pseudo.0
    );
}

#[test]
fn drawn_inputs_read_back_exactly() {
    let case = case("first-case");
    let stream = Stream::default();
    let draw = |worlds| drawn_inputs(&case, &Overrides::default(), stream, worlds);
    let (first, rest) = (draw(0..2), draw(2..3));
    let csv = first.csv_head() + &first.csv_rows() + &rest.csv_rows();
    let mut lines = csv.lines();
    let head: Vec<&str> = lines.next().unwrap().split(',').collect();
    assert_eq!((head[0], lines.clone().count()), ("world", 3));
    let plan = Plan::new(&case);
    for (world, line) in lines.enumerate() {
        let values = plan.values(&plan.uniforms(stream, world as u64), &Overrides::default());
        for (path, cell) in head.iter().zip(line.split(',')).skip(1) {
            let place = case
                .inputs
                .iter()
                .position(|input| input.path == *path)
                .unwrap();
            assert_eq!(
                cell.parse::<f64>().unwrap().to_bits(),
                values[place].to_bits(),
                "{path}"
            );
        }
    }
}

#[test]
fn one_expert_of_several_can_be_run_alone() {
    let text = crate::text("first-case").replacen(
        "pace = \"4 to 9\"",
        "pace = { experts = [{ by = \"Ada\", value = 4 }, { by = \"Ben\", value = 9, weight = 3 }] }",
        1,
    );
    let case = detente::check("case", &text).case.unwrap();
    let drawn = |case: &detente::Case| {
        let drawn = drawn_inputs(case, &Overrides::default(), Stream::default(), 0..64);
        let place = drawn.paths.iter().position(|path| path == "contest.pace");
        place.map(|i| drawn.columns[i].clone())
    };
    let both = drawn(&case).expect("the mixture varies");
    let bens = both.iter().filter(|pace| **pace == 9.0).count();
    assert!(
        both.iter().all(|pace| [4.0, 9.0].contains(pace)),
        "never their average"
    );
    assert_eq!(bens, 48);
    let ada = detente::expert_alone(&case, "Ada").unwrap();
    assert_eq!(drawn(&ada), None, "one exact number does not vary");
    let unknown = detente::expert_alone(&case, "Bem").unwrap_err();
    assert_eq!(unknown.nearest.as_deref(), Some("Ben"));
}

#[test]
fn an_expert_is_heard_alone_in_readings_too() {
    let text = crate::text("first-case").to_owned()
        + "\n[reading.two]\nset.\"contest.pace\" = { experts = [{ by = \"Ada\", value = 4 }, { by = \"Ben\", value = 9 }] }\n";
    let case = detente::check("case", &text).case.unwrap();
    assert_eq!(
        detente::experts(&case).into_iter().collect::<Vec<_>>(),
        ["Ada", "Ben"]
    );
    let ben = detente::expert_alone(&case, "Ben").unwrap();
    for (case, pace) in [(&case, vec![4.0, 9.0]), (&ben, vec![9.0])] {
        let overrides = overrides_of(case, &["two".to_owned()]).unwrap();
        let plan = Plan::new(case);
        let mut met: Vec<f64> = (0..64)
            .map(|i| {
                let world = plan.world(&plan.uniforms(Stream::default(), i), &overrides);
                world.numbers.contest[0].pace
            })
            .collect();
        met.sort_by(f64::total_cmp);
        met.dedup();
        assert_eq!(met, pace);
    }
}
