//! The lists of a tall matrix, whose short lines are its columns, in one sweep over its rows.
//!
//! To read a column of a row-major matrix is to fetch a cache line, and often a page, for each element. So the
//! columns are not read one by one: while the rows go by, each column keeps its cheapest elements so far in its list,
//! and a threshold, above which it takes no more. A row is compared with all thresholds in vectors; after the first
//! hundred rows little passes. When a list is full it is cut to its cheaper part and the threshold falls.

use super::candidates::{Candidates, PARTS};
use super::cost::{Cost, read};
use super::scan::{Allowed, greatest, least};
use super::select::cut;
use crate::error::{Argument, Error, Reason, ensure};
use crate::matrix::{RowMajor, row};
use crate::scalar::Scalar;
use crate::simd::{Loop, vectorised};
use core::marker::PhantomData;

/// How many elements a full list is cut to.
const KEPT: usize = 48;

/// Columns that are compared with their thresholds together.
const CHUNK: usize = 16;

/// Selects the cheapest rows of each column of `costs`, negated for a maximum, into the lists of `candidates`.
///
/// `thresholds` is room for a value a column. Costs that are not allowed are refused, see [`Allowed`].
pub(super) fn select_in_columns<T: Scalar, C: Cost<T>>(
    costs: RowMajor<'_, C>,
    negate: bool,
    limit: T,
    candidates: &mut Candidates<'_, T>,
    thresholds: &mut [T],
    copy: &mut [T],
) -> Result<(), Error> {
    candidates.ends.fill(0);
    let copy = &mut copy[..costs.ncols()];
    guess_thresholds(costs, negate, thresholds, copy);
    for i in 0..costs.nrows() {
        let line = signed_row(costs, i, negate, copy);
        ensure(vectorised(Allowed { row: line, limit }), Reason::OutOfRange, Argument::Costs)?;
        let mut start = 0;
        while start < line.len() {
            start += vectorised(NextBelow { row: &line[start..], thresholds: &thresholds[start..] });
            let end = line.len().min(start + CHUNK);
            for j in start..end {
                if line[j] < thresholds[j] {
                    take_in(candidates, thresholds, j, i as u32, line[j]);
                }
            }
            start = end;
        }
    }
    for (j, &threshold) in thresholds.iter().enumerate() {
        candidates.deal(j, threshold.to_f64());
    }
    Ok(())
}

/// Row `i` as reals, in `copy` where it is not such in memory.
fn signed_row<'a, T: Scalar, C: Cost<T>>(
    costs: RowMajor<'a, C>,
    i: usize,
    negate: bool,
    copy: &'a mut [T],
) -> &'a [T] {
    if let (false, Some(reals)) = (negate, C::as_reals(row(costs, i))) {
        return reals;
    }
    read(row(costs, i), negate, copy);
    copy
}

/// Sets each column's threshold just above the second least of 256 rows, if there are many more.
///
/// Of n rows some n / 128 are below that then. A bad guess costs time only: a list that overflows is cut, and one
/// that is too short will be renewed when it is needed.
fn guess_thresholds<T: Scalar, C: Cost<T>>(
    costs: RowMajor<'_, C>,
    negate: bool,
    thresholds: &mut [T],
    least: &mut [T],
) {
    const SAMPLE: usize = 256;
    thresholds.fill(T::INFINITY);
    if costs.nrows() < 4 * SAMPLE {
        return;
    }
    least.fill(T::INFINITY);
    for q in 0..SAMPLE {
        let row = row(costs, q * (costs.nrows() / SAMPLE));
        vectorised(LowerTwoLeast { row, negate, least, second: thresholds });
    }
    for threshold in thresholds {
        // What equals the second least shall pass as well: where all costs are the same the list would be empty.
        *threshold = *threshold + Scalar::abs(*threshold) * T::EPSILON + T::from_f64(1e-37);
    }
}

/// Takes a row into each column's two least values.
struct LowerTwoLeast<'a, C, T> {
    row: &'a [C],
    negate: bool,
    least: &'a mut [T],
    second: &'a mut [T],
}

impl<T: Scalar, C: Cost<T>> Loop for LowerTwoLeast<'_, C, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for ((first, second), cost) in self.least.iter_mut().zip(self.second).zip(self.row) {
            let cost = cost.to_real(self.negate);
            *second = least(greatest(*first, cost), *second);
            *first = least(cost, *first);
        }
    }
}

/// Adds an element to column j's list.
fn take_in<T: Scalar>(candidates: &mut Candidates<'_, T>, thresholds: &mut [T], j: usize, i: u32, cost: T) {
    let (room, len) = (candidates.per_row, candidates.ends[j * PARTS] as usize);
    candidates.columns[j * room + len] = i;
    candidates.costs[j * room + len] = cost;
    candidates.ends[j * PARTS] += 1;
    if len + 1 == room && room > KEPT {
        candidates.load(j, room);
        // Exact: the value was a cost.
        thresholds[j] = T::from_f64(cut(&mut candidates.selection[..room], KEPT));
        candidates.store(j, KEPT);
        candidates.ends[j * PARTS] = KEPT as u32;
    }
}

/// Finds the first chunk in which a cost may be below its threshold.
struct NextBelow<'a, T> {
    row: &'a [T],
    thresholds: &'a [T],
}

impl<T: Scalar> Loop for NextBelow<'_, T> {
    type Output = usize;

    #[inline(always)]
    fn run(self) -> usize {
        let (chunks, _) = self.row.as_chunks::<CHUNK>();
        let (thresholds, _) = self.thresholds.as_chunks::<CHUNK>();
        let mut start = 0;
        for (costs, thresholds) in chunks.iter().zip(thresholds) {
            let mut any = false;
            for lane in 0..CHUNK {
                any |= costs[lane] < thresholds[lane];
            }
            if any {
                break;
            }
            start += CHUNK;
        }
        start
    }
}

/// Lowers each column's least reduced cost: u_j <- min(u_j, c_j - dual) for one row and its dual.
pub(super) struct LowerLeast<'a, C, T> {
    pub(super) read_as: PhantomData<T>,
    pub(super) row: &'a [C],
    pub(super) negate: bool,
    pub(super) dual: f64,
    pub(super) least: &'a mut [f64],
}

impl<T: Scalar, C: Cost<T>> Loop for LowerLeast<'_, C, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (least, cost) in self.least.iter_mut().zip(self.row) {
            let reduced = cost.to_real(self.negate).to_f64() - self.dual;
            *least = if reduced < *least { reduced } else { *least };
        }
    }
}
