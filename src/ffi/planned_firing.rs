//! The C structs that join a plan of how often features fire with how strongly they do.

use super::boundary::{Arguments, VersionedStruct, call, init_struct, or_absent, required};
use super::plan::saek_firing_plan;
use super::types::saek_status;
use crate::activation::PlannedFiring;
use crate::error::{Argument, Error};
use crate::scalar::Scalar;
use core::ptr::null;

/// How strongly each feature fires, and a plan of how often: relu(mean + std_dev N(0, 1)) with its probability, else 0.
///
/// Each array has one value a feature, or a single value for all of them. `saek_planned_firing_f32_init` leaves the plan
/// to be set.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct saek_planned_firing_f32 {
    /// sizeof(saek_planned_firing_f32); `saek_planned_firing_f32_init` sets it.
    pub struct_size: u32,
    /// Zero.
    pub reserved: u32,
    /// The plan, filled by `saek_plan_firing_f32` or `saek_plan_firing_f64`.
    pub plan: *const saek_firing_plan,
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
unsafe impl VersionedStruct for saek_planned_firing_f32 {
    fn defaults() -> Self {
        Self {
            struct_size: size_of::<Self>() as u32,
            reserved: 0,
            plan: null(),
            means: null(),
            means_len: 0,
            std_devs: null(),
            std_devs_len: 0,
        }
    }
}

impl From<saek_planned_firing_f32> for Raw<f32> {
    fn from(firing: saek_planned_firing_f32) -> Self {
        Self {
            plan: firing.plan,
            means: (firing.means, firing.means_len),
            std_devs: (firing.std_devs, firing.std_devs_len),
        }
    }
}

/// As `saek_planned_firing_f32`, in double precision.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct saek_planned_firing_f64 {
    /// sizeof(saek_planned_firing_f64); `saek_planned_firing_f64_init` sets it.
    pub struct_size: u32,
    /// Zero.
    pub reserved: u32,
    /// The plan, filled by `saek_plan_firing_f32` or `saek_plan_firing_f64`.
    pub plan: *const saek_firing_plan,
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
unsafe impl VersionedStruct for saek_planned_firing_f64 {
    fn defaults() -> Self {
        Self {
            struct_size: size_of::<Self>() as u32,
            reserved: 0,
            plan: null(),
            means: null(),
            means_len: 0,
            std_devs: null(),
            std_devs_len: 0,
        }
    }
}

impl From<saek_planned_firing_f64> for Raw<f64> {
    fn from(firing: saek_planned_firing_f64) -> Self {
        Self {
            plan: firing.plan,
            means: (firing.means, firing.means_len),
            std_devs: (firing.std_devs, firing.std_devs_len),
        }
    }
}

/// The plan and the arrays of `saek_planned_firing_f32` or `saek_planned_firing_f64`, with their lengths.
pub(super) struct Raw<T> {
    plan: *const saek_firing_plan,
    means: (*const T, usize),
    std_devs: (*const T, usize),
}

impl<T: Scalar> Raw<T> {
    /// The default mean and the default standard deviation.
    pub(super) const DEFAULTS: [T; 2] = [T::ONE, T::ZERO];

    /// Borrows plan and arrays, with `defaults` in the place of those that are absent.
    ///
    /// # Safety
    /// The pointers are null or point to as many numbers as their lengths say.
    pub(super) unsafe fn borrow<'a>(
        &self,
        arguments: &mut Arguments,
        defaults: &'a [T; 2],
    ) -> Result<PlannedFiring<'a, T>, Error> {
        let (mean, std_dev) = defaults.split_at(1);
        let ((means, means_len), (std_devs, std_devs_len)) = (self.means, self.std_devs);
        // SAFETY: the caller's promise.
        let (plan, means, std_devs) = unsafe {
            (
                required(self.plan, Argument::Plan)?.borrow(arguments)?,
                arguments.optional_slice(means, means_len, Argument::Means)?,
                arguments.optional_slice(std_devs, std_devs_len, Argument::StdDevs)?,
            )
        };
        let means = or_absent(means, mean, means_len, Argument::Means)?;
        PlannedFiring::new(plan, means, or_absent(std_devs, std_dev, std_devs_len, Argument::StdDevs)?)
    }
}

/// Sets the size of `firing`, no plan, and the default mean 1 and standard deviation 0.
///
/// Status: NULL_POINTER, MISALIGNED (firing).
///
/// # Safety
/// `firing` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_planned_firing_f32_init(firing: *mut saek_planned_firing_f32) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { init_struct(firing, Argument::Firing) })
}

/// As `saek_planned_firing_f32_init`, for `saek_planned_firing_f64`.
///
/// # Safety
/// `firing` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_planned_firing_f64_init(firing: *mut saek_planned_firing_f64) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { init_struct(firing, Argument::Firing) })
}
