//! C functions that project sparse activations in the cheaper of two ways.

use super::boundary::{Arguments, answer_query, call};
use super::csr::Batch;
use super::projection::Projection;
use super::types::saek_status;
use crate::error::Error;
use crate::projection::{project, project_scratch};
use crate::scalar::Scalar;
use core::ffi::c_void;
use faer::Par;

/// Says how much workspace `saek_project_f32` needs for a batch: none where it goes non-zero by non-zero, else 256 rows
/// of the batch.
///
/// - `rows`, `nnz`, `features`, `cols`: sizes of the batch, its number of non-zeros, which is row_offsets[rows], and the
///   dimensions.
/// - `bytes`, `align`: written; the workspace must have at least `bytes` bytes and begin at a multiple of `align`.
///
/// Status: NULL_POINTER, MISALIGNED, OVERLAP (bytes, align); SIZE_OVERFLOW (workspace).
///
/// # Safety
/// `bytes` and `align` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_project_f32_workspace(
    rows: usize,
    nnz: usize,
    features: usize,
    cols: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(Ok(project_scratch::<f32>(rows, nnz, features, cols)), bytes, align) })
}

/// As `saek_project_f32_workspace`, for `saek_project_f64`.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_project_f64_workspace(
    rows: usize,
    nnz: usize,
    features: usize,
    cols: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> saek_status {
    // SAFETY: the caller's promise.
    call(|| unsafe { answer_query(Ok(project_scratch::<f64>(rows, nnz, features, cols)), bytes, align) })
}

/// Projects a sparse batch in the cheaper way: hidden = activations dictionary + bias.
///
/// As `saek_project_csr_f32`, to the bit, where less than 18 per cent of the batch is not zero, or 28 for a dictionary
/// of at most 16 MiB; else as `saek_project_dense_f32`.
///
/// - All but the workspace: as for `saek_project_csr_f32`.
/// - `workspace`: as `saek_project_f32_workspace` says for row_offsets[rows] non-zeros; NULL where that is nothing.
///
/// Status: those of `saek_project_csr_f32`; NULL_POINTER, MISALIGNED, WORKSPACE_TOO_SMALL, OVERLAP (workspace).
/// Cost: that of the way taken, and of making the batch dense.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_project_f32(
    row_offsets: *const i64,
    columns: *const u32,
    values: *const f32,
    nnz: usize,
    rows: usize,
    features: usize,
    dictionary: *const f32,
    dictionary_stride: usize,
    bias: *const f32,
    hidden: *mut f32,
    cols: usize,
    hidden_stride: usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    let activations = Batch { row_offsets, columns, values, nnz, rows, features };
    let (dictionary, hidden) = ((dictionary, dictionary_stride), (hidden, cols, hidden_stride));
    // SAFETY: the caller's promise.
    call(|| unsafe { project_batch(&activations, dictionary, bias, hidden, (workspace, workspace_bytes)) })
}

/// As `saek_project_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_project_f64(
    row_offsets: *const i64,
    columns: *const u32,
    values: *const f64,
    nnz: usize,
    rows: usize,
    features: usize,
    dictionary: *const f64,
    dictionary_stride: usize,
    bias: *const f64,
    hidden: *mut f64,
    cols: usize,
    hidden_stride: usize,
    workspace: *mut c_void,
    workspace_bytes: usize,
) -> saek_status {
    let activations = Batch { row_offsets, columns, values, nnz, rows, features };
    let (dictionary, hidden) = ((dictionary, dictionary_stride), (hidden, cols, hidden_stride));
    // SAFETY: the caller's promise.
    call(|| unsafe { project_batch(&activations, dictionary, bias, hidden, (workspace, workspace_bytes)) })
}

/// # Safety
/// As the exported functions.
unsafe fn project_batch<T: Scalar>(
    activations: &Batch<T>,
    dictionary: (*const T, usize),
    bias: *const T,
    hidden: (*mut T, usize, usize),
    (workspace, workspace_bytes): (*mut c_void, usize),
) -> Result<(), Error> {
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    unsafe {
        let projection = Projection::borrow(&mut arguments, activations, dictionary, bias, hidden)?;
        let Projection { activations, dictionary, bias, hidden } = projection;
        let (nnz, cols) = (activations.nnz(), dictionary.ncols());
        let request = project_scratch::<T>(activations.rows(), nnz, activations.cols(), cols);
        let stack = arguments.workspace(workspace, workspace_bytes, request)?;
        project(activations, dictionary, bias, hidden, Par::Seq, stack)
    }
}
