//! One step of Adam on rows of a dictionary, given the frame operator F and the sum s of the rows of all of it.
//!
//! With g_i = |e_i|^2, the loss of [`orthogonalise`](super::orthogonalise()) has the gradient
//!   dL/de_i = 4 [ F e_i + (n (g_i - 1) - g_i + t) e_i - t s ],
//! so rows need nothing of each other but F and s, and a dictionary may lie on many machines. A block of rows is
//! multiplied by F, moved, and added to the frame operator that the next step will need while it is in the cache.

use super::frame_operator::{Groups, Partials, PartialsMemory, partials_scratch};
use super::normalise::squared_norm;
use crate::adam::{AdamParams, AdamStep, check_learning_rate};
use crate::error::{Argument, Error, Reason, ensure, ensure_finite};
use crate::matrix::{
    RowMajor, RowMajorMut, ensure_finite_matrix, ensure_finite_slice, ensure_not_empty, ensure_shape, row,
    row_major_mut, row_mut,
};
use crate::parallel::{Parts, run_parts};
use crate::product::multiply;
use crate::scalar::Scalar;
use crate::simd::{Loop, vectorised};
use crate::workspace::{ensure_workspace, matrix_scratch, take, take_zeros, vector_scratch};
use faer::dyn_stack::{DynArray, MemStack, StackReq};
use faer::prelude::{Reborrow, ReborrowMut};
use faer::{Accum, Par};

/// Sums over the diagonal of the Gram matrix, before a step.
#[derive(Clone, Copy, Default)]
pub(super) struct DiagonalSums {
    /// sum g_ii
    pub(super) trace: f64,
    /// sum g_ii^2
    pub(super) squared: f64,
    /// sum (g_ii - 1)^2
    pub(super) squared_defect: f64,
}

/// g_ii - 1, or zero where that is no more than the rounding of a unit row.
///
/// A row at unit length has to stay there: Adam would make a step of a gradient that is only rounding.
#[inline(always)]
pub(super) fn defect<T: Scalar>(g: f64) -> f64 {
    let defect = g - 1.0;
    if defect.abs() <= 4.0 * T::EPSILON.to_f64() { 0.0 } else { defect }
}

/// What a step takes besides the rows and their moments.
#[derive(Clone, Copy)]
pub(super) struct StepInput<'a, T> {
    /// The frame operator of the whole dictionary, both halves.
    pub(super) frame: RowMajor<'a, T>,
    /// The sum of all rows.
    pub(super) row_sum: &'a [f64],
    /// The number of all rows.
    pub(super) n: f64,
    /// The target cosine.
    pub(super) t: f64,
    /// Adam's numbers for this step.
    pub(super) adam: AdamStep<T>,
    /// Whether the frame operator of the moved rows is wanted.
    pub(super) accumulate: bool,
}

/// Memory of [`move_rows`], but for the partial frame operators.
pub(super) struct StepMemory<'a, T> {
    products: DynArray<'a, T>,
    scaled_sum: DynArray<'a, T>,
    diagonals: DynArray<'a, DiagonalSums>,
}

/// The request for [`StepMemory`]: a block of products for each group, d numbers and 3 doubles for each group.
pub(super) fn step_scratch<T: Scalar>(n: usize, d: usize) -> StackReq {
    let Groups { count, block, .. } = Groups::new(n, d);
    let products = count.checked_mul(block);
    let products = products.map_or(StackReq::OVERFLOW, |rows| matrix_scratch::<T>(rows, d));
    StackReq::all_of(&[products, vector_scratch::<T>(d), vector_scratch::<DiagonalSums>(count)])
}

impl<'a, T: Scalar> StepMemory<'a, T> {
    /// Takes the memory, which [`step_scratch`] has asked for.
    pub(super) fn take(n: usize, d: usize, stack: &'a mut MemStack) -> (Self, &'a mut MemStack) {
        let Groups { count, block, .. } = Groups::new(n, d);
        let (products, stack) = take_zeros::<T>(stack, count * block * d);
        let (scaled_sum, stack) = take_zeros::<T>(stack, d);
        let (diagonals, stack) = take(stack, count, DiagonalSums::default());
        (Self { products, scaled_sum, diagonals }, stack)
    }
}

/// Moves rows by one step; gives the sums over the diagonal before it, added up in the order of the groups.
///
/// Where the input says so, `partials` then holds the frame operators and sums of the moved rows.
pub(super) fn move_rows<T: Scalar>(
    rows: RowMajorMut<'_, T>,
    (first, second): (&mut [T], &mut [T]),
    input: &StepInput<'_, T>,
    par: Par,
    memory: &mut StepMemory<'_, T>,
    partials: &mut PartialsMemory<'_, T>,
) -> Result<DiagonalSums, Error> {
    let (n, d) = (rows.nrows(), rows.ncols());
    for (scaled, s) in memory.scaled_sum.iter_mut().zip(input.row_sum) {
        *scaled = T::from_f64(4.0 * input.t * s);
    }
    let groups = Groups::new(n, d);
    let parts = Moving {
        rows,
        first,
        second,
        products: row_major_mut(&mut memory.products, groups.count * groups.block, d, d)?,
        diagonals: &mut memory.diagonals,
        partials: partials.partials(d)?,
        groups,
        scaled_sum: &memory.scaled_sum,
        input: *input,
    };
    run_parts(parts, par);
    Ok(memory.diagonals.iter().fold(DiagonalSums::default(), |sum, group| DiagonalSums {
        trace: sum.trace + group.trace,
        squared: sum.squared + group.squared,
        squared_defect: sum.squared_defect + group.squared_defect,
    }))
}

/// Groups of rows that are moved.
struct Moving<'a, T> {
    rows: RowMajorMut<'a, T>,
    first: &'a mut [T],
    second: &'a mut [T],
    /// A block of rows for each group; who does several groups uses the first block for all of them.
    products: RowMajorMut<'a, T>,
    /// One for each group.
    diagonals: &'a mut [DiagonalSums],
    partials: Partials<'a, T>,
    groups: Groups,
    scaled_sum: &'a [T],
    input: StepInput<'a, T>,
}

impl<T: Scalar> Parts for Moving<'_, T> {
    fn count(&self) -> usize {
        self.diagonals.len()
    }

    fn split_at(self, mid: usize) -> (Self, Self) {
        let (row, d) = (mid * self.groups.rows, self.rows.ncols());
        let block = self.groups.block;
        let (rows, more_rows) = self.rows.split_at_row_mut(row);
        let (first, more_first) = self.first.split_at_mut(row * d);
        let (second, more_second) = self.second.split_at_mut(row * d);
        let (products, more_products) = self.products.split_at_row_mut(mid * block);
        let (diagonals, more_diagonals) = self.diagonals.split_at_mut(mid);
        let (partials, more_partials) = self.partials.split_at(mid);
        (
            Self { rows, first, second, products, diagonals, partials, ..self },
            Self {
                rows: more_rows,
                first: more_first,
                second: more_second,
                products: more_products,
                diagonals: more_diagonals,
                partials: more_partials,
                ..self
            },
        )
    }

    fn run(mut self) {
        let (n, d) = (self.rows.nrows(), self.rows.ncols());
        let StepInput { frame, n: total, t, adam: step, accumulate, .. } = self.input;
        for group in 0..self.count() {
            let mut sums = DiagonalSums::default();
            self.partials.clear(group);
            for block in self.groups.blocks(group, n) {
                let rows = self.rows.rb().subrows(block.start, block.len());
                let mut product = self.products.rb_mut().subrows_mut(0, block.len());
                let out = product.rb_mut();
                multiply(out, Accum::Replace, rows.as_dyn_stride(), frame.as_dyn_stride(), T::ONE, Par::Seq);
                for (k, i) in block.clone().enumerate() {
                    let g = vectorised(RowStep {
                        vector: row_mut(&mut self.rows, i),
                        product: row(product.rb(), k),
                        scaled_sum: self.scaled_sum,
                        t,
                        n: total,
                        first: &mut self.first[i * d..(i + 1) * d],
                        second: &mut self.second[i * d..(i + 1) * d],
                        step,
                    });
                    let defect = defect::<T>(g);
                    sums.trace += g;
                    sums.squared += g * g;
                    sums.squared_defect += defect * defect;
                }
                if accumulate {
                    self.partials.add(group, self.rows.rb().subrows(block.start, block.len()));
                }
            }
            self.diagonals[group] = sums;
        }
    }
}

/// Moves one row by its gradient, 4 (E F)_i + 4 (n (g - 1) - g + t) e_i - 4 t s, and gives g = |e_i|^2 before.
struct RowStep<'a, T> {
    vector: &'a mut [T],
    product: &'a [T],
    scaled_sum: &'a [T],
    t: f64,
    n: f64,
    first: &'a mut [T],
    second: &'a mut [T],
    step: AdamStep<T>,
}

impl<T: Scalar> Loop for RowStep<'_, T> {
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

/// The part of the loss that the frame operator and the row sum give: |F|^2 - 2 t |s|^2 + t^2 n (n - 1).
pub(super) fn loss_of_frame<T: Scalar>(frame: RowMajor<'_, T>, row_sum: &[f64], n: f64, t: f64) -> f64 {
    let squared_frame: f64 = (0..frame.nrows()).map(|i| vectorised(SquaredNorm(row(frame, i)))).sum();
    let squared_sum: f64 = row_sum.iter().map(|s| s * s).sum();
    squared_frame - 2.0 * t * squared_sum + t * t * n * (n - 1.0)
}

/// The squared length of a row.
struct SquaredNorm<'a, T>(&'a [T]);

impl<T: Scalar> Loop for SquaredNorm<'_, T> {
    type Output = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        squared_norm(self.0)
    }
}

/// What [`orthogonalise_apply`] is told of the whole dictionary.
#[derive(Clone, Copy, Debug)]
pub struct WholeDictionary<'a, T> {
    /// F = E^T E [d, d] over all rows, both halves.
    pub frame: RowMajor<'a, T>,
    /// The sum of all rows, d numbers.
    pub row_sum: &'a [f64],
    /// The number n of all rows; not fewer than the local ones.
    pub total: u64,
}

/// Where [`orthogonalise_apply`] leaves what the next step needs of the local rows.
#[derive(Debug)]
pub struct NextFrame<'a, T> {
    /// The frame operator of the moved local rows, [d, d], both halves.
    pub frame: RowMajorMut<'a, T>,
    /// The sum of the moved local rows, d numbers.
    pub row_sum: &'a mut [f64],
}

/// Parameters of [`orthogonalise_apply`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ApplyParams {
    /// The cosine t that every two rows are drawn to, in [-1, 1]. Default 0.
    pub target_cosine: f64,
    /// Step size of Adam, >= 0. Default 0.01.
    pub learning_rate: f64,
}

impl Default for ApplyParams {
    fn default() -> Self {
        Self { target_cosine: 0.0, learning_rate: 0.01 }
    }
}

impl ApplyParams {
    /// Refuses parameters outside their ranges.
    pub(super) fn check(&self) -> Result<(), Error> {
        ensure_finite(self.target_cosine, Argument::TargetCosine)?;
        ensure(self.target_cosine.abs() <= 1.0, Reason::OutOfRange, Argument::TargetCosine)?;
        check_learning_rate(self.learning_rate)
    }

    /// Adam's numbers for the step after `step` steps.
    pub(super) fn adam<T: Scalar>(&self, step: u64) -> AdamStep<T> {
        AdamStep::new(&AdamParams { learning_rate: self.learning_rate, ..AdamParams::default() }, step + 1)
    }
}

/// Refuses moments that are not 2 n d finite numbers, the second half >= 0.
pub(super) fn ensure_moments<T: Scalar>(moments: &[T], n: usize, d: usize) -> Result<(), Error> {
    let len = n.checked_mul(d).and_then(|half| half.checked_mul(2));
    ensure(len == Some(moments.len()), Reason::Shape, Argument::Moments)?;
    ensure_finite_slice(moments, Argument::Moments)?;
    // Without an early exit, so that the loop vectorises.
    let positive = moments[n * d..].iter().fold(true, |positive, &v| positive & (v >= T::ZERO));
    ensure(positive, Reason::OutOfRange, Argument::Moments)
}

/// The workspace of [`orthogonalise_apply`] on `n` local rows of `d` entries: (d + b) d numbers and d doubles for each
/// group of max(512, d, n/64) rows, rounded up to blocks of b rows, and d numbers; b = d/4, rounded up to 128s.
pub fn orthogonalise_apply_scratch<T: Scalar>(n: usize, d: usize) -> StackReq {
    partials_scratch::<T>(n, d).and(step_scratch::<T>(n, d))
}

/// Makes one step of [`orthogonalise`](super::orthogonalise()) on some of the rows of a dictionary, the local ones.
///
/// With the frame operator F, the sum s and the number n of all rows, Adam (0.9, 0.999, 1e-8) moves each local row by
/// the gradient in this file's first lines: so do many machines what one would. First every machine calls
/// [`frame_operator_partial`](super::frame_operator_partial) on its rows; F and s are added up over the machines; this
/// function moves the rows and leaves in `next` what is to be added up for the next step. Rows must have unit length
/// before the first step, and are scaled to it after the last, as by [`normalise_rows`](super::normalise_rows).
///
/// Gives this part's share of the loss before the step: the shares of all parts add up to
/// L = sum over i != j of (g_ij - t)^2 + n sum over i of (g_ii - 1)^2, to rounding.
///
/// - `dictionary[rows, d]`: the local rows.
/// - `moments`: 2 rows d numbers, zero before the first step: the first moments, packed, then the second.
/// - `step`: steps done before, from 0.
/// - `next`: not written where it is none.
///
/// # Errors
/// [`Reason::Empty`], [`Reason::NotANumber`], [`Reason::Infinite`] on `Dictionary`; [`Reason::Shape`],
/// [`Reason::NotANumber`], [`Reason::Infinite`] on `Moments`, `Frame`, `RowSum`; [`Reason::OutOfRange`] on `Moments` for a
/// second moment below zero, on `Total` for fewer than the local rows, on `Step` for 2^64 - 1; [`Reason::Shape`] on
/// `NextFrame`, `NextRowSum`; [`Reason::NotANumber`], [`Reason::Infinite`], [`Reason::OutOfRange`] on the parameters;
/// [`Reason::WorkspaceTooSmall`]. Nothing is then written. [`Reason::Diverged`] on `LearningRate` where the share of the
/// loss is not finite: rows and moments have then no meaning.
///
/// # Cost
/// 2 rows d^2 flops, d^2 rows more for `next`, one pass over rows and moments; workspace as
/// [`orthogonalise_apply_scratch`] says. For n <= d this costs more than [`orthogonalise`](super::orthogonalise()) and
/// loses digits near the optimum. No allocation with `std` after a thread's first product.
///
/// # Determinism
/// The same bits for the same input on the same machine, for any number of threads. How rows are dealt to machines
/// changes the rounding of F.
///
/// # Source
/// `sae_lens.synthetic.orthogonalize_embeddings`, by the identity above; Kingma and Ba 2015 for Adam.
pub fn orthogonalise_apply<T: Scalar>(
    dictionary: RowMajorMut<'_, T>,
    moments: &mut [T],
    step: u64,
    whole: WholeDictionary<'_, T>,
    next: Option<NextFrame<'_, T>>,
    params: &ApplyParams,
    par: Par,
    stack: &mut MemStack,
) -> Result<f64, Error> {
    let (rows, d) = (dictionary.nrows(), dictionary.ncols());
    ensure_not_empty(dictionary.as_ref(), Argument::Dictionary)?;
    ensure(step < u64::MAX, Reason::OutOfRange, Argument::Step)?;
    ensure_shape(whole.frame, d, d, Argument::Frame)?;
    ensure(whole.row_sum.len() == d, Reason::Shape, Argument::RowSum)?;
    ensure(whole.total >= rows as u64, Reason::OutOfRange, Argument::Total)?;
    if let Some(next) = &next {
        ensure_shape(next.frame.as_ref(), d, d, Argument::NextFrame)?;
        ensure(next.row_sum.len() == d, Reason::Shape, Argument::NextRowSum)?;
    }
    params.check()?;
    ensure_workspace(stack, orthogonalise_apply_scratch::<T>(rows, d))?;
    ensure_finite_matrix(dictionary.as_ref(), Argument::Dictionary)?;
    ensure_moments(moments, rows, d)?;
    ensure_finite_matrix(whole.frame, Argument::Frame)?;
    ensure_finite_slice(whole.row_sum, Argument::RowSum)?;

    let (mut partials, stack) = PartialsMemory::take(rows, d, stack);
    let (mut memory, _) = StepMemory::take(rows, d, stack);
    let (n, t) = (whole.total as f64, params.target_cosine);
    let input = StepInput {
        frame: whole.frame,
        row_sum: whole.row_sum,
        n,
        t,
        adam: params.adam(step),
        accumulate: next.is_some(),
    };
    let moments = moments.split_at_mut(rows * d);
    let sums = move_rows(dictionary, moments, &input, par, &mut memory, &mut partials)?;
    if let Some(mut next) = next {
        partials.write_sum(&mut next.frame, next.row_sum);
    }
    let of_frame = loss_of_frame(whole.frame, whole.row_sum, n, t);
    let share = rows as f64 / n * of_frame - sums.squared + 2.0 * t * sums.trace + n * sums.squared_defect;
    ensure(share.is_finite(), Reason::Diverged, Argument::LearningRate)?;
    Ok(share)
}
