//! Sparse activations of features: which fire in a sample, and how strongly.

mod csr;
mod firing;
mod independent;

pub use csr::{CsrMut, CsrRef, csr_from_dense};
pub use firing::Firing;
pub use independent::{sample_independent, sample_independent_csr};
