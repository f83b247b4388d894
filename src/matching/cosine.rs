//! Cosine similarities of all pairs of vectors of two dictionaries.

use super::unit_rows::write_unit_rows;
use crate::error::{Argument, Error, Reason, ensure};
use crate::matrix::{
    RowMajor, RowMajorMut, ensure_finite_matrix, ensure_not_empty, ensure_shape, row_major, row_major_mut,
    row_mut,
};
use crate::product::multiply;
use crate::scalar::Scalar;
use crate::workspace::{ensure_workspace, matrix_scratch, take_zeros};
use faer::dyn_stack::{MemStack, StackReq};
use faer::prelude::ReborrowMut;
use faer::{Accum, Par};

/// The workspace of [`cosine_similarities`] for `n` and `m` vectors of `d` entries: (n + m) d values of `T`.
pub fn cosine_similarities_scratch<T: Scalar>(n: usize, m: usize, d: usize) -> StackReq {
    matrix_scratch::<T>(n, d).and(matrix_scratch::<T>(m, d))
}

/// Writes the cosine of every row of `a[n, d]` with every row of `b[m, d]` into `out[n, m]`.
///
/// out_ij = <a_i, b_j> / (max(|a_i|, 1e-8) max(|b_j|, 1e-8)), cut to [-1, 1], which rounding could leave. `a` and `b`
/// may be the same memory.
///
/// # Errors
/// - [`Reason::Empty`] for `a` or `b` without elements;
/// - [`Reason::Shape`] for `b` without d columns ([`Argument::B`]) or `out` not n by m ([`Argument::Similarities`]);
/// - [`Reason::WorkspaceTooSmall`] for less than [`cosine_similarities_scratch`] says;
/// - [`Reason::NotANumber`] or [`Reason::Infinite`] for an entry of `a` or `b` that is not finite.
///
/// `out` is then untouched.
///
/// # Cost
/// 2 n m d flops in one matrix product, and 3 (n + m) d in double precision. One thread; deterministic on one
/// machine.
pub fn cosine_similarities<T: Scalar>(
    a: RowMajor<'_, T>,
    b: RowMajor<'_, T>,
    out: RowMajorMut<'_, T>,
    stack: &mut MemStack,
) -> Result<(), Error> {
    let (n, m, d) = (a.nrows(), b.nrows(), a.ncols());
    ensure_comparable(a, Argument::A, b, Argument::B)?;
    ensure(out.nrows() == n && out.ncols() == m, Reason::Shape, Argument::Similarities)?;
    ensure_workspace(stack, cosine_similarities_scratch::<T>(n, m, d))?;
    ensure_finite_matrix(a, Argument::A)?;
    ensure_finite_matrix(b, Argument::B)?;

    let (mut unit_b, stack) = take_zeros::<T>(stack, m * d);
    write_unit_rows(b, row_major_mut(&mut unit_b, m, d, d)?);
    write_cosines(a, row_major(&unit_b, m, d, d)?, out, stack)
}

/// Refuses two matrices without elements or without a common number of columns.
pub(super) fn ensure_comparable<T>(
    a: RowMajor<'_, T>,
    a_name: Argument,
    b: RowMajor<'_, T>,
    b_name: Argument,
) -> Result<(), Error> {
    ensure_not_empty(a, a_name)?;
    ensure_not_empty(b, b_name)?;
    ensure_shape(b, b.nrows(), a.ncols(), b_name)
}

/// Writes the cosines of the rows of a finite `a[n, d]` with `unit_b[m, d]`, whose rows have unit norm already.
///
/// The stack must hold n d values of `T`.
pub(super) fn write_cosines<T: Scalar>(
    a: RowMajor<'_, T>,
    unit_b: RowMajor<'_, T>,
    mut out: RowMajorMut<'_, T>,
    stack: &mut MemStack,
) -> Result<(), Error> {
    let (n, d) = (a.nrows(), a.ncols());
    let (mut unit_a, _) = take_zeros::<T>(stack, n * d);
    write_unit_rows(a, row_major_mut(&mut unit_a, n, d, d)?);
    let unit_a = row_major(&unit_a, n, d, d)?;
    let (left, right) = (unit_a.as_dyn_stride(), unit_b.as_dyn_stride().transpose());
    multiply(out.rb_mut(), Accum::Replace, left, right, T::ONE, Par::Seq);
    for i in 0..n {
        for cosine in row_mut(&mut out, i) {
            if *cosine > T::ONE {
                *cosine = T::ONE;
            } else if *cosine < -T::ONE {
                *cosine = -T::ONE;
            }
        }
    }
    Ok(())
}
