//! A forest of features, checked once and laid out for use.
//!
//! The nodes are put in level order, roots first, so that a parent comes before its children and the children of a
//! node lie side by side. A node without a feature is active exactly when its nearest ancestor with a feature is;
//! that ancestor's feature is stored with each node, so that applying the forest needs no memory of its own.

use super::NONE;
use crate::error::{Argument, Error, Reason, ensure};

/// A forest of features that has been checked, in a caller's buffer.
#[derive(Clone, Copy, Debug)]
pub struct Hierarchy<'a> {
    /// Feature of each node, in level order; [`NONE`] where it has none.
    pub(super) feature: &'a [u32],
    /// Feature of the nearest ancestor that has one; [`NONE`] where none has.
    pub(super) gate: &'a [u32],
    /// Place of each node's first child; the children end where those of the next node begin.
    pub(super) first_child: &'a [u32],
    /// 1 where at most one child may be active.
    pub(super) exclusive: &'a [u32],
    /// Length of a row of activations.
    pub(super) feature_count: usize,
}

impl<'a> Hierarchy<'a> {
    /// The length of the buffer for a forest of `nodes` nodes: five numbers a node and one more.
    pub const fn buffer_len(nodes: usize) -> usize {
        nodes.saturating_mul(5).saturating_add(1)
    }

    /// Checks a forest and lays it out in `buffer`.
    ///
    /// - `parents`: index of each node's parent, [`NONE`] for a root; any order.
    /// - `features`: index of each node's feature, below `feature_count`; [`NONE`] for a node that only groups.
    /// - `exclusive`: 1 where at most one child of the node may be active, else 0.
    /// - `feature_count`: length of a row of activations. Features without a node are free.
    ///
    /// Children are taken in the order of their indices. A forest without nodes is allowed, and changes nothing.
    ///
    /// # Errors
    /// [`Reason::Shape`] (features, exclusive) unless the three have the same length; [`Reason::OutOfRange`]
    /// (nodes) for more than 2^32 - 1 nodes; [`Reason::WorkspaceTooSmall`] unless `buffer` has
    /// [`buffer_len`](Self::buffer_len) elements; [`Reason::IndexOutOfRange`] (parents, features);
    /// [`Reason::UnknownValue`] (exclusive) for a value that is neither 0 nor 1; [`Reason::DuplicateIndex`]
    /// (features) for a feature with two nodes; [`Reason::TooFewChildren`] (exclusive) for exclusion among fewer
    /// than two children; [`Reason::Cycle`] (parents) where a node is its own ancestor.
    ///
    /// # Cost
    /// O(nodes log nodes), for the search for duplicates; 20 bytes a node. Deterministic.
    pub fn new(
        parents: &[u32],
        features: &[u32],
        exclusive: &[u8],
        feature_count: usize,
        buffer: &'a mut [u32],
    ) -> Result<Self, Error> {
        let nodes = parents.len();
        ensure(features.len() == nodes, Reason::Shape, Argument::Features)?;
        ensure(exclusive.len() == nodes, Reason::Shape, Argument::Exclusive)?;
        ensure(nodes <= NONE as usize, Reason::OutOfRange, Argument::Nodes)?;
        let needed = Self::buffer_len(nodes);
        ensure(buffer.len() >= needed, Reason::WorkspaceTooSmall, Argument::Workspace)?;
        let in_range = |index: u32, count: usize| index == NONE || (index as usize) < count;
        ensure(parents.iter().all(|&p| in_range(p, nodes)), Reason::IndexOutOfRange, Argument::Parents)?;
        ensure(
            features.iter().all(|&f| in_range(f, feature_count)),
            Reason::IndexOutOfRange,
            Argument::Features,
        )?;
        ensure(exclusive.iter().all(|&e| e <= 1), Reason::UnknownValue, Argument::Exclusive)?;

        let (gate, rest) = buffer[..needed].split_at_mut(nodes);
        let (first_child, rest) = rest.split_at_mut(nodes + 1);
        let (order, rest) = rest.split_at_mut(nodes);
        // Two lists for the layout, in the place of what they will make room for.
        let (eldest, younger) = rest.split_at_mut(nodes);

        order.copy_from_slice(features);
        order.sort_unstable();
        let twice = order.windows(2).any(|pair| pair[0] == pair[1] && pair[0] != NONE);
        ensure(!twice, Reason::DuplicateIndex, Argument::Features)?;

        link_children(parents, eldest, younger);
        let too_few = |node: usize| {
            let first = eldest[node];
            exclusive[node] == 1 && (first == NONE || younger[first as usize] == NONE)
        };
        ensure(!(0..nodes).any(too_few), Reason::TooFewChildren, Argument::Exclusive)?;

        // Level order: the nodes placed so far are the queue of those whose children are still to be placed.
        let mut placed = 0;
        for root in (0..nodes).filter(|&node| parents[node] == NONE) {
            (order[placed], gate[placed]) = (root as u32, NONE);
            placed += 1;
        }
        for place in 0..nodes {
            // Nodes of a cycle, and those below one, are reached from no root.
            ensure(place < placed, Reason::Cycle, Argument::Parents)?;
            let node = order[place] as usize;
            first_child[place] = placed as u32;
            let gate_below = if features[node] == NONE { gate[place] } else { features[node] };
            let mut child = eldest[node];
            while child != NONE {
                (order[placed], gate[placed]) = (child, gate_below);
                placed += 1;
                child = younger[child as usize];
            }
        }
        first_child[nodes] = placed as u32;

        let (feature, exclusive_out) = (eldest, younger);
        for (place, &node) in order.iter().enumerate() {
            feature[place] = features[node as usize];
            exclusive_out[place] = u32::from(exclusive[node as usize]);
        }
        Ok(Self { feature, gate, first_child, exclusive: exclusive_out, feature_count })
    }

    /// The number of nodes.
    pub fn nodes(&self) -> usize {
        self.feature.len()
    }

    /// The length of the rows that it applies to.
    pub fn feature_count(&self) -> usize {
        self.feature_count
    }
}

/// Chains the children of each node in increasing order: `eldest[node]` is its first child, `younger[child]` the
/// next child of the same parent.
fn link_children(parents: &[u32], eldest: &mut [u32], younger: &mut [u32]) {
    eldest.fill(NONE);
    for (node, &parent) in parents.iter().enumerate().rev() {
        if parent == NONE {
            younger[node] = NONE;
        } else {
            younger[node] = eldest[parent as usize];
            eldest[parent as usize] = node as u32;
        }
    }
}
