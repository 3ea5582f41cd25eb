//! What follows a deal.

/// What may follow a named package once it is agreed (the model, part 8). Lists are by type unless said otherwise.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prospect {
    /// D: what the package is worth, given what may follow it, in points.
    pub worth: Vec<f64>,
    /// UL: what it would be worth if nothing could follow it, in points.
    pub paper: Vec<f64>,
    /// What a point of UL adds to D.
    pub peace: Vec<f64>,
    /// D where it is not given instead of computed.
    pub computed: Vec<f64>,
    /// The same as computed, if nobody guaranteed it, in points.
    pub unguaranteed: Vec<f64>,
    /// The best date of an attack, in months after the deal; NaN for types that have no attack to make.
    pub month: Vec<f64>,
    /// What an attack at that date is worth over keeping the deal, in points; negative where it is worth less. NaN as above.
    pub gain: Vec<f64>,
    /// The same if no lever answered the breach.
    pub unanswered: Vec<f64>,
    /// What an attack at each of [`crate::MILESTONES`] is worth over keeping the deal, in points, by type, then by date; NaN once the deal
    /// has lapsed, and for types that have no attack to make.
    pub gains: Vec<f64>,
    /// Chance that the type attacks at that date; 0 for types that have no attack to make.
    pub attack: Vec<f64>,
    /// Chance that the deal has not broken down by each of [`crate::MILESTONES`], attacks not counted: once it has lapsed, that a final deal
    /// that it has led on to is in force.
    pub calm: Vec<f64>,
    /// The same by the month after which a deal counts as kept.
    pub calm_kept: f64,
    /// Chance that it has not broken down when it lapses by its own terms, attacks not counted; NaN where it does not within the months followed.
    pub calm_lapse: f64,
}

/// What may follow each named package; nothing where a case does not say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Aftermath {
    /// By named package.
    pub prospects: Vec<Prospect>,
    /// Greatest difference between the worths of endings that are found from an unbroken peace and from war at once, in points.
    pub apart: f64,
}
