//! C functions for many assignment problems at once.

use super::assignment::{saek_assignment_params, sense};
use super::boundary::{Arguments, answer_query, call, params};
use super::threads::par;
use super::types::saek_status;
use crate::assignment::{self, BatchOut};
use crate::error::{Argument, Error, Reason, ensure};
use crate::scalar::Scalar;
use core::ffi::c_void;

/// Solves `count` linear sum assignment problems of `rows` by `cols` costs each, which lie one below the other.
///
/// Each as `saek_assignment_f32` solves it. For trackers, set-prediction losses and whoever has thousands of small
/// problems.
///
/// - `costs`: element (i, j) of problem p at `costs[(p * rows + i) * stride + j]`.
/// - `count`, `rows`, `cols`, `stride`: >= 1, stride >= cols, in elements.
/// - `params`: null for the defaults. Initial duals are for single problems: null here.
/// - `threads`: among how many threads the problems are divided, 0 and 1 for the caller's alone; more need a library
///   built with threads. The results do not depend on it.
/// - `row_to_col`: count * rows indices, written: row i of problem p at `row_to_col[p * rows + i]`, -1 for none.
/// - `objectives`: null, or `count` values, written: the sum of each problem's matched costs.
/// - `workspace`, `workspace_bytes`: as `saek_assignment_batch_f32_workspace` says.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); EMPTY (count, costs); STRIDE (costs);
/// WORKSPACE_TOO_SMALL (workspace); STRUCT_SIZE (params); UNKNOWN_VALUE (sense); OUT_OF_RANGE (initial_col_duals, not
/// null; threads); for the costs as `saek_assignment_f32`, that of the first problem with a fault.
/// Cost: that of the solves. No allocation with one thread. Deterministic.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_assignment_batch_f32(
    costs: *const f32,
    count: usize,
    rows: usize,
    cols: usize,
    stride: usize,
    params: *const saek_assignment_params,
    threads: u32,
    row_to_col: *mut i64,
    objectives: *mut f64,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    let sizes = Sizes { count, rows, cols, stride, threads };
    // SAFETY: the caller's promise.
    call(|| unsafe { solve(costs, sizes, params, row_to_col, objectives, workspace, workspace_bytes) })
}

/// As `saek_assignment_batch_f32`, with double precision costs.
///
/// # Safety
/// Pointers are null or point to what is said there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_assignment_batch_f64(
    costs: *const f64,
    count: usize,
    rows: usize,
    cols: usize,
    stride: usize,
    params: *const saek_assignment_params,
    threads: u32,
    row_to_col: *mut i64,
    objectives: *mut f64,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    let sizes = Sizes { count, rows, cols, stride, threads };
    // SAFETY: the caller's promise.
    call(|| unsafe { solve(costs, sizes, params, row_to_col, objectives, workspace, workspace_bytes) })
}

/// Writes the size and the alignment of the workspace of `saek_assignment_batch_f32`.
///
/// Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace); OUT_OF_RANGE (threads).
///
/// # Safety
/// `bytes` and `align` are null or point to one writable value each.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_assignment_batch_f32_workspace(
    count: usize,
    rows: usize,
    cols: usize,
    threads: u32,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    let request = par(threads).map(|par| assignment::solve_batch_scratch::<f32>(count, rows, cols, par));
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(request, bytes, align) })
}

/// Writes the size and the alignment of the workspace of `saek_assignment_batch_f64`; as
/// `saek_assignment_batch_f32_workspace`.
///
/// # Safety
/// `bytes` and `align` are null or point to one writable value each.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_assignment_batch_f64_workspace(
    count: usize,
    rows: usize,
    cols: usize,
    threads: u32,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    let request = par(threads).map(|par| assignment::solve_batch_scratch::<f64>(count, rows, cols, par));
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(request, bytes, align) })
}

/// The sizes of a call.
struct Sizes {
    count: usize,
    rows: usize,
    cols: usize,
    stride: usize,
    threads: u32,
}

/// # Safety
/// As the exported functions.
unsafe fn solve<T: Scalar>(
    costs: *const T,
    sizes: Sizes,
    p: *const saek_assignment_params,
    row_to_col: *mut i64,
    objectives: *mut f64,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> Result<(), Error> {
    let Sizes { count, rows, cols, stride, threads } = sizes;
    ensure(count > 0, Reason::Empty, Argument::Count)?;
    ensure(rows > 0, Reason::Empty, Argument::Costs)?;
    let all_rows = count.checked_mul(rows).ok_or(Error::new(Reason::SizeOverflow, Argument::Costs))?;
    let par = par(threads)?;
    let request = assignment::solve_batch_scratch::<T>(count, rows, cols, par);
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    let (costs, p, out, stack) = unsafe {
        (
            arguments.matrix(costs, all_rows, cols, stride, Argument::Costs)?,
            params(p)?,
            BatchOut {
                row_to_col: arguments.slice_mut(row_to_col, all_rows, Argument::RowToCol)?,
                objectives: arguments.optional_slice_mut(objectives, count, Argument::Objectives)?,
            },
            arguments.workspace(workspace, workspace_bytes, request)?,
        )
    };
    ensure(p.initial_col_duals.is_null(), Reason::OutOfRange, Argument::InitialColDuals)?;
    assignment::solve_batch(costs, count, sense(p.sense)?, out, par, stack)
}
