//! How often and how strongly each feature fires: probabilities, means and standard deviations.

use crate::error::{Argument, Error, Reason, ensure};
use crate::matrix::ensure_finite_slice;
use crate::rng::standard_normal;
use crate::scalar::Scalar;
use rand_core::Rng;

/// The law of each feature's activation: relu(mean + std_dev N(0, 1)) with probability p, else 0.
///
/// Each slice has one value a feature, or a single value for all of them.
#[derive(Clone, Copy, Debug)]
pub struct Firing<'a, T> {
    /// Firing probabilities, in [0, 1]; 0 never fires, 1 always.
    pub probabilities: &'a [T],
    /// Means of the magnitude before the relu; finite. The reference's default is 1.
    pub means: &'a [T],
    /// Standard deviations of the magnitude before the relu; finite, >= 0. The reference's default is 0.
    pub std_devs: &'a [T],
}

impl<T: Scalar> Firing<'_, T> {
    /// Refuses slices of the wrong length and values outside their ranges.
    pub(crate) fn check(&self, features: usize) -> Result<(), Error> {
        check_probabilities(self.probabilities, features)?;
        check_magnitudes(self.means, self.std_devs, features)
    }
}

/// Refuses probabilities of the wrong number or outside [0, 1].
pub(crate) fn check_probabilities<T: Scalar>(probabilities: &[T], features: usize) -> Result<(), Error> {
    check_length(probabilities, features, Argument::Probabilities)?;
    ensure_finite_slice(probabilities, Argument::Probabilities)?;
    let in_range = probabilities.iter().all(|&p| p >= T::ZERO && p <= T::ONE);
    ensure(in_range, Reason::OutOfRange, Argument::Probabilities)
}

/// Refuses means and standard deviations of the wrong length or outside their ranges.
pub(crate) fn check_magnitudes<T: Scalar>(means: &[T], std_devs: &[T], features: usize) -> Result<(), Error> {
    check_length(means, features, Argument::Means)?;
    ensure_finite_slice(means, Argument::Means)?;
    check_length(std_devs, features, Argument::StdDevs)?;
    ensure_finite_slice(std_devs, Argument::StdDevs)?;
    ensure(std_devs.iter().all(|&s| s >= T::ZERO), Reason::OutOfRange, Argument::StdDevs)
}

/// Refuses a slice that has neither one value nor one a feature.
pub(crate) fn check_length<T>(values: &[T], features: usize, argument: Argument) -> Result<(), Error> {
    ensure(!values.is_empty(), Reason::Empty, argument)?;
    ensure(values.len() == features || values.len() == 1, Reason::Shape, argument)
}

/// A value for each feature, stored once where it is the same for all.
#[derive(Clone, Copy)]
pub(crate) struct PerFeature<'a, T> {
    values: &'a [T],
    step: usize,
}

impl<'a, T: Copy> PerFeature<'a, T> {
    pub(crate) fn new(values: &'a [T]) -> Self {
        Self { values, step: usize::from(values.len() > 1) }
    }

    #[inline(always)]
    pub(crate) fn of(self, feature: usize) -> T {
        self.values[feature * self.step]
    }
}

/// The magnitude of one firing: relu(mean + std_dev N(0, 1)), drawing only where there is a spread.
#[inline(always)]
pub(crate) fn magnitude<T: Scalar>(mean: T, std_dev: T, rng: &mut impl Rng) -> T {
    if std_dev > T::ZERO { (mean + std_dev * T::from_f64(standard_normal(rng))).relu() } else { mean.relu() }
}
