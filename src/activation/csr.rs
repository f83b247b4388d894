//! Sparse batches in compressed sparse rows (CSR): what fires, without the zeros.
//!
//! Row r's non-zeros are the elements `row_offsets[r] .. row_offsets[r + 1]` of `columns` and `values`. Offsets are
//! 64-bit signed integers and columns 32-bit unsigned ones, as in the C ABI.

use super::independent::check_last_row;
use crate::error::{Argument, Error, Reason, ensure};
use crate::matrix::{RowMajor, ensure_finite_slice, ensure_not_empty, row};
use crate::scalar::Scalar;
use core::ops::{ControlFlow, Range};

/// Where the non-zeros of a sparse batch are; checked.
#[derive(Clone, Copy, Debug)]
pub struct CsrPattern<'a> {
    row_offsets: &'a [i64],
    columns: &'a [u32],
    cols: usize,
}

impl<'a> CsrPattern<'a> {
    /// Checks the places of a batch of `row_offsets.len() - 1` rows and `cols` columns.
    ///
    /// # Errors
    /// [`Reason::Empty`] on `RowOffsets` for no rows and on `Cols` for no columns; [`Reason::Unsorted`] on `RowOffsets`
    /// unless they start at 0 and do not decrease; [`Reason::Shape`] on `Columns` where there are fewer than the last
    /// offset says; [`Reason::IndexOutOfRange`] on `Columns`; [`Reason::Unsorted`] on `Columns` unless they increase
    /// strictly in each row.
    ///
    /// # Cost
    /// One pass over the columns.
    pub fn new(row_offsets: &'a [i64], columns: &'a [u32], cols: usize) -> Result<Self, Error> {
        ensure(row_offsets.len() > 1, Reason::Empty, Argument::RowOffsets)?;
        ensure(cols > 0, Reason::Empty, Argument::Cols)?;
        let rising = row_offsets[0] == 0 && row_offsets.windows(2).all(|pair| pair[0] <= pair[1]);
        ensure(rising, Reason::Unsorted, Argument::RowOffsets)?;
        let nnz = usize::try_from(row_offsets[row_offsets.len() - 1]).unwrap_or(usize::MAX);
        ensure(columns.len() >= nnz, Reason::Shape, Argument::Columns)?;
        let pattern = Self { row_offsets, columns: &columns[..nnz], cols };
        for r in 0..pattern.rows() {
            let columns = pattern.columns(r);
            ensure(columns.iter().all(|&j| (j as usize) < cols), Reason::IndexOutOfRange, Argument::Columns)?;
            ensure(columns.windows(2).all(|pair| pair[0] < pair[1]), Reason::Unsorted, Argument::Columns)?;
        }
        Ok(pattern)
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.row_offsets.len() - 1
    }

    /// Number of columns.
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// Number of non-zeros.
    pub fn nnz(&self) -> usize {
        self.columns.len()
    }

    /// The columns of row `r`'s non-zeros, in increasing order.
    pub fn columns(&self, r: usize) -> &'a [u32] {
        &self.columns[self.range(r)]
    }

    /// Which of the batch's non-zeros are row `r`'s.
    pub fn range(&self, r: usize) -> Range<usize> {
        self.row_offsets[r] as usize..self.row_offsets[r + 1] as usize
    }
}

/// A borrowed sparse batch whose structure has been checked.
#[derive(Clone, Copy, Debug)]
pub struct CsrRef<'a, T> {
    pattern: CsrPattern<'a>,
    values: &'a [T],
}

impl<'a, T: Scalar> CsrRef<'a, T> {
    /// Checks a sparse batch of `row_offsets.len() - 1` rows and `cols` columns.
    ///
    /// # Errors
    /// Those of [`CsrPattern::new`]; [`Reason::Shape`] on `Values` where there are fewer than the last offset says;
    /// [`Reason::NotANumber`] and [`Reason::Infinite`] on `Values`.
    ///
    /// # Cost
    /// One pass over the batch.
    pub fn new(
        row_offsets: &'a [i64],
        columns: &'a [u32],
        values: &'a [T],
        cols: usize,
    ) -> Result<Self, Error> {
        let pattern = CsrPattern::new(row_offsets, columns, cols)?;
        ensure(values.len() >= pattern.nnz(), Reason::Shape, Argument::Values)?;
        let values = &values[..pattern.nnz()];
        ensure_finite_slice(values, Argument::Values)?;
        Ok(Self { pattern, values })
    }

    /// Where the non-zeros are.
    pub fn pattern(&self) -> CsrPattern<'a> {
        self.pattern
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.pattern.rows()
    }

    /// Number of columns.
    pub fn cols(&self) -> usize {
        self.pattern.cols()
    }

    /// Number of stored elements.
    pub fn nnz(&self) -> usize {
        self.values.len()
    }

    /// The stored elements of row `r`, `(column, value)` in increasing order of columns.
    pub fn row(&self, r: usize) -> impl Iterator<Item = (usize, T)> + 'a {
        let (columns, values) = self.entries(r);
        columns.iter().map(|&j| j as usize).zip(values.iter().copied())
    }

    /// The columns and the values of row `r`'s non-zeros.
    pub(crate) fn entries(&self, r: usize) -> (&'a [u32], &'a [T]) {
        (self.pattern.columns(r), &self.values[self.pattern.range(r)])
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
    /// Checks that this holds a sparse batch of `cols` columns, as [`CsrRef::new`] does, and gives the number of rows.
    pub(crate) fn check(&self, cols: usize) -> Result<usize, Error> {
        CsrRef::new(self.row_offsets, self.columns, self.values, cols).map(|batch| batch.rows())
    }

    /// Hands the columns and values of each row of the batch that this holds to `change`, in order; then drops the
    /// values that are zero, moving the others to the front, and gives their number.
    ///
    /// After a fault the batch holds the rows before that one, and empty rows.
    pub(crate) fn retain(
        &mut self,
        mut change: impl FnMut(usize, &[u32], &mut [T]) -> Result<(), Error>,
    ) -> Result<usize, Error> {
        let (mut nnz, mut begin) = (0, 0);
        let mut result = Ok(());
        for r in 0..self.row_offsets.len() - 1 {
            let end = self.row_offsets[r + 1] as usize;
            if result.is_ok() {
                result = change(r, &self.columns[begin..end], &mut self.values[begin..end]);
            }
            let kept = if result.is_ok() { begin..end } else { end..end };
            for k in kept {
                // Written over by the next one where it is zero.
                (self.columns[nnz], self.values[nnz]) = (self.columns[k], self.values[k]);
                nnz += usize::from(self.values[nnz] != T::ZERO);
            }
            begin = end;
            self.row_offsets[r + 1] = nnz as i64;
        }
        result.map(|()| nnz)
    }

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

/// A caller's change to a row of a sparse batch: gets its number, its columns and its values; may break off.
pub type ModifyRowFn<'a, T> = &'a mut dyn FnMut(u64, &[u32], &mut [T]) -> ControlFlow<()>;

/// Lets the caller change the values of a sparse batch of `cols` columns, row by row, applies a relu, drops what is 0,
/// and gives the number of non-zeros that are left.
///
/// `modify` may silence what fires and change how strongly, but makes nothing else fire. Row k of the batch has number
/// `first_row` + k: for samples to be functions of their number, `modify` must look at each row alone. What is left is
/// moved to the front, so that `batch` holds a sparse batch again; what lies behind its last non-zero means nothing.
///
/// # Errors
/// Those of [`CsrRef::new`] on `batch`; [`Reason::SizeOverflow`] on `FirstRow` where the last row's number would not
/// fit in 64 bits: `batch` is then untouched. [`Reason::Cancelled`] on `Modify` where `modify` breaks off;
/// [`Reason::NotANumber`] and [`Reason::Infinite`] on `Modify` where it leaves such a value: `batch` then holds the
/// rows before that one, and empty rows.
///
/// # Cost
/// Two passes over the batch and the calls. Determinism is that of `modify`.
pub fn modify_csr<T: Scalar>(
    mut batch: CsrMut<'_, T>,
    cols: usize,
    first_row: u64,
    modify: ModifyRowFn<'_, T>,
) -> Result<usize, Error> {
    let rows = batch.check(cols)?;
    check_last_row(first_row, rows)?;
    batch.retain(|r, columns, values| {
        let flow = modify(first_row + r as u64, columns, values);
        ensure(flow.is_continue(), Reason::Cancelled, Argument::Modify)?;
        ensure_finite_slice(values, Argument::Modify)?;
        values.iter_mut().for_each(|x| *x = x.relu());
        Ok(())
    })
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
