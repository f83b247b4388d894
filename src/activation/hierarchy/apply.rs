//! The rules of a hierarchy, applied to activations.

use super::{Hierarchy, NONE};
use crate::error::{Argument, Error, Reason, ensure};
use crate::matrix::{RowMajorMut, ensure_not_empty, row_mut};
use crate::rng::{Purpose, Stream, uniform_index};
use crate::scalar::Scalar;
use rand_pcg::Pcg64;

/// Applies the hierarchy to the rows of `activations[b, n]`, n features; row k is row `first_row` + k of the stream.
///
/// From the roots downwards, for each node: its feature becomes 0 where its parent is inactive; then, where the
/// node is active, its children exclude each other and several children with features are active, one of these,
/// chosen uniformly, stays and the others become 0. A node is active where its feature is > 0, and one without a
/// feature where its parent is, or always if it is a root. Roots are never zeroed, nor are features without a node.
///
/// The choices are drawn from a generator of the row that serves nothing else, in level order of the nodes: a row
/// does not depend on the batch it is in, and a row without a choice to make draws nothing.
///
/// # Errors
/// [`Reason::Empty`] (activations); [`Reason::Shape`] (activations) unless n is the hierarchy's feature count;
/// [`Reason::SizeOverflow`] (`first_row`) where `first_row` + b exceeds 2^64 - 1. `activations` is then untouched.
/// A NaN is not > 0, so that its node is inactive.
///
/// # Cost
/// O(nodes) a row, no workspace. Deterministic in (seed, stream, row number); the same on every platform.
pub fn apply_dense<T: Scalar>(
    hierarchy: &Hierarchy<'_>,
    stream: Stream,
    first_row: u64,
    mut activations: RowMajorMut<'_, T>,
) -> Result<(), Error> {
    ensure_not_empty(activations.as_ref(), Argument::Activations)?;
    let rows = activations.nrows();
    ensure(activations.ncols() == hierarchy.feature_count, Reason::Shape, Argument::Activations)?;
    ensure(first_row.checked_add(rows as u64).is_some(), Reason::SizeOverflow, Argument::FirstRow)?;
    for k in 0..rows {
        apply_unchecked(hierarchy, stream, first_row + k as u64, row_mut(&mut activations, k));
    }
    Ok(())
}

/// Applies the hierarchy to one row, that of number `row_number`; see [`apply_dense`].
///
/// # Errors
/// [`Reason::Shape`] (activations) unless the row has the hierarchy's feature count.
///
/// # Cost
/// As a row of [`apply_dense`], whose result it gives bit for bit.
pub fn apply_row<T: Scalar>(
    hierarchy: &Hierarchy<'_>,
    stream: Stream,
    row_number: u64,
    activations: &mut [T],
) -> Result<(), Error> {
    ensure(activations.len() == hierarchy.feature_count, Reason::Shape, Argument::Activations)?;
    apply_unchecked(hierarchy, stream, row_number, activations);
    Ok(())
}

/// Applies the hierarchy to a row of the right length.
fn apply_unchecked<T: Scalar>(hierarchy: &Hierarchy<'_>, stream: Stream, row_number: u64, row: &mut [T]) {
    // Most rows have nothing to choose: seed the generator when the first choice comes.
    let mut generator: Option<Pcg64> = None;
    for (place, (&feature, &gate)) in hierarchy.feature.iter().zip(hierarchy.gate).enumerate() {
        // Ancestors come first, so what the gate says here is final.
        let ancestor_active = gate == NONE || row[gate as usize] > T::ZERO;
        if feature != NONE && !ancestor_active {
            row[feature as usize] = T::ZERO;
        }
        let active = if feature == NONE { ancestor_active } else { row[feature as usize] > T::ZERO };
        if hierarchy.exclusive[place] == 1 && active {
            let children = hierarchy.first_child[place] as usize..hierarchy.first_child[place + 1] as usize;
            let children = &hierarchy.feature[children];
            let is_active = |row: &[T], child: u32| child != NONE && row[child as usize] > T::ZERO;
            let rivals = children.iter().filter(|&&child| is_active(row, child)).count();
            if rivals < 2 {
                continue;
            }
            let rng = generator.get_or_insert_with(|| stream.row(Purpose::Exclusion, row_number));
            let kept = uniform_index(rng, rivals as u64);
            let mut seen = 0;
            for &child in children {
                if is_active(row, child) {
                    if seen != kept {
                        row[child as usize] = T::ZERO;
                    }
                    seen += 1;
                }
            }
        }
    }
}
