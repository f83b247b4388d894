//! What a finished binary needs and the standard library would bring: an allocator, an end for panics, and a symbol.

use core::alloc::{GlobalAlloc, Layout};
use core::ffi::{c_int, c_void};
use core::panic::PanicInfo;
use core::ptr;

#[link(name = "c")]
unsafe extern "C" {
    fn posix_memalign(block: *mut *mut c_void, align: usize, bytes: usize) -> c_int;
    fn free(block: *mut c_void);
    fn abort() -> !;
}

/// The C library's heap.
struct CHeap;

// SAFETY: `posix_memalign` gives blocks of the size and alignment asked for, valid until `free`, from any thread;
// it leaves the null pointer in place where it fails.
unsafe impl GlobalAlloc for CHeap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let mut block = ptr::null_mut();
        // Smaller alignments than a pointer's are not allowed; every power of two above it is.
        let align = layout.align().max(align_of::<*mut c_void>());
        // SAFETY: `block` is writable and `align` is a power of two that is a multiple of a pointer's size.
        let failed = unsafe { posix_memalign(&raw mut block, align, layout.size()) };
        if failed == 0 { block.cast() } else { ptr::null_mut() }
    }

    unsafe fn dealloc(&self, block: *mut u8, _: Layout) {
        // SAFETY: the caller gives a block of `alloc`, which is one of `posix_memalign`, and gives it once.
        unsafe { free(block.cast()) }
    }
}

#[global_allocator]
static HEAP: CHeap = CHeap;

/// No kernel panics; should one do so through a defect, the process ends here rather than go on.
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    // SAFETY: `abort` has no conditions.
    unsafe { abort() }
}

// The compiled `core` and `alloc` that come with Rust name a function that directs unwinding through their frames.
// Nothing unwinds here, so the address of "no such function" serves. It is weak, so that a Rust program's own goes
// first, and hidden, so that the shared library does not export it.
#[cfg(all(unix, not(target_vendor = "apple")))]
core::arch::global_asm!(
    ".weak rust_eh_personality",
    ".hidden rust_eh_personality",
    ".set rust_eh_personality, 0",
);
