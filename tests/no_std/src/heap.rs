//! A heap in a static array: blocks of powers of two, each size with its list of free blocks.
//!
//! The program has one thread; the heap relies on that.

use core::alloc::{GlobalAlloc, Layout};
use core::cell::{Cell, UnsafeCell};
use core::ptr;

const BYTES: usize = 256 << 20;
/// The largest alignment served: that of the arena.
const PAGE: usize = 4096;
/// The smallest block holds the link of its free list.
const SMALLEST: usize = 16;

#[repr(C, align(4096))]
struct Arena(UnsafeCell<[u8; BYTES]>);

struct Heap {
    arena: Arena,
    /// Bytes of the arena handed out so far, including those now on free lists.
    used: Cell<usize>,
    /// Blocks that the program holds.
    live: Cell<usize>,
    /// Heads of the free lists; list k has the blocks of 2^k bytes.
    free: [Cell<*mut u8>; usize::BITS as usize],
}

// SAFETY: the program has one thread.
unsafe impl Sync for Heap {}

#[global_allocator]
static HEAP: Heap = Heap {
    arena: Arena(UnsafeCell::new([0; BYTES])),
    used: Cell::new(0),
    live: Cell::new(0),
    free: [const { Cell::new(ptr::null_mut()) }; usize::BITS as usize],
};

/// Blocks that were allocated and not given back.
pub fn in_use() -> usize {
    HEAP.live.get()
}

/// The size of the block that serves a layout.
fn block_size(layout: Layout) -> usize {
    layout.size().max(layout.align()).max(SMALLEST).next_power_of_two()
}

// SAFETY: a block comes either from the untouched rest of the arena or from the list of free blocks of its size, so
// no two live blocks share memory; it is as large as `block_size` says and aligned to that or to a page.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if layout.align() > PAGE || layout.size() > BYTES {
            return ptr::null_mut();
        }
        let size = block_size(layout);
        let list = &self.free[size.trailing_zeros() as usize];
        let head = list.get();
        let block = if head.is_null() {
            let start = self.used.get().next_multiple_of(size.min(PAGE));
            if start + size > BYTES {
                return ptr::null_mut();
            }
            self.used.set(start + size);
            // SAFETY: start + size lies within the arena.
            unsafe { self.arena.0.get().cast::<u8>().add(start) }
        } else {
            // SAFETY: a free block begins with the link to the next one, written by `dealloc`.
            list.set(unsafe { head.cast::<*mut u8>().read() });
            head
        };
        self.live.set(self.live.get() + 1);
        block
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let list = &self.free[block_size(layout).trailing_zeros() as usize];
        // SAFETY: the block is at least SMALLEST bytes, aligned to as much, and nobody's any more.
        unsafe { block.cast::<*mut u8>().write(list.get()) };
        list.set(block);
        self.live.set(self.live.get() - 1);
    }
}
