//! The least sum of (g_ij - t)^2 for a shape and a target, and how far above it a dictionary is.
//!
//! The floors and their proof are in `tight_frame`'s first lines.

use super::polar::Polar;
use super::unit_norm::sum_rows;
use crate::error::Error;
use crate::matrix::{RowMajor, RowMajorMut, row};
use crate::scalar::Scalar;

/// The cosine nearest to `t` that n vectors can all have in pairs, given dimensions enough.
pub(super) fn attainable_cosine(n: usize, t: f64) -> f64 {
    if n > 1 { t.max(-1.0 / (n - 1) as f64) } else { 0.0 }
}

/// The least loss for this shape and target.
pub(super) fn floor(n: usize, d: usize, t: f64) -> f64 {
    let (count, dimensions) = (n as f64, d as f64);
    if n <= d {
        let beyond = attainable_cosine(n, t) - t;
        return if n > 1 { count * (count - 1.0) * beyond * beyond } else { 0.0 };
    }
    let potential = count * (count - dimensions) / dimensions;
    if t >= 0.0 {
        (1.0 - t) * (1.0 - t) * potential
    } else {
        potential + count * t * ((count - 1.0) * t + 2.0)
    }
}

/// Writes the direction of the sum of the rows, the first axis where that is zero.
pub(super) fn set_direction<T: Scalar>(matrix: RowMajor<'_, T>, direction: &mut [f64]) {
    let length = libm::sqrt(sum_rows(matrix, direction));
    if length > 0.0 {
        direction.iter_mut().for_each(|u| *u /= length);
    } else {
        direction[0] = 1.0;
    }
}

/// L - floor, as a sum of squares.
///
/// With the Gram matrix S for n <= d, t' the attainable cosine and s the sum of the rows:
///   sum (g_ij - t')^2 + 2 (t' - t) |s|^2.
/// With the frame operator F for n > d and F* that of the best frames, whose eigenvalue along u = s/|s| is n t more than
/// n (1 - t)/d, the others:
///   |F - F*|^2 + 2 t n sum_i (e_i u - mean)^2 for t >= 0,   |F - (n/d) I|^2 - 2 t |s|^2 for t < 0.
pub(super) fn excess<T: Scalar>(
    dictionary: &RowMajorMut<'_, T>,
    t: f64,
    polar: &mut Polar<'_, T>,
    sum: &mut [f64],
    direction: &mut [f64],
) -> Result<f64, Error> {
    let (n, d) = (dictionary.nrows(), dictionary.ncols());
    let rows = dictionary.as_ref();
    let distance = polar.distance(dictionary)?;
    let squared_sum = sum_rows(rows, sum);
    if n == 1 {
        return Ok(0.0);
    }
    if n <= d {
        let best = attainable_cosine(n, t);
        let mut excess = 2.0 * (best - t) * squared_sum;
        for (i, line) in polar.square().chunks_exact(n).take(n).enumerate() {
            for g in &line[..i] {
                excess += 2.0 * (g.to_f64() - best) * (g.to_f64() - best);
            }
        }
        return Ok(excess);
    }
    let scale = n as f64 / d as f64;
    if t <= 0.0 {
        return Ok(scale * scale * distance - 2.0 * t * squared_sum);
    }
    set_direction(rows, direction);
    let mut excess = 0.0;
    for (i, line) in polar.square().chunks_exact(d).take(d).enumerate() {
        for (j, s) in line.iter().enumerate() {
            let common = t * n as f64 * direction[i] * direction[j];
            let own = if i == j { scale * (1.0 - t) } else { 0.0 };
            let x = scale * s.to_f64() - common - own;
            excess += x * x;
        }
    }
    let along =
        |i: usize| row(rows, i).iter().zip(direction.iter()).map(|(x, u)| x.to_f64() * u).sum::<f64>();
    let mean = libm::sqrt(squared_sum) / n as f64;
    let variation: f64 = (0..n).map(|i| (along(i) - mean) * (along(i) - mean)).sum();
    Ok(excess + 2.0 * t * n as f64 * variation)
}
