//! Proper scores of chances of several things, one of which comes.

use detente_math::brier;

/// The Brier score of chances of several things, one of which came: Σ (p − o)² over all of them, as Brier (1950) wrote it. Of two things it
/// is twice [`brier`].
pub fn brier_of_many(chances: &[f64], came: usize) -> f64 {
    let scored = chances.iter().enumerate();
    scored.map(|(i, p)| brier(*p, i == came)).sum()
}

/// The logarithmic score of chances of several things, one of which came.
pub fn log_score_of_many(chances: &[f64], came: usize) -> f64 {
    0.0 - libm::log(chances[came])
}
