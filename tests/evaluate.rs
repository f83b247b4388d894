//! The generator's order of things, and whole evaluations against the reference's.

mod support;

use core::ops::ControlFlow;
use faer::prelude::ReborrowMut;
use sae_kernels::activation::correlated::{factorise, factorise_scratch, thresholds};
use sae_kernels::activation::hierarchy::Hierarchy;
use sae_kernels::activation::{
    Correlation, Firing, Generator, Modifier, generator_scratch, sample_independent,
};
use sae_kernels::evaluation::{Autoencoder, EvaluateParams, Evaluation, evaluate, evaluate_scratch};
use sae_kernels::matrix::{RowMajor, RowMajorMut, row_major, row_major_mut};
use sae_kernels::progress::Progress;
use sae_kernels::rng::Stream;
use sae_kernels::sae::{Sae, decode, encode, encode_scratch};
use sae_kernels::{Argument, Error, MemStack, Par, Reason};
use support::{golden, workspace};

const FIRING: Firing<'static, f32> = Firing { probabilities: &[0.5], means: &[1.0], std_devs: &[0.2] };

/// An SAE as an autoencoder, counting what it is asked.
struct Coder<'a> {
    sae: Sae<'a, f32>,
    encoded: usize,
}

impl Autoencoder<f32> for Coder<'_> {
    fn encode(&mut self, hidden: RowMajor<'_, f32>, latents: RowMajorMut<'_, f32>) -> ControlFlow<()> {
        self.encoded += hidden.nrows();
        let mut memory = workspace(encode_scratch::<f32>(hidden.nrows(), hidden.ncols()));
        encode(&self.sae, hidden, latents, Par::Seq, MemStack::new(&mut memory)).unwrap();
        ControlFlow::Continue(())
    }

    fn decode(&mut self, latents: RowMajor<'_, f32>, decoded: RowMajorMut<'_, f32>) -> ControlFlow<()> {
        decode(&self.sae, latents, decoded, Par::Seq).unwrap();
        ControlFlow::Continue(())
    }
}

/// Runs the reference's case through `evaluate`, a modifier playing back its activations.
fn golden_evaluation(case: usize, batch: usize) -> (Evaluation, Vec<f64>) {
    let read = |name: &str| golden::<f32>(&format!("eval{case}_{name}"));
    let (features, activations) = (read("features"), read("acts"));
    let (encoder, decoder) = (read("W_enc"), read("W_dec"));
    let (encoder_bias, decoder_bias) = (read("b_enc").data, read("b_dec").data);
    let (samples, n) = (activations.shape[0], activations.shape[1]);
    let (d, m) = (encoder.shape[0], encoder.shape[1]);
    let sae = Sae {
        encoder: encoder.matrix(),
        encoder_bias: &encoder_bias,
        decoder: decoder.matrix(),
        decoder_bias: &decoder_bias,
        subtract_decoder_bias: true,
    };
    let mut coder = Coder { sae, encoded: 0 };
    let mut play_back = |first_row: u64, mut out: RowMajorMut<'_, f32>| {
        for r in 0..out.nrows() {
            let at = (first_row as usize + r) * n;
            out.rb_mut().row_mut(r).as_slice_mut().copy_from_slice(&activations.data[at..at + n]);
        }
        ControlFlow::Continue(())
    };
    let mut generator = Generator {
        features: n,
        firing: FIRING,
        correlation: None,
        modifiers: &mut [Modifier::Custom(&mut play_back)],
        stream: Stream::default(),
    };
    let params = EvaluateParams { samples: samples as u64, batch, first_row: 0 };
    let mut memory = workspace(evaluate_scratch::<f32>(n, d, m, batch, false));
    let mut reports = vec![];
    let mut note = |p: &Progress| {
        reports.push(p.step);
        ControlFlow::Continue(())
    };
    let got = evaluate(
        &mut generator,
        features.matrix(),
        None,
        decoder.matrix(),
        &mut coder,
        &params,
        Par::Seq,
        &mut note,
        MemStack::new(&mut memory),
    )
    .unwrap();
    assert_eq!(coder.encoded, samples);
    assert_eq!(reports.len(), samples.div_ceil(batch));
    assert_eq!(reports.last(), Some(&(samples as u64)));
    (got, golden::<f64>(&format!("eval{case}_result")).data)
}

#[test]
fn whole_evaluations_agree_with_the_reference() {
    for case in 0..3 {
        for batch in [1, 13, 1000] {
            let (got, want) = golden_evaluation(case, batch);
            let near = |got: f64, want: f64| (got - want).abs() <= 1e-6 * want.abs().max(1.0);
            assert!(near(got.metrics.true_l0, want[0]), "case {case}: true L0");
            assert!(near(got.metrics.sae_l0, want[1]), "case {case}: SAE L0");
            assert_eq!(got.metrics.dead_latents as f64, want[2], "case {case}: dead latents");
            assert!(near(got.metrics.shrinkage, want[3]), "case {case}: shrinkage");
            assert!(near(got.mcc, want[4]), "case {case}: MCC {} {}", got.mcc, want[4]);
        }
    }
}

fn sample(generator: &mut Generator<'_, '_, f32>, first_row: u64, rows: usize) -> Result<Vec<f32>, Error> {
    let n = generator.features;
    let mut out = vec![-9.0; rows * n];
    let mut memory = workspace(generator_scratch::<f32>(n, generator.correlation.is_some()));
    let view = row_major_mut(&mut out, rows, n, n).unwrap();
    generator.sample(first_row, view, MemStack::new(&mut memory)).map(|()| out)
}

#[test]
fn modifiers_apply_in_order_and_a_relu_last() {
    let trace = std::cell::RefCell::new(vec![]);
    let mut double = |first: u64, mut out: RowMajorMut<'_, f32>| {
        trace.borrow_mut().push(("double", first));
        out.rb_mut().row_mut(0).as_slice_mut().iter_mut().for_each(|x| *x *= 2.0);
        ControlFlow::Continue(())
    };
    let mut shift = |first: u64, mut out: RowMajorMut<'_, f32>| {
        trace.borrow_mut().push(("shift", first));
        out.rb_mut().row_mut(0).as_slice_mut().iter_mut().for_each(|x| *x -= 1.5);
        ControlFlow::Continue(())
    };
    let stream = Stream::new(1, 2);
    let mut plain = vec![0f32; 8];
    sample_independent(&FIRING, stream, 3, row_major_mut(&mut plain, 1, 8, 8).unwrap()).unwrap();
    let mut generator = Generator {
        features: 8,
        firing: FIRING,
        correlation: None,
        modifiers: &mut [Modifier::Custom(&mut double), Modifier::Custom(&mut shift)],
        stream,
    };
    let got = sample(&mut generator, 3, 1).unwrap();
    let want: Vec<f32> = plain.iter().map(|x| (2.0 * x - 1.5).max(0.0)).collect();
    assert_eq!(got, want);
    assert!(want.iter().any(|&x| x > 0.0));
    assert_eq!(trace.into_inner(), [("double", 3), ("shift", 3)]);
}

#[test]
fn a_hierarchy_and_a_correlation_work_together() {
    // Feature 1 is a child of feature 0 and strongly correlated with feature 2.
    let (n, rows) = (3, 20_000);
    let correlation = [1.0f32, 0.0, 0.0, 0.0, 1.0, 0.9, 0.0, 0.9, 1.0];
    let mut factor = [0f32; 9];
    let mut memory = workspace(factorise_scratch(n));
    let view = row_major_mut(&mut factor, n, n, n).unwrap();
    factorise(row_major(&correlation, n, n, n).unwrap(), view, MemStack::new(&mut memory)).unwrap();
    let mut limits = [0f32; 3];
    thresholds(&[0.5], &mut limits).unwrap();
    let mut buffer = vec![0; Hierarchy::buffer_len(2)];
    let hierarchy = Hierarchy::new(&[u32::MAX, 0], &[0, 1], &[0, 0], &[], n, &mut buffer).unwrap();
    let mut fired = [0; 2];
    let mut modifiers = [Modifier::Hierarchy(&hierarchy, &mut fired)];
    let mut generator = Generator {
        features: n,
        firing: FIRING,
        correlation: Some(Correlation { factor: row_major(&factor, n, n, n).unwrap(), thresholds: &limits }),
        modifiers: &mut modifiers,
        stream: Stream::new(5, 0),
    };
    let x = sample(&mut generator, 0, rows).unwrap();
    let count = |f: &dyn Fn(&[f32]) -> bool| x.chunks(n).filter(|s| f(s)).count() as f64 / rows as f64;
    assert_eq!(count(&|s| s[0] == 0.0 && s[1] > 0.0), 0.0);
    // P(both of two normals with correlation r positive) = 1/4 + asin(r)/(2 pi) (Sheppard 1899); halved by feature 0.
    let both = 0.125 + 0.9f64.asin() / (4.0 * core::f64::consts::PI);
    let sigma = (both * (1.0 - both) / rows as f64).sqrt();
    assert!((count(&|s| s[1] > 0.0 && s[2] > 0.0) - both).abs() < 5.0 * sigma);
    // Splitting changes nothing.
    let mut parts = sample(&mut generator, 0, 77).unwrap();
    parts.extend(sample(&mut generator, 77, 100).unwrap());
    assert_eq!(parts, x[..177 * n]);
}

/// Draws one sample of `columns` columns from a generator of `features` features.
fn with(modifiers: &mut [Modifier<'_, f32>], features: usize, columns: usize) -> Result<(), Error> {
    let firing = FIRING;
    let stream = Stream::default();
    let mut generator = Generator { features, firing, correlation: None, modifiers, stream };
    let mut out = vec![-9.0; columns];
    let view = row_major_mut(&mut out, 1, columns, columns).unwrap();
    generator.sample(0, view, MemStack::new(&mut []))
}

#[test]
fn what_goes_wrong_is_named() {
    let error = Error::new;
    let mut stop = |_: u64, _: RowMajorMut<'_, f32>| ControlFlow::Break(());
    let mut spoil = |_: u64, mut out: RowMajorMut<'_, f32>| {
        out[(0, 0)] = f32::NAN;
        ControlFlow::Continue(())
    };
    let got = with(&mut [Modifier::Custom(&mut stop)], 4, 4);
    assert_eq!(got, Err(error(Reason::Cancelled, Argument::Modifiers)));
    let got = with(&mut [Modifier::Custom(&mut spoil)], 4, 4);
    assert_eq!(got, Err(error(Reason::NotANumber, Argument::Modifiers)));
    assert_eq!(with(&mut [], 5, 4), Err(error(Reason::Shape, Argument::Activations)));

    let weights = vec![0.5f32; 12];
    let run = |samples, batch, first_row, cancel: &'static str| {
        struct Breaks(&'static str);
        impl Autoencoder<f32> for Breaks {
            fn encode(&mut self, _: RowMajor<'_, f32>, mut z: RowMajorMut<'_, f32>) -> ControlFlow<()> {
                z.rb_mut().row_mut(0).as_slice_mut().fill(if self.0 == "nan" { f32::NAN } else { 1.0 });
                if self.0 == "encode" { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            }
            fn decode(&mut self, _: RowMajor<'_, f32>, _: RowMajorMut<'_, f32>) -> ControlFlow<()> {
                if self.0 == "decode" { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            }
        }
        let mut generator = Generator {
            features: 4,
            firing: FIRING,
            correlation: None,
            modifiers: &mut [],
            stream: Stream::default(),
        };
        let dictionary = row_major(&weights, 4, 3, 3).unwrap();
        let mut memory = workspace(evaluate_scratch::<f32>(4, 3, 4, 2, false));
        let mut answer = |_: &Progress| {
            if cancel == "progress" { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        evaluate(
            &mut generator,
            dictionary,
            None,
            dictionary,
            &mut Breaks(cancel),
            &EvaluateParams { samples, batch, first_row },
            Par::Seq,
            &mut answer,
            MemStack::new(&mut memory),
        )
    };
    assert!(run(2, 2, 0, "").is_ok());
    assert_eq!(run(0, 2, 0, ""), Err(error(Reason::Empty, Argument::Samples)));
    assert_eq!(run(2, 0, 0, ""), Err(error(Reason::Empty, Argument::Batch)));
    assert_eq!(run(2, 2, u64::MAX, ""), Err(error(Reason::SizeOverflow, Argument::FirstRow)));
    assert_eq!(run(2, 9999, 0, ""), Err(error(Reason::WorkspaceTooSmall, Argument::Workspace)));
    assert_eq!(run(2, 2, 0, "encode"), Err(error(Reason::Cancelled, Argument::Encode)));
    assert_eq!(run(2, 2, 0, "decode"), Err(error(Reason::Cancelled, Argument::Decode)));
    assert_eq!(run(2, 2, 0, "progress"), Err(error(Reason::Cancelled, Argument::Progress)));
    assert_eq!(run(2, 2, 0, "nan"), Err(error(Reason::NotANumber, Argument::Latents)));
}
