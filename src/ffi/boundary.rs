//! From raw C arguments to Rust borrows, and from results to statuses.
//!
//! Everything that a caller could get wrong with memory is found here, before any kernel runs: null pointers, sizes
//! that overflow, strides, alignment, short workspaces, structs from another version, and memory that two
//! arguments share while one of them is written. What cannot be checked, that the memory is really there, is the
//! safety contract of every exported function.

use super::types::{saek_progress, saek_progress_callback, saek_status};
use crate::error::{Argument, Error, Reason, ensure};
use crate::matrix::{RowMajor, RowMajorMut, span};
use crate::progress::Progress;
use crate::workspace::ALIGN;
use core::ffi::c_void;
use core::mem::MaybeUninit;
use core::ops::ControlFlow;
use faer::dyn_stack::{MemStack, StackReq};
use faer::{ContiguousFwd, MatMut, MatRef};

/// Runs the body of an exported function and gives its status.
///
/// The kernels do not panic on any argument; should one do so through a defect, the panic stops here where there
/// is a standard library. Without one the program's panic handler decides.
pub(super) fn call(body: impl FnOnce() -> Result<(), Error>) -> saek_status {
    #[cfg(feature = "std")]
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(body))
        .unwrap_or(Err(Error::new(Reason::Internal, Argument::Call)));
    #[cfg(not(feature = "std"))]
    let result = body();
    match result {
        Ok(()) => 0,
        Err(error) => error.status(),
    }
}

/// Memory borrowed for one call.
#[derive(Clone, Copy)]
pub(super) struct Region {
    start: usize,
    end: usize,
    written: bool,
}

/// The memory that the arguments of one call have borrowed so far, so that no two of them can alias.
pub(super) struct Arguments {
    regions: [Region; Self::MOST],
    len: usize,
}

impl Arguments {
    /// The most pointers that any exported function takes.
    const MOST: usize = 32;

    pub(super) const fn new() -> Self {
        Self { regions: [Region { start: 0, end: 0, written: false }; Self::MOST], len: 0 }
    }

    /// Checks one pointer to `elements` values, against the memory borrowed so far too, and gives what it covers.
    pub(super) fn examine<T>(
        &self,
        pointer: *const T,
        elements: usize,
        written: bool,
        argument: Argument,
    ) -> Result<Region, Error> {
        ensure(!pointer.is_null(), Reason::NullPointer, argument)?;
        ensure(pointer.is_aligned(), Reason::Misaligned, argument)?;
        let start = pointer.addr();
        let end = elements
            .checked_mul(size_of::<T>())
            .filter(|&bytes| isize::try_from(bytes).is_ok())
            .and_then(|bytes| start.checked_add(bytes))
            .ok_or(Error::new(Reason::SizeOverflow, argument))?;
        let clash = |other: &Region| (written || other.written) && start < other.end && other.start < end;
        ensure(!self.regions[..self.len].iter().any(clash), Reason::Overlap, argument)?;
        Ok(Region { start, end, written })
    }

    /// Checks one pointer and adds what it covers to the borrowed memory.
    fn borrow<T>(
        &mut self,
        pointer: *const T,
        elements: usize,
        written: bool,
        argument: Argument,
    ) -> Result<(), Error> {
        let region = self.examine(pointer, elements, written, argument)?;
        // An exported function with more pointers than this is a defect of the library, not of the caller.
        ensure(self.len < Self::MOST, Reason::Internal, argument)?;
        self.regions[self.len] = region;
        self.len += 1;
        Ok(())
    }

    /// Borrows `len` values for reading without adding them to the borrowed memory: for lists of any length, once
    /// everything that the call writes has been borrowed.
    ///
    /// # Safety
    /// As for [`slice`](Self::slice); and what is borrowed for writing later does not overlap while this is in use.
    pub(super) unsafe fn slice_unrecorded<'a, T>(
        &self,
        pointer: *const T,
        len: usize,
        argument: Argument,
    ) -> Result<&'a [T], Error> {
        self.examine(pointer, len, false, argument)?;
        // SAFETY: as for `slice`.
        Ok(unsafe { core::slice::from_raw_parts(pointer, len) })
    }

    /// Borrows `len` values for reading.
    ///
    /// # Safety
    /// A pointer that is not null points to `len` initialised values that nobody writes during `'a`.
    pub(super) unsafe fn slice<'a, T>(
        &mut self,
        pointer: *const T,
        len: usize,
        argument: Argument,
    ) -> Result<&'a [T], Error> {
        self.borrow(pointer, len, false, argument)?;
        // SAFETY: not null, aligned, at most isize::MAX bytes; initialised and not written by the contract, and not
        // written through another argument by the check of regions.
        Ok(unsafe { core::slice::from_raw_parts(pointer, len) })
    }

    /// Borrows `len` values for writing.
    ///
    /// # Safety
    /// A pointer that is not null points to `len` initialised values that nobody else uses during `'a`.
    pub(super) unsafe fn slice_mut<'a, T>(
        &mut self,
        pointer: *mut T,
        len: usize,
        argument: Argument,
    ) -> Result<&'a mut [T], Error> {
        self.borrow(pointer, len, true, argument)?;
        // SAFETY: not null, aligned, at most isize::MAX bytes; exclusively ours by the contract and, among the
        // arguments, by the check of regions.
        Ok(unsafe { core::slice::from_raw_parts_mut(pointer, len) })
    }

    /// Borrows `len` values for reading where there are any: a null pointer gives none, whatever `len`.
    ///
    /// # Safety
    /// As for [`slice`](Self::slice).
    pub(super) unsafe fn optional_slice<'a, T>(
        &mut self,
        pointer: *const T,
        len: usize,
        argument: Argument,
    ) -> Result<Option<&'a [T]>, Error> {
        if pointer.is_null() {
            return Ok(None);
        }
        // SAFETY: the contract is this function's own.
        unsafe { self.slice(pointer, len, argument).map(Some) }
    }

    /// Borrows `len` values for writing where there are any: a null pointer gives none, whatever `len`.
    ///
    /// # Safety
    /// As for [`slice_mut`](Self::slice_mut).
    pub(super) unsafe fn optional_slice_mut<'a, T>(
        &mut self,
        pointer: *mut T,
        len: usize,
        argument: Argument,
    ) -> Result<Option<&'a mut [T]>, Error> {
        if pointer.is_null() {
            return Ok(None);
        }
        // SAFETY: the contract is this function's own.
        unsafe { self.slice_mut(pointer, len, argument).map(Some) }
    }

    /// Borrows a versioned struct for writing, after checking the `struct_size` that the caller has set in it: a
    /// struct of another version is refused and not written past its end. The other fields need no value.
    ///
    /// # Safety
    /// A pointer that is not null points to a struct at least as long as its `struct_size` says, which nobody else
    /// uses during `'a`.
    pub(super) unsafe fn output_struct<'a, P: VersionedStruct>(
        &mut self,
        pointer: *mut P,
        argument: Argument,
    ) -> Result<&'a mut MaybeUninit<P>, Error> {
        // SAFETY: the contract is this function's own; `MaybeUninit` needs no initialisation.
        unsafe {
            check_struct(pointer, argument)?;
            self.output(pointer.cast::<MaybeUninit<P>>(), argument)
        }
    }

    /// Borrows one value for writing.
    ///
    /// # Safety
    /// As for [`slice_mut`](Self::slice_mut) with one value.
    pub(super) unsafe fn output<'a, T>(
        &mut self,
        pointer: *mut T,
        argument: Argument,
    ) -> Result<&'a mut T, Error> {
        self.borrow(pointer, 1, true, argument)?;
        // SAFETY: not null, aligned and exclusively ours, as for `slice_mut`.
        Ok(unsafe { &mut *pointer })
    }

    /// Borrows a row-major matrix for reading.
    ///
    /// # Safety
    /// A pointer that is not null points to `(rows - 1) * stride + cols` initialised values that nobody writes
    /// during `'a`.
    pub(super) unsafe fn matrix<'a, T>(
        &mut self,
        pointer: *const T,
        rows: usize,
        cols: usize,
        stride: usize,
        argument: Argument,
    ) -> Result<RowMajor<'a, T>, Error> {
        ensure(!pointer.is_null(), Reason::NullPointer, argument)?;
        let elements = span::<T>(rows, cols, stride, argument)?;
        self.borrow(pointer, elements, false, argument)?;
        // SAFETY: the span is checked to fit into isize, and is readable by the contract.
        Ok(unsafe { MatRef::from_raw_parts(pointer, rows, cols, stride as isize, ContiguousFwd) })
    }

    /// Borrows a row-major matrix for writing. What lies between the columns and the stride is not touched.
    ///
    /// # Safety
    /// A pointer that is not null points to `(rows - 1) * stride + cols` initialised values that nobody else uses
    /// during `'a`.
    pub(super) unsafe fn matrix_mut<'a, T>(
        &mut self,
        pointer: *mut T,
        rows: usize,
        cols: usize,
        stride: usize,
        argument: Argument,
    ) -> Result<RowMajorMut<'a, T>, Error> {
        ensure(!pointer.is_null(), Reason::NullPointer, argument)?;
        let elements = span::<T>(rows, cols, stride, argument)?;
        self.borrow(pointer, elements, true, argument)?;
        // SAFETY: as for `matrix`, and exclusively ours.
        Ok(unsafe { MatMut::from_raw_parts_mut(pointer, rows, cols, stride as isize, ContiguousFwd) })
    }

    /// Borrows a row-major matrix for writing where there is one: a null pointer gives none, whatever its sizes.
    ///
    /// # Safety
    /// As for [`matrix_mut`](Self::matrix_mut).
    #[cfg(feature = "files")]
    pub(super) unsafe fn optional_matrix_mut<'a, T>(
        &mut self,
        pointer: *mut T,
        rows: usize,
        cols: usize,
        stride: usize,
        argument: Argument,
    ) -> Result<Option<RowMajorMut<'a, T>>, Error> {
        if pointer.is_null() {
            return Ok(None);
        }
        // SAFETY: the contract is this function's own.
        unsafe { self.matrix_mut(pointer, rows, cols, stride, argument).map(Some) }
    }

    /// Borrows the workspace, which must hold what the query of the same function gives.
    ///
    /// A query of zero bytes allows a null pointer.
    ///
    /// # Safety
    /// A pointer that is not null points to `bytes` writable bytes that nobody else uses during `'a`.
    pub(super) unsafe fn workspace<'a>(
        &mut self,
        pointer: *mut c_void,
        bytes: usize,
        required: StackReq,
    ) -> Result<&'a mut MemStack, Error> {
        let (required, align) = checked_request(required)?;
        if required == 0 {
            // Aligned all the same: nothing can be taken from a stack at 1, not even an empty vector.
            let nowhere = core::ptr::without_provenance_mut::<MaybeUninit<u8>>(ALIGN);
            // SAFETY: not null, aligned, and no bytes.
            return Ok(MemStack::new(unsafe { core::slice::from_raw_parts_mut(nowhere, 0) }));
        }
        ensure(!pointer.is_null(), Reason::NullPointer, Argument::Workspace)?;
        ensure(pointer.addr().is_multiple_of(align), Reason::Misaligned, Argument::Workspace)?;
        ensure(bytes >= required, Reason::WorkspaceTooSmall, Argument::Workspace)?;
        self.borrow(pointer.cast::<u8>(), required, true, Argument::Workspace)?;
        // SAFETY: not null and at most isize::MAX bytes; `MaybeUninit` bytes need no initialisation; exclusively
        // ours by the contract and by the check of regions.
        Ok(MemStack::new(unsafe {
            core::slice::from_raw_parts_mut(pointer.cast::<MaybeUninit<u8>>(), required)
        }))
    }
}

/// An optional slice whose length comes with it: a null pointer stands for `absent` if the length is zero, and is
/// refused otherwise.
pub(super) fn or_absent<S>(values: Option<S>, absent: S, len: usize, argument: Argument) -> Result<S, Error> {
    ensure(values.is_some() || len == 0, Reason::NullPointer, argument)?;
    Ok(values.unwrap_or(absent))
}

/// The size and the alignment of a workspace, where it fits into the address space.
fn checked_request(request: StackReq) -> Result<(usize, usize), Error> {
    let (bytes, align) = (request.size_bytes(), request.align_bytes());
    // An overflowed request says 0 bytes.
    ensure(request != StackReq::OVERFLOW, Reason::SizeOverflow, Argument::Workspace)?;
    ensure(bytes <= isize::MAX as usize - align, Reason::SizeOverflow, Argument::Workspace)?;
    Ok((bytes, align))
}

/// Answers a workspace query.
///
/// # Safety
/// `bytes` and `align` are each null or point to a writable `size_t`.
pub(super) unsafe fn answer_query(
    request: Result<StackReq, Error>,
    bytes: *mut usize,
    align: *mut usize,
) -> Result<(), Error> {
    let (size, alignment) = checked_request(request?)?;
    let mut arguments = Arguments::new();
    // SAFETY: the contract is this function's own.
    let (bytes, align) =
        unsafe { (arguments.output(bytes, Argument::Bytes)?, arguments.output(align, Argument::Align)?) };
    *bytes = size;
    *align = alignment;
    Ok(())
}

/// Answers the workspace query of a function that takes a dictionary of `rows` by `cols` values of `T`.
///
/// # Safety
/// As for [`answer_query`].
pub(super) unsafe fn answer_dictionary_query<T>(
    scratch: fn(usize, usize) -> StackReq,
    rows: usize,
    cols: usize,
    bytes: *mut usize,
    align: *mut usize,
) -> Result<(), Error> {
    let request = span::<T>(rows, cols, cols, Argument::Dictionary).map(|_| scratch(rows, cols));
    // SAFETY: the contract is this function's own.
    unsafe { answer_query(request, bytes, align) }
}

/// A struct of the C ABI that may grow: begins with `uint32_t struct_size`.
///
/// # Safety
/// The type is `repr(C)`, its first field is the `u32` struct size, and every bit pattern is a value of it (enums
/// are plain integers).
pub(super) unsafe trait VersionedStruct: Copy {
    /// The struct with its size and its defaults filled in.
    fn defaults() -> Self;
}

/// Reads a parameter struct; null means the defaults.
///
/// # Safety
/// A pointer that is not null points to a struct at least as long as its `struct_size` says.
pub(super) unsafe fn params<P: VersionedStruct>(pointer: *const P) -> Result<P, Error> {
    if pointer.is_null() {
        return Ok(P::defaults());
    }
    // SAFETY: the contract is this function's own.
    unsafe { required(pointer, Argument::Params) }
}

/// Reads a versioned struct that has no default.
///
/// # Safety
/// As for [`params`].
pub(super) unsafe fn required<P: VersionedStruct>(pointer: *const P, argument: Argument) -> Result<P, Error> {
    // SAFETY: the caller's promise; then the struct is as long as its size says, and every bit pattern is a value.
    unsafe {
        check_struct(pointer, argument)?;
        Ok(pointer.read())
    }
}

/// Refuses a versioned struct that is null, misaligned or of another size; reads nothing but that size.
///
/// # Safety
/// A pointer that is not null points to an initialised u32, the struct's size.
unsafe fn check_struct<P: VersionedStruct>(pointer: *const P, argument: Argument) -> Result<(), Error> {
    ensure(!pointer.is_null(), Reason::NullPointer, argument)?;
    ensure(pointer.is_aligned(), Reason::Misaligned, argument)?;
    // SAFETY: every versioned struct begins with its size, a u32, and the pointer is aligned for the struct.
    let size = unsafe { pointer.cast::<u32>().read() };
    ensure(size as usize == size_of::<P>(), Reason::StructSize, argument)
}

/// Writes the defaults of a parameter struct.
///
/// # Safety
/// `pointer` is null or points to a writable struct.
pub(super) unsafe fn init<P: VersionedStruct>(pointer: *mut P) -> Result<(), Error> {
    // SAFETY: the caller's promise.
    unsafe { init_struct(pointer, Argument::Params) }
}

/// Writes the defaults of a versioned struct that is no parameter struct.
///
/// # Safety
/// As for [`init`].
pub(super) unsafe fn init_struct<P: VersionedStruct>(
    pointer: *mut P,
    argument: Argument,
) -> Result<(), Error> {
    ensure(!pointer.is_null(), Reason::NullPointer, argument)?;
    ensure(pointer.is_aligned(), Reason::Misaligned, argument)?;
    // SAFETY: writable by the contract, and aligned.
    unsafe { pointer.write(P::defaults()) };
    Ok(())
}

/// Turns a C progress callback into a Rust one.
///
/// # Safety
/// A callback that is not null may be called with `context` on this thread until the result is dropped.
pub(super) unsafe fn reporter(
    callback: saek_progress_callback,
    context: *mut c_void,
) -> impl FnMut(&Progress) -> ControlFlow<()> {
    move |progress| {
        let report = saek_progress {
            struct_size: size_of::<saek_progress>() as u32,
            reserved: 0,
            step: progress.step,
            total: progress.total,
            loss: progress.loss,
        };
        // SAFETY: callable with its context by the contract; the report outlives the call.
        match callback.map_or(0, |callback| unsafe { callback(context, &raw const report) }) {
            0 => ControlFlow::Continue(()),
            _ => ControlFlow::Break(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_overflowed_request_has_no_size() {
        let refused = Err(Error::new(Reason::SizeOverflow, Argument::Workspace));
        assert_eq!(checked_request(StackReq::OVERFLOW), refused);
        assert_eq!(checked_request(StackReq::new::<u8>(isize::MAX as usize)), refused);
        assert_eq!(checked_request(StackReq::new::<u64>(3)), Ok((24, 8)));
    }
}
