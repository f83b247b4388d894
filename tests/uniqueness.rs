//! Uniqueness against its definition, planted answers, and the matching that gives uniqueness and ordering as well.

mod support;

use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg64;
use sae_kernels::matching::{
    MatchOut, MatchParams, Similarity, best_ordering, best_ordering_scratch, feature_uniqueness,
    feature_uniqueness_scratch, match_dictionaries, match_dictionaries_scratch, ordering_of_matches,
    ordering_of_matches_scratch, uniqueness_of_matches, uniqueness_of_matches_scratch,
};
use sae_kernels::matrix::{RowMajor, row_major};
use sae_kernels::{Argument, Error, MemStack, Par, Reason, Scalar, StackReq};
use std::collections::HashSet;
use support::workspace;

/// `rows` vectors of small whole numbers: many cosines are equal, and some vectors zero.
fn small_integers<T: Scalar>(rows: usize, d: usize, seed: u64) -> Vec<T> {
    let mut random = Pcg64::seed_from_u64(seed);
    (0..rows * d).map(|_| T::from_f64(f64::from(random.next_u32() % 3) - 1.0)).collect()
}

fn packed<T>(data: &[T], d: usize) -> RowMajor<'_, T> {
    row_major(data, data.len() / d, d, d).unwrap()
}

/// The uniqueness and the best matches; after an error, checks that these are untouched.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "larger with threads")]
fn uniqueness<T: Scalar>(
    latents: RowMajor<'_, T>,
    features: RowMajor<'_, T>,
    params: &MatchParams,
) -> Result<(f64, Vec<i64>), Error> {
    let (m, n, d) = (latents.nrows(), features.nrows(), latents.ncols());
    let mut best = vec![77; m];
    let mut memory = workspace(feature_uniqueness_scratch::<T>(m, n, d));
    let result = feature_uniqueness(latents, features, params, Some(&mut best), MemStack::new(&mut memory));
    let without = feature_uniqueness(latents, features, params, None, MemStack::new(&mut memory));
    assert_eq!(result, without);
    if result.is_err() {
        assert!(best.iter().all(|&j| j == 77));
    }
    Ok((result?, best))
}

/// cos^2 times |a|^2, with its sign, as a fraction of whole numbers: (numerator, denominator); exact for small ones.
fn ratio(a: &[f64], b: &[f64]) -> (f64, f64) {
    let dot = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
    let (product, squared) = (dot(a, b), dot(b, b));
    (product * product.abs(), squared.max(1.0))
}

/// The first most similar feature by exact arithmetic.
fn first_best(latent: &[f64], features: &[f64], similarity: Similarity) -> i64 {
    let mut best = (0, (-f64::INFINITY, 1.0));
    for (j, feature) in features.chunks_exact(latent.len()).enumerate() {
        let (mut numerator, denominator) = ratio(latent, feature);
        if similarity == Similarity::AbsoluteCosine {
            numerator = numerator.abs();
        }
        let (_, (best_numerator, best_denominator)) = best;
        if numerator * best_denominator > best_numerator * denominator {
            best = (j as i64, (numerator, denominator));
        }
    }
    best.0
}

#[test]
fn the_definition_holds_with_ties_to_the_first() {
    // More latents than a block, and fewer; features whose squared norm is a square or zero: parallel vectors are then
    // equal after scaling, whereas rounding may part others that are equal in the real numbers.
    for (m, n, d, seed) in [(200, 30, 4, 1), (7, 150, 4, 2), (97, 97, 1, 3), (1, 1, 4, 4), (300, 2, 4, 5)] {
        let is_square = |v: &[f64]| [0.0, 1.0, 4.0].contains(&v.iter().map(|x| x * x).sum());
        let squares = |rows: usize, seed| {
            let many = small_integers::<f64>(100 * rows, d, seed);
            many.chunks_exact(d).filter(|v| is_square(v)).take(rows).flatten().copied().collect::<Vec<_>>()
        };
        let (latents, features) = (squares(m, seed), squares(n, seed + 100));
        for similarity in [Similarity::AbsoluteCosine, Similarity::Cosine] {
            let params = MatchParams { similarity, ..Default::default() };
            let (got, best) = uniqueness(packed(&latents, d), packed(&features, d), &params).unwrap();
            let want: Vec<i64> =
                latents.chunks_exact(d).map(|latent| first_best(latent, &features, similarity)).collect();
            assert_eq!(best, want, "{m} {n} {d}");
            let distinct: HashSet<_> = want.iter().collect();
            assert_eq!(got, distinct.len() as f64 / m as f64);
        }
    }
}

#[test]
fn latents_that_share_a_feature_count_once() {
    let features: Vec<f32> = (0..8 * 8).map(|at| f32::from(u8::from(at / 8 == at % 8))).collect();
    // Features 5, 5 (negative), 2, 0 (a zero vector resembles all alike) and 2.
    let mut latents = vec![0_f32; 5 * 8];
    latents[5] = 3.0;
    latents[8 + 5] = -0.1;
    latents[16 + 2] = 1.0;
    latents[32 + 2] = 4.0;
    let params = MatchParams::default();
    let (got, best) = uniqueness(packed(&latents, 8), packed(&features, 8), &params).unwrap();
    assert_eq!((got, best), (0.6, vec![5, 5, 2, 0, 2]));
    assert_eq!(uniqueness(packed(&features, 8), packed(&features, 8), &params).unwrap().0, 1.0);
    let signed = MatchParams { similarity: Similarity::Cosine, ..params };
    let (got, best) = uniqueness(packed(&latents, 8), packed(&features, 8), &signed).unwrap();
    assert_eq!((got, best), (0.6, vec![5, 0, 2, 0, 2]));
}

#[test]
fn one_matching_serves_uniqueness_and_ordering() {
    for (m, n) in [(150, 40), (40, 150), (100, 100)] {
        let d = 5;
        let (latents, features) = (small_integers::<f32>(m, d, 7), small_integers::<f32>(n, d, 8));
        let (latents, features) = (packed(&latents, d), packed(&features, d));
        let (mut best, mut ordering, mut want_ordering) = (vec![0; m], vec![0; m], vec![0; m]);
        let mut memory = workspace(StackReq::any_of(&[
            match_dictionaries_scratch::<f32>(m, n, d),
            best_ordering_scratch::<f32>(m, n, d),
            uniqueness_of_matches_scratch(n),
            ordering_of_matches_scratch(n),
        ]));
        let out = MatchOut { best_of_rows: Some(&mut best), ..Default::default() };
        let params = MatchParams::default();
        match_dictionaries(latents, features, &params, out, MemStack::new(&mut memory)).unwrap();
        let (want, want_best) = uniqueness(latents, features, &params).unwrap();
        assert_eq!(best, want_best);
        assert_eq!(uniqueness_of_matches(&best, n, MemStack::new(&mut memory)), Ok(want));
        ordering_of_matches(&best, n, &mut ordering, MemStack::new(&mut memory)).unwrap();
        best_ordering(latents, features, &mut want_ordering, MemStack::new(&mut memory)).unwrap();
        assert_eq!(ordering, want_ordering);
    }
}

#[test]
fn threads_change_nothing() {
    let (latents, features) = (small_integers::<f32>(211, 6, 9), small_integers::<f32>(130, 6, 10));
    let (latents, features) = (packed(&latents, 6), packed(&features, 6));
    let one = uniqueness(latents, features, &MatchParams::default()).unwrap();
    let params = MatchParams { par: three_threads(), ..Default::default() };
    assert_eq!(uniqueness(latents, features, &params).unwrap(), one);
}

/// Three threads where this build has any.
fn three_threads() -> Par {
    #[cfg(feature = "parallel")]
    return Par::rayon(3);
    #[cfg(not(feature = "parallel"))]
    Par::Seq
}

#[test]
fn bad_dictionaries_are_named_and_nothing_is_written() {
    let good = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    let not_a_number = [1.0, f64::NAN, 3.0, 4.0, 5.0, 6.0];
    let infinite = [1.0, 2.0, 3.0, 4.0, f64::NEG_INFINITY, 6.0];
    let (good, nan, inf) = (packed(&good, 2), packed(&not_a_number, 2), packed(&infinite, 2));
    let wide = packed(&[1.0, 2.0, 3.0], 3);
    let cases = [
        (nan, good, Reason::NotANumber, Argument::Latents),
        (good, nan, Reason::NotANumber, Argument::Features),
        (inf, good, Reason::Infinite, Argument::Latents),
        (good, inf, Reason::Infinite, Argument::Features),
        (good, wide, Reason::Shape, Argument::Features),
        (good.subrows(0, 0), good, Reason::Empty, Argument::Latents),
        (good, good.subrows(0, 0), Reason::Empty, Argument::Features),
    ];
    for (latents, features, reason, argument) in cases {
        let result = uniqueness(latents, features, &MatchParams::default());
        assert_eq!(result.unwrap_err(), Error::new(reason, argument));
    }
    let mut best = [77; 2];
    let request = feature_uniqueness_scratch::<f64>(3, 3, 2);
    let mut memory = workspace(request);
    let params = MatchParams::default();
    let shape = feature_uniqueness(good, good, &params, Some(&mut best), MemStack::new(&mut memory));
    assert_eq!(shape, Err(Error::new(Reason::Shape, Argument::BestOfRows)));
    let mut short = vec![std::mem::MaybeUninit::<u8>::uninit(); request.size_bytes() - 64];
    let small = feature_uniqueness(good, good, &params, None, MemStack::new(&mut short));
    assert_eq!(small, Err(Error::new(Reason::WorkspaceTooSmall, Argument::Workspace)));
    assert_eq!(best, [77; 2]);
}

#[test]
fn bad_best_matches_are_named_and_nothing_is_written() {
    let mut memory = workspace(uniqueness_of_matches_scratch(3).or(ordering_of_matches_scratch(3)));
    let mut check = |best: &[i64], n, reason, argument| {
        let mut ordering = vec![77; best.len()];
        let error = Error::new(reason, argument);
        assert_eq!(uniqueness_of_matches(best, n, MemStack::new(&mut memory)), Err(error));
        assert_eq!(ordering_of_matches(best, n, &mut ordering, MemStack::new(&mut memory)), Err(error));
        assert!(ordering.iter().all(|&i| i == 77));
    };
    check(&[], 3, Reason::Empty, Argument::BestOfRows);
    check(&[0], 0, Reason::Empty, Argument::Features);
    check(&[0, 3], 3, Reason::IndexOutOfRange, Argument::BestOfRows);
    check(&[-1, 2], 3, Reason::IndexOutOfRange, Argument::BestOfRows);
    check(&[i64::MIN], 3, Reason::IndexOutOfRange, Argument::BestOfRows);
    check(&[2, 0], usize::MAX, Reason::WorkspaceTooSmall, Argument::Workspace);
    check(&[2, 0], 300, Reason::WorkspaceTooSmall, Argument::Workspace);
    let shape = ordering_of_matches(&[2, 0], 3, &mut [77], MemStack::new(&mut memory));
    assert_eq!(shape, Err(Error::new(Reason::Shape, Argument::Ordering)));
}
