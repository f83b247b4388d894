//! The C library: every `saek_` function of `sae-kernels`, as `libsae_kernels.a` and `libsae_kernels.so`.
//!
//! With the feature `std` this is a Rust library like any other. Without it, how panics end decides: a build that
//! unwinds needs the standard library for its panic handler and links it for nothing else, a build that aborts
//! (`--profile no-std`) links no Rust standard library and needs only a C library's memory functions and `abort`.
//! A program that links that static library without the compiler's own libraries does so with `--gc-sections`:
//! parts of Rust's `alloc` that nothing uses name functions of the unwinder.

#![cfg_attr(all(not(feature = "std"), panic = "abort"), no_std)]

#[cfg(all(not(feature = "std"), panic = "abort"))]
#[allow(unsafe_code)]
mod freestanding;

pub use kernels::*;
