//! Work that falls into parts: done one after another, or shared among the threads of a pool.
//!
//! Parts write to memory of their own and each is done by one thread, so what they give does not depend on how many
//! threads there are. Whoever adds parts up does so afterwards, in their order.

use faer::Par;

/// A run of parts that can be cut in two.
pub(crate) trait Parts: Send + Sized {
    /// How many parts there are.
    fn count(&self) -> usize;
    /// The first `mid` parts and the others.
    fn split_at(self, mid: usize) -> (Self, Self);
    /// Does the parts in order.
    fn run(self);
}

/// Does all parts, on as many threads as `par` says at most.
pub(crate) fn run_parts<P: Parts>(parts: P, par: Par) {
    run_on(parts, par.degree());
}

fn run_on<P: Parts>(parts: P, threads: usize) {
    let count = parts.count();
    let threads = threads.min(count);
    if threads <= 1 {
        return parts.run();
    }
    let fewer = threads / 2;
    let (left, right) = parts.split_at(count * fewer / threads);
    join(|| run_on(left, fewer), || run_on(right, threads - fewer));
}

/// Does both, at the same time where this crate has threads.
fn join(left: impl FnOnce() + Send, right: impl FnOnce() + Send) {
    #[cfg(feature = "parallel")]
    rayon::join(left, right);
    #[cfg(not(feature = "parallel"))]
    {
        left();
        right();
    }
}
