//! Samples of features of which some are correlated in groups and the others independent.
//!
//! The members of a group fire by a Gaussian copula, as in [`correlated`](super::correlated): z = L eps with the
//! group's own factor L, and feature i fires where z_i exceeds its threshold. The other features are walked as in
//! [`sample_sparse_csr`](super::sample_sparse_csr). Groups have disjoint parts of the eps, and so are independent of
//! each other and of the rest: the law is that of the whole correlation matrix, with 0 where no pair says otherwise.

use super::correlated_groups::CorrelatedGroups;
use super::csr::CsrMut;
use super::fired_set::{WORD, ones};
use super::firing::{PerFeature, magnitude};
use super::independent::check_last_row;
use super::sparse::{PlannedFiring, fire_row};
use crate::error::{Argument, Error, Reason, ensure};
use crate::matrix::{RowMajorMut, ensure_not_empty, row_mut};
use crate::rng::{Purpose, Stream, standard_normal};
use crate::scalar::Scalar;
use crate::workspace::{ensure_workspace, take, take_zeros, vector_scratch};
use faer::dyn_stack::{DynArray, MemStack, StackReq};

/// The workspace of [`sample_grouped_csr`] and [`sample_grouped`]: a bit a member, and an element for each member of the
/// largest group.
pub fn sample_grouped_scratch<T: Scalar>(members: usize, largest: usize) -> StackReq {
    vector_scratch::<u64>(members.div_ceil(WORD)).and(vector_scratch::<T>(largest))
}

/// Writes `rows` samples of features that are correlated in groups to `out`, non-zeros only, and gives their number.
///
/// x_rj = relu(mean_j + std_j N(0, 1)) where feature j fires, else 0. Members of `groups` fire as their factors and
/// thresholds say, the other features with the probabilities planned in `firing`, which
/// [`correlate_groups`](super::correlate_groups) provides as `independent`. Row r is sample `first_row + r` of `stream`,
/// a function of `(seed, stream, first_row + r)`, `firing` and `groups` alone. Columns come in increasing order in every
/// row; activations that the relu makes zero are dropped. Without groups the samples are those of
/// [`sample_sparse_csr`](super::sample_sparse_csr), to the bit.
///
/// # Errors
/// [`Reason::Empty`] on `Rows`; [`Reason::SizeOverflow`] on `FirstRow` where the last row's number would not fit in 64
/// bits; [`Reason::IndexOutOfRange`] on `Members` for a member that is no feature of the plan;
/// [`Reason::WorkspaceTooSmall`]; [`Reason::Shape`] on `RowOffsets` unless there are `rows + 1` of them, and on `Values`
/// unless there are as many as columns: `out` is then untouched. [`Reason::Capacity`] on `Capacity` where the non-zeros
/// do not fit: `row_offsets` is then complete, so that its last element is the capacity needed, and the elements that
/// fit have been written.
///
/// # Cost
/// As for [`sample_sparse_csr`](super::sample_sparse_csr), and in every row for each member a normal number, and m (m +
/// 1) flops for each group of m members. Workspace [`sample_grouped_scratch`].
///
/// # Determinism
/// Sums go over the members of a group in order, each product rounded: of the same arrays, the same bits on every
/// platform, whatever the split into calls. Each member fires with its probability to within what its threshold and its
/// factor's row, rounded to `T`, and the numbers of `standard_normal` allow; 0 and 1 are exact.
pub fn sample_grouped_csr<T: Scalar>(
    firing: &PlannedFiring<'_, T>,
    groups: &CorrelatedGroups<'_, T>,
    stream: Stream,
    first_row: u64,
    rows: usize,
    out: CsrMut<'_, T>,
    stack: &mut MemStack,
) -> Result<usize, Error> {
    ensure(rows > 0, Reason::Empty, Argument::Rows)?;
    check_last_row(first_row, rows)?;
    let mut sampler = Sampler::new(firing, groups, stack)?;
    let mut out = out.begin(rows)?;
    for r in 0..rows {
        sampler.sample(stream, first_row + r as u64, |column, value| out.push(column, value));
        out.end_row();
    }
    out.finish()
}

/// Fills `out[b, n]` with samples of features that are correlated in groups.
///
/// The samples are those of [`sample_grouped_csr`], to the bit.
///
/// # Errors
/// [`Reason::Empty`] on `Activations` for no elements and [`Reason::Shape`] where it has not a column a feature;
/// [`Reason::SizeOverflow`] on `FirstRow` where the last row's number would not fit in 64 bits;
/// [`Reason::IndexOutOfRange`] on `Members`; [`Reason::WorkspaceTooSmall`]. `out` is then untouched.
///
/// # Cost
/// As for [`sample_grouped_csr`], and b n zeros written. Workspace [`sample_grouped_scratch`].
pub fn sample_grouped<T: Scalar>(
    firing: &PlannedFiring<'_, T>,
    groups: &CorrelatedGroups<'_, T>,
    stream: Stream,
    first_row: u64,
    mut out: RowMajorMut<'_, T>,
    stack: &mut MemStack,
) -> Result<(), Error> {
    ensure_not_empty(out.as_ref(), Argument::Activations)?;
    ensure(out.ncols() == firing.features(), Reason::Shape, Argument::Activations)?;
    check_last_row(first_row, out.nrows())?;
    let mut sampler = Sampler::new(firing, groups, stack)?;
    for r in 0..out.nrows() {
        let sample = row_mut(&mut out, r);
        sample.fill(T::ZERO);
        sampler.sample(stream, first_row + r as u64, |column, value| sample[column as usize] = value);
    }
    Ok(())
}

/// What is needed to draw a row, with its memory.
struct Sampler<'a, T> {
    firing: &'a PlannedFiring<'a, T>,
    groups: &'a CorrelatedGroups<'a, T>,
    /// A bit a member, in the order of the features: whether it fires.
    fired: DynArray<'a, u64>,
    /// The eps of a group.
    noise: DynArray<'a, T>,
}

impl<'a, T: Scalar> Sampler<'a, T> {
    fn new(
        firing: &'a PlannedFiring<'a, T>,
        groups: &'a CorrelatedGroups<'a, T>,
        stack: &'a mut MemStack,
    ) -> Result<Self, Error> {
        let (members, largest) = (groups.members(), groups.largest());
        let known = members.last().is_none_or(|&last| (last as usize) < firing.features());
        ensure(known, Reason::IndexOutOfRange, Argument::Members)?;
        ensure_workspace(stack, sample_grouped_scratch::<T>(members.len(), largest))?;
        let (fired, stack) = take(stack, members.len().div_ceil(WORD), 0);
        let (noise, _) = take_zeros(stack, largest);
        Ok(Self { firing, groups, fired, noise })
    }

    /// Draws sample `row` and hands on what is not zero, in order.
    fn sample(&mut self, stream: Stream, row: u64, mut take: impl FnMut(u32, T)) {
        self.fire_members(stream, row);
        let (means, std_devs) = self.firing.magnitudes();
        let (means, std_devs) = (PerFeature::new(means), PerFeature::new(std_devs));
        let mut random = stream.row(Purpose::SparseMagnitudes, row);
        let mut push = |column: u32| {
            let j = column as usize;
            let x = magnitude(means.of(j), std_devs.of(j), &mut random);
            if x > T::ZERO {
                take(column, x);
            }
        };
        let members = self.groups.members();
        let mut correlated = ones(&self.fired).map(|rank| members[rank]).peekable();
        fire_row(self.firing.plan(), stream.row(Purpose::SparseActivations, row), |independent| {
            for &column in independent {
                while let Some(member) = correlated.next_if(|&member| member < column) {
                    push(member);
                }
                // Of a plan in which a member has a probability of its own, once only.
                correlated.next_if_eq(&column);
                push(column);
            }
        });
        correlated.for_each(push);
    }

    /// Draws which members of groups fire.
    fn fire_members(&mut self, stream: Stream, row: u64) {
        self.fired.fill(0);
        if self.fired.is_empty() {
            return;
        }
        let mut random = stream.row(Purpose::GroupedActivations, row);
        for (ranks, factor, thresholds) in self.groups.groups() {
            let noise = &mut self.noise[..ranks.len()];
            noise.fill_with(|| T::from_f64(standard_normal(&mut random)));
            let mut rest = factor;
            for (i, (&rank, &threshold)) in ranks.iter().zip(thresholds).enumerate() {
                let (coefficients, others) = rest.split_at(i + 1);
                rest = others;
                let products = coefficients.iter().zip(noise.iter()).map(|(&l, &eps)| l * eps);
                let z = products.fold(T::ZERO, |sum, product| sum + product);
                self.fired[rank as usize / WORD] |= u64::from(z > threshold) << (rank as usize % WORD);
            }
        }
    }
}
