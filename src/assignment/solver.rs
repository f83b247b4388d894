//! The phases of a solve, and the memory that they share.
//!
//! 0. Square costs that are a Monge array in some order get their duals and a column for most rows at once (`monge`).
//! 1. Every row is read once: for its cheapest column only, or, where many rows turn out to want the same columns and
//!    the matrix is too large for the cache, for a whole list (`candidates`).
//! 2. Two passes of augmenting row reduction match most rows (`reduction`).
//! 3. The others are matched by searches on lists (`search`). Where these read so many rows that searches on
//!    the whole matrix would have been cheaper, some of the latter take their place (`dense`).
//! 4. Where the searches so far say that the rest would read every row some hundred times, a square problem's duals
//!    are brought nearer to the optimal ones first (`scaling`).

use super::candidates::{Candidates, LONGEST, PARTS, reduced_len};
use super::dense::{DenseSearch, dense_scratch};
use super::heap::Heap;
use super::lines::Lines;
use super::matching::{Matching, NONE};
use super::monge::{self, Orders};
use super::reduction::{ListChoices, reduce_rows};
use super::scaling::{Epsilons, scale_duals};
use super::scan::{Allowed, LeastTwo, LeastTwoOfEach, LeastTwoReduced, TOGETHER, TwoLeast};
use super::search::{Effort, List, Search};
use super::select::{Entry, Lengths, selection_len};
use crate::error::{Argument, Error, Reason, ensure};
use crate::scalar::Scalar;
use crate::simd::{Dispatching, vectorised};
use crate::workspace::{matrix_scratch, take, vector_scratch};
use faer::dyn_stack::{MemStack, StackReq};

/// Bytes of costs up to which a row is taken to be in the cache when it is read again.
const CACHED: usize = 8 << 20;

/// About how many columns a row's first list has.
fn list_len(cols: usize) -> usize {
    match cols {
        0..=1024 => 12,
        1025..=4096 => 24,
        _ => 48,
    }
}

/// Room for columns in a row's list.
///
/// Where costs have to be computed, a thirteenth of all, which is enough for all columns of one of sixteen clusters.
/// The lists are then a sixth of what the matrix would be, and less for more than 16384 columns, and hardly any row
/// is computed twice.
fn per_row(cols: usize, costly: bool) -> usize {
    const COSTLY: core::ops::RangeInclusive<usize> = LONGEST..=1280;
    if costly { (5 * (cols / 64)).clamp(*COSTLY.start(), *COSTLY.end()).min(cols) } else { LONGEST.min(cols) }
}

/// The workspace of [`match_rows`].
pub(crate) fn match_rows_scratch<T: Scalar>(rows: usize, cols: usize, costly: bool) -> StackReq {
    let per_row = per_row(cols, costly);
    StackReq::all_of(&[
        matrix_scratch::<u32>(rows, per_row),
        matrix_scratch::<T>(rows, per_row),
        matrix_scratch::<u32>(rows, PARTS),
        matrix_scratch::<f64>(rows, PARTS),
        vector_scratch::<Entry>(selection_len(per_row)),
        vector_scratch::<f64>(reduced_len(per_row)),
        vector_scratch::<u32>(rows),
        vector_scratch::<f64>(rows),
        vector_scratch::<u8>(rows),
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

/// What a test may ask for that a solve decides by itself.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Forced {
    /// Epsilon scaling before the first search.
    pub(crate) scaling: bool,
    /// Searches on whole rows only.
    pub(crate) dense: bool,
    /// No regard to what order the costs may be in.
    pub(crate) unordered: bool,
}

/// Matches every row of `lines`, given an empty matching with valid duals.
///
/// `cold` says that these duals are zero. Costs of magnitude above `limit` are refused with [`Reason::OutOfRange`],
/// and so are those that are NaN or -infinity.
pub(crate) fn match_rows<T: Scalar>(
    lines: &mut dyn Lines<T>,
    limit: T,
    cold: bool,
    forced: Forced,
    matching: &mut Matching<'_, T>,
    stack: &mut MemStack,
) -> Result<(), Error> {
    let (rows, cols) = (lines.rows(), lines.cols());
    let costly = lines.are_costly();
    let per_row = per_row(cols, costly);
    let (mut columns, stack) = take(stack, rows * per_row, 0_u32);
    let (mut costs, stack) = take(stack, rows * per_row, T::ZERO);
    let (mut ends, stack) = take(stack, rows * PARTS, 0_u32);
    let (mut bounds, stack) = take(stack, rows * PARTS, 0.0);
    let (mut selection, stack) = take(stack, selection_len(per_row), Entry::default());
    let (mut reduced, stack) = take(stack, reduced_len(per_row), 0.0);
    let (mut free, stack) = take(stack, rows, 0_u32);
    let (mut bases, stack) = take(stack, rows, 0.0);
    let (mut stages, stack) = take(stack, rows, 0_u8);
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
        ends: &mut ends,
        bounds: &mut bounds,
        reduced: &mut reduced,
        selection: &mut selection,
    };
    // Not quite as long as there is room for, as lengths are guesses, and cutting takes time.
    let long = Lengths::new(if costly { per_row * 7 / 8 } else { per_row * 7 / 10 }, cols);
    let lengths = if costly { long } else { Lengths::new(list_len(cols), cols) };
    let orders = Orders { rows: &mut touched, cols: &mut settled, keys: &mut row_keys };
    let ordered = cold && rows == cols && !costly && !forced.unordered;
    let ordered = ordered && monge::start(lines, matching.duals, &mut tied, orders);
    let excess = if ordered {
        read_ordered_rows(lines, limit, &tied, matching, &mut candidates)?
    } else {
        read_rows(lines, limit, cold, matching, &mut candidates, lengths, &mut parents)?;
        0.0
    };
    let mut count = 0;
    for row in (0..rows).filter(|&row| matching.col_of_row[row] == NONE) {
        free[count] = row as u32;
        count += 1;
    }
    let mut choices = ListChoices { candidates: &mut candidates, lines, lengths };
    if ordered && count > rows / 8 {
        // Rounding has made ties into differences: rows want columns all over the stretches that tied.
        count = scale_duals(Epsilons::OfError(excess), &mut free, matching, &mut choices)?;
    }
    count = reduce_rows(&mut free[..count], matching, &mut choices)?;

    let mut search = Search {
        distances: &mut distances,
        parents: &mut parents,
        touched: List::new(&mut touched),
        settled: List::new(&mut settled),
        tied: List::new(&mut tied),
        columns: Heap::new(&mut column_keys, &mut column_lines, &mut column_positions),
        rows: Heap::new(&mut row_keys, &mut row_lines, &mut row_positions),
        bases: &mut bases,
        stages: &mut stages,
        lengths: long,
    };
    let mut choice = SearchChoice::new(rows);
    // An auction reads rows too often for costs that have to be computed.
    let mut scaled = rows != cols || costly;
    let mut next = 0;
    while next < count {
        if !scaled && (forced.scaling || choice.is_hopeless(count - next)) {
            scaled = true;
            let mut choices = ListChoices { candidates: &mut candidates, lines, lengths: search.lengths };
            count = scale_duals(Epsilons::OfCosts, &mut free, matching, &mut choices)?;
            choices.lengths = lengths;
            count = reduce_rows(&mut free[..count], matching, &mut choices)?;
            next = 0;
            continue;
        }
        let root = free[next] as usize;
        next += 1;
        if forced.dense || (choice.dense() && !costly) {
            let mut search = DenseSearch {
                distances: search.distances,
                parents: search.parents,
                duals: &mut duals,
                settled: &mut settled_columns,
                lengths: &mut settled_lengths,
            };
            let settled = search.augment::<T, _, Dispatching>(root, matching, lines)?;
            choice.learn_dense(settled);
        } else {
            let effort = search.augment(root, matching, &mut candidates, lines)?;
            choice.learn(effort);
        }
    }
    Ok(())
}

/// Reads every row once, checks it, and gives it a first list.
fn read_rows<T: Scalar>(
    lines: &mut dyn Lines<T>,
    limit: T,
    cold: bool,
    matching: &mut Matching<'_, T>,
    candidates: &mut Candidates<'_, T>,
    lengths: Lengths,
    seen: &mut [u32],
) -> Result<(), Error> {
    let (rows, cols) = (lines.rows(), lines.cols());
    let duals = (!cold).then_some(&*matching.duals);
    let cached = rows.saturating_mul(cols) <= CACHED / size_of::<T>();
    let mut want = WantedColumns { rows, read: 0, repeated: 0, seen };
    let lines_are_costly = lines.are_costly();
    if let (true, Some(result)) = (cold, lines.select_all(limit, candidates, matching.matched_cost)) {
        return result;
    }
    let mut ahead = Ahead { from: 0, found: None };
    for i in 0..rows {
        if lines_are_costly || (!cached && want.are_few()) {
            let (row, next) = lines.row_and_next(i);
            ensure(vectorised(Allowed { row, limit }), Reason::OutOfRange, Argument::Costs)?;
            candidates.select(i, row, duals, next, lengths);
            continue;
        }
        let found = if cold { ahead.least_two(i, lines, limit) } else { None };
        let (row, next) = lines.row_and_next(i);
        let two = match duals {
            None => found.or_else(|| vectorised(LeastTwo { row, limit })),
            Some(duals) => {
                let allowed = vectorised(Allowed { row, limit });
                allowed.then(|| vectorised(LeastTwoReduced { row, duals }))
            }
        };
        let two = two.ok_or(Error::new(Reason::OutOfRange, Argument::Costs))?;
        let found = two.least < f64::INFINITY;
        if found && want.has_seen(two.column) {
            want.note(two.column);
            candidates.select(i, row, duals, next, lengths);
            continue;
        }
        candidates.set_cheapest(i, found.then(|| (two.column, row[two.column])), two.second);
        if found {
            want.note(two.column);
        }
    }
    lines.end_reading();
    Ok(())
}

/// What was found in some rows that were read side by side.
struct Ahead {
    from: usize,
    found: Option<[Option<TwoLeast>; TOGETHER]>,
}

impl Ahead {
    /// The two least of row `i`, if rows can be read side by side and this one's costs are allowed.
    fn least_two<T: Scalar>(&mut self, i: usize, lines: &dyn Lines<T>, limit: T) -> Option<TwoLeast> {
        if i.is_multiple_of(TOGETHER) || i >= self.from + TOGETHER {
            let rows = lines.rows_from(i);
            (self.from, self.found) = (i, rows.map(|rows| vectorised(LeastTwoOfEach { rows, limit })));
        }
        self.found.and_then(|found| found[i - self.from])
    }
}

/// Reads every row once, checks it, and matches it to its partner if that is one of its cheapest columns; gives by how
/// much partners are dearer at most.
fn read_ordered_rows<T: Scalar>(
    lines: &mut dyn Lines<T>,
    limit: T,
    partners: &[u32],
    matching: &mut Matching<'_, T>,
    candidates: &mut Candidates<'_, T>,
) -> Result<f64, Error> {
    let mut excess = 0.0_f64;
    for (i, &partner) in partners.iter().enumerate().take(lines.rows()) {
        let (row, partner) = (lines.row(i), partner as usize);
        ensure(vectorised(Allowed { row, limit }), Reason::OutOfRange, Argument::Costs)?;
        let two = vectorised(LeastTwoReduced { row, duals: matching.duals });
        let own = row[partner].to_f64() - matching.duals[partner];
        if own <= two.least && own < f64::INFINITY {
            let others = if two.column == partner { two.second } else { two.least };
            candidates.set_cheapest(i, Some((partner, row[partner])), others);
            matching.set(i, partner, row[partner]);
        } else {
            candidates.set_cheapest(i, Some((two.column, row[two.column])), two.second);
            excess = excess.max(own - two.least);
        }
    }
    lines.end_reading();
    Ok(excess)
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
    fn has_seen(&self, column: usize) -> bool {
        self.seen[column] != NONE
    }

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
        self.repeated >= 8 && 2.0 * self.repeated as f64 * rows > 0.63 * read * read
    }
}

/// Decides how to go on by what the searches have cost.
struct SearchChoice {
    rows: f64,
    renewed: f64,
    /// Rows that the searches since the last decision have read, in readings as a dense search makes them,
    read: f64,
    /// and rows that a dense search would have read.
    settled: f64,
    /// Dense searches still to make,
    hold: u32,
    /// and how many to make after the next decision for them.
    next_hold: u32,
    /// Searches made,
    searches: f64,
    /// and the rows they have read altogether.
    all_read: f64,
}

impl SearchChoice {
    fn new(rows: usize) -> Self {
        let rows = rows as f64;
        let (renewed, read, settled, searches, all_read) = (0.0, 0.0, 0.0, 0.0, 0.0);
        Self { rows, renewed, read, settled, hold: 0, next_hold: 8, searches, all_read }
    }

    /// Whether the next search is to be a dense one.
    fn dense(&mut self) -> bool {
        let dense = self.hold > 0;
        self.hold -= u32::from(dense);
        dense
    }

    /// Whether as many more searches as `remaining` are to be expected so long that epsilon scaling is better.
    ///
    /// It reads each row some fifty times. Searches become longer as free columns become fewer, so where the mean of
    /// those made foretells eight readings of each row, it will be many more. (Of the classes in the benchmarks i * j
    /// has 13 here and in the end 270; clustered dictionaries, planar distances and |a_i - b_j| never come above 3.)
    fn is_hopeless(&self, remaining: usize) -> bool {
        self.all_read > 4.0 * self.rows && self.all_read / self.searches * remaining as f64 > 8.0 * self.rows
    }

    fn learn_dense(&mut self, settled: u64) {
        self.searches += 1.0;
        self.all_read += settled as f64;
    }

    fn learn(&mut self, effort: Effort) {
        self.searches += 1.0;
        // Renewing a list takes as long as relaxing a row two or three times.
        let read = (2 * effort.renewed + effort.relaxed) as f64;
        self.all_read += read;
        self.renewed += effort.renewed as f64;
        self.read += read;
        self.settled += effort.settled as f64;
        if self.renewed < self.rows {
            // Every list is renewed once or so on the way; that says nothing yet.
            (self.read, self.settled) = (0.0, 0.0);
        } else if self.read > 1.25 * self.settled && self.read > self.rows {
            self.hold = self.next_hold;
            self.next_hold = (2 * self.next_hold).min(1 << 20);
            (self.read, self.settled) = (0.0, 0.0);
        }
    }
}
