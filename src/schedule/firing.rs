//! Firing probabilities of features: zipfian, linear, random.
//!
//! The formulas and the order of the arithmetic are those of sae-lens (`sae_lens.synthetic.firing_probabilities`),
//! so that in single precision the results agree with it to one unit in the last place, as far as the powers do.

use super::spaced::evenly_spaced;
use crate::error::{Argument, Error, Reason, ensure, ensure_finite};
use crate::rng::{Mersenne, Purpose, Stream, unit_uniform};
use crate::scalar::Scalar;

/// Parameters of [`zipfian`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ZipfianParams {
    /// Power of the rank, > 0; larger falls faster. Default 1.
    pub exponent: f64,
    /// Probability of the first feature, in (`min_probability`, 1]. Default 0.3.
    pub max_probability: f64,
    /// Probability of the last feature, > 0. Default 0.01.
    pub min_probability: f64,
}

impl Default for ZipfianParams {
    fn default() -> Self {
        Self { exponent: 1.0, max_probability: 0.3, min_probability: 0.01 }
    }
}

/// Parameters of [`linear`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LinearParams {
    /// Probability of the first feature, in [`min_probability`, 1]. Default 0.3.
    ///
    /// [`min_probability`]: Self::min_probability
    pub max_probability: f64,
    /// Probability of the last feature, > 0. Default 0.01.
    pub min_probability: f64,
}

impl Default for LinearParams {
    fn default() -> Self {
        Self { max_probability: 0.3, min_probability: 0.01 }
    }
}

/// Where [`random`] takes its uniform numbers from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum UniformSource {
    /// This library's generator: feature i is a function of (seed, i).
    Pcg64 = 0,
    /// PyTorch's CPU generator seeded with the low 32 bits of the seed: the reference's numbers bit for bit.
    Mt19937 = 1,
}

/// Parameters of [`random`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RandomParams {
    /// Upper end of the range, in (`min_probability`, 1]. Default 0.5.
    pub max_probability: f64,
    /// Lower end of the range, > 0. Default 0.01.
    pub min_probability: f64,
    /// Seed. Default 0.
    pub seed: u64,
    /// Generator. Default [`UniformSource::Pcg64`].
    pub source: UniformSource,
}

impl Default for RandomParams {
    fn default() -> Self {
        Self { max_probability: 0.5, min_probability: 0.01, seed: 0, source: UniformSource::Pcg64 }
    }
}

/// Checks `0 < min <= max <= 1`, with `min < max` where `strict`.
fn check_range(min: f64, max: f64, strict: bool) -> Result<(), Error> {
    ensure_finite(min, Argument::MinProbability)?;
    ensure_finite(max, Argument::MaxProbability)?;
    ensure(min > 0.0, Reason::OutOfRange, Argument::MinProbability)?;
    ensure(max <= 1.0, Reason::OutOfRange, Argument::MaxProbability)?;
    ensure(if strict { min < max } else { min <= max }, Reason::Order, Argument::MinProbability)
}

/// Fills `out[n]` with zipfian firing probabilities, from `max_probability` down to `min_probability`.
///
/// With ranks i = 1..n and r_i = i^-exponent: p_i = min + (max - min)(r_i - r_n)/(1 - r_n). One feature gets
/// `max_probability`. Where the exponent is so small that r_n rounds to 1, all get `max_probability`.
///
/// # Errors
/// [`Reason::Empty`] for an empty `out`; [`Reason::NotANumber`], [`Reason::Infinite`] or [`Reason::OutOfRange`]
/// unless exponent > 0 and 0 < min, max <= 1; [`Reason::Order`] unless min < max. `out` is then untouched.
///
/// # Cost
/// n powers, no workspace. Deterministic; the same on every platform.
pub fn zipfian<T: Scalar>(out: &mut [T], params: &ZipfianParams) -> Result<(), Error> {
    ensure(!out.is_empty(), Reason::Empty, Argument::Count)?;
    ensure_finite(params.exponent, Argument::Exponent)?;
    ensure(params.exponent > 0.0, Reason::OutOfRange, Argument::Exponent)?;
    check_range(params.min_probability, params.max_probability, true)?;

    let min = T::from_f64(params.min_probability);
    let range = T::from_f64(params.max_probability - params.min_probability);
    // The power is rounded once, from double precision, as if it were computed exactly in T.
    let weight = |i: usize| T::ONE / T::from_f64(libm::pow((i + 1) as f64, params.exponent));
    let last = weight(out.len() - 1);
    let spread = T::ONE - last;
    if spread <= T::ZERO {
        out.fill(T::from_f64(params.max_probability));
        return Ok(());
    }
    for (i, p) in out.iter_mut().enumerate() {
        *p = min + range * (weight(i) - last) / spread;
    }
    Ok(())
}

/// Fills `out[n]` with evenly spaced firing probabilities from `max_probability` to `min_probability`, both
/// included; one feature gets `max_probability`.
///
/// # Errors
/// [`Reason::Empty`] for an empty `out`; [`Reason::NotANumber`], [`Reason::Infinite`] or [`Reason::OutOfRange`]
/// unless 0 < min and max <= 1; [`Reason::Order`] unless min <= max. `out` is then untouched.
///
/// # Cost
/// n products, no workspace. Deterministic; the same on every platform.
pub fn linear<T: Scalar>(out: &mut [T], params: &LinearParams) -> Result<(), Error> {
    ensure(!out.is_empty(), Reason::Empty, Argument::Count)?;
    check_range(params.min_probability, params.max_probability, false)?;

    evenly_spaced(out, T::from_f64(params.max_probability), T::from_f64(params.min_probability));
    Ok(())
}

/// Fills `out[n]` with firing probabilities drawn uniformly from [`min_probability`, `max_probability`).
///
/// p_i = min + (max - min) u_i. With [`UniformSource::Mt19937`] u_i has 24 bits and, in single precision, p_i is
/// the reference's for that seed, bit for bit.
///
/// # Errors
/// As for [`zipfian`], without the exponent.
///
/// # Cost
/// n random words, no workspace. Deterministic in the seed; the same on every platform.
pub fn random<T: Scalar>(out: &mut [T], params: &RandomParams) -> Result<(), Error> {
    ensure(!out.is_empty(), Reason::Empty, Argument::Count)?;
    check_range(params.min_probability, params.max_probability, true)?;

    let min = T::from_f64(params.min_probability);
    let range = T::from_f64(params.max_probability - params.min_probability);
    match params.source {
        UniformSource::Pcg64 => {
            let stream = Stream::new(params.seed, 0);
            for (i, p) in out.iter_mut().enumerate() {
                let mut rng = stream.row(Purpose::FiringProbabilities, i as u64);
                *p = min + range * T::from_f64(unit_uniform(&mut rng));
            }
        }
        UniformSource::Mt19937 => {
            let mut rng = Mersenne::new(params.seed as u32);
            for p in out.iter_mut() {
                let bits = rng.next_u32() & 0x00ff_ffff;
                *p = min + range * T::from_f64(f64::from(bits) / f64::from(1u32 << 24));
            }
        }
    }
    Ok(())
}
