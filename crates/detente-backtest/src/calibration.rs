//! Calibration: of what was given a chance of about so much, how much came?

use detente_math::beta_quantile;

use crate::interval::Interval;

/// Bins of a calibration.
pub const TENTHS: usize = 10;
const TAIL: f64 = 0.05;

/// Forecasts that gave about the same chance, and how often it happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Bin {
    /// The least and the greatest chance of the bin.
    pub ends: [f64; 2],
    /// Forecasts.
    pub forecasts: usize,
    /// Their mean.
    pub mean: f64,
    /// Of how many it happened.
    pub happened: usize,
    /// Between which chances that is no surprise, were the forecasts independent: Clopper & Pearson (1934), nine times of ten at least.
    pub interval: Interval,
}

impl Bin {
    /// Which share of the forecasts happened.
    pub fn rate(&self) -> f64 {
        self.happened as f64 / self.forecasts as f64
    }
}

/// Forecasts by tenths of the chance that they gave, those tenths that have any.
pub fn calibration(forecasts: &[(f64, bool)]) -> Vec<Bin> {
    let tenth = |p: f64| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a probability"
        )]
        let place = (p * TENTHS as f64) as usize;
        place.min(TENTHS - 1)
    };
    let bin = |place: usize| {
        let inside = forecasts.iter().filter(|(p, _)| tenth(*p) == place);
        let forecasts = inside.clone().count();
        if forecasts == 0 {
            return None;
        }
        let happened = inside.clone().filter(|(_, o)| *o).count();
        Some(Bin {
            ends: [place, place + 1].map(|end| end as f64 / TENTHS as f64),
            forecasts,
            mean: inside.map(|(p, _)| p).sum::<f64>() / forecasts as f64,
            happened,
            interval: proportion(happened, forecasts),
        })
    };
    (0..TENTHS).filter_map(bin).collect()
}

fn proportion(happened: usize, all: usize) -> Interval {
    let (k, n) = (happened as f64, all as f64);
    Interval {
        low: if happened == 0 {
            0.0
        } else {
            beta_quantile(TAIL, k, n - k + 1.0)
        },
        high: if happened == all {
            1.0
        } else {
            beta_quantile(1.0 - TAIL, k + 1.0, n - k)
        },
    }
}
