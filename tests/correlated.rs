//! Correlated firing: the factor, the law of what is drawn, and its independence of batches.

mod support;

use faer::dyn_stack::MemStack;
use proptest::prelude::*;
use sae_kernels::activation::correlated::{
    factorise, factorise_scratch, sample_correlated, sample_firing, sample_scratch, thresholds,
};
use sae_kernels::matrix::{row_major, row_major_mut};
use sae_kernels::rng::Stream;
use sae_kernels::{Argument, Error, Reason, Scalar};
use support::orthant::orthant;
use support::workspace;

/// Correlations that fall by `rho` from one feature to the next: positive definite for |rho| < 1.
fn falling<T: Scalar>(n: usize, rho: f64) -> Vec<T> {
    (0..n * n).map(|k| T::from_f64(rho.powi((k / n).abs_diff(k % n) as i32))).collect()
}

fn factor_of<T: Scalar>(correlation: &[T], n: usize) -> Result<Vec<T>, Error> {
    let mut factor = vec![T::from_f64(7.0); n * n];
    let mut memory = workspace(factorise_scratch(n));
    let out = row_major_mut(&mut factor, n, n, n)?;
    let result = factorise(row_major(correlation, n, n, n)?, out, MemStack::new(&mut memory));
    if result.is_err() {
        assert!(factor.iter().all(|&x| x == T::from_f64(7.0)), "a failed call wrote");
    }
    result.map(|()| factor)
}

/// A sampler's fixed part.
struct Model<T> {
    n: usize,
    factor: Vec<T>,
    thresholds: Vec<T>,
    means: Vec<T>,
    std_devs: Vec<T>,
}

impl<T: Scalar> Model<T> {
    fn new(correlation: &[T], probabilities: &[T], means: &[T], std_devs: &[T]) -> Self {
        let n = correlation.len().isqrt();
        let mut t = vec![T::ZERO; n];
        thresholds(probabilities, &mut t).unwrap();
        let factor = factor_of(correlation, n).unwrap();
        Self { n, factor, thresholds: t, means: means.to_vec(), std_devs: std_devs.to_vec() }
    }

    fn sample(&self, stream: Stream, first_row: u64, rows: usize) -> Vec<T> {
        let n = self.n;
        let mut out = vec![T::from_f64(7.0); rows * n];
        let mut memory = workspace(sample_scratch::<T>(n));
        sample_correlated(
            row_major(&self.factor, n, n, n).unwrap(),
            &self.thresholds,
            &self.means,
            &self.std_devs,
            stream,
            first_row,
            row_major_mut(&mut out, rows, n, n).unwrap(),
            MemStack::new(&mut memory),
        )
        .unwrap();
        out
    }

    fn firing(&self, stream: Stream, first_row: u64, rows: usize) -> Vec<T> {
        let n = self.n;
        let mut out = vec![T::from_f64(7.0); rows * n];
        let mut memory = workspace(sample_scratch::<T>(n));
        sample_firing(
            row_major(&self.factor, n, n, n).unwrap(),
            &self.thresholds,
            stream,
            first_row,
            row_major_mut(&mut out, rows, n, n).unwrap(),
            MemStack::new(&mut memory),
        )
        .unwrap();
        out
    }
}

#[test]
fn the_factor_times_its_transpose_is_the_matrix() {
    for n in [1, 2, 65, 130] {
        let c = falling::<f64>(n, -0.8);
        let l = factor_of(&c, n).unwrap();
        for i in 0..n {
            assert!(l[i * n + i] > 0.0);
            assert!(l[i * n + i + 1..(i + 1) * n].iter().all(|&x| x == 0.0));
            for j in 0..n {
                let product: f64 = (0..n).map(|k| l[i * n + k] * l[j * n + k]).sum();
                // Backward error of Cholesky's factorisation: below (n + 1) epsilon times the unit diagonal.
                let bound = (n + 1) as f64 * f64::EPSILON;
                assert!((product - c[i * n + j]).abs() <= bound, "n {n}, ({i}, {j})");
            }
        }
    }
}

#[test]
fn what_is_no_correlation_matrix_is_refused() {
    let error = |reason| Err::<(), _>(Error::new(reason, Argument::Correlation));
    let with = |i: usize, j: usize, x: f64| {
        let mut c = falling::<f64>(3, 0.5);
        c[i * 3 + j] = x;
        factor_of(&c, 3).map(|_| ())
    };
    assert_eq!(with(0, 1, f64::NAN), error(Reason::NotANumber));
    assert_eq!(with(2, 1, f64::INFINITY), error(Reason::Infinite));
    assert_eq!(with(1, 1, 1.0001), error(Reason::DiagonalNotOne));
    assert!(with(1, 1, 1.000_005).is_ok());
    assert_eq!(with(2, 1, 0.5001), error(Reason::NotSymmetric));
    assert!(with(2, 1, 0.500_004).is_ok());
    let symmetric = |x: f64| factor_of(&[1.0, x, 0.0, x, 1.0, 0.0, 0.0, 0.0, 1.0], 3).map(|_| ());
    assert_eq!(symmetric(1.0), error(Reason::NotPositiveDefinite));
    assert_eq!(symmetric(-1.5), error(Reason::NotPositiveDefinite));
    assert_eq!(symmetric(1e300), error(Reason::NotPositiveDefinite));

    let c = falling::<f32>(3, 0.5);
    let mut out = [7f32; 12];
    let mut memory = workspace(factorise_scratch(3));
    let oblong = row_major(&c, 2, 3, 3).unwrap();
    let view = row_major_mut(&mut out, 3, 3, 3).unwrap();
    assert_eq!(factorise(oblong, view, MemStack::new(&mut memory)), error(Reason::Shape));
    let square = row_major(&c, 3, 3, 3).unwrap();
    let view = row_major_mut(&mut out, 3, 4, 4).unwrap();
    let shape = Err(Error::new(Reason::Shape, Argument::Factor));
    assert_eq!(factorise(square, view, MemStack::new(&mut memory)), shape);
    let view = row_major_mut(&mut out, 3, 3, 4).unwrap();
    let short = Err(Error::new(Reason::WorkspaceTooSmall, Argument::Workspace));
    assert_eq!(factorise(square, view, MemStack::new(&mut [])), short);
    assert_eq!(out, [7.0; 12]);
    assert!(factorise_scratch(usize::MAX).layout().is_err());
}

#[test]
fn thresholds_are_upper_quantiles() {
    let mut t = [0f64; 4];
    thresholds(&[0.0, 1.0, 0.5, 1e-300], &mut t).unwrap();
    assert_eq!(t[..3], [f64::INFINITY, f64::NEG_INFINITY, 0.0]);
    assert!((t[3] - 37.047_096_299_361_2).abs() < 1e-12);
    let mut same = [0f32; 3];
    thresholds(&[0.01], &mut same).unwrap();
    // The f32 nearest to 0.01 is 0.01 - 2.2e-10, which moves the quantile by 8e-9: less than half a unit.
    assert_eq!(same, [2.326_347_9; 3]);

    let bad = |p: &[f32], reason| {
        let mut t = [7f32; 3];
        assert_eq!(thresholds(p, &mut t), Err(Error::new(reason, Argument::Probabilities)));
        assert_eq!(t, [7.0; 3]);
    };
    bad(&[0.1, 0.2], Reason::Shape);
    bad(&[], Reason::Empty);
    bad(&[0.1, 0.2, f32::NAN], Reason::NotANumber);
    bad(&[-0.1], Reason::OutOfRange);
    bad(&[1.1], Reason::OutOfRange);
    let empty = Err(Error::new(Reason::Empty, Argument::Thresholds));
    assert_eq!(thresholds::<f32>(&[0.1], &mut []), empty);
}

/// A model whose features differ in everything, with two panels of features.
fn varied<T: Scalar>(n: usize) -> Model<T> {
    let spread = |low: f64, high: f64| -> Vec<T> {
        (0..n).map(|i| T::from_f64(low + (high - low) * i as f64 / n as f64)).collect()
    };
    let mut std_devs = spread(0.0, 0.5);
    std_devs[n / 2] = T::ZERO;
    Model::new(&falling(n, 0.6), &spread(0.05, 0.9), &spread(0.5, 2.0), &std_devs)
}

fn check_splits<T: Scalar>(model: &Model<T>, first_row: u64, rows: usize, cuts: &[usize]) {
    let stream = Stream::new(17, 4);
    let whole = model.sample(stream, first_row, rows);
    let mut parts = Vec::new();
    let mut begin = 0;
    for &cut in cuts.iter().chain([&rows]) {
        let end = cut.min(rows);
        if begin < end {
            parts.extend(model.sample(stream, first_row + begin as u64, end - begin));
            begin = end;
        }
    }
    assert!(whole == parts, "first row {first_row}, {rows} rows, cuts {cuts:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn a_row_does_not_depend_on_its_batch(
        n in prop::sample::select(vec![1, 3, 17, 100, 300]),
        from_end in any::<bool>(),
        offset in 0u64..1000,
        rows in 1usize..200,
        mut cuts in prop::collection::vec(0usize..200, 0..5),
    ) {
        cuts.sort_unstable();
        let first_row = if from_end { u64::MAX - 1200 + offset } else { offset };
        check_splits(&varied::<f32>(n), first_row, rows, &cuts);
        check_splits(&varied::<f64>(n), first_row, rows, &cuts);
    }
}

#[test]
fn the_last_rows_can_be_drawn_and_no_more() {
    let model = varied::<f32>(5);
    let stream = Stream::new(1, 1);
    let last = model.sample(stream, u64::MAX - 3, 3);
    assert_eq!(last[10..], model.sample(stream, u64::MAX - 1, 1));

    let mut out = [7f32; 5];
    let mut memory = workspace(sample_scratch::<f32>(5));
    let result = sample_firing(
        row_major(&model.factor, 5, 5, 5).unwrap(),
        &model.thresholds,
        stream,
        u64::MAX,
        row_major_mut(&mut out, 1, 5, 5).unwrap(),
        MemStack::new(&mut memory),
    );
    assert_eq!(result, Err(Error::new(Reason::SizeOverflow, Argument::FirstRow)));
    assert_eq!(out, [7.0; 5]);
}

#[test]
fn certain_features_always_fire_and_impossible_ones_never() {
    let model = Model::<f32>::new(&falling(3, 0.9), &[1.0, 0.0, 0.5], &[2.0], &[0.0]);
    let out = model.sample(Stream::new(5, 0), 0, 500);
    assert!(out.chunks(3).all(|row| row[0] == 2.0 && row[1] == 0.0));
    assert!(out.chunks(3).any(|row| row[2] == 2.0) && out.chunks(3).any(|row| row[2] == 0.0));
}

#[test]
fn features_fire_at_their_rates_and_together_as_the_normal_distribution_says() {
    // The well-known case: at zero thresholds the orthant has probability 1/4 + asin(rho) / 2 pi.
    let known = 0.25 + 0.6f64.asin() / (2.0 * std::f64::consts::PI);
    assert!((orthant(0.0, 0.0, 0.6) - known).abs() < 1e-12);

    let (n, rows) = (300, 20_000);
    let model = varied::<f64>(n);
    let fired = model.firing(Stream::new(8, 0), 0, rows);
    let count = |i: usize, j: usize| {
        fired.chunks_exact(n).filter(|row| row[i] == 1.0 && row[j] == 1.0).count() as f64
    };
    // Binomial counts, 5.5 standard deviations: one of 340 goes astray with probability 1.3e-5.
    let check = |got: f64, p: f64, what: &str| {
        let sigma = (rows as f64 * p * (1.0 - p)).sqrt();
        assert!((got - rows as f64 * p).abs() < 5.5 * sigma, "{what}: {got} of {rows}, p {p}");
    };
    for i in 0..n {
        check(count(i, i), 0.05 + 0.85 * i as f64 / n as f64, &format!("feature {i}"));
    }
    // Neighbours far from and across the border of the panels, and features ever further apart.
    let mut pairs = vec![(254, 255), (255, 256), (256, 257), (0, 299), (100, 280)];
    pairs.extend((0..20).map(|k| (13 * k, 13 * k + 1 + k % 4)));
    for (i, j) in pairs {
        let rho = 0.6f64.powi((j - i) as i32);
        let p = orthant(model.thresholds[i], model.thresholds[j], rho);
        check(count(i, j), p, &format!("features {i} and {j}"));
    }
}

#[test]
fn magnitudes_are_normal_where_features_fire() {
    // Far from zero, about zero (half are cut off), without spread, and below zero.
    let (means, std_devs) = ([5.0, 0.0, 1.5, -1.0], [0.5, 1.0, 0.0, 0.0]);
    let model = Model::<f64>::new(&falling(4, 0.3), &[0.4], &means, &std_devs);
    let (rows, stream) = (100_000, Stream::new(21, 0));
    let values = model.sample(stream, 7, rows);
    let fired = model.firing(stream, 7, rows);
    let mut magnitudes = vec![Vec::new(); 4];
    for (row, fired) in values.chunks_exact(4).zip(fired.chunks_exact(4)) {
        for i in 0..4 {
            if fired[i] == 1.0 {
                magnitudes[i].push(row[i]);
            } else {
                assert_eq!(row[i], 0.0);
            }
        }
    }
    // Kolmogorov-Smirnov: sqrt(m) D exceeds 2.23 with probability 1e-4.
    magnitudes[0].sort_by(f64::total_cmp);
    let m = magnitudes[0].len() as f64;
    let distance = magnitudes[0].iter().enumerate().fold(0.0_f64, |distance, (k, x)| {
        let cdf = 0.5 * libm::erfc((5.0 - x) / (0.5 * 2f64.sqrt()));
        distance.max((cdf - k as f64 / m).abs()).max((cdf - (k + 1) as f64 / m).abs())
    });
    assert!(distance * m.sqrt() < 2.23, "{distance}");
    // Half of the second feature's are cut off: a binomial count, 5 standard deviations.
    let (zeros, m) = (magnitudes[1].iter().filter(|&&x| x == 0.0).count() as f64, magnitudes[1].len() as f64);
    assert!((zeros - m / 2.0).abs() < 2.5 * m.sqrt());
    // max(g, 0)^2 has mean 1/2 and variance 3/2 - 1/4: 5 standard deviations of its mean.
    let second: f64 = magnitudes[1].iter().map(|x| x * x).sum::<f64>() / m;
    assert!((second - 0.5).abs() < 5.0 * (1.25 / m).sqrt());
    assert!(magnitudes[2].iter().all(|&x| x == 1.5));
    assert!(magnitudes[3].iter().all(|&x| x == 0.0));
}

#[test]
fn bad_arguments_are_named_and_nothing_is_written() {
    let model = varied::<f32>(3);
    let call = |factor: &[f32], thresholds: &[f32], means: &[f32], std_devs: &[f32], bytes: usize| {
        let mut out = [7f32; 6];
        let mut memory = workspace(sample_scratch::<f32>(3));
        let result = sample_correlated(
            row_major(factor, factor.len() / 3, 3, 3).unwrap(),
            thresholds,
            means,
            std_devs,
            Stream::new(0, 0),
            0,
            row_major_mut(&mut out, 2, 3, 3).unwrap(),
            MemStack::new(&mut memory[..bytes]),
        );
        assert_eq!(out, [7.0; 6]);
        result.unwrap_err()
    };
    let all = sample_scratch::<f32>(3).size_bytes();
    let (f, t) = (&model.factor[..], &model.thresholds[..]);
    let (nan, infinite) = (f32::NAN, f32::INFINITY);
    let bad_factor = |x: f32| [1.0, 0.0, 0.0, x, 1.0, 0.0, 0.0, 0.0, 1.0];
    let error = Error::new;
    assert_eq!(call(&f[..6], t, &[1.0], &[1.0], all), error(Reason::Shape, Argument::Factor));
    assert_eq!(call(&bad_factor(nan), t, &[1.0], &[1.0], all), error(Reason::NotANumber, Argument::Factor));
    assert_eq!(
        call(&bad_factor(infinite), t, &[1.0], &[1.0], all),
        error(Reason::Infinite, Argument::Factor)
    );
    assert_eq!(call(f, &t[..1], &[1.0], &[1.0], all), error(Reason::Shape, Argument::Thresholds));
    assert_eq!(
        call(f, &[0.0, nan, 0.0], &[1.0], &[1.0], all),
        error(Reason::NotANumber, Argument::Thresholds)
    );
    assert_eq!(call(f, t, &[1.0, 1.0], &[1.0], all), error(Reason::Shape, Argument::Means));
    assert_eq!(call(f, t, &[infinite], &[1.0], all), error(Reason::Infinite, Argument::Means));
    assert_eq!(call(f, t, &[1.0], &[], all), error(Reason::Empty, Argument::StdDevs));
    assert_eq!(call(f, t, &[1.0], &[nan], all), error(Reason::NotANumber, Argument::StdDevs));
    assert_eq!(call(f, t, &[1.0], &[-0.1], all), error(Reason::OutOfRange, Argument::StdDevs));
    let short = error(Reason::WorkspaceTooSmall, Argument::Workspace);
    assert_eq!(call(f, t, &[1.0], &[1.0], all - 1), short);
}

/// Three rows of six features; the fourth one has no spread.
fn frozen<T: Scalar>([a, b, c, d]: [T; 4]) -> Vec<T> {
    let (zero, mean) = (T::ZERO, T::from_f64(1.25));
    [[zero, zero, zero, mean, a, b], [zero, zero, zero, mean, c, d], [zero; 6]].concat()
}

#[test]
fn what_a_seed_gives_never_changes() {
    // On all CPUs: no normal number of these is within its rounding of the threshold.
    let double =
        [1.222_067_213_239_326_7, 1.428_995_204_454_969_4, 1.698_447_389_429_003, 2.179_756_397_800_174_4];
    let single = [1.222_067_2, 1.428_995_3, 1.698_447_3, 2.179_756_4];
    assert_eq!(varied::<f64>(6).sample(Stream::new(42, 1), 1000, 3), frozen(double));
    assert_eq!(varied::<f32>(6).sample(Stream::new(42, 1), 1000, 3), frozen(single));
}
