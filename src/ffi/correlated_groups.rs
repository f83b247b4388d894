//! The C structs that hold features in groups of correlated ones.

use super::boundary::{Arguments, VersionedStruct, call, init_struct, or_absent, required};
use super::types::saek_status;
use crate::activation::{CorrelatedGroups, CorrelatedGroupsBuffers, CorrelatedGroupsLengths};
use crate::error::{Argument, Error};
use crate::scalar::Scalar;
use core::ptr::{null, null_mut};

/// The lengths of the arrays of `saek_correlated_groups_f32` and `saek_correlated_groups_f64`; `saek_count_groups` sets
/// them.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct saek_correlated_groups_lengths {
    /// sizeof(saek_correlated_groups_lengths), set before the call; `saek_correlated_groups_lengths_init` sets it.
    pub struct_size: u32,
    /// Zero.
    pub reserved: u32,
    /// Features that are correlated with another one: the length of `members`, of `ranks` and of `thresholds`.
    pub members: usize,
    /// Groups of them: the length of `group_ends`.
    pub groups: usize,
    /// The length of `factors`: the sum of m (m + 1) / 2 over the groups, of m members each.
    pub factors: usize,
    /// Members of the largest group; 0 where there is none.
    pub largest: usize,
}

impl From<CorrelatedGroupsLengths> for saek_correlated_groups_lengths {
    fn from(lengths: CorrelatedGroupsLengths) -> Self {
        let CorrelatedGroupsLengths { members, groups, factors, largest } = lengths;
        Self { struct_size: size_of::<Self>() as u32, reserved: 0, members, groups, factors, largest }
    }
}

impl From<saek_correlated_groups_lengths> for CorrelatedGroupsLengths {
    fn from(lengths: saek_correlated_groups_lengths) -> Self {
        let saek_correlated_groups_lengths { members, groups, factors, largest, .. } = lengths;
        Self { members, groups, factors, largest }
    }
}

// SAFETY: repr(C), begins with struct_size, holds integers.
unsafe impl VersionedStruct for saek_correlated_groups_lengths {
    fn defaults() -> Self {
        CorrelatedGroupsLengths::default().into()
    }
}

/// Sets the size of `lengths`, and zeros.
///
/// Status: NULL_POINTER, MISALIGNED (lengths).
///
/// # Safety
/// `lengths` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_correlated_groups_lengths_init(
    lengths: *mut saek_correlated_groups_lengths,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { init_struct(lengths, Argument::Lengths) })
}

/// Features correlated in groups, laid out once for any number of samples; the arrays are the caller's.
///
/// Members of a group fire where z_i exceeds a threshold, z = L eps with independent standard normal eps; groups are
/// independent of each other. `saek_correlated_groups_f32_init` sets the size and leaves the rest to be set;
/// `saek_correlate_groups_f32` fills the arrays.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct saek_correlated_groups_f32 {
    /// sizeof(saek_correlated_groups_f32); `saek_correlated_groups_f32_init` sets it.
    pub struct_size: u32,
    /// Zero.
    pub reserved: u32,
    /// The lengths of the arrays, as `saek_count_groups` gives them. Arrays of length 0 may be NULL.
    pub lengths: *const saek_correlated_groups_lengths,
    /// The features that are correlated with another one, in increasing order.
    pub members: *mut u32,
    /// Group by group, the members' places in `members`.
    pub ranks: *mut u32,
    /// The groups' ends in `ranks`.
    pub group_ends: *mut u32,
    /// Group by group, the lower triangle of the factor L of its correlations L L^T, row by row.
    pub factors: *mut f32,
    /// Group by group, the numbers that a member's normal variable must exceed for it to fire.
    pub thresholds: *mut f32,
}

// SAFETY: repr(C), begins with struct_size, holds integers and pointers.
unsafe impl VersionedStruct for saek_correlated_groups_f32 {
    fn defaults() -> Self {
        Self {
            struct_size: size_of::<Self>() as u32,
            reserved: 0,
            lengths: null(),
            members: null_mut(),
            ranks: null_mut(),
            group_ends: null_mut(),
            factors: null_mut(),
            thresholds: null_mut(),
        }
    }
}

impl From<saek_correlated_groups_f32> for RawGroups<f32> {
    fn from(groups: saek_correlated_groups_f32) -> Self {
        let saek_correlated_groups_f32 { lengths, members, ranks, group_ends, factors, thresholds, .. } =
            groups;
        Self { lengths, members, ranks, group_ends, factors, thresholds }
    }
}

/// As `saek_correlated_groups_f32`, in double precision.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct saek_correlated_groups_f64 {
    /// sizeof(saek_correlated_groups_f64); `saek_correlated_groups_f64_init` sets it.
    pub struct_size: u32,
    /// Zero.
    pub reserved: u32,
    /// The lengths of the arrays, as `saek_count_groups` gives them. Arrays of length 0 may be NULL.
    pub lengths: *const saek_correlated_groups_lengths,
    /// The features that are correlated with another one, in increasing order.
    pub members: *mut u32,
    /// Group by group, the members' places in `members`.
    pub ranks: *mut u32,
    /// The groups' ends in `ranks`.
    pub group_ends: *mut u32,
    /// Group by group, the lower triangle of the factor L of its correlations L L^T, row by row.
    pub factors: *mut f64,
    /// Group by group, the numbers that a member's normal variable must exceed for it to fire.
    pub thresholds: *mut f64,
}

// SAFETY: repr(C), begins with struct_size, holds integers and pointers.
unsafe impl VersionedStruct for saek_correlated_groups_f64 {
    fn defaults() -> Self {
        Self {
            struct_size: size_of::<Self>() as u32,
            reserved: 0,
            lengths: null(),
            members: null_mut(),
            ranks: null_mut(),
            group_ends: null_mut(),
            factors: null_mut(),
            thresholds: null_mut(),
        }
    }
}

impl From<saek_correlated_groups_f64> for RawGroups<f64> {
    fn from(groups: saek_correlated_groups_f64) -> Self {
        let saek_correlated_groups_f64 { lengths, members, ranks, group_ends, factors, thresholds, .. } =
            groups;
        Self { lengths, members, ranks, group_ends, factors, thresholds }
    }
}

/// The structs of both precisions in one.
pub(super) struct RawGroups<T> {
    lengths: *const saek_correlated_groups_lengths,
    members: *mut u32,
    ranks: *mut u32,
    group_ends: *mut u32,
    factors: *mut T,
    thresholds: *mut T,
}

impl<T: Scalar> RawGroups<T> {
    /// The lengths of the arrays.
    ///
    /// # Safety
    /// The pointer to them is null or points to such a struct.
    pub(super) unsafe fn lengths(&self) -> Result<CorrelatedGroupsLengths, Error> {
        // SAFETY: the caller's promise.
        Ok(unsafe { required(self.lengths, Argument::Lengths)? }.into())
    }

    /// Borrows the arrays for reading.
    ///
    /// # Safety
    /// The pointers are null or point to as many values as the lengths say.
    pub(super) unsafe fn borrow<'a>(
        &self,
        arguments: &mut Arguments,
        lengths: &CorrelatedGroupsLengths,
    ) -> Result<CorrelatedGroups<'a, T>, Error> {
        let &CorrelatedGroupsLengths { members: m, groups, factors: f, .. } = lengths;
        // SAFETY: the caller's promise.
        let (members, ranks, group_ends, factors, thresholds) = unsafe {
            (
                arguments.optional_slice(self.members, m, Argument::Members)?,
                arguments.optional_slice(self.ranks, m, Argument::Ranks)?,
                arguments.optional_slice(self.group_ends, groups, Argument::GroupEnds)?,
                arguments.optional_slice(self.factors, f, Argument::Factors)?,
                arguments.optional_slice(self.thresholds, m, Argument::Thresholds)?,
            )
        };
        CorrelatedGroups::from_parts(
            or_absent(members, &[], m, Argument::Members)?,
            or_absent(ranks, &[], m, Argument::Ranks)?,
            or_absent(group_ends, &[], groups, Argument::GroupEnds)?,
            or_absent(factors, &[], f, Argument::Factors)?,
            or_absent(thresholds, &[], m, Argument::Thresholds)?,
        )
    }

    /// Borrows the arrays for writing.
    ///
    /// # Safety
    /// The pointers are null or point to as many values as the lengths say, which nobody else uses during `'a`.
    pub(super) unsafe fn borrow_mut<'a>(
        &self,
        arguments: &mut Arguments,
        lengths: &CorrelatedGroupsLengths,
    ) -> Result<CorrelatedGroupsBuffers<'a, T>, Error> {
        let &CorrelatedGroupsLengths { members: m, groups, factors: f, .. } = lengths;
        // SAFETY: the caller's promise.
        let (members, ranks, group_ends, factors, thresholds) = unsafe {
            (
                arguments.optional_slice_mut(self.members, m, Argument::Members)?,
                arguments.optional_slice_mut(self.ranks, m, Argument::Ranks)?,
                arguments.optional_slice_mut(self.group_ends, groups, Argument::GroupEnds)?,
                arguments.optional_slice_mut(self.factors, f, Argument::Factors)?,
                arguments.optional_slice_mut(self.thresholds, m, Argument::Thresholds)?,
            )
        };
        Ok(CorrelatedGroupsBuffers {
            members: or_absent(members, &mut [], m, Argument::Members)?,
            ranks: or_absent(ranks, &mut [], m, Argument::Ranks)?,
            group_ends: or_absent(group_ends, &mut [], groups, Argument::GroupEnds)?,
            factors: or_absent(factors, &mut [], f, Argument::Factors)?,
            thresholds: or_absent(thresholds, &mut [], m, Argument::Thresholds)?,
        })
    }
}

/// Sets the size of `groups`, and NULL pointers.
///
/// Status: NULL_POINTER, MISALIGNED (groups).
///
/// # Safety
/// `groups` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_correlated_groups_f32_init(
    groups: *mut saek_correlated_groups_f32,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { init_struct(groups, Argument::Groups) })
}

/// Sets the size of `groups`, and NULL pointers.
///
/// Status: NULL_POINTER, MISALIGNED (groups).
///
/// # Safety
/// `groups` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_correlated_groups_f64_init(
    groups: *mut saek_correlated_groups_f64,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { init_struct(groups, Argument::Groups) })
}
