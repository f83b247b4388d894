//! How good is an assignment at most and at least? Measured from the costs and the duals alone, by whoever doubts.
//!
//! [`verify_assignment`] takes what a solver claims, an assignment and dual variables, and the costs, and gives five
//! numbers, a [`Certificate`], whose documentation states and proves what they mean. It shares nothing with the
//! solver but the way of summing, and believes nothing: the duals may come from elsewhere, and may be wrong.

use super::Sense;
use super::objective::CompensatedSum;
use crate::error::{Argument, Error, Reason, ensure};
use crate::matrix::{RowMajor, ensure_not_empty, row};
use crate::scalar::Scalar;
use crate::simd::{Loop, vectorised};
use crate::workspace::{ensure_workspace, take, vector_scratch};
use faer::dyn_stack::{MemStack, StackReq};

/// What [`verify_assignment`] found: objective - optimum (when maximising, optimum - objective) is at most
/// gap + max(rows, cols) * infeasibility.
///
/// # What the numbers prove
/// Say minimising; k = min(rows, cols) and n = max(rows, cols). The assignment s matches k pairs. Let
///
/// - objective C = sum of c_ij over the matched pairs, dual objective D = sum(u) + sum(v), gap g = C - D;
/// - infeasibility d = the largest of 0, of u_i + v_j - c_ij over all pairs that are not forbidden, and of the
///   duals of the longer side, which should be <= 0 (where rows = cols there is no longer side);
/// - slackness t = the largest of |c_ij - u_i - v_j| over the matched pairs and of |dual| over the lines of the
///   longer side that are not matched.
///
/// *Theorem (weak duality with a defect).* For every full assignment that takes no forbidden pair, of objective C',
/// C' >= D - n d. Hence C - optimum <= g + n d.
/// *Proof.* Each of its k pairs costs c_ij >= u_i + v_j - d. Each line of the shorter side is in one of them, so the
/// pairs together cost at least D - k d less the duals of the n - k lines that it leaves out, all of them on the
/// longer side and each at most d: D - k d - (n - k) d = D - n d. The second claim is this one for the optimum,
/// subtracted from C.
///
/// *Theorem (complementary slackness).* |g| <= n t. *Proof.* g is the sum of c_ij - u_i - v_j over the k matched
/// pairs less the duals of the n - k unmatched lines, n terms of magnitude at most t.
///
/// So d = 0 and g = 0 prove an optimum, and so do d = 0 and t = 0. With d = 0 the gap bounds what a better assignment
/// could gain, and D is a lower bound of the optimum whatever the assignment. As C >= optimum, g >= -n d: a gap below
/// zero is no merit, but the mark of duals that are not feasible. The slackness does not enter the bound; it tells
/// where a gap comes from, many small defects or a single one. Maximising, the same holds with all signs
/// exchanged: d of c_ij - u_i - v_j, and of duals that should be >= 0; g = D - C; and optimum - C <= g + n d.
///
/// # How exact they are
/// u_i + v_j - c_ij is computed with the rounding of its first sum corrected (Knuth's two-sum), so its sign is exact
/// and its value right to two roundings: an infeasibility or a slackness of 0 is 0 in the real numbers, and one that
/// is not misses its value by a part of 2.1 2^-53 at most. The sums are compensated; the gap is one such sum over
/// all costs and duals, which is more accurate than the difference of the two objectives, and each misses its value
/// by one rounding and count^2 2^-106 times the sum of the magnitudes. A number beyond `f64::MAX` becomes infinite.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Certificate {
    /// The sum of the matched costs.
    pub objective: f64,
    /// sum(u) + sum(v): with an infeasibility of 0 no assignment is better than this.
    pub dual_objective: f64,
    /// objective - `dual_objective` when minimising, `dual_objective` - objective when maximising: 0 for a proved
    /// optimum, above 0 what remains unproved.
    pub gap: f64,
    /// The largest violation of the duals' inequalities; 0 where all hold.
    pub infeasibility: f64,
    /// The largest distance from 0 of what should be 0: matched pairs' reduced costs, unmatched lines' duals.
    pub slackness: f64,
}

/// The workspace of [`verify_assignment`] for a matrix of `cols` columns: a byte each.
pub fn verify_assignment_scratch(cols: usize) -> StackReq {
    vector_scratch::<bool>(cols)
}

/// Measures an assignment of `costs[rows, cols]` and the duals that are said to prove it optimal.
///
/// [`Certificate`] tells what the numbers prove. Forbidden pairs, +infinity when minimising and -infinity when
/// maximising, satisfy every inequality. Any duals that are numbers are measured: with all of them 0, for example,
/// and costs that are not negative, the gap is the objective.
///
/// - `row_to_col`: `rows` values, the column of each row or -1 for none; min(rows, cols) rows have one.
/// - `row_duals`, `col_duals`: u and v; `rows` and `cols` values.
///
/// # Errors
/// - [`Reason::Empty`] for a matrix without elements ([`Argument::Costs`]);
/// - [`Reason::Shape`] for an array of the wrong length, and for fewer than min(rows, cols) matched rows
///   ([`Argument::RowToCol`]);
/// - [`Reason::WorkspaceTooSmall`] for less than [`verify_assignment_scratch`] says;
/// - [`Reason::IndexOutOfRange`] for an index that is neither -1 nor a column, [`Reason::DuplicateIndex`] for a
///   column with two rows;
/// - [`Reason::NotANumber`], [`Reason::Infinite`] for duals that are not finite, [`Reason::OutOfRange`] for one of
///   magnitude above `f64::MAX` / 2, of which the sum of two could overflow;
/// - [`Reason::NotANumber`] for a NaN among the costs, [`Reason::Infinite`] for an infinity that does not forbid a
///   pair;
/// - [`Reason::Infeasible`] where a matched pair is forbidden ([`Argument::RowToCol`]).
///
/// # Cost
/// One pass over the matrix, nine additions or multiplications an element. Deterministic, and the same for any SIMD.
///
/// # Source
/// Neumaier, ZAMM 54, 1974, for the sums; Knuth, The Art of Computer Programming 2, 4.2.2, for the two-sum.
pub fn verify_assignment<T: Scalar>(
    costs: RowMajor<'_, T>,
    sense: Sense,
    row_to_col: &[i64],
    row_duals: &[f64],
    col_duals: &[f64],
    stack: &mut MemStack,
) -> Result<Certificate, Error> {
    let mut sums = begin(costs, sense, row_to_col, row_duals, col_duals, stack)?;
    for i in 0..costs.nrows() {
        sums.add(i, 0, row(costs, i));
    }
    sums.finish()
}

/// Checks all but the costs themselves, for costs of any type.
pub(super) fn begin<'a, C>(
    costs: RowMajor<'_, C>,
    sense: Sense,
    row_to_col: &'a [i64],
    row_duals: &'a [f64],
    col_duals: &'a [f64],
    stack: &mut MemStack,
) -> Result<CertificateSums<'a>, Error> {
    let (rows, cols) = (costs.nrows(), costs.ncols());
    ensure_not_empty(costs, Argument::Costs)?;
    ensure(row_to_col.len() == rows, Reason::Shape, Argument::RowToCol)?;
    ensure(row_duals.len() == rows, Reason::Shape, Argument::RowDuals)?;
    ensure(col_duals.len() == cols, Reason::Shape, Argument::ColDuals)?;
    ensure_workspace(stack, verify_assignment_scratch(cols))?;
    CertificateSums::new(sense, row_to_col, row_duals, col_duals, stack)
}

/// A certificate in the making: the costs may come in any order and in parts of rows, each element once, so that
/// they need not lie in memory at the same time.
pub(crate) struct CertificateSums<'a> {
    row_to_col: &'a [i64],
    row_duals: &'a [f64],
    col_duals: &'a [f64],
    /// 1 when minimising, -1 when maximising.
    sign: f64,
    objective: Total,
    dual_objective: Total,
    gap: Total,
    infeasibility: f64,
    slackness: f64,
    costs: Defects,
}

/// What was wrong with the costs so far.
#[derive(Clone, Copy, Default)]
struct Defects {
    not_a_number: bool,
    infinite: bool,
    matched_forbidden: bool,
}

impl<'a> CertificateSums<'a> {
    /// Checks the assignment and the duals, and takes in all that does not need the costs; `rows` and `cols` are the
    /// lengths. The stack holds [`verify_assignment_scratch`] and is free afterwards.
    pub(crate) fn new(
        sense: Sense,
        row_to_col: &'a [i64],
        row_duals: &'a [f64],
        col_duals: &'a [f64],
        stack: &mut MemStack,
    ) -> Result<Self, Error> {
        let (rows, cols) = (row_duals.len(), col_duals.len());
        let (mut is_matched, _) = take(stack, cols, false);
        let mut matched = 0;
        for &j in row_to_col.iter().filter(|&&j| j != -1) {
            let j = usize::try_from(j).ok().filter(|&j| j < cols);
            let j = j.ok_or(Error::new(Reason::IndexOutOfRange, Argument::RowToCol))?;
            ensure(!is_matched[j], Reason::DuplicateIndex, Argument::RowToCol)?;
            is_matched[j] = true;
            matched += 1;
        }
        ensure(matched == rows.min(cols), Reason::Shape, Argument::RowToCol)?;
        ensure_duals(row_duals, Argument::RowDuals)?;
        ensure_duals(col_duals, Argument::ColDuals)?;

        let sign = match sense {
            Sense::Minimise => 1.0,
            Sense::Maximise => -1.0,
        };
        let mut sums = Self {
            row_to_col,
            row_duals,
            col_duals,
            sign,
            objective: Total::default(),
            dual_objective: Total::default(),
            gap: Total::default(),
            infeasibility: 0.0,
            slackness: 0.0,
            costs: Defects::default(),
        };
        for &dual in row_duals.iter().chain(col_duals) {
            sums.dual_objective.add(dual);
            sums.gap.add(-sign * dual);
        }
        if rows < cols {
            sums.add_longer_side(col_duals.iter().zip(is_matched.iter().copied()));
        } else if rows > cols {
            sums.add_longer_side(row_duals.iter().zip(row_to_col.iter().map(|&j| j != -1)));
        }
        Ok(sums)
    }

    /// Takes in the conditions on the longer side: a dual each, and whether its line is matched.
    fn add_longer_side<'b>(&mut self, lines: impl Iterator<Item = (&'b f64, bool)>) {
        for (&dual, is_matched) in lines {
            raise(&mut self.infeasibility, self.sign * dual);
            if !is_matched {
                raise(&mut self.slackness, dual.abs());
            }
        }
    }

    /// Takes in the costs of row `i` from column `first` on.
    pub(crate) fn add<T: Scalar>(&mut self, i: usize, first: usize, costs: &[T]) {
        let col_duals = &self.col_duals[first..first + costs.len()];
        let (sign, row_dual) = (self.sign, self.row_duals[i]);
        let (excess, all_finite) = vectorised(LargestExcess { sign, row_dual, col_duals, costs });
        raise(&mut self.infeasibility, excess);
        if !all_finite {
            for c in costs.iter().map(|c| c.to_f64()) {
                self.costs.not_a_number |= c.is_nan();
                self.costs.infinite |= sign * c == f64::NEG_INFINITY;
            }
        }
        // -1 for no column becomes a number that is past every end.
        let matched = (self.row_to_col[i] as usize).wrapping_sub(first);
        if let Some(cost) = costs.get(matched) {
            let cost = cost.to_f64();
            self.costs.matched_forbidden |= cost.is_infinite();
            raise(&mut self.slackness, excess_of(row_dual, col_duals[matched], cost).abs());
            self.objective.add(cost);
            self.gap.add(sign * cost);
        }
    }

    /// The certificate, once every cost has been added; or what was wrong with the costs.
    pub(crate) fn finish(self) -> Result<Certificate, Error> {
        ensure(!self.costs.not_a_number, Reason::NotANumber, Argument::Costs)?;
        ensure(!self.costs.infinite, Reason::Infinite, Argument::Costs)?;
        ensure(!self.costs.matched_forbidden, Reason::Infeasible, Argument::RowToCol)?;
        Ok(Certificate {
            objective: self.objective.value(),
            dual_objective: self.dual_objective.value(),
            gap: self.gap.value(),
            infeasibility: self.infeasibility,
            slackness: self.slackness,
        })
    }
}

/// Refuses duals that are not finite or so large that the sum of two could overflow.
fn ensure_duals(duals: &[f64], argument: Argument) -> Result<(), Error> {
    let all = |holds: fn(f64) -> bool| duals.iter().all(|&dual| holds(dual));
    ensure(all(|dual| !dual.is_nan()), Reason::NotANumber, argument)?;
    ensure(all(f64::is_finite), Reason::Infinite, argument)?;
    ensure(all(|dual| dual.abs() <= f64::MAX / 2.0), Reason::OutOfRange, argument)
}

/// u + v - c for u + v that does not overflow, with the sign that it has in the real numbers.
///
/// *Proof.* After the two-sum, u + v = sum + dropped exactly, with |dropped| <= 2^-53 |sum|. If c is within a factor
/// of 2 of sum, their difference is exact (Sterbenz), and only the last addition rounds. Otherwise the difference is
/// at least |sum| / 2, which is 2^52 times more than `dropped`, and rounds by a part of 2^-53 of itself.
#[inline(always)]
fn excess_of(u: f64, v: f64, c: f64) -> f64 {
    let sum = u + v;
    let of_v = sum - u;
    let dropped = (u - (sum - of_v)) + (v - of_v);
    (sum - c) + dropped
}

/// The largest of 0 and of sign (u + v - c) over a run of costs of one row, and whether all of these are below
/// infinity and none is NaN.
struct LargestExcess<'a, T> {
    sign: f64,
    row_dual: f64,
    col_duals: &'a [f64],
    costs: &'a [T],
}

/// Maxima kept side by side, two AVX registers of them, as a single one would be a chain of dependent steps.
const LANES: usize = 8;

impl<T: Scalar> Loop for LargestExcess<'_, T> {
    type Output = (f64, bool);

    #[inline(always)]
    fn run(self) -> Self::Output {
        let (sign, u) = (self.sign, self.row_dual);
        let (costs, last_costs) = self.costs.as_chunks::<LANES>();
        let (duals, last_duals) = self.col_duals.as_chunks::<LANES>();
        let (mut largest, mut defects) = ([0.0_f64; LANES], [0_u64; LANES]);
        for (c, v) in costs.iter().zip(duals) {
            for lane in 0..LANES {
                keep_largest(
                    sign * excess_of(u, v[lane], c[lane].to_f64()),
                    &mut largest[lane],
                    &mut defects[lane],
                );
            }
        }
        for (c, v) in last_costs.iter().zip(last_duals) {
            keep_largest(sign * excess_of(u, *v, c.to_f64()), &mut largest[0], &mut defects[0]);
        }
        let largest = largest.iter().copied().fold(0.0, f64::max);
        (largest, defects.iter().all(|&defect| defect == 0))
    }
}

/// Raises `largest` to `excess`, or marks what is no finite excess: NaN or +infinity. A forbidden pair has -infinity.
#[inline(always)]
fn keep_largest(excess: f64, largest: &mut f64, defect: &mut u64) {
    raise(largest, excess);
    *defect |= u64::from(excess.is_nan()) | u64::from(excess == f64::INFINITY);
}

/// Raises `largest` to `value` unless that is smaller or NaN. Other than by `f64::max`, 0 never becomes -0, and the
/// comparison is one instruction.
#[inline(always)]
fn raise(largest: &mut f64, value: f64) {
    *largest = if value > *largest { value } else { *largest };
}

/// A compensated sum of finite values, of which partial sums may overflow as long as the whole does not.
#[derive(Clone, Copy, Default)]
struct Total {
    sum: CompensatedSum,
    /// The sum of the values times [`Self::SCALE`]: cannot overflow, but would lose the bits of the smallest numbers.
    scaled: CompensatedSum,
}

impl Total {
    /// Fewer than 2^64 values of at most `f64::MAX` are summed.
    const SCALE: f64 = 1.0 / (1_u128 << 64) as f64;

    fn add(&mut self, value: f64) {
        self.sum.add(value);
        self.scaled.add(Self::SCALE * value);
    }

    fn value(self) -> f64 {
        let value = self.sum.value();
        if value.is_finite() { value } else { self.scaled.value() / Self::SCALE }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use faer::dyn_stack::MemBuffer;

    #[test]
    fn the_excess_has_its_sign_and_two_roundings() {
        // Integers times powers of two from 2^53 to 2^60, so that i128 subtracts exactly, and holds the neighbours
        // of u + v too; c is often one of these.
        let mut state = 1_u64;
        let mut next = |bits: u32| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> (64 - bits)) as i64
        };
        for case in 0..20_000 {
            let mut number = || (next(53) - (1 << 52)) as f64 * (1_u64 << (53 + next(3))) as f64;
            let (u, v, other) = (number(), number(), number());
            let c = match case % 3 {
                0 => other,
                1 => u + v,
                _ => (u + v) * (1.0 + f64::EPSILON),
            };
            let exact = u as i128 + v as i128 - c as i128;
            let excess = excess_of(u, v, c);
            assert_eq!(excess.partial_cmp(&0.0), Some(exact.cmp(&0)), "{u} + {v} - {c}");
            let error = (exact - excess as i128).unsigned_abs() as f64;
            assert!(error <= 1.05 * f64::EPSILON * exact.unsigned_abs() as f64, "{u} + {v} - {c}");
        }
    }

    #[test]
    fn totals_survive_partial_sums_that_overflow() {
        let total = |values: &[f64]| {
            let mut total = Total::default();
            values.iter().for_each(|&value| total.add(value));
            total.value()
        };
        assert_eq!(total(&[f64::MAX, f64::MAX, -f64::MAX]), f64::MAX);
        assert_eq!(total(&[f64::MAX, f64::MAX]), f64::INFINITY);
        assert_eq!(total(&[-f64::MAX, -f64::MAX, -f64::MAX]), f64::NEG_INFINITY);
        assert_eq!(total(&[5e-324, 5e-324]), 1e-323);
    }

    #[test]
    fn parts_of_rows_in_any_order_give_the_same_certificate() {
        let (rows, cols) = (3, 21);
        let costs: Vec<f64> = (0..rows * cols).map(|k| ((k * 37) % 101) as f64 - 0.5).collect();
        let row_to_col = [20, 0, 7];
        let (u, v): (Vec<f64>, Vec<f64>) =
            ((0..rows).map(|i| i as f64).collect(), (0..cols).map(|j| 0.25 - j as f64).collect());
        let mut buffer = MemBuffer::new(verify_assignment_scratch(cols));
        let stack = MemStack::new(&mut buffer);
        let matrix = crate::matrix::row_major(&costs, rows, cols, cols).unwrap();
        let whole = verify_assignment(matrix, Sense::Minimise, &row_to_col, &u, &v, stack).unwrap();
        let mut sums = CertificateSums::new(Sense::Minimise, &row_to_col, &u, &v, stack).unwrap();
        for (first, end) in [(13, 21), (0, 5), (5, 13)] {
            for i in (0..rows).rev() {
                sums.add(i, first, &costs[i * cols + first..i * cols + end]);
            }
        }
        assert_eq!(sums.finish(), Ok(whole));
    }
}
