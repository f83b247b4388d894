//! The order of latents that makes a heat map of cosines look diagonal.

use super::matched::MatchParams;
use super::nearest::{
    ensure_best_matches, ensure_finite_latents_and_features, ensure_latents_and_features, nearest_scratch,
    write_nearest,
};
use crate::error::{Argument, Error, Reason, ensure};
use crate::matrix::RowMajor;
use crate::scalar::Scalar;
use crate::workspace::{ensure_workspace, take, vector_scratch};
use faer::dyn_stack::{MemStack, StackReq};

/// The workspace of [`ordering_of_matches`] for `n` features: n + 1 indices.
pub fn ordering_of_matches_scratch(n: usize) -> StackReq {
    n.checked_add(1).map_or(StackReq::OVERFLOW, vector_scratch::<usize>)
}

/// Writes the order of m latents by the feature that each resembles most, `best[m]`, into `ordering[m]`.
///
/// ordering = argsort_i `best[i]`, stable. For `best_of_rows` of [`match_dictionaries`](super::match_dictionaries),
/// latents first, that is [`best_ordering`], without another product.
///
/// # Errors
/// - [`Reason::Empty`] for no best matches ([`Argument::BestOfRows`]) or no features;
/// - [`Reason::Shape`] for `ordering` without m values;
/// - [`Reason::WorkspaceTooSmall`] for less than [`ordering_of_matches_scratch`] says;
/// - [`Reason::IndexOutOfRange`] for a best match that is not in [0, n).
///
/// `ordering` is then untouched.
///
/// # Cost
/// A counting sort of m + n steps. Deterministic; the same on every platform.
pub fn ordering_of_matches(
    best: &[i64],
    n: usize,
    ordering: &mut [i64],
    stack: &mut MemStack,
) -> Result<(), Error> {
    ensure_best_matches(best, n)?;
    ensure(ordering.len() == best.len(), Reason::Shape, Argument::Ordering)?;
    ensure_workspace(stack, ordering_of_matches_scratch(n))?;
    sort(best, n, ordering, stack);
    Ok(())
}

/// Sorts the positions of `best` by the index of `n` that is there.
fn sort(best: &[i64], n: usize, ordering: &mut [i64], stack: &mut MemStack) {
    let (mut next_position, _) = take(stack, n + 1, 0_usize);
    // After the sums, next_position[j] is where the first latent of feature j goes.
    for &feature in best {
        next_position[feature as usize + 1] += 1;
    }
    for j in 1..n {
        next_position[j] += next_position[j - 1];
    }
    for (latent, &feature) in best.iter().enumerate() {
        let position = &mut next_position[feature as usize];
        ordering[*position] = latent as i64;
        *position += 1;
    }
}

/// The workspace of [`best_ordering`] for `m` latents and `n` features of `d` entries.
///
/// With s bytes a value: n d s for the packed features, 96 (n + d) s for a block of similarities and its latents, n
/// rounded up to 64, 8 m for the best matches and an index for each feature to sort by.
pub fn best_ordering_scratch<T: Scalar>(m: usize, n: usize, d: usize) -> StackReq {
    vector_scratch::<i64>(m).and(nearest_scratch::<T>(n, d).or(ordering_of_matches_scratch(n)))
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
/// - [`Reason::SizeOverflow`] for 2^32 - 1 vectors or more;
/// - [`Reason::WorkspaceTooSmall`] for less than [`best_ordering_scratch`] says;
/// - [`Reason::NotANumber`] or [`Reason::Infinite`] for an entry of `latents` or `features` that is not finite.
///
/// `ordering` is then untouched.
///
/// # Cost
/// 2 n m d flops; the n m cosines are never all in memory. A counting sort of m + n steps. One thread.
///
/// # Determinism
/// As for [`match_dictionaries`](super::match_dictionaries).
///
/// # Source
/// `sae_lens.synthetic.find_best_feature_ordering`.
pub fn best_ordering<T: Scalar>(
    latents: RowMajor<'_, T>,
    features: RowMajor<'_, T>,
    ordering: &mut [i64],
    stack: &mut MemStack,
) -> Result<(), Error> {
    let (m, n, d) = (latents.nrows(), features.nrows(), latents.ncols());
    ensure_latents_and_features(latents, features)?;
    ensure(ordering.len() == m, Reason::Shape, Argument::Ordering)?;
    ensure_workspace(stack, best_ordering_scratch::<T>(m, n, d))?;
    ensure_finite_latents_and_features(latents, features)?;

    let (mut nearest, stack) = take(stack, m, 0_i64);
    write_nearest(latents, features, MatchParams::default(), &mut nearest, stack)?;
    sort(&nearest, n, ordering, stack);
    Ok(())
}
