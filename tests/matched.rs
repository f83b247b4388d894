//! Matching of dictionaries without the matrix of cosines: against the solver on that matrix, its certificate, itself
//! on more threads, and planted answers.

mod support;

use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg64;
use sae_kernels::assignment::{AssignmentOut, AssignmentParams, Certificate, Sense, solve, solve_scratch};
use sae_kernels::matching::{
    MatchOut, MatchParams, Similarity, cosine_similarities, cosine_similarities_scratch, match_dictionaries,
    match_dictionaries_scratch, verify_matching,
};
use sae_kernels::matrix::{row_major, row_major_mut};
use sae_kernels::{Argument, Error, MemStack, Par, Reason, Scalar};
use support::workspace;

/// `count` vectors around `centres` centres, or around none; `spread` is their distance from these.
fn vectors<T: Scalar>(count: usize, d: usize, centres: usize, spread: f64, seed: u64) -> Vec<T> {
    let mut random = Pcg64::seed_from_u64(seed);
    let mut uniform = || f64::from(random.next_u32()) / f64::from(u32::MAX) * 2.0 - 1.0;
    let middle: Vec<f64> = (0..centres * d).map(|_| uniform()).collect();
    let entry = |at: usize, x: f64| {
        if centres == 0 { x } else { middle[at / d % centres * d + at % d] + spread * x }
    };
    (0..count * d).map(|at| T::from_f64(entry(at, uniform()))).collect()
}

/// All that a matching writes.
#[derive(Clone, Debug, PartialEq)]
struct Matched {
    sum: f64,
    row_to_col: Vec<i64>,
    duals: (Vec<f64>, Vec<f64>),
    best: (Vec<i64>, Vec<i64>),
}

fn matched<T: Scalar>(a: &[T], b: &[T], d: usize, params: MatchParams) -> Result<Matched, Error> {
    let (n, m) = (a.len() / d, b.len() / d);
    let untouched = Matched {
        sum: 0.0,
        row_to_col: vec![77; n],
        duals: (vec![7.5; n], vec![7.5; m]),
        best: (vec![77; n], vec![77; m]),
    };
    let mut got = untouched.clone();
    let out = MatchOut {
        row_to_col: Some(&mut got.row_to_col),
        row_duals: Some(&mut got.duals.0),
        col_duals: Some(&mut got.duals.1),
        best_of_rows: Some(&mut got.best.0),
        best_of_cols: Some(&mut got.best.1),
    };
    let mut memory = workspace(match_dictionaries_scratch::<T>(n, m, d));
    let stack = MemStack::new(&mut memory);
    match match_dictionaries(row_major(a, n, d, d)?, row_major(b, m, d, d)?, &params, out, stack) {
        Ok(sum) => Ok(Matched { sum, ..got }),
        Err(error) => {
            assert_eq!(got, untouched);
            Err(error)
        }
    }
}

fn certificate<T: Scalar>(a: &[T], b: &[T], d: usize, params: MatchParams, matched: &Matched) -> Certificate {
    let (n, m) = (a.len() / d, b.len() / d);
    let mut memory = workspace(match_dictionaries_scratch::<T>(n, m, d));
    let (a, b) = (row_major(a, n, d, d).unwrap(), row_major(b, m, d, d).unwrap());
    let (u, v) = (&matched.duals.0, &matched.duals.1);
    verify_matching(a, b, &params, &matched.row_to_col, u, v, MemStack::new(&mut memory)).unwrap()
}

/// Matches, has the result certified, and compares it with the solver on the matrix of cosines.
///
/// Cosines are at most 1, so each of the k searches adds a few roundings of numbers below 4; the cosines of
/// the two ways differ by the roundings of d products.
fn check<T: Scalar>(a: &[T], b: &[T], d: usize, similarity: Similarity) {
    let (n, m) = (a.len() / d, b.len() / d);
    let params = MatchParams { similarity, par: Par::Seq };
    let got = matched(a, b, d, params).unwrap();
    let proof = certificate(a, b, d, params, &got);
    let k = n.min(m) as f64;
    assert!((proof.objective - got.sum).abs() <= 1e-15 * k, "{proof:?} {}", got.sum);
    assert!(proof.infeasibility <= 4.0 * f64::EPSILON, "{proof:?}");
    assert!(proof.gap <= 48.0 * k * k * f64::EPSILON, "{n} {m} {d}: {proof:?}");

    let mut cosines = vec![T::ZERO; n * m];
    let (av, bv) = (row_major(a, n, d, d).unwrap(), row_major(b, m, d, d).unwrap());
    let mut memory = workspace(cosine_similarities_scratch::<T>(n, m, d));
    let out = row_major_mut(&mut cosines, n, m, m).unwrap();
    cosine_similarities(av, bv, out, MemStack::new(&mut memory)).unwrap();
    if similarity == Similarity::AbsoluteCosine {
        cosines.iter_mut().for_each(|cosine| *cosine = Scalar::abs(*cosine));
    }
    let mut memory = workspace(solve_scratch::<T>(n, m));
    let mut row_to_col = vec![0; n];
    let out =
        AssignmentOut { row_to_col: &mut row_to_col, col_to_row: None, row_duals: None, col_duals: None };
    let params = AssignmentParams { sense: Sense::Maximise, ..Default::default() };
    let whole = row_major(&cosines, n, m, m).unwrap();
    let sum = solve(whole, &params, out, MemStack::new(&mut memory)).unwrap();
    let rounding = (d as f64 + 2.0) * T::EPSILON.to_f64();
    assert!((sum - got.sum).abs() <= k * rounding, "{n} {m} {d}: {sum} {}", got.sum);

    // The best matches, up to cosines that differ by rounding.
    for (i, &j) in got.best.0.iter().enumerate() {
        let row = &cosines[i * m..(i + 1) * m];
        let most = row.iter().fold(-1.0, |most: f64, c| most.max(c.to_f64()));
        assert!(row[j as usize].to_f64() >= most - rounding);
    }
    for (j, &i) in got.best.1.iter().enumerate() {
        let most = (0..n).map(|i| cosines[i * m + j].to_f64()).fold(-1.0, f64::max);
        assert!(cosines[i as usize * m + j].to_f64() >= most - rounding);
    }
}

#[test]
fn matchings_are_those_of_the_whole_matrix() {
    for similarity in [Similarity::AbsoluteCosine, Similarity::Cosine] {
        for (n, m, d) in [(1, 1, 1), (5, 5, 3), (3, 17, 4), (17, 3, 4), (100, 97, 16), (200, 330, 7)] {
            check(&vectors::<f32>(n, d, 0, 1.0, 1), &vectors::<f32>(m, d, 0, 1.0, 2), d, similarity);
            check(&vectors::<f64>(n, d, 0, 1.0, 3), &vectors::<f64>(m, d, 0, 1.0, 4), d, similarity);
        }
    }
}

#[test]
fn clusters_and_few_dimensions_are_matched_exactly() {
    for (n, m, d, centres, spread) in
        [(700, 700, 16, 3, 0.2), (500, 640, 8, 2, 0.01), (600, 600, 2, 0, 1.0), (400, 400, 1, 0, 1.0)]
    {
        let (a, b) = (vectors::<f32>(n, d, centres, spread, 5), vectors::<f32>(m, d, centres, spread, 6));
        check(&a, &b, d, Similarity::AbsoluteCosine);
        check(&a, &b, d, Similarity::Cosine);
    }
}

/// Lists are so long from here on that their ceilings come from a sample.
#[test]
fn long_lists_are_as_exact() {
    let (a, b) = (vectors::<f32>(1900, 6, 0, 1.0, 7), vectors::<f32>(2400, 6, 0, 1.0, 8));
    check(&a, &b, 6, Similarity::AbsoluteCosine);
    check(&b, &a, 6, Similarity::Cosine);
    let (a, b) = (vectors::<f32>(2300, 8, 9, 0.1, 9), vectors::<f32>(2300, 8, 9, 0.1, 10));
    check(&a, &b, 8, Similarity::AbsoluteCosine);
}

#[test]
fn a_permuted_copy_is_found_whatever_signs_and_lengths() {
    let (n, d) = (300, 24);
    let a = vectors::<f32>(n, d, 0, 1.0, 11);
    let mut b = vec![0.0; n * d];
    for i in 0..n {
        let scale = if i % 2 == 0 { -3.0 } else { 0.25 };
        for k in 0..d {
            b[(i * 7 % n) * d + k] = scale * a[i * d + k];
        }
    }
    let got = matched(&a, &b, d, MatchParams::default()).unwrap();
    let want: Vec<i64> = (0..n).map(|i| (i * 7 % n) as i64).collect();
    assert_eq!((&got.row_to_col, &got.best.0), (&want, &want));
    assert!((got.sum - n as f64).abs() < n as f64 * 1e-6);
}

#[test]
fn a_vector_of_zeros_is_like_no_other() {
    let a = [0.0_f32, 0.0, 1.0, 0.0];
    let got = matched(&a, &[0.0, 2.0, 3.0, 0.0], 2, MatchParams::default()).unwrap();
    assert_eq!((got.sum, got.row_to_col), (1.0, vec![0, 1]));
}

#[cfg(feature = "parallel")]
#[test]
fn threads_change_no_bit() {
    let (a, b) = (vectors::<f32>(500, 12, 4, 0.1, 12), vectors::<f32>(777, 12, 4, 0.1, 13));
    let alone = matched(&a, &b, 12, MatchParams::default()).unwrap();
    for threads in [1, 2, 3, 7, 64] {
        let params = MatchParams { par: Par::rayon(threads), ..Default::default() };
        assert_eq!(matched(&a, &b, 12, params).unwrap(), alone, "{threads} threads");
    }
}

#[test]
fn faults_are_refused() {
    let good = vectors::<f32>(4, 3, 0, 1.0, 14);
    for (value, reason) in [(f32::NAN, Reason::NotANumber), (f32::INFINITY, Reason::Infinite)] {
        let mut bad = good.clone();
        bad[7] = value;
        let default = MatchParams::default();
        assert_eq!(matched(&bad, &good, 3, default), Err(Error::new(reason, Argument::A)));
        assert_eq!(matched(&good, &bad, 3, default), Err(Error::new(reason, Argument::B)));
    }
    let (a, b) = (row_major(&good, 4, 3, 3).unwrap(), row_major(&good, 6, 2, 2).unwrap());
    let mut memory = workspace(match_dictionaries_scratch::<f32>(6, 6, 3));
    let mut refused = |b, out| {
        match_dictionaries(a, b, &MatchParams::default(), out, MemStack::new(&mut memory)).unwrap_err()
    };
    assert_eq!(refused(b, MatchOut::default()), Error::new(Reason::Shape, Argument::B));
    let (mut indices, mut others, mut doubles) = ([0; 3], [0; 3], [0.0; 3]);
    let out = MatchOut { row_to_col: Some(&mut indices), ..Default::default() };
    assert_eq!(refused(a, out), Error::new(Reason::Shape, Argument::RowToCol));
    let out = MatchOut { best_of_cols: Some(&mut others), ..Default::default() };
    assert_eq!(refused(a, out), Error::new(Reason::Shape, Argument::BestOfCols));
    let out = MatchOut { col_duals: Some(&mut doubles), ..Default::default() };
    assert_eq!(refused(a, out), Error::new(Reason::Shape, Argument::ColDuals));
}
