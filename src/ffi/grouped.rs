//! C functions that sample features of which some are correlated in groups.

use super::boundary::{Arguments, VersionedStruct, answer_query, call, required};
use super::correlated_groups::{
    RawGroups, saek_correlated_groups_f32, saek_correlated_groups_f64, saek_correlated_groups_lengths,
};
use super::csr::BatchMut;
use super::planned_firing::{Raw, saek_planned_firing_f32, saek_planned_firing_f64};
use super::types::saek_status;
use crate::activation::{self, CorrelatedGroupsLengths, sample_grouped_scratch};
use crate::error::{Argument, Error};
use crate::rng::Stream;
use crate::scalar::Scalar;
use core::ffi::c_void;

/// Gives the size in bytes and the alignment of the workspace of `saek_sample_grouped_csr_f32`: a bit a member, and an
/// element for each member of the largest group.
///
/// Status: NULL_POINTER, MISALIGNED, STRUCT_SIZE (lengths); NULL_POINTER, MISALIGNED, OVERLAP (bytes, align);
/// SIZE_OVERFLOW (workspace).
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sample_grouped_csr_f32_workspace(
    lengths: *const saek_correlated_groups_lengths,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { answer::<f32>(lengths, bytes, align) })
}

/// Writes samples of features that are correlated in groups in compressed sparse rows (CSR).
///
/// x_rj = relu(mean_j + std_dev_j N(0, 1)) where feature j fires, else 0. Members of `groups` fire as their factors and
/// thresholds say, the other features with the probabilities of the plan in `firing`, made from what
/// `saek_correlate_groups_f32` gives as `independent`: the law is that of the whole correlation matrix. Row r is sample
/// first_row + r of the stream, a function of (seed, stream, first_row + r), `firing` and `groups` alone. The rest is as
/// for `saek_sample_sparse_csr_f32`, whose samples these are where there are no groups.
///
/// - `firing`: a plan, means and standard deviations.
/// - `groups`: filled by `saek_correlate_groups_f32`.
/// - `seed`, `stream`, `first_row`, `rows`, `row_offsets`, `columns`, `values`, `capacity`: as for
///   `saek_sample_sparse_csr_f32`.
/// - `workspace`, `workspace_bytes`: see `saek_sample_grouped_csr_f32_workspace`.
///
/// Status: NULL_POINTER, MISALIGNED, STRUCT_SIZE (firing, plan, groups, lengths); the plan's and the firing's other
/// faults as for `saek_sample_sparse_csr_f32`; NULL_POINTER, MISALIGNED, SIZE_OVERFLOW (members, ranks, group_ends,
/// factors, thresholds); UNSORTED (members, group_ends); SHAPE (group_ends, factors); INDEX_OUT_OF_RANGE (ranks);
/// INDEX_OUT_OF_RANGE (members) for one that is no feature of the plan; EMPTY (rows); NULL_POINTER, MISALIGNED,
/// SIZE_OVERFLOW, OVERLAP (row_offsets, columns, values); SIZE_OVERFLOW (first_row); NULL_POINTER, MISALIGNED,
/// WORKSPACE_TOO_SMALL, OVERLAP (workspace); CAPACITY (capacity).
/// Cost: as `saek_sample_sparse_csr_f32`, and in every row for each member a normal number, and m (m + 1) flops for each
/// group of m members; a pass over the groups' arrays but `factors`. Of the same arrays the same on every platform. Of
/// groups, lengths, orders and indices are checked; numbers that were overwritten give samples of another law.
///
/// # Safety
/// Pointers are null or point to what is said here and in the structs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sample_grouped_csr_f32(
    firing: *const saek_planned_firing_f32,
    groups: *const saek_correlated_groups_f32,
    seed: u64,
    stream: u64,
    first_row: u64,
    rows: usize,
    row_offsets: *mut i64,
    columns: *mut u32,
    values: *mut f32,
    capacity: usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    let random = Stream::new(seed, stream);
    // SAFETY: the caller's promise.
    call(|| unsafe {
        sample_csr(
            firing,
            groups,
            random,
            first_row,
            rows,
            row_offsets,
            columns,
            values,
            capacity,
            workspace,
            workspace_bytes,
        )
    })
}

/// As `saek_sample_grouped_csr_f32_workspace`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sample_grouped_csr_f64_workspace(
    lengths: *const saek_correlated_groups_lengths,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { answer::<f64>(lengths, bytes, align) })
}

/// As `saek_sample_grouped_csr_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sample_grouped_csr_f64(
    firing: *const saek_planned_firing_f64,
    groups: *const saek_correlated_groups_f64,
    seed: u64,
    stream: u64,
    first_row: u64,
    rows: usize,
    row_offsets: *mut i64,
    columns: *mut u32,
    values: *mut f64,
    capacity: usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    let random = Stream::new(seed, stream);
    // SAFETY: the caller's promise.
    call(|| unsafe {
        sample_csr(
            firing,
            groups,
            random,
            first_row,
            rows,
            row_offsets,
            columns,
            values,
            capacity,
            workspace,
            workspace_bytes,
        )
    })
}

/// # Safety
/// As the exported functions.
unsafe fn sample_csr<T: Scalar, F, G>(
    firing: *const F,
    groups: *const G,
    random: Stream,
    first_row: u64,
    rows: usize,
    row_offsets: *mut i64,
    columns: *mut u32,
    values: *mut T,
    capacity: usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> Result<(), Error>
where
    F: VersionedStruct + Into<Raw<T>>,
    G: VersionedStruct + Into<RawGroups<T>>,
{
    let (mut arguments, defaults) = (Arguments::new(), Raw::DEFAULTS);
    // SAFETY: the caller's promise.
    unsafe {
        let firing: Raw<T> = required(firing, Argument::Firing)?.into();
        let groups: RawGroups<T> = required(groups, Argument::Groups)?.into();
        let lengths = groups.lengths()?;
        let firing = firing.borrow(&mut arguments, &defaults)?;
        let groups = groups.borrow(&mut arguments, &lengths)?;
        let out = BatchMut { row_offsets, columns, values, capacity, rows }.borrow(&mut arguments)?;
        let scratch = sample_grouped_scratch::<T>(lengths.members, lengths.largest);
        let stack = arguments.workspace(workspace, workspace_bytes, scratch)?;
        activation::sample_grouped_csr(&firing, &groups, random, first_row, rows, out, stack)?;
        Ok(())
    }
}

/// Gives the size in bytes and the alignment of the workspace of `saek_sample_grouped_f32`: a bit a member, and an
/// element for each member of the largest group.
///
/// Status: NULL_POINTER, MISALIGNED, STRUCT_SIZE (lengths); NULL_POINTER, MISALIGNED, OVERLAP (bytes, align);
/// SIZE_OVERFLOW (workspace).
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sample_grouped_f32_workspace(
    lengths: *const saek_correlated_groups_lengths,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { answer::<f32>(lengths, bytes, align) })
}

/// Fills `activations` with samples of features that are correlated in groups, one a row: those of
/// `saek_sample_grouped_csr_f32`, to the bit.
///
/// - `firing`, `groups`, `seed`, `stream`, `first_row`: as there.
/// - `activations`: `rows` by `cols`, row-major, rows `stride` elements apart, a feature a column; written.
/// - `workspace`, `workspace_bytes`: see `saek_sample_grouped_f32_workspace`.
///
/// Status: NULL_POINTER, MISALIGNED, STRUCT_SIZE (firing, plan, groups, lengths); the plan's and the firing's other
/// faults as for `saek_sample_sparse_csr_f32`; NULL_POINTER, MISALIGNED, SIZE_OVERFLOW (members, ranks, group_ends,
/// factors, thresholds); UNSORTED (members, group_ends); SHAPE (group_ends, factors); INDEX_OUT_OF_RANGE (ranks);
/// INDEX_OUT_OF_RANGE (members) for one that is no feature of the plan; NULL_POINTER, MISALIGNED, EMPTY, STRIDE,
/// SIZE_OVERFLOW, OVERLAP, SHAPE (activations); SIZE_OVERFLOW (first_row); NULL_POINTER, MISALIGNED,
/// WORKSPACE_TOO_SMALL, OVERLAP (workspace).
/// Cost: as `saek_sample_grouped_csr_f32`, and rows * cols zeros written.
///
/// # Safety
/// Pointers are null or point to what is said here and in the structs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sample_grouped_f32(
    firing: *const saek_planned_firing_f32,
    groups: *const saek_correlated_groups_f32,
    seed: u64,
    stream: u64,
    first_row: u64,
    activations: *mut f32,
    rows: usize,
    cols: usize,
    stride: usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    let random = Stream::new(seed, stream);
    // SAFETY: the caller's promise.
    call(|| unsafe {
        sample(firing, groups, random, first_row, activations, rows, cols, stride, workspace, workspace_bytes)
    })
}

/// As `saek_sample_grouped_f32_workspace`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sample_grouped_f64_workspace(
    lengths: *const saek_correlated_groups_lengths,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { answer::<f64>(lengths, bytes, align) })
}

/// As `saek_sample_grouped_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_sample_grouped_f64(
    firing: *const saek_planned_firing_f64,
    groups: *const saek_correlated_groups_f64,
    seed: u64,
    stream: u64,
    first_row: u64,
    activations: *mut f64,
    rows: usize,
    cols: usize,
    stride: usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    let random = Stream::new(seed, stream);
    // SAFETY: the caller's promise.
    call(|| unsafe {
        sample(firing, groups, random, first_row, activations, rows, cols, stride, workspace, workspace_bytes)
    })
}

/// # Safety
/// As the exported functions.
unsafe fn sample<T: Scalar, F, G>(
    firing: *const F,
    groups: *const G,
    random: Stream,
    first_row: u64,
    activations: *mut T,
    rows: usize,
    cols: usize,
    stride: usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> Result<(), Error>
where
    F: VersionedStruct + Into<Raw<T>>,
    G: VersionedStruct + Into<RawGroups<T>>,
{
    let (mut arguments, defaults) = (Arguments::new(), Raw::DEFAULTS);
    // SAFETY: the caller's promise.
    unsafe {
        let firing: Raw<T> = required(firing, Argument::Firing)?.into();
        let groups: RawGroups<T> = required(groups, Argument::Groups)?.into();
        let lengths = groups.lengths()?;
        let firing = firing.borrow(&mut arguments, &defaults)?;
        let groups = groups.borrow(&mut arguments, &lengths)?;
        let out = arguments.matrix_mut(activations, rows, cols, stride, Argument::Activations)?;
        let scratch = sample_grouped_scratch::<T>(lengths.members, lengths.largest);
        let stack = arguments.workspace(workspace, workspace_bytes, scratch)?;
        activation::sample_grouped(&firing, &groups, random, first_row, out, stack)
    }
}

/// Answers the workspace queries of both samplers.
///
/// # Safety
/// As the exported functions.
unsafe fn answer<T: Scalar>(
    lengths: *const saek_correlated_groups_lengths,
    bytes: *mut usize,
    align: *mut usize,
) -> Result<(), Error> {
    // SAFETY: the caller's promise.
    unsafe {
        let lengths: CorrelatedGroupsLengths = required(lengths, Argument::Lengths)?.into();
        answer_query(Ok(sample_grouped_scratch::<T>(lengths.members, lengths.largest)), bytes, align)
    }
}
