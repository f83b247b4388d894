//! One step of Adam on a whole dictionary E [n, d] through its Gram matrix, for n <= d.
//!
//! The residual R of G = E E^T [n, n], with r_ij = g_ij - t off the diagonal and r_ii = n (g_ii - 1) on it, gives
//!   dL/dE = 4 R E,   L = sum over i != j of r_ij^2 + sum over i of r_ii^2 / n,
//! free of cancellation. That matters near the optimum, which for n <= d is zero: Adam divides gradients by their
//! own size, and would blow rounding errors up to steps.

use super::adam_step::defect;
use super::frame_operator::mirror;
use super::normalise::squared_norm;
use crate::adam::{AdamStep, AdamSweep};
use crate::error::Error;
use crate::matrix::{RowMajor, RowMajorMut, row, row_major_mut, row_mut};
use crate::parallel::{Parts, run_parts};
use crate::product::multiply;
use crate::scalar::Scalar;
use crate::simd::{Loop, vectorised};
use crate::workspace::{matrix_scratch, take_zeros};
use faer::dyn_stack::{DynArray, MemStack, StackReq};
use faer::prelude::ReborrowMut;
use faer::{Accum, Par};

/// Rows that are multiplied at a time. Which thread does them changes no bit.
const BLOCK: usize = 128;

/// Memory of [`move_rows_by_gram`].
pub(super) struct GramMemory<'a, T> {
    residual: DynArray<'a, T>,
    product: DynArray<'a, T>,
}

/// The request for [`GramMemory`]: n^2 + n d numbers.
pub(super) fn gram_scratch<T: Scalar>(n: usize, d: usize) -> StackReq {
    matrix_scratch::<T>(n, n).and(matrix_scratch::<T>(n, d))
}

impl<'a, T: Scalar> GramMemory<'a, T> {
    /// Takes the memory, which [`gram_scratch`] has asked for.
    pub(super) fn take(n: usize, d: usize, stack: &'a mut MemStack) -> Self {
        let (residual, stack) = take_zeros::<T>(stack, n * n);
        let (product, _) = take_zeros::<T>(stack, n * d);
        Self { residual, product }
    }
}

/// Moves all rows by one step; gives the loss before it.
pub(super) fn move_rows_by_gram<T: Scalar>(
    dictionary: &mut RowMajorMut<'_, T>,
    (first, second): (&mut [T], &mut [T]),
    t: f64,
    adam: &AdamStep<T>,
    par: Par,
    memory: &mut GramMemory<'_, T>,
) -> Result<f64, Error> {
    let (n, d) = (dictionary.nrows(), dictionary.ncols());
    let mut residual = row_major_mut(&mut memory.residual, n, n, n)?;
    let mut product = row_major_mut(&mut memory.product, n, d, d)?;
    let e = dictionary.as_ref();
    run_parts(Blocks { left: e, e, out: residual.rb_mut(), first_row: 0, kind: Kind::Gram }, par);
    let loss = write_residual(&mut residual, t);
    let left = residual.as_ref();
    run_parts(Blocks { left, e, out: product.rb_mut(), first_row: 0, kind: Kind::Product }, par);
    for (i, (first, second)) in first.chunks_exact_mut(d).zip(second.chunks_exact_mut(d)).enumerate() {
        let (weights, gradient) = (row_mut(dictionary, i), row(product.as_ref(), i));
        vectorised(AdamSweep { weights, gradient, scale: T::from_f64(4.0), first, second, step: *adam });
    }
    Ok(loss)
}

/// Turns the lower half of the Gram matrix into the residual, both halves; gives the loss.
fn write_residual<T: Scalar>(residual: &mut RowMajorMut<'_, T>, t: f64) -> f64 {
    let n = residual.nrows();
    mirror(residual);
    let mut loss = 0.0;
    for i in 0..n {
        let values = row_mut(residual, i);
        let defect = defect::<T>(values[i].to_f64());
        loss += n as f64 * defect * defect;
        loss += vectorised(Excess { values: &mut values[..i], t });
        loss += vectorised(Excess { values: &mut values[i + 1..], t });
        values[i] = T::from_f64(n as f64 * defect);
    }
    loss
}

/// Subtracts t from cosines; gives the sum of the squares.
struct Excess<'a, T> {
    values: &'a mut [T],
    t: f64,
}

impl<T: Scalar> Loop for Excess<'_, T> {
    type Output = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        for x in self.values.iter_mut() {
            *x = T::from_f64(x.to_f64() - self.t);
        }
        squared_norm(self.values)
    }
}

/// Which product of blocks is formed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// E E^T, each block of rows up to its diagonal.
    Gram,
    /// R E.
    Product,
}

/// Blocks of rows of a product.
struct Blocks<'a, T> {
    /// The left factor's rows for these blocks.
    left: RowMajor<'a, T>,
    /// The whole dictionary.
    e: RowMajor<'a, T>,
    /// Rows of the product for these blocks.
    out: RowMajorMut<'a, T>,
    /// The index of the first of these rows.
    first_row: usize,
    kind: Kind,
}

impl<T: Scalar> Parts for Blocks<'_, T> {
    fn count(&self) -> usize {
        self.out.nrows().div_ceil(BLOCK)
    }

    fn split_at(self, mid: usize) -> (Self, Self) {
        let row = mid * BLOCK;
        let (left, more_left) = self.left.split_at_row(row);
        let (out, more_out) = self.out.split_at_row_mut(row);
        let first_row = self.first_row + row;
        (Self { left, out, ..self }, Self { left: more_left, out: more_out, first_row, ..self })
    }

    fn run(mut self) {
        let rows = self.out.nrows();
        for start in (0..rows).step_by(BLOCK) {
            let len = BLOCK.min(rows - start);
            let left = self.left.subrows(start, len).as_dyn_stride();
            let out = self.out.rb_mut().subrows_mut(start, len);
            let (out, right) = match self.kind {
                Kind::Gram => {
                    let end = self.first_row + start + len;
                    (out.subcols_mut(0, end), self.e.subrows(0, end).as_dyn_stride().transpose())
                }
                Kind::Product => (out, self.e.as_dyn_stride()),
            };
            multiply(out, Accum::Replace, left, right, T::ONE, Par::Seq);
        }
    }
}
