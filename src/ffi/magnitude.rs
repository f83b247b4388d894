//! C functions for schedules of firing magnitudes.

use super::boundary::{Arguments, VersionedStruct, call, init, params};
use super::types::saek_status;
use crate::error::{Argument, Error};
use crate::scalar::Scalar;
use crate::schedule;

/// Fills `out[count]` with evenly spaced magnitudes from `start` to `end`: x_i = start + (end - start) i/(n - 1).
///
/// Both ends are included; one feature gets `start`. For means or standard deviations of firing magnitudes.
///
/// - `out`: `count` numbers, written.
/// - `count`: number of features n, >= 1.
/// - `start`, `end`: > 0 and finite, rounded to the type of `out` too.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW (out); EMPTY (count); NOT_A_NUMBER, INFINITE, OUT_OF_RANGE (start,
/// end).
/// Cost: count products, no workspace. The same on every platform.
///
/// # Safety
/// `out` is null or points to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_linear_magnitudes_f32(
    out: *mut f32,
    count: usize,
    start: f64,
    end: f64,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { fill(out, count, |out| schedule::linear_magnitudes(out, start, end)) })
}

/// As `saek_linear_magnitudes_f32`, in double precision.
///
/// # Safety
/// `out` is null or points to what is said there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_linear_magnitudes_f64(
    out: *mut f64,
    count: usize,
    start: f64,
    end: f64,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { fill(out, count, |out| schedule::linear_magnitudes(out, start, end)) })
}

/// Fills `out[count]` with magnitudes in even ratios from `start` to `end`: x_i = start (end/start)^(i/(n - 1)).
///
/// Both ends are included, exactly; one feature gets `start`. For means or standard deviations of firing magnitudes.
///
/// - `out`: `count` numbers, written.
/// - `count`: number of features n, >= 1.
/// - `start`, `end`: > 0 and finite, rounded to the type of `out` too.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW (out); EMPTY (count); NOT_A_NUMBER, INFINITE, OUT_OF_RANGE (start,
/// end).
/// Cost: 2 count powers in double precision, no workspace. The same on every platform.
///
/// # Safety
/// `out` is null or points to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_exponential_magnitudes_f32(
    out: *mut f32,
    count: usize,
    start: f64,
    end: f64,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { fill(out, count, |out| schedule::exponential_magnitudes(out, start, end)) })
}

/// As `saek_exponential_magnitudes_f32`, in double precision.
///
/// # Safety
/// `out` is null or points to what is said there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_exponential_magnitudes_f64(
    out: *mut f64,
    count: usize,
    start: f64,
    end: f64,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { fill(out, count, |out| schedule::exponential_magnitudes(out, start, end)) })
}

/// Parameters of `saek_folded_normal_magnitudes_f32` and `saek_folded_normal_magnitudes_f64`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct saek_folded_normal_params {
    /// sizeof(saek_folded_normal_params); `saek_folded_normal_params_init` sets it.
    pub struct_size: u32,
    /// Zero.
    pub reserved: u32,
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

// SAFETY: repr(C), begins with struct_size, holds integers and floats.
unsafe impl VersionedStruct for saek_folded_normal_params {
    fn defaults() -> Self {
        let d = schedule::FoldedNormalParams::default();
        Self {
            struct_size: size_of::<Self>() as u32,
            reserved: 0,
            mean: d.mean,
            std_dev: d.std_dev,
            min_magnitude: d.min_magnitude,
            max_magnitude: d.max_magnitude,
            seed: d.seed,
        }
    }
}

/// Fills `params` with the defaults.
///
/// # Safety
/// `params` is null (status NULL_POINTER) or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_folded_normal_params_init(
    params: *mut saek_folded_normal_params,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { init(params) })
}

/// Fills `out[count]` with magnitudes |mean + std_dev N(0, 1)|, clamped to [min_magnitude, max_magnitude].
///
/// For means or standard deviations of firing magnitudes.
///
/// - `out`: `count` numbers, written.
/// - `count`: number of features, >= 1.
/// - `params`: null for the defaults.
///
/// Status: NULL_POINTER, MISALIGNED, SIZE_OVERFLOW (out); EMPTY (count); MISALIGNED, STRUCT_SIZE (params); NOT_A_NUMBER,
/// INFINITE, OUT_OF_RANGE (mean, std_dev, min_magnitude; max_magnitude, which may be infinite); ORDER (min_magnitude)
/// unless it is <= max_magnitude.
/// Cost: count normal numbers, no workspace. Element i is a function of (seed, i), the same on every platform.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_folded_normal_magnitudes_f32(
    out: *mut f32,
    count: usize,
    params: *const saek_folded_normal_params,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { folded_normal(out, count, params) })
}

/// As `saek_folded_normal_magnitudes_f32`, in double precision.
///
/// # Safety
/// Pointers are null or point to what is said there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_folded_normal_magnitudes_f64(
    out: *mut f64,
    count: usize,
    params: *const saek_folded_normal_params,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { folded_normal(out, count, params) })
}

/// # Safety
/// As the exported functions.
unsafe fn folded_normal<T: Scalar>(
    out: *mut T,
    count: usize,
    p: *const saek_folded_normal_params,
) -> Result<(), Error> {
    // SAFETY: the caller's promise.
    let p = unsafe { params(p)? };
    let params = schedule::FoldedNormalParams {
        mean: p.mean,
        std_dev: p.std_dev,
        min_magnitude: p.min_magnitude,
        max_magnitude: p.max_magnitude,
        seed: p.seed,
    };
    // SAFETY: the caller's promise.
    unsafe { fill(out, count, |out| schedule::folded_normal_magnitudes(out, &params)) }
}

/// # Safety
/// As the exported functions.
unsafe fn fill<T: Scalar>(
    out: *mut T,
    count: usize,
    schedule: impl FnOnce(&mut [T]) -> Result<(), Error>,
) -> Result<(), Error> {
    // SAFETY: the caller's promise.
    schedule(unsafe { Arguments::new().slice_mut(out, count, Argument::Out)? })
}
