//! The state of a solve: who is matched to whom, and the duals of the columns.

use crate::scalar::Scalar;
use crate::workspace::{take, vector_scratch};
use faer::dyn_stack::{DynArray, MemStack, StackReq};

/// In place of an index: none.
pub(crate) const NONE: u32 = u32::MAX;

/// A matching of some rows with the duals for which it is optimal.
///
/// For every matched row its column is one of the cheapest in reduced costs: c(i, x_i) - v(x_i) = min_j (c_ij - v_j).
/// That minimum is the row's dual u_i, so u need not be stored.
pub(crate) struct Matching<'a, T> {
    /// v, one a column. They only ever fall.
    pub(crate) duals: &'a mut [f64],
    /// x, the column of each row, or [`NONE`].
    pub(crate) col_of_row: &'a mut [u32],
    /// The row of each column, or [`NONE`].
    pub(crate) row_of_col: &'a mut [u32],
    /// The cost of each matched row's pair, so that the costs need not be read for it.
    pub(crate) matched_cost: &'a mut [T],
    /// A bit for each column that is free, 64 a word.
    pub(crate) free_cols: &'a mut [u64],
}

/// Words of [`Matching::free_cols`].
fn free_cols_len(cols: usize) -> usize {
    cols.div_ceil(64)
}

/// The workspace of a [`MatchingMemory`].
pub(crate) fn matching_scratch<T>(rows: usize, cols: usize) -> StackReq {
    StackReq::all_of(&[
        vector_scratch::<f64>(cols),
        vector_scratch::<u32>(rows),
        vector_scratch::<u32>(cols),
        vector_scratch::<T>(rows),
        vector_scratch::<u64>(free_cols_len(cols)),
    ])
}

/// What a [`Matching`] borrows.
pub(crate) struct MatchingMemory<'a, T> {
    duals: DynArray<'a, f64>,
    col_of_row: DynArray<'a, u32>,
    row_of_col: DynArray<'a, u32>,
    matched_cost: DynArray<'a, T>,
    free_cols: DynArray<'a, u64>,
}

impl<'a, T: Scalar> MatchingMemory<'a, T> {
    /// An empty matching with duals of zero, and the rest of the stack.
    pub(crate) fn new(stack: &'a mut MemStack, rows: usize, cols: usize) -> (Self, &'a mut MemStack) {
        let (duals, stack) = take(stack, cols, 0.0);
        let (col_of_row, stack) = take(stack, rows, NONE);
        let (row_of_col, stack) = take(stack, cols, NONE);
        let (matched_cost, stack) = take(stack, rows, T::ZERO);
        let (mut free_cols, stack) = take(stack, free_cols_len(cols), u64::MAX);
        if let Some(last) = free_cols.last_mut() {
            // No bits beyond the last column.
            *last >>= free_cols_len(cols) * 64 - cols;
        }
        (Self { duals, col_of_row, row_of_col, matched_cost, free_cols }, stack)
    }

    /// The matching in it.
    pub(crate) fn matching(&mut self) -> Matching<'_, T> {
        Matching {
            duals: &mut self.duals,
            col_of_row: &mut self.col_of_row,
            row_of_col: &mut self.row_of_col,
            matched_cost: &mut self.matched_cost,
            free_cols: &mut self.free_cols,
        }
    }
}

impl<T> Matching<'_, T> {
    /// Gives a row a column and returns the row that had it before, now free, or [`NONE`].
    pub(crate) fn give(&mut self, row: usize, column: usize, cost: T) -> u32 {
        let before = self.row_of_col[column];
        if before != NONE {
            self.col_of_row[before as usize] = NONE;
        }
        self.set(row, column, cost);
        before
    }

    /// Gives a row a column without regard to who had it.
    pub(crate) fn set(&mut self, row: usize, column: usize, cost: T) {
        self.col_of_row[row] = column as u32;
        self.row_of_col[column] = row as u32;
        self.matched_cost[row] = cost;
        self.free_cols[column / 64] &= !(1 << (column % 64));
    }

    /// Frees a matched row and its column.
    pub(crate) fn release(&mut self, row: usize) {
        let column = core::mem::replace(&mut self.col_of_row[row], NONE) as usize;
        self.row_of_col[column] = NONE;
        self.free_cols[column / 64] |= 1 << (column % 64);
    }

    /// Whether no row has the column.
    pub(crate) fn is_free(&self, column: usize) -> bool {
        self.row_of_col[column] == NONE
    }
}
