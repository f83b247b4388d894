//! What several test programs need: golden arrays, workspaces, verified assignments.

#![allow(dead_code, missing_docs)]

pub mod assignment;
pub mod descent;
pub mod orthant;
pub mod planned;

use faer::dyn_stack::{MemBuffer, StackReq};
use sae_kernels::matrix::{RowMajor, row_major};
use std::path::PathBuf;

/// An array read from tests/golden.
pub struct Golden<T> {
    pub shape: Vec<usize>,
    pub data: Vec<T>,
}

impl<T> Golden<T> {
    /// The array as a matrix; it must have two dimensions.
    pub fn matrix(&self) -> RowMajor<'_, T> {
        let [rows, cols] = self.shape[..] else { panic!("not a matrix: {:?}", self.shape) };
        row_major(&self.data, rows, cols, cols).expect("a golden matrix has elements")
    }
}

/// Reads tests/golden/`name`.npy.
pub fn golden<T: npyz::Deserialize>(name: &str) -> Golden<T> {
    let path: PathBuf =
        [env!("CARGO_MANIFEST_DIR"), "tests", "golden", &format!("{name}.npy")].iter().collect();
    let bytes = std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let file = npyz::NpyFile::new(&bytes[..]).expect("an npy file");
    let shape = file.shape().iter().map(|&n| n as usize).collect();
    Golden { shape, data: file.into_vec().expect("the expected element type") }
}

/// A workspace of exactly the size asked for.
pub fn workspace(request: StackReq) -> MemBuffer {
    MemBuffer::new(request)
}
