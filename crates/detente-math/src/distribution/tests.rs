use super::{Distribution, Link};
use proptest::prelude::*;
use statrs::distribution::{Beta, ContinuousCDF, Gamma, LogNormal, Normal, Triangular, Uniform};
use statrs::statistics::Distribution as Distributed;

const LINKS: [Link; 3] = [
    Link::Identity,
    Link::Log,
    Link::Logit {
        low: 0.0,
        high: 1.0,
    },
];

#[test]
fn stated_percentiles_are_met() {
    for link in LINKS {
        let d = Distribution::from_three(link, [0.2, 0.35, 0.6], 0.9);
        for (u, x) in [(0.05, 0.2), (0.5, 0.35), (0.95, 0.6)] {
            assert!((d.quantile(u) - x).abs() < 1e-12, "{link:?} at {u}");
        }
        let r = Distribution::from_range(link, [0.2, 0.6], 0.9);
        assert!((r.quantile(0.05) - 0.2).abs() < 1e-12 && (r.quantile(0.95) - 0.6).abs() < 1e-12);
    }
}

/// A count comes back from its distribution, and nothing else is taken for one.
#[test]
fn a_count_is_known_by_its_distribution() {
    for (hits, all) in [(0.0, 1.0), (1.0, 4.0), (4.0, 4.0), (88.0, 100.0)] {
        let counted = Distribution::base_rate(hits, all).counted();
        assert_eq!(counted, Some([hits, all]));
    }
    let beta = |low, high, a, b| Distribution::Beta { low, high, a, b };
    for none in [
        beta(0.0, 1.0, 0.5, 0.5),
        beta(0.0, 1.0, 1.25, 3.5),
        beta(0.0, 1.0, 0.25, 3.5),
        beta(0.0, 2.0, 1.5, 3.5),
        Distribution::Exact(0.25),
    ] {
        assert_eq!(none.counted(), None, "{none:?}");
    }
}

#[test]
fn normal_and_lognormal_agree_with_statrs() {
    let normal = Distribution::from_range(Link::Identity, [-1.0, 3.0], 0.9);
    let lognormal = Distribution::from_range(Link::Log, [1.0, 9.0], 0.9);
    let z = 2.0 * 1.644_853_626_951_472_2;
    let n = Normal::new(1.0, 4.0 / z).unwrap();
    let l = LogNormal::new(libm::log(3.0), libm::log(9.0) / z).unwrap();
    for i in 1..500 {
        let u = f64::from(i) / 500.0;
        assert!((normal.quantile(u) - n.inverse_cdf(u)).abs() < 1e-9);
        assert!((lognormal.quantile(u) / l.inverse_cdf(u) - 1.0).abs() < 1e-9);
    }
}

/// Means and variances by integrating the quantile function, and the far tails, against statrs.
#[test]
fn moments_and_tails_agree_with_statrs() {
    const N: u32 = 100_000;
    let z = 2.0 * 1.644_853_626_951_472_2;
    let spread = libm::log(9.0) / z;
    let cases: [(Distribution, &dyn Oracle); 6] = [
        (
            Distribution::from_range(Link::Identity, [-1.0, 3.0], 0.9),
            &Normal::new(1.0, 4.0 / z).unwrap(),
        ),
        (
            Distribution::from_range(Link::Log, [1.0, 9.0], 0.9),
            &LogNormal::new(libm::log(3.0), spread).unwrap(),
        ),
        (
            Distribution::Triangular {
                low: 1.0,
                mode: 3.0,
                high: 9.0,
            },
            &Triangular::new(1.0, 9.0, 3.0).unwrap(),
        ),
        (
            Distribution::Uniform {
                low: 2.0,
                high: 5.0,
            },
            &Uniform::new(2.0, 5.0).unwrap(),
        ),
        (
            Distribution::base_rate(3.0, 11.0),
            &Beta::new(3.5, 8.5).unwrap(),
        ),
        (
            Distribution::Gamma {
                shape: 2.5,
                scale: 4.0,
            },
            &Gamma::new(2.5, 0.25).unwrap(),
        ),
    ];
    for (ours, theirs) in cases {
        let at = |i: u32| ours.quantile((f64::from(i) + 0.5) / f64::from(N));
        let mean = (0..N).map(at).sum::<f64>() / f64::from(N);
        let square = (0..N).map(|i| (at(i) - mean) * (at(i) - mean)).sum::<f64>() / f64::from(N);
        let (m, v) = theirs.moments();
        assert!(
            (mean - m).abs() < 2e-3 * (1.0 + m.abs()),
            "{ours:?}: mean {mean}, {m}"
        );
        // The midpoints miss the outermost tails, which weigh most in a lognormal's variance.
        assert!(
            (square / v - 1.0).abs() < 0.01,
            "{ours:?}: variance {square}, {v}"
        );
        for p in [1e-9, 1e-6, 1e-3, 0.5, 1.0 - 1e-3, 1.0 - 1e-6, 1.0 - 1e-9] {
            let x = ours.quantile(p);
            let tail = if p < 0.5 {
                theirs.below(x)
            } else {
                theirs.above(x)
            };
            let wanted = p.min(1.0 - p);
            assert!(
                (tail / wanted - 1.0).abs() < 1e-5,
                "{ours:?} at {p}: {tail}"
            );
        }
    }
}

/// What an oracle must tell.
trait Oracle {
    fn moments(&self) -> (f64, f64);
    fn below(&self, x: f64) -> f64;
    fn above(&self, x: f64) -> f64;
}

impl<T: ContinuousCDF<f64, f64> + Distributed<f64>> Oracle for T {
    fn moments(&self) -> (f64, f64) {
        (self.mean().unwrap(), self.variance().unwrap())
    }
    fn below(&self, x: f64) -> f64 {
        self.cdf(x)
    }
    fn above(&self, x: f64) -> f64 {
        self.sf(x)
    }
}

#[test]
fn closed_forms_of_the_named_ones() {
    // Triangular: P(X <= mode) = (mode - low)/(high - low), mean (low + mode + high)/3.
    let t = Distribution::Triangular {
        low: 1.0,
        mode: 3.0,
        high: 9.0,
    };
    assert!((t.cdf(3.0) - 0.25).abs() < 1e-15 && (t.quantile(0.25) - 3.0).abs() < 1e-12);
    let mean = |d: &Distribution| {
        let n = 20_000;
        let at = |i| d.quantile((f64::from(i) + 0.5) / f64::from(n));
        (0..n).map(at).sum::<f64>() / f64::from(n)
    };
    assert!((mean(&t) - 13.0 / 3.0).abs() < 1e-3);
    assert!((mean(&Distribution::pert(1.0, 3.0, 9.0)) - 22.0 / 6.0).abs() < 1e-3);
    // Jeffreys: (hits + ½)/(trials + 1).
    assert!((mean(&Distribution::base_rate(3.0, 11.0)) - 3.5 / 12.0).abs() < 1e-4);
    // A mixture of 1 in 4 draws at 0 and 3 in 4 at 1 is never ½.
    let m = Distribution::mixture(vec![
        (1.0, Distribution::Exact(0.0)),
        (3.0, Distribution::Exact(1.0)),
    ]);
    assert_eq!((m.quantile(0.2), m.quantile(0.3)), (0.0, 1.0));
    // A standard normal kept above zero is the half-normal, with median .6745.
    let normal = Distribution::Linked {
        link: Link::Identity,
        median: 0.0,
        below: 1.0,
        above: 1.0,
    };
    let (half, outside) = normal.truncated(0.0, f64::INFINITY);
    assert!((outside - 0.5).abs() < 1e-15);
    assert!((half.quantile(0.5) - 0.674_489_750_196_081_7).abs() < 1e-12);
}

#[test]
fn atoms_are_the_values_with_a_chance_of_their_own() {
    let of = Distribution::mixture(vec![
        (1.0, Distribution::Exact(0.0)),
        (2.0, Distribution::Exact(4.0)),
        (
            1.0,
            Distribution::Uniform {
                low: 0.0,
                high: 1.0,
            },
        ),
    ]);
    assert_eq!(of.atoms(), [(0.0, 0.25), (4.0, 0.5)]);
    assert_eq!(Distribution::Exact(7.0).atoms(), [(7.0, 1.0)]);
    assert!(
        Distribution::Uniform {
            low: 0.0,
            high: 1.0
        }
        .atoms()
        .is_empty()
    );
    // Cut off at 2, what is left has half the chance of all.
    let (cut, outside) = of.truncated(0.0, 2.0);
    assert!((outside - 0.5).abs() < 1e-12);
    let atoms = cut.atoms();
    assert_eq!(atoms.len(), 1);
    assert!(
        atoms[0].0 == 0.0 && (atoms[0].1 - 0.5).abs() < 1e-12,
        "{atoms:?}"
    );
}

proptest! {
    #[test]
    fn every_cdf_inverts_its_quantile(u in 0.001..0.999_f64, which in 0..6_usize) {
        let wide = Distribution::from_range(Link::Log, [0.5, 20.0], 0.9);
        let d = [
            Distribution::Triangular { low: -1.0, mode: -1.0, high: 4.0 },
            Distribution::pert(0.1, 0.2, 0.9),
            Distribution::base_rate(0.0, 7.0),
            Distribution::mixture(vec![(0.9, Distribution::pert(1.0, 2.0, 3.0)), (0.1, wide.clone())]),
            wide.clone().truncated(1.0, 9.0).0,
            Distribution::Uniform { low: 2.0, high: 5.0 },
        ][which].clone();
        prop_assert!((d.cdf(d.quantile(u)) - u).abs() < 1e-9);
    }

    #[test]
    fn cdf_inverts_quantile_and_draws_stay_in_the_domain(
        u in 0.0005..0.9995_f64, low in 0.01..0.3_f64, gap1 in 0.01..0.3_f64, gap2 in 0.01..0.3_f64, which in 0..3_usize,
    ) {
        let d = Distribution::from_three(LINKS[which], [low, low + gap1, low + gap1 + gap2], 0.9);
        let x = d.quantile(u);
        prop_assert!((d.cdf(x) - u).abs() < 1e-9);
        prop_assert!(which == 0 || x > 0.0);
        prop_assert!(which != 2 || x < 1.0);
    }
}
