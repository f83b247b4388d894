//! The rules of a hierarchy, applied to activations: to dense rows and to sparse ones.
//!
//! Only the nodes of features that fire are visited. In the order of their places, a gate's fate is settled before it
//! is asked for, and siblings come one after the other.

use super::forest::{EXCLUSIVE, SCALED};
use super::{Hierarchy, NONE};
use crate::activation::csr::CsrMut;
use crate::activation::firing::PerFeature;
use crate::activation::independent::check_last_row;
use crate::error::{Argument, Error, Reason, ensure};
use crate::matrix::{RowMajorMut, ensure_not_empty, row_mut};
use crate::rng::{Purpose, Stream, uniform_index};
use crate::scalar::Scalar;
use rand_pcg::Pcg64;

/// The length of the buffer to apply a hierarchy of `nodes` nodes: one number a node.
pub const fn apply_buffer_len(nodes: usize) -> usize {
    nodes
}

/// Applies the hierarchy to the rows of `activations[b, n]`, n features; row k is row `first_row` + k of the stream.
///
/// From the roots downwards, for each node: its feature becomes 0 where its parent is inactive; then, where the node is
/// active, its children exclude each other and several children with features are active, one of these, chosen
/// uniformly, stays and the others become 0; those that stay are multiplied by a / `means[g]` where the node scales its
/// children, a being the activation of g, the nearest feature at or above the node, after its own scaling. A node is
/// active where its feature is > 0, and one without a feature where its parent is, or always if it is a root. Roots are
/// never changed, nor are features without a node.
///
/// - `means`: each feature's mean before the relu, or one mean for all; not looked at, and may be empty, where the
///   hierarchy does not scale.
/// - `buffer`: [`apply_buffer_len`] elements, whose contents are lost.
///
/// The choices are drawn from a generator of the row that serves nothing else, in level order of the nodes: a row
/// does not depend on the batch it is in, and a row without a choice to make draws nothing.
///
/// # Errors
/// [`Reason::Empty`] (activations); [`Reason::Shape`] (activations) unless n is the hierarchy's feature count;
/// [`Reason::SizeOverflow`] (`first_row`) where `first_row` + b exceeds 2^64 - 1; where the hierarchy scales
/// [`Reason::Shape`] (means), and [`Reason::OutOfRange`] (means) unless the means of features that scale others are
/// positive and finite; [`Reason::WorkspaceTooSmall`]. `activations` is then untouched. [`Reason::Diverged`]
/// (activations) where scaling exceeds the range of the numbers: the rows before that one are then complete.
/// A NaN is not > 0, so that its node is inactive.
///
/// # Cost
/// One pass over the batch, and O(f log f) for a row in which f features with nodes fire. Deterministic in (seed,
/// stream, row number); the same on every platform. [`apply_csr`] gives the same rows.
///
/// # Source
/// `sae_lens.synthetic.hierarchy_modifier`; scaling as in its version 6.54.
pub fn apply_dense<T: Scalar>(
    hierarchy: &Hierarchy<'_>,
    means: &[T],
    stream: Stream,
    first_row: u64,
    mut activations: RowMajorMut<'_, T>,
    buffer: &mut [u64],
) -> Result<(), Error> {
    ensure_not_empty(activations.as_ref(), Argument::Activations)?;
    let rows = activations.nrows();
    ensure(activations.ncols() == hierarchy.feature_count(), Reason::Shape, Argument::Activations)?;
    let rules = Rules::new(hierarchy, means, stream, buffer)?;
    check_last_row(first_row, rows)?;
    for k in 0..rows {
        rules.apply_to_row(first_row + k as u64, row_mut(&mut activations, k), buffer)?;
    }
    Ok(())
}

/// Applies the hierarchy to one row, that of number `row_number`; see [`apply_dense`].
///
/// # Errors
/// Those of [`apply_dense`].
///
/// # Cost
/// As a row of [`apply_dense`], whose result it gives bit for bit.
pub fn apply_row<T: Scalar>(
    hierarchy: &Hierarchy<'_>,
    means: &[T],
    stream: Stream,
    row_number: u64,
    activations: &mut [T],
    buffer: &mut [u64],
) -> Result<(), Error> {
    ensure(activations.len() == hierarchy.feature_count(), Reason::Shape, Argument::Activations)?;
    Rules::new(hierarchy, means, stream, buffer)?.apply_to_row(row_number, activations, buffer)
}

/// Applies the hierarchy to a sparse batch, drops what becomes 0, and gives the number of non-zeros that are left.
///
/// The rows are those that [`apply_dense`] makes of the same batch, to the bit. What is left is moved to the front, so
/// that `batch` holds a sparse batch again; what lies behind its last non-zero means nothing.
///
/// - `means`, `buffer`: as for [`apply_dense`].
///
/// # Errors
/// Those of [`CsrRef::new`](crate::activation::CsrRef::new) on `batch`, with the hierarchy's feature count as the number
/// of columns; those of [`apply_dense`] on the others. `batch` is then untouched. [`Reason::Diverged`] on `Values` where
/// scaling exceeds the range of the numbers: `batch` then holds the rows before that one, and empty rows.
///
/// # Cost
/// One pass over the batch to check it, and O(f log f) for a row of f non-zeros. Determinism as for [`apply_dense`].
pub fn apply_csr<T: Scalar>(
    hierarchy: &Hierarchy<'_>,
    means: &[T],
    stream: Stream,
    first_row: u64,
    mut batch: CsrMut<'_, T>,
    buffer: &mut [u64],
) -> Result<usize, Error> {
    let rows = batch.check(hierarchy.feature_count())?;
    let rules = Rules::new(hierarchy, means, stream, buffer)?;
    check_last_row(first_row, rows)?;
    batch.retain(|r, columns, values| rules.apply_to_entries(first_row + r as u64, columns, values, buffer))
}

/// Refuses means that a hierarchy cannot scale by, where it scales at all.
pub(crate) fn check_means<T: Scalar>(hierarchy: &Hierarchy<'_>, means: &[T]) -> Result<(), Error> {
    if !hierarchy.scales() {
        return Ok(());
    }
    let features = hierarchy.feature_count();
    ensure(means.len() == 1 || means.len() == features, Reason::Shape, Argument::Means)?;
    let means = PerFeature::new(means);
    // Features that are none come of buffers that were overwritten.
    let mut scaling = hierarchy.scaling_features().map(|j| j as usize).filter(|&j| j < features);
    let positive = scaling.all(|j| means.of(j) > T::ZERO && means.of(j).is_finite());
    ensure(positive, Reason::OutOfRange, Argument::Means)
}

/// What it takes to apply a hierarchy, checked.
struct Rules<'a, T> {
    hierarchy: &'a Hierarchy<'a>,
    means: &'a [T],
    stream: Stream,
}

impl<'a, T: Scalar> Rules<'a, T> {
    fn new(
        hierarchy: &'a Hierarchy<'a>,
        means: &'a [T],
        stream: Stream,
        buffer: &[u64],
    ) -> Result<Self, Error> {
        check_means(hierarchy, means)?;
        let enough = buffer.len() >= apply_buffer_len(hierarchy.nodes());
        ensure(enough, Reason::WorkspaceTooSmall, Argument::Workspace)?;
        Ok(Self { hierarchy, means, stream })
    }

    /// Applies them to a dense row.
    fn apply_to_row(&self, row_number: u64, row: &mut [T], buffer: &mut [u64]) -> Result<(), Error> {
        let mut fired = Fired { nodes: buffer, len: 0, sorted: true };
        let (chunks, rest) = row.as_chunks::<CHUNK>();
        for (c, chunk) in chunks.iter().enumerate() {
            // Most have no firing: without a branch an element, the search goes at the speed of the memory.
            let mut any = false;
            for x in chunk {
                any |= *x != T::ZERO;
            }
            if any {
                fired.add_all(self.hierarchy, c * CHUNK, chunk);
            }
        }
        fired.add_all(self.hierarchy, chunks.len() * CHUNK, rest);
        let position = |feature: u32| Some(feature as usize);
        self.apply_to_fired(row_number, fired.in_order(), row, position, Argument::Activations)
    }

    /// Applies them to the non-zeros of a sparse row.
    fn apply_to_entries(
        &self,
        row_number: u64,
        columns: &[u32],
        values: &mut [T],
        buffer: &mut [u64],
    ) -> Result<(), Error> {
        let mut fired = Fired { nodes: buffer, len: 0, sorted: true };
        for (position, &column) in columns.iter().enumerate() {
            fired.add(self.hierarchy, column, position);
        }
        let position = |feature: u32| columns.binary_search(&feature).ok();
        self.apply_to_fired(row_number, fired.in_order(), values, position, Argument::Values)
    }

    /// Applies them to the values of a row, of which `fired` says which belong to nodes; `position_of` says where a
    /// feature's value is.
    #[inline(always)]
    fn apply_to_fired(
        &self,
        row_number: u64,
        mut fired: &[u64],
        values: &mut [T],
        position_of: impl Fn(u32) -> Option<usize>,
        argument: Argument,
    ) -> Result<(), Error> {
        let means = PerFeature::new(self.means);
        // Most rows have nothing to choose: seed the generator when the first choice comes.
        let mut generator: Option<Pcg64> = None;
        while let Some(&first) = fired.first() {
            let (gate, parent, rules) = self.hierarchy.node(place(first));
            if parent == NONE {
                fired = &fired[1..];
                continue;
            }
            let is_sibling = |&&node: &&u64| self.hierarchy.node(place(node)).1 == parent;
            let (siblings, others) = fired.split_at(fired.iter().take_while(is_sibling).count());
            fired = others;

            let of_gate = match gate {
                NONE => Some(T::ONE),
                gate => position_of(gate).and_then(|position| values.get(position).copied()),
            };
            let Some(of_gate) = of_gate.filter(|&x| x > T::ZERO) else {
                siblings.iter().for_each(|&sibling| values[position(sibling)] = T::ZERO);
                continue;
            };
            if rules & EXCLUSIVE != 0 {
                let seed = || self.stream.row(Purpose::Exclusion, row_number);
                keep_one(siblings, values, || generator.get_or_insert_with(seed));
            }
            // Both hold in a forest that was not overwritten: the mean asked for is then there, and was checked.
            if rules & SCALED != 0 && gate != NONE && self.hierarchy.scales() {
                let factor = of_gate / means.of(gate as usize);
                for &sibling in siblings {
                    let value = &mut values[position(sibling)];
                    // Infinite times zero is not a number.
                    if *value != T::ZERO {
                        *value *= factor;
                        ensure(value.is_finite(), Reason::Diverged, argument)?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// Silences all but one of the siblings that are active, chosen uniformly; draws only where there is a choice.
#[inline(always)]
fn keep_one<'r, T: Scalar>(siblings: &[u64], values: &mut [T], random: impl FnOnce() -> &'r mut Pcg64) {
    let is_active = |values: &[T], node: u64| values[position(node)] > T::ZERO;
    let rivals = siblings.iter().filter(|&&node| is_active(values, node)).count() as u64;
    if rivals < 2 {
        return;
    }
    let kept = uniform_index(random(), rivals);
    let mut seen = 0;
    for &node in siblings {
        if is_active(values, node) {
            if seen != kept {
                values[position(node)] = T::ZERO;
            }
            seen += 1;
        }
    }
}

/// Elements of a dense row that are looked at together.
const CHUNK: usize = 32;

/// The nodes of a row whose features are not 0: a place in the upper half of each number, and where the value is in the
/// lower one.
struct Fired<'a> {
    nodes: &'a mut [u64],
    len: usize,
    /// Whether they came in the order of their places.
    sorted: bool,
}

impl<'a> Fired<'a> {
    #[inline(always)]
    fn add(&mut self, hierarchy: &Hierarchy<'_>, feature: u32, position: usize) {
        let Some(place) = hierarchy.place_of(feature) else { return };
        let node = u64::from(place) << 32 | position as u64;
        // Every feature has one node, so that there is room for all; not so in a forest that was overwritten.
        if let Some(last) = self.nodes.get_mut(self.len) {
            *last = node;
            self.sorted &= self.len == 0 || self.nodes[self.len - 1] < node;
            self.len += 1;
        }
    }

    fn add_all<T: Scalar>(&mut self, hierarchy: &Hierarchy<'_>, first: usize, values: &[T]) {
        for (j, x) in (first..).zip(values) {
            // Features of greater numbers have no nodes.
            if let (true, Ok(feature)) = (*x != T::ZERO, u32::try_from(j)) {
                self.add(hierarchy, feature, j);
            }
        }
    }

    fn in_order(self) -> &'a [u64] {
        let nodes = &mut self.nodes[..self.len];
        // Forests that number their features level by level, as generated ones do, come sorted.
        if !self.sorted {
            nodes.sort_unstable();
        }
        nodes
    }
}

fn place(node: u64) -> usize {
    (node >> 32) as usize
}

fn position(node: u64) -> usize {
    node as u32 as usize
}
