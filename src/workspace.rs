//! Scratch memory: every kernel takes it from the caller, as faer's do, and says beforehand how much.
//!
//! A kernel `k` has a twin `k_scratch` that gives a [`StackReq`]; a [`MemStack`] over a buffer of that size and
//! alignment serves the call. Requests that do not fit into the address space become [`StackReq::OVERFLOW`], which
//! no stack can hold, so that a kernel refuses them like any other short workspace.

use crate::error::{Argument, Error, Reason, ensure};
use crate::scalar::Scalar;
use faer::dyn_stack::{DynArray, MemStack, StackReq};

/// Alignment of every vector taken from a workspace: a cache line, and the widest SIMD register.
pub(crate) const ALIGN: usize = 64;

/// The request for `len` values of a plain type.
pub(crate) fn vector_scratch<T>(len: usize) -> StackReq {
    StackReq::new_aligned::<T>(len, ALIGN)
}

/// The request for a packed `rows` by `cols` matrix.
pub(crate) fn matrix_scratch<T>(rows: usize, cols: usize) -> StackReq {
    rows.checked_mul(cols).map_or(StackReq::OVERFLOW, vector_scratch::<T>)
}

/// Takes `len` values, each `value`, and gives them with the rest of the stack.
pub(crate) fn take<T: Copy>(stack: &mut MemStack, len: usize, value: T) -> (DynArray<'_, T>, &mut MemStack) {
    stack.make_aligned_with(len, ALIGN, |_| value)
}

/// Takes `len` zeros.
pub(crate) fn take_zeros<T: Scalar>(stack: &mut MemStack, len: usize) -> (DynArray<'_, T>, &mut MemStack) {
    take(stack, len, T::ZERO)
}

/// Refuses a stack that cannot hold the request.
pub(crate) fn ensure_workspace(stack: &MemStack, request: StackReq) -> Result<(), Error> {
    // An overflowed request says an alignment of 0, which `can_hold` does not take.
    let fits = request != StackReq::OVERFLOW && stack.can_hold(request);
    ensure(fits, Reason::WorkspaceTooSmall, Argument::Workspace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_overflowed_request_is_refused() {
        let mut buffer = faer::dyn_stack::MemBuffer::new(vector_scratch::<f64>(8));
        let stack = MemStack::new(&mut buffer);
        assert_eq!(ensure_workspace(stack, vector_scratch::<f64>(8)), Ok(()));
        let refused = Err(Error::new(Reason::WorkspaceTooSmall, Argument::Workspace));
        assert_eq!(ensure_workspace(stack, matrix_scratch::<f64>(usize::MAX, 2)), refused);
        assert_eq!(ensure_workspace(stack, vector_scratch::<f64>(usize::MAX)), refused);
    }
}
