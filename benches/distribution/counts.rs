//! What is counted of the rows: features, pairs of features, numbers of features, and where magnitudes lie in their law.

use super::law::{Law, Magnitude, moments};
use sae_kernels::Scalar;

/// Quantiles at which the distribution functions of magnitudes are compared. Between two of them an empirical one goes
/// astray by 1/256 of what it does in the whole, so that this is the distance of Kolmogorov and Smirnov to 1 %.
pub const QUANTILES: usize = 1 << 16;

/// Kinds of magnitudes that have a spread: far above the relu, and cut off by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Whole = 0,
    CutOff = 1,
}

/// Counts of rows of features.
pub struct Counts {
    magnitudes: Vec<(Magnitude, Option<Kind>)>,
    mean_l0: f64,
    pub rows: u64,
    /// Element (i, j), i <= j, of a full matrix: rows in which features i and j are seen.
    pairs: Vec<u64>,
    /// Rows in which so many features are seen.
    pub l0: Vec<u64>,
    /// The sum over neighbouring rows of the products of how far their numbers of features are from the mean.
    pub neighbours: f64,
    last_l0: Option<f64>,
    /// For each kind, magnitudes between neighbouring quantiles.
    pub between_quantiles: [Vec<u64>; 2],
    /// Magnitudes without a spread that are not their mean.
    pub not_the_mean: u64,
}

impl Counts {
    pub fn new(law: &Law) -> Self {
        let n = law.features();
        let kind = |magnitude: &Magnitude| match magnitude {
            Magnitude { std_dev: 0.0, .. } => None,
            Magnitude { survives: 1.0, .. } => Some(Kind::Whole),
            _ => Some(Kind::CutOff),
        };
        Self {
            magnitudes: law.magnitudes.iter().map(|m| (*m, kind(m))).collect(),
            mean_l0: moments(&law.l0()).0,
            rows: 0,
            pairs: vec![0; n * n],
            l0: vec![0; n + 1],
            neighbours: 0.0,
            last_l0: None,
            between_quantiles: [(); 2].map(|()| vec![0; QUANTILES]),
            not_the_mean: 0,
        }
    }

    /// Adds a row, given by its features in order and their magnitudes.
    pub fn add<T: Scalar>(&mut self, columns: &[u32], values: &[T]) {
        let n = self.magnitudes.len();
        for (k, &i) in columns.iter().enumerate() {
            let row = &mut self.pairs[i as usize * n..][..n];
            columns[k..].iter().for_each(|&j| row[j as usize] += 1);
        }
        for (&j, x) in columns.iter().zip(values) {
            let (magnitude, kind) = &self.magnitudes[j as usize];
            match kind {
                None => self.not_the_mean += u64::from(x.to_f64() != magnitude.mean),
                Some(kind) => {
                    let survival = magnitude.survival(x.to_f64());
                    let quantile = (survival * QUANTILES as f64) as usize;
                    self.between_quantiles[*kind as usize][quantile.min(QUANTILES - 1)] += 1;
                }
            }
        }
        self.rows += 1;
        self.l0[columns.len()] += 1;
        let off = columns.len() as f64 - self.mean_l0;
        self.neighbours += self.last_l0.map_or(0.0, |last| last * off);
        self.last_l0 = Some(off);
    }

    /// Rows in which a feature is seen.
    pub fn of(&self, j: usize) -> u64 {
        self.both(j, j)
    }

    /// Rows in which both features are seen.
    pub fn both(&self, i: usize, j: usize) -> u64 {
        self.pairs[i.min(j) * self.magnitudes.len() + i.max(j)]
    }
}
