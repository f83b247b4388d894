//! Where the solver reads its costs: line by line, always to be minimised, always the shorter side's.
//!
//! Inside the solver there is one problem only, "give each row a column of its own, at least cost, rows <= columns".
//! What the caller has may be tall, to be maximised, or no matrix at all but two dictionaries whose products are the
//! costs. Each is a [`Lines`]; the solver asks for few lines more than once.

use super::candidates::Candidates;
use super::columns::{LowerLeast, select_in_columns};
use super::cost::{Cost, read};
use super::scan::{LeastTwoReduced, TOGETHER};
use crate::error::Error;
use crate::matrix::{RowMajor, row};
use crate::scalar::Scalar;
use crate::simd::vectorised;
use core::marker::PhantomData;

/// The costs, seen as rows that are no more than the columns and are to be minimised.
pub(crate) trait Lines<T: Scalar> {
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

    /// Row `i` and those after it, if all are in memory.
    fn rows_from(&self, _i: usize) -> Option<[&[T]; TOGETHER]> {
        None
    }

    /// Whether a row has to be computed, so that long lists are cheaper than reading one again.
    fn are_costly(&self) -> bool {
        false
    }

    /// The first of these rows will be read next, the others probably soon: together they may be cheaper to compute.
    fn prepare(&mut self, _rows: &[u32]) {}

    /// All rows have been read once, in their order; from now on any row may be read.
    fn end_reading(&mut self) {}

    /// Gives all rows their lists in one reading, if that is how the costs should be read; checks them as well.
    ///
    /// `room` has a value for each row. The duals are zero.
    fn select_all(
        &mut self,
        _limit: T,
        _candidates: &mut Candidates<'_, T>,
        _room: &mut [T],
    ) -> Option<Result<(), Error>> {
        None
    }

    /// Writes the least reduced cost of each row.
    fn write_least(&mut self, duals: &[f64], least: &mut [f64]) {
        write_least_by_row(self, duals, least);
    }

    /// Element j of row `i`.
    fn cost(&mut self, i: usize, j: usize) -> T {
        self.row(i)[j]
    }
}

/// Writes the least reduced cost of each row, a row at a time.
pub(crate) fn write_least_by_row<T: Scalar>(
    lines: &mut (impl Lines<T> + ?Sized),
    duals: &[f64],
    least: &mut [f64],
) {
    for (i, least) in least.iter_mut().enumerate() {
        *least = vectorised(LeastTwoReduced { row: lines.row(i), duals }).least;
    }
}

/// A matrix in memory.
pub(super) struct MatrixLines<'a, C, T> {
    costs: RowMajor<'a, C>,
    tall: bool,
    negate: bool,
    /// A line that is not in memory as it is needed: a negated row, one of whole numbers, or a column.
    copy: &'a mut [T],
    /// Which one that is.
    copied: Option<usize>,
}

impl<'a, T: Scalar, C: Cost<T>> MatrixLines<'a, C, T> {
    /// The lines of `costs`, negated for a maximum; `copy` has as many values as the longer side.
    pub(super) fn new(costs: RowMajor<'a, C>, negate: bool, copy: &'a mut [T]) -> Self {
        Self { costs, tall: costs.nrows() > costs.ncols(), negate, copy, copied: None }
    }

    /// Row `i` of the matrix, if it is a line and in memory as it is needed.
    fn line(&self, i: usize) -> Option<&[T]> {
        let as_it_is = !self.tall && !self.negate && i < self.costs.nrows();
        if as_it_is { C::as_reals(row(self.costs, i)) } else { None }
    }
}

impl<T: Scalar, C: Cost<T>> Lines<T> for MatrixLines<'_, C, T> {
    fn rows(&self) -> usize {
        self.costs.nrows().min(self.costs.ncols())
    }

    fn cols(&self) -> usize {
        self.costs.nrows().max(self.costs.ncols())
    }

    fn row(&mut self, i: usize) -> &[T] {
        if self.line(i).is_none() && self.copied != Some(i) {
            if self.tall {
                for (q, copy) in self.copy.iter_mut().enumerate() {
                    *copy = row(self.costs, q)[i].to_real(self.negate);
                }
            } else {
                read(row(self.costs, i), self.negate, self.copy);
            }
            self.copied = Some(i);
        }
        self.line(i).unwrap_or(self.copy)
    }

    fn row_and_next(&mut self, i: usize) -> (&[T], &[T]) {
        if self.line(i + 1).is_none() {
            return (self.row(i), &[]);
        }
        (self.line(i).unwrap_or_default(), self.line(i + 1).unwrap_or_default())
    }

    fn rows_from(&self, i: usize) -> Option<[&[T]; TOGETHER]> {
        self.line(i + TOGETHER - 1)?;
        Some(core::array::from_fn(|k| self.line(i + k).unwrap_or_default()))
    }

    fn select_all(
        &mut self,
        limit: T,
        candidates: &mut Candidates<'_, T>,
        room: &mut [T],
    ) -> Option<Result<(), Error>> {
        self.copied = None;
        self.tall.then(|| select_in_columns(self.costs, self.negate, limit, candidates, room, self.copy))
    }

    fn write_least(&mut self, duals: &[f64], least: &mut [f64]) {
        if !self.tall {
            return write_least_by_row(self, duals, least);
        }
        least.fill(f64::INFINITY);
        for (i, &dual) in duals.iter().enumerate() {
            let row = row(self.costs, i);
            vectorised(LowerLeast { read_as: PhantomData::<T>, row, negate: self.negate, dual, least });
        }
    }

    fn cost(&mut self, i: usize, j: usize) -> T {
        let (i, j) = if self.tall { (j, i) } else { (i, j) };
        row(self.costs, i)[j].to_real(self.negate)
    }
}
