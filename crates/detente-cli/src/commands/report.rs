//! `detente report`

use std::path::PathBuf;

use detente::report::{self, Stamp};
use detente::{RunOptions, summarise, worlds_to_run};

use crate::args::{Report, Sampler};
use crate::failure::Failure;
use crate::progress::Bar;
use crate::{case_file, output};

pub(crate) fn run(args: &Report) -> Result<(), Failure> {
    let opened = case_file::open(&args.case, false)?;
    let options = RunOptions {
        stream: args.sampler.stream(args.seed),
        worlds: args.worlds as usize,
        searches: args.searches.min(args.worlds) as usize,
        threads: args.threads.map(|n| n as usize),
    };
    // A wrong name is said before anything is run.
    detente::overrides_of(&opened.case, &args.reading)
        .map_err(|bad| Failure::BadInput(bad.to_string()))?;
    let bar = Bar::new(worlds_to_run(&opened.case, &args.reading, options));
    let summary = summarise(&opened.case, &args.reading, options, &bar);
    bar.finish();
    let summary = summary.map_err(|bad| Failure::BadInput(bad.to_string()))?;

    let stamp = Stamp {
        case_path: args.case.display().to_string(),
        case_hash: report::hash(&opened.text),
        command: command(args),
    };
    let page = args
        .output
        .clone()
        .unwrap_or_else(|| default_page(&opened.name, &args.reading));
    output::write_file(&page, &report::html(&summary, &opened.case, &stamp))?;
    let page = page.display().to_string();
    if args.json {
        output::print(&report::json(&summary, &stamp))
    } else {
        output::print(&report::terminal(&summary, Some(&page)))
    }
}

fn default_page(name: &str, readings: &[String]) -> PathBuf {
    let under = if readings.is_empty() {
        String::new()
    } else {
        format!("-{}", readings.join("-"))
    };
    PathBuf::from("reports").join(format!("{name}{under}.html"))
}

/// The command that makes the same report again.
fn command(args: &Report) -> String {
    let mut words = vec![
        "detente".to_owned(),
        "report".to_owned(),
        args.case.display().to_string(),
    ];
    words.extend([
        format!("--seed {}", args.seed),
        format!("--worlds {}", args.worlds),
        format!("--searches {}", args.searches),
    ]);
    if args.sampler == Sampler::Pseudo {
        words.push("--sampler pseudo".to_owned());
    }
    if !args.reading.is_empty() {
        words.push(format!("--reading {}", args.reading.join(",")));
    }
    words.join(" ")
}
