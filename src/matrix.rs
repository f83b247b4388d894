//! Row-major views: faer's matrix views with a column stride of one, known at compile time.
//!
//! Every matrix of this library holds one vector a row: a feature, a sample, a latent. Element `(i, j)` lies at
//! `i * stride + j`, `stride >= cols`, counted in elements; what lies between `cols` and `stride` is never
//! touched. The unit column stride is part of the type, so a row is a slice and a kernel needs no check for it.

use crate::error::{Argument, Error, Reason, ensure};
use crate::scalar::Scalar;
use faer::prelude::ReborrowMut;
use faer::{ContiguousFwd, MatMut, MatRef};

/// A borrowed row-major matrix.
pub type RowMajor<'a, T> = MatRef<'a, T, usize, usize, isize, ContiguousFwd>;

/// A mutably borrowed row-major matrix.
pub type RowMajorMut<'a, T> = MatMut<'a, T, usize, usize, isize, ContiguousFwd>;

/// The elements from the first to one past the last of a `rows` by `cols` matrix with this row stride.
///
/// # Errors
/// [`Reason::Empty`] for no rows or no columns, [`Reason::Stride`] for `stride < cols`,
/// [`Reason::SizeOverflow`] when the matrix would not fit into the address space.
pub(crate) fn span<T>(rows: usize, cols: usize, stride: usize, argument: Argument) -> Result<usize, Error> {
    ensure(rows > 0 && cols > 0, Reason::Empty, argument)?;
    ensure(stride >= cols, Reason::Stride, argument)?;
    let limit = isize::MAX as usize / size_of::<T>().max(1);
    let elements = (rows - 1).checked_mul(stride).and_then(|before| before.checked_add(cols));
    match elements {
        // The stride itself is bounded too: with one row it is never used, but faer keeps it as an isize.
        Some(elements) if elements <= limit && stride <= limit => Ok(elements),
        _ => Err(Error::new(Reason::SizeOverflow, argument)),
    }
}

/// Views a slice as a `rows` by `cols` row-major matrix whose rows begin `stride` elements apart.
///
/// # Errors
/// [`Reason::Empty`], [`Reason::Stride`] or [`Reason::SizeOverflow`] as the sizes say; [`Reason::Shape`] when
/// the slice is too short. The argument named is [`Argument::Matrix`].
pub fn row_major<T>(data: &[T], rows: usize, cols: usize, stride: usize) -> Result<RowMajor<'_, T>, Error> {
    let elements = span::<T>(rows, cols, stride, Argument::Matrix)?;
    ensure(data.len() >= elements, Reason::Shape, Argument::Matrix)?;
    // Through the column-major view of the transpose, whose unit stride is then found at run time.
    MatRef::from_column_major_slice_with_stride(&data[..elements], cols, rows, stride)
        .transpose()
        .try_as_row_major()
        .ok_or(Error::new(Reason::Internal, Argument::Matrix))
}

/// Views a mutable slice as a `rows` by `cols` row-major matrix whose rows begin `stride` elements apart.
///
/// # Errors
/// As for [`row_major`].
pub fn row_major_mut<T>(
    data: &mut [T],
    rows: usize,
    cols: usize,
    stride: usize,
) -> Result<RowMajorMut<'_, T>, Error> {
    let elements = span::<T>(rows, cols, stride, Argument::Matrix)?;
    ensure(data.len() >= elements, Reason::Shape, Argument::Matrix)?;
    // Not by `from_row_major_slice_with_stride_mut`: in faer 0.24 that swaps the strides.
    MatMut::from_column_major_slice_with_stride_mut(&mut data[..elements], cols, rows, stride)
        .transpose_mut()
        .try_as_row_major_mut()
        .ok_or(Error::new(Reason::Internal, Argument::Matrix))
}

/// Row `i` as a slice.
#[inline]
pub(crate) fn row<T>(matrix: RowMajor<'_, T>, i: usize) -> &[T] {
    matrix.row(i).as_slice()
}

/// Row `i` as a mutable slice.
#[inline]
pub(crate) fn row_mut<'a, T>(matrix: &'a mut RowMajorMut<'_, T>, i: usize) -> &'a mut [T] {
    matrix.rb_mut().row_mut(i).as_slice_mut()
}

/// Refuses a matrix without elements.
pub(crate) fn ensure_not_empty<T>(matrix: RowMajor<'_, T>, argument: Argument) -> Result<(), Error> {
    ensure(matrix.nrows() > 0 && matrix.ncols() > 0, Reason::Empty, argument)
}

/// Refuses a matrix that is not `rows` by `cols`.
pub(crate) fn ensure_shape<T>(
    matrix: RowMajor<'_, T>,
    rows: usize,
    cols: usize,
    argument: Argument,
) -> Result<(), Error> {
    ensure(matrix.nrows() == rows && matrix.ncols() == cols, Reason::Shape, argument)
}

/// Refuses a matrix that holds a NaN or an infinity.
pub(crate) fn ensure_finite_matrix<T: Scalar>(
    matrix: RowMajor<'_, T>,
    argument: Argument,
) -> Result<(), Error> {
    (0..matrix.nrows()).try_for_each(|i| ensure_finite_slice(row(matrix, i), argument))
}

/// Refuses a slice that holds a NaN or an infinity.
pub(crate) fn ensure_finite_slice<T: Scalar>(values: &[T], argument: Argument) -> Result<(), Error> {
    // Without an early exit, so that the loop vectorises.
    if values.iter().fold(true, |finite, x| finite & x.is_finite()) {
        return Ok(());
    }
    let reason = if values.iter().any(|x| x.is_nan()) { Reason::NotANumber } else { Reason::Infinite };
    Err(Error::new(reason, argument))
}
