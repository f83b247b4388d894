//! The shortest augmenting path on whole rows: for small problems, and where lists do not pay.
//!
//! Dijkstra's algorithm without a queue. Each settled row is relaxed against all columns in one vectorised sweep that
//! also finds the least distance; a second sweep collects all columns at that distance, which are then settled
//! together (Jonker and Volgenant 1987). Settled columns get a dual of -infinity for the time of the search: their
//! distances then come out as +infinity and drop out of every comparison, without a test in the loop.

use super::lines::Lines;
use super::matching::{Matching, NONE};
use super::scan::{greatest, least};
use super::search::flip_path;
use crate::error::{Argument, Error, Reason};
use crate::scalar::Scalar;
use crate::simd::{Loop, Runner};
use crate::workspace::vector_scratch;
use faer::dyn_stack::StackReq;

/// Columns that are relaxed together.
const LANES: usize = 8;

/// The memory of a dense search, one value a column each.
pub(super) struct DenseSearch<'a> {
    /// The length of the shortest path known to each column that is not settled, else +infinity.
    pub(super) distances: &'a mut [f64],
    /// The row from which it enters the column.
    pub(super) parents: &'a mut [u32],
    /// The duals, -infinity for settled columns.
    pub(super) duals: &'a mut [f64],
    /// Settled columns; those from some point on have rows that are still to be relaxed.
    pub(super) settled: &'a mut [u32],
    /// The distance at which each of these was settled.
    pub(super) lengths: &'a mut [f64],
}

/// The workspace of a [`DenseSearch`].
pub(super) fn dense_scratch(cols: usize) -> StackReq {
    let (doubles, indices) = (vector_scratch::<f64>(cols), vector_scratch::<u32>(cols));
    StackReq::all_of(&[doubles, doubles, doubles, indices, indices])
}

impl DenseSearch<'_> {
    /// Matches the free row `root`, changes the duals so that the matching stays optimal, and gives how many rows it
    /// settled. All distances are +infinity before and after.
    #[inline(always)]
    pub(super) fn augment<T: Scalar, L: Lines<T> + ?Sized, R: Runner>(
        &mut self,
        root: usize,
        matching: &mut Matching<'_, T>,
        lines: &mut L,
    ) -> Result<u64, Error> {
        self.duals.copy_from_slice(matching.duals);
        let (mut row, mut base, mut floor) = (root, 0.0, f64::NEG_INFINITY);
        let (mut settled, mut relaxed) = (0, 0);
        let found = loop {
            let costs = lines.row(row);
            let nearest = R::run(Relax { search: self, row: row as u32, costs, base, floor });
            // Columns at the distance just reached are settled as soon as they are seen: a free one may be among
            // them.
            if relaxed == settled || nearest <= floor {
                if nearest == f64::INFINITY {
                    break None;
                }
                let collect = Collect {
                    distances: self.distances,
                    distance: nearest,
                    row_of_col: matching.row_of_col,
                    out: &mut self.settled[settled..],
                };
                match R::run(collect) {
                    Collected::Free(column) => break Some(column),
                    Collected::Matched(count) => {
                        for column in &self.settled[settled..settled + count] {
                            let column = *column as usize;
                            floor = self.distances[column];
                            self.distances[column] = f64::INFINITY;
                            self.duals[column] = f64::NEG_INFINITY;
                        }
                        self.lengths[settled..settled + count].fill(floor);
                        settled += count;
                    }
                }
            }
            let column = self.settled[relaxed] as usize;
            relaxed += 1;
            row = matching.row_of_col[column] as usize;
            base = floor - (matching.matched_cost[row].to_f64() - matching.duals[column]);
        };
        if let Some(end) = found {
            let length = self.distances[end as usize];
            for (&column, distance) in self.settled[..settled].iter().zip(&*self.lengths) {
                matching.duals[column as usize] += distance - length;
            }
            flip_path(self.parents, root, end, matching, |i, j| lines.cost(i, j));
        }
        self.distances.fill(f64::INFINITY);
        if found.is_some() {
            Ok(relaxed as u64 + 1)
        } else {
            // The rows reached have together fewer columns than they are (Hall 1935).
            Err(Error::new(Reason::Infeasible, Argument::Costs))
        }
    }
}

/// Relaxes all edges from a row and gives the least distance.
struct Relax<'s, 'a, T> {
    search: &'s mut DenseSearch<'a>,
    row: u32,
    costs: &'s [T],
    /// What to add to a reduced cost for the length of the path.
    base: f64,
    /// What no length is let below.
    floor: f64,
}

impl<T: Scalar> Loop for Relax<'_, '_, T> {
    type Output = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        let Relax { search, row, costs, base, floor } = self;
        let mut nearest = [f64::INFINITY; LANES];
        let length = |cost: T, dual: f64| greatest(base + (cost.to_f64() - dual), floor);
        let (distances, rest) = search.distances.as_chunks_mut::<LANES>();
        let (parents, rest_parents) = search.parents.as_chunks_mut::<LANES>();
        let (costs, rest_costs) = costs.as_chunks::<LANES>();
        let (duals, rest_duals) = search.duals.as_chunks::<LANES>();
        for (((distances, parents), costs), duals) in distances.iter_mut().zip(parents).zip(costs).zip(duals)
        {
            // Values and not places are chosen from, or there would be a branch for each.
            let (before, by) = (*distances, *parents);
            for lane in 0..LANES {
                let length = length(costs[lane], duals[lane]);
                parents[lane] = if length < before[lane] { row } else { by[lane] };
                distances[lane] = least(length, before[lane]);
                nearest[lane] = least(distances[lane], nearest[lane]);
            }
        }
        let mut nearest = nearest.into_iter().fold(f64::INFINITY, least);
        let rest = rest.iter_mut().zip(rest_parents).zip(rest_costs.iter().zip(rest_duals));
        for ((distance, parent), (&cost, &dual)) in rest {
            let length = length(cost, dual);
            *parent = if length < *distance { row } else { *parent };
            *distance = least(length, *distance);
            nearest = least(*distance, nearest);
        }
        nearest
    }
}

/// What is at the least distance.
enum Collected {
    /// A free column: the end.
    Free(u32),
    /// So many matched columns.
    Matched(usize),
}

/// Collects it.
struct Collect<'s> {
    distances: &'s [f64],
    distance: f64,
    row_of_col: &'s [u32],
    out: &'s mut [u32],
}

impl Loop for Collect<'_> {
    type Output = Collected;

    #[inline(always)]
    fn run(self) -> Collected {
        let Self { distances, distance, row_of_col, out } = self;
        let mut count = 0;
        for (chunk, distances) in distances.chunks(LANES).enumerate() {
            if distances.iter().fold(false, |any, &d| any | (d <= distance)) {
                for (lane, _) in distances.iter().enumerate().filter(|&(_, &d)| d <= distance) {
                    let column = chunk * LANES + lane;
                    if row_of_col[column] == NONE {
                        return Collected::Free(column as u32);
                    }
                    out[count] = column as u32;
                    count += 1;
                }
            }
        }
        Collected::Matched(count)
    }
}
