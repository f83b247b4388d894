//! The shortest augmenting path from a free row to a free column, on lists.
//!
//! A path goes from the free row to a column, to the row that has it, to another column, and so on to a free column;
//! each row on it gives up its column for the next one. In reduced costs all edges are >= 0 and those to a
//! row's own column are 0, so Dijkstra's algorithm finds the shortest, which keeps the matching optimal (Jonker and
//! Volgenant 1987).
//!
//! A settled row has edges to all columns, of which only those in its list are relaxed at once. For the others its
//! bound gives the length that paths through them have at least, and with that key the row waits in a queue of its
//! own. Should the search come to that length before it finds a free column, the row is read: first to renew its
//! list, and if that is not enough, in full. So the search settles what it would have settled on the whole matrix,
//! and few rows are read.
//!
//! Lengths are floating point, so a path that is not shorter may come out a rounding shorter: no length is let below
//! the last settled one. Duals then only fall, which the bounds depend on.

use super::candidates::{Candidates, PARTS};
use super::heap::Heap;
use super::lines::Lines;
use super::matching::{Matching, NONE};
use super::scan::greatest;
use super::select::Lengths;
use crate::error::{Argument, Error, Reason};
use crate::scalar::Scalar;
use crate::simd::{Loop, vectorised};

/// Columns that are compared together when a row is relaxed in full.
const CHUNK: usize = 16;

/// Added to a stage when the row's list was renewed.
const RENEWED: u8 = 0x80;

/// The memory of a search. Between searches all distances are +infinity and all queues empty.
pub(super) struct Search<'a> {
    /// The length of the shortest path known to each column.
    pub(super) distances: &'a mut [f64],
    /// The row from which it enters the column.
    pub(super) parents: &'a mut [u32],
    /// Columns whose distance is finite.
    pub(super) touched: List<'a>,
    /// Columns whose shortest path is known, in that order.
    pub(super) settled: List<'a>,
    /// Columns at the length just reached; they need no queue.
    pub(super) tied: List<'a>,
    /// Matched columns that are reached but not settled.
    pub(super) columns: Heap<'a>,
    /// Settled rows by the length that paths through unlisted columns have at least.
    pub(super) rows: Heap<'a>,
    /// What to add to a reduced cost of a settled row for the length of the path through it.
    pub(super) bases: &'a mut [f64],
    /// How far a settled row has been relaxed: the part of its list, and [`RENEWED`] if the list is of this search.
    pub(super) stages: &'a mut [u8],
    /// How long renewed lists are.
    pub(super) lengths: Lengths,
}

/// A list of columns in memory that suffices for all.
pub(super) struct List<'a> {
    items: &'a mut [u32],
    len: usize,
}

impl<'a> List<'a> {
    pub(super) fn new(items: &'a mut [u32]) -> Self {
        Self { items, len: 0 }
    }

    #[inline(always)]
    pub(super) fn push(&mut self, item: u32) {
        self.items[self.len] = item;
        self.len += 1;
    }

    #[inline(always)]
    pub(super) fn pop(&mut self) -> Option<u32> {
        self.len = self.len.checked_sub(1)?;
        Some(self.items[self.len])
    }

    pub(super) fn as_slice(&self) -> &[u32] {
        &self.items[..self.len]
    }

    pub(super) fn clear(&mut self) {
        self.len = 0;
    }
}

/// How far a search has come.
struct Front {
    /// The length of the last path settled.
    length: f64,
    /// The nearest free column, or [`NONE`],
    end: u32,
    /// and its distance, +infinity if there is none.
    end_distance: f64,
}

/// What a search did, to be compared with what one on the whole matrix would have done.
#[derive(Clone, Copy, Default)]
pub(super) struct Effort {
    /// Rows whose list was renewed.
    pub(super) renewed: u64,
    /// Rows relaxed in full.
    pub(super) relaxed: u64,
    /// Rows settled.
    pub(super) settled: u64,
}

impl Search<'_> {
    /// Matches the free row `root` and changes the duals so that the matching stays optimal.
    pub(super) fn augment<T: Scalar>(
        &mut self,
        root: usize,
        matching: &mut Matching<'_, T>,
        candidates: &mut Candidates<'_, T>,
        lines: &mut dyn Lines<T>,
    ) -> Result<Effort, Error> {
        self.touched.clear();
        self.settled.clear();
        self.tied.clear();
        self.columns.clear();
        self.rows.clear();
        let mut effort = Effort::default();
        let mut front = Front { length: 0.0, end: NONE, end_distance: f64::INFINITY };
        // Lengths are counted from the row's cheapest column on, so that the first are small numbers.
        let (two, bound) = candidates.cheapest_two(root, matching.duals);
        let least = two.least.min(bound);
        let (mut row, mut base) = (root, if least < f64::INFINITY { -least } else { 0.0 });
        loop {
            effort.settled += 1;
            self.bases[row] = base;
            self.stages[row] = 0;
            self.relax_part(row, &mut front, matching, candidates);
            let Some(column) = self.next_column(&mut front, &mut effort, matching, candidates, lines) else {
                break;
            };
            self.settled.push(column);
            front.length = self.distances[column as usize];
            row = matching.row_of_col[column as usize] as usize;
            base = front.length - (matching.matched_cost[row].to_f64() - matching.duals[column as usize]);
        }
        // Without an end, the rows reached have together fewer columns than they are (Hall 1935).
        let found = front.end != NONE;
        if found {
            for &column in self.settled.as_slice() {
                matching.duals[column as usize] += self.distances[column as usize] - front.end_distance;
            }
            flip_path(self.parents, root, front.end, matching, |i, j| {
                candidates.listed_cost(i, j).unwrap_or_else(|| lines.cost(i, j))
            });
        }
        for &column in self.touched.as_slice() {
            self.distances[column as usize] = f64::INFINITY;
        }
        if found { Ok(effort) } else { Err(Error::new(Reason::Infeasible, Argument::Costs)) }
    }

    /// The next matched column to settle, reading rows where their bound is reached; none at the end of the search.
    fn next_column<T: Scalar>(
        &mut self,
        front: &mut Front,
        effort: &mut Effort,
        matching: &Matching<'_, T>,
        candidates: &mut Candidates<'_, T>,
        lines: &mut dyn Lines<T>,
    ) -> Option<u32> {
        loop {
            if front.end_distance <= front.length {
                return None;
            }
            if let Some(column) = self.tied.pop() {
                return Some(column);
            }
            let (column_key, row_key) = (self.columns.least(), self.rows.least());
            if column_key.min(row_key) >= front.end_distance {
                return None;
            }
            if column_key <= row_key {
                let column = self.columns.pop();
                // Else it went to the tied ones after it was queued, and is settled.
                if self.distances[column as usize] >= column_key {
                    return Some(column);
                }
                continue;
            }
            front.length = row_key;
            let row = self.rows.pop() as usize;
            let stage = self.stages[row];
            if usize::from(stage & !RENEWED) < PARTS - 1 {
                self.stages[row] += 1;
            } else if stage & RENEWED == 0 {
                effort.renewed += 1;
                if lines.are_costly() {
                    self.prepare(row, lines);
                }
                self.stages[row] = RENEWED;
                candidates.select(row, lines.row(row), Some(matching.duals), &[], self.lengths);
            } else {
                effort.relaxed += 1;
                self.relax_all(row, lines.row(row), front, matching);
                continue;
            }
            self.relax_part(row, front, matching, candidates);
        }
    }

    /// Has a row computed together with others whose lists are at their ends as well.
    fn prepare<T: Scalar>(&self, row: usize, lines: &mut dyn Lines<T>) {
        /// Rows that take hardly longer together than one, as the time goes into fetching what they are multiplied
        /// with.
        const TOGETHER: usize = 12;
        let mut rows = [row as u32; TOGETHER];
        let exhausted = |row: &&u32| usize::from(self.stages[**row as usize]) == PARTS - 1;
        let waiting = self.rows.lines().iter().filter(exhausted);
        let others = rows[1..].iter_mut().zip(waiting).map(|(place, &row)| *place = row).count();
        lines.prepare(&rows[..=others]);
    }

    /// Relaxes the edges from a settled row to the columns in the part of its list that its stage says, and queues it
    /// until the search comes to the bound of the others, unless it will not.
    #[inline(always)]
    fn relax_part<T: Scalar>(
        &mut self,
        row: usize,
        front: &mut Front,
        matching: &Matching<'_, T>,
        candidates: &Candidates<'_, T>,
    ) {
        let (base, part) = (self.bases[row], usize::from(self.stages[row] & !RENEWED));
        let (columns, costs) = candidates.part(row, part);
        for (&column, cost) in columns.iter().zip(costs) {
            let reduced = cost.to_f64() - matching.duals[column as usize];
            let length = greatest(base + reduced, front.length);
            if length < front.end_distance {
                self.relax(row, column, length, front, matching);
            }
        }
        let key = greatest(base + candidates.bound(row, part), front.length);
        if key < front.end_distance {
            self.rows.push(key, row as u32);
        }
    }

    /// Notes a path to a column if it is the shortest so far.
    #[inline(always)]
    fn relax<T>(
        &mut self,
        row: usize,
        column: u32,
        length: f64,
        front: &mut Front,
        matching: &Matching<'_, T>,
    ) {
        let distance = &mut self.distances[column as usize];
        if length < *distance {
            if *distance == f64::INFINITY {
                self.touched.push(column);
            }
            *distance = length;
            self.parents[column as usize] = row as u32;
            if matching.is_free(column as usize) {
                (front.end, front.end_distance) = (column, length);
            } else if length <= front.length {
                self.tied.push(column);
            } else {
                self.columns.push(length, column);
            }
        }
    }

    /// Relaxes all edges from a settled row.
    fn relax_all<T: Scalar>(
        &mut self,
        row: usize,
        costs: &[T],
        front: &mut Front,
        matching: &Matching<'_, T>,
    ) {
        let base = self.bases[row];
        let length = |column: usize, front: &Front| {
            greatest(base + (costs[column].to_f64() - matching.duals[column]), front.length)
        };
        // The nearest free column first: it keeps others out of the queue.
        for (word, &bits) in matching.free_cols.iter().enumerate() {
            let mut bits = bits;
            while bits != 0 {
                let column = 64 * word + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                let length = length(column, front);
                if length < front.end_distance {
                    self.relax(row, column as u32, length, front, matching);
                }
            }
            if front.end_distance <= front.length {
                return;
            }
        }
        let mut start = 0;
        while start < costs.len() {
            let shorter = Shorter {
                costs: &costs[start..],
                duals: &matching.duals[start..],
                distances: &self.distances[start..],
                base,
                limit: front.end_distance,
            };
            start += vectorised(shorter);
            let end = costs.len().min(start + CHUNK);
            for column in start..end {
                let length = length(column, front);
                if length < front.end_distance {
                    self.relax(row, column as u32, length, front, matching);
                }
            }
            start = end;
        }
    }
}

/// Finds the first chunk in which a path through the row may be shorter than the one known.
struct Shorter<'a, T> {
    costs: &'a [T],
    duals: &'a [f64],
    distances: &'a [f64],
    base: f64,
    limit: f64,
}

impl<T: Scalar> Loop for Shorter<'_, T> {
    type Output = usize;

    #[inline(always)]
    fn run(self) -> usize {
        let chunks = self.costs.chunks_exact(CHUNK).zip(self.duals.chunks_exact(CHUNK));
        let mut start = 0;
        for ((costs, duals), distances) in chunks.zip(self.distances.chunks_exact(CHUNK)) {
            let mut any = false;
            for lane in 0..CHUNK {
                let length = self.base + (costs[lane].to_f64() - duals[lane]);
                any |= (length < distances[lane]) & (length < self.limit);
            }
            if any {
                break;
            }
            start += CHUNK;
        }
        start
    }
}

/// Gives each row on the path that ends in `column` the column by which the path leaves it.
pub(super) fn flip_path<T>(
    parents: &[u32],
    root: usize,
    mut column: u32,
    matching: &mut Matching<'_, T>,
    mut cost: impl FnMut(usize, usize) -> T,
) {
    loop {
        let row = parents[column as usize] as usize;
        let given_up = matching.col_of_row[row];
        matching.set(row, column as usize, cost(row, column as usize));
        if row == root {
            return;
        }
        column = given_up;
    }
}
