//! C functions for linear sum assignment.

use super::boundary::{Arguments, VersionedStruct, answer_query, call, init, params};
use super::types::saek_status;
use crate::assignment::{self, AssignmentOut, AssignmentParams, Sense};
use crate::error::{Argument, Error, Reason};
use crate::matrix::RowMajor;
use crate::scalar::Scalar;
use core::ffi::c_void;
use faer::dyn_stack::{MemStack, StackReq};

/// A `sense`: the sum of the matched costs is to be least; +infinity forbids a pair.
pub const SAEK_SENSE_MINIMISE: u32 = 0;

/// A `sense`: the sum of the matched costs is to be greatest; -infinity forbids a pair.
pub const SAEK_SENSE_MAXIMISE: u32 = 1;

/// Parameters of `saek_assignment_f32` and `saek_assignment_f64`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct saek_assignment_params {
    /// sizeof(saek_assignment_params); `saek_assignment_params_init` sets it.
    pub struct_size: u32,
    /// `SAEK_SENSE_MINIMISE`, the default, or `SAEK_SENSE_MAXIMISE`.
    pub sense: u32,
    /// Null, the default, or `cols` values: column duals to start from, such as those of a problem solved before
    /// whose costs were much the same. Any give the optimum, near ones sooner; but rounding is relative to them where
    /// they are larger than the costs. Used for square matrices, without effect on others.
    pub initial_col_duals: *const f64,
}

// SAFETY: repr(C), begins with struct_size, holds integers and a pointer.
unsafe impl VersionedStruct for saek_assignment_params {
    fn defaults() -> Self {
        Self {
            struct_size: size_of::<Self>() as u32,
            sense: AssignmentParams::default().sense as u32,
            initial_col_duals: core::ptr::null(),
        }
    }
}

/// Fills `params` with the defaults.
///
/// # Safety
/// `params` is null (status NULL_POINTER) or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_assignment_params_init(params: *mut saek_assignment_params) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { init(params) })
}

/// Solves the linear sum assignment problem of a rows by cols matrix: min(rows, cols) pairs, no two in a row or a
/// column, of the least or greatest sum of costs.
///
/// The duals prove it: minimising, u_i + v_j <= c_ij for all pairs with equality for the matched ones, and, on the
/// longer side, duals <= 0 that are 0 where unmatched; maximising, all inequalities turned around. So
/// sum(u) + sum(v) is the objective, and no assignment is better. Path lengths and duals are double precision.
///
/// - `costs`: element (i, j) at `costs[i * stride + j]`. +infinity (minimising) or -infinity (maximising) forbids a pair.
/// - `rows`, `cols`, `stride`: >= 1, stride >= cols, in elements.
/// - `params`: null for the defaults.
/// - `row_to_col`: `rows` indices, written: the column of each row, -1 for none.
/// - `col_to_row`: null, or `cols` indices, written: the row of each column, -1 for none.
/// - `row_duals`, `col_duals`: null, or `rows` and `cols` values, written: u and v.
/// - `objective`: one value, written: the sum of the matched costs.
/// - `workspace`, `workspace_bytes`: as `saek_assignment_f32_workspace` says for rows and cols.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); EMPTY, STRIDE (costs); WORKSPACE_TOO_SMALL
/// (workspace); STRUCT_SIZE (params); UNKNOWN_VALUE (sense); NOT_A_NUMBER, INFINITE, OUT_OF_RANGE
/// (initial_col_duals); for the costs NOT_A_NUMBER, INFINITE (an infinity that does not forbid), OUT_OF_RANGE (a finite
/// magnitude above DBL_MAX / (16 min(rows, cols))), INFEASIBLE (no full assignment without a forbidden pair).
/// Method: shortest augmenting paths (Jonker and Volgenant 1987, Crouse 2016) on short lists of each row's cheapest
/// columns, with bounds that stay valid because duals only fall; exact. Cost: usually one reading of the costs, and
/// one more for duals; at worst O(min^2 max), as for every such method. No recursion, no allocation. Deterministic.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_assignment_f32(
    costs: *const f32,
    rows: usize,
    cols: usize,
    stride: usize,
    params: *const saek_assignment_params,
    row_to_col: *mut i64,
    col_to_row: *mut i64,
    row_duals: *mut f64,
    col_duals: *mut f64,
    objective: *mut f64,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    let outputs = Outputs { row_to_col, col_to_row, row_duals, col_duals, objective };
    // SAFETY: the caller's promise.
    call(|| unsafe { solve(costs, rows, cols, stride, params, outputs, workspace, workspace_bytes) })
}

/// As `saek_assignment_f32`, with double precision costs.
///
/// # Safety
/// Pointers are null or point to what is said there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_assignment_f64(
    costs: *const f64,
    rows: usize,
    cols: usize,
    stride: usize,
    params: *const saek_assignment_params,
    row_to_col: *mut i64,
    col_to_row: *mut i64,
    row_duals: *mut f64,
    col_duals: *mut f64,
    objective: *mut f64,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    let outputs = Outputs { row_to_col, col_to_row, row_duals, col_duals, objective };
    // SAFETY: the caller's promise.
    call(|| unsafe { solve(costs, rows, cols, stride, params, outputs, workspace, workspace_bytes) })
}

/// Writes the size and the alignment of the workspace of `saek_assignment_f32`.
///
/// Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
///
/// # Safety
/// `bytes` and `align` are null or point to one writable value each.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_assignment_f32_workspace(
    rows: usize,
    cols: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(Ok(assignment::solve_scratch::<f32>(rows, cols)), bytes, align) })
}

/// Writes the size and the alignment of the workspace of `saek_assignment_f64`; as `saek_assignment_f32_workspace`.
///
/// # Safety
/// `bytes` and `align` are null or point to one writable value each.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_assignment_f64_workspace(
    rows: usize,
    cols: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(Ok(assignment::solve_scratch::<f64>(rows, cols)), bytes, align) })
}

/// Where a call writes.
pub(super) struct Outputs {
    pub(super) row_to_col: *mut i64,
    pub(super) col_to_row: *mut i64,
    pub(super) row_duals: *mut f64,
    pub(super) col_duals: *mut f64,
    pub(super) objective: *mut f64,
}

/// # Safety
/// As the exported functions.
unsafe fn solve<T: Scalar>(
    costs: *const T,
    rows: usize,
    cols: usize,
    stride: usize,
    p: *const saek_assignment_params,
    outputs: Outputs,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> Result<(), Error> {
    let method = Method { scratch: assignment::solve_scratch::<T>, solve: assignment::solve::<T> };
    // SAFETY: the caller's promise.
    unsafe { solve_by(method, costs, rows, cols, stride, p, outputs, workspace, workspace_bytes) }
}

/// How costs of a type are assigned.
pub(super) struct Method<C> {
    pub(super) scratch: fn(usize, usize) -> StackReq,
    pub(super) solve:
        fn(RowMajor<'_, C>, &AssignmentParams<'_>, AssignmentOut<'_>, &mut MemStack) -> Result<f64, Error>,
}

/// # Safety
/// As the exported functions.
pub(super) unsafe fn solve_by<C>(
    method: Method<C>,
    costs: *const C,
    rows: usize,
    cols: usize,
    stride: usize,
    p: *const saek_assignment_params,
    outputs: Outputs,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> Result<(), Error> {
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    let (costs, p, initial_col_duals, out, objective, stack) = unsafe {
        let costs = arguments.matrix(costs, rows, cols, stride, Argument::Costs)?;
        let p = params(p)?;
        (
            costs,
            p,
            arguments.optional_slice(p.initial_col_duals, cols, Argument::InitialColDuals)?,
            AssignmentOut {
                row_to_col: arguments.slice_mut(outputs.row_to_col, rows, Argument::RowToCol)?,
                col_to_row: arguments.optional_slice_mut(outputs.col_to_row, cols, Argument::ColToRow)?,
                row_duals: arguments.optional_slice_mut(outputs.row_duals, rows, Argument::RowDuals)?,
                col_duals: arguments.optional_slice_mut(outputs.col_duals, cols, Argument::ColDuals)?,
            },
            arguments.output(outputs.objective, Argument::Objective)?,
            arguments.workspace(workspace, workspace_bytes, (method.scratch)(rows, cols))?,
        )
    };
    let params = AssignmentParams { sense: sense(p.sense)?, initial_col_duals };
    *objective = (method.solve)(costs, &params, out, stack)?;
    Ok(())
}

/// The sense with a `SAEK_SENSE_...` number.
pub(super) fn sense(number: u32) -> Result<Sense, Error> {
    match number {
        SAEK_SENSE_MINIMISE => Ok(Sense::Minimise),
        SAEK_SENSE_MAXIMISE => Ok(Sense::Maximise),
        _ => Err(Error::new(Reason::UnknownValue, Argument::Sense)),
    }
}
