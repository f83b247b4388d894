//! C functions that measure how strongly features correlate.

use super::boundary::{Arguments, answer_query, call};
use super::types::saek_status;
use crate::activation::{
    correlation_statistics, low_rank_correlation_statistics, low_rank_correlation_statistics_scratch,
};
use crate::error::{Argument, Error};
use crate::scalar::Scalar;
use core::ffi::c_void;

/// Writes mean and root mean square of the elements of a correlation matrix off its diagonal.
///
/// mean = the sum of c_ij over i != j divided by n (n - 1), rms = the root of the same of c_ij^2, n = count. The
/// diagonal is not looked at but to be finite, and neither symmetry nor a unit diagonal is asked for.
///
/// - `correlation`: `count` by `count`, row-major, rows `correlation_stride` elements apart; count >= 2.
/// - `mean`, `rms`: one value each, written.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); EMPTY, STRIDE, NOT_A_NUMBER, INFINITE,
/// OUT_OF_RANGE where squares are beyond double precision (correlation); OUT_OF_RANGE (count: one feature alone).
/// Cost: 3 count^2 flops, no workspace. Sums in double precision; the same on every platform.
/// Source: compute_correlation_matrix_stats of sae-lens.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_correlation_statistics_f32(
    correlation: *const f32,
    count: usize,
    correlation_stride: usize,
    mean: *mut f64,
    rms: *mut f64,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { dense(correlation, count, correlation_stride, mean, rms) })
}

/// As `saek_correlation_statistics_f32`, in double precision.
///
/// # Safety
/// Pointers are null or point to what is said there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_correlation_statistics_f64(
    correlation: *const f64,
    count: usize,
    correlation_stride: usize,
    mean: *mut f64,
    rms: *mut f64,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { dense(correlation, count, correlation_stride, mean, rms) })
}

/// Writes what `saek_correlation_statistics_f32` does for factor factor^T + diag, which is not formed.
///
/// With the rows f_i of the factor, s their sum and G = factor^T factor: the sum of c_ij over i != j is |s|^2 minus the
/// sum of |f_i|^2, that of c_ij^2 is |G|^2 minus the sum of |f_i|^4; for count <= rank they are summed one by one
/// instead. The diagonal does not matter. For count > rank, where the correlations are tiny, rms is right to about
/// 1e-8 / count times the root of the sum of |f_i|^4.
///
/// - `factor`: `count` by `rank`, row-major, rows `factor_stride` elements apart; count >= 2.
/// - `mean`, `rms`: one value each, written.
/// - `workspace`, `workspace_bytes`: as `saek_low_rank_correlation_statistics_f32_workspace` says.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); EMPTY, STRIDE, NOT_A_NUMBER, INFINITE,
/// OUT_OF_RANGE where fourth powers are beyond double precision (factor); OUT_OF_RANGE (count: one feature alone);
/// WORKSPACE_TOO_SMALL (workspace).
/// Cost: count rank min(count, rank) flops in double precision. The same on every platform.
/// Source: compute_low_rank_correlation_matrix_stats of sae-lens.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_low_rank_correlation_statistics_f32(
    factor: *const f32,
    count: usize,
    rank: usize,
    factor_stride: usize,
    mean: *mut f64,
    rms: *mut f64,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    let outputs = Outputs { mean, rms };
    // SAFETY: the caller's promise.
    call(|| unsafe { low_rank(factor, count, rank, factor_stride, outputs, workspace, workspace_bytes) })
}

/// As `saek_low_rank_correlation_statistics_f32`, in double precision.
///
/// # Safety
/// Pointers are null or point to what is said there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_low_rank_correlation_statistics_f64(
    factor: *const f64,
    count: usize,
    rank: usize,
    factor_stride: usize,
    mean: *mut f64,
    rms: *mut f64,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    let outputs = Outputs { mean, rms };
    // SAFETY: the caller's promise.
    call(|| unsafe { low_rank(factor, count, rank, factor_stride, outputs, workspace, workspace_bytes) })
}

/// Writes the size and the alignment of the workspace of `saek_low_rank_correlation_statistics_f32`: rank^2 +
/// 5 rank doubles, however many rows there are.
///
/// Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
///
/// # Safety
/// `bytes` and `align` are null or point to one writable value each.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_low_rank_correlation_statistics_f32_workspace(
    rank: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    let request = low_rank_correlation_statistics_scratch(rank);
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(Ok(request), bytes, align) })
}

/// Writes the size and the alignment of the workspace of `saek_low_rank_correlation_statistics_f64`; as
/// `saek_low_rank_correlation_statistics_f32_workspace`.
///
/// Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
///
/// # Safety
/// `bytes` and `align` are null or point to one writable value each.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_low_rank_correlation_statistics_f64_workspace(
    rank: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    let request = low_rank_correlation_statistics_scratch(rank);
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(Ok(request), bytes, align) })
}

/// Where a call writes.
struct Outputs {
    mean: *mut f64,
    rms: *mut f64,
}

/// # Safety
/// As the exported functions.
unsafe fn dense<T: Scalar>(
    correlation: *const T,
    count: usize,
    stride: usize,
    mean: *mut f64,
    rms: *mut f64,
) -> Result<(), Error> {
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    let (correlation, mean, rms) = unsafe {
        (
            arguments.matrix(correlation, count, count, stride, Argument::Correlation)?,
            arguments.output(mean, Argument::Mean)?,
            arguments.output(rms, Argument::Rms)?,
        )
    };
    let found = correlation_statistics(correlation)?;
    (*mean, *rms) = (found.mean, found.rms);
    Ok(())
}

/// # Safety
/// As the exported functions.
unsafe fn low_rank<T: Scalar>(
    factor: *const T,
    count: usize,
    rank: usize,
    stride: usize,
    outputs: Outputs,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> Result<(), Error> {
    let request = low_rank_correlation_statistics_scratch(rank);
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    let (factor, mean, rms, stack) = unsafe {
        (
            arguments.matrix(factor, count, rank, stride, Argument::Factor)?,
            arguments.output(outputs.mean, Argument::Mean)?,
            arguments.output(outputs.rms, Argument::Rms)?,
            arguments.workspace(workspace, workspace_bytes, request)?,
        )
    };
    let found = low_rank_correlation_statistics(factor, stack)?;
    (*mean, *rms) = (found.mean, found.rms);
    Ok(())
}
