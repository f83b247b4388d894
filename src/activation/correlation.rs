//! Correlation matrices from lists of pairs, and random lists.
//!
//! The rules are those of sae-lens (`sae_lens.synthetic.correlation`): pairs set entries, a default sets the rest,
//! and a matrix that is not positive semidefinite is repaired by raising its eigenvalues.

use crate::error::{Argument, Error, Reason, ensure, ensure_finite};
use crate::matrix::{RowMajorMut, ensure_not_empty, ensure_shape, row_mut};
use crate::rng::{Purpose, Stream, uniform_index, unit_uniform};
use crate::scalar::Scalar;
use crate::workspace::{ensure_workspace, matrix_scratch, take_zeros, vector_scratch};
use faer::diag::DiagMut;
use faer::dyn_stack::{MemStack, StackReq};
use faer::linalg::cholesky::llt::factor::{cholesky_in_place, cholesky_in_place_scratch};
use faer::linalg::evd::{ComputeEigenvectors, self_adjoint_evd, self_adjoint_evd_scratch};
use faer::linalg::matmul::triangular::{BlockStructure, matmul};
use faer::{Accum, MatMut, MatRef, Par};

/// The most negative eigenvalue, with its sign changed, that passes for rounding; the least after a repair.
const EIGENVALUE_MARGIN: f64 = 1e-6;

/// The correlation of two features.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(C)]
pub struct CorrelatedPair {
    /// The first feature, less than `j`.
    pub i: u32,
    /// The second feature.
    pub j: u32,
    /// Their correlation, in [-1, 1].
    pub correlation: f64,
}

/// Refuses a NaN, an infinity and a value outside [-1, 1].
fn ensure_correlation(value: f64, argument: Argument) -> Result<(), Error> {
    ensure_finite(value, argument)?;
    ensure(value.abs() <= 1.0, Reason::OutOfRange, argument)
}

/// Refuses pairs that name no two of `n` features in order, or have no correlation.
pub(super) fn check_pairs(pairs: &[CorrelatedPair], n: usize) -> Result<(), Error> {
    for pair in pairs {
        ensure((pair.i as usize) < n && (pair.j as usize) < n, Reason::IndexOutOfRange, Argument::Pairs)?;
        ensure(pair.i < pair.j, Reason::Order, Argument::Pairs)?;
        ensure_correlation(pair.correlation, Argument::Pairs)?;
    }
    Ok(())
}

/// The workspace of [`correlation_matrix`] for `n` features: up to about 48 n^2 bytes.
pub fn correlation_matrix_scratch(n: usize) -> StackReq {
    let square = matrix_scratch::<f64>(n, n);
    // faer's own queries multiply without a check: they must not see sizes that overflow, nor an empty matrix.
    if square.layout().is_err() || n == 0 {
        return if n == 0 { StackReq::EMPTY } else { StackReq::OVERFLOW };
    }
    let decomposition =
        self_adjoint_evd_scratch::<f64>(n, ComputeEigenvectors::Yes, Par::Seq, Default::default());
    let repair = StackReq::all_of(&[square, vector_scratch::<f64>(n), decomposition]);
    let test = square.and(cholesky_in_place_scratch::<f64>(n, Par::Seq, Default::default()));
    square.and(repair.or(test))
}

/// Fills `out[n, n]` with the correlation matrix of these pairs; tells whether it had to be repaired.
///
/// The diagonal is 1, c_ij = c_ji the correlation of the last pair (i, j), and `default_correlation` where there is
/// none. If an eigenvalue is below -1e-6, the eigenvalues below 1e-6 are raised to it, and the matrix
/// V diag(lambda) V^T is scaled to a unit diagonal again: the result is positive definite but only near to what
/// was asked for. The result is exactly symmetric, and its diagonal exactly 1.
///
/// The work is done in double precision whatever `T` is, so that the decision does not hang on rounding in `T`;
/// that an eigenvalue is below -1e-6 is seen from C + 1e-6 I having no Cholesky factor.
///
/// # Errors
/// [`Reason::Empty`] or [`Reason::Shape`] (out) unless n >= 1 and `out` is square; [`Reason::IndexOutOfRange`]
/// (pairs) for an index >= n, [`Reason::Order`] (pairs) unless i < j; [`Reason::NotANumber`], [`Reason::Infinite`]
/// or [`Reason::OutOfRange`] (pairs, `default_correlation`) for a correlation outside [-1, 1];
/// [`Reason::WorkspaceTooSmall`]; [`Reason::NotConverged`] (out) should the eigenvalues not be found. `out` is
/// then untouched.
///
/// # Cost
/// n^3/3 flops, with a repair about 10 n^3 more; workspace [`correlation_matrix_scratch`]. Deterministic; a
/// repaired matrix may differ in its last bits between processors, since the products in it do.
pub fn correlation_matrix<T: Scalar>(
    pairs: &[CorrelatedPair],
    default_correlation: f64,
    mut out: RowMajorMut<'_, T>,
    stack: &mut MemStack,
) -> Result<bool, Error> {
    let n = out.nrows();
    ensure_not_empty(out.as_ref(), Argument::Out)?;
    ensure_shape(out.as_ref(), n, n, Argument::Out)?;
    ensure_correlation(default_correlation, Argument::DefaultCorrelation)?;
    check_pairs(pairs, n)?;
    ensure_workspace(stack, correlation_matrix_scratch(n))?;

    // Column-major; of a symmetric matrix faer reads the lower triangle alone.
    let (mut matrix, stack) = take_zeros::<f64>(stack, n * n);
    matrix.fill(default_correlation);
    matrix.iter_mut().step_by(n + 1).for_each(|x| *x = 1.0);
    for pair in pairs {
        matrix[pair.i as usize * n + pair.j as usize] = pair.correlation;
    }
    let repaired = repair(&mut matrix, n, stack, Argument::Out)?;
    for i in 0..n {
        for (j, x) in row_mut(&mut out, i).iter_mut().enumerate() {
            *x = T::from_f64(matrix[i.min(j) * n + i.max(j)]);
        }
    }
    Ok(repaired)
}

/// Raises the eigenvalues of a column-major matrix, of which the lower triangle is used, where one is below -1e-6;
/// tells whether it did.
pub(super) fn repair(
    matrix: &mut [f64],
    n: usize,
    stack: &mut MemStack,
    argument: Argument,
) -> Result<bool, Error> {
    let repaired = !has_cholesky_factor(matrix, n, stack);
    if repaired {
        raise_eigenvalues(matrix, n, stack, argument)?;
    }
    Ok(repaired)
}

/// Whether the matrix plus 1e-6 on its diagonal is positive definite.
fn has_cholesky_factor(matrix: &[f64], n: usize, stack: &mut MemStack) -> bool {
    let (mut shifted, stack) = take_zeros::<f64>(stack, n * n);
    shifted.copy_from_slice(matrix);
    shifted.iter_mut().step_by(n + 1).for_each(|x| *x += EIGENVALUE_MARGIN);
    let shifted = MatMut::from_column_major_slice_mut(&mut shifted, n, n);
    cholesky_in_place(shifted, Default::default(), Par::Seq, stack, Default::default()).is_ok()
}

/// Replaces the lower triangle by that of the repaired matrix.
fn raise_eigenvalues(
    matrix: &mut [f64],
    n: usize,
    stack: &mut MemStack,
    argument: Argument,
) -> Result<(), Error> {
    let (mut vectors, stack) = take_zeros::<f64>(stack, n * n);
    let (mut values, stack) = take_zeros::<f64>(stack, n);
    self_adjoint_evd(
        MatRef::from_column_major_slice(matrix, n, n),
        DiagMut::from_slice_mut(&mut values),
        Some(MatMut::from_column_major_slice_mut(&mut vectors, n, n)),
        Par::Seq,
        stack,
        Default::default(),
    )
    .map_err(|_| Error::new(Reason::NotConverged, argument))?;

    // With each eigenvector times the root of its eigenvalue the matrix is V V^T.
    for (vector, &value) in vectors.chunks_exact_mut(n).zip(values.iter()) {
        let root = Scalar::sqrt(value.max(EIGENVALUE_MARGIN));
        vector.iter_mut().for_each(|x| *x *= root);
    }
    let scaled = MatRef::from_column_major_slice(&vectors, n, n);
    matmul(
        MatMut::from_column_major_slice_mut(matrix, n, n),
        BlockStructure::TriangularLower,
        Accum::Replace,
        scaled,
        BlockStructure::Rectangular,
        scaled.transpose(),
        BlockStructure::Rectangular,
        1.0,
        Par::Seq,
    );
    let diagonal = &mut values;
    for (i, d) in diagonal.iter_mut().enumerate() {
        // At least 1e-6: the rows of an orthogonal matrix have norm 1.
        *d = Scalar::sqrt(matrix[i * (n + 1)]);
    }
    for j in 0..n {
        matrix[j * (n + 1)] = 1.0;
        for i in j + 1..n {
            // Rounding alone could lead past 1.
            matrix[j * n + i] = (matrix[j * n + i] / (diagonal[i] * diagonal[j])).clamp(-1.0, 1.0);
        }
    }
    Ok(())
}

/// Parameters of [`random_correlations`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RandomCorrelationsParams {
    /// Share of positive ones among the correlated pairs, in [0, 1]. Default 0.5.
    pub positive_ratio: f64,
    /// Share of all pairs that get no correlation, in [0, 1]. Default 0.3.
    pub uncorrelated_ratio: f64,
    /// Least absolute correlation, in [0, `max_strength`]. Default 0.1.
    pub min_strength: f64,
    /// Greatest absolute correlation, in [`min_strength`, 1]. Default 0.8.
    ///
    /// [`min_strength`]: Self::min_strength
    pub max_strength: f64,
    /// Seed. Default 0.
    pub seed: u64,
}

impl Default for RandomCorrelationsParams {
    fn default() -> Self {
        Self { positive_ratio: 0.5, uncorrelated_ratio: 0.3, min_strength: 0.1, max_strength: 0.8, seed: 0 }
    }
}

/// How many pairs there are, how many of them are correlated, and how many of those positively.
struct PairCounts {
    all: u64,
    correlated: u64,
    positive: u64,
}

impl PairCounts {
    /// Checks the parameters and counts as the reference does: both shares are rounded down.
    fn new(n: usize, params: &RandomCorrelationsParams) -> Result<Self, Error> {
        for (ratio, argument) in [
            (params.positive_ratio, Argument::PositiveRatio),
            (params.uncorrelated_ratio, Argument::UncorrelatedRatio),
        ] {
            ensure_finite(ratio, argument)?;
            ensure((0.0..=1.0).contains(&ratio), Reason::OutOfRange, argument)?;
        }
        ensure_finite(params.min_strength, Argument::MinStrength)?;
        ensure_finite(params.max_strength, Argument::MaxStrength)?;
        ensure(params.min_strength >= 0.0, Reason::OutOfRange, Argument::MinStrength)?;
        ensure(params.max_strength <= 1.0, Reason::OutOfRange, Argument::MaxStrength)?;
        ensure(params.min_strength <= params.max_strength, Reason::Order, Argument::MinStrength)?;
        // Features are numbered in 32 bits, so the number of pairs fits into 63.
        ensure(u32::try_from(n).is_ok(), Reason::OutOfRange, Argument::Count)?;

        let n = n as u64;
        let all = n * n.saturating_sub(1) / 2;
        let share = |count: u64, ratio: f64| ((count as f64 * ratio) as u64).min(count);
        let correlated = all - share(all, params.uncorrelated_ratio);
        Ok(Self { all, correlated, positive: share(correlated, params.positive_ratio) })
    }
}

/// How many pairs [`random_correlations`] gives for `n` features: N - floor(N u), where N = n(n - 1)/2 and u is
/// the uncorrelated share.
///
/// # Errors
/// As for [`random_correlations`]; [`Reason::SizeOverflow`] (count) where the number does not fit into `usize`.
pub fn random_correlations_len(n: usize, params: &RandomCorrelationsParams) -> Result<usize, Error> {
    usize::try_from(PairCounts::new(n, params)?.correlated)
        .map_err(|_| Error::new(Reason::SizeOverflow, Argument::Count))
}

/// Writes random correlations between `n` features to the front of `out`; gives their number.
///
/// Of the N = n(n - 1)/2 pairs, floor(N u) chosen at random are left out (u = `uncorrelated_ratio`); of the others
/// floor(count p) chosen at random are positive (p = `positive_ratio`) and the rest negative; absolute values are
/// uniform in [`min_strength`, `max_strength`]. The pairs come in increasing order of (i, j). For fewer than two
/// features there are none.
///
/// Both choices are by selection sampling (Knuth, The Art of Computer Programming 2, 3.4.2, algorithm S): each item
/// in turn is taken with probability (still wanted)/(still to come), which gives every subset the same probability
/// and needs no memory.
///
/// # Errors
/// [`Reason::NotANumber`], [`Reason::Infinite`] or [`Reason::OutOfRange`] unless both ratios lie in [0, 1],
/// `min_strength` >= 0 and `max_strength` <= 1; [`Reason::Order`] unless `min_strength` <= `max_strength`;
/// [`Reason::OutOfRange`] (count) for n > 2^32 - 1; [`Reason::Capacity`] where `out` is shorter than
/// [`random_correlations_len`]. `out` is then untouched.
///
/// # Cost
/// At most three random words a pair, no workspace. Deterministic in the seed; the same on every platform.
pub fn random_correlations(
    n: usize,
    params: &RandomCorrelationsParams,
    out: &mut [CorrelatedPair],
) -> Result<usize, Error> {
    let PairCounts { mut all, mut correlated, mut positive } = PairCounts::new(n, params)?;
    ensure(out.len() as u64 >= correlated, Reason::Capacity, Argument::Capacity)?;

    let mut rng = Stream::new(params.seed, 0).row(Purpose::CorrelationPairs, 0);
    let range = params.max_strength - params.min_strength;
    let mut written = 0;
    for i in 0..n as u32 {
        for j in i + 1..n as u32 {
            if correlated == 0 {
                return Ok(written);
            }
            let chosen = uniform_index(&mut rng, all) < correlated;
            all -= 1;
            if !chosen {
                continue;
            }
            let is_positive = uniform_index(&mut rng, correlated) < positive;
            correlated -= 1;
            positive -= u64::from(is_positive);
            // Rounding alone could lead past the upper end.
            let strength = (params.min_strength + range * unit_uniform(&mut rng)).min(params.max_strength);
            out[written] =
                CorrelatedPair { i, j, correlation: if is_positive { strength } else { -strength } };
            written += 1;
        }
    }
    Ok(written)
}
