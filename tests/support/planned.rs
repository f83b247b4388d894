//! Firing plans in memory that is not freed, for tests and benchmarks.

use sae_kernels::activation::{FiringPlan, FiringPlanBuffers, firing_plan_lengths, plan_firing};
use sae_kernels::{Error, Scalar};

/// A plan of so many features, with a probability each or one for all. What laying out does not write is no number.
pub fn planned<T: Scalar>(probabilities: &[T], features: usize) -> Result<FiringPlan<'static>, Error> {
    let lengths = firing_plan_lengths(probabilities, features)?;
    let buffers = FiringPlanBuffers {
        cumulative_hazards: vec![f64::NAN; features].leak(),
        guide: vec![u32::MAX; lengths.guide].leak(),
        frequent: vec![u32::MAX; lengths.frequent].leak(),
        frequent_probabilities: vec![f64::NAN; lengths.frequent].leak(),
    };
    plan_firing(probabilities, buffers)
}
