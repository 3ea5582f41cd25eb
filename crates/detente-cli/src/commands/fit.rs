//! `detente fit`

mod json;
mod text;

use std::path::Path;

use detente::Progress;
use detente_backtest::estimate::{Method, Model, Named, Noise, Problem, Request};

use crate::args::{Fit, FitMethod, FitModel, Link};
use crate::commands::backtest::read;
use crate::failure::Failure;
use crate::output;
use crate::progress::Bar;
use crate::run_folder::of_text;

/// Draws that a thread takes at a time.
const PIECE: u64 = 4;
/// Faults that are printed; the rest are counted.
const FAULTS: usize = 50;

pub(crate) fn run(args: &Fit) -> Result<(), Failure> {
    let request = request(args)?;
    let text = read(&args.file, "docs/fit.md says what kind")?;
    let problem = Problem::read(&text, &request).map_err(|faults| refused(&args.file, &faults))?;
    let threads = args.threads.map(|n| n as usize);
    let bar = Bar::counting("starts", args.starts as usize);
    let pieces = detente::in_ranges(u64::from(args.starts), 1, threads, |range| {
        let each = range.map(|start| {
            let attempt = problem.attempt(start, args.seed);
            bar.step();
            attempt
        });
        each.collect::<Vec<_>>()
    });
    bar.finish();
    let attempts: Vec<_> = pieces.into_iter().flatten().collect();
    let settled = problem.settle(&attempts);
    let mut estimate = settled.map_err(|faults| refused(&args.file, &faults))?;
    let bar = Bar::counting("draws of clusters", args.draws as usize);
    let pieces = detente::in_ranges(u64::from(args.draws), PIECE, threads, |range| {
        let each = range.map(|index| {
            let draw = problem.draw(&estimate, args.seed, index);
            bar.step();
            draw
        });
        each.collect::<Vec<_>>()
    });
    bar.finish();
    let draws: Vec<_> = pieces.into_iter().flatten().collect();
    estimate.take(&draws);
    let hash = of_text(&text);
    if args.json {
        output::print_json(&json::told(args, &hash, &problem, &estimate))
    } else {
        output::print(&text::told(args, &hash, &problem, &estimate))
    }
}

fn request(args: &Fit) -> Result<Request, Failure> {
    let signalling = args.model == FitModel::CrisisSignalling;
    let of_others = [
        (
            "--method",
            args.method.is_some() && !signalling,
            "crisis-signalling",
        ),
        (
            "--first",
            !args.first.is_empty() && !signalling,
            "crisis-signalling",
        ),
        (
            "--link",
            args.link.is_some() && args.model != FitModel::Crisis,
            "crisis",
        ),
    ];
    if let Some((name, _, model)) = of_others.iter().find(|(_, wrong, _)| *wrong) {
        let said = format!("{name} is of --model {model} alone");
        return Err(Failure::BadInput(said));
    }
    let first = match &args.first[..] {
        [] => None,
        [resist, fight] => Some([resist.clone(), fight.clone()]),
        other => {
            return Err(Failure::BadInput(format!(
                "--first names two columns, how likely B resists and how likely A stands firm; {} are given",
                other.len()
            )));
        }
    };
    Ok(Request {
        model: match (args.model, args.link()) {
            (FitModel::CrisisSignalling, _) => Model::CrisisSignalling,
            (FitModel::Crisis, Link::Logit) => Model::Crisis(Noise::Logistic),
            (FitModel::Crisis, Link::Probit) => Model::Crisis(Noise::Normal),
            (FitModel::Logit, _) => Model::Logit,
        },
        method: match args.method() {
            FitMethod::Pl => Method::Pseudo,
            FitMethod::Npl => Method::Nested,
            FitMethod::Ml => Method::Likelihood,
        },
        outcomes: args.outcome.clone(),
        utilities: args.utility.clone(),
        cluster: args.cluster.clone(),
        first,
    })
}

/// All faults at once, each with its code and its place.
fn refused(path: &Path, faults: &[Named]) -> Failure {
    let mut lines = vec![format!(
        "{} cannot be fitted; `detente explain CODE` says more of each fault",
        path.display()
    )];
    lines.extend(faults.iter().take(FAULTS).map(|fault| format!("  {fault}")));
    if faults.len() > FAULTS {
        lines.push(format!("  and {} more", faults.len() - FAULTS));
    }
    Failure::BadInput(lines.join("\n"))
}
