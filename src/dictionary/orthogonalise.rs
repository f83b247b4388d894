//! Orthogonalise a dictionary by gradient descent, as the reference does, without its n x n matrix.
//!
//! The loss of sae-lens over dictionaries E [n, d] with g = E E^T is
//!   L = sum_{i != j} (g_ij - t)^2 + n sum_i (g_ii - 1)^2.
//! Its gradient is, as an identity,
//!   dL/dE = 4 [ E F - diag(g) E - t (1 s^T - E) + n (diag(g) - I) E ],
//! with the frame operator F = E^T E [d, d] and the sum of the rows s, and
//!   L = |F|^2 - sum g_ii^2 - 2 t (|s|^2 - sum g_ii) + t^2 n (n - 1) + n sum (g_ii - 1)^2.
//! So n > d costs 3 n d^2 flops a step instead of 6 n^2 d. For n <= d the Gram matrix E E^T [n, n] is the smaller one.

use super::adam_step::{
    ApplyParams, StepInput, StepMemory, ensure_moments, loss_of_frame, move_rows, step_scratch,
};
use super::frame_operator::{PartialsMemory, partials_scratch, write_frame};
use super::gram_step::{GramMemory, gram_scratch, move_rows_by_gram};
use super::normalise::scale_rows;
use crate::adam::AdamStep;
use crate::error::{Argument, Error, Reason, ensure, ensure_finite};
use crate::matrix::{RowMajorMut, ensure_finite_matrix, ensure_not_empty, row_major, row_major_mut};
use crate::progress::{Progress, ProgressFn};
use crate::scalar::Scalar;
use crate::workspace::{ensure_workspace, matrix_scratch, take, take_zeros, vector_scratch};
use faer::Par;
use faer::dyn_stack::{DynArray, MemStack, StackReq};
use faer::prelude::ReborrowMut;

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
        let ApplyParams { target_cosine, learning_rate } = ApplyParams::default();
        Self { target_cosine, steps: 200, learning_rate }
    }
}

/// Parameters of [`orthogonalise_resume`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ResumeParams {
    /// Target, step size, and the most steps that this call makes.
    pub descent: OrthogonaliseParams,
    /// The descent has converged after a step whose loss L differs from that of the step before by at most
    /// `relative_tolerance` L; >= 0. Default 0: never.
    pub relative_tolerance: f64,
}

/// What [`orthogonalise_resume`] keeps of a descent, besides rows and moments. The default begins a new one.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct OrthogonaliseState {
    /// Steps done.
    pub step: u64,
    /// The loss before the last of them; of no meaning where there is none.
    pub loss: f64,
    /// Whether the last call ended because the loss had ceased to change.
    pub converged: bool,
}

/// The workspace of [`orthogonalise`] on an `n` by `d` dictionary: 2 n d numbers more than
/// [`orthogonalise_resume_scratch`].
pub fn orthogonalise_scratch<T: Scalar>(n: usize, d: usize) -> StackReq {
    let moments = n.checked_mul(2).map_or(StackReq::OVERFLOW, |rows| matrix_scratch::<T>(rows, d));
    moments.and(orthogonalise_resume_scratch::<T>(n, d))
}

/// The workspace of [`orthogonalise_resume`]: n (n + d) numbers for n <= d; else d^2 numbers, d doubles, and what
/// [`orthogonalise_apply_scratch`](super::orthogonalise_apply_scratch) says, less than 2 n d numbers for large n.
pub fn orthogonalise_resume_scratch<T: Scalar>(n: usize, d: usize) -> StackReq {
    if n <= d {
        return gram_scratch::<T>(n, d);
    }
    StackReq::all_of(&[
        matrix_scratch::<T>(d, d),
        vector_scratch::<f64>(d),
        partials_scratch::<T>(n, d),
        step_scratch::<T>(n, d),
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
/// A step: 3 n d min(n, d) flops and one pass over rows and moments, in which a block of rows serves both matrix
/// products and the update while it is in the cache. Workspace as [`orthogonalise_scratch`] says. No allocation with
/// `std` after a thread's first product.
///
/// # Determinism
/// The same bits for the same input on the same machine, for any number of threads; the products' rounding depends on
/// its SIMD width. Adam divides small gradients by their own size, so compare losses, not elements, across machines.
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
    let params = ResumeParams { descent: *params, relative_tolerance: 0.0 };
    check(&dictionary, &params)?;
    ensure_workspace(stack, orthogonalise_scratch::<T>(n, d))?;
    ensure_finite_matrix(dictionary.as_ref(), Argument::Dictionary)?;
    let (mut moments, stack) = take_zeros::<T>(stack, 2 * n * d);
    let mut state = OrthogonaliseState::default();
    let done = descend(&mut dictionary, &mut moments, &mut state, &params, par, progress, stack);
    if done.is_ok() || done == Err(CANCELLED) {
        scale_rows(&mut dictionary);
    }
    done
}

/// Goes on with an orthogonalisation whose whole state is the caller's: rows, moments and `state`.
///
/// At step 0 rows are scaled to unit length. Then up to `params.descent.steps` steps of Adam are made, as by
/// [`orthogonalise`], fewer where the loss ceases to change. Rows are left as they are: they are scaled to unit length,
/// as by [`normalise_rows`](super::normalise_rows), when no more steps will be made. A descent in several calls, in one
/// process or in many, gives the bits of one call, and `orthogonalise` those of one call and `normalise_rows`.
///
/// - `dictionary[n, d]`: the rows.
/// - `moments`: 2 n d numbers, zero before the first step: the first moments, packed, then the second.
/// - `state`: the default before the first step.
/// - `progress`: as for [`orthogonalise`]; counts steps from the first of the descent.
///
/// # Errors
/// [`Reason::Empty`], [`Reason::NotANumber`], [`Reason::Infinite`] on `Dictionary`; [`Reason::Shape`],
/// [`Reason::NotANumber`], [`Reason::Infinite`] on `Moments`, and [`Reason::OutOfRange`] for a second moment below zero;
/// [`Reason::OutOfRange`] on `Step` where the steps would exceed 2^64 - 1; [`Reason::NotANumber`],
/// [`Reason::Infinite`], [`Reason::OutOfRange`] on the parameters, and, after the first step, [`Reason::NotANumber`],
/// [`Reason::Infinite`] on `Loss`; [`Reason::WorkspaceTooSmall`]. Nothing is then written. [`Reason::Cancelled`] on
/// `Progress`: rows, moments and state are those after the last step, from which a call can go on.
/// [`Reason::Diverged`] on `LearningRate`: rows, moments and state have then no meaning.
///
/// # Cost
/// As [`orthogonalise`], and one more pass over the rows for each call. Workspace as [`orthogonalise_resume_scratch`]
/// says.
///
/// # Determinism
/// As [`orthogonalise`].
///
/// # Source
/// As [`orthogonalise`].
pub fn orthogonalise_resume<T: Scalar>(
    mut dictionary: RowMajorMut<'_, T>,
    moments: &mut [T],
    state: &mut OrthogonaliseState,
    params: &ResumeParams,
    par: Par,
    progress: ProgressFn<'_>,
    stack: &mut MemStack,
) -> Result<(), Error> {
    let (n, d) = (dictionary.nrows(), dictionary.ncols());
    check(&dictionary, params)?;
    let last = state.step.checked_add(params.descent.steps);
    ensure(last.is_some_and(|last| last < u64::MAX), Reason::OutOfRange, Argument::Step)?;
    if state.step > 0 {
        ensure_finite(state.loss, Argument::Loss)?;
    }
    ensure_workspace(stack, orthogonalise_resume_scratch::<T>(n, d))?;
    ensure_finite_matrix(dictionary.as_ref(), Argument::Dictionary)?;
    ensure_moments(moments, n, d)?;
    descend(&mut dictionary, moments, state, params, par, progress, stack)
}

const CANCELLED: Error = Error::new(Reason::Cancelled, Argument::Progress);
const DIVERGED: Error = Error::new(Reason::Diverged, Argument::LearningRate);

/// Refuses an empty dictionary and parameters outside their ranges.
fn check<T: Scalar>(dictionary: &RowMajorMut<'_, T>, params: &ResumeParams) -> Result<(), Error> {
    ensure_not_empty(dictionary.as_ref(), Argument::Dictionary)?;
    step_params(&params.descent).check()?;
    ensure_finite(params.relative_tolerance, Argument::RelativeTolerance)?;
    ensure(params.relative_tolerance >= 0.0, Reason::OutOfRange, Argument::RelativeTolerance)
}

fn step_params(params: &OrthogonaliseParams) -> ApplyParams {
    ApplyParams { target_cosine: params.target_cosine, learning_rate: params.learning_rate }
}

/// The steps; everything has been checked.
fn descend<T: Scalar>(
    dictionary: &mut RowMajorMut<'_, T>,
    moments: &mut [T],
    state: &mut OrthogonaliseState,
    params: &ResumeParams,
    par: Par,
    progress: ProgressFn<'_>,
    stack: &mut MemStack,
) -> Result<(), Error> {
    let t = params.descent.target_cosine;
    state.converged = false;
    if state.step == 0 {
        scale_rows(dictionary);
    }
    let total = state.step + params.descent.steps;
    let (first, second) = moments.split_at_mut(moments.len() / 2);
    let mut method = Method::new(dictionary, stack, par)?;
    while state.step < total && !state.converged {
        let adam = step_params(&params.descent).adam(state.step);
        let is_last = state.step + 1 == total;
        let loss = method.step(dictionary, (&mut *first, &mut *second), t, adam, is_last, par)?;
        ensure(loss.is_finite(), DIVERGED.reason, DIVERGED.argument)?;
        let change = (loss - state.loss).abs();
        state.converged =
            params.relative_tolerance > 0.0 && state.step > 0 && change <= params.relative_tolerance * loss;
        state.step += 1;
        state.loss = loss;
        if progress(&Progress { step: state.step, total, loss }).is_break() {
            return Err(CANCELLED);
        }
    }
    ensure_finite_matrix(dictionary.as_ref(), Argument::Dictionary).map_err(|_| DIVERGED)
}

/// Through which symmetric matrix a step goes, with its memory.
enum Method<'a, T> {
    /// E E^T, for n <= d.
    Gram(GramMemory<'a, T>),
    /// E^T E, for n > d.
    Frame(FrameMemory<'a, T>),
}

/// The frame operator and the sum of the rows before the next step, and memory to compute those after it.
struct FrameMemory<'a, T> {
    frame: DynArray<'a, T>,
    row_sum: DynArray<'a, f64>,
    partials: PartialsMemory<'a, T>,
    step: StepMemory<'a, T>,
}

impl<'a, T: Scalar> Method<'a, T> {
    /// Takes the memory and prepares the first step.
    fn new(dictionary: &RowMajorMut<'_, T>, stack: &'a mut MemStack, par: Par) -> Result<Self, Error> {
        let (n, d) = (dictionary.nrows(), dictionary.ncols());
        if n <= d {
            return Ok(Self::Gram(GramMemory::take(n, d, stack)));
        }
        let (mut frame, stack) = take_zeros::<T>(stack, d * d);
        let (mut row_sum, stack) = take(stack, d, 0.0);
        let (mut partials, stack) = PartialsMemory::take(n, d, stack);
        let (step, _) = StepMemory::take(n, d, stack);
        let out = row_major_mut(&mut frame, d, d, d)?;
        write_frame(dictionary.as_ref(), out, &mut row_sum, par, &mut partials)?;
        Ok(Self::Frame(FrameMemory { frame, row_sum, partials, step }))
    }

    /// Makes a step and prepares the next one unless this is the last; gives the loss before it.
    fn step(
        &mut self,
        dictionary: &mut RowMajorMut<'_, T>,
        moments: (&mut [T], &mut [T]),
        t: f64,
        adam: AdamStep<T>,
        is_last: bool,
        par: Par,
    ) -> Result<f64, Error> {
        let memory = match self {
            Self::Gram(memory) => return move_rows_by_gram(dictionary, moments, t, &adam, par, memory),
            Self::Frame(memory) => memory,
        };
        let (n, d) = (dictionary.nrows() as f64, dictionary.ncols());
        let FrameMemory { frame, row_sum, partials, step } = memory;
        let view = row_major(frame, d, d, d)?;
        let of_frame = loss_of_frame(view, row_sum, n, t);
        let input = StepInput { frame: view, row_sum, n, t, adam, accumulate: !is_last };
        let sums = move_rows(dictionary.rb_mut(), moments, &input, par, step, partials)?;
        if !is_last {
            partials.write_sum(&mut row_major_mut(frame, d, d, d)?, row_sum);
        }
        let off_diagonal = of_frame - sums.squared + 2.0 * t * sums.trace;
        // A sum of squares; the cancellation may leave it a rounding error below zero.
        let off_diagonal = if off_diagonal < 0.0 { 0.0 } else { off_diagonal };
        Ok(off_diagonal + n * sums.squared_defect)
    }
}
