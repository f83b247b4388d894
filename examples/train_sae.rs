//! Train a sparse autoencoder on synthetic data and judge it: the whole path through the library, in Rust.
//!
//! ```text
//! cargo run --release --example train_sae -- --out out
//! cargo run --release --example heat_map -- out/decoder.npy out/dictionary.npy -o out/heat_map.svg
//! ```
//!
//! A dictionary of nearly orthogonal features, zipfian firing probabilities, a standard SAE trained with Adam and a
//! warmed-up L1 penalty. With the same seed it does what examples/c/train_sae.c does.

#[path = "files/mod.rs"]
mod files;
#[path = "terminal/progress.rs"]
#[allow(dead_code, reason = "its line format is public for tests")]
mod progress;

use clap::Parser;
use faer::dyn_stack::MemBuffer;
use sae_kernels::activation::{CsrMut, CsrRef, Firing, Generator, sample_independent_csr};
use sae_kernels::adam::AdamParams;
use sae_kernels::dictionary::{OrthogonaliseParams, orthogonalise, orthogonalise_scratch, random_unit_rows};
use sae_kernels::evaluation::{Autoencoder, EvaluateParams, Evaluation, evaluate, evaluate_scratch};
use sae_kernels::matrix::{RowMajor, RowMajorMut, row_major, row_major_mut};
use sae_kernels::progress::silent;
use sae_kernels::projection::project_csr;
use sae_kernels::rng::Stream;
use sae_kernels::sae::{
    Sae, SaeMut, TrainParams, decode, encode, encode_scratch, initialise_to_match, moments_len, train_step,
    train_step_scratch,
};
use sae_kernels::schedule::{ZipfianParams, linear_warm_up, zipfian};
use sae_kernels::{Error, MemStack, Par};
use std::fs::File;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::ExitCode;

/// Trains a sparse autoencoder on synthetic data and prints how well it found the features.
#[derive(Parser)]
struct Arguments {
    /// Features of the dictionary.
    #[arg(long, default_value_t = 256)]
    features: usize,
    /// Dimensions of the hidden vectors.
    #[arg(long, default_value_t = 64)]
    dimensions: usize,
    /// Latents of the autoencoder.
    #[arg(long, default_value_t = 256)]
    latents: usize,
    /// Batches to train on.
    #[arg(long, default_value_t = 6000)]
    steps: u64,
    /// Samples a batch.
    #[arg(long, default_value_t = 1024)]
    batch: usize,
    /// Step size of Adam.
    #[arg(long, default_value_t = 2e-3)]
    learning_rate: f64,
    /// Coefficient of the L1 penalty, warmed up over the first 1000 batches.
    #[arg(long, default_value_t = 0.1)]
    l1: f64,
    /// Seed of everything random.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Folder for decoder.npy and dictionary.npy.
    #[arg(long, default_value = "out")]
    out: PathBuf,
}

/// Streams of the seed: independent random numbers for each use.
const DICTIONARY: u64 = 0;
const WEIGHTS: u64 = 1;
const TRAINING: u64 = 2;
const EVALUATION: u64 = 3;

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The memory of an autoencoder's weights.
struct Weights {
    dimensions: usize,
    latents: usize,
    encoder: Vec<f32>,
    encoder_bias: Vec<f32>,
    decoder: Vec<f32>,
    decoder_bias: Vec<f32>,
}

impl Weights {
    /// Decoder rows random unit vectors, the encoder their transpose, no biases.
    fn tied(dimensions: usize, latents: usize, seed: u64) -> Result<Self, Error> {
        let (d, m) = (dimensions, latents);
        let stream = Stream::new(seed, WEIGHTS);
        let mut start = vec![0f32; m * d];
        random_unit_rows(row_major_mut(&mut start, m, d, d)?, stream, 0)?;
        let mut weights = Self {
            dimensions,
            latents,
            encoder: vec![0.0; d * m],
            encoder_bias: vec![0.0; m],
            decoder: vec![0.0; m * d],
            decoder_bias: vec![0.0; d],
        };
        let sae = weights.view_mut()?;
        initialise_to_match(sae.encoder, sae.decoder, row_major(&start, m, d, d)?, 0.0, None, stream)?;
        Ok(weights)
    }

    fn view(&self) -> Result<Sae<'_, f32>, Error> {
        Ok(Sae {
            encoder: row_major(&self.encoder, self.dimensions, self.latents, self.latents)?,
            encoder_bias: &self.encoder_bias,
            decoder: row_major(&self.decoder, self.latents, self.dimensions, self.dimensions)?,
            decoder_bias: &self.decoder_bias,
            subtract_decoder_bias: true,
        })
    }

    fn view_mut(&mut self) -> Result<SaeMut<'_, f32>, Error> {
        Ok(SaeMut {
            encoder: row_major_mut(&mut self.encoder, self.dimensions, self.latents, self.latents)?,
            encoder_bias: &mut self.encoder_bias,
            decoder: row_major_mut(&mut self.decoder, self.latents, self.dimensions, self.dimensions)?,
            decoder_bias: &mut self.decoder_bias,
            subtract_decoder_bias: true,
        })
    }
}

/// An SAE with the workspace that encoding needs.
struct Coder<'a> {
    sae: Sae<'a, f32>,
    memory: MemBuffer,
}

impl Autoencoder<f32> for Coder<'_> {
    fn encode(&mut self, hidden: RowMajor<'_, f32>, latents: RowMajorMut<'_, f32>) -> ControlFlow<()> {
        go_on(encode(&self.sae, hidden, latents, Par::Seq, MemStack::new(&mut self.memory)))
    }

    fn decode(&mut self, latents: RowMajor<'_, f32>, decoded: RowMajorMut<'_, f32>) -> ControlFlow<()> {
        go_on(decode(&self.sae, latents, decoded, Par::Seq))
    }
}

fn go_on(result: Result<(), Error>) -> ControlFlow<()> {
    if result.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
}

fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let &Arguments { features: n, dimensions: d, latents: m, steps, batch, seed, .. } = arguments;
    anyhow::ensure!(n > 0 && d > 0 && m > 0 && batch > 0 && steps > 0, "sizes and steps start at 1");
    std::fs::create_dir_all(&arguments.out)?;

    // A dictionary: random unit vectors, made nearly orthogonal.
    let mut dictionary = vec![0f32; n * d];
    random_unit_rows(row_major_mut(&mut dictionary, n, d, d)?, Stream::new(seed, DICTIONARY), 0)?;
    let mut memory = MemBuffer::new(orthogonalise_scratch::<f32>(n, d));
    let view = row_major_mut(&mut dictionary, n, d, d)?;
    let params = OrthogonaliseParams::default();
    orthogonalise(view, &params, Par::Seq, &mut silent, MemStack::new(&mut memory))?;
    let dictionary = row_major(&dictionary, n, d, d)?;

    // Activations: zipfian firing probabilities, magnitudes 1 +- 0.1.
    let mut probabilities = vec![0f32; n];
    zipfian(&mut probabilities, &ZipfianParams::default())?;
    let firing = Firing { probabilities: &probabilities, means: &[1.0], std_devs: &[0.1] };

    let mut weights = Weights::tied(d, m, seed)?;
    let moments = moments_len(d, m).ok_or_else(|| anyhow::anyhow!("too many weights"))?;
    let mut moments = vec![0f32; moments];
    let (mut row_offsets, mut columns) = (vec![0; batch + 1], vec![0; batch * n]);
    let (mut values, mut hidden) = (vec![0f32; batch * n], vec![0f32; batch * d]);
    let mut memory = MemBuffer::new(train_step_scratch::<f32>(batch, d, m));
    let mut bar = progress::Progress::new(steps * batch as u64);
    let every = steps.div_ceil(4);
    let mut report = Default::default();
    println!(
        "{:>8} {:>8} {:>10} {:>10} {:>6} {:>10} {:>8}",
        "step", "mse", "true L0", "SAE L0", "dead", "shrinkage", "MCC"
    );
    for step in 0..steps {
        // Few features fire, so that samples in compressed rows are drawn and projected faster than dense ones.
        let (stream, first) = (Stream::new(seed, TRAINING), step * batch as u64);
        let room = CsrMut { row_offsets: &mut row_offsets, columns: &mut columns, values: &mut values };
        sample_independent_csr(&firing, n, stream, first, batch, room)?;
        let mut h = row_major_mut(&mut hidden, batch, d, d)?;
        project_csr(CsrRef::new(&row_offsets, &columns, &values, n)?, dictionary, None, h.as_mut())?;
        let params = TrainParams {
            adam: AdamParams { learning_rate: arguments.learning_rate, ..Default::default() },
            l1_coefficient: arguments.l1 * linear_warm_up(step, steps.min(1000)),
        };
        let stack = MemStack::new(&mut memory);
        report = train_step(weights.view_mut()?, &mut moments, step, h.as_ref(), &params, Par::Seq, stack)?;
        bar.update((step + 1) * batch as u64, report.loss);

        if (step + 1) % every == 0 || step + 1 == steps {
            let Evaluation { metrics, mcc } = judge(weights.view()?, firing, dictionary, seed, batch)?;
            println!(
                "{:>8} {:>8.4} {:>10.3} {:>10.3} {:>6} {:>10.4} {:>8.4}",
                step + 1,
                report.mse,
                metrics.true_l0,
                metrics.sae_l0,
                metrics.dead_latents,
                metrics.shrinkage,
                mcc
            );
        }
    }
    bar.finish(report.loss);

    let rows: Vec<f32> = (0..n).flat_map(|i| dictionary.row(i).as_slice()).copied().collect();
    for (name, values) in [("decoder.npy", &weights.decoder), ("dictionary.npy", &rows)] {
        files::npy::write(File::create(arguments.out.join(name))?, values, d)?;
    }
    println!("wrote decoder.npy and dictionary.npy to {}", arguments.out.display());
    Ok(())
}

/// Evaluates the weights on 100,000 samples that training never sees.
fn judge(
    sae: Sae<'_, f32>,
    firing: Firing<'_, f32>,
    dictionary: RowMajor<'_, f32>,
    seed: u64,
    batch: usize,
) -> Result<Evaluation, Error> {
    let (n, d, m) = (dictionary.nrows(), dictionary.ncols(), sae.decoder.nrows());
    let mut generator = Generator {
        features: n,
        firing,
        correlation: None,
        modifiers: &mut [],
        stream: Stream::new(seed, EVALUATION),
    };
    let mut coder = Coder { sae, memory: MemBuffer::new(encode_scratch::<f32>(batch, d)) };
    let mut memory = MemBuffer::new(evaluate_scratch::<f32>(n, d, m, batch, false));
    evaluate(
        &mut generator,
        dictionary,
        None,
        sae.decoder,
        &mut coder,
        &EvaluateParams { batch, ..Default::default() },
        Par::Seq,
        &mut silent,
        MemStack::new(&mut memory),
    )
}
