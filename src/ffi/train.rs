//! C functions that train the standard autoencoder.

use super::boundary::{Arguments, VersionedStruct, answer_query, call, init, init_struct, params};
use super::types::saek_status;
use super::weights::{Weights, saek_sae_f32, saek_sae_f64};
use crate::adam::AdamParams;
use crate::error::{Argument, Error, Reason, ensure};
use crate::matrix::span;
use crate::sae::{self, TrainParams, TrainReport};
use crate::scalar::Scalar;
use core::ffi::c_void;
use faer::Par;

/// Parameters of `saek_sae_train_step_f32` and `saek_sae_train_step_f64`. Schedules are the caller's: each step has its
/// own values; see `saek_linear_warm_up_and_decay`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct saek_train_params {
    /// sizeof(saek_train_params); `saek_train_params_init` sets it.
    pub struct_size: u32,
    /// Zero.
    pub reserved: u32,
    /// Step size of Adam, >= 0. Default 0.001.
    pub learning_rate: f64,
    /// Decay of Adam's first moment, in [0, 1). Default 0.9.
    pub beta1: f64,
    /// Decay of Adam's second moment, in [0, 1). Default 0.999.
    pub beta2: f64,
    /// Added to the root of Adam's second moment, > 0. Default 1e-8.
    pub epsilon: f64,
    /// Coefficient of the L1 penalty, >= 0. Default 0.
    pub l1_coefficient: f64,
}

// SAFETY: repr(C), begins with struct_size, holds integers and floats.
unsafe impl VersionedStruct for saek_train_params {
    fn defaults() -> Self {
        let d = TrainParams::default();
        Self {
            struct_size: size_of::<Self>() as u32,
            reserved: 0,
            learning_rate: d.adam.learning_rate,
            beta1: d.adam.beta1,
            beta2: d.adam.beta2,
            epsilon: d.adam.epsilon,
            l1_coefficient: d.l1_coefficient,
        }
    }
}

/// Fills `params` with the defaults.
///
/// Status: NULL_POINTER, MISALIGNED (params).
///
/// # Safety
/// `params` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_train_params_init(params: *mut saek_train_params) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { init(params) })
}

/// What a batch gave before its update.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct saek_train_report {
    /// sizeof(saek_train_report), set before the call; `saek_train_report_init` sets it.
    pub struct_size: u32,
    /// Zero.
    pub reserved: u32,
    /// mse + l1_coefficient * l1.
    pub loss: f64,
    /// Mean over the batch of |decoded - hidden|^2, summed over dimensions.
    pub mse: f64,
    /// Mean over the batch of the sum over latents i of latent_i |W_dec_i|.
    pub l1: f64,
    /// Mean over the batch of the number of active latents.
    pub l0: f64,
}

impl From<TrainReport> for saek_train_report {
    fn from(report: TrainReport) -> Self {
        Self {
            struct_size: size_of::<Self>() as u32,
            reserved: 0,
            loss: report.loss,
            mse: report.mse,
            l1: report.l1,
            l0: report.l0,
        }
    }
}

// SAFETY: repr(C), begins with struct_size, holds integers and floats.
unsafe impl VersionedStruct for saek_train_report {
    fn defaults() -> Self {
        TrainReport::default().into()
    }
}

/// Sets the size of `report` and everything else to zero, as the training steps want it.
///
/// Status: NULL_POINTER, MISALIGNED (report).
///
/// # Safety
/// `report` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_train_report_init(report: *mut saek_train_report) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { init_struct(report, Argument::Report) })
}

/// Writes to `count` the length of `moments` for an autoencoder of m latents on d dimensions: 2 (2 d m + m + d).
///
/// - `cols`, `latents`: d and m, >= 1.
/// - `count`: written.
///
/// Status: EMPTY (cols, latents); SIZE_OVERFLOW (moments); NULL_POINTER, MISALIGNED (count).
///
/// # Safety
/// `count` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sae_moments_len(cols: usize, latents: usize, count: *mut usize) -> saek_status {
    call(|| {
        ensure(cols > 0, Reason::Empty, Argument::Cols)?;
        ensure(latents > 0, Reason::Empty, Argument::Latents)?;
        let len =
            sae::moments_len(cols, latents).ok_or(Error::new(Reason::SizeOverflow, Argument::Moments))?;
        // SAFETY: the caller's promise.
        *unsafe { Arguments::new().output(count, Argument::Count)? } = len;
        Ok(())
    })
}

/// Says how much workspace `saek_sae_train_step_f32` needs for batches of `rows` vectors in d = `cols` dimensions and
/// m = `latents` latents: about 2 rows (d + m) + d m numbers.
///
/// - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`.
///
/// Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); EMPTY, SIZE_OVERFLOW (hidden, encoder); SIZE_OVERFLOW
/// (workspace).
///
/// # Safety
/// `bytes` and `align` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sae_train_step_f32_workspace(
    rows: usize,
    cols: usize,
    latents: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { train_step_workspace::<f32>(rows, cols, latents, bytes, align) })
}

/// As `saek_sae_train_step_f32_workspace`, for `saek_sae_train_step_f64`.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sae_train_step_f64_workspace(
    rows: usize,
    cols: usize,
    latents: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { train_step_workspace::<f64>(rows, cols, latents, bytes, align) })
}

/// # Safety
/// As the exported functions.
unsafe fn train_step_workspace<T: Scalar>(
    rows: usize,
    cols: usize,
    latents: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> Result<(), Error> {
    let request = span::<T>(rows, cols, cols, Argument::Hidden)
        .and_then(|_| span::<T>(cols, latents, latents, Argument::Encoder))
        .map(|_| sae::train_step_scratch::<T>(rows, cols, latents));
    // SAFETY: the caller's promise.
    unsafe { answer_query(request, bytes, align) }
}

/// Trains an autoencoder on one batch: forward, backward, one step of Adam.
///
/// For vectors x_r with latents f_r and reconstructions y_r the loss is
/// L = 1/rows sum over r of |y_r - x_r|^2 + l1_coefficient/rows sum over r, i of f_ri |W_dec_i|,
/// as that of sae-lens's `StandardTrainingSAE`. Weights, moments and step are the whole state: stored and restored, a run
/// goes on bit for bit. Gradients are of this batch alone.
///
/// - `sae`: the weights; what its pointers point to is read and written.
/// - `moments`: Adam's state, `moments_len` numbers, zero before the first step; read and written. First the first moments
///   of W_enc, b_enc, W_dec, b_dec, packed in this order, then the second moments.
/// - `moments_len`: as `saek_sae_moments_len` says.
/// - `step`: steps done before, from 0.
/// - `hidden`: the batch, `rows` by sae->cols, row-major, rows `hidden_stride` elements apart.
/// - `hidden_stride`: >= sae->cols.
/// - `params`: NULL for the defaults.
/// - `report`: written, its struct_size set before, as by `saek_train_report_init`; NULL for none.
/// - `workspace`, `workspace_bytes`: as `saek_sae_train_step_f32_workspace` says.
///
/// Status: NULL_POINTER, MISALIGNED, STRUCT_SIZE (sae); UNKNOWN_VALUE (subtract_decoder_bias); NULL_POINTER, MISALIGNED,
/// EMPTY, STRIDE, SIZE_OVERFLOW (encoder, decoder, hidden); NULL_POINTER, MISALIGNED, SIZE_OVERFLOW (encoder_bias,
/// decoder_bias, moments); SHAPE (moments); NOT_A_NUMBER, INFINITE (encoder, encoder_bias, decoder, decoder_bias,
/// moments, hidden); MISALIGNED, STRUCT_SIZE (params, report); NOT_A_NUMBER, INFINITE, OUT_OF_RANGE (learning_rate, beta1,
/// beta2, epsilon, l1_coefficient); OUT_OF_RANGE (step) for 2^64 - 1; NULL_POINTER, MISALIGNED, WORKSPACE_TOO_SMALL
/// (workspace); OVERLAP for any two arguments; DIVERGED (sae) where the loss is not finite. Weights, moments and report are
/// then untouched.
/// Cost: 10 rows cols latents flops in five matrix products. The same bits for the same input on the same machine.
///
/// # Safety
/// Pointers are null or point to what is said here and in the structs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sae_train_step_f32(
    sae: *const saek_sae_f32,
    moments: *mut f32,
    moments_len: usize,
    step: u64,
    hidden: *const f32,
    rows: usize,
    hidden_stride: usize,
    params: *const saek_train_params,
    report: *mut saek_train_report,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        train_step(
            sae,
            moments,
            moments_len,
            step,
            hidden,
            rows,
            hidden_stride,
            params,
            report,
            workspace,
            workspace_bytes,
        )
    })
}

/// As `saek_sae_train_step_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sae_train_step_f64(
    sae: *const saek_sae_f64,
    moments: *mut f64,
    moments_len: usize,
    step: u64,
    hidden: *const f64,
    rows: usize,
    hidden_stride: usize,
    params: *const saek_train_params,
    report: *mut saek_train_report,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        train_step(
            sae,
            moments,
            moments_len,
            step,
            hidden,
            rows,
            hidden_stride,
            params,
            report,
            workspace,
            workspace_bytes,
        )
    })
}

/// # Safety
/// As the exported functions.
unsafe fn train_step<T: Scalar, S: VersionedStruct + Into<Weights<T>>>(
    sae: *const S,
    moments: *mut T,
    moments_len: usize,
    step: u64,
    hidden: *const T,
    rows: usize,
    hidden_stride: usize,
    p: *const saek_train_params,
    report: *mut saek_train_report,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> Result<(), Error> {
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    let (sae, moments, hidden, p, report, stack) = unsafe {
        let weights = Weights::read(sae)?;
        let (d, m) = (weights.cols, weights.latents);
        let p = params(p)?;
        let sae = weights.borrow_mut(&mut arguments)?;
        let moments = arguments.slice_mut(moments, moments_len, Argument::Moments)?;
        let hidden = arguments.matrix(hidden, rows, d, hidden_stride, Argument::Hidden)?;
        let report =
            if report.is_null() { None } else { Some(arguments.output_struct(report, Argument::Report)?) };
        let request = sae::train_step_scratch::<T>(rows, d, m);
        (sae, moments, hidden, p, report, arguments.workspace(workspace, workspace_bytes, request)?)
    };
    let params = TrainParams {
        adam: AdamParams {
            learning_rate: p.learning_rate,
            beta1: p.beta1,
            beta2: p.beta2,
            epsilon: p.epsilon,
        },
        l1_coefficient: p.l1_coefficient,
    };
    let found = sae::train_step(sae, moments, step, hidden, &params, Par::Seq, stack)?;
    if let Some(report) = report {
        report.write(found.into());
    }
    Ok(())
}
