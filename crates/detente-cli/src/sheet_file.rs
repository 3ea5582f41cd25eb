//! Opening spreadsheets.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use detente::diag::{Code, Diagnostic, Sources};
use detente_sheets::{Book, Kind};

use crate::case_file;
use crate::failure::Failure;
use crate::render;

/// How a spreadsheet is stored, by its name; another ending is refused.
pub(crate) fn kind(path: &Path) -> Result<Kind, Failure> {
    let ending = path.extension().and_then(OsStr::to_str);
    ending.and_then(Kind::of_ending).ok_or_else(|| {
        let what = format!("{} should end in .xlsx or .csv", path.display());
        Failure::BadInput(what)
    })
}

/// Reads a spreadsheet; what is wrong with it is printed and becomes bad input.
pub(crate) fn read(path: &Path) -> Result<Book, Failure> {
    let kind = kind(path)?;
    let shown = path.display().to_string();
    let not_found = |error: std::io::Error| {
        let fault = Diagnostic::new(
            Code::NOT_FOUND,
            format!("{shown} cannot be opened ({error})"),
        );
        case_file::refuse(match case_file::nearest_sibling(path) {
            Some(near) => fault.help(format!("did you mean {}?", near.display())),
            None => fault.help("give a spreadsheet: .xlsx or .csv"),
        })
    };
    let there = fs::metadata(path).map_err(not_found)?;
    // What is too large to be read is not read first.
    if there.len() > detente_sheets::book::BYTES as u64 {
        let what = format!("{shown} is {} MiB long", there.len().div_ceil(1 << 20));
        let most = format!(
            "a spreadsheet may have {} MiB",
            detente_sheets::book::BYTES >> 20
        );
        return Err(case_file::refuse(
            Diagnostic::new(Code::TOO_LARGE, what).help(most),
        ));
    }
    let bytes = fs::read(path).map_err(not_found)?;
    detente_sheets::read(&shown, kind, &bytes).map_err(|faults| refuse(&faults))
}

/// Prints what is wrong with a spreadsheet; each fault names its cell.
pub(crate) fn refuse(faults: &[Diagnostic]) -> Failure {
    render::print(faults, &Sources::default(), true);
    Failure::BadInput(String::new())
}
