//! `detente report`

pub(super) mod kept;

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use detente::report::{self, Stamp};
use detente::{Case, Evidence, Keeps, Lack, Missing, RunOptions, summarise};
use detente_desk::report::quoted;

use crate::args::Report;
use crate::case_file::{self, Opened};
use crate::failure::Failure;
use crate::memory;
use crate::output::{self, Place};
use crate::progress::Bar;
use crate::render;
use crate::stop::Stop;
use crate::usage::Usage;

pub(crate) fn run(args: &Report) -> Result<(), Failure> {
    if args.from {
        return of_run(args);
    }
    let drawing = &args.drawing;
    // A wrong name is said before anything is run.
    let (opened, _) = case_file::open_to_draw(drawing)?;
    let case = &opened.case;
    let options = options(args, case);
    let place = place(&opened, args)?;
    memory::refuse_too_many(case, Keeps::Report, options.worlds)?;
    let untold = detente::untold_claims(case, &drawing.reading)
        .map_err(|bad| case_file::refuse_reading(&bad, &opened.sources))?;
    render::print(&untold, &opened.sources, true);
    let usage = Usage::watch();
    let bar = Bar::stoppable(options.worlds, Stop::watch()?);
    let summary = summarise(case, &drawing.reading, options, &bar);
    bar.finish();
    let summary = summary.map_err(|bad| case_file::refuse_reading(&bad, &opened.sources))?;
    write(args, (&opened, &summary), &place, &usage)
}

/// The report of a run that is kept.
fn of_run(args: &Report) -> Result<(), Failure> {
    let usage = Usage::watch();
    let kept = kept::open(&args.drawing.case, args.threads.map(|n| n as usize))?;
    let opened = &kept.opened;
    let place = place(opened, args)?;
    let run = kept.read()?;
    let bar = Bar::stoppable(kept.options.worlds, Stop::watch()?);
    let readings = &kept.drawing.reading;
    let summary = detente::summarise_kept(&opened.case, readings, kept.options, run, &bar);
    bar.finish();
    let summary = summary.map_err(|bad| case_file::refuse_reading(&bad, &opened.sources))?;
    write(args, (opened, &summary), &place, &usage)
}

/// Where a report goes; a name that says otherwise than what is asked for is refused.
fn place(opened: &Opened, args: &Report) -> Result<Place, Failure> {
    if args.output.as_deref().is_some_and(is_json) && !args.json {
        let named = args.output.as_deref().unwrap_or(Path::new("")).display();
        return Err(Failure::BadInput(format!(
            "{named} would hold a page: add --json to write the summary as JSON, or give the page another name"
        )));
    }
    match &args.output {
        Some(named) => Place::look(named, &opened.inputs()),
        None => default_page(opened, args),
    }
}

/// Writes a report, and says what leads it.
fn write(
    args: &Report,
    (opened, summary): (&Opened, &Evidence),
    place: &Place,
    usage: &Usage,
) -> Result<(), Failure> {
    let stamp = Stamp {
        case_path: args.drawing.case.display().to_string(),
        case_hash: report::hash(&opened.texts),
        command: command(args),
    };
    let (html, missing) = report::page(summary, &stamp);
    let as_data = args.output.as_deref().is_some_and(is_json);
    if as_data {
        place.write(detente::diag::visible_json(&report::json(summary, &stamp)).as_bytes())?;
    } else {
        place.write(html.as_bytes())?;
    }
    let page = place.named().display().to_string();
    if as_data {
        output::note(&format!("the summary is in {page}"));
    } else if args.json {
        output::print_json_text(&report::json(summary, &stamp))?;
    } else {
        output::print(&report::terminal(summary, Some(&page)))?;
    }
    // Beside the result, never in it: two runs on two machines give the same bytes.
    output::note(&usage.taken().words());
    outcome(summary, &missing)
}

/// How the worlds of a report are run.
pub(crate) fn options(args: &Report, case: &Case) -> RunOptions {
    asked(args).options(case)
}

/// What is asked, as whoever else runs reports has it.
fn asked(args: &Report) -> detente_desk::report::Report {
    let drawing = &args.drawing;
    detente_desk::report::Report {
        stream: drawing.stream(),
        worlds: args.worlds.map(|n| n as usize),
        searches: args.searches as usize,
        quick: args.quick,
        prior: args.prior,
        rival_claims: args.rival_claims,
        threads: args.threads.map(|n| n as usize),
        readings: drawing.reading.clone(),
        set: drawing.set.clone(),
        expert: drawing.expert.clone(),
    }
}

/// Is a file named as one that holds JSON?
fn is_json(named: &Path) -> bool {
    let extension = named.extension().map(std::ffi::OsStr::to_ascii_lowercase);
    extension.is_some_and(|extension| extension == "json")
}

/// How a report ended whose page is written: whole, or with what fault first.
pub(crate) fn outcome(summary: &Evidence, missing: &[Missing]) -> Result<(), Failure> {
    if let Some(why) = detente_desk::report::unsound(summary, missing) {
        return Err(Failure::Failed(why));
    }
    let left = missing.iter().filter(|m| m.why == Lack::Interrupted);
    let left: Vec<&str> = left.map(|missing| missing.part).collect();
    if left.is_empty() {
        return Ok(());
    }
    Err(Failure::Stopped(format!(
        "stopped; left out of the page: {}",
        left.join(", ")
    )))
}

/// Where the page goes unless the user says. Cases of one name in two folders have one page between them: that of another case is
/// not written over unless it is named.
fn default_page(opened: &Opened, args: &Report) -> Result<Place, Failure> {
    let name = case_file::name_under(&opened.name, &args.drawing.reading);
    let named = PathBuf::from("reports").join(format!("{name}.html"));
    let place = Place::look(&named, &opened.inputs())?;
    refuse_page_of_another(&named, &args.drawing.case)?;
    Ok(place)
}

/// Refuses a page of another case, whose place nobody has named.
pub(crate) fn refuse_page_of_another(named: &Path, case: &Path) -> Result<(), Failure> {
    if let Some(other) = case_of_page(named)
        && let (Ok(there), Ok(here)) = (other.canonicalize(), case.canonicalize())
        && there != here
        && there != here.join("case.toml")
        && there.join("case.toml") != here
    {
        return Err(Failure::BadInput(format!(
            "{} is the report of another case, {}; give this one a name of its own with -o",
            named.display(),
            other.display()
        )));
    }
    Ok(())
}

/// The case that a page is about, as it was named when the page was made; `None` if it is no page, or does not say.
fn case_of_page(page: &Path) -> Option<PathBuf> {
    /// The head of a page is shorter, but for its style, which comes after this.
    const HEAD: u64 = 1 << 14;
    let mut head = Vec::new();
    File::open(page)
        .ok()?
        .take(HEAD)
        .read_to_end(&mut head)
        .ok()?;
    let head = String::from_utf8_lossy(&head);
    let (_, rest) = head.split_once(report::CASE_IN_HEAD)?;
    let (path, _) = rest.split_once('"')?;
    let plain = [
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#38;", "&"),
    ];
    let path = plain.iter().fold(path.to_owned(), |path, (escaped, c)| {
        path.replace(escaped, c)
    });
    Some(PathBuf::from(path))
}

/// The command that makes the same report again, as a shell takes it.
fn command(args: &Report) -> String {
    let words = words(args, "report");
    let words: Vec<_> = words.iter().map(|word| quoted(word)).collect();
    words.join(" ")
}

/// A path as an argument: one that begins like an option would be read as one.
pub(crate) fn as_argument(path: &Path) -> String {
    detente_desk::report::as_argument(&path.display().to_string())
}

/// The words of a command that makes the same again.
pub(crate) fn words(args: &Report, command: &str) -> Vec<String> {
    let path = &args.drawing.case;
    if args.from {
        let words = ["detente", command, "--from"].map(str::to_owned);
        return words.into_iter().chain([as_argument(path)]).collect();
    }
    asked(args).words(command, &path.display().to_string())
}
