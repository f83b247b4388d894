//! C functions for hierarchies of features: what is a forest, and how it is laid out.

use super::boundary::{Arguments, answer_query, call};
use super::types::saek_status;
use crate::activation::hierarchy::{self, Hierarchy};
use crate::error::{Argument, Error, Reason, ensure};
use crate::workspace::{take, vector_scratch};
use core::ffi::c_void;

/// Stands for "none" in an array of indices: the parent of a root, the feature of a node that has none.
pub const SAEK_NONE: u32 = u32::MAX;

const _: () = assert!(SAEK_NONE == hierarchy::NONE);

/// Refuses more nodes than 32 bits can number; before the workspace, of which so many would need 80 GB, is touched.
pub(super) fn ensure_can_be_numbered(nodes: usize, argument: Argument) -> Result<(), Error> {
    ensure(nodes <= SAEK_NONE as usize, Reason::OutOfRange, argument)
}

/// Says how much workspace `saek_hierarchy_parents_from_edges` needs for `count` nodes: 8 bytes a node.
///
/// - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`.
///
/// Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
///
/// # Safety
/// `bytes` and `align` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_hierarchy_parents_from_edges_workspace(
    count: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        let buffer_len = hierarchy::parents_from_edges_buffer_len(count);
        answer_query(Ok(vector_scratch::<u32>(buffer_len)), bytes, align)
    })
}

/// Fills `out` with the parent of each of `count` nodes, SAEK_NONE for those without, from a list of edges.
///
/// - `parents`, `nodes`: `edges` of each; edge e says that nodes[e] is a child of parents[e]. Both may be null where
///   there are none.
/// - `out`: `count` indices, written.
/// - `workspace`: as `saek_hierarchy_parents_from_edges_workspace` says.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); OUT_OF_RANGE (out) for 2^32 nodes and more;
/// INDEX_OUT_OF_RANGE (parents, nodes); SECOND_PARENT (nodes) where a node is a child in two edges; CYCLE (parents)
/// where a node is its own ancestor; WORKSPACE_TOO_SMALL.
/// Cost: linear in edges and nodes.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_hierarchy_parents_from_edges(
    parents: *const u32,
    nodes: *const u32,
    edges: usize,
    out: *mut u32,
    count: usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { parents_from_edges(parents, nodes, edges, out, count, workspace, workspace_bytes) })
}

/// # Safety
/// As the exported function.
unsafe fn parents_from_edges(
    parents: *const u32,
    nodes: *const u32,
    edges: usize,
    out: *mut u32,
    count: usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> Result<(), Error> {
    ensure_can_be_numbered(count, Argument::Out)?;
    let mut arguments = Arguments::new();
    let buffer_len = hierarchy::parents_from_edges_buffer_len(count);
    // SAFETY: the caller's promise.
    let (parents, nodes, out, stack) = unsafe {
        (
            if edges == 0 { &[] } else { arguments.slice(parents, edges, Argument::Parents)? },
            if edges == 0 { &[] } else { arguments.slice(nodes, edges, Argument::Nodes)? },
            arguments.slice_mut(out, count, Argument::Out)?,
            arguments.workspace(workspace, workspace_bytes, vector_scratch::<u32>(buffer_len))?,
        )
    };
    let (mut buffer, _) = take(stack, buffer_len, 0u32);
    hierarchy::parents_from_edges(parents, nodes, out, &mut buffer)
}

/// Says how much workspace `saek_hierarchy_validate` needs: about 24 bytes a node.
///
/// - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`.
///
/// Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
///
/// # Safety
/// `bytes` and `align` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_hierarchy_validate_workspace(
    nodes: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(Ok(vector_scratch::<u32>(Hierarchy::buffer_len(nodes))), bytes, align) })
}

/// Checks that a forest is one, and that its features and exclusions make sense.
///
/// - `parents`: index of each node's parent, SAEK_NONE for a root.
/// - `features`: index of each node's feature, below `feature_count`; SAEK_NONE for a node that only groups.
/// - `exclusive`: 1 where at most one child of the node may be active, else 0.
/// - `nodes`: the length of the three.
/// - `workspace`: as `saek_hierarchy_validate_workspace` says.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP (any pointer); OUT_OF_RANGE (nodes) for 2^32 nodes and
/// more; INDEX_OUT_OF_RANGE (parents, features); UNKNOWN_VALUE (exclusive); DUPLICATE_INDEX (features) for a feature
/// with two nodes; TOO_FEW_CHILDREN (exclusive); CYCLE (parents); WORKSPACE_TOO_SMALL.
/// Cost: O(nodes log nodes).
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_hierarchy_validate(
    parents: *const u32,
    features: *const u32,
    exclusive: *const u8,
    nodes: usize,
    feature_count: usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe {
        validate(parents, features, exclusive, nodes, feature_count, workspace, workspace_bytes)
    })
}

/// # Safety
/// As the exported function.
unsafe fn validate(
    parents: *const u32,
    features: *const u32,
    exclusive: *const u8,
    nodes: usize,
    feature_count: usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> Result<(), Error> {
    ensure_can_be_numbered(nodes, Argument::Nodes)?;
    let mut arguments = Arguments::new();
    let buffer_len = Hierarchy::buffer_len(nodes);
    // SAFETY: the caller's promise.
    let (parents, features, exclusive, stack) = unsafe {
        (
            arguments.slice(parents, nodes, Argument::Parents)?,
            arguments.slice(features, nodes, Argument::Features)?,
            arguments.slice(exclusive, nodes, Argument::Exclusive)?,
            arguments.workspace(workspace, workspace_bytes, vector_scratch::<u32>(buffer_len))?,
        )
    };
    let (mut buffer, _) = take(stack, buffer_len, 0u32);
    Hierarchy::new(parents, features, exclusive, &[], feature_count, &mut buffer).map(|_| ())
}

/// Writes to `count` the length of the plan of a hierarchy: 6 numbers a node and one more.
///
/// Status: OUT_OF_RANGE (nodes) for 2^32 nodes and more; NULL_POINTER, MISALIGNED (count).
///
/// # Safety
/// `count` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_hierarchy_plan_len(nodes: usize, count: *mut usize) -> saek_status {
    call(|| {
        ensure_can_be_numbered(nodes, Argument::Nodes)?;
        // SAFETY: the caller's promise.
        *unsafe { Arguments::new().output(count, Argument::Count)? } = Hierarchy::buffer_len(nodes);
        Ok(())
    })
}

/// Says how much workspace `saek_plan_hierarchy` needs: about 24 bytes a node.
///
/// - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`.
///
/// Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
///
/// # Safety
/// `bytes` and `align` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_plan_hierarchy_workspace(
    nodes: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(Ok(vector_scratch::<u32>(Hierarchy::buffer_len(nodes))), bytes, align) })
}

/// Checks a forest once and lays it out in `plan`, for `saek_hierarchy_apply_csr_f32` and its like.
///
/// - `parents`: index of each node's parent, SAEK_NONE for a root.
/// - `features`: index of each node's feature, below `feature_count`; SAEK_NONE for a node that only groups.
/// - `exclusive`: 1 where at most one child of the node may be active, else 0.
/// - `scaled`: 1 where the node's children are scaled by the activation of their nearest ancestor with a feature,
///   divided by that feature's mean, else 0; NULL where none are.
/// - `nodes`: the length of the four.
/// - `feature_count`: length of the rows it will be applied to. Features without a node are free.
/// - `plan`, `plan_len`: as many numbers as `saek_hierarchy_plan_len` says; written.
/// - `workspace`: as `saek_plan_hierarchy_workspace` says.
///
/// Status: those of `saek_hierarchy_validate`; UNKNOWN_VALUE (scaled); NULL_POINTER, MISALIGNED, SIZE_OVERFLOW, OVERLAP
/// (any pointer); SHAPE (plan).
/// Cost: O(nodes log nodes).
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_plan_hierarchy(
    parents: *const u32,
    features: *const u32,
    exclusive: *const u8,
    scaled: *const u8,
    nodes: usize,
    feature_count: usize,
    plan: *mut u32,
    plan_len: usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    call(|| {
        ensure_can_be_numbered(nodes, Argument::Nodes)?;
        let mut arguments = Arguments::new();
        let len = Hierarchy::buffer_len(nodes);
        // SAFETY: the caller's promise.
        let (parents, features, exclusive, scaled, plan, stack) = unsafe {
            (
                arguments.slice(parents, nodes, Argument::Parents)?,
                arguments.slice(features, nodes, Argument::Features)?,
                arguments.slice(exclusive, nodes, Argument::Exclusive)?,
                arguments.optional_slice(scaled, nodes, Argument::Scaled)?.unwrap_or(&[]),
                arguments.slice_mut(plan, plan_len, Argument::Plan)?,
                arguments.workspace(workspace, workspace_bytes, vector_scratch::<u32>(len))?,
            )
        };
        ensure(plan_len == len, Reason::Shape, Argument::Plan)?;
        let (mut buffer, _) = take(stack, len, 0u32);
        Hierarchy::new(parents, features, exclusive, scaled, feature_count, &mut buffer)?;
        plan.copy_from_slice(&buffer);
        Ok(())
    })
}

/// A hierarchy that the caller has in a plan.
///
/// # Safety
/// `plan` is null or points to `plan_len` numbers that nobody writes during `'a`.
pub(super) unsafe fn borrow_plan<'a>(
    arguments: &mut Arguments,
    plan: *const u32,
    plan_len: usize,
    feature_count: usize,
) -> Result<Hierarchy<'a>, Error> {
    // SAFETY: the caller's promise.
    hierarchy_of_plan(unsafe { arguments.slice(plan, plan_len, Argument::Plan)? }, feature_count)
}

/// The hierarchy that a plan holds, for rows of so many features.
pub(super) fn hierarchy_of_plan(plan: &[u32], feature_count: usize) -> Result<Hierarchy<'_>, Error> {
    Hierarchy::from_buffer(plan, feature_count).ok_or(Error::new(Reason::Shape, Argument::Plan))
}

/// How many nodes a plan of this length has.
pub(super) fn nodes_of_plan(plan_len: usize) -> Result<usize, Error> {
    Hierarchy::nodes_of_buffer(plan_len).ok_or(Error::new(Reason::Shape, Argument::Plan))
}
