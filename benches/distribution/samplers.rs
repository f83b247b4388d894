//! The samplers of the library, each set up for features of the same form.

use super::counts::Counts;
use super::features::{Features, GROUPS, Sharing};
use super::planned::planned;
use anyhow::Result;
use clap::ValueEnum;
use faer::dyn_stack::MemBuffer;
use sae_kernels::activation::correlated::{
    factorise, factorise_scratch, sample_correlated, sample_scratch, thresholds,
};
use sae_kernels::activation::correlation::CorrelatedPair;
use sae_kernels::activation::{
    CorrelatedGroupsBuffers, CsrMut, Firing, LowRankFiring, PlannedFiring, correlate_groups,
    correlate_groups_scratch, correlated_groups_lengths, correlated_groups_scratch, csr_from_dense,
    low_rank_plan_len, plan_low_rank, sample_grouped_csr, sample_grouped_scratch, sample_independent_csr,
    sample_low_rank_csr, sample_low_rank_scratch, sample_sparse_csr,
};
use sae_kernels::matrix::{row_major, row_major_mut};
use sae_kernels::rng::Stream;
use sae_kernels::{MemStack, Scalar};

/// A function that draws samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Sampler {
    /// Each feature by its own random word.
    Independent,
    /// Independent features by a walk along a line.
    Sparse,
    /// By a dense Cholesky factor.
    Correlated,
    /// By factors of low rank.
    LowRank,
    /// By groups of features with a factor each.
    Grouped,
}

/// Draws so many rows from a first one on.
pub type Draw<'a, T> = Box<dyn FnMut(u64, usize, CsrMut<'_, T>) -> Result<usize> + 'a>;

impl Sampler {
    pub fn name(self) -> &'static str {
        match self {
            Self::Independent => "sample_independent_csr",
            Self::Sparse => "sample_sparse_csr",
            Self::Correlated => "sample_correlated",
            Self::LowRank => "sample_low_rank_csr",
            Self::Grouped => "sample_grouped_csr",
        }
    }

    /// What the features have in common when this sampler is tested.
    pub fn sharing(self) -> Sharing {
        match self {
            Self::Independent | Self::Sparse => Sharing::Independent,
            Self::Correlated => Sharing::OneFactor,
            Self::LowRank | Self::Grouped => Sharing::TwoFactors,
        }
    }

    /// The sampler of these features; what it plans lies in memory that is not freed.
    pub fn prepare<T: Scalar>(self, features: &Features<T>, stream: Stream) -> Result<Draw<'_, T>> {
        match self {
            Self::Independent => {
                let Features { probabilities, means, std_devs, .. } = features;
                let firing = Firing { probabilities, means, std_devs };
                Ok(Box::new(move |first_row, rows, out| {
                    Ok(sample_independent_csr(&firing, features.len(), stream, first_row, rows, out)?)
                }))
            }
            Self::Sparse => {
                let firing = sparse(&features.probabilities, features)?;
                Ok(Box::new(move |first_row, rows, out| {
                    Ok(sample_sparse_csr(&firing, stream, first_row, rows, out)?)
                }))
            }
            Self::Correlated => correlated(features, stream),
            Self::LowRank => low_rank(features, stream),
            Self::Grouped => grouped(features, stream),
        }
    }
}

/// Rows of a call.
const CHUNK: usize = 4096;

/// Draws rows and counts them.
pub fn count<T: Scalar>(
    sampler: Sampler,
    features: &Features<T>,
    stream: Stream,
    rows: u64,
    counts: &mut Counts,
) -> Result<()> {
    let mut draw = sampler.prepare(features, stream)?;
    let mut offsets = vec![0; CHUNK + 1];
    let (mut columns, mut values) = (vec![0; CHUNK * features.len()], vec![T::ZERO; CHUNK * features.len()]);
    for first_row in (0..rows).step_by(CHUNK) {
        let rows = CHUNK.min((rows - first_row) as usize);
        let row_offsets = &mut offsets[..=rows];
        draw(first_row, rows, CsrMut { row_offsets, columns: &mut columns, values: &mut values })?;
        for ends in offsets[..=rows].windows(2) {
            let range = ends[0] as usize..ends[1] as usize;
            counts.add(&columns[range.clone()], &values[range]);
        }
    }
    Ok(())
}

fn sparse<'a, T: Scalar>(probabilities: &[T], features: &'a Features<T>) -> Result<PlannedFiring<'a, T>> {
    let plan = planned(probabilities, features.len())?;
    Ok(PlannedFiring::new(plan, &features.means, &features.std_devs)?)
}

fn correlated<T: Scalar>(features: &Features<T>, stream: Stream) -> Result<Draw<'_, T>> {
    let n = features.len();
    let correlation: Vec<T> = (0..n * n).map(|k| T::from_f64(features.correlation(k / n, k % n))).collect();
    let (mut factor, mut limits) = (vec![T::ZERO; n * n], vec![T::ZERO; n]);
    let mut memory = MemBuffer::new(factorise_scratch(n));
    let out = row_major_mut(&mut factor, n, n, n)?;
    factorise(row_major(&correlation, n, n, n)?, out, MemStack::new(&mut memory))?;
    thresholds(&features.probabilities, &mut limits)?;
    let mut memory = MemBuffer::new(sample_scratch::<T>(n));
    let mut dense = Vec::new();
    Ok(Box::new(move |first_row, rows, out| {
        dense.resize(rows * n, T::ZERO);
        sample_correlated(
            row_major(&factor, n, n, n)?,
            &limits,
            &features.means,
            &features.std_devs,
            stream,
            first_row,
            row_major_mut(&mut dense, rows, n, n)?,
            MemStack::new(&mut memory),
        )?;
        Ok(csr_from_dense(row_major(&dense, rows, n, n)?, out)?)
    }))
}

/// Orthonormal vectors, so that features of different groups do not correlate although they share all dimensions.
const AXES: [[f64; GROUPS]; GROUPS] = [[0.6, 0.8], [-0.8, 0.6]];

fn low_rank<T: Scalar>(features: &Features<T>, stream: Stream) -> Result<Draw<'_, T>> {
    let n = features.len();
    let loadings = features.groups.iter().zip(&features.loadings);
    let row = |(group, loading): (&Option<usize>, &f64)| {
        group.map_or([0.0; GROUPS], |group| AXES[group].map(|x| x * loading))
    };
    let factor: Vec<T> = loadings.flat_map(row).map(T::from_f64).collect();
    let diagonal: Vec<T> = features.loadings.iter().map(|x| T::from_f64(1.0 - x * x)).collect();
    let len = low_rank_plan_len::<T>(n, GROUPS).expect("a size");
    let panels = vec![T::ZERO; len].leak();
    let plan =
        plan_low_rank(row_major(&factor, n, GROUPS, GROUPS)?, &diagonal, &features.probabilities, panels)?;
    let firing = LowRankFiring::new(plan, &features.means, &features.std_devs)?;
    let mut memory = MemBuffer::new(sample_low_rank_scratch::<T>(n, GROUPS));
    Ok(Box::new(move |first_row, rows, out| {
        Ok(sample_low_rank_csr(&firing, stream, first_row, rows, out, MemStack::new(&mut memory))?)
    }))
}

fn grouped<T: Scalar>(features: &Features<T>, stream: Stream) -> Result<Draw<'_, T>> {
    let n = features.len();
    let all = (0..n).flat_map(|i| (i + 1..n).map(move |j| (i, j)));
    let pairs: Vec<_> = all
        .map(|(i, j)| CorrelatedPair { i: i as u32, j: j as u32, correlation: features.correlation(i, j) })
        .collect();
    let mut memory = MemBuffer::new(correlated_groups_scratch(n));
    let lengths = correlated_groups_lengths(&pairs, n, MemStack::new(&mut memory))?;
    let buffers = CorrelatedGroupsBuffers {
        members: vec![0; lengths.members].leak(),
        ranks: vec![0; lengths.members].leak(),
        group_ends: vec![0; lengths.groups].leak(),
        factors: vec![T::ZERO; lengths.factors].leak(),
        thresholds: vec![T::ZERO; lengths.members].leak(),
    };
    let mut independent = vec![T::ZERO; n];
    let mut memory = MemBuffer::new(correlate_groups_scratch(n, &lengths));
    let stack = MemStack::new(&mut memory);
    let (groups, repaired) =
        correlate_groups(&pairs, &features.probabilities, &mut independent, buffers, stack)?;
    anyhow::ensure!(repaired == 0, "correlations by a factor need no repair");
    let firing = sparse(&independent, features)?;
    let mut memory = MemBuffer::new(sample_grouped_scratch::<T>(lengths.members, lengths.largest));
    Ok(Box::new(move |first_row, rows, out| {
        Ok(sample_grouped_csr(&firing, &groups, stream, first_row, rows, out, MemStack::new(&mut memory))?)
    }))
}
