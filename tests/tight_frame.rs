//! Tight frames.
mod support;
use sae_kernels::dictionary::*;
use sae_kernels::matrix::row_major_mut;
use sae_kernels::progress::Progress;
use sae_kernels::rng::Stream;
use sae_kernels::{MemStack, Par, Scalar};
use core::ops::ControlFlow;
use support::workspace;
fn go<T: Scalar>(n: usize, d: usize, t: f64) {
    let mut e = vec![T::ZERO; n * d];
    random_unit_rows(row_major_mut(&mut e, n, d, d).unwrap(), Stream::new(3, 0), 0).unwrap();
    let mut memory = workspace(tight_frame_scratch::<T>(n, d));
    let mut v = vec![];
    let s = std::time::Instant::now();
    let p = TightFrameParams { target_cosine: t, ..Default::default() };
    let r = tight_frame(row_major_mut(&mut e, n, d, d).unwrap(), &p, Par::Seq, &mut |p: &Progress| { v.push(format!("{:.1e}", p.loss)); ControlFlow::Continue(()) }, MemStack::new(&mut memory)).unwrap();
    println!("{n}x{d} t={t} {} {:?} {:.3}s {}", std::any::type_name::<T>(), r, s.elapsed().as_secs_f64(), v.join(" "));
}
#[test]
fn explore() {
    for (n, d) in [(512, 64), (100, 50), (120,60),(119,60), (96, 64), (65, 64), (66, 64), (129,128),(64, 64), (32, 64), (7,3), (3,2), (5,4),(2,1),(5,1),(1,4)] {
        for t in [0.0, 0.2, -0.3, 1.0] { go::<f64>(n, d, t); }
        go::<f32>(n, d, 0.0);
        go::<f32>(n, d, 0.3);
    }
}
#[test]
fn big() {
    go::<f64>(769,768,0.0);
    go::<f64>(1000,768,0.0);
    go::<f32>(769,768,0.0);
    go::<f32>(4096,768,0.0);
}
fn low(n: usize, d: usize, p: &CoherenceParams, tight: bool) {
    let mut e = vec![0f32; n * d];
    random_unit_rows(row_major_mut(&mut e, n, d, d).unwrap(), Stream::new(3, 0), 0).unwrap();
    if tight {
    let mut memory = workspace(tight_frame_scratch::<f32>(n, d));
    tight_frame(row_major_mut(&mut e, n, d, d).unwrap(), &TightFrameParams::default(), Par::Seq, &mut sae_kernels::progress::silent, MemStack::new(&mut memory)).unwrap();
    }
    let mut memory = workspace(lower_coherence_scratch::<f32>(n, d));
    let s = std::time::Instant::now();
    let r = lower_coherence(row_major_mut(&mut e, n, d, d).unwrap(), p, Par::Seq, &mut sae_kernels::progress::silent, MemStack::new(&mut memory)).unwrap();
    println!("{n}x{d} {p:?} {r:?} {:.2}s", s.elapsed().as_secs_f64());
}
#[test]
fn coherence() {
    for steps in [300, 1000] {
    for learning_rate in [0.02, 0.05, 0.1, 0.2] {
        for greatest_exponent in [64, 256, 1024] {
            low(512, 64, &CoherenceParams { steps, learning_rate, greatest_exponent }, true);
        }
    }
    }
    low(512, 64, &CoherenceParams::default(), false);
}
