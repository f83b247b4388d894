//! The C struct that says how often and how strongly features fire.

use super::boundary::{Arguments, VersionedStruct, call, init_struct, or_absent};
use super::types::saek_status;
use crate::activation::Firing;
use crate::error::{Argument, Error};
use crate::scalar::Scalar;
use core::ptr::null;

/// How often and how strongly each feature fires: relu(mean + std_dev N(0, 1)) with its probability, else 0.
///
/// Each array has one value a feature, or a single value for all of them. `saek_firing_f32_init` leaves the
/// probabilities to be set.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct saek_firing_f32 {
    /// sizeof(saek_firing_f32); `saek_firing_f32_init` sets it.
    pub struct_size: u32,
    /// Zero.
    pub reserved: u32,
    /// Firing probabilities, in [0, 1]; 0 never fires, 1 always.
    pub probabilities: *const f32,
    /// Length of `probabilities`: the number of features, or 1.
    pub probabilities_len: usize,
    /// Means of the magnitude before the relu; NULL with length 0 means 1 for all.
    pub means: *const f32,
    /// Length of `means`: the number of features, or 1; 0 where `means` is NULL.
    pub means_len: usize,
    /// Standard deviations of the magnitude before the relu, >= 0; NULL with length 0 means 0 for all.
    pub std_devs: *const f32,
    /// Length of `std_devs`: the number of features, or 1; 0 where `std_devs` is NULL.
    pub std_devs_len: usize,
}

// SAFETY: repr(C), begins with struct_size, holds integers and pointers.
unsafe impl VersionedStruct for saek_firing_f32 {
    fn defaults() -> Self {
        Self {
            struct_size: size_of::<Self>() as u32,
            reserved: 0,
            probabilities: null(),
            probabilities_len: 0,
            means: null(),
            means_len: 0,
            std_devs: null(),
            std_devs_len: 0,
        }
    }
}

impl From<saek_firing_f32> for Raw<f32> {
    fn from(firing: saek_firing_f32) -> Self {
        Self {
            probabilities: (firing.probabilities, firing.probabilities_len),
            means: (firing.means, firing.means_len),
            std_devs: (firing.std_devs, firing.std_devs_len),
        }
    }
}

/// As `saek_firing_f32`, in double precision.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct saek_firing_f64 {
    /// sizeof(saek_firing_f64); `saek_firing_f64_init` sets it.
    pub struct_size: u32,
    /// Zero.
    pub reserved: u32,
    /// Firing probabilities, in [0, 1]; 0 never fires, 1 always.
    pub probabilities: *const f64,
    /// Length of `probabilities`: the number of features, or 1.
    pub probabilities_len: usize,
    /// Means of the magnitude before the relu; NULL with length 0 means 1 for all.
    pub means: *const f64,
    /// Length of `means`: the number of features, or 1; 0 where `means` is NULL.
    pub means_len: usize,
    /// Standard deviations of the magnitude before the relu, >= 0; NULL with length 0 means 0 for all.
    pub std_devs: *const f64,
    /// Length of `std_devs`: the number of features, or 1; 0 where `std_devs` is NULL.
    pub std_devs_len: usize,
}

// SAFETY: repr(C), begins with struct_size, holds integers and pointers.
unsafe impl VersionedStruct for saek_firing_f64 {
    fn defaults() -> Self {
        Self {
            struct_size: size_of::<Self>() as u32,
            reserved: 0,
            probabilities: null(),
            probabilities_len: 0,
            means: null(),
            means_len: 0,
            std_devs: null(),
            std_devs_len: 0,
        }
    }
}

impl From<saek_firing_f64> for Raw<f64> {
    fn from(firing: saek_firing_f64) -> Self {
        Self {
            probabilities: (firing.probabilities, firing.probabilities_len),
            means: (firing.means, firing.means_len),
            std_devs: (firing.std_devs, firing.std_devs_len),
        }
    }
}

/// The arrays of `saek_firing_f32` or `saek_firing_f64`, with their lengths.
pub(super) struct Raw<T> {
    probabilities: (*const T, usize),
    means: (*const T, usize),
    std_devs: (*const T, usize),
}

impl<T: Scalar> Raw<T> {
    /// The default mean and the default standard deviation.
    pub(super) const DEFAULTS: [T; 2] = [T::ONE, T::ZERO];

    /// Borrows the arrays, with `defaults` in the place of those that are absent.
    ///
    /// # Safety
    /// The pointers are null or point to as many numbers as their lengths say.
    pub(super) unsafe fn borrow<'a>(
        &self,
        arguments: &mut Arguments,
        defaults: &'a [T; 2],
    ) -> Result<Firing<'a, T>, Error> {
        let (mean, std_dev) = defaults.split_at(1);
        let ((means, means_len), (std_devs, std_devs_len)) = (self.means, self.std_devs);
        // SAFETY: the caller's promise.
        let (probabilities, means, std_devs) = unsafe {
            (
                arguments.slice(self.probabilities.0, self.probabilities.1, Argument::Probabilities)?,
                arguments.optional_slice(means, means_len, Argument::Means)?,
                arguments.optional_slice(std_devs, std_devs_len, Argument::StdDevs)?,
            )
        };
        Ok(Firing {
            probabilities,
            means: or_absent(means, mean, means_len, Argument::Means)?,
            std_devs: or_absent(std_devs, std_dev, std_devs_len, Argument::StdDevs)?,
        })
    }
}

/// Sets the size of `firing`, no probabilities, and the default mean 1 and standard deviation 0.
///
/// Status: NULL_POINTER, MISALIGNED (firing).
///
/// # Safety
/// `firing` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_firing_f32_init(firing: *mut saek_firing_f32) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { init_struct(firing, Argument::Firing) })
}

/// As `saek_firing_f32_init`, for `saek_firing_f64`.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_firing_f64_init(firing: *mut saek_firing_f64) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { init_struct(firing, Argument::Firing) })
}
