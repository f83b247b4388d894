//! Epsilon scaling: prices by auction, rough ones first, for problems on which the searches would be long.
//!
//! An auction (Bertsekas 1981) is augmenting row reduction in which every bid lowers a dual by `epsilon` more than
//! the bidder would lose nothing by. So no bid is in vain, and price wars are over after few bids; in return each row
//! ends with a column that may be up to `epsilon` worse than its best. Auctions with ever smaller epsilon, each
//! beginning with the last one's duals (Bertsekas and Eckstein 1988), come near the optimal duals in few bids, and
//! leave to the exact phases little that is not right already. On costs such as i * j, where shortest paths lead
//! through half of the rows, that is a matter of some forty times at n = 2000. (Of these `monge` takes care if they are
//! just so; it does not of sums of two such products, or with noise.)
//!
//! For square problems only: a column that ends unmatched would keep the dual that it was left with. Duals still
//! only fall, so lists and bounds stay valid throughout (see `candidates`).

use super::lines::Lines;
use super::matching::{Matching, NONE};
use super::reduction::{Choices, ListChoices};
use super::scan::{greatest, least};
use crate::error::Error;
use crate::scalar::Scalar;
use crate::simd::{Loop, vectorised};

/// The first epsilon, as a part of the costs' range.
const FIRST: f64 = 1.0 / 50.0;

/// The last epsilon is at least this over the square of the rows: near 1 for integers that grow as i * j does.
const LAST: f64 = 100.0;

/// How many times smaller each epsilon is than the one before. A power of two, as each epsilon is, so that duals keep
/// exact where costs are integers.
const STEP: f64 = 4.0;

/// Bids a row in one auction. Few problems need a tenth of them; those without a full assignment would go on for
/// ever.
const BIDS: usize = 64;

/// With which epsilons the auctions are held.
#[derive(Clone, Copy)]
pub(super) enum Epsilons {
    /// As fits the range of the costs.
    OfCosts,
    /// As fits duals that are off by about this much.
    OfError(f64),
}

/// Changes the duals by auctions, frees the rows that do not have one of their cheapest columns, and gives how many
/// rows are free, in front of `free`.
pub(super) fn scale_duals<T: Scalar>(
    epsilons: Epsilons,
    free: &mut [u32],
    matching: &mut Matching<'_, T>,
    choices: &mut ListChoices<'_, '_, T>,
) -> Result<usize, Error> {
    let rows = choices.lines.rows();
    let range = range(choices.lines);
    // Else no number of bids could be trusted to leave the duals finite.
    if range < f64::MAX / (1024.0 * rows as f64 * rows as f64) {
        let (first, last) = match epsilons {
            Epsilons::OfCosts => (range * FIRST, range * LAST / (rows as f64 * rows as f64)),
            Epsilons::OfError(error) => (error / 2.0, error / 1024.0),
        };
        let mut epsilon = power_of_two(first);
        while epsilon > last {
            let count = release_dear(epsilon, free, matching, choices)?;
            auction(epsilon, range, &mut free[..count], matching, choices)?;
            epsilon /= STEP;
        }
    }
    release_dear(0.0, free, matching, choices)
}

/// The largest power of two that is not above a normal number; zero for others.
fn power_of_two(value: f64) -> f64 {
    const EXPONENT: u64 = 0x7ff0_0000_0000_0000;
    f64::from_bits(value.to_bits() & EXPONENT)
}

/// Largest finite cost less the smallest.
fn range<T: Scalar>(lines: &mut dyn Lines<T>) -> f64 {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for i in 0..lines.rows() {
        let (row_low, row_high) = vectorised(Extremes(lines.row(i)));
        (low, high) = (least(row_low, low), greatest(row_high, high));
    }
    if high > low { high - low } else { 0.0 }
}

/// The least and the greatest finite cost of a row.
struct Extremes<'a, T>(&'a [T]);

impl<T: Scalar> Loop for Extremes<'_, T> {
    type Output = (f64, f64);

    #[inline(always)]
    fn run(self) -> (f64, f64) {
        let (mut low, mut high) = (T::INFINITY, -T::INFINITY);
        for &cost in self.0 {
            low = least(cost, low);
            high = greatest(if cost < T::INFINITY { cost } else { -T::INFINITY }, high);
        }
        (low.to_f64(), high.to_f64())
    }
}

/// Frees the rows whose column is more than `epsilon` dearer than their cheapest; gives how many rows are free now.
fn release_dear<T: Scalar>(
    epsilon: f64,
    free: &mut [u32],
    matching: &mut Matching<'_, T>,
    choices: &mut ListChoices<'_, '_, T>,
) -> Result<usize, Error> {
    let mut count = 0;
    for row in 0..choices.lines.rows() {
        let column = matching.col_of_row[row];
        if column != NONE {
            let least = choices.choose(row, matching)?.least;
            let own = matching.matched_cost[row].to_f64() - matching.duals[column as usize];
            if own > least + epsilon {
                matching.release(row);
            }
        }
        if matching.col_of_row[row] == NONE {
            free[count] = row as u32;
            count += 1;
        }
    }
    Ok(count)
}

/// Lets the free rows bid until all have a column, or the bids run out.
fn auction<T: Scalar>(
    epsilon: f64,
    range: f64,
    free: &mut [u32],
    matching: &mut Matching<'_, T>,
    choices: &mut ListChoices<'_, '_, T>,
) -> Result<(), Error> {
    let mut bids = BIDS * choices.lines.rows();
    for &first in free.iter().rev() {
        let mut row = first;
        while row != NONE && bids > 0 {
            bids -= 1;
            let choice = choices.choose(row as usize, matching)?;
            // With one column only that is not forbidden, there is no second.
            let margin = (choice.second - choice.least).min(range);
            matching.duals[choice.column] -= margin + epsilon;
            row = matching.give(row as usize, choice.column, choice.cost);
        }
    }
    Ok(())
}
