//! Activations to hidden vectors: h = x E + bias, for dense and for sparse batches.

use crate::activation::CsrRef;
use crate::error::{Argument, Error, Reason, ensure};
use crate::matrix::{
    RowMajor, RowMajorMut, ensure_finite_matrix, ensure_finite_slice, ensure_not_empty, ensure_shape, row,
    row_mut,
};
use crate::product::multiply;
use crate::scalar::Scalar;
use crate::simd::{Loop, vectorised};
use faer::{Accum, Par};

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
    mut hidden: RowMajorMut<'_, T>,
    par: Par,
) -> Result<(), Error> {
    ensure_not_empty(activations, Argument::Activations)?;
    ensure_finite_matrix(activations, Argument::Activations)?;
    check(activations.nrows(), activations.ncols(), dictionary, bias, hidden.as_ref())?;
    let accumulate = match bias {
        Some(bias) => {
            (0..hidden.nrows()).for_each(|r| row_mut(&mut hidden, r).copy_from_slice(bias));
            Accum::Add
        }
        None => Accum::Replace,
    };
    let (x, e) = (activations.as_dyn_stride(), dictionary.as_dyn_stride());
    multiply(hidden.as_mut(), accumulate, x, e, T::ONE, par);
    Ok(())
}

/// Projects a sparse batch: `hidden[b, d] = activations[b, n] dictionary[n, d] + bias[d]`.
///
/// # Errors
/// As for [`project_dense`]; the batch was checked by [`CsrRef::new`].
///
/// # Cost
/// 2 nnz d flops and nnz d numbers read from the dictionary; its check reads it once. No workspace.
///
/// # Determinism
/// Rows are summed in the order of their columns, element by element: the same bits on every platform.
pub fn project_csr<T: Scalar>(
    activations: CsrRef<'_, T>,
    dictionary: RowMajor<'_, T>,
    bias: Option<&[T]>,
    mut hidden: RowMajorMut<'_, T>,
) -> Result<(), Error> {
    check(activations.rows(), activations.cols(), dictionary, bias, hidden.as_ref())?;
    for r in 0..activations.rows() {
        let h = row_mut(&mut hidden, r);
        match bias {
            Some(bias) => h.copy_from_slice(bias),
            None => h.fill(T::ZERO),
        }
        for (j, x) in activations.row(r) {
            vectorised(AddScaled { sum: h, scale: x, vector: row(dictionary, j) });
        }
    }
    Ok(())
}

/// sum <- sum + scale * vector
struct AddScaled<'a, T> {
    sum: &'a mut [T],
    scale: T,
    vector: &'a [T],
}

impl<T: Scalar> Loop for AddScaled<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (sum, &x) in self.sum.iter_mut().zip(self.vector) {
            *sum += self.scale * x;
        }
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
    if let Some(bias) = bias {
        ensure(bias.len() == dictionary.ncols(), Reason::Shape, Argument::Bias)?;
        ensure_finite_slice(bias, Argument::Bias)?;
    }
    ensure_shape(hidden, rows, dictionary.ncols(), Argument::Hidden)
}
