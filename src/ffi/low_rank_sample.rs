//! C functions that draw samples of features whose correlation has low rank.

use super::boundary::{Arguments, answer_query, call};
use super::csr::BatchMut;
use super::types::saek_status;
use crate::activation::{
    LowRankFiring, LowRankPlan, sample_low_rank, sample_low_rank_csr, sample_low_rank_scratch,
};
use crate::error::{Argument, Error};
use crate::rng::Stream;
use crate::scalar::Scalar;
use core::ffi::c_void;

/// Says how much workspace `saek_sample_low_rank_f32` and `saek_sample_low_rank_csr_f32` need: 48 bits a feature and 48
/// numbers a dimension of the factor.
///
/// - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`.
///
/// Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
///
/// # Safety
/// `bytes` and `align` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sample_low_rank_f32_workspace(
    features: usize,
    rank: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(Ok(sample_low_rank_scratch::<f32>(features, rank)), bytes, align) })
}

/// As `saek_sample_low_rank_f32_workspace`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sample_low_rank_f64_workspace(
    features: usize,
    rank: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(Ok(sample_low_rank_scratch::<f64>(features, rank)), bytes, align) })
}

/// Writes samples of features whose correlation has low rank in compressed sparse rows (CSR).
///
/// The law is that of `saek_sample_correlated_f32` for C = F F^T + diag(delta): feature i fires where z_i of z ~ N(0,
/// C) exceeds its limit, and then is relu(means[i] + std_devs[i] g) with another normal g; what the relu makes zero is
/// left out. Given the factors' part of z, features fire independently, and only those are looked at on whose stretch
/// of a line one of few random points lies, which gives that law exactly.
///
/// - `plan`: `plan_len` numbers, as `saek_plan_low_rank_f32` writes them for `features` and `rank`. One that was
///   overwritten gives samples in proper form, whose law is another.
/// - `means`, `std_devs`: `mean_count` and `std_dev_count` of them, each `features`, or 1 for all features alike;
///   std_devs >= 0.
/// - `seed`, `stream`, `first_row`: row k of the batch is row first_row + k of this stream of this seed, and does not
///   depend on the batch that it is drawn in.
/// - `rows`: number of samples, >= 1.
/// - `row_offsets`: rows + 1 offsets, written; the last is the number of non-zeros.
/// - `columns`, `values`: the features and the activations, `capacity` elements each, written as far as there are
///   non-zeros. Either may be NULL where `capacity` is 0.
/// - `capacity`: non-zeros that there is room for. Where they are more, the status is CAPACITY (capacity),
///   `row_offsets` is complete all the same, row_offsets[rows] is the capacity needed, and the elements that fit have
///   been written.
/// - `workspace`: as `saek_sample_low_rank_f32_workspace` says.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); EMPTY, OUT_OF_RANGE (features); EMPTY
/// (rank); EMPTY, SHAPE (plan); EMPTY, SHAPE, NOT_A_NUMBER, INFINITE (means, std_devs); OUT_OF_RANGE (std_devs) for a
/// negative one; EMPTY (rows); SIZE_OVERFLOW (first_row) where first_row + rows exceeds 2^64 - 1; WORKSPACE_TOO_SMALL
/// (workspace); CAPACITY (capacity).
/// Cost: 2 features rank flops and a polynomial a feature and row, in vectors; 1 to 1.09 exponential numbers a firing,
/// and a normal number where the standard deviation is > 0. The same bits on all CPUs with fused multiplication and
/// addition.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sample_low_rank_csr_f32(
    plan: *const f32,
    plan_len: usize,
    features: usize,
    rank: usize,
    means: *const f32,
    mean_count: usize,
    std_devs: *const f32,
    std_dev_count: usize,
    seed: u64,
    stream: u64,
    first_row: u64,
    rows: usize,
    row_offsets: *mut i64,
    columns: *mut u32,
    values: *mut f32,
    capacity: usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        let law = Law { plan, plan_len, features, rank, means, mean_count, std_devs, std_dev_count };
        let random = Stream::new(seed, stream);
        sample_csr(
            law,
            random,
            first_row,
            rows,
            row_offsets,
            columns,
            values,
            capacity,
            workspace,
            workspace_bytes,
        )
    })
}

/// As `saek_sample_low_rank_csr_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sample_low_rank_csr_f64(
    plan: *const f64,
    plan_len: usize,
    features: usize,
    rank: usize,
    means: *const f64,
    mean_count: usize,
    std_devs: *const f64,
    std_dev_count: usize,
    seed: u64,
    stream: u64,
    first_row: u64,
    rows: usize,
    row_offsets: *mut i64,
    columns: *mut u32,
    values: *mut f64,
    capacity: usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        let law = Law { plan, plan_len, features, rank, means, mean_count, std_devs, std_dev_count };
        let random = Stream::new(seed, stream);
        sample_csr(
            law,
            random,
            first_row,
            rows,
            row_offsets,
            columns,
            values,
            capacity,
            workspace,
            workspace_bytes,
        )
    })
}

/// Fills `activations` with samples of features whose correlation has low rank: those of
/// `saek_sample_low_rank_csr_f32`, to the bit.
///
/// - `plan`: `plan_len` numbers, as `saek_plan_low_rank_f32` writes them for `features` and `rank`. One that was
///   overwritten gives samples in proper form, whose law is another.
/// - `means`, `std_devs`: `mean_count` and `std_dev_count` of them, each `features`, or 1 for all features alike;
///   std_devs >= 0.
/// - `seed`, `stream`, `first_row`: row k of the batch is row first_row + k of this stream of this seed, and does not
///   depend on the batch that it is drawn in.
/// - `activations`: `rows` by `features`, row-major, rows `stride` elements apart; written.
/// - `workspace`: as `saek_sample_low_rank_f32_workspace` says.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); EMPTY, OUT_OF_RANGE (features); EMPTY
/// (rank); EMPTY, SHAPE (plan); EMPTY, SHAPE, NOT_A_NUMBER, INFINITE (means, std_devs); OUT_OF_RANGE (std_devs) for a
/// negative one; EMPTY, STRIDE (activations); SIZE_OVERFLOW (first_row) where first_row + rows exceeds 2^64 - 1;
/// WORKSPACE_TOO_SMALL (workspace).
/// Cost: as for `saek_sample_low_rank_csr_f32`, and rows features zeros written.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sample_low_rank_f32(
    plan: *const f32,
    plan_len: usize,
    features: usize,
    rank: usize,
    means: *const f32,
    mean_count: usize,
    std_devs: *const f32,
    std_dev_count: usize,
    seed: u64,
    stream: u64,
    first_row: u64,
    activations: *mut f32,
    rows: usize,
    stride: usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        let law = Law { plan, plan_len, features, rank, means, mean_count, std_devs, std_dev_count };
        let random = Stream::new(seed, stream);
        sample_dense(law, random, first_row, activations, rows, stride, workspace, workspace_bytes)
    })
}

/// As `saek_sample_low_rank_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sample_low_rank_f64(
    plan: *const f64,
    plan_len: usize,
    features: usize,
    rank: usize,
    means: *const f64,
    mean_count: usize,
    std_devs: *const f64,
    std_dev_count: usize,
    seed: u64,
    stream: u64,
    first_row: u64,
    activations: *mut f64,
    rows: usize,
    stride: usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        let law = Law { plan, plan_len, features, rank, means, mean_count, std_devs, std_dev_count };
        let random = Stream::new(seed, stream);
        sample_dense(law, random, first_row, activations, rows, stride, workspace, workspace_bytes)
    })
}

/// What the samples of a call have in common, as the caller gave it.
struct Law<T> {
    plan: *const T,
    plan_len: usize,
    features: usize,
    rank: usize,
    means: *const T,
    mean_count: usize,
    std_devs: *const T,
    std_dev_count: usize,
}

impl<T: Scalar> Law<T> {
    /// # Safety
    /// The pointers are null or point to as many numbers as the lengths say.
    unsafe fn borrow<'a>(&self, arguments: &mut Arguments) -> Result<LowRankFiring<'a, T>, Error> {
        // SAFETY: the caller's promise.
        let (plan, means, std_devs) = unsafe {
            (
                arguments.slice(self.plan, self.plan_len, Argument::Plan)?,
                arguments.slice(self.means, self.mean_count, Argument::Means)?,
                arguments.slice(self.std_devs, self.std_dev_count, Argument::StdDevs)?,
            )
        };
        LowRankFiring::new(LowRankPlan::from_parts(plan, self.features, self.rank)?, means, std_devs)
    }
}

/// # Safety
/// As the exported functions.
unsafe fn sample_csr<T: Scalar>(
    law: Law<T>,
    random: Stream,
    first_row: u64,
    rows: usize,
    row_offsets: *mut i64,
    columns: *mut u32,
    values: *mut T,
    capacity: usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> Result<(), Error> {
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    unsafe {
        let firing = law.borrow(&mut arguments)?;
        let out = BatchMut { row_offsets, columns, values, capacity, rows }.borrow(&mut arguments)?;
        let request = sample_low_rank_scratch::<T>(law.features, law.rank);
        let stack = arguments.workspace(workspace, workspace_bytes, request)?;
        sample_low_rank_csr(&firing, random, first_row, rows, out, stack)?;
    }
    Ok(())
}

/// # Safety
/// As the exported functions.
unsafe fn sample_dense<T: Scalar>(
    law: Law<T>,
    random: Stream,
    first_row: u64,
    activations: *mut T,
    rows: usize,
    stride: usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> Result<(), Error> {
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    unsafe {
        let firing = law.borrow(&mut arguments)?;
        let out = arguments.matrix_mut(activations, rows, law.features, stride, Argument::Activations)?;
        let request = sample_low_rank_scratch::<T>(law.features, law.rank);
        let stack = arguments.workspace(workspace, workspace_bytes, request)?;
        sample_low_rank(&firing, random, first_row, out, stack)
    }
}
