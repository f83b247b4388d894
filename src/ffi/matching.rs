//! C functions for comparing two dictionaries: cosines, mean correlation coefficient, best ordering.

use super::boundary::{Arguments, answer_query, call};
use super::types::saek_status;
use crate::error::{Argument, Error};
use crate::matching;
use crate::scalar::Scalar;
use core::ffi::c_void;

/// The vectors of a dictionary as a caller gives them.
#[derive(Clone, Copy)]
pub(super) struct Dictionary<T> {
    pub(super) vectors: *const T,
    pub(super) rows: usize,
    pub(super) stride: usize,
}

/// Writes the cosine of every row of `a` with every row of `b` into a_rows by b_rows values, as for a heat map.
///
/// out_ij = <a_i, b_j> / (max(|a_i|, 1e-8) max(|b_j|, 1e-8)), within [-1, 1].
///
/// - `a`, `a_rows`, `a_stride`: a_rows vectors of `cols` entries, `a_stride` elements apart.
/// - `b`, `b_rows`, `b_stride`: as many entries each; may be the memory of `a`.
/// - `out`, `out_stride`: a_rows rows of b_rows cosines, `out_stride` elements apart, written.
/// - `workspace`, `workspace_bytes`: as `saek_cosine_similarities_f32_workspace` says.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); EMPTY, STRIDE, NOT_A_NUMBER, INFINITE
/// (a, b); STRIDE (similarities, which is `out`); WORKSPACE_TOO_SMALL (workspace).
/// Cost: 2 a_rows b_rows cols flops; (a_rows + b_rows) cols elements. Deterministic on one machine.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_cosine_similarities_f32(
    a: *const f32,
    a_rows: usize,
    a_stride: usize,
    b: *const f32,
    b_rows: usize,
    b_stride: usize,
    cols: usize,
    out: *mut f32,
    out_stride: usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    let a = Dictionary { vectors: a, rows: a_rows, stride: a_stride };
    let b = Dictionary { vectors: b, rows: b_rows, stride: b_stride };
    // SAFETY: the caller's promise.
    call(|| unsafe { cosine_similarities(a, b, cols, out, out_stride, workspace, workspace_bytes) })
}

/// As `saek_cosine_similarities_f32`, in double precision.
///
/// # Safety
/// Pointers are null or point to what is said there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_cosine_similarities_f64(
    a: *const f64,
    a_rows: usize,
    a_stride: usize,
    b: *const f64,
    b_rows: usize,
    b_stride: usize,
    cols: usize,
    out: *mut f64,
    out_stride: usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    let a = Dictionary { vectors: a, rows: a_rows, stride: a_stride };
    let b = Dictionary { vectors: b, rows: b_rows, stride: b_stride };
    // SAFETY: the caller's promise.
    call(|| unsafe { cosine_similarities(a, b, cols, out, out_stride, workspace, workspace_bytes) })
}

/// Writes the size and the alignment of the workspace of `saek_cosine_similarities_f32`.
///
/// Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
///
/// # Safety
/// `bytes` and `align` are null or point to one writable value each.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_cosine_similarities_f32_workspace(
    a_rows: usize,
    b_rows: usize,
    cols: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    let request = matching::cosine_similarities_scratch::<f32>(a_rows, b_rows, cols);
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(Ok(request), bytes, align) })
}

/// Writes the size and the alignment of the workspace of `saek_cosine_similarities_f64`; as `saek_cosine_similarities_f32_workspace`.
///
/// # Safety
/// `bytes` and `align` are null or point to one writable value each.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_cosine_similarities_f64_workspace(
    a_rows: usize,
    b_rows: usize,
    cols: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    let request = matching::cosine_similarities_scratch::<f64>(a_rows, b_rows, cols);
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(Ok(request), bytes, align) })
}

/// Writes the mean correlation coefficient of two dictionaries, in [0, 1].
///
/// With S_ij = |cos(a_i, b_j)|, norms below 1e-8 taken as 1e-8: the mean of S over the min(a_rows, b_rows) pairs
/// of the one-to-one matching with the greatest sum. The definition of sae-lens.
///
/// - `a`, `a_rows`, `a_stride`: a_rows vectors of `cols` entries, `a_stride` elements apart.
/// - `b`, `b_rows`, `b_stride`: as many entries each; may be the memory of `a`.
/// - `mcc`: one value, written.
/// - `row_to_col`: null, or a_rows indices, written: the row of `b` matched to each row of `a`, -1 for none.
/// - `workspace`, `workspace_bytes`: as `saek_mcc_f32_workspace` says.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); EMPTY, STRIDE, NOT_A_NUMBER, INFINITE
/// (a, b); WORKSPACE_TOO_SMALL (workspace).
/// Cost: that of `saek_match_dictionaries_f32`, which also gives duals: 2 a_rows b_rows cols flops and a little more. The
/// a_rows b_rows cosines are never all in memory. Deterministic on one machine.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_mcc_f32(
    a: *const f32,
    a_rows: usize,
    a_stride: usize,
    b: *const f32,
    b_rows: usize,
    b_stride: usize,
    cols: usize,
    mcc: *mut f64,
    row_to_col: *mut i64,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    let a = Dictionary { vectors: a, rows: a_rows, stride: a_stride };
    let b = Dictionary { vectors: b, rows: b_rows, stride: b_stride };
    // SAFETY: the caller's promise.
    call(|| unsafe { correlation(a, b, cols, mcc, row_to_col, workspace, workspace_bytes) })
}

/// As `saek_mcc_f32`, in double precision.
///
/// # Safety
/// Pointers are null or point to what is said there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_mcc_f64(
    a: *const f64,
    a_rows: usize,
    a_stride: usize,
    b: *const f64,
    b_rows: usize,
    b_stride: usize,
    cols: usize,
    mcc: *mut f64,
    row_to_col: *mut i64,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    let a = Dictionary { vectors: a, rows: a_rows, stride: a_stride };
    let b = Dictionary { vectors: b, rows: b_rows, stride: b_stride };
    // SAFETY: the caller's promise.
    call(|| unsafe { correlation(a, b, cols, mcc, row_to_col, workspace, workspace_bytes) })
}

/// Writes the size and the alignment of the workspace of `saek_mcc_f32`.
///
/// Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
///
/// # Safety
/// `bytes` and `align` are null or point to one writable value each.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_mcc_f32_workspace(
    a_rows: usize,
    b_rows: usize,
    cols: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    let request = matching::mcc_scratch::<f32>(a_rows, b_rows, cols);
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(Ok(request), bytes, align) })
}

/// Writes the size and the alignment of the workspace of `saek_mcc_f64`; as `saek_mcc_f32_workspace`.
///
/// # Safety
/// `bytes` and `align` are null or point to one writable value each.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_mcc_f64_workspace(
    a_rows: usize,
    b_rows: usize,
    cols: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    let request = matching::mcc_scratch::<f64>(a_rows, b_rows, cols);
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(Ok(request), bytes, align) })
}

/// Writes the order of latents by the feature that each resembles most, which makes a heat map look diagonal.
///
/// ordering = argsort_i argmax_j |cos(latent_i, feature_j)|: `ordering[k]` is the latent to draw in row k. Stable; among
/// equal cosines the first feature counts. The definition of sae-lens.
///
/// - `latents`, `latents_rows`, `latents_stride`: latents_rows vectors of `cols` entries, `latents_stride` elements apart.
/// - `features`, `features_rows`, `features_stride`: as many entries each; may be the memory of `latents`.
/// - `ordering`: latents_rows indices, written.
/// - `workspace`, `workspace_bytes`: as `saek_best_ordering_f32_workspace` says.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); EMPTY, STRIDE, NOT_A_NUMBER, INFINITE,
/// SIZE_OVERFLOW for 2^32 - 1 vectors or more (latents, features); WORKSPACE_TOO_SMALL (workspace).
/// Cost: 2 latents_rows features_rows cols flops; the cosines are never all in memory. Workspace: features_rows cols +
/// 96 (features_rows + cols) elements, features_rows rounded up to 64, and latents_rows indices. Deterministic on one
/// machine.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_best_ordering_f32(
    latents: *const f32,
    latents_rows: usize,
    latents_stride: usize,
    features: *const f32,
    features_rows: usize,
    features_stride: usize,
    cols: usize,
    ordering: *mut i64,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    let latents = Dictionary { vectors: latents, rows: latents_rows, stride: latents_stride };
    let features = Dictionary { vectors: features, rows: features_rows, stride: features_stride };
    // SAFETY: the caller's promise.
    call(|| unsafe { best_ordering(latents, features, cols, ordering, workspace, workspace_bytes) })
}

/// As `saek_best_ordering_f32`, in double precision.
///
/// # Safety
/// Pointers are null or point to what is said there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_best_ordering_f64(
    latents: *const f64,
    latents_rows: usize,
    latents_stride: usize,
    features: *const f64,
    features_rows: usize,
    features_stride: usize,
    cols: usize,
    ordering: *mut i64,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    let latents = Dictionary { vectors: latents, rows: latents_rows, stride: latents_stride };
    let features = Dictionary { vectors: features, rows: features_rows, stride: features_stride };
    // SAFETY: the caller's promise.
    call(|| unsafe { best_ordering(latents, features, cols, ordering, workspace, workspace_bytes) })
}

/// Writes the size and the alignment of the workspace of `saek_best_ordering_f32`.
///
/// Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
///
/// # Safety
/// `bytes` and `align` are null or point to one writable value each.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_best_ordering_f32_workspace(
    latents_rows: usize,
    features_rows: usize,
    cols: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    let request = matching::best_ordering_scratch::<f32>(latents_rows, features_rows, cols);
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(Ok(request), bytes, align) })
}

/// Writes the size and the alignment of the workspace of `saek_best_ordering_f64`; as `saek_best_ordering_f32_workspace`.
///
/// # Safety
/// `bytes` and `align` are null or point to one writable value each.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_best_ordering_f64_workspace(
    latents_rows: usize,
    features_rows: usize,
    cols: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    let request = matching::best_ordering_scratch::<f64>(latents_rows, features_rows, cols);
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(Ok(request), bytes, align) })
}

/// # Safety
/// As the exported functions.
unsafe fn cosine_similarities<T: Scalar>(
    a: Dictionary<T>,
    b: Dictionary<T>,
    cols: usize,
    out: *mut T,
    out_stride: usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> Result<(), Error> {
    let mut arguments = Arguments::new();
    let request = matching::cosine_similarities_scratch::<T>(a.rows, b.rows, cols);
    // SAFETY: the caller's promise.
    let (a, b, out, stack) = unsafe {
        (
            arguments.matrix(a.vectors, a.rows, cols, a.stride, Argument::A)?,
            arguments.matrix(b.vectors, b.rows, cols, b.stride, Argument::B)?,
            arguments.matrix_mut(out, a.rows, b.rows, out_stride, Argument::Similarities)?,
            arguments.workspace(workspace, workspace_bytes, request)?,
        )
    };
    matching::cosine_similarities(a, b, out, stack)
}

/// # Safety
/// As the exported functions.
unsafe fn correlation<T: Scalar>(
    a: Dictionary<T>,
    b: Dictionary<T>,
    cols: usize,
    mcc: *mut f64,
    row_to_col: *mut i64,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> Result<(), Error> {
    let mut arguments = Arguments::new();
    let request = matching::mcc_scratch::<T>(a.rows, b.rows, cols);
    // SAFETY: the caller's promise.
    let (a, b, row_to_col, mcc, stack) = unsafe {
        (
            arguments.matrix(a.vectors, a.rows, cols, a.stride, Argument::A)?,
            arguments.matrix(b.vectors, b.rows, cols, b.stride, Argument::B)?,
            arguments.optional_slice_mut(row_to_col, a.rows, Argument::RowToCol)?,
            arguments.output(mcc, Argument::Mcc)?,
            arguments.workspace(workspace, workspace_bytes, request)?,
        )
    };
    *mcc = matching::mcc(a, b, row_to_col, stack)?;
    Ok(())
}

/// # Safety
/// As the exported functions.
unsafe fn best_ordering<T: Scalar>(
    latents: Dictionary<T>,
    features: Dictionary<T>,
    cols: usize,
    ordering: *mut i64,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> Result<(), Error> {
    let mut arguments = Arguments::new();
    let request = matching::best_ordering_scratch::<T>(latents.rows, features.rows, cols);
    // SAFETY: the caller's promise.
    let (latents, features, ordering, stack) = unsafe {
        (
            arguments.matrix(latents.vectors, latents.rows, cols, latents.stride, Argument::Latents)?,
            arguments.matrix(features.vectors, features.rows, cols, features.stride, Argument::Features)?,
            arguments.slice_mut(ordering, latents.rows, Argument::Ordering)?,
            arguments.workspace(workspace, workspace_bytes, request)?,
        )
    };
    matching::best_ordering(latents, features, ordering, stack)
}
