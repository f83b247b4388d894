//! C functions that sample activations of independently firing features, dense and sparse.

use super::boundary::{Arguments, VersionedStruct, call, required};
use super::csr::BatchMut;
use super::firing::{Raw, saek_firing_f32, saek_firing_f64};
use super::types::saek_status;
use crate::activation;
use crate::error::{Argument, Error};
use crate::rng::Stream;
use crate::scalar::Scalar;

/// Fills `activations` with samples of independently firing features, one a row.
///
/// x_rj = relu(mean_j + std_dev_j N(0, 1)) with probability p_j, else 0. Row r is sample first_row + r of the stream, a
/// function of (seed, stream, first_row + r) and `firing` alone, so that samples may be made in any parts.
///
/// - `firing`: probabilities, means and standard deviations, of `cols` values or 1 each.
/// - `seed`, `stream`: name the random numbers.
/// - `first_row`: number of the first sample.
/// - `activations`: `rows` by `cols`, row-major, rows `stride` elements apart, a feature a column; written.
/// - `stride`: >= cols.
///
/// Status: NULL_POINTER, MISALIGNED, STRUCT_SIZE (firing); NULL_POINTER, MISALIGNED, EMPTY, SHAPE, SIZE_OVERFLOW,
/// NOT_A_NUMBER, INFINITE (probabilities, means, std_devs); OUT_OF_RANGE (probabilities, std_devs); NULL_POINTER,
/// MISALIGNED, EMPTY, STRIDE, SIZE_OVERFLOW, OVERLAP (activations); SIZE_OVERFLOW (first_row) where the number of the
/// last sample would not fit into 64 bits.
/// Cost: a random word a feature and sample, a normal number a firing with a standard deviation > 0; no workspace. The
/// same on every platform. Probabilities are rounded up to multiples of 2^-53.
/// `saek_sample_independent_csr_f32` gives the same samples.
///
/// # Safety
/// Pointers are null or point to what is said here and in the struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sample_independent_f32(
    firing: *const saek_firing_f32,
    seed: u64,
    stream: u64,
    first_row: u64,
    activations: *mut f32,
    rows: usize,
    cols: usize,
    stride: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        sample_independent(firing, Stream::new(seed, stream), first_row, activations, rows, cols, stride)
    })
}

/// As `saek_sample_independent_f32`, in double precision. The same features fire for the same probabilities.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sample_independent_f64(
    firing: *const saek_firing_f64,
    seed: u64,
    stream: u64,
    first_row: u64,
    activations: *mut f64,
    rows: usize,
    cols: usize,
    stride: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        sample_independent(firing, Stream::new(seed, stream), first_row, activations, rows, cols, stride)
    })
}

/// # Safety
/// As the exported functions.
unsafe fn sample_independent<T: Scalar, F: VersionedStruct + Into<Raw<T>>>(
    firing: *const F,
    random: Stream,
    first_row: u64,
    activations: *mut T,
    rows: usize,
    cols: usize,
    stride: usize,
) -> Result<(), Error> {
    let (mut arguments, defaults) = (Arguments::new(), Raw::DEFAULTS);
    // SAFETY: the caller's promise.
    unsafe {
        let firing: Raw<T> = required(firing, Argument::Firing)?.into();
        let firing = firing.borrow(&mut arguments, &defaults)?;
        let out = arguments.matrix_mut(activations, rows, cols, stride, Argument::Activations)?;
        activation::sample_independent(&firing, random, first_row, out)
    }
}

/// Writes samples of independently firing features in compressed sparse rows (CSR): what fires, without the zeros.
///
/// The samples are those of `saek_sample_independent_f32`. The activations of row r are the elements row_offsets[r] to
/// row_offsets[r + 1] - 1 of `columns` and `values`, features in increasing order; what the relu makes zero is left out.
///
/// - `firing`: probabilities, means and standard deviations, of `features` values or 1 each.
/// - `features`: number of features, in 1..2^32 - 1.
/// - `seed`, `stream`: name the random numbers.
/// - `first_row`: number of the first sample.
/// - `rows`: number of samples, >= 1.
/// - `row_offsets`: rows + 1 offsets, written; the last is the number of non-zeros.
/// - `columns`, `values`: the features and the activations, `capacity` elements each, written as far as there are
///   non-zeros. Either may be NULL where `capacity` is 0.
/// - `capacity`: non-zeros that there is room for. Where they are more, the status is CAPACITY (capacity),
///   `row_offsets` is complete all the same, row_offsets[rows] is the capacity needed, and the elements that fit have
///   been written. So a call with `capacity` 0 asks for the number, and rows * features always suffices.
///
/// Status: NULL_POINTER, MISALIGNED, STRUCT_SIZE (firing); NULL_POINTER, MISALIGNED, EMPTY, SHAPE, SIZE_OVERFLOW,
/// NOT_A_NUMBER, INFINITE (probabilities, means, std_devs); OUT_OF_RANGE (probabilities, std_devs); EMPTY, OUT_OF_RANGE
/// (features); EMPTY (rows); NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (row_offsets, columns, values);
/// SIZE_OVERFLOW (first_row); CAPACITY (capacity).
/// Cost: as `saek_sample_independent_f32`, but writes only the non-zeros. The same on every platform.
///
/// # Safety
/// Pointers are null or point to what is said here and in the struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sample_independent_csr_f32(
    firing: *const saek_firing_f32,
    features: usize,
    seed: u64,
    stream: u64,
    first_row: u64,
    rows: usize,
    row_offsets: *mut i64,
    columns: *mut u32,
    values: *mut f32,
    capacity: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        let random = Stream::new(seed, stream);
        sample_independent_csr(
            firing,
            features,
            random,
            first_row,
            rows,
            row_offsets,
            columns,
            values,
            capacity,
        )
    })
}

/// As `saek_sample_independent_csr_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sample_independent_csr_f64(
    firing: *const saek_firing_f64,
    features: usize,
    seed: u64,
    stream: u64,
    first_row: u64,
    rows: usize,
    row_offsets: *mut i64,
    columns: *mut u32,
    values: *mut f64,
    capacity: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        let random = Stream::new(seed, stream);
        sample_independent_csr(
            firing,
            features,
            random,
            first_row,
            rows,
            row_offsets,
            columns,
            values,
            capacity,
        )
    })
}

/// # Safety
/// As the exported functions.
unsafe fn sample_independent_csr<T: Scalar, F: VersionedStruct + Into<Raw<T>>>(
    firing: *const F,
    features: usize,
    random: Stream,
    first_row: u64,
    rows: usize,
    row_offsets: *mut i64,
    columns: *mut u32,
    values: *mut T,
    capacity: usize,
) -> Result<(), Error> {
    let (mut arguments, defaults) = (Arguments::new(), Raw::DEFAULTS);
    // SAFETY: the caller's promise.
    unsafe {
        let firing: Raw<T> = required(firing, Argument::Firing)?.into();
        let firing = firing.borrow(&mut arguments, &defaults)?;
        let out = BatchMut { row_offsets, columns, values, capacity, rows }.borrow(&mut arguments)?;
        activation::sample_independent_csr(&firing, features, random, first_row, rows, out)?;
        Ok(())
    }
}

/// Writes the non-zeros of `activations` in compressed sparse rows (CSR).
///
/// The non-zeros of row r are the elements row_offsets[r] to row_offsets[r + 1] - 1 of `columns` and `values`, columns
/// in increasing order.
///
/// - `activations`: `rows` by `cols`, row-major, rows `stride` elements apart; cols < 2^32.
/// - `stride`: >= cols.
/// - `row_offsets`: rows + 1 offsets, written; the last is the number of non-zeros.
/// - `columns`, `values`: `capacity` elements each, written as far as there are non-zeros. Either may be NULL where
///   `capacity` is 0.
/// - `capacity`: non-zeros that there is room for. Where they are more, the status is CAPACITY (capacity),
///   `row_offsets` is complete all the same, row_offsets[rows] is the capacity needed, and the elements that fit have
///   been written. So a call with `capacity` 0 asks for the number.
///
/// Status: NULL_POINTER, MISALIGNED, EMPTY, STRIDE, SIZE_OVERFLOW, NOT_A_NUMBER, INFINITE (activations); OUT_OF_RANGE
/// (cols); NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (row_offsets, columns, values); CAPACITY (capacity).
/// Cost: two passes over the matrix, no workspace. Exact.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_csr_from_dense_f32(
    activations: *const f32,
    rows: usize,
    cols: usize,
    stride: usize,
    row_offsets: *mut i64,
    columns: *mut u32,
    values: *mut f32,
    capacity: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        csr_from_dense(activations, rows, cols, stride, row_offsets, columns, values, capacity)
    })
}

/// As `saek_csr_from_dense_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_csr_from_dense_f64(
    activations: *const f64,
    rows: usize,
    cols: usize,
    stride: usize,
    row_offsets: *mut i64,
    columns: *mut u32,
    values: *mut f64,
    capacity: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        csr_from_dense(activations, rows, cols, stride, row_offsets, columns, values, capacity)
    })
}

/// # Safety
/// As the exported functions.
unsafe fn csr_from_dense<T: Scalar>(
    activations: *const T,
    rows: usize,
    cols: usize,
    stride: usize,
    row_offsets: *mut i64,
    columns: *mut u32,
    values: *mut T,
    capacity: usize,
) -> Result<(), Error> {
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    unsafe {
        let dense = arguments.matrix(activations, rows, cols, stride, Argument::Activations)?;
        let out = BatchMut { row_offsets, columns, values, capacity, rows }.borrow(&mut arguments)?;
        activation::csr_from_dense(dense, out)?;
        Ok(())
    }
}
