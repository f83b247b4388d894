//! Dictionaries: normalising, random rows, and orthogonalising against the reference's trajectories.

mod support;

use core::ops::ControlFlow;
use sae_kernels::dictionary::{
    OrthogonaliseParams, normalise_rows, orthogonalise, orthogonalise_scratch, random_unit_rows,
};
use sae_kernels::matrix::{row_major, row_major_mut};
use sae_kernels::progress::{Progress, silent};
use sae_kernels::rng::Stream;
use sae_kernels::{Argument, Error, MemStack, Par, Reason, Scalar, StackReq};
use support::{golden, workspace};

/// Orthogonalises a copy of `data[n, d]` and gives the losses that were reported.
fn run<T: Scalar>(data: &mut [T], n: usize, d: usize, params: &OrthogonaliseParams) -> Vec<f64> {
    let mut memory = workspace(orthogonalise_scratch::<T>(n, d));
    let mut losses = vec![];
    let mut keep = |p: &Progress| {
        losses.push(p.loss);
        ControlFlow::Continue(())
    };
    let matrix = row_major_mut(data, n, d, d).unwrap();
    orthogonalise(matrix, params, Par::Seq, &mut keep, MemStack::new(&mut memory)).unwrap();
    losses
}

/// The reference's loss by its own definition, from the n x n Gram matrix, in double precision.
fn loss_by_definition(data: &[f64], n: usize, d: usize, t: f64) -> f64 {
    let dot = |i: usize, j: usize| (0..d).map(|k| data[i * d + k] * data[j * d + k]).sum::<f64>();
    let mut loss = 0.0;
    for i in 0..n {
        loss += n as f64 * (dot(i, i) - 1.0).powi(2);
        loss += (0..n).filter(|&j| j != i).map(|j| (dot(i, j) - t).powi(2)).sum::<f64>();
    }
    loss
}

const CASES: [(usize, usize, &str, u64); 8] = [
    (8, 4, "0.0", 1),
    (8, 4, "0.0", 200),
    (64, 16, "0.0", 200),
    (64, 16, "0.2", 200),
    (16, 64, "0.0", 50),
    (200, 50, "0.1", 30),
    (3, 3, "0.0", 200),
    (1, 5, "0.0", 20),
];

#[test]
fn double_precision_follows_the_reference() {
    for (n, d, t, steps) in CASES {
        let name = format!("ortho_n{n}_d{d}_t{t}_s{steps}");
        let mut got = golden::<f64>(&format!("{name}_in")).data;
        let want = golden::<f64>(&format!("{name}_out64")).data;
        let params = OrthogonaliseParams { target_cosine: t.parse().unwrap(), steps, learning_rate: 0.01 };
        run(&mut got, n, d, &params);
        let worst = got.iter().zip(&want).map(|(g, w)| (g - w).abs()).fold(0.0, f64::max);
        assert!(worst <= 1e-9, "{name}: {worst:e}");
    }
}

#[test]
fn single_precision_ends_at_the_reference_loss() {
    for (n, d, t, steps) in CASES {
        let name = format!("ortho_n{n}_d{d}_t{t}_s{steps}");
        let start = golden::<f64>(&format!("{name}_in")).data;
        let mut single: Vec<f32> = start.iter().map(|&x| x as f32).collect();
        let target_cosine: f64 = t.parse().unwrap();
        run(&mut single, n, d, &OrthogonaliseParams { target_cosine, steps, learning_rate: 0.01 });
        let single: Vec<f64> = single.iter().map(|&x| f64::from(x)).collect();
        let got = loss_by_definition(&single, n, d, target_cosine);
        let want = loss_by_definition(&golden::<f64>(&format!("{name}_out64")).data, n, d, target_cosine);
        // Unit rows in f32 have g_ii within 2^-22 of 1, and each of the n^2 products is off by as much at most.
        let rounding = 4.0 * (n * n) as f64 * f64::from(f32::EPSILON);
        assert!((got - want).abs() <= 1e-3 * want + rounding, "{name}: {got:e} against {want:e}");
    }
}

#[test]
fn reported_losses_are_the_defined_ones() {
    // Both branches, the frame operator (n > d) and the Gram matrix (n <= d), with and without a target.
    for (n, d, t) in [(40, 12, 0.0), (40, 12, 0.3), (9, 20, 0.0), (9, 20, -0.1), (10, 10, 0.25)] {
        let mut start = vec![0f64; n * d];
        random_unit_rows(row_major_mut(&mut start, n, d, d).unwrap(), Stream::new(1, 2), 0).unwrap();
        let mut after_one = start.clone();
        let params = OrthogonaliseParams { target_cosine: t, steps: 1, ..Default::default() };
        let losses = run(&mut after_one, n, d, &params);
        let want = loss_by_definition(&start, n, d, t);
        assert_eq!(losses.len(), 1);
        assert!((losses[0] - want).abs() <= 1e-12 * want.max(n as f64), "{n} x {d}: {} {want}", losses[0]);
    }
}

#[test]
fn two_hundred_steps_come_close_to_the_floor() {
    // n^2/d - n for unit-norm tight frames (Benedetto and Fickus 2003), and 0 for n <= d.
    for (n, d) in [(128, 32), (24, 40)] {
        let mut e = vec![0f64; n * d];
        random_unit_rows(row_major_mut(&mut e, n, d, d).unwrap(), Stream::new(3, 0), 0).unwrap();
        run(&mut e, n, d, &OrthogonaliseParams::default());
        let floor = if n > d { (n * n) as f64 / d as f64 - n as f64 } else { 0.0 };
        let got = loss_by_definition(&e, n, d, 0.0);
        assert!(got >= floor - 1e-9 && got - floor < 1e-3 * (n as f64), "{got} against {floor}");
    }
}

#[test]
fn strides_change_nothing_and_gaps_stay_untouched() {
    let (n, d, stride) = (20, 6, 9);
    let mut packed = vec![0f32; n * d];
    random_unit_rows(row_major_mut(&mut packed, n, d, d).unwrap(), Stream::new(8, 0), 0).unwrap();
    let mut gapped = vec![-77f32; n * stride];
    random_unit_rows(row_major_mut(&mut gapped, n, d, stride).unwrap(), Stream::new(8, 0), 0).unwrap();
    let params = OrthogonaliseParams { steps: 10, target_cosine: 0.1, ..Default::default() };
    run(&mut packed, n, d, &params);
    let mut memory = workspace(orthogonalise_scratch::<f32>(n, d));
    let view = row_major_mut(&mut gapped, n, d, stride).unwrap();
    orthogonalise(view, &params, Par::Seq, &mut silent, MemStack::new(&mut memory)).unwrap();
    for i in 0..n {
        for (k, &x) in gapped[i * stride..(i + 1) * stride].iter().enumerate() {
            if k < d {
                // The products may round differently for another stride; Adam's first steps move by lr each.
                assert!((x - packed[i * d + k]).abs() < 1e-4);
            } else {
                assert_eq!(x, -77.0);
            }
        }
    }
}

#[test]
fn cancelling_leaves_unit_rows() {
    let (n, d) = (30, 8);
    let mut e = vec![0f32; n * d];
    random_unit_rows(row_major_mut(&mut e, n, d, d).unwrap(), Stream::new(8, 0), 0).unwrap();
    let mut memory = workspace(orthogonalise_scratch::<f32>(n, d));
    let mut calls = 0;
    let mut stop_at_three = |p: &Progress| {
        calls += 1;
        assert_eq!((p.step, p.total), (calls, 200));
        if calls == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let result = orthogonalise(
        row_major_mut(&mut e, n, d, d).unwrap(),
        &OrthogonaliseParams::default(),
        Par::Seq,
        &mut stop_at_three,
        MemStack::new(&mut memory),
    );
    assert_eq!(result, Err(Error::new(Reason::Cancelled, Argument::Progress)));
    assert_eq!(calls, 3);
    for v in e.chunks(d) {
        let norm: f64 = v.iter().map(|&x| f64::from(x).powi(2)).sum();
        assert!((norm - 1.0).abs() < 1e-6);
    }
}

#[test]
fn extreme_rows_are_normalised_without_overflow() {
    let mut rows = [3e200, 4e200, 0.0, 0.0, 3e-200, 4e-200, 1e-4, 0.0];
    normalise_rows(row_major_mut(&mut rows, 4, 2, 2).unwrap()).unwrap();
    let near = |a: f64, b: f64| (a - b).abs() <= 1e-15 * b.abs();
    assert!(near(rows[0], 0.6) && near(rows[1], 0.8));
    assert_eq!(rows[2..4], [0.0, 0.0]);
    // Shorter than 1e-8: divided by 1e-8, as in the reference.
    assert!(near(rows[4], 3e-192) && near(rows[5], 4e-192));
    assert_eq!(rows[6..], [1.0, 0.0]);
    let mut longest = [f64::MAX, -f64::MAX];
    normalise_rows(row_major_mut(&mut longest, 1, 2, 2).unwrap()).unwrap();
    assert!(near(longest[0], 0.5f64.sqrt()) && near(longest[1], -(0.5f64.sqrt())));
    let mut single = [f32::MAX, f32::MAX, f32::MAX, f32::MAX];
    normalise_rows(row_major_mut(&mut single, 1, 4, 4).unwrap()).unwrap();
    assert_eq!(single, [0.5; 4]);
}

#[test]
fn random_rows_are_uniform_on_the_sphere_and_addressed_by_row() {
    let (n, d) = (4000, 8);
    let mut e = vec![0f64; n * d];
    random_unit_rows(row_major_mut(&mut e, n, d, d).unwrap(), Stream::new(5, 1), 0).unwrap();
    // E[x x^T] = I/d; an element's square has variance 2(d-1)/(d^2 (d+2)) and a product of two 1/(d (d+2)).
    let bound = 5.0 / (n as f64).sqrt();
    for a in 0..d {
        for b in 0..=a {
            let moment = e.chunks(d).map(|v| v[a] * v[b]).sum::<f64>() / n as f64;
            let (mean, variance) = if a == b {
                (1.0 / d as f64, 2.0 * (d - 1) as f64 / (d * d * (d + 2)) as f64)
            } else {
                (0.0, 1.0 / (d * (d + 2)) as f64)
            };
            assert!((moment - mean).abs() < bound * variance.sqrt(), "moment {a} {b}");
        }
    }
    let mut part = vec![0f64; 10 * d];
    random_unit_rows(row_major_mut(&mut part, 10, d, d).unwrap(), Stream::new(5, 1), 100).unwrap();
    assert_eq!(part, e[100 * d..110 * d]);
}

#[test]
fn bad_input_is_named_and_the_dictionary_untouched() {
    let check = |data: [f64; 4], params: OrthogonaliseParams, short: bool, want: Error| {
        let mut e = data;
        let mut memory = if short {
            workspace(StackReq::new::<u8>(64))
        } else {
            workspace(orthogonalise_scratch::<f64>(2, 2))
        };
        let view = row_major_mut(&mut e, 2, 2, 2).unwrap();
        let got = orthogonalise(view, &params, Par::Seq, &mut silent, MemStack::new(&mut memory));
        assert_eq!(got, Err(want));
        assert!(e.iter().zip(&data).all(|(a, b)| a.to_bits() == b.to_bits()));
    };
    let fine = [1.0, 2.0, 3.0, 4.0];
    let default = OrthogonaliseParams::default;
    let target = |target_cosine| OrthogonaliseParams { target_cosine, ..default() };
    let rate = |learning_rate| OrthogonaliseParams { learning_rate, ..default() };
    let error = Error::new;
    check([1.0, f64::NAN, 3.0, 4.0], default(), false, error(Reason::NotANumber, Argument::Dictionary));
    check([1.0, f64::INFINITY, 3.0, 4.0], default(), false, error(Reason::Infinite, Argument::Dictionary));
    check(fine, target(1.5), false, error(Reason::OutOfRange, Argument::TargetCosine));
    check(fine, target(f64::NAN), false, error(Reason::NotANumber, Argument::TargetCosine));
    check(fine, rate(-0.1), false, error(Reason::OutOfRange, Argument::LearningRate));
    check(fine, rate(f64::INFINITY), false, error(Reason::Infinite, Argument::LearningRate));
    check(fine, default(), true, error(Reason::WorkspaceTooSmall, Argument::Workspace));
    assert_eq!(row_major(&fine, 2, 2, 1).unwrap_err(), error(Reason::Stride, Argument::Matrix));
    assert_eq!(row_major(&fine, 0, 2, 2).unwrap_err(), error(Reason::Empty, Argument::Matrix));
    assert_eq!(row_major(&fine, 3, 2, 2).unwrap_err(), error(Reason::Shape, Argument::Matrix));
    let huge = row_major(&fine, usize::MAX / 2, 2, usize::MAX / 2).unwrap_err();
    assert_eq!(huge, error(Reason::SizeOverflow, Argument::Matrix));
}

#[test]
fn an_absurd_learning_rate_is_reported_not_returned_as_nan() {
    let mut e = vec![0f32; 40];
    random_unit_rows(row_major_mut(&mut e, 10, 4, 4).unwrap(), Stream::new(1, 0), 0).unwrap();
    let mut memory = workspace(orthogonalise_scratch::<f32>(10, 4));
    let params = OrthogonaliseParams { learning_rate: 1e30, ..Default::default() };
    let view = row_major_mut(&mut e, 10, 4, 4).unwrap();
    let got = orthogonalise(view, &params, Par::Seq, &mut silent, MemStack::new(&mut memory));
    assert_eq!(got, Err(Error::new(Reason::Diverged, Argument::LearningRate)));
}
