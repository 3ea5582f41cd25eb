//! Arguments of `detente fit`.

use std::path::PathBuf;

use clap::ValueEnum;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Formulas: NAME ~ TERM + TERM, with a constant unless “- 1” or “0” is a term; a term is a column, log(column), sqrt(column), \
                  column^2, factor(column), or several with “:” between them. NAME = NUMBER holds a utility there; without a formula it is 0.\n\
                  Utilities: crisis-signalling SA VA CB barWA barWB bara VB; crisis SA VA WA WB; logit the outcomes but the first.\n\
                  docs/fit.md says what they mean, and when not to believe an estimate."
)]
pub(crate) struct Fit {
    /// The table, CSV: a row a game
    pub(crate) file: PathBuf,
    /// What is estimated
    #[arg(long)]
    pub(crate) model: FitModel,
    /// Columns that count how often each outcome came in a game, in the model's order: sq,cd,sf,bd of the signalling game, sq,capit,war of the
    /// crisis game
    #[arg(long, required = true, value_name = "COLUMN,…", value_delimiter = ',')]
    pub(crate) outcome: Vec<String>,
    /// What a utility is made of, as 'SA ~ sqrt(trade) + democracy - 1'; given once a utility
    #[arg(
        long,
        required = true,
        value_name = "FORMULA",
        allow_hyphen_values = true
    )]
    pub(crate) utility: Vec<String>,
    /// How the signalling game is estimated [default: npl]
    #[arg(long, value_enum)]
    pub(crate) method: Option<FitMethod>,
    /// The noise of the crisis game's moves [default: logit]
    #[arg(long, value_enum)]
    pub(crate) link: Option<Link>,
    /// Columns that hold a first guess for the signalling game: how likely B resists, how likely A stands firm [default: a logit on all terms]
    #[arg(
        long,
        value_name = "COLUMN,COLUMN",
        value_delimiter = ',',
        num_args = 1
    )]
    pub(crate) first: Vec<String>,
    /// Column that says which rows share their luck; they are drawn together for standard errors [default: each row its own]
    #[arg(long, value_name = "COLUMN")]
    pub(crate) cluster: Option<String>,
    /// Draws of clusters for standard errors and intervals; 0 leaves them out
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    pub(crate) draws: u32,
    /// Places from which the estimate is sought
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) starts: u32,
    /// Seed of starts and draws
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Threads; the result does not depend on it [default: all]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub(crate) threads: Option<u32>,
    /// Print everything as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

impl Fit {
    /// How the signalling game is estimated.
    pub(crate) fn method(&self) -> FitMethod {
        self.method.unwrap_or(FitMethod::Npl)
    }

    /// The noise of the crisis game's moves.
    pub(crate) fn link(&self) -> Link {
        self.link.unwrap_or(Link::Logit)
    }
}

/// What is estimated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FitModel {
    /// Crisis with private information on both sides: status quo, B concedes, A stands firm, A backs down (Lewis & Schultz 2003)
    CrisisSignalling,
    /// Crisis of two moves, with noise on each: status quo, B gives way, war (Signorino 1999)
    Crisis,
    /// Multinomial logit over any outcomes: no game
    Logit,
}

/// How the signalling game is estimated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FitMethod {
    /// Pseudo-likelihood: given a first guess at what each side expects of the other
    Pl,
    /// Nested pseudo-likelihood: the guess made anew until it is an equilibrium
    Npl,
    /// Likelihood in equilibrium; where there are several, in the one that is likeliest for what was seen
    Ml,
}

/// The noise of moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Link {
    /// Logistic
    Logit,
    /// Normal, variance 1 on the worth of each of two moves
    Probit,
}
