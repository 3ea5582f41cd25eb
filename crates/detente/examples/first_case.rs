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
    let summary = summarise(&case, &[], options, &Ignored).expect("no reading was asked for");
    for (package, line) in summary.setting.packages.iter().zip(&summary.packages) {
        println!(
            "{}: {:.0} of 100 worlds",
            package.name,
            100.0 * line.agreed.value
        );
    }
    assert!(summary.certified.faults.is_empty());
}
