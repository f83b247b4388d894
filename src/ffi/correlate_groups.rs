//! C functions that lay out features in groups of correlated ones, as lists of pairs say.

use super::boundary::{Arguments, VersionedStruct, answer_query, call, required};
use super::correlated_groups::{
    RawGroups, saek_correlated_groups_f32, saek_correlated_groups_f64, saek_correlated_groups_lengths,
};
use super::correlation::saek_correlated_pair;
use super::types::saek_status;
use crate::activation::plan::check_features;
use crate::activation::{
    correlate_groups, correlate_groups_scratch, correlated_groups_lengths, correlated_groups_scratch,
};
use crate::error::{Argument, Error};
use crate::scalar::Scalar;
use core::ffi::c_void;

/// Gives the size in bytes and the alignment of the workspace of `saek_count_groups`: 8 bytes a feature.
///
/// Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
///
/// # Safety
/// Pointers are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_count_groups_workspace(
    features: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(Ok(correlated_groups_scratch(features)), bytes, align) })
}

/// Gives the lengths of the arrays for groups of `features` features with these correlations.
///
/// Two features are in the same group where a chain of pairs with correlations other than 0 leads from one to the other.
///
/// - `pairs`: `pair_count` correlations; may be NULL where there are none.
/// - `features`: in 1..2^32 - 1.
/// - `lengths`: its struct_size set before, as by `saek_correlated_groups_lengths_init`; written.
/// - `workspace`, `workspace_bytes`: see `saek_count_groups_workspace`.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW (pairs); INDEX_OUT_OF_RANGE, ORDER, NOT_A_NUMBER, INFINITE,
/// OUT_OF_RANGE (pairs); EMPTY, OUT_OF_RANGE (features); NULL_POINTER, MISALIGNED, STRUCT_SIZE, OVERLAP (lengths);
/// NULL_POINTER, MISALIGNED, WORKSPACE_TOO_SMALL, OVERLAP (workspace).
/// Cost: O(n + pairs log n).
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_count_groups(
    pairs: *const saek_correlated_pair,
    pair_count: usize,
    features: usize,
    lengths: *mut saek_correlated_groups_lengths,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise; the two types of a pair have the same layout.
    call(|| unsafe {
        let pairs =
            if pair_count == 0 { &[] } else { arguments.slice(pairs.cast(), pair_count, Argument::Pairs)? };
        let lengths = arguments.output_struct(lengths, Argument::Lengths)?;
        let stack = arguments.workspace(workspace, workspace_bytes, correlated_groups_scratch(features))?;
        lengths.write(correlated_groups_lengths(pairs, features, stack)?.into());
        Ok(())
    })
}

/// Gives the size in bytes and the alignment of the workspace of `saek_correlate_groups_f32`: 12 bytes a feature, 8 a
/// group and an element of a factor, and up to about 48 m^2 for the largest group, of m members.
///
/// Status: NULL_POINTER, MISALIGNED, STRUCT_SIZE (lengths); NULL_POINTER, MISALIGNED, OVERLAP (bytes, align);
/// SIZE_OVERFLOW (workspace).
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_correlate_groups_f32_workspace(
    features: usize,
    lengths: *const saek_correlated_groups_lengths,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        let lengths = required(lengths, Argument::Lengths)?.into();
        answer_query(Ok(correlate_groups_scratch(features, &lengths)), bytes, align)
    })
}

/// Lays out correlated features in groups for `saek_sample_grouped_csr_f32` and its like.
///
/// The correlations c_ij = c_ji are those of the last pair (i, j), and 0 where there is none. A group's block of the
/// correlation matrix with an eigenvalue below -1e-6 is repaired as `saek_correlation_matrix_f32` repairs a whole
/// matrix; the others stay as they are. Each block is factorised, in double precision. Fills the arrays of `groups`; the
/// struct itself is not written.
///
/// - `pairs`: `pair_count` correlations; may be NULL where there are none.
/// - `probabilities`: `probabilities_len` firing probabilities within [0, 1], one a feature, or one for all.
/// - `independent`: `features` elements, written: the probabilities of the features that are correlated with none, and 0
///   for the others; to be laid out by `saek_plan_firing_f32`.
/// - `features`: in 1..2^32 - 1.
/// - `groups`: lengths as `saek_count_groups` gives them, and arrays of these lengths.
/// - `report`: NULL, or written: the number of groups that were repaired.
/// - `workspace`, `workspace_bytes`: see `saek_correlate_groups_f32_workspace`.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW (pairs); INDEX_OUT_OF_RANGE, ORDER, NOT_A_NUMBER, INFINITE,
/// OUT_OF_RANGE (pairs); NULL_POINTER, MISALIGNED, EMPTY, SHAPE, SIZE_OVERFLOW, NOT_A_NUMBER, INFINITE, OUT_OF_RANGE
/// (probabilities); NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (independent); EMPTY, OUT_OF_RANGE (features);
/// NULL_POINTER, MISALIGNED, STRUCT_SIZE (groups, lengths); NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP, SHAPE
/// (members, ranks, group_ends, factors, thresholds); MISALIGNED, OVERLAP (report); NULL_POINTER, MISALIGNED,
/// WORKSPACE_TOO_SMALL, SIZE_OVERFLOW, OVERLAP (workspace); NOT_POSITIVE_DEFINITE (pairs) for a block that was not
/// repaired and is singular, such as one with a correlation of 1; NOT_CONVERGED (pairs).
/// Cost: O(n + pairs log n), and m^3/3 flops twice for each group of m members, 10 m^3 more where it is repaired.
/// Deterministic; factors may differ in their last bits between processors with different SIMD instructions.
///
/// # Safety
/// Pointers are null or point to what is said here and in the structs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_correlate_groups_f32(
    pairs: *const saek_correlated_pair,
    pair_count: usize,
    probabilities: *const f32,
    probabilities_len: usize,
    independent: *mut f32,
    features: usize,
    groups: *const saek_correlated_groups_f32,
    report: *mut usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        correlate(
            pairs,
            pair_count,
            probabilities,
            probabilities_len,
            independent,
            features,
            groups,
            report,
            workspace,
            workspace_bytes,
        )
    })
}

/// As `saek_correlate_groups_f32_workspace`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_correlate_groups_f64_workspace(
    features: usize,
    lengths: *const saek_correlated_groups_lengths,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        let lengths = required(lengths, Argument::Lengths)?.into();
        answer_query(Ok(correlate_groups_scratch(features, &lengths)), bytes, align)
    })
}

/// As `saek_correlate_groups_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_correlate_groups_f64(
    pairs: *const saek_correlated_pair,
    pair_count: usize,
    probabilities: *const f64,
    probabilities_len: usize,
    independent: *mut f64,
    features: usize,
    groups: *const saek_correlated_groups_f64,
    report: *mut usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        correlate(
            pairs,
            pair_count,
            probabilities,
            probabilities_len,
            independent,
            features,
            groups,
            report,
            workspace,
            workspace_bytes,
        )
    })
}

/// # Safety
/// As the exported functions.
unsafe fn correlate<T: Scalar, G: VersionedStruct + Into<RawGroups<T>>>(
    pairs: *const saek_correlated_pair,
    pair_count: usize,
    probabilities: *const T,
    probabilities_len: usize,
    independent: *mut T,
    features: usize,
    groups: *const G,
    report: *mut usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> Result<(), Error> {
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise; the two types of a pair have the same layout.
    unsafe {
        let groups: RawGroups<T> = required(groups, Argument::Groups)?.into();
        let lengths = groups.lengths()?;
        check_features(features)?;
        let pairs =
            if pair_count == 0 { &[] } else { arguments.slice(pairs.cast(), pair_count, Argument::Pairs)? };
        let probabilities = arguments.slice(probabilities, probabilities_len, Argument::Probabilities)?;
        let independent = arguments.slice_mut(independent, features, Argument::Independent)?;
        let buffers = groups.borrow_mut(&mut arguments, &lengths)?;
        let report = if report.is_null() { None } else { Some(arguments.output(report, Argument::Report)?) };
        let scratch = correlate_groups_scratch(features, &lengths);
        let stack = arguments.workspace(workspace, workspace_bytes, scratch)?;
        let (_, repaired) = correlate_groups(pairs, probabilities, independent, buffers, stack)?;
        if let Some(report) = report {
            *report = repaired;
        }
        Ok(())
    }
}
