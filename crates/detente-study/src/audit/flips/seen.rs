//! Where a claim turns as a number grows, read off worlds in which it was drawn.

/// Worlds in a part at least, where there are enough for the fewest parts.
const IN_A_PART: usize = 96;
/// The fewest parts and the most.
const PARTS: [usize; 2] = [4, 8];
/// Ends that differ by less than so many standard errors are not told apart.
const APART: f64 = 2.0;

/// A claim that is true in most worlds at one end of a number and in few at the other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Turn {
    /// The value at which a half is crossed.
    pub(super) at: f64,
    /// The shares in the lowest part and in the highest.
    pub(super) shares: [f64; 2],
    /// The medians of these parts.
    pub(super) ends: [f64; 2],
}

/// Where the answers (0 or 1 a world) turn along the numbers: in equal parts by increasing number the share of ones, made monotone by
/// pooling neighbours (Ayer et al. 1955), and a straight line between the parts' medians on either side of a half. `None` where both ends
/// lie on one side, or are not told apart.
pub(super) fn turn(numbers: &[f64], answers: &[f64], weights: &[f64]) -> Option<Turn> {
    let mut order: Vec<usize> = (0..numbers.len()).collect();
    order.sort_by(|a, b| numbers[*a].total_cmp(&numbers[*b]));
    let parts = (order.len() / IN_A_PART).clamp(PARTS[0], PARTS[1]);
    if order.len() < 2 * parts {
        return None;
    }
    let cut = |part: usize| order.len() * part / parts;
    let each: Vec<&[usize]> = (0..parts).map(|p| &order[cut(p)..cut(p + 1)]).collect();
    let middle = |part: &[usize]| numbers[part[part.len() / 2]];
    let share = |part: &[usize]| {
        let all: f64 = part.iter().map(|w| weights[*w]).sum();
        part.iter().map(|w| weights[*w] * answers[*w]).sum::<f64>() / all
    };
    let middles: Vec<f64> = each.iter().map(|part| middle(part)).collect();
    let shares: Vec<f64> = each.iter().map(|part| share(part)).collect();
    let (first, last) = (shares[0], shares[parts - 1]);
    if middles[0] >= middles[parts - 1] {
        return None;
    }
    if !apart([first, last], [each[0].len(), each[parts - 1].len()]) {
        return None;
    }
    Some(Turn {
        at: crossing(&middles, &shares)?,
        shares: [first, last],
        ends: [middles[0], middles[parts - 1]],
    })
}

/// Are two shares of so many worlds told apart?
pub(super) fn apart(shares: [f64; 2], worlds: [usize; 2]) -> bool {
    let spread = |k: usize| shares[k] * (1.0 - shares[k]) / worlds[k].max(1) as f64;
    (shares[1] - shares[0]).abs() > APART * (spread(0) + spread(1)).sqrt()
}

/// Do shares at two ends lie on different sides of a half?
pub(super) fn cross([first, last]: [f64; 2]) -> bool {
    const HALF: f64 = 0.5;
    (first > HALF) != (last > HALF)
}

/// Where shares at increasing values cross a half, made monotone first; `None` where both ends lie on one side.
pub(super) fn crossing(values: &[f64], shares: &[f64]) -> Option<f64> {
    const HALF: f64 = 0.5;
    let (first, last) = (*shares.first()?, *shares.last()?);
    if !cross([first, last]) {
        return None;
    }
    // Towards the high end the share of answers like the high end's rises.
    let rising = |share: f64| if last > first { share } else { 1.0 - share };
    let monotone = pooled(shares.iter().map(|share| rising(*share)));
    let above = monotone.iter().position(|share| *share > HALF);
    let above = above.filter(|p| *p > 0)?;
    let (low, high) = (monotone[above - 1], monotone[above]);
    let along = (HALF - low) / (high - low);
    Some(values[above - 1] + along * (values[above] - values[above - 1]))
}

/// The nearest sequence that never falls, in squares.
fn pooled(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut blocks: Vec<(f64, usize)> = Vec::new();
    for value in values {
        let mut block = (value, 1);
        while let Some((sum, n)) = blocks.last().copied() {
            if sum / n as f64 <= block.0 / block.1 as f64 {
                break;
            }
            blocks.pop();
            block = (block.0 + sum, block.1 + n);
        }
        blocks.push(block);
    }
    let spread = |(sum, n): (f64, usize)| std::iter::repeat_n(sum / n as f64, n);
    blocks.into_iter().flat_map(spread).collect()
}

#[cfg(test)]
mod tests {
    use super::{pooled, turn};

    /// Evenly spread numbers in an order that is none of theirs.
    fn numbers(n: usize) -> Vec<f64> {
        (0..n).map(|i| (i * 617 % n) as f64 / n as f64).collect()
    }

    #[test]
    fn a_step_is_found_where_it_is_whichever_way_it_goes() {
        let numbers = numbers(1024);
        for at in [0.2, 0.5, 0.71] {
            let above: Vec<f64> = numbers.iter().map(|x| f64::from(*x > at)).collect();
            let below: Vec<f64> = above.iter().map(|x| 1.0 - x).collect();
            let [up, down] =
                [&above, &below].map(|answers| turn(&numbers, answers, &vec![1.0; 1024]).unwrap());
            // A part is an eighth: within it a step is not placed.
            assert!((up.at - at).abs() < 0.125 && up.at == down.at, "{up:?}");
            assert_eq!((up.shares, down.shares), ([0.0, 1.0], [1.0, 0.0]));
        }
        let slope: Vec<f64> = numbers
            .iter()
            .map(|x| f64::from((x * 997.0).fract() < *x))
            .collect();
        let found = turn(&numbers, &slope, &vec![1.0; 1024]).unwrap();
        assert!((found.at - 0.5).abs() < 0.06, "{found:?}");
        assert!((found.ends[0] - 1.0 / 16.0).abs() < 0.01, "{found:?}");
    }

    #[test]
    fn what_does_not_turn_is_not_said_to() {
        let numbers = numbers(512);
        let constant = vec![1.0; 512];
        assert_eq!(turn(&numbers, &constant, &vec![1.0; 1024]), None);
        // A coin turns nothing, however its ends fall out.
        let coin: Vec<f64> = (0..512).map(|i| f64::from(i * i % 7 < 3)).collect();
        assert_eq!(turn(&numbers, &coin, &vec![1.0; 1024]), None);
        // A number that is one value everywhere cannot turn anything.
        let answers: Vec<f64> = numbers.iter().map(|x| f64::from(*x > 0.5)).collect();
        assert_eq!(turn(&vec![3.0; 512], &answers, &[1.0; 512]), None);
        assert_eq!(turn(&[], &[], &[]), None);
    }

    #[test]
    fn neighbours_are_pooled_until_nothing_falls() {
        assert_eq!(
            pooled([1.0, 3.0, 2.0, 4.0].into_iter()),
            [1.0, 2.5, 2.5, 4.0]
        );
        assert_eq!(pooled([3.0, 2.0, 1.0].into_iter()), [2.0; 3]);
    }
}
