//! Arguments of `detente ledger`.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};

use super::Drawing;

/// Sign forecasts, keep them in a chain of hashes, resolve them and score them.
///
/// A share of worlds is a statement about the model. It becomes a forecast when somebody signs it, or another probability, with a rule and a
/// date. The ledger is a text to which entries are only ever added: ledger.toml in the case's folder, or NAME.ledger.toml beside its file.
#[derive(Debug, clap::Args)]
pub(crate) struct Ledger {
    #[command(subcommand)]
    pub(crate) command: LedgerCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LedgerCommand {
    /// Sign a judgement of the case: compute the model's share and add an entry with both
    Sign(Sign),
    /// List what was signed, and what came of it
    List(Show),
    /// Say what came of a judgement, by hand or by the case's evidence.toml: adds an entry, changes none
    Resolve(Resolve),
    /// Score what is resolved: Brier, log, CRPS, calibration, skill
    Score(Score),
    /// Prove that nothing was changed and that every share still comes out bit for bit
    Verify(Verify),
}

#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "switches of a command line")]
pub(crate) struct Sign {
    #[command(flatten)]
    pub(crate) drawing: Drawing,
    /// The judgement of the case, whose question, rule and date are signed
    pub(crate) judgement: String,
    /// Sign the model's share itself, by "the model"
    #[arg(long, conflicts_with_all = ["by", "probability", "distribution"])]
    pub(crate) model: bool,
    /// Who signs, if not who signed in the case; takes a probability or a distribution of their own
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
    /// Another probability than the case states
    #[arg(long, value_name = "CHANCE", value_parser = chance, requires = "by", conflicts_with = "distribution")]
    pub(crate) probability: Option<f64>,
    /// Another distribution than the case states, written as there
    #[arg(long, value_name = "TEXT", requires = "by")]
    pub(crate) distribution: Option<String>,
    /// Why it differs from the model's share [default: as the case says]
    #[arg(long, value_name = "TEXT")]
    pub(crate) why: Option<String>,
    /// When it was made [default: today; of the case's own judgement, as it says]
    #[arg(long, value_name = "DATE")]
    pub(crate) on: Option<String>,
    /// Sign what is due already: the entry says that it was written with hindsight
    #[arg(long)]
    pub(crate) hindsight: bool,
    /// Leave out what is on record: sign the share of the prior
    #[arg(long)]
    pub(crate) prior: bool,
    /// Worlds to draw for the model's share
    #[arg(long, default_value_t = 4096, value_parser = clap::value_parser!(u32).range(2..=1_000_000))]
    pub(crate) worlds: u32,
    /// Worlds in which all combinations of options are searched, the first ones
    #[arg(long, default_value_t = 256)]
    pub(crate) searches: u32,
    /// Threads; the result does not depend on it [default: all]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub(crate) threads: Option<u32>,
    /// Keep copies of the case's texts beside the ledger, so that the share can be proved when they have changed
    #[arg(long)]
    pub(crate) keep: bool,
    /// The ledger [default: beside the case]
    #[arg(long, value_name = "FILE")]
    pub(crate) ledger: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    /// A case whose ledger is meant, or a ledger
    pub(crate) case: PathBuf,
    /// The ledger [default: beside the case]
    #[arg(long, value_name = "FILE")]
    pub(crate) ledger: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Resolve {
    /// A case: a file, or a folder that holds case.toml
    pub(crate) case: PathBuf,
    /// The judgement of which it is known what came of it
    #[arg(required_unless_present = "evidence")]
    pub(crate) judgement: Option<String>,
    /// Resolve by the case's evidence.toml: this judgement, or all that it settles
    #[arg(long, conflicts_with_all = ["outcome", "value", "says", "source", "on"])]
    pub(crate) evidence: bool,
    /// Did it happen?
    #[arg(long, value_enum, conflicts_with = "value")]
    pub(crate) outcome: Option<Outcome>,
    /// The number that came out
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true, value_parser = finite)]
    pub(crate) value: Option<f64>,
    /// What happened, in a sentence
    #[arg(long, value_name = "TEXT")]
    pub(crate) says: Option<String>,
    /// Where it is reported; may be given several times
    #[arg(long, value_name = "TEXT")]
    pub(crate) source: Vec<String>,
    /// When it was known [default: today]
    #[arg(long, value_name = "DATE")]
    pub(crate) on: Option<String>,
    /// Who resolves it [default with --evidence: evidence.toml]
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
    /// Only these entries [default: all open ones of the judgement]; may be given several times
    #[arg(long, value_name = "NUMBER", conflicts_with = "evidence")]
    pub(crate) entry: Vec<usize>,
    /// Say it once more of what is resolved already: the last word holds
    #[arg(long)]
    pub(crate) correct: bool,
    /// The ledger [default: beside the case]
    #[arg(long, value_name = "FILE")]
    pub(crate) ledger: Option<PathBuf>,
}

/// What came of something that happens or does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Outcome {
    /// It happened
    Yes,
    /// It did not happen
    No,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Score {
    /// A case whose ledger is meant, or a ledger
    pub(crate) case: PathBuf,
    /// The ledger [default: beside the case]
    #[arg(long, value_name = "FILE")]
    pub(crate) ledger: Option<PathBuf>,
    /// Write the ledger with its scores as an HTML page
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Print the scores as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Verify {
    /// The case, as it was signed: a file, or a folder that holds case.toml
    pub(crate) case: PathBuf,
    /// The ledger [default: beside the case]
    #[arg(long, value_name = "FILE")]
    pub(crate) ledger: Option<PathBuf>,
    /// A hash of the ledger's last entry that was quoted somewhere: is that entry still there?
    #[arg(long, value_name = "HASH")]
    pub(crate) head: Option<String>,
    /// Check the chain alone, and run nothing
    #[arg(long)]
    pub(crate) chain: bool,
    /// Threads; the result does not depend on it [default: all]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub(crate) threads: Option<u32>,
}

/// 0.35 or 35%.
fn chance(text: &str) -> Result<f64, String> {
    let (digits, scale) = match text.trim().strip_suffix('%') {
        Some(digits) => (digits.trim(), 100.0),
        None => (text.trim(), 1.0),
    };
    match digits.parse::<f64>() {
        Ok(x) if (0.0..=1.0).contains(&(x / scale)) => Ok(x / scale),
        _ => Err("expected a probability from 0 to 1, such as 0.35 or 35%".into()),
    }
}

fn finite(text: &str) -> Result<f64, String> {
    match text.trim().parse::<f64>() {
        Ok(x) if x.is_finite() => Ok(x),
        _ => Err("expected a number".into()),
    }
}
