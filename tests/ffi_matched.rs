//! The C functions that match two dictionaries without the matrix of their cosines give what the Rust functions
//! give, to the bit, and write nothing when they refuse.

#![allow(unsafe_code)]

use sae_kernels::assignment::Certificate;
use sae_kernels::dictionary::random_unit_rows;
use sae_kernels::ffi::*;
use sae_kernels::matching::{
    MatchOut, MatchParams, Similarity, match_dictionaries, match_dictionaries_scratch, verify_matching,
};
use sae_kernels::matrix::{row_major, row_major_mut};
use sae_kernels::rng::Stream;
use sae_kernels::{Argument, Error, MemStack, Par, Reason, Scalar, StackReq};
use std::ffi::c_void;
use std::ptr::{null, null_mut};

mod support;
use support::workspace;

fn status(reason: Reason, argument: Argument) -> i32 {
    Error::new(reason, argument).status()
}

/// Vectors whose rows begin further apart than they are long; what lies between them is no number.
struct Vectors<T> {
    values: Vec<T>,
    rows: usize,
    stride: usize,
}

impl<T: Scalar> Vectors<T> {
    fn new(seed: u64, rows: usize, cols: usize, stride: usize) -> Self {
        let mut values = vec![T::from_f64(f64::NAN); rows * stride];
        let view = row_major_mut(&mut values, rows, cols, stride).unwrap();
        random_unit_rows(view, Stream { seed, stream: 0 }, 0).unwrap();
        Self { values, rows, stride }
    }
}

/// What a matching gives.
#[derive(Clone, Debug, PartialEq)]
struct Answer {
    row_to_col: Vec<i64>,
    row_duals: Vec<f64>,
    col_duals: Vec<f64>,
    best_of_rows: Vec<i64>,
    best_of_cols: Vec<i64>,
    total: f64,
}

impl Answer {
    fn blank(n: usize, m: usize) -> Self {
        Self {
            row_to_col: vec![77; n],
            row_duals: vec![7.5; n],
            col_duals: vec![7.5; m],
            best_of_rows: vec![77; n],
            best_of_cols: vec![77; m],
            total: 7.5,
        }
    }
}

const BLANK: saek_certificate = saek_certificate {
    struct_size: size_of::<saek_certificate>() as u32,
    reserved: 0,
    objective: 7.5,
    dual_objective: 7.5,
    gap: 7.5,
    infeasibility: 7.5,
    slackness: 7.5,
};

fn numbers(c: &saek_certificate) -> [f64; 5] {
    [c.objective, c.dual_objective, c.gap, c.infeasibility, c.slackness]
}

fn params(similarity: u32, threads: u32) -> saek_match_params {
    let mut params = saek_match_params { struct_size: 0, similarity: 9, threads: 9 };
    // SAFETY: the pointer is writable.
    assert_eq!(unsafe { saek_match_params_init(&raw mut params) }, 0);
    assert_eq!(params.struct_size as usize, size_of::<saek_match_params>());
    assert_eq!((params.similarity, params.threads), (SAEK_SIMILARITY_ABSOLUTE_COSINE, 0));
    (params.similarity, params.threads) = (similarity, threads);
    params
}

/// Numbers of threads that this build takes.
fn thread_counts() -> &'static [u32] {
    if cfg!(feature = "parallel") { &[0, 1, 2, 5, u32::MAX] } else { &[0, 1] }
}

/// What the Rust functions give.
fn expected<T: Scalar>(
    a: &Vectors<T>,
    b: &Vectors<T>,
    cols: usize,
    similarity: Similarity,
) -> (Answer, Certificate) {
    let mut answer = Answer::blank(a.rows, b.rows);
    let mut memory = workspace(match_dictionaries_scratch::<T>(a.rows, b.rows, cols));
    let stack = MemStack::new(&mut memory);
    let view_a = row_major(&a.values, a.rows, cols, a.stride).unwrap();
    let view_b = row_major(&b.values, b.rows, cols, b.stride).unwrap();
    let params = MatchParams { similarity, par: Par::Seq };
    let out = MatchOut {
        row_to_col: Some(&mut answer.row_to_col),
        row_duals: Some(&mut answer.row_duals),
        col_duals: Some(&mut answer.col_duals),
        best_of_rows: Some(&mut answer.best_of_rows),
        best_of_cols: Some(&mut answer.best_of_cols),
    };
    answer.total = match_dictionaries(view_a, view_b, &params, out, stack).unwrap();
    let (p, u, v) = (&answer.row_to_col, &answer.row_duals, &answer.col_duals);
    let certificate = verify_matching(view_a, view_b, &params, p, u, v, stack).unwrap();
    (answer, certificate)
}

/// Compares the functions of one precision with those of Rust, and makes every kind of bad call.
macro_rules! precision {
    ($real:ident, $agree:ident, $refuse:ident, $match:ident, $query:ident, $verify:ident) => {
        #[test]
        fn $agree() {
            const COLS: usize = 11;
            for (n, m) in [(1, 1), (37, 101), (101, 37), (150, 150)] {
                let a = Vectors::<$real>::new(1, n, COLS, COLS + 2);
                let b = Vectors::<$real>::new(2, m, COLS, COLS);
                let (mut bytes, mut align) = (0, 0);
                // SAFETY: both pointers are writable.
                assert_eq!(unsafe { $query(n, m, COLS, &raw mut bytes, &raw mut align) }, 0);
                let request = match_dictionaries_scratch::<$real>(n, m, COLS);
                assert_eq!((bytes, align), (request.size_bytes(), request.align_bytes()));
                let mut memory = workspace(request);
                let w: *mut c_void = memory.as_mut_ptr().cast();
                let (at, bt) = (a.values.as_ptr(), b.values.as_ptr());
                for (number, similarity) in [
                    (SAEK_SIMILARITY_ABSOLUTE_COSINE, Similarity::AbsoluteCosine),
                    (SAEK_SIMILARITY_COSINE, Similarity::Cosine),
                ] {
                    let (want, proof) = expected(&a, &b, COLS, similarity);
                    for &threads in thread_counts() {
                        let params = params(number, threads);
                        // The default is the magnitude, on one thread.
                        let p = if (number, threads) == (0, 0) { null() } else { &raw const params };
                        let mut got = Answer::blank(n, m);
                        let (mut certificate, mut total) = (BLANK, 7.5);
                        let (row_to_col, u) = (got.row_to_col.as_mut_ptr(), got.row_duals.as_mut_ptr());
                        let v = got.col_duals.as_mut_ptr();
                        let best = (got.best_of_rows.as_mut_ptr(), got.best_of_cols.as_mut_ptr());
                        let sum = &raw mut got.total;
                        let (c, t, no, none) = (&raw mut certificate, &raw mut total, null_mut(), null_mut());
                        // SAFETY: the buffers have the sizes given.
                        unsafe {
                            let found = $match(
                                at, n, a.stride, bt, m, b.stride, COLS, p, row_to_col, u, v, best.0, best.1,
                                sum, w, bytes,
                            );
                            assert_eq!(found, 0);
                            let found = $match(
                                at, n, a.stride, bt, m, b.stride, COLS, p, no, none, none, no, no, t, w,
                                bytes,
                            );
                            assert_eq!(found, 0);
                            let found = $verify(
                                at, n, a.stride, bt, m, b.stride, COLS, p, row_to_col, u, v, c, w, bytes,
                            );
                            assert_eq!(found, 0);
                        }
                        assert_eq!(got, want, "{n} by {m}, {similarity:?}, {threads} threads");
                        assert_eq!(total, want.total);
                        assert_eq!(numbers(&certificate), numbers(&proof.into()));
                    }
                }
            }
        }

        #[test]
        fn $refuse() {
            const COLS: usize = 3;
            let (n, m) = (2, 4);
            let mut a = Vectors::<$real>::new(1, n, COLS, COLS);
            let b = Vectors::<$real>::new(2, m, COLS, COLS);
            let request: StackReq = match_dictionaries_scratch::<$real>(n, m, COLS);
            let bytes = request.size_bytes();
            let mut memory = workspace(request);
            let w: *mut c_void = memory.as_mut_ptr().cast();
            let mut got = Answer::blank(n, m);
            let (matches, duals) = ([0_i64, 1], [1.0_f64; 4]);
            let mut certificate = BLANK;
            let mut run = |a: *const $real, rows, params: &saek_match_params, bytes| {
                let (p, row_to_col) = (&raw const *params, got.row_to_col.as_mut_ptr());
                let (u, v) = (got.row_duals.as_mut_ptr(), got.col_duals.as_mut_ptr());
                let best = (got.best_of_rows.as_mut_ptr(), got.best_of_cols.as_mut_ptr());
                let (b, sum, c) = (b.values.as_ptr(), &raw mut got.total, &raw mut certificate);
                let (claim, d) = (matches.as_ptr(), duals.as_ptr());
                // SAFETY: the buffers have the sizes given; sizes that lie are refused before any memory is read.
                let (matched, verified) = unsafe {
                    (
                        $match(
                            a, rows, COLS, b, m, COLS, COLS, p, row_to_col, u, v, best.0, best.1, sum, w,
                            bytes,
                        ),
                        $verify(a, rows, COLS, b, m, COLS, COLS, p, claim, d, d, c, w, bytes),
                    )
                };
                assert_eq!(matched, verified);
                assert_eq!(got, Answer::blank(n, m));
                assert_eq!(numbers(&certificate), numbers(&BLANK));
                matched
            };
            let (good, at) = (params(0, 0), a.values.as_ptr());
            assert_eq!(run(null(), n, &good, bytes), status(Reason::NullPointer, Argument::A));
            assert_eq!(run(at, 0, &good, bytes), status(Reason::Empty, Argument::A));
            assert_eq!(run(at, usize::MAX, &good, bytes), status(Reason::SizeOverflow, Argument::A));
            let too_small = status(Reason::WorkspaceTooSmall, Argument::Workspace);
            assert_eq!(run(at, n, &good, bytes - 1), too_small);
            let unknown = status(Reason::UnknownValue, Argument::Similarity);
            assert_eq!(run(at, n, &params(2, 0), bytes), unknown);
            let foreign = saek_match_params { struct_size: 8, ..good };
            assert_eq!(run(at, n, &foreign, bytes), status(Reason::StructSize, Argument::Params));
            if !cfg!(feature = "parallel") {
                let refused = status(Reason::OutOfRange, Argument::Threads);
                assert_eq!(run(at, n, &params(0, 2), bytes), refused);
            }
            a.values[4] = $real::NAN;
            let at = a.values.as_ptr();
            assert_eq!(run(at, n, &good, bytes), status(Reason::NotANumber, Argument::A));

            let (mut size, mut align) = (77, 77);
            let (size, align) = (&raw mut size, &raw mut align);
            let too_large = status(Reason::SizeOverflow, Argument::Workspace);
            // SAFETY: the pointers are writable.
            unsafe {
                for (n, m, cols) in [(usize::MAX, 2, 2), (2, usize::MAX, 2), (2, 2, usize::MAX / 64)] {
                    assert_eq!($query(n, m, cols, size, align), too_large);
                }
                // The smaller dictionary's lists alone.
                assert_eq!($query(usize::MAX / 4096, usize::MAX / 4096, 1, size, align), too_large);
                assert_eq!((*size, *align), (77, 77));
            }
        }
    };
}

precision!(
    f32,
    matching_is_that_of_rust_in_single_precision,
    bad_matchings_are_refused_in_single_precision,
    saek_match_dictionaries_f32,
    saek_match_dictionaries_f32_workspace,
    saek_verify_matching_f32
);
precision!(
    f64,
    matching_is_that_of_rust_in_double_precision,
    bad_matchings_are_refused_in_double_precision,
    saek_match_dictionaries_f64,
    saek_match_dictionaries_f64_workspace,
    saek_verify_matching_f64
);
