//! C functions that count the features which latents have found, and that make more of best matches already known.

use super::boundary::{Arguments, answer_query, call, params};
use super::matched::{match_params, saek_match_params};
use super::matching::Dictionary;
use super::types::saek_status;
use crate::error::{Argument, Error};
use crate::matching;
use crate::scalar::Scalar;
use core::ffi::c_void;

/// Writes how many different features the latents resemble most, divided by the number of latents.
///
/// uniqueness = |{argmax_j s(latent_i, feature_j)}| / latents_rows, in (0, 1], with s = |cos| or cos as `params`
/// says; among equal similarities the first feature counts. 1: each latent has a feature of its own; less: several
/// latents have found the same one. cos(x, y) = <x, y> / (max(|x|, 1e-8) max(|y|, 1e-8)); a latent of zeros resembles
/// every feature equally, so the first one.
///
/// `saek_match_dictionaries_f32` with the latents as `a` finds the same best matches, `best_of_rows`, on its way to the
/// MCC; `saek_uniqueness_of_matches` and `saek_ordering_of_matches` then need no product of their own: one pass
/// serves MCC, uniqueness and ordering.
///
/// - `latents`, `latents_rows`, `latents_stride`: latents_rows vectors of `cols` entries, `latents_stride` elements apart.
/// - `features`, `features_rows`, `features_stride`: as many entries each; may be the memory of `latents`.
/// - `params`: null for the defaults.
/// - `best_of_rows`: null, or latents_rows indices, written: the feature that each latent resembles most.
/// - `uniqueness`: one value, written.
/// - `workspace`, `workspace_bytes`: as `saek_feature_uniqueness_f32_workspace` says.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); EMPTY, STRIDE, NOT_A_NUMBER, INFINITE,
/// SIZE_OVERFLOW for 2^32 - 1 vectors or more (latents, features); STRUCT_SIZE (params); WORKSPACE_TOO_SMALL
/// (workspace); UNKNOWN_VALUE (similarity); OUT_OF_RANGE (threads: more than one in a library without threads).
/// Cost: 2 latents_rows features_rows cols flops; the similarities are never all in memory. Deterministic on one
/// machine, for any number of threads.
/// Source: feature_uniqueness of sae-lens.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_feature_uniqueness_f32(
    latents: *const f32,
    latents_rows: usize,
    latents_stride: usize,
    features: *const f32,
    features_rows: usize,
    features_stride: usize,
    cols: usize,
    params: *const saek_match_params,
    best_of_rows: *mut i64,
    uniqueness: *mut f64,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    let latents = Dictionary { vectors: latents, rows: latents_rows, stride: latents_stride };
    let features = Dictionary { vectors: features, rows: features_rows, stride: features_stride };
    let outputs = Outputs { best_of_rows, uniqueness };
    // SAFETY: the caller's promise.
    call(|| unsafe { count(latents, features, cols, params, outputs, workspace, workspace_bytes) })
}

/// As `saek_feature_uniqueness_f32`, in double precision.
///
/// # Safety
/// Pointers are null or point to what is said there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_feature_uniqueness_f64(
    latents: *const f64,
    latents_rows: usize,
    latents_stride: usize,
    features: *const f64,
    features_rows: usize,
    features_stride: usize,
    cols: usize,
    params: *const saek_match_params,
    best_of_rows: *mut i64,
    uniqueness: *mut f64,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    let latents = Dictionary { vectors: latents, rows: latents_rows, stride: latents_stride };
    let features = Dictionary { vectors: features, rows: features_rows, stride: features_stride };
    let outputs = Outputs { best_of_rows, uniqueness };
    // SAFETY: the caller's promise.
    call(|| unsafe { count(latents, features, cols, params, outputs, workspace, workspace_bytes) })
}

/// Writes the size and the alignment of the workspace of `saek_feature_uniqueness_f32`.
///
/// With s bytes an element: features_rows cols s for the packed features, 96 (features_rows + cols) s for a block of
/// similarities and its latents, features_rows rounded up to 64, 8 a latent and 1 a feature.
///
/// Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
///
/// # Safety
/// `bytes` and `align` are null or point to one writable value each.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_feature_uniqueness_f32_workspace(
    latents_rows: usize,
    features_rows: usize,
    cols: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    let request = matching::feature_uniqueness_scratch::<f32>(latents_rows, features_rows, cols);
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(Ok(request), bytes, align) })
}

/// Writes the size and the alignment of the workspace of `saek_feature_uniqueness_f64`; as
/// `saek_feature_uniqueness_f32_workspace`.
///
/// Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
///
/// # Safety
/// `bytes` and `align` are null or point to one writable value each.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_feature_uniqueness_f64_workspace(
    latents_rows: usize,
    features_rows: usize,
    cols: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    let request = matching::feature_uniqueness_scratch::<f64>(latents_rows, features_rows, cols);
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(Ok(request), bytes, align) })
}

/// Writes the uniqueness of `saek_feature_uniqueness_f32` from best matches that are known already.
///
/// uniqueness = |{best_of_rows[i]}| / latents_rows.
///
/// - `best_of_rows`, `latents_rows`: the feature that each of the latents resembles most, in [0, features_rows).
/// - `features_rows`: how many features there are.
/// - `uniqueness`: one value, written.
/// - `workspace`, `workspace_bytes`: as `saek_uniqueness_of_matches_workspace` says.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); EMPTY (best_of_rows, features);
/// WORKSPACE_TOO_SMALL (workspace); INDEX_OUT_OF_RANGE (best_of_rows).
/// Cost: latents_rows + features_rows steps. The same on every platform.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_uniqueness_of_matches(
    best_of_rows: *const i64,
    latents_rows: usize,
    features_rows: usize,
    uniqueness: *mut f64,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        let mut arguments = Arguments::new();
        let best = arguments.slice(best_of_rows, latents_rows, Argument::BestOfRows)?;
        let uniqueness = arguments.output(uniqueness, Argument::Uniqueness)?;
        let request = matching::uniqueness_of_matches_scratch(features_rows);
        let stack = arguments.workspace(workspace, workspace_bytes, request)?;
        *uniqueness = matching::uniqueness_of_matches(best, features_rows, stack)?;
        Ok(())
    })
}

/// Writes the size and the alignment of the workspace of `saek_uniqueness_of_matches`: a byte for each feature.
///
/// Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
///
/// # Safety
/// `bytes` and `align` are null or point to one writable value each.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_uniqueness_of_matches_workspace(
    features_rows: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    let request = matching::uniqueness_of_matches_scratch(features_rows);
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(Ok(request), bytes, align) })
}

/// Writes the order of `saek_best_ordering_f32` from best matches that are known already.
///
/// ordering = argsort_i `best_of_rows[i]`: `ordering[k]` is the latent to draw in row k. Stable.
///
/// - `best_of_rows`, `latents_rows`: the feature that each of the latents resembles most, in [0, features_rows).
/// - `features_rows`: how many features there are.
/// - `ordering`: latents_rows indices, written.
/// - `workspace`, `workspace_bytes`: as `saek_ordering_of_matches_workspace` says.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); EMPTY (best_of_rows, features);
/// WORKSPACE_TOO_SMALL (workspace); INDEX_OUT_OF_RANGE (best_of_rows).
/// Cost: a counting sort of latents_rows + features_rows steps. The same on every platform.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_ordering_of_matches(
    best_of_rows: *const i64,
    latents_rows: usize,
    features_rows: usize,
    ordering: *mut i64,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        let mut arguments = Arguments::new();
        let best = arguments.slice(best_of_rows, latents_rows, Argument::BestOfRows)?;
        let ordering = arguments.slice_mut(ordering, latents_rows, Argument::Ordering)?;
        let request = matching::ordering_of_matches_scratch(features_rows);
        let stack = arguments.workspace(workspace, workspace_bytes, request)?;
        matching::ordering_of_matches(best, features_rows, ordering, stack)
    })
}

/// Writes the size and the alignment of the workspace of `saek_ordering_of_matches`: a size_t for each feature and one more.
///
/// Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
///
/// # Safety
/// `bytes` and `align` are null or point to one writable value each.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_ordering_of_matches_workspace(
    features_rows: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    let request = matching::ordering_of_matches_scratch(features_rows);
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(Ok(request), bytes, align) })
}

/// Where a call writes.
struct Outputs {
    best_of_rows: *mut i64,
    uniqueness: *mut f64,
}

/// # Safety
/// As the exported functions.
unsafe fn count<T: Scalar>(
    latents: Dictionary<T>,
    features: Dictionary<T>,
    cols: usize,
    p: *const saek_match_params,
    outputs: Outputs,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> Result<(), Error> {
    let request = matching::feature_uniqueness_scratch::<T>(latents.rows, features.rows, cols);
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    let (latents, features, p, best, uniqueness, stack) = unsafe {
        (
            arguments.matrix(latents.vectors, latents.rows, cols, latents.stride, Argument::Latents)?,
            arguments.matrix(features.vectors, features.rows, cols, features.stride, Argument::Features)?,
            params(p)?,
            arguments.optional_slice_mut(outputs.best_of_rows, latents.rows, Argument::BestOfRows)?,
            arguments.output(outputs.uniqueness, Argument::Uniqueness)?,
            arguments.workspace(workspace, workspace_bytes, request)?,
        )
    };
    *uniqueness = matching::feature_uniqueness(latents, features, &match_params(p)?, best, stack)?;
    Ok(())
}
