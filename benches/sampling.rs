//! Sampling features that fire independently, in the time of their firings:
//! `taskset -c 1 cargo bench --bench sampling`.
//!
//! Sparse samples, and samples projected without being stored, of zipfian features; sparse samples of a million
//! features of which a hundred fire; and sparse samples of features whose correlation has low rank. Single precision,
//! medians of so many runs, each on rows of its own.

#[path = "../tests/support/planned.rs"]
mod planned;

use clap::Parser;
use faer::dyn_stack::MemBuffer;
use planned::planned;
use sae_kernels::MemStack;
use sae_kernels::activation::{
    CsrMut, FiringPlan, LowRankFiring, PlannedFiring, low_rank_factor, low_rank_plan_len, plan_low_rank,
    sample_low_rank_csr, sample_low_rank_scratch, sample_projected, sample_sparse_csr,
};
use sae_kernels::dictionary::random_unit_rows;
use sae_kernels::matrix::{row_major, row_major_mut};
use sae_kernels::rng::Stream;
use sae_kernels::schedule::{ZipfianParams, zipfian};
use std::time::Instant;

/// Times samples whose cost is that of their firings.
#[derive(Parser)]
struct Arguments {
    /// Features with zipfian probabilities.
    #[arg(long, default_value_t = 16384)]
    features: usize,
    /// Features that fire with the same small probability.
    #[arg(long, default_value_t = 1_000_000)]
    many_features: usize,
    /// How many of those fire in a row, on average.
    #[arg(long, default_value_t = 100.0)]
    firings: f32,
    /// Features with zipfian probabilities that fire together.
    #[arg(long, default_value_t = 65536)]
    correlated_features: usize,
    /// Rank of their correlation.
    #[arg(long, default_value_t = 32)]
    rank: usize,
    /// Scale of its factor.
    #[arg(long, default_value_t = 0.1)]
    scale: f64,
    /// Samples of a call.
    #[arg(long, default_value_t = 1024)]
    rows: usize,
    /// Dimensions.
    #[arg(long, default_value_t = 768)]
    dimensions: usize,
    /// Calls, of which the median is printed.
    #[arg(long, default_value_t = 21)]
    runs: usize,
    /// Given by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let Arguments { features, many_features, firings, rows, dimensions, runs, .. } = arguments;
    let mut zipf = vec![0.0_f32; features];
    zipfian(&mut zipf, &ZipfianParams::default())?;
    let plan = timed_plan(&zipf)?;
    let firing = PlannedFiring::new(plan, &[1.0], &[0.1])?;
    csr(&format!("{features} zipfian features, CSR"), rows, runs, |first, out| {
        Ok(sample_sparse_csr(&firing, Stream::new(0, 2), first, rows, out)?)
    })?;

    let mut dictionary = vec![0.0; features * dimensions];
    random_unit_rows(
        row_major_mut(&mut dictionary, features, dimensions, dimensions)?,
        Stream::new(0, 1),
        0,
    )?;
    let dictionary = row_major(&dictionary, features, dimensions, dimensions)?;
    let mut hidden = vec![0.0; rows * dimensions];
    let fired = zipf.iter().map(|&p| f64::from(p)).sum::<f64>() * rows as f64;
    let seconds = median(runs, |run| {
        let hidden = row_major_mut(&mut hidden, rows, dimensions, dimensions)?;
        sample_projected(&firing, Stream::new(0, 2), (run * rows) as u64, dictionary, None, hidden)?;
        Ok(())
    })?;
    print(&format!("the same, projected to {dimensions} dimensions"), rows, fired, seconds);

    let rare = vec![firings / many_features as f32; many_features];
    let firing = PlannedFiring::new(timed_plan(&rare)?, &[1.0], &[0.1])?;
    csr(&format!("{many_features} features, CSR"), rows, runs, |first, out| {
        Ok(sample_sparse_csr(&firing, Stream::new(0, 2), first, rows, out)?)
    })?;
    low_rank(&arguments)
}

/// Times sparse samples of features whose correlation has low rank.
fn low_rank(arguments: &Arguments) -> anyhow::Result<()> {
    let Arguments { correlated_features: n, rank, scale, rows, runs, .. } = *arguments;
    let (mut factor, mut diagonal, mut zipf) = (vec![0.0_f32; n * rank], vec![0.0; n], vec![0.0; n]);
    zipfian(&mut zipf, &ZipfianParams::default())?;
    low_rank_factor(scale, Stream::new(0, 3), row_major_mut(&mut factor, n, rank, rank)?, &mut diagonal)?;
    let started = Instant::now();
    let mut panels = vec![0.0; low_rank_plan_len::<f32>(n, rank).expect("a size")];
    let plan = plan_low_rank(row_major(&factor, n, rank, rank)?, &diagonal, &zipf, &mut panels)?;
    println!("plan of {n} features of rank {rank}: {:.2} ms", started.elapsed().as_secs_f64() * 1e3);
    let firing = LowRankFiring::new(plan, &[1.0], &[0.1])?;
    let mut memory = MemBuffer::new(sample_low_rank_scratch::<f32>(n, rank));
    csr(&format!("{n} features of rank {rank}, CSR"), rows, runs, |first, out| {
        let stack = MemStack::new(&mut memory);
        Ok(sample_low_rank_csr(&firing, Stream::new(0, 2), first, rows, out, stack)?)
    })
}

/// Lays out probabilities and prints how long that took.
fn timed_plan(probabilities: &[f32]) -> anyhow::Result<FiringPlan<'static>> {
    let started = Instant::now();
    let plan = planned(probabilities, probabilities.len())?;
    println!("plan of {} features: {:.2} ms", probabilities.len(), started.elapsed().as_secs_f64() * 1e3);
    Ok(plan)
}

/// Times sparse samples, of `rows` rows from a first one on.
fn csr(
    name: &str,
    rows: usize,
    runs: usize,
    mut sample: impl FnMut(u64, CsrMut<'_, f32>) -> anyhow::Result<usize>,
) -> anyhow::Result<()> {
    let mut row_offsets = vec![0; rows + 1];
    // Asking for the number of firings first, with a fifth more for other rows.
    let _ = sample(0, CsrMut { row_offsets: &mut row_offsets, columns: &mut [], values: &mut [] });
    let room = row_offsets[rows] as usize * 6 / 5 + 1024;
    let (mut columns, mut values) = (vec![0; room], vec![0.0; room]);
    let mut fired = 0;
    let seconds = median(runs, |run| {
        let out = CsrMut { row_offsets: &mut row_offsets, columns: &mut columns, values: &mut values };
        fired += sample((run * rows) as u64, out)?;
        Ok(())
    })?;
    print(name, rows, fired as f64 / runs as f64, seconds);
    Ok(())
}

fn print(name: &str, rows: usize, fired: f64, seconds: f64) {
    let (each, millions) = (fired / rows as f64, fired / seconds * 1e-6);
    println!(
        "{name}: {rows} rows, {each:.1} firings each, {:.2} ms, {millions:.1} million firings/s",
        1e3 * seconds
    );
}

/// The median of the times of `runs` runs, in seconds.
fn median(runs: usize, mut run: impl FnMut(usize) -> anyhow::Result<()>) -> anyhow::Result<f64> {
    let mut seconds = vec![0.0; runs.max(1)];
    for (number, second) in seconds.iter_mut().enumerate() {
        let started = Instant::now();
        run(number)?;
        *second = started.elapsed().as_secs_f64();
    }
    seconds.sort_by(f64::total_cmp);
    Ok(seconds[seconds.len() / 2])
}
