//! Zero-sum matrix games: whether a mixture of rows does well enough against every column.

/// The value to the row player of the game with `rows` × `columns` payoffs, and a mixture of rows that secures it (von Neumann
/// 1928), by the simplex method with Bland's rule. With no columns the value is infinite.
pub(super) fn solve(
    rows: usize,
    columns: usize,
    payoff: impl Fn(usize, usize) -> f64,
) -> (f64, Vec<f64>) {
    if rows == 0 || columns == 0 {
        return (f64::INFINITY, vec![1.0 / rows.max(1) as f64; rows]);
    }
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for row in 0..rows {
        for column in 0..columns {
            low = low.min(payoff(row, column));
            high = high.max(payoff(row, column));
        }
    }
    // Payoffs moved and scaled into 1..2. Then the column player maximises the sum of y under My <= 1, y >= 0: the sum is one over
    // the value, and the prices of the rows are the row player's mixture times that sum.
    let unit = if high > low { high - low } else { 1.0 };
    let width = columns + rows + 1;
    let mut table = vec![0.0; (rows + 1) * width];
    for row in 0..rows {
        let line = &mut table[row * width..][..width];
        for (column, entry) in line[..columns].iter_mut().enumerate() {
            *entry = 1.0 + (payoff(row, column) - low) / unit;
        }
        line[columns + row] = 1.0;
        line[width - 1] = 1.0;
    }
    table[rows * width..][..columns].fill(-1.0);
    let mut basis: Vec<usize> = (columns..columns + rows).collect();
    // Bland's rule does not cycle; rounding might.
    for _ in 0..50 * (rows + columns) {
        let costs = &table[rows * width..][..width - 1];
        let Some(enter) = costs.iter().position(|&cost| cost < -ROUNDING) else {
            break;
        };
        let ratio = |row: usize| {
            let entry = table[row * width + enter];
            (entry > ROUNDING).then(|| table[row * width + width - 1] / entry)
        };
        let mut leave: Option<(f64, usize)> = None;
        for row in 0..rows {
            if let Some(here) = ratio(row) {
                let better = leave.is_none_or(|(least, at)| {
                    here < least || (here == least && basis[row] < basis[at])
                });
                if better {
                    leave = Some((here, row));
                }
            }
        }
        let Some((_, leave)) = leave else { break };
        pivot(&mut table, width, rows, leave, enter);
        basis[leave] = enter;
    }
    let last = &table[rows * width..][..width];
    let sum = last[width - 1];
    let prices = last[columns..columns + rows].iter().map(|p| p.max(0.0));
    let total: f64 = prices.clone().sum();
    let mixture: Vec<f64> = prices.map(|price| price / total).collect();
    (low + (1.0 / sum - 1.0) * unit, mixture)
}

/// Entries of a table of numbers between 1 and 2 that are smaller than this are rounding.
const ROUNDING: f64 = 1e-12;

fn pivot(table: &mut [f64], width: usize, rows: usize, leave: usize, enter: usize) {
    let by = 1.0 / table[leave * width + enter];
    for entry in &mut table[leave * width..][..width] {
        *entry *= by;
    }
    for row in (0..=rows).filter(|&row| row != leave) {
        let times = table[row * width + enter];
        if times != 0.0 {
            for column in 0..width {
                table[row * width + column] -= times * table[leave * width + column];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::solve;

    #[test]
    fn values_of_textbook_games() {
        let close = |a: f64, b: f64| (a - b).abs() < 1e-12;
        // Matching pennies, and the same with one side weighted: value (ad-bc)/(a+d-b-c).
        let pennies = [[1.0, -1.0], [-1.0, 1.0]];
        let (value, mixture) = solve(2, 2, |r, c| pennies[r][c]);
        assert!(close(value, 0.0) && close(mixture[0], 0.5));
        let uneven = [[3.0, -1.0], [-2.0, 1.0]];
        let (value, mixture) = solve(2, 2, |r, c| uneven[r][c]);
        assert!(close(value, 1.0 / 7.0) && close(mixture[0], 3.0 / 7.0));
        // A saddle point, and rock-paper-scissors.
        let (value, mixture) = solve(2, 3, |r, c| [[4.0, 2.0, 3.0], [1.0, 0.0, 9.0]][r][c]);
        assert!(close(value, 2.0) && close(mixture[0], 1.0));
        let cyclic = |r: usize, c: usize| [0.0, -1.0, 1.0][(r + 3 - c) % 3];
        let (value, mixture) = solve(3, 3, cyclic);
        assert!(close(value, 0.0) && mixture.iter().all(|&p| close(p, 1.0 / 3.0)));
    }

    #[test]
    fn nobody_can_do_better_in_random_games() {
        // The mixture secures the value, and the other side's mixture of the transposed game holds it down to that.
        let mut state = 1_u64;
        let mut draw = move || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 40) as f64 / f64::from(1 << 24) - 0.5
        };
        for size in 1..60 {
            let (rows, columns) = (size, 61 - size);
            // Numbers of all kinds, and whole ones with many ties.
            let whole = size % 2 == 0;
            let game: Vec<f64> = (0..rows * columns)
                .map(|_| {
                    if whole {
                        (4.0 * draw()).round()
                    } else {
                        draw()
                    }
                })
                .collect();
            let at = |r: usize, c: usize| game[r * columns + c];
            let (value, mine) = solve(rows, columns, at);
            let (minus, theirs) = solve(columns, rows, |c, r| -at(r, c));
            assert!((value + minus).abs() < 1e-9);
            for c in 0..columns {
                let got: f64 = (0..rows).map(|r| mine[r] * at(r, c)).sum();
                assert!(got >= value - 1e-9);
            }
            for r in 0..rows {
                let got: f64 = (0..columns).map(|c| theirs[c] * at(r, c)).sum();
                assert!(got <= value + 1e-9);
            }
        }
    }
}
