//! Augmenting row reduction: most rows find their column without a search.
//!
//! A free row takes its cheapest column and lowers that column's dual until its second cheapest is as cheap, which is as
//! far as it can go with the row's choice still right. Whoever had the column is free again and chooses next. This is
//! the phase of that name of Jonker and Volgenant 1987, an auction in which bids raise prices by all that the bidder
//! can afford (Bertsekas 1981), on lists instead of whole rows.
//!
//! Two rows that want the same two columns at almost the same cost can outbid each other in tiny steps for
//! very long, a price war. So displaced rows choose at once only as long as a budget lasts, linear in
//! the free rows; what is then still free is left to the searches.

use super::candidates::{Candidates, ListedTwo};
use super::lines::Lines;
use super::matching::{Matching, NONE};
use crate::error::{Argument, Error, Reason};
use crate::scalar::Scalar;

/// Bids in reply to a bid, a free row.
const REPLIES: usize = 16;

/// One pass over the free rows; gives how many are free after it, in front of `free`.
pub(super) fn reduce_rows<T: Scalar>(
    free: &mut [u32],
    matching: &mut Matching<'_, T>,
    candidates: &mut Candidates<'_, T>,
    lines: &mut dyn Lines<T>,
) -> Result<usize, Error> {
    let mut replies = REPLIES * free.len() + 64;
    let mut still_free = 0;
    let mut next = 0;
    while next < free.len() {
        let row = free[next] as usize;
        next += 1;
        let mut two = candidates.cheapest_two(row, matching.duals);
        if needs_reading(&two, candidates.bounds[row]) {
            candidates.select(row, lines.row(row), Some(matching.duals));
            two = candidates.cheapest_two(row, matching.duals);
        }
        let Some(slot) = two.slot else {
            // All its pairs are forbidden.
            return Err(Error::new(Reason::Infeasible, Argument::Costs));
        };
        let (columns, costs) = candidates.list(row);
        let (mut column, mut cost) = (columns[slot] as usize, costs[slot]);
        let second = two.second.min(candidates.bounds[row]);
        let mut lowers = false;
        if second < f64::INFINITY {
            let lowered = matching.duals[column] - (second - two.least);
            lowers = lowered < matching.duals[column];
            if lowers {
                matching.duals[column] = lowered;
            } else if let (false, Some(other)) = (matching.is_free(column), two.second_slot)
                && two.second <= two.least
            {
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

/// Whether the cheapest column, or that there is a cheaper one than all others, is not certain from the list alone.
fn needs_reading(two: &ListedTwo, bound: f64) -> bool {
    two.slot.is_none() || two.least > bound || (two.second_slot.is_none() && two.least >= bound)
}
