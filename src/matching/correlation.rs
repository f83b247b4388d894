//! The mean correlation coefficient (MCC) of two dictionaries.
//!
//! As in O'Neill, Gumran and Klindt 2024, "Compute optimal inference and provable amortisation gap in sparse
//! autoencoders" (arXiv:2411.13117), and in sae-lens.

use super::matched::{MatchOut, MatchParams, match_dictionaries, match_dictionaries_scratch};
use crate::error::Error;
use crate::matrix::RowMajor;
use crate::scalar::Scalar;
use faer::dyn_stack::{MemStack, StackReq};

/// The workspace of [`mcc`] for `n` and `m` vectors of `d` entries, the same as [`match_dictionaries_scratch`].
pub fn mcc_scratch<T: Scalar>(n: usize, m: usize, d: usize) -> StackReq {
    match_dictionaries_scratch::<T>(n, m, d)
}

/// Returns the mean correlation coefficient of `a[n, d]` and `b[m, d]`, in [0, 1].
///
/// S_ij = |cos(a_i, b_j)|; the min(n, m) pairs of a one-to-one matching s with the greatest sum of S, which is the
/// matching of least cost for 1 - S, give
///
/// mcc = sum_i S(i, s(i)) / min(n, m).
///
/// It is 1 when each vector of the smaller dictionary has its own parallel in the larger one, whatever the order, the
/// signs and the lengths. `row_to_col`, if given, receives s: the row of `b` for each row of `a`, -1 for none. The
/// sum is a compensated f64 sum. `a` and `b` may be the same memory.
///
/// # Errors
/// - [`Reason::Empty`](crate::Reason::Empty) for `a` or `b` without elements;
/// - [`Reason::Shape`](crate::Reason::Shape) for `b` without d columns ([`Argument::B`](crate::Argument::B)) or
///   `row_to_col` without n values;
/// - [`Reason::WorkspaceTooSmall`](crate::Reason::WorkspaceTooSmall) for less than [`mcc_scratch`] says;
/// - [`Reason::NotANumber`](crate::Reason::NotANumber) or [`Reason::Infinite`](crate::Reason::Infinite) for an entry
///   of `a` or `b` that is not finite.
///
/// `row_to_col` is then untouched.
///
/// # Cost
/// 2 n m d flops and a little more; the n m similarities are never all in memory. As [`match_dictionaries`], which
/// has threads, duals and more. One thread; deterministic on one machine.
pub fn mcc<T: Scalar>(
    a: RowMajor<'_, T>,
    b: RowMajor<'_, T>,
    row_to_col: Option<&mut [i64]>,
    stack: &mut MemStack,
) -> Result<f64, Error> {
    let out = MatchOut { row_to_col, ..Default::default() };
    let total = match_dictionaries(a, b, &MatchParams::default(), out, stack)?;
    Ok(total / a.nrows().min(b.nrows()) as f64)
}
