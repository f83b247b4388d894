//! Small problems: the whole matrix in the cache, and no lists.
//!
//! Jonker and Volgenant 1987 as it stands, every scan of a row vectorised: column reduction with reduction transfer
//! (square problems only: elsewhere columns that end unmatched must keep a dual of 0), augmenting row reduction
//! twice, then shortest augmenting paths.

use super::dense::{DenseSearch, dense_scratch};
use super::lines::Lines;
use super::matching::{Matching, NONE};
use super::reduction::{Choice, Choices, reduce_rows};
use super::scan::{Allowed, LeastTwoReduced, TwoLeast};
use crate::error::{Argument, Error, Reason, ensure};
use crate::scalar::Scalar;
use crate::simd::{Dispatched, Loop, vectorised};
use crate::workspace::{matrix_scratch, take, vector_scratch};
use faer::dyn_stack::{MemStack, StackReq};

/// A packed matrix, rows <= columns, to be minimised.
struct PackedLines<'a, T> {
    costs: &'a [T],
    rows: usize,
    cols: usize,
}

impl<T: Scalar> Lines<T> for PackedLines<'_, T> {
    #[inline(always)]
    fn rows(&self) -> usize {
        self.rows
    }

    #[inline(always)]
    fn cols(&self) -> usize {
        self.cols
    }

    #[inline(always)]
    fn row(&mut self, i: usize) -> &[T] {
        &self.costs[i * self.cols..(i + 1) * self.cols]
    }
}

/// The longest side of a small problem.
const LONGEST: usize = 256;

/// Whether the matrix is small enough.
pub(super) fn is_small(rows: usize, cols: usize) -> bool {
    rows.max(cols) <= LONGEST
}

/// The workspace of [`match_small`].
pub(super) fn match_small_scratch<T: Scalar>(rows: usize, cols: usize) -> StackReq {
    StackReq::all_of(&[matrix_scratch::<T>(rows, cols), vector_scratch::<u32>(rows), dense_scratch(cols)])
}

/// Matches every row, as `solver::match_rows` does.
pub(super) fn match_small<T: Scalar>(
    lines: &mut dyn Lines<T>,
    limit: T,
    cold: bool,
    matching: &mut Matching<'_, T>,
    stack: &mut MemStack,
) -> Result<(), Error> {
    let (rows, cols) = (lines.rows(), lines.cols());
    let (mut costs, stack) = take(stack, rows * cols, T::ZERO);
    let (mut free, stack) = take(stack, rows, 0_u32);
    let (mut distances, stack) = take(stack, cols, f64::INFINITY);
    let (mut duals, stack) = take(stack, cols, 0.0);
    let (mut settled_lengths, stack) = take(stack, cols, 0.0);
    let (mut parents, stack) = take(stack, cols, NONE);
    let (mut settled_columns, _) = take(stack, cols, 0_u32);
    for (i, copy) in costs.chunks_exact_mut(cols).enumerate() {
        copy.copy_from_slice(lines.row(i));
    }
    ensure(vectorised(Allowed { row: &costs, limit }), Reason::OutOfRange, Argument::Costs)?;
    let mut search = DenseSearch {
        distances: &mut distances,
        parents: &mut parents,
        duals: &mut duals,
        settled: &mut settled_columns,
        lengths: &mut settled_lengths,
    };
    let lines = PackedLines { costs: &costs, rows, cols };
    vectorised(SolveSmall { lines, cold, matching, search: &mut search, free: &mut free })
}

/// Solves a small problem.
struct SolveSmall<'s, 'a, 'b, T> {
    lines: PackedLines<'s, T>,
    /// Whether the duals are zero, so that a square problem may begin with better ones.
    cold: bool,
    matching: &'s mut Matching<'a, T>,
    search: &'s mut DenseSearch<'b>,
    /// Room for the free rows.
    free: &'s mut [u32],
}

impl<T: Scalar> Loop for SolveSmall<'_, '_, '_, T> {
    type Output = Result<(), Error>;

    #[inline(always)]
    fn run(self) -> Result<(), Error> {
        let Self { mut lines, cold, matching, search, free } = self;
        let rows = lines.rows;
        let mut count = 0;
        if cold && rows == lines.cols {
            reduce_columns(&mut lines, matching, search.parents, free);
        }
        for row in 0..rows {
            if matching.col_of_row[row] == NONE {
                free[count] = row as u32;
                count += 1;
            }
        }
        count = reduce_rows(&mut free[..count], matching, &mut lines)?;
        for &row in &free[..count] {
            search.augment::<T, _, Dispatched>(row as usize, matching, &mut lines)?;
        }
        Ok(())
    }
}

/// Starts each column's dual at its least cost and matches it to that row if that is still free.
///
/// A row that got exactly one column lowers its dual until the row's second cheapest is as cheap (reduction
/// transfer).
#[inline(always)]
fn reduce_columns<T: Scalar>(
    lines: &mut PackedLines<'_, T>,
    matching: &mut Matching<'_, T>,
    cheapest_row: &mut [u32],
    chosen: &mut [u32],
) {
    matching.duals.fill(f64::INFINITY);
    for i in 0..lines.rows {
        let row = lines.row(i);
        for ((dual, cheapest), cost) in matching.duals.iter_mut().zip(cheapest_row.iter_mut()).zip(row) {
            let cost = cost.to_f64();
            let cheaper = cost < *dual;
            *dual = if cheaper { cost } else { *dual };
            *cheapest = if cheaper { i as u32 } else { *cheapest };
        }
    }
    chosen.fill(0);
    for j in (0..lines.cols).rev() {
        if matching.duals[j] == f64::INFINITY {
            // A column that nobody may have; some row will find that it has none.
            matching.duals[j] = 0.0;
            continue;
        }
        let row = cheapest_row[j] as usize;
        chosen[row] += 1;
        if chosen[row] == 1 {
            matching.set(row, j, lines.row(row)[j]);
        }
    }
    for (i, _) in chosen.iter().enumerate().filter(|(_, times)| **times == 1) {
        let own = matching.col_of_row[i] as usize;
        let two = LeastTwoReduced { row: lines.row(i), duals: matching.duals }.run();
        let transfer = if two.column == own { two.second } else { two.least };
        if transfer < f64::INFINITY && transfer > 0.0 {
            matching.duals[own] -= transfer;
        }
    }
}

impl<T: Scalar> Choices<T> for PackedLines<'_, T> {
    #[inline(always)]
    fn choose(&mut self, row: usize, matching: &Matching<'_, T>) -> Result<Choice<T>, Error> {
        let (costs, duals) = (self.row(row), &*matching.duals);
        let TwoLeast { least, column, second } = LeastTwoReduced { row: costs, duals }.run();
        if least == f64::INFINITY {
            return Err(Error::new(Reason::Infeasible, Argument::Costs));
        }
        let mut tied = None;
        if second <= least {
            let same = |j: &usize| costs[*j].to_f64() - duals[*j] == least;
            tied = (column + 1..costs.len()).find(same).map(|j| (j, costs[j]));
        }
        Ok(Choice { column, cost: costs[column], least, second, tied })
    }
}
