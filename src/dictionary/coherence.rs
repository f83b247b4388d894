//! Lower the largest |cosine| of two vectors of a dictionary, its *coherence*, towards the Welch bound.
//!
//! n > d unit vectors have a coherence of at least sqrt((n - d) / (d (n - 1))) (Welch 1974), with equality only where all
//! cosines are equal in magnitude, which more than d (d + 1)/2 vectors cannot have. A tight frame minimises the sum of
//! g_ij^2; to bring the largest down, the exponent has to rise. Minimised here is
//!   log sum over i < j of |g_ij|^p,   p = 4, 8, ..., `greatest_exponent`,
//! by Adam along the sphere, each p for the same number of steps and the step size falling to zero. The gradient for
//! row i is, up to a common factor,
//!   sum over j != i of w_ij e_j,   w_ij = sign(g_ij) (|g_ij| / mu)^(p - 1),
//! mu the coherence of the step before. A block of rows is multiplied with all rows before it, the products are turned
//! into weights where they lie, and those are multiplied with both sides: never are n x n numbers there.

use super::normalise::{scale_rows, squared_norm, unit};
use super::polar::{Polar, add_noise, make_unit_rows, polar_scratch};
use crate::adam::{AdamParams, AdamStep, AdamSweep, check_learning_rate};
use crate::error::{Argument, Error, Reason, ensure};
use crate::matrix::{
    RowMajorMut, ensure_finite_matrix, ensure_not_empty, row, row_major, row_major_mut, row_mut,
};
use crate::product::multiply;
use crate::progress::{Progress, ProgressFn};
use crate::scalar::Scalar;
use crate::simd::{Loop, vectorised};
use crate::workspace::{ensure_workspace, matrix_scratch, take_zeros};
use faer::dyn_stack::{MemStack, StackReq};
use faer::{Accum, Par};

/// Rows whose products with all others are in memory at a time.
const BLOCK: usize = 96;

/// The coherence from which vectors count as equal: they would have equal gradients and never part.
const EQUAL: f64 = 0.9999;

/// The length of the noise that parts them.
const PARTING: f64 = 0.01;

/// The ratio of g^2 to the last step's largest up to which a weight grows.
const MOST_GROWTH: f64 = 1.1;

/// Parameters of [`lower_coherence`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CoherenceParams {
    /// Steps of Adam. Default 400.
    pub steps: u64,
    /// Step size of Adam at first, >= 0, in units of the root of 1/d, the size of an element. Default 0.05.
    pub learning_rate: f64,
    /// The last exponent p, a power of two from 4 to 1024. Default 256.
    pub greatest_exponent: u64,
}

impl Default for CoherenceParams {
    fn default() -> Self {
        Self { steps: 400, learning_rate: 0.05, greatest_exponent: 256 }
    }
}

/// What [`lower_coherence`] found.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CoherenceReport {
    /// The largest |cosine| of two rows as they were given.
    pub before: f64,
    /// The largest |cosine| of two rows of the result.
    pub after: f64,
    /// sqrt((n - d) / (d (n - 1))), below which no dictionary of this shape is; 0 for n <= d.
    pub welch_bound: f64,
    /// The step whose rows were kept, from 1; 0 where none was better than the rows as they were given.
    pub best_step: u64,
}

/// The Welch bound sqrt((n - d) / (d (n - 1))) on the coherence of n vectors in d dimensions; 0 for n <= d.
pub fn welch_bound(n: usize, d: usize) -> f64 {
    if n <= d || d == 0 {
        return 0.0;
    }
    let (n, d) = (n as f64, d as f64);
    libm::sqrt((n - d) / (d * (n - 1.0)))
}

/// The workspace of [`lower_coherence`] on an `n` by `d` dictionary: 4 n d + 96 n numbers; for n <= d
/// n d + 4 n^2 + 224 n.
pub fn lower_coherence_scratch<T: Scalar>(n: usize, d: usize) -> StackReq {
    let weights = matrix_scratch::<T>(n, d);
    let block = matrix_scratch::<T>(n, BLOCK);
    if n <= d {
        return StackReq::all_of(&[weights, block, polar_scratch::<T>(n)]);
    }
    StackReq::all_of(&[weights, weights, weights, weights, block])
}

/// Makes the rows of `dictionary[n, d]` unit vectors whose largest |cosine| is low, starting from the given ones.
///
/// Of all steps the rows with the least coherence are kept, so that it never rises, but where rows of no length (below
/// 1e-12) were given: those are random first. Rows that coincide, or are opposite, are parted by noise, the same for
/// every call. For n <= d the rows become orthonormal, the nearest such, in one step.
///
/// Start from a [`tight_frame`](super::tight_frame), which costs little beside this, or from random rows; from rows
/// that are crowded it takes more steps. Where the bound is met to rounding it ends. `progress` hears the coherence
/// before each step, as the loss, and may cancel.
///
/// # Errors
/// [`Reason::Empty`], [`Reason::NotANumber`], [`Reason::Infinite`] on the dictionary; [`Reason::NotANumber`],
/// [`Reason::Infinite`], [`Reason::OutOfRange`] on the learning rate; [`Reason::OutOfRange`] on the greatest exponent;
/// [`Reason::WorkspaceTooSmall`]: the dictionary is then untouched. [`Reason::Cancelled`] on `Progress`: the best rows
/// so far. [`Reason::Diverged`] on `LearningRate` where a step leaves the range of numbers: the same.
/// [`Reason::NotConverged`] on the dictionary, for n <= d, should eigenvalues not be found: rows without
/// meaning.
///
/// # Cost
/// A step takes 3 n^2 d flops in matrix products and a sweep over n^2/2 numbers, in 96 n numbers of memory at a time;
/// workspace as [`lower_coherence_scratch`] says. No allocation with `std` after a thread's first product.
///
/// # Determinism
/// The same bits for the same input on the same machine; the products' rounding depends on its SIMD width, and the
/// descent enlarges it: compare coherences, not elements, across machines.
pub fn lower_coherence<T: Scalar>(
    mut dictionary: RowMajorMut<'_, T>,
    params: &CoherenceParams,
    par: Par,
    progress: ProgressFn<'_>,
    stack: &mut MemStack,
) -> Result<CoherenceReport, Error> {
    let (n, d, exponent) = (dictionary.nrows(), dictionary.ncols(), params.greatest_exponent);
    ensure_not_empty(dictionary.as_ref(), Argument::Dictionary)?;
    check_learning_rate(params.learning_rate)?;
    let is_known = exponent.is_power_of_two() && (4..=1024).contains(&exponent);
    ensure(is_known, Reason::OutOfRange, Argument::GreatestExponent)?;
    ensure_workspace(stack, lower_coherence_scratch::<T>(n, d))?;
    ensure_finite_matrix(dictionary.as_ref(), Argument::Dictionary)?;

    let welch_bound = welch_bound(n, d);
    make_unit_rows(&mut dictionary);
    let (mut gradient, stack) = take_zeros::<T>(stack, n * d);
    let (mut block, stack) = take_zeros::<T>(stack, n * BLOCK);
    let mut pairs = Pairs { gradient: &mut gradient, block: &mut block, par };
    let before = pairs.coherence(&dictionary)?;
    if n <= d {
        Polar::new(n, par, stack).orthonormalise(&mut dictionary, |_, _| Ok(()))?;
        scale_rows(&mut dictionary);
        let after = pairs.coherence(&dictionary)?;
        return Ok(CoherenceReport { before, after, welch_bound, best_step: 0 });
    }
    let (mut first, stack) = take_zeros::<T>(stack, n * d);
    let (mut second, stack) = take_zeros::<T>(stack, n * d);
    let (mut best, _) = take_zeros::<T>(stack, n * d);
    let mut best = row_major_mut(&mut best, n, d, d)?;
    best.copy_from(dictionary.as_ref());
    let mut report = CoherenceReport { before, after: before, welch_bound, best_step: 0 };
    if before > EQUAL {
        add_noise(&mut dictionary, PARTING);
        scale_rows(&mut dictionary);
    }

    let doublings = exponent.trailing_zeros() - 1;
    let mut largest = before;
    let mut stopped = None;
    for step in 1..=params.steps {
        if report.after - welch_bound <= 4.0 * T::EPSILON.to_f64() {
            break;
        }
        let done = (step - 1) as f64 / params.steps as f64;
        // p = 2^(1 + doublings so far): the power of g^2 is 2^(doublings so far) - 1.
        let doubled = 1 + (done * f64::from(doublings)) as u32;
        largest = pairs.weigh(&dictionary, largest, Some(doubled))?;
        if largest < report.after {
            report.after = largest;
            report.best_step = step - 1;
            best.copy_from(dictionary.as_ref());
        }
        if progress(&Progress { step, total: params.steps, loss: largest }).is_break() {
            stopped = Some(Error::new(Reason::Cancelled, Argument::Progress));
            break;
        }
        let learning_rate = params.learning_rate / libm::sqrt(d as f64) * (1.0 - done);
        let adam = AdamParams { learning_rate, beta2: 0.99, ..AdamParams::default() };
        descend(&mut dictionary, pairs.gradient, (&mut first, &mut second), &AdamStep::new(&adam, step));
        // Cosines that are not numbers would pass for small ones.
        if ensure_finite_matrix(dictionary.as_ref(), Argument::Dictionary).is_err() {
            stopped = Some(Error::new(Reason::Diverged, Argument::LearningRate));
            break;
        }
    }
    if stopped.is_none() && params.steps > 0 {
        largest = pairs.coherence(&dictionary)?;
        if largest < report.after {
            report.after = largest;
            report.best_step = params.steps;
            best.copy_from(dictionary.as_ref());
        }
    }
    dictionary.copy_from(best);
    stopped.map_or(Ok(report), Err)
}

/// Moves every row by Adam along the sphere: the gradient without its part along the row, at the root of 1 over all
/// elements' mean square; then back to unit length.
fn descend<T: Scalar>(
    dictionary: &mut RowMajorMut<'_, T>,
    gradient: &mut [T],
    (first, second): (&mut [T], &mut [T]),
    adam: &AdamStep<T>,
) {
    let d = dictionary.ncols();
    let mut sum = 0.0;
    for (i, gradient) in gradient.chunks_exact_mut(d).enumerate() {
        let values = row(dictionary.as_ref(), i);
        let along: f64 = values.iter().zip(&*gradient).map(|(x, g)| x.to_f64() * g.to_f64()).sum();
        let along = T::from_f64(along);
        gradient.iter_mut().zip(values).for_each(|(g, &x)| *g -= along * x);
        sum += squared_norm(gradient);
    }
    if sum <= 0.0 || sum.is_nan() {
        return;
    }
    let scale = T::from_f64(libm::sqrt(gradient.len() as f64 / sum));
    let moments = first.chunks_exact_mut(d).zip(second.chunks_exact_mut(d));
    for (i, (gradient, (first, second))) in gradient.chunks_exact(d).zip(moments).enumerate() {
        let weights = row_mut(dictionary, i);
        vectorised(AdamSweep { weights, gradient, scale, first, second, step: *adam });
        let weights = row_mut(dictionary, i);
        let unit = unit(weights);
        weights.iter_mut().for_each(|x| *x = unit(*x));
    }
}

/// The products of all pairs, a block of rows at a time.
struct Pairs<'a, T> {
    gradient: &'a mut [T],
    block: &'a mut [T],
    par: Par,
}

impl<T: Scalar> Pairs<'_, T> {
    /// The largest |cosine| of two rows.
    fn coherence(&mut self, dictionary: &RowMajorMut<'_, T>) -> Result<f64, Error> {
        self.weigh(dictionary, 1.0, None)
    }

    /// The same, and the gradient for weights g (g^2 / `largest`^2)^(2^`doubled` - 1), if they are asked for.
    fn weigh(
        &mut self,
        dictionary: &RowMajorMut<'_, T>,
        largest: f64,
        doubled: Option<u32>,
    ) -> Result<f64, Error> {
        let (n, d) = (dictionary.nrows(), dictionary.ncols());
        let e = dictionary.as_ref();
        let inverse = T::from_f64(1.0 / (largest * largest).max(f64::from(f32::MIN_POSITIVE)));
        let mut found = T::ZERO;
        if doubled.is_some() {
            self.gradient.fill(T::ZERO);
        }
        for first in (0..n).step_by(BLOCK) {
            let rows = BLOCK.min(n - first);
            let end = first + rows;
            let own = e.get(first..end, 0..d).as_dyn_stride();
            let others = e.get(0..end, 0..d).as_dyn_stride();
            let product = row_major_mut(self.block, rows, end, end)?;
            multiply(product, Accum::Replace, own, others.transpose(), T::ONE, self.par);
            for (r, line) in self.block.chunks_exact_mut(end).take(rows).enumerate() {
                let (before, rest) = line.split_at_mut(first + r);
                rest.fill(T::ZERO);
                let powers = doubled.unwrap_or(0);
                let most = vectorised(Weigh { cosines: before, inverse, powers });
                found = if most > found { most } else { found };
            }
            if doubled.is_some() {
                let weights = row_major(self.block, rows, end, end)?.as_dyn_stride();
                let gradient = row_major_mut(&mut self.gradient[first * d..], rows, d, d)?;
                multiply(gradient, Accum::Add, weights, others, T::ONE, self.par);
                let gradient = row_major_mut(self.gradient, end, d, d)?;
                multiply(gradient, Accum::Add, weights.transpose(), own, T::ONE, self.par);
            }
        }
        // A rounding error may lead past 1.
        Ok(found.to_f64().min(1.0))
    }
}

/// Gives the largest |g|, and makes every g a weight, g x^(2^powers - 1) with x = `inverse` g^2.
struct Weigh<'a, T> {
    cosines: &'a mut [T],
    inverse: T,
    powers: u32,
}

impl<T: Scalar> Loop for Weigh<'_, T> {
    type Output = T;

    #[inline(always)]
    fn run(self) -> T {
        let limit = T::from_f64(MOST_GROWTH);
        let mut lanes = [T::ZERO; 16];
        let (chunks, rest) = self.cosines.as_chunks_mut::<16>();
        for chunk in chunks {
            weigh(chunk, &mut lanes, self.inverse, limit, self.powers);
        }
        if !rest.is_empty() {
            let mut chunk = [T::ZERO; 16];
            chunk[..rest.len()].copy_from_slice(rest);
            weigh(&mut chunk, &mut lanes, self.inverse, limit, self.powers);
            rest.copy_from_slice(&chunk[..rest.len()]);
        }
        lanes.iter().fold(T::ZERO, |most, &x| if x > most { x } else { most })
    }
}

/// One register's worth.
#[inline(always)]
fn weigh<T: Scalar>(cosines: &mut [T; 16], lanes: &mut [T; 16], inverse: T, limit: T, powers: u32) {
    for (g, most) in cosines.iter().zip(lanes.iter_mut()) {
        let size = Scalar::abs(*g);
        *most = if size > *most { size } else { *most };
    }
    let mut x = cosines.map(|g| {
        let x = g * g * inverse;
        if x > limit { limit } else { x }
    });
    for _ in 0..powers {
        for (g, x) in cosines.iter_mut().zip(&mut x) {
            *g *= *x;
            *x = *x * *x;
        }
    }
}
