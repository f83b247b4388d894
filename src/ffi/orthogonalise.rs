//! C functions that orthogonalise a dictionary in several calls, its whole state the caller's.

use super::boundary::{
    Arguments, VersionedStruct, answer_dictionary_query, call, init, init_struct, params, reporter, required,
};
use super::threads::par;
use super::types::{saek_progress_callback, saek_status};
use crate::dictionary::{
    OrthogonaliseParams, OrthogonaliseState, ResumeParams, orthogonalise_resume, orthogonalise_resume_scratch,
};
use crate::error::{Argument, Error, Reason};
use crate::scalar::Scalar;
use core::ffi::c_void;

/// Parameters of `saek_orthogonalise_resume_f32` and `saek_orthogonalise_resume_f64`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct saek_orthogonalise_resume_params {
    /// sizeof(saek_orthogonalise_resume_params); `saek_orthogonalise_resume_params_init` sets it.
    pub struct_size: u32,
    /// The most threads to work on; 0, the default, and 1 mean the calling thread alone. More are refused unless
    /// the library was built with the feature parallel. The result does not depend on it.
    pub threads: u32,
    /// The cosine that every two rows are drawn to, in [-1, 1]. Default 0.
    pub target_cosine: f64,
    /// The most steps of Adam that this call makes. Default 200.
    pub steps: u64,
    /// Step size of Adam, >= 0. Default 0.01.
    pub learning_rate: f64,
    /// The descent has converged after a step whose loss L differs from that of the step before by at most
    /// relative_tolerance L; >= 0. Default 0: never.
    pub relative_tolerance: f64,
}

// SAFETY: repr(C), begins with struct_size, holds integers and floats.
unsafe impl VersionedStruct for saek_orthogonalise_resume_params {
    fn defaults() -> Self {
        let ResumeParams { descent, relative_tolerance } = ResumeParams::default();
        Self {
            struct_size: size_of::<Self>() as u32,
            threads: 0,
            target_cosine: descent.target_cosine,
            steps: descent.steps,
            learning_rate: descent.learning_rate,
            relative_tolerance,
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
pub unsafe extern "C" fn saek_orthogonalise_resume_params_init(
    params: *mut saek_orthogonalise_resume_params,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { init(params) })
}

/// What `saek_orthogonalise_resume_f32` keeps of a descent, besides rows and moments.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct saek_orthogonalise_state {
    /// sizeof(saek_orthogonalise_state); `saek_orthogonalise_state_init` sets it.
    pub struct_size: u32,
    /// 1 where the last call ended because the loss had ceased to change, else 0. Not read.
    pub converged: u32,
    /// Steps done.
    pub step: u64,
    /// The loss before the last of them; of no meaning where there is none.
    pub loss: f64,
}

impl From<OrthogonaliseState> for saek_orthogonalise_state {
    fn from(state: OrthogonaliseState) -> Self {
        Self {
            struct_size: size_of::<Self>() as u32,
            converged: u32::from(state.converged),
            step: state.step,
            loss: state.loss,
        }
    }
}

// SAFETY: repr(C), begins with struct_size, holds integers and a float.
unsafe impl VersionedStruct for saek_orthogonalise_state {
    fn defaults() -> Self {
        OrthogonaliseState::default().into()
    }
}

/// Makes `state` that of a descent before its first step.
///
/// Status: NULL_POINTER, MISALIGNED (state).
///
/// # Safety
/// `state` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_orthogonalise_state_init(state: *mut saek_orthogonalise_state) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { init_struct(state, Argument::State) })
}

/// Says how much workspace `saek_orthogonalise_resume_f32` needs: rows (rows + cols) numbers for rows <= cols; else
/// cols^2 numbers more than `saek_orthogonalise_apply_f32`, less than 2 rows cols for many rows.
///
/// - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`.
///
/// Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); EMPTY, SIZE_OVERFLOW (dictionary); SIZE_OVERFLOW
/// (workspace).
///
/// # Safety
/// `bytes` and `align` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_orthogonalise_resume_f32_workspace(
    rows: usize,
    cols: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        answer_dictionary_query::<f32>(orthogonalise_resume_scratch::<f32>, rows, cols, bytes, align)
    })
}

/// As `saek_orthogonalise_resume_f32_workspace`, for `saek_orthogonalise_resume_f64`.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_orthogonalise_resume_f64_workspace(
    rows: usize,
    cols: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        answer_dictionary_query::<f64>(orthogonalise_resume_scratch::<f64>, rows, cols, bytes, align)
    })
}

/// Goes on with an orthogonalisation whose whole state is the caller's: rows, moments and `state`.
///
/// At step 0 rows are scaled to unit length. Then up to params->steps steps of Adam are made, as by
/// `saek_orthogonalise_f32`, fewer where the loss ceases to change. Rows are left as they are: call
/// `saek_normalise_rows_f32` when no more steps will be made. A descent in several calls, in one process or in many,
/// gives the bits of one call, and `saek_orthogonalise_f32` those of one call and `saek_normalise_rows_f32`.
///
/// - `dictionary`: `rows` by `cols`, row-major, rows `stride` elements apart; read and written.
/// - `moments`: 2 rows cols numbers, zero before the first step: the first moments, packed, then the second; read and
///   written.
/// - `state`: as `saek_orthogonalise_state_init` makes it before the first step; read and written.
/// - `params`: null for the defaults.
/// - `progress`, `context`: called after each step with the loss before its update and the steps counted from the first
///   of the descent; null for no reports.
/// - `workspace`, `workspace_bytes`: as `saek_orthogonalise_resume_f32_workspace` says.
///
/// Status: NULL_POINTER, MISALIGNED, EMPTY, STRIDE, SIZE_OVERFLOW, NOT_A_NUMBER, INFINITE (dictionary); NULL_POINTER,
/// MISALIGNED, SIZE_OVERFLOW, NOT_A_NUMBER, INFINITE, OUT_OF_RANGE for a second moment below zero (moments);
/// NULL_POINTER, MISALIGNED, STRUCT_SIZE (state); MISALIGNED, STRUCT_SIZE (params); OUT_OF_RANGE (step) where steps would
/// reach 2^64 - 1; NOT_A_NUMBER, INFINITE (loss) after the first step; NOT_A_NUMBER, INFINITE, OUT_OF_RANGE
/// (target_cosine, learning_rate, relative_tolerance); OUT_OF_RANGE (threads: more than one in a library without
/// threads); NULL_POINTER, MISALIGNED, WORKSPACE_TOO_SMALL (workspace); OVERLAP for any two arguments. Nothing is then
/// written. CANCELLED (progress) leaves rows, moments and state as they are after the last step: a call can go on from
/// there. DIVERGED (learning_rate) leaves rows and moments without meaning.
/// Cost: 3 rows cols min(rows, cols) flops a step and one pass over rows and moments; one more pass over the rows for
/// each call. The same bits for the same input on the same machine, for any number of threads.
/// Source: `sae_lens.synthetic.orthogonalize_embeddings`; Kingma and Ba 2015 for Adam.
///
/// # Safety
/// Pointers are null or point to what is said here; `progress` may be called from this thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_orthogonalise_resume_f32(
    dictionary: *mut f32,
    rows: usize,
    cols: usize,
    stride: usize,
    moments: *mut f32,
    state: *mut saek_orthogonalise_state,
    params: *const saek_orthogonalise_resume_params,
    progress: saek_progress_callback,
    context: *mut c_void,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        let dictionary = Dictionary { values: dictionary, rows, cols, stride, moments };
        resume(dictionary, state, params, progress, context, workspace, workspace_bytes)
    })
}

/// As `saek_orthogonalise_resume_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_orthogonalise_resume_f64(
    dictionary: *mut f64,
    rows: usize,
    cols: usize,
    stride: usize,
    moments: *mut f64,
    state: *mut saek_orthogonalise_state,
    params: *const saek_orthogonalise_resume_params,
    progress: saek_progress_callback,
    context: *mut c_void,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        let dictionary = Dictionary { values: dictionary, rows, cols, stride, moments };
        resume(dictionary, state, params, progress, context, workspace, workspace_bytes)
    })
}

/// The rows of a call and their moments.
struct Dictionary<T> {
    values: *mut T,
    rows: usize,
    cols: usize,
    stride: usize,
    moments: *mut T,
}

/// # Safety
/// As the exported functions.
unsafe fn resume<T: Scalar>(
    dictionary: Dictionary<T>,
    state: *mut saek_orthogonalise_state,
    p: *const saek_orthogonalise_resume_params,
    progress: saek_progress_callback,
    context: *mut c_void,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> Result<(), Error> {
    let Dictionary { values, rows: n, cols: d, stride, moments } = dictionary;
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    let (dictionary, moments, before, out, p, stack) = unsafe {
        let p = params(p)?;
        let dictionary = arguments.matrix_mut(values, n, d, stride, Argument::Dictionary)?;
        let moments = arguments.slice_mut(moments, moments_len(n, d)?, Argument::Moments)?;
        let before = required(state, Argument::State)?;
        let out = arguments.output_struct(state, Argument::State)?;
        let request = orthogonalise_resume_scratch::<T>(n, d);
        (dictionary, moments, before, out, p, arguments.workspace(workspace, workspace_bytes, request)?)
    };
    let params = ResumeParams {
        descent: OrthogonaliseParams {
            target_cosine: p.target_cosine,
            steps: p.steps,
            learning_rate: p.learning_rate,
        },
        relative_tolerance: p.relative_tolerance,
    };
    let mut state = OrthogonaliseState { step: before.step, loss: before.loss, converged: false };
    // SAFETY: the caller's promise.
    let mut report = unsafe { reporter(progress, context) };
    let par = par(p.threads)?;
    let done = orthogonalise_resume(dictionary, moments, &mut state, &params, par, &mut report, stack);
    if done.is_ok() || done.is_err_and(|error| error.reason == Reason::Cancelled) {
        out.write(state.into());
    }
    done
}

/// The moments of `n` rows of `d` entries, which fit into the address space where this is called.
pub(super) fn moments_len(n: usize, d: usize) -> Result<usize, Error> {
    let len = n.checked_mul(d).and_then(|half| half.checked_mul(2));
    len.ok_or(Error::new(Reason::SizeOverflow, Argument::Moments))
}
