//! Arguments of what goes to spreadsheets and to experts, and comes back: `detente ask`, `export`, `import`.

use std::path::PathBuf;

use super::Drawing;

/// Say which numbers are worth finding out first.
///
/// An answer is a verdict on a share of worlds: that the leading package is signed and kept or is not, who blocks it, that a claim is true or not.
/// Whoever knew a number could give another verdict where it lies so, and be right more often: that is what knowing it is worth.
#[derive(Debug, clap::Args)]
pub(crate) struct Ask {
    #[command(flatten)]
    pub(crate) drawing: Drawing,
    /// Ask about this claim alone
    #[arg(long, value_name = "NAME", conflicts_with = "quantity")]
    pub(crate) claim: Option<String>,
    /// Ask about this alone, written as in a claim: a chance (`settlement.agreed[terms]`), or a statement (`alternative.line_mean[12] > 20`)
    #[arg(long, value_name = "TEXT")]
    pub(crate) quantity: Option<String>,
    /// Worlds to draw; more tell smaller gains from nothing
    #[arg(long, default_value_t = ASKED_WORLDS, value_parser = clap::value_parser!(u32).range(64..=1_000_000))]
    pub(crate) worlds: u32,
    /// Worlds in which all combinations of options are searched, the first ones: for what rests on a search
    #[arg(long, default_value_t = 256, value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    pub(crate) searches: u32,
    /// How many numbers the questions at the end are written out for
    #[arg(long, value_name = "NUMBER", default_value_t = 5)]
    pub(crate) top: usize,
    /// Leave out what is on record: acts and anchors weigh neither types nor worlds
    #[arg(long)]
    pub(crate) prior: bool,
    /// Threads; the result does not depend on it [default: all]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub(crate) threads: Option<u32>,
    /// Print all of it as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Worlds of an asking unless it says how many.
pub(crate) const ASKED_WORLDS: u32 = 2048;

/// Write the register of a case's numbers for experts to fill; `detente import` takes their answers back.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("form").required(true).multiple(true))]
pub(crate) struct Export {
    /// A case: a file, or a folder that holds case.toml
    pub(crate) case: PathBuf,
    /// Write a workbook: instructions, locked cells, and cells that take numbers within their bounds alone
    #[arg(long, value_name = "FILE", group = "form")]
    pub(crate) xlsx: Option<PathBuf>,
    /// Write comma-separated values
    #[arg(long, value_name = "FILE", group = "form")]
    pub(crate) csv: Option<PathBuf>,
    /// Put the numbers first that answers would gain most by, as `detente ask` has them; else rows go by path
    #[arg(long)]
    pub(crate) ask: bool,
    /// With --ask: those that this claim would gain by
    #[arg(long, value_name = "NAME", requires = "ask")]
    pub(crate) claim: Option<String>,
    /// With --ask: worlds to draw
    #[arg(long, default_value_t = ASKED_WORLDS, requires = "ask", value_parser = clap::value_parser!(u32).range(64..=1_000_000))]
    pub(crate) worlds: u32,
    /// Leave out what the case has now, so that it leads nobody to it
    #[arg(long)]
    pub(crate) blind: bool,
}

/// Put the answers of a filled register into a case: each becomes an expert of its number, with name and date.
///
/// The case's text is edited in place; nothing else of it changes, not a comment. The same file once more changes nothing.
#[derive(Debug, clap::Args)]
pub(crate) struct Import {
    /// A case: a file, or a folder that holds case.toml
    pub(crate) case: PathBuf,
    /// The filled register: .xlsx or .csv
    pub(crate) register: PathBuf,
    /// Who answered [default: as the register says]
    #[arg(long, value_name = "NAME")]
    pub(crate) expert: Option<String>,
    /// When [default: as the register says]
    #[arg(long, value_name = "DATE")]
    pub(crate) on: Option<String>,
    /// Put in what can stand even if something else cannot
    #[arg(long)]
    pub(crate) partial: bool,
    /// Say what would be put in, and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}
