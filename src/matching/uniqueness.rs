//! How many different features the latents of an autoencoder have found.

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

/// The workspace of [`uniqueness_of_matches`] for `n` features: a byte each.
pub fn uniqueness_of_matches_scratch(n: usize) -> StackReq {
    vector_scratch::<bool>(n)
}

/// Returns the share of latents that are left when each feature is counted once, from the features that the latents
/// resemble most.
///
/// u = |{`best[i]` : i < m}| / m. For `best_of_rows` of [`match_dictionaries`](super::match_dictionaries), latents
/// first, that is [`feature_uniqueness`], without another product.
///
/// # Errors
/// - [`Reason::Empty`] for no best matches ([`Argument::BestOfRows`]) or no features;
/// - [`Reason::WorkspaceTooSmall`] for less than [`uniqueness_of_matches_scratch`] says;
/// - [`Reason::IndexOutOfRange`] for a best match that is not in [0, n).
///
/// # Cost
/// m + n steps. Deterministic; the same on every platform.
pub fn uniqueness_of_matches(best: &[i64], n: usize, stack: &mut MemStack) -> Result<f64, Error> {
    ensure_best_matches(best, n)?;
    ensure_workspace(stack, uniqueness_of_matches_scratch(n))?;
    Ok(distinct(best, n, stack) as f64 / best.len() as f64)
}

/// How many different indices of `n` there are.
fn distinct(best: &[i64], n: usize, stack: &mut MemStack) -> usize {
    let (mut is_found, _) = take(stack, n, false);
    best.iter().filter(|&&j| !core::mem::replace(&mut is_found[j as usize], true)).count()
}

/// The workspace of [`feature_uniqueness`] for `m` latents and `n` features of `d` entries.
///
/// With s bytes a value: n d s for the packed features, 96 (n + d) s for a block of similarities and its latents, n
/// rounded up to 64, 8 m for the best matches and n for the features found.
pub fn feature_uniqueness_scratch<T: Scalar>(m: usize, n: usize, d: usize) -> StackReq {
    vector_scratch::<i64>(m).and(nearest_scratch::<T>(n, d).or(uniqueness_of_matches_scratch(n)))
}

/// Returns how many different features of `features[n, d]` the vectors of `latents[m, d]` resemble most, divided by m.
///
/// u = |{argmax_j s(latent_i, feature_j) : i < m}| / m, in (0, 1], with s = |cos| or cos as `params` says; among equal
/// similarities the first feature counts. 1: each latent has a feature of its own; less: several latents have found
/// the same one. With more latents than features it cannot exceed n / m. A vector whose norm is less than 1e-8 is
/// divided by 1e-8 instead; a latent of zeros resembles every feature equally, so the first one. `best`, if given,
/// receives the features. Both dictionaries may be the same memory.
///
/// [`match_dictionaries`](super::match_dictionaries) finds the same best matches on its way to the MCC, bit for bit,
/// and [`uniqueness_of_matches`] counts them: one pass over the products serves MCC, uniqueness and ordering.
///
/// # Errors
/// - [`Reason::Empty`] for `latents` or `features` without elements;
/// - [`Reason::Shape`] for `features` without d columns or `best` ([`Argument::BestOfRows`]) without m values;
/// - [`Reason::SizeOverflow`] for 2^32 - 1 vectors or more;
/// - [`Reason::WorkspaceTooSmall`] for less than [`feature_uniqueness_scratch`] says;
/// - [`Reason::NotANumber`] or [`Reason::Infinite`] for an entry of `latents` or `features` that is not finite.
///
/// `best` is then untouched.
///
/// # Cost
/// 2 n m d flops; the n m similarities are never all in memory.
///
/// # Determinism
/// As for [`match_dictionaries`](super::match_dictionaries): the same for any number of threads.
///
/// # Source
/// `sae_lens.synthetic.feature_uniqueness`.
pub fn feature_uniqueness<T: Scalar>(
    latents: RowMajor<'_, T>,
    features: RowMajor<'_, T>,
    params: &MatchParams,
    best: Option<&mut [i64]>,
    stack: &mut MemStack,
) -> Result<f64, Error> {
    let (m, n, d) = (latents.nrows(), features.nrows(), latents.ncols());
    ensure_latents_and_features(latents, features)?;
    ensure(best.as_deref().is_none_or(|best| best.len() == m), Reason::Shape, Argument::BestOfRows)?;
    ensure_workspace(stack, feature_uniqueness_scratch::<T>(m, n, d))?;
    ensure_finite_latents_and_features(latents, features)?;

    let (mut nearest, stack) = take(stack, m, 0_i64);
    write_nearest(latents, features, *params, &mut nearest, stack)?;
    if let Some(best) = best {
        best.copy_from_slice(&nearest);
    }
    Ok(distinct(&nearest, n, stack) as f64 / m as f64)
}
