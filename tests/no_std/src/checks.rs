//! The checks, by name. A new one is a function that returns whether it holds, and a line in [`CHECKS`].

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::hint::black_box;
use sae_kernels::schedule::{ZipfianParams, zipfian};
use sae_kernels::{Argument, Error, Reason};

/// A name and what must hold.
pub type Check = (&'static str, fn() -> bool);

/// Every check, in the order in which they run.
pub const CHECKS: &[Check] = &[
    ("heap and memory functions", heap_and_memory_functions),
    ("zipfian", zipfian_follows_its_formula),
    ("errors", errors_are_named),
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
