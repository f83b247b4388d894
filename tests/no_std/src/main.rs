//! Runs the kernels with nothing under them: no standard library, no C library, own start, heap and memory
//! functions. Prints `ok <name>` for each check that holds and exits with 0 only if all do.

#![no_std]
#![no_main]

extern crate alloc;

mod checks;
mod heap;
mod memory;
mod system;

use checks::CHECKS;
use system::{exit, print};

/// Called by `_start` with an aligned stack.
#[unsafe(no_mangle)]
extern "C" fn run() -> ! {
    let mut all_hold = true;
    for (name, check) in CHECKS {
        all_hold &= report(name, check());
    }
    // The matrix products keep a buffer for the next one; a second round must not keep more.
    let held = heap::in_use();
    let again = CHECKS.iter().all(|(_, check)| check());
    all_hold &= report("all checks a second time", again);
    all_hold &= report("no memory is lost", heap::in_use() == held);
    exit(i32::from(!all_hold))
}

/// Prints whether a check holds.
fn report(name: &str, holds: bool) -> bool {
    print(if holds { "ok " } else { "FAILED " });
    print(name);
    print("\n");
    holds
}
