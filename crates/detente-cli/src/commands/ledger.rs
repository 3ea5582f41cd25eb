//! `detente ledger`

mod resolve;
mod sign;
mod verify;

use detente::diag::{Code, Diagnostic};
use detente::ledger::{ink, score};

use crate::args::{Ledger, LedgerCommand, Score, Show};
use crate::failure::Failure;
use crate::ledger_file::LedgerFile;
use crate::output::{self, Inputs, Place};
use crate::{case_file, clock};

pub(crate) fn run(args: &Ledger) -> Result<(), Failure> {
    match &args.command {
        LedgerCommand::Sign(args) => sign::run(args),
        LedgerCommand::List(args) => list(args),
        LedgerCommand::Resolve(args) => resolve::run(args),
        LedgerCommand::Score(args) => scored(args),
        LedgerCommand::Verify(args) => verify::run(args),
    }
}

fn list(args: &Show) -> Result<(), Failure> {
    let file = LedgerFile::given(&args.case, args.ledger.as_deref());
    let now = clock::now();
    output::print(&ink::list(&file.read()?, clock::day(&now)))
}

fn scored(args: &Score) -> Result<(), Failure> {
    let file = LedgerFile::given(&args.case, args.ledger.as_deref());
    let inputs = Inputs {
        files: vec![file.path().to_owned()],
        what: "the ledger",
    };
    let place = args.html.as_ref().map(|named| Place::look(named, &inputs));
    let place = place.transpose()?;
    let ledger = file.read()?;
    let now = clock::now();
    let today = clock::day(&now);
    let scores = score(&ledger, today);
    let mut page = None;
    if let Some(place) = place {
        let html = ink::page(&file.name(&ledger), &ledger, &scores, today);
        place.write(html.as_bytes())?;
        page = Some(place.named().display().to_string());
    }
    if args.json {
        return output::print_json_text(&ink::json(&ledger, &scores));
    }
    output::print(&ink::terminal(&scores, page.as_deref()))
}

/// Says which entries were added, and what to quote.
fn told(file: &LedgerFile, added: &[detente::ledger::NewEntry]) -> Result<(), Failure> {
    let Some(last) = added.last() else {
        return Ok(());
    };
    let numbers: Vec<String> = added.iter().map(|entry| entry.number.to_string()).collect();
    let entries = match &numbers[..] {
        [one] => format!("entry {one}"),
        many => format!("entries {}", many.join(", ")),
    };
    output::print(&format!(
        "{}: {entries} added; the ledger's head is now {}\n",
        file.path().display(),
        last.hash
    ))
}

/// A date of the command line.
fn date(option: &str, text: &str) -> Result<String, Failure> {
    let digits = |word: &str| word.len() == 4 && word.bytes().all(|b| b.is_ascii_digit());
    let mut words = text.split(|c: char| !c.is_ascii_digit());
    if words.any(digits) {
        return Ok(text.to_owned());
    }
    let fault = Diagnostic::new(Code::BAD_DATE, format!("{option} {text} is no date"));
    Err(case_file::refuse(
        fault.help("write a day as 2025-03-19, or \"March 2025\""),
    ))
}
