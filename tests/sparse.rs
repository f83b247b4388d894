//! Samples in the time of their firings: their law, exactness, addressing by row, and the three outputs against one
//! another.

#![allow(clippy::unreadable_literal, reason = "results as they are printed")]

mod support;

use proptest::prelude::*;
use sae_kernels::activation::{
    CsrMut, CsrRef, FiringPlan, FiringPlanBuffers, PlannedFiring, firing_plan_lengths, plan_firing,
    sample_projected, sample_sparse, sample_sparse_csr,
};
use sae_kernels::matrix::{row_major, row_major_mut};
use sae_kernels::projection::project_csr;
use sae_kernels::rng::Stream;
use sae_kernels::schedule::{ZipfianParams, zipfian};
use sae_kernels::{Argument, Error, Reason, Scalar};
use support::planned::planned;

fn plan<T: Scalar>(probabilities: &[T]) -> FiringPlan<'static> {
    planned(probabilities, probabilities.len()).unwrap()
}

/// A sparse batch: row offsets, columns, values.
type Batch<T> = (Vec<i64>, Vec<u32>, Vec<T>);

fn csr<T: Scalar>(firing: &PlannedFiring<T>, stream: Stream, first_row: u64, rows: usize) -> Batch<T> {
    let mut offsets = vec![-1; rows + 1];
    let out = CsrMut { row_offsets: &mut offsets, columns: &mut [], values: &mut [] };
    // Without room for any, the offsets say how much is needed.
    let _ = sample_sparse_csr(firing, stream, first_row, rows, out);
    let nnz = offsets[rows] as usize;
    let (mut columns, mut values) = (vec![u32::MAX; nnz], vec![T::ZERO; nnz]);
    let out = CsrMut { row_offsets: &mut offsets, columns: &mut columns, values: &mut values };
    assert_eq!(sample_sparse_csr(firing, stream, first_row, rows, out), Ok(nnz));
    (offsets, columns, values)
}

fn dense<T: Scalar>(firing: &PlannedFiring<T>, stream: Stream, first_row: u64, rows: usize) -> Vec<T> {
    let n = firing.features();
    let mut out = vec![T::from_f64(f64::NAN); rows * n];
    sample_sparse(firing, stream, first_row, row_major_mut(&mut out, rows, n, n).unwrap()).unwrap();
    out
}

/// The chi-squared quantile that is exceeded with probability 1e-6, by Wilson and Hilferty's (1931) approximation.
fn chi_squared_limit(degrees: f64) -> f64 {
    let variance = 2.0 / (9.0 * degrees);
    degrees * (1.0 - variance + 4.753 * variance.sqrt()).powi(3)
}

/// The sum of (count - expected)^2 / variance of how often features with 0 < p < 1 fire, and how many they are.
fn chi_squared_of_counts(counts: &[u64], p: &[f64], rows: usize) -> (f64, f64) {
    let uncertain = counts.iter().zip(p).filter(|&(_, &p)| p > 0.0 && p < 1.0);
    uncertain.fold((0.0, 0.0), |(sum, degrees), (&count, p)| {
        let (mean, variance) = (rows as f64 * p, rows as f64 * p * (1.0 - p));
        (sum + (count as f64 - mean).powi(2) / variance, degrees + 1.0)
    })
}

/// The probabilities that 0, 1, ... features fire in a row.
fn distribution_of_l0(p: &[f64]) -> Vec<f64> {
    let mut of = vec![1.0];
    for p in p {
        let before = of.clone();
        of.push(0.0);
        for (k, value) in of.iter_mut().enumerate() {
            let (stay, come) = (before.get(k).unwrap_or(&0.0), k.checked_sub(1).map_or(0.0, |k| before[k]));
            *value = stay * (1.0 - p) + come * p;
        }
    }
    of
}

/// Pearson's statistic of counts of L0, with rare values put together, and its degrees of freedom.
fn chi_squared_of_l0(counts: &[u64], distribution: &[f64], rows: usize) -> (f64, f64) {
    let (mut sum, mut bins, mut seen, mut expected) = (0.0, -1.0, 0.0, 0.0);
    let mut remaining = rows as f64;
    for (k, &share) in distribution.iter().enumerate() {
        seen += counts.get(k).copied().unwrap_or(0) as f64;
        expected += share * rows as f64;
        remaining -= share * rows as f64;
        // The last bin takes everything where too little would be left for one more.
        if (expected >= 10.0 && remaining >= 10.0) || k + 1 == distribution.len() {
            sum += f64::powi(seen - expected, 2) / expected;
            (seen, expected, bins) = (0.0, 0.0, bins + 1.0);
        }
    }
    (sum, bins)
}

/// Samples in parts and holds counts of features, of their number in a row, and of pairs to what they should be; and
/// sees that the counts would not pass for probabilities `refuted` times as large.
fn assert_the_law_holds(p: &[f64], rows: usize, stream: Stream, refuted: f64) {
    const PART: usize = 10_000;
    let firing = PlannedFiring::new(plan(p), &[1.0], &[0.0]).unwrap();
    let (mut counts, mut l0) = (vec![0_u64; p.len()], vec![0_u64; p.len() + 1]);
    let mut next_to_each_other = vec![0_u64; p.len()];
    for first in (0..rows).step_by(PART) {
        let (offsets, columns, _) = csr(&firing, stream, first as u64, PART.min(rows - first));
        for range in offsets.windows(2) {
            let columns = &columns[range[0] as usize..range[1] as usize];
            columns.iter().for_each(|&j| counts[j as usize] += 1);
            l0[columns.len()] += 1;
            let pairs = columns.windows(2).filter(|pair| pair[0] + 1 == pair[1]);
            pairs.for_each(|pair| next_to_each_other[pair[0] as usize] += 1);
        }
    }
    for (j, &p) in p.iter().enumerate() {
        assert!(p > 0.0 || counts[j] == 0, "feature {j} fired");
        assert!(p < 1.0 || counts[j] == rows as u64, "feature {j} did not fire");
    }
    let (statistic, degrees) = chi_squared_of_counts(&counts, p, rows);
    assert!(statistic < chi_squared_limit(degrees), "counts: {statistic} of {degrees}");
    let (statistic, degrees) = chi_squared_of_l0(&l0, &distribution_of_l0(p), rows);
    assert!(statistic < chi_squared_limit(degrees), "L0: {statistic} of {degrees}");
    // Features side by side are those whose firings one gap could tie together. Only pairs that are neither hardly
    // ever nor nearly always seen together are nearly normal.
    for (j, pair) in p.windows(2).enumerate() {
        let both = pair[0] * pair[1];
        let (mean, variance) = (rows as f64 * both, rows as f64 * both * (1.0 - both));
        let off = (next_to_each_other[j] as f64 - mean) / variance.sqrt();
        assert!(variance < 100.0 || off.abs() < 5.5, "features {j} and {}: {off} sigma", j + 1);
    }
    // The same counts refute probabilities that are off by a little.
    let off: Vec<f64> = p.iter().map(|p| if *p < 1.0 { p * refuted } else { 1.0 }).collect();
    let (statistic, degrees) = chi_squared_of_counts(&counts, &off, rows);
    assert!(statistic > chi_squared_limit(degrees), "{refuted} times the probabilities pass: {statistic}");
}

/// Probabilities of every kind: none, tiny, either side of 1/2, nearly and exactly one.
fn mixed_probabilities() -> Vec<f64> {
    let mut p = vec![0.0, 0.5, 1.0, 0.500_001, 1e-3, 0.0, 0.999, 1.0, 0.03, 0.499_999, 0.0, 1.0, 0.75];
    p.extend((0..50).map(|k| 0.4 / f64::from(k + 1)));
    p.extend([0.9, 0.6, 0.0, 0.02, 1.0, 0.0]);
    p
}

#[test]
fn features_fire_with_their_probabilities_and_independently() {
    assert_the_law_holds(&mixed_probabilities(), 300_000, Stream::new(11, 2), 1.01);
}

#[test]
fn many_features_fire_with_their_probabilities() {
    // Some 90 firings a row, more than are handed on at a time; 4000 features, of which some have a guide far away.
    let mut p = vec![0.0; 4000];
    zipfian(&mut p, &ZipfianParams { exponent: 1.0, max_probability: 0.9, min_probability: 0.015 }).unwrap();
    assert_the_law_holds(&p, 40_000, Stream::new(12, 0), 1.02);
}

#[test]
#[ignore = "ten million rows take seconds"]
fn the_law_holds_over_ten_million_rows() {
    assert_the_law_holds(&mixed_probabilities(), 10_000_000, Stream::new(13, 0), 1.001);
}

#[test]
fn magnitudes_are_a_rectified_normal() {
    let (mean, std_dev) = (0.5_f64, 0.8_f64);
    let (means, std_devs) = ([mean], [std_dev]);
    let firing = PlannedFiring::new(plan(&[0.3, 0.02, 0.8, 1.0, 0.1]), &means, &std_devs).unwrap();
    let (_, _, mut values) = csr(&firing, Stream::new(4, 0), 0, 60_000);
    values.sort_by(f64::total_cmp);
    // Kolmogorov-Smirnov against the normal law above zero: sqrt(n) D exceeds 2.7 with probability 1e-6.
    let normal = |x: f64| 0.5 * libm::erfc((mean - x) / (std_dev * 2f64.sqrt()));
    let (zero, n) = (normal(0.0), values.len() as f64);
    let distance = values.iter().enumerate().fold(0.0_f64, |distance, (i, &x)| {
        let cdf = (normal(x) - zero) / (1.0 - zero);
        distance.max((cdf - i as f64 / n).abs()).max((cdf - (i + 1) as f64 / n).abs())
    });
    assert!(distance * n.sqrt() < 2.7, "{distance}");
    assert!(values.iter().all(|&x| x > 0.0));
    // 2.22 firings a row, of which the relu drops Phi(-mean/std); their variance is below that of Poisson numbers.
    let expected = 60_000.0 * 2.22 * (1.0 - zero);
    assert!((n - expected).abs() < 5.0 * expected.sqrt(), "{n} {expected}");
}

#[test]
fn magnitudes_may_differ_by_feature() {
    let firing =
        PlannedFiring::new(plan(&[1.0, 0.4, 1.0, 1.0]), &[-1.0, 2.0, 3.0, 0.5], &[0.0, 0.0, 1e-3, 0.0]);
    let (offsets, columns, values) = csr(&firing.unwrap(), Stream::new(2, 0), 0, 100);
    for range in offsets.windows(2) {
        let row = range[0] as usize..range[1] as usize;
        let columns = &columns[row.clone()];
        assert!(columns == [1, 2, 3] || columns == [2, 3], "{columns:?}");
        for (j, &x) in columns.iter().zip(&values[row]) {
            match j {
                1 => assert_eq!(x, 2.0),
                2 => assert!(x != 3.0 && (x - 3.0_f64).abs() < 1e-2),
                _ => assert_eq!(x, 0.5),
            }
        }
    }
}

#[test]
fn which_features_fire_depends_on_probabilities_alone() {
    let p32: Vec<f32> = mixed_probabilities().iter().map(|&p| p as f32).collect();
    let p64: Vec<f64> = p32.iter().map(|&p| f64::from(p)).collect();
    let stream = Stream::new(8, 8);
    let narrow = csr(&PlannedFiring::new(plan(&p32), &[1.0_f32], &[0.0]).unwrap(), stream, 3, 500);
    let wide = csr(&PlannedFiring::new(plan(&p64), &[1.0], &[0.0]).unwrap(), stream, 3, 500);
    // Far enough from zero that no magnitude is dropped.
    let spread = csr(&PlannedFiring::new(plan(&p64), &[50.0], &[1.0]).unwrap(), stream, 3, 500);
    assert_eq!((&narrow.0, &narrow.1), (&wide.0, &wide.1));
    assert_eq!((&spread.0, &spread.1), (&wide.0, &wide.1));
}

#[test]
fn one_probability_stands_for_all() {
    for p in [0.0, 0.1, 0.9, 1.0] {
        let one = PlannedFiring::new(planned(&[p], 33).unwrap(), &[1.0], &[0.5]).unwrap();
        let each = PlannedFiring::new(plan(&[p; 33]), &[1.0; 33], &[0.5; 33]).unwrap();
        assert_eq!(csr(&one, Stream::new(1, 1), 0, 50), csr(&each, Stream::new(1, 1), 0, 50));
    }
}

#[test]
fn all_or_nothing_is_exact() {
    let all = PlannedFiring::new(planned(&[1.0], 200).unwrap(), &[1.0], &[0.0]).unwrap();
    assert!(dense(&all, Stream::new(5, 0), 0, 500).iter().all(|&x| x == 1.0));
    let none = PlannedFiring::new(planned(&[0.0], 200).unwrap(), &[1.0], &[0.0]).unwrap();
    assert!(dense(&none, Stream::new(5, 0), 0, 500).iter().all(|&x| x == 0.0));
    // The least probabilities there are: lost in rounding, or a firing in 2^53 rows.
    let least = PlannedFiring::new(plan(&[f64::MIN_POSITIVE, 0.25, 5e-324]), &[1.0], &[0.0]).unwrap();
    assert!(csr(&least, Stream::new(5, 0), 0, 10_000).1.iter().all(|&j| j == 1));
    let alone = PlannedFiring::new(plan(&[5e-324, 5e-324]), &[1.0], &[0.0]).unwrap();
    assert!(csr(&alone, Stream::new(5, 0), 0, 10_000).1.is_empty());
}

proptest! {
    #[test]
    fn batches_may_be_split_anywhere(seed: u64, stream: u64, cut in 1usize..30, start in 0u64..u64::MAX - 30) {
        let firing = PlannedFiring::new(plan(&mixed_probabilities()), &[0.3], &[1.0]).unwrap();
        let stream = Stream::new(seed, stream);
        let whole = dense(&firing, stream, start, 30);
        let mut parts = dense(&firing, stream, start, cut);
        if cut < 30 {
            parts.extend(dense(&firing, stream, start + cut as u64, 30 - cut));
        }
        prop_assert_eq!(whole, parts);
    }

    #[test]
    fn the_three_outputs_agree_to_the_bit(
        seed: u64,
        p in prop::collection::vec(prop_oneof![Just(0.0), Just(1.0), 0.0..1.0, 0.0..0.1], 1..300),
        mean in -1.0..2.0f64,
        d in 1usize..40,
        with_bias: bool,
    ) {
        let (n, rows, stream) = (p.len(), 7, Stream::new(seed, 0));
        let firing = PlannedFiring::new(plan(&p), std::slice::from_ref(&mean), &[0.7]).unwrap();
        let (offsets, columns, values) = csr(&firing, stream, 5, rows);
        // Checks that columns are sorted and within bounds, too.
        let batch = CsrRef::new(&offsets, &columns, &values, n).unwrap();
        let mut scattered = vec![0.0; n * rows];
        (0..rows).for_each(|r| batch.row(r).for_each(|(j, x)| scattered[r * n + j] = x));
        prop_assert_eq!(dense(&firing, stream, 5, rows), scattered);
        prop_assert!(values.iter().all(|&x| x > 0.0));

        let dictionary: Vec<f64> = (0..n * d).map(|k| libm::sin(k as f64)).collect();
        let dictionary = row_major(&dictionary, n, d, d).unwrap();
        let bias: Vec<f64> = (0..d).map(|k| k as f64 - 1.5).collect();
        let bias = with_bias.then_some(&bias[..]);
        let (mut at_once, mut in_two) = (vec![f64::NAN; rows * d], vec![f64::NAN; rows * d]);
        let hidden = row_major_mut(&mut at_once, rows, d, d).unwrap();
        sample_projected(&firing, stream, 5, dictionary, bias, hidden).unwrap();
        project_csr(batch, dictionary, bias, row_major_mut(&mut in_two, rows, d, d).unwrap()).unwrap();
        prop_assert_eq!(at_once, in_two);
    }
}

#[test]
fn too_little_room_says_how_much_is_needed() {
    let firing = PlannedFiring::new(planned(&[1.0], 3).unwrap(), &[1.0], &[0.0]).unwrap();
    let (mut offsets, mut columns, mut values) = ([0; 4], [9; 5], [9.0; 5]);
    let out = CsrMut { row_offsets: &mut offsets, columns: &mut columns, values: &mut values };
    let got = sample_sparse_csr(&firing, Stream::default(), 0, 3, out);
    assert_eq!(got, Err(Error::new(Reason::Capacity, Argument::Capacity)));
    assert_eq!(offsets, [0, 3, 6, 9]);
    assert_eq!((columns, values), ([0, 1, 2, 0, 1], [1.0; 5]));
}

#[test]
fn bad_probabilities_and_buffers_are_named() {
    let check = |p: &[f64], lengths: [usize; 4], reason, argument| {
        let (mut c, mut g) = (vec![7.0; lengths[0]], vec![7; lengths[1]]);
        let (mut f, mut q) = (vec![7; lengths[2]], vec![7.0; lengths[3]]);
        let buffers = FiringPlanBuffers {
            cumulative_hazards: &mut c,
            guide: &mut g,
            frequent: &mut f,
            frequent_probabilities: &mut q,
        };
        assert_eq!(plan_firing(p, buffers).err(), Some(Error::new(reason, argument)));
        assert!(c.iter().chain(&q).all(|&x| x == 7.0) && g.iter().chain(&f).all(|&x| x == 7));
    };
    let p = [0.1, 0.9, 0.2];
    assert_eq!(plan(&p).features(), 3);
    check(&[], [3, 2, 1, 1], Reason::Empty, Argument::Probabilities);
    check(&p, [0, 0, 0, 0], Reason::Empty, Argument::Features);
    check(&p, [4, 2, 1, 1], Reason::Shape, Argument::Probabilities);
    check(&p, [3, 1, 1, 1], Reason::Shape, Argument::Guide);
    check(&p, [3, 2, 0, 0], Reason::Shape, Argument::Frequent);
    check(&p, [3, 2, 1, 2], Reason::Shape, Argument::FrequentProbabilities);
    check(&[0.1, 1.5, 0.2], [3, 2, 1, 1], Reason::OutOfRange, Argument::Probabilities);
    check(&[0.1, -0.1, 0.2], [3, 2, 0, 0], Reason::OutOfRange, Argument::Probabilities);
    check(&[0.1, f64::NAN, 0.2], [3, 2, 0, 0], Reason::NotANumber, Argument::Probabilities);
    check(&[0.1, f64::INFINITY, 0.2], [3, 2, 1, 1], Reason::Infinite, Argument::Probabilities);
    let too_many = firing_plan_lengths(&[0.5], u32::MAX as usize + 1);
    assert_eq!(too_many, Err(Error::new(Reason::OutOfRange, Argument::Features)));

    let magnitudes = |means: &[f64], std_devs: &[f64]| {
        let error = PlannedFiring::new(plan(&p), means, std_devs).err().unwrap();
        (error.reason, error.argument)
    };
    assert_eq!(magnitudes(&[1.0; 2], &[0.0]), (Reason::Shape, Argument::Means));
    assert_eq!(magnitudes(&[f64::NAN], &[0.0]), (Reason::NotANumber, Argument::Means));
    assert_eq!(magnitudes(&[1.0], &[]), (Reason::Empty, Argument::StdDevs));
    assert_eq!(magnitudes(&[1.0], &[0.0, -1.0, 0.0]), (Reason::OutOfRange, Argument::StdDevs));
}

#[test]
fn bad_samples_are_refused_and_outputs_untouched() {
    let firing = PlannedFiring::new(plan(&[1.0, 0.0, 1.0]), &[1.0], &[0.0]).unwrap();
    let sparse = |rows, first_row, offsets, values| {
        let (mut o, mut c, mut v) = (vec![7; offsets], vec![7; 9], vec![7.0; values]);
        let out = CsrMut { row_offsets: &mut o, columns: &mut c, values: &mut v };
        let error = sample_sparse_csr(&firing, Stream::default(), first_row, rows, out).unwrap_err();
        assert!(o.iter().all(|&x| x == 7) && c.iter().all(|&x| x == 7) && v.iter().all(|&x| x == 7.0));
        (error.reason, error.argument)
    };
    assert_eq!(sparse(0, 0, 1, 9), (Reason::Empty, Argument::Rows));
    assert_eq!(sparse(2, u64::MAX - 1, 3, 9), (Reason::SizeOverflow, Argument::FirstRow));
    assert_eq!(sparse(2, 0, 2, 9), (Reason::Shape, Argument::RowOffsets));
    assert_eq!(sparse(2, 0, 3, 8), (Reason::Shape, Argument::Values));

    let full = |first_row, cols| {
        let mut out = [7.0; 8];
        let view = row_major_mut(&mut out, 2, cols, 4).unwrap();
        let error = sample_sparse(&firing, Stream::default(), first_row, view).unwrap_err();
        assert_eq!(out, [7.0; 8]);
        (error.reason, error.argument)
    };
    assert_eq!(full(0, 2), (Reason::Shape, Argument::Activations));
    assert_eq!(full(0, 4), (Reason::Shape, Argument::Activations));
    assert_eq!(full(u64::MAX, 3), (Reason::SizeOverflow, Argument::FirstRow));

    let mut dictionary = [1.0; 12];
    let mut projected = |first_row, features, at: usize, value, bias: Option<&[f64]>, cols, untouched| {
        let mut out = [7.0; 8];
        dictionary[at] = value;
        let e = row_major(&dictionary, features, 3, 3).unwrap();
        let view = row_major_mut(&mut out, 2, cols, 4).unwrap();
        let got = sample_projected(&firing, Stream::default(), first_row, e, bias, view);
        dictionary[at] = 1.0;
        assert_eq!(out == [7.0; 8], untouched);
        got.err().map(|error| (error.reason, error.argument))
    };
    let nan = [0.0, f64::NAN, 0.0];
    assert_eq!(projected(0, 2, 0, 1.0, None, 3, true), Some((Reason::Shape, Argument::Dictionary)));
    assert_eq!(projected(0, 3, 0, 1.0, Some(&[1.0]), 3, true), Some((Reason::Shape, Argument::Bias)));
    assert_eq!(projected(0, 3, 0, 1.0, Some(&nan), 3, true), Some((Reason::NotANumber, Argument::Bias)));
    assert_eq!(projected(0, 3, 0, 1.0, None, 2, true), Some((Reason::Shape, Argument::Hidden)));
    let overflow = Some((Reason::SizeOverflow, Argument::FirstRow));
    assert_eq!(projected(u64::MAX, 3, 0, 1.0, None, 3, true), overflow);
    let infinite = Some((Reason::Infinite, Argument::Dictionary));
    assert_eq!(projected(0, 3, 8, f64::INFINITY, None, 3, false), infinite);
    assert_eq!(
        projected(0, 3, 0, f64::NAN, None, 3, false),
        Some((Reason::NotANumber, Argument::Dictionary))
    );
    // A feature that never fires is not read.
    assert_eq!(projected(0, 3, 4, f64::NAN, None, 3, false), None);
    let large = [f64::MAX; 3];
    assert_eq!(
        projected(0, 3, 0, f64::MAX, Some(&large), 3, false),
        Some((Reason::Diverged, Argument::Hidden))
    );
}

/// FNV-1a, of the bits of a batch.
fn digest(batch: &Batch<f64>) -> u64 {
    let words = batch.0.iter().map(|&o| o as u64).chain(batch.1.iter().map(|&j| u64::from(j)));
    let words = words.chain(batch.2.iter().map(|x| x.to_bits()));
    words
        .flat_map(u64::to_le_bytes)
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

#[test]
fn what_a_seed_gives_never_changes() {
    let p = [0.0, 0.25, 1.0, 0.01, 0.5, 0.75, 0.125, 0.4];
    let firing = PlannedFiring::new(plan(&p), &[1.0], &[0.5]).unwrap();
    let (offsets, columns, values) = csr(&firing, Stream::new(42, 1), 1000, 3);
    assert_eq!((&offsets[..], &columns[..]), (&[0, 4, 6, 9][..], &[2, 5, 6, 7, 2, 5, 2, 4, 5][..]));
    let want = [
        1.155767766228807,
        0.7824096179492885,
        0.5108663116918619,
        1.4928274014503402,
        0.22842496440735705,
        1.7331562560585403,
        1.7698542623939517,
        0.6179914423577386,
        0.9551590308877137,
    ];
    assert_eq!(values, want);
    let firing = PlannedFiring::new(plan(&p), &[1.0_f32], &[0.5]).unwrap();
    let single = csr(&firing, Stream::new(42, 1), 1000, 3);
    assert_eq!((&single.0, &single.1), (&offsets, &columns));
    assert_eq!(
        single.2,
        [1.1557678, 0.7824096, 0.5108663, 1.4928274, 0.22842497, 1.7331562, 1.7698543, 0.61799145, 0.955159]
    );
    let mut zipf = vec![0.0; 3000];
    zipfian(&mut zipf, &ZipfianParams { exponent: 1.0, max_probability: 0.9, min_probability: 0.01 })
        .unwrap();
    let firing = PlannedFiring::new(plan(&zipf), &[0.5], &[1.0]).unwrap();
    assert_eq!(digest(&csr(&firing, Stream::new(7, 3), u64::MAX - 200, 200)), 0xcf05_95d4_dacc_8cf7);
}
