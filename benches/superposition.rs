//! Superposition statistics of a dictionary, against the time of the bare product:
//! `taskset -c 1 cargo bench --bench superposition -- --vectors 4096 16384`.
//!
//! Of random unit vectors, or with `--steps` of these after so many steps of orthogonalising. The product is faer's, of all vectors with all, in blocks of 96 rows, which are overwritten: what a
//! program would take that formed all cosines and looked at none. Medians of three; the peak of memory is that of the
//! whole process up to there, dictionary and all.

use clap::Parser;
use faer::dyn_stack::MemBuffer;
use faer::linalg::matmul::matmul;
use faer::{Accum, MatRef};
use sae_kernels::dictionary::{OrthogonaliseParams, orthogonalise, orthogonalise_scratch, random_unit_rows};
use sae_kernels::matching::{
    DEFAULT_PERCENTILES, Superposition, SuperpositionOut, SuperpositionParams, superposition,
    superposition_scratch,
};
use sae_kernels::matrix::{row_major, row_major_mut};
use sae_kernels::progress::silent;
use sae_kernels::rng::Stream;
use sae_kernels::{MemStack, Par};
use std::time::Instant;

/// Times the superposition statistics of dictionaries.
#[derive(Parser)]
struct Arguments {
    /// Vectors of the dictionary, one number or several.
    #[arg(long, num_args = 1.., default_values_t = [4096, 16384])]
    vectors: Vec<usize>,
    /// Dimensions, one number or several.
    #[arg(long, num_args = 1.., default_values_t = [256, 512])]
    dimensions: Vec<usize>,
    /// Steps of orthogonalising before measuring.
    #[arg(long, default_value_t = 0)]
    steps: u64,
    /// How often each is timed.
    #[arg(long, default_value_t = 3)]
    repeats: usize,
    /// Given by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

/// Rows of a block of the bare product.
const BLOCK: usize = 96;

fn main() -> anyhow::Result<()> {
    let Arguments { vectors, dimensions, steps, repeats, .. } = Arguments::parse();
    println!("single precision, one thread, percentiles {DEFAULT_PERCENTILES:?}");
    for &n in &vectors {
        for &d in &dimensions {
            let dictionary = dictionary(n, d, steps)?;
            let product = median(repeats, || product(&dictionary, d))?;
            let mut memory = MemBuffer::new(superposition_scratch::<f32>(n, d, DEFAULT_PERCENTILES.len()));
            let mut means = [0.0; DEFAULT_PERCENTILES.len()];
            let mut found = Superposition::default();
            let seconds = median(repeats, || {
                let out = SuperpositionOut { mean_percentiles: Some(&mut means), ..Default::default() };
                let view = row_major(&dictionary, n, d, d)?;
                found =
                    superposition(view, &SuperpositionParams::default(), out, MemStack::new(&mut memory))?;
                Ok(())
            })?;
            println!(
                "{n} x {d}: product {product:.3} s, statistics {seconds:.3} s, {:.2} times the product{}",
                seconds / product,
                peak_memory().map_or(String::new(), |peak| format!("; peak memory {peak}"))
            );
            let Superposition { mean_max, mean_absolute, rms, frame_potential, coherence, welch_bound } =
                found;
            let floor = (n as f64).powi(2) / d as f64 - n as f64;
            println!(
                "    |cos|: mean {mean_absolute:.6}, rms {rms:.6}, percentiles {:.6} {:.6}, mean of maxima \
                 {mean_max:.6}; coherence {coherence:.6}, Welch bound {welch_bound:.6}; frame potential \
                 {frame_potential:.3}, least {:.3}",
                means[0],
                means[1],
                floor.max(0.0)
            );
        }
    }
    Ok(())
}

/// Unit vectors after so many steps of orthogonalising.
fn dictionary(n: usize, d: usize, steps: u64) -> anyhow::Result<Vec<f32>> {
    let mut vectors = vec![0.0_f32; n * d];
    random_unit_rows(row_major_mut(&mut vectors, n, d, d)?, Stream::new(0, 1), 0)?;
    if steps > 0 {
        let mut memory = MemBuffer::new(orthogonalise_scratch::<f32>(n, d));
        let params = OrthogonaliseParams { steps, ..Default::default() };
        let view = row_major_mut(&mut vectors, n, d, d)?;
        orthogonalise(view, &params, Par::Seq, &mut silent, MemStack::new(&mut memory))?;
    }
    Ok(vectors)
}

/// All inner products, a block of rows at a time.
fn product(vectors: &[f32], d: usize) -> anyhow::Result<()> {
    let n = vectors.len() / d;
    let mut block = vec![0.0; BLOCK * n];
    let all = MatRef::from_row_major_slice(vectors, n, d);
    for part in vectors.chunks(BLOCK * d) {
        let rows = part.len() / d;
        let out = row_major_mut(&mut block, rows, n, n)?.as_dyn_stride_mut();
        let part = MatRef::from_row_major_slice(part, rows, d);
        matmul(out, Accum::Replace, part, all.transpose(), 1.0, Par::Seq);
    }
    Ok(())
}

/// The median of some times, in seconds.
fn median(repeats: usize, mut run: impl FnMut() -> anyhow::Result<()>) -> anyhow::Result<f64> {
    let mut seconds = vec![0.0; repeats.max(1)];
    for second in &mut seconds {
        let started = Instant::now();
        run()?;
        *second = started.elapsed().as_secs_f64();
    }
    seconds.sort_by(f64::total_cmp);
    Ok(seconds[seconds.len() / 2])
}

/// The most memory the process has had, where the system tells.
fn peak_memory() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    Some(status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().to_owned())
}
