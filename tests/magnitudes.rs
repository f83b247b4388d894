//! Schedules of firing magnitudes against the reference's golden values, and their properties.

mod support;

use proptest::prelude::*;
use sae_kernels::schedule::{
    FoldedNormalParams, exponential_magnitudes, folded_normal_magnitudes, linear_magnitudes,
};
use sae_kernels::{Argument, Error, Reason};
use support::golden;

#[test]
fn linear_agrees_with_the_reference() {
    for n in [1, 2, 7, 100] {
        let want = golden::<f32>(&format!("magnitude_linear_n{n}")).data;
        let mut got = vec![0f32; n];
        linear_magnitudes(&mut got, 0.5, 3.0).unwrap();
        for (i, (g, w)) in got.iter().zip(&want).enumerate() {
            assert!(g.to_bits().abs_diff(w.to_bits()) <= 1, "n {n}, feature {i}: {g} against {w}");
        }
    }
}

#[test]
fn exponential_agrees_with_the_reference() {
    for n in [1, 2, 7, 100] {
        let want = golden::<f32>(&format!("magnitude_exponential_n{n}")).data;
        let mut got = vec![0f32; n];
        exponential_magnitudes(&mut got, 2.0, 0.05).unwrap();
        for (i, (&g, &w)) in got.iter().zip(&want).enumerate() {
            // The reference rounds t and the base to single precision, each by half a unit at most, which the power
            // turns into |ln(end/start)| t and t units; the power, the product and our own rounding add three halves.
            let units = 0.5 * (40f32.ln() + 1.0) + 1.5;
            assert!((g - w).abs() <= units * f32::EPSILON * w, "n {n}, feature {i}: {g} against {w}");
        }
    }
}

#[test]
fn folded_normals_have_the_law_and_are_functions_of_seed_and_index() {
    let n = 200_000;
    let params = FoldedNormalParams { mean: 0.3, std_dev: 0.5, seed: 7, ..Default::default() };
    let mut x = vec![0f64; n];
    folded_normal_magnitudes(&mut x, &params).unwrap();
    assert!(x.iter().all(|&x| x >= 0.0));
    // The square of |N| has mean m^2 + s^2 and variance 2 s^4 + 4 m^2 s^2: five standard deviations.
    let (square, spread) = (0.09 + 0.25, (2.0 * 0.0625 + 4.0 * 0.09 * 0.25_f64).sqrt());
    let found = x.iter().map(|x| x * x).sum::<f64>() / n as f64;
    assert!((found - square).abs() < 5.0 * spread / (n as f64).sqrt(), "{found}");
    // |N| <= a with probability Phi((a - m)/s) - Phi((-a - m)/s), at a = 0.3: 1/2 - Phi(-1.2).
    let below = x.iter().filter(|&&x| x <= 0.3).count() as f64 / n as f64;
    let p = 0.5 - 0.115_069_670_221_708_28;
    assert!((below - p).abs() < 5.0 * (p * (1.0 - p) / n as f64).sqrt(), "{below}");
    let mut few = vec![0f64; 10];
    folded_normal_magnitudes(&mut few, &params).unwrap();
    assert_eq!(few, x[..10]);
    // The numbers of a seed do not change.
    let frozen = [0.587_032_241_788_360_9_f64, 0.453_048_331_754_534_63, 0.357_976_281_338_872_66];
    assert_eq!(few[..3], frozen);

    let clamped = FoldedNormalParams { min_magnitude: 0.2, max_magnitude: 0.4, ..params };
    let mut y = vec![0f64; n];
    folded_normal_magnitudes(&mut y, &clamped).unwrap();
    assert!(x.iter().zip(&y).all(|(x, &y)| x.clamp(0.2, 0.4) == y));
}

#[test]
fn bad_parameters_are_named_and_nothing_is_written() {
    let linear = |start, end| {
        let mut out = [7f32; 3];
        let (result, same) =
            (linear_magnitudes(&mut out, start, end), exponential_magnitudes(&mut [7f32; 3], start, end));
        assert_eq!(out, [7.0; 3]);
        assert_eq!(result, same);
        result.unwrap_err()
    };
    let error = Error::new;
    assert_eq!(linear(0.0, 1.0), error(Reason::OutOfRange, Argument::Start));
    assert_eq!(linear(1.0, -1.0), error(Reason::OutOfRange, Argument::End));
    assert_eq!(linear(f64::NAN, 1.0), error(Reason::NotANumber, Argument::Start));
    assert_eq!(linear(1.0, f64::INFINITY), error(Reason::Infinite, Argument::End));
    assert_eq!(linear(1e-60, 1.0), error(Reason::OutOfRange, Argument::Start));
    assert_eq!(linear_magnitudes::<f64>(&mut [], 1.0, 2.0), Err(error(Reason::Empty, Argument::Count)));

    let params = FoldedNormalParams::default();
    let folded = |params| folded_normal_magnitudes(&mut [7f32; 2], &params);
    assert_eq!(folded(params), Ok(()));
    for (params, reason, argument) in [
        (FoldedNormalParams { mean: 1e39, ..params }, Reason::OutOfRange, Argument::Mean),
        (FoldedNormalParams { std_dev: 0.0, ..params }, Reason::OutOfRange, Argument::StdDev),
        (FoldedNormalParams { mean: 3e38, std_dev: 1e37, ..params }, Reason::OutOfRange, Argument::StdDev),
        (
            FoldedNormalParams { max_magnitude: f64::NAN, ..params },
            Reason::NotANumber,
            Argument::MaxMagnitude,
        ),
        (
            FoldedNormalParams { min_magnitude: 2.0, max_magnitude: 1.0, ..params },
            Reason::Order,
            Argument::MinMagnitude,
        ),
    ] {
        assert_eq!(folded(params), Err(error(reason, argument)));
    }
}

proptest! {
    #[test]
    fn ends_are_exact_and_steps_even(
        n in 2_usize..40, log_start in -300.0_f64..300.0, log_end in -300.0_f64..300.0,
    ) {
        let (start, end) = (10f64.powf(log_start), 10f64.powf(log_end));
        let mut x = vec![0f64; n];
        exponential_magnitudes(&mut x, start, end).unwrap();
        prop_assert_eq!((x[0], x[n - 1]), (start, end));
        let ratio = (end.ln() - start.ln()) / (n - 1) as f64;
        for pair in x.windows(2) {
            // Logarithms up to 700 are rounded by 700 half units, and so are exponents.
            prop_assert!((pair[1].ln() - pair[0].ln() - ratio).abs() <= 4.0 * 700.0 * f64::EPSILON);
        }
        linear_magnitudes(&mut x, start, end).unwrap();
        prop_assert_eq!((x[0], x[n - 1]), (start, end));
        for pair in x.windows(2) {
            let step = (end - start) / (n - 1) as f64;
            prop_assert!((pair[1] - pair[0] - step).abs() <= 4.0 * start.max(end) * f64::EPSILON);
        }
    }
}
