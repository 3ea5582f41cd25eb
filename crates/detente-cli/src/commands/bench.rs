//! `detente bench`

use std::time::{Duration, Instant};

use detente::{Clock, Effort, Ignored, Keeps, Lap, Plan, RunOptions, VERSION};
use serde_json::{Value, json};

use crate::args::Bench;
use crate::failure::Failure;
use crate::run_folder::Hashing;
use crate::{case_file, memory, output, usage};

/// The machine's clock, from the start of the measurement.
struct Since(Instant);

impl Clock for Since {
    fn nanoseconds(&self) -> u64 {
        nanoseconds(self.0.elapsed())
    }
}

/// A stage and what it took on one thread.
struct Stage {
    id: &'static str,
    what: &'static str,
    lap: Lap,
}

pub(crate) fn run(args: &Bench) -> Result<(), Failure> {
    let (opened, overrides) = case_file::open_to_draw(&args.drawing)?;
    let worlds = args.worlds as usize;
    let searches = args.searches.map_or(worlds / 8, |n| n as usize);
    let options = RunOptions {
        stream: args.drawing.stream(),
        worlds,
        searches: searches.min(worlds),
        solutions: detente::solutions_of(searches.min(worlds)),
        threads: args.threads.map(|n| n as usize),
        effort: Effort::Fixed,
    };
    let threads = options
        .threads
        .or_else(|| std::thread::available_parallelism().ok().map(Into::into))
        .unwrap_or(1);
    memory::refuse_too_many(&opened.case, Keeps::Rows, worlds)?;
    let plan = Plan::new(&opened.case);
    let clock = Since(Instant::now());
    let (table, laps) = detente::run_timed(&plan, &overrides, options, &Ignored, &clock);
    let whole = clock.0.elapsed();
    let started = Instant::now();
    let certified = super::run::certified(&plan, &overrides, options);
    let certificates = Lap {
        worlds: detente::CERTIFIED_WORLDS.min(worlds),
        nanoseconds: nanoseconds(started.elapsed()),
    };
    let stages = [
        stage("drawing", "worlds drawn", laps.draw),
        stage("no_deal", "what refusing a deal is worth", laps.no_deal),
        stage("lenses", "lenses, no search", laps.lenses),
        stage("searches", "lenses, with searches", laps.searches),
        stage("certificates", "certificates (all threads)", certificates),
    ];
    let peak = usage::peak_memory();
    if args.json {
        let document = json!({
            "format": 1,
            "detente": VERSION,
            "case": opened.name,
            "seed": args.drawing.seed,
            "sampler": args.drawing.sampler.name(),
            "readings": args.drawing.reading,
            "set": case_file::set_values(&args.drawing.set),
            "expert": args.drawing.expert,
            "worlds": worlds,
            "searches": options.searches,
            "threads": threads,
            "seconds": whole.as_secs_f64(),
            "worlds_per_second": rate(worlds, whole),
            "peak_memory_bytes": peak,
            "wars_solved": laps.solves,
            "wars_solved_per_world": per_world(laps.solves, worlds),
            "stages": stages.iter().map(|stage| json!({
                "id": stage.id,
                "worlds": stage.lap.worlds,
                "seconds": seconds(stage.lap),
                "worlds_per_second": rate(stage.lap.worlds, duration(stage.lap)),
            })).collect::<Value>(),
            "numbers_sha256": hash(&table),
            "certificates": { "held": certified.held, "unfinished": certified.unfinished, "faults": certified.faults },
        });
        output::print_json(&document)?;
        return verdict(&certified);
    }
    let mut lines = vec![
        format!(
            "{}: {worlds} worlds, searches in {}, threads: {threads}",
            opened.name, options.searches
        ),
        format!(
            "whole run: {} worlds/s ({:.2} s)",
            three_digits(rate(worlds, whole)),
            whole.as_secs_f64()
        ),
        peak.map_or_else(
            || "peak memory: this system does not say".to_owned(),
            |bytes| format!("peak memory: {:.0} MiB", bytes as f64 / f64::from(1 << 20)),
        ),
        format!(
            "wars solved: {} a world",
            three_digits(per_world(laps.solves, worlds))
        ),
        String::new(),
        format!(
            "{:30} {:>8} {:>10} {:>14}",
            "stage (one thread)", "worlds", "seconds", "worlds/s"
        ),
    ];
    for stage in &stages {
        lines.push(format!(
            "{:30} {:>8} {:>10.3} {:>14}",
            stage.what,
            stage.lap.worlds,
            seconds(stage.lap),
            three_digits(rate(stage.lap.worlds, duration(stage.lap)))
        ));
    }
    output::print(&(lines.join("\n") + "\n"))?;
    verdict(&certified)
}

/// What was measured is of no use if it was wrong.
fn verdict(certified: &detente::Certified) -> Result<(), Failure> {
    match certified.faults.first() {
        Some(fault) => Err(Failure::Failed(format!(
            "an answer failed its certificate: {fault}"
        ))),
        None => Ok(()),
    }
}

/// Hash of all numbers, row by row: measurements of which it is the same did the same work.
fn hash(table: &detente::Table) -> String {
    let mut hashing = Hashing::new();
    for x in table.rows().flatten() {
        hashing.add(&x.to_bits().to_le_bytes());
    }
    hashing.finish()
}

fn stage(id: &'static str, what: &'static str, lap: Lap) -> Stage {
    Stage { id, what, lap }
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

fn duration(lap: Lap) -> Duration {
    Duration::from_nanos(lap.nanoseconds)
}

fn seconds(lap: Lap) -> f64 {
    duration(lap).as_secs_f64()
}

/// How many of something to a world; `None` where nothing was run.
fn per_world(count: u64, worlds: usize) -> Option<f64> {
    (worlds > 0).then(|| count as f64 / worlds as f64)
}

/// Worlds a second; `None` where nothing was run.
fn rate(worlds: usize, time: Duration) -> Option<f64> {
    (worlds > 0 && !time.is_zero()).then(|| worlds as f64 / time.as_secs_f64())
}

/// A number to three significant digits.
fn three_digits(rate: Option<f64>) -> String {
    let Some(rate) = rate else {
        return "–".to_owned();
    };
    let mut unit = 1.0;
    while rate >= 1000.0 * unit {
        unit *= 10.0;
    }
    let decimals = if rate >= 100.0 {
        0
    } else if rate >= 10.0 {
        1
    } else {
        2
    };
    if unit > 1.0 {
        return format!("{:.0}", (rate / unit).round() * unit);
    }
    format!("{rate:.decimals$}")
}
