//! Types that more than one part of the C ABI uses.

use core::ffi::{c_int, c_void};

/// What every call returns: `SAEK_STATUS_OK`, or `reason + 256 * argument` where reason is one of the
/// `SAEK_STATUS_...` numbers and argument one of the `SAEK_ARGUMENT_...` numbers.
///
/// `saek_status_message` puts both into words; `SAEK_STATUS_REASON(status)` and `SAEK_STATUS_ARGUMENT(status)`
/// take them apart. Unless a function says otherwise, a call that fails has written nothing.
pub type saek_status = i32;

/// What a long kernel tells its progress callback.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct saek_progress {
    /// sizeof(saek_progress) as the library knows it; later fields come after those listed here.
    pub struct_size: u32,
    /// Zero.
    pub reserved: u32,
    /// Steps done, from 1 to `total`.
    pub step: u64,
    /// Steps in all.
    pub total: u64,
    /// The loss before this step's update, where the kernel has one; else 0.
    pub loss: f64,
}

/// Called by long kernels after each step; `context` is the pointer given beside it. A result other than 0 asks
/// the kernel to stop. It runs on the calling thread, and must not unwind through the library.
pub type saek_progress_callback =
    Option<unsafe extern "C" fn(context: *mut c_void, progress: *const saek_progress) -> c_int>;
