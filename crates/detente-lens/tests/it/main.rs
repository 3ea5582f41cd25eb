//! The solvers of this crate against calculations that share nothing with them.

mod agreement;
mod asking;
mod contests;
mod expected;
mod limits;
mod simulation;
mod slow_answers;
mod slow_beliefs;
mod slow_cases;
mod slow_durability;
mod slow_leverage;
mod slow_n;
mod slow_peace;
mod slow_refusal;
mod slow_veto;
mod slow_war;
mod stories;
mod story;
mod told;

/// So many in a plain run, or with the slow sets, for which `.ci/run` asks; a plain run says what it leaves out.
fn of_many(what: &str, few: u64, many: u64) -> u64 {
    if std::env::var_os("DETENTE_SLOW").is_some() {
        many
    } else {
        println!("SKIPPED: {few} {what} of {many} (all with DETENTE_SLOW=1)");
        few
    }
}
