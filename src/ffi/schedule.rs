//! C functions for firing probabilities and training schedules.

use super::boundary::{Arguments, VersionedStruct, call, init, params};
use super::types::saek_status;
use crate::error::{Argument, Error, Reason};
use crate::scalar::Scalar;
use crate::schedule;

/// Parameters of `saek_zipfian_f32` and `saek_zipfian_f64`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct saek_zipfian_params {
    /// sizeof(saek_zipfian_params); `saek_zipfian_params_init` sets it.
    pub struct_size: u32,
    /// Zero.
    pub reserved: u32,
    /// Power of the rank, > 0; larger falls faster. Default 1.
    pub exponent: f64,
    /// Probability of the first feature, in (min_probability, 1]. Default 0.3.
    pub max_probability: f64,
    /// Probability of the last feature, > 0. Default 0.01.
    pub min_probability: f64,
}

// SAFETY: repr(C), begins with struct_size, holds integers and floats.
unsafe impl VersionedStruct for saek_zipfian_params {
    fn defaults() -> Self {
        let d = schedule::ZipfianParams::default();
        Self {
            struct_size: size_of::<Self>() as u32,
            reserved: 0,
            exponent: d.exponent,
            max_probability: d.max_probability,
            min_probability: d.min_probability,
        }
    }
}

/// Fills `params` with the defaults.
///
/// # Safety
/// `params` is null (status NULL_POINTER) or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_zipfian_params_init(params: *mut saek_zipfian_params) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { init(params) })
}

/// Fills `out[count]` with zipfian firing probabilities, from max_probability down to min_probability.
///
/// With ranks i = 1..n and r_i = i^-exponent: p_i = min + (max - min)(r_i - r_n)/(1 - r_n). One feature gets
/// max_probability. Where the exponent is so small that r_n rounds to 1, all get max_probability.
///
/// - `out`: `count` probabilities, written.
/// - `count`: number of features, >= 1.
/// - `params`: null for the defaults.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW (out); EMPTY (count); MISALIGNED, STRUCT_SIZE (params);
/// NOT_A_NUMBER, INFINITE, OUT_OF_RANGE (exponent, max_probability, min_probability); ORDER (min_probability) unless
/// min < max.
/// Cost: count powers, no workspace.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_zipfian_f32(
    out: *mut f32,
    count: usize,
    params: *const saek_zipfian_params,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { zipfian(out, count, params) })
}

/// As `saek_zipfian_f32`, in double precision.
///
/// # Safety
/// Pointers are null or point to what is said there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_zipfian_f64(
    out: *mut f64,
    count: usize,
    params: *const saek_zipfian_params,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { zipfian(out, count, params) })
}

/// # Safety
/// As the exported functions.
unsafe fn zipfian<T: Scalar>(out: *mut T, count: usize, p: *const saek_zipfian_params) -> Result<(), Error> {
    // SAFETY: the caller's promise.
    let (p, out) = unsafe { (params(p)?, Arguments::new().slice_mut(out, count, Argument::Out)?) };
    schedule::zipfian(
        out,
        &schedule::ZipfianParams {
            exponent: p.exponent,
            max_probability: p.max_probability,
            min_probability: p.min_probability,
        },
    )
}

/// Parameters of `saek_linear_f32` and `saek_linear_f64`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct saek_linear_params {
    /// sizeof(saek_linear_params); `saek_linear_params_init` sets it.
    pub struct_size: u32,
    /// Zero.
    pub reserved: u32,
    /// Probability of the first feature, in [min_probability, 1]. Default 0.3.
    pub max_probability: f64,
    /// Probability of the last feature, > 0. Default 0.01.
    pub min_probability: f64,
}

// SAFETY: repr(C), begins with struct_size, holds integers and floats.
unsafe impl VersionedStruct for saek_linear_params {
    fn defaults() -> Self {
        let d = schedule::LinearParams::default();
        Self {
            struct_size: size_of::<Self>() as u32,
            reserved: 0,
            max_probability: d.max_probability,
            min_probability: d.min_probability,
        }
    }
}

/// Fills `params` with the defaults.
///
/// # Safety
/// `params` is null (status NULL_POINTER) or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_linear_params_init(params: *mut saek_linear_params) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { init(params) })
}

/// Fills `out[count]` with evenly spaced firing probabilities from max_probability to min_probability, both included.
///
/// One feature gets max_probability.
///
/// - `out`: `count` probabilities, written.
/// - `count`: number of features, >= 1.
/// - `params`: null for the defaults.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW (out); EMPTY (count); MISALIGNED, STRUCT_SIZE (params);
/// NOT_A_NUMBER, INFINITE, OUT_OF_RANGE (max_probability, min_probability); ORDER (min_probability) unless min <= max.
/// Cost: count products, no workspace.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_linear_f32(
    out: *mut f32,
    count: usize,
    params: *const saek_linear_params,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { linear(out, count, params) })
}

/// As `saek_linear_f32`, in double precision.
///
/// # Safety
/// Pointers are null or point to what is said there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_linear_f64(
    out: *mut f64,
    count: usize,
    params: *const saek_linear_params,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { linear(out, count, params) })
}

/// # Safety
/// As the exported functions.
unsafe fn linear<T: Scalar>(out: *mut T, count: usize, p: *const saek_linear_params) -> Result<(), Error> {
    // SAFETY: the caller's promise.
    let (p, out) = unsafe { (params(p)?, Arguments::new().slice_mut(out, count, Argument::Out)?) };
    schedule::linear(
        out,
        &schedule::LinearParams { max_probability: p.max_probability, min_probability: p.min_probability },
    )
}

/// Uniform numbers by this library's generator: feature i is a function of (seed, i).
pub const SAEK_SOURCE_PCG64: u32 = 0;
/// Uniform numbers by PyTorch's CPU generator, seeded with the low 32 bits of the seed: the reference's bit for bit.
pub const SAEK_SOURCE_MT19937: u32 = 1;

/// Parameters of `saek_random_f32` and `saek_random_f64`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct saek_random_params {
    /// sizeof(saek_random_params); `saek_random_params_init` sets it.
    pub struct_size: u32,
    /// One of the `SAEK_SOURCE_...` numbers. Default `SAEK_SOURCE_PCG64`.
    pub source: u32,
    /// Upper end of the range, in (min_probability, 1]. Default 0.5.
    pub max_probability: f64,
    /// Lower end of the range, > 0. Default 0.01.
    pub min_probability: f64,
    /// Seed. Default 0.
    pub seed: u64,
}

// SAFETY: repr(C), begins with struct_size, holds integers and floats.
unsafe impl VersionedStruct for saek_random_params {
    fn defaults() -> Self {
        let d = schedule::RandomParams::default();
        Self {
            struct_size: size_of::<Self>() as u32,
            source: SAEK_SOURCE_PCG64,
            max_probability: d.max_probability,
            min_probability: d.min_probability,
            seed: d.seed,
        }
    }
}

/// Fills `params` with the defaults.
///
/// # Safety
/// `params` is null (status NULL_POINTER) or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_random_params_init(params: *mut saek_random_params) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { init(params) })
}

/// Fills `out[count]` with firing probabilities drawn uniformly from [min_probability, max_probability).
///
/// p_i = min + (max - min) u_i. With SAEK_SOURCE_MT19937 u_i has 24 bits and, in single precision, p_i is what the
/// reference gives for that seed, bit for bit.
///
/// - `out`: `count` probabilities, written.
/// - `count`: number of features, >= 1.
/// - `params`: null for the defaults.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW (out); EMPTY (count); MISALIGNED, STRUCT_SIZE (params);
/// UNKNOWN_VALUE (source); NOT_A_NUMBER, INFINITE, OUT_OF_RANGE (max_probability, min_probability); ORDER
/// (min_probability) unless min < max.
/// Cost: count random words, no workspace. The same on every platform.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_random_f32(
    out: *mut f32,
    count: usize,
    params: *const saek_random_params,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { random(out, count, params) })
}

/// As `saek_random_f32`, in double precision; with SAEK_SOURCE_MT19937 from the same 24-bit u_i.
///
/// # Safety
/// Pointers are null or point to what is said there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_random_f64(
    out: *mut f64,
    count: usize,
    params: *const saek_random_params,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { random(out, count, params) })
}

/// # Safety
/// As the exported functions.
unsafe fn random<T: Scalar>(out: *mut T, count: usize, p: *const saek_random_params) -> Result<(), Error> {
    // SAFETY: the caller's promise.
    let (p, out) = unsafe { (params(p)?, Arguments::new().slice_mut(out, count, Argument::Out)?) };
    let source = match p.source {
        SAEK_SOURCE_PCG64 => schedule::UniformSource::Pcg64,
        SAEK_SOURCE_MT19937 => schedule::UniformSource::Mt19937,
        _ => return Err(Error::new(Reason::UnknownValue, Argument::Source)),
    };
    schedule::random(
        out,
        &schedule::RandomParams {
            max_probability: p.max_probability,
            min_probability: p.min_probability,
            seed: p.seed,
            source,
        },
    )
}

/// Writes to `factor` the learning-rate factor of step `step`: warm-up, constant, decay.
///
/// min(1, (step + 1)/warm_up_steps) at the beginning, min(1, (total_steps - step)/decay_steps) at the end, the smaller
/// of both where they overlap. Steps count from 0; warm_up_steps and decay_steps may be 0.
///
/// Status: NULL_POINTER, MISALIGNED (out, which is `factor`); EMPTY (total_steps); ORDER (warm_up_steps, decay_steps)
/// where one is longer than total_steps.
///
/// # Safety
/// `factor` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_linear_warm_up_and_decay(
    step: u64,
    total_steps: u64,
    warm_up_steps: u64,
    decay_steps: u64,
    factor: *mut f64,
) -> saek_status {
    call(|| {
        // SAFETY: the caller's promise.
        let factor = unsafe { Arguments::new().output(factor, Argument::Out)? };
        *factor = schedule::linear_warm_up_and_decay(step, total_steps, warm_up_steps, decay_steps)?;
        Ok(())
    })
}
