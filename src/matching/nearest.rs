//! The most similar vector of another dictionary, for each vector of one.

use super::cosine::ensure_comparable;
use super::matched::{MatchParams, ensure_indexable};
use super::products::{Best, products_scratch, with_products};
use crate::assignment::{LeastTwo, Lines};
use crate::error::{Argument, Error, Reason, ensure};
use crate::matrix::{RowMajor, ensure_finite_matrix};
use crate::scalar::Scalar;
use crate::simd::vectorised;
use faer::dyn_stack::{MemStack, StackReq};

/// The workspace of [`write_nearest`] for `n` features of `d` entries.
pub(super) fn nearest_scratch<T: Scalar>(n: usize, d: usize) -> StackReq {
    products_scratch::<T>(n, d)
}

/// Refuses latents and features that [`write_nearest`] cannot compare, but for entries that are not finite.
pub(super) fn ensure_latents_and_features<T>(
    latents: RowMajor<'_, T>,
    features: RowMajor<'_, T>,
) -> Result<(), Error> {
    ensure_comparable(latents, Argument::Latents, features, Argument::Features)?;
    ensure_indexable(latents.nrows(), Argument::Latents)?;
    ensure_indexable(features.nrows(), Argument::Features)
}

/// Refuses latents or features that are not finite.
pub(super) fn ensure_finite_latents_and_features<T: Scalar>(
    latents: RowMajor<'_, T>,
    features: RowMajor<'_, T>,
) -> Result<(), Error> {
    ensure_finite_matrix(latents, Argument::Latents)?;
    ensure_finite_matrix(features, Argument::Features)
}

/// Writes for each of the m latents the most similar of the features, the first of equals, into `best[m]`.
///
/// Both have passed the two checks above, and the stack holds [`nearest_scratch`].
pub(super) fn write_nearest<T: Scalar>(
    latents: RowMajor<'_, T>,
    features: RowMajor<'_, T>,
    params: MatchParams,
    best: &mut [i64],
    stack: &mut MemStack,
) -> Result<(), Error> {
    with_products(latents, features, params, Best::default(), stack, |products, _| {
        for (i, best) in best.iter_mut().enumerate() {
            let costs = products.row(i);
            *best = vectorised(LeastTwo { row: costs, limit: T::MAX }).map_or(0, |two| two.column as i64);
        }
        Ok(())
    })
}

/// Refuses best matches that are not indices of `features` features.
pub(super) fn ensure_best_matches(best: &[i64], features: usize) -> Result<(), Error> {
    ensure(!best.is_empty(), Reason::Empty, Argument::BestOfRows)?;
    ensure(features > 0, Reason::Empty, Argument::Features)?;
    let is_index = |&j: &i64| usize::try_from(j).is_ok_and(|j| j < features);
    ensure(best.iter().all(is_index), Reason::IndexOutOfRange, Argument::BestOfRows)
}
