//! The C functions for assignment and matching, called as a C program would: results, and every kind of bad call.

#![allow(clippy::large_stack_arrays, reason = "a workspace of 128 KB does no harm to a test")]
#![allow(unsafe_code)]

use sae_kernels::ffi::*;
use sae_kernels::{Argument, Error, Reason};
use std::ffi::c_void;
use std::ptr::{null, null_mut};

/// Room for every workspace of these tests, aligned as all of them ask.
#[repr(align(64))]
struct Workspace([u8; BYTES]);

const BYTES: usize = 1 << 17;

fn status(reason: Reason, argument: Argument) -> i32 {
    Error::new(reason, argument).status()
}

/// The arguments of one assignment call, good until a test changes one.
struct Call {
    costs: Vec<f64>,
    rows: usize,
    cols: usize,
    stride: usize,
    params: *const saek_assignment_params,
    row_to_col: Vec<i64>,
    objective: f64,
    workspace: Box<Workspace>,
    workspace_offset: usize,
    workspace_bytes: usize,
}

impl Call {
    fn new() -> Self {
        let (mut bytes, mut align) = (0, 0);
        // SAFETY: both pointers are writable.
        assert_eq!(unsafe { saek_assignment_f64_workspace(2, 3, &raw mut bytes, &raw mut align) }, 0);
        assert!(bytes > 0 && bytes <= BYTES && align == 64);
        Self {
            costs: vec![4.0, 1.0, 3.0, 77.0, 2.0, 0.0, 5.0],
            rows: 2,
            cols: 3,
            stride: 4,
            params: null(),
            row_to_col: vec![77, 77],
            objective: 77.0,
            workspace: Box::new(Workspace([0; BYTES])),
            workspace_offset: 0,
            workspace_bytes: bytes,
        }
    }

    fn workspace(&mut self) -> *mut c_void {
        self.workspace.0[self.workspace_offset..].as_mut_ptr().cast()
    }

    fn run(&mut self) -> i32 {
        let workspace = self.workspace();
        // SAFETY: the buffers have the sizes given; sizes that lie are refused before any memory is read.
        unsafe {
            saek_assignment_f64(
                self.costs.as_ptr(),
                self.rows,
                self.cols,
                self.stride,
                self.params,
                self.row_to_col.as_mut_ptr(),
                null_mut(),
                null_mut(),
                null_mut(),
                &raw mut self.objective,
                workspace,
                self.workspace_bytes,
            )
        }
    }

    /// Runs a call that must fail with this status and write nothing.
    fn fails(mut self, reason: Reason, argument: Argument) {
        assert_eq!(self.run(), status(reason, argument));
        assert_eq!((self.row_to_col, self.objective), (vec![77, 77], 77.0));
    }
}

#[test]
fn assignment_solves_with_defaults_and_with_params() {
    let mut least = Call::new();
    assert_eq!(least.run(), 0);
    assert_eq!((least.row_to_col, least.objective), (vec![1, 0], 3.0));

    let mut params = saek_assignment_params { struct_size: 0, sense: 9, initial_col_duals: null() };
    // SAFETY: the pointer is writable.
    assert_eq!(unsafe { saek_assignment_params_init(&raw mut params) }, 0);
    assert_eq!(params.struct_size as usize, size_of::<saek_assignment_params>());
    assert_eq!(params.sense, SAEK_SENSE_MINIMISE);
    params.sense = SAEK_SENSE_MAXIMISE;
    let mut greatest = Call { params: &raw const params, ..Call::new() };
    assert_eq!(greatest.run(), 0);
    assert_eq!((greatest.row_to_col, greatest.objective), (vec![0, 2], 9.0));
}

#[test]
fn assignment_writes_every_output_in_single_precision() {
    let costs = [4f32, 1.0, 3.0, 2.0, 0.0, 5.0];
    let (mut row_to_col, mut col_to_row) = ([77; 3], [77; 2]);
    let (mut row_duals, mut col_duals, mut objective) = ([7.5; 3], [7.5; 2], 77.0);
    let mut workspace = Workspace([0; BYTES]);
    // SAFETY: the buffers have the sizes given.
    let got = unsafe {
        saek_assignment_f32(
            costs.as_ptr(),
            3,
            2,
            2,
            null(),
            row_to_col.as_mut_ptr(),
            col_to_row.as_mut_ptr(),
            row_duals.as_mut_ptr(),
            col_duals.as_mut_ptr(),
            &raw mut objective,
            workspace.0.as_mut_ptr().cast(),
            BYTES,
        )
    };
    // Row 2 takes its 0, and column 1 the better of 1 and 2.
    assert_eq!((got, row_to_col, col_to_row, objective), (0, [1, -1, 0], [2, 0], 1.0));
    assert_eq!(row_duals.iter().chain(&col_duals).sum::<f64>(), 1.0);
    assert_eq!(row_duals[1], 0.0);
}

#[test]
fn assignment_refuses_bad_calls_and_writes_nothing() {
    Call { rows: 0, ..Call::new() }.fails(Reason::Empty, Argument::Costs);
    Call { cols: 0, ..Call::new() }.fails(Reason::Empty, Argument::Costs);
    Call { stride: 2, ..Call::new() }.fails(Reason::Stride, Argument::Costs);
    Call { stride: usize::MAX, ..Call::new() }.fails(Reason::SizeOverflow, Argument::Costs);
    Call { rows: usize::MAX, ..Call::new() }.fails(Reason::SizeOverflow, Argument::Costs);
    let bytes = Call::new().workspace_bytes;
    let short = Call { workspace_bytes: bytes - 1, ..Call::new() };
    short.fails(Reason::WorkspaceTooSmall, Argument::Workspace);
    let crooked = Call { workspace_offset: 8, ..Call::new() };
    crooked.fails(Reason::Misaligned, Argument::Workspace);
    let nan = Call { costs: vec![4.0, 1.0, f64::NAN, 77.0, 2.0, 0.0, 5.0], ..Call::new() };
    nan.fails(Reason::NotANumber, Argument::Costs);
    let forbidden = Call { costs: vec![f64::INFINITY; 7], ..Call::new() };
    forbidden.fails(Reason::Infeasible, Argument::Costs);

    let size = size_of::<saek_assignment_params>() as u32;
    let unknown = saek_assignment_params { struct_size: size, sense: 2, initial_col_duals: null() };
    Call { params: &raw const unknown, ..Call::new() }.fails(Reason::UnknownValue, Argument::Sense);
    let foreign = saek_assignment_params { struct_size: size + 4, sense: 0, initial_col_duals: null() };
    Call { params: &raw const foreign, ..Call::new() }.fails(Reason::StructSize, Argument::Params);
}

#[test]
fn assignment_refuses_bad_pointers() {
    let run = |change: &dyn Fn(&mut [*mut c_void; 7])| {
        let costs = [1.0f64, 2.0, 3.0, 4.0];
        let (mut row_to_col, mut col_to_row) = ([77i64; 3], [77i64; 2]);
        let (mut row_duals, mut col_duals, mut objective) = ([7.5f64; 2], [7.5f64; 2], 77.0f64);
        let mut workspace = Workspace([0; BYTES]);
        let mut p: [*mut c_void; 7] = [
            costs.as_ptr().cast_mut().cast(),
            row_to_col.as_mut_ptr().cast(),
            col_to_row.as_mut_ptr().cast(),
            row_duals.as_mut_ptr().cast(),
            col_duals.as_mut_ptr().cast(),
            (&raw mut objective).cast(),
            workspace.0.as_mut_ptr().cast(),
        ];
        change(&mut p);
        // SAFETY: the pointers are null, or among these buffers, which have the sizes given.
        let got = unsafe {
            saek_assignment_f64(
                p[0].cast(),
                2,
                2,
                2,
                null(),
                p[1].cast(),
                p[2].cast(),
                p[3].cast(),
                p[4].cast(),
                p[5].cast(),
                p[6],
                BYTES,
            )
        };
        if got != 0 {
            assert_eq!((row_to_col, col_to_row, objective), ([77; 3], [77; 2], 77.0));
            assert_eq!((row_duals, col_duals), ([7.5; 2], [7.5; 2]));
        }
        got
    };
    assert_eq!(run(&|_| ()), 0);
    assert_eq!(run(&|p| p[2..5].fill(null_mut())), 0);
    let required =
        [(0, Argument::Costs), (1, Argument::RowToCol), (5, Argument::Objective), (6, Argument::Workspace)];
    for (index, argument) in required {
        assert_eq!(run(&|p| p[index] = null_mut()), status(Reason::NullPointer, argument));
    }
    assert_eq!(run(&|p| p[1] = p[1].wrapping_byte_add(4)), status(Reason::Misaligned, Argument::RowToCol));
    assert_eq!(run(&|p| p[3] = p[0]), status(Reason::Overlap, Argument::RowDuals));
    assert_eq!(run(&|p| p[2] = p[1].wrapping_byte_add(8)), status(Reason::Overlap, Argument::ColToRow));
    assert_eq!(run(&|p| p[5] = p[6]), status(Reason::Overlap, Argument::Workspace));
}

#[test]
fn an_assignment_is_verified_from_c() {
    let costs = [4f32, 1.0, 5.0, 2.0, 0.0, f32::INFINITY];
    let (row_to_col, u, v) = ([1i64, 0], [4f64, 2.0], [0f64, -3.0, 0.0]);
    let mut certificate = saek_certificate {
        struct_size: 0,
        reserved: 7,
        objective: 7.5,
        dual_objective: 7.5,
        gap: 7.5,
        infeasibility: 7.5,
        slackness: 7.5,
    };
    let numbers = |c: &saek_certificate| [c.objective, c.dual_objective, c.gap, c.infeasibility, c.slackness];
    let (mut bytes, mut align) = (0, 0);
    let mut workspace = Workspace([0; BYTES]);
    let (c, out, w) = (costs.as_ptr(), &raw mut certificate, workspace.0.as_mut_ptr().cast());
    // SAFETY: the pointers are writable and the buffers have the sizes given.
    unsafe {
        assert_eq!(saek_verify_assignment_f32_workspace(3, &raw mut bytes, &raw mut align), 0);
        let verify = |u: *const f64, sense| {
            saek_verify_assignment_f32(c, 2, 3, 3, sense, row_to_col.as_ptr(), u, v.as_ptr(), out, w, bytes)
        };
        let foreign = status(Reason::StructSize, Argument::Certificate);
        assert_eq!(verify(u.as_ptr(), SAEK_SENSE_MINIMISE), foreign);
        assert_eq!(((*out).reserved, numbers(&*out)), (7, [7.5; 5]));
        assert_eq!(saek_certificate_init(out), 0);
        assert_eq!(((*out).reserved, numbers(&*out)), (0, [0.0; 5]));
        assert_eq!((*out).struct_size as usize, size_of::<saek_certificate>());
        assert_eq!(verify(u.as_ptr(), SAEK_SENSE_MINIMISE), 0);
        assert_eq!(numbers(&*out), [3.0, 3.0, 0.0, 0.0, 0.0]);
        let larger = [4.5, 2.0];
        assert_eq!(verify(larger.as_ptr(), SAEK_SENSE_MINIMISE), 0);
        assert_eq!(numbers(&*out), [3.0, 3.5, -0.5, 0.5, 0.5]);
        // +infinity does not forbid when maximising.
        assert_eq!(verify(u.as_ptr(), SAEK_SENSE_MAXIMISE), status(Reason::Infinite, Argument::Costs));
        assert_eq!(verify(u.as_ptr(), 2), status(Reason::UnknownValue, Argument::Sense));
        assert_eq!(verify(v.as_ptr(), SAEK_SENSE_MINIMISE), 0);
        assert_eq!(numbers(&*out), [3.0, -6.0, 9.0, 0.0, 5.0]);
        let double = costs.map(f64::from);
        let (r, u, v) = (row_to_col.as_ptr(), u.as_ptr(), v.as_ptr());
        let got = saek_verify_assignment_f64(double.as_ptr(), 2, 3, 3, 0, r, u, v, out, w, bytes);
        assert_eq!((got, numbers(&*out)), (0, [3.0, 3.0, 0.0, 0.0, 0.0]));
        let got = saek_verify_assignment_f64(double.as_ptr(), 2, 3, 3, 0, r, u, v, out, w, bytes - 1);
        assert_eq!(got, status(Reason::WorkspaceTooSmall, Argument::Workspace));
    }
}

#[test]
fn workspace_queries_answer_or_refuse() {
    let (mut bytes, mut align) = (77, 77);
    let (b, a) = (&raw mut bytes, &raw mut align);
    let too_large = status(Reason::SizeOverflow, Argument::Workspace);
    let huge = usize::MAX / 4;
    // SAFETY: the pointers are null or writable.
    unsafe {
        assert_eq!(saek_assignment_f32_workspace(huge, 2, b, a), too_large);
        assert_eq!(saek_assignment_f64_workspace(2, usize::MAX, b, a), too_large);
        assert_eq!(saek_verify_assignment_f32_workspace(usize::MAX, b, a), too_large);
        assert_eq!(saek_verify_assignment_f64_workspace(usize::MAX, b, a), too_large);
        assert_eq!(saek_mcc_f32_workspace(huge, huge, 2, b, a), too_large);
        assert_eq!(saek_mcc_f64_workspace(2, 2, usize::MAX, b, a), too_large);
        assert_eq!(saek_best_ordering_f32_workspace(2, usize::MAX, 1, b, a), too_large);
        assert_eq!(saek_best_ordering_f64_workspace(usize::MAX, 2, 1, b, a), too_large);
        assert_eq!(saek_cosine_similarities_f32_workspace(huge, 2, huge, b, a), too_large);
        assert_eq!(saek_cosine_similarities_f64_workspace(2, huge, huge, b, a), too_large);
        assert_eq!((*b, *a), (77, 77));
        let null_bytes = saek_mcc_f64_workspace(2, 2, 2, null_mut(), a);
        assert_eq!(null_bytes, status(Reason::NullPointer, Argument::Bytes));
        assert_eq!(saek_cosine_similarities_f64_workspace(2, 3, 4, b, a), 0);
        // 2 x 4 and 3 x 4 doubles, each in whole cache lines.
        assert_eq!((*b, *a), (64 + 128, 64));
    }
}

#[test]
fn matching_functions_agree_on_a_small_example() {
    // Latent 0 is feature 1 turned around, latent 1 is twice feature 0; a third entry pads the rows of features.
    let latents = [0f32, -1.0, 2.0, 0.0];
    let features = [1f32, 0.0, 77.0, 0.0, 1.0];
    let (mut mcc, mut row_to_col, mut ordering, mut cosines) = (77.0, [77; 2], [77; 2], [77f32; 5]);
    let mut workspace = Workspace([0; BYTES]);
    let w: *mut c_void = workspace.0.as_mut_ptr().cast();
    let (a, b, m) = (latents.as_ptr(), features.as_ptr(), &raw mut mcc);
    // SAFETY: the buffers have the sizes given.
    unsafe {
        assert_eq!(saek_mcc_f32(a, 2, 2, b, 2, 3, 2, m, row_to_col.as_mut_ptr(), w, BYTES), 0);
        assert_eq!(saek_best_ordering_f32(a, 2, 2, b, 2, 3, 2, ordering.as_mut_ptr(), w, BYTES), 0);
        assert_eq!(saek_cosine_similarities_f32(a, 2, 2, b, 2, 3, 2, cosines.as_mut_ptr(), 3, w, BYTES), 0);
    }
    assert_eq!((mcc, row_to_col, ordering), (1.0, [1, 0], [1, 0]));
    assert_eq!(cosines, [0.0, -1.0, 77.0, 1.0, 0.0]);
    // A dictionary with itself, without the matching.
    // SAFETY: as above.
    assert_eq!(unsafe { saek_mcc_f32(a, 2, 2, a, 2, 2, 2, &raw mut mcc, null_mut(), w, BYTES) }, 0);
    assert_eq!(mcc, 1.0);
}

#[test]
fn matching_functions_refuse_bad_calls_and_write_nothing() {
    let (vectors, bad) = ([1f64, 0.0, 0.0, 1.0], [1f64, f64::INFINITY, 0.0, 1.0]);
    let (mut mcc, mut indices, mut cosines) = (77.0, [77i64; 2], [77f64; 4]);
    let mut workspace = Workspace([0; BYTES]);
    let w: *mut c_void = workspace.0.as_mut_ptr().cast();
    let (v, bad) = (vectors.as_ptr(), bad.as_ptr());
    let (m, i, c) = (&raw mut mcc, indices.as_mut_ptr(), cosines.as_mut_ptr());
    // SAFETY: the buffers have the sizes given; sizes that lie are refused before any memory is read.
    unsafe {
        let got = saek_mcc_f64(v, 2, 2, null(), 2, 2, 2, m, i, w, BYTES);
        assert_eq!(got, status(Reason::NullPointer, Argument::B));
        let got = saek_mcc_f64(v, 2, 2, v, 2, 2, 2, null_mut(), i, w, BYTES);
        assert_eq!(got, status(Reason::NullPointer, Argument::Mcc));
        let got = saek_mcc_f64(v, 2, 1, v, 2, 2, 2, m, i, w, BYTES);
        assert_eq!(got, status(Reason::Stride, Argument::A));
        let got = saek_mcc_f64(v, 2, 2, bad, 2, 2, 2, m, i, w, BYTES);
        assert_eq!(got, status(Reason::Infinite, Argument::B));
        let got = saek_mcc_f64(v, 2, 2, v, 2, 2, 2, m, i, w, 64);
        assert_eq!(got, status(Reason::WorkspaceTooSmall, Argument::Workspace));
        let got = saek_mcc_f64(v, 2, 2, v, 2, 2, 2, m, m.cast(), w, BYTES);
        assert_eq!(got, status(Reason::Overlap, Argument::Mcc));

        let got = saek_best_ordering_f64(bad, 2, 2, v, 2, 2, 2, i, w, BYTES);
        assert_eq!(got, status(Reason::Infinite, Argument::Latents));
        let got = saek_best_ordering_f64(v, 2, 2, v, 0, 2, 2, i, w, BYTES);
        assert_eq!(got, status(Reason::Empty, Argument::Features));
        let got = saek_best_ordering_f64(v, 2, 2, v, 2, 2, 2, null_mut(), w, BYTES);
        assert_eq!(got, status(Reason::NullPointer, Argument::Ordering));

        let got = saek_cosine_similarities_f64(v, 2, 2, v, 2, 2, 2, c, 1, w, BYTES);
        assert_eq!(got, status(Reason::Stride, Argument::Similarities));
        let got = saek_cosine_similarities_f64(v, 2, 2, v, 2, 2, 2, v.cast_mut(), 2, w, BYTES);
        assert_eq!(got, status(Reason::Overlap, Argument::Similarities));
        let got = saek_cosine_similarities_f64(v, 2, 2, v, usize::MAX, 2, 2, c, 2, w, BYTES);
        assert_eq!(got, status(Reason::SizeOverflow, Argument::B));
    }
    assert_eq!((mcc, indices, cosines), (77.0, [77; 2], [77.0; 4]));
}
