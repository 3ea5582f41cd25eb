//! `detente merge`

use std::time::SystemTime;

use detente::Keeps;
use detente::diag::Sources;
use serde_json::json;

use crate::args::Merge;
use crate::clock::timestamp;
use crate::commands::run::told;
use crate::failure::Failure;
use crate::run_folder::{
    BLOCK, FORMAT, Joined, Manifest, RunFolder, State, TABLE, canonical, kept, of_text,
};
use crate::usage::Usage;
use crate::{memory, output, render};

pub(crate) fn run(args: &Merge) -> Result<(), Failure> {
    let (started, usage) = (SystemTime::now(), Usage::watch());
    let joined = Joined::look(&args.runs).map_err(|faults| {
        render::print(&faults, &Sources::default(), true);
        Failure::BadInput(String::new())
    })?;
    let (plan, worlds) = (joined.plan(), joined.worlds());
    let texts = joined.texts.iter();
    let texts: Vec<(&str, &str)> = texts.map(|(n, t)| (n.as_str(), t.as_str())).collect();
    let checked = detente::check_files(&texts);
    let Some(case) = checked.case else {
        render::print(&checked.diagnostics, &checked.sources, true);
        return Err(Failure::BadInput(String::new()));
    };
    let only = plan["only"].as_array().into_iter().flatten();
    let only: Vec<String> = only
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect();
    let switched = (plan["record"] == true, plan["months"] == true);
    let columns = kept(&case, switched, &only)?;
    memory::refuse_too_many(&case, Keeps::Block, BLOCK.min(worlds.len()))?;
    memory::refuse_long_table(worlds.len(), columns.len())?;
    let folder = RunFolder::new(args.output.clone(), plan, columns, worlds);
    // Nobody else writes to the folder until this is dropped.
    let (state, claim) = folder.claim()?;
    if let State::Whole(manifest) = state {
        if args.csv {
            let _held = claim.needed()?;
            folder.write_csv()?;
        }
        output::note(&format!(
            "{} holds this run already, whole; nothing was merged",
            folder.path().display()
        ));
        return told(args.json, &folder, &manifest);
    }
    // What an earlier attempt left behind goes; a table is put together anew.
    folder.sweep();
    folder.begin(&joined.texts)?;
    on_interrupt(&folder)?;
    let merged = joined.write(&folder)?;
    if args.csv {
        folder.write_csv()?;
    }
    let mut result = folder.plan().clone();
    result["silences"] = merged.silences;
    result["certificates"] = joined.certificates();
    result["table"] = merged.table;
    let taken = usage.taken();
    let manifest = Manifest::new(json!({
        "format": FORMAT,
        "sha256": of_text(&canonical(&result)),
        "result": result,
        "build": RunFolder::build(),
        "files": { TABLE: merged.file },
        "times": {
            "started": timestamp(started),
            "seconds": taken.time.as_secs_f64(),
            "processor_seconds": taken.processor,
            "peak_memory_bytes": taken.peak,
            "threads": 1,
            "machine": format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            "ranges": joined.times(),
        },
    }));
    folder.finish(&manifest)?;
    output::note(&match joined.folders() {
        1 => "one folder merged".to_owned(),
        n => format!("{n} folders merged"),
    });
    told(args.json, &folder, &manifest)
}

/// Ctrl-C stops at once: a table that is half-written does not have its name yet.
fn on_interrupt(folder: &RunFolder) -> Result<(), Failure> {
    let shown = folder.path().display().to_string();
    ctrlc::set_handler(move || {
        output::note(&format!(
            "stopped: nothing is merged in {shown}; the same command begins anew, and the ranges are as they were"
        ));
        std::process::exit(130);
    })
    .map_err(|error| Failure::Failed(format!("Ctrl-C cannot be watched for: {error}")))
}
