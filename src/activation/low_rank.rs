//! Correlations of low rank and a diagonal, C = F F^T + diag(delta): made at random, and laid out for sampling.
//!
//! n features with factors of r numbers take O(n r) memory where C itself would take n^2. The construction is that of
//! sae-lens 6.54 (`sae_lens.synthetic.correlation`).

use super::correlated::{check_thresholded, nearly_equal};
use super::firing::PerFeature;
use super::plan::check_features;
use super::quantile::upper_normal_quantile;
use crate::dictionary::squared_norm;
use crate::error::{Argument, Error, Reason, ensure, ensure_finite};
use crate::matrix::{
    RowMajor, RowMajorMut, ensure_finite_matrix, ensure_finite_slice, ensure_not_empty, row, row_mut,
};
use crate::rng::{Purpose, Stream, standard_normal};
use crate::scalar::Scalar;

/// The least part of a feature's variance that is its own.
const LEAST_DIAGONAL: f64 = 0.01;

/// Fills `factor[n, r]` and `diagonal[n]` with a random correlation C = F F^T + diag(delta) of unit diagonal; gives the
/// number of rows that were capped.
///
/// f_ij = scale N(0, 1) and delta_i = 1 - |f_i|^2. Where that would be less than 0.01, row i is scaled to |f_i|^2 = 0.99
/// instead. Two features then correlate by some scale^2 sqrt(r), and about one in two rows is capped at
/// r scale^2 = 0.99. Row i is a function of (seed, stream, i, r, scale), whatever n is.
///
/// # Errors
/// [`Reason::Empty`] (factor) for no features or no rank; [`Reason::NotANumber`], [`Reason::Infinite`],
/// [`Reason::OutOfRange`] (scale) unless it is finite and >= 0; [`Reason::Shape`] (diagonal) unless it has n numbers.
/// Outputs are then untouched.
///
/// # Cost
/// n r normal numbers, each drawn twice; no workspace. The same bits on every platform.
///
/// # Source
/// `sae_lens.synthetic.generate_random_low_rank_correlation_matrix`; the random numbers are this library's own.
pub fn low_rank_factor<T: Scalar>(
    scale: f64,
    stream: Stream,
    mut factor: RowMajorMut<'_, T>,
    diagonal: &mut [T],
) -> Result<usize, Error> {
    ensure_not_empty(factor.as_ref(), Argument::Factor)?;
    ensure_finite(scale, Argument::Scale)?;
    ensure(scale >= 0.0, Reason::OutOfRange, Argument::Scale)?;
    ensure(diagonal.len() == factor.nrows(), Reason::Shape, Argument::Diagonal)?;
    let mut capped = 0;
    for (i, own) in diagonal.iter_mut().enumerate() {
        let normals = || {
            let mut rng = stream.row(Purpose::LowRankFactor, i as u64);
            core::iter::repeat_with(move || standard_normal(&mut rng))
        };
        let row = row_mut(&mut factor, i);
        let square: f64 = normals().take(row.len()).map(|x| x * x).sum();
        // Compared by roots, so that no scale overflows.
        let largest = libm::sqrt((1.0 - LEAST_DIAGONAL) / square);
        let is_capped = scale > largest;
        capped += usize::from(is_capped);
        let scale = if is_capped { largest } else { scale };
        row.iter_mut().zip(normals()).for_each(|(x, normal)| *x = T::from_f64(scale * normal));
        *own = T::from_f64(1.0 - squared_norm(row));
    }
    Ok(capped)
}

/// Values of a panel for one dimension: 64 bytes, as many as a tile of a product has in its registers.
pub(super) const fn panel_width<T>() -> usize {
    64 / size_of::<T>()
}

/// Panels are read by twos, where there are registers for it.
pub(super) const PAIR: usize = 2;

/// The length of a plan for `features` features and factors of `rank` numbers: features, rounded up to 16 or 32, times
/// rank + 1. None where it does not fit into the address space.
pub fn low_rank_plan_len<T: Scalar>(features: usize, rank: usize) -> Option<usize> {
    let len =
        features.checked_next_multiple_of(PAIR * panel_width::<T>())?.checked_mul(rank.checked_add(1)?)?;
    // As many bytes as a slice may have.
    (len <= isize::MAX as usize / size_of::<T>()).then_some(len)
}

/// Correlated firing of low rank, laid out once for any number of samples: see [`plan_low_rank`].
#[derive(Clone, Copy, Debug)]
pub struct LowRankPlan<'a, T> {
    /// For so many features as fill 64 bytes their limits t_i/s_i, then for each dimension their f_ij/s_i.
    pub(super) panels: &'a [T],
    pub(super) features: usize,
    pub(super) rank: usize,
}

impl<'a, T: Scalar> LowRankPlan<'a, T> {
    /// Takes up a plan that [`plan_low_rank`] has written.
    ///
    /// # Errors
    /// [`Reason::Empty`] (features, rank), [`Reason::OutOfRange`] (features) for 2^32 or more; [`Reason::Shape`] (plan)
    /// unless its length is [`low_rank_plan_len`]. Its values are not looked at: of a plan that was overwritten come
    /// samples in proper form, of another law.
    pub fn from_parts(panels: &'a [T], features: usize, rank: usize) -> Result<Self, Error> {
        check_features(features)?;
        ensure(rank > 0, Reason::Empty, Argument::Rank)?;
        let len = low_rank_plan_len::<T>(features, rank);
        ensure(len == Some(panels.len()), Reason::Shape, Argument::Plan)?;
        Ok(Self { panels, features, rank })
    }

    /// Number of features.
    pub fn features(&self) -> usize {
        self.features
    }
}

/// Lays out the correlation C = F F^T + diag(delta) and firing probabilities in `panels`, for
/// [`sample_low_rank_csr`](super::sample_low_rank_csr) and its like.
///
/// `factor[n, r]` is F, `diagonal[n]` delta, as [`low_rank_factor`] makes them. `probabilities` has length n, or 1 for
/// all features alike; 0 never fires and 1 always does. `panels` has the length [`low_rank_plan_len`].
///
/// # Errors
/// [`Reason::Empty`], [`Reason::NotANumber`], [`Reason::Infinite`] (factor); [`Reason::OutOfRange`] (features) for 2^32
/// features or more; [`Reason::Shape`], [`Reason::NotANumber`], [`Reason::Infinite`], [`Reason::OutOfRange`] (diagonal)
/// unless it has n numbers > 0; [`Reason::DiagonalNotOne`] (diagonal) unless |f_i|^2 + delta_i is 1 to 1.001e-5;
/// [`Reason::Empty`], [`Reason::Shape`], [`Reason::NotANumber`], [`Reason::OutOfRange`] (probabilities);
/// [`Reason::Shape`] (plan). `panels` is then untouched.
///
/// # Cost
/// A few passes over F and a quantile a feature; no workspace. The same bits on every platform.
pub fn plan_low_rank<'a, T: Scalar>(
    factor: RowMajor<'_, T>,
    diagonal: &[T],
    probabilities: &[T],
    panels: &'a mut [T],
) -> Result<LowRankPlan<'a, T>, Error> {
    let (n, r) = (factor.nrows(), factor.ncols());
    ensure_not_empty(factor, Argument::Factor)?;
    check_features(n)?;
    ensure_finite_matrix(factor, Argument::Factor)?;
    ensure(diagonal.len() == n, Reason::Shape, Argument::Diagonal)?;
    ensure_finite_slice(diagonal, Argument::Diagonal)?;
    ensure(diagonal.iter().all(|&own| own > T::ZERO), Reason::OutOfRange, Argument::Diagonal)?;
    let is_one = |i| nearly_equal(squared_norm(row(factor, i)) + diagonal[i].to_f64(), 1.0);
    ensure((0..n).all(is_one), Reason::DiagonalNotOne, Argument::Diagonal)?;
    check_thresholded(probabilities, n)?;
    ensure(low_rank_plan_len::<T>(n, r) == Some(panels.len()), Reason::Shape, Argument::Plan)?;

    let width = panel_width::<T>();
    let probabilities = PerFeature::new(probabilities);
    for (p, panel) in panels.chunks_exact_mut(width * (r + 1)).enumerate() {
        let (limits, vectors) = panel.split_at_mut(width);
        // Beyond the last feature are some that never fire.
        limits.fill(T::INFINITY);
        vectors.fill(T::ZERO);
        for (lane, i) in (p * width..n.min((p + 1) * width)).enumerate() {
            let own = libm::sqrt(diagonal[i].to_f64());
            limits[lane] = T::from_f64(upper_normal_quantile(probabilities.of(i).to_f64()) / own);
            for (values, x) in vectors.chunks_exact_mut(width).zip(row(factor, i)) {
                values[lane] = T::from_f64(x.to_f64() / own);
            }
        }
    }
    Ok(LowRankPlan { panels, features: n, rank: r })
}
