//! The terminal summary: at most 25 lines of 80 columns.

use std::fmt::Write as _;

use detente_core::FeatureKind;
use detente_evidence::{Effort, Evidence, PackageLine};
use detente_math::Mean;

use super::bottom_line::{Need, Sentence, bottom_line};
use super::{dates, rows};
use crate::words::{count, in_time, per_hundred};

/// Columns of a line.
pub(crate) const WIDTH: usize = 80;
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
    let quick = evidence.options.effort.is_first_look();
    let look = if quick { "a quick look at " } else { "" };
    let worlds = format!("{look}{}", count(evidence.options.worlds, "world"));
    let _ = writeln!(
        out,
        "{} (as of {}; {reading}; {worlds})\n",
        setting.name, setting.as_of
    );
    let unfinished = evidence.certified.unfinished.len();
    for sentence in fitting(&bottom_line(evidence)) {
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
        Some(page) if evidence.options.effort == Effort::Kept => {
            let _ = writeln!(
                out,
                "The page is in {page}; a report of the case runs other worlds too, and tells the rest"
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
/// the table. Where even the first leave none, each has its short form. The page has them all.
fn fitting(sentences: &[Sentence]) -> Vec<String> {
    /// Title, the table's head and its fewest rows with the blank lines before them, two lines of notes, and where the page is.
    const REST: usize = 9;
    let wrapped = |text: &str| {
        let mut lines = String::new();
        wrap(&text.replace('`', ""), &mut lines);
        lines
    };
    let tall = |lines: &str| lines.lines().count();
    let mut room = HEIGHT - REST;
    let forms: Vec<(String, Option<String>, Need)> = sentences
        .iter()
        .map(|own| {
            (
                wrapped(&own.text),
                own.short.as_deref().map(wrapped),
                own.need,
            )
        })
        .collect();
    let least = forms.iter().map(|(text, short, need)| match need {
        Need::Always => tall(text),
        Need::Briefly => short.as_deref().map_or(0, tall),
        Need::Beside => 0,
    });
    let brief = least.sum::<usize>() > room;
    let mut order: Vec<usize> = (0..forms.len()).collect();
    order.sort_by_key(|i| forms[*i].2);
    let mut shown: Vec<Option<String>> = vec![None; forms.len()];
    for i in order {
        let (text, short, need) = &forms[i];
        let fits = tall(text) <= room;
        let said = match need {
            Need::Always if brief => Some(short.as_ref().unwrap_or(text)),
            Need::Always => Some(text),
            Need::Briefly if fits => Some(text),
            Need::Briefly => short.as_ref(),
            Need::Beside => Some(text).filter(|_| fits),
        };
        room = room.saturating_sub(said.map_or(0, |said| tall(said)));
        shown[i] = said.cloned();
    }
    shown.into_iter().flatten().collect()
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

pub(crate) fn clip(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

pub(crate) fn wrap(text: &str, out: &mut String) {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// So many lines, and in short so many.
    fn sentence(word: &str, lines: usize, short: Option<usize>, need: Need) -> Sentence {
        let text =
            |word: &str, lines: usize| vec![word.repeat(WIDTH / word.len()); lines].join(" ");
        Sentence {
            text: text(word, lines),
            short: short.map(|lines| text(&word.to_uppercase(), lines)),
            anchor: "run",
            need,
        }
    }

    fn told(sentences: &[Sentence]) -> Vec<(char, usize)> {
        let told = fitting(sentences);
        let told = told
            .iter()
            .map(|lines| (lines.chars().next().unwrap(), lines.lines().count()));
        told.collect()
    }

    /// Sixteen lines are for sentences.
    #[test]
    fn sentences_are_shortened_for_what_must_be_there() {
        let of = |first: usize, talks: usize| {
            told(&[
                sentence("a", first, Some(6), Need::Always),
                sentence("b", 5, None, Need::Always),
                sentence("t", talks, Some(1), Need::Briefly),
                sentence("c", 4, None, Need::Beside),
            ])
        };
        assert_eq!(of(6, 2), [('a', 6), ('b', 5), ('t', 2)]);
        assert_eq!(of(5, 2), [('a', 5), ('b', 5), ('t', 2), ('c', 4)]);
        assert_eq!(of(10, 2), [('a', 10), ('b', 5), ('T', 1)]);
        assert_eq!(of(11, 2), [('A', 6), ('b', 5), ('t', 2)]);
        assert_eq!(of(11, 6), [('A', 6), ('b', 5), ('T', 1), ('c', 4)]);
    }
}
