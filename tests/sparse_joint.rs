//! Samples in the time of their firings: the joint law of features, rows, streams, seeds and magnitudes, which counts
//! of single features do not show.

mod support;

use sae_kernels::activation::{PlannedFiring, sample_sparse};
use sae_kernels::matrix::row_major_mut;
use sae_kernels::rng::Stream;
use support::planned::planned;

/// On the line and in the list of frequent features, side by side and apart.
const PROBABILITIES: [f64; FEATURES] = [0.3, 0.5, 0.9, 0.1, 0.6];
const FEATURES: usize = 5;
const PATTERNS: usize = 1 << FEATURES;
const ROWS: usize = 400_000;

fn samples(means: &[f64], std_devs: &[f64], stream: Stream) -> Vec<f64> {
    let firing = PlannedFiring::new(planned(&PROBABILITIES, FEATURES).unwrap(), means, std_devs).unwrap();
    let mut out = vec![f64::NAN; ROWS * FEATURES];
    sample_sparse(&firing, stream, 0, row_major_mut(&mut out, ROWS, FEATURES, FEATURES).unwrap()).unwrap();
    out
}

/// For each row, the number whose bit j says whether feature j fired.
fn patterns(stream: Stream) -> Vec<usize> {
    let bits = |row: &[f64]| row.iter().enumerate().map(|(j, &x)| usize::from(x > 0.0) << j).sum();
    samples(&[1.0], &[0.0], stream).chunks(FEATURES).map(bits).collect()
}

/// The probability of a pattern whose features are independent.
fn probability(pattern: usize) -> f64 {
    let factor = |(j, &p): (usize, &f64)| if pattern >> j & 1 == 1 { p } else { 1.0 - p };
    PROBABILITIES.iter().enumerate().map(factor).product()
}

/// How many standard deviations (by Wilson and Hilferty 1931) Pearson's statistic of the pairs of patterns lies from the
/// law in which both are independent, with rare pairs put together.
fn sigmas_of_pairs(pairs: impl ExactSizeIterator<Item = (usize, usize)>) -> f64 {
    let total = pairs.len() as f64;
    let mut counts = vec![0.0; PATTERNS * PATTERNS];
    pairs.for_each(|(a, b)| counts[a * PATTERNS + b] += 1.0);
    let (mut rare_seen, mut rare_expected, mut statistic, mut cells) = (0.0, 0.0, 0.0, 0.0);
    for (cell, &seen) in counts.iter().enumerate() {
        let expected = total * probability(cell / PATTERNS) * probability(cell % PATTERNS);
        if expected < 10.0 {
            (rare_seen, rare_expected) = (rare_seen + seen, rare_expected + expected);
        } else {
            (statistic, cells) = (statistic + f64::powi(seen - expected, 2) / expected, cells + 1.0);
        }
    }
    statistic += f64::powi(rare_seen - rare_expected, 2) / rare_expected;
    let variance = 2.0 / (9.0 * cells);
    ((statistic / cells).cbrt() - (1.0 - variance)) / variance.sqrt()
}

/// Exceeded with probability 1e-6 on either side, so that numbers spread too evenly are refused too.
const MOST_SIGMAS: f64 = 4.9;

#[test]
fn neighbouring_rows_are_independent_patterns_of_independent_features() {
    let rows = patterns(Stream::new(21, 0));
    // Pairs that do not overlap, and that are therefore independent themselves.
    let sigmas = sigmas_of_pairs(rows.chunks_exact(2).map(|pair| (pair[0], pair[1])));
    assert!(sigmas.abs() < MOST_SIGMAS, "{sigmas} sigma");
    // Rows far apart by a power of two, whose numbers differ in one bit.
    let (low, high) = rows.split_at(1 << 17);
    let sigmas = sigmas_of_pairs(low.iter().copied().zip(high[..low.len()].iter().copied()));
    assert!(sigmas.abs() < MOST_SIGMAS, "{sigmas} sigma");
    // A row with itself: that the statistic sees what it should.
    assert!(sigmas_of_pairs(rows.iter().map(|&row| (row, row))) > 100.0);
}

#[test]
fn streams_and_seeds_are_independent() {
    let first = patterns(Stream::new(21, 0));
    // Neighbours in either number, and one for the other.
    for other in [Stream::new(21, 1), Stream::new(22, 0), Stream::new(0, 21)] {
        let other = patterns(other);
        let sigmas = sigmas_of_pairs(first.iter().copied().zip(other));
        assert!(sigmas.abs() < MOST_SIGMAS, "{sigmas} sigma");
    }
}

#[test]
fn magnitudes_do_not_depend_on_what_fires() {
    // Far enough from zero that every firing is seen.
    let (mean, std_dev) = (50.0, 1.0);
    let samples = samples(&[mean], &[std_dev], Stream::new(23, 0));
    let mut tested = 0;
    for feature in 0..FEATURES {
        for other in (0..FEATURES).filter(|&other| other != feature) {
            // The magnitudes of one feature where the other fires, and where it does not.
            for fires in [false, true] {
                let seen = samples.chunks(FEATURES).filter(|x| x[feature] > 0.0 && (x[other] > 0.0) == fires);
                let (mut count, mut sum, mut squares, mut products) = (0.0, 0.0, 0.0, 0.0);
                for x in seen {
                    let z = (x[feature] - mean) / std_dev;
                    (count, sum, squares) = (count + 1.0, sum + z, squares + z * z);
                    products += if fires { z * (x[other] - mean) / std_dev } else { 0.0 };
                }
                // Sums of independent normal numbers, their squares and their products: variances 1, 2 and 1 each.
                for off in [sum, (squares - count) / 2f64.sqrt(), products] {
                    assert!(
                        off.abs() < 5.5 * f64::sqrt(count),
                        "{feature} {other} {fires}: {off} of {count}"
                    );
                }
                assert!(count > 1000.0);
                tested += 1;
            }
        }
    }
    assert_eq!(tested, 2 * FEATURES * (FEATURES - 1));
}
