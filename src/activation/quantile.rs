//! Quantiles of the standard normal distribution, in the lower and in the upper tail.
//!
//! Algorithm AS 241, routine PPND16 (M. J. Wichura, "The percentage points of the normal distribution", Applied
//! Statistics 37, 1988): three rational functions of degree 7 over 7, one for the middle and two for the tails,
//! with a relative error of about 1e-16 each.

// Constants stand as published, and the tests' values as computed, with more digits than a double holds.
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
/// 1e-15 for the `p` given, down to the smallest. The same on every platform.
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

    /// Upper quantiles of the doubles nearest to these p, by mpmath with 50 digits.
    #[rustfmt::skip]
    const KNOWN: &[(f64, f64)] = &[
        (0.93, -1.475_791_028_179_171_099_044), (0.9, -1.281_551_565_544_600_593_487),
        (0.425, 0.189_118_426_272_792_518_444), (0.3, 0.524_400_512_708_040_815_969),
        (0.25, 0.674_489_750_196_081_743_202), (0.1, 1.281_551_565_544_600_435_335),
        (0.075, 1.439_531_470_938_455_934_950), (0.07, 1.475_791_028_179_170_685_609),
        (0.01, 2.326_347_874_040_841_093_075), (1e-3, 3.090_232_306_167_813_535_358),
        (1e-6, 4.753_424_308_822_898_957_339), (1e-10, 6.361_340_902_404_056_199_100),
        (1e-12, 7.034_483_825_301_131_932_614), (1e-20, 9.262_340_089_798_407_579_572),
        (1e-50, 14.933_337_534_788_488_980_658), (1e-100, 21.273_453_560_965_324_294_180),
        (1e-200, 30.205_594_179_579_643_063_124), (1e-300, 37.047_096_299_361_199_236_547),
    ];

    #[test]
    fn agrees_with_fifty_digits() {
        for &(p, x) in KNOWN {
            let got = upper_normal_quantile(p);
            // Wichura's 1e-16 and the rounding of some twenty operations, most of them damped.
            assert!((got - x).abs() <= 1e-15 * x.abs(), "p {p}: {got} against {x}");
        }
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
