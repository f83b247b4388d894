//! The nearest tight frame: the polar factor of a matrix, by its smaller Gram matrix.
//!
//! Of a matrix E [n, m] with n > m the nearest one with E^T E = (n/m) I is E S^(-1/2), S = (m/n) E^T E; with n <= m the
//! nearest one with orthonormal rows is S^(-1/2) E, S = E E^T (Higham 1986). In both cases the rows have length 1 on
//! average, and |S - I| tells how far the matrix is from the result. Far away the root comes from an
//! eigendecomposition; nearby one step of the iteration of Newton and Schulz, S^(-1/2) ~ (3 I - S)/2, does, whose
//! error 3/8 |S - I|^2 the next call sees and takes away.

use super::frame_operator::mirror;
use super::normalise::{scale_rows, squared_norm};
use crate::error::{Argument, Error, Reason};
use crate::matrix::{RowMajorMut, row, row_major, row_major_mut, row_mut};
use crate::product::{multiply, multiply_lower};
use crate::rng::{Purpose, Stream, standard_normal};
use crate::scalar::Scalar;
use crate::workspace::{matrix_scratch, take_zeros, vector_scratch};
use faer::diag::DiagMut;
use faer::dyn_stack::{DynArray, MemStack, StackReq};
use faer::linalg::evd::{ComputeEigenvectors, self_adjoint_evd, self_adjoint_evd_scratch};
use faer::prelude::ReborrowMut;
use faer::{Accum, MatMut, MatRef, Par};

/// Rows, or columns, that are multiplied at a time when a matrix is replaced by its product.
const LINES: usize = 128;

/// |S - I|^2 (Frobenius) below which one step of Newton and Schulz is taken: it would converge below 1.
const NEAR: f64 = 0.25;

/// The most decompositions and steps in one call of [`Polar::orthonormalise`]; a few serve but for matrices whose
/// condition is near the limit of the precision.
const MOST_STEPS: u32 = 16;

/// Eigenvalues below this many units of rounding of the largest are taken for it: what is below is rounding.
const RESOLVED: f64 = 4.0;

/// The memory of a [`Polar`] for matrices whose smaller dimension is `side` at most.
pub(super) fn polar_scratch<T: Scalar>(side: usize) -> StackReq {
    let square = matrix_scratch::<T>(side, side);
    // faer's own queries multiply without a check: they must not see sizes that overflow.
    if square.layout().is_err() || square == StackReq::OVERFLOW {
        return StackReq::OVERFLOW;
    }
    let decomposition =
        self_adjoint_evd_scratch::<T>(side, ComputeEigenvectors::Yes, Par::Seq, Default::default());
    let block = matrix_scratch::<T>(side, LINES);
    StackReq::all_of(&[square, square, block, vector_scratch::<T>(side), decomposition])
}

/// Memory for polar factors.
pub(super) struct Polar<'a, T> {
    square: DynArray<'a, T>,
    vectors: DynArray<'a, T>,
    block: DynArray<'a, T>,
    values: DynArray<'a, T>,
    stack: &'a mut MemStack,
    par: Par,
}

/// What one step found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    /// |S - I|^2 before it.
    pub(super) distance: f64,
    /// Whether directions were missing, as far as the precision tells.
    pub(super) deficient: bool,
}

/// The smaller dimension, and the squared length that columns are to have (n > m) or rows (n <= m).
fn side_and_scale(n: usize, m: usize) -> (usize, f64) {
    if n > m { (m, n as f64 / m as f64) } else { (n, 1.0) }
}

impl<'a, T: Scalar> Polar<'a, T> {
    /// Takes the memory of [`polar_scratch`].
    pub(super) fn new(side: usize, par: Par, stack: &'a mut MemStack) -> Self {
        let (square, stack) = take_zeros::<T>(stack, side * side);
        let (vectors, stack) = take_zeros::<T>(stack, side * side);
        let (block, stack) = take_zeros::<T>(stack, side * LINES);
        let (values, stack) = take_zeros::<T>(stack, side);
        Self { square, vectors, block, values, stack, par }
    }

    /// Forms S and gives |S - I|^2.
    pub(super) fn distance(&mut self, matrix: &RowMajorMut<'_, T>) -> Result<f64, Error> {
        let (n, m) = (matrix.nrows(), matrix.ncols());
        let (side, scale) = side_and_scale(n, m);
        let mut square = row_major_mut(&mut self.square, side, side, side)?;
        let e = matrix.as_ref().as_dyn_stride();
        if n > m {
            multiply_lower(square.as_mut(), e.transpose(), e, self.par);
        } else {
            multiply_lower(square.as_mut(), e, e.transpose(), self.par);
        }
        let scale = T::from_f64(1.0 / scale);
        let mut distance = 0.0;
        for i in 0..side {
            for j in 0..i {
                let s = square[(i, j)] * scale;
                square[(i, j)] = s;
                square[(j, i)] = s;
                distance += 2.0 * s.to_f64() * s.to_f64();
            }
            let s = square[(i, i)] * scale;
            square[(i, i)] = s;
            distance += (s.to_f64() - 1.0) * (s.to_f64() - 1.0);
        }
        Ok(distance)
    }

    /// The matrix S of the last [`distance`](Self::distance).
    pub(super) fn square(&self) -> &[T] {
        &self.square
    }

    /// One step towards the polar factor: to it but for the rounding of S far away, to second order nearby.
    pub(super) fn step(&mut self, matrix: &mut RowMajorMut<'_, T>) -> Result<Step, Error> {
        let distance = self.distance(matrix)?;
        let (side, _) = side_and_scale(matrix.nrows(), matrix.ncols());
        let deficient = if distance < NEAR {
            let (three_halves, half) = (T::from_f64(1.5), T::from_f64(0.5));
            for (i, line) in self.square.chunks_exact_mut(side).take(side).enumerate() {
                line.iter_mut().for_each(|s| *s = -half * *s);
                line[i] += three_halves;
            }
            false
        } else {
            self.inverse_root(side)?
        };
        self.replace_by_product(matrix)?;
        Ok(Step { distance, deficient })
    }

    /// S <- S^(-1/2) by eigenvalues; tells whether some were too small to be told from zero.
    fn inverse_root(&mut self, side: usize) -> Result<bool, Error> {
        let elements = side * side;
        let not_found = Error::new(Reason::NotConverged, Argument::Dictionary);
        self_adjoint_evd(
            MatRef::from_column_major_slice(&self.square[..elements], side, side),
            DiagMut::from_slice_mut(&mut self.values[..side]),
            Some(MatMut::from_column_major_slice_mut(&mut self.vectors[..elements], side, side)),
            Par::Seq,
            self.stack,
            Default::default(),
        )
        .map_err(|_| not_found)?;
        let largest = self.values[side - 1].to_f64();
        if largest <= 0.0 || largest.is_nan() {
            // Nothing but zeros: left so, for whoever fills missing directions.
            return Ok(true);
        }
        let least = RESOLVED * T::EPSILON.to_f64() * largest;
        let mut deficient = false;
        // With each eigenvector times the fourth root of its eigenvalue's inverse the root is V V^T.
        for (vector, &value) in self.vectors.chunks_exact_mut(side).zip(&self.values[..side]) {
            deficient |= value.to_f64() < least;
            let root = T::from_f64(libm::pow(value.to_f64().max(least), -0.25));
            vector.iter_mut().for_each(|x| *x *= root);
        }
        let vectors = MatRef::from_column_major_slice(&self.vectors[..elements], side, side);
        let mut square = row_major_mut(&mut self.square, side, side, side)?;
        multiply_lower(square.as_mut(), vectors, vectors.transpose(), self.par);
        mirror(&mut square);
        Ok(deficient)
    }

    /// matrix <- matrix S for n > m, S matrix for n <= m, a block of lines at a time.
    fn replace_by_product(&mut self, matrix: &mut RowMajorMut<'_, T>) -> Result<(), Error> {
        let (n, m) = (matrix.nrows(), matrix.ncols());
        let (side, _) = side_and_scale(n, m);
        let square = row_major(&self.square, side, side, side)?.as_dyn_stride();
        for first in (0..n.max(m)).step_by(LINES) {
            let lines = LINES.min(n.max(m) - first);
            let mut out = if n > m {
                matrix.rb_mut().get_mut(first..first + lines, 0..m)
            } else {
                matrix.rb_mut().get_mut(0..n, first..first + lines)
            };
            let (rows, cols) = (out.nrows(), out.ncols());
            for (i, copy) in self.block.chunks_exact_mut(cols).take(rows).enumerate() {
                copy.copy_from_slice(row(out.as_ref(), i));
            }
            let copy = row_major(&self.block, rows, cols, cols)?.as_dyn_stride();
            let (left, right) = if n > m { (copy, square) } else { (square, copy) };
            multiply(out.rb_mut(), Accum::Replace, left, right, T::ONE, self.par);
        }
        Ok(())
    }

    /// Makes `matrix` its polar factor to the last bits, each time after `prepare` has projected it.
    ///
    /// Missing directions are filled by a little noise; tells whether that was done.
    pub(super) fn orthonormalise(
        &mut self,
        matrix: &mut RowMajorMut<'_, T>,
        mut prepare: impl FnMut(&mut Self, &mut RowMajorMut<'_, T>) -> Result<(), Error>,
    ) -> Result<bool, Error> {
        let (side, _) = side_and_scale(matrix.nrows(), matrix.ncols());
        // After a step from here |S - I| is its square, or as small as rounding lets it be.
        let rounding = 64.0 * side as f64 * T::EPSILON.to_f64() * T::EPSILON.to_f64();
        let (mut deficient_steps, mut filled) = (0, false);
        for _ in 0..MOST_STEPS {
            prepare(self, matrix)?;
            let step = self.step(matrix)?;
            if step.distance <= rounding.max(1e-15) {
                break;
            }
            deficient_steps += u32::from(step.deficient);
            // Once may be the rounding of S; the second time the direction is not there.
            if deficient_steps >= 2 && !filled {
                add_noise(matrix, FILLING);
                filled = true;
            }
        }
        Ok(filled)
    }

    /// matrix <- matrix - basis basis^T matrix for a `basis` whose columns are orthogonal, of squared length n/k.
    pub(super) fn remove_span(
        &mut self,
        matrix: &mut RowMajorMut<'_, T>,
        basis: MatRef<'_, T>,
    ) -> Result<(), Error> {
        let (k, m) = (basis.ncols(), matrix.ncols());
        let mut coefficients = row_major_mut(&mut self.vectors, k, m, m)?;
        let e = matrix.as_ref().as_dyn_stride();
        multiply(coefficients.as_mut(), Accum::Replace, basis.transpose(), e, T::ONE, self.par);
        let factor = T::from_f64(-(k as f64) / matrix.nrows() as f64);
        let coefficients = coefficients.as_ref().as_dyn_stride();
        multiply(matrix.as_mut(), Accum::Add, basis, coefficients, factor, self.par);
        Ok(())
    }
}

/// The length of the noise that fills missing directions, of rows whose length is about 1.
const FILLING: f64 = 0.01;

/// Adds Gaussian noise of about the length `size` to every row, the same for every call.
pub(super) fn add_noise<T: Scalar>(matrix: &mut RowMajorMut<'_, T>, size: f64) {
    let size = size / libm::sqrt(matrix.ncols() as f64);
    for i in 0..matrix.nrows() {
        let mut rng = Stream::new(0, 0).row(Purpose::MissingDirections, i as u64);
        row_mut(matrix, i).iter_mut().for_each(|x| *x += T::from_f64(size * standard_normal(&mut rng)));
    }
}

/// Gives rows that are zero, or as good as zero, a random direction, the same for every call; tells whether
/// there were any.
pub(super) fn fill_zero_rows<T: Scalar>(matrix: &mut RowMajorMut<'_, T>) -> bool {
    let size = 1.0 / libm::sqrt(matrix.ncols() as f64);
    let mut filled = false;
    for i in 0..matrix.nrows() {
        let values = row_mut(matrix, i);
        if squared_norm(values) < 1e-24 {
            let mut rng = Stream::new(0, 1).row(Purpose::MissingDirections, i as u64);
            values.fill_with(|| T::from_f64(size * standard_normal(&mut rng)));
            filled = true;
        }
    }
    filled
}

/// Scales every row to unit length, random directions in place of rows shorter than 1e-12; tells whether there were any.
pub(super) fn make_unit_rows<T: Scalar>(matrix: &mut RowMajorMut<'_, T>) -> bool {
    let filled = fill_zero_rows(matrix);
    // Once leaves rows below 1e-8 short, as the reference does.
    scale_rows(matrix);
    scale_rows(matrix);
    filled
}
