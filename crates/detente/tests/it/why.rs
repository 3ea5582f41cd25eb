//! What `why` says, and numbers set for one run.

use detente::{Overrides, Plan, Stream, why};

use crate::{CASES, case, text};

/// The numbers of a block of indented rows, and the number in the line above it.
fn blocks(text: &str) -> Vec<(f64, Vec<f64>)> {
    let number = |piece: &str| piece.replace('−', "-").parse::<f64>().ok();
    let mut found: Vec<(f64, Vec<f64>)> = Vec::new();
    for line in text.lines() {
        if let Some(row) = line.strip_prefix("    ") {
            let last = row.split_whitespace().last().and_then(number);
            found.last_mut().unwrap().1.extend(last);
        } else if line.starts_with("  Levers that its refusal may trigger") {
            // What refusing is worth besides no deal has no rows.
        } else if let Some((_, rest)) = line.split_once("worth ")
            && let Some(total) = rest.split(' ').next().and_then(number)
        {
            found.push((total, Vec::new()));
        }
    }
    found
}

#[test]
fn what_it_adds_up_adds_up() {
    for name in CASES {
        let case = case(name);
        for party in &case.setting.parties {
            for package in case.setting.packages.iter().take(4) {
                for world in [None, Some((Stream::default(), 3))] {
                    let said = why(&case, &Overrides::default(), &party.id, &package.id, world);
                    let said = said.unwrap();
                    let blocks = blocks(&said);
                    assert_eq!(blocks.len(), 2 * party.types.len(), "{said}");
                    for (total, rows) in blocks {
                        // Every row is rounded to a tenth.
                        let sum: f64 = rows.iter().sum();
                        assert!(
                            (sum - total).abs() <= 0.05 * (rows.len() + 1) as f64,
                            "{said}"
                        );
                        assert!(!rows.is_empty());
                    }
                }
            }
        }
    }
}

#[test]
fn what_is_set_stands_under_every_reading_and_leaves_the_rest_alone() {
    let case = case("first-case");
    let reading = &case.readings[0];
    let path = case.inputs[reading.set[0].input.0 as usize].path.clone();
    let both = [
        format!("{path}=9"),
        "party.north.burden = 10 to 20".to_owned(),
    ];
    let set = case.with_set(&both, &mut detente::diag::Sources::default());
    let set = set.map_err(|faults| format!("{faults:?}")).unwrap();
    let overrides = detente::overrides_of(&set, std::slice::from_ref(&reading.id)).unwrap();
    let (before, after) = (Plan::new(&case), Plan::new(&set));
    let own = detente::overrides_of(&case, std::slice::from_ref(&reading.id)).unwrap();
    let values =
        |plan: &Plan, overrides| plan.values(&plan.uniforms(Stream::default(), 5), overrides);
    let (was, is) = (values(&before, &own), values(&after, &overrides));
    for (i, input) in case.inputs.iter().enumerate() {
        if input.path == path {
            assert_eq!(is[i], 9.0);
        } else if !input.path.contains("burden") {
            assert_eq!(is[i].to_bits(), was[i].to_bits(), "{}", input.path);
        }
    }
}

#[test]
fn what_cannot_be_set_is_refused_with_its_place() {
    let case = case("first-case");
    for (set, code) in [
        ("contest.edg=0.3", "D0402"),
        ("contest.edge", "D0402"),
        ("contest.pace=-1", "D0303"),
        ("contest.pace=9 to 4", "D0302"),
        ("contest.pace=", "D0301"),
        ("lever.arms_taper.on=off", "D0203"),
        ("=", "D0402"),
        ("contest.pace=é", "D0301"),
    ] {
        let mut sources = detente::diag::Sources::default();
        let faults = case.with_set(&[set.to_owned()], &mut sources).unwrap_err();
        assert_eq!(faults[0].code.to_string(), code, "{set}");
        for label in faults.iter().flat_map(|f| &f.labels) {
            let source = sources.get(label.span.file).unwrap();
            assert!(
                source.text.get(label.span.start..label.span.end).is_some(),
                "{set}"
            );
        }
    }
    assert!(
        case.with_set(
            &["lever.arms_taper.on=false".to_owned()],
            &mut detente::diag::Sources::default()
        )
        .is_ok()
    );
    assert!(text("first-case").contains("arms_taper"));
}
