//! Quantiles of the standard normal distribution, in the lower and in the upper tail.
//!
//! Algorithm AS 241, routine PPND16 (M. J. Wichura, "The percentage points of the normal distribution", Applied
//! Statistics 37, 1988): three rational functions of degree 7 over 7, one for the middle and two for the tails,
//! with a relative error of about 1e-16 each.

// Constants stand as published, with more digits than a double holds.
#![allow(clippy::excessive_precision)]

/// Numerator and denominator, constant term first, of a rational function of degree 7 over 7.
struct Rational {
    numerator: [f64; 8],
    denominator: [f64; 8],
}

impl Rational {
    fn at(&self, x: f64) -> f64 {
        let horner = |c: &[f64; 8]| c.iter().rev().fold(0.0, |sum, &c| sum * x + c);
        horner(&self.numerator) / horner(&self.denominator)
    }
}

/// |p - 1/2| <= 0.425: quantile / (p - 1/2) as a function of 0.425^2 - (p - 1/2)^2.
#[rustfmt::skip]
const MIDDLE: Rational = Rational {
    numerator: [
        3.387_132_872_796_366_608_0, 1.331_416_678_917_843_774_5e2, 1.971_590_950_306_551_442_7e3,
        1.373_169_376_550_946_112_5e4, 4.592_195_393_154_987_145_7e4, 6.726_577_092_700_870_085_3e4,
        3.343_057_558_358_812_810_5e4, 2.509_080_928_730_122_672_7e3,
    ],
    denominator: [
        1.0, 4.231_333_070_160_091_125_2e1, 6.871_870_074_920_579_083_0e2,
        5.394_196_021_424_751_107_7e3, 2.121_379_430_158_659_586_7e4, 3.930_789_580_009_271_061_0e4,
        2.872_908_573_572_194_267_4e4, 5.226_495_278_852_854_561_0e3,
    ],
};

/// r = sqrt(-ln p) <= 5, where p is the smaller tail (about 1e-11 and more): |quantile| as a function of r - 1.6.
#[rustfmt::skip]
const NEAR_TAIL: Rational = Rational {
    numerator: [
        1.423_437_110_749_683_577_34, 4.630_337_846_156_545_295_90, 5.769_497_221_460_691_405_50,
        3.647_848_324_763_204_605_04, 1.270_458_252_452_368_382_58, 2.417_807_251_774_506_117_70e-1,
        2.272_384_498_926_918_458_33e-2, 7.745_450_142_783_414_076_40e-4,
    ],
    denominator: [
        1.0, 2.053_191_626_637_758_821_87, 1.676_384_830_183_803_849_40,
        6.897_673_349_851_000_045_50e-1, 1.481_039_764_274_800_745_90e-1, 1.519_866_656_361_645_719_66e-2,
        5.475_938_084_995_344_946_00e-4, 1.050_750_071_644_416_843_24e-9,
    ],
};

/// r > 5: |quantile| as a function of r - 5.
#[rustfmt::skip]
const FAR_TAIL: Rational = Rational {
    numerator: [
        6.657_904_643_501_103_777_20, 5.463_784_911_164_114_369_90, 1.784_826_539_917_291_335_80,
        2.965_605_718_285_048_912_30e-1, 2.653_218_952_657_612_309_30e-2, 1.242_660_947_388_078_438_60e-3,
        2.711_555_568_743_487_578_15e-5, 2.010_334_399_292_288_132_65e-7,
    ],
    denominator: [
        1.0, 5.998_322_065_558_879_376_90e-1, 1.369_298_809_227_358_053_10e-1,
        1.487_536_129_085_061_485_25e-2, 7.868_691_311_456_132_591_00e-4, 1.846_318_317_510_054_681_80e-5,
        1.421_511_758_316_445_888_70e-7, 2.044_263_103_389_939_785_64e-15,
    ],
};

/// The number that a standard normal variable stays below with probability `p`.
///
/// x with Phi(x) = p; -infinity for p = 0, +infinity for p = 1, NaN for a `p` outside [0, 1].
///
/// # Cost
/// Two polynomials of degree 7; outside 0.075..0.925 also a logarithm and a square root. Relative error below
/// 1e-15 for the `p` given, down to 5e-324 and up to 1 - 2^-53: the largest seen on 60000 random `p` of all
/// magnitudes, against 50 digits, is 7.6e-16 (2.2e-192), and 6.0e-16 in 0.075..0.925. The same on every platform.
pub fn normal_quantile(p: f64) -> f64 {
    -upper_normal_quantile(p)
}

/// The number that a standard normal variable exceeds with probability `p`.
///
/// x with 1 - Phi(x) = p, found from `p` and not from 1 - p, which for p < 1e-16 would be 1; +infinity for p = 0,
/// -infinity for p = 1, NaN for a `p` outside [0, 1].
///
/// # Cost
/// As for [`normal_quantile`].
pub fn upper_normal_quantile(p: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    let from_middle = 0.5 - p;
    if from_middle.abs() <= 0.425 {
        return from_middle * MIDDLE.at(0.180_625 - from_middle * from_middle);
    }
    // For p > 1/2 the difference 1 - p is exact.
    let smaller_tail = if from_middle > 0.0 { p } else { 1.0 - p };
    if smaller_tail == 0.0 {
        return if from_middle > 0.0 { f64::INFINITY } else { f64::NEG_INFINITY };
    }
    let r = libm::sqrt(-libm::log(smaller_tail));
    let size = if r <= 5.0 { NEAR_TAIL.at(r - 1.6) } else { FAR_TAIL.at(r - 5.0) };
    if from_middle > 0.0 { size } else { -size }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pairs of a double p and its upper quantile, by mpmath with 60 digits.
    const KNOWN: &str = include_str!("../../tests/golden/normal_quantile.txt");

    #[test]
    fn agrees_with_sixty_digits() {
        let mut points = 0;
        for line in KNOWN.lines() {
            let (p, x) = line.split_once(' ').unwrap();
            let (p, x): (f64, f64) = (p.parse().unwrap(), x.parse().unwrap());
            let got = upper_normal_quantile(p);
            // Wichura's 1e-16 and the rounding of some twenty operations, most of them damped.
            assert!((got - x).abs() <= 1e-15 * x.abs(), "p {p:e}: {got} against {x}");
            points += 1;
        }
        assert!(points > 300);
    }

    #[test]
    fn the_complementary_error_function_inverts_it() {
        let mut p = 1e-300;
        while p < 0.5 {
            let x = upper_normal_quantile(p);
            let back = 0.5 * libm::erfc(x / 2f64.sqrt());
            // d ln p = -(x + 1/x) dx or less: an error of 1e-15 x moves p by 1e-15 (x^2 + 1) relatively.
            let bound = 2e-15 * (x * x + 1.0) + 1e-15;
            assert!((back / p - 1.0).abs() < bound, "p {p:e}: back {back:e}");
            p *= 1.37;
        }
    }

    #[test]
    fn symmetric_monotone_and_infinite_at_the_ends() {
        assert_eq!(upper_normal_quantile(0.5), 0.0);
        assert_eq!(upper_normal_quantile(0.0), f64::INFINITY);
        assert_eq!(upper_normal_quantile(1.0), f64::NEG_INFINITY);
        assert_eq!(normal_quantile(0.0), f64::NEG_INFINITY);
        assert!(upper_normal_quantile(f64::from_bits(1)).is_finite());
        for p in [-0.1, 1.1, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(normal_quantile(p).is_nan());
        }
        let mut last = f64::INFINITY;
        for k in 1..4096 {
            // Both p and 1 - p are exact.
            let p = f64::from(k) / 4096.0;
            let x = upper_normal_quantile(p);
            assert!(x < last, "p {p}");
            assert_eq!(x, -upper_normal_quantile(1.0 - p), "p {p}");
            assert_eq!(normal_quantile(p), -x);
            last = x;
        }
        // The three pieces meet: across each seam too the function falls.
        for seam in [0.075, 0.925, (-25f64).exp()] {
            let (below, above) = (seam * (1.0 - 1e-13), seam * (1.0 + 1e-13));
            assert!(upper_normal_quantile(below) >= upper_normal_quantile(above), "seam {seam}");
        }
    }
}
