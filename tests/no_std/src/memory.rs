//! The memory functions that compiled Rust expects from its surroundings.
//!
//! Written with the processor's string instructions: a loop in Rust could be recognised by the compiler and turned
//! into a call of the very function it implements.

use core::arch::asm;

/// # Safety
/// As in C: `n` readable and writable bytes that do not overlap.
#[unsafe(no_mangle)]
unsafe extern "C" fn memcpy(to: *mut u8, from: *const u8, n: usize) -> *mut u8 {
    // SAFETY: copies `n` bytes upwards; the direction flag is clear by the ABI.
    unsafe {
        asm!(
            "rep movsb",
            inout("rcx") n => _, inout("rdi") to => _, inout("rsi") from => _,
            options(nostack, preserves_flags),
        );
    }
    to
}

/// # Safety
/// As in C: `n` readable and writable bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn memmove(to: *mut u8, from: *const u8, n: usize) -> *mut u8 {
    // Upwards is right unless `to` lies within the source; an address below it wraps to a large distance.
    if to.addr().wrapping_sub(from.addr()) >= n {
        // SAFETY: nothing that is still to be read is overwritten.
        return unsafe { memcpy(to, from, n) };
    }
    // SAFETY: here n >= 1; copies `n` bytes downwards from the last and clears the direction flag again.
    unsafe {
        asm!(
            "std",
            "rep movsb",
            "cld",
            inout("rcx") n => _,
            inout("rdi") to.add(n - 1) => _,
            inout("rsi") from.add(n - 1) => _,
            options(nostack),
        );
    }
    to
}

/// # Safety
/// As in C: `n` writable bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn memset(to: *mut u8, value: i32, n: usize) -> *mut u8 {
    // SAFETY: writes `n` bytes upwards; the direction flag is clear by the ABI.
    unsafe {
        asm!(
            "rep stosb",
            inout("rcx") n => _, inout("rdi") to => _, in("al") value as u8,
            options(nostack, preserves_flags),
        );
    }
    to
}

/// # Safety
/// As in C: `n` readable bytes each.
#[unsafe(no_mangle)]
unsafe extern "C" fn memcmp(a: *const u8, b: *const u8, n: usize) -> i32 {
    let (above, below): (u8, u8);
    // SAFETY: reads up to `n` bytes of each. The comparison before makes no bytes compare equal.
    unsafe {
        asm!(
            "cmp {scratch:e}, {scratch:e}",
            "repe cmpsb",
            "seta {above}",
            "setb {below}",
            scratch = in(reg) 0u32,
            above = lateout(reg_byte) above,
            below = lateout(reg_byte) below,
            inout("rcx") n => _, inout("rsi") a => _, inout("rdi") b => _,
            options(nostack, readonly),
        );
    }
    i32::from(above) - i32::from(below)
}

/// # Safety
/// As in C: `n` readable bytes each.
#[unsafe(no_mangle)]
unsafe extern "C" fn bcmp(a: *const u8, b: *const u8, n: usize) -> i32 {
    // SAFETY: the same conditions.
    unsafe { memcmp(a, b, n) }
}
