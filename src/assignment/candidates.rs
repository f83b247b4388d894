//! Short lists of the cheapest columns of each row, with a bound for all the others.
//!
//! A row's list holds some columns with their costs; its bound says c_ij - v_j >= bound for every column j that is not
//! in the list. The duals v of columns only ever fall during a solve, so reduced costs c_ij - v_j only ever rise: **a
//! bound once true stays true**, however old the list. That is what the whole solver rests on. Whoever needs the
//! cheapest columns of a row looks at the list, where duals are applied afresh; only if the best one found there is above
//! the bound may there be a better one outside, and the row is read again.
//!
//! # Selecting
//! One sweep over the row while it is in the cache: its columns are dealt into 64 groups, j to group j mod 64, and each
//! group's least value is found, which vectorises. The k-th smallest of n values drawn at random is near the r-th smallest
//! of these minima, with r = 64 (1 - exp(-k / 64)); r is taken for 0.7 k, so that the second sweep, which collects what
//! is not above it, seldom collects much more than fits. If it does, the list is cut to its k least and the ceiling is lowered to
//! the first one cut, so that no kind of row makes it slow.

use super::scan::least;
use crate::scalar::Scalar;
use crate::simd::{Loop, vectorised};

/// Groups of columns.
const GROUPS: usize = 64;

/// Rows shorter than this are collected without a ceiling from their groups.
const GROUPED: usize = 2 * GROUPS;

/// How many times its length a list may grow before it is cut.
const ROOM: usize = 8;

/// Columns that are compared with the ceiling together.
const CHUNK: usize = 16;

/// A column and its reduced cost c - v.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Entry {
    reduced: f64,
    column: u32,
}

/// The lists and bounds of all rows.
pub(super) struct Candidates<'a, T> {
    /// The most columns that a list has.
    pub(super) per_row: usize,
    /// Row i's columns are from i `per_row` on,
    pub(super) columns: &'a mut [u32],
    /// with their costs,
    pub(super) costs: &'a mut [T],
    /// as many as here.
    pub(super) lengths: &'a mut [u32],
    /// What no other column's reduced cost is below; +infinity where all columns that are not forbidden are listed.
    pub(super) bounds: &'a mut [f64],
    /// Room to select in, [`selection_len`].
    pub(super) selection: &'a mut [Entry],
}

/// How many entries [`Candidates::selection`] has for lists of `per_row`.
pub(super) fn selection_len(per_row: usize) -> usize {
    (ROOM * per_row).max(GROUPED)
}

/// What a row's list says about its cheapest columns.
#[derive(Clone, Copy)]
pub(super) struct ListedTwo {
    /// The least reduced cost in the list, +infinity if it is empty,
    pub(super) least: f64,
    /// and its place in the list.
    pub(super) slot: Option<usize>,
    /// The second least in the list, +infinity if there is none,
    pub(super) second: f64,
    /// and its place.
    pub(super) second_slot: Option<usize>,
}

impl<T: Scalar> Candidates<'_, T> {
    /// Row i's columns and their costs.
    #[inline(always)]
    pub(super) fn list(&self, i: usize) -> (&[u32], &[T]) {
        let start = i * self.per_row;
        let range = start..start + self.lengths[i] as usize;
        (&self.columns[range.clone()], &self.costs[range])
    }

    /// The cost of (i, j), if j is in row i's list.
    pub(super) fn listed_cost(&self, i: usize, j: usize) -> Option<T> {
        let (columns, costs) = self.list(i);
        columns.iter().position(|&column| column as usize == j).map(|slot| costs[slot])
    }

    /// Makes row i's list its one cheapest column.
    pub(super) fn set_cheapest(&mut self, i: usize, column: Option<(usize, T)>, bound: f64) {
        self.bounds[i] = bound;
        self.lengths[i] = 0;
        if let Some((column, cost)) = column {
            self.columns[i * self.per_row] = column as u32;
            self.costs[i * self.per_row] = cost;
            self.lengths[i] = 1;
        }
    }

    /// The two columns of row i's list that are cheapest now.
    #[inline(always)]
    pub(super) fn cheapest_two(&self, i: usize, duals: &[f64]) -> ListedTwo {
        let (mut least, mut second) = (f64::INFINITY, f64::INFINITY);
        let (mut slot, mut second_slot) = (None, None);
        let (columns, costs) = self.list(i);
        for (q, (&column, cost)) in columns.iter().zip(costs).enumerate() {
            let reduced = cost.to_f64() - duals[column as usize];
            if reduced < least {
                (second, second_slot) = (least, slot);
                (least, slot) = (reduced, Some(q));
            } else if reduced < second {
                (second, second_slot) = (reduced, Some(q));
            }
        }
        ListedTwo { least, slot, second, second_slot }
    }

    /// Selects row i's cheapest columns anew; no `duals` means that all are zero.
    pub(super) fn select(&mut self, i: usize, row: &[T], duals: Option<&[f64]>) {
        // Rows start at different columns: where many costs tie, their lists differ.
        let start = (i.wrapping_mul(0x9E37_79B1) % row.len()) / CHUNK * CHUNK;
        let collect = Collect { row, duals, start, wanted: self.per_row, entries: self.selection };
        let (len, bound) = match duals {
            None => vectorised(Undualled(collect)),
            Some(_) => vectorised(collect),
        };
        self.bounds[i] = bound;
        self.lengths[i] = len as u32;
        for (q, entry) in self.selection[..len].iter().enumerate() {
            self.columns[i * self.per_row + q] = entry.column;
            self.costs[i * self.per_row + q] = row[entry.column as usize];
        }
    }
}

/// The rank among the groups' least that promises 0.7 `wanted` columns.
fn rank(wanted: usize) -> usize {
    let groups = GROUPS as f64;
    let rank = groups * (1.0 - libm::exp(-0.7 * wanted as f64 / groups));
    (rank as usize).min(GROUPS - 2)
}

/// Collects the entries of a row into `entries`; gives how many are left and the bound of all others.
struct Collect<'a, T> {
    row: &'a [T],
    duals: Option<&'a [f64]>,
    start: usize,
    wanted: usize,
    entries: &'a mut [Entry],
}

/// The same with all duals zero: compared in the precision of the costs, twice as many at a time.
struct Undualled<'a, T>(Collect<'a, T>);

/// How cheap an entry has to be.
#[derive(Clone, Copy)]
struct Ceiling {
    value: f64,
    /// Whether what equals the value passes: not after a cut, as what was cut may equal it.
    inclusive: bool,
}

impl<T: Scalar> Loop for Undualled<'_, T> {
    type Output = (usize, f64);

    #[inline(always)]
    fn run(self) -> (usize, f64) {
        let row = self.0.row;
        let mut groups = [T::INFINITY; GROUPS];
        if row.len() >= GROUPED {
            for chunk in row.chunks_exact(GROUPS) {
                for (group, &cost) in groups.iter_mut().zip(chunk) {
                    *group = least(cost, *group);
                }
            }
        }
        let ceiling = ceiling(&mut groups.map(T::to_f64), self.0.wanted);
        let passes = |range: core::ops::Range<usize>, ceiling: f64| {
            // The ceiling is a cost, or the largest f64, which as an f32 would be infinite.
            let ceiling = least(T::from_f64(ceiling), T::MAX);
            row[range].iter().fold(false, |any, &cost| any | (cost <= ceiling))
        };
        let reduced = |j: usize| row[j].to_f64();
        collect(row.len(), self.0.start, self.0.wanted, self.0.entries, ceiling, passes, reduced)
    }
}

impl<T: Scalar> Loop for Collect<'_, T> {
    type Output = (usize, f64);

    #[inline(always)]
    fn run(self) -> (usize, f64) {
        let (row, duals) = (self.row, self.duals.unwrap_or_default());
        let mut groups = [f64::INFINITY; GROUPS];
        if row.len() >= GROUPED {
            for (chunk, duals) in row.chunks_exact(GROUPS).zip(duals.chunks_exact(GROUPS)) {
                for (group, (cost, dual)) in groups.iter_mut().zip(chunk.iter().zip(duals)) {
                    *group = least(cost.to_f64() - dual, *group);
                }
            }
        }
        let ceiling = ceiling(&mut groups, self.wanted);
        let passes = |range: core::ops::Range<usize>, ceiling: f64| {
            let pairs = row[range.clone()].iter().zip(&duals[range]);
            pairs.fold(false, |any, (cost, dual)| any | (cost.to_f64() - dual <= ceiling))
        };
        let reduced = |j: usize| row[j].to_f64() - duals[j];
        collect(row.len(), self.start, self.wanted, self.entries, ceiling, passes, reduced)
    }
}

/// Guesses the ceiling from the groups' least: a low rank among them, or the highest finite one, or none.
#[inline(always)]
fn ceiling(groups: &mut [f64; GROUPS], wanted: usize) -> Ceiling {
    let (below, &mut at_rank, _) = groups.select_nth_unstable_by(rank(wanted), f64::total_cmp);
    let value = if at_rank < f64::INFINITY {
        at_rank
    } else {
        let finite = below.iter().copied().filter(|value| *value < f64::INFINITY);
        finite.fold(f64::NEG_INFINITY, f64::max)
    };
    // +infinity is never collected.
    Ceiling { value: if value > f64::NEG_INFINITY { value } else { f64::MAX }, inclusive: true }
}

/// Collects the columns under the ceiling from `start` round to `start`.
#[inline(always)]
fn collect(
    cols: usize,
    start: usize,
    wanted: usize,
    entries: &mut [Entry],
    mut ceiling: Ceiling,
    passes: impl Fn(core::ops::Range<usize>, f64) -> bool,
    reduced: impl Fn(usize) -> f64,
) -> (usize, f64) {
    let mut len = 0;
    for (from, to) in [(start, cols), (0, start)] {
        let mut j = from;
        while j < to {
            let end = to.min(j + CHUNK);
            // Whole chunks have a loop of known length, which vectorises.
            if end - j < CHUNK || passes(j..j + CHUNK, ceiling.value) {
                for column in j..end {
                    let reduced = reduced(column);
                    if reduced < ceiling.value || (ceiling.inclusive && reduced == ceiling.value) {
                        entries[len] = Entry { reduced, column: column as u32 };
                        len += 1;
                        if len == entries.len() {
                            ceiling = cut(entries, wanted);
                            len = wanted;
                        }
                    }
                }
            }
            j = end;
        }
    }
    if len > wanted {
        ceiling = cut(&mut entries[..len], wanted);
        len = wanted;
    }
    // Under the largest number of all nothing finite was left out.
    (len, if ceiling.value == f64::MAX { f64::INFINITY } else { ceiling.value })
}

/// Moves the `wanted` least entries to the front and gives the least of the others as the new ceiling.
fn cut(entries: &mut [Entry], wanted: usize) -> Ceiling {
    let order = |a: &Entry, b: &Entry| a.reduced.total_cmp(&b.reduced);
    let (_, first_cut, _) = entries.select_nth_unstable_by(wanted, order);
    Ceiling { value: first_cut.reduced, inclusive: false }
}
