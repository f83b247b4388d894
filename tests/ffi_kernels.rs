//! The C functions for sampling, projection, evaluation and the autoencoder: each against its Rust twin, and
//! each refusal with its exact status and nothing written.

#![allow(unsafe_code)]

use core::ffi::c_void;
use core::ptr::{null, null_mut};
use sae_kernels::activation::{self, CsrMut, CsrRef, Firing};
use sae_kernels::evaluation::{self, EvaluationBatch};
use sae_kernels::ffi::{
    saek_evaluation_begin, saek_evaluation_counts_len, saek_evaluation_finish, saek_evaluation_merge,
    saek_evaluation_sums_len, saek_metrics, saek_metrics_init, saek_sae_moments_len, saek_status,
    saek_train_params, saek_train_params_init, saek_train_report, saek_train_report_init,
};
use sae_kernels::matrix::{row_major, row_major_mut};
use sae_kernels::projection;
use sae_kernels::rng::Stream;
use sae_kernels::sae;
use sae_kernels::{Argument as A, Error, MemStack, Par, Reason as R};

/// One precision's functions under names without it.
macro_rules! precision {
    ($module:ident, $t:ident, $($function:ident as $name:ident),* $(,)?) => {
        mod $module {
            pub type T = $t;
            pub use sae_kernels::ffi::{$($function as $name),*};
        }
    };
}

precision!(
    single,
    f32,
    saek_firing_f32 as FiringStruct,
    saek_firing_f32_init as firing_init,
    saek_sample_independent_f32 as sample_independent,
    saek_sample_independent_csr_f32 as sample_independent_csr,
    saek_csr_from_dense_f32 as csr_from_dense,
    saek_project_dense_f32 as project_dense,
    saek_project_csr_f32 as project_csr,
    saek_evaluation_add_f32 as evaluation_add,
    saek_sae_f32 as SaeStruct,
    saek_sae_f32_init as sae_init,
    saek_sae_encode_f32_workspace as encode_workspace,
    saek_sae_encode_f32 as encode,
    saek_sae_decode_f32 as decode,
    saek_sae_initialise_to_match_f32 as initialise_to_match,
    saek_sae_train_step_f32_workspace as train_step_workspace,
    saek_sae_train_step_f32 as train_step,
);
precision!(
    double,
    f64,
    saek_firing_f64 as FiringStruct,
    saek_firing_f64_init as firing_init,
    saek_sample_independent_f64 as sample_independent,
    saek_sample_independent_csr_f64 as sample_independent_csr,
    saek_csr_from_dense_f64 as csr_from_dense,
    saek_project_dense_f64 as project_dense,
    saek_project_csr_f64 as project_csr,
    saek_evaluation_add_f64 as evaluation_add,
    saek_sae_f64 as SaeStruct,
    saek_sae_f64_init as sae_init,
    saek_sae_encode_f64_workspace as encode_workspace,
    saek_sae_encode_f64 as encode,
    saek_sae_decode_f64 as decode,
    saek_sae_initialise_to_match_f64 as initialise_to_match,
    saek_sae_train_step_f64_workspace as train_step_workspace,
    saek_sae_train_step_f64 as train_step,
);

/// A test for each precision.
macro_rules! both {
    ($name:ident $body:block) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;
            #[test]
            fn f32() {
                #[allow(unused_imports)]
                use super::single::*;
                $body
            }
            #[test]
            fn f64() {
                #[allow(unused_imports)]
                use super::double::*;
                $body
            }
        }
    };
}

const OK: saek_status = 0;
const HUGE: usize = usize::MAX / 2;

/// The status of a refusal.
fn refusal(reason: R, argument: A) -> saek_status {
    Error::new(reason, argument).status()
}

/// The same pointer, one byte on.
fn shifted<P>(pointer: *const P) -> *const P {
    pointer.cast::<u8>().wrapping_add(1).cast()
}

/// The same pointer, one byte on.
fn shifted_mut<P>(pointer: *mut P) -> *mut P {
    pointer.cast::<u8>().wrapping_add(1).cast()
}

/// Memory at a multiple of 64 bytes.
struct Workspace(Vec<[u64; 8]>);

impl Workspace {
    fn new(bytes: usize, align: usize) -> Self {
        assert_eq!(align, 64);
        Self(vec![[0; 8]; bytes / 64 + 2])
    }

    fn pointer(&mut self) -> *mut c_void {
        let start = self.0.as_mut_ptr().cast::<u8>();
        start.wrapping_add(start.align_offset(64)).cast()
    }
}

/// Numbers of either sign, none of them large.
fn numbers<T: sae_kernels::Scalar>(count: usize, shift: f64) -> Vec<T> {
    (0..count).map(|i| T::from_f64(((i as f64 + shift) * 0.7).sin())).collect()
}

both!(samples_are_those_of_rust {
    let p: Vec<T> = vec![0.5, 1.0, 0.0];
    let deviations: Vec<T> = vec![0.5];
    let mut firing = FiringStruct {
        struct_size: 0, reserved: 9, probabilities: null(), probabilities_len: 9,
        means: null(), means_len: 9, std_devs: null(), std_devs_len: 9,
    };
    // SAFETY: a writable struct.
    assert_eq!(unsafe { firing_init(&raw mut firing) }, OK);
    (firing.probabilities, firing.probabilities_len) = (p.as_ptr(), 3);
    (firing.std_devs, firing.std_devs_len) = (deviations.as_ptr(), 1);
    let rust = Firing { probabilities: &p, means: &[1.0], std_devs: &deviations };
    let (mut want, mut got) = ([7.0 as T; 20], [7.0 as T; 20]);
    let view = row_major_mut(&mut want, 5, 3, 4).unwrap();
    activation::sample_independent(&rust, Stream::new(3, 8), 11, view).unwrap();
    // SAFETY: five rows of three in steps of four fit into the array.
    assert_eq!(unsafe { sample_independent(&raw const firing, 3, 8, 11, got.as_mut_ptr(), 5, 3, 4) }, OK);
    assert_eq!(got, want);
    assert!(got.chunks(4).all(|row| row[2] == 0.0 && row[3] == 7.0));

    let (mut offsets, mut columns, mut values) = ([-1; 6], [9; 15], [9.0 as T; 15]);
    let (mut o, mut c, mut v) = ([-1; 6], [9; 15], [9.0 as T; 15]);
    let out = CsrMut { row_offsets: &mut offsets, columns: &mut columns, values: &mut values };
    let nnz = activation::sample_independent_csr(&rust, 3, Stream::new(3, 8), 11, 5, out).unwrap();
    let mut sample = |columns: *mut u32, values: *mut T, capacity| {
        let offsets = o.as_mut_ptr();
        // SAFETY: six offsets; columns and values have the capacity.
        unsafe {
            sample_independent_csr(&raw const firing, 3, 3, 8, 11, 5, offsets, columns, values, capacity)
        }
    };
    // No room at all: only the number.
    assert_eq!(sample(null_mut(), null_mut(), 0), refusal(R::Capacity, A::Capacity));
    assert_eq!(sample(c.as_mut_ptr(), v.as_mut_ptr(), nnz - 1), refusal(R::Capacity, A::Capacity));
    assert_eq!(c[nnz - 1], 9);
    assert_eq!(sample(c.as_mut_ptr(), v.as_mut_ptr(), nnz), OK);
    assert_eq!((o, c, v), (offsets, columns, values));
    assert_eq!(o[5], nnz as i64);

    let (mut o, mut c, mut v) = ([-1; 6], [9; 15], [9.0 as T; 15]);
    let mut convert = |columns: *mut u32, values: *mut T, capacity| {
        // SAFETY: as above.
        unsafe { csr_from_dense(got.as_ptr(), 5, 3, 4, o.as_mut_ptr(), columns, values, capacity) }
    };
    assert_eq!(convert(null_mut(), null_mut(), 0), refusal(R::Capacity, A::Capacity));
    assert_eq!(convert(c.as_mut_ptr(), v.as_mut_ptr(), 15), OK);
    assert_eq!((o, c, v), (offsets, columns, values));
});

both!(bad_samples_are_refused {
    let p: [T; 3] = [0.5, 1.0, 0.0];
    let bad = [T::NAN, -1.0];
    let (nan, negative) = (bad.as_ptr(), bad[1..].as_ptr());
    let good = FiringStruct {
        struct_size: size_of::<FiringStruct>() as u32, reserved: 0,
        probabilities: p.as_ptr(), probabilities_len: 3,
        means: null(), means_len: 0, std_devs: null(), std_devs_len: 0,
    };
    let mut out = [7.0 as T; 8];
    let (mut offsets, mut columns, mut values) = ([-7_i64; 3], [7_u32; 6], [7.0 as T; 6]);
    let x = out.as_mut_ptr();
    let (o, c, v) = (offsets.as_mut_ptr(), columns.as_mut_ptr(), values.as_mut_ptr());
    // SAFETY: null is allowed.
    assert_eq!(unsafe { firing_init(null_mut()) }, refusal(R::NullPointer, A::Firing));

    let dense = |firing: *const FiringStruct, first_row, x, (rows, cols, stride)| {
        // SAFETY: the arguments are good but for one, which is refused before anything is written.
        unsafe { sample_independent(firing, 0, 0, first_row, x, rows, cols, stride) }
    };
    let sparse = |firing: *const FiringStruct, features, rows, (o, c, v, capacity)| {
        // SAFETY: as above.
        unsafe { sample_independent_csr(firing, features, 0, 0, 0, rows, o, c, v, capacity) }
    };
    let structs: [(FiringStruct, R, A); 13] = [
        (FiringStruct { struct_size: 8, ..good }, R::StructSize, A::Firing),
        (FiringStruct { struct_size: good.struct_size + 8, ..good }, R::StructSize, A::Firing),
        (FiringStruct { probabilities: null(), ..good }, R::NullPointer, A::Probabilities),
        (FiringStruct { probabilities: shifted(p.as_ptr()), ..good }, R::Misaligned, A::Probabilities),
        (FiringStruct { probabilities_len: 2, ..good }, R::Shape, A::Probabilities),
        (FiringStruct { probabilities_len: 0, ..good }, R::Empty, A::Probabilities),
        (FiringStruct { probabilities_len: HUGE, ..good }, R::SizeOverflow, A::Probabilities),
        (FiringStruct { probabilities: nan, probabilities_len: 1, ..good }, R::NotANumber, A::Probabilities),
        (FiringStruct { means_len: 1, ..good }, R::NullPointer, A::Means),
        (FiringStruct { means: p.as_ptr(), ..good }, R::Empty, A::Means),
        (FiringStruct { means: nan, means_len: 1, ..good }, R::NotANumber, A::Means),
        (FiringStruct { std_devs_len: 3, ..good }, R::NullPointer, A::StdDevs),
        (FiringStruct { std_devs: negative, std_devs_len: 1, ..good }, R::OutOfRange, A::StdDevs),
    ];
    for (firing, reason, argument) in structs {
        assert_eq!(dense(&raw const firing, 0, x, (2, 3, 4)), refusal(reason, argument));
        assert_eq!(sparse(&raw const firing, 3, 2, (o, c, v, 6)), refusal(reason, argument));
    }
    let good = &raw const good;
    for (firing, reason) in [(null(), R::NullPointer), (shifted(good), R::Misaligned)] {
        assert_eq!(dense(firing, 0, x, (2, 3, 4)), refusal(reason, A::Firing));
        assert_eq!(sparse(firing, 3, 2, (o, c, v, 6)), refusal(reason, A::Firing));
    }

    for (x, sizes, reason) in [
        (null_mut(), (2, 3, 4), R::NullPointer),
        (shifted_mut(x), (2, 3, 4), R::Misaligned),
        (x, (0, 3, 4), R::Empty),
        (x, (2, 0, 4), R::Empty),
        (x, (2, 3, 2), R::Stride),
        (x, (HUGE, 3, HUGE), R::SizeOverflow),
        (x, (HUGE / 8, 3, 3), R::SizeOverflow),
        (p.as_ptr().cast_mut(), (1, 3, 3), R::Overlap),
    ] {
        assert_eq!(dense(good, 0, x, sizes), refusal(reason, A::Activations));
    }
    assert_eq!(dense(good, u64::MAX, x, (2, 3, 4)), refusal(R::SizeOverflow, A::FirstRow));

    for (features, rows, arrays, reason, argument) in [
        (0, 2, (o, c, v, 6), R::Empty, A::Features),
        (1 << 32, 2, (o, c, v, 6), R::OutOfRange, A::Features),
        (3, 0, (o, c, v, 6), R::Empty, A::Rows),
        (3, usize::MAX, (o, c, v, 6), R::SizeOverflow, A::RowOffsets),
        (3, HUGE, (o, c, v, 6), R::SizeOverflow, A::RowOffsets),
        (3, 2, (null_mut(), c, v, 6), R::NullPointer, A::RowOffsets),
        (3, 2, (shifted_mut(o), c, v, 6), R::Misaligned, A::RowOffsets),
        (3, 2, (o, null_mut(), v, 6), R::NullPointer, A::Columns),
        (3, 2, (o, shifted_mut(c), v, 6), R::Misaligned, A::Columns),
        (3, 2, (o, o.cast(), v, 6), R::Overlap, A::Columns),
        (3, 2, (o, c, null_mut(), 6), R::NullPointer, A::Values),
        (3, 2, (o, c, shifted_mut(v), 6), R::Misaligned, A::Values),
        (3, 2, (o, c, v, HUGE), R::SizeOverflow, A::Columns),
        (3, 2, (o, c, p.as_ptr().cast_mut(), 3), R::Overlap, A::Values),
    ] {
        assert_eq!(sparse(good, features, rows, arrays), refusal(reason, argument));
    }

    let convert = |x: *const T, (rows, cols, stride), (o, c, v, capacity)| {
        // SAFETY: as above.
        unsafe { csr_from_dense(x, rows, cols, stride, o, c, v, capacity) }
    };
    for (x, sizes, arrays, reason, argument) in [
        (null(), (1, 3, 3), (o, c, v, 6), R::NullPointer, A::Activations),
        (x, (0, 3, 3), (o, c, v, 6), R::Empty, A::Activations),
        (x, (1, 3, 2), (o, c, v, 6), R::Stride, A::Activations),
        (nan, (1, 2, 2), (o, c, v, 6), R::NotANumber, A::Activations),
        (p.as_ptr(), (1, 3, 3), (null_mut(), c, v, 6), R::NullPointer, A::RowOffsets),
        (p.as_ptr(), (1, 3, 3), (o, c, null_mut(), 6), R::NullPointer, A::Values),
        (p.as_ptr(), (1, 3, 3), (o, c, p.as_ptr().cast_mut(), 3), R::Overlap, A::Values),
    ] {
        assert_eq!(convert(x, sizes, arrays), refusal(reason, argument));
    }
    assert_eq!((out, offsets, columns, values), ([7.0; 8], [-7; 3], [7; 6], [7.0; 6]));
    assert_eq!(p, [0.5, 1.0, 0.0]);
});

both!(projections_are_those_of_rust {
    // Two samples of three features in two dimensions, with strides.
    let x: [T; 8] = [1.0, 0.0, 2.0, 9.0, 0.0, -3.0, 0.0, 9.0];
    let (offsets, columns, values) = ([0_i64, 2, 3], [0_u32, 2, 1], [1.0 as T, 2.0, -3.0]);
    let e: Vec<T> = numbers(9, 0.0);
    let bias: [T; 2] = [0.5, -0.25];
    let view = (row_major(&x, 2, 3, 4).unwrap(), row_major(&e, 3, 2, 3).unwrap());
    for bias in [None, Some(&bias[..])] {
        let pointer = bias.map_or(null(), <[T]>::as_ptr);
        let (mut want, mut got) = ([7.0 as T; 6], [7.0 as T; 6]);
        projection::project_dense(view.0, view.1, bias, row_major_mut(&mut want, 2, 2, 3).unwrap(), Par::Seq)
            .unwrap();
        let h = got.as_mut_ptr();
        // SAFETY: every array has the size said.
        assert_eq!(unsafe { project_dense(x.as_ptr(), 2, 3, 4, e.as_ptr(), 3, pointer, h, 2, 3) }, OK);
        assert_eq!(got, want);

        let csr = CsrRef::new(&offsets, &columns, &values, 3).unwrap();
        projection::project_csr(csr, view.1, bias, row_major_mut(&mut want, 2, 2, 3).unwrap()).unwrap();
        let mut got = [7.0 as T; 6];
        let (o, c, v) = (offsets.as_ptr(), columns.as_ptr(), values.as_ptr());
        let h = got.as_mut_ptr();
        // SAFETY: as above.
        assert_eq!(unsafe { project_csr(o, c, v, 3, 2, 3, e.as_ptr(), 3, pointer, h, 2, 3) }, OK);
        assert_eq!(got, want);
    }
    // A batch in which nothing fires needs no arrays.
    let (mut got, o) = ([7.0 as T; 6], [0_i64; 3]);
    let h = got.as_mut_ptr();
    // SAFETY: as above.
    let status = unsafe {
        project_csr(o.as_ptr(), null(), null(), 0, 2, 3, e.as_ptr(), 3, bias.as_ptr(), h, 2, 3)
    };
    assert_eq!(status, OK);
    assert_eq!(got, [0.5, -0.25, 7.0, 0.5, -0.25, 7.0]);
});

both!(bad_projections_are_refused {
    let (activations, dictionary, ones) = ([1.0 as T; 6], [1.0 as T; 6], [1.0 as T; 2]);
    let not_finite: [T; 6] = [1.0, 1.0, T::NAN, T::INFINITY, 1.0, 1.0];
    let mut hidden = [7.0 as T; 4];
    let (x, e, b, bad, h) =
        (activations.as_ptr(), dictionary.as_ptr(), ones.as_ptr(), not_finite.as_ptr(), hidden.as_mut_ptr());
    let dense = |x, e, b, h, (rows, features, cols), (xs, es, hs)| {
        // SAFETY: the arguments are good but for one, which is refused before anything is written.
        unsafe { project_dense(x, rows, features, xs, e, es, b, h, cols, hs) }
    };
    let (sizes, strides) = ((2, 3, 2), (3, 2, 2));
    for (x, e, b, h, sizes, strides, reason, argument) in [
        (null(), e, b, h, sizes, strides, R::NullPointer, A::Activations),
        (x, null(), b, h, sizes, strides, R::NullPointer, A::Dictionary),
        (x, e, b, null_mut(), sizes, strides, R::NullPointer, A::Hidden),
        (shifted(x), e, b, h, sizes, strides, R::Misaligned, A::Activations),
        (x, shifted(e), b, h, sizes, strides, R::Misaligned, A::Dictionary),
        (x, e, shifted(b), h, sizes, strides, R::Misaligned, A::Bias),
        (x, e, b, shifted_mut(h), sizes, strides, R::Misaligned, A::Hidden),
        (x, e, b, h, (0, 3, 2), strides, R::Empty, A::Activations),
        (x, e, b, h, (2, 0, 2), strides, R::Empty, A::Activations),
        (x, e, b, h, (2, 3, 0), strides, R::Empty, A::Dictionary),
        (x, e, b, h, sizes, (2, 2, 2), R::Stride, A::Activations),
        (x, e, b, h, sizes, (3, 1, 2), R::Stride, A::Dictionary),
        (x, e, b, h, sizes, (3, 2, 1), R::Stride, A::Hidden),
        (x, e, b, h, sizes, (HUGE, 2, 2), R::SizeOverflow, A::Activations),
        (x, e, b, h, sizes, (3, HUGE, 2), R::SizeOverflow, A::Dictionary),
        (x, e, b, h, sizes, (3, 2, HUGE), R::SizeOverflow, A::Hidden),
        (bad, e, b, h, sizes, strides, R::NotANumber, A::Activations),
        (x, bad, b, h, sizes, strides, R::NotANumber, A::Dictionary),
        (x, e, bad.wrapping_add(3), h, sizes, strides, R::Infinite, A::Bias),
        (x, e, b, x.cast_mut(), sizes, strides, R::Overlap, A::Hidden),
        (x, e, b, e.cast_mut(), sizes, strides, R::Overlap, A::Hidden),
        (x, e, b, b.cast_mut(), (1, 3, 2), strides, R::Overlap, A::Hidden),
    ] {
        assert_eq!(dense(x, e, b, h, sizes, strides), refusal(reason, argument));
    }

    let (offsets, columns, values) = ([0_i64, 2, 3], [0_u32, 2, 1], [1.0 as T, 2.0, -3.0]);
    let (falling, late) = ([0_i64, 3, 2], [1_i64, 2, 3]);
    let (out_of_range, twice) = ([0_u32, 3, 1], [1_u32, 1, 1]);
    let csr = |(o, c, v, nnz), e, h, (rows, features, cols)| {
        // SAFETY: as above.
        unsafe { project_csr(o, c, v, nnz, rows, features, e, 2, b, h, cols, 2) }
    };
    let (o, c, v) = (offsets.as_ptr(), columns.as_ptr(), values.as_ptr());
    for (batch, e, h, sizes, reason, argument) in [
        ((null(), c, v, 3), e, h, sizes, R::NullPointer, A::RowOffsets),
        ((o, null(), v, 3), e, h, sizes, R::NullPointer, A::Columns),
        ((o, c, null(), 3), e, h, sizes, R::NullPointer, A::Values),
        ((o, null(), null(), 0), e, h, sizes, R::Shape, A::Columns),
        ((o, c, v, 2), e, h, sizes, R::Shape, A::Columns),
        ((o, c, v, HUGE), e, h, sizes, R::SizeOverflow, A::Columns),
        ((shifted(o), c, v, 3), e, h, sizes, R::Misaligned, A::RowOffsets),
        ((o, shifted(c), v, 3), e, h, sizes, R::Misaligned, A::Columns),
        ((o, c, shifted(v), 3), e, h, sizes, R::Misaligned, A::Values),
        ((falling.as_ptr(), c, v, 3), e, h, sizes, R::Unsorted, A::RowOffsets),
        ((late.as_ptr(), c, v, 3), e, h, sizes, R::Unsorted, A::RowOffsets),
        ((o, out_of_range.as_ptr(), v, 3), e, h, sizes, R::IndexOutOfRange, A::Columns),
        ((o, twice.as_ptr(), v, 3), e, h, sizes, R::Unsorted, A::Columns),
        ((o, c, bad, 3), e, h, sizes, R::NotANumber, A::Values),
        ((o, c, v, 3), bad, h, sizes, R::NotANumber, A::Dictionary),
        ((o, c, v, 3), e, h, (0, 3, 2), R::Empty, A::Hidden),
        ((o, c, v, 3), e, h, (2, 0, 2), R::Empty, A::Dictionary),
        ((o, c, v, 3), e, h, (usize::MAX, 3, 2), R::SizeOverflow, A::RowOffsets),
        ((o, c, v, 3), e, null_mut(), sizes, R::NullPointer, A::Hidden),
        ((o, c, v, 3), e, e.cast_mut(), sizes, R::Overlap, A::Hidden),
        ((o, c, v, 3), e, o.cast_mut().cast(), (2, 3, 1), R::Overlap, A::Hidden),
    ] {
        assert_eq!(csr(batch, e, h, sizes), refusal(reason, argument));
    }
    assert_eq!(hidden, [7.0; 4]);
});

both!(evaluations_are_those_of_rust {
    let (x, h, z, y): (Vec<T>, Vec<T>, Vec<T>, Vec<T>) =
        (numbers(12, 0.0), numbers(8, 1.0), numbers(20, 2.0), numbers(8, 3.0));
    let (m, whole) = (5, 4);
    let (counts_len, sums_len) = (saek_evaluation_counts_len(m), saek_evaluation_sums_len());
    let mut state = (vec![9; counts_len], vec![9.0; sums_len]);
    evaluation::begin(&mut state.0, &mut state.1, m).unwrap();
    let batch = EvaluationBatch {
        activations: row_major(&x, whole, 3, 3).unwrap(),
        hidden: row_major(&h, whole, 2, 2).unwrap(),
        latents: row_major(&z, whole, m, m).unwrap(),
        decoded: row_major(&y, whole, 2, 2).unwrap(),
    };
    evaluation::add_batch(&mut state.0, &mut state.1, &batch).unwrap();

    // The same in two halves, each with a state of its own.
    let halves = [0, 2].map(|first| {
        let (mut counts, mut sums) = (vec![9; counts_len], vec![9.0; sums_len]);
        let (c, s) = (counts.as_mut_ptr(), sums.as_mut_ptr());
        let (x, h, z, y) = (&x[3 * first..], &h[2 * first..], &z[m * first..], &y[2 * first..]);
        let (x, h, z, y) = (x.as_ptr(), h.as_ptr(), z.as_ptr(), y.as_ptr());
        // SAFETY: the state is as long as said, and two samples remain in every matrix.
        unsafe {
            assert_eq!(saek_evaluation_begin(c, counts_len, s, sums_len, m), OK);
            assert_eq!(evaluation_add(c, counts_len, s, sums_len, x, 2, 3, 3, h, 2, 2, z, m, m, y, 2), OK);
        }
        (counts, sums)
    });
    let [(mut counts, mut sums), (other_counts, other_sums)] = halves;
    let (c, s, oc, os) = (counts.as_mut_ptr(), sums.as_mut_ptr(), other_counts.as_ptr(), other_sums.as_ptr());
    let mut metrics = saek_metrics {
        struct_size: 0, reserved: 1, samples: 1, kept: 1, true_l0: 1.0, sae_l0: 1.0, dead_latents: 1,
        shrinkage: 1.0,
    };
    // SAFETY: states as long as said, a writable struct.
    unsafe {
        assert_eq!(saek_evaluation_merge(c, counts_len, s, sums_len, oc, counts_len, os, sums_len), OK);
        assert_eq!(saek_metrics_init(&raw mut metrics), OK);
        assert_eq!((metrics.struct_size as usize, metrics.samples), (size_of::<saek_metrics>(), 0));
        assert_eq!(saek_evaluation_finish(c, counts_len, s, sums_len, &raw mut metrics), OK);
    }
    assert_eq!(counts, state.0);
    let want = evaluation::finish(&state.0, &state.1).unwrap();
    assert_eq!((metrics.samples, metrics.kept), (want.samples, want.kept));
    assert_eq!(metrics.dead_latents, want.dead_latents);
    assert_eq!(metrics.true_l0.to_bits(), want.true_l0.to_bits());
    assert_eq!(metrics.sae_l0.to_bits(), want.sae_l0.to_bits());
    // The order of summation differs by the merge: a rounding of four terms of one or so.
    assert!((metrics.shrinkage - want.shrinkage).abs() <= 4.0 * f64::EPSILON * want.shrinkage);
    assert_eq!((metrics.struct_size as usize, metrics.reserved), (size_of::<saek_metrics>(), 0));
});

both!(bad_evaluations_are_refused {
    let (latents, len) = (2, 6);
    let (mut counts, mut sums) = ([3_u64; 6], [3.0; 2]);
    let (other_counts, other_sums) = ([1_u64; 6], [1.0; 2]);
    let (c, s, oc, os) = (counts.as_mut_ptr(), sums.as_mut_ptr(), other_counts.as_ptr(), other_sums.as_ptr());
    let (ones, not_finite) = ([1.0 as T; 4], [1.0 as T, T::NAN, T::INFINITY, 1.0]);
    let (x, bad) = (ones.as_ptr(), not_finite.as_ptr());

    let state = [
        (null_mut(), len, s, 2, R::NullPointer, A::Counts),
        (shifted_mut(c), len, s, 2, R::Misaligned, A::Counts),
        (c, len - 1, s, 2, R::Shape, A::Counts),
        (c, HUGE, s, 2, R::SizeOverflow, A::Counts),
        (c, len, null_mut(), 2, R::NullPointer, A::Sums),
        (c, len, shifted_mut(s), 2, R::Misaligned, A::Sums),
        (c, len, s, 1, R::Shape, A::Sums),
        (c, len, c.cast(), 2, R::Overlap, A::Sums),
    ];
    for (c, len, s, sums_len, reason, argument) in state {
        // SAFETY: the arguments are good but for one, which is refused before anything is written.
        let (begin, add) = unsafe {
            (
                saek_evaluation_begin(c, len, s, sums_len, latents),
                evaluation_add(c, len, s, sums_len, x, 2, 2, 2, x, 2, 2, x, latents, 2, x, 2),
            )
        };
        assert_eq!(begin, refusal(reason, argument));
        assert_eq!(add, refusal(reason, argument));
    }
    // SAFETY: as above.
    assert_eq!(unsafe { saek_evaluation_begin(c, 4, s, 2, 0) }, refusal(R::Empty, A::Latents));

    let add = |(x, h, z, y), (rows, n, d, m), (xs, hs, zs, ys)| {
        // SAFETY: as above.
        unsafe { evaluation_add(c, len, s, 2, x, rows, n, xs, h, d, hs, z, m, zs, y, ys) }
    };
    let (sizes, strides) = ((2, 2, 2, latents), (2, 2, 2, 2));
    for (matrices, sizes, strides, reason, argument) in [
        ((null(), x, x, x), sizes, strides, R::NullPointer, A::Activations),
        ((x, null(), x, x), sizes, strides, R::NullPointer, A::Hidden),
        ((x, x, null(), x), sizes, strides, R::NullPointer, A::Latents),
        ((x, x, x, null()), sizes, strides, R::NullPointer, A::Decoded),
        ((x, x, shifted(x), x), sizes, strides, R::Misaligned, A::Latents),
        ((bad, x, x, x), sizes, strides, R::NotANumber, A::Activations),
        ((x, bad, x, x), sizes, strides, R::NotANumber, A::Hidden),
        ((x, x, bad, x), sizes, strides, R::NotANumber, A::Latents),
        ((x, x, x, bad), sizes, strides, R::NotANumber, A::Decoded),
        ((x, c.cast_const().cast(), x, x), sizes, strides, R::Overlap, A::Hidden),
        ((x, x, x, x), (0, 2, 2, 2), strides, R::Empty, A::Activations),
        ((x, x, x, x), (2, 2, 0, 2), strides, R::Empty, A::Hidden),
        ((x, x, x, x), (2, 2, 2, 0), strides, R::Empty, A::Latents),
        ((x, x, x, x), (2, 2, 2, 1), strides, R::Shape, A::Counts),
        ((x, x, x, x), sizes, (1, 2, 2, 2), R::Stride, A::Activations),
        ((x, x, x, x), sizes, (2, 2, 2, 1), R::Stride, A::Decoded),
        ((x, x, x, x), sizes, (2, HUGE, 2, 2), R::SizeOverflow, A::Hidden),
    ] {
        assert_eq!(add(matrices, sizes, strides), refusal(reason, argument));
    }

    for (oc, oc_len, os, os_len, reason, argument) in [
        (null(), len, os, 2, R::NullPointer, A::OtherCounts),
        (oc, len - 1, os, 2, R::Shape, A::OtherCounts),
        (oc, len, null(), 2, R::NullPointer, A::OtherSums),
        (oc, len, os, 1, R::Shape, A::OtherSums),
        (c.cast_const(), len, os, 2, R::Overlap, A::OtherCounts),
        (oc, len, s.cast_const(), 2, R::Overlap, A::OtherSums),
    ] {
        // SAFETY: as above.
        let got = unsafe { saek_evaluation_merge(c, len, s, 2, oc, oc_len, os, os_len) };
        assert_eq!(got, refusal(reason, argument));
    }

    let mut metrics = saek_metrics {
        struct_size: size_of::<saek_metrics>() as u32, reserved: 5, samples: 5, kept: 5, true_l0: 5.0,
        sae_l0: 5.0, dead_latents: 5, shrinkage: 5.0,
    };
    let untouched = format!("{metrics:?}");
    let mut shorter = saek_metrics { struct_size: metrics.struct_size - 8, ..metrics };
    let (empty, infinite) = ([0_u64; 6], [f64::INFINITY, 0.0]);
    let out = &raw mut metrics;
    for (counts, len, sums, metrics, reason, argument) in [
        (null(), len, os, out, R::NullPointer, A::Counts),
        (oc, len, null(), out, R::NullPointer, A::Sums),
        (oc, len, os, null_mut(), R::NullPointer, A::Metrics),
        (oc, len, os, shifted_mut(out), R::Misaligned, A::Metrics),
        (oc, len, os, &raw mut shorter, R::StructSize, A::Metrics),
        (out.cast_const().cast(), len, os, out, R::Overlap, A::Metrics),
        (oc, 4, os, out, R::Empty, A::Latents),
        (empty.as_ptr(), len, os, out, R::Empty, A::Samples),
        (oc, len, infinite.as_ptr(), out, R::Infinite, A::Sums),
    ] {
        // SAFETY: as above.
        let got = unsafe { saek_evaluation_finish(counts, len, sums, 2, metrics) };
        assert_eq!(got, refusal(reason, argument));
    }
    // SAFETY: null is allowed.
    assert_eq!(unsafe { saek_metrics_init(null_mut()) }, refusal(R::NullPointer, A::Metrics));
    assert_eq!(format!("{metrics:?}"), untouched);
    assert_eq!((counts, sums), ([3; 6], [3.0; 2]));
});

/// An autoencoder of four latents on three dimensions, its matrices with a stride of five.
#[derive(Clone, PartialEq, Debug)]
struct Model<T> {
    encoder: Vec<T>,
    encoder_bias: Vec<T>,
    decoder: Vec<T>,
    decoder_bias: Vec<T>,
}

impl<T: sae_kernels::Scalar> Model<T> {
    fn new() -> Self {
        Self {
            encoder: numbers(15, 0.0),
            encoder_bias: numbers(4, 5.0),
            decoder: numbers(20, 9.0),
            decoder_bias: numbers(3, 13.0),
        }
    }

    fn view(&self) -> sae::Sae<'_, T> {
        sae::Sae {
            encoder: row_major(&self.encoder, 3, 4, 5).unwrap(),
            encoder_bias: &self.encoder_bias,
            decoder: row_major(&self.decoder, 4, 3, 5).unwrap(),
            decoder_bias: &self.decoder_bias,
            subtract_decoder_bias: true,
        }
    }

    fn view_mut(&mut self) -> sae::SaeMut<'_, T> {
        sae::SaeMut {
            encoder: row_major_mut(&mut self.encoder, 3, 4, 5).unwrap(),
            encoder_bias: &mut self.encoder_bias,
            decoder: row_major_mut(&mut self.decoder, 4, 3, 5).unwrap(),
            decoder_bias: &mut self.decoder_bias,
            subtract_decoder_bias: true,
        }
    }
}

/// The C struct for a model.
macro_rules! c_model {
    ($model:expr) => {{
        let mut sae = SaeStruct {
            struct_size: 0,
            subtract_decoder_bias: 9,
            cols: 9,
            latents: 9,
            encoder: null_mut(),
            encoder_stride: 9,
            encoder_bias: null_mut(),
            decoder: null_mut(),
            decoder_stride: 9,
            decoder_bias: null_mut(),
        };
        // SAFETY: a writable struct.
        assert_eq!(unsafe { sae_init(&raw mut sae) }, OK);
        assert_eq!((sae.subtract_decoder_bias, sae.cols, sae.decoder_stride), (1, 0, 0));
        (sae.cols, sae.latents, sae.encoder_stride, sae.decoder_stride) = (3, 4, 5, 5);
        (sae.encoder, sae.encoder_bias) = ($model.encoder.as_mut_ptr(), $model.encoder_bias.as_mut_ptr());
        (sae.decoder, sae.decoder_bias) = ($model.decoder.as_mut_ptr(), $model.decoder_bias.as_mut_ptr());
        sae
    }};
}

both!(autoencoders_are_those_of_rust {
    let mut model = Model::<T>::new();
    let x: Vec<T> = numbers(8, 20.0);
    let hidden = row_major(&x, 2, 3, 4).unwrap();
    let (mut z, mut y) = ([7.0 as T; 10], [7.0 as T; 8]);
    let (mut z_want, mut y_want) = (z, y);
    let mut memory = faer::dyn_stack::MemBuffer::new(sae::encode_scratch::<T>(2, 3));
    let out = row_major_mut(&mut z_want, 2, 4, 5).unwrap();
    sae::encode(&model.view(), hidden, out, Par::Seq, MemStack::new(&mut memory)).unwrap();
    let (latents, out) = (row_major(&z_want, 2, 4, 5).unwrap(), row_major_mut(&mut y_want, 2, 3, 4).unwrap());
    sae::decode(&model.view(), latents, out, Par::Seq).unwrap();

    let sae = c_model!(model);
    let (mut bytes, mut align) = (0, 0);
    // SAFETY: two writable integers.
    assert_eq!(unsafe { encode_workspace(2, 3, &raw mut bytes, &raw mut align) }, OK);
    let mut workspace = Workspace::new(bytes, align);
    let w = workspace.pointer();
    // SAFETY: every array has the size said.
    unsafe {
        assert_eq!(encode(&raw const sae, x.as_ptr(), 2, 4, z.as_mut_ptr(), 5, w, bytes), OK);
        assert_eq!(decode(&raw const sae, z.as_ptr(), 2, 5, y.as_mut_ptr(), 4), OK);
    }
    assert_eq!((z, y), (z_want, y_want));
    assert_eq!((z[4], y[3]), (7.0, 7.0));
});

both!(initialised_weights_are_those_of_rust {
    let dictionary: Vec<T> = numbers(15, 40.0);
    for ordering in [None, Some(&[4_i64, 2, 0, 1, 3][..])] {
        let (mut want, mut got) = (Model::<T>::new(), Model::<T>::new());
        let e = row_major(&dictionary, 5, 3, 3).unwrap();
        let sae::SaeMut { encoder, decoder, .. } = want.view_mut();
        sae::initialise_to_match(encoder, decoder, e, 0.1, ordering, Stream::new(4, 2)).unwrap();
        // The biases are not used.
        let sae = SaeStruct { encoder_bias: null_mut(), decoder_bias: null_mut(), ..c_model!(got) };
        let ordering = ordering.map_or(null(), <[i64]>::as_ptr);
        // SAFETY: every array has the size said.
        let status =
            unsafe { initialise_to_match(&raw const sae, dictionary.as_ptr(), 5, 3, 0.1, ordering, 4, 2) };
        assert_eq!(status, OK);
        assert_eq!(got, want);
    }
});

both!(training_steps_are_those_of_rust {
    let (mut want, mut got) = (Model::<T>::new(), Model::<T>::new());
    let x: Vec<T> = numbers(24, 20.0);
    let mut len = 0;
    // SAFETY: a writable integer.
    assert_eq!(unsafe { saek_sae_moments_len(3, 4, &raw mut len) }, OK);
    assert_eq!(Some(len), sae::moments_len(3, 4));
    let (mut moments, mut moments_want) = (vec![0.0 as T; len], vec![0.0 as T; len]);
    let mut params = saek_train_params {
        struct_size: 0, reserved: 1, learning_rate: 9.0, beta1: 9.0, beta2: 9.0, epsilon: 9.0,
        l1_coefficient: 9.0,
    };
    let mut report =
        saek_train_report { struct_size: 0, reserved: 1, loss: 9.0, mse: 9.0, l1: 9.0, l0: 9.0 };
    let (mut bytes, mut align) = (0, 0);
    // SAFETY: writable structs and integers.
    unsafe {
        assert_eq!(saek_train_params_init(&raw mut params), OK);
        assert_eq!(saek_train_report_init(&raw mut report), OK);
        assert_eq!(train_step_workspace(6, 3, 4, &raw mut bytes, &raw mut align), OK);
    }
    assert_eq!((report.struct_size as usize, report.loss.to_bits()), (size_of::<saek_train_report>(), 0));
    params.l1_coefficient = 0.2;
    let mut workspace = Workspace::new(bytes, align);
    let mut memory = faer::dyn_stack::MemBuffer::new(sae::train_step_scratch::<T>(6, 3, 4));
    let sae = c_model!(got);
    for step in 0..3 {
        // The last step goes by the defaults and without a report.
        let last = step == 2;
        let rust = if last { sae::TrainParams::default() } else {
            sae::TrainParams { l1_coefficient: 0.2, ..Default::default() }
        };
        let hidden = row_major(&x, 6, 3, 4).unwrap();
        let stack = MemStack::new(&mut memory);
        let weights = want.view_mut();
        let found =
            sae::train_step(weights, &mut moments_want, step, hidden, &rust, Par::Seq, stack).unwrap();
        let (m, w) = (moments.as_mut_ptr(), workspace.pointer());
        let p = if last { null() } else { &raw const params };
        let r = if last { null_mut() } else { &raw mut report };
        // SAFETY: every array has the size said.
        let status = unsafe { train_step(&raw const sae, m, len, step, x.as_ptr(), 6, 4, p, r, w, bytes) };
        assert_eq!(status, OK);
        if !last {
            let got = [report.loss, report.mse, report.l1, report.l0].map(f64::to_bits);
            assert_eq!(got, [found.loss, found.mse, found.l1, found.l0].map(f64::to_bits));
        }
    }
    assert_eq!(moments, moments_want);
    assert_eq!(got, want);
});

both!(bad_autoencoders_are_refused {
    let mut model = Model::<T>::new();
    let before = model.clone();
    let good = c_model!(model);
    let (rows, len) = (2, sae::moments_len(3, 4).unwrap());
    let (ones, mut not_finite) = ([1.0 as T; 12], [T::NAN; 20]);
    let bad = not_finite.as_mut_ptr();
    let (mut latents, mut decoded, mut moments) = ([7.0 as T; 10], [7.0 as T; 8], vec![0.0 as T; len]);
    let mut report = saek_train_report {
        struct_size: size_of::<saek_train_report>() as u32, reserved: 5,
        loss: 5.0, mse: 5.0, l1: 5.0, l0: 5.0,
    };
    let untouched = format!("{report:?}");
    let mut longer = saek_train_report { struct_size: report.struct_size + 8, ..report };
    let (mut bytes, mut step_bytes, mut align) = (0, 0, 0);
    // SAFETY: writable integers.
    unsafe {
        assert_eq!(encode_workspace(rows, 3, &raw mut bytes, &raw mut align), OK);
        assert_eq!(train_step_workspace(rows, 3, 4, &raw mut step_bytes, &raw mut align), OK);
    }
    let mut memory = Workspace::new(step_bytes, align);
    let w = memory.pointer();
    let (x, z, y, a, r) =
        (ones.as_ptr(), latents.as_mut_ptr(), decoded.as_mut_ptr(), moments.as_mut_ptr(), &raw mut report);

    let encode = |sae: *const SaeStruct, x, (rows, xs), z, zs, w, bytes| {
        // SAFETY: the arguments are good but for one, which is refused before anything is written.
        unsafe { encode(sae, x, rows, xs, z, zs, w, bytes) }
    };
    let decode = |sae: *const SaeStruct, z, (rows, zs), y, ys| {
        // SAFETY: as above.
        unsafe { decode(sae, z, rows, zs, y, ys) }
    };
    let initialise = |sae: *const SaeStruct, e, (rows, stride), noise, ordering| {
        // SAFETY: as above.
        unsafe { initialise_to_match(sae, e, rows, stride, noise, ordering, 0, 0) }
    };
    let step = |sae: *const SaeStruct, (a, len), step, x, (rows, xs), p, r, w, bytes| {
        // SAFETY: as above.
        unsafe { train_step(sae, a, len, step, x, rows, xs, p, r, w, bytes) }
    };

    // The struct and the weights; `true` where initialising looks at them too.
    for (sae, reason, argument, initialises) in [
        (SaeStruct { struct_size: 12, ..good }, R::StructSize, A::Sae, true),
        (SaeStruct { subtract_decoder_bias: 2, ..good }, R::UnknownValue, A::SubtractDecoderBias, true),
        (SaeStruct { encoder: null_mut(), ..good }, R::NullPointer, A::Encoder, true),
        (SaeStruct { decoder: null_mut(), ..good }, R::NullPointer, A::Decoder, true),
        (SaeStruct { encoder_bias: null_mut(), ..good }, R::NullPointer, A::EncoderBias, false),
        (SaeStruct { decoder_bias: null_mut(), ..good }, R::NullPointer, A::DecoderBias, false),
        (SaeStruct { decoder: shifted_mut(good.decoder), ..good }, R::Misaligned, A::Decoder, true),
        (SaeStruct { cols: 0, ..good }, R::Empty, A::Encoder, true),
        (SaeStruct { latents: 0, ..good }, R::Empty, A::Encoder, true),
        (SaeStruct { encoder_stride: 3, ..good }, R::Stride, A::Encoder, true),
        (SaeStruct { decoder_stride: 2, ..good }, R::Stride, A::Decoder, true),
        (SaeStruct { encoder_stride: HUGE, ..good }, R::SizeOverflow, A::Encoder, true),
        (SaeStruct { encoder: bad, ..good }, R::NotANumber, A::Encoder, false),
        (SaeStruct { decoder_bias: bad, ..good }, R::NotANumber, A::DecoderBias, false),
    ] {
        let sae = &raw const sae;
        assert_eq!(encode(sae, x, (rows, 3), z, 4, w, bytes), refusal(reason, argument));
        assert_eq!(decode(sae, x, (rows, 4), y, 3), refusal(reason, argument));
        let got = step(sae, (a, len), 0, x, (rows, 3), null(), r, w, step_bytes);
        assert_eq!(got, refusal(reason, argument));
        if initialises {
            assert_eq!(initialise(sae, x, (3, 3), 0.0, null()), refusal(reason, argument));
        }
    }
    let shared = SaeStruct { decoder: good.encoder, ..good };
    let got = step(&raw const shared, (a, len), 0, x, (rows, 3), null(), r, w, step_bytes);
    assert_eq!(got, refusal(R::Overlap, A::Decoder));

    let sae = &raw const good;
    let nan = bad.cast_const();
    let odd = w.cast::<u8>().wrapping_add(32).cast();
    for (sae, x, sizes, z, zs, w, bytes, reason, argument) in [
        (null(), x, (rows, 3), z, 4, w, bytes, R::NullPointer, A::Sae),
        (shifted(sae), x, (rows, 3), z, 4, w, bytes, R::Misaligned, A::Sae),
        (sae, null(), (rows, 3), z, 4, w, bytes, R::NullPointer, A::Hidden),
        (sae, x, (0, 3), z, 4, w, bytes, R::Empty, A::Hidden),
        (sae, x, (rows, 2), z, 4, w, bytes, R::Stride, A::Hidden),
        (sae, x, (rows, HUGE), z, 4, w, bytes, R::SizeOverflow, A::Hidden),
        (sae, nan, (rows, 3), z, 4, w, bytes, R::NotANumber, A::Hidden),
        (sae, x, (rows, 3), null_mut(), 4, w, bytes, R::NullPointer, A::Latents),
        (sae, x, (rows, 3), shifted_mut(z), 4, w, bytes, R::Misaligned, A::Latents),
        (sae, x, (rows, 3), z, 3, w, bytes, R::Stride, A::Latents),
        (sae, x, (rows, 3), x.cast_mut(), 4, w, bytes, R::Overlap, A::Latents),
        (sae, x, (rows, 3), good.decoder, 4, w, bytes, R::Overlap, A::Latents),
        (sae, x, (rows, 3), z, 4, null_mut(), bytes, R::NullPointer, A::Workspace),
        (sae, x, (rows, 3), z, 4, odd, bytes, R::Misaligned, A::Workspace),
        (sae, x, (rows, 3), z, 4, w, bytes - 1, R::WorkspaceTooSmall, A::Workspace),
        (sae, w.cast_const().cast(), (rows, 3), z, 4, w, bytes, R::Overlap, A::Workspace),
    ] {
        assert_eq!(encode(sae, x, sizes, z, zs, w, bytes), refusal(reason, argument));
    }
    for (sae, z, sizes, y, ys, reason, argument) in [
        (null(), x, (rows, 4), y, 3, R::NullPointer, A::Sae),
        (sae, null(), (rows, 4), y, 3, R::NullPointer, A::Latents),
        (sae, x, (0, 4), y, 3, R::Empty, A::Latents),
        (sae, x, (rows, 3), y, 3, R::Stride, A::Latents),
        (sae, nan, (rows, 4), y, 3, R::NotANumber, A::Latents),
        (sae, x, (rows, 4), null_mut(), 3, R::NullPointer, A::Decoded),
        (sae, x, (rows, 4), y, 2, R::Stride, A::Decoded),
        (sae, x, (rows, 4), x.cast_mut(), 3, R::Overlap, A::Decoded),
    ] {
        assert_eq!(decode(sae, z, sizes, y, ys), refusal(reason, argument));
    }
    let (order, beyond) = ([2_i64, 1, 0], [0_i64, 1, 3]);
    let (order, beyond) = (order.as_ptr(), beyond.as_ptr());
    for (sae, e, sizes, noise, ordering, reason, argument) in [
        (null(), x, (3, 3), 0.0, order, R::NullPointer, A::Sae),
        (sae, null(), (3, 3), 0.0, order, R::NullPointer, A::Dictionary),
        (sae, x, (0, 3), 0.0, order, R::Empty, A::Dictionary),
        (sae, x, (3, 2), 0.0, order, R::Stride, A::Dictionary),
        (sae, nan, (3, 3), 0.0, order, R::NotANumber, A::Dictionary),
        (sae, good.decoder.cast_const(), (3, 3), 0.0, order, R::Overlap, A::Dictionary),
        (sae, x, (3, 3), -1.0, order, R::OutOfRange, A::NoiseLevel),
        (sae, x, (3, 3), f64::NAN, order, R::NotANumber, A::NoiseLevel),
        (sae, x, (3, 3), 0.0, shifted(order), R::Misaligned, A::Ordering),
        (sae, x, (3, 3), 0.0, beyond, R::IndexOutOfRange, A::Ordering),
    ] {
        assert_eq!(initialise(sae, e, sizes, noise, ordering), refusal(reason, argument));
    }

    let mut params = saek_train_params {
        struct_size: 0, reserved: 0, learning_rate: 0.0, beta1: 0.0, beta2: 0.0, epsilon: 0.0,
        l1_coefficient: 0.0,
    };
    // SAFETY: a writable struct.
    assert_eq!(unsafe { saek_train_params_init(&raw mut params) }, OK);
    for (p, reason, argument) in [
        (saek_train_params { struct_size: 4, ..params }, R::StructSize, A::Params),
        (saek_train_params { learning_rate: -1.0, ..params }, R::OutOfRange, A::LearningRate),
        (saek_train_params { beta1: 1.0, ..params }, R::OutOfRange, A::Beta1),
        (saek_train_params { beta2: f64::NAN, ..params }, R::NotANumber, A::Beta2),
        (saek_train_params { epsilon: 0.0, ..params }, R::OutOfRange, A::Epsilon),
        (saek_train_params { l1_coefficient: f64::INFINITY, ..params }, R::Infinite, A::L1Coefficient),
    ] {
        let got = step(sae, (a, len), 0, x, (rows, 3), &raw const p, r, w, step_bytes);
        assert_eq!(got, refusal(reason, argument));
    }
    let (p, l) = (&raw const params, &raw mut longer);
    for (sae, state, number, x, sizes, r, w, bytes, reason, argument) in [
        (null(), (a, len), 0, x, (rows, 3), r, w, step_bytes, R::NullPointer, A::Sae),
        (sae, (null_mut(), len), 0, x, (rows, 3), r, w, step_bytes, R::NullPointer, A::Moments),
        (sae, (a, len - 1), 0, x, (rows, 3), r, w, step_bytes, R::Shape, A::Moments),
        (sae, (good.encoder, len), 0, x, (rows, 3), r, w, step_bytes, R::Overlap, A::Moments),
        (sae, (a, len), u64::MAX, x, (rows, 3), r, w, step_bytes, R::OutOfRange, A::Step),
        (sae, (a, len), 0, null(), (rows, 3), r, w, step_bytes, R::NullPointer, A::Hidden),
        (sae, (a, len), 0, x, (0, 3), r, w, step_bytes, R::Empty, A::Hidden),
        (sae, (a, len), 0, x, (rows, 2), r, w, step_bytes, R::Stride, A::Hidden),
        (sae, (a, len), 0, nan, (rows, 3), r, w, step_bytes, R::NotANumber, A::Hidden),
        (sae, (a, len), 0, a.cast_const(), (rows, 3), r, w, step_bytes, R::Overlap, A::Hidden),
        (sae, (a, len), 0, x, (rows, 3), shifted_mut(r), w, step_bytes, R::Misaligned, A::Report),
        (sae, (a, len), 0, x, (rows, 3), l, w, step_bytes, R::StructSize, A::Report),
        (sae, (a, len), 0, x, (rows, 3), r, null_mut(), step_bytes, R::NullPointer, A::Workspace),
        (sae, (a, len), 0, x, (rows, 3), r, odd, step_bytes, R::Misaligned, A::Workspace),
        (sae, (a, len), 0, x, (rows, 3), r, w, step_bytes - 1, R::WorkspaceTooSmall, A::Workspace),
    ] {
        assert_eq!(step(sae, state, number, x, sizes, p, r, w, bytes), refusal(reason, argument));
    }
    // A loss beyond every number, in double precision as in single.
    let far = [T::MAX; 6];
    let beyond = saek_train_params { l1_coefficient: f64::MAX, ..params };
    let got = step(sae, (a, len), 0, far.as_ptr(), (rows, 3), &raw const beyond, r, w, step_bytes);
    assert_eq!(got, refusal(R::Diverged, A::Sae));
    // SAFETY: null is allowed.
    unsafe {
        assert_eq!(sae_init(null_mut()), refusal(R::NullPointer, A::Sae));
        assert_eq!(saek_train_params_init(null_mut()), refusal(R::NullPointer, A::Params));
        assert_eq!(saek_train_report_init(null_mut()), refusal(R::NullPointer, A::Report));
    }
    assert_eq!(model, before);
    assert_eq!((latents, decoded), ([7.0; 10], [7.0; 8]));
    assert!(moments.iter().all(|&x| x == 0.0));
    assert_eq!(format!("{report:?}"), untouched);
});

both!(bad_queries_are_refused {
    let (mut bytes, mut align) = (7, 7);
    let (b, a) = (&raw mut bytes, &raw mut align);
    for (rows, cols, b, a, reason, argument) in [
        (0, 3, b, a, R::Empty, A::Hidden),
        (2, 0, b, a, R::Empty, A::Hidden),
        (HUGE, 3, b, a, R::SizeOverflow, A::Hidden),
        (2, 3, null_mut(), a, R::NullPointer, A::Bytes),
        (2, 3, b, null_mut(), R::NullPointer, A::Align),
        (2, 3, shifted_mut(b), a, R::Misaligned, A::Bytes),
    ] {
        // SAFETY: the arguments are good but for one, which is refused before anything is written.
        let (encode, step) =
            unsafe { (encode_workspace(rows, cols, b, a), train_step_workspace(rows, cols, 4, b, a)) };
        assert_eq!((encode, step), (refusal(reason, argument), refusal(reason, argument)));
    }
    // Each matrix fits, their sum does not.
    let half = isize::MAX as usize / (2 * size_of::<T>());
    // SAFETY: as above.
    unsafe {
        assert_eq!(train_step_workspace(2, 3, 0, b, a), refusal(R::Empty, A::Encoder));
        assert_eq!(train_step_workspace(half, 1, 4, b, a), refusal(R::SizeOverflow, A::Workspace));
    }
    let mut len = 7;
    let l = &raw mut len;
    for (cols, latents, l, reason, argument) in [
        (0, 4, l, R::Empty, A::Cols),
        (3, 0, l, R::Empty, A::Latents),
        (HUGE, HUGE, l, R::SizeOverflow, A::Moments),
        (3, 4, null_mut(), R::NullPointer, A::Count),
        (3, 4, shifted_mut(l), R::Misaligned, A::Count),
    ] {
        // SAFETY: as above.
        assert_eq!(unsafe { saek_sae_moments_len(cols, latents, l) }, refusal(reason, argument));
    }
    assert_eq!((bytes, align, len), (7, 7, 7));
    assert_eq!(saek_evaluation_counts_len(10), 14);
});
