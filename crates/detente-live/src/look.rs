//! The answer: evidence of few worlds, as the page's pieces.

use std::fmt::Write as _;

use detente::report::{self, Stamp};
use detente::{Effort, Evidence, Progress, RunOptions, summarise, workbench};
use serde_json::{Value, json};

use crate::Refused;
use crate::request::Request;
use crate::state::{self, Put};

/// Worlds of the first answer: errors of some 6 of 100, and it is there before anybody waits.
pub(crate) const FIRST: usize = 32;
/// By how much the next answer has more.
const STEP: usize = 4;
/// Worlds from which on no more are added, whatever the error.
const MOST: usize = 2048;
/// Worlds from which on packages are searched as far as a first look does, and talks are played.
const SEARCHED_FROM: usize = 128;

/// The headline, the map, what blocks, what decides it.
pub(crate) fn look(request: &Request, progress: &dyn Progress) -> Result<Value, Refused> {
    let put = state::put(&request.named(), &request.state, &[])?;
    let worlds = request.worlds.unwrap_or(FIRST);
    let evidence = evidence(&put, request, worlds, Effort::Quick, progress)?;
    let mut told = workbench::answer(&evidence);
    let error = told["error"].as_f64();
    let enough = worlds >= MOST
        || error.is_none_or(|error| error <= detente::HEADLINE_ERROR) && worlds >= SEARCHED_FROM;
    told["next"] = if enough {
        Value::Null
    } else {
        json!((worlds * STEP).min(MOST))
    };
    Ok(told)
}

/// A chapter that a reader opens.
pub(crate) fn open(request: &Request, progress: &dyn Progress) -> Result<Value, Refused> {
    let wanted = request.text("chapter")?;
    let known = detente::catalogue().into_iter().map(|spec| spec.id);
    let part = known.clone().find(|id| *id == wanted).ok_or_else(|| {
        let near = detente::diag::nearest(wanted, known);
        let near = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        Refused::Absent(format!("there is no chapter `{wanted}`{near}"))
    })?;
    let put = state::put(&request.named(), &request.state, &[])?;
    let worlds = request.worlds.unwrap_or(SEARCHED_FROM);
    let evidence = evidence(&put, request, worlds, Effort::Opened(part), progress)?;
    let html = workbench::opened(&evidence, part)
        .ok_or_else(|| Refused::Absent(format!("the case has nothing for the chapter `{part}`")))?;
    Ok(json!({ "chapter": part, "worlds": worlds, "html": html }))
}

/// The whole page of a first look.
pub(crate) fn page(request: &Request, progress: &dyn Progress) -> Result<Value, Refused> {
    let put = state::put(&request.named(), &request.state, &[])?;
    let worlds = request.worlds.unwrap_or(SEARCHED_FROM);
    let evidence = evidence(&put, request, worlds, Effort::Quick, progress)?;
    let stamp = Stamp {
        case_path: request
            .files
            .first()
            .map_or(String::new(), |(name, _)| name.clone()),
        case_hash: report::hash(&request.files),
        command: command(request, worlds),
    };
    Ok(json!({ "html": report::html(&evidence, &stamp) }))
}

/// The command that gives the same numbers.
fn command(request: &Request, worlds: usize) -> String {
    // A first look is another command than a report of as many worlds, which searches and certifies more.
    let quick = worlds == SEARCHED_FROM;
    let mut words = String::from("detente report CASE");
    if quick {
        words += " --quick";
    } else {
        let _ = write!(words, " --worlds {worlds}");
    }
    if request.stream.seed != RunOptions::default().stream.seed {
        let _ = write!(words, " --seed {}", request.stream.seed);
    }
    if !request.state.readings.is_empty() {
        let _ = write!(words, " --reading {}", request.state.readings.join(","));
    }
    for set in request.state.sets() {
        let _ = write!(words, " --set '{set}'");
    }
    if request.state.prior {
        words += " --prior";
    }
    words
}

fn evidence(
    put: &Put,
    request: &Request,
    worlds: usize,
    effort: Effort,
    progress: &dyn Progress,
) -> Result<Evidence, Refused> {
    let quick = RunOptions::quick(&put.case, request.stream);
    let few = |n: usize| {
        if worlds >= SEARCHED_FROM {
            n
        } else {
            n.min(worlds / 4)
        }
    };
    let talks = if worlds >= SEARCHED_FROM || effort == Effort::Opened("talks") {
        quick.talks
    } else {
        0
    };
    let options = RunOptions {
        worlds,
        searches: few(quick.searches),
        solutions: few(quick.solutions),
        talks,
        effort,
        record: !request.state.prior,
        ..quick
    };
    summarise(&put.case, &request.state.readings, options, progress)
        .map_err(|bad| state::refused(&bad, &detente::diag::Sources::default()))
}
