//! Correlations given by pairs, laid out as independent groups of features that pairs connect.
//!
//! Features are the nodes and pairs of non-zero correlation the edges of a graph; its connected components are found by
//! union-find with path halving (Tarjan and van Leeuwen 1984). Features of different components are uncorrelated, so
//! that the correlation matrix is block-diagonal, with one block a component, and so is its Cholesky factor. Memory and
//! time grow with the blocks, not with the square of the number of features.

use super::correlated::cholesky_factor;
use super::correlation::{CorrelatedPair, check_pairs, correlation_matrix_scratch, repair};
use super::firing::{PerFeature, check_probabilities};
use super::plan::check_features;
use super::quantile::upper_normal_quantile;
use crate::error::{Argument, Error, Reason, ensure};
use crate::scalar::Scalar;
use crate::workspace::{ensure_workspace, take, take_zeros, vector_scratch};
use core::ops::Range;
use faer::dyn_stack::{MemStack, StackReq};

/// The lengths of the arrays of [`CorrelatedGroups`]; see [`CorrelatedGroupsBuffers`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CorrelatedGroupsLengths {
    /// Features that are correlated with another one.
    pub members: usize,
    /// Groups of them.
    pub groups: usize,
    /// Elements of all factors: the sum of m (m + 1) / 2 over the groups, of m members each.
    pub factors: usize,
    /// Members of the largest group; 0 where there is none.
    pub largest: usize,
}

/// The memory of [`CorrelatedGroups`], of the lengths that [`CorrelatedGroupsLengths`] says.
#[derive(Debug)]
pub struct CorrelatedGroupsBuffers<'a, T> {
    /// As many as there are members.
    pub members: &'a mut [u32],
    /// As many as there are members.
    pub ranks: &'a mut [u32],
    /// As many as there are groups.
    pub group_ends: &'a mut [u32],
    /// As many as the factors have elements.
    pub factors: &'a mut [T],
    /// As many as there are members.
    pub thresholds: &'a mut [T],
}

/// Groups of correlated features, prepared once for any number of samples.
#[derive(Clone, Copy, Debug)]
pub struct CorrelatedGroups<'a, T> {
    /// The features that are correlated with another one, in increasing order.
    members: &'a [u32],
    /// Group by group, the members' places in `members`.
    ranks: &'a [u32],
    /// The groups' ends in `ranks`.
    group_ends: &'a [u32],
    /// Group by group, the lower triangle of the factor L of its correlations L L^T, row by row.
    factors: &'a [T],
    /// Group by group, the numbers that a member's normal variable must exceed for it to fire.
    thresholds: &'a [T],
}

/// The number of elements of the lower triangle of an m by m matrix.
fn triangle(m: usize) -> Option<usize> {
    // One of m and m + 1 is even.
    let (half, other) = if m.is_multiple_of(2) { (m / 2, m.checked_add(1)?) } else { (m.div_ceil(2), m) };
    half.checked_mul(other)
}

/// The m of which this is [`triangle`].
fn rows_of_triangle(elements: usize) -> usize {
    (8 * elements + 1).isqrt() / 2
}

/// The workspace of [`correlated_groups_lengths`]: 8 bytes a feature.
pub fn correlated_groups_scratch(features: usize) -> StackReq {
    vector_scratch::<u32>(features).and(vector_scratch::<u32>(features))
}

/// The lengths of the arrays for groups of `features` features with these correlations.
///
/// Two features are in the same group where a chain of pairs with correlations other than 0 leads from one to the other.
///
/// # Errors
/// [`Reason::Empty`] and, for 2^32 or more, [`Reason::OutOfRange`] on `Features`; [`Reason::IndexOutOfRange`] on
/// `Pairs` for an index >= `features`, [`Reason::Order`] unless i < j, [`Reason::NotANumber`], [`Reason::Infinite`] or
/// [`Reason::OutOfRange`] for a correlation outside [-1, 1], [`Reason::SizeOverflow`] where the factors do not fit into
/// the address space; [`Reason::WorkspaceTooSmall`].
///
/// # Cost
/// O(n + pairs log n); workspace [`correlated_groups_scratch`].
pub fn correlated_groups_lengths(
    pairs: &[CorrelatedPair],
    features: usize,
    stack: &mut MemStack,
) -> Result<CorrelatedGroupsLengths, Error> {
    check_features(features)?;
    check_pairs(pairs, features)?;
    measure(pairs, features, stack)
}

/// As [`correlated_groups_lengths`], of pairs that have been checked.
fn measure(
    pairs: &[CorrelatedPair],
    features: usize,
    stack: &mut MemStack,
) -> Result<CorrelatedGroupsLengths, Error> {
    ensure_workspace(stack, correlated_groups_scratch(features))?;
    let (mut roots, stack) = take(stack, features, 0);
    let (mut sizes, _) = take(stack, features, 0);
    connect(pairs, &mut roots);
    count(&roots, &mut sizes)
}

/// Sets `roots[i]` to the least feature that pairs connect with feature i.
fn connect(pairs: &[CorrelatedPair], roots: &mut [u32]) {
    roots.iter_mut().zip(0..).for_each(|(root, i)| *root = i);
    let find = |roots: &mut [u32], mut i: u32| {
        while roots[i as usize] != i {
            // A path is halved as it is walked.
            roots[i as usize] = roots[roots[i as usize] as usize];
            i = roots[i as usize];
        }
        i
    };
    for pair in pairs.iter().filter(|pair| pair.correlation != 0.0) {
        let (a, b) = (find(roots, pair.i), find(roots, pair.j));
        roots[a.max(b) as usize] = a.min(b);
    }
    // No parent comes after its child, so that it already has its root.
    for i in 0..roots.len() {
        roots[i] = roots[roots[i] as usize];
    }
}

/// Counts the features of each root, and what their groups need.
fn count(roots: &[u32], sizes: &mut [u32]) -> Result<CorrelatedGroupsLengths, Error> {
    sizes.fill(0);
    roots.iter().for_each(|&root| sizes[root as usize] += 1);
    let mut lengths = CorrelatedGroupsLengths::default();
    let overflow = Error::new(Reason::SizeOverflow, Argument::Pairs);
    for &size in sizes.iter().filter(|&&size| size > 1) {
        let size = size as usize;
        lengths.members += size;
        lengths.groups += 1;
        lengths.largest = lengths.largest.max(size);
        let factors = triangle(size).and_then(|elements| lengths.factors.checked_add(elements));
        lengths.factors = factors.ok_or(overflow)?;
    }
    Ok(lengths)
}

/// The workspace of [`correlate_groups`]: 12 bytes a feature, 8 a group and an element of a factor, and what
/// [`correlation_matrix`](super::correlation::correlation_matrix) needs for the largest group.
pub fn correlate_groups_scratch(features: usize, lengths: &CorrelatedGroupsLengths) -> StackReq {
    StackReq::all_of(&[
        correlated_groups_scratch(features),
        vector_scratch::<u32>(features),
        vector_scratch::<usize>(lengths.groups),
        vector_scratch::<f64>(lengths.factors),
        correlation_matrix_scratch(lengths.largest),
    ])
}

/// Lays out correlated features in groups for [`sample_grouped_csr`](super::sample_grouped_csr) and its like; gives the
/// groups and how many of them had to be repaired.
///
/// `independent` has one element a feature, and gets what is left for a [`FiringPlan`](super::FiringPlan): the
/// probability of a feature that is correlated with none, and 0 for the members of groups. `probabilities` has one value
/// a feature, or one for all.
///
/// The correlations c_ij = c_ji are those of the last pair (i, j), and 0 where there is none. A group's block of the
/// correlation matrix with an eigenvalue below -1e-6 is repaired as
/// [`correlation_matrix`](super::correlation::correlation_matrix) repairs a whole matrix: its eigenvalues below 1e-6
/// are raised to it, and its diagonal is scaled back to 1. Other blocks stay as they are. Each block is factorised, in
/// double precision whatever `T` is. All buffers are overwritten.
///
/// # Errors
/// As for [`correlated_groups_lengths`]; [`Reason::Empty`], [`Reason::Shape`], [`Reason::NotANumber`],
/// [`Reason::Infinite`] and, outside [0, 1], [`Reason::OutOfRange`] on `Probabilities`; [`Reason::Shape`] on `Members`,
/// `Ranks`, `GroupEnds`, `Factors` and `Thresholds` whose lengths are not what [`correlated_groups_lengths`] gives;
/// [`Reason::NotPositiveDefinite`] on `Pairs` for a block that was not repaired and is singular, such as one with a
/// correlation of 1; [`Reason::NotConverged`] on `Pairs` should eigenvalues not be found. The buffers are then
/// untouched.
///
/// # Cost
/// O(n + pairs log n), and m^3/3 flops twice for each group of m members, 10 m^3 more where it is repaired; workspace
/// [`correlate_groups_scratch`]. Deterministic; factors may differ in their last bits between processors with different
/// SIMD instructions.
pub fn correlate_groups<'a, T: Scalar>(
    pairs: &[CorrelatedPair],
    probabilities: &[T],
    independent: &mut [T],
    buffers: CorrelatedGroupsBuffers<'a, T>,
    stack: &mut MemStack,
) -> Result<(CorrelatedGroups<'a, T>, usize), Error> {
    let features = independent.len();
    check_features(features)?;
    check_pairs(pairs, features)?;
    check_probabilities(probabilities, features)?;
    let lengths = measure(pairs, features, stack)?;
    for (len, want, argument) in [
        (buffers.members.len(), lengths.members, Argument::Members),
        (buffers.ranks.len(), lengths.members, Argument::Ranks),
        (buffers.group_ends.len(), lengths.groups, Argument::GroupEnds),
        (buffers.factors.len(), lengths.factors, Argument::Factors),
        (buffers.thresholds.len(), lengths.members, Argument::Thresholds),
    ] {
        ensure(len == want, Reason::Shape, argument)?;
    }
    ensure_workspace(stack, correlate_groups_scratch(features, &lengths))?;

    let (mut roots, stack) = take(stack, features, 0);
    let (mut places, stack) = take(stack, features, 0);
    let (mut groups, stack) = take(stack, features, 0);
    let (mut bases, stack) = take(stack, lengths.groups, 0);
    let (mut factors, stack) = take_zeros::<f64>(stack, lengths.factors);
    connect(pairs, &mut roots);
    count(&roots, &mut groups)?;
    number_members(&roots, &mut groups, &mut places, &mut bases);

    // Blocks as packed lower triangles: element (row, column) of a block at base + row (row + 1) / 2 + column.
    for pair in pairs {
        let (i, j) = (pair.i as usize, pair.j as usize);
        if roots[i] == roots[j] {
            let (row, column) = (places[j] as usize, places[i] as usize);
            factors[bases[groups[i] as usize] + row * (row + 1) / 2 + column] = pair.correlation;
        }
    }
    let end_of = |bases: &[usize], group: usize| bases.get(group + 1).map_or(lengths.factors, |&next| next);
    let mut repaired = 0;
    for (group, &base) in bases.iter().enumerate() {
        repaired += usize::from(factorise_block(&mut factors[base..end_of(&bases, group)], stack)?);
    }

    for (factor, &element) in buffers.factors.iter_mut().zip(factors.iter()) {
        *factor = T::from_f64(element);
    }
    let mut begin = 0;
    for (group, group_end) in buffers.group_ends.iter_mut().enumerate() {
        let rows = rows_of_triangle(end_of(&bases, group) - bases[group]);
        // Of use below: where the group's members begin.
        bases[group] = begin;
        begin += rows;
        *group_end = begin as u32;
    }
    let (mut rank, probabilities) = (0, PerFeature::new(probabilities));
    for (i, independent) in independent.iter_mut().enumerate() {
        let p = probabilities.of(i);
        if groups[i] == ALONE {
            *independent = p;
            continue;
        }
        let position = bases[groups[i] as usize] + places[i] as usize;
        buffers.members[rank] = i as u32;
        buffers.ranks[position] = rank as u32;
        buffers.thresholds[position] = T::from_f64(upper_normal_quantile(p.to_f64()));
        *independent = T::ZERO;
        rank += 1;
    }
    let CorrelatedGroupsBuffers { members, ranks, group_ends, factors, thresholds } = buffers;
    Ok((CorrelatedGroups { members, ranks, group_ends, factors, thresholds }, repaired))
}

/// The group of a feature that is correlated with none.
const ALONE: u32 = u32::MAX;

/// Numbers the groups in the order of their least features, and the members within each.
///
/// `groups` comes with the number of features of each root and goes with the group of each feature; `bases` gets where
/// the groups' triangles begin.
fn number_members(roots: &[u32], groups: &mut [u32], places: &mut [u32], bases: &mut [usize]) {
    let (mut group, mut base) = (0, 0);
    for i in 0..roots.len() {
        let root = roots[i] as usize;
        if root < i {
            // Counted at the root, whose own place is 0: the last place given so far.
            groups[i] = groups[root];
            places[root] += 1;
            places[i] = places[root];
        } else if groups[i] > 1 {
            let size = groups[i] as usize;
            (groups[i], bases[group], places[i]) = (group as u32, base, 0);
            base += size * (size + 1) / 2;
            group += 1;
        } else {
            groups[i] = ALONE;
        }
    }
    for (i, &root) in roots.iter().enumerate() {
        if root as usize == i {
            places[i] = 0;
        }
    }
}

/// Replaces the lower triangle of correlations, without its diagonal, by that of their factor; tells whether it had to
/// be repaired.
fn factorise_block(triangle: &mut [f64], stack: &mut MemStack) -> Result<bool, Error> {
    let m = rows_of_triangle(triangle.len());
    let (mut matrix, stack) = take_zeros::<f64>(stack, m * m);
    let rows = |row: usize| row * (row + 1) / 2..row * (row + 1) / 2 + row + 1;
    for row in 0..m {
        for (column, &element) in triangle[rows(row)].iter().enumerate() {
            matrix[column * m + row] = if row == column { 1.0 } else { element };
        }
    }
    let repaired = repair(&mut matrix, m, stack, Argument::Pairs)?;
    cholesky_factor(&mut matrix, m, stack, Argument::Pairs)?;
    for row in 0..m {
        for (column, element) in triangle[rows(row)].iter_mut().enumerate() {
            *element = matrix[column * m + row];
        }
    }
    Ok(repaired)
}

impl<'a, T: Scalar> CorrelatedGroups<'a, T> {
    /// Groups from arrays that anybody may have written.
    ///
    /// Lengths, indices and orders are checked, so that samples have columns that are members, in increasing order;
    /// but the law is right only for groups as they were made.
    pub(crate) fn from_parts(
        members: &'a [u32],
        ranks: &'a [u32],
        group_ends: &'a [u32],
        factors: &'a [T],
        thresholds: &'a [T],
    ) -> Result<Self, Error> {
        let rising = members.windows(2).all(|pair| pair[0] < pair[1]);
        ensure(rising, Reason::Unsorted, Argument::Members)?;
        ensure(ranks.len() == members.len(), Reason::Shape, Argument::Ranks)?;
        let within = ranks.iter().all(|&rank| (rank as usize) < members.len());
        ensure(within, Reason::IndexOutOfRange, Argument::Ranks)?;
        let rising = group_ends.windows(2).all(|pair| pair[0] <= pair[1]);
        ensure(rising, Reason::Unsorted, Argument::GroupEnds)?;
        let last = group_ends.last().map_or(0, |&end| end as usize);
        ensure(last == members.len(), Reason::Shape, Argument::GroupEnds)?;
        ensure(thresholds.len() == members.len(), Reason::Shape, Argument::Thresholds)?;
        let groups = Self { members, ranks, group_ends, factors, thresholds };
        let elements = groups.ranges().try_fold(0usize, |sum, range| sum.checked_add(triangle(range.len())?));
        ensure(elements == Some(factors.len()), Reason::Shape, Argument::Factors)?;
        Ok(groups)
    }

    /// The features that are correlated with another one, in increasing order.
    pub fn members(&self) -> &'a [u32] {
        self.members
    }

    /// Members of the largest group; 0 where there is none.
    pub fn largest(&self) -> usize {
        self.ranges().map(|range| range.len()).max().unwrap_or(0)
    }

    /// The groups' ranges of `ranks`.
    fn ranges(&self) -> impl Iterator<Item = Range<usize>> + 'a {
        let ends = self.group_ends;
        (0..ends.len()).map(move |g| if g == 0 { 0 } else { ends[g - 1] as usize }..ends[g] as usize)
    }

    /// For each group the members' ranks, the factor's lower triangle and the thresholds.
    pub(super) fn groups(&self) -> impl Iterator<Item = (&'a [u32], &'a [T], &'a [T])> + 'a {
        let (ranks, thresholds, mut rest) = (self.ranks, self.thresholds, self.factors);
        self.ranges().map(move |range| {
            let elements = triangle(range.len()).unwrap_or(0).min(rest.len());
            let (factor, others) = rest.split_at(elements);
            rest = others;
            (&ranks[range.clone()], factor, &thresholds[range])
        })
    }
}
