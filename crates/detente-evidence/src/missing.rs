//! Parts of a report that are not there.

/// A part of a report that is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The part, by its anchor on the page.
    pub part: &'static str,
    /// Why.
    pub why: Lack,
}

/// Why a part of a report is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lack {
    /// Somebody stopped the report before it was done.
    Interrupted,
    /// Nobody asked for more than a first look.
    Quick,
    /// The report is of a run that is kept, and this would take worlds to be run.
    Kept,
    /// The report is of a run that does not keep all columns that this is told by.
    Unkept,
    /// It met a defect of the program, which said so much.
    Defect(String),
}

/// What a panic said.
pub fn said_in_panic(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("a panic without a message").to_owned()
}
