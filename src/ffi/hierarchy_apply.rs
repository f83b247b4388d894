//! C functions that apply a hierarchy, given as a forest, to dense activations.

use super::borrowed_generator::{forest_scratch, with_forest_room};
use super::boundary::{Arguments, answer_query, call};
use super::hierarchy::ensure_can_be_numbered;
use super::types::saek_status;
use crate::activation::hierarchy::{self, Hierarchy};
use crate::error::{Argument, Error};
use crate::rng::Stream;
use crate::scalar::Scalar;
use core::ffi::c_void;

/// Says how much workspace `saek_hierarchy_apply_f32` needs: about 32 bytes a node.
///
/// - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`.
///
/// Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
///
/// # Safety
/// `bytes` and `align` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_hierarchy_apply_f32_workspace(
    nodes: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(Ok(forest_scratch(Some(nodes))), bytes, align) })
}

/// As `saek_hierarchy_apply_f32_workspace`, for `saek_hierarchy_apply_f64`.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_hierarchy_apply_f64_workspace(
    nodes: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(Ok(forest_scratch(Some(nodes))), bytes, align) })
}

/// Applies a hierarchy to the rows of `activations`.
///
/// From the roots downwards: the feature of a node becomes 0 where its parent is inactive; then, where the node is
/// active and its children exclude each other, one of the active children with features, chosen uniformly, stays
/// and the others become 0. A node is active where its feature is > 0, and one without a feature where its parent is,
/// or always if it is a root. Features without a node are left alone.
///
/// - `parents`, `features`, `exclusive`, `nodes`: the forest, as for `saek_hierarchy_validate` with `cols` features.
/// - `seed`, `stream`, `first_row`: row k of the batch is row first_row + k of this stream of this seed; its choices do
///   not depend on the batch.
/// - `activations`: `rows` by `cols`, row-major, rows `stride` elements apart; read and written.
/// - `workspace`: as `saek_hierarchy_apply_f32_workspace` says.
///
/// Status: those of `saek_hierarchy_validate`; EMPTY, STRIDE (activations); SIZE_OVERFLOW (first_row) where
/// first_row + rows exceeds 2^64 - 1.
/// Cost: at every call the forest is checked again, O(nodes log nodes); `saek_hierarchy_apply_planned_f32` saves that.
/// Then a pass over the rows, and O(f log f) for a row in which f features with nodes are not 0.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_hierarchy_apply_f32(
    parents: *const u32,
    features: *const u32,
    exclusive: *const u8,
    nodes: usize,
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
    let (forest, workspace) = ((parents, features, exclusive, nodes), (workspace, workspace_bytes));
    let random = Stream::new(seed, stream);
    // SAFETY: the caller's promise.
    call(|| unsafe { apply(forest, random, first_row, (activations, rows, cols, stride), workspace) })
}

/// As `saek_hierarchy_apply_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_hierarchy_apply_f64(
    parents: *const u32,
    features: *const u32,
    exclusive: *const u8,
    nodes: usize,
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
    let (forest, workspace) = ((parents, features, exclusive, nodes), (workspace, workspace_bytes));
    let random = Stream::new(seed, stream);
    // SAFETY: the caller's promise.
    call(|| unsafe { apply(forest, random, first_row, (activations, rows, cols, stride), workspace) })
}

/// # Safety
/// As the exported functions.
unsafe fn apply<T: Scalar>(
    (parents, features, exclusive, nodes): (*const u32, *const u32, *const u8, usize),
    random: Stream,
    first_row: u64,
    (activations, rows, cols, stride): (*mut T, usize, usize, usize),
    (workspace, workspace_bytes): (*mut c_void, usize),
) -> Result<(), Error> {
    ensure_can_be_numbered(nodes, Argument::Nodes)?;
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    let (parents, features, exclusive, activations, stack) = unsafe {
        (
            arguments.slice(parents, nodes, Argument::Parents)?,
            arguments.slice(features, nodes, Argument::Features)?,
            arguments.slice(exclusive, nodes, Argument::Exclusive)?,
            arguments.matrix_mut(activations, rows, cols, stride, Argument::Activations)?,
            arguments.workspace(workspace, workspace_bytes, forest_scratch(Some(nodes)))?,
        )
    };
    with_forest_room(stack, Some(nodes), |room, _| {
        let hierarchy = Hierarchy::new(parents, features, exclusive, &[], cols, room.forest)?;
        hierarchy::apply_dense(&hierarchy, &[], random, first_row, activations, room.fired)
    })
}
