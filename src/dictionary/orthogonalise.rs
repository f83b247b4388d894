//! Orthogonalise a dictionary by gradient descent, as the reference does, without its n x n matrix.
//!
//! The loss of sae-lens over dictionaries E [n, d] with g = E E^T is
//!   L = sum_{i != j} (g_ij - t)^2 + n sum_i (g_ii - 1)^2.
//! Its gradient is, as an identity,
//!   dL/dE = 4 [ E F - diag(g) E - t (1 s^T - E) + n (diag(g) - I) E ],
//! with the frame operator F = E^T E [d, d] and the sum of the rows s, and
//!   L = |F|^2 - sum g_ii^2 - 2 t (|s|^2 - sum g_ii) + t^2 n (n - 1) + n sum (g_ii - 1)^2.
//! So n > d costs 3 n d^2 flops a step instead of 6 n^2 d. For n <= d the Gram matrix G = E E^T [n, n] is the smaller
//! one: its residual R, with r_ij = g_ij - t off the diagonal and r_ii = n (g_ii - 1) on it, gives
//!   dL/dE = 4 R E,   L = sum_{i != j} r_ij^2 + sum_i r_ii^2 / n,
//! free of cancellation. That matters near the optimum, which for n <= d is zero: Adam divides gradients by their
//! own size, and would blow rounding errors up to steps.

use super::normalise::{scale_rows, squared_norm};
use crate::adam::{AdamParams, AdamStep, AdamSweep, check_learning_rate};
use crate::error::{Argument, Error, Reason, ensure, ensure_finite};
use crate::matrix::{
    RowMajor, RowMajorMut, ensure_finite_matrix, ensure_not_empty, row, row_major_mut, row_mut,
};
use crate::product::{multiply, multiply_lower};
use crate::progress::{Progress, ProgressFn};
use crate::scalar::Scalar;
use crate::simd::{Loop, vectorised};
use crate::workspace::{ensure_workspace, matrix_scratch, take, take_zeros, vector_scratch};
use faer::dyn_stack::{MemStack, StackReq};
use faer::{Accum, MatRef, Par};

/// Parameters of [`orthogonalise`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OrthogonaliseParams {
    /// The cosine t that every two rows are drawn to, in [-1, 1]. Default 0.
    pub target_cosine: f64,
    /// Steps of Adam. Default 200. Zero only normalises.
    pub steps: u64,
    /// Step size of Adam, >= 0. Default 0.01.
    pub learning_rate: f64,
}

impl Default for OrthogonaliseParams {
    fn default() -> Self {
        Self { target_cosine: 0.0, steps: 200, learning_rate: 0.01 }
    }
}

/// The workspace of [`orthogonalise`] on an `n` by `d` dictionary: 3 n d + min(n, d)^2 numbers and 2 d doubles.
pub fn orthogonalise_scratch<T: Scalar>(n: usize, d: usize) -> StackReq {
    let side = n.min(d);
    let weights = matrix_scratch::<T>(n, d);
    StackReq::all_of(&[
        weights,
        weights,
        weights,
        matrix_scratch::<T>(side, side),
        vector_scratch::<f64>(d),
        vector_scratch::<T>(d),
    ])
}

/// Makes the rows of `dictionary[n, d]` unit vectors whose cosines are near `target_cosine`.
///
/// Rows to unit length; `steps` steps of Adam (0.9, 0.999, 1e-8) on the loss in this file's first lines; rows to
/// unit length again. `progress` hears the loss of every step before its update, and may cancel.
///
/// # Errors
/// [`Reason::Empty`], [`Reason::NotANumber`], [`Reason::Infinite`] on the dictionary; [`Reason::NotANumber`],
/// [`Reason::Infinite`], [`Reason::OutOfRange`] on the parameters; [`Reason::WorkspaceTooSmall`]: the dictionary is
/// then untouched. [`Reason::Cancelled`] on `Progress`: the rows of the last step, at unit length.
/// [`Reason::Diverged`] on `LearningRate` where the loss is no longer finite: the rows are then finite only if the
/// last step's were, and should be made anew.
///
/// # Cost
/// A step: 3 n d min(n, d) flops in two matrix products and one sweep over 5 n d numbers. Workspace as
/// [`orthogonalise_scratch`] says. No allocation with `std` after a thread's first product.
///
/// # Determinism
/// The same bits for the same input on the same machine; the products' rounding depends on its SIMD width. Adam
/// divides small gradients by their own size, so compare losses, not elements, across machines.
///
/// # Source
/// `sae_lens.synthetic.orthogonalize_embeddings`.
pub fn orthogonalise<T: Scalar>(
    mut dictionary: RowMajorMut<'_, T>,
    params: &OrthogonaliseParams,
    par: Par,
    progress: ProgressFn<'_>,
    stack: &mut MemStack,
) -> Result<(), Error> {
    let (n, d) = (dictionary.nrows(), dictionary.ncols());
    ensure_not_empty(dictionary.as_ref(), Argument::Dictionary)?;
    ensure_finite(params.target_cosine, Argument::TargetCosine)?;
    ensure(params.target_cosine.abs() <= 1.0, Reason::OutOfRange, Argument::TargetCosine)?;
    check_learning_rate(params.learning_rate)?;
    ensure_workspace(stack, orthogonalise_scratch::<T>(n, d))?;
    ensure_finite_matrix(dictionary.as_ref(), Argument::Dictionary)?;

    let side = n.min(d);
    let (mut first, stack) = take_zeros::<T>(stack, n * d);
    let (mut second, stack) = take_zeros::<T>(stack, n * d);
    let (mut product, stack) = take_zeros::<T>(stack, n * d);
    let (mut square, stack) = take_zeros::<T>(stack, side * side);
    let (mut sum, stack) = take(stack, d, 0.0_f64);
    let (mut scaled_sum, _) = take_zeros::<T>(stack, d);

    scale_rows(&mut dictionary);
    let adam = AdamParams { learning_rate: params.learning_rate, ..AdamParams::default() };
    for step in 1..=params.steps {
        let adam = AdamStep::new(&adam, step);
        let product = row_major_mut(&mut product, n, d, d)?;
        let square = row_major_mut(&mut square, side, side, side)?;
        let moments = (&mut first[..], &mut second[..]);
        let loss = if n <= d {
            step_by_gram(&mut dictionary, square, product, moments, params.target_cosine, &adam, par)
        } else {
            let sums = (&mut sum[..], &mut scaled_sum[..]);
            step_by_frame(&mut dictionary, square, product, moments, sums, params.target_cosine, &adam, par)
        };
        ensure(loss.is_finite(), Reason::Diverged, Argument::LearningRate)?;
        if progress(&Progress { step, total: params.steps, loss }).is_break() {
            scale_rows(&mut dictionary);
            return Err(Error::new(Reason::Cancelled, Argument::Progress));
        }
    }
    ensure_finite_matrix(dictionary.as_ref(), Argument::LearningRate)
        .map_err(|_| Error::new(Reason::Diverged, Argument::LearningRate))?;
    scale_rows(&mut dictionary);
    Ok(())
}

/// Forms `square = left right`, a symmetric product, both halves.
fn symmetric_product<T: Scalar>(
    mut square: RowMajorMut<'_, T>,
    left: MatRef<'_, T>,
    right: MatRef<'_, T>,
    par: Par,
) {
    multiply_lower(square.as_mut(), left, right, par);
    for i in 1..square.nrows() {
        for j in 0..i {
            square[(j, i)] = square[(i, j)];
        }
    }
}

/// g_ii - 1, or zero where that is no more than the rounding of a unit row.
///
/// A row at unit length has to stay there: Adam would make a step of a gradient that is only rounding.
#[inline(always)]
fn defect<T: Scalar>(g: f64) -> f64 {
    let defect = g - 1.0;
    if defect.abs() <= 4.0 * T::EPSILON.to_f64() { 0.0 } else { defect }
}

/// One step through the residual of the Gram matrix, for n <= d; gives the loss before it.
fn step_by_gram<T: Scalar>(
    dictionary: &mut RowMajorMut<'_, T>,
    mut residual: RowMajorMut<'_, T>,
    mut product: RowMajorMut<'_, T>,
    (first, second): (&mut [T], &mut [T]),
    t: f64,
    adam: &AdamStep<T>,
    par: Par,
) -> f64 {
    let (n, d) = (dictionary.nrows(), dictionary.ncols());
    let e = dictionary.as_ref().as_dyn_stride();
    symmetric_product(residual.as_mut(), e, e.transpose(), par);
    let mut loss = 0.0;
    for i in 0..n {
        for (j, r) in row_mut(&mut residual, i).iter_mut().enumerate() {
            if i == j {
                let defect = defect::<T>(r.to_f64());
                loss += n as f64 * defect * defect;
                *r = T::from_f64(n as f64 * defect);
            } else {
                let excess = r.to_f64() - t;
                loss += excess * excess;
                *r = T::from_f64(excess);
            }
        }
    }
    let residual = residual.as_ref().as_dyn_stride();
    multiply(product.as_mut(), Accum::Replace, residual, e, T::ONE, par);
    for (i, (first, second)) in first.chunks_exact_mut(d).zip(second.chunks_exact_mut(d)).enumerate() {
        let (weights, gradient) = (row_mut(dictionary, i), row(product.as_ref(), i));
        vectorised(AdamSweep { weights, gradient, scale: T::from_f64(4.0), first, second, step: *adam });
    }
    loss
}

/// One step through the frame operator, for n > d; gives the loss before it.
fn step_by_frame<T: Scalar>(
    dictionary: &mut RowMajorMut<'_, T>,
    mut frame: RowMajorMut<'_, T>,
    mut product: RowMajorMut<'_, T>,
    moments: (&mut [T], &mut [T]),
    (sum, scaled_sum): (&mut [f64], &mut [T]),
    t: f64,
    adam: &AdamStep<T>,
    par: Par,
) -> f64 {
    let n = dictionary.nrows() as f64;
    let e = dictionary.as_ref().as_dyn_stride();
    symmetric_product(frame.as_mut(), e.transpose(), e, par);
    let frame = frame.as_ref();
    multiply(product.as_mut(), Accum::Replace, e, frame.as_dyn_stride(), T::ONE, par);
    let mut squared_sum = 0.0;
    if t != 0.0 {
        squared_sum = sum_rows(dictionary.as_ref(), sum);
        for (scaled, s) in scaled_sum.iter_mut().zip(sum.iter()) {
            *scaled = T::from_f64(4.0 * t * s);
        }
    }
    let squared_frame: f64 = (0..frame.nrows()).map(|i| squared_norm(row(frame, i))).sum();
    let diagonal = descend(dictionary, product.as_ref(), moments, scaled_sum, t, adam);
    let off_diagonal =
        squared_frame - diagonal.squared - 2.0 * t * (squared_sum - diagonal.trace) + t * t * n * (n - 1.0);
    // A sum of squares; the cancellation may leave it a rounding error below zero.
    let off_diagonal = if off_diagonal < 0.0 { 0.0 } else { off_diagonal };
    off_diagonal + n * diagonal.squared_defect
}

/// Writes the sum of the rows to `sum` and gives its squared length.
fn sum_rows<T: Scalar>(dictionary: RowMajor<'_, T>, sum: &mut [f64]) -> f64 {
    sum.fill(0.0);
    for i in 0..dictionary.nrows() {
        for (s, x) in sum.iter_mut().zip(row(dictionary, i)) {
            *s += x.to_f64();
        }
    }
    sum.iter().map(|s| s * s).sum()
}

/// Sums over the diagonal of the Gram matrix.
#[derive(Default)]
struct DiagonalSums {
    /// sum g_ii
    trace: f64,
    /// sum g_ii^2
    squared: f64,
    /// sum (g_ii - 1)^2
    squared_defect: f64,
}

/// The gradient and Adam's step in one sweep over the rows; gives the sums over the diagonal before the step.
fn descend<T: Scalar>(
    dictionary: &mut RowMajorMut<'_, T>,
    product: RowMajor<'_, T>,
    (first, second): (&mut [T], &mut [T]),
    scaled_sum: &[T],
    t: f64,
    adam: &AdamStep<T>,
) -> DiagonalSums {
    let (n, d) = (dictionary.nrows() as f64, dictionary.ncols());
    let mut sums = DiagonalSums::default();
    let moments = first.chunks_exact_mut(d).zip(second.chunks_exact_mut(d));
    for (i, (first, second)) in moments.enumerate() {
        let vector = row_mut(dictionary, i);
        let step = *adam;
        let g =
            vectorised(FrameStep { vector, product: row(product, i), scaled_sum, t, n, first, second, step });
        let defect = defect::<T>(g);
        sums.trace += g;
        sums.squared += g * g;
        sums.squared_defect += defect * defect;
    }
    sums
}

/// Moves one row by its gradient, 4 (E F)_i + 4 (n (g - 1) - g + t) e_i - 4 t s, and gives g = |e_i|^2 before.
struct FrameStep<'a, T> {
    vector: &'a mut [T],
    product: &'a [T],
    scaled_sum: &'a [T],
    t: f64,
    n: f64,
    first: &'a mut [T],
    second: &'a mut [T],
    step: AdamStep<T>,
}

impl<T: Scalar> Loop for FrameStep<'_, T> {
    type Output = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        let g = squared_norm(self.vector);
        let own = T::from_f64(4.0 * (self.n * defect::<T>(g) - g + self.t));
        let four = T::from_f64(4.0);
        let pulled = self.product.iter().zip(self.scaled_sum);
        let moments = self.first.iter_mut().zip(self.second);
        for ((x, (first, second)), (&p, &s)) in self.vector.iter_mut().zip(moments).zip(pulled) {
            self.step.update(x, four * p + own * *x - s, first, second);
        }
        g
    }
}
