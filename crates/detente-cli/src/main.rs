//! The `detente` command: arguments, files, terminal, exit codes.
//!
//! Exit codes: 0 done, 1 failed, 2 bad input, 130 stopped by Ctrl-C. Results go to standard output, everything else to standard error.

mod args;
mod build;
mod case_file;
mod clock;
mod commands;
mod failure;
mod ledger_file;
#[cfg(feature = "mcp")]
mod mcp;
mod memory;
mod output;
mod parquet;
mod progress;
mod render;
mod run_folder;
mod sheet_file;
mod stop;
mod usage;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};
use failure::Failure;

fn main() -> ExitCode {
    let args = Args::try_parse().unwrap_or_else(|error| refuse(&error));
    cap_threads();
    // A panic is a defect of ours. Those of single worlds are caught, counted and reported by the run; none prints a trace.
    std::panic::set_hook(Box::new(|_| {}));
    let done = std::panic::catch_unwind(|| dispatch(&args))
        .unwrap_or_else(|panic| Err(Failure::defect(panic.as_ref())));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

/// Threads are as many as the machine has, or as the usual variable asks for: that one is capped before anything takes it at its word.
fn cap_threads() {
    let asked = std::env::var("RAYON_NUM_THREADS").ok();
    let asked = asked.and_then(|text| text.trim().parse::<usize>().ok());
    if let Some(asked) = asked.filter(|n| *n > detente::MOST_THREADS) {
        detente::use_threads(asked);
    }
}

/// What is wrong with the arguments, or help. They are shown as they were typed unless something in them would act on a terminal.
fn refuse(error: &clap::Error) -> ! {
    let said = error.to_string();
    if detente::diag::visible(&said) == said {
        error.exit();
    }
    output::note(said.trim_end());
    std::process::exit(error.exit_code());
}

fn dispatch(args: &Args) -> Result<(), Failure> {
    match &args.command {
        Command::Check(check) => commands::check::run(check),
        Command::Report(report) => commands::report::run(report),
        Command::Brief(brief) => commands::brief::run(brief),
        Command::Run(run) => commands::run::run(run),
        Command::Merge(merge) => commands::merge::run(merge),
        Command::Compare(compare) => commands::compare::run(compare),
        Command::Bench(bench) => commands::bench::run(bench),
        Command::Draw(draw) => commands::draw::run(draw),
        Command::Ledger(ledger) => commands::ledger::run(ledger),
        Command::Solve(solve) => commands::solve::run(solve),
        Command::Backtest(backtest) => commands::backtest::run(backtest),
        Command::Fit(fit) => commands::fit::run(fit),
        Command::Why(why) => commands::why::run(why),
        Command::Ask(ask) => commands::ask::run(ask),
        Command::Export(export) => commands::export::run(export),
        Command::Import(import) => commands::import::run(import),
        Command::List(list) => commands::list::run(list),
        Command::ExportLive(export) => commands::export_live::run(export),
        Command::Live(live) => commands::live::run(live),
        Command::Explain(explain) => commands::explain::run(explain),
        Command::New(new) => commands::new::run(new),
        Command::Mcp(mcp) => commands::mcp::run(mcp),
        Command::Completions { shell } => commands::completions::run(*shell),
        Command::Schema => output::print_json_text(&detente::schema()),
    }
}
