//! `detente report`

use std::path::{Path, PathBuf};

use detente::report::{self, Stamp};
use detente::{RunOptions, summarise, worlds_to_run};

use crate::args::{Report, Sampler};
use crate::failure::Failure;
use crate::progress::Bar;
use crate::{case_file, output};

pub(crate) fn run(args: &Report) -> Result<(), Failure> {
    let drawing = &args.drawing;
    // A wrong name is said before anything is run.
    let (opened, _) = case_file::open_to_draw(drawing)?;
    let case = &opened.case;
    let options = RunOptions {
        stream: drawing.stream(),
        worlds: args.worlds as usize,
        searches: args.searches.min(args.worlds) as usize,
        solutions: detente::solutions_of(args.searches.min(args.worlds) as usize),
        threads: args.threads.map(|n| n as usize),
    };
    let page = args
        .output
        .clone()
        .unwrap_or_else(|| default_page(&opened.name, &drawing.reading));
    for path in &opened.paths {
        refuse_own_case(&page, path)?;
    }
    refuse_too_large(case, options.worlds)?;
    let bar = Bar::new(worlds_to_run(case, &drawing.reading, options));
    let summary = summarise(case, &drawing.reading, options, &bar);
    bar.finish();
    let summary = summary.map_err(|bad| Failure::BadInput(bad.to_string()))?;

    let stamp = Stamp {
        case_path: drawing.case.display().to_string(),
        case_hash: report::hash(&opened.texts),
        command: command(args),
    };
    output::write_file(&page, report::html(&summary, &stamp).as_bytes())?;
    let page = page.display().to_string();
    if args.json {
        output::print(&report::json(&summary, &stamp))?;
    } else {
        output::print(&report::terminal(&summary, Some(&page)))?;
    }
    let broken = &summary.consistency.broken;
    match (summary.certified.faults.first(), broken.first()) {
        (Some(fault), _) => Err(Failure::Failed(format!(
            "an answer failed its certificate: {fault}"
        ))),
        (None, Some((what, worlds))) => Err(Failure::Failed(format!(
            "answers contradict one another in {worlds} of {} worlds: {what}",
            summary.consistency.worlds
        ))),
        (None, None) => Ok(()),
    }
}

/// A page is never written over the case it is about.
fn refuse_own_case(page: &Path, case: &Path) -> Result<(), Failure> {
    let same = page
        .canonicalize()
        .ok()
        .is_some_and(|page| case.canonicalize().ok() == Some(page));
    if same {
        return Err(Failure::BadInput(format!(
            "{} is the case; give the page another name",
            page.display()
        )));
    }
    Ok(())
}

/// A run keeps a row of numbers a world in memory.
fn refuse_too_large(case: &detente::Case, worlds: usize) -> Result<(), Failure> {
    /// Bytes that a run's table may take.
    const MOST: usize = 4 << 30;
    let row = detente::row_bytes(case);
    if worlds.saturating_mul(row) > MOST {
        return Err(Failure::BadInput(format!(
            "{worlds} worlds of this case would take {} GiB of memory; at most {} worlds are run at once",
            worlds.saturating_mul(row) >> 30,
            MOST / row
        )));
    }
    Ok(())
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
    let drawing = &args.drawing;
    let mut words = vec![
        "detente".to_owned(),
        "report".to_owned(),
        drawing.case.display().to_string(),
    ];
    words.extend([
        format!("--seed {}", drawing.seed),
        format!("--worlds {}", args.worlds),
        format!("--searches {}", args.searches),
    ]);
    if drawing.sampler == Sampler::Pseudo {
        words.push("--sampler pseudo".to_owned());
    }
    if !drawing.reading.is_empty() {
        words.push(format!("--reading {}", drawing.reading.join(",")));
    }
    words.extend(drawing.set.iter().map(|set| format!("--set {set:?}")));
    if let Some(expert) = &drawing.expert {
        words.push(format!("--expert {expert:?}"));
    }
    words.join(" ")
}
