//! Sparse batches as C callers give them: to read, and to write.

use super::boundary::{Arguments, or_absent};
use crate::activation::{CsrMut, CsrRef};
use crate::error::{Argument, Error, Reason};
use crate::scalar::Scalar;

/// A sparse batch to read, as the caller gave it.
pub(super) struct Batch<T> {
    pub(super) row_offsets: *const i64,
    pub(super) columns: *const u32,
    pub(super) values: *const T,
    pub(super) nnz: usize,
    pub(super) rows: usize,
    pub(super) features: usize,
}

/// A sparse batch whose memory has been borrowed, but not yet read.
pub(super) struct Unchecked<'a, T> {
    row_offsets: &'a [i64],
    columns: &'a [u32],
    values: &'a [T],
    features: usize,
}

impl<T: Scalar> Batch<T> {
    /// Borrows the arrays.
    ///
    /// # Safety
    /// The pointers are null or point to `rows` + 1 offsets and `nnz` columns and values, which nobody writes during
    /// `'a`.
    pub(super) unsafe fn borrow<'a>(&self, arguments: &mut Arguments) -> Result<Unchecked<'a, T>, Error> {
        let &Self { row_offsets, columns, values, nnz, rows, features } = self;
        // SAFETY: the caller's promise.
        let (row_offsets, columns, values) = unsafe {
            (
                arguments.slice(row_offsets, count_offsets(rows)?, Argument::RowOffsets)?,
                arguments.optional_slice(columns, nnz, Argument::Columns)?,
                arguments.optional_slice(values, nnz, Argument::Values)?,
            )
        };
        let columns = or_absent(columns, &[], nnz, Argument::Columns)?;
        let values = or_absent(values, &[], nnz, Argument::Values)?;
        Ok(Unchecked { row_offsets, columns, values, features })
    }
}

impl<'a, T: Scalar> Unchecked<'a, T> {
    /// Checks that the arrays are a sparse batch.
    pub(super) fn check(&self) -> Result<CsrRef<'a, T>, Error> {
        CsrRef::new(self.row_offsets, self.columns, self.values, self.features)
    }
}

/// Room for a sparse batch, or one to change in place, as the caller gave it.
pub(super) struct BatchMut<T> {
    pub(super) row_offsets: *mut i64,
    pub(super) columns: *mut u32,
    pub(super) values: *mut T,
    pub(super) capacity: usize,
    pub(super) rows: usize,
}

impl<T: Scalar> BatchMut<T> {
    /// Borrows the arrays.
    ///
    /// # Safety
    /// The pointers are null or point to `rows` + 1 offsets and `capacity` columns and values, which nobody else uses
    /// during `'a`.
    pub(super) unsafe fn borrow<'a>(&self, arguments: &mut Arguments) -> Result<CsrMut<'a, T>, Error> {
        let &Self { row_offsets, columns, values, capacity, rows } = self;
        // SAFETY: the caller's promise.
        let (row_offsets, columns, values) = unsafe {
            (
                arguments.slice_mut(row_offsets, count_offsets(rows)?, Argument::RowOffsets)?,
                arguments.optional_slice_mut(columns, capacity, Argument::Columns)?,
                arguments.optional_slice_mut(values, capacity, Argument::Values)?,
            )
        };
        Ok(CsrMut {
            row_offsets,
            columns: or_absent(columns, &mut [], capacity, Argument::Columns)?,
            values: or_absent(values, &mut [], capacity, Argument::Values)?,
        })
    }
}

/// One more than there are rows.
pub(super) fn count_offsets(rows: usize) -> Result<usize, Error> {
    rows.checked_add(1).ok_or(Error::new(Reason::SizeOverflow, Argument::RowOffsets))
}
