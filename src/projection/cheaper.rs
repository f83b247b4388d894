//! Sparse activations to hidden vectors in the cheaper of two ways: non-zero by non-zero, or as a dense product.

use super::{CACHED, check, multiply_and_add, project_checked};
use crate::activation::CsrRef;
use crate::error::Error;
use crate::matrix::{RowMajor, RowMajorMut, row_major};
use crate::scalar::Scalar;
use crate::workspace::{ensure_workspace, matrix_scratch, take_zeros};
use faer::Par;
use faer::dyn_stack::{MemStack, StackReq};

/// Rows that are made dense at a time: enough for the product to run at its full speed.
const DENSE_ROWS: usize = 256;

/// Whether a dense product of this batch is the cheaper way.
///
/// Measured on a Zen 4 core in single precision, 1024 rows: a product runs at 95 to 100 GFLOP/s; non-zeros run at 28 to
/// 30 where a cache holds the dictionary (2048 by 768), so that both take the same time where 28 per cent are not zero,
/// and at 18 where none does (16384 by 768), where it is 18 per cent.
fn dense_is_cheaper<T>(rows: usize, nnz: usize, features: usize, cols: usize) -> bool {
    let bytes = features.saturating_mul(cols).saturating_mul(size_of::<T>());
    let break_even = if bytes > CACHED { 0.18 } else { 0.28 };
    nnz as f64 > break_even * rows as f64 * features as f64
}

/// The workspace of [`project`] for a batch of `rows` rows and `nnz` non-zeros: none where it goes non-zero by non-zero,
/// else 256 rows of it.
pub fn project_scratch<T: Scalar>(rows: usize, nnz: usize, features: usize, cols: usize) -> StackReq {
    if dense_is_cheaper::<T>(rows, nnz, features, cols) {
        matrix_scratch::<T>(rows.min(DENSE_ROWS), features)
    } else {
        StackReq::EMPTY
    }
}

/// Projects a sparse batch in the cheaper way: `hidden[b, d] = activations[b, n] dictionary[n, d] + bias[d]`.
///
/// As [`project_csr`](super::project_csr), to the bit, where less than 18 per cent of the batch is not zero, or 28 for a
/// dictionary of at most 16 MiB; else as [`project_dense`](super::project_dense).
///
/// # Errors
/// As for [`project_csr`](super::project_csr); [`Reason::WorkspaceTooSmall`](crate::Reason::WorkspaceTooSmall).
/// `hidden` is then untouched.
///
/// # Cost
/// That of the way taken, and of making the batch dense.
///
/// # Determinism
/// That of the way taken, which sizes and the number of non-zeros decide alone.
pub fn project<T: Scalar>(
    activations: CsrRef<'_, T>,
    dictionary: RowMajor<'_, T>,
    bias: Option<&[T]>,
    mut hidden: RowMajorMut<'_, T>,
    par: Par,
    stack: &mut MemStack,
) -> Result<(), Error> {
    let (rows, features) = (activations.rows(), activations.cols());
    check(rows, features, dictionary, bias, hidden.as_ref())?;
    let (nnz, cols) = (activations.nnz(), dictionary.ncols());
    ensure_workspace(stack, project_scratch::<T>(rows, nnz, features, cols))?;
    if !dense_is_cheaper::<T>(rows, nnz, features, cols) {
        project_checked(activations, dictionary, bias, hidden);
        return Ok(());
    }
    let height = rows.min(DENSE_ROWS);
    let (mut dense, _) = take_zeros::<T>(stack, height * features);
    for first in (0..rows).step_by(height) {
        let count = height.min(rows - first);
        dense.fill(T::ZERO);
        for (r, sample) in (first..first + count).zip(dense.chunks_exact_mut(features)) {
            activations.row(r).for_each(|(feature, x)| sample[feature] = x);
        }
        let dense = row_major(&dense[..count * features], count, features, features)?;
        let out = hidden.as_mut().subrows_mut(first, count);
        multiply_and_add(dense.as_dyn_stride(), dictionary.as_dyn_stride(), bias, out, par);
    }
    Ok(())
}
