//! C functions for correlations of low rank: a random one, and its layout for sampling.

use super::boundary::{Arguments, call};
use super::types::saek_status;
use crate::activation::plan::check_features;
use crate::activation::{low_rank_factor, low_rank_plan_len, plan_low_rank};
use crate::error::{Argument, Error, Reason, ensure};
use crate::rng::Stream;
use crate::scalar::Scalar;

/// Fills `factor` and `diagonal` with a random correlation C = F F^T + diag(delta) of unit diagonal.
///
/// f_ij = scale N(0, 1) and delta_i = 1 - |f_i|^2. Where that would be less than 0.01, row i is scaled to |f_i|^2 = 0.99
/// instead. Row i is a function of (seed, stream, i, cols, scale), however many rows there are.
///
/// - `scale`: finite, >= 0; 0.075 to 0.1 are usual, for ranks of 10 to 100.
/// - `seed`, `stream`: name the random numbers.
/// - `factor`: F, `rows` by `cols`, row-major, rows `stride` elements apart, a row for each feature; written.
/// - `diagonal`: delta, `rows` of them; written.
/// - `capped`: written: the number of rows that were scaled to 0.99.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (factor, diagonal, capped); EMPTY, STRIDE (factor);
/// NOT_A_NUMBER, INFINITE, OUT_OF_RANGE (scale).
/// Cost: 2 rows cols normal numbers, no workspace. The same on every platform.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_low_rank_factor_f32(
    scale: f64,
    seed: u64,
    stream: u64,
    factor: *mut f32,
    rows: usize,
    cols: usize,
    stride: usize,
    diagonal: *mut f32,
    capped: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        factor_at_random(scale, Stream::new(seed, stream), factor, rows, cols, stride, diagonal, capped)
    })
}

/// As `saek_low_rank_factor_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_low_rank_factor_f64(
    scale: f64,
    seed: u64,
    stream: u64,
    factor: *mut f64,
    rows: usize,
    cols: usize,
    stride: usize,
    diagonal: *mut f64,
    capped: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        factor_at_random(scale, Stream::new(seed, stream), factor, rows, cols, stride, diagonal, capped)
    })
}

/// Writes to `count` the length of a plan: features, rounded up to 32 in single precision and 16 in double, times rank
/// + 1.
///
/// - `features`: number of features, in 1..2^32 - 1.
/// - `rank`: columns of the factor, >= 1.
/// - `count`: written.
///
/// Status: EMPTY, OUT_OF_RANGE (features); EMPTY (rank); SIZE_OVERFLOW (plan); NULL_POINTER, MISALIGNED (count).
///
/// # Safety
/// `count` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_low_rank_plan_len_f32(
    features: usize,
    rank: usize,
    count: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { plan_len::<f32>(features, rank, count) })
}

/// As `saek_low_rank_plan_len_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_low_rank_plan_len_f64(
    features: usize,
    rank: usize,
    count: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { plan_len::<f64>(features, rank, count) })
}

/// Lays out a correlation of low rank and firing probabilities in `plan`, for `saek_sample_low_rank_csr_f32` and its
/// like.
///
/// - `factor`: F, `rows` by `cols`, row-major, rows `stride` elements apart, a row for each feature.
/// - `diagonal`: delta, `rows` of them, > 0, with |f_i|^2 + delta_i = 1 to 1.001e-5.
/// - `probabilities`: `probability_count` of them, which is `rows`, or 1 for all features alike; each in [0, 1].
/// - `plan`: `plan_len` numbers, as many as `saek_low_rank_plan_len_f32` says; written.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); EMPTY, STRIDE, NOT_A_NUMBER, INFINITE
/// (factor); OUT_OF_RANGE (features) for 2^32 rows or more; NOT_A_NUMBER, INFINITE, OUT_OF_RANGE, DIAGONAL_NOT_ONE
/// (diagonal); EMPTY, SHAPE, NOT_A_NUMBER, OUT_OF_RANGE (probabilities); EMPTY, SHAPE (plan).
/// Cost: a few passes over the factor and a quantile a feature, no workspace. The same on every platform.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_plan_low_rank_f32(
    factor: *const f32,
    rows: usize,
    cols: usize,
    stride: usize,
    diagonal: *const f32,
    probabilities: *const f32,
    probability_count: usize,
    plan: *mut f32,
    plan_len: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        lay_out(factor, rows, cols, stride, diagonal, probabilities, probability_count, plan, plan_len)
    })
}

/// As `saek_plan_low_rank_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_plan_low_rank_f64(
    factor: *const f64,
    rows: usize,
    cols: usize,
    stride: usize,
    diagonal: *const f64,
    probabilities: *const f64,
    probability_count: usize,
    plan: *mut f64,
    plan_len: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        lay_out(factor, rows, cols, stride, diagonal, probabilities, probability_count, plan, plan_len)
    })
}

/// # Safety
/// As the exported functions.
unsafe fn factor_at_random<T: Scalar>(
    scale: f64,
    random: Stream,
    factor: *mut T,
    rows: usize,
    cols: usize,
    stride: usize,
    diagonal: *mut T,
    capped: *mut usize,
) -> Result<(), Error> {
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    let (factor, diagonal, capped) = unsafe {
        (
            arguments.matrix_mut(factor, rows, cols, stride, Argument::Factor)?,
            arguments.slice_mut(diagonal, rows, Argument::Diagonal)?,
            arguments.output(capped, Argument::Capped)?,
        )
    };
    *capped = low_rank_factor(scale, random, factor, diagonal)?;
    Ok(())
}

/// # Safety
/// As the exported functions.
unsafe fn plan_len<T: Scalar>(features: usize, rank: usize, count: *mut usize) -> Result<(), Error> {
    // SAFETY: the caller's promise.
    let count = unsafe { Arguments::new().output(count, Argument::Count)? };
    check_features(features)?;
    ensure(rank > 0, Reason::Empty, Argument::Rank)?;
    let too_many = Error::new(Reason::SizeOverflow, Argument::Plan);
    *count = low_rank_plan_len::<T>(features, rank).ok_or(too_many)?;
    Ok(())
}

/// # Safety
/// As the exported functions.
unsafe fn lay_out<T: Scalar>(
    factor: *const T,
    rows: usize,
    cols: usize,
    stride: usize,
    diagonal: *const T,
    probabilities: *const T,
    probability_count: usize,
    plan: *mut T,
    plan_len: usize,
) -> Result<(), Error> {
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    let (factor, diagonal, probabilities, plan) = unsafe {
        (
            arguments.matrix(factor, rows, cols, stride, Argument::Factor)?,
            arguments.slice(diagonal, rows, Argument::Diagonal)?,
            arguments.slice(probabilities, probability_count, Argument::Probabilities)?,
            arguments.slice_mut(plan, plan_len, Argument::Plan)?,
        )
    };
    plan_low_rank(factor, diagonal, probabilities, plan)?;
    Ok(())
}
