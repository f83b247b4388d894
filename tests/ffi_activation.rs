//! The C functions for correlations and hierarchies: that they reach their kernels, and what they refuse.

#![allow(unsafe_code)]

use core::ffi::c_void;
use core::ptr::{null, null_mut};
use sae_kernels::ffi::*;
use sae_kernels::{Argument, Error, Reason};

fn status(reason: Reason, argument: Argument) -> saek_status {
    Error::new(reason, argument).status()
}

/// A workspace as C has it: 128 bytes of alignment suffice for every query here.
#[repr(align(128))]
#[derive(Clone, Copy)]
struct Line {
    _bytes: [u8; 128],
}

struct Workspace {
    lines: Vec<Line>,
    bytes: usize,
}

impl Workspace {
    fn new(query: impl FnOnce(*mut usize, *mut usize) -> saek_status) -> Self {
        let (mut bytes, mut align) = (0, 0);
        assert_eq!(query(&raw mut bytes, &raw mut align), 0);
        assert!(align.is_power_of_two() && align <= 128, "alignment {align}");
        Self { lines: vec![Line { _bytes: [0; 128] }; bytes / 128 + 1], bytes }
    }

    fn pointer(&mut self) -> *mut c_void {
        self.lines.as_mut_ptr().cast()
    }
}

const PAIRS: [saek_correlated_pair; 1] = [saek_correlated_pair { i: 0, j: 1, correlation: 0.5 }];

#[test]
fn correlation_matrix_reaches_its_kernel_and_refuses_bad_memory() {
    // SAFETY: the pointers are null or point to what the header says, in every call of this test.
    let mut w = Workspace::new(|b, a| unsafe { saek_correlation_matrix_f32_workspace(2, b, a) });
    let (memory, bytes) = (w.pointer(), w.bytes);
    let mut out = [7f32; 5];
    let mut report = 9;
    let mut call = |pairs: *const saek_correlated_pair, pair_count, stride, memory, bytes| {
        let (matrix, report_out) = (out.as_mut_ptr(), &raw mut report);
        // SAFETY: as above; two rows of a stride up to 3 end within the five elements.
        let result = unsafe {
            saek_correlation_matrix_f32(pairs, pair_count, 0.25, matrix, 2, stride, report_out, memory, bytes)
        };
        (result, out, report)
    };
    let refused = |reason, argument| (status(reason, argument), [7.0; 5], 9);
    let pairs = PAIRS.as_ptr();
    assert_eq!(call(null(), 1, 3, memory, bytes), refused(Reason::NullPointer, Argument::Pairs));
    assert_eq!(call(pairs, 1, 1, memory, bytes), refused(Reason::Stride, Argument::Out));
    assert_eq!(call(pairs, 1, usize::MAX, memory, bytes), refused(Reason::SizeOverflow, Argument::Out));
    assert_eq!(call(pairs, usize::MAX, 3, memory, bytes), refused(Reason::SizeOverflow, Argument::Pairs));
    assert_eq!(call(pairs, 1, 3, null_mut(), bytes), refused(Reason::NullPointer, Argument::Workspace));
    let short = refused(Reason::WorkspaceTooSmall, Argument::Workspace);
    assert_eq!(call(pairs, 1, 3, memory, bytes - 1), short);
    let skewed = memory.wrapping_byte_add(1);
    assert_eq!(call(pairs, 1, 3, skewed, bytes), refused(Reason::Misaligned, Argument::Workspace));
    assert_eq!(call(null(), 0, 3, memory, bytes), (0, [1.0, 0.25, 7.0, 0.25, 1.0], 0));
    assert_eq!(call(pairs, 1, 3, memory, bytes), (0, [1.0, 0.5, 7.0, 0.5, 1.0], 0));
    let result = {
        let mut alone = [7f32; 4];
        // SAFETY: as above.
        let result = unsafe {
            saek_correlation_matrix_f32(null(), 0, 0.25, alone.as_mut_ptr(), 2, 2, null_mut(), memory, bytes)
        };
        (result, alone)
    };
    assert_eq!(result, (0, [1.0, 0.25, 0.25, 1.0]), "without a report");

    let (mut b, mut a) = (5, 5);
    // SAFETY: both are writable.
    let result = unsafe { saek_correlation_matrix_f64_workspace(usize::MAX, &raw mut b, &raw mut a) };
    assert_eq!((result, b, a), (status(Reason::SizeOverflow, Argument::Workspace), 5, 5));
}

#[test]
fn random_correlations_check_their_struct_and_their_room() {
    // SAFETY: the pointers are null or point to what the header says, in every call of this test.
    unsafe {
        let mut p = core::mem::zeroed::<saek_random_correlations_params>();
        assert_eq!(saek_random_correlations_params_init(&raw mut p), 0);
        assert_eq!((p.positive_ratio, p.uncorrelated_ratio, p.seed), (0.5, 0.3, 0));
        let mut count = 99;
        assert_eq!(saek_random_correlations_len(5, null(), &raw mut count), 0);
        assert_eq!(count, 7);
        let mut pairs = [saek_correlated_pair { i: 77, j: 77, correlation: 7.0 }; 8];
        let first = pairs.as_mut_ptr();
        let mut written = 99;
        let capacity = status(Reason::Capacity, Argument::Capacity);
        assert_eq!(saek_random_correlations(5, &raw const p, first, 6, &raw mut written), capacity);
        let null_pairs = status(Reason::NullPointer, Argument::Pairs);
        assert_eq!(saek_random_correlations(5, &raw const p, null_mut(), 8, &raw mut written), null_pairs);
        let overlap = status(Reason::Overlap, Argument::Out);
        assert_eq!(saek_random_correlations(5, &raw const p, first, 8, first.cast()), overlap);
        p.struct_size -= 8;
        let size = status(Reason::StructSize, Argument::Params);
        assert_eq!(saek_random_correlations(5, &raw const p, first, 8, &raw mut written), size);
        assert_eq!((written, pairs.map(|pair| pair.i)), (99, [77; 8]), "a failed call wrote");
        p.struct_size += 8;
        assert_eq!(saek_random_correlations(5, &raw const p, first, 8, &raw mut written), 0);
        assert_eq!((written, pairs[7].i), (7, 77));
        assert!(pairs[..7].iter().all(|pair| pair.i < pair.j && pair.j < 5));
    }
}

#[test]
fn correlated_sampling_from_the_matrix_to_the_batch() {
    // SAFETY: the pointers are null or point to what the header says, in every call of this test.
    unsafe {
        let correlation = [1.0, 0.5, 0.5, 1.0];
        let (mut factor, mut thresholds) = ([7f64; 4], [7f64; 2]);
        let mut w = Workspace::new(|b, a| saek_correlation_factorise_f64_workspace(2, b, a));
        let w_bytes = w.bytes;
        let mut factorise = |factor: *mut f64, bytes| {
            saek_correlation_factorise_f64(correlation.as_ptr(), 2, 2, factor, 2, w.pointer(), bytes)
        };
        let overlap = status(Reason::Overlap, Argument::Factor);
        assert_eq!(factorise(correlation.as_ptr().cast_mut(), w_bytes), overlap);
        let short = status(Reason::WorkspaceTooSmall, Argument::Workspace);
        assert_eq!(factorise(factor.as_mut_ptr(), w_bytes - 1), short);
        assert_eq!(factor, [7.0; 4], "a failed call wrote");
        assert_eq!(factorise(factor.as_mut_ptr(), w_bytes), 0);
        assert_eq!(factor[..3], [1.0, 0.0, 0.5]);
        // A square root and a division, each to half a unit in the last place of its result.
        assert!((factor[3] - 0.75f64.sqrt()).abs() <= 2.0 * f64::EPSILON);
        assert_eq!(saek_correlation_thresholds_f64([0.5].as_ptr(), 1, thresholds.as_mut_ptr(), 2), 0);
        assert_eq!(thresholds, [0.0; 2]);

        let mut w = Workspace::new(|b, a| saek_sample_correlated_f64_workspace(2, b, a));
        let (memory, bytes) = (w.pointer(), w.bytes);
        let mut out = [7f64; 300];
        let sample = |out: &mut [f64; 300], mean: f64, first_row, stride, bytes| {
            let (mean, std_dev) = ([mean], [0.0]);
            saek_sample_correlated_f64(
                factor.as_ptr(),
                2,
                thresholds.as_ptr(),
                mean.as_ptr(),
                1,
                std_dev.as_ptr(),
                1,
                1,
                2,
                first_row,
                out.as_mut_ptr(),
                100,
                2,
                stride,
                memory,
                bytes,
            )
        };
        assert_eq!(sample(&mut out, f64::NAN, 0, 3, bytes), status(Reason::NotANumber, Argument::Means));
        assert_eq!(sample(&mut out, 1.5, 0, 1, bytes), status(Reason::Stride, Argument::Activations));
        assert_eq!(
            sample(&mut out, 1.5, u64::MAX, 3, bytes),
            status(Reason::SizeOverflow, Argument::FirstRow)
        );
        assert_eq!(sample(&mut out, 1.5, 0, 3, bytes - 1), short);
        assert_eq!(out, [7.0; 300], "a failed call wrote");
        assert_eq!(sample(&mut out, 1.5, 0, 3, bytes), 0);
        assert!(out.chunks(3).all(|row| row[2] == 7.0 && row[..2].iter().all(|x| [0.0, 1.5].contains(x))));
        assert!(out.contains(&0.0) && out.contains(&1.5));
    }
}

#[test]
fn hierarchies_from_edges_to_activations() {
    // SAFETY: the pointers are null or point to what the header says, in every call of this test.
    unsafe {
        let mut w = Workspace::new(|b, a| saek_hierarchy_parents_from_edges_workspace(3, b, a));
        let (memory, bytes) = (w.pointer(), w.bytes);
        let mut parents = [9u32; 3];
        let mut from_edges = |edge_parents: [u32; 2], nodes: [u32; 2], edges, bytes| {
            let out = parents.as_mut_ptr();
            let (p, n) = (edge_parents.as_ptr(), nodes.as_ptr());
            let result = saek_hierarchy_parents_from_edges(p, n, edges, out, 3, memory, bytes);
            (result, parents)
        };
        let second = status(Reason::SecondParent, Argument::Nodes);
        assert_eq!(from_edges([0, 1], [2, 2], 2, bytes), (second, [9; 3]));
        let short = status(Reason::WorkspaceTooSmall, Argument::Workspace);
        assert_eq!(from_edges([0, 0], [1, 2], 2, bytes - 1), (short, [9; 3]));
        assert_eq!(from_edges([0, 0], [1, 2], 0, bytes), (0, [SAEK_NONE; 3]));
        assert_eq!(from_edges([0, 0], [1, 2], 2, bytes), (0, [SAEK_NONE, 0, 0]));

        let (features, exclusive) = ([0u32, 1, 2], [1u8, 0, 0]);
        let (p, f, e) = (parents.as_ptr(), features.as_ptr(), exclusive.as_ptr());
        let mut w = Workspace::new(|b, a| saek_hierarchy_validate_workspace(3, b, a));
        let (memory, bytes) = (w.pointer(), w.bytes);
        assert_eq!(saek_hierarchy_validate(p, f, e, 3, 3, memory, bytes), 0);
        let index = status(Reason::IndexOutOfRange, Argument::Features);
        assert_eq!(saek_hierarchy_validate(p, f, e, 3, 2, memory, bytes), index);
        let null_features = status(Reason::NullPointer, Argument::Features);
        assert_eq!(saek_hierarchy_validate(p, null(), e, 3, 3, memory, bytes), null_features);

        let mut x = [1f32, 2.0, 3.0, 7.0, 0.0, 2.0, 3.0];
        let before = x;
        let mut w = Workspace::new(|b, a| saek_hierarchy_apply_f32_workspace(3, b, a));
        let (memory, bytes) = (w.pointer(), w.bytes);
        let mut apply = |nodes, first_row, cols, stride, bytes| {
            let out = x.as_mut_ptr();
            let result = saek_hierarchy_apply_f32(
                p, f, e, nodes, 1, 2, first_row, out, 2, cols, stride, memory, bytes,
            );
            (result, x)
        };
        assert_eq!(apply(3, 0, 3, 4, bytes - 1), (short, before));
        assert_eq!(apply(3, 0, 3, 2, bytes), (status(Reason::Stride, Argument::Activations), before));
        let last = status(Reason::SizeOverflow, Argument::FirstRow);
        assert_eq!(apply(3, u64::MAX, 3, 4, bytes), (last, before));
        let huge = apply(usize::MAX, 0, 3, 4, bytes).0;
        assert_eq!(huge, status(Reason::OutOfRange, Argument::Nodes));
        let (result, after) = apply(3, 0, 3, 4, bytes);
        assert_eq!((result, after[0], after[3]), (0, 1.0, 7.0));
        assert!(after[1..3] == [2.0, 0.0] || after[1..3] == [0.0, 3.0]);
        assert_eq!(after[4..], [0.0; 3]);
    }
}
