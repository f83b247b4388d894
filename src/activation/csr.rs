//! Sparse batches in compressed sparse rows (CSR): what fires, without the zeros.
//!
//! Row r's non-zeros are the elements `row_offsets[r] .. row_offsets[r + 1]` of `columns` and `values`. Offsets are
//! 64-bit signed integers and columns 32-bit unsigned ones, as in the C ABI.

use crate::error::{Argument, Error, Reason, ensure};
use crate::matrix::{RowMajor, ensure_finite_slice, ensure_not_empty, row};
use crate::scalar::Scalar;
use core::ops::Range;

/// A borrowed sparse batch whose structure has been checked.
#[derive(Clone, Copy, Debug)]
pub struct CsrRef<'a, T> {
    row_offsets: &'a [i64],
    columns: &'a [u32],
    values: &'a [T],
    cols: usize,
}

impl<'a, T: Scalar> CsrRef<'a, T> {
    /// Checks a sparse batch of `row_offsets.len() - 1` rows and `cols` columns.
    ///
    /// # Errors
    /// [`Reason::Empty`] on `RowOffsets` for no rows and on `Cols` for no columns; [`Reason::Unsorted`] on `RowOffsets`
    /// unless they start at 0 and do not decrease; [`Reason::Shape`] on `Columns` and `Values` where they are
    /// shorter than the last offset; [`Reason::IndexOutOfRange`] on `Columns`; [`Reason::Unsorted`] on `Columns`
    /// unless they increase strictly in each row; [`Reason::NotANumber`] and [`Reason::Infinite`] on `Values`.
    ///
    /// # Cost
    /// One pass over the batch.
    pub fn new(
        row_offsets: &'a [i64],
        columns: &'a [u32],
        values: &'a [T],
        cols: usize,
    ) -> Result<Self, Error> {
        ensure(row_offsets.len() > 1, Reason::Empty, Argument::RowOffsets)?;
        ensure(cols > 0, Reason::Empty, Argument::Cols)?;
        let rising = row_offsets[0] == 0 && row_offsets.windows(2).all(|pair| pair[0] <= pair[1]);
        ensure(rising, Reason::Unsorted, Argument::RowOffsets)?;
        let nnz = usize::try_from(row_offsets[row_offsets.len() - 1]).unwrap_or(usize::MAX);
        ensure(columns.len() >= nnz, Reason::Shape, Argument::Columns)?;
        ensure(values.len() >= nnz, Reason::Shape, Argument::Values)?;
        let batch = Self { row_offsets, columns: &columns[..nnz], values: &values[..nnz], cols };
        for r in 0..batch.rows() {
            let columns = &batch.columns[batch.range(r)];
            ensure(columns.iter().all(|&j| (j as usize) < cols), Reason::IndexOutOfRange, Argument::Columns)?;
            ensure(columns.windows(2).all(|pair| pair[0] < pair[1]), Reason::Unsorted, Argument::Columns)?;
        }
        ensure_finite_slice(batch.values, Argument::Values)?;
        Ok(batch)
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.row_offsets.len() - 1
    }

    /// Number of columns.
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// Number of stored elements.
    pub fn nnz(&self) -> usize {
        self.values.len()
    }

    fn range(&self, r: usize) -> Range<usize> {
        self.row_offsets[r] as usize..self.row_offsets[r + 1] as usize
    }

    /// The stored elements of row `r`, `(column, value)` in increasing order of columns.
    pub fn row(&self, r: usize) -> impl Iterator<Item = (usize, T)> + 'a {
        let (columns, values) = self.entries(r);
        columns.iter().map(|&j| j as usize).zip(values.iter().copied())
    }

    /// The columns and the values of row `r`'s non-zeros.
    pub(crate) fn entries(&self, r: usize) -> (&'a [u32], &'a [T]) {
        let range = self.range(r);
        (&self.columns[range.clone()], &self.values[range])
    }
}

/// Room for a sparse batch.
#[derive(Debug)]
pub struct CsrMut<'a, T> {
    /// One more than there are rows.
    pub row_offsets: &'a mut [i64],
    /// As many as there is room for non-zeros.
    pub columns: &'a mut [u32],
    /// As many as `columns`.
    pub values: &'a mut [T],
}

impl<'a, T: Scalar> CsrMut<'a, T> {
    /// Checks the lengths for a batch of `rows` rows and starts writing it.
    pub(crate) fn begin(self, rows: usize) -> Result<CsrWriter<'a, T>, Error> {
        ensure(rows.checked_add(1) == Some(self.row_offsets.len()), Reason::Shape, Argument::RowOffsets)?;
        ensure(self.columns.len() == self.values.len(), Reason::Shape, Argument::Values)?;
        self.row_offsets[0] = 0;
        Ok(CsrWriter { out: self, nnz: 0, row: 0 })
    }
}

/// Writes a sparse batch element by element; goes on counting where there is no more room.
pub(crate) struct CsrWriter<'a, T> {
    out: CsrMut<'a, T>,
    nnz: usize,
    row: usize,
}

impl<T: Scalar> CsrWriter<'_, T> {
    #[inline(always)]
    pub(crate) fn push(&mut self, column: u32, value: T) {
        if let (Some(j), Some(x)) = (self.out.columns.get_mut(self.nnz), self.out.values.get_mut(self.nnz)) {
            (*j, *x) = (column, value);
        }
        self.nnz += 1;
    }

    /// Pushes columns with their values, as many.
    #[inline(always)]
    pub(crate) fn extend(&mut self, columns: &[u32], values: &[T]) {
        let room = self.out.values.len().saturating_sub(self.nnz).min(columns.len());
        // What is beyond the room is counted only.
        if room > 0 {
            let end = self.nnz + room;
            self.out.columns[self.nnz..end].copy_from_slice(&columns[..room]);
            self.out.values[self.nnz..end].copy_from_slice(&values[..room]);
        }
        self.nnz += columns.len();
    }

    pub(crate) fn end_row(&mut self) {
        self.row += 1;
        self.out.row_offsets[self.row] = self.nnz as i64;
    }

    /// The number of non-zeros, or [`Reason::Capacity`] where they did not fit.
    pub(crate) fn finish(self) -> Result<usize, Error> {
        ensure(self.nnz <= self.out.values.len(), Reason::Capacity, Argument::Capacity)?;
        Ok(self.nnz)
    }
}

/// Writes the non-zeros of `dense[b, n]` to `out` and gives their number.
///
/// # Errors
/// [`Reason::Empty`], [`Reason::NotANumber`], [`Reason::Infinite`] on `Activations`, [`Reason::OutOfRange`] on `Cols`
/// for 2^32 or more columns, [`Reason::Shape`] on `RowOffsets` and `Values`: `out` is then untouched.
/// [`Reason::Capacity`] on `Capacity` where the non-zeros do not fit: the last of `row_offsets` is then the capacity
/// needed.
///
/// # Cost
/// Two passes over the matrix, no workspace.
pub fn csr_from_dense<T: Scalar>(dense: RowMajor<'_, T>, out: CsrMut<'_, T>) -> Result<usize, Error> {
    ensure_not_empty(dense, Argument::Activations)?;
    ensure(u32::try_from(dense.ncols()).is_ok(), Reason::OutOfRange, Argument::Cols)?;
    crate::matrix::ensure_finite_matrix(dense, Argument::Activations)?;
    let mut out = out.begin(dense.nrows())?;
    for r in 0..dense.nrows() {
        for (j, &x) in row(dense, r).iter().enumerate() {
            if x != T::ZERO {
                out.push(j as u32, x);
            }
        }
        out.end_row();
    }
    out.finish()
}
