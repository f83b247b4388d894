//! The directions of the vectors of a dictionary: rows scaled to unit norm.

use crate::matrix::{RowMajor, RowMajorMut, row, row_mut};
use crate::scalar::Scalar;

/// The least norm a vector is divided by.
const LEAST_NORM: f64 = 1e-8;

/// Writes the rows of a finite `matrix`, each divided by max(norm, 1e-8), into `out` of the same shape.
///
/// Norm and quotient are computed in double precision and rounded once.
pub(super) fn write_unit_rows<T: Scalar>(matrix: RowMajor<'_, T>, mut out: RowMajorMut<'_, T>) {
    for i in 0..matrix.nrows() {
        let source = row(matrix, i);
        let target = row_mut(&mut out, i);
        let norm = scaled_norm(source, 1.0);
        // The squares of f64 values above about 1e154 overflow: such a row is first divided by its largest entry.
        let (scale, norm) = if norm.is_finite() {
            (1.0, norm.max(LEAST_NORM))
        } else {
            let largest = source.iter().fold(0.0_f64, |largest, x| largest.max(x.to_f64().abs()));
            (largest, scaled_norm(source, largest))
        };
        for (target, source) in target.iter_mut().zip(source) {
            *target = T::from_f64(source.to_f64() / scale / norm);
        }
    }
}

/// The norm of `values / scale`.
fn scaled_norm<T: Scalar>(values: &[T], scale: f64) -> f64 {
    let squares = values.iter().map(|x| {
        let x = x.to_f64() / scale;
        x * x
    });
    Scalar::sqrt(squares.sum::<f64>())
}
