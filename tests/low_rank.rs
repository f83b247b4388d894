//! Correlations of low rank: the factor, the law of what is drawn, and its independence of batches.

mod support;

use faer::dyn_stack::MemStack;
use proptest::prelude::*;
use sae_kernels::activation::quantile::upper_normal_quantile;
use sae_kernels::activation::{
    CsrMut, LowRankFiring, LowRankPlan, low_rank_factor, low_rank_plan_len, plan_low_rank, sample_low_rank,
    sample_low_rank_csr, sample_low_rank_scratch,
};
use sae_kernels::matrix::{row_major, row_major_mut};
use sae_kernels::rng::Stream;
use sae_kernels::{Argument, Error, Reason, Scalar};
use support::orthant::orthant;
use support::workspace;

/// A random correlation with probabilities, planned.
struct Model<T> {
    n: usize,
    r: usize,
    factor: Vec<T>,
    panels: Vec<T>,
}

type Batch<T> = (Vec<i64>, Vec<u32>, Vec<T>);

impl<T: Scalar> Model<T> {
    fn new(r: usize, scale: f64, probabilities: &[T]) -> Self {
        let n = probabilities.len();
        let (mut factor, mut diagonal) = (vec![T::ZERO; n * r], vec![T::ZERO; n]);
        let view = row_major_mut(&mut factor, n, r, r).unwrap();
        low_rank_factor(scale, Stream::new(3, 0), view, &mut diagonal).unwrap();
        let mut panels = vec![T::ZERO; low_rank_plan_len::<T>(n, r).unwrap()];
        let view = row_major(&factor, n, r, r).unwrap();
        plan_low_rank(view, &diagonal, probabilities, &mut panels).unwrap();
        Self { n, r, factor, panels }
    }

    fn plan(&self) -> LowRankPlan<'_, T> {
        LowRankPlan::from_parts(&self.panels, self.n, self.r).unwrap()
    }

    fn correlation(&self, i: usize, j: usize) -> f64 {
        let row = |i: usize| self.factor[i * self.r..][..self.r].iter();
        row(i).zip(row(j)).map(|(x, y)| x.to_f64() * y.to_f64()).sum()
    }
}

fn csr<T: Scalar>(firing: &LowRankFiring<'_, T>, model: &Model<T>, first_row: u64, rows: usize) -> Batch<T> {
    let mut memory = workspace(sample_low_rank_scratch::<T>(model.n, model.r));
    let (mut row_offsets, stream) = (vec![0; rows + 1], Stream::new(11, 2));
    let mut draw = |columns: &mut [u32], values: &mut [T]| {
        let out = CsrMut { row_offsets: &mut row_offsets, columns, values };
        sample_low_rank_csr(firing, stream, first_row, rows, out, MemStack::new(&mut memory))
    };
    let asked = draw(&mut [], &mut []);
    if asked.is_err() {
        assert_eq!(asked, Err(Error::new(Reason::Capacity, Argument::Capacity)));
    }
    let nnz = row_offsets[rows] as usize;
    let (mut columns, mut values) = (vec![0; nnz], vec![T::ZERO; nnz]);
    let out = CsrMut { row_offsets: &mut row_offsets, columns: &mut columns, values: &mut values };
    let drawn = sample_low_rank_csr(firing, stream, first_row, rows, out, MemStack::new(&mut memory));
    assert_eq!(drawn, Ok(nnz));
    (row_offsets, columns, values)
}

fn dense<T: Scalar>(firing: &LowRankFiring<'_, T>, model: &Model<T>, first_row: u64, rows: usize) -> Vec<T> {
    let mut memory = workspace(sample_low_rank_scratch::<T>(model.n, model.r));
    let mut out = vec![T::from_f64(7.0); rows * model.n];
    let view = row_major_mut(&mut out, rows, model.n, model.n).unwrap();
    sample_low_rank(firing, Stream::new(11, 2), first_row, view, MemStack::new(&mut memory)).unwrap();
    out
}

/// Rare features, frequent ones, impossible and certain ones.
fn mixed<T: Scalar>(n: usize) -> Vec<T> {
    let some = [0.01, 0.3, 0.002, 0.0, 0.6, 0.05, 1.0, 0.9, 0.0005, 0.12];
    (0..n).map(|i| T::from_f64(some[i % some.len()])).collect()
}

#[test]
fn factors_have_the_scale_asked_for_and_a_unit_diagonal() {
    let (n, r) = (2000, 20);
    let (mut factor, mut diagonal) = (vec![0.0_f64; n * r], vec![0.0; n]);
    let mut make = |scale| {
        let view = row_major_mut(&mut factor, n, r, r).unwrap();
        let capped = low_rank_factor(scale, Stream::new(1, 0), view, &mut diagonal).unwrap();
        (capped, factor.clone(), diagonal.clone())
    };
    let (capped, factor, diagonal) = make(0.1);
    assert_eq!(capped, 0);
    for (row, own) in factor.chunks(r).zip(&diagonal) {
        let square: f64 = row.iter().map(|x| x * x).sum();
        assert!((square + own - 1.0).abs() < 1e-15);
    }
    // The mean square of 40,000 normal numbers: five standard deviations.
    let square = factor.iter().map(|x| x * x).sum::<f64>() / factor.len() as f64;
    assert!((square / 0.01 - 1.0).abs() < 5.0 * (2.0 / factor.len() as f64).sqrt());

    // At r scale^2 = 0.99 about half of the rows are capped, beyond all are; no scale is too large.
    let (capped, ..) = make((0.99 / r as f64).sqrt());
    assert!((800..1200).contains(&capped), "{capped}");
    for scale in [3.0, f64::MAX] {
        let (capped, _, diagonal) = make(scale);
        assert_eq!(capped, n);
        assert!(diagonal.iter().all(|own| (own - 0.01).abs() < 1e-15));
    }
    let (capped, factor, diagonal) = make(0.0);
    assert!(capped == 0 && factor.iter().all(|&x| x == 0.0) && diagonal.iter().all(|&own| own == 1.0));
}

/// Every feature's count, and the counts of pairs of features that both fire, against their law.
fn assert_the_law_holds<T: Scalar>(r: usize, scale: f64, rows: usize) {
    let n = 50;
    let p = mixed::<T>(n);
    let model = Model::new(r, scale, &p);
    let (one, none) = ([T::ONE], [T::ZERO]);
    let firing = LowRankFiring::new(model.plan(), &one, &none).unwrap();
    let (row_offsets, columns, _) = csr(&firing, &model, 0, rows);
    let mut counts = vec![0_u32; n * n];
    for row in row_offsets.windows(2) {
        let fired = &columns[row[0] as usize..row[1] as usize];
        fired.iter().for_each(|&i| fired.iter().for_each(|&j| counts[i as usize * n + j as usize] += 1));
    }
    // Binomial counts, 6 standard deviations and for rare ones what a Poisson number of mean 1 or less passes as seldom:
    // one of 1,275 goes astray with probability 3e-6. Rounding of f32 moves probabilities by less than 1e-5 of them.
    let check = |got: u32, p: f64, what: &str| {
        let expected = rows as f64 * p;
        let sigma = (expected * (1.0 - p)).max(0.0).sqrt();
        assert!((f64::from(got) - expected).abs() <= 6.0 * sigma + 10.0, "{what}: {got} for {expected}");
    };
    for i in 0..n {
        let p_i = p[i].to_f64();
        check(counts[i * n + i], p_i, &format!("feature {i}"));
        // Exact, not only likely.
        assert!(p_i != 0.0 || counts[i * n + i] == 0);
        assert!(p_i != 1.0 || counts[i * n + i] == rows as u32);
        for j in 0..i {
            let p_j = p[j].to_f64();
            let both = if p_i * p_j == 0.0 {
                0.0
            } else if p_i == 1.0 || p_j == 1.0 {
                p_i.min(p_j)
            } else {
                orthant(upper_normal_quantile(p_i), upper_normal_quantile(p_j), model.correlation(i, j))
            };
            check(counts[i * n + j], both, &format!("features {i} and {j}"));
        }
    }
}

#[test]
fn features_fire_at_their_rates_and_together_as_the_normal_distribution_says() {
    assert_the_law_holds::<f32>(5, 0.2, 300_000);
    assert_the_law_holds::<f64>(3, 0.4, 200_000);
    // Capped: correlations up to 0.99.
    assert_the_law_holds::<f64>(2, 5.0, 100_000);
}

#[test]
fn without_correlation_features_are_independent() {
    assert_the_law_holds::<f32>(1, 0.0, 100_000);
}

#[test]
fn probabilities_beyond_what_ever_fires_are_accepted() {
    let model = Model::<f64>::new(4, 0.1, &[1e-300, 5e-324, 0.0, 1.0, 1.0 - f64::EPSILON]);
    let firing = LowRankFiring::new(model.plan(), &[1.0], &[0.0]).unwrap();
    let out = dense(&firing, &model, 0, 2000);
    assert!(out.chunks(5).all(|row| row == [0.0, 0.0, 0.0, 1.0, 1.0]));
}

#[test]
fn magnitudes_are_a_rectified_normal() {
    let model = Model::<f64>::new(2, 0.3, &[0.4, 0.9]);
    let firing = LowRankFiring::new(model.plan(), &[1.0, -0.5], &[0.1, 1.0]).unwrap();
    let (_, columns, values) = csr(&firing, &model, 0, 40_000);
    let of = |j: u32| columns.iter().zip(&values).filter(move |(k, _)| **k == j).map(|(_, x)| *x);
    let (count, mean) = (of(0).count() as f64, of(0).sum::<f64>());
    assert!((mean / count - 1.0).abs() < 5.0 * 0.1 / count.sqrt());
    // relu(-0.5 + N) is positive with probability 1 - Phi(0.5), and dropped otherwise.
    let (expected, found) = (40_000.0 * 0.9 * 0.308_537_538_725_986_9, of(1).count() as f64);
    assert!((found - expected).abs() < 5.0 * expected.sqrt(), "{found} for {expected}");
    assert!(values.iter().all(|&x| x > 0.0));
}

/// The same samples in one call, in two and in sparse rows.
fn assert_batches_agree(n: usize, r: usize, rows: usize, cut: usize, first: u64) {
    let p = mixed::<f32>(n);
    let model = Model::new(r, 0.3, &p);
    let firing = LowRankFiring::new(model.plan(), &[1.0], &[0.5]).unwrap();
    let whole = dense(&firing, &model, first, rows);
    let mut parts = if cut > 0 { dense(&firing, &model, first, cut) } else { Vec::new() };
    parts.extend(dense(&firing, &model, first + cut as u64, rows - cut));
    assert_eq!(whole, parts);
    let (row_offsets, columns, values) = csr(&firing, &model, first, rows);
    let mut spread = vec![0.0; rows * n];
    for (row, out) in row_offsets.windows(2).zip(spread.chunks_mut(n)) {
        let range = row[0] as usize..row[1] as usize;
        assert!(columns[range.clone()].windows(2).all(|pair| pair[0] < pair[1]));
        range.for_each(|k| out[columns[k] as usize] = values[k]);
    }
    assert_eq!(whole, spread);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn samples_do_not_depend_on_the_batch(
        n in 1_usize..140, r in 1_usize..7, rows in 1_usize..120, cut in 0_usize..120, first in 0_u64..1000,
    ) {
        assert_batches_agree(n, r, rows, cut.min(rows - 1), first);
    }
}

#[test]
fn rows_that_only_fill_up_a_tile_do_no_harm() {
    // Certain features of many panels, passed by five rows that are none.
    assert_batches_agree(87, 1, 1, 0, 0);
    assert_batches_agree(2000, 1, 1, 0, 0);
}

#[test]
fn an_overwritten_plan_gives_samples_in_proper_form() {
    let mut model = Model::<f32>::new(3, 0.2, &mixed(37));
    for (k, x) in model.panels.iter_mut().enumerate() {
        *x = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX, -1e30][k % 5];
    }
    let firing = LowRankFiring::new(model.plan(), &[1.0], &[0.1]).unwrap();
    let (row_offsets, columns, values) = csr(&firing, &model, 0, 100);
    assert!(columns.iter().all(|&j| j < 37) && values.iter().all(|x| x.is_finite()));
    for row in row_offsets.windows(2) {
        assert!(columns[row[0] as usize..row[1] as usize].windows(2).all(|pair| pair[0] < pair[1]));
    }
}

fn error<R>(reason: Reason, argument: Argument) -> Result<R, Error> {
    Err(Error::new(reason, argument))
}

#[test]
fn bad_arguments_are_named_and_nothing_is_written() {
    let mut factor = [0.5_f64; 6];
    let mut diagonal = [0.5; 3];
    let mut make = |scale, rows: usize| {
        let view = row_major_mut(&mut factor, 3, 2, 2).unwrap();
        let result = low_rank_factor(scale, Stream::new(0, 0), view, &mut diagonal[..rows]);
        assert_eq!((factor, diagonal), ([0.5; 6], [0.5; 3]));
        result
    };
    assert_eq!(make(f64::NAN, 3), error(Reason::NotANumber, Argument::Scale));
    assert_eq!(make(f64::INFINITY, 3), error(Reason::Infinite, Argument::Scale));
    assert_eq!(make(-0.1, 3), error(Reason::OutOfRange, Argument::Scale));
    assert_eq!(make(0.1, 2), error(Reason::Shape, Argument::Diagonal));

    let len = low_rank_plan_len::<f64>(3, 2).unwrap();
    let plan = |factor: &[f64; 6], diagonal: &[f64], p: &[f64], len: usize| {
        let mut panels = vec![7.0; len];
        let view = row_major(factor, 3, 2, 2).unwrap();
        let result = plan_low_rank(view, diagonal, p, &mut panels).map(|_| ());
        assert!(result.is_ok() || panels.iter().all(|&x| x == 7.0));
        result
    };
    let (half, own, nan) = ([0.5; 6], [0.5; 3], f64::NAN);
    assert_eq!(plan(&half, &own, &[0.1], len), Ok(()));
    assert_eq!(plan(&half, &own, &[0.1], len - 1), error(Reason::Shape, Argument::Plan));
    assert_eq!(plan(&[nan; 6], &own, &[0.1], len), error(Reason::NotANumber, Argument::Factor));
    assert_eq!(plan(&half, &[0.5, 0.5], &[0.1], len), error(Reason::Shape, Argument::Diagonal));
    assert_eq!(plan(&half, &[0.5, 0.5, nan], &[0.1], len), error(Reason::NotANumber, Argument::Diagonal));
    assert_eq!(plan(&half, &[0.5, 0.5, 0.0], &[0.1], len), error(Reason::OutOfRange, Argument::Diagonal));
    assert_eq!(plan(&half, &[0.5, 0.5, 0.6], &[0.1], len), error(Reason::DiagonalNotOne, Argument::Diagonal));
    assert_eq!(plan(&half, &own, &[], len), error(Reason::Empty, Argument::Probabilities));
    assert_eq!(plan(&half, &own, &[0.1; 2], len), error(Reason::Shape, Argument::Probabilities));
    assert_eq!(plan(&half, &own, &[nan], len), error(Reason::NotANumber, Argument::Probabilities));
    assert_eq!(plan(&half, &own, &[1.1], len), error(Reason::OutOfRange, Argument::Probabilities));
    assert_eq!(low_rank_plan_len::<f64>(usize::MAX, 1), None);
    assert_eq!(low_rank_plan_len::<f64>(1 << 40, 1 << 40), None);

    let model = Model::<f64>::new(2, 0.1, &[0.5; 3]);
    let parts = |features, rank| LowRankPlan::from_parts(&model.panels[..], features, rank).map(|_| ());
    assert_eq!(parts(0, 2), error(Reason::Empty, Argument::Features));
    assert_eq!(parts(3, 0), error(Reason::Empty, Argument::Rank));
    assert_eq!(parts(3, 3), error(Reason::Shape, Argument::Plan));
    let refused = LowRankFiring::new(model.plan(), &[1.0], &[-1.0]).map(|_| ());
    assert_eq!(refused, error(Reason::OutOfRange, Argument::StdDevs));

    let firing = LowRankFiring::new(model.plan(), &[1.0], &[0.0]).unwrap();
    let mut out = [7.0; 8];
    let request = sample_low_rank_scratch::<f64>(3, 2);
    let mut memory = workspace(request);
    let bytes = memory.len();
    let mut sample = |first, cols: usize, bytes: usize| {
        let view = row_major_mut(&mut out, 2, cols, 4).unwrap();
        let stack = MemStack::new(&mut memory[..bytes]);
        let result = sample_low_rank(&firing, Stream::new(0, 0), first, view, stack);
        assert!(result.is_ok() || out == [7.0; 8]);
        result
    };
    assert_eq!(sample(0, 2, bytes), error(Reason::Shape, Argument::Activations));
    assert_eq!(sample(u64::MAX - 1, 3, bytes), error(Reason::SizeOverflow, Argument::FirstRow));
    assert_eq!(sample(0, 3, bytes / 2), error(Reason::WorkspaceTooSmall, Argument::Workspace));
    assert_eq!(sample(u64::MAX - 2, 3, bytes), Ok(()));
    let none = CsrMut { row_offsets: &mut [], columns: &mut [], values: &mut [] };
    let refused = sample_low_rank_csr(&firing, Stream::new(0, 0), 0, 0, none, MemStack::new(&mut memory));
    assert_eq!(refused, error(Reason::Empty, Argument::Rows));
}

#[test]
fn what_a_seed_gives_never_changes() {
    let model = Model::<f64>::new(3, 0.3, &mixed(40));
    let firing = LowRankFiring::new(model.plan(), &[1.0], &[0.5]).unwrap();
    let (row_offsets, columns, values) = csr(&firing, &model, 1000, 2);
    // On CPUs without fused multiplication and addition the values may differ, as the docs say.
    assert_eq!(row_offsets, [0, 10, 22]);
    assert_eq!(columns[..10], [6, 7, 16, 17, 24, 26, 27, 31, 36, 39]);
    assert_eq!(columns[10..], [1, 6, 7, 14, 16, 17, 24, 26, 27, 31, 34, 36]);
    assert_eq!(values[..3], [1.283_810_177_642_606, 1.081_031_606_892_612_2, 2.154_668_648_502_047_6]);

    let model = Model::<f32>::new(3, 0.3, &mixed(40));
    let firing = LowRankFiring::new(model.plan(), &[1.0], &[0.5]).unwrap();
    let (row_offsets, columns, values) = csr(&firing, &model, 1000, 2);
    assert_eq!(row_offsets, [0, 9, 20]);
    assert_eq!(columns[..9], [6, 7, 16, 17, 26, 27, 31, 34, 39]);
    assert_eq!(columns[9..], [1, 6, 7, 14, 16, 24, 26, 27, 31, 34, 36]);
    assert_eq!(values[..3], [1.283_810_1, 1.081_031_6, 2.154_668_8]);
}
