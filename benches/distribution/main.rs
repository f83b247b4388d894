//! Whether samples have the law that they should have: `cargo bench --bench distribution`.
//!
//! Every sampler of the library draws ten million rows of 40 features, in both precisions, on one thread. What is
//! counted is held against the exact law by tests whose p-values are printed as a Markdown table:
//!
//! - certain: features with probability 0 and 1, and magnitudes without a spread, are exact (1 or 0 is printed);
//! - features: chi-square of how often each one is seen, by the covariances of these counts;
//! - rare features: of those expected to be seen, or not to be seen, less than 1000 times, the least exact binomial
//!   p-value, times their number;
//! - pairs and rare pairs: the same for all pairs of features;
//! - L0: Pearson's chi-square of the number of features in a row;
//! - neighbours: the covariance of that number in a row and the next one;
//! - magnitudes and cut off: Kolmogorov-Smirnov, for magnitudes far above the relu and for those that it cuts off.
//!
//! p-values are two-sided. Were all laws right, one below the threshold would appear in a table with a probability of
//! at most 1e-6. Then, or where something certain fails, the exit status is 1.

mod counts;
mod features;
mod law;
#[path = "../../tests/support/planned.rs"]
mod planned;
mod samplers;
mod significance;
mod statistics;

use clap::{Parser, ValueEnum};
use counts::Counts;
use features::{Features, Spoil};
use law::Law;
use sae_kernels::Scalar;
use sae_kernels::rng::Stream;
use samplers::{Sampler, count};
use statistics::{TESTS, p_values};
use std::process::ExitCode;

/// Tests the laws of all samplers.
#[derive(Parser)]
struct Arguments {
    /// Rows drawn by each sampler in each precision.
    #[arg(long, default_value_t = 10_000_000, value_parser = clap::value_parser!(u64).range(10_000..))]
    rows: u64,
    /// Seed of all samples.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Draws from another law, to see that the tests see it.
    #[arg(long, value_enum)]
    spoil: Option<Spoil>,
    /// Given by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

/// At most the probability that a table of right samplers has a p-value below the threshold.
const FAMILY_WISE: f64 = 1e-6;

fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::parse();
    let samplers = Sampler::value_variants();
    let threshold = FAMILY_WISE / (2 * samplers.len() * TESTS.len()) as f64;
    let Arguments { rows, seed, .. } = arguments;
    println!("{rows} rows, seed {seed}; p-values below {threshold:.1e} fail.\n");
    println!("| sampler | | {} |", TESTS.join(" | "));
    println!("|---|---|{}", "---|".repeat(TESTS.len()));
    let mut failed = 0;
    for &sampler in samplers {
        failed += report::<f64>(sampler, "f64", &arguments, threshold)?;
        failed += report::<f32>(sampler, "f32", &arguments, threshold)?;
    }
    println!("\n{failed} of {} p-values below the threshold.", 2 * samplers.len() * TESTS.len());
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Tests a sampler, prints its line of the table, and gives the number of tests that it fails.
fn report<T: Scalar>(
    sampler: Sampler,
    precision: &str,
    arguments: &Arguments,
    threshold: f64,
) -> anyhow::Result<usize> {
    // Streams of their own, so that the lines of the table are independent.
    let stream = Stream::new(arguments.seed, 64 * sampler as u64 + size_of::<T>() as u64);
    let features = Features::<T>::new(sampler.sharing());
    let law = Law::new(&features);
    let mut counts = Counts::new(&law);
    let drawn = arguments.spoil.map_or(features.clone(), |spoil| features.spoiled(spoil, 1.0));
    count(sampler, &drawn, stream, arguments.rows, &mut counts)?;
    let p_values = p_values(&counts, &law);
    let fails = |p: f64| p.is_nan() || p < threshold;
    let cell = |p: f64| {
        let number = if p >= 0.001 || p == 0.0 { format!("{p:.3}") } else { format!("{p:.1e}") };
        if fails(p) { format!("**{number}**") } else { number }
    };
    let cells = p_values.map(cell);
    println!("| `{}` | {precision} | {} |", sampler.name(), cells.join(" | "));
    Ok(p_values.iter().filter(|&&p| fails(p)).count())
}
