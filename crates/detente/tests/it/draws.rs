//! Results are a pure function of case, seed and version.

use detente::{Ignored, Overrides, Plan, RunOptions, Table, overrides_of, run};

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
                ..small(150, 6)
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
                seed,
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
            for index in 0..20 {
                let uniforms = plan.uniforms(3, index);
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
            "[party.mediator]\nscar = \"0.01 to 0.02\"\n",
        );
    let after = detente::check("changed", &text).case.unwrap();
    let (old, new) = (Plan::new(&before), Plan::new(&after));
    for index in 0..20 {
        let was = old.values(&old.uniforms(1, index), &Overrides::default());
        let is = new.values(&new.uniforms(1, index), &Overrides::default());
        for (input, x) in before.inputs.iter().zip(&was) {
            let place = after
                .inputs
                .iter()
                .position(|i| i.path == input.path)
                .unwrap();
            let added = input.path == "party.mediator.scar";
            assert!(
                added || is[place].to_bits() == x.to_bits(),
                "{} moved",
                input.path
            );
        }
    }
}
