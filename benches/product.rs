//! The product that builds without `std` use, against faer's with `std`: `taskset -c 1 cargo bench --bench product`, and
//! for a build that knows its CPU `RUSTFLAGS=-Ctarget-cpu=native taskset -c 1 cargo bench --bench product`.
//!
//! The shapes are those of the kernels: a projection, a symmetric product of a tall matrix with itself, a gradient.
//! One thread, medians of seven.

#![allow(missing_docs)]

use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatRef};
use sae_kernels::matrix::row_major_mut;
use sae_kernels::product::{Part, blocked};
use sae_kernels::{Par, Scalar};
use std::time::Instant;

fn main() {
    println!("GFLOP/s, one thread: faer, ours, ratio");
    for_type::<f32>("f32");
    for_type::<f64>("f64");
}

fn for_type<T: Scalar>(name: &str) {
    for (m, n, depth) in [(1024, 768, 4096), (4096, 256, 256), (256, 256, 256), (64, 64, 64)] {
        compare::<T>(name, "A B", (m, n, depth), false, false);
        compare::<T>(name, "A B^T", (m, n, depth), false, true);
    }
    for (m, n, depth) in [(256, 256, 4096), (4096, 256, 1024)] {
        compare::<T>(name, "A^T B", (m, n, depth), true, false);
    }
}

/// One shape: the speeds of both, and whether they agree.
fn compare<T: Scalar>(
    name: &str,
    form: &str,
    (m, n, depth): (usize, usize, usize),
    transpose_left: bool,
    transpose_right: bool,
) {
    let (left, right) = (operand::<T>(m, depth, transpose_left), operand::<T>(depth, n, transpose_right));
    let view = |values, rows, cols, transposed| -> MatRef<'_, T> {
        if transposed {
            MatRef::from_column_major_slice(values, rows, cols)
        } else {
            MatRef::from_row_major_slice(values, rows, cols)
        }
    };
    let (left, right) =
        (view(&left[..], m, depth, transpose_left), view(&right[..], depth, n, transpose_right));
    let mut theirs = Mat::<T>::zeros(n, m);
    let mut ours = vec![T::ZERO; m * n];
    let flops = 2.0 * (m * n * depth) as f64;
    // Small products are repeated, so that a measurement takes a millisecond.
    let times = (2e7 / flops).ceil() as usize;
    let by_faer = median(|| {
        for _ in 0..times {
            matmul(theirs.as_mut().transpose_mut(), Accum::Replace, left, right, T::ONE, Par::Seq);
        }
    });
    let by_us = median(|| {
        for _ in 0..times {
            let out = row_major_mut(&mut ours, m, n, n).expect("a matrix");
            blocked(out, Accum::Replace, left, right, T::ONE, Part::All).expect("shapes that agree");
        }
    });
    for (i, row) in ours.chunks_exact(n).enumerate() {
        for (j, x) in row.iter().enumerate() {
            let difference = (x.to_f64() - theirs[(j, i)].to_f64()).abs();
            assert!(difference <= depth as f64 * T::EPSILON.to_f64(), "({i}, {j}) differs by {difference}");
        }
    }
    let speed = |seconds: f64| flops * times as f64 / seconds / 1e9;
    let (faer, ours) = (speed(by_faer), speed(by_us));
    println!("{name} {form:6} {m:5} {n:5} {depth:5} {faer:8.1} {ours:8.1} {:6.2}", ours / faer);
}

/// Numbers in [-1/2, 1/2], so that the sums stay small.
fn operand<T: Scalar>(rows: usize, cols: usize, transposed: bool) -> Vec<T> {
    let odd = if transposed { 7919 } else { 104_729 };
    (0..rows * cols).map(|i| T::from_f64((i * odd % 1009) as f64 / 1009.0 - 0.5)).collect()
}

fn median(mut run: impl FnMut()) -> f64 {
    run();
    let mut seconds: Vec<f64> = (0..7)
        .map(|_| {
            let started = Instant::now();
            run();
            started.elapsed().as_secs_f64()
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    seconds[3]
}
