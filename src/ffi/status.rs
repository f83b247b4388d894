//! Statuses in words, and the library's version.

use super::boundary::{Arguments, call};
use super::types::saek_status;
use crate::error::{Argument, Error, Reason};
use core::ffi::{CStr, c_char};
use core::fmt::Write;

/// The library's version as `major * 1000000 + minor * 1000 + patch`, to compare with `SAEK_VERSION` of the header.
#[unsafe(no_mangle)]
pub extern "C" fn saek_version() -> u32 {
    VERSION
}

const VERSION: u32 = number(env!("CARGO_PKG_VERSION_MAJOR")) * 1_000_000
    + number(env!("CARGO_PKG_VERSION_MINOR")) * 1_000
    + number(env!("CARGO_PKG_VERSION_PATCH"));

const fn number(digits: &str) -> u32 {
    let (bytes, mut value, mut i) = (digits.as_bytes(), 0, 0);
    while i < bytes.len() {
        value = 10 * value + (bytes[i] - b'0') as u32;
        i += 1;
    }
    value
}

/// The version of the C ABI, to compare with `SAEK_ABI_VERSION` of the header.
///
/// A program works with every library of the same ABI version whose `saek_version` is not older than the header's.
#[unsafe(no_mangle)]
pub extern "C" fn saek_abi_version() -> u32 {
    ABI_VERSION
}

const ABI_VERSION: u32 = 1;

/// What the reason in `status` means, without the argument: "has a row stride smaller than its number of columns".
///
/// The string is static; it is "unknown status" for a number that no function returns.
#[unsafe(no_mangle)]
pub extern "C" fn saek_status_string(status: saek_status) -> *const c_char {
    let text: &CStr = match (status, Error::from_status(status)) {
        (0, _) => c"success",
        (_, Some(error)) => error.reason.c_text(),
        (_, None) => c"unknown status",
    };
    text.as_ptr()
}

/// The name of the argument in `status`, as in this header: "dictionary". Static; "" for success and unknown numbers.
#[unsafe(no_mangle)]
pub extern "C" fn saek_status_argument(status: saek_status) -> *const c_char {
    Error::from_status(status).map_or(c"", |error| error.argument.c_text()).as_ptr()
}

/// Writes `status` in words, "dictionary has a row stride smaller than its number of columns", into
/// `buffer[capacity]`, cut to fit and always ended by a NUL.
///
/// Returns NULL_POINTER or EMPTY for a buffer that cannot take even the NUL. 128 bytes hold every message.
///
/// # Safety
/// `buffer` is null or points to `capacity` writable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn saek_status_message(
    status: saek_status,
    buffer: *mut c_char,
    capacity: usize,
) -> saek_status {
    call(|| {
        let mut arguments = Arguments::new();
        // SAFETY: the caller gives `capacity` writable bytes.
        let buffer = unsafe { arguments.slice_mut(buffer.cast::<u8>(), capacity, Argument::Out)? };
        if capacity == 0 {
            return Err(Error::new(Reason::Empty, Argument::Capacity));
        }
        let mut text = Cut { buffer, len: 0 };
        // Writing into `Cut` cannot fail: it drops what does not fit.
        let _ = match Error::from_status(status) {
            Some(error) => write!(text, "{error}"),
            None if status == 0 => write!(text, "success"),
            None => write!(text, "unknown status {status}"),
        };
        let len = text.len;
        text.buffer[len] = 0;
        Ok(())
    })
}

/// A byte buffer that takes what fits and leaves room for a NUL.
struct Cut<'a> {
    buffer: &'a mut [u8],
    len: usize,
}

impl Write for Cut<'_> {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        let room = self.buffer.len() - 1 - self.len;
        let taken = &text.as_bytes()[..text.len().min(room)];
        self.buffer[self.len..self.len + taken.len()].copy_from_slice(taken);
        self.len += taken.len();
        Ok(())
    }
}
