//! What a long kernel tells its caller between steps, and how the caller stops it.

use core::ops::ControlFlow;

/// The state of a long kernel after a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Steps done, from 1 to `total`.
    pub step: u64,
    /// Steps in all.
    pub total: u64,
    /// The loss before this step's update, where the kernel has one; else 0.
    pub loss: f64,
}

/// Called after each step; [`ControlFlow::Break`] asks the kernel to stop.
pub type ProgressFn<'a> = &'a mut dyn FnMut(&Progress) -> ControlFlow<()>;

/// Goes on, whatever happens: for callers that want no reports.
pub fn silent(_: &Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}
