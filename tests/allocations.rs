//! No kernel allocates, once a thread has made its first matrix products: counted by the global allocator.

#![allow(unsafe_code)]
#![allow(clippy::too_many_lines, reason = "one line a kernel, in the order in which data flows")]

mod support;

use core::ops::ControlFlow;
use sae_kernels::activation::hierarchy::{Hierarchy, apply_dense};
use sae_kernels::activation::{
    CsrMut, CsrRef, Firing, FiringPlanBuffers, LowRankFiring, PlannedFiring, correlated, correlation,
    correlation_statistics, csr_from_dense, firing_plan_lengths, low_rank_correlation_statistics,
    low_rank_correlation_statistics_scratch, low_rank_factor, low_rank_plan_len, plan_firing, plan_low_rank,
    sample_independent, sample_independent_csr, sample_low_rank, sample_low_rank_csr,
    sample_low_rank_scratch, sample_projected, sample_sparse, sample_sparse_csr,
};
use sae_kernels::assignment::{self, AssignmentOut, AssignmentParams, Sense};
use sae_kernels::dictionary::{
    ApplyParams, CoherenceParams, NextFrame, OrthogonaliseParams, OrthogonaliseState, ResumeParams,
    TightFrameParams, WholeDictionary, frame_operator_partial, lower_coherence, lower_coherence_scratch,
    orthogonalise, orthogonalise_apply, orthogonalise_resume, orthogonalise_scratch, random_unit_rows,
    tight_frame, tight_frame_scratch,
};
use sae_kernels::evaluation::{self, EvaluationBatch};
use sae_kernels::matching::{self, best_ordering, cosine_similarities, mcc};
use sae_kernels::matrix::{row_major, row_major_mut};
use sae_kernels::progress::Progress;
use sae_kernels::projection::{project_csr, project_dense};
use sae_kernels::rng::Stream;
use sae_kernels::sae::{
    Sae, SaeMut, TrainParams, decode, encode, encode_scratch, initialise_to_match, moments_len, train_step,
    train_step_scratch,
};
use sae_kernels::schedule::{LinearParams, RandomParams, ZipfianParams, linear, random, zipfian};
use sae_kernels::{MemStack, Par, StackReq};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use support::workspace;

/// The system's allocator, counting what this thread asks for.
struct Counting;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: hands everything to the system's allocator; the counter does not allocate.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.with(|count| count.set(count.get() + 1));
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Runs a kernel twice and counts what the second run allocates.
fn assert_no_allocation(name: &str, mut kernel: impl FnMut()) {
    kernel();
    let before = COUNT.get();
    kernel();
    assert_eq!(COUNT.get() - before, 0, "{name} allocates");
}

#[test]
fn the_counter_counts() {
    let before = COUNT.get();
    drop(std::hint::black_box(vec![1u8; 100]));
    assert_eq!(COUNT.get() - before, 1);
}

#[test]
fn kernels_do_not_allocate_after_warm_up() {
    let (n, d, m, b) = (96, 24, 80, 64);
    let rows = |rows: usize, cols: usize, stream| {
        let mut out = vec![0f32; rows * cols];
        let view = row_major_mut(&mut out, rows, cols, cols).unwrap();
        random_unit_rows(view, Stream::new(1, stream), 0).unwrap();
        out
    };
    let scratch = StackReq::any_of(&[
        orthogonalise_scratch::<f32>(n, d),
        tight_frame_scratch::<f32>(n, d),
        tight_frame_scratch::<f32>(d + 5, d),
        lower_coherence_scratch::<f32>(n, d),
        train_step_scratch::<f32>(b, d, m),
        encode_scratch::<f32>(b, d),
        matching::mcc_scratch::<f32>(m, n, d),
        matching::best_ordering_scratch::<f32>(m, n, d),
        matching::cosine_similarities_scratch::<f32>(m, n, d),
        matching::feature_uniqueness_scratch::<f32>(m, n, d),
        matching::superposition_scratch::<f32>(n, d, 2),
        low_rank_correlation_statistics_scratch(d),
        sample_low_rank_scratch::<f32>(n, 5),
        correlation::correlation_matrix_scratch(n),
        correlated::factorise_scratch(n),
        correlated::sample_scratch::<f32>(n),
        assignment::solve_scratch::<f32>(m, n),
        assignment::verify_assignment_scratch(n),
    ]);
    let mut memory = workspace(scratch);
    let mut dictionary = rows(n, d, 0);

    let mut p = vec![0f32; n];
    assert_no_allocation("zipfian", || zipfian(&mut p, &ZipfianParams::default()).unwrap());
    assert_no_allocation("linear", || linear(&mut p, &LinearParams::default()).unwrap());
    assert_no_allocation("random", || random(&mut p, &RandomParams::default()).unwrap());
    assert_no_allocation("orthogonalise", || {
        let params = OrthogonaliseParams { steps: 3, target_cosine: 0.1, ..Default::default() };
        let view = row_major_mut(&mut dictionary, n, d, d).unwrap();
        let mut hear = |_: &Progress| ControlFlow::Continue(());
        orthogonalise(view, &params, Par::Seq, &mut hear, MemStack::new(&mut memory)).unwrap();
    });
    // The dictionary has more rows than dimensions, so this goes through the frame operator.
    assert!(n > d);
    let (mut moments, mut state) = (vec![0f32; 2 * n * d], OrthogonaliseState::default());
    assert_no_allocation("orthogonalise_resume", || {
        let descent = OrthogonaliseParams { steps: 2, ..Default::default() };
        let params = ResumeParams { descent, relative_tolerance: 1e-3 };
        let view = row_major_mut(&mut dictionary, n, d, d).unwrap();
        let mut hear = |_: &Progress| ControlFlow::Continue(());
        let stack = MemStack::new(&mut memory);
        orthogonalise_resume(view, &mut moments, &mut state, &params, Par::Seq, &mut hear, stack).unwrap();
    });
    let (mut frame, mut next) = (vec![0f32; d * d], vec![0f32; d * d]);
    let (mut row_sum, mut next_row_sum) = (vec![0.0; d], vec![0.0; d]);
    assert_no_allocation("frame_operator_partial", || {
        let rows = row_major(&dictionary, n, d, d).unwrap();
        let out = row_major_mut(&mut frame, d, d, d).unwrap();
        frame_operator_partial(rows, out, &mut row_sum, Par::Seq, MemStack::new(&mut memory)).unwrap();
    });
    assert_no_allocation("orthogonalise_apply", || {
        let rows = row_major_mut(&mut dictionary, n, d, d).unwrap();
        let frame = row_major(&frame, d, d, d).unwrap();
        let whole = WholeDictionary { frame, row_sum: &row_sum, total: n as u64 };
        let next =
            NextFrame { frame: row_major_mut(&mut next, d, d, d).unwrap(), row_sum: &mut next_row_sum };
        let (params, stack) = (ApplyParams::default(), MemStack::new(&mut memory));
        orthogonalise_apply(rows, &mut moments, 2, whole, Some(next), &params, Par::Seq, stack).unwrap();
    });
    for (rows, target_cosine) in [(n, 0.0), (n, 0.2), (d + 5, -0.1), (d, 0.3)] {
        assert_no_allocation("tight_frame", || {
            let params = TightFrameParams { target_cosine, ..Default::default() };
            let mut hear = |_: &Progress| ControlFlow::Continue(());
            random_unit_rows(row_major_mut(&mut dictionary, rows, d, d).unwrap(), Stream::new(3, 0), 0)
                .unwrap();
            let view = row_major_mut(&mut dictionary, rows, d, d).unwrap();
            tight_frame(view, &params, Par::Seq, &mut hear, MemStack::new(&mut memory)).unwrap();
        });
    }
    assert_no_allocation("lower_coherence", || {
        let params = CoherenceParams { steps: 3, ..Default::default() };
        let mut hear = |_: &Progress| ControlFlow::Continue(());
        let view = row_major_mut(&mut dictionary, n, d, d).unwrap();
        lower_coherence(view, &params, Par::Seq, &mut hear, MemStack::new(&mut memory)).unwrap();
    });
    let e = row_major(&dictionary, n, d, d).unwrap();

    let firing = Firing { probabilities: &p, means: &[1.0], std_devs: &[0.3] };
    let mut x = vec![0f32; b * n];
    assert_no_allocation("sample_independent", || {
        sample_independent(&firing, Stream::new(2, 0), 0, row_major_mut(&mut x, b, n, n).unwrap()).unwrap();
    });
    let (mut offsets, mut columns, mut values) = (vec![0; b + 1], vec![0; b * n], vec![0f32; b * n]);
    assert_no_allocation("sample_independent_csr", || {
        let out = CsrMut { row_offsets: &mut offsets, columns: &mut columns, values: &mut values };
        sample_independent_csr(&firing, n, Stream::new(2, 0), 0, b, out).unwrap();
    });
    let lengths = firing_plan_lengths(&p, n).unwrap();
    let (mut hazards, mut guide) = (vec![0.0; n], vec![0; lengths.guide]);
    let (mut frequent, mut chances) = (vec![0; lengths.frequent], vec![0.0; lengths.frequent]);
    let mut h = vec![0f32; b * d];
    assert_no_allocation("plan_firing and all samples of a plan", || {
        let buffers = FiringPlanBuffers {
            cumulative_hazards: &mut hazards,
            guide: &mut guide,
            frequent: &mut frequent,
            frequent_probabilities: &mut chances,
        };
        let planned = PlannedFiring::new(plan_firing(&p, buffers).unwrap(), &[1.0], &[0.3]).unwrap();
        let stream = Stream::new(2, 0);
        let out = CsrMut { row_offsets: &mut offsets, columns: &mut columns, values: &mut values };
        sample_sparse_csr(&planned, stream, 0, b, out).unwrap();
        sample_sparse(&planned, stream, 0, row_major_mut(&mut x, b, n, n).unwrap()).unwrap();
        sample_projected(&planned, stream, 0, e, None, row_major_mut(&mut h, b, d, d).unwrap()).unwrap();
    });
    let rank = 5;
    let (mut factor, mut own) = (vec![0f32; n * rank], vec![0f32; n]);
    let mut panels = vec![0f32; low_rank_plan_len::<f32>(n, rank).unwrap()];
    assert_no_allocation("low_rank_factor, plan_low_rank and its samples", || {
        let view = row_major_mut(&mut factor, n, rank, rank).unwrap();
        low_rank_factor(0.1, Stream::new(4, 0), view, &mut own).unwrap();
        let plan = plan_low_rank(row_major(&factor, n, rank, rank).unwrap(), &own, &p, &mut panels).unwrap();
        let planned = LowRankFiring::new(plan, &[1.0], &[0.3]).unwrap();
        let (stream, stack) = (Stream::new(2, 0), MemStack::new(&mut memory));
        let out = CsrMut { row_offsets: &mut offsets, columns: &mut columns, values: &mut values };
        sample_low_rank_csr(&planned, stream, 0, b, out, stack).unwrap();
        sample_low_rank(&planned, stream, 0, row_major_mut(&mut x, b, n, n).unwrap(), stack).unwrap();
    });
    assert_no_allocation("csr_from_dense", || {
        let out = CsrMut { row_offsets: &mut offsets, columns: &mut columns, values: &mut values };
        csr_from_dense(row_major(&x, b, n, n).unwrap(), out).unwrap();
    });
    assert_no_allocation("project_csr", || {
        let batch = CsrRef::new(&offsets, &columns, &values, n).unwrap();
        project_csr(batch, e, None, row_major_mut(&mut h, b, d, d).unwrap()).unwrap();
    });
    assert_no_allocation("project_dense", || {
        let x = row_major(&x, b, n, n).unwrap();
        project_dense(x, e, None, row_major_mut(&mut h, b, d, d).unwrap(), Par::Seq).unwrap();
    });

    // A default correlation of -0.5 is not positive definite, so that the repair runs too.
    let (mut c, mut factor, mut limits) = (vec![0f32; n * n], vec![0f32; n * n], vec![0f32; n]);
    assert_no_allocation("correlation_matrix", || {
        let out = row_major_mut(&mut c, n, n, n).unwrap();
        correlation::correlation_matrix(&[], -0.5, out, MemStack::new(&mut memory)).unwrap();
    });
    assert_no_allocation("factorise", || {
        let out = row_major_mut(&mut factor, n, n, n).unwrap();
        let c = row_major(&c, n, n, n).unwrap();
        correlated::factorise(c, out, MemStack::new(&mut memory)).unwrap();
    });
    assert_no_allocation("thresholds", || correlated::thresholds(&p, &mut limits).unwrap());
    assert_no_allocation("sample_correlated", || {
        let (out, factor) = (row_major_mut(&mut x, b, n, n).unwrap(), row_major(&factor, n, n, n).unwrap());
        let stream = Stream::new(3, 0);
        let stack = MemStack::new(&mut memory);
        correlated::sample_correlated(factor, &limits, &[1.0], &[0.1], stream, 0, out, stack).unwrap();
    });
    let (mut buffer, mut fired) = (vec![0; Hierarchy::buffer_len(3)], [0; 3]);
    assert_no_allocation("hierarchy", || {
        let forest = Hierarchy::new(&[u32::MAX, 0, 0], &[0, 1, 2], &[1, 0, 0], &[], n, &mut buffer).unwrap();
        apply_dense(&forest, &[], Stream::new(4, 0), 0, row_major_mut(&mut x, b, n, n).unwrap(), &mut fired)
            .unwrap();
    });

    let (mut encoder, mut decoder) = (vec![0f32; d * m], vec![0f32; m * d]);
    let (mut encoder_bias, mut decoder_bias) = (vec![0f32; m], vec![0f32; d]);
    assert_no_allocation("initialise_to_match", || {
        let encoder = row_major_mut(&mut encoder, d, m, m).unwrap();
        let decoder = row_major_mut(&mut decoder, m, d, d).unwrap();
        initialise_to_match(encoder, decoder, e, 0.1, None, Stream::new(5, 0)).unwrap();
    });
    let mut moments = vec![0f32; moments_len(d, m).unwrap()];
    assert_no_allocation("train_step", || {
        let sae = SaeMut {
            encoder: row_major_mut(&mut encoder, d, m, m).unwrap(),
            encoder_bias: &mut encoder_bias,
            decoder: row_major_mut(&mut decoder, m, d, d).unwrap(),
            decoder_bias: &mut decoder_bias,
            subtract_decoder_bias: true,
        };
        let params = TrainParams { l1_coefficient: 0.1, ..Default::default() };
        let hidden = row_major(&h, b, d, d).unwrap();
        train_step(sae, &mut moments, 0, hidden, &params, Par::Seq, MemStack::new(&mut memory)).unwrap();
    });
    let sae = Sae {
        encoder: row_major(&encoder, d, m, m).unwrap(),
        encoder_bias: &encoder_bias,
        decoder: row_major(&decoder, m, d, d).unwrap(),
        decoder_bias: &decoder_bias,
        subtract_decoder_bias: true,
    };
    let (mut z, mut y) = (vec![0f32; b * m], vec![0f32; b * d]);
    assert_no_allocation("encode and decode", || {
        let hidden = row_major(&h, b, d, d).unwrap();
        let out = row_major_mut(&mut z, b, m, m).unwrap();
        encode(&sae, hidden, out, Par::Seq, MemStack::new(&mut memory)).unwrap();
        let z = row_major(&z, b, m, m).unwrap();
        decode(&sae, z, row_major_mut(&mut y, b, d, d).unwrap(), Par::Seq).unwrap();
    });
    let (mut counts, mut sums) = (vec![0; evaluation::counts_len(m)], vec![0.0; evaluation::sums_len()]);
    assert_no_allocation("evaluation", || {
        evaluation::begin(&mut counts, &mut sums, m).unwrap();
        let batch = EvaluationBatch {
            activations: row_major(&x, b, n, n).unwrap(),
            hidden: row_major(&h, b, d, d).unwrap(),
            latents: row_major(&z, b, m, m).unwrap(),
            decoded: row_major(&y, b, d, d).unwrap(),
        };
        evaluation::add_batch(&mut counts, &mut sums, &batch).unwrap();
        evaluation::finish(&counts, &sums).unwrap();
    });

    let (mut matches, mut ordering, mut cosines) = (vec![0; m], vec![0; m], vec![0f32; m * n]);
    assert_no_allocation("mcc", || {
        mcc(sae.decoder, e, Some(&mut matches), MemStack::new(&mut memory)).unwrap();
    });
    assert_no_allocation("best_ordering", || {
        best_ordering(sae.decoder, e, &mut ordering, MemStack::new(&mut memory)).unwrap();
    });
    assert_no_allocation("feature_uniqueness", || {
        let params = matching::MatchParams::default();
        let stack = MemStack::new(&mut memory);
        matching::feature_uniqueness(sae.decoder, e, &params, Some(&mut matches), stack).unwrap();
    });
    assert_no_allocation("superposition", || {
        let out = matching::SuperpositionOut { max_of_vectors: Some(&mut limits), ..Default::default() };
        let params = matching::SuperpositionParams::default();
        matching::superposition(e, &params, out, MemStack::new(&mut memory)).unwrap();
    });
    assert_no_allocation("correlation statistics", || {
        correlation_statistics(row_major(&c, n, n, n).unwrap()).unwrap();
        low_rank_correlation_statistics(e, MemStack::new(&mut memory)).unwrap();
    });
    assert_no_allocation("cosine_similarities", || {
        let out = row_major_mut(&mut cosines, m, n, n).unwrap();
        cosine_similarities(sae.decoder, e, out, MemStack::new(&mut memory)).unwrap();
    });
    assert_no_allocation("assignment", || {
        let out =
            AssignmentOut { row_to_col: &mut matches, col_to_row: None, row_duals: None, col_duals: None };
        let costs = row_major(&cosines, m, n, n).unwrap();
        assignment::solve(costs, &AssignmentParams::default(), out, MemStack::new(&mut memory)).unwrap();
    });
    let (u, v) = (vec![0.0; m], vec![0.0; n]);
    assert_no_allocation("verify assignment", || {
        let costs = row_major(&cosines, m, n, n).unwrap();
        let stack = MemStack::new(&mut memory);
        assignment::verify_assignment(costs, Sense::Minimise, &matches, &u, &v, stack).unwrap();
    });
}
