//! Two dictionaries compared: the library's matching, and what can be said about its pairs.

use anyhow::{Context, Result};
use faer::dyn_stack::MemBuffer;
use sae_kernels::matching::{mcc, mcc_scratch};
use sae_kernels::matrix::RowMajor;
use sae_kernels::{MemStack, Scalar};

/// A row of the first dictionary and the row of the second that it is matched with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    pub row: usize,
    pub column: usize,
    pub cosine: f64,
}

/// The outcome of a comparison.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The mean of the pairs' absolute cosines.
    pub mcc: f64,
    /// The pairs, by the row of the first dictionary.
    pub pairs: Vec<Pair>,
}

/// Matches the rows of `a` with those of `b`.
pub fn compare<T: Scalar>(a: RowMajor<'_, T>, b: RowMajor<'_, T>) -> Result<Comparison> {
    let mut memory = MemBuffer::try_new(mcc_scratch::<T>(a.nrows(), b.nrows(), a.ncols()))
        .ok()
        .context("not enough memory for the workspace")?;
    let mut row_to_col = vec![-1_i64; a.nrows()];
    let mcc = mcc(a, b, Some(&mut row_to_col), MemStack::new(&mut memory))?;

    let pairs = row_to_col
        .iter()
        .enumerate()
        // A row without a partner, where the first dictionary is the larger, has a negative column.
        .filter_map(|(row, &column)| Some((row, usize::try_from(column).ok()?)))
        .map(|(row, column)| Pair { row, column, cosine: cosine(a, row, b, column) })
        .collect();
    Ok(Comparison { mcc, pairs })
}

/// The cosine of two rows, 0 where one of them has no length.
fn cosine<T: Scalar>(a: RowMajor<'_, T>, i: usize, b: RowMajor<'_, T>, j: usize) -> f64 {
    let (mut dot, mut a_square, mut b_square) = (0.0, 0.0, 0.0);
    for (&x, &y) in a.row(i).iter().zip(b.row(j).iter()) {
        let (x, y) = (x.to_f64(), y.to_f64());
        dot += x * y;
        a_square += x * x;
        b_square += y * y;
    }
    let lengths = a_square.sqrt() * b_square.sqrt();
    if lengths > 0.0 { dot / lengths } else { 0.0 }
}

/// How the absolute cosines of the pairs are distributed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// Minimum, lower quartile, median, upper quartile, maximum.
    pub quartiles: [f64; 5],
    pub mean: f64,
    pub above_0_9: usize,
    pub above_0_7: usize,
}

impl Comparison {
    /// Summarises the absolute cosines; there is at least one pair.
    pub fn summary(&self) -> Summary {
        let mut sorted: Vec<f64> = self.pairs.iter().map(|pair| pair.cosine.abs()).collect();
        sorted.sort_by(f64::total_cmp);
        Summary {
            quartiles: [0.0, 0.25, 0.5, 0.75, 1.0].map(|fraction| quantile(&sorted, fraction)),
            mean: sorted.iter().sum::<f64>() / sorted.len() as f64,
            above_0_9: sorted.iter().filter(|&&x| x > 0.9).count(),
            above_0_7: sorted.iter().filter(|&&x| x > 0.7).count(),
        }
    }
}

/// Interpolates linearly between the two nearest of the sorted values, as numpy.quantile does.
fn quantile(sorted: &[f64], fraction: f64) -> f64 {
    let position = fraction * (sorted.len() - 1) as f64;
    let (low, high) = (position.floor() as usize, position.ceil() as usize);
    sorted[low] + (sorted[high] - sorted[low]) * position.fract()
}
