//! Linear sum assignment: which column belongs to which row, exactly, with the proof of it.
//!
//! Given a matrix of costs, [`solve`] picks as many pairs as the shorter side has lines, no two in a row or in a
//! column, so that their sum is least (or greatest); [`verify_assignment`] proves it so.
//!
//! # The method
//! All exact methods keep a *dual* v_j for each column, a price, and work on *reduced costs* c_ij - v_j: a row
//! prefers the column with the least of them. If every row has a column it prefers and no two rows have the same one,
//! no other assignment is better (see below). Jonker and Volgenant (1987) reach that state in two steps. First rows
//! simply take what they prefer, lowering the dual of the column until the second best is as good (`reduction`); who
//! loses a column chooses again. Then each row that is still free is matched along a *shortest augmenting path*: it
//! takes a column, whose row takes another, and so on to a free column, with the least total change in reduced cost
//! (`search`). Crouse (2016) shows that this holds for rectangles if the duals of free columns are kept at zero.
//!
//! That method reads the whole matrix again and again. This one reads it about once, because of one observation:
//! **duals of columns only ever fall, so reduced costs only ever rise.** What was too dear for a row stays too dear.
//! A row therefore keeps a short list of its cheapest columns and a bound below which none of the others can be, and
//! both stay valid for good (`candidates`). A choice needs only the list if its best entry is not above the bound. A
//! search relaxes only the lists, and lets the row wait in a queue until it comes to the row's bound; few rows are
//! ever called up. The result is the same as if all had been read: nothing is approximated, and no pricing step
//! follows, as it does in methods that solve a sparse problem first (Volgenant 1996).
//!
//! Four more devices keep it fast where lists do not help: small problems are solved whole in the cache (`small`);
//! searches go over to whole rows where lists have to be renewed too often (`dense`); square problems whose
//! shortest paths lead through most of the rows get better duals by epsilon scaling first (`scaling`; Bertsekas and
//! Eckstein 1988); and those that are solved by putting rows and columns in order, such as products and distances on a
//! line, are told by a few of their costs and get duals from that order (`monge`; Hoffman 1963). `solver` decides.
//!
//! # The certificate
//! With the assignment come dual variables, one number a row (u) and one a column (v), by which anyone can check in
//! one pass over the matrix that no assignment is better. For [`Sense::Minimise`] and rows <= cols:
//!
//! - feasible: u_i + v_j <= c_ij for every pair, and v_j <= 0;
//! - tight: u_i + v_j = c_ij for the matched pairs, and v_j = 0 for unmatched columns.
//!
//! *Theorem.* An assignment with such u and v is optimal. *Proof.* Whatever full assignment we take, its cost is at
//! least the sum of u_i + v_j over its pairs, because that is at most c_ij pair by pair; every row is in it and
//! the columns left out have v_j <= 0, so this is at least sum(u) + sum(v). For the assignment returned both
//! steps are equalities: it costs exactly sum(u) + sum(v), and nothing can cost less. (This is the duality theorem
//! of linear programming for the assignment polytope.)
//!
//! With rows > cols the sides change places: u_i <= 0, and u_i = 0 for unmatched rows. With [`Sense::Maximise`]
//! every inequality turns around: u_i + v_j >= c_ij, and v_j >= 0 (or u_i >= 0).

mod batch;
mod candidates;
mod certificate;
mod columns;
mod cost;
mod dense;
mod heap;
mod lines;
mod matching;
mod monge;
mod objective;
mod reduction;
mod scaling;
mod scan;
mod search;
mod select;
mod small;
mod solver;
#[cfg(test)]
mod tests;
mod whole;

use crate::error::{Argument, Error, Reason, ensure};
use crate::matrix::{RowMajor, ensure_finite_slice, ensure_not_empty, row};
use crate::scalar::Scalar;
use crate::workspace::{ensure_workspace, take, vector_scratch};
use cost::Cost;
use faer::dyn_stack::{MemStack, StackReq};
use lines::MatrixLines;
use small::{is_small, match_small, match_small_scratch};

// For costs that are not a matrix: `matching` has some.
pub(crate) use certificate::CertificateSums;
pub(crate) use lines::{Lines, write_least_by_row};
pub(crate) use matching::{MatchingMemory, NONE, matching_scratch};
pub(crate) use objective::CompensatedSum;
pub(crate) use scan::LeastTwo;
pub(crate) use solver::{Forced, match_rows, match_rows_scratch};

pub use batch::{BatchOut, solve_batch, solve_batch_scratch};
pub use certificate::{Certificate, verify_assignment, verify_assignment_scratch};
pub use cost::WholeNumber;
pub use whole::{solve_whole, solve_whole_scratch, verify_whole_assignment};

/// Which of two assignments is the better one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u32)]
pub enum Sense {
    /// The one whose matched entries have the smaller sum; an entry of +infinity forbids its pair.
    #[default]
    Minimise = 0,
    /// The one whose matched entries have the greater sum; an entry of -infinity forbids its pair.
    Maximise = 1,
}

/// Parameters of [`solve`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct AssignmentParams<'a> {
    /// What is sought. Default [`Sense::Minimise`].
    pub sense: Sense,
    /// Column duals to start from, `cols` finite values, such as those of a problem solved before whose costs were
    /// much the same. Any are right; the nearer to optimal, the less is left to do. Used for square matrices, without
    /// effect on others, whose unmatched columns must keep a dual of zero. Default none.
    ///
    /// Rounding is relative to them where they are larger than the costs: much larger ones cost digits.
    pub initial_col_duals: Option<&'a [f64]>,
}

/// Where [`solve`] writes.
#[derive(Debug)]
pub struct AssignmentOut<'a> {
    /// The column of each row, -1 for an unmatched row; `rows` values.
    pub row_to_col: &'a mut [i64],
    /// The row of each column, -1 for an unmatched column; `cols` values.
    pub col_to_row: Option<&'a mut [i64]>,
    /// The dual variable u of each row; `rows` values, in the unit of the costs.
    pub row_duals: Option<&'a mut [f64]>,
    /// The dual variable v of each column; `cols` values, in the unit of the costs.
    pub col_duals: Option<&'a mut [f64]>,
}

/// The workspace of [`solve`] for a `rows` by `cols` matrix.
///
/// With k the shorter side, n the longer and s bytes a cost, at most 128 (4 + s) + 160 bytes for each of the k lines,
/// 72 + 2 s for each of the n; up to a longer side of 256, a copy of the costs and 40 bytes a line.
pub fn solve_scratch<T: Scalar>(rows: usize, cols: usize) -> StackReq {
    let (short, long) = (rows.min(cols), rows.max(cols));
    let search = if is_small(rows, cols) {
        match_small_scratch::<T>(short, long)
    } else {
        match_rows_scratch::<T>(short, long, false)
    };
    StackReq::all_of(&[
        vector_scratch::<f64>(short),
        matching_scratch::<T>(short, long),
        vector_scratch::<T>(rows.max(cols)),
        search,
    ])
}

/// Solves the linear sum assignment problem of `costs[rows, cols]` and returns the objective, the sum of the
/// min(rows, cols) matched costs.
///
/// Objective = min (or max) of sum_i c(i, s(i)) over all injections s of the shorter side into the longer. Path
/// lengths and duals are f64 whatever `T` is; the objective is a compensated f64 sum in the order of the rows. Where
/// all costs are integers, no initial duals are given and 16 k^3 max|c| < 2^53 with k = min(rows, cols), nothing is
/// rounded and the optimum is exact; otherwise the objective may miss the optimum by a rounding error, of which the
/// duals give the measure: u is recomputed at the end as min_j (c_ij - v_j) (as max when maximising; for tall
/// problems v from u), so the inequalities hold to one rounding and their signs exactly, and objective - (sum(u) +
/// sum(v)) bounds the distance to the optimum. The module describes what they certify.
///
/// # Errors
/// - [`Reason::Empty`] for a matrix without elements ([`Argument::Costs`]);
/// - [`Reason::Shape`] for an output or initial duals of the wrong length;
/// - [`Reason::SizeOverflow`] for 2^32 - 1 rows or columns or more;
/// - [`Reason::WorkspaceTooSmall`] for less than [`solve_scratch`] says;
/// - [`Reason::NotANumber`], [`Reason::Infinite`], [`Reason::OutOfRange`] for initial duals that are no finite
///   numbers or larger in magnitude than a cost may be;
/// - [`Reason::NotANumber`] for a NaN, [`Reason::Infinite`] for an infinity that does not forbid a pair (-infinity
///   when minimising, +infinity when maximising);
/// - [`Reason::OutOfRange`] for a finite cost of magnitude above `f64::MAX` / (16 min(rows, cols)), of which sums
///   could overflow: no f32 is that large;
/// - [`Reason::Infeasible`] when the forbidden pairs leave no full assignment.
///
/// All outputs are then untouched.
///
/// # Cost
/// With k = min(rows, cols) and n = max(rows, cols): k n costs are read once, and again for the duals if they are
/// asked for; beyond that the usual case needs some hundred operations a row. At worst, k searches that each scan k
/// rows of n entries twice: O(k^2 n), as for every method of this kind. The number of bids in the phases before is
/// bounded, linear in k. No recursion. Tall matrices are read by rows as well; only a list that has to be renewed
/// reads a column.
///
/// # Determinism
/// The same assignment and duals for the same input, on every machine and with every set of SIMD instructions; of
/// several optimal assignments, which one may change between versions of the library.
///
/// # Source
/// Jonker and Volgenant, Computing 38, 1987; Crouse, IEEE Trans. Aerospace and Electronic Systems 52(4), 2016;
/// Volgenant, Computers and Operations Research 23, 1996; Bertsekas, Mathematical Programming 21, 1981; Bertsekas and
/// Eckstein, Mathematical Programming 42, 1988; Burkard, Klinz and Rudolf, Discrete Applied Mathematics 70, 1996. Lists
/// with bounds that stay valid are this library's own.
pub fn solve<T: Scalar>(
    costs: RowMajor<'_, T>,
    params: &AssignmentParams<'_>,
    out: AssignmentOut<'_>,
    stack: &mut MemStack,
) -> Result<f64, Error> {
    solve_costs(costs, params, out, stack)
}

/// [`solve`] for any costs that are read as a `T`.
fn solve_costs<T: Scalar, C: Cost<T>>(
    costs: RowMajor<'_, C>,
    params: &AssignmentParams<'_>,
    out: AssignmentOut<'_>,
    stack: &mut MemStack,
) -> Result<f64, Error> {
    let (rows, cols) = (costs.nrows(), costs.ncols());
    ensure_not_empty(costs, Argument::Costs)?;
    // Indices inside are u32, and the last one means none.
    ensure(rows.max(cols) < u32::MAX as usize, Reason::SizeOverflow, Argument::Costs)?;
    let has_length = |given: Option<usize>, length| given.is_none_or(|given| given == length);
    ensure(out.row_to_col.len() == rows, Reason::Shape, Argument::RowToCol)?;
    ensure(has_length(out.col_to_row.as_deref().map(<[_]>::len), cols), Reason::Shape, Argument::ColToRow)?;
    ensure(has_length(out.row_duals.as_deref().map(<[_]>::len), rows), Reason::Shape, Argument::RowDuals)?;
    ensure(has_length(out.col_duals.as_deref().map(<[_]>::len), cols), Reason::Shape, Argument::ColDuals)?;
    let initial = params.initial_col_duals;
    ensure(has_length(initial.map(<[_]>::len), cols), Reason::Shape, Argument::InitialColDuals)?;
    ensure_workspace(stack, solve_scratch::<T>(rows, cols))?;
    if let Some(duals) = initial {
        ensure_finite_slice(duals, Argument::InitialColDuals)?;
        let in_range = duals.iter().all(|dual| dual.abs() <= cost_limit(costs));
        ensure(in_range, Reason::OutOfRange, Argument::InitialColDuals)?;
    }

    // Below there is only one problem: rows <= columns, to be minimised (see `lines`).
    let sign = match params.sense {
        Sense::Minimise => 1.0,
        Sense::Maximise => -1.0,
    };
    let tall = rows > cols;
    let (short, long) = (rows.min(cols), rows.max(cols));
    let (mut row_duals, stack) = take(stack, short, 0.0);
    let (mut memory, stack) = MatchingMemory::new(stack, short, long);
    let mut matching = memory.matching();
    let (mut copy, stack) = take(stack, rows.max(cols), T::ZERO);
    let mut lines = MatrixLines::new(costs, params.sense == Sense::Maximise, &mut copy);
    let initial = initial.filter(|_| rows == cols);
    if let Some(initial) = initial {
        for (dual, &given) in matching.duals.iter_mut().zip(initial) {
            *dual = sign * given;
        }
    }
    let cold = initial.is_none();
    let limit = T::from_f64(cost_limit(costs).min(T::MAX.to_f64()));
    let matched = if is_small(rows, cols) {
        match_small(&mut lines, limit, cold, &mut matching, stack)
    } else {
        match_rows(&mut lines, limit, cold, Forced::default(), &mut matching, stack)
    };
    matched.map_err(|error| match error.reason {
        // Which of the things that a cost must not be it is, is found with care and no haste.
        Reason::OutOfRange => ensure_costs(costs, params.sense).err().unwrap_or(error),
        _ => error,
    })?;

    if out.row_duals.is_some() || out.col_duals.is_some() {
        // The largest u that is feasible with v. In exact arithmetic the solve leaves just that. Rounded, this takes
        // the searches' errors out of the inequalities, and leaves them in the gap, where they can be seen.
        lines.write_least(matching.duals, &mut row_duals);
    }

    // Nothing can fail from here on.
    let (row_duals, col_duals, col_of_row, row_of_col) = if tall {
        (&*matching.duals, &row_duals[..], &*matching.row_of_col, &*matching.col_of_row)
    } else {
        (&row_duals[..], &*matching.duals, &*matching.col_of_row, &*matching.row_of_col)
    };
    write_indices(Some(out.row_to_col), col_of_row);
    write_indices(out.col_to_row, row_of_col);
    write_duals(out.row_duals, row_duals, sign);
    write_duals(out.col_duals, col_duals, sign);
    let matched = col_of_row.iter().enumerate().filter(|&(_, &j)| j != NONE);
    let negate = params.sense == Sense::Maximise;
    let cost = |(i, &j): (usize, &u32)| sign * row(costs, i)[j as usize].to_real(negate).to_f64();
    Ok(objective::compensated_sum(matched.map(cost)))
}

/// Refuses NaN, infinities that do not forbid a pair, and costs so large that sums of them could overflow.
///
/// With k = min(rows, cols) and C the largest finite magnitude, a path has at most k forward and k - 1 backward
/// edges, so its length in costs is below 2kC; a dual of the longer side is the difference of two such lengths,
/// below 4kC, and one of the shorter side a cost minus such a dual, below (4k + 1)C. A reduced length is a path plus
/// a cost minus two duals: all partial sums stay below (10k + 3)C <= 13kC. The bound is the next power of two.
fn ensure_costs<T: Scalar, C: Cost<T>>(costs: RowMajor<'_, C>, sense: Sense) -> Result<(), Error> {
    let (mut not_a_number, mut infinite, mut largest) = (false, false, 0.0_f64);
    for i in 0..costs.nrows() {
        for c in row(costs, i) {
            let c = c.to_real(sense == Sense::Maximise).to_f64();
            if c.is_finite() {
                largest = largest.max(c.abs());
            } else {
                not_a_number |= c.is_nan();
                infinite |= c < 0.0;
            }
        }
    }
    let limit = cost_limit(costs);
    ensure(!not_a_number, Reason::NotANumber, Argument::Costs)?;
    ensure(!infinite, Reason::Infinite, Argument::Costs)?;
    ensure(largest <= limit, Reason::OutOfRange, Argument::Costs)
}

/// The largest finite magnitude of a cost.
fn cost_limit<T: Scalar, C: Cost<T>>(costs: RowMajor<'_, C>) -> f64 {
    C::LARGEST / 16.0 / costs.nrows().min(costs.ncols()) as f64
}

/// Copies indices to an output, -1 where there is none.
pub(crate) fn write_indices(out: Option<&mut [i64]>, indices: &[u32]) {
    for (out, &index) in out.into_iter().flatten().zip(indices) {
        *out = if index == NONE { -1 } else { i64::from(index) };
    }
}

/// Copies duals to an output, in the sign of the caller's problem.
pub(crate) fn write_duals(out: Option<&mut [f64]>, duals: &[f64], sign: f64) {
    for (out, &dual) in out.into_iter().flatten().zip(duals) {
        // Adding 0 turns -0 into 0.
        *out = sign * dual + 0.0;
    }
}
