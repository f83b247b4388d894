//! Features that fire independently of each other, sampled in the time that their firings take.
//!
//! Once firing probabilities are laid out in a [`FiringPlan`], a row costs what fires in it, however many features there
//! are. Every row has two generators, one for which features fire and one for how strongly, so that the first does not
//! depend on the second.

use super::csr::CsrMut;
use super::firing::{PerFeature, check_magnitudes, magnitude};
use super::independent::check_last_row;
use super::plan::FiringPlan;
use crate::error::{Argument, Error, Reason, ensure};
use crate::matrix::{
    RowMajor, RowMajorMut, ensure_finite_slice, ensure_not_empty, ensure_shape, row, row_mut,
};
use crate::projection::{AddScaledRows, begin_sum, check_bias};
use crate::rng::{Purpose, Stream, standard_exponential};
use crate::scalar::Scalar;
use crate::simd::vectorised;
use rand_core::Rng;
use rand_pcg::Pcg64;

/// The law of each feature's activation: relu(mean + std_dev N(0, 1)) with the probability planned for it, else 0.
///
/// What [`Firing`](super::Firing) says, with a plan in the place of the probabilities.
#[derive(Clone, Copy, Debug)]
pub struct PlannedFiring<'a, T> {
    plan: FiringPlan<'a>,
    means: &'a [T],
    std_devs: &'a [T],
}

impl<'a, T: Scalar> PlannedFiring<'a, T> {
    /// Joins a plan with means and standard deviations of the magnitudes before the relu.
    ///
    /// Each slice has one value a feature, or a single value for all of them; all finite, `std_devs` >= 0.
    ///
    /// # Errors
    /// [`Reason::Empty`], [`Reason::Shape`], [`Reason::NotANumber`], [`Reason::Infinite`] on `Means` and `StdDevs`;
    /// [`Reason::OutOfRange`] on `StdDevs`.
    ///
    /// # Cost
    /// Two passes over the slices.
    pub fn new(plan: FiringPlan<'a>, means: &'a [T], std_devs: &'a [T]) -> Result<Self, Error> {
        check_magnitudes(means, std_devs, plan.features())?;
        Ok(Self { plan, means, std_devs })
    }

    /// Number of features.
    pub fn features(&self) -> usize {
        self.plan.features()
    }

    /// The plan of how often features fire.
    pub(super) fn plan(&self) -> &FiringPlan<'a> {
        &self.plan
    }

    /// Means and standard deviations of how strongly they do.
    pub(super) fn magnitudes(&self) -> (&'a [T], &'a [T]) {
        (self.means, self.std_devs)
    }
}

/// Writes `rows` samples of independently firing features to `out`, non-zeros only, and gives their number.
///
/// x_rj = relu(mean_j + std_j N(0, 1)) with probability p_j, else 0. Row r is sample `first_row + r` of `stream`, a
/// function of `(seed, stream, first_row + r)` and `firing` alone. Columns come in increasing order in every row;
/// activations that the relu makes zero are dropped. The law is that of
/// [`sample_independent_csr`](super::sample_independent_csr), the random numbers are others.
///
/// # Errors
/// [`Reason::Empty`] on `Rows`; [`Reason::SizeOverflow`] on `FirstRow` where the last row's number would not fit in 64
/// bits; [`Reason::Shape`] on `RowOffsets` unless there are `rows + 1` of them, and on `Values` unless there are as many
/// as columns: `out` is then untouched. [`Reason::Capacity`] on `Capacity` where the non-zeros do not fit: `row_offsets`
/// is then complete, so that its last element is the capacity needed, and the elements that fit have been written.
///
/// # Cost
/// Some 20 ns a row; for each firing 1 to 1.39 exponential numbers, with a look-up each in the plan, and a normal number
/// where std > 0; for each feature with p > 1/2 one random word. No workspace.
///
/// # Determinism
/// The same bits on every platform, whatever the split into calls. Which features fire is the same in both precisions
/// and does not depend on means and standard deviations. [`sample_sparse`] and [`sample_projected`] give and project
/// the same samples. Probabilities are met as [`plan_firing`](super::plan_firing) says.
pub fn sample_sparse_csr<T: Scalar>(
    firing: &PlannedFiring<'_, T>,
    stream: Stream,
    first_row: u64,
    rows: usize,
    out: CsrMut<'_, T>,
) -> Result<usize, Error> {
    ensure(rows > 0, Reason::Empty, Argument::Rows)?;
    check_last_row(first_row, rows)?;
    let mut out = out.begin(rows)?;
    for r in 0..rows {
        sample_row(firing, stream, first_row + r as u64, |columns, values| out.extend(columns, values));
        out.end_row();
    }
    out.finish()
}

/// Fills `out[b, n]` with samples of independently firing features.
///
/// The samples are those of [`sample_sparse_csr`], to the bit.
///
/// # Errors
/// [`Reason::Empty`] on `Activations` for no elements and [`Reason::Shape`] where it has not a column a feature;
/// [`Reason::SizeOverflow`] on `FirstRow` where the last row's number would not fit in 64 bits. `out` is then untouched.
///
/// # Cost
/// As for [`sample_sparse_csr`], and b n zeros written. No workspace.
pub fn sample_sparse<T: Scalar>(
    firing: &PlannedFiring<'_, T>,
    stream: Stream,
    first_row: u64,
    mut out: RowMajorMut<'_, T>,
) -> Result<(), Error> {
    ensure_not_empty(out.as_ref(), Argument::Activations)?;
    ensure(out.ncols() == firing.features(), Reason::Shape, Argument::Activations)?;
    check_last_row(first_row, out.nrows())?;
    for r in 0..out.nrows() {
        let sample = row_mut(&mut out, r);
        sample.fill(T::ZERO);
        sample_row(firing, stream, first_row + r as u64, |columns, values| {
            for (&j, &x) in columns.iter().zip(values) {
                sample[j as usize] = x;
            }
        });
    }
    Ok(())
}

/// Samples independently firing features and projects them: `hidden[b, d] = x[b, n] dictionary[n, d] + bias[d]`.
///
/// x are the samples of [`sample_sparse_csr`], which are nowhere stored; `hidden` is to the bit what
/// [`project_csr`](crate::projection::project_csr) makes of them.
///
/// # Errors
/// [`Reason::Empty`] on `Dictionary`, and [`Reason::Shape`] where it has not a row a feature; [`Reason::Shape`],
/// [`Reason::NotANumber`], [`Reason::Infinite`] on `Bias`; [`Reason::Shape`] on `Hidden`; [`Reason::SizeOverflow`] on
/// `FirstRow`: `hidden` is then untouched. [`Reason::NotANumber`], [`Reason::Infinite`] on `Dictionary`, where a feature
/// that fires has such a row, and [`Reason::Diverged`] on `Hidden`, where finite numbers sum to one that is not: the
/// rows of `hidden` before the first such one are then written, and that row too. The dictionary is not read where
/// nothing fires, so that the call costs what fires.
///
/// # Cost
/// As for [`sample_sparse_csr`], and 2 d flops and d numbers read from the dictionary for each firing. No workspace.
///
/// # Determinism
/// Rows are summed in the order of their columns, element by element: the same bits on every platform, whatever the
/// split into calls.
pub fn sample_projected<T: Scalar>(
    firing: &PlannedFiring<'_, T>,
    stream: Stream,
    first_row: u64,
    dictionary: RowMajor<'_, T>,
    bias: Option<&[T]>,
    mut hidden: RowMajorMut<'_, T>,
) -> Result<(), Error> {
    ensure_not_empty(dictionary, Argument::Dictionary)?;
    ensure(dictionary.nrows() == firing.features(), Reason::Shape, Argument::Dictionary)?;
    check_bias(bias, dictionary.ncols())?;
    ensure_shape(hidden.as_ref(), hidden.nrows(), dictionary.ncols(), Argument::Hidden)?;
    ensure_not_empty(hidden.as_ref(), Argument::Hidden)?;
    check_last_row(first_row, hidden.nrows())?;
    for r in 0..hidden.nrows() {
        let (sample, h) = (first_row + r as u64, row_mut(&mut hidden, r));
        begin_sum(h, bias);
        sample_row(firing, stream, sample, |columns, values| {
            vectorised(AddScaledRows { sum: h, dictionary, columns, scales: values });
        });
        // A sum with a number that is not finite is not finite either.
        if ensure_finite_slice(h, Argument::Hidden).is_err() {
            let mut fault = Ok(());
            sample_row(firing, stream, sample, |columns, _| {
                fault = fault.and_then(|()| {
                    let mut fired = columns.iter().map(|&j| row(dictionary, j as usize));
                    fired.try_for_each(|vector| ensure_finite_slice(vector, Argument::Dictionary))
                });
            });
            return fault.and(Err(Error::new(Reason::Diverged, Argument::Hidden)));
        }
    }
    Ok(())
}

/// How many points of the line are drawn before their features are looked up, and how many firings are handed on at a
/// time: enough for many look-ups to be under way at once, few enough to lie in registers and the first cache.
const CHUNK: usize = 64;

/// Draws sample `row` and hands on what is not zero, columns and values, in order, in pieces of at most [`CHUNK`].
#[inline(always)]
fn sample_row<T: Scalar>(
    firing: &PlannedFiring<'_, T>,
    stream: Stream,
    row: u64,
    mut take: impl FnMut(&[u32], &[T]),
) {
    let (means, std_devs) = (PerFeature::new(firing.means), PerFeature::new(firing.std_devs));
    let mut random = stream.row(Purpose::SparseMagnitudes, row);
    fire_row(&firing.plan, stream.row(Purpose::SparseActivations, row), |fired| {
        let (mut columns, mut values) = ([0; CHUNK], [T::ZERO; CHUNK]);
        let mut count = 0;
        for &column in fired {
            let j = column as usize;
            let x = magnitude(means.of(j), std_devs.of(j), &mut random);
            // Written over by the next one where it is zero.
            (columns[count], values[count]) = (column, x);
            count += usize::from(x > T::ZERO);
        }
        take(&columns[..count], &values[..count]);
    });
}

/// The number that no feature has.
const NONE: u64 = u64::MAX;

/// Draws the features that fire in a row and hands them on, in order, in pieces of at most [`CHUNK`].
///
/// `random` strews the points of the line. The features that are not on it draw from a second generator, which the
/// first one's first four words seed where there are such features.
#[inline(always)]
pub(super) fn fire_row(plan: &FiringPlan<'_>, mut random: Pcg64, take: impl FnMut(&[u32])) {
    let mut fired = Fired { columns: [0; CHUNK], len: 0, least: 0, features: plan.features() as u64, take };
    let mut listed = plan.frequent();
    let mut words = || u128::from(random.next_u64()) << 64 | u128::from(random.next_u64());
    let mut chances = if listed.len() > 0 { Pcg64::new(words(), words()) } else { Pcg64::new(0, 0) };
    let mut next_listed = || {
        let (feature, _) = listed.find(|&(_, probability)| happens(probability, &mut chances))?;
        Some(u64::from(feature))
    };

    let mut frequent = next_listed().unwrap_or(NONE);
    let (length, mut point) = (plan.length(), 0.0);
    let (mut points, mut features) = ([0.0; CHUNK], [0; CHUNK]);
    while point < length {
        let mut count = 0;
        while count < CHUNK {
            point += standard_exponential(&mut random);
            points[count] = point;
            if point >= length {
                break;
            }
            count += 1;
        }
        plan.features_at(&points[..count], &mut features);
        for &feature in &features[..count] {
            let feature = u64::from(feature);
            while frequent < feature {
                fired.push(frequent);
                frequent = next_listed().unwrap_or(NONE);
            }
            fired.push(feature);
        }
    }
    while frequent != NONE {
        fired.push(frequent);
        frequent = next_listed().unwrap_or(NONE);
    }
    fired.hand_on();
}

/// True with a probability, which is rounded up to a multiple of 2^-53.
#[inline(always)]
fn happens(probability: f64, random: &mut impl Rng) -> bool {
    const UNITS: f64 = (1u64 << 53) as f64;
    // Scaling by a power of two is exact, and so are 53-bit integers: p = 1 happens on all of them.
    ((random.next_u64() >> 11) as f64) < probability * UNITS
}

/// Collects the features that fire, each once.
struct Fired<F> {
    columns: [u32; CHUNK],
    len: usize,
    /// The least feature that may come next.
    least: u64,
    features: u64,
    take: F,
}

impl<F: FnMut(&[u32])> Fired<F> {
    /// Adds a feature unless it is the last one again. Of a plan that was overwritten come others out of order, and some
    /// that no feature has: those are left out.
    #[inline(always)]
    fn push(&mut self, feature: u64) {
        if self.len == CHUNK {
            self.hand_on();
        }
        self.columns[self.len] = feature as u32;
        let is_next = (feature >= self.least) & (feature < self.features);
        self.len += usize::from(is_next);
        self.least = if is_next { feature + 1 } else { self.least };
    }

    #[inline(never)]
    fn hand_on(&mut self) {
        (self.take)(&self.columns[..self.len]);
        self.len = 0;
    }
}
