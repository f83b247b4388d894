//! The order of latents that makes a heat map of cosines look diagonal.

use super::cosine::{ensure_comparable, write_cosines};
use super::unit_rows::write_unit_rows;
use crate::error::{Argument, Error, Reason, ensure};
use crate::matrix::{RowMajor, ensure_finite_matrix, row_major, row_major_mut};
use crate::scalar::Scalar;
use crate::workspace::{ensure_workspace, matrix_scratch, take, take_zeros, vector_scratch};
use faer::dyn_stack::{MemStack, StackReq};

/// How many latents are compared with all features at a time, which bounds the workspace.
const BLOCK: usize = 256;

/// The workspace of [`best_ordering`] for `m` latents and `n` features of `d` entries: n d + 256 (n + d) values of
/// `T` at most, and m + n + 1 indices.
pub fn best_ordering_scratch<T: Scalar>(m: usize, n: usize, d: usize) -> StackReq {
    let block = m.min(BLOCK);
    StackReq::all_of(&[
        vector_scratch::<usize>(m),
        n.checked_add(1).map_or(StackReq::OVERFLOW, vector_scratch::<usize>),
        matrix_scratch::<T>(n, d),
        matrix_scratch::<T>(block, n),
        matrix_scratch::<T>(block, d),
    ])
}

/// Writes the order of `latents[m, d]` by the feature of `features[n, d]` that each resembles most into
/// `ordering[m]`.
///
/// ordering = argsort_i argmax_j |cos(latent_i, feature_j)|: `ordering[k]` is the latent to draw in row k. The sort
/// is stable, latents with the same feature stay in their order; among equal cosines the first feature counts.
///
/// # Errors
/// - [`Reason::Empty`] for `latents` or `features` without elements;
/// - [`Reason::Shape`] for `features` without d columns or `ordering` without m values;
/// - [`Reason::WorkspaceTooSmall`] for less than [`best_ordering_scratch`] says;
/// - [`Reason::NotANumber`] or [`Reason::Infinite`] for an entry of `latents` or `features` that is not finite.
///
/// `ordering` is then untouched.
///
/// # Cost
/// 2 n m d flops in matrix products of 256 latents each, and a counting sort of m + n steps. One thread;
/// deterministic on one machine.
pub fn best_ordering<T: Scalar>(
    latents: RowMajor<'_, T>,
    features: RowMajor<'_, T>,
    ordering: &mut [i64],
    stack: &mut MemStack,
) -> Result<(), Error> {
    let (m, n, d) = (latents.nrows(), features.nrows(), latents.ncols());
    ensure_comparable(latents, Argument::Latents, features, Argument::Features)?;
    ensure(ordering.len() == m, Reason::Shape, Argument::Ordering)?;
    ensure_workspace(stack, best_ordering_scratch::<T>(m, n, d))?;
    ensure_finite_matrix(latents, Argument::Latents)?;
    ensure_finite_matrix(features, Argument::Features)?;

    let (mut best_feature, stack) = take(stack, m, 0_usize);
    let (mut next_position, stack) = take(stack, n + 1, 0_usize);
    let (mut unit_features, stack) = take_zeros::<T>(stack, n * d);
    write_unit_rows(features, row_major_mut(&mut unit_features, n, d, d)?);
    let unit_features = row_major(&unit_features, n, d, d)?;
    let (mut cosines, stack) = take_zeros::<T>(stack, m.min(BLOCK) * n);

    for (block, best_feature) in best_feature.chunks_mut(BLOCK).enumerate() {
        let rows = best_feature.len();
        let cosines = &mut cosines[..rows * n];
        let latents = latents.subrows(block * BLOCK, rows);
        write_cosines(latents, unit_features, row_major_mut(cosines, rows, n, n)?, stack)?;
        for (best_feature, cosines) in best_feature.iter_mut().zip(cosines.chunks(n)) {
            *best_feature = first_largest_magnitude(cosines);
        }
    }

    // Counting sort: after the sums, next_position[j] is where the first latent of feature j goes.
    for &feature in best_feature.iter() {
        next_position[feature + 1] += 1;
    }
    for j in 1..n {
        next_position[j] += next_position[j - 1];
    }
    for (latent, &feature) in best_feature.iter().enumerate() {
        ordering[next_position[feature]] = latent as i64;
        next_position[feature] += 1;
    }
    Ok(())
}

/// The first index at which the magnitude is largest.
fn first_largest_magnitude<T: Scalar>(values: &[T]) -> usize {
    let (mut index, mut largest) = (0, -T::ONE);
    for (i, &value) in values.iter().enumerate() {
        let magnitude = Scalar::abs(value);
        if magnitude > largest {
            (index, largest) = (i, magnitude);
        }
    }
    index
}
