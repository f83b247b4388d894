//! Dictionaries from files: what the examples share to read `.npy` and `.safetensors`, and to write `.npy`.
//!
//! An example brings this in with `#[path = "../files/mod.rs"] mod files;`. The library itself reads no files.

// Each example compiles its own copy and uses a part of it.
#![allow(dead_code)]

pub mod element;
pub mod matrix_file;
pub mod npy;
pub mod safetensors_file;
