//! `detente brief`

use std::path::{Path, PathBuf};

use detente::brief;
use detente::report::{self, Stamp};
use detente::{Evidence, Keeps, KeptRun, RunOptions, summarise, summarise_kept};

use super::report::{as_argument, kept, options, outcome, refuse_page_of_another, words};
use crate::args::{Brief, Drawing, Report};
use crate::case_file::{self, Opened};
use crate::failure::Failure;
use crate::memory;
use crate::output::{self, Inputs, Place};
use crate::progress::Bar;
use crate::stop::Stop;
use crate::usage::Usage;

/// What a brief is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Page,
    Document,
}

/// A run that a brief is of.
struct Run {
    drawing: Drawing,
    opened: Opened,
    options: RunOptions,
}

pub(crate) fn run(args: &Brief) -> Result<(), Failure> {
    let form = args.output.as_deref().map_or(Ok(Form::Page), form)?;
    // A wrong name is said before anything is run.
    let (first, mut kept) = first(args)?;
    let second = second(args)
        .map(|drawing| prepare(args, drawing))
        .transpose()?;
    let runs: Vec<&Run> = std::iter::once(&first).chain(&second).collect();
    let place = place(args, &runs)?;
    for run in &runs {
        memory::refuse_too_many(&run.opened.case, Keeps::Report, run.options.worlds)?;
    }
    let (usage, stop) = (Usage::watch(), Stop::watch()?);
    let mut told: Vec<Evidence> = Vec::new();
    for run in &runs {
        let bar = Bar::stoppable(run.options.worlds, stop.clone());
        let (case, readings) = (&run.opened.case, &run.drawing.reading);
        let evidence = match kept.take() {
            Some(rows) => summarise_kept(case, readings, run.options, rows, &bar),
            None => summarise(case, readings, run.options, &bar),
        };
        bar.finish();
        told.push(evidence.map_err(|bad| case_file::refuse_reading(&bad, &run.opened.sources))?);
    }
    let command = command(args);
    let stamps: Vec<Stamp> = runs
        .iter()
        .map(|run| Stamp {
            case_path: run.drawing.case.display().to_string(),
            case_hash: report::hash(&run.opened.texts),
            command: command.clone(),
        })
        .collect();
    let (brief, missing) = match (&told[..], &stamps[..]) {
        ([first, second], [own, other]) => brief::brief_of_two([first, second], [own, other]),
        _ => brief::brief(&told[0], &stamps[0]),
    };
    match form {
        Form::Page => place.write(brief.html().as_bytes())?,
        Form::Document => place.write(&brief.docx())?,
    }
    output::print(&format!("The brief is in {}\n", place.named().display()))?;
    output::note(&usage.taken().words());
    told.iter()
        .try_for_each(|evidence| outcome(evidence, &missing))
}

/// What a file's name asks for; names of what a brief cannot be written as are refused.
fn form(named: &Path) -> Result<Form, Failure> {
    let extension = named.extension().map(std::ffi::OsStr::to_ascii_lowercase);
    let extension = extension.as_deref().and_then(std::ffi::OsStr::to_str);
    match extension {
        Some("docx") => Ok(Form::Document),
        Some(other @ ("doc" | "odt" | "rtf" | "pdf" | "json" | "md" | "txt")) => {
            Err(Failure::BadInput(format!(
                "a brief is a page (.html) or a document (.docx), and {} ends in .{other}",
                named.display()
            )))
        }
        _ => Ok(Form::Page),
    }
}

/// The run that a brief is of; with its rows, if it is kept.
fn first(args: &Brief) -> Result<(Run, Option<KeptRun>), Failure> {
    if !args.from {
        return Ok((prepare(args, args.drawing.clone())?, None));
    }
    let kept = kept::open(&args.drawing.case, args.threads.map(|n| n as usize))?;
    let rows = kept.read()?;
    let run = Run {
        drawing: kept.drawing,
        opened: kept.opened,
        options: kept.options,
    };
    Ok((run, Some(rows)))
}

/// What the second run is drawn from, if there is one.
fn second(args: &Brief) -> Option<Drawing> {
    if args.against.is_none() && args.against_reading.is_empty() {
        return None;
    }
    let mut drawing = args.drawing.clone();
    if let Some(case) = &args.against {
        drawing.case.clone_from(case);
    }
    drawing.reading.clone_from(&args.against_reading);
    Some(drawing)
}

fn prepare(args: &Brief, drawing: Drawing) -> Result<Run, Failure> {
    let (opened, _) = case_file::open_to_draw(&drawing)?;
    let options = options(&as_report(args, drawing.clone()), &opened.case);
    Ok(Run {
        drawing,
        opened,
        options,
    })
}

/// A brief is of what a report is of.
fn as_report(args: &Brief, drawing: Drawing) -> Report {
    Report {
        drawing,
        from: args.from,
        output: None,
        quick: args.quick,
        worlds: args.worlds,
        searches: args.searches,
        prior: args.prior,
        rival_claims: false,
        threads: args.threads,
        json: false,
    }
}

fn place(args: &Brief, runs: &[&Run]) -> Result<Place, Failure> {
    let files = runs.iter().flat_map(|run| run.opened.paths.clone());
    let inputs = Inputs {
        files: files.collect(),
        what: "the case",
    };
    if let Some(named) = &args.output {
        return Place::look(named, &inputs);
    }
    let names: Vec<String> = runs
        .iter()
        .map(|run| case_file::name_under(&run.opened.name, &run.drawing.reading))
        .collect();
    let named = PathBuf::from("reports").join(format!("{}-brief.html", names.join("-against-")));
    let place = Place::look(&named, &inputs)?;
    refuse_page_of_another(&named, &args.drawing.case)?;
    Ok(place)
}

/// The command that makes the same brief again, as a shell takes it.
fn command(args: &Brief) -> String {
    let mut words = words(&as_report(args, args.drawing.clone()), "brief");
    if let Some(case) = &args.against {
        words.extend(["--against".to_owned(), as_argument(case)]);
    }
    if !args.against_reading.is_empty() {
        let readings = args.against_reading.join(",");
        words.extend(["--against-reading".to_owned(), readings]);
    }
    let words: Vec<_> = words.iter().map(|word| output::quoted(word)).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Form, form};

    #[test]
    fn the_name_says_what_is_written() {
        let of = |name| form(Path::new(name)).ok();
        assert_eq!(of("x.docx"), Some(Form::Document));
        assert_eq!(of("x.DOCX"), Some(Form::Document));
        for page in ["x.html", "x.htm", "x", "/dev/stdout"] {
            assert_eq!(of(page), Some(Form::Page), "{page}");
        }
        for other in ["x.doc", "x.pdf", "x.json"] {
            assert_eq!(of(other), None, "{other}");
        }
    }
}
