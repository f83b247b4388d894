//! Activations to hidden vectors: h = x E + bias, for dense and for sparse batches; and the products with the transposed
//! matrices that training needs.

mod cheaper;
mod gradient;
mod latents;

pub use cheaper::{project, project_scratch};
pub use gradient::{gradient_csr, gradient_dense};
pub use latents::{latents_at, latents_dense};

use crate::activation::{CsrPattern, CsrRef};
use crate::error::{Argument, Error, Reason, ensure};
use crate::matrix::{
    RowMajor, RowMajorMut, ensure_finite_matrix, ensure_finite_slice, ensure_not_empty, ensure_shape, row,
    row_mut,
};
use crate::product::multiply;
use crate::scalar::Scalar;
use crate::simd::{Loop, prefetch, vectorised};
use core::ops::Range;
use faer::{Accum, MatRef, Par};

/// Projects a dense batch: `hidden[b, d] = activations[b, n] dictionary[n, d] + bias[d]`.
///
/// # Errors
/// [`Reason::Empty`], [`Reason::NotANumber`], [`Reason::Infinite`] on `Activations`, `Dictionary` and `Bias`;
/// [`Reason::Shape`] on `Dictionary`, `Bias` and `Hidden`. `hidden` is then untouched.
///
/// # Cost
/// 2 b n d flops in one matrix product, no workspace. Worth it where more than about one activation in ten is not
/// zero; below, [`project_csr`] does less. No allocation with `std` after a thread's first product.
///
/// # Determinism
/// The same bits for the same input on the same machine; rounding depends on its SIMD width.
pub fn project_dense<T: Scalar>(
    activations: RowMajor<'_, T>,
    dictionary: RowMajor<'_, T>,
    bias: Option<&[T]>,
    hidden: RowMajorMut<'_, T>,
    par: Par,
) -> Result<(), Error> {
    ensure_not_empty(activations, Argument::Activations)?;
    ensure_finite_matrix(activations, Argument::Activations)?;
    check(activations.nrows(), activations.ncols(), dictionary, bias, hidden.as_ref())?;
    multiply_and_add(activations.as_dyn_stride(), dictionary.as_dyn_stride(), bias, hidden, par);
    Ok(())
}

/// out <- left right + bias, the bias added to each row.
fn multiply_and_add<T: Scalar>(
    left: MatRef<'_, T>,
    right: MatRef<'_, T>,
    bias: Option<&[T]>,
    mut out: RowMajorMut<'_, T>,
    par: Par,
) {
    let accumulate = match bias {
        Some(bias) => {
            (0..out.nrows()).for_each(|r| row_mut(&mut out, r).copy_from_slice(bias));
            Accum::Add
        }
        None => Accum::Replace,
    };
    multiply(out, accumulate, left, right, T::ONE, par);
}

/// Projects a sparse batch: `hidden[b, d] = activations[b, n] dictionary[n, d] + bias[d]`.
///
/// # Errors
/// As for [`project_dense`]; the batch was checked by [`CsrRef::new`].
///
/// # Cost
/// 2 nnz d flops and nnz d numbers read from the dictionary; its check reads it once. Where features fire in several
/// samples each and the dictionary is larger than a cache, all samples add what they have of one part of it before the
/// next: it is then read once more, and the parts from cache. No workspace.
///
/// # Determinism
/// Rows are summed in the order of their columns, element by element: the same bits on every platform.
pub fn project_csr<T: Scalar>(
    activations: CsrRef<'_, T>,
    dictionary: RowMajor<'_, T>,
    bias: Option<&[T]>,
    hidden: RowMajorMut<'_, T>,
) -> Result<(), Error> {
    check(activations.rows(), activations.cols(), dictionary, bias, hidden.as_ref())?;
    project_checked(activations, dictionary, bias, hidden);
    Ok(())
}

/// Projects a sparse batch whose sizes and numbers have been checked.
fn project_checked<T: Scalar>(
    activations: CsrRef<'_, T>,
    dictionary: RowMajor<'_, T>,
    bias: Option<&[T]>,
    mut hidden: RowMajorMut<'_, T>,
) {
    for_each_part::<T>(activations.pattern(), dictionary.ncols(), |r, is_first, entries| {
        let h = row_mut(&mut hidden, r);
        if is_first {
            begin_sum(h, bias);
        }
        let (columns, scales) = activations.entries(r);
        let (columns, scales) = (&columns[entries.clone()], &scales[entries]);
        vectorised(AddScaledRows { sum: h, dictionary, columns, scales });
    });
}

/// sum <- bias, or 0 without one.
pub(crate) fn begin_sum<T: Scalar>(sum: &mut [T], bias: Option<&[T]>) {
    match bias {
        Some(bias) => sum.copy_from_slice(bias),
        None => sum.fill(T::ZERO),
    }
}

/// Bytes of the dictionary from which on a last cache does not hold it.
const CACHED: usize = 1 << 24;

/// Bytes of it that all samples read before any goes on, for these to lie in a cache.
const PART: usize = 1 << 21;

/// How often features must fire in a batch, on average, for parts to pay: reading the samples' sums again for every part
/// costs about as much as reading the dictionary from memory for one or two firings.
const FIRINGS: usize = 4;

/// Goes through the non-zeros of all rows, row by row for one part of the features after the other, or for all of these
/// at once where parts do not pay; hands on the row, whether it is the row's first part, and which of its non-zeros.
#[inline(always)]
fn for_each_part<T: Scalar>(
    batch: CsrPattern<'_>,
    cols: usize,
    mut body: impl FnMut(usize, bool, Range<usize>),
) {
    let (features, vector) = (batch.cols(), cols.saturating_mul(size_of::<T>()));
    let pays = features.saturating_mul(vector) > CACHED && batch.nnz() / FIRINGS >= features;
    let height = if pays { (PART / vector).max(1) } else { features };
    for first in (0..features).step_by(height) {
        // Past the last feature where that is nearer than the height.
        let end = first.saturating_add(height);
        for r in 0..batch.rows() {
            let columns = batch.columns(r);
            let place = |feature: usize| columns.partition_point(|&column| (column as usize) < feature);
            let entries = if pays { place(first)..place(end) } else { 0..columns.len() };
            body(r, first == 0, entries);
        }
    }
}

/// sum <- sum + scale_k * row column_k of the dictionary, for every k in order.
pub(crate) struct AddScaledRows<'a, T> {
    pub(crate) sum: &'a mut [T],
    pub(crate) dictionary: RowMajor<'a, T>,
    pub(crate) columns: &'a [u32],
    pub(crate) scales: &'a [T],
}

impl<'a, T: Scalar> Loop for AddScaledRows<'a, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let vector = |j: u32| -> &'a [T] { row(self.dictionary, j as usize) };
        let vectors = |&[i, j, k, l]: &[u32; GROUP]| [vector(i), vector(j), vector(k), vector(l)];
        let (groups, rest) = self.columns.as_chunks::<GROUP>();
        let (scales, scales_of_rest) = self.scales.as_chunks::<GROUP>();
        let (pieces, end) = self.sum.as_chunks_mut::<PIECE>();
        let begin_of_end = pieces.len() * PIECE;
        // A group at a time, so that a sum is read and written once for it; added one after the other all the same.
        for (g, (columns, &[a, b, c, d])) in groups.iter().zip(scales).enumerate() {
            let [u, v, w, x] = vectors(columns);
            // Rows lie anywhere, and memory does not guess which comes next.
            let next = vectors(groups.get(g + 1).unwrap_or(columns));
            for (p, sums) in pieces.iter_mut().enumerate() {
                let from = p * PIECE;
                next.iter().for_each(|vector| prefetch::<T, PIECE>(vector, from));
                let piece = |vector: &[T]| vector.get(from..).and_then(|rest| rest.first_chunk().copied());
                let (Some(u), Some(v), Some(w), Some(x)) = (piece(u), piece(v), piece(w), piece(x)) else {
                    return;
                };
                add_scaled(sums, [a, b, c, d], [&u, &v, &w, &x]);
            }
            // Of one length, for the compiler to see that no index leaves them.
            let tail = |vector: &'a [T]| vector.get(begin_of_end..).and_then(|rest| rest.get(..end.len()));
            let (Some(u), Some(v), Some(w), Some(x)) = (tail(u), tail(v), tail(w), tail(x)) else { return };
            let (pieces, last) = end.as_chunks_mut::<SMALL_PIECE>();
            let begin_of_last = pieces.len() * SMALL_PIECE;
            let small = |vector: &'a [T]| vector.as_chunks::<SMALL_PIECE>().0;
            for (p, sums) in pieces.iter_mut().enumerate() {
                add_scaled(sums, [a, b, c, d], [&small(u)[p], &small(v)[p], &small(w)[p], &small(x)[p]]);
            }
            for (e, sum) in (begin_of_last..).zip(last) {
                *sum = *sum + a * u[e] + b * v[e] + c * w[e] + d * x[e];
            }
        }
        for (&j, &scale) in rest.iter().zip(scales_of_rest) {
            for (sum, &x) in self.sum.iter_mut().zip(vector(j)) {
                *sum += scale * x;
            }
        }
    }
}

/// Rows of the dictionary that are added at a time.
const GROUP: usize = 4;

/// Elements of them that are added at a time: a few cache lines.
const PIECE: usize = 32;

/// The same for what is left of a row after these.
const SMALL_PIECE: usize = 8;

/// sums <- (...(sums + scale_0 * vector_0) + ...) + scale_3 * vector_3
#[inline(always)]
fn add_scaled<T: Scalar, const WIDTH: usize>(
    sums: &mut [T; WIDTH],
    scales: [T; GROUP],
    vectors: [&[T; WIDTH]; GROUP],
) {
    let ([a, b, c, d], [u, v, w, x]) = (scales, vectors);
    for e in 0..WIDTH {
        sums[e] = sums[e] + a * u[e] + b * v[e] + c * w[e] + d * x[e];
    }
}

/// Checks what both projections share.
fn check<T: Scalar>(
    rows: usize,
    features: usize,
    dictionary: RowMajor<'_, T>,
    bias: Option<&[T]>,
    hidden: RowMajor<'_, T>,
) -> Result<(), Error> {
    ensure_not_empty(dictionary, Argument::Dictionary)?;
    ensure(dictionary.nrows() == features, Reason::Shape, Argument::Dictionary)?;
    ensure_finite_matrix(dictionary, Argument::Dictionary)?;
    check_bias(bias, dictionary.ncols())?;
    ensure_shape(hidden, rows, dictionary.ncols(), Argument::Hidden)
}

/// Refuses a bias of another length than `len`, and one that is not finite.
pub(crate) fn check_bias<T: Scalar>(bias: Option<&[T]>, len: usize) -> Result<(), Error> {
    let Some(bias) = bias else { return Ok(()) };
    ensure(bias.len() == len, Reason::Shape, Argument::Bias)?;
    ensure_finite_slice(bias, Argument::Bias)
}
