//! The C ABI: the only `extern "C"` of the crate.
//!
//! One file a kernel module. A function here checks and borrows its arguments through [`boundary::Arguments`],
//! calls the kernel of the same name and turns its result into a status; it computes nothing. Functions whose name
//! ends in `_f32` and `_f64` share one generic body.

#![allow(non_camel_case_types)]

mod assignment;
mod boundary;
mod dictionary;
mod matching;
mod schedule;
mod status;
mod types;

pub use assignment::*;
pub use dictionary::*;
pub use matching::*;
pub use schedule::*;
pub use status::*;
pub use types::*;
