//! C functions that project activations to hidden vectors.

use super::boundary::{Arguments, call};
use super::csr::Batch;
use super::types::saek_status;
use crate::activation::CsrRef;
use crate::error::{Argument, Error};
use crate::matrix::{RowMajor, RowMajorMut};
use crate::projection;
use crate::scalar::Scalar;
use faer::Par;

/// Projects a dense batch: hidden = activations dictionary + bias.
///
/// - `activations`: `rows` by `features`, row-major, rows `activations_stride` elements apart.
/// - `dictionary`: `features` by `cols`, row-major, rows `dictionary_stride` elements apart.
/// - `bias`: `cols` numbers added to each row; NULL for none.
/// - `hidden`: `rows` by `cols`, row-major, rows `hidden_stride` elements apart; written.
/// - Strides: each >= the columns of its matrix.
///
/// Status: NULL_POINTER, MISALIGNED, EMPTY, STRIDE, SIZE_OVERFLOW (activations, dictionary, hidden); MISALIGNED,
/// SIZE_OVERFLOW (bias); NOT_A_NUMBER, INFINITE (activations, dictionary, bias); OVERLAP (hidden).
/// Cost: 2 rows features cols flops in one matrix product, no workspace. Worth it where more than about one activation
/// in ten is not zero; below, `saek_project_csr_f32` does less. The same bits for the same input on the same machine.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_project_dense_f32(
    activations: *const f32,
    rows: usize,
    features: usize,
    activations_stride: usize,
    dictionary: *const f32,
    dictionary_stride: usize,
    bias: *const f32,
    hidden: *mut f32,
    cols: usize,
    hidden_stride: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        project_dense(
            activations,
            rows,
            features,
            activations_stride,
            dictionary,
            dictionary_stride,
            bias,
            hidden,
            cols,
            hidden_stride,
        )
    })
}

/// As `saek_project_dense_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_project_dense_f64(
    activations: *const f64,
    rows: usize,
    features: usize,
    activations_stride: usize,
    dictionary: *const f64,
    dictionary_stride: usize,
    bias: *const f64,
    hidden: *mut f64,
    cols: usize,
    hidden_stride: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        project_dense(
            activations,
            rows,
            features,
            activations_stride,
            dictionary,
            dictionary_stride,
            bias,
            hidden,
            cols,
            hidden_stride,
        )
    })
}

/// # Safety
/// As the exported functions.
unsafe fn project_dense<T: Scalar>(
    activations: *const T,
    rows: usize,
    features: usize,
    activations_stride: usize,
    dictionary: *const T,
    dictionary_stride: usize,
    bias: *const T,
    hidden: *mut T,
    cols: usize,
    hidden_stride: usize,
) -> Result<(), Error> {
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    unsafe {
        let activations =
            arguments.matrix(activations, rows, features, activations_stride, Argument::Activations)?;
        let dictionary =
            arguments.matrix(dictionary, features, cols, dictionary_stride, Argument::Dictionary)?;
        let bias = arguments.optional_slice(bias, cols, Argument::Bias)?;
        let hidden = arguments.matrix_mut(hidden, rows, cols, hidden_stride, Argument::Hidden)?;
        projection::project_dense(activations, dictionary, bias, hidden, Par::Seq)
    }
}

/// Projects a sparse batch: hidden = activations dictionary + bias, activations in compressed sparse rows (CSR).
///
/// The activations of row r are the elements row_offsets[r] to row_offsets[r + 1] - 1 of `columns` and `values`, as
/// `saek_sample_independent_csr_f32` and `saek_csr_from_dense_f32` write them.
///
/// - `row_offsets`: rows + 1 offsets that begin at 0 and do not decrease.
/// - `columns`: `nnz` features, < features, strictly increasing in each row.
/// - `values`: `nnz` activations. `columns` and `values` may be NULL where `nnz` is 0.
/// - `nnz`: length of `columns` and `values`, >= row_offsets[rows]; what lies beyond that is not used.
/// - `rows`, `features`: rows and columns of the batch.
/// - `dictionary`: `features` by `cols`, row-major, rows `dictionary_stride` elements apart.
/// - `bias`: `cols` numbers added to each row; NULL for none.
/// - `hidden`: `rows` by `cols`, row-major, rows `hidden_stride` elements apart; written.
/// - Strides: each >= cols.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW (row_offsets, columns, values); UNSORTED (row_offsets, columns);
/// SHAPE (columns) where `nnz` is too small; INDEX_OUT_OF_RANGE (columns); NULL_POINTER, MISALIGNED, EMPTY, STRIDE,
/// SIZE_OVERFLOW (dictionary, hidden); MISALIGNED, SIZE_OVERFLOW (bias); NOT_A_NUMBER, INFINITE (values, dictionary,
/// bias); OVERLAP (hidden).
/// Cost: 2 row_offsets[rows] cols flops, and a pass over the dictionary to check it; no workspace. Rows are summed in
/// the order of their columns: the same bits on every platform.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_project_csr_f32(
    row_offsets: *const i64,
    columns: *const u32,
    values: *const f32,
    nnz: usize,
    rows: usize,
    features: usize,
    dictionary: *const f32,
    dictionary_stride: usize,
    bias: *const f32,
    hidden: *mut f32,
    cols: usize,
    hidden_stride: usize,
) -> saek_status {
    let activations = Batch { row_offsets, columns, values, nnz, rows, features };
    let (dictionary, hidden) = ((dictionary, dictionary_stride), (hidden, cols, hidden_stride));
    // SAFETY: the caller's promise.
    call(|| unsafe { project_csr(&activations, dictionary, bias, hidden) })
}

/// As `saek_project_csr_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_project_csr_f64(
    row_offsets: *const i64,
    columns: *const u32,
    values: *const f64,
    nnz: usize,
    rows: usize,
    features: usize,
    dictionary: *const f64,
    dictionary_stride: usize,
    bias: *const f64,
    hidden: *mut f64,
    cols: usize,
    hidden_stride: usize,
) -> saek_status {
    let activations = Batch { row_offsets, columns, values, nnz, rows, features };
    let (dictionary, hidden) = ((dictionary, dictionary_stride), (hidden, cols, hidden_stride));
    // SAFETY: the caller's promise.
    call(|| unsafe { project_csr(&activations, dictionary, bias, hidden) })
}

/// # Safety
/// As the exported functions.
unsafe fn project_csr<T: Scalar>(
    activations: &Batch<T>,
    dictionary: (*const T, usize),
    bias: *const T,
    hidden: (*mut T, usize, usize),
) -> Result<(), Error> {
    // SAFETY: the caller's promise.
    let projection =
        unsafe { Projection::borrow(&mut Arguments::new(), activations, dictionary, bias, hidden)? };
    let Projection { activations, dictionary, bias, hidden } = projection;
    projection::project_csr(activations, dictionary, bias, hidden)
}

/// What every projection of a sparse batch takes.
pub(super) struct Projection<'a, T> {
    pub(super) activations: CsrRef<'a, T>,
    pub(super) dictionary: RowMajor<'a, T>,
    pub(super) bias: Option<&'a [T]>,
    pub(super) hidden: RowMajorMut<'a, T>,
}

impl<T: Scalar> Projection<'_, T> {
    /// Borrows all of it, then checks the batch.
    ///
    /// # Safety
    /// As the exported functions.
    pub(super) unsafe fn borrow(
        arguments: &mut Arguments,
        activations: &Batch<T>,
        (dictionary, dictionary_stride): (*const T, usize),
        bias: *const T,
        (hidden, cols, hidden_stride): (*mut T, usize, usize),
    ) -> Result<Self, Error> {
        let (rows, features) = (activations.rows, activations.features);
        // SAFETY: the caller's promise.
        unsafe {
            let activations = activations.borrow(arguments)?;
            let dictionary =
                arguments.matrix(dictionary, features, cols, dictionary_stride, Argument::Dictionary)?;
            let bias = arguments.optional_slice(bias, cols, Argument::Bias)?;
            let hidden = arguments.matrix_mut(hidden, rows, cols, hidden_stride, Argument::Hidden)?;
            Ok(Self { activations: activations.check()?, dictionary, bias, hidden })
        }
    }
}
