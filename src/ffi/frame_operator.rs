//! C functions for a dictionary on many machines: its frame operator in parts, and steps of Adam given the whole.

use super::boundary::{Arguments, VersionedStruct, answer_dictionary_query, call, init, params};
use super::orthogonalise::moments_len;
use super::threads::par;
use super::types::saek_status;
use crate::dictionary::{
    ApplyParams, NextFrame, WholeDictionary, frame_operator_partial, frame_operator_partial_scratch,
    orthogonalise_apply, orthogonalise_apply_scratch,
};
use crate::error::{Argument, Error};
use crate::scalar::Scalar;
use core::ffi::c_void;

/// Parameters of `saek_orthogonalise_apply_f32` and `saek_orthogonalise_apply_f64`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct saek_orthogonalise_apply_params {
    /// sizeof(saek_orthogonalise_apply_params); `saek_orthogonalise_apply_params_init` sets it.
    pub struct_size: u32,
    /// The most threads to work on; 0, the default, and 1 mean the calling thread alone. More are refused unless
    /// the library was built with the feature parallel. The result does not depend on it.
    pub threads: u32,
    /// The cosine that every two rows are drawn to, in [-1, 1]. Default 0.
    pub target_cosine: f64,
    /// Step size of Adam, >= 0. Default 0.01.
    pub learning_rate: f64,
}

// SAFETY: repr(C), begins with struct_size, holds integers and floats.
unsafe impl VersionedStruct for saek_orthogonalise_apply_params {
    fn defaults() -> Self {
        let ApplyParams { target_cosine, learning_rate } = ApplyParams::default();
        Self { struct_size: size_of::<Self>() as u32, threads: 0, target_cosine, learning_rate }
    }
}

/// Fills `params` with the defaults.
///
/// Status: NULL_POINTER, MISALIGNED (params).
///
/// # Safety
/// `params` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_orthogonalise_apply_params_init(
    params: *mut saek_orthogonalise_apply_params,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { init(params) })
}

/// Says how much workspace `saek_frame_operator_partial_f32` needs: cols^2 numbers and cols doubles for
/// each group of max(512, cols, rows/64) rows, rounded up to blocks of cols/4 rows, these to 128s.
///
/// - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`.
///
/// Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); EMPTY, SIZE_OVERFLOW (dictionary); SIZE_OVERFLOW
/// (workspace).
///
/// # Safety
/// `bytes` and `align` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_frame_operator_partial_f32_workspace(
    rows: usize,
    cols: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        answer_dictionary_query::<f32>(frame_operator_partial_scratch::<f32>, rows, cols, bytes, align)
    })
}

/// As `saek_frame_operator_partial_f32_workspace`, for `saek_frame_operator_partial_f64`.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_frame_operator_partial_f64_workspace(
    rows: usize,
    cols: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        answer_dictionary_query::<f64>(frame_operator_partial_scratch::<f64>, rows, cols, bytes, align)
    })
}

/// Writes the frame operator F = E^T E of some rows of a dictionary, E = `dictionary`, and their sum s.
///
/// F_kl = sum over i of e_ik e_il, s_k = sum over i of e_ik. Of parts of a dictionary, on machines of their own, both add
/// up to those of the whole, which `saek_orthogonalise_apply_f32` takes.
///
/// - `dictionary`: `rows` by `cols`, row-major, rows `stride` elements apart.
/// - `threads`: the most threads to work on, 0 and 1 for the calling thread alone; more are refused unless the library was
///   built with the feature parallel.
/// - `frame`: `cols` by `cols`, packed, written, both halves.
/// - `row_sum`: `cols` doubles, written.
/// - `workspace`, `workspace_bytes`: as `saek_frame_operator_partial_f32_workspace` says.
///
/// Status: NULL_POINTER, MISALIGNED, EMPTY, STRIDE, SIZE_OVERFLOW, NOT_A_NUMBER, INFINITE (dictionary); NULL_POINTER,
/// MISALIGNED, SIZE_OVERFLOW (frame, row_sum); OUT_OF_RANGE (threads: more than one in a library without threads);
/// NULL_POINTER, MISALIGNED, WORKSPACE_TOO_SMALL (workspace); OVERLAP for any two arguments. Nothing is then written.
/// Cost: rows cols^2 flops, one pass over the rows. The same bits for the same input on the same machine, for any number
/// of threads.
/// Source: Benedetto and Fickus 2003 for the frame operator.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_frame_operator_partial_f32(
    dictionary: *const f32,
    rows: usize,
    cols: usize,
    stride: usize,
    threads: u32,
    frame: *mut f32,
    row_sum: *mut f64,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        partial(dictionary, rows, cols, stride, threads, frame, row_sum, workspace, workspace_bytes)
    })
}

/// As `saek_frame_operator_partial_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_frame_operator_partial_f64(
    dictionary: *const f64,
    rows: usize,
    cols: usize,
    stride: usize,
    threads: u32,
    frame: *mut f64,
    row_sum: *mut f64,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        partial(dictionary, rows, cols, stride, threads, frame, row_sum, workspace, workspace_bytes)
    })
}

/// # Safety
/// As the exported functions.
unsafe fn partial<T: Scalar>(
    dictionary: *const T,
    rows: usize,
    cols: usize,
    stride: usize,
    threads: u32,
    frame: *mut T,
    row_sum: *mut f64,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> Result<(), Error> {
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    let (dictionary, frame, row_sum, stack) = unsafe {
        (
            arguments.matrix(dictionary, rows, cols, stride, Argument::Dictionary)?,
            arguments.matrix_mut(frame, cols, cols, cols, Argument::Frame)?,
            arguments.slice_mut(row_sum, cols, Argument::RowSum)?,
            arguments.workspace(
                workspace,
                workspace_bytes,
                frame_operator_partial_scratch::<T>(rows, cols),
            )?,
        )
    };
    frame_operator_partial(dictionary, frame, row_sum, par(threads)?, stack)
}

/// Says how much workspace `saek_orthogonalise_apply_f32` needs: (cols + b) cols numbers and cols doubles
/// for each group of max(512, cols, rows/64) rows, rounded up to blocks of b rows, and cols numbers; b = cols/4,
/// rounded up to 128s.
///
/// - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`.
///
/// Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); EMPTY, SIZE_OVERFLOW (dictionary); SIZE_OVERFLOW
/// (workspace).
///
/// # Safety
/// `bytes` and `align` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_orthogonalise_apply_f32_workspace(
    rows: usize,
    cols: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        answer_dictionary_query::<f32>(orthogonalise_apply_scratch::<f32>, rows, cols, bytes, align)
    })
}

/// As `saek_orthogonalise_apply_f32_workspace`, for `saek_orthogonalise_apply_f64`.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_orthogonalise_apply_f64_workspace(
    rows: usize,
    cols: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        answer_dictionary_query::<f64>(orthogonalise_apply_scratch::<f64>, rows, cols, bytes, align)
    })
}

/// Makes one step of `saek_orthogonalise_f32` on some of the rows of a dictionary, the local ones.
///
/// With the frame operator F, the sum s and the number n of all rows, Adam (0.9, 0.999, 1e-8) moves each local row by
/// dL/de_i = 4 (F e_i + (n (g_i - 1) - g_i + t) e_i - t s), g_i = |e_i|^2: so do many machines what one would. First
/// every machine calls `saek_frame_operator_partial_f32` on its rows; F and s are added up over the machines; this
/// function moves the rows and leaves in `next_frame` and `next_row_sum` what is to be added up for the next step.
/// Rows must have unit length before the first step and are scaled to it after the last: `saek_normalise_rows_f32`.
///
/// - `dictionary`: the local rows, `rows` by `cols`, row-major, rows `stride` elements apart; read and written.
/// - `moments`: 2 rows cols numbers, zero before the first step: the first moments, packed, then the second; read and
///   written.
/// - `step`: steps done before, from 0.
/// - `frame`: F of all rows, `cols` by `cols`, packed, both halves.
/// - `row_sum`: the sum of all rows, `cols` doubles.
/// - `total`: the number of all rows, >= rows.
/// - `next_frame`, `next_row_sum`: those of the moved local rows, written, sizes as above; both null where they are not
///   wanted.
/// - `params`: null for the defaults.
/// - `loss`: null, or written: this part's share of the loss before the step. The shares of all parts add up to
///   L = sum over i != j of (g_ij - t)^2 + n sum over i of (g_ii - 1)^2, to rounding.
/// - `workspace`, `workspace_bytes`: as `saek_orthogonalise_apply_f32_workspace` says.
///
/// Status: NULL_POINTER, MISALIGNED, EMPTY, STRIDE, SIZE_OVERFLOW, NOT_A_NUMBER, INFINITE (dictionary); NULL_POINTER,
/// MISALIGNED, SIZE_OVERFLOW, NOT_A_NUMBER, INFINITE (moments, frame, row_sum); OUT_OF_RANGE (moments) for a second
/// moment below zero; OUT_OF_RANGE (step) for 2^64 - 1; OUT_OF_RANGE (total); NULL_POINTER for one of two, MISALIGNED,
/// SIZE_OVERFLOW (next_frame, next_row_sum); MISALIGNED, STRUCT_SIZE (params); MISALIGNED (loss); NOT_A_NUMBER, INFINITE,
/// OUT_OF_RANGE (target_cosine, learning_rate); OUT_OF_RANGE (threads: more than one in a library without threads);
/// NULL_POINTER, MISALIGNED, WORKSPACE_TOO_SMALL (workspace); OVERLAP for any two arguments. Nothing is then written.
/// DIVERGED (learning_rate) where the share of the loss is not finite: rows and moments have then no meaning.
/// Cost: 2 rows cols^2 flops, rows cols^2 more for the next frame operator, one pass over rows and moments. The same bits
/// for the same input on the same machine, for any number of threads; how rows are dealt to machines changes rounding.
/// Source: `sae_lens.synthetic.orthogonalize_embeddings`, by the identity above; Kingma and Ba 2015 for Adam.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_orthogonalise_apply_f32(
    dictionary: *mut f32,
    rows: usize,
    cols: usize,
    stride: usize,
    moments: *mut f32,
    step: u64,
    frame: *const f32,
    row_sum: *const f64,
    total: u64,
    next_frame: *mut f32,
    next_row_sum: *mut f64,
    params: *const saek_orthogonalise_apply_params,
    loss: *mut f64,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        let local = Local { values: dictionary, rows, cols, stride, moments, step };
        let whole = Whole { frame, row_sum, total };
        let out = Out { next_frame, next_row_sum, loss };
        apply(local, whole, params, out, workspace, workspace_bytes)
    })
}

/// As `saek_orthogonalise_apply_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_orthogonalise_apply_f64(
    dictionary: *mut f64,
    rows: usize,
    cols: usize,
    stride: usize,
    moments: *mut f64,
    step: u64,
    frame: *const f64,
    row_sum: *const f64,
    total: u64,
    next_frame: *mut f64,
    next_row_sum: *mut f64,
    params: *const saek_orthogonalise_apply_params,
    loss: *mut f64,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        let local = Local { values: dictionary, rows, cols, stride, moments, step };
        let whole = Whole { frame, row_sum, total };
        let out = Out { next_frame, next_row_sum, loss };
        apply(local, whole, params, out, workspace, workspace_bytes)
    })
}

/// The rows of a call.
struct Local<T> {
    values: *mut T,
    rows: usize,
    cols: usize,
    stride: usize,
    moments: *mut T,
    step: u64,
}

/// What a call is told of all rows.
struct Whole<T> {
    frame: *const T,
    row_sum: *const f64,
    total: u64,
}

/// Where a call writes, besides the rows and their moments.
struct Out<T> {
    next_frame: *mut T,
    next_row_sum: *mut f64,
    loss: *mut f64,
}

/// # Safety
/// As the exported functions.
unsafe fn apply<T: Scalar>(
    local: Local<T>,
    whole: Whole<T>,
    p: *const saek_orthogonalise_apply_params,
    out: Out<T>,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> Result<(), Error> {
    let Local { values, rows, cols, stride, moments, step } = local;
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    let (dictionary, moments, frame, row_sum, next, p, loss, stack) = unsafe {
        let p = params(p)?;
        let dictionary = arguments.matrix_mut(values, rows, cols, stride, Argument::Dictionary)?;
        let moments = arguments.slice_mut(moments, moments_len(rows, cols)?, Argument::Moments)?;
        let frame = arguments.matrix(whole.frame, cols, cols, cols, Argument::Frame)?;
        let row_sum = arguments.slice(whole.row_sum, cols, Argument::RowSum)?;
        let next = if out.next_frame.is_null() && out.next_row_sum.is_null() {
            None
        } else {
            Some(NextFrame {
                frame: arguments.matrix_mut(out.next_frame, cols, cols, cols, Argument::NextFrame)?,
                row_sum: arguments.slice_mut(out.next_row_sum, cols, Argument::NextRowSum)?,
            })
        };
        let loss = if out.loss.is_null() { None } else { Some(arguments.output(out.loss, Argument::Loss)?) };
        let request = orthogonalise_apply_scratch::<T>(rows, cols);
        let stack = arguments.workspace(workspace, workspace_bytes, request)?;
        (dictionary, moments, frame, row_sum, next, p, loss, stack)
    };
    let whole = WholeDictionary { frame, row_sum, total: whole.total };
    let params = ApplyParams { target_cosine: p.target_cosine, learning_rate: p.learning_rate };
    let par = par(p.threads)?;
    let share = orthogonalise_apply(dictionary, moments, step, whole, next, &params, par, stack)?;
    if let Some(loss) = loss {
        *loss = share;
    }
    Ok(())
}
