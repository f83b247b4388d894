//! C functions that let the caller change sparse activations, row by row.

use super::boundary::{Arguments, call};
use super::csr::BatchMut;
use super::types::saek_status;
use crate::activation::modify_csr;
use crate::error::Error;
use crate::scalar::Scalar;
use core::ffi::{c_int, c_void};
use core::ops::ControlFlow;

/// A change of the caller's to a row of a sparse batch: may change `count` activations in `values`, of the features in
/// `columns`.
///
/// `row` is the number of the row; samples are functions of their number as long as nothing else is looked at. A result
/// other than 0 breaks off. It runs on the calling thread, must not unwind through the library, and must leave finite
/// numbers.
pub type saek_modify_row_f32_callback = Option<
    unsafe extern "C" fn(
        context: *mut c_void,
        row: u64,
        columns: *const u32,
        values: *mut f32,
        count: usize,
    ) -> c_int,
>;

/// Lets a function of the caller's change a sparse batch, row by row, applies a relu, and drops what is 0, in place.
///
/// - `row_offsets`, `columns`, `values`, `capacity`, `rows`, `features`: the batch, as for
///   `saek_hierarchy_apply_csr_f32`; what is left is moved to the front in the same way.
/// - `first_row`: number of the first row.
/// - `modify`: called for each row, in order; NULL for none, which leaves the relu.
/// - `context`: handed to `modify`.
///
/// Status: those of `saek_hierarchy_apply_csr_f32` on the batch and on `first_row`. CANCELLED (modify) where `modify`
/// breaks off and NOT_A_NUMBER, INFINITE (modify) where it leaves such a number: the batch then has the rows before
/// that one, and empty rows.
/// Cost: two passes over the batch and the calls; no workspace.
///
/// # Safety
/// Pointers are null or point to what is said here, and `modify` keeps to what its type says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_modify_csr_f32(
    row_offsets: *mut i64,
    columns: *mut u32,
    values: *mut f32,
    capacity: usize,
    rows: usize,
    features: usize,
    first_row: u64,
    modify: saek_modify_row_f32_callback,
    context: *mut c_void,
) -> saek_status {
    let batch = BatchMut { row_offsets, columns, values, capacity, rows };
    // SAFETY: the caller's promise.
    call(|| unsafe { modify_rows(&batch, features, first_row, modify, context) })
}

/// A change of the caller's to a row of a sparse batch: may change `count` activations in `values`, of the features in
/// `columns`.
///
/// `row` is the number of the row; samples are functions of their number as long as nothing else is looked at. A result
/// other than 0 breaks off. It runs on the calling thread, must not unwind through the library, and must leave finite
/// numbers.
pub type saek_modify_row_f64_callback = Option<
    unsafe extern "C" fn(
        context: *mut c_void,
        row: u64,
        columns: *const u32,
        values: *mut f64,
        count: usize,
    ) -> c_int,
>;

/// As `saek_modify_csr_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_modify_csr_f64(
    row_offsets: *mut i64,
    columns: *mut u32,
    values: *mut f64,
    capacity: usize,
    rows: usize,
    features: usize,
    first_row: u64,
    modify: saek_modify_row_f64_callback,
    context: *mut c_void,
) -> saek_status {
    let batch = BatchMut { row_offsets, columns, values, capacity, rows };
    // SAFETY: the caller's promise.
    call(|| unsafe { modify_rows(&batch, features, first_row, modify, context) })
}

/// # Safety
/// As the exported functions.
unsafe fn modify_rows<T: Scalar>(
    batch: &BatchMut<T>,
    features: usize,
    first_row: u64,
    modify: Option<unsafe extern "C" fn(*mut c_void, u64, *const u32, *mut T, usize) -> c_int>,
    context: *mut c_void,
) -> Result<(), Error> {
    // SAFETY: the caller's promise.
    let batch = unsafe { batch.borrow(&mut Arguments::new())? };
    let mut modify_row = |row: u64, columns: &[u32], values: &mut [T]| {
        let Some(modify) = modify else { return ControlFlow::Continue(()) };
        // SAFETY: callable with its context by the contract; the values are exclusively ours.
        match unsafe { modify(context, row, columns.as_ptr(), values.as_mut_ptr(), values.len()) } {
            0 => ControlFlow::Continue(()),
            _ => ControlFlow::Break(()),
        }
    };
    modify_csr(batch, features, first_row, &mut modify_row).map(|_| ())
}
