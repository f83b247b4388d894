//! C functions that project sparse activations in the cheaper way, and the products with transposed matrices that
//! training needs.

use super::boundary::{Arguments, answer_query, call, or_absent};
use super::projection::Batch;
use super::types::saek_status;
use crate::activation::CsrPattern;
use crate::error::{Argument, Error, Reason};
use crate::projection::{gradient_csr, gradient_dense, latents_at, latents_dense, project, project_scratch};
use crate::scalar::Scalar;
use core::ffi::c_void;
use faer::Par;

/// Says how much workspace `saek_project_f32` needs for a batch: none where it goes non-zero by non-zero, else 256 rows of
/// the batch.
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
/// As `saek_project_csr_f32`, to the bit, where less than 18 per cent of the batch is not zero, or 28 for a dictionary of at
/// most 16 MiB; else as `saek_project_dense_f32`.
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

/// Computes all latents of a batch: latents = hidden dictionary^T + bias.
///
/// The product of `saek_project_dense_f32` with the dictionary transposed: what an encoder with the rows of `dictionary`
/// computes before its nonlinearity, and the gradient of a loss with respect to the activations, where `hidden` is that
/// with respect to the hidden vectors.
///
/// - `hidden`: `rows` by `cols`, row-major, rows `hidden_stride` elements apart.
/// - `dictionary`: `features` by `cols`, row-major, rows `dictionary_stride` elements apart.
/// - `bias`: `features` numbers added to each row; NULL for none.
/// - `latents`: `rows` by `features`, row-major, rows `latents_stride` elements apart; written.
///
/// Status: NULL_POINTER, MISALIGNED, EMPTY, STRIDE, SIZE_OVERFLOW (hidden, dictionary, latents); MISALIGNED, SIZE_OVERFLOW
/// (bias); NOT_A_NUMBER, INFINITE (hidden, dictionary, bias); OVERLAP (latents).
/// Cost: 2 rows features cols flops, no workspace. Deterministic on one machine.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_latents_dense_f32(
    hidden: *const f32,
    rows: usize,
    cols: usize,
    hidden_stride: usize,
    dictionary: *const f32,
    features: usize,
    dictionary_stride: usize,
    bias: *const f32,
    latents: *mut f32,
    latents_stride: usize,
) -> saek_status {
    let (hidden, dictionary) =
        ((hidden, rows, cols, hidden_stride), (dictionary, features, dictionary_stride));
    // SAFETY: the caller's promise.
    call(|| unsafe { all_latents(hidden, dictionary, bias, (latents, latents_stride)) })
}

/// As `saek_latents_dense_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_latents_dense_f64(
    hidden: *const f64,
    rows: usize,
    cols: usize,
    hidden_stride: usize,
    dictionary: *const f64,
    features: usize,
    dictionary_stride: usize,
    bias: *const f64,
    latents: *mut f64,
    latents_stride: usize,
) -> saek_status {
    let (hidden, dictionary) =
        ((hidden, rows, cols, hidden_stride), (dictionary, features, dictionary_stride));
    // SAFETY: the caller's promise.
    call(|| unsafe { all_latents(hidden, dictionary, bias, (latents, latents_stride)) })
}

/// Computes the latents at the places of a sparse batch: latents[k] = hidden_r . dictionary_j + bias_j for its k-th
/// non-zero, in row r and column j.
///
/// - `hidden`: `rows` by `cols`, row-major, rows `hidden_stride` elements apart.
/// - `dictionary`: `features` by `cols`, row-major, rows `dictionary_stride` elements apart.
/// - `bias`: `features` numbers; NULL for none.
/// - `row_offsets`, `columns`, `rows`, `features`: the places, as for `saek_project_csr_f32`.
/// - `nnz`: the number of places, which is row_offsets[rows].
/// - `latents`: `nnz` numbers, written. `columns` and `latents` may be NULL where `nnz` is 0.
///
/// Status: NULL_POINTER, MISALIGNED, EMPTY, STRIDE, SIZE_OVERFLOW (hidden, dictionary); MISALIGNED, SIZE_OVERFLOW (bias);
/// NULL_POINTER, MISALIGNED, SIZE_OVERFLOW (row_offsets, columns, latents); UNSORTED (row_offsets, columns); SHAPE (columns,
/// latents) where `nnz` is not row_offsets[rows]; INDEX_OUT_OF_RANGE (columns); NOT_A_NUMBER, INFINITE (hidden, dictionary,
/// bias); OVERLAP (latents).
/// Cost: 2 nnz cols flops, and passes over hidden and dictionary to check them; no workspace. The same bits on every
/// platform: a product is summed in 16 lanes, which are added in a fixed tree.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_latents_at_f32(
    hidden: *const f32,
    rows: usize,
    cols: usize,
    hidden_stride: usize,
    dictionary: *const f32,
    features: usize,
    dictionary_stride: usize,
    bias: *const f32,
    row_offsets: *const i64,
    columns: *const u32,
    nnz: usize,
    latents: *mut f32,
) -> saek_status {
    let (hidden, dictionary) =
        ((hidden, rows, cols, hidden_stride), (dictionary, features, dictionary_stride));
    // SAFETY: the caller's promise.
    call(|| unsafe { some_latents(hidden, dictionary, bias, (row_offsets, columns, nnz), latents) })
}

/// As `saek_latents_at_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_latents_at_f64(
    hidden: *const f64,
    rows: usize,
    cols: usize,
    hidden_stride: usize,
    dictionary: *const f64,
    features: usize,
    dictionary_stride: usize,
    bias: *const f64,
    row_offsets: *const i64,
    columns: *const u32,
    nnz: usize,
    latents: *mut f64,
) -> saek_status {
    let (hidden, dictionary) =
        ((hidden, rows, cols, hidden_stride), (dictionary, features, dictionary_stride));
    // SAFETY: the caller's promise.
    call(|| unsafe { some_latents(hidden, dictionary, bias, (row_offsets, columns, nnz), latents) })
}

/// Adds the gradient of a loss with respect to the dictionary: gradient += activations^T hidden_gradient.
///
/// Where hidden = activations dictionary + bias, `hidden_gradient` is the gradient of the loss with respect to `hidden`. The
/// gradient with respect to the activations is `saek_latents_dense_f32` of it, that with respect to the bias its sum over
/// rows.
///
/// - `activations`: `rows` by `features`, row-major, rows `activations_stride` elements apart.
/// - `hidden_gradient`: `rows` by `cols`, row-major, rows `hidden_gradient_stride` elements apart.
/// - `gradient`: `features` by `cols`, row-major, rows `gradient_stride` elements apart; read and written. Its numbers are
///   not checked.
///
/// Status: NULL_POINTER, MISALIGNED, EMPTY, STRIDE, SIZE_OVERFLOW (activations, hidden_gradient, gradient); NOT_A_NUMBER,
/// INFINITE (activations, hidden_gradient); OVERLAP (gradient).
/// Cost: 2 rows features cols flops, no workspace. Deterministic on one machine.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_gradient_dense_f32(
    activations: *const f32,
    rows: usize,
    features: usize,
    activations_stride: usize,
    hidden_gradient: *const f32,
    cols: usize,
    hidden_gradient_stride: usize,
    gradient: *mut f32,
    gradient_stride: usize,
) -> saek_status {
    let activations = (activations, rows, features, activations_stride);
    let hidden_gradient = (hidden_gradient, cols, hidden_gradient_stride);
    // SAFETY: the caller's promise.
    call(|| unsafe { gradient_of_dense(activations, hidden_gradient, (gradient, gradient_stride)) })
}

/// As `saek_gradient_dense_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_gradient_dense_f64(
    activations: *const f64,
    rows: usize,
    features: usize,
    activations_stride: usize,
    hidden_gradient: *const f64,
    cols: usize,
    hidden_gradient_stride: usize,
    gradient: *mut f64,
    gradient_stride: usize,
) -> saek_status {
    let activations = (activations, rows, features, activations_stride);
    let hidden_gradient = (hidden_gradient, cols, hidden_gradient_stride);
    // SAFETY: the caller's promise.
    call(|| unsafe { gradient_of_dense(activations, hidden_gradient, (gradient, gradient_stride)) })
}

/// Adds the gradient of a loss with respect to the dictionary, of a sparse batch: gradient += activations^T
/// hidden_gradient.
///
/// As `saek_gradient_dense_f32`; rows of features that do not fire are not touched.
///
/// - `row_offsets`, `columns`, `values`, `nnz`, `rows`, `features`: the activations, as for `saek_project_csr_f32`.
/// - `hidden_gradient`: `rows` by `cols`, row-major, rows `hidden_gradient_stride` elements apart.
/// - `gradient`: `features` by `cols`, row-major, rows `gradient_stride` elements apart; read and written. Its numbers are
///   not checked.
///
/// Status: those of `saek_project_csr_f32` on the activations; NULL_POINTER, MISALIGNED, EMPTY, STRIDE, SIZE_OVERFLOW
/// (hidden_gradient, gradient); NOT_A_NUMBER, INFINITE (hidden_gradient); OVERLAP (gradient).
/// Cost: 2 row_offsets[rows] cols flops, no workspace. Each row of the gradient is summed in the order of the batch's
/// rows: the same bits on every platform.
///
/// # Safety
/// Pointers are null or point to what is said here.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_gradient_csr_f32(
    row_offsets: *const i64,
    columns: *const u32,
    values: *const f32,
    nnz: usize,
    rows: usize,
    features: usize,
    hidden_gradient: *const f32,
    cols: usize,
    hidden_gradient_stride: usize,
    gradient: *mut f32,
    gradient_stride: usize,
) -> saek_status {
    let activations = Batch { row_offsets, columns, values, nnz, rows, features };
    let hidden_gradient = (hidden_gradient, cols, hidden_gradient_stride);
    // SAFETY: the caller's promise.
    call(|| unsafe { gradient_of_csr(&activations, hidden_gradient, (gradient, gradient_stride)) })
}

/// As `saek_gradient_csr_f32`, in double precision.
///
/// # Safety
/// As there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_gradient_csr_f64(
    row_offsets: *const i64,
    columns: *const u32,
    values: *const f64,
    nnz: usize,
    rows: usize,
    features: usize,
    hidden_gradient: *const f64,
    cols: usize,
    hidden_gradient_stride: usize,
    gradient: *mut f64,
    gradient_stride: usize,
) -> saek_status {
    let activations = Batch { row_offsets, columns, values, nnz, rows, features };
    let hidden_gradient = (hidden_gradient, cols, hidden_gradient_stride);
    // SAFETY: the caller's promise.
    call(|| unsafe { gradient_of_csr(&activations, hidden_gradient, (gradient, gradient_stride)) })
}

/// # Safety
/// As the exported functions.
unsafe fn project_batch<T: Scalar>(
    activations: &Batch<T>,
    (dictionary, dictionary_stride): (*const T, usize),
    bias: *const T,
    (hidden, cols, hidden_stride): (*mut T, usize, usize),
    (workspace, workspace_bytes): (*mut c_void, usize),
) -> Result<(), Error> {
    let (rows, features) = (activations.rows, activations.features);
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    unsafe {
        let activations = activations.borrow(&mut arguments)?;
        let dictionary =
            arguments.matrix(dictionary, features, cols, dictionary_stride, Argument::Dictionary)?;
        let bias = arguments.optional_slice(bias, cols, Argument::Bias)?;
        let hidden = arguments.matrix_mut(hidden, rows, cols, hidden_stride, Argument::Hidden)?;
        let activations = activations.check()?;
        let request = project_scratch::<T>(rows, activations.nnz(), features, cols);
        let stack = arguments.workspace(workspace, workspace_bytes, request)?;
        project(activations, dictionary, bias, hidden, Par::Seq, stack)
    }
}

/// # Safety
/// As the exported functions.
unsafe fn all_latents<T: Scalar>(
    (hidden, rows, cols, hidden_stride): (*const T, usize, usize, usize),
    (dictionary, features, dictionary_stride): (*const T, usize, usize),
    bias: *const T,
    (latents, latents_stride): (*mut T, usize),
) -> Result<(), Error> {
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    unsafe {
        let hidden = arguments.matrix(hidden, rows, cols, hidden_stride, Argument::Hidden)?;
        let dictionary =
            arguments.matrix(dictionary, features, cols, dictionary_stride, Argument::Dictionary)?;
        let bias = arguments.optional_slice(bias, features, Argument::Bias)?;
        let latents = arguments.matrix_mut(latents, rows, features, latents_stride, Argument::Latents)?;
        latents_dense(hidden, dictionary, bias, latents, Par::Seq)
    }
}

/// # Safety
/// As the exported functions.
unsafe fn some_latents<T: Scalar>(
    (hidden, rows, cols, hidden_stride): (*const T, usize, usize, usize),
    (dictionary, features, dictionary_stride): (*const T, usize, usize),
    bias: *const T,
    (row_offsets, columns, nnz): (*const i64, *const u32, usize),
    latents: *mut T,
) -> Result<(), Error> {
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    unsafe {
        let hidden = arguments.matrix(hidden, rows, cols, hidden_stride, Argument::Hidden)?;
        let dictionary =
            arguments.matrix(dictionary, features, cols, dictionary_stride, Argument::Dictionary)?;
        let bias = arguments.optional_slice(bias, features, Argument::Bias)?;
        let offsets = rows.checked_add(1).ok_or(Error::new(Reason::SizeOverflow, Argument::RowOffsets))?;
        let row_offsets = arguments.slice(row_offsets, offsets, Argument::RowOffsets)?;
        let columns = arguments.optional_slice(columns, nnz, Argument::Columns)?;
        let columns = or_absent(columns, &[], nnz, Argument::Columns)?;
        let latents = arguments.optional_slice_mut(latents, nnz, Argument::Latents)?;
        let latents = or_absent(latents, &mut [], nnz, Argument::Latents)?;
        let places = CsrPattern::new(row_offsets, columns, features)?;
        latents_at(hidden, dictionary, bias, places, latents)
    }
}

/// # Safety
/// As the exported functions.
unsafe fn gradient_of_dense<T: Scalar>(
    (activations, rows, features, activations_stride): (*const T, usize, usize, usize),
    (hidden_gradient, cols, hidden_gradient_stride): (*const T, usize, usize),
    (gradient, gradient_stride): (*mut T, usize),
) -> Result<(), Error> {
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    unsafe {
        let activations =
            arguments.matrix(activations, rows, features, activations_stride, Argument::Activations)?;
        let argument = Argument::HiddenGradient;
        let hidden_gradient =
            arguments.matrix(hidden_gradient, rows, cols, hidden_gradient_stride, argument)?;
        let gradient = arguments.matrix_mut(gradient, features, cols, gradient_stride, Argument::Gradient)?;
        gradient_dense(activations, hidden_gradient, gradient, Par::Seq)
    }
}

/// # Safety
/// As the exported functions.
unsafe fn gradient_of_csr<T: Scalar>(
    activations: &Batch<T>,
    (hidden_gradient, cols, hidden_gradient_stride): (*const T, usize, usize),
    (gradient, gradient_stride): (*mut T, usize),
) -> Result<(), Error> {
    let (rows, features) = (activations.rows, activations.features);
    let mut arguments = Arguments::new();
    // SAFETY: the caller's promise.
    unsafe {
        let activations = activations.borrow(&mut arguments)?;
        let argument = Argument::HiddenGradient;
        let hidden_gradient =
            arguments.matrix(hidden_gradient, rows, cols, hidden_gradient_stride, argument)?;
        let gradient = arguments.matrix_mut(gradient, features, cols, gradient_stride, Argument::Gradient)?;
        gradient_csr(activations.check()?, hidden_gradient, gradient)
    }
}
