//! C functions that lay out firing probabilities once, for samples in the time of their firings.

use super::boundary::{Arguments, VersionedStruct, call, init_struct, or_absent, required};
use super::types::saek_status;
use crate::activation::plan::check_features;
use crate::activation::{FiringPlan, FiringPlanBuffers, firing_plan_lengths, plan_firing};
use crate::error::{Argument, Error};
use crate::scalar::Scalar;
use core::ptr::null_mut;

/// Firing probabilities, laid out once for any number of samples; the arrays are the caller's.
///
/// Feature j with probability p_j <= 1/2 has the stretch [c_(j-1), c_j) of a line, as long as its hazard -ln(1 - p_j), and
/// fires where at least one of points with independent exponential gaps of mean 1 lies on it. Features with p_j > 1/2 are
/// in a list instead. `saek_firing_plan_init` sets the size and leaves the rest to be set; `saek_plan_firing_f32` or
/// `saek_plan_firing_f64` fills the arrays. A plan serves both precisions.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct saek_firing_plan {
    /// sizeof(saek_firing_plan); `saek_firing_plan_init` sets it.
    pub struct_size: u32,
    /// Zero.
    pub reserved: u32,
    /// Number of features, in 1..2^32 - 1.
    pub features: usize,
    /// The stretches' right ends c_j, `features` of them.
    pub cumulative_hazards: *mut f64,
    /// For each of `guide_len` equal parts of the line, the first feature whose stretch does not end before it.
    pub guide: *mut u32,
    /// Length of `guide`, as `saek_firing_plan_lengths_f32` gives it.
    pub guide_len: usize,
    /// The features with probabilities above 1/2; NULL where there are none.
    pub frequent: *mut u32,
    /// Their probabilities; NULL where there are none.
    pub frequent_probabilities: *mut f64,
    /// Length of `frequent` and of `frequent_probabilities`, as `saek_firing_plan_lengths_f32` gives it.
    pub frequent_len: usize,
}

// SAFETY: repr(C), begins with struct_size, holds integers and pointers.
unsafe impl VersionedStruct for saek_firing_plan {
    fn defaults() -> Self {
        Self {
            struct_size: size_of::<Self>() as u32,
            reserved: 0,
            features: 0,
            cumulative_hazards: null_mut(),
            guide: null_mut(),
            guide_len: 0,
            frequent: null_mut(),
            frequent_probabilities: null_mut(),
            frequent_len: 0,
        }
    }
}

impl saek_firing_plan {
    /// Borrows the arrays for reading.
    ///
    /// # Safety
    /// The pointers are null or point to as many values as the lengths say.
    pub(super) unsafe fn borrow<'a>(&self, arguments: &mut Arguments) -> Result<FiringPlan<'a>, Error> {
        let (guide, listed) = (self.guide_len, self.frequent_len);
        check_features(self.features)?;
        // SAFETY: the caller's promise.
        unsafe {
            let hazards =
                arguments.slice(self.cumulative_hazards, self.features, Argument::CumulativeHazards)?;
            let guide = arguments.slice(self.guide, guide, Argument::Guide)?;
            let frequent = arguments.optional_slice(self.frequent, listed, Argument::Frequent)?;
            let probabilities = arguments.optional_slice(
                self.frequent_probabilities,
                listed,
                Argument::FrequentProbabilities,
            )?;
            FiringPlan::from_parts(
                hazards,
                guide,
                or_absent(frequent, &[], listed, Argument::Frequent)?,
                or_absent(probabilities, &[], listed, Argument::FrequentProbabilities)?,
            )
        }
    }

    /// Borrows the arrays for writing.
    ///
    /// # Safety
    /// The pointers are null or point to as many values as the lengths say, which nobody else uses during `'a`.
    unsafe fn borrow_mut<'a>(&self, arguments: &mut Arguments) -> Result<FiringPlanBuffers<'a>, Error> {
        let (guide, listed) = (self.guide_len, self.frequent_len);
        check_features(self.features)?;
        // SAFETY: the caller's promise.
        unsafe {
            let cumulative_hazards =
                arguments.slice_mut(self.cumulative_hazards, self.features, Argument::CumulativeHazards)?;
            let guide = arguments.slice_mut(self.guide, guide, Argument::Guide)?;
            let frequent = arguments.optional_slice_mut(self.frequent, listed, Argument::Frequent)?;
            let probabilities = arguments.optional_slice_mut(
                self.frequent_probabilities,
                listed,
                Argument::FrequentProbabilities,
            )?;
            Ok(FiringPlanBuffers {
                cumulative_hazards,
                guide,
                frequent: or_absent(frequent, &mut [], listed, Argument::Frequent)?,
                frequent_probabilities: or_absent(
                    probabilities,
                    &mut [],
                    listed,
                    Argument::FrequentProbabilities,
                )?,
            })
        }
    }
}

/// Sets the size of `plan`, and no features.
///
/// Status: NULL_POINTER, MISALIGNED (plan).
///
/// # Safety
/// `plan` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_firing_plan_init(plan: *mut saek_firing_plan) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { init_struct(plan, Argument::Plan) })
}

/// Gives the lengths of a plan's arrays for `features` features.
///
/// - `probabilities`: `probabilities_len` firing probabilities within [0, 1], one a feature, or one for all.
/// - `features`: in 1..2^32 - 1; the length of `cumulative_hazards` too.
/// - `guide_len`: written: the length of `guide`.
/// - `frequent_len`: written: the length of `frequent` and of `frequent_probabilities`, the number of features with a
///   probability above 1/2.
///
/// Status: NULL_POINTER, MISALIGNED, EMPTY, SHAPE, SIZE_OVERFLOW, NOT_A_NUMBER, INFINITE, OUT_OF_RANGE (probabilities);
/// EMPTY, OUT_OF_RANGE (features); NULL_POINTER, MISALIGNED, OVERLAP (guide_len, frequent_len).
/// Cost: two passes over the probabilities.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_firing_plan_lengths_f32(
    probabilities: *const f32,
    probabilities_len: usize,
    features: usize,
    guide_len: *mut usize,
    frequent_len: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { lengths(probabilities, probabilities_len, features, guide_len, frequent_len) })
}

/// Lays out firing probabilities for `saek_sample_sparse_csr_f32` and its like.
///
/// With the hazards h_j = -ln(1 - p_j) of the features with p_j <= 1/2, and 0 for the others, fills
/// `plan->cumulative_hazards` with c_j = h_0 + ... + h_j, `plan->guide` with where to look for a point of the line, and
/// `plan->frequent` and `plan->frequent_probabilities` with the features with p_j > 1/2. The struct itself is not written.
///
/// - `probabilities`: `probabilities_len` firing probabilities within [0, 1], one a feature, or one for all.
/// - `plan`: its number of features, and arrays of the lengths that `saek_firing_plan_lengths_f32` gives.
///
/// Status: NULL_POINTER, MISALIGNED, EMPTY, SHAPE, SIZE_OVERFLOW, NOT_A_NUMBER, INFINITE, OUT_OF_RANGE (probabilities);
/// NULL_POINTER, MISALIGNED, STRUCT_SIZE (plan); EMPTY, OUT_OF_RANGE (features); NULL_POINTER, MISALIGNED,
/// SIZE_OVERFLOW, OVERLAP (cumulative_hazards, guide, frequent, frequent_probabilities); SHAPE (guide, frequent) where
/// their lengths are not those of the query.
/// Cost: a logarithm a feature and a few passes; no workspace. At most 22 bytes a feature, 10 where no probability is
/// above 1/2. The same bits on every platform, and for the same probabilities in both precisions. Each feature with 0 < p_j
/// <= 1/2 will fire with its probability to within 2^-52 max(1, c_(n-1)), and c_(n-1) is at most 1.39 times the mean number
/// of firings; p_j > 1/2 is rounded up to a multiple of 2^-53. 0 and 1 are exact.
///
/// # Safety
/// Pointers are null or point to what is said here and in the struct.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_plan_firing_f32(
    probabilities: *const f32,
    probabilities_len: usize,
    plan: *const saek_firing_plan,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { build(probabilities, probabilities_len, plan) })
}

/// As `saek_firing_plan_lengths_f32`, for double precision probabilities.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_firing_plan_lengths_f64(
    probabilities: *const f64,
    probabilities_len: usize,
    features: usize,
    guide_len: *mut usize,
    frequent_len: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { lengths(probabilities, probabilities_len, features, guide_len, frequent_len) })
}

/// As `saek_plan_firing_f32`, for double precision probabilities.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_plan_firing_f64(
    probabilities: *const f64,
    probabilities_len: usize,
    plan: *const saek_firing_plan,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { build(probabilities, probabilities_len, plan) })
}

/// # Safety
/// As the exported functions.
unsafe fn lengths<T: Scalar>(
    probabilities: *const T,
    probabilities_len: usize,
    features: usize,
    guide_len: *mut usize,
    frequent_len: *mut usize,
) -> Result<(), Error> {
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    let (probabilities, guide_len, frequent_len) = unsafe {
        (
            arguments.slice(probabilities, probabilities_len, Argument::Probabilities)?,
            arguments.output(guide_len, Argument::GuideLen)?,
            arguments.output(frequent_len, Argument::FrequentLen)?,
        )
    };
    let lengths = firing_plan_lengths(probabilities, features)?;
    (*guide_len, *frequent_len) = (lengths.guide, lengths.frequent);
    Ok(())
}

/// # Safety
/// As the exported functions.
unsafe fn build<T: Scalar>(
    probabilities: *const T,
    probabilities_len: usize,
    plan: *const saek_firing_plan,
) -> Result<(), Error> {
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    unsafe {
        let probabilities = arguments.slice(probabilities, probabilities_len, Argument::Probabilities)?;
        let buffers = required(plan, Argument::Plan)?.borrow_mut(&mut arguments)?;
        plan_firing(probabilities, buffers)?;
        Ok(())
    }
}
