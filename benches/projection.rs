//! Projections of sparse activations: `taskset -c 1 cargo bench --bench projection`.
use clap::Parser;
use faer::dyn_stack::MemBuffer;
use sae_kernels::MemStack;
use sae_kernels::activation::*;
use sae_kernels::dictionary::random_unit_rows;
use sae_kernels::matrix::{row_major, row_major_mut};
use sae_kernels::projection::*;
use sae_kernels::rng::Stream;
use sae_kernels::schedule::{ZipfianParams, zipfian};
use std::time::Instant;
#[derive(Parser)]
struct Arguments {
    #[arg(long, default_value_t = 1024)]
    rows: usize,
    #[arg(long, default_value_t = 9)]
    runs: usize,
    #[arg(long, hide = true)]
    bench: bool,
}
fn median(runs: usize, mut f: impl FnMut()) -> f64 {
    let mut v: Vec<f64> = (0..runs)
        .map(|_| {
            let t = Instant::now();
            f();
            t.elapsed().as_secs_f64()
        })
        .collect();
    v.sort_by(f64::total_cmp);
    v[runs / 2]
}
fn main() -> anyhow::Result<()> {
    let Arguments { rows, runs, .. } = Arguments::parse();
    for (n, d, firings) in [
        (16384, 768, 0.0),
        (4096, 512, 0.0),
        (4096, 512, 20.0),
        (1024, 256, 30.),
        (65536, 768, 100.),
        (65536, 768, 500.0),
        (262144, 768, 200.0),
        (16384, 768, 20.),
        (16384, 768, 40.),
        (16384, 768, 1000.),
        (2048, 768, 500.),
        (2048, 768, 900.),
    ] {
        let mut p = vec![0.0_f32; n];
        zipfian(&mut p, &ZipfianParams::default())?;
        if firings > 0.0 {
            let sum: f32 = (0..n).map(|i| 1.0 / (10.0 + i as f32)).sum();
            for (i, p) in p.iter_mut().enumerate() {
                *p = (firings / sum / (10.0 + i as f32)).min(1.0);
            }
        }
        let lengths = firing_plan_lengths(&p, n)?;
        let (mut a, mut b, mut c, mut e) =
            (vec![0.0; n], vec![0; lengths.guide], vec![0; lengths.frequent], vec![0.0; lengths.frequent]);
        let plan = plan_firing(
            &p,
            FiringPlanBuffers {
                cumulative_hazards: &mut a,
                guide: &mut b,
                frequent: &mut c,
                frequent_probabilities: &mut e,
            },
        )?;
        let firing = PlannedFiring::new(plan, &[1.0], &[0.1])?;
        let cap = (rows as f64 * p.iter().map(|&p| f64::from(p)).sum::<f64>() * 1.2) as usize + 10000;
        let (mut ro, mut co, mut va) = (vec![0; rows + 1], vec![0; cap], vec![0.0f32; cap]);
        sample_sparse_csr(
            &firing,
            Stream::new(0, 2),
            0,
            rows,
            CsrMut { row_offsets: &mut ro, columns: &mut co, values: &mut va },
        )?;
        let x = CsrRef::new(&ro, &co, &va, n)?;
        let mut dictionary = vec![0.0f32; n * d];
        random_unit_rows(row_major_mut(&mut dictionary, n, d, d)?, Stream::new(0, 1), 0)?;
        let dictionary = row_major(&dictionary, n, d, d)?;
        let (mut h1, mut h2) = (vec![0.0; rows * d], vec![1.0; rows * d]);
        let t1 = median(runs, || {
            project_csr(x, dictionary, None, row_major_mut(&mut h1, rows, d, d).unwrap()).unwrap()
        });
        let mut mem = MemBuffer::new(project_scratch::<f32>(rows, x.nnz(), n, d));
        let t2 = median(runs, || {
            project(
                x,
                dictionary,
                None,
                row_major_mut(&mut h2, rows, d, d).unwrap(),
                faer::Par::Seq,
                MemStack::new(&mut mem),
            )
            .unwrap()
        });
        let hidden = row_major(&h1, rows, d, d)?;
        let mut z = vec![0.0; x.nnz()];
        let t4 = median(runs, || latents_at(hidden, dictionary, None, x.pattern(), &mut z).unwrap());
        let mut g_ = vec![0.0; n * d];
        let t5 = median(runs, || gradient_csr(x, hidden, row_major_mut(&mut g_, n, d, d).unwrap()).unwrap());
        let mut dense = vec![0.0f32; rows * n];
        for r in 0..rows {
            for (j, v) in x.row(r) {
                dense[r * n + j] = v;
            }
        }
        let t3 = median(3, || {
            project_dense(
                row_major(&dense, rows, n, n).unwrap(),
                dictionary,
                None,
                row_major_mut(&mut h2, rows, d, d).unwrap(),
                faer::Par::Seq,
            )
            .unwrap()
        });
        let g = 2e-9 * x.nnz() as f64 * d as f64;
        println!(
            "{n} x {d}, nnz/row {:.0}, nnz/n {:.2}: rows {:.2} ms ({:.1} GF/s), cheaper {:.2} ms ({:.1}), latents {:.2} ms ({:.1}), gradient {:.2} ms ({:.1}), dense {:.1} ms ({:.1} GF/s)",
            x.nnz() as f64 / rows as f64,
            x.nnz() as f64 / n as f64,
            t1 * 1e3,
            g / t1,
            t2 * 1e3,
            g / t2,
            t4 * 1e3,
            g / t4,
            t5 * 1e3,
            g / t5,
            t3 * 1e3,
            2e-9 * (rows * n * d) as f64 / t3
        );
    }
    Ok(())
}
