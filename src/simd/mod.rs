//! Loops compiled once for the best instructions of the machine they run on.
//!
//! [`vectorised`] runs a closure in a copy that the compiler made for AVX2 and FMA where the CPU has them, else in the
//! portable copy. The arithmetic is the same: Rust neither reorders nor contracts floating-point operations, so
//! both copies give the same bits.

/// Runs `loops` with the widest SIMD that the CPU has, as far as this build may choose at run time.
#[inline]
pub(crate) fn vectorised<R>(loops: impl FnOnce() -> R) -> R {
    struct Loops<F>(F);
    impl<R, F: FnOnce() -> R> pulp::NullaryFnOnce for Loops<F> {
        type Output = R;
        #[inline(always)]
        fn call(self) -> R {
            (self.0)()
        }
    }
    pulp::Arch::new().dispatch(Loops(loops))
}
