//! A principal that fights and one that does not stand alike in every number.

use detente::{Case, Ignored, Overrides, Plan, Table, run};

use crate::{small, text};

const STRIKE: &str = include_str!("texts/strike.toml");
const PASTURE: &str = include_str!("texts/pasture.toml");

fn table(case: &Case) -> Table {
    run(
        &Plan::new(case),
        &Overrides::default(),
        small(12, 2),
        &Ignored,
    )
}

fn read(text: &str) -> Case {
    let checked = detente::check("case.toml", text);
    let said = checked.diagnostics;
    checked.case.unwrap_or_else(|| panic!("{said:?}"))
}

/// With and without a contest, with and without what may follow a deal.
#[test]
fn either_word_gives_the_same_bytes() {
    for whole in [STRIKE, PASTURE, text("first-case"), text("wage-round")] {
        let fights = whole.replace("[\"principal\"]", "[\"belligerent\"]");
        let does_not = whole.replace("[\"belligerent\"]", "[\"principal\"]");
        assert_ne!(fights, does_not);
        let (fights, does_not) = (read(&fights), read(&does_not));
        assert_eq!(
            table(&fights).bytes().collect::<Vec<u8>>(),
            table(&does_not).bytes().collect::<Vec<u8>>()
        );
        // Who is neither is told apart.
        let watches = whole
            .replacen("[\"principal\"]", "[\"observer\"]", 1)
            .replacen("[\"belligerent\"]", "[\"observer\"]", 1);
        let watches = detente::check("case.toml", &watches);
        if let Some(watches) = &watches.case {
            assert_ne!(watches.setting.signatories(), fights.setting.signatories());
        }
    }
}

/// A contest is between two, whatever they are called.
#[test]
fn a_contest_needs_two_principals() {
    let one = PASTURE.replacen("[\"belligerent\"]", "[\"observer\"]", 1);
    let found = detente::check("case.toml", &one).diagnostics;
    let fault = found.iter().find(|d| d.code.to_string() == "D0501");
    let fault = fault.unwrap_or_else(|| panic!("{found:?}"));
    assert!(
        fault
            .message
            .contains("only one party of the contest is a principal")
    );
    let mixed = PASTURE.replacen("[\"belligerent\"]", "[\"principal\"]", 1);
    assert_eq!(
        read(&mixed).setting.signatories(),
        read(PASTURE).setting.signatories()
    );
}
