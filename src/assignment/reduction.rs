//! Augmenting row reduction: most rows find their column without a search.
//!
//! A free row takes its cheapest column and lowers that column's dual until its second cheapest is as cheap, which is
//! as far as it can go with the row's choice still right. Whoever had the column is free again and chooses next. This
//! is the phase of that name of Jonker and Volgenant 1987, an auction in which bids raise prices by all that the
//! bidder can afford (Bertsekas 1981), on lists instead of whole rows.
//!
//! Two rows that want the same two columns at almost the same cost can outbid each other in tiny steps for
//! very long, a price war. So displaced rows choose at once only as long as a budget lasts, linear in
//! the free rows; what is then still free is left to the searches.

use super::candidates::{Candidates, ListedTwo, PARTS};
use super::lines::Lines;
use super::matching::{Matching, NONE};
use super::select::Lengths;
use crate::error::{Argument, Error, Reason, ensure};
use crate::scalar::Scalar;

/// Bids in reply to a bid, a free row.
const REPLIES: usize = 16;

/// One pass over the free rows; gives how many are free after it, in front of `free`.
pub(super) fn reduce_rows<T: Scalar>(
    free: &mut [u32],
    matching: &mut Matching<'_, T>,
    candidates: &mut Candidates<'_, T>,
    lines: &mut dyn Lines<T>,
    lengths: Lengths,
) -> Result<usize, Error> {
    let mut replies = REPLIES * free.len() + 64;
    let mut still_free = 0;
    let mut next = 0;
    while next < free.len() {
        let row = free[next] as usize;
        next += 1;
        let (two, bound) = cheapest_two(row, matching, candidates, lines, lengths)?;
        let (columns, costs) = candidates.list(row, PARTS - 1);
        let (mut column, mut cost) = (columns[two.slot] as usize, costs[two.slot]);
        let second = two.second.min(bound);
        let mut lowers = false;
        if second < f64::INFINITY {
            let lowered = matching.duals[column] - (second - two.least);
            lowers = lowered < matching.duals[column];
            if lowers {
                matching.duals[column] = lowered;
            } else if let (false, Some(other)) = (matching.is_free(column), two.tied) {
                // A tie: the other column may be free, and nobody is displaced in vain.
                (column, cost) = (columns[other] as usize, costs[other]);
            }
        }
        let displaced = matching.give(row, column, cost);
        if displaced == NONE {
            continue;
        }
        if lowers && replies > 0 {
            replies -= 1;
            next -= 1;
            free[next] = displaced;
        } else {
            free[still_free] = displaced;
            still_free += 1;
        }
    }
    Ok(still_free)
}

/// The two cheapest columns of a row and a bound of all others, from its list, or, where the list cannot tell which
/// column is the cheapest, from a new one.
pub(super) fn cheapest_two<T: Scalar>(
    row: usize,
    matching: &Matching<'_, T>,
    candidates: &mut Candidates<'_, T>,
    lines: &mut dyn Lines<T>,
    lengths: Lengths,
) -> Result<(ListedTwo, f64), Error> {
    let (mut two, mut bound) = candidates.cheapest_two(row, matching.duals);
    let alone = two.second == f64::INFINITY;
    if two.least == f64::INFINITY || two.least > bound || (alone && two.least >= bound) {
        candidates.select(row, lines.row(row), Some(matching.duals), &[], lengths);
        (two, bound) = candidates.cheapest_two(row, matching.duals);
    }
    // Else all its pairs are forbidden.
    ensure(two.least < f64::INFINITY, Reason::Infeasible, Argument::Costs)?;
    Ok((two, bound))
}
