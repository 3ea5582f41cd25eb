//! What an outside observer believes of each party's types, date by date: steps that hold until the next act, in panels by party over one
//! axis of dates.

use super::canvas::{Anchor, BODY, Canvas, SMALL, line_height, polyline, text_width, widest, wrap};
use super::frame::foot_note;
use super::place::spread;
use super::scale::{Plot, Scale, Ticks, usable, y_axis};
use super::{Layout, Marker, Party, per_hundred};

/// Chances of types over the dates of a record, one panel a party.
///
/// Dates stand at equal distances in the order given. A panel none of whose
/// lines moves by more than half a hundredth is left out and named below the
/// chart instead.
#[derive(Clone, Debug, Default)]
pub struct BeliefPath {
    /// The finding, for the accessible name.
    pub title: String,
    /// What is drawn, for those who cannot see it.
    pub desc: String,
    /// Id of the `<svg>`; other ids derive from it.
    pub id: String,
    /// Labels of the dates in order, the first for the time before any act
    /// ("before"). Those that would touch are left out of the axis (its two
    /// ends last), not out of the tooltips.
    pub steps: Vec<String>,
    /// From the top.
    pub panels: Vec<Panel>,
    /// What moves beliefs, with "no" before it; empty means "nothing on
    /// record".
    pub mover: String,
    /// Note below the chart; may be empty.
    pub note: String,
}

/// A party and what is believed of its types.
#[derive(Clone, Debug)]
pub struct Panel {
    /// Its name, colour and marker head the panel.
    pub party: Party,
    /// One a type; dash and marker tell them apart. Up to four read well.
    pub lines: Vec<Line>,
}

/// The chance of one type.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// Its name, at the right end; the party's own name before a colon is not
    /// written again.
    pub label: String,
    /// Chance (0 to 1) after each step; the line has a gap where it is not
    /// finite.
    pub chances: Vec<f64>,
    /// Chance (0 to 1) with all of the record, drawn as a mark beyond the last
    /// date.
    pub after: Option<f64>,
}

/// Up to this is no move: it would not show in hundredths (a hair more, so that rounding does not tip .505 − .5 over).
const STILL: f64 = 0.005 + 1e-9;
/// Left edge of the plots.
const LEFT: f64 = 34.0;

impl Line {
    fn at(&self, step: usize) -> Option<f64> {
        let chance = self.chances.get(step).copied()?;
        usable(chance).then(|| chance.clamp(0.0, 1.0))
    }

    fn after(&self) -> Option<f64> {
        self.after.filter(|v| usable(*v)).map(|v| v.clamp(0.0, 1.0))
    }

    fn known(&self) -> impl DoubleEndedIterator<Item = f64> {
        (0..self.chances.len()).filter_map(|i| self.at(i))
    }

    /// The chance before everything and the one after everything.
    fn ends(&self) -> Option<(f64, f64)> {
        let last = self.after().or_else(|| self.known().next_back())?;
        Some((self.known().next().unwrap_or(last), last))
    }

    fn moves(&self) -> bool {
        let (low, high) = self
            .known()
            .chain(self.after())
            .fold((1.0_f64, 0.0_f64), |(a, b), v| (a.min(v), b.max(v)));
        high - low > STILL
    }

    /// Steps that carry a mark: the first with a number and those that move
    /// the belief, with the chance before and after.
    fn marks(&self) -> Vec<(usize, Option<f64>, f64)> {
        let mut out = Vec::new();
        let mut held: Option<f64> = None;
        for step in 0..self.chances.len() {
            let Some(chance) = self.at(step) else {
                continue;
            };
            if held.is_none_or(|h| (h - chance).abs() > STILL) {
                out.push((step, held, chance));
            }
            held = Some(chance);
        }
        out
    }

    /// Name without that of the party.
    fn name(&self, party: &Party) -> &str {
        let short = self
            .label
            .strip_prefix(party.label.as_str())
            .and_then(|rest| rest.strip_prefix(':'))
            .map(str::trim);
        short.filter(|s| !s.is_empty()).unwrap_or(&self.label)
    }
}

impl Panel {
    fn moves(&self) -> bool {
        self.lines.iter().any(Line::moves)
    }

    fn numbered(&self) -> bool {
        self.lines.iter().any(|l| l.ends().is_some())
    }

    /// The shape of a type: the party's own first, then the ones after it.
    fn marker(&self, line: usize) -> Marker {
        let own = Marker::ALL.iter().position(|m| *m == self.party.marker);
        Marker::for_index(own.unwrap_or(0) + line)
    }
}

struct Frame {
    layout: Layout,
    right: f64,
    /// Number of steps; the last one ends at `right`.
    steps: usize,
    /// Where the marks for all of the record stand.
    after: Option<f64>,
    /// Left edge of the samples before the labels, and of the labels.
    samples: f64,
    labels: f64,
    /// Dates that fit on the axis, with their pixels.
    dates: Vec<Date>,
}

/// A label of the axis: its pixel, half its width and its lines.
struct Date {
    x: f64,
    half: f64,
    text: Vec<String>,
}

impl Date {
    fn new(label: &str, x: f64, width: f64) -> Self {
        // Two lines where there are words to part; no word is broken for it.
        let words = label.split_whitespace().map(|w| text_width(w, SMALL));
        let room = words.fold(48.0, f64::max).min(96.0);
        let text = wrap(label, SMALL, room, 2);
        let half = widest(&text, SMALL) / 2.0;
        let x = x.clamp(half, width - half);
        Self { x, half, text }
    }

    fn apart(&self, other: &Self) -> bool {
        (self.x - other.x).abs() >= self.half + other.half + 7.0
    }
}

/// The label of a line: its number, the lines of number and name, and the
/// pixel it belongs to.
struct Tip {
    y: f64,
    number: String,
    text: Vec<String>,
}

impl Tip {
    /// Middle and height, such that the first line is level with the mark.
    fn wanted(&self) -> (f64, f64) {
        let height = tip_height(&self.text);
        (
            self.y + (height - tip_height(&self.text[..self.text.len().min(1)])) / 2.0,
            height,
        )
    }
}

impl Frame {
    fn x(&self, step: usize) -> f64 {
        LEFT + (self.right - LEFT) * step as f64 / self.steps.max(1) as f64
    }

    fn room(&self) -> f64 {
        self.layout.width() - self.labels - 2.0
    }

    /// Where lines end and leaders begin.
    fn end(&self) -> f64 {
        self.after.map_or(self.right + 2.0, |x| x + 8.0)
    }

    /// The axis of dates as text on this baseline.
    fn write_dates(&self, c: &mut Canvas, y: f64) {
        c.group("axis axis-x");
        for date in &self.dates {
            c.lines("t tick", SMALL, (date.x, y), Anchor::Middle, &date.text);
        }
        c.close("g");
    }

    fn dates_height(&self) -> f64 {
        let most = self.dates.iter().map(|d| d.text.len()).max().unwrap_or(0);
        most as f64 * line_height(SMALL)
    }
}

impl BeliefPath {
    /// The ordinary layout, 640 px wide.
    #[must_use]
    pub fn render(&self) -> String {
        self.draw(Layout::Wide)
    }

    /// The layout for telephones, 344 px wide.
    #[must_use]
    pub fn render_compact(&self) -> String {
        self.draw(Layout::Compact)
    }

    fn draw(&self, layout: Layout) -> String {
        let mut c = Canvas::new("path", &layout.id(&self.id), &self.title, &self.desc);
        let panels: Vec<&Panel> = self.panels.iter().filter(|p| p.moves()).collect();
        let frame = self.frame(layout, &panels);
        let mut y = 4.0;
        if panels.is_empty() {
            let middle = (layout.width() / 2.0, 20.0);
            let words = "No belief moves";
            c.text("t muted", BODY, middle, Anchor::Middle, words);
            y = 30.0;
        } else {
            let at = (0.0, y + 10.0);
            c.text("t axis-label", SMALL, at, Anchor::Start, "chance, of 100");
            y += 14.0;
        }
        for (i, panel) in panels.iter().enumerate() {
            // A tall picture repeats the dates at its head.
            let dated = i == 0 && panels.len() > 2;
            y = self.panel(&mut c, &frame, panel, y, dated);
        }
        if !panels.is_empty() {
            frame.write_dates(&mut c, y + 13.0);
            y += frame.dates_height() + 7.0;
        }
        if frame.after.is_some() {
            c.group("key neutral");
            c.marker("mark ringed", Marker::Circle, 7.0, y + 9.5, 5.0);
            let words = "all: with all of the record";
            c.text("t muted", SMALL, (18.0, y + 14.0), Anchor::Start, words);
            c.close("g");
            y += 19.0;
        }
        y = foot_note(&mut c, layout.width(), y, &self.left_out());
        y = foot_note(&mut c, layout.width(), y, &self.note);
        c.finish(layout.width(), y + 4.0)
    }

    /// What is said of the panels that are not drawn.
    fn left_out(&self) -> String {
        let names = |numbered: bool| -> Vec<&str> {
            self.panels
                .iter()
                .filter(|p| !p.moves() && p.numbered() == numbered)
                .map(|p| p.party.label.as_str())
                .collect()
        };
        let mut out = Vec::new();
        let still = names(true);
        if !still.is_empty() {
            let them = if still.len() == 1 { "it" } else { "them" };
            let mover = if self.mover.is_empty() {
                "nothing on record"
            } else {
                &self.mover
            };
            out.push(format!("{}: {mover} moves {them}", still.join(", ")));
        }
        let unknown = names(false);
        if !unknown.is_empty() {
            out.push(format!("{}: no numbers", unknown.join(", ")));
        }
        out.join("; ")
    }

    fn frame(&self, layout: Layout, panels: &[&Panel]) -> Frame {
        let compact = layout.is_compact();
        let lines = || panels.iter().flat_map(|p| p.lines.iter().map(|l| (*p, l)));
        let steps = lines()
            .map(|(_, l)| l.chances.len())
            .fold(self.steps.len(), usize::max);
        let words: Vec<String> = lines()
            .filter_map(|(p, l)| Some(tip_words(p, l, l.ends()?.1).1))
            .collect();
        let most = if compact { 92.0 } else { 150.0 };
        let wanted = words
            .iter()
            .map(|words| (text_width(words, SMALL) + 8.0).min(most))
            .fold(50.0, f64::max);
        // Better a narrower plot than a word broken in two.
        let longest = words
            .iter()
            .flat_map(|words| words.split_whitespace())
            .map(|word| text_width(word, SMALL) + 5.0)
            .fold(0.0, f64::max);
        let room = wanted.max(longest.min(if compact { 112.0 } else { 170.0 }));
        let labels = layout.width() - 2.0 - room;
        let samples = labels - if compact { 15.0 } else { 34.0 };
        let leaders = if compact { 14.0 } else { 20.0 };
        let column = if compact { 22.0 } else { 30.0 };
        let any_after = lines().any(|(_, l)| l.after().is_some());
        let after = any_after.then_some(samples - leaders - 8.0);
        let mut frame = Frame {
            layout,
            right: after.map_or(samples - leaders - 2.0, |x| x - column),
            steps,
            after,
            samples,
            labels,
            dates: Vec::new(),
        };
        frame.dates = self.dates(&frame);
        frame
    }

    /// The dates whose labels keep apart: the first, the last and every so
    /// many between them.
    fn dates(&self, f: &Frame) -> Vec<Date> {
        let at = |i: usize| Date::new(&self.steps[i], f.x(i), f.layout.width());
        let mut kept: Vec<Date> = f
            .after
            .map_or_else(Vec::new, |x| vec![Date::new("all", x, f.layout.width())]);
        let mut keep = |date: Date| {
            let free = kept.iter().all(|k| k.apart(&date));
            if free {
                kept.push(date);
            }
            free
        };
        let Some(last) = self.steps.len().checked_sub(1) else {
            return kept;
        };
        keep(at(0));
        keep(at(last));
        // Counted from the last, whose neighbours the eye looks for first.
        let every = |stride: usize| (1..last).rev().filter(move |i| (last - i) % stride == 0);
        let near = |stride: usize| {
            let all: Vec<Date> = every(stride).chain([last]).map(at).collect();
            let clash = |(i, a): (usize, &Date)| all[..i].iter().any(|b| !a.apart(b));
            all.iter().enumerate().any(clash)
        };
        let stride = (1..=last.max(1)).find(|s| !near(*s)).unwrap_or(1);
        every(stride).map(at).for_each(|date| {
            keep(date);
        });
        kept
    }

    /// One panel; gives the lowest pixel.
    fn panel(&self, c: &mut Canvas, f: &Frame, panel: &Panel, top: f64, dated: bool) -> f64 {
        let party = &panel.party;
        let heading = wrap(&party.label, BODY, f.layout.width() - 22.0, 2);
        let first = top + 20.0;
        c.party_open(party.color_index, party.marker);
        c.tag("g")
            .attr("class", "belief-panel")
            .attr("data-party", &party.label)
            .open();
        c.marker("mark", party.marker, 7.0, first - 4.8, 5.0);
        c.lines("t strong", BODY, (20.0, first), Anchor::Start, &heading);
        let mut top = first + heading.len().saturating_sub(1) as f64 * line_height(BODY) + 13.0;
        if dated {
            f.write_dates(c, top + 6.0);
            top += f.dates_height() + 2.0;
        }
        let drawn: Vec<(usize, &Line, (f64, f64))> = panel
            .lines
            .iter()
            .enumerate()
            .filter_map(|(k, line)| Some((k, line, line.ends()?)))
            .collect();
        let texts: Vec<(String, Vec<String>)> = drawn
            .iter()
            .map(|(_, line, ends)| {
                let (number, words) = tip_words(panel, line, ends.1);
                (number, wrap(&words, SMALL, f.room() - 4.0, 3))
            })
            .collect();
        let needed: f64 = texts.iter().map(|t| tip_height(&t.1)).sum();
        let least = if f.layout.is_compact() { 92.0 } else { 100.0 };
        let plot = Plot {
            left: LEFT,
            right: f.right,
            top,
            bottom: top + (needed - 14.0).max(least),
        };
        let ys = Scale::new((0.0, 1.0), (plot.bottom, plot.top));
        y_axis(c, plot, &hundred_ticks(), ys);
        for step in 0..=f.steps {
            let x = f.x(step);
            c.line("grid", (x, plot.top), (x, plot.bottom));
        }
        if let Some(x) = f.after {
            c.line("grid", (x, plot.top), (x, plot.bottom));
        }
        let tips: Vec<Tip> = drawn
            .iter()
            .zip(texts)
            .map(|((_, _, ends), (number, text))| Tip {
                y: ys.at(ends.1),
                number,
                text,
            })
            .collect();
        let tops = spread(
            &tips.iter().map(Tip::wanted).collect::<Vec<_>>(),
            plot.top - 8.0,
            plot.bottom + 8.0,
        );
        for ((k, line, ends), tip) in drawn.iter().zip(&tips) {
            c.tag("g")
                .attr("class", "belief")
                .attr("data-line", &line.label)
                .attr("data-before", &format!("{:.4}", ends.0))
                .attr("data-after", &format!("{:.4}", ends.1))
                .open();
            c.tooltip(&format!(
                "{}, {}: {} → {} of 100",
                party.label,
                line.name(party),
                per_hundred(Some(ends.0)),
                tip.number
            ));
            draw_steps(c, f, *k, line, ys);
            c.close("g");
        }
        // Over all lines, so that equal chances do not hide one another.
        for (((k, line, _), tip), top) in drawn.iter().zip(&tips).zip(&tops) {
            self.marks(c, f, (panel, *k), line, ys);
            if let (Some(x), Some(after)) = (f.after, line.after()) {
                let higher = |other: &&(usize, &Line, (f64, f64))| {
                    let apart = ys.at(after) - ys.at(other.2.1);
                    other.0 != *k && (apart > 0.0 || apart == 0.0 && other.0 < *k) && apart < 10.0
                };
                // Marks that would touch stand side by side.
                let x = x - 10.0 * (drawn.iter().filter(higher).count() % 2) as f64;
                draw_after(c, f, (panel, *k), line, (x, ys));
            }
            draw_tip(c, f, (*k, panel.marker(*k)), tip, *top);
        }
        c.close("g");
        c.close("g");
        plot.bottom + 6.0
    }

    /// The marks of one type, which has its own place within each step.
    fn marks(
        &self,
        c: &mut Canvas,
        f: &Frame,
        (panel, k): (&Panel, usize),
        line: &Line,
        ys: Scale,
    ) {
        let slot = (k + 1) as f64 / (panel.lines.len() + 1) as f64;
        let marker = panel.marker(k);
        let name = line.name(&panel.party);
        for (step, from, to) in line.marks() {
            let x = f.x(step) + slot * (f.x(step + 1) - f.x(step));
            let date = self.steps.get(step).map_or("", String::as_str);
            let from = from.map_or(String::new(), |v| format!("{} → ", per_hundred(Some(v))));
            c.group("act");
            c.tooltip(&format!(
                "{name}, {date}: {from}{} of 100",
                per_hundred(Some(to))
            ));
            let r = if f.layout.is_compact() { 2.8 } else { 3.4 };
            c.marker("mark ringed", marker, x, ys.at(to), r);
            c.close("g");
        }
    }
}

/// The mark for all of the record, with a thread from the last step.
fn draw_after(
    c: &mut Canvas,
    f: &Frame,
    (panel, k): (&Panel, usize),
    line: &Line,
    (x, ys): (f64, Scale),
) {
    let Some(after) = line.after() else {
        return;
    };
    let y = ys.at(after);
    if let Some(last) = line.at(f.steps.saturating_sub(1)) {
        c.line("leader far", (f.right, ys.at(last)), (x - 6.0, y));
    }
    c.group("after");
    c.tooltip(&format!(
        "{}, with all of the record: {} of 100",
        line.name(&panel.party),
        per_hundred(Some(after))
    ));
    c.marker("mark ringed", panel.marker(k), x, y, 5.0);
    c.close("g");
}

/// The steps of one type; a gap where there is no number.
fn draw_steps(c: &mut Canvas, f: &Frame, k: usize, line: &Line, ys: Scale) {
    let mut d = String::new();
    let mut run: Vec<(f64, f64)> = Vec::new();
    for step in 0..=line.chances.len() {
        if let Some(chance) = line.at(step) {
            let y = ys.at(chance);
            run.extend([(f.x(step), y), (f.x(step + 1), y)]);
        } else {
            d.push_str(&polyline(&run));
            run.clear();
        }
    }
    c.path("casing", &d);
    c.path(&format!("steps dash-{}", k % 4), &d);
}

/// The number of a label, and number and name together.
fn tip_words(panel: &Panel, line: &Line, chance: f64) -> (String, String) {
    let number = per_hundred(Some(chance));
    let words = format!("{number} {}", line.name(&panel.party));
    (number, words)
}

fn tip_height(text: &[String]) -> f64 {
    text.len() as f64 * line_height(SMALL) + 3.0
}

fn hundred_ticks() -> Ticks {
    Ticks {
        domain: (0.0, 1.0),
        marks: [(0.0, "0"), (0.5, "50"), (1.0, "100")]
            .map(|(v, s)| (v, s.to_owned()))
            .to_vec(),
        step: 0.5,
    }
}

/// Leader, a sample of the line, number and name.
fn draw_tip(c: &mut Canvas, f: &Frame, (k, marker): (usize, Marker), tip: &Tip, top: f64) {
    let pitch = line_height(SMALL);
    let first = top + pitch - 3.0;
    let middle = first - 4.5;
    c.line("leader", (f.end(), tip.y), (f.samples - 3.0, middle));
    let sample = f.labels - 4.0 - f.samples;
    if !f.layout.is_compact() {
        let class = format!("steps dash-{}", k % 4);
        c.line(&class, (f.samples, middle), (f.samples + sample, middle));
    }
    let centre = f.samples + sample / 2.0;
    c.marker("mark ringed", marker, centre, middle, 3.8);
    let mut rest = tip.text.clone();
    if rest.first().is_some_and(|l| l.starts_with(&tip.number)) {
        let name = rest.remove(0)[tip.number.len()..].trim_start().to_owned();
        let at = (f.labels, first);
        c.text("t strong num", SMALL, at, Anchor::Start, &tip.number);
        if !name.is_empty() {
            let at = (
                f.labels + 1.14 * text_width(&tip.number, SMALL) + 5.0,
                first,
            );
            c.text("t", SMALL, at, Anchor::Start, &name);
        }
        let at = (f.labels, first + pitch);
        c.lines("t", SMALL, at, Anchor::Start, &rest);
    } else {
        c.lines("t", SMALL, (f.labels, first), Anchor::Start, &rest);
    }
}
