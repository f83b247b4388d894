//! Short lists of the cheapest columns of each row, with bounds for all the others.
//!
//! A row's list holds some columns with their costs; its bound says c_ij - v_j >= bound for every column j that is
//! not in the list. The duals v of columns only ever fall during a solve, so reduced costs c_ij - v_j only ever rise:
//! **a bound once true stays true**, however old the list. That is what the whole solver rests on. Whoever needs the
//! cheapest columns of a row looks at the list, where duals are applied afresh; only if the best one found there is
//! above the bound may there be a better one outside, and the row is read again.
//!
//! A list has parts, cheapest first, each with a bound for all that comes after it, so that most questions are
//! answered by a dozen columns and a row has to be read only for what a hundred do not tell.

use super::scan::{greatest, least, two_least};
use super::select::{Entry, Lengths, cut, select};
use crate::scalar::Scalar;
use crate::simd::{Loop, vectorised};

/// The most columns that a list has where the costs are a matrix. Where each cost has to be computed, lists may be
/// longer.
pub(super) const LONGEST: usize = 128;

/// Into how many parts a list falls.
pub(super) const PARTS: usize = 5;

/// About how many columns the parts but the last have together, up to each.
pub(super) const PART_ENDS: [usize; PARTS - 1] = [12, 32, 90, 360];

/// How many values [`Candidates::reduced`] has: a list's, padded.
pub(super) fn reduced_len(per_row: usize) -> usize {
    per_row.next_multiple_of(LANES)
}

/// Lanes in which the least of a list is kept.
const LANES: usize = 8;

/// The lists and bounds of all rows.
pub(crate) struct Candidates<'a, T> {
    /// Room for columns in a list, [`LONGEST`] or all.
    pub(super) per_row: usize,
    /// Row i's columns are from i `per_row` on,
    pub(super) columns: &'a mut [u32],
    /// with their costs.
    pub(super) costs: &'a mut [T],
    /// [`PARTS`] a row: where each part ends.
    pub(super) ends: &'a mut [u32],
    /// [`PARTS`] a row: what no column's reduced cost is below that is not in the list up to the end of the part;
    /// +infinity where there are none that are not forbidden.
    pub(super) bounds: &'a mut [f64],
    /// Room for one list's reduced costs, [`reduced_len`].
    pub(super) reduced: &'a mut [f64],
    /// Room to select in, [`selection_len`](super::select::selection_len).
    pub(super) selection: &'a mut [Entry],
}

/// What a row's list says about its cheapest columns.
#[derive(Clone, Copy)]
pub(super) struct ListedTwo {
    /// The least reduced cost in the list, +infinity if it is empty,
    pub(super) least: f64,
    /// and its place in the list.
    pub(super) slot: usize,
    /// The second least in the list, +infinity if there is none.
    pub(super) second: f64,
    /// Its place, if it is as little as the least.
    pub(super) tied: Option<usize>,
}

impl<T: Scalar> Candidates<'_, T> {
    /// Where part `part` of row i's list begins and ends.
    #[inline(always)]
    fn range(&self, i: usize, part: usize) -> core::ops::Range<usize> {
        let from = if part == 0 { 0 } else { self.ends[i * PARTS + part - 1] };
        let start = i * self.per_row;
        start + from as usize..start + self.ends[i * PARTS + part] as usize
    }

    /// The columns of one part of row i's list and their costs.
    #[inline(always)]
    pub(super) fn part(&self, i: usize, part: usize) -> (&[u32], &[T]) {
        let range = self.range(i, part);
        (&self.columns[range.clone()], &self.costs[range])
    }

    /// Row i's columns and their costs, up to the end of a part.
    #[inline(always)]
    pub(super) fn list(&self, i: usize, part: usize) -> (&[u32], &[T]) {
        let start = i * self.per_row;
        let range = start..start + self.ends[i * PARTS + part] as usize;
        (&self.columns[range.clone()], &self.costs[range])
    }

    /// The bound of what is not in row i's list up to the end of a part.
    #[inline(always)]
    pub(super) fn bound(&self, i: usize, part: usize) -> f64 {
        self.bounds[i * PARTS + part]
    }

    /// The cost of (i, j), if j is in row i's list.
    pub(super) fn listed_cost(&self, i: usize, j: usize) -> Option<T> {
        let (columns, costs) = self.list(i, PARTS - 1);
        columns.iter().position(|&column| column as usize == j).map(|slot| costs[slot])
    }

    /// Makes row i's list its one cheapest column.
    pub(super) fn set_cheapest(&mut self, i: usize, column: Option<(usize, T)>, bound: f64) {
        self.bounds[i * PARTS..(i + 1) * PARTS].fill(bound);
        self.ends[i * PARTS..(i + 1) * PARTS].fill(u32::from(column.is_some()));
        if let Some((column, cost)) = column {
            self.columns[i * self.per_row] = column as u32;
            self.costs[i * self.per_row] = cost;
        }
    }

    /// Copies the first `len` columns of row i's list to [`Self::selection`], with their costs for reduced costs.
    pub(super) fn load(&mut self, i: usize, len: usize) {
        let list = i * self.per_row..i * self.per_row + len;
        let pairs = self.columns[list.clone()].iter().zip(&self.costs[list]);
        for (entry, (&column, cost)) in self.selection.iter_mut().zip(pairs) {
            *entry = Entry { reduced: cost.to_f64(), column };
        }
    }

    /// Makes the first `len` entries that [`Self::load`] has copied, in whatever order they are now, row i's list.
    pub(super) fn store(&mut self, i: usize, len: usize) {
        let list = i * self.per_row..i * self.per_row + len;
        let pairs = self.columns[list.clone()].iter_mut().zip(&mut self.costs[list]);
        for ((column, cost), entry) in pairs.zip(&*self.selection) {
            *column = entry.column;
            // Exact: the value was a cost.
            *cost = T::from_f64(entry.reduced);
        }
    }

    /// Deals row i's list, which is all in its first part, to the parts; `bound` is that of all other columns. Duals
    /// are zero.
    pub(super) fn deal(&mut self, i: usize, bound: f64) {
        let len = self.ends[i * PARTS] as usize;
        self.load(i, len);
        self.ends[i * PARTS..(i + 1) * PARTS].fill(len as u32);
        self.bounds[i * PARTS..(i + 1) * PARTS].fill(bound);
        let mut rest = &mut self.selection[..len];
        for (part, end) in PART_ENDS.into_iter().enumerate().rev() {
            if end < rest.len() {
                self.ends[i * PARTS + part] = end as u32;
                self.bounds[i * PARTS + part] = cut(rest, end);
                rest = &mut rest[..end];
            }
        }
        self.store(i, len);
    }

    /// The two columns of row i's list that are cheapest now, and the bound of all that were not looked at.
    pub(super) fn cheapest_two(&mut self, i: usize, duals: &[f64]) -> (ListedTwo, f64) {
        let mut part = 0;
        loop {
            let start = i * self.per_row;
            let range = start..start + self.ends[i * PARTS + part] as usize;
            let (columns, costs) = (&self.columns[range.clone()], &self.costs[range]);
            let two = vectorised(CheapestTwo { columns, costs, duals, reduced: self.reduced });
            // More than one part is seldom needed.
            if two.second <= self.bound(i, part) || part == PARTS - 1 {
                return (two, self.bound(i, part));
            }
            part += 1;
        }
    }

    /// Selects row i's cheapest columns anew; no `duals` means that all are zero.
    ///
    /// `next`, as long as the row or empty, is what will be read after it.
    pub(super) fn select(
        &mut self,
        i: usize,
        row: &[T],
        duals: Option<&[f64]>,
        next: &[T],
        lengths: Lengths,
    ) {
        let room = self.per_row;
        let (len, ceilings) = select(i, row, duals, next, room, lengths, self.selection);
        // Dealt to the parts by counting, without a branch: an entry's part is how many ceilings it is above.
        let (columns, costs) = (&mut self.columns[i * room..][..room], &mut self.costs[i * room..][..room]);
        let part_of = |entry: &Entry| {
            let above = ceilings[..PARTS - 1].iter().map(|&ceiling| usize::from(entry.reduced > ceiling));
            above.sum::<usize>()
        };
        let mut counts = [0_usize; PARTS];
        let entries = &self.selection[..len];
        entries.iter().for_each(|entry| counts[part_of(entry)] += 1);
        let (mut next, mut count) = ([0; PARTS], 0);
        for part in 0..PARTS {
            next[part] = count;
            count += counts[part];
            self.ends[i * PARTS + part] = count as u32;
            self.bounds[i * PARTS + part] = ceilings[part];
        }
        for entry in entries {
            let place = &mut next[part_of(entry)];
            columns[*place] = entry.column;
            *place += 1;
        }
        for (cost, &column) in costs.iter_mut().zip(&columns[..count]) {
            *cost = row[column as usize];
        }
    }
}

/// Finds the two cheapest columns of a list.
struct CheapestTwo<'a, T> {
    columns: &'a [u32],
    costs: &'a [T],
    duals: &'a [f64],
    /// Room for the reduced costs.
    reduced: &'a mut [f64],
}

impl<T: Scalar> Loop for CheapestTwo<'_, T> {
    type Output = ListedTwo;

    #[inline(always)]
    fn run(self) -> ListedTwo {
        let len = self.columns.len();
        // No branch depends on the values: in which order cheaper columns come is not predictable.
        for ((reduced, &column), cost) in self.reduced.iter_mut().zip(self.columns).zip(self.costs) {
            *reduced = cost.to_f64() - self.duals[column as usize];
        }
        let padded = len.next_multiple_of(LANES);
        self.reduced[len..padded].fill(f64::INFINITY);
        let reduced = &self.reduced[..padded];
        let (mut first, mut second) = ([f64::INFINITY; LANES], [f64::INFINITY; LANES]);
        for chunk in reduced.chunks_exact(LANES) {
            for lane in 0..LANES {
                second[lane] = least(second[lane], greatest(first[lane], chunk[lane]));
                first[lane] = least(first[lane], chunk[lane]);
            }
        }
        let both = two_least(first, second, core::iter::empty());
        let (least, second) = both;
        let slot = reduced.iter().position(|&value| value == least).unwrap_or(0);
        let ties = second <= least && least < f64::INFINITY;
        let tied = if ties { reduced.iter().rposition(|&value| value == least) } else { None };
        ListedTwo { least, slot, second, tied }
    }
}
