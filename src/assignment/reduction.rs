//! Augmenting row reduction: most rows find their column without a search.
//!
//! A free row takes its cheapest column and lowers that column's dual until its second cheapest is as cheap, which is
//! as far as it can go with the row's choice still right. Whoever had the column is free again and chooses next. This
//! is the phase of that name of Jonker and Volgenant 1987, an auction in which bids raise prices by all that the
//! bidder can afford (Bertsekas 1981). Rows choose from their lists, or, in small problems, from all columns.
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

/// How often all free rows may choose: the second pass matches a few rows more, a third hardly any.
const PASSES: usize = 2;

/// Bids in reply to a bid, a free row.
const REPLIES: usize = 16;

/// What a row chooses from.
pub(super) struct Choice<T> {
    /// The column with the least reduced cost, and the cost.
    pub(super) column: usize,
    pub(super) cost: T,
    /// The reduced cost.
    pub(super) least: f64,
    /// What no other column's reduced cost is below.
    pub(super) second: f64,
    /// Another column with the same reduced cost, and its cost, if one is known.
    pub(super) tied: Option<(usize, T)>,
}

/// How rows find what to choose.
pub(super) trait Choices<T> {
    /// What a free row chooses from; [`Reason::Infeasible`] where all its pairs are forbidden.
    fn choose(&mut self, row: usize, matching: &Matching<'_, T>) -> Result<Choice<T>, Error>;
}

/// Lets the free rows choose; gives how many are free after it, in front of `free`.
#[inline(always)]
pub(super) fn reduce_rows<T: Copy>(
    free: &mut [u32],
    matching: &mut Matching<'_, T>,
    choices: &mut impl Choices<T>,
) -> Result<usize, Error> {
    let mut count = free.len();
    for _ in 0..PASSES {
        count = one_pass(&mut free[..count], matching, choices)?;
    }
    Ok(count)
}

#[inline(always)]
fn one_pass<T: Copy>(
    free: &mut [u32],
    matching: &mut Matching<'_, T>,
    choices: &mut impl Choices<T>,
) -> Result<usize, Error> {
    let mut replies = REPLIES * free.len() + 64;
    let (mut still_free, mut next) = (0, 0);
    while next < free.len() {
        let row = free[next] as usize;
        next += 1;
        let Choice { mut column, mut cost, least, second, tied } = choices.choose(row, matching)?;
        let mut lowers = false;
        if second < f64::INFINITY {
            let lowered = matching.duals[column] - (second - least);
            lowers = lowered < matching.duals[column];
            if lowers {
                matching.duals[column] = lowered;
            } else if let (false, Some(other)) = (matching.is_free(column), tied) {
                // The other column may be free, and nobody is displaced in vain.
                (column, cost) = other;
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

/// Rows choose from their lists, and read their costs where a list does not tell which column is the cheapest.
pub(super) struct ListChoices<'s, 'a, T> {
    pub(super) candidates: &'s mut Candidates<'a, T>,
    pub(super) lines: &'s mut dyn Lines<T>,
    /// How long a list is made then.
    pub(super) lengths: Lengths,
}

impl<T: Scalar> ListChoices<'_, '_, T> {
    /// The two cheapest columns of a row and a bound of all others.
    fn cheapest_two(&mut self, row: usize, matching: &Matching<'_, T>) -> (ListedTwo, f64) {
        let (two, bound) = self.candidates.cheapest_two(row, matching.duals);
        let alone = two.second == f64::INFINITY;
        if two.least < f64::INFINITY && two.least <= bound && !(alone && two.least >= bound) {
            return (two, bound);
        }
        self.candidates.select(row, self.lines.row(row), Some(matching.duals), &[], self.lengths);
        self.candidates.cheapest_two(row, matching.duals)
    }
}

impl<T: Scalar> Choices<T> for ListChoices<'_, '_, T> {
    fn choose(&mut self, row: usize, matching: &Matching<'_, T>) -> Result<Choice<T>, Error> {
        let (two, bound) = self.cheapest_two(row, matching);
        ensure(two.least < f64::INFINITY, Reason::Infeasible, Argument::Costs)?;
        let (columns, costs) = self.candidates.list(row, PARTS - 1);
        let at = |slot: usize| (columns[slot] as usize, costs[slot]);
        let (column, cost) = at(two.slot);
        Ok(Choice { column, cost, least: two.least, second: two.second.min(bound), tied: two.tied.map(at) })
    }
}
