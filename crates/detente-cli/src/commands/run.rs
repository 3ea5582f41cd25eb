//! `detente run`

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime};

use detente::{
    Certified, Column, Effort, Keeps, Overrides, Plan, RunOptions, Table, VERSION, ask_columns,
    report, run_worlds_on_record,
};
use serde_json::{Value, json};

use crate::args::{Run, Worlds};
use crate::case_file::{self, Opened};
use crate::clock::timestamp;
use crate::failure::{self, Failure};
use crate::progress::Bar;
use crate::run_folder::{
    BLOCK, FORMAT, Held, Manifest, Part, RunFolder, State, TABLE, base_name, canonical, kept,
    of_text,
};
use crate::usage::{Usage, mebibytes};
use crate::{build, memory, output};

pub(crate) fn run(args: &Run) -> Result<(), Failure> {
    let begun = Instant::now();
    build::begin_identity();
    let (opened, overrides) = case_file::open_to_draw(&args.drawing)?;
    let worlds = args.worlds.range();
    let searches = args.worlds.searches(args.searches);
    let options = RunOptions {
        stream: args.drawing.stream(),
        worlds: worlds.end,
        searches,
        solutions: detente::solutions_of(searches),
        talks: detente::TALKS_PLAYED,
        talks_whole: detente::TALKS_WHOLE,
        threads: args.threads.map(|n| n as usize),
        effort: Effort::Fixed,
        record: opened.case.has_record() && !args.prior,
    };
    let at_once = BLOCK.min(worlds.len());
    memory::refuse_too_many(&opened.case, Keeps::Block, at_once)?;
    let kept = kept(&opened.case, (options.record, args.months), &args.only)?;
    memory::refuse_long_table(worlds.len(), kept.len())?;
    let folder = RunFolder::new(
        args.output.clone().unwrap_or_else(|| {
            let name = case_file::name_under(&opened.name, &args.drawing.reading);
            PathBuf::from("runs").join(name)
        }),
        what_is_run(args, &opened, options, &kept),
        kept,
        worlds.clone(),
    );
    // Nobody else writes to the folder until this is dropped.
    let (state, claim) = folder.claim()?;
    match state {
        State::Whole(manifest) => {
            if claim.held() {
                folder.sweep();
            }
            if args.csv {
                let _held = claim.needed()?;
                folder.write_csv()?;
            } else if folder.csv_is_strange()? {
                output::note("table.csv is not what table.parquet holds; --csv writes it again");
            }
            output::note(&format!(
                "{} holds this run already, whole; nothing was run",
                folder.path().display()
            ));
            return told(args.json, &folder, &manifest);
        }
        State::New => {}
        State::Begun => folder.sweep(),
    }
    let (started, usage) = (SystemTime::now(), Usage::watch());
    let plan = Plan::new(&opened.case);
    let missing = missing(&folder);
    let resumed = folder.blocks() - missing.len();
    let left: usize = missing.iter().map(|b| folder.worlds_of(*b).len()).sum();
    let all = worlds.len();
    let done = Arc::new(AtomicUsize::new(all - left));
    on_interrupt(&folder, &done, all)?;
    let bar = Bar::new(all);
    if resumed > 0 {
        bar.resume(all - left);
        output::note(&format!(
            "going on with {} of {all} worlds done",
            all - left
        ));
    }
    let work = Work {
        args,
        opened: &opened,
        drawn: (&plan, &overrides),
        options,
        folder: &folder,
        done: &done,
        bar: &bar,
    };
    let ran = work.run(missing);
    bar.finish();
    let Ran {
        at_hand,
        mut at_work,
    } = ran.map_err(|failure| resumable(&folder, failure))?;
    let at = Instant::now();
    let certified = certified(&plan, &overrides, options, worlds);
    at_work += at.elapsed();
    let merged = folder
        .merge(at_hand)
        .map_err(|failure| resumable(&folder, failure))?;
    if args.csv {
        folder
            .write_csv()
            .map_err(|failure| resumable(&folder, failure))?;
    }
    let mut result = folder.plan().clone();
    result["silences"] = merged.silences;
    result["certificates"] = json!({ "held": certified.held, "unfinished": certified.unfinished, "faults": certified.faults });
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
            // All but running worlds and checking answers, from where the case is opened.
            "overhead_seconds": begun.elapsed().saturating_sub(at_work).as_secs_f64(),
            "processor_seconds": taken.processor,
            "peak_memory_bytes": taken.peak,
            "blocks_from_before": resumed,
            "threads": options.threads.unwrap_or_else(threads),
            "machine": format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        },
    }));
    folder
        .finish(&manifest)
        .map_err(|failure| resumable(&folder, failure))?;
    told(args.json, &folder, &manifest)
}

/// What the blocks of a run are run with.
struct Work<'a> {
    args: &'a Run,
    opened: &'a Opened,
    drawn: (&'a Plan, &'a Overrides),
    options: RunOptions,
    folder: &'a RunFolder,
    done: &'a AtomicUsize,
    bar: &'a Bar,
}

/// What came of it.
struct Ran {
    /// The only block, where nothing is done between it and the table that could lose it.
    at_hand: Option<Held>,
    /// How long worlds were run.
    at_work: Duration,
}

impl Work<'_> {
    /// Runs what is missing, block by block. The folder's beginning is brought to the disk meanwhile, and lies there before a block does.
    fn run(&self, missing: Vec<usize>) -> Result<Ran, Failure> {
        let mut ran = Ran {
            at_hand: None,
            at_work: Duration::ZERO,
        };
        let folder = self.folder;
        let alone = folder.blocks() == 1 && folder.worlds_of(0).start >= detente::CERTIFIED_WORLDS;
        std::thread::scope(|scope| {
            // Also of a run that was begun: perhaps it was stopped before the case's texts were all there.
            let mut beginning = Some(scope.spawn(|| folder.begin(&self.opened.texts)));
            let mut begun = || match beginning.take().map(std::thread::ScopedJoinHandle::join) {
                Some(Ok(begun)) => begun,
                Some(Err(panic)) => Err(Failure::defect(panic.as_ref())),
                None => Ok(()),
            };
            for block in missing {
                let at = Instant::now();
                let table = self.block(folder.worlds_of(block));
                ran.at_work += at.elapsed();
                begun()?;
                if alone {
                    ran.at_hand = Some(folder.told(&table));
                } else {
                    folder.write_part(block, &table)?;
                }
                self.done.fetch_add(table.worlds, Ordering::Relaxed);
            }
            begun()
        })?;
        Ok(ran)
    }

    fn block(&self, worlds: Range<usize>) -> Table {
        let (case, drawn, options) = (&self.opened.case, self.drawn, self.options);
        let range = worlds.clone();
        let table = if self.args.only.is_empty() {
            run_worlds_on_record(case, drawn, options, range, self.bar)
        } else {
            let own = self.folder.columns().iter().map(|column| column.place);
            let own: Vec<usize> = own.collect();
            ask_columns(case, drawn, options, (&own, range), self.bar)
        };
        if options.record && table.weights().all(|weight| weight == 0.0) {
            output::note(&format!(
                "what is on record leaves none of the worlds {} to {}: each counts 0",
                worlds.start,
                worlds.end - 1
            ));
        }
        table
    }
}

/// The blocks that are yet to be run; of what lies in their place and is not to be relied on, that is said.
fn missing(folder: &RunFolder) -> Vec<usize> {
    let mut missing = Vec::new();
    for block in 0..folder.blocks() {
        let part = folder.look_at(block);
        if part == Part::Spoilt {
            output::note(&format!(
                "{} is not as it was written, or of other worlds: its {} worlds are run again",
                folder.part(block).display(),
                folder.worlds_of(block).len()
            ));
        }
        if part != Part::Sound {
            missing.push(block);
        }
    }
    missing
}

/// Shows a whole run, just done or done before: one whose answers failed a certificate is a failure each time.
pub(super) fn told(json: bool, folder: &RunFolder, manifest: &Manifest) -> Result<(), Failure> {
    show(json, folder, manifest.document())?;
    match manifest.fault() {
        Some(fault) => Err(Failure::Failed(format!(
            "an answer failed its certificate: {fault}"
        ))),
        None => Ok(()),
    }
}

/// Puts answers of the first worlds, of a range those that are its own, to a second method. A panic on the way is a fault that is kept
/// like any other, and not the end of a run that is otherwise done.
pub(super) fn certified(
    plan: &Plan,
    overrides: &Overrides,
    options: RunOptions,
    worlds: Range<usize>,
) -> Certified {
    let certify = || detente::certify_range(plan, overrides, options, worlds);
    catch_unwind(AssertUnwindSafe(certify)).unwrap_or_else(|panic| {
        let panic = failure::message(panic.as_ref());
        Certified {
            faults: vec![format!(
                "none was checked, by a defect of detente, please report it: {panic}"
            )],
            ..Certified::default()
        }
    })
}

/// What is run, as the folder says it before and after.
fn what_is_run(args: &Run, opened: &Opened, options: RunOptions, kept: &[Column]) -> Value {
    let drawing = &args.drawing;
    let mut quantities: Vec<Value> = Vec::new();
    for group in kept.chunk_by(|a, b| a.quantity == b.quantity) {
        quantities.push(json!({
            "id": group[0].quantity,
            "unit": group[0].unit.name(),
            "columns": group.len(),
        }));
    }
    let files: Vec<&str> = opened
        .texts
        .iter()
        .map(|(name, _)| base_name(name))
        .collect();
    let worlds = args.worlds.range();
    let only: BTreeSet<&String> = args.only.iter().collect();
    let mut what = json!({
        "detente": VERSION,
        "case": {
            "name": opened.case.setting.name,
            "files": files,
            "sha256": report::hash(&opened.texts),
        },
        "seed": drawing.seed,
        "sampler": drawing.sampler.name(),
        "worlds": worlds.len(),
        "range": [worlds.start, worlds.end],
        "searches": options.searches,
        "solutions": options.solutions,
        "readings": drawing.reading,
        "set": case_file::set_values(&drawing.set),
        "expert": drawing.expert,
        "record": options.record,
        "months": args.months,
        "only": only,
        "quantities": quantities,
    });
    if let Some(fields) = what.as_object_mut() {
        // Said only where they are asked for.
        if matches!(args.worlds, Worlds::Whole(_)) {
            fields.shift_remove("range");
        }
        if args.only.is_empty() {
            fields.shift_remove("only");
        }
    }
    what
}

/// Says where the run is and what was silent in it.
fn show(json: bool, folder: &RunFolder, manifest: &Value) -> Result<(), Failure> {
    let result = &manifest["result"];
    let silences = result["silences"].as_array();
    let defects = silences
        .into_iter()
        .flatten()
        .filter(|silence| silence["kind"] == "defect");
    for defect in defects {
        output::note(&format!(
            "a defect of detente, please report it: {} panicked in {} worlds: {}",
            text(&defect["lens"]),
            defect["worlds"],
            text(&defect["why"])
        ));
    }
    if json {
        return output::print_json(manifest);
    }
    let peak = manifest["times"]["peak_memory_bytes"].as_u64();
    let peak = peak.map_or(String::new(), |bytes| {
        format!(", at most {:.0} MiB of memory", mebibytes(bytes))
    });
    let of_whole = match result["range"].as_array() {
        Some(range) => format!(" ({}..{} of a whole)", range[0], range[1]),
        None => String::new(),
    };
    let mut said = format!(
        "{}: {} worlds{of_whole}, searches in {}{}, {} columns, {:.1} MiB, {:.1} s{peak}\n",
        folder.path().display(),
        result["worlds"],
        result["searches"],
        if of_whole.is_empty() {
            ""
        } else {
            " of the whole"
        },
        result["table"]["columns"],
        manifest["files"][TABLE]["bytes"].as_f64().unwrap_or(0.0) / f64::from(1 << 20),
        manifest["times"]["seconds"].as_f64().unwrap_or(0.0),
    );
    if let (Some(seconds), false) = (
        manifest["times"]["overhead_seconds"].as_f64(),
        of_whole.is_empty(),
    ) {
        let _ = writeln!(
            said,
            "{:.0} ms beside running worlds and checking answers",
            1000.0 * seconds
        );
    }
    if result["months"] == false {
        said.push_str("columns by month were left out; --months keeps them\n");
    }
    for what in result["certificates"]["unfinished"]
        .as_array()
        .into_iter()
        .flatten()
    {
        let _ = writeln!(said, "checked only in part: {}", text(what));
    }
    for silence in silences.into_iter().flatten() {
        let _ = writeln!(
            said,
            "{} ({}) in {} worlds: {}",
            text(&silence["lens"]),
            text(&silence["kind"]).replace('_', " "),
            silence["worlds"],
            text(&silence["why"])
        );
    }
    output::print(&said)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Ctrl-C stops at once: what is finished lies in the folder, and half-written files do not have their names yet.
fn on_interrupt(folder: &RunFolder, done: &Arc<AtomicUsize>, worlds: usize) -> Result<(), Failure> {
    let (path, done) = (folder.path().to_owned(), Arc::clone(done));
    ctrlc::set_handler(move || {
        let shown = path.display();
        output::note(&if RunFolder::is_kept(&path) {
            format!(
                "stopped: {} of {worlds} worlds are kept in {shown}; the same command goes on from there",
                done.load(Ordering::Relaxed)
            )
        } else {
            format!("stopped: {shown} is gone, and nothing is kept")
        });
        std::process::exit(130);
    })
    .map_err(|error| Failure::Failed(format!("Ctrl-C cannot be watched for: {error}")))
}

/// The same failure, with what to do about it.
fn resumable(folder: &RunFolder, failure: Failure) -> Failure {
    match failure {
        Failure::Failed(what) if RunFolder::is_kept(folder.path()) => Failure::Failed(format!(
            "{what}; what is finished is kept, and the same command goes on from there"
        )),
        Failure::Failed(what) => Failure::Failed(format!(
            "{what}; nothing is kept, and the same command begins anew"
        )),
        other => other,
    }
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

#[cfg(test)]
mod tests {
    use detente::{Distribution, InputId, Overrides, Plan, RunOptions, Template};

    use super::certified;

    #[test]
    fn a_panic_while_answers_are_checked_is_a_fault_and_no_end() {
        let text = detente::new_case(Template::Example, "test");
        let plan = Plan::new(&detente::check("case.toml", &text).case.unwrap());
        let options = RunOptions {
            worlds: 2,
            searches: 0,
            ..RunOptions::default()
        };
        let sound = certified(&plan, &Overrides::default(), options, 0..2);
        assert!(sound.held > 0 && sound.faults.is_empty());
        // Overrides of a number that no case has.
        let impossible = Overrides {
            replaced: vec![(InputId(u32::MAX), Distribution::Exact(0.0))],
            ..Overrides::default()
        };
        let faulty = certified(&plan, &impossible, options, 0..2);
        assert_eq!((faulty.held, faulty.faults.len()), (0, 1));
        assert!(faulty.faults[0].contains("out of bounds"), "{faulty:?}");
    }
}
