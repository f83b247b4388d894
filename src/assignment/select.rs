//! Selecting the cheapest columns of a row, without sorting.
//!
//! One sweep over the row while it is in the cache: its columns are dealt into 64 groups, j to group j mod 64, and
//! each group's least value is found, which vectorises. The k-th smallest of n values drawn at random is near the
//! r-th smallest of these minima, with r = 64 (1 - exp(-k / 64)). So the minima of some ranks are the ceilings of the
//! parts, and a second sweep collects what is under the last one. Nothing is sorted. Should more be collected than
//! there is room for, it is cut to its least and the ceiling lowered to the first one cut, so that no kind of row
//! makes selecting slow.

use super::candidates::{PART_ENDS, PARTS};
use super::scan::{greatest, least};
use crate::scalar::Scalar;
use crate::simd::{Loop, prefetch, vectorised};

/// Groups of columns.
const GROUPS: usize = 64;

/// Columns in a sample of a row.
const SAMPLE: usize = 512;

/// Columns that are compared with the ceiling together.
const CHUNK: usize = 16;

/// Columns that are searched for such chunks before these are looked into.
const BLOCK: usize = 64 * CHUNK;

/// How many entries `Candidates::selection` has: a list, as much again before it is cut, and a chunk.
pub(super) fn selection_len(per_row: usize) -> usize {
    (2 * per_row).max(SAMPLE) + CHUNK
}

/// A column and its reduced cost c - v.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Entry {
    pub(super) reduced: f64,
    pub(super) column: u32,
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
        let [a, b, c, d] = PART_ENDS;
        let ends = [a, b, c, d, wanted].map(|len| len.min(wanted));
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

/// Selects the cheapest columns of row `i`, about as many as `lengths` says and `room` at most, into the front of
/// `entries`.
///
/// No `duals` means that all are zero. Gives how many were selected and, for each part, a ceiling: a selected column
/// belongs to the first part whose ceiling it is not above, and no column that was not selected is below any of them.
/// `next` is the row that will be read next, or empty.
pub(super) fn select<T: Scalar>(
    i: usize,
    row: &[T],
    duals: Option<&[f64]>,
    next: &[T],
    room: usize,
    lengths: Lengths,
    entries: &mut [Entry],
) -> (usize, [f64; PARTS]) {
    // Rows start at different columns: where many costs tie, their lists differ.
    let start = (i.wrapping_mul(0x9E37_79B1) % row.len()) / CHUNK * CHUNK;
    match duals {
        None => vectorised(Select::<_, Undualled> { row, other: row, next, start, room, lengths, entries }),
        Some(other) => vectorised(Select::<_, Dualled> { row, other, next, start, room, lengths, entries }),
    }
}

/// What the reduced cost of a column is.
///
/// A type and not a closure: only methods can be inlined without fail, and only what is inlined into a loop is
/// vectorised with it.
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
        // In increasing order, whatever the guesses were. Under the largest number of all nothing finite was left
        // out.
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
pub(super) fn cut(entries: &mut [Entry], room: usize) -> f64 {
    let order = |a: &Entry, b: &Entry| a.reduced.total_cmp(&b.reduced);
    entries.select_nth_unstable_by(room, order).1.reduced
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec;
    use std::vec::Vec;

    /// Costs with ties, runs and forbidden pairs, of some hundred different values.
    fn costs(len: usize, seed: usize) -> Vec<f32> {
        let value = |j: usize| match (j * 7919 + seed * 104_729) % 613 {
            0..20 => f32::INFINITY,
            x if seed.is_multiple_of(3) => (x / 100) as f32,
            x => x as f32 - (j % 64) as f32 * 9.0,
        };
        (0..len).map(value).collect()
    }

    #[test]
    fn what_is_left_out_is_above_the_ceilings() {
        for seed in 0..40 {
            for (len, room, wanted) in
                [(1, 1, 12), (40, 40, 12), (300, 128, 24), (3000, 128, 90), (3000, 700, 600)]
            {
                let row = costs(len, seed);
                let duals: Vec<f64> = (0..len).map(|j| -((j * 31 % 17) as f64)).collect();
                let lengths = Lengths::new(wanted, len);
                for duals in [None, Some(&duals[..])] {
                    let mut entries = vec![Entry::default(); selection_len(room)];
                    let (count, ceilings) = select(seed, &row, duals, &row, room, lengths, &mut entries);
                    assert!(count <= room && ceilings.is_sorted());
                    let mut selected = vec![false; len];
                    for entry in &entries[..count] {
                        selected[entry.column as usize] = true;
                    }
                    assert_eq!(selected.iter().filter(|&&is| is).count(), count);
                    for (j, &cost) in row.iter().enumerate() {
                        let reduced = f64::from(cost) - duals.map_or(0.0, |duals| duals[j]);
                        assert!(selected[j] || reduced >= ceilings[PARTS - 1] || cost == f32::INFINITY);
                        assert!(!selected[j] || reduced < f64::INFINITY);
                    }
                    assert!(count > 0 || row.iter().all(|&cost| cost == f32::INFINITY));
                }
            }
        }
    }

    #[test]
    fn selections_are_the_same_with_all_instructions() {
        for (seed, len) in [(1, 999), (2, 2048), (3, 130), (4, 64)] {
            let row = costs(len, seed);
            let duals: Vec<f64> = (0..len).map(|j| -((j * 31 % 17) as f64)).collect();
            let lengths = Lengths::new(24, len);
            let (mut portable, mut fast) = (vec![Entry::default(); 300], vec![Entry::default(); 300]);
            let with = |entries| Select::<_, Dualled> {
                row: &row,
                other: &duals,
                next: &[],
                start: 16,
                room: 128,
                lengths,
                entries,
            };
            let found = with(&mut portable[..]).run();
            assert_eq!(found, vectorised(with(&mut fast[..])));
            let columns = |entries: &[Entry]| entries[..found.0].iter().map(|e| e.column).collect::<Vec<_>>();
            assert_eq!(columns(&portable), columns(&fast));
        }
    }
}
