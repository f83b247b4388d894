//! C functions for assignments of whole costs.

use super::assignment::{Method, Outputs, saek_assignment_params, solve_by};
use super::boundary::{answer_query, call};
use super::certificate::{Claim, saek_certificate, verify_by};
use super::types::saek_status;
use crate::assignment::{
    solve_whole, solve_whole_scratch, verify_assignment_scratch, verify_whole_assignment,
};
use core::ffi::c_void;

/// As `saek_assignment_f64`, with whole costs, which are read as doubles and never copied all together.
///
/// A pair is forbidden by INT32_MAX when minimising, by INT32_MIN when maximising. Of min(rows, cols) = k up to 2^18
/// any costs are accepted; of more, magnitudes up to 2^53 / (16 k), so that every sum is exact. The objective is a whole
/// number. No rounding is possible where 16 k^3 times the largest magnitude is below 2^53; elsewhere a gap of
/// zero from `saek_verify_assignment_i32` proves that none did harm.
///
/// Status: as `saek_assignment_f64`; of the costs OUT_OF_RANGE and INFEASIBLE.
///
/// # Safety
/// Pointers are null or point to what is said there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_assignment_i32(
    costs: *const i32,
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
    let method = Method { scratch: solve_whole_scratch, solve: solve_whole::<i32> };
    // SAFETY: the caller's promise.
    call(|| unsafe {
        solve_by(method, costs, rows, cols, stride, params, outputs, workspace, workspace_bytes)
    })
}

/// As `saek_assignment_i32`, with 64-bit costs: INT64_MAX or INT64_MIN forbids a pair, and the magnitude of others is at
/// most 2^53 / (16 min(rows, cols)).
///
/// # Safety
/// Pointers are null or point to what is said there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_assignment_i64(
    costs: *const i64,
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
    let method = Method { scratch: solve_whole_scratch, solve: solve_whole::<i64> };
    // SAFETY: the caller's promise.
    call(|| unsafe {
        solve_by(method, costs, rows, cols, stride, params, outputs, workspace, workspace_bytes)
    })
}

/// Writes the size and the alignment of the workspace of `saek_assignment_i32`; as `saek_assignment_f32_workspace`.
///
/// # Safety
/// `bytes` and `align` are null or point to one writable value each.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_assignment_i32_workspace(
    rows: usize,
    cols: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(Ok(solve_whole_scratch(rows, cols)), bytes, align) })
}

/// Writes the size and the alignment of the workspace of `saek_assignment_i64`; as `saek_assignment_f32_workspace`.
///
/// # Safety
/// `bytes` and `align` are null or point to one writable value each.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_assignment_i64_workspace(
    rows: usize,
    cols: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(Ok(solve_whole_scratch(rows, cols)), bytes, align) })
}

/// As `saek_verify_assignment_f64`, with whole costs; INT32_MAX (minimising) or INT32_MIN (maximising) forbids a pair.
///
/// # Safety
/// Pointers are null or point to what is said there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_verify_assignment_i32(
    costs: *const i32,
    rows: usize,
    cols: usize,
    stride: usize,
    sense: u32,
    row_to_col: *const i64,
    row_duals: *const f64,
    col_duals: *const f64,
    certificate: *mut saek_certificate,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    let claim = Claim { sense, row_to_col, row_duals, col_duals };
    // SAFETY: the caller's promise.
    call(|| unsafe {
        verify_by(
            verify_whole_assignment,
            costs,
            rows,
            cols,
            stride,
            claim,
            certificate,
            workspace,
            workspace_bytes,
        )
    })
}

/// As `saek_verify_assignment_f64`, with whole costs; INT64_MAX (minimising) or INT64_MIN (maximising) forbids a pair.
///
/// Status: OUT_OF_RANGE (costs), for a magnitude of 2^53 or more, besides those named there.
///
/// # Safety
/// Pointers are null or point to what is said there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_verify_assignment_i64(
    costs: *const i64,
    rows: usize,
    cols: usize,
    stride: usize,
    sense: u32,
    row_to_col: *const i64,
    row_duals: *const f64,
    col_duals: *const f64,
    certificate: *mut saek_certificate,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    let claim = Claim { sense, row_to_col, row_duals, col_duals };
    // SAFETY: the caller's promise.
    call(|| unsafe {
        verify_by(
            verify_whole_assignment,
            costs,
            rows,
            cols,
            stride,
            claim,
            certificate,
            workspace,
            workspace_bytes,
        )
    })
}

/// Writes the size and the alignment of the workspace of `saek_verify_assignment_i32`; as
/// `saek_verify_assignment_f32_workspace`.
///
/// # Safety
/// `bytes` and `align` are null or point to one writable value each.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_verify_assignment_i32_workspace(
    cols: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(Ok(verify_assignment_scratch(cols)), bytes, align) })
}

/// Writes the size and the alignment of the workspace of `saek_verify_assignment_i64`; as
/// `saek_verify_assignment_f32_workspace`.
///
/// # Safety
/// `bytes` and `align` are null or point to one writable value each.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_verify_assignment_i64_workspace(
    cols: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(Ok(verify_assignment_scratch(cols)), bytes, align) })
}
