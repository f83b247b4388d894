//! The law of the samples: given the factors that features share, they fire independently of each other.
//!
//! With loading l and threshold t, feature j fires given its factor w with probability Phi((l w - t) / sqrt(1 - l^2)),
//! and is seen where its magnitude survives the relu. So the probability that several features are seen together is an
//! integral over w of a product, and the number of features seen has a mixture of Poisson-binomial laws (one-factor
//! Gaussian copula: Vasicek 1987). Integrals are sums over equal steps, whose error falls faster than any power of the
//! step for such integrands: it is lost in rounding here.

use super::features::{Features, GROUPS};
use sae_kernels::Scalar;
use sae_kernels::activation::quantile::upper_normal_quantile;

/// Step and half the number of steps of the sums over a factor, beyond which lies a probability of 2e-17.
const STEP: f64 = 1.0 / 16.0;
const STEPS: i32 = 136;

/// The magnitude of a feature that is seen: a normal number, given that it is above zero.
#[derive(Clone, Copy)]
pub struct Magnitude {
    pub mean: f64,
    pub std_dev: f64,
    /// The probability of a number above zero.
    pub survives: f64,
}

impl Magnitude {
    /// The probability of a larger magnitude.
    pub fn survival(&self, x: f64) -> f64 {
        upper_normal((x - self.mean) / self.std_dev) / self.survives
    }
}

/// The probability that a standard normal number is larger.
fn upper_normal(x: f64) -> f64 {
    0.5 * libm::erfc(x / std::f64::consts::SQRT_2)
}

/// The joint law of which features are seen.
pub struct Law {
    /// For each feature, the probability that it is seen.
    pub probabilities: Vec<f64>,
    pub magnitudes: Vec<Magnitude>,
    groups: Vec<Option<usize>>,
    /// Probabilities of the steps of a factor.
    weights: Vec<f64>,
    /// For each feature, the probability that it is seen, given each step of its factor.
    conditional: Vec<Vec<f64>>,
}

/// Whether a feature is seen in less than half of the rows. The rarer one of being seen and not being seen is what is
/// counted, as counts of what is rare are nearly independent of each other.
pub fn is_rare(probability: f64) -> bool {
    probability <= 0.5
}

impl Law {
    /// The law of these features, in double precision.
    pub fn new<T: Scalar>(features: &Features<T>) -> Self {
        let steps = || (-STEPS..=STEPS).map(|k| f64::from(k) * STEP);
        let density = |w: f64| (-0.5 * w * w).exp() / (2.0 * std::f64::consts::PI).sqrt();
        let (mut probabilities, mut magnitudes, mut conditional) = (Vec::new(), Vec::new(), Vec::new());
        for j in 0..features.len() {
            let (mean, std_dev) = (features.means[j].to_f64(), features.std_devs[j].to_f64());
            let survives = upper_normal(-mean / std_dev);
            let (p, loading) = (features.probabilities[j].to_f64(), features.loadings[j]);
            let (limit, own) = (upper_normal_quantile(p), (1.0 - loading * loading).sqrt());
            let given = |w: f64| survives * upper_normal((limit - loading * w) / own);
            probabilities.push(p * survives);
            magnitudes.push(Magnitude { mean, std_dev, survives });
            conditional.push(steps().map(given).collect());
        }
        let weights = steps().map(|w| density(w) * STEP).collect();
        Self { probabilities, magnitudes, groups: features.groups.clone(), weights, conditional }
    }

    pub fn features(&self) -> usize {
        self.probabilities.len()
    }

    /// The probability that what is rare of each of these features happens to all of them; a feature may be repeated.
    pub fn all_rare(&self, features: &[usize]) -> f64 {
        let rare = |j: usize, p: f64| if is_rare(self.probabilities[j]) { p } else { 1.0 - p };
        // A feature whose place is not its first is there already.
        let is_new = |&(place, &j): &(usize, &usize)| !features[..place].contains(&j);
        let different = || features.iter().enumerate().filter(is_new).map(|(_, &j)| j);
        let alone = different().filter(|&j| self.groups[j].is_none());
        let mut product: f64 = alone.map(|j| rare(j, self.probabilities[j])).product();
        for group in 0..GROUPS {
            let mut members = different().filter(|&j| self.groups[j] == Some(group));
            match (members.next(), members.next()) {
                (None, _) => {}
                (Some(j), None) => product *= rare(j, self.probabilities[j]),
                (Some(i), Some(j)) => {
                    let others: Vec<usize> = members.collect();
                    let given = |k: usize| {
                        let others = others.iter().map(|&j| rare(j, self.conditional[j][k]));
                        others.product::<f64>()
                            * rare(i, self.conditional[i][k])
                            * rare(j, self.conditional[j][k])
                    };
                    product *= self.weights.iter().enumerate().map(|(k, w)| w * given(k)).sum::<f64>();
                }
            }
        }
        product
    }

    /// The probabilities of 0, 1, ... n features seen in a row.
    pub fn l0(&self) -> Vec<f64> {
        let of_group = |group| (0..self.features()).filter(move |&j| self.groups[j] == group);
        let mut law = poisson_binomial(of_group(None).map(|j| self.probabilities[j]));
        for group in 0..GROUPS {
            let mut mixture = vec![0.0; of_group(Some(group)).count() + 1];
            for (k, weight) in self.weights.iter().enumerate() {
                let given = poisson_binomial(of_group(Some(group)).map(|j| self.conditional[j][k]));
                mixture.iter_mut().zip(given).for_each(|(sum, p)| *sum += weight * p);
            }
            law = convolve(&law, &mixture);
        }
        law
    }
}

/// The probabilities of 0, 1, ... of independent events with these probabilities.
fn poisson_binomial(probabilities: impl Iterator<Item = f64>) -> Vec<f64> {
    probabilities.fold(vec![1.0], |law, p| convolve(&law, &[1.0 - p, p]))
}

/// The law of the sum of two independent numbers.
fn convolve(x: &[f64], y: &[f64]) -> Vec<f64> {
    let mut sum = vec![0.0; x.len() + y.len() - 1];
    for (i, p) in x.iter().enumerate() {
        sum[i..].iter_mut().zip(y).for_each(|(sum, q)| *sum += p * q);
    }
    sum
}

/// Mean and variance of a law of whole numbers.
pub fn moments(law: &[f64]) -> (f64, f64) {
    let mean = law.iter().enumerate().map(|(k, p)| k as f64 * p).sum();
    (mean, law.iter().enumerate().map(|(k, p)| (k as f64 - mean).powi(2) * p).sum())
}
