//! The forest of features of a model, and `hierarchy.json`, where it is nested.

use super::error::{ModelError, ensure};
use crate::activation::hierarchy::{Hierarchy, NONE};
use crate::error::{Argument, Reason};
use serde::{Deserialize, Serialize};

/// The most nodes from a root to a leaf. JSON nests two levels a node, and readers refuse to nest much deeper than 128.
pub const DEEPEST: usize = 60;

/// A forest of features, one entry a node; what [`Hierarchy::new`] takes, and what only files have.
///
/// [`read`](super::read) gives the nodes in depth-first order: a node, then its first child and all below that.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forest {
    /// The index of each node's parent, [`NONE`] for a root; any order.
    pub parents: Vec<u32>,
    /// The index of each node's feature, [`NONE`] for a node that only groups.
    pub features: Vec<u32>,
    /// 1 where at most one child may be active, else 0.
    pub exclusive: Vec<u8>,
    /// 1 where children are scaled by the node's activation over its mean (`scale_children_by_parent`), else 0.
    pub scaled: Vec<u8>,
    /// The name of each node, if it has one (`feature_id`).
    pub names: Vec<Option<String>>,
}

/// One node of `hierarchy.json`, and all below it.
#[derive(Serialize, Deserialize)]
struct Node {
    #[serde(default)]
    feature_index: Option<u32>,
    #[serde(default)]
    mutually_exclusive_children: bool,
    #[serde(default)]
    scale_children_by_parent: bool,
    #[serde(default)]
    feature_id: Option<String>,
    #[serde(default)]
    children: Vec<Node>,
}

/// The whole of `hierarchy.json`.
#[derive(Serialize, Deserialize)]
struct Document {
    roots: Vec<Node>,
}

impl Forest {
    /// Checks that this is a forest of at most `feature_count` features that can be nested.
    ///
    /// # Errors
    /// [`Reason::Shape`] ([`Argument::Scaled`], [`Argument::Hierarchy`] for names) unless all have the same length;
    /// those of [`Hierarchy::new`];
    /// [`Reason::OutOfRange`] ([`Argument::Parents`]) for a forest deeper than [`DEEPEST`].
    pub fn validate(&self, feature_count: usize) -> Result<(), ModelError> {
        let nodes = self.parents.len();
        let lengths = self.scaled.len() == nodes;
        ensure(lengths, "scaled", Reason::Shape, Argument::Scaled, "must have one number a node")?;
        let lengths = self.names.len() == nodes;
        ensure(lengths, "names", Reason::Shape, Argument::Hierarchy, "must have one name a node")?;
        let mut buffer = vec![0; Hierarchy::buffer_len(nodes)];
        Hierarchy::new(
            &self.parents,
            &self.features,
            &self.exclusive,
            &self.scaled,
            feature_count,
            &mut buffer,
        )
        .map_err(|error| ModelError {
            place: String::new(),
            problem: format!("the forest: {error}"),
            error,
        })?;
        let depth = self.depths().into_iter().max().unwrap_or(0);
        ensure(
            depth as usize <= DEEPEST,
            "",
            Reason::OutOfRange,
            Argument::Parents,
            "the forest is deeper than 60 nodes",
        )
    }

    /// The number of nodes from each node to its root, both included. The forest must have no cycle.
    fn depths(&self) -> Vec<u32> {
        let mut depths = vec![0; self.parents.len()];
        let mut path = Vec::new();
        for node in 0..self.parents.len() {
            let mut at = node as u32;
            // Up to a node whose depth is known, then down again: each node is put on the path once.
            while at != NONE && depths[at as usize] == 0 {
                path.push(at);
                at = self.parents[at as usize];
            }
            let mut depth = if at == NONE { 0 } else { depths[at as usize] };
            while let Some(node) = path.pop() {
                depth += 1;
                depths[node as usize] = depth;
            }
        }
        depths
    }

    /// Reads `hierarchy.json`. What is nested deeper than JSON readers go is refused, not followed.
    pub(super) fn from_json(json: &[u8]) -> Result<Self, ModelError> {
        let document: Document = serde_json::from_slice(json).map_err(|error| {
            ModelError::new("", Reason::Malformed, Argument::Hierarchy, error.to_string())
        })?;
        let mut forest = Self::default();
        for root in document.roots {
            forest.append(root, NONE)?;
        }
        Ok(forest)
    }

    /// Appends a node and all below it.
    fn append(&mut self, node: Node, parent: u32) -> Result<(), ModelError> {
        let index = self.parents.len() as u32;
        ensure(index < NONE, "", Reason::OutOfRange, Argument::Nodes, "there are 2^32 nodes or more")?;
        // No feature may be called what stands for none.
        let named = node.feature_index != Some(NONE);
        ensure(named, "", Reason::IndexOutOfRange, Argument::Features, "the index of a feature is 2^32 - 1")?;
        self.parents.push(parent);
        self.features.push(node.feature_index.unwrap_or(NONE));
        self.exclusive.push(node.mutually_exclusive_children.into());
        self.scaled.push(node.scale_children_by_parent.into());
        self.names.push(node.feature_id);
        node.children.into_iter().try_for_each(|child| self.append(child, index))
    }

    /// The text of `hierarchy.json`, children in the order of their indices. The forest must be valid.
    pub(super) fn to_json(&self) -> Result<String, ModelError> {
        // Deepest nodes first, each is handed to its parent when all its own children have been handed to it.
        let depths = self.depths();
        let mut order: Vec<usize> = (0..self.parents.len()).collect();
        order.sort_by_key(|&node| (core::cmp::Reverse(depths[node]), node));
        let mut children: Vec<Vec<Node>> = self.parents.iter().map(|_| Vec::new()).collect();
        let mut roots = Vec::new();
        for at in order {
            let node = Node {
                feature_index: Some(self.features[at]).filter(|&feature| feature != NONE),
                mutually_exclusive_children: self.exclusive[at] == 1,
                scale_children_by_parent: self.scaled[at] == 1,
                feature_id: self.names[at].clone(),
                children: core::mem::take(&mut children[at]),
            };
            match self.parents[at] {
                NONE => roots.push(node),
                parent => children[parent as usize].push(node),
            }
        }
        serde_json::to_string_pretty(&Document { roots })
            .map_err(|error| ModelError::new("", Reason::Malformed, Argument::Hierarchy, error.to_string()))
    }
}
