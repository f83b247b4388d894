#![doc = include_str!("../README.md")]
#![cfg_attr(not(any(feature = "std", test)), no_std)]

pub mod activation;
pub mod adam;
pub mod assignment;
pub mod dictionary;
pub mod error;
pub mod evaluation;
#[allow(unsafe_code)]
pub mod ffi;
pub mod matching;
pub mod matrix;
#[cfg(feature = "files")]
pub mod model;
mod parallel;
pub mod product;
pub mod progress;
pub mod projection;
pub mod rng;
pub mod sae;
pub mod scalar;
pub mod schedule;
mod simd;
mod workspace;

pub use error::{Argument, Error, Reason};
pub use faer::Par;
pub use faer::dyn_stack::{MemStack, StackReq};
pub use scalar::Scalar;
