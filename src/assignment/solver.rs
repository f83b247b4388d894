//! The phases of a solve, and the memory that they share.
//!
//! 1. Every row is read once: for its cheapest column only, or, where many rows turn out to want the same columns and the
//!    matrix is too large for the cache, for a whole list (`candidates`).
//! 2. Two passes of augmenting row reduction match most rows (`reduction`).
//! 3. The others are matched by searches on lists (`search`). Where these read so many rows that searches on
//!    the whole matrix would have been cheaper, some of the latter take their place (`dense`).

extern crate std;
use std::eprintln;
use super::candidates::{Candidates, Entry, selection_len};
use super::dense::DenseSearch;
use super::heap::Heap;
use super::lines::Lines;
use super::matching::{Matching, NONE};
use super::reduction::reduce_rows;
use super::scan::{Allowed, LeastTwo, LeastTwoReduced};
use super::search::{Effort, List, Search};
use crate::error::{Argument, Error, Reason, ensure};
use crate::scalar::Scalar;
use crate::simd::{Dispatching, vectorised};
use crate::workspace::{matrix_scratch, take, vector_scratch};
use faer::dyn_stack::{MemStack, StackReq};

/// Bytes of costs up to which a row is taken to be in the cache when it is read again.
const CACHED: usize = 8 << 20;

/// How many columns a row's list has.
fn list_len(cols: usize) -> usize {
    let wanted = match cols {
        ..=1024 => 16,
        ..=4096 => 32,
        _ => 64,
    };
    wanted.min(cols)
}

/// The workspace of [`match_rows`].
pub(super) fn match_rows_scratch<T: Scalar>(rows: usize, cols: usize) -> StackReq {
    let per_row = list_len(cols);
    StackReq::all_of(&[
        matrix_scratch::<u32>(rows, per_row),
        matrix_scratch::<T>(rows, per_row),
        vector_scratch::<u32>(rows),
        vector_scratch::<f64>(rows),
        vector_scratch::<Entry>(selection_len(per_row)),
        vector_scratch::<u32>(rows),
        vector_scratch::<f64>(rows),
        vector_scratch::<bool>(rows),
        heap_scratch(rows),
        heap_scratch(cols),
        list_scratch(cols),
        list_scratch(cols),
        list_scratch(cols),
        dense_scratch(cols),
    ])
}

fn list_scratch(lines: usize) -> StackReq {
    vector_scratch::<u32>(lines)
}

fn heap_scratch(lines: usize) -> StackReq {
    StackReq::all_of(&[vector_scratch::<f64>(lines), list_scratch(lines), list_scratch(lines)])
}

/// The workspace of a [`DenseSearch`].
pub(super) fn dense_scratch(cols: usize) -> StackReq {
    let doubles = vector_scratch::<f64>(cols);
    StackReq::all_of(&[doubles, doubles, doubles, list_scratch(cols), list_scratch(cols)])
}

/// Matches every row of `lines`, given an empty matching with valid duals.
///
/// `cold` says that these duals are zero. Costs of magnitude above `limit` are refused with [`Reason::OutOfRange`], and so
/// are those that are NaN or -infinity.
pub(super) fn match_rows<T: Scalar>(
    lines: &mut dyn Lines<T>,
    limit: T,
    cold: bool,
    matching: &mut Matching<'_, T>,
    stack: &mut MemStack,
) -> Result<(), Error> {
    let (rows, cols) = (lines.rows(), lines.cols());
    let per_row = list_len(cols);
    let (mut columns, stack) = take(stack, rows * per_row, 0_u32);
    let (mut costs, stack) = take(stack, rows * per_row, T::ZERO);
    let (mut lengths, stack) = take(stack, rows, 0_u32);
    let (mut bounds, stack) = take(stack, rows, 0.0);
    let (mut selection, stack) = take(stack, selection_len(per_row), Entry::default());
    let (mut free, stack) = take(stack, rows, 0_u32);
    let (mut bases, stack) = take(stack, rows, 0.0);
    let (mut renewed, stack) = take(stack, rows, false);
    let (mut row_keys, stack) = take(stack, rows, 0.0);
    let (mut row_lines, stack) = take(stack, rows, 0_u32);
    let (mut row_positions, stack) = take(stack, rows, 0_u32);
    let (mut column_keys, stack) = take(stack, cols, 0.0);
    let (mut column_lines, stack) = take(stack, cols, 0_u32);
    let (mut column_positions, stack) = take(stack, cols, 0_u32);
    let (mut touched, stack) = take(stack, cols, 0_u32);
    let (mut settled, stack) = take(stack, cols, 0_u32);
    let (mut tied, stack) = take(stack, cols, 0_u32);
    let (mut distances, stack) = take(stack, cols, f64::INFINITY);
    let (mut duals, stack) = take(stack, cols, 0.0);
    let (mut settled_lengths, stack) = take(stack, cols, 0.0);
    let (mut parents, stack) = take(stack, cols, NONE);
    let (mut settled_columns, _) = take(stack, cols, 0_u32);

    let mut candidates = Candidates {
        per_row,
        columns: &mut columns,
        costs: &mut costs,
        lengths: &mut lengths,
        bounds: &mut bounds,
        selection: &mut selection,
    };
    let t0 = std::time::Instant::now();
    read_rows(lines, limit, cold, matching, &mut candidates, &mut parents)?;

    let t1 = std::time::Instant::now();
    for (row, free) in free.iter_mut().enumerate() {
        *free = row as u32;
    }
    let mut count = rows;
    for _ in 0..2 {
        count = reduce_rows(&mut free[..count], matching, &mut candidates, lines)?;
    }

    let t2 = std::time::Instant::now(); let mut tot=Effort::default(); let mut nd=0u64;
    let mut search = Search {
        distances: &mut distances,
        parents: &mut parents,
        touched: List::new(&mut touched),
        settled: List::new(&mut settled),
        tied: List::new(&mut tied),
        columns: Heap::new(&mut column_keys, &mut column_lines, &mut column_positions),
        rows: Heap::new(&mut row_keys, &mut row_lines, &mut row_positions),
        bases: &mut bases,
        renewed: &mut renewed,
    };
    let mut choice = SearchChoice::new(rows);
    for &root in &free[..count] {
        if choice.dense() {
            let mut search = DenseSearch {
                distances: search.distances,
                parents: search.parents,
                duals: &mut duals,
                settled: &mut settled_columns,
                lengths: &mut settled_lengths,
            };
            nd+=1; search.augment::<T, _, Dispatching>(root as usize, matching, lines)?;
        } else {
            let effort = search.augment(root as usize, matching, &mut candidates, lines)?;
            choice.learn(effort); tot.renewed+=effort.renewed; tot.relaxed+=effort.relaxed; tot.settled+=effort.settled;
        }
    }
    if std::env::var("TR").is_ok() { eprintln!("read {:.2} arr {:.2} free {count} search {:.2} renewed {} relaxed {} settled {} dense {nd}", (t1-t0).as_secs_f64()*1e3,(t2-t1).as_secs_f64()*1e3,t2.elapsed().as_secs_f64()*1e3,tot.renewed,tot.relaxed,tot.settled); }
    Ok(())
}

/// Reads every row once, checks it, and gives it a first list.
fn read_rows<T: Scalar>(
    lines: &mut dyn Lines<T>,
    limit: T,
    cold: bool,
    matching: &Matching<'_, T>,
    candidates: &mut Candidates<'_, T>,
    seen: &mut [u32],
) -> Result<(), Error> {
    let (rows, cols) = (lines.rows(), lines.cols());
    let duals = (!cold).then_some(&*matching.duals);
    let cached = rows * cols <= CACHED / size_of::<T>();
    let mut want = WantedColumns { rows, read: 0, repeated: 0, seen };
    for i in 0..rows {
        let row = lines.row(i);
        ensure(vectorised(Allowed { row, limit }), Reason::OutOfRange, Argument::Costs)?;
        if !cached && want.are_few() {
            candidates.select(i, row, duals);
            continue;
        }
        let two = match duals {
            None => vectorised(LeastTwo { row }),
            Some(duals) => vectorised(LeastTwoReduced { row, duals }),
        };
        let found = two.least < f64::INFINITY;
        candidates.set_cheapest(i, found.then(|| (two.column, row[two.column])), two.second);
        if found {
            want.note(two.column);
        }
    }
    Ok(())
}

/// Estimates from the first rows' cheapest columns how many rows will have to share.
///
/// s choices among m equally likely columns repeat s^2 / 2m times, which gives m.
struct WantedColumns<'a> {
    rows: usize,
    read: usize,
    repeated: usize,
    /// Not [`NONE`] for columns that were wanted before.
    seen: &'a mut [u32],
}

impl WantedColumns<'_> {
    fn note(&mut self, column: usize) {
        self.repeated += usize::from(self.seen[column] != NONE);
        self.seen[column] = 0;
        self.read += 1;
    }

    /// Whether rows are so many for the columns they want that more than a quarter will not get theirs: then
    /// lists will be needed, and making them now spares the rows a second reading.
    fn are_few(&self) -> bool {
        // A quarter of s choices repeat when s is 0.63 m.
        let (read, rows) = (self.read as f64, self.rows as f64);
        self.read >= 64 && 8 * self.read >= self.rows && 2.0 * self.repeated as f64 * rows > 0.63 * read * read
    }
}

/// Decides between searches on lists and on whole rows by what the former have cost.
struct SearchChoice {
    rows: u64,
    renewed: u64,
    /// Rows that the searches since the last decision have read, in readings as a dense search makes them,
    read: f64,
    /// and rows that a dense search would have read.
    settled: f64,
    /// Dense searches still to make,
    hold: u32,
    /// and how many to make after the next decision for them.
    next_hold: u32,
}

impl SearchChoice {
    fn new(rows: usize) -> Self {
        Self { rows: rows as u64, renewed: 0, read: 0.0, settled: 0.0, hold: 0, next_hold: 8 }
    }

    fn dense(&mut self) -> bool {
        let dense = self.hold > 0;
        self.hold -= u32::from(dense);
        dense
    }

    fn learn(&mut self, effort: Effort) {
        self.renewed += effort.renewed;
        // Renewing a list reads the row twice.
        self.read += (2 * effort.renewed + effort.relaxed) as f64;
        self.settled += effort.settled as f64;
        if self.renewed < self.rows {
            // Every list is renewed once or so on the way; that says nothing yet.
            (self.read, self.settled) = (0.0, 0.0);
        } else if self.read > 1.25 * self.settled && self.read > self.rows as f64 {
            self.hold = self.next_hold;
            self.next_hold = (2 * self.next_hold).min(1 << 20);
            (self.read, self.settled) = (0.0, 0.0);
        }
    }
}
