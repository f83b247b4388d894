//! Assignment problems for the test programs: solved with every output, and each solution verified.

use super::workspace;
use rand_core::Rng;
use rand_pcg::Pcg64;
use sae_kernels::assignment::{
    AssignmentOut, AssignmentParams, Certificate, Sense, solve, solve_scratch, verify_assignment,
    verify_assignment_scratch,
};
use sae_kernels::matrix::{RowMajor, row_major};
use sae_kernels::{Argument, Error, MemStack, Reason, Scalar};

pub const INFINITY: f64 = f64::INFINITY;
pub const SENSES: [Sense; 2] = [Sense::Minimise, Sense::Maximise];

/// 1 when minimising, -1 when maximising.
pub fn sign(sense: Sense) -> f64 {
    if sense == Sense::Minimise { 1.0 } else { -1.0 }
}

/// All that a solve writes, and what its duals prove.
#[derive(Clone, Debug, PartialEq)]
pub struct Solution {
    pub objective: f64,
    pub row_to_col: Vec<i64>,
    pub col_to_row: Vec<i64>,
    pub row_duals: Vec<f64>,
    pub col_duals: Vec<f64>,
    pub certificate: Certificate,
}

/// Solves with every output and verifies the solution; after an error, checks that nothing was written.
pub fn solve_all<T: Scalar>(costs: RowMajor<'_, T>, sense: Sense) -> Result<Solution, Error> {
    let (rows, cols) = (costs.nrows(), costs.ncols());
    let untouched = Solution {
        objective: 0.0,
        row_to_col: vec![77; rows],
        col_to_row: vec![77; cols],
        row_duals: vec![7.5; rows],
        col_duals: vec![7.5; cols],
        certificate: Certificate::default(),
    };
    let mut s = untouched.clone();
    let out = AssignmentOut {
        row_to_col: &mut s.row_to_col,
        col_to_row: Some(&mut s.col_to_row),
        row_duals: Some(&mut s.row_duals),
        col_duals: Some(&mut s.col_duals),
    };
    let params = AssignmentParams { sense, ..Default::default() };
    let mut buffer = workspace(solve_scratch::<T>(rows, cols));
    match solve(costs, &params, out, MemStack::new(&mut buffer)) {
        Ok(objective) => {
            s.objective = objective;
            certify(costs, sense, &mut s);
            Ok(s)
        }
        Err(error) => {
            assert_eq!(s, untouched, "{error}");
            Err(error)
        }
    }
}

/// Solves a packed matrix, minimising.
pub fn minimise(costs: &[f64], rows: usize, cols: usize) -> Result<Solution, Error> {
    solve_all(row_major(costs, rows, cols, cols).unwrap(), Sense::Minimise)
}

/// The error about the costs for this reason.
pub fn refusal(reason: Reason) -> Error {
    Error::new(reason, Argument::Costs)
}

/// Verifies with a workspace of exactly the size asked for.
pub fn verify<T: Scalar>(
    costs: RowMajor<'_, T>,
    sense: Sense,
    row_to_col: &[i64],
    row_duals: &[f64],
    col_duals: &[f64],
) -> Result<Certificate, Error> {
    let mut buffer = workspace(verify_assignment_scratch(costs.ncols()));
    verify_assignment(costs, sense, row_to_col, row_duals, col_duals, MemStack::new(&mut buffer))
}

/// What is proved: objective - optimum, turned around when maximising, is at most this.
pub fn bound(certificate: &Certificate, rows: usize, cols: usize) -> f64 {
    certificate.gap + rows.max(cols) as f64 * certificate.infeasibility
}

/// The largest of the finite costs' and the duals' magnitudes.
pub fn magnitude<T: Scalar>(costs: RowMajor<'_, T>, s: &Solution) -> f64 {
    let entries = (0..costs.nrows()).flat_map(|i| (0..costs.ncols()).map(move |j| costs[(i, j)].to_f64()));
    let values = entries.chain(s.row_duals.iter().copied()).chain(s.col_duals.iter().copied());
    values.filter(|x| x.is_finite()).map(f64::abs).fold(0.0, f64::max)
}

/// Checks that the two index arrays are one matching and that the duals prove it optimal but for rounding.
///
/// Let M bound every cost and dual, k = min(rows, cols), and say that rows are the shorter side.
///
/// - Infeasibility: the v are <= 0 to the bit, and each u_i is min_j of c_ij - v_j, rounded. Where u_i exceeds
///   c_ij - v_j it does so by that rounding, and c_ij - v_j lies between u_i and its own rounded value: at most
///   M EPSILON / 2, and a higher order.
/// - Slackness: each of the k searches changes a pair's reduced cost by at most 8 operations on numbers of magnitude up
///   to 3 M (a path's length, its two sums, a shift and two dual updates), each with a relative error of
///   EPSILON / 2: at most 12 M EPSILON a search, E = 12 k M EPSILON in all. Before the u are recomputed a matched pair
///   then has a reduced cost of at most E and no pair one below -E, so u_i falls by at most E: 2 E together.
///   Unmatched lines have duals of 0 to the bit.
/// - Gap: the sum of the k matched pairs' reduced costs. Weak duality bounds it below by -n infeasibility, both
///   right to two roundings but for the (2 n)^2 2^-106 2 n M of the compensated sum; n = max(rows, cols).
///
/// Where M is so small that these tolerances underflow, sums and differences are exact.
fn certify<T: Scalar>(costs: RowMajor<'_, T>, sense: Sense, s: &mut Solution) {
    let (rows, cols) = (costs.nrows(), costs.ncols());
    for (i, &j) in s.row_to_col.iter().enumerate() {
        assert!(j == -1 || s.col_to_row[j as usize] == i as i64);
    }
    for (j, &i) in s.col_to_row.iter().enumerate() {
        assert!(i == -1 || s.row_to_col[i as usize] == j as i64);
    }
    let c = verify(costs, sense, &s.row_to_col, &s.row_duals, &s.col_duals).expect("a full assignment");
    let (short, long) = (rows.min(cols) as f64, rows.max(cols) as f64);
    let magnitude = magnitude(costs, s);
    let tolerance = 24.0 * short * f64::EPSILON * magnitude;
    assert_eq!(c.objective, s.objective);
    assert!(c.infeasibility <= f64::EPSILON * magnitude, "{c:?}, magnitude {magnitude}");
    assert!(c.slackness <= tolerance, "{c:?}, magnitude {magnitude}");
    assert!(c.gap <= short * tolerance, "{c:?}, magnitude {magnitude}");
    let rounding =
        4.0 * f64::EPSILON * long * c.infeasibility + 8.0 * long.powi(3) * 2.0_f64.powi(-106) * magnitude;
    assert!(bound(&c, rows, cols) >= -rounding, "{c:?}, magnitude {magnitude}");
    s.certificate = c;
}

/// Reproducible random numbers.
pub struct Draws(Pcg64);

impl Draws {
    pub fn new(seed: u64) -> Self {
        Self(Pcg64::new(u128::from(seed), 0xa02b_dbf7_bb3c_0a7a))
    }

    /// Uniform in [0, 1).
    pub fn uniform(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// One of 0, 1, ... `count` - 1.
    pub fn below(&mut self, count: usize) -> usize {
        (self.0.next_u64() % count as u64) as usize
    }

    /// -1 or 1.
    pub fn sign(&mut self) -> f64 {
        if self.below(2) == 0 { -1.0 } else { 1.0 }
    }

    /// The numbers below `count` in random order (Fisher and Yates).
    pub fn permutation(&mut self, count: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..count).collect();
        for k in (1..count).rev() {
            order.swap(k, self.below(k + 1));
        }
        order
    }
}
