//! Loops compiled once for the best instructions of the machine they run on.
//!
//! [`vectorised`] runs a loop in a copy that the compiler made for AVX-512, or for AVX2 and FMA, where the CPU has
//! them, else in the portable copy. The arithmetic is the same: Rust neither reorders nor contracts floating-point
//! operations, so both copies give the same bits.

mod fused;
pub(crate) mod tile;
mod transpose;

pub(crate) use fused::{FusedMultiplyAdd, multiply_add};
pub use transpose::Transpose;

/// A loop over slices, as a value.
///
/// Not a closure: only a method can be marked `#[inline(always)]`, and only what is inlined into the dispatched
/// function is compiled for its instructions.
pub(crate) trait Loop {
    /// What the loop reduces to.
    type Output;

    /// Runs the loop; implementations are `#[inline(always)]`, and so is all they call.
    fn run(self) -> Self::Output;
}

/// Runs a loop with the widest SIMD that the CPU has, as far as this build may choose at run time.
#[inline]
pub(crate) fn vectorised<L: Loop>(body: L) -> L::Output {
    struct Body<L>(L);
    impl<L: Loop> pulp::NullaryFnOnce for Body<L> {
        type Output = L::Output;
        #[inline(always)]
        fn call(self) -> L::Output {
            self.0.run()
        }
    }
    pulp::Arch::new().dispatch(Body(body))
}

/// Whether [`vectorised`] runs loops where a multiplication and an addition are one instruction.
pub(crate) fn fuses_multiply_add() -> bool {
    match pulp::Arch::new() {
        #[cfg(all(feature = "std", any(target_arch = "x86", target_arch = "x86_64")))]
        pulp::Arch::V3(_) | pulp::Arch::V4(_) => true,
        _ => fused::AT_COMPILE_TIME,
    }
}

/// Whether [`vectorised`] runs loops with 32 registers of 64 bytes.
pub(crate) fn has_many_registers() -> bool {
    match pulp::Arch::new() {
        #[cfg(all(feature = "std", any(target_arch = "x86", target_arch = "x86_64")))]
        pulp::Arch::V4(_) => true,
        _ => cfg!(target_feature = "avx512f"),
    }
}

/// Who chooses the instructions of a loop: the loop, each time, or whoever has called the kernel around it.
pub(crate) trait Runner {
    /// Runs a loop.
    fn run<L: Loop>(body: L) -> L::Output;
}

/// Each loop chooses, as by [`vectorised`].
pub(crate) struct Dispatching;

impl Runner for Dispatching {
    #[inline(always)]
    fn run<L: Loop>(body: L) -> L::Output {
        vectorised(body)
    }
}

/// The kernel around the loop is a [`Loop`] itself, so the choice is made.
///
/// For kernels whose loops are so short that choosing would take as long as running.
pub(crate) struct Dispatched;

impl Runner for Dispatched {
    #[inline(always)]
    fn run<L: Loop>(body: L) -> L::Output {
        body.run()
    }
}

/// The whole part of a number in [0, 2^30]; one of the ends for other numbers, the upper one for a NaN.
///
/// As `as` does, in the one instruction that vectors have for it.
#[inline(always)]
pub(crate) fn truncated(x: f32) -> i32 {
    const LARGEST: f32 = (1 << 30) as f32;
    let x = if x < LARGEST { x } else { LARGEST };
    let x = if x > 0.0 { x } else { 0.0 };
    // SAFETY: x is in [0, 2^30].
    #[allow(unsafe_code)]
    unsafe {
        x.to_int_unchecked()
    }
}

/// Asks for `COUNT` values from index `from` on to be brought into the cache, where the machine can be asked.
///
/// Nothing is asked for beyond the slice, and nothing happens that a program could see.
#[inline(always)]
pub(crate) fn prefetch<T, const COUNT: usize>(values: &[T], from: usize) {
    #[cfg(target_arch = "x86_64")]
    if from < values.len() && COUNT <= values.len() - from {
        use core::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        const LINE: usize = 64;
        for line in 0..(COUNT * size_of::<T>()).div_ceil(LINE) {
            let address = values.as_ptr().wrapping_add(from + line * LINE / size_of::<T>().max(1));
            // SAFETY: SSE is part of x86-64, and a prefetch faults at no address.
            #[allow(unsafe_code)]
            unsafe {
                _mm_prefetch::<_MM_HINT_T0>(address.cast());
            }
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (values, from);
}
