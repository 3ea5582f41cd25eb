//! Inline SVG charts for the report and the local page.
//!
//! Plain data goes in, one `<svg>…</svg>` string comes out. The module knows
//! nothing of cases or worlds, depends on `std` alone and writes the same
//! bytes for the same input. Every chart carries `role="img"`, a title and a
//! description, takes its colours from the custom properties of `report.css`
//! (so that the dark scheme works) and marks its data with `data-*` hooks.
//!
//! Each chart has two layouts: `render()` for columns of about 640 px and A4,
//! `render_compact()` for telephones (344 px wide, same type size).
//! [`responsive`] puts both on the page; the style sheet shows one of them.
//!
//! Numbers that are not finite (or beyond ±1e12) count as missing: they are
//! left out of the picture and never printed.
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::many_single_char_names,
    clippy::similar_names,
    reason = "pixel arithmetic on small, clamped numbers, with the names of geometry"
)]

mod canvas;
pub mod cloud;
pub mod contour;
pub mod credibility;
pub mod dots;
pub mod endings;
pub mod fan;
#[cfg(test)]
mod form_tests;
mod frame;
pub mod heat;
#[cfg(test)]
mod move_tests;
pub mod moved;
pub mod path;
mod place;
pub mod range;
pub mod regimes;
mod scale;
#[cfg(test)]
mod tests;
pub mod waterfall;

use canvas::Canvas;
pub(crate) use canvas::escape;

/// Number of party colours in the palette (`--party-0` … `--party-7`).
pub const PARTY_COLORS: usize = 8;

/// Number of colours for endings (`--ending-0` … `--ending-5`).
pub const ENDING_COLORS: usize = 6;

/// Width of the ordinary layout in CSS pixels.
pub(crate) const WIDE: f64 = 640.0;
/// Width of the compact layout in CSS pixels.
pub(crate) const COMPACT: f64 = 344.0;

const STYLE_SHEET: &str = include_str!("../assets/report.css");

/// A marker shape, fixed per party so that colour never stands alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Marker {
    /// A disc.
    #[default]
    Circle,
    /// A square standing on its side.
    Square,
    /// A triangle pointing up.
    Triangle,
    /// A square standing on its corner.
    Diamond,
    /// A triangle pointing down.
    TriangleDown,
    /// An upright cross.
    Plus,
    /// A five-cornered shape.
    Pentagon,
    /// A five-pointed star.
    Star,
}

impl Marker {
    /// All shapes, in the order in which parties take them.
    pub const ALL: [Self; PARTY_COLORS] = [
        Self::Circle,
        Self::Square,
        Self::Triangle,
        Self::Diamond,
        Self::TriangleDown,
        Self::Plus,
        Self::Pentagon,
        Self::Star,
    ];

    /// The shape of the party at `index` (wraps after eight).
    #[must_use]
    pub fn for_index(index: usize) -> Self {
        Self::ALL[index % PARTY_COLORS]
    }

    /// Name used in the `data-marker` hook.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Circle => "circle",
            Self::Square => "square",
            Self::Triangle => "triangle",
            Self::Diamond => "diamond",
            Self::TriangleDown => "triangle-down",
            Self::Plus => "plus",
            Self::Pentagon => "pentagon",
            Self::Star => "star",
        }
    }
}

/// A party as it appears in charts: name, colour and marker stay the same
/// throughout a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// Name as the case gives it.
    pub label: String,
    /// Place in the palette; wraps after [`PARTY_COLORS`].
    pub color_index: usize,
    /// Shape of its marks.
    pub marker: Marker,
}

impl Party {
    /// The party at `index`, with the colour and the marker of that place.
    #[must_use]
    pub fn new(label: impl Into<String>, index: usize) -> Self {
        Self {
            label: label.into(),
            color_index: index,
            marker: Marker::for_index(index),
        }
    }
}

/// A share (0 to 1) as sampled worlds in a hundred: "62", and never 0 or 100
/// but "<1" and ">99"; "–" where there is no number.
#[must_use]
pub fn per_hundred(share: Option<f64>) -> String {
    let Some(value) = share.filter(|v| v.is_finite()) else {
        return "–".to_owned();
    };
    let hundredths = (value * 100.0).round();
    if hundredths < 1.0 {
        "<1".to_owned()
    } else if hundredths > 99.0 {
        ">99".to_owned()
    } else {
        format!("{hundredths:.0}")
    }
}

/// Both layouts of one chart in a wrapper; the style sheet shows the one that
/// fits (the other is `display: none`, so it is not read aloud either).
#[must_use]
pub fn responsive(wide: &str, compact: &str) -> String {
    format!(
        "<div class=\"chart-frame chart-wide\">{wide}</div>\n\
         <div class=\"chart-frame chart-compact\">{compact}</div>\n"
    )
}

/// The marker of a party as a tiny decorative inline `<svg>` (1 em high), for
/// tables and running text; hidden from assistive technology, so write the
/// party's name beside it.
#[must_use]
pub fn swatch(party: &Party) -> String {
    let mut canvas = Canvas::bare();
    canvas.party_open(party.color_index, party.marker);
    canvas.marker("mark", party.marker, 8.0, 8.0, 6.0);
    canvas.close("g");
    format!(
        "<svg class=\"swatch chart\" viewBox=\"0 0 16 16\" width=\"16\" height=\"16\" \
         aria-hidden=\"true\" focusable=\"false\">{}</svg>",
        canvas.into_body()
    )
}

/// The chart as a file of its own: the chart part of the style sheet is put
/// inside, so that it keeps its colours outside the page. Text that is not
/// one of this module's charts comes back unchanged.
#[must_use]
pub fn standalone(svg: &str) -> String {
    let style = chart_style();
    let whole = match svg.find("<title") {
        Some(at) => format!("{}<style>{style}</style>{}", &svg[..at], &svg[at..]),
        None => svg.to_owned(),
    };
    detente_diag::visible(&whole).into_owned()
}

/// The part of `report.css` between its two `charts` marks.
#[must_use]
pub fn chart_style() -> &'static str {
    let after = STYLE_SHEET
        .split_once("/* charts: begin */")
        .map_or("", |(_, rest)| rest);
    after
        .split_once("/* charts: end */")
        .map_or(after, |(inside, _)| inside)
}

/// Which of the two layouts is being drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    Wide,
    Compact,
}

impl Layout {
    pub(crate) fn width(self) -> f64 {
        match self {
            Self::Wide => WIDE,
            Self::Compact => COMPACT,
        }
    }

    pub(crate) fn is_compact(self) -> bool {
        self == Self::Compact
    }

    /// The compact twin needs ids of its own.
    pub(crate) fn id(self, id: &str) -> String {
        match self {
            Self::Wide => id.to_owned(),
            Self::Compact => format!("{id}-c"),
        }
    }
}
