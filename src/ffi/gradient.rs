//! C functions for the gradient of a loss with respect to the dictionary.

use super::boundary::{Arguments, call};
use super::csr::Batch;
use super::types::saek_status;
use crate::error::{Argument, Error};
use crate::projection::{gradient_csr, gradient_dense};
use crate::scalar::Scalar;
use faer::Par;

/// Adds the gradient of a loss with respect to the dictionary: gradient += activations^T hidden_gradient.
///
/// Where hidden = activations dictionary + bias, `hidden_gradient` is the gradient of the loss with respect to
/// `hidden`. The gradient with respect to the activations is `saek_latents_dense_f32` of it, that with respect to the
/// bias its sum over rows.
///
/// - `activations`: `rows` by `features`, row-major, rows `activations_stride` elements apart.
/// - `hidden_gradient`: `rows` by `cols`, row-major, rows `hidden_gradient_stride` elements apart.
/// - `gradient`: `features` by `cols`, row-major, rows `gradient_stride` elements apart; read and written. Its numbers
///   are not checked.
///
/// Status: NULL_POINTER, MISALIGNED, EMPTY, STRIDE, SIZE_OVERFLOW (activations, hidden_gradient, gradient);
/// NOT_A_NUMBER, INFINITE (activations, hidden_gradient); OVERLAP (gradient).
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
/// - `gradient`: `features` by `cols`, row-major, rows `gradient_stride` elements apart; read and written. Its numbers
///   are not checked.
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
