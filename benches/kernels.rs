//! Criterion benches of the kernels, single-threaded: `cargo bench --bench kernels`.
//!
//! Each group names the size; throughput is in elements of the result.

#![allow(missing_docs)]

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use faer::dyn_stack::MemBuffer;
use sae_kernels::activation::{Firing, sample_independent};
use sae_kernels::dictionary::{OrthogonaliseParams, orthogonalise, orthogonalise_scratch, random_unit_rows};
use sae_kernels::matching::{mcc, mcc_scratch};
use sae_kernels::matrix::{row_major, row_major_mut};
use sae_kernels::progress::silent;
use sae_kernels::projection::project_dense;
use sae_kernels::rng::Stream;
use sae_kernels::sae::{
    SaeMut, TrainParams, initialise_to_match, moments_len, train_step, train_step_scratch,
};
use sae_kernels::schedule::{ZipfianParams, zipfian};
use sae_kernels::{MemStack, Par};
use std::hint::black_box;

fn dictionary(n: usize, d: usize, stream: u64) -> Vec<f32> {
    let mut e = vec![0f32; n * d];
    random_unit_rows(row_major_mut(&mut e, n, d, d).unwrap(), Stream::new(0, stream), 0).unwrap();
    e
}

fn orthogonalisation(c: &mut Criterion) {
    let mut group = c.benchmark_group("orthogonalise, one step");
    for (n, d) in [(512, 64), (4096, 256), (16384, 768)] {
        let mut e = dictionary(n, d, 0);
        let mut memory = MemBuffer::new(orthogonalise_scratch::<f32>(n, d));
        let params = OrthogonaliseParams { steps: 1, ..Default::default() };
        group.sample_size(10).throughput(Throughput::Elements((n * d) as u64));
        group.bench_function(BenchmarkId::from_parameter(format!("{n} x {d}")), |b| {
            b.iter(|| {
                let view = row_major_mut(&mut e, n, d, d).unwrap();
                orthogonalise(view, &params, Par::Seq, &mut silent, MemStack::new(&mut memory)).unwrap();
            });
        });
    }
    group.finish();
}

fn sampling(c: &mut Criterion) {
    let mut group = c.benchmark_group("sample and project, 1024 rows");
    for (n, d) in [(4096, 512), (16384, 768)] {
        let rows = 1024;
        let mut p = vec![0f32; n];
        zipfian(&mut p, &ZipfianParams::default()).unwrap();
        let firing = Firing { probabilities: &p, means: &[1.0], std_devs: &[0.1] };
        let e = dictionary(n, d, 0);
        let (mut x, mut h) = (vec![0f32; rows * n], vec![0f32; rows * d]);
        group.sample_size(10).throughput(Throughput::Elements((rows * n) as u64));
        group.bench_function(BenchmarkId::new("independent", n), |b| {
            b.iter(|| {
                let out = row_major_mut(&mut x, rows, n, n).unwrap();
                sample_independent(&firing, Stream::new(1, 0), 0, out).unwrap();
            });
        });
        group.bench_function(BenchmarkId::new("project dense", format!("{n} x {d}")), |b| {
            b.iter(|| {
                let (x, e) = (row_major(&x, rows, n, n).unwrap(), row_major(&e, n, d, d).unwrap());
                project_dense(x, e, None, row_major_mut(&mut h, rows, d, d).unwrap(), Par::Seq).unwrap();
            });
        });
    }
    group.finish();
}

fn matching(c: &mut Criterion) {
    let mut group = c.benchmark_group("mcc of unrelated dictionaries");
    for (n, d) in [(512, 64), (1024, 256)] {
        let (a, b_rows) = (dictionary(n, d, 0), dictionary(n, d, 1));
        let mut memory = MemBuffer::new(mcc_scratch::<f32>(n, n, d));
        group.sample_size(10);
        group.bench_function(BenchmarkId::from_parameter(format!("{n} x {d}")), |b| {
            b.iter(|| {
                let (a, b) = (row_major(&a, n, d, d).unwrap(), row_major(&b_rows, n, d, d).unwrap());
                black_box(mcc(a, b, None, MemStack::new(&mut memory)).unwrap())
            });
        });
    }
    group.finish();
}

fn training(c: &mut Criterion) {
    let mut group = c.benchmark_group("train step, 1024 rows");
    for (d, m) in [(64, 256), (512, 4096)] {
        let b_rows = 1024;
        let start = dictionary(m, d, 0);
        let (mut encoder, mut decoder) = (vec![0f32; d * m], vec![0f32; d * m]);
        let (mut encoder_bias, mut decoder_bias) = (vec![0f32; m], vec![0f32; d]);
        initialise_to_match(
            row_major_mut(&mut encoder, d, m, m).unwrap(),
            row_major_mut(&mut decoder, m, d, d).unwrap(),
            row_major(&start, m, d, d).unwrap(),
            0.0,
            None,
            Stream::new(0, 0),
        )
        .unwrap();
        let hidden = dictionary(b_rows, d, 3);
        let mut moments = vec![0f32; moments_len(d, m).unwrap()];
        let mut memory = MemBuffer::new(train_step_scratch::<f32>(b_rows, d, m));
        let params = TrainParams { l1_coefficient: 0.1, ..Default::default() };
        let mut step = 0;
        group.sample_size(10);
        group.bench_function(BenchmarkId::from_parameter(format!("{m} latents, {d} dimensions")), |b| {
            b.iter(|| {
                let sae = SaeMut {
                    encoder: row_major_mut(&mut encoder, d, m, m).unwrap(),
                    encoder_bias: &mut encoder_bias,
                    decoder: row_major_mut(&mut decoder, m, d, d).unwrap(),
                    decoder_bias: &mut decoder_bias,
                    subtract_decoder_bias: true,
                };
                let hidden = row_major(&hidden, b_rows, d, d).unwrap();
                let stack = MemStack::new(&mut memory);
                step += 1;
                black_box(train_step(sae, &mut moments, step, hidden, &params, Par::Seq, stack).unwrap())
            });
        });
    }
    group.finish();
}

criterion_group!(benches, orthogonalisation, sampling, matching, training);
criterion_main!(benches);
