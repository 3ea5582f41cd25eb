//! Proper scores: whoever says what they believe expects the best score, and nobody else does.

/// The Brier score of a chance: (p − o)², o being 1 if it happened and 0 if not (Brier 1950). 0 is best, .25 what one half always gets.
pub fn brier(chance: f64, happened: bool) -> f64 {
    let miss = chance - f64::from(u8::from(happened));
    miss * miss
}

/// The logarithmic score of a chance: −ln of what was given to what came (Good 1952). 0 is best, .693 what one half always gets, and
/// infinite what was held impossible.
pub fn log_score(chance: f64, happened: bool) -> f64 {
    let given = if happened { chance } else { 1.0 - chance };
    // Not −0 for somebody who was sure and right.
    0.0 - libm::log(given)
}

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
