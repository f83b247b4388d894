//! Correlation statistics: of known matrices, and of low-rank ones against the matrix formed.

mod support;

use proptest::prelude::*;
use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg64;
use sae_kernels::activation::{
    CorrelationStatistics, correlation_statistics, low_rank_correlation_statistics,
    low_rank_correlation_statistics_scratch,
};
use sae_kernels::matrix::{RowMajor, row_major};
use sae_kernels::{Argument, Error, MemStack, Reason, Scalar};
use support::workspace;

fn packed<T>(data: &[T], cols: usize) -> RowMajor<'_, T> {
    row_major(data, data.len() / cols, cols, cols).unwrap()
}

fn low_rank<T: Scalar>(factor: RowMajor<'_, T>) -> Result<CorrelationStatistics, Error> {
    let mut memory = workspace(low_rank_correlation_statistics_scratch(factor.ncols()));
    low_rank_correlation_statistics(factor, MemStack::new(&mut memory))
}

/// Numbers in [-scale, scale).
fn random(len: usize, scale: f64, seed: u64) -> Vec<f64> {
    let mut rng = Pcg64::seed_from_u64(seed);
    (0..len).map(|_| ((rng.next_u64() >> 11) as f64 / (1u64 << 52) as f64 - 1.0) * scale).collect()
}

/// F F^T with ones on its diagonal.
fn formed(factor: &[f64], r: usize) -> Vec<f64> {
    let rows = || factor.chunks_exact(r);
    let product = |(x, y): (&[f64], &[f64])| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
    let mut matrix: Vec<f64> = rows().flat_map(|x| rows().map(move |y| product((x, y)))).collect();
    matrix.iter_mut().step_by(rows().len() + 1).for_each(|x| *x = 1.0);
    matrix
}

#[test]
fn a_known_matrix_in_any_stride() {
    // Off the diagonal: 0.5, -0.5, 0.25, twice each; the rest must not matter.
    let nan = f64::NAN;
    let matrix = [1.0, 0.5, -0.5, nan, 0.5, 7.0, 0.25, nan, -0.5, 0.25, 1.0];
    let single = matrix.map(|x| x as f32);
    let want = CorrelationStatistics { mean: 0.25 / 3.0, rms: (0.5625_f64 / 3.0).sqrt() };
    assert_eq!(correlation_statistics(row_major(&matrix, 3, 3, 4).unwrap()), Ok(want));
    assert_eq!(correlation_statistics(row_major(&single, 3, 3, 4).unwrap()), Ok(want));
}

#[test]
fn one_factor_correlates_all_alike() {
    for n in [2, 5, 1000] {
        let got = low_rank(packed(&vec![0.5_f32; n], 1)).unwrap();
        assert_eq!(got, CorrelationStatistics { mean: 0.25, rms: 0.25 });
    }
}

#[test]
fn nothing_cancels_in_few_orthogonal_rows() {
    // Two rows of 40 that are orthogonal but for rounding: by the identity rms would be no better than 1e-8.
    let x = random(40, 0.3, 1);
    let (left, right): (Vec<_>, Vec<_>) = x.chunks_exact(2).map(|x| ([x[0], x[1]], [-x[1], x[0]])).unzip();
    let factor = [left.concat(), right.concat()].concat();
    let got = low_rank(packed(&factor, 40)).unwrap();
    assert!(got.rms < 1e-15 && got.mean.abs() < 1e-15, "{got:?}");
}

proptest! {
    #[test]
    fn low_rank_statistics_are_those_of_the_matrix(
        n in 2_usize..90,
        r in 1_usize..40,
        scale in 0.01_f64..1.0,
        seed in any::<u64>(),
    ) {
        // Numbers that f32 has too.
        let single: Vec<f32> = random(n * r, scale, seed).iter().map(|&x| x as f32).collect();
        let double: Vec<f64> = single.iter().map(|&x| f64::from(x)).collect();
        let matrix = formed(&double, r);
        let want = correlation_statistics(packed(&matrix, n)).unwrap();
        let got = low_rank(packed(&double, r)).unwrap();
        prop_assert_eq!(low_rank(packed(&single, r)), Ok(got));
        // Sums of n^2 terms, of n r^2 products each at most (r scale^2)^2, cancel to what is compared.
        let largest = r as f64 * scale * scale;
        let rounding = (n * r) as f64 * f64::EPSILON;
        prop_assert!((got.mean - want.mean).abs() <= rounding * largest, "{got:?} {want:?}");
        let squares = (got.rms.powi(2) - want.rms.powi(2)).abs();
        prop_assert!(squares <= rounding * largest * largest, "{got:?} {want:?}");
    }

    #[test]
    fn dense_statistics_follow_their_definition(n in 2_usize..60, seed in any::<u64>()) {
        let matrix = random(n * n, 1.0, seed);
        let got = correlation_statistics(packed(&matrix, n)).unwrap();
        let values = || (0..n * n).filter(|at| at % (n + 1) != 0).map(|at| matrix[at]);
        let pairs = (n * (n - 1)) as f64;
        let (mean, rms) =
            (values().sum::<f64>() / pairs, (values().map(|x| x * x).sum::<f64>() / pairs).sqrt());
        // n^2 terms of at most 1, divided by their number.
        let tolerance = (n * n) as f64 * f64::EPSILON;
        prop_assert!((got.mean - mean).abs() <= tolerance && (got.rms - rms).abs() <= tolerance);
    }
}

#[test]
fn bad_matrices_are_named() {
    let error = |reason, argument| Err(Error::new(reason, argument));
    let nan = [1.0, 0.5, f64::NAN, 1.0];
    let infinite = [1.0, 0.5, 0.5, f64::INFINITY];
    let huge = [1.0, 1e200, 0.5, 1.0];
    let dense = |values: &[f64], cols| correlation_statistics(packed(values, cols));
    assert_eq!(dense(&nan, 2), error(Reason::NotANumber, Argument::Correlation));
    assert_eq!(dense(&infinite, 2), error(Reason::Infinite, Argument::Correlation));
    assert_eq!(dense(&huge, 2), error(Reason::OutOfRange, Argument::Correlation));
    assert_eq!(dense(&[1.0, 0.5], 2), error(Reason::Shape, Argument::Correlation));
    assert_eq!(dense(&[1.0], 1), error(Reason::OutOfRange, Argument::Count));
    let empty = packed(&nan, 2).subrows(0, 0);
    assert_eq!(correlation_statistics(empty), error(Reason::Empty, Argument::Correlation));

    assert_eq!(low_rank(packed(&nan, 2)), error(Reason::NotANumber, Argument::Factor));
    assert_eq!(low_rank(packed(&infinite, 2)), error(Reason::Infinite, Argument::Factor));
    assert_eq!(low_rank(packed(&[1e200, 1e200, 1.0], 1)), error(Reason::OutOfRange, Argument::Factor));
    assert_eq!(low_rank(packed(&[1e200, 1e200], 2)), error(Reason::OutOfRange, Argument::Count));
    assert_eq!(low_rank(empty), error(Reason::Empty, Argument::Factor));
    let factor = packed(&huge, 2);
    let request = low_rank_correlation_statistics_scratch(2);
    let mut short = vec![std::mem::MaybeUninit::<u8>::uninit(); request.size_bytes() - 64];
    let small = low_rank_correlation_statistics(factor, MemStack::new(&mut short));
    assert_eq!(small, error(Reason::WorkspaceTooSmall, Argument::Workspace));
}
