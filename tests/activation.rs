//! Independently firing features: rates, magnitudes, addressing by row, and CSR against dense.

mod support;

use proptest::prelude::*;
use sae_kernels::activation::{
    CsrMut, CsrRef, Firing, csr_from_dense, sample_independent, sample_independent_csr,
};
use sae_kernels::matrix::{row_major, row_major_mut};
use sae_kernels::projection::{project_csr, project_dense};
use sae_kernels::rng::Stream;
use sae_kernels::{Argument, Error, Par, Reason, Scalar};

fn dense(firing: &Firing<f64>, n: usize, stream: Stream, first_row: u64, rows: usize) -> Vec<f64> {
    let mut out = vec![f64::NAN; rows * n];
    sample_independent(firing, stream, first_row, row_major_mut(&mut out, rows, n, n).unwrap()).unwrap();
    out
}

#[test]
fn firing_rates_are_the_probabilities() {
    let p = [0.0, 1e-3, 0.02, 0.3, 0.5, 0.97, 1.0];
    let firing = Firing { probabilities: &p, means: &[1.0], std_devs: &[0.0] };
    let rows = 200_000;
    let x = dense(&firing, p.len(), Stream::new(9, 4), 0, rows);
    for (j, &p) in p.iter().enumerate() {
        let fired = x.iter().skip(j).step_by(7).filter(|&&x| x == 1.0).count() as f64;
        // Five standard deviations of a binomial; exact for p = 0 and 1, where there are none.
        let sigma = (rows as f64 * p * (1.0 - p)).sqrt();
        assert!((fired - rows as f64 * p).abs() <= 5.0 * sigma, "p {p}: {fired}");
        assert!(x.iter().skip(j).step_by(7).all(|&x| x == 0.0 || x == 1.0));
    }
}

#[test]
fn features_fire_independently() {
    let firing = Firing { probabilities: &[0.4], means: &[1.0], std_devs: &[0.0] };
    let (n, rows) = (6, 200_000);
    let x = dense(&firing, n, Stream::new(1, 1), 0, rows);
    for a in 0..n {
        for b in 0..a {
            let both = x.chunks(n).filter(|s| s[a] > 0.0 && s[b] > 0.0).count() as f64 / rows as f64;
            assert!((both - 0.16).abs() < 5.0 * (0.16 * 0.84 / rows as f64).sqrt(), "{a} {b}: {both}");
        }
    }
}

#[test]
fn magnitudes_are_a_rectified_normal() {
    let (mean, std_dev) = (0.5, 0.8);
    let firing = Firing { probabilities: &[1.0], means: &[mean], std_devs: &[std_dev] };
    let rows = 300_000;
    let x = dense(&firing, 1, Stream::new(2, 0), 0, rows);
    let n = rows as f64;
    // With a = mean/std: P(x = 0) = Phi(-a); E x = mean Phi(a) + std phi(a).
    let a: f64 = mean / std_dev;
    let phi_a = 0.5 * libm::erfc(-a / 2f64.sqrt());
    let density = (-0.5 * a * a).exp() / (2.0 * core::f64::consts::PI).sqrt();
    let zeros = x.iter().filter(|&&x| x == 0.0).count() as f64 / n;
    assert!((zeros - (1.0 - phi_a)).abs() < 5.0 * (phi_a * (1.0 - phi_a) / n).sqrt(), "{zeros}");
    let first = mean * phi_a + std_dev * density;
    let second = (mean * mean + std_dev * std_dev) * phi_a + mean * std_dev * density;
    let got = x.iter().sum::<f64>() / n;
    assert!((got - first).abs() < 5.0 * ((second - first * first) / n).sqrt(), "{got} {first}");
}

#[test]
fn mean_and_std_may_differ_by_feature() {
    let firing = Firing { probabilities: &[1.0], means: &[-1.0, 2.0, 3.0], std_devs: &[0.0, 0.0, 1e-3] };
    let x = dense(&firing, 3, Stream::new(2, 0), 0, 100);
    for sample in x.chunks(3) {
        assert_eq!(sample[..2], [0.0, 2.0]);
        assert!(sample[2] != 3.0 && (sample[2] - 3.0).abs() < 1e-2);
    }
}

#[test]
fn single_precision_draws_the_same_features() {
    let firing64 = Firing { probabilities: &[0.25], means: &[1.0], std_devs: &[0.5] };
    let firing32 = Firing { probabilities: &[0.25f32], means: &[1.0], std_devs: &[0.5] };
    let x = dense(&firing64, 50, Stream::new(3, 3), 7, 40);
    let mut single = vec![0f32; 50 * 40];
    let out = row_major_mut(&mut single, 40, 50, 50).unwrap();
    sample_independent(&firing32, Stream::new(3, 3), 7, out).unwrap();
    for (a, &b) in x.iter().zip(&single) {
        assert!((a - f64::from(b)).abs() <= 4.0 * f64::from(f32::EPSILON), "{a} {b}");
    }
}

proptest! {
    #[test]
    fn rows_do_not_depend_on_the_split(
        seed: u64, stream: u64, start in 0..u64::MAX - 100, cut in 1usize..30, p in 0.0..1.0f64
    ) {
        let firing = Firing { probabilities: &[p], means: &[1.0], std_devs: &[0.3] };
        let stream = Stream::new(seed, stream);
        let whole = dense(&firing, 11, stream, start, 30);
        let mut parts = dense(&firing, 11, stream, start, cut);
        if cut < 30 {
            parts.extend(dense(&firing, 11, stream, start + cut as u64, 30 - cut));
        }
        prop_assert_eq!(whole, parts);
    }

    #[test]
    fn sparse_and_dense_samples_agree(seed: u64, p in 0.0..1.0f64, mean in -1.0..2.0f64) {
        let (n, rows) = (17, 13);
        let firing = Firing { probabilities: &[p], means: &[mean], std_devs: &[0.7] };
        let stream = Stream::new(seed, 0);
        let x = dense(&firing, n, stream, 5, rows);
        let (mut offsets, mut columns, mut values) = (vec![-1; rows + 1], vec![0; n * rows], vec![0.0; n * rows]);
        let out = CsrMut { row_offsets: &mut offsets, columns: &mut columns, values: &mut values };
        let nnz = sample_independent_csr(&firing, n, stream, 5, rows, out).unwrap();
        prop_assert_eq!(nnz, x.iter().filter(|&&x| x != 0.0).count());
        let csr = CsrRef::new(&offsets, &columns, &values, n).unwrap();
        let mut back = vec![0.0; n * rows];
        for r in 0..rows {
            for (j, x) in csr.row(r) {
                back[r * n + j] = x;
            }
        }
        prop_assert_eq!(&back, &x);

        let (mut o2, mut c2, mut v2) = (vec![0; rows + 1], vec![0; n * rows], vec![0.0; n * rows]);
        let out = CsrMut { row_offsets: &mut o2, columns: &mut c2, values: &mut v2 };
        prop_assert_eq!(csr_from_dense(row_major(&x, rows, n, n).unwrap(), out), Ok(nnz));
        prop_assert_eq!((&o2, &c2[..nnz], &v2[..nnz]), (&offsets, &columns[..nnz], &values[..nnz]));
    }

    #[test]
    fn projections_are_the_sums_they_should_be(seed: u64, b in 1usize..9, n in 1usize..20, d in 1usize..12) {
        let firing = Firing { probabilities: &[0.5], means: &[1.0], std_devs: &[0.5] };
        let x = dense(&firing, n, Stream::new(seed, 0), 0, b);
        let e: Vec<f64> = dense(&firing, d, Stream::new(seed, 1), 0, n);
        let bias: Vec<f64> = (0..d).map(|k| k as f64 - 1.5).collect();
        let (mut by_dense, mut by_csr) = (vec![f64::NAN; b * d], vec![f64::NAN; b * d]);
        let (xm, em) = (row_major(&x, b, n, n).unwrap(), row_major(&e, n, d, d).unwrap());
        let out = row_major_mut(&mut by_dense, b, d, d).unwrap();
        project_dense(xm, em, Some(&bias), out, Par::Seq).unwrap();
        let (mut o, mut c, mut v) = (vec![0; b + 1], vec![0; n * b], vec![0.0; n * b]);
        let out = CsrMut { row_offsets: &mut o, columns: &mut c, values: &mut v };
        csr_from_dense(xm, out).unwrap();
        let csr = CsrRef::new(&o, &c, &v, n).unwrap();
        project_csr(csr, em, Some(&bias), row_major_mut(&mut by_csr, b, d, d).unwrap()).unwrap();
        for r in 0..b {
            for k in 0..d {
                let want = bias[k] + (0..n).map(|j| x[r * n + j] * e[j * d + k]).sum::<f64>();
                // n products of numbers below 4: each order of summation errs by n eps times their sum.
                let allowed = 16.0 * (n * n + 1) as f64 * f64::EPSILON;
                prop_assert!((by_dense[r * d + k] - want).abs() <= allowed);
                prop_assert!((by_csr[r * d + k] - want).abs() <= allowed);
            }
        }
        let mut without = vec![f64::NAN; b * d];
        project_csr(csr, em, None, row_major_mut(&mut without, b, d, d).unwrap()).unwrap();
        for (k, (w, c)) in without.iter().zip(&by_csr).enumerate() {
            prop_assert!((w + bias[k % d] - c).abs() <= 16.0 * (n * n + 1) as f64 * f64::EPSILON);
        }
    }
}

#[test]
fn too_little_room_says_how_much_is_needed() {
    let firing = Firing { probabilities: &[1.0], means: &[1.0], std_devs: &[0.0] };
    let (mut offsets, mut columns, mut values) = ([0; 4], [9; 5], [9.0; 5]);
    let out = CsrMut { row_offsets: &mut offsets, columns: &mut columns, values: &mut values };
    let got = sample_independent_csr(&firing, 3, Stream::default(), 0, 3, out);
    assert_eq!(got, Err(Error::new(Reason::Capacity, Argument::Capacity)));
    assert_eq!(offsets, [0, 3, 6, 9]);
    assert_eq!(columns, [0, 1, 2, 0, 1]);
}

#[test]
fn bad_input_is_named_and_outputs_untouched() {
    let check = |p: &[f64], m: &[f64], s: &[f64], first_row, reason, argument| {
        let mut out = [5.0; 6];
        let firing = Firing { probabilities: p, means: m, std_devs: s };
        let view = row_major_mut(&mut out, 2, 3, 3).unwrap();
        let got = sample_independent(&firing, Stream::default(), first_row, view);
        assert_eq!(got, Err(Error::new(reason, argument)));
        assert_eq!(out, [5.0; 6]);
    };
    check(&[0.1, 0.2], &[1.0], &[0.0], 0, Reason::Shape, Argument::Probabilities);
    check(&[], &[1.0], &[0.0], 0, Reason::Empty, Argument::Probabilities);
    check(&[1.5], &[1.0], &[0.0], 0, Reason::OutOfRange, Argument::Probabilities);
    check(&[-0.1], &[1.0], &[0.0], 0, Reason::OutOfRange, Argument::Probabilities);
    check(&[f64::NAN], &[1.0], &[0.0], 0, Reason::NotANumber, Argument::Probabilities);
    check(&[0.1], &[f64::INFINITY], &[0.0], 0, Reason::Infinite, Argument::Means);
    check(&[0.1], &[1.0; 4], &[0.0], 0, Reason::Shape, Argument::Means);
    check(&[0.1], &[1.0], &[-1.0], 0, Reason::OutOfRange, Argument::StdDevs);
    check(&[0.1], &[1.0], &[0.0], u64::MAX, Reason::SizeOverflow, Argument::FirstRow);

    let csr = |offsets: &[i64], columns: &[u32], values: &[f64]| {
        CsrRef::new(offsets, columns, values, 3).map(|_| ()).unwrap_err()
    };
    let error = Error::new;
    assert_eq!(csr(&[0], &[], &[]), error(Reason::Empty, Argument::RowOffsets));
    assert_eq!(csr(&[1, 2], &[0, 1], &[1.0; 2]), error(Reason::Unsorted, Argument::RowOffsets));
    assert_eq!(csr(&[0, 2, 1], &[0, 1], &[1.0; 2]), error(Reason::Unsorted, Argument::RowOffsets));
    assert_eq!(csr(&[0, i64::MAX], &[0], &[1.0]), error(Reason::Shape, Argument::Columns));
    assert_eq!(csr(&[0, 2], &[0, 1], &[1.0]), error(Reason::Shape, Argument::Values));
    assert_eq!(csr(&[0, 2], &[0, 3], &[1.0; 2]), error(Reason::IndexOutOfRange, Argument::Columns));
    assert_eq!(csr(&[0, 2], &[1, 1], &[1.0; 2]), error(Reason::Unsorted, Argument::Columns));
    assert_eq!(csr(&[0, 1], &[1], &[f64::NAN]), error(Reason::NotANumber, Argument::Values));

    let (x, e, mut h) = ([1.0; 6], [1.0; 12], [3.0; 8]);
    let xm = row_major(&x, 2, 3, 3).unwrap();
    let em = row_major(&e, 3, 4, 4).unwrap();
    let mut project = |e, bias, cols| {
        let view = row_major_mut(&mut h, 2, cols, cols).unwrap();
        let got = project_dense(xm, e, bias, view, Par::Seq).unwrap_err();
        assert_eq!(h, [3.0; 8]);
        got
    };
    assert_eq!(project(em, None, 3), error(Reason::Shape, Argument::Hidden));
    assert_eq!(project(em, Some(&[1.0][..]), 4), error(Reason::Shape, Argument::Bias));
    let infinite = [f64::INFINITY; 4];
    assert_eq!(project(em, Some(&infinite[..]), 4), error(Reason::Infinite, Argument::Bias));
    let em = row_major(&e, 2, 4, 4).unwrap();
    assert_eq!(project(em, None, 4), error(Reason::Shape, Argument::Dictionary));
}

#[test]
fn what_a_seed_gives_never_changes() {
    fn samples<T: Scalar>() -> (Vec<i64>, Vec<u32>, Vec<T>) {
        let p = [0.0, 0.25, 1.0, 0.01, 0.5, 0.75, 0.125, 0.4].map(T::from_f64);
        let firing = Firing { probabilities: &p, means: &[T::ONE], std_devs: &[T::from_f64(0.5)] };
        let (mut offsets, mut columns, mut values) = (vec![0; 4], vec![0; 24], vec![T::ZERO; 24]);
        let out = CsrMut { row_offsets: &mut offsets, columns: &mut columns, values: &mut values };
        let nnz = sample_independent_csr(&firing, 8, Stream::new(42, 1), 1000, 3, out).unwrap();
        columns.truncate(nnz);
        values.truncate(nnz);
        (offsets, columns, values)
    }
    let (offsets, columns, values) = samples::<f64>();
    assert_eq!((&offsets[..], &columns[..]), (&[0, 2, 3, 6][..], &[2, 5, 2, 2, 4, 5][..]));
    let want = [
        0.583_100_819_858_990_2,
        0.614_794_245_345_963_4,
        1.297_671_084_143_504_6,
        1.702_623_649_615_692_8,
        0.769_401_597_045_455_7,
        1.024_980_533_554_643_6,
    ];
    assert_eq!(values, want);
    let single = [0.583_100_8, 0.614_794_25, 1.297_671_1, 1.702_623_6, 0.769_401_6, 1.024_980_5];
    assert_eq!(samples::<f32>(), (offsets, columns, single.to_vec()));
}
