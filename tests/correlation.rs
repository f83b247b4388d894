//! Correlation matrices against the reference's golden values, and random lists of correlations.

mod support;

use faer::dyn_stack::MemStack;
use sae_kernels::activation::correlated::{factorise, factorise_scratch};
use sae_kernels::activation::correlation::{
    CorrelatedPair, RandomCorrelationsParams, correlation_matrix, correlation_matrix_scratch,
    random_correlations, random_correlations_len,
};
use sae_kernels::matrix::{row_major, row_major_mut};
use sae_kernels::{Argument, Error, Reason, Scalar};
use support::{golden, workspace};

fn pair(i: u32, j: u32, correlation: f64) -> CorrelatedPair {
    CorrelatedPair { i, j, correlation }
}

/// The matrix, and whether it was repaired.
fn matrix<T: Scalar>(n: usize, pairs: &[CorrelatedPair], default: f64) -> Result<(Vec<T>, bool), Error> {
    let mut out = vec![T::from_f64(7.0); n * n];
    let mut memory = workspace(correlation_matrix_scratch(n));
    let view = row_major_mut(&mut out, n, n, n)?;
    let result = correlation_matrix(pairs, default, view, MemStack::new(&mut memory));
    if result.is_err() {
        assert!(out.iter().all(|&x| x == T::from_f64(7.0)), "a failed call wrote");
    }
    Ok((out, result?))
}

#[test]
fn agrees_with_the_reference() {
    for (name, default, pairs, repaired) in [
        ("corr0", 0.0, vec![pair(0, 1, 0.5), pair(2, 3, -0.4)], false),
        ("corr1", 0.9, vec![pair(0, 1, -0.9), pair(1, 2, -0.9)], true),
        ("corr2", -0.5, vec![], true),
    ] {
        let want = golden::<f32>(name).data;
        let (got, was_repaired) = matrix::<f32>(5, &pairs, default).unwrap();
        assert_eq!(was_repaired, repaired, "{name}");
        for (k, (g, w)) in got.iter().zip(&want).enumerate() {
            assert!((g - w).abs() <= 1e-5, "{name}, element {k}: {g} against {w}");
        }
    }
}

#[test]
fn later_pairs_override_and_one_feature_is_enough() {
    let (m, _) = matrix::<f64>(3, &[pair(0, 2, 0.1), pair(0, 2, 0.3)], 0.2).unwrap();
    assert_eq!(m, [1.0, 0.2, 0.3, 0.2, 1.0, 0.2, 0.3, 0.2, 1.0]);
    assert_eq!(matrix::<f32>(1, &[], 0.5).unwrap(), (vec![1.0], false));
}

#[test]
fn the_line_between_repaired_and_left_alone_is_at_minus_1e_minus_6() {
    // With equal correlations r the least eigenvalue is 1 + (n - 1) r.
    let n = 5;
    let with_least = |eigenvalue: f64| matrix::<f64>(n, &[], (eigenvalue - 1.0) / (n - 1) as f64).unwrap();
    assert!(!with_least(-0.9e-6).1);
    assert!(with_least(-1.1e-6).1);
}

/// A repaired matrix must be a correlation matrix, and positive definite in the precision it is stored in.
fn check_repaired<T: Scalar>(n: usize) {
    let params = RandomCorrelationsParams { seed: 3, ..Default::default() };
    let mut pairs = vec![CorrelatedPair::default(); random_correlations_len(n, &params).unwrap()];
    random_correlations(n, &params, &mut pairs).unwrap();
    let (m, repaired) = matrix::<T>(n, &pairs, 0.0).unwrap();
    assert!(repaired, "random correlations of {n} features should not be positive definite");
    for i in 0..n {
        assert_eq!(m[i * n + i], T::ONE);
        for j in 0..i {
            assert_eq!(m[i * n + j], m[j * n + i]);
            assert!(m[i * n + j].abs() <= T::ONE);
        }
    }
    let mut factor = vec![T::ZERO; n * n];
    let mut memory = workspace(factorise_scratch(n));
    factorise(
        row_major(&m, n, n, n).unwrap(),
        row_major_mut(&mut factor, n, n, n).unwrap(),
        MemStack::new(&mut memory),
    )
    .unwrap();
}

#[test]
fn a_repaired_matrix_is_a_correlation_matrix() {
    check_repaired::<f32>(150);
    check_repaired::<f64>(150);
}

#[test]
fn bad_pairs_are_named_and_nothing_is_written() {
    let nan = f64::NAN;
    for (pairs, default, reason, argument) in [
        (vec![pair(0, 5, 0.1)], 0.0, Reason::IndexOutOfRange, Argument::Pairs),
        (vec![pair(u32::MAX, 0, 0.1)], 0.0, Reason::IndexOutOfRange, Argument::Pairs),
        (vec![pair(2, 1, 0.1)], 0.0, Reason::Order, Argument::Pairs),
        (vec![pair(2, 2, 0.1)], 0.0, Reason::Order, Argument::Pairs),
        (vec![pair(0, 1, 0.1), pair(1, 2, 1.01)], 0.0, Reason::OutOfRange, Argument::Pairs),
        (vec![pair(0, 1, nan)], 0.0, Reason::NotANumber, Argument::Pairs),
        (vec![pair(0, 1, f64::INFINITY)], 0.0, Reason::Infinite, Argument::Pairs),
        (vec![], -1.01, Reason::OutOfRange, Argument::DefaultCorrelation),
        (vec![], nan, Reason::NotANumber, Argument::DefaultCorrelation),
    ] {
        assert_eq!(matrix::<f32>(5, &pairs, default), Err(Error::new(reason, argument)), "{pairs:?}");
    }
    let mut out = [7f32; 12];
    let mut memory = workspace(correlation_matrix_scratch(3));
    let oblong = row_major_mut(&mut out, 3, 4, 4).unwrap();
    let result = correlation_matrix(&[], 0.0, oblong, MemStack::new(&mut memory));
    assert_eq!(result, Err(Error::new(Reason::Shape, Argument::Out)));
    let square = row_major_mut(&mut out, 3, 3, 4).unwrap();
    let result = correlation_matrix(&[], 0.0, square, MemStack::new(&mut []));
    assert_eq!(result, Err(Error::new(Reason::WorkspaceTooSmall, Argument::Workspace)));
    assert_eq!(out, [7.0; 12]);
    // Sizes that no machine has are refused, not computed.
    assert!(correlation_matrix_scratch(usize::MAX).layout().is_err());
    assert!(correlation_matrix_scratch(1 << 31).layout().is_err());
}

#[test]
fn padding_between_rows_is_not_touched() {
    let mut out = [7f64; 8];
    let mut memory = workspace(correlation_matrix_scratch(2));
    let view = row_major_mut(&mut out, 2, 2, 5).unwrap();
    correlation_matrix(&[], 0.5, view, MemStack::new(&mut memory)).unwrap();
    assert_eq!(out, [1.0, 0.5, 7.0, 7.0, 7.0, 0.5, 1.0, 7.0]);
}

#[test]
fn random_lists_have_the_counts_of_the_reference() {
    for n in [0, 1, 2, 3, 10, 57] {
        for (positive_ratio, uncorrelated_ratio) in
            [(0.5, 0.3), (0.0, 0.0), (1.0, 0.0), (0.37, 1.0), (0.9, 0.77)]
        {
            let params = RandomCorrelationsParams {
                positive_ratio,
                uncorrelated_ratio,
                min_strength: 0.2,
                max_strength: 0.6,
                seed: 9,
            };
            let all = n * usize::saturating_sub(n, 1) / 2;
            let kept = all - (all as f64 * uncorrelated_ratio).floor() as usize;
            let positive = (kept as f64 * positive_ratio).floor() as usize;
            assert_eq!(random_correlations_len(n, &params), Ok(kept));

            let untouched = pair(77, 77, 7.0);
            let mut pairs = vec![untouched; kept + 2];
            assert_eq!(random_correlations(n, &params, &mut pairs), Ok(kept));
            assert_eq!(pairs[kept..], [untouched; 2]);
            let pairs = &pairs[..kept];
            assert!(pairs.iter().all(|p| p.i < p.j && (p.j as usize) < n));
            assert!(pairs.windows(2).all(|w| (w[0].i, w[0].j) < (w[1].i, w[1].j)));
            assert!(pairs.iter().all(|p| (0.2..=0.6).contains(&p.correlation.abs())));
            assert_eq!(pairs.iter().filter(|p| p.correlation > 0.0).count(), positive);
        }
    }
}

#[test]
fn every_pair_is_as_likely_to_be_chosen_and_to_be_positive() {
    // 10 pairs, of which 7 are correlated, 3 of them positively.
    let (n, all, seeds) = (5, 10, 20_000_u64);
    let index = |p: &CorrelatedPair| (p.i * (9 - p.i) / 2 + p.j - p.i - 1) as usize;
    let (mut chosen, mut positive) = ([0u32; 10], [0u32; 10]);
    let (mut sum, mut count) = (0.0, 0.0);
    for seed in 0..seeds {
        let mut pairs = [CorrelatedPair::default(); 7];
        let params = RandomCorrelationsParams { seed, ..Default::default() };
        random_correlations(n, &params, &mut pairs).unwrap();
        for p in &pairs {
            chosen[index(p)] += 1;
            positive[index(p)] += u32::from(p.correlation > 0.0);
            sum += p.correlation.abs();
            count += 1.0;
        }
    }
    // For random subsets of k out of N the sum below is chi-squared with N - 1 = 9 degrees of freedom, which
    // exceeds 33.7 with probability 1e-4.
    let chi2 = |counts: &[u32; 10], k: f64| {
        let share = k / f64::from(all);
        let (mean, variance) = (seeds as f64 * share, seeds as f64 * share * (1.0 - share));
        counts.iter().map(|&c| (f64::from(c) - mean).powi(2)).sum::<f64>() / variance * 0.9
    };
    assert!(chi2(&chosen, 7.0) < 33.7, "{chosen:?}");
    assert!(chi2(&positive, 3.0) < 33.7, "{positive:?}");
    // The mean of `count` uniforms on [0.1, 0.8]: 5 standard deviations.
    assert!((sum / count - 0.45).abs() < 5.0 * 0.7 / f64::sqrt(12.0 * count));
}

#[test]
fn random_lists_depend_on_the_seed_alone() {
    let draw = |seed| {
        let params = RandomCorrelationsParams { seed, ..Default::default() };
        let mut pairs = [CorrelatedPair::default(); 32];
        random_correlations(10, &params, &mut pairs).unwrap();
        pairs
    };
    assert_eq!(draw(1), draw(1));
    assert_ne!(draw(1), draw(2));
}

#[test]
fn bad_parameters_of_random_lists_are_named() {
    let good = RandomCorrelationsParams::default;
    let nan = f64::NAN;
    for (params, reason, argument) in [
        (
            RandomCorrelationsParams { positive_ratio: 1.1, ..good() },
            Reason::OutOfRange,
            Argument::PositiveRatio,
        ),
        (
            RandomCorrelationsParams { positive_ratio: nan, ..good() },
            Reason::NotANumber,
            Argument::PositiveRatio,
        ),
        (
            RandomCorrelationsParams { uncorrelated_ratio: -0.1, ..good() },
            Reason::OutOfRange,
            Argument::UncorrelatedRatio,
        ),
        (
            RandomCorrelationsParams { min_strength: -0.1, ..good() },
            Reason::OutOfRange,
            Argument::MinStrength,
        ),
        (RandomCorrelationsParams { max_strength: 1.1, ..good() }, Reason::OutOfRange, Argument::MaxStrength),
        (
            RandomCorrelationsParams { max_strength: f64::INFINITY, ..good() },
            Reason::Infinite,
            Argument::MaxStrength,
        ),
        (RandomCorrelationsParams { min_strength: 0.9, ..good() }, Reason::Order, Argument::MinStrength),
    ] {
        let mut pairs = [pair(7, 7, 7.0); 8];
        let error = Error::new(reason, argument);
        assert_eq!(random_correlations(4, &params, &mut pairs), Err(error), "{params:?}");
        assert_eq!(random_correlations_len(4, &params), Err(error));
        assert_eq!(pairs, [pair(7, 7, 7.0); 8]);
    }
    let mut short = [pair(7, 7, 7.0); 4];
    let error = Err(Error::new(Reason::Capacity, Argument::Capacity));
    assert_eq!(random_correlations(4, &good(), &mut short), error);
    assert_eq!(short, [pair(7, 7, 7.0); 4]);
    let too_many = Err(Error::new(Reason::OutOfRange, Argument::Count));
    assert_eq!(random_correlations_len(usize::MAX, &good()), too_many);
}
