//! The autoencoder: encoding, gradients against finite differences, training, initialising, and evaluation.

mod support;

use proptest::prelude::*;
use sae_kernels::activation::{Firing, sample_independent};
use sae_kernels::adam::AdamParams;
use sae_kernels::dictionary::random_unit_rows;
use sae_kernels::evaluation::{self, EvaluationBatch};
use sae_kernels::matrix::{RowMajor, row_major, row_major_mut};
use sae_kernels::projection::project_dense;
use sae_kernels::rng::Stream;
use sae_kernels::sae::{
    Sae, SaeMut, TrainParams, TrainReport, decode, encode, encode_scratch, initialise_to_match, moments_len,
    train_step, train_step_scratch,
};
use sae_kernels::{Argument, Error, MemStack, Par, Reason, Scalar};
use support::{golden, workspace};

/// Weights in memory of their own.
#[derive(Clone)]
struct Weights<T> {
    d: usize,
    m: usize,
    encoder: Vec<T>,
    encoder_bias: Vec<T>,
    decoder: Vec<T>,
    decoder_bias: Vec<T>,
    subtract: bool,
}

impl<T: Scalar> Weights<T> {
    /// Reproducible weights of size one half or so.
    fn new(d: usize, m: usize, seed: u64, subtract: bool) -> Self {
        let uniform = |count: usize, stream| {
            let firing = Firing { probabilities: &[1.0], means: &[2.0], std_devs: &[0.4] };
            let mut out = vec![0.0; count];
            let view = row_major_mut(&mut out, 1, count, count).unwrap();
            sample_independent(&firing, Stream::new(seed, stream), 0, view).unwrap();
            out.iter().map(|&x: &f64| T::from_f64(x - 2.0)).collect()
        };
        Self {
            d,
            m,
            encoder: uniform(d * m, 0),
            encoder_bias: uniform(m, 1),
            decoder: uniform(d * m, 2),
            decoder_bias: uniform(d, 3),
            subtract,
        }
    }

    fn view(&self) -> Sae<'_, T> {
        Sae {
            encoder: row_major(&self.encoder, self.d, self.m, self.m).unwrap(),
            encoder_bias: &self.encoder_bias,
            decoder: row_major(&self.decoder, self.m, self.d, self.d).unwrap(),
            decoder_bias: &self.decoder_bias,
            subtract_decoder_bias: self.subtract,
        }
    }

    fn view_mut(&mut self) -> SaeMut<'_, T> {
        SaeMut {
            encoder: row_major_mut(&mut self.encoder, self.d, self.m, self.m).unwrap(),
            encoder_bias: &mut self.encoder_bias,
            decoder: row_major_mut(&mut self.decoder, self.m, self.d, self.d).unwrap(),
            decoder_bias: &mut self.decoder_bias,
            subtract_decoder_bias: self.subtract,
        }
    }

    /// Every weight in the order of Adam's moments.
    fn all_mut(&mut self) -> impl Iterator<Item = &mut T> {
        let first = self.encoder.iter_mut().chain(&mut self.encoder_bias);
        first.chain(&mut self.decoder).chain(&mut self.decoder_bias)
    }

    fn step(
        &mut self,
        moments: &mut [T],
        step: u64,
        hidden: RowMajor<T>,
        params: &TrainParams,
    ) -> Result<TrainReport, Error> {
        let mut memory = workspace(train_step_scratch::<T>(hidden.nrows(), self.d, self.m));
        let stack = MemStack::new(&mut memory);
        train_step(self.view_mut(), moments, step, hidden, params, Par::Seq, stack)
    }
}

/// The loss by its definition, sum by sum.
fn loss_by_definition(w: &Weights<f64>, x: &[f64], c: f64) -> f64 {
    let (d, m, b) = (w.d, w.m, x.len() / w.d);
    let norm = |i: usize| w.decoder[i * d..(i + 1) * d].iter().map(|x| x * x).sum::<f64>().sqrt();
    let mut loss = 0.0;
    for x in x.chunks(d) {
        let latent = |i: usize| {
            let shifted = |k: usize| x[k] - if w.subtract { w.decoder_bias[k] } else { 0.0 };
            let pre = (0..d).map(|k| shifted(k) * w.encoder[k * m + i]).sum::<f64>() + w.encoder_bias[i];
            pre.max(0.0)
        };
        let f: Vec<f64> = (0..m).map(latent).collect();
        for (k, &x) in x.iter().enumerate() {
            let y = w.decoder_bias[k] + (0..m).map(|i| f[i] * w.decoder[i * d + k]).sum::<f64>();
            loss += (y - x).powi(2) / b as f64;
        }
        loss += c / b as f64 * (0..m).map(|i| f[i] * norm(i)).sum::<f64>();
    }
    loss
}

#[test]
fn gradients_agree_with_finite_differences() {
    for (subtract, c) in [(true, 0.3), (false, 0.3), (true, 0.0)] {
        let (d, m, b) = (5, 7, 6);
        let weights = Weights::<f64>::new(d, m, 21, subtract);
        let x = Weights::<f64>::new(d, b, 5, true).encoder;
        // With beta1 = 0 the first moment is the gradient; with lr = 0 nothing moves.
        let adam = AdamParams { learning_rate: 0.0, beta1: 0.0, ..Default::default() };
        let params = TrainParams { adam, l1_coefficient: c };
        let mut moments = vec![0.0; moments_len(d, m).unwrap()];
        let mut trained = weights.clone();
        let report = trained.step(&mut moments, 0, row_major(&x, b, d, d).unwrap(), &params).unwrap();
        let loss = loss_by_definition(&weights, &x, c);
        assert!((report.loss - loss).abs() < 1e-12 * loss);
        assert!((report.mse + c * report.l1 - report.loss).abs() < 1e-12 * loss);
        assert_eq!(trained.encoder, weights.encoder);

        let count = moments.len() / 2;
        let h = 1e-6;
        for (index, &gradient) in moments[..count].iter().enumerate() {
            let shifted = |by: f64| {
                let mut w = weights.clone();
                *w.all_mut().nth(index).unwrap() += by;
                loss_by_definition(&w, &x, c)
            };
            let slope = (shifted(h) - shifted(-h)) / (2.0 * h);
            // Central differences err by h^2 times the third derivative and by 1e-16 loss/h: below 1e-8 here.
            assert!((gradient - slope).abs() < 1e-7, "weight {index}: {gradient} {slope}");
        }
    }
}

#[test]
fn adam_takes_its_textbook_step() {
    let (d, m, b) = (4, 3, 5);
    let start = Weights::<f64>::new(d, m, 2, true);
    let x = Weights::<f64>::new(d, b, 5, true).encoder;
    let hidden = row_major(&x, b, d, d).unwrap();
    let probe = |w: &Weights<f64>| {
        let adam = AdamParams { learning_rate: 0.0, beta1: 0.0, ..Default::default() };
        let mut gradient = vec![0.0; moments_len(d, m).unwrap()];
        w.clone().step(&mut gradient, 0, hidden, &TrainParams { adam, l1_coefficient: 0.1 }).unwrap();
        gradient.truncate(gradient.len() / 2);
        gradient
    };
    let params = TrainParams { adam: AdamParams::default(), l1_coefficient: 0.1 };
    let mut moments = vec![0.0; moments_len(d, m).unwrap()];
    let mut trained = start.clone();
    let (mut first, mut second) = (vec![0.0; moments.len() / 2], vec![0.0; moments.len() / 2]);
    for step in 0..3 {
        let gradient = probe(&trained);
        let mut want = trained.clone();
        let k = f64::from(step + 1);
        for (i, w) in want.all_mut().enumerate() {
            let g: f64 = gradient[i];
            first[i] = 0.9 * first[i] + 0.1 * g;
            second[i] = 0.999 * second[i] + 0.001 * g * g;
            let (m, v): (f64, f64) =
                (first[i] / (1.0 - 0.9f64.powf(k)), second[i] / (1.0 - 0.999f64.powf(k)));
            *w -= 1e-3 * m / (v.sqrt() + 1e-8);
        }
        trained.step(&mut moments, step as u64, hidden, &params).unwrap();
        for (got, want) in trained.all_mut().zip(want.all_mut()) {
            assert!((*got - *want).abs() < 1e-13, "step {step}: {got} {want}");
        }
    }
}

#[test]
fn a_run_resumes_bit_for_bit() {
    let (d, m, b) = (6, 10, 8);
    let x = Weights::<f32>::new(d, b, 5, true).encoder;
    let hidden = row_major(&x, b, d, d).unwrap();
    let params = TrainParams { l1_coefficient: 0.05, ..Default::default() };
    let (mut whole, mut moments) =
        (Weights::<f32>::new(d, m, 1, true), vec![0.0; moments_len(d, m).unwrap()]);
    let mut saved = None;
    for step in 0..20 {
        if step == 11 {
            saved = Some((whole.clone(), moments.clone()));
        }
        whole.step(&mut moments, step, hidden, &params).unwrap();
    }
    let (mut resumed, mut moments2) = saved.unwrap();
    for step in 11..20 {
        resumed.step(&mut moments2, step, hidden, &params).unwrap();
    }
    assert_eq!((whole.encoder, whole.decoder, moments), (resumed.encoder, resumed.decoder, moments2));
}

#[test]
fn initialising_matches_the_dictionary() {
    let (n, d, m) = (6, 4, 8);
    let mut e = vec![0f64; n * d];
    random_unit_rows(row_major_mut(&mut e, n, d, d).unwrap(), Stream::new(4, 0), 0).unwrap();
    let dictionary = row_major(&e, n, d, d).unwrap();
    let before = Weights::<f64>::new(d, m, 3, true);
    let init = |noise, ordering: Option<&[i64]>| {
        let mut w = before.clone();
        let view = w.view_mut();
        initialise_to_match(view.encoder, view.decoder, dictionary, noise, ordering, Stream::new(7, 7))
            .unwrap();
        w
    };
    let ordering = [3, 1, 0, 5, 4, 2];
    let w = init(0.0, Some(&ordering));
    for i in 0..m {
        for k in 0..d {
            let want = if i < n { e[ordering[i] as usize * d + k] } else { before.encoder[k * m + i] };
            assert_eq!(w.encoder[k * m + i], want);
            assert_eq!(w.decoder[i * d + k], want);
        }
    }
    let noisy = init(0.1, None);
    let squares: f64 = (0..n * d).map(|at| (noisy.decoder[at] - e[at]).powi(2)).sum();
    // 24 squares of N(0, 0.1): chi-squared between 7.5 and 54 with probability 0.999.
    assert!((7.5..54.0).contains(&(squares / 0.01)), "{squares}");
    assert_eq!(noisy.decoder, init(0.1, None).decoder);
}

#[test]
fn evaluation_agrees_with_the_reference() {
    for case in 0..3 {
        let read = |name: &str| golden::<f32>(&format!("eval{case}_{name}"));
        let (features, activations) = (read("features"), read("acts"));
        let (encoder, decoder) = (read("W_enc"), read("W_dec"));
        let (encoder_bias, decoder_bias) = (read("b_enc").data, read("b_dec").data);
        let sae = Sae {
            encoder: encoder.matrix(),
            encoder_bias: &encoder_bias,
            decoder: decoder.matrix(),
            decoder_bias: &decoder_bias,
            subtract_decoder_bias: true,
        };
        let (rows, n) = (activations.shape[0], activations.shape[1]);
        let (d, m) = (encoder.shape[0], encoder.shape[1]);
        let (mut h, mut z, mut y) = (vec![0f32; rows * d], vec![0f32; rows * m], vec![0f32; rows * d]);
        let out = row_major_mut(&mut h, rows, d, d).unwrap();
        project_dense(activations.matrix(), features.matrix(), None, out, Par::Seq).unwrap();
        let hidden = row_major(&h, rows, d, d).unwrap();
        let mut memory = workspace(encode_scratch::<f32>(rows, d));
        let out = row_major_mut(&mut z, rows, m, m).unwrap();
        encode(&sae, hidden, out, Par::Seq, MemStack::new(&mut memory)).unwrap();
        let latents = row_major(&z, rows, m, m).unwrap();
        decode(&sae, latents, row_major_mut(&mut y, rows, d, d).unwrap(), Par::Seq).unwrap();

        let want = golden::<f64>(&format!("eval{case}_result")).data;
        let state = || (vec![7; evaluation::counts_len(m)], vec![7.0; evaluation::sums_len()]);
        let add = |(counts, sums): &mut (Vec<u64>, Vec<f64>), from: usize, to: usize| {
            let part = |data: &'_ [f32], cols: usize| data[from * cols..to * cols].to_vec();
            let (x, h, z, y) = (part(&activations.data, n), part(&h, d), part(&z, m), part(&y, d));
            let batch = EvaluationBatch {
                activations: row_major(&x, to - from, n, n).unwrap(),
                hidden: row_major(&h, to - from, d, d).unwrap(),
                latents: row_major(&z, to - from, m, m).unwrap(),
                decoded: row_major(&y, to - from, d, d).unwrap(),
            };
            evaluation::add_batch(counts, sums, &batch).unwrap();
        };
        let mut whole = state();
        evaluation::begin(&mut whole.0, &mut whole.1, m).unwrap();
        add(&mut whole, 0, rows);
        let metrics = evaluation::finish(&whole.0, &whole.1).unwrap();
        assert!((metrics.true_l0 - want[0]).abs() <= 1e-6 * want[0]);
        assert!((metrics.sae_l0 - want[1]).abs() <= 1e-6 * want[1]);
        assert_eq!(metrics.dead_latents as f64, want[2]);
        assert!((metrics.shrinkage - want[3]).abs() <= 1e-6, "{} {}", metrics.shrinkage, want[3]);

        // The same in two parts, each in batches, merged.
        let (mut left, mut right) = (state(), state());
        evaluation::begin(&mut left.0, &mut left.1, m).unwrap();
        evaluation::begin(&mut right.0, &mut right.1, m).unwrap();
        let cut = rows / 3 + 1;
        (0..cut).for_each(|r| add(&mut left, r, r + 1));
        add(&mut right, cut, rows);
        evaluation::merge(&mut left.0, &mut left.1, &right.0, &right.1).unwrap();
        assert_eq!(left.0, whole.0);
        let merged = evaluation::finish(&left.0, &left.1).unwrap();
        assert!((merged.shrinkage - metrics.shrinkage).abs() <= 4.0 * f64::EPSILON * metrics.shrinkage);
    }
}

#[test]
fn nothing_kept_gives_zeros_not_nan() {
    let (x, h, z, y) = ([1.0, 0.0], [0.0; 3], [0.0; 2], [1.0; 3]);
    let batch = EvaluationBatch {
        activations: row_major(&x, 1, 2, 2).unwrap(),
        hidden: row_major(&h, 1, 3, 3).unwrap(),
        latents: row_major(&z, 1, 2, 2).unwrap(),
        decoded: row_major(&y, 1, 3, 3).unwrap(),
    };
    let (mut counts, mut sums) = ([0; 6], [0.0; 2]);
    assert_eq!(evaluation::finish(&counts, &sums), Err(Error::new(Reason::Empty, Argument::Samples)));
    evaluation::add_batch(&mut counts, &mut sums, &batch).unwrap();
    let metrics = evaluation::finish(&counts, &sums).unwrap();
    assert_eq!((metrics.samples, metrics.kept, metrics.dead_latents), (1, 0, 2));
    assert_eq!((metrics.true_l0, metrics.sae_l0, metrics.shrinkage), (1.0, 0.0, 0.0));
}

proptest! {
    #[test]
    fn encoding_is_what_it_should_be(seed: u64, b in 1usize..6, d in 1usize..9, m in 1usize..9, subtract: bool) {
        let w = Weights::<f64>::new(d, m, seed, subtract);
        let x = Weights::<f64>::new(d, b, seed ^ 1, true).encoder;
        let (mut z, mut y) = (vec![f64::NAN; b * m], vec![f64::NAN; b * d]);
        let mut memory = workspace(encode_scratch::<f64>(b, d));
        let out = row_major_mut(&mut z, b, m, m).unwrap();
        encode(&w.view(), row_major(&x, b, d, d).unwrap(), out, Par::Seq, MemStack::new(&mut memory)).unwrap();
        let out = row_major_mut(&mut y, b, d, d).unwrap();
        decode(&w.view(), row_major(&z, b, m, m).unwrap(), out, Par::Seq).unwrap();
        for r in 0..b {
            for i in 0..m {
                let shifted = |k: usize| x[r * d + k] - if subtract { w.decoder_bias[k] } else { 0.0 };
                let pre: f64 = (0..d).map(|k| shifted(k) * w.encoder[k * m + i]).sum();
                prop_assert!((z[r * m + i] - (pre + w.encoder_bias[i]).max(0.0)).abs() < 1e-12);
            }
            for k in 0..d {
                let sum: f64 = (0..m).map(|i| z[r * m + i] * w.decoder[i * d + k]).sum();
                prop_assert!((y[r * d + k] - sum - w.decoder_bias[k]).abs() < 1e-12);
            }
        }
    }
}

/// One thing made wrong: weights, batch, moments, parameters, step.
type Change<'a> = &'a dyn Fn(&mut Weights<f64>, &mut Vec<f64>, &mut Vec<f64>, &mut TrainParams, &mut u64);

#[test]
fn bad_input_is_named_and_nothing_changes() {
    let (d, m, b) = (3, 4, 2);
    let check = |change: Change, want: Error| {
        let mut w = Weights::<f64>::new(d, m, 1, true);
        let mut x = Weights::<f64>::new(d, b, 2, true).encoder;
        let mut moments = vec![0.0; moments_len(d, m).unwrap()];
        let (mut params, mut step) = (TrainParams::default(), 0);
        change(&mut w, &mut x, &mut moments, &mut params, &mut step);
        let (before, moments_before) = (w.clone(), moments.clone());
        let got = w.step(&mut moments, step, row_major(&x, b, d, d).unwrap(), &params);
        assert_eq!(got, Err(want));
        let bits = |v: &[f64]| v.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&w.encoder), bits(&before.encoder));
        assert_eq!(bits(&w.decoder), bits(&before.decoder));
        assert_eq!(bits(&moments), bits(&moments_before));
    };
    let e = Error::new;
    check(&|w, _, _, _, _| w.encoder[1] = f64::NAN, e(Reason::NotANumber, Argument::Encoder));
    check(&|w, _, _, _, _| w.decoder[1] = f64::INFINITY, e(Reason::Infinite, Argument::Decoder));
    check(&|w, _, _, _, _| w.encoder_bias.truncate(3), e(Reason::Shape, Argument::EncoderBias));
    check(&|w, _, _, _, _| w.decoder_bias[0] = f64::NAN, e(Reason::NotANumber, Argument::DecoderBias));
    check(&|_, x, _, _, _| x[0] = f64::NAN, e(Reason::NotANumber, Argument::Hidden));
    check(&|_, _, v, _, _| v.truncate(5), e(Reason::Shape, Argument::Moments));
    check(&|_, _, v, _, _| v[3] = f64::NAN, e(Reason::NotANumber, Argument::Moments));
    check(&|_, _, _, p, _| p.l1_coefficient = -1.0, e(Reason::OutOfRange, Argument::L1Coefficient));
    check(&|_, _, _, p, _| p.adam.beta1 = 1.0, e(Reason::OutOfRange, Argument::Beta1));
    check(&|_, _, _, p, _| p.adam.beta2 = -0.1, e(Reason::OutOfRange, Argument::Beta2));
    check(&|_, _, _, p, _| p.adam.epsilon = 0.0, e(Reason::OutOfRange, Argument::Epsilon));
    check(&|_, _, _, p, _| p.adam.learning_rate = f64::NAN, e(Reason::NotANumber, Argument::LearningRate));
    check(&|_, _, _, _, step| *step = u64::MAX, e(Reason::OutOfRange, Argument::Step));
    check(&|_, x, _, _, _| x[0] = 1e200, e(Reason::Diverged, Argument::Sae));
}
