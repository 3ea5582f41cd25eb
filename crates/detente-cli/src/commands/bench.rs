//! `detente bench`

use std::time::{Duration, Instant};

use detente::{
    Case, Clock, Distribution, Draw, Effort, Ignored, Input, InputId, Keeps, Lap, Overrides, Plan,
    RunOptions, Session, VERSION,
};
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
        talks: detente::TALKS_PLAYED,
        talks_whole: detente::TALKS_WHOLE,
        threads: args.threads.map(|n| n as usize),
        effort: Effort::Fixed,
        record: false,
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
    let certified = super::run::certified(&plan, &overrides, options, 0..options.worlds);
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
    let changed = changed(&opened.case, &overrides, options);
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
            "changed": changed.as_ref().map(|changed| json!({
                "path": changed.path,
                "worlds": CHANGED,
                "first_seconds": changed.first.as_secs_f64(),
                "leading_seconds": changed.leading.as_secs_f64(),
                "seconds": changed.all.as_secs_f64(),
            })),
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
            "queries of no deal solved: {} a world",
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
    if let Some(Changed {
        path,
        first,
        leading,
        all,
    }) = changed
    {
        let ms = |duration: Duration| 1000.0 * duration.as_secs_f64();
        lines.push(String::new());
        lines.push(format!(
            "in a session, {CHANGED} worlds: all packages {:.0} ms; {path} changed: leading package {:.0} ms, all {:.0} ms",
            ms(first),
            ms(leading),
            ms(all)
        ));
    }
    output::print(&(lines.join("\n") + "\n"))?;
    verdict(&certified)
}

/// Worlds of the headline that is asked for once a number is changed.
const CHANGED: usize = 256;

/// How long a session takes to answer.
struct Changed {
    path: String,
    /// What all named packages come to, of which nothing is known yet.
    first: Duration,
    /// Once a number is changed, what the package that leads comes to.
    leading: Duration,
    /// And all of them.
    all: Duration,
}

/// Changes the edge of a contest, or the first uncertain number of a case where that is none; nothing where none is uncertain, or no package
/// is named.
fn changed(case: &Case, overrides: &Overrides, options: RunOptions) -> Option<Changed> {
    let uncertain = |input: &Input| matches!(&input.draw, Draw::Own(d) if d.exact().is_none());
    let mut inputs = case.inputs.iter().enumerate().filter(|(_, i)| uncertain(i));
    let edge = inputs.clone().find(|(_, i)| i.path == "contest.edge");
    let (place, input) = edge.or_else(|| inputs.next())?;
    let Draw::Own(distribution) = &input.draw else {
        return None;
    };
    let packages: Vec<usize> = (0..case.setting.packages.len()).collect();
    let mut session = Session::new(case, options.stream, options.threads);
    let mut asked = |overrides: &Overrides, packages: &[usize]| {
        let started = Instant::now();
        session.set(overrides.clone());
        let told = session.headline(packages, CHANGED, &Ignored);
        (told, started.elapsed())
    };
    let (told, first) = asked(overrides, &packages);
    let of = |p: &usize| told[*p].value;
    let leading = packages.iter().copied();
    let leading = leading.max_by(|a, b| of(a).total_cmp(&of(b)))?;
    let mut other = overrides.clone();
    let to = Distribution::Exact(distribution.quantile(0.9));
    other.replaced.push((InputId::from_index(place), to));
    Some(Changed {
        path: input.path.clone(),
        first,
        leading: asked(&other, &[leading]).1,
        all: asked(&other, &packages).1,
    })
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
    for row in table.rows() {
        for x in row.iter() {
            hashing.add(&x.to_bits().to_le_bytes());
        }
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
