//! The C functions that orthogonalise in several calls and in parts give what the Rust functions give, to the bit, on
//! any number of threads.

#![allow(unsafe_code)]

mod support;

use sae_kernels::dictionary::orthogonalise_resume_scratch;
use sae_kernels::ffi::*;
use sae_kernels::matrix::row_major_mut;
use sae_kernels::progress::silent;
use sae_kernels::{Argument, Error, MemStack, Par, Reason};
use std::ffi::c_void;
use std::ptr::{null, null_mut};
use support::descent::{Descent, params, random};
use support::workspace;

/// Three groups of rows.
const N: usize = 1500;
const D: usize = 40;

/// Memory as a query asks for it, and its size.
fn memory(
    query: unsafe extern "C" fn(usize, usize, *mut usize, *mut usize) -> i32,
) -> (Vec<u8>, *mut c_void, usize) {
    let (mut bytes, mut align) = (0, 1);
    // SAFETY: both outputs are writable.
    assert_eq!(unsafe { query(N, D, &raw mut bytes, &raw mut align) }, 0);
    let mut memory = vec![0; bytes + align];
    let offset = memory.as_ptr().align_offset(align);
    let start = memory[offset..].as_mut_ptr().cast();
    (memory, start, bytes)
}

fn threads() -> impl Iterator<Item = u32> {
    let most = if cfg!(feature = "parallel") { 4 } else { 1 };
    0..=most
}

#[test]
fn resuming_is_the_same_from_c() {
    let mut want = Descent::new(random::<f32>(N, D), D);
    let mut scratch = workspace(orthogonalise_resume_scratch::<f32>(N, D));
    for steps in [2, 3] {
        sae_kernels::dictionary::orthogonalise_resume(
            row_major_mut(&mut want.rows, N, D, D).unwrap(),
            &mut want.moments,
            &mut want.state,
            &params(0.1, steps, 0.0),
            Par::Seq,
            &mut silent,
            MemStack::new(&mut scratch),
        )
        .unwrap();
    }
    let (_memory, start, bytes) = memory(saek_orthogonalise_resume_f32_workspace);
    for threads in threads() {
        let (mut rows, mut moments) = (random::<f32>(N, D), vec![0f32; 2 * N * D]);
        let mut state = saek_orthogonalise_state { struct_size: 0, converged: 7, step: 7, loss: 7.0 };
        let mut p = saek_orthogonalise_resume_params {
            struct_size: 0,
            threads: 7,
            target_cosine: 7.0,
            steps: 7,
            learning_rate: 7.0,
            relative_tolerance: 7.0,
        };
        // SAFETY: every pointer is to what the function says, of the sizes given.
        unsafe {
            assert_eq!(saek_orthogonalise_state_init(&raw mut state), 0);
            assert_eq!(saek_orthogonalise_resume_params_init(&raw mut p), 0);
            p.threads = threads;
            p.target_cosine = 0.1;
            for steps in [2, 3] {
                p.steps = steps;
                let (rows, moments) = (rows.as_mut_ptr(), moments.as_mut_ptr());
                let (state, p) = (&raw mut state, &raw const p);
                let status = saek_orthogonalise_resume_f32(
                    rows,
                    N,
                    D,
                    D,
                    moments,
                    state,
                    p,
                    None,
                    null_mut(),
                    start,
                    bytes,
                );
                assert_eq!(status, 0);
            }
        }
        assert!(rows == want.rows && moments == want.moments);
        assert_eq!((state.step, state.loss, state.converged), (5, want.state.loss, 0));
    }
}

#[test]
fn steps_in_parts_are_the_same_from_c() {
    let mut want = Descent::new(random::<f64>(N, D), D);
    let first = want.frame();
    let (share, second) = want.apply(&first, N, 0.0);
    let (_memory, start, bytes) = memory(saek_orthogonalise_apply_f64_workspace);
    for threads in threads() {
        let (mut rows, mut moments) = (random::<f64>(N, D), vec![0f64; 2 * N * D]);
        let (mut frame, mut sum, mut loss) = (vec![0f64; D * D], vec![0f64; D], 0.0);
        let (mut next, mut next_sum) = (frame.clone(), sum.clone());
        let mut p = saek_orthogonalise_apply_params {
            struct_size: 0,
            threads: 7,
            target_cosine: 7.0,
            learning_rate: 7.0,
        };
        // SAFETY: every pointer is to what the function says, of the sizes given; a partial frame operator takes less
        // workspace than a step.
        unsafe {
            assert_eq!(saek_orthogonalise_apply_params_init(&raw mut p), 0);
            p.threads = threads;
            let out = (frame.as_mut_ptr(), sum.as_mut_ptr());
            let status =
                saek_frame_operator_partial_f64(rows.as_ptr(), N, D, D, threads, out.0, out.1, start, bytes);
            assert_eq!(status, 0);
            let status = saek_orthogonalise_apply_f64(
                rows.as_mut_ptr(),
                N,
                D,
                D,
                moments.as_mut_ptr(),
                0,
                frame.as_ptr(),
                sum.as_ptr(),
                N as u64,
                next.as_mut_ptr(),
                next_sum.as_mut_ptr(),
                &raw const p,
                &raw mut loss,
                start,
                bytes,
            );
            assert_eq!(status, 0);
        }
        assert!(frame == first.frame && sum == first.row_sum);
        assert!(next == second.frame && next_sum == second.row_sum);
        assert!(rows == want.rows && moments == want.moments);
        assert_eq!(loss, share);
    }
}

#[test]
fn more_threads_than_there_are_in_the_library_are_refused() {
    let (mut rows, mut frame, mut sum) = (random::<f32>(N, D), vec![0f32; D * D], vec![0f64; D]);
    let (_memory, start, bytes) = memory(saek_frame_operator_partial_f32_workspace);
    let want = if cfg!(feature = "parallel") {
        0
    } else {
        Error::new(Reason::OutOfRange, Argument::Threads).status()
    };
    // SAFETY: every pointer is to what the function says, of the sizes given.
    let status = unsafe {
        let out = (frame.as_mut_ptr(), sum.as_mut_ptr());
        saek_frame_operator_partial_f32(rows.as_ptr(), N, D, D, 2, out.0, out.1, start, bytes)
    };
    assert_eq!(status, want);
    // Null parameters are the defaults.
    let (mut moments, next) = (vec![0f32; 2 * N * D], null_mut());
    let (_memory, start, bytes) = memory(saek_orthogonalise_apply_f32_workspace);
    // SAFETY: as above.
    let status = unsafe {
        let (rows, moments) = (rows.as_mut_ptr(), moments.as_mut_ptr());
        let (frame, sum) = (frame.as_ptr(), sum.as_ptr());
        let none = null_mut();
        saek_orthogonalise_apply_f32(
            rows,
            N,
            D,
            D,
            moments,
            0,
            frame,
            sum,
            N as u64,
            next,
            none,
            null(),
            none,
            start,
            bytes,
        )
    };
    assert_eq!(status, 0);
}
