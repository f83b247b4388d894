//! Where the solver reads its costs: line by line, always to be minimised, always the shorter side's.
//!
//! Inside the solver there is one problem only, "give each row a column of its own, at least cost, rows <= columns".
//! What the caller has may be tall, to be maximised, or no matrix at all but two dictionaries whose products are the
//! costs. Each is a [`Lines`]; the solver asks for few lines more than once.

use crate::matrix::{RowMajor, row};
use crate::scalar::Scalar;

/// The costs, seen as rows that are no more than the columns and are to be minimised.
pub(crate) trait Lines<T: Copy> {
    /// How many rows there are.
    fn rows(&self) -> usize;

    /// How many columns there are, at least as many as rows.
    fn cols(&self) -> usize;

    /// Row `i`. The same bits each time: a cost that changed in the last place would make reduced costs negative.
    fn row(&mut self, i: usize) -> &[T];

    /// Row `i`, and the one after it if it is in memory, to be fetched meanwhile; else nothing.
    fn row_and_next(&mut self, i: usize) -> (&[T], &[T]) {
        (self.row(i), &[])
    }

    /// Whether a row has to be computed, so that long lists are cheaper than reading one again.
    fn are_costly(&self) -> bool {
        false
    }

    /// The first of these rows will be read next, the others probably soon: together they may be cheaper to compute.
    fn prepare(&mut self, _rows: &[u32]) {}

    /// All rows have been read once, in their order; from now on any row may be read.
    fn end_reading(&mut self) {}

    /// Element j of row `i`.
    fn cost(&mut self, i: usize, j: usize) -> T {
        self.row(i)[j]
    }
}

/// How many columns of a tall matrix are copied at a time: with each cache line that is read for the one asked for
/// come its neighbours, 16 of them in single precision, and the prefetcher brings the next line.
const COPIED: usize = 32;

/// A matrix in memory.
pub(super) struct MatrixLines<'a, T> {
    costs: RowMajor<'a, T>,
    tall: bool,
    negate: bool,
    /// Lines that are not in memory as they are needed: one negated row, or some columns.
    copy: &'a mut [T],
    /// The first line of the copy, if there is one.
    copied: Option<usize>,
}

impl<'a, T: Scalar> MatrixLines<'a, T> {
    /// How many values the copy of a `rows` by `cols` matrix takes; whether it is to be negated changes nothing.
    pub(super) fn copy_len(rows: usize, cols: usize) -> usize {
        if rows > cols { rows.saturating_mul(cols.min(COPIED)) } else { cols }
    }

    /// The lines of `costs`, negated for a maximum; `copy` has [`Self::copy_len`] values.
    pub(super) fn new(costs: RowMajor<'a, T>, negate: bool, copy: &'a mut [T]) -> Self {
        Self { costs, tall: costs.nrows() > costs.ncols(), negate, copy, copied: None }
    }

    fn signed(negate: bool, cost: T) -> T {
        if negate { -cost } else { cost }
    }

    /// Copies the columns from `first` on, each to a row of its own.
    fn copy_columns(&mut self, first: usize) {
        let (rows, cols) = (self.costs.nrows(), self.costs.ncols());
        let width = (cols - first).min(COPIED);
        for i in 0..rows {
            for (q, &cost) in row(self.costs, i)[first..first + width].iter().enumerate() {
                self.copy[q * rows + i] = Self::signed(self.negate, cost);
            }
        }
        self.copied = Some(first);
    }
}

impl<T: Scalar> Lines<T> for MatrixLines<'_, T> {
    fn rows(&self) -> usize {
        self.costs.nrows().min(self.costs.ncols())
    }

    fn cols(&self) -> usize {
        self.costs.nrows().max(self.costs.ncols())
    }

    fn row(&mut self, i: usize) -> &[T] {
        if self.tall {
            let (first, rows) = (i / COPIED * COPIED, self.costs.nrows());
            if self.copied != Some(first) {
                self.copy_columns(first);
            }
            &self.copy[(i - first) * rows..(i - first + 1) * rows]
        } else if self.negate {
            if self.copied != Some(i) {
                self.copy.iter_mut().zip(row(self.costs, i)).for_each(|(copy, &cost)| *copy = -cost);
                self.copied = Some(i);
            }
            self.copy
        } else {
            row(self.costs, i)
        }
    }

    fn row_and_next(&mut self, i: usize) -> (&[T], &[T]) {
        if self.tall || self.negate || i + 1 == self.costs.nrows() {
            (self.row(i), &[])
        } else {
            (row(self.costs, i), row(self.costs, i + 1))
        }
    }

    fn cost(&mut self, i: usize, j: usize) -> T {
        let (i, j) = if self.tall { (j, i) } else { (i, j) };
        Self::signed(self.negate, row(self.costs, i)[j])
    }
}
