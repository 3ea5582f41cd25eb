//! `detente backtest`

mod picture;
mod text;

use std::fs;
use std::path::Path;

use detente::diag::{Code, Diagnostic};
use detente_backtest::{
    Fault, Section, Setup, Verdict, agreements, bargains, crises, questions, sanctions,
};
use serde_json::{Value, json};

use crate::args::{Backtest, Kind};
use crate::failure::Failure;
use crate::output::{Inputs, Place};
use crate::run_folder::of_text;
use crate::{case_file, output};

/// Longest file read.
const BYTES: u64 = 64 << 20;
/// Faults that are printed; the rest are counted.
const FAULTS: usize = 50;

pub(crate) fn run(args: &Backtest) -> Result<(), Failure> {
    let text = read(&args.file, "docs/validation.md says of what kinds")?;
    let inputs = Inputs {
        files: vec![args.file.clone()],
        what: "the table",
    };
    // Looked at before anything is worked out.
    let place = args.svg.as_ref().map(|path| Place::look(path, &inputs));
    let place = place.transpose()?;
    let setup = Setup {
        folds: usize::from(args.folds),
        draws: usize::from(args.draws),
        seed: args.seed,
    };
    let sections = match args.kind {
        Kind::Bargains => bargains(&text, setup),
        Kind::Crises => crises(&text, setup),
        Kind::Sanctions => sanctions(&text, setup),
        Kind::Agreements => agreements(&text, setup),
        Kind::Questions => questions(&text, setup),
    };
    let sections = sections.map_err(|faults| refused(&args.file, &faults))?;
    if let Some(place) = &place {
        let drawn = picture::drawn(&sections).ok_or_else(|| {
            Failure::Failed(
                "there is no calibration to draw: a model has no finite estimate".into(),
            )
        })?;
        place.write(drawn.as_bytes())?;
        output::note(&format!("{} is written", place.named().display()));
    }
    let hash = of_text(&text);
    if args.json {
        let sections: Vec<Value> = sections.iter().map(section).collect();
        return output::print_json(&json!({
            "sha256": hash,
            "folds": args.folds,
            "draws": args.draws,
            "seed": args.seed,
            "sections": sections,
        }));
    }
    output::print(&text::told(&args.file, &hash, setup, &sections))
}

/// Reads a table; `kinds` is what is said of its kind where it is not found.
pub(super) fn read(path: &Path, kinds: &str) -> Result<String, Failure> {
    let shown = path.display();
    let length = match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => metadata.len(),
        Ok(_) => return Err(not_found(path, kinds, format!("{shown} is not a file"))),
        Err(error) => {
            let what = format!("{shown} cannot be opened ({error})");
            return Err(not_found(path, kinds, what));
        }
    };
    if length > BYTES {
        let what = format!("{shown} is {} MiB long", length >> 20);
        let fault = Diagnostic::new(Code::TOO_LARGE, what);
        let help = format!("a table may have {} MiB", BYTES >> 20);
        return Err(case_file::refuse(fault.help(help)));
    }
    let bytes = fs::read(path)
        .map_err(|error| not_found(path, kinds, format!("{shown} cannot be read ({error})")))?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].split(|byte| *byte == b'\n').count();
        let what = format!("{shown} is not UTF-8 text: line {line} holds other bytes");
        let fault = Diagnostic::new(Code::NOT_TEXT, what);
        case_file::refuse(fault.help("save the table as UTF-8 text"))
    })
}

fn not_found(path: &Path, kinds: &str, what: String) -> Failure {
    let fault = Diagnostic::new(Code::NOT_FOUND, what);
    case_file::refuse(match case_file::nearest_sibling(path) {
        Some(near) => fault.help(format!("did you mean {}?", near.display())),
        None => fault.help(format!("give a table; {kinds}")),
    })
}

/// All faults at once, each with its line.
fn refused(path: &Path, faults: &[Fault]) -> Failure {
    let mut lines = vec![format!(
        "{} cannot be scored; nothing was computed",
        path.display()
    )];
    lines.extend(faults.iter().take(FAULTS).map(|fault| format!("  {fault}")));
    if faults.len() > FAULTS {
        lines.push(format!("  and {} more", faults.len() - FAULTS));
    }
    Failure::BadInput(lines.join("\n"))
}

fn section(section: &Section) -> Value {
    let models: Vec<Value> = section
        .lines
        .iter()
        .map(|line| {
            json!({
                "model": line.name,
                "about": line.about,
                "log": line.scores.map(|scores| scores[0]),
                "brier": line.scores.map(|scores| scores[1]),
                "skill": line.skill,
                "interval": line.interval.map(|within| [within.low, within.high]),
                "by_draw": line.by_draw,
                "verdict": match line.verdict {
                    Verdict::Base => "base",
                    Verdict::Beats => "beats",
                    Verdict::PerhapsBetter => "perhaps better",
                    Verdict::PerhapsWorse => "perhaps worse",
                    Verdict::Loses => "loses",
                    Verdict::Silent => "silent",
                },
            })
        })
        .collect();
    let bins: Vec<Value> = section
        .bins
        .iter()
        .map(|bin| {
            json!({
                "from": bin.ends[0],
                "to": bin.ends[1],
                "forecasts": bin.forecasts,
                "mean": bin.mean,
                "happened": bin.happened,
                "interval": [bin.interval.low, bin.interval.high],
            })
        })
        .collect();
    json!({
        "predicted": section.title,
        "skill_in": if section.binary { "brier" } else { "log" },
        "cases": section.cases,
        "groups": section.groups,
        "grouped_by": section.grouped_by,
        "rate": section.rate,
        "brier_in_sample": section.in_sample,
        "models": models,
        "calibration": { "model": section.calibrated, "bins": bins },
        "notes": section.notes,
    })
}
