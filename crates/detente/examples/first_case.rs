//! Checks the first case, runs it, and prints how often each named package is acceptable to all it needs.

use detente::{Ignored, RunOptions, check, summarise};

fn main() {
    let checked = check(
        "case.toml",
        include_str!("../../../cases/first-case/case.toml"),
    );
    let case = checked.case.expect("the first case has no errors");
    let options = RunOptions {
        worlds: 200,
        searches: 20,
        solutions: 20,
        ..RunOptions::default()
    };
    let evidence = summarise(&case, &[], options, &Ignored).expect("no reading was asked for");
    for (package, line) in evidence.setting.packages.iter().zip(evidence.packages()) {
        println!(
            "{}: {:.0} of 100 worlds",
            package.name,
            100.0 * line.agreed.value
        );
    }
    assert!(evidence.certified.faults.is_empty());
}
