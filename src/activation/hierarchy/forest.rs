//! A forest of features, checked once and laid out for use.
//!
//! The nodes are put in level order, roots first, so that a parent comes before its children and the children of a
//! node lie side by side. A node without a feature is active exactly when its nearest ancestor with a feature is;
//! that ancestor's feature, the *gate*, is stored with each node. A sorted list of the features leads from those that
//! fire to their nodes, so that nothing else of the forest need be looked at.

use super::NONE;
use crate::error::{Argument, Error, Reason, ensure};

/// A forest of features that has been checked, in a caller's buffer.
#[derive(Clone, Copy, Debug)]
pub struct Hierarchy<'a> {
    /// Feature of the nearest ancestor that has one, by place in level order; [`NONE`] where none has.
    gate: &'a [u32],
    /// Place of each node's parent; [`NONE`] for a root.
    parent: &'a [u32],
    /// What the parent makes of the node: [`EXCLUSIVE`], [`SCALED`], both or neither.
    rules: &'a [u32],
    /// The features that have nodes, in increasing order; [`NONE`] after the last.
    sorted: &'a [u32],
    /// The place of each of these.
    place: &'a [u32],
    /// Feature of each node; [`NONE`] where it has none.
    feature: &'a [u32],
    /// Whether any node is scaled.
    scales: bool,
    /// Length of a row of activations.
    feature_count: usize,
}

/// At most one of the node and its siblings may be active.
pub(super) const EXCLUSIVE: u32 = 1;
/// The node is scaled by its gate's activation.
pub(super) const SCALED: u32 = 2;

/// How many arrays of [`Hierarchy`] have a number a node.
const ARRAYS: usize = 6;

impl<'a> Hierarchy<'a> {
    /// The length of the buffer for a forest of `nodes` nodes: six numbers a node and one more.
    pub const fn buffer_len(nodes: usize) -> usize {
        nodes.saturating_mul(ARRAYS).saturating_add(1)
    }

    /// Checks a forest and lays it out in `buffer`.
    ///
    /// - `parents`: index of each node's parent, [`NONE`] for a root; any order.
    /// - `features`: index of each node's feature, below `feature_count`; [`NONE`] for a node that only groups.
    /// - `exclusive`: 1 where at most one child of the node may be active, else 0.
    /// - `scaled`: 1 where the node's children are scaled by the activation of their nearest ancestor with a feature,
    ///   divided by that feature's mean, else 0; empty where no node's are.
    /// - `feature_count`: length of a row of activations. Features without a node are free.
    ///
    /// Children are taken in the order of their indices. A forest without nodes is allowed, and changes nothing.
    ///
    /// # Errors
    /// [`Reason::Shape`] (features, exclusive, scaled) unless all have the same length; [`Reason::OutOfRange`]
    /// (nodes) for more than 2^32 - 1 nodes; [`Reason::WorkspaceTooSmall`] unless `buffer` has
    /// [`buffer_len`](Self::buffer_len) elements; [`Reason::IndexOutOfRange`] (parents, features);
    /// [`Reason::UnknownValue`] (exclusive, scaled) for a value that is neither 0 nor 1; [`Reason::DuplicateIndex`]
    /// (features) for a feature with two nodes; [`Reason::TooFewChildren`] (exclusive) for exclusion among fewer
    /// than two children; [`Reason::Cycle`] (parents) where a node is its own ancestor. The contents of `buffer` are
    /// then lost.
    ///
    /// # Cost
    /// O(nodes log nodes), for sorting the features; 24 bytes a node. Deterministic.
    pub fn new(
        parents: &[u32],
        features: &[u32],
        exclusive: &[u8],
        scaled: &[u8],
        feature_count: usize,
        buffer: &'a mut [u32],
    ) -> Result<Self, Error> {
        let nodes = parents.len();
        ensure(features.len() == nodes, Reason::Shape, Argument::Features)?;
        ensure(exclusive.len() == nodes, Reason::Shape, Argument::Exclusive)?;
        ensure(scaled.is_empty() || scaled.len() == nodes, Reason::Shape, Argument::Scaled)?;
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
        ensure(scaled.iter().all(|&s| s <= 1), Reason::UnknownValue, Argument::Scaled)?;

        let buffer = &mut buffer[..needed];
        let [gate, parent, rules, sorted, place_of_sorted, order] = arrays_mut(&mut buffer[1..], nodes);
        sorted.copy_from_slice(features);
        sorted.sort_unstable();
        let twice = sorted.windows(2).any(|pair| pair[0] == pair[1] && pair[0] != NONE);
        ensure(!twice, Reason::DuplicateIndex, Argument::Features)?;

        // Two lists for the layout, in the place of what they will make room for.
        let (eldest, younger) = (rules, place_of_sorted);
        link_children(parents, eldest, younger);
        let too_few = |node: usize| {
            let first = eldest[node];
            exclusive[node] == 1 && (first == NONE || younger[first as usize] == NONE)
        };
        ensure(!(0..nodes).any(too_few), Reason::TooFewChildren, Argument::Exclusive)?;

        // Level order: the nodes placed so far are the queue of those whose children are still to be placed.
        let mut placed = 0;
        for root in (0..nodes).filter(|&node| parents[node] == NONE) {
            (order[placed], gate[placed], parent[placed]) = (root as u32, NONE, NONE);
            placed += 1;
        }
        for place in 0..nodes {
            // Nodes of a cycle, and those below one, are reached from no root.
            ensure(place < placed, Reason::Cycle, Argument::Parents)?;
            let node = order[place] as usize;
            let gate_below = if features[node] == NONE { gate[place] } else { features[node] };
            let mut child = eldest[node];
            while child != NONE {
                (order[placed], gate[placed], parent[placed]) = (child, gate_below, place as u32);
                placed += 1;
                child = younger[child as usize];
            }
        }

        let (rules, place_of_sorted) = (eldest, younger);
        let mut scales = false;
        for place in 0..nodes {
            let parent = parents[order[place] as usize];
            let asked = |flags: &[u8]| parent != NONE && flags.get(parent as usize) == Some(&1);
            // Nothing scales the children of groups that have no feature above them.
            let is_scaled = asked(scaled) && gate[place] != NONE;
            rules[place] = EXCLUSIVE * u32::from(asked(exclusive)) + SCALED * u32::from(is_scaled);
            scales |= is_scaled;
        }
        place_of_sorted.fill(NONE);
        for (place, &node) in order.iter().enumerate() {
            if let Some(position) = position_in(sorted, features[node as usize]) {
                place_of_sorted[position] = place as u32;
            }
        }
        let feature = order;
        feature.iter_mut().for_each(|node| *node = features[*node as usize]);
        buffer[0] = u32::from(scales);
        Self::from_buffer(buffer, feature_count).ok_or(Error::new(Reason::Internal, Argument::Workspace))
    }

    /// The number of nodes of a forest whose buffer has this length, if there is one.
    pub(crate) const fn nodes_of_buffer(len: usize) -> Option<usize> {
        if len % ARRAYS == 1 { Some(len / ARRAYS) } else { None }
    }

    /// The forest that [`new`](Self::new) has laid out in the whole of this buffer, for rows of `feature_count`
    /// features; none where no forest's buffer has that length.
    ///
    /// Of a buffer that was overwritten comes a forest that means nothing; to apply it is safe all the same.
    pub(crate) fn from_buffer(buffer: &'a [u32], feature_count: usize) -> Option<Self> {
        let nodes = Self::nodes_of_buffer(buffer.len())?;
        let (scales, arrays) = buffer.split_first()?;
        let array = |k: usize| &arrays[k * nodes..(k + 1) * nodes];
        Some(Self {
            gate: array(0),
            parent: array(1),
            rules: array(2),
            sorted: array(3),
            place: array(4),
            feature: array(5),
            scales: *scales != 0,
            feature_count,
        })
    }

    /// The number of nodes.
    pub fn nodes(&self) -> usize {
        self.gate.len()
    }

    /// The length of the rows that it applies to.
    pub fn feature_count(&self) -> usize {
        self.feature_count
    }

    /// Whether children are scaled anywhere, so that means are needed.
    pub fn scales(&self) -> bool {
        self.scales
    }

    /// The place of a feature's node, in level order, if it has one.
    #[inline(always)]
    pub(super) fn place_of(&self, feature: u32) -> Option<u32> {
        let position = position_in(self.sorted, feature)?;
        self.place.get(position).copied().filter(|&place| (place as usize) < self.nodes())
    }

    /// The gate, the parent and the rules of the node at a place; those of a free root past the last.
    #[inline(always)]
    pub(super) fn node(&self, place: usize) -> (u32, u32, u32) {
        let of = |array: &[u32], other: u32| array.get(place).copied().unwrap_or(other);
        (of(self.gate, NONE), of(self.parent, NONE), of(self.rules, 0))
    }

    /// The feature of the node at a place; [`NONE`] where it has none.
    pub(super) fn feature_of(&self, place: usize) -> u32 {
        self.feature.get(place).copied().unwrap_or(NONE)
    }

    /// The gates of scaled nodes, with repetitions.
    pub(super) fn scaling_features(&self) -> impl Iterator<Item = u32> {
        let scaled = self.rules.iter().zip(self.gate).filter(|(rules, _)| **rules & SCALED != 0);
        scaled.map(|(_, &gate)| gate)
    }
}

/// Where `feature` is in a sorted list without repetitions, which ends in [`NONE`]s.
#[inline(always)]
fn position_in(sorted: &[u32], feature: u32) -> Option<usize> {
    if feature == NONE {
        return None;
    }
    // As many places from the first at most as its number is greater; exactly so many in a forest of consecutive
    // features, which most are.
    let farthest = feature.checked_sub(*sorted.first()?)? as usize;
    if sorted.get(farthest) == Some(&feature) {
        return Some(farthest);
    }
    sorted[..sorted.len().min(farthest)].binary_search(&feature).ok()
}

/// Splits a buffer in arrays of `nodes` numbers.
fn arrays_mut(buffer: &mut [u32], nodes: usize) -> [&mut [u32]; ARRAYS] {
    let mut rest = buffer;
    [(); ARRAYS].map(|()| {
        let (array, others) = core::mem::take(&mut rest).split_at_mut(nodes);
        rest = others;
        array
    })
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
