//! C functions that make feature dictionaries.

use super::boundary::{Arguments, VersionedStruct, answer_dictionary_query, call, init, params, reporter};
use super::types::{saek_progress_callback, saek_status};
use crate::dictionary;
use crate::error::{Argument, Error};
use crate::rng::Stream;
use crate::scalar::Scalar;
use core::ffi::c_void;
use faer::Par;

/// Scales every row of `matrix` to unit length: e_i <- e_i / max(|e_i|, 1e-8).
///
/// - `matrix`: `rows` by `cols`, row-major, rows `stride` elements apart; read and written.
/// - `stride`: >= cols.
///
/// Status: NULL_POINTER, MISALIGNED, EMPTY, STRIDE, SIZE_OVERFLOW, NOT_A_NUMBER, INFINITE (matrix).
/// Cost: 3 rows cols flops, no workspace.
///
/// # Safety
/// `matrix` is null or points to (rows - 1) * stride + cols numbers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_normalise_rows_f32(
    matrix: *mut f32,
    rows: usize,
    cols: usize,
    stride: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { normalise_rows(matrix, rows, cols, stride) })
}

/// As `saek_normalise_rows_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_normalise_rows_f64(
    matrix: *mut f64,
    rows: usize,
    cols: usize,
    stride: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { normalise_rows(matrix, rows, cols, stride) })
}

/// # Safety
/// As the exported functions.
unsafe fn normalise_rows<T: Scalar>(
    matrix: *mut T,
    rows: usize,
    cols: usize,
    stride: usize,
) -> Result<(), Error> {
    // SAFETY: the caller's promise.
    let matrix = unsafe { Arguments::new().matrix_mut(matrix, rows, cols, stride, Argument::Matrix)? };
    dictionary::normalise_rows(matrix)
}

/// Fills `dictionary` with independent unit vectors, uniform on the sphere: Gaussian rows scaled to unit length.
///
/// Row i depends on (seed, stream, first_row + i) alone, so that a dictionary may be made in parts.
///
/// - `seed`, `stream`: name the random numbers.
/// - `first_row`: index of the first row; the sum first_row + i wraps.
/// - `dictionary`: `rows` by `cols`, row-major, rows `stride` elements apart; written.
///
/// Status: NULL_POINTER, MISALIGNED, EMPTY, STRIDE, SIZE_OVERFLOW (dictionary).
/// Cost: rows cols normal numbers, no workspace. The same on every platform.
///
/// # Safety
/// `dictionary` is null or points to (rows - 1) * stride + cols numbers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_random_unit_rows_f32(
    seed: u64,
    stream: u64,
    first_row: u64,
    dictionary: *mut f32,
    rows: usize,
    cols: usize,
    stride: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { random_unit_rows(Stream::new(seed, stream), first_row, dictionary, rows, cols, stride) })
}

/// As `saek_random_unit_rows_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_random_unit_rows_f64(
    seed: u64,
    stream: u64,
    first_row: u64,
    dictionary: *mut f64,
    rows: usize,
    cols: usize,
    stride: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { random_unit_rows(Stream::new(seed, stream), first_row, dictionary, rows, cols, stride) })
}

/// # Safety
/// As the exported functions.
unsafe fn random_unit_rows<T: Scalar>(
    random: Stream,
    first_row: u64,
    matrix: *mut T,
    rows: usize,
    cols: usize,
    stride: usize,
) -> Result<(), Error> {
    // SAFETY: the caller's promise.
    let matrix = unsafe { Arguments::new().matrix_mut(matrix, rows, cols, stride, Argument::Dictionary)? };
    dictionary::random_unit_rows(matrix, random, first_row)
}

/// Parameters of `saek_orthogonalise_f32` and `saek_orthogonalise_f64`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct saek_orthogonalise_params {
    /// sizeof(saek_orthogonalise_params); `saek_orthogonalise_params_init` sets it.
    pub struct_size: u32,
    /// Zero.
    pub reserved: u32,
    /// The cosine that every two rows are drawn to, in [-1, 1]. Default 0.
    pub target_cosine: f64,
    /// Steps of Adam. Default 200. Zero only normalises.
    pub steps: u64,
    /// Step size of Adam, >= 0. Default 0.01.
    pub learning_rate: f64,
}

// SAFETY: repr(C), begins with struct_size, holds integers and floats.
unsafe impl VersionedStruct for saek_orthogonalise_params {
    fn defaults() -> Self {
        let d = dictionary::OrthogonaliseParams::default();
        Self {
            struct_size: size_of::<Self>() as u32,
            reserved: 0,
            target_cosine: d.target_cosine,
            steps: d.steps,
            learning_rate: d.learning_rate,
        }
    }
}

/// Fills `params` with the defaults.
///
/// # Safety
/// `params` is null (status NULL_POINTER) or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_orthogonalise_params_init(
    params: *mut saek_orthogonalise_params,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { init(params) })
}

/// Says how much workspace `saek_orthogonalise_f32` needs: 2 rows cols numbers more than
/// `saek_orthogonalise_resume_f32`.
///
/// - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`.
///
/// Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); EMPTY, SIZE_OVERFLOW (dictionary); SIZE_OVERFLOW
/// (workspace).
///
/// # Safety
/// `bytes` and `align` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_orthogonalise_f32_workspace(
    rows: usize,
    cols: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        answer_dictionary_query::<f32>(dictionary::orthogonalise_scratch::<f32>, rows, cols, bytes, align)
    })
}

/// As `saek_orthogonalise_f32_workspace`, for `saek_orthogonalise_f64`.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_orthogonalise_f64_workspace(
    rows: usize,
    cols: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        answer_dictionary_query::<f64>(dictionary::orthogonalise_scratch::<f64>, rows, cols, bytes, align)
    })
}

/// Makes the rows of `dictionary` unit vectors whose cosines are near params->target_cosine.
///
/// Rows to unit length; `steps` steps of Adam (0.9, 0.999, 1e-8) on
/// L = sum over i != j of (g_ij - t)^2 + n sum over i of (g_ii - 1)^2, g = E E^T; rows to unit length again: what
/// sae-lens's `orthogonalize_embeddings` does, by a d x d (or n x n, whichever is smaller) matrix.
///
/// - `dictionary`: `rows` by `cols`, row-major, rows `stride` elements apart; read and written.
/// - `params`: null for the defaults.
/// - `progress`, `context`: called after each step with the loss before its update; null for no reports.
/// - `workspace`, `workspace_bytes`: as `saek_orthogonalise_f32_workspace` says.
///
/// Status: NULL_POINTER, MISALIGNED, EMPTY, STRIDE, SIZE_OVERFLOW, NOT_A_NUMBER, INFINITE (dictionary); MISALIGNED,
/// STRUCT_SIZE (params); NOT_A_NUMBER, INFINITE, OUT_OF_RANGE (target_cosine, learning_rate); NULL_POINTER,
/// MISALIGNED, WORKSPACE_TOO_SMALL, OVERLAP (workspace). CANCELLED (progress) leaves the rows of the last step, at
/// unit length; DIVERGED (learning_rate) leaves rows without meaning.
/// Cost: 3 rows cols min(rows, cols) flops a step. The same bits for the same input on the same machine.
///
/// # Safety
/// Pointers are null or point to what is said here; `progress` may be called from this thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_orthogonalise_f32(
    dictionary: *mut f32,
    rows: usize,
    cols: usize,
    stride: usize,
    params: *const saek_orthogonalise_params,
    progress: saek_progress_callback,
    context: *mut c_void,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        orthogonalise(dictionary, rows, cols, stride, params, progress, context, workspace, workspace_bytes)
    })
}

/// As `saek_orthogonalise_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_orthogonalise_f64(
    dictionary: *mut f64,
    rows: usize,
    cols: usize,
    stride: usize,
    params: *const saek_orthogonalise_params,
    progress: saek_progress_callback,
    context: *mut c_void,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        orthogonalise(dictionary, rows, cols, stride, params, progress, context, workspace, workspace_bytes)
    })
}

/// # Safety
/// As the exported functions.
unsafe fn orthogonalise<T: Scalar>(
    matrix: *mut T,
    rows: usize,
    cols: usize,
    stride: usize,
    p: *const saek_orthogonalise_params,
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
        let request = dictionary::orthogonalise_scratch::<T>(rows, cols);
        let stack = arguments.workspace(workspace, workspace_bytes, request)?;
        let params = dictionary::OrthogonaliseParams {
            target_cosine: p.target_cosine,
            steps: p.steps,
            learning_rate: p.learning_rate,
        };
        dictionary::orthogonalise(matrix, &params, Par::Seq, &mut reporter(progress, context), stack)
    }
}
