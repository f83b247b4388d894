//! The three things this program asks of its surroundings: a start, output and an end; all by raw system calls.

use core::arch::{asm, global_asm};
use core::fmt::{self, Write};
use core::panic::PanicInfo;

// The kernel enters here. The System V ABI wants rsp to be a multiple of 16 before a call; the kernel gives that
// already, and the mask makes it certain.
global_asm!(
    ".globl _start",
    "_start:",
    "xor ebp, ebp",
    "and rsp, -16",
    "call {run}",
    "ud2",
    run = sym crate::run,
);

// The compiled `core` and `alloc` that come with Rust name a function that directs unwinding through their frames.
// Nothing unwinds here.
global_asm!(".globl rust_eh_personality", ".set rust_eh_personality, 0");

/// Makes a system call with up to three arguments.
///
/// # Safety
/// As the call itself says.
unsafe fn system_call(number: usize, a: usize, b: usize, c: usize) -> isize {
    let result;
    // SAFETY: the kernel preserves all but rax, rcx and r11; what the call does to memory is the caller's promise.
    unsafe {
        asm!(
            "syscall",
            inlateout("rax") number => result,
            in("rdi") a, in("rsi") b, in("rdx") c,
            lateout("rcx") _, lateout("r11") _,
            options(nostack),
        );
    }
    result
}

/// Writes `text` to standard output, whole or as far as that goes.
pub fn print(text: &str) {
    let mut rest = text.as_bytes();
    while !rest.is_empty() {
        // SAFETY: write(1, ...) reads `rest.len()` bytes, which are there.
        let written = unsafe { system_call(1, 1, rest.as_ptr().addr(), rest.len()) };
        match usize::try_from(written) {
            Ok(n) if n > 0 => rest = &rest[n.min(rest.len())..],
            _ => return,
        }
    }
}

/// Ends the process.
pub fn exit(code: i32) -> ! {
    loop {
        // SAFETY: exit_group has no conditions; it does not return.
        unsafe { system_call(231, code as usize, 0, 0) };
    }
}

struct Output;

impl Write for Output {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        print(text);
        Ok(())
    }
}

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    let _ = writeln!(Output, "FAILED {info}");
    exit(101)
}
