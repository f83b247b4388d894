//! The checks, by name. A new one is a function that returns whether it holds, and a line in [`CHECKS`].

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::hint::black_box;
use core::mem::MaybeUninit;
use core::ops::ControlFlow;
use sae_kernels::activation::{Firing, sample_independent};
use sae_kernels::assignment::{self, AssignmentOut, AssignmentParams};
use sae_kernels::dictionary::{OrthogonaliseParams, orthogonalise, orthogonalise_scratch, random_unit_rows};
use sae_kernels::evaluation::{self, EvaluationBatch};
use sae_kernels::matching::{mcc, mcc_scratch};
use sae_kernels::matrix::{row_major, row_major_mut};
use sae_kernels::progress::Progress;
use sae_kernels::projection::project_dense;
use sae_kernels::rng::Stream;
use sae_kernels::schedule::{ZipfianParams, zipfian};
use sae_kernels::{Argument, Error, MemStack, Par, Reason, StackReq};

/// A name and what must hold.
pub type Check = (&'static str, fn() -> bool);

/// Every check, in the order in which they run.
pub const CHECKS: &[Check] = &[
    ("heap and memory functions", heap_and_memory_functions),
    ("zipfian", zipfian_follows_its_formula),
    ("errors", errors_are_named),
    ("assignment", assignment_is_the_cheapest),
    ("orthogonalise", orthogonalising_lowers_the_loss),
    ("sample and project", samples_do_not_depend_on_the_split),
    ("metrics", metrics_of_a_perfect_autoencoder),
];

/// Whether two numbers differ by no more than `tolerance`.
fn near(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance
}

/// The program's own parts, so that a fault in them is not taken for one of the kernels.
fn heap_and_memory_functions() -> bool {
    #[repr(align(1024))]
    struct Aligned(u8);

    let mut numbers = Vec::new();
    for i in 0..100_000u32 {
        numbers.push(i);
    }
    let boxed = Box::new(Aligned(7));
    let aligned = (&raw const *boxed).addr().is_multiple_of(1024) && boxed.0 == 7;

    let copy = numbers.clone();
    let same = copy == numbers;
    numbers.copy_within(0..50_000, 1);
    let moved_up = numbers[0] == 0 && numbers[1..=50_000].iter().eq(&copy[..50_000]);
    numbers.copy_within(1..=50_000, 0);
    let moved_down = numbers[..50_000] == copy[..50_000];
    let (abc, abd) = (black_box(*b"abc"), black_box(*b"abd"));
    let ordered = abc[..] < abd[..] && abd[..] > abc[..] && abc[..2] == abd[..2] && abc[..2] < abd[..];
    let filled = black_box([0xa5u8; 1000]).iter().all(|&b| b == 0xa5);
    aligned && same && moved_up && moved_down && ordered && filled
}

fn zipfian_follows_its_formula() -> bool {
    let params = ZipfianParams { exponent: 1.0, max_probability: 0.5, min_probability: 0.1 };
    let (mut single, mut double) = ([0f32; 10], [0f64; 10]);
    if zipfian(&mut single, &params).is_err() || zipfian(&mut double, &params).is_err() {
        return false;
    }
    (0..10).all(|i| {
        let want = 0.1 + 0.4 * (1.0 / (i + 1) as f64 - 0.1) / 0.9;
        near(double[i], want, 1e-15) && near(single[i].into(), want, 1e-7)
    })
}

fn errors_are_named() -> bool {
    let mut out = [7f32; 3];
    let bad = ZipfianParams { exponent: f64::NAN, ..ZipfianParams::default() };
    zipfian(&mut out, &bad) == Err(Error::new(Reason::NotANumber, Argument::Exponent)) && out == [7.0; 3]
}

/// Memory for a workspace, aligned to the page so that it suits every request.
#[repr(C, align(4096))]
struct Page([u8; 4096]);

/// Runs `body` with a workspace of this size.
fn with_workspace<R>(request: StackReq, body: impl FnOnce(&mut MemStack) -> R) -> R {
    let mut pages = Vec::new();
    pages.resize_with(request.size_bytes().div_ceil(size_of::<Page>()) + 1, MaybeUninit::<Page>::uninit);
    body(MemStack::new_any(&mut pages))
}

fn assignment_is_the_cheapest() -> bool {
    // Every way to give three rows different columns of four, against the solver.
    let costs = [4.0, 1.0, 3.0, 9.0, 2.0, 0.0, 5.0, 8.0, 3.0, 2.0, 2.0, 7.0_f64];
    let mut least = f64::INFINITY;
    for (i, j, k) in (0..64).map(|c| (c / 16, c / 4 % 4, c % 4)) {
        if i != j && j != k && i != k {
            least = least.min(costs[i] + costs[4 + j] + costs[8 + k]);
        }
    }
    let mut columns = [-7; 3];
    let found = with_workspace(assignment::solve_scratch::<f64>(3, 4), |stack| {
        let out =
            AssignmentOut { row_to_col: &mut columns, col_to_row: None, row_duals: None, col_duals: None };
        let costs = row_major(&costs, 3, 4, 4)?;
        assignment::solve(costs, &AssignmentParams::default(), out, stack)
    });
    let sum = columns.iter().enumerate().map(|(i, &j)| costs[4 * i + j as usize]).sum::<f64>();
    found == Ok(least) && sum == least
}

fn orthogonalising_lowers_the_loss() -> bool {
    let (n, d) = (24, 8);
    let mut dictionary = [0f32; 24 * 8];
    let mut losses = Vec::new();
    let done = with_workspace(orthogonalise_scratch::<f32>(n, d), |stack| {
        random_unit_rows(row_major_mut(&mut dictionary, n, d, d)?, Stream::new(1, 0), 0)?;
        let mut keep = |progress: &Progress| {
            losses.push(progress.loss);
            ControlFlow::Continue(())
        };
        let params = OrthogonaliseParams::default();
        orthogonalise(row_major_mut(&mut dictionary, n, d, d)?, &params, Par::Seq, &mut keep, stack)
    });
    // Rows of squared length g in a tight frame: 48 g^2 + 576 (g - 1)^2 is least, 44.3077, for g = 576/624.
    done.is_ok()
        && losses.len() == 200
        && losses[199] < losses[0]
        && losses[199] > 44.307
        && losses[199] < 44.8
}

fn samples_do_not_depend_on_the_split() -> bool {
    let (n, d) = (16, 4);
    let firing = Firing { probabilities: &[0.3f32], means: &[1.0], std_devs: &[0.2] };
    let (mut whole, mut part, mut dictionary) = ([0f32; 10 * 16], [0f32; 3 * 16], [0f32; 16 * 4]);
    let mut hidden = [0f32; 10 * 4];
    let done = (|| {
        sample_independent(&firing, Stream::new(5, 1), 0, row_major_mut(&mut whole, 10, n, n)?)?;
        sample_independent(&firing, Stream::new(5, 1), 4, row_major_mut(&mut part, 3, n, n)?)?;
        random_unit_rows(row_major_mut(&mut dictionary, n, d, d)?, Stream::new(2, 0), 0)?;
        let (x, e) = (row_major(&whole, 10, n, n)?, row_major(&dictionary, n, d, d)?);
        project_dense(x, e, None, row_major_mut(&mut hidden, 10, d, d)?, Par::Seq)
    })();
    let projected = (0..10 * d).all(|at| {
        let (r, k) = (at / d, at % d);
        let sum: f32 = (0..n).map(|j| whole[r * n + j] * dictionary[j * d + k]).sum();
        near(hidden[at].into(), sum.into(), 1e-5)
    });
    done.is_ok() && whole[4 * n..7 * n] == part && whole.iter().any(|&x| x > 0.0) && projected
}

fn metrics_of_a_perfect_autoencoder() -> bool {
    let (n, d) = (6, 3);
    let mut dictionary = [0f64; 18];
    let activations = [1.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.5, 0.0, 0.0, 0.0, 0.0];
    let hidden = [1.0, 2.0, 2.0, 0.0, 3.0, 4.0];
    let (mut counts, mut sums) = ([0; 10], [0.0; 2]);
    let found = with_workspace(mcc_scratch::<f64>(n, n, d), |stack| {
        random_unit_rows(row_major_mut(&mut dictionary, n, d, d)?, Stream::new(3, 0), 0)?;
        evaluation::begin(&mut counts, &mut sums, n)?;
        let batch = EvaluationBatch {
            activations: row_major(&activations, 2, n, n)?,
            hidden: row_major(&hidden, 2, d, d)?,
            latents: row_major(&activations, 2, n, n)?,
            decoded: row_major(&hidden, 2, d, d)?,
        };
        evaluation::add_batch(&mut counts, &mut sums, &batch)?;
        let e = row_major(&dictionary, n, d, d)?;
        Ok((evaluation::finish(&counts, &sums)?, mcc(e, e, None, stack)?))
    });
    let expected: Result<_, Error> = found;
    expected.is_ok_and(|(metrics, mcc)| {
        let same_l0 = metrics.true_l0 == 1.5 && metrics.sae_l0 == 1.5;
        same_l0 && metrics.dead_latents == 3 && metrics.shrinkage == 1.0 && near(mcc, 1.0, 1e-12)
    })
}
