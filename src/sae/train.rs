//! One training step of the standard autoencoder: forward, backward, Adam.
//!
//! The loss of a batch of b vectors x, with latents f and reconstruction y of `relu.rs`, is
//!   L = 1/b sum_r |y_r - x_r|^2 + c/b sum_r sum_i f_ri |W_dec_i|,
//! mean squared error summed over dimensions, and an L1 penalty weighted by the decoder's row norms so that a latent
//! gains nothing by shrinking its activation and stretching its direction (Anthropic 2024, "Update on how we train
//! SAEs"; `StandardTrainingSAE` of sae-lens). With e = 2 (y - x)/b and g = [f > 0] (e W_dec^T + c/b |W_dec_i|):
//!   dL/dW_dec_i = sum_r f_ri e_r + c (1/b sum_r f_ri) W_dec_i/|W_dec_i|,   dL/db_enc = sum_r g_r,
//!   dL/dW_enc = (x - b_dec)^T g,   dL/db_dec = sum_r e_r - W_enc (sum_r g_r),
//! the last term only where b_dec is subtracted from the input.

use super::relu::{Sae, decode_checked, encode_checked};
use crate::adam::{AdamParams, AdamStep, AdamSweep};
use crate::dictionary::{length, squared_norm};
use crate::error::{Argument, Error, Reason, ensure, ensure_finite};
use crate::matrix::{
    RowMajor, RowMajorMut, ensure_finite_matrix, ensure_finite_slice, ensure_not_empty, row, row_major_mut,
    row_mut,
};
use crate::product::multiply;
use crate::scalar::Scalar;
use crate::simd::{Loop, vectorised};
use crate::workspace::{ensure_workspace, matrix_scratch, take, take_zeros, vector_scratch};
use faer::dyn_stack::{MemStack, StackReq};
use faer::{Accum, Par};

/// The weights of an autoencoder that is being trained; shapes as in [`Sae`].
#[derive(Debug)]
pub struct SaeMut<'a, T> {
    /// W_enc, d by m.
    pub encoder: RowMajorMut<'a, T>,
    /// b_enc, m numbers.
    pub encoder_bias: &'a mut [T],
    /// W_dec, m by d.
    pub decoder: RowMajorMut<'a, T>,
    /// b_dec, d numbers.
    pub decoder_bias: &'a mut [T],
    /// Whether b_dec is subtracted from what is encoded.
    pub subtract_decoder_bias: bool,
}

impl<T> SaeMut<'_, T> {
    /// The same weights, to read.
    pub fn as_ref(&self) -> Sae<'_, T> {
        Sae {
            encoder: self.encoder.as_ref(),
            encoder_bias: self.encoder_bias,
            decoder: self.decoder.as_ref(),
            decoder_bias: self.decoder_bias,
            subtract_decoder_bias: self.subtract_decoder_bias,
        }
    }
}

/// Parameters of [`train_step`]; schedules are applied by the caller, see [`crate::schedule`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TrainParams {
    /// Adam with this step's learning rate. Default 1e-3, 0.9, 0.999, 1e-8.
    pub adam: AdamParams,
    /// This step's coefficient c of the L1 penalty, >= 0. Default 0.
    pub l1_coefficient: f64,
}

/// What a batch gave before its update.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TrainReport {
    /// `mse + l1_coefficient * l1`.
    pub loss: f64,
    /// 1/b sum_r |y_r - x_r|^2.
    pub mse: f64,
    /// 1/b sum_r sum_i f_ri |W_dec_i|.
    pub l1: f64,
    /// Mean number of active latents.
    pub l0: f64,
}

/// The length of Adam's state for m latents on d dimensions: 2 (2 d m + m + d), or `None` where that overflows.
///
/// First the first moments of W_enc, b_enc, W_dec, b_dec, packed in this order, then the second moments.
pub fn moments_len(d: usize, m: usize) -> Option<usize> {
    d.checked_mul(m)?.checked_mul(2)?.checked_add(m)?.checked_add(d)?.checked_mul(2)
}

/// The workspace of [`train_step`] for batches of `b` vectors: 2 b (d + m) + d m + 2 m + d numbers and 2 m doubles.
pub fn train_step_scratch<T: Scalar>(b: usize, d: usize, m: usize) -> StackReq {
    let (batch_d, batch_m) = (matrix_scratch::<T>(b, d), matrix_scratch::<T>(b, m));
    let doubles = vector_scratch::<f64>(m);
    let of_latents = vector_scratch::<T>(m);
    let vectors = [doubles, doubles, of_latents, of_latents, vector_scratch::<T>(d)];
    StackReq::all_of(&[batch_d, batch_d, batch_m, batch_m, matrix_scratch::<T>(d, m)])
        .and(StackReq::all_of(&vectors))
}

/// Trains on one batch `hidden[b, d]` and gives its losses before the update.
///
/// `moments` is the caller's, of length [`moments_len`], zero before the first step; `step` counts the steps done
/// before, from 0. Weights, moments and step are the whole state: stored and restored, a run goes on bit for bit.
///
/// # Errors
/// [`Reason::Empty`], [`Reason::Shape`], [`Reason::NotANumber`], [`Reason::Infinite`] on the weights and on `Hidden`;
/// [`Reason::Shape`], [`Reason::NotANumber`], [`Reason::Infinite`] on `Moments`; [`Reason::OutOfRange`] and the like
/// on the parameters, [`Reason::OutOfRange`] on `Step` for `u64::MAX`; [`Reason::WorkspaceTooSmall`];
/// [`Reason::Diverged`] on `Sae` where the loss is not finite. Weights and moments are then untouched.
///
/// # Cost
/// 10 b d m flops in five matrix products. No allocation with `std` after a thread's first products.
/// Deterministic on one machine.
pub fn train_step<T: Scalar>(
    mut sae: SaeMut<'_, T>,
    moments: &mut [T],
    step: u64,
    hidden: RowMajor<'_, T>,
    params: &TrainParams,
    par: Par,
    stack: &mut MemStack,
) -> Result<TrainReport, Error> {
    check(&sae.as_ref(), moments, step, hidden, params)?;
    let (b, d, m) = (hidden.nrows(), hidden.ncols(), sae.encoder.ncols());
    ensure_workspace(stack, train_step_scratch::<T>(b, d, m))?;

    let (mut centred, stack) = take_zeros::<T>(stack, b * d);
    let (mut error, stack) = take_zeros::<T>(stack, b * d);
    let (mut latents, stack) = take_zeros::<T>(stack, b * m);
    let (mut pulled, stack) = take_zeros::<T>(stack, b * m);
    let (mut gradient, stack) = take_zeros::<T>(stack, d * m);
    let (mut norms, stack) = take(stack, m, 0.0_f64);
    let (mut activity, stack) = take(stack, m, 0.0_f64);
    let (mut shrink, stack) = take_zeros::<T>(stack, m);
    let (mut to_encoder_bias, stack) = take_zeros::<T>(stack, m);
    let (mut to_decoder_bias, _) = take_zeros::<T>(stack, d);
    let mut centred = row_major_mut(&mut centred, b, d, d)?;
    let mut error = row_major_mut(&mut error, b, d, d)?;
    let mut latents = row_major_mut(&mut latents, b, m, m)?;
    let mut pulled = row_major_mut(&mut pulled, b, m, m)?;
    let penalty = params.l1_coefficient / b as f64;

    // Forward, to y - x.
    encode_checked(&sae.as_ref(), hidden, &mut centred, &mut latents, par);
    decode_checked(&sae.as_ref(), latents.as_ref(), &mut error, par);
    for (i, norm) in norms.iter_mut().enumerate() {
        *norm = length(row(sae.decoder.as_ref(), i));
    }
    let (mut squares, mut active) = (0.0, 0);
    for r in 0..b {
        let sample = ForwardSums {
            decoded: row_mut(&mut error, r),
            hidden: row(hidden, r),
            latents: row(latents.as_ref(), r),
            activity: &mut activity,
        };
        let (square, count) = vectorised(sample);
        squares += square;
        active += count;
    }
    let l1 = norms.iter().zip(activity.iter()).map(|(norm, sum)| norm * sum).sum::<f64>() / b as f64;
    let mse = squares / b as f64;
    let loss = mse + params.l1_coefficient * l1;
    ensure(loss.is_finite(), Reason::Diverged, Argument::Sae)?;

    // Backward to the latents and the biases, while every weight still has its old value.
    let (e, w) = (error.as_ref().as_dyn_stride(), sae.decoder.as_ref().as_dyn_stride());
    let scale = T::from_f64(2.0 / b as f64);
    multiply(pulled.as_mut(), Accum::Replace, e, w.transpose(), scale, par);
    for (pull, norm) in shrink.iter_mut().zip(norms.iter()) {
        *pull = T::from_f64(penalty * norm);
    }
    for r in 0..b {
        vectorised(BackwardSums {
            gradient: row_mut(&mut pulled, r),
            latents: row(latents.as_ref(), r),
            shrink: &shrink,
            to_encoder_bias: &mut to_encoder_bias,
            error: row(error.as_ref(), r),
            scale,
            to_decoder_bias: &mut to_decoder_bias,
        });
    }
    if sae.subtract_decoder_bias {
        for (k, g) in to_decoder_bias.iter_mut().enumerate() {
            let through = row(sae.encoder.as_ref(), k).iter().zip(to_encoder_bias.iter());
            *g -= through.fold(T::ZERO, |sum, (&w, &g)| sum + w * g);
        }
    }

    // Backward to the weights, one matrix at a time in the same memory, each moved at once.
    let adam = AdamStep::<T>::new(&params.adam, step + 1);
    let [first, second] = split_moments(moments, d, m);
    let mut to_decoder = row_major_mut(&mut gradient, m, d, d)?;
    let f = latents.as_ref().as_dyn_stride().transpose();
    multiply(to_decoder.as_mut(), Accum::Replace, f, e, scale, par);
    for i in 0..m {
        // A zero row of the decoder has no direction to shrink along.
        if penalty > 0.0 && norms[i] > 0.0 {
            let pull = T::from_f64(penalty * activity[i] / norms[i]);
            let direction = row(sae.decoder.as_ref(), i);
            row_mut(&mut to_decoder, i).iter_mut().zip(direction).for_each(|(g, &w)| *g += pull * w);
        }
    }
    for i in 0..m {
        let span = i * d..(i + 1) * d;
        let moments = (&mut first.decoder[span.clone()], &mut second.decoder[span]);
        descend(row_mut(&mut sae.decoder, i), row(to_decoder.as_ref(), i), moments, &adam);
    }
    let mut to_encoder = row_major_mut(&mut gradient, d, m, m)?;
    let (x, g) = (centred.as_ref().as_dyn_stride().transpose(), pulled.as_ref().as_dyn_stride());
    multiply(to_encoder.as_mut(), Accum::Replace, x, g, T::ONE, par);
    for k in 0..d {
        let span = k * m..(k + 1) * m;
        let moments = (&mut first.encoder[span.clone()], &mut second.encoder[span]);
        descend(row_mut(&mut sae.encoder, k), row(to_encoder.as_ref(), k), moments, &adam);
    }
    let moments = (&mut *first.encoder_bias, &mut *second.encoder_bias);
    descend(sae.encoder_bias, &to_encoder_bias, moments, &adam);
    let moments = (&mut *first.decoder_bias, &mut *second.decoder_bias);
    descend(sae.decoder_bias, &to_decoder_bias, moments, &adam);

    Ok(TrainReport { loss, mse, l1, l0: active as f64 / b as f64 })
}

/// Refuses what [`train_step`] cannot start from.
fn check<T: Scalar>(
    sae: &Sae<'_, T>,
    moments: &[T],
    step: u64,
    hidden: RowMajor<'_, T>,
    params: &TrainParams,
) -> Result<(), Error> {
    sae.check()?;
    ensure_not_empty(hidden, Argument::Hidden)?;
    let (d, m) = (hidden.ncols(), sae.encoder.ncols());
    ensure(d == sae.encoder.nrows(), Reason::Shape, Argument::Hidden)?;
    ensure(Some(moments.len()) == moments_len(d, m), Reason::Shape, Argument::Moments)?;
    params.adam.check()?;
    ensure_finite(params.l1_coefficient, Argument::L1Coefficient)?;
    ensure(params.l1_coefficient >= 0.0, Reason::OutOfRange, Argument::L1Coefficient)?;
    ensure(step < u64::MAX, Reason::OutOfRange, Argument::Step)?;
    ensure_finite_matrix(hidden, Argument::Hidden)?;
    ensure_finite_slice(moments, Argument::Moments)
}

/// Of one sample: turns the decoded vector y into y - x, gives the sum of its squares and the number of active
/// latents, and adds the latents to `activity`.
struct ForwardSums<'a, T> {
    decoded: &'a mut [T],
    hidden: &'a [T],
    latents: &'a [T],
    activity: &'a mut [f64],
}

impl<T: Scalar> Loop for ForwardSums<'_, T> {
    type Output = (f64, u64);

    #[inline(always)]
    fn run(self) -> (f64, u64) {
        for (y, &x) in self.decoded.iter_mut().zip(self.hidden) {
            *y -= x;
        }
        let mut active = 0_u64;
        for (sum, &f) in self.activity.iter_mut().zip(self.latents) {
            *sum += f.to_f64();
            active += u64::from(f > T::ZERO);
        }
        (squared_norm(self.decoded), active)
    }
}

/// Of one sample: turns the gradient by its latents into one by their pre-activations, the penalty's part `shrink`
/// coming in where a latent is active and nothing passing where it is not, and adds to the gradients of both biases.
struct BackwardSums<'a, T> {
    gradient: &'a mut [T],
    latents: &'a [T],
    shrink: &'a [T],
    to_encoder_bias: &'a mut [T],
    error: &'a [T],
    scale: T,
    to_decoder_bias: &'a mut [T],
}

impl<T: Scalar> Loop for BackwardSums<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let per_latent = self.latents.iter().zip(self.shrink).zip(self.to_encoder_bias);
        for (g, ((&f, &shrink), sum)) in self.gradient.iter_mut().zip(per_latent) {
            // Added whether it passes or not, so that the loop has no branch.
            let pulled = *g + shrink;
            *g = if f > T::ZERO { pulled } else { T::ZERO };
            *sum += *g;
        }
        for (sum, &e) in self.to_decoder_bias.iter_mut().zip(self.error) {
            *sum += self.scale * e;
        }
    }
}

/// One of Adam's two moments of every weight.
struct Moments<'a, T> {
    encoder: &'a mut [T],
    encoder_bias: &'a mut [T],
    decoder: &'a mut [T],
    decoder_bias: &'a mut [T],
}

/// Splits the caller's state into first and second moments.
fn split_moments<T>(moments: &mut [T], d: usize, m: usize) -> [Moments<'_, T>; 2] {
    let (first, second) = moments.split_at_mut(moments.len() / 2);
    [first, second].map(|half| {
        let (encoder, half) = half.split_at_mut(d * m);
        let (encoder_bias, half) = half.split_at_mut(m);
        let (decoder, decoder_bias) = half.split_at_mut(d * m);
        Moments { encoder, encoder_bias, decoder, decoder_bias }
    })
}

/// Moves some weights by one step of Adam.
fn descend<T: Scalar>(
    weights: &mut [T],
    gradient: &[T],
    (first, second): (&mut [T], &mut [T]),
    step: &AdamStep<T>,
) {
    vectorised(AdamSweep { weights, gradient, scale: T::ONE, first, second, step: *step });
}
