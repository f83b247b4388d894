//! Sparse activations of features: which fire in a sample, and how strongly.

pub mod correlated;
mod correlated_groups;
pub mod correlation;
mod correlation_statistics;
mod csr;
mod fired_set;
mod firing;
mod generator;
mod grouped;
mod hazard;
pub mod hierarchy;
mod independent;
mod low_rank;
mod low_rank_sample;
pub(crate) mod plan;
pub mod quantile;
mod sparse;

pub use correlated_groups::{
    CorrelatedGroups, CorrelatedGroupsBuffers, CorrelatedGroupsLengths, correlate_groups,
    correlate_groups_scratch, correlated_groups_lengths, correlated_groups_scratch,
};
pub use correlation_statistics::{
    CorrelationStatistics, correlation_statistics, low_rank_correlation_statistics,
    low_rank_correlation_statistics_scratch,
};
pub use csr::{CsrMut, CsrPattern, CsrRef, ModifyRowFn, csr_from_dense, modify_csr};
pub use firing::Firing;
pub use generator::{Correlation, Generator, Modifier, ModifyFn, generator_scratch};
pub use grouped::{sample_grouped, sample_grouped_csr, sample_grouped_scratch};
pub use independent::{sample_independent, sample_independent_csr};
pub use low_rank::{LowRankPlan, low_rank_factor, low_rank_plan_len, plan_low_rank};
pub use low_rank_sample::{LowRankFiring, sample_low_rank, sample_low_rank_csr, sample_low_rank_scratch};
pub use plan::{FiringPlan, FiringPlanBuffers, FiringPlanLengths, firing_plan_lengths, plan_firing};
pub use sparse::{PlannedFiring, sample_projected, sample_sparse, sample_sparse_csr};
