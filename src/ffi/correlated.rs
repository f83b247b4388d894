//! C functions that draw activations whose firing is correlated.

use super::boundary::{Arguments, answer_query, call};
use super::types::saek_status;
use crate::activation::correlated;
use crate::error::{Argument, Error};
use crate::rng::Stream;
use crate::scalar::Scalar;
use core::ffi::c_void;

/// Says how much workspace `saek_correlation_factorise_f32` needs for `count` features: about 8 count^2 bytes.
///
/// - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`.
///
/// Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
///
/// # Safety
/// `bytes` and `align` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_correlation_factorise_f32_workspace(
    count: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(Ok(correlated::factorise_scratch(count)), bytes, align) })
}

/// As `saek_correlation_factorise_f32_workspace`, for `saek_correlation_factorise_f64`.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_correlation_factorise_f64_workspace(
    count: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(Ok(correlated::factorise_scratch(count)), bytes, align) })
}

/// Fills `factor` with the lower triangular L of correlation = L L^T, zero above the diagonal.
///
/// - `correlation`: `count` by `count`, row-major, rows `correlation_stride` elements apart; of the two triangles,
///   which must agree, the lower one is used.
/// - `factor`: likewise with `factor_stride`; written.
/// - `workspace`: as `saek_correlation_factorise_f32_workspace` says.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); EMPTY, STRIDE (correlation, factor);
/// NOT_A_NUMBER, INFINITE, DIAGONAL_NOT_ONE, NOT_SYMMETRIC (tolerance 1e-8 + 1e-5 |x|), NOT_POSITIVE_DEFINITE
/// (correlation); WORKSPACE_TOO_SMALL.
/// Cost: count^3 / 3 flops in double precision. The last bits may differ between processors.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_correlation_factorise_f32(
    correlation: *const f32,
    count: usize,
    correlation_stride: usize,
    factor: *mut f32,
    factor_stride: usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        factorise(correlation, count, correlation_stride, factor, factor_stride, workspace, workspace_bytes)
    })
}

/// As `saek_correlation_factorise_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_correlation_factorise_f64(
    correlation: *const f64,
    count: usize,
    correlation_stride: usize,
    factor: *mut f64,
    factor_stride: usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        factorise(correlation, count, correlation_stride, factor, factor_stride, workspace, workspace_bytes)
    })
}

/// # Safety
/// As the exported functions.
unsafe fn factorise<T: Scalar>(
    correlation: *const T,
    count: usize,
    correlation_stride: usize,
    factor: *mut T,
    factor_stride: usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> Result<(), Error> {
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    let (correlation, factor, stack) = unsafe {
        (
            arguments.matrix(correlation, count, count, correlation_stride, Argument::Correlation)?,
            arguments.matrix_mut(factor, count, count, factor_stride, Argument::Factor)?,
            arguments.workspace(workspace, workspace_bytes, correlated::factorise_scratch(count))?,
        )
    };
    correlated::factorise(correlation, factor, stack)
}

/// Fills `thresholds[count]` with what a standard normal number exceeds with each probability: Phi^-1(1 - p).
///
/// - `probabilities`: `probability_count` of them, which is `count`, or 1 for all features alike; each in [0, 1].
/// - `thresholds`: written; +infinity for a probability of 0, -infinity for 1.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (probabilities, thresholds); EMPTY (thresholds); EMPTY,
/// SHAPE, NOT_A_NUMBER, OUT_OF_RANGE (probabilities).
/// Cost: one quantile a feature, no workspace. The same on every platform.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_correlation_thresholds_f32(
    probabilities: *const f32,
    probability_count: usize,
    thresholds: *mut f32,
    count: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { compute_thresholds(probabilities, probability_count, thresholds, count) })
}

/// As `saek_correlation_thresholds_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_correlation_thresholds_f64(
    probabilities: *const f64,
    probability_count: usize,
    thresholds: *mut f64,
    count: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { compute_thresholds(probabilities, probability_count, thresholds, count) })
}

/// # Safety
/// As the exported functions.
unsafe fn compute_thresholds<T: Scalar>(
    probabilities: *const T,
    probability_count: usize,
    thresholds: *mut T,
    count: usize,
) -> Result<(), Error> {
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    let (probabilities, thresholds) = unsafe {
        (
            arguments.slice(probabilities, probability_count, Argument::Probabilities)?,
            arguments.slice_mut(thresholds, count, Argument::Thresholds)?,
        )
    };
    correlated::thresholds(probabilities, thresholds)
}

/// Says how much workspace `saek_sample_correlated_f32` needs for `cols` features: 256 (cols + min(cols, 64)) numbers.
///
/// - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`.
///
/// Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
///
/// # Safety
/// `bytes` and `align` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sample_correlated_f32_workspace(
    cols: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(Ok(correlated::sample_scratch::<f32>(cols)), bytes, align) })
}

/// As `saek_sample_correlated_f32_workspace`, for `saek_sample_correlated_f64`.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sample_correlated_f64_workspace(
    cols: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(Ok(correlated::sample_scratch::<f64>(cols)), bytes, align) })
}

/// Fills `activations` with samples whose features fire together as a Gaussian copula says.
///
/// Feature i of a row fires where (L eps)_i > thresholds[i], eps being independent standard normal numbers; where
/// it fires the value is relu(means[i] + std_devs[i] g) with another normal g, elsewhere 0.
///
/// - `factor`: L, `cols` by `cols`, row-major, rows `factor_stride` elements apart, as
///   `saek_correlation_factorise_f32` writes it.
/// - `thresholds`: `cols` of them, as `saek_correlation_thresholds_f32` writes them.
/// - `means`, `std_devs`: `mean_count` and `std_dev_count` of them, each `cols`, or 1 for all features alike.
/// - `seed`, `stream`, `first_row`: row k of the batch is row first_row + k of this stream of this seed, and does not
///   depend on the batch that it is drawn in.
/// - `activations`: `rows` by `cols`, row-major, rows `stride` elements apart; written.
/// - `workspace`: as `saek_sample_correlated_f32_workspace` says.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); EMPTY, STRIDE (factor, activations);
/// NOT_A_NUMBER (factor, thresholds, means, std_devs); INFINITE (factor, means, std_devs); EMPTY, SHAPE (means,
/// std_devs); OUT_OF_RANGE (std_devs) for a negative one; SIZE_OVERFLOW (first_row) where first_row + rows exceeds
/// 2^64 - 1; WORKSPACE_TOO_SMALL.
/// Cost: about cols^2 flops a row, counted for whole blocks of 256 rows that begin at a multiple of 256. On processors
/// with different SIMD instructions about one firing in 1/epsilon may differ.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sample_correlated_f32(
    factor: *const f32,
    factor_stride: usize,
    thresholds: *const f32,
    means: *const f32,
    mean_count: usize,
    std_devs: *const f32,
    std_dev_count: usize,
    seed: u64,
    stream: u64,
    first_row: u64,
    activations: *mut f32,
    rows: usize,
    cols: usize,
    stride: usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        sample_correlated(
            factor,
            factor_stride,
            thresholds,
            means,
            mean_count,
            std_devs,
            std_dev_count,
            Stream::new(seed, stream),
            first_row,
            activations,
            rows,
            cols,
            stride,
            workspace,
            workspace_bytes,
        )
    })
}

/// As `saek_sample_correlated_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sample_correlated_f64(
    factor: *const f64,
    factor_stride: usize,
    thresholds: *const f64,
    means: *const f64,
    mean_count: usize,
    std_devs: *const f64,
    std_dev_count: usize,
    seed: u64,
    stream: u64,
    first_row: u64,
    activations: *mut f64,
    rows: usize,
    cols: usize,
    stride: usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        sample_correlated(
            factor,
            factor_stride,
            thresholds,
            means,
            mean_count,
            std_devs,
            std_dev_count,
            Stream::new(seed, stream),
            first_row,
            activations,
            rows,
            cols,
            stride,
            workspace,
            workspace_bytes,
        )
    })
}

/// # Safety
/// As the exported functions.
unsafe fn sample_correlated<T: Scalar>(
    factor: *const T,
    factor_stride: usize,
    thresholds: *const T,
    means: *const T,
    mean_count: usize,
    std_devs: *const T,
    std_dev_count: usize,
    stream: Stream,
    first_row: u64,
    activations: *mut T,
    rows: usize,
    cols: usize,
    stride: usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> Result<(), Error> {
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    let (factor, thresholds, means, std_devs, activations, stack) = unsafe {
        (
            arguments.matrix(factor, cols, cols, factor_stride, Argument::Factor)?,
            arguments.slice(thresholds, cols, Argument::Thresholds)?,
            arguments.slice(means, mean_count, Argument::Means)?,
            arguments.slice(std_devs, std_dev_count, Argument::StdDevs)?,
            arguments.matrix_mut(activations, rows, cols, stride, Argument::Activations)?,
            arguments.workspace(workspace, workspace_bytes, correlated::sample_scratch::<T>(cols))?,
        )
    };
    correlated::sample_correlated(factor, thresholds, means, std_devs, stream, first_row, activations, stack)
}
