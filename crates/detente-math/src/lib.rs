//! Numbers without politics: keyed random draws, quantile functions, the normal distribution.
//!
//! Everything is a pure function of its arguments and uses `libm` for transcendental functions, so that the same question
//! gives the same bytes on every platform.

mod batch;
mod beta;
mod bivariate;
mod climb;
mod correlation;
mod density;
mod distribution;
mod gamma;
mod normal;
mod philox;
mod quadrature;
mod ranks;
mod sampler;
mod score;
mod stats;
mod symmetric;
mod weights;

pub use batch::Batch;
pub use beta::{beta_cdf, beta_quantile};
pub use bivariate::{BivariateNormal, bivariate_normal_cdf};
pub use climb::{Climbed, Slope, climb};
pub use correlation::{Correlation, Nearest, nearest_correlation};
pub use density::{log_binomial, logit_choice};
pub use distribution::{Distribution, Link};
pub use gamma::{exponential_quantile, gamma_cdf, gamma_quantile};
pub use normal::{normal_cdf, normal_cdf_and_pdf, normal_pdf, normal_quantile};
pub use philox::philox4x32_10;
pub use quadrature::normal_points;
pub use ranks::{EIGHTHS, Ranks, visible_index};
pub use sampler::{Memory, SCRAMBLES, Sampler, Stream, path_key, uniform};
pub use score::{
    Bin, FEW, Interval, TENTHS, TIMES, brier, calibration, drawn_again, log_score, proportion,
};
pub use stats::{Mean, mean, mean_of_groups, quantile_sorted, root_of_increasing};
pub use symmetric::symmetric_eigen;
pub use weights::{effective_size, evenly, weighted_mean};
