//! C functions for hierarchies of features.

use super::boundary::{Arguments, answer_query, call};
use super::types::saek_status;
use crate::activation::hierarchy::{self, Hierarchy};
use crate::error::{Argument, Error, Reason, ensure};
use crate::rng::Stream;
use crate::scalar::Scalar;
use crate::workspace::{take, vector_scratch};
use core::ffi::c_void;

/// Stands for "none" in an array of indices: the parent of a root, the feature of a node that has none.
pub const SAEK_NONE: u32 = u32::MAX;

const _: () = assert!(SAEK_NONE == hierarchy::NONE);

/// Refuses more nodes than 32 bits can number; before the workspace, of which so many would need 80 GB, is touched.
fn ensure_can_be_numbered(nodes: usize, argument: Argument) -> Result<(), Error> {
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

/// Says how much workspace `saek_hierarchy_validate` needs: about 20 bytes a node.
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
    Hierarchy::new(parents, features, exclusive, feature_count, &mut buffer).map(|_| ())
}

/// Says how much workspace `saek_hierarchy_apply_f32` needs: about 20 bytes a node.
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
    call(|| unsafe { answer_query(Ok(vector_scratch::<u32>(Hierarchy::buffer_len(nodes))), bytes, align) })
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
    call(|| unsafe { answer_query(Ok(vector_scratch::<u32>(Hierarchy::buffer_len(nodes))), bytes, align) })
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
/// Cost: O(nodes) a row; at every call the forest is checked again, O(nodes log nodes).
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
    // SAFETY: the caller's promise.
    call(|| unsafe {
        apply(
            parents,
            features,
            exclusive,
            nodes,
            Stream::new(seed, stream),
            first_row,
            activations,
            rows,
            cols,
            stride,
            workspace,
            workspace_bytes,
        )
    })
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
    // SAFETY: the caller's promise.
    call(|| unsafe {
        apply(
            parents,
            features,
            exclusive,
            nodes,
            Stream::new(seed, stream),
            first_row,
            activations,
            rows,
            cols,
            stride,
            workspace,
            workspace_bytes,
        )
    })
}

/// # Safety
/// As the exported functions.
unsafe fn apply<T: Scalar>(
    parents: *const u32,
    features: *const u32,
    exclusive: *const u8,
    nodes: usize,
    stream: Stream,
    first_row: u64,
    activations: *mut T,
    rows: usize,
    cols: usize,
    stride: usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> Result<(), Error> {
    ensure_can_be_numbered(nodes, Argument::Nodes)?;
    let mut arguments = Arguments::new();
    let buffer_len = Hierarchy::buffer_len(nodes);
    // SAFETY: the caller's promise.
    let (parents, features, exclusive, activations, stack) = unsafe {
        (
            arguments.slice(parents, nodes, Argument::Parents)?,
            arguments.slice(features, nodes, Argument::Features)?,
            arguments.slice(exclusive, nodes, Argument::Exclusive)?,
            arguments.matrix_mut(activations, rows, cols, stride, Argument::Activations)?,
            arguments.workspace(workspace, workspace_bytes, vector_scratch::<u32>(buffer_len))?,
        )
    };
    let (mut buffer, _) = take(stack, buffer_len, 0u32);
    let hierarchy = Hierarchy::new(parents, features, exclusive, cols, &mut buffer)?;
    hierarchy::apply_dense(&hierarchy, stream, first_row, activations)
}
