//! The features that are sampled: how often and how strongly they fire, and what they share.

use clap::ValueEnum;
use sae_kernels::Scalar;

/// A change of what is drawn, which the tests must see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Spoil {
    /// Firing probabilities up to 0.9 are 0.1 % too large.
    Probabilities,
    /// Correlations are 2 % too large; only correlated samplers have any.
    Correlations,
    /// Standard deviations of magnitudes are 0.5 % too large.
    Magnitudes,
}

/// Which features share a standard normal factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sharing {
    /// None.
    Independent,
    /// All the same one.
    OneFactor,
    /// A third of them one, a third another, and a third none.
    TwoFactors,
}

/// Features that fire where `loading` times the factor of their group, and a normal number of their own so large that
/// the sum has variance 1, exceed what a standard normal number exceeds with their probability.
#[derive(Clone)]
pub struct Features<T> {
    pub probabilities: Vec<T>,
    pub means: Vec<T>,
    pub std_devs: Vec<T>,
    /// For features that share a factor, which.
    pub groups: Vec<Option<usize>>,
    /// Correlations of features with their factor; 0 without one.
    pub loadings: Vec<f64>,
}

/// Impossible, hardly possible, rare, frequent, nearly certain and certain, without order.
const PROBABILITIES: [f64; 20] = [
    0.05, 0.97, 0.0, 0.3, 1e-6, 0.1, 0.6, 1e-4, 0.02, 1.0, 0.15, 0.999, 0.5, 1e-3, 0.2, 0.75, 0.01, 0.4, 0.9,
    0.999_999,
];

/// Means and standard deviations: without a spread, far above the relu, and where a third is cut off.
const MAGNITUDES: [(f64, f64); 3] = [(1.5, 0.0), (1.0, 0.1), (0.3, 0.75)];

const LOADINGS: [f64; 7] = [0.5, -0.4, 0.6, 0.3, 0.7, -0.6, 0.45];

const FEATURES: usize = 40;

/// Groups at most.
pub const GROUPS: usize = 2;

impl<T: Scalar> Features<T> {
    /// The features of every sampler.
    pub fn new(sharing: Sharing) -> Self {
        let each = |value: &dyn Fn(usize) -> f64| (0..FEATURES).map(|j| T::from_f64(value(j))).collect();
        let group = |j: usize| match sharing {
            Sharing::Independent => None,
            Sharing::OneFactor => Some(0),
            // Neither all of one kind of magnitude nor all of one probability.
            Sharing::TwoFactors => [Some(0), Some(1), None][(j + j / 5) % 3],
        };
        let groups: Vec<_> = (0..FEATURES).map(group).collect();
        let loading = |(j, group): (usize, &Option<usize>)| group.map_or(0.0, |_| LOADINGS[j % 7]);
        Self {
            probabilities: each(&|j| PROBABILITIES[j % 20]),
            means: each(&|j| MAGNITUDES[j % 3].0),
            std_devs: each(&|j| MAGNITUDES[j % 3].1),
            loadings: groups.iter().enumerate().map(loading).collect(),
            groups,
        }
    }

    pub fn len(&self) -> usize {
        self.probabilities.len()
    }

    /// The same with something wrong, so many times as wrong as [`Spoil`] says.
    pub fn spoiled(&self, spoil: Spoil, times: f64) -> Self {
        let mut spoiled = self.clone();
        let enlarge = |x: &mut T, by: f64| *x = T::from_f64(x.to_f64() * (1.0 + times * by));
        match spoil {
            Spoil::Probabilities => {
                let frequent = spoiled.probabilities.iter_mut().filter(|p| p.to_f64() < 0.91);
                frequent.for_each(|p| enlarge(p, 0.001));
            }
            Spoil::Magnitudes => spoiled.std_devs.iter_mut().for_each(|std_dev| enlarge(std_dev, 0.005)),
            // A correlation is the product of two loadings.
            Spoil::Correlations => spoiled.loadings.iter_mut().for_each(|x| *x *= 1.0 + times * 0.01),
        }
        spoiled
    }

    /// The correlation of the normal numbers of two features.
    pub fn correlation(&self, i: usize, j: usize) -> f64 {
        if i == j {
            return 1.0;
        }
        let shared = self.groups[i].is_some() && self.groups[i] == self.groups[j];
        if shared { self.loadings[i] * self.loadings[j] } else { 0.0 }
    }
}
