//! Products of sparse activations and a dictionary: `taskset -c 1 cargo bench --bench projection`.
//!
//! Projections of the non-zeros, of the same batch made dense, and in the way that the library holds for the cheaper
//! one; latents at the non-zeros; and the gradient of the dictionary. Single precision, medians of so many runs.
//! Densities around the break-even say whether the rule of `project` is right on this machine.

#[path = "../tests/support/planned.rs"]
mod planned;

use clap::Parser;
use faer::Par;
use faer::dyn_stack::MemBuffer;
use planned::planned;
use sae_kernels::MemStack;
use sae_kernels::activation::{CsrMut, CsrRef, PlannedFiring, sample_sparse_csr};
use sae_kernels::dictionary::random_unit_rows;
use sae_kernels::matrix::{row_major, row_major_mut};
use sae_kernels::projection::{
    gradient_csr, latents_at, project, project_csr, project_dense, project_scratch,
};
use sae_kernels::rng::Stream;
use std::time::Instant;

/// Times products of sparse activations.
#[derive(Parser)]
struct Arguments {
    /// Samples of a batch.
    #[arg(long, default_value_t = 1024)]
    rows: usize,
    /// Runs, of which the median is printed.
    #[arg(long, default_value_t = 9)]
    runs: usize,
    /// Given by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

/// Features, dimensions, and how many features fire in a sample.
const CASES: [(usize, usize, f32); 9] = [
    (1024, 256, 30.0),
    (4096, 512, 40.0),
    (16384, 768, 20.0),
    (16384, 768, 160.0),
    (16384, 768, 3300.0),
    (65536, 768, 100.0),
    (65536, 768, 500.0),
    (2048, 768, 400.0),
    (2048, 768, 570.0),
];

fn main() -> anyhow::Result<()> {
    let Arguments { rows, runs, .. } = Arguments::parse();
    for (features, cols, firings) in CASES {
        measure(features, cols, firings, rows, runs)?;
    }
    Ok(())
}

fn measure(features: usize, cols: usize, firings: f32, rows: usize, runs: usize) -> anyhow::Result<()> {
    let (row_offsets, columns, values) = sample(features, firings, rows)?;
    let batch = CsrRef::new(&row_offsets, &columns, &values, features)?;
    let mut dictionary = vec![0.0_f32; features * cols];
    let rows_of_dictionary = row_major_mut(&mut dictionary, features, cols, cols)?;
    random_unit_rows(rows_of_dictionary, Stream::new(0, 1), 0)?;
    let dictionary = row_major(&dictionary, features, cols, cols)?;
    let mut hidden = vec![0.0; rows * cols];

    let of_csr = median(runs, || {
        Ok(project_csr(batch, dictionary, None, row_major_mut(&mut hidden, rows, cols, cols)?)?)
    })?;
    let mut memory = MemBuffer::new(project_scratch::<f32>(rows, batch.nnz(), features, cols));
    let cheaper = median(runs, || {
        let (hidden, stack) = (row_major_mut(&mut hidden, rows, cols, cols)?, MemStack::new(&mut memory));
        Ok(project(batch, dictionary, None, hidden, Par::Seq, stack)?)
    })?;
    let mut dense = vec![0.0; rows * features];
    for r in 0..rows {
        batch.row(r).for_each(|(j, x)| dense[r * features + j] = x);
    }
    let of_dense = median(3, || {
        let activations = row_major(&dense, rows, features, features)?;
        let hidden = row_major_mut(&mut hidden, rows, cols, cols)?;
        Ok(project_dense(activations, dictionary, None, hidden, Par::Seq)?)
    })?;

    let hidden = row_major(&hidden, rows, cols, cols)?;
    let mut latents = vec![0.0; batch.nnz()];
    let latents = median(runs, || Ok(latents_at(hidden, dictionary, None, batch.pattern(), &mut latents)?))?;
    let mut gradient = vec![0.0; features * cols];
    let gradient = median(runs, || {
        Ok(gradient_csr(batch, hidden, row_major_mut(&mut gradient, features, cols, cols)?)?)
    })?;

    println!("{:.0} of {features} features, {cols} dimensions:", batch.nnz() as f64 / rows as f64);
    let of_non_zeros = 2e-9 * batch.nnz() as f64 * cols as f64;
    for (what, seconds, gigaflops) in [
        ("non-zeros", of_csr, of_non_zeros),
        ("dense", of_dense, 2e-9 * (rows * features) as f64 * cols as f64),
        ("the cheaper", cheaper, of_non_zeros),
        ("latents", latents, of_non_zeros),
        ("gradient", gradient, of_non_zeros),
    ] {
        println!("  {what:12} {:8.2} ms {:6.1} GFLOP/s", seconds * 1e3, gigaflops / seconds);
    }
    Ok(())
}

/// A batch in which feature i fires with a probability in proportion to 1 / (10 + i), but at most always.
fn sample(features: usize, firings: f32, rows: usize) -> anyhow::Result<(Vec<i64>, Vec<u32>, Vec<f32>)> {
    let weight = |i: usize| 1.0 / (10.0 + i as f32);
    let total: f32 = (0..features).map(weight).sum();
    let probabilities: Vec<f32> = (0..features).map(|i| (firings / total * weight(i)).min(1.0)).collect();
    let firing = PlannedFiring::new(planned(&probabilities, features)?, &[1.0], &[0.1])?;
    let capacity = (1.1 * rows as f32 * firings) as usize + 10_000;
    let (mut row_offsets, mut columns, mut values) =
        (vec![0; rows + 1], vec![0; capacity], vec![0.0; capacity]);
    let out = CsrMut { row_offsets: &mut row_offsets, columns: &mut columns, values: &mut values };
    sample_sparse_csr(&firing, Stream::new(0, 2), 0, rows, out)?;
    Ok((row_offsets, columns, values))
}

/// The median time of so many runs, in seconds.
fn median(runs: usize, mut body: impl FnMut() -> anyhow::Result<()>) -> anyhow::Result<f64> {
    let mut seconds = Vec::with_capacity(runs);
    for _ in 0..runs {
        let started = Instant::now();
        body()?;
        seconds.push(started.elapsed().as_secs_f64());
    }
    seconds.sort_by(f64::total_cmp);
    Ok(seconds[runs / 2])
}
