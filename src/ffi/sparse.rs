//! C functions that sample independently firing features in the time that their firings take.

use super::boundary::{Arguments, VersionedStruct, call, required};
use super::csr::BatchMut;
use super::planned_firing::{Raw, saek_planned_firing_f32, saek_planned_firing_f64};
use super::types::saek_status;
use crate::activation;
use crate::error::{Argument, Error};
use crate::rng::Stream;
use crate::scalar::Scalar;

/// Writes samples of independently firing features in compressed sparse rows (CSR), in the time that their firings take.
///
/// x_rj = relu(mean_j + std_dev_j N(0, 1)) with probability p_j, else 0. Row r is sample first_row + r of the stream, a
/// function of (seed, stream, first_row + r) and `firing` alone, so that samples may be made in any parts. The
/// activations of row r are the elements row_offsets[r] to row_offsets[r + 1] - 1 of `columns` and `values`, features
/// in increasing order; what the relu makes zero is left out. The law is that of `saek_sample_independent_csr_f32`, the
/// random numbers are others.
///
/// - `firing`: a plan, means and standard deviations.
/// - `seed`, `stream`: name the random numbers.
/// - `first_row`: number of the first sample.
/// - `rows`: number of samples, >= 1.
/// - `row_offsets`: rows + 1 offsets, written; the last is the number of non-zeros.
/// - `columns`, `values`: the features and the activations, `capacity` elements each, written as far as there are
///   non-zeros. Either may be NULL where `capacity` is 0.
/// - `capacity`: non-zeros that there is room for. Where they are more, the status is CAPACITY (capacity),
///   `row_offsets` is complete all the same, row_offsets[rows] is the capacity needed, and the elements that fit have
///   been written. So a call with `capacity` 0 asks for the number.
///
/// Status: NULL_POINTER, MISALIGNED, STRUCT_SIZE (firing, plan); EMPTY, OUT_OF_RANGE (features); NULL_POINTER,
/// MISALIGNED, SIZE_OVERFLOW (cumulative_hazards, guide, frequent, frequent_probabilities); SHAPE (guide, frequent);
/// OUT_OF_RANGE (cumulative_hazards); NULL_POINTER, MISALIGNED, EMPTY, SHAPE, SIZE_OVERFLOW, NOT_A_NUMBER, INFINITE
/// (means, std_devs); OUT_OF_RANGE (std_devs); EMPTY (rows); NULL_POINTER, MISALIGNED, SIZE_OVERFLOW,
/// OVERLAP (row_offsets, columns, values); SIZE_OVERFLOW (first_row); CAPACITY (capacity).
/// Cost: some 20 ns a row; for each firing 1 to 1.39 exponential numbers, with a look-up each in the plan, and a normal
/// number where the standard deviation is > 0; for each feature with a probability above 1/2 a random word; and a pass
/// over `means` and `std_devs`. No workspace. The same on every platform. Which features fire is the same in both
/// precisions and does not depend on means and standard deviations. Probabilities are met as `saek_plan_firing_f32`
/// says. Of a plan, sizes and pointers are checked, and that sampling it ends. One whose arrays were overwritten gives
/// samples in proper form, with features within bounds and in order, whose law is another.
///
/// # Safety
/// Pointers are null or point to what is said here and in the structs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sample_sparse_csr_f32(
    firing: *const saek_planned_firing_f32,
    seed: u64,
    stream: u64,
    first_row: u64,
    rows: usize,
    row_offsets: *mut i64,
    columns: *mut u32,
    values: *mut f32,
    capacity: usize,
) -> saek_status {
    let random = Stream::new(seed, stream);
    // SAFETY: the caller's promise.
    call(|| unsafe {
        sample_sparse_csr(firing, random, first_row, rows, row_offsets, columns, values, capacity)
    })
}

/// As `saek_sample_sparse_csr_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sample_sparse_csr_f64(
    firing: *const saek_planned_firing_f64,
    seed: u64,
    stream: u64,
    first_row: u64,
    rows: usize,
    row_offsets: *mut i64,
    columns: *mut u32,
    values: *mut f64,
    capacity: usize,
) -> saek_status {
    let random = Stream::new(seed, stream);
    // SAFETY: the caller's promise.
    call(|| unsafe {
        sample_sparse_csr(firing, random, first_row, rows, row_offsets, columns, values, capacity)
    })
}

/// # Safety
/// As the exported functions.
unsafe fn sample_sparse_csr<T: Scalar, F: VersionedStruct + Into<Raw<T>>>(
    firing: *const F,
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
        activation::sample_sparse_csr(&firing, random, first_row, rows, out)?;
        Ok(())
    }
}

/// Fills `activations` with samples of independently firing features, one a row: those of `saek_sample_sparse_csr_f32`,
/// to the bit.
///
/// - `firing`: a plan, means and standard deviations.
/// - `seed`, `stream`: name the random numbers.
/// - `first_row`: number of the first sample.
/// - `activations`: `rows` by `cols`, row-major, rows `stride` elements apart, a feature a column; written.
/// - `stride`: >= cols.
///
/// Status: NULL_POINTER, MISALIGNED, STRUCT_SIZE (firing, plan); EMPTY, OUT_OF_RANGE (features); NULL_POINTER,
/// MISALIGNED, SIZE_OVERFLOW (cumulative_hazards, guide, frequent, frequent_probabilities); SHAPE (guide, frequent);
/// OUT_OF_RANGE (cumulative_hazards); NULL_POINTER, MISALIGNED, EMPTY, SHAPE, SIZE_OVERFLOW, NOT_A_NUMBER, INFINITE
/// (means, std_devs); OUT_OF_RANGE (std_devs); NULL_POINTER, MISALIGNED, EMPTY, STRIDE, SIZE_OVERFLOW, OVERLAP
/// (activations); SHAPE (activations) where cols is not the plan's number of features; SIZE_OVERFLOW (first_row).
/// Cost: as `saek_sample_sparse_csr_f32`, and rows * cols zeros written; no workspace.
///
/// # Safety
/// Pointers are null or point to what is said here and in the structs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sample_sparse_f32(
    firing: *const saek_planned_firing_f32,
    seed: u64,
    stream: u64,
    first_row: u64,
    activations: *mut f32,
    rows: usize,
    cols: usize,
    stride: usize,
) -> saek_status {
    let random = Stream::new(seed, stream);
    // SAFETY: the caller's promise.
    call(|| unsafe { sample_sparse(firing, random, first_row, activations, rows, cols, stride) })
}

/// As `saek_sample_sparse_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sample_sparse_f64(
    firing: *const saek_planned_firing_f64,
    seed: u64,
    stream: u64,
    first_row: u64,
    activations: *mut f64,
    rows: usize,
    cols: usize,
    stride: usize,
) -> saek_status {
    let random = Stream::new(seed, stream);
    // SAFETY: the caller's promise.
    call(|| unsafe { sample_sparse(firing, random, first_row, activations, rows, cols, stride) })
}

/// # Safety
/// As the exported functions.
unsafe fn sample_sparse<T: Scalar, F: VersionedStruct + Into<Raw<T>>>(
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
        activation::sample_sparse(&firing, random, first_row, out)
    }
}

/// Samples independently firing features and projects them: hidden[rows, cols] = x dictionary[features, cols] +
/// bias[cols].
///
/// x are the samples of `saek_sample_sparse_csr_f32`, which are nowhere stored; `hidden` is to the bit what
/// `saek_project_csr_f32` makes of them.
///
/// - `firing`: a plan, means and standard deviations.
/// - `seed`, `stream`: name the random numbers.
/// - `first_row`: number of the first sample.
/// - `dictionary`: `cols` elements for each of the plan's features, rows `dictionary_stride` elements apart.
/// - `bias`: NULL, or `cols` elements.
/// - `hidden`: `rows` by `cols`, rows `hidden_stride` elements apart; written.
///
/// Status: NULL_POINTER, MISALIGNED, STRUCT_SIZE (firing, plan); EMPTY, OUT_OF_RANGE (features); NULL_POINTER,
/// MISALIGNED, SIZE_OVERFLOW (cumulative_hazards, guide, frequent, frequent_probabilities); SHAPE (guide, frequent);
/// OUT_OF_RANGE (cumulative_hazards); NULL_POINTER, MISALIGNED, EMPTY, SHAPE, SIZE_OVERFLOW, NOT_A_NUMBER, INFINITE
/// (means, std_devs); OUT_OF_RANGE (std_devs); NULL_POINTER, MISALIGNED, EMPTY, STRIDE, SIZE_OVERFLOW (dictionary);
/// MISALIGNED, SIZE_OVERFLOW, NOT_A_NUMBER, INFINITE (bias); NULL_POINTER, MISALIGNED, EMPTY, STRIDE, SIZE_OVERFLOW,
/// OVERLAP (hidden); SIZE_OVERFLOW (first_row). NOT_A_NUMBER, INFINITE (dictionary) where a feature that fires has such
/// a row, and DIVERGED (hidden) where finite numbers sum to one that is not: the rows of `hidden` up to the first such
/// one are then written. The dictionary is not read where nothing fires, so that the call costs what fires.
/// Cost: as `saek_sample_sparse_csr_f32`, and 2 cols flops and cols numbers read for each firing; no workspace. Rows are
/// summed in the order of their features: the same on every platform.
///
/// # Safety
/// Pointers are null or point to what is said here and in the structs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sample_projected_f32(
    firing: *const saek_planned_firing_f32,
    seed: u64,
    stream: u64,
    first_row: u64,
    dictionary: *const f32,
    dictionary_stride: usize,
    bias: *const f32,
    hidden: *mut f32,
    rows: usize,
    cols: usize,
    hidden_stride: usize,
) -> saek_status {
    let random = Stream::new(seed, stream);
    // SAFETY: the caller's promise.
    call(|| unsafe {
        sample_projected(
            firing,
            random,
            first_row,
            dictionary,
            dictionary_stride,
            bias,
            hidden,
            rows,
            cols,
            hidden_stride,
        )
    })
}

/// As `saek_sample_projected_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sample_projected_f64(
    firing: *const saek_planned_firing_f64,
    seed: u64,
    stream: u64,
    first_row: u64,
    dictionary: *const f64,
    dictionary_stride: usize,
    bias: *const f64,
    hidden: *mut f64,
    rows: usize,
    cols: usize,
    hidden_stride: usize,
) -> saek_status {
    let random = Stream::new(seed, stream);
    // SAFETY: the caller's promise.
    call(|| unsafe {
        sample_projected(
            firing,
            random,
            first_row,
            dictionary,
            dictionary_stride,
            bias,
            hidden,
            rows,
            cols,
            hidden_stride,
        )
    })
}

/// # Safety
/// As the exported functions.
unsafe fn sample_projected<T: Scalar, F: VersionedStruct + Into<Raw<T>>>(
    firing: *const F,
    random: Stream,
    first_row: u64,
    dictionary: *const T,
    dictionary_stride: usize,
    bias: *const T,
    hidden: *mut T,
    rows: usize,
    cols: usize,
    hidden_stride: usize,
) -> Result<(), Error> {
    let (mut arguments, defaults) = (Arguments::new(), Raw::DEFAULTS);
    // SAFETY: the caller's promise.
    unsafe {
        let firing: Raw<T> = required(firing, Argument::Firing)?.into();
        let firing = firing.borrow(&mut arguments, &defaults)?;
        let features = firing.features();
        let dictionary =
            arguments.matrix(dictionary, features, cols, dictionary_stride, Argument::Dictionary)?;
        let bias = arguments.optional_slice(bias, cols, Argument::Bias)?;
        let hidden = arguments.matrix_mut(hidden, rows, cols, hidden_stride, Argument::Hidden)?;
        activation::sample_projected(&firing, random, first_row, dictionary, bias, hidden)
    }
}
