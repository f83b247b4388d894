//! Correlated firing by a Gaussian copula, and activations on top of it.
//!
//! A row z ~ N(0, C) is drawn as z = L eps, with C = L L^T and eps independent standard normal numbers; feature i
//! fires where z_i exceeds the number that a standard normal variable exceeds with probability p_i. So each
//! feature fires with its own probability, and two features together as often as the orthant probability of their
//! bivariate normal distribution says. The construction is the one of sae-lens
//! (`sae_lens.synthetic.activation_generator`); the factor is computed once, not at every draw.

use super::firing::{PerFeature, check_length, check_magnitudes, magnitude};
use super::quantile::upper_normal_quantile;
use crate::error::{Argument, Error, Reason, ensure};
use crate::matrix::{
    RowMajor, RowMajorMut, ensure_finite_matrix, ensure_not_empty, ensure_shape, row, row_major_mut, row_mut,
};
use crate::product::multiply;
use crate::rng::{Purpose, Stream, standard_normal};
use crate::scalar::Scalar;
use crate::workspace::{ensure_workspace, matrix_scratch, take_zeros};
use faer::dyn_stack::{MemStack, StackReq};
use faer::linalg::cholesky::llt::factor::{cholesky_in_place, cholesky_in_place_scratch};
use faer::{Accum, MatMut, MatRef, Par};

/// How far a correlation matrix may be from unit diagonal and symmetry: |x - y| <= 1e-8 + 1e-5 |y|, which are the
/// defaults of `torch.allclose`.
pub(super) fn nearly_equal(x: f64, y: f64) -> bool {
    (x - y).abs() <= 1e-8 + 1e-5 * y.abs()
}

/// The workspace of [`factorise`] for `n` features: about 8 n^2 bytes.
pub fn factorise_scratch(n: usize) -> StackReq {
    let square = matrix_scratch::<f64>(n, n);
    if square.layout().is_err() {
        return StackReq::OVERFLOW;
    }
    square.and(cholesky_in_place_scratch::<f64>(n, Par::Seq, Default::default()))
}

/// Fills `factor_out[n, n]` with the lower triangular L of C = L L^T, for the correlation matrix `correlation[n, n]`.
///
/// Above the diagonal `factor_out` is zero. The factorisation (Cholesky's) is done in double precision whatever
/// `T` is: a matrix repaired to eigenvalues of 1e-6 and stored in single precision often still has a factor,
/// where one computed in single precision would be lost in rounding. Of C the lower triangle is used.
///
/// # Errors
/// [`Reason::Empty`] or [`Reason::Shape`] (correlation) unless C is square with n >= 1, [`Reason::Shape`] (factor);
/// [`Reason::NotANumber`], [`Reason::Infinite`] (correlation); [`Reason::DiagonalNotOne`] unless |`c_ii` - 1| <=
/// 1.001e-5; [`Reason::NotSymmetric`] unless |`c_ij` - `c_ji`| <= 1e-8 + 1e-5 |`c_ji`|;
/// [`Reason::WorkspaceTooSmall`]; [`Reason::NotPositiveDefinite`] (correlation). `factor_out` is then untouched.
///
/// # Cost
/// n^3/3 flops; workspace [`factorise_scratch`]. Deterministic; the last bits may differ between processors with
/// different SIMD instructions.
pub fn factorise<T: Scalar>(
    correlation: RowMajor<'_, T>,
    mut factor_out: RowMajorMut<'_, T>,
    stack: &mut MemStack,
) -> Result<(), Error> {
    let n = correlation.nrows();
    ensure_not_empty(correlation, Argument::Correlation)?;
    ensure_shape(correlation, n, n, Argument::Correlation)?;
    ensure_shape(factor_out.as_ref(), n, n, Argument::Factor)?;
    ensure_finite_matrix(correlation, Argument::Correlation)?;
    for i in 0..n {
        let diagonal = row(correlation, i)[i].to_f64();
        ensure(nearly_equal(diagonal, 1.0), Reason::DiagonalNotOne, Argument::Correlation)?;
        for (j, x) in row(correlation, i)[..i].iter().enumerate() {
            let mirrored = row(correlation, j)[i].to_f64();
            ensure(nearly_equal(x.to_f64(), mirrored), Reason::NotSymmetric, Argument::Correlation)?;
        }
    }
    ensure_workspace(stack, factorise_scratch(n))?;

    let (mut factor, stack) = take_zeros::<f64>(stack, n * n);
    for i in 0..n {
        for (j, x) in row(correlation, i)[..=i].iter().enumerate() {
            factor[j * n + i] = x.to_f64();
        }
    }
    cholesky_factor(&mut factor, n, stack, Argument::Correlation)?;
    for i in 0..n {
        for (j, x) in row_mut(&mut factor_out, i).iter_mut().enumerate() {
            *x = if j <= i { T::from_f64(factor[j * n + i]) } else { T::ZERO };
        }
    }
    Ok(())
}

/// Replaces the lower triangle of a column-major matrix by that of its factor; the memory is that of [`factorise`]
/// without the matrix.
pub(super) fn cholesky_factor(
    matrix: &mut [f64],
    n: usize,
    stack: &mut MemStack,
    argument: Argument,
) -> Result<(), Error> {
    let not_definite = Error::new(Reason::NotPositiveDefinite, argument);
    let columns = MatMut::from_column_major_slice_mut(matrix, n, n);
    cholesky_in_place(columns, Default::default(), Par::Seq, stack, Default::default())
        .map_err(|_| not_definite)?;
    // Entries far outside [-1, 1] may overflow on the way to a pivot that is then not a number.
    let sound = matrix.iter().step_by(n + 1).all(|&pivot| pivot > 0.0 && pivot.is_finite());
    ensure(sound, not_definite.reason, not_definite.argument)
}

/// Fills `out[n]` with the thresholds of features that fire with these probabilities: Phi^-1(1 - p).
///
/// `probabilities` has length n, or 1 for all features alike. A probability of 0 gives +infinity, which no number
/// exceeds; 1 gives -infinity, which every number does.
///
/// # Errors
/// [`Reason::Empty`] (thresholds) for an empty `out`; [`Reason::Empty`], [`Reason::Shape`], [`Reason::NotANumber`]
/// or [`Reason::OutOfRange`] (probabilities). `out` is then untouched.
///
/// # Cost
/// One quantile a feature, no workspace; computed from p itself, so that the smallest p keeps its digits. The same
/// on every platform.
pub fn thresholds<T: Scalar>(probabilities: &[T], out: &mut [T]) -> Result<(), Error> {
    ensure(!out.is_empty(), Reason::Empty, Argument::Thresholds)?;
    check_thresholded(probabilities, out.len())?;
    let probabilities = PerFeature::new(probabilities);
    for (i, threshold) in out.iter_mut().enumerate() {
        *threshold = T::from_f64(upper_normal_quantile(probabilities.of(i).to_f64()));
    }
    Ok(())
}

/// Refuses probabilities of which there are no thresholds.
pub(super) fn check_thresholded<T: Scalar>(probabilities: &[T], features: usize) -> Result<(), Error> {
    check_length(probabilities, features, Argument::Probabilities)?;
    for p in probabilities {
        ensure(!p.is_nan(), Reason::NotANumber, Argument::Probabilities)?;
        ensure((T::ZERO..=T::ONE).contains(p), Reason::OutOfRange, Argument::Probabilities)?;
    }
    Ok(())
}

/// Rows drawn together. A block begins at a row number divisible by it, wherever the batch begins.
const BLOCK_ROWS: usize = 256;

/// Features whose z is computed together; they need the eps of no later feature, which saves half the product.
const PANEL: usize = 64;

/// The workspace of [`sample_firing`] and [`sample_correlated`] for `n` features: 256 (n + min(n, 64)) elements.
pub fn sample_scratch<T: Scalar>(n: usize) -> StackReq {
    matrix_scratch::<T>(BLOCK_ROWS, n).and(matrix_scratch::<T>(BLOCK_ROWS, n.min(PANEL)))
}

/// Fills `activations[b, n]` with 1 where a feature fires and 0 elsewhere.
///
/// Row k is row `first_row` + k of the stream: z = L eps, where the eps are drawn from that row's generator, and
/// feature i fires where `z_i` > `thresholds[i]`. `factor[n, n]` is L as [`factorise`] writes it, zero above the
/// diagonal; `thresholds[n]` as [`thresholds`] writes them.
///
/// A row does not depend on the batch it is drawn in: products are always of 256 rows that begin at a row number
/// divisible by 256, with zeros for the rows outside the batch. Between processors with different SIMD
/// instructions z may differ in its last bits, and so, about once in 1/epsilon draws, a firing.
///
/// # Errors
/// [`Reason::Empty`] (activations); [`Reason::Shape`] (factor, thresholds); [`Reason::NotANumber`] (factor,
/// thresholds); [`Reason::Infinite`] (factor); [`Reason::SizeOverflow`] (`first_row`) where `first_row` + b
/// exceeds 2^64 - 1; [`Reason::WorkspaceTooSmall`]. `activations` is then untouched.
///
/// # Cost
/// b n normal numbers and about n^2 flops a row (2 n^2 for n <= 64), counted for whole blocks of 256 rows: draw many
/// rows at a time; workspace [`sample_scratch`].
pub fn sample_firing<T: Scalar>(
    factor: RowMajor<'_, T>,
    thresholds: &[T],
    stream: Stream,
    first_row: u64,
    mut activations: RowMajorMut<'_, T>,
    stack: &mut MemStack,
) -> Result<(), Error> {
    let (b, n) = (activations.nrows(), activations.ncols());
    ensure_not_empty(activations.as_ref(), Argument::Activations)?;
    ensure_shape(factor, n, n, Argument::Factor)?;
    ensure(thresholds.len() == n, Reason::Shape, Argument::Thresholds)?;
    ensure(!thresholds.iter().any(|t| t.is_nan()), Reason::NotANumber, Argument::Thresholds)?;
    ensure_finite_matrix(factor, Argument::Factor)?;
    ensure(first_row.checked_add(b as u64).is_some(), Reason::SizeOverflow, Argument::FirstRow)?;
    ensure_workspace(stack, sample_scratch::<T>(n))?;

    let panel = n.min(PANEL);
    let (mut noise, stack) = take_zeros::<T>(stack, BLOCK_ROWS * n);
    let (mut z, _) = take_zeros::<T>(stack, BLOCK_ROWS * panel);
    let mut done = 0;
    while done < b {
        let row_number = first_row + done as u64;
        let skipped = (row_number % BLOCK_ROWS as u64) as usize;
        let count = (BLOCK_ROWS - skipped).min(b - done);

        // A row of a product does not depend on the other rows' values, only on the product's shape.
        noise.fill(T::ZERO);
        for (k, row) in noise.chunks_exact_mut(n).skip(skipped).take(count).enumerate() {
            let mut rng = stream.row(Purpose::Activations, row_number + k as u64);
            row.fill_with(|| T::from_f64(standard_normal(&mut rng)));
        }
        for begin in (0..n).step_by(PANEL) {
            let width = panel.min(n - begin);
            let end = begin + width;
            let z = &mut z[..BLOCK_ROWS * width];
            multiply(
                row_major_mut(z, BLOCK_ROWS, width, width)?,
                Accum::Replace,
                MatRef::from_row_major_slice(&noise, BLOCK_ROWS, n).subcols(0, end),
                factor.submatrix(begin, 0, width, end).as_dyn_stride().transpose(),
                T::ONE,
                Par::Seq,
            );
            for (k, z) in z.chunks_exact(width).skip(skipped).take(count).enumerate() {
                let fired = &mut row_mut(&mut activations, done + k)[begin..end];
                for ((x, &z), &threshold) in fired.iter_mut().zip(z).zip(&thresholds[begin..end]) {
                    *x = if z > threshold { T::ONE } else { T::ZERO };
                }
            }
        }
        done += count;
    }
    Ok(())
}

/// Fills `activations[b, n]` with activations whose firing is correlated.
///
/// As [`sample_firing`], with `relu(mean_i + std_i g)` in place of 1; `means` and `std_devs` have length n, or 1
/// for all features alike. The standard normal g come from a generator of the row that serves nothing else: one for
/// each feature that fires with `std_i` > 0, in the order of the features. A row is thus a function of (seed,
/// stream, row number), as for [`sample_firing`] and with the same reservation.
///
/// # Errors
/// As for [`sample_firing`]; [`Reason::Empty`], [`Reason::Shape`], [`Reason::NotANumber`] or [`Reason::Infinite`]
/// (means, `std_devs`); [`Reason::OutOfRange`] (`std_devs`) for a negative one. `activations` is then untouched.
///
/// # Cost
/// As for [`sample_firing`], and a normal number for each activation.
pub fn sample_correlated<T: Scalar>(
    factor: RowMajor<'_, T>,
    thresholds: &[T],
    means: &[T],
    std_devs: &[T],
    stream: Stream,
    first_row: u64,
    mut activations: RowMajorMut<'_, T>,
    stack: &mut MemStack,
) -> Result<(), Error> {
    ensure_not_empty(activations.as_ref(), Argument::Activations)?;
    check_magnitudes(means, std_devs, activations.ncols())?;
    sample_firing(factor, thresholds, stream, first_row, activations.as_mut(), stack)?;

    let (means, std_devs) = (PerFeature::new(means), PerFeature::new(std_devs));
    for k in 0..activations.nrows() {
        let mut rng = stream.row(Purpose::Magnitudes, first_row + k as u64);
        for (i, x) in row_mut(&mut activations, k).iter_mut().enumerate() {
            if *x > T::ZERO {
                *x = magnitude(means.of(i), std_devs.of(i), &mut rng);
            }
        }
    }
    Ok(())
}
