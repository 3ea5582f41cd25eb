//! How fast single numbers are drawn: uniform numbers by path, and the quantile functions that case texts can name.

use detente_math::{
    Batch, Distribution, Link, Memory, Sampler, Stream, beta_cdf, normal_quantile, path_key,
};
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};

/// Numbers of one sample.
const NUMBERS: u32 = 1000;

const SHARE: Link = Link::Logit {
    low: 0.0,
    high: 1.0,
};

fn main() {
    divan::main();
}

#[divan::bench(args = [Sampler::Pseudo, Sampler::Quasi])]
fn uniform(bencher: Bencher, sampler: Sampler) {
    let key = path_key("party.north.burden");
    bencher.counter(ItemsCount::new(NUMBERS)).bench(|| {
        let of = |world| sampler.uniform(1, key, u64::from(world));
        (0..black_box(NUMBERS)).map(of).sum::<f64>()
    });
}

/// Of several inputs in one world, as a plan draws them.
#[divan::bench(args = [Sampler::Pseudo, Sampler::Quasi])]
fn uniforms_of_a_world(bencher: Bencher, sampler: Sampler) {
    let keys: Vec<u64> = (0..NUMBERS)
        .map(|i| path_key(&format!("input.{i}")))
        .collect();
    let (stream, mut memory) = (Stream { sampler, seed: 1 }, Memory::default());
    bencher.counter(ItemsCount::new(NUMBERS)).bench_local(|| {
        let mut sum = 0.0;
        memory.uniforms(stream, black_box(&keys), 7, |_, u| sum += u);
        sum
    });
}

#[divan::bench]
fn standard_normal(bencher: Bencher) {
    over_uniforms(bencher, normal_quantile);
}

#[divan::bench]
fn normal_range(bencher: Bencher) {
    quantile(
        bencher,
        &Distribution::from_range(Link::Identity, [-1.0, 3.0], 0.9),
    );
}

#[divan::bench]
fn lognormal_range(bencher: Bencher) {
    quantile(
        bencher,
        &Distribution::from_range(Link::Log, [4.0, 9.0], 0.9),
    );
}

#[divan::bench]
fn logit_normal_range(bencher: Bencher) {
    quantile(bencher, &Distribution::from_range(SHARE, [0.3, 0.5], 0.9));
}

#[divan::bench]
fn three_point(bencher: Bencher) {
    quantile(
        bencher,
        &Distribution::from_three(SHARE, [0.3, 0.35, 0.5], 0.9),
    );
}

#[divan::bench]
fn uniform_range(bencher: Bencher) {
    quantile(
        bencher,
        &Distribution::Uniform {
            low: 0.1,
            high: 0.3,
        },
    );
}

#[divan::bench]
fn triangular(bencher: Bencher) {
    let (low, mode, high) = (1.0, 3.0, 9.0);
    quantile(bencher, &Distribution::Triangular { low, mode, high });
}

#[divan::bench]
fn pert(bencher: Bencher) {
    quantile(bencher, &Distribution::pert(1.0, 3.0, 9.0));
}

/// 3 of 11 known cases.
#[divan::bench]
fn base_rate(bencher: Bencher) {
    quantile(bencher, &Distribution::base_rate(3.0, 11.0));
}

#[divan::bench]
fn beta_cdf_alone(bencher: Bencher) {
    over_uniforms(bencher, |x| beta_cdf(x, 1.0 + 4.0 / 3.0, 5.0 - 4.0 / 3.0));
}

#[divan::bench]
fn truncated_normal(bencher: Bencher) {
    let normal = Distribution::from_range(Link::Identity, [-1.0, 3.0], 0.9);
    quantile(bencher, &normal.truncated(0.0, 4.0).0);
}

/// Two experts who differ.
#[divan::bench]
fn mixture(bencher: Bencher) {
    let one = Distribution::from_range(SHARE, [0.1, 0.3], 0.9);
    let other = Distribution::from_range(SHARE, [0.4, 0.7], 0.9);
    quantile(
        bencher,
        &Distribution::mixture(vec![(1.0, one), (1.0, other)]),
    );
}

/// Ranges as a plan draws them, half lognormal and half logit-normal.
#[divan::bench]
fn batch(bencher: Bencher) {
    let log = Distribution::from_range(Link::Log, [4.0, 9.0], 0.9);
    let logit = Distribution::from_range(SHARE, [0.3, 0.5], 0.9);
    let half = [&log, &logit].into_iter().cycle().enumerate();
    let batch = Batch::new(half.take(NUMBERS as usize));
    let uniforms: Vec<f64> = (0..u64::from(NUMBERS))
        .map(|world| Sampler::Pseudo.uniform(1, path_key("u"), world))
        .collect();
    let mut numbers = uniforms.clone();
    bencher.counter(ItemsCount::new(NUMBERS)).bench_local(|| {
        numbers.copy_from_slice(black_box(&uniforms));
        batch.quantiles(&mut numbers);
        black_box(&numbers);
    });
}

fn quantile(bencher: Bencher, distribution: &Distribution) {
    let distribution = black_box(distribution);
    over_uniforms(bencher, |u| distribution.quantile(u));
}

/// Of uniform numbers in no order, as draws are.
fn over_uniforms(bencher: Bencher, f: impl Fn(f64) -> f64 + Sync) {
    let numbers: Vec<f64> = (0..u64::from(NUMBERS))
        .map(|world| Sampler::Pseudo.uniform(1, path_key("u"), world))
        .collect();
    bencher
        .counter(ItemsCount::new(NUMBERS))
        .bench(|| black_box(&numbers).iter().map(|u| f(*u)).sum::<f64>());
}
