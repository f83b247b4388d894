//! The C library: every `saek_` function of `sae-kernels`, as `libsae_kernels.a` and `libsae_kernels.so`.
pub use kernels::*;
