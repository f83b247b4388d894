//! Loops compiled once for the best instructions of the machine they run on.
//!
//! [`vectorised`] runs a loop in a copy that the compiler made for AVX2 and FMA where the CPU has them, else in the
//! portable copy. The arithmetic is the same: Rust neither reorders nor contracts floating-point operations, so
//! both copies give the same bits.

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
