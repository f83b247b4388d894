//! The mean correlation coefficient (MCC) of two dictionaries.
//!
//! As in O'Neill, Gumran and Klindt 2024, "Compute optimal inference and provable amortisation gap in sparse
//! autoencoders" (arXiv:2411.13117), and in sae-lens.

use super::cosine::{cosine_similarities, cosine_similarities_scratch, ensure_comparable};
use crate::assignment::{self, AssignmentOut, AssignmentParams, Sense};
use crate::error::{Argument, Error, Reason, ensure};
use crate::matrix::{RowMajor, ensure_finite_matrix, row_major, row_major_mut};
use crate::scalar::Scalar;
use crate::workspace::{ensure_workspace, matrix_scratch, take, take_zeros, vector_scratch};
use faer::dyn_stack::{MemStack, StackReq};

/// The workspace of [`mcc`] for `n` and `m` vectors of `d` entries: n m values of `T` for the similarities, and the
/// larger of (n + m) d more and what the assignment needs, about 56 max(n, m) bytes.
pub fn mcc_scratch<T: Scalar>(n: usize, m: usize, d: usize) -> StackReq {
    let matching = vector_scratch::<i64>(n).and(assignment::solve_scratch::<T>(n, m));
    matrix_scratch::<T>(n, m).and(cosine_similarities_scratch::<T>(n, m, d).or(matching))
}

/// Returns the mean correlation coefficient of `a[n, d]` and `b[m, d]`, in [0, 1].
///
/// S_ij = |cos(a_i, b_j)|; the min(n, m) pairs of a one-to-one matching s with the greatest sum of S, which is the
/// matching of least cost for 1 - S, give
///
/// mcc = sum_i S(i, s(i)) / min(n, m).
///
/// It is 1 when each vector of the smaller dictionary has its own parallel in the larger one, whatever the order,
/// the signs and the lengths. `row_to_col`, if given, receives s: the row of `b` for each row of `a`, -1 for none. The
/// sum is a compensated f64 sum. `a` and `b` may be the same memory.
///
/// # Errors
/// - [`Reason::Empty`] for `a` or `b` without elements;
/// - [`Reason::Shape`] for `b` without d columns ([`Argument::B`]) or `row_to_col` without n values;
/// - [`Reason::WorkspaceTooSmall`] for less than [`mcc_scratch`] says;
/// - [`Reason::NotANumber`] or [`Reason::Infinite`] for an entry of `a` or `b` that is not finite.
///
/// `row_to_col` is then untouched.
///
/// # Cost
/// 2 n m d flops for the similarities, then an assignment, see [`assignment::solve`]. One thread; deterministic on one
/// machine.
pub fn mcc<T: Scalar>(
    a: RowMajor<'_, T>,
    b: RowMajor<'_, T>,
    row_to_col: Option<&mut [i64]>,
    stack: &mut MemStack,
) -> Result<f64, Error> {
    let (n, m, d) = (a.nrows(), b.nrows(), a.ncols());
    ensure_comparable(a, Argument::A, b, Argument::B)?;
    let fits = row_to_col.as_deref().is_none_or(|indices| indices.len() == n);
    ensure(fits, Reason::Shape, Argument::RowToCol)?;
    ensure_workspace(stack, mcc_scratch::<T>(n, m, d))?;
    ensure_finite_matrix(a, Argument::A)?;
    ensure_finite_matrix(b, Argument::B)?;

    let (mut similarities, stack) = take_zeros::<T>(stack, n * m);
    cosine_similarities(a, b, row_major_mut(&mut similarities, n, m, m)?, stack)?;
    for similarity in similarities.iter_mut() {
        *similarity = Scalar::abs(*similarity);
    }

    let (mut own, stack) = take(stack, n, -1_i64);
    let out = AssignmentOut {
        row_to_col: row_to_col.unwrap_or(&mut own),
        col_to_row: None,
        row_duals: None,
        col_duals: None,
    };
    // Maximising S rather than minimising 1 - S keeps the digits that the subtraction would drop.
    let params = AssignmentParams { sense: Sense::Maximise, ..Default::default() };
    let total = assignment::solve(row_major(&similarities, n, m, m)?, &params, out, stack)?;
    Ok(total / n.min(m) as f64)
}
