//! C functions for probabilities that make up for what a hierarchy takes away.

use super::boundary::{Arguments, answer_query, call};
use super::hierarchy::{borrow_plan, nodes_of_plan};
use super::types::saek_status;
use crate::activation::hierarchy::{Compensation, compensate_probabilities, compensation_buffer_len};
use crate::error::{Argument, Error, Reason};
use crate::scalar::Scalar;
use crate::workspace::{take, vector_scratch};
use core::ffi::c_void;

/// Rates are compensated exactly.
pub const SAEK_COMPENSATION_EXACT: u32 = 0;
/// Rates are compensated as sae-lens does it.
pub const SAEK_COMPENSATION_APPROXIMATE: u32 = 1;

const _: () = assert!(SAEK_COMPENSATION_EXACT == Compensation::Exact as u32);
const _: () = assert!(SAEK_COMPENSATION_APPROXIMATE == Compensation::Approximate as u32);

/// Says how much workspace `saek_compensate_probabilities_f32` and its like need: 16 bytes a node.
///
/// - `plan_len`: length of the plan of the hierarchy.
/// - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`.
///
/// Status: SHAPE (plan); NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
///
/// # Safety
/// `bytes` and `align` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_compensate_probabilities_workspace(
    plan_len: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        let request =
            nodes_of_plan(plan_len).map(|nodes| vector_scratch::<f64>(compensation_buffer_len(nodes)));
        answer_query(request, bytes, align)
    })
}

/// Fills `out` with the probabilities that features must be drawn with, independently, for them to fire at `rates` after
/// a hierarchy was applied.
///
/// A child whose nearest ancestor with a feature has rate g is drawn with q = rate / g, so that it fires at g q. Of
/// exclusive siblings one of k rivals stays with probability 1/k: their q solve rate_i / g = q_i E[1/(1 + K_i)], K_i
/// counting the others that are drawn. Roots and features without a node keep their rates. A child cannot fire more
/// often than its parent, nor can exclusive siblings in sum: such children get the nearest probabilities, 1 or what
/// gives exclusive ones rates in the proportions asked for, and are counted in `unmet`.
///
/// - `plan`, `plan_len`: a hierarchy of `features` features, as `saek_plan_hierarchy` has written it.
/// - `rates`: how often each feature shall fire, in [0, 1]; `rate_count` of them, which is `features`, or 1 for all
///   alike.
/// - `compensation`: SAEK_COMPENSATION_EXACT; or SAEK_COMPENSATION_APPROXIMATE for rate_i / g, times 1 + the sum of the
///   other siblings' rates / g where they exclude each other, at most 1, as sae-lens has it: exclusive siblings then
///   fire too rarely.
/// - `out`: `features` probabilities, written.
/// - `unmet`: written: how many features' rates can't be met.
/// - `workspace`: as `saek_compensate_probabilities_workspace` says.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); SHAPE (plan); UNKNOWN_VALUE (compensation);
/// EMPTY, SHAPE, NOT_A_NUMBER, INFINITE, OUT_OF_RANGE (rates); WORKSPACE_TOO_SMALL.
/// Cost: O(nodes); where siblings exclude each other some 5 to 100 rounds of 64 flops a sibling, and up to 1000 where
/// they fire nearly always when their parent does. Rates are met to 1e-13, to 1e-9 in that case, and to 1e-6 where some
/// sibling would have to be drawn always.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_compensate_probabilities_f32(
    plan: *const u32,
    plan_len: usize,
    rates: *const f32,
    rate_count: usize,
    compensation: u32,
    out: *mut f32,
    features: usize,
    unmet: *mut usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        let (plan, rates, workspace) = ((plan, plan_len), (rates, rate_count), (workspace, workspace_bytes));
        compensate(plan, rates, compensation, (out, features), unmet, workspace)
    })
}

/// As `saek_compensate_probabilities_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_compensate_probabilities_f64(
    plan: *const u32,
    plan_len: usize,
    rates: *const f64,
    rate_count: usize,
    compensation: u32,
    out: *mut f64,
    features: usize,
    unmet: *mut usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        let (plan, rates, workspace) = ((plan, plan_len), (rates, rate_count), (workspace, workspace_bytes));
        compensate(plan, rates, compensation, (out, features), unmet, workspace)
    })
}

/// # Safety
/// As the exported functions.
unsafe fn compensate<T: Scalar>(
    (plan, plan_len): (*const u32, usize),
    (rates, rate_count): (*const T, usize),
    compensation: u32,
    (out, features): (*mut T, usize),
    unmet: *mut usize,
    (workspace, workspace_bytes): (*mut c_void, usize),
) -> Result<(), Error> {
    let mut arguments = Arguments::new();
    let len = compensation_buffer_len(nodes_of_plan(plan_len)?);
    // SAFETY: the caller's promise.
    let (hierarchy, rates, out, unmet, stack) = unsafe {
        (
            borrow_plan(&mut arguments, plan, plan_len, features)?,
            arguments.slice(rates, rate_count, Argument::Rates)?,
            arguments.slice_mut(out, features, Argument::Out)?,
            arguments.output(unmet, Argument::Unmet)?,
            arguments.workspace(workspace, workspace_bytes, vector_scratch::<f64>(len))?,
        )
    };
    let compensation = match compensation {
        SAEK_COMPENSATION_EXACT => Compensation::Exact,
        SAEK_COMPENSATION_APPROXIMATE => Compensation::Approximate,
        _ => return Err(Error::new(Reason::UnknownValue, Argument::Compensation)),
    };
    let (mut buffer, _) = take(stack, len, 0.0_f64);
    *unmet = compensate_probabilities(&hierarchy, rates, compensation, out, &mut buffer)?;
    Ok(())
}
