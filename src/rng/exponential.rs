//! Standard exponential numbers by the ziggurat (Marsaglia and Tsang 2000), built like that of the normal.
//!
//! The density e^-x is covered by 256 layers of equal area. A point of a layer that lies left of the next layer's edge
//! is accepted at once (97.8 % of the draws: one random word, one table look-up, one product); otherwise the density
//! decides. Beyond the base layer the distribution is the same again, moved: an exponential number forgets how far it
//! has come.

use super::exponential_table::{R, X};
use super::unit_uniform;
use rand_core::Rng;

/// A standard exponential number, >= 0.
#[inline]
pub(crate) fn standard_exponential(rng: &mut impl Rng) -> f64 {
    let (bits, x) = point(rng);
    if x < X[(bits & 0xff) as usize + 1] { x } else { decided_by_density(bits, x, rng) }
}

/// The words of a draw and the abscissa they give: bits 0..8 choose the layer, bits 11..64 a number in [0, 1).
#[inline(always)]
fn point(rng: &mut impl Rng) -> (u64, f64) {
    let bits = rng.next_u64();
    (bits, (bits >> 11) as f64 * (1.0 / (1u64 << 53) as f64) * X[(bits & 0xff) as usize])
}

/// What becomes of a first draw that did not lie left of the next layer's edge.
#[cold]
fn decided_by_density(mut bits: u64, mut x: f64, rng: &mut impl Rng) -> f64 {
    let mut beyond = 0.0;
    loop {
        let layer = (bits & 0xff) as usize;
        if x < X[layer + 1] {
            return beyond + x;
        }
        if layer == 0 {
            beyond += R;
        } else {
            let (low, high) = (density(X[layer]), density(X[layer + 1]));
            if low + unit_uniform(rng) * (high - low) < density(x) {
                return beyond + x;
            }
        }
        (bits, x) = point(rng);
    }
}

fn density(x: f64) -> f64 {
    libm::exp(-x)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, Stream};

    #[test]
    fn layers_have_equal_area() {
        // The base layer's rectangle and the tail beyond it, which has the area e^-R.
        let area = (R + 1.0) * density(R);
        assert!((X[0] * density(R) / area - 1.0).abs() < 1e-13);
        for layer in 1..256 {
            let this = X[layer] * (density(X[layer + 1]) - density(X[layer]));
            assert!((this / area - 1.0).abs() < 1e-11, "layer {layer}");
        }
        assert!(X.windows(2).all(|edges| edges[0] > edges[1]));
    }

    #[test]
    fn distribution_is_exponential() {
        // Kolmogorov-Smirnov: sqrt(n) D exceeds 2.23 with probability 1e-4. Fixed seed.
        let n = 400_000_usize;
        let mut rng = Stream::new(3, 0).row(Purpose::SparseActivations, 0);
        let mut draws: Vec<f64> = (0..n).map(|_| standard_exponential(&mut rng)).collect();
        draws.sort_by(f64::total_cmp);
        let mut distance = 0.0_f64;
        for (i, &x) in draws.iter().enumerate() {
            let cdf = 1.0 - density(x);
            distance =
                distance.max((cdf - i as f64 / n as f64).abs()).max((cdf - (i + 1) as f64 / n as f64).abs());
        }
        assert!(distance * (n as f64).sqrt() < 2.23, "{distance}");
        // The tail beyond R, which Kolmogorov-Smirnov hardly sees: a Poisson count with mean 181.7, 5 sigma.
        let beyond = draws.iter().filter(|&&x| x > R).count() as f64;
        let expected = n as f64 * density(R);
        assert!((beyond - expected).abs() < 5.0 * expected.sqrt(), "{beyond} {expected}");
    }
}
