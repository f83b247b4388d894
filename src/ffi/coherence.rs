//! C functions that lower the largest cosine of a dictionary's vectors.

use super::boundary::{
    Arguments, VersionedStruct, answer_dictionary_query, call, init, init_struct, params, reporter,
};
use super::types::{saek_progress_callback, saek_status};
use crate::dictionary::{self, CoherenceParams, CoherenceReport};
use crate::error::{Argument, Error};
use crate::scalar::Scalar;
use core::ffi::c_void;
use faer::Par;

/// Parameters of `saek_lower_coherence_f32` and `saek_lower_coherence_f64`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct saek_lower_coherence_params {
    /// sizeof(saek_lower_coherence_params); `saek_lower_coherence_params_init` sets it.
    pub struct_size: u32,
    /// Zero.
    pub reserved: u32,
    /// Steps of Adam. Default 400.
    pub steps: u64,
    /// Step size of Adam at first, >= 0, in units of the root of 1/cols. Default 0.05.
    pub learning_rate: f64,
    /// The last exponent p, a power of two from 4 to 1024. Default 256.
    pub greatest_exponent: u64,
}

// SAFETY: repr(C), begins with struct_size, holds integers and floats.
unsafe impl VersionedStruct for saek_lower_coherence_params {
    fn defaults() -> Self {
        let d = CoherenceParams::default();
        Self {
            struct_size: size_of::<Self>() as u32,
            reserved: 0,
            steps: d.steps,
            learning_rate: d.learning_rate,
            greatest_exponent: d.greatest_exponent,
        }
    }
}

/// What `saek_lower_coherence_f32` and `saek_lower_coherence_f64` did.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct saek_lower_coherence_report {
    /// sizeof(saek_lower_coherence_report), set before the call; `saek_lower_coherence_report_init` sets it.
    pub struct_size: u32,
    /// Zero.
    pub reserved: u32,
    /// The largest |cosine| of two rows as they were given.
    pub before: f64,
    /// The largest |cosine| of two rows of the result.
    pub after: f64,
    /// sqrt((n - d) / (d (n - 1))), below which no n rows of d columns are; 0 for n <= d.
    pub welch_bound: f64,
    /// The step whose rows were kept, from 1; 0 where none was better than the rows as they were given.
    pub best_step: u64,
}

impl From<CoherenceReport> for saek_lower_coherence_report {
    fn from(report: CoherenceReport) -> Self {
        Self {
            struct_size: size_of::<Self>() as u32,
            reserved: 0,
            before: report.before,
            after: report.after,
            welch_bound: report.welch_bound,
            best_step: report.best_step,
        }
    }
}

// SAFETY: repr(C), begins with struct_size, holds integers and floats.
unsafe impl VersionedStruct for saek_lower_coherence_report {
    fn defaults() -> Self {
        CoherenceReport::default().into()
    }
}

/// Fills `params` with the defaults.
///
/// # Safety
/// `params` is null (status NULL_POINTER) or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_lower_coherence_params_init(
    params: *mut saek_lower_coherence_params,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { init(params) })
}

/// Sets the size of `report` and everything else to zero, as `saek_lower_coherence_f32` wants it.
///
/// Status: NULL_POINTER, MISALIGNED (report).
///
/// # Safety
/// `report` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_lower_coherence_report_init(
    report: *mut saek_lower_coherence_report,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { init_struct(report, Argument::Report) })
}

/// Says how much workspace `saek_lower_coherence_f32` needs: 4 rows cols + 96 rows numbers; rows cols
/// + 4 rows^2 + 224 rows for rows <= cols.
///
/// - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`.
///
/// Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); EMPTY, SIZE_OVERFLOW (dictionary); SIZE_OVERFLOW
/// (workspace).
///
/// # Safety
/// `bytes` and `align` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_lower_coherence_f32_workspace(
    rows: usize,
    cols: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        answer_dictionary_query::<f32>(dictionary::lower_coherence_scratch::<f32>, rows, cols, bytes, align)
    })
}

/// As `saek_lower_coherence_f32_workspace`, for `saek_lower_coherence_f64`.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_lower_coherence_f64_workspace(
    rows: usize,
    cols: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        answer_dictionary_query::<f64>(dictionary::lower_coherence_scratch::<f64>, rows, cols, bytes, align)
    })
}

/// Makes the rows of `dictionary` unit vectors whose largest |cosine| is low, starting from the given ones.
///
/// For n rows and d < n columns it is at least the Welch bound sqrt((n - d) / (d (n - 1))), and mostly more. Minimised is
/// log sum over i < j of |g_ij|^p, g = E E^T, p = 4, 8, ..., params->greatest_exponent, by Adam along the sphere, each p
/// for the same number of steps and the step size falling to zero. n x n numbers are never in memory.
///
/// Of all steps the rows with the least coherence are kept, so that it never rises, but where rows without a direction
/// (shorter than 1e-12) were given: those are random first. Rows that coincide, or are opposite, are parted by noise, the
/// same for every call. For n <= d the rows become orthonormal, the nearest such, in one step. Start from
/// `saek_tight_frame_f32`, which costs little beside this, or from random rows. Where the bound is met to rounding it ends.
///
/// - `dictionary`: `rows` by `cols`, row-major, rows `stride` elements apart; read and written.
/// - `params`: null for the defaults.
/// - `report`: null, or its struct_size set before, as by `saek_lower_coherence_report_init`; written.
/// - `progress`, `context`: called in each step with the coherence before it, as the loss; null for no reports.
/// - `workspace`, `workspace_bytes`: as `saek_lower_coherence_f32_workspace` says.
///
/// Status: NULL_POINTER, MISALIGNED, EMPTY, STRIDE, SIZE_OVERFLOW, NOT_A_NUMBER, INFINITE (dictionary); MISALIGNED,
/// STRUCT_SIZE (params, report); OVERLAP (report); NOT_A_NUMBER, INFINITE, OUT_OF_RANGE (learning_rate); OUT_OF_RANGE
/// (greatest_exponent); NULL_POINTER, MISALIGNED, WORKSPACE_TOO_SMALL, OVERLAP (workspace). CANCELLED (progress) and
/// DIVERGED (learning_rate) leave the best rows so far; NOT_CONVERGED (dictionary), for n <= d, should eigenvalues not be
/// found, leaves rows without meaning.
/// Cost: 3 n^2 d flops a step, and a sweep over n^2/2 numbers, 96 n of them in memory at a time. The same bits for the
/// same input on the same machine.
///
/// # Safety
/// Pointers are null or point to what is said here; `progress` may be called from this thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_lower_coherence_f32(
    dictionary: *mut f32,
    rows: usize,
    cols: usize,
    stride: usize,
    params: *const saek_lower_coherence_params,
    report: *mut saek_lower_coherence_report,
    progress: saek_progress_callback,
    context: *mut c_void,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        lower_coherence(
            dictionary,
            rows,
            cols,
            stride,
            params,
            report,
            progress,
            context,
            workspace,
            workspace_bytes,
        )
    })
}

/// As `saek_lower_coherence_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_lower_coherence_f64(
    dictionary: *mut f64,
    rows: usize,
    cols: usize,
    stride: usize,
    params: *const saek_lower_coherence_params,
    report: *mut saek_lower_coherence_report,
    progress: saek_progress_callback,
    context: *mut c_void,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        lower_coherence(
            dictionary,
            rows,
            cols,
            stride,
            params,
            report,
            progress,
            context,
            workspace,
            workspace_bytes,
        )
    })
}

/// # Safety
/// As the exported functions.
unsafe fn lower_coherence<T: Scalar>(
    matrix: *mut T,
    rows: usize,
    cols: usize,
    stride: usize,
    p: *const saek_lower_coherence_params,
    report: *mut saek_lower_coherence_report,
    progress: saek_progress_callback,
    context: *mut c_void,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> Result<(), Error> {
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    unsafe {
        let p = params(p)?;
        let matrix = arguments.matrix_mut(matrix, rows, cols, stride, Argument::Dictionary)?;
        let report =
            if report.is_null() { None } else { Some(arguments.output_struct(report, Argument::Report)?) };
        let request = dictionary::lower_coherence_scratch::<T>(rows, cols);
        let stack = arguments.workspace(workspace, workspace_bytes, request)?;
        let params = CoherenceParams {
            steps: p.steps,
            learning_rate: p.learning_rate,
            greatest_exponent: p.greatest_exponent,
        };
        let found =
            dictionary::lower_coherence(matrix, &params, Par::Seq, &mut reporter(progress, context), stack)?;
        if let Some(report) = report {
            report.write(found.into());
        }
    }
    Ok(())
}
