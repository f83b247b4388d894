//! Means and standard deviations of firing magnitudes: linear, exponential, folded normal.
//!
//! The formulas are those of sae-lens 6.54 (`sae_lens.synthetic.firing_magnitudes`). A constant needs no function: where
//! kernels want a value a feature they take a single one for all of them.

use super::spaced::evenly_spaced;
use crate::error::{Argument, Error, Reason, ensure, ensure_finite};
use crate::rng::{Purpose, Stream, standard_normal};
use crate::scalar::Scalar;

/// Refuses an end of a range unless it is a positive number of `T`, and gives it.
fn positive<T: Scalar>(value: f64, argument: Argument) -> Result<T, Error> {
    ensure_finite(value, argument)?;
    let rounded = T::from_f64(value);
    ensure(rounded > T::ZERO && rounded.is_finite(), Reason::OutOfRange, argument)?;
    Ok(rounded)
}

/// Fills `out[n]` with evenly spaced magnitudes from `start` to `end`: x_i = start + (end - start) i/(n - 1).
///
/// Both ends are included; one feature gets `start`.
///
/// # Errors
/// [`Reason::Empty`] (count) for an empty `out`; [`Reason::NotANumber`], [`Reason::Infinite`], [`Reason::OutOfRange`]
/// (start, end) unless both are > 0 and finite, rounded to `T` too. `out` is then untouched.
///
/// # Cost
/// n products, no workspace. The same on every platform.
///
/// # Source
/// `sae_lens.synthetic.LinearMagnitudeConfig`.
pub fn linear_magnitudes<T: Scalar>(out: &mut [T], start: f64, end: f64) -> Result<(), Error> {
    ensure(!out.is_empty(), Reason::Empty, Argument::Count)?;
    let (start, end) = (positive(start, Argument::Start)?, positive(end, Argument::End)?);
    evenly_spaced(out, start, end);
    Ok(())
}

/// Fills `out[n]` with magnitudes in even ratios from `start` to `end`: x_i = start (end/start)^(i/(n - 1)).
///
/// Computed as start^(1 - t) end^t in double precision and rounded once, so that no ratio overflows and both ends come
/// out exactly; one feature gets `start`.
///
/// # Errors
/// As for [`linear_magnitudes`].
///
/// # Cost
/// 2 n powers, no workspace. The same on every platform.
///
/// # Source
/// `sae_lens.synthetic.ExponentialMagnitudeConfig`.
pub fn exponential_magnitudes<T: Scalar>(out: &mut [T], start: f64, end: f64) -> Result<(), Error> {
    ensure(!out.is_empty(), Reason::Empty, Argument::Count)?;
    positive::<T>(start, Argument::Start)?;
    positive::<T>(end, Argument::End)?;
    let last = (out.len() - 1).max(1) as f64;
    for (i, x) in out.iter_mut().enumerate() {
        let t = i as f64 / last;
        *x = T::from_f64(libm::pow(start, 1.0 - t) * libm::pow(end, t));
    }
    Ok(())
}

/// Parameters of [`folded_normal_magnitudes`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FoldedNormalParams {
    /// Mean of the normal numbers, finite. Default 0.
    pub mean: f64,
    /// Their standard deviation, > 0; |mean| + 64 of it must be finite. Default 0.1.
    pub std_dev: f64,
    /// Smaller magnitudes are raised to this, >= 0. Default 0, which none is below.
    pub min_magnitude: f64,
    /// Larger magnitudes are lowered to this, > 0. Default infinity.
    pub max_magnitude: f64,
    /// Seed. Default 0.
    pub seed: u64,
}

impl Default for FoldedNormalParams {
    fn default() -> Self {
        Self { mean: 0.0, std_dev: 0.1, min_magnitude: 0.0, max_magnitude: f64::INFINITY, seed: 0 }
    }
}

/// Fills `out[n]` with magnitudes |mean + `std_dev` N(0, 1)|, clamped to [`min_magnitude`, `max_magnitude`].
///
/// # Errors
/// [`Reason::Empty`] (count) for an empty `out`; [`Reason::NotANumber`] (mean, `std_dev`, `min_magnitude`,
/// `max_magnitude`); [`Reason::Infinite`] (mean, `std_dev`, `min_magnitude`); [`Reason::OutOfRange`] unless each is in
/// its range, rounded to `T` too; [`Reason::Order`] (`min_magnitude`) unless it is <= `max_magnitude`. `out` is then
/// untouched.
///
/// # Cost
/// n normal numbers, no workspace. Element i is a function of (seed, i), the same on every platform.
///
/// # Source
/// `sae_lens.synthetic.FoldedNormalMagnitudeConfig`; the random numbers are this library's own.
pub fn folded_normal_magnitudes<T: Scalar>(out: &mut [T], params: &FoldedNormalParams) -> Result<(), Error> {
    ensure(!out.is_empty(), Reason::Empty, Argument::Count)?;
    let FoldedNormalParams { mean, std_dev, min_magnitude, max_magnitude, seed } = *params;
    ensure_finite(mean, Argument::Mean)?;
    ensure(T::from_f64(mean).is_finite(), Reason::OutOfRange, Argument::Mean)?;
    positive::<T>(std_dev, Argument::StdDev)?;
    // No normal number of the generator is nearly so large.
    let all_finite = T::from_f64(mean.abs() + 64.0 * std_dev).is_finite();
    ensure(all_finite, Reason::OutOfRange, Argument::StdDev)?;
    ensure_finite(min_magnitude, Argument::MinMagnitude)?;
    let in_range = min_magnitude >= 0.0 && T::from_f64(min_magnitude).is_finite();
    ensure(in_range, Reason::OutOfRange, Argument::MinMagnitude)?;
    ensure(!max_magnitude.is_nan(), Reason::NotANumber, Argument::MaxMagnitude)?;
    ensure(T::from_f64(max_magnitude) > T::ZERO, Reason::OutOfRange, Argument::MaxMagnitude)?;
    ensure(min_magnitude <= max_magnitude, Reason::Order, Argument::MinMagnitude)?;
    let stream = Stream::new(seed, 0);
    for (i, x) in out.iter_mut().enumerate() {
        let mut rng = stream.row(Purpose::FoldedMagnitudes, i as u64);
        let magnitude = (mean + std_dev * standard_normal(&mut rng)).abs();
        *x = T::from_f64(magnitude.clamp(min_magnitude, max_magnitude));
    }
    Ok(())
}
