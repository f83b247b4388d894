//! A whole orthogonalisation, 4096 vectors in 256 dimensions, 200 steps, one thread: seconds and peak memory.
//!
//! `cargo bench --bench orthogonalise`, or pinned: `taskset -c 0 cargo bench --bench orthogonalise`. The floor counts
//! the flops of the two matrix products of a step, n d (d + 1) for the symmetric one and 2 n d^2 for the other, at the
//! speed that a plain product of the same size reaches in the same run.

#![allow(missing_docs)]

use faer::dyn_stack::MemBuffer;
use faer::linalg::matmul::matmul;
use faer::{Accum, Mat};
use sae_kernels::dictionary::{OrthogonaliseParams, orthogonalise, orthogonalise_scratch, random_unit_rows};
use sae_kernels::matrix::row_major_mut;
use sae_kernels::progress::Progress;
use sae_kernels::rng::Stream;
use sae_kernels::{MemStack, Par};
use std::ops::ControlFlow;
use std::time::Instant;

fn main() {
    let (n, d, steps) = (4096, 256, 200);
    let mut e = vec![0f32; n * d];
    random_unit_rows(row_major_mut(&mut e, n, d, d).unwrap(), Stream::new(0, 0), 0).unwrap();
    let mut memory = MemBuffer::new(orthogonalise_scratch::<f32>(n, d));
    let params = OrthogonaliseParams { steps, ..Default::default() };
    let mut last = 0.0;
    let mut keep = |progress: &Progress| {
        last = progress.loss;
        ControlFlow::Continue(())
    };
    let started = Instant::now();
    let view = row_major_mut(&mut e, n, d, d).unwrap();
    orthogonalise(view, &params, Par::Seq, &mut keep, MemStack::new(&mut memory)).unwrap();
    let seconds = started.elapsed().as_secs_f64();
    let peak = peak_memory();

    let flops_per_second = product_speed(n, d);
    let flops = steps as f64 * (n * d) as f64 * (3 * d + 1) as f64;
    let floor = flops / flops_per_second;
    println!("orthogonalise {n} x {d}, {steps} steps, f32, one thread: {seconds:.2} s");
    println!("floor, at {:.1} GFLOP/s: {floor:.2} s, ratio {:.2}", flops_per_second / 1e9, seconds / floor);
    // A tight frame of rows of squared length g has loss f g^2 + n^2 (g - 1)^2, f = n^2/d - n: least at g < 1.
    let (square, f) = ((n * n) as f64, (n * n) as f64 / d as f64 - n as f64);
    println!("loss {last:.3}, least possible {:.3}", f * square / (f + square));
    match peak {
        Some(megabytes) => println!("peak memory of the process: {megabytes:.1} MB"),
        None => println!("peak memory: not known on this system"),
    }
}

/// Flops a second of a plain product of the same shapes, the median of five.
fn product_speed(n: usize, d: usize) -> f64 {
    let (left, right) = (Mat::<f32>::from_fn(n, d, |i, j| ((i + j) % 7) as f32), Mat::<f32>::identity(d, d));
    let mut out = Mat::<f32>::zeros(n, d);
    let mut seconds: Vec<f64> = (0..5)
        .map(|_| {
            let started = Instant::now();
            matmul(out.as_mut(), Accum::Replace, left.as_ref(), right.as_ref(), 1.0, Par::Seq);
            started.elapsed().as_secs_f64()
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    2.0 * (n * d * d) as f64 / seconds[2]
}

/// The most memory that the process has held so far, in MB.
fn peak_memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1024.0)
}
