//! Superposition statistics against sorting, where cosines are exact, and against what is known of frames.

mod support;

use proptest::prelude::*;
use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg64;
use sae_kernels::dictionary::random_unit_rows;
use sae_kernels::matching::{
    Superposition, SuperpositionOut, SuperpositionParams, superposition, superposition_scratch,
};
use sae_kernels::matrix::{RowMajor, row_major, row_major_mut};
use sae_kernels::rng::Stream;
use sae_kernels::{Argument, Error, MemStack, Par, Reason, Scalar};
use support::workspace;

/// All that is measured.
#[derive(Clone, Debug, PartialEq)]
struct Measured<T> {
    all: Superposition,
    max: Vec<T>,
    percentiles: Vec<T>,
    mean_percentiles: Vec<f64>,
}

/// Measures a dictionary; after an error, checks that outputs are untouched.
fn measure<T: Scalar>(
    dictionary: RowMajor<'_, T>,
    percentiles: &[f64],
    par: Par,
) -> Result<Measured<T>, Error> {
    let (n, d, k) = (dictionary.nrows(), dictionary.ncols(), percentiles.len());
    let canary = T::from_f64(77.0);
    let (mut max, mut of_vectors, mut means) = (vec![canary; n], vec![canary; n * k], vec![77.0; k]);
    let out = SuperpositionOut {
        max_of_vectors: Some(&mut max),
        percentiles_of_vectors: Some(&mut of_vectors),
        mean_percentiles: Some(&mut means),
    };
    let params = SuperpositionParams { percentiles, par };
    let mut memory = workspace(superposition_scratch::<T>(n, d, k));
    let result = superposition(dictionary, &params, out, MemStack::new(&mut memory));
    if result.is_err() {
        assert!(max.iter().chain(&of_vectors).all(|&x| x == canary));
        assert!(means.iter().all(|&x| x == 77.0));
    }
    let nowhere = SuperpositionOut::default();
    assert_eq!(superposition(dictionary, &params, nowhere, MemStack::new(&mut memory)), result);
    Ok(Measured { all: result?, max, percentiles: of_vectors, mean_percentiles: means })
}

fn packed<T>(data: &[T], d: usize) -> RowMajor<'_, T> {
    row_major(data, data.len() / d, d, d).unwrap()
}

/// The p-th percentile of sorted values, as `numpy.quantile` defines it by default.
fn percentile(sorted: &[f64], p: f64) -> f64 {
    let position = p / 100.0 * (sorted.len() - 1) as f64;
    let (below, above) = (sorted[position.floor() as usize], sorted[position.ceil() as usize]);
    below + position.fract() * (above - below)
}

/// The same by the definition, from the matrix of |cos| in double precision.
fn by_definition<T: Scalar>(dictionary: RowMajor<'_, T>, percentiles: &[f64]) -> Measured<f64> {
    let (n, d) = (dictionary.nrows(), dictionary.ncols());
    let vector = |i: usize| (0..d).map(move |j| dictionary[(i, j)].to_f64()).collect::<Vec<_>>();
    let dot = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
    let vectors: Vec<_> = (0..n).map(vector).collect();
    let norms: Vec<_> = vectors.iter().map(|v| dot(v, v).sqrt().max(1e-8)).collect();
    let (mut max, mut of_vectors, mut means) = (vec![], vec![], vec![0.0; percentiles.len()]);
    let (mut sum, mut squares) = (0.0, 0.0);
    for i in 0..n {
        let others = (0..n).filter(|&j| j != i);
        let cosine = |j: usize| (dot(&vectors[i], &vectors[j]) / norms[i] / norms[j]).abs();
        let mut cosines: Vec<_> = others.map(cosine).collect();
        cosines.sort_by(f64::total_cmp);
        max.push(cosines[n - 2]);
        sum += cosines.iter().sum::<f64>();
        squares += dot(&cosines, &cosines);
        for (mean, &p) in means.iter_mut().zip(percentiles) {
            of_vectors.push(percentile(&cosines, p));
            *mean += percentile(&cosines, p) / n as f64;
        }
    }
    let pairs = (n * (n - 1)) as f64;
    let all = Superposition {
        mean_max: max.iter().sum::<f64>() / n as f64,
        mean_absolute: sum / pairs,
        rms: (squares / pairs).sqrt(),
        frame_potential: squares,
        coherence: max.iter().copied().fold(0.0, f64::max),
        welch_bound: if n <= d { 0.0 } else { ((n - d) as f64 / (d * (n - 1)) as f64).sqrt() },
    };
    Measured { all, max, percentiles: of_vectors, mean_percentiles: means }
}

/// Whether two results are the same but for so much in each cosine.
fn assert_near<T: Scalar>(got: &Measured<T>, want: &Measured<f64>, tolerance: f64) {
    let near = |x: f64, y: f64, tolerance: f64| assert!((x - y).abs() <= tolerance, "{x} against {y}");
    // Every statistic but the potential changes by no more than the cosines do, and by some roundings of a sum.
    let tolerance = tolerance + 1e-14;
    near(got.all.mean_max, want.all.mean_max, tolerance);
    near(got.all.mean_absolute, want.all.mean_absolute, tolerance);
    near(got.all.rms, want.all.rms, tolerance);
    near(got.all.coherence, want.all.coherence, tolerance);
    near(got.all.welch_bound, want.all.welch_bound, 1e-15);
    let pairs = (got.max.len() * got.max.len()) as f64;
    near(got.all.frame_potential, want.all.frame_potential, 2.0 * tolerance * pairs);
    let all = |got: &[T], want: &[f64]| {
        assert_eq!(got.len(), want.len());
        got.iter().zip(want).for_each(|(x, &y)| near(x.to_f64(), y, tolerance));
    };
    all(&got.max, &want.max);
    all(&got.percentiles, &want.percentiles);
    got.mean_percentiles.iter().zip(&want.mean_percentiles).for_each(|(&x, &y)| near(x, y, tolerance));
}

const LIST: &[f64] = &[99.0, 0.0, 12.5, 50.0, 95.0, 100.0, 33.3];

fn random_dictionary<T: Scalar>(n: usize, d: usize, stride: usize) -> Vec<T> {
    let mut data = vec![T::from_f64(f64::NAN); (n - 1) * stride + d];
    random_unit_rows(row_major_mut(&mut data, n, d, stride).unwrap(), Stream::new(5, 6), 0).unwrap();
    data
}

fn agrees_with_the_definition<T: Scalar>(n: usize, d: usize) {
    let data = random_dictionary::<T>(n, d, d + 3);
    let dictionary = row_major(&data, n, d, d + 3).unwrap();
    let got = measure(dictionary, LIST, Par::Seq).unwrap();
    // Scaling rounds each factor of a product of unit vectors once, and their sum d times: d + 2 in all, half an
    // EPSILON each, of sums of magnitudes that are at most 1.
    let tolerance = (d + 2) as f64 * T::EPSILON.to_f64();
    assert_near(&got, &by_definition(dictionary, LIST), tolerance);
}

#[test]
fn statistics_follow_their_definitions() {
    // A block of rows has 96.
    for (n, d) in [(2, 3), (3, 1), (96, 4), (97, 9), (250, 7), (300, 40), (20, 40)] {
        agrees_with_the_definition::<f32>(n, d);
        agrees_with_the_definition::<f64>(n, d);
    }
}

#[test]
fn no_percentiles_are_a_list_too() {
    let data = random_dictionary::<f32>(120, 8, 8);
    let with = measure(packed(&data, 8), LIST, Par::Seq).unwrap();
    let without = measure(packed(&data, 8), &[], Par::Seq).unwrap();
    assert_eq!((with.all, with.max), (without.all, without.max));
}

/// Vectors of 16 signs, of which `copies` out of 256 are the same one: their cosines are multiples of 1/8, exactly.
fn signs<T: Scalar>(n: usize, copies: u32, seed: u64) -> Vec<T> {
    let mut random = Pcg64::seed_from_u64(seed);
    let mut vector = || {
        let (bits, copy) = (random.next_u32(), random.next_u32() % 256 < copies);
        (0..16).map(move |b| T::from_f64(if copy || bits >> b & 1 == 0 { 3.0 } else { -3.0 }))
    };
    (0..n).flat_map(|_| vector()).collect()
}

proptest! {
    /// Exactly what sorting gives, whatever the row before has made the selection expect.
    #[test]
    fn percentiles_are_exact(
        n in 2_usize..330,
        copies in 0_u32..257,
        seed in any::<u64>(),
        percentiles in prop::collection::vec(prop_oneof![0.0..=100.0_f64, Just(0.0), Just(100.0)], 0..5),
    ) {
        let single = signs::<f32>(n, copies, seed);
        let double = signs::<f64>(n, copies, seed);
        // The vectors have norm 12: entries 1/4 and cosines have no rounding.
        let want = by_definition(packed(&double, 16), &percentiles);
        let got = measure(packed(&double, 16), &percentiles, Par::Seq).unwrap();
        prop_assert_eq!(&got.max, &want.max);
        prop_assert_eq!(&got.percentiles, &want.percentiles);
        prop_assert_eq!(got.all.frame_potential, want.all.frame_potential);
        prop_assert_eq!(got.all.coherence, want.all.coherence);
        assert_near(&got, &want, 0.0);
        let rounded: Vec<f32> = want.percentiles.iter().map(|&x| x as f32).collect();
        let of_single = measure(packed(&single, 16), &percentiles, three_threads()).unwrap();
        prop_assert_eq!(&of_single.percentiles, &rounded);
        prop_assert_eq!(of_single.all, got.all);
        prop_assert_eq!(&of_single.mean_percentiles, &got.mean_percentiles);
    }
}

/// Three threads where this build has any.
fn three_threads() -> Par {
    #[cfg(feature = "parallel")]
    return Par::rayon(3);
    #[cfg(not(feature = "parallel"))]
    Par::Seq
}

#[test]
fn threads_change_nothing() {
    for percentiles in [LIST, &[]] {
        let data = random_dictionary::<f32>(301, 33, 33);
        let one = measure(packed(&data, 33), percentiles, Par::Seq).unwrap();
        assert_eq!(measure(packed(&data, 33), percentiles, three_threads()).unwrap(), one);
    }
}

#[test]
fn the_potential_is_that_of_the_frame_operator() {
    let (n, d) = (200, 12);
    let data = random_dictionary::<f64>(n, d, d);
    let got = measure(packed(&data, d), &[], Par::Seq).unwrap().all.frame_potential;
    // |E^T E|^2 - sum |e_i|^4, and the rows have unit norm.
    let mut want = -(n as f64);
    for p in 0..d {
        for q in 0..d {
            want += data.chunks_exact(d).map(|row| row[p] * row[q]).sum::<f64>().powi(2);
        }
    }
    assert!((got - want).abs() < 1e-12 * want, "{got} against {want}");
    assert!(got >= (n * n / d - n) as f64);
}

#[test]
fn equiangular_frames_reach_the_bound() {
    // The corners of a simplex around the origin: d + 1 vectors, e_i minus the centre of all, with cosines -1/d.
    let n = 9;
    let corners: Vec<f64> =
        (0..n * n).map(|at| f64::from(u8::from(at / n == at % n)) - 1.0 / n as f64).collect();
    let got = measure(packed(&corners, n), LIST, Par::Seq).unwrap();
    // They lie in n - 1 dimensions, but have n entries.
    assert_eq!(got.all.welch_bound, 0.0);
    for x in got.percentiles.iter().chain(&got.max).chain([&got.all.coherence, &got.all.rms]) {
        assert!((x - 0.125).abs() < 1e-15, "{x}");
    }
    // Three vectors in the plane, 120 degrees apart.
    let half = 0.75_f64.sqrt();
    let got = measure(packed(&[0.0, 1.0, half, -0.5, -half, -0.5], 2), LIST, Par::Seq).unwrap().all;
    assert!((got.welch_bound - 0.5).abs() < 1e-15 && (got.coherence - 0.5).abs() < 1e-15);
    assert!((got.frame_potential - (9.0 / 2.0 - 3.0)).abs() < 1e-14);
}

#[test]
fn zero_vectors_have_cosine_zero_with_all() {
    // |cos|: (0, 0), (0, 0.6), (0, 0.6).
    let got = measure(packed(&[0.0, 0.0, 0.0, 2.0, 4.0, -3.0], 2), &[50.0], Par::Seq).unwrap();
    assert_eq!(got.max, [0.0, 0.6, 0.6]);
    assert_eq!(got.percentiles, [0.0, 0.3, 0.3]);
    assert_eq!((got.all.mean_max, got.mean_percentiles[0]), ((0.6 + 0.6) / 3.0, (0.3 + 0.3) / 3.0));
    let zeros = measure(packed(&[0.0_f32; 6], 2), &[50.0], Par::Seq).unwrap();
    assert_eq!((zeros.all.coherence, zeros.all.frame_potential, zeros.all.rms), (0.0, 0.0, 0.0));
}

#[test]
fn bad_arguments_are_named_and_nothing_is_written() {
    let good = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    let refused = |data: &[f64], rows, percentiles: &[f64], reason, argument| {
        let result = measure(packed(data, 2).subrows(0, rows), percentiles, Par::Seq);
        assert_eq!(result.unwrap_err(), Error::new(reason, argument));
    };
    refused(&good, 0, LIST, Reason::Empty, Argument::Dictionary);
    refused(&good, 1, LIST, Reason::OutOfRange, Argument::Rows);
    refused(&[1.0, f64::NAN, 3.0, 4.0], 2, LIST, Reason::NotANumber, Argument::Dictionary);
    refused(&[1.0, 2.0, 3.0, f64::INFINITY], 2, LIST, Reason::Infinite, Argument::Dictionary);
    refused(&good, 3, &[95.0, f64::NAN], Reason::NotANumber, Argument::Percentiles);
    refused(&good, 3, &[f64::INFINITY], Reason::Infinite, Argument::Percentiles);
    refused(&good, 3, &[-0.001], Reason::OutOfRange, Argument::Percentiles);
    refused(&good, 3, &[95.0, 100.001], Reason::OutOfRange, Argument::Percentiles);

    let request = superposition_scratch::<f64>(3, 2, 2);
    let mut memory = workspace(request);
    let params = SuperpositionParams::default();
    let (mut values, mut doubles) = ([77.0; 8], [77.0; 8]);
    let outs = |which: usize, values: &mut [f64], doubles: &mut [f64]| {
        let mut out = SuperpositionOut::default();
        match which {
            0 => out.max_of_vectors = Some(values),
            1 => out.percentiles_of_vectors = Some(values),
            _ => out.mean_percentiles = Some(doubles),
        }
        superposition(packed(&good, 2), &params, out, MemStack::new(&mut memory))
    };
    let mut outs = outs;
    for (which, len, argument) in [
        (0, 2, Argument::MaxOfVectors),
        (0, 4, Argument::MaxOfVectors),
        (1, 5, Argument::PercentilesOfVectors),
        (1, 7, Argument::PercentilesOfVectors),
        (2, 1, Argument::MeanPercentiles),
        (2, 3, Argument::MeanPercentiles),
    ] {
        let result = outs(which, &mut values[..len], &mut doubles[..len]);
        assert_eq!(result, Err(Error::new(Reason::Shape, argument)));
    }
    assert_eq!((values, doubles), ([77.0; 8], [77.0; 8]));
    let mut short = vec![std::mem::MaybeUninit::<u8>::uninit(); request.size_bytes() - 64];
    let small =
        superposition(packed(&good, 2), &params, SuperpositionOut::default(), MemStack::new(&mut short));
    assert_eq!(small, Err(Error::new(Reason::WorkspaceTooSmall, Argument::Workspace)));
}
