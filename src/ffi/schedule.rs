//! C functions for firing probabilities and training schedules.

use super::boundary::{Arguments, VersionedStruct, call, init, params};
use super::types::saek_status;
use crate::error::{Argument, Error};
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
/// max_probability. Agrees with sae-lens to one unit in the last place.
///
/// - `out`: `count` probabilities, written.
/// - `count`: number of features, >= 1.
/// - `params`: null for the defaults.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW (out); EMPTY (count); STRUCT_SIZE (params); NOT_A_NUMBER, INFINITE,
/// OUT_OF_RANGE (exponent, max_probability, min_probability); ORDER (min_probability) unless min < max.
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
