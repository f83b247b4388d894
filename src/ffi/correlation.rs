//! C functions that make correlation matrices, and the lists of pairs they are made from.

use super::boundary::{Arguments, VersionedStruct, answer_query, call, init, params};
use super::types::saek_status;
use crate::activation::correlation;
use crate::error::{Argument, Error};
use crate::scalar::Scalar;
use core::ffi::c_void;

/// The correlation of two features.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct saek_correlated_pair {
    /// The first feature, less than `j`.
    pub i: u32,
    /// The second feature.
    pub j: u32,
    /// Their correlation, in [-1, 1].
    pub correlation: f64,
}

// The kernels' type is read and written through pointers to the C type: both are repr(C) with the same fields.
const _: () = {
    use core::mem::offset_of;
    type Kernel = correlation::CorrelatedPair;
    assert!(size_of::<saek_correlated_pair>() == size_of::<Kernel>());
    assert!(align_of::<saek_correlated_pair>() == align_of::<Kernel>());
    assert!(offset_of!(saek_correlated_pair, i) == offset_of!(Kernel, i));
    assert!(offset_of!(saek_correlated_pair, j) == offset_of!(Kernel, j));
    assert!(offset_of!(saek_correlated_pair, correlation) == offset_of!(Kernel, correlation));
};

/// Says how much workspace `saek_correlation_matrix_f32` needs for `count` features: up to about 48 count^2 bytes.
///
/// - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`.
///
/// Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
///
/// # Safety
/// `bytes` and `align` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_correlation_matrix_f32_workspace(
    count: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(Ok(correlation::correlation_matrix_scratch(count)), bytes, align) })
}

/// As `saek_correlation_matrix_f32_workspace`, for `saek_correlation_matrix_f64`.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_correlation_matrix_f64_workspace(
    count: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(Ok(correlation::correlation_matrix_scratch(count)), bytes, align) })
}

/// Fills `out` with the correlation matrix of `pairs`: symmetric, with a unit diagonal.
///
/// Entries without a pair are `default_correlation`; later pairs override earlier ones. If an eigenvalue is below
/// -1e-6, those below 1e-6 are raised to it and the matrix is scaled to a unit diagonal again, so that the result
/// is positive definite but only near to what was asked for. The work is done in double precision.
///
/// - `pairs`: `pair_count` of them, i < j < count; may be null where there are none.
/// - `default_correlation`: in [-1, 1].
/// - `out`: `count` by `count`, row-major, rows `stride` elements apart; written.
/// - `report`: null, or written: 1 where the matrix was repaired, else 0.
/// - `workspace`: as `saek_correlation_matrix_f32_workspace` says.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); EMPTY, STRIDE (out);
/// INDEX_OUT_OF_RANGE, ORDER (pairs); NOT_A_NUMBER, INFINITE, OUT_OF_RANGE (pairs, default_correlation);
/// WORKSPACE_TOO_SMALL; NOT_CONVERGED (out) should the eigenvalues not be found.
/// Cost: count^3 / 3 flops, with a repair about 10 count^3 more. The last bits of a repaired matrix may differ between
/// processors.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_correlation_matrix_f32(
    pairs: *const saek_correlated_pair,
    pair_count: usize,
    default_correlation: f64,
    out: *mut f32,
    count: usize,
    stride: usize,
    report: *mut u32,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        correlation_matrix(
            pairs,
            pair_count,
            default_correlation,
            out,
            count,
            stride,
            report,
            workspace,
            workspace_bytes,
        )
    })
}

/// As `saek_correlation_matrix_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_correlation_matrix_f64(
    pairs: *const saek_correlated_pair,
    pair_count: usize,
    default_correlation: f64,
    out: *mut f64,
    count: usize,
    stride: usize,
    report: *mut u32,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        correlation_matrix(
            pairs,
            pair_count,
            default_correlation,
            out,
            count,
            stride,
            report,
            workspace,
            workspace_bytes,
        )
    })
}

/// # Safety
/// As the exported functions.
unsafe fn correlation_matrix<T: Scalar>(
    pairs: *const saek_correlated_pair,
    pair_count: usize,
    default_correlation: f64,
    out: *mut T,
    count: usize,
    stride: usize,
    report: *mut u32,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> Result<(), Error> {
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise; the two types of a pair have the same layout.
    let (pairs, out, report, stack) = unsafe {
        (
            if pair_count == 0 { &[] } else { arguments.slice(pairs.cast(), pair_count, Argument::Pairs)? },
            arguments.matrix_mut(out, count, count, stride, Argument::Out)?,
            if report.is_null() { None } else { Some(arguments.output(report, Argument::Report)?) },
            arguments.workspace(
                workspace,
                workspace_bytes,
                correlation::correlation_matrix_scratch(count),
            )?,
        )
    };
    let repaired = correlation::correlation_matrix(pairs, default_correlation, out, stack)?;
    if let Some(report) = report {
        *report = u32::from(repaired);
    }
    Ok(())
}

/// Parameters of `saek_random_correlations`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct saek_random_correlations_params {
    /// sizeof(saek_random_correlations_params); `saek_random_correlations_params_init` sets it.
    pub struct_size: u32,
    /// Zero.
    pub reserved: u32,
    /// Share of positive ones among the correlated pairs, in [0, 1]. Default 0.5.
    pub positive_ratio: f64,
    /// Share of all pairs that get no correlation, in [0, 1]. Default 0.3.
    pub uncorrelated_ratio: f64,
    /// Least absolute correlation, in [0, max_strength]. Default 0.1.
    pub min_strength: f64,
    /// Greatest absolute correlation, in [min_strength, 1]. Default 0.8.
    pub max_strength: f64,
    /// Seed. Default 0.
    pub seed: u64,
}

// SAFETY: repr(C), begins with struct_size, holds integers and floats.
unsafe impl VersionedStruct for saek_random_correlations_params {
    fn defaults() -> Self {
        let d = correlation::RandomCorrelationsParams::default();
        Self {
            struct_size: size_of::<Self>() as u32,
            reserved: 0,
            positive_ratio: d.positive_ratio,
            uncorrelated_ratio: d.uncorrelated_ratio,
            min_strength: d.min_strength,
            max_strength: d.max_strength,
            seed: d.seed,
        }
    }
}

impl saek_random_correlations_params {
    fn to_kernel(self) -> correlation::RandomCorrelationsParams {
        correlation::RandomCorrelationsParams {
            positive_ratio: self.positive_ratio,
            uncorrelated_ratio: self.uncorrelated_ratio,
            min_strength: self.min_strength,
            max_strength: self.max_strength,
            seed: self.seed,
        }
    }
}

/// Fills `params` with the defaults.
///
/// # Safety
/// `params` is null (status NULL_POINTER) or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_random_correlations_params_init(
    params: *mut saek_random_correlations_params,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { init(params) })
}

/// Says how many pairs `saek_random_correlations` gives: N - floor(N uncorrelated_ratio), N = count(count - 1)/2.
///
/// - `params`: null for the defaults.
/// - `out`: written.
///
/// Status: NULL_POINTER, MISALIGNED (out); those of `saek_random_correlations` for `count` and `params`;
/// SIZE_OVERFLOW (count).
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_random_correlations_len(
    count: usize,
    params: *const saek_random_correlations_params,
    out: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { random_correlations_len(count, params, out) })
}

/// # Safety
/// As the exported function.
unsafe fn random_correlations_len(
    count: usize,
    p: *const saek_random_correlations_params,
    out: *mut usize,
) -> Result<(), Error> {
    // SAFETY: the caller's promise.
    let (p, out) = unsafe { (params(p)?, Arguments::new().output(out, Argument::Out)?) };
    *out = correlation::random_correlations_len(count, &p.to_kernel())?;
    Ok(())
}

/// Writes random correlations between `count` features, in increasing order of (i, j).
///
/// Of the N = count(count - 1)/2 pairs, floor(N uncorrelated_ratio) chosen at random are left out; of the others a
/// share of positive_ratio, rounded down and chosen at random, is positive and the rest negative; absolute values
/// are uniform in [min_strength, max_strength].
///
/// - `params`: null for the defaults.
/// - `pairs`: room for `capacity` pairs, of which the first are written; may be null where capacity is 0.
/// - `out`: the number of pairs written.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (pairs, out); MISALIGNED, STRUCT_SIZE (params);
/// NOT_A_NUMBER, INFINITE, OUT_OF_RANGE (positive_ratio, uncorrelated_ratio, min_strength, max_strength); ORDER
/// (min_strength) unless min <= max; OUT_OF_RANGE (count) for 2^32 features and more; CAPACITY (capacity) where there
/// are more pairs than room.
/// Cost: at most three random words a pair. Deterministic in the seed; the same on every platform.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_random_correlations(
    count: usize,
    params: *const saek_random_correlations_params,
    pairs: *mut saek_correlated_pair,
    capacity: usize,
    out: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { random_correlations(count, params, pairs, capacity, out) })
}

/// # Safety
/// As the exported function.
unsafe fn random_correlations(
    count: usize,
    p: *const saek_random_correlations_params,
    pairs: *mut saek_correlated_pair,
    capacity: usize,
    out: *mut usize,
) -> Result<(), Error> {
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise; the two types of a pair have the same layout.
    let (p, pairs, out) = unsafe {
        (
            params(p)?,
            if capacity == 0 {
                &mut []
            } else {
                arguments.slice_mut(pairs.cast(), capacity, Argument::Pairs)?
            },
            arguments.output(out, Argument::Out)?,
        )
    };
    *out = correlation::random_correlations(count, &p.to_kernel(), pairs)?;
    Ok(())
}
