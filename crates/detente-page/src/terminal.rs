//! The terminal summary: at most 25 lines of 80 columns.

use std::fmt::Write as _;

use detente_core::FeatureKind;
use detente_evidence::{Effort, Evidence, PackageLine};
use detente_math::Mean;

use super::bottom_line::{Need, Sentence, bottom_line};
use super::{dates, rows};
use crate::words::{count, in_time, per_hundred};

/// Columns of a line.
const WIDTH: usize = 80;
/// Lines of a terminal.
const HEIGHT: usize = 25;
/// Packages shown, those accepted most often: as many as there is room for, but not many and not none.
const PACKAGES: std::ops::RangeInclusive<usize> = 2..=8;
/// Parties shown.
const PARTIES: usize = 4;

/// What leads the evidence as plain text; `page` is where the page was written.
pub fn terminal(evidence: &Evidence, page: Option<&str>) -> String {
    let setting = &evidence.setting;
    let mut out = String::new();
    let reading = evidence
        .readings
        .iter()
        .map(|r| r.id.as_str())
        .collect::<Vec<_>>()
        .join(", ");
    let reading = if reading.is_empty() {
        "as written".to_owned()
    } else {
        format!("reading {reading}")
    } + &rows::set_in_words(evidence);
    let quick = evidence.options.effort == Effort::Quick;
    let look = if quick { "a quick look at " } else { "" };
    let worlds = format!("{look}{}", count(evidence.options.worlds, "world"));
    let _ = writeln!(
        out,
        "{} (as of {}; {reading}; {worlds})\n",
        setting.name, setting.as_of
    );
    let unfinished = evidence.certified.unfinished.len();
    for sentence in fitting(bottom_line(evidence)) {
        out.push_str(&sentence);
    }
    table(evidence, &mut out);
    // On the line that is there anyway: an answer that blocks has no line to spare.
    let budget = match unfinished {
        0 => String::new(),
        n => format!("{} checked only in part", count(n, "answer")),
    };
    match page {
        Some(page) if quick => {
            let _ = writeln!(
                out,
                "The page is in {page}; without --quick it tells the rest"
            );
        }
        Some(page) if budget.is_empty() => {
            let _ = writeln!(out, "The full report is in {page}");
        }
        Some(page) => {
            let _ = writeln!(out, "The full report is in {page}; {budget}");
        }
        None if !budget.is_empty() => {
            let _ = writeln!(out, "{budget}");
        }
        None => {}
    }
    // What a case calls itself must not move the cursor or ring the bell.
    detente_diag::visible(&out).into_owned()
}

/// The sentences of the bottom line as lines of the terminal: those that are always needed, and of the others as many as leave room for
/// the table. The page has them all.
fn fitting(sentences: Vec<Sentence>) -> Vec<String> {
    /// Title, the table's head and its fewest rows with the blank lines before them, two lines of notes, and where the page is.
    const REST: usize = 9;
    let lines: Vec<(String, Need)> = sentences
        .into_iter()
        .map(|sentence| {
            let mut lines = String::new();
            wrap(&sentence.text.replace('`', ""), &mut lines);
            (lines, sentence.need)
        })
        .collect();
    let mut order: Vec<usize> = (0..lines.len()).collect();
    order.sort_by_key(|i| lines[*i].1);
    let mut room = HEIGHT - REST;
    let mut shown = vec![false; lines.len()];
    for i in order {
        let (text, need) = &lines[i];
        let tall = text.lines().count();
        if *need == Need::Always || tall <= room {
            shown[i] = true;
            room = room.saturating_sub(tall);
        }
    }
    let kept = lines.into_iter().zip(shown).filter(|(_, shown)| *shown);
    kept.map(|((text, _), _)| text).collect()
}

fn table(evidence: &Evidence, out: &mut String) {
    let setting = &evidence.setting;
    if evidence.packages().iter().all(|line| line.agreed.n == 0) {
        return;
    }
    // Those whose consent some package needs come first; observers only where there is room.
    let needed = |i: &usize| setting.packages.iter().any(|p| p.needed.contains(*i));
    let mut shown: Vec<usize> = (0..setting.parties.len()).filter(needed).collect();
    shown.truncate(PARTIES);
    let totals = totals(evidence);
    // "in force" must fit.
    let (cell, wide) = if shown.len() + totals.len() > 4 {
        (8, 9)
    } else {
        (10, 10)
    };
    let label = WIDTH - cell * shown.len() - wide * totals.len();
    let order = evidence.by_headline();
    // A blank line, the head, two lines of notes; and where the page is.
    let room = HEIGHT.saturating_sub(out.lines().count() + 5);
    let rows = room.clamp(*PACKAGES.start(), *PACKAGES.end());
    let head = clip("accepts, of 100 worlds", label);
    let _ = write!(out, "\n{head:label$}");
    for party in &shown {
        let _ = write!(
            out,
            "{:>cell$}",
            clip(&setting.parties[*party].name, cell - 1)
        );
    }
    for (head, _) in &totals {
        let _ = write!(out, "{:>wide$}", clip(head, wide - 1));
    }
    out.push('\n');
    for p in order.iter().take(rows) {
        let (package, line) = (&setting.packages[*p], &evidence.packages()[*p]);
        let _ = write!(out, "{:label$}", name(evidence, *p, label - 1));
        for i in &shown {
            let accepts = &line.accepts[*i];
            let mark = if package.needed.contains(*i) {
                ""
            } else {
                "·"
            };
            let _ = write!(
                out,
                "{:>cell$}",
                format!(
                    "{mark}{} {}",
                    per_hundred(accepts.value),
                    block(accepts.value)
                )
            );
        }
        for (_, total) in &totals {
            let share = total(line).value;
            let told = format!("{} {}", per_hundred(share), block(share));
            let _ = write!(out, "{told:>wide$}");
        }
        out.push('\n');
    }
    let mut notes = Vec::new();
    if let Some(months) = evidence.headline.kept_months {
        let gates = if evidence.has_gates() {
            ", gates not counted"
        } else {
            ""
        };
        let lapses = setting.features.iter();
        let lapses = lapses.filter(|own| own.kind == FeatureKind::Lasts).count();
        let ended = if lapses > 0 {
            "; a lapse ends it unless a final deal follows"
        } else {
            ""
        };
        notes.push(format!(
            "kept: signed, and no breakdown in {}{gates}{ended}",
            in_time(months)
        ));
    }
    if order.iter().take(rows).any(|p| {
        let needed = &setting.packages[*p].needed;
        shown.iter().any(|i| !needed.contains(*i))
    }) {
        notes.push("· consent not needed".to_owned());
    }
    if out.contains(dates::MARK) {
        notes.push(format!("{} dated after the case", dates::MARK));
    }
    let hidden = order.len().saturating_sub(rows);
    if hidden > 0 {
        notes.push(format!("{} in the report", count(hidden, "more package")));
    }
    if !notes.is_empty() {
        wrap(&notes.join("; "), out);
    }
}

/// A head, and what it tells of a package.
type Total = (&'static str, fn(&PackageLine) -> &Mean);

/// What comes of packages: signed; in force where a gate stands; kept where the case says what may follow a deal.
fn totals(evidence: &Evidence) -> Vec<Total> {
    let kept = evidence.headline.kept_months.is_some();
    let mut totals: Vec<Total> = vec![(
        if kept || evidence.has_gates() {
            "signed"
        } else {
            "all"
        },
        |line| &line.agreed,
    )];
    if evidence.has_gates() {
        totals.push(("in force", |line| &line.in_force));
    }
    if kept {
        totals.push(("kept", |line| &line.kept));
    }
    totals
}

/// A package's name in so many columns, its mark kept.
fn name(evidence: &Evidence, package: usize, width: usize) -> String {
    let name = &evidence.setting.packages[package].name;
    if dates::later(evidence, package) {
        format!("{} {}", clip(name, width - 2), dates::MARK)
    } else {
        clip(name, width)
    }
}

/// A share as a block of eight heights.
fn block(share: f64) -> char {
    const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and 7"
    )]
    let height = (share.clamp(0.0, 1.0) * 7.0).round() as usize;
    BLOCKS[height]
}

fn clip(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

fn wrap(text: &str, out: &mut String) {
    let mut column = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > WIDTH {
            out.push('\n');
            column = 0;
        } else if column > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += length;
    }
    out.push('\n');
}
