//! The hazard of a normal threshold: h(a) = -ln(1 - Phi(a)), so that 1 - e^-h(a) = Phi(a).
//!
//! A feature that fires with probability Phi(a) fires where at least one point of a Poisson process of rate 1 lies on a
//! stretch of length h(a). A bound that takes a few instructions is at most 9 % above h, so that few points need its
//! exact value.

use crate::simd::{multiply_add, truncated};

/// The standard normal distribution function Phi(a), its relative error below (a^2 + 2) 2^-52 in the lower tail too.
pub(super) fn normal_probability(a: f64) -> f64 {
    0.5 * libm::erfc(-a * core::f64::consts::FRAC_1_SQRT_2)
}

/// h(a).
fn hazard(a: f64) -> f64 {
    -libm::log1p(-normal_probability(a))
}

/// Where bounds begin to fall no more: h is 1.3e-12 there.
const LEAST: f32 = -7.0;

/// Where bounds end: probabilities are 0.84 there.
const GREATEST: f32 = 1.0;

/// Bounds are whole numbers of units, so that sums and differences of them are exact.
pub(super) const UNITS: f64 = (1 << 24) as f64;

/// The bound of what has none. Points are nearer.
pub(super) const UNBOUNDED: i32 = 1 << 30;

/// Coefficients of a polynomial that is above log2 h on [-7, 1], by 0.002 to 0.033: the one that is nearest to it, whose
/// error is 0.0154, and that and a margin for rounding. And 24, for the units.
const LOGARITHM: [f32; 5] = [23.498_7, 1.638_929_2, -0.314_474_96, 0.056_083_59, 0.002_975_81];

/// Whole numbers of units of 2^-24 that are above h(a), by one and 9 % at most for a >= -7; [`UNBOUNDED`] for a >= 1. A
/// NaN counts as -7.
#[inline(always)]
pub(super) fn bounds<const WIDTH: usize, const FUSED: bool>(a: &[f32; WIDTH]) -> [i32; WIDTH] {
    let mut bounds = [0; WIDTH];
    for lane in 0..WIDTH {
        let x = if a[lane] > LEAST { a[lane] } else { LEAST };
        let [c0, c1, c2, c3, c4] = LOGARITHM;
        let sum = multiply_add::<f32, FUSED>(x, c4, c3);
        let sum = multiply_add::<f32, FUSED>(x, sum, c2);
        let sum = multiply_add::<f32, FUSED>(x, sum, c1);
        let power = two_to_the(multiply_add::<f32, FUSED>(x, sum, c0));
        bounds[lane] = if x >= GREATEST { UNBOUNDED } else { 1 + truncated(power) };
    }
    bounds
}

/// A number not below 2^x, rounding of x by 2^-11 aside, and at most 1.0615 times that, for |x| < 120.
///
/// The bits of a number are its logarithm's but that they have a straight line between powers of two, which is above
/// (Schraudolph 1999). A large number is added to x to bring its whole part and ten binary places to the end of the
/// word.
#[inline(always)]
fn two_to_the(x: f32) -> f32 {
    const PLACES: u32 = 10;
    /// Its last bit counts 2^-10.
    const LARGE: f32 = 12_288.0;
    /// The word of 2^0 = 1, before it is shifted.
    const ONE: u32 = 127 << PLACES;
    let scaled = (x + LARGE).to_bits().wrapping_sub(LARGE.to_bits()).wrapping_add(ONE);
    f32::from_bits(scaled << (23 - PLACES))
}

/// Whether `level` < h(a), where `bound` is what [`bounds`] gives for `a`, in units; it is not [`UNBOUNDED`].
#[inline(always)]
pub(super) fn is_below_hazard(level: f64, a: f64, bound: f64) -> bool {
    // Bounds are near where they are not constant; most levels are seen from them to be below.
    let surely = a > f64::from(LEAST) && level * UNITS < 0.919 * (bound - 1.0);
    surely || level < hazard(a)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hazards_are_those_of_mpmath() {
        // With 40 digits.
        for (a, h) in [
            (-9.0, 1.128_588_405_953_840_5e-19),
            (-5.0, 2.866_516_129_637_636e-7),
            (-2.0, 2.301_290_932_896_348_8e-2),
            (0.0, core::f64::consts::LN_2),
            (1.0, 1.841_021_645_009_263_7),
        ] {
            let allowed = (a * a + 2.0) * f64::EPSILON * h;
            assert!((hazard(a) - h).abs() <= allowed, "a {a}: {} against {h}", hazard(a));
        }
        // Phi(-37.0471) = 1e-300.
        assert!((normal_probability(-37.047_096_299_361_2) / 1e-300 - 1.0).abs() < 1e-12);
    }

    #[test]
    fn bounds_hold_and_comparisons_are_exact() {
        let mut a = -40.0_f64;
        while a < 1.0 {
            let h = hazard(a);
            let [bound] = bounds::<1, false>(&[a as f32]);
            let [fused] = bounds::<1, true>(&[a as f32]);
            for bound in [f64::from(bound), f64::from(fused)] {
                assert!(bound > h * UNITS, "a {a}: {bound} for {h}");
                assert!(bound < 1.0 + 1.087 * h * UNITS || a < -7.0, "a {a}: {bound} for {h}");
                for level in [0.0, 0.5 * h, h * (1.0 - 1e-9), h * (1.0 + 1e-9), 2.0 * h] {
                    assert_eq!(is_below_hazard(level, a, bound), level < h, "a {a}, level {level:e}");
                }
            }
            a += 0.000_123_45;
        }
    }

    #[test]
    fn the_ends_of_the_line() {
        assert_eq!(normal_probability(f64::NEG_INFINITY), 0.0);
        assert_eq!(normal_probability(f64::INFINITY), 1.0);
        assert_eq!(normal_probability(0.0), 0.5);
        let [never, always, none, last] =
            bounds::<4, false>(&[f32::NEG_INFINITY, f32::INFINITY, f32::NAN, 1.0]);
        assert_eq!((never, none), (1, 1));
        assert_eq!((always, last), (UNBOUNDED, UNBOUNDED));
        assert!(!is_below_hazard(0.0, f64::NEG_INFINITY, 1.0));
        assert!(!is_below_hazard(0.0, f64::NAN, 1.0));
    }
}
