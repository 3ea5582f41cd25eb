//! What watching something would be worth: how far an answer would move once it is known, and what a party would gain by knowing
//! it before it answers (Raiffa & Schlaifer 1961).
//!
//! A signal is the normal score of the observable's number as it was drawn in each world of the run, blurred by the observable's noise.
//! How far it moves an answer is read off the order in which it sorts the worlds; what deciding by it would be worth as of any choice (`choosing`).

use detente_core::catalogue::settlement;
use detente_evidence::chapters::beliefs::Information;
use detente_math::{Ranks, normal_quantile, path_key};

use crate::chapters::Study;
use crate::choosing::Choice;
use crate::sensitivity::is_constant;

/// Fewest worlds from which anything is said.
const FEWEST: usize = 128;

/// What each observable would tell about a named package, greatest change first.
pub(super) fn information(study: &Study, package: usize) -> Vec<Information> {
    let setting = study.setting();
    let agreed: Vec<f64> = study.table.column(settlement::AGREED, &[package]).collect();
    let weights: Vec<f64> = study.table.weights().collect();
    let mut told = Vec::new();
    for observable in 0..setting.observables.len() {
        let Some(signals) = signals(study, observable) else {
            continue;
        };
        let ranks = Ranks::new(&signals).weighted(&weights);
        let mean = |values: &[f64]| study.table.mean_of(values.iter().copied()).value;
        let worth = (0..setting.types.len()).map(|t| {
            // Who is not asked decides nothing by what it knows.
            if !setting.packages[package]
                .needed
                .contains(setting.types[t].party)
            {
                return 0.0;
            }
            let column = study.table.column(settlement::MARGIN, &[t, package]);
            let margins: Vec<f64> = column.collect();
            worth(&ranks, &margins, mean)
        });
        told.push(Information {
            observable,
            moves: moves(&signals, (&agreed, &weights), setting.observables.len()),
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

/// The signal in each world; `None` if the number is known, or there are too few worlds.
fn signals(study: &Study, observable: usize) -> Option<Vec<f64>> {
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
    let (mut values, mut noises) = (Vec::with_capacity(worlds), Vec::with_capacity(worlds));
    for row in 0..worlds {
        let uniforms = study.plan.uniforms(stream, study.table.world(row));
        let drawn = study.plan.values(&uniforms, study.overrides);
        values.push(drawn[about]);
        noises.push(drawn[noise]);
    }
    // A number that is the same in every world tells nothing.
    if values.iter().all(|x| *x == values[0]) {
        return None;
    }
    let scores = Ranks::new(&values).scores(values.len());
    let blurred = scores.into_iter().zip(noises).zip(0..);
    let signal =
        |((score, noise), world)| score + noise * normal_quantile(stream.uniform(blur, world));
    Some(blurred.map(signal).collect())
}

/// Root mean square change of a mean once the signal is known; 0 where an unrelated signal, of so many that are looked at, might seem
/// to do as much.
fn moves(signals: &[f64], (values, weights): (&[f64], &[f64]), looked_at: usize) -> f64 {
    /// Chance that any unrelated signal passes.
    const DOUBT: f64 = 0.05;
    let known: Vec<usize> = (0..values.len()).filter(|w| !values[*w].is_nan()).collect();
    let of = |list: &[f64]| -> Vec<f64> { known.iter().map(|w| list[*w]).collect() };
    let (signals, values, weights) = (of(signals), of(values), of(weights));
    if known.len() < FEWEST || is_constant(&values) {
        return 0.0;
    }
    let n: f64 = weights.iter().sum();
    let each = || values.iter().zip(&weights);
    let mean = each().map(|(x, w)| w * x).sum::<f64>() / n;
    let all = each()
        .map(|(x, w)| w * (x - mean) * (x - mean))
        .sum::<f64>()
        / n;
    let ranks = Ranks::new(&signals).weighted(&weights);
    let index = ranks.index(&values);
    if index <= ranks.noise(DOUBT / looked_at.max(1) as f64) {
        return 0.0;
    }
    (index * all).sqrt()
}

/// What deciding by the signal adds to the mean of max(margin, 0).
fn worth(ranks: &Ranks, margins: &[f64], mean: impl Fn(&[f64]) -> f64) -> f64 {
    let choice = Choice::new(vec![margins.to_vec(), nothing(margins)], &mean);
    if choice.told() < FEWEST {
        return 0.0;
    }
    mean(&choice.gains(ranks)).max(0.0)
}

/// What refusing adds to itself, in the worlds that tell.
fn nothing(margins: &[f64]) -> Vec<f64> {
    margins.iter().map(|margin| 0.0 * margin).collect()
}

#[cfg(test)]
mod tests {
    use super::{moves, worth};
    use detente_math::{Ranks, normal_quantile, path_key, uniform};

    /// Normal draws.
    fn drawn(path: &str, n: usize) -> Vec<f64> {
        (0..n as u64)
            .map(|w| normal_quantile(uniform(1, path_key(path), w)))
            .collect()
    }

    #[test]
    fn what_is_known_moves_all_and_what_is_unrelated_nothing() {
        let n = 8192;
        let even = vec![1.0; n];
        let z = drawn("a", n);
        let other = drawn("b", n);
        // A share that is a step of the signal: its spread is one half.
        let step: Vec<f64> = z.iter().map(|x| f64::from(u8::from(*x > 0.0))).collect();
        assert!((moves(&z, (&step, &even), 1) - 0.5).abs() < 0.01);
        assert_eq!(moves(&z, (&other, &even), 1), 0.0);
        assert_eq!(moves(&z, (&vec![0.1 + 0.2; n], &even), 1), 0.0);
    }

    #[test]
    fn knowing_a_normal_margin_is_worth_its_unit_loss() {
        let n = 65_536;
        let (z, other) = (drawn("a", n), drawn("b", n));
        let ranks = Ranks::new(&z);
        let mean = |values: &[f64]| detente_math::mean(values.iter().copied()).value;
        // Margin z + m: with z known E max(z + m, 0) = m Φ(m) + φ(m); without, max(m, 0).
        for m in [-1.0, 0.0, 0.5_f64] {
            let margins: Vec<f64> = z.iter().map(|x| x + m).collect();
            let exact = m * detente_math::normal_cdf(m) + detente_math::normal_pdf(m) - m.max(0.0);
            let found = worth(&ranks, &margins, mean);
            assert!((found - exact).abs() < 0.01, "{m}: {found} for {exact}");
            let unrelated: Vec<f64> = other.iter().map(|x| x + m).collect();
            assert!(worth(&ranks, &unrelated, mean) < 0.01);
        }
        assert_eq!(worth(&ranks, &[f64::NAN; 4], mean), 0.0);
    }
}
