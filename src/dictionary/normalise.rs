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

/// The Euclidean length of a row as `scale * length`: the length in units of `scale`.
///
/// The scale is 1 but where squares leave the range of double precision; there it is the largest element.
#[inline(always)]
fn scaled_length<T: Scalar>(values: &[T]) -> (f64, f64) {
    let squared = squared_norm(values);
    if squared.is_finite() && squared >= f64::MIN_POSITIVE {
        return (1.0, libm::sqrt(squared));
    }
    let largest = values.iter().fold(0.0_f64, |m, x| m.max(x.to_f64().abs()));
    if largest == 0.0 {
        return (1.0, 0.0);
    }
    let sum = values.iter().fold(0.0, |sum, x| {
        let ratio = x.to_f64() / largest;
        sum + ratio * ratio
    });
    (largest, libm::sqrt(sum))
}

/// The Euclidean length of a row; infinite only where it is beyond the range of double precision.
#[inline(always)]
pub(crate) fn length<T: Scalar>(values: &[T]) -> f64 {
    let (scale, length) = scaled_length(values);
    scale * length
}

/// Gives every element of a row, divided by the row's length, the length clamped below at 1e-8.
///
/// In double precision, since the length of a long row may not fit in T, and in two steps, since that of a row of f64
/// may not even fit there.
#[inline(always)]
pub(crate) fn unit<T: Scalar>(values: &[T]) -> impl Fn(T) -> T + use<T> {
    let (scale, length) = scaled_length(values);
    let (scale, length) = if scale * length < SHORTEST { (1.0, SHORTEST) } else { (scale, length) };
    move |x| T::from_f64(x.to_f64() / scale / length)
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
        let unit = unit(values);
        values.iter_mut().for_each(|x| *x = unit(*x));
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
