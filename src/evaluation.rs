//! Judge an autoencoder on synthetic data, batch by batch: L0, dead latents, shrinkage.
//!
//! The state is two plain arrays in the caller's memory, `counts` of 64-bit integers and `sums` of doubles. Every
//! element is a sum over samples, so that states of threads and machines merge by adding the arrays element by
//! element: [`merge`] does it here, `MPI_Allreduce` with `MPI_SUM` between machines. Counts merge exactly.
//!
//! | element of `counts` | what it counts |
//! |---|---|
//! | 0 | samples |
//! | 1 | samples kept, those with a hidden vector that is not zero |
//! | 2 | active features, over all samples |
//! | 3 | active latents, over kept samples |
//! | 4 + i | kept samples on which latent i is active |
//!
//! `sums[0] + sums[1]` is the sum over kept samples of |decoded| / max(|hidden|, 1e-8), the second element holding
//! what the first one's roundings lost (Neumaier 1974). Active means greater than zero.

use crate::dictionary::length;
use crate::error::{Argument, Error, Reason, ensure};
use crate::matrix::{RowMajor, ensure_finite_matrix, ensure_not_empty, ensure_shape, row};
use crate::scalar::Scalar;

/// Elements of `counts` before those of the latents.
const SHARED_COUNTS: usize = 4;
/// Length of `sums`.
const SUMS: usize = 2;

/// The length of `counts` for an autoencoder of `latents` latents: latents + 4.
pub fn counts_len(latents: usize) -> usize {
    latents.saturating_add(SHARED_COUNTS)
}

/// The length of `sums`: 2.
pub fn sums_len() -> usize {
    SUMS
}

/// What an evaluation found.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Metrics {
    /// Samples seen.
    pub samples: u64,
    /// Samples whose hidden vector was not zero; all but `true_l0` speak of these.
    pub kept: u64,
    /// Mean number of active features a sample, over all samples.
    pub true_l0: f64,
    /// Mean number of active latents a kept sample; 0 where none was kept.
    pub sae_l0: f64,
    /// Latents active on no kept sample.
    pub dead_latents: u64,
    /// Mean of |decoded| / max(|hidden|, 1e-8); 1 means no shrinkage. 0 where no sample was kept.
    pub shrinkage: f64,
}

/// One batch of an evaluation, a sample a row.
#[derive(Clone, Copy, Debug)]
pub struct EvaluationBatch<'a, T> {
    /// True activations, [b, n].
    pub activations: RowMajor<'a, T>,
    /// Hidden vectors, [b, d].
    pub hidden: RowMajor<'a, T>,
    /// Latents that the encoder gave for them, [b, m].
    pub latents: RowMajor<'a, T>,
    /// Vectors that the decoder gave for the latents, [b, d].
    pub decoded: RowMajor<'a, T>,
}

/// Refuses states of the wrong length for `latents` latents.
fn check_state(counts: &[u64], sums: &[f64], latents: usize) -> Result<(), Error> {
    ensure(latents > 0, Reason::Empty, Argument::Latents)?;
    ensure(counts.len() == counts_len(latents), Reason::Shape, Argument::Counts)?;
    ensure(sums.len() == SUMS, Reason::Shape, Argument::Sums)
}

/// Starts an evaluation: fills the state with zeros.
///
/// # Errors
/// [`Reason::Empty`] on `Latents` for none; [`Reason::Shape`] on `Counts` and `Sums` for lengths other than
/// [`counts_len`] and [`sums_len`].
pub fn begin(counts: &mut [u64], sums: &mut [f64], latents: usize) -> Result<(), Error> {
    check_state(counts, sums, latents)?;
    counts.fill(0);
    sums.fill(0.0);
    Ok(())
}

/// Adds a batch to the state.
///
/// Samples whose hidden vector is zero count for `true_l0` alone.
///
/// # Errors
/// [`Reason::Empty`] and [`Reason::Shape`] on the batch's matrices and on the state; [`Reason::NotANumber`] and
/// [`Reason::Infinite`] where one holds such a value. The state is then untouched.
///
/// # Cost
/// Two passes over the batch, O(latents) state, no workspace. Deterministic. The counts do not depend on how samples
/// are batched; `sums` depend on it by a rounding of the compensated sum, about 1e-16 relative.
pub fn add_batch<T: Scalar>(
    counts: &mut [u64],
    sums: &mut [f64],
    batch: &EvaluationBatch<'_, T>,
) -> Result<(), Error> {
    let EvaluationBatch { activations, hidden, latents, decoded } = *batch;
    ensure_not_empty(activations, Argument::Activations)?;
    ensure_not_empty(hidden, Argument::Hidden)?;
    ensure_not_empty(latents, Argument::Latents)?;
    let rows = activations.nrows();
    ensure(hidden.nrows() == rows, Reason::Shape, Argument::Hidden)?;
    ensure(latents.nrows() == rows, Reason::Shape, Argument::Latents)?;
    ensure_shape(decoded, rows, hidden.ncols(), Argument::Decoded)?;
    check_state(counts, sums, latents.ncols())?;
    ensure_finite_matrix(activations, Argument::Activations)?;
    ensure_finite_matrix(hidden, Argument::Hidden)?;
    ensure_finite_matrix(latents, Argument::Latents)?;
    ensure_finite_matrix(decoded, Argument::Decoded)?;

    let (shared, fired) = counts.split_at_mut(SHARED_COUNTS);
    for r in 0..rows {
        shared[0] = shared[0].saturating_add(1);
        let active = row(activations, r).iter().filter(|&&x| x > T::ZERO).count();
        shared[2] = shared[2].saturating_add(active as u64);
        let norm = length(row(hidden, r));
        if norm == 0.0 {
            continue;
        }
        shared[1] = shared[1].saturating_add(1);
        let mut active = 0;
        for (fired, &z) in fired.iter_mut().zip(row(latents, r)) {
            let fires = u64::from(z > T::ZERO);
            *fired = fired.saturating_add(fires);
            active += fires;
        }
        shared[3] = shared[3].saturating_add(active);
        add_compensated(sums, length(row(decoded, r)) / norm.max(1e-8));
    }
    Ok(())
}

/// Adds `term` to `sums[0]`, and what the addition rounds away to `sums[1]`.
fn add_compensated(sums: &mut [f64], term: f64) {
    let sum = sums[0] + term;
    sums[1] += if sums[0].abs() >= term.abs() { (sums[0] - sum) + term } else { (term - sum) + sums[0] };
    sums[0] = sum;
}

/// Adds the state of another part of the same evaluation.
///
/// # Errors
/// [`Reason::Shape`] on `Counts`, `Sums`, `OtherCounts` or `OtherSums` where lengths are not those of one evaluation.
/// The state is then untouched.
pub fn merge(
    counts: &mut [u64],
    sums: &mut [f64],
    other_counts: &[u64],
    other_sums: &[f64],
) -> Result<(), Error> {
    check_state(counts, sums, counts.len().saturating_sub(SHARED_COUNTS))?;
    ensure(other_counts.len() == counts.len(), Reason::Shape, Argument::OtherCounts)?;
    ensure(other_sums.len() == SUMS, Reason::Shape, Argument::OtherSums)?;
    for (count, other) in counts.iter_mut().zip(other_counts) {
        *count = count.saturating_add(*other);
    }
    add_compensated(sums, other_sums[0]);
    sums[1] += other_sums[1];
    Ok(())
}

/// The metrics of everything added so far; the state stays as it is and may go on.
///
/// # Errors
/// [`Reason::Empty`] on `Latents` and [`Reason::Shape`] on `Counts` and `Sums` as for [`begin`]; [`Reason::Empty`] on
/// `Samples` where no sample was added; [`Reason::NotANumber`] or [`Reason::Infinite`] on `Sums` that no evaluation
/// leaves.
pub fn finish(counts: &[u64], sums: &[f64]) -> Result<Metrics, Error> {
    check_state(counts, sums, counts.len().saturating_sub(SHARED_COUNTS))?;
    let (shared, fired) = counts.split_at(SHARED_COUNTS);
    let (samples, kept) = (shared[0], shared[1]);
    ensure(samples > 0, Reason::Empty, Argument::Samples)?;
    crate::matrix::ensure_finite_slice(sums, Argument::Sums)?;
    let mean = |sum: f64, count: u64| if count == 0 { 0.0 } else { sum / count as f64 };
    Ok(Metrics {
        samples,
        kept,
        true_l0: mean(shared[2] as f64, samples),
        sae_l0: mean(shared[3] as f64, kept),
        dead_latents: fired.iter().filter(|&&count| count == 0).count() as u64,
        shrinkage: mean(sums[0] + sums[1], kept),
    })
}
