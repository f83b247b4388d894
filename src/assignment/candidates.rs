//! Short lists of the cheapest columns of each row, with bounds for all the others.
//!
//! A row's list holds some columns with their costs; its bound says c_ij - v_j >= bound for every column j that is not
//! in the list. The duals v of columns only ever fall during a solve, so reduced costs c_ij - v_j only ever rise: **a
//! bound once true stays true**, however old the list. That is what the whole solver rests on. Whoever needs the
//! cheapest columns of a row looks at the list, where duals are applied afresh; only if the best one found there is above
//! the bound may there be a better one outside, and the row is read again.
//!
//! A list has parts, cheapest first, each with a bound for all that comes after it, so that most questions are answered by
//! a dozen columns and a row has to be read only for what a hundred do not tell.
//!
//! # Selecting
//! One sweep over the row while it is in the cache: its columns are dealt into 64 groups, j to group j mod 64, and each
//! group's least value is found, which vectorises. The k-th smallest of n values drawn at random is near the r-th smallest
//! of these minima, with r = 64 (1 - exp(-k / 64)). So the minima of some ranks are the ceilings of the parts, and a second
//! sweep collects what is under the last one. Nothing is sorted. Should more be collected than there is room for, it is cut to
//! its least and the ceiling lowered to the first one cut, so that no kind of row makes selecting slow.

use super::scan::{greatest, least, two_least};
use crate::scalar::Scalar;
use crate::simd::{Loop, prefetch, vectorised};

/// The most columns that a list has where the costs are a matrix. Where each cost has to be computed, lists may be longer.
pub(super) const LONGEST: usize = 128;

/// Into how many parts a list falls.
pub(super) const PARTS: usize = 5;

/// Groups of columns.
const GROUPS: usize = 64;

/// Columns in a sample of a row.
const SAMPLE: usize = 512;

/// Columns that are compared with the ceiling together.
const CHUNK: usize = 16;

/// Columns that are searched for such chunks before these are looked into.
const BLOCK: usize = 64 * CHUNK;

/// How many entries [`Candidates::selection`] has: a list, as much again before it is cut, and a chunk.
pub(super) fn selection_len(per_row: usize) -> usize {
    (2 * per_row).max(SAMPLE) + CHUNK
}

/// How many values [`Candidates::reduced`] has: a list's, padded.
pub(super) fn reduced_len(per_row: usize) -> usize {
    per_row.next_multiple_of(LANES)
}

/// Lanes in which the least of a list is kept.
const LANES: usize = 8;

/// A column and its reduced cost c - v.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Entry {
    reduced: f64,
    column: u32,
}

/// About how many columns the parts of a list have together, up to each.
#[derive(Clone, Copy)]
pub(super) struct Lengths {
    /// Ranks among the groups' least, for parts that these resolve.
    group_ranks: [usize; PARTS],
    /// Ranks in a sample of the row, for those that are too long for that.
    sample_ranks: [Option<usize>; PARTS],
}

impl Lengths {
    /// Lists of about `wanted` of the `cols` columns.
    pub(super) fn new(wanted: usize, cols: usize) -> Self {
        // Beyond that, most groups have several of the columns wanted.
        const RESOLVED: usize = 2 * GROUPS;
        let ends = [12, 32, 90, 360, wanted].map(|len| len.min(wanted));
        let groups = GROUPS as f64;
        let group_rank = |len: usize| (groups * (1.0 - libm::exp(-(len as f64) / groups))) as usize;
        let sample_rank = |len: usize| (len as f64 * SAMPLE as f64 / cols as f64) as usize;
        Self {
            group_ranks: ends.map(|len| group_rank(len).min(GROUPS - 2)),
            sample_ranks: ends
                .map(|len| (len > RESOLVED && cols >= SAMPLE).then(|| sample_rank(len).min(SAMPLE - 1))),
        }
    }
}

/// The lists and bounds of all rows.
pub(super) struct Candidates<'a, T> {
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
    /// Room to select in, [`selection_len`].
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
        // Rows start at different columns: where many costs tie, their lists differ.
        let start = (i.wrapping_mul(0x9E37_79B1) % row.len()) / CHUNK * CHUNK;
        let (room, entries) = (self.per_row, &mut *self.selection);
        let (len, ceilings) = match duals {
            None => {
                vectorised(Select::<_, Undualled> { row, other: row, next, start, room, lengths, entries })
            }
            Some(other) => {
                vectorised(Select::<_, Dualled> { row, other, next, start, room, lengths, entries })
            }
        };
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

/// What the reduced cost of a column is.
///
/// A type and not a closure: only methods can be inlined without fail, and only what is inlined into a loop is vectorised
/// with it.
trait Reduce<T> {
    /// What each column has besides its cost.
    type Other: Copy;
    /// The type in which reduced costs are compared.
    type Value: Scalar;

    /// The reduced cost.
    fn reduce(cost: T, other: Self::Other) -> Self::Value;
}

/// All duals are zero: the cost itself, twice as many at a time if it is single.
struct Undualled;

impl<T: Scalar> Reduce<T> for Undualled {
    type Other = T;
    type Value = T;

    #[inline(always)]
    fn reduce(cost: T, _: T) -> T {
        cost
    }
}

/// The cost less the dual.
struct Dualled;

impl<T: Scalar> Reduce<T> for Dualled {
    type Other = f64;
    type Value = f64;

    #[inline(always)]
    fn reduce(cost: T, dual: f64) -> f64 {
        cost.to_f64() - dual
    }
}

/// Selects the cheapest entries of a row; gives how many they are and the bounds of all others, a part each.
struct Select<'a, T, R: Reduce<T>> {
    row: &'a [T],
    other: &'a [R::Other],
    /// The row that is read next: fetched into the cache while this one is worked on, half of it in each sweep.
    next: &'a [T],
    /// Where to start collecting.
    start: usize,
    /// The most entries to leave.
    room: usize,
    lengths: Lengths,
    entries: &'a mut [Entry],
}

impl<T: Scalar, R: Reduce<T>> Loop for Select<'_, T, R> {
    type Output = (usize, [f64; PARTS]);

    #[inline(always)]
    fn run(self) -> (usize, [f64; PARTS]) {
        let Self { row, other, next, start, room, lengths, entries } = self;
        let mut ceilings = ceilings(&group_least::<T, R>(row, other, next).map(R::Value::to_f64), lengths);
        for (ceiling, rank) in ceilings.iter_mut().zip(lengths.sample_ranks) {
            if let Some(rank) = rank {
                *ceiling = sampled_ceiling::<T, R>(row, other, rank, &mut entries[..SAMPLE]);
            }
        }
        let mut ceiling = ceilings[PARTS - 1];
        // What is cut may equal the ceiling, and so must nothing that comes after it be let in again.
        let mut cut_once = false;
        let (cols, half, mut len) = (row.len(), row.len() / 2, 0);
        for (from, to) in [(start, cols), (0, start)] {
            for block in (from..to).step_by(BLOCK) {
                // The ceiling is a cost, or the largest f64, which as an f32 would be infinite.
                let limit = least(R::Value::from_f64(ceiling), R::Value::MAX);
                // First which chunks have something, then what: which these are, no branch depends on.
                let (mut hits, mut count) = ([(0, 0); BLOCK / CHUNK], 0);
                for j in (block..to.min(block + BLOCK)).step_by(CHUNK) {
                    prefetch::<_, { CHUNK / 2 }>(next, half + j / 2);
                    let mask = match (row[j..].first_chunk(), other[j..].first_chunk()) {
                        (Some(costs), Some(other)) => passing::<T, R>(costs, other, limit),
                        _ => (1 << (to - j)) - 1,
                    };
                    hits[count] = (j, mask);
                    count += usize::from(mask != 0);
                }
                for &(j, mask) in &hits[..count] {
                    if len + CHUNK > entries.len() {
                        (len, ceiling, cut_once) = (room, cut(&mut entries[..len], room), true);
                    }
                    let mut mask = mask;
                    while mask != 0 {
                        let column = j + mask.trailing_zeros() as usize;
                        mask &= mask - 1;
                        let reduced = R::reduce(row[column], other[column]).to_f64();
                        if reduced < ceiling || (!cut_once && reduced == ceiling) {
                            entries[len] = Entry { reduced, column: column as u32 };
                            len += 1;
                        }
                    }
                }
            }
        }
        if len > room {
            (len, ceiling) = (room, cut(&mut entries[..len], room));
        }
        // In increasing order, whatever the guesses were. Under the largest number of all nothing finite was left out.
        let mut above = if ceiling == f64::MAX { f64::INFINITY } else { ceiling };
        for bound in ceilings.iter_mut().rev() {
            *bound = least(*bound, above);
            *bound = if *bound == f64::MAX { f64::INFINITY } else { *bound };
            above = *bound;
        }
        (len, ceilings)
    }
}

/// Which of a chunk's reduced costs are within the limit, a bit each.
#[inline(always)]
fn passing<T: Scalar, R: Reduce<T>>(costs: &[T; CHUNK], other: &[R::Other; CHUNK], limit: R::Value) -> u32 {
    let mut mask = 0;
    for lane in 0..CHUNK {
        mask |= u32::from(R::reduce(costs[lane], other[lane]) <= limit) << lane;
    }
    mask
}

/// The least value of each group.
#[inline(always)]
fn group_least<T: Scalar, R: Reduce<T>>(row: &[T], other: &[R::Other], next: &[T]) -> [R::Value; GROUPS] {
    let mut groups = [R::Value::INFINITY; GROUPS];
    // Four variables, not an array of arrays, stay in registers.
    let (mut a, mut b, mut c, mut d) = {
        let none = [R::Value::INFINITY; CHUNK];
        (none, none, none, none)
    };
    let ((whole, rest), (whole_other, rest_other)) = (row.as_chunks::<GROUPS>(), other.as_chunks::<GROUPS>());
    for (q, (costs, other)) in whole.iter().zip(whole_other).enumerate() {
        let (costs, other) = (costs.as_chunks::<CHUNK>().0, other.as_chunks::<CHUNK>().0);
        lower::<T, R>(&mut a, &costs[0], &other[0]);
        lower::<T, R>(&mut b, &costs[1], &other[1]);
        lower::<T, R>(&mut c, &costs[2], &other[2]);
        lower::<T, R>(&mut d, &costs[3], &other[3]);
        prefetch::<_, { GROUPS / 2 }>(next, q * GROUPS / 2);
    }
    for (part, lanes) in groups.chunks_exact_mut(CHUNK).zip([a, b, c, d]) {
        part.copy_from_slice(&lanes);
    }
    for (group, (&cost, &other)) in groups.iter_mut().zip(rest.iter().zip(rest_other)) {
        *group = least(R::reduce(cost, other), *group);
    }
    groups
}

/// Takes the lesser of each lane.
#[inline(always)]
fn lower<T: Scalar, R: Reduce<T>>(
    lanes: &mut [R::Value; CHUNK],
    costs: &[T; CHUNK],
    other: &[R::Other; CHUNK],
) {
    for lane in 0..CHUNK {
        lanes[lane] = least(R::reduce(costs[lane], other[lane]), lanes[lane]);
    }
}

/// Guesses the ceilings from the groups' least: those of the parts' ranks, or the highest finite one, or none.
#[inline(always)]
fn ceilings(groups: &[f64; GROUPS], lengths: Lengths) -> [f64; PARTS] {
    // Ranks by counting: more comparisons than any way of selecting makes, but in vectors and without a branch.
    let mut not_greater = [0.0_f64; GROUPS];
    for &value in groups {
        for (count, &other) in not_greater.iter_mut().zip(groups) {
            *count += if value <= other { 1.0 } else { 0.0 };
        }
    }
    let ceilings = lengths.group_ranks.map(|rank| {
        let of_rank = groups
            .iter()
            .zip(&not_greater)
            .map(|(&value, &count)| if count > rank as f64 { value } else { f64::INFINITY });
        of_rank.fold(f64::INFINITY, least)
    });
    let finite = groups.iter().map(|&value| if value < f64::INFINITY { value } else { f64::NEG_INFINITY });
    let highest = finite.fold(f64::NEG_INFINITY, greatest);
    // +infinity is never collected.
    let highest = if highest > f64::NEG_INFINITY { highest } else { f64::MAX };
    ceilings.map(|ceiling| least(ceiling, highest))
}

/// The value of a rank in a sample of the row's reduced costs, or the largest number if that is infinite.
#[inline(always)]
fn sampled_ceiling<T: Scalar, R: Reduce<T>>(
    row: &[T],
    other: &[R::Other],
    rank: usize,
    sample: &mut [Entry],
) -> f64 {
    let stride = row.len() / SAMPLE;
    for (q, entry) in sample.iter_mut().enumerate() {
        entry.reduced = R::reduce(row[q * stride], other[q * stride]).to_f64();
    }
    least(cut(sample, rank), f64::MAX)
}

/// Moves the `room` least entries to the front and gives the least of the others, the new ceiling.
fn cut(entries: &mut [Entry], room: usize) -> f64 {
    let order = |a: &Entry, b: &Entry| a.reduced.total_cmp(&b.reduced);
    entries.select_nth_unstable_by(room, order).1.reduced
}
