//! The rectangular assignment algorithm: rows join one by one, each along a shortest augmenting path.
//!
//! After Crouse 2016 ("On implementing 2D rectangular assignment algorithms"), who adapts the last phase of Jonker
//! and Volgenant 1987 to rectangles. The state is a matching of some rows and duals u, v that certify it as
//! optimal for these rows (see the parent module): every reduced cost c_ij - u_i - v_j is >= 0, matched pairs
//! have 0, v_j <= 0 everywhere, and v_j = 0 for free columns.
//!
//! A new row enters by a path: row, column, that column's present row, another column, ... up to a free column;
//! each row on it gives up its column and takes the next one, so one more row is matched. The shortest such path
//! in reduced costs keeps the matching optimal. As reduced costs are >= 0, Dijkstra's algorithm finds it; his
//! distances then say by how much to move the duals for the state to hold again.

use crate::error::{Argument, Error, Reason};
use crate::workspace::{take, vector_scratch};
use faer::dyn_stack::{MemStack, StackReq};

/// In place of an index: not matched.
pub(super) const FREE: usize = usize::MAX;

/// A matching of rows to at least as many columns, and the duals that certify it.
pub(super) struct Matching<'a> {
    /// u, one a row.
    pub(super) row_duals: &'a mut [f64],
    /// v, one a column.
    pub(super) col_duals: &'a mut [f64],
    /// The column of each row, or [`FREE`].
    pub(super) col_of_row: &'a mut [usize],
    /// The row of each column, or [`FREE`].
    pub(super) row_of_col: &'a mut [usize],
}

/// The workspace of [`match_rows`].
pub(super) fn match_rows_scratch(cols: usize) -> StackReq {
    StackReq::all_of(&[
        vector_scratch::<f64>(cols),
        vector_scratch::<usize>(cols),
        vector_scratch::<usize>(cols),
    ])
}

/// Matches every row, given an empty matching with duals 0 and the costs by (row, column), rows <= columns.
///
/// A cost of +infinity forbids its pair. [`Reason::Infeasible`] when some row cannot be matched.
pub(super) fn match_rows(
    cost: impl Fn(usize, usize) -> f64,
    matching: &mut Matching<'_>,
    stack: &mut MemStack,
) -> Result<(), Error> {
    let cols = matching.row_of_col.len();
    let (mut distance, stack) = take(stack, cols, f64::INFINITY);
    let (mut parent, stack) = take(stack, cols, FREE);
    let (mut columns, _) = take(stack, cols, 0);
    for (j, column) in columns.iter_mut().enumerate() {
        *column = j;
    }
    let mut search =
        Search { distance: &mut distance, parent: &mut parent, columns: &mut columns, open: cols };
    for start in 0..matching.col_of_row.len() {
        let path = search.shortest_path(start, &cost, matching);
        // Every column that alternating paths reach from this row is matched, to rows that reach no others: these
        // rows and the new one have fewer columns than they are (Hall 1935), so no full matching exists.
        let path = path.ok_or(Error::new(Reason::Infeasible, Argument::Costs))?;
        search.move_duals(start, &path, matching);
        search.augment(start, &path, matching);
    }
    Ok(())
}

/// Where a search ended.
struct Path {
    /// The free column at its end.
    end: usize,
    /// Its reduced length.
    length: f64,
}

/// Dijkstra's search from one free row over alternating paths.
struct Search<'a> {
    /// The length of the shortest path known to each column, +infinity where none is.
    distance: &'a mut [f64],
    /// The row from which that path enters the column.
    parent: &'a mut [usize],
    /// All columns: first the open ones, whose distance may yet fall, then the closed ones.
    columns: &'a mut [usize],
    /// How many columns are open.
    open: usize,
}

impl Search<'_> {
    /// Grows the tree of shortest paths from `start` until it holds a free column; none when there is no path.
    fn shortest_path(
        &mut self,
        start: usize,
        cost: &impl Fn(usize, usize) -> f64,
        matching: &Matching<'_>,
    ) -> Option<Path> {
        self.distance.fill(f64::INFINITY);
        self.open = self.columns.len();
        let mut row = start;
        let mut length = 0.0;
        // Distances come off in increasing order but for rounding, which might give a later one that is a little
        // shorter and so a dual of the wrong sign: none is let below the last that came off. The first edges
        // have no such floor, as the reduced costs of the new row may have any sign.
        let mut floor = f64::NEG_INFINITY;
        loop {
            let base = length - matching.row_duals[row];
            // The nearest open column; among equals a free one, which ends the search, then the lowest index, so
            // that the result does not depend on the order of `columns`.
            let (mut nearest, mut nearest_position, mut nearest_is_free) = (FREE, 0, false);
            let mut least = f64::INFINITY;
            for (position, &col) in self.columns[..self.open].iter().enumerate() {
                let through_row = (base + cost(row, col) - matching.col_duals[col]).max(floor);
                if through_row < self.distance[col] {
                    self.distance[col] = through_row;
                    self.parent[col] = row;
                }
                let distance = self.distance[col];
                let is_free = matching.row_of_col[col] == FREE;
                let preferred =
                    (is_free && !nearest_is_free) || (is_free == nearest_is_free && col < nearest);
                if distance < least || (distance <= least && preferred) {
                    (nearest, nearest_position, nearest_is_free) = (col, position, is_free);
                    least = distance;
                }
            }
            if least == f64::INFINITY {
                return None;
            }
            self.open -= 1;
            self.columns.swap(nearest_position, self.open);
            if nearest_is_free {
                return Some(Path { end: nearest, length: least });
            }
            (row, length, floor) = (matching.row_of_col[nearest], least, least);
        }
    }

    /// Moves the duals so that all edges of the path become tight and no reduced cost negative.
    ///
    /// A closed column at distance D gives L - D of its dual to its row, L the length of the path: this leaves
    /// their pair tight, makes the edges by which the tree entered it tight, and, as no open column is nearer
    /// than L, all others stay >= 0. L - D >= 0, so v only falls; the free column at the end has D = L and keeps 0.
    fn move_duals(&self, start: usize, path: &Path, matching: &mut Matching<'_>) {
        matching.row_duals[start] += path.length;
        for &col in &self.columns[self.open..] {
            let shift = path.length - self.distance[col];
            matching.col_duals[col] -= shift;
            let row = matching.row_of_col[col];
            if row != FREE {
                matching.row_duals[row] += shift;
            }
        }
    }

    /// Walks the path from its end back to `start`, giving each row its next column.
    fn augment(&self, start: usize, path: &Path, matching: &mut Matching<'_>) {
        let mut col = path.end;
        loop {
            let row = self.parent[col];
            matching.row_of_col[col] = row;
            let given_up = core::mem::replace(&mut matching.col_of_row[row], col);
            if row == start {
                return;
            }
            col = given_up;
        }
    }
}

impl Matching<'_> {
    /// Makes u the largest that is feasible with v: u_i = min_j (c_ij - v_j).
    ///
    /// In exact arithmetic this changes nothing. Rounded, it takes the errors that the searches have left in u out of
    /// the inequalities, which now hold to one rounding, and leaves them in the gap, where they can be seen.
    pub(super) fn tighten_row_duals(&mut self, cost: impl Fn(usize, usize) -> f64) {
        for (i, u) in self.row_duals.iter_mut().enumerate() {
            let slacks = self.col_duals.iter().enumerate().map(|(j, v)| cost(i, j) - v);
            *u = slacks.fold(f64::INFINITY, f64::min);
        }
    }
}
