//! C functions from hidden vectors to latents, all of them or those at given places.

use super::boundary::{Arguments, call, or_absent};
use super::csr::count_offsets;
use super::types::saek_status;
use crate::activation::CsrPattern;
use crate::error::{Argument, Error};
use crate::projection::{latents_at, latents_dense};
use crate::scalar::Scalar;
use faer::Par;

/// Computes all latents of a batch: latents = hidden dictionary^T + bias.
///
/// The product of `saek_project_dense_f32` with the dictionary transposed: what an encoder with the rows of `dictionary`
/// computes before its nonlinearity, and the gradient of a loss with respect to the activations, where `hidden` is that
/// with respect to the hidden vectors.
///
/// - `hidden`: `rows` by `cols`, row-major, rows `hidden_stride` elements apart.
/// - `dictionary`: `features` by `cols`, row-major, rows `dictionary_stride` elements apart.
/// - `bias`: `features` numbers added to each row; NULL for none.
/// - `latents`: `rows` by `features`, row-major, rows `latents_stride` elements apart; written.
///
/// Status: NULL_POINTER, MISALIGNED, EMPTY, STRIDE, SIZE_OVERFLOW (hidden, dictionary, latents); MISALIGNED,
/// SIZE_OVERFLOW (bias); NOT_A_NUMBER, INFINITE (hidden, dictionary, bias); OVERLAP (latents).
/// Cost: 2 rows features cols flops, no workspace. Deterministic on one machine.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_latents_dense_f32(
    hidden: *const f32,
    rows: usize,
    cols: usize,
    hidden_stride: usize,
    dictionary: *const f32,
    features: usize,
    dictionary_stride: usize,
    bias: *const f32,
    latents: *mut f32,
    latents_stride: usize,
) -> saek_status {
    let (hidden, dictionary) =
        ((hidden, rows, cols, hidden_stride), (dictionary, features, dictionary_stride));
    // SAFETY: the caller's promise.
    call(|| unsafe { all_latents(hidden, dictionary, bias, (latents, latents_stride)) })
}

/// As `saek_latents_dense_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_latents_dense_f64(
    hidden: *const f64,
    rows: usize,
    cols: usize,
    hidden_stride: usize,
    dictionary: *const f64,
    features: usize,
    dictionary_stride: usize,
    bias: *const f64,
    latents: *mut f64,
    latents_stride: usize,
) -> saek_status {
    let (hidden, dictionary) =
        ((hidden, rows, cols, hidden_stride), (dictionary, features, dictionary_stride));
    // SAFETY: the caller's promise.
    call(|| unsafe { all_latents(hidden, dictionary, bias, (latents, latents_stride)) })
}

/// Computes the latents at the places of a sparse batch: latents[k] = hidden_r . dictionary_j + bias_j for its k-th
/// non-zero, in row r and column j.
///
/// - `hidden`: `rows` by `cols`, row-major, rows `hidden_stride` elements apart.
/// - `dictionary`: `features` by `cols`, row-major, rows `dictionary_stride` elements apart.
/// - `bias`: `features` numbers; NULL for none.
/// - `row_offsets`, `columns`, `rows`, `features`: the places, as for `saek_project_csr_f32`.
/// - `nnz`: the number of places, which is row_offsets[rows].
/// - `latents`: `nnz` numbers, written. `columns` and `latents` may be NULL where `nnz` is 0.
///
/// Status: NULL_POINTER, MISALIGNED, EMPTY, STRIDE, SIZE_OVERFLOW (hidden, dictionary); MISALIGNED, SIZE_OVERFLOW
/// (bias); NULL_POINTER, MISALIGNED, SIZE_OVERFLOW (row_offsets, columns, latents); UNSORTED (row_offsets, columns);
/// SHAPE (columns, latents) where `nnz` is not row_offsets[rows]; INDEX_OUT_OF_RANGE (columns); NOT_A_NUMBER, INFINITE
/// (hidden, dictionary, bias); OVERLAP (latents).
/// Cost: 2 nnz cols flops, and passes over hidden and dictionary to check them; no workspace. The same bits on every
/// platform: a product is summed in 16 lanes, which are added in a fixed tree.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_latents_at_f32(
    hidden: *const f32,
    rows: usize,
    cols: usize,
    hidden_stride: usize,
    dictionary: *const f32,
    features: usize,
    dictionary_stride: usize,
    bias: *const f32,
    row_offsets: *const i64,
    columns: *const u32,
    nnz: usize,
    latents: *mut f32,
) -> saek_status {
    let (hidden, dictionary) =
        ((hidden, rows, cols, hidden_stride), (dictionary, features, dictionary_stride));
    // SAFETY: the caller's promise.
    call(|| unsafe { some_latents(hidden, dictionary, bias, (row_offsets, columns, nnz), latents) })
}

/// As `saek_latents_at_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_latents_at_f64(
    hidden: *const f64,
    rows: usize,
    cols: usize,
    hidden_stride: usize,
    dictionary: *const f64,
    features: usize,
    dictionary_stride: usize,
    bias: *const f64,
    row_offsets: *const i64,
    columns: *const u32,
    nnz: usize,
    latents: *mut f64,
) -> saek_status {
    let (hidden, dictionary) =
        ((hidden, rows, cols, hidden_stride), (dictionary, features, dictionary_stride));
    // SAFETY: the caller's promise.
    call(|| unsafe { some_latents(hidden, dictionary, bias, (row_offsets, columns, nnz), latents) })
}

/// # Safety
/// As the exported functions.
unsafe fn all_latents<T: Scalar>(
    (hidden, rows, cols, hidden_stride): (*const T, usize, usize, usize),
    (dictionary, features, dictionary_stride): (*const T, usize, usize),
    bias: *const T,
    (latents, latents_stride): (*mut T, usize),
) -> Result<(), Error> {
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    unsafe {
        let hidden = arguments.matrix(hidden, rows, cols, hidden_stride, Argument::Hidden)?;
        let dictionary =
            arguments.matrix(dictionary, features, cols, dictionary_stride, Argument::Dictionary)?;
        let bias = arguments.optional_slice(bias, features, Argument::Bias)?;
        let latents = arguments.matrix_mut(latents, rows, features, latents_stride, Argument::Latents)?;
        latents_dense(hidden, dictionary, bias, latents, Par::Seq)
    }
}

/// # Safety
/// As the exported functions.
unsafe fn some_latents<T: Scalar>(
    (hidden, rows, cols, hidden_stride): (*const T, usize, usize, usize),
    (dictionary, features, dictionary_stride): (*const T, usize, usize),
    bias: *const T,
    (row_offsets, columns, nnz): (*const i64, *const u32, usize),
    latents: *mut T,
) -> Result<(), Error> {
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    unsafe {
        let hidden = arguments.matrix(hidden, rows, cols, hidden_stride, Argument::Hidden)?;
        let dictionary =
            arguments.matrix(dictionary, features, cols, dictionary_stride, Argument::Dictionary)?;
        let bias = arguments.optional_slice(bias, features, Argument::Bias)?;
        let row_offsets = arguments.slice(row_offsets, count_offsets(rows)?, Argument::RowOffsets)?;
        let columns = arguments.optional_slice(columns, nnz, Argument::Columns)?;
        let columns = or_absent(columns, &[], nnz, Argument::Columns)?;
        let latents = arguments.optional_slice_mut(latents, nnz, Argument::Latents)?;
        let latents = or_absent(latents, &mut [], nnz, Argument::Latents)?;
        let places = CsrPattern::new(row_offsets, columns, features)?;
        latents_at(hidden, dictionary, bias, places, latents)
    }
}
