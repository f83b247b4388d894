//! Projections and the products with transposed matrices: order of summation, agreement with double precision, adjoints,
//! and everything refused.

mod support;

use faer::Par;
use faer::dyn_stack::MemStack;
use sae_kernels::activation::CsrRef;
use sae_kernels::matrix::{RowMajor, row_major, row_major_mut};
use sae_kernels::projection::{
    gradient_csr, gradient_dense, latents_at, latents_dense, project, project_csr, project_dense,
    project_scratch,
};
use sae_kernels::{Argument, Error, Reason, Scalar};
use support::assignment::Draws;
use support::workspace;

/// A sparse batch and matrices that go with it.
struct Case<T> {
    rows: usize,
    features: usize,
    cols: usize,
    row_offsets: Vec<i64>,
    columns: Vec<u32>,
    values: Vec<T>,
    /// As many numbers as a dictionary has.
    dictionary: Vec<T>,
    hidden: Vec<T>,
    bias: Vec<T>,
}

impl<T: Scalar> Case<T> {
    /// `density` of the batch is not zero; numbers are normal to uniform ones in [-1, 1].
    fn new(rows: usize, features: usize, cols: usize, density: f64) -> Self {
        let mut random = Draws::new(17);
        let mut number = || T::from_f64(2.0 * random.uniform() - 1.0);
        let dictionary = (0..features * cols).map(|_| number()).collect();
        let hidden = (0..rows * cols).map(|_| number()).collect();
        let bias = (0..features.max(cols)).map(|_| number()).collect();
        let (mut row_offsets, mut columns, mut values) = (vec![0], Vec::new(), Vec::new());
        let mut random = Draws::new(18);
        for _ in 0..rows {
            for j in 0..features {
                if random.uniform() < density {
                    columns.push(j as u32);
                    values.push(T::from_f64(random.uniform() + 0.1));
                }
            }
            row_offsets.push(columns.len() as i64);
        }
        Self { rows, features, cols, row_offsets, columns, values, dictionary, hidden, bias }
    }

    fn batch(&self) -> CsrRef<'_, T> {
        CsrRef::new(&self.row_offsets, &self.columns, &self.values, self.features).unwrap()
    }

    fn dense(&self) -> Vec<T> {
        let mut dense = vec![T::ZERO; self.rows * self.features];
        for r in 0..self.rows {
            self.batch().row(r).for_each(|(j, x)| dense[r * self.features + j] = x);
        }
        dense
    }

    fn dictionary(&self) -> RowMajor<'_, T> {
        row_major(&self.dictionary, self.features, self.cols, self.cols).unwrap()
    }

    fn hidden(&self) -> RowMajor<'_, T> {
        row_major(&self.hidden, self.rows, self.cols, self.cols).unwrap()
    }

    /// Runs a projection on a matrix of hidden vectors and gives it.
    fn projected(&self, run: impl FnOnce(&mut [T])) -> Vec<T> {
        let mut hidden = vec![T::from_f64(-9.0); self.rows * self.cols];
        run(&mut hidden);
        hidden
    }

    fn project_csr(&self, bias: Option<&[T]>) -> Vec<T> {
        self.projected(|hidden| {
            let out = row_major_mut(hidden, self.rows, self.cols, self.cols).unwrap();
            project_csr(self.batch(), self.dictionary(), bias, out).unwrap();
        })
    }

    fn project(&self, bias: Option<&[T]>) -> Vec<T> {
        let nnz = self.columns.len();
        let mut memory = workspace(project_scratch::<T>(self.rows, nnz, self.features, self.cols));
        self.projected(|hidden| {
            let out = row_major_mut(hidden, self.rows, self.cols, self.cols).unwrap();
            let stack = MemStack::new(&mut memory);
            project(self.batch(), self.dictionary(), bias, out, Par::Seq, stack).unwrap();
        })
    }

    fn latents_at(&self, bias: Option<&[T]>) -> Vec<T> {
        let mut latents = vec![T::from_f64(-9.0); self.columns.len()];
        latents_at(self.hidden(), self.dictionary(), bias, self.batch().pattern(), &mut latents).unwrap();
        latents
    }

    fn gradient_csr(&self, start: T) -> Vec<T> {
        let mut gradient = vec![start; self.features * self.cols];
        let out = row_major_mut(&mut gradient, self.features, self.cols, self.cols).unwrap();
        gradient_csr(self.batch(), self.hidden(), out).unwrap();
        gradient
    }
}

/// The inner product of two vectors as `latents_at` documents it: lane k sums elements k, k + 16, ..., and the lanes are
/// added in a tree of halves.
fn dot_in_lanes<T: Scalar>(a: &[T], b: &[T]) -> T {
    let mut lanes = [T::ZERO; 16];
    for (k, (&a, &b)) in a.iter().zip(b).enumerate() {
        lanes[k % 16] += a * b;
    }
    for width in [8, 4, 2, 1] {
        for k in 0..width {
            lanes[k] += lanes[k + width];
        }
    }
    lanes[0]
}

/// The order of summation that is documented, element by element.
fn the_sums_are_those_of_one_after_the_other<T: Scalar>(case: &Case<T>) {
    let (d, bias) = (case.cols, &case.bias[..case.cols]);
    let got = case.project_csr(Some(bias));
    for r in 0..case.rows {
        let mut sum = bias.to_vec();
        for (j, x) in case.batch().row(r) {
            sum.iter_mut().zip(&case.dictionary[j * d..]).for_each(|(sum, &e)| *sum += x * e);
        }
        assert!(sum == got[r * d..][..d], "row {r}");
    }
    let zero = vec![T::ZERO; d];
    assert!(case.project_csr(None) == case.project_csr(Some(&zero)));

    let mut gradient = vec![T::ONE; case.features * d];
    for r in 0..case.rows {
        for (j, x) in case.batch().row(r) {
            let addend = &case.hidden[r * d..][..d];
            gradient[j * d..].iter_mut().zip(addend).for_each(|(sum, &g)| *sum += x * g);
        }
    }
    assert!(case.gradient_csr(T::ONE) == gradient);

    let bias = &case.bias[..case.features];
    let (plain, with_bias) = (case.latents_at(None), case.latents_at(Some(bias)));
    let mut k = 0;
    for r in 0..case.rows {
        for (j, _) in case.batch().row(r) {
            let want = dot_in_lanes(&case.hidden[r * d..][..d], &case.dictionary[j * d..][..d]);
            assert!(plain[k] == want && with_bias[k] == want + bias[j], "row {r}, feature {j}");
            k += 1;
        }
    }
}

#[test]
fn sums_go_in_the_order_that_is_documented() {
    // Every remainder of groups, pieces and lanes.
    for (rows, features, cols, density) in
        [(1, 1, 1, 1.0), (3, 7, 5, 0.5), (9, 40, 16, 0.3), (5, 33, 67, 0.4), (4, 20, 131, 0.9)]
    {
        the_sums_are_those_of_one_after_the_other(&Case::<f32>::new(rows, features, cols, density));
        the_sums_are_those_of_one_after_the_other(&Case::<f64>::new(rows, features, cols, density));
    }
}

#[test]
fn parts_of_a_large_dictionary_change_no_bit() {
    // More than 16 MiB, in which features fire five times: 600 rows of 32 KiB go 64 at a time.
    let case = Case::<f32>::new(25, 600, 8200, 0.2);
    assert!(case.dictionary.len() * 4 > 1 << 24 && case.columns.len() >= 4 * 600);
    the_sums_are_those_of_one_after_the_other(&case);
    // Rows that are longer than a part go one by one.
    let case = Case::<f64>::new(9, 9, 300_000, 0.6);
    assert!(case.dictionary.len() * 8 > 1 << 24 && case.columns.len() >= 4 * 9);
    the_sums_are_those_of_one_after_the_other(&case);
}

#[test]
fn the_cheaper_way_is_one_of_both() {
    // A tenth, a half: below and above the break-even; rows beyond a block of 256.
    let sparse = Case::<f64>::new(300, 50, 20, 0.1);
    assert!(sparse.project(Some(&sparse.bias[..20])) == sparse.project_csr(Some(&sparse.bias[..20])));
    let case = Case::<f64>::new(300, 50, 20, 0.5);
    for bias in [None, Some(&case.bias[..20])] {
        let (got, want) = (case.project(bias), case.project_csr(bias));
        // Sums of at most 51 products of numbers up to 1.1: 51 roundings of at most 56 eps, in either order.
        assert!(got.iter().zip(&want).all(|(x, y)| (x - y).abs() <= 2.0 * 51.0 * 56.0 * f64::EPSILON));
    }
    let mut hidden = vec![7.0; 300 * 20];
    let out = row_major_mut(&mut hidden, 300, 20, 20).unwrap();
    let result = project(case.batch(), case.dictionary(), None, out, Par::Seq, MemStack::new(&mut []));
    assert_eq!(result, Err(Error::new(Reason::WorkspaceTooSmall, Argument::Workspace)));
    assert_eq!(hidden, vec![7.0; 300 * 20]);
}

#[test]
fn dense_products_agree_with_sparse_ones() {
    let case = Case::<f64>::new(20, 30, 17, 0.3);
    let (n, d, rows) = (case.features, case.cols, case.rows);
    let dense = case.dense();
    let dense = row_major(&dense, rows, n, n).unwrap();
    // Sums of at most 30 products of numbers up to 1.1.
    let close = |x: f64, y: f64| (x - y).abs() <= 2.0 * 30.0 * 33.0 * f64::EPSILON;

    let batch = case.batch();
    let places = (0..rows).flat_map(|r| batch.row(r).map(move |(j, _)| r * n + j));
    let places: Vec<usize> = places.collect();
    let mut latents = vec![7.0; rows * n];
    let bias = &case.bias[..n];
    let out = row_major_mut(&mut latents, rows, n, n).unwrap();
    latents_dense(case.hidden(), case.dictionary(), Some(bias), out, Par::Seq).unwrap();
    let at = case.latents_at(Some(bias));
    assert!(places.iter().zip(at).all(|(&place, z)| close(latents[place], z)));
    let plain = row_major_mut(&mut latents, rows, n, n).unwrap();
    latents_dense(case.hidden(), case.dictionary(), None, plain, Par::Seq).unwrap();
    let at = case.latents_at(None);
    assert!(places.iter().zip(at).all(|(&place, z)| close(latents[place], z)));

    let mut gradient = vec![0.5; n * d];
    let out = row_major_mut(&mut gradient, n, d, d).unwrap();
    gradient_dense(dense, case.hidden(), out, Par::Seq).unwrap();
    assert!(gradient.iter().zip(case.gradient_csr(0.5)).all(|(&x, y)| close(x, y)));

    // <g, x E> = <x^T g, E> = <x, g E^T>: the three products are each other's adjoints.
    let inner = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let projected = inner(&case.hidden, &case.project_csr(None));
    let by_gradient = inner(&case.gradient_csr(0.0), &case.dictionary);
    let by_latents = inner(&case.latents_at(None), &case.values);
    assert!((projected - by_gradient).abs() < 1e-12 * (rows * n * d) as f64, "{projected} {by_gradient}");
    assert!((projected - by_latents).abs() < 1e-12 * (rows * n * d) as f64, "{projected} {by_latents}");
    assert!(projected.abs() > 1.0);
}

#[test]
fn what_does_not_fit_is_refused_and_nothing_is_written() {
    let case = Case::<f32>::new(2, 3, 4, 0.9);
    let error = |reason, argument| Err(Error::new(reason, argument));
    let (e, h) = (case.dictionary(), case.hidden());
    let dense = case.dense();
    let x = row_major(&dense, 2, 3, 3).unwrap();
    let with = |values: &[f32], place: usize, value: f32| {
        let mut values = values.to_vec();
        values[place] = value;
        values
    };
    let bad_e = with(&case.dictionary, 5, f32::NAN);
    let bad_e = row_major(&bad_e, 3, 4, 4).unwrap();
    let bad_h = with(&case.hidden, 5, f32::INFINITY);
    let bad_h = row_major(&bad_h, 2, 4, 4).unwrap();
    let bad_bias = with(&case.bias[..3], 1, f32::NEG_INFINITY);

    let refuse_dense = |hidden, dictionary, bias, (rows, cols), want| {
        let mut out = vec![7.0; rows * cols];
        let view = row_major_mut(&mut out, rows, cols, cols).unwrap();
        assert_eq!(latents_dense(hidden, dictionary, bias, view, Par::Seq), want);
        assert!(out.iter().all(|&x| x == 7.0));
    };
    refuse_dense(bad_h, e, None, (2, 3), error(Reason::Infinite, Argument::Hidden));
    refuse_dense(h, bad_e, None, (2, 3), error(Reason::NotANumber, Argument::Dictionary));
    refuse_dense(x, e, None, (2, 3), error(Reason::Shape, Argument::Dictionary));
    refuse_dense(h, e, Some(&bad_bias), (2, 3), error(Reason::Infinite, Argument::Bias));
    refuse_dense(h, e, Some(&case.bias[..2]), (2, 3), error(Reason::Shape, Argument::Bias));
    refuse_dense(h, e, None, (2, 4), error(Reason::Shape, Argument::Latents));
    refuse_dense(h, e, None, (3, 3), error(Reason::Shape, Argument::Latents));

    let batch = case.batch();
    let refuse_at = |hidden, dictionary, bias, len, want| {
        let mut out = vec![7.0; len];
        assert_eq!(latents_at(hidden, dictionary, bias, batch.pattern(), &mut out), want);
        assert!(out.iter().all(|&x| x == 7.0));
    };
    let nnz = batch.nnz();
    refuse_at(bad_h, e, None, nnz, error(Reason::Infinite, Argument::Hidden));
    refuse_at(h, bad_e, None, nnz, error(Reason::NotANumber, Argument::Dictionary));
    refuse_at(e, e, None, nnz, error(Reason::Shape, Argument::Hidden));
    refuse_at(h, h, None, nnz, error(Reason::Shape, Argument::Dictionary));
    refuse_at(h, e, None, nnz - 1, error(Reason::Shape, Argument::Latents));
    refuse_at(h, e, Some(&bad_bias), nnz, error(Reason::Infinite, Argument::Bias));

    let refuse_gradient = |hidden_gradient, (rows, cols), want| {
        let mut out = vec![7.0; rows * cols];
        let view = row_major_mut(&mut out, rows, cols, cols).unwrap();
        assert_eq!(gradient_csr(batch, hidden_gradient, view), want);
        let view = row_major_mut(&mut out, rows, cols, cols).unwrap();
        assert_eq!(gradient_dense(x, hidden_gradient, view, Par::Seq), want);
        assert!(out.iter().all(|&x| x == 7.0));
    };
    refuse_gradient(bad_h, (3, 4), error(Reason::Infinite, Argument::HiddenGradient));
    refuse_gradient(e, (3, 4), error(Reason::Shape, Argument::HiddenGradient));
    refuse_gradient(h, (2, 4), error(Reason::Shape, Argument::Gradient));
    refuse_gradient(h, (3, 3), error(Reason::Shape, Argument::Gradient));
    let bad_x = with(&dense, 1, f32::NAN);
    let mut out = vec![7.0; 12];
    let view = row_major_mut(&mut out, 3, 4, 4).unwrap();
    let result = gradient_dense(row_major(&bad_x, 2, 3, 3).unwrap(), h, view, Par::Seq);
    assert_eq!(result, error(Reason::NotANumber, Argument::Activations));
    assert_eq!(out, [7.0; 12]);
}

#[test]
fn dense_and_sparse_projections_agree() {
    let case = Case::<f64>::new(20, 30, 17, 0.3);
    let dense = case.dense();
    let got = case.projected(|hidden| {
        let out = row_major_mut(hidden, 20, 17, 17).unwrap();
        let x = row_major(&dense, 20, 30, 30).unwrap();
        project_dense(x, case.dictionary(), Some(&case.bias[..17]), out, Par::Seq).unwrap();
    });
    let want = case.project_csr(Some(&case.bias[..17]));
    assert!(got.iter().zip(&want).all(|(x, y)| (x - y).abs() <= 2.0 * 31.0 * 34.0 * f64::EPSILON));
}
