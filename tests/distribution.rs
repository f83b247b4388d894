//! The tests of `cargo bench --bench distribution`: their p-values against known ones, their laws against another way to
//! them, and that they see what is wrong.

#![allow(clippy::unreadable_literal, reason = "known values as they are printed")]

mod support;

#[path = "../benches/distribution/counts.rs"]
mod counts;
#[path = "../benches/distribution/features.rs"]
mod features;
#[path = "../benches/distribution/law.rs"]
mod law;
#[path = "../benches/distribution/samplers.rs"]
mod samplers;
#[path = "../benches/distribution/significance.rs"]
mod significance;
#[path = "../benches/distribution/statistics.rs"]
mod statistics;

use clap::ValueEnum;
use counts::Counts;
use features::{Features, Sharing, Spoil};
use law::{Law, moments};
use sae_kernels::Scalar;
use sae_kernels::activation::quantile::upper_normal_quantile;
use sae_kernels::rng::Stream;
use samplers::{Sampler, count};
use significance::{binomial, kolmogorov_survival, least, mahalanobis, normal, upper_gamma};
use statistics::{TESTS, p_values};
use support::orthant::orthant;
use support::planned;

fn assert_near(got: f64, want: f64, relative: f64) {
    assert!((got - want).abs() <= relative * want.abs(), "{got:e} for {want:e}");
}

/// a, x and Q(a, x).
const KNOWN_GAMMA: [(f64, f64, f64); 7] = [
    (0.5, 2.0, 0.04550026389635841),
    (1.0, 3.0, 0.04978706836786394),
    (20.0, 10.0, 0.9965456580241432),
    (20.0, 60.0, 6.351918340378976e-10),
    (300.0, 301.5, 0.457911312949356),
    (300.0, 420.0, 2.960076670956562e-10),
    (350.0, 300.0, 0.997393972451848),
];

const KNOWN_KOLMOGOROV: [(f64, f64); 6] = [
    (0.4, 0.9971923267772983),
    (0.7, 0.7112351950296892),
    (0.99, 0.2808738392255489),
    (1.0, 0.2699996716773545),
    (1.36, 0.04948587675537788),
    (3.2, 2.550815259052083e-9),
];

/// Successes among ten million, their probability, and twice the tail.
const KNOWN_BINOMIAL: [(u64, f64, f64); 5] = [
    (25, 1e-6, 9.389773843888657e-5),
    (3, 1e-6, 0.02067204838529535),
    (900, 1e-4, 0.001394783092438014),
    (1150, 1e-4, 3.800927932380557e-6),
    (5_010_000, 0.5, 2.544800491155173e-10),
];

#[test]
fn survival_functions_have_known_values() {
    // With 50 digits, by mpmath: gammainc(a, x, regularized=True), and the sum of Kolmogorov's series.
    for (a, x, want) in KNOWN_GAMMA {
        assert_near(upper_gamma(a, x), want, 1e-12);
    }
    assert_eq!(upper_gamma(3.0, 0.0), 1.0);
    for (x, want) in KNOWN_KOLMOGOROV {
        assert_near(kolmogorov_survival(x), want, 1e-12);
    }
    // The two series meet.
    let (below, above) = (kolmogorov_survival(1.0 - 1e-12), kolmogorov_survival(1.0));
    assert_near(below, above, 1e-11);
    assert_near(normal(1.959963984540054), 0.05, 1e-14);
}

#[test]
fn binomial_tails_have_known_values() {
    // All laws of four coins: 1, 4, 6, 4, 1 of 16.
    let want = [2.0 / 16.0, 10.0 / 16.0, 1.0, 10.0 / 16.0, 2.0 / 16.0];
    (0..5).for_each(|k| assert_near(binomial(k, 4, 0.5), want[k as usize], 1e-13));
    // By mpmath; ln Gamma of 1e7 is rounded by 2e-8.
    for (count, p, want) in KNOWN_BINOMIAL {
        assert_near(binomial(count, 10_000_000, p), want, 1e-7);
    }
    assert_eq!([binomial(0, 9, 0.0), binomial(1, 9, 0.0), binomial(9, 9, 1.0)], [1.0, 0.0, 1.0]);
    assert_eq!(binomial(0, 10_000_000, 1e-12), 1.0);
    assert_eq!([least(&[]), least(&[0.9, 0.1, 0.3]), least(&[0.5, 0.5])], [1.0, 0.1 * 3.0, 1.0]);
}

#[test]
fn the_distance_of_mahalanobis_is_that_by_the_inverse() {
    // The inverse of [[4, 2, 0], [2, 5, 1], [0, 1, 2]] is [[9, -4, 2], [-4, 8, -4], [2, -4, 16]] / 28.
    let mut covariance = [vec![4.0], vec![2.0, 5.0], vec![0.0, 1.0, 2.0]];
    let want = (9.0 + 8.0 * 4.0 + 16.0 * 9.0 + 2.0 * (-4.0 * 2.0 + 2.0 * 3.0 - 4.0 * 6.0)) / 28.0;
    assert_near(mahalanobis(&mut covariance, &[1.0, 2.0, 3.0]), want, 1e-14);
}

const SHARINGS: [Sharing; 3] = [Sharing::Independent, Sharing::OneFactor, Sharing::TwoFactors];

#[test]
fn pairs_have_the_probabilities_of_the_bivariate_normal_law() {
    for sharing in SHARINGS {
        let features = Features::<f64>::new(sharing);
        let law = Law::new(&features);
        let mut correlated = 0;
        for i in 0..features.len() {
            for j in 0..i {
                let (p_i, p_j) = (features.probabilities[i], features.probabilities[j]);
                let rho = features.correlation(i, j);
                let fire = match (p_i, p_j) {
                    (0.0 | 1.0, _) | (_, 0.0 | 1.0) => p_i * p_j,
                    _ => orthant(upper_normal_quantile(p_i), upper_normal_quantile(p_j), rho),
                };
                let seen = fire * law.magnitudes[i].survives * law.magnitudes[j].survives;
                let (of_i, of_j) = (law.probabilities[i], law.probabilities[j]);
                let want = match (law::is_rare(of_i), law::is_rare(of_j)) {
                    (true, true) => seen,
                    (true, false) => of_i - seen,
                    (false, true) => of_j - seen,
                    (false, false) => 1.0 - of_i - of_j + seen,
                };
                // Rows are some 1e7, so that counts have relative errors of 1e-4 and more.
                let got = law.all_rare(&[i, j]);
                assert!((got - want).abs() < 1e-13, "{sharing:?} {i} {j}: {got:e} for {want:e}");
                correlated += usize::from(rho != 0.0);
            }
        }
        assert_eq!(correlated > 0, sharing != Sharing::Independent);
    }
}

#[test]
fn numbers_of_features_have_the_moments_that_pairs_say() {
    for sharing in SHARINGS {
        let law = Law::new(&Features::<f64>::new(sharing));
        let l0 = law.l0();
        assert_near(l0.iter().sum(), 1.0, 1e-14);
        let (mean, variance) = moments(&l0);
        assert_near(mean, law.probabilities.iter().sum(), 1e-13);
        let mut want = 0.0;
        for i in 0..law.features() {
            for j in 0..law.features() {
                let p = |j: usize| law.all_rare(&[j]);
                let sign = if law::is_rare(law.probabilities[i]) == law::is_rare(law.probabilities[j]) {
                    1.0
                } else {
                    -1.0
                };
                want += sign * (law.all_rare(&[i, j]) - p(i) * p(j));
            }
        }
        assert_near(variance, want, 1e-12);
    }
}

fn p_values_of<T: Scalar>(sampler: Sampler, drawn: &Features<T>, rows: u64) -> [f64; TESTS.len()] {
    let law = Law::new(&Features::<T>::new(sampler.sharing()));
    let mut counts = Counts::new(&law);
    count(sampler, drawn, Stream::new(5, 0), rows, &mut counts).unwrap();
    p_values(&counts, &law)
}

#[test]
fn all_samplers_pass() {
    for &sampler in Sampler::value_variants() {
        let (double, single) =
            (Features::<f64>::new(sampler.sharing()), Features::<f32>::new(sampler.sharing()));
        let p_values = [p_values_of(sampler, &double, 50_000), p_values_of(sampler, &single, 50_000)];
        // The seed is fixed; of others, one in a thousand fails.
        let pass = p_values.iter().flatten().all(|&p| p >= 1e-3 / 90.0);
        assert!(pass, "{}: {p_values:?}", sampler.name());
    }
}

/// The tests whose p-values are so small that the command fails.
fn failed(p_values: [f64; TESTS.len()]) -> Vec<&'static str> {
    TESTS.into_iter().zip(p_values).filter(|(_, p)| *p < 1e-8).map(|(test, _)| test).collect()
}

#[test]
fn what_is_spoiled_is_seen() {
    // With a hundredth of the rows of the command, and ten times as wrong: as easily seen as there.
    let (rows, times) = (100_000, 10.0);
    let seen = |sampler: Sampler, spoil| {
        let features = Features::<f64>::new(sampler.sharing());
        failed(p_values_of(sampler, &features.spoiled(spoil, times), rows))
    };
    for &sampler in Sampler::value_variants() {
        assert_eq!(seen(sampler, Spoil::Probabilities), ["features", "pairs", "L0"]);
        // How many the relu leaves is then another number, too.
        let of_magnitudes = seen(sampler, Spoil::Magnitudes);
        assert!(of_magnitudes.ends_with(&["magnitudes", "cut off"]), "{of_magnitudes:?}");
        let of_correlations = seen(sampler, Spoil::Correlations);
        let expected = if sampler.sharing() == Sharing::Independent { 0 } else { 2 };
        assert!(of_correlations.len() >= expected && of_correlations.len() <= 3, "{of_correlations:?}");
        assert_eq!(of_correlations.contains(&"pairs"), expected > 0);
    }
    // One thing at a time: what hardly ever happens, what always and never does, what has no spread.
    let sampler = Sampler::Sparse;
    let features = Features::<f64>::new(sampler.sharing());
    let changed = |change: &dyn Fn(&mut Features<f64>)| {
        let mut changed = features.clone();
        change(&mut changed);
        failed(p_values_of(sampler, &changed, rows))
    };
    let place = |p: f64| features.probabilities.iter().position(|&x| x == p).unwrap();
    for (p, other) in [(1e-4, 1e-3), (1e-6, 2e-4)] {
        assert_eq!(changed(&|x| x.probabilities[place(p)] = other), ["rare features", "rare pairs"]);
    }
    for (p, other) in [(0.0, 1e-3), (1.0, 0.999)] {
        assert_eq!(changed(&|x| x.probabilities[place(p)] = other), ["certain"]);
    }
    assert_eq!(changed(&|x| x.means[0] += 1e-12), ["certain"]);
}

#[test]
fn sorted_rows_and_numbers_spread_too_evenly_are_seen() {
    let law = Law::new(&Features::<f64>::new(Sharing::Independent));
    let mut counts = Counts::new(&law);
    let (columns, values): (Vec<u32>, _) = ((0..law.features() as u32).collect(), vec![1.0; law.features()]);
    let (rows, mut cumulative) = (100_000.0, 0.0);
    for (l0, p) in law.l0().into_iter().enumerate() {
        let before = (rows * cumulative) as u64;
        cumulative += p;
        for _ in before..(rows * cumulative) as u64 {
            counts.add(&columns[..l0], &values[..l0]);
        }
    }
    let failed = failed(p_values(&counts, &law));
    assert!(failed.contains(&"neighbours") && failed.contains(&"L0"), "{failed:?}");
}
