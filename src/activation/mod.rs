//! Sparse activations of features: which fire in a sample, and how strongly.

pub mod correlated;
pub mod correlation;
mod correlation_statistics;
mod csr;
mod firing;
mod generator;
pub mod hierarchy;
mod independent;
pub mod quantile;

pub use correlation_statistics::{
    CorrelationStatistics, correlation_statistics, low_rank_correlation_statistics,
    low_rank_correlation_statistics_scratch,
};
pub use csr::{CsrMut, CsrRef, csr_from_dense};
pub use firing::Firing;
pub use generator::{Correlation, Generator, Modifier, ModifyFn, generator_scratch};
pub use independent::{sample_independent, sample_independent_csr};
