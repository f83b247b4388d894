//! How good dictionaries can be: gradient descent, tight frames and lowered coherence side by side.
//!
//! `cargo run --release --example dictionary_quality` starts from the same random rows for each shape and prints, for
//! each way of improving them, the seconds it took, how far the sum of squared cosines is above the least possible one,
//! relative to that, and the largest |cosine| beside the Welch bound. `--shape 4096x768` asks for another shape.

use clap::Parser;
use faer::dyn_stack::MemBuffer;
use sae_kernels::dictionary::{
    CoherenceParams, OrthogonaliseParams, TightFrameParams, lower_coherence, lower_coherence_scratch,
    orthogonalise, orthogonalise_scratch, random_unit_rows, tight_frame, tight_frame_scratch, welch_bound,
};
use sae_kernels::matrix::row_major_mut;
use sae_kernels::progress::silent;
use sae_kernels::rng::Stream;
use sae_kernels::{Error, MemStack, Par};
use std::fmt::Write;
use std::time::Instant;

/// Compares ways to make a dictionary of nearly orthogonal vectors, in single precision.
#[derive(Parser)]
pub struct Arguments {
    /// Vectors and dimensions, with more vectors than dimensions; may be given again.
    #[arg(long, value_parser = shape, default_values = ["512x64", "769x768", "2048x256"])]
    pub shape: Vec<(usize, usize)>,
    /// Steps of gradient descent on the sum of squares, as the reference has it.
    #[arg(long, default_value_t = 200)]
    pub descent_steps: u64,
    /// Steps that lower the coherence; 0 leaves that out.
    #[arg(long, default_value_t = 400)]
    pub coherence_steps: u64,
}

fn shape(text: &str) -> Result<(usize, usize), String> {
    let parts = text.split_once('x').and_then(|(n, d)| Some((n.parse().ok()?, d.parse().ok()?)));
    match parts {
        Some((n, d)) if n > d && d > 0 => Ok((n, d)),
        _ => Err("two whole numbers, as in 512x64, the first one larger".into()),
    }
}

#[allow(dead_code, reason = "the tests call what it calls")]
fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    for &(n, d) in &arguments.shape {
        print!("{}", table(n, d, &arguments)?);
    }
    Ok(())
}

/// The table of one shape.
///
/// # Errors
/// A shape that does not fit into the address space.
pub fn table(n: usize, d: usize, arguments: &Arguments) -> anyhow::Result<String> {
    let mut text = format!("{n} x {d}, Welch bound {:.4}\n", welch_bound(n, d));
    writeln!(text, "{:>20} {:>10} {:>14} {:>10}", "", "seconds", "above floor", "coherence")?;
    let mut start = vec![0.0_f32; n * d];
    random_unit_rows(row_major_mut(&mut start, n, d, d)?, Stream::new(0, 0), 0)?;
    let mut line = |name: &str, seconds: f64, rows: &[f32]| {
        let (above, coherence) = (above_floor(rows, n, d), coherence(rows, n, d)?);
        writeln!(text, "{name:>20} {seconds:>10.3} {above:>14.1e} {coherence:>10.4}")?;
        anyhow::Ok(())
    };
    line("random", 0.0, &start)?;

    let mut rows = start.clone();
    let mut memory = MemBuffer::new(orthogonalise_scratch::<f32>(n, d));
    let params = OrthogonaliseParams { steps: arguments.descent_steps, ..Default::default() };
    let started = Instant::now();
    let view = row_major_mut(&mut rows, n, d, d)?;
    orthogonalise(view, &params, Par::Seq, &mut silent, MemStack::new(&mut memory))?;
    line(&format!("{} steps of Adam", params.steps), started.elapsed().as_secs_f64(), &rows)?;

    let mut rows = start;
    let mut memory = MemBuffer::new(tight_frame_scratch::<f32>(n, d));
    let params = TightFrameParams::default();
    let started = Instant::now();
    let view = row_major_mut(&mut rows, n, d, d)?;
    tight_frame(view, &params, Par::Seq, &mut silent, MemStack::new(&mut memory))?;
    line("tight_frame", started.elapsed().as_secs_f64(), &rows)?;

    if arguments.coherence_steps > 0 {
        let mut memory = MemBuffer::new(lower_coherence_scratch::<f32>(n, d));
        let params = CoherenceParams { steps: arguments.coherence_steps, ..Default::default() };
        let started = Instant::now();
        let view = row_major_mut(&mut rows, n, d, d)?;
        lower_coherence(view, &params, Par::Seq, &mut silent, MemStack::new(&mut memory))?;
        line("and lower_coherence", started.elapsed().as_secs_f64(), &rows)?;
    }
    Ok(text)
}

/// The sum of the squared cosines of all pairs over its floor n^2/d - n, less 1.
///
/// With the frame operator F = E^T E that is |F - (n/d) I|^2 over the floor, in double precision and without the
/// cancellation of the difference.
pub fn above_floor(rows: &[f32], n: usize, d: usize) -> f64 {
    let mut frame = vec![0.0_f64; d * d];
    for row in rows.chunks(d) {
        for (line, &x) in frame.chunks_mut(d).zip(row) {
            line.iter_mut().zip(row).for_each(|(f, &y)| *f += f64::from(x) * f64::from(y));
        }
    }
    let scale = n as f64 / d as f64;
    frame.iter_mut().step_by(d + 1).for_each(|f| *f -= scale);
    frame.iter().map(|f| f * f).sum::<f64>() / (n as f64 * (scale - 1.0))
}

/// The largest |cosine| of two rows, which lowering it in no steps reports.
fn coherence(rows: &[f32], n: usize, d: usize) -> Result<f64, Error> {
    let mut rows = rows.to_vec();
    let mut memory = MemBuffer::new(lower_coherence_scratch::<f32>(n, d));
    let params = CoherenceParams { steps: 0, ..Default::default() };
    let view = row_major_mut(&mut rows, n, d, d)?;
    Ok(lower_coherence(view, &params, Par::Seq, &mut silent, MemStack::new(&mut memory))?.before)
}
