//! How strongly features correlate: mean and root mean square of the correlations of all pairs.
//!
//! Of a matrix in memory, or of one of low rank that is never formed, C = F F^T + diag with F [n, r]. Off its diagonal
//! the entries of that one are the inner products of the rows f_i of F, so that with G = F^T F and s = sum_i f_i
//!   sum_{i != j} c_ij = |s|^2 - sum_i |f_i|^2,   sum_{i != j} c_ij^2 = |G|^2 - sum_i |f_i|^4,
//! as an identity. Where n <= r the inner products themselves are no more work, and nothing cancels.

use crate::error::{Argument, Error, Reason, ensure};
use crate::matrix::{RowMajor, ensure_finite_matrix, ensure_not_empty, ensure_shape, row};
use crate::scalar::Scalar;
use crate::simd::{Loop, vectorised};
use crate::workspace::{ensure_workspace, matrix_scratch, take, vector_scratch};
use faer::dyn_stack::{MemStack, StackReq};

/// The correlations of all pairs i != j in two numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CorrelationStatistics {
    /// Their mean, with signs.
    pub mean: f64,
    /// The root of the mean of their squares.
    pub rms: f64,
}

impl CorrelationStatistics {
    /// From sums over the pairs of `n` features; refuses sums that have left the range of double precision.
    fn new(n: usize, sum: f64, sum_of_squares: f64, argument: Argument) -> Result<Self, Error> {
        ensure(sum.is_finite() && sum_of_squares.is_finite(), Reason::OutOfRange, argument)?;
        let pairs = n as f64 * (n as f64 - 1.0);
        Ok(Self { mean: sum / pairs, rms: Scalar::sqrt(sum_of_squares / pairs) })
    }
}

/// Returns mean and root mean square of the elements of `correlation[n, n]` off its diagonal.
///
/// mean = sum_{i != j} c_ij / (n (n - 1)), rms = sqrt(sum_{i != j} c_ij^2 / (n (n - 1))). The diagonal is not looked
/// at but to be finite, and neither symmetry nor a unit diagonal is asked for.
///
/// # Errors
/// [`Reason::Empty`], [`Reason::Shape`] unless `correlation` is square, [`Reason::NotANumber`], [`Reason::Infinite`]
/// for an element that is not finite, [`Reason::OutOfRange`] for elements whose squares are beyond double precision
/// ([`Argument::Correlation`]); [`Reason::OutOfRange`] for n = 1 ([`Argument::Count`]).
///
/// # Cost
/// 3 n^2 flops in two passes, no workspace. Sums in double precision; deterministic, the same on every platform.
///
/// # Source
/// `sae_lens.synthetic.compute_correlation_matrix_stats`.
pub fn correlation_statistics<T: Scalar>(
    correlation: RowMajor<'_, T>,
) -> Result<CorrelationStatistics, Error> {
    let n = correlation.nrows();
    ensure_not_empty(correlation, Argument::Correlation)?;
    ensure_shape(correlation, n, n, Argument::Correlation)?;
    ensure(n > 1, Reason::OutOfRange, Argument::Count)?;
    ensure_finite_matrix(correlation, Argument::Correlation)?;
    let (mut sum, mut sum_of_squares) = (0.0, 0.0);
    for i in 0..n {
        let (before, rest) = row(correlation, i).split_at(i);
        for values in [before, &rest[1..]] {
            let of_row = vectorised(Sums { values });
            sum += of_row.plain;
            sum_of_squares += of_row.squares;
        }
    }
    CorrelationStatistics::new(n, sum, sum_of_squares, Argument::Correlation)
}

/// The workspace of [`low_rank_correlation_statistics`] for a factor of rank `r`: r^2 + 5 r doubles.
pub fn low_rank_correlation_statistics_scratch(r: usize) -> StackReq {
    StackReq::all_of(&[
        matrix_scratch::<f64>(r, r),
        vector_scratch::<f64>(r),
        matrix_scratch::<f64>(TOGETHER, r),
    ])
}

/// Returns what [`correlation_statistics`] does for F F^T + diag, from the factor F, `factor[n, r]`, alone.
///
/// As the identities in this file's first lines say; the diagonal does not matter. Nothing is taken for granted of the
/// rows, whose squared norms are below 1 where F F^T + diag is a correlation matrix.
///
/// For n > r the sum of squares is a difference: where the correlations are tiny, rms is right to about
/// 1e-8 sqrt(sum_i |f_i|^4) / n, no better. The mean is right to about 1e-16 |s|^2 / n^2.
///
/// # Errors
/// [`Reason::Empty`] for no elements, [`Reason::NotANumber`], [`Reason::Infinite`] for one that is not finite,
/// [`Reason::OutOfRange`] for elements whose fourth powers are beyond double precision ([`Argument::Factor`]);
/// [`Reason::OutOfRange`] for n = 1 ([`Argument::Count`]); [`Reason::WorkspaceTooSmall`] for less than
/// [`low_rank_correlation_statistics_scratch`] says.
///
/// # Cost
/// n r min(n, r) flops in double precision, O(r^2) memory. Deterministic, the same on every platform.
///
/// # Source
/// `sae_lens.synthetic.compute_low_rank_correlation_matrix_stats`.
pub fn low_rank_correlation_statistics<T: Scalar>(
    factor: RowMajor<'_, T>,
    stack: &mut MemStack,
) -> Result<CorrelationStatistics, Error> {
    let (n, r) = (factor.nrows(), factor.ncols());
    ensure_not_empty(factor, Argument::Factor)?;
    ensure(n > 1, Reason::OutOfRange, Argument::Count)?;
    ensure_workspace(stack, low_rank_correlation_statistics_scratch(r))?;
    ensure_finite_matrix(factor, Argument::Factor)?;
    let (sum, sum_of_squares) = if n <= r { sums_by_products(factor) } else { sums_by_frame(factor, stack) };
    CorrelationStatistics::new(n, sum, sum_of_squares, Argument::Factor)
}

/// Both sums over i != j, from all inner products of rows.
fn sums_by_products<T: Scalar>(factor: RowMajor<'_, T>) -> (f64, f64) {
    let (mut sum, mut sum_of_squares) = (0.0, 0.0);
    for i in 1..factor.nrows() {
        for j in 0..i {
            let product = vectorised(Product { left: row(factor, i), right: row(factor, j) });
            sum += 2.0 * product;
            sum_of_squares += 2.0 * product * product;
        }
    }
    (sum, sum_of_squares)
}

/// Both sums over i != j, from F^T F and the sum of the rows.
fn sums_by_frame<T: Scalar>(factor: RowMajor<'_, T>, stack: &mut MemStack) -> (f64, f64) {
    let (n, r) = (factor.nrows(), factor.ncols());
    let (mut frame, stack) = take(stack, r * r, 0.0_f64);
    let (mut total, stack) = take(stack, r, 0.0_f64);
    let (mut rows, _) = take(stack, TOGETHER * r, 0.0_f64);
    let (mut norms, mut fourth_powers) = (0.0, 0.0);
    for first in (0..n).step_by(TOGETHER) {
        // Rows past the last are zeros, which add nothing.
        rows.fill(0.0);
        for (i, values) in (first..n).zip(rows.chunks_exact_mut(r)) {
            values.iter_mut().zip(row(factor, i)).for_each(|(value, x)| *value = x.to_f64());
            total.iter_mut().zip(values.iter()).for_each(|(total, x)| *total += x);
            let norm = vectorised(Sums { values }).squares;
            norms += norm;
            fourth_powers += norm * norm;
        }
        vectorised(AddOuterProducts { rows: &rows, frame: &mut frame, r });
    }
    let mut squares = 0.0;
    for p in 0..r {
        let (before, diagonal) = (&frame[p * r..][..p], frame[p * r + p]);
        squares += 2.0 * vectorised(Sums { values: before }).squares + diagonal * diagonal;
    }
    let sum = vectorised(Sums { values: &total }).squares - norms;
    let sum_of_squares = squares - fourth_powers;
    // A sum of squares; the cancellation may leave it a rounding error below zero.
    (sum, if sum_of_squares < 0.0 { 0.0 } else { sum_of_squares })
}

/// Lanes that sums run in, added one after the other at the end.
const LANES: usize = 8;

/// The sums of values and of their squares.
struct Sums<'a, T> {
    values: &'a [T],
}

/// What [`Sums`] gives.
struct PlainAndSquares {
    plain: f64,
    squares: f64,
}

impl<T: Scalar> Loop for Sums<'_, T> {
    type Output = PlainAndSquares;

    #[inline(always)]
    fn run(self) -> PlainAndSquares {
        let (mut plain, mut squares) = ([0.0_f64; LANES], [0.0_f64; LANES]);
        let (chunks, rest) = self.values.as_chunks::<LANES>();
        for chunk in chunks {
            for lane in 0..LANES {
                plain[lane] += chunk[lane].to_f64();
                squares[lane] += chunk[lane].to_f64() * chunk[lane].to_f64();
            }
        }
        for ((plain, squares), x) in plain.iter_mut().zip(&mut squares).zip(rest) {
            *plain += x.to_f64();
            *squares += x.to_f64() * x.to_f64();
        }
        PlainAndSquares { plain: plain.iter().sum(), squares: squares.iter().sum() }
    }
}

/// The inner product of two vectors.
struct Product<'a, T> {
    left: &'a [T],
    right: &'a [T],
}

impl<T: Scalar> Loop for Product<'_, T> {
    type Output = f64;

    #[inline(always)]
    fn run(self) -> f64 {
        let mut sums = [0.0_f64; LANES];
        let (left, left_rest) = self.left.as_chunks::<LANES>();
        let (right, right_rest) = self.right.as_chunks::<LANES>();
        for (left, right) in left.iter().zip(right) {
            for lane in 0..LANES {
                sums[lane] += left[lane].to_f64() * right[lane].to_f64();
            }
        }
        for ((sum, x), y) in sums.iter_mut().zip(left_rest).zip(right_rest) {
            *sum += x.to_f64() * y.to_f64();
        }
        sums.iter().sum()
    }
}

/// Rows that are added to F^T F at a time, so that it is read and written less often.
const TOGETHER: usize = 4;

/// Adds x x^T for each of [`TOGETHER`] rows x of `r` values, one after the other, to the lower triangle of `frame`.
struct AddOuterProducts<'a> {
    rows: &'a [f64],
    frame: &'a mut [f64],
    r: usize,
}

impl Loop for AddOuterProducts<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let r = self.r;
        let (a, rest) = self.rows.split_at(r);
        let (b, rest) = rest.split_at(r);
        let (c, d) = rest.split_at(r);
        for (p, frame) in self.frame.chunks_exact_mut(r).enumerate() {
            let factors = [a[p], b[p], c[p], d[p]];
            let values = a.iter().zip(b).zip(c).zip(d);
            for (sum, (((a, b), c), d)) in frame[..=p].iter_mut().zip(values) {
                *sum = *sum + factors[0] * a + factors[1] * b + factors[2] * c + factors[3] * d;
            }
        }
    }
}
