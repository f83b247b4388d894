//! The frame operator F = E^T E and the sum of the rows of a dictionary E [n, d], added up in a fixed order.
//!
//! Rows are taken in blocks that stay in the cache, and blocks in groups. Each group adds its blocks to a frame
//! operator of its own, one after another; the groups are then added in their order. Sizes of blocks and groups follow
//! from n and d alone, so the bits of F do not depend on the number of threads, and a pass that changes rows can add
//! each block while it still has it in the cache, with the same bits as a pass that only reads.

use crate::error::{Argument, Error, Reason, ensure};
use crate::matrix::{
    RowMajor, RowMajorMut, ensure_finite_matrix, ensure_not_empty, ensure_shape, row, row_major_mut, row_mut,
};
use crate::parallel::{Parts, run_parts};
use crate::product::multiply;
use crate::scalar::Scalar;
use crate::simd::{Loop, vectorised};
use crate::workspace::{ensure_workspace, matrix_scratch, take, take_zeros, vector_scratch};
use core::ops::Range;
use faer::dyn_stack::{DynArray, MemStack, StackReq};
use faer::prelude::ReborrowMut;
use faer::{Accum, Par};

/// Rows that are multiplied at a time, for rows of `d` entries: few enough for the cache, enough to make up for packing
/// the d^2 numbers of F for them.
pub(super) fn block_rows(d: usize) -> usize {
    (d / 4).max(1).checked_next_multiple_of(128).unwrap_or(usize::MAX)
}

/// The most groups: what the frame operators of all groups take is bounded by it, and so is the use of threads.
const MOST_GROUPS: usize = 64;

/// The least rows of a group: adding up the groups must cost little beside multiplying their rows.
const LEAST_ROWS: usize = 512;

/// How rows are divided: into `count` groups of `rows` rows each, the last with what is left, and those into blocks of
/// `block` rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Groups {
    pub(super) rows: usize,
    pub(super) count: usize,
    pub(super) block: usize,
}

impl Groups {
    /// The groups of `n` rows of `d` entries: at least `d` rows each, so that their frame operators together take no
    /// more memory than the dictionary.
    pub(super) fn new(n: usize, d: usize) -> Self {
        let rows = LEAST_ROWS.max(d).max(n.div_ceil(MOST_GROUPS));
        let block = block_rows(d);
        let rows = rows.checked_next_multiple_of(block).unwrap_or(usize::MAX);
        Self { rows, count: n.div_ceil(rows), block: block.min(n) }
    }

    /// The blocks of a group, as ranges of the `n` rows.
    pub(super) fn blocks(self, group: usize, n: usize) -> impl Iterator<Item = Range<usize>> {
        let first = group * self.rows;
        let end = n.min(first + self.rows);
        (first..end).step_by(self.block).map(move |start| start..end.min(start + self.block))
    }
}

/// Memory for the frame operators and row sums of all groups.
pub(super) struct PartialsMemory<'a, T> {
    frames: DynArray<'a, T>,
    sums: DynArray<'a, f64>,
}

/// The request for [`PartialsMemory`]: a group has d^2 numbers and d doubles.
pub(super) fn partials_scratch<T: Scalar>(n: usize, d: usize) -> StackReq {
    let rows = Groups::new(n, d).count.checked_mul(d);
    rows.map_or(StackReq::OVERFLOW, |rows| matrix_scratch::<T>(rows, d).and(vector_scratch::<f64>(rows)))
}

impl<'a, T: Scalar> PartialsMemory<'a, T> {
    /// Takes the memory, which [`partials_scratch`] has asked for.
    pub(super) fn take(n: usize, d: usize, stack: &'a mut MemStack) -> (Self, &'a mut MemStack) {
        let rows = Groups::new(n, d).count * d;
        let (frames, stack) = take_zeros::<T>(stack, rows * d);
        let (sums, stack) = take(stack, rows, 0.0);
        (Self { frames, sums }, stack)
    }

    /// All groups, to be written.
    pub(super) fn partials(&mut self, d: usize) -> Result<Partials<'_, T>, Error> {
        let frames = row_major_mut(&mut self.frames, self.sums.len(), d, d)?;
        Ok(Partials { frames, sums: &mut self.sums })
    }

    /// Adds the groups up in their order: F, both halves, and the sum of the rows.
    pub(super) fn write_sum(&self, frame: &mut RowMajorMut<'_, T>, row_sum: &mut [f64]) {
        let d = row_sum.len();
        for i in 0..d {
            let sum = &mut row_mut(frame, i)[..=i];
            sum.fill(T::ZERO);
            for partial in self.frames.chunks_exact(d * d) {
                for (sum, &x) in sum.iter_mut().zip(&partial[i * d..]) {
                    *sum += x;
                }
            }
        }
        mirror(frame);
        row_sum.fill(0.0);
        for partial in self.sums.chunks_exact(d) {
            for (sum, x) in row_sum.iter_mut().zip(partial) {
                *sum += x;
            }
        }
    }
}

/// Copies the lower half of a square matrix to the upper one, in tiles, so that the cache holds what is read and what
/// is written.
pub(super) fn mirror<T: Scalar>(square: &mut RowMajorMut<'_, T>) {
    const TILE: usize = 16;
    let n = square.nrows();
    for first_row in (0..n).step_by(TILE) {
        for first_col in (0..=first_row).step_by(TILE) {
            for i in first_row..(first_row + TILE).min(n) {
                for j in first_col..(first_col + TILE).min(i) {
                    square[(j, i)] = square[(i, j)];
                }
            }
        }
    }
}

/// The frame operators, of which only the lower half is used, and the row sums of consecutive groups.
pub(super) struct Partials<'a, T> {
    /// d rows for each group.
    frames: RowMajorMut<'a, T>,
    /// d sums for each group.
    sums: &'a mut [f64],
}

impl<T: Scalar> Partials<'_, T> {
    /// Those of the first `mid` groups and of the others.
    pub(super) fn split_at(self, mid: usize) -> (Self, Self) {
        let rows = mid * self.frames.ncols();
        let (frames, more_frames) = self.frames.split_at_row_mut(rows);
        let (sums, more_sums) = self.sums.split_at_mut(rows);
        (Self { frames, sums }, Self { frames: more_frames, sums: more_sums })
    }

    /// Sets a group to zero.
    pub(super) fn clear(&mut self, group: usize) {
        let d = self.frames.ncols();
        for i in group * d..(group + 1) * d {
            row_mut(&mut self.frames, i).fill(T::ZERO);
        }
        self.sums[group * d..(group + 1) * d].fill(0.0);
    }

    /// Adds the next block of rows to a group.
    pub(super) fn add(&mut self, group: usize, rows: RowMajor<'_, T>) {
        let d = self.frames.ncols();
        let sum = &mut self.sums[group * d..(group + 1) * d];
        for i in 0..rows.nrows() {
            vectorised(AddRow { sum, row: row(rows, i) });
        }
        add_product(self.frames.rb_mut().subrows_mut(group * d, d), rows);
    }
}

/// Columns below which both halves are formed: the least that a product's registers hold well.
const WHOLE: usize = 16;

/// square += rows^T rows, of which the lower half counts: a rectangle of half the width, and the same for both corners.
///
/// Half the flops of a product, all of them in plain products. Corners of [`WHOLE`] columns are formed whole: what they
/// leave in the upper half is not read.
fn add_product<T: Scalar>(mut square: RowMajorMut<'_, T>, rows: RowMajor<'_, T>) {
    let d = rows.ncols();
    if d <= WHOLE {
        let rows = rows.as_dyn_stride();
        multiply(square, Accum::Add, rows.transpose(), rows, T::ONE, Par::Seq);
        return;
    }
    let half = (d / 2).next_multiple_of(WHOLE);
    let (left, right) = rows.split_at_col(half);
    let (mut upper, mut lower) = square.rb_mut().split_at_row_mut(half);
    let rectangle = lower.rb_mut().subcols_mut(0, half);
    let (left_factor, right_factor) = (right.as_dyn_stride().transpose(), left.as_dyn_stride());
    multiply(rectangle, Accum::Add, left_factor, right_factor, T::ONE, Par::Seq);
    add_product(upper.rb_mut().subcols_mut(0, half), left);
    add_product(lower.rb_mut().subcols_mut(half, d - half), right);
}

/// sum += row
pub(super) struct AddRow<'a, T> {
    pub(super) sum: &'a mut [f64],
    pub(super) row: &'a [T],
}

impl<T: Scalar> Loop for AddRow<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (sum, x) in self.sum.iter_mut().zip(self.row) {
            *sum += x.to_f64();
        }
    }
}

/// Groups of rows that are read.
struct Reading<'a, T> {
    rows: RowMajor<'a, T>,
    groups: Groups,
    partials: Partials<'a, T>,
}

impl<T: Scalar> Parts for Reading<'_, T> {
    fn count(&self) -> usize {
        self.rows.nrows().div_ceil(self.groups.rows)
    }

    fn split_at(self, mid: usize) -> (Self, Self) {
        let (rows, more_rows) = self.rows.split_at_row(mid * self.groups.rows);
        let (partials, more_partials) = self.partials.split_at(mid);
        (
            Self { rows, partials, ..self },
            Self { rows: more_rows, partials: more_partials, groups: self.groups },
        )
    }

    fn run(mut self) {
        let n = self.rows.nrows();
        for group in 0..self.count() {
            self.partials.clear(group);
            for block in self.groups.blocks(group, n) {
                self.partials.add(group, self.rows.subrows(block.start, block.len()));
            }
        }
    }
}

/// Writes the frame operator and the sum of the rows of a finite matrix; the memory is that of [`partials_scratch`].
pub(super) fn write_frame<T: Scalar>(
    rows: RowMajor<'_, T>,
    mut frame: RowMajorMut<'_, T>,
    row_sum: &mut [f64],
    par: Par,
    memory: &mut PartialsMemory<'_, T>,
) -> Result<(), Error> {
    let (n, d) = (rows.nrows(), rows.ncols());
    run_parts(Reading { rows, groups: Groups::new(n, d), partials: memory.partials(d)? }, par);
    memory.write_sum(&mut frame, row_sum);
    Ok(())
}

/// The workspace of [`frame_operator_partial`] for `n` rows of `d` entries: d^2 numbers and d doubles for each group of
/// max(512, d, n/64) rows, rounded up to blocks of d/4 rows, these to 128s.
pub fn frame_operator_partial_scratch<T: Scalar>(n: usize, d: usize) -> StackReq {
    partials_scratch::<T>(n, d)
}

/// Writes the frame operator F = E^T E of some rows of a dictionary, E = `rows[n, d]`, and their sum s.
///
/// F_kl = sum over i of e_ik e_il into `frame[d, d]`, both halves; s_k = sum over i of e_ik into `row_sum[d]`. Of parts
/// of a dictionary, on machines of their own, the frame operators and the sums add up to those of the whole, which
/// [`orthogonalise_apply`](super::orthogonalise_apply) takes.
///
/// # Errors
/// [`Reason::Empty`], [`Reason::NotANumber`], [`Reason::Infinite`] on `Dictionary`; [`Reason::Shape`] on `Frame` where it
/// is not d by d, on `RowSum` where it has not d elements; [`Reason::WorkspaceTooSmall`]. Nothing is then written.
/// Numbers whose squares leave the range of `T` give infinities.
///
/// # Cost
/// n d^2 flops, one pass over the rows; workspace as [`frame_operator_partial_scratch`] says. No allocation with `std`
/// after a thread's first product.
///
/// # Determinism
/// The same bits for the same input on the same machine, for any number of threads.
///
/// # Source
/// Benedetto and Fickus 2003 for the frame operator.
pub fn frame_operator_partial<T: Scalar>(
    rows: RowMajor<'_, T>,
    frame: RowMajorMut<'_, T>,
    row_sum: &mut [f64],
    par: Par,
    stack: &mut MemStack,
) -> Result<(), Error> {
    let (n, d) = (rows.nrows(), rows.ncols());
    ensure_not_empty(rows, Argument::Dictionary)?;
    ensure_shape(frame.as_ref(), d, d, Argument::Frame)?;
    ensure(row_sum.len() == d, Reason::Shape, Argument::RowSum)?;
    ensure_workspace(stack, frame_operator_partial_scratch::<T>(n, d))?;
    ensure_finite_matrix(rows, Argument::Dictionary)?;
    let (mut memory, _) = PartialsMemory::take(n, d, stack);
    write_frame(rows, frame, row_sum, par, &mut memory)
}
