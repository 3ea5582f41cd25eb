//! Arguments and their help.

#[cfg(test)]
mod documented;
mod fit;
mod ledger;
mod sheets;
mod worlds;

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Parser, Subcommand, ValueEnum};
use detente::Template;

pub(crate) use fit::{Fit, FitMethod, FitModel, Link};
pub(crate) use sheets::{Ask, Export, Import};
pub(crate) use worlds::Worlds;

pub(crate) use ledger::{Ledger, LedgerCommand, Outcome, Resolve, Score, Show, Sign, Verify};

/// Analyse negotiations that happen in the shadow of an alternative.
///
/// An analyst writes a case, a text file: parties, issues, preferences, the contest that goes on without a deal, sources,
/// each number as uncertain as it is. detente computes which agreements are possible and what blocks them.
#[derive(Debug, Parser)]
#[command(
    name = "detente",
    version,
    arg_required_else_help = true,
    after_help = "Exit codes: 0 done, 1 failed, 2 bad input, 130 stopped by Ctrl-C."
)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check a case: every fault at once, with what was expected
    Check(Check),
    /// Run a case and write its report, an HTML page; print a summary
    Report(Report),
    /// Write two pages for somebody who decides: what the answer is, what blocks it, what would change it, what it rests on
    Brief(Brief),
    /// Run a case and keep all its numbers: a folder with a manifest and a table, a row a world; goes on where it was stopped
    Run(Run),
    /// Put ranges of one whole (`run --worlds FROM..TO`) together: the folder is that of the run that was never split
    Merge(Merge),
    /// Open the workbench: the text of a case and its answer side by side, in a browser on this machine
    Live(Live),
    /// Write the workbench of a case as one page that works from disk, or as a folder for a web server
    ExportLive(ExportLive),
    /// Show what moved between two runs, and why
    Compare(Compare),
    /// Measure whole runs of a case: worlds a second, stage by stage, and memory
    Bench(Bench),
    /// Draw the numbers of a case: a table (CSV or Parquet), a row a world, a column an uncertain number
    Draw(Draw),
    /// Say why a party accepts or refuses a package in one world
    Why(Why),
    /// Say which numbers are worth finding out first: how much more often an answer would be right if each were known, and what to ask experts
    Ask(Ask),
    /// Write the register of a case's numbers for experts to fill (.xlsx, .csv)
    Export(Export),
    /// Put the answers of a filled register into the case, as experts of each number with name and date
    Import(Import),
    /// Solve a game (.efg, .nfg): equilibria with beliefs at every information set, certified, and what they amount to in words
    Solve(Solve),
    /// Sign forecasts, keep them in a chain of hashes, resolve them and score them
    Ledger(Ledger),
    /// Put models to the trial of past bargains, crises, sanctions, agreements or forecasts: proper scores against the base rate, fitted on other groups
    Backtest(Backtest),
    /// Estimate what utilities are made of from a table of past games: formulas in, weights with standard errors by cluster out
    Fit(Fit),
    /// List what a case holds, or the lenses, quantities and codes that detente knows
    List(List),
    /// Explain a diagnostic code, a lens, a quantity, a key of the language, or a number of a case
    Explain(Explain),
    /// Start a case from a template or from a table of parties and issues (.xlsx, .csv): writes NAME/case.toml
    New(New),
    /// Print the JSON Schema of the case language, for editors
    Schema,
    /// Serve language, checker and engine to a language model that drafts a case, by the Model Context Protocol on standard input and output
    Mcp(Mcp),
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    /// A case: a file, or a folder that holds case.toml
    pub(crate) case: PathBuf,
    /// Print the diagnostics as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Live {
    /// A case: a file, or a folder that holds case.toml
    pub(crate) case: PathBuf,
    /// Print the address and open no browser
    #[arg(long)]
    pub(crate) no_open: bool,
    /// The port to listen on; 0: any that is free
    #[arg(long, default_value_t = 0)]
    pub(crate) port: u16,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ExportLive {
    /// A case: a file, or a folder that holds case.toml
    pub(crate) case: PathBuf,
    /// Where to write the page [default: NAME-live.html]
    #[arg(short, long, value_name = "FILE", conflicts_with = "dist")]
    pub(crate) output: Option<PathBuf>,
    /// Write a folder that any web server serves instead
    #[arg(long, value_name = "FOLDER")]
    pub(crate) dist: Option<PathBuf>,
    /// The engine for browsers, as web/wasm.sh builds it [default: detente.wasm beside the program]
    #[arg(long, value_name = "FILE")]
    pub(crate) engine: Option<PathBuf>,
}

/// What is drawn: a case, what is put over its numbers, and from which stream. Every command that draws takes all of it.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Drawing {
    /// A case: a file, or a folder that holds case.toml
    pub(crate) case: PathBuf,
    /// A reading of the case to put over its numbers; several are composed in order
    #[arg(short, long, value_name = "NAME", value_delimiter = ',')]
    pub(crate) reading: Vec<String>,
    /// Set a number for this run, over the case and all its readings; may be given several times
    #[arg(long, value_name = "PATH=NUMBER")]
    pub(crate) set: Vec<String>,
    /// Where several experts speak of a number, take this one alone
    #[arg(long, value_name = "NAME")]
    pub(crate) expert: Option<String>,
    /// Seed of every draw
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// How worlds are drawn: quasi-random (sixteen independent scramblings) or pseudo-random
    #[arg(long, value_enum, default_value_t = Sampler::Quasi)]
    pub(crate) sampler: Sampler,
}

#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "switches of a command line")]
pub(crate) struct Report {
    #[command(flatten)]
    pub(crate) drawing: Drawing,
    /// Make the report of a run that is kept: CASE is then its folder, as `run` or `merge` wrote it. None of its worlds is run again, and what
    /// would take others is left out
    #[arg(long, conflicts_with_all = ["quick", "worlds", "searches", "rival_claims", "prior", "reading", "set", "expert", "seed", "sampler"])]
    pub(crate) from: bool,
    /// Where to write the page; with --json a name that ends in .json takes the summary instead [default: reports/NAME.html]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// A first look in about a second: few worlds, without claims, other readings and the sections that take longer
    #[arg(long, conflicts_with_all = ["worlds", "searches", "rival_claims"])]
    pub(crate) quick: bool,
    /// Worlds to draw, a power of two is best [default: from 1024 up to 4096, until the headline's error is at 1 of 100]
    #[arg(long, value_parser = clap::value_parser!(u32).range(2..=1_000_000))]
    pub(crate) worlds: Option<u32>,
    /// Worlds in which all combinations of options are searched, the first ones
    #[arg(long, default_value_t = 256, value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    pub(crate) searches: u32,
    /// Leave out what is on record: acts and anchors weigh neither types nor worlds
    #[arg(long)]
    pub(crate) prior: bool,
    /// Test claims that set something under the other readings too: many pairs, each in worlds of its own. Not with --worlds, which tests
    /// them there anyway, on a part of so many worlds
    #[arg(long, conflicts_with = "worlds")]
    pub(crate) rival_claims: bool,
    /// Threads; the result does not depend on it [default: all]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub(crate) threads: Option<u32>,
    /// Print the summary as JSON beside the page; with -o FILE.json write it there, and no page
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Brief {
    #[command(flatten)]
    pub(crate) drawing: Drawing,
    /// Make the brief of a run that is kept: CASE is then its folder, as for a report
    #[arg(long, conflicts_with_all = ["quick", "worlds", "searches", "prior", "reading", "set", "expert", "seed", "sampler", "against", "against_reading"])]
    pub(crate) from: bool,
    /// Where to write it: a document for word processors if it ends in .docx, else a page that prints on A4 [default: reports/NAME-brief.html]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Set a second case beside the first: drawn as the first is, without its readings
    #[arg(long, value_name = "CASE")]
    pub(crate) against: Option<PathBuf>,
    /// Set a second run beside the first: of the same case, or of that of --against, under this reading; several are composed in order
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub(crate) against_reading: Vec<String>,
    /// A first look in about a second: few worlds, without claims, other readings and what else takes longer
    #[arg(long, conflicts_with_all = ["worlds", "searches"])]
    pub(crate) quick: bool,
    /// Worlds to draw, as for a report
    #[arg(long, value_parser = clap::value_parser!(u32).range(2..=1_000_000))]
    pub(crate) worlds: Option<u32>,
    /// Worlds in which all combinations of options are searched, the first ones
    #[arg(long, default_value_t = 256, value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    pub(crate) searches: u32,
    /// Leave out what is on record: acts and anchors weigh neither types nor worlds
    #[arg(long)]
    pub(crate) prior: bool,
    /// Threads; the result does not depend on it [default: all]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub(crate) threads: Option<u32>,
}

#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "switches of a command line")]
pub(crate) struct Run {
    #[command(flatten)]
    pub(crate) drawing: Drawing,
    /// The folder to write [default: runs/NAME]
    #[arg(short, long, value_name = "FOLDER")]
    pub(crate) output: Option<PathBuf>,
    /// Worlds to draw, a power of two is best; FROM..TO draws those worlds of a whole, TO not among them, for `merge`
    #[arg(long, value_name = "NUMBER|FROM..TO", default_value = "4096", value_parser = Worlds::parse)]
    pub(crate) worlds: Worlds,
    /// Worlds in which all combinations of options are searched, the first ones (of the whole, where a range is drawn)
    #[arg(long, default_value_t = 256)]
    pub(crate) searches: u32,
    /// Work out and keep these alone, of all that lenses tell: a quantity (settlement.agreed) or all of a lens (durability)
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub(crate) only: Vec<String>,
    /// Threads; the result does not depend on it [default: all]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub(crate) threads: Option<u32>,
    /// Leave out what is on record: acts and anchors weigh neither types nor worlds
    #[arg(long)]
    pub(crate) prior: bool,
    /// Keep the columns that are stated by month too
    #[arg(long)]
    pub(crate) months: bool,
    /// Write the table as CSV too
    #[arg(long)]
    pub(crate) csv: bool,
    /// Print the manifest as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Merge {
    /// The folders of the ranges, in any order
    #[arg(required = true, value_name = "RUN")]
    pub(crate) runs: Vec<PathBuf>,
    /// The folder to write
    #[arg(short, long, value_name = "FOLDER")]
    pub(crate) output: PathBuf,
    /// Write the table as CSV too
    #[arg(long)]
    pub(crate) csv: bool,
    /// Print the manifest as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Compare {
    /// The folder of a run
    pub(crate) before: PathBuf,
    /// The folder of another
    pub(crate) after: PathBuf,
    /// Put each number that differs alone over the first run, and say what it moves; takes as long as small runs do
    #[arg(long)]
    pub(crate) causes: bool,
    /// Show every number that differs and every quantity that moved, not the first ones
    #[arg(long)]
    pub(crate) all: bool,
    /// Print all of it as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Bench {
    #[command(flatten)]
    pub(crate) drawing: Drawing,
    /// Worlds to run
    #[arg(long, default_value_t = 1024, value_parser = clap::value_parser!(u32).range(2..=1_000_000))]
    pub(crate) worlds: u32,
    /// Worlds in which all combinations of options are searched, the first ones [default: an eighth of the worlds]
    #[arg(long)]
    pub(crate) searches: Option<u32>,
    /// Threads [default: all]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub(crate) threads: Option<u32>,
    /// Print the measurements as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// How worlds are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sampler {
    /// Low discrepancy in every input
    Quasi,
    /// Independent worlds
    Pseudo,
}

impl Sampler {
    /// As it is typed.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Sampler::Quasi => "quasi",
            Sampler::Pseudo => "pseudo",
        }
    }
}

impl Drawing {
    /// Where every uniform number comes from.
    pub(crate) fn stream(&self) -> detente::Stream {
        let sampler = match self.sampler {
            Sampler::Quasi => detente::Sampler::Quasi,
            Sampler::Pseudo => detente::Sampler::Pseudo,
        };
        detente::Stream {
            sampler,
            seed: self.seed,
        }
    }
}

#[derive(Debug, clap::Args)]
pub(crate) struct Draw {
    #[command(flatten)]
    pub(crate) drawing: Drawing,
    /// Where to write the table: Parquet if it ends in .parquet, else CSV [default: CSV on standard output]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Worlds to draw
    #[arg(long, default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) worlds: u32,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Why {
    #[command(flatten)]
    pub(crate) drawing: Drawing,
    /// The party
    pub(crate) party: String,
    /// The named package
    pub(crate) package: String,
    /// The world; if left out, every number at its median
    #[arg(long)]
    pub(crate) world: Option<u64>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Solve {
    /// A game: an .efg file (extensive form), an .nfg file (strategic form), an .agg file (action graph), a .gbt workspace of Gambit or an
    /// XML file of the Game Theory Explorer
    pub(crate) game: PathBuf,
    /// Write the game, with what --set sets, as an .efg or .nfg file, and solve nothing
    #[arg(long, value_name = "FILE", conflicts_with_all = ["quantal", "sweep", "draws", "json"])]
    pub(crate) write: Option<PathBuf>,
    /// The quantal response equilibrium at this precision, in 1/payoff, instead of equilibria
    #[arg(long, value_name = "LAMBDA", value_parser = not_negative, conflicts_with = "tolerance")]
    pub(crate) quantal: Option<f64>,
    /// Largest regret at any information set that counts as none, as a share of what is at stake there
    #[arg(long, value_name = "SHARE", default_value_t = 1e-6, value_parser = share)]
    pub(crate) tolerance: f64,
    /// Follow the branch of quantal response however large the game is; work grows with the cube of the number of actions
    #[arg(long)]
    pub(crate) branch: bool,
    /// Stop after this many seconds with the best that is certified so far; Ctrl-C does the same
    #[arg(long, value_name = "SECONDS", value_parser = not_negative)]
    pub(crate) time: Option<f64>,
    /// Set a payoff (OUTCOME:PLAYER=NUMBER, or += to shift it) or a chance (BRANCH=NUMBER) first, and say what that moves; may be given
    /// several times, and with --sweep, --draws and --quantal
    #[arg(long, value_name = "WHAT=NUMBER")]
    pub(crate) set: Vec<String>,
    /// Sweep a payoff (OUTCOME:PLAYER=FROM..TO, or += to shift it) or a chance (BRANCH=FROM..TO): which kind of equilibrium holds
    /// where, with critical values, and a picture; given twice, a map over both
    #[arg(long, value_name = "WHAT=FROM..TO", conflicts_with = "quantal")]
    pub(crate) sweep: Vec<String>,
    /// Points of a sweep along each number [default: 61 for one number, 31 for each of two]
    #[arg(long, requires = "sweep", value_parser = clap::value_parser!(u32).range(3..=1001))]
    pub(crate) points: Option<u32>,
    /// Where to write the picture of a sweep [default: reports/NAME-sweep.svg]
    #[arg(long, value_name = "FILE", requires = "sweep")]
    pub(crate) svg: Option<PathBuf>,
    /// Solve so many draws of the payoffs: how often which kind of equilibrium holds, and what it brings
    #[arg(long, value_name = "NUMBER", conflicts_with_all = ["quantal", "sweep"], value_parser = clap::value_parser!(u32).range(1..=100_000_000))]
    pub(crate) draws: Option<u32>,
    /// How uncertain payoffs are in draws: standard deviation of each outcome's payoff to each player, as a share of the player's range
    #[arg(long, value_name = "SHARE", default_value_t = 0.05, requires = "draws", value_parser = not_negative)]
    pub(crate) spread: f64,
    /// Draw this payoff alone (OUTCOME:PLAYER); may be given several times [default: all payoffs]
    #[arg(long, value_name = "OUTCOME:PLAYER", requires = "draws")]
    pub(crate) uncertain: Vec<String>,
    /// Seed of the draws
    #[arg(long, default_value_t = 1, requires = "draws")]
    pub(crate) seed: u64,
    /// Threads for draws; the result does not depend on it [default: all]
    #[arg(long, requires = "draws", value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub(crate) threads: Option<u32>,
    /// Tell every information set, not the first ones
    #[arg(long)]
    pub(crate) all: bool,
    /// Print everything as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

fn not_negative(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() && number >= 0.0 => Ok(number),
        Ok(_) => Err("expected a number that is not negative".into()),
        Err(error) => Err(error.to_string()),
    }
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if number > 0.0 && number < 1.0 => Ok(number),
        Ok(_) => Err("expected a share between 0 and 1".into()),
        Err(error) => Err(error.to_string()),
    }
}

#[derive(Debug, clap::Args)]
pub(crate) struct Backtest {
    /// What the file holds
    pub(crate) kind: Kind,
    /// The file: CSV, but JSON for questions
    pub(crate) file: PathBuf,
    /// Folds: models are fitted on all but one and scored on that one; what shares its luck is in one fold
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(2..=1000))]
    pub(crate) folds: u16,
    /// How often the folds are drawn; scores are means over that
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) draws: u16,
    /// Draw the calibration into this file
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
    /// Seed of the folds and of the groups that are drawn again for intervals
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Print everything as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// What past things are scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// Two-person bargains over items of three kinds: deal or not, who got what
    Bargains,
    /// Disputes between two states: left as it was, given way, or war
    Crises,
    /// Threats of sanctions between two states: conceded to, carried out, or taken back
    Sanctions,
    /// Peace agreements, and whether they ended within five years
    Agreements,
    /// Resolved questions with what a crowd gave them
    Questions,
}

#[derive(Debug, clap::Args)]
pub(crate) struct List {
    /// What to list
    pub(crate) what: What,
    /// The case to list from; lenses, quantities and codes need none
    pub(crate) case: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum What {
    /// What detente can answer
    Lenses,
    /// What lenses report
    Quantities,
    /// Diagnostic codes
    Codes,
    /// Parties of a case and their types
    Parties,
    /// Issues of a case and their options
    Issues,
    /// Named packages of a case
    Packages,
    /// Levers of a case
    Levers,
    /// Claims of a case
    Claims,
    /// Signed judgements of a case
    Judgements,
    /// Dated acts of a case
    Acts,
    /// What is known of numbers that a case computes
    Anchors,
    /// Experts who speak of numbers of a case
    Experts,
    /// Readings of a case
    Readings,
    /// Numbers of a case, by path
    Inputs,
    /// Sources of a case
    Sources,
}

#[derive(Debug, clap::Args)]
pub(crate) struct New {
    /// Folder to make; its name is the case's
    #[arg(required_unless_present_any = ["list", "output", "table"])]
    pub(crate) folder: Option<PathBuf>,
    /// The same
    #[arg(short, long, value_name = "FOLDER", conflicts_with = "folder")]
    pub(crate) output: Option<PathBuf>,
    /// What to start from
    #[arg(long, value_name = "TEMPLATE", default_value = Template::Blank.name(), value_parser = templates())]
    pub(crate) like: Template,
    /// A table of parties and issues to make the case of: .xlsx or .csv. A template's name does what --like does
    #[arg(long, value_name = "TABLE", conflicts_with = "like")]
    pub(crate) from: Option<PathBuf>,
    /// Write a table to fill, .xlsx or .csv, and no case
    #[arg(long, value_name = "FILE", conflicts_with_all = ["folder", "output", "like", "from", "list"])]
    pub(crate) table: Option<PathBuf>,
    /// List what a case can start from
    #[arg(long, conflicts_with_all = ["folder", "output", "like", "from"])]
    pub(crate) list: bool,
}

/// What to start a case from, by name.
fn templates() -> impl TypedValueParser<Value = Template> {
    let named = Template::ALL.map(|t| PossibleValue::new(t.name()).help(t.says()));
    PossibleValuesParser::new(named).try_map(|name| {
        let mut all = Template::ALL.into_iter();
        all.find(|t| t.name() == name).ok_or("no such template")
    })
}

#[derive(Debug, clap::Args)]
pub(crate) struct Mcp {
    /// Let its tools read cases below this folder; without it they read no file at all
    #[arg(long, value_name = "DIR")]
    pub(crate) root: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Explain {
    /// A code (D0302), a lens (settlement), a quantity (settlement.accepts), a key of the language (contest.edge), or with a
    /// case one of its numbers
    pub(crate) topic: String,
    /// The case whose number it is
    pub(crate) case: Option<PathBuf>,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::Args;

    #[test]
    fn every_command_that_draws_takes_all_that_says_what_is_drawn() {
        let command = Args::command();
        command.clone().debug_assert();
        let takes = |command: &clap::Command, name: &str| {
            let mut arguments = command.get_arguments();
            arguments.any(|argument| argument.get_long() == Some(name))
        };
        let mut drawing = Vec::new();
        // Neither a game nor a table of past cases is drawn from a case, and the expert of a register is whose answers it holds.
        let others = ["solve", "backtest", "fit", "import"];
        let of_cases = command
            .get_subcommands()
            .filter(|command| !others.contains(&command.get_name()));
        for command in of_cases {
            let all = ["seed", "sampler", "reading", "set", "expert"];
            let inner = command.get_subcommands();
            for command in inner.filter(|command| takes(command, "reading")) {
                assert!(all.iter().all(|name| takes(command, name)));
                assert_eq!(command.get_name(), "sign");
            }
            let taken = all.iter().filter(|name| takes(command, name)).count();
            let name = command.get_name();
            assert!(taken == 0 || taken == all.len(), "{name}: {taken}");
            if taken > 0 {
                drawing.push(name);
            }
        }
        assert_eq!(
            drawing,
            ["report", "brief", "run", "bench", "draw", "why", "ask"]
        );
    }
}
