//! Tests of the crate from outside, one binary.

mod backward;
mod basics;
mod certificate;
mod files;
mod formats;
mod known;
mod logit;
mod meaning;
mod oracles;
mod public;
mod resolve;
mod signalling;
mod solve;
mod stakes;

/// So many in a plain run, or with the slow sets, for which `.ci/run` asks; a plain run says what it leaves out.
fn of_many(what: &str, few: u64, many: u64) -> u64 {
    if std::env::var_os("DETENTE_SLOW").is_some() {
        many
    } else {
        println!("SKIPPED: {few} {what} of {many} (all with DETENTE_SLOW=1)");
        few
    }
}
