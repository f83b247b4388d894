//! A forest given as lists of children, turned into an array of parents.

use super::NONE;
use crate::error::{Argument, Error, Reason, ensure};

/// The length of the buffer that [`parents_from_edges`] needs for a forest of `nodes` nodes: two numbers a node.
pub const fn parents_from_edges_buffer_len(nodes: usize) -> usize {
    nodes.saturating_mul(2)
}

/// Fills `out` with the parent of each node, [`NONE`] for those without, from a list of edges.
///
/// Edge e says that `nodes[e]` is a child of `parents[e]`; `out.len()` is the number of nodes. The order of the
/// edges has no influence. The contents of `buffer` are lost.
///
/// # Errors
/// [`Reason::Shape`] (nodes) unless both lists have the same length; [`Reason::OutOfRange`] (out) for more than
/// 2^32 - 1 nodes; [`Reason::WorkspaceTooSmall`] unless `buffer` has [`parents_from_edges_buffer_len`] elements;
/// [`Reason::IndexOutOfRange`] (parents, nodes) for an index >= `out.len()`; [`Reason::SecondParent`] (nodes) where
/// a node is a child in two edges, even of the same parent; [`Reason::Cycle`] (parents) where a node is its own
/// ancestor. `out` is then untouched.
///
/// # Cost
/// Linear in edges and nodes. Deterministic.
pub fn parents_from_edges(
    parents: &[u32],
    nodes: &[u32],
    out: &mut [u32],
    buffer: &mut [u32],
) -> Result<(), Error> {
    let count = out.len();
    ensure(nodes.len() == parents.len(), Reason::Shape, Argument::Nodes)?;
    ensure(count <= NONE as usize, Reason::OutOfRange, Argument::Out)?;
    let needed = parents_from_edges_buffer_len(count);
    ensure(buffer.len() >= needed, Reason::WorkspaceTooSmall, Argument::Workspace)?;

    let (parent_of, walk_of) = buffer[..needed].split_at_mut(count);
    parent_of.fill(NONE);
    for (&parent, &node) in parents.iter().zip(nodes) {
        ensure((parent as usize) < count, Reason::IndexOutOfRange, Argument::Parents)?;
        ensure((node as usize) < count, Reason::IndexOutOfRange, Argument::Nodes)?;
        ensure(parent_of[node as usize] == NONE, Reason::SecondParent, Argument::Nodes)?;
        parent_of[node as usize] = parent;
    }
    // From each node upwards, to a root or to a node passed before: on this walk itself if there is a cycle. A
    // walk bears the number of the node it starts from.
    walk_of.fill(NONE);
    for start in 0..count as u32 {
        let mut node = start;
        while node != NONE && walk_of[node as usize] == NONE {
            walk_of[node as usize] = start;
            node = parent_of[node as usize];
        }
        // A node passed on an earlier walk bears a smaller number, `start` itself included.
        let met_itself = node != NONE && walk_of[node as usize] == start;
        ensure(!met_itself, Reason::Cycle, Argument::Parents)?;
    }
    out.copy_from_slice(parent_of);
    Ok(())
}
