//! Features that depend on each other: a child fires only with its parent, and siblings may exclude each other.
//!
//! The rules are those of sae-lens (`sae_lens.synthetic.hierarchy`), after N. Nabeshima's toy model for Matryoshka
//! sparse autoencoders.

mod apply;
mod compensate;
mod edges;
mod forest;
mod generate;

pub(crate) use apply::check_means;
pub use apply::{apply_buffer_len, apply_csr, apply_dense, apply_row};
pub use compensate::{Compensation, compensate_probabilities, compensation_buffer_len};
pub use edges::{parents_from_edges, parents_from_edges_buffer_len};
pub use forest::Hierarchy;
pub use generate::{ForestMut, GeneratedForest, generate_forest};

/// Stands for "none" in an array of indices: the parent of a root, the feature of a node that has none.
pub const NONE: u32 = u32::MAX;
