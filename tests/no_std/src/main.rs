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
    let mut failed = 0;
    for (name, check) in CHECKS {
        let holds = check();
        print(if holds { "ok " } else { "FAILED " });
        print(name);
        print("\n");
        failed += i32::from(!holds);
    }
    if heap::in_use() != 0 {
        print("FAILED all memory is given back\n");
        failed += 1;
    }
    exit(i32::from(failed != 0))
}
