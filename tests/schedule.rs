//! Firing probabilities against the reference's golden values, and their properties.

mod support;

use sae_kernels::schedule::{
    LinearParams, RandomParams, UniformSource, ZipfianParams, linear, random, zipfian,
};
use sae_kernels::{Argument, Error, Reason};
use support::golden;

/// Distance in units in the last place between two positive numbers.
fn ulps(a: f32, b: f32) -> u32 {
    a.to_bits().abs_diff(b.to_bits())
}

#[test]
fn zipfian_agrees_with_the_reference() {
    for n in [1, 2, 7, 100, 4096] {
        for (name, exponent) in [("0.5", 0.5), ("1.0", 1.0), ("2.0", 2.0)] {
            let want = golden::<f32>(&format!("zipf_n{n}_e{name}")).data;
            let mut got = vec![0f32; n];
            zipfian(&mut got, &ZipfianParams { exponent, ..Default::default() }).unwrap();
            let weight = |i: usize| ((i + 1) as f32).powf(-exponent as f32);
            let last = weight(n - 1);
            for (i, (&g, &w)) in got.iter().zip(&want).enumerate() {
                if ulps(g, w) <= 1 {
                    continue;
                }
                // For exponents 1 and 2 the powers are exact in both and one unit is all there may be. Square roots
                // the reference takes from a vector library that may be off by one unit: its weights r_i and r_n
                // then differ from the correctly rounded ones by that much, times (max - min)/(1 - r_n).
                assert!(exponent == 0.5, "n {n}, exponent {exponent}, feature {i}: {g} against {w}");
                let units = (weight(i) + last) * f32::EPSILON;
                let allowed = 0.29 / (1.0 - last) * units + w * f32::EPSILON;
                assert!((g - w).abs() <= allowed, "n {n}, feature {i}: {g} against {w}, allowed {allowed:e}");
            }
        }
    }
}

#[test]
fn linear_agrees_with_the_reference() {
    for n in [1, 2, 7, 100, 4096] {
        let want = golden::<f32>(&format!("linear_n{n}")).data;
        let mut got = vec![0f32; n];
        linear(&mut got, &LinearParams::default()).unwrap();
        for (i, (&g, &w)) in got.iter().zip(&want).enumerate() {
            assert!(ulps(g, w) <= 1, "n {n}, feature {i}: {g} against {w}");
        }
    }
}

#[test]
fn random_agrees_with_the_reference_bit_for_bit() {
    for seed in [0, 1, 42, 2_147_483_648] {
        let want = golden::<f32>(&format!("random_n1000_s{seed}")).data;
        let mut got = vec![0f32; 1000];
        let params = RandomParams { seed, source: UniformSource::Mt19937, ..Default::default() };
        random(&mut got, &params).unwrap();
        assert_eq!(got, want, "seed {seed}");
    }
}

#[test]
fn random_by_pcg64_is_uniform_and_reproducible() {
    let n = 100_000;
    let mut p = vec![0f64; n];
    let params = RandomParams { seed: 5, ..Default::default() };
    random(&mut p, &params).unwrap();
    assert!(p.iter().all(|&p| (0.01..0.5).contains(&p)));
    // Mean of n uniforms on [0.01, 0.5): 5 standard deviations.
    let mean = p.iter().sum::<f64>() / n as f64;
    assert!((mean - 0.255).abs() < 5.0 * 0.49 / (12.0 * n as f64).sqrt());
    // A feature's probability does not depend on how many there are.
    let mut few = vec![0f64; 10];
    random(&mut few, &params).unwrap();
    assert_eq!(few, p[..10]);
}

#[test]
fn double_precision_is_the_exact_formula() {
    let mut p = vec![0f64; 50];
    zipfian(&mut p, &ZipfianParams { exponent: 1.3, max_probability: 0.9, min_probability: 0.1 }).unwrap();
    let weight = |i: usize| ((i + 1) as f64).powf(-1.3);
    for (i, &p) in p.iter().enumerate() {
        let want = 0.1 + 0.8 * (weight(i) - weight(49)) / (1.0 - weight(49));
        assert!((p - want).abs() < 1e-15, "feature {i}");
    }
}

#[test]
fn a_vanishing_exponent_gives_no_nan() {
    let mut p = vec![0f32; 8];
    zipfian(&mut p, &ZipfianParams { exponent: 1e-30, ..Default::default() }).unwrap();
    assert_eq!(p, [0.3; 8]);
}

#[test]
fn bad_parameters_are_named_and_nothing_is_written() {
    let nan = f64::NAN;
    let zipf = |exponent, max_probability, min_probability| {
        let mut out = [7f32; 3];
        let result = zipfian(&mut out, &ZipfianParams { exponent, max_probability, min_probability });
        assert_eq!(out, [7.0; 3]);
        result.unwrap_err()
    };
    let error = Error::new;
    assert_eq!(zipf(0.0, 0.3, 0.01), error(Reason::OutOfRange, Argument::Exponent));
    assert_eq!(zipf(-1.0, 0.3, 0.01), error(Reason::OutOfRange, Argument::Exponent));
    assert_eq!(zipf(nan, 0.3, 0.01), error(Reason::NotANumber, Argument::Exponent));
    assert_eq!(zipf(f64::INFINITY, 0.3, 0.01), error(Reason::Infinite, Argument::Exponent));
    assert_eq!(zipf(1.0, 0.3, 0.0), error(Reason::OutOfRange, Argument::MinProbability));
    assert_eq!(zipf(1.0, 1.1, 0.1), error(Reason::OutOfRange, Argument::MaxProbability));
    assert_eq!(zipf(1.0, 0.2, 0.2), error(Reason::Order, Argument::MinProbability));
    assert_eq!(zipf(1.0, nan, 0.2), error(Reason::NotANumber, Argument::MaxProbability));
    assert_eq!(zipfian::<f32>(&mut [], &Default::default()), Err(error(Reason::Empty, Argument::Count)));

    let same = LinearParams { max_probability: 0.2, min_probability: 0.2 };
    assert_eq!(linear(&mut [0f32; 3], &same), Ok(()));
    let crossed = LinearParams { max_probability: 0.1, min_probability: 0.2 };
    assert_eq!(linear(&mut [0f32; 3], &crossed), Err(error(Reason::Order, Argument::MinProbability)));
    assert_eq!(linear::<f64>(&mut [], &same), Err(error(Reason::Empty, Argument::Count)));

    let crossed = RandomParams { max_probability: 0.2, min_probability: 0.2, ..Default::default() };
    assert_eq!(random(&mut [0f32; 3], &crossed), Err(error(Reason::Order, Argument::MinProbability)));
}
