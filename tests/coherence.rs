//! Coherence: lowered towards the Welch bound, never raised, and reported as it is.

mod support;

use core::ops::ControlFlow;
use sae_kernels::dictionary::{
    CoherenceParams, CoherenceReport, OrthogonaliseParams, TightFrameParams, lower_coherence,
    lower_coherence_scratch, orthogonalise, orthogonalise_scratch, random_unit_rows, tight_frame,
    tight_frame_scratch, welch_bound,
};
use sae_kernels::matrix::row_major_mut;
use sae_kernels::progress::{Progress, silent};
use sae_kernels::rng::Stream;
use sae_kernels::{Argument, Error, MemStack, Par, Reason, Scalar, StackReq};
use support::workspace;

fn random<T: Scalar>(n: usize, d: usize, seed: u64) -> Vec<T> {
    let mut rows = vec![T::ZERO; n * d];
    random_unit_rows(row_major_mut(&mut rows, n, d, d).unwrap(), Stream::new(seed, 0), 0).unwrap();
    rows
}

fn run<T: Scalar>(data: &mut [T], n: usize, d: usize, params: &CoherenceParams) -> CoherenceReport {
    let mut memory = workspace(lower_coherence_scratch::<T>(n, d));
    let view = row_major_mut(data, n, d, d).unwrap();
    lower_coherence(view, params, Par::Seq, &mut silent, MemStack::new(&mut memory)).unwrap()
}

/// The largest |cosine| by definition; every row must have length 1.
fn coherence<T: Scalar>(data: &[T], d: usize) -> f64 {
    let dot = |a: &[T], b: &[T]| a.iter().zip(b).map(|(a, b)| a.to_f64() * b.to_f64()).sum::<f64>();
    let mut largest = 0.0_f64;
    for (i, a) in data.chunks(d).enumerate() {
        assert!((dot(a, a) - 1.0).abs() <= 8.0 * T::EPSILON.to_f64());
        largest = data.chunks(d).take(i).fold(largest, |most, b| most.max(dot(a, b).abs()));
    }
    largest
}

#[test]
fn it_falls_to_a_third_of_what_gradient_descent_leaves() {
    let (n, d) = (512, 64);
    let (mut low, mut descended) = (random::<f32>(n, d, 1), random::<f32>(n, d, 1));
    let mut memory = workspace(tight_frame_scratch::<f32>(n, d));
    let view = row_major_mut(&mut low, n, d, d).unwrap();
    tight_frame(view, &TightFrameParams::default(), Par::Seq, &mut silent, MemStack::new(&mut memory))
        .unwrap();
    let tight = coherence(&low, d);
    let report = run(&mut low, n, d, &CoherenceParams::default());
    let mut memory = workspace(orthogonalise_scratch::<f32>(n, d));
    let view = row_major_mut(&mut descended, n, d, d).unwrap();
    let adam = OrthogonaliseParams::default();
    orthogonalise(view, &adam, Par::Seq, &mut silent, MemStack::new(&mut memory)).unwrap();
    // Products in f32 of 64 summands.
    assert!((report.before - tight).abs() < 1e-5 && (report.after - coherence(&low, d)).abs() < 1e-5);
    assert!((report.welch_bound - (448.0_f64 / (64.0 * 511.0)).sqrt()).abs() < 1e-15);
    assert!(report.after < 0.16 && report.after > report.welch_bound, "{report:?}");
    assert!(coherence(&descended, d) > 3.0 * report.after);
}

#[test]
fn optimal_packings_are_found() {
    // The icosahedron's six axes, an equiangular tight frame; five axes in the plane, 36 degrees apart.
    for (n, d, best) in [(6, 3, 1.0 / 5.0_f64.sqrt()), (5, 2, (core::f64::consts::PI / 5.0).cos())] {
        let params = CoherenceParams { steps: 3000, greatest_exponent: 1024, ..Default::default() };
        // Some starts end in a local minimum; none may end below the optimum.
        let found: Vec<f64> =
            (0..5).map(|seed| run(&mut random::<f64>(n, d, seed), n, d, &params).after).collect();
        let least = found.iter().fold(1.0, |least: f64, &x| least.min(x));
        assert!(least >= best - 1e-12 && least < best + 0.005, "{n} x {d}: {found:?}");
    }
}

#[test]
fn it_is_never_raised() {
    for (n, d, seed) in [(10, 4, 1), (97, 8, 2), (200, 3, 3), (33, 32, 4), (2, 1, 5)] {
        for learning_rate in [0.0, 0.05, 1e3] {
            let mut e = random::<f64>(n, d, seed);
            let before = coherence(&e, d);
            let params = CoherenceParams { steps: 30, learning_rate, ..Default::default() };
            let report = run(&mut e, n, d, &params);
            assert!((report.before - before).abs() < 1e-14);
            assert!((report.after - coherence(&e, d)).abs() < 1e-14 && report.after <= report.before);
            assert!(report.after >= report.welch_bound - 1e-14 && report.best_step <= 30);
        }
    }
}

#[test]
fn few_vectors_become_orthonormal() {
    for (n, d) in [(1, 1), (1, 4), (5, 9), (16, 16)] {
        let mut e = random::<f64>(n, d, 6);
        let report = run(&mut e, n, d, &CoherenceParams::default());
        assert!(report.after < 1e-14 && coherence(&e, d) < 1e-14, "{report:?}");
        assert_eq!(report.welch_bound, 0.0);
    }
}

#[test]
fn the_welch_bound_is_that_of_equal_cosines() {
    // Simplices: n = d + 1 vectors with cosines -1/d.
    for d in 1..20 {
        assert!((welch_bound(d + 1, d) - 1.0 / d as f64).abs() < 1e-15);
    }
    assert_eq!((welch_bound(5, 5), welch_bound(1, 4), welch_bound(3, 0)), (0.0, 0.0, 0.0));
}

#[test]
fn equal_and_zero_rows_are_parted() {
    let (n, d) = (40, 8);
    let start = random::<f64>(n, d, 7);
    let mut opposite = start.clone();
    (0..d).for_each(|k| opposite[d + k] = -opposite[k]);
    let same: Vec<f64> = (0..n * d).map(|k| start[k % d]).collect();
    for rows in [opposite, same, vec![0.0; n * d]] {
        let mut e = rows.clone();
        let report = run(&mut e, n, d, &CoherenceParams::default());
        assert!((report.after - coherence(&e, d)).abs() < 1e-14 && report.after < 0.5, "{report:?}");
        let mut again = rows;
        assert_eq!(run(&mut again, n, d, &CoherenceParams::default()), report);
        assert!(e == again);
    }
}

#[test]
fn both_precisions_and_strides_agree() {
    let (n, d, stride) = (150, 16, 19);
    let params = CoherenceParams { steps: 200, ..Default::default() };
    let double = run(&mut random::<f64>(n, d, 8), n, d, &params);
    let packed = random::<f32>(n, d, 8);
    let mut gapped = vec![-77.0_f32; n * stride];
    (0..n).for_each(|i| gapped[i * stride..][..d].copy_from_slice(&packed[i * d..][..d]));
    let mut memory = workspace(lower_coherence_scratch::<f32>(n, d));
    let view = row_major_mut(&mut gapped, n, d, stride).unwrap();
    let single = lower_coherence(view, &params, Par::Seq, &mut silent, MemStack::new(&mut memory)).unwrap();
    // The paths part by rounding, to ends that are equally good.
    assert!((double.after - single.after).abs() < 0.05 * double.after, "{double:?} {single:?}");
    assert!(gapped.chunks(stride).all(|line| line[d..].iter().all(|&x| x == -77.0)));
}

#[test]
fn cancelling_leaves_the_best_rows_so_far() {
    let (n, d) = (60, 8);
    let mut e = random::<f64>(n, d, 9);
    let mut memory = workspace(lower_coherence_scratch::<f64>(n, d));
    let mut heard = vec![];
    let mut stop = |p: &Progress| {
        heard.push(p.loss);
        assert_eq!((p.step, p.total), (heard.len() as u64, 400));
        if heard.len() == 50 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let view = row_major_mut(&mut e, n, d, d).unwrap();
    let params = CoherenceParams::default();
    let result = lower_coherence(view, &params, Par::Seq, &mut stop, MemStack::new(&mut memory));
    assert_eq!(result, Err(Error::new(Reason::Cancelled, Argument::Progress)));
    let least = heard.iter().fold(1.0, |least: f64, &x| least.min(x));
    assert!((coherence(&e, d) - least).abs() < 1e-14);
}

#[test]
fn an_absurd_learning_rate_is_reported_and_the_rows_stay_good() {
    let (n, d) = (20, 4);
    let mut e = random::<f32>(n, d, 10);
    let before = coherence(&e, d);
    let mut memory = workspace(lower_coherence_scratch::<f32>(n, d));
    let params = CoherenceParams { learning_rate: 1e300, ..Default::default() };
    let view = row_major_mut(&mut e, n, d, d).unwrap();
    let got = lower_coherence(view, &params, Par::Seq, &mut silent, MemStack::new(&mut memory));
    assert_eq!(got, Err(Error::new(Reason::Diverged, Argument::LearningRate)));
    assert!((coherence(&e, d) - before).abs() < 1e-6);
}

#[test]
fn bad_input_is_named_and_the_dictionary_untouched() {
    let check = |data: [f64; 6], params: CoherenceParams, short: bool, want: (Reason, Argument)| {
        let mut e = data;
        let request = if short { StackReq::new::<u8>(64) } else { lower_coherence_scratch::<f64>(3, 2) };
        let mut memory = workspace(request);
        let view = row_major_mut(&mut e, 3, 2, 2).unwrap();
        let got = lower_coherence(view, &params, Par::Seq, &mut silent, MemStack::new(&mut memory));
        assert_eq!(got, Err(Error::new(want.0, want.1)));
        assert!(e.iter().zip(&data).all(|(a, b)| a.to_bits() == b.to_bits()));
    };
    let with = |x| [1.0, x, 3.0, 4.0, 5.0, 7.0];
    let default = CoherenceParams::default();
    let rate = |learning_rate| CoherenceParams { learning_rate, ..Default::default() };
    check(with(f64::NAN), default, false, (Reason::NotANumber, Argument::Dictionary));
    check(with(f64::INFINITY), default, false, (Reason::Infinite, Argument::Dictionary));
    check(with(2.0), rate(-0.1), false, (Reason::OutOfRange, Argument::LearningRate));
    check(with(2.0), rate(f64::NAN), false, (Reason::NotANumber, Argument::LearningRate));
    check(with(2.0), rate(f64::INFINITY), false, (Reason::Infinite, Argument::LearningRate));
    for greatest_exponent in [0, 2, 6, 2048, u64::MAX] {
        let params = CoherenceParams { greatest_exponent, ..Default::default() };
        check(with(2.0), params, false, (Reason::OutOfRange, Argument::GreatestExponent));
    }
    check(with(2.0), default, true, (Reason::WorkspaceTooSmall, Argument::Workspace));
    assert_eq!(lower_coherence_scratch::<f64>(usize::MAX / 2, usize::MAX / 3), StackReq::OVERFLOW);
}
