//! Does it predict? A table of past bargains, agreements or forecasts in, proper scores out, against stated baselines.
//!
//! Every model gives a chance to everything that can come out of a case. It is fitted on some folds and scored on the others, cases of one
//! group always together ([`folds`]); nothing is chosen by looking at what is scored. [`trial`] does that for any cases and models;
//! [`bargains`], [`crises`], [`sanctions`], [`agreements`] and [`questions`] read five kinds of tables and bring their models.
//!
//! [`estimate`] is for anybody's table: formulas in, weights of a game or a logit out.
//!
//! No file, clock or thread is known here: text goes in, and what comes out is a function of text and [`Setup`].

mod agreements;
mod bargains;
mod choice;
mod crises;
mod crisis;
pub mod estimate;
mod folds;
mod interval;
mod questions;
mod sanctions;
mod score;
mod table;
mod trial;

pub use agreements::agreements;
pub use bargains::bargains;
pub use choice::{Choice, Separated, chances, fit};
pub use crises::crises;
pub use crisis::{Crisis, Utilities, fit_crisis};
pub use detente_math::{
    Bin, FEW, Interval, TENTHS, TIMES, brier, calibration, log_score, proportion,
};
pub use folds::folds;
pub use interval::skill_interval;
pub use questions::questions;
pub use sanctions::sanctions;
pub use score::{brier_of_many, log_score_of_many};
pub use table::Fault;
pub use trial::{Case, Line, Model, Predictor, Section, Setup, Verdict, trial};
