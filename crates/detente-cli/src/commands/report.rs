//! `detente report`

use std::path::{Path, PathBuf};

use detente::report::{self, Stamp};
use detente::{Keeps, Lack, Missing, RunOptions, Summary, summarise, worlds_to_run};

use crate::args::{Report, Sampler};
use crate::failure::Failure;
use crate::progress::Bar;
use crate::stop::Stop;
use crate::usage::Usage;
use crate::{case_file, memory, output};

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
    memory::refuse_too_many(case, Keeps::Report, options.worlds)?;
    let usage = Usage::watch();
    let worlds = worlds_to_run(case, &drawing.reading, options);
    let bar = Bar::stoppable(worlds, Stop::watch()?);
    let summary = summarise(case, &drawing.reading, options, &bar);
    bar.finish();
    let summary = summary.map_err(|bad| Failure::BadInput(bad.to_string()))?;

    let stamp = Stamp {
        case_path: drawing.case.display().to_string(),
        case_hash: report::hash(&opened.texts),
        command: command(args),
    };
    let (html, missing) = report::page(&summary, &stamp);
    output::write_file(&page, html.as_bytes())?;
    let page = page.display().to_string();
    if args.json {
        output::print(&report::json(&summary, &stamp))?;
    } else {
        output::print(&report::terminal(&summary, Some(&page)))?;
    }
    // Beside the result, never in it: two runs on two machines give the same bytes.
    output::note(&usage.taken().words());
    outcome(&summary, &missing)
}

/// How a report ended whose page is written: whole, or with what fault first.
fn outcome(summary: &Summary, missing: &[Missing]) -> Result<(), Failure> {
    if let Some(fault) = summary.certified.faults.first() {
        return Err(Failure::Failed(format!(
            "an answer failed its certificate: {fault}"
        )));
    }
    if let Some((what, worlds)) = summary.consistency.broken.first() {
        return Err(Failure::Failed(format!(
            "answers contradict one another in {worlds} of {} worlds: {what}",
            summary.consistency.worlds
        )));
    }
    let defect = missing.iter().find_map(|missing| match &missing.why {
        Lack::Defect(what) => Some((missing.part, what)),
        Lack::Interrupted => None,
    });
    if let Some((part, what)) = defect {
        return Err(Failure::Failed(format!(
            "the section “{part}” could not be written, by a defect of detente, not of your case; please report it: {what}"
        )));
    }
    let left: Vec<&str> = missing.iter().map(|missing| missing.part).collect();
    if left.is_empty() {
        return Ok(());
    }
    Err(Failure::Stopped(format!(
        "stopped; left out of the page: {}",
        left.join(", ")
    )))
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
