//! A very small SVG writer: escaping, numbers of fixed precision, text
//! measures by estimate. The same calls give the same bytes.

use std::fmt::Write as _;

use super::{Marker, PARTY_COLORS};

/// Type sizes in user units (CSS pixels at natural size).
pub(crate) const BODY: f64 = 14.0;
/// Ticks, notes and other small print.
pub(crate) const SMALL: f64 = 12.5;

/// Where a text hangs on its x.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// An SVG under construction.
pub(crate) struct Canvas {
    body: String,
    kind: &'static str,
    id: String,
    title: String,
    desc: String,
}

/// An element under construction; ends with `end`, `open` or `text`.
pub(crate) struct Tag<'a> {
    out: &'a mut String,
    name: &'static str,
}

impl Tag<'_> {
    pub(crate) fn num(self, name: &str, value: f64) -> Self {
        let _ = write!(self.out, " {name}=\"{}\"", number(value));
        self
    }

    pub(crate) fn attr(self, name: &str, value: &str) -> Self {
        let _ = write!(self.out, " {name}=\"{}\"", escape(value));
        self
    }

    pub(crate) fn end(self) {
        self.out.push_str("/>");
    }

    pub(crate) fn open(self) {
        self.out.push('>');
    }

    pub(crate) fn text(self, content: &str) {
        let _ = write!(self.out, ">{}</{}>", escape(content), self.name);
    }
}

impl Canvas {
    pub(crate) fn new(kind: &'static str, id: &str, title: &str, desc: &str) -> Self {
        Self {
            body: String::new(),
            kind,
            id: safe_id(id),
            title: title.to_owned(),
            desc: desc.to_owned(),
        }
    }

    /// A canvas whose body alone is wanted.
    pub(crate) fn bare() -> Self {
        Self::new("bare", "", "", "")
    }

    pub(crate) fn into_body(self) -> String {
        self.body
    }

    pub(crate) fn tag(&mut self, name: &'static str) -> Tag<'_> {
        let _ = write!(self.body, "<{name}");
        Tag {
            out: &mut self.body,
            name,
        }
    }

    pub(crate) fn close(&mut self, name: &str) {
        let _ = write!(self.body, "</{name}>");
    }

    /// A group of one class.
    pub(crate) fn group(&mut self, class: &str) {
        self.tag("g").attr("class", class).open();
    }

    /// A group in the colour of a party.
    pub(crate) fn party_open(&mut self, color_index: usize, marker: Marker) {
        let color = color_index % PARTY_COLORS;
        self.tag("g")
            .attr("class", &format!("p{color}"))
            .attr("data-color", &color.to_string())
            .attr("data-marker", marker.name())
            .open();
    }

    /// A tooltip for the element that is open.
    pub(crate) fn tooltip(&mut self, content: &str) {
        if !content.is_empty() {
            self.tag("title").text(content);
        }
    }

    pub(crate) fn text(
        &mut self,
        class: &str,
        size: f64,
        (x, y): (f64, f64),
        anchor: Anchor,
        s: &str,
    ) {
        let tag = self
            .tag("text")
            .attr("class", class)
            .num("font-size", size)
            .num("x", x)
            .num("y", y);
        match anchor {
            Anchor::Start => tag,
            Anchor::Middle => tag.attr("text-anchor", "middle"),
            Anchor::End => tag.attr("text-anchor", "end"),
        }
        .text(s);
    }

    /// Several lines of text, the first on `y`.
    pub(crate) fn lines(
        &mut self,
        class: &str,
        size: f64,
        (x, y): (f64, f64),
        anchor: Anchor,
        lines: &[String],
    ) {
        for (i, line) in lines.iter().enumerate() {
            self.text(
                class,
                size,
                (x, y + i as f64 * line_height(size)),
                anchor,
                line,
            );
        }
    }

    pub(crate) fn line(&mut self, class: &str, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) {
        self.tag("line")
            .attr("class", class)
            .num("x1", x1)
            .num("y1", y1)
            .num("x2", x2)
            .num("y2", y2)
            .end();
    }

    pub(crate) fn rect(&mut self, class: &str, (x, y): (f64, f64), (w, h): (f64, f64)) {
        self.tag("rect")
            .attr("class", class)
            .num("x", x)
            .num("y", y)
            .num("width", w.max(0.0))
            .num("height", h.max(0.0))
            .end();
    }

    pub(crate) fn circle(&mut self, class: &str, (cx, cy): (f64, f64), r: f64) {
        self.tag("circle")
            .attr("class", class)
            .num("cx", cx)
            .num("cy", cy)
            .num("r", r)
            .end();
    }

    pub(crate) fn path(&mut self, class: &str, d: &str) {
        if !d.is_empty() {
            self.tag("path").attr("class", class).attr("d", d).end();
        }
    }

    /// A marker of about the area of a disc of radius `r`.
    pub(crate) fn marker(&mut self, class: &str, marker: Marker, x: f64, y: f64, r: f64) {
        let corners: &[(f64, f64)] = match marker {
            Marker::Circle => {
                self.circle(class, (x, y), r);
                return;
            }
            Marker::Square => &[(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
            Marker::Triangle => &[(0.0, -1.2), (1.15, 0.9), (-1.15, 0.9)],
            Marker::TriangleDown => &[(0.0, 1.2), (1.15, -0.9), (-1.15, -0.9)],
            Marker::Diamond => &[(0.0, -1.3), (1.15, 0.0), (0.0, 1.3), (-1.15, 0.0)],
            Marker::Plus => &[
                (-0.4, -1.2),
                (0.4, -1.2),
                (0.4, -0.4),
                (1.2, -0.4),
                (1.2, 0.4),
                (0.4, 0.4),
                (0.4, 1.2),
                (-0.4, 1.2),
                (-0.4, 0.4),
                (-1.2, 0.4),
                (-1.2, -0.4),
                (-0.4, -0.4),
            ],
            Marker::Pentagon => &[
                (0.0, -1.15),
                (1.09, -0.36),
                (0.68, 0.93),
                (-0.68, 0.93),
                (-1.09, -0.36),
            ],
            Marker::Star => &[
                (0.0, -1.4),
                (0.33, -0.45),
                (1.33, -0.43),
                (0.53, 0.17),
                (0.82, 1.13),
                (0.0, 0.56),
                (-0.82, 1.13),
                (-0.53, 0.17),
                (-1.33, -0.43),
                (-0.33, -0.45),
            ],
        };
        let points: Vec<(f64, f64)> = corners
            .iter()
            .map(|(dx, dy)| (x + dx * r, y + dy * r))
            .collect();
        let mut d = polyline(&points);
        d.push('Z');
        self.path(class, &d);
    }

    /// The finished picture.
    pub(crate) fn finish(self, width: f64, height: f64) -> String {
        let Self {
            body,
            kind,
            id,
            title,
            desc,
        } = self;
        let (w, h) = (number(width.ceil()), number(height.ceil()));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart chart-{kind}\" id=\"{id}\" \
             data-chart=\"{kind}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\" \
             viewBox=\"0 0 {w} {h}\" width=\"{w}\" height=\"{h}\">\
             <title id=\"{id}-t\">{}</title><desc id=\"{id}-d\">{}</desc>{body}</svg>",
            escape(&title),
            escape(&desc),
        )
    }

    /// Defines the hatching that marks placeholder-driven results; its paint
    /// is `hatch_paint`.
    pub(crate) fn define_hatch(&mut self) {
        let id = format!("{}-hatch", self.id);
        self.tag("pattern")
            .attr("id", &id)
            .attr("width", "6")
            .attr("height", "6")
            .attr("patternUnits", "userSpaceOnUse")
            .attr("patternTransform", "rotate(45)")
            .open();
        self.line("hatch", (0.0, 0.0), (0.0, 6.0));
        self.close("pattern");
    }

    /// A hatched rectangle (after `define_hatch`).
    pub(crate) fn hatched(&mut self, (x, y): (f64, f64), (w, h): (f64, f64)) {
        let fill = format!("url(#{}-hatch)", self.id);
        self.tag("rect")
            .attr("class", "hatched")
            .attr("fill", &fill)
            .num("x", x)
            .num("y", y)
            .num("width", w.max(0.0))
            .num("height", h.max(0.0))
            .end();
    }
}

impl Canvas {
    /// A hatched shape (after `define_hatch`).
    pub(crate) fn hatched_path(&mut self, d: &str) {
        let fill = format!("url(#{}-hatch)", self.id);
        if !d.is_empty() {
            self.tag("path")
                .attr("class", "hatched")
                .attr("fill", &fill)
                .attr("d", d)
                .end();
        }
    }
}

/// One decimal place at most, no negative zero, 0 for what is not a number.
pub(crate) fn number(value: f64) -> String {
    if !value.is_finite() {
        return "0".to_owned();
    }
    let mut s = format!("{value:.1}");
    if s.ends_with(".0") {
        s.truncate(s.len() - 2);
    }
    if s == "-0" {
        s.remove(0);
    }
    s
}

/// Text safe in element content and attribute values; characters that XML
/// does not allow are dropped.
pub(crate) fn escape(s: &str) -> String {
    let mut out = String::with_capacity(s.len());
    for c in s.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{FFFE}' | '\u{FFFF}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// An id made of ASCII letters, digits, `-` and `_` that starts with a letter.
pub(crate) fn safe_id(id: &str) -> String {
    let mut out: String = id
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '_' {
                c
            } else {
                '-'
            }
        })
        .collect();
    if !out.starts_with(|c: char| c.is_ascii_alphabetic()) {
        out.insert_str(0, "chart-");
    }
    out
}

/// Path data through the points, in straight lines.
pub(crate) fn polyline(points: &[(f64, f64)]) -> String {
    let mut d = String::new();
    for (i, &(x, y)) in points.iter().enumerate() {
        let letter = if i == 0 { 'M' } else { 'L' };
        let _ = write!(d, "{letter}{} {}", number(x), number(y));
    }
    d
}

/// Distance between lines of text of one size.
pub(crate) fn line_height(size: f64) -> f64 {
    (size * 1.22).round()
}

/// Estimated width of a text, on the wide side of common sans-serif faces.
pub(crate) fn text_width(s: &str, size: f64) -> f64 {
    let ems: f64 = s
        .chars()
        .map(|c| match c {
            'i' | 'j' | 'l' | '\'' | '.' | ',' | ':' | ';' | '|' | '!' => 0.29,
            'f' | 't' | 'r' | 'I' | ' ' | '(' | ')' | '/' | '-' | '[' | ']' => 0.36,
            'm' | 'w' | 'M' | 'W' | '%' | '@' | '—' => 0.90,
            'A'..='Z' | '&' => 0.71,
            c if c.is_ascii() => 0.57,
            // Accented Latin, Greek, Cyrillic, general punctuation.
            c if (c as u32) < 0x2200 => 0.64,
            _ => 1.05,
        })
        .sum();
    ems * size
}

/// The text in lines no wider than `width`; at most `max_lines`, the last cut
/// with an ellipsis when there is more.
pub(crate) fn wrap(s: &str, size: f64, width: f64, max_lines: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut current = String::new();
    for word in s.split_whitespace() {
        let mut rest = word;
        loop {
            let trial = if current.is_empty() {
                rest.to_owned()
            } else {
                format!("{current} {rest}")
            };
            if text_width(&trial, size) <= width {
                current = trial;
                break;
            }
            if !current.is_empty() {
                lines.push(std::mem::take(&mut current));
                continue;
            }
            // One word too long for a line: break it where it must.
            let cut = at_a_joint(rest, fitting_prefix(rest, size, width));
            if cut >= rest.len() {
                rest.clone_into(&mut current);
                break;
            }
            lines.push(rest[..cut].to_owned());
            rest = &rest[cut..];
        }
        if lines.len() > max_lines {
            break;
        }
    }
    if !current.is_empty() {
        lines.push(current);
    }
    if lines.len() > max_lines {
        lines.truncate(max_lines);
        if let Some(last) = lines.last_mut() {
            while !last.is_empty() && text_width(last, size) + size > width {
                last.pop();
            }
            while last.ends_with([' ', ',', ';']) {
                last.pop();
            }
            last.push('…');
        }
    }
    lines
}

/// Length in bytes of the longest prefix within `width`; at least one character.
fn fitting_prefix(word: &str, size: f64, width: f64) -> usize {
    let mut end = 0;
    for (at, c) in word.char_indices() {
        let next = at + c.len_utf8();
        if end > 0 && text_width(&word[..next], size) > width {
            break;
        }
        end = next;
    }
    end
}

/// The end of the last part within a prefix of a word whose parts are joined by strokes ("Harbour/Coast"); the prefix's own if it has none.
fn at_a_joint(word: &str, prefix: usize) -> usize {
    if prefix >= word.len() {
        return prefix;
    }
    let joint = word[..prefix].rfind(['/', '-', '–']);
    let end = joint.map(|at| at + word[at..].chars().next().map_or(1, char::len_utf8));
    end.unwrap_or(prefix)
}

/// Greatest width of some lines.
pub(crate) fn widest(lines: &[String], size: f64) -> f64 {
    lines
        .iter()
        .map(|l| text_width(l, size))
        .fold(0.0, f64::max)
}
