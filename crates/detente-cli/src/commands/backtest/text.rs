//! What came of a trial, in words.

use std::fmt::Write as _;
use std::path::Path;

use detente_backtest::{Interval, Line, Section, Setup, Verdict};

pub(super) fn told(path: &Path, hash: &str, setup: Setup, sections: &[Section]) -> String {
    let mut out = format!("{}\nsha256 {hash}\n", path.display());
    let _ = writeln!(
        out,
        "{} folds by group, drawn {} times, seed {}: models are fitted on all folds but one and scored on that one.",
        setup.folds, setup.draws, setup.seed
    );
    for section in sections {
        tell(&mut out, section);
    }
    out
}

fn tell(out: &mut String, section: &Section) {
    let _ = writeln!(
        out,
        "\n{}: {} cases of {} groups ({})",
        section.title, section.cases, section.groups, section.grouped_by
    );
    if let (Some(rate), Some(score)) = (section.rate, section.in_sample) {
        let _ = writeln!(
            out,
            "It happened in {rate:.3}; for somebody who knew that in advance the Brier score would be {score:.4}."
        );
    }
    let width = section.lines.iter().map(|line| line.name.chars().count());
    let width = width.max().unwrap_or(0);
    let _ = writeln!(
        out,
        "\n  {:width$}  {:>7}  {:>7}  {:>7}  {:<17}  by draw of the folds",
        "model", "log", "Brier", "skill", "5 to 95 of 100"
    );
    for line in &section.lines {
        let score = |which: usize| number(line.scores.map(|scores| scores[which]), 4);
        let skill = number(line.skill, 4);
        let row = format!(
            "  {:width$}  {:>7}  {:>7}  {skill:>7}  {:<17}  {}",
            line.name,
            score(0),
            score(1),
            line.interval.map_or(String::new(), between),
            line.by_draw
                .map_or(String::new(), |[low, high]| between(Interval { low, high }))
        );
        let _ = writeln!(out, "{}", row.trim_end());
    }
    let measure = if section.binary {
        "Brier"
    } else {
        "logarithmic"
    };
    let base = section.lines[0].name;
    let _ = writeln!(
        out,
        "\nLower scores are better. Skill: what a model takes off the {measure} score of “{base}”; its interval: groups drawn again."
    );
    for line in &section.lines {
        if let Some(sentence) = sentence(line, base) {
            let _ = writeln!(out, "{sentence}");
        }
    }
    for line in &section.lines {
        let _ = writeln!(out, "“{}”: {}.", line.name, line.about);
    }
    for note in &section.notes {
        let _ = writeln!(out, "{note}");
    }
    if section.bins.is_empty() {
        return;
    }
    let _ = writeln!(
        out,
        "\n  calibration of “{}”\n  {:>10}  {:>9}  {:>5}  {:>8}  no surprise",
        section.calibrated, "given", "forecasts", "mean", "happened"
    );
    for bin in &section.bins {
        let _ = writeln!(
            out,
            "  {:>10}  {:>9}  {:>5.3}  {:>8.3}  {}",
            format!("{:.1} to {:.1}", bin.ends[0], bin.ends[1]),
            bin.forecasts,
            bin.mean,
            bin.rate(),
            between(bin.interval)
        );
    }
}

/// What a model's skill amounts to, said plainly.
fn sentence(line: &Line, base: &str) -> Option<String> {
    let name = line.name;
    let unsure = if line.interval.is_some() {
        "its interval holds 0"
    } else {
        "there are too few groups for an interval"
    };
    match line.verdict {
        Verdict::Base => None,
        Verdict::Beats => Some(format!("“{name}” beats “{base}”.")),
        Verdict::PerhapsBetter => Some(format!(
            "“{name}” scores better than “{base}”, but not surely so: {unsure}."
        )),
        Verdict::PerhapsWorse => Some(format!(
            "“{base}” wins against “{name}”, though not surely so: {unsure}."
        )),
        Verdict::Loses => Some(format!("“{base}” wins against “{name}”.")),
        Verdict::Silent => Some(format!(
            "“{name}” cannot be scored: in some fold it has no finite estimate."
        )),
    }
}

fn between(within: Interval) -> String {
    format!(
        "{} to {}",
        number(Some(within.low), 4),
        number(Some(within.high), 4)
    )
}

/// A number; a dash where there is none. No −0 is printed.
fn number(value: Option<f64>, digits: usize) -> String {
    match value {
        Some(value) if value.is_infinite() => "infinite".to_owned(),
        Some(value) => {
            let text = format!("{value:.digits$}");
            match text.strip_prefix('-') {
                Some(bare) if bare.bytes().all(|b| matches!(b, b'0' | b'.')) => bare.to_owned(),
                _ => text,
            }
        }
        None => "-".to_owned(),
    }
}
