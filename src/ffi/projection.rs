//! C functions that project activations to hidden vectors.

use super::boundary::{Arguments, call, or_absent};
use super::types::saek_status;
use crate::activation::CsrRef;
use crate::error::{Argument, Error, Reason};
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
/// Cost: 2 rows features cols flops in one matrix product, no workspace. Worth it where more than about one activation in
/// ten is not zero; below, `saek_project_csr_f32` does less. The same bits for the same input on the same machine.
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
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW (row_offsets, columns, values); UNSORTED (row_offsets, columns); SHAPE
/// (columns) where `nnz` is too small; INDEX_OUT_OF_RANGE (columns); NULL_POINTER, MISALIGNED, EMPTY, STRIDE,
/// SIZE_OVERFLOW (dictionary, hidden); MISALIGNED, SIZE_OVERFLOW (bias); NOT_A_NUMBER, INFINITE (values, dictionary,
/// bias); OVERLAP (hidden).
/// Cost: 2 row_offsets[rows] cols flops, and a pass over the dictionary to check it; no workspace. Rows are summed in the
/// order of their columns: the same bits on every platform.
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
    // SAFETY: the caller's promise.
    call(|| unsafe {
        project_csr(
            row_offsets,
            columns,
            values,
            nnz,
            rows,
            features,
            dictionary,
            dictionary_stride,
            bias,
            hidden,
            cols,
            hidden_stride,
        )
    })
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
    // SAFETY: the caller's promise.
    call(|| unsafe {
        project_csr(
            row_offsets,
            columns,
            values,
            nnz,
            rows,
            features,
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
unsafe fn project_csr<T: Scalar>(
    row_offsets: *const i64,
    columns: *const u32,
    values: *const T,
    nnz: usize,
    rows: usize,
    features: usize,
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
        let activations = Batch { row_offsets, columns, values, nnz, rows, features };
        let activations = activations.borrow(&mut arguments)?;
        let dictionary =
            arguments.matrix(dictionary, features, cols, dictionary_stride, Argument::Dictionary)?;
        let bias = arguments.optional_slice(bias, cols, Argument::Bias)?;
        let hidden = arguments.matrix_mut(hidden, rows, cols, hidden_stride, Argument::Hidden)?;
        let activations = activations.check()?;
        projection::project_csr(activations, dictionary, bias, hidden)
    }
}

/// A sparse batch to read, as the caller gave it.
pub(super) struct Batch<T> {
    pub(super) row_offsets: *const i64,
    pub(super) columns: *const u32,
    pub(super) values: *const T,
    pub(super) nnz: usize,
    pub(super) rows: usize,
    pub(super) features: usize,
}

/// A sparse batch whose memory has been borrowed, but not yet read.
pub(super) struct Unchecked<'a, T> {
    row_offsets: &'a [i64],
    columns: &'a [u32],
    values: &'a [T],
    features: usize,
}

impl<T: Scalar> Batch<T> {
    /// Borrows the arrays.
    ///
    /// # Safety
    /// The pointers are null or point to `rows` + 1 offsets and `nnz` columns and values, which nobody writes during
    /// `'a`.
    pub(super) unsafe fn borrow<'a>(&self, arguments: &mut Arguments) -> Result<Unchecked<'a, T>, Error> {
        let &Self { row_offsets, columns, values, nnz, rows, features } = self;
        let offsets = rows.checked_add(1).ok_or(Error::new(Reason::SizeOverflow, Argument::RowOffsets))?;
        // SAFETY: the caller's promise.
        let (row_offsets, columns, values) = unsafe {
            (
                arguments.slice(row_offsets, offsets, Argument::RowOffsets)?,
                arguments.optional_slice(columns, nnz, Argument::Columns)?,
                arguments.optional_slice(values, nnz, Argument::Values)?,
            )
        };
        let columns = or_absent(columns, &[], nnz, Argument::Columns)?;
        let values = or_absent(values, &[], nnz, Argument::Values)?;
        Ok(Unchecked { row_offsets, columns, values, features })
    }
}

impl<'a, T: Scalar> Unchecked<'a, T> {
    /// Checks that the arrays are a sparse batch.
    pub(super) fn check(&self) -> Result<CsrRef<'a, T>, Error> {
        CsrRef::new(self.row_offsets, self.columns, self.values, self.features)
    }
}
