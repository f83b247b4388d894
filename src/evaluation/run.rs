//! A whole evaluation in one call: draw samples, encode, decode, measure, match the decoder with the dictionary.

use super::state::{EvaluationBatch, Metrics, add_batch, begin, counts_len, finish, sums_len};
use crate::activation::{Generator, generator_scratch};
use crate::error::{Argument, Error, Reason, ensure};
use crate::matching::{mcc, mcc_scratch};
use crate::matrix::{RowMajor, RowMajorMut, ensure_finite_matrix, ensure_not_empty, row_major_mut};
use crate::progress::{Progress, ProgressFn};
use crate::projection::project_dense;
use crate::scalar::Scalar;
use crate::workspace::{ensure_workspace, matrix_scratch, take, take_zeros, vector_scratch};
use core::ops::ControlFlow;
use faer::Par;
use faer::dyn_stack::{MemStack, StackReq};

/// An autoencoder of any kind, as its caller runs it.
pub trait Autoencoder<T> {
    /// Encodes `hidden[b, d]` into every element of `latents[b, m]`; may break off.
    fn encode(&mut self, hidden: RowMajor<'_, T>, latents: RowMajorMut<'_, T>) -> ControlFlow<()>;
    /// Decodes `latents[b, m]` into every element of `decoded[b, d]`; may break off.
    fn decode(&mut self, latents: RowMajor<'_, T>, decoded: RowMajorMut<'_, T>) -> ControlFlow<()>;
}

/// Parameters of [`evaluate`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EvaluateParams {
    /// Samples to draw, >= 1. Default 100,000, the reference's.
    pub samples: u64,
    /// Samples handled together, >= 1; the last batch may be smaller. Default 1024.
    pub batch: usize,
    /// Number of the first sample. Default 0.
    pub first_row: u64,
}

impl Default for EvaluateParams {
    fn default() -> Self {
        Self { samples: 100_000, batch: 1024, first_row: 0 }
    }
}

/// What [`evaluate`] found.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Evaluation {
    /// L0, dead latents, shrinkage.
    pub metrics: Metrics,
    /// Mean correlation coefficient of the decoder's rows and the dictionary's, in [0, 1].
    pub mcc: f64,
}

/// The workspace of [`evaluate`]: batch (n + 2 d + m) numbers, the state, and the larger of the generator's and the
/// matching's.
pub fn evaluate_scratch<T: Scalar>(
    features: usize,
    cols: usize,
    latents: usize,
    batch: usize,
    correlated: bool,
) -> StackReq {
    let state = vector_scratch::<u64>(counts_len(latents)).and(vector_scratch::<f64>(sums_len()));
    let of_batch = [
        matrix_scratch::<T>(batch, features),
        matrix_scratch::<T>(batch, cols),
        matrix_scratch::<T>(batch, latents),
        matrix_scratch::<T>(batch, cols),
    ];
    let sampling = StackReq::all_of(&of_batch).and(generator_scratch::<T>(features, correlated));
    state.and(sampling.or(mcc_scratch::<T>(latents, features, cols)))
}

/// Evaluates an autoencoder on samples of `generator`, projected by `dictionary[n, d]` and `bias[d]`.
///
/// `decoder[m, d]` holds the autoencoder's decoder rows; it gives the number of latents and the MCC. Memory does not
/// grow with the number of samples. `progress` hears of every batch, with loss 0.
///
/// # Errors
/// [`Reason::Empty`], [`Reason::Shape`], [`Reason::NotANumber`], [`Reason::Infinite`] on `Dictionary`, `Bias`,
/// `Decoder`; [`Reason::Empty`] on `Samples` and `Batch`; [`Reason::SizeOverflow`] on `FirstRow`; those of
/// [`Generator::sample`]; [`Reason::WorkspaceTooSmall`]; [`Reason::Cancelled`] on `Encode`, `Decode` or `Progress`
/// where a callback breaks off; [`Reason::NotANumber`] and [`Reason::Infinite`] on `Latents` and `Decoded` where one
/// gives such a value.
///
/// # Cost
/// A sample: drawing it, 2 n d flops of projection, the callbacks. Once: the MCC.
///
/// # Determinism
/// As the generator and the callbacks are. Unlike the reference, samples whose hidden vector is zero are encoded
/// with the others; they count for `true_l0` alone all the same.
///
/// # Source
/// `sae_lens.synthetic.eval_sae_on_synthetic_data`.
pub fn evaluate<T: Scalar>(
    generator: &mut Generator<'_, '_, T>,
    dictionary: RowMajor<'_, T>,
    bias: Option<&[T]>,
    decoder: RowMajor<'_, T>,
    autoencoder: &mut dyn Autoencoder<T>,
    params: &EvaluateParams,
    par: Par,
    progress: ProgressFn<'_>,
    stack: &mut MemStack,
) -> Result<Evaluation, Error> {
    ensure_not_empty(dictionary, Argument::Dictionary)?;
    let (n, d, m) = (dictionary.nrows(), dictionary.ncols(), decoder.nrows());
    ensure(generator.features == n, Reason::Shape, Argument::Dictionary)?;
    ensure_not_empty(decoder, Argument::Decoder)?;
    ensure(decoder.ncols() == d, Reason::Shape, Argument::Decoder)?;
    ensure_finite_matrix(decoder, Argument::Decoder)?;
    ensure(params.samples > 0, Reason::Empty, Argument::Samples)?;
    ensure(params.batch > 0, Reason::Empty, Argument::Batch)?;
    let last = params.first_row.checked_add(params.samples);
    ensure(last.is_some(), Reason::SizeOverflow, Argument::FirstRow)?;
    let correlated = generator.correlation.is_some();
    ensure_workspace(stack, evaluate_scratch::<T>(n, d, m, params.batch, correlated))?;

    let (mut counts, stack) = take(stack, counts_len(m), 0_u64);
    let (mut sums, stack) = take(stack, sums_len(), 0.0_f64);
    begin(&mut counts, &mut sums, m)?;
    {
        let (mut activations, stack) = take_zeros::<T>(stack, params.batch * n);
        let (mut hidden, stack) = take_zeros::<T>(stack, params.batch * d);
        let (mut latents, stack) = take_zeros::<T>(stack, params.batch * m);
        let (mut decoded, stack) = take_zeros::<T>(stack, params.batch * d);
        let mut done = 0;
        while done < params.samples {
            let rows = (params.samples - done).min(params.batch as u64) as usize;
            let mut x = row_major_mut(&mut activations, rows, n, n)?;
            let mut h = row_major_mut(&mut hidden, rows, d, d)?;
            let mut z = row_major_mut(&mut latents, rows, m, m)?;
            let mut y = row_major_mut(&mut decoded, rows, d, d)?;
            generator.sample(params.first_row + done, x.as_mut(), stack)?;
            project_dense(x.as_ref(), dictionary, bias, h.as_mut(), par)?;
            let flow = autoencoder.encode(h.as_ref(), z.as_mut());
            ensure(flow.is_continue(), Reason::Cancelled, Argument::Encode)?;
            let flow = autoencoder.decode(z.as_ref(), y.as_mut());
            ensure(flow.is_continue(), Reason::Cancelled, Argument::Decode)?;
            let batch = EvaluationBatch {
                activations: x.as_ref(),
                hidden: h.as_ref(),
                latents: z.as_ref(),
                decoded: y.as_ref(),
            };
            add_batch(&mut counts, &mut sums, &batch)?;
            done += rows as u64;
            let report = Progress { step: done, total: params.samples, loss: 0.0 };
            ensure(progress(&report).is_continue(), Reason::Cancelled, Argument::Progress)?;
        }
    }
    let mcc = mcc(decoder, dictionary, None, stack)?;
    Ok(Evaluation { metrics: finish(&counts, &sums)?, mcc })
}
