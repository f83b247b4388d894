//! Orthogonalising in parts and in several calls: the same numbers as in one, to the bit where that is promised.

mod support;

use faer::dyn_stack::MemBuffer;
use proptest::prelude::*;
use sae_kernels::dictionary::{
    OrthogonaliseState, orthogonalise, orthogonalise_resume, orthogonalise_resume_scratch,
    orthogonalise_scratch, random_unit_rows,
};
use sae_kernels::matrix::row_major_mut;
use sae_kernels::progress::silent;
use sae_kernels::rng::Stream;
use sae_kernels::{Argument, Error, MemStack, Par, Reason, Scalar, StackReq};
use support::descent::{Descent, Frame, params, random};
use support::workspace;

fn far(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

/// The routes: through the frame operator with one group and with several, of whole blocks and not; through the Gram
/// matrix with one block and with several.
const SHAPES: [(usize, usize); 5] = [(40, 12), (1024, 24), (1500, 40), (24, 40), (150, 160)];

#[test]
fn the_frame_operator_is_the_defined_one() {
    for (n, d) in [(1, 3), (255, 7), (513, 9), (1500, 40)] {
        let e = random::<f64>(n, d);
        let got = Descent::new(e.clone(), d).frame();
        for k in 0..d {
            for l in 0..d {
                let want: f64 = e.chunks(d).map(|row| row[k] * row[l]).sum();
                // n products of elements at most 1, in any order.
                assert!((got.frame[k * d + l] - want).abs() <= 1e-15 * n as f64);
            }
            let want: f64 = e.chunks(d).map(|row| row[k]).sum();
            assert!((got.row_sum[k] - want).abs() <= 1e-15 * n as f64);
        }
    }
}

#[test]
fn split_steps_on_one_machine_are_the_whole_to_the_bit() {
    fn of<T: Scalar>(n: usize, d: usize, t: f64) {
        let e = random::<T>(n, d);
        let mut parts = Descent::new(e.clone(), d);
        parts.normalise();
        let mut frame = parts.frame();
        for step in 0..6 {
            (_, frame) = parts.apply(&frame, n, t);
            // What a step leaves for the next is what a pass of its own would find.
            assert_eq!(frame, parts.frame(), "{n} x {d}, step {step}");
        }
        parts.normalise();
        let mut whole = e;
        let mut memory = workspace(orthogonalise_scratch::<T>(n, d));
        let view = row_major_mut(&mut whole, n, d, d).unwrap();
        let descent = params(t, 6, 0.0).descent;
        orthogonalise(view, &descent, Par::Seq, &mut silent, MemStack::new(&mut memory)).unwrap();
        assert!(whole == parts.rows, "{n} x {d}");
    }
    for (n, d) in SHAPES.into_iter().filter(|(n, d)| n > d) {
        of::<f64>(n, d, 0.0);
        of::<f32>(n, d, 0.1);
    }
}

#[test]
fn many_machines_do_what_one_does() {
    // Rows dealt unevenly, one machine with more rows than a group has, one with a single row.
    let (n, d, t, steps) = (900, 24, 0.05, 30);
    let e = random::<f64>(n, d);
    let mut whole = Descent::new(e.clone(), d);
    let losses = whole.go(t, steps, Par::Seq);
    let mut machines: Vec<_> = [(0, 600), (600, 601), (601, 900)]
        .map(|(from, to)| Descent::new(e[from * d..to * d].to_vec(), d))
        .into();
    machines.iter_mut().for_each(Descent::normalise);
    let mut frames: Vec<_> = machines.iter().map(Descent::frame).collect();
    for want in losses {
        let sum = Frame::sum(&frames);
        let mut loss = 0.0;
        for (machine, frame) in machines.iter_mut().zip(&mut frames) {
            let (share, next) = machine.apply(&sum, n, t);
            loss += share;
            *frame = next;
        }
        assert!((loss - want).abs() <= 1e-10 * want, "{loss} {want}");
    }
    let rows: Vec<f64> = machines.iter().flat_map(|machine| machine.rows.clone()).collect();
    // Adam divides by a gradient's own size, and so enlarges roundings of 1e-16.
    let worst = far(&rows, &whole.rows);
    assert!(worst < 1e-11, "{worst:e}");
}

#[test]
fn a_descent_in_several_calls_is_one_descent() {
    fn of<T: Scalar>(n: usize, d: usize, t: f64) {
        let e = random::<T>(n, d);
        let mut once = Descent::new(e.clone(), d);
        let losses = once.go(t, 12, Par::Seq);
        // In three calls, the second cancelled after three steps.
        let mut often = Descent::new(e.clone(), d);
        let mut heard = often.go(t, 5, Par::Seq);
        let (done, more) = often.resume(&params(t, 7, 0.0), Par::Seq, 3);
        assert_eq!(done, Err(Error::new(Reason::Cancelled, Argument::Progress)));
        assert_eq!(often.state.step, 8);
        heard.extend(more);
        heard.extend(often.go(t, 4, Par::Seq));
        assert_eq!(heard, losses);
        assert!(often == once, "{n} x {d}");
        // No steps change nothing.
        often.go(t, 0, Par::Seq);
        assert!(often == once);

        let mut whole = e;
        let mut memory = workspace(orthogonalise_scratch::<T>(n, d));
        let view = row_major_mut(&mut whole, n, d, d).unwrap();
        let descent = params(t, 12, 0.0).descent;
        orthogonalise(view, &descent, Par::Seq, &mut silent, MemStack::new(&mut memory)).unwrap();
        once.normalise();
        assert!(whole == once.rows);
    }
    for (n, d) in SHAPES {
        of::<f64>(n, d, 0.1);
        of::<f32>(n, d, 0.0);
    }
}

#[test]
fn the_place_in_memory_changes_no_bit() {
    // A descent may go on in another process, whose allocator aligns otherwise.
    for (n, d) in SHAPES {
        let mut want = Descent::new(random::<f32>(n, d), d);
        want.go(0.1, 4, Par::Seq);
        for offset in [1, 5, 8] {
            let mut memory = workspace(orthogonalise_resume_scratch::<f32>(n, d));
            let mut buffer = MemBuffer::new(StackReq::new_aligned::<f32>(n * d + 16, 128));
            let (mut rows, _) = MemStack::new(&mut buffer).make_aligned_with(n * d + 16, 128, |_| 0f32);
            let rows = &mut rows[offset..offset + n * d];
            rows.copy_from_slice(&random::<f32>(n, d));
            let (mut moments, mut state) = (vec![0f32; 2 * n * d], OrthogonaliseState::default());
            let view = row_major_mut(rows, n, d, d).unwrap();
            let (params, stack) = (params(0.1, 4, 0.0), MemStack::new(&mut memory));
            orthogonalise_resume(view, &mut moments, &mut state, &params, Par::Seq, &mut silent, stack)
                .unwrap();
            assert!(rows == want.rows && moments == want.moments, "{n} x {d}, {offset}");
        }
    }
}

#[cfg(feature = "parallel")]
#[test]
fn the_number_of_threads_changes_no_bit() {
    // 5000 rows are ten groups.
    for (n, d) in SHAPES.into_iter().chain([(5000, 10)]) {
        let e = random::<f32>(n, d);
        let mut want = Descent::new(e.clone(), d);
        let losses = want.go(0.1, 5, Par::Seq);
        for threads in [1, 2, 3, 7, 100] {
            let mut got = Descent::new(e.clone(), d);
            assert_eq!(got.go(0.1, 5, Par::rayon(threads)), losses);
            assert!(got == want, "{n} x {d}, {threads} threads");
        }
    }
}

#[test]
fn an_early_stop_is_where_the_losses_say() {
    // For n <= d the loss falls towards zero, ever by a large part of itself.
    for (n, d, tolerances) in [(128, 32, [1e-1, 1e-3]), (24, 40, [0.9, 0.5])] {
        let e = random::<f64>(n, d);
        let losses = Descent::new(e.clone(), d).go(0.0, 100, Par::Seq);
        for tolerance in tolerances {
            let small = |i: usize| (losses[i] - losses[i - 1]).abs() <= tolerance * losses[i];
            let steps = (1..100).find(|&i| small(i)).map_or(100, |i| i + 1);
            assert!(steps < 100, "no stop to find");
            let mut got = Descent::new(e.clone(), d);
            // In calls of seven steps: the loss before the first of a call is known from the call before.
            while !got.state.converged {
                let (done, _) = got.resume(&params(0.0, 7, tolerance), Par::Seq, usize::MAX);
                assert_eq!(done, Ok(()));
            }
            assert_eq!(got.state.step, steps as u64);
            assert_eq!(got.state.loss, losses[steps - 1]);
            let mut want = Descent::new(e.clone(), d);
            want.go(0.0, steps as u64, Par::Seq);
            assert!(got.rows == want.rows && got.moments == want.moments);
        }
    }
}

#[test]
fn large_dictionaries_need_no_second_copy_beside_their_moments() {
    // A million by 1024 in single precision: 12.3 GB for rows and moments; at most a thirtieth more.
    let (n, d) = (1_000_000, 1024);
    let rows_and_moments = 3 * n * d * size_of::<f32>();
    let workspace = orthogonalise_scratch::<f32>(n, d).size_bytes();
    assert!(n * d * size_of::<f32>() + workspace <= rows_and_moments + rows_and_moments / 30);
    // And never more than the gradient that is not formed.
    for (n, d) in [(4096, 256), (16384, 768), (65536, 64), (300, 299)] {
        let extra = orthogonalise_resume_scratch::<f32>(n, d).size_bytes();
        let doubles = 8 * (d + 3) * 66 + 4 * d * d;
        assert!(extra <= (2 * n.max(512) * d + d * d) * size_of::<f32>() + doubles, "{n} x {d}: {extra}");
    }
}

proptest! {
    /// The gradient of the first step against the definition, through the n x n matrix: m = 0.1 dL/dE.
    #[test]
    fn a_step_follows_the_gradient_of_the_defined_loss(
        n in 1usize..40, d in 1usize..14, t in -1.0..1.0f64, scale in 0.5..1.5f64, seed in 0u64..1000,
    ) {
        let mut e = vec![0f64; n * d];
        random_unit_rows(row_major_mut(&mut e, n, d, d).unwrap(), Stream::new(seed, 0), 0).unwrap();
        e.iter_mut().for_each(|x| *x *= scale);
        let mut descent = Descent::new(e.clone(), d);
        let frame = descent.frame();
        let (share, _) = descent.apply(&frame, n, t);
        let dot = |i: usize, j: usize| (0..d).map(|k| e[i * d + k] * e[j * d + k]).sum::<f64>();
        let mut loss = 0.0;
        for i in 0..n {
            let mut gradient = vec![0.0; d];
            for j in 0..n {
                let (pull, weight) = if i == j { (dot(i, i) - 1.0, n as f64) } else { (dot(i, j) - t, 1.0) };
                loss += weight * pull * pull;
                for (g, x) in gradient.iter_mut().zip(&e[j * d..]) {
                    *g += 4.0 * weight * pull * x;
                }
            }
            for (k, g) in gradient.iter().enumerate() {
                let m = descent.moments[i * d + k];
                // Terms up to 4 n of size about 4, each rounded.
                prop_assert!((m - 0.1 * g).abs() <= 1e-13 * n as f64, "{m} {g}");
                let v = descent.moments[(n + i) * d + k];
                prop_assert!((v - 0.001 * g * g).abs() <= 1e-13 * n as f64 * (1.0 + g.abs()));
            }
        }
        prop_assert!((share - loss).abs() <= 1e-12 * (n * n) as f64);
    }
}
