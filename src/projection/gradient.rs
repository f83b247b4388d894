//! The gradient of a loss with respect to the dictionary, from that with respect to the hidden vectors: x^T g.

use super::for_each_part;
use crate::activation::CsrRef;
use crate::error::{Argument, Error, Reason, ensure};
use crate::matrix::{
    RowMajor, RowMajorMut, ensure_finite_matrix, ensure_not_empty, ensure_shape, row, row_mut,
};
use crate::product::multiply;
use crate::scalar::Scalar;
use crate::simd::{Loop, vectorised};
use faer::{Accum, Par};

/// Adds the gradient of a dense batch: `gradient[n, d] += activations[b, n]^T hidden_gradient[b, d]`.
///
/// Where h = x E + bias, `hidden_gradient` is the gradient of the loss with respect to h, and what is added that with
/// respect to E. The gradient with respect to x is [`latents_dense`](super::latents_dense) of it, that with respect to
/// the bias its sum over rows.
///
/// # Errors
/// [`Reason::Empty`], [`Reason::NotANumber`], [`Reason::Infinite`] on `Activations` and `HiddenGradient`;
/// [`Reason::Shape`] on `HiddenGradient` and `Gradient`. `gradient` is then untouched; its numbers are not checked.
///
/// # Cost
/// 2 b n d flops in one matrix product, no workspace. No allocation with `std` after a thread's first product.
///
/// # Determinism
/// The same bits for the same input on the same machine; rounding depends on its SIMD width.
pub fn gradient_dense<T: Scalar>(
    activations: RowMajor<'_, T>,
    hidden_gradient: RowMajor<'_, T>,
    mut gradient: RowMajorMut<'_, T>,
    par: Par,
) -> Result<(), Error> {
    ensure_not_empty(activations, Argument::Activations)?;
    ensure_finite_matrix(activations, Argument::Activations)?;
    check(activations.nrows(), activations.ncols(), hidden_gradient, gradient.as_ref())?;
    let (x, g) = (activations.transpose().as_dyn_stride(), hidden_gradient.as_dyn_stride());
    multiply(gradient.as_mut(), Accum::Add, x, g, T::ONE, par);
    Ok(())
}

/// Adds the gradient of a sparse batch: `gradient[n, d] += activations[b, n]^T hidden_gradient[b, d]`.
///
/// # Errors
/// As for [`gradient_dense`]; the batch was checked by [`CsrRef::new`].
///
/// # Cost
/// 2 nnz d flops, and nnz d numbers of the gradient read and written, in parts as for
/// [`project_csr`](super::project_csr). Rows of features that do not fire are not touched. No workspace.
///
/// # Determinism
/// Each row of the gradient is summed in the order of the batch's rows, element by element: the same bits on every
/// platform.
pub fn gradient_csr<T: Scalar>(
    activations: CsrRef<'_, T>,
    hidden_gradient: RowMajor<'_, T>,
    mut gradient: RowMajorMut<'_, T>,
) -> Result<(), Error> {
    check(activations.rows(), activations.cols(), hidden_gradient, gradient.as_ref())?;
    for_each_part::<T>(activations.pattern(), hidden_gradient.ncols(), |r, _, entries| {
        let (columns, scales) = activations.entries(r);
        let (columns, scales) = (&columns[entries.clone()], &scales[entries]);
        vectorised(AddToRows {
            gradient: gradient.as_mut(),
            columns,
            scales,
            addend: row(hidden_gradient, r),
        });
    });
    Ok(())
}

/// Row column_k of the gradient <- itself + scale_k * addend, for every k.
struct AddToRows<'a, T> {
    gradient: RowMajorMut<'a, T>,
    columns: &'a [u32],
    scales: &'a [T],
    addend: &'a [T],
}

impl<T: Scalar> Loop for AddToRows<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(mut self) {
        for (&column, &scale) in self.columns.iter().zip(self.scales) {
            for (sum, &x) in row_mut(&mut self.gradient, column as usize).iter_mut().zip(self.addend) {
                *sum += scale * x;
            }
        }
    }
}

/// Checks what both have in common.
fn check<T: Scalar>(
    rows: usize,
    features: usize,
    hidden_gradient: RowMajor<'_, T>,
    gradient: RowMajor<'_, T>,
) -> Result<(), Error> {
    ensure_not_empty(hidden_gradient, Argument::HiddenGradient)?;
    ensure(hidden_gradient.nrows() == rows, Reason::Shape, Argument::HiddenGradient)?;
    ensure_finite_matrix(hidden_gradient, Argument::HiddenGradient)?;
    ensure_shape(gradient, features, hidden_gradient.ncols(), Argument::Gradient)
}
