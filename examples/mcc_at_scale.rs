//! The MCC of two dictionaries whose matrix of cosines would not fit into memory, and what computing it takes.
//!
//! `cargo run --release --example mcc_at_scale` takes two random dictionaries of 65536 vectors in 512 dimensions, the
//! second a noisy copy of the first in another order. Their cosines are 4.3 thousand million numbers, 17 GB in single
//! precision; the library computes each about once and keeps the few that matter. `--prove` has the result certified
//! afterwards.

use clap::Parser;
use faer::dyn_stack::MemBuffer;
use sae_kernels::dictionary::random_unit_rows;
use sae_kernels::matching::{
    MatchOut, MatchParams, match_dictionaries, match_dictionaries_scratch, verify_matching,
};
use sae_kernels::matrix::{row_major, row_major_mut};
use sae_kernels::rng::Stream;
use sae_kernels::{MemStack, Par};
use std::time::Instant;

/// Computes the MCC of a random dictionary and a noisy, permuted copy of it.
#[derive(Parser)]
struct Arguments {
    /// Vectors of each dictionary.
    #[arg(long, default_value_t = 65536)]
    vectors: usize,
    /// Dimensions.
    #[arg(long, default_value_t = 512)]
    dimensions: usize,
    /// The cosine of a vector with its noisy copy, or a little more.
    #[arg(long, default_value_t = 0.3)]
    cosine: f32,
    /// Threads, if the example is built with `--features parallel`.
    #[arg(long, default_value_t = 1)]
    threads: usize,
    /// Check the duals against all pairs afterwards.
    #[arg(long)]
    prove: bool,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let (n, d) = (arguments.vectors, arguments.dimensions);
    let (mut a, mut b) = (vec![0.0_f32; n * d], vec![0.0_f32; n * d]);
    random_unit_rows(row_major_mut(&mut a, n, d, d)?, Stream::new(0, 0), 0)?;
    random_unit_rows(row_major_mut(&mut b, n, d, d)?, Stream::new(1, 0), 0)?;
    let noise = (1.0 - arguments.cosine * arguments.cosine).sqrt();
    for i in 0..n {
        let copy = (i + n / 3) % n;
        for k in 0..d {
            b[copy * d + k] = arguments.cosine * a[i * d + k] + noise * b[copy * d + k];
        }
    }
    let (a, b) = (row_major(&a, n, d, d)?, row_major(&b, n, d, d)?);

    let params = MatchParams { par: par(arguments.threads), ..Default::default() };
    let mut memory = MemBuffer::new(match_dictionaries_scratch::<f32>(n, n, d));
    let (mut partner, mut u, mut v) = (vec![0; n], vec![0.0; n], vec![0.0; n]);
    let started = Instant::now();
    let duals = arguments.prove;
    let out = MatchOut {
        row_to_col: Some(&mut partner),
        row_duals: duals.then_some(&mut u[..]),
        col_duals: duals.then_some(&mut v[..]),
        ..Default::default()
    };
    let sum = match_dictionaries(a, b, &params, out, MemStack::new(&mut memory))?;
    println!(
        "{n} x {n} vectors in {d} dimensions: MCC {:.9}, {:.1} s",
        sum / n as f64,
        started.elapsed().as_secs_f64()
    );
    let found = partner.iter().enumerate().filter(|&(i, &j)| j == ((i + n / 3) % n) as i64).count();
    println!("{found} of the copies are matched to their originals");
    println!(
        "memory: {:.0} MB of workspace, {} for the whole process; the cosines alone would take {:.0} MB",
        match_dictionaries_scratch::<f32>(n, n, d).size_bytes() as f64 / 1e6,
        peak_memory().map_or("an unknown amount".into(), |megabytes| format!("{megabytes:.0} MB")),
        (n * n * 4) as f64 / 1e6
    );
    if arguments.prove {
        let started = Instant::now();
        let proof = verify_matching(a, b, &params, &partner, &u, &v, MemStack::new(&mut memory))?;
        println!("certificate, {:.1} s: {proof:?}", started.elapsed().as_secs_f64());
    }
    Ok(())
}

fn par(threads: usize) -> Par {
    #[cfg(feature = "parallel")]
    if threads > 1 {
        return Par::rayon(threads);
    }
    let _ = threads;
    Par::Seq
}

/// The most memory that the process has held so far, in MB, where the system tells.
fn peak_memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024.0 / 1e6)
}
