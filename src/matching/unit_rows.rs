//! The directions of the vectors of a dictionary: rows scaled to unit norm.

use crate::dictionary::unit;
use crate::matrix::{RowMajor, RowMajorMut, row, row_mut};
use crate::scalar::Scalar;

/// Writes the rows of a finite `matrix`, each divided by max(norm, 1e-8), into `out` of the same shape.
///
/// Norm and quotient are computed in double precision and rounded once.
pub(super) fn write_unit_rows<T: Scalar>(matrix: RowMajor<'_, T>, mut out: RowMajorMut<'_, T>) {
    for i in 0..matrix.nrows() {
        let source = row(matrix, i);
        let unit = unit(source);
        row_mut(&mut out, i).iter_mut().zip(source).for_each(|(target, &x)| *target = unit(x));
    }
}
