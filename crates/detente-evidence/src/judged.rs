//! Forecasts that a case holds, and what its worlds say of the same.

use detente_case::Judgement;
use detente_math::Mean;

/// A forecast that somebody signed, and what the worlds of a report say of it.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The forecast.
    pub judgement: Judgement,
    /// What the model says; `None` where nothing is computed for it, or no world tells it.
    pub share: Option<JudgedShare>,
}

/// What the worlds of a report say of a forecast.
#[derive(Clone, Copy, Debug)]
pub struct JudgedShare {
    /// The share of worlds in which its claim is true, or the mean of its number, with the Monte Carlo error.
    pub mean: Mean,
    /// The 5th, 50th and 95th percentile over worlds.
    pub spread: [f64; 3],
}
