//! What watching something would be worth: how far an answer would move once it is known, and what a party would gain by knowing
//! it before it answers (Raiffa & Schlaifer 1961).
//!
//! A signal is the normal score of the observable's number in each world of the run, blurred by the observable's noise. Worlds are
//! sorted by it into bins of equal size; what is believed after the signal is the mean of a bin.

use detente_math::{normal_quantile, path_key};

use crate::chapters::Study;

/// Bins of a signal.
const BINS: usize = 16;
/// Fewest worlds from which anything is said.
const FEWEST: usize = 8 * BINS;

/// What an observable would tell.
#[derive(Clone, Debug, PartialEq)]
pub struct Information {
    /// Place in `Setting::observables`.
    pub observable: usize,
    /// Root mean square change of the share of worlds in which the package is agreed, once the observable is known; 0 where
    /// that is within sampling noise.
    pub moves: f64,
    /// By type: points that it would gain on average by answering the package with the signal known rather than without, others'
    /// answers held as they are.
    pub worth: Vec<f64>,
}

/// What each observable would tell about a named package, greatest change first.
pub(super) fn information(study: &Study, package: usize) -> Vec<Information> {
    let setting = study.setting();
    let agreed: Vec<f64> = study
        .table
        .column("settlement", "agreed", &[package])
        .collect();
    let mut told = Vec::new();
    for observable in 0..setting.observables.len() {
        let Some(order) = sorted_by_signal(study, observable) else {
            continue;
        };
        let worth = (0..setting.types.len()).map(|t| {
            let column = study.table.column("settlement", "margin", &[t, package]);
            let margins: Vec<f64> = column.collect();
            worth(&order, &margins)
        });
        told.push(Information {
            observable,
            moves: moves(&order, &agreed),
            worth: worth.collect(),
        });
    }
    told.sort_by(|a, b| {
        b.moves
            .total_cmp(&a.moves)
            .then(a.observable.cmp(&b.observable))
    });
    told
}

/// The worlds in the order of the signal; `None` if the number is known, or there are too few worlds.
fn sorted_by_signal(study: &Study, observable: usize) -> Option<Vec<usize>> {
    let seen = &study.setting().observables[observable];
    let inputs = &study.case.inputs;
    let about = inputs.iter().position(|input| input.path == seen.about)?;
    let noise = format!("observable.{}.noise", seen.id);
    let noise = inputs.iter().position(|input| input.path == noise)?;
    let blur = path_key(&format!("observable.{}.signal", seen.id));
    let stream = study.options.stream;
    let worlds = study.table.worlds;
    if worlds < FEWEST {
        return None;
    }
    let key = path_key(&seen.about);
    let mut signals = Vec::with_capacity(worlds);
    let mut values = Vec::with_capacity(worlds);
    for world in 0..worlds as u64 {
        let uniforms = study.plan.uniforms(stream, world);
        let drawn = study.plan.values(&uniforms, study.overrides);
        values.push(drawn[about]);
        let score = normal_quantile(stream.uniform(key, world));
        signals.push(score + drawn[noise] * normal_quantile(stream.uniform(blur, world)));
    }
    // A number that is the same in every world tells nothing.
    if values.iter().all(|x| *x == values[0]) {
        return None;
    }
    let mut order: Vec<usize> = (0..worlds).collect();
    order.sort_by(|a, b| signals[*a].total_cmp(&signals[*b]).then(a.cmp(b)));
    Some(order)
}

/// Root mean square change of a mean once the bin is known, less what sampling noise would make of it.
fn moves(order: &[usize], values: &[f64]) -> f64 {
    let known: Vec<f64> = order
        .iter()
        .map(|w| values[*w])
        .filter(|x| !x.is_nan())
        .collect();
    if known.len() < FEWEST {
        return 0.0;
    }
    let n = known.len() as f64;
    let mean = known.iter().sum::<f64>() / n;
    let all = known.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n;
    let between = bins(&known)
        .map(|bin| {
            let of_bin = bin.iter().sum::<f64>() / bin.len() as f64;
            bin.len() as f64 / n * (of_bin - mean) * (of_bin - mean)
        })
        .sum::<f64>();
    let noise = (BINS as f64 - 1.0) / (n - 1.0) * all;
    if between < 3.0 * noise {
        return 0.0;
    }
    (between - noise).max(0.0).sqrt()
}

/// What deciding by the signal adds to the mean of max(margin, 0). Every second world of a bin decides for the others, so that noise
/// does not pass for knowledge.
fn worth(order: &[usize], margins: &[f64]) -> f64 {
    let known: Vec<f64> = order
        .iter()
        .map(|w| margins[*w])
        .filter(|x| !x.is_nan())
        .collect();
    if known.len() < FEWEST {
        return 0.0;
    }
    let n = known.len() as f64;
    let mean = known.iter().sum::<f64>() / n;
    let informed = bins(&known)
        .map(|bin| {
            let half = |start: usize| bin.iter().skip(start).step_by(2);
            let mean_of = |start: usize| {
                let (sum, count) = half(start).fold((0.0, 0.0), |(s, c), x| (s + x, c + 1.0));
                if count > 0.0 { sum / count } else { 0.0 }
            };
            let gains = [(0, 1), (1, 0)].map(|(by, on)| {
                let accepts = mean_of(by) >= 0.0;
                let own = half(on).sum::<f64>();
                if accepts { own } else { 0.0 }
            });
            gains.iter().sum::<f64>()
        })
        .sum::<f64>()
        / n;
    (informed - mean.max(0.0)).max(0.0)
}

/// The values, which stand in the order of the signal, in bins of nearly equal size.
fn bins(known: &[f64]) -> impl Iterator<Item = &[f64]> {
    (0..BINS).map(|b| &known[b * known.len() / BINS..(b + 1) * known.len() / BINS])
}

#[cfg(test)]
mod tests {
    use super::{moves, worth};
    use detente_math::{normal_quantile, path_key, uniform};

    /// Normal draws, and their places in their order.
    fn drawn(path: &str, n: usize) -> (Vec<f64>, Vec<usize>) {
        let z: Vec<f64> = (0..n as u64)
            .map(|w| normal_quantile(uniform(1, path_key(path), w)))
            .collect();
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(|a, b| z[*a].total_cmp(&z[*b]));
        (z, order)
    }

    #[test]
    fn what_is_known_moves_all_and_what_is_unrelated_nothing() {
        let n = 8192;
        let (z, order) = drawn("a", n);
        let (other, _) = drawn("b", n);
        // A share that is a step of the signal: its spread is one half.
        let step: Vec<f64> = z.iter().map(|x| f64::from(u8::from(*x > 0.0))).collect();
        assert!((moves(&order, &step) - 0.5).abs() < 0.01);
        assert_eq!(moves(&order, &other), 0.0);
    }

    #[test]
    fn knowing_a_normal_margin_is_worth_its_unit_loss() {
        let n = 65_536;
        let (z, order) = drawn("a", n);
        let (other, _) = drawn("b", n);
        // Margin z + m: with z known E max(z + m, 0) = m Φ(m) + φ(m); without, max(m, 0).
        for m in [-1.0, 0.0, 0.5_f64] {
            let margins: Vec<f64> = z.iter().map(|x| x + m).collect();
            let exact = m * detente_math::normal_cdf(m) + detente_math::normal_pdf(m) - m.max(0.0);
            // Bins see z as their mean: a little is lost where zero falls into one.
            assert!((worth(&order, &margins) - exact).abs() < 0.01, "{m}");
            let unrelated: Vec<f64> = other.iter().map(|x| x + m).collect();
            assert!(worth(&order, &unrelated) < 0.01);
        }
    }
}
