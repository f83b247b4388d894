//! Steps of orthogonalisation: seconds a step, speed beside that of a plain matrix product, and peak memory.
//!
//! `cargo bench --bench orthogonalise -- [n [d [steps [threads]]]]`, 4096 vectors in 256 dimensions, 200 steps and one
//! thread where nothing is said; more threads need `--features parallel`. Pin one thread: `taskset -c 0 cargo bench ...`.
//! A step counts 3 n d^2 flops: n d^2 for the symmetric product and 2 n d^2 for the other. The plain product, of the
//! same shapes but for rows beyond 16384, is timed in the same run on one thread.

#![allow(missing_docs)]

use faer::dyn_stack::MemBuffer;
use faer::linalg::matmul::matmul;
use faer::{Accum, Mat};
use sae_kernels::dictionary::{OrthogonaliseParams, orthogonalise, orthogonalise_scratch, random_unit_rows};
use sae_kernels::matrix::row_major_mut;
use sae_kernels::progress::Progress;
use sae_kernels::rng::Stream;
use sae_kernels::{MemStack, Par, Reason};
use std::ops::ControlFlow;
use std::time::Instant;

fn main() {
    // Cargo adds an option of its own.
    let numbers = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let numbers: Vec<usize> = numbers.map(|text| text.parse().expect("n d steps threads")).collect();
    let or = |i: usize, value| numbers.get(i).copied().unwrap_or(value);
    let (n, d, steps, threads) = (or(0, 4096), or(1, 256), or(2, 200), or(3, 1));

    let mut e = vec![0f32; n * d];
    random_unit_rows(row_major_mut(&mut e, n, d, d).unwrap(), Stream::new(0, 0), 0).unwrap();
    let mut memory = MemBuffer::new(orthogonalise_scratch::<f32>(n, d));
    // One step more than is timed: the first ends the set-up, in which memory is touched and rows are scaled. Then it is
    // cancelled: a step that is known to be the last prepares no other and would count for less.
    let params = OrthogonaliseParams { steps: u64::MAX / 2, ..Default::default() };
    let (mut last, mut first, mut seconds) = (0.0, None, 0.0);
    let mut keep = |progress: &Progress| {
        last = progress.loss;
        let first = first.get_or_insert_with(Instant::now);
        seconds = first.elapsed().as_secs_f64();
        if progress.step as usize > steps { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let started = Instant::now();
    let view = row_major_mut(&mut e, n, d, d).unwrap();
    let stopped = orthogonalise(view, &params, par(threads), &mut keep, MemStack::new(&mut memory));
    assert_eq!(stopped.map_err(|error| error.reason), Err(Reason::Cancelled));
    let whole = started.elapsed().as_secs_f64();
    let peak = peak_memory();

    let product_rate = product_rate(n.min(16384), d);
    let rate = (steps * n * d) as f64 * 3.0 * n.min(d) as f64 / seconds;
    println!("orthogonalise {n} x {d}, {steps} steps, f32, {threads} thread(s): {seconds:.3} s");
    println!("with one more step and the set-up: {whole:.3} s");
    println!("a step: {:.5} s, {:.1} GFLOP/s", seconds / steps as f64, rate / 1e9);
    println!("plain product: {:.1} GFLOP/s, fraction {:.3}", product_rate / 1e9, rate / product_rate);
    // A tight frame of rows of squared length g has loss f g^2 + n^2 (g - 1)^2, f = n^2/d - n: least at g < 1.
    let (square, f) = ((n as f64).powi(2), (n as f64).powi(2) / d as f64 - n as f64);
    if n > d {
        println!("loss {last:.3}, least possible {:.3}", f * square / (f + square));
    }
    match peak {
        Some(megabytes) => println!("peak memory of the process: {megabytes:.1} MB"),
        None => println!("peak memory: not known on this system"),
    }
}

/// So many threads.
fn par(threads: usize) -> Par {
    #[cfg(feature = "parallel")]
    if threads > 1 {
        return Par::rayon(threads);
    }
    assert!(threads <= 1, "more threads need --features parallel");
    Par::Seq
}

/// Flops a second of a plain product of `n` rows with a square matrix, the median of five.
fn product_rate(n: usize, d: usize) -> f64 {
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
    Some(kilobytes * 1.024e-3)
}
