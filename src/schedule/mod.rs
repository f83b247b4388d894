//! Firing probabilities and step-size schedules: numbers fixed before anything is drawn.

mod firing;
mod mersenne;
mod training;

pub use firing::{LinearParams, RandomParams, UniformSource, ZipfianParams, linear, random, zipfian};
pub use training::{linear_warm_up, linear_warm_up_and_decay};
