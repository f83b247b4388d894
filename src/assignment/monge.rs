//! Optimal duals at once for costs that are a Monge array in some order of their rows and columns.
//!
//! In a Monge array c_ij + c_kl <= c_il + c_kj whenever i < k and j < l: pairs that cross never cost less than pairs
//! that do not. Rows and columns are then matched in order, first to first and last to last (Hoffman 1963; Burkard,
//! Klinz and Rudolf, Discrete Applied Mathematics 70, 1996). Costs that fall or rise with distance on a line are of
//! this kind, and so are products a_i b_j, whatever the order that they come in; for every other method they are hard,
//! as shortest paths lead through most of the rows.
//!
//! The order shows itself in differences: of two rows r and s, c_rj - c_sj rises along the columns, so sorting by it
//! puts them in order, and likewise the rows. Neighbours then bound the duals: v may rise from column j to the next, l,
//! by c_kl - c_kj at least and by c_il - c_ij at most, with i and k the rows of these columns. Sums of such steps are
//! feasible for all pairs, since a pair's inequality is the sum of those between neighbours.
//!
//! Nothing is taken on trust: what is found here is where the solver starts, and any start is right. Costs that are
//! not of the kind are told apart by a few of them.

use super::lines::Lines;
use crate::scalar::Scalar;

/// Columns that are looked at first.
const SAMPLE: usize = 32;

/// How often the extreme rows and columns are sought anew. Each time about half of those farther out are left.
const ROUNDS: usize = 24;

/// What costs are taken to be rounded to, relative to themselves: single precision, as costs in double precision often
/// are, too.
const ROUNDING: f64 = f32::EPSILON as f64;

/// Room for an order of the rows and of the columns, and for numbers to sort them by.
pub(super) struct Orders<'a> {
    pub(super) rows: &'a mut [u32],
    pub(super) cols: &'a mut [u32],
    pub(super) keys: &'a mut [f64],
}

/// Sets `duals` to optimal ones but for rounding, and each row's entry in `partners` to the column that is then its
/// cheapest, if the square costs are a Monge array in some order; else gives false and leaves both as they are or
/// zero.
pub(super) fn start<T: Scalar>(
    lines: &mut dyn Lines<T>,
    duals: &mut [f64],
    partners: &mut [u32],
    orders: Orders<'_>,
) -> bool {
    let Orders { rows, cols, keys } = orders;
    if !is_plausible(lines) {
        return false;
    }
    let [first_row, last_row, first_col, last_col] = extremes(lines);
    sort_by(rows, keys, |i| difference(lines, [i, i], [first_col, last_col]));
    sort_by(cols, keys, |j| difference(lines, [first_row, last_row], [j, j]));
    if !chain(lines, duals, rows, cols) {
        duals.fill(0.0);
        return false;
    }
    for (&i, &j) in rows.iter().zip(&*cols) {
        partners[i as usize] = j;
    }
    true
}

/// c(i, j) - c(k, l), for rows [i, k] and columns [j, l].
fn difference<T: Scalar>(lines: &mut dyn Lines<T>, rows: [usize; 2], cols: [usize; 2]) -> f64 {
    lines.cost(rows[0], cols[0]).to_f64() - lines.cost(rows[1], cols[1]).to_f64()
}

/// Whether the differences of three rows rise, or fall, along the same order of some columns.
fn is_plausible<T: Scalar>(lines: &mut dyn Lines<T>) -> bool {
    let (n, last) = (lines.rows(), lines.rows() - 1);
    let (mut near, mut far) = ([0.0; SAMPLE], [0.0; SAMPLE]);
    let mut largest = 0.0_f64;
    for (q, (near, far)) in near.iter_mut().zip(&mut far).enumerate() {
        let j = q * n / SAMPLE;
        *near = difference(lines, [n / 2, 0], [j, j]);
        *far = difference(lines, [last, 0], [j, j]);
        largest = largest.max(lines.cost(0, j).to_f64().abs()).max(near.abs()).max(far.abs());
    }
    // A NaN or an infinity fails here.
    if largest == f64::INFINITY || near.iter().chain(&far).any(|d| d.is_nan()) {
        return false;
    }
    let rounding = 8.0 * ROUNDING * largest;
    let (mut same, mut opposite) = (false, false);
    for k in 1..SAMPLE {
        for j in 0..k {
            let (a, b) = (near[j] - near[k], far[j] - far[k]);
            let tells = a.abs() > rounding && b.abs() > rounding;
            same |= tells && (a > 0.0) == (b > 0.0);
            opposite |= tells && (a > 0.0) != (b > 0.0);
        }
    }
    !(same && opposite)
}

/// The first and last row and the first and last column of the order.
///
/// Differences between two columns tell the first row and the last, but may be the same for rows beyond both columns;
/// those of rows so found tell columns farther out, and so on until no more is gained.
fn extremes<T: Scalar>(lines: &mut dyn Lines<T>) -> [usize; 4] {
    let n = lines.rows();
    let ([mut r, mut s], [mut p, mut q]) = ([0, n - 1], [0, n - 1]);
    let mut spread = 0.0;
    for _ in 0..ROUNDS {
        [r, s] = least_and_greatest(n, |i| difference(lines, [i, i], [p, q]));
        [p, q] = least_and_greatest(n, |j| difference(lines, [r, s], [j, j]));
        let wider = difference(lines, [r, s], [q, q]) - difference(lines, [r, s], [p, p]);
        if wider <= spread || wider.is_nan() {
            break;
        }
        spread = wider;
    }
    [r, s, p, q]
}

/// Where the key is least and where it is greatest.
fn least_and_greatest(n: usize, mut key: impl FnMut(usize) -> f64) -> [usize; 2] {
    let (mut least, mut greatest) = ((f64::INFINITY, 0), (f64::NEG_INFINITY, 0));
    for at in 0..n {
        let key = key(at);
        if key < least.0 {
            least = (key, at);
        }
        if key > greatest.0 {
            greatest = (key, at);
        }
    }
    [least.1, greatest.1]
}

/// Sorts all indices by a key.
fn sort_by(order: &mut [u32], keys: &mut [f64], mut key: impl FnMut(usize) -> f64) {
    for (at, (place, value)) in order.iter_mut().zip(keys.iter_mut()).enumerate() {
        *place = at as u32;
        *value = key(at);
    }
    order.sort_unstable_by(|&a, &b| keys[a as usize].total_cmp(&keys[b as usize]).then(a.cmp(&b)));
}

/// Sums the duals along the order, each step in the middle of its bounds, and gives whether these leave room.
fn chain<T: Scalar>(lines: &mut dyn Lines<T>, duals: &mut [f64], rows: &[u32], cols: &[u32]) -> bool {
    let mut dual = 0.0;
    duals[cols[0] as usize] = dual;
    for (rows, cols) in rows.windows(2).zip(cols.windows(2)) {
        let ([i, k], [j, l]) = ([rows[0] as usize, rows[1] as usize], [cols[0] as usize, cols[1] as usize]);
        let [ij, il, kj, kl] = [(i, j), (i, l), (k, j), (k, l)].map(|(i, j)| lines.cost(i, j).to_f64());
        let (low, high) = (kl - kj, il - ij);
        let largest = ij.abs().max(il.abs()).max(kj.abs()).max(kl.abs());
        // Each cost may have been rounded. A NaN fails.
        let leaves_room = low <= high + 4.0 * ROUNDING * largest;
        if !leaves_room || largest == f64::INFINITY {
            return false;
        }
        dual += 0.5 * (low + high);
        duals[cols[1] as usize] = dual;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::super::lines::MatrixLines;
    use super::*;
    use crate::matrix::row_major;
    use std::vec;
    use std::vec::Vec;

    /// Numbers in [0, 1) in no order.
    fn scattered(n: usize, seed: usize) -> Vec<f64> {
        (0..n).map(|i| ((i * 7919 + seed * 104_729 + i * i * 31) % 1009) as f64 / 1009.0).collect()
    }

    /// Starts on f(a_i, b_j) and gives the largest amount by which a partner is not its row's cheapest column.
    fn excess(n: usize, f: impl Fn(f64, f64) -> f64) -> Option<f64> {
        let (a, b) = (scattered(n, 1), scattered(n, 2));
        let costs: Vec<f64> =
            a.iter().flat_map(|&a| b.iter().map(move |&b| (a, b))).map(|(a, b)| f(a, b)).collect();
        let mut copy = vec![0.0; n];
        let mut lines = MatrixLines::new(row_major(&costs, n, n, n).unwrap(), false, &mut copy);
        let (mut rows, mut cols, mut keys) = (vec![0; n], vec![0; n], vec![0.0; n]);
        let (mut duals, mut partners) = (vec![0.0; n], vec![u32::MAX; n]);
        let orders = Orders { rows: &mut rows, cols: &mut cols, keys: &mut keys };
        if !start(&mut lines, &mut duals, &mut partners, orders) {
            assert!(duals.iter().all(|&dual| dual == 0.0) && partners.iter().all(|&j| j == u32::MAX));
            return None;
        }
        let mut columns = partners.clone();
        columns.sort_unstable();
        assert!(columns.iter().enumerate().all(|(j, &column)| j == column as usize));
        let excess = |i: usize| {
            let row = &costs[i * n..(i + 1) * n];
            let least = row.iter().zip(&duals).map(|(c, v)| c - v).fold(f64::INFINITY, f64::min);
            row[partners[i] as usize] - duals[partners[i] as usize] - least
        };
        Some((0..n).map(excess).fold(0.0, f64::max))
    }

    #[test]
    fn costs_on_a_line_and_products_are_solved() {
        for n in [1, 2, 3, 40, 300] {
            // Sums of n steps, each rounded.
            let rounding = 4.0 * n as f64 * f64::EPSILON;
            for found in [
                excess(n, |a, b| a * b),
                excess(n, |a, b| -a * b),
                excess(n, |a, b| (a - b).abs()),
                excess(n, |a, b| (a - b) * (a - b)),
                excess(n, |a, b| libm::exp(a + b)),
                excess(n, |_, _| 0.5),
            ] {
                assert!(found.is_some_and(|excess| excess <= rounding), "{n}: {found:?}");
            }
        }
    }

    #[test]
    fn other_costs_are_left_alone() {
        for n in [40, 300] {
            assert_eq!(excess(n, |a, b| (a * 7.0 + b * 13.0).fract()), None);
            assert_eq!(excess(n, |a, b| libm::sqrt((a - b).abs())), None);
            assert_eq!(excess(n, |a, b| if a > 0.5 && b > 0.9 { f64::INFINITY } else { a * b }), None);
            assert_eq!(excess(n, |a, b| if a > 0.5 && b > 0.9 { f64::NAN } else { a * b }), None);
        }
    }
}
