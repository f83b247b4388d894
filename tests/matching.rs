//! Cosines, mean correlation coefficient and best ordering against the reference's golden values and by property.

mod support;

use rand_core::Rng;
use rand_pcg::Pcg64;
use sae_kernels::matching::{
    best_ordering, best_ordering_scratch, cosine_similarities, cosine_similarities_scratch, mcc, mcc_scratch,
};
use sae_kernels::matrix::{RowMajor, row_major, row_major_mut};
use sae_kernels::{Argument, Error, MemStack, Reason, Scalar};
use support::{golden, workspace};

fn error(reason: Reason, argument: Argument) -> Error {
    Error::new(reason, argument)
}

/// A packed matrix of numbers in [-1, 1).
fn random(seed: u64, rows: usize, cols: usize) -> Vec<f64> {
    let mut rng = Pcg64::new(u128::from(seed), 0);
    (0..rows * cols).map(|_| (rng.next_u64() >> 11) as f64 / (1u64 << 52) as f64 - 1.0).collect()
}

fn packed<T>(data: &[T], cols: usize) -> RowMajor<'_, T> {
    row_major(data, data.len() / cols, cols, cols).unwrap()
}

/// The coefficient and the matching; after an error, checks that the matching is untouched.
fn match_up<T: Scalar>(a: RowMajor<'_, T>, b: RowMajor<'_, T>) -> Result<(f64, Vec<i64>), Error> {
    let mut row_to_col = vec![77; a.nrows()];
    let mut buffer = workspace(mcc_scratch::<T>(a.nrows(), b.nrows(), a.ncols()));
    let result = mcc(a, b, Some(&mut row_to_col), MemStack::new(&mut buffer));
    if result.is_err() {
        assert!(row_to_col.iter().all(|&j| j == 77));
    }
    let mut buffer = workspace(mcc_scratch::<T>(a.nrows(), b.nrows(), a.ncols()));
    assert_eq!(mcc(a, b, None, MemStack::new(&mut buffer)), result);
    Ok((result?, row_to_col))
}

fn cosines<T: Scalar>(a: RowMajor<'_, T>, b: RowMajor<'_, T>) -> Result<Vec<T>, Error> {
    let (n, m) = (a.nrows(), b.nrows());
    // An empty matrix is refused before the output is looked at, which then cannot be empty too.
    let (n, m) = (n.max(1), m.max(1));
    let mut out = vec![T::from_f64(77.0); n * m];
    let mut buffer = workspace(cosine_similarities_scratch::<T>(n, m, a.ncols()));
    let view = row_major_mut(&mut out, n, m, m).unwrap();
    let result = cosine_similarities(a, b, view, MemStack::new(&mut buffer));
    if result.is_err() {
        assert!(out.iter().all(|&x| x == T::from_f64(77.0)));
    }
    result.map(|()| out)
}

fn order<T: Scalar>(latents: RowMajor<'_, T>, features: RowMajor<'_, T>) -> Result<Vec<i64>, Error> {
    let mut ordering = vec![77; latents.nrows()];
    let mut buffer =
        workspace(best_ordering_scratch::<T>(latents.nrows(), features.nrows(), latents.ncols()));
    let result = best_ordering(latents, features, &mut ordering, MemStack::new(&mut buffer));
    if result.is_err() {
        assert!(ordering.iter().all(|&i| i == 77));
    }
    result.map(|()| ordering)
}

/// The cosine by its formula.
fn cosine(a: &[f64], b: &[f64]) -> f64 {
    let dot = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
    dot(a, b) / dot(a, a).sqrt().max(1e-8) / dot(b, b).sqrt().max(1e-8)
}

/// The first feature with the largest |cosine| for each latent, by the formula in double precision.
fn best_features(latents: RowMajor<'_, f32>, features: RowMajor<'_, f32>) -> Vec<usize> {
    let double =
        |m: RowMajor<'_, f32>, i: usize| (0..m.ncols()).map(|j| f64::from(m[(i, j)])).collect::<Vec<_>>();
    let best = |i| {
        let magnitude = |j: &usize| cosine(&double(latents, i), &double(features, *j)).abs();
        (0..features.nrows()).rev().max_by(|j, k| magnitude(j).total_cmp(&magnitude(k))).unwrap()
    };
    (0..latents.nrows()).map(best).collect()
}

#[test]
fn coefficients_and_orderings_agree_with_the_reference() {
    for case in 0..6 {
        let (a, b) = (golden::<f32>(&format!("mcc{case}_a")), golden::<f32>(&format!("mcc{case}_b")));
        let want = golden::<f64>(&format!("mcc{case}")).data[0];
        let (got, _) = match_up(a.matrix(), b.matrix()).unwrap();
        assert!((got - want).abs() < 1e-6, "case {case}: {got} against {want}");
        let want = golden::<i64>(&format!("mcc{case}_ordering")).data;
        let got = order(a.matrix(), b.matrix()).unwrap();
        // The reference's sort is not stable: it may exchange latents of the same feature, nothing else.
        let best = best_features(a.matrix(), b.matrix());
        let features = |ordering: &[i64]| ordering.iter().map(|&i| best[i as usize]).collect::<Vec<_>>();
        assert_eq!(features(&got), features(&want), "case {case}");
        let mut stable: Vec<i64> = (0..best.len() as i64).collect();
        stable.sort_by_key(|&i| best[i as usize]);
        assert_eq!(got, stable, "case {case}");
    }
}

#[test]
fn cosines_follow_their_formula_in_any_stride() {
    let (n, m, d, stride) = (9, 13, 6, 8);
    let (a, b) = (random(1, n, stride), random(2, m, stride));
    let mut out = vec![77.0; n * 16];
    let mut buffer = workspace(cosine_similarities_scratch::<f64>(n, m, d));
    cosine_similarities(
        row_major(&a, n, d, stride).unwrap(),
        row_major(&b, m, d, stride).unwrap(),
        row_major_mut(&mut out, n, m, 16).unwrap(),
        MemStack::new(&mut buffer),
    )
    .unwrap();
    for i in 0..n {
        for j in 0..m {
            let want = cosine(&a[i * stride..][..d], &b[j * stride..][..d]);
            // Each of the dot product's d terms and the norms' is rounded a few times: below 8 d EPSILON / 2.
            assert!((out[i * 16 + j] - want).abs() < 4.0 * d as f64 * f64::EPSILON, "({i}, {j})");
        }
        assert!(out[i * 16 + m..][..3].iter().all(|&x| x == 77.0));
    }
}

#[test]
fn a_dictionary_matches_itself() {
    let (n, d) = (40, 12);
    let a = random(3, n, d);
    let (value, row_to_col) = match_up(packed(&a, d), packed(&a, d)).unwrap();
    // The cosine of a vector with itself: d + 4 roundings.
    assert!((value - 1.0).abs() < (d + 4) as f64 * f64::EPSILON);
    assert!(value <= 1.0);
    assert_eq!(row_to_col, (0..n as i64).collect::<Vec<_>>());
}

#[test]
fn order_sign_and_length_of_the_vectors_do_not_matter() {
    let (n, d) = (40, 12);
    let a = random(4, n, d);
    let source = |j: usize| (7 * j + 5) % n;
    let scale = |j: usize| if j.is_multiple_of(3) { -0.25 } else { 1e3 + j as f64 };
    let b: Vec<f64> =
        (0..n).flat_map(|j| a[source(j) * d..][..d].iter().map(move |x| scale(j) * x)).collect();
    let (value, row_to_col) = match_up(packed(&a, d), packed(&b, d)).unwrap();
    assert!((value - 1.0).abs() < (d + 6) as f64 * f64::EPSILON);
    for (i, &j) in row_to_col.iter().enumerate() {
        assert_eq!(source(j as usize), i);
    }
    let single = |x: &[f64]| x.iter().map(|&x| x as f32).collect::<Vec<_>>();
    let (value, _) = match_up(packed(&single(&a), d), packed(&single(&b), d)).unwrap();
    assert!((value - 1.0).abs() < (d + 6) as f64 * f64::from(f32::EPSILON));
}

#[test]
fn rectangles_match_the_smaller_side_both_ways() {
    let (n, m, d) = (11, 30, 7);
    let (a, b) = (random(5, n, d), random(6, m, d));
    let (wide, row_to_col) = match_up(packed(&a, d), packed(&b, d)).unwrap();
    let (tall, col_to_row) = match_up(packed(&b, d), packed(&a, d)).unwrap();
    assert!((wide - tall).abs() < d as f64 * f64::EPSILON);
    assert_eq!(col_to_row.iter().filter(|&&i| i == -1).count(), m - n);
    let mean =
        (0..n).map(|i| cosine(&a[i * d..][..d], &b[row_to_col[i] as usize * d..][..d]).abs()).sum::<f64>();
    assert!((mean / n as f64 - wide).abs() < 4.0 * d as f64 * f64::EPSILON);
    for (i, &j) in row_to_col.iter().enumerate() {
        assert_eq!(col_to_row[j as usize], i as i64);
    }
}

#[test]
fn zero_and_tiny_vectors_resemble_nothing() {
    let a = [0.0, 0.0, 3.0, 0.0];
    let b = [0.0, 0.0, 0.0, 5.0, -2.0, 0.0];
    assert_eq!(cosines(packed(&a, 2), packed(&b, 2)).unwrap(), [0.0, 0.0, 0.0, 0.0, 0.0, -1.0]);
    let (value, row_to_col) = match_up(packed(&a, 2), packed(&b, 2)).unwrap();
    assert_eq!((value, row_to_col[1]), (0.5, 2));
    // The norm is taken as 1e-8: a vector of norm 1e-9 has a tenth of its cosine.
    let tiny = cosines(packed(&[1e-9, 0.0], 2), packed(&[1.0, 0.0], 2)).unwrap()[0];
    assert!((tiny - 0.1).abs() < 2.0 * f64::EPSILON);
}

#[test]
fn the_largest_numbers_have_directions_too() {
    let large = [f64::MAX, -f64::MAX, 0.5 * f64::MAX, f64::MAX];
    let small = [1.0, -1.0, 0.5, 1.0];
    let across = -0.5 / 2.5f64.sqrt();
    let want = [1.0, across, across, 1.0];
    let got = cosines(packed(&large, 2), packed(&small, 2)).unwrap();
    for (got, want) in got.iter().zip(want) {
        assert!((got - want).abs() < 8.0 * f64::EPSILON, "{got} against {want}");
    }
    let single = cosines(packed(&[f32::MAX, f32::MAX], 2), packed(&[1f32, 1.0], 2)).unwrap()[0];
    assert!((single - 1.0).abs() < 4.0 * f32::EPSILON);
}

#[test]
fn orderings_are_stable_and_take_the_first_of_equals() {
    let features = [1.0, 0.0, 0.0, 1.0, -1.0, 0.0];
    // Best features: 1, 0 (feature 2 is its negative: a tie), 1 by magnitude, 0 (zero vector), 0.
    let latents = [0.1, 2.0, 3.0, 0.2, 0.0, -1.0, 0.0, 0.0, -5.0, 1.0];
    assert_eq!(order(packed(&latents, 2), packed(&features, 2)).unwrap(), [1, 3, 4, 0, 2]);
}

#[test]
fn orderings_do_not_depend_on_blocks() {
    // More latents than any block holds; each is one of the features, shuffled.
    let (m, n, d) = (700, 50, 10);
    let features = random(8, n, d);
    let feature_of = |i: usize| (i * 37 + 11) % n;
    let latents: Vec<f64> = (0..m).flat_map(|i| features[feature_of(i) * d..][..d].to_vec()).collect();
    let mut want: Vec<i64> = (0..m as i64).collect();
    want.sort_by_key(|&i| feature_of(i as usize));
    assert_eq!(order(packed(&latents, d), packed(&features, d)).unwrap(), want);
}

#[test]
fn bad_arguments_are_named_and_nothing_is_written() {
    let good = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    let not_a_number = [1.0, f64::NAN, 3.0, 4.0, 5.0, 6.0];
    let infinite = [1.0, 2.0, 3.0, 4.0, f64::NEG_INFINITY, 6.0];
    let (good, nan, inf) = (packed(&good, 2), packed(&not_a_number, 2), packed(&infinite, 2));
    let other = packed(&[1.0, 2.0, 3.0], 3);
    let cases = [
        (nan, good, Reason::NotANumber, false),
        (good, nan, Reason::NotANumber, true),
        (inf, good, Reason::Infinite, false),
        (good, inf, Reason::Infinite, true),
        (good, other, Reason::Shape, true),
        (good.subrows(0, 0), good, Reason::Empty, false),
        (good, good.subrows(0, 0), Reason::Empty, true),
    ];
    for (a, b, reason, second) in cases {
        let name = |first, other| error(reason, if second { other } else { first });
        assert_eq!(match_up(a, b).unwrap_err(), name(Argument::A, Argument::B));
        assert_eq!(cosines(a, b).unwrap_err(), name(Argument::A, Argument::B));
        assert_eq!(order(a, b).unwrap_err(), name(Argument::Latents, Argument::Features));
    }
}

#[test]
fn outputs_and_workspaces_must_have_their_sizes() {
    let data = random(9, 5, 3);
    let a = packed(&data, 3);
    let short = |request: sae_kernels::StackReq| {
        vec![std::mem::MaybeUninit::<u8>::uninit(); request.size_bytes() - 64]
    };
    let small = error(Reason::WorkspaceTooSmall, Argument::Workspace);
    let mut full = workspace(mcc_scratch::<f64>(5, 5, 3));
    let mut indices = [77; 4];
    let shape = mcc(a, a, Some(&mut indices), MemStack::new(&mut full));
    assert_eq!(shape, Err(error(Reason::Shape, Argument::RowToCol)));
    let mut buffer = short(mcc_scratch::<f64>(5, 5, 3));
    assert_eq!(mcc(a, a, None, MemStack::new(&mut buffer)), Err(small));

    let mut full = workspace(best_ordering_scratch::<f64>(5, 5, 3));
    let shape = best_ordering(a, a, &mut indices, MemStack::new(&mut full));
    assert_eq!(shape, Err(error(Reason::Shape, Argument::Ordering)));
    let mut buffer = short(best_ordering_scratch::<f64>(5, 5, 3));
    assert_eq!(best_ordering(a, a, &mut [77; 5], MemStack::new(&mut buffer)), Err(small));

    let mut out = [77.0; 25];
    let mut full = workspace(cosine_similarities_scratch::<f64>(5, 5, 3));
    let narrow = row_major_mut(&mut out, 5, 4, 4).unwrap();
    let shape = cosine_similarities(a, a, narrow, MemStack::new(&mut full));
    assert_eq!(shape, Err(error(Reason::Shape, Argument::Similarities)));
    let mut buffer = short(cosine_similarities_scratch::<f64>(5, 5, 3));
    let view = row_major_mut(&mut out, 5, 5, 5).unwrap();
    assert_eq!(cosine_similarities(a, a, view, MemStack::new(&mut buffer)), Err(small));
    assert_eq!((indices, out), ([77; 4], [77.0; 25]));
}
