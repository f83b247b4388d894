//! Rows of unit length: given ones scaled, new ones drawn uniformly from the sphere.

use crate::error::{Argument, Error};
use crate::matrix::{RowMajorMut, ensure_finite_matrix, ensure_not_empty, row_mut};
use crate::rng::{Purpose, Stream, standard_normal};
use crate::scalar::Scalar;

/// The smallest length that a row is divided by, as in the reference: shorter rows stay short, zero rows zero.
const SHORTEST: f64 = 1e-8;

/// The squared Euclidean length of a row, summed in double precision in eight lanes.
///
/// Lane k sums the elements k, k + 8, ...; the lanes are then added in a fixed tree, so that the result does not
/// depend on the instructions at hand. In double precision no square of an `f32` overflows or vanishes.
#[inline(always)]
pub(crate) fn squared_norm<T: Scalar>(values: &[T]) -> f64 {
    let mut lanes = [0.0_f64; 8];
    let chunks = values.chunks_exact(8);
    for (lane, &x) in lanes.iter_mut().zip(chunks.remainder()) {
        *lane += x.to_f64() * x.to_f64();
    }
    for chunk in chunks {
        for (lane, &x) in lanes.iter_mut().zip(chunk) {
            *lane += x.to_f64() * x.to_f64();
        }
    }
    let [a, b, c, d, e, f, g, h] = lanes;
    ((a + e) + (c + g)) + ((b + f) + (d + h))
}

/// The Euclidean length of a row.
///
/// Where the squares leave the range of double precision the row is measured in units of its largest element.
#[inline(always)]
pub(crate) fn length<T: Scalar>(values: &[T]) -> f64 {
    let squared = squared_norm(values);
    if squared.is_finite() && squared >= f64::MIN_POSITIVE {
        return libm::sqrt(squared);
    }
    let largest = values.iter().fold(0.0_f64, |m, x| m.max(x.to_f64().abs()));
    if largest == 0.0 {
        return 0.0;
    }
    let sum = values.iter().fold(0.0, |sum, x| {
        let ratio = x.to_f64() / largest;
        sum + ratio * ratio
    });
    largest * libm::sqrt(sum)
}

/// Scales every row of `matrix[n, d]` to unit length: e_i <- e_i / max(|e_i|, 1e-8).
///
/// # Errors
/// [`Reason::Empty`](crate::Reason::Empty) for no elements; [`Reason::NotANumber`](crate::Reason::NotANumber) and
/// [`Reason::Infinite`](crate::Reason::Infinite) where an element is not finite. The matrix is then untouched.
///
/// # Cost
/// 3 n d flops, three passes over the matrix, no workspace. Deterministic; the same on every platform.
pub fn normalise_rows<T: Scalar>(mut matrix: RowMajorMut<'_, T>) -> Result<(), Error> {
    ensure_not_empty(matrix.as_ref(), Argument::Matrix)?;
    ensure_finite_matrix(matrix.as_ref(), Argument::Matrix)?;
    scale_rows(&mut matrix);
    Ok(())
}

/// Scales every row of a finite matrix to unit length.
pub(super) fn scale_rows<T: Scalar>(matrix: &mut RowMajorMut<'_, T>) {
    for i in 0..matrix.nrows() {
        let values = row_mut(matrix, i);
        let norm = length(values).max(SHORTEST);
        for x in values {
            // In double precision: the length of a long row may not fit in T.
            *x = T::from_f64(x.to_f64() / norm);
        }
    }
}

/// Fills `matrix[n, d]` with independent unit vectors, uniform on the sphere: Gaussian rows scaled to unit length.
///
/// Row i depends on `(seed, stream, first_row + i)` alone (the sum wraps), so a dictionary may be made in parts.
///
/// # Errors
/// [`Reason::Empty`](crate::Reason::Empty) for no elements.
///
/// # Cost
/// n d normal numbers and 3 n d flops, no workspace. Deterministic; the same on every platform.
pub fn random_unit_rows<T: Scalar>(
    mut matrix: RowMajorMut<'_, T>,
    stream: Stream,
    first_row: u64,
) -> Result<(), Error> {
    ensure_not_empty(matrix.as_ref(), Argument::Matrix)?;
    for i in 0..matrix.nrows() {
        let mut rng = stream.row(Purpose::DictionaryRows, first_row.wrapping_add(i as u64));
        row_mut(&mut matrix, i).fill_with(|| T::from_f64(standard_normal(&mut rng)));
    }
    scale_rows(&mut matrix);
    Ok(())
}
