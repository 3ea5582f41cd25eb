//! Answers: what players do, and the trembles that their beliefs come from.

/// An answer to a game: a behaviour strategy profile, and a completely mixed profile near it.
///
/// Both have an entry for each game-wide action (see [`crate::InfoSet::first_action`]). Beliefs at every information set, reached or
/// not, are those that Bayes' rule draws from the completely mixed profile, so that they are consistent in the sense of Kreps and
/// Wilson (1982) up to the distance between the two. That profile is in logarithms: trembles of e^-100000 occur, and their ratios
/// matter.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessment {
    /// Probability of each action; may be zero. Adds up to one in each information set.
    pub strategy: Vec<f64>,
    /// Logarithm of the probability of each action in the completely mixed profile; finite. The exponentials add up to one in each
    /// information set.
    pub tremble: Vec<f64>,
}
