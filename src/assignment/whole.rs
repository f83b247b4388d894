//! Assignment of whole costs, exactly: `i32` and `i64`.
//!
//! The solver is the one for reals (see the module), which reads each row as doubles when it needs it. Doubles hold
//! whole numbers up to 2^53 exactly.

use super::certificate::{Certificate, begin};
use super::cost::{WholeNumber, read};
use super::{AssignmentOut, AssignmentParams, Sense, solve_costs, solve_scratch};
use crate::error::{Argument, Error, Reason, ensure};
use crate::matrix::{RowMajor, row};
use faer::dyn_stack::{MemStack, StackReq};

/// The workspace of [`solve_whole`]: that of [`solve_scratch`] for doubles.
pub fn solve_whole_scratch(rows: usize, cols: usize) -> StackReq {
    solve_scratch::<f64>(rows, cols)
}

/// Solves the linear sum assignment problem of whole `costs[rows, cols]` and returns the objective, the sum of the
/// min(rows, cols) matched costs.
///
/// As [`solve`](super::solve), which tells what is sought and what the duals are. A pair is forbidden by `C::MAX` when
/// minimising, by `C::MIN` when maximising. With k = min(rows, cols), costs are at most 2^53 / (16 k) in magnitude, as
/// every `i32` is for k up to 2^18: then sums are exact, the objective is a whole number, and so are all duals unless
/// shortest paths are so long that epsilon scaling is used (as for i * j), whose duals may be whole multiples of
/// a negative power of two. No rounding at all is possible for 16 k^3 max|c| < 2^53; elsewhere a gap of zero proves
/// that none did harm ([`verify_whole_assignment`]).
///
/// # Errors
/// Those of [`solve`](super::solve), of which whole costs can have [`Reason::OutOfRange`] alone.
///
/// # Cost
/// That of [`solve`](super::solve) for doubles, with half the memory to read for `i32`. The matrix is not copied.
pub fn solve_whole<C: WholeNumber>(
    costs: RowMajor<'_, C>,
    params: &AssignmentParams<'_>,
    out: AssignmentOut<'_>,
    stack: &mut MemStack,
) -> Result<f64, Error> {
    solve_costs(costs, params, out, stack)
}

/// Measures an assignment of whole `costs[rows, cols]` and the duals that are said to prove it optimal.
///
/// As [`verify_assignment`](super::verify_assignment), in the same workspace; forbidden pairs as for [`solve_whole`].
///
/// # Errors
/// Those of [`verify_assignment`](super::verify_assignment), and [`Reason::OutOfRange`] on [`Argument::Costs`] for a
/// magnitude of 2^53 or more.
pub fn verify_whole_assignment<C: WholeNumber>(
    costs: RowMajor<'_, C>,
    sense: Sense,
    row_to_col: &[i64],
    row_duals: &[f64],
    col_duals: &[f64],
    stack: &mut MemStack,
) -> Result<Certificate, Error> {
    /// Costs that become doubles together.
    const TOGETHER: usize = 128;
    let mut sums = begin(costs, sense, row_to_col, row_duals, col_duals, stack)?;
    let negate = sense == Sense::Maximise;
    let mut reals = [0.0; TOGETHER];
    for i in 0..costs.nrows() {
        for (part, costs) in row(costs, i).chunks(TOGETHER).enumerate() {
            let reals = &mut reals[..costs.len()];
            read(costs, negate, reals);
            let are_exact = reals.iter().all(|c| c.is_infinite() || c.abs() < C::LARGEST);
            ensure(are_exact, Reason::OutOfRange, Argument::Costs)?;
            if negate {
                // A forbidden pair among costs as they are has the other infinity.
                reals.iter_mut().for_each(|c| *c = -*c);
            }
            sums.add(i, part * TOGETHER, reals);
        }
    }
    sums.finish()
}
