//! Adjusted winner: two parties divide items so that both score the same, and at most one item is cut (Brams and Taylor
//! 1996, Fair Division, chapter 4).

/// Points of each party sum to 100 within this: ten items stated to seven digits.
const SUM_TOLERANCE: f64 = 1e-6;

/// A division in which both parties score the same.
#[derive(Clone, Debug, PartialEq)]
pub struct AdjustedWinner {
    /// By item, the first party's share of it, 0 to 1.
    pub first_gets: Vec<f64>,
    /// The item that is cut, if one is.
    pub divided: Option<Divided>,
    /// Points that either party gets by its own count, 50 to 100.
    pub score: f64,
}

/// An item that passes in part from the party who won it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Divided {
    /// Which item.
    pub item: usize,
    /// Who won it: 0 or 1.
    pub from: usize,
    /// The part that passes to the other, 0 to 1 exclusive.
    pub fraction: f64,
}

/// Why there is nothing to divide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoDivision {
    /// The parties' lists have different lengths.
    Lengths,
    /// A number is negative or not finite.
    Number,
    /// A party's points do not sum to 100.
    Sum {
        /// Whose.
        party: usize,
    },
}

impl std::fmt::Display for NoDivision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Lengths => f.write_str("the two lists of points have different lengths"),
            Self::Number => f.write_str("a number of points is negative or not finite"),
            Self::Sum { party } => {
                write!(f, "the points of party {party} do not add up to 100")
            }
        }
    }
}

impl std::error::Error for NoDivision {}

/// Divides items between two parties whose points sum to 100 each. An item of equal worth to both starts with the first.
///
/// # Errors
///
/// See [`NoDivision`].
pub fn adjusted_winner(first: &[f64], second: &[f64]) -> Result<AdjustedWinner, NoDivision> {
    if first.len() != second.len() {
        return Err(NoDivision::Lengths);
    }
    if !first
        .iter()
        .chain(second)
        .all(|&x| x >= 0.0 && x.is_finite())
    {
        return Err(NoDivision::Number);
    }
    for (party, points) in [first, second].into_iter().enumerate() {
        if (points.iter().sum::<f64>() - 100.0).abs() > SUM_TOLERANCE {
            return Err(NoDivision::Sum { party });
        }
    }
    let points = [first, second];
    let won: Vec<usize> = (0..first.len())
        .map(|j| usize::from(second[j] > first[j]))
        .collect();
    let mut first_gets: Vec<f64> = won
        .iter()
        .map(|&w| if w == 0 { 1.0 } else { 0.0 })
        .collect();
    let mut scores = [0.0, 0.0];
    for (j, &w) in won.iter().enumerate() {
        scores[w] += points[w][j];
    }
    let from = usize::from(scores[1] > scores[0]);
    let (ahead, behind) = (points[from], points[1 - from]);
    // Items pass by rising ratio of what they are worth to the one ahead and to the other: compared crosswise, since the
    // other may count an item as nothing. An item that is worth nothing to both never has to pass.
    let mut order: Vec<usize> = (0..first.len())
        .filter(|&j| won[j] == from && ahead[j] > 0.0)
        .collect();
    order.sort_by(|&j, &k| (ahead[j] * behind[k]).total_cmp(&(ahead[k] * behind[j])));
    let mut divided = None;
    for j in order {
        let lead = scores[from] - scores[1 - from];
        if lead <= 0.0 {
            break;
        }
        let fraction = (lead / (ahead[j] + behind[j])).min(1.0);
        scores[from] -= fraction * ahead[j];
        scores[1 - from] += fraction * behind[j];
        first_gets[j] = if from == 0 { 1.0 - fraction } else { fraction };
        if fraction < 1.0 {
            divided = Some(Divided {
                item: j,
                from,
                fraction,
            });
            break;
        }
    }
    Ok(AdjustedWinner {
        first_gets,
        divided,
        score: scores[from],
    })
}
