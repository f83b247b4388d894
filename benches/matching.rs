//! Matching two dictionaries without the matrix of their cosines, against the time of the bare product:
//! `taskset -c 1 cargo bench --bench matching`.
//!
//! For unrelated dictionaries and for clustered ones, whose vectors lie around the same 16 centres. The product is
//! faer's, in blocks of 96 rows, which are overwritten: what a program would take that formed all cosines and looked at
//! none. Medians of three; the peak of memory is that of the whole process, dictionaries and all.

use clap::Parser;
use faer::dyn_stack::MemBuffer;
use faer::linalg::matmul::matmul;
use faer::{Accum, MatRef};
use sae_kernels::dictionary::random_unit_rows;
use sae_kernels::matching::{MatchOut, MatchParams, match_dictionaries, match_dictionaries_scratch};
use sae_kernels::matrix::{row_major, row_major_mut};
use sae_kernels::rng::Stream;
use sae_kernels::{MemStack, Par};
use std::time::Instant;

/// Times the matching of dictionaries.
#[derive(Parser)]
struct Arguments {
    /// Vectors of each dictionary.
    #[arg(long, default_value_t = 16384)]
    vectors: usize,
    /// Dimensions.
    #[arg(long, default_value_t = 512)]
    dimensions: usize,
    /// Centres of the clustered dictionaries.
    #[arg(long, default_value_t = 16)]
    clusters: usize,
    /// Given by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

/// Rows of a block of the bare product.
const BLOCK: usize = 96;

fn main() -> anyhow::Result<()> {
    let Arguments { vectors, dimensions, clusters, .. } = Arguments::parse();
    println!("{vectors} and {vectors} vectors in {dimensions} dimensions, single precision, one thread");
    for (name, clusters) in [("unrelated", 0), ("clustered", clusters)] {
        let a = dictionary(vectors, dimensions, clusters, 1)?;
        let b = dictionary(vectors, dimensions, clusters, 2)?;
        let product = median(|| product(&a, &b, dimensions));
        let mut memory = MemBuffer::new(match_dictionaries_scratch::<f32>(vectors, vectors, dimensions));
        let mut partners = vec![0; vectors];
        let mut mean = 0.0;
        let matching = median(|| {
            let view = |values| row_major(values, vectors, dimensions, dimensions);
            let out = MatchOut { row_to_col: Some(&mut partners), ..Default::default() };
            let stack = MemStack::new(&mut memory);
            let sum = match_dictionaries(view(&a)?, view(&b)?, &MatchParams::default(), out, stack)?;
            mean = sum / vectors as f64;
            Ok(())
        });
        let (product, matching) = (product?, matching?);
        println!(
            "{name:10} product {product:.2} s, matching {matching:.2} s, {:.2} times the product; MCC {mean:.6}",
            matching / product
        );
    }
    if let Some(peak) = peak_memory() {
        println!("peak memory {peak}");
    }
    Ok(())
}

/// Unit vectors, or vectors around so many centres, the same for every stream.
fn dictionary(n: usize, d: usize, clusters: usize, stream: u64) -> anyhow::Result<Vec<f32>> {
    let mut vectors = vec![0.0_f32; n * d];
    random_unit_rows(row_major_mut(&mut vectors, n, d, d)?, Stream::new(0, stream), 0)?;
    if clusters > 0 {
        let mut centres = vec![0.0; clusters * d];
        random_unit_rows(row_major_mut(&mut centres, clusters, d, d)?, Stream::new(1, 0), 0)?;
        for vector in vectors.chunks_exact_mut(d) {
            // A centre at random for each, so that clusters have different sizes in the two dictionaries.
            let centre = &centres[vector[0].to_bits() as usize % clusters * d..][..d];
            vector.iter_mut().zip(centre).for_each(|(x, c)| *x = c + 0.3 * *x);
        }
    }
    Ok(vectors)
}

/// All inner products, a block of rows at a time.
fn product(a: &[f32], b: &[f32], d: usize) -> anyhow::Result<()> {
    let n = b.len() / d;
    let mut block = vec![0.0; BLOCK * n];
    let b = MatRef::from_row_major_slice(b, n, d);
    for a in a.chunks(BLOCK * d) {
        let rows = a.len() / d;
        let out = row_major_mut(&mut block, rows, n, n)?.as_dyn_stride_mut();
        matmul(out, Accum::Replace, MatRef::from_row_major_slice(a, rows, d), b.transpose(), 1.0, Par::Seq);
    }
    Ok(())
}

/// The median of three times, in seconds.
fn median(mut run: impl FnMut() -> anyhow::Result<()>) -> anyhow::Result<f64> {
    let mut seconds = [0.0; 3];
    for second in &mut seconds {
        let started = Instant::now();
        run()?;
        *second = started.elapsed().as_secs_f64();
    }
    seconds.sort_by(f64::total_cmp);
    Ok(seconds[1])
}

/// The most memory the process has had, where the system tells.
fn peak_memory() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    Some(status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().to_owned())
}
