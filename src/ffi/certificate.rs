//! C functions that check an assignment by its duals.

use super::assignment::sense;
use super::boundary::{Arguments, VersionedStruct, answer_query, call, init_struct};
use super::types::saek_status;
use crate::assignment::{Certificate, Sense, verify_assignment, verify_assignment_scratch};
use crate::error::{Argument, Error};
use crate::matrix::RowMajor;
use core::ffi::c_void;
use faer::dyn_stack::MemStack;

/// What an assignment's duals prove, from `saek_verify_assignment_f32`, `saek_verify_matching_f32` and the same in
/// double precision.
///
/// The assignment is within gap + max(rows, cols) * infeasibility of the optimum.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct saek_certificate {
    /// sizeof(saek_certificate), set before the call; `saek_certificate_init` sets it.
    pub struct_size: u32,
    /// Zero.
    pub reserved: u32,
    /// The sum of the matched costs.
    pub objective: f64,
    /// The sum of all duals; where infeasibility is 0, no assignment is better than this.
    pub dual_objective: f64,
    /// objective - dual_objective when minimising, dual_objective - objective when maximising.
    pub gap: f64,
    /// The largest violation of an inequality of the duals; 0 where all hold.
    pub infeasibility: f64,
    /// The largest |cost - u - v| of a matched pair and |dual| of an unmatched row or column.
    pub slackness: f64,
}

impl From<Certificate> for saek_certificate {
    fn from(certificate: Certificate) -> Self {
        Self {
            struct_size: size_of::<Self>() as u32,
            reserved: 0,
            objective: certificate.objective,
            dual_objective: certificate.dual_objective,
            gap: certificate.gap,
            infeasibility: certificate.infeasibility,
            slackness: certificate.slackness,
        }
    }
}

// SAFETY: repr(C), begins with struct_size, holds integers and floats.
unsafe impl VersionedStruct for saek_certificate {
    fn defaults() -> Self {
        Certificate::default().into()
    }
}

/// Sets the size of `certificate` and everything else to zero, as `saek_verify_assignment_f32` wants it.
///
/// Status: NULL_POINTER, MISALIGNED (certificate).
///
/// # Safety
/// `certificate` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_certificate_init(certificate: *mut saek_certificate) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { init_struct(certificate, Argument::Certificate) })
}

/// Measures an assignment of a rows by cols matrix and the duals, from any source, that are to prove it optimal.
///
/// Minimising, and with n = max(rows, cols): the duals are feasible if u_i + v_j <= c_ij for every pair that is not
/// forbidden and, where rows and cols differ, those of the longer side are <= 0; infeasibility is the most by which
/// one of these fails. Every full assignment then costs at least dual_objective - n * infeasibility, so that
/// objective - optimum <= gap + n * infeasibility. For: each of its min(rows, cols) pairs costs u_i + v_j -
/// infeasibility or more, and each dual that it leaves out is at most infeasibility. Gap and infeasibility 0
/// prove an optimum. |gap| <= n * slackness, which is 0 if matched pairs have u_i + v_j = c_ij and unmatched lines
/// a dual of 0. Maximising, all inequalities are turned around, gap is dual_objective - objective, and
/// optimum - objective <= gap + n * infeasibility.
///
/// Double precision. Infeasibility and slackness are right to two roundings and 0 only where they are 0 in the real
/// numbers; the sums are compensated, the gap as one of its own. Beyond the largest double they are infinite.
///
/// - `costs`: element (i, j) at `costs[i * stride + j]`. +infinity (minimising) or -infinity (maximising) forbids a pair.
/// - `rows`, `cols`, `stride`: >= 1, stride >= cols, in elements.
/// - `sense`: `SAEK_SENSE_MINIMISE` or `SAEK_SENSE_MAXIMISE`.
/// - `row_to_col`: `rows` indices: the column of each row, -1 for none; min(rows, cols) rows have one.
/// - `row_duals`, `col_duals`: `rows` and `cols` values, u and v, of magnitude <= DBL_MAX / 2.
/// - `certificate`: its struct_size set before, as by `saek_certificate_init`; written.
/// - `workspace`, `workspace_bytes`: as `saek_verify_assignment_f32_workspace` says for cols.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); EMPTY, STRIDE (costs); STRUCT_SIZE
/// (certificate); WORKSPACE_TOO_SMALL (workspace); UNKNOWN_VALUE (sense); INDEX_OUT_OF_RANGE, DUPLICATE_INDEX, SHAPE (too
/// few rows matched), INFEASIBLE (a matched pair is forbidden) (row_to_col); NOT_A_NUMBER, INFINITE, OUT_OF_RANGE
/// (row_duals, col_duals); NOT_A_NUMBER, INFINITE (an infinity that does not forbid) (costs).
/// Cost: one pass over the costs; a byte a column. Deterministic.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_verify_assignment_f32(
    costs: *const f32,
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
            verify_assignment,
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

/// As `saek_verify_assignment_f32`, with double precision costs.
///
/// # Safety
/// Pointers are null or point to what is said there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_verify_assignment_f64(
    costs: *const f64,
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
            verify_assignment,
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

/// Writes the size and the alignment of the workspace of `saek_verify_assignment_f32`; the number of rows is not
/// needed.
///
/// Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
///
/// # Safety
/// `bytes` and `align` are null or point to one writable value each.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_verify_assignment_f32_workspace(
    cols: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(Ok(verify_assignment_scratch(cols)), bytes, align) })
}

/// Writes the size and the alignment of the workspace of `saek_verify_assignment_f64`; as
/// `saek_verify_assignment_f32_workspace`.
///
/// # Safety
/// `bytes` and `align` are null or point to one writable value each.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_verify_assignment_f64_workspace(
    cols: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(Ok(verify_assignment_scratch(cols)), bytes, align) })
}

/// What a call is to check.
pub(super) struct Claim {
    pub(super) sense: u32,
    pub(super) row_to_col: *const i64,
    pub(super) row_duals: *const f64,
    pub(super) col_duals: *const f64,
}

/// How assignments of costs of a type are checked.
pub(super) type Verify<C> =
    fn(RowMajor<'_, C>, Sense, &[i64], &[f64], &[f64], &mut MemStack) -> Result<Certificate, Error>;

/// # Safety
/// As the exported functions.
pub(super) unsafe fn verify_by<C>(
    verify: Verify<C>,
    costs: *const C,
    rows: usize,
    cols: usize,
    stride: usize,
    claim: Claim,
    certificate: *mut saek_certificate,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> Result<(), Error> {
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    let (costs, row_to_col, row_duals, col_duals, certificate, stack) = unsafe {
        (
            arguments.matrix(costs, rows, cols, stride, Argument::Costs)?,
            arguments.slice(claim.row_to_col, rows, Argument::RowToCol)?,
            arguments.slice(claim.row_duals, rows, Argument::RowDuals)?,
            arguments.slice(claim.col_duals, cols, Argument::ColDuals)?,
            arguments.output_struct(certificate, Argument::Certificate)?,
            arguments.workspace(workspace, workspace_bytes, verify_assignment_scratch(cols))?,
        )
    };
    let sense = sense(claim.sense)?;
    certificate.write(verify(costs, sense, row_to_col, row_duals, col_duals, stack)?.into());
    Ok(())
}
