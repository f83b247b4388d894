//! C functions that apply a planned hierarchy to activations.

use super::boundary::{Arguments, answer_query, call, or_absent};
use super::csr::BatchMut;
use super::hierarchy::{borrow_plan, nodes_of_plan};
use super::types::saek_status;
use crate::activation::hierarchy::{self, apply_buffer_len};
use crate::error::{Argument, Error};
use crate::rng::Stream;
use crate::scalar::Scalar;
use crate::workspace::{take, vector_scratch};
use core::ffi::c_void;
use faer::dyn_stack::StackReq;

/// Says how much workspace functions need that apply a planned hierarchy: 8 bytes a node.
///
/// For `saek_hierarchy_apply_planned_f32`, `saek_hierarchy_apply_csr_f32` and the same in double precision.
///
/// - `plan_len`: length of the plan.
/// - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`.
///
/// Status: SHAPE (plan); NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
///
/// # Safety
/// `bytes` and `align` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_hierarchy_apply_planned_workspace(
    plan_len: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(apply_scratch(plan_len), bytes, align) })
}

/// Applies a planned hierarchy to the rows of `activations`.
///
/// From the roots downwards: the feature of a node becomes 0 where its parent is inactive; then, where the node is
/// active and its children exclude each other, one of the active children with features, chosen uniformly, stays and
/// the others become 0; then, where the node scales its children, those that stay are multiplied by a / means[g], a
/// being the activation of g, the nearest feature at or above the node, after its own scaling. A node is active where
/// its feature is > 0, and one without a feature where its parent is, or always if it is a root. Roots and features
/// without a node are left alone.
///
/// - `plan`, `plan_len`: as `saek_plan_hierarchy` has written it for `cols` features. One that was overwritten does
///   something else, safely.
/// - `means`: `mean_count` means of the features before the relu, which is `cols`, or 1 for all features alike; NULL
///   with a count of 0 where no node is scaled, and then not looked at.
/// - `seed`, `stream`, `first_row`: row k of the batch is row first_row + k of this stream of this seed; its choices do
///   not depend on the batch.
/// - `activations`: `rows` by `cols`, row-major, rows `stride` elements apart; read and written.
/// - `workspace`: as `saek_hierarchy_apply_planned_workspace` says.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); SHAPE (plan); SHAPE (means), OUT_OF_RANGE
/// (means) unless the means of features that scale others are positive and finite; EMPTY, STRIDE (activations);
/// SIZE_OVERFLOW (first_row) where first_row + rows exceeds 2^64 - 1; WORKSPACE_TOO_SMALL. DIVERGED (activations) where
/// scaling exceeds the range of the numbers: the rows before that one are then complete.
/// Cost: a pass over the rows, and O(f log f) for a row in which f features with nodes are not 0. The same on every
/// platform.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_hierarchy_apply_planned_f32(
    plan: *const u32,
    plan_len: usize,
    means: *const f32,
    mean_count: usize,
    seed: u64,
    stream: u64,
    first_row: u64,
    activations: *mut f32,
    rows: usize,
    cols: usize,
    stride: usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    let rules = Rules { plan, plan_len, means, mean_count, random: Stream::new(seed, stream), first_row };
    // SAFETY: the caller's promise.
    call(|| unsafe { apply_dense(&rules, activations, rows, cols, stride, workspace, workspace_bytes) })
}

/// As `saek_hierarchy_apply_planned_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_hierarchy_apply_planned_f64(
    plan: *const u32,
    plan_len: usize,
    means: *const f64,
    mean_count: usize,
    seed: u64,
    stream: u64,
    first_row: u64,
    activations: *mut f64,
    rows: usize,
    cols: usize,
    stride: usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    let rules = Rules { plan, plan_len, means, mean_count, random: Stream::new(seed, stream), first_row };
    // SAFETY: the caller's promise.
    call(|| unsafe { apply_dense(&rules, activations, rows, cols, stride, workspace, workspace_bytes) })
}

/// Applies a planned hierarchy to a sparse batch, in place, and drops what becomes 0.
///
/// The rows are those that `saek_hierarchy_apply_planned_f32` makes of the same batch, to the bit. What is left is
/// moved to the front: the batch is a sparse one again, of row_offsets[rows] non-zeros; what lies behind them means
/// nothing.
///
/// - `plan`, `plan_len`, `means`, `mean_count`, `seed`, `stream`, `first_row`: as for
///   `saek_hierarchy_apply_planned_f32`, with `features` for `cols`.
/// - `row_offsets`: rows + 1 offsets that begin at 0 and do not decrease; read and written.
/// - `columns`, `values`: features, strictly increasing in each row, and activations, `capacity` elements each; read and
///   written. Either may be NULL where `capacity` is 0.
/// - `capacity`: >= row_offsets[rows].
/// - `rows`, `features`: rows and columns of the batch.
/// - `workspace`: as `saek_hierarchy_apply_planned_workspace` says.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); SHAPE (plan); EMPTY (row_offsets) for no
/// rows; EMPTY (cols) for no features; UNSORTED (row_offsets, columns); SHAPE (columns) where `capacity` is too small;
/// INDEX_OUT_OF_RANGE (columns); NOT_A_NUMBER, INFINITE (values); SHAPE, OUT_OF_RANGE (means); SIZE_OVERFLOW
/// (first_row); WORKSPACE_TOO_SMALL. DIVERGED (values) where scaling exceeds the range of the numbers: the batch then
/// has the rows before that one, and empty rows.
/// Cost: a pass over the batch to check it, and O(f log f) for a row of f non-zeros, however many nodes there are.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_hierarchy_apply_csr_f32(
    plan: *const u32,
    plan_len: usize,
    means: *const f32,
    mean_count: usize,
    seed: u64,
    stream: u64,
    first_row: u64,
    row_offsets: *mut i64,
    columns: *mut u32,
    values: *mut f32,
    capacity: usize,
    rows: usize,
    features: usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    let rules = Rules { plan, plan_len, means, mean_count, random: Stream::new(seed, stream), first_row };
    let batch = BatchMut { row_offsets, columns, values, capacity, rows };
    // SAFETY: the caller's promise.
    call(|| unsafe { apply_csr(&rules, &batch, features, workspace, workspace_bytes) })
}

/// As `saek_hierarchy_apply_csr_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_hierarchy_apply_csr_f64(
    plan: *const u32,
    plan_len: usize,
    means: *const f64,
    mean_count: usize,
    seed: u64,
    stream: u64,
    first_row: u64,
    row_offsets: *mut i64,
    columns: *mut u32,
    values: *mut f64,
    capacity: usize,
    rows: usize,
    features: usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    let rules = Rules { plan, plan_len, means, mean_count, random: Stream::new(seed, stream), first_row };
    let batch = BatchMut { row_offsets, columns, values, capacity, rows };
    // SAFETY: the caller's promise.
    call(|| unsafe { apply_csr(&rules, &batch, features, workspace, workspace_bytes) })
}

/// A planned hierarchy and what it takes to apply it, as the caller gave it.
struct Rules<T> {
    plan: *const u32,
    plan_len: usize,
    means: *const T,
    mean_count: usize,
    random: Stream,
    first_row: u64,
}

fn apply_scratch(plan_len: usize) -> Result<StackReq, Error> {
    Ok(vector_scratch::<u64>(apply_buffer_len(nodes_of_plan(plan_len)?)))
}

/// # Safety
/// As the exported functions.
unsafe fn apply_dense<T: Scalar>(
    rules: &Rules<T>,
    activations: *mut T,
    rows: usize,
    cols: usize,
    stride: usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> Result<(), Error> {
    let &Rules { plan, plan_len, means, mean_count, random, first_row } = rules;
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    let (hierarchy, means, activations, stack) = unsafe {
        (
            borrow_plan(&mut arguments, plan, plan_len, cols)?,
            borrow_means(&mut arguments, means, mean_count)?,
            arguments.matrix_mut(activations, rows, cols, stride, Argument::Activations)?,
            arguments.workspace(workspace, workspace_bytes, apply_scratch(plan_len)?)?,
        )
    };
    let (mut fired, _) = take(stack, apply_buffer_len(hierarchy.nodes()), 0_u64);
    hierarchy::apply_dense(&hierarchy, means, random, first_row, activations, &mut fired)
}

/// # Safety
/// As the exported functions.
unsafe fn apply_csr<T: Scalar>(
    rules: &Rules<T>,
    batch: &BatchMut<T>,
    features: usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> Result<(), Error> {
    let &Rules { plan, plan_len, means, mean_count, random, first_row } = rules;
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    let (hierarchy, means, batch, stack) = unsafe {
        (
            borrow_plan(&mut arguments, plan, plan_len, features)?,
            borrow_means(&mut arguments, means, mean_count)?,
            batch.borrow(&mut arguments)?,
            arguments.workspace(workspace, workspace_bytes, apply_scratch(plan_len)?)?,
        )
    };
    let (mut fired, _) = take(stack, apply_buffer_len(hierarchy.nodes()), 0_u64);
    hierarchy::apply_csr(&hierarchy, means, random, first_row, batch, &mut fired).map(|_| ())
}

/// # Safety
/// `means` is null or points to `count` numbers that nobody writes during `'a`.
unsafe fn borrow_means<'a, T>(
    arguments: &mut Arguments,
    means: *const T,
    count: usize,
) -> Result<&'a [T], Error> {
    // SAFETY: the caller's promise.
    let means = unsafe { arguments.optional_slice(means, count, Argument::Means)? };
    or_absent(means, &[], count, Argument::Means)
}
