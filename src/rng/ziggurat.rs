//! Standard normal numbers by the ziggurat (Marsaglia and Tsang 2000, with Doornik's 2005 correction of using
//! separate bits for the layer and the abscissa).
//!
//! The density is covered by 256 layers of equal area. A point of a layer that lies left of the next layer's edge
//! is accepted at once (98.8 % of the draws: one random word, one table look-up, one product); otherwise the
//! density decides, and in the base layer Marsaglia's tail algorithm.

use super::unit_uniform;
use super::ziggurat_table::{R, X};
use rand_core::Rng;

/// A standard normal number.
#[inline]
pub(crate) fn standard_normal(rng: &mut impl Rng) -> f64 {
    let (layer, signed) = point(rng);
    let x = signed * X[layer];
    if x.abs() < X[layer + 1] { x } else { decided_by_density(layer, signed, rng) }
}

/// The layer and the abscissa, in units of its width, of a draw: bits 0..8 choose the layer, bits 11..64 a number in
/// [-1, 1), so that no bit serves twice.
#[inline(always)]
fn point(rng: &mut impl Rng) -> (usize, f64) {
    let bits = rng.next_u64();
    ((bits & 0xff) as usize, (bits >> 11) as f64 * (2.0 / (1u64 << 53) as f64) - 1.0)
}

/// What becomes of a first draw that did not lie left of the next layer's edge.
#[cold]
fn decided_by_density(mut layer: usize, mut signed: f64, rng: &mut impl Rng) -> f64 {
    loop {
        let x = signed * X[layer];
        if x.abs() < X[layer + 1] {
            return x;
        }
        if layer == 0 {
            return if signed < 0.0 { -tail(rng) } else { tail(rng) };
        }
        let (low, high) = (density(X[layer]), density(X[layer + 1]));
        if low + unit_uniform(rng) * (high - low) < density(x) {
            return x;
        }
        (layer, signed) = point(rng);
    }
}

/// The normal density without its constant.
fn density(x: f64) -> f64 {
    libm::exp(-0.5 * x * x)
}

/// A number from the tail beyond `R` (Marsaglia 1964).
fn tail(rng: &mut impl Rng) -> f64 {
    loop {
        // 1 - u lies in (0, 1], so that the logarithms are finite.
        let x = -libm::log(1.0 - unit_uniform(rng)) / R;
        let y = -libm::log(1.0 - unit_uniform(rng));
        if y + y > x * x {
            return R + x;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, Stream};

    #[test]
    fn layers_have_equal_area() {
        let tail_area = (core::f64::consts::PI / 2.0).sqrt() * libm::erfc(R / 2f64.sqrt());
        let area = R * density(R) + tail_area;
        assert!((X[0] * density(R) / area - 1.0).abs() < 1e-13);
        for layer in 1..256 {
            let this = X[layer] * (density(X[layer + 1]) - density(X[layer]));
            assert!((this / area - 1.0).abs() < 1e-11, "layer {layer}");
        }
        assert!(X.windows(2).all(|edges| edges[0] > edges[1]));
    }

    #[test]
    fn distribution_is_normal() {
        // Kolmogorov-Smirnov: sqrt(n) D exceeds 2.23 with probability 1e-4. Fixed seed.
        let n = 400_000_usize;
        let mut rng = Stream::new(3, 0).row(Purpose::Activations, 0);
        let mut draws: Vec<f64> = (0..n).map(|_| standard_normal(&mut rng)).collect();
        draws.sort_by(f64::total_cmp);
        let mut distance = 0.0_f64;
        for (i, &x) in draws.iter().enumerate() {
            let cdf = 0.5 * libm::erfc(-x / 2f64.sqrt());
            distance =
                distance.max((cdf - i as f64 / n as f64).abs()).max((cdf - (i + 1) as f64 / n as f64).abs());
        }
        assert!(distance * (n as f64).sqrt() < 2.23, "{distance}");
        // The tails beyond R, which Kolmogorov-Smirnov hardly sees: a Poisson count with mean 103.2, 5 sigma.
        let beyond = draws.iter().filter(|x| x.abs() > R).count() as f64;
        let expected = n as f64 * libm::erfc(R / 2f64.sqrt());
        assert!((beyond - expected).abs() < 5.0 * expected.sqrt(), "{beyond} {expected}");
    }
}
