//! Diagnostics: what is wrong with a text, where, and what to do about it.
//!
//! A [`Diagnostic`] is a value. It is gathered, never thrown: a checker reports every fault of a text in one pass. How it is
//! drawn (colours, width) is the business of the program at the rim.
//!
//! Every code has an entry in [`codes::CODES`] and a page under `pages/`, whose examples are executed by tests in `detente-case`
//! and, for game files, `detente-games`.

mod codes;
mod nearest;
mod visible;

pub use codes::{CODES, Code, CodeInfo, find_code};
pub use nearest::nearest;
pub use visible::{visible, visible_json};

/// Number of a text in a [`Sources`] set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// A half-open range of bytes in one text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The text.
    pub file: FileId,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// A span of `start..end` in `file`.
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        Self { file, start, end }
    }

    /// The part `range` of this span, counted from its start and kept inside it.
    #[must_use]
    pub fn part(self, range: std::ops::Range<usize>) -> Self {
        let start = (self.start + range.start).min(self.end);
        Self::new(
            self.file,
            start,
            (self.start + range.end).clamp(start, self.end),
        )
    }
}

/// How bad it is: an error stops the run, a warning is printed and counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The case runs, but an analyst would want to know.
    Warning,
    /// The case cannot be run.
    Error,
}

/// A place in a text, with a few words written beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The underlined bytes.
    pub span: Span,
    /// The words; may be empty.
    pub text: String,
}

/// One fault or warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable code; `detente explain CODE` prints its page.
    pub code: Code,
    /// One sentence, without a full stop.
    pub message: String,
    /// The first label is the place itself; others show what it clashes with. Empty only for faults of a whole file.
    pub labels: Vec<Label>,
    /// What was expected, or what to do.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A diagnostic without a place.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            labels: Vec::new(),
            help: None,
        }
    }

    /// Adds a place.
    #[must_use]
    pub fn at(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label {
            span,
            text: text.into(),
        });
        self
    }

    /// Says what was expected, or what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Suggests the nearest of `known` to `typed`, or lists them if there are few.
    #[must_use]
    pub fn suggest<'a>(self, typed: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let known: Vec<&str> = known.into_iter().collect();
        if let Some(near) = nearest(typed, known.iter().copied()) {
            return self.help(format!("did you mean `{near}`?"));
        }
        match known.len() {
            0 => self,
            1..=12 => self.help(format!("expected one of: {}", known.join(", "))),
            n => self.help(format!(
                "none of the {n} known names is close; the first are: {}",
                known[..8].join(", ")
            )),
        }
    }

    /// Severity, as the code's entry says.
    pub fn severity(&self) -> Severity {
        self.code.info().severity
    }
}

/// One text: a file of a case.
#[derive(Clone, Debug)]
pub struct SourceText {
    /// Name shown to the user, usually the path as given.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// The texts that spans point into.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<SourceText>,
}

impl Sources {
    /// Adds a text and returns its number.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> FileId {
        self.files.push(SourceText {
            name: name.into(),
            text: text.into(),
        });
        FileId(u32::try_from(self.files.len() - 1).expect("fewer than 2^32 files"))
    }

    /// The text of `file`, if it is one of these.
    pub fn get(&self, file: FileId) -> Option<&SourceText> {
        self.files.get(file.0 as usize)
    }

    /// All texts in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = &SourceText> {
        self.files.iter()
    }

    /// Line of the first byte of `span`, counted from 1.
    pub fn line(&self, span: Span) -> usize {
        let text = self.get(span.file).map_or("", |f| f.text.as_str());
        let before = &text.as_bytes()[..span.start.min(text.len())];
        before.split(|byte| *byte == b'\n').count()
    }
}

/// Faults gathered at most: a text with more has one fault that repeats, and nobody reads the five-hundredth.
const MOST: usize = 500;

/// Gathers diagnostics, each once.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if self.list.len() < MOST && !self.list.contains(&diagnostic) {
            self.list.push(diagnostic);
        }
    }

    /// Is any of them an error?
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|d| d.severity() == Severity::Error)
    }

    /// In the order of the text, errors without a place first.
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.list.sort_by_key(|d| d.labels.first().map(|l| l.span));
        self.list
    }

    /// Those gathered so far.
    pub fn as_slice(&self) -> &[Diagnostic] {
        &self.list
    }
}
